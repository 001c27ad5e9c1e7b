"""Opportunities: from the deals that are created to the contracts that are won."""

from collections.abc import Iterator

from funnelcli.counting.measures import Doubt, Measure
from funnelcli.facts.journeys import LOST, OPPORTUNITY, WON, Journey, trail_event
from funnelcli.metrics.followed import journey_rates
from funnelcli.metrics.journeys import Declaring, ended, open_metric, stage_metrics, unsure, within
from funnelcli.metrics.model import Balance, Flow, Formula, Metric, Product, Ratio
from funnelcli.text import Message
from funnelcli.values.figures import HUNDREDTHS, Missing, Unit

OWNER = "sales_enterprise"
NOTHING_CLOSED = Message("no deal was won or lost in the period")
NOTHING_WON = Message("no deal was won in the period")


def _worth_of_open(journey: Journey) -> Measure:
    ways = [stage.name for stage in journey.ways]
    return Measure(
        name="open_pipeline",
        plus=tuple(trail_event(journey, "worth_into", name) for name in ways),
        minus=tuple(trail_event(journey, "worth_out", name) for name in ways),
        when="before_end",
        doubts=(unsure(journey),),
    )


UNRATED = Missing("no-share-won", Message("of a stage with open deals nobody has had the window"))


def _weighted(journey: Journey) -> Measure:
    ways = [stage.name for stage in journey.ways]

    def events(kind: str) -> tuple[str, ...]:
        return tuple(trail_event(journey, kind, name) for name in ways)

    unknown = Doubt(events=events("unrated_into"), minus=events("unrated_out"), reason=lambda _: UNRATED)
    return Measure(
        name="weighted_pipeline", plus=events("weighted_into"), minus=events("weighted_out"), when="before_end",
        doubts=(unknown, unsure(journey, *ways)),
    )  # fmt: skip


def deal_metrics(journey: Journey) -> tuple[Metric, ...]:
    """Every figure of a journey of deals.

    >>> [metric.key for metric in deal_metrics(OPPORTUNITY)][:3]
    ['created_deals', 'entered_qualify', 'entered_discovery']
    """
    return tuple(_all(Declaring.of(journey, built_in=OPPORTUNITY, owner=OWNER)))


def _all(of: Declaring) -> Iterator[Metric]:
    journey, section = of.journey, of.section
    yield of.metric(
        "created_deals", Message("Deals created"), Unit.DEALS,
        Flow(measure=within(journey, "came"), what=Message("deals that came within the period")),
        Message("Deals created within the period; one without such a date counts when it came to its first stage."),
        "up",
    )  # fmt: skip
    stages = list(stage_metrics(journey, section, OWNER))
    yield from (metric for metric in stages if metric.shown)
    yield open_metric(journey, of.key("open_deals"), Message("Open deals"), section, OWNER)
    for end, label, good in ((WON, Message("Deals won"), "up"), (LOST, Message("Deals lost"), "down")):
        yield of.metric(
            f"{end}_deals", label, Unit.DEALS,
            Flow(measure=ended(journey, end), what=Message("deals that came to this end within the period")),
            Message(
                "Deals dated by when they were closed; an open one's closing day is only expected. A deal counts once, "
                "by its last end in the period: one that was open again when that ended is neither won nor lost in it."
            ),
            "up" if good == "up" else "down",
        )  # fmt: skip
        yield of.metric(
            f"{end}_amount", Message("Amount won") if end == WON else Message("Amount lost"), Unit.AMOUNT,
            Flow(
                measure=ended(journey, f"worth_{end}"),
                what=Message("the amounts of the deals that came to this end within the period"), per=HUNDREDTHS,
            ),
            Message("What these deals are worth; one without an amount is left out of it, and in the number of deals."),
            "up" if good == "up" else "down",
        )  # fmt: skip
    yield of.metric(
        "closed_deals", Message("Deals closed"), Unit.DEALS, Formula(plus=(of.key("won_deals"), of.key("lost_deals"))),
        Message("Deals won or lost within the period."), "neither", shown=False,
    )  # fmt: skip
    yield of.metric(
        "closed_amount", Message("Amount closed"), Unit.AMOUNT,
        Formula(plus=(of.key("won_amount"), of.key("lost_amount"))),
        Message("What the deals won or lost within the period are worth."), "neither", shown=False,
    )  # fmt: skip
    yield of.metric(
        "win_rate", Message("Win rate"), Unit.RATE,
        Ratio(
            numerator=of.key("won_deals"), denominator=of.key("closed_deals"), nothing=NOTHING_CLOSED,
            among=ended(journey, WON),
        ),
        Message("Of the deals closed in the period the share that was won. Open ones are neither won nor lost."), "up",
    )  # fmt: skip
    yield of.metric(
        "win_amount_rate", Message("Win rate by amount"), Unit.RATE,
        Ratio(numerator=of.key("won_amount"), denominator=of.key("closed_amount"), nothing=NOTHING_CLOSED),
        Message("Of what the deals closed in the period are worth, the share that was won."), "up",
    )  # fmt: skip
    yield of.metric(
        "priced_won_deals", Message("Deals won that have an amount"), Unit.DEALS,
        Flow(measure=ended(journey, f"priced_{WON}"), what=Message("deals won that have an amount")),
        Message("Deals won within the period whose amount is known."), "neither", shown=False,
    )  # fmt: skip
    yield of.metric(
        "average_won_amount", Message("Average deal won"), Unit.AMOUNT,
        Ratio(numerator=of.key("won_amount"), denominator=of.key("priced_won_deals"), nothing=NOTHING_WON),
        Message("What a deal won in the period is worth on average, of those that have an amount."), "up",
    )  # fmt: skip
    yield of.metric(
        "days_of_won_deals", Message("Days of the deals won"), Unit.DAYS,
        Flow(
            measure=ended(journey, f"days_{WON}"),
            what=Message("days from the creation of a deal to the day it was won"),
        ),
        Message("The days that the deals won in the period took, added up."), "neither", shown=False,
    )  # fmt: skip
    yield of.metric(
        "average_won_days", Message("Average days to win"), Unit.DAYS,
        Ratio(numerator=of.key("days_of_won_deals"), denominator=of.key("won_deals"), nothing=NOTHING_WON),
        Message("Days from the creation of a deal to the day it was won, on average of those won in the period."),
        "down",
    )  # fmt: skip
    yield of.metric(
        "open_pipeline_amount", Message("Open pipeline"), Unit.AMOUNT,
        Balance(
            measure=_worth_of_open(journey), what=Message("the amounts of the deals open when the period ended"),
            per=HUNDREDTHS,
        ),
        Message("What the deals open at the end of the period are worth, by the amount that the export has today."),
        "up",
    )  # fmt: skip
    yield of.metric(
        "weighted_pipeline_amount", Message("Open pipeline, weighted"), Unit.AMOUNT,
        Balance(
            measure=_weighted(journey),
            what=Message("the amounts of the deals open when the period ended, times the share that is won from there"),
            per=HUNDREDTHS,
        ),
        Message(
            "What the deals open at the end of the period are worth, each times the share of those who came to its "
            "stage that was won within the window, of all whose window is over by as_of."
        ),
        "up", basis="cohort",
    )  # fmt: skip
    yield of.metric(
        "sales_velocity_amount", Message("Sales velocity (a day)"), Unit.AMOUNT,
        Product(
            times=(of.key("open_deals"), of.key("win_rate"), of.key("average_won_amount")),
            over=(of.key("average_won_days"),),
            nothing=Message("the deals won took no day"),
        ),
        Message("Open deals × win rate × average deal won / average days to win: money a day."), "up",
    )  # fmt: skip
    yield from journey_rates(of)
    yield from (metric for metric in stages if not metric.shown)


METRICS: tuple[Metric, ...] = deal_metrics(OPPORTUNITY)
