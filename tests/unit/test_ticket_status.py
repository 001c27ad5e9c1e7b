"""What a status says of tickets: of those without a day on which they were solved, and against such days."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from support import in_month, said_of, write_folder

OPEN, OPENED = "open_tickets", "opened_tickets"


def tickets(folder: Path, header: str, rows: Sequence[str], config: str = "") -> Path:
    lines = "\n".join(f"{n},u{n},{row}" for n, row in enumerate(rows))
    return write_folder(folder, {"tickets.csv": f"ticket_id,user_id,opened_at,{header}\n{lines}\n"}, config)


@pytest.mark.parametrize(
    ("words", "still_open"),
    [
        (("Open", "Pending", "Solved", "Closed"), 2),
        (("Đang xử lý", "Chờ khách", "Đã xử lý", "Hoàn thành"), 2),
        (("MOI", "chua xu ly", "da dong", "xong"), 2),
        (("new", "Waiting on customer", "On-hold", "Re-opened"), 4),
        (("unresolved", "not solved", "resolved", "Merged"), 2),
    ],
)
def test_a_status_tells_where_no_day_does(words: Sequence[str], still_open: int, tmp_path: Path) -> None:
    """At the end; the month before it cannot be told, since who is solved now may have been open then."""
    rows = [f"2026-01-1{n},{word}" for n, word in enumerate(words)]
    tickets(tmp_path, "status", [*rows, "2026-02-10,open"])
    assert in_month(tmp_path, "2026-02", OPEN, OPENED) == [still_open + 1, 1]
    known = in_month(tmp_path, "2026-01", OPEN)
    assert known == [still_open if still_open == 4 else None]
    solved = {("solved-undated", "resolved_at")} if still_open < 4 else set()
    assert said_of(tmp_path).keys() == solved


def test_without_a_day_solved_is_neither_open_nor_in_how_long_it_takes(tmp_path: Path) -> None:
    """One of two days and one of four; the third is solved, nobody knows when, and the fourth is open for 20 days."""
    rows = (
        "2026-01-11,2026-01-13,Closed", "2026-01-11,2026-01-15,Closed", "2026-01-11,,Closed", "2026-01-11,,Open"
    )  # fmt: skip
    tickets(tmp_path, "resolved_at,status", rows)
    assert in_month(tmp_path, "2026-01", OPEN, as_of="2026-01-31") == [1]
    # Of three, one by day 2 and two by day 4: half of them by then.
    assert in_month(tmp_path, "2026-01", "resolution_days", as_of="2026-01-31") == [4]
    assert said_of(tmp_path).keys() == {("solved-undated", "resolved_at")}
    # Before the last day that the file tells of it may have been open.
    assert in_month(tmp_path, "2026-01", OPEN, as_of="2026-01-14") == [None]


def test_a_status_that_nobody_knows_says_nothing(tmp_path: Path) -> None:
    tickets(tmp_path, "status", ("2026-01-11,Xanh", "2026-01-12,Open"))
    assert in_month(tmp_path, "2026-01", OPEN, OPENED) == [None, 2]
    step = said_of(tmp_path)["ticket-status-not-known", "status"][1]
    assert step == "Say what it means: [inputs.tickets.status] solved = ['Xanh'] (or open)."
    config = "[inputs.tickets.status]\nopen = ['xanh']\n"
    tickets(tmp_path, "status", ("2026-01-11,Xanh", "2026-01-12,Open"), config)
    assert (in_month(tmp_path, "2026-01", OPEN), said_of(tmp_path)) == ([2], {})


def test_solved_by_its_day_and_open_by_its_status(tmp_path: Path) -> None:
    tickets(tmp_path, "resolved_at,status", ("2026-01-11,2026-01-13,Open", "2026-01-12,,Open"))
    assert in_month(tmp_path, "2026-01", OPEN) == [1]
    assert said_of(tmp_path).keys() == {("solved-and-open", "status")}
