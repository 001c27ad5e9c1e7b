"""What the tests of workbooks share: a workbook read back cell by cell, and what it is packed of."""

from __future__ import annotations

import io
import posixpath
import re
import warnings
import zipfile
from collections.abc import Iterator, Mapping
from xml.etree import ElementTree as ET

import openpyxl
from openpyxl.worksheet.worksheet import Worksheet

MAIN = "{http://schemas.openxmlformats.org/spreadsheetml/2006/main}"
_RELATED = "{http://schemas.openxmlformats.org/officeDocument/2006/relationships}id"
# The parts of a sheet in the order in which the format wants them.
_ORDER = (
    "sheetPr", "dimension", "sheetViews", "sheetFormatPr", "cols", "sheetData", "autoFilter", "conditionalFormatting",
    "dataValidations", "pageMargins", "pageSetup", "headerFooter", "drawing", "legacyDrawing", "extLst",
)  # fmt: skip


def opened(data: bytes, *, worked_out: bool = True) -> openpyxl.Workbook:
    """The workbook read back, with what its formulas come to, or with the formulas."""
    with warnings.catch_warnings():
        warnings.filterwarnings("ignore", "Sparkline Group extension is not supported")  # of openpyxl, which loses them
        return openpyxl.load_workbook(io.BytesIO(data), data_only=worked_out)


def formulas(data: bytes) -> dict[tuple[str, str], str]:
    """Every formula, by sheet and cell."""
    return {
        (sheet.title, cell.coordinate): str(cell.value)
        for sheet in opened(data, worked_out=False)
        for row in sheet.iter_rows()
        for cell in row
        if cell.data_type == "f"
    }


# --- cell by cell ----------------------------------------------------------------------------------------------------


def told(data: bytes, *, without: str) -> str:
    """Everything that is in a workbook, a cell a line; of the sheet of data only its name."""
    figures, made = opened(data), opened(data, worked_out=False)
    lines = [f"{name} = {defined.attr_text}" for name, defined in made.defined_names.items()]
    for sheet in made:
        lines += ["", *_sheet_lines(sheet)]
        lines += [] if sheet.title == without else _cell_lines(sheet, figures[sheet.title])
    lines += ["", *_chart_lines(data)]
    return "\n".join(lines).lstrip("\n") + "\n"


def _sheet_lines(sheet: Worksheet) -> Iterator[str]:
    setup, fit = sheet.page_setup, sheet.sheet_properties.pageSetUpPr
    wide = (setup.fitToWidth or 1) if fit and fit.fitToPage else "?"
    yield f"== {sheet.title} =="
    yield (
        f"frozen at {sheet.freeze_panes}; repeated {sheet.print_title_rows or '-'} {sheet.print_title_cols or '-'}; "
        f"paper {setup.paperSize} {setup.orientation}, {wide} wide; "
        f"lines {sheet.sheet_view.showGridLines}; filter {sheet.auto_filter.ref or '-'}"
    )
    yield f"prints {sheet.print_area or 'all'}; footer {sheet.oddFooter.left.text}|{sheet.oddFooter.right.text}"
    yield "widths " + " ".join(f"{letter}={column.width:g}" for letter, column in sheet.column_dimensions.items())
    for rules in sheet.conditional_formatting:
        for rule in rules.rules:
            yield f"colours {rules.sqref} {rule.operator} {' '.join(rule.formula)}"
    for rule in sheet.data_validations.dataValidation:
        yield f"allows {rule.sqref} {rule.type} {rule.formula1} to {rule.formula2}"


def _cell_lines(made: Worksheet, figures: Worksheet) -> Iterator[str]:
    for row in made.iter_rows():
        for cell in row:
            value = figures[cell.coordinate].value
            if value is None and cell.value is None and cell.comment is None:
                continue
            formula = f"  {cell.value}" if cell.data_type == "f" else ""
            form = "" if cell.number_format == "General" else f"  [{cell.number_format}]"
            comment = f"  # {cell.comment.text}" if cell.comment else ""
            yield f"{cell.coordinate}  {_shown(value)}{formula}{form}{comment}"


def _shown(value: object) -> str:
    """A value as a line shows it: floats to twelve digits, which every machine agrees on."""
    return f"{value:.12g}" if isinstance(value, float) else str(value)


def _chart_lines(data: bytes) -> Iterator[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        for name in sorted(packed.namelist(), key=lambda part: (len(part), part)):
            if name.startswith("xl/charts/"):
                text = packed.read(name).decode()
                kinds = re.findall(r"<c:(\w+Chart)>", text)
                rows = re.findall(r"<c:val><c:numRef><c:f>(.*?)</c:f>", text)
                lowest = re.findall(r'<c:min val="(.*?)"', text)
                title = "".join(re.findall(r"<a:t>(.*?)</a:t>", text))
                yield f"chart {title}: {' '.join(kinds)} of {', '.join(rows)}; from {lowest or 'where it begins'}"
            elif name.startswith("xl/drawings/drawing"):
                yield from (f"alt {alt}" for alt in re.findall(r'descr="(.*?)"', packed.read(name).decode()))


# --- the package -----------------------------------------------------------------------------------------------------


def faults(data: bytes) -> list[str]:
    """What a spreadsheet would have to repair in a workbook: parts, ids and references that do not fit together."""
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        parts = {name: packed.read(name) for name in packed.namelist()}
    return [*_typed(parts), *_related(parts), *_named(parts), *_sheets(parts)]


def _typed(parts: Mapping[str, bytes]) -> Iterator[str]:
    types = ET.fromstring(parts["[Content_Types].xml"])
    overrides = [str(node.get("PartName")).lstrip("/") for node in types if node.get("PartName")]
    defaults = {str(node.get("Extension")) for node in types if node.get("Extension")}
    yield from (f"a type of no part: {name}" for name in overrides if name not in parts)
    yield from (f"two types of {name}" for name in set(overrides) if overrides.count(name) > 1)
    for name in parts:
        if name != "[Content_Types].xml" and name not in overrides and name.rpartition(".")[2] not in defaults:
            yield f"no type of {name}"


def _related(parts: Mapping[str, bytes]) -> Iterator[str]:
    for name, text in parts.items():
        if not name.endswith(".rels"):
            ET.fromstring(text)
            continue
        folder = posixpath.dirname(posixpath.dirname(name))
        nodes = list(ET.fromstring(text))
        ids = [node.get("Id") for node in nodes]
        if len(set(ids)) != len(ids):
            yield f"two relations of one id in {name}"
        for node in nodes:
            target = str(node.get("Target"))
            path = posixpath.normpath(posixpath.join(folder, target)) if not target.startswith("/") else target[1:]
            if node.get("TargetMode") == "External" or path not in parts:
                yield f"{name}: {target} is not there"
        owner = posixpath.join(folder, posixpath.basename(name).removesuffix(".rels"))
        used = re.findall(rb'r:(?:id|embed)="(\w+)"', parts.get(owner, b""))
        yield from (f"{owner}: no relation {one.decode()}" for one in used if one.decode() not in ids)


def _named(parts: Mapping[str, bytes]) -> Iterator[str]:
    book = ET.fromstring(parts["xl/workbook.xml"])
    sheets = book.findall(f"{MAIN}sheets/{MAIN}sheet")
    names = [str(sheet.get("name")) for sheet in sheets]
    for key in ("name", "sheetId", _RELATED):
        values = [str(sheet.get(key)).casefold() for sheet in sheets]
        if len(set(values)) != len(values):
            yield f"two sheets of one {key}"
    wrong = [name for name in names if not 0 < len(name) <= 31 or re.search(r"[\[\]:*?/\\]", name)]
    yield from (f"no name of a sheet: {name}" for name in wrong)
    defined = [(str(n.get("name")).casefold(), n.get("localSheetId")) for n in book.iter(f"{MAIN}definedName")]
    if len(set(defined)) != len(defined):
        yield "two names of one range"
    for node in book.iter(f"{MAIN}definedName"):
        for sheet in re.findall(r"'((?:[^']|'')+)'!", node.text or ""):
            if sheet.replace("''", "'") not in names:
                yield f"{node.get('name')} refers to {sheet}"
        if re.fullmatch(r"[A-Za-z]{1,3}\d+|[rRcC]\d*([cC]\d*)?", str(node.get("name"))):
            yield f"{node.get('name')} is the address of a cell"


def _sheets(parts: Mapping[str, bytes]) -> Iterator[str]:
    styles = ET.fromstring(parts["xl/styles.xml"])
    looks = len(styles.findall(f"{MAIN}cellXfs/{MAIN}xf"))
    rules = len(styles.findall(f"{MAIN}dxfs/{MAIN}dxf"))
    strings = len(ET.fromstring(parts["xl/sharedStrings.xml"])) if "xl/sharedStrings.xml" in parts else 0
    for name, text in parts.items():
        if not re.fullmatch(r"xl/worksheets/sheet\d+\.xml", name):
            continue
        sheet = ET.fromstring(text)
        tags = [node.tag.removeprefix(MAIN) for node in sheet]
        if sorted(tags, key=_ORDER.index) != tags:
            yield f"{name}: {tags}"
        yield from (f"{name}: {fault}" for fault in _cells(sheet, looks, strings))
        missing = [rule for rule in sheet.iter(f"{MAIN}cfRule") if int(rule.get("dxfId") or 0) >= rules]
        yield from (f"{name}: no look {rule.get('dxfId')}" for rule in missing)


def _cells(sheet: ET.Element, looks: int, strings: int) -> Iterator[str]:
    last_row, seen = 0, set[str]()
    for row in sheet.iter(f"{MAIN}row"):
        number = int(row.get("r") or 0)
        if number <= last_row:
            yield f"row {number} after {last_row}"
        last_row, last_column = number, 0
        for cell in row:
            place = str(cell.get("r"))
            column = openpyxl.utils.cell.column_index_from_string(re.sub(r"\d", "", place))
            if column <= last_column or place in seen or not place.endswith(str(number)):
                yield f"{place} is out of place"
            last_column = column
            seen.add(place)
            if int(cell.get("s") or 0) >= looks:
                yield f"{place} has no look"
            if cell.get("t") == "s" and int(cell.findtext(f"{MAIN}v") or -1) >= strings:
                yield f"{place} has no text"
