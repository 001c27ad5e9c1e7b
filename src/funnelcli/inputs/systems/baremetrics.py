"""Baremetrics' subscriptions."""

from funnelcli.inputs.known import KnownExport

EXPORTS = (
    KnownExport(
        name="Baremetrics subscriptions",
        input="paid_users",
        recognised_by=("customer_oid", "started_at", "canceled_at", "plan_oid"),
        columns={
            "user_id": "customer_oid",
            "subscription_id": "oid",
            "started_at": "started_at",
            "ended_at": "canceled_at",
            "plan": ("plan_name", "plan_oid"),
            "quantity": "quantity",
        },
        ends_are_facts=True,
        how="GET /v1/SOURCE/subscriptions of its API, an entity a row; its dashboards export figures, and no rows.",
        seen_in="no page of the documentation was found: the names are those of the public API's subscriptions and "
        "customers (oid)",
    ),
)
