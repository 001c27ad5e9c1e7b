"""What is planned to be spent, and what is spent beside it: by channel, team and campaign, as the rows of both say."""

from funnelcli.counting import measures
from funnelcli.metrics.costs import BESIDE_MONEY
from funnelcli.metrics.model import COSTS, Flow, Formula, Metric, Ratio
from funnelcli.text import Message
from funnelcli.values.figures import HUNDREDTHS, Unit

_SOURCE = "definitions: costs"
BUDGETED = "budgeted_cost_amount"

METRICS: tuple[Metric, ...] = (
    Metric(
        key=BUDGETED,
        label=Message("Budget of costs"),
        unit=Unit.AMOUNT,
        section=COSTS,
        kind=Flow(
            measure=measures.BUDGETED_COSTS,
            per=HUNDREDTHS,
            what=Message("the amounts of the budgets dated within the period"),
        ),
        definition=Message(
            "What the rows of budgets plan to spend in the period. A month's budget is dated its first day, as its "
            "costs are; what names no channel, team or campaign is unassigned, and spread over nothing."
        ),
        owner="marketing",
        good="neither",
        source=_SOURCE,
        after="actual_cost_amount",
        needs=("budgets",),
    ),
    Metric(
        key="cost_over_budget_amount",
        label=Message("Costs over budget"),
        unit=Unit.AMOUNT,
        section=COSTS,
        kind=Formula(plus=("actual_cost_amount",), minus=(BUDGETED,), together=True),
        definition=Message(
            "Costs of the period less what budgets plan for it; below 0 less was spent. What nobody planned for, like "
            "a campaign without a row, is over by all that it cost. Over several months: those that both tell of."
        ),
        owner="marketing",
        good="down",
        source=_SOURCE,
        after="actual_cost_amount",
        needs=("budgets",),
    ),
    Metric(
        key="budget_spent_rate",
        label=Message("Budget spent"),
        unit=Unit.RATE,
        section=COSTS,
        kind=Ratio(
            numerator="actual_cost_amount",
            denominator=BUDGETED,
            nothing=Message("nothing was planned"),
            beside=BESIDE_MONEY,
        ),
        definition=Message("Costs of the period over what budgets plan for it; above 100 % more was spent."),
        owner="marketing",
        good="neither",
        source=_SOURCE,
        after="actual_cost_amount",
        needs=("budgets",),
    ),
)
