"""Visits of very many sources: what DuckDB has counted by source is summed by channel before Python sees it.

The distinct sources are read once each, by the reader that reads them in all other files.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import suppress
from itertools import islice
from pathlib import Path
from typing import Any

from funnelcli.reading.dialect import FileFault
from funnelcli.reading.engines.model import MAX_SOURCES, VisitRequest
from funnelcli.reading.engines.sessions import tells_sessions
from funnelcli.reading.engines.visit_groups import Group
from funnelcli.reading.opening import Opened
from funnelcli.reading.rows import quiet_rows
from funnelcli.reading.sql_text import sql_path

SAMPLE_ROWS = 2_000
MANY = 100  # sources among so many rows


def has_many_sources(opened: Opened, request: VisitRequest) -> bool:
    """Whether a file has so many sources that its days are better summed by channel first.

    Sums of visits, sessions and splits by source need every source of a day.
    """
    place = opened.columns.index.get("source")
    if place is None or opened.has("visits") or request.by == "source" or tells_sessions(opened):
        return False
    sources: set[str] = set()
    with suppress(FileFault):  # the scan itself reports it
        rows = quiet_rows(opened)
        sources.update(record[place] for _, record in islice(rows, SAMPLE_ROWS))
    return len(sources) > MANY


def add_by_channel(connection: Any, query: str, counted: Group, scratch: Path) -> None:
    """Add what a query counts to a group, by channel; Irregular or Odd where a cell is not what it seems to be."""
    try:
        _add(connection, query, counted, scratch / "channels.csv")
    finally:
        for table in ("counted", "sources", "channels"):
            connection.execute(f"DROP TABLE IF EXISTS {table}")


def _add(connection: Any, query: str, counted: Group, path: Path) -> None:
    names = "file, key, s, m, f, p, rows_read, visits, existing, odd, sessions"
    connection.execute(f"CREATE TEMP TABLE counted AS SELECT * FROM ({query}) AS q({names})")
    connection.execute(
        "CREATE TEMP TABLE sources AS SELECT s, m, row_number() OVER () AS id "
        "FROM counted WHERE rows_read > 0 GROUP BY s, m"
    )
    with path.open("w", encoding="ascii") as stream:
        stream.writelines(_channels(connection.execute("SELECT id, s, m FROM sources"), counted))
    connection.execute(
        "CREATE TEMP TABLE channels AS SELECT * FROM read_csv("
        f"{sql_path(path)}, auto_detect=false, header=false, delim=',', quote='', escape='', "
        "columns={'id': 'BIGINT', 'channel': 'VARCHAR'})"
    )
    rows = connection.execute(
        "SELECT c.file, c.key, ch.channel, c.f, c.p, sum(c.rows_read)::BIGINT, sum(c.visits)::BIGINT, "
        "sum(c.existing)::BIGINT FROM counted c JOIN sources s ON s.s IS NOT DISTINCT FROM c.s AND "
        "s.m IS NOT DISTINCT FROM c.m JOIN channels ch ON ch.id = s.id WHERE c.rows_read > 0 GROUP BY ALL"
    )
    while batch := rows.fetchmany(20_000):
        counted.add_channels(batch)
    most = connection.execute(
        "SELECT file, s, m, sum(visits)::BIGINT AS visits FROM counted WHERE rows_read > 0 GROUP BY file, s, m "
        f"ORDER BY visits DESC, s, m LIMIT {MAX_SOURCES * len(counted.parts)}"
    )
    counted.add_sources(most.fetchall())
    odd = connection.execute("SELECT file, unnest(odd) FROM counted WHERE odd IS NOT NULL")
    while batch := odd.fetchmany(20_000):
        counted.add_odd(batch)
    dates = connection.execute("SELECT DISTINCT file, key::VARCHAR FROM counted WHERE typeof(key) = 'VARCHAR'")
    counted.add_dates(dates.fetchall())


def _channels(rows: Any, counted: Group) -> Iterator[str]:
    while batch := rows.fetchmany(20_000):
        for number, source, medium in batch:
            yield f"{number},{counted.channel_of(source, medium)}\n"
