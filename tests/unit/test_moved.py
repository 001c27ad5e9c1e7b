"""Which changes of a report are more than chance: by hand, against the changes before, and as every format shows it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from fractions import Fraction
from math import inf
from pathlib import Path
from typing import Any

import pytest

from funnelcli import open_folder
from funnelcli.answers.chance import ENOUGH, LEVEL
from funnelcli.answers.moved import is_of_events, size_of
from funnelcli.api.report import ReportResult
from funnelcli.metrics import CATALOGUE
from funnelcli.stats.exact import benjamini_hochberg, binomial_test, counts_test, fisher_test
from support import EXAMPLES, write_folder
from workbooks import opened


def signups(*numbers: int, last: date = date(2026, 8, 31)) -> str:
    """So many signups in each of the months up to that of the last day, from its first day to its last."""
    lines, month = ["user_id,signed_up_at"], last
    for back, number in enumerate(reversed(numbers)):
        first = month.replace(day=1)
        length = (month - first).days + 1
        for n in range(number):
            day = first + timedelta(days=(n * (length - 1)) // max(number - 1, 1))
            lines.append(f"m{back}-{n},{day}")
        month = first - timedelta(days=1)
    return "\n".join(lines) + "\n"


def report(folder: Path, *numbers: int, **files: str) -> ReportResult:
    texts = {"signups.csv": signups(*numbers), **{f"{name}.csv": text for name, text in files.items()}}
    return open_folder(write_folder(folder, texts)).report(last=2, as_of="2026-08-31")


def row_of(result: ReportResult, metric: str) -> dict[str, Any]:
    rows = json.loads(result.to_bytes("json"))["rows"]
    return next(row for row in rows if row["metric"] == metric and row.get("channel") is None)


def test_a_change_as_data_whole(tmp_path: Path) -> None:
    """100 in July and 150 in August, 31 days each: as often heads as 150 of 250 coins, or 100; p = 0.2 %.

    Tested are new signups and, the same, those without a channel; the rest have no files.
    """
    result = report(tmp_path, 100, 150)
    alone = float(binomial_test(150, 250, Fraction(1, 2)))
    assert alone == pytest.approx(0.00188, abs=1e-5)  # 2 x (1 - Phi(24.5 / 7.906)) = 0.00194
    assert row_of(result, "new_signups") == {
        "metric": "new_signups",
        "label": "New signups (RU)",
        "unit": "people",
        "channel": None,
        "cells": [
            {"value": 100, "numerator": None, "denominator": None, "missing": None},
            {"value": 150, "numerator": None, "denominator": None, "missing": None},
        ],
        "total": {"value": 250, "numerator": None, "denominator": None, "missing": None},
        "change": {
            "period": "2026-08",
            "against": "2026-07",
            "value": 0.5,
            "basis": "relative",
            "p": alone,
            "adjusted_p": pytest.approx(alone),
            "few": False,
            "verdict": "more-than-chance",
        },
    }
    assert row_of(result, "closing_registered_users")["change"]["verdict"] is None  # a level


@pytest.mark.parametrize(
    ("numbers", "verdict", "few"),
    [
        ((2, 3), "too-few-to-tell", True),  # five on one side have 2 / 2^5 = 6.25 %
        ((0, 6), "more-than-chance", True),  # six have 3.125 %
        ((15, 14), "may-be-chance", True),
        ((15, 15), "may-be-chance", False),
        ((40, 80), "more-than-chance", False),
    ],
)
def test_few_are_marked_and_of_fewer_nothing_is_said(
    numbers: tuple[int, int], verdict: str, few: bool, tmp_path: Path
) -> None:
    """An earlier signup shows that July is told of, where it has none."""
    result = report(tmp_path, 3, *numbers)
    change = row_of(result, "new_signups")["change"]
    assert (change["verdict"], change["few"]) == (verdict, few)


STEADY = [100] * 13
RESTLESS = [100, 200] * 6 + [100]


@pytest.mark.parametrize(
    ("before", "now", "verdict"),
    [
        (STEADY, 200, "more-than-chance"),
        (RESTLESS, 200, "as-large-before"),  # by the day 2 x 31 / 30 at most, twelve times
        (RESTLESS, 300, "more-than-chance"),
        (RESTLESS[1:], 200, "more-than-chance"),  # eleven changes are too few to say so
    ],
)
def test_what_changes_as_much_every_month_is_nothing_new(
    before: list[int], now: int, verdict: str, tmp_path: Path
) -> None:
    assert row_of(report(tmp_path, *before, now), "new_signups")["change"]["verdict"] == verdict


def test_the_size_of_a_change_is_the_same_up_and_down() -> None:
    two, three, nothing = Fraction(2), Fraction(3), Fraction(0)
    assert size_of(two, three) == size_of(three, two) == Fraction(3, 2)
    assert [size_of(nothing, two), size_of(nothing, nothing)] == [inf, 1]


def test_a_rate_of_people_is_tested_and_a_period_rate_is_not(tmp_path: Path) -> None:
    """Of 60 paying in July one is lost, of 59 in August twelve."""
    lost = [f"p{n},2026-01-01,2026-{7 if n < 1 else 8:02}-10" for n in range(13)]
    paid = "\n".join(["user_id,started_at,ended_at", *lost, *(f"s{n},2026-01-01," for n in range(47))]) + "\n"
    demos = "user_id,booked_at\nm0-1,2026-08-02\nm1-1,2026-07-02\n"
    result = report(tmp_path, 40, 80, paid_users=paid, demos=demos)
    churn = row_of(result, "paid_user_churn_rate")["change"]
    assert churn["p"] == fisher_test(12, 59, 1, 60)
    assert churn["verdict"] == "more-than-chance"
    assert row_of(result, "signup_to_demo_rate")["change"] == {
        "period": "2026-08", "against": "2026-07", "value": 1 / 80 - 1 / 40, "basis": "points",
        "p": None, "adjusted_p": None, "few": None, "verdict": None,
    }  # fmt: skip


@pytest.mark.parametrize("by", [None, "channel", "plan"])
def test_what_is_tested_in_a_report_is_adjusted_together(by: str | None) -> None:
    data = json.loads(open_folder(EXAMPLES / "saas_vn").report(by=by).to_bytes("json"))
    changes = [row["change"] for row in data["rows"]]
    tested = [change for change in changes if change["p"] is not None]
    assert len(tested) >= 14
    assert [change["adjusted_p"] for change in tested] == benjamini_hochberg([change["p"] for change in tested])
    for row in data["rows"]:
        change, now = row["change"], row["cells"][-1]["value"]
        if change["p"] is not None and row["unit"] != "rate":
            then = row["cells"][-2]["value"]
            assert change["p"] == counts_test(now, then, 31, 30)
            assert change["few"] == (now + then < ENOUGH)
        if change["verdict"] in ("more-than-chance", "as-large-before"):
            assert change["adjusted_p"] < LEVEL


def test_the_mark_is_in_every_format_for_people(tmp_path: Path) -> None:
    result = report(tmp_path, 100, 150)
    said = "● marks what is more than chance, of 2 changes tested together"
    for form in ("table", "md"):
        text = result.render(form)
        assert "● +50.0%" in text
        assert said in text
    page = result.render("html")
    assert "+50.0%\u00a0●" in page
    assert said in page
    assert "● đánh dấu thay đổi hơn mức ngẫu nhiên" in result.render("md", lang="vi")
    assert "●" not in result.render("csv")


def test_without_a_period_before_nothing_is_said(tmp_path: Path) -> None:
    folder = write_folder(tmp_path, {"signups.csv": signups(100)})
    result = open_folder(folder).report(month="2026-08", as_of="2026-08-20")
    assert "change" not in row_of(result, "new_signups")
    assert "chance" not in result.render("md")


def test_a_workbook_marks_them_too(tmp_path: Path) -> None:
    sheet = opened(report(tmp_path, 100, 150).to_bytes("xlsx"))
    formats = {cell.number_format for row in sheet.worksheets[0].iter_rows() for cell in row if cell.value == 0.5}
    assert formats == {'"● "+0.0%;"● "-0.0%;0.0%'}


def test_what_is_a_count_of_events() -> None:
    counts = {key for key, metric in CATALOGUE.items() if is_of_events(metric)}
    assert {"new_signups", "organic_visits", "churned_paid_users", "won_deals", "new_demo_bookings"} <= counts
    # Levels, amounts, days, differences and rates are none.
    others = {"closing_paid_users", "won_amount", "days_of_won_deals", "transferred_paid_users", "net_new_paid_users"}
    assert not counts & {*others, "paid_user_churn_rate"}
    assert others <= set(CATALOGUE)
