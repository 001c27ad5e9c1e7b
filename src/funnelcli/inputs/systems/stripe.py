"""Stripe's exports: subscriptions, invoices and payments; and customers, who are not all payers."""

from funnelcli.inputs.known import NO_ENDS, PAYMENTS, KnownExport
from funnelcli.text import Message

# Start (UTC) is when the plan began that somebody is on now.
STARTS = ("Start Date (UTC)", "Created (UTC)")
PAID_AT = ("Created date (UTC)", "Created (UTC)")
EXPORTS = (
    KnownExport(
        name="Stripe subscriptions",
        input="paid_users",
        recognised_by=("Current Period End (UTC)", "id", "Customer ID", STARTS, "Ended At (UTC)"),
        columns={
            "user_id": "Customer ID",
            "started_at": STARTS,
            "ended_at": "Ended At (UTC)",
            "subscription_id": "id",
        },
        # Paused is a trial that ended without a means to pay.
        statuses={"not_paying": ("paused",)},
        amount_is="each",
        ends_are_facts=True,
        how="Billing > Subscriptions > Export, with all columns.",
        seen_in="headers of real exports, and public code that reads such exports by name; no page of the "
        "documentation was found that lists them",
    ),
    KnownExport(
        name="Stripe invoices",
        input="paid_users",
        recognised_by=(
            "Maximum Line Item Period End (UTC)",
            "Minimum Line Item Period Start (UTC)",
            "id",
            "Customer",
            "Amount Due",
        ),
        columns={
            "user_id": "Customer",
            "started_at": "Minimum Line Item Period Start (UTC)",
            "ended_at": "Maximum Line Item Period End (UTC)",
            "subscription_id": "Subscription",
            "amount": "Total",
            "currency": "Currency",
            "status": "Status",
        },
        ignore=("Amount Due", "Amount Paid", "Amount Remaining"),
        statuses={"paying": ("paid", "open"), "not_paying": ("draft", "void", "uncollectible")},
        shape="subscriptions",
        end_date="exclusive",
        rank=PAYMENTS,
        lacks=Message("its amounts hold taxes"),
        how="Billing > Invoices > Export, with all columns; better: subscriptions.",
        seen_in="public code that reads such exports by name (unified_invoices.csv); no page of the documentation was "
        "found that lists them",
    ),
    KnownExport(
        name="Stripe payments",
        input="paid_users",
        recognised_by=(("Amount Refunded", "Created date (UTC)"), PAID_AT, "id", "Amount", "Status", "Currency"),
        columns={
            "user_id": ("Customer ID", "Customer Email"),
            "started_at": PAID_AT,
            "subscription_id": "id",
            "amount": "Amount",
            "refunded": "Amount Refunded",
            "currency": "Currency",
            "status": "Status",
        },
        statuses={"paying": ("Paid", "Succeeded"), "not_paying": ("Failed", "Refunded", "Canceled", "Requires*")},
        ignore=("Fee", "Taxes On Fee", "Converted Amount*", "Captured"),
        shape="subscriptions",
        rank=PAYMENTS,
        lacks=NO_ENDS,
        how="Payments > Export, with all columns; better: subscriptions.",
        seen_in="public code that reads such exports by name (unified_payments.csv); no page of the documentation was "
        "found that lists them",
    ),
    KnownExport(
        name="Stripe customers",
        input=None,
        recognised_by=(
            ("Delinquent", "Default Card", "Card ID"),
            "id",
            "Email",
            "Created (UTC)",
            ("Total Spend", "Payment Count", "Description"),
        ),
        never=("paid_users",),
        lacks=Message("which lists everybody with an account, paying or not"),
        instead=Message("Export Billing > Subscriptions from Stripe instead."),
        seen_in="headers of real exports; no page of the documentation was found that lists them",
    ),
)
