"""A group of files of visits as SQL: how its dates are written, which rows are odd, and the query that counts it."""

from __future__ import annotations

from collections.abc import Sequence

from msgspec import Struct

from funnelcli.reading.engines.forms import Form
from funnelcli.reading.engines.many_sources import by_channel
from funnelcli.reading.engines.session_sql import session_cells, some_sessions
from funnelcli.reading.engines.sessions import tells_sessions
from funnelcli.reading.engines.table_sql import source_of, whole_rows
from funnelcli.reading.opening import Opened
from funnelcli.values.cells import SPOILT

MOST_COUNTED = 999_999_999_999_999


def existing_sql(form: Form, *, odd: str = "error('an id to look at')") -> str:
    """SQL for whether a visit is by a user who had signed up before it, by the join with the table of signups.

    ``odd`` is what is made of an id that Python must look at.
    """
    # Every registered user has a day and a moment: what is compared anyway also tells whether there is one.
    if form.moment is None:
        signed_up, before = "r.day", "r.day < v.d"
    elif form.by_text:
        signed_up, before = "r.moment", f"r.moment < CAST({form.moment} AS DATE)"
    else:
        timed, day = form.timed.replace("moment", "v.moment"), "CAST(v.moment AS DATE)"
        signed_up, before = "r.moment", f"r.moment < CASE WHEN r.timed AND {timed} THEN v.moment ELSE {day} END"
    # An id that found nobody may only need trimming or lower case; then Python must look.
    # CASE, unlike AND, looks at a part only for the rows that get there, and most have no id.
    return (
        f"CASE WHEN u IS NULL OR u = '' THEN false WHEN {signed_up} IS NOT NULL THEN {before} "
        "WHEN regexp_full_match(u, '[A-Za-z0-9_:-]+') THEN false "
        f"WHEN regexp_full_match(u, '[A-Za-z0-9_.:+-]+') AND NOT regexp_full_match(u, '{SPOILT}') "
        f"THEN false ELSE {odd} END"
    )


def with_readings(cells: str, form: Form) -> str:
    """The cells of rows with what their moments are made of."""
    for name, reading in (("quick", form.quick), ("micros", form.micros)):
        cells = cells if reading is None else f"SELECT *, {reading} AS {name} FROM ({cells})"
    return cells


class Rows(Struct, frozen=True, kw_only=True):
    """The rows of files alike: how their dates are written, whether their users are joined, and the column of parts.

    ``with_breaks`` reads cells of several lines.  Where they are counted ``by_channel``, that stands in the place of
    the source, as ``make_channels`` has told it.
    """

    group: Sequence[Opened]
    form: Form
    join: bool
    part: int | None
    with_breaks: bool = False
    by_channel: bool = False

    @property
    def sources(self) -> str:
        """The SQL that counts them by file, source and medium, odd or not."""
        shared, named = self._shared, ("file", "s", "m")
        file, s, m = (shared.get(name, name) for name in named)
        keys = ", ".join(str(place) for place, name in enumerate(named, 1) if name not in shared)
        return (
            f"SELECT {file} AS file, coalesce({s}, '') AS s, coalesce({m}, '') AS m, count(*)::BIGINT AS visits "
            f"FROM ({self.cells}) GROUP BY {keys or 'ALL'}"
        )

    def sums(self, *, listed: bool) -> str:
        """The SQL that counts them by file, day, source, medium and flag, without the odd rows, which it lists.

        Where they are not to be ``listed``, the list of a group that has odd rows is empty.
        """
        first = self.group[0]
        visits = "sum(CASE WHEN odd THEN 0 ELSE number END)::BIGINT" if first.has("visits") else "count_if(NOT odd)"
        odd = f"list(CASE WHEN odd THEN {whole_rows(self.group)} END) FILTER (WHERE odd)"
        shared = self._shared
        file, *others = (f"{shared.get(name, name)} AS {name}" for name in self._keys)
        keys = ", ".join(["key", *(name for name in self._keys if name not in shared)])
        return (
            f"SELECT {file}, {self._key} AS key, {', '.join(others)}, count_if(NOT odd), {visits}, "
            f"{self._existing_visits}, {odd if listed else 'CASE WHEN bool_or(odd) THEN [] END'}, "
            f"{some_sessions(self.group) if tells_sessions(first) else 'NULL'} "
            f"FROM {self._judged} v GROUP BY {keys}"
        )

    @property
    def odd_ones(self) -> str:
        """The SQL that lists the odd rows."""
        return f"SELECT file, {whole_rows(self.group)} AS o FROM {self._judged} WHERE odd"

    @property
    def of_groups(self) -> str:
        """The SQL that lists the rows of the groups in the table ``odd_groups``, but for the odd ones."""
        same = " AND ".join(f"g.{name} IS NOT DISTINCT FROM v.{name}" for name in ("file", "key", "s", "m", "f", "p"))
        return (
            f"SELECT v.file, {whole_rows(self.group)} AS o FROM (SELECT *, {self._key}::VARCHAR AS key "
            f"FROM {self._judged} v WHERE NOT odd) v JOIN odd_groups g ON {same}"
        )

    @property
    def cells(self) -> str:
        """SQL for the cells of each row, by short names, beside those of the table itself.

        NULL stands for a column that the files lack or that is not looked at.
        """
        user = self._cell("user_id") if self.join else "NULL"
        grouped = ", ".join(f"{sql} AS {name}" for name, sql in self._keys.items())
        return (
            f"SELECT *, {self._cell('date')} AS d, {grouped}, {user} AS u, {self._cell('visits')} AS n, "
            f"{self._cell('existing_visits')} AS e, {session_cells(self.group[0])} "
            f"FROM {source_of(self.group, with_breaks=self.with_breaks)}"
        )

    @property
    def _keys(self) -> dict[str, str]:
        """SQL of what rows are grouped by, beside their day."""
        return {
            "file": "filename" if len(self.group) > 1 else "''",
            "s": self._cell("source"),
            "m": self._cell("medium"),
            "f": "NULL" if self.group[0].has("existing_visits") else self._cell("is_existing"),
            "p": "NULL" if self.part is None else f"c{self.part}",
        }

    @property
    def _shared(self) -> dict[str, str]:
        """SQL of those of the keys that all rows share, which is nothing to group them by."""
        return {name: sql for name, sql in self._keys.items() if sql in ("NULL", "''")}

    def _cell(self, column: str) -> str:
        place = self.group[0].columns.index.get(column)
        return "NULL" if place is None else f"c{place}"

    @property
    def are_odd(self) -> str:
        """SQL for whether a row is one that Python must look at; never NULL."""
        first, form, odd = self.group[0], self.form, ["ragged"]
        if not form.by_text:
            odd.append("v.moment IS NULL")
        elif form.guard or first.dialect is None:
            odd.append(f"coalesce({form.guard or 'd IS NULL'}, true)")
        if first.has("visits"):
            odd.append(_is_no_count("n", "number"))
        if first.has("existing_visits"):
            odd.append(f"{_is_no_count('e', 'try_cast(e AS BIGINT)')} OR try_cast(e AS BIGINT) > number")
        return " OR ".join(f"({term})" for term in odd)

    @property
    def _key(self) -> str:
        return "d" if self.form.by_text else "CAST(v.moment AS DATE)"

    @property
    def _judged(self) -> str:
        """SQL for the rows: their cells, whether they are odd, and what is made of them once for each row."""
        form, number = self.form, "coalesce(try_cast(n AS BIGINT), 0)" if self.group[0].has("visits") else "1"
        moment = "NULL" if form.by_text else form.moment
        cells = with_readings(self.cells, form)
        if self.by_channel:
            cells = by_channel(cells)
        values = f"SELECT *, {moment} AS moment, {number} AS number FROM ({cells})"
        if not self.join:
            return f"(SELECT v.*, false AS before, {self.are_odd} AS odd FROM ({values}) v)"
        joined = (
            f"SELECT v.*, {existing_sql(form, odd='NULL')} AS before "
            f"FROM ({values}) v LEFT JOIN registered r ON r.user_id = v.u"
        )
        return f"(SELECT v.*, {self.are_odd} OR before IS NULL AS odd FROM ({joined}) v)"

    @property
    def _existing_visits(self) -> str:
        """SQL for the visits by existing users: as the join with the signups says, else as the file does."""
        first = self.group[0]
        if self.join and first.has("visits"):
            return "coalesce(sum(CASE WHEN before AND NOT odd THEN number ELSE 0 END), 0)::BIGINT"
        if self.join:
            return "count_if(before AND NOT odd)"
        if first.has("existing_visits"):
            return "coalesce(sum(CASE WHEN odd THEN 0 ELSE coalesce(try_cast(e AS BIGINT), 0) END), 0)::BIGINT"
        return "0"


def _is_no_count(cell: str, number: str) -> str:
    """SQL for whether a cell is no plain whole number; one that is written as most are is known at a glance."""
    usual = f"CAST({number} AS VARCHAR) = {cell} AND {number} BETWEEN 0 AND {MOST_COUNTED}"
    return f"CASE WHEN {usual} THEN false ELSE NOT coalesce(regexp_full_match({cell}, '[0-9]{{1,15}}'), false) END"
