"""Lemon Squeezy's subscriptions."""

from funnelcli.inputs.known import KnownExport
from funnelcli.text import Message

EXPORTS = (
    KnownExport(
        name="Lemon Squeezy subscriptions",
        input="paid_users",
        recognised_by=("renews_at", "ends_at", "customer_id", "variant_name", "status"),
        columns={
            "user_id": ("user_email", "customer_id"),
            "subscription_id": "id",
            "started_at": "created_at",
            "ended_at": "ends_at",
            "trial_ends_at": "trial_ends_at",
            "status": "status",
            "plan": "product_name",
        },
        # Who has cancelled has paid up to ends_at, and is then expired; payments of past_due are tried again.
        statuses={
            "paying": ("active", "past_due", "cancelled"),
            "not_paying": ("on_trial", "paused", "unpaid"),
            "ended": ("expired",),
        },
        ignore=("cancelled", "renews_at", "billing_anchor", "updated_at", "status_formatted"),
        lacks=Message("it has no amounts: MRR is missing"),
        how="Store > Subscriptions > Export, or GET /v1/subscriptions of its API, the attributes of each a row.",
        seen_in="headers of a real export, which are the attributes of the API's subscription; no page of the "
        "documentation was found",
    ),
)
