"""Whether anybody of ours got in touch with leads: since they were handed over last, else since they came."""

from __future__ import annotations

from functools import cached_property

import numpy as np
from msgspec import Struct

from funnelcli.facts.clocks import Clocks
from funnelcli.facts.events import Coded
from funnelcli.facts.handovers import Handovers, handovers_by
from funnelcli.facts.leads import NEVER, Leads, Moment
from funnelcli.facts.touches import Touches, touches_of
from funnelcli.facts.worktime import MINUTE_MICROS
from funnelcli.inputs.activities import TOUCHES
from funnelcli.values.dates import DAY_MICROS
from funnelcli.values.moments import moment_text

NOWHERE = -1


class LeadTouches(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """What is known of the touches of all leads, and of their latest hand-over, up to a moment."""

    leads: Leads
    until: int
    touches: Touches
    handovers: Handovers | None
    is_known: bool

    @cached_property
    def _handed(self) -> np.ndarray:
        """The place of the latest hand-over of each lead, NOWHERE where it has none."""
        latest = np.full(len(self.leads), NOWHERE)
        if self.handovers is not None:
            place, known = self.leads.places(self.handovers.entity)
            latest[place[known]] = np.flatnonzero(known)  # they stand in the order of the moments of each
        return latest

    @cached_property
    def handed_over(self) -> Moment:
        """When each was handed over last."""
        at, timed = np.full(len(self.leads), NEVER), np.zeros(len(self.leads), dtype=bool)
        if self.handovers is not None:
            there = self._handed != NOWHERE
            at[there] = self.handovers.when.at[self._handed[there]]
            timed[there] = self.handovers.when.timed[self._handed[there]]
        return Moment(at=at, timed=timed)

    @cached_property
    def since(self) -> Moment:
        """From when on each waits."""
        handed, came = self.handed_over, self.leads.came
        return Moment(
            at=np.where(handed.there, handed.at, came.at), timed=np.where(handed.there, handed.timed, came.timed)
        )

    @cached_property
    def _last_touch(self) -> np.ndarray:
        """The place of the last touch of each lead, NOWHERE where it has none."""
        latest = np.full(len(self.leads), NOWHERE)
        place, known = self.leads.places(self.touches.entity)
        latest[place[known]] = np.flatnonzero(known)
        return latest

    @cached_property
    def last(self) -> Moment:
        """When each was touched last; of a bare day its first moment."""
        there = self._last_touch != NOWHERE
        at, timed = np.full(len(self.leads), NEVER), np.zeros(len(self.leads), dtype=bool)
        timed[there] = self.touches.timed[self._last_touch[there]]
        said = self.touches.at[self._last_touch[there]]
        at[there] = np.where(timed[there], said, said // DAY_MICROS * DAY_MICROS)
        return Moment(at=at, timed=timed)

    @cached_property
    def is_touched(self) -> np.ndarray:
        """Who was touched since; of bare days on the same day too."""
        there = self._last_touch != NOWHERE
        touched = np.zeros(len(self.leads), dtype=bool)
        touched[there] = self.touches.at[self._last_touch[there]] >= self.since.at[there]
        return touched

    @cached_property
    def is_returned(self) -> np.ndarray:
        """Whom sales gave back, and nobody has handed over since."""
        returned = np.zeros(len(self.leads), dtype=bool)
        if self.handovers is not None:
            there = self._handed != NOWHERE
            returned[there] = self.handovers.returned.there[self._handed[there]]
        return returned

    @cached_property
    def _numbers(self) -> np.ndarray:
        place, known = self.leads.places(self.touches.entity)
        return np.bincount(place[known], minlength=len(self.leads))

    def number(self, place: int) -> int | None:
        """How often a lead was touched; None where no file tells it."""
        return int(self._numbers[place]) if self.is_known else None

    @cached_property
    def _clocks(self) -> Clocks:
        first = int(self.since.at.min(initial=self.until)) // DAY_MICROS
        return Clocks(self.leads.config, first, self.until // DAY_MICROS)

    @cached_property
    def _owners(self) -> Coded:
        """Who has each lead by its latest hand-over; empty where none says it."""
        if self.handovers is None or not len(self.handovers):
            return Coded.same("", len(self.leads))
        owner = self.handovers.owner
        codes = np.where(self._handed == NOWHERE, len(owner.texts), owner.codes[np.maximum(self._handed, 0)])
        return Coded(codes, [*owner.texts, ""])

    @cached_property
    def _waits(self) -> np.ndarray:
        """For how many business minutes each has waited; of who waits no more it says nothing."""
        calendar = self._clocks.of_owners(self._owners)
        start = np.minimum(self.since.at, self.until)
        waits = self._clocks.between(calendar, start, np.full(len(start), self.until))
        return np.asarray(waits / MINUTE_MICROS)

    @cached_property
    def _due(self) -> np.ndarray | None:
        """When an answer to each is due; None without a limit."""
        limit = self.leads.config.sla.sales.respond
        start = np.minimum(self.since.at, self.until)
        return None if limit is None else self._clocks.due(self._clocks.of_owners(self._owners), start, limit)

    def waiting(self, place: int) -> tuple[float | None, str]:
        """For how many business minutes a lead waits untouched, and by when it is due; nothing where nobody knows.

        A bare day has no minutes; what is due takes an agreed limit.
        """
        if self.is_touched[place] or not self.since.timed[place]:
            return None, ""
        due = "" if self._due is None else moment_text(int(self._due[place]), timed=True)
        return float(self._waits[place]), due

    def owner(self, place: int) -> str:
        """Who has a lead by its latest hand-over; empty where none says it."""
        return self._owners.texts[int(self._owners.codes[place])]


def lead_touches(leads: Leads, until: int) -> LeadTouches:
    """The touches of leads up to a moment, and their hand-overs by then."""
    whom = np.zeros(int(leads.entity.max(initial=-1)) + 1, dtype=bool)
    whom[leads.entity] = True
    rows = leads.handed
    return LeadTouches(
        leads=leads, until=until, handovers=None if rows is None else handovers_by(rows, until),
        touches=touches_of(leads.events, whom, until, leads.config.sla.sales.channels),
        is_known=any(name in leads.events for name in TOUCHES),
    )  # fmt: skip
