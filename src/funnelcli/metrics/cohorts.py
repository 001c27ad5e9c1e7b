"""Rates of the same people of the dashboard: of those who entered in a period, the share that got on in time."""

from collections.abc import Iterator

from funnelcli.counting.pairs import PAIRS, Pair
from funnelcli.metrics.followed import Said, followed_metrics
from funnelcli.metrics.model import SALES, Metric
from funnelcli.text import Message
from funnelcli.values.figures import Unit

_LABELS = {
    "signup_to_demo_booked": Message("RU → Demo, same people"),
    "demo_booked_to_paid": Message("Demo → PU, same people"),
    "signup_to_paid": Message("RU → PU, same people"),
}
_STAGES = {
    "signup": Message("registered"),
    "demo_booked": Message("booked their first demo"),
    "paid": Message("paid"),
}
_AFTER = {
    "signup_to_demo_booked": "signup_to_demo_rate",
    "demo_booked_to_paid": "demo_to_paid_rate",
    "signup_to_paid": "demo_to_paid_rate",
}
_RATE = Message(
    "Of those who {start} in the period, for the first time, the share that {goal} within the window (90 days, "
    "or --window), once that is over for all of them: the same people, however long after."
)
_PEOPLE = (
    Message("People who {start} within the period, for the first time."),
    Message("Those who {start} in the period, for the first time, whose window is over by as_of."),
    Message(
        "Of those who {start} in the period and whose window is over, those who {goal} within it, or came past it."
    ),
)
_WHAT = (
    Message("people who first {start} within the period"),
    Message("people who first {start} within the period, and whose window is over"),
    Message("of these, those who {goal} within their window"),
)


def of_pair(pair: Pair) -> Iterator[Metric]:
    """The metrics of two stages of the funnel."""
    names = {"start": _STAGES[pair.start], "goal": _STAGES[pair.goal]}
    said = Said(
        label=_LABELS[pair.key],
        rate=_RATE.filled(**names),
        people=(_PEOPLE[0].filled(**names), _PEOPLE[1].filled(**names), _PEOPLE[2].filled(**names)),
        what=(_WHAT[0].filled(**names), _WHAT[1].filled(**names), _WHAT[2].filled(**names)),
        nothing=Message("nobody entered in the period"),
    )
    source = "definitions: period rates and cohort rates"
    yield from followed_metrics(pair, said, SALES, "sales_enterprise", source, Unit.PEOPLE, _AFTER[pair.key])


METRICS: tuple[Metric, ...] = tuple(metric for pair in PAIRS for metric in of_pair(pair))
