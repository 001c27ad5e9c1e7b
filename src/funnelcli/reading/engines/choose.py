"""Which engine reads which file."""

import os
import time
from collections.abc import Sequence
from contextlib import suppress
from itertools import islice

from msgspec.structs import replace

from funnelcli.reading.dialect import Container, FileFault
from funnelcli.reading.engines import rows_engine
from funnelcli.reading.engines.grown import grown_tables, note_sizes
from funnelcli.reading.engines.model import VisitRequest, VisitTable
from funnelcli.reading.engines.sessions import (
    SESSION,
    VISITOR,
    Repeats,
    join_edges,
    session_problems,
    tells_sessions,
)
from funnelcli.reading.opening import Opened
from funnelcli.reading.rows import quiet_rows
from funnelcli.values.cells import clean_id

FIRST_ROWS = 2_000
SMALL_BYTES = 3_000_000
ROW_BYTES = 20


def is_large(opened: Sequence[Opened]) -> bool:
    """Whether the files are large enough for DuckDB to be worth its start-up."""
    return sum(map(_bytes, opened)) > SMALL_BYTES


def _bytes(source: Opened) -> int:
    """How large a file is, as text; a few bytes of Parquet may hold millions of rows."""
    size = os.path.getsize(source.file.path)
    if source.content.container is Container.PARQUET:
        from funnelcli.reading.parquet import parquet_size

        return max(size, ROW_BYTES * parquet_size(source.file))
    return size * (8 if source.content.gzipped else 1)


def make_ready() -> None:
    """Import what large files are read with, before other work competes for the interpreter: the scan starts sooner."""
    import funnelcli.reading.engines.duckdb_engine  # noqa: F401


def scan_visits(opened: Sequence[Opened], request: VisitRequest) -> VisitTable:
    """The visits of all files; a crew that has counted some of them is let go of."""
    try:
        return _scan_unless_kept(opened, request)
    finally:
        if request.crew is not None:
            request.crew.close()


def _scan_unless_kept(opened: Sequence[Opened], request: VisitRequest) -> VisitTable:
    """The visits of all files; those that earlier runs have kept are not read again.

    Where files read anew have a fault, or another order of day and month, all are read, as if nothing had been kept.
    """
    began = time.time_ns()
    parts = request.parts if is_large(opened) else None
    kept = parts.known(opened, request) if parts else {}
    orders = {table.order for table in kept.values()} - {None}
    if parts and len(kept) < len(opened) and not any(map(tells_sessions, opened)):
        missing = [source for source in opened if source.name not in kept]
        kept |= grown_tables(parts, missing, request, began=began, scan=_scan_all)
        orders = {table.order for table in kept.values()} - {None}
    left = [source for source in opened if source.name not in kept]
    for source in opened:
        if source.name in kept and source.file.meter is not None:
            source.file.meter.kept(source.file.path)
    if len(orders) <= 1:
        borrowed = request.order is None and bool(orders)
        asked = replace(request, order=next(iter(orders)), borrowed=True) if borrowed else request
        table = _scan_all(left, asked) if left else VisitTable()
        if not kept or not (len(table.problems) or {table.order} - {None} - orders):
            if parts and left:
                parts.keep(left, request, table.of_files, began=began)
                note_sizes(parts, left, request, table)
            for name in kept:
                table.merge(kept[name])
            places = {source.name: place for place, source in enumerate(opened)}
            table.tallies.sort(key=lambda tally: places[tally.file])
            return table
    return _scan_unless_kept(opened, replace(request, parts=None))


def _scan_all(opened: Sequence[Opened], request: VisitRequest) -> VisitTable:
    """The visits of files, each read by the engine that suits it.

    Where a session has several rows, those of all files that name sessions are counted as sessions.  The first rows
    mostly tell; where they do not, all of them have been looked at by the first scan.
    """
    request = replace(request, has_neighbours=sum(map(tells_sessions, opened)) > 1)
    by_session = replace(request, by_session=True)
    is_demanded = any(source.settings.each_row == "session" for source in opened)
    if not is_demanded and not any(map(_names_a_session_twice, filter(tells_sessions, opened))):
        table = _scan(opened, request)
        if not table.sessions.repeated:
            return table
    table = _scan(opened, by_session)
    if not is_demanded and not any(count.has_events for count in table.sessions.counts.values()):
        return _scan(opened, request)  # what is repeated lies days apart, or in rows that cannot be read
    join_edges(table, request)
    if not any(fault.kind.whole_file for fault in table.problems):
        table.problems.extend(session_problems(opened, table.sessions))
    return table


def _names_a_session_twice(opened: Opened) -> bool:
    """Whether a session has several of the first rows."""
    places = [opened.columns.index[name] for name in (SESSION, VISITOR) if opened.has(name)]
    repeats = Repeats()
    with suppress(FileFault):  # the scan itself reports it
        for _, record in islice(quiet_rows(opened), FIRST_ROWS):
            session, *visitor = (clean_id(record[place]) for place in places)
            repeats.add(session, visitor[0] if visitor else "")
    return repeats.any


def _scan(opened: Sequence[Opened], request: VisitRequest) -> VisitTable:
    if not is_large(opened):
        return rows_engine.scan(opened, request)
    from funnelcli.reading.engines import duckdb_engine
    from funnelcli.reading.engines.transcoded import is_scannable

    fast = [source for source in opened if is_scannable(source)]
    slow = [source for source in opened if not is_scannable(source)]
    table, left = duckdb_engine.scan(fast, request) if fast else (VisitTable(), [])
    if (slow or left) and (table.order is not None or table.decimal is not None):
        # What dates and numbers mean is decided over all files at once, and only the other engine sees them all.
        return rows_engine.scan(opened, request)
    if slow or left:
        rest = rows_engine.scan([*slow, *left], request)
        if not rest.tallies:  # nothing tells what their dates or numbers mean, but maybe the rows of all files
            return rows_engine.scan(opened, request)
        if rest.order is not None and any(fault.code == "not-a-date" for fault in table.problems):
            # What is no date is said with how dates look here, which the other files alone have proved.
            table, again = duckdb_engine.scan(fast, replace(request, order=rest.order, borrowed=True))
            if again != left:
                return rows_engine.scan(opened, request)
        table.merge(rest)
    return table
