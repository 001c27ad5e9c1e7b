"""What can be named in a question, for who completes it: metrics, and the dimensions of a folder."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from funnelcli.config import Config
    from funnelcli.metrics.model import Metric


def metrics(own: tuple[Metric, ...] = ()) -> Iterator[tuple[str, str]]:
    """The key of every metric, with its label in English; ``own`` are those of some settings.

    >>> next(metrics())
    ('total_leads', 'Total leads (to date)')
    """
    from funnelcli.answers.catalogue import every
    from funnelcli.api.declared import declaring
    from funnelcli.metrics.model import Metric
    from funnelcli.values.periods import Grain

    with declaring(own):
        known = every()
    for metric in known:
        label = metric.label_for(Grain.MONTH) if isinstance(metric, Metric) else metric.label
        yield metric.key, label.of("en")


def dimensions(config: Config) -> Iterator[tuple[str, str]]:
    """The name of every dimension that there is with some settings, with its title in English."""
    from funnelcli.facts.dimensions import declared_dimensions

    for dimension in declared_dimensions(config).values():
        yield dimension.name, dimension.title.of("en")


def groups() -> Iterator[tuple[str, str]]:
    """The groups of people that a change can be split by beside the dimensions.

    >>> [name for name, _ in groups()]
    ['tenure', 'cohort', 'amount']
    """
    from funnelcli.counting.groups import GROUPINGS

    return ((name, grouping.dimension.title.of("en")) for name, grouping in GROUPINGS.items())


def assumptions() -> Iterator[tuple[str, str]]:
    """The key of every assumption of a plan, with its label in English.

    >>> next(assumptions())
    ('visitor_to_signup_rate', 'Visitor → RU')
    """
    from funnelcli.planning.labels import KEY_LABELS
    from funnelcli.planning.model import Key

    return ((key.value, KEY_LABELS[key].of("en")) for key in Key)


def deal_rates() -> Iterator[tuple[str, str]]:
    """The rates of the stages of deals as they are given, each with its label in English.

    >>> next(deal_rates())
    ('created_to_qualify', 'Created → Qualify')
    """
    from funnelcli.planning.keys import StageRate
    from funnelcli.planning.metrics import deal_stages

    rates = (stage.rate for stage in reversed(deal_stages()))
    return ((rate.name_given, rate.label.of("en")) for rate in rates if isinstance(rate, StageRate))


def journeys() -> Iterator[tuple[str, str]]:
    """The name of every journey, and the stages that it goes through.

    >>> next(journeys())[0]
    'funnel'
    """
    from funnelcli.facts.journeys import BUILT_IN

    return ((name, ", ".join(stage for stage, _ in stages(name))) for name in BUILT_IN)


def stages(journey: str) -> Iterator[tuple[str, str]]:
    """The stages of a journey, each with its label in English; none of one that there is not.

    >>> [stage for stage, _ in stages("funnel")]
    ['signup', 'demo_booked', 'demo_held', 'paid', 'lost']
    """
    from funnelcli.facts.journeys import BUILT_IN

    known = BUILT_IN.get(journey)
    return ((stage.name, stage.label.of("en")) for stage in (known.stages if known else ()))
