"""Whether anybody of ours got in touch with leads: since the hand-over, else since they came."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from msgspec import Struct

from funnelcli.facts.leads import HANDED_OVER, NEVER, Leads, Moment

TOUCHES = ("outbound_touch",)
RETURNED = "handover_returned"


class LeadTouches(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """Touches of all leads up to a moment: the ``last`` of each, and how many."""

    leads: Leads
    until: int
    last: Moment
    numbers: np.ndarray
    is_known: bool

    @cached_property
    def since(self) -> Moment:
        """From when on each waits: the first hand-over, else the signup."""
        handed, came = self.leads.first(HANDED_OVER), self.leads.came
        known = handed.at <= self.until
        return Moment(at=np.where(known, handed.at, came.at), timed=np.where(known, handed.timed, came.timed))

    @cached_property
    def is_touched(self) -> np.ndarray:
        """Who was touched since; of bare days on the same day too."""
        return np.asarray((self.last.at < NEVER) & (self.last.at >= self.since.at))

    @cached_property
    def is_returned(self) -> np.ndarray:
        """Whom sales gave back."""
        return np.asarray(self.leads.first(RETURNED).at <= self.until)

    def number(self, place: int) -> int | None:
        """How often a lead was touched; None where no file tells it."""
        return int(self.numbers[place]) if self.is_known else None

    def waiting(self, place: int) -> tuple[float | None, str]:
        """For how many business minutes a lead waits, and by when it is due; nothing where that is not agreed."""
        return None, ""

    def owner(self, place: int) -> str:
        """Who has a lead by the hand-over; empty where none says it."""
        return ""


def touches_of(leads: Leads, until: int) -> LeadTouches:
    """The touches of leads up to a moment."""
    numbers, last = np.zeros(len(leads), dtype=np.int64), np.full(len(leads), -1)
    timed, is_known = np.zeros(len(leads), dtype=bool), False
    for name in TOUCHES:
        events = leads.events.get(name)
        if events is None:
            continue
        is_known = True
        place, known = leads.places(events.records.entity[events.row])
        kept = np.flatnonzero(known & (events.at <= until))
        np.add.at(numbers, place[kept], 1)
        order = kept[np.argsort(events.at[kept], kind="stable")]
        later = events.at[order] > last[place[order]]
        last[place[order[later]]], timed[place[order[later]]] = events.at[order[later]], events.timed[order[later]]
    return LeadTouches(
        leads=leads, until=until, last=Moment(at=np.where(last >= 0, last, NEVER), timed=timed), numbers=numbers,
        is_known=is_known,
    )  # fmt: skip
