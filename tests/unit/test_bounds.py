"""What is read at most: packed files that unpack to more, sheets that reach too far, patterns that look everywhere."""

from __future__ import annotations

import gzip
import io
import os
import zipfile
from collections.abc import Mapping
from pathlib import Path

import duckdb
import pytest

from funnelcli.config import toml
from funnelcli.facts.load import load
from funnelcli.facts.model import Facts
from funnelcli.reading import bounds, sheets, small, streams
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.discover import discover, open_folder
from funnelcli.reading.patterns import TooManyError, files_like

HEADER = "user_id,signed_up_at\n"
TYPES = (
    '<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types"><Default Extension="xml" '
    'ContentType="application/xml"/></Types>'
)
RELATIONS = '<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">{}</Relationships>'
RELATION = '<Relationship Id="{id}" Type="http://schemas.openxmlformats.org/officeDocument/2006/relationships/{kind}" Target="{to}"/>'  # noqa: E501
BOOK = (
    '<workbook xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main" '
    'xmlns:r="http://schemas.openxmlformats.org/officeDocument/2006/relationships">'
    '<sheets><sheet name="S" sheetId="1" r:id="rId1"/></sheets></workbook>'
)
SHEET = (
    '<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData>{}</sheetData></worksheet>'
)
TOP = (
    '<row r="1"><c r="A1" t="inlineStr"><is><t>user_id</t></is></c>'
    '<c r="B1" t="inlineStr"><is><t>signed_up_at</t></is></c></row>'
    '<row r="2"><c r="A2" t="inlineStr"><is><t>u1</t></is></c>'
    '<c r="B2" t="inlineStr"><is><t>2026-01-05</t></is></c></row>'
)


def workbook(rows: str, more: Mapping[str, str] | None = None, *, sheet: str = "worksheets/sheet1.xml") -> bytes:
    """A workbook whose sheet is XML as it is given, packed."""
    stream = io.BytesIO()
    relations = RELATION.format(id="rId1", kind="worksheet", to=sheet)
    relations += RELATION.format(id="rId2", kind="sharedStrings", to="sharedStrings.xml")
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("[Content_Types].xml", TYPES)
        archive.writestr(
            "_rels/.rels", RELATIONS.format(RELATION.format(id="r", kind="officeDocument", to="xl/workbook.xml"))
        )
        archive.writestr("xl/workbook.xml", BOOK)
        archive.writestr("xl/_rels/workbook.xml.rels", RELATIONS.format(relations))
        archive.writestr(f"xl/{sheet}", SHEET.format(rows))
        for name, text in (more or {}).items():
            archive.writestr(name, text)
    return stream.getvalue()


def read(folder: Path) -> Facts:
    opened = open_folder(folder)
    return load(opened.config, discover(opened, {})[0])


def faults(folder: Path) -> list[tuple[str, str]]:
    """The code and file of everything wrong in a folder."""
    return [(problem.code, problem.file) for problem in read(folder).problems]


# --- workbooks -------------------------------------------------------------------------------------------------------

FAR = {
    "single-quoted": "<row r='1048576'><c r='XFD1048576' t='n'><v>1</v></c></row>",
    "in-a-row-without-a-number": "<row><c r='XFD1048576' t='n'><v>1</v></c></row>",
    "double-quoted": '<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>',
    "lower-case": '<row r="1048576"><c r="xfd1048576"><v>1</v></c></row>',
    "with-a-prefix": '<x:row r="1048576" xmlns:x="y"><x:c r="XFD1048576"><x:v>1</x:v></x:c></x:row>',
    "after-another-attribute": '<row r="1048576"><c s="0" r="XFD1048576"><v>1</v></c></row>',
    "after-a-bracket-in-quotes": '<row r="1048576"><c s=">" r="XFD1048576"><v>1</v></c></row>',
    "with-spaces": '<row r="1048576"><c\n r = "XFD1048576"><v>1</v></c></row>',
    "beyond-the-last-column": '<row r="3"><c r="ZZZZZZ3"><v>1</v></c></row>',
    "beyond-the-last-row": '<row r="3"><c r="A99999999"><v>1</v></c></row>',
    "across": '<row r="3"><c r="XFD3"><v>1</v></c></row><row r="1048576"><c r="A1048576"><v>1</v></c></row>',
    "cells-without-a-number": '<row r="1048576">' + "<c><v>1</v></c>" * 100 + "</row>",
}


@pytest.mark.parametrize("rows", FAR.values(), ids=FAR)
def test_a_cell_too_far_off_is_refused_however_it_is_written(rows: str, tmp_path: Path) -> None:
    (tmp_path / "signups.xlsx").write_bytes(workbook(TOP + rows))
    assert faults(tmp_path) == [("too-large", "signups.xlsx")]


def test_the_cells_of_all_sheets_are_bound_too(tmp_path: Path) -> None:
    # 1,048,576 rows of 26 columns are 27,262,976 cells, within the 40 million of a sheet; four times 109,051,904.
    far = '<row r="1048576"><c r="Z1048576"><v>1</v></c></row>'
    near = TOP + '<row r="9999"><c r="ZZ9999"><v>1</v></c></row>'  # 9,999 * 702 = 7,019,298 cells
    more = {f"xl/worksheets/sheet{number}.xml": SHEET.format(TOP + far) for number in (2, 3, 4)}
    (tmp_path / "signups.xlsx").write_bytes(workbook(TOP + far, more))
    ((code, _),) = faults(tmp_path)
    assert code == "too-large"
    # Three of them and a near one: 3 * 27,262,976 + 7,019,298 = 88,808,226.
    few = dict(list(more.items())[:2]) | {"xl/worksheets/sheet5.xml": SHEET.format(near)}
    assert sheets.safe_copy(workbook(TOP + far, few), "signups.xlsx")
    # Many small sheets are as small as they are.
    small = {f"xl/worksheets/sheet{number}.xml": SHEET.format(TOP) for number in range(2, 40)}
    (tmp_path / "signups.xlsx").write_bytes(workbook(TOP, small))
    assert faults(tmp_path) == []


def test_it_is_refused_in_a_gzipped_workbook_and_under_another_name_in_the_archive(tmp_path: Path) -> None:
    data = workbook(TOP + FAR["single-quoted"], sheet="other/page.xml")
    (tmp_path / "signups.xlsx.gz").write_bytes(gzip.compress(data))
    assert faults(tmp_path) == [("too-large", "signups.xlsx.gz")]


@pytest.mark.parametrize(
    ("sheet", "extent"),
    [
        ('<row r="2"><c r="AB2"/></row>', (9_999, 702)),  # nothing is far: not measured more closely
        ('<row r="20000"><c r="AB20000"/></row>', (20_000, 28)),
        ("<row><c/><c/></row><row><c/></row>", (2, 2)),
        ("<row r='7'><c r='B7'/><c/></row><row/>", (8, 3)),
    ],
)
def test_how_far_a_sheet_reaches(sheet: str, extent: tuple[int, int]) -> None:
    assert sheets.extent_of(sheet.encode()) == extent


def test_a_sheet_of_an_unusual_writer_is_read_as_ever(tmp_path: Path) -> None:
    """Single quotes, and neither rows nor cells with a number: two people in January."""
    cell = "<c t='inlineStr'><is><t>{}</t></is></c>"
    rows = [("user_id", "signed_up_at"), ("u1", "2026-01-05"), ("u2", "2026-01-06")]
    xml = "".join(f"<row>{''.join(map(cell.format, row))}</row>" for row in rows)
    (tmp_path / "signups.xlsx").write_bytes(workbook(xml))
    facts = read(tmp_path)
    assert list(facts.problems) == []
    assert [(tally.read, tally.counted) for tally in facts.tallies] == [(2, 2)]


def test_texts_that_unpack_to_too_much_are_refused(tmp_path: Path) -> None:
    """101 MB of shared texts in 100 kB: a workbook may unpack to 100 MB, or to 250 times its size."""
    texts = "<sst>" + f"<si><t>{'x' * 1_000_000}</t></si>" * 101 + "</sst>"
    data = workbook(TOP, {"xl/sharedStrings.xml": texts})
    assert len(data) < bounds.UNPACKED_BYTES / bounds.MOST_TIMES
    (tmp_path / "signups.xlsx").write_bytes(data)
    assert faults(tmp_path) == [("too-large", "signups.xlsx")]


def test_an_archive_that_lies_about_its_sizes_is_damaged_or_too_large(tmp_path: Path) -> None:
    """The directory says 9 bytes; there are 101 MB."""
    data = workbook(TOP, {"xl/sharedStrings.xml": "y" * 101_000_000})
    lying = data.replace((101_000_000).to_bytes(4, "little"), (9).to_bytes(4, "little"))
    (tmp_path / "signups.xlsx").write_bytes(lying)
    assert faults(tmp_path) in ([("too-large", "signups.xlsx")], [("broken-file", "signups.xlsx")])


def opendocument(rows: int, columns: int) -> bytes:
    """A sheet of OpenDocument, in which one row of one date is repeated."""
    content = (
        '<office:document-content xmlns:office="urn:oasis:names:tc:opendocument:xmlns:office:1.0" '
        'xmlns:table="urn:oasis:names:tc:opendocument:xmlns:table:1.0" '
        'xmlns:text="urn:oasis:names:tc:opendocument:xmlns:text:1.0"><office:body><office:spreadsheet>'
        f'<table:table table:name="S"><table:table-row table:number-rows-repeated="{rows}">'
        f'<table:table-cell office:value-type="string" table:number-columns-repeated="{columns}">'
        "<text:p>date</text:p></table:table-cell></table:table-row></table:table>"
        "</office:spreadsheet></office:body></office:document-content>"
    )
    manifest = '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0"/>'
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr("META-INF/manifest.xml", manifest)
        archive.writestr("content.xml", content)
    return stream.getvalue()


def test_a_sheet_that_repeats_its_cells_without_end_is_refused(tmp_path: Path) -> None:
    (tmp_path / "signups.ods").write_bytes(opendocument(100_000, 100_000))
    assert faults(tmp_path) in ([("too-large", "signups.ods")], [("broken-file", "signups.ods")])


def test_a_workbook_that_cannot_be_measured_is_tried_in_a_process_of_its_own(monkeypatch: pytest.MonkeyPatch) -> None:
    assert sheets.safe_copy(opendocument(3, 2), "a.ods")[:2] == b"PK"
    monkeypatch.setattr(sheets, "SHEET_CELLS", 5)
    with pytest.raises(FileFault, match="more than 5 cells"):
        sheets.safe_copy(opendocument(3, 2), "a.ods")
    monkeypatch.undo()
    monkeypatch.setattr(sheets, "_SECONDS", 0.001)
    with pytest.raises(FileFault, match="cells"):
        sheets.safe_copy(opendocument(4, 2), "a.ods")


# --- gzip ------------------------------------------------------------------------------------------------------------


def test_a_gzipped_file_that_says_it_is_too_large_is_not_unpacked(tmp_path: Path) -> None:
    (tmp_path / "signups.csv.gz").write_bytes(gzip.compress(HEADER.encode() + b"\n" * 101_000_000, 6))
    assert faults(tmp_path) == [("too-large", "signups.csv.gz")]


@pytest.mark.parametrize(
    "filling",
    [b"\n", b",,\n", b"x", b"u1,2026-01-05\n", b'"'],
    ids=["newlines", "empty-rows", "one-line", "rows", "quotation-marks"],
)
def test_what_a_gzipped_file_holds_is_bounded_as_it_is_read(
    filling: bytes, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Each bound is met, whatever the end of the file says of its size: here 0, as of a file that is put together."""
    from funnelcli.reading import rows

    monkeypatch.setattr(rows, "BLANK_LINES", 1_000)
    monkeypatch.setattr(bounds, "LINE_BYTES", 1_000)
    monkeypatch.setattr(bounds, "PACKED_ROWS", 1_000)
    data = gzip.compress(HEADER.encode() + filling * 300_000) + gzip.compress(b"")
    (tmp_path / "signups.csv.gz").write_bytes(data)
    assert faults(tmp_path) == [("too-large", "signups.csv.gz")]


def test_a_gzipped_file_within_the_bounds_is_read(tmp_path: Path) -> None:
    rows = "".join(f"u{n},2026-01-{n % 28 + 1:02}\n" for n in range(50_000))
    (tmp_path / "signups.csv.gz").write_bytes(gzip.compress((HEADER + rows).encode()))
    facts = read(tmp_path)
    assert list(facts.problems) == []
    assert [(tally.read, tally.counted) for tally in facts.tallies] == [(50_000, 50_000)]


# --- Parquet ---------------------------------------------------------------------------------------------------------


def parquet(path: Path, query: str) -> None:
    duckdb.connect().execute(f"COPY ({query}) TO '{path}' (FORMAT parquet, ROW_GROUP_SIZE 10000000)")


def test_a_parquet_of_more_rows_than_bytes_is_refused(tmp_path: Path) -> None:
    parquet(
        tmp_path / "signups.parquet", "SELECT 'u' AS user_id, DATE '2026-01-05' AS signed_up_at FROM range(3000000)"
    )
    assert (tmp_path / "signups.parquet").stat().st_size < 10_000
    assert faults(tmp_path) == [("too-large", "signups.parquet")]


def test_a_parquet_whose_texts_are_repeated_without_end_is_refused(tmp_path: Path) -> None:
    query = "SELECT repeat('u', 10000) AS user_id, DATE '2026-01-05' AS signed_up_at FROM range(15000)"
    parquet(tmp_path / "signups.parquet", query)
    assert faults(tmp_path) == [("too-large", "signups.parquet")]


def test_visits_in_a_small_parquet_are_summed_at_once(tmp_path: Path) -> None:
    """Three million visits on one day, in less than a kilobyte."""
    parquet(tmp_path / "visitors.parquet", "SELECT DATE '2026-01-05' AS date, 'google' AS source FROM range(3000000)")
    facts = read(tmp_path)
    assert list(facts.problems) == []
    assert facts.visits is not None
    assert sum(sums.visits for sums in facts.visits.sums.values()) == 3_000_000


# --- patterns --------------------------------------------------------------------------------------------------------


def test_what_a_pattern_fits(tmp_path: Path) -> None:
    for name in ("a/x.csv", "a/b/y.csv", "a/b/.hidden.csv", "a/.git/z.csv", "w.csv", "a/n[1].csv"):
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text("x")
    (tmp_path / "a" / "round").symlink_to(tmp_path)
    (tmp_path / "folder.csv").mkdir()

    def fits(pattern: str) -> list[str]:
        return [path.relative_to(tmp_path).as_posix() for path in files_like(pattern, tmp_path)[0]]

    assert fits("*.csv") == ["w.csv"]
    assert fits("a/*.csv") == ["a/n[1].csv", "a/x.csv"]
    assert fits("**/*.csv") == ["a/b/y.csv", "a/n[1].csv", "a/x.csv", "w.csv"]
    assert fits("**") == ["a/b/y.csv", "a/n[1].csv", "a/x.csv", "w.csv"]
    assert fits("a/n[[]1].csv") == ["a/n[1].csv"]
    assert fits("a/b/.hid*") == ["a/b/.hidden.csv"]
    assert fits("./a/../w.csv") == ["a/../w.csv"]
    assert fits(str(tmp_path / "?.csv")) == ["w.csv"]
    assert fits("nothing*") == fits("a\0b") == []


def test_a_pattern_that_looks_everywhere_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from funnelcli.reading import patterns

    for number in range(30):
        (tmp_path / f"{number}.csv").write_text("x")
    monkeypatch.setattr(patterns, "FILES", 20)
    with pytest.raises(TooManyError, match="more than 20 files"):
        files_like("*.csv", tmp_path)
    monkeypatch.setattr(patterns, "NAMES", 10)
    with pytest.raises(TooManyError, match="more than 10 names"):
        files_like("**/x*.csv", tmp_path)


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pattern_names_what_is_no_file(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    (tmp_path / "folder.csv").mkdir()
    files, others = files_like("*.csv", tmp_path)
    assert (files, [(path.name, kind.of("en")) for path, kind in others]) == ([], [("pipe.csv", "a pipe")])


# --- what is said of them --------------------------------------------------------------------------------------------


def test_the_bounds_are_written_down() -> None:
    text = (Path(__file__).parents[2] / "docs" / "errors.md").read_text("utf-8").partition("## What is read at most")[2]
    known = [
        bounds.UNPACKED_BYTES, bounds.MOST_TIMES, bounds.SHEET_CELLS, bounds.PACKED_ROWS, bounds.SUMMED_ROWS,
        bounds.LINE_BYTES, bounds.BLANK_LINES, bounds.PIPE_BYTES, bounds.FILES, bounds.NAMES, toml.MOST_BYTES,
        toml.MOST_DEEP, small.MOST_BYTES, int(streams.WAIT_SECONDS),
    ]  # fmt: skip
    assert [number for number in known if f" {number:,}" not in text] == []
