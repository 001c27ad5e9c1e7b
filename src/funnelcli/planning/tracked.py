"""What targets may be of: the figures of a plan, and every other metric of the dashboard, its rates and amounts too."""

from collections.abc import Iterator
from functools import lru_cache

from funnelcli.metrics import CATALOGUE
from funnelcli.metrics.model import (
    Annualised,
    Balance,
    Flow,
    Formula,
    Metric,
    Monthly,
    Percentile,
    Product,
    Ranking,
    Ratio,
    Setting,
    Trailing,
)
from funnelcli.planning.declare import Kind, PaceOf, PlannedMetric, TotalOf
from funnelcli.planning.metrics import PLANNED
from funnelcli.values.periods import Grain


def tracked_metric(key: str) -> PlannedMetric:
    """The figure of a key: one of a plan, else the dashboard's metric as one.  KeyError where there is none.

    >>> tracked_metric("required_new_signups").total, tracked_metric("visitor_to_signup_rate").total
    ('sum', 'own')
    """
    return PLANNED[key] if key in PLANNED else _of_dashboard(CATALOGUE[key], _total_of(CATALOGUE[key]))


def of_dashboard_alone() -> Iterator[PlannedMetric]:
    """The metrics of the dashboard that are no figure of a plan, in the order they are shown."""
    alone = (metric for metric in CATALOGUE.values() if metric.key not in PLANNED and metric.basis == "period")
    yield from (_of_dashboard(metric, _total_of(metric)) for metric in alone)


@lru_cache(maxsize=256)
def _of_dashboard(metric: Metric, total: TotalOf) -> PlannedMetric:
    label = metric.label_for(Grain.MONTH)
    return PlannedMetric(
        key=metric.key,
        kind=Kind.MEASURED,
        label=label,
        short=label,
        unit=metric.unit,
        definition=metric.definition,
        formula=metric.kind.words,
        total=total,
        actual=metric.key,
        good="down" if metric.good == "down" else "up",
        judged=metric.good != "neither",
        pace=PaceOf.SHARE if total == "sum" else None,
        by_month=False,
    )


def _total_of(metric: Metric) -> TotalOf:
    """What a range shows of it: flows add up, balances are those of its first or last month, a rate is its own."""
    match metric.kind:
        case Flow() | Balance() as counted:
            return "own" if counted.over_range == "made" else counted.over_range
        case Ratio() | Product() | Trailing() | Setting() | Percentile() | Annualised() | Ranking():
            return "own"
        case Monthly():
            return "sum"
        case Formula() as formula:
            totals = {_total_of(CATALOGUE[key]) for key in (*formula.plus, *formula.minus)}
            return totals.pop() if len(totals) == 1 else "last"
