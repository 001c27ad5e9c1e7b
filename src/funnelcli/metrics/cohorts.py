"""Rates of the same people: of those who entered a stage in a period, the share that got to a later one in time."""

from collections.abc import Iterator

from funnelcli.counting.measures import Doubt, Measure
from funnelcli.counting.pairs import PAIRS, Pair
from funnelcli.counting.reasons import starts_unknown_reason
from funnelcli.metrics.model import SALES, Flow, Kind, Metric, Ratio
from funnelcli.text import Message, Text
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


def of_pair(pair: Pair) -> Iterator[Metric]:
    """The metrics of two stages: the rate, and the people that it is made of, who are shown with it alone."""
    start, goal = _STAGES[pair.start], _STAGES[pair.goal]
    label = _LABELS[pair.key]

    def metric(name: str, label: Text, kind: Kind, definition: Text, unit: Unit = Unit.PEOPLE) -> Metric:
        return Metric(
            key=f"{pair.key}_{name}", label=label, unit=unit, section=SALES, kind=kind, definition=definition,
            owner="sales_enterprise", good="up", source="definitions: period rates and cohort rates",
            shown=unit is Unit.RATE, basis="cohort", after=_AFTER[pair.key],
        )  # fmt: skip

    def people(name: str, event: str, label: Text, what: Text, definition: Text) -> Metric:
        doubts = (Doubt(events=(pair.undated,), reason=starts_unknown_reason),) if event == pair.converted else ()
        measure = Measure(name=f"{pair.key}_{name}", plus=(event,), when="within", doubts=doubts)
        return metric(name, label, Flow(measure=measure, what=what), definition)

    names = {"start": start, "goal": goal}
    yield metric(
        "cohort_rate",
        label,
        Ratio(
            numerator=f"{pair.key}_converted",
            denominator=f"{pair.key}_matured",
            everybody=f"{pair.key}_entered",
            nothing=Message("nobody entered in the period"),
        ),
        Message(
            "Of those who {start} in the period, for the first time, the share that {goal} within the window (90 days, "
            "or --window), once that is over for all of them: the same people, however long after."
        ).filled(**names),
        Unit.RATE,
    )
    yield people(
        "entered",
        pair.entered,
        Message("{rate}: entered").filled(rate=label),
        Message("people who first {start} within the period").filled(start=start),
        Message("People who {start} within the period, for the first time.").filled(**names),
    )
    yield people(
        "matured",
        pair.matured,
        Message("{rate}: whose window is over").filled(rate=label),
        Message("people who first {start} within the period, and whose window is over").filled(start=start),
        Message("Those who {start} in the period, for the first time, whose window is over by as_of.").filled(**names),
    )
    yield people(
        "converted",
        pair.converted,
        Message("{rate}: got on").filled(rate=label),
        Message("of these, those who {goal} within their window").filled(goal=goal),
        Message(
            "Of those who {start} in the period and whose window is over, those who {goal} within it, or came past it."
        ).filled(**names),
    )


METRICS: tuple[Metric, ...] = tuple(metric for pair in PAIRS for metric in of_pair(pair))
