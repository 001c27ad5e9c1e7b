"""The words a plan is made of: its assumptions, where they come from, and what a customer brings."""

from collections.abc import Mapping
from enum import StrEnum


class RevenueModel(StrEnum):
    """RECURRING: each month every paying customer brings ARPA.  ONE_OFF: each new customer brings the deal once."""

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
    ARPA = "arpa_amount"
    DEAL_SIZE = "deal_size_amount"
    OPENING = "opening_paid_users"


# The option that gives each.
FLAGS: Mapping[Key, str] = {
    Key.VISITOR_TO_SIGNUP: "--visitor-to-signup",
    Key.SIGNUP_TO_DEMO: "--signup-to-demo",
    Key.DEMO_TO_PAID: "--demo-to-paid",
    Key.CHURN: "--churn",
    Key.ARPA: "--arpa",
    Key.DEAL_SIZE: "--deal-size",
    Key.OPENING: "--opening-paid-users",
}
PRICE_OF = {RevenueModel.RECURRING: Key.ARPA, RevenueModel.ONE_OFF: Key.DEAL_SIZE}
AMOUNTS = frozenset(PRICE_OF.values())
