"""``targets`` and ``track`` as a shell sees them: what is read, what is refused and how, and files read back."""

from __future__ import annotations

import csv
import io
import json
import shutil
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest

from support import run_cli

ROOT = Path(__file__).parents[2]
PLAIN = ROOT / "examples" / "plain"
SAAS_VN = ROOT / "examples" / "saas_vn"
RANGE = ("--from", "2027-01", "--to", "2027-12")
RATES = ("--visitor-to-signup", "4%", "--signup-to-demo", "20%", "--demo-to-paid", "25%")
BY_HAND = ("targets", "--new-paid-users", "200", *RANGE, *RATES)


def totals(text: str) -> dict[str, float]:
    """The range's figure of each metric of the whole, from JSON."""
    return {
        row["metric"]: row["total"]
        for row in json.loads(text)["rows"]
        if row["channel"] is None and row["team"] is None and row["total"] is not None
    }


def test_with_everything_by_hand_nothing_heavy_is_imported(tmp_path: Path) -> None:
    code = (
        "import sys\nfrom funnelcli.cli.app import main\nsys.argv = ['funnelcli', *sys.argv[1:]]\n"
        "try:\n    main()\nexcept SystemExit as leaving:\n    assert not leaving.code, leaving.code\n"
        "heavy = {'pandas', 'numpy', 'duckdb', '_duckdb', 'pydantic'} & set(sys.modules)\nassert not heavy, heavy\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code, *BY_HAND], capture_output=True, text=True, check=False, cwd=tmp_path
    )
    assert (done.returncode, done.stderr) == (0, "")
    assert "200" in done.stdout


def test_a_plan_by_hand(tmp_path: Path) -> None:
    done = run_cli(*BY_HAND, "-f", "json", cwd=tmp_path)
    # 200 / 25 % = 800 demos; 800 / 20 % = 4,000 signups; 4,000 / 4 % = 100,000 visits.
    assert (done.returncode, done.stderr) == (0, "")
    assert totals(done.stdout) == {
        "required_net_new_visitors": 100_000,
        "required_new_signups": 4_000,
        "required_new_demo_bookings": 800,
        "required_new_paid_users": 200,
    }


def test_rates_are_measured_and_say_where() -> None:
    done = run_cli("targets", SAAS_VN, "--mrr", "200tr", *RANGE, "-f", "json")
    data = json.loads(done.stdout)
    assumptions = {
        assumption["key"]: (
            assumption["numerator"],
            assumption["denominator"],
            assumption["origin"],
            assumption["source"],
        )
        for assumption in data["assumptions"]
    }
    window = "2026-05 – 2026-10"
    report = json.loads(run_cli("report", SAAS_VN, "--from", "2026-05", "--to", "2026-10", "-f", "json").stdout)
    of_range = {row["metric"]: row["total"]["value"] for row in report["rows"]}
    months = {row["metric"]: [cell["value"] for cell in row["cells"]] for row in report["rows"]}
    # Flows of the range's total are the sums of its months; churn stands on the sum of the openings.
    assert {key: assumptions[key] for key in assumptions if key.endswith("_rate")} == {
        "visitor_to_signup_rate": (of_range["new_signups"], of_range["net_new_visitors"], "measured", window),
        "signup_to_demo_rate": (of_range["new_demo_bookings"], of_range["new_signups"], "measured", window),
        "demo_to_paid_rate": (of_range["new_paid_users"], of_range["new_demo_bookings"], "measured", window),
        "paid_user_churn_rate": (of_range["churned_paid_users"], sum(months["opening_paid_users"]), "measured", window),
    }
    # From the end of October two months are run forward to January: each loses the churn rate of those there and gains
    # the new PU of a usual month.
    churn = Fraction(of_range["churned_paid_users"], sum(months["opening_paid_users"]))
    customers, mrr = Fraction(of_range["closing_paid_users"]), Fraction(of_range["closing_mrr_amount"])
    usual = Fraction(of_range["new_paid_users"], 6)
    values = {assumption["key"]: assumption["value"] for assumption in data["assumptions"]}
    for _ in range(2):
        customers += usual - customers * churn
        mrr += usual * Fraction(62_157_000, 117) - mrr * churn  # what new ones bring, see test_measured
    assert [values["opening_paid_users"], values["opening_mrr_amount"]] == pytest.approx([float(customers), float(mrr)])
    run_forward = (None, None, "measured", "on 2026-10-31, run forward to 2027-01-01")
    assert assumptions["opening_paid_users"] == assumptions["opening_mrr_amount"] == run_forward
    frozen = json.loads(run_cli("targets", SAAS_VN, "--mrr", "200tr", *RANGE, "-f", "json", "--bridge", "none").stdout)[
        "assumptions"
    ]
    assert [a["value"] for a in frozen if a["key"].startswith("opening")] == [
        of_range["closing_paid_users"], of_range["closing_mrr_amount"],
    ]  # fmt: skip


def test_a_flag_outweighs_the_config_and_the_config_what_is_measured(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    shutil.copytree(PLAIN, folder)
    (folder / "funnel.toml").write_text('[plan]\nchurn = "2%"\ndemo_to_paid = "30%"\n', encoding="utf-8")
    done = run_cli("targets", folder, "--paid-users", "60", *RANGE, "--demo-to-paid", "1/4", "-f", "json")
    assumptions = {
        assumption["key"]: (assumption["value"], assumption["origin"], assumption["source"])
        for assumption in json.loads(done.stdout)["assumptions"]
    }
    assert assumptions["demo_to_paid_rate"] == (0.25, "given", "--demo-to-paid")
    assert assumptions["paid_user_churn_rate"] == (0.02, "given", "[plan] churn")
    assert assumptions["signup_to_demo_rate"][1] == "measured"


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--mrr", "200000", *RATES, "--arpa", "1", "--churn", "5%"], "no opening for --churn"),
        (
            ["--mrr", "200000", *RATES, "--arpa", "1", "--churn", "5%", "--opening-paid-users", "100_000",
             "--max-new-paid-users", "8000"],
            "160,000",
        ),
        (["--new-paid-users", "10", *RATES[:4]], "--demo-to-paid"),
        (["--new-paid-users", "10", *RATES, "--signup-to-demo", "0%"], "signup_to_demo_rate is 0"),
        (["--mrr", "5tr", *RATES, "--opening-paid-users", "3"], "--arpa"),
        (["--mrr", "5tr", *RATES, "--opening-paid-users", "3", "--arpa", "0"], "arpa_amount is 0"),
        (["--paid-users", "10", *RATES, "--by", "team"], "[plan.mix]"),
        (["--paid-users", "10", *RATES, "--shape", "seasonal"], "seasonal"),
        (["--paid-users", "10", *RATES, "--churn", "120%", "--opening-paid-users", "3"], "120.0%"),
    ],
    ids=lambda value: value if isinstance(value, str) else "",
)  # fmt: skip
def test_a_goal_out_of_reach_is_exit_5_and_says_what_would_help(
    arguments: list[str], says: str, tmp_path: Path
) -> None:
    done = run_cli("targets", *arguments, *RANGE, "-o", "plan.csv", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (5, "")
    assert says in done.stderr
    assert len(done.stderr.splitlines()) >= 2
    assert not (tmp_path / "plan.csv").exists()


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ([], "no goal"),
        (["--mrr", "1", "--revenue", "1"], "two goals"),
        (["--paid-users", "10", "--paid-users", "20"], "two goals"),
        (["--revenue", "12 apples"], "12 apples"),
        (["--revenue", "0"], "above 0"),
        (["--new-paid-users", "2.5"], "whole number"),
        (["--new-paid-users", "5", "--churn", "5"], "5%"),
        (["--new-paid-users", "5", "--shape", "wild"], "steady"),
        (["--new-paid-users", "5", "--shape", "growth"], "growth 5%"),
        (["--new-paid-users", "5", "--shape", "growth -100%"], "-100%"),
        (["--new-paid-users", "5", "--shape", "steady 5%"], "growth"),
        (["--new-paid-users", "5", "--by", "owner"], "--by"),
        (["--new-paid-users", "5", "--what-if", "chrn=3%"], "churn"),
        (["--new-paid-users", "5", "--what-if", "churn"], "churn"),
        (["--revenue", "5", "--arpa", "1", "--deal-size", "1"], "--deal-size"),
        (["--mrr", "5", "--deal-size", "1"], "--mrr"),
        (["--shape", "revenue"], "[plan.revenue]"),
        (["--new-paid-users", "5", "--rates-from", "2026-09", "--rates-to", "2026-01"], "2026-01"),
    ],
    ids=lambda value: value if isinstance(value, str) else " ".join(value),
)
def test_a_wrong_option_of_targets_is_a_usage_error(arguments: list[str], says: str, tmp_path: Path) -> None:
    done = run_cli("targets", *arguments, *RATES, *RANGE, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr


def test_a_plan_without_months_is_a_usage_error(tmp_path: Path) -> None:
    assert run_cli("targets", "--new-paid-users", "5", *RATES, cwd=tmp_path).returncode == 2
    backwards = run_cli(
        "targets", "--new-paid-users", "5", *RATES, "--from", "2027-02", "--to", "2027-01", cwd=tmp_path
    )
    assert (backwards.returncode, "Swap" in backwards.stderr) == (2, True)


def test_revenue_by_month_from_a_file_is_its_own_goal(tmp_path: Path) -> None:
    (tmp_path / "amounts.csv").write_text(
        'month;amount\n2027-01;100k\n02/2027;"50.000"\n2027-03;200000\n', encoding="utf-8"
    )
    arguments = ("targets", *RATES, "--deal-size", "25k", "--from", "2027-01", "--to", "2027-03", "-f", "json")
    done = run_cli(*arguments, "--revenue-by-month", "amounts.csv", cwd=tmp_path)
    data = json.loads(done.stdout)
    won = next(row for row in data["rows"] if row["metric"] == "required_new_paid_users")
    # 100,000 / 25,000 = 4; (100,000 + 50,000) / 25,000 = 6; 350,000 / 25,000 = 14.
    assert (data["goal"]["amount"], [cell["value"] for cell in won["cells"]]) == (350_000, [4, 2, 8])
    other = run_cli(*arguments, "--revenue-by-month", "amounts.csv", "--revenue", "1m", cwd=tmp_path)
    assert (other.returncode, "350,000" in other.stderr) == (2, True)
    (tmp_path / "amounts.csv").write_text("2027-01,100k\n2027-02,soon\n", encoding="utf-8")
    broken = run_cli(*arguments, "--revenue-by-month", "amounts.csv", cwd=tmp_path)
    assert (broken.returncode, "amounts.csv:2" in broken.stderr) == (2, True)


# --- read back ---------------------------------------------------------------------------------------------------

PLAN = ("targets", SAAS_VN, "--new-paid-users", "200", "--from", "2026-05", "--to", "2026-12", "--as-of", "2026-04-30")


@pytest.mark.parametrize("by", ["channel", "team"])
def test_every_format_of_a_plan_is_read_back_alike(by: str, tmp_path: Path) -> None:
    for name, more in (("a.csv", []), ("b.csv", ["--layout", "tidy"]), ("c.json", []), ("d.tsv", [])):
        assert run_cli(*PLAN, "--by", by, *more, "-o", tmp_path / name).returncode == 0
    seen = []
    for name in ("a.csv", "b.csv", "c.json", "d.tsv"):
        asked = ("--by", by, "--month", "2026-10", "-f", "csv", "-q")
        done = run_cli("track", SAAS_VN, "--targets", tmp_path / name, *asked)
        assert (done.returncode, done.stderr) == (0, "")
        seen.append(done.stdout)
    assert len(seen[0].splitlines()) > 20
    assert seen == [seen[0]] * 4


def test_a_table_of_ones_own_is_read(tmp_path: Path) -> None:
    (tmp_path / "targets.csv").write_text("metric;2026-09;2026-10\nnew_signups;400;352,5\n", encoding="utf-8-sig")
    done = run_cli("track", SAAS_VN, "--targets", tmp_path / "targets.csv", "-f", "csv", "--metric", "new_signups")
    rows = list(csv.DictReader(io.StringIO(done.stdout)))
    assert [(row["period"], row["actual"], row["target"]) for row in rows] == [
        ("2026-10", "300", "352.5"),
        ("total", "300", "352.5"),
    ]


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "no column metric"),
        ("metric,total\nnew_signups,4\n", "month"),
        ("metric,2027-01\nnew_signupz,4\n", "new_signups"),
        ("metric,2027-01\nnew_signups,many\n", "t.csv:2"),
        ("metric,2027-01\nnew_signups,-4\n", "below 0"),
        ("metric,2027-01\nnew_signups,4\nnew_signups,5\n", "twice"),
        ("metric,2027-13\nnew_signups,4\n", "2027-13"),
        ("metric,channel,2027-01\nnew_signups,tv,4\n", "tv"),
        ("metric,2027-01\nnew_signups,\n", "no target"),
        ("period,metric,value\nsoon,new_signups,5\n", "soon"),
        ('{"format": "funnelcli.report"}', "funnelcli.targets"),
        ('{"format": "funnelcli.targets", "format_version": 2}', "format_version"),
        ('{"format": "funnelcli.targets", "format_version": 1}', "lacks"),
        ("{", "JSON"),
    ],
)
def test_a_file_that_is_no_targets_is_refused_with_its_place(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    done = run_cli("track", PLAIN, "--targets", "t.csv", cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "Traceback" not in done.stderr


def test_targets_beside_the_exports_are_found_and_are_no_export(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    shutil.copytree(PLAIN, folder)
    nothing = run_cli("track", folder)
    assert (nothing.returncode, "--targets" in nothing.stderr) == (2, True)
    (folder / "targets.csv").write_text("metric,2026-08\nnew_signups,30\n", encoding="utf-8")
    assert "[" in run_cli("track", folder).stdout
    assert "unknown-file" not in run_cli("check", folder).stdout
    piped = run_cli("track", folder, "--targets", "-", stdin="metric,2026-08\nnew_signups,31\n")
    assert "of 31]" in piped.stdout


# --- threshold ---------------------------------------------------------------------------------------------------


def write_targets(folder: Path, *rows: str) -> Path:
    path = folder / "targets.csv"
    path.write_text("\n".join(["metric,2026-09,2026-10,2026-11", *rows]) + "\n", encoding="utf-8")
    return path


def test_fail_under_judges_a_whole_month_by_its_target(tmp_path: Path) -> None:
    # The example has 283 signups in September: 283 / 300 = 94.3 %, 283 / 320 = 88.4 %.
    passed = run_cli(
        "track",
        SAAS_VN,
        "--targets",
        write_targets(tmp_path, "new_signups,300,,"),
        "--month",
        "2026-09",
        "--fail-under",
        "90%",
        "--quiet",
    )
    assert (passed.returncode, passed.stderr) == (0, "")
    missed = run_cli(
        "track",
        SAAS_VN,
        "--targets",
        write_targets(tmp_path, "new_signups,320,,"),
        "--month",
        "2026-09",
        "--fail-under",
        "90%",
    )
    assert missed.returncode == 6
    assert "new_signups 2026-09: 283 is 88.4% of 320" in missed.stderr
    assert "283 [88.4% of 320] (37 to go)" in missed.stdout


def test_fail_under_judges_a_running_month_by_its_pace(tmp_path: Path) -> None:
    # 122 signups by 12 October; 12 of 31 days gone: of 348 are 134.7 expected, and 122 / 134.7 = 90.6 %.
    path = write_targets(tmp_path, "new_signups,,348,")
    command = ("track", SAAS_VN, "--targets", path, "--as-of", "2026-10-12", "--metric", "new_signups", "--fail-under")
    assert run_cli(*command, "90%").returncode == 0
    missed = run_cli(*command, "0.91")
    assert missed.returncode == 6
    assert "122 is 90.6% of the 134.7 expected by now, of 348" in missed.stderr


def test_what_cannot_be_judged_does_not_pass_silently(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    shutil.copytree(PLAIN, folder)
    (folder / "demos.csv").unlink()
    path = write_targets(tmp_path, "new_demo_bookings,5,5,5", "churned_paid_users,0,0,0")
    done = run_cli(
        "track", folder, "--targets", path, "--month", "2026-09", "--as-of", "2026-09-30", "--fail-under", "90%"
    )
    assert (done.returncode, "new_demo_bookings 2026-09: cannot be judged: no demos export" in done.stderr) == (6, True)


def test_business_days_set_the_pace(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    shutil.copytree(PLAIN, folder)
    (folder / "targets.csv").write_text("metric,2026-08\nnew_signups,42\n", encoding="utf-8")
    command = ("track", folder, "--as-of", "2026-08-10", "--metric", "new_signups", "-f", "json")
    # August 2026 begins on a Saturday: of 31 days 10 are gone; of 21 week days 6; with the 5th off, 5 of 20.
    expected = []
    for settings in (
        "",
        'workdays = ["mon","tue","wed","thu","fri"]',
        'workdays = ["mon","tue","wed","thu","fri"]\nholidays = [2026-08-05]',
    ):
        (folder / "funnel.toml").write_text("[business]\n" + settings, encoding="utf-8")
        (cell,) = json.loads(run_cli(*command).stdout)["rows"][0]["cells"]
        expected.append((cell["pace"]["elapsed"], cell["pace"]["expected"], cell["pace"]["days_left"]))
    assert expected == [(10 / 31, 420 / 31, 21), (6 / 21, 12, 15), (0.25, 10.5, 15)]


def test_replan_spreads_the_rest_over_the_months_left(tmp_path: Path) -> None:
    path = write_targets(tmp_path, "new_signups,300,330,400")
    done = run_cli(
        "track", SAAS_VN, "--targets", path, "--as-of", "2026-09-30", "--month", "2026-09", "--replan", "-f", "json"
    )
    (anew,) = json.loads(done.stdout)["replanned"]
    # 283 done of 1,030: 747 are left; 747 x 330 / 730 = 337.7 and 747 x 400 / 730 = 409.3.
    assert (anew["wanted"], anew["done"], anew["rest"]) == (1030, 283, 747)
    assert [cell["value"] for cell in anew["cells"]] == [283, 338, 409]


def test_cumulative_sums_from_the_first_month_on(tmp_path: Path) -> None:
    path = write_targets(tmp_path, "new_signups,300,330,400", "closing_paid_users,200,210,220")
    done = run_cli("track", SAAS_VN, "--targets", path, "--cumulative", "-f", "csv")
    rows = [
        (row["period"], row["metric"], row["actual"], row["target"])
        for row in csv.DictReader(io.StringIO(done.stdout))
        if row["target"]
    ]
    # 283 + 300 = 583 of 300 + 330 = 630; a balance is never summed.
    assert [row for row in rows if row[0] == "2026-10"] == [
        ("2026-10", "required_new_signups", "583", "630"),
        ("2026-10", "planned_closing_paid_users", "225", "210"),
    ]
