"""Statuses of more than one word, and of more than one meaning: who pays, who is lost, and what came about."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

import funnelcli as fc
from funnelcli.answers.report_model import Report
from support import figures, report_of


def paid(folder: Path, rows: str) -> Report:
    """The report of January to March over one file of paid users."""
    (folder / "paid_users.csv").write_text(rows, encoding="utf-8")
    return report_of(folder, first="2026-01", last="2026-03", as_of="2026-03-31")


def months(report: Report, key: str) -> list[float | None]:
    known = figures(report)
    return [known[key, None, period.key][0] for period in report.spec.periods]


def codes(folder: Path) -> list[tuple[str, int | None]]:
    return [(problem.code, problem.line) for problem in fc.open_folder(folder).check().problems]


def test_a_won_deal_has_no_word_but_won(tmp_path: Path) -> None:
    """Of five deals one is won, one lost; of three nobody knows, so that they do not count, and it is said."""
    rows = "Associated Contact IDs,Close Date,Deal Stage\n1,2026-01-10,Closed Won\n2,2026-01-15,Won (cancelled)\n"
    report = paid(tmp_path, rows + "3,2026-01-16,Closed Lost\n4,2026-02-22,Not won\n5,2026-02-23,Closed\n")
    assert months(report, "new_paid_users") == [1, 0, 0]
    unknown = "status-not-known"
    assert codes(tmp_path) == [(unknown, 3), ("not-paying", 4), (unknown, 5), (unknown, 6)]


def test_a_won_deal_counts_from_the_day_it_was_won(tmp_path: Path) -> None:
    """a was created in December and won in January; b is open, and has no such day."""
    rows = "email,Created date,Won date,Status\na@x.vn,2025-12-01,2026-01-10,Won\nb@x.vn,2026-01-05,,Open\n"
    assert months(paid(tmp_path, rows), "new_paid_users") == [1, 0, 0]


def test_who_is_lost_on_a_day_was_a_customer_where_nothing_is_won(tmp_path: Path) -> None:
    """b paid from 12 January to 20 March; as_of follows that end, since the status says that it has happened."""
    rows = "user_id,started_at,ended_at,status\na,2026-01-10,,active\nb,2026-01-12,2026-03-20,lost\n"
    (tmp_path / "paid_users.csv").write_text(rows, encoding="utf-8")
    report = report_of(tmp_path, first="2026-01", last="2026-03")
    assert months(report, "new_paid_users") == [2, 0, 0]
    assert months(report, "churned_paid_users") == [0, 0, 1]
    assert months(report, "closing_paid_users") == [2, 2, 1]
    assert codes(tmp_path) == []
    # A deal that is lost is none, whatever stands in the column of ends.
    report = paid(tmp_path, rows + "c,2026-01-13,,won\n")
    assert months(report, "new_paid_users") == [2, 0, 0]
    assert months(report, "closing_paid_users") == [2, 2, 2]


def test_a_demo_is_denied_by_what_says_that_it_did_not_come_about(tmp_path: Path) -> None:
    """Of seven demos with a date two were not held; what says neither is told, and the date holds: 5 of 7."""
    words = [
        "Held",
        "Not cancelled",
        "never cancelled",
        "Uncancelled",
        "Not interested",
        "Did not attend",
        "Chưa diễn ra",
    ]
    rows = [f"u{n},2026-01-05,2026-01-{10 + n},{word}" for n, word in enumerate(words)]
    (tmp_path / "demos.csv").write_text("\n".join(["user_id,booked_at,held_at,status", *rows]), encoding="utf-8")
    known = figures(report_of(tmp_path, first="2026-01", last="2026-01", as_of="2026-01-31"))
    assert known["cumulative_demos_held", None, "2026-01"][0] == 5
    assert codes(tmp_path) == [*(("unknown-status", line) for line in (3, 4, 5, 6)), ("held-after-bookings", None)]


@pytest.mark.parametrize(
    ("header", "status", "as_of"),
    [
        ("ended_at", "expired", date(2026, 3, 20)),
        ("ended_at", "cancelled", date(2026, 2, 1)),  # the contract may run up to that day
        ("Cancelled on", "cancelled", date(2026, 3, 20)),  # on which it was cancelled
        ("Ngày hủy", "Đã hủy", date(2026, 3, 20)),
    ],
)
def test_what_was_cancelled_on_a_day_has_happened(tmp_path: Path, header: str, status: str, as_of: date) -> None:
    rows = f"user_id,started_at,status,{header}\na,2026-01-10,active,\nb,2026-01-12,{status},2026-03-20\n"
    (tmp_path / "paid_users.csv").write_text(rows + "c,2026-02-01,active,\n", encoding="utf-8")
    (tmp_path / "funnel.toml").write_text(f'[inputs.paid_users.columns]\nended_at = "{header}"\n', encoding="utf-8")
    assert report_of(tmp_path).spec.as_of == as_of
