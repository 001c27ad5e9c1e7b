"""The groups into which DuckDB sums the visits of some files, read by the Python readers and added up by file.

What SQL cannot read, or a cell that means something else than it seems to, makes a row odd: its cells are kept for the
row reader, which alone knows what they mean.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import date
from typing import Any, TypeAlias

from msgspec import Struct, field

from funnelcli.reading.engines.forms import Form
from funnelcli.reading.engines.model import VisitRequest, VisitTable, can_tell_existing, date_reader, source_text
from funnelcli.reading.engines.session_sql import SEPARATOR
from funnelcli.reading.engines.sessions import Rank, Repeats, Span, tells_sessions
from funnelcli.reading.opening import Opened
from funnelcli.reading.rows import Tally
from funnelcli.reading.totals import is_sum, is_total_word
from funnelcli.values.cells import clean, clean_id, clean_value, read_flag
from funnelcli.values.channels import Channel
from funnelcli.values.dates import FIRST_YEAR, LAST_YEAR, DateOrder, DateReader, day_of
from funnelcli.values.swapped import SwapEvidence

GroupKey: TypeAlias = tuple[str, date | str | None, str | None, str | None, str | None, str | None]
MOST_ODD_GROUPS = 2_000
MOST_ODD_ROWS = 200_000  # held at once; of more, all rows are read one by one
_WRITTEN: dict[DateOrder, str] = {"dmy": "%d/%m/%Y", "mdy": "%m/%d/%Y"}


class Irregular(Exception):
    """A file is not regular enough for this engine; the other one will read it."""


class Odd(Exception):
    """A group's cells are not what they seem to be to SQL."""


class FilePart(Struct, kw_only=True):
    """What one file adds: its sums, its distinct dates as they are written, and the cells of its odd rows.

    It ``stands_alone`` where its own dates prove the order of day and month that they need.
    """

    opened: Opened
    tally: Tally
    table: VisitTable
    texts: set[str] = field(default_factory=set)
    days: set[date] = field(default_factory=set)
    repeats: Repeats = field(default_factory=Repeats)
    odd: list[list[str | None]] = field(default_factory=list)
    stands_alone: bool = False


class Group:
    """Files alike, of which one query has summed the visits: by source, or ``by_channel``."""

    def __init__(
        self,
        group: Sequence[Opened],
        request: VisitRequest,
        form: Form,
        *,
        order: DateOrder | None,
        join: bool,
        by_channel: bool = False,
    ) -> None:
        first = group[0]
        self.request, self.form, self.order, self.join, self.by_channel = request, form, order, join, by_channel
        self._first = first
        self._number_of_odd = 0
        self.has_unlisted = False
        names = {str(f.file.path.resolve()): f for f in group} if len(group) > 1 else {"": first}
        self.parts = {
            path: FilePart(
                opened=opened,
                tally=Tally(input=opened.input.name, file=opened.name),
                table=VisitTable(converted=form.zoned, order=order),
            )
            for path, opened in names.items()
        }
        self._reader = date_reader(first, request, order or request.order)
        self._days: dict[date | str | None, date] = {}
        self._sources: dict[tuple[str | None, str | None], tuple[str, Channel]] = {}

    def add(self, rows: Iterable[Any]) -> list[GroupKey]:
        """Add what the query counted; gives the groups whose rows the row reader must look at."""
        first, request = self._first, self.request
        tells_existing = can_tell_existing(first, request)
        by_session = request.counts_sessions(first)
        names_sessions = tells_sessions(first)
        left: list[GroupKey] = []
        for path, key, source, medium, flag_text, own, rows_read, visits, existing, odd, some in rows:
            part = self.parts[path]
            if odd is not None and names_sessions:
                raise Irregular
            if odd is not None:
                self.has_unlisted = self.has_unlisted or not odd
                self._keep(part, odd)
            if isinstance(key, str):
                part.texts.add(key)
            if not rows_read:
                continue
            try:
                day, named, channel, flag = self._read(key, source, medium, flag_text)
            except Odd:
                if names_sessions or len(left) >= MOST_ODD_GROUPS:
                    raise Irregular from None
                left.append((path, key, source, medium, flag_text, own))
                continue
            part.days.add(day)
            own = named if request.by == "source" else clean(own or "")
            part.table.add(
                day, channel, visits, visits if flag else existing, 0 if tells_existing else visits, part=own
            )
            if not self.by_channel:
                part.table.add_source(named, visits)
            if first.has("visits"):
                part.table.add_summed(part.tally.file, day, named, visits)
            part.tally.read += rows_read
            part.tally.counted += visits if by_session else rows_read
            part.tally.duplicate += rows_read - visits if by_session else 0
            for text in some or ():
                session, _, visitor = text.partition(SEPARATOR)
                part.repeats.add(clean_id(session), clean_id(visitor))
        for part in self.parts.values():
            part.table.converted = part.table.converted or bool(self._reader.converted)
        return left

    @property
    def has_medium(self) -> bool:
        """Whether the files have the medium of a source apart."""
        return self._first.has("medium")

    def channel_of(self, source: str | None, medium: str | None) -> str:
        """The channel of a source; Odd where a cell of it is none."""
        return self._source(source, medium)[1].value

    def add_sources(self, rows: Iterable[tuple[str, str, str, int]]) -> None:
        """Note the visits of the sources of files."""
        for path, source, medium, visits in rows:
            if visits:
                self.parts[path].table.add_source(self._source(source, medium)[0], visits)

    def sources_of_odd_rows(self) -> Iterator[tuple[str, str, str]]:
        """The file, source and medium of each odd row."""
        places = [self._first.columns.index.get(name) for name in ("source", "medium")]
        for path, part in self.parts.items():
            for row in part.odd:
                source, medium = ("" if place is None else row[place] or "" for place in places)
                yield path, source, medium

    def add_odd(self, rows: Iterable[tuple[str, Mapping[str, str | None]]]) -> None:
        """Keep the cells of further rows for the row reader."""
        for path, cells in rows:
            self._keep(self.parts[path], [cells])

    def _keep(self, part: FilePart, rows: Sequence[Mapping[str, str | None]]) -> None:
        self._number_of_odd += len(rows)
        if self._number_of_odd > MOST_ODD_ROWS:
            raise Irregular
        part.odd.extend([*row.values()] for row in rows)

    def _read(
        self, key: date | str | None, source: str | None, medium: str | None, flag_text: str | None
    ) -> tuple[date, str, Channel, bool]:
        """The day, source, channel and flag of a group; Odd where a cell of it is none of these."""
        day = self._day_of(key)
        if self.by_channel:
            return day, "", Channel(source or ""), _flag(flag_text)
        if (known := self._sources.get((source, medium))) is None:
            known = self._sources[source, medium] = self._source(source, medium)
        return day, *known, _flag(flag_text)

    def _day_of(self, key: date | str | None) -> date:
        if (day := self._days.get(key)) is None:
            day = self._days[key] = _day(key, self._reader, self.form, join=self.join)
        return day

    def _source(self, source: str | None, medium: str | None) -> tuple[str, Channel]:
        """The source and its channel; Odd where a cell is a total, or begins with a quotation mark."""
        if source and (source.lstrip().startswith('"') or (self._first.has("visits") and is_total_word(source))):
            raise Odd
        # A missing medium column reads as NULL, just like an empty cell of one.
        named = source_text(source or "", (medium or "") if self._first.has("medium") else None)
        return named, self.request.channels.of(named)

    def edges(self, rows: Iterable[Any]) -> Iterator[Span]:
        """The sessions that may go on in other files."""
        join, by_unknown = self.join, 0 if can_tell_existing(self._first, self.request) else 1
        for path, z, w, at, last, timed, rows_of_it, s, m, f, p, u, u_at, existing, is_timed in rows:
            named, channel = self._sources.get((s, m)) or self._source(s, m)
            flag = read_flag(clean_value(f)) if clean_value(f) else False
            yield Span(
                file=self.parts[path].tally.file, key=(z, w), rank=Rank(at, not s, s, m, f, p), first_timed=is_timed,
                last=last, timed=timed, rows=rows_of_it, line=0, source=named, channel=channel,
                part=named if self.request.by == "source" else clean(p), user=(u_at, u) if join and u else None,
                existing=int(bool(flag) or existing), by_unknown=by_unknown,
            )  # fmt: skip

    def written_dates(self, part: FilePart) -> Iterable[str]:
        """The distinct dates of a file as its cells have them, as far as they may be those of a spreadsheet."""
        if self.form.by_text:
            return part.texts
        if self.form.zoned:
            return ()
        return [f"{day:{_WRITTEN.get(self.order or 'ymd', '%Y-%m-%d')}}" for day in part.days]


def are_half_converted(texts: Iterable[str]) -> bool:
    """Whether the dates of a file are half converted by a spreadsheet, which the row reader then says."""
    evidence = SwapEvidence()
    for text in texts:
        evidence.observe(clean(text), None)
        if evidence.is_honest:
            return False
    return evidence.is_half_converted


def _flag(text: str | None) -> bool:
    """What a cell of a flag says; Odd where it is none."""
    flag = read_flag(clean_value(text)) if text and clean_value(text) else False
    if flag is None:
        raise Odd
    return flag


def _day(key: date | str | None, reader: DateReader, form: Form, *, join: bool) -> date:
    """The day that a group stands for; Odd where it is none, or where SQL compared its raw text wrongly."""
    if isinstance(key, str):
        if is_sum(key) or (join and not re.fullmatch(form.written, key)):
            raise Odd
        moment = reader.read(clean(key))
        key = None if moment is None else day_of(moment.micros)
    if key is None or not FIRST_YEAR <= key.year <= LAST_YEAR:
        raise Odd
    return key
