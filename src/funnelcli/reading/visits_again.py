"""Visits that stand twice: all rows of a file once more in it, or rows of one file in another, in whatever order.

What the scan has counted by day and channel tells where it may be so; only then the rows themselves are compared.
"""

from __future__ import annotations

import zlib
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from itertools import combinations
from typing import TypeAlias

from msgspec import Struct, field

from funnelcli.problems import Problem, problem
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.engines.model import DayChannel, VisitTable
from funnelcli.reading.engines.sessions import tells_sessions
from funnelcli.reading.opening import Opened
from funnelcli.reading.rows import quiet_rows
from funnelcli.reading.text_records import date_place

_Days: TypeAlias = Mapping[date, Mapping[str, int]]  # visits by channel
SAME_DAYS = 3  # with the same visits of every channel, before the rows of two files are compared
FEWEST = 10  # rows that are alike, or sums that all are even
NEARLY_ALL = 0.95
UNLIKE = 5  # different numbers of visits that two files, or the halves of one, have in common by no accident
MANY = 0.25  # of the rows, the different cells of a column that tells rows apart
MOST_HELD = 500_000  # digests of rows held at once; of more rows, those that a digest chooses


def visits_again(table: VisitTable, opened: Sequence[Opened]) -> Iterator[Problem]:
    """A warning for each file of visits whose rows all stand in it twice, or stand in another one too."""
    files = [file for file in opened if file.name in table.of_days and not tells_sessions(file)]
    for file in files:
        counts = table.of_days[file.name]
        rows = _rows_of(file, len(_by_day(counts))) if _are_even(counts) else None
        if rows is not None and (
            rows.are_twice(sure=file.has("visits")) or (_are_many(counts.values()) and rows.are_even)
        ):
            yield problem("rows-twice", file=file.name, count=rows.number)
    single = [file for file in files if not file.has("visits")]
    days = {file.name: _by_day(table.of_days[file.name]) for file in single}
    for earlier, later in _pairs_alike(single, days):
        own, others = days[later.name], days[earlier.name]
        same = _same_days(own, others)
        if not same or _are_one(earlier, later):
            continue
        mine, theirs = _rows_of(later, len(own)), _rows_of(earlier, len(others))
        if mine is None or theirs is None or not (again := mine.shared_with(theirs)):
            continue
        alike = [number for day in same for number in own[day].values()]
        if (mine.tells_apart and theirs.tells_apart) or _are_many(alike):
            yield problem("rows-in-two-files", file=later.name, other=earlier.name, count=again)


def _are_even(counts: Mapping[DayChannel, int]) -> bool:
    some = [number for number in counts.values() if number]
    return len(some) >= FEWEST and sum(number % 2 == 0 for number in some) >= NEARLY_ALL * len(some)


def _are_many(numbers: Iterable[int]) -> bool:
    """Whether numbers are many and unlike each other, so that it is no accident what they have in common."""
    counted = Counter(numbers)
    return counted.total() >= 2 * FEWEST and len(counted) >= UNLIKE


def _pairs_alike(files: Sequence[Opened], days: Mapping[str, _Days]) -> Iterator[tuple[Opened, Opened]]:
    """The pairs of files that have some days with the same visits, the earlier file first."""
    holders: dict[tuple[date, frozenset[tuple[str, int]]], list[int]] = {}
    for place, file in enumerate(files):
        for day, visits in days[file.name].items():
            holders.setdefault((day, frozenset(visits.items())), []).append(place)
    shared = Counter(pair for places in holders.values() if len(places) > 1 for pair in combinations(places, 2))
    for earlier, later in sorted(pair for pair, number in shared.items() if number >= SAME_DAYS):
        yield files[earlier], files[later]


def _same_days(mine: _Days, theirs: _Days) -> list[date]:
    """The days on which two files have the same visits, if these are most of those that they have in common."""
    common = mine.keys() & theirs.keys()
    same = [day for day in common if mine[day] == theirs[day]]
    return same if len(same) >= SAME_DAYS and 2 * len(same) >= len(common) else []


def _by_day(counts: Mapping[DayChannel, int]) -> _Days:
    days: dict[date, dict[str, int]] = {}
    for (day, channel), number in counts.items():
        days.setdefault(day, {})[channel.value] = number
    return days


def _are_one(earlier: Opened, later: Opened) -> bool:
    """Whether two files are the same byte for byte, which is said already."""
    import filecmp

    try:
        return filecmp.cmp(earlier.file.path, later.file.path, shallow=False)
    except OSError:
        return False


class _Rows(Struct, kw_only=True):
    """How often each row of a file stands in it, by digest, and whether its rows can be told apart.

    Of very many rows those are held whose digest is a multiple of ``every``.
    """

    every: int = 1
    number: int = 0
    digests: Counter[int] = field(default_factory=Counter)
    tells_apart: bool = False

    def are_twice(self, *, sure: bool) -> bool:
        """Whether hardly a row does not stand twice, and rows can be told apart, or are ``sure`` to be others."""
        twice = sum(number == 2 for number in self.digests.values())
        return twice >= max(FEWEST, NEARLY_ALL * len(self.digests)) and (self.tells_apart or sure)

    @property
    def are_even(self) -> bool:
        """Whether every row stands an even number of times."""
        return all(number % 2 == 0 for number in self.digests.values())

    def shared_with(self, other: _Rows) -> int:
        """How many rows are those of another file; of some, about how many."""
        every = max(self.every, other.every)
        mine, theirs = (Counter({d: n for d, n in each.digests.items() if d % every == 0}) for each in (self, other))
        common = (mine & theirs).total() * every
        return common if common >= FEWEST else 0


def _rows_of(file: Opened, days: int) -> _Rows | None:
    """The rows of a file, whatever the order of its columns; None where it cannot be read.

    They can be told apart where a column has many different cells, and that of the dates more than there are ``days``.
    """
    header = file.columns.header
    places = sorted(range(len(header)), key=lambda place: (header[place], place))
    rows, dated = _Rows(), date_place(file)
    distinct: list[set[int]] = [set() for _ in header]
    try:
        for _, record in quiet_rows(file):
            rows.number += 1
            digest = zlib.crc32("\x1f".join([record[place].strip() for place in places]).encode("utf-8", "replace"))
            if digest % rows.every:
                continue
            rows.digests[digest] += 1
            for cells, cell in zip(distinct, record, strict=False):
                cells.add(hash(cell))
            if len(rows.digests) > MOST_HELD:
                rows.every *= 2
                rows.digests = Counter({d: n for d, n in rows.digests.items() if d % rows.every == 0})
                distinct = [set() for _ in header]
    except FileFault:
        return None
    held = max(rows.digests.total(), FEWEST)
    many = [len(cells) if place != dated or len(cells) > days else 0 for place, cells in enumerate(distinct)]
    rows.tells_apart = max(many) >= MANY * held
    return rows
