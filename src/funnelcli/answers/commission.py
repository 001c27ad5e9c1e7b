"""Statements of commission: for each person what is earned by what, when it is due, and what has become of it."""

from __future__ import annotations

import difflib
from collections.abc import Iterator, Sequence
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import TypedDict

from msgspec import Struct

from funnelcli.answers.commission_notes import notes_of_rows, unpaid_notes
from funnelcli.answers.phrases import MONTH_ALONE
from funnelcli.answers.report import sources_of
from funnelcli.answers.report_model import Source
from funnelcli.answers.spec import resolve_as_of
from funnelcli.counting.commission import NO_POLICY, paid_earnings
from funnelcli.counting.commission_balance import check_commission
from funnelcli.counting.select import day_number
from funnelcli.facts.dimensions import CHANNEL, PERSON, TEAM
from funnelcli.facts.earnings import PARTS, Earning, commission_event
from funnelcli.facts.events import NO_LINE, NOBODY, Events
from funnelcli.facts.model import Facts
from funnelcli.problems import ConfigError, UsageError
from funnelcli.text import Message, did_you_mean
from funnelcli.values.channels import fold
from funnelcli.values.dates import DAY_MICROS, day_of
from funnelcli.values.figures import Note, in_units
from funnelcli.values.period_words import Reckoning, grain_named, parse_bound
from funnelcli.values.periods import Period


class State(StrEnum):
    """What has become of a commission by as_of; UNKNOWN where nothing says on which day its customer left."""

    HELD = "held"
    PAYABLE = "payable"
    CLAWED_BACK = "clawed_back"
    UNKNOWN = "unknown"


class Commission(Struct, frozen=True, kw_only=True):
    """One commission: for what ``event`` of whom it is, when it was earned and is due, and what became of it.

    Its ``amount`` is None where nobody knows it, and ``settled_on`` while it is held.  ``user_id`` and the row are
    empty of visits, which are added up by day and channel.
    """

    person: str
    team: str
    event: str
    user_id: str
    channel: str
    earned_on: date
    amount: float | None
    due_on: date
    state: State
    settled_on: date | None
    file: str
    line: int | None


class Balance(Struct, frozen=True, kw_only=True):
    """All that a person has earned by as_of, and what has become of it.

    What holds a commission whose amount nobody knows is None: these are ``unpriced``.
    """

    person: str
    earned: float | None
    clawed_back: float | None
    payable: float | None
    held: float | None
    unknown: float | None = 0
    unpriced: int = 0


class Statement(Struct, frozen=True, kw_only=True):
    """The commissions of a period, or all, of one person or everybody, and the balances of those persons by as_of."""

    as_of: date
    timezone: str
    currency: str
    period: Period | None
    rows: tuple[Commission, ...]
    balances: tuple[Balance, ...]
    notes: tuple[Note, ...] = ()
    sources: tuple[Source, ...] = ()


class StatementRequest(Struct, frozen=True, kw_only=True):
    """The options as they were written; the rows are those that were earned, due or clawed back in the period."""

    person: str | None = None
    team: str | None = None
    month: str | None = None
    first: str | None = None
    last: str | None = None
    as_of: str | None = None


def statement(facts: Facts, request: StatementRequest, now: datetime) -> Statement:
    """The commissions that are asked for; ConfigError where no policy pays any, UsageError for whom nobody names."""
    paid = paid_earnings(facts.config)
    if not paid:
        raise ConfigError(
            Message("funnel.toml: {why}.").filled(why=NO_POLICY.reason),
            hint=Message('Say what a team is paid: [policies.affiliate] per_signup = 50_000, pay_after = "30d".'),
        )
    as_of = resolve_as_of(request.as_of, facts.extents, facts.config.business.timezone, now)
    check_commission(facts, as_of)
    period = _period(request, as_of, facts.config.business.year_starts)
    every = [row for earning in paid for row in _commissions(facts, earning, day_number(as_of))]
    for option, wanted, known in (
        ("--person", request.person, {row.person for row in every}), ("--team", request.team, {r.team for r in every})
    ):  # fmt: skip
        if wanted is not None:
            name = _named(option, wanted, known)
            every = [row for row in every if name == (row.person if option == "--person" else row.team)]
    every.sort(key=lambda row: (row.person, row.earned_on, row.event, row.user_id, row.channel))
    balances = tuple(_balances(every))
    rows = tuple(row for row in every if period is None or _touches(row, period))
    return Statement(
        as_of=as_of,
        timezone=facts.config.business.timezone,
        currency=facts.currency,
        period=period,
        rows=rows,
        balances=balances,
        notes=(*unpaid_notes(facts, as_of), *notes_of_rows(len(rows), sum(each.unpriced for each in balances))),
        sources=sources_of(facts),
    )


def _period(request: StatementRequest, as_of: date, year_starts: int | None) -> Period | None:
    """The days that are asked for; None: all."""
    if request.month and (request.first or request.last):
        raise UsageError(MONTH_ALONE, hint=Message("Use either --month, or --from and --to."))
    first, last = request.month or request.first, request.month or request.last
    if first is None and last is None:
        return None
    by = Reckoning(day=as_of, year_starts=year_starts)

    def bound(text: str, option: str, *, end: bool) -> Period:
        return parse_bound(text, grain_named(text), last=end, option=option, by=by)

    option = "--month" if request.month else None
    begins = date.min if first is None else bound(first, option or "--from", end=False).start
    ends = date.max if last is None else bound(last, option or "--to", end=True).end
    return Period(begins, max(begins, ends), "")


def _named(option: str, wanted: str, known: set[str]) -> str:
    """The person or team that is meant; UsageError, with the closest, where there is none."""
    for name in sorted(known):
        if fold(name) == fold(wanted):
            return name
    close = difflib.get_close_matches(wanted, known, n=3, cutoff=0.5)
    raise UsageError(
        Message("{option} {name!r}: no commission is theirs.{guess}").filled(
            option=option, name=wanted, guess=did_you_mean(close)
        ),
        hint=Message("Those who earn any are {names}.").filled(names=", ".join(sorted(known)[:12]) or "–"),
    )


def _touches(row: Commission, period: Period) -> bool:
    """Whether something happened to a commission in a period."""
    days = (row.earned_on, row.settled_on)
    return any(day is not None and period.start <= day < period.end for day in days)


def _commissions(facts: Facts, earning: Earning, until: int) -> Iterator[Commission]:
    """What was earned of one kind by a day, each with what became of it."""
    due, released = (_days(facts, earning, kind) for kind in ("due", "released"))
    lost, unsure = (_days(facts, earning, kind) for kind in ("clawed_back", "doubtful"))
    for kind in ("earned", _unpriced("earned")):
        events = facts.events.get(commission_event(earning.event, kind))
        if events is None:
            continue
        events = events.kept(events.day <= until)
        amounts = [in_units(weight, PARTS) if kind == "earned" else None for weight in events.weight.tolist()]
        about = _about(facts, events)
        for link, amount, known in zip(events.link.tolist(), amounts, about, strict=True):
            state = State.HELD
            if unsure.get(link, until + 1) <= until:
                state = State.UNKNOWN
            elif released[link] <= until:
                state = State.CLAWED_BACK if link in lost else State.PAYABLE
            is_settled = state in (State.CLAWED_BACK, State.PAYABLE)
            yield Commission(
                event=earning.name,
                amount=amount,
                due_on=_date(due[link]),
                state=state,
                settled_on=_date(released[link]) if is_settled else None,
                **known,
            )


def _unpriced(kind: str) -> str:
    return f"{kind}_unpriced"


def _date(day: int) -> date:
    return day_of(day * DAY_MICROS)


def _days(facts: Facts, earning: Earning, kind: str) -> dict[int, int]:
    """The days of what happened to commissions, by their number, also of those whose amount nobody knows."""
    days: dict[int, int] = {}
    for name in (kind, _unpriced(kind)):
        events = facts.events.get(commission_event(earning.event, name))
        if events is not None:
            days |= zip(events.link.tolist(), events.day.tolist(), strict=True)
    return days


class _About(TypedDict):
    """What is said of a commission beside its days: who earns it, for whom, and the row that says so."""

    person: str
    team: str
    user_id: str
    channel: str
    earned_on: date
    file: str
    line: int | None


def _about(facts: Facts, events: Events) -> Iterator[_About]:
    """What is said of the commissions of some events."""
    records = events.records
    words = [facts.dimensions.of(name, records).of_rows(events.row) for name in (PERSON, TEAM, CHANNEL)]
    columns = (records.entity[events.row], records.file[events.row], records.line[events.row], events.day)
    for person, team, channel, entity, file, line, day in zip(*words, *(c.tolist() for c in columns), strict=True):
        yield _About(
            person=person,
            team=team,
            user_id="" if entity == NOBODY else facts.entities[entity],
            channel=channel,
            earned_on=_date(day),
            file=records.files[file] if line != NO_LINE else "",
            line=None if line == NO_LINE else line,
        )


def _balances(rows: Sequence[Commission]) -> Iterator[Balance]:
    """What each person has earned, and what has become of it, in whole parts of an amount."""
    of_persons: dict[str, dict[State, list[float | None]]] = {}
    for row in rows:
        of_persons.setdefault(row.person, {state: [] for state in State})[row.state].append(row.amount)
    for person, mine in of_persons.items():
        every = [amount for amounts in mine.values() for amount in amounts]
        yield Balance(
            person=person,
            earned=_sum(every),
            clawed_back=_sum(mine[State.CLAWED_BACK]),
            payable=_sum(mine[State.PAYABLE]),
            held=_sum(mine[State.HELD]),
            unknown=_sum(mine[State.UNKNOWN]),
            unpriced=every.count(None),
        )


def _sum(amounts: Sequence[float | None]) -> float | None:
    """The sum of amounts, in whole parts; None where nobody knows one of them.

    >>> _sum([0.1, 0.2]), _sum([50.0, None]), _sum([])
    (0.3, None, 0)
    """
    known = [Fraction(str(amount)) for amount in amounts if amount is not None]
    return in_units(int(sum(known, Fraction(0)) * PARTS), PARTS) if len(known) == len(amounts) else None
