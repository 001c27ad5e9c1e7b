"""Workbooks of the old format (.xls): small files that claim to be large, or that lead in circles.

They are written here byte by byte: a compound file of one stream, which holds the records of a workbook.
"""

from __future__ import annotations

import struct
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest

import funnelcli as fc
from funnelcli.reading import bounds

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


def sheet(cells: Sequence[Cell], extent: tuple[int, int] | None = None) -> bytes:
    """The records of a sheet; ``extent`` is how far it claims to reach."""
    claimed = record(0x200, struct.pack("<IIHHH", 0, extent[0], 0, extent[1], 0)) if extent else b""
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
