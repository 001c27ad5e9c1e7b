"""Who had signed up when, as a table for DuckDB to join the visits with."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from funnelcli.reading import database
from funnelcli.reading.engines.model import VisitRequest
from funnelcli.reading.engines.share_work import load_written
from funnelcli.reading.engines.table_sql import source_of, supports
from funnelcli.reading.sql_text import literal
from funnelcli.values.cells import NULL_WORDS
from funnelcli.values.dates import DAY_MICROS

if TYPE_CHECKING:
    from funnelcli.reading.opening import Opened
    from funnelcli.reading.tables import FirstSignups


def load_registered(connection: Any, scratch: str, registered: FirstSignups) -> None:
    """The users' first signups as the table to join with."""
    path = Path(scratch) / "registered.csv"
    write_registered(path, registered)
    load_written(connection, path)


def guess_registered(connection: Any, request: VisitRequest) -> tuple[int, ...] | None:
    """The same table straight from the signups' files, so that the scan need not wait until Python has read them.

    Gives sums of it, to be compared with those of Python's own; None where a file, an id or a date is not so plain that
    both must read it alike.
    """
    files = request.signups
    if not files or not all(supports(opened) and opened.dialect for opened in files):
        return None
    if any(opened.columns.offset_of("signed_up_at") is not None for opened in files):
        return None
    signups = " UNION ALL ".join(map(_signups_of, files))
    try:
        connection.execute(
            "CREATE TABLE registered AS SELECT *, epoch_us(moment) % "
            f"{DAY_MICROS} <> 0 AS timed, CAST(CAST(moment AS DATE) AS VARCHAR) AS day FROM "
            f"(SELECT u AS user_id, min(m) AS moment, bool_or({_ODD_DATE}) AS odd FROM "
            f"(SELECT u, d, try_cast(d AS TIMESTAMP) AS m FROM ({signups})) GROUP BY u)"
        )
        totals = connection.execute(
            f"SELECT count_if(odd OR {_ODD_ID}), count(*), coalesce(sum(epoch_us(moment) // {DAY_MICROS}), 0)::BIGINT, "
            f"coalesce(sum(epoch_us(moment) % {DAY_MICROS}), 0)::BIGINT FROM registered"
        ).fetchone()
    except database.Error:
        return None
    odd, *sums = totals
    return None if odd else tuple(map(int, sums))


# A day, or a moment, as SQL writes it itself; and an id that cleaning leaves as it is.
_ODD_DATE = "CASE WHEN CAST(CAST(m AS DATE) AS VARCHAR) = d THEN false ELSE coalesce(CAST(m AS VARCHAR) <> d, true) END"
_ODD_ID = (
    "NOT coalesce(regexp_full_match(user_id, '[A-Za-z0-9_.:+-]+'), false) "
    f"OR lower(user_id) IN ({', '.join(map(literal, sorted(NULL_WORDS)))})"
)


def _signups_of(opened: Opened) -> str:
    """SQL of the users and dates of a file of signups."""
    user, day = (f"c{opened.columns.index[name]}" for name in ("user_id", "signed_up_at"))
    return f"SELECT {user} AS u, {day} AS d FROM {source_of([opened])}"


def proof(registered: FirstSignups) -> tuple[int, ...]:
    """What :func:`guess_registered` gives, of the users as Python read them."""
    return len(registered.users), registered.total_days, int((registered.micros % DAY_MICROS).sum())


def write_registered(path: Path, registered: FirstSignups) -> None:
    """The users' first signups for DuckDB to join; a plain file is faster here than any binding."""
    rows = zip(registered.users, registered.micros.tolist(), registered.timed.tolist(), strict=True)
    with path.open("w", encoding="utf-8", newline="\n") as stream:
        stream.writelines(
            f"{user}\x1f{micros}\x1f{'true' if timed else 'false'}\n"
            for user, micros, timed in rows
            if user.isprintable()
        )
