"""Splits by any dimension, worked by hand: a row's own value, else its person's; parts that sum to the whole."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

import funnelcli as fc
from funnelcli.reading.engines import choose
from support import run_cli

COUNTED = (
    "new_signups", "closing_registered_users", "new_demo_bookings", "cumulative_demos_held", "opening_paid_users",
    "new_paid_users", "reactivated_paid_users", "churned_paid_users", "transferred_paid_users", "closing_paid_users",
    "closing_mrr_amount",
)  # fmt: skip


def folder_of(place: Path, **files: Sequence[str]) -> fc.Folder:
    """A folder of files, each given as lines."""
    for name, lines in files.items():
        ending = "toml" if name == "funnel" else "csv"
        (place / f"{name}.{ending}").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return fc.open_folder(place)


def shown(report: fc.ReportResult, metric: str, period: str) -> dict[str, float | None]:
    """The figure of each part in a period."""
    return {part: report.values(metric, part)[period].value for part in report.parts}


def assert_parts_sum(report: fc.ReportResult) -> None:
    """Every counted figure is the sum of its parts, in every period and the total."""
    for metric in set(COUNTED) & set(report.metrics):
        for period, whole in report.values(metric).items():
            parts = [report.values(metric, part)[period].value for part in report.parts]
            if None not in parts:
                assert sum(part or 0 for part in parts) == whole.value, (metric, period)


# a goes from Basic to Pro in February.  b stays Basic, with a shorter Pro within.  c is Pro.  d leaves Basic for a Pro
# that begins within it and ends later.  e leaves at the end of January and is back, on another plan, in March.
PLANS = (
    "user_id,started_at,ended_at,plan,mrr",
    "a,2026-01-01,2026-01-31,Basic,10",
    "a,2026-02-01,2026-02-28,Pro,30",
    "b,2026-01-01,2026-12-31,Basic,10",
    "b,2026-02-10,2026-02-20,Pro,5",
    "c,2026-01-15,,Pro,30",
    "d,2026-01-01,2026-06-30,Basic,10",
    "d,2026-03-01,2026-12-31,Pro,30",
    "e,2026-01-01,2026-01-31,Pro,30",
    "e,2026-03-31,,Basic,10",
)


@pytest.fixture
def plans(tmp_path: Path) -> fc.ReportResult:
    folder = folder_of(tmp_path, paid_users=PLANS, funnel=("[business]", 'currency = "USD"'))
    return folder.report(start="2026-01", end="2026-03", by="plan", as_of="2026-03-31")


def test_a_customer_counts_under_the_plan_it_has_then(plans: fc.ReportResult) -> None:
    # Whoever joins is new under its first plan, whoever leaves is lost from its last; who goes over is neither.
    figures = {
        metric: [
            [plans.values(metric, part)[month].value for month in ("2026-01", "2026-02", "2026-03")]
            for part in ("Basic", "Pro")
        ]
        for metric in COUNTED[4:]
    }
    assert figures == {
        "opening_paid_users": [[0, 3, 2], [0, 1, 1]],
        "new_paid_users": [[3, 0, 0], [2, 0, 0]],
        "reactivated_paid_users": [[0, 0, 1], [0, 0, 0]],
        "churned_paid_users": [[0, 0, 0], [1, 1, 0]],
        "transferred_paid_users": [[0, -1, -1], [0, 1, 1]],
        # Basic: 0 + 3, 3 - 1 gone over, 2 + 1 back - 1 gone over; Pro: 2 - 1 lost, 1 - 1 lost + 1, 1 + 1.
        "closing_paid_users": [[3, 2, 2], [1, 1, 2]],
        # Money is by row: at the end of March Basic is b 10, d 10 (its old row runs on) and e 10; Pro is c 30 and d 30.
        "closing_mrr_amount": [[30, 20, 30], [30, 30, 60]],
    }
    assert_parts_sum(plans)


def test_what_goes_from_plan_to_plan_is_shown_only_where_there_is_one(plans: fc.ReportResult, tmp_path: Path) -> None:
    assert "transferred_paid_users" in plans.metrics
    folder = fc.open_folder(tmp_path)
    assert "transferred_paid_users" not in folder.report(month="2026-02").metrics
    assert "transferred_paid_users" not in folder.report(month="2026-02", by="channel").metrics


@pytest.mark.parametrize("part", ["Basic", "Pro"])
@pytest.mark.parametrize("month", ["2026-01", "2026-02", "2026-03"])
@pytest.mark.parametrize("metric", COUNTED[4:])
def test_the_rows_of_a_part_sum_to_it(metric: str, month: str, part: str, plans: fc.ReportResult) -> None:
    explained = plans.explain(metric, month=month, part=part)
    assert explained.value.value == plans.values(metric, part)[month].value
    signs = {"churned_paid_users": -1} if metric == "closing_paid_users" else {}
    assert sum(row.amount * signs.get(row.part, 1) for row in explained.rows) == explained.value.value
    assert {row.value for row in explained.rows} <= {part}


def test_the_row_that_a_customer_is_counted_by_is_the_one_of_its_plan(plans: fc.ReportResult) -> None:
    opening = plans.explain("opening_paid_users", month="2026-03", part="Pro")
    assert [(row.line, row.user_id) for row in opening.rows] == [(6, "c")]  # a was lost on the last day of February
    # In April d has gone over from line 7 to line 8: it is in one part, not in both.
    april = {
        part: plans.folder.explain("opening_paid_users", month="2026-04", by="plan", part=part, as_of="2026-04-30").rows
        for part in ("Basic", "Pro")
    }
    assert {part: [row.line for row in rows] for part, rows in april.items()} == {"Basic": [4, 10], "Pro": [6, 8]}
    moved = plans.explain("transferred_paid_users", month="2026-03", part="Pro")
    assert [(row.line, row.user_id, row.amount) for row in moved.rows] == [(8, "d", 1)]
    left = plans.explain("transferred_paid_users", month="2026-03", part="Basic")
    assert [(row.line, row.user_id, row.amount) for row in left.rows] == [(7, "d", -1)]
    whole = fc.Folder.explain(plans.folder, "opening_paid_users", month="2026-03", as_of="2026-03-31")
    assert [row.line for row in whole.rows] == [4, 6, 7]  # of the whole, the row that each stay began with


def test_the_explanation_of_a_part_says_what_came_over(plans: fc.ReportResult) -> None:
    text = plans.explain("closing_paid_users", month="2026-03", part="Pro").render("md")
    assert "opening_paid_users + net_new_paid_users + transferred_paid_users" in text
    assert "1 + 0 + 1 = 2" in text


def test_rows_without_a_value_have_that_of_their_person(tmp_path: Path) -> None:
    # Ngành stands in the signups alone: demos and payments have their person's, x has none, and y never signed up.
    folder = folder_of(
        tmp_path,
        funnel=("[dimensions.industry]", 'input = "signups"', 'column = "Ngành"'),
        signups=("user_id,signed_up_at,Ngành", "u,2026-01-01,Retail", "v,2026-01-31,F&B", "x,2026-01-31,"),
        demos=("user_id,booked_at", "u,2026-01-02", "x,2026-01-31", "y,2026-01-05"),
        paid_users=("user_id,started_at,ended_at", "u,2026-01-03,2026-01-31", "v,2026-01-31,", "y,2026-01-31,"),
    )
    report = folder.report(month="2026-01", by="industry", as_of="2026-01-31")
    assert report.parts == ["Retail", "F&B", "unknown"]
    assert shown(report, "new_signups", "2026-01") == {"F&B": 1, "Retail": 1, "unknown": 1}
    assert shown(report, "new_demo_bookings", "2026-01") == {"F&B": 0, "Retail": 1, "unknown": 2}
    assert shown(report, "new_paid_users", "2026-01") == {"F&B": 1, "Retail": 1, "unknown": 1}
    assert shown(report, "churned_paid_users", "2026-01") == {"F&B": 0, "Retail": 1, "unknown": 0}
    assert "transferred_paid_users" not in report.metrics
    assert_parts_sum(report)


def test_the_largest_twelve_stand_alone_and_the_rest_together(tmp_path: Path) -> None:
    # Source s01 has 1 signup, s02 has 2 … s14 has 14: 105 in all.  s01 and s02 are the others, 3 together.
    rows = [f"u{n}-{i},2026-01-{i + 1:02d},s{n:02d}" for n in range(1, 15) for i in range(n)]
    folder = folder_of(tmp_path, signups=("user_id,signed_up_at,source", *rows))
    report = folder.report(month="2026-01", by="source")
    assert report.parts == [*(f"s{n:02d}" for n in range(14, 2, -1)), "other"]
    assert shown(report, "new_signups", "2026-01")["other"] == 3
    assert report["new_signups"].to_dict() == {"2026-01": 105}
    others = report.explain("new_signups", part="other")
    assert sorted({row.value for row in others.rows}) == ["s01", "s02"]
    assert_parts_sum(report)


@pytest.mark.parametrize("rows_from", [0, 10**9], ids=["the fast engine", "the row engine"])
def test_visits_are_split_by_their_source(rows_from: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choose, "SMALL_BYTES", rows_from)
    folder = folder_of(
        tmp_path,
        visitors=(
            "date,source,visits",
            "2026-01-01,google / cpc,5",
            "2026-01-31,zalo,3",
            "2026-02-01,zalo,4",
            "2026-01-31,,2",
        ),
    )
    report = folder.report(month="2026-01", by="source", as_of="2026-01-31")
    # google / cpc is paid, the others are not.
    assert shown(report, "paid_visits", "2026-01") == {"google / cpc": 5, "zalo": 0, "unknown": 0}
    assert shown(report, "organic_visits", "2026-01") == {"google / cpc": 0, "zalo": 3, "unknown": 2}
    explained = report.explain("organic_visits", part="zalo")
    assert [(row.line, row.amount) for row in explained.rows] == [(3, 3)]


def test_visits_that_say_nothing_of_a_plan_are_missing_and_not_zero(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, visitors=("date,visits", "2026-01-01,5"), paid_users=PLANS)
    value = folder.report(month="2026-01", by="plan").values("organic_visits", "Basic")["2026-01"]
    assert value.value is None
    assert value.missing is not None
    assert "plan" in value.missing.reason.of("en").casefold()


@pytest.mark.parametrize("by", ["plan", "owner", "source"])
def test_a_ready_made_table_is_split_by_channel_alone(by: str, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, monthly=("month,new_signups,new_paid_users", "2026-01,5,1"))
    with pytest.raises(fc.UsageError) as refused:
        folder.report(by=by)
    assert refused.value.message == f"--by {by}: no file has a column for it."


def test_programs_read_the_part_under_the_name_of_the_dimension(plans: fc.ReportResult, tmp_path: Path) -> None:
    options = (tmp_path, "--month", "2026-02", "--by", "plan", "--as-of", "2026-03-31")
    rows = list(csv.DictReader(io.StringIO(run_cli("report", *options, "-f", "csv").stdout)))
    assert [(row["plan"], row["2026-02"]) for row in rows if row["metric"] == "closing_paid_users"] == [
        ("", "3"),
        ("Pro", "1"),
        ("Basic", "2"),
        ("unknown", "0"),
    ]
    data = json.loads(run_cli("report", *options, "-f", "json").stdout)
    assert [row["by"] for row in data["rows"] if row["metric"] == "closing_paid_users"] == [
        None,
        {"plan": "Pro"},
        {"plan": "Basic"},
        {"plan": "unknown"},
    ]
    done = run_cli("explain", "closing_mrr_amount", *options, "--part", "pro", "--rows", "-f", "csv")
    assert done.stdout.splitlines() == [
        "part,file,line,user_id,date,source,plan,counts",
        "closing_mrr_amount,paid_users.csv,6,c,2026-01-15,,Pro,30",
    ]


def test_the_next_command_names_the_part_and_the_options_it_needs(plans: fc.ReportResult, tmp_path: Path) -> None:
    done = run_cli(
        "explain", "closing_paid_users", ".", "--month", "2026-03", "--by", "plan", "--part", "Pro",
        "--as-of", "2026-03-31", "--skip-bad-rows", cwd=tmp_path,
    )  # fmt: skip
    last = done.stdout.splitlines()[-1]
    assert last == (
        "The rows behind it: funnelcli explain closing_paid_users . --month 2026-03 --rows --by plan --part Pro "
        "--as-of 2026-03-31 --skip-bad-rows"
    )


def test_a_dimension_named_like_a_column_leaves_that_column_alone(tmp_path: Path) -> None:
    # The region is called status here; which demos were held is still told by the column Status.
    demos = (
        "user_id,booked_at,held_at,Status,Region",
        "u,2026-01-02,2026-01-03,held,North",
        "v,2026-01-02,2026-01-03,no-show,South",
    )
    funnel = ("[dimensions.status]", 'input = "demos"', 'column = "Region"')
    report = folder_of(tmp_path, demos=demos, funnel=funnel).report(month="2026-01", by="status", as_of="2026-01-31")
    assert shown(report, "cumulative_demos_held", "2026-01") == {"North": 1, "South": 0, "unknown": 0}
    assert shown(report, "new_demo_bookings", "2026-01") == {"North": 1, "South": 1, "unknown": 0}


def test_files_without_the_column_have_unknown_rows_and_none_at_all_is_an_error(tmp_path: Path) -> None:
    funnel = ("[dimensions.industry]", 'input = "signups"', 'column = "Ngành"')
    old, new = ("user_id,signed_up_at", "u,2026-01-02"), ("user_id,signed_up_at,Ngành", "v,2026-01-03,Retail")
    report = folder_of(tmp_path, signups_1=old, signups_2=new, funnel=funnel).report(month="2026-01", by="industry")
    assert shown(report, "new_signups", "2026-01") == {"Retail": 1, "unknown": 1}
    (tmp_path / "signups_2.csv").unlink()
    with pytest.raises(fc.ConfigError) as refused:
        fc.open_folder(tmp_path).report()
    assert (
        refused.value.message == "funnel.toml: [dimensions.industry] column: no file of signups has a column 'Ngành'."
    )
    assert refused.value.hint == "Headers seen: 'user_id', 'signed_up_at'."


@pytest.mark.parametrize("name", ["metric", "total", "value", "file", "2026-08", "2026", "2026Q3", "channel", "source"])
def test_a_dimension_is_not_named_like_another_column_of_the_output(name: str, tmp_path: Path) -> None:
    funnel = (f'[dimensions."{name}"]', 'input = "signups"', 'column = "x"')
    folder = folder_of(tmp_path, signups=("user_id,signed_up_at,x", "u,2026-01-02,1"), funnel=funnel)
    with pytest.raises(fc.ConfigError, match=name):
        folder.report()


@pytest.mark.parametrize("rows_from", [0, 10**9], ids=["the fast engine", "the row engine"])
def test_visits_are_split_by_a_column_of_their_own(
    rows_from: int, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choose, "SMALL_BYTES", rows_from)
    folder = folder_of(
        tmp_path,
        visitors=("date,visits,Device", "2026-01-01,5,phone", "2026-01-31,3,", "2026-02-01,4,phone"),
        funnel=("[dimensions.device]", 'input = "visitors"', 'column = "Device"'),
    )
    report = folder.report(month="2026-01", by="device", as_of="2026-02-01")
    assert shown(report, "organic_visits", "2026-01") == {"phone": 5, "unknown": 3}
    assert [row.line for row in report.explain("organic_visits", part="unknown").rows] == [3]


def test_sources_of_visits_stand_beside_those_of_people(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path,
        visitors=("date,source,user_id,visits", "2026-01-05,facebook,,2", "2026-01-07,google,,1", "2026-01-31,,u1,4"),
        signups=("user_id,signed_up_at,source", "u1,2026-01-20,referral"),
    )
    report = folder.report(month="2026-01", by="source", as_of="2026-01-31")
    # A visit has its own source or none, also where its person is known.
    assert shown(report, "organic_visits", "2026-01") == {"facebook": 2, "google": 1, "referral": 0, "unknown": 4}
    rows = {part: report.explain("organic_visits", part=part).rows for part in report.parts}
    assert {part: [(row.line, row.amount) for row in listed] for part, listed in rows.items()} == {
        "referral": [],
        "facebook": [(2, 2)],
        "google": [(3, 1)],
        "unknown": [(4, 4)],
    }


def test_a_figure_of_a_report_is_opened_with_the_parts_of_the_report(tmp_path: Path) -> None:
    # Pro comes in April; the report over both months shows it in January too, with nothing.
    paid = ("user_id,started_at,plan", "a,2026-01-05,Basic", "b,2026-04-05,Pro")
    report = folder_of(tmp_path, paid_users=paid).report(start="2026-01", end="2026-04", by="plan", as_of="2026-04-30")
    assert report.values("new_paid_users", "Pro")["2026-01"].value == 0
    assert report.explain("new_paid_users", month="2026-01", part="Pro").value.value == 0
    # Asked apart, any value of the files is a part.
    assert report.folder.explain("new_paid_users", month="2026-01", by="plan", part="Pro").value.value == 0
    with pytest.raises(fc.UsageError, match="no period"):
        report.explain("new_paid_users", month="2025-12")


def test_a_small_value_can_be_opened_though_a_report_has_it_among_the_others(tmp_path: Path) -> None:
    rows = [f"u{n}-{i},2026-01-{i + 1:02d},s{n:02d}" for n in range(1, 15) for i in range(n)]
    folder = folder_of(tmp_path, signups=("user_id,signed_up_at,source", *rows))
    assert folder.explain("new_signups", month="2026-01", by="source", part="s01").value.value == 1
    assert folder.explain("new_signups", month="2026-01", by="source", part="other").value.value == 3


def test_of_parts_that_differ_in_capitals_the_exact_one_is_opened(tmp_path: Path) -> None:
    plans = ("user_id,started_at,plan", "a,2026-01-05,Pro", "b,2026-01-05,PRO", "c,2026-01-05,PRO")
    folder = folder_of(tmp_path, paid_users=plans)
    opened = {
        part: folder.explain("new_paid_users", month="2026-01", by="plan", part=part).value.value
        for part in ("Pro", "PRO")
    }
    assert opened == {"Pro": 1, "PRO": 2}


def test_figures_opened_again_and_again_stay_the_same(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path,
        visitors=("date,source", "2026-01-05,google / cpc", "2026-01-06,partner"),
        signups=("user_id,signed_up_at,source", "u1,2026-01-01,direct"),
        funnel=("[opening]", 'month = "2026-01"', "registered_users = 100"),
    )
    seen = set()
    for _ in range(40):
        for metric in ("organic_visits", "opening_registered_users", "closing_registered_users"):
            opened = folder.explain(metric, month="2026-01", by="channel")
            seen.add((metric, opened.value.value, tuple((row.file, row.channel, row.amount) for row in opened.rows)))
    assert len(seen) == 3


@pytest.mark.parametrize(
    ("lines", "says"),
    [
        (
            ("[dimensions.x]", 'input = "monthly"', 'column = "y"'),
            "Known here: visitors, signups, accounts, demos, paid_users, ",
        ),
        (('[dimensions.""]', 'input = "signups"', 'column = "y"'), "an entry without a name"),
    ],
)
def test_a_dimension_that_cannot_be_is_refused(lines: tuple[str, ...], says: str, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, signups=("user_id,signed_up_at,y", "u,2026-01-02,1"), funnel=lines)
    with pytest.raises(fc.ConfigError) as refused:
        folder.report()
    assert says in refused.value.message


# Three people of whom several files say the sales rep, and a demo of each that does not.  p: the signup says it first.
# q: the paid row lies before the signup.  r: of one day the paid row counts, as money is nearest to who sold.
REPS = {
    "signups": (
        "user_id,signed_up_at,sales_rep", "p,2026-01-13,Lan", "q,2026-01-20,Lan", "r,2026-01-14,Lan", "s,2026-01-02,",
    ),
    "demos": ("user_id,demo_id,booked_at", "p,d1,2026-01-27", "q,d2,2026-01-27", "r,d3,2026-01-27", "s,d4,2026-01-27"),
    "paid_users": (
        "user_id,started_at,ended_at,mrr,sales_rep",
        "p,2026-03-29,,100,Hoa",
        "q,2026-01-15,,100,Hoa",
        "r,2026-01-14,,100,Hoa",
        "s,2026-02-01,2026-02-28,100,",
        "s,2026-03-01,,100,Hoa",
    ),
    "funnel": ("[teams.sales]", 'demos = "all"', "[policies.sales]", "per_demo = 5"),
}  # fmt: skip


def test_a_row_has_what_the_earliest_row_of_its_person_says_of_whatever_file(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, **REPS)
    report = folder.report(month="2026-01", by="sales_rep", as_of="2026-03-31")
    assert shown(report, "new_demo_bookings", "2026-01") == {"Hoa": 3, "Lan": 1, "unassigned": 0}
    owed = folder.commission(as_of="2026-03-31").rows
    assert {row.user_id: row.person for row in owed} == {"p": "Lan", "q": "Hoa", "r": "Hoa", "s": "Hoa"}


def test_rows_after_the_last_day_say_nothing_of_earlier_ones(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, **REPS)
    # s is Hoa's from March on: in February nobody knows.  The same as if the later rows were not there.
    report = folder.report(start="2026-01", end="2026-02", by="sales_rep", as_of="2026-02-28")
    assert shown(report, "new_demo_bookings", "2026-01") == {"Hoa": 2, "Lan": 1, "unassigned": 1}
    assert shown(report, "new_paid_users", "2026-02") == {"Hoa": 0, "Lan": 0, "unassigned": 1}
    owed = folder.commission(as_of="2026-02-28").rows
    assert {row.user_id: row.person for row in owed} == {"p": "Lan", "q": "Hoa", "r": "Hoa", "s": "unassigned"}
    (tmp_path / "then").mkdir()
    cut = {**REPS, "paid_users": tuple(row for row in REPS["paid_users"] if ",2026-03-" not in row)}
    then = folder_of(tmp_path / "then", **cut).commission(as_of="2026-02-28").rows
    assert owed == then
    # Asked for a later day again, the later rows count.
    later = folder.commission(as_of="2026-03-31").rows
    assert {row.user_id: row.person for row in later}["s"] == "Hoa"


@pytest.mark.parametrize("dimension", ["owner", "affiliate_id", "sales_rep", "region"])
def test_whose_rows_are_does_not_hang_on_what_comes_later_by_any_dimension(tmp_path: Path, dimension: str) -> None:
    column = {"region": "Vùng"}.get(dimension, dimension)
    files = {
        "signups": ("user_id,signed_up_at", "p,2026-01-13", "q,2026-01-14"),
        "demos": (f"user_id,demo_id,booked_at,{column}", "p,d1,2026-01-27,", "p,d3,2026-01-28,A", "q,d2,2026-01-27,",
                  "q,d4,2026-02-03,B", "p,d0,2026-02-02,B"),
        "funnel": ("[dimensions.region]", 'input = "demos"', 'column = "Vùng"') if dimension == "region" else (),
    }  # fmt: skip
    report = folder_of(tmp_path, **files).report(month="2026-01", by=dimension, as_of="2026-01-31")
    nothing = "unknown" if dimension in ("owner", "region") else "unassigned"
    assert shown(report, "new_demo_bookings", "2026-01") == {"A": 2, nothing: 1}
