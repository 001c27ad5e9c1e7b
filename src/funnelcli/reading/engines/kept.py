"""What a file of visits adds, kept for the next run in the user's cache folder.

A part is kept under a name made from everything that it depends on: the file as it is (path, size, time, inode), how it
is read, and this program.  Where visits are joined with the signups, it holds a digest of who had signed up by its last
day, which must still be so.  Whatever is in doubt is read anew: a part of a file that was written a moment ago, of one
with a fault, of sessions, or with dates that only other files explain.
"""

from __future__ import annotations

import hashlib
import json
import os
import tempfile
import time
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from functools import cache
from importlib import metadata
from pathlib import Path
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import asdict

from funnelcli.reading.dialect import stamp_of
from funnelcli.reading.engines.model import VisitRequest, VisitSums, VisitTable, joins_users
from funnelcli.reading.engines.sessions import tells_sessions
from funnelcli.reading.opening import Opened
from funnelcli.reading.rows import Tally
from funnelcli.values.channels import Channel
from funnelcli.values.dates import DAY_MICROS

if TYPE_CHECKING:
    from funnelcli.reading.tables import FirstSignups

FIRST_DAY = date(1970, 1, 1)
YOUNG_NANOSECONDS = 2_000_000_000  # a file may be written twice within the same moment of its clock
MOST_BYTES = 200_000_000
SUFFIX, UNFINISHED = ".part.json", ".funnelcli-part-"
LIBRARIES = ("duckdb", "tzdata")  # which read the rows and know the zones


class KeptParts(Struct, frozen=True):
    """The parts in a folder; with ``verify`` one is believed only where the file has the same bytes."""

    folder: Path
    verify: bool = False

    def known(self, opened: Sequence[Opened], request: VisitRequest) -> dict[str, VisitTable]:
        """The parts that are kept and still true, by the name of their file."""
        if any(map(tells_sessions, opened)):
            return {}
        kept = {source.name: part for source in opened if (part := self._stored(source, request)) is not None}
        if request.registered is not None and any(part.joined for part in kept.values()):
            registered = _Registered(request.registered())
            kept = {
                name: part
                for name, part in kept.items()
                if part.joined is None or part.joined == registered.digest(part.until)
            }
        return {name: part.table for name, part in kept.items()}

    def keep(
        self, opened: Sequence[Opened], request: VisitRequest, tables: Mapping[str, VisitTable], *, began: int
    ) -> None:
        """Keep the tables of some files, by their names; what cannot be written is not kept.

        ``began`` is when their rows were first read, in nanoseconds since 1970.
        """
        sources = {source.name: source for source in opened}
        registered = None
        for name, table in tables.items():
            source = sources[name]
            if not _is_keepable(source, table, began):
                continue
            joined, last = None, _number(max((day for day, *_ in table.sums), default=FIRST_DAY))
            if joins_users(source, request) and request.registered is not None:
                registered = registered or _Registered(request.registered())
                joined = registered.digest(last)
            content = _hash(source.file.path) if self.verify else None
            stored = {"joined": joined, "until": last, "content": content, **_stored_of(table)}
            with suppress(OSError):
                self._write(_key(source, request), stored)
        with suppress(OSError):
            self.shrink(MOST_BYTES)

    def _stored(self, source: Opened, request: VisitRequest) -> _Part | None:
        """What is kept of a file; None where there is nothing that can be read, or believed."""
        path = self.folder / (_key(source, request) + SUFFIX)
        try:
            stored = json.loads(path.read_bytes())
            if self.verify and stored["content"] != _hash(source.file.path):
                return None
            part = _Part(joined=stored["joined"], until=int(stored["until"]), table=_table_of(stored))
            os.utime(path)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return part

    def _write(self, key: str, stored: Mapping[str, Any]) -> None:
        """Write whole or not at all; nobody else may read it."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, name = tempfile.mkstemp(dir=self.folder, prefix=UNFINISHED)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(json.dumps(stored, ensure_ascii=False).encode("utf-8", "surrogatepass"))
            os.replace(name, self.folder / (key + SUFFIX))
        except BaseException:
            with suppress(OSError):
                os.unlink(name)
            raise

    def files(self) -> list[tuple[Path, os.stat_result]]:
        """The files in the folder, those used last in front; what a killed run has left is among them."""
        known = []
        with suppress(OSError):
            for path in self.folder.iterdir():
                if path.name.endswith(SUFFIX) or path.name.startswith(UNFINISHED):
                    with suppress(OSError):
                        known.append((path, path.stat()))
        return sorted(known, key=lambda pair: -pair[1].st_mtime_ns)

    def shrink(self, most: int) -> int:
        """Remove what was not used for longest until the rest is no larger than ``most`` bytes; gives how many files.

        Files that a killed run has left go as well, once an hour old.
        """
        size, removed, old = 0, 0, time.time() - 3600
        for path, known in self.files():
            size += known.st_size
            if size > most or (path.name.startswith(UNFINISHED) and known.st_mtime < old):
                with suppress(OSError):
                    path.unlink()
                    removed += 1
        return removed


class _Part(Struct, frozen=True, kw_only=True):
    """The table of a file; ``joined`` is the digest of who had signed up by the day ``until``, where that matters."""

    joined: str | None
    until: int
    table: VisitTable


def _is_keepable(source: Opened, table: VisitTable, began: int) -> bool:
    """Whether a file was whole, without fault, and older than a moment of its clock when its rows were first read."""
    stamp = source.content.stamp
    if stamp is None or len(table.problems) or table.sessions.counts or table.decimal is not None:
        return False
    try:
        unchanged = stamp_of(source.file.path) == stamp
    except OSError:
        return False
    return unchanged and began - stamp[2] > YOUNG_NANOSECONDS


def _key(source: Opened, request: VisitRequest) -> str:
    """All that a part depends on but the signups, as a name."""
    columns = source.columns
    facts = (
        str(source.file.path.resolve()), source.content.stamp, source.content.container, source.content.gzipped,
        source.dialect, columns.header, sorted(columns.index.items()), source.header_line, source.sheet,
        source.since_1904, sorted(source.rollups), source.settings.model_dump_json(), request.zone.key,
        request.channels.patterns, request.order, request.decimal, request.by, request.registered is None, _program(),
    )  # fmt: skip
    return hashlib.blake2b(repr(facts).encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()


@cache
def _program() -> list[object]:
    """This program: the files that say what a cell means, and the libraries that read."""
    root = Path(__file__).parents[2]
    rooms = [root / room for room in ("values", "inputs", "config", "reading")]
    files = [(str(path), path.stat()) for room in rooms for path in sorted(room.rglob("*.py"))]
    libraries = [(name, metadata.version(name)) for name in LIBRARIES]
    return [*libraries, *((path, known.st_size, known.st_mtime_ns) for path, known in files)]


def _hash(path: Path) -> str:
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "blake2b").hexdigest()


class _Registered:
    """Who had signed up by a day, as a digest that does not tell who it is."""

    def __init__(self, registered: FirstSignups) -> None:
        import numpy as np

        self._micros = registered.micros
        each = (hashlib.blake2b(user.encode("utf-8", "surrogatepass"), digest_size=8) for user in registered.users)
        users = np.frombuffer(b"".join(digest.digest() for digest in each), dtype=np.uint64)
        mixed = (users ^ registered.micros.view(np.uint64) * np.uint64(0x9E3779B97F4A7C15)) + registered.timed
        mixed ^= mixed >> np.uint64(29)
        self._mixed = mixed * np.uint64(0xBF58476D1CE4E5B9)

    def digest(self, day: int) -> str:
        """The digest of those who had signed up by the end of a day, since 1970-01-01; in any order the same."""
        here = self._mixed[self._micros < (day + 1) * DAY_MICROS]
        total = int(here.sum()) if len(here) else 0
        return f"{len(here)}-{total:x}-{int(here.max()) if len(here) else 0:x}"


def _number(day: date) -> int:
    return day.toordinal() - FIRST_DAY.toordinal()


def _day(number: int) -> date:
    return date.fromordinal(FIRST_DAY.toordinal() + number)


def _stored_of(table: VisitTable) -> dict[str, Any]:
    return {
        "sums": [[_number(day), channel.value, part, *sums] for (day, channel, part), sums in table.sums.items()],
        "sources": dict(table.sources),
        "summed": {name: [[_number(day), source] for day, source in seen] for name, seen in table.summed.items()},
        "day_totals": {
            name: [[_number(day), visits] for day, visits in totals.items()]
            for name, totals in table.day_totals.items()
        },
        "tallies": [asdict(tally) for tally in table.tallies],
        "converted": table.converted,
        "order": table.order,
    }


def _table_of(stored: Mapping[str, Any]) -> VisitTable:
    table = VisitTable(converted=stored["converted"], order=stored["order"], sources=Counter(stored["sources"]))
    sums = ((_day(day), Channel(channel), part, VisitSums(*rest)) for day, channel, part, *rest in stored["sums"])
    table.sums = {(day, channel, part): each for day, channel, part, each in sums}
    table.summed = {name: {(_day(day), source) for day, source in seen} for name, seen in stored["summed"].items()}
    table.day_totals = {
        name: Counter({_day(day): visits for day, visits in totals}) for name, totals in stored["day_totals"].items()
    }
    table.tallies = [Tally(**tally) for tally in stored["tallies"]]
    return table
