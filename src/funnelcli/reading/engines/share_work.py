"""What a worker makes of its share of the visits, wherever it is: an order with SQL comes, and the sums go back.

Little is imported here, since a worker that is started for a scan is waited for.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import sys
import threading
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from functools import cache
from itertools import count
from pathlib import Path
from typing import Any, Literal

from msgspec import Struct

from funnelcli.reading.engines.machine import megabytes
from funnelcli.reading.scratch import scratch_folder
from funnelcli.reading.sql_text import literal, sql_path
from funnelcli.text import Text

PLACE = Path("/funnelcli/share")  # in the SQL, where the path of the share will stand
SHARE_THREADS = 2  # as whose memory a share may take, though it has one
_CHUNK = 1 << 22
_NUMBERS = count()


class Share(Struct, frozen=True, kw_only=True):
    """A file as it was when it was looked at, and which bytes of it are wanted, below the first ``head`` ones."""

    path: str
    size: int
    written: int
    head: int
    start: int
    end: int

    @property
    def is_whole(self) -> bool:
        """Whether it is the whole file."""
        return self.start <= self.head and self.end == self.size


class Order(Struct, frozen=True, kw_only=True):
    """What to count of a share: SQL that stands alone, with :data:`PLACE` for its path; ``before`` is run first.

    ``program`` is what must be the same here and there.  ``registered`` names who had signed up, where they are joined.
    Of sums, ``most_odd`` is how many odd rows may come with them.
    """

    share: Share
    sql: str
    before: tuple[str, ...] = ()
    program: tuple[str, ...]
    registered: str | None = None
    megabytes: int | None = None
    most_odd: int | None = None


Kind = Literal["counted", "irregular", "unseen", "changed", "program", "failed"]


class Answer(Struct, frozen=True, kw_only=True):
    """What became of a share: its sums, or why there are none; ``about`` says more, ``worker`` is who says so."""

    kind: Kind
    sums: bytes = b""
    about: Text | str = ""
    worker: str = ""


@cache
def program() -> tuple[str, ...]:
    """What must be the same wherever shares are counted: this program with the code below, and the library."""
    from funnelcli.reading import database

    digest = hashlib.blake2b(Path(__file__).read_bytes(), digest_size=4).hexdigest()
    version = vars(sys.modules["funnelcli"])["__version__"]
    return (f"funnelcli {version} ({digest})", f"duckdb {database.__version__}")


def count_share(order: Order, registered: bytes | None) -> Answer:
    """What a worker does: the sums of a share.  OSError and MemoryError are for others to try again."""
    from funnelcli.reading import database

    if (own := program()) != order.program:
        return Answer(kind="program", about=", ".join(own))
    path = Path(order.share.path)
    try:
        known = path.stat()
    except OSError:
        return Answer(kind="unseen")
    if (known.st_size, known.st_mtime_ns) != (order.share.size, order.share.written):
        return Answer(kind="changed")
    with DESKS.cursor(order, registered) as (connection, folder):
        name = f"share-{next(_NUMBERS)}"
        laid, sums = folder / f"{name}.csv", folder / f"{name}.parquet"
        try:
            if not order.share.is_whole:
                lay_out(order.share, laid)
                path = laid
            for statement in order.before:
                connection.execute(statement)
            sql = order.sql.replace(sql_path(PLACE.resolve()), sql_path(path))
            connection.execute(f"COPY ({sql}) TO {literal(str(sums))} (FORMAT parquet)")
            if order.most_odd is not None and _odd_rows(connection, sums) > order.most_odd:
                return Answer(kind="irregular")
            return Answer(kind="counted", sums=sums.read_bytes())
        except database.OutOfMemoryException:
            raise MemoryError from None
        except database.Error as error:
            return Answer(kind="irregular", about=str(error))
        finally:
            laid.unlink(missing_ok=True)
            sums.unlink(missing_ok=True)


def _odd_rows(connection: Any, sums: Path) -> int:
    """How many odd rows come with sums."""
    listed = connection.execute(f"SELECT coalesce(sum(len(odd)), 0) FROM {sql_path(sums)}").fetchone()
    return int(listed[0])


def lay_out(share: Share, target: Path) -> None:
    """The lines of a share as a file of its own, below the head of the whole: DuckDB then reads both alike."""
    with open(share.path, "rb", buffering=0) as stream, target.open("wb", buffering=0) as copy:
        for start, end in ((0, share.head), (share.start, share.end)):
            stream.seek(start)
            while start < end and (chunk := stream.read(min(_CHUNK, end - start))):
                copy.write(chunk)
                start += len(chunk)
            if start < end:
                raise OSError("the file is shorter than it was")


def load_written(connection: Any, path: Path) -> None:
    """The same table from the file in which they were written."""
    connection.execute(
        "CREATE OR REPLACE TABLE registered AS SELECT user_id, make_timestamp(micros) AS moment, timed, "
        "strftime(make_timestamp(micros), '%Y-%m-%d') AS day FROM read_csv("
        f"{sql_path(path)}, auto_detect=false, header=false, delim='\x1f', quote='', escape='', "
        "columns={'user_id': 'VARCHAR', 'micros': 'BIGINT', 'timed': 'BOOLEAN'})"
    )


class _Desk:
    """What a worker keeps from share to share: a folder for what passes, and a database that has who signed up."""

    def __init__(self, order: Order, registered: bytes | None) -> None:
        from funnelcli.reading import database

        self.users = 0
        self._held = ExitStack()
        self.folder = self._held.enter_context(scratch_folder())
        config: dict[str, Any] = {
            "preserve_insertion_order": False,
            "threads": 1,
            "temp_directory": str(self.folder),
            "memory_limit": f"{order.megabytes or megabytes(SHARE_THREADS)}MB",
        }
        self.database = database.connect(config=config)
        self._held.callback(self.database.close)
        if registered is not None:
            path = self.folder / "registered.csv"
            path.write_bytes(registered)
            load_written(self.database, path)

    def close(self) -> None:
        """Give all of it back."""
        self._held.close()


class _Desks:
    """The desks of a process: that of the latest orders stays, others until nobody is at them."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._desks: dict[object, _Desk] = {}

    @contextmanager
    def cursor(self, order: Order, registered: bytes | None) -> Iterator[tuple[Any, Path]]:
        """A connection of its own to the database that an order needs, and the folder beside it."""
        key = (os.getpid(), order.registered, order.megabytes)
        with self._lock:
            desk = self._desks.pop(key, None) or _Desk(order, registered)
            self._desks[key] = desk
            desk.users += 1
            self._tidy()
        connection = desk.database.cursor()
        try:
            set_up(connection)
            yield connection, desk.folder
        finally:
            connection.close()
            with self._lock:
                desk.users -= 1
                self._tidy()

    def _tidy(self) -> None:
        *others, _ = self._desks
        for key in others:
            if not self._desks[key].users:
                self._desks.pop(key).close()

    def close(self) -> None:
        """Leave nothing behind."""
        with self._lock:
            while self._desks:
                self._desks.popitem()[1].close()


def set_up(connection: Any) -> None:
    """What every scan wants of its connection."""
    connection.execute("SET TimeZone = 'UTC'")
    # Left to itself, the optimizer may take the visits, whose number it cannot know, for the smaller side of the join.
    connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")


DESKS = _Desks()
atexit.register(DESKS.close)


def name_of(registered: bytes) -> str:
    """A name for who had signed up, by which a worker knows whether it has them already."""
    return hashlib.blake2b(registered, digest_size=16).hexdigest()
