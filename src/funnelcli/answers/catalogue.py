"""The catalogue: the metrics of the dashboard and those of a plan, and how one is found by its key."""

import difflib

from funnelcli.metrics import SHOWN, find_metric
from funnelcli.metrics.model import Metric
from funnelcli.planning.metrics import PLANNED, PlannedMetric
from funnelcli.problems import UsageError


def every() -> tuple[Metric | PlannedMetric, ...]:
    """The dashboard's metrics in its order, then those of a plan."""
    return (*SHOWN, *PLANNED.values())


def find(key: str) -> Metric | PlannedMetric:
    """The metric of a key, the dashboard's or a plan's; UsageError with the closest where there is none."""
    folded = key.strip().casefold().replace("-", "_")
    close = difflib.get_close_matches(folded, PLANNED, n=1, cutoff=0.9)
    if folded not in PLANNED and close:
        raise UsageError(f"{key!r} is no metric. Did you mean {close[0]}?", hint="`funnelcli metrics` lists them all.")
    return PLANNED.get(folded) or find_metric(key)
