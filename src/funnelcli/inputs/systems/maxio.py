"""Maxio Advanced Billing's (Chargify's) subscriptions."""

from funnelcli.inputs.known import NO_INTERVALS, KnownExport

EXPORTS = (
    KnownExport(
        name="Maxio (Chargify) subscriptions",
        input="paid_users",
        recognised_by=("current_period_ends_at", "state", "activated_at", "expires_at", "balance_in_cents"),
        columns={
            "user_id": ("customer_id", "customer_reference", "customer_email"),
            "subscription_id": ("id", "subscription_id"),
            "started_at": "activated_at",
            "ended_at": ("canceled_at", "expires_at"),
            "trial_ends_at": "trial_ended_at",
            "status": "state",
            "plan": ("product_name", "product_handle"),
            "amount": "product_price_in_cents",
            "currency": "currency",
        },
        # soft_failure and past_due are being collected; assessing and pending pass.
        statuses={
            "paying": ("active", "past_due", "soft_failure", "assessing", "awaiting_signup_renewal"),
            "not_paying": (
                "trialing",
                "trial_ended",
                "on_hold",
                "paused",
                "pending",
                "failed_to_create",
                "unpaid",
                "awaiting_signup",
                "suspended",
            ),
            "ended": ("canceled", "expired"),
        },
        ignore=(
            "balance_in_cents",
            "total_revenue_in_cents",
            "current_period_*",
            "previous_state",
            "expires_at",
            "cancel_at_end_of_period",
            "trial_started_at",
            "next_assessment_at",
            "delayed_cancel_at",
        ),
        lacks=NO_INTERVALS,
        how="Subscriptions > Export CSV, or GET /subscriptions.json of its API, an entity a row.",
        seen_in="the Subscription model of Maxio's Advanced Billing SDK (states and names); no page was found that has "
        "the columns of its CSV",
    ),
)
