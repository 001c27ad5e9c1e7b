"""Mixes of channels as a shell sees them: options, refusals, every format, and files that track reads back."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

from support import run_cli

ROOT = Path(__file__).parents[2]
SELLERS = ROOT / "examples" / "plan_sellers"
RANGE = ("--from", "2027-01", "--to", "2027-02")
RATES = ("--visitor-to-signup", "4%", "--signup-to-demo", "40%", "--demo-to-paid", "50%")
LEAST = ("--new-paid-users", "8", "--minimise", "cost")
SETTINGS = """
[plan.capacity]
sellers = 1
demos_per_seller = 10
[plan.cost.organic]
cost_per_signup = 0
cap = 10
[plan.cost.paid]
steps = [{ to = 10, cost = "20k" }, { to = 20, cost = "50k" }]
"""


@pytest.fixture
def firm(tmp_path: Path) -> Path:
    """A folder without exports, whose settings say who holds demos and what signups cost."""
    (tmp_path / "funnel.toml").write_text(SETTINGS, encoding="utf-8")
    return tmp_path


def written(firm: Path, *options: str) -> str:
    done = run_cli("targets", *options, *RANGE, *RATES, cwd=firm)
    assert (done.returncode, done.stderr) == (0, "")
    return done.stdout


def refused(firm: Path, *options: str) -> tuple[int, str]:
    done = run_cli("targets", *options, *RANGE, *RATES, cwd=firm)
    assert done.stdout == ""
    return done.returncode, done.stderr


def test_the_mix_is_the_same_in_every_format(firm: Path) -> None:
    # 10 free signups a month and 10 of paid at 20,000 bring 20 x 0.4 x 0.5 = 4 customers each.
    document = json.loads(written(firm, *LEAST, "-f", "json"))
    assert document["mix"] == {
        "wish": "cost", "cost": 400_000, "cost_before": 0, "expected_to_bring": None, "proven": True,
        "cost_at_least": 400_000, "budget": None, "new_paid_users": 8,
        "expected": [{"period": "2027-01", "value": 4}, {"period": "2027-02", "value": 4}],
        "bound_by": [{"what": "cap", "channel": "organic", "periods": ["2027-01", "2027-02"]}],
        "with_more": [
            {"more": "one_more_seller", "cost": 400_000, "new_paid_users": 8},
            {"more": "ten_per_cent_more_budget", "cost": 400_000, "new_paid_users": 8},
        ],
    }  # fmt: skip
    for form, delimiter in (("csv", ","), ("tsv", "\t")):
        rows = list(csv.DictReader(io.StringIO(written(firm, *LEAST, "-f", form)), delimiter=delimiter))
        costs = {row["channel"]: row["total"] for row in rows if row["metric"] == "planned_signup_cost_amount"}
        assert costs == {"organic": "0", "paid": "400000", "": "400000"}
    for form in ("table", "md", "html"):
        shown = written(firm, *LEAST, "-f", form)
        assert "The signups cost 400,000; no other mix within what there is reaches the goal for less." in shown
        assert "Demos and who holds them" in shown
    written(firm, *LEAST, "-o", "plan.xlsx", "-q")
    with zipfile.ZipFile(firm / "plan.xlsx") as book:
        words = book.read("xl/sharedStrings.xml").decode()
    assert "Demos and who holds them" in words
    assert "its mix of channels was chosen, which no formula does" in words


def test_a_mix_that_is_as_sure_as_asked_is_the_same_in_every_format(firm: Path) -> None:
    asked = (*LEAST[:2], "--minimise", "cost", "--confidence", "60%")
    document = json.loads(written(firm, *asked, "-f", "json"))
    mine = next(level for level in document["confidence"]["levels"] if level["confidence"] == 0.6)
    assert mine["meets_goal_rate"] >= 0.6
    assert mine["totals"]["planned_signup_cost_amount"] == document["mix"]["cost"]
    assert document["mix"]["expected_to_bring"] > 8
    rows = list(csv.DictReader(io.StringIO(written(firm, *asked, "-f", "csv"))))
    cost = {row["variant"]: row["total"] for row in rows if row["metric"] == "planned_signup_cost_amount"}
    assert cost["60% sure"] == str(document["mix"]["cost"])
    for form in ("table", "md", "html"):
        shown = written(firm, *asked, "-f", form)
        assert "How sure: quotas over the plan" in shown
        assert "one that is expected to bring less is not sure enough" in " ".join(shown.split())
    written(firm, *asked, "-o", "plan.xlsx", "-q")
    written(firm, *asked, "-o", "plan.csv", "-f", "csv", "-q")
    simulated = written(firm, *asked, "--simulate", "plan.csv", "-f", "json")
    assert json.loads(simulated)["confidence"]["simulated"]["meets_goal_rate"] == mine["meets_goal_rate"]


@pytest.mark.parametrize("columns", ["80", "160"])
def test_the_mix_in_vietnamese_fits_the_screen(columns: str, firm: Path) -> None:
    done = run_cli("targets", *LEAST, *RANGE, *RATES, "--lang", "vi", cwd=firm, env={"COLUMNS": columns})
    assert done.returncode == 0
    assert "Đăng ký tốn 400.000; không cơ cấu nào khác trong những gì đang có đạt mục tiêu với ít hơn." in " ".join(
        done.stdout.split()
    )
    table = done.stdout.partition("Demo và người làm demo")[2].partition("Chi phí đăng ký theo kênh")[0]
    assert max(map(len, table.splitlines())) <= int(columns)


def test_the_same_question_has_the_same_bytes(firm: Path) -> None:
    assert len({written(firm, *LEAST, "-f", "json") for _ in range(2)}) == 1


def test_sellers_and_costs_alone_import_nothing_heavy(firm: Path) -> None:
    code = (
        "import sys\nfrom funnelcli.cli.app import main\nsys.argv = ['funnelcli', *sys.argv[1:]]\n"
        "try:\n    main()\nexcept SystemExit as leaving:\n    assert not leaving.code, leaving.code\n"
        "heavy = {'pandas', 'numpy', 'scipy', 'duckdb'} & set(sys.modules)\nassert not heavy, heavy\n"
    )
    options = ("targets", "--new-paid-users", "8", *RANGE, *RATES)
    done = subprocess.run([sys.executable, "-c", code, *options], capture_output=True, text=True, check=False, cwd=firm)
    assert (done.returncode, done.stderr) == (0, "")
    assert "Demos and who holds them" in done.stdout


def test_track_reads_a_mix_back() -> None:
    plan = ("targets", SELLERS, "--new-paid-users", "30", "--from", "2026-07", "--to", "2026-10", "-q", "-f", "csv")
    made = run_cli(*plan, "--minimise", "cost", "--as-of", "2026-06-30")
    assert (made.returncode, made.stderr) == (0, "")
    tracked = run_cli("track", SELLERS, "--targets", "-", "--month", "2026-08", "-q", "-f", "json", stdin=made.stdout)
    assert (tracked.returncode, tracked.stderr) == (0, "")
    assert "required_new_signups" in tracked.stdout


def test_months_that_are_past_hold_what_happened() -> None:
    plan = ("targets", SELLERS, "--new-paid-users", "30", "--from", "2026-07", "--to", "2026-10", "-q", "-f", "json")
    document = json.loads(run_cli(*plan, "--minimise", "cost").stdout)
    assert [period["past"] for period in document["periods"]] == [True, True, False, False]
    of = {row["metric"]: row for row in document["rows"] if row["channel"] is None and row["team"] is None}
    won = [cell["value"] for cell in of["required_new_paid_users"]["cells"]]
    assert sum(won) == 30
    assert document["mix"]["new_paid_users"] == sum(won[2:])
    assert [cell["value"] for cell in of["demo_capacity"]["cells"]] == [None, None, 24, 27]
    assert [cell["value"] is None for cell in of["planned_signup_cost_amount"]["cells"]] == [True, True, False, False]
    assert [each["period"] for each in document["mix"]["expected"]] == ["2026-09", "2026-10"]


def test_a_plan_that_asks_too_much_of_its_sellers_is_written_and_refused_under_strict(firm: Path) -> None:
    # 11 customers are 6 and 5, 12 and 10 demos; 10 can be held.
    asked = ("--new-paid-users", "11")
    assert "Jan 2027 (12, they hold 10)" in written(firm, *asked)
    status, said = refused(firm, *asked, "--strict")
    assert status == 5
    assert "The sellers cannot hold all demos that the plan needs: Jan 2027 (12, they hold 10)." in said
    assert run_cli("targets", "--new-paid-users", "8", *RANGE, *RATES, "--strict", cwd=firm).returncode == 0


@pytest.mark.parametrize(
    ("options", "status", "says"),
    [
        (("--new-paid-users", "8", "--minimise", "time"), 2, "--minimise 'time' is not known."),
        (("--maximise", "mrr", "--budget", "1tr"), 2, "It is one of new_paid_users."),
        ((*LEAST, "--maximise", "new_paid_users"), 2, "two wishes"),
        (("--maximise", "new_paid_users"), 2, "needs --budget"),
        (("--new-paid-users", "8", "--budget", "1tr"), 2, "Add --maximise new_paid_users"),
        (("--mrr", "8", "--maximise", "new_paid_users", "--budget", "1"), 2, "--mrr is a goal, and"),
        (("--new-paid-users", "8", "--shape", "free"), 2, "Add --minimise cost, or use another shape."),
        ((*LEAST, "--lag", "2"), 5, "nobody who comes from now on is in time"),
        ((*LEAST, "--confidence", "99%"), 5, "No mix meets the goal in 99% of the runs; the surest"),
        ((*LEAST, "--simulate", "nix.csv"), 2, "--simulate nix.csv: cannot be read"),
        ((*LEAST, "--budget", "ten"), 2, "--budget: 'ten' is not an amount"),
        ((*LEAST, "--budget", "300k"), 5, "The goal costs 400,000 at least, 100,000 above the budget of 300,000"),
        (("--new-paid-users", "12", "--minimise", "cost"), 5, "One more seller would be enough."),
        (("--new-paid-users", "8", "--minimise", "cost", "--arpa", "$9", "--budget", "1 tỷ"), 2, "--budget"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_refused_in_words(firm: Path, options: tuple[str, ...], status: int, says: str) -> None:
    done = refused(firm, *options)
    assert done[0] == status
    assert says in done[1]
    assert "Traceback" not in done[1]


@pytest.mark.parametrize(
    ("settings", "says"),
    [
        ("[plan.capacity]\nsellers = 3\n", "give both sellers and demos_per_seller"),
        ("[plan.capacity]\nsellers = 3\ndemos_per_seller = 0\n", "demos_per_seller is above 0"),
        ("[plan.capacity]\nsellers = 3\ndemos_per_seller = 9\nramp = [0.5, 1.5]\n", "1.5 may mean"),
        ('[plan.capacity]\nsellers = 3\ndemos_per_seller = 9\nramp = ["150%"]\n', "more than all of it"),
        ("[plan.capacity]\nsellers = 3\ndemos_per_seller = 9\nramp = 0.5\n", "write a list"),
        ('[plan.capacity]\nsellers = 0\ndemos_per_seller = 9\nleavers = ["2027-02"]\n', "more sellers leave than"),
        ('[plan.capacity]\nsellers = 3\ndemos_per_seller = 9\nhires = ["2027"]\n', "hires"),
        ("[plan.cost.paid]\ncap = 9\n", "give cost_per_signup, or steps whose cost rises"),
        ("[plan.cost.paid]\ncost_per_signup = 9\nsteps = [{ cost = 1 }]\n", "one of the two"),
        ("[plan.cost.paid]\nsteps = [{ to = 9, cost = 2 }, { to = 20, cost = 2 }]\n", "each step costs more"),
        ("[plan.cost.paid]\nsteps = [{ to = 9, cost = 2 }, { to = 9, cost = 3 }]\n", "goes up to more signups"),
        ("[plan.cost.paid]\nsteps = [{ cost = 2 }, { to = 9, cost = 3 }]\n", "only the last step"),
        ("[plan.cost.paid]\nsteps = [{ to = 9 }]\n", "cost: is missing"),
        ("[plan.cost.piad]\ncost_per_signup = 9\n", "[plan.cost] piad: there is no such key. Did you mean paid?"),
        ('[business]\ncurrency = "USD"\n[plan.cost.paid]\nsteps = [{ cost = "2tr" }]\n', "steps 1] cost"),
    ],
)  # fmt: skip
def test_settings_that_are_wrong_are_named(firm: Path, settings: str, says: str) -> None:
    (firm / "funnel.toml").write_text(settings, encoding="utf-8")
    status, said = refused(firm, "--new-paid-users", "8")
    assert status in (2, 4)
    assert says in said
    assert "Traceback" not in said


def test_costs_without_sellers_and_sellers_without_costs_are_enough(firm: Path) -> None:
    (firm / "funnel.toml").write_text("[plan.cost.paid]\ncost_per_signup = 9\n", encoding="utf-8")
    assert "The signups cost 360; no other mix" in written(firm, *LEAST)  # 40 signups
    (firm / "funnel.toml").write_text("[plan.capacity]\nsellers = 1\ndemos_per_seller = 9\n", encoding="utf-8")
    assert refused(firm, *LEAST) == (
        2,
        "funnelcli: No channel has a cost, so no mix can be chosen.\n"
        '  Give some in funnel.toml, like [plan.cost.paid] cost_per_signup = "120k", cap = 400.\n',
    )
