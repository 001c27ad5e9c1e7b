"""Hidden rows and cells in error of OpenDocument sheets, which the reader gives as plain rows, empty cells and 0."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Sequence
from pathlib import Path

from support import in_month, said_of

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
