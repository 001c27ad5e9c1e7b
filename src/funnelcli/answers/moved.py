"""Which changes of a report are more than chance: those of counts of events, and of rates that are shares of people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import timedelta
from fractions import Fraction
from functools import cached_property
from itertools import pairwise
from math import inf

from msgspec.structs import replace

from funnelcli.answers.chance import ENOUGH, LEVEL, Chance, adjusted, of_counts, of_rates
from funnelcli.answers.report_model import ReportSpec, Row, compared_place
from funnelcli.counting.counts import Counts, count
from funnelcli.counting.measures import MOVED
from funnelcli.counting.parts import Parts
from funnelcli.counting.reach import reach_of
from funnelcli.counting.select import unit_of
from funnelcli.facts.model import Facts
from funnelcli.inputs import input_of_event
from funnelcli.inputs.spec import NEARLY_EVERY_DAY
from funnelcli.metrics import CATALOGUE
from funnelcli.metrics.evaluation import Evaluation
from funnelcli.metrics.made_of import made_of
from funnelcli.metrics.model import Flow, Metric
from funnelcli.values.figures import Unit
from funnelcli.values.periods import Period, shift, span

EARLIER = 12  # changes before, from which on one that is no larger than most of them is nothing new
EARLIER_MOST = 36
MOST = Fraction(95, 100)
_EVENTS = tuple(unit for unit in Unit if unit.is_count)


def with_chances(facts: Facts, spec: ReportSpec, split: Parts | None, rows: Sequence[Row]) -> list[Row]:
    """The rows with what is to be said of their change in the latest whole period: all tests are looked at together."""
    against = compared_place(spec)
    if against is None:
        return list(rows)
    place, now, before = against
    history = _History(facts, spec, split, before)
    metrics = {row.metric.key: row.metric for row in rows}
    days = {key: _days(facts, spec, metric, now, before) for key, metric in metrics.items()}
    dated = [replace(row, days=days[row.metric.key]) for row in rows]
    whole = ((now.end - now.start).days, (before.end - before.start).days)
    tests = adjusted([_test(row, row.place(place), whole) for row in dated])
    return [
        replace(row, chance=chance and _as_before(history, row, place, chance))
        for row, chance in zip(dated, tests, strict=True)
    ]


def _days(facts: Facts, spec: ReportSpec, metric: Metric, now: Period, before: Period) -> tuple[int, int] | None:
    days, days_before = (days_known(facts, spec, metric, period) for period in (now, before))
    return None if days is None or days_before is None else (days, days_before)


def _test(row: Row, place: int, whole: tuple[int, int]) -> Chance | None:
    now, before = row.cells[place], row.cells[place - 1] if place else row.before
    if before is None or now.value is None or before.value is None:
        return None
    if row.metric.basis == "cohort":
        return of_rates(now, before)
    if row.days is None:
        return None
    if not is_of_events(row.metric):
        return of_rates(now, before)
    numbers = int(now.value), int(before.value)
    if sum(numbers) < ENOUGH and row.days != whole:
        return Chance(None, few=True)  # the days of few rows say little of what an export tells
    return of_counts(*numbers, *row.days)


def is_of_events(metric: Metric) -> bool:
    """Whether a metric counts events; what moves from row to row is a difference, and amounts are no counts."""
    return isinstance(metric.kind, Flow) and metric.unit in _EVENTS and metric.kind.measure.plus != MOVED


def days_known(facts: Facts, spec: ReportSpec, metric: Metric, period: Period) -> int | None:
    """How many days of a period the exports behind a metric tell of, up to the last that counts.

    None where they tell of different numbers: then the two sides of a rate are not of the same days.
    """
    last = min(period.last_day, spec.as_of)
    known: set[int] = set()
    inputs = {input_of_event(measure.plus[0]) for measure in CATALOGUE.following(made_of).measures(metric, None)}
    for wanted in inputs:
        first, end = period.start, last
        if wanted is not None and wanted.name in facts.inputs:
            reach = reach_of(facts, wanted.name, spec.as_of, unit_of(spec.periods))
            until = reach.last or (reach.end and reach.end - timedelta(days=1))
            first, end = max(first, reach.first or reach.start or first), min(last, until or last)
        known.add(max((end - first).days + 1, 0))
    known -= {0}
    return known.pop() if len(known) == 1 else None


# --- changes before --------------------------------------------------------------------------------------------------


class _History:
    """The counts of the periods before the one that a change is measured from, made when they are first asked for."""

    def __init__(self, facts: Facts, spec: ReportSpec, split: Parts | None, before: Period) -> None:
        self.facts, self.spec, self._split, self._before = facts, spec, split, before

    @cached_property
    def periods(self) -> tuple[Period, ...]:
        """The periods that the exports begin with or before, up to the one before the latest, which is the last."""
        first = shift(self._before, -EARLIER_MOST, self.spec.grain)
        begins = min(extent.first for extent in self.facts.extents.values())
        every = span(first, self._before, self.spec.grain)
        return tuple(period for period in every if period.start >= begins - timedelta(NEARLY_EVERY_DAY))

    @cached_property
    def counts(self) -> Counts:
        """Their counts."""
        return count(self.facts, self.periods, self.spec.as_of, self._split)

    def paces(self, row: Row) -> Iterator[Fraction | None]:
        """How many a day there were in each, None where that is not known."""
        for place, period in enumerate(self.periods):
            value = Evaluation(catalogue=CATALOGUE, counts=self.counts, period=place, part=row.part).value(
                row.metric.key
            )
            days = days_known(self.facts, self.spec, row.metric, period)
            yield None if value.value is None or not days else Fraction(int(value.value), days)


def size_of(now: Fraction, before: Fraction) -> Fraction | float:
    """How large a change is: by how much the larger is a multiple of the smaller.

    >>> size_of(Fraction(2), Fraction(3)), size_of(Fraction(3), Fraction(2)), size_of(Fraction(0), Fraction(1))
    (Fraction(3, 2), Fraction(3, 2), inf)
    """
    small, large = sorted((now, before))
    return Fraction(1) if small == large else large / small if small else inf


def _as_before(history: _History, row: Row, place: int, chance: Chance) -> Chance:
    """A test of a count, with whether the changes before, where there are a dozen, were as large."""
    if chance.p is None or chance.p >= LEVEL or not is_of_events(row.metric) or len(history.periods) <= EARLIER:
        return chance
    paces = list(history.paces(row))
    sizes = [size_of(b, a) for a, b in pairwise(paces) if a is not None and b is not None]
    if row.days is None or paces[-1] is None or len(sizes) < EARLIER:
        return chance
    size = size_of(Fraction(int(row.cells[place].value or 0), row.days[0]), paces[-1])
    return replace(chance, usual=sum(earlier < size for earlier in sizes) < MOST * len(sizes))
