"""What moves the monthly recurring revenue: of each customer the change of its level on a day, by what kind it is.

A level is the sum of the rows in force at the close of a day.  What begins and ceases on a day is one movement of its
customer; days are never netted.  Source: docs/definitions.md, MRR movements.
"""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from msgspec import Struct

from funnelcli.facts.events import OPEN_END, Events, Records, keys_of
from funnelcli.facts.stays import StayColumns

# The kinds of movement, by the names of their events after that of the money.  What is ``transferred`` goes from part
# to part: on the whole it is nothing.
NEW, REACTIVATED, EXPANDED, CONTRACTED, CHURNED, TRANSFERRED = (
    "new", "reactivated", "expanded", "contracted", "churned", "transferred",
)  # fmt: skip
KINDS = (NEW, REACTIVATED, EXPANDED, CONTRACTED, CHURNED, TRANSFERRED)
_PLACES = {kind: place for place, kind in enumerate(KINDS)}
# Rows whose amounts nobody knows, where they begin or cease on the day of a movement: 1 and -1.
UNPRICED_BESIDE = "unpriced_beside"


def movement_event(money: str, kind: str) -> str:
    """The name of the events of a kind of movement.

    >>> movement_event("mrr", EXPANDED)
    'mrr:expanded'
    """
    return f"{money}:{kind}"


class Changes(Struct, frozen=True, kw_only=True, eq=False):
    """What rows add when they begin and take when they cease: the ``row``, the day, and the hundredths.

    ``movement`` is the number of the movement that it is of, all that a customer's rows change on a day; ``kind`` the
    place of its kind among KINDS.  Rows beside them whose amounts nobody knows stand last, after all kinds.
    """

    row: np.ndarray
    day: np.ndarray
    weight: np.ndarray
    movement: np.ndarray
    kind: np.ndarray


class _Changing(Struct, frozen=True, kw_only=True, eq=False):
    """Rows that begin or cease to be paid by on a ``day``, by ``sign``; ``leaves`` those that leave a stay of a day."""

    row: np.ndarray
    day: np.ndarray
    sign: np.ndarray
    leaves: np.ndarray

    def keys(self, entity: np.ndarray) -> np.ndarray:
        """A number for the customer, the day, and the way of a stay of one day, of each."""
        keys: np.ndarray = keys_of(entity[self.row], self.day) * 2 + self.leaves
        return keys


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
    ([0, 31, 31], [100, 180, -100], ['new', 'expanded', 'expanded'])
    """
    changing = _changing(hundredths >= 0, start, stays)
    keys = changing.keys(entity)
    order = np.argsort(keys, kind="stable")
    keys = keys[order]
    begins = np.ones(len(keys), dtype=bool)
    begins[1:] = keys[1:] != keys[:-1]
    firsts, movement = np.flatnonzero(begins), np.cumsum(begins, dtype=np.int32) - 1
    first_keys, leaves = keys[firsts], changing.leaves[order[firsts]]
    del keys, begins  # of many rows each column is large
    rows, day = changing.row[order], changing.day[order]
    weight = changing.sign[order] * hundredths[rows]
    total = np.add.reduceat(weight, firsts) if len(firsts) else weight
    kind = _kinds(entity[rows[firsts]], day[firsts], leaves, total, stays.of_row[rows[firsts]], stays)
    priced = Changes(row=rows, day=day, weight=weight, movement=movement, kind=kind[movement])
    beside = _changing(hundredths < 0, start, stays)
    return priced if not len(beside.row) else _with_unpriced(priced, beside, beside.keys(entity), first_keys)


def _with_unpriced(priced: Changes, beside: _Changing, keys: np.ndarray, known: np.ndarray) -> Changes:
    """The changes with those of rows that nobody can price, where they are of a movement by its ``known`` key."""
    place = np.searchsorted(known, keys)
    is_one = np.append(known, -1)[place] == keys
    return Changes(
        row=np.concatenate([priced.row, beside.row[is_one]]),
        day=np.concatenate([priced.day, beside.day[is_one]]),
        weight=np.concatenate([priced.weight, beside.sign[is_one]]),
        movement=np.concatenate([priced.movement, place[is_one]]),
        kind=np.concatenate([priced.kind, np.full(np.count_nonzero(is_one), len(KINDS), dtype=np.int8)]),
    )


def _changing(chosen: np.ndarray, start: np.ndarray, stays: StayColumns) -> _Changing:
    """What begins and ceases of chosen rows."""
    stay = stays.of_row
    is_short = stays.end[stay] == stays.start[stay]  # its rows begin and cease on the same day, and move all the same
    row = np.flatnonzero(chosen & ((stays.ceases > start) | is_short)).astype(np.int32)
    ceasing = row[stays.ceases[row] != OPEN_END]
    return _Changing(
        row=np.concatenate([row, ceasing]),
        day=np.concatenate([start[row], stays.ceases[ceasing]], dtype=np.int32, casting="same_kind"),
        sign=np.repeat(np.array([1, -1], dtype=np.int8), [len(row), len(ceasing)]),
        leaves=np.concatenate([np.zeros(len(row), dtype=bool), is_short[ceasing]]),
    )


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
    return np.asarray(kind, dtype=np.int8)


def _ever_before(flags: np.ndarray, begins: np.ndarray) -> np.ndarray:
    """Of each place whether a flag stands at an earlier one of the same run; ``begins`` says where runs begin."""
    number = np.cumsum(flags)
    before = number - flags
    base = before[begins][np.cumsum(begins) - 1] if len(flags) else before
    return np.asarray(before > base)


def movement_events(
    records: Records, money: str, start: np.ndarray, stays: StayColumns, hundredths: np.ndarray
) -> Iterator[Events]:
    """The movements of rows as events of each kind, tied together by the number of the movement."""
    changes = movements_of(records.entity, start, stays, hundredths)
    for place, kind in enumerate((*KINDS, UNPRICED_BESIDE)):
        chosen = np.flatnonzero(changes.kind == place)
        row, day, link = (column[chosen].astype(np.int64) for column in (changes.row, changes.day, changes.movement))
        yield Events.of(
            movement_event(money, kind), records, row, day, weight=changes.weight[chosen], since=start[row], link=link
        )
