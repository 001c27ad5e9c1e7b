"""Promises of the agreement that were broken: a line each, those that still wait first, the longest over first."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from typing import Literal

import numpy as np
from msgspec import Struct

from funnelcli.counting.agreement import Agreement
from funnelcli.counting.handed import answered_in_time, can_be_accepted, given_back_late, is_due
from funnelcli.counting.select import day_number
from funnelcli.facts.model import Facts
from funnelcli.values.moments import moment_text

Promise = Literal["respond", "decide", "attempts"]
MINUTE_MICROS = 60_000_000


class Breach(Struct, frozen=True, kw_only=True):
    """A promise broken to a lead, by whom it counts for: when it was due, and by how many working minutes it is over.

    One that is still ``open`` can be made good.  ``on_leave`` says that the owner was away meanwhile.
    """

    owner: str
    user_id: str
    promise: Promise
    due_at: str
    over_minutes: float | None
    on_leave: bool
    open: bool


def breaches_of(facts: Facts, known: Agreement | None, first: date, last: date) -> tuple[Breach, ...]:
    """The broken promises to leads handed over from a day to another."""
    if known is None or "activities" not in facts.inputs:
        rows: list[Breach] = []
        rows += () if known is None else _undecided(facts, known, _within(known, first, last))
    else:
        within = _within(known, first, last)
        rows = [*_unanswered(facts, known, within), *_undecided(facts, known, within), *_early(facts, known, within)]
    rows.sort(key=lambda row: (not row.open, -(row.over_minutes or 0), row.owner, row.user_id, row.promise))
    return tuple(rows)


def _within(known: Agreement, first: date, last: date) -> np.ndarray:
    day = known.handovers.day
    return np.asarray((day >= day_number(first)) & (day <= day_number(last)))


def _unanswered(facts: Facts, known: Agreement, within: np.ndarray) -> Iterator[Breach]:
    due, touched = known.respond_due, known.answered_at
    if due is None:
        return
    is_late = (is_due(known) & ~answered_in_time(known)) | given_back_late(known)
    late = np.flatnonzero(within & is_late)
    end = np.where(touched.there, touched.at, known.over)
    is_open = ~touched.there & ~known.returned
    yield from _rows(facts, known, late, "respond", due, end, is_open, ~known.ends_on_a_day & (end >= due))


def _undecided(facts: Facts, known: Agreement, within: np.ndarray) -> Iterator[Breach]:
    due = known.decide_due
    if due is None or not can_be_accepted(facts, known):
        return  # whom nobody can be seen to accept has broken no promise
    decided = known.decided_at
    end = np.minimum(decided.at, known.until)
    late = np.flatnonzero(within & (due < end))
    yield from _rows(facts, known, late, "decide", due, end, ~decided.there, ~decided.bare)


def _early(facts: Facts, known: Agreement, within: np.ndarray) -> Iterator[Breach]:
    if known.too_early is None:
        return
    for place in np.flatnonzero(within & known.too_early).tolist():
        yield _row(facts, known, place, "attempts", "", None, away=False, is_open=False)


def _rows(
    facts: Facts, known: Agreement, places: np.ndarray, promise: Promise, due: np.ndarray, end: np.ndarray,
    is_open: np.ndarray, has_minutes: np.ndarray,
) -> Iterator[Breach]:  # fmt: skip
    """Those of some places; what ended on a bare day, or before it was due, is over by no number of minutes."""
    over = known.worked(due, end) / MINUTE_MICROS
    away = known.clocks.on_leave(known.owner, known.start, end)
    for place in places.tolist():
        timed = promise == "respond" or bool(known.handovers.when.timed[place])
        yield _row(
            facts, known, place, promise, moment_text(int(due[place]), timed=timed),
            round(float(over[place]), 1) if has_minutes[place] else None,
            away=bool(away[place]), is_open=bool(is_open[place]),
        )  # fmt: skip


def _row(
    facts: Facts, known: Agreement, place: int, promise: Promise, due: str, over: float | None, *, away: bool,
    is_open: bool,
) -> Breach:  # fmt: skip
    return Breach(
        owner=known.owner.texts[int(known.owner.codes[place])],
        user_id=facts.entities[int(known.handovers.entity[place])],
        promise=promise, due_at=due, over_minutes=over, on_leave=away, open=is_open,
    )  # fmt: skip
