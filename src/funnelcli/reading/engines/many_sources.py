"""Visits of very many sources, which are made channels before the visits are counted.

Counted by source they would be as many groups as rows.  So the sources are counted first, each is given its channel,
and the visits are counted by that.
"""

from __future__ import annotations

import re
from collections import Counter
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
from funnelcli.reading.sql_text import literal, sql_path
from funnelcli.values.cells import NULL_WORDS
from funnelcli.values.channels import Channel, ChannelMap, fold

SAMPLE_ROWS = 2_000
MANY = 100  # sources among so many rows


def has_many_sources(opened: Opened, request: VisitRequest) -> bool:
    """Whether a file has so many sources that these are made channels first.

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


def make_channels(connection: Any, sources: str, counted: Group, scratch: Path) -> None:
    """Make the tables ``channels`` and ``sources``: the channel of each source, and the visits of each.

    The sources of the channel that most have are left out of the former; ``usual_channel`` has it.  ``sources`` is the
    SQL that counts them by file, source and medium.  Raises Odd where a cell of a source is none.
    """
    connection.execute(f"CREATE OR REPLACE TEMP TABLE sources AS {sources}")
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE channels AS SELECT s, m, CAST(row_number() OVER () AS BIGINT) AS id, "
        f"{_channel_sql(counted.request.channels)} AS channel FROM (SELECT s, m, "
        f"lower({_NAMED if counted.has_medium else 's'}) AS name FROM (SELECT DISTINCT s, m FROM sources))"
    )
    others, path = connection.execute("SELECT id, s, m FROM channels WHERE channel IS NULL"), scratch / "channels.csv"
    with path.open("w", encoding="ascii") as stream:
        stream.writelines(_channels(others, counted))
    if path.stat().st_size:
        connection.execute(
            f"UPDATE channels SET channel = o.channel FROM read_csv({sql_path(path)}, auto_detect=false, header=false, "
            "delim=',', quote='', escape='', columns={'id': 'BIGINT', 'channel': 'VARCHAR'}) o WHERE o.id = channels.id"
        )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE usual_channel AS "
        "SELECT channel FROM channels GROUP BY channel ORDER BY count(*) DESC, channel LIMIT 1"
    )
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE channels AS "
        "SELECT s, m, channel FROM channels WHERE channel <> (SELECT channel FROM usual_channel)"
    )


def note_sources(connection: Any, counted: Group) -> None:
    """Note the visits of the sources with the most, and leave nothing behind."""
    most = connection.execute(
        "SELECT file, s, m, CAST(visits AS BIGINT) FROM sources "
        f"ORDER BY visits DESC, s, m LIMIT {MAX_SOURCES * len(counted.parts)}"
    ).fetchall()
    odd = Counter(counted.sources_of_odd_rows())
    counted.add_sources((path, s, m, visits - odd[path, s, m]) for path, s, m, visits in most)
    for table in ("sources", "channels", "usual_channel"):
        connection.execute(f"DROP TABLE {table}")


def _channels(rows: Any, counted: Group) -> Iterator[str]:
    while batch := rows.fetchmany(20_000):
        for number, source, medium in batch:
            yield f"{number},{counted.channel_of(source, medium)}\n"


def by_channel(rows: str) -> str:
    """SQL for rows, or sums, with their channel in the place of the source, as the tables of channels have it."""
    return (
        "SELECT q.* REPLACE (coalesce(ch.channel, (SELECT channel FROM usual_channel)) AS s, NULL AS m) "
        f"FROM ({rows}) q LEFT JOIN channels ch ON ch.s = coalesce(q.s, '') AND ch.m = coalesce(q.m, '')"
    )


_NAMED = "CASE WHEN m = '' THEN s ELSE (CASE WHEN s = '' THEN '(not set)' ELSE s END) || ' / ' || m END"


def _channel_sql(channels: ChannelMap) -> str:
    """SQL of the channel of a source by its ``name``, NULL where Python must look at a cell of it."""
    if any("[" in pattern for _, patterns in channels.patterns for pattern in patterns):
        return "NULL"
    whens = "".join(
        f"WHEN regexp_full_match(name, {literal('|'.join(map(_expression, patterns)))}) THEN {literal(channel)} "
        for channel, patterns in channels.patterns
        if patterns
    )
    organic = literal(Channel.ORGANIC)
    plain = f"{_is_plain('s')} AND {_is_plain('m')}"
    return f"CASE WHEN {plain} THEN CASE WHEN name = '' THEN {organic} {whens}ELSE {organic} END END"


def _is_plain(cell: str) -> str:
    """SQL for whether cleaning and folding leaves of a cell what it is, but for capitals."""
    words = ", ".join(map(literal, sorted(NULL_WORDS - {""})))
    return f"regexp_full_match({cell}, '([!#-~]+( [!#-~]+)*)?') AND lower({cell}) NOT IN ({words})"


def _expression(pattern: str) -> str:
    """A glob without brackets as a regular expression, which means the same to both of a text of one line."""
    return "".join({"*": ".*", "?": "."}.get(mark) or re.escape(mark) for mark in fold(pattern))
