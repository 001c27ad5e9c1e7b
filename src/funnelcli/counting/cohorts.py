"""Cohorts: who entered a stage in one period, what share got on by which age, and who has had the time to."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from funnelcli.counting.following import Followed
from funnelcli.counting.moments import ages, elapsed, last_day, months_later
from funnelcli.stats.survival import ENDED, HAPPENED, OPEN
from funnelcli.values.dates import DAY_MICROS
from funnelcli.values.periods import Period
from funnelcli.values.windows import Window


class AgeCell(Struct, frozen=True, kw_only=True):
    """Who of a cohort has got on by an age in months; None where that time is not over for all of its members."""

    age: int
    converted: int | None
    new: int | None


class Cohort(Struct, frozen=True, kw_only=True):
    """The members of a period: who entered, whose window is over (``matured``), who of these got on within it, and how
    many of those by a later stage alone.  Once all windows are over, and the period is, the cohort is ``mature``.
    """

    period: Period
    entered: int
    matured: int
    converted: int
    skipped: int
    mature: bool
    cells: tuple[AgeCell, ...]


class Overall(Struct, frozen=True, kw_only=True):
    """Both ways to put cohorts together: of the mature ones alone, and at each age of those that have come to it.

    ``by_age`` is None where no cohort has an age yet, and above 1 where cohorts differ too much.
    """

    converted: int
    members: int
    by_age: float | None


def cohorts_of(
    followed: Followed, chosen: np.ndarray, periods: Sequence[Period], window: Window, until: int
) -> list[Cohort]:
    """The cohorts of some of those who were followed; what lies after the day ``until`` is not known."""
    start = followed.start.when
    days = start.day
    matured = (last_day(window, start) <= until) & chosen
    within = followed.within(window) & matured
    age = np.where(followed.reached, ages(start, followed.end), -1)
    oldest = _oldest(days, until)
    made = []
    for period in periods:
        first, after = (_number(day) for day in (period.start, period.end))
        mine = chosen & (days >= first) & (days < after)
        over = after - 1 <= until
        made.append(
            Cohort(
                period=period,
                entered=int(mine.sum()),
                matured=int((mine & matured).sum()),
                converted=int((mine & within).sum()),
                skipped=int((mine & within & followed.skipped).sum()),
                mature=bool(over and (matured | ~mine).all() and mine.any()),
                cells=tuple(_cells(age[mine], days[mine], until, over=over, most=oldest)),
            )
        )
    return made


def _number(day: object) -> int:
    return int(np.datetime64(day, "D").astype(np.int64))  # type: ignore[call-overload]


def _oldest(days: np.ndarray, until: int) -> int:
    """The most months that anybody has been followed."""
    if not len(days):
        return 0
    first = np.array([int(days.min())])
    count = 0
    while int(months_later(first, count + 1)[0]) - 1 <= until:
        count += 1
    return count


def _cells(age: np.ndarray, days: np.ndarray, until: int, *, over: bool, most: int) -> list[AgeCell]:
    """The columns of a cohort, up to the oldest age of all cohorts."""
    latest = np.array([int(days.max())]) if len(days) else None
    cells, before = [], 0
    for number in range(most):
        known = over and latest is not None and int(months_later(latest, number + 1)[0]) - 1 <= until
        by_then = int(((age >= 0) & (age <= number)).sum())
        cells.append(AgeCell(age=number, converted=by_then if known else None, new=by_then - before if known else None))
        before = by_then
    return cells


def overall(cohorts: Sequence[Cohort]) -> Overall:
    """The cohorts together."""
    mature = [cohort for cohort in cohorts if cohort.mature]
    share, is_known = 0.0, False
    for number in range(max((len(cohort.cells) for cohort in cohorts), default=0)):
        known = [
            (cohort, cell) for cohort in cohorts for cell in cohort.cells[number : number + 1] if cell.new is not None
        ]
        members = sum(cohort.entered for cohort, _ in known)
        if members:
            share += sum(cell.new or 0 for _, cell in known) / members
            is_known = True
    return Overall(
        converted=sum(cohort.converted for cohort in mature),
        members=sum(cohort.matured for cohort in mature),
        by_age=share if is_known else None,
    )


def waited(followed: Followed, chosen: np.ndarray, ends: np.ndarray, until: int) -> tuple[np.ndarray, np.ndarray]:
    """How long each has waited, in microseconds, and what became of it: nothing yet, it got on, or another end came.

    ``ends`` are the days on which another end came, above ``until`` where none has.
    """
    start = followed.start.when
    got_on = elapsed(start, followed.end)
    last = np.minimum(ends, until)
    open_for = (last - start.day) * DAY_MICROS
    became = np.where(followed.reached, HAPPENED, np.where(ends <= until, ENDED, OPEN))
    return np.where(followed.reached, got_on, open_for)[chosen], became[chosen]
