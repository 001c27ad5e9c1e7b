"""WooCommerce's subscriptions."""

from funnelcli.inputs.spec import KnownExport

EXPORTS = (
    KnownExport(
        name="WooCommerce subscriptions",
        input="paid_users",
        recognised_by=("billing_interval", "start_date", "end_date", "billing_period"),
        columns={
            "user_id": ("customer_id", "customer_email", "billing_email"),
            "subscription_id": "subscription_id",
            "started_at": "start_date",
            "ended_at": "end_date",
            "trial_ends_at": "trial_end_date",
            "status": "subscription_status",
            "amount": "order_total",
            "currency": "order_currency",
            "interval": "billing_period",
            "interval_count": "billing_interval",
        },
        statuses={
            "paying": ("wc-active", "active", "wc-pending-cancel", "pending-cancel"),
            "not_paying": ("wc-pending", "pending", "wc-on-hold", "on-hold", "wc-switched", "switched"),
            "ended": ("wc-cancelled", "cancelled", "wc-expired", "expired"),
        },
        ignore=(
            "cancelled_date",
            "next_payment_date",
            "last_payment_date",
            "order_tax",
            "order_shipping*",
            "fee_total",
            "fee_tax_total",
            "cart_discount*",
            "requires_manual_renewal",
            "download_permissions",
        ),
        no_date=("0",),
        is_in_utc=True,
        how="WooCommerce > Subscription Exporter, all statuses, with the usual headers.",
        seen_in="WooCommerce Subscriptions Importer and Exporter: README.md (CSV Columns) and its exporter's list of "
        "headers",
    ),
)
