"""Which engine reads which file."""

import os
from collections.abc import Sequence

from funnelcli.reading.dialect import Container
from funnelcli.reading.engines import rows_engine
from funnelcli.reading.engines.model import VisitRequest, VisitTable
from funnelcli.reading.opening import Opened

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
    """The visits of all files, each read by the engine that suits it."""
    if not is_large(opened):
        return rows_engine.scan(opened, request)
    from funnelcli.reading.engines import duckdb_engine
    from funnelcli.reading.engines.table_sql import supports

    fast = [source for source in opened if supports(source)]
    slow = [source for source in opened if not supports(source)]
    table, left = duckdb_engine.scan(fast, request) if fast else (VisitTable(), [])
    if (slow or left) and table.order is not None:
        # The order of day and month is decided over all files at once, and only the other engine sees them all.
        return rows_engine.scan(opened, request)
    if slow or left:
        table.merge(rows_engine.scan([*slow, *left], request))
    return table
