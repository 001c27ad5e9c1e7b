"""Whether a score puts those first who got to something: events by their weights, told apart by their links."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct

from funnelcli.counting.measures import Measure
from funnelcli.facts.dimensions import CHANNEL
from funnelcli.stats.ranking import area_under_curve, delong
from funnelcli.values.channels import CODES, Channel
from funnelcli.values.slices import Slice

if TYPE_CHECKING:
    from funnelcli.counting.counts import Counts


class Ranked(Struct, frozen=True, kw_only=True):
    """How many got there, and how many did not; the share of pairs that stand right, with the bounds of its interval.

    Without one of both sides there is no area, and it is 0.
    """

    there: int
    others: int
    area: float
    bounds: tuple[float, float, str] | None


def ranked(counts: Counts, of: Measure, reached: Measure, place: int, part: Slice | None) -> Ranked:
    """The same of those who count in the period at a place, of a part or the whole."""
    (got_there, _), (links, scores) = (_counted(counts, measure, place, part) for measure in (reached, of))
    there = np.isin(links, got_there)
    happened, others = scores[there], scores[~there]
    if not len(happened) or not len(others):
        return Ranked(there=len(happened), others=len(others), area=0.0, bounds=None)
    interval = delong(happened, others)
    bounds = None if interval is None else (interval.lower, interval.upper, interval.method)
    return Ranked(
        there=len(happened), others=len(others), area=area_under_curve(happened, others), bounds=bounds
    )  # fmt: skip


def _counted(counts: Counts, declared: Measure, place: int, part: Slice | None) -> tuple[np.ndarray, np.ndarray]:
    """The links and the weights of all that a measure counts in a period and a part."""
    measure, seen = declared.under(counts.facts.config), counts.occurrences
    links, weights = [np.zeros(0, dtype=np.int64)], [np.zeros(0, dtype=np.int64)]
    for events in filter(None, (seen.of(name, measure.where) for name in measure.plus)):
        mine = counts.first_period(measure, events) == place
        if part is not None and (part.dimension == CHANNEL or counts.parts is None):
            mine &= seen.channels_of(events) == CODES[Channel(part.key)]
        elif part is not None and counts.parts is not None:
            mine &= seen.parts_of(events) == counts.parts.place_of(part.key)
        links.append(events.link[mine])
        weights.append(events.weight[mine])
    return np.concatenate(links), np.concatenate(weights)
