"""Cohorts: who entered a stage in one period, what share got on by which age, and who has had the time to."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct

from funnelcli.counting.following import Followed
from funnelcli.facts.events import NO_DAY
from funnelcli.facts.moments import ages, elapsed, last_day, months_later, so_far
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
    days, oldest = start.day, _oldest(start.day, until)
    starts = np.array([_number(period.start) for period in periods])
    period = np.searchsorted(starts, days, side="right") - 1
    period = np.where(chosen & (period >= 0) & (days < _number(periods[-1].end)), period, len(periods))
    matured = last_day(window, start) <= until
    within = followed.within(window) & matured

    def number(those: np.ndarray | None = None) -> list[int]:
        counts = np.bincount(period if those is None else period[those], minlength=len(periods))
        return [int(count) for count in counts[: len(periods)]]

    columns = (number(), number(matured), number(within), number(within & followed.skipped))
    latest, aged = _latest(period, days, len(periods)), _aged(followed, period, len(periods), oldest)
    return [
        Cohort(
            period=each, entered=entered, matured=old, converted=converted, skipped=skipped,
            mature=_number(each.end) - 1 <= until and old == entered > 0,
            cells=tuple(_cells(aged[place], latest[place], until, over=_number(each.end) - 1 <= until)),
        )
        for place, (each, entered, old, converted, skipped) in enumerate(zip(periods, *columns, strict=True))
    ]  # fmt: skip


def _latest(period: np.ndarray, days: np.ndarray, size: int) -> list[int | None]:
    """The day of the last entry in each period, None where there is none."""
    latest = np.full(size + 1, NO_DAY)
    np.maximum.at(latest, period, days)
    return [None if day == NO_DAY else day for day in latest[:size].tolist()]


def _aged(followed: Followed, period: np.ndarray, size: int, oldest: int) -> np.ndarray:
    """How many of each period got on at each age in months, up to the oldest age."""
    got_on = np.flatnonzero(followed.reached & (period < size))
    age = ages(followed.start.when.at_places(got_on), followed.end.at_places(got_on))
    is_known = (age >= 0) & (age < oldest)
    places = period[got_on[is_known]] * oldest + age[is_known]
    return np.bincount(places, minlength=size * oldest)[: size * oldest].reshape(size, oldest)


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


def _cells(aged: np.ndarray, latest: int | None, until: int, *, over: bool) -> Iterator[AgeCell]:
    """The columns of a cohort, of whom so many got on at each age, up to the oldest age of all cohorts."""
    by_then, known = np.cumsum(aged).tolist(), [False] * len(aged)
    if over and latest is not None:
        known = (months_later(np.full(len(aged), latest), np.arange(1, len(aged) + 1)) - 1 <= until).tolist()
    for number, (new, is_known) in enumerate(zip(aged.tolist(), known, strict=True)):
        yield AgeCell(age=number, converted=by_then[number] if is_known else None, new=new if is_known else None)


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
    other = ends <= until
    open_for = np.where(other, (ends - start.day) * DAY_MICROS, so_far(start, until))
    became = np.where(followed.reached, HAPPENED, np.where(other, ENDED, OPEN))
    return np.where(followed.reached, got_on, open_for)[chosen], became[chosen]
