"""The catalogue: the metrics of the dashboard and those of a plan, and how one is found by its key."""

import difflib

from funnelcli.metrics import find_metric, no_metric, shown
from funnelcli.metrics.model import Metric
from funnelcli.planning.metrics import PLANNED, PlannedMetric
from funnelcli.problems import UsageError
from funnelcli.text import Message


def every() -> tuple[Metric | PlannedMetric, ...]:
    """All metrics that are shown: the dashboard's in its order, then those of a plan."""
    return (*shown(), *PLANNED.values())


def find(key: str) -> Metric | PlannedMetric:
    """The metric of a key, the dashboard's or a plan's; UsageError with the closest where there is none."""
    folded = key.strip().casefold().replace("-", "_")
    close = difflib.get_close_matches(folded, PLANNED, n=1, cutoff=0.9)
    if folded not in PLANNED and close:
        raise no_metric(key, close)
    return PLANNED.get(folded) or find_metric(key)


def dashboard_metric(key: str) -> Metric:
    """The metric of a key; UsageError where there is none, or where it is a figure of a plan, not of the exports."""
    metric = find(key)
    if isinstance(metric, Metric):
        return metric
    raise UsageError(
        Message("{key} is a figure of a plan, not of the exports.").filled(key=metric.key),
        hint=Message("funnelcli explain {key} says what it is; funnelcli targets computes it.").filled(key=metric.key),
    )
