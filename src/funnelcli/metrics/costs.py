"""Costs: what was spent, and what a visit, a lead, a demo and a customer costs."""

from funnelcli.counting import measures
from funnelcli.metrics.model import COSTS, Flow, Metric
from funnelcli.text import Message
from funnelcli.values.figures import HUNDREDTHS, Unit

SOURCE = "definitions: costs"
OWNER = "marketing"

METRICS: tuple[Metric, ...] = (
    Metric(
        key="actual_cost_amount",
        label=Message("Costs"),
        unit=Unit.AMOUNT,
        section=COSTS,
        kind=Flow(
            measure=measures.COSTS,
            what=Message("the amounts of the costs dated within the period, credits taken off"),
            per=HUNDREDTHS,
        ),
        definition=Message(
            "What was spent in the period by the rows of costs; credits, which are below 0, are taken off. A month's "
            "costs are dated its first day. What names no channel is unassigned, and spread over nothing."
        ),
        owner=OWNER,
        good="neither",
        source=SOURCE,
    ),
    Metric(
        key="cost_impressions",
        label=Message("Ad impressions"),
        unit=Unit.NUMBER,
        section=COSTS,
        kind=Flow(measure=measures.COST_IMPRESSIONS, what=Message("impressions of the ads that the costs paid for")),
        definition=Message("How often the ads were shown that the costs of the period paid for."),
        owner=OWNER,
        good="neither",
        source=SOURCE,
        hide_zero=True,
    ),
    Metric(
        key="cost_clicks",
        label=Message("Ad clicks"),
        unit=Unit.NUMBER,
        section=COSTS,
        kind=Flow(measure=measures.COST_CLICKS, what=Message("clicks on the ads that the costs paid for")),
        definition=Message("Clicks on the ads that the costs of the period paid for."),
        owner=OWNER,
        good="neither",
        source=SOURCE,
        hide_zero=True,
    ),
)
