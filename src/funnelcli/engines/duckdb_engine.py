"""Visits at the speed of the disk, for files in which every row is regular.

DuckDB reads every cell as text and groups by the raw text of day and source; the few distinct texts are then read by
the same Python readers that the other engine uses, so there is one meaning of a cell.  Only what cannot wait for that (time
of day, the join with signups) is decided in SQL, under guards that count every row they do not cover.  A file with one
such row, or with anything DuckDB calls an error, is handed back.
"""

import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from typing import Any

import duckdb

from funnelcli.engines.model import (
    Registered,
    VisitRequest,
    VisitTable,
    can_tell_existing,
    date_reader,
    joins_users,
    source_text,
)
from funnelcli.errors import Problems
from funnelcli.ingest.dialect import Container, FileFault
from funnelcli.ingest.parquet import quoted, sql_path
from funnelcli.ingest.rows import Opened, Reading, Tally
from funnelcli.ingest.values import (
    DAY_MICROS,
    FIRST_YEAR,
    LAST_YEAR,
    DateEvidence,
    DateOrder,
    clean,
    day_of,
    read_flag,
)

MEMORY_LIMIT = "400MB"
SAMPLE_ROWS = 2_000


class Irregular(Exception):
    """A file is not regular enough for this engine; the other one will read it."""


@dataclass(frozen=True)
class _Form:
    """How a date column is written, as far as SQL must know.

    ``key`` is the SQL text to group by, ``guard`` holds for every regular row, ``micros`` is the local time, ``timed`` holds
    where a cell gives a time of day.
    """

    key: str
    guard: str
    micros: str
    timed: str


_DAY = _Form(
    key="d",
    guard="length(d) = 10 AND try_cast(d AS DATE) IS NOT NULL AND d[5] = '-' AND d[8] = '-'",
    micros=f"epoch_us(try_cast(d AS DATE)::TIMESTAMP) // {DAY_MICROS} * {DAY_MICROS}",
    timed="false",
)
_NAIVE_GUARD = (
    "(length(d) IN (16, 19) AND d[5] = '-' AND d[8] = '-' AND d[11] IN (' ', 'T') AND d[14] = ':'"
    " AND d[17] IN ('', ':') AND try_cast(d AS TIMESTAMP) IS NOT NULL)"
)
_ZONED_GUARD = (
    "(((length(d) = 20 AND d[20] = 'Z') OR (length(d) = 25 AND d[20] IN ('+', '-') AND d[23] = ':'))"
    " AND d[5] = '-' AND d[8] = '-' AND d[11] IN (' ', 'T') AND d[17] = ':' AND try_cast(d AS TIMESTAMPTZ) IS NOT NULL)"
)


def _timed_form(timestamp: str, guard: str, *, converted: bool) -> _Form:
    return _Form(
        key=f"strftime({timestamp}, '%Y-%m-%d')",
        guard=guard,
        micros=f"epoch_us({timestamp})",
        timed="true" if converted else f"epoch_us({timestamp}) % {DAY_MICROS} <> 0",
    )


def supports(opened: Opened) -> bool:
    """Whether a file is worth trying: UTF-8 with a one-line header on top, or Parquet, and no filters."""
    if opened.is_filtered or (opened.content.container is Container.WORKBOOK):
        return False
    if opened.content.container is Container.PARQUET:
        return True
    assert opened.dialect is not None
    return opened.header_line == 1 and opened.dialect.encoding in ("utf-8", "utf-8-sig")


def scan(opened: Sequence[Opened], request: VisitRequest) -> tuple[VisitTable, list[Opened]]:
    """Count the visits of the regular files; also gives those that are not, for the other engine."""
    table = VisitTable()
    left: list[Opened] = []
    connection = duckdb.connect(config={"memory_limit": MEMORY_LIMIT, "preserve_insertion_order": False, "threads": 2})
    try:
        with tempfile.TemporaryDirectory(prefix="funnelcli-") as scratch:
            _set_up(connection, scratch, opened, request)
            for group in _groups(opened):
                try:
                    scanned = _scan_group(connection, group, request)
                    if table.order and scanned.order and table.order != scanned.order:
                        return VisitTable(), list(opened)
                    table.merge(scanned)
                except (Irregular, FileFault, duckdb.Error):
                    left.extend(group)
    finally:
        connection.close()
    return table, left


def _order_of(texts: Iterable[str], request: VisitRequest) -> DateOrder | None:
    """The order of day and month that all the distinct date texts of a group prove, where they need one."""
    evidence = DateEvidence()
    for text in texts:
        evidence.observe(clean(text), "")
    if request.order is None and evidence.order is None and evidence != DateEvidence():
        raise Irregular
    return request.order or evidence.order


def _set_up(connection: Any, scratch: str, opened: Sequence[Opened], request: VisitRequest) -> None:
    connection.execute(f"SET temp_directory = {_text(scratch)}")
    connection.execute("SET TimeZone = 'UTC'")
    # Left to itself, the optimizer may take the visits, whose number it cannot know, for the smaller side of the join.
    connection.execute("SET disabled_optimizers = 'join_order,build_side_probe_side'")
    if request.registered and any(joins_users(one, request) for one in opened):
        path = Path(scratch) / "registered.csv"
        _write_registered(path, request.registered())
        connection.execute(
            "CREATE TABLE registered AS SELECT * FROM read_csv("
            f"{sql_path(path)}, auto_detect=false, header=false, delim='\x1f', quote='', escape='', "
            "columns={'user_id': 'VARCHAR', 'micros': 'BIGINT', 'timed': 'BOOLEAN'})"
        )


def _write_registered(path: Path, registered: Registered) -> None:
    """The users' first signups for DuckDB to join; a plain file is faster here than any binding."""
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(
            f"{user}\x1f{micros}\x1f{'true' if timed else 'false'}\n"
            for user, (micros, timed) in registered.items()
            if user.isprintable()
        )


def _groups(opened: Sequence[Opened]) -> Iterator[list[Opened]]:
    """Files alike in every way that matters to a scan, so that one query reads them together."""
    groups: dict[object, list[Opened]] = {}
    for one in opened:
        key = (
            one.content.container,
            one.content.gzipped,
            one.dialect,
            one.columns.header,
            tuple(one.columns.index.items()),
        )
        groups.setdefault(key, []).append(one)
    yield from groups.values()


def _text(value: str) -> str:
    return "'" + value.replace("'", "''") + "'"


def _source_of(group: Sequence[Opened]) -> str:
    """The table function that reads the group's files with all columns as text, named c0, c1, ..."""
    one = group[0]
    paths = "[" + ", ".join(sql_path(f.file.path.resolve()) for f in group) + "]"
    width = len(one.columns.header)
    if one.dialect is None:
        named = ", ".join(f"CAST({quoted(name)} AS VARCHAR) AS c{i}" for i, name in enumerate(one.columns.header))
        return f"(SELECT {named}, filename FROM read_parquet({paths}, filename=true))"
    columns = ", ".join(f"'c{i}': 'VARCHAR'" for i in range(width))
    compression = "gzip" if one.content.gzipped else "none"
    return (
        f"read_csv({paths}, auto_detect=false, header=false, skip=1, delim={_text(one.dialect.delimiter)}, "
        f"quote='\"', escape='\"', nullstr='', strict_mode=true, null_padding=false, max_line_size=10000000, "
        f"compression='{compression}', filename=true, columns={{{columns}}})"
    )


def _sample(one: Opened) -> list[str]:
    """The first date cells of a file."""
    place = one.columns.index["date"]
    rows = Reading(opened=one, problems=Problems(limit=0)).rows()
    return [clean(record[place]) for _, record in islice(rows, SAMPLE_ROWS)]


def _form_of(group: Sequence[Opened], request: VisitRequest) -> _Form | None:
    """The form of the group's dates; None where their raw texts are to be grouped by and read in Python."""
    texts = [text for one in group for text in _sample(one)]
    if not texts:
        raise Irregular
    if all(len(text) <= 10 and ":" not in text for text in texts):
        return _DAY if all(len(t) == 10 and t[4] == "-" for t in texts) else None
    zone = _text(request.zone.key)
    if all(t[-1:] == "Z" or t[-6:-5] in ("+", "-") for t in texts):
        return _timed_form(f"timezone({zone}, try_cast(d AS TIMESTAMPTZ))", _ZONED_GUARD, converted=True)
    if group[0].columns.says_utc("date"):
        naive = f"timezone({zone}, timezone('UTC', try_cast(d AS TIMESTAMP)))"
        return _timed_form(naive, _NAIVE_GUARD, converted=True)
    return _timed_form("try_cast(d AS TIMESTAMP)", _NAIVE_GUARD, converted=False)


@dataclass(frozen=True)
class _Plan:
    """The query over a group; whether its times come converted; whether its dates are raw texts yet to be decided."""

    query: str
    converted: bool
    raw: bool


def _plan(group: Sequence[Opened], request: VisitRequest) -> _Plan:
    one = group[0]
    form = _form_of(group, request)
    join = joins_users(one, request)
    if join and form is None:
        raise Irregular

    def cell(column: str) -> str:
        place = one.columns.index.get(column)
        return "NULL" if place is None else f"c{place}"

    guards = [form.guard if form else "d IS NOT NULL"]
    visits, existing = "1", "0"
    if one.has("visits"):
        guards.append(f"regexp_full_match({cell('visits')}, '[0-9]{{1,15}}')")
        visits = f"CAST({cell('visits')} AS BIGINT)"
    if one.has("existing_visits"):
        guards.append(f"regexp_full_match({cell('existing_visits')}, '[0-9]{{1,15}}')")
        existing = f"CAST({cell('existing_visits')} AS BIGINT)"
        guards.append(f"{existing} <= {visits}")
    flag = cell("is_existing") if not one.has("existing_visits") else "NULL"
    registered, odd_user = "", "false"
    if join:
        assert form is not None
        before = (
            f"CASE WHEN r.timed AND {form.timed} THEN r.micros < {form.micros} "
            f"ELSE r.micros // {DAY_MICROS} < ({form.micros}) // {DAY_MICROS} END"
        )
        existing = f"CASE WHEN r.user_id IS NOT NULL AND ({before}) THEN {visits} ELSE 0 END"
        registered = "LEFT JOIN registered r ON r.user_id = v.u"
        # An id that found nobody may only need trimming or lower case; then Python must look.
        odd_user = "u IS NOT NULL AND r.user_id IS NULL AND NOT regexp_full_match(u, '[A-Za-z0-9_.:+-]+')"
    regular = " AND ".join(f"coalesce({guard}, false)" for guard in guards)
    inner = (
        f"SELECT filename, {cell('date')} AS d, {cell('source')} AS s, {cell('medium')} AS m, {flag} AS f, "
        f"{cell('user_id') if join else 'NULL'} AS u, * EXCLUDE (filename) FROM {_source_of(group)}"
    )
    query = (
        f"SELECT v.filename, CASE WHEN {regular} THEN {form.key if form else 'd'} END AS day, s, m, f, count(*), "
        f"sum(CASE WHEN {regular} THEN {visits} ELSE 0 END)::BIGINT, "
        f"sum(CASE WHEN {regular} THEN {existing} ELSE 0 END)::BIGINT, "
        f"count_if(NOT ({regular}) OR {odd_user}) "
        f"FROM ({inner}) v {registered} GROUP BY v.filename, day, s, m, f"
    )
    zoned = form is not None and form.guard == _ZONED_GUARD
    return _Plan(query, converted=zoned or one.columns.says_utc("date"), raw=form is None)


def _scan_group(connection: Any, group: Sequence[Opened], request: VisitRequest) -> VisitTable:
    plan = _plan(group, request)
    one = group[0]
    result = connection.execute(plan.query)
    batches: Iterable[list[Any]] = iter(lambda: result.fetchmany(20_000), [])
    table = VisitTable(converted=plan.converted)
    if plan.raw:
        rows = result.fetchall()
        table.order = _order_of(sorted({row[1] or "" for row in rows}), request)
        batches = [rows]
    names = {str(f.file.path.resolve()): f for f in group}
    tallies = {path: Tally(stage=f.stage, file=f.name) for path, f in names.items()}
    reader = date_reader(one, request, table.order or request.order)
    if not plan.raw:
        reader.naive_is_utc = False  # SQL made the times local already; what is left is a plain day
    told = can_tell_existing(one, request)
    for path, text, source, medium, flag_text, rows_read, visits, existing, odd in chain.from_iterable(batches):
        if odd or text is None or (source and '"' in source):
            raise Irregular
        moment = reader.read(clean(text))
        day = day_of(moment.micros) if moment else None
        flag = read_flag(clean(flag_text)) if flag_text and clean(flag_text) else False
        if day is None or not FIRST_YEAR <= day.year <= LAST_YEAR or flag is None:
            raise Irregular
        # A missing medium column reads as NULL, just like an empty cell of one.
        named = source_text(source or "", (medium or "") if one.has("medium") else None)
        table.add(day, request.channels.of(named), visits, visits if flag else existing, 0 if told else visits)
        table.add_source(named, visits)
        tallies[path].read += rows_read
        tallies[path].counted += rows_read
    if any(tally.read == 0 for tally in tallies.values()):
        raise Irregular
    table.converted = table.converted or bool(reader.converted)
    table.tallies.extend(tallies.values())
    return table
