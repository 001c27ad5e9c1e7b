"""ProfitWell's (Paddle's) customers."""

from funnelcli.inputs.known import KnownExport

EXPORTS = (
    KnownExport(
        name="ProfitWell customers",
        input="paid_users",
        recognised_by=("Activated On", "Churned On", "Customer ID", "MRR", "Status"),
        columns={
            "user_id": "Customer ID",
            "started_at": "Activated On",
            "ended_at": "Churned On",
            "mrr": "MRR",
            "status": "Status",
            "plan": ("Plans", "Plan"),
        },
        statuses={
            "paying": ("active",),
            "not_paying": ("trialing", "churned_trial"),
            "ended": ("cancelled", "churned_voluntary", "churned_delinquent"),
        },
        ignore=("Created On", "Total Spend", "Engagement"),
        ends_are_facts=True,
        how="Customers > Export CSV.",
        seen_in="ProfitWell: Customer details for Intercom, which defines these fields; CSV Export Glossary lists no "
        "columns",
    ),
)
