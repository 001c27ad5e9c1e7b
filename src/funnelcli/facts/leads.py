"""Leads: everybody who signed up, with both scores at any moment, and when each became what, once and for good."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import cached_property, partial
from typing import Literal

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from funnelcli.config import Config
from funnelcli.config.leads import LeadSettings, ReadyScores
from funnelcli.facts.attributes import Attributes
from funnelcli.facts.dimensions import GRADE, OWNER, Dimensions
from funnelcli.facts.events import NO_DAY, NOBODY, OPEN_END, Coded, Events, Records, without_twins
from funnelcli.facts.fit import Fit, TierFit, excluded, exclusion_changes, fit_of
from funnelcli.facts.grades import MISSING, Scores
from funnelcli.facts.handovers import NEVER as NEVER
from funnelcli.facts.handovers import Dated, HandoverRows, Handovers, handovers_by, said_rows
from funnelcli.facts.happened import Later
from funnelcli.facts.interest import Interest, interest_in
from funnelcli.facts.lead_moments import Moment as Moment
from funnelcli.facts.lead_pairs import followed_leads
from funnelcli.facts.lead_scored import grade_of, score_events
from funnelcli.facts.lead_value import value_events
from funnelcli.facts.nurture import nurture_events
from funnelcli.facts.ready import first_ready
from funnelcli.facts.temperatures import temperature_events, warmth_of
from funnelcli.facts.tiers import NO_TIERS, Tiers
from funnelcli.inputs.lead_stages import (
    BECAME_SQL,
    EXCLUDED,
    LEAD,
    LEAD_PAIRS,
    MQL,
    MQL_VALUE,
    NO_FIT,
    NO_MQL,
    NO_MQL_VALUE,
    NO_SCORES,
    NO_SQL,
    NO_TOUCHES,
    NURTURE_OVER,
    NURTURED,
    PAID,
    RECYCLED,
    RECYCLED_PAIRS,
    SCORE_EVENTS,
    SQL,
    WARMED,
)
from funnelcli.values.dates import DAY_MICROS, micros_of
from funnelcli.values.periods import month_of

MqlRule = Literal["scores", "handover", "signup"]
SqlRule = Literal["accepted", "demo"]


class Leads(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """The people who signed up, each by the row of the signup; scores are made when they are asked for.

    ``events`` are those that the rows of all exports stand for, and ``covered`` the last days that the settings say
    that inputs tell of.
    """

    config: Config
    events: Mapping[str, Events]
    attributes: Attributes
    signups: Events
    tiers: Tiers = NO_TIERS
    owners: Callable[[Records], Coded] = lambda records: Coded.same("", len(records))
    covered: Mapping[str, int] = {}

    def __len__(self) -> int:
        return len(self.entity)

    @property
    def settings(self) -> LeadSettings:
        """What they are judged by."""
        return self.config.leads

    @cached_property
    def handed(self) -> HandoverRows | None:
        """The hand-overs that rows or dates say; what is only taken for one is none here."""
        return said_rows(self.config, self.events)

    @cached_property
    def handovers(self) -> Handovers | None:
        """What these rows come to, all of them known; None where nothing says any."""
        return None if self.handed is None else handovers_by(self.handed, NEVER - 1)

    @cached_property
    def _row(self) -> np.ndarray:
        """The places of the first signup of each person among the signups, in the order of the people."""
        order = np.lexsort((self.signups.at, self.signups.records.entity[self.signups.row]))
        whose = self.signups.records.entity[self.signups.row[order]]
        first = np.ones(len(order), dtype=bool)
        first[1:] = whose[1:] != whose[:-1]
        return np.asarray(order[first & (whose != NOBODY)])

    @cached_property
    def entity(self) -> np.ndarray:
        """The number of each person, in its order; who is excluded too."""
        return np.asarray(self.signups.records.entity[self.signups.row[self._row]])

    @cached_property
    def came(self) -> Moment:
        """When each signed up."""
        return Moment(at=self.signups.at[self._row], timed=self.signups.timed[self._row])

    def is_excluded(self, day: np.ndarray, places: np.ndarray | slice = slice(None)) -> np.ndarray:
        """Which of some leads, else of all, are none by the settings, as it was known of each on a day."""
        return excluded(self.attributes, self.settings, self.entity[places], day)

    def exclusions(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """From which days on others may be no leads: people and days."""
        return exclusion_changes(self.attributes, self.settings)

    @cached_property
    def interest(self) -> Interest | None:
        """What they did that gives points; None where no file says what anybody did."""
        return interest_in(self.events, self.settings)

    @cached_property
    def fit(self) -> Fit | TierFit | None:
        """How they are judged by what they are; None where the settings do not say."""
        return fit_of(self.attributes, self.settings, self.tiers)

    @cached_property
    def warmth(self) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """The places of leads, the days on which something else holds from then on, and how warm each is then."""
        return warmth_of(self)

    def scores(self, entity: np.ndarray, at: np.ndarray) -> Scores:
        """Both scores of people at a moment each, with what was known then."""
        nothing, day = np.full(len(entity), np.nan), at // DAY_MICROS
        return Scores(
            fit=nothing if self.fit is None else self.fit.score(entity, day),
            letter=np.full(len(entity), MISSING) if self.fit is None else self.fit.letter(entity, day),
            interest=nothing if self.interest is None else self.interest.score(entity, at),
            grades=self.settings.grades,
        )

    # --- when they became what ----------------------------------------------------------------------------------

    @property
    def mql_rule(self) -> MqlRule:
        """By what a lead is ready for sales: as the settings say, else the hand-over where there is any."""
        rule = self.settings.mql
        if rule is None:
            return "handover" if self.handed is not None else "signup"
        return "scores" if isinstance(rule, ReadyScores) else "handover" if rule == "handover" else "signup"

    @property
    def sql_rule(self) -> SqlRule:
        """By what sales takes a lead on: as the settings say, else the acceptance where any hand-over says that."""
        return self.settings.sql or ("accepted" if self._says_accepted else "demo")

    @cached_property
    def _says_accepted(self) -> bool:
        """Whether any hand-over, or list of leads, says that sales accepted somebody."""
        handed = self.handed is not None and bool(self.handed.accepted.there.any())
        return handed or bool(len(self.events.get(BECAME_SQL, ())))

    @cached_property
    def mql(self) -> Moment:
        """When each was first ready for sales; who has paid is a lead no more."""
        ready = self._ready
        kept = ready.at // DAY_MICROS <= self.paid.at // DAY_MICROS
        return Moment(at=np.where(kept, ready.at, NEVER), timed=ready.timed & kept)

    @property
    def _ready(self) -> Moment:
        if self.mql_rule == "signup":
            return self.came
        if self.mql_rule == "handover":
            return self.handed_over
        assert isinstance(self.settings.mql, ReadyScores)
        return first_ready(self, self.settings.mql)

    @cached_property
    def sql(self) -> Moment:
        """When sales first took each on: a demo that was booked after the hand-over accepts it, too."""
        booked = self.first("demo_booked")
        if self.sql_rule == "demo":
            return booked
        said = self._earlier(self.first(BECAME_SQL), self._accepted)
        booked = Moment(at=np.where(booked.at >= self.handed_over.at, booked.at, NEVER), timed=booked.timed)
        return self._earlier(said, booked)

    @property
    def _accepted(self) -> Moment:
        known = self.handovers
        return self._first_of(*((None, None) if known is None else (known.entity, known.accepted)))

    @staticmethod
    def _earlier(first: Moment, other: Moment) -> Moment:
        """Of each the earlier of two moments."""
        sooner = other.at < first.at
        return Moment(at=np.where(sooner, other.at, first.at), timed=np.where(sooner, other.timed, first.timed))

    @cached_property
    def handed_over(self) -> Moment:
        """When each was first handed over."""
        known = self.handovers
        return self._first_of(*((None, None) if known is None else (known.entity, known.when)))

    def _first_of(self, entity: np.ndarray | None, when: Dated | None) -> Moment:
        """The first of some moments of each lead."""
        at, timed = np.full(len(self), NEVER), np.zeros(len(self), dtype=bool)
        if entity is not None and when is not None:
            place, known = self.places(entity)
            kept = np.flatnonzero(known & when.there)
            order = kept[np.argsort(when.at[kept], kind="stable")][::-1]
            at[place[order]], timed[place[order]] = when.at[order], when.timed[order]
        return Moment(at=at, timed=timed)

    @cached_property
    def paid(self) -> Moment:
        """When each first paid."""
        return self.first("paid_first")

    def first(self, name: str) -> Moment:
        """The first moment of an event of each lead."""
        events = self.events.get(name)
        at, timed = np.full(len(self), NEVER), np.zeros(len(self), dtype=bool)
        if events is not None and len(events):
            entity = events.records.entity[events.row]
            order = np.lexsort((events.at, entity))[::-1]
            place, known = self.places(entity[order])
            at[place[known]], timed[place[known]] = events.at[order[known]], events.timed[order[known]]
        return Moment(at=at, timed=timed)

    def last_interest(self, until: int) -> Moment:
        """When each last did something that gives points above zero, up to a moment."""
        last, timed = np.full(len(self), -1), np.zeros(len(self), dtype=bool)
        if self.interest is not None:
            kind, entity, at = self.interest.kind, self.interest.entity, self.interest.at
            kept = np.flatnonzero((at <= until) & (self.interest.points[kind] > 0))
            ends = np.ones(len(kept), dtype=bool)  # they stand in the order of kind, person and moment
            ends[:-1] = (kind[kept][1:] != kind[kept][:-1]) | (entity[kept][1:] != entity[kept][:-1])
            kept = kept[ends]
            place, known = self.places(entity[kept])
            order = np.flatnonzero(known)[np.argsort(at[kept[known]], kind="stable")]
            last[place[order]], timed[place[order]] = at[kept[order]], self.interest.timed[kept[order]]
        return Moment(at=np.where(last >= 0, last, NEVER), timed=timed)

    def places(self, entity: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The places of people among the leads, and which of them are leads."""
        place = np.minimum(np.searchsorted(self.entity, entity), max(len(self) - 1, 0))
        return place, (self.entity[place] == entity) if len(self) else np.zeros(len(entity), dtype=bool)

    # --- as events ----------------------------------------------------------------------------------------------

    def happened(self) -> Iterator[Later]:
        """What became of leads, as events of the rows of their signups."""
        yield Later(names=(LEAD, EXCLUDED), make=self._came)
        for name in self.unknown:
            yield Later(names=(name,), make=partial(lambda each: [self._unsaid(each)], name))
        yield Later(names=(MQL,), make=lambda: [self._events(MQL, self.mql)])
        if self.tells_sql:
            yield Later(names=(SQL,), make=lambda: [self._events(SQL, self.sql)])
        for pair in LEAD_PAIRS:
            if SQL not in (pair.start, pair.goal) or self.tells_sql:
                yield Later(names=pair.names, make=partial(followed_leads, self, pair))
        yield Later(names=SCORE_EVENTS, make=lambda: score_events(self))
        yield Later(names=(MQL_VALUE, NO_MQL_VALUE), make=lambda: value_events(self))
        names = tuple(f"{name}_{way}" for name in ("hot", "warm", "cold") for way in ("into", "out"))
        yield Later(names=names, make=lambda: temperature_events(self))
        pairs = [pair for pair in RECYCLED_PAIRS if pair.goal != SQL or self.tells_sql]
        names = (RECYCLED, NURTURE_OVER, *NURTURED, *WARMED, *(name for pair in pairs for name in pair.names))
        yield Later(names=names, make=lambda: nurture_events(self))

    @property
    def tells_sql(self) -> bool:
        """Whether any file says whom sales takes on."""
        accepts = self.handed is not None or self._says_accepted
        return accepts if self.sql_rule == "accepted" else "demo_booked" in self.events

    def when(self, stage: str) -> Moment:
        """When each came to a stage: lead, mql, sql or paid."""
        return {LEAD: self.came, MQL: self.mql, SQL: self.sql, PAID: self.paid}[stage]

    def seen_until(self, stage: str) -> int:
        """The last day on which the exports of a stage are said to tell of it."""
        of_sales = "demos" if self.sql_rule == "demo" else "handovers"
        return self.covered.get({PAID: "paid_users", SQL: of_sales}.get(stage, ""), OPEN_END)

    def _came(self) -> Iterator[Events]:
        yield self._events(LEAD, self.came)
        gone = self._excluded_since
        out = np.flatnonzero(gone.there)
        yield Events.of(
            EXCLUDED, self.records, self.row[out], gone.at[out] // DAY_MICROS, at=gone.at[out], timed=gone.timed[out]
        )

    @property
    def _excluded_since(self) -> Moment:
        """When it was first known of each that it is no lead: when it came, else on a day after that."""
        at, day = np.full(len(self), NEVER), self.came.at // DAY_MICROS
        at_once = self.is_excluded(day)
        for entity, since in self.exclusions():
            place, known = self.places(entity)
            later = known & (since > day[place])
            place, since = place[later], since[later]
            out = self.is_excluded(since, place)
            np.minimum.at(at, place[out], since[out] * DAY_MICROS)
        return Moment(at=np.where(at_once, self.came.at, at), timed=at_once & self.came.timed)

    def _events(self, name: str, when: Moment) -> Events:
        kept = np.flatnonzero(when.there & ~self.is_excluded(when.at // DAY_MICROS))
        at = when.at[kept]
        return Events.of(name, self.records, self.row[kept], at // DAY_MICROS, at=at, timed=when.timed[kept], link=kept)

    @cached_property
    def records(self) -> Records:
        """The rows of the signups, with who has each lead now: by its latest hand-over, else as all else says."""
        base = self.signups.records
        if self.handed is None or not len(self.handed):
            return base
        otherwise, owner = self.owners(base), self.handed.owner
        codes = otherwise.codes + len(owner.texts)
        last = np.ones(len(self.handed), dtype=bool)
        last[:-1] = self.handed.entity[1:] != self.handed.entity[:-1]
        place, known = self.places(self.handed.entity)
        named = np.flatnonzero(last & known & owner.that(bool))
        codes[self.row[place[named]]] = owner.codes[named]
        return replace(base, values={**base.values, OWNER: without_twins(codes, [*owner.texts, *otherwise.texts])})

    @cached_property
    def unknown(self) -> Mapping[str, bool]:
        """What nothing tells, by the event that says so: who is ready, whom sales took on, who was called."""
        scored = self.mql_rule == "scores" and (self.fit is None or self.interest is None)
        handed = self.mql_rule == "handover" and self.handed is None
        no_sql = "demo_booked" not in self.events and (self.sql_rule == "demo" or not self._says_accepted)
        no_fit, no_deeds = not self.settings.fit and not self.tiers.is_declared, "activity" not in self.events
        unscored = no_fit and no_deeds
        return {
            NO_MQL: scored or handed, NO_SQL: no_sql, NO_TOUCHES: no_deeds, NO_FIT: no_fit, NO_SCORES: unscored
        }  # fmt: skip

    def _unsaid(self, name: str) -> Events:
        """An event that is there where something is unknown, before all days."""
        size = min(len(self), 1) if self.unknown[name] else 0
        return Events.of(name, self.signups.records, self.row[:size], np.full(size, NO_DAY))

    @cached_property
    def row(self) -> np.ndarray:
        """The place of the signup of each among the records of signups."""
        return np.asarray(self.signups.row[self._row])


def leads_in(
    config: Config, events: Mapping[str, Events], attributes: Attributes, dimensions: Dimensions, tiers: Tiers
) -> Leads | None:
    """The leads, where any file says who signed up."""
    signups = events.get("signup")
    if signups is None:
        return None
    ends = {name: settings.covered for name, settings in config.inputs.items() if settings.covered is not None}
    covered = {name: micros_of(month_of(last).end) // DAY_MICROS - 1 for name, (_, last) in ends.items()}
    leads = Leads(
        config=config, events=events, attributes=attributes, signups=signups, tiers=tiers, covered=covered,
        owners=partial(dimensions.of, OWNER),
    )  # fmt: skip
    if not leads.unknown[NO_FIT]:  # without a letter they are no grades
        dimensions.tell(GRADE, partial(grade_of, leads))
    return leads
