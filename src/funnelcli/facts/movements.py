"""What moves the monthly recurring revenue: of each customer the change of its level on a day, by what kind it is.

A level is the sum of the rows in force at the close of a day.  What begins and ceases on a day is one movement of its
customer; days are never netted.  Source: docs/definitions.md, MRR movements.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec import Struct

from funnelcli.facts.events import OPEN_END, Events, Records
from funnelcli.facts.stays import StayColumns

# The kinds of movement, by the names of their events after that of the money.  What is ``transferred`` goes from part
# to part: on the whole it is nothing.
NEW, REACTIVATED, EXPANDED, CONTRACTED, CHURNED, TRANSFERRED = (
    "new", "reactivated", "expanded", "contracted", "churned", "transferred",
)  # fmt: skip
KINDS = (NEW, REACTIVATED, EXPANDED, CONTRACTED, CHURNED, TRANSFERRED)
_PLACES = {kind: place for place, kind in enumerate(KINDS)}


def movement_event(money: str, kind: str) -> str:
    """The name of the events of a kind of movement.

    >>> movement_event("mrr", EXPANDED)
    'mrr:expanded'
    """
    return f"{money}:{kind}"


class Changes(Struct, frozen=True, kw_only=True, eq=False):
    """What rows add when they begin and take when they cease: the ``row``, the day, and the hundredths.

    ``movement`` is the number of the movement that it is of, all that a customer's rows change on a day; ``kind`` the
    place of its kind among KINDS.
    """

    row: np.ndarray
    day: np.ndarray
    weight: np.ndarray
    movement: np.ndarray
    kind: np.ndarray


def movements_of(entity: np.ndarray, start: np.ndarray, stays: StayColumns, hundredths: np.ndarray) -> Changes:
    """The movements of rows that begin on ``start`` and are priced in ``hundredths`` (below 0: nobody knows).

    On the first day of a customer's first stay its level is new, on that of a later one it is back, and on the last day
    of a stay it is lost; a stay of one day is both.  On any other day it expands or contracts, even from or to nothing,
    but what rises above nothing for the first time ever is new.

    >>> from funnelcli.facts.stays import merge_stays
    >>> entity, start, end = np.array([1, 1]), np.array([0, 31]), np.array([30, OPEN_END])
    >>> stays = merge_stays(entity, start, end, grace_days=0)
    >>> moved = movements_of(entity, start, stays, np.array([100, 180]))
    >>> moved.day.tolist(), moved.weight.tolist(), [KINDS[kind] for kind in moved.kind.tolist()]
    ([0, 31, 31], [100, -100, 180], ['new', 'expanded', 'expanded'])
    """
    stay = stays.of_row
    is_short = stays.end[stay] == stays.start[stay]  # its rows begin and cease on the same day, and move all the same
    row = np.flatnonzero((hundredths >= 0) & ((stays.ceases > start) | is_short))
    ceasing = row[stays.ceases[row] != OPEN_END]
    rows = np.concatenate([row, ceasing])
    day = np.concatenate([start[row], stays.ceases[ceasing]])
    weight = np.concatenate([hundredths[row], -hundredths[ceasing]])
    leaves = np.concatenate([np.zeros(len(row), dtype=bool), is_short[ceasing]])
    order = np.lexsort((rows, leaves, day, entity[rows]))
    rows, day, weight, leaves = rows[order], day[order], weight[order], leaves[order]
    whose = entity[rows]
    begins = np.ones(len(rows), dtype=bool)
    begins[1:] = (whose[1:] != whose[:-1]) | (day[1:] != day[:-1]) | (leaves[1:] != leaves[:-1])
    movement = np.cumsum(begins) - 1
    firsts = np.flatnonzero(begins)
    total = np.add.reduceat(weight, firsts) if len(firsts) else weight
    kind = _kinds(whose[firsts], day[firsts], leaves[firsts], total, stay[rows[firsts]], stays)
    return Changes(row=rows, day=day, weight=weight, movement=movement, kind=kind[movement])


def _kinds(
    whose: np.ndarray, day: np.ndarray, leaves: np.ndarray, total: np.ndarray, stay: np.ndarray, stays: StayColumns
) -> np.ndarray:
    """The kind of each movement, of movements in the order of customers and days."""
    begins = np.ones(len(whose), dtype=bool)
    begins[1:] = whose[1:] != whose[:-1]
    level = np.cumsum(total)
    # Levels are never below 0, so that one above 0 has been reached where any sum since the customer's first day is.
    base = (level - total)[begins][np.cumsum(begins) - 1] if len(whose) else level
    had = _ever_before((level - base) > 0, begins)
    kind = np.where(total > 0, _PLACES[EXPANDED], np.where(total < 0, _PLACES[CONTRACTED], _PLACES[TRANSFERRED]))
    kind = np.where((total > 0) & ~had, _PLACES[NEW], kind)
    kind = np.where((day == stays.end[stay]) & ((stays.start[stay] != day) | leaves), _PLACES[CHURNED], kind)
    is_begun = (day == stays.start[stay]) & ~leaves
    kind = np.where(is_begun, np.where(stays.is_first[stay], _PLACES[NEW], _PLACES[REACTIVATED]), kind)
    return np.asarray(kind)


def _ever_before(flags: np.ndarray, begins: np.ndarray) -> np.ndarray:
    """Of each place whether a flag stands at an earlier one of the same run; ``begins`` says where runs begin."""
    number = np.cumsum(flags)
    before = number - flags
    base = before[begins][np.cumsum(begins) - 1] if len(flags) else before
    return np.asarray(before > base)


def movement_events(records: Records, money: str, changes: Changes, start: np.ndarray) -> Iterator[Events]:
    """The movements as events of each kind, tied together by the number of the movement."""
    for place, kind in enumerate(KINDS):
        chosen = np.flatnonzero(changes.kind == place)
        row = changes.row[chosen]
        yield Events.of(
            movement_event(money, kind), records, row, changes.day[chosen], weight=changes.weight[chosen],
            since=start[row], link=changes.movement[chosen],
        )  # fmt: skip
