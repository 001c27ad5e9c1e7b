"""Recurly's exports."""

from funnelcli.inputs.known import NO_INTERVALS, KnownExport

EXPORTS = (
    KnownExport(
        name="Recurly subscriptions",
        input="paid_users",
        recognised_by=("current_period_ends_at", "account_code", "plan_code", "state", "activated_at", "expires_at"),
        columns={
            "user_id": ("account_code", "email"),
            "subscription_id": "uuid",
            "started_at": "activated_at",
            "ended_at": "expires_at",
            "trial_ends_at": "trial_ends_at",
            "status": "state",
            "plan": ("plan_name", "plan_code"),
            "amount": "unit_amount",
            "quantity": "quantity",
            "currency": "currency",
        },
        # Canceled ones do not renew, and are paid for until they expire.
        statuses={
            "paying": ("active", "live", "canceled", "past_due"),
            "not_paying": ("future", "trial", "paused", "failed"),
            "ended": ("expired",),
        },
        ignore=("canceled_at", "current_period_*", "created_at", "modified_at", "trial_started_at", "total_*"),
        amount_is="each",
        lacks=NO_INTERVALS,
        how="Reports > Exports > Subscriptions, all statuses.",
        seen_in="Recurly Docs: Subscriptions - export",
    ),
)
