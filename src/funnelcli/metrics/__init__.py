"""The catalogue: every metric of the dashboard, in the order it is shown, and how it is evaluated."""

import difflib
from collections.abc import Mapping, Sequence

from funnelcli.metrics import acquisition, sales
from funnelcli.metrics.model import CountsLike, Evaluation, Metric
from funnelcli.problems import UsageError
from funnelcli.values.channels import Channel
from funnelcli.values.figures import Value

CATALOGUE: Mapping[str, Metric] = {metric.key: metric for metric in (*acquisition.METRICS, *sales.METRICS)}
SHOWN: tuple[Metric, ...] = tuple(metric for metric in CATALOGUE.values() if metric.shown)


def find_metric(key: str) -> Metric:
    """The metric of a key (``-`` may stand for ``_``, capitals for small letters), or UsageError with the closest.

    >>> find_metric("New-Signups").label.en
    'New signups (RU)'
    """
    wanted = key.strip().casefold().replace("-", "_").replace(" ", "_")
    if wanted in CATALOGUE:
        return CATALOGUE[wanted]
    close = difflib.get_close_matches(wanted, CATALOGUE, n=3, cutoff=0.4)
    guess = f" Did you mean {' or '.join(close)}?" if close else ""
    raise UsageError(f"{key!r} is no metric.{guess}", hint="`funnelcli metrics` lists them all.")


def evaluate(counts: CountsLike, periods: int, channel: Channel | None) -> dict[str, tuple[Value, ...]]:
    """Metric key -> its value in each of the ``periods`` counted, for one channel or (None) the whole business."""
    columns: Sequence[Evaluation] = [
        Evaluation(catalogue=CATALOGUE, counts=counts, period=place, channel=channel) for place in range(periods)
    ]
    return {key: tuple(column.value(key) for column in columns) for key in CATALOGUE}
