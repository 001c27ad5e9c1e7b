"""What a file of visits adds, kept for the next run in the user's cache folder.

A part is kept under a name made from everything that it depends on: the file as it is (path, size, time, inode), how it
is read, and this program.  Where visits are joined with the signups, it holds a digest of who had signed up by its last
day, which must still be so.  Whatever is in doubt is read anew: a part of a file that was written a moment ago, of one
with a fault, of sessions, or with dates that only other files explain.
"""

from __future__ import annotations

import hashlib
import json
from collections import Counter
from collections.abc import Mapping, Sequence
from contextlib import suppress
from datetime import date
from itertools import compress
from typing import TYPE_CHECKING, Any

from msgspec import Struct
from msgspec.structs import asdict

from funnelcli.reading.engines.model import VisitRequest, VisitSums, VisitTable, joins_users
from funnelcli.reading.engines.sessions import tells_sessions
from funnelcli.reading.kept import MOST_BYTES, Store, key_of, may_be_kept
from funnelcli.reading.opening import Opened
from funnelcli.reading.rows import Tally
from funnelcli.values.channels import Channel
from funnelcli.values.dates import DAY_MICROS

if TYPE_CHECKING:
    from funnelcli.reading.tables import FirstSignups

FIRST_DAY = date(1970, 1, 1)
SUFFIX = ".part.json"


class KeptParts(Store, frozen=True):
    """The parts in a folder, those of visits among them."""

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
        for name, table in tables.items():
            source = sources[name]
            if _is_keepable(source, table, began):
                stored = {"content": self.content_of(source), **stored_part(source, request, table)}
                with suppress(OSError):
                    self.write(part_key(source, request) + SUFFIX, encoded(stored))
        with suppress(OSError):
            self.shrink(MOST_BYTES)

    def has(self, source: Opened, request: VisitRequest) -> bool:
        """Whether a file is kept as it is now."""
        return (self.folder / (part_key(source, request) + SUFFIX)).exists()

    def _stored(self, source: Opened, request: VisitRequest) -> Part | None:
        """What is kept of a file; None where there is nothing that can be read, or believed."""
        try:
            stored = json.loads(self.read(part_key(source, request) + SUFFIX))
            if self.verify and stored["content"] != self.content_of(source):
                return None
            part = part_of(stored)
        except (OSError, ValueError, KeyError, TypeError, AttributeError):
            return None
        return part


class Part(Struct, frozen=True, kw_only=True):
    """The table of a file; ``joined`` is the digest of who had signed up by the day ``until``, where that matters."""

    joined: str | None
    until: int
    table: VisitTable


def _is_keepable(source: Opened, table: VisitTable, began: int) -> bool:
    """Whether a file was whole and without fault, and may be kept."""
    if len(table.problems) or table.sessions.counts or table.decimal is not None:
        return False
    return may_be_kept(source, began)


def part_key(source: Opened, request: VisitRequest) -> str:
    """All that a part depends on but the signups, as a name."""
    return key_of(
        source, request.zone.key, request.channels.patterns, request.order, request.decimal, request.by,
        request.registered is None,
    )  # fmt: skip


def stored_part(source: Opened, request: VisitRequest, table: VisitTable) -> dict[str, Any]:
    """The table of a file as it is kept, with who had signed up by its last day where that matters."""
    last = _number(max((day for day, *_ in table.sums), default=FIRST_DAY))
    joined = joined_digest(request, last) if joins_users(source, request) else None
    return {"joined": joined, "until": last, **_stored_of(table)}


def part_of(stored: Mapping[str, Any]) -> Part:
    """What is kept, read back; ValueError, KeyError or TypeError where it is damaged."""
    return Part(joined=stored["joined"], until=int(stored["until"]), table=_table_of(stored))


def encoded(stored: Mapping[str, Any]) -> bytes:
    """What is kept, as bytes."""
    return json.dumps(stored, ensure_ascii=False).encode("utf-8", "surrogatepass")


def joined_digest(request: VisitRequest, until: int) -> str:
    """The digest of who had signed up by the end of a day, since 1970-01-01."""
    assert request.registered is not None
    return _Registered(request.registered()).digest(until)


class _Registered:
    """Who had signed up by a day, as a digest that does not tell who it is."""

    def __init__(self, registered: FirstSignups) -> None:
        self._registered = registered
        self._known: dict[int, str] = {}

    def digest(self, day: int) -> str:
        """The digest of those who had signed up by the end of a day, since 1970-01-01, in the order of the files."""
        if day not in self._known:
            registered = self._registered
            here = registered.micros < (day + 1) * DAY_MICROS
            users = "\n".join(compress(registered.users, here.tolist())).encode("utf-8", "surrogatepass")
            digest = hashlib.blake2b(users, digest_size=20)
            digest.update(registered.micros[here].tobytes())
            digest.update(registered.timed[here].tobytes())
            self._known[day] = digest.hexdigest()
        return self._known[day]


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
