"""How a figure is made of others, declared for the formats that can work it out again, as a workbook does.

Metrics go by their keys; the figures stand in rows that have those keys.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal, assert_never

from msgspec import Struct

from funnelcli.metrics import CATALOGUE
from funnelcli.metrics.identities import CLOSINGS, parts_of_channels
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
from funnelcli.text import Message, Text
from funnelcli.values.slices import Slice


class Counted(Struct, frozen=True):
    """Counted from the rows of the exports."""


class Divided(Struct, frozen=True, kw_only=True):
    """One metric over another; of a range, what they are over the range."""

    numerator: str
    denominator: str


class Summed(Struct, frozen=True, kw_only=True):
    """A sum and difference of metrics.  An ``optional`` one that is missing is left out."""

    plus: tuple[str, ...]
    minus: tuple[str, ...] = ()
    optional: frozenset[str] = frozenset()


class Carried(Struct, frozen=True, kw_only=True):
    """A balance at the start of a period: the one ``of`` the end of the period before; of the first one counted."""

    of: str


Recipe = Counted | Divided | Summed | Carried
COUNTED = Counted()
# What the figure of a range is of those of its periods: their sum, the first, the last, or made of the range's others.
Over = Literal["sum", "first", "last", "made"]


class Check(Struct, frozen=True, kw_only=True):
    """What must be 0 in every period: the sum of ``plus`` less that of ``minus``."""

    label: Text
    plus: tuple[str, ...]
    minus: tuple[str, ...]


def recipe_of(metric: Metric, part: Slice | None = None) -> Recipe:
    """How a metric is made, of a part or (None) the whole; a term that nobody sees goes by the one it is like.

    >>> recipe_of(CATALOGUE["paid_user_churn_rate"])
    Divided(numerator='churned_paid_users', denominator='opening_paid_users')
    >>> recipe_of(CATALOGUE["opening_paid_users"])
    Carried(of='closing_paid_users')
    """
    match metric.kind:
        case _ if metric.basis == "cohort":
            return COUNTED  # of people who stand in no row
        case Flow():
            return COUNTED
        case Balance():
            ends = {opening: closing for closing, (opening, _) in CLOSINGS.items()}
            return Carried(of=_shown(ends[metric.key])) if metric.key in ends else COUNTED
        case Ratio(times=times, of_whole=of_whole) if times != 1 or of_whole:
            return COUNTED
        case Ratio(numerator=numerator, denominator=denominator):
            return Divided(numerator=_shown(numerator), denominator=_shown(denominator))
        case Formula() as formula:
            return Summed(plus=formula.plus_of(part), minus=formula.minus, optional=formula.optional)
        case Product() | Trailing() | Monthly() | Setting() | Percentile() | Annualised() | Ranking():
            return COUNTED
        case _:
            assert_never(metric.kind)


def _shown(key: str) -> str:
    metric = CATALOGUE[key]
    return key if metric.shown or metric.like is None else metric.like


def over_range(metric: Metric) -> Over:
    """What the figure of a range is of those of its periods.

    >>> [over_range(CATALOGUE[key]) for key in ("new_signups", "opening_paid_users", "closing_mrr_amount")]
    ['sum', 'first', 'last']
    """
    return metric.kind.over_range if isinstance(metric.kind, Flow | Balance) else "made"


def checks(labels: Mapping[str, Text]) -> Iterator[Check]:
    """What must hold between the figures of a period; ``labels`` are those of the metrics that are shown.

    >>> labels = dict.fromkeys(("opening_paid_users", "closing_paid_users"), Message("PU"))
    >>> [check.plus for check in checks(labels)]
    [('opening_paid_users', 'new_paid_users', 'reactivated_paid_users')]
    """
    for whole, parts in parts_of_channels():
        if whole in labels:
            text = Message("Check: channels − {whole} = 0")
            yield Check(label=text.filled(whole=labels[whole]), plus=tuple(parts), minus=(whole,))
    for closing, (opening, _) in CLOSINGS.items():
        seen = _shown(closing)
        if seen in labels and opening in labels:
            plus, minus = movements(closing)
            text = Message("Check: opening + movements − {closing} = 0")
            yield Check(label=text.filled(closing=labels[seen]), plus=plus, minus=(*minus, seen))


def movements(key: str) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The balances and flows that a sum is made of in the end, of the whole: those added and those taken off.

    >>> movements("net_new_paid_users")
    (('new_paid_users', 'reactivated_paid_users'), ('churned_paid_users',))
    """
    kind = CATALOGUE[key].kind
    if not isinstance(kind, Formula):
        return (key,), ()
    plus = [movements(term) for term in kind.plus]
    minus = [movements(term) for term in kind.minus]
    added = (*(key for up, _ in plus for key in up), *(key for _, down in minus for key in down))
    taken = (*(key for _, down in plus for key in down), *(key for up, _ in minus for key in up))
    return added, taken
