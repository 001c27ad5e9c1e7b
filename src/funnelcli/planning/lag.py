"""How long it takes to get on: the shares that come to the next stage so many month ends later, run forward.

A lag counts the month ends that lie between (20 January to 10 February: 1), not whole months of age.  Quantities may be
exact fractions, or anything else that can be added and multiplied: arrays of draws run forward as well.
"""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from msgspec import Struct

# A fraction or another number, or an array of one number a draw.
Quantity = Any
_NUMBERS = (Fraction, float)


class Lag(Struct, frozen=True, kw_only=True):
    """Of those who enter a stage the ``shares`` that come to the next one 0, 1, ... month ends later.

    ``lost`` are the shares that leave in each of these months.
    """

    shares: tuple[Quantity, ...]
    lost: tuple[Quantity, ...] = ()

    @property
    def reached(self) -> Quantity:
        """The share that ever comes to the next stage."""
        return _sum(self.shares)

    def by(self, lag: int) -> Quantity:
        """The share that has come to the next stage so many month ends later.

        >>> str(SHAPE_OF_EXAMPLES.by(1))
        '6/25'
        """
        return _sum(self.shares[: max(lag + 1, 0)])

    def rated(self, rate: Quantity) -> Lag:
        """The same course in time, at another rate in all.

        >>> str(SHAPE_OF_EXAMPLES.rated(Fraction(1)).shares[0])
        '1/2'
        """
        reached = self.reached
        return Lag(shares=tuple(_short(share / reached * rate) for share in self.shares), lost=self.lost)

    def then(self, following: Lag) -> Lag:
        """The lag over this stage and the next.

        >>> after_one = Lag(shares=(Fraction(0), Fraction(1)))
        >>> [str(share) for share in after_one.then(SHAPE_OF_EXAMPLES).shares]
        ['0', '3/20', '9/100', '3/50']
        """
        shares: list[Quantity] = [Fraction(0)] * (len(self.shares) + len(following.shares) - 1)
        for first, share in enumerate(self.shares):
            for second, part in enumerate(following.shares):
                shares[first + second] = _short(shares[first + second] + share * part)
        return Lag(shares=tuple(shares))

    def of_open(self, lag: int, elapsed: Fraction = Fraction(1)) -> list[Quantity]:
        """What one that is still open brings in the rest of the month in which it has come to a lag, and in later ones.

        Of that month the ``elapsed`` share is over.  It is one of those who have neither got on nor left by then; more
        than 1 in all it never brings.

        >>> [str(share) for share in SHAPE_OF_EXAMPLES.of_open(0)]
        ['0', '9/85', '6/85']
        >>> SHAPE_OF_EXAMPLES.of_open(5)
        []
        """
        later = list(self.shares[lag:])
        if not later:
            return []
        gone = _sum(self.shares[:lag]) + later[0] * elapsed
        gone = gone + _sum(self.lost[:lag]) + _sum(self.lost[lag : lag + 1]) * elapsed
        later[0] = later[0] * (1 - elapsed)
        still = 1 - gone
        most = _sum(later)
        if isinstance(still, _NUMBERS) and still < most:  # a given rate may say that more get on than are left
            still = most
        return [_short(share / still) for share in later] if not isinstance(still, _NUMBERS) or still else []


AT_ONCE = Lag(shares=(Fraction(1),))
SHAPE_OF_EXAMPLES = Lag(shares=(Fraction(15, 100), Fraction(9, 100), Fraction(6, 100)))


class Open(Struct, frozen=True, kw_only=True):
    """So many that are in a stage (its place in the chain) since a month, counted from the first planned one."""

    stage: int
    month: int
    number: Quantity


class InHand(Struct, frozen=True, kw_only=True):
    """Who is on the way when a plan is made.

    All is known up to the month ``at`` (counted from the first planned one, so -1 where that follows), of which the
    ``elapsed`` share is over.  ``came`` are those who have come to a later stage in a month that is planned already.
    """

    open: tuple[Open, ...] = ()
    at: int = -1
    elapsed: Fraction = Fraction(1)
    came: tuple[Open, ...] = ()


def still_open(hand: InHand, lags: Sequence[Lag]) -> list[Quantity]:
    """How many are open in each stage of the chain and may still get on.

    >>> still_open(InHand(open=(Open(stage=0, month=-1, number=17), Open(stage=0, month=-9, number=5))),
    ...            [SHAPE_OF_EXAMPLES])
    [Fraction(17, 1)]
    """
    numbers: list[Quantity] = [Fraction(0)] * len(lags)
    for waiting in hand.open:
        if waiting.stage < len(lags) and any(lags[waiting.stage].of_open(hand.at - waiting.month, hand.elapsed)):
            numbers[waiting.stage] = numbers[waiting.stage] + waiting.number
    return numbers


def forward(entering: Sequence[Sequence[Quantity]], lags: Sequence[Lag]) -> list[list[Quantity]]:
    """Who comes to each stage in each month, of those ``entering`` from outside: the first stage, and later ones.

    >>> months = forward([[10, 0], [0, 0]], [SHAPE_OF_EXAMPLES])[1]
    >>> [float(month) for month in months]
    [1.5, 0.9]
    """
    reached = [list(entering[0])]
    for place, lag in enumerate(lags):
        following = list(entering[place + 1])
        for month, number in enumerate(reached[place]):
            for later, share in enumerate(lag.shares[: len(following) - month]):
                following[month + later] = _short(following[month + later] + number * share)
        reached.append(following)
    return reached


def brought_by(hand: InHand, lags: Sequence[Lag], months: int, lead: int = 0) -> list[list[Quantity]]:
    """Whom those in hand bring to each stage in each planned month, and in the ``lead`` ones before, down the chain.

    >>> hand = InHand(open=(Open(stage=0, month=-1, number=17),))
    >>> [float(month) for month in brought_by(hand, [SHAPE_OF_EXAMPLES], 2)[1]]
    [1.8, 1.2]
    """
    before = max(-hand.at, lead)  # months from the last known one to the first planned
    entering: list[list[Quantity]] = [[Fraction(0)] * (before + months) for _ in range(len(lags) + 1)]
    for waiting in hand.open:
        if waiting.stage == len(lags):
            continue
        brings = lags[waiting.stage].of_open(hand.at - waiting.month, hand.elapsed)
        first = hand.at + before
        for later, share in enumerate(brings[: before + months - first]):
            stage = entering[waiting.stage + 1]
            stage[first + later] = _short(stage[first + later] + waiting.number * share)
    reached = forward(entering, lags)
    for come in hand.came:
        if -lead <= come.month < months:
            reached[come.stage][before + come.month] = reached[come.stage][before + come.month] + come.number
    return [stage[before - lead :] for stage in reached]


def _sum(numbers: Sequence[Quantity]) -> Quantity:
    total: Quantity = Fraction(0)
    for number in numbers:
        total = _short(total + number)
    return total


_LONG, _DECIMALS = 10**30, 10**18


def _short(number: Quantity) -> Quantity:
    """A fraction as it is, or to 18 decimals where it takes more than 30 digits to say exactly.

    Months of a few thousand people each have no common denominator that is of any use.

    >>> _short(Fraction(1, 3)), _short(Fraction(1, 3**80)).denominator <= 10**18
    (Fraction(1, 3), True)
    """
    if isinstance(number, Fraction) and number.denominator > _LONG:
        return Fraction(round(number * _DECIMALS), _DECIMALS)
    return number
