"""Weeks and fiscal years in a report: boundary days, what exports cannot tell of weeks, what is said."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from funnelcli import open_folder
from funnelcli.problems import ConfigError, UsageError
from funnelcli.renderers import Style
from funnelcli.values.figures import Missing
from funnelcli.values.periods import Grain
from support import NOW, explained_rows, figures, rendered, report_of, run_cli, write_folder

# The last week of 2026 is W53, from Monday 28 December to Sunday 3 January 2027.
SIGNUPS = """user_id,signed_up_at
a,2026-12-20
b,2026-12-27
c,2026-12-28
d,2026-12-31
e,2027-01-01
f,2027-01-03
g,2027-01-04
h,2027-01-06
"""
PAID = """user_id,started_at,ended_at,mrr
a,2026-12-21,2026-12-27,100
b,2026-12-28,2027-01-02,70
c,2027-01-03,,50
d,2026-12-27,2027-01-04,20
"""
EXPORTS = {"signups.csv": SIGNUPS, "paid_users.csv": PAID}


def whole(folder: Path, metric: str, **options: object) -> dict[str, float | None]:
    """A metric of the whole business by period."""
    known = figures(report_of(folder, **options))  # type: ignore[arg-type]
    return {key: value for (name, part, key), (value, _, _) in known.items() if name == metric and part is None}


def test_weeks_over_the_end_of_a_year(tmp_path: Path) -> None:
    write_folder(tmp_path, EXPORTS)
    options: dict[str, object] = {"first": "2026-W52", "last": "2027-W01", "grain": Grain.WEEK, "as_of": "2027-01-10"}
    keys = ("2026-W52", "2026-W53", "2027-W01", "total")
    expected = {
        # 27 Dec | 28 and 31 Dec, 1 and 3 Jan | 4 and 6 Jan
        "new_signups": (1, 4, 2, 7),
        "opening_registered_users": (1, 2, 6, 1),
        "closing_registered_users": (2, 6, 8, 8),
        # a from Monday, d from Sunday | b from Monday, c from Sunday | none
        "new_paid_users": (2, 2, 0, 4),
        # a on Sunday 27 Dec | b on 2 Jan | d on Monday 4 Jan
        "churned_paid_users": (1, 1, 1, 3),
        "opening_paid_users": (0, 1, 2, 0),
        "closing_paid_users": (1, 2, 1, 1),
        "paid_user_churn_rate": (None, 1 / 1, 1 / 2, None),
        # d 20 | d 20 + c 50 | c 50
        "closing_mrr_amount": (20, 70, 50, 50),
    }  # fmt: skip
    for metric, values in expected.items():
        assert whole(tmp_path, metric, **options) == dict(zip(keys, values, strict=True)), metric
    for key in keys[:-1]:
        value, rows = explained_rows(tmp_path, "new_signups", key, as_of="2027-01-10")
        assert value == sum(counts for _, _, counts in rows) == whole(tmp_path, "new_signups", **options)[key]


def test_a_week_is_cut_by_a_day_within_it(tmp_path: Path) -> None:
    """Wednesday 30 December: of W53 three days are counted, and b has not left yet."""
    write_folder(tmp_path, EXPORTS)
    report = report_of(tmp_path, latest=2, grain=Grain.WEEK, as_of="2026-12-30")
    assert [(p.key, p.cut_by(report.spec.as_of)) for p in report.spec.periods] == [
        ("2026-W52", False),
        ("2026-W53", True),
    ]
    known = figures(report)
    assert known["new_signups", None, "2026-W53"][0] == 1
    assert known["churned_paid_users", None, "2026-W53"][0] == 0
    page = rendered(report, "md")
    assert "| W52 2026 | W53 2026\\* |" in page
    assert "- W53 2026 is partial: counted up to 30 Dec 2026." in page
    assert "- Weeks go from Monday to Sunday: W53 2026 from 28 Dec 2026 to 3 Jan 2027." in page
    assert "| RU at start of week " in page
    vi = rendered(report, "md", Style(lang="vi"))
    assert "| Tuần 52/2026 | Tuần 53/2026\\* |" in vi
    assert "- Tuần tính từ thứ Hai đến Chủ nhật: Tuần 53/2026 từ 28/12/2026 đến 03/01/2027." in vi
    assert [note.code for note in report.notes][:1] == ["partial-period"]


def test_the_usual_weeks_are_the_latest_with_data(tmp_path: Path) -> None:
    write_folder(tmp_path, EXPORTS)
    report = report_of(tmp_path, grain=Grain.WEEK)
    assert [period.key for period in report.spec.periods] == ["2026-W51", "2026-W52", "2026-W53", "2027-W01"]
    assert report.spec.as_of.isoformat() == "2027-01-06"


# --- what exports cannot tell of weeks -------------------------------------------------------------------------------


def reasons(folder: Path, metric: str, **options: object) -> set[str]:
    report = report_of(folder, grain=Grain.WEEK, **options)  # type: ignore[arg-type]
    row = next(row for row in report.rows if row.metric.key == metric)
    return {cell.missing.code if isinstance(cell.missing, Missing) else "" for cell in (*row.cells, row.total)}


def test_a_monthly_table_has_no_weeks(tmp_path: Path) -> None:
    monthly = "month,new_signups,closing_paid_users\n2026-01,10,5\n2026-02,12,6\n"
    write_folder(tmp_path, {"monthly.csv": monthly})
    for metric in ("new_signups", "closing_paid_users"):
        assert reasons(tmp_path, metric, month="2026-02") == {"monthly-table-has-no-weeks"}
    assert whole(tmp_path, "new_signups", month="2026-02") == {"2026-02": 12, "total": 12}


@pytest.mark.parametrize(
    ("days", "by_month"),
    [
        (("2026-01-01", "2026-02-01", "2026-03-01"), True),
        (("2026-01-01", "2026-02-01", "2026-03-02"), False),
        (("2026-01-01", "2026-02-01"), False),
    ],
)
def test_visits_summed_by_month_are_no_visits_of_the_week_of_its_first_day(
    days: tuple[str, ...], by_month: bool, tmp_path: Path
) -> None:
    rows = "".join(f"{day},google,900\n" for day in days)
    write_folder(tmp_path, {"visitors.csv": "date,source,visits\n" + rows, "signups.csv": SIGNUPS})
    said = reasons(tmp_path, "organic_visits", first="2026-01", last="2026-02", as_of="2026-03-03")
    assert ("visitors-dated-by-month" in said) is by_month
    assert whole(tmp_path, "organic_visits", month="2026-02") == {"2026-02": 900, "total": 900}


def test_one_row_a_visit_is_of_its_day(tmp_path: Path) -> None:
    rows = "".join(f"{day},google\n" for day in ("2026-01-01", "2026-02-01", "2026-03-01"))
    write_folder(tmp_path, {"visitors.csv": "date,source\n" + rows})
    assert whole(tmp_path, "organic_visits", month="2026-W09", grain=Grain.WEEK) == {"2026-W09": 1, "total": 1}


def test_weeks_before_an_export_begins_are_missing_and_not_0(tmp_path: Path) -> None:
    """Signups from 2 March on, visits from Tuesday 17 March: W10 and W11 have none, W12 has a part."""
    signups = "user_id,signed_up_at\n" + "".join(f"u{day},2026-03-{day:02}\n" for day in range(2, 30))
    visits = "date,source\n" + "".join(f"2026-03-{day},google\n" for day in range(17, 30))
    write_folder(tmp_path, {"signups.csv": signups, "visitors.csv": visits})
    visits_of = whole(tmp_path, "organic_visits", first="2026-W10", last="2026-W13", grain=Grain.WEEK)
    assert visits_of == {"2026-W10": None, "2026-W11": None, "2026-W12": 6, "2026-W13": 7, "total": 13}
    rate = figures(report_of(tmp_path, first="2026-W10", last="2026-W13", grain=Grain.WEEK))
    # The rate of the four weeks is that of the two that both exports tell of: 14 signups of 13 visits.
    assert rate["visitor_to_signup_rate", None, "total"] == (14 / 13, 14, 13)
    notes = [note.text.of("en") for note in report_of(tmp_path, first="2026-W10", grain=Grain.WEEK).notes]
    assert (
        "Of visitors, W12 2026, total hold only the days from 17 Mar 2026 on; a rate over several weeks is that of the "
        "weeks which both of its exports reach." in notes
    )


def test_balances_of_the_settings_are_the_same_at_any_grain(tmp_path: Path) -> None:
    """31 May 2026 is a Sunday: the balance at the end of the month is that at the end of its last week."""
    config = '[opening]\nmonth = "2026-04"\nregistered_users = 1000\n'
    signups = "user_id,signed_up_at\na,2026-03-30\nb,2026-04-14\nc,2026-05-30\n"
    visits = "date,source\n" + "".join(f"2026-0{month}-{day:02},x\n" for month in (3, 4, 5) for day in range(1, 31))
    write_folder(tmp_path, {"signups.csv": signups, "visitors.csv": visits + "2026-05-31,x\n"}, config)
    by_month = whole(tmp_path, "closing_registered_users", month="2026-05")
    by_week = whole(tmp_path, "closing_registered_users", month="2026-W22", grain=Grain.WEEK)
    assert (by_month["2026-05"], by_week["2026-W22"]) == (1002, 1002)


# --- fiscal years ----------------------------------------------------------------------------------------------------

FEBRUARY = '[business]\nfiscal_year_starts = "02"\n'


def test_a_fiscal_year_that_starts_in_february(tmp_path: Path) -> None:
    signups = (
        "user_id,signed_up_at\na,2026-01-31\nb,2026-02-01\nc,2026-04-30\nd,2026-05-01\ne,2027-01-31\nf,2027-02-01\n"
    )
    write_folder(tmp_path, {"signups.csv": signups}, FEBRUARY)
    year = report_of(tmp_path, first="FY2025", last="FY2027", grain=Grain.YEAR)
    assert whole(tmp_path, "new_signups", first="FY2025", last="FY2027", grain=Grain.YEAR) == {
        "FY2025": 1, "FY2026": 4, "FY2027": 1, "total": 6
    }  # fmt: skip
    assert whole(tmp_path, "new_signups", month="FY2026", grain=Grain.QUARTER) == {
        "FY2026-Q1": 2, "FY2026-Q2": 1, "FY2026-Q3": 0, "FY2026-Q4": 1, "total": 4
    }  # fmt: skip
    page = rendered(year, "md")
    assert "FY2027 goes from Feb 2027 to Jan 2028: fiscal years are named by the year they begin in." in page
    assert json.loads(rendered(year, "json"))["periods"][1]["key"] == "FY2026"
    value, rows = explained_rows(tmp_path, "new_signups", "FY2026-Q1")
    assert (value, [line for _, line, _ in rows]) == (2, [3, 4])
    assert open_folder(tmp_path, now=NOW).report(month="FY2026", grain="year")["new_signups"].to_dict() == {"FY2026": 4}


def test_a_monthly_table_has_fiscal_years(tmp_path: Path) -> None:
    rows = "".join(f"2026-{month:02},{month}\n" for month in range(1, 13)) + "2027-01,100\n"
    write_folder(tmp_path, {"monthly.csv": "month,new_signups\n" + rows}, FEBRUARY)
    # 2 + 3 + … + 12 = 77 of February to December, and 100 of January
    assert whole(tmp_path, "new_signups", month="FY2026", grain=Grain.YEAR) == {"FY2026": 177, "total": 177}


@pytest.mark.parametrize("value", ['"4"', '"13"', "4", '"April"'])
def test_the_month_a_fiscal_year_starts_with_has_two_digits(value: str, tmp_path: Path) -> None:
    write_folder(tmp_path, EXPORTS, f"[business]\nfiscal_year_starts = {value}\n")
    with pytest.raises(ConfigError, match="fiscal_year_starts"):
        report_of(tmp_path)


# --- where periods stand ---------------------------------------------------------------------------------------------


def test_a_relative_period_says_on_which_day_it_stands(tmp_path: Path) -> None:
    write_folder(tmp_path, EXPORTS)
    report = report_of(tmp_path, month="last-month")
    assert [period.key for period in report.spec.periods] == ["2026-12"]
    assert [note.text.of("en") for note in report.notes if note.code == "relative-period"] == [
        "last-month is Dec 2026, reckoned from 6 Jan 2027, the last day of the exports; "
        "--as-of today reckons from today."
    ]
    asked = report_of(tmp_path, first="last-quarter", last="this-month", as_of="2027-01-02")
    assert [period.key for period in asked.spec.periods] == ["2026-10", "2026-11", "2026-12", "2027-01"]
    assert [note.text.of("vi") for note in asked.notes if note.code == "relative-period"] == [
        "last-quarter là Quý 4/2026, tính từ 02/01/2027.", "this-month là 01/2027, tính từ 02/01/2027."
    ]  # fmt: skip
    today = report_of(tmp_path, month="last-week", grain=Grain.WEEK, as_of="today")  # 3 November 2026, a Tuesday
    assert [period.key for period in today.spec.periods] == ["2026-W44"]


def test_plans_stand_on_the_day_that_is_given(tmp_path: Path) -> None:
    given = ("--new-paid-users", "9", "--churn", "3%", "--visitor-to-signup", "4%", "--signup-to-demo", "30%",
             "--demo-to-paid", "25%", "--opening-paid-users", "100", "-f", "json")  # fmt: skip
    next_quarter = ("--from", "next-quarter", "--to", "next-quarter")
    done = run_cli("targets", *given, *next_quarter, "--as-of", "2026-10-31", cwd=tmp_path)
    plan = json.loads(done.stdout)
    assert [period["key"] for period in plan["periods"]] == ["2027-01", "2027-02", "2027-03"]
    assert "next-quarter is Q1 2027, reckoned from 31 Oct 2026." in [note["message"] for note in plan["notes"]]
    done = run_cli("targets", *given, *next_quarter, cwd=tmp_path)
    assert (done.returncode, done.stdout) == (2, "")
    assert "--from 'next-quarter' needs a day that it stands on." in done.stderr
    (tmp_path / "funnel.toml").write_text('[business]\nfiscal_year_starts = "07"\n', encoding="utf-8")
    done = run_cli("targets", *given, "--from", "FY2027", "--to", "FY2027", cwd=tmp_path)
    keys = [period["key"] for period in json.loads(done.stdout)["periods"]]
    assert (len(keys), keys[0], keys[-1]) == (12, "2027-07", "2028-06")


def test_a_week_is_refused_where_months_are_asked_for(tmp_path: Path) -> None:
    write_folder(tmp_path, EXPORTS)
    with pytest.raises(UsageError, match="--month '2026-W52' is a week"):
        report_of(tmp_path, month="2026-W52")
