"""Stripe's exports."""

from funnelcli.inputs.spec import KnownExport

EXPORTS = (
    KnownExport(
        name="Stripe subscriptions",
        input="paid_users",
        recognised_by=("id", "Customer ID", "Start Date (UTC)", "Current Period End (UTC)", "Ended At (UTC)"),
        columns={
            "user_id": "Customer ID",
            "started_at": "Start Date (UTC)",
            "ended_at": "Ended At (UTC)",
            "subscription_id": "id",
        },
        amount_is="each",
    ),
)
