"""What a workbook says beside its values: merged, hidden and struck out cells, formulas, tables side by side."""

from __future__ import annotations

import io
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from openpyxl.styles import Font

import funnelcli as fc
from funnelcli.reading.sheet_marks import SheetMarks, marks_of

MONTHS = ("2026-01", "2026-02", "2026-03")
NEW, LOST, CLOSING, MRR = "new_paid_users", "churned_paid_users", "closing_paid_users", "closing_mrr_amount"
HEADER = ("user_id", "started_at", "ended_at", "mrr")
ROWS = (
    HEADER,
    ("u1", "2026-01-05", "2026-02-10", 100),
    ("u2", "2026-01-06", None, 100),
    ("u3", "2026-02-05", None, 100),
)  # fmt: skip


def written(rows: Sequence[Sequence[Any]], mark: Callable[[Any], object] = lambda _page: None) -> bytes:
    book = openpyxl.Workbook()
    page: Any = book.active
    for row in rows:
        page.append(list(row))
    mark(page)
    stream = io.BytesIO()
    book.save(stream)
    return stream.getvalue()


def folder_of(place: Path, data: bytes, toml: str = "") -> fc.Folder:
    (place / "paid_users.xlsx").write_bytes(data)
    (place / "signups.csv").write_text("user_id,signed_up_at\nu1,2026-01-01\nu9,2026-03-31\n", encoding="utf-8")
    if toml:
        (place / "funnel.toml").write_text(toml, encoding="utf-8")
    return fc.open_folder(place)


def values(folder: fc.Folder, metric: str) -> list[float | None]:
    known = folder.report(start="2026-01", end="2026-03", as_of="2026-03-31").values(metric)
    return [known[month].value for month in MONTHS]


def said(folder: fc.Folder, *codes: str) -> list[tuple[str, int | None]]:
    return [(fault.code, fault.line) for fault in folder.check().problems if fault.code in codes]


OF_SHEETS = ("merged-cells", "hidden-rows", "hidden-columns", "table-beside", "formula-without-value")


def test_a_merged_cell_is_that_of_each_of_its_rows(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, written(ROWS, lambda page: page.merge_cells("C2:C3")))
    # The end of u1 is that of u2 too: both are lost in February.
    assert values(folder, LOST) == [0, 2, 0]
    assert values(folder, CLOSING) == [2, 2 + 1 - 2, 1]
    assert said(folder, *OF_SHEETS) == [("merged-cells", None)]


def test_a_merged_person_has_several_rows(tmp_path: Path) -> None:
    rows = (HEADER, ("u1", "2026-01-05", "2026-01-31", 100), (None, "2026-02-01", None, 150))
    folder = folder_of(tmp_path, written(rows, lambda page: page.merge_cells("A2:A3")))
    assert values(folder, NEW) == [1, 0, 0]
    assert values(folder, MRR) == [100, 150, 150]


def test_a_merged_number_is_not_counted_twice(tmp_path: Path) -> None:
    rows = (*ROWS[:2], ("u2", "2026-01-06", None, None))
    folder = folder_of(tmp_path, written(rows, lambda page: page.merge_cells("D2:D3")))
    (fault,) = (fault for fault in folder.check().problems if fault.code == "merged-cells")
    assert (
        fault.message
        == "1 cell is merged over several rows, under 'mrr': a number counts in the first of these rows only"
    )
    assert values(folder, MRR) == [None, None, None]  # what u2 pays, no cell says


def test_cells_merged_in_the_header_or_in_a_row_change_nothing(tmp_path: Path) -> None:
    def mark(page: Any) -> None:
        page.insert_rows(1)
        page["A1"] = "Customers"
        page.merge_cells("A1:D1")

    folder = folder_of(tmp_path, written(ROWS, mark))
    assert values(folder, LOST) == [0, 1, 0]
    assert said(folder, *OF_SHEETS) == []


def test_a_formula_without_a_value_is_no_empty_cell(tmp_path: Path) -> None:
    rows = (
        HEADER,
        ("u1", "2026-01-05", "=B2+30", "=50*2"),
        ("u2", "2026-01-06", None, "=50*2"),
        ("u3", "2026-01-06", None, 1),
    )
    folder = folder_of(tmp_path, written(rows))
    assert said(folder, *OF_SHEETS) == [("formula-without-value", 2), ("formula-without-value", 2)]
    messages = [fault.message for fault in folder.check().problems if fault.code == "formula-without-value"]
    assert [message.partition(":")[0] for message in messages] == [
        "1 cell under 'ended_at' holds a formula without its value, like C2",
        "2 cells under 'mrr' hold a formula without its value, like D2",
    ]
    # A column that is not read may have them.
    noted = (("user_id", "started_at", "note"), ("u1", "2026-01-05", "=1+1"))
    assert said(folder_of(tmp_path, written(noted)), *OF_SHEETS) == []


def test_formulas_with_a_value_or_an_empty_text_are_read(tmp_path: Path) -> None:
    data = b'<worksheet><sheetData><row r="2"><c r="A2"><f>1+1</f><v>2</v></c><c r="B2" t="str"><f>""</f><v></v></c>'
    data += b'<c r="C2"><f>B2</f><v/></c><c r="AB2"><f t="shared" si="0"/></c></row></sheetData></worksheet>'
    book = written(ROWS)
    import zipfile

    stream = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(stream, "w") as new:
        for name in old.namelist():
            new.writestr(name, data if name == "xl/worksheets/sheet1.xml" else old.read(name))
    assert marks_of(stream.getvalue(), "Sheet").not_reckoned == ((2, 3), (2, 28))


def _hidden(page: Any) -> None:
    page.row_dimensions[3].hidden = page.row_dimensions[4].hidden = page.row_dimensions[9].hidden = True


def _filtered(page: Any) -> None:
    page.auto_filter.ref = "A1:D4"
    page.auto_filter.add_filter_column(0, ["u1"])
    _hidden(page)


def _grouped(page: Any) -> None:
    page.row_dimensions.group(3, 4, hidden=True)


def _struck(page: Any) -> None:
    for row in (3, 4):
        page.cell(row, 1).font = Font(strike=True)


@pytest.mark.parametrize(
    ("mark", "how"),
    [(_hidden, "hidden"), (_filtered, "hidden by a filter"), (_grouped, "hidden"), (_struck, "struck out")],
)
def test_rows_that_are_hidden_or_struck_out_count_and_are_named(
    mark: Callable[[Any], None], how: str, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path, written(ROWS, mark))
    assert values(folder, NEW) == [2, 1, 0]
    (fault,) = (fault for fault in folder.check().problems if fault.code in OF_SHEETS)
    assert (fault.code, fault.line, fault.message) == ("hidden-rows", 3, f"2 rows are {how}; they count")


def test_hidden_columns_that_are_read_are_named(tmp_path: Path) -> None:
    def mark(page: Any) -> None:
        page["E1"], page["E2"] = "Colour", "x"
        page.column_dimensions["C"].hidden = page.column_dimensions["E"].hidden = True

    folder = folder_of(tmp_path, written(ROWS, mark))
    (fault,) = (fault for fault in folder.check().problems if fault.code in OF_SHEETS)
    assert fault.message == "hidden columns are read: 'ended_at'"


def test_another_table_beside_is_not_read(tmp_path: Path) -> None:
    beside = ((None, "Month", "Target"), *((None, f"2026-{month:02}", 5) for month in range(1, 7)))
    rows = [(*(ROWS[place] if place < len(ROWS) else (None,) * 4), *cells) for place, cells in enumerate(beside)]
    folder = folder_of(tmp_path, written(rows))
    assert values(folder, NEW) == [2, 1, 0]
    assert values(folder, MRR) == [200, 200, 200]
    (fault,) = (fault for fault in folder.check().problems if fault.code in (*OF_SHEETS, "unread-column"))
    assert (fault.code, "'Month', 'Target'" in fault.message) == ("table-beside", True)


def test_an_empty_column_within_a_table_parts_nothing(tmp_path: Path) -> None:
    rows = [(*row[:2], None, *row[2:]) for row in ROWS]
    folder = folder_of(tmp_path, written(rows))
    assert values(folder, LOST) == [0, 1, 0]
    assert said(folder, *OF_SHEETS) == []
    # Nor where its other side has a row less, when it is read too.
    folder = folder_of(tmp_path, written([*rows[:3], (*rows[3][:2], None, None, None)]))
    assert said(folder, *OF_SHEETS) == []
    assert values(folder, NEW) == [2, 1, 0]


def test_what_is_no_workbook_of_this_kind_has_no_marks() -> None:
    for data in (b"", b"PK", b"PK\3\4" + bytes(50), b"\xd0\xcf\x11\xe0"):
        assert marks_of(data, "Sheet") == SheetMarks()
    assert marks_of(written(ROWS), "elsewhere") == SheetMarks()


def test_an_error_in_a_cell_is_no_empty_cell(tmp_path: Path) -> None:
    rows = (
        HEADER,
        ("u1", "2026-01-05", "#N/A", 100),
        ("u2", "2026-01-06", None, "#REF!"),
        ("#VALUE!", "2026-01-06", None, 1),
    )
    folder = folder_of(tmp_path, written(rows))
    codes = ("no-end-value", "spreadsheet-error", "not-an-amount", "empty-cell", "no-amount")
    problems = [(fault.code, fault.line, fault.column) for fault in folder.check().problems if fault.code in codes]
    # As in a CSV: an end may be none, and is asked about; a person cannot be one, and an amount is not known.
    assert problems == [
        ("no-end-value", 2, "ended_at"),
        ("spreadsheet-error", 4, "user_id"),
        ("not-an-amount", 3, "mrr"),
    ]


# --- currencies of number formats --------------------------------------------------------------------------------


def shown(*formats: str) -> Callable[[Any], object]:
    """Marks the amounts of the three rows with number formats."""

    def mark(page: Any) -> None:
        for row, code in enumerate(formats, 2):
            page[f"D{row}"].number_format = code

    return mark


@pytest.mark.parametrize(
    ("formats", "config", "currency", "code"),
    [
        (('#,##0.00 "USD"',) * 3, "", "USD", None),
        (("[$€-407] #,##0",) * 3, "", "EUR", None),
        (("#,##0",) * 3, "", "VND", None),
        (('#,##0.00 "USD"', "#,##0", "#,##0"), "", "VND", None),  # one of three: a format left by somebody
        (('#,##0.00 "USD"', '#,##0 "₫"', '#,##0 "₫"'), "", "VND", "shown-in-currencies"),
        (('#,##0.00 "USD"',) * 3, '[business]\ncurrency = "VND"\n', "VND", "shown-in-another-currency"),
        (('#,##0.00 "USD"',) * 3, '[business]\ncurrency = "USD"\n', "USD", None),
    ],
)
def test_a_number_format_says_the_currency_where_nothing_else_does(
    formats: tuple[str, ...], config: str, currency: str, code: str | None, tmp_path: Path
) -> None:
    """The amounts are the same: 100 + 100 of January, and another 100 of February less the one who left."""
    folder = folder_of(tmp_path, written(ROWS, shown(*formats)), config)
    assert values(folder, MRR) == [200, 200, 200]
    assert folder.report(start="2026-01", end="2026-03").report.spec.currency == currency
    assert [c for c, _ in said(folder, "shown-in-currencies", "shown-in-another-currency")] == ([code] if code else [])


def test_a_column_of_currencies_outweighs_the_formats(tmp_path: Path) -> None:
    rows = [(*row, "currency" if row is HEADER else "EUR") for row in ROWS]
    folder = folder_of(tmp_path, written(rows, shown('#,##0 "USD"', '#,##0 "₫"', '#,##0 "₫"')))
    assert folder.report(start="2026-01", end="2026-03").report.spec.currency == "EUR"
    assert said(folder, "shown-in-currencies", "shown-in-another-currency") == []


# --- percentages -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("formats", "is_said"),
    [
        (("0%", "0", "0"), True),  # 100 is seen as 10000%
        (("0", "0.00%", "0"), True),
        (("0", "0.0%;-0.0%", "0"), True),
        (("0", '0" %"', "0"), False),  # a sign beside a number that is as it is
        (("0", "0", "0"), False),
    ],
)
def test_numbers_that_are_shown_as_percentages_are_said(
    formats: tuple[str, ...], is_said: bool, tmp_path: Path
) -> None:
    folder = folder_of(tmp_path, written(ROWS, shown(*formats)))
    assert values(folder, MRR) == [200, 200, 200]
    assert said(folder, "shown-as-percentages") == [("shown-as-percentages", None)] * is_said


def test_a_rate_that_is_not_read_may_be_a_percentage(tmp_path: Path) -> None:
    rows = [(*row, "growth" if row is HEADER else 0.5) for row in ROWS]

    def mark(page: Any) -> None:
        page["E2"].number_format = "0%"

    assert said(folder_of(tmp_path, written(rows, mark)), "shown-as-percentages") == []
