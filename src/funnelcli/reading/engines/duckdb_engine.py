"""Visits at the speed of the disk, for files in which every row is regular.

DuckDB reads every cell as text and groups by the raw text of day and source; the few distinct texts are then read by
the same Python readers that the other engine uses, so there is one meaning of a cell.  Only what cannot wait for that
(time of day, the join with signups) is decided in SQL, under guards that count every row they do not cover.  A file
with one such row, or with anything DuckDB calls an error, is handed back.
"""

from __future__ import annotations

import tempfile
import threading
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date
from itertools import chain, islice
from pathlib import Path
from typing import Any

import duckdb

from funnelcli.problems import Problems
from funnelcli.reading.dialect import Container, FileFault
from funnelcli.reading.engines.model import (
    VisitRequest,
    VisitTable,
    can_tell_existing,
    date_reader,
    joins_users,
    source_text,
)
from funnelcli.reading.engines.registered import guess_registered, load_registered, proof
from funnelcli.reading.engines.table_sql import literal, source_of
from funnelcli.reading.opening import Opened
from funnelcli.reading.rows import Reading, Tally
from funnelcli.reading.totals import is_sum, is_total_word
from funnelcli.values.cells import LOADING, SHORTENED, clean, clean_value, read_flag
from funnelcli.values.channels import Channel
from funnelcli.values.dates import DAY_MICROS, FIRST_YEAR, LAST_YEAR, DateEvidence, DateOrder, DateReader, day_of
from funnelcli.values.swapped import SwapEvidence

MEMORY_LIMIT = "400MB"
SAMPLE_ROWS = 2_000


class Irregular(Exception):
    """A file is not regular enough for this engine; the other one will read it."""


@dataclass(frozen=True)
class _Form:
    """How a date column is written, as far as SQL must know.

    ``moment`` is the local time as SQL; None where the column holds plain days, whose text is read in Python.
    ``regular`` is true of every row that ``moment`` reads rightly, ``timed`` of a cell with a time of day.  ``iso``
    says that the days are written YYYY-MM-DD, so that their texts compare as the days do.
    """

    moment: str | None = None
    regular: str = "true"
    timed: str = "false"
    iso: bool = False
    zoned: bool = False


_NAIVE = (
    "length(d) IN (16, 19) AND d[5] = '-' AND d[8] = '-' AND d[11] IN (' ', 'T') AND d[14] = ':' AND d[17] IN ('', ':')"
    " AND d[12:13] < '24' AND position(' ' IN d[12:]) = 0"
)
_ZONED = (
    "((length(d) = 20 AND d[20] = 'Z') OR (length(d) = 25 AND d[20] IN ('+', '-') AND d[23] = ':'))"
    " AND (length(d) = 20 OR (d[24:25] < '60' AND d[21:25] <= CASE d[20] WHEN '+' THEN '14:00' ELSE '12:00' END))"
    " AND d[5] = '-' AND d[8] = '-' AND d[11] IN (' ', 'T') AND d[17] = ':'"
    " AND d[12:13] < '24' AND position(' ' IN d[12:]) = 0"
)
_NOT_MIDNIGHT = f"epoch_us(moment) % {DAY_MICROS} <> 0"


def scan(opened: Sequence[Opened], request: VisitRequest) -> tuple[VisitTable, list[Opened]]:
    """Count the visits of the regular files; also gives those that are not, for the other engine."""
    if request.scratch is None:
        with tempfile.TemporaryDirectory(prefix="funnelcli-") as own:
            return scan(opened, replace(request, scratch=Path(own)))
    scratch = str(request.scratch)
    connection = duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "preserve_insertion_order": False, "threads": 2})
    try:
        _set_up(connection, scratch)
        guessed: tuple[int, int] | None = None
        if request.registered and any(joins_users(file, request) for file in opened):
            guessed = guess_registered(connection, request)
            if guessed is None:
                load_registered(connection, scratch, request.registered())
        table, left = _scan_groups(connection, opened, request)
        if guessed is not None and request.registered and guessed != proof(request.registered()):
            load_registered(connection, scratch, request.registered())
            table, left = _scan_groups(connection, opened, request)
    finally:
        # Giving back hundreds of megabytes takes a moment that nobody need wait for.
        threading.Thread(target=connection.close).start()
    return table, left


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
            tuple(file.columns.index.items()),
            # Read together, the types of the first Parquet file would be forced upon the others.
            file.file.path if file.content.container is Container.PARQUET else None,
        )
        groups.setdefault(key, []).append(file)
    yield from groups.values()


def _sample(opened: Opened) -> list[str]:
    """The first date cells of a file."""
    place = opened.columns.index["date"]
    rows = Reading(opened=opened, problems=Problems(limit=0)).rows()
    return [clean(record[place]) for _, record in islice(rows, SAMPLE_ROWS)]


def _form_of(group: Sequence[Opened], request: VisitRequest) -> _Form:
    """The form of the group's dates, by its first rows; rows of another form are counted as irregular."""
    texts = [text for opened in group for text in _sample(opened)]
    if not texts:
        raise Irregular
    if all(len(text) <= 10 and ":" not in text for text in texts):
        return _Form(iso=all(_is_iso_day(text) for text in texts))
    zone = literal(request.zone.key)
    if all(t[-1:] == "Z" or t[-6:-5] in ("+", "-") for t in texts):
        return _Form(f"timezone({zone}, try_cast(d AS TIMESTAMPTZ))", _ZONED, "true", zoned=True)
    if group[0].columns.says_utc("date"):
        utc = f"timezone({zone}, timezone('UTC', try_cast(d AS TIMESTAMP)))"
        return _Form(utc, _NAIVE, "true", zoned=True)
    return _Form("try_cast(d AS TIMESTAMP)", _NAIVE, _NOT_MIDNIGHT)


def _is_iso_day(text: str) -> bool:
    return len(text) == 10 and text[4] == "-" and text[7] == "-"


def _is_existing(form: _Form) -> str:
    """SQL for whether a visit is by a user who had signed up before it, by the join with the table of signups."""
    # Every registered user has a day and a moment: what is compared anyway also tells whether there is one.
    before, signed_up = "r.day < v.d", "r.day"
    if form.moment:
        signed_up = "r.moment"
        before = (
            f"CASE WHEN r.timed AND {form.timed.replace('moment', 'v.moment')} THEN r.moment < v.moment "
            "ELSE CAST(r.moment AS DATE) < CAST(v.moment AS DATE) END"
        )
    # An id that found nobody may only need trimming or lower case; then Python must look.
    # CASE, unlike AND, looks at a part only for the rows that get there, and most have no id.
    return (
        f"CASE WHEN u IS NULL OR u = '' THEN false WHEN {signed_up} IS NOT NULL THEN {before} "
        f"WHEN regexp_full_match(u, '[A-Za-z0-9_.:+-]+') AND NOT regexp_full_match(u, '{SHORTENED}|{LOADING}') "
        "THEN false ELSE error('an id to look at') END"
    )


def _query(group: Sequence[Opened], form: _Form, *, join: bool, part: int | None, with_breaks: bool) -> str:
    """The SQL that counts a group by file, day, source, medium and flag.

    An inner SELECT makes each row's values once; what is per day or per source is left to the few groups.
    """
    first = group[0]
    number = "coalesce(try_cast(n AS BIGINT), 0)" if first.has("visits") else "1"
    cells = _cells(group, join=join, part=part, with_breaks=with_breaks)
    values = f"SELECT *, {form.moment or 'NULL'} AS moment, {number} AS number FROM ({cells})"
    registered = "LEFT JOIN registered r ON r.user_id = v.u" if join else ""
    odd = _odd_rows(first, form)
    return (
        f"SELECT file, {'CAST(v.moment AS DATE)' if form.moment else 'd'} AS key, s, m, f, p, count(*), "
        f"{'sum(number)::BIGINT' if first.has('visits') else 'count(*)'}, {_existing_visits(first, form, join=join)}, "
        f"count_if({odd}) "
        f"FROM ({values}) v {registered} GROUP BY file, key, s, m, f, p"
    )


def _cells(group: Sequence[Opened], *, join: bool, part: int | None, with_breaks: bool) -> str:
    """SQL for the cells of each row, by short names; NULL for a column that the files lack or that is not looked at."""
    first = group[0]

    def cell(column: str) -> str:
        place = first.columns.index.get(column)
        return "NULL" if place is None else f"c{place}"

    filename = "filename" if len(group) > 1 else "''"
    flag = "NULL" if first.has("existing_visits") else cell("is_existing")
    return (
        f"SELECT {filename} AS file, {cell('date')} AS d, {cell('source')} AS s, {cell('medium')} AS m, {flag} AS f, "
        f"{cell('user_id') if join else 'NULL'} AS u, {'NULL' if part is None else f'c{part}'} AS p, "
        f"{cell('visits')} AS n, {cell('existing_visits')} AS e, ragged "
        f"FROM {source_of(group, with_breaks=with_breaks)}"
    )


def _odd_rows(opened: Opened, form: _Form) -> str:
    """SQL for whether a row is one that Python must look at."""
    odd = ["ragged"]
    if form.moment:
        odd.append(f"NOT coalesce({form.regular}, false) OR v.moment IS NULL")
    if opened.has("visits"):
        odd.append("NOT coalesce(regexp_full_match(n, '[0-9]{1,15}'), false)")
    if opened.has("existing_visits"):
        odd.append("NOT coalesce(regexp_full_match(e, '[0-9]{1,15}'), false) OR try_cast(e AS BIGINT) > number")
    return " OR ".join(f"({term})" for term in odd)


def _existing_visits(opened: Opened, form: _Form, *, join: bool) -> str:
    """SQL for the visits by existing users: as the join with the signups says, else as the file does."""
    if join and opened.has("visits"):
        return f"coalesce(sum(CASE WHEN {_is_existing(form)} THEN number ELSE 0 END), 0)::BIGINT"
    if join:
        return f"count_if({_is_existing(form)})"
    return "coalesce(sum(coalesce(try_cast(e AS BIGINT), 0)), 0)::BIGINT" if opened.has("existing_visits") else "0"


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
    form, join = _form_of(group, request), joins_users(first, request)
    if join and not (form.moment or form.iso):
        raise Irregular
    result = connection.execute(_query(group, form, join=join, part=request.column_of(first), with_breaks=with_breaks))
    batches: Iterable[list[Any]] = iter(lambda: result.fetchmany(20_000), [])
    table = VisitTable(converted=form.zoned)
    if not form.moment and not form.iso:
        rows = result.fetchall()
        table.order = _order_of(sorted({row[1] or "" for row in rows}), request)
        batches = [rows]
    _add_counted(table, chain.from_iterable(batches), group, request, form, join=join)
    return table


def _add_counted(
    table: VisitTable, rows: Iterable[Any], group: Sequence[Opened], request: VisitRequest, form: _Form, *, join: bool
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
    for path, key, source, medium, flag_text, part, rows_read, visits, existing, odd in rows:
        if odd:
            raise Irregular
        if (day := days.get(key)) is None:
            day = days[key] = _day(key, reader, form, join=join)
        if isinstance(key, str):
            texts[path].add(key)
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
            table.add_summed(tallies[path].file, day, named)
        tallies[path].read += rows_read
        tallies[path].counted += rows_read
    if any(tally.read == 0 for tally in tallies.values()) or any(map(_are_half_converted, texts.values())):
        raise Irregular
    table.converted = table.converted or bool(reader.converted)
    table.tallies.extend(tallies.values())


def _day(key: date | str | None, reader: DateReader, form: _Form, *, join: bool) -> date:
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
