"""What made a figure change from one period to another: the parts of each dimension, which add up to it exactly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction

from msgspec import Struct

from funnelcli.answers.explain import explain_value
from funnelcli.answers.report import check_dimension
from funnelcli.counting.groups import GROUPINGS, Grouped, grouped_by
from funnelcli.counting.parts import Parts, parts_of
from funnelcli.facts.dimensions import CHANNEL, Dimension
from funnelcli.facts.model import Facts
from funnelcli.inputs import input_of_event
from funnelcli.metrics import CATALOGUE
from funnelcli.metrics.made_of import measures_behind
from funnelcli.metrics.model import Metric, Ratio
from funnelcli.problems import UsageError
from funnelcli.stats.alike import all_alike
from funnelcli.text import Message
from funnelcli.values.figures import Unit, Value
from funnelcli.values.periods import Period
from funnelcli.values.slices import Slice

NOT_SPLIT_BY = Message("{key} is not split by {by}.")
MOST_OF = Fraction(4, 5)  # of all that moved, which is listed part by part
EVEN = 0.05  # a p-value from which on a change is spread evenly


class PartChange(Struct, frozen=True, kw_only=True):
    """What a part adds to a change: by how large a share of the whole it is (``mix``) and by its own ``rate``.

    Of a count ``mix`` is what comes of how many there were to begin with, its volume; both are None where nothing says
    what it is a share of.  ``then`` and ``now`` are the part's own figures, None where there are
    none.
    """

    part: Slice
    then: Fraction | None
    now: Fraction | None
    mix: Fraction | None
    rate: Fraction | None
    adds: Fraction


class Split(Struct, frozen=True, kw_only=True):
    """A change by one dimension: its parts, those that add most first, and the p-value of all having changed alike.

    Of what can never change alike, as counts of people who grow older, nothing is ``tested``.
    """

    dimension: Dimension
    parts: tuple[PartChange, ...]
    alike: float | None
    tested: bool = True

    @property
    def is_even(self) -> bool:
        """Whether nothing shows that some parts changed more than others."""
        return self.alike is None or self.alike >= EVEN

    @property
    def largest(self) -> tuple[PartChange, ...]:
        """The parts that make most of what moved."""
        moved, reached = sum((abs(part.adds) for part in self.parts), Fraction(0)), Fraction(0)
        kept = []
        for part in self.parts:
            if reached >= moved * MOST_OF or not part.adds:
                break
            kept.append(part)
            reached += abs(part.adds)
        return tuple(kept)

    @property
    def rest(self) -> Fraction:
        """What the other parts add together."""
        return sum((part.adds for part in self.parts[len(self.largest) :]), Fraction(0))


class ChangeExplained(Struct, frozen=True, kw_only=True):
    """A figure in two periods, and its change by every dimension that tells it apart, the most telling one first."""

    metric: Metric
    before: Period
    after: Period
    as_of: date
    then: Value
    now: Value
    change: Fraction
    splits: tuple[Split, ...]
    currency: str


def explain_change(
    facts: Facts, metric: Metric, before: Period, after: Period, as_of: date, by: str | None = None
) -> ChangeExplained:
    """The change of a metric between two periods, by one dimension or by all that files tell of.

    Raises UsageError where one of the two figures is missing, or the metric is not split by what was asked for.
    """
    if before.grain is not after.grain:
        raise UsageError(
            Message("{before} and {after} are not of one length.").filled(before=before.words, after=after.words),
            hint=Message("Give two months, two quarters or two years."),
        )
    if by is not None and not metric.is_split_by(by):
        raise UsageError(NOT_SPLIT_BY.filled(key=metric.key, by=by))
    then, now = (explain_value(facts, metric, period, as_of).value for period in (before, after))
    for period, value in ((before, then), (after, now)):
        if value.missing is not None:
            text = Message("{key} has no figure in {period}: {why}.")
            raise UsageError(text.filled(key=metric.key, period=period.words, why=value.missing.reason))
    periods = (before, after)
    splits = [
        split
        for name in ([by] if by is not None else _every(facts, metric))
        for split in _split(_split_by(facts, metric, name, periods, as_of), metric, periods, (then, now), as_of)
    ]
    splits.sort(key=lambda split: 1.0 if split.alike is None else split.alike)
    return ChangeExplained(
        metric=metric, before=before, after=after, as_of=as_of, then=then, now=now,
        change=_exact(now) - _exact(then), splits=tuple(splits), currency=facts.currency,
    )  # fmt: skip


def _every(facts: Facts, metric: Metric) -> Iterator[str]:
    """The dimensions that files tell of, and the groups of people that tell the metric apart."""
    known = facts.dimensions.declared
    yield from (name for name in known if name == CHANNEL or facts.dimensions.is_said(name))
    yield from (name for name in GROUPINGS if name not in known and _fits(metric, name))


def _fits(metric: Metric, name: str) -> bool:
    """Whether a grouping tells a metric apart: by all that it counts."""
    inputs = {wanted.name for event in _events(metric) if (wanted := input_of_event(event)) is not None}
    return bool(inputs) and inputs <= GROUPINGS[name].inputs


def _events(metric: Metric) -> Iterator[str]:
    yield from (measure.plus[0] for measure in measures_behind(metric, CATALOGUE, None))


def _split_by(facts: Facts, metric: Metric, name: str, periods: tuple[Period, Period], as_of: date) -> Grouped | None:
    """The parts of a dimension, or of a grouping, with the facts of each period; None where it tells nothing apart.

    Raises UsageError for one that there is not, or that is not of what the metric counts.
    """
    if name not in facts.dimensions.declared and name in GROUPINGS:
        if not _fits(metric, name):
            known = " + ".join(sorted(GROUPINGS[name].inputs))
            raise UsageError(
                NOT_SPLIT_BY.filled(key=metric.key, by=name),
                hint=Message("It groups people of {inputs}.").filled(inputs=known),
            )
        return grouped_by(facts, name, periods)
    check_dimension(facts, name)
    if not metric.is_split_by(name):
        return None
    return Grouped(parts=parts_of(facts, name, periods, as_of), facts=(facts, facts))


def _split(
    by: Grouped | None, metric: Metric, periods: tuple[Period, Period], whole: tuple[Value, Value], as_of: date
) -> Iterator[Split]:
    """The split of a change of the ``whole``; none where the dimension does not tell the metric apart."""
    if by is None:
        return
    parts, each = by.parts, tuple(zip(by.facts, periods, strict=True))
    then, now = (dict(explain_value(facts, metric, period, as_of, None, parts).parts) for facts, period in each)
    if not any(value.missing is None for value in (*then.values(), *now.values())):
        return
    is_rate = isinstance(metric.kind, Ratio)
    slices = [part for part in parts.slices if part in then]
    both = [(part, then[part], now[part]) for part in slices]
    bases = [_bases(facts, metric, period, as_of, parts) for facts, period in each] if not is_rate else [{}, {}]
    made = [
        _rate_part(*each, whole) if is_rate else _count_part(*each, [base.get(each[0]) for base in bases])
        for each in both
    ]
    kept = sorted((part for part in made if part is not None), key=lambda part: -abs(part.adds))
    groups = [_group(then[part.part], now[part.part], is_rate=is_rate) for part in kept]
    is_counted = metric.unit is not Unit.AMOUNT and not (is_rate and _is_of_amounts(whole))
    tested = is_rate or not by.grows_older
    alike = all_alike([group for group in groups if group is not None]) if is_counted and tested else None
    dimension = by.facts[0].dimensions.declared[parts.dimension]
    yield Split(dimension=dimension, parts=tuple(kept), alike=alike, tested=tested)


def _is_of_amounts(values: Sequence[Value]) -> bool:
    """Whether what is divided are amounts, which are no numbers of anything."""
    return any(value.numerator is not None and value.numerator != int(value.numerator) for value in values)


def _exact(value: Value) -> Fraction:
    if value.numerator is not None and value.denominator:
        return value.times * Fraction(value.numerator) / Fraction(value.denominator)
    return Fraction(value.value or 0)


def _known(value: Value) -> Fraction | None:
    return None if value.missing is not None else _exact(value)


def _bases(facts: Facts, metric: Metric, period: Period, as_of: date, parts: Parts) -> dict[Slice, Fraction | None]:
    """What a count of each part is a share of, where a rate of the catalogue says so."""
    for rate in CATALOGUE.values():
        if isinstance(rate.kind, Ratio) and rate.kind.numerator == metric.key and rate.is_split_by(parts.dimension):
            below = explain_value(facts, CATALOGUE[rate.kind.denominator], period, as_of, None, parts).parts
            return {part: _known(value) for part, value in below}
    return {}


def _count_part(part: Slice, then: Value, now: Value, bases: Sequence[Fraction | None]) -> PartChange | None:
    """What a part adds to the change of a count, and how much of it comes of volume: (n1 - n0) r, and (r1 - r0) n."""
    before, after = _known(then), _known(now)
    if before is None and after is None:
        return None
    first, second = before or Fraction(0), after or Fraction(0)
    volume = rate = None
    known = [base or Fraction(0) for base in bases]
    if None not in bases and any(known) and not any(x and not n for x, n in zip((first, second), known, strict=True)):
        rates = [x / n if n else None for x, n in zip((first, second), known, strict=True)]
        own = [value for value in rates if value is not None]
        r0, r1 = (value if value is not None else own[0] for value in rates)
        volume, rate = (known[1] - known[0]) * (r0 + r1) / 2, (r1 - r0) * sum(known) / 2
    return PartChange(part=part, then=before, now=after, mix=volume, rate=rate, adds=second - first)


def _rate_part(part: Slice, then: Value, now: Value, whole: Sequence[Value]) -> PartChange | None:
    """What a part adds to the change of a rate: mix (w1 - w0)(r - R), and rate (r1 - r0) w, each at the mean of both.

    One that is absent once takes its other rate; one with something above the line and nothing below stays whole.
    """
    x = [value.times * Fraction(value.numerator or 0) for value in (then, now)]
    n = [Fraction(value.denominator or 0) for value in (then, now)]
    if not any((*x, *n)):
        return None
    all_n = [Fraction(value.denominator or 0) for value in whole]
    mean = sum(map(_exact, whole), Fraction(0)) / 2
    weights = [mine / total for mine, total in zip(n, all_n, strict=True)]
    adds = x[1] / all_n[1] - x[0] / all_n[0] - (weights[1] - weights[0]) * mean
    rates = [above / below if below else None for above, below in zip(x, n, strict=True)]
    own = [rate for rate in rates if rate is not None]
    mix = rate = None
    if own and not any(above and not below for above, below in zip(x, n, strict=True)):
        first, second = (value if value is not None else own[0] for value in rates)
        mix = (weights[1] - weights[0]) * ((first + second) / 2 - mean)
        rate = (second - first) * (weights[0] + weights[1]) / 2
    return PartChange(part=part, then=rates[0], now=rates[1], mix=mix, rate=rate, adds=adds)


def _group(then: Value, now: Value, *, is_rate: bool) -> tuple[int, int, Fraction, Fraction] | None:
    if is_rate:
        sides = [Fraction(value.denominator or 0) for value in (then, now)]
        counts = [value.numerator or 0 for value in (then, now)]
    else:
        sides, counts = [Fraction(1), Fraction(1)], [value.value or 0 for value in (then, now)]
    if any(count < 0 or count != int(count) for count in counts):
        return None
    return int(counts[0]), int(counts[1]), sides[0], sides[1]
