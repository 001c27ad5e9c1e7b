"""Metrics that [metrics.NAME] declares: worked by hand, counted a second way, summed over parts, and refused."""

from __future__ import annotations

import csv
import io
import json
import re
from collections import Counter
from collections.abc import Mapping
from pathlib import Path

import pytest

import funnelcli as fc
from funnelcli.answers.own import countable_events, own_metrics
from funnelcli.config import parse_config
from funnelcli.config.own import UNITS
from funnelcli.facts.dimensions import built_in
from funnelcli.metrics import CATALOGUE, shown
from funnelcli.reading.settings import schema
from support import EXAMPLES, run_cli, write_folder
from workbooks import opened

SIGNUPS = """user_id,signed_up_at,source,industry
a,2026-01-05,Sales SME,Education
b,2026-01-31,facebook / cpc,Edutech
c,2026-02-01,Sales SME,Retail
d,2026-02-10,organic,
e,2026-02-28,Sales SME,education
f,2026-03-02,facebook / cpc,Bank
"""
DEMOS = """user_id,booked_at,held_at,status,owner
a,2026-01-10,2026-01-12,held,An
b,2026-02-03,2026-02-05,held,Binh
c,2026-02-06,2026-03-01,held,An
f,2026-03-05,,cancelled,An
"""
# b goes from Basic to Pro on the first of March, c is lost in it.
PAID_USERS = """user_id,started_at,ended_at,plan,mrr
a,2026-01-15,,Pro,30
b,2026-02-10,2026-02-28,Basic,10
b,2026-03-01,,Pro,20
c,2026-02-20,2026-03-15,Pro yearly,50
"""
VISITORS = """date,source,visits
2026-01-10,facebook / cpc,40
2026-01-31,organic,60
2026-02-10,organic,30
2026-03-31,facebook / cpc,10
"""
FILES = {
    "signups.csv": SIGNUPS, "demos.csv": DEMOS, "paid_users.csv": PAID_USERS, "visitors.csv": VISITORS,
}  # fmt: skip
SETTINGS = """
[business]
currency = "USD"
[dimensions.industry]
input = "signups"
column = "industry"
[metrics.sme_signups]
count = {event = "signup", where = {channel = "sales_sme"}}
[metrics.sme_share]
label = {en = "SME share of signups", vi = "Tỷ trọng đăng ký SME"}
ratio = ["sme_signups", "new_signups"]
good = "up"
[metrics.edu]
label = "Education"
count = {event = "signup", where = {industry = "Edu*"}}
[metrics.held_by_an]
label = {vi = "Demo của An"}
count = {event = "demo_held", where = {owner = ["An", "nobody"]}}
good = "up"
[metrics.arpa_pro]
ratio = ["closing_mrr_amount", "closing_paid_users"]
where = {plan = "Pro*"}
good = "down"
[metrics.net_pro]
sum = ["net_new_paid_users"]
where = {plan = "Pro*"}
[metrics.left_or_new]
difference = ["new_paid_users", "churned_paid_users"]
[metrics.visits_per_signup]
ratio = ["net_new_visitors", "new_signups"]
unit = "number"
section = "acquisition"
"""
DAY = "2026-03-31"


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return write_folder(tmp_path_factory.mktemp("own"), FILES, SETTINGS)


@pytest.fixture(scope="module")
def report(folder: Path) -> fc.ReportResult:
    return fc.open_folder(folder).report(as_of=DAY)


def of(report: fc.ReportResult, metric: str, part: str | None = None) -> list[float | None]:
    """The figures of January, February, March and of all three."""
    return [value.value for value in report.values(metric, part).values()]


def test_figures_worked_by_hand(report: fc.ReportResult) -> None:
    # a in January; c and e in February.
    assert of(report, "sme_signups") == [1, 2, 0, 3]
    # 1 of 2, 2 of 3, 0 of 1; of the range 3 of 6, and not the mean of the months' rates.
    assert of(report, "sme_share") == [0.5, 2 / 3, 0.0, 0.5]
    share = report.values("sme_share")["total"]
    assert (share.numerator, share.denominator) == (3, 6)
    # Education and Edutech in January, education in February: as [inputs.NAME.keep] takes them, capitals aside.
    assert of(report, "edu") == [2, 1, 0, 3]
    # c's demo was booked in February and held on the first of March.
    assert of(report, "held_by_an") == [1, 0, 1, 2]
    # a; a and c; a and b: 30 / 1, 80 / 2, 50 / 2.  A balance of the range is its last.
    assert of(report, "arpa_pro") == [30, 40, 25, 25]
    # a is new in January, c in February and lost in March; b, who comes from Basic, is not new.
    assert of(report, "net_pro") == [1, 1, -1, 1]
    # New: a; b and c; none.  Lost: c in March.
    assert of(report, "left_or_new") == [1, 2, -1, 2]
    # 100 / 2, 30 / 3, 10 / 1; of the range 140 / 6.
    assert of(report, "visits_per_signup") == [50, 10, 10, 140 / 6]
    assert [row.label.of("vi") for row in report.report.rows if row.metric.own] == [
        "visits_per_signup", "sme_signups", "Tỷ trọng đăng ký SME", "Education", "Demo của An", "arpa_pro", "net_pro",
        "left_or_new",
    ]  # fmt: skip


def test_a_split_sums_to_the_whole_and_moves_are_those_of_the_rows(folder: Path) -> None:
    by_plan = fc.open_folder(folder).report(as_of=DAY, by="plan")
    assert [of(by_plan, "net_pro", part) for part in ("Pro", "Basic", "Pro yearly", "unknown")] == [
        [1, 0, 0, 1], [0, 0, 0, 0], [0, 1, -1, 0], [0, 0, 0, 0],
    ]  # fmt: skip
    # b is in Basic in February, which is not like Pro*: nobody is, so there is nothing to divide by.
    assert of(by_plan, "arpa_pro", "Pro") == [30, 30, 25, 25]
    missing = by_plan.values("arpa_pro", "Basic")["2026-02"].missing
    assert missing is not None
    assert missing.reason.of("en") == "closing_paid_users_of_arpa_pro is 0"
    assert missing.reason.of("vi") == "closing_paid_users_of_arpa_pro bằng 0"


@pytest.mark.parametrize("dimension", ["channel", "plan", "owner", "industry"])
def test_parts_of_every_dimension_sum_to_the_whole(folder: Path, dimension: str) -> None:
    split = fc.open_folder(folder).report(as_of=DAY, by=dimension)
    for metric in ("sme_signups", "edu", "held_by_an", "net_pro", "left_or_new"):
        whole = of(split, metric)
        parts = [of(split, metric, part) for part in split.parts]
        assert [sum(part[place] or 0 for part in parts) for place in range(4)] == whole, metric


@pytest.mark.parametrize(("grain", "keys"), [("quarter", ["2026Q1"]), ("year", ["2026"])])
def test_a_period_of_months_divides_sums(folder: Path, grain: str, keys: list[str]) -> None:
    wide = fc.open_folder(folder).report(as_of=DAY, grain=grain)
    assert wide["sme_share"].to_dict() == dict.fromkeys(keys, 0.5)
    assert wide["arpa_pro"].to_dict() == dict.fromkeys(keys, 25)


# --- a second way ----------------------------------------------------------------------------------------------------


def rows_of(name: str) -> list[dict[str, str]]:
    with (EXAMPLES / "plain" / name).open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def test_the_rows_of_an_example_counted_one_by_one(tmp_path: Path) -> None:
    demos = rows_of("demos.csv")
    owners = sorted({row["owner"] for row in demos})
    plans = sorted({row["plan"] for row in rows_of("paid_users.csv")})
    settings = "".join(
        f'[metrics.held_{place}]\ncount = {{event = "demo_held", where = {{owner = "{owner}"}}}}\n'
        f'[metrics.share_{place}]\nratio = ["held_{place}", "held"]\n'
        for place, owner in enumerate(owners)
    )
    settings += '[metrics.held]\ncount = {event = "demo_held"}\n'
    settings += "".join(
        f'[metrics.paying_{place}]\nsum = ["closing_paid_users"]\nwhere = {{plan = "{plan}"}}\n'
        for place, plan in enumerate(plans)
    )
    for name in ("signups", "demos", "paid_users", "visitors"):
        (tmp_path / f"{name}.csv").symlink_to(EXAMPLES / "plain" / f"{name}.csv")
    write_folder(tmp_path, {}, settings)
    report = fc.open_folder(tmp_path).report(last=4)
    held = [row for row in demos if row["status"] == "held"]
    for month in report["held"].index:
        numbers = Counter(row["owner"] for row in held if row["held_at"][:7] == month)
        for place, owner in enumerate(owners):
            assert report[f"held_{place}"][month] == numbers[owner]
            assert report[f"share_{place}"][month] == pytest.approx(numbers[owner] / numbers.total())
        assert report["held"][month] == numbers.total()
    # Each plan alone, as a split by plan has it; together, all who pay.
    split = fc.open_folder(tmp_path).report(last=4, by="plan")
    for place, plan in enumerate(plans):
        assert of(report, f"paying_{place}") == of(split, "closing_paid_users", plan)
    columns = [of(report, f"paying_{place}") for place in range(len(plans))]
    assert [sum(each) for each in zip(*columns, strict=True)] == of(report, "closing_paid_users")


DEALS = """deal_id,created_at,closed_at,won,owner,amount
A,2026-06-01,2026-06-11,1,Sam,100
B,2026-06-01,2026-06-16,0,Sam,50
C,2026-06-01,2026-07-21,0,Alex,70
D,2026-06-01,2026-07-31,1,Alex,90
E,2026-07-01,2026-08-05,0,,20
F,2026-07-19,,,Sam,10
G,2026-07-01,2026-08-20,1,Alex,200
"""


@pytest.mark.parametrize("dimension", ["channel", "source", "plan", "owner"])
def test_every_metric_of_some_rows_is_the_part_that_a_split_shows(tmp_path: Path, dimension: str) -> None:
    """Of every value of a dimension: each metric where it is that value alone is that part of the metric."""
    for name in ("signups", "demos", "paid_users", "visitors"):
        (tmp_path / f"{name}.csv").symlink_to(EXAMPLES / "plain" / f"{name}.csv")
    write_folder(tmp_path, {"deals.csv": DEALS})
    split = fc.open_folder(tmp_path).report(last=3, by=dimension)
    parts = [split.parts[0], split.parts[1], "unknown"]
    keys = [
        metric.key for metric in shown() if metric.key in split and metric.is_split_by(dimension)
        and not metric.between_parts
    ]  # fmt: skip
    assert len(keys) > 30
    settings = "".join(
        f"[metrics.m{number}_of_{place}]\nsum = ['{key}']\nwhere = {{{dimension} = '{part}'}}\n"
        for number, key in enumerate(keys)
        for place, part in enumerate(parts)
    )
    own = fc.open_folder(write_folder(tmp_path, {}, settings)).report(last=3)
    pairs = [
        ((key, part), of(own, f"m{number}_of_{place}"), of(split, key, part))
        for number, key in enumerate(keys)
        for place, part in enumerate(parts)
    ]
    assert [pair for pair in pairs if pair[1] != pair[2]] == []
    assert sum(None not in values for _, values, _ in pairs) > 50


def test_a_rate_of_some_rows_alone(tmp_path: Path) -> None:
    settings = """
[metrics.churn_pro]
sum = ["paid_user_churn_rate"]
where = {plan = "Pro*"}
[metrics.churn_sme]
sum = ["paid_user_churn_rate"]
where = {channel = "Sales SME"}
[metrics.sme_to_demo]
sum = ["signup_to_demo_booked_cohort_rate"]
where = {channel = "sales_sme"}
"""
    folder = fc.open_folder(write_folder(tmp_path, FILES, settings))
    report = folder.report(as_of=DAY)
    # Nobody; a, who stays; a and c, of whom c is lost.  c came by Sales SME, as a did.
    assert of(report, "churn_pro")[:3] == of(report, "churn_sme")[:3] == [None, 0, 0.5]
    assert "sme_to_demo" not in report
    # Of a; of c and e, c within ten days; in March nobody.  Of the month that is not over, nothing is said.
    followed = folder.report(as_of=DAY, basis="cohort", window="10d")
    assert of(followed, "sme_to_demo") == [1, 0.5, None, 2 / 3]
    early = folder.report(as_of="2026-02-09", basis="cohort", window="10d").values("sme_to_demo")["2026-02"]
    assert early.missing is not None
    assert early.missing.reason.of("en") == "0 of 1 matured"
    # Who pays for a plan may have paid for another when the month began; nobody goes from channel to channel.
    said = [folder.explain(key, month="2026-03", as_of=DAY).render("table") for key in ("churn_pro", "churn_sme")]
    assert "none: customers go from part to part" in said[0]
    assert "9.5% to 90.5% (95 %, Wilson)" in said[1]


# --- what is missing -------------------------------------------------------------------------------------------------


def test_what_nobody_knows_is_missing_with_its_reason(tmp_path: Path) -> None:
    settings = """
[metrics.by_plan]
count = {event = "signup", where = {plan = "Pro"}}
[metrics.of_source]
count = {event = "visit", where = {source = "news*"}}
[metrics.of_owner]
count = {event = "visit", where = {owner = "An"}}
[metrics.paid_ones]
count = {event = "signup", where = {channel = ["paid", "affiliate"]}}
[metrics.two]
sum = ["paid_signups", "affiliate_signups"]
[metrics.held]
count = {event = "demo_held", where = {channel = "paid"}}
"""
    files = {"signups.csv": "user_id,signed_up_at\na,2026-01-05\n", "visitors.csv": VISITORS}
    report = fc.open_folder(write_folder(tmp_path, files, settings)).report(month="2026-01")
    reasons = {
        key: missing.reason.of("en")
        for key in ("by_plan", "of_source", "of_owner", "paid_ones", "two", "held")
        if (missing := report.values(key)["2026-01"].missing) is not None
    }
    assert reasons == {
        "by_plan": "no file has a column for plan",
        # Two dimensions at once are none that visits are summed by.
        "of_source": "visitors are summed by channel and one dimension more: --by source shows it",
        "of_owner": "visitors are summed by channel and one dimension more: --by owner shows it",
        # Without a source they are all in the organic residual: a sum without it is not 0.
        "paid_ones": "the export has no source column, so its channels are not measured",
        "two": "the export has no source column, so its channels are not measured",
        "held": "no demos export",
    }


def test_visits_of_a_source_are_known_where_they_are_split_by_nothing_else(tmp_path: Path) -> None:
    settings = '[metrics.fb]\ncount = {event = "visit", where = {source = "facebook*"}}\n'
    folder = fc.open_folder(write_folder(tmp_path, FILES, settings))
    assert of(folder.report(as_of=DAY), "fb") == [40, 0, 10, 50]
    assert of(folder.report(as_of=DAY, by="channel"), "fb", "paid") == [40, 0, 10, 50]
    assert of(folder.report(as_of=DAY, by="plan"), "fb") == [None] * 4
    report = folder.report(as_of=DAY, by="source")
    assert of(report, "fb") == [40, 0, 10, 50]
    assert of(report, "fb", "facebook / cpc") == [40, 0, 10, 50]
    rows = report.explain("fb", month="2026-01").rows
    assert [(row.file, row.line, row.counts) for row in rows] == [("visitors.csv", 2, 40)]


def test_a_monthly_table_is_not_of_some_rows(tmp_path: Path) -> None:
    table = "month,new_signups,paid_signups\n2026-01,50,20\n2026-02,60,30\n"
    settings = """
[metrics.paid_share]
ratio = ["paid_signups", "new_signups"]
[metrics.pro]
count = {event = "signup", where = {plan = "Pro"}}
"""
    report = fc.open_folder(write_folder(tmp_path, {"monthly.csv": table}, settings)).report()
    assert of(report, "paid_share") == [0.4, 0.5, 50 / 110]
    missing = report.values("pro")["2026-01"].missing
    assert missing is not None
    assert missing.reason.of("en") == "signups are not split by plan"


def test_what_the_settings_say_of_the_beginning_is_of_unknown_rows(tmp_path: Path) -> None:
    settings = """
[opening]
month = "2026-01"
paid_users = 5
[metrics.pro]
sum = ["closing_paid_users"]
where = {plan = "Pro*"}
[metrics.unknown]
sum = ["closing_paid_users"]
where = {plan = "unknown"}
"""
    folder = fc.open_folder(write_folder(tmp_path, FILES, settings))
    report = folder.report(as_of=DAY)
    assert of(report, "pro") == [1, 2, 2, 2]
    assert of(report, "unknown") == [5, 5, 5, 5]
    assert [row.counts for row in folder.explain("unknown", month="2026-03", as_of=DAY).rows] == [5]


# --- explained -------------------------------------------------------------------------------------------------------


def test_explained_down_to_its_rows(folder: Path) -> None:
    opened_folder = fc.open_folder(folder)
    shown = opened_folder.explain("arpa_pro", month="2026-03", as_of=DAY)
    assert {key: value.value for key, value in shown.inputs.items()} == {
        "closing_mrr_amount_of_arpa_pro": 50, "closing_paid_users_of_arpa_pro": 2,
    }  # fmt: skip
    # The row of b on Basic, line 3, is not among them.
    assert [(row.part.removesuffix("_of_arpa_pro"), row.line, row.amount) for row in shown.rows] == [
        ("closing_mrr_amount", 2, 30), ("closing_mrr_amount", 4, 20),
        ("closing_paid_users", 2, 1), ("closing_paid_users", 4, 1),
    ]  # fmt: skip
    lines = [(row.line, row.user_id) for row in opened_folder.explain("edu", month="2026Q1", as_of=DAY).rows]
    assert lines == [(2, "a"), (3, "b"), (6, "e")]
    text = opened_folder.explain("sme_share", month="2026-02", as_of=DAY).render("table", lang="vi")
    assert text.splitlines()[:2] == [
        "sme_share  Tỷ trọng đăng ký SME, 02/2026", "Khai báo trong funnel.toml.",
    ]  # fmt: skip
    assert "2 / 3 = 66,7%" in text


def test_what_is_of_some_rows_may_be_narrowed_again(tmp_path: Path) -> None:
    settings = """
[metrics.rate]
ratio = ["new_paid_users", "new_signups"]
where = {channel = "sales_sme"}
[metrics.of_pro]
sum = ["rate"]
where = {plan = "Pro*"}
[metrics.moved]
sum = ["transferred_paid_users"]
where = {plan = "Pro*"}
"""
    report = fc.open_folder(write_folder(tmp_path, FILES, settings)).report(as_of=DAY)
    # By Sales SME a is new in January and c in February, both on Pro; of who signed up a then, c and e in February.
    assert of(report, "rate") == [1, 0.5, None, 2 / 3]
    # e has no plan: it is no one's who signed up and pays for Pro.
    assert of(report, "of_pro") == [1, 1, None, 1]
    # b comes to Pro in March: a difference of moves, which no test of counts is for.
    assert of(report, "moved") == [0, 0, 1, 1]


def test_the_change_of_a_share_is_explained(folder: Path) -> None:
    change = fc.open_folder(folder).explain_change("sme_share", "2026-01", "2026-02", by="channel", as_of=DAY)
    assert "From 50.0% to 66.7%: +16.67 pp" in change.render("table")


def test_a_share_of_people_has_an_interval_and_other_rates_say_why_not(tmp_path: Path) -> None:
    settings = """
[metrics.interested]
ratio = ["business_signups", "new_signups"]
[metrics.business_signups]
count = {event = "signup", where = {interest = "business"}}
[metrics.on_business]
ratio = ["business", "closing_paid_users"]
[metrics.business]
sum = ["closing_paid_users"]
where = {plan = "business"}
[metrics.turned]
ratio = ["closing_paid_users", "business"]
[metrics.mrr_share]
ratio = ["mrr_of_business", "closing_mrr_amount"]
[metrics.mrr_of_business]
sum = ["closing_mrr_amount"]
where = {plan = "business"}
[dimensions.interest]
input = "signups"
column = "plan_interest"
"""
    for name in ("signups", "demos", "paid_users", "visitors"):
        (tmp_path / f"{name}.csv").symlink_to(EXAMPLES / "plain" / f"{name}.csv")
    folder = fc.open_folder(write_folder(tmp_path, {}, settings))
    said = {
        key: next((line for line in lines if line.startswith("Interval")), "").removeprefix("Interval").strip()
        for key in ("interested", "on_business", "turned", "mrr_share")
        if (lines := folder.explain(key, month="2026-08").render("table").splitlines())
    }
    # 16 of 57; 4 of 31, by Wilson's formula.  Of those on business, not all who pay are some.
    assert said == {
        "interested": "18.1% to 40.8% (95 %, Wilson)",
        "on_business": "5.1% to 28.9% (95 %, Wilson)",
        "turned": "none: a period rate: other people may stand above and below the line",
        "mrr_share": "none: of amounts, and no share of people",
    }


def test_a_value_that_no_row_has_is_warned_of(tmp_path: Path) -> None:
    settings = SETTINGS.replace('"Pro*"', '"Prp*"').replace('"sales_sme"', '"partner"').replace('"nobody"', '"unknown"')
    problems = fc.open_folder(write_folder(tmp_path, FILES, settings)).check(as_of=DAY).problems
    assert [(each.file, each.message, each.hint) for each in problems if each.code == "where-fits-nothing"] == [
        (
            "funnel.toml",
            f"[metrics.{name}.where] plan: no row has 'Prp*', which counts nothing. Did you mean Pro?",
            "Rows have Basic, Pro, Pro yearly. Correct it, or accept this if such rows are still to come.",
        )
        for name in ("arpa_pro", "net_pro")
    ]


# --- every format ----------------------------------------------------------------------------------------------------


def test_every_format_has_it(report: fc.ReportResult) -> None:
    rows = {row["metric"]: row for row in csv.DictReader(io.StringIO(report.render("csv")))}
    assert (rows["sme_share"]["label"], rows["sme_share"]["unit"], rows["sme_share"]["total"]) == (
        "SME share of signups", "rate", "0.5",
    )  # fmt: skip
    assert (rows["visits_per_signup"]["unit"], rows["visits_per_signup"]["2026-01"]) == ("number", "50")
    data = json.loads(report.render("json"))
    assert [row["metric"] for row in data["rows"] if row["metric"].endswith("_an")] == ["held_by_an"]
    for form in ("table", "md", "html", "eml"):
        text = report.render(form, lang="vi")
        assert "Tỷ trọng đăng ký SME" in text or form == "eml", form
    assert "Chỉ số riêng" in report.render("table", lang="vi")
    book = opened(report.to_bytes("xlsx"))
    rows_of_label = [row for sheet in book.worksheets for row in sheet.iter_rows(values_only=True)]
    assert next(row[1:4] for row in rows_of_label if row[0] == "SME share of signups") == (0.5, 2 / 3, 0)


def test_a_page_draws_them_before_what_nobody_asked_for(tmp_path: Path) -> None:
    """However many figures there are of deals, of which a page draws but some."""
    settings = '[metrics.of_sam]\nlabel = "Of Sam"\nsum = ["won_deals"]\nwhere = {owner = "Sam"}\n'
    for name in ("signups", "demos", "paid_users", "visitors"):
        (tmp_path / f"{name}.csv").symlink_to(EXAMPLES / "plain" / f"{name}.csv")
    page = fc.open_folder(write_folder(tmp_path, {"deals.csv": DEALS}, settings)).report(last=3).render("html")
    drawn = re.findall(r'<title id="t-\w+">([^<]+)', page)
    place = drawn.index("Of Sam")
    # Right after the rates of the dashboard, with eleven of the deals behind it.
    assert (drawn[place - 1], drawn[place + 1], len(drawn[place:])) == ("Demo → PU", "Deals created", 12)


def test_the_workbook_divides_its_cells(report: fc.ReportResult) -> None:
    book = opened(report.to_bytes("xlsx"), worked_out=False)
    formulas = [
        str(row[1].value)
        for sheet in book.worksheets
        for row in sheet.iter_rows()
        if row[0].value == "SME share of signups" and str(row[1].value).startswith("=")
    ]
    assert formulas
    assert all("/" in formula for formula in formulas)


# --- targets, earlier reports, the catalogue -------------------------------------------------------------------------


def test_targets_of_it_are_tracked_and_judged(folder: Path, tmp_path: Path) -> None:
    targets = tmp_path / "targets.csv"
    targets.write_text("metric,2026-01,2026-02\nsme_share,50%,80%\nDemo của An,1,2\nedu,4,1\n", encoding="utf-8")
    tracked = fc.open_folder(folder).track(targets, start="2026-01", end="2026-02", as_of="2026-02-28")
    rows = {(row.metric, row.period): row for row in tracked.to_frame().itertuples() if row.channel == ""}
    assert (rows["sme_share", "2026-02"].actual, rows["sme_share", "2026-02"].target) == (2 / 3, 0.8)
    # Of both months 3 of 5; a rate has no target of its own over a range.
    assert rows["sme_share", "total"].actual == pytest.approx(3 / 5)
    assert (rows["held_by_an", "total"].actual, rows["held_by_an", "total"].target) == (1, 3)
    assert (rows["edu", "2026-01"].actual, rows["edu", "2026-01"].target) == (2, 4)
    # Good news of "edu" is neither up nor down: it is not judged.
    with pytest.raises(fc.ThresholdError) as failed:
        tracked.check("100%")
    assert "edu" not in str(failed.value)
    assert "held_by_an" in str(failed.value) or "Demo của An" in str(failed.value)


def test_an_earlier_report_is_held_against_it(folder: Path, tmp_path: Path) -> None:
    kept = tmp_path / "kept.json"
    kept.write_bytes(fc.open_folder(folder).report(as_of=DAY).frozen())
    later = tmp_path / "later"
    later.mkdir()
    write_folder(later, {**FILES, "signups.csv": SIGNUPS.replace("Retail", "Edu")}, SETTINGS)
    changed = fc.open_folder(later).report(as_of=DAY, against=kept)
    assert changed.changes is not None
    figures = [(figure.metric, figure.period.key, figure.then[0], figure.now[0]) for figure in changed.changes.figures]
    assert figures == [("edu", "2026-02", 1, 2)]


def test_the_catalogue_of_a_folder_has_it(folder: Path) -> None:
    listed = run_cli("metrics", folder, "-f", "csv")
    assert listed.returncode == 0, listed.stderr
    rows = {row["metric"]: row for row in csv.DictReader(io.StringIO(listed.stdout))}
    assert rows["sme_share"]["formula"] == "sme_signups / new_signups"
    assert "closing_paid_users_of_arpa_pro" not in rows
    assert list(rows).index("visits_per_signup") < list(rows).index("new_demo_bookings") < list(rows).index("sme_share")
    assert "sme_share" not in run_cli("metrics", "-f", "csv").stdout
    # What one means is said in its folder without a PATH, as it is of ours.
    assert run_cli("explain", "sme-share", cwd=folder).stdout.splitlines()[:2] == [
        "sme_share  SME share of signups (rate)", "    Declared in funnel.toml.",
    ]  # fmt: skip
    assert run_cli("explain", "sme_shar", cwd=folder).returncode == 2
    assert "sme_share" not in CATALOGUE


def test_two_folders_have_metrics_of_their_own(folder: Path, tmp_path: Path) -> None:
    other_settings = '[metrics.sme_share]\nlabel = "Other"\nratio = ["paid_signups", "new_signups"]\n'
    first = fc.open_folder(folder).report(as_of=DAY)
    other = fc.open_folder(write_folder(tmp_path, FILES, other_settings)).report(as_of=DAY)
    assert of(first, "sme_share") == [0.5, 2 / 3, 0, 0.5]
    assert of(other, "sme_share") == [0.5, 0, 1, 2 / 6]
    assert "SME share of signups" in first.render("md")
    assert "Other" in other.render("md")
    assert first.to_frame().loc["sme_share", "total"] == 0.5
    with pytest.raises(fc.UsageError, match="'edu' is no metric"):
        other.values("edu")


def test_an_editor_takes_what_the_file_may_say() -> None:
    """One glob needs no brackets, and a label may be of each language."""
    declared = schema()["$defs"]["OwnMetric"]["properties"]
    glob = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
    assert declared["where"]["additionalProperties"] == glob
    assert [sorted(each) for each in declared["label"]["anyOf"]] == [
        ["maxLength", "minLength", "type"], ["additionalProperties", "properties", "type"], ["type"],
    ]  # fmt: skip
    assert declared["unit"]["anyOf"][0] == {"enum": list(UNITS), "type": "string"}


# --- refused ---------------------------------------------------------------------------------------------------------

DIMENSIONS = ", ".join(dimension.name for dimension in built_in())
SECTIONS = ", ".join(dict.fromkeys(metric.section.key for metric in CATALOGUE.values()))
REFUSED: Mapping[str, tuple[str, str]] = {
    'x.ratio = ["new_signup", "total_leads"]': (
        "[metrics.x] ratio: 'new_signup' is no metric. Did you mean new_signups?",
        "`funnelcli metrics` lists them all.",
    ),
    'x.sum = ["y"]\ny.difference = ["z"]\nz.sum = ["x"]': (
        "[metrics.z] sum: it is made of itself: x → y → z → x.",
        "Take one of them out of another.",
    ),
    'new_signups.sum = ["total_leads"]': (
        "[metrics.new_signups]: its name already stands for new_signups.",
        "Give it another name.",
    ),
    'required_new_signups.sum = ["total_leads"]': (
        "[metrics.required_new_signups]: its name already stands for required_new_signups.",
        "Give it another name.",
    ),
    # As a file of targets names it.
    'mrr.sum = ["total_leads"]': (
        "[metrics.mrr]: its name already stands for closing_mrr_amount.",
        "Give it another name.",
    ),
    '"Tỷ lệ".sum = ["total_leads"]': (
        "[metrics]: 'Tỷ lệ' is no name for a metric.",
        "Write it in small letters without accents, digits and underscores, like sme_share; label is for people.",
    ),
    'x.sum = ["organic_visits", "new_signups"]': (
        "[metrics.x] sum: its units differ: organic_visits counts visits, new_signups counts people.",
        "Add up metrics of one unit; ratio divides one by another.",
    ),
    'x.difference = ["demo_to_paid_rate", "paid_user_churn_rate"]': (
        "[metrics.x] difference: demo_to_paid_rate is a quotient, and quotients do not add up.\n"
        "funnel.toml: [metrics.x] difference: paid_user_churn_rate is a quotient, and quotients do not add up.",
        "Add up what is divided, and divide the sums with ratio; how far two rates are apart, in percentage points, is "
        "seen where they stand side by side.",
    ),
    'x.ratio = ["new_signups", "closing_mrr_amount"]': (
        "[metrics.x] ratio: new_signups (people) over closing_mrr_amount (amount) is no figure that can be shown.",
        "Divide counts by counts, amounts by counts, amounts by amounts, or rates by rates.",
    ),
    'x.ratio = ["new_signups", "total_leads"]\nx.unit = "amount"': (
        "[metrics.x] unit: amount does not fit what it is made of.",
        "It may be rate or number; without a unit it is rate.",
    ),
    'x.count = {event = "signups"}': (
        "[metrics.x] count event: 'signups' is no event that can be counted. Did you mean signup?",
        f"The events are {', '.join(countable_events())}.",
    ),
    'x.count = {event = "signup", where = {plans = "Pro"}}': (
        "[metrics.x] count where: 'plans' is no dimension. Did you mean plan?",
        f"They are {DIMENSIONS}; [dimensions.plans] would name a column of your own.",
    ),
    'x.sum = ["new_signups"]\nx.where = {channel = "piad"}': (
        "[metrics.x] where.channel: 'piad' is no channel. Did you mean paid?",
        "The channels are organic, paid, sales_sme, affiliate, partner, referral, unknown, unassigned; "
        "sources stand under source.",
    ),
    'x.sum = ["new_signups"]\nx.where = {plan = []}': (
        "[metrics.x] where.plan: no value fits an empty list.",
        "Name the values, or leave the dimension out.",
    ),
    'x.sum = ["new_signups"]\nx.section = "sale"': (
        "[metrics.x] section: 'sale' is no section. Did you mean sales?",
        f"The sections are {SECTIONS}, own.",
    ),
    'x.sum = ["new_signups"]\nx.label = "PU mới"': (
        "[metrics.x] label: 'PU mới' is what new_paid_users is called.",
        "Give it another label.",
    ),
    'x.sum = ["new_signups"]\nx.label = "A"\ny.sum = ["x"]\ny.label = "a"': (
        "[metrics.y] label: 'a' is what x is called.",
        "Give it another label.",
    ),
    'x.ratio = ["new_signups", "total_leads"]\nx.where = {plan = "P"}\nnew_signups_of_x.sum = ["total_leads"]': (
        "[metrics.new_signups_of_x]: its name already stands for new_signups_of_x.",
        "Give it another name.",
    ),
    'x.sum = ["new_signups", "new_signups"]': (
        "[metrics.x] sum: new_signups stands there twice.",
        "Leave it there once.",
    ),
    'x.sum = ["required_new_signups"]': (
        "[metrics.x] sum: required_new_signups is a figure of a plan, not of the exports.",
        "Take new_signups, which it is compared with.",
    ),
    'x.ratio = ["signup_to_paid_converted", "signup_to_paid_entered"]': (
        "[metrics.x] ratio: signup_to_paid_converted only serves to make signup_to_paid_cohort_rate, which knows whose "
        "window is over.\nfunnel.toml: [metrics.x] ratio: signup_to_paid_entered only serves to make "
        "signup_to_paid_cohort_rate, which knows whose window is over.",
        'Take that: sum = ["signup_to_paid_cohort_rate"], with where for some rows alone.',
    ),
    'x.ratio = ["new_signups"]': (
        "[metrics.x] ratio: write two metrics, the first of which is divided by the second, like "
        "[\"new_signups\", \"paid_visits\"] (found ['new_signups']).",
        "docs/config.md lists every table and key.",
    ),
    'x.sum = ["new_signups"]\nx.where = {plan = 10}': (
        '[metrics.x.where] plan: write it in quotation marks, or several as a list, like ["a", "b"] (found 10).',
        "docs/config.md lists every table and key.",
    ),
    'x.label = "A"': (
        "[metrics] x: give one of ratio, sum, difference, count, and no more (found {'label': 'A'}).",
        "docs/config.md lists every table and key.",
    ),
    'x.sum = ["new_signups"]\nx.label = {fr = "A"}': (
        "[metrics.x] label: write it as a text, or in its languages (en, vi) like {en = \"SME share\", vi = \"Tỷ trọng "
        "SME\"} (found {'fr': 'A'}).",
        "docs/config.md lists every table and key.",
    ),
    'x.sum = ["new_signups"]\nx.label = "A {B}"': (
        "[metrics.x] label: leave out { } |, which stand for something else (found 'A {B}').",
        "docs/config.md lists every table and key.",
    ),
    'x.sum = ["new_signups"]\nx.unit = "percent"': (
        f"[metrics.x] unit: 'percent' is not one of {', '.join(map(repr, UNITS[:-1]))} or 'number'.",
        "docs/config.md lists every table and key.",
    ),
    'x.summ = ["new_signups"]': (
        "[metrics.x] summ: there is no such key. Did you mean sum? Known here: label, ratio, sum, difference, count, "
        "where, unit, good, section, definition.",
        "docs/config.md lists every table and key.",
    ),
}  # fmt: skip


@pytest.mark.parametrize("settings", REFUSED, ids=range(len(REFUSED)))
def test_what_is_wrong_is_refused_with_its_place_and_the_next_step(tmp_path: Path, settings: str) -> None:
    with pytest.raises(fc.ConfigError) as refused:
        own_metrics(parse_config(f"[metrics]\n{settings}\n"))
    text, hint = REFUSED[settings]
    assert (refused.value.message, refused.value.hint) == (f"funnel.toml: {text}", hint)
    # In Vietnamese too.
    assert refused.value.text.of("vi") != refused.value.message
    assert refused.value.advice.of("vi") != hint or hint.startswith("docs/")


@pytest.mark.parametrize("command", ["report", "check", "track", "explain", "metrics"])
def test_every_command_refuses_wrong_ones(tmp_path: Path, command: str) -> None:
    write_folder(tmp_path, FILES, '[metrics.x]\nsum = ["new_signup"]\n')
    more = ("x",) if command == "explain" else ()
    done = run_cli(command, *more, tmp_path, "--lang", "vi")
    assert done.returncode == 4
    assert done.stderr.splitlines() == [
        "funnelcli: funnel.toml: [metrics.x] sum: 'new_signup' không phải chỉ số. Ý bạn là new_signups?",
        "  `funnelcli metrics` liệt kê tất cả.",
    ]


def test_a_chain_of_metrics_has_an_end() -> None:
    chain = "".join(f'm{place}.sum = ["m{place + 1}"]\n' for place in range(20))
    settings = f'[metrics]\n{chain}m20.sum = ["new_signups"]\n'
    assert len(own_metrics(parse_config(settings))) == 21
    longer = settings.replace('m20.sum = ["new_signups"]', 'm20.sum = ["m21"]\nm21.sum = ["new_signups"]')
    with pytest.raises(fc.ConfigError) as refused:
        own_metrics(parse_config(longer))
    assert (refused.value.message, refused.value.hint) == (
        "funnel.toml: [metrics.m20] sum: more than 20 metrics are made of one another.",
        "Make it of the ones that these are made of.",
    )


def test_everything_wrong_is_named_at_once() -> None:
    settings = '[metrics]\na.sum = ["a"]\nb.count = {event = "x"}\nc.sum = ["b"]\nd.ratio = ["c", "new_signups"]\n'
    with pytest.raises(fc.ConfigError) as refused:
        own_metrics(parse_config(settings))
    assert [line.split("] ")[1].split(":")[0] for line in refused.value.message.splitlines()] == ["sum", "count event"]
