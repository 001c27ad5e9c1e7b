"""Hidden rows and cells in error of OpenDocument sheets, which the reader gives as plain rows, empty cells and 0."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from support import in_month, report_of, said_of

SPACES = "".join(f' xmlns:{name}="urn:oasis:{name}"' for name in ("office", "table", "text", "calcext"))


def error(text: str, kind: str = 'office:value-type="string"') -> str:
    return f'<table:table-cell {kind} calcext:value-type="error"><text:p>{text}</text:p></table:table-cell>'


def ods(*rows: tuple[str, Sequence[str]], columns: str = "") -> bytes:
    """A workbook of one sheet: each row with its attributes and its cells, of which some are XML already."""
    plain = '<table:table-cell office:value-type="string"><text:p>{}</text:p></table:table-cell>'
    body = ""
    for said, cells in rows:
        row = "".join(cell if cell[:1] == "<" else plain.format(cell) for cell in cells)
        body += f"<table:table-row {said}>{row}</table:table-row>"
    sheet = f'<table:table table:name="S &amp; T">{columns}{body}</table:table>'
    whole = f"<office:body><office:spreadsheet>{sheet}</office:spreadsheet></office:body>"
    content = f"<office:document-content{SPACES}>{whole}</office:document-content>"
    kind = "application/vnd.oasis.opendocument.spreadsheet"
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("mimetype", kind)
        archive.writestr("content.xml", content)
        archive.writestr(
            "META-INF/manifest.xml",
            '<manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{kind}"/></manifest:manifest>',
        )
    return out.getvalue()


HEADER = ("", ("user_id", "started_at", "ended_at", "mrr"))
FIRST = ("", ("u1", "2026-01-05", "", "100"))


def test_hidden_rows_count_and_are_named(tmp_path: Path) -> None:
    """u2 and u3 stand in hidden rows: 1 + 2 = 3 customers."""
    two = 'table:visibility="collapse" table:number-rows-repeated="1"'
    rows = [
        HEADER,
        FIRST,
        (two, ("u2", "2026-01-06", "", "50")),
        ('table:visibility="filter"', ("u3", "2026-01-07", "", "5")),
    ]
    columns = '<table:table-column/><table:table-column table:visibility="collapse" table:number-columns-repeated="2"/>'
    (tmp_path / "paid_users.ods").write_bytes(ods(*rows, columns=columns))
    assert in_month(tmp_path, "2026-01", "new_paid_users") == [3]
    said = said_of(tmp_path)
    assert said["hidden-rows", None][0] == "2 rows are hidden by a filter; they count"
    assert "'started_at', 'ended_at'" in said["hidden-columns", None][0]


def test_an_amount_that_is_lost_is_not_0(tmp_path: Path) -> None:
    """u2 pays, nobody knows how much: it is no free row."""
    lost = error("#REF!", 'office:value-type="float" office:value="0"')
    (tmp_path / "paid_users.ods").write_bytes(ods(HEADER, FIRST, ("", ("u2", "2026-01-06", "", lost))))
    assert in_month(tmp_path, "2026-01", "new_paid_users", "closing_mrr_amount") == [2, None]
    [(key, (message, _))] = said_of(tmp_path).items()
    assert (key, message[:7]) == (("not-an-amount", "mrr"), "'#REF!'")


def test_an_end_that_is_lost_is_asked_about(tmp_path: Path) -> None:
    (tmp_path / "paid_users.ods").write_bytes(ods(HEADER, FIRST, ("", ("u2", "2026-01-06", error("#N/A"), "5"))))
    [(key, (message, _))] = said_of(tmp_path).items()
    assert (key, message[:6]) == (("no-end-value", "ended_at"), "'#N/A'")


def number(value: float, kind: str = "float") -> str:
    said = f'office:value-type="{kind}" office:value="{value}"'
    return f"<table:table-cell {said}><text:p>{value}</text:p></table:table-cell>"


IN_DOLLARS = 'currency" office:currency="USD'


def test_the_currency_of_a_cell_is_that_of_its_amount(tmp_path: Path) -> None:
    """Of u1 and u2 100 and 50 are known to be dollars by their cells alone."""
    rows = [
        HEADER,
        ("", (*FIRST[1][:3], number(100, IN_DOLLARS))),
        ("", ("u2", "2026-01-06", "", number(50, IN_DOLLARS))),
    ]
    (tmp_path / "paid_users.ods").write_bytes(ods(*rows))
    assert in_month(tmp_path, "2026-01", "closing_mrr_amount") == [150]
    assert report_of(tmp_path).spec.currency == "USD"
    assert said_of(tmp_path) == {}


@pytest.mark.parametrize(
    ("kinds", "code"),
    [
        ((IN_DOLLARS, 'currency" office:currency="VND'), "shown-in-currencies"),
        (("percentage", "float"), "shown-as-percentages"),
        (("float", "float"), None),
    ],
)
def test_cells_in_several_currencies_or_shown_as_percentages_are_named(
    kinds: tuple[str, str], code: str | None, tmp_path: Path
) -> None:
    rows = [("", (f"u{place}", "2026-01-05", "", number(100, kind))) for place, kind in enumerate(kinds)]
    (tmp_path / "paid_users.ods").write_bytes(ods(HEADER, *rows))
    assert in_month(tmp_path, "2026-01", "closing_mrr_amount") == [200]
    assert [said for said, _ in said_of(tmp_path)] == ([code] if code else [])


def test_a_merged_end_is_that_of_each_of_its_rows(tmp_path: Path) -> None:
    """u1 and u2 are lost in February; without the merged cell u2 would pay on."""
    spanned = 'table:number-rows-spanned="2" office:value-type="string"'
    end = f"<table:table-cell {spanned}><text:p>2026-02-10</text:p></table:table-cell>"
    rows = [
        HEADER,
        ("", ("u1", "2026-01-05", end, "100")),
        ("", ("u2", "2026-01-06", "<table:covered-table-cell/>", "100")),
        ("", ("u3", "2026-02-28", "", "100")),
    ]
    (tmp_path / "paid_users.ods").write_bytes(ods(*rows))
    assert in_month(tmp_path, "2026-02", "churned_paid_users", "closing_paid_users") == [2, 1]
    assert said_of(tmp_path).keys() == {("merged-cells", None)}
