"""Paddle's exports: Billing, whose subscriptions come from its API, and Classic."""

from funnelcli.inputs.known import PAYMENTS, KnownExport
from funnelcli.text import Message

EXPORTS = (
    KnownExport(
        name="Paddle Billing subscriptions",
        input="paid_users",
        recognised_by=("next_billed_at", "id", "customer_id", "started_at", "canceled_at", "status"),
        columns={
            "user_id": "customer_id",
            "subscription_id": "id",
            "started_at": "started_at",
            "ended_at": "canceled_at",
            "status": "status",
            "currency": "currency_code",
        },
        statuses={
            "paying": ("active", "past_due"),
            "not_paying": ("trialing", "paused"),
            "ended": ("canceled",),
        },
        ignore=("first_billed_at", "next_billed_at", "paused_at", "created_at", "updated_at"),
        is_in_utc=True,
        ends_are_facts=True,
        lacks=Message("it has no amounts: MRR is missing"),
        how="Paddle has no report of subscriptions: write GET /subscriptions of its API to a table, an entity a row.",
        seen_in="Paddle Developer: subscription.created (the subscription entity), Generate reports",
    ),
    KnownExport(
        name="Paddle Billing transactions",
        input="paid_users",
        recognised_by=("billed_at", "customer_id", "subscription_id", "status", "currency_code", "origin"),
        columns={
            "user_id": "customer_id",
            "subscription_id": "subscription_id",
            "started_at": "billed_at",
            "status": "status",
            "currency": "currency_code",
            "amount": ("grand_total", "total"),
        },
        statuses={
            "paying": ("completed", "paid", "billed", "past_due"),
            "not_paying": ("draft", "ready", "canceled"),
        },
        drop={"origin": ("subscription_payment_method_change",)},
        shape="payments",
        is_in_utc=True,
        amount_unit="minor",
        rank=PAYMENTS,
        lacks=Message("it does not say what a transaction is paid for: each is taken for a month"),
        how="Reports > Transactions, or GET /transactions of its API, an entity a row; better: subscriptions.",
        seen_in="Paddle Developer: transaction.created (the transaction entity), Transaction reports",
    ),
    KnownExport(
        name="Paddle Classic subscriptions",
        input="paid_users",
        recognised_by=("next_payment", "subscription_id", "user_id", "signup_date", "state"),
        columns={
            "user_id": ("user_email", "user_id"),
            "subscription_id": "subscription_id",
            "started_at": "signup_date",
            "status": "state",
            "plan": "plan_id",
            "amount": "last_payment",
        },
        statuses={
            "paying": ("active", "past_due"),
            "not_paying": ("trialing", "paused"),
            "ended": ("deleted", "cancelled"),
        },
        ignore=("next_payment",),
        is_in_utc=True,
        lacks=Message("it does not say when customers left: who is deleted has ended on a day that is not known"),
        how="Subscribers > Export, or the API's subscription/users, an entity a row.",
        seen_in="no page of the documentation was found: the names are those of public code that reads "
        "subscription/users of the Classic API",
    ),
)
