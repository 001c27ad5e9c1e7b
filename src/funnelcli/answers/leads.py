"""Leads: who to call now, scored as of a day; one lead opened; and whether the score puts those first who pay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import numpy as np
from msgspec import Struct

from funnelcli.answers.lead_model import LeadModel, proposed_points
from funnelcli.answers.lead_points import Deed, Part, deeds_of, parts_of_scores, reasons
from funnelcli.answers.lead_test import ScoreTest, score_test
from funnelcli.answers.named import value_named
from funnelcli.answers.notes import notes_of_findings, source_notes
from funnelcli.answers.report import check_dimension, sources_of
from funnelcli.answers.report_model import Source
from funnelcli.answers.rule_checks import rules_of_leads, rules_of_profile
from funnelcli.answers.spec import resolve_as_of
from funnelcli.counting.handed import latest_moment
from funnelcli.counting.select import day_number
from funnelcli.facts.attributes import NO_ACCOUNT
from funnelcli.facts.dimensions import CHANNEL, GRADE
from funnelcli.facts.fit import UNKNOWN as NOT_COMPARED
from funnelcli.facts.fit import TierFit
from funnelcli.facts.grades import HOT, TEMPERATURES, Scores
from funnelcli.facts.lead_touches import LeadTouches, lead_touches
from funnelcli.facts.leads import Leads, Moment
from funnelcli.facts.model import Facts
from funnelcli.facts.tiers import TIERS
from funnelcli.problems import InputError, UsageError
from funnelcli.text import Message, did_you_mean
from funnelcli.values.figures import Note
from funnelcli.values.moments import moment_text

OWNER, TIER = "owner", "tier"


class LeadRequest(Struct, frozen=True, kw_only=True):
    """What is asked: as of which day, of which ``part`` of a dimension, of ``lead_id`` alone, of ``everyone``.

    With ``fit_model`` points are proposed from how leads of old did.
    """

    as_of: str | None = None
    by: str | None = None
    part: str | None = None
    lead_id: str | None = None
    everyone: bool = False
    fit_model: bool = False
    skip_bad_rows: bool = False


class Lead(Struct, frozen=True, kw_only=True):
    """A lead as it is known on the day; scores are None where nothing tells them, moments are local and ISO."""

    user_id: str
    account: str
    owner: str
    grade: str
    temperature: str
    lead_score: float | None
    fit_score: float | None
    interest_score: float | None
    reasons: str
    tier: str
    channel: str
    part: str
    lead_at: str
    mql_at: str
    handed_over_at: str
    sql_at: str
    paid_at: str
    waiting_minutes: float | None
    due_at: str
    last_interest_at: str
    last_touch_at: str
    touches: int | None
    file: str
    line: int | None


class Opened(Struct, frozen=True, kw_only=True):
    """One lead with all that its scores are made of; ``excluded`` says that it is no lead by the settings."""

    lead: Lead
    parts: tuple[Part, ...]
    deeds: tuple[Deed, ...]
    excluded: bool
    half_life: int | None


class LeadList(Struct, frozen=True, kw_only=True):
    """Leads on a day: those to call now, or all; ``numbers`` are how many leads are how warm.  ``opened`` is one."""

    as_of: date
    timezone: str
    by: str | None
    part: str | None
    everyone: bool
    rows: tuple[Lead, ...]
    numbers: tuple[tuple[str, int], ...]
    all_leads: int
    excluded: int
    rules: tuple[str, str]
    test: ScoreTest
    opened: Opened | None
    model: LeadModel | None
    notes: tuple[Note, ...]
    sources: tuple[Source, ...]


def leads_now(facts: Facts, request: LeadRequest, now: datetime) -> LeadList:
    """The leads as they are known by the end of a day.

    Raises InputError where no file says who signed up, UsageError where there is no lead, or part, of a name.
    """
    leads = facts.leads
    if leads is None:
        raise InputError(
            Message("No file says who signed up: leads are signups."),
            hint=Message("Name a file signups*, registrations* or leads*, or give it with --signups."),
        )
    if request.by is not None:
        check_dimension(facts, request.by)
    as_of = resolve_as_of(request.as_of, facts.extents, facts.config.business.timezone, now)
    seen = _Seen(facts, leads, as_of)
    opened = None if request.lead_id is None else _opened(seen, request.lead_id)
    chosen = seen.here[~seen.is_excluded[seen.here]] if request.everyone else seen.to_call
    chosen = chosen[_in_part(seen, chosen, request)]
    order = seen.by_score(chosen) if request.everyone else seen.by_wait(chosen)
    temperature = seen.scores.temperature[~seen.is_excluded[seen.here] & seen.is_open[seen.here]]
    return LeadList(
        as_of=as_of, timezone=facts.config.business.timezone, by=request.by, part=request.part,
        everyone=request.everyone,
        rows=tuple(seen.rows(order, request.by)) if opened is None else (opened.lead,),
        numbers=tuple((name, int((temperature == code).sum())) for code, name in enumerate(TEMPERATURES)),
        all_leads=int((~seen.is_excluded[seen.here]).sum()), excluded=int(seen.is_excluded[seen.here].sum()),
        rules=(leads.mql_rule, leads.sql_rule), test=score_test(facts, leads, as_of), opened=opened,
        model=proposed_points(facts, leads, as_of) if request.fit_model else None,
        notes=(*_notes(facts, leads, seen), *source_notes(facts, as_of, skip_bad_rows=request.skip_bad_rows)),
        sources=sources_of(facts),
    )  # fmt: skip


class _Seen:
    """The leads as they are seen at the close of a day: places among all leads, and what is known of them then."""

    def __init__(self, facts: Facts, leads: Leads, as_of: date) -> None:
        self._facts, self._leads = facts, leads
        self.day = day_number(as_of)
        self.close = latest_moment(facts, as_of)
        self.here = np.flatnonzero(leads.came.at <= self.close)
        self.scores: Scores = leads.scores(leads.entity[self.here], np.full(len(self.here), self.close))
        self.is_excluded = leads.is_excluded(np.full(len(leads), self.day))
        self.touches: LeadTouches = lead_touches(leads, self.close)

    @property
    def is_open(self) -> np.ndarray:
        """Who has not paid by then."""
        return np.asarray(self._leads.paid.at > self.close)

    @property
    def to_call(self) -> np.ndarray:
        """Hot, not touched since the hand-over, else the signup; no customer, not excluded, not returned."""
        leads = self._leads
        hot = np.zeros(len(leads), dtype=bool)
        hot[self.here] = self.scores.temperature == HOT
        wanted = hot & self.is_open & ~self.is_excluded & ~self.touches.is_touched & ~self.touches.is_returned
        return np.flatnonzero(wanted)

    def by_wait(self, places: np.ndarray) -> np.ndarray:
        """Places in order of who waits longest; of equals the higher score, then the name."""
        since, score = self.touches.since.at[places], -np.nan_to_num(self._of(self.scores.lead)[places])
        names = [self._facts.entities[who] for who in self._leads.entity[places].tolist()]
        ranks = np.argsort(np.argsort(np.array(names, dtype=object), kind="stable"), kind="stable")
        return np.asarray(places[np.lexsort((ranks, score, since))])

    def by_score(self, places: np.ndarray) -> np.ndarray:
        """Places in order of the score, the highest first; of equals who came first."""
        score = -np.nan_to_num(self._of(self.scores.lead)[places], nan=-1.0)
        return np.asarray(places[np.lexsort((self._leads.came.at[places], score))])

    def _of(self, scores: np.ndarray) -> np.ndarray:
        """Scores by the place of all leads."""
        every = np.full(len(self._leads), np.nan)
        every[self.here] = scores
        return every

    def rows(self, places: np.ndarray, by: str | None) -> Iterator[Lead]:
        """The leads at some places, with all that is known of them by then."""
        facts, leads = self._facts, self._leads
        at = np.full(len(places), self.close)
        scores = leads.scores(leads.entity[places], at)
        parts = parts_of_scores(leads, leads.entity[places], at)
        known = {name: self.said(name, places) for name in {OWNER, TIER, CHANNEL, *([by] if by else [])}}
        accounts = facts.attributes.members.of(leads.entity[places])
        interest = leads.last_interest(self.close)
        numbers = (scores.lead, scores.fit, scores.interest)
        grades, warmth = scores.names, [TEMPERATURES[code] for code in scores.temperature.tolist()]
        for number, place in enumerate(places.tolist()):
            lead_score, fit, interest_score = (_score(each[number]) for each in numbers)
            row = int(leads.row[place])
            firm = int(accounts[number])
            waiting, due = self.touches.waiting(place)
            yield Lead(
                user_id=facts.entities[int(leads.entity[place])],
                account="" if firm == NO_ACCOUNT else facts.attributes.members.names[firm],
                owner=known[OWNER][number],
                grade=grades[number], temperature=warmth[number],
                lead_score=lead_score, fit_score=fit, interest_score=interest_score, reasons=reasons(parts[number]),
                tier=known[TIER][number], channel=known[CHANNEL][number], part=known[by][number] if by else "",
                lead_at=self._text(leads.came, place), mql_at=self._text(leads.mql, place),
                handed_over_at=self._text(self.touches.handed_over, place), sql_at=self._text(leads.sql, place),
                paid_at=self._text(leads.paid, place), waiting_minutes=waiting, due_at=due,
                last_interest_at=self._text(interest, place),
                last_touch_at=self._text(self.touches.last, place), touches=self.touches.number(place),
                file=leads.signups.records.files[int(leads.signups.records.file[row])],
                line=int(leads.signups.records.line[row]),
            )  # fmt: skip

    def said(self, name: str, places: np.ndarray) -> list[str]:
        """What leads have of a dimension; nothing where no file says it.

        Who has them is whom they were given to, and their tier that of their account on the day.
        """
        facts, leads = self._facts, self._leads
        known = name in facts.dimensions.declared and (name == CHANNEL or facts.dimensions.is_said(name))
        if not known:
            return [""] * len(places)
        if name == GRADE:
            return leads.scores(leads.entity[places], np.full(len(places), self.close)).names
        if facts.dimensions.declared[name].by_tier:
            codes = facts.tiers.of(leads.entity[places], np.full(len(places), self.day))
            return [TIERS[code] for code in codes.tolist()]
        said = facts.dimensions.of(name, leads.signups.records).of_rows(leads.row[places])
        if name != OWNER:
            return said
        nothing = facts.dimensions.declared[name].nothing
        handed = (self.touches.owner(place) for place in places.tolist())
        return [now or ("" if text == nothing else text) for now, text in zip(handed, said, strict=True)]

    def _text(self, moment: Moment, place: int) -> str:
        at = int(moment.at[place])
        return moment_text(at, timed=bool(moment.timed[place])) if at <= self.close else ""


def _score(value: float) -> float | None:
    return None if np.isnan(value) else round(float(value), 3)


def _in_part(seen: _Seen, places: np.ndarray, request: LeadRequest) -> np.ndarray:
    """Which of some leads are in the part that is asked for; UsageError where nothing has it."""
    if request.by is None or request.part is None:
        return np.ones(len(places), dtype=bool)
    wanted = value_named(request.part, request.by, filter(None, seen.said(request.by, seen.here)))
    return np.array([text == wanted for text in seen.said(request.by, places)], dtype=bool)


def _opened(seen: _Seen, lead_id: str) -> Opened:
    """One lead; UsageError where nobody of that id had signed up by then."""
    facts, leads = seen._facts, seen._leads
    wanted = lead_id.strip().casefold()
    names = [facts.entities[who] for who in leads.entity[seen.here].tolist()]
    place = next((n for n, name in enumerate(names) if name.casefold() == wanted), None)
    if place is None:
        import difflib

        raise UsageError(
            Message("--id {lead!r}: nobody of that id had signed up by {day}.{guess}").filled(
                lead=lead_id, day=str(np.datetime64(seen.day, "D")),
                guess=did_you_mean(difflib.get_close_matches(lead_id, names, n=1)),
            )
        )  # fmt: skip
    mine = seen.here[place : place + 1]
    who, at = leads.entity[mine], np.array([seen.close])
    return Opened(
        lead=next(seen.rows(mine, None)), parts=tuple(parts_of_scores(leads, who, at)[0]),
        deeds=tuple(deeds_of(leads, int(who[0]), seen.close)), excluded=bool(seen.is_excluded[mine[0]]),
        half_life=leads.settings.half_life_days,
    )  # fmt: skip


def _not_understood(leads: Leads, seen: _Seen) -> Iterator[Note]:
    """Cells of attributes that no rule can be compared with, by what they are of."""
    day = np.full(len(seen.here), seen.day)
    for rules in () if leads.fit is None else leads.fit.rules:
        rule, codes, _ = rules.on(leads.entity[seen.here], day)
        unsure = np.unique(codes[(codes >= 0) & (rule == NOT_COMPARED)]).tolist()
        if unsure and rules.attribute is not None:
            said = ", ".join(repr(rules.attribute.texts[code]) for code in unsure[:3]) + (", …" if unsure[3:] else "")
            text = Message("{name}: {cells} [n!fits|fit] no rule for sure, and [n!counts|count] as unknown.")
            yield Note("cells-not-compared", text.filled(n=len(unsure), name=rules.name, cells=said))


# --- what to know ------------------------------------------------------------------------------------------------


def _notes(facts: Facts, leads: Leads, seen: _Seen) -> Iterator[Note]:
    if leads.fit is None:
        text = Message("Nothing says who fits: [leads.fit] gives points to attributes, or [icp] does; the letter is ?.")
        yield Note("no-fit-rules", text)
    if leads.interest is None:
        text = Message("No file says what leads do: activities* does; the number is ?.")
        yield Note("no-interest", text)
    yield from _not_understood(leads, seen)
    yield from notes_of_findings(rules_of_leads(facts))
    if isinstance(leads.fit, TierFit):
        yield from notes_of_findings(rules_of_profile(facts))
    if leads.fit is not None and not facts.attributes.is_dated:
        text = Message("The attributes have no valid_from: they are taken as known ever since, in earlier scores too.")
        yield Note("attributes-not-dated", text)
    if leads.interest is not None and leads.interest.others:
        text = Message("{n} [activity|activities] of leads [is|are] of kinds that give no points: {kinds}.")
        most = leads.interest.others.most_common(5)
        kinds = ", ".join(f"{kind} ({number})" for kind, number in most)
        kinds += ", …" if len(leads.interest.others) > len(most) else ""
        yield Note("kinds-without-points", text.filled(n=leads.interest.others.total(), kinds=kinds))
    if not seen.touches.is_known:
        yield Note(
            "no-touches", Message("No file says whom somebody called: activities* does. All count as untouched.")
        )
