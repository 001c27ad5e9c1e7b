"""Whether one metric over another is a share of people: whom the first counts are some of whom the second counts."""

from __future__ import annotations

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.counting import measures
from funnelcli.counting.measures import Measure, Where
from funnelcli.facts.dimensions import CHANNEL
from funnelcli.metrics.model import Balance, Flow, Formula, Kind
from funnelcli.values.channels import CHANNELS, Channel

# Each person counts once in them, whatever its rows.
_OF_PEOPLE = (
    measures.SIGNUPS, measures.REGISTERED_AT_START, measures.REGISTERED_AT_END, measures.NEW_PAID,
    measures.PAYING_AT_START, measures.PAYING_AT_END,
)  # fmt: skip


class _Counted(Struct, frozen=True, kw_only=True):
    """What a metric counts: of all rows, those of some channels that fit."""

    measure: Measure
    where: frozenset[Where]
    only: frozenset[Channel] | None


def among(above: Kind, below: Kind) -> Measure | None:
    """What counts the people of one metric, where all of them are counted by another; None where they need not be.

    >>> from funnelcli.metrics import CATALOGUE
    >>> kinds = {key: CATALOGUE[key].kind for key in ("paid_signups", "new_signups", "new_demo_bookings")}
    >>> among(kinds["paid_signups"], kinds["new_signups"]).where
    (Where(dimension='channel', globs=('paid',), left_out=False),)
    >>> among(kinds["new_demo_bookings"], kinds["new_signups"]) is None
    True
    """
    some, all_ = _counted(above), _counted(below)
    if some is None or all_ is None or some.measure != all_.measure or some.measure not in _OF_PEOPLE:
        return None
    of_channels = all_.only is None or (some.only is not None and some.only <= all_.only)
    if not of_channels or not some.where >= all_.where:
        return None
    return replace(some.measure, where=(*_of_channels(some.only), *sorted(some.where, key=lambda each: each.dimension)))


def _counted(kind: Kind) -> _Counted | None:
    """What a kind counts; a sum that is also counted at once counts that."""
    if isinstance(kind, Flow | Balance | Formula) and kind.measure is not None:
        plain, where = replace(kind.measure, where=()), frozenset(kind.measure.where)
        return _Counted(measure=plain, where=where, only=kind.only if isinstance(kind, Flow) else None)
    return None


def _of_channels(only: frozenset[Channel] | None) -> tuple[Where, ...]:
    if only is None:
        return ()
    return (Where(dimension=CHANNEL, globs=tuple(channel.value for channel in CHANNELS if channel in only)),)
