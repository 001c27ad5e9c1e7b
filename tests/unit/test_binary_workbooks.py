"""Binary workbooks (.xlsb), written here record by record: what is hidden, merged, struck out, in error or dressed."""

from __future__ import annotations

import io
import random
import struct
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

import funnelcli as fc
from funnelcli.reading.sheet_marks import marks_of
from support import figures, in_month, said_of

Cell = str | float | None | bytes
RELATION = '<Relationship Id="rId{0}" Type="worksheet" Target="worksheets/sheet{0}.bin"/>'


def size(number: int) -> bytes:
    return bytes([number & 0x7F | 0x80]) + size(number >> 7) if number > 0x7F else bytes([number])


def record(kind: int, data: bytes = b"") -> bytes:
    return size(kind) + size(len(data)) + data


def text(value: str) -> bytes:
    return struct.pack("<I", len(value)) + value.encode("utf-16-le")


def number(column: int, value: float, form: int) -> bytes:
    return record(5, struct.pack("<IId", column, form, value))


def in_error(column: int, code: int, form: int = 0) -> bytes:
    return record(3, struct.pack("<IIB", column, form, code))


def sheet(
    rows: Sequence[Sequence[Cell]], *, forms: Sequence[int] = (), hidden: Sequence[int] = (), more: bytes = b""
) -> bytes:
    """The part of a sheet: ``forms`` are the formats of its rows, ``hidden`` those that are not seen, from 0.

    ``more`` are records before the rows; cells of bytes are records already.
    """
    data = record(129) + record(148, struct.pack("<IIII", 0, len(rows) - 1, 0, len(rows[0]) - 1)) + more + record(145)
    for line, cells in enumerate(rows):
        form = forms[line] if line < len(forms) else 0
        data += record(0, struct.pack("<IIHBBBI", line, 0, 300, 0, 0x10 if line in hidden else 0, 0, 0))
        for column, cell in enumerate(cells):
            if isinstance(cell, str):
                data += record(6, struct.pack("<II", column, form) + text(cell))
            elif isinstance(cell, bytes):
                data += cell
            elif cell is not None:
                data += number(column, cell, form)
    return data + record(146)


def merged(top: int, bottom: int, column: int) -> bytes:
    return record(177, bytes(4)) + record(176, struct.pack("<IIII", top, bottom, column, column)) + record(178)


def styles() -> bytes:
    """Formats of cells: plain, in dollars, in euros, percentages, struck out."""
    fonts = b"".join(record(43, struct.pack("<HH", 200, flags) + bytes(20)) for flags in (0, 0x08))
    written = record(44, struct.pack("<H", 170) + text('0 "USD"')) + record(44, struct.pack("<H", 171) + text("0 €"))
    of_names = record(626, bytes(4)) + record(47, struct.pack("<HHH", 0, 170, 1) + bytes(10)) + record(627)
    formats = ((0, 0), (170, 0), (171, 0), (9, 0), (0, 1))
    forms = b"".join(record(47, struct.pack("<HHH", 0, how, font) + bytes(10)) for how, font in formats)
    counted = record(615, struct.pack("<I", 2)) + written + record(616)
    return counted + fonts + of_names + record(617, struct.pack("<I", len(formats))) + forms + record(618)


def workbook(*sheets: bytes) -> bytes:
    numbered = range(1, len(sheets) + 1)
    names = b"".join(record(156, struct.pack("<II", 0, n) + text(f"rId{n}") + text(f"S{n}")) for n in numbered)
    book = record(131) + record(153, bytes(8) + text("")) + record(143) + names + record(144) + record(132)
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("xl/workbook.bin", book)
        relations = "".join(RELATION.format(n) for n in numbered)
        archive.writestr("xl/_rels/workbook.bin.rels", f"<Relationships>{relations}</Relationships>")
        archive.writestr("xl/styles.bin", styles())
        for n, part in zip(numbered, sheets, strict=True):
            archive.writestr(f"xl/worksheets/sheet{n}.bin", part)
    return out.getvalue()


HEADER = ("user_id", "started_at", "ended_at", "mrr")
FIRST = ("u1", "2026-01-05", "2026-02-10", 100.0)


def test_a_merged_end_is_that_of_each_of_its_rows(tmp_path: Path) -> None:
    """u1 and u2 are lost in February; without the merged cell u2 would pay on."""
    rows = (HEADER, FIRST, ("u2", "2026-01-06", None, 100.0), ("u3", "2026-02-28", None, 100.0))
    (tmp_path / "paid_users.xlsb").write_bytes(workbook(sheet(rows) + merged(1, 2, 2)))
    assert in_month(tmp_path, "2026-02", "churned_paid_users", "closing_paid_users") == [2, 1]
    assert said_of(tmp_path)["merged-cells", None][0].startswith("1 cell is merged over several rows, under 'ended_at'")


def test_what_is_hidden_or_struck_out_counts_and_is_named(tmp_path: Path) -> None:
    rows = (HEADER, FIRST, ("u2", "2026-01-06", None, 100.0), ("u3", "2026-01-07", None, 100.0))
    column = record(60, struct.pack("<IIIIH", 2, 2, 2560, 0, 1)) + record(163, bytes(8))
    part = sheet(rows, forms=(0, 0, 0, 4), hidden=(2,), more=column)
    (tmp_path / "paid_users.xlsb").write_bytes(workbook(part))
    assert in_month(tmp_path, "2026-01", "new_paid_users") == [3]
    said = [(fault.code, fault.line, fault.message) for fault in fc.open_folder(tmp_path).check().problems]
    assert [(code, line) for code, line, _ in said] == [
        ("hidden-columns", None),
        ("hidden-rows", 3),
        ("hidden-rows", 4),
    ]
    assert [words for *_, text in said[1:] for words in ("by a filter", "struck out") if words in text] == [
        "by a filter", "struck out",
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("forms", "currency", "code"),
    [
        ((1, 1), "USD", None),
        ((2, 2), "EUR", None),
        ((0, 0), "VND", None),
        ((1, 2), "VND", "shown-in-currencies"),
        ((3, 0), "VND", "shown-as-percentages"),
    ],
)
def test_number_formats_say_the_currency_and_percentages(
    forms: tuple[int, int], currency: str, code: str | None, tmp_path: Path
) -> None:
    rows = (HEADER, ("u1", "2026-01-05", None, 100.0), ("u2", "2026-01-05", None, 100.0))
    (tmp_path / "paid_users.xlsb").write_bytes(workbook(sheet(rows, forms=(0, *forms))))
    folder = fc.open_folder(tmp_path)
    report = folder.report(month="2026-01").report
    assert (report.spec.currency, figures(report)["closing_mrr_amount", None, "2026-01"][0]) == (currency, 200)
    assert [fault.code for fault in folder.check().problems] == ([code] if code else [])


def test_errors_are_no_empty_cells_and_marks_of_a_sheet_are_its_own(tmp_path: Path) -> None:
    part = sheet((HEADER, ("u1", "2026-01-05", in_error(2, 0x2A), 100.0)))
    whole = workbook(sheet((("note",),), hidden=(0,)) + merged(1, 2, 0), part)
    (tmp_path / "paid_users.xlsb").write_bytes(whole)
    assert [(p.code, p.line, p.column) for p in fc.open_folder(tmp_path).check().problems] == [
        ("no-end-value", 2, "ended_at")
    ]
    first, second = marks_of(whole, "S1"), marks_of(whole, "S2")
    assert (first.hidden, first.errors, first.merged) == (frozenset({1}), (), (((1, 0), (2, 0)),))
    assert (second.hidden, second.errors, second.merged) == (frozenset(), ((2, 3, "#N/A"),), ())


def test_marks_of_damaged_parts_are_none_or_some() -> None:
    """Bytes changed and cut anywhere in the sheet: no error, whatever they lead to."""
    part, draw = sheet((HEADER, FIRST), forms=(0, 1), hidden=(1,)) + merged(1, 2, 2), random.Random(8)
    for _ in range(300):
        spoilt = bytearray(part[: draw.randrange(1, len(part))] if draw.random() < 0.3 else part)
        for _ in range(draw.randrange(1, 6)):
            spoilt[draw.randrange(len(spoilt))] = draw.choice((0, 1, 0x7F, 0xFE, 0xFF))
        assert len(marks_of(workbook(bytes(spoilt)), "S1").hidden_columns) <= 16_385
