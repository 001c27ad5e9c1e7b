"""Budgets: what is planned to be spent, by month or day, on which channel and campaign, by which team."""

from msgspec.structs import replace

from funnelcli.inputs.costs import COSTS, NOBODY, PAID
from funnelcli.inputs.spec import Event, Input
from funnelcli.inputs.spending import Spending
from funnelcli.text import Message

# What costs say of an actual amount is said here of one that is planned: the columns are the same.
_MEANINGS = {
    "date": Message("the month, or the day, that the amount is planned for"),
    "until": Message("the last day that the amount is planned for, where it is for several"),
    "amount": Message("what is planned to be spent"),
    "channel": Message("the channel it is planned for, or a source that is of one"),
    "source": Message("the source it is planned for, where that is a column of its own"),
    "team": Message("the team that is to spend it"),
    "campaign": Message("the campaign, event or content that it is planned for"),
    "currency": Message("the currency of the amount"),
}
_PLANNED = (
    "budget", "budgets", "budget amount", "planned", "planned amount", "planned cost", "planned spend", "plan",
    "ngân sách", "kế hoạch", "kế hoạch chi", "chi phí kế hoạch", "chi phí dự kiến", "dự toán", "dự kiến",
)  # fmt: skip

BUDGETS = Input(
    name="budgets",
    title=Message("budgets"),
    rank=82,
    files=(
        "budget*", "planned_costs*", "planned-costs*", "planned costs*", "ngan_sach*", "ngan sach*", "ngan-sach*",
        "ngân sách*", "ngân_sách*", "du_toan*", "dự toán*",
    ),
    option_help="What is planned to be spent: a file, a glob, or -.",
    steady=False,
    is_planned=True,
    columns=tuple(
        replace(
            column,
            meaning=_MEANINGS[column.name],
            aliases=(*_PLANNED, *column.aliases) if column.name == "amount" else column.aliases,
        )
        for column in COSTS.columns
        if column.name in _MEANINGS
    ),
    events=(Event(name="planned_cost", at="date", value="planned"),),
    spending=Spending(
        at="date", until="until", amount="amount", currency="currency", spent="planned", channel="channel",
        source="source", long="planned_cost_over_days", sources={"unassigned": NOBODY, "paid": PAID},
    ),
)  # fmt: skip
