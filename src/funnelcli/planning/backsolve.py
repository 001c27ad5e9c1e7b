"""The arithmetic of a plan, in exact fractions: new customers that reach a goal, and the stages before them.

Nothing here knows of files, channels or teams.  Rates are fractions, customers lost are expected (not whole) numbers,
and quotas are whole numbers made by rounding running totals up.
"""

from collections.abc import Callable, Iterator, Sequence
from fractions import Fraction
from itertools import accumulate
from math import ceil, floor

from msgspec import Struct


class Month(Struct, frozen=True, kw_only=True):
    """The customers of one month: opening - churned + new = closing."""

    opening: Fraction
    churned: Fraction
    new: int
    closing: Fraction


def levels(opening: Fraction, churn: Fraction, new: Sequence[int], each: Fraction) -> list[Fraction]:
    """The level at each month's end: a share is lost every month, and every new customer adds ``each``.

    >>> [float(level) for level in levels(Fraction(1000), Fraction(1, 20), [10, 0], Fraction(7))]
    [1020.0, 969.0]
    """
    ends: list[Fraction] = []
    for number in new:
        opening = opening * (1 - churn) + number * each
        ends.append(opening)
    return ends


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


class Target(Struct, frozen=True, kw_only=True):
    """A goal as a linear form: ``base`` is reached with no new customer, each one of month j adds ``gain[j]``.

    The gains only rise or only fall over the months (an early customer pays longer, but is lost by the end more
    likely); so a rounded plan with one more customer never brings about less, and the smallest can be searched for.
    """

    base: Fraction
    gain: tuple[Fraction, ...]
    need: Fraction

    def reached(self, new: Sequence[int] | Sequence[Fraction]) -> Fraction:
        """What the new customers of each month bring about, in the unit of ``need``."""
        numbers = map(Fraction, new)
        return self.base + sum((g * n for g, n in zip(self.gain, numbers, strict=True)), Fraction(0))


def new_customers(need: Fraction, months: int) -> Target:
    """``need`` customers won over the range."""
    return Target(base=Fraction(0), gain=(Fraction(1),) * months, need=need)


def level_at_end(
    need: Fraction, months: int, *, opening: Fraction, churn: Fraction, each: Fraction = Fraction(1)
) -> Target:
    """A level of ``need`` at the end, be it customers or MRR: what is won early has longer to be lost.

    The level starts at ``opening``, a share ``churn`` of it is lost every month, and a new customer adds ``each``.

    >>> target = level_at_end(Fraction(19_000), 1, opening=Fraction(18_400), churn=Fraction(0), each=Fraction(70))
    >>> sum(fewest(target, [Fraction(1)]))
    9
    """
    kept = 1 - churn
    gain = tuple(each * kept ** (months - 1 - j) for j in range(months))
    return Target(base=opening * kept**months, gain=gain, need=need)


def levels_summed(
    need: Fraction, months: int, *, opening: Fraction, churn: Fraction, each: Fraction = Fraction(1)
) -> Target:
    """A sum of ``need`` over the levels at the months' ends: the revenue, where the level is MRR.

    >>> levels_summed(Fraction(600), 2, opening=Fraction(100), churn=Fraction(1, 10), each=Fraction(10)).base
    Fraction(171, 1)
    """
    kept = 1 - churn
    powers = [kept**j for j in range(months + 1)]
    sums = list(accumulate(powers))
    gain = tuple(each * sums[months - 1 - j] for j in range(months))
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


def needed_each_month(need: Sequence[Fraction]) -> list[int]:
    """Each month's own need, rounded up: no month is served by what an earlier one has over.

    >>> needed_each_month([Fraction(1, 2), Fraction(1, 2), Fraction(0)])
    [1, 1, 0]
    """
    return [max(ceil(number), 0) for number in need]


def shaped(total: int, shares: Sequence[Fraction]) -> list[int]:
    """A whole number spread over the months, so that every running total is at least its share of it.

    >>> shaped(10, steady(4))
    [3, 2, 3, 2]
    """
    return rounded_up([share * total for share in accumulate(shares)])


def exact_total(target: Target, shares: Sequence[Fraction]) -> Fraction:
    """The new customers, not whole, that reach the goal in the given shape; 0 where the base alone does.

    Raises UnreachableError where no number does.

    >>> exact_total(new_customers(Fraction(5, 2), 2), steady(2))
    Fraction(5, 2)
    """
    if target.base >= target.need:
        return Fraction(0)
    per_customer = sum((g * s for g, s in zip(target.gain, shares, strict=True)), Fraction(0))
    if per_customer == 0:
        raise UnreachableError
    return (target.need - target.base) / per_customer


def fewest(target: Target, shares: Sequence[Fraction]) -> list[int]:
    """The new customers of each month, in the given shape, with the smallest whole total that reaches the goal.

    Where the base alone reaches it, nobody is needed.  Raises UnreachableError where no total does.

    >>> sum(fewest(new_customers(Fraction(7_500_000, 85_000), 12), steady(12)))
    89
    """
    exact = exact_total(target, shares)
    if exact == 0:
        return [0] * len(shares)

    def enough(total: int) -> bool:
        return target.reached(shaped(total, shares)) >= target.need

    # Rounded running totals bring about at least as much with each further customer, so halving finds the smallest.
    return shaped(_smallest(enough, ceil(exact)), shares)


def fewest_by_month(target: Target, shares: Sequence[Fraction]) -> list[int]:
    """The new customers of each month, its share of the smallest total (not whole) that reaches the goal, rounded up.

    A month gains one as soon as the total passes k / share; between two such totals nothing changes.  Raises
    UnreachableError where no total reaches the goal.

    >>> fewest_by_month(new_customers(Fraction(4), 3), growing(3, Fraction(1)))
    [1, 1, 2]
    """
    low, high = Fraction(0), exact_total(target, shares)

    def months(total: Fraction) -> list[int]:
        return [ceil(share * total) for share in shares]

    def enough(total: Fraction) -> bool:
        return target.reached(months(total)) >= target.need

    while high:
        step = min((floor(share * low) + 1) / share for share in shares if share)
        if enough(step):
            return months(step)
        middle = (low + high) / 2
        low, high = (max(low, step), middle) if enough(middle) else (max(middle, step), high)
    return [0] * len(shares)


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


def meeting_amounts(
    running: Sequence[Fraction], *, opening: Fraction, churn: Fraction, each: Fraction = Fraction(1)
) -> list[int]:
    """New customers by month so that the summed levels reach the running totals ``running``, each month.

    A month whose base already meets its part needs 0, and what it has over carries on to the next.

    >>> meeting_amounts([Fraction(100), Fraction(230)], opening=Fraction(110), churn=Fraction(0))
    [0, 10]
    >>> meeting_amounts([Fraction(1000)], opening=Fraction(850), churn=Fraction(0), each=Fraction(70))
    [3]
    """
    return [ceil(number) for number in _meeting(running, opening, churn, each, whole=True)]


def amounts_met_exactly(
    running: Sequence[Fraction], *, opening: Fraction, churn: Fraction, each: Fraction
) -> list[Fraction]:
    """The same before anything is rounded: the new customers of each month, not whole.

    >>> amounts_met_exactly([Fraction(1000)], opening=Fraction(850), churn=Fraction(0), each=Fraction(60))
    [Fraction(5, 2)]
    """
    return list(_meeting(running, opening, churn, each, whole=False))


def _meeting(
    running: Sequence[Fraction], opening: Fraction, churn: Fraction, each: Fraction, *, whole: bool
) -> Iterator[Fraction]:
    reached = Fraction(0)
    for needed in running:
        kept = opening * (1 - churn)
        number = max((needed - reached - kept) / each, Fraction(0))
        number = Fraction(ceil(number)) if whole else number
        opening = kept + number * each
        reached += opening
        yield number


def whole_numbers(need: Sequence[Fraction], *, by_month: bool = False) -> list[int]:
    """Whole quotas for what each month needs: running totals rounded up, or each month by itself.

    >>> whole_numbers([Fraction(1, 2)] * 4), whole_numbers([Fraction(1, 2)] * 4, by_month=True)
    ([1, 0, 1, 0], [1, 1, 1, 1])
    """
    return needed_each_month(need) if by_month else rounded_up(list(accumulate(need)))


def stage_before(quota: Sequence[int], rate: Fraction, *, by_month: bool = False) -> list[int]:
    """What the stage before must bring each month, so that at ``rate`` every running total of ``quota`` is covered.

    With ``by_month`` it covers each month by itself.  Raises ZeroDivisionError where the rate is 0.

    >>> stage_before([21, 0], Fraction(35, 100)), stage_before([1, 1], Fraction(2, 3), by_month=True)
    ([60, 0], [2, 2])
    """
    return whole_numbers([Fraction(number) / rate for number in quota], by_month=by_month)


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
