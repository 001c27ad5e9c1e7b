"""Typed tables to facts: what needs more than one file, or more than one input, happens here."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from functools import partial
from typing import TypedDict

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

from funnelcli.config import Config
from funnelcli.facts.cash import CashRows, Reading, cash_events
from funnelcli.facts.dimensions import PLAN, declared_dimensions
from funnelcli.facts.events import NO_DAY, NOBODY, OPEN_END, UNDATED_END, Coded, Events, Records
from funnelcli.facts.happened import Happened, Later
from funnelcli.facts.identity import Counted, counted_rows
from funnelcli.facts.listed import CAME_AFTER
from funnelcli.facts.making import made_events
from funnelcli.facts.money import UNDECIDED, UNPRICED, currency_of, priced
from funnelcli.facts.movements import KINDS, UNPRICED_BESIDE, movement_event, movement_events
from funnelcli.facts.people import People
from funnelcli.facts.renewals import renewals_of, renewed_early_on
from funnelcli.facts.rows import Rows
from funnelcli.facts.shapes import one_after_another, shape_warnings
from funnelcli.facts.snapshots import LEFT_AFTER, SAID_END, SAID_START
from funnelcli.facts.spelled import in_one_spelling
from funnelcli.facts.spending import in_two_files, long_costs, names_any, with_channels
from funnelcli.facts.spent_again import in_other_rows
from funnelcli.facts.staged import stage_events, worth, written_stages
from funnelcli.facts.standing import paid_rows
from funnelcli.facts.stays import StayColumns, beginnings, merge_stays
from funnelcli.inputs.spec import Input, Stays
from funnelcli.problems import Problems
from funnelcli.reading.also import problems_of
from funnelcli.reading.engines.model import VisitSums, VisitTable
from funnelcli.reading.rows import Tally
from funnelcli.reading.tables import Table
from funnelcli.values.channels import ChannelMap
from funnelcli.values.dates import DAY_MICROS, day_of, micros_of


class InputEvents(Struct, frozen=True, kw_only=True, eq=False):
    """One input combined: its records, their events, the tallies of its files and its unmatched sources.

    ``listed_on`` is the day on which the newest of its lists of who pays at the time was made, and ``listed_by`` are
    the columns, with their files, that say when they were.
    """

    records: Records
    events: Mapping[str, Events]
    tallies: Sequence[Tally]
    unmatched: Counter[str] = field(default_factory=Counter)
    listed_on: date | None = None
    listed_by: frozenset[tuple[str, str]] = frozenset()


class Combining(Struct, frozen=True, kw_only=True, eq=False):
    """What combining an input needs to know beside its table."""

    config: Config
    currency: str
    channels: ChannelMap
    people: People
    words: frozenset[str]
    problems: Problems


def combine(table: Table, asked: Combining) -> InputEvents:
    """The facts of one input's table.

    Rows that are one count once, stays are made of rows that touch, amounts are made into MRR; what is odd goes to
    ``asked.problems``.
    """
    declared = table.input
    asked = replace(asked, problems=problems_of(table.files, declared, asked.problems))
    settings = asked.config.input_settings(declared.name)
    paid = paid_rows(table, asked.config.paid_users, settings, asked.problems)
    table = paid.rows
    counted = _counted(table, asked, asked.problems)
    if asked.config.paid_users.open_rows == "replace":
        counted = replace(counted, rows=one_after_another(counted.rows, declared.identity))
    rows = counted.rows
    if declared.spending is not None:
        counted = replace(counted, rows=with_channels(rows, table.files, declared.spending))
        rows = counted.rows
        asked.problems.extend(in_two_files(rows, table.files, declared.spending))
        asked.problems.extend(in_other_rows(rows, table.files, declared.spending))
    asked.problems.extend(shape_warnings(table, rows, asked.config))
    records = _records(table, rows, asked)
    back = _cash_rows(paid.taken_back, asked)
    events = Happened(_events(table, counted, records, back, asked))
    channels = asked.channels.within(declared.name)
    named = declared.spending.channel if declared.spending is not None else "source"
    unmatched = unmatched_sources(records.words[named], channels) if named in records.words else Counter()
    listed_on = None if counted.reached is None else day_of(counted.reached * DAY_MICROS)
    return InputEvents(
        records=records, events=events, tallies=counted.tallies, unmatched=unmatched, listed_on=listed_on,
        listed_by=frozenset(counted.by),
    )  # fmt: skip


def _shown_words(rows: Rows, declared: Input) -> dict[str, Coded]:
    """What lists show of rows: cells as they are, numbers as they are written."""
    keeps = declared.made.keeps if declared.made is not None else ()
    words = {name: _words(rows, declared, name) for name in keeps if name in rows.words}
    for name in keeps:
        if name in rows.numbers:
            values, codes = np.unique(rows[name], return_inverse=True)
            words[name] = Coded(codes, ["" if np.isnan(value) else f"{value:g}" for value in values.tolist()])
    return words


def _others(rows: Rows, declared: Input, people: People) -> np.ndarray | None:
    """The other person that each row is about, where the input has such a column."""
    column = declared.made.other if declared.made is not None else ""
    return people.coded(rows.words[column].present()) if column in rows.words else None


def _counted(table: Table, asked: Combining, problems: Problems) -> Counted:
    """The rows of a table that count, by the settings of its input."""
    rules, settings = asked.config.paid_users, asked.config.input_settings(table.input.name)
    exclusive = table.input.stays is not None and rules.end_date == "exclusive"
    return counted_rows(table, problems, exclusive=exclusive, given=settings.status, rules=rules)


def _records(table: Table, rows: Rows, asked: Combining) -> Records:
    return Records(
        input=table.input.name,
        files=[opened.name for opened in table.files],
        file=rows["file"],
        line=rows["line"],
        entity=asked.people.coded(rows.words["entity"]),
        words={
            **{name: _words(rows, table.input, name) for name in _kept_words(table, rows, asked.words)},
            **_shown_words(rows, table.input),
        },
        done=rows["done"] if table.input.outcome is not None else None,
        other=_others(rows, table.input, asked.people),
        **_staged(table, rows, asked),
    )


def _cash_rows(table: Table | None, asked: Combining) -> CashRows | None:
    """The rows that were taken back, which count for nothing but their money; what is odd about them is known."""
    if table is None:
        return None
    rows = _counted(table, asked, Problems()).rows
    return CashRows(rows=rows, records=_records(table, rows, asked))


class _Staged(TypedDict, total=False):
    """What records of a journey have beside those of other inputs."""

    stages: Mapping[str, str]
    subject: np.ndarray
    subjects: Sequence[str]
    worth: np.ndarray


def _staged(table: Table, rows: Rows, asked: Combining) -> _Staged:
    """The stages in the words of the rows; what goes through them, where that is not the person, and its worth."""
    stages, person = table.input.stages, table.input.person
    if stages is None:
        return {}
    written = written_stages(table, rows)
    if stages.subject == person or stages.subject not in rows:
        return {"stages": written}
    subject = rows.words[stages.subject].present()
    return {
        "stages": written,
        "subject": subject.codes,
        "subjects": subject.texts,
        "worth": worth(table, rows, asked.config, asked.currency, asked.problems),
    }


def _words(rows: Rows, declared: Input, name: str) -> Coded:
    """The words of a column, in one spelling where it wants that."""
    column = declared.column(name)
    words = rows.words[name].present()
    return in_one_spelling(words) if column is not None and column.alike else words


def _kept_words(table: Table, rows: Rows, wanted: frozenset[str]) -> list[str]:
    """The columns of words that dimensions are made from, as far as some file has them."""
    has_source, spending = table.has("source") or table.has("medium"), table.input.spending
    if spending is not None:
        named = (spending.channel, spending.source)
        return [
            name
            for name in table.texts
            if name in wanted and (names_any(rows, name) if name in named else table.has(name))
        ]
    if table.input.attributes:
        wanted = wanted.union(table.texts) - {table.input.events[0].entity if table.input.events else ""}
    return [name for name in table.texts if name in wanted and (table.has(name) or (name == "source" and has_source))]


def unmatched_sources(sources: Coded, channels: ChannelMap) -> Counter[str]:
    """The sources no pattern matches, with their rows."""
    numbers = np.bincount(sources.codes, minlength=len(sources.texts)).tolist()
    pairs = zip(sources.texts, numbers, strict=True)
    return Counter({source: number for source, number in pairs if not channels.is_matched(source)})


# --- events ------------------------------------------------------------------------------------------------------


def _events(
    table: Table, counted: Counted, records: Records, back: CashRows | None, asked: Combining
) -> Iterator[Events | Later]:
    declared, rows = table.input, counted.rows
    every = np.arange(len(rows))
    for event in declared.events:
        weight = rows[event.value] if event.value is not None and event.value in rows else None
        given = rows[f"{event.at} given"]
        if weight is not None:
            given = given & ~np.isnan(weight)
        chosen = slice(None) if given.all() else given  # then nothing has to be held twice
        at = rows[f"{event.at} micros"][chosen]
        yield Events.of(
            event.name,
            records,
            every[chosen],
            at // DAY_MICROS,
            at=at,
            timed=rows[f"{event.at} timed"][chosen],
            weight=None if weight is None else weight[given].astype(np.int64),
        )
    for name in dated_events(declared, table) if declared.stages is None else ():
        chosen = slice(None) if rows[f"{name} given"].all() else rows[f"{name} given"]
        at = rows[f"{name} micros"][chosen]
        timed = rows[f"{name} timed"][chosen]
        yield Events.of(name, records, every[chosen], at // DAY_MICROS, at=at, timed=timed)
    if declared.stages is not None:
        yield from stage_events(table, rows, records, asked.config, asked.problems)
    yield from made_events(table, rows, records, asked.problems, asked.config)
    if declared.outcome is not None:
        came = np.flatnonzero(rows["held"] != NO_DAY)
        at, timed = rows["held at"][came], rows["held timed"][came]
        yield Events.of(declared.outcome.event, records, came, rows["held"][came], at=at, timed=timed)
    if declared.spending is not None:
        yield long_costs(rows, records, declared.spending)
    if declared.stays is not None:
        yield from _stay_events(table, rows, records, back, declared.stays, asked)
        yield from _leaving_events(rows, records, declared.stays, counted)


def dated_events(declared: Input, table: Table) -> list[str]:
    """The events of the open columns of dates that some file has."""
    if declared.dated is None:
        return []
    return [name for name in table.moments if name.startswith(f"{declared.dated.event}:")]


def _stay_events(
    table: Table, rows: Rows, records: Records, back: CashRows | None, declared: Stays, asked: Combining
) -> Iterator[Events | Later]:
    """The beginnings and losses of stays, and what each row adds to the MRR and takes from it again."""
    start, end = rows["start"], rows["end"]
    counted = _counted_ends(rows, records, asked)
    stays = merge_stays(records.entity, start, counted, grace_days=asked.config.paid_users.grace_days)
    number = np.arange(len(stays.start))
    moments = beginnings(rows, declared.start, stays)
    for name, chosen in ((declared.first, stays.is_first), (declared.again, ~stays.is_first)):
        when = {column: cells[chosen] for column, cells in moments.items()}
        yield Events.of(name, records, stays.first_row[chosen], stays.start[chosen], link=number[chosen], **when)
    yield Events.of(
        declared.lost, records, stays.last_row, stays.end, since=stays.start, link=number, again=stays.again
    )
    moves, ones = stays.moves, np.ones(len(stays.moves.day), dtype=np.int64)
    yield Events.of(declared.moved_in, records, moves.onto, moves.day, link=moves.stay)
    yield Events.of(declared.moved_out, records, moves.off, moves.day, weight=-ones, link=moves.stay)
    said = _as_said(rows)
    reading = Reading(
        files=table.files, stays=declared, currency=currency_of(table, declared, asked.config, asked.currency),
        settings=asked.config.input_settings(table.input.name),
    )  # fmt: skip
    money = priced(
        said, table.files, declared, currency=reading.currency, settings=reading.settings, problems=asked.problems,
        payments=asked.config.paid_users.shape == "payments",
    )  # fmt: skip
    yield from _money_events(records, declared.money, start, stays, money.monthly)
    yield Events.of(declared.term, records, np.arange(len(rows)), end, since=start, weight=money.monthly)
    yield Later(
        names=tuple(movement_event(declared.money, kind) for kind in (*KINDS, UNPRICED_BESIDE)),
        make=partial(movement_events, records, declared.money, start, stays, money.monthly),
    )
    if table.is_log or table.lists or said is not rows:  # what rows are made of tells no payments
        money = replace(money, paid=np.full(len(rows), UNPRICED))
    yield from cash_events(CashRows(rows=said, records=records), back, money, reading)


def _counted_ends(rows: Rows, records: Records, asked: Combining) -> np.ndarray:
    """The last day on which the money of each row counts: its last paid day, or that before an early renewal."""
    start, end, rules = rows["start"], rows["end"], asked.config.paid_users
    if not rules.early_days:
        return end
    plans = rows.words.get(declared_dimensions(asked.config)[PLAN].columns[records.input])
    plans = Coded.same("", len(rows)) if plans is None else plans
    known = renewals_of(
        records.entity, plans.codes, plans.that(bool), start, end, grace_days=rules.grace_days
    )  # fmt: skip
    return renewed_early_on(known, start, end, days=rules.early_days)


def _as_said(rows: Rows) -> Rows:
    """The rows with the starts and ends that stand in them, where lists tell others: their amounts are for these."""
    if SAID_END not in rows:
        return rows
    return rows.with_columns({"start": rows[SAID_START], "end": rows[SAID_END]})


def _leaving_events(rows: Rows, records: Records, declared: Stays, counted: Counted) -> Iterator[Events]:
    """From when to when it is not known who has come or left: of rows with an undated end, and of lists of rows."""
    listed = counted.listed
    start, end = rows["start"], rows["end"]
    after = rows[LEFT_AFTER] if LEFT_AFTER in rows else np.full(len(rows), NO_DAY)
    undated = np.flatnonzero(end == UNDATED_END)
    since = np.maximum(start, after)[undated]
    yield Events.of(declared.undated, records, undated, since, link=undated)
    until = np.full(len(undated), UNDATED_END)
    yield Events.of(f"{declared.undated}_ceased", records, undated, until, since=since, link=undated)
    if listed is None:
        return
    gone = np.flatnonzero((after != NO_DAY) & (end != UNDATED_END))
    yield Events.of(declared.gone, records, gone, after[gone], link=gone)
    yield Events.of(f"{declared.gone}_ceased", records, gone, end[gone], since=after[gone], link=gone)
    spans = [*((NO_DAY, first) for first, _ in listed), *((last, OPEN_END) for _, last in listed)]
    begins, ceases = (np.array([span[side] for span in spans], dtype=np.int64) for side in (0, 1))
    any_row = np.zeros(len(spans), dtype=np.int64)
    unknown = (declared.unlisted,) if counted.starts_said else (declared.unlisted, declared.unseen)
    for name in unknown:
        yield Events.of(name, records, any_row, begins)
        yield Events.of(f"{name}_ceased", records, any_row, ceases, since=begins)
    if CAME_AFTER in rows:
        came = rows[CAME_AFTER]
        unsure = np.flatnonzero(came != NO_DAY)
        yield Events.of(declared.came, records, unsure, came[unsure], link=unsure)
        yield Events.of(f"{declared.came}_ceased", records, unsure, start[unsure], since=came[unsure], link=unsure)


def _money_events(
    records: Records, name: str, start: np.ndarray, stays: StayColumns, hundredths: np.ndarray
) -> Iterator[Events]:
    """What each row adds when it begins and takes when it ceases; rows that cannot be priced have their own events."""
    for suffix, chosen in (
        ("", hundredths >= 0),
        ("_unpriced", hundredths == UNPRICED),
        ("_undecided", hundredths == UNDECIDED),
    ):
        row = np.flatnonzero(chosen)
        # Where all are chosen nothing has to be held twice.
        begins, ceases = (start, stays.ceases) if chosen.all() else (start[row], stays.ceases[row])
        weight = np.broadcast_to(1, len(row)) if suffix else hundredths if chosen.all() else hundredths[row]
        yield Events.of(name + suffix, records, row, begins, weight=weight, link=row)
        yield Events.of(f"{name}{suffix}_ceased", records, row, ceases, weight=weight, since=begins, link=row)


# --- visits ------------------------------------------------------------------------------------------------------


def visit_facts(
    visits: VisitTable, declared: Input, channels: ChannelMap, *, by: str | None, said: bool
) -> InputEvents:
    """The sums of the engine as weighted events; ``by`` is the column they were split by beside the channel.

    ``said`` tells whether some file has a column for it.
    """
    keys = list(visits.sums)
    size = len(keys)
    values = {"channel": Coded.of([channel.value for _, channel, _ in keys])}
    words = {by: Coded.of([part for *_, part in keys])} if by is not None and said else {}
    records = Records(
        input=declared.name,
        files=[],
        file=np.full(size, -1),
        line=np.full(size, -1),
        entity=np.full(size, NOBODY),
        words=words,
        values=values,
    )
    days = np.array([micros_of(day) // DAY_MICROS for day, *_ in keys], dtype=np.int64)
    sums = np.array(list(visits.sums.values()), dtype=np.int64).reshape(size, len(VisitSums._fields))
    events = {
        event.name: Events.of(event.name, records, np.arange(size), days, weight=sums[:, place])
        for place, event in enumerate(declared.events)
    }
    return InputEvents(
        records=records, events=events, tallies=tuple(visits.tallies), unmatched=visits.unmatched(channels)
    )


def days_of(visits: VisitTable) -> set[date]:
    """The days on which there is a visit."""
    return {day for day, *_ in visits.sums}
