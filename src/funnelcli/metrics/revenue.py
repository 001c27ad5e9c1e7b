"""Revenue: what moved the MRR, what is kept of it, and how it hangs on few customers."""

from collections.abc import Iterator

from funnelcli.counting import measures
from funnelcli.counting.measures import Measure
from funnelcli.metrics.model import REVENUE, Balance, Flow, Formula, Good, Metric, Ratio, Trailing
from funnelcli.text import Message, Text
from funnelcli.values.figures import HUNDREDTHS, Unit

SOURCE = "definitions: mrr movements"
OWNER = "customer_success"
NO_OPENING = Message("no MRR at the start of the period")
NOTHING_LOST = Message("nothing was lost")
# An amount over another is no share of people.
_AMOUNTS = Message("an amount over another is no share of people")


def _moved(key: str, label: Text, measure: Measure, definition: Text, good: Good, owner: str = OWNER) -> Metric:
    """A movement of MRR; what is taken is shown as the amount that is lost."""
    return Metric(
        key=key, label=label, unit=Unit.AMOUNT, section=REVENUE, definition=definition, owner=owner, good=good,
        kind=Flow(measure=measure, what=Message("the changes of customers' MRR of this kind within the period"),
                  per=-HUNDREDTHS if measure in (measures.CONTRACTION_MRR, measures.CHURNED_MRR) else HUNDREDTHS),
        source=SOURCE, between_parts=measure is measures.TRANSFERRED_MRR,
    )  # fmt: skip


def _level(key: str, label: Text, measure: Measure, what: Text, definition: Text, *, shown: bool = True) -> Metric:
    return Metric(
        key=key, label=label, unit=Unit.AMOUNT, section=REVENUE,
        kind=Balance(measure=measure, what=what, per=HUNDREDTHS), definition=definition, owner=OWNER,
        good="up" if shown else "neither", source=SOURCE, shown=shown,
    )  # fmt: skip


def _sum(key: str, label: Text, plus: tuple[str, ...], minus: tuple[str, ...], definition: Text, good: Good) -> Metric:
    return Metric(
        key=key, label=label, unit=Unit.AMOUNT, section=REVENUE, kind=Formula(plus=plus, minus=minus),
        definition=definition, owner=OWNER, good=good, source=SOURCE, shown=key == "net_new_mrr_amount",
    )  # fmt: skip


def _share(key: str, label: Text, above: str, below: str, nothing: Text, definition: Text, good: Good) -> Metric:
    return Metric(
        key=key, label=label, unit=Unit.RATE if key.endswith("_rate") else Unit.NUMBER, section=REVENUE,
        kind=Ratio(numerator=above, denominator=below, nothing=nothing, beside=_AMOUNTS),
        definition=definition, owner=OWNER, good=good, source=SOURCE,
    )  # fmt: skip


def _bridge() -> Iterator[Metric]:
    yield _level(
        "opening_mrr_amount", Message("MRR at start of {grain}"), measures.MRR_AT_START,
        Message("the monthly amounts of the customers paying when the period began"),
        Message("Monthly recurring revenue of the customers who were paying when the period began."),
    )  # fmt: skip
    yield _moved(
        "new_mrr_amount", Message("New MRR"), measures.NEW_MRR,
        Message("MRR of customers on the first day of their first stay, or when they first pay anything at all."),
        "up", "sales_enterprise",
    )  # fmt: skip
    yield _moved(
        "reactivation_mrr_amount", Message("Reactivation MRR"), measures.REACTIVATION_MRR,
        Message("MRR of customers who come back, on the first day of a later stay."), "up",
    )  # fmt: skip
    yield _moved(
        "expansion_mrr_amount", Message("Expansion MRR"), measures.EXPANSION_MRR,
        Message("By how much the MRR of customers rose on days within a stay; it is one change a customer and day."),
        "up",
    )  # fmt: skip
    yield _moved(
        "contraction_mrr_amount", Message("Contraction MRR"), measures.CONTRACTION_MRR,
        Message("By how much the MRR of customers fell on days within a stay, while they stayed customers."), "down",
    )  # fmt: skip
    yield _moved(
        "churned_mrr_amount", Message("Churned MRR"), measures.CHURNED_MRR,
        Message("MRR that customers paid before the last day of a stay, dated by that day."), "down",
    )  # fmt: skip
    yield _moved(
        "transferred_mrr_amount", Message("MRR from and to others"), measures.TRANSFERRED_MRR,
        Message(
            "MRR that goes with customers from one part, like a plan, to another on one day: 0 on the whole. Their net "
            "change is the movement of the part that moved most that way."
        ), "neither",
    )  # fmt: skip
    yield _sum(
        "net_new_mrr_amount", Message("Net new MRR"),
        ("new_mrr_amount", "reactivation_mrr_amount", "expansion_mrr_amount"),
        ("contraction_mrr_amount", "churned_mrr_amount"),
        Message("All that moved MRR within the period: what came less what went."), "up",
    )  # fmt: skip
    yield Metric(
        key="moved_closing_mrr_amount", label=Message("MRR at end of {grain}"), unit=Unit.AMOUNT, section=REVENUE,
        kind=Formula(
            plus=("opening_mrr_amount", "net_new_mrr_amount"), between_parts=("transferred_mrr_amount",),
            measure=measures.MRR_AT_END, per=HUNDREDTHS,
        ),
        definition=Message("MRR at the start of the period and all that moved it: MRR when the period ended."),
        owner=OWNER, good="up", source=SOURCE, shown=False, like="closing_mrr_amount",
    )  # fmt: skip
    yield _sum(
        "gained_mrr_amount", Message("MRR won"), (
            "new_mrr_amount", "expansion_mrr_amount", "reactivation_mrr_amount"
        ), (), Message("New, expansion and reactivation MRR of the period."), "up",
    )  # fmt: skip
    yield _sum(
        "lost_mrr_amount", Message("MRR lost"), ("churned_mrr_amount", "contraction_mrr_amount"), (),
        Message("Churned and contraction MRR of the period."), "down",
    )  # fmt: skip
    yield _sum(
        "net_lost_mrr_amount", Message("MRR lost, net"), ("churned_mrr_amount", "contraction_mrr_amount"),
        ("expansion_mrr_amount", "reactivation_mrr_amount"),
        Message("Churned and contraction MRR of the period, less expansion and reactivation."), "down",
    )  # fmt: skip


def _kept() -> Iterator[Metric]:
    yield _level(
        "known_opening_mrr_amount", Message("MRR at start of {grain} of the customers in the exports"),
        measures.MRR_OF_KNOWN_AT_START, Message("the monthly amounts of the customers paying when the period began"),
        Message("MRR when the period began of the customers in the exports, without what [opening] gives."),
        shown=False,
    )  # fmt: skip
    yield _level(
        "kept_mrr_amount", Message("MRR now of those who had any at the start"), measures.KEPT_MRR,
        Message("the MRR at the end of the customers who had some when the period began"),
        Message("MRR when the period ended of the customers who had some when it began."), shown=False,
    )  # fmt: skip
    yield _level(
        "capped_kept_mrr_amount", Message("MRR now of those who had any at the start, at most what it was"),
        measures.KEPT_MRR_CAPPED,
        Message("the MRR at the end of the customers who had some when the period began, each at most that"),
        Message("MRR when the period ended of the customers who had some when it began, of each at most what it was."),
        shown=False,
    )  # fmt: skip
    yield _level(
        "largest_mrr_amount", Message("MRR of the ten largest customers"), measures.LARGEST_MRR,
        Message("the monthly amounts of the ten customers who pay most"),
        Message("MRR when the period ended of the ten customers in the exports who pay most."),
        shown=False,
    )  # fmt: skip


def _rates() -> Iterator[Metric]:
    yield _share(
        "gross_mrr_churn_rate", Message("Gross MRR churn"), "lost_mrr_amount", "opening_mrr_amount", NO_OPENING,
        Message("Churned and contraction MRR over the MRR at the start of the period."), "down",
    )  # fmt: skip
    yield _share(
        "net_mrr_churn_rate", Message("Net MRR churn"), "net_lost_mrr_amount", "opening_mrr_amount", NO_OPENING,
        Message(
            "Churned and contraction MRR less expansion and reactivation, over the MRR at the start of the period. "
            "Below 0 customers bring more than is lost."
        ), "down",
    )  # fmt: skip
    for key, label, above, text in (
        (
            "net_revenue_retention_rate", Message("Net revenue retention (NRR)"), "kept_mrr_amount",
            Message("What those who had MRR at the start of the period pay at its end, over what they paid then."),
        ),
        (
            "gross_revenue_retention_rate", Message("Gross revenue retention (GRR)"), "capped_kept_mrr_amount",
            Message(
                "What those who had MRR at the start of the period pay at its end, of each at most what it paid then, "
                "over that: never above 100 %."
            ),
        ),
    ):  # fmt: skip
        yield _share(key, label, above, "known_opening_mrr_amount", NO_OPENING, text, "up")
        yield Metric(
            key=key.replace("_rate", "_12m_rate"), label=Message("{label}, 12 months").filled(label=label),
            unit=Unit.RATE, section=REVENUE, kind=Trailing(of=key, months=12),
            definition=Message("{label} over the 12 months before the end of the period.").filled(label=label),
            owner=OWNER, good="up", source=SOURCE,
        )  # fmt: skip
    yield _share(
        "mrr_quick_ratio", Message("Quick ratio"), "gained_mrr_amount", "lost_mrr_amount", NOTHING_LOST,
        Message("New, expansion and reactivation MRR over contraction and churned MRR: how often what is lost is won."),
        "up",
    )  # fmt: skip
    yield _share(
        "concentration_rate", Message("Share of the ten largest customers"), "largest_mrr_amount",
        "closing_mrr_amount", Message("no MRR at the end of the period"),
        Message("MRR of the ten customers who pay most, over all MRR at the end of the period."),
        "down",
    )  # fmt: skip


METRICS: tuple[Metric, ...] = (*_bridge(), *_rates(), *_kept())
