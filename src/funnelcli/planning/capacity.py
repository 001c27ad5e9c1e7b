"""Whether the new customers a plan needs can be won, and if not, what would make the goal reachable."""

from collections.abc import Sequence
from fractions import Fraction
from math import ceil, floor

from msgspec.structs import replace

from funnelcli.planning.assume import changed, needs_base
from funnelcli.planning.backsolve import churn_ceiling, needed_each_month, shaped
from funnelcli.planning.labels import month_words
from funnelcli.planning.model import AnyKey, Key, ShapeKind
from funnelcli.planning.solve import Asked, month_shares
from funnelcli.problems import GoalError
from funnelcli.text import Marked, Message, Text, grouped, joined
from funnelcli.values.periods import Grain, Period, shift, span

MOST_MONTHS = 120
CHURN_STEPS = 1000  # churn is advised in tenths of a per cent


def check_capacity(most: int, new: Sequence[int], asked: Asked) -> None:
    """GoalError where a month needs more new customers than can be won, with the ways that do make the goal reachable.

    With churn c and at most n new customers a month, a base below n / c never exceeds it: as many leave as come.
    """
    if max(new, default=0) <= most:
        return
    place = new.index(max(new))
    fact = Message("{month} needs {needed} new customers, but at most {most} a month can be won.").filled(
        month=month_words(asked.periods[place]), needed=grouped(new[place]), most=grouped(most)
    )
    bound = _bound(most, asked)
    fact = fact if bound is None else joined(" ", [fact, bound])
    more = Message("raise --max-new-paid-users to {n}").filled(n=grouped(new[place]))
    ways = joined("; ", [more, *_other_ways(most, asked)])
    advice = Message("Any of these makes it reachable: {ways}.")
    raise GoalError(fact, hint=advice.filled(ways=ways))


def _bound(most: int, asked: Asked) -> Text | None:
    """That the goal lies above what so many new a month can ever hold; None where it does not.

    Customers below n / c never exceed it, and MRR never n / c times what a new customer brings.
    """
    churn, target = asked.assumptions[Key.CHURN].value, asked.target()
    if not churn or not asked.goal.kind.at_end or not needs_base(asked.goal, asked.model):
        return None
    each = target.gain[-1]
    level = churn_ceiling(most * each, churn)
    opening = asked.assumptions[Key.OPENING_MRR if asked.goal.kind.priced else Key.OPENING].value
    if level is None or opening is None or target.need <= level or opening > level:
        return None
    if asked.goal.kind.priced:
        text = Message(
            "With {churn} lost a month, MRR can never exceed {most} x {each} / {churn} = {level}, and the goal is "
            "{need}."
        )
    else:
        text = Message(
            "With {churn} lost a month, customers can never exceed {most} / {churn} = {level}, and the goal is {need}."
        )
    return text.filled(
        churn=Marked(f"{float(churn):.2%}"),
        most=grouped(most),
        each=grouped(float(each)),
        level=grouped(floor(level)),
        need=grouped(ceil(target.need)),
    )


def _other_ways(most: int, asked: Asked) -> list[Text]:
    """Lower churn, more months, a lower goal: each only where it is enough by itself, and how far it has to go."""
    ways: list[Text] = []
    churn = _churn_that_is_enough(most, asked)
    if churn:  # that nobody is lost is no way out
        ways.append(Message("lower churn to {churn}").filled(churn=Marked(f"{float(churn):.1%}")))
    last = _month_that_is_late_enough(most, asked)
    if last is not None:
        ways.append(Message("give it until {month}").filled(month=month_words(last)))
    reachable = _reachable(most, asked)
    if reachable:
        lower = Message("lower the goal to {goal}")
        ways.append(lower.filled(goal=grouped(floor(reachable))))
    return ways


def _fits(most: int, asked: Asked) -> bool:
    try:
        return max(asked.new()) <= most
    except GoalError:
        return False


def _churn_that_is_enough(most: int, asked: Asked) -> Fraction | None:
    """The highest churn, in tenths of a per cent, at which the goal is in reach; None where not even 0 is enough."""
    churn = asked.assumptions[Key.CHURN].value
    if not churn or not needs_base(asked.goal, asked.model):
        return None

    def at(steps: int) -> bool:
        changes: dict[AnyKey, Fraction] = {Key.CHURN: Fraction(steps, CHURN_STEPS)}
        return _fits(most, replace(asked, assumptions=changed(asked.assumptions, changes, "")))

    if not at(0):
        return None
    low, high = 0, floor(churn * CHURN_STEPS) + 1
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if at(middle) else (low, middle)
    return Fraction(low, CHURN_STEPS)


def _month_that_is_late_enough(most: int, asked: Asked) -> Period | None:
    """The earliest last month that puts the goal in reach; None if none in ten years does, or the shape forbids it."""
    if asked.shape.kind is not ShapeKind.STEADY:
        return None
    first = asked.periods[0]

    def until(months: int) -> tuple[Period, ...]:
        return span(first, shift(first, months - 1, Grain.MONTH), Grain.MONTH)

    low, high = len(asked.periods), MOST_MONTHS
    if high <= low or not _fits(most, replace(asked, periods=until(high))):
        return None
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (low, middle) if _fits(most, replace(asked, periods=until(middle))) else (middle, high)
    return until(high)[-1]


def _reachable(most: int, asked: Asked) -> Fraction | None:
    """The most of the goal that can be reached in this shape, in its own unit, rounded down to a whole."""
    if asked.shape.kind is ShapeKind.REVENUE:
        return None
    shares = month_shares(asked.shape, asked.periods, asked.measured)
    target = asked.target()
    if asked.shape.by_month:
        new = needed_each_month([share * most / max(shares) for share in shares])
    else:
        # No month of it is above the most: two numbers rounded up differ by no more than their difference, rounded up.
        new = shaped(floor(most / max(shares)), shares)
    return Fraction(floor(target.reached(new) * asked.goal.amount / target.need))
