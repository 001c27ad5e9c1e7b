"""Customers after the sale: from the quote over setting up and training to staying; and people on ways of their own."""

from collections.abc import Iterator

from funnelcli.facts.journeys import CUSTOMER, Journey
from funnelcli.metrics.followed import journey_rates
from funnelcli.metrics.journeys import UNITS, Declaring, open_metric, stage_key, stage_metrics, within
from funnelcli.metrics.model import Flow, Formula, Metric, Ratio
from funnelcli.text import Message
from funnelcli.values.figures import Unit

OWNER = "customer_success"


def customer_metrics(journey: Journey) -> tuple[Metric, ...]:
    """Every figure of a journey of people or customers.

    >>> [metric.key for metric in customer_metrics(CUSTOMER)][:3]
    ['begun_journeys', 'entered_quote', 'entered_customer_contract']
    """
    return tuple(_all(Declaring.of(journey, built_in=CUSTOMER, owner=OWNER)))


def _all(of: Declaring) -> Iterator[Metric]:
    journey, unit = of.journey, UNITS[of.journey.entity]
    yield of.metric(
        "begun_journeys", Message("Journeys begun"), unit,
        Flow(measure=within(journey, "came"), what=Message("those who came to their first stage within the period")),
        Message("Those who came to the first of these stages that they have within the period."), "up",
    )  # fmt: skip
    stages = list(stage_metrics(journey, of.section, OWNER))
    yield from (metric for metric in stages if metric.shown)
    yield open_metric(journey, of.key("open_journeys"), Message("On the way"), of.section, OWNER)
    for end in (stage for stage in journey.stages if stage.end):
        yield of.metric(
            f"{end.name}_journeys", Message("{end}, of those on the way").filled(end=end.label), unit,
            Flow(measure=within(journey, end.name), what=Message("those who came to this end within the period")),
            Message("Those who came to this end within the period; whoever goes on later was on the way all the same."),
            "up" if end.won else "down",
        )  # fmt: skip
    for stage in (stage for stage in journey.ways if stage.optional):
        asked = stage_key(journey, "asked", stage.name)
        yield of.metric(
            asked, Message("{stage}: came to it or went past it").filled(stage=stage.label), unit,
            Formula(plus=(stage_key(journey, "entered", stage.name), stage_key(journey, "skipped", stage.name))),
            Message("Those who came to this stage within the period, or to a later one without it."), "neither",
            shown=False, is_own=True,
        )  # fmt: skip
        yield of.metric(
            stage_key(journey, "share_of", stage.name) + "_rate", Message("{stage}: share").filled(stage=stage.label),
            Unit.RATE,
            Ratio(
                numerator=stage_key(journey, "entered", stage.name), denominator=asked,
                nothing=Message("nobody came to it or went past it in the period"),
            ),
            Message("Of those who came to this stage, which may be skipped, or went past it, who came to it."),
            "neither", is_own=True,
        )  # fmt: skip
    yield from journey_rates(of)
    yield from (metric for metric in stages if not metric.shown)


METRICS: tuple[Metric, ...] = customer_metrics(CUSTOMER)
