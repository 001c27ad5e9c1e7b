"""Targets read back from what ``funnelcli targets`` or ``track --replan`` wrote, or from a table of one's own."""

import json
import re
from collections.abc import Mapping, Sequence
from typing import Any

from msgspec.structs import replace

from funnelcli.answers.phrases import GIVE_PLAIN, NOT_A_MONTH, SUMS
from funnelcli.answers.targets_cells import KEEP_ONE, TargetCell, decimal_mark, month_of_cell, number_of
from funnelcli.answers.targets_markdown import is_markdown, markdown_tables, openings
from funnelcli.answers.targets_names import Names, named
from funnelcli.answers.targets_tables import HOW_TARGETS_LOOK, Targets, TargetTable, cells_of
from funnelcli.answers.targets_tracked import is_tracked, tracked_cells
from funnelcli.planning.model import RowKey
from funnelcli.planning.tracked import tracked_metric
from funnelcli.problems import UsageError
from funnelcli.reading.small import decoded, is_workbook, rows_of, workbook_rows
from funnelcli.text import OR, Message, Text, as_text, foreign, joined
from funnelcli.text.regex import regex
from funnelcli.values.channels import ChannelMap
from funnelcli.values.currencies import USUAL, currencies_in
from funnelcli.values.figures import Unit
from funnelcli.values.period_words import parse_bound
from funnelcli.values.periods import Grain, Period

FORMAT, TRACK_FORMAT = "funnelcli.targets", "funnelcli.track"
VERSION = 1
_WRITE_AGAIN = Message("Write it again with funnelcli targets -f json.")


def months_of(targets: Targets) -> tuple[Period, ...]:
    """Every month that has a target, in order."""
    keys = sorted({key for row in targets.rows.values() for key in row})
    return tuple(parse_bound(key, Grain.MONTH, last=False, option="targets") for key in keys)


def read_targets(content: str | bytes, name: str, names: Names | None = None) -> Targets:
    """The targets in a text of JSON, CSV, TSV or Markdown, or in the bytes of a workbook.

    UsageError names the place and what is wrong.

    >>> read_targets("metric,2027-01\\nnew_signups,400\\n", "t.csv").rows
    {('required_new_signups', None, None): {'2027-01': Fraction(400, 1)}}
    """
    targets = Targets()
    cells = _cells(content, name, names or Names(ChannelMap({})), targets)
    mark = decimal_mark(cells)
    _one_currency(cells, targets)
    first: dict[tuple[RowKey, str], TargetCell] = {}
    for cell in cells:
        row = (targets.past if cell.is_past else targets.rows).setdefault(cell.key, {})
        before = first.setdefault((cell.key, cell.month), cell)
        if before is not cell:
            raise UsageError(
                Message("{place}: {row} of {month} stands there twice.").filled(
                    place=cell.place, row=named(cell.key), month=cell.month
                ),
                hint=_twice(before, cell),
            )
        row[cell.month] = number_of(cell, mark)
        targets.in_dong = targets.in_dong or (cell if cell.is_in_dong else None)
    if not targets.rows:
        raise UsageError(
            Message("{name}: holds no target.").filled(name=name),
            hint=Message("Write one with funnelcli targets … -o targets.csv."),
        )
    return targets


def _cells(content: str | bytes, name: str, names: Names, targets: Targets) -> list[TargetCell]:
    """The cells of a file, whatever it is written in."""
    if isinstance(content, bytes):
        if is_workbook(content):
            return _from_workbook(content, name, names, targets)
        content = decoded(content, f"--targets {name}")
    if content.lstrip().startswith("{"):
        return _from_json(content, name, names, targets)
    if is_markdown(content):
        return _from_markdown(content, name, names, targets)
    return _from_csv(content, name, names, targets)


def _twice(before: TargetCell, cell: TargetCell) -> Text:
    """What to do with a row that stands there twice: the targets of two sources of a channel are added up by hand."""
    channel = cell.key[1]
    if channel is None or before.source.strip().casefold() == cell.source.strip().casefold():
        return KEEP_ONE
    return Message(
        "{first} and {second} are both of the channel {channel} by [channels]: write one row with their sum."
    ).filled(first=before.source.strip()[:40], second=cell.source.strip()[:40], channel=channel.value)


def _one_currency(cells: Sequence[TargetCell], targets: Targets) -> None:
    """UsageError where an amount names a currency other than that of the file or of the amounts before it."""
    for cell in cells:
        said = currencies_in(cell.text) if isinstance(cell.text, str) else frozenset()
        if said and targets.currency is not None and targets.currency not in said:
            raise UsageError(
                Message("{place}: {text!r} is in {said}, others in {currency}.").filled(
                    place=cell.place, text=str(cell.text)[:40], said=joined(OR, sorted(said)), currency=targets.currency
                ),
                hint=Message("Give all targets in the currency of the exports."),
            )
        if said and cell.unit is Unit.AMOUNT:
            targets.currency = targets.currency or USUAL.get(said, min(said))


# --- JSON --------------------------------------------------------------------------------------------------------


def _from_json(text: str, name: str, names: Names, targets: Targets) -> list[TargetCell]:
    try:
        data: Any = json.loads(text)
    except ValueError as error:
        raise UsageError(
            Message("{name}: is not JSON: {error}.").filled(name=name, error=foreign(error)),
            hint=_WRITE_AGAIN,
        ) from None
    if data.get("format") not in (FORMAT, TRACK_FORMAT):
        raise UsageError(
            Message("{name}: is {format!r}, not {wanted}.").filled(name=name, format=data.get("format"), wanted=FORMAT),
            hint=Message("Name a file of funnelcli targets."),
        )
    if data.get("format_version") != VERSION:
        raise UsageError(
            Message("{name}: format_version {version!r} is not known here.").filled(
                name=name, version=data.get("format_version")
            ),
            hint=Message("Write it again with this funnelcli, or update funnelcli."),
        )
    try:
        targets.currency = data.get("currency")
        if data["format"] == TRACK_FORMAT:
            targets.one_off = bool(data["one_off"])
            if data.get("cumulative") and not (data["replanned"] or data.get("kept")):
                raise UsageError(SUMS.filled(name=name), hint=GIVE_PLAIN)
            return _replanned(data, name, names)
        targets.one_off, targets.timed = data["goal"].get("model") == "one_off", "lag" in data
        targets.goal = data["goal"].get("kind")
        past = {period["key"] for period in data.get("periods", ()) if period.get("past")}
        cells = _json_rows(data["rows"], name, names, "value")
        return [replace(cell, is_past=cell.month in past) for cell in cells]
    except (KeyError, TypeError, AttributeError) as error:
        lacking = as_text(str(error)) if isinstance(error, KeyError) else foreign(error)
        raise UsageError(Message("{name}: lacks {what}.").filled(name=name, what=lacking), hint=_WRITE_AGAIN) from None


_ROW = Message("{name}: row {n}")


def _json_rows(rows: Sequence[Mapping[str, Any]], name: str, names: Names, value: str) -> list[TargetCell]:
    return [
        TargetCell(place=place, key=key, month=month_of_cell(cell["period"], place), text=cell[value], is_share=True)
        for number, row in enumerate(rows, start=1)
        if (
            key := names.row_key(
                row["metric"], row["channel"] or "", row["team"] or "", place := _ROW.filled(name=name, n=number)
            )
        )
        for cell in row["cells"]
        if cell[value] is not None
    ]


def _replanned(data: Mapping[str, Any], name: str, names: Names) -> list[TargetCell]:
    """The targets of a comparison, in the place of which the replanned ones stand where there are some."""
    anew = [
        *_json_rows(data["replanned"], name, names, "value"),
        *_json_rows(data.get("kept", []), name, names, "value"),
    ]
    rows = [row for row in data["rows"] if not (data.get("cumulative") and tracked_metric(row["metric"]).adds_up)]
    first = _json_rows(rows, name, names, "target")
    replaced = {(cell.key, cell.month) for cell in anew}
    return [*anew, *(cell for cell in first if (cell.key, cell.month) not in replaced)]


# --- tables ------------------------------------------------------------------------------------------------------


def _from_csv(text: str, name: str, names: Names, targets: Targets) -> list[TargetCell]:
    table = TargetTable(name=name, rows=rows_of(text), about=(name,))
    cells = cells_of(table, names, targets)
    if cells is None:
        raise _no_table(table)
    return list(cells)


def _from_markdown(text: str, name: str, names: Names, targets: Targets) -> list[TargetCell]:
    tables = list(markdown_tables(text, name, names, targets))
    if is_tracked(text):
        return tracked_cells(text, tables, name, names, targets)
    recognised = [cells for table in tables if (cells := cells_of(table, names, targets)) is not None]
    if not recognised:
        raise _no_table(tables[0] if tables else TargetTable(name=name, rows=()))
    read: list[TargetCell] = []
    for cells in recognised:
        # The whole stands once more beside its channels, in a table of its own.
        before = {(cell.key, cell.month, cell.text) for cell in read}
        read += [cell for cell in cells if (cell.key, cell.month, cell.text) not in before]
    return [*read, *openings(tables, read)]


def _from_workbook(data: bytes, name: str, names: Names, targets: Targets) -> list[TargetCell]:
    """The targets of every sheet that has some; where funnelcli wrote the workbook, those of its sheet of data."""
    tables = [
        TargetTable(name=f"{name} [{sheet}]", rows=rows, about=(name, sheet))
        for sheet, rows in workbook_rows(data, name).items()
    ]
    of_data = [table for table in tables if table.rows and {"metric", "period", "unit"} <= set(table.rows[0].cells)]
    recognised = [cells for table in of_data or tables if (cells := cells_of(table, names, targets)) is not None]
    if not recognised:
        raise _no_table(tables[0] if tables else TargetTable(name=name, rows=()))
    return [cell for cells in recognised for cell in cells]


# What is like a month or a part of a year in a header, and yet names no month: ``Jul 26`` may be a day of July.
_LIKE_A_MONTH = regex(
    r"(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\W*\d{2}|(?:thg|tháng|t)\W*\d.*"
    r"|(?:q|quý|quarter)\s*\W?\s*[1-4iv]+\b.*|20\d\d\W*q[1-4]|\d{1,4}[-/.]\d{1,4}(?:[-/.]\d{1,4})?",
    re.IGNORECASE,
)


def _no_table(table: TargetTable) -> UsageError:
    """What is said where no table of targets is found: a header that should be a month, or what the headers are."""
    rows = [row for row in table.rows if sum(bool(cell.strip()) for cell in row.cells) > 1] or list(table.rows)
    headers = [cell.strip() for cell in rows[0].cells if cell.strip()] if rows else []
    like = next((cell for cell in headers if _LIKE_A_MONTH.fullmatch(cell)), None)
    if like is not None:
        return UsageError(
            NOT_A_MONTH.filled(place=f"{table.name}:{rows[0].line}", text=like),
            hint=Message("Targets are by month; write the months like 2027-01."),
        )
    if "metric" in headers:
        return UsageError(
            Message("{name}: has no column of a month like 2027-01. Headers seen: {seen}.").filled(
                name=table.name, seen=", ".join(headers[:8])
            ),
            hint=Message("Write the months as the headers."),
        )
    return UsageError(
        Message("{name}: has no column metric. Headers seen: {seen}.").filled(
            name=table.name, seen=", ".join(headers[:8])
        ),
        hint=HOW_TARGETS_LOOK,
    )
