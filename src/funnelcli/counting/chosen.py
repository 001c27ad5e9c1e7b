"""Levels of some entities alone: of those who had any when a period began, or of those who have most when it ends."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from datetime import date

import numpy as np
from msgspec.structs import replace

from funnelcli.counting.measures import Measure
from funnelcli.counting.reach import Reach
from funnelcli.counting.select import select
from funnelcli.facts.events import Events
from funnelcli.values.periods import Period

# Whose each event is, as a number: the entity, or what it has in a part of the business; and the number of that part.
WhoseOf = Callable[[Events], tuple[np.ndarray, np.ndarray]]
_APART = 2**40  # more than there are entities


def chosen(
    measure: Measure, plus: Sequence[Events], minus: Sequence[Events], period: Period, as_of: date, reach: Reach,
    whose: WhoseOf,
) -> list[Events]:  # fmt: skip
    """The events that a measure with a choice counts in a period: those of the level of the entities it chooses.

    The level is that at the end; of who is capped at what there was at the start and has more, that at the start.
    """
    assert measure.choice is not None
    plain = replace(measure, choice=None)
    at_end = select(replace(plain, when="before_end"), plus, minus, period, as_of, reach)
    if measure.choice.of == "largest":
        return _largest(at_end, measure.choice.most, whose)
    at_start = select(replace(plain, when="before_start"), plus, minus, period, as_of, reach)
    names, then = _levels(at_start, whose)
    if measure.choice.of == "kept":
        return _kept_of(at_end, whose, names[then > 0])
    now = _of(names, *_levels(at_end, whose))
    less = (then > 0) & (now < then)
    return [*_kept_of(at_end, whose, names[less]), *_kept_of(at_start, whose, names[(then > 0) & ~less])]


def _levels(events: Sequence[Events], whose: WhoseOf) -> tuple[np.ndarray, np.ndarray]:
    """Whose some events are, in order, and the sum of each one's."""
    nothing = np.zeros(0, dtype=np.int64)
    names, inverse = np.unique(
        np.concatenate([nothing, *(_names(each, whose) for each in events)]), return_inverse=True
    )
    level = np.zeros(len(names), dtype=np.int64)
    np.add.at(level, inverse, np.concatenate([nothing, *(each.weight for each in events)]))
    return names, level


def _of(wanted: np.ndarray, names: np.ndarray, level: np.ndarray) -> np.ndarray:
    """The levels of those who are wanted, 0 where they have none."""
    if not len(names):
        return np.zeros(len(wanted), dtype=np.int64)
    place = np.minimum(np.searchsorted(names, wanted), len(names) - 1)
    return np.where(names[place] == wanted, level[place], 0)


def _kept_of(events: Sequence[Events], whose: WhoseOf, names: np.ndarray) -> list[Events]:
    return [each.kept(np.isin(_names(each, whose), names)) for each in events]


def _names(events: Events, whose: WhoseOf) -> np.ndarray:
    """A number for whose each event is, and in which part: those of one part stand together."""
    entity, part = whose(events)
    return np.asarray(part * _APART + entity)


def _largest(events: Sequence[Events], most: int, whose: WhoseOf) -> list[Events]:
    """The events of those that have most in each part, of equals the first."""
    names, level = _levels(events, whose)
    part = names // _APART
    order = np.lexsort((np.arange(len(names)), -level, part))
    place = np.arange(len(order)) - np.searchsorted(part[order], part[order])
    return _kept_of(events, whose, names[order[place < most]])
