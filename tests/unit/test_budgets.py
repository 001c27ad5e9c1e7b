"""Budgets: what is planned to be spent, beside what is, by what both name."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from funnelcli import open_folder
from funnelcli.answers.report_model import Report
from support import NOW, figures, folder_of, write_folder

# March: 6,000 + 2,000 + 900 = 8,900 spent, 5,000 + 2,500 + 1,000 = 8,500 planned; April 300 and 300; June 400 planned.
COSTS = """date,channel,team,campaign,amount
2026-03,google / cpc,marketing,Search,6000
2026-03-10,facebook / paid,marketing,Leads,2000
2026-03-20,,events,Workshop,900
2026-04-20,,events,Workshop,300
"""
BUDGETS = """month,channel,team,campaign,budget
2026-03,google / cpc,marketing,Search,5000
2026-03,facebook / paid,marketing,Leads,2500
2026-03,,events,Trade fair,1000
2026-04,,events,Workshop,300
2026-06,,events,Workshop,400
"""
KEYS = ("actual_cost_amount", "budgeted_cost_amount", "cost_over_budget_amount", "budget_spent_rate")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return write_folder(tmp_path, {"costs.csv": COSTS, "budgets.csv": BUDGETS})


def report(folder: Path, **options: str) -> Report:
    return folder_of(folder).report(section=("costs",), **options).report  # type: ignore[arg-type]


def cells(made: Report, key: str, part: str | None = None) -> list[float | None]:
    known = figures(made)
    return [known[key, part, period][0] for period in (*(p.key for p in made.spec.periods), "total")]


def test_costs_stand_beside_their_budget(folder: Path) -> None:
    """March 8,900 - 8,500 = 400; both months (8,900 + 300) - (8,500 + 300) = 400, and 9,200 / 8,800."""
    made = report(folder)
    assert [period.key for period in made.spec.periods] == ["2026-03", "2026-04"]
    assert {key: cells(made, key) for key in KEYS} == {
        "actual_cost_amount": [8900, 300, 9200],
        "budgeted_cost_amount": [8500, 300, 8800],
        "cost_over_budget_amount": [400, 0, 400],
        "budget_spent_rate": [8900 / 8500, 1, pytest.approx(9200 / 8800)],
    }


def test_the_difference_of_a_range_is_that_of_the_months_that_both_tell_of(folder: Path) -> None:
    """Costs end in April: May's 0 and June's 400 are planned, and taken off nothing."""
    made = report(folder, start="2026-03", end="2026-06", as_of="2026-06-30")
    assert cells(made, "budgeted_cost_amount") == [8500, 300, 0, 400, 9200]
    assert cells(made, "cost_over_budget_amount") == [400, 0, None, None, 400]
    assert cells(made, "budget_spent_rate") == [8900 / 8500, 1, None, None, pytest.approx(9200 / 8800)]


def test_of_months_of_which_only_one_of_the_two_tells_there_is_no_difference(folder: Path) -> None:
    made = report(folder, start="2026-05", end="2026-06", as_of="2026-06-30")
    assert cells(made, "cost_over_budget_amount") == [None, None, None]


@pytest.mark.parametrize(
    ("by", "wanted"),
    [
        ("campaign", {"Search": 1000, "Leads": -500, "Workshop": 900, "Trade fair": -1000}),
        ("team", {"marketing": 500, "events": -100}),
        ("channel", {"paid": 500, "unassigned": -100}),
        ("source", {"google / cpc": 1000, "facebook / paid": -500, "unassigned": -100}),
    ],
)
def test_what_nobody_planned_is_over_and_what_nobody_spent_is_under(
    folder: Path, by: str, wanted: dict[str, float]
) -> None:
    """Search 6,000 - 5,000; the workshop 900 - 0; the fair 0 - 1,000.  However they are split they sum to 400."""
    known = figures(report(folder, by=by))
    parts = {
        str(part): value
        for (key, part, month), (value, *_) in known.items()
        if key == "cost_over_budget_amount" and month == "2026-03" and part is not None and value
    }
    assert parts == wanted
    assert sum(wanted.values()) == 400


def test_a_difference_opens_down_to_the_rows_of_both(folder: Path) -> None:
    with open_folder(folder, now=NOW) as exports:
        rows = exports.explain("cost_over_budget_amount", month="2026-03").to_frame()
    assert [tuple(row) for row in rows[["part", "file", "line", "counts"]].itertuples(index=False)] == [
        ("actual_cost_amount", "costs.csv", 2, 6000),
        ("actual_cost_amount", "costs.csv", 3, 2000),
        ("actual_cost_amount", "costs.csv", 4, 900),
        ("budgeted_cost_amount", "budgets.csv", 2, 5000),
        ("budgeted_cost_amount", "budgets.csv", 3, 2500),
        ("budgeted_cost_amount", "budgets.csv", 4, 1000),
    ]


def test_a_plan_says_nothing_of_what_day_it_is(folder: Path) -> None:
    """June is planned, and as_of stays the last day of costs; nothing warns of what lies ahead."""
    assert report(folder).spec.as_of == date(2026, 4, 20)
    assert [problem.code for problem in folder_of(folder).check().problems] == []


def test_budgets_alone_are_shown(tmp_path: Path) -> None:
    made = report(write_folder(tmp_path, {"budgets.csv": BUDGETS}))
    assert cells(made, "budgeted_cost_amount") == [8500, 300, 0, 400, 9200]
    assert set(cells(made, "cost_over_budget_amount")) == {None}


def test_a_budget_in_vietnamese_is_in_whole_amounts(tmp_path: Path) -> None:
    """ "Ngân sách" is no "ngàn": its amounts are not thousands."""
    text = "Tháng;Kênh;Chiến dịch;Ngân sách\n03/2026;google / cpc;Tìm kiếm;12.000.000\n"
    made = report(write_folder(tmp_path, {"ngan_sach.csv": text, "costs.csv": COSTS}), month="2026-03")
    assert cells(made, "budgeted_cost_amount") == [12_000_000, 12_000_000]


def test_without_budgets_a_report_says_nothing_of_them(tmp_path: Path) -> None:
    made = folder_of(write_folder(tmp_path, {"costs.csv": COSTS})).report().report
    assert not {key for key, *_ in figures(made)} & set(KEYS[1:])
