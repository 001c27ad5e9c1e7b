"""How far exports reach, on the days that decide it: as_of, months an export does not tell of, and what it covers."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest

import funnelcli as fc
from funnelcli.answers.explain_answer import explain_data
from funnelcli.answers.measured import measure, window
from funnelcli.answers.report_model import Report
from funnelcli.facts.model import Extent, latest_day
from funnelcli.planning.model import Key, Pooled
from funnelcli.problems import ConfigError
from funnelcli.values.periods import Grain, month_of
from support import explained_rows, exports_of, figures, folder_of, in_month, report_of, said_of, write_folder

Column = list[float | None]  # a metric's figures: of each period, and of the total

REGISTERED = ("opening_registered_users", "new_signups", "closing_registered_users", "total_leads")
PAYING = ("opening_paid_users", "new_paid_users", "churned_paid_users", "closing_paid_users")


def write(folder: Path, **files: str | Sequence[str]) -> None:
    """Files of a folder by name: of several lines a CSV, of one text the funnel.toml."""
    for name, content in files.items():
        if isinstance(content, str):
            (folder / f"{name}.toml").write_text(content, encoding="utf-8")
        else:
            (folder / f"{name}.csv").write_text("\n".join(content) + "\n", encoding="utf-8")


def columns(report: Report, *metrics: str, channel: str | None = None) -> dict[str, Column]:
    """The figures of some metrics: of each period in order, and of the total."""
    shown: dict[str, Column] = {metric: [] for metric in metrics}
    for (metric, of_channel, _), (value, _, _) in figures(report).items():
        if metric in shown and of_channel == channel:
            shown[metric].append(value)
    return shown


def reasons(report: Report, metric: str) -> list[str | None]:
    """Why the figures of a metric are missing, of each period in order and of the total."""
    row = next(row for row in report.rows if row.metric.key == metric and row.part is None)
    return [cell.missing.reason.of("en") if cell.missing else None for cell in (*row.cells, row.total)]


def notes(report: Report, *codes: str) -> list[str]:
    """The notes with these codes, in English."""
    return [note.text.of("en") for note in report.notes if note.code in codes]


# --- months that an export does not reach ------------------------------------------------------------------------


def write_january(folder: Path, last_visit: str, funnel: str = "") -> None:
    """Two signups in January, the last on the 31st; 100 + 60 visits then, and 40 on a later day."""
    write(
        folder,
        visitors=["date,visits,source", "2026-01-01,100,paid", "2026-01-31,60,google", f"{last_visit},40,paid"],
        signups=["user_id,signed_up_at,source", "a,2026-01-01,paid", "b,2026-01-31,google"],
        funnel=funnel,
    )


def test_an_export_that_ends_three_days_before_as_of_goes_on(tmp_path: Path) -> None:
    write_january(tmp_path, "2026-02-03")
    report = report_of(tmp_path)
    assert report.spec.as_of == date(2026, 2, 3)
    assert columns(report, *REGISTERED, "visitor_to_signup_rate") == {
        "opening_registered_users": [0, 2, 0],
        "new_signups": [2, 0, 2],
        "closing_registered_users": [2, 2, 2],
        "total_leads": [2, 2, 2],
        "visitor_to_signup_rate": [2 / 160, 0 / 40, 2 / 200],
    }
    assert notes(report, "part-of-signups", "ends-early") == []


def test_a_month_that_begins_after_an_export_ended_is_missing(tmp_path: Path) -> None:
    write_january(tmp_path, "2026-02-04")  # four days after the last signup
    report = report_of(tmp_path)
    assert columns(report, *REGISTERED, "net_new_visitors", "visitor_to_signup_rate") == {
        "opening_registered_users": [0, None, 0],
        "new_signups": [2, None, 2],
        "closing_registered_users": [2, None, None],
        "total_leads": [2, None, None],
        "net_new_visitors": [160, 40, 200],
        "visitor_to_signup_rate": [2 / 160, None, 2 / 160],  # over January, which both reach
    }
    ended = "the export of signups ends on 31 Jan 2026"
    assert reasons(report, "new_signups") == [None, ended, None]
    assert reasons(report, "visitor_to_signup_rate") == [None, ended, None]
    assert reasons(report, "closing_registered_users") == [None, ended, ended]
    assert notes(report, "part-of-signups") == [
        "Of signups, total holds only the days up to 31 Jan 2026; a rate over several months is that of the months "
        "which both of its exports reach."
    ]
    assert notes(report, "ends-early")[0].startswith("signups.csv ends 2026-01-31, before as_of 2026-02-04.")


def test_by_channel_the_missing_month_is_missing_in_each(tmp_path: Path) -> None:
    write_january(tmp_path, "2026-02-04")
    report = report_of(tmp_path, by_channel=True)
    of = {
        channel: columns(report, "new_signups", "net_new_visitors", "visitor_to_signup_rate", channel=channel)
        for channel in ("organic", "paid", "affiliate")
    }
    assert of == {
        "organic": {
            "new_signups": [1, None, 1],
            "net_new_visitors": [60, 0, 60],
            "visitor_to_signup_rate": [1 / 60, None, 1 / 60],
        },
        "paid": {
            "new_signups": [1, None, 1],
            "net_new_visitors": [100, 40, 140],
            "visitor_to_signup_rate": [1 / 100, None, 1 / 100],
        },
        "affiliate": {
            "new_signups": [0, None, 0],
            "net_new_visitors": [0, 0, 0],
            "visitor_to_signup_rate": [None, None, None],
        },
    }
    assert columns(report, "paid_signups", "organic_signups", "partner_signups") == {
        "paid_signups": [1, None, 1],
        "organic_signups": [1, None, 1],
        "partner_signups": [0, None, 0],
    }


def write_february(folder: Path, first_visit: str, funnel: str = "") -> None:
    """Two signups in February, the first on the 1st; 160 visits then, and 40 on a day before."""
    write(
        folder,
        visitors=["date,visits", f"{first_visit},40", "2026-02-10,160"],
        signups=["user_id,signed_up_at", "a,2026-02-01", "b,2026-02-10"],
        funnel=funnel,
    )


@pytest.mark.parametrize(
    ("first_visit", "january", "total_rate"),
    [
        ("2026-01-29", 0, 2 / 200),  # three days before the first signup: they begin together
        ("2026-01-28", None, 2 / 160),  # four: the signups of January are not there
    ],
)
def test_an_export_may_begin_three_days_after_another(
    first_visit: str, january: float | None, total_rate: float, tmp_path: Path
) -> None:
    write_february(tmp_path, first_visit)
    report = report_of(tmp_path)
    assert columns(report, *REGISTERED, "visitor_to_signup_rate") == {
        "opening_registered_users": [january, 0, january],
        "new_signups": [january, 2, 2],
        "closing_registered_users": [january, 2, 2],
        "total_leads": [january, 2, 2],
        "visitor_to_signup_rate": [january, 2 / 160, total_rate],
    }
    why = "the export of signups begins on 1 Feb 2026"
    assert reasons(report, "new_signups") == [None if january == 0 else why, None, None]


def test_no_month_in_common_leaves_a_rate_without_a_figure(tmp_path: Path) -> None:
    write(
        tmp_path,
        visitors=["date,visits", "2026-01-05,100", "2026-02-20,50"],
        signups=["user_id,signed_up_at", "a,2026-03-02", "b,2026-04-30"],
    )
    report = report_of(tmp_path)
    assert columns(report, "net_new_visitors", "new_signups", "visitor_to_signup_rate") == {
        "net_new_visitors": [100, 50, None, None, 150],
        "new_signups": [None, None, 1, 1, 2],
        "visitor_to_signup_rate": [None] * 5,
    }
    assert reasons(report, "visitor_to_signup_rate")[-1] == "no month asked for is in all the exports it needs"
    assert figures(report)["visitor_to_signup_rate", None, "total"] == (None, 2, 150)


def write_quarters(folder: Path) -> None:
    """Visits from March on; signups from January to April, while the visits go on to June."""
    write(
        folder,
        visitors=["date,visits", "2026-03-01,100", "2026-03-20,50", "2026-04-30,100", "2026-06-30,40"],
        signups=[
            "user_id,signed_up_at",
            "a,2026-01-02",  # 2
            "b,2026-02-02",  # 3
            "c,2026-03-05",  # 4
            "d,2026-03-06",  # 5
            "e,2026-04-05",  # 6
        ],
        demos=["user_id,booked_at", "a,2026-01-05", "e,2026-05-05", "e,2026-06-29"],
    )


def test_the_rate_of_a_quarter_is_that_of_the_months_both_sides_reach(tmp_path: Path) -> None:
    write_quarters(tmp_path)
    report = report_of(tmp_path, grain=Grain.QUARTER, first="2025Q4", last="2026Q2")
    assert columns(report, *REGISTERED, "net_new_visitors", "new_demo_bookings") == {
        "opening_registered_users": [0, 0, 4, 0],
        "new_signups": [0, 4, 1, 5],
        "closing_registered_users": [0, 4, 5, 5],
        "total_leads": [0, 4, 5, 5],
        "net_new_visitors": [None, 150, 140, 290],
        "new_demo_bookings": [0, 1, 2, 3],
    }
    # March alone is in both: c and d of 100 + 50 visits.  April alone: e of 100.  Both: 3 of 250.
    shown = figures(report)
    assert [shown["visitor_to_signup_rate", None, key] for key in ("2025Q4", "2026Q1", "2026Q2", "total")] == [
        (None, 0, None),
        (2 / 150, 2, 150),
        (1 / 100, 1, 100),
        (3 / 250, 3, 250),
    ]
    # The demos of May and June are not set against the signups of April.
    assert [shown["signup_to_demo_rate", None, key] for key in ("2026Q1", "2026Q2", "total")] == [
        (1 / 4, 1, 4),
        (0.0, 0, 1),
        (1 / 5, 1, 5),
    ]
    assert notes(report, "part-of-visitors", "part-of-signups") == [
        "Of visitors, Q1 2026, total hold only the days from 1 Mar 2026 on; a rate over several months is that of the "
        "months which both of its exports reach.",
        "Of signups, Q2 2026, total hold only the days up to 5 Apr 2026; a rate over several months is that of the "
        "months which both of its exports reach.",
    ]


def test_explain_opens_the_part_that_a_rate_is_taken_over(tmp_path: Path) -> None:
    write_quarters(tmp_path)
    value, behind = explained_rows(tmp_path, "visitor_to_signup_rate", "2026Q1")
    assert value == 2 / 150
    assert behind == [
        ("signups.csv", 4, 1), ("signups.csv", 5, 1), ("visitors.csv", 2, 100), ("visitors.csv", 3, 50),
    ]  # fmt: skip
    result = folder_of(tmp_path).explain("visitor_to_signup_rate", month="2026Q1")
    data = explain_data(result.explanation, None)
    assert data["over"] == {"start": "2026-03-01", "end_exclusive": "2026-04-01"}
    assert "over 1 Mar 2026 to 31 Mar 2026, which both exports reach" in result.render("md")
    missing = folder_of(tmp_path).explain("new_signups", month="2026-05")
    assert "the export of signups ends on 5 Apr 2026" in missing.render("md")


def test_what_is_rare_stays_zero_and_that_is_said(tmp_path: Path) -> None:
    write(
        tmp_path,
        signups=["user_id,signed_up_at", *(f"u{month},2026-{month:02}-28" for month in range(1, 7))],
        demos=["user_id,booked_at", "a,2026-02-10", "b,2026-03-10"],
        paid_users=["user_id,started_at,ended_at", "a,2026-02-20,2026-04-30", "b,2026-05-24,"],
    )
    report = report_of(tmp_path)
    assert columns(report, "new_demo_bookings", *PAYING) == {
        "new_demo_bookings": [0, 1, 1, 0, 0, 0, 2],
        "opening_paid_users": [0, 0, 1, 1, 0, 1, 0],
        "new_paid_users": [0, 1, 0, 0, 1, 0, 2],
        "churned_paid_users": [0, 0, 0, 1, 0, 0, 1],
        "closing_paid_users": [0, 1, 1, 0, 1, 1, 1],
    }
    say = "If the files do not cover these months, say which they do: [inputs.{}] covers."
    assert notes(report, "zeros-beyond-demos", "zeros-beyond-paid-users") == [
        f"No row of demos in Jan 2026, which counts as 0: the export of demos begins on 10 Feb 2026. "
        f"{say.format('demos')}",
        f"No row of paid users in Jan 2026, which counts as 0: the export of paid users begins on 20 Feb 2026. "
        f"{say.format('paid_users')}",
        # 24 May is 35 days before 28 June, and from 20 February to 24 May there was nothing for 93 days either.
        f"No row of paid users in Jun 2026, which counts as 0: the export of paid users ends on 24 May 2026. "
        f"{say.format('paid_users')}",
    ]
    # The demos came 28 days apart, and for 110 days none has come: the warning that they ended says it already.
    assert [text[:54] for text in notes(report, "ends-early")] == [
        "demos.csv ends 2026-03-10, before as_of 2026-06-28. Mo",
    ]


@pytest.mark.parametrize(("last", "ends"), [("2026-05-24", False), ("2026-05-25", True)])
def test_a_quiet_tail_is_held_against_the_longest_gap_so_far(tmp_path: Path, last: str, ends: bool) -> None:
    # Customers came 42 days apart at most: 84 days without one, 1 March to 24 May, are no export that has ended yet.
    write(
        tmp_path,
        signups=["user_id,signed_up_at", *(f"u{n},{date.fromordinal(n)}" for n in _days("2026-01-01", last))],
        paid_users=["user_id,started_at,ended_at", "u1,2026-01-05,", "u2,2026-01-18,", "u3,2026-03-01,"],
    )
    assert bool(notes(report_of(tmp_path), "ends-early")) is ends


def _days(first: str, last: str) -> range:
    return range(date.fromisoformat(first).toordinal(), date.fromisoformat(last).toordinal() + 1)


def test_billing_that_stopped_is_not_hidden_by_a_start_that_lies_ahead(tmp_path: Path) -> None:
    write(
        tmp_path,
        signups=["user_id,signed_up_at", *(f"u{month},2026-{month:02}-28" for month in range(1, 7))],
        paid_users=["user_id,started_at,ended_at", "a,2026-01-20,2026-02-28", "b,2026-08-01,"],
    )
    report = report_of(tmp_path)
    assert report.spec.as_of == date(2026, 6, 28)
    assert [text[:55] for text in notes(report, "ends-early")] == [
        "paid_users.csv ends 2026-01-20, before as_of 2026-06-28"
    ]


# --- what the settings say that an export covers ---------------------------------------------------------------


def covers(name: str, first: str, last: str) -> str:
    return f'[inputs.{name}]\ncovers = ["{first}", "{last}"]\n'


def test_a_month_without_rows_is_zero_within_what_is_covered(tmp_path: Path) -> None:
    write_january(tmp_path, "2026-02-04", covers("signups", "2026-01", "2026-02"))
    report = report_of(tmp_path)
    assert columns(report, *REGISTERED, "visitor_to_signup_rate") == {
        "opening_registered_users": [0, 2, 0],
        "new_signups": [2, 0, 2],
        "closing_registered_users": [2, 2, 2],
        "total_leads": [2, 2, 2],
        "visitor_to_signup_rate": [2 / 160, 0 / 40, 2 / 200],
    }
    assert notes(report, "part-of-signups", "ends-early") == []


def test_a_month_outside_what_is_covered_is_missing(tmp_path: Path) -> None:
    write_january(tmp_path, "2026-02-03", covers("signups", "2026-01", "2026-01"))
    report = report_of(tmp_path)
    assert columns(report, "new_signups", "closing_registered_users", "visitor_to_signup_rate") == {
        "new_signups": [2, None, 2],
        "closing_registered_users": [2, None, None],
        "visitor_to_signup_rate": [2 / 160, None, 2 / 160],
    }
    assert reasons(report, "new_signups")[1] == "[inputs.signups] covers 2026-01 to 2026-01 only"


def test_rows_outside_what_is_covered_are_not_counted_as_if_they_were_all(tmp_path: Path) -> None:
    write(
        tmp_path,
        signups=["user_id,signed_up_at", "a,2026-01-20", "b,2026-02-03", "c,2026-03-30", "d,2026-04-02"],
        funnel=covers("signups", "2026-02", "2026-03"),
    )
    months = report_of(tmp_path, first="2026-01", last="2026-04", as_of="2026-04-30")
    assert columns(months, *REGISTERED) == {
        "opening_registered_users": [None, 1, 2, None, None],  # a had signed up before February
        "new_signups": [None, 1, 1, None, 2],
        "closing_registered_users": [None, 2, 3, None, None],
        "total_leads": [None, 2, 3, None, None],
    }
    # A quarter opens with the first month of it that is covered.
    quarters = report_of(tmp_path, first="2026Q1", last="2026Q2", grain=Grain.QUARTER, as_of="2026-04-30")
    assert columns(quarters, *REGISTERED) == {
        "opening_registered_users": [1, None, 1],
        "new_signups": [2, None, 2],
        "closing_registered_users": [3, None, None],
        "total_leads": [3, None, None],
    }
    value, behind = explained_rows(tmp_path, "new_signups", "2026Q1")
    assert (value, behind) == (2, [("signups.csv", 3, 1), ("signups.csv", 4, 1)])


def test_paid_users_that_cover_some_months_are_missing_in_the_others(tmp_path: Path) -> None:
    write(
        tmp_path,
        signups=["user_id,signed_up_at", *(f"u{month},2026-{month:02}-28" for month in range(1, 5))],
        paid_users=[
            "user_id,started_at,ended_at",
            "old,2025-06-01,2026-02-10",
            "a,2026-02-05,2026-03-31",
            "b,2026-02-06,",
            "c,2026-03-07,",
        ],
        funnel=covers("paid_users", "2026-02", "2026-03"),
    )
    report = report_of(tmp_path, first="2026-01")
    assert columns(report, *PAYING, "paid_user_churn_rate") == {
        "opening_paid_users": [None, 1, 2, None, None],
        "new_paid_users": [None, 2, 1, None, 3],
        "churned_paid_users": [None, 1, 1, None, 2],
        "closing_paid_users": [None, 2, 2, None, None],
        # Of the range: 2 lost of the 1 paying when February began.
        "paid_user_churn_rate": [None, 1 / 1, 1 / 2, None, 2 / 1],
    }


def test_a_balance_of_the_settings_is_not_carried_over_months_that_are_not_told_of(tmp_path: Path) -> None:
    write(
        tmp_path,
        visitors=["date,visits", *(f"2026-{month:02}-01,10" for month in range(1, 6)), "2026-05-31,10"],
        signups=["user_id,signed_up_at", "a,2026-03-01", "b,2026-04-20", "c,2026-05-31"],
        funnel='[opening]\nmonth = "2026-01"\nregistered_users = 1000\n',
    )
    report = report_of(tmp_path)
    # Who signed up in January and February is not known, and so nobody knows how many there were in March.
    assert columns(report, "opening_registered_users", "new_signups", "closing_registered_users") == {
        "opening_registered_users": [None] * 6,
        "new_signups": [None, None, 1, 1, 1, 3],
        "closing_registered_users": [None] * 6,
    }
    later = (tmp_path / "funnel.toml").read_text("utf-8").replace("2026-01", "2026-03")
    write(tmp_path, funnel=later)
    assert columns(report_of(tmp_path), "opening_registered_users", "closing_registered_users") == {
        "opening_registered_users": [None, None, 1000, 1001, 1002, None],
        "closing_registered_users": [None, None, 1001, 1002, 1003, None],  # the range begins before the balance
    }


@pytest.mark.parametrize(
    "text",
    [
        'covers = "2026-01"',
        'covers = ["2026-01"]',
        'covers = ["2026-01", "2026-13"]',
        'covers = ["2026-10", "2026-01"]',
        'covers = ["0000-01", "2026-01"]',
        "covers = [2026, 2027]",
        "covers = false",
    ],
)
def test_months_that_are_none_are_refused_by_name(text: str, tmp_path: Path) -> None:
    write_january(tmp_path, "2026-02-03", f"[inputs.signups]\n{text}\n")
    with pytest.raises(ConfigError, match=r"\[inputs\.signups\] covers"):
        report_of(tmp_path)


def test_the_monthly_table_says_itself_which_months_it_has(tmp_path: Path) -> None:
    write(tmp_path, monthly=["month,new_signups", "2026-01,5"], funnel=covers("monthly", "2026-01", "2026-02"))
    with pytest.raises(ConfigError, match=r"\[inputs\.monthly\] covers: the table says itself"):
        report_of(tmp_path)


def test_a_plan_measures_over_what_is_covered(tmp_path: Path) -> None:
    signed = [f"s{month}-{day},2026-{month:02}-{day:02}" for month in (1, 2, 3) for day in (1, 28)]
    write(
        tmp_path,
        signups=["user_id,signed_up_at", *signed],
        demos=["user_id,booked_at", "a,2026-02-10", "b,2026-03-10"],
        funnel=covers("demos", "2026-01", "2026-02"),
    )
    facts, as_of = exports_of(tmp_path), date(2026, 3, 31)
    measured = measure(facts, as_of, window(facts, as_of, None, None), month_of(date(2026, 4, 1)))
    # January: 0 demos of 2 signups, February: 1 of 2.  Without covers the demos would begin with March.
    assert measured.pooled[Key.SIGNUP_TO_DEMO] == Pooled(
        numerator=Fraction(1), denominator=Fraction(4), months=("2026-01", "2026-02")
    )


# --- as_of ---------------------------------------------------------------------------------------------------------


def write_ends(folder: Path, funnel: str = "", ends: Sequence[str] = ("2021-02-10", "2021-05-31")) -> None:
    write(
        folder,
        signups=["user_id,signed_up_at", "a,2020-12-20", "b,2021-01-06"],
        paid_users=[
            "user_id,started_at,ended_at",
            "z,2020-12-21,2020-12-31",
            "y,2020-12-22,",
            *(f"c{place},2020-12-23,{end}" for place, end in enumerate(ends)),
        ],
        funnel=funnel,
    )


def test_ends_that_may_be_of_running_contracts_do_not_move_as_of(tmp_path: Path) -> None:
    write_ends(tmp_path)
    report = report_of(tmp_path)
    assert report.spec.as_of == date(2021, 1, 6)
    assert [period.key for period in report.spec.periods] == ["2020-12", "2021-01"]
    assert columns(report, *PAYING) == {
        "opening_paid_users": [0, 3, 0],
        "new_paid_users": [4, 0, 4],
        "churned_paid_users": [1, 0, 1],
        "closing_paid_users": [3, 3, 3],
    }
    (note,) = [note for note in report.notes if note.code == "ends-after-as-of"]
    assert note.text.of("en") == "2 ends lie after 6 Jan 2021; --as-of 2021-05-31 counts them."
    assert note.text.of("vi") == "2 lượt kết thúc nằm sau 06/01/2021; thêm --as-of 2021-05-31 để tính."


def test_the_option_that_the_note_names_counts_the_ends_and_is_shown(tmp_path: Path) -> None:
    write_ends(tmp_path)
    report = report_of(tmp_path, as_of="2021-05-31")
    keys = [period.key for period in report.spec.periods]
    assert keys == ["2020-12", "2021-01", "2021-02", "2021-03", "2021-04", "2021-05"]
    assert columns(report, "churned_paid_users", "new_signups") == {
        "churned_paid_users": [1, 0, 1, 0, 0, 1, 3],
        "new_signups": [1, 1, None, None, None, None, 2],  # they end on 6 January
    }
    assert notes(report, "ends-after-as-of") == []


def test_a_single_end_is_said_in_the_singular(tmp_path: Path) -> None:
    write_ends(tmp_path, ends=("2021-05-31",))
    report = report_of(tmp_path)
    assert notes(report, "ends-after-as-of") == ["1 end lies after 6 Jan 2021; --as-of 2021-05-31 counts it."]


@pytest.mark.parametrize(
    ("settings", "as_of"),
    [
        ('ends = "facts"', date(2021, 5, 31)),
        ('ends = "facts"\nend_date = "exclusive"', date(2021, 5, 30)),  # the last paid day
        ('ends = "scheduled"', date(2021, 1, 6)),
    ],
)
def test_ends_that_are_facts_move_as_of(settings: str, as_of: date, tmp_path: Path) -> None:
    write_ends(tmp_path, f"[paid_users]\n{settings}\n")
    report = report_of(tmp_path)
    assert report.spec.as_of == as_of
    assert report.spec.periods[-1] == month_of(as_of)
    lost = {date(2021, 1, 6): 1}.get(as_of, 3)
    assert columns(report, "churned_paid_users")["churned_paid_users"][-1] == lost


STRIPE = "id,Customer ID,Start Date (UTC),Current Period End (UTC),Ended At (UTC)"


def write_stripe(folder: Path, funnel: str = "") -> None:
    write(
        folder,
        signups=["user_id,signed_up_at", "c1,2026-01-05", "c2,2026-01-31"],
        paid_users=[STRIPE, "s1,c1,2026-01-06,2026-04-06,2026-03-10", "s2,c2,2026-01-07,2026-07-07,"],
        funnel=funnel,
    )


def test_the_ends_of_an_export_that_is_known_to_state_facts_move_as_of(tmp_path: Path) -> None:
    write_stripe(tmp_path)
    report = report_of(tmp_path)
    assert report.spec.as_of == date(2026, 3, 10)
    assert columns(report, *PAYING) == {
        "opening_paid_users": [0, 2, 2, 0],
        "new_paid_users": [2, 0, 0, 2],
        "churned_paid_users": [0, 0, 1, 1],
        "closing_paid_users": [2, 2, 1, 1],
    }


@pytest.mark.parametrize(
    "funnel",
    [
        '[inputs.paid_users.columns]\nended_at = "Current Period End (UTC)"\n',  # where a running period ends
        '[paid_users]\nends = "scheduled"\n',
    ],
)
def test_the_settings_may_say_that_its_ends_are_none(funnel: str, tmp_path: Path) -> None:
    write_stripe(tmp_path, funnel)
    assert report_of(tmp_path).spec.as_of == date(2026, 1, 31)


def write_renewals(folder: Path, *starts: str) -> None:
    rows = [f"a{place},{start}" for place, start in enumerate(starts)]
    write(folder, signups=["user_id,signed_up_at", "a0,2026-01-20"], paid_users=["user_id,started_at", *rows])


def test_a_start_that_lies_ahead_of_all_other_files_does_not_move_as_of(tmp_path: Path) -> None:
    write_renewals(tmp_path, "2026-01-20", "2026-01-21", "2026-03-01")
    report = report_of(tmp_path)
    assert report.spec.as_of == date(2026, 1, 20)
    assert columns(report, "new_paid_users") == {"new_paid_users": [1, 1]}
    (note,) = [note for note in report.notes if note.code == "starts-after-as-of"]
    assert note.text.of("en") == (
        "2 starts lie after 20 Jan 2026, the last day of the other files; --as-of 2026-03-01 counts them."
    )
    assert note.text.of("vi") == (
        "2 lượt bắt đầu nằm sau 20/01/2026, ngày cuối của các tệp khác; thêm --as-of 2026-03-01 để tính."
    )
    counted = report_of(tmp_path, as_of="2026-03-01")
    assert columns(counted, "new_paid_users") == {"new_paid_users": [2, 0, 1, 3]}
    assert notes(counted, "starts-after-as-of") == []
    assert notes(report_of(tmp_path, as_of="2026-01-10", first="2026-01"), "starts-after-as-of") == [
        "2 starts lie after 10 Jan 2026; --as-of 2026-03-01 counts them."
    ]


def test_where_the_starts_are_all_there_is_they_move_as_of(tmp_path: Path) -> None:
    write_renewals(tmp_path, "2026-01-21", "2026-03-01")
    (tmp_path / "signups.csv").unlink()
    report = report_of(tmp_path)
    assert report.spec.as_of == date(2026, 3, 1)
    assert columns(report, "new_paid_users") == {"new_paid_users": [1, 0, 1, 2]}


def test_a_demo_that_is_to_be_held_does_not_move_as_of(tmp_path: Path) -> None:
    write(
        tmp_path,
        signups=["user_id,signed_up_at", "a,2026-01-20"],
        demos=["user_id,booked_at,held_at", "a,2026-01-22,2026-03-05"],
    )
    report = report_of(tmp_path)
    assert report.spec.as_of == date(2026, 1, 22)
    assert columns(report, "new_demo_bookings", "cumulative_demos_held") == {
        "new_demo_bookings": [1, 1],
        "cumulative_demos_held": [0, 0],
    }


def test_the_latest_day_is_that_of_what_has_happened() -> None:
    def extent(last: date, *ended: date) -> Extent:
        return Extent(date(2026, 1, 1), last, frozenset(), ended=frozenset(ended))

    signups, starts = extent(date(2026, 1, 20)), extent(date(2026, 3, 1))
    assert latest_day({}) is None
    assert latest_day({"signups": signups, "paid_users": starts}) == date(2026, 1, 20)
    assert latest_day({"paid_users": starts}) == date(2026, 3, 1)
    ended = extent(date(2026, 3, 1), date(2026, 2, 9))
    assert latest_day({"signups": signups, "paid_users": ended}) == date(2026, 2, 9)


def test_what_lies_after_as_of_changes_nothing_that_is_shown(tmp_path: Path) -> None:
    write_january(tmp_path, "2026-02-04")
    before = figures(report_of(tmp_path, first="2026-01", as_of="2026-02-04"))
    with (tmp_path / "signups.csv").open("a", encoding="utf-8") as stream:
        stream.write("c,2026-02-05,paid\n")
    with (tmp_path / "visitors.csv").open("a", encoding="utf-8") as stream:
        stream.write("2026-03-31,500,paid\n")
    assert figures(report_of(tmp_path, first="2026-01", as_of="2026-02-04")) == before


def test_track_and_targets_say_which_starts_are_left_out(tmp_path: Path) -> None:
    write_renewals(tmp_path, "2026-01-20", "2026-03-01")
    targets = fc.open_folder(tmp_path).targets(
        new_paid_users=3, start="2026-01", end="2026-01", visitor_to_signup="none", signup_to_demo="50%",
        demo_to_paid="50%", churn="1%", arpa=1, opening_paid_users=0,
    )  # fmt: skip
    tracked = fc.open_folder(tmp_path).track(targets)
    said = [
        note["message"] for note in json.loads(tracked.render("json"))["notes"] if note["code"] == "starts-after-as-of"
    ]
    assert said == ["1 start lies after 20 Jan 2026, the last day of the other files; --as-of 2026-03-01 counts it."]


def test_a_check_says_how_far_demos_reach_where_whole_months_after_them_are_zeros(tmp_path: Path) -> None:
    """Signups of every second day up to 27 Apr; the longest time without a demo is 5 Jan to 20 Feb: 46 days."""
    signups = [f"u{n},2026-0{1 + n // 14}-{1 + 2 * (n % 14):02}" for n in range(56)]

    def said(last_demo: str) -> list[tuple[str, str, str]]:
        demos = ["user_id,booked_at", "u1,2026-01-05", "u2,2026-02-20", "u3,2026-03-02", f"u4,{last_demo}"]
        write(tmp_path, signups=["user_id,signed_up_at", *signups], demos=demos)
        checked = fc.open_folder(tmp_path).check(as_of="2026-04-30").problems
        return [(fault.code, fault.kind.severity.value, fault.message) for fault in checked]

    # 30 Apr is the last day of April: 59 days from 2 Mar are no longer than twice 46, and all of April has none.
    zeros = "reaches only to 2 Mar 2026, and other exports to 30 Apr 2026: no row in Apr 2026, which counts as 0"
    assert said("2026-03-02") == [("zeros-after", "note", zeros)]
    # In April, though early, there is no whole month without one.
    assert said("2026-04-01") == []
    # Since 6 Jan it is 114 days, and the longest time before was a day.
    write(tmp_path, demos=["user_id,booked_at", "u1,2026-01-05", "u2,2026-01-06"])
    (early,) = fc.open_folder(tmp_path).check(as_of="2026-04-30").problems
    assert (early.code, early.message) == ("ends-early", "ends 2026-01-06, before as_of 2026-04-30")


def test_demos_that_were_held_after_the_last_booking_are_named(tmp_path: Path) -> None:
    """u2's demo is held by its own word, two days after the last booking: one of one; beside 19 more a check tells."""
    header = "user_id,booked_at,held_at,status\nu1,2026-01-05,2026-01-09,no show\n"
    held = "u2,2026-01-06,2026-01-08,held\n"
    others = "".join(f"v{n},2026-01-05,2026-01-06,held\n" for n in range(19))
    for rows, is_noted in ((held, True), (others + held, False)):
        write_folder(tmp_path, {"demos.csv": header + rows})
        assert said_of(tmp_path)["held-after-bookings", "held_at"][1] == "To count it: --as-of 2026-01-08."
        report = report_of(tmp_path, month="2026-01")
        assert ("held-after-bookings" in {note.code for note in report.notes}) is is_noted
    assert in_month(tmp_path, "2026-01", "cumulative_demos_held") == [19]
    assert in_month(tmp_path, "2026-01", "cumulative_demos_held", as_of="2026-01-08") == [20]


def test_costs_that_lie_ahead_are_told_as_costs_and_once(tmp_path: Path) -> None:
    write_renewals(tmp_path, "2026-01-20", "2026-03-01")
    costs = "date,channel,amount\n2026-01-02,paid,10\n2026-02-03,paid,1200.25\n2026-03-04,paid,-0.25\n"
    (tmp_path / "costs.csv").write_text(costs, encoding="utf-8")
    (tmp_path / "budgets.csv").write_text("month,channel,amount\n2026-12,paid,9000\n", encoding="utf-8")
    report = report_of(tmp_path)
    said = [note.text.of("en") for note in report.notes if note.code in ("starts-after-as-of", "costs-after-as-of")]
    assert sorted(said) == [
        "1 start lies after 20 Jan 2026, the last day of the other files; --as-of 2026-03-01 counts it.",
        "Costs of 1,200 (2 rows) lie after 20 Jan 2026, the last day of the other files; --as-of 2026-03-04 "
        "counts them.",
    ]
