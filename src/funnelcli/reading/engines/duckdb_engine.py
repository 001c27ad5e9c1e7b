"""Visits at the speed of the disk, for files in which every row is regular.

DuckDB reads every cell as text and groups by the raw text of day and source; the few distinct texts are then read by
the same Python readers that the other engine uses, so there is one meaning of a cell.  Only what cannot wait for that
(time of day, the join with signups) is decided in SQL, under guards that count every row they do not cover.  A file
with one such row, or with anything DuckDB calls an error, is handed back.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain
from pathlib import Path
from typing import Any

import duckdb

from funnelcli.reading.dialect import Container, FileFault
from funnelcli.reading.engines.forms import ISO_DAYS, Form, form_of
from funnelcli.reading.engines.machine import megabytes, threads
from funnelcli.reading.engines.model import (
    VisitRequest,
    VisitTable,
    can_tell_existing,
    date_reader,
    joins_users,
    source_text,
)
from funnelcli.reading.engines.registered import guess_registered, load_registered, proof
from funnelcli.reading.engines.session_sql import (
    COUNTED,
    EDGES,
    IDS,
    NAMELESS,
    SEPARATOR,
    create_sessions,
)
from funnelcli.reading.engines.sessions import Rank, Repeats, SessionCount, Span
from funnelcli.reading.engines.table_sql import literal
from funnelcli.reading.engines.transcoded import may_be_transcoded, transcoded
from funnelcli.reading.engines.visit_sql import cells_of, existing_sql, odd_rows, query
from funnelcli.reading.opening import Opened
from funnelcli.reading.rows import Tally
from funnelcli.reading.scratch import scratch_folder
from funnelcli.reading.totals import is_sum, is_total_word
from funnelcli.values.cells import clean, clean_id, clean_value, read_flag
from funnelcli.values.channels import Channel
from funnelcli.values.dates import FIRST_YEAR, LAST_YEAR, DateEvidence, DateOrder, DateReader, day_of
from funnelcli.values.swapped import SwapEvidence

_WRITTEN: dict[DateOrder, str] = {"dmy": "%d/%m/%Y", "mdy": "%m/%d/%Y"}


class Irregular(Exception):
    """A file is not regular enough for this engine; the other one will read it."""


def scan(opened: Sequence[Opened], request: VisitRequest) -> tuple[VisitTable, list[Opened]]:
    """Count the visits of the regular files; also gives those that are not, for the other engine."""
    if request.scratch is None:
        with scratch_folder() as own:
            return scan(opened, replace(request, scratch=own))
    scratch = str(request.scratch)
    ready, back, left = _in_utf_8(opened, request.scratch)
    if not ready:
        return VisitTable(), left
    connection = duckdb.connect(config=_config())
    try:
        _set_up(connection, scratch)
        guessed: tuple[int, int] | None = None
        if request.registered and any(joins_users(file, request) for file in ready):
            guessed = guess_registered(connection, request)
            if guessed is None:
                load_registered(connection, scratch, request.registered())
        table, odd = _scan_groups(connection, ready, request)
        if guessed is not None and request.registered and guessed != proof(request.registered()):
            load_registered(connection, scratch, request.registered())
            table, odd = _scan_groups(connection, ready, request)
    finally:
        # Giving back hundreds of megabytes takes a moment that nobody need wait for.
        threading.Thread(target=connection.close).start()
    return table, [*left, *(back.get(file.file.path, file) for file in odd)]


def _in_utf_8(opened: Sequence[Opened], folder: Path) -> tuple[list[Opened], dict[Path, Opened], list[Opened]]:
    """The files to scan, those in another encoding as copies; what each copy is of; and those not to be read."""
    ready: list[Opened] = []
    back: dict[Path, Opened] = {}
    left: list[Opened] = []
    for number, file in enumerate(opened):
        if not may_be_transcoded(file):
            ready.append(file)
        elif (copy := transcoded(file, folder, number)) is None:
            left.append(file)
        else:
            ready.append(copy)
            back[copy.file.path] = file
    return ready, back, left


def _config() -> dict[str, Any]:
    """As many threads as the process may use, and memory for each."""
    of_threads = threads()
    memory = f"{megabytes(of_threads)}MB"
    return {"memory_limit": memory, "preserve_insertion_order": False, "threads": of_threads}


def _scan_groups(connection: Any, opened: Sequence[Opened], request: VisitRequest) -> tuple[VisitTable, list[Opened]]:
    table = VisitTable()
    left: list[Opened] = []
    for group in _groups(opened):
        try:
            scanned = _scan_either_way(connection, group, request)
        except (Irregular, FileFault, duckdb.Error):
            left.extend(group)
            continue
        if table.order and scanned.order and table.order != scanned.order:
            return VisitTable(), list(opened)
        table.merge(scanned)
    return table, left


def _order_of(texts: Iterable[str], request: VisitRequest) -> DateOrder | None:
    """The order of day and month that all the distinct date texts of a group prove, where they need one."""
    evidence = DateEvidence()
    for text in texts:
        evidence.observe(clean(text), "")
    if request.order is None and evidence.order is None and evidence != DateEvidence():
        raise Irregular
    return request.order or evidence.order


def _set_up(connection: Any, scratch: str) -> None:
    connection.execute(f"SET temp_directory = {literal(scratch)}")
    connection.execute("SET TimeZone = 'UTC'")
    # Left to itself, the optimizer may take the visits, whose number it cannot know, for the smaller side of the join.
    connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")


def _groups(opened: Sequence[Opened]) -> Iterator[list[Opened]]:
    """Files alike in every way that matters to a scan, so that one query reads them together."""
    groups: dict[object, list[Opened]] = {}
    for file in opened:
        key = (
            file.content.container,
            file.content.gzipped,
            file.dialect,
            file.columns.header,
            file.header_line,
            tuple(file.columns.index.items()),
            # Read together, the types of the first Parquet file would be forced upon the others.
            file.file.path if file.content.container is Container.PARQUET else None,
        )
        groups.setdefault(key, []).append(file)
    yield from groups.values()


def _is_iso_day(text: str) -> bool:
    return len(text) == 10 and text[4] == "-" and text[7] == "-"


def _scan_either_way(connection: Any, group: Sequence[Opened], request: VisitRequest) -> VisitTable:
    """The scan of a group; with more care, once more, where cells have several lines."""
    try:
        return _scan_group(connection, group, request)
    except duckdb.Error as error:
        if "quoted new line" not in str(error):
            raise
    return _scan_group(connection, group, request, with_breaks=True)


def _scan_group(
    connection: Any, group: Sequence[Opened], request: VisitRequest, *, with_breaks: bool = False
) -> VisitTable:
    first = group[0]
    join, by_session = joins_users(first, request), request.counts_sessions(first)
    form = form_of(group, request, compares=join or by_session)
    if form is None:
        raise Irregular
    if by_session:
        return _scan_sessions(connection, group, request, form, join=join, with_breaks=with_breaks)
    result = connection.execute(query(group, form, join=join, part=request.column_of(first), with_breaks=with_breaks))
    batches: Iterable[list[Any]] = iter(lambda: result.fetchmany(20_000), [])
    table = VisitTable(converted=form.zoned, order=form.order)
    if not form.moment and not form.iso:
        rows = result.fetchall()
        table.order = _order_of(sorted({row[1] or "" for row in rows}), request)
        batches = [rows]
    _add_counted(table, chain.from_iterable(batches), group, request, form, join=join)
    return table


def _add_counted(
    table: VisitTable, rows: Iterable[Any], group: Sequence[Opened], request: VisitRequest, form: Form, *, join: bool
) -> None:
    """What the query counted, read by the Python readers and added up; Irregular where the other engine must look."""
    first = group[0]
    names = {str(f.file.path.resolve()): f for f in group} if len(group) > 1 else {"": first}
    tallies = {path: Tally(input=f.input.name, file=f.name) for path, f in names.items()}
    reader = date_reader(first, request, table.order or request.order)
    tells_existing = can_tell_existing(first, request)
    days: dict[date | str | None, date] = {}
    sources: dict[tuple[str | None, str | None], tuple[str, Channel]] = {}
    texts: dict[str, set[str]] = {path: set() for path in tallies}
    by_session = request.counts_sessions(first)
    repeats = {path: Repeats() for path in tallies}
    for path, key, source, medium, flag_text, part, rows_read, visits, existing, odd, some in rows:
        if odd:
            raise Irregular
        if (day := days.get(key)) is None:
            day = days[key] = _day(key, reader, form, join=join)
        if isinstance(key, str):
            texts[path].add(key)
        elif form.order:
            texts[path].add(f"{day:{_WRITTEN[form.order]}}")
        if (known := sources.get((source, medium))) is None:
            known = sources[source, medium] = _source(source, medium, first, request)
        named, channel = known
        flag = read_flag(clean_value(flag_text)) if flag_text and clean_value(flag_text) else False
        if flag is None:
            raise Irregular
        part = named if request.by == "source" else clean(part or "")
        table.add(day, channel, visits, visits if flag else existing, 0 if tells_existing else visits, part=part)
        table.add_source(named, visits)
        if first.has("visits"):
            table.add_summed(tallies[path].file, day, named, visits)
        tallies[path].read += rows_read
        tallies[path].counted += visits if by_session else rows_read
        tallies[path].duplicate += rows_read - visits if by_session else 0
        for text in some or ():
            session, _, visitor = text.partition(SEPARATOR)
            repeats[path].add(clean_id(session), clean_id(visitor))
    table.sessions.repeated.update(tallies[path].file for path, sample in repeats.items() if sample.any)
    if any(tally.read == 0 for tally in tallies.values()) or any(map(_are_half_converted, texts.values())):
        raise Irregular
    table.converted = table.converted or bool(reader.converted)
    table.tallies.extend(tallies.values())


def _scan_sessions(
    connection: Any, group: Sequence[Opened], request: VisitRequest, form: Form, *, join: bool, with_breaks: bool
) -> VisitTable:
    """The sessions of a group, whose files may have them go on in each other."""
    first = group[0]
    create_sessions(
        connection,
        cells_of(group, join=join, part=request.column_of(first), with_breaks=with_breaks),
        moment=form.moment or "try_cast(d AS TIMESTAMP)",
        timed=form.timed,
        odd=odd_rows(first, form if form.moment else replace(form, moment="moment", regular=ISO_DAYS)),
        existing=existing_sql(form) if join else "false",
    )
    table = VisitTable(converted=form.zoned, order=form.order)
    _add_counted(table, connection.execute(COUNTED).fetchall(), group, request, form, join=join)
    names = {str(f.file.path.resolve()): f.name for f in group} if len(group) > 1 else {"": first.name}
    for path, rows, sessions, ids, reused in connection.execute(IDS).fetchall():
        table.sessions.counts[names[path]] = SessionCount(rows=rows, sessions=sessions, ids=ids, reused=reused)
    tallies = {tally.file: tally for tally in table.tallies}
    for path, rows, odd in connection.execute(NAMELESS).fetchall():
        if odd:
            raise Irregular
        count = table.sessions.counts.setdefault(names[path], SessionCount())
        count.rows, count.without = count.rows + rows, rows
        tallies[names[path]].read += rows
        tallies[names[path]].rejected += rows
    if request.has_neighbours:
        table.sessions.edges.extend(_edges(connection, names, first, request, form, join=join))
    return table


def _edges(
    connection: Any, names: Mapping[str, str], first: Opened, request: VisitRequest, form: Form, *, join: bool
) -> Iterator[Span]:
    """The sessions of a group's files that may go on in other files."""
    by_unknown = 0 if can_tell_existing(first, request) else 1
    result = connection.execute(EDGES.format(timed=form.timed))
    for path, z, w, at, last, timed, rows, s, m, f, p, u, u_at, existing, is_timed in result.fetchall():
        named, channel = _source(s, m, first, request)
        flag = read_flag(clean_value(f)) if clean_value(f) else False
        yield Span(
            file=names[path], key=(z, w), rank=Rank(at, not s, s, m, f, p), first_timed=is_timed, last=last,
            timed=timed, rows=rows, line=0, source=named, channel=channel,
            part=named if request.by == "source" else clean(p), user=(u_at, u) if join and u else None,
            existing=int(bool(flag) or existing), by_unknown=by_unknown,
        )  # fmt: skip


def _day(key: date | str | None, reader: DateReader, form: Form, *, join: bool) -> date:
    """The day that a group stands for; Irregular where it is none, or where SQL compared its raw text wrongly."""
    if isinstance(key, str):
        if is_sum(key) or (join and not (form.iso and _is_iso_day(key))):
            raise Irregular
        moment = reader.read(clean(key))
        key = None if moment is None else day_of(moment.micros)
    if key is None or not FIRST_YEAR <= key.year <= LAST_YEAR:
        raise Irregular
    return key


def _are_half_converted(texts: Iterable[str]) -> bool:
    """Whether the dates of a file are half converted by a spreadsheet, which the other engine then says."""
    evidence = SwapEvidence()
    for text in texts:
        evidence.observe(clean(text), None)
        if evidence.is_honest:
            return False
    return evidence.is_half_converted


def _source(source: str | None, medium: str | None, opened: Opened, request: VisitRequest) -> tuple[str, Channel]:
    """The source of a group and its channel; Irregular where a cell is a total, or holds a quotation mark."""
    if source and ('"' in source or (opened.has("visits") and is_total_word(source))):
        raise Irregular
    # A missing medium column reads as NULL, just like an empty cell of one.
    named = source_text(source or "", (medium or "") if opened.has("medium") else None)
    return named, request.channels.of(named)
