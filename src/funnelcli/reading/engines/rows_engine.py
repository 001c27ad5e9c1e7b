"""Visits row by row: any dialect, every fault with its line, memory that does not grow with the file.

Only where rows are events of sessions, all sessions of a file are known at once.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from pathlib import Path
from types import MappingProxyType

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.problems import Problem, Problems, problem
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.engines.model import (
    VisitRequest,
    VisitTable,
    can_tell_existing,
    date_reader,
    is_existing,
    joins_users,
    source_text,
)
from funnelcli.reading.engines.session_cells import SessionCells
from funnelcli.reading.engines.sessions import (
    Rank,
    Sessions,
    Span,
    at_edges,
    count_of,
    spans_of,
)
from funnelcli.reading.engines.spoilt import error_value, spoilt_id
from funnelcli.reading.evidence import Place, decide_mark, decide_order, swap_fault
from funnelcli.reading.opening import Opened
from funnelcli.reading.rows import Extract, Reading
from funnelcli.values.cells import (
    clean,
    clean_id,
    clean_number,
    clean_value,
    is_error_value,
    read_flag,
)
from funnelcli.values.channels import Channel, ChannelMap
from funnelcli.values.dates import FIRST_YEAR, LAST_YEAR, DateEvidence, DateReader, Moment, day_of, looks_like
from funnelcli.values.numbers import NumberEvidence, count_mark_said, read_count
from funnelcli.values.swapped import SwapEvidence


class Visit(Struct, frozen=True, kw_only=True):
    """One readable row of a visits file."""

    line: int
    moment: Moment
    day: date
    source: str
    channel: Channel
    visits: int
    existing: int
    by_unknown: int
    user_id: str
    part: str
    session: tuple[str, str] = ("", "")
    rank: Rank | None = None


class _NeedsEvidence(Exception):
    """A cell like 05/10/2026, or a count like 12.000, was met while what it means was open."""


COUNT_COLUMNS = ("visits", "existing_visits")
# How many distinct texts are remembered, so that memory does not grow with the file.
MOST_DATES, MOST_SOURCES = 200_000, 100_000


Extracts = Mapping[Path, Extract]
EVERYTHING: Extracts = MappingProxyType({})


def scan(opened: Sequence[Opened], request: VisitRequest, extracts: Extracts = EVERYTHING) -> VisitTable:
    """Count the visits of all ``opened`` files; of those that have an extract, the rows of that."""
    try:
        return _scan(opened, request, extracts)
    except _NeedsEvidence:
        table = VisitTable()
        decided = _decide(opened, request, table, extracts)
        return table if len(table.problems) else _scan(opened, decided, extracts)


def _decide(opened: Sequence[Opened], request: VisitRequest, table: VisitTable, extracts: Extracts) -> VisitRequest:
    """The request with the order of dates and the decimal mark that all the files together prove."""
    dates, numbers = evidence(opened, extracts)
    order, fault = decide_order(dates, request.order, stage="visitors")
    mark, other_fault = decide_mark(numbers, request.decimal, stage="visitors")
    table.problems.extend(problem for problem in (fault, other_fault) if problem)
    return replace(request, order=order, decimal=mark, decided=True)


def evidence(opened: Iterable[Opened], extracts: Extracts = EVERYTHING) -> tuple[DateEvidence, NumberEvidence]:
    """What the files say about the order of day and month, and about the decimal mark of their counts."""
    dates, numbers = DateEvidence(), NumberEvidence()
    for file in opened:
        place = file.columns.index["date"]
        counts = {name: file.columns.index[name] for name in COUNT_COLUMNS if file.has(name)}
        known: set[str] = set()
        try:
            reading = Reading(opened=file, problems=Problems(), extract=extracts.get(file.file.path))
            for line, record in reading.rows():
                text = record[place]
                if text not in known:
                    if len(known) < 100_000:
                        known.add(text)
                    dates.observe(clean(text), Place(file.name, line, "date"))
                for name, count in counts.items():
                    if not record[count].isdigit():
                        numbers.observe(clean_number(record[count]), Place(file.name, line, name), whole=True)
        except FileFault:
            continue  # the scan itself reports it
    return dates, numbers


def _scan(opened: Sequence[Opened], request: VisitRequest, extracts: Extracts) -> VisitTable:
    table = VisitTable(order=request.order, decimal=request.decimal)
    for file in opened:
        own = _scan_file(file, request, extracts)
        table.merge(own)
        if not (request.decided or request.borrowed):
            table.of_files[file.name] = own
    return table


def _scan_file(file: Opened, request: VisitRequest, extracts: Extracts) -> VisitTable:
    table = VisitTable(order=request.order, decimal=request.decimal)
    reading = Reading(opened=file, problems=table.problems, extract=extracts.get(file.file.path))
    try:
        if request.counts_sessions(file):
            _add_sessions(reading, request, table)
            return table
        for visit in _visits(reading, request, table):
            table.add(visit.day, visit.channel, visit.visits, visit.existing, visit.by_unknown, part=visit.part)
            table.add_source(visit.source, visit.visits)
            if file.has("visits"):
                table.add_summed(file.name, visit.day, visit.source, visit.visits)
    except FileFault as fault:
        table.problems.extend(fault.problems)
    reading.tally.counted = reading.tally.read - reading.tally.rejected
    table.tallies.append(reading.tally)
    return table


def _add_sessions(reading: Reading, request: VisitRequest, table: VisitTable) -> None:
    """Add the sessions of a file; what is known of all of them at once is as much as there are sessions."""
    name, tally = reading.opened.name, reading.tally
    by_id, without = _sessions(reading, request, table)
    spans = [span for known in by_id.values() for span in known]
    for span in spans:
        table.add_span(span)
    table.sessions.counts[name] = count_of(by_id, without)
    if request.has_neighbours:
        table.sessions.edges.extend(at_edges(spans))
    tally.rejected += without
    tally.counted = len(spans)
    tally.duplicate = tally.read - tally.rejected - tally.counted
    table.tallies.append(tally)


def _sessions(
    reading: Reading, request: VisitRequest, table: VisitTable
) -> tuple[dict[tuple[str, str], list[Span]], int]:
    """The sessions of a file by id, and how many rows name none."""
    opened = reading.opened
    joins = joins_users(opened, request)
    registered = request.registered().moments if request.registered and joins else None
    without = 0

    def rows() -> Iterator[Span]:
        nonlocal without
        for visit in _visits(reading, request, table):
            assert visit.rank is not None
            if not visit.session[0]:
                without += 1
                continue
            moment = visit.moment
            yield Span(
                file=opened.name, key=visit.session, rank=visit.rank, first_timed=moment.timed, last=moment.micros,
                timed=moment.timed, rows=1, line=visit.line, source=visit.source, channel=visit.channel,
                part=visit.part, user=(moment.micros, visit.user_id) if joins and visit.user_id else None,
                existing=visit.existing, by_unknown=visit.by_unknown,
            )  # fmt: skip

    by_id = spans_of(rows())
    for spans in by_id.values() if registered is not None else ():
        for span in spans:
            user = registered.get(span.user[1]) if registered is not None and span.user is not None else None
            span.existing = int(is_existing(user, Moment(span.first, span.first_timed)))
    return by_id, without


def visit_rows(opened: Opened, request: VisitRequest, counted: VisitTable) -> Iterator[Visit]:
    """The readable rows of a file one by one, read as they were when they were ``counted``; of a session, the first."""
    request = replace(request, order=counted.order or request.order, decimal=counted.decimal or request.decimal)
    reading = Reading(opened=opened, problems=Problems(limit=0))
    request = replace(request, by_session=bool(counted.sessions.counts))
    if not request.counts_sessions(opened):
        return _visits(reading, request, VisitTable())
    by_id, _ = _sessions(reading, request, VisitTable())
    spans = sorted((span for known in by_id.values() for span in known), key=lambda span: span.line)
    return (_visit_of(span, counted.sessions) for span in spans if span.place not in counted.sessions.continued)


def _visit_of(span: Span, known: Sessions) -> Visit:
    """A session as the visit that its first row stands for."""
    return Visit(
        line=span.line, moment=Moment(span.first, span.first_timed), day=span.days[0], source=span.source,
        channel=span.channel, visits=1, existing=known.existing.get(span.place, span.existing),
        by_unknown=span.by_unknown, user_id="" if span.user is None else span.user[1], part=span.part,
    )  # fmt: skip


def _visits(reading: Reading, request: VisitRequest, table: VisitTable) -> Iterator[Visit]:
    opened = reading.opened
    index = opened.columns.index
    dates = date_reader(opened, request, request.order)
    at, source_at, medium_at = index["date"], index.get("source"), index.get("medium")
    user_at = index.get("user_id")
    registered = request.registered().moments if request.registered and joins_users(opened, request) else None
    tells_existing = can_tell_existing(opened, request)
    part_at = request.column_of(opened)
    by_source = request.by == "source"
    sessions = SessionCells(reading, request, table)
    days, sources = _Days(dates, opened), _Sources(request.channels)
    for line, record in reading.rows():
        dated = days.read(record[at], line)
        if isinstance(dated, Problem):
            reading.reject(dated)
            continue
        sums = _sums(record, opened, line, request, reading)
        if sums is None:
            continue
        (moment, day), (visits, existing) = dated, sums
        source, channel = sources[
            record[source_at] if source_at is not None else "",
            record[medium_at] if medium_at is not None else None,
        ]
        user_id = clean_id(record[user_at]) if user_at is not None else ""
        if registered is not None and user_at is not None and record[user_at]:
            if spoilt := spoilt_id(user_id, record[user_at], opened, line):
                reading.reject(spoilt)
                continue
            if user_id:
                existing = visits if is_existing(registered.get(user_id), moment) else 0
        session, rank = ("", ""), None
        if sessions.are_told:
            if spoilt := sessions.spoilt(record, line):
                reading.reject(spoilt)
                continue
            session, rank = sessions.read(record, moment)
        yield Visit(
            line=line,
            moment=moment,
            day=day,
            source=source,
            channel=channel,
            visits=visits,
            existing=existing,
            by_unknown=0 if tells_existing else visits,
            user_id=user_id,
            part=source if by_source else clean(record[part_at]) if part_at is not None else "",
            session=session,
            rank=rank,
        )
    sessions.end()
    table.converted = table.converted or bool(dates.converted)
    if reading.extract is None:
        table.problems.extend(days.swap_faults())


class _Days:
    """The dates of a file: what a text means is decided once, however many rows repeat it."""

    def __init__(self, dates: DateReader, opened: Opened) -> None:
        self._dates = dates
        self._opened = opened
        self._known: dict[str, tuple[Moment, date]] = {}
        self._swap = SwapEvidence()

    def read(self, text: str, line: int) -> tuple[Moment, date] | Problem:
        """The moment and the day of a text, or what is wrong with it."""
        known = self._known.get(text)
        if known is None:
            moment = _moment(text, self._dates, self._opened, line)
            if isinstance(moment, Problem):
                return moment
            if len(self._known) > MOST_DATES:
                self._known.clear()
            known = self._known[text] = (moment, day_of(moment.micros))
            if not self._swap.is_honest:
                self._swap.observe(clean(text), Place(self._opened.name, line, "date"))
        return known

    def swap_faults(self) -> list[Problem]:
        """The problem of a file in which a spreadsheet has swapped day and month where it could, if it is one."""
        fault = None if self._dates.order == "ymd" else swap_fault(self._swap)
        return [] if fault is None else [fault]


class _Sources(dict[tuple[str, str | None], tuple[str, Channel]]):
    """By the cells of source and medium, the source they name and its channel."""

    def __init__(self, channels: ChannelMap) -> None:
        super().__init__()
        self._channels = channels

    def __missing__(self, cells: tuple[str, str | None]) -> tuple[str, Channel]:
        if len(self) > MOST_SOURCES:
            self.clear()
        source = source_text(*cells)
        named = self[cells] = (source, self._channels.of(source))
        return named


def _moment(text: str, dates: DateReader, opened: Opened, line: int) -> Moment | Problem:
    cleaned = clean_value(text)
    if not cleaned:
        return problem("empty-cell", file=opened.name, line=line, column="date")
    moment = dates.read(cleaned)
    if moment is None and is_error_value(cleaned):
        return error_value("date", cleaned, opened, line)
    if moment is None:
        if dates.order is None:
            probe = DateEvidence()
            probe.observe(cleaned, "")
            if probe != DateEvidence():
                raise _NeedsEvidence
        return problem(
            "not-a-date", file=opened.name, line=line, column="date", value=cleaned[:80], looks=looks_like(dates.order)
        )  # fmt: skip
    if not FIRST_YEAR <= day_of(moment.micros).year <= LAST_YEAR:
        return problem("implausible-date", file=opened.name, line=line, column="date", value=cleaned[:80])
    return moment


def _sums(
    record: Sequence[str], opened: Opened, line: int, request: VisitRequest, reading: Reading
) -> tuple[int, int] | None:
    """The row's visits and the existing users' among them; None where a cell is wrong, which is then reported."""
    visits, existing = 1, 0
    for column in COUNT_COLUMNS:
        place = opened.columns.index.get(column)
        if place is None:
            continue
        cell = clean_number(record[place])
        if cell.isdigit() and cell.isascii() and len(cell) < 16:
            visits, existing = (int(cell), existing) if column == "visits" else (visits, int(cell))
            continue
        count = read_count(cell, request.decimal) if cell else (None if column == "visits" else 0)
        if request.decimal is None and not request.decided and count_mark_said(cell) is not None:
            raise _NeedsEvidence
        if count is None:
            code = "not-a-count" if cell else "empty-cell"
            fault = problem(code, file=opened.name, line=line, column=column, value=cell[:80])
            reading.reject(error_value(column, cell, opened, line) if is_error_value(cell) else fault)
            return None
        if column == "visits":
            visits = count
        else:
            existing = count
    if existing > visits:
        reading.reject(
            problem("more-existing-than-visits", file=opened.name, line=line, column="existing_visits",
                    existing=existing, visits=visits),
        )  # fmt: skip
        return None
    place = opened.columns.index.get("is_existing")
    if place is not None and not opened.has("existing_visits"):
        cell = clean_value(record[place])
        flag = read_flag(cell) if cell else False
        if flag is None:
            reading.reject(
                problem("not-yes-or-no", file=opened.name, line=line, column="is_existing", value=cell[:80]),
            )  # fmt: skip
            return None
        existing = visits if flag else 0
    return visits, existing
