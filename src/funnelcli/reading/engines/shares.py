"""Shares of large files of visits: how a file is cut, and what a worker, wherever it is, makes of its share.

A share is a file, or a range of the lines of a large one.  The worker is told by SQL what to count, decided once for
all shares, and answers with the sums as a small Parquet file.
"""

from __future__ import annotations

import atexit
import hashlib
import os
import sys
import threading
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from functools import cache
from itertools import count, pairwise
from pathlib import Path
from typing import IO, Any, Literal, Protocol

from funnelcli.reading.dialect import Container
from funnelcli.reading.engines.table_sql import literal
from funnelcli.reading.opening import Opened
from funnelcli.reading.parquet import sql_path
from funnelcli.text import Text

SHARE_BYTES = 64_000_000
PLACE = Path("/funnelcli/share")  # in the SQL, where the path of the share will stand
_CHUNK = 1 << 22
_NUMBERS = count()
_LINE_CHUNK, _LONGEST_LINE = 1 << 16, 10_000_000


@dataclass(frozen=True, kw_only=True)
class Share:
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


@dataclass(frozen=True, kw_only=True)
class Order:
    """What to count of a share: SQL that stands alone, with :data:`PLACE` for its path; ``before`` is run first.

    ``program`` is what must be the same here and there.  ``registered`` names who had signed up, where they are joined.
    """

    share: Share
    sql: str
    before: tuple[str, ...] = ()
    program: tuple[str, ...]
    registered: str | None = None
    megabytes: int | None = None


Kind = Literal["counted", "irregular", "unseen", "changed", "program", "failed"]


@dataclass(frozen=True, kw_only=True)
class Answer:
    """What became of a share: its sums, or why there are none; ``about`` says more, ``worker`` is who says so."""

    kind: Kind
    sums: bytes = b""
    about: Text | str = ""
    worker: str = ""


class Crew(Protocol):
    """Who counts shares: workers, here or elsewhere."""

    @property
    def is_here(self) -> bool:
        """Whether the workers are on this machine, and so see its temporary files."""

    def start(self) -> None:
        """Have them ready; UsageError where there are none."""

    def count(self, orders: Sequence[Order], registered: bytes | None) -> Iterator[tuple[int, Answer]]:
        """The answer to each order, by its place, in any order; the people who had signed up are sent once."""

    def close(self) -> None:
        """Let them go."""


@cache
def program() -> tuple[str, ...]:
    """What must be the same wherever shares are counted: this program with the files that count, and the library."""
    import duckdb

    own = [Path(__file__), Path(__file__).with_name("registered.py")]
    digest = hashlib.blake2b(b"".join(path.read_bytes() for path in own), digest_size=4).hexdigest()
    version = vars(sys.modules["funnelcli"])["__version__"]
    return (f"funnelcli {version} ({digest})", f"duckdb {duckdb.__version__}")


# --- cutting -------------------------------------------------------------------------------------------------------


def shares_of(opened: Opened, most: int) -> list[Share]:
    """A file cut into ranges of whole lines, of about ``most`` bytes or less; one share where it cannot be cut.

    OSError where it cannot be read.
    """
    path = opened.file.path.resolve()
    known = path.stat()

    def share(head: int, start: int, end: int) -> Share:
        return Share(path=str(path), size=known.st_size, written=known.st_mtime_ns, head=head, start=start, end=end)

    head = _head_of(opened)
    if head is None or known.st_size - head <= most:
        return [share(0, 0, known.st_size)]
    with path.open("rb") as stream:
        places = [head, *_line_starts(stream, head, known.st_size, most), known.st_size]
    return [share(head, start, end) for start, end in pairwise(places)]


def _head_of(opened: Opened) -> int | None:
    """How many bytes the header takes with what stands above it; None where the file may not be cut below it."""
    if opened.content.container is not Container.TEXT or opened.content.gzipped:
        return None
    sample, place = opened.content.sample, 0
    for _ in range(opened.header_line):
        place = sample.find(b"\n", place) + 1
        if not place:
            return None
    head = sample[:place]
    is_plain = b"\r" not in head.replace(b"\r\n", b"") and not any(line.count(b'"') % 2 for line in head.split(b"\n"))
    return place if is_plain else None


def _line_starts(stream: IO[bytes], head: int, size: int, most: int) -> Iterator[int]:
    """Where ranges of about the same length begin, each at the beginning of a line."""
    number = -(-(size - head) // most)
    last = head
    for cut in range(1, number):
        place = _next_line(stream, head + (size - head) * cut // number)
        if place is None or place >= size:
            return
        if place > last:
            yield place
        last = max(last, place)


def _next_line(stream: IO[bytes], place: int) -> int | None:
    """Where the first line begins at or after a place; None where none does nearby."""
    stream.seek(place - 1)
    for read in range(0, _LONGEST_LINE, _LINE_CHUNK):
        chunk = stream.read(_LINE_CHUNK)
        end = chunk.find(b"\n")
        if end >= 0:
            return place - 1 + read + end + 1
        if not chunk:
            return None
    return None


# --- counting ------------------------------------------------------------------------------------------------------


def count_share(order: Order, registered: bytes | None) -> Answer:
    """What a worker does: the sums of a share.  OSError and MemoryError are for others to try again."""
    import duckdb

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
                _lay_out(order.share, laid)
                path = laid
            for statement in order.before:
                connection.execute(statement)
            sql = order.sql.replace(sql_path(PLACE.resolve()), sql_path(path))
            connection.execute(f"COPY ({sql}) TO {literal(str(sums))} (FORMAT parquet)")
            return Answer(kind="counted", sums=sums.read_bytes())
        except duckdb.OutOfMemoryException:
            raise MemoryError from None
        except duckdb.Error as error:
            return Answer(kind="irregular", about=str(error))
        finally:
            laid.unlink(missing_ok=True)
            sums.unlink(missing_ok=True)


def _lay_out(share: Share, target: Path) -> None:
    """The lines of a share as a file of its own, below the head of the whole: DuckDB then reads both alike."""
    with open(share.path, "rb", buffering=0) as stream, target.open("wb", buffering=0) as copy:
        for start, end in ((0, share.head), (share.start, share.end)):
            stream.seek(start)
            while start < end and (chunk := stream.read(min(_CHUNK, end - start))):
                copy.write(chunk)
                start += len(chunk)
            if start < end:
                raise OSError("the file is shorter than it was")


class _Desk:
    """What a worker keeps from share to share: a folder for what passes, and a database that has who signed up."""

    def __init__(self, order: Order, registered: bytes | None) -> None:
        import duckdb

        from funnelcli.reading.engines.registered import load_written
        from funnelcli.reading.scratch import scratch_folder

        self.users = 0
        self._held = ExitStack()
        self.folder = self._held.enter_context(scratch_folder())
        limit = {} if order.megabytes is None else {"memory_limit": f"{order.megabytes}MB"}
        config: dict[str, Any] = {
            "preserve_insertion_order": False,
            "threads": 1,
            "temp_directory": str(self.folder),
            **limit,
        }
        self.database = duckdb.connect(config=config)
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
