"""The words a plan is made of: its assumptions, where they come from, and what a customer brings."""

from collections.abc import Mapping
from enum import StrEnum


class RevenueModel(StrEnum):
    """RECURRING: every customer brings its MRR each month it pays.  ONE_OFF: each new customer brings the deal once."""

    RECURRING = "recurring"
    ONE_OFF = "one_off"


class Origin(StrEnum):
    """Where an assumption comes from."""

    MEASURED = "measured"
    GIVEN = "given"
    DEFAULT = "default"
    MISSING = "missing"


class Key(StrEnum):
    """The assumptions."""

    VISITOR_TO_SIGNUP = "visitor_to_signup_rate"
    SIGNUP_TO_DEMO = "signup_to_demo_rate"
    DEMO_TO_PAID = "demo_to_paid_rate"
    CHURN = "paid_user_churn_rate"
    NEW_ARPA = "new_arpa_amount"
    DEAL_SIZE = "deal_size_amount"
    OPENING = "opening_paid_users"
    OPENING_MRR = "opening_mrr_amount"


# The option that gives each.
FLAGS: Mapping[Key, str] = {
    Key.VISITOR_TO_SIGNUP: "--visitor-to-signup",
    Key.SIGNUP_TO_DEMO: "--signup-to-demo",
    Key.DEMO_TO_PAID: "--demo-to-paid",
    Key.CHURN: "--churn",
    Key.NEW_ARPA: "--arpa",
    Key.DEAL_SIZE: "--deal-size",
    Key.OPENING: "--opening-paid-users",
    Key.OPENING_MRR: "--opening-mrr",
}
# What a new customer brings, and all the amounts of money that a plan of each model stands on.
PRICE_OF = {RevenueModel.RECURRING: Key.NEW_ARPA, RevenueModel.ONE_OFF: Key.DEAL_SIZE}
AMOUNTS_OF: Mapping[RevenueModel, frozenset[Key]] = {
    RevenueModel.RECURRING: frozenset((Key.NEW_ARPA, Key.OPENING_MRR)),
    RevenueModel.ONE_OFF: frozenset((Key.DEAL_SIZE,)),
}
AMOUNTS = frozenset().union(*AMOUNTS_OF.values())


def keys_of(model: RevenueModel) -> tuple[Key, ...]:
    """The assumptions of a plan of a model: all but the amounts of the other one.

    >>> [key.value for key in keys_of(RevenueModel.ONE_OFF)][-2:]
    ['deal_size_amount', 'opening_paid_users']
    """
    return tuple(key for key in Key if key not in AMOUNTS or key in AMOUNTS_OF[model])
