"""The arithmetic of a plan, in exact fractions: new customers that reach a goal, and the stages before them.

Nothing here knows of files, channels or teams.  Rates are fractions, customers lost are expected (not whole) numbers,
and quotas are whole numbers made by rounding running totals up.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import ceil


@dataclass(frozen=True, kw_only=True)
class Month:
    """The customers of one month: opening - churned + new = closing."""

    opening: Fraction
    churned: Fraction
    new: int
    closing: Fraction


def run_forward(opening: Fraction, churn: Fraction, new: Sequence[int]) -> list[Month]:
    """The months that follow from an opening, a share lost in each month, and the new customers of each.

    >>> [float(month.closing) for month in run_forward(Fraction(100), Fraction(1, 20), [10, 0])]
    [105.0, 99.75]
    """
    months: list[Month] = []
    for number in new:
        lost = opening * churn
        closing = opening - lost + number
        months.append(Month(opening=opening, churned=lost, new=number, closing=closing))
        opening = closing
    return months


@dataclass(frozen=True, kw_only=True)
class Target:
    """A goal as a linear form: ``base`` is reached with no new customer, each one of month j adds ``gain[j]``.

    The gains only rise or only fall over the months (an early customer pays longer, but is lost by the end more
    likely); so a rounded plan with one more customer never brings about less, and the smallest can be searched for.
    """

    base: Fraction
    gain: tuple[Fraction, ...]
    need: Fraction

    def reached(self, new: Sequence[int]) -> Fraction:
        """What the new customers of each month bring about, in the unit of ``need``."""
        return self.base + sum((g * n for g, n in zip(self.gain, new, strict=True)), Fraction(0))


def new_customers(need: Fraction, months: int) -> Target:
    """``need`` customers won over the range."""
    return Target(base=Fraction(0), gain=(Fraction(1),) * months, need=need)


def customers_at_end(need: Fraction, months: int, *, opening: Fraction, churn: Fraction) -> Target:
    """``need`` customers paying at the end: those won early have longer to be lost."""
    kept = 1 - churn
    gain = tuple(kept ** (months - 1 - j) for j in range(months))
    return Target(base=opening * kept**months, gain=gain, need=need)


def customer_months(need: Fraction, months: int, *, opening: Fraction, churn: Fraction) -> Target:
    """``need`` months of paying customers, counted at each month's end: revenue over ARPA."""
    kept = 1 - churn
    powers = [kept**j for j in range(months + 1)]
    sums = list(accumulate(powers))
    gain = tuple(sums[months - 1 - j] for j in range(months))
    return Target(base=opening * (sums[months] - 1), gain=gain, need=need)


class UnreachableError(ValueError):
    """No number of new customers in this shape reaches the goal."""


def steady(months: int) -> list[Fraction]:
    """The same number each month."""
    return [Fraction(1, months)] * months


def growing(months: int, rate: Fraction) -> list[Fraction]:
    """Each month ``rate`` more than the one before.

    >>> [str(share) for share in growing(2, Fraction(1, 2))]
    ['2/5', '3/5']
    """
    weights = [(1 + rate) ** j for j in range(months)]
    return [weight / sum(weights) for weight in weights]


def by_weight(weights: Sequence[Fraction]) -> list[Fraction]:
    """Shares in proportion to the weights.  ValueError where they are all 0."""
    total = sum(weights, Fraction(0))
    if total == 0:
        raise ValueError("every weight is 0")
    return [weight / total for weight in weights]


def rounded_up(running: Sequence[Fraction]) -> list[int]:
    """Monthly whole numbers whose running totals are the given ones, rounded up.

    >>> rounded_up([Fraction(1, 2), Fraction(3, 2), Fraction(2)])
    [1, 1, 0]
    """
    ups = [ceil(total) for total in running]
    return [later - earlier for earlier, later in zip([0, *ups], ups, strict=False)]


def rounded_down(running: Sequence[Fraction]) -> list[int]:
    """Monthly whole numbers whose running totals are the given ones, rounded down."""
    downs = [total.numerator // total.denominator for total in running]
    return [later - earlier for earlier, later in zip([0, *downs], downs, strict=False)]


def shaped(total: int, shares: Sequence[Fraction]) -> list[int]:
    """A whole number spread over the months, so that every running total is at least its share of it.

    >>> shaped(10, steady(4))
    [3, 2, 3, 2]
    """
    return rounded_up([share * total for share in accumulate(shares)])


def fewest(target: Target, shares: Sequence[Fraction]) -> list[int]:
    """The new customers of each month, in the given shape, with the smallest whole total that reaches the goal.

    Where the base alone reaches it, nobody is needed.  Raises UnreachableError where no total does.

    >>> sum(fewest(new_customers(Fraction(7_500_000, 85_000), 12), steady(12)))
    89
    """
    per_customer = sum((g * s for g, s in zip(target.gain, shares, strict=True)), Fraction(0))
    if target.base >= target.need:
        return [0] * len(shares)
    if per_customer == 0:
        raise UnreachableError

    def enough(total: int) -> bool:
        return target.reached(shaped(total, shares)) >= target.need

    # Rounded running totals bring about at least as much with each further customer, so halving finds the smallest.
    return shaped(_smallest(enough, ceil((target.need - target.base) / per_customer)), shares)


def _smallest(enough: Callable[[int], bool], guess: int) -> int:
    low, high = max(guess - 2, 0), guess + 1
    if enough(low):
        low, high = 0, low
    while not enough(high):
        low, high = high, high * 2
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if enough(middle) else (middle, high)
    return low if enough(low) else high


def meeting_amounts(running: Sequence[Fraction], *, opening: Fraction, churn: Fraction) -> list[int]:
    """New customers by month so that customer-months reach the running totals ``running``, each month.

    A month whose base already meets its part needs 0, and what it has over carries on to the next.

    >>> meeting_amounts([Fraction(100), Fraction(230)], opening=Fraction(110), churn=Fraction(0))
    [0, 10]
    """
    new: list[int] = []
    reached = Fraction(0)
    for needed in running:
        kept = opening * (1 - churn)
        number = max(ceil(needed - reached - kept), 0)
        opening = kept + number
        reached += opening
        new.append(number)
    return new


def stage_before(quota: Sequence[int], rate: Fraction) -> list[int]:
    """What the stage before must bring each month, so that at ``rate`` every running total of ``quota`` is covered.

    Raises ZeroDivisionError where the rate is 0.

    >>> stage_before([21, 0], Fraction(35, 100))
    [60, 0]
    """
    return rounded_up([total / rate for total in accumulate(map(Fraction, quota))])


def back_solve(quota: Sequence[int], rates: Sequence[Fraction]) -> list[list[int]]:
    """The quotas of every stage before ``quota``, nearest first; ``rates`` are the shares that go on, nearest first.

    >>> back_solve([80], [Fraction(1, 4), Fraction(1, 2), Fraction(33, 100)])
    [[320], [640], [1940]]
    """
    stages: list[list[int]] = []
    for rate in rates:
        quota = stage_before(quota, rate)
        stages.append(quota)
    return stages


def churn_ceiling(new_per_month: Fraction, churn: Fraction) -> Fraction | None:
    """The customers that a base can never exceed with so many new ones a month, if it starts below; None: no ceiling.

    Where opening x churn = new, as many leave as come.

    >>> churn_ceiling(Fraction(8000), Fraction(5, 100))
    Fraction(160000, 1)
    """
    return new_per_month / churn if churn else None
