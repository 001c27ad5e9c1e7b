"""Who had signed up when, as a table for DuckDB to join the visits with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from funnelcli.reading.engines.model import VisitRequest
from funnelcli.reading.engines.share_work import load_written
from funnelcli.reading.engines.table_sql import source_of, supports
from funnelcli.reading.sql_text import literal
from funnelcli.values.cells import NULL_WORDS
from funnelcli.values.dates import DAY_MICROS

if TYPE_CHECKING:
    from funnelcli.reading.tables import FirstSignups


def load_registered(connection: Any, scratch: str, registered: FirstSignups) -> None:
    """The users' first signups as the table to join with."""
    path = Path(scratch) / "registered.csv"
    write_registered(path, registered)
    load_written(connection, path)


def guess_registered(connection: Any, request: VisitRequest) -> tuple[int, int] | None:
    """The same table straight from the signups' files, so that the scan need not wait until Python has read them.

    Gives the number of users and the sum of their days, to be compared with Python's own; None where a file, an id or a
    date is not so plain that both must read it alike.
    """
    if not request.signups or not all(supports(opened) and opened.dialect for opened in request.signups):
        return None
    try:
        for number, opened in enumerate(request.signups):
            user, day = (f"c{opened.columns.index[name]}" for name in ("user_id", "signed_up_at"))
            target = "CREATE TEMP TABLE signups AS" if number == 0 else "INSERT INTO signups"
            connection.execute(f"{target} SELECT {user} AS u, {day} AS d FROM {source_of([opened])}")
        odd = connection.execute(
            "SELECT count_if(NOT coalesce(regexp_full_match(u, '[A-Za-z0-9_.:+-]+'), false) "
            f"OR lower(u) IN ({', '.join(map(literal, sorted(NULL_WORDS)))})) FROM signups"
        ).fetchone()
        odd_days = connection.execute(
            "SELECT count_if(NOT coalesce(length(d) = 10 AND d[5] = '-' AND d[8] = '-' AND "
            "try_cast(d AS DATE) IS NOT NULL, false)) FROM (SELECT DISTINCT d FROM signups)"
        ).fetchone()
        if odd is None or odd[0] or odd_days is None or odd_days[0]:
            return None
        connection.execute(
            "CREATE TABLE registered AS SELECT u AS user_id, CAST(min(d) AS TIMESTAMP) AS moment, false AS timed, "
            "min(d) AS day FROM signups GROUP BY u"
        )
        totals = connection.execute(
            f"SELECT count(*), coalesce(sum(epoch_us(moment) // {DAY_MICROS}), 0)::BIGINT FROM registered"
        ).fetchone()
    except duckdb.Error:
        return None
    return None if totals is None else (int(totals[0]), int(totals[1]))


def proof(registered: FirstSignups) -> tuple[int, int]:
    """What :func:`guess_registered` gives, of the users as Python read them."""
    return len(registered.users), registered.total_days


def write_registered(path: Path, registered: FirstSignups) -> None:
    """The users' first signups for DuckDB to join; a plain file is faster here than any binding."""
    rows = zip(registered.users, registered.micros.tolist(), registered.timed.tolist(), strict=True)
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(
            f"{user}\x1f{micros}\x1f{'true' if timed else 'false'}\n"
            for user, micros, timed in rows
            if user.isprintable()
        )
