"""The ready-made monthly table, which stands in for any export."""

from collections.abc import Mapping

from msgspec import Struct, field

from funnelcli.inputs.spec import CellKind, Column, Input
from funnelcli.text import Message
from funnelcli.text.regex import regex
from funnelcli.values.channels import CHANNELS, NAMED_CHANNELS, Channel

MONTHLY = Input(
    name="monthly",
    title=Message("monthly table"),
    rank=90,
    files=("monthly*",),
    stands_in=True,
    columns=(
        Column(
            name="month",
            kind=CellKind.MONTH,
            meaning=Message("the month, like 2026-10"),
            required=True,
            aliases=("tháng", "period", "kỳ", "date"),
        ),
        Column(
            name="channel",
            kind=CellKind.TEXT,
            meaning=Message("the channel, empty for the whole"),
            aliases=("kênh",),
        ),
    ),

)  # fmt: skip


# What is of these channels alone is measured; the rest of signups and visits is organic, so no channel is unknown.
_NAMED = frozenset(NAMED_CHANNELS)


class StatedFlow(Struct, frozen=True, kw_only=True):
    """A column that states how often an ``event`` of an ``input`` happened in the month, in ``channels``.

    What no row of a channel names is of channel ``rest``, and so is what a row of another channel names.  ``parts`` are
    the columns that state one channel's share in a row of the whole.  In a table without the column its events are
    ``among`` those of another.
    """

    key: str
    input: str
    event: str
    channels: frozenset[Channel] = frozenset(CHANNELS)
    rest: Channel = Channel.UNKNOWN
    parts: Mapping[Channel, str] = field(default_factory=dict)
    among: str | None = None

    def home(self, channel: Channel) -> Channel:
        """The channel that a number in a row of ``channel`` is of."""
        return channel if channel in self.channels else self.rest

    @property
    def own(self) -> Mapping[Channel, str]:
        """The columns that are of one channel alone."""
        return self.parts if len(self.channels) > 1 else {self.rest: self.key}


class StatedLevel(Struct, frozen=True, kw_only=True):
    """Columns that state one level, each at the month's beginning (0) or its end (1).

    Between two of them the level follows from the events that add to it (``plus``) and take from it (``minus``).
    """

    name: str
    input: str
    keys: Mapping[str, int]
    plus: tuple[str, ...] = ()
    minus: tuple[str, ...] = ()


FLOWS: tuple[StatedFlow, ...] = (
    StatedFlow(
        key="organic_visits", input="visitors", event="visit", channels=_NAMED - {Channel.PAID}, rest=Channel.ORGANIC
    ),
    StatedFlow(
        key="paid_visits", input="visitors", event="visit", channels=frozenset({Channel.PAID}), rest=Channel.PAID
    ),
    StatedFlow(key="existing_user_visits", input="visitors", event="existing_visit"),
    StatedFlow(
        key="new_signups",
        input="signups",
        event="signup",
        channels=_NAMED,
        rest=Channel.ORGANIC,
        parts={channel: f"{channel.value}_signups" for channel in CHANNELS if channel in _NAMED},
    ),
    StatedFlow(key="new_demo_bookings", input="demos", event="demo_booked"),
    StatedFlow(key="new_paid_users", input="paid_users", event="paid_first"),
    StatedFlow(key="reactivated_paid_users", input="paid_users", event="paid_again", among="paid_first"),
    StatedFlow(key="churned_paid_users", input="paid_users", event="paid_lost"),
)
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
# Figures that follow from those that are read, which a table may have too.
COMPUTED = regex(r"_rate$|^net_new_|^(?:new_)?arpa_amount$|^transferred_|^demos_held$")
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
