"""Scores of leads as figures of the report: means, the area under the curve and the lift, by hand and recounted."""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

import pytest

import funnelcli as fc
from support import write_folder

# Fit 30 or 10, nothing known of e; who asked for a demo on the day of the signup has 40 of interest.
SIGNUPS = "user_id,signed_up_at,source\na,2026-03-02,ads\nb,2026-03-05,ads\nc,2026-03-09,web\nd,2026-04-01,web\n"
SIGNUPS += "e,2026-04-02,web\n"
ACCOUNTS = "user_id,employees\na,120\nb,900\nc,120\nd,900\n"
DEEDS = "user_id,at,kind\na,2026-03-02 09:00,demo_request\nb,2026-03-06 09:00,demo_request\nd,2026-04-01 09:00,form\n"
TOML = """[channels]
paid = ["ads"]
[leads]
half_life = "none"
[leads.fit]
employees = { "50-500" = 30, "501-" = 10 }
"""


def test_mean_scores_are_of_the_day_on_which_leads_came(tmp_path: Path) -> None:
    files = {"signups.csv": SIGNUPS, "accounts.csv": ACCOUNTS, "activities.csv": DEEDS}
    folder = fc.open_folder(write_folder(tmp_path, files, TOML))
    report = folder.report(start="2026-03", end="2026-04", as_of="2026-04-30", section="leads")
    means = {
        key: [report.values(key)[month].value for month in ("2026-03", "2026-04")]
        for key in ("fit_score", "interest_score", "lead_score")
    }
    # March: fit (30 + 10 + 30) / 3; interest 40 of a alone, as b asked a day later; April: fit of d alone, a form of d.
    assert means == {
        "fit_score": [pytest.approx(70 / 3), 10], "interest_score": [pytest.approx(40 / 3), 5],
        "lead_score": [pytest.approx((70 + 0 + 40) / 3), 10],
    }  # fmt: skip
    by_channel = folder.report(month="2026-03", as_of="2026-04-30", section="leads", by="channel")
    assert by_channel.values("lead_score", "paid")["2026-03"].value == (70 + 10) / 2
    by_grade = folder.report(start="2026-03", end="2026-04", as_of="2026-04-30", section="leads", by="grade")
    parts = {part for metric, part in by_grade.to_frame().index if metric == "new_leads" and part}
    grades = {part: by_grade.values("new_leads", part)["total"].value for part in parts}
    # Fit from 25 is B, from 50 A; interest from 30 is 1, from 10 is 2.  Of e nothing is known but what it did: nothing.
    assert {grade: number for grade, number in grades.items() if number} == {
        "B1": 1, "B3": 1, "C2": 1, "C3": 1, "?3": 1
    }  # fmt: skip
    rows = folder.explain("lead_score", month="2026-03", as_of="2026-04-30").rows
    points = [(row.user_id, row.counts / row.per) for row in rows if row.part == "lead_score_points"]
    assert points == [("a", 70.0), ("b", 10.0), ("c", 30.0)]


def many(tmp_path: Path) -> fc.Folder:
    """Forty leads of January: 20 of a large firm (30 points) of whom 10 paid, 20 of a small one of whom 2 did."""
    first = date(2026, 1, 1)
    people = [(f"p{n:02}", first + timedelta(n % 28), 120 if n < 20 else 900) for n in range(40)]
    paid = [(name, came + timedelta(30)) for n, (name, came, _) in enumerate(people) if n < 10 or n in (20, 21)]
    late = (people[25][0], people[25][1] + timedelta(91))  # on the day after the horizon
    files = {
        "signups.csv": "user_id,signed_up_at,source\n"
        + "".join(f"{name},{came},{'ads' if n % 2 else 'web'}\n" for n, (name, came, _) in enumerate(people)),
        "accounts.csv": "user_id,employees\n" + "".join(f"{name},{size}\n" for name, _, size in people),
        "paid_users.csv": "user_id,started_at\n" + "".join(f"{name},{day}\n" for name, day in [*paid, late]),
    }
    return fc.open_folder(write_folder(tmp_path, files, TOML))


def test_the_area_and_the_lift_are_those_of_the_test_of_the_score(tmp_path: Path) -> None:
    folder = many(tmp_path)
    report = folder.report(month="2026-01", as_of="2026-06-30", section="leads")
    area = report.values("score_auc_rate")["2026-01"]
    # 12 paid and 28 did not: of 336 pairs 10 x 18 stand right, 10 x 10 and 2 x 18 tie: (180 + 50 + 18) / 336.
    assert area.value == pytest.approx(248 / 336)
    assert (round(area.numerator or 0, 9), area.denominator) == (248, 336)
    test = folder.leads(as_of="2026-06-30").leads.test
    assert (test.leads, test.paid) == (40, 12)
    assert test.area == pytest.approx(area.value)
    assert test.interval is not None
    explained = folder.explain("score_auc_rate", month="2026-01", as_of="2026-06-30").render("md")
    assert f"{test.interval.lower * 100:.1f}% to {test.interval.upper * 100:.1f}% (95 %, DeLong)" in explained
    assert "248 of 336 pairs stand right: 73.8%" in explained
    by_grade = folder.report(month="2026-01", as_of="2026-06-30", section="leads", by="grade")
    lifts = {part: by_grade.values("lift_ratio", part)["2026-01"] for part in ("B?", "C?")}
    assert {part: value.missing.code if value.missing else None for part, value in lifts.items()} == {
        "B?": "too-few", "C?": "too-few"
    }  # fmt: skip
    assert {group.name: group.lift for group in test.grades} == {
        "B?": pytest.approx((10 / 20) / (12 / 40)),
        "C?": pytest.approx((2 / 20) / (12 / 40)),
    }
    # Thirty leads and more are enough: on the whole, of itself, 1; half of them in each channel are too few.
    assert folder.explain("lift_ratio", month="2026-01", as_of="2026-06-30").value.value == 1
    by_channel = folder.report(month="2026-01", as_of="2026-06-30", section="leads", by="channel")
    missing = by_channel.values("score_auc_rate", "paid")["2026-01"].missing
    assert missing is not None
    assert missing.code == "too-thin"


def test_a_lift_of_thirty_leads(tmp_path: Path) -> None:
    """As many again in February, all of one grade: 40 of 80 each."""
    folder = many(tmp_path)
    path = tmp_path / "signups.csv"
    more = "".join(f"q{n},2026-01-{1 + n % 28:02},ads\n" for n in range(40))
    path.write_text(path.read_text("utf-8") + more, encoding="utf-8")
    accounts = tmp_path / "accounts.csv"
    accounts.write_text(accounts.read_text("utf-8") + "".join(f"q{n},120\n" for n in range(40)), encoding="utf-8")
    folder = fc.open_folder(tmp_path)
    report = folder.report(month="2026-01", as_of="2026-06-30", section="leads", by="grade")
    # 60 of B?, of whom 10 paid, of 80, of whom 12 did; the 20 of C? are too few.
    assert report.values("lift_ratio", "B?")["2026-01"].value == pytest.approx((10 / 60) / (12 / 80))
    rows = folder.explain("lift_ratio", month="2026-01", by="grade", part="B?", as_of="2026-06-30").rows
    assert {part: sum(row.part == part for row in rows) for part in ("old_enough_leads", "old_enough_paid_leads")} == {
        "old_enough_leads": 60, "old_enough_paid_leads": 10
    }  # fmt: skip


def test_the_area_knows_nothing_of_what_came_later(tmp_path: Path) -> None:
    """In the middle of the horizons only those count whose own is over; before all of them none does."""
    folder = many(tmp_path)
    seen = {
        day: folder.explain("old_enough_leads", month="2026-01", as_of=day).value.value
        for day in ("2026-03-31", "2026-04-01", "2026-04-28")
    }
    # Two of the 1st of January have had 90 days by the 1st of April; all of the 28th and earlier by the 28th.
    assert seen == {"2026-03-31": 0, "2026-04-01": 2, "2026-04-28": 40}


@pytest.mark.parametrize(("files", "code"), [
    ({"signups.csv": SIGNUPS, "activities.csv": DEEDS}, "no-fit"),
    ({"signups.csv": SIGNUPS, "accounts.csv": ACCOUNTS}, "no-activities-export"),
])  # fmt: skip
def test_what_nothing_gives_is_missing_with_its_reason(tmp_path: Path, files: dict[str, str], code: str) -> None:
    toml = TOML if "accounts.csv" in files else ""
    folder = fc.open_folder(write_folder(tmp_path, files, toml))
    key = "fit_score" if code == "no-fit" else "interest_score"
    missing = folder.explain(key, month="2026-03", as_of="2026-04-30").value.missing
    assert missing is not None
    assert missing.code == code
    # Without anyone who paid nothing says whether the score works.
    area = folder.explain("score_auc_rate", month="2026-03", as_of="2026-04-30").value.missing
    assert area is not None
    assert area.code == "no-paid-users-export"
