"""Sessions as SQL: the rows of one session id made one, as ``sessions`` does it row by row."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from funnelcli.reading.engines.sessions import IDLE_MICROS, MOST_DAYS, SAMPLED, SESSION, VISITOR
from funnelcli.reading.opening import Opened
from funnelcli.reading.sql_text import literal
from funnelcli.values.cells import NO, NULL_WORDS, SPOILT, YES

ROW_BYTES = 50  # of a row of events, at least
_NOTHING = ", ".join(map(literal, sorted(NULL_WORDS)))
SEPARATOR = "\x1f"


def session_cells(opened: Opened) -> str:
    """SQL for the cells of the session and of the visitor, by short names; NULL for a column that a file lacks."""
    places = (opened.columns.index.get(name) for name in (SESSION, VISITOR))
    session, visitor = ("NULL" if place is None else f"c{place}" for place in places)
    return f"{session} AS z, {visitor} AS w"


def some_sessions(group: Sequence[Opened]) -> str:
    """SQL for the ids of a group's rows, with those of the visitors: all of them, or of very many a part.

    A session of that part is looked at with all its rows, so that what stands twice is a session with several.
    """
    size = sum(opened.file.path.stat().st_size for opened in group)
    part = max(1, size * (8 if group[0].content.gzipped else 1) // (SAMPLED * ROW_BYTES))
    return f"list(z || '{SEPARATOR}' || coalesce(w, '')) FILTER (hash(z, w) % {part} = 0 AND z <> '')"


def create_sessions(connection: Any, cells: str, *, moment: str, timed: str, odd: str, existing: str) -> None:
    """Make the table ``sessions`` of rows given by short names; ``pieces`` has those that name none as well.

    A # is of an error of a spreadsheet, which the other engine names, though it may be a word for nothing as well.
    ``existing`` is SQL for whether a session is by a user who had signed up before it; where it needs to know, over
    ``sessions`` as v and ``registered`` as r.
    """
    head = "{'at': moment, 'no': s = '', 's': s, 'm': m, 'f': f, 'p': p}"
    texts = ", ".join(f"trim(coalesce({name}, '')) AS {name}" for name in "smfp")
    visitor = f"CASE WHEN w IS NULL OR lower(w) IN ({_NOTHING}) THEN '' ELSE w END AS w"
    connection.execute(
        f"CREATE OR REPLACE TEMP TABLE pieces AS SELECT file, z, w, CAST(moment AS DATE) AS day, min({head}) AS head, "
        f"max(moment) AS last, bool_or({timed}) AS timed, "
        f"min({{'at': moment, 'u': u}}) FILTER (u <> '' AND lower(u) NOT IN ({_NOTHING})) AS who, "
        f"count(*) AS n, count_if(({odd}) OR coalesce(contains(z, '#'), false)) AS odd "
        f"FROM (SELECT * REPLACE ({visitor}, {texts}), {moment} AS moment FROM ({cells})) v GROUP BY ALL"
    )
    step = f"(NOT (timed AND lag(timed) OVER k) OR epoch_us(head.at) - epoch_us(lag(last) OVER k) <= {IDLE_MICROS})"
    connection.execute(
        "CREATE OR REPLACE TEMP TABLE sessions AS "
        f"WITH steps AS (SELECT * REPLACE (CASE WHEN {_ODD_IDS} THEN n ELSE odd END AS odd), "
        f"NOT coalesce(day - lag(day) OVER k = 1 AND {step}, false) AS begins "
        f"FROM pieces WHERE {_IS_NAMED} WINDOW k AS (PARTITION BY file, z, w ORDER BY day)), "
        "numbered AS (SELECT *, count_if(begins) OVER (PARTITION BY file, z, w ORDER BY day) AS number FROM steps), "
        f"chains AS (SELECT *, count(*) OVER c > {MOST_DAYS} AND NOT bool_or(timed) OVER c AS anew FROM numbered "
        "WINDOW c AS (PARTITION BY file, z, w, number)), "
        "whole AS (SELECT file, z, w, min(head) AS head, max(last) AS last, bool_or(timed) AS timed, min(who) AS who, "
        "sum(n)::BIGINT AS n, sum(odd)::BIGINT AS odd FROM chains "
        "GROUP BY file, z, w, number, CASE WHEN anew THEN day END), "
        "flat AS (SELECT file, z, w, n, odd, last, timed, head.at AS moment, strftime(head.at, '%Y-%m-%d') AS d, "
        "head.s AS s, head.m AS m, head.f AS f, head.p AS p, who.u AS u, who.at AS u_at FROM whole) "
        f"SELECT v.*, {existing} AS existing FROM flat v"
        f"{' LEFT JOIN registered r ON r.user_id = v.u' if existing != 'false' else ''}"
    )


# Printable, and nothing at the edges that cleaning takes away; addresses are in any letters, a # is of an error.
_PLAIN = literal("([!$-&(-<>?A-~]([ !#-?A-~]*[!#-?A-~])?)?")
_ODD_IDS = (
    f"NOT regexp_full_match(z, {_PLAIN}) OR NOT regexp_full_match(w, {_PLAIN}) OR regexp_full_match(z, '{SPOILT}')"
)

# Every row's, since of a session only the first row's is looked at in Python.
ODD_FLAGS = f"lower(trim(coalesce(f, ''))) NOT IN ({', '.join(map(literal, sorted({*YES, *NO, *NULL_WORDS})))})"
_IS_NAMED = f"z IS NOT NULL AND lower(z) NOT IN ({_NOTHING})"
COUNTED = (
    "SELECT file, CAST(moment AS DATE), s, m, f, p, sum(n)::BIGINT, count(*), count_if(existing), sum(odd)::BIGINT, "
    "NULL FROM sessions GROUP BY file, CAST(moment AS DATE), s, m, f, p"
)
NAMELESS = f"SELECT file, sum(n)::BIGINT, sum(odd)::BIGINT FROM pieces WHERE NOT ({_IS_NAMED}) GROUP BY file"
IDS = (
    "SELECT file, sum(n)::BIGINT, sum(number)::BIGINT, count(*), count_if(number > 1) FROM "
    "(SELECT file, z, w, sum(n) AS n, count(*) AS number FROM sessions GROUP BY file, z, w) GROUP BY file"
)
_AT_EDGE = (
    f"CASE WHEN timed THEN epoch_us(moment) - epoch_us(e.first) <= {IDLE_MICROS} "
    f"OR epoch_us(e.last) - epoch_us(v.last) <= {IDLE_MICROS} "
    "ELSE CAST(moment AS DATE) <= CAST(e.first AS DATE) OR CAST(v.last AS DATE) >= CAST(e.last AS DATE) END"
)
EDGES = (
    "SELECT v.file, z, w, epoch_us(moment), epoch_us(v.last), timed, n, s, m, f, p, u, epoch_us(u_at), existing, "
    "{timed} FROM sessions v JOIN (SELECT file, min(moment) AS first, max(last) AS last FROM sessions GROUP BY file) e "
    f"ON e.file = v.file WHERE {_AT_EDGE}"
)
