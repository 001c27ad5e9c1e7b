"""The ready-made monthly table, which stands in for any export."""

from collections.abc import Mapping
from dataclasses import dataclass

from funnelcli.inputs.spec import CellKind, Column, Input
from funnelcli.text import Text
from funnelcli.values.channels import Channel

MONTHLY = Input(
    name="monthly",
    title=Text("monthly table", "bảng tháng"),
    rank=90,
    files=("monthly*",),
    stands_in=True,
    columns=(
        Column(
            name="month",
            kind=CellKind.MONTH,
            meaning=Text("the month, like 2026-10", "tháng, như 2026-10"),
            required=True,
            aliases=("tháng", "period", "kỳ", "date"),
        ),
        Column(
            name="channel",
            kind=CellKind.TEXT,
            meaning=Text("the channel, empty for the whole", "kênh, để trống là tổng chung"),
            aliases=("kênh",),
        ),
    ),

)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class StatedFlow:
    """A column that states how often an ``event`` of an ``input`` happened in the month.

    What no row of a channel names is of channel ``rest``; with ``only`` the whole column is of one channel.
    """

    key: str
    input: str
    event: str
    rest: Channel = Channel.UNKNOWN
    only: Channel | None = None


@dataclass(frozen=True, kw_only=True)
class StatedLevel:
    """Columns that state one level, each at the month's beginning (0) or its end (1).

    Between two of them the level follows from the events that add to it (``plus``) and take from it (``minus``).
    """

    name: str
    input: str
    keys: Mapping[str, int]
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()


FLOWS: tuple[StatedFlow, ...] = (
    StatedFlow(key="organic_visits", input="visitors", event="visit", rest=Channel.ORGANIC),
    StatedFlow(key="paid_visits", input="visitors", event="visit", rest=Channel.PAID, only=Channel.PAID),
    StatedFlow(key="existing_user_visits", input="visitors", event="existing_visit"),
    StatedFlow(key="new_signups", input="signups", event="signup", rest=Channel.ORGANIC),
    StatedFlow(key="new_demo_bookings", input="demos", event="demo_booked"),
    StatedFlow(key="new_paid_users", input="paid_users", event="paid_first"),
    StatedFlow(key="reactivated_paid_users", input="paid_users", event="paid_again"),
    StatedFlow(key="churned_paid_users", input="paid_users", event="paid_lost"),
)
# The parts of an event that have columns of their own in the row of the whole.
PARTS: Mapping[str, Mapping[str, Channel]] = {
    "signup": {
        "organic_signups": Channel.ORGANIC,
        "paid_signups": Channel.PAID,
        "sales_sme_signups": Channel.SALES_SME,
        "affiliate_signups": Channel.AFFILIATE,
        "partner_signups": Channel.PARTNER,
        "referral_signups": Channel.REFERRAL,
    }
}
LEVELS: tuple[StatedLevel, ...] = (
    StatedLevel(
        name="registered",
        input="signups",
        keys={"opening_registered_users": 0, "closing_registered_users": 1, "total_leads": 1},
        plus=("signup",),
    ),
    StatedLevel(name="demos_held", input="demos", keys={"cumulative_demos_held": 1}),
    StatedLevel(
        name="paying",
        input="paid_users",
        keys={"opening_paid_users": 0, "closing_paid_users": 1},
        plus=("paid_first", "paid_again"),
        minus=("paid_lost",),
    ),
    StatedLevel(name="mrr", input="paid_users", keys={"closing_mrr_amount": 1}),
)
AMOUNTS = frozenset({"closing_mrr_amount"})
# The columns that are read, by the input whose export they stand in for.  Rates and net figures are computed.
MONTHLY_COLUMNS: Mapping[str, tuple[str, ...]] = {
    "visitors": ("organic_visits", "paid_visits", "existing_user_visits"),
    "signups": (
        "total_leads",
        "opening_registered_users",
        "new_signups",
        "organic_signups",
        "paid_signups",
        "sales_sme_signups",
        "affiliate_signups",
        "partner_signups",
        "referral_signups",
        "closing_registered_users",
    ),
    "demos": ("new_demo_bookings", "cumulative_demos_held"),
    "paid_users": (
        "opening_paid_users",
        "new_paid_users",
        "reactivated_paid_users",
        "churned_paid_users",
        "closing_paid_users",
        "closing_mrr_amount",
    ),
}
