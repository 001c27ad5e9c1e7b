"""A group of files of visits as SQL: how its dates are written, which rows are odd, and the query that counts it."""

from __future__ import annotations

from collections.abc import Sequence

from funnelcli.reading.engines.forms import Form
from funnelcli.reading.engines.session_sql import session_cells, some_sessions
from funnelcli.reading.engines.sessions import tells_sessions
from funnelcli.reading.engines.table_sql import source_of
from funnelcli.reading.opening import Opened
from funnelcli.values.cells import LOADING, SHORTENED


def existing_sql(form: Form) -> str:
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


def query(group: Sequence[Opened], form: Form, *, join: bool, part: int | None, with_breaks: bool) -> str:
    """The SQL that counts a group by file, day, source, medium and flag.

    An inner SELECT makes each row's values once; what is per day or per source is left to the few groups.
    """
    first = group[0]
    number = "coalesce(try_cast(n AS BIGINT), 0)" if first.has("visits") else "1"
    cells = cells_of(group, join=join, part=part, with_breaks=with_breaks)
    values = f"SELECT *, {form.moment or 'NULL'} AS moment, {number} AS number FROM ({cells})"
    registered = "LEFT JOIN registered r ON r.user_id = v.u" if join else ""
    odd = odd_rows(first, form)
    return (
        f"SELECT file, {'CAST(v.moment AS DATE)' if form.moment else 'd'} AS key, s, m, f, p, count(*), "
        f"{'sum(number)::BIGINT' if first.has('visits') else 'count(*)'}, {_existing_visits(first, form, join=join)}, "
        f"count_if({odd}), {some_sessions(group) if tells_sessions(first) else 'NULL'} "
        f"FROM ({values}) v {registered} GROUP BY file, key, s, m, f, p"
    )


def cells_of(group: Sequence[Opened], *, join: bool, part: int | None, with_breaks: bool) -> str:
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
        f"{cell('visits')} AS n, {cell('existing_visits')} AS e, {session_cells(first)}, ragged "
        f"FROM {source_of(group, with_breaks=with_breaks)}"
    )


def odd_rows(opened: Opened, form: Form) -> str:
    """SQL for whether a row is one that Python must look at."""
    odd = ["ragged"]
    if form.moment:
        odd.append(f"NOT coalesce({form.regular}, false) OR v.moment IS NULL")
    if opened.has("visits"):
        odd.append("NOT coalesce(regexp_full_match(n, '[0-9]{1,15}'), false)")
    if opened.has("existing_visits"):
        odd.append("NOT coalesce(regexp_full_match(e, '[0-9]{1,15}'), false) OR try_cast(e AS BIGINT) > number")
    return " OR ".join(f"({term})" for term in odd)


def _existing_visits(opened: Opened, form: Form, *, join: bool) -> str:
    """SQL for the visits by existing users: as the join with the signups says, else as the file does."""
    if join and opened.has("visits"):
        return f"coalesce(sum(CASE WHEN {existing_sql(form)} THEN number ELSE 0 END), 0)::BIGINT"
    if join:
        return f"count_if({existing_sql(form)})"
    return "coalesce(sum(coalesce(try_cast(e AS BIGINT), 0)), 0)::BIGINT" if opened.has("existing_visits") else "0"
