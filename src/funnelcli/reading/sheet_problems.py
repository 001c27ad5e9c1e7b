"""What is said of a workbook's sheet beside its values: rows that are hidden and count, cells merged, formulas bare."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from msgspec.structs import replace

from funnelcli.inputs.spec import CellKind
from funnelcli.problems import Problem, problem
from funnelcli.reading.dialect import Container, FileFault, open_bytes
from funnelcli.reading.header_blocks import column_letters, header_blocks
from funnelcli.reading.number_formats import PERCENT
from funnelcli.reading.opening import Opened
from funnelcli.reading.sheet_marks import Range, SheetMarks, marks_of
from funnelcli.reading.side_by_side import own_block, read_beyond, with_doubt, without_others
from funnelcli.reading.workbook import cell_text, load_workbook, sheet_with_merged
from funnelcli.text import Message, joined

_HIDDEN = Message("hidden")
_BY_FILTER = Message("hidden by a filter")
_STRUCK = Message("struck out")
_EACH = Message("each of these rows has their value")
_ONCE = Message("a number counts in the first of these rows only")


def with_marks(opened: Opened) -> Opened:
    """The file with what its sheet says beside its values as warnings.

    Raises FileFault where columns that are read hold formulas without values, and OSError's fault where it is gone.
    """
    if opened.content.container is not Container.WORKBOOK:
        return opened
    try:
        with open_bytes(opened.file.path, opened.name, gzipped=opened.content.gzipped, of_text=False) as stream:
            marks = marks_of(stream.read(), opened.sheet or "")
    except OSError:
        return opened  # which reading the file says
    faults = list(_bare_formulas(opened, marks))
    if faults:
        raise FileFault(*faults)
    below = tuple(cells for cells in marks.merged if cells[1][0] > cells[0][0] >= opened.header_line)
    opened = replace(opened, errors=marks.errors, merged=below) if marks.errors or below else opened
    opened = _with_currencies(_with_percentages(opened, marks), marks) if marks.shown else opened
    blocks = header_blocks(opened.columns.header)
    if not (marks.hidden or marks.struck or marks.hidden_columns or marks.may_be_merged or len(blocks) > 1):
        return opened
    workbook = load_workbook(opened.file, opened.content)
    rows, merged = sheet_with_merged(opened.file, workbook, opened.sheet or "", opened.header_line)
    of_line = {number: row for number, row in enumerate(rows, 1) if number > opened.header_line}
    filled = {number for number, row in of_line.items() if _says(row)}
    all_merged = _merged(opened, [*merged, *below])
    warnings = [*_set_aside(opened, marks, filled), *_hidden_columns(opened, marks), *all_merged]
    opened = replace(opened, warnings=(*opened.warnings, *warnings))
    return _without_table_beside(opened, blocks, list(of_line.values()))


def _with_percentages(opened: Opened, marks: SheetMarks) -> Opened:
    """The file with a warning for each column of amounts, or of counts, of which numbers are shown as percentages."""
    said = []
    for column in opened.known_columns:
        place = opened.columns.index[column.name]
        if column.kind in (CellKind.AMOUNT, CellKind.COUNT) and PERCENT in marks.shown.get(place + 1, frozenset()):
            header = opened.columns.header_of(column.name) or column.name
            said.append(
                problem(
                    "shown-as-percentages", file=opened.name, column=column.name, header=header,
                    stage=opened.input.name, ours=column.name,
                )
            )  # fmt: skip
    return replace(opened, warnings=(*opened.warnings, *said)) if said else opened


def _with_currencies(opened: Opened, marks: SheetMarks) -> Opened:
    """The file with the currency in which the amounts of a column are shown, and a warning where they are several."""
    stays = opened.input.stays
    shown: dict[str, frozenset[str]] = {}
    for name in stays.amounts if stays is not None else ():
        place = opened.columns.index.get(name)
        named = marks.shown.get(place + 1, frozenset()) - {PERCENT} if place is not None else frozenset()
        if len(named) == 1:
            shown[name] = next(iter(named))
        elif len(named - {frozenset()}) > 1 and stays is not None and not opened.has(stays.currency):
            several = sorted({min(each) for each in named if each})
            said = problem(
                "shown-in-currencies", file=opened.name, column=name, header=opened.columns.header_of(name) or name,
                currencies=", ".join(several), stage=opened.input.name, currency=stays.currency,
            )  # fmt: skip
            opened = replace(opened, warnings=(*opened.warnings, said))
    return replace(opened, shown_in={name: each for name, each in shown.items() if each})


def _says(cells: Sequence[Any]) -> bool:
    return any(cell_text(cell).strip() for cell in cells)


def _without_table_beside(opened: Opened, blocks: Sequence[range], rows: Sequence[Sequence[Any]]) -> Opened:
    """The file without another table beside its own: the columns between are empty, and it has other rows.

    Of what is read beyond an empty column in the same rows, there is a warning.
    """
    own = own_block(opened, blocks)
    if own is None:
        return opened
    between = [place for place in (own.start - 1, own.stop) if 0 <= place < len(opened.columns.header)]
    if any(place < len(row) and _says(row[place : place + 1]) for row in rows for place in between):
        return opened
    pairs = [(_says(row[own.start : own.stop]), _says([*row[: own.start], *row[own.stop :]])) for row in rows]
    if read_beyond(opened, own):
        has_rows = any(theirs and not mine for mine, theirs in pairs)
        return without_others(opened, own) if has_rows else with_doubt(opened, own)
    return without_others(opened, own) if any(mine != theirs for mine, theirs in pairs) else opened


def _merged(opened: Opened, merged: Sequence[Range]) -> Iterator[Problem]:
    header = opened.columns.header
    places = sorted({first[1] for first, _ in merged if first[1] < len(header) and header[first[1]]})
    if not places:
        return
    amounts = opened.amounts.intersection(places)
    said = [text for text, is_so in ((_EACH, len(amounts) < len(places)), (_ONCE, bool(amounts))) if is_so]
    headers, number = ", ".join(repr(header[place]) for place in places), sum(first[1] in places for first, _ in merged)
    yield problem("merged-cells", file=opened.name, count=number, counts=joined("; ", said), headers=headers)


def _bare_formulas(opened: Opened, marks: SheetMarks) -> Iterator[Problem]:
    names = {place: name for name, place in opened.columns.index.items()}
    for place, name in sorted(names.items()):
        cells = [at for at in marks.not_reckoned if at[1] == place + 1 and at[0] > opened.header_line]
        if cells:
            line, column = cells[0]
            yield problem(
                "formula-without-value", file=opened.name, line=line, column=name, count=len(cells),
                header=opened.columns.header[place], cell=f"{column_letters(column)}{line}",
            )  # fmt: skip


def _set_aside(opened: Opened, marks: SheetMarks, filled: set[int]) -> Iterator[Problem]:
    for rows, how in ((marks.hidden, _BY_FILTER if marks.filtered else _HIDDEN), (marks.struck, _STRUCK)):
        count = rows & filled
        if count:
            yield problem(
                "hidden-rows", file=opened.name, line=min(count), count=len(count), how=how, stage=opened.input.name
            )


def _hidden_columns(opened: Opened, marks: SheetMarks) -> Iterator[Problem]:
    places = [place for place in sorted(set(opened.columns.index.values())) if place + 1 in marks.hidden_columns]
    if places:
        headers = ", ".join(repr(opened.columns.header[place]) for place in places)
        yield problem("hidden-columns", file=opened.name, headers=headers, stage=opened.input.name)
