"""What the reader should know of how far the exports reach: what lies after as_of, and what they tell only in part."""

from collections.abc import Iterator, Sequence
from datetime import date, timedelta

import numpy as np

from funnelcli.answers.checks import reaches_to, row_events
from funnelcli.answers.report_model import ReportSpec
from funnelcli.counting.reach import reach_of, rows_reach
from funnelcli.counting.select import day_number, unit_of
from funnelcli.facts.events import UNDATED_END, Events
from funnelcli.facts.model import Facts, latest_day
from funnelcli.inputs import exports
from funnelcli.inputs.spec import Input
from funnelcli.text import COMMA, NOTHING, Message, Text, day_words, grouped, joined
from funnelcli.values.dates import DAY_MICROS, day_of
from funnelcli.values.figures import HUNDREDTHS, Note
from funnelcli.values.periods import Period, whole

MOST_PERIODS = 8


def listed(items: Sequence[Text | str], most: int = MOST_PERIODS) -> Text:
    """Some words in a row, of many the first ones.

    >>> listed(["a", "b", "c"], 2).of("vi")
    'a, b, … (+1)'
    """
    return joined(COMMA, [*items[:most], *([f"… (+{len(items) - most})"] if len(items) > most else [])])


def reach_notes(facts: Facts, spec: ReportSpec) -> Iterator[Note]:
    """What lies after as_of, which zeros nothing proves, and which columns hold only a part of their days."""
    yield from ends_ahead(facts, spec.as_of)
    yield from starts_ahead(facts, spec.as_of)
    for name in facts.inputs:
        # Of an export without rows the settings may say what it covers all the same.
        if name not in facts.extents and facts.config.input_settings(name).covered is None:
            continue
        yield from _assumed_zeros(facts, spec, name)
        yield from _parts_of_columns(facts, spec, name)


# --- what lies after as_of ---------------------------------------------------------------------------------------


def ends_ahead(facts: Facts, as_of: date) -> Iterator[Note]:
    """Ends that are known and lie after as_of: nobody is lost by them, unless as_of is set later."""
    lost = [facts.events.get(declared.stays.lost) for declared in exports() if declared.stays is not None]
    for events in lost:
        if events is not None:
            days = events.day[(events.day > day_number(as_of)) & (events.day < UNDATED_END)]
            yield from _ahead("ends-after-as-of", Message("end"), days, day_words(as_of))


def starts_ahead(facts: Facts, as_of: date) -> Iterator[Note]:
    """Rows that begin after as_of and after all that is sure to have happened: as_of was not moved to them."""
    latest = latest_day(facts.extents)
    limit = max(as_of, latest) if latest is not None else as_of
    after = day_words(as_of)
    if limit == latest == as_of:
        text = Message("{day}, the last day of the other files")
        after = text.filled(day=after)
    for declared in exports():
        events = row_events(facts, declared) if declared.may_lie_ahead and not declared.is_planned else None
        if events is None:
            continue
        ahead = events.kept((events.day > day_number(limit)) & (events.day < UNDATED_END))
        if declared.spending is not None:
            yield from _spent_ahead(ahead, after)
        else:
            yield from _ahead("starts-after-as-of", Message("start"), ahead.day, after)


def _spent_ahead(costs: Events, after: Text) -> Iterator[Note]:
    """What is spent after as_of; of rows without an amount, too."""
    if not len(costs):
        return
    text = Message("Costs of {amount} ({n} [row|rows]) lie after {day}; --as-of {latest} counts them.")
    spent, latest = int(costs.weight.sum()), day_of(int(costs.day.max()) * DAY_MICROS)
    amount = grouped(spent / HUNDREDTHS, decimals=2 if spent % HUNDREDTHS else 0)
    yield Note("costs-after-as-of", text.filled(amount=amount, n=len(costs), day=after, latest=latest))


def _ahead(code: str, what: Text, days: np.ndarray, after: Text) -> Iterator[Note]:
    if not len(days):
        return
    text = Message("{n} {what}[n!|s] [n!lies|lie] after {day}; --as-of {latest} counts [n!it|them].")
    latest = day_of(int(days.max()) * DAY_MICROS)
    yield Note(code, text.filled(n=len(days), what=what, day=after, latest=latest))


def stale_notes(facts: Facts, as_of: date, periods: Sequence[Period]) -> Iterator[Note]:
    """Exports of who pays that end before months that are asked for: losses after them may be renewals not exported."""
    for name in facts.extents:
        declared = facts.inputs[name].input
        if declared.stays is None or facts.config.input_settings(name).covered is not None:
            continue
        last = reaches_to(facts, name, as_of)
        lost = facts.events.get(declared.stays.lost)
        if lost is None or last >= as_of or not any(last < period.end and period.start <= as_of for period in periods):
            continue
        after = int(((lost.day > day_number(last)) & (lost.day <= day_number(as_of))).sum())
        text = Message(
            "{files} [number!reaches|reach] only to {last}, and the figures go up to {as_of}: who joins or renews "
            "after it is not there, and {n} lost after it may have renewed. Export it again, or set --as-of {until}."
        )
        files = facts.names(name)
        number = len(files.split(","))
        yield Note(
            "ends-early",
            text.filled(files=files, number=number, last=day_words(last), until=last, as_of=day_words(as_of), n=after),
        )


# --- what the exports do not reach -------------------------------------------------------------------------------


def _assumed_zeros(facts: Facts, spec: ReportSpec, name: str) -> Iterator[Note]:
    """Periods before the first or after the last row of what may be rare: 0 is shown, and nothing proves it."""
    declared = facts.inputs[name].input
    given = facts.config.input_settings(name).covered is not None
    if declared.is_silent_beyond or declared.stands_in or given:
        return
    reach = rows_reach(facts, name, spec.as_of, unit_of(spec.periods))
    said = reaches_to(facts, name, spec.as_of) < spec.as_of
    for reason in (reach.before, None if said else reach.after):
        keys = [
            period.words
            for period in spec.periods
            if period.start <= spec.as_of
            and reason
            and reach.misses(*_days(period, spec.as_of)) is reason
            and not _has_starts(facts, declared, period)
        ]
        if keys and reason is not None:
            text = Message(
                "No row of {title} in {periods}, which counts as 0: {reason}. If the files do not cover these months, "
                "say which they do: [inputs.{name}] covers."
            )
            yield Note(
                f"zeros-beyond-{name.replace('_', '-')}",
                text.filled(title=declared.title, periods=listed(keys), reason=reason.reason, name=name),
            )


def _has_starts(facts: Facts, declared: Input, period: Period) -> bool:
    """Whether an export has rows in a period after all, which lie after as_of."""
    events = row_events(facts, declared)
    first, end = day_number(period.start), day_number(period.end)
    return events is not None and bool(((events.day >= first) & (events.day < end)).any())


def _days(period: Period, as_of: date) -> tuple[date, date]:
    """The first day of a period and the last one that counts."""
    return period.start, max(period.start, min(period.last_day, as_of))


def _parts_of_columns(facts: Facts, spec: ReportSpec, name: str) -> Iterator[Note]:
    """Columns of which an export tells some days and not others, the total among them."""
    reach = reach_of(facts, name, spec.as_of, unit_of(spec.periods))
    begin = reach.first or reach.start
    until = reach.last or (reach.end - timedelta(days=1) if reach.end is not None else None)
    columns = [*spec.periods, *([whole(spec.periods)] if len(spec.periods) > 1 else [])]
    keys: list[Text] = []
    cut = {"begin": False, "until": False}
    for column in columns:
        first, last = _days(column, spec.as_of)
        if column.start > spec.as_of or reach.misses(first, last) is not None:
            continue
        late, early = begin is not None and begin > first, until is not None and until < last
        cut = {"begin": cut["begin"] or late, "until": cut["until"] or early}
        if late or early:
            keys.append(column.words)
    if not keys:
        return
    unit = unit_of(spec.periods)
    several = len(spec.periods) > 1 or spec.grain is not unit
    text = Message("Of {title}, {keys} [n!holds|hold] only the days {span}{rates}.")
    rates = Message("; a rate over several {units} is that of the {units} which both of its exports reach")
    yield Note(
        f"part-of-{name.replace('_', '-')}",
        text.filled(
            title=facts.inputs[name].input.title,
            keys=listed(keys),
            n=len(keys),
            span=_span(begin if cut["begin"] else None, until if cut["until"] else None),
            rates=rates.filled(units=unit.words) if several else NOTHING,
        ),
    )


def _span(begin: date | None, until: date | None) -> Text:
    """From one day to another, either of which may be open."""
    first, last = (day_words(day) if day is not None else NOTHING for day in (begin, until))
    if begin is None:
        return Message("up to {last}").filled(last=last)
    if until is None:
        return Message("from {first} on").filled(first=first)
    return Message("from {first} to {last}").filled(first=first, last=last)
