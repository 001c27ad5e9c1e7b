"""Cash beside revenue: what customers paid, and what was paid back, on the days on which it happened."""

from funnelcli.counting.measures import COLLECTED, REFUNDED
from funnelcli.metrics.model import SUCCESS, Flow, Metric
from funnelcli.text import Message
from funnelcli.values.figures import HUNDREDTHS, Unit

OWNER, SOURCE = "customer_success", "definitions: cash"

METRICS: tuple[Metric, ...] = (
    Metric(
        key="collected_amount",
        label=Message("Cash collected"),
        unit=Unit.AMOUNT,
        section=SUCCESS,
        kind=Flow(measure=COLLECTED, what=Message("the amounts paid within the period"), per=HUNDREDTHS),
        definition=Message(
            "Amounts above 0 by the day on which they were paid (without it the start of their row), also what was "
            "paid back since. Cash moves no MRR. Missing where rows state the price of an interval and last longer."
        ),
        owner=OWNER,
        good="up",
        source=SOURCE,
    ),
    Metric(
        key="refunded_amount",
        label=Message("Cash refunded"),
        unit=Unit.AMOUNT,
        section=SUCCESS,
        kind=Flow(measure=REFUNDED, what=Message("the amounts paid back within the period"), per=HUNDREDTHS),
        definition=Message(
            "Amounts below 0 by their day, and what the column of refunds says by the day of the refund (without it "
            "that of the payment). Refunds move no MRR; a row paid back in whole makes nobody a paid user."
        ),
        owner=OWNER,
        good="down",
        source=SOURCE,
    ),
)
