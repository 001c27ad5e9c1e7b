"""Visits at the speed of the disk, for files in which nearly every row is regular.

DuckDB reads every cell as text and groups by the raw text of day and source; the few distinct texts are then read by
the same Python readers that the other engine uses, so there is one meaning of a cell.  Only what cannot wait for that
(time of day, the join with signups) is decided in SQL, under guards that list every row they do not cover: the row
reader reads these.  A file with anything that DuckDB calls an error is handed back.
"""

from __future__ import annotations

import threading
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from itertools import chain
from pathlib import Path
from types import MappingProxyType
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.reading import database
from funnelcli.reading.dialect import Container, FileFault
from funnelcli.reading.engines.elsewhere import Away, Sent, Uncounted, groups_sql
from funnelcli.reading.engines.forms import Form, evidence_in, form_of
from funnelcli.reading.engines.machine import megabytes, threads
from funnelcli.reading.engines.many_sources import has_many_sources, make_channels, note_sources
from funnelcli.reading.engines.model import VisitRequest, VisitTable, joins_users
from funnelcli.reading.engines.odd_rows import is_swapped, read_odd
from funnelcli.reading.engines.registered import guess_registered, load_registered, proof
from funnelcli.reading.engines.session_sql import COUNTED, EDGES, IDS, NAMELESS, ODD_FLAGS, create_sessions
from funnelcli.reading.engines.sessions import SessionCount
from funnelcli.reading.engines.share_work import set_up
from funnelcli.reading.engines.shares import Crew
from funnelcli.reading.engines.transcoded import may_be_transcoded, transcoded
from funnelcli.reading.engines.visit_groups import FilePart, Group, GroupKey, Irregular, Odd
from funnelcli.reading.engines.visit_sql import Rows, existing_sql, with_readings
from funnelcli.reading.opening import Opened
from funnelcli.reading.rows import Tally
from funnelcli.reading.scratch import scratch_folder
from funnelcli.reading.sql_text import literal
from funnelcli.values.dates import FIRST_YEAR, LAST_YEAR, DateEvidence, DateOrder

LISTED_WIDTH = 12  # the columns of files whose odd rows are listed by the way; to read all of more takes too long
NONE_SENT: Mapping[int, Sent] = MappingProxyType({})


def scan(opened: Sequence[Opened], request: VisitRequest) -> tuple[VisitTable, list[Opened]]:
    """Count the visits of the regular files; also gives those that are not, for the other engine."""
    if request.scratch is None:
        with scratch_folder() as own:
            return scan(opened, replace(request, scratch=own))
    scratch = str(request.scratch)
    ready, back, left = _in_utf_8(opened, request.scratch)
    if not ready:
        return VisitTable(), left
    connection = database.connect(config=_config(request))
    try:
        connection.execute(f"SET temp_directory = {literal(scratch)}")
        set_up(connection)
        if request.crew is not None:
            table, odd = _scan_elsewhere(connection, ready, request, request.crew)
        else:
            table, odd = _scan_here(connection, ready, request)
    finally:
        # Giving back hundreds of megabytes takes a moment that nobody need wait for.
        threading.Thread(target=connection.close).start()
    return table, [*left, *(back.get(file.file.path, file) for file in odd)]


def _scan_here(connection: Any, ready: Sequence[Opened], request: VisitRequest) -> tuple[VisitTable, list[Opened]]:
    """The scan of the files, beside the reading of the signups if these are so plain that SQL may guess at them."""
    scratch, guessed = str(request.scratch), None
    if request.registered and any(joins_users(file, request) for file in ready):
        guessed = guess_registered(connection, request)
        if guessed is None:
            load_registered(connection, scratch, request.registered())
    table, odd = _scan_groups(connection, [*_groups(ready)], request)
    if guessed is not None and request.registered and guessed != proof(request.registered()):
        load_registered(connection, scratch, request.registered())
        table, odd = _scan_groups(connection, [*_groups(ready)], request)
    return table, odd


def _scan_elsewhere(
    connection: Any, ready: Sequence[Opened], request: VisitRequest, crew: Crew
) -> tuple[VisitTable, list[Opened]]:
    """The same with the sums that a crew gives of the files that may be counted elsewhere; the others are read here."""
    assert request.scratch is not None
    groups = [*_groups(ready)]
    try:
        sent = Away(request, crew, request.scratch).count(groups)
        here = [group for place, group in enumerate(groups) if place not in sent]
        if request.registered and any(joins_users(group[0], request) for group in here):
            load_registered(connection, str(request.scratch), request.registered())
        return _scan_groups(connection, groups, request, sent)
    except Uncounted as fault:
        table = VisitTable(tallies=[Tally(input=file.input.name, file=file.name) for file in ready])
        table.problems.extend(fault.problems)
        return table, []


def _in_utf_8(opened: Sequence[Opened], folder: Path) -> tuple[list[Opened], dict[Path, Opened], list[Opened]]:
    """The files to scan, those in another encoding as copies; what each copy is of; and those not to be read."""
    ready: list[Opened] = []
    back: dict[Path, Opened] = {}
    left: list[Opened] = []
    for number, file in enumerate(opened):
        if not may_be_transcoded(file):
            ready.append(file)
        elif (copy := transcoded(file, folder, number)) is None:
            left.append(file)
        else:
            ready.append(copy)
            back[copy.file.path] = file
    return ready, back, left


def _config(request: VisitRequest) -> dict[str, Any]:
    """As many threads as the process may use, and memory for each, unless the request says how much."""
    of_threads = request.threads or threads()
    memory = f"{request.megabytes or megabytes(of_threads)}MB"
    return {"memory_limit": memory, "preserve_insertion_order": False, "threads": of_threads}


def _scan_groups(
    connection: Any, each: Sequence[Sequence[Opened]], request: VisitRequest, sent: Mapping[int, Sent] = NONE_SENT
) -> tuple[VisitTable, list[Opened]]:
    """The scan of groups of files, some of which may have been ``sent`` elsewhere, by their place."""
    groups: list[Group] = []
    left: list[Opened] = []
    for place, group in enumerate(each):
        try:
            if place in sent:
                groups.append(_count(connection, request, sent[place]))
            else:
                with _followed(group):
                    groups.append(_scan_either_way(connection, group, request))
        except (Irregular, FileFault, database.Error):
            left.extend(group)
    orders = {group.order for group in groups} - {None}
    if len(orders) > 1:
        return VisitTable(), [opened for group in each for opened in group]
    parts = []
    for scanned in groups:
        for part in scanned.parts.values():
            dates = scanned.written_dates(part)
            if part.tally.read and not is_swapped(part, dates):
                is_given = request.order is not None and not request.borrowed
                part.stands_alone = is_given or scanned.order in (None, evidence_in(dates).order)
                parts.append(part)
            else:
                left.append(part.opened)
    return _put_together(parts, left, request, next(iter(orders), None))


def _followed(group: Sequence[Opened]) -> AbstractContextManager[None]:
    """What tells the meter of some files, where they have one, how far DuckDB has read them."""
    meter = group[0].file.meter
    return nullcontext() if meter is None else meter.followed([opened.file.path for opened in group])


def _put_together(
    parts: list[FilePart], left: list[Opened], request: VisitRequest, order: DateOrder | None
) -> tuple[VisitTable, list[Opened]]:
    """The table of the files, with what the row reader makes of their odd rows, and the files that it must read."""
    table = VisitTable()
    own: dict[str, VisitTable] = {}
    if odd := [part for part in parts if part.odd]:
        try:
            table, own = read_odd(odd, request, order)
        except Irregular:
            parts, left = [part for part in parts if not part.odd], [*left, *(part.opened for part in odd)]
    tallies = {tally.file: tally for each in (table, *own.values()) for tally in each.tallies}
    table.tallies = []
    for part in parts:
        name = part.tally.file
        if part.repeats.any:
            table.sessions.repeated.add(name)
        if name in own:
            part.table.merge(own[name])
        part.table.tallies = [part.tally.plus(tallies[name]) if name in tallies else part.tally]
        table.merge(part.table)
        if part.stands_alone and (not part.odd or name in own):
            table.of_files[name] = part.table
    return table, left


def _order_of(texts: Iterable[str], request: VisitRequest) -> DateOrder | None:
    """The order of day and month that all the distinct date texts of a group prove, where they need one."""
    evidence = evidence_in(texts)
    if request.order is None and evidence.order is None and evidence != DateEvidence():
        raise Irregular
    return request.order or evidence.order


def _groups(opened: Sequence[Opened]) -> Iterator[list[Opened]]:
    """Files alike in every way that matters to a scan, so that one query reads them together."""
    groups: dict[object, list[Opened]] = {}
    for file in opened:
        key = (
            file.content.container,
            file.content.gzipped,
            file.dialect,
            file.columns.header,
            file.header_line,
            tuple(file.columns.index.items()),
            # Read together, the types of the first Parquet file would be forced upon the others.
            file.file.path if file.content.container is Container.PARQUET else None,
        )
        groups.setdefault(key, []).append(file)
    yield from groups.values()


def _scan_either_way(connection: Any, group: Sequence[Opened], request: VisitRequest) -> Group:
    """The scan of a group; with more care, once more, where cells have several lines."""
    try:
        return _scan_group(connection, group, request)
    except database.Error as error:
        if "quoted new line" not in str(error):
            raise
    return _scan_group(connection, group, request, with_breaks=True)


def _scan_group(connection: Any, group: Sequence[Opened], request: VisitRequest, *, with_breaks: bool = False) -> Group:
    first = group[0]
    join, by_session = joins_users(first, request), request.counts_sessions(first)
    form = form_of(group, request, compares=join or by_session)
    if form is None:
        raise Irregular
    rows = Rows(group=group, form=form, join=join, part=request.column_of(first), with_breaks=with_breaks)
    if by_session:
        return _scan_sessions(connection, rows, request)
    return _count(connection, request, Here(connection, rows))


def _count(connection: Any, request: VisitRequest, rows: Here | Sent) -> Group:
    """A group of files summed: by a query of their rows, or of the sums that others have made of these."""
    form, group = rows.form, rows.group
    tells_order = bool(form.moment or form.iso)
    if tells_order and request.scratch is not None and has_many_sources(group[0], request):
        counted = Group(group, request, form, order=form.order, join=rows.join, by_channel=True)
        with suppress(Odd):  # the groups by source tell which rows are odd
            make_channels(connection, rows.sources, counted, request.scratch)
            _add(connection, rows.by_channel, counted, connection.execute(rows.by_channel.query(listed=True)))
            note_sources(connection, counted)
            return counted
    # Of a table by columns the others are quickly read once more, where some rows are odd at all.
    listed = len(group[0].columns.header) <= LISTED_WIDTH and group[0].content.container is not Container.PARQUET
    result = connection.execute(rows.query(listed=listed))
    if tells_order:
        counted = Group(group, request, form, order=form.order, join=rows.join)
        _add(connection, rows, counted, result)
    else:
        fetched = result.fetchall()
        order = _order_of(sorted({row[1] or "" for row in fetched}), request)
        counted = Group(group, request, form, order=order, join=rows.join)
        _add(connection, rows, counted, fetched)
    return counted


def _add(connection: Any, rows: Here | Sent, counted: Group, summed: Any) -> None:
    """Add what was summed to a group, with the rows that are odd or of odd groups."""
    batches = [summed] if isinstance(summed, list) else iter(lambda: summed.fetchmany(20_000), [])
    odd = counted.add(chain.from_iterable(batches))
    if counted.has_unlisted:
        counted.add_odd(connection.execute(rows.odd_ones).fetchall())
    if odd:
        counted.add_odd(connection.execute(rows.rows_of(odd)).fetchall())


class Here(Struct, frozen=True):
    """Rows that are counted here."""

    connection: Any
    rows: Rows

    @property
    def group(self) -> Sequence[Opened]:
        """The files that they are of."""
        return self.rows.group

    @property
    def form(self) -> Form:
        """How their dates are written."""
        return self.rows.form

    @property
    def join(self) -> bool:
        """Whether their users are joined with the signups."""
        return self.rows.join

    @property
    def by_channel(self) -> Here:
        """The same, with the channel in the place of the source."""
        return Here(self.connection, replace(self.rows, by_channel=True))

    @property
    def sources(self) -> str:
        """The SQL that counts them by source."""
        return self.rows.sources

    def query(self, *, listed: bool) -> str:
        """The SQL that sums them; odd ones are ``listed`` by the way, or on demand."""
        return self.rows.sums(listed=listed)

    @property
    def odd_ones(self) -> str:
        """The SQL of the odd ones."""
        return self.rows.odd_ones

    def rows_of(self, keys: Sequence[GroupKey]) -> str:
        """The SQL of those of some groups."""
        for statement in groups_sql(keys):
            self.connection.execute(statement)
        return self.rows.of_groups


def _scan_sessions(connection: Any, rows: Rows, request: VisitRequest) -> Group:
    """The sessions of a group, whose files may have them go on in each other."""
    rows = replace(rows, form=rows.form.each_row())
    group, form, join = rows.group, rows.form, rows.join
    out = f"year(v.moment) NOT BETWEEN {FIRST_YEAR} AND {LAST_YEAR}"
    create_sessions(
        connection,
        with_readings(rows.cells, form),
        moment=form.moment or "NULL",
        timed=form.timed,
        odd=f"{rows.are_odd} OR {out} OR {ODD_FLAGS}",  # without an id, too
        existing=existing_sql(form) if join else "false",
    )
    counted = Group(group, request, form, order=form.order, join=join)
    counted.add(connection.execute(COUNTED).fetchall())
    for path, read, sessions, ids, reused in connection.execute(IDS).fetchall():
        part = counted.parts[path]
        count = SessionCount(rows=read, sessions=sessions, ids=ids, reused=reused)
        part.table.sessions.counts[part.tally.file] = count
    for path, read, odd in connection.execute(NAMELESS).fetchall():
        if odd:
            raise Irregular
        part = counted.parts[path]
        count = part.table.sessions.counts.setdefault(part.tally.file, SessionCount())
        count.rows, count.without = count.rows + read, read
        part.tally.read += read
        part.tally.rejected += read
    if request.has_neighbours:
        edges = connection.execute(EDGES.format(timed=form.timed)).fetchall()
        next(iter(counted.parts.values())).table.sessions.edges.extend(counted.edges(edges))
    return counted
