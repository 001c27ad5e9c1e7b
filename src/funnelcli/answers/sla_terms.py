"""The terms of the agreement in words: by what a lead counts as handed over, the limits, the hours, the holidays."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date
from typing import TYPE_CHECKING

from funnelcli.answers.cells import Cell, Day, Number, Words
from funnelcli.config.agreement import Sla
from funnelcli.text import NOTHING, Message, Text, joined
from funnelcli.values.figures import Unit
from funnelcli.values.hours import Hours, Spans

if TYPE_CHECKING:
    from funnelcli.answers.sla import Agreed

RULES: Mapping[str, Text] = {
    "handovers": Message("a row of the hand-overs"),
    "owners": Message("the owner changes from marketing, or a queue, to sales"),
    "became_mql": Message("the day on which the lead became an MQL"),
    "owner_assigned": Message("the day on which its owner was assigned; only the last is known"),
    "trigger": Message("what the agreement names as a trigger"),
    "demo_booked": Message("the first demo booking, as nothing else says it"),
    "signup": Message("the signup, as nothing else says it"),
}


def _rate(value: object) -> float | None:
    return None if value is None else float(value)  # type: ignore[arg-type]


# What was promised of a figure; None where nothing was.
PROMISES: Mapping[str, Callable[[Sla], float | None]] = {
    "mqls": lambda sla: sla.marketing.mqls,  # a month; of longer periods, and by targets: promised_mqls
    "marketing_commitment_ratio": lambda sla: 1 if sla.marketing.mqls is not None or sla.promised_mqls else None,
    "mql_to_sql_rate": lambda sla: _rate(sla.marketing.mql_to_sql_rate),
    "complete_handovers_rate": lambda sla: 1 if sla.marketing.fields else None,
    "responded_within_sla_rate": lambda sla: None if sla.sales.respond is None else 1,
    "sales_commitment_rate": lambda sla: None if sla.sales.respond is None or sla.sales.decide is None else 1,
    "spaced_as_agreed_rate": lambda sla: None if sla.sales.apart is None else 1,
    "overdue_leads": lambda sla: None if sla.sales.decide is None else 0,
    "returned_too_early_leads": lambda sla: None if sla.sales.attempts is None else 0,
}
_WEEKDAYS = (
    Message("Mon"), Message("Tue"), Message("Wed"), Message("Thu"), Message("Fri"), Message("Sat"), Message("Sun")
)  # fmt: skip
_AGE, _SAID = Message("{day}, {n} [day|days] ago"), Message("{least} to {n} [day|days]")
_UNSAID = Message("not agreed")


def term_lines(sla: Sla, as_of: date) -> Iterator[tuple[Words, Cell]]:
    """Each term with what was agreed on."""
    sales, marketing = sla.sales, sla.marketing
    since: Cell = Words(_UNSAID)
    if sla.since is not None:
        days = max((as_of - sla.since).days, 0)
        since = Words(_AGE, facts={"day": Day(sla.since), "n": Number(value=days)})
    yield Words(Message("In force since")), since
    yield Words(Message("MQLs a month")), _number(marketing.mqls, Unit.PEOPLE)
    yield Words(Message("MQL → SQL")), _number(_rate(marketing.mql_to_sql_rate), Unit.RATE)
    yield Words(Message("Known at the hand-over")), _text(", ".join(marketing.fields))
    yield Words(Message("Triggers")), _text(", ".join(sla.triggers))
    yield Words(Message("Answer within")), _text("" if sales.respond is None else sales.respond.text)
    yield Words(Message("Decide within")), _text("" if sales.decide is None else sales.decide.text)
    yield Words(Message("Attempts before a return")), _number(sales.attempts, None)
    apart = None if sales.apart is None else _SAID.filled(least=sales.apart[0], n=sales.apart[1])
    yield Words(Message("Between two attempts")), Words(_UNSAID if apart is None else apart)
    yield Words(Message("Channels of contact")), _text(", ".join(sales.channels))
    yield Words(Message("May come back at once")), _text(", ".join(sales.return_at_once))


def _number(value: float | None, unit: Unit | None) -> Cell:
    return Words(_UNSAID) if value is None else Number(value=value, unit=unit)


def _text(words: str) -> Words:
    return Words(words) if words else Words(_UNSAID)


def hours_lines(asked: Agreed) -> Iterator[tuple[Words, Cell]]:
    """The hours of each calendar, and the holidays that fell into the headline period."""
    if asked.known is None:
        return
    hours, own = asked.sla.hours, list(asked.sla.hours.calendars)
    first, last = asked.dashboard.period.start, asked.dashboard.period.last_day
    for place, calendar in enumerate(asked.known.clocks.calendars):
        name = Message("Hours") if not place else Message("Hours: {name}").filled(name=own[place - 1])
        usual = place == 0 and all(hours.hours_of(day) is None for day in range(7))
        said = Message("{hours}, {zone}") if not usual else Message("{hours}, {zone}; nothing else is agreed")
        yield Words(name), Words(said, facts={"hours": Words(week_text(calendar)), "zone": Words(calendar.zone)})
        off = [day for day in (*calendar.off.days, *calendar.closed) if first <= day <= last]
        worked = [day for day in (*calendar.off.swapped, *calendar.opened) if first <= day <= last and calendar.on(day)]
        for text, days in ((Message("- days off"), off), (Message("- worked instead"), worked)):
            if days:
                yield Words(text), Words(", ".join(day.isoformat() for day in sorted(set(days))))


def week_text(hours: Hours) -> Text:
    """The hours of a week in words, days with the same hours together.

    >>> from funnelcli.values.hours import working_week
    >>> week_text(Hours(zone="UTC", week=working_week(range(5)))).of("en")
    'Mon–Fri 08:00–17:30'
    """
    runs: list[tuple[int, int, Spans]] = []
    for weekday, spans in enumerate(hours.week):
        if runs and runs[-1][2] == spans and runs[-1][1] == weekday - 1:
            runs[-1] = (runs[-1][0], weekday, spans)
        elif spans:
            runs.append((weekday, weekday, spans))
    return joined(", ", [_run(*run) for run in runs]) if runs else NOTHING


def _run(first: int, last: int, spans: Spans) -> Text:
    clock = ", ".join("–".join(f"{at // 60:02}:{at % 60:02}" for at in span) for span in spans)
    days = [_WEEKDAYS[first]] if first == last else [_WEEKDAYS[first], _WEEKDAYS[last]]
    return joined(" ", [joined("–", days), clock])
