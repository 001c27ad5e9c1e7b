"""RevenueCat's scheduled data exports."""

from funnelcli.inputs.known import KnownExport
from funnelcli.text import Message

EXPORTS = (
    KnownExport(
        name="RevenueCat transactions",
        input="paid_users",
        recognised_by=("rc_original_app_user_id", "product_identifier", "start_time", "end_time", "is_trial_period"),
        columns={
            "user_id": "rc_original_app_user_id",
            "subscription_id": ("original_store_transaction_id", "store_transaction_id"),
            "started_at": "start_time",
            "ended_at": ("effective_end_time", "end_time"),
            "is_trial": "is_trial_period",
            "plan": "product_identifier",
            "amount": ("price_in_usd", "price"),
            "status": False,
        },
        drop={"is_sandbox": ("true", "t"), "ownership_type": ("FAMILY_SHARED",), "refunded_at": ("?*",)},
        ignore=(
            "refunded_at",
            "unsubscribe_detected_at",
            "billing_issues_detected_at",
            "grace_period_end_time",
            "end_time",
            "renewal_number",
            "is_trial_conversion",
            "is_auto_renewable",
            "is_in_intro_offer_period",
            "*percentage",
            "price_in_purchased_currency",
            "purchase_price_in_usd",
            "first_seen_time",
            "auto_resume_time",
            "updated_at",
        ),
        is_in_utc=True,
        shape="subscriptions",
        end_date="exclusive",
        lacks=Message("refunded rows, those of the sandbox and those shared within a family are left out"),
        how="Integrations > Scheduled Data Exports: Transactions, in full.",
        seen_in="RevenueCat Docs: Transactions feed; Data Export Version 3 to 7 (effective_end_time, ownership_type)",
    ),
)
