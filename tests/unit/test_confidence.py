"""Plans that say how sure they are: quotas that meet the goal in a share of the runs, and what they stand on."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest
from scipy.stats import betabinom, binom

import funnelcli as fc
from funnelcli.problems import GoalError, UsageError
from funnelcli.values.confidence import parse_level
from support import run_cli

SAAS_VN = Path(__file__).parents[2] / "examples" / "saas_vn"
GOAL: dict[str, Any] = {"new_paid_users": 100, "start": "2026-11", "end": "2027-04"}
CLI = ("--new-paid-users", "100", "--from", "2026-11", "--to", "2027-04")


@pytest.fixture(scope="module")
def folder() -> fc.Folder:
    return fc.open_folder(SAAS_VN)


def plan(folder: fc.Folder, **options: Any) -> dict[str, Any]:
    return dict(folder.targets(**{**GOAL, **options}).answer.data)


def level(document: dict[str, Any], confidence: float | None) -> dict[str, Any]:
    return next(dict(each) for each in document["confidence"]["levels"] if each["confidence"] == confidence)


def total(document: dict[str, Any], metric: str) -> float:
    rows = document["rows"]
    return next(float(row["total"]) for row in rows if row["metric"] == metric and not (row["team"] or row["channel"]))


def test_the_quotas_are_those_of_the_level_asked_for(folder: fc.Folder) -> None:
    document = plan(folder, confidence="80%")
    plain, *levels = document["confidence"]["levels"]
    assert [each["confidence"] for each in levels] == [0.5, 0.8, 0.95]
    of_80 = level(document, 0.8)
    assert total(document, "required_new_signups") == of_80["entrants"] == of_80["totals"]["required_new_signups"]
    assert total(document, "required_new_demo_bookings") == of_80["totals"]["required_new_demo_bookings"]
    assert plain["totals"]["required_new_signups"] == total(plan(folder), "required_new_signups")
    entrants = [plain["entrants"], *(each["entrants"] for each in levels)]
    assert entrants == sorted(entrants)
    for each in levels:
        assert each["meets_goal_rate"] >= each["confidence"]


def test_rates_that_are_given_are_as_they_are(folder: fc.Folder) -> None:
    """At exactly 20 % of all, 80 % sure of 100 customers: the smallest n with P(Binomial(n, 0.2) >= 100) >= 0.8."""
    given = {"visitor_to_signup": "none", "signup_to_demo": "50%", "demo_to_paid": "40%"}
    of_80 = level(plan(folder, **given, confidence="80%"), 0.8)
    exact = next(n for n in range(500, 700) if binom.sf(99, n, 0.2) >= 0.8)
    assert abs(of_80["entrants"] - exact) <= 2  # 20,000 runs know a chance to 0.3 points
    assert of_80["meets_goal_rate"] == pytest.approx(float(binom.sf(99, of_80["entrants"], 0.2)), abs=0.012)


def test_channels_at_one_given_rate_are_as_all_are(folder: fc.Folder) -> None:
    """What six channels bring at exactly 20 % each is binomial, too, whatever their parts are."""
    given = {"visitor_to_signup": "none", "signup_to_demo": "50%", "demo_to_paid": "40%", "by": "channel"}
    of_80 = level(plan(folder, **given, confidence="80%"), 0.8)
    exact = next(n for n in range(500, 700) if binom.sf(99, n, 0.2) >= 0.8)
    assert abs(of_80["entrants"] - exact) <= 2
    assert of_80["meets_goal_rate"] == pytest.approx(float(binom.sf(99, of_80["entrants"], 0.2)), abs=0.012)


def test_rates_that_are_measured_are_drawn_from_their_counts(folder: fc.Folder) -> None:
    """380 of 1,589 signups get a demo; with every demo a customer the number of these is beta-binomial."""
    document = plan(folder, visitor_to_signup="none", demo_to_paid="100%", confidence="80%")
    of_80 = level(document, 0.8)
    exact = float(betabinom.sf(99, of_80["entrants"], 380.5, 1209.5))
    assert of_80["meets_goal_rate"] == pytest.approx(exact, abs=0.012)


def test_the_same_seed_gives_the_same_bytes_and_another_says_which() -> None:
    first, again, other = (
        run_cli("targets", str(SAAS_VN), *CLI, "--confidence", "80%", *seed).stdout
        for seed in ((), ("--seed", "1"), ("--seed", "2"))
    )
    assert first == again
    assert "20,000 runs (--seed 1)" in first
    assert "20,000 runs (--seed 2)" in other


@pytest.mark.parametrize("goal", [{"mrr": "150tr"}, {"revenue": "800tr"}, {"paid_users": 300}])
@pytest.mark.parametrize("lag", ["none", "measured"])
def test_every_goal_has_quotas_that_meet_it(folder: fc.Folder, goal: dict[str, Any], lag: str) -> None:
    document = plan(folder, **{**goal, "new_paid_users": None}, confidence="80%", lag=lag)
    plain, *levels = document["confidence"]["levels"]
    # The plain plan is met in about half of the runs, whatever the goal.
    assert 0.35 < plain["meets_goal_rate"] < 0.65
    assert all(each["meets_goal_rate"] >= each["confidence"] for each in levels)


@pytest.mark.parametrize("by", [None, "channel"])
def test_a_lag_given_in_months_is_drawn_as_it_is_given(folder: fc.Folder, by: str | None) -> None:
    """With a month before the plan that has quotas, too: the plain plan is met in about half of the runs."""
    goal = {"new_paid_users": None, "paid_users": 260, "start": "2026-12", "end": "2027-02"}
    document = plan(folder, **goal, by=by, lag=1, confidence="80%")
    plain, *_ = document["confidence"]["levels"]
    assert 0.4 < plain["meets_goal_rate"] < 0.6
    assert plain["totals"]["required_new_signups"] == plain["entrants"]


def test_rates_by_lag_count_all_whose_lags_are_over(folder: fc.Folder) -> None:
    """Nobody gets on later than in the month after, so all but the latest month count, and not the oldest alone.

    3,333 signups and 709 demos are known better than the 1,589 and 380 of six months: the lag asks for no larger share
    on top.
    """
    timed, plain = (plan(folder, confidence="80%", lag=lag) for lag in ("measured", "none"))
    more = [level(each, 0.8)["entrants"] / level(each, None)["entrants"] for each in (timed, plain)]
    assert 1.05 < more[0] < more[1] + 0.02 < 1.2


@pytest.mark.parametrize("lag", ["none", "measured", 1])
@pytest.mark.parametrize("by", ["channel", "team"])
def test_parts_sum_to_the_quotas_of_the_level(folder: fc.Folder, by: str, lag: str) -> None:
    document = plan(folder, confidence="90%", by=by, lag=lag)
    entrants = [each["entrants"] for each in document["confidence"]["levels"]]
    assert entrants == sorted(entrants)
    for each in document["confidence"]["levels"][1:]:
        assert each["meets_goal_rate"] >= each["confidence"]
    rows = [row for row in document["rows"] if row["metric"] == "required_new_signups" and row["channel"]]
    parts = [row["total"] for row in rows if bool(row["team"]) == (by == "team")]
    assert sum(parts) == total(document, "required_new_signups") == level(document, 0.9)["entrants"]


@pytest.mark.parametrize("form", ["csv", "md", "xlsx"])
def test_track_reads_the_quotas_of_the_level(folder: fc.Folder, form: str, tmp_path: Path) -> None:
    path = tmp_path / f"t.{form}"
    planned = folder.targets(**GOAL, confidence="80%")
    planned.save(path)
    asked = total(dict(planned.answer.data), "required_new_signups")
    tracked = dict(folder.track(targets=path, start="2026-11", end="2027-04").answer.data)
    whole = [row for row in tracked["rows"] if row["metric"] == "required_new_signups" and row["channel"] is None]
    assert [sum(cell["target"] for cell in row["cells"]) for row in whole] == [asked]


def test_rows_for_spreadsheets_have_every_level(folder: fc.Folder) -> None:
    frame = folder.targets(**GOAL, confidence=0.8).to_frame()
    rows = frame[frame["metric"] == "required_new_signups"].fillna({"variant": ""}).set_index("variant")["total"]
    assert rows[""] == rows["80% sure"] > rows["without chance"]
    assert list(rows.index) == ["", "without chance", "50% sure", "80% sure", "95% sure"]


def test_the_settings_ask_for_it_too(tmp_path: Path) -> None:
    (tmp_path / "funnel.toml").write_text('[plan]\nconfidence = "90%"\nopening_paid_users = 0\n', "utf-8")
    given = {"visitor_to_signup": "none", "signup_to_demo": "50%", "demo_to_paid": "40%"}
    document = plan(fc.open_folder(tmp_path), **given, measure=False)
    assert document["confidence"]["asked"] == 0.9


@pytest.mark.parametrize("text", ["100%", "0", "abc", "0.5%", "-80%"])
def test_what_is_no_level_is_refused(folder: fc.Folder, text: str) -> None:
    with pytest.raises(ValueError, match="no confidence"):
        parse_level(text)
    with pytest.raises(UsageError, match="--confidence"):
        folder.targets(**GOAL, confidence=text)


def test_a_seed_without_chance_and_a_goal_nothing_reaches_are_said(folder: fc.Folder) -> None:
    with pytest.raises(UsageError, match="--seed"):
        folder.targets(**GOAL, seed=3)
    with pytest.raises(GoalError, match="before the end"):
        folder.targets(**{**GOAL, "new_paid_users": 500, "end": "2026-11"}, confidence=0.8, lag=3)


def test_a_goal_that_is_met_without_anybody_may_still_need_some_to_be_sure(folder: fc.Folder) -> None:
    """The 119,000,000 there are fall to 108,100,000 in three months, at 3.14 % lost: 100,000,000 are there anyway."""
    goal = {"new_paid_users": None, "mrr": "100tr", "end": "2027-01"}
    document = plan(folder, **goal, confidence="95%")
    entrants = [each["entrants"] for each in document["confidence"]["levels"]]
    assert entrants[0] == 0
    assert entrants == sorted(entrants)
    surer = plan(folder, **{**goal, "mrr": "108tr"}, confidence="95%")
    assert level(surer, None)["entrants"] == 0
    assert level(surer, 0.95)["entrants"] > 0
    assert total(surer, "required_new_signups") == level(surer, 0.95)["entrants"]


def test_a_plan_through_deals_cannot_say_how_sure_it_is() -> None:
    with pytest.raises(GoalError, match="goes through deals"):
        fc.open_folder(SAAS_VN.parent / "erp_vn").targets(
            new_paid_users=10, start="2026-11", end="2027-01", confidence="80%"
        )


def test_a_level_in_whole_and_in_parts_is_the_same() -> None:
    assert parse_level("80 %") == parse_level("0.8") == parse_level(0.8) == Fraction(4, 5)


@pytest.mark.parametrize("by", [None, "channel"])
@pytest.mark.parametrize("lag", ["none", "measured"])
def test_quotas_of_a_file_meet_the_goal_as_often_as_those_that_the_plan_has(
    folder: fc.Folder, lag: str, by: str | None, tmp_path: Path
) -> None:
    """The plan without chance, and the one for 80 %, written and simulated: the same quotas, runs and chance."""
    path = tmp_path / "quotas.csv"
    folder.targets(**GOAL, lag=lag, by=by).save(path)
    document = plan(folder, lag=lag, by=by, simulate=path)["confidence"]
    plain = document["levels"][0]
    assert document["asked"] == 0.8
    assert document["simulated"] == {
        "file": "quotas.csv", "entrants": plain["entrants"], "meets_goal_rate": plain["meets_goal_rate"],
    }  # fmt: skip
    surer = folder.targets(**GOAL, lag=lag, by=by, confidence="80%")
    surer.save(path)
    of_80 = level(dict(surer.answer.data), 0.8)
    simulated = plan(folder, lag=lag, by=by, simulate=path)["confidence"]["simulated"]
    assert (simulated["entrants"], simulated["meets_goal_rate"]) == (of_80["entrants"], of_80["meets_goal_rate"])


def test_more_in_each_month_is_never_less_likely_and_nobody_never_meets_a_goal(
    folder: fc.Folder, tmp_path: Path
) -> None:
    months = "2026-11,2026-12,2027-01,2027-02,2027-03,2027-04"
    chances = []
    for number in (0, 200, 230, 300, 1000):
        path = tmp_path / "quotas.csv"
        path.write_text(f"metric,{months}\nrequired_new_signups{f',{number}' * 6}\n", encoding="utf-8")
        chances.append(plan(folder, lag="none", simulate=path)["confidence"]["simulated"]["meets_goal_rate"])
    assert chances == sorted(chances)
    assert (chances[0], chances[-1]) == (0.0, 1.0)


def test_quotas_that_lack_a_month_or_the_stage_are_named(folder: fc.Folder, tmp_path: Path) -> None:
    path = tmp_path / "quotas.csv"
    path.write_text("metric,2026-11,2026-12\nrequired_new_signups,200,200\n", encoding="utf-8")
    with pytest.raises(GoalError, match=r"quotas\.csv has no quota of .*required_new_signups.* for Jan 2027"):
        plan(folder, simulate=path, lag="none")
    path.write_text("metric,2026-11\nrequired_new_paid_users,20\n", encoding="utf-8")
    with pytest.raises(GoalError, match="for Nov 2026"):
        plan(folder, simulate=path, lag="none")


def test_simulated_quotas_stand_in_the_table_and_in_a_note(folder: fc.Folder, tmp_path: Path) -> None:
    path = tmp_path / "quotas.csv"
    folder.targets(**GOAL, lag="none").save(path)
    done = run_cli("targets", str(SAAS_VN), *CLI, "--lag", "none", "--simulate", str(path), "--lang", "en", "-q")
    line = next(line for line in done.stdout.splitlines() if line.startswith("quotas of quotas.csv"))
    plain = next(line for line in done.stdout.splitlines() if line.startswith("without chance"))
    assert line.split()[-1] == plain.split()[-1]
    assert "The quotas of quotas.csv, " in done.stdout
