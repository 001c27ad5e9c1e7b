"""ChartMogul's tables: the line items of its invoices."""

from funnelcli.inputs.known import PAYMENTS, KnownExport

EXPORTS = (
    KnownExport(
        name="ChartMogul line items",
        input="paid_users",
        recognised_by=("subscription_external_id", "service_period_start", "service_period_end", "amount_in_cents"),
        columns={
            "user_id": "customer_external_id",
            "subscription_id": "subscription_external_id",
            "started_at": "service_period_start",
            "ended_at": "service_period_end",
            "amount": "amount_in_cents",
            "plan": ("plan_external_id", "plan_uuid", "plan"),
            "quantity": "quantity",
            "currency": "currency",
        },
        drop={"type": ("one_time", "trial")},
        ignore=("prorated", "proration", "discount_amount_in_cents", "tax_amount_in_cents", "type"),
        amount_is="whole",
        amount_unit="minor",
        shape="subscriptions",
        end_date="exclusive",
        rank=PAYMENTS,
        how="The CSV with which line items are imported, or the API's invoices, a line item a row.",
        seen_in="headers of real exports, and ChartMogul's own libraries (chartmogul-csv, chartmogul-php: line items)",
    ),
)
