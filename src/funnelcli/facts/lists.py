"""Lists of who pays at the time: which rows stand in which list, when each was made, and which of them go together.

A list is a file, or the rows of a file for which a column of its own says the same day or month.
"""

from __future__ import annotations

from collections.abc import Sequence, Set
from datetime import date
from pathlib import PurePath
from typing import Literal

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from funnelcli.facts.rows import Rows
from funnelcli.reading.made import Days, before_the_month, days_in_column, days_in_name
from funnelcli.reading.tables import Table
from funnelcli.text import Text, joined
from funnelcli.text.plain import plain_day
from funnelcli.values.dates import DAY_MICROS, day_of, micros_of
from funnelcli.values.periods import month_of

FirstOfMonth = Literal["month", "before"]
REPEATED = 2  # people at least who stand in two lists
MOSTLY = 0.5  # of the people of an older list, those who stand in the newer one with the same start


class ListOfRows(Struct, frozen=True, kw_only=True):
    """Rows that were listed at one time.

    ``latest`` is the last start in it.  ``made`` are the first and the last day, as numbers, on which it may have been
    made, None where nothing says it, and ``column`` is the header under which they stand, if any.
    """

    file: str
    latest: int
    made: tuple[int, int] | None
    column: str | None = None

    @property
    def reached(self) -> int | None:
        """The last day on which it surely was made; None where nothing says it."""
        return None if self.made is None else self.made[0]

    @property
    def since(self) -> int:
        """The day from which what is new in it counts."""
        return self.latest if self.made is None else self.made[0]

    @property
    def until(self) -> int:
        """The last day that it is sure to tell of."""
        return self.latest if self.made is None else self.made[1]


class Lists(Struct, frozen=True, kw_only=True, eq=False):
    """The lists of some rows, and of each row the number of the one it stands in."""

    lists: Sequence[ListOfRows]
    of_row: np.ndarray


def lists_of(table: Table, rows: Rows, first: FirstOfMonth | None = None) -> Lists:
    """The lists that rows stand in: those of a file, or of a day or month that its own column says.

    ``first`` is what the settings say that a list of the first of a month tells.
    """
    order = table.order
    numbers = np.full(len(rows), -1, dtype=np.int64)
    lists: list[ListOfRows] = []
    for file, opened in enumerate(table.files):
        places = np.flatnonzero(rows["file"] == file)
        if not len(places):
            continue
        begun = rows["start"][places]
        lines = rows["line"][places].tolist()
        said = days_in_column(opened, set(lines), order)
        by_column = _by_column([said[1][line] for line in lines], begun, first) if said is not None else None
        column = said[0] if said is not None and by_column is not None else None
        if by_column is None:
            named = days_in_name(PurePath(opened.name).name)
            by_column = {_made(named, int(begun.max()), first): np.ones(len(places), dtype=bool)}
        for made, chosen in by_column.items():
            numbers[places[chosen]] = len(lists)
            lists.append(ListOfRows(file=opened.name, latest=int(begun[chosen].max()), made=made, column=column))
    return Lists(lists=lists, of_row=numbers)


def _by_column(
    said: Sequence[Days], begun: np.ndarray, rule: FirstOfMonth | None
) -> dict[tuple[int, int] | None, np.ndarray] | None:
    """The rows of each day or month that a column says; None where some began after it, so that it says another."""
    of_rows = np.array([(_number(first), _number(last)) for first, last in said], dtype=np.int64)
    lists: dict[tuple[int, int] | None, np.ndarray] = {}
    for first, last in np.unique(of_rows, axis=0).tolist():
        chosen = (of_rows == (first, last)).all(axis=1)
        made = _made((_date(first), _date(last)), int(begun[chosen].max()), rule)
        if made is None:
            return None
        lists[made] = lists.get(made, np.zeros(len(begun), dtype=bool)) | chosen
    return lists


def _made(said: Days | None, latest: int, rule: FirstOfMonth | None) -> tuple[int, int] | None:
    """When a list was made, as numbers; None where a row of it begins later than it says."""
    if said is None:
        return None
    first, last = said
    if first == last and first.day == 1 and rule == "month":
        last = month_of(first).last_day
    elif first == last and _number(first) > latest:
        first = last = before_the_month(first)
    return None if _number(last) < latest else (_number(first), _number(last))


def chains_of(
    begun: Sequence[Set[tuple[object, ...]]], lists: Sequence[ListOfRows], *, all_go: bool, least: int = REPEATED
) -> list[list[int]]:
    """The lists that go together, each chain in the order in which they were made.

    ``begun`` are the people of each list with their starts: a list follows another one if it has most of these once
    more, and ``least`` of them, or where ``all_go`` says that all do.
    """
    dated = all(each.made is not None for each in lists)
    order = sorted(
        range(len(lists)),
        key=lambda n: (*((lists[n].until, lists[n].since) if dated else ()), lists[n].latest, lists[n].file),
    )
    chains: list[list[int]] = []
    for number in order:
        chain = next((each for each in chains if all_go or repeats(begun[number], begun[each[-1]], least)), None)
        if chain is None:
            chains.append([number])
        else:
            chain.append(number)
    return [chain for chain in chains if len(chain) > 1]


def repeats(later: Set[tuple[object, ...]], earlier: Set[tuple[object, ...]], least: int = REPEATED) -> bool:
    """Whether a list has most of an earlier one once more, and ``least`` of them.

    >>> repeats({("u1", 5), ("u2", 6), ("u4", 9)}, {("u1", 5), ("u2", 6), ("u3", 7)})
    True
    """
    common = len(later & earlier)
    return common >= max(least, MOSTLY * len(earlier))


def undated(lists: Sequence[ListOfRows]) -> list[ListOfRows]:
    """The lists as they are where not all of them say when they were made: by their rows alone.

    >>> some = [ListOfRows(file="a", latest=5, made=(1, 9)), ListOfRows(file="b", latest=6, made=None)]
    >>> [each.made for each in undated(some)]
    [None, None]
    """
    if all(each.made is not None for each in lists):
        return list(lists)
    return [replace(each, made=None) for each in lists]


def begun_in(rows: Rows, lists: Lists, key: str | None = None) -> list[set[tuple[object, ...]]]:
    """The people of each list with their starts, and the ``key`` of what they have."""
    begun: list[set[tuple[object, ...]]] = [set() for _ in lists.lists]
    columns = [rows.list_of(name) for name in ("entity", "start", *([key] if key else []))]
    for thing, number in zip(zip(*columns, strict=True), lists.of_row.tolist(), strict=True):
        begun[number].add(thing)
    return begun


def _number(day: date) -> int:
    return micros_of(day) // DAY_MICROS


def _date(number: int) -> date:
    return day_of(number * DAY_MICROS)


def days_of_lists(lists: Sequence[tuple[int, int]]) -> Text:
    """The days that lists are of, from the first to the last of each; of many lists the first ones and the last."""
    days = [_day(since) if since == until else joined("…", [_day(since), _day(until)]) for since, until in lists]
    return joined(", ", days if len(days) < 5 else [*days[:2], "…", days[-1]])


def _day(day: int) -> Text:
    return plain_day(day_of(day * DAY_MICROS))
