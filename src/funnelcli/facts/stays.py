"""Rows that last to stays: the unbroken time a customer pays; and which row a stay is paid by at each moment."""

import numpy as np
from msgspec import Struct

from funnelcli.facts.events import OPEN_END, keys_of
from funnelcli.facts.rows import Rows
from funnelcli.values.dates import DAY_MICROS


class StayColumns(Struct, frozen=True, kw_only=True, eq=False):
    """Stays in columns: their first and last paid day (OPEN_END: still paying), whether the customer's first.

    ``again`` is the day on which the customer's next stay begins, OPEN_END where there is none.
    ``first_row`` is the place of the row that begins a stay, ``last_row`` of the row that ends it.  ``of_row`` gives
    the stay of every row, ``ceases`` the day from which the customer no longer pays by that row.  A customer is known
    by one row at a time: of those that have begun, the one that ends last.  ``moves`` are the changes from one such row
    to another.
    """

    start: np.ndarray
    end: np.ndarray
    is_first: np.ndarray
    again: np.ndarray
    first_row: np.ndarray
    last_row: np.ndarray
    of_row: np.ndarray
    ceases: np.ndarray
    moves: "Moves"


class Moves(Struct, frozen=True, kw_only=True, eq=False):
    """On a ``day`` the row at the place ``onto`` takes the place of the row ``off`` within a ``stay``."""

    off: np.ndarray
    onto: np.ndarray
    day: np.ndarray
    stay: np.ndarray


def merge_stays(entity: np.ndarray, start: np.ndarray, end: np.ndarray, *, grace_days: int) -> StayColumns:
    """The stays of rows from ``start`` to ``end`` (last paid days as numbers, or OPEN_END) of each ``entity``.

    Rows of one customer that overlap, touch, or leave at most ``grace_days`` unpaid days between them are one stay.
    A row is paid by until its end or, where another begins on the day after, through that; where no other row of its
    stay is in force then, until the next one begins.
    Source: docs/definitions.md, paid users and revenue.

    >>> stays = merge_stays(np.array([7, 7, 7]), np.array([0, 31, 90]), np.array([30, 59, 120]), grace_days=0)
    >>> stays.start.tolist(), stays.end.tolist(), stays.is_first.tolist(), stays.ceases.tolist()
    ([0, 90], [59, 120], [True, False], [31, 59, 120])
    >>> stays.again.tolist() == [90, OPEN_END]
    True
    """
    size = len(start)
    order = _order_of(entity, start, end)
    whose, begins, ends = entity[order], start[order], end[order]
    new_person = np.ones(size, dtype=bool)
    new_person[1:] = whose[1:] != whose[:-1]
    paid_until = _running_most(ends, new_person)
    before = np.concatenate([paid_until[:1], paid_until[:-1]])
    unpaid = begins - before - 1
    opens = new_person | (unpaid > grace_days)
    stay = np.cumsum(opens) - 1
    firsts = np.flatnonzero(opens)
    lasts = _last_of(stay, ends, firsts)
    ceases = _ceasing(whose, begins, ends, paid_until, stay)
    of_row, ceases_of_row = np.empty(size, dtype=np.int64), np.empty(size, dtype=np.int64)
    of_row[order], ceases_of_row[order] = stay, ceases
    return StayColumns(
        start=begins[firsts],
        end=ends[lasts],
        is_first=new_person[firsts],
        again=np.append(np.where(new_person[firsts], OPEN_END, begins[firsts]), OPEN_END)[1:],
        first_row=order[firsts],
        last_row=order[lasts],
        of_row=of_row,
        ceases=ceases_of_row,
        moves=_moves(order, begins, ends, before, opens, stay),
    )


def beginnings(rows: Rows, column: str, stays: StayColumns) -> dict[str, np.ndarray]:
    """The moment ``at`` which each stay begins, and whether it is ``timed``; nothing where no row has a time.

    A stay lasts for days; the first of its rows of the first day says at what time of that it was begun.  Where one of
    these has no time, or the day is another than the column says, as in lists, the day is all there is.
    """
    if f"{column} timed" not in rows or not rows[f"{column} timed"].any():
        return {}
    micros, timed = rows[f"{column} micros"], rows[f"{column} timed"]
    first = np.flatnonzero(rows["start"] == stays.start[stays.of_row])
    stay, moment = stays.of_row[first], micros[first]
    exact = timed[first].astype(bool) & (moment // DAY_MICROS == stays.start[stay])
    at, known = np.full(len(stays.start), np.iinfo(np.int64).max), np.ones(len(stays.start), dtype=bool)
    np.minimum.at(at, stay, moment)
    known[stay[~exact]] = False
    return {"at": np.where(known, at, stays.start * DAY_MICROS), "timed": known}


def _order_of(entity: np.ndarray, start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """Rows in order of entity, start and end; they often are already."""
    same = entity[1:] == entity[:-1]
    later = (start[1:] > start[:-1]) | ((start[1:] == start[:-1]) & (end[1:] >= end[:-1]))
    if ((entity[1:] > entity[:-1]) | (same & later)).all():
        return np.arange(len(entity))
    return np.lexsort((end, start, entity))


def _last_of(stay: np.ndarray, ends: np.ndarray, firsts: np.ndarray) -> np.ndarray:
    """The place of the row that ends last of each stay: its end is the stay's; of several the one that stands last."""
    if not len(firsts):
        return firsts
    latest = np.maximum.reduceat(ends, firsts)
    places = np.flatnonzero(ends == latest[stay])
    return np.asarray(places[np.searchsorted(stay[places], np.arange(len(firsts)), side="right") - 1])


def _moves(
    order: np.ndarray, begins: np.ndarray, ends: np.ndarray, before: np.ndarray, opens: np.ndarray, stay: np.ndarray
) -> Moves:
    """Rows in order of stay and start: one that ends no earlier than all before it takes over when it begins."""
    leads = np.flatnonzero(opens | (ends >= before))
    onto = np.flatnonzero(~opens[leads])
    off = onto - 1
    return Moves(off=order[leads[off]], onto=order[leads[onto]], day=begins[leads[onto]], stay=stay[leads[onto]])


def _running_most(values: np.ndarray, begins: np.ndarray) -> np.ndarray:
    """The largest value so far, begun anew where ``begins`` says so."""
    if not len(values):
        return values
    # Groups are lifted above one another, so that one pass over all of them keeps them apart.
    group = np.cumsum(begins)
    span = int(values.max()) - int(values.min()) + 1
    most: np.ndarray = np.maximum.accumulate(values + group * span) - group * span
    return most


def _ceasing(
    whose: np.ndarray, begins: np.ndarray, ends: np.ndarray, paid_until: np.ndarray, stay: np.ndarray
) -> np.ndarray:
    """The day with which each row ceases to be paid by, for rows in order of stay and start.

    A row counts through its last day where another of the customer begins on the day after.  Where nobody's row is in
    force until the next begins, those that ended last count on up to then.
    """
    size = len(ends)
    if size < 2:
        return ends.copy()
    gap = np.zeros(size, dtype=bool)
    gap[:-1] = (stay[1:] == stay[:-1]) & (begins[1:] > paid_until[:-1])
    # Pieces of a stay without a gap; whoever ended last before a gap, ended last in the piece that the gap closes.
    closes = gap.copy()
    closes[:-1] |= stay[1:] != stay[:-1]
    closes[-1] = True
    last = np.flatnonzero(closes)
    piece = np.concatenate([[0], np.cumsum(closes)[:-1]])
    next_begin = np.append(begins, 0)[last + 1][piece]
    bridges = gap[last][piece] & (ends == paid_until[last][piece])
    followed = _is_one_of(keys_of(whose, ends + 1), keys_of(whose, begins))
    ceases: np.ndarray = np.where(bridges, next_begin, np.where(followed, ends + 1, ends))
    return ceases


def _is_one_of(keys: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Whether each key is one of those that are ``known``, in their order."""
    place = np.minimum(np.searchsorted(known, keys), len(known) - 1)
    return np.asarray(known[place] == keys)
