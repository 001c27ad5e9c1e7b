"""Small tables written by hand: how they are decoded, and which mark parts their cells."""

from __future__ import annotations

import pytest

from funnelcli.problems import UsageError
from funnelcli.reading.small import SmallRow, decoded, rows_of


@pytest.mark.parametrize(
    ("first_line", "cells"),
    [
        ("month,amount", ("month", "amount")),
        ("2027-01,800tr", ("2027-01", "800tr")),  # a comma between digits, but the only mark there is
        ("2027-01;1,200,000", ("2027-01", "1,200,000")),  # two commas group, one semicolon parts
        ("month;amount, VND", ("month", "amount, VND")),  # one each: the first parts
        ("metric,a|b", ("metric", "a|b")),
        ("metric\t2027-01\t2027-02", ("metric", "2027-01", "2027-02")),
        ("metric|x", ("metric", "x")),
        ("one", ("one",)),
        ('"a,b",c', ("a,b", "c")),
    ],
)
def test_the_mark_between_cells(first_line: str, cells: tuple[str, ...]) -> None:
    assert rows_of(f"{first_line}\n") == [SmallRow(line=1, cells=cells, text=first_line)]


def test_a_row_knows_its_line_and_its_words() -> None:
    assert rows_of('a,b\n\n"x\ny",1\nz,2\n') == [
        SmallRow(line=1, cells=("a", "b"), text="a,b"),
        SmallRow(line=2, cells=(), text=""),
        SmallRow(line=4, cells=("xy", "1"), text='y",1'),  # over two lines: the line it ends on
        SmallRow(line=5, cells=("z", "2"), text="z,2"),
    ]
    assert rows_of("") == []


def test_how_bytes_are_decoded() -> None:
    assert [decoded("tháng,1\n".encode(code), "t") for code in ("utf-8", "utf-8-sig", "utf-16")] == ["tháng,1\n"] * 3
    with pytest.raises(UsageError, match=r"^t\.csv: is not UTF-8 text \(byte 2\)\.$"):
        decoded("th\xe1ng".encode("latin-1"), "t.csv")
    with pytest.raises(UsageError, match=r"^t\.csv: is a workbook\.$"):
        decoded(b"PK\x03\x04", "t.csv")
