"""What every customer comes to a month, day by day: a second, slow way to the movements of MRR.

It shares no code with the package on purpose.  A customer is the set of days paid for, a level is asked of one evening
after the other, and a movement is what an evening's level is above or below that of the evening before.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from functools import cached_property

ONE_DAY = timedelta(days=1)
KINDS = ("new", "reactivation", "expansion", "contraction", "churned")
TRANSFERRED = "transferred"


@dataclass(frozen=True, kw_only=True)
class Paid:
    """A row of paid users: an end of None is still paying, hundredths of None are an amount that nobody knows."""

    user: str
    start: date
    end: date | None = None
    plan: str = ""
    hundredths: int | None = None
    channel: str = "unknown"

    def last(self, horizon: date) -> date:
        """The last day paid for; a day after all that is asked, where the row is open."""
        return horizon if self.end is None else self.end


@dataclass(frozen=True)
class Sum:
    """What rows come to in hundredths, of those whose amounts are known, and the others."""

    known: int = 0
    unknown: frozenset[Paid] = frozenset()

    def amount(self) -> int | None:
        """What all come to; None where nobody knows."""
        return None if self.unknown else self.known

    def ways(self, before: Sum) -> set[int]:
        """In which directions it has gone since; both, where what is not known was replaced."""
        gone = {-1} if before.unknown - self.unknown else set()
        come = {1} if self.unknown - before.unknown else set()
        return gone | come | {1 if self.known > before.known else -1 if self.known < before.known else 0} - {0}


Level = Mapping[str, Sum]  # by plan
NOTHING = Sum()


@dataclass(frozen=True, kw_only=True)
class Moved:
    """Hundredths that moved on a day, above 0; what is transferred to a plan is above 0 too, from it below.

    None: it cannot be told whether it moved or went to another plan, since the amount of that is not known.
    """

    day: date
    user: str
    channel: str
    plan: str
    kind: str
    amount: int | None


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

    @cached_property
    def unknown(self) -> Mapping[date, frozenset[str]]:
        """The plans of rows without an amount, by days they have a part in: by rows, or by levels at their ends."""
        plans: dict[date, set[str]] = {}
        for row in self.rows:
            if row.hundredths is None:
                for day in _days(row.start, row.last(self.horizon)):
                    plans.setdefault(day, set()).add(row.plan)
        for evening, level in self._levels.items():
            for plan in [plan for plan, amount in level.items() if amount.unknown]:
                plans.setdefault(evening, set()).add(plan)
                plans.setdefault(evening + ONE_DAY, set()).add(plan)
        return {day: frozenset(of_day) for day, of_day in plans.items()}

    @cached_property
    def movements(self) -> tuple[Moved, ...]:
        """All that ever moved, of what is known, day by day."""
        return tuple(moved for day in sorted(self.days) for moved in self._moved_on(day))

    def _moved_on(self, day: date) -> Iterator[Moved]:
        begins = day in self.days and day - ONE_DAY not in self.days
        ends = day in self.days and day + ONE_DAY not in self.days
        if begins and ends:  # a stay of one day is seen at no evening
            yield from self._each_way(day, {}, self.by_day(day), begins=True, ends=False)
            yield from self._each_way(day, self.by_day(day), {}, begins=False, ends=True)
        else:
            yield from self._each_way(day, self.level(day - ONE_DAY), self.level(day), begins=begins, ends=ends)

    def _each_way(self, day: date, before: Level, after: Level, *, begins: bool, ends: bool) -> Iterator[Moved]:
        if before == after:
            return
        pairs = {plan: (before.get(plan, NOTHING), after.get(plan, NOTHING)) for plan in sorted({*before, *after})}
        change = {plan: now.known - then.known for plan, (then, now) in pairs.items()}
        kind = self._kind(day, sum(change.values()), begins=begins, ends=ends)
        of_unknown = any(then.unknown != now.unknown for then, now in pairs.values())
        if of_unknown and len(set().union(*(now.ways(then) for then, now in pairs.values()))) > 1:
            for plan, moved in change.items():
                yield from [self._moved(day, plan, kind, None)] if moved else []
            return
        for plan, (own, transferred) in _shared_out(change).items():
            if own:
                yield self._moved(day, plan, kind, abs(own))
            if transferred:
                yield self._moved(day, plan, TRANSFERRED, transferred)

    def _kind(self, day: date, net: int, *, begins: bool, ends: bool) -> str:
        if begins:
            return "new" if day == min(self.days) else "reactivation"
        if ends:
            return "churned"
        if net > 0:
            return "expansion" if self._ever_paid_before(day) else "new"
        return "contraction"

    def _ever_paid_before(self, day: date) -> bool:
        """Whether an evening, or a stay of one day, has come to more than 0; what is not known may have."""
        seen = [self._levels.get(earlier) or self._of_one_day(earlier) for earlier in self.days if earlier < day]
        return any(amount != NOTHING for level in seen for amount in level.values())

    def _of_one_day(self, day: date) -> Level:
        alone = not {day - ONE_DAY, day + ONE_DAY} & self.days
        return self.by_day(day) if alone else {}

    def _moved(self, day: date, plan: str, kind: str, amount: int | None) -> Moved:
        return Moved(day=day, user=self.user, channel=self.channel, plan=plan, kind=kind, amount=amount)


def _added_up(rows: Iterable[Paid]) -> Level:
    level: dict[str, Sum] = {}
    for row in rows:
        before = level.get(row.plan, NOTHING)
        unknown = before.unknown | ({row} if row.hundredths is None else set())
        level[row.plan] = Sum(before.known + (row.hundredths or 0), unknown)
    return level


def _shared_out(change: Mapping[str, int]) -> dict[str, tuple[int, int]]:
    """Of each plan what it moved itself, and what went from one plan to another.

    Where plans move both ways, the net is the movement of the plan that moved most that way, and all else went over.
    """
    net = sum(change.values())
    both_ways = min(change.values(), default=0) < 0 < max(change.values(), default=0)
    if not both_ways:
        return {plan: (moved, 0) for plan, moved in change.items()}
    most = min(change, key=lambda plan: (-change[plan] if net > 0 else change[plan], plan))
    return {plan: (net, moved - net) if plan == most and net else (0, moved) for plan, moved in change.items()}


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
    """The rows, each up to the day before the one that renews it early.

    What is renewed on time is not renewed early.  Rows renew in the order in which they begin, each one other, and of
    several the one that ends first.
    """
    renewed: dict[Paid, Paid] = {}

    def pair(may_renew: Callable[[Paid, Paid], bool]) -> None:
        for later in sorted(rows, key=lambda row: row.start):
            due = [row for row in rows if row not in renewed and row is not later and may_renew(later, row)]
            due = [row for row in due if row.last(horizon) < later.last(horizon)]
            if due and later not in renewed.values():
                renewed[min(due, key=lambda row: row.last(horizon))] = later

    pair(lambda later, row: later.plan == row.plan and _begins_on_time(later, row))
    pair(_begins_on_time)
    on_time = set(renewed)
    pair(lambda later, row: later.plan == row.plan and _begins_early(later, row, early_days))
    early = {row: later.start - ONE_DAY for row, later in renewed.items() if row not in on_time}
    return tuple(replace(row, end=early[row]) if row in early else row for row in rows)


def _begins_on_time(later: Paid, row: Paid) -> bool:
    return row.end is not None and later.start in (row.end, row.end + ONE_DAY)


def _begins_early(later: Paid, row: Paid, early_days: int) -> bool:
    """In the last so many days and in the last quarter of a row of a named plan."""
    if row.end is None or not row.plan:
        return False
    together = (row.end - later.start).days + 1
    return 1 < together <= min(early_days, ((row.end - row.start).days + 1) / 4)
