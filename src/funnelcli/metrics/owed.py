"""Commission: what the policies pay for what came about, when it is due, and what is clawed back."""

from funnelcli.counting import commission
from funnelcli.counting.measures import Measure
from funnelcli.facts.earnings import PARTS
from funnelcli.metrics.model import COSTS, Balance, Flow, Good, Metric
from funnelcli.text import Message, Text
from funnelcli.values.figures import Unit


def _metric(
    key: str,
    label: Text,
    measure: Measure,
    what: Text,
    definition: Text,
    good: Good = "neither",
    *,
    hide_zero: bool = False,
) -> Metric:
    is_balance = measure.when != "within"
    kind = Balance(measure=measure, what=what, per=PARTS) if is_balance else Flow(measure=measure, what=what, per=PARTS)
    return Metric(
        key=key, label=label, unit=Unit.AMOUNT, section=COSTS, kind=kind, definition=definition, owner="marketing",
        good=good, source="definitions: commission", hide_zero=hide_zero, needs=(),
    )  # fmt: skip


EARNED = _metric(
    "commission_earned_amount",
    Message("Commission earned"),
    commission.EARNED,
    Message("the commission of visits, signups, bookings and first paid days within the period"),
    Message(
        "What the policies pay for the visits, signups, bookings and new PU of the period. A share is of 12 times the "
        "MRR that a customer begins with; who comes back earns nothing."
    ),
)

PAYABLE = _metric(
    "commission_payable_amount",
    Message("Commission payable"),
    commission.PAYABLE,
    Message("the commission that falls due within the period"),
    Message(
        "Commission that falls due in the period, pay_after after the day on which it was earned, of whoever had not "
        "been lost by then."
    ),
)

CLAWED_BACK = _metric(
    "commission_clawed_back_amount",
    Message("Commission clawed back"),
    commission.CLAWED_BACK,
    Message("the commission of customers lost within the period, by its due day"),
    Message(
        "Commission of customers who left by its due day, that day included, on the day of the loss; for good, even "
        "where they come back."
    ),
    good="down",
    hide_zero=True,
)

HELD = _metric(
    "commission_held_amount",
    Message("Commission held at the end"),
    commission.HELD,
    Message("the commission that was earned and is neither due nor clawed back when the period ends"),
    Message(
        "Commission earned by then that was neither payable nor clawed back: earned = clawed back + payable + held."
    ),
    hide_zero=True,
)

METRICS = (EARNED, PAYABLE, CLAWED_BACK, HELD)
