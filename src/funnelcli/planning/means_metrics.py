"""The figures of what a plan has to work with: the demos that its sellers can hold, and what its signups cost."""

from funnelcli.planning.declare import Kind, PlannedMetric, TotalOf
from funnelcli.text import Message, Text
from funnelcli.values.figures import Unit


def _figure(
    key: str, label: Text, short: Text, unit: Unit, definition: Text, formula: Text | str, total: TotalOf = "sum"
) -> PlannedMetric:
    """A figure that is shown beside the quotas, and has no actual figure of its own."""
    return PlannedMetric(
        key=key, kind=Kind.MEANS, label=label, short=short, unit=unit, definition=definition, formula=formula,
        total=total, tracked=False, judged=False, by_month=False,
    )  # fmt: skip


FULL_SELLERS = _figure(
    "full_sellers_number",
    Message("Sellers at full pace"),
    Message("Sellers"),
    Unit.NUMBER,
    Message("The sellers of a month; one who was hired lately counts as the share of the demos that he can hold."),
    Message("sellers + the ramp's share of each hire - leavers, of [plan.capacity]"),
    total="last",
)
DEMO_CAPACITY = _figure(
    "demo_capacity",
    Message("Demos that the sellers can hold"),
    Message("Can be held"),
    Unit.DEMOS,
    Message("Demos that the sellers of a month can hold, rounded down to whole ones."),
    "full_sellers_number x [plan.capacity] demos_per_seller",
)
DEMOS_OVER = _figure(
    "demos_over_capacity",
    Message("Demos above what the sellers can hold"),
    Message("Above that"),
    Unit.DEMOS,
    Message(
        "Demo bookings needed above those that the sellers can hold in the month; what a month has over helps none."
    ),
    Message("required_new_demo_bookings - demo_capacity, where that is above 0"),
)
SELLERS_LACKING = _figure(
    "lacking_sellers",
    Message("Sellers at full pace lacking"),
    Message("Sellers lacking"),
    Unit.PEOPLE,
    Message(
        "How many more sellers at full pace the demo bookings of a month take; of the range the most of any month."
    ),
    Message("demos above full_sellers_number x [plan.capacity] demos_per_seller / demos_per_seller, rounded up"),
    total="own",
)
SIGNUP_COST = _figure(
    "planned_signup_cost_amount",
    Message("Cost of the signups"),
    Message("Cost"),
    Unit.AMOUNT,
    Message(
        "What the signups cost by [plan.cost], each month the cheaper ones first. It is what signups cost to get, "
        "not what policies pay for them, and is never added to the policy budget."
    ),
    Message("signups of each step x what each of them costs"),
)
COST_PER_NEW = _figure(
    "planned_signup_cost_per_new_paid_user_amount",
    Message("Cost of the signups per new PU"),
    Message("Cost per new PU"),
    Unit.AMOUNT,
    Message("What the signups cost for each new customer; CAC by policies stands apart."),
    "planned_signup_cost_amount / required_new_paid_users",
    total="own",
)
MEANS_FIGURES = (FULL_SELLERS, DEMO_CAPACITY, DEMOS_OVER, SELLERS_LACKING, SIGNUP_COST, COST_PER_NEW)
