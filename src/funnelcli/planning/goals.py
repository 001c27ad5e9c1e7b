"""The goals a plan may have, each declared once: its option, its words, its unit, and what it asks of new customers."""

from collections.abc import Callable
from fractions import Fraction
from typing import Protocol

from msgspec import Struct, field

from funnelcli.planning.backsolve import Target, level_at_end, levels_summed, new_customers
from funnelcli.planning.keys import RevenueModel
from funnelcli.stats.tally import Tally
from funnelcli.text import Message, Text
from funnelcli.values.declared import Declared
from funnelcli.values.figures import Unit

RECURRING, ONE_OFF = RevenueModel.RECURRING, RevenueModel.ONE_OFF
EITHER = frozenset(RevenueModel)


class Footing(Protocol):
    """What a goal is reckoned from; a figure is asked for only where it is wanted, and an error names an absent one."""

    @property
    def months(self) -> int:
        """The months of the plan."""
        ...

    @property
    def model(self) -> RevenueModel:
        """What a customer brings, and when."""
        ...

    def base(self) -> tuple[Fraction, Fraction]:
        """The customers paying when the plan begins, and the share lost in a month."""
        ...

    def price(self) -> Fraction:
        """What a new customer brings: a month, or once."""
        ...

    def mrr(self) -> tuple[Fraction, Fraction]:
        """The MRR when the plan begins, and the share of it lost in a month."""
        ...


class GoalType(Struct, frozen=True, kw_only=True, eq=False):
    """One kind of goal; a goal is one of these and an amount.

    ``target`` is the goal as a linear form over the new customers of each month, ``tally`` how often a customer counts.
    ``based_on`` are the revenue models in which it is about those who pay at some time, not only those won: it then
    asks for an opening and churn. ``priced`` says that it asks what a new customer brings; ``at_end``, that it is a
    level at the end. ``sums`` is the planned metric whose months sum up to it, None for a level. A plan whose goal
    is not ``of_revenue`` says nothing of revenue. ``by_month`` is the goal that ``--shape revenue`` spells out;
    ``or_files`` that the option takes files, too.
    """

    key: str
    metavar: str
    help: str
    label: Text
    unit: Unit
    target: Callable[[Fraction, Footing], Target]
    tally: Callable[[RevenueModel], Tally]
    models: frozenset[RevenueModel] = EITHER
    based_on: frozenset[RevenueModel] = field(default=frozenset())
    priced: bool = False
    at_end: bool = False
    sums: str | None = None
    of_revenue: bool = True
    by_month: bool = False
    or_files: bool = False

    @property
    def option(self) -> str:
        """The option it is given with."""
        return f"--{self.key.replace('_', '-')}"

    @property
    def whole(self) -> bool:
        """Whether it counts whole things: all but money does."""
        return self.unit is not Unit.AMOUNT


def _customers_won(amount: Fraction, on: Footing) -> Target:
    return new_customers(amount, on.months)


def _customers_at_end(amount: Fraction, on: Footing) -> Target:
    opening, churn = on.base()
    return level_at_end(amount, on.months, opening=opening, churn=churn)


def _revenue(amount: Fraction, on: Footing) -> Target:
    if on.model is ONE_OFF:
        return new_customers(amount / on.price(), on.months)
    price = on.price()
    opening, churn = on.mrr()
    return levels_summed(amount, on.months, opening=opening, churn=churn, each=price)


def _mrr(amount: Fraction, on: Footing) -> Target:
    if on.model is ONE_OFF:
        return _revenue(amount, on)
    price = on.price()
    opening, churn = on.mrr()
    return level_at_end(amount, on.months, opening=opening, churn=churn, each=price)


def _won(model: RevenueModel) -> Tally:
    return Tally.WON


def _at_end(model: RevenueModel) -> Tally:
    return Tally.AT_END


REVENUE = GoalType(
    key="revenue",
    metavar="AMOUNT",
    help="Goal: revenue over the range, like '12 tỷ', 500tr or 1.2m.",
    label=Message("revenue of {amount} {currency} over {range}"),
    unit=Unit.AMOUNT,
    target=_revenue,
    tally=lambda model: Tally.WON if model is ONE_OFF else Tally.SUMMED,
    based_on=frozenset([RECURRING]),
    priced=True,
    sums="planned_revenue_amount",
    by_month=True,
)
MRR = GoalType(
    key="mrr",
    metavar="AMOUNT",
    help="Goal: MRR at the end of the range.",
    label=Message("MRR of {amount} {currency} at the end of {last}"),
    unit=Unit.AMOUNT,
    target=_mrr,
    tally=lambda model: Tally.WON if model is ONE_OFF else Tally.AT_END,
    models=frozenset([RECURRING]),
    based_on=frozenset([RECURRING]),
    priced=True,
    at_end=True,
)
PAID_USERS = GoalType(
    key="paid_users",
    metavar="N|FILE",
    help="Goal: customers paying at the end, a number.  A file: the paid users, as for report.",
    label=Message("{amount} paid users at the end of {last}"),
    unit=Unit.CUSTOMERS,
    target=_customers_at_end,
    tally=_at_end,
    based_on=EITHER,
    at_end=True,
    or_files=True,
)
NEW_PAID_USERS = GoalType(
    key="new_paid_users",
    metavar="N",
    help="Goal: new customers over the range.",
    label=Message("{amount} new paid users over {range}"),
    unit=Unit.CUSTOMERS,
    target=_customers_won,
    tally=_won,
    of_revenue=False,
    sums="required_new_paid_users",
)

GOALS = Declared(REVENUE, MRR, PAID_USERS, NEW_PAID_USERS)


def by_month() -> GoalType:
    """The goal that is given month by month with ``--shape revenue``."""
    return next(goal for goal in GOALS.values() if goal.by_month)
