"""The words a plan is made of: its assumptions, where they come from, and what a customer brings."""

from collections.abc import Mapping
from enum import StrEnum
from typing import Self

from funnelcli.text import Text


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


class StageRate(str):
    """The rate at which deals go on from a stage to the next: an assumption too, of stages that settings may name.

    It is its key, and has the ``label`` that people see.

    >>> from funnelcli.text import as_text
    >>> rate = StageRate("demo_to_contract_rate", as_text("Demo → Contract"))
    >>> rate.value, rate.name_given, rate.label.of("en")
    ('demo_to_contract_rate', 'demo_to_contract', 'Demo → Contract')
    """

    label: Text

    def __new__(cls, key: str, label: Text) -> Self:
        """The rate of a key."""
        rate = super().__new__(cls, key)
        rate.label = label
        return rate

    @property
    def value(self) -> str:
        """The key."""
        return str(self)

    @property
    def name_given(self) -> str:
        """What it is called where it is given."""
        return self.removesuffix("_rate")


AnyKey = Key | StageRate
DEAL_RATE = "--deal-rate"


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


def option_of(key: AnyKey) -> str:
    """The option that gives an assumption.

    >>> from funnelcli.planning.deals import WON_TO_PAID
    >>> option_of(Key.CHURN), option_of(WON_TO_PAID)
    ('--churn', '--deal-rate won_to_paid')
    """
    return FLAGS[key] if isinstance(key, Key) else f"{DEAL_RATE} {key.name_given}"


def keys_of(model: RevenueModel) -> tuple[Key, ...]:
    """The assumptions of a plan of a model: all but the amounts of the other one.

    >>> [key.value for key in keys_of(RevenueModel.ONE_OFF)][-2:]
    ['deal_size_amount', 'opening_paid_users']
    """
    return tuple(key for key in Key if key not in AMOUNTS or key in AMOUNTS_OF[model])
