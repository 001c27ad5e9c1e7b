"""How the parts of a figure make its change: each adds its share, and together they add up to it exactly.

What is counted adds up as it is, and so does a rate whose two sides do.  What is made of such figures by multiplying
and dividing is taken apart factor by factor, each at the mean of the others.  A median, or the largest of each part,
does not add up, and has no shares.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from fractions import Fraction
from math import lcm

from msgspec import Struct, field

from funnelcli.metrics import CATALOGUE
from funnelcli.metrics.evaluation import Evaluation
from funnelcli.metrics.model import (
    Annualised,
    Balance,
    Flow,
    Formula,
    Metric,
    Monthly,
    Percentile,
    Product,
    Ranking,
    Ratio,
    Setting,
    Trailing,
)
from funnelcli.values.figures import Value
from funnelcli.values.slices import Slice

NOTHING = Fraction(0)
Pair = tuple[Value, Value]
_Pairs = tuple[Fraction, Fraction]


class Share(Struct, frozen=True, kw_only=True):
    """What a part adds to a change: by how large a share of the whole it is (``mix``), and by its own ``rate``.

    ``then`` and ``now`` are its own rates, which one that is absent once takes from the other period.
    """

    adds: Fraction
    mix: Fraction | None = None
    rate: Fraction | None = None
    then: Fraction | None = None
    now: Fraction | None = None


class Made(Struct, frozen=True, kw_only=True):
    """A figure in two periods, exactly, and what each part adds to its change; ``is_rate`` where both sides add up."""

    then: Fraction
    now: Fraction
    shares: Mapping[Slice, Share] = field(default_factory=dict)
    is_rate: bool = False
    is_counted: bool = False

    def adds(self, part: Slice) -> Fraction:
        """What a part adds, 0 of one that is in none of its figures."""
        return self.shares[part].adds if part in self.shares else NOTHING

    @property
    def adds_up(self) -> bool:
        """Whether the shares of the parts are the whole change."""
        return sum((share.adds for share in self.shares.values()), NOTHING) == self.now - self.then


class Sides(Struct, frozen=True, kw_only=True):
    """The evaluations of two periods: of the whole and of each part."""

    whole: tuple[Evaluation, Evaluation]
    parts: Mapping[Slice, tuple[Evaluation, Evaluation]]

    def of_whole(self, key: str) -> Pair:
        """The two values of a metric of the whole."""
        return _values(self.whole, key)

    def of_parts(self, key: str) -> dict[Slice, Pair]:
        """The two values of a metric of each part."""
        return {part: _values(both, key) for part, both in self.parts.items()}

    def _moved(self, move: Callable[[Evaluation], Evaluation]) -> Sides:
        def both(pair: tuple[Evaluation, Evaluation]) -> tuple[Evaluation, Evaluation]:
            return move(pair[0]), move(pair[1])

        return Sides(whole=both(self.whole), parts={part: both(pair) for part, pair in self.parts.items()})

    def before(self, kind: Trailing) -> Sides:
        """The same of the months before, or up to the ends of the two periods."""
        return self._moved(lambda each: each.at(kind.window(each.counts.periods[each.period], each.counts.as_of)))

    def narrowed(self, metric: Metric) -> Sides:
        """The same of that part of each period which the exports of both sides of a rate tell of."""

        def narrower(each: Evaluation) -> Evaluation:
            over = each.narrower(metric)
            return over if isinstance(over, Evaluation) else each

        return self._moved(narrower)


def _values(both: tuple[Evaluation, Evaluation], key: str) -> Pair:
    return both[0].value(key), both[1].value(key)


def per_of(metric: Metric) -> int | None:
    """How many of what is counted for a metric make one unit of it; None of what is not counted but worked out.

    >>> per_of(CATALOGUE["closing_mrr_amount"]), per_of(CATALOGUE["new_signups"]), per_of(CATALOGUE["arpa_amount"])
    (100, 1, None)
    """
    match metric.kind:
        case Flow(per=per) | Balance(per=per):
            return abs(per)
        case Monthly(of=key) | Trailing(of=key):
            return per_of(CATALOGUE[key])
        case Formula() as kind:
            keys = (*kind.plus, *kind.minus, *kind.between_parts)
            known = [per_of(CATALOGUE[key]) for key in keys]
            return None if None in known else lcm(*(per for per in known if per is not None))
        case _:
            return None


def exactly(value: float | None, per: int | None) -> Fraction:
    """A figure as it was counted: a number of so many to a unit, 0 of one that is missing.

    >>> exactly(133.33, 100)
    Fraction(13333, 100)
    """
    if value is None:
        return NOTHING
    return Fraction(value) if per is None else Fraction(round(value * per), per)


def made_by_parts(metric: Metric, sides: Sides) -> Made | None:
    """What the parts add to the change of a metric; None where they do not add up to it."""
    whole = sides.of_whole(metric.key)
    if any(value.missing is not None for value in whole):
        return None
    match metric.kind:
        case Trailing() as kind:
            made = made_by_parts(CATALOGUE[kind.of], sides.before(kind))
        case Ratio() as kind:
            made = _rate(metric, kind, sides) or _quotient(kind, sides.narrowed(metric))
        case Product() as kind:
            made = None if kind.rounds_up else _product(kind, sides)
        case Annualised() as kind:
            made = _stretched(whole, made_by_parts(CATALOGUE[kind.of], sides))
        case Setting():
            then, now = (Fraction(repr(value.value or 0)) for value in whole)
            made = Made(then=then, now=now)
        case Percentile() | Ranking():
            made = None
        case Formula() if per_of(metric) is None:
            made = _sum(metric.kind, sides)
        case _:
            made = _counted(metric, sides)
    return made if made is not None and made.adds_up else None


def _counted(metric: Metric, sides: Sides) -> Made | None:
    """A count, where the parts sum to the whole in both periods."""
    per = per_of(metric)
    whole = _exact_pair(sides.of_whole(metric.key), per)
    known = {part: pair for part, pair in sides.of_parts(metric.key).items() if _is_known(pair)}
    each = {part: _exact_pair(pair, per) for part, pair in known.items()}
    if not _sums_to(each, whole):
        return None
    shares = {part: Share(adds=now - then) for part, (then, now) in each.items()}
    return Made(then=whole[0], now=whole[1], shares=shares, is_counted=True)


def _rate(metric: Metric, kind: Ratio, sides: Sides) -> Made | None:
    """A rate whose two sides are the sums of those of the parts: mix and rate; so is the share of a part in a whole."""
    pers = per_of(CATALOGUE[kind.numerator]), per_of(CATALOGUE[kind.denominator])
    if None in pers:
        return None
    whole, parts = sides.of_whole(metric.key), sides.of_parts(metric.key)
    x, n = _both_sides(whole, pers, kind.times)
    each = {part: _both_sides(pair, pers, kind.times) for part, pair in parts.items()}
    above = {part: both[0] for part, both in each.items()}
    if not all(n) or not _sums_to(above, x):
        return None
    then, now = x[0] / n[0], x[1] / n[1]
    if kind.of_whole:
        return Made(then=then, now=now, shares={part: _of_whole(mine, n) for part, mine in above.items()})
    if not _sums_to({part: both[1] for part, both in each.items()}, n):
        return None
    known = {part: both for part, both in each.items() if any((*both[0], *both[1]))}
    shares = {part: _share(mine, below, x, n) for part, (mine, below) in known.items()}
    return Made(then=then, now=now, shares=shares, is_rate=True)


def _of_whole(mine: _Pairs, n: _Pairs) -> Share:
    then, now = mine[0] / n[0], mine[1] / n[1]
    return Share(adds=now - then, then=then, now=now)


def _share(mine: _Pairs, below: _Pairs, x: _Pairs, n: _Pairs) -> Share:
    """What a part adds to the change of a rate: mix (w1 - w0)(r - R), and rate (r1 - r0) w, each at the mean of both.

    One that is absent once takes its other rate; one with something above the line and nothing below stays whole.
    """
    mean = (x[0] / n[0] + x[1] / n[1]) / 2
    first, second = below[0] / n[0], below[1] / n[1]
    adds = mine[1] / n[1] - mine[0] / n[0] - (second - first) * mean
    rates = [above / under if under else None for above, under in zip(mine, below, strict=True)]
    own = [rate for rate in rates if rate is not None]
    mix = rate = None
    if own and not any(above and not under for above, under in zip(mine, below, strict=True)):
        then, now = (own[0] if value is None else value for value in rates)
        mix, rate = (second - first) * ((then + now) / 2 - mean), (now - then) * (first + second) / 2
    return Share(adds=adds, mix=mix, rate=rate, then=rates[0], now=rates[1])


def _sum(kind: Formula, sides: Sides) -> Made | None:
    """A sum and difference of what is itself worked out."""
    total = Made(then=NOTHING, now=NOTHING)
    for sign, keys in ((1, kind.plus), (-1, kind.minus)):
        for key in keys:
            term = made_by_parts(CATALOGUE[key], sides)
            if term is None:
                return None
            total = _together(
                total, term, total.then + sign * term.then, total.now + sign * term.now, (Fraction(1), Fraction(sign))
            )
    return total


def _product(kind: Product, sides: Sides) -> Made | None:
    factor = Fraction(kind.factor)
    made = Made(then=factor, now=factor)
    for key in kind.times:
        term = made_by_parts(CATALOGUE[key], sides)
        if term is None:
            return None
        made = times(made, term)
    for key in kind.over:
        term = made_by_parts(CATALOGUE[key], sides)
        if term is None or not term.then or not term.now:
            return None
        made = times(made, inverse(term))
    return made


def _quotient(kind: Ratio, sides: Sides) -> Made | None:
    """A rate whose two sides are no counts, but made of such."""
    above, below = (made_by_parts(CATALOGUE[key], sides) for key in (kind.numerator, kind.denominator))
    if above is None or below is None or kind.of_whole or not below.then or not below.now:
        return None
    factor = Fraction(kind.times)
    return times(times(Made(then=factor, now=factor), above), inverse(below))


def times(first: Made, second: Made) -> Made:
    """One figure times another: the change of each counts at the mean of the other, so that nothing is left over.

    >>> made = times(Made(then=Fraction(2), now=Fraction(3)), Made(then=Fraction(5), now=Fraction(7)))
    >>> made.then, made.now
    (Fraction(10, 1), Fraction(21, 1))
    """
    weights = (second.then + second.now) / 2, (first.then + first.now) / 2
    return _together(first, second, first.then * second.then, first.now * second.now, weights)


def inverse(made: Made) -> Made:
    """One divided by a figure: 1/b - 1/a is (a - b) / (a b), so that the shares keep their proportions.

    >>> inverse(Made(then=Fraction(2), now=Fraction(4))).now
    Fraction(1, 4)
    """
    scale = -1 / (made.then * made.now)
    shares = {part: Share(adds=share.adds * scale) for part, share in made.shares.items()}
    return Made(then=1 / made.then, now=1 / made.now, shares=shares)


def _together(first: Made, second: Made, then: Fraction, now: Fraction, weights: _Pairs) -> Made:
    parts = dict.fromkeys((*first.shares, *second.shares))
    shares = {part: Share(adds=first.adds(part) * weights[0] + second.adds(part) * weights[1]) for part in parts}
    return Made(then=then, now=now, shares=shares)


def _stretched(whole: Pair, made: Made | None) -> Made | None:
    """A figure that grows with one other: the shares of that other's change, stretched to its own."""
    if made is None:
        return None
    then, now = _exact_pair(whole, None)
    moved = made.now - made.then
    if not moved:
        return None if now != then else Made(then=then, now=now, shares=dict.fromkeys(made.shares, Share(adds=NOTHING)))
    scale = (now - then) / moved
    shares = {part: Share(adds=share.adds * scale) for part, share in made.shares.items()}
    return Made(then=then, now=now, shares=shares)


def _is_known(pair: Pair) -> bool:
    return any(value.missing is None for value in pair)


def _exact_pair(pair: Pair, per: int | None) -> _Pairs:
    return exactly(pair[0].value, per), exactly(pair[1].value, per)


def _both_sides(pair: Pair, pers: tuple[int | None, int | None], factor: int) -> tuple[_Pairs, _Pairs]:
    """What stands above the line of a rate in two periods, and what below."""
    then, now = pair
    above = exactly(then.numerator, pers[0]) * factor, exactly(now.numerator, pers[0]) * factor
    return above, (exactly(then.denominator, pers[1]), exactly(now.denominator, pers[1]))


def _sums_to(parts: Mapping[Slice, _Pairs], whole: _Pairs) -> bool:
    sums = [sum((pair[place] for pair in parts.values()), NOTHING) for place in (0, 1)]
    return sums == list(whole)
