"""Chargebee's exports of subscriptions, under the names of its reports and of its tables."""

from funnelcli.inputs.known import KnownExport

STATUSES = {
    "paying": ("active", "non_renewing", "non renewing"),
    "not_paying": ("future", "in_trial", "in trial", "paused"),
    "ended": ("cancelled", "canceled", "transferred"),
}
EXPORTS = (
    KnownExport(
        name="Chargebee subscriptions",
        input="paid_users",
        recognised_by=("current_term_end", "customer_id", "activated_at", "cancelled_at", "status"),
        columns={
            "user_id": "customer_id",
            "subscription_id": ("id", "subscription_id"),
            "started_at": ("activated_at", "started_at"),
            "ended_at": "cancelled_at",
            "trial_ends_at": "trial_end",
            "status": "status",
            "plan": ("plan_id", "item_price_id"),
            "mrr": "mrr",
            "currency": "currency_code",
        },
        statuses=STATUSES,
        ignore=("current_term_start", "current_term_end", "started_at", "created_at", "next_billing_at", "due_*"),
        amount_unit="minor",
        is_in_utc=True,
        ends_are_facts=False,
        how="Settings > Import & Export Data > Export Data > Subscriptions, or the table subscriptions of a data "
        "export.",
        seen_in="Chargebee Data Catalog: subscriptions (datacatalog.chargebee.com)",
    ),
)
