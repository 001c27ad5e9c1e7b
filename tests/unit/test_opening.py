"""Balances from before the exports begin, worked by hand: what [opening] gives beyond what the exports show."""

from __future__ import annotations

from pathlib import Path

import pytest

import funnelcli as fc

# At the start of February the exports show b alone: a was lost on the last day of January, c comes on 1 February.
PAID = "user_id,started_at,ended_at,mrr\na,2026-01-05,2026-01-31,10\nb,2026-01-31,,20\nc,2026-02-01,2026-02-28,40\n"


def report_of(place: Path, opening: str) -> fc.ReportResult:
    (place / "paid_users.csv").write_text(PAID, encoding="utf-8")
    settings = f'[business]\ncurrency = "USD"\n[opening]\nmonth = "2026-02"\n{opening}\n'
    (place / "funnel.toml").write_text(settings, encoding="utf-8")
    return fc.open_folder(place).report(start="2026-01", end="2026-03", as_of="2026-03-31")


def figures(report: fc.ReportResult, metric: str) -> list[float | None]:
    return [value.value for key, value in report.values(metric).items() if key != "total"]


def test_what_it_gives_beyond_the_exports_lifts_every_later_balance(tmp_path: Path) -> None:
    report = report_of(tmp_path, "paid_users = 5\nmrr = 100")
    # 5 less the 1 that is shown: 4 more.  January lies before it.  February: 5 + 1 - 1; March: nothing happens.
    assert figures(report, "opening_paid_users") == [None, 5, 5]
    assert figures(report, "closing_paid_users") == [None, 5, 5]
    # 100 less b's 20: 80 more.  c's 40 are gone again by the end of February.
    assert figures(report, "closing_mrr_amount") == [None, 100, 100]
    reason = report.values("opening_paid_users")["2026-01"].missing
    assert reason is not None
    assert reason.reason.en == "[opening] gives the balance only from 2026-02 on"


def test_the_rows_behind_it_are_those_shown_and_the_settings(tmp_path: Path) -> None:
    rows = report_of(tmp_path, "paid_users = 5").explain("opening_paid_users", month="2026-03").rows
    places = [(row.file, row.line, row.amount) for row in rows]
    assert places == [("funnel.toml [opening] paid_users", None, 4), ("paid_users.csv", 3, 1)]


def test_the_very_balance_that_the_exports_show_adds_nothing(tmp_path: Path) -> None:
    assert figures(report_of(tmp_path, "paid_users = 1\nmrr = 20"), "closing_paid_users") == [None, 1, 1]


@pytest.mark.parametrize("opening", ["paid_users = 0", "mrr = 19.99"])
def test_less_than_the_exports_show_is_refused(opening: str, tmp_path: Path) -> None:
    with pytest.raises(fc.ConfigError, match="already show"):
        report_of(tmp_path, opening)


def test_money_that_it_does_not_give_is_missing_where_it_gives_customers(tmp_path: Path) -> None:
    report = report_of(tmp_path, "paid_users = 5")
    assert figures(report, "closing_paid_users") == [None, 5, 5]
    assert figures(report, "closing_mrr_amount") == [None, None, None]


def test_its_parts_are_unknown(tmp_path: Path) -> None:
    report_of(tmp_path, "paid_users = 5")
    report = fc.open_folder(tmp_path).report(month="2026-03", by="channel", as_of="2026-03-31")
    assert report["opening_paid_users", "unknown"].to_dict() == {"2026-03": 5}
