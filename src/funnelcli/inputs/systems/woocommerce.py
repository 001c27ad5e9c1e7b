"""WooCommerce's exports."""

from funnelcli.inputs.spec import KnownExport

EXPORTS = (
    KnownExport(
        name="WooCommerce subscriptions",
        input="paid_users",
        recognised_by=("start_date", "end_date", "billing_period", "billing_interval"),
        columns={"interval": "billing_period", "interval_count": "billing_interval"},
    ),
)
