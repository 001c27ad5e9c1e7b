"""Workbooks of the old format (.xls): small files that claim to be large, or that lead in circles.

They are written here byte by byte: a compound file of one stream, which holds the records of a workbook.
"""

from __future__ import annotations

import random
import struct
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

import funnelcli as fc
from funnelcli.reading import bounds
from funnelcli.reading.xls_marks import old_marks
from support import figures

SECTOR = 512
FREE, END, IN_FAT = 0xFFFFFFFF, 0xFFFFFFFE, 0xFFFFFFFD
Cell = tuple[int, int, str]
TABLE: tuple[Cell, ...] = (
    (0, 0, "user_id"), (0, 1, "signed_up_at"), (1, 0, "u1"), (1, 1, "2026-01-05"), (2, 0, "u2"), (2, 1, "2026-01-06"),
)  # fmt: skip


def record(kind: int, data: bytes = b"") -> bytes:
    return struct.pack("<HH", kind, len(data)) + data


def text(value: str, *, size: str = "<H") -> bytes:
    return struct.pack(size, len(value)) + b"\0" + value.encode("latin-1")


def sheet(cells: Sequence[Cell], extent: tuple[int, int] | None = None, more: bytes = b"") -> bytes:
    """The records of a sheet; ``extent`` is how far it claims to reach, ``more`` are further records."""
    claimed = record(0x200, struct.pack("<IIHHH", 0, extent[0], 0, extent[1], 0)) if extent else b""
    claimed += more
    labels = b"".join(record(0x204, struct.pack("<HHH", row, column, 0) + text(value)) for row, column, value in cells)
    return record(0x809, struct.pack("<HHHHII", 0x600, 0x10, 0, 0, 0, 0)) + claimed + labels + record(0x0A)


def stream(sheets: Sequence[bytes], before: bytes = b"") -> bytes:
    """The records of a workbook: its sheets, and ``before`` them what stands among its globals."""
    begin, end = record(0x809, struct.pack("<HHHHII", 0x600, 5, 0, 0, 0, 0)), record(0x0A)
    names = [text(f"S{number}", size="<B") for number in range(len(sheets))]
    at = len(begin) + sum(4 + 6 + len(name) for name in names) + len(before) + len(end)
    bounds_of = b""
    for name, records in zip(names, sheets, strict=True):
        bounds_of += record(0x85, struct.pack("<IBB", at, 0, 0) + name)
        at += len(records)
    return begin + bounds_of + before + end + b"".join(sheets)


def compound(content: bytes, *, circle: int | None = None, start: int = 0) -> bytes:
    """A compound file with one stream; ``circle`` is the sector of it that is followed by itself."""
    content = content.ljust(max(4096, -(-len(content) // SECTOR) * SECTOR), b"\0")
    sectors = len(content) // SECTOR
    fat = [*range(1, sectors), END, END, IN_FAT]  # the stream, the directory, the table itself
    if circle is not None:
        fat[circle] = circle
    fat += [FREE] * (SECTOR // 4 - len(fat))
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, sectors, 0, 4096, END, 0, END, 0)
    header += struct.pack("<I", sectors + 1) + struct.pack("<I", FREE) * 108
    directory = entry("Root Entry", 5, END, 0, child=1) + entry("Workbook", 2, start, len(content)) + bytes(256)
    return header + content + directory + struct.pack(f"<{SECTOR // 4}I", *fat)


def entry(name: str, kind: int, first: int, size: int, child: int = FREE) -> bytes:
    letters = (name + "\0").encode("utf-16-le")
    tree = struct.pack("<HBBIII", len(letters), kind, 1, FREE, FREE, child)
    return letters.ljust(64, b"\0") + tree + bytes(36) + struct.pack("<IQ", first, size)


def faults(folder: Path, data: bytes) -> list[tuple[str, str]]:
    (folder / "signups.xls").write_bytes(data)
    return [
        (fault.code, fault.message) for fault in fc.open_folder(folder).check().problems if fault.file == "signups.xls"
    ]


def test_such_a_file_is_read(tmp_path: Path) -> None:
    assert faults(tmp_path, compound(stream([sheet(TABLE)]))) == []
    report = fc.open_folder(tmp_path).report(start="2026-01", end="2026-01", as_of="2026-01-31")
    assert report.values("new_signups")["2026-01"].value == 2


def claims() -> Iterator[tuple[str, bytes]]:
    """Files that claim, in a few kilobytes, to be too large."""
    corner = ((65_535, 255, "x"),)
    yield "each-of-seven-sheets", compound(stream([sheet(TABLE), *[sheet(corner)] * 6]))
    yield "a-cell-in-column-65535", compound(stream([sheet((*TABLE, (65_535, 65_535, "x")))]))


@pytest.mark.parametrize("data", dict(claims()).values(), ids=dict(claims()))
def test_cells_too_far_off_are_refused(data: bytes, tmp_path: Path) -> None:
    assert len(data) < 8_000
    ((code, _),) = faults(tmp_path, data)
    assert code == "too-large"


def lies() -> Iterator[tuple[str, bytes]]:
    """Files that lie about how much there is; what there is of them is read."""
    millions = struct.pack("<II", 0x7FFFFFFF, 0x7FFFFFFF)
    yield "shared-texts", compound(stream([sheet(TABLE)], record(0xFC, millions)))
    whole = compound(stream([sheet(TABLE)]))
    yield "size-of-the-stream", whole.replace(struct.pack("<IQ", 0, 4096), struct.pack("<IQ", 0, 0xFFFFFFF0))


def damage() -> Iterator[tuple[str, bytes]]:
    """Files that lead in circles, beyond their end, or nowhere."""
    whole = compound(stream([sheet(TABLE)]))
    many = [cell for row in range(1, 301) for cell in ((row, 0, f"u{row}"), (row, 1, "2026-01-05"))]
    yield "a-chain-in-a-circle", compound(stream([sheet((*TABLE[:2], *many))]), circle=3)
    yield (
        "a-text-beyond-the-end",
        compound(stream([sheet(TABLE)], record(0xFC, struct.pack("<IIH", 1, 1, 0xFFFF) + b"\0x"))),
    )
    yield "a-stream-beyond-the-end", compound(stream([sheet(TABLE)]), start=0x00FFFFFF)
    yield "sectors-of-two-gigabytes", whole[:30] + struct.pack("<H", 31) + whole[32:]
    yield "only-a-signature", whole[:8]
    yield "cut-in-the-header", whole[:300]
    yield "cut-in-the-stream", whole[:2_000]
    yield "without-its-table", whole[:-512]


@pytest.mark.parametrize("data", dict(lies()).values(), ids=dict(lies()))
def test_what_is_only_claimed_is_not_waited_for(data: bytes, tmp_path: Path) -> None:
    assert {code for code, _ in faults(tmp_path, data)} <= {"broken-file", "too-large"}


@pytest.mark.parametrize("data", dict(damage()).values(), ids=dict(damage()))
def test_a_damaged_file_is_an_error_and_nothing_else(data: bytes, tmp_path: Path) -> None:
    ((code, _),) = faults(tmp_path, data)
    assert code in ("broken-file", "too-large", "empty-file")


def test_all_sheets_together_are_measured(tmp_path: Path) -> None:
    # 65,536 rows of 256 columns are 16,777,216 cells: one sheet is within 40 million, six are beyond 100 million.
    assert bounds.SHEET_CELLS > 65_536 * 256
    assert bounds.BOOK_CELLS in range(5 * 65_536 * 256, 6 * 65_536 * 256)
    ((code, message),) = faults(tmp_path, dict(claims())["each-of-seven-sheets"])
    assert (code, "100,000,000 cells in all its sheets" in message) == ("too-large", True)


# --- what stands beside the values -------------------------------------------------------------------------------

CHART = record(0x809, bytes(16)) + record(0x208, struct.pack("<HHHHHHI", 1, 0, 4, 255, 0, 0, 0x20)) + record(0x0A)
NEVER_ENDS: tuple[Cell, ...] = (
    (0, 0, "user_id"), (0, 1, "started_at"), (0, 2, "ended_at"), (1, 0, "u1"), (1, 1, "2026-01-05"), (2, 0, "u2"),
    (2, 1, "2026-01-06"), (3, 0, "u3"), (3, 1, "2026-01-07"),
)  # fmt: skip


def row(number: int, *, hidden: bool) -> bytes:
    return record(0x208, struct.pack("<HHHHHHI", number, 0, 4, 255, 0, 0, 0x120 if hidden else 0x100))


def marked() -> bytes:
    """A workbook whose second and third rows, and second column, are hidden; the row of u3 is struck out."""
    fonts = b"".join(record(0x31, struct.pack("<HH", 200, flags) + bytes(12)) for flags in (0, 0, 0, 0, 0x08, 0))
    formats = b"".join(record(0xE0, struct.pack("<H", font) + bytes(18)) for font in (0, 5, 6))
    rows = b"".join(row(number, hidden=number in (1, 2)) for number in range(4))
    columns = record(0x7D, struct.pack("<HHHHH", 1, 1, 2560, 0, 1)) + record(0x9B)
    gone = record(0x205, struct.pack("<HHHBB", 1, 2, 0, 0x2A, 1))  # #N/A, as an error cell
    broken = record(0x06, struct.pack("<HHHBBBBBBHHIH", 2, 2, 0, 2, 0, 0x17, 0, 0, 0, 0xFFFF, 0, 0, 0))  # =#REF!
    is_true = record(0x205, struct.pack("<HHHBB", 3, 2, 1, 1, 0))  # no error, though of the same kind, struck out
    first = sheet(((0, 0, "note"),), more=b"".join(row(number, hidden=True) for number in range(9)))
    return stream([first, sheet(NEVER_ENDS, more=columns + rows + CHART + gone + broken + is_true)], fonts + formats)


def small(content: bytes) -> bytes:
    """A compound file whose stream is short, and therefore lies in sectors of 64 bytes within another stream."""
    content = content.ljust(-(-len(content) // 64) * 64, b"\0")
    assert len(content) < 4096
    held = content.ljust(-(-len(content) // SECTOR) * SECTOR, b"\0")
    number = len(content) // 64
    chain = struct.pack(f"<{SECTOR // 4}I", *range(1, number), END, *[FREE] * (SECTOR // 4 - number))
    sectors = len(held) // SECTOR
    fat = [*range(1, sectors), END, END, END, IN_FAT]  # the short streams, their table, the directory, the table
    header = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(16) + struct.pack("<HHHHH6x", 0x3E, 3, 0xFFFE, 9, 6)
    header += struct.pack("<IIIIIIIII", 0, 1, sectors + 1, 0, 4096, sectors, 1, END, 0)
    header += struct.pack("<I", sectors + 2) + struct.pack("<I", FREE) * 108
    directory = entry("Root Entry", 5, 0, len(held), child=1) + entry("Workbook", 2, 0, len(content)) + bytes(256)
    return header + held + chain + directory + struct.pack(f"<{SECTOR // 4}I", *fat, *[FREE] * (SECTOR // 4 - len(fat)))


@pytest.mark.parametrize("file", [compound, small], ids=["as-usual", "short"])
def test_what_is_hidden_struck_out_or_in_error_is_named(file: Callable[[bytes], bytes], tmp_path: Path) -> None:
    """u1 and u2 have an error in the place of their end, which was an empty cell: both would still pay."""
    (tmp_path / "paid_users.xls").write_bytes(file(marked()))
    said = [(p.code, p.line, p.column) for p in fc.open_folder(tmp_path).check().problems]
    assert said == [
        ("no-end-value", 2, "ended_at"),
        ("no-end-value", 3, "ended_at"),
        ("no-end-value", 4, "ended_at"),  # TRUE
        ("hidden-columns", None, None),
        ("hidden-rows", 2, None),
        ("hidden-rows", 4, None),
    ]


def test_marks_of_a_sheet_are_its_own() -> None:
    whole = compound(marked())
    first, second = old_marks(whole, "S0"), old_marks(whole, "S1")
    assert (len(first.hidden), first.errors, first.filtered) == (9, [], False)
    assert (second.hidden, second.struck, second.hidden_columns, second.filtered) == ({2, 3}, {4}, {2}, True)
    assert second.errors == [(2, 3, "#N/A"), (3, 3, "#REF!")]
    assert old_marks(whole, "").hidden == first.hidden
    assert old_marks(whole, "S2").hidden == set()


def test_marks_of_damaged_workbooks_are_none_or_some() -> None:
    """Bytes changed and cut anywhere: no error, whatever they lead to, and at most the rows of a sheet."""
    whole, draw = compound(marked()), random.Random(8)
    for _ in range(400):
        spoilt = bytearray(whole[: draw.randrange(1, len(whole))] if draw.random() < 0.3 else whole)
        for _ in range(draw.randrange(1, 6)):
            spoilt[draw.randrange(len(spoilt))] = draw.choice((0, 1, 0x7F, 0xFE, 0xFF))
        assert len(old_marks(bytes(spoilt), "S1").hidden) <= 65_536


# --- number formats ------------------------------------------------------------------------------------------------


def dressed(*numbers: bytes) -> bytes:
    """A workbook of customers whose MRR are these records; its formats: plain, in dollars, in euros, percentages."""
    dollars = struct.pack("<HHB", 8, 7, 0) + b'0 "USD"'
    euros = struct.pack("<HHB", 200, 10, 1) + "[$€-407] 0".encode("utf-16-le")
    written = record(0x41E, dollars) + record(0x41E, euros)
    formats = b"".join(record(0xE0, struct.pack("<HH", 0, how) + bytes(16)) for how in (0, 8, 200, 10))
    cells = [(0, place, name) for place, name in enumerate(("user_id", "started_at", "ended_at", "mrr"))]
    for line in range(1, len(numbers) + 1):
        cells += [(line, 0, f"u{line}"), (line, 1, "2026-01-05")]
    return compound(stream([sheet(cells, more=b"".join(numbers))], written + formats))


def real(line: int, value: float, form: int) -> bytes:
    return record(0x203, struct.pack("<HHHd", line, 3, form, value))


def short(line: int, value: int, form: int) -> bytes:
    return record(0x27E, struct.pack("<HHHI", line, 3, form, value << 2 | 2))


def several(line: int, value: int, form: int) -> bytes:
    """Two numbers in one record, of which the second is beyond the table."""
    return record(0xBD, struct.pack("<HHHIHIH", line, 3, form, value << 2 | 2, 0, 2, 4))


def reckoned(line: int, value: float, form: int) -> bytes:
    return record(0x06, struct.pack("<HHHdHIH", line, 3, form, value, 0, 0, 0))


@pytest.mark.parametrize("how", [real, short, several, reckoned])
@pytest.mark.parametrize(
    ("forms", "currency", "code"),
    [
        ((1, 1), "USD", None),
        ((2, 2), "EUR", None),
        ((0, 0), "VND", None),
        ((1, 0), "VND", None),
        ((1, 2), "VND", "shown-in-currencies"),
        ((3, 0), "VND", "shown-as-percentages"),
    ],
)
def test_number_formats_say_the_currency_and_percentages(
    how: Callable[[int, int, int], bytes], forms: Sequence[int], currency: str, code: str | None, tmp_path: Path
) -> None:
    data = dressed(*(how(line, 100, form) for line, form in enumerate(forms, 1)))
    (tmp_path / "paid_users.xls").write_bytes(data)
    folder = fc.open_folder(tmp_path)
    report = folder.report(month="2026-01").report
    assert (report.spec.currency, figures(report)["closing_mrr_amount", None, "2026-01"][0]) == (currency, 200)
    assert [fault.code for fault in folder.check().problems] == ([code] if code else [])
