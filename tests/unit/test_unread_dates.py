"""Columns that are not read and may say when people began to pay, or left: dates, however they are written.

Each is named with the setting that decides, and the setting gives the figures that are worked by hand here.
"""

from __future__ import annotations

from pathlib import Path

import pytest

import funnelcli as fc
from support import figures, report_of


def unread(folder: Path) -> dict[str, tuple[str, str]]:
    """By the column that is named: what is said of it, and the next step."""
    problems = fc.open_folder(folder).check().problems
    return {p.column or "": (p.message, p.hint) for p in problems if p.code == "unread-column"}


def codes(folder: Path) -> set[str]:
    return {problem.code for problem in fc.open_folder(folder).check().problems}


def lasting(folder: Path, header: str, rows: list[str], config: str = "") -> None:
    """A folder of one file of four paid users; each row is what stands after the id."""
    text = "\n".join([header, *(f"u{n},{row}" for n, row in enumerate(rows))])
    (folder / "paid_users.csv").write_text(text + "\n", encoding="utf-8")
    (folder / "funnel.toml").write_text(config, encoding="utf-8")


@pytest.mark.parametrize(
    ("left", "still"),
    [
        ("2026-02-10", "still active"),  # a date among words
        ("2026-02", ""),
        ("Feb 2026", ""),
        ("1770681600", ""),  # seconds since 1970: 10 February 2026
        ("1770681600000", ""),
        ("46063", ""),  # days since 1900
        ("2026年2月10日", ""),
        ("Tue Feb 10 2026", ""),
    ],
)
def test_days_of_leaving_are_known_however_written(tmp_path: Path, left: str, still: str) -> None:
    """Of four customers u1 has left in February: named first, with the settings that then say so."""
    rows = [f"2026-01-0{n + 2},{left if n == 1 else still}" for n in range(4)]
    lasting(tmp_path, "user_id,started_at,Gone by", rows)
    why, step = unread(tmp_path)["Gone by"]
    assert why.endswith("it holds dates beside the start: with no end known, losses are missing")
    assert "[inputs.paid_users.columns] ended_at = 'Gone by'" in step
    assert ("empty = ['still active']" in step) is bool(still)
    known = figures(report_of(tmp_path, first="2026-02", last="2026-02", as_of="2026-03-31"))
    assert known["churned_paid_users", None, "2026-02"][0] is None  # and not 0
    config = "[inputs.paid_users]\nempty = ['still active']\n[inputs.paid_users.columns]\nended_at = 'Gone by'\n"
    lasting(tmp_path, "user_id,started_at,Gone by", rows, config)
    known = figures(report_of(tmp_path, first="2026-02", last="2026-02", as_of="2026-03-31"))
    assert [known[key, None, "2026-02"][0] for key in ("churned_paid_users", "closing_paid_users")] == [1, 3]
    assert codes(tmp_path) == set()


def test_days_like_those_of_trials_are_asked_about_beside_known_ends(tmp_path: Path) -> None:
    """Three start 14 days before; u1 left on day 13 and never paid: January has u0, February u2 and u3."""
    rows = ["2026-01-02,,2026-01-16", "2026-01-05,2026-01-18,2026-01-19", "2026-01-25,,2026-02-08", "2026-02-20,,"]
    header = "user_id,started_at,ended_at,Testphase bis"
    lasting(tmp_path, header, rows)
    why, step = unread(tmp_path)["Testphase bis"]
    assert "it holds days that mostly lie as long after the start (3), as the ends of trials do" in why
    assert "[inputs.paid_users.columns] trial_ends_at = 'Testphase bis'" in step
    lasting(tmp_path, header, rows, "[inputs.paid_users.columns]\ntrial_ends_at = 'Testphase bis'\n")
    known = figures(report_of(tmp_path, first="2026-01", last="2026-02", as_of="2026-03-31"))
    assert [known["new_paid_users", None, month][0] for month in ("2026-01", "2026-02")] == [1, 2]
    # A month later is when the next bill is due, and different days are of anything.
    for days in (["2026-02-02", "2026-02-05", "2026-02-25", ""], ["2026-01-04", "2026-01-19", "2026-02-03", ""]):
        others = [f"{row.rsplit(',', 1)[0]},{day}" for row, day in zip(rows, days, strict=True)]
        lasting(tmp_path, header, others)
        assert unread(tmp_path) == {}


def test_other_ends_beside_known_ends_are_named(tmp_path: Path) -> None:
    """u0 left on 9 February by a column nobody knows, u1 on 20 February: 2 of 4 by then."""
    rows = ["2026-01-10,,2026-02-09", "2026-01-12,2026-02-20,", "2026-03-01,,", "2026-01-01,,"]
    lasting(tmp_path, "user_id,started_at,ended_at,baja", rows)
    why, step = unread(tmp_path)["baja"]
    assert "it holds dates on which customers may have left, beside the ends that are read" in why
    assert "[inputs.paid_users.earliest] ended_at = ['baja']" in step
    lasting(tmp_path, "user_id,started_at,ended_at,baja", rows, "[inputs.paid_users.earliest]\nended_at = ['baja']\n")
    known = figures(report_of(tmp_path, first="2026-02", last="2026-02", as_of="2026-03-31"))
    assert [known[key, None, "2026-02"][0] for key in ("churned_paid_users", "closing_paid_users")] == [2, 1]


def test_deals_start_when_they_are_won_and_others_need_no_start(tmp_path: Path) -> None:
    """u0 is won in February, u3 in March; the lost and the open deal have no such day, and count for nothing."""
    rows = ["won,2026-01-02,2026-02-03", "lost,2026-01-03,", "open,2026-01-04,", "won,2026-01-05,2026-03-03"]
    header = "user_id,Status,Created at,Won on"
    lasting(tmp_path, header, rows)
    why, step = unread(tmp_path)["Won on"]
    assert "2 after the start that is read, 0 empty" in why
    assert "[inputs.paid_users.columns] started_at = 'Won on'" in step
    lasting(tmp_path, header, rows, "[inputs.paid_users.columns]\nstarted_at = 'Won on'\n")
    known = figures(report_of(tmp_path, first="2026-01", last="2026-03", as_of="2026-03-31"))
    assert [known["new_paid_users", None, month][0] for month in ("2026-01", "2026-02", "2026-03")] == [0, 1, 1]
    checked = fc.open_folder(tmp_path).check()
    assert [(problem.code, problem.line) for problem in checked.problems] == [("not-paying", 3), ("not-paying", 4)]
    # Of a deal that is won the day must be known.
    lasting(tmp_path, header, [*rows, "won,2026-01-06,"], "[inputs.paid_users.columns]\nstarted_at = 'Won on'\n")
    assert ("empty-cell", 6) in [(problem.code, problem.line) for problem in fc.open_folder(tmp_path).check().problems]


def test_a_column_that_is_unmapped_is_not_asked_about(tmp_path: Path) -> None:
    rows = [f"2026-01-0{n + 2},active,2026-02-0{n + 2}" for n in range(4)]
    lasting(tmp_path, "user_id,started_at,status,valid_until", rows, "[inputs.paid_users.columns]\nended_at = false\n")
    assert unread(tmp_path) == {}
