"""Rows that are held while a file is loaded are those that are read from it anew, and so is what is said of them."""

from __future__ import annotations

import pickle
import tempfile
from itertools import islice
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from draws import tries
from funnelcli.config import InputSettings
from funnelcli.inputs import INPUTS
from funnelcli.problems import Problem, Problems
from funnelcli.reading import held as holding
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.discover import SourceFile
from funnelcli.reading.held import Held
from funnelcli.reading.opening import Opened, open_file
from funnelcli.reading.raw import read_raw
from funnelcli.reading.rows import Reading, Tally

HEADER = "user_id,signed_up_at,source"
LINES = (
    "u1,2026-01-05,google", "u2,06/01/2026 10:00,zalo", "u3,20260107,", "u4,,x", ",2026-01-08,x", "101,2026-01-09,a",
    HEADER, "", ",,", "# made by An", "#N/A,2026-01-07,zalo", "Total,,", "Grand total,12,", "Tổng cộng,2026-01-31,3",
    "1,250,3", 'u5,2026-01-10,"a, b"', 'u6,2026-01-11,"a\nb"', 'u7,2026-01-12,"a" b', 'u8,2026-01-13,"a',
    "u9,2026-01-14", "u10,2026-01-15,x,y", "u11,2026-01-16,x,", "1 record", "Exported by: An", "  ",
    "never,2026-01-17,x",
)  # fmt: skip
SETTINGS: tuple[dict[str, object], ...] = (
    {},
    {"empty": ["never"]},
    {"keep": {"source": ["g*", "x"]}},
    {"drop": {"source": "zalo"}},
)

Seen = tuple[list[tuple[int, list[str]]] | None, Tally, list[Problem]]


def seen(opened: Opened) -> Seen:
    """The rows (None: a fault), the tally and the problems of a file; after a fault, of the fault alone."""
    reading = Reading(opened=opened, problems=Problems())
    try:
        rows = list(reading.rows())
    except FileFault as fault:
        return None, Tally(input="", file=""), list(fault.problems)
    return rows, reading.tally, list(reading.problems)


def cells(opened: Opened) -> object:
    try:
        table = read_raw(opened)
    except FileFault as fault:
        return [problem.code for problem in fault.problems]
    columns = {name: list(column) for name, column in table.cells.items()}
    return table.lines.tolist(), columns, table.tally, list(table.problems)


@settings(max_examples=tries(300))
@given(st.lists(st.sampled_from(LINES), max_size=9), st.sampled_from(SETTINGS), st.integers(0, 9), st.booleans())
def test_held_rows_are_those_that_are_read(lines: list[str], said: dict[str, object], few: int, ended: bool) -> None:
    """Whoever looks first, at all rows or at a ``few``, and however often."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "signups.csv")
        path.write_text("\n".join([HEADER, "u0,2026-01-04,g", *lines]) + "\n" * ended, encoding="utf-8")
        rules = InputSettings.read(said)
        (anew,) = open_file(SourceFile("signups", path.name, path), INPUTS["signups"], rules)
        (held,) = open_file(SourceFile("signups", path.name, path, held=Held()), INPUTS["signups"], rules)
        expected = seen(anew)
        first = list(islice(Reading(opened=held, problems=Problems()).rows(), few)) if expected[0] is not None else []
        assert first == (expected[0] or [])[:few]
        assert [seen(held), seen(held)] == [expected, expected]
        assert cells(held) == cells(anew)
        assert held.file.held is not None
        held.file.held.drop()
        assert seen(held) == expected


def test_what_is_held_is_read_once_and_let_go_of(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "signups.csv"
    path.write_text(f"{HEADER}\nu1,2026-01-05,a\n", encoding="utf-8")
    (opened,) = open_file(SourceFile("signups", path.name, path, held=Held()), INPUTS["signups"], InputSettings())
    before = seen(opened)
    path.write_text(f"{HEADER}\nu2,2026-01-06,b\n", encoding="utf-8")
    assert seen(opened) == before  # not read again
    assert opened.file.held is not None
    assert seen(pickle.loads(pickle.dumps(opened)))[0] == [(2, ["u2", "2026-01-06", "b"])]  # elsewhere it is
    opened.file.held.drop()
    assert seen(opened)[0] == [(2, ["u2", "2026-01-06", "b"])]


def test_a_file_that_is_too_large_is_not_held(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(holding, "MOST_BYTES", 60)
    path = tmp_path / "signups.csv"
    path.write_text(f"{HEADER}\n" + "u1,2026-01-05,a\n" * 3, encoding="utf-8")
    (opened,) = open_file(SourceFile("signups", path.name, path, held=Held()), INPUTS["signups"], InputSettings())
    assert len(seen(opened)[0] or []) == 3
    path.write_text(f"{HEADER}\nu2,2026-01-06,b\n", encoding="utf-8")
    assert seen(opened)[0] == [(2, ["u2", "2026-01-06", "b"])]  # 28 + 16 = 44 bytes as it was opened with 76
