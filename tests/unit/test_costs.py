"""Costs: rows of money spent, dated by day or month, each of the channel that it names or of none."""

from __future__ import annotations

from pathlib import Path

import pytest

from funnelcli.answers.report_model import Report
from funnelcli.problems import InputError
from support import figures, folder_of, report_of

# Paid 6,000 + 2,000 - 400 = 7,600; affiliate 1,500; unassigned 1,000 + 500 + 3,000 = 4,500; together 13,600.
COSTS = """date,channel,team,amount
2026-03,google / cpc,marketing,6000
2026-03-10,facebook / paid,marketing,2000
2026-03-25,google / cpc,marketing,-400
2026-03,affiliate,affiliate,1500
2026-03,,marketing,1000
2026-03-20,billboard,marketing,500
2026-03,,customer_success,3000
"""
# April is there by a signup, and costs do not reach it.
SIGNUPS = "user_id,signed_up_at,source\na,2026-03-02,google / cpc\nb,2026-04-20,google / organic\n"
MONTHS = ("2026-03", "2026-04", "total")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "costs.csv").write_text(COSTS, encoding="utf-8")
    (tmp_path / "signups.csv").write_text(SIGNUPS, encoding="utf-8")
    return tmp_path


def report(folder: Path, **options: str) -> Report:
    return folder_of(folder).report(start="2026-03", end="2026-04", **options).report  # type: ignore[arg-type]


def costs(folder: Path, **options: str) -> dict[str | None, list[float | None]]:
    known = figures(report(folder, **options))
    parts = dict.fromkeys(part for key, part, _ in known if key == "actual_cost_amount")
    return {part: [known["actual_cost_amount", part, month][0] for month in MONTHS] for part in parts}


def test_costs_are_those_of_the_channel_that_they_name_and_of_none(folder: Path) -> None:
    assert {part: cells for part, cells in costs(folder, by="channel").items() if any(cells)} == {
        None: [13600, None, 13600],
        "paid": [7600, None, 7600],
        "affiliate": [1500, None, 1500],
        "unassigned": [4500, None, 4500],
    }


def test_costs_are_split_by_the_team_and_by_the_source_that_they_name(folder: Path) -> None:
    # Marketing 6,000 + 2,000 - 400 + 1,000 + 500 = 9,100.
    assert costs(folder, by="team") == {
        None: [13600, None, 13600],
        "marketing": [9100, None, 9100],
        "affiliate": [1500, None, 1500],
        "customer_success": [3000, None, 3000],
        "unassigned": [0, None, 0],
    }
    assert {part: cells[0] for part, cells in costs(folder, by="source").items() if cells[0]} == {
        None: 13600,
        "google / cpc": 5600,
        "facebook / paid": 2000,
        "affiliate": 1500,
        "billboard": 500,
        "unassigned": 4000,
    }


def test_a_figure_that_costs_are_not_split_by_is_missing(folder: Path) -> None:
    (folder / "paid_users.csv").write_text("user_id,started_at,plan\na,2026-03-05,Basic\n", encoding="utf-8")
    row = next(
        row for row in report(folder, by="plan").rows if row.metric.key == "actual_cost_amount" and row.part is not None
    )
    assert row.cells[0].missing is not None
    assert row.cells[0].missing.reason.of("en") == "costs are not split by plan"


@pytest.mark.parametrize("month", ["2026-03", "3/2026", "T3/2026", "Tháng 3/2026", "Mar-26", "202603"])
def test_a_month_is_written_in_many_ways(folder: Path, month: str) -> None:
    (folder / "costs.csv").write_text(f"Tháng;Chi phí\n{month};1.200\n", encoding="utf-8")
    assert costs(folder) == {None: [1200, None, 1200]}


def test_a_span_of_days_within_a_month_is_of_its_first_day(folder: Path) -> None:
    rows = "Từ ngày,Đến ngày,Chi phí\n2026-03-01,2026-03-31,70\n2026-04-10,2026-04-12,5\n"
    (folder / "costs.csv").write_text(rows, encoding="utf-8")
    assert costs(folder) == {None: [70, 5, 75]}


def test_amounts_are_added_up_in_whole_hundredths(folder: Path) -> None:
    # 0.105 and 0.115 are 0.10 and 0.12 (halves to the even hundredth), 1,234,567 micros are 1.23.
    (folder / "funnel.toml").write_text('[business]\ncurrency = "USD"\n', encoding="utf-8")
    (folder / "costs.csv").write_text("date,amount\n2026-03-01,0.105\n2026-03-02,0.115\n", encoding="utf-8")
    (folder / "spend.csv").write_text("date,cost_micros\n2026-04-01,1234567\n", encoding="utf-8")
    assert costs(folder) == {None: [0.22, 1.23, 1.45]}


def test_the_currency_is_that_of_the_costs_where_nothing_else_says_one(folder: Path) -> None:
    rows = "date,amount,currency\n2026-03-01,10.50,USD\n2026-03-02,1.50,USD\n2026-03-03,7,EUR\n"
    (folder / "costs.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(InputError):
        report_of(folder)
    known = report_of(folder, first="2026-03", last="2026-04", skip_bad_rows=True)
    assert known.spec.currency == "USD"
    assert figures(known)["actual_cost_amount", None, "2026-03"][0] == 12
