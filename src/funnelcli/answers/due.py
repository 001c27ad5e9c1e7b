"""Who comes due: the contracts that end within a time and are not renewed yet, those overdue first."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date, datetime

import numpy as np
from msgspec import Struct

from funnelcli.answers.named import value_named
from funnelcli.answers.notes import source_notes
from funnelcli.answers.report import check_dimension, sources_of
from funnelcli.answers.report_model import Source
from funnelcli.answers.spec import resolve_as_of
from funnelcli.counting.levels import Levels
from funnelcli.counting.renewing import Terms, terms_by
from funnelcli.counting.select import day_number
from funnelcli.facts.dimensions import CHANNEL, PLAN
from funnelcli.facts.events import NO_LINE, NOBODY, OPEN_END, UNDATED_END, Events
from funnelcli.facts.model import Facts
from funnelcli.facts.moments import Moments, ages, last_day
from funnelcli.facts.renewals import NOT_RENEWED
from funnelcli.inputs.paid_users import PAID_USERS
from funnelcli.problems import InputError, UsageError
from funnelcli.text import Message, TextError
from funnelcli.values.dates import DAY_MICROS, day_of
from funnelcli.values.figures import HUNDREDTHS, Note, in_units
from funnelcli.values.windows import Window, parse_window

OWNER = "owner"
OVERDUE, DUE = "overdue", "due"


class RenewalRequest(Struct, frozen=True, kw_only=True):
    """What is asked: how far ahead, of which ``part`` of a dimension, seen from which day."""

    within: str = "60d"
    by: str | None = None
    part: str | None = None
    as_of: str | None = None
    skip_bad_rows: bool = False


class Renewal(Struct, frozen=True, kw_only=True):
    """A row that is to be renewed.

    ``mrr`` is what it brings a month, None where that is not known; ``tenure_months`` are those since the customer's
    first day, whole ones; ``days_to_go`` are below 0 where it is overdue.  ``open_tickets`` and ``last_nps`` are None
    where no export tells them.
    """

    user_id: str
    plan: str
    mrr: float | None
    owner: str
    channel: str
    part: str
    started: date
    ends: date
    tenure_months: int
    days_to_go: int
    open_tickets: int | None
    last_nps: int | None
    file: str
    line: int | None

    @property
    def state(self) -> str:
        """Whether its last day is over, and only its grace is left."""
        return OVERDUE if self.days_to_go < 0 else DUE


class RenewalList(Struct, frozen=True, kw_only=True):
    """All that comes due from ``as_of`` up to ``until``, the overdue first, then by the days that are left.

    ``renewed`` are how many rows of the same time are renewed already.  ``has_tickets`` and ``has_scores`` say whether
    some export tells of them.
    """

    as_of: date
    until: date
    within: Window
    by: str | None
    timezone: str
    currency: str
    rows: tuple[Renewal, ...]
    renewed: int
    has_tickets: bool
    has_scores: bool
    notes: tuple[Note, ...]
    sources: tuple[Source, ...]

    def mrr_of(self, state: str | None = None) -> float | None:
        """What the rows bring a month together, those of a state alone where one is given; None where of none of them
        it is known."""
        amounts = [row.mrr for row in self.rows if state in (None, row.state)]
        known = [round(mrr * HUNDREDTHS) for mrr in amounts if mrr is not None]
        return None if amounts and not known else in_units(sum(known), HUNDREDTHS)

    def number_of(self, state: str) -> int:
        """How many rows are in a state."""
        return sum(row.state == state for row in self.rows)


def renewals_due(facts: Facts, request: RenewalRequest, now: datetime) -> RenewalList:
    """The rows that end by ``as_of`` or within the time after it, whose grace is not past, and that nothing renews yet.

    Raises UsageError for what is no time, or no dimension, InputError where no export has rows that last.
    """
    as_of = resolve_as_of(request.as_of, facts.extents, facts.config.business.timezone, now)
    window = _window(request.within)
    terms = terms_by(facts, as_of)
    if terms is None:
        raise InputError(
            Message("No file of paid users says who comes due."),
            hint=Message("Renewals are told by rows of paid users that end: paid_users*, subscriptions*, customers*."),
        )
    if request.by is not None:
        check_dimension(facts, request.by)
    today = day_number(as_of)
    until, part = _until(window, today), _part(facts, terms, request)
    rows = [row for row in _rows(facts, terms, today, until, request.by) if part in (None, row.part)]
    rows.sort(key=lambda row: (row.days_to_go, -(row.mrr or 0), row.user_id, row.line or 0))
    ahead = (terms.events.day > today) & (terms.events.day <= until)
    return RenewalList(
        as_of=as_of, until=day_of(until * DAY_MICROS), within=window, by=request.by,
        timezone=facts.config.business.timezone, currency=facts.currency, rows=tuple(rows),
        renewed=int((ahead & (terms.renewals.how != NOT_RENEWED)).sum()),
        has_tickets=_TICKETS[0] in facts.events, has_scores=_SCORES in facts.events,
        notes=(*_notes(facts, terms, today, rows), *source_notes(facts, as_of, skip_bad_rows=request.skip_bad_rows)),
        sources=sources_of(facts),
    )  # fmt: skip


def _window(text: str) -> Window:
    try:
        window = parse_window(text, least=0)  # today alone
    except TextError as error:
        raise UsageError(
            Message("--within {text!r} is no time: {why}.").filled(text=text, why=error.text),
        ) from None
    if window.unit == "h":
        raise UsageError(
            Message("--within {text}: contracts end on days.").filled(text=text),
            hint=Message("Give days, weeks, months or years: 60d, 8w, 2m, 1y."),
        )
    return window


def _part(facts: Facts, terms: Terms, request: RenewalRequest) -> str | None:
    """The part that is asked for, written as the rows have it; UsageError where none has it."""
    if request.part is None or request.by is None:
        return None
    return value_named(request.part, request.by, facts.dimensions.of(request.by, terms.events.records).texts)


def _until(window: Window, today: int) -> int:
    day = np.array([today])
    return int(last_day(window, Moments(day=day, at=day * DAY_MICROS, timed=np.array([False])))[0])


def _rows(facts: Facts, terms: Terms, today: int, until: int, by: str | None) -> Iterator[Renewal]:
    """The rows that are to be renewed, each with what is known of its customer on the day."""
    events, grace = terms.events, facts.config.paid_users.grace_days
    is_open = (terms.renewals.how == NOT_RENEWED) & (events.day <= until) & (today < events.day + 1 + grace)
    due = events.kept(is_open)
    records = due.records
    entity = records.entity[due.row]
    begun = np.full(len(facts.entities) + 1, OPEN_END)
    np.minimum.at(begun, events.records.entity[events.row], events.since)
    tenure = _months(begun[entity], today)
    words = {name: _values(facts, name, due) for name in (PLAN, OWNER, CHANNEL, *([] if by is None else [by]))}
    tickets, scores = _open_tickets(facts, entity, today), _last_scores(facts, entity, today)
    lists = (due.row, entity, due.since, due.day, due.weight, tenure)
    for place, (row, whose, first, last, mrr, months) in enumerate(
        zip(*(each.tolist() for each in lists), strict=True)
    ):
        line = int(records.line[row])
        yield Renewal(
            user_id="" if whose == NOBODY else facts.entities[whose], plan=words[PLAN][place],
            mrr=None if mrr < 0 else in_units(mrr, HUNDREDTHS), owner=words[OWNER][place],
            channel=words[CHANNEL][place], part="" if by is None else words[by][place],
            started=day_of(first * DAY_MICROS), ends=day_of(last * DAY_MICROS), tenure_months=months,
            days_to_go=last - today, open_tickets=None if tickets is None else tickets[place],
            last_nps=None if scores is None else scores[place], file=records.files[int(records.file[row])],
            line=None if line == NO_LINE else line,
        )  # fmt: skip


def _months(first: np.ndarray, today: int) -> np.ndarray:
    """The whole months from some days to another."""
    untimed, until = np.zeros(len(first), dtype=bool), np.full(len(first), today)
    pair = (Moments(day=day, at=day * DAY_MICROS, timed=untimed) for day in (first, until))
    return ages(*pair)


def _values(facts: Facts, name: str, events: Events) -> list[str]:
    """What the rows have of a dimension; nothing where no file says it."""
    if name != CHANNEL and not facts.dimensions.is_said(name):
        return [""] * len(events)
    return facts.dimensions.of(name, events.records).of_rows(events.row)


# --- what is known of the customers ------------------------------------------------------------------------------

_TICKETS, _SCORES = ("ticket_unsolved", "ticket_solved"), "nps_scored"


def _open_tickets(facts: Facts, entity: np.ndarray, today: int) -> list[int] | None:
    """How many tickets of each customer are open at the close of a day; None where no export tells it."""
    opened, solved = (facts.events.get(name) for name in _TICKETS)
    if opened is None:
        return None
    levels = Levels([opened], [] if solved is None else [solved]).at(entity, np.full(len(entity), today))
    numbers: list[int] = levels.tolist()
    return numbers


def _last_scores(facts: Facts, entity: np.ndarray, today: int) -> list[int | None] | None:
    """The score that each customer gave last by a day, None where it gave none; None where no export tells it."""
    scores = facts.events.get(_SCORES)
    if scores is None:
        return None
    known = scores.kept(scores.day <= today)
    latest: Mapping[int, int] = dict(
        zip(
            *(
                column[np.lexsort((np.arange(len(known)), known.at))].tolist()
                for column in (known.records.entity[known.row], known.weight)
            ),
            strict=True,
        )
    )
    return [latest.get(whose) for whose in entity.tolist()]


# --- what to know ------------------------------------------------------------------------------------------------


def _notes(facts: Facts, terms: Terms, today: int, rows: list[Renewal]) -> Iterator[Note]:
    ends = terms.events.day
    is_open_ended = int((ends == OPEN_END).sum())
    if is_open_ended:
        text = Message("{n} [row of paid users has|rows of paid users have] no end: [it is|they are] never due.")
        yield Note("rows-without-end", text.filled(n=is_open_ended))
    if undated := int((ends == UNDATED_END).sum()):
        text = Message("{n} [row has|rows have] ended on a day that nothing says: [it is|they are] not listed.")
        yield Note("ends-undated", text.filled(n=undated))
    if unknown := sum(row.mrr is None for row in rows):
        text = Message("Of {n} [row|rows] no MRR is known: the sums are without [it|them].")
        yield Note("rows-without-amount", text.filled(n=unknown))
    if not facts.dimensions.is_said(OWNER):
        text = Message("No file says whose the customers are: a column of demos or deals, or [dimensions.owner], does.")
        yield Note("no-owner", text)
    assert PAID_USERS.stays is not None
    if not facts.has_column(PAID_USERS.name, PAID_USERS.stays.end) and (ends == OPEN_END).all():
        yield Note("no-ends", PAID_USERS.stays.endless.reason)
