"""Sheets of a workbook are read side by side, of one that is held by all: it allows but one reader at a time."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

from openpyxl import Workbook as Writer
from python_calamine import CalamineWorkbook

from funnelcli.reading.held import Held
from funnelcli.reading.workbook import Workbook

SHEETS = tuple(f"sheet {n}" for n in range(4))


def write(path: Path) -> Path:
    book = Writer()
    book.remove(book.active)
    for name in SHEETS:
        sheet = book.create_sheet(name)
        for line in range(300):
            sheet.append([name, line, "x" * 20])
    book.save(path)
    return path


def test_every_sheet_is_itself_however_many_are_taken_at_once(tmp_path: Path) -> None:
    book = Workbook(CalamineWorkbook.from_path(str(write(tmp_path / "visitors.xlsx"))))

    def first_and_length(name: str) -> tuple[object, int]:
        rows = book.get_sheet_by_name(name).to_python()
        return rows[0][0], len(rows)

    wanted = [*SHEETS] * 30
    with ThreadPoolExecutor(4) as pool:
        assert [*pool.map(first_and_length, wanted)] == [(name, 300) for name in wanted]


def test_what_is_held_is_made_once_for_all_who_ask_at_once() -> None:
    held, made = Held(), list[str]()

    def ask(key: str) -> str | None:
        return held.known(key, 10, lambda: made.append(key) or key)  # type: ignore[func-returns-value]

    with ThreadPoolExecutor(4) as pool:
        assert [*pool.map(ask, ["a", "b"] * 50)] == ["a", "b"] * 50
    assert sorted(made) == ["a", "b"]


def test_the_latest_is_what_was_asked_for_also_beside_others() -> None:
    held = Held()
    with ThreadPoolExecutor(4) as pool:
        asked = ["a", "b", "c"] * 100
        assert [*pool.map(lambda key: held.latest(key, lambda: key), asked)] == asked
