"""``targets`` and ``track`` where users trip: currencies, rewritten files, months without targets, stale exports."""

from __future__ import annotations

import csv
import io
import json
import os
import shutil
import threading
from fractions import Fraction
from pathlib import Path

import pytest

from funnelcli.answers.targets_file import read_targets
from support import run_cli

ROOT = Path(__file__).parents[2]
PLAIN = ROOT / "examples" / "plain"
SAAS_VN = ROOT / "examples" / "saas_vn"
RATES = ("--visitor-to-signup", "4%", "--signup-to-demo", "20%", "--demo-to-paid", "25%")
RANGE = ("--from", "2027-01", "--to", "2027-02")
# 256, 268, 283 and 300 signups from July to October 2026.
TARGETS = "metric,2026-07,2026-08,2026-09,2026-10,2026-11\nnew_signups,300,310,320,330,340\n"


def tracked(tmp_path: Path, *options: str, text: str = TARGETS) -> dict[str, dict[str, str]]:
    """The rows of ``track`` by period."""
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    asked = (*options, "-f", "csv", "--metric", "new_signups", "-q")
    done = run_cli("track", SAAS_VN, "--targets", tmp_path / "t.csv", *asked)
    assert (done.returncode, done.stderr) == (0, "")
    return {row["period"]: row for row in csv.DictReader(io.StringIO(done.stdout))}


def test_the_total_is_over_the_months_that_have_targets(tmp_path: Path) -> None:
    rows = tracked(tmp_path, "--from", "2026-05", "--to", "2026-08")
    assert (rows["2026-06"]["actual"], rows["2026-06"]["target"]) == ("247", "")
    # 256 + 268 of 300 + 310; May and June have no target and are not added.
    assert (rows["total"]["actual"], rows["total"]["target"]) == ("524", "610")


@pytest.mark.parametrize("first", ["2026-05", "2026-07", "2026-09"])
def test_sums_begin_with_the_first_target_wherever_the_view_begins(first: str, tmp_path: Path) -> None:
    rows = tracked(tmp_path, "--cumulative", "--from", first, "--to", "2026-11")
    # 256 + 268 + 283 = 807 of 300 + 310 + 320 = 930; with October 1,107 of 1,260; November has not begun.
    assert [(rows[m]["actual"], rows[m]["target"]) for m in ("2026-09", "2026-10", "2026-11")] == [
        ("807", "930"),
        ("1107", "1260"),
        ("", "1600"),
    ]


def test_the_opening_of_a_range_is_the_first(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text("metric,2026-08,2026-09\nopening_paid_users,170,180\n", encoding="utf-8")
    done = run_cli("track", SAAS_VN, "--targets", tmp_path / "t.csv", "--from", "2026-08", "--to", "2026-09",
                   "-f", "json", "--metric", "opening_paid_users")  # fmt: skip
    (row,) = json.loads(done.stdout)["rows"]
    assert (row["total"]["actual"], row["total"]["target"]) == (176, 170)


@pytest.mark.parametrize(
    ("options", "says"),
    [
        (("--month", "2026-03"), "2026-03: no target to judge by"),
        (("--month", "2026-09", "--metric", "churned_paid_users"), "2026-09: no target to judge by"),
    ],
)
def test_nothing_passes_unjudged(options: tuple[str, ...], says: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(TARGETS + "churned_paid_users,9,9,9,9,9\n", encoding="utf-8")
    done = run_cli("track", SAAS_VN, "--targets", tmp_path / "t.csv", *options, "--fail-under", "1%")
    assert (done.returncode, says in done.stderr) == (6, True)


def test_of_sums_only_the_latest_is_judged(tmp_path: Path) -> None:
    # 256 of 300 in July is 85 %; 1,107 of 1,130 by October is 98 %.
    (tmp_path / "t.csv").write_text(
        "metric,2026-07,2026-08,2026-09,2026-10\nnew_signups,300,270,270,290\n", encoding="utf-8"
    )
    command = ("track", SAAS_VN, "--targets", tmp_path / "t.csv", "--metric", "new_signups", "--fail-under", "90%")
    assert run_cli(*command, "--cumulative").returncode == 0
    assert run_cli(*command, "--from", "2026-07").returncode == 6


def test_exports_that_have_ended_are_said_to_have(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(TARGETS, encoding="utf-8")
    for command in (
        ("track", SAAS_VN, "--targets", tmp_path / "t.csv"),
        ("targets", SAAS_VN, "--new-paid-users", "9", "--from", "2027-01", "--to", "2027-01"),
    ):
        done = run_cli(*command, "--as-of", "2026-11-22", "-f", "json")
        assert "ends-early" in {note["code"] for note in json.loads(done.stdout)["notes"]}


def test_rows_left_out_are_said_to_be(tmp_path: Path) -> None:
    folder = tmp_path / "exports"
    shutil.copytree(PLAIN, folder)
    with (folder / "signups.csv").open("a", encoding="utf-8") as stream:
        stream.write("u9999,99/99/2026,google / cpc\n")
    command = ("targets", folder, "--new-paid-users", "9", "--from", "2027-01", "--to", "2027-01")
    assert run_cli(*command).returncode == 3
    done = run_cli(*command, "--skip-bad-rows", "-f", "json")
    assert "rows-left-out" in {note["code"] for note in json.loads(done.stdout)["notes"]}


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["--mrr", "5.000 ₫"], "--mrr"),
        (["--mrr", "5k", "--arpa", "2tr VND"], "--arpa"),
        (["--mrr", "5k", "--what-if", "arpa=€20"], "--what-if"),
        (["--mrr", "JPY 1200000"], "--mrr: 'JPY 1200000' is in JPY"),
        (["--revenue", "5k", "--deal-size", "CHF 1200"], "--deal-size: 'CHF 1200' is in CHF"),
    ],
    ids=str,
)
def test_an_amount_in_another_currency_is_refused(arguments: list[str], says: str) -> None:
    done = run_cli("targets", PLAIN, *arguments, "--from", "2026-09", "--to", "2026-10")
    assert (done.returncode, done.stdout) == (2, "")
    assert says in done.stderr
    assert "the plan in USD" in done.stderr


def test_where_nothing_else_tells_the_currency_it_is_the_amounts(tmp_path: Path) -> None:
    hand = ("targets", *RATES, *RANGE, "--opening-paid-users", "3", "-f", "json")
    done = run_cli(*hand, "--mrr", "$25,000", "--arpa", "$10", cwd=tmp_path)
    assert json.loads(done.stdout)["currency"] == "USD"
    mixed = run_cli(*hand, "--mrr", "$25,000", "--arpa", "10 ₫", cwd=tmp_path)
    assert (mixed.returncode, "--arpa" in mixed.stderr) == (2, True)
    (tmp_path / "funnel.toml").write_text('[policies.marketing]\nper_visit = "$5"\n', encoding="utf-8")
    assert run_cli(*hand, "--mrr", "5k", "--arpa", "5", cwd=tmp_path).returncode == 4


def test_targets_in_another_currency_than_the_exports_are_refused(tmp_path: Path) -> None:
    plan = ("targets", SAAS_VN, "--mrr", "150tr", "--from", "2026-08", "--to", "2026-09", "--as-of", "2026-07-31")
    run_cli(*plan, "-o", tmp_path / "t.csv")
    done = run_cli("track", PLAIN, "--targets", tmp_path / "t.csv", "--month", "2026-08")
    assert (done.returncode, "VND" in done.stderr, "USD" in done.stderr) == (2, True, True)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("metric,2027-01\nnew_signups,1.200\n", Fraction(1200)),  # a quota is whole: the mark can only group
        ('metric,2027-01\nnew_signups,"1,200"\n', Fraction(1200)),
        ("metric;2027-01;2027-02\nclosing_paid_users;93,896;1,5\n", Fraction("93.896")),  # 1,5 proves the comma
        ("metric,2027-01\nrevenue,120tr\n", Fraction(120_000_000)),
        ("metric,2027-01\nRevenue,120.000.000\n", Fraction(120_000_000)),
        ("metric,Jan-27\nSignups,5\n", Fraction(5)),
        ("metric,01/2027\nĐăng ký,5\n", Fraction(5)),
        ("metric,2027-01-01\nnew_signups,5\n", Fraction(5)),
    ],
)
def test_what_a_spreadsheet_or_a_person_made_of_a_target(text: str, expected: Fraction) -> None:
    (row,) = read_targets(text, "t.csv").rows.values()
    assert row["2027-01"] == expected


def test_a_target_that_could_be_two_numbers_is_refused(tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text('metric,2026-10\nclosing_paid_users,"18,746"\n', encoding="utf-8")
    done = run_cli("track", SAAS_VN, "--targets", tmp_path / "t.csv")
    assert (done.returncode, "t.csv:2" in done.stderr, "thousands or a fraction" in done.stderr) == (2, True, True)


@pytest.mark.parametrize("form", ["csv", "json"])
def test_what_was_replanned_is_the_next_plan(form: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(TARGETS, encoding="utf-8")
    again = tmp_path / f"again.{form}"
    command = ("track", SAAS_VN, "--as-of", "2026-09-30", "--metric", "new_signups", "--targets")
    assert run_cli(*command, tmp_path / "t.csv", "--replan", "-o", again).returncode == 0
    done = run_cli(*command, again, "--from", "2026-07", "--to", "2026-11", "-f", "json")
    (row,) = json.loads(done.stdout)["rows"]
    # 807 of 1,600 are done; 793 are left: 793 x 330 / 670 = 390.6, 793 x 340 / 670 = 402.4.
    assert [cell["target"] for cell in row["cells"]] == [256, 268, 283, 391, 402]


def test_a_variant_by_channel_that_changes_nothing_changes_nothing() -> None:
    plan = (
        "targets",
        SAAS_VN,
        "--new-paid-users",
        "60",
        "--from",
        "2026-11",
        "--to",
        "2026-12",
        "--by",
        "channel",
        "-f",
        "json",
    )
    data = json.loads(run_cli(*plan).stdout)
    pooled = next(assumption for assumption in data["assumptions"] if assumption["key"] == "demo_to_paid_rate")
    same = f"demo_to_paid_rate={pooled['numerator']}/{pooled['denominator']}"
    (variant,) = json.loads(run_cli(*plan, "--what-if", same).stdout)["variants"]
    whole = {row["metric"]: row["total"] for row in data["rows"] if row["channel"] is None}
    assert variant["totals"] == {key: whole[key] for key in variant["totals"]}
    # A rate a tenth better saves 1 - 1 / 1.1 = 9.1 % of its stage, whatever the channels, and about that when rounded.
    stages = {
        "visitor_to_signup_rate": "required_net_new_visitors",
        "signup_to_demo_rate": "required_new_signups",
        "demo_to_paid_rate": "required_new_signups",
    }
    improved = {lever["key"]: lever for lever in data["improved_by_a_tenth"]}
    assert list(improved) == list(stages)
    for key, stage in stages.items():
        assert round(improved[key]["saved"], 10) == round(1 / 11, 10)
        assert round(1 - improved[key][stage] / whole[stage], 2) == 0.09


def test_a_teams_targets_are_compared_with_what_the_team_owns(tmp_path: Path) -> None:
    # Marketing owns the signups of organic and paid; the table has no rows of channels.
    (tmp_path / "t.csv").write_text("Metric;Đội;2026-09\nĐăng ký;marketing;250\n", encoding="utf-8")
    done = run_cli("track", SAAS_VN, "--targets", tmp_path / "t.csv", "--by", "team", "-f", "json")
    (row,) = json.loads(done.stdout)["rows"]
    report = json.loads(run_cli("report", SAAS_VN, "--month", "2026-09", "-f", "json").stdout)
    of = {row["metric"]: row["total"]["value"] for row in report["rows"]}
    assert row["cells"][0]["actual"] == of["organic_signups"] + of["paid_signups"]
    (tmp_path / "t.csv").write_text("metric,team,2026-09\nnew_signups,marketting,250\n", encoding="utf-8")
    typo = run_cli("track", SAAS_VN, "--targets", tmp_path / "t.csv", "--by", "team")
    assert (typo.returncode, "Did you mean marketing?" in typo.stderr) == (2, True)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("metric,2027-01,2027-01\nnew_signups,10,99\n", "two columns"),
        ("metric,2027-01\nnew_signups,62%\n", "a share"),
        ("metric,2027-01,2027-02\nrevenue,€4000,4000 VND\n", "VND"),
    ],
)
def test_what_targets_cannot_mean_is_refused(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "t.csv").write_text(text, encoding="utf-8")
    done = run_cli("track", PLAIN, "--targets", tmp_path / "t.csv", "--month", "2027-01")
    assert (done.returncode, says in done.stderr) == (2, True)


def test_a_months_file_of_two_currencies_is_refused(tmp_path: Path) -> None:
    (tmp_path / "r.csv").write_text("month,amount\n2027-01,$10k\n2027-02,€12k\n", encoding="utf-8")
    done = run_cli("targets", *RATES, *RANGE, "--deal-size", "100", "--revenue-by-month", "r.csv", cwd=tmp_path)
    assert (done.returncode, "r.csv:3" in done.stderr) == (2, True)


def test_sums_pass_over_months_without_targets(tmp_path: Path) -> None:
    rows = tracked(
        tmp_path,
        "--cumulative",
        "--from",
        "2026-06",
        "--to",
        "2026-09",
        text=TARGETS.replace("300,310,320", "300,,320"),
    )
    # August has no target: 256 of 300, and again; then 256 + 283 of 620.  June lies before the first target.
    assert [(rows[f"2026-0{m}"]["actual"], rows[f"2026-0{m}"]["target"]) for m in (6, 7, 8, 9)] == [
        ("", ""),
        ("256", "300"),
        ("256", "300"),
        ("539", "620"),
    ]


def test_a_later_as_of_changes_no_assumption() -> None:
    plan = ("targets", SAAS_VN, "--new-paid-users", "9", "--from", "2027-01", "--to", "2027-01", "-f", "json")
    now, later = (json.loads(run_cli(*plan, *more).stdout)["assumptions"] for more in ((), ("--as-of", "2026-12-24")))
    assert later == now
    assert len(now) == 5


BY_MONTH = "month,amount\n2027-01,100tr\n2027-02,50tr\n"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16"])
def test_revenue_by_month_from_a_pipe_is_read_once(encoding: str, tmp_path: Path) -> None:
    pipe = tmp_path / "revenue"
    os.mkfifo(pipe)
    # A pipe gives what was written to it to the first who reads: a second reading would wait for ever.
    writer = threading.Thread(target=lambda: pipe.write_bytes(BY_MONTH.encode(encoding)), daemon=True)
    writer.start()
    done = run_cli(
        "targets", "--revenue-by-month", pipe, "--deal-size", "10tr", *RATES, *RANGE, "-f", "json", cwd=tmp_path
    )
    writer.join(timeout=10)
    assert (done.returncode, done.stderr, writer.is_alive()) == (0, "", False)
    data = json.loads(done.stdout)
    won = next(row for row in data["rows"] if row["metric"] == "required_new_paid_users")
    # 100 million / 10 million a deal, and 50 / 10; the goal is the sum of the months.
    assert ([cell["value"] for cell in won["cells"]], data["goal"]["amount"]) == ([10, 5], 150_000_000)


@pytest.mark.parametrize(
    ("text", "says"),
    [
        (
            "month;amount\n2027-01;100tr\n2027-02;€1,200,000\n",
            "revenue:3: '2027-02;€1,200,000' is in EUR, the plan in VND.",
        ),
        ("month,MRR (CHF)\n2027-01,100tr\n2027-02,50tr\n", "revenue:1: 'month,MRR (CHF)' is in CHF, the plan in VND."),
        ("2027-01,100tr\nFebruary,50tr\n", "revenue:2: 'February' is not a month."),
        ("2027-01,100tr\n2027-01,50tr\n", "revenue:2: 2027-01 stands there twice."),
    ],
)
def test_a_line_of_a_pipe_is_named(text: str, says: str, tmp_path: Path) -> None:
    (tmp_path / "funnel.toml").write_text('[business]\ncurrency = "VND"\n', encoding="utf-8")
    pipe = tmp_path / "revenue"
    os.mkfifo(pipe)
    writer = threading.Thread(target=lambda: pipe.write_bytes(text.encode()), daemon=True)
    writer.start()
    done = run_cli("targets", "--revenue-by-month", pipe, "--deal-size", "10tr", *RATES, *RANGE, cwd=tmp_path)
    writer.join(timeout=10)
    assert (done.returncode, done.stdout, writer.is_alive()) == (2, "", False)
    assert says in done.stderr
