"""What every customer comes to a month, day by day: a second, slow way to the movements of MRR.

It shares no code with the package on purpose.  A customer is the set of days paid for, a level is asked of one evening
after the other, and a movement is what an evening's level is above or below that of the evening before.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from fractions import Fraction
from functools import cached_property

ONE_DAY = timedelta(days=1)
KINDS = ("new", "reactivation", "expansion", "contraction", "churned")
TRANSFERRED = "transferred"

# By plan; None: a row of it has no amount.
Level = Mapping[str, Fraction | None]


@dataclass(frozen=True, kw_only=True)
class Paid:
    """A row of paid users: an end of None is still paying, an amount of None is one that nobody knows."""

    user: str
    start: date
    end: date | None = None
    plan: str = ""
    mrr: Fraction | None = None
    channel: str = "unknown"

    def last(self, horizon: date) -> date:
        """The last day paid for; a day after all that is asked, where the row is open."""
        return horizon if self.end is None else self.end


@dataclass(frozen=True, kw_only=True)
class Moved:
    """An amount that moved on a day, above 0; what is transferred to a plan is above 0 too, from it below."""

    day: date
    user: str
    channel: str
    plan: str
    kind: str
    amount: Fraction


@dataclass(frozen=True, kw_only=True)
class Customer:
    """All rows of a customer, and the days that its stays take: unpaid ones that the grace forgives are in them."""

    user: str
    channel: str
    rows: tuple[Paid, ...]
    cut: tuple[Paid, ...]  # the same, where an early renewal takes a row's place only up to the day before it
    days: frozenset[date]
    horizon: date

    def level(self, evening: date) -> Level:
        """What the customer comes to at the end of a day, by plan; nothing where it does not pay into the next."""
        return self._levels.get(evening, {})

    @cached_property
    def _levels(self) -> dict[date, Level]:
        return {day: _added_up(self._in_force(day)) for day in sorted(self.days) if day + ONE_DAY in self.days}

    def _in_force(self, evening: date) -> list[Paid]:
        begun = [row for row in self.cut if row.start <= evening]
        followed = any(row.start == evening + ONE_DAY for row in self.rows)
        last_days = [row.last(self.horizon) for row in begun]
        in_force = [
            row for row, last in zip(begun, last_days, strict=True) if last > evening or (last == evening and followed)
        ]
        return in_force or [row for row, last in zip(begun, last_days, strict=True) if last == max(last_days)]

    def by_day(self, day: date) -> Level:
        """What the rows of a day come to, those that end with it among them: who stays one day has but this."""
        return _added_up(row for row in self.cut if row.start <= day <= row.last(self.horizon))

    def unknown_on(self, day: date) -> list[str]:
        """The plans of rows without an amount that the day has a part of, by its rows or by the levels at its ends."""
        rows = [row for row in self.rows if row.start <= day <= row.last(self.horizon) and row.mrr is None]
        levels = [level for level in (self.level(day - ONE_DAY), self.level(day)) if None in level.values()]
        of_levels = [plan for level in levels for plan, amount in level.items() if amount is None]
        return sorted({*(row.plan for row in rows), *of_levels})

    def movements(self, first: date, last: date) -> Iterator[Moved]:
        """What moved from one day to another, both among them; nothing on days of which an amount is not known."""
        day = first
        while day <= last:
            if not self.unknown_on(day):
                yield from self._moved_on(day)
            day += ONE_DAY

    def _moved_on(self, day: date) -> Iterator[Moved]:
        begins = day in self.days and day - ONE_DAY not in self.days
        ends = day in self.days and day + ONE_DAY not in self.days
        if begins and ends:  # a stay of one day is seen at no evening
            yield from self._each_way(day, {}, self.by_day(day), begins=True, ends=False)
            yield from self._each_way(day, self.by_day(day), {}, begins=False, ends=True)
        else:
            yield from self._each_way(day, self.level(day - ONE_DAY), self.level(day), begins=begins, ends=ends)

    def _each_way(self, day: date, before: Level, after: Level, *, begins: bool, ends: bool) -> Iterator[Moved]:
        plans = sorted({*before, *after})
        change = {plan: (after.get(plan) or Fraction(0)) - (before.get(plan) or Fraction(0)) for plan in plans}
        net = sum(change.values(), Fraction(0))
        kind = self._kind(day, net, begins=begins, ends=ends)
        for plan, (own, transferred) in _shared_out(change).items():
            if own:
                yield self._moved(day, plan, kind, abs(own))
            if transferred:
                yield self._moved(day, plan, TRANSFERRED, transferred)

    def _kind(self, day: date, net: Fraction, *, begins: bool, ends: bool) -> str:
        if net > 0 and not self._ever_paid_before(day):
            return "new"
        if begins:
            return "new" if day == min(self.days) else "reactivation"
        if ends:
            return "churned"
        return "expansion" if net > 0 else "contraction"

    def _ever_paid_before(self, day: date) -> bool:
        """Whether an evening, or a stay of one day, has come to more than 0; what is not known may have."""
        seen = [self._levels.get(earlier) or self._of_one_day(earlier) for earlier in self.days if earlier < day]
        return any(amount != 0 for level in seen for amount in level.values())

    def _of_one_day(self, day: date) -> Level:
        alone = not {day - ONE_DAY, day + ONE_DAY} & self.days
        return self.by_day(day) if alone else {}

    def _moved(self, day: date, plan: str, kind: str, amount: Fraction) -> Moved:
        return Moved(day=day, user=self.user, channel=self.channel, plan=plan, kind=kind, amount=amount)


def _added_up(rows: Iterable[Paid]) -> Level:
    level: dict[str, Fraction | None] = {}
    for row in rows:
        before = level.get(row.plan, Fraction(0))
        level[row.plan] = None if before is None or row.mrr is None else before + row.mrr
    return level


def _shared_out(change: Mapping[str, Fraction]) -> dict[str, tuple[Fraction, Fraction]]:
    """Of each plan what it moved itself, and what went from one plan to another.

    Where plans move both ways, the net is the movement of the plan that moved most that way, and all else went over.
    """
    zero = Fraction(0)
    net = sum(change.values(), zero)
    both_ways = min(change.values(), default=zero) < 0 < max(change.values(), default=zero)
    if not both_ways:
        return {plan: (moved, zero) for plan, moved in change.items()}
    most = min(change, key=lambda plan: (-change[plan] if net > 0 else change[plan], plan))
    return {plan: (net, moved - net) if plan == most and net else (zero, moved) for plan, moved in change.items()}


# From rows to customers


def customers(rows: Sequence[Paid], *, grace_days: int, early_days: int, until: date) -> list[Customer]:
    """The customers of rows, in the order of their ids; ``until`` is the last day that is asked about."""
    ends = [row.end for row in rows if row.end is not None]
    horizon = max([until, *ends, *(row.start for row in rows)]) + timedelta(days=grace_days + 2)
    made = []
    for user in sorted({row.user for row in rows}):
        own = tuple(dict.fromkeys(row for row in rows if row.user == user))  # rows alike in all are one
        days: set[date] = set()
        for row in own:
            days.update(_days(row.start, row.last(horizon)))
        made.append(
            Customer(
                user=user,
                channel=own[0].channel,
                rows=own,
                cut=_early_renewals(own, early_days, horizon),
                days=frozenset(_forgiven(days, grace_days)),
                horizon=horizon,
            )
        )
    return made


def _days(first: date, last: date) -> Iterator[date]:
    while first <= last:
        yield first
        first += ONE_DAY


def _forgiven(paid: set[date], grace_days: int) -> set[date]:
    unpaid: list[date] = []
    days = set(paid)
    for day in _days(min(paid), max(paid)):
        if day not in paid:
            unpaid.append(day)
            continue
        if len(unpaid) <= grace_days:
            days.update(unpaid)
        unpaid = []
    return days


def _early_renewals(rows: tuple[Paid, ...], early_days: int, horizon: date) -> tuple[Paid, ...]:
    """The rows, each up to the day before the one that renews it early."""
    by_end = sorted((row for row in rows if row.end is not None), key=lambda row: (row.end, row.start))
    used: set[Paid] = set()
    ended: dict[Paid, date] = {}
    waiting = []
    for row in by_end:
        on_time = [other for other in rows if other not in used and _renews_on_time(other, row)]
        if on_time:
            used.add(min(on_time, key=lambda other: (other.plan != row.plan, other.start)))
        else:
            waiting.append(row)
    for row in waiting:
        early = [other for other in rows if other not in used and _renews_early(other, row, early_days, horizon)]
        if early:
            renewal = min(early, key=lambda other: other.start)
            used.add(renewal)
            ended[row] = renewal.start - ONE_DAY
    return tuple(replace(row, end=ended[row]) if row in ended else row for row in rows)


def _renews_on_time(other: Paid, row: Paid) -> bool:
    assert row.end is not None
    return other is not row and other.start > row.start and other.start in (row.end, row.end + ONE_DAY)


def _renews_early(other: Paid, row: Paid, early_days: int, horizon: date) -> bool:
    """In its last so many days and in its last quarter, of the same named plan, and for longer."""
    assert row.end is not None
    together = (row.end - other.start).days + 1
    term = (row.end - row.start).days + 1
    return (
        bool(row.plan)
        and other.plan == row.plan
        and 1 < together <= min(early_days, term / 4)
        and other.last(horizon) > row.end
    )
