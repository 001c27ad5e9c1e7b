"""The catalogue: every metric, in the order it is shown, and how it is evaluated.

Every module of this folder that declares ``METRICS`` is found by itself.
"""

import difflib
import importlib
import pkgutil
from collections.abc import Iterable, Iterator, Mapping, Sequence

from funnelcli.metrics.evaluation import Evaluation, ReachingCounts
from funnelcli.metrics.made_of import made_of
from funnelcli.metrics.model import Metric
from funnelcli.problems import UsageError
from funnelcli.text import Message, did_you_mean
from funnelcli.values.declared import Declared
from funnelcli.values.figures import Value
from funnelcli.values.slices import Slice


def _declared() -> Iterator[Metric]:
    """The metrics that the modules of this folder declare, by section."""
    modules = [importlib.import_module(f"{__name__}.{module.name}") for module in pkgutil.iter_modules(__path__)]
    metrics = [metric for module in modules for metric in getattr(module, "METRICS", ())]
    followers: dict[str, list[Metric]] = {}
    for metric in metrics:
        if metric.after is not None:
            followers.setdefault(metric.after, []).append(metric)
    for metric in sorted(metrics, key=lambda metric: metric.section.rank):
        if metric.after is None:
            yield from (metric, *followers.get(metric.key, ()))


def _gives_way(metric: Metric, more: tuple[Metric, ...]) -> bool:
    """Whether a metric is of a journey that settings declare anew."""
    section = metric.section
    return section.is_journey and any(m.section.key == section.key and m.section is not section for m in more)


CATALOGUE: Declared[Metric] = Declared(
    collect=_declared, order=lambda metric: metric.section.rank, gives_way=_gives_way
)


def shown() -> tuple[Metric, ...]:
    """The metrics that people and programs see; the others are only what these are made of."""
    return tuple(metric for metric in CATALOGUE.values() if metric.shown)


def also_in(section: str) -> Mapping[str, str]:
    """The metrics of other sections that stand in a section too, by key, each with the one that it follows there.

    >>> also_in("revenue")
    {'closing_mrr_amount': 'net_new_mrr_amount'}
    """
    return CATALOGUE.following(_also).get(section, {})


def _also(catalogue: Mapping[str, Metric]) -> Mapping[str, Mapping[str, str]]:
    """By section, what stands in it beside its own metrics."""
    also: dict[str, dict[str, str]] = {}
    for metric in catalogue.values():
        if metric.section.also:
            also.setdefault(metric.section.key, {}).update(metric.section.also)
    return also


def find_metric(key: str) -> Metric:
    """The metric of a key (``-`` may stand for ``_``, capitals for small letters), or UsageError with the closest.

    >>> find_metric("New-Signups").label.of("en")
    'New signups (RU)'
    """
    wanted = key.strip().casefold().replace("-", "_").replace(" ", "_")
    if wanted in CATALOGUE:
        return CATALOGUE[wanted]
    close = difflib.get_close_matches(wanted, CATALOGUE, n=3, cutoff=0.4)
    having = [name for name in CATALOGUE if f"_{wanted}_" in f"_{name}_"]  # what is shorter is never close
    raise no_metric(key, close or having[:3])


def no_metric(key: str, close: Sequence[str]) -> UsageError:
    """The error of a key that is no metric's, with the closest ones."""
    return UsageError(
        Message("{key!r} is no metric.{guess}").filled(key=key, guess=did_you_mean(close)),
        hint=Message("`funnelcli metrics` lists them all."),
    )


def with_behind(metrics: Iterable[Metric]) -> tuple[str, ...]:
    """The keys of metrics and of all that they are made of, in parts or the whole, in the catalogue's order.

    >>> with_behind([CATALOGUE["demo_to_paid_rate"]])
    ('new_demo_bookings', 'new_paid_users', 'demo_to_paid_rate')
    """
    behind: set[str] = set()
    for metric in metrics:
        behind |= _behind(metric)
    return tuple(key for key in CATALOGUE if key in behind)


def stands_on(metric: Metric, key: str) -> bool:
    """Whether a metric is the one of a key, or made of it, in parts or the whole.

    >>> [stands_on(CATALOGUE["demo_to_paid_rate"], key) for key in ("new_paid_users", "new_signups")]
    [True, False]
    """
    return key in _behind(metric)


def _behind(metric: Metric) -> frozenset[str]:
    keys_of = CATALOGUE.following(_keys_of)
    return frozenset({metric.key}).union(*(keys_of[key] for key in metric.ever_made_of))


def _keys_of(catalogue: Mapping[str, Metric]) -> Mapping[str, frozenset[str]]:
    """The keys of all that each metric is made of, in parts or the whole, its own among them."""
    known: dict[str, frozenset[str]] = {}

    def of(key: str) -> frozenset[str]:
        if key not in known:
            known[key] = frozenset({key}).union(*map(of, catalogue[key].ever_made_of))
        return known[key]

    return {key: of(key) for key in catalogue}


def evaluate(
    counts: ReachingCounts, periods: int, part: Slice | None, keys: Iterable[str] | None = None
) -> dict[str, tuple[Value, ...]]:
    """Metric key -> its value in each of the ``periods`` counted, for one part or (None) the whole business.

    Those of the ``keys`` alone, where some are given: see ``with_behind``.
    """
    behind = CATALOGUE.following(made_of)
    first = Evaluation(catalogue=behind.catalogue, counts=counts, period=0, part=part, made_of=behind)
    columns: Sequence[Evaluation] = [first, *(first.beside(place) for place in range(1, periods))]
    wanted = CATALOGUE if keys is None else keys
    return {key: tuple(column.value(key) for column in columns) for key in wanted}
