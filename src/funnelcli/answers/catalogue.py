"""The catalogue: the metrics of the dashboard and those of a plan, and how one is found by its key."""

import difflib
from collections import defaultdict
from collections.abc import Mapping, Sequence

from funnelcli.metrics import CATALOGUE, find_metric, no_metric, shown
from funnelcli.metrics.model import Metric
from funnelcli.planning.metrics import PLANNED, PlannedMetric
from funnelcli.problems import UsageError
from funnelcli.text import Message, said_in_all
from funnelcli.values.periods import Grain

# The words that stand for the metrics that are declared now, as they were last looked up.
_Metrics = Sequence[Metric | PlannedMetric]
_LABELS: dict[tuple[int, ...], tuple[_Metrics, Mapping[str, _Metrics]]] = {}


def every() -> tuple[Metric | PlannedMetric, ...]:
    """All metrics that are shown: the dashboard's in its order, then those of a plan."""
    return (*shown(), *PLANNED.values())


def find(key: str) -> Metric | PlannedMetric:
    """The metric of a key, or of the words that stand for it on a page, the dashboard's or a plan's.

    UsageError with the closest where there is none.

    >>> find("new_paid_users").key, find("- Organic (brand)").key, find("Tỷ lệ rời bỏ").key
    ('new_paid_users', 'organic_signups', 'paid_user_churn_rate')
    """
    folded = key.strip().casefold().replace("-", "_")
    close = difflib.get_close_matches(folded, PLANNED, n=1, cutoff=0.9)
    if folded not in PLANNED and close:
        raise no_metric(key, close)
    if folded in PLANNED:
        return PLANNED[folded]
    return CATALOGUE.get(folded.replace(" ", "_")) or _labelled(key) or find_metric(key)


def _labelled(words: str) -> Metric | PlannedMetric | None:
    """The metric that words stand for in some language; of the dashboard's and a plan's with the same, the former."""
    from funnelcli.answers.targets_names import fold

    of_words = _by_label().get(fold(words), ())
    own = [metric for metric in of_words if isinstance(metric, Metric)] or of_words
    return own[0] if len(own) == 1 else None


def _by_label() -> Mapping[str, _Metrics]:
    """The metrics by each of the words that stand for them; kept until others are declared."""
    from funnelcli.answers.targets_names import fold

    metrics = tuple(every())
    key = tuple(map(id, metrics))
    if key not in _LABELS:
        of_words: dict[str, list[Metric | PlannedMetric]] = defaultdict(list)
        for metric in metrics:
            known = [metric.label_for(grain) for grain in Grain] if isinstance(metric, Metric) else [metric.label]
            for folded in {fold(said) for label in known for said in said_in_all(label)}:
                of_words[folded].append(metric)
        _LABELS.clear()
        _LABELS[key] = (metrics, of_words)  # with the metrics, so that no others take their places in memory
    return _LABELS[key][1]


def dashboard_metric(key: str) -> Metric:
    """The metric of a key; UsageError where there is none, or where it is a figure of a plan, not of the exports."""
    metric = find(key)
    if isinstance(metric, Metric):
        return metric
    raise UsageError(
        Message("{key} is a figure of a plan, not of the exports.").filled(key=metric.key),
        hint=Message("funnelcli explain {key} says what it is; funnelcli targets computes it.").filled(key=metric.key),
    )
