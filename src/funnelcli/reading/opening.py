"""A file opened: looked into, its header found and matched to our columns."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.config import InputSettings
from funnelcli.inputs.spec import CellKind, Column, Input, KnownExport
from funnelcli.problems import Problem, problem
from funnelcli.reading.dialect import (
    HEADER_WITHIN,
    Container,
    Content,
    Dialect,
    FileFault,
    consistency,
    decode_sample,
    delimiters_in,
    look,
    records,
    separator_line,
    stamp_of,
)
from funnelcli.reading.discover import SourceFile
from funnelcli.reading.epoch import counts_since_1904
from funnelcli.reading.header_blocks import column_letters, table_again
from funnelcli.reading.headers import (
    ColumnMap,
    closest,
    further_dates,
    has_required,
    header_key,
    header_problems,
    known_export,
    match_headers,
    open_columns,
)
from funnelcli.reading.known import with_known
from funnelcli.reading.units import NO_UNITS, Units, units_of
from funnelcli.reading.workbook import (
    SHEET_SAMPLE,
    WORKBOOK_SUFFIXES,
    Record,
    load_workbook,
    numbered,
    sheet_rows,
    wanted_sheets,
)
from funnelcli.values.dates import reads_as_day


class Turned(Struct, frozen=True, kw_only=True):
    """How a table with a column for each month or day is turned round, so that a column says when each row is.

    ``wide`` is the file as it is written, ``times`` are the places of its months or days with what they say, ``labels``
    those of the columns that stand beside them.  Where ``names`` are given, the first label holds the names of figures,
    which become the columns; else each number is a row.
    """

    wide: Opened
    times: Mapping[int, str]
    labels: tuple[int, ...]
    names: tuple[str, ...] = ()

    def reads(self, place: int) -> bool:
        """Whether a column of the file as it is written is read."""
        return place in self.times or place in self.labels


class Opened(Struct, frozen=True, kw_only=True):
    """A file whose header has been found.

    ``since_1904`` says that a workbook numbers its days from 1904 on, as those from old Macs do.  ``rollups`` are the
    cells, by place, that mark rows which are the sums of the others.  ``is_list`` says that its rows give no start, but
    of which month or day they are, ``is_log`` that they are events, each of which lasts to the next one.
    ``block`` are the columns of its table, where a sheet has others beside it; ``errors`` are the cells of a sheet that
    hold an error, by line and column, with what they say.  A file that is read ``turned`` round has other columns than
    it is written with.  ``shown_in`` are the currencies of the number formats of our columns of amounts, ``merged`` the
    cells over several rows, by the first and the last from 0, of which the reader says nothing.  ``units`` are what
    lines beside the header say of its columns; one below it belongs to it, and ``header_line`` is then that line.
    """

    file: SourceFile
    content: Content
    dialect: Dialect | None
    columns: ColumnMap
    header_line: int
    settings: InputSettings
    input: Input
    sheet: str | None = None
    since_1904: bool = False
    warnings: tuple[Problem, ...] = ()
    rollups: frozenset[tuple[int, str]] = frozenset()
    is_list: bool = False
    is_log: bool = False
    block: range | None = None
    errors: tuple[tuple[int, int, str], ...] = ()
    turned: Turned | None = None
    shown_in: Mapping[str, frozenset[str]] = {}
    merged: tuple[tuple[tuple[int, int], tuple[int, int]], ...] = ()
    units: Units = NO_UNITS

    @property
    def name(self) -> str:
        """The file as it is named to the reader."""
        return self.file.name

    def has(self, column: str) -> bool:
        """Whether the file has our ``column``."""
        return column in self.columns.index

    def headers_of(self, column: str) -> tuple[str, ...]:
        """What says of a column what it is: its header, and the lines beside that."""
        place = self.columns.index.get(column)
        return () if place is None else (self.columns.header[place], *self.units.of(place))

    @property
    def changed(self) -> bool:
        """Whether the file is no longer as it was when it was opened."""
        try:
            return self.content.stamp is not None and self.content.stamp != stamp_of(self.file.path)
        except OSError:
            return True

    @property
    def export(self) -> KnownExport | None:
        """The export of a system that the file is, where it is one that is known by name."""
        return known_export(self.columns.header, self.input)

    @property
    def known_columns(self) -> tuple[Column, ...]:
        """The columns of ours that the file has, open ones too."""
        return tuple(column for column in (*self.input.columns, *self.columns.open) if self.has(column.name))

    @property
    def amounts(self) -> frozenset[int]:
        """The places of its columns of amounts and other numbers."""
        kinds = (CellKind.AMOUNT, CellKind.COUNT, CellKind.NUMBER)
        return frozenset(self.columns.index[column.name] for column in self.known_columns if column.kind in kinds)

    @property
    def is_filtered(self) -> bool:
        """Whether the config leaves some of its rows out."""
        return bool(self.settings.keep or self.settings.drop)


def some_alike(opened: Sequence[Opened], most: int = 50) -> list[Opened]:
    """So many of some files, if there are more of them with the same columns: these tell of the others.

    They are as far apart as they can be, as months of different years are.
    """
    alike: dict[tuple[str, ...], list[Opened]] = {}
    for source in opened:
        alike.setdefault(source.columns.header, []).append(source)
    return [
        files[place * len(files) // most] if len(files) > most else files[place]
        for files in alike.values()
        for place in range(min(most, len(files)))
    ]


def open_file(file: SourceFile, wanted: Input, settings: InputSettings) -> list[Opened]:
    """Look into a file and match its header to the columns ``wanted``; a workbook may hold several tables.

    Raises FileFault with all the faults of the header, or the fault of the file.
    """
    content = look(file.path, file.name)
    match content.container:
        case Container.TEXT:
            return [_open_text(file, wanted, settings, content)]
        case Container.WORKBOOK:
            return _open_workbook(file, wanted, settings, content)
        case Container.PARQUET:
            return [_open_parquet(file, wanted, settings, content)]


# --- the header --------------------------------------------------------------------------------------------------


class _Candidate(Struct, frozen=True):
    """One record taken for the header: how well it does."""

    line: int | None
    header: tuple[str, ...]
    index: Mapping[str, int]
    score: tuple[bool, int, float, int]
    record: tuple[str, ...] = ()
    units: Units = NO_UNITS


def _best_header(
    records: Sequence[Record], wanted: Input, overrides: Mapping[str, str | Literal[False]]
) -> _Candidate | None:
    """The record that is most like a header of this input: all required columns, then most columns known."""
    widths = [len(record) for _, record in records]
    alike = consistency(widths)
    best: _Candidate | None = None
    for place, (line, record) in enumerate(records[:HEADER_WITHIN]):
        header = tuple(clean_header(cell) for cell in record)
        index = match_headers(header, wanted, overrides)
        score = (has_required(index, wanted), len(index), alike, -place)
        if best is None or score > best.score:
            best = _Candidate(line, header, index, score, tuple(record))
    if best is not None and not best.index:
        # Nothing known anywhere: the first record of the usual width is the likeliest header to talk about.
        usual = max(set(widths), key=lambda w: (widths.count(w), w))
        line, record = next((ln, r) for ln, r in records if len(r) == usual)
        best = _Candidate(line, tuple(map(clean_header, record)), {}, best.score)
    if best is None or not best.score[0]:
        return best
    return replace(best, units=units_of(records, -best.score[-1], best.header, best.index, wanted))


def header_swallows_rows(record: Sequence[str], delimiter: str) -> bool:
    """Whether a stray quotation mark in the header has made a cell of it and of rows below it.

    >>> header_swallows_rows(["user_id", "note\\nu1,2026-01-05,x"], ","), header_swallows_rows(["Amount\\n(a, b)"], ",")
    (True, False)
    """
    below = [line.split(delimiter) for cell in record for line in cell.splitlines()[1:]]
    return any(reads_as_day(piece.strip(' "')) for pieces in below if len(pieces) > 1 for piece in pieces)


def clean_header(cell: str) -> str:
    """A header without white space, invisible marks and stray quotes."""
    return " ".join(cell.strip("\ufeff\u200b \t\r\n'\"").split())


def _checked(
    best: _Candidate | None, file: SourceFile, wanted: Input, settings: InputSettings
) -> tuple[ColumnMap, int]:
    if best is None:
        raise FileFault(problem("empty-file", file=file.name))
    names_rows = settings.each_row is not None or "session_id" in best.index
    judged = replace(wanted, sum_headers=()) if names_rows else wanted
    faults = header_problems(best.header, judged, settings.columns, best.index, file=file.name, line=best.line)
    for filtered in (*settings.keep, *settings.drop):
        if header_key(filtered) not in map(header_key, best.header):
            faults.append(
                problem(
                    "filter-column-missing",
                    file=file.name,
                    line=best.line,
                    column=filtered,
                    header=filtered,
                    seen=", ".join(map(repr, best.header)),
                    closest=closest(best.header, [filtered]),
                    stage=wanted.name,
                )
            )  # fmt: skip
    further, lacking = further_dates(best.header, wanted, best.index, settings.earliest)
    faults += [
        problem("mapped-column-missing", file=file.name, line=best.line, column=column, header=header,
                seen=", ".join(map(repr, best.header)), closest=closest(best.header, [header]),
                stage=wanted.name)
        for column, header in lacking
    ]  # fmt: skip
    again = table_again(best.header)
    if again is not None and any(fault.code == "repeated-header" for fault in faults):
        faults = [fault for fault in faults if fault.code != "repeated-header"]
        faults.append(
            problem("tables-side-by-side", file=file.name, line=best.line, letters=column_letters(again + 1),
                    header=best.header[again])
        )  # fmt: skip
    if faults:
        raise FileFault(*faults)
    best = replace(best, index={**best.index, **{column.name: place for place, column in further}})
    more = open_columns(best.header, wanted, best.index, settings.unmapped)
    index = {**best.index, **{name: place for name, (place, _) in more.items()}}
    opened = (*(column for _, column in further), *(column for _, column in more.values()))
    export = known_export(best.header, wanted)
    return ColumnMap(best.header, index, opened, export is not None and export.is_in_utc), best.line or 0


def _with_known(settings: InputSettings, columns: ColumnMap, wanted: Input) -> InputSettings:
    """The settings of a file: those of its input, and what is known of the export that it is."""
    export = known_export(columns.header, wanted)
    return settings if export is None else with_known(settings, export, columns.header)


def _open_text(file: SourceFile, wanted: Input, settings: InputSettings, content: Content) -> Opened:
    text, encoding = decode_sample(content, encoding=settings.encoding, name=file.name, stage=wanted.name)
    named = settings.delimiter or separator_line(text)
    best: tuple[_Candidate, str] | None = None
    for delimiter in (named,) if named else delimiters_in(text):
        candidate = _best_header(records(text, delimiter), wanted, settings.columns)
        if candidate and (best is None or candidate.score > best[0].score):
            best = (candidate, delimiter)
    if best and header_swallows_rows(best[0].record, best[1]):
        raise FileFault(problem("unclosed-quote", file=file.name, line=best[0].line))
    columns, line = _checked(best[0] if best else None, file, wanted, settings)
    settings = _with_known(settings, columns, wanted)
    assert best is not None
    units = best[0].units
    return Opened(
        file=file,
        content=content,
        dialect=Dialect(encoding=encoding, delimiter=best[1]),
        columns=columns,
        header_line=units.line or line,
        settings=settings,
        input=wanted,
        warnings=units.said(file.name),
        units=units,
    )


def _open_workbook(file: SourceFile, wanted: Input, settings: InputSettings, content: Content) -> list[Opened]:
    """The sheets that fit: the one there is, or those that the config names; hidden sheets only where it does."""
    workbook = load_workbook(file, content)
    sheets = wanted_sheets(workbook, file, settings)
    candidates: list[tuple[_Candidate, str]] = []
    for sheet in sheets:
        rows = numbered(sheet_rows(file, workbook, sheet)[:SHEET_SAMPLE])
        filled = [(n, row) for n, row in rows if any(cell.strip() for cell in row)]
        candidate = _best_header(filled, wanted, settings.columns) if filled else None
        if candidate:
            candidates.append((candidate, sheet))
    fitting = [(candidate, sheet) for candidate, sheet in candidates if candidate.score[0]]
    if len(fitting) > 1 and settings.sheet is None:
        names = ", ".join(repr(sheet) for _, sheet in fitting)
        raise FileFault(problem("several-sheets", file=file.name, sheets=names, stage=wanted.name))
    if not fitting:
        best = max(candidates, key=lambda pair: pair[0].score[:2], default=None)
        _checked(best[0] if best else None, file, wanted, settings)
        fitting = [best] if best else []
    suffix = file.path.suffix.casefold()
    usual = suffix in WORKBOOK_SUFFIXES or content.gzipped or not suffix
    odd = () if usual else (problem("excel-named-otherwise", file=file.name),)
    since_1904 = counts_since_1904(file.path, gzipped=content.gzipped)
    opened = []
    for candidate, sheet in fitting:
        named = replace(file, name=f"{file.name}#{sheet}") if len(fitting) > 1 else file
        columns, line = _checked(candidate, named, wanted, settings)
        opened.append(
            Opened(
                file=named,
                content=content,
                dialect=None,
                columns=columns,
                header_line=candidate.units.line or line,
                settings=_with_known(settings, columns, wanted),
                input=wanted,
                sheet=sheet,
                since_1904=since_1904,
                warnings=(*odd, *candidate.units.said(named.name)),
                units=candidate.units,
            )
        )
        odd = ()
    return opened


def _open_parquet(file: SourceFile, wanted: Input, settings: InputSettings, content: Content) -> Opened:
    from funnelcli.reading.parquet import parquet_header

    header = tuple(parquet_header(file, gzipped=content.gzipped))
    index = match_headers(header, wanted, settings.columns)
    columns, _ = _checked(_Candidate(None, header, index, (True, 0, 1.0, 0)), file, wanted, settings)
    settings = _with_known(settings, columns, wanted)
    return Opened(
        file=file, content=content, dialect=None, columns=columns, header_line=0, settings=settings, input=wanted
    )
