"""What the exports say of a plan's beginning: who pays then, what they bring, and what new customers bring."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Sequence
from datetime import date
from fractions import Fraction

import numpy as np

from funnelcli.counting import measures
from funnelcli.counting.counts import Counts, count
from funnelcli.counting.levels import Levels
from funnelcli.counting.measures import Measure
from funnelcli.counting.reasons import rows_in_force_reason
from funnelcli.counting.select import day_number
from funnelcli.facts.events import Events
from funnelcli.facts.model import Facts
from funnelcli.planning.model import AnyKey, Cash, Gap, Key, Pooled
from funnelcli.stats.distinct import distinct, is_among
from funnelcli.text import Message
from funnelcli.values.figures import HUNDREDTHS, Missing
from funnelcli.values.periods import Grain, Period, month_of, shift

FEWEST_NEW = 10  # customers of whom an ARPA of new ones is measured
_LARGEST = 10  # customers who are lost or kept by themselves
TOO_FEW_NEW = Missing(
    "few-new-paid-users",
    Message("fewer than 10 new customers in the months measured"),
)


def at_start(facts: Facts, as_of: date, begins: Period) -> dict[AnyKey, Pooled | Missing]:
    """The customers who pay when a plan begins, and their MRR; where that lies ahead, those of the last day known."""
    ahead = begins.start > as_of
    month = month_of(as_of) if ahead else begins
    counts = count(facts, [month], as_of)
    day = (as_of if ahead else begins.start).isoformat()

    def measured(ending: Measure, starting: Measure, per: int) -> Pooled | Missing:
        number = counts.get(ending if ahead else starting, 0)
        if isinstance(number, Missing):
            return number
        return Pooled(numerator=Fraction(number, per), denominator=Fraction(1), months=(day, day))

    return {
        Key.OPENING: measured(measures.PAYING_AT_END, measures.PAYING_AT_START, 1),
        Key.OPENING_MRR: measured(measures.MRR_AT_END, measures.MRR_AT_START, HUNDREDTHS),
    }


def gap_before(as_of: date, begins: Period, new: Fraction | None) -> Gap | None:
    """The months between the last day known and the plan, which may begin with a part of one; None where it follows.

    >>> gap = gap_before(date(2026, 10, 12), month_of(date(2026, 12, 1)), None)
    >>> [str(length) for length in gap.lengths]
    ['19/31', '1']
    """
    if (begins.start - as_of).days <= 1:
        return None
    days = monthrange(as_of.year, as_of.month)[1]
    rest = Fraction(days - as_of.day, days)
    month, lengths = shift(month_of(as_of), 1, Grain.MONTH), [rest] if rest else []
    while month.start < begins.start:
        lengths.append(Fraction(1))
        month = shift(month, 1, Grain.MONTH)
    return Gap(since=as_of, until=begins.start, lengths=tuple(lengths), new=new)


def arpa_of_new(facts: Facts, months: Sequence[Period], as_of: date) -> Pooled | Missing:
    """What the customers who began in some months brought on their first day, a month: MRR over customers.

    Missing where they are fewer than ten, or where the amount of a row of theirs is not known.
    """
    priced = BroughtByNew(facts).over(months, as_of)
    if isinstance(priced, Missing):
        return priced
    return Pooled(
        numerator=Fraction(int(priced.sum()), HUNDREDTHS),
        denominator=Fraction(len(priced)),
        months=(months[0].key, months[-1].key),
    )


def amounts_of_new(facts: Facts, months: Sequence[Period], as_of: date) -> tuple[float, ...]:
    """What each of them brought; nothing where their ARPA is not known."""
    return BroughtByNew(facts).each(months, as_of)


class BroughtByNew:
    """What each new customer brought on the first day, in hundredths, and on which days that is not known of some."""

    def __init__(self, facts: Facts) -> None:
        self._first = facts.events.get(measures.NEW_PAID.plus[0])
        firsts = np.zeros(0, dtype=np.int64) if self._first is None else _whose_day(self._first)
        unknown = {kind: _of_days(facts.events.get(f"mrr_{kind}"), firsts) for kind in ("unpriced", "undecided")}
        self._unknown = {kind: events.day for kind, events in unknown.items() if events is not None}
        priced = _of_days(facts.events.get(measures.MRR_AT_END.plus[0]), firsts)
        self._amounts = None if priced is None else _summed(firsts, priced)

    def over(self, months: Sequence[Period], as_of: date) -> np.ndarray | Missing:
        """Of those who began in some months, up to a day."""
        if self._first is None or not months:
            return TOO_FEW_NEW
        begins, ends = day_number(months[0].start), day_number(min(months[-1].last_day, as_of))
        began = _lie_between(self._first.day, begins, ends)
        if began.sum() < FEWEST_NEW:
            return TOO_FEW_NEW
        for kind, day in self._unknown.items():
            if number := int(_lie_between(day, begins, ends).sum()):
                return rows_in_force_reason(**{kind: number})
        return TOO_FEW_NEW if self._amounts is None else np.asarray(self._amounts[began])

    def each(self, months: Sequence[Period], as_of: date) -> tuple[float, ...]:
        """The amounts of those, in units of the currency; nothing where they are not known."""
        priced = self.over(months, as_of)
        return () if isinstance(priced, Missing) else tuple((priced / HUNDREDTHS).tolist())


class BroughtByAll:
    """What each customer brings a month at the close of a day, where that is known."""

    def __init__(self, facts: Facts) -> None:
        begun, ceased = (
            [facts.events[name] for name in names if name in facts.events]
            for names in (measures.MRR_AT_END.plus, measures.MRR_AT_END.minus)
        )
        every = [np.zeros(0, dtype=np.int64), *(events.records.entity[events.row] for events in begun)]
        self._who, self._levels = distinct(np.concatenate(every)), Levels(begun, ceased)

    def spread(self, day: date) -> tuple[tuple[float, ...], float | None]:
        """What the largest bring at the close of a day, and the standard deviation of the others; None of nobody."""
        levels = self._levels.at(self._who, np.full(len(self._who), day_number(day))) / HUNDREDTHS
        return spread_apart(levels[levels > 0])


def spread_apart(amounts: np.ndarray) -> tuple[tuple[float, ...], float | None]:
    """The largest of some amounts by themselves, and the standard deviation of the others.

    >>> spread_apart(np.array([5.0, 5.0, *range(101, 111)]))
    ((101.0, 102.0, 103.0, 104.0, 105.0, 106.0, 107.0, 108.0, 109.0, 110.0), 0.0)
    """
    if not len(amounts):
        return (), None
    ordered = np.sort(amounts)
    others = ordered[:-_LARGEST] if len(amounts) > _LARGEST else ordered
    return tuple(ordered[-_LARGEST:].tolist()), float(others.std())


def _summed(firsts: np.ndarray, priced: Events) -> np.ndarray:
    """What the rows of each first day come to, in the order of the first days."""
    amounts = np.zeros(len(firsts), dtype=np.int64)
    order = np.argsort(firsts, kind="stable")
    np.add.at(amounts, order[np.searchsorted(firsts[order], _whose_day(priced))], priced.weight)
    return amounts


def _lie_between(day: np.ndarray, first: int, last: int) -> np.ndarray:
    return np.asarray((day >= first) & (day <= last))


def _whose_day(events: Events) -> np.ndarray:
    """Each event's person and day as one number."""
    return np.asarray(events.records.entity[events.row] * 10**7 + events.day)


def _of_days(events: Events | None, firsts: np.ndarray) -> Events | None:
    """The events of the same persons on the same days."""
    return None if events is None else events.kept(is_among(_whose_day(events), firsts))


def cash_of(counts: Counts, months: Sequence[Period]) -> Cash | None:
    """What customers paid over some months, and the sum of the MRR at their ends; None where either is not told."""
    paid, mrr = Fraction(0), Fraction(0)
    for place in range(len(months)):
        collected, level = counts.get(measures.COLLECTED, place), counts.get(measures.MRR_AT_END, place)
        if isinstance(collected, Missing) or isinstance(level, Missing):
            return None
        paid, mrr = paid + Fraction(collected, HUNDREDTHS), mrr + Fraction(level, HUNDREDTHS)
    return Cash(paid=paid, mrr=mrr, months=(months[0].key, months[-1].key)) if paid else None
