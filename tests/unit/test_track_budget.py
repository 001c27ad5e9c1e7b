"""Budgets tracked: costs beside what policies plan, what is owed by them, and the customers that are kept."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest

from owed import PAID, POLICY, SIGNUPS, folder_of
from support import run_cli

COSTS = (
    "date,channel,team,campaign,amount",
    "2026-02,affiliate,affiliate,Spring,300",
    "2026-03,affiliate,affiliate,,500",
    "2026-03,,marketing,Spring,100",
)
TARGETS = (
    "metric,channel,team,2026-02,2026-03",
    "planned_cost_amount,,,600,700",
    "planned_cost_amount,affiliate,,400,500",
    "planned_cost_amount,,affiliate,500,600",
    "planned_cost_amount,,marketing,,80",
    "planned_cost_rate,,,10%,20%",
    "planned_cac_amount,,,200,250",
    "required_renewed_paid_users,,,3,2",
    "required_onboardings,,,2,2",
)
JOURNEY = ("user_id,stage,entered_at", "n3,set-up,2026-02-27", "n4,set-up,2026-03-18", "n4,training,2026-03-20")


def tracked(place: Path, *options: str) -> dict[tuple[str, str, str, str], tuple[str, str]]:
    """The actual figure and the target of each row and month."""
    folder_of(place, signups=SIGNUPS, paid_users=PAID, costs=COSTS, targets=TARGETS, journey=JOURNEY)
    text = run_cli(
        "track", str(place), "--as-of", "2026-03-31", "--from", "2026-02", "--to", "2026-03", "-f", "csv", *options
    ).stdout
    return {
        (row["metric"], row["channel"], row["team"], row["period"]): (row["actual"], row["target"])
        for row in csv.DictReader(io.StringIO(text))
    }


def test_costs_stand_beside_the_budget(tmp_path: Path) -> None:
    """300 of 600, then 500 + 100 of 700; what is owed by the policies beside both; months never mixed."""
    rows = tracked(tmp_path)
    cells = {key: [rows[key, "", "", month] for month in ("2026-02", "2026-03", "total")]
             for key in ("planned_cost_amount", "cost_difference_amount", "commission_earned_amount",
                         "commission_payable_amount")}  # fmt: skip
    assert cells == {
        "planned_cost_amount": [("300", "600"), ("600", "700"), ("900", "1300")],
        "cost_difference_amount": [("-300", ""), ("-100", ""), ("-400", "")],
        "commission_earned_amount": [("230", ""), ("170", ""), ("400", "")],
        "commission_payable_amount": [("220", ""), ("230", ""), ("450", "")],
    }


def test_of_a_team_are_its_own_costs(tmp_path: Path) -> None:
    """What a team spends is what its rows say, and not what is spent on channels that it owns."""
    rows = tracked(tmp_path, "--by", "team")
    assert [rows["planned_cost_amount", "", team, "2026-03"] for team in ("affiliate", "marketing")] == [
        ("500", "600"), ("100", "80"),
    ]  # fmt: skip
    assert rows["cost_difference_amount", "", "marketing", "2026-03"] == ("20", "")
    assert rows["commission_earned_amount", "", "affiliate", "2026-03"] == ("170", "")
    assert ("commission_earned_amount", "", "marketing", "2026-03") not in rows  # which is paid none


def test_of_a_channel_are_its_own_costs(tmp_path: Path) -> None:
    rows = tracked(tmp_path, "--by", "channel")
    assert rows["planned_cost_amount", "affiliate", "", "2026-03"] == ("500", "500")
    assert rows["cost_difference_amount", "affiliate", "", "2026-02"] == ("-100", "")


def test_kept_customers_and_onboardings(tmp_path: Path) -> None:
    """Of n1 and n2, who pay in February, n2 is lost; of n1 and n3 in March n3.  One was set up in each month."""
    rows = tracked(tmp_path)
    months = ("2026-02", "2026-03")
    assert [rows["required_renewed_paid_users", "", "", month] for month in months] == [("1", "3"), ("1", "2")]
    assert [rows["required_onboardings", "", "", month] for month in months] == [("1", "2"), ("1", "2")]


def test_a_budget_is_held_to_the_revenue_of_its_months(tmp_path: Path) -> None:
    """MRR is 100 + 150 at the end of February and 100 + 100 at that of March: 900 of 450 over both."""
    rows = tracked(tmp_path)
    shares = [rows["planned_cost_rate", "", "", month] for month in ("2026-02", "2026-03", "total")]
    assert [float(actual) for actual, _ in shares] == [300 / 250, 600 / 200, 900 / 450]


@pytest.mark.parametrize("name", ["planned_cost_amount", "required_renewed_paid_users", "required_onboardings"])
def test_a_budget_is_not_judged(tmp_path: Path, name: str) -> None:
    """``--fail-under`` asks for what must be reached; what may be spent, or is only expected, is none of it."""
    folder_of(tmp_path, signups=SIGNUPS, paid_users=PAID,
              targets=("metric,2026-03", f"{name},1000000", "required_new_signups,1"))  # fmt: skip
    run = run_cli("track", str(tmp_path), "--as-of", "2026-03-31", "--fail-under", "90%")
    assert run.returncode == 0, run.stderr


def test_what_a_budget_is_made_of(tmp_path: Path) -> None:
    """The sheet of a team says so many at a price each: 5 signups at 50, and a tenth of each first year."""
    folder_of(tmp_path, (*POLICY[:2], *POLICY[4:]), signups=SIGNUPS, paid_users=PAID)
    for form in ("table", "md"):
        text = run_cli(
            "targets", str(tmp_path), "--new-paid-users", "2", "--from", "2026-04", "--to", "2026-04", "--by", "team",
            "--demo-to-paid", "50%", "--signup-to-demo", "50%", "--visitor-to-signup", "none", "--arpa", "100",
            "-f", form,
        ).stdout  # fmt: skip
        sheet = text.partition("Budget of affiliate")[2]
        assert "400" in sheet.partition("Signups")[2].partition("\n")[0], text  # 8 at 50
        assert "240" in sheet.partition("New PU")[2].partition("\n")[0]  # 2 at 10 % of 12 x 100
