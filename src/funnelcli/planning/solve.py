"""From a goal and its assumptions to the new customers of each month, or to the reason why it cannot be."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import accumulate, pairwise

from msgspec import Struct

from funnelcli.planning.assume import NOT_GIVEN, Assumptions
from funnelcli.planning.backsolve import (
    Target,
    UnreachableError,
    amounts_met_exactly,
    by_weight,
    exact_total,
    fewest,
    fewest_by_month,
    growing,
    meeting_amounts,
    steady,
    whole_numbers,
)
from funnelcli.planning.keys import AnyKey, option_of
from funnelcli.planning.model import PRICE_OF, Goal, Key, Measured, RevenueModel, Shape, ShapeKind
from funnelcli.problems import GoalError, UsageError
from funnelcli.text import NOTHING, Marked, Message
from funnelcli.values.periods import Period

WITHOUT_VISITORS = Message(" --visitor-to-signup none plans without visitors.")


def required(assumptions: Assumptions, key: AnyKey) -> Fraction:
    """The value of an assumption that the plan cannot do without; GoalError where there is none."""
    assumption = assumptions[key]
    if assumption.value is None:
        raise GoalError(
            Message("{key} is missing: {source}.").filled(key=key.value, source=assumption.source),
            hint=Message("Give it with {flag}, or name a folder of exports it can be measured from.{without}").filled(
                flag=option_of(key), without=WITHOUT_VISITORS if key is Key.VISITOR_TO_SIGNUP else NOTHING
            ),
        )
    return assumption.value


class _Footing(Struct, frozen=True, kw_only=True):
    """What a goal stands on, from the assumptions of a plan."""

    months: int
    model: RevenueModel
    assumptions: Assumptions

    def base(self) -> tuple[Fraction, Fraction]:
        """The opening and the churn rate; GoalError where one is not known."""
        return _base(self.assumptions)

    def price(self) -> Fraction:
        """What a new customer brings; GoalError where that is not known, or nothing."""
        return price_of(self.assumptions, PRICE_OF[self.model])

    def mrr(self) -> tuple[Fraction, Fraction]:
        """The MRR when the plan begins and the churn rate; GoalError where one is not known."""
        _, churn = _base(self.assumptions)
        return required(self.assumptions, Key.OPENING_MRR), churn


def price_of(assumptions: Assumptions, key: AnyKey) -> Fraction:
    """What a new customer brings; GoalError where that is not known, or nothing."""
    price = required(assumptions, key)
    if price == 0:
        raise GoalError(
            Message("{key} is 0: no number of customers brings any revenue.").filled(key=key.value),
            hint=Message("Give {flag}.").filled(flag=option_of(key)),
        )
    return price


def check_churn(assumptions: Assumptions) -> None:
    """GoalError where more are lost in a month than there are."""
    churn = assumptions[Key.CHURN].value
    if churn is not None and churn > 1:
        raise GoalError(
            Message("A churn rate of {churn} ({source}) loses more than there are.").filled(
                churn=Marked(f"{float(churn):.1%}"), source=assumptions[Key.CHURN].source
            ),
            hint=Message("Give --churn of at most 100%."),
        )


def _base(assumptions: Assumptions) -> tuple[Fraction, Fraction]:
    churn = required(assumptions, Key.CHURN)
    if churn > 1:
        raise GoalError(
            Message("A churn rate of {churn} loses more than there are.").filled(churn=Marked(f"{float(churn):.1%}")),
            hint=Message("Give --churn below 100%."),
        )
    opening = assumptions[Key.OPENING]
    if opening.missing is NOT_GIVEN and churn:
        raise GoalError(
            Message("There is no opening for --churn: nobody says how many customers pay when the plan begins."),
            hint=Message("Give --opening-paid-users (0 if you begin from nothing), or a folder of exports."),
        )
    return required(assumptions, Key.OPENING), churn


MORE_THAN_MINUS_100 = Message("Give more than -100%.")


def month_shares(shape: Shape, periods: Sequence[Period], measured: Measured | None) -> list[Fraction]:
    """Each month's share of the new customers."""
    match shape.kind:
        case ShapeKind.GROWTH if shape.growth <= -1:
            raise GoalError(
                Message("A growth of {growth} leaves nothing after the first month.").filled(
                    growth=Marked(f"{float(shape.growth):.1%}")
                ),
                hint=MORE_THAN_MINUS_100,
            )
        case ShapeKind.GROWTH:
            return growing(len(periods), shape.growth)
        case ShapeKind.SEASONAL:
            season = measured.season if measured else None
            if season is None:
                raise GoalError(
                    Message("The shape seasonal needs the new customers of twelve complete months."),
                    hint=Message("Name a folder whose exports reach back so far, or use --shape steady."),
                )
            weights = [season.weights.get(period.start.month, Fraction(0)) for period in periods]
            if not any(weights):
                raise GoalError(
                    Message("The shape seasonal has no weight: the same months of earlier years saw no new customer."),
                    hint=Message("Use --shape steady."),
                )
            return by_weight(weights)
        case _:
            return steady(len(periods))


class Asked(Struct, frozen=True, kw_only=True):
    """What is to be reached, and with what."""

    goal: Goal
    shape: Shape
    assumptions: Assumptions
    model: RevenueModel
    periods: tuple[Period, ...]
    measured: Measured | None

    def target(self) -> Target:
        """The goal as a linear form over the new customers of each month."""
        return self.goal.kind.target(self.goal.amount, self._footing)

    def new(self) -> list[int]:
        """The new customers of each month, whole, that reach the goal.  GoalError where nothing does."""
        if self.shape.kind is ShapeKind.REVENUE:
            return self._whole_by_amounts()
        target, shares = self.target(), self.shares()
        try:
            return fewest_by_month(target, shares) if self.shape.by_month else fewest(target, shares)
        except UnreachableError:
            raise GoalError(
                Message("No number of new customers reaches the goal: all of them are lost before the end."),
                hint=Message("Lower --churn, or use --shape steady."),
            ) from None

    def need(self) -> list[Fraction]:
        """The new customers that each month needs before they are rounded.  UnreachableError where none are enough."""
        if self.shape.kind is ShapeKind.REVENUE:
            return self._exact_by_amounts()
        shares = self.shares()
        total = exact_total(self.target(), shares)
        return [share * total for share in shares]

    @property
    def _footing(self) -> _Footing:
        return _Footing(months=len(self.periods), model=self.model, assumptions=self.assumptions)

    def shares(self) -> list[Fraction]:
        """Each month's share of the new customers; none where the months have amounts of their own."""
        if self.shape.kind is ShapeKind.REVENUE:
            return []
        return month_shares(self.shape, self.periods, self.measured)

    def _exact_by_amounts(self) -> list[Fraction]:
        price, amounts = self._footing.price(), self.shape.amounts
        if self.model is RevenueModel.ONE_OFF:
            # Months already past may have brought more than theirs: a running total below 0 needs nobody.
            return _upward([amount / price for amount in amounts])
        mrr, churn = self._footing.mrr()
        return amounts_met_exactly(list(accumulate(amounts)), opening=mrr, churn=churn, each=price)

    def _whole_by_amounts(self) -> list[int]:
        if self.model is RevenueModel.ONE_OFF:
            return whole_numbers(self._exact_by_amounts(), by_month=self.shape.by_month)
        price = self._footing.price()
        mrr, churn = self._footing.mrr()
        return meeting_amounts(list(accumulate(self.shape.amounts)), opening=mrr, churn=churn, each=price)


def _upward(needs: Sequence[Fraction]) -> list[Fraction]:
    """The same needs, but that what one of them is below 0 is taken off the next ones."""
    running = [max(total, Fraction(0)) for total in accumulate(needs)]
    return [later - earlier for earlier, later in pairwise([Fraction(0), *accumulate(running, max)])]


def read_shape(text: str | None) -> tuple[ShapeKind, str]:
    """The kind of shape and the rest of the text: ``growth 5%``.  UsageError where it is none."""
    words = (text or "steady").replace("=", " ").replace(":", " ").split(maxsplit=1)
    try:
        return ShapeKind((words or [""])[0].casefold()), words[1] if len(words) > 1 else ""
    except ValueError:
        raise UsageError(
            Message("--shape {text!r} is not known.").filled(text=text),
            hint=Message('The shapes are steady, "growth 5%", seasonal, revenue and free.'),
        ) from None
