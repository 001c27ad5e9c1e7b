"""The ready-made monthly table, which stands in for any export."""

from funnelcli.inputs.spec import CellKind, Column, Input, Stage

MONTHLY = Input(
    stage=Stage.MONTHLY,
    files=("monthly*",),
    columns=(
        Column(
            name="month",
            kind=CellKind.MONTH,
            meaning="the month, like 2026-10",
            required=True,
            aliases=("tháng", "period", "kỳ", "date"),
        ),
        Column(name="channel", kind=CellKind.TEXT, meaning="the channel, empty for the whole", aliases=("kênh",)),
    ),
)  # fmt: skip

# The columns that are read, by the stage whose export they stand in for.  Rates and net figures are computed.
MONTHLY_COLUMNS: dict[Stage, tuple[str, ...]] = {
    Stage.VISITORS: ("organic_visits", "paid_visits", "existing_user_visits"),
    Stage.SIGNUPS: (
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
    Stage.DEMOS: ("new_demo_bookings", "cumulative_demos_held"),
    Stage.PAID_USERS: (
        "opening_paid_users",
        "new_paid_users",
        "reactivated_paid_users",
        "churned_paid_users",
        "closing_paid_users",
        "closing_mrr_amount",
    ),
}
