"""Workbooks read back cell by cell, kept as text; FUNNELCLI_UPDATE_GOLDEN=1 writes them anew, to be read."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from support import EXAMPLES, run_cli
from workbooks import told

HERE = Path(__file__).parent / "workbooks"
VN = EXAMPLES / "saas_vn"
GOAL = ("--mrr", "150tr", "--from", "2026-11", "--to", "2027-01")
PAST = ("--mrr", "120tr", "--from", "2026-07", "--to", "2026-12", "--as-of", "2026-06-30")
NOW = ("--as-of", "2026-10-12")
BOOKS: dict[str, tuple[str, ...]] = {
    "report.txt": ("report", "--last", "4", *NOW, "--targets"),
    "report-vi.txt": ("report", "--last", "2", "--by", "plan", "--lang", "vi"),
    "targets.txt": ("targets", *GOAL),
    "targets-vi.txt": ("targets", *GOAL, "--by", "team", "--lang", "vi"),
    "track.txt": ("track", *NOW, "--from", "2026-09", "--to", "2026-11", "--targets"),
}


@pytest.mark.parametrize("name", BOOKS)
def test_a_workbook_cell_by_cell(name: str, tmp_path: Path) -> None:
    command, *options = BOOKS[name]
    if options[-1] == "--targets":
        assert run_cli("targets", VN, *PAST, "-o", tmp_path / "targets.csv").returncode == 0
        options.append(str(tmp_path / "targets.csv"))
    done = run_cli(command, VN, *options, "-o", tmp_path / "book.xlsx")
    assert done.returncode == 0, done.stderr
    text = told((tmp_path / "book.xlsx").read_bytes(), without="Dữ liệu" if "vi" in options else "Data")
    if os.environ.get("FUNNELCLI_UPDATE_GOLDEN"):
        (HERE / name).write_text(text, encoding="utf-8", newline="\n")
    assert text == (HERE / name).read_text(encoding="utf-8")


def test_no_workbook_is_left_over() -> None:
    assert {path.name for path in HERE.iterdir()} == {*BOOKS}
