"""Sums that run on: a column of visits in which each day holds those of all days before it too."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from funnelcli.problems import Problem, problem
from funnelcli.reading.opening import Opened
from funnelcli.reading.text_records import date_place
from funnelcli.reading.unread import date_in
from funnelcli.values.dates import day_of
from funnelcli.values.numbers import read_count

FEWEST_DAYS = 14  # two weeks without a day that has fewer visits than the one before
GROWS = 0.5  # of the first day's visits, what a day has more than the one before, at an average


def running_totals(opened: Opened, rows: Sequence[Sequence[str]]) -> Iterator[Problem]:
    """A warning where summed visits grow from each day to the next: they may be sums of all days so far."""
    if not opened.has("visits"):
        return
    at, counted = date_place(opened), opened.columns.index["visits"]
    series: dict[tuple[str, ...], list[tuple[object, int, str]]] = {}
    for row in rows:
        moment, number = date_in(row[at]), read_count(row[counted].strip(), None)
        if moment is None or number is None:
            return
        rest = tuple(cell for place, cell in enumerate(row) if place not in (at, counted) and not _is_number(cell))
        series.setdefault(rest, []).append((day_of(moment.micros), number, row[counted].strip()))
    long = [sorted(days, key=lambda day: (str(day[0]), day[1])) for days in series.values() if len(days) >= FEWEST_DAYS]
    if long and all(map(_only_grows, long)):
        first, last = long[0][0], long[0][-1]
        yield problem(
            "visits-only-grow", file=opened.name, line=opened.header_line or None, column="visits",
            header=opened.columns.header_of("visits") or "visits", days=len(long[0]), value=first[2], other=last[2],
        )  # fmt: skip


def _is_number(cell: str) -> bool:
    return cell.strip()[:1].isdigit()


def _only_grows(days: Sequence[tuple[object, int, str]]) -> bool:
    """Whether each day has more than the one before, by about what the first has."""
    numbers = [number for _, number, _ in days]
    is_each_day = len({day for day, *_ in days}) == len(days)
    grows = all(earlier < later for earlier, later in pairwise(numbers))
    return is_each_day and grows and numbers[-1] - numbers[0] >= GROWS * numbers[0] * (len(numbers) - 1)
