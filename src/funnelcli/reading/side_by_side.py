"""Tables that stand side by side in one file: which columns are those of the table that is read."""

from __future__ import annotations

import os
from collections.abc import Sequence
from itertools import islice

from msgspec.structs import replace

from funnelcli.inputs import INPUTS
from funnelcli.problems import problem
from funnelcli.reading.dialect import Container, FileFault
from funnelcli.reading.header_blocks import column_letters, header_blocks
from funnelcli.reading.headers import has_required, header_key, match_headers
from funnelcli.reading.opening import Opened
from funnelcli.reading.rollups import MOST_BYTES, MOST_ROWS
from funnelcli.reading.rows import raw_records
from funnelcli.values.cells import clean_id

MOSTLY = 0.5  # of the rows, those that are of another person in a table that may be one of its own


def with_table_beside(opened: Opened) -> Opened:
    """A file of text without the columns of another table beside the one that is read, with a warning of them."""
    header = opened.columns.header
    blocks = header_blocks(header)
    if opened.content.container is not Container.TEXT or len(blocks) < 2:
        return opened
    own = own_block(opened, blocks)
    if own is None or os.path.getsize(opened.file.path) > MOST_BYTES:
        return opened
    try:
        rows = [record for _, record in islice(raw_records(opened, lambda _: None), MOST_ROWS)]
    except FileFault:
        return opened  # which reading the file says
    if _are_between(rows, own, len(header)):
        return opened
    if read_beyond(opened, own):
        return without_others(opened, own) if _has_rows_of_others(rows, own) else with_doubt(opened, own)
    if not _are_apart(rows, own, len(header)) and not _is_of_others(opened, rows, own, blocks):
        return opened
    return without_others(opened, own)


def own_block(opened: Opened, blocks: Sequence[range]) -> range | None:
    """The columns between empty headers that hold all that is read, or else all that is needed; None without others."""
    if len(blocks) < 2:
        return None
    declared, index = opened.input, opened.columns.index
    groups = {name for group in declared.requires for name in group}
    needed = {index[c.name] for c in declared.columns if (c.required or c.name in groups) and c.name in index}
    return next((block for read in (_read(opened), needed) for block in blocks if read and read <= set(block)), None)


def _read(opened: Opened) -> set[int]:
    """The places of the columns that are read, or by which rows are chosen."""
    chosen = set(map(header_key, (*opened.settings.keep, *opened.settings.drop)))
    named = (place for place, cell in enumerate(opened.columns.header) if header_key(cell) in chosen)
    return {*opened.columns.index.values(), *named}


def read_beyond(opened: Opened, own: range) -> list[str]:
    """The headers of the columns that are read, but for attributes, and stand beyond an empty one."""
    attributes = {opened.columns.index[column.name] for column in opened.columns.open}
    return [opened.columns.header[place] for place in sorted(_read(opened) - attributes - set(own))]


def with_doubt(opened: Opened, own: range) -> Opened:
    """The file with a warning of what is read beyond an empty column, in the rows of its table."""
    declared = {column.name for column in opened.input.columns}
    beyond = [name for name, place in opened.columns.index.items() if place not in own and name in declared]
    warning = problem(
        "read-beyond-gap", file=opened.name, headers=", ".join(map(repr, read_beyond(opened, own))),
        stage=opened.input.name, settings=", ".join(f"{name} = false" for name in beyond) or "…",
    )  # fmt: skip
    return replace(opened, warnings=(*opened.warnings, warning))


def without_others(opened: Opened, own: range) -> Opened:
    """The file with the columns of its own table only, and a warning that names the others."""
    header = opened.columns.header
    others = [place for place, cell in enumerate(header) if cell and place not in own]
    warning = problem(
        "table-beside", file=opened.name, headers=", ".join(repr(header[place]) for place in others),
        letters=column_letters(others[0] + 1),
    )  # fmt: skip
    kept = tuple(cell if place in own else "" for place, cell in enumerate(header))
    index = {name: place for name, place in opened.columns.index.items() if place in own}
    further = tuple(column for column in opened.columns.open if column.name in index)
    columns = replace(opened.columns, header=kept, index=index, open=further)
    return replace(opened, block=own, columns=columns, warnings=(*opened.warnings, warning))


def _says(cells: Sequence[str]) -> bool:
    return any(cell.strip() for cell in cells)


def _has_rows_of_others(rows: Sequence[Sequence[str]], own: range) -> bool:
    """Whether another table has rows where this one has none."""
    return any(_says([*row[: own.start], *row[own.stop :]]) and not _says(row[own.start : own.stop]) for row in rows)


def _are_between(rows: Sequence[Sequence[str]], own: range, width: int) -> bool:
    """Whether something stands in the columns without a header that lie beside a table."""
    places = [place for place in (own.start - 1, own.stop) if 0 <= place < width]
    return any(_says(row[place : place + 1]) for row in rows for place in places)


def _are_apart(rows: Sequence[Sequence[str]], own: range, width: int) -> bool:
    """Whether other columns have rows where a table has none, or end before it."""
    between = [place for place in (own.start - 1, own.stop) if 0 <= place < width]
    here = [_says(row[own.start : own.stop]) for row in rows]
    there = [_says([*row[: own.start], *row[own.stop :]]) for row in rows]
    if any(other and not mine for mine, other in zip(here, there, strict=True)):
        return True
    number = sum(there)
    return 0 < number < sum(here) and all(there[:number]) and width - len(own) > len(between) + 1


def _is_of_others(opened: Opened, rows: Sequence[Sequence[str]], own: range, blocks: Sequence[range]) -> bool:
    """Whether other columns are a table that could be read by itself, whose rows are of other people.

    What keeps every column as an attribute can read any table: that says nothing.
    """
    person = opened.columns.index.get(opened.input.person or "")
    for block in blocks:
        header = [cell if place in block else "" for place, cell in enumerate(opened.columns.header)]
        for wanted in (each for each in INPUTS.values() if block != own and not each.attributes):
            index = match_headers(header, wanted, {})
            if not has_required(index, wanted):
                continue
            whose = index.get(wanted.person or "")
            if person is None or whose is None:
                return True
            both = [(clean_id(row[person]), clean_id(row[whose])) for row in rows if max(person, whose) < len(row)]
            if sum(bool(theirs) and mine != theirs for mine, theirs in both) > MOSTLY * len(both):
                return True
    return False
