"""What became of the leads that were handed over, as far as a moment lets one see: who answered when, and how often.

Source: docs/definitions.md, the agreement between marketing and sales.
"""

from __future__ import annotations

from collections.abc import Mapping
from functools import cached_property

import numpy as np
from msgspec import Struct

from funnelcli.config import Config
from funnelcli.config.leads import ReadyScores
from funnelcli.facts.attributes import Attributes
from funnelcli.facts.clocks import Clocks
from funnelcli.facts.events import Coded, Events
from funnelcli.facts.handovers import NEVER, Dated, HandoverRows, Handovers, handovers_by, triggered
from funnelcli.facts.moments import Moments, elapsed
from funnelcli.facts.owners import OwnerNames
from funnelcli.facts.timeline import Timeline
from funnelcli.facts.touches import Touches, attempts, ends_by, spoken_with, touches_of
from funnelcli.inputs.lead_stages import MQL
from funnelcli.values.channels import fold, matches
from funnelcli.values.dates import DAY_MICROS

# Whoever was touched so long before needs no answer to a hand-over: there is somebody who knows them.
IN_CONTACT = 30 * DAY_MICROS
WEEK_MICROS = 7 * DAY_MICROS


class Reached(Struct, frozen=True, kw_only=True):
    """The local moments from and up to which activities tell of touches; where there are none, no moment lies between.

    An export that has ended may be quiet for some days: what ends ``by`` then is known to have had no further touch.
    ``short`` are channels whose files begin later, or end earlier, than those of others.
    """

    since: int = -NEVER
    until: int = NEVER
    by: int = NEVER
    short: tuple[str, ...] = ()


class Tries(Struct, frozen=True, kw_only=True, eq=False):
    """The attempts to reach leads: of which hand-over each is, its channel, and the time since the one before it.

    ``gap`` is NEVER for the first of a hand-over, ``days`` the calendar days that it comes to.
    """

    of: np.ndarray
    channel: np.ndarray
    gap: np.ndarray
    days: np.ndarray


class Agreement(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """What is known of hand-overs ``until`` a moment.  Every column has a cell for each of them."""

    config: Config
    events: Mapping[str, Events]
    handovers: Handovers
    until: int
    attributes: Attributes
    reached: Reached = Reached()

    def __len__(self) -> int:
        return len(self.handovers)

    # --- who answered when ---------------------------------------------------------------------------------------

    @cached_property
    def _whom(self) -> np.ndarray:
        whom = np.zeros(int(self.handovers.entity.max(initial=-1)) + 1, dtype=bool)
        whom[self.handovers.entity] = True
        return whom

    @cached_property
    def touches(self) -> Touches:
        """The touches of leads that were ever handed over."""
        return touches_of(self.events, self._whom, self.until, self.config.sla.sales.channels).settled(self._stops)

    @cached_property
    def _stops(self) -> Timeline:
        """When leads were accepted, or came back, by the minute: what is only known by that day lies before it."""
        kept = [each.there & each.timed for each in (self.handovers.accepted, self.handovers.returned)]
        entity = np.concatenate([self.handovers.entity[each] for each in kept])
        at = np.concatenate([self.handovers.accepted.at[kept[0]], self.handovers.returned.at[kept[1]]])
        return Timeline.of(entity, at)

    @property
    def start(self) -> np.ndarray:
        """When each was handed over."""
        return self.handovers.when.at

    @cached_property
    def following(self) -> np.ndarray:
        """When the same lead is handed over again, else NEVER."""
        entity, until = self.handovers.entity, np.full(len(self), NEVER)
        until[:-1] = np.where(entity[1:] == entity[:-1], self.begin[1:], NEVER)
        return until

    @property
    def begin(self) -> np.ndarray:
        """From when on what happens to the lead is of each."""
        return self.handovers.begin

    @cached_property
    def _last(self) -> np.ndarray:
        """Up to when what happens to the lead is of each: until it came back, of a bare day all of it."""
        return np.asarray(np.minimum(self.handovers.returned.end, self.following - 1))

    @property
    def seen_until(self) -> int:
        """The last moment of which it is known who was touched."""
        return min(self.until, self.reached.until)

    @cached_property
    def seen(self) -> np.ndarray:
        """Of whom it is known whether anybody got in touch: activities tell of the time from the hand-over on."""
        when = self.handovers.when
        return np.asarray((when.end >= self.reached.since) & (when.at <= self.seen_until))

    @cached_property
    def over(self) -> np.ndarray:
        """When the clock of each stops though nobody has answered: it came back, or nothing later is known."""
        return np.asarray(np.maximum(np.minimum(self._last, self.seen_until), self.start))

    @cached_property
    def _first(self) -> np.ndarray:
        """The place of the first touch of each hand-over, up to its return or the lead's next one; -1: none."""
        line, entity = self.touches.line, self.handovers.entity
        place = line.place(entity, self.begin)
        there = line.there(place, entity)
        there[there] &= line.at[place[there]] <= self._last[there]
        return np.where(there, place, -1)

    @cached_property
    def touched_at(self) -> Dated:
        """When a person of ours first got in touch at or after each hand-over."""
        return Dated(at=self.touches.at, timed=self.touches.timed).taken(self._first)

    @cached_property
    def answered_at(self) -> Dated:
        """The same, as far as activities tell of all contacts: later ones may have had others before them."""
        return self.touched_at.where(self.touched_at.at <= self.seen_until)

    @cached_property
    def names(self) -> OwnerNames:
        """Whom cells of owners name."""
        return OwnerNames.of(self.events)

    @cached_property
    def owner(self) -> Coded:
        """Whom each counts for: who touched first, else who has it."""
        receiver, touchers = self.handovers.owner, [self.names.people(text)[0] for text in self.touches.owner.texts]
        names: dict[str, int] = {}
        spelled: list[str] = []
        for text in (*receiver.texts, *touchers):
            if fold(text) not in names:
                names[fold(text)] = len(spelled)
                spelled.append(text)
        theirs, ours = (np.array([names[fold(text)] for text in texts] or [0], dtype=np.int64)
                        for texts in (receiver.texts, touchers))  # fmt: skip
        has_it = theirs[receiver.codes]
        if not len(self.touches):
            return Coded(has_it, spelled)
        toucher = ours[self.touches.owner.codes[np.maximum(self._first, 0)]]
        named = np.array([bool(text) for text in spelled] or [False], dtype=bool)
        return Coded(np.where((self._first >= 0) & named[toucher], toucher, has_it), spelled)

    @cached_property
    def in_contact(self) -> np.ndarray:
        """Who was touched in the days before the signup, or before the hand-over by who received it."""
        line, entity = self.touches.line, self.handovers.entity
        known = self.signed_up.there

        def before(line: Timeline, whose: np.ndarray, at: np.ndarray) -> np.ndarray:
            return np.asarray(line.place(whose, at - IN_CONTACT) < line.place(whose, at))

        ahead = known & before(line, entity, np.where(known, self.signed_up.at, 0))
        owners = {fold(text): code for code, text in enumerate(self.handovers.owner.texts) if text}
        size = len(self.handovers.owner.texts) + 1
        people = [[owners.get(fold(name), size - 1) for name in self.names.people(text)]
                  for text in self.touches.owner.texts]  # fmt: skip
        most = max(map(len, people), default=1)
        codes = np.array([[*each, *[size - 1] * (most - len(each))] for each in people] or [[0]], dtype=np.int64)
        whose = (self.touches.entity * size)[:, None] + codes[self.touches.owner.codes]
        of_owner = Timeline.of(whose.reshape(-1), np.repeat(self.touches.at, most))
        has_owner = self.handovers.owner.that(bool)
        by_receiver = before(of_owner, entity * size + self.handovers.owner.codes, self.start)
        return np.asarray(ahead | (has_owner & by_receiver))

    @cached_property
    def touched(self) -> np.ndarray:
        """Who was touched at or after the hand-over, or is in contact anyway."""
        return np.asarray((self._first >= 0) | self.in_contact)

    @cached_property
    def spoke(self) -> np.ndarray:
        """With whom both sides spoke at or after the hand-over, up to the return."""
        spoken = spoken_with(self.events, self._whom, self.until).settled(self._stops).line
        entity = self.handovers.entity
        return np.asarray(spoken.place(entity, self.begin) < spoken.place(entity, self.over, "right"))

    @cached_property
    def signed_up(self) -> Dated:
        """When the person of each signed up, if that is known by then."""
        return self._first_of("signup")

    def _first_of(self, name: str) -> Dated:
        """The first event of a name of the person of each hand-over, by the moment up to which all is known."""
        known = self.events.get(name)
        return first_by_person(known, self.handovers.entity, self.until)

    # --- what was decided ----------------------------------------------------------------------------------------

    @cached_property
    def accepted_at(self) -> Dated:
        """When each was accepted; where that is not entered, when a demo was booked since, before it came back."""
        said, demos = self.handovers.accepted, self.events.get("demo_booked")
        if demos is None or not len(demos) or self.handovers.rows.rule == "demo_booked":
            return said
        entity = demos.records.entity[demos.row]
        known = np.flatnonzero((entity >= 0) & (demos.at <= self.until))
        every = Dated(at=demos.at[known], timed=np.asarray(demos.timed)[known])
        line = Timeline.of(entity[known], ends_by(self._stops, entity[known], every, self.until))
        place = line.place(self.handovers.entity, self.begin)
        there = line.there(place, self.handovers.entity)
        there[there] &= line.at[place[there]] <= self._last[there]
        return said.or_else(every.taken(line.order).taken(np.where(there, place, -1)))

    @property
    def accepted_by_demo(self) -> np.ndarray:
        """Which are accepted by a demo alone."""
        return np.asarray(self.accepted_at.there & ~self.handovers.accepted.there)

    @property
    def accepted(self) -> np.ndarray:
        """Which were accepted."""
        return self.accepted_at.there

    @property
    def returned(self) -> np.ndarray:
        """Which came back."""
        return self.handovers.returned.there

    @property
    def ends_on_a_day(self) -> np.ndarray:
        """Which came back untouched on a day without a time: for how long they waited, in minutes, nobody knows."""
        return np.asarray(self.seen & ~self.answered_at.there & self.handovers.returned.bare)

    @property
    def rejected(self) -> np.ndarray:
        """Which came back and were never accepted."""
        return np.asarray(self.returned & ~self.accepted)

    @cached_property
    def decided_at(self) -> Dated:
        """When each was accepted or came back, whichever was first."""
        accepted, returned = self.accepted_at, self.handovers.returned
        return accepted.where(accepted.at <= returned.at).or_else(returned)

    @cached_property
    def at_once(self) -> np.ndarray:
        """Which came back for a reason for which they may do so at once."""
        globs = self.config.sla.sales.return_at_once
        return np.asarray(self.returned & self.handovers.reason.that(lambda text: bool(text) and matches(text, globs)))

    # --- clocks --------------------------------------------------------------------------------------------------

    @cached_property
    def clocks(self) -> Clocks:
        """The working hours of everybody, from the first hand-over on."""
        known = self.start if not len(self) else np.minimum(self.start, self.signed_up.at)
        return Clocks(self.config, int(known.min(initial=self.until)) // DAY_MICROS, self.until // DAY_MICROS)

    @cached_property
    def calendar(self) -> np.ndarray:
        """The place of the calendar by which the clock of each runs: that of whom it counts for."""
        return self.clocks.of_owners(self.owner)

    def worked(self, start: np.ndarray, end: np.ndarray) -> np.ndarray:
        """The working time of each from a moment to another, in microseconds."""
        return self.clocks.between(self.calendar, start, np.maximum(start, end))

    @cached_property
    def respond_due(self) -> np.ndarray | None:
        """When an answer to each is due; None without a limit."""
        limit = self.config.sla.sales.respond
        return None if limit is None else self.clocks.due(self.calendar, self.start, limit)

    @cached_property
    def decide_due(self) -> np.ndarray | None:
        """When a decision on each is due: of a bare day by the end of that on which it is; None without a limit."""
        limit = self.config.sla.sales.decide
        if limit is None:
            return None
        due = self.clocks.due(self.calendar, self.start, limit)
        whole_day = (due // DAY_MICROS + 1) * DAY_MICROS - 1
        return np.where(self.handovers.when.timed, due, whole_day)

    # --- attempts ------------------------------------------------------------------------------------------------

    @cached_property
    def tried_until(self) -> np.ndarray:
        """Up to when attempts count: the acceptance, the return, or the last moment that is known."""
        return np.asarray(np.maximum(np.minimum(self.accepted_at.end, self.over), self.start))

    @cached_property
    def tries(self) -> Tries:
        """The attempts of all hand-overs, each with its gap."""
        touches = self.touches
        of, place = attempts(touches, self.handovers.entity, self.begin, self.tried_until)
        of, place = of[self.seen[of]], place[self.seen[of]]
        tried = Moments(day=touches.at[place] // DAY_MICROS, at=touches.at[place], timed=touches.timed[place])
        gap, days = np.full(len(of), NEVER), np.zeros(len(of), dtype=np.int64)
        same = np.flatnonzero(of[1:] == of[:-1]) + 1
        gap[same] = elapsed(tried.at_places(same - 1), tried.at_places(same))
        days[same] = tried.day[same] - tried.day[same - 1]
        return Tries(of=of, channel=touches.channel[place], gap=gap, days=days)

    @cached_property
    def attempts(self) -> np.ndarray:
        """How many attempts each has seen."""
        return np.bincount(self.tries.of, minlength=len(self))

    @cached_property
    def number_of_touches(self) -> np.ndarray:
        """How many touches each has seen in that time."""
        line, entity = self.touches.line, self.handovers.entity
        number = line.place(entity, self.tried_until, "right") - line.place(entity, self.begin)
        return np.asarray(np.where(self.seen, np.maximum(number, 0), 0))

    @cached_property
    def too_early(self) -> np.ndarray | None:
        """Which came back with fewer attempts than agreed, no conversation, and no reason to do so at once."""
        agreed = self.config.sla.sales.attempts
        if agreed is None:
            return None
        known = self.returned & self.seen & (self.handovers.returned.at <= self.reached.by)
        return np.asarray(known & (self.attempts < agreed) & ~self.spoke & ~self.at_once)

    # --- marketing -----------------------------------------------------------------------------------------------

    @cached_property
    def qualified_at(self) -> Dated:
        """When each became an MQL or did what triggers a hand-over, up to the hand-over; none where that is unknown."""
        became = self._first_of(MQL if isinstance(self.config.leads.mql, ReadyScores) else "became_mql")
        activities = self.events.get("activity")
        if self.config.sla.triggers and activities is not None and "kind" in activities.records.words:
            did = first_by_person(triggered(self.config, activities), self.handovers.entity, self.until)
            became = became.or_else(did)
        return became.where(became.by_start(self.handovers.when))

    @cached_property
    def complete(self) -> np.ndarray | None:
        """Of whom all agreed fields were known on the day; None where none is agreed, or no file tells of one."""
        named = [self.attributes.of(name) for name in self.config.sla.marketing.fields]
        if not named or any(each is None for each in named):
            return None
        known = [each.known(self.handovers.entity, self.handovers.day)[0] >= 0 for each in named if each is not None]
        return np.asarray(np.logical_and.reduce(known))


def first_by_person(events: Events | None, entity: np.ndarray, until: int) -> Dated:
    """The first of some events, up to a moment, of each of some people."""
    if events is None:
        return Dated.never(len(entity))
    whose = events.records.entity[events.row]
    known = np.flatnonzero((whose >= 0) & (events.at <= until))
    if not len(known):
        return Dated.never(len(entity))
    line = Timeline.of(whose[known], events.at[known])
    place = line.place(entity, np.full(len(entity), -NEVER))
    first = np.where(line.there(place, entity), place, -1)
    return Dated(at=line.at, timed=np.asarray(events.timed)[known][line.order]).taken(first)


def agreement_of(
    config: Config,
    events: Mapping[str, Events],
    rows: HandoverRows,
    until: int,
    attributes: Attributes,
    reached: Reached,
) -> Agreement:
    """What is known of the hand-overs of some rows until a moment."""
    return Agreement(
        config=config,
        events=events,
        handovers=handovers_by(rows, until),
        until=until,
        attributes=attributes,
        reached=reached,
    )
