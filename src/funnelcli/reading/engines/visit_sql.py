"""A group of files of visits as SQL: how its dates are written, which rows are odd, and the query that counts it."""

from __future__ import annotations

from collections.abc import Sequence

from funnelcli.reading.engines.forms import Form
from funnelcli.reading.engines.session_sql import session_cells, some_sessions
from funnelcli.reading.engines.sessions import tells_sessions
from funnelcli.reading.engines.table_sql import source_of, whole_rows
from funnelcli.reading.opening import Opened
from funnelcli.values.cells import LOADING, SHORTENED


def existing_sql(form: Form, *, odd: str = "error('an id to look at')") -> str:
    """SQL for whether a visit is by a user who had signed up before it, by the join with the table of signups.

    ``odd`` is what is made of an id that Python must look at.
    """
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
        f"THEN false ELSE {odd} END"
    )


def query(group: Sequence[Opened], form: Form, *, join: bool, part: int | None, with_breaks: bool) -> str:
    """The SQL that counts a group by file, day, source, medium and flag, without the odd rows, which it lists."""
    first = group[0]
    visits = "sum(CASE WHEN odd THEN 0 ELSE number END)::BIGINT" if first.has("visits") else "count_if(NOT odd)"
    return (
        f"SELECT file, {_key(form)} AS key, s, m, f, p, count_if(NOT odd), {visits}, "
        f"{_existing_visits(first, join=join)}, list(o) FILTER (WHERE odd), "
        f"{some_sessions(group) if tells_sessions(first) else 'NULL'} "
        f"FROM {_rows(group, form, join=join, part=part, with_breaks=with_breaks)} v GROUP BY file, key, s, m, f, p"
    )


def rows_of_groups(group: Sequence[Opened], form: Form, *, join: bool, part: int | None, with_breaks: bool) -> str:
    """The SQL that lists the rows of the groups in the table ``odd_groups``, but for those listed already."""
    same = " AND ".join(f"g.{name} IS NOT DISTINCT FROM v.{name}" for name in ("file", "key", "s", "m", "f", "p"))
    rows = _rows(group, form, join=join, part=part, with_breaks=with_breaks)
    return (
        f"SELECT v.file, v.o FROM (SELECT *, {_key(form)}::VARCHAR AS key FROM {rows} v WHERE NOT odd) v "
        f"JOIN odd_groups g ON {same}"
    )


def _key(form: Form) -> str:
    return "CAST(v.moment AS DATE)" if form.moment else "d"


def _rows(group: Sequence[Opened], form: Form, *, join: bool, part: int | None, with_breaks: bool) -> str:
    """SQL for the rows of a group: their cells, whether they are odd, and what is made of them once for each row."""
    first = group[0]
    number = "coalesce(try_cast(n AS BIGINT), 0)" if first.has("visits") else "1"
    cells = cells_of(group, join=join, part=part, with_breaks=with_breaks)
    values = f"SELECT *, {form.moment or 'NULL'} AS moment, {number} AS number FROM ({cells})"
    odd = odd_rows(first, form)
    if not join:
        return f"(SELECT v.*, false AS before, coalesce({odd}, true) AS odd FROM ({values}) v)"
    joined = (
        f"SELECT v.*, {existing_sql(form, odd='NULL')} AS before "
        f"FROM ({values}) v LEFT JOIN registered r ON r.user_id = v.u"
    )
    return f"(SELECT v.*, coalesce({odd} OR before IS NULL, true) AS odd FROM ({joined}) v)"


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
        f"{cell('visits')} AS n, {cell('existing_visits')} AS e, {session_cells(first)}, ragged, "
        f"{whole_rows(group)} AS o FROM {source_of(group, with_breaks=with_breaks)}"
    )


def odd_rows(opened: Opened, form: Form) -> str:
    """SQL for whether a row is one that Python must look at."""
    odd = ["ragged", *([form.guard] if form.guard else [])]
    if form.moment:
        odd.append(f"NOT coalesce({form.regular}, false) OR v.moment IS NULL")
    if opened.has("visits"):
        odd.append("NOT coalesce(regexp_full_match(n, '[0-9]{1,15}'), false)")
    if opened.has("existing_visits"):
        odd.append("NOT coalesce(regexp_full_match(e, '[0-9]{1,15}'), false) OR try_cast(e AS BIGINT) > number")
    return " OR ".join(f"({term})" for term in odd)


def _existing_visits(opened: Opened, *, join: bool) -> str:
    """SQL for the visits by existing users: as the join with the signups says, else as the file does."""
    if join and opened.has("visits"):
        return "coalesce(sum(CASE WHEN before AND NOT odd THEN number ELSE 0 END), 0)::BIGINT"
    if join:
        return "count_if(before AND NOT odd)"
    if opened.has("existing_visits"):
        return "coalesce(sum(CASE WHEN odd THEN 0 ELSE coalesce(try_cast(e AS BIGINT), 0) END), 0)::BIGINT"
    return "0"
