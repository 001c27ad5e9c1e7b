"""What made a figure change from one period to another: the parts of each dimension, which add up to it exactly."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from fractions import Fraction
from math import isclose

from msgspec import Struct

from funnelcli.answers.change_parts import Made, Share, Sides, exactly, made_by_parts, per_of
from funnelcli.answers.explain import explain_value
from funnelcli.answers.report import check_dimension
from funnelcli.counting.counts import count
from funnelcli.counting.groups import GROUPINGS, Grouped, grouped_by
from funnelcli.counting.parts import parts_of
from funnelcli.facts.dimensions import CHANNEL, Dimension
from funnelcli.facts.model import Facts
from funnelcli.inputs import input_of_event
from funnelcli.metrics import CATALOGUE
from funnelcli.metrics.evaluation import Evaluation
from funnelcli.metrics.made_of import measures_behind
from funnelcli.metrics.model import Metric, Monthly, Ratio, Setting, Trailing
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
    what it is a share of.  ``then`` and ``now`` are the part's own figures, None where there are none; ``adds`` is 0
    where the parts do not add up.
    """

    part: Slice
    then: Fraction | None
    now: Fraction | None
    mix: Fraction | None = None
    rate: Fraction | None = None
    adds: Fraction = Fraction(0)


class Split(Struct, frozen=True, kw_only=True):
    """A change by one dimension: its parts, those that add most first, and the p-value of all having changed alike.

    Of what can never change alike, as counts of people who grow older, nothing is ``tested``.  Where the parts do not
    ``adds_up`` to the change, as medians, they are all there, in their own order; ``instead`` are the keys of figures
    that the metric is made of and whose parts do.
    """

    dimension: Dimension
    parts: tuple[PartChange, ...]
    alike: float | None
    tested: bool = True
    adds_up: bool = True
    instead: tuple[str, ...] = ()

    @property
    def is_even(self) -> bool:
        """Whether nothing shows that some parts changed more than others."""
        return self.alike is None or self.alike >= EVEN

    @property
    def largest(self) -> tuple[PartChange, ...]:
        """The parts that make most of what moved; where they do not add up all of them."""
        if not self.adds_up:
            return self.parts
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
        change=_change(metric, then, now, splits), splits=tuple(splits), currency=facts.currency,
    )  # fmt: skip


def _change(metric: Metric, then: Value, now: Value, splits: Sequence[Split]) -> Fraction:
    """The change as the parts add up to it, which is exact; else the difference of the two figures."""
    for split in splits:
        if split.adds_up:
            return sum((part.adds for part in split.parts), Fraction(0))
    per = per_of(metric)
    return exactly(now.value, per) - exactly(then.value, per)


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
    sides = _sides(by, periods, as_of)
    pairs = sides.of_parts(metric.key)
    if not any(value.missing is None for pair in pairs.values() for value in pair):
        return
    made = made_by_parts(metric, sides)
    dimension = by.facts[0].dimensions.declared[by.parts.dimension]
    if made is None or not _is_of(made, whole):
        shown = tuple(PartChange(part=part, then=_own(metric, then), now=_own(metric, now))
                      for part, (then, now) in pairs.items() if _is_there(then, now))  # fmt: skip
        yield Split(dimension=dimension, parts=shown, alike=None, tested=False, adds_up=False,
                    instead=tuple(_adding_up(metric, sides)))  # fmt: skip
        return
    bases = _bases(metric, sides, by.parts.dimension) if made.is_counted else {}
    parts = [_part(metric, part, pairs[part], share, bases.get(part)) for part, share in made.shares.items()]
    parts.sort(key=lambda part: -abs(part.adds))
    groups = [_group(*pairs[part.part], is_rate=made.is_rate) for part in parts]
    tested = not _counts_money(metric) and (made.is_rate or (made.is_counted and not by.grows_older))
    alike = all_alike([group for group in groups if group is not None]) if tested else None
    yield Split(dimension=dimension, parts=tuple(parts), alike=alike, tested=tested)


def _sides(by: Grouped, periods: tuple[Period, Period], as_of: date) -> Sides:
    """The evaluations of both periods, of the whole and of every part."""
    counts = [count(facts, [period], as_of, by.parts) for facts, period in zip(by.facts, periods, strict=True)]

    def both(part: Slice | None) -> tuple[Evaluation, Evaluation]:
        first, second = (Evaluation(catalogue=CATALOGUE, counts=each, period=0, part=part) for each in counts)
        return first, second

    return Sides(whole=both(None), parts={part: both(part) for part in by.parts.slices})


def _is_of(made: Made, whole: Sequence[Value]) -> bool:
    """Whether it is the two figures that are explained: of groups of people the whole is worked out anew."""
    both = zip((made.then, made.now), whole, strict=True)
    return all(isclose(float(exact), value.value or 0, rel_tol=1e-9, abs_tol=1e-9) for exact, value in both)


def _is_there(*values: Value) -> bool:
    return any(value.value is not None or value.denominator for value in values)


def _adding_up(metric: Metric, sides: Sides) -> Iterator[str]:
    """The figures a metric is made of whose parts do add up."""
    for key in metric.inputs:
        each = CATALOGUE[key]
        if isinstance(each.kind, Setting):
            continue
        if made_by_parts(each, sides) is not None:
            yield each.like or key
        elif each.inputs:
            yield from _adding_up(each, sides)


def _counts_money(metric: Metric) -> bool:
    """Whether it is an amount, or a rate of amounts, which are no numbers of anything."""
    match metric.kind:
        case Trailing(of=key) | Ratio(numerator=key) | Monthly(of=key):
            return metric.unit is Unit.AMOUNT or _counts_money(CATALOGUE[key])
        case _:
            return metric.unit is Unit.AMOUNT


def _own(metric: Metric, value: Value) -> Fraction | None:
    """A part's own figure, None where it has none."""
    return None if value.value is None else exactly(value.value, per_of(metric))


def _bases(metric: Metric, sides: Sides, dimension: str) -> dict[Slice, tuple[Fraction, Fraction]]:
    """What a count of each part is a share of in both periods, where a rate of the catalogue says so."""
    for rate in CATALOGUE.values():
        if isinstance(rate.kind, Ratio) and rate.kind.numerator == metric.key and rate.is_split_by(dimension):
            below = CATALOGUE[rate.kind.denominator]
            pairs = sides.of_parts(below.key).items()
            known = {part: pair for part, pair in pairs if all(value.missing is None for value in pair)}
            return {part: (exactly(then.value, per_of(below)), exactly(now.value, per_of(below)))
                    for part, (then, now) in known.items()}  # fmt: skip
    return {}


def _part(
    metric: Metric, part: Slice, pair: tuple[Value, Value], share: Share, base: tuple[Fraction, Fraction] | None
) -> PartChange:
    """What a part adds, and how much of a count comes of volume: (n1 - n0) r, and of its rate: (r1 - r0) n."""
    then, now = (_own(metric, value) for value in pair)
    volume, rate = share.mix, share.rate
    both = (then or Fraction(0), now or Fraction(0))
    if base is not None and any(base) and not any(x and not n for x, n in zip(both, base, strict=True)):
        rates = [x / n if n else None for x, n in zip(both, base, strict=True)]
        own = [value for value in rates if value is not None]
        r0, r1 = (value if value is not None else own[0] for value in rates)
        volume, rate = (base[1] - base[0]) * (r0 + r1) / 2, (r1 - r0) * sum(base) / 2
    then, now = (then, now) if share.then is share.now is None else (share.then, share.now)
    return PartChange(part=part, then=then, now=now, mix=volume, rate=rate, adds=share.adds)


def _group(then: Value, now: Value, *, is_rate: bool) -> tuple[int, int, Fraction, Fraction] | None:
    if is_rate:
        sides = [Fraction(value.denominator or 0) for value in (then, now)]
        counts = [value.numerator or 0 for value in (then, now)]
    else:
        sides, counts = [Fraction(1), Fraction(1)], [value.value or 0 for value in (then, now)]
    if any(count < 0 or count != int(count) for count in counts):
        return None
    return int(counts[0]), int(counts[1]), sides[0], sides[1]
