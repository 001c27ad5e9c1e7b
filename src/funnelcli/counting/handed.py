"""Hand-overs as events, each on the day on which the lead was handed over: what became of it as of a moment.

They are of the rows that say so, with whom each counts for as their owner, and so are counted, split and listed like
all others.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from weakref import WeakKeyDictionary

import numpy as np
from msgspec.structs import replace

from funnelcli.config import Config
from funnelcli.config.agreement import CONTACTS
from funnelcli.counting.agreement import Agreement, Reached, agreement_of
from funnelcli.counting.contact_logs import reached_by
from funnelcli.counting.handed_names import (
    COMPLETE,
    GAPS,
    GAPS_KEPT,
    HANDED,
    NO_ACCEPTANCE,
    NO_APART,
    NO_ATTEMPTS,
    NO_DECIDE,
    NO_FIELDS,
    NO_MQL,
    NO_RESPOND,
    NO_ROWS,
    NOTHING_HANDED,
    attempts_on,
)  # fmt: skip
from funnelcli.counting.lasting import NOT_ENDED, Lasting
from funnelcli.counting.select import day_number
from funnelcli.facts.dimensions import NO_REASON, RETURN_REASON
from funnelcli.facts.events import NO_DAY, Coded, Events, Records
from funnelcli.facts.handovers import NEVER, Dated, HandoverRows, handover_rows
from funnelcli.facts.happened import Happened, Later
from funnelcli.facts.model import Facts
from funnelcli.stats.survival import HAPPENED, OPEN
from funnelcli.values.as_of import Moment
from funnelcli.values.dates import DAY_MICROS

MINUTE_MICROS = 60_000_000
OWNER = "owner"
# Which settings of the agreement figures are missing without: the event that says so is there where they are.
LIMITS: Mapping[str, Callable[[Config], object]] = {
    NO_RESPOND: lambda config: config.sla.sales.respond,
    NO_DECIDE: lambda config: config.sla.sales.decide,
    NO_ATTEMPTS: lambda config: config.sla.sales.attempts,
    NO_APART: lambda config: config.sla.sales.apart,
}


def _yes(known: Agreement) -> np.ndarray:
    return np.ones(len(known), dtype=bool)


def _past(due: np.ndarray | None, known: Agreement) -> np.ndarray:
    return np.zeros(len(known), dtype=bool) if due is None else np.asarray(due < known.until)


def _answer_past(known: Agreement) -> np.ndarray:
    """Of which the limit for an answer is past, by what is known of touches."""
    return np.zeros(len(known), dtype=bool) if known.respond_due is None else known.respond_due < known.seen_until


def _pending(known: Agreement) -> np.ndarray:
    return np.asarray(~known.accepted & ~known.returned & ~_past(known.decide_due, known))


def _overdue(known: Agreement) -> np.ndarray:
    return np.asarray(~known.accepted & ~known.returned & _past(known.decide_due, known))


def is_timed(known: Agreement) -> np.ndarray:
    """Which hand-overs have a response that can be measured, or still wait for one that could be."""
    touched = known.answered_at
    out = known.in_contact | (known.at_once & ~touched.there) | ~known.seen
    return np.asarray(known.handovers.when.timed & (touched.timed | ~touched.there) & ~out)


def is_due(known: Agreement) -> np.ndarray:
    """Of which the limit for an answer is past."""
    return np.asarray(is_timed(known) & _answer_past(known))


def answered_in_time(known: Agreement) -> np.ndarray:
    """Which were answered within the limit, its last minute too, be that past or not."""
    touched = known.answered_at
    return np.asarray(is_timed(known) & touched.there & _within_limit(known, touched))


def _within_limit(known: Agreement, when: Dated) -> np.ndarray:
    """Of which a moment lies within the limit for an answer; of what has none, nothing is said."""
    limit = known.config.sla.sales.respond
    if limit is None or known.respond_due is None:
        return np.zeros(len(known), dtype=bool)
    at = np.where(when.there, when.at, known.start)
    by_day = at <= known.respond_due
    worked = known.worked(known.start, at) <= limit.minutes * MINUTE_MICROS
    return by_day if limit.days else np.asarray(worked)


def given_back_late(known: Agreement) -> np.ndarray:
    """Which came back untouched for a reason to do so at once, though only when an answer had been due."""
    at_once = known.at_once & known.seen & ~known.answered_at.there & ~known.in_contact
    late = known.handovers.when.timed & ~_within_limit(known, known.handovers.returned)
    return np.asarray(at_once & _answer_past(known) & late)


def _both_past(known: Agreement) -> np.ndarray:
    return np.asarray(
        known.seen & known.handovers.when.timed & _answer_past(known) & _past(known.decide_due, known)
        & (known.answered_at.timed | ~known.answered_at.there)
    )  # fmt: skip


def _kept(known: Agreement) -> np.ndarray:
    """Which were answered and decided in time, and not returned too early."""
    due = known.decide_due
    in_time = np.zeros(len(known), dtype=bool) if due is None else known.decided_at.at <= due
    at_once = known.at_once & ~known.answered_at.there & ~given_back_late(known)
    answered = answered_in_time(known) | known.in_contact | at_once
    early = known.too_early
    return np.asarray(_both_past(known) & in_time & answered & (True if early is None else ~early))


def _early(known: Agreement) -> np.ndarray:
    return np.zeros(len(known), dtype=bool) if known.too_early is None else known.too_early


_WHICH: Mapping[str, Callable[[Agreement], np.ndarray]] = {
    HANDED: _yes,
    "handed_again": lambda known: known.handovers.again,
    "handed_first": lambda known: ~known.handovers.again,
    "handed_accepted": lambda known: known.accepted,
    "handed_accepted_by_demo": lambda known: known.accepted_by_demo,
    "handed_rejected": lambda known: known.rejected,
    "handed_pending": _pending,
    "handed_overdue": _overdue,
    "handed_judged": lambda known: ~_pending(known),
    "handed_returned": lambda known: known.returned,
    "handed_returned_early": _early,
    "handed_touched": lambda known: known.touched,
    "handed_untouched": lambda known: known.seen & ~known.touched,
    "handed_seen": lambda known: known.seen,
    "handed_unseen": lambda known: ~known.seen & ~known.touched,
    "handed_in_contact": lambda known: known.in_contact,
    "handed_spoke": lambda known: known.touched & known.spoke,
    "handed_due": is_due,
    "handed_in_time": lambda known: is_due(known) & answered_in_time(known),
    "handed_both_due": _both_past,
    "handed_kept": _kept,
    COMPLETE: lambda known: _yes(known) if known.complete is None else known.complete,
    "handed_untimed": lambda known: ~known.handovers.when.timed,
}
_WEIGHED: Mapping[str, Callable[[Agreement], np.ndarray]] = {
    "handed_attempts": lambda known: known.attempts,
    "handed_touches": lambda known: known.number_of_touches,
    "handed_minutes": lambda known: known.seen * np.maximum((known.tried_until - known.start) // MINUTE_MICROS, 0),
}
_WEIGHED_BY_CHANNEL = {attempts_on(channel): place for place, channel in enumerate(CONTACTS)}
_NAMES = (
    *_WHICH,
    *_WEIGHED,
    *_WEIGHED_BY_CHANNEL,
    GAPS,
    GAPS_KEPT,
    *LIMITS,
    NOTHING_HANDED,
    NO_ACCEPTANCE,
    NO_MQL,
    NO_FIELDS,
    NO_ROWS,
)
_ROWS: WeakKeyDictionary[Facts, HandoverRows | None] = WeakKeyDictionary()
_KNOWN: WeakKeyDictionary[Facts, dict[tuple[date, int], Facts]] = WeakKeyDictionary()
_OF: WeakKeyDictionary[Records, Agreement] = WeakKeyDictionary()


def rows_of(facts: Facts) -> HandoverRows | None:
    """The rows of hand-overs of a folder, looked for once."""
    if facts not in _ROWS:
        _ROWS[facts] = handover_rows(facts.config, facts.events)
    return _ROWS[facts]


def latest_moment(facts: Facts, as_of: date) -> int:
    """The last moment, in local microseconds, that is known of a day: of its activities and hand-overs, else its end.

    A day that has a ``moment`` of its own ends at that.
    """
    if isinstance(as_of, Moment):
        return as_of.moment
    day, known = day_number(as_of), list[int]()
    for name in ("activity", "handover_row", "handover_accepted_row", "handover_returned_row"):
        events = facts.events.get(name)
        if events is not None:
            mine = events.at[(events.day == day) & events.timed]
            known += [int(mine.max())] if len(mine) else []
    return max(known, default=(day + 1) * DAY_MICROS - 1)


def with_handed(facts: Facts, as_of: date) -> Facts:
    """The facts with the events of hand-overs, as far as ``as_of`` lets one see; made when they are first asked for."""
    if HANDED in facts.events:
        return facts
    known, until = _KNOWN.setdefault(facts, {}), latest_moment(facts, as_of)
    if (as_of, until) not in known:
        base = replace(facts)  # who asks is a key of what is kept, and must not be held by it
        later = Later(names=_NAMES, make=lambda: _events(base, until, reached_by(base, as_of)))
        known[as_of, until] = replace(facts, events=Happened.together([facts.events, Happened([later])]))
    return known[as_of, until]


def agreement_known(facts: Facts) -> Agreement | None:
    """What is known of the hand-overs of facts ``with_handed``; None where nothing was handed over."""
    return _OF.get(facts.events[HANDED].records)


def _events(facts: Facts, until: int, reached: Reached) -> Iterator[Events]:
    rows = rows_of(facts)
    if rows is None:
        none = Records.invented("", "", {}, 1)
        nothing = np.zeros(0, dtype=np.int64)
        made = {name: Events.of(name, none, nothing, nothing) for name in _NAMES}
        made[NOTHING_HANDED] = Events.of(NOTHING_HANDED, none, np.zeros(1, dtype=np.int64), np.full(1, NO_DAY))
        yield from made.values()
        return
    known = agreement_of(facts.config, facts.events, rows, until, facts.attributes, reached)
    records = _records(known)
    _OF[records] = known
    handed = known.handovers
    number = np.arange(len(known))

    def of(name: str, places: np.ndarray, weight: np.ndarray | None = None, link: np.ndarray | None = None) -> Events:
        return Events.of(
            name, records, handed.row[places], handed.day[places], at=handed.when.at[places],
            timed=handed.when.timed[places], weight=weight, link=places if link is None else link,
        )  # fmt: skip

    for name, which in _WHICH.items():
        yield of(name, np.flatnonzero(which(known)))
    for name, weigh in _WEIGHED.items():
        yield of(name, number, weigh(known))
    for name, channel in _WEIGHED_BY_CHANNEL.items():
        yield of(name, number, np.bincount(known.tries.of[known.tries.channel == channel], minlength=len(known)))
    for name, places in _gaps(known).items():
        yield of(name, known.tries.of[places], link=places)
    yield from _lacking(known, records, facts)


def _records(known: Agreement) -> Records:
    """The rows of hand-overs with whom each counts for, and why it came back."""
    base, handed = known.handovers.rows.records, known.handovers
    owners = _spread(known.owner, handed.row, len(base), "unknown")
    reasons = _spread(handed.reason, handed.row, len(base), NO_REASON)
    return replace(base, values={**base.values, OWNER: owners, RETURN_REASON: reasons})


def _spread(words: Coded, rows: np.ndarray, size: int, nothing: str) -> Coded:
    """Words of some rows as a column of all of them."""
    codes = np.full(size, len(words.texts))
    codes[rows] = words.codes
    return Coded(codes, [*(text or nothing for text in words.texts), nothing])


def _gaps(known: Agreement) -> dict[str, np.ndarray]:
    """The places of the attempts that follow another, and of those that do so as was agreed."""
    tries, apart = known.tries, known.config.sla.sales.apart
    between = np.flatnonzero(tries.gap < NEVER)
    least, most = apart or (0, 0)
    fits = (tries.days[between] >= least) & (tries.days[between] <= most)
    return {GAPS: between, GAPS_KEPT: between[fits]}


def can_be_accepted(facts: Facts, known: Agreement) -> bool:
    """Whether anything says which leads were accepted; a demo that hands a lead over does not accept it, too."""
    by_demo = "demo_booked" in facts.events and known.handovers.rows.rule != "demo_booked"
    return by_demo or facts.has_column("handovers", "accepted_at") or bool(known.accepted.any())


def _lacking(known: Agreement, records: Records, facts: Facts) -> Iterator[Events]:
    """What the settings or the exports do not say, and is needed: an event before all others says so."""
    can_accept = can_be_accepted(facts, known)
    lacks = {name: read(known.config) is None for name, read in LIMITS.items()}
    lacks |= {NO_ACCEPTANCE: not can_accept, NOTHING_HANDED: False}
    lacks[NO_FIELDS] = known.complete is None
    lacks[NO_ROWS] = known.reached.until == -NEVER
    lacks[NO_MQL] = not known.qualified_at.there.any()
    for name, is_lacking in lacks.items():
        row = known.handovers.rows.row[: int(is_lacking)]
        yield Events.of(name, records, row, np.full(len(row), NO_DAY))


# --- how long it took --------------------------------------------------------------------------------------------


def timing(records: Records, name: str, events: Events) -> Lasting:
    """How long what a figure times took, of each event of hand-overs: by working hours, or by the calendar."""
    known = _OF[records]
    what, _, clock = name.partition(":")
    if what == "gap":
        gap = known.tries.gap[events.link]
        done = np.ones(len(gap), dtype=bool)
        return Lasting(
            times=gap, became=np.where(done, HAPPENED, OPEN), ended=np.full(len(gap), NOT_ENDED), unclear=~done
        )
    start, end, there, clear = _spans(known, what)
    took = known.worked(start, end) if clock == "business" else known.clocks.elapsed(start, np.maximum(start, end))
    lasted = Lasting(
        times=np.where(clear, took, 0), became=np.where(there & clear, HAPPENED, OPEN),
        ended=np.where(there & clear, end // DAY_MICROS, NOT_ENDED), unclear=~clear,
    )  # fmt: skip
    return Lasting(**{key: getattr(lasted, key)[events.link] for key in ("times", "became", "ended", "unclear")})


def _spans(known: Agreement, what: str) -> tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]:
    """From when to when something takes, whether it has ended then, and whether that can be measured."""
    touched = known.answered_at
    if what == "handover":
        since = known.qualified_at
        clear = since.there & since.timed & known.handovers.when.timed
        return np.where(clear, since.at, known.start), known.start, clear, clear
    end, clear = np.where(touched.there, touched.at, known.over), is_timed(known) & ~known.ends_on_a_day
    if what == "response":
        return known.start, end, touched.there, clear
    signed_up = known.signed_up
    clear = clear & signed_up.there & signed_up.timed & ~known.handovers.again
    return np.where(clear, signed_up.at, known.start), end, touched.there, clear & (signed_up.at <= end)
