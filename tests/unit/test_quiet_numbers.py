"""Cells and columns that would change a figure without a word: each is read or named, and what is advised helps."""

from __future__ import annotations

from pathlib import Path

import pytest

import funnelcli as fc
from support import figures, report_of

PAID = "user_id,started_at,ended_at,"


def folder(path: Path, name: str, text: str, config: str = "") -> Path:
    (path / f"{name}.csv").write_text(text, encoding="utf-8")
    (path / "funnel.toml").write_text(config, encoding="utf-8")
    return path


def said(path: Path) -> dict[tuple[str, str | None], tuple[str, str]]:
    """By code and column: what is said, and the next step."""
    return {(p.code, p.column): (p.message, p.hint) for p in fc.open_folder(path).check().problems}


def in_january(path: Path, *keys: str) -> list[float | None]:
    known = figures(report_of(path, first="2026-01", last="2026-01", as_of="2026-01-31"))
    return [known[key, None, "2026-01"][0] for key in keys]


# --- intervals ---------------------------------------------------------------------------------------------------

YEAR = "u1,2026-01-03,2026-12-31,20,{0}\nu2,2026-01-06,2026-12-31,60,{1}\n"


@pytest.mark.parametrize(
    ("words", "mrr"),
    [
        (("month", "3 tháng/lần"), 40),  # 20 + 60 / 3
        (("month-to-month", "Quarterly (recurring)"), 40),
        (("mỗi tháng 1 lần", "Annual (12 months)"), 25),  # 20 + 60 / 12
        (("1", "3"), None),
        (("month", "flexi"), None),
        (("month", "Monthly (billed annually)"), None),
    ],
)
def test_an_interval_is_understood_or_the_mrr_is_missing(
    words: tuple[str, str], mrr: float | None, tmp_path: Path
) -> None:
    folder(tmp_path, "paid_users", PAID + "amount,interval\n" + YEAR.format(*words))
    assert in_january(tmp_path, "closing_mrr_amount", "closing_paid_users") == [mrr, 2]
    assert (("interval-not-understood", "interval") in said(tmp_path)) is (mrr is None)


def test_bare_numbers_count_months_where_the_settings_say_so(tmp_path: Path) -> None:
    """20 for 1 month and 60 for 3: 40 a month; spread from start to end it is 20 and 60 over nearly 12 months."""
    rows = PAID + "amount,billing_frequency\n" + YEAR.format(1, 3)
    _, step = said(folder(tmp_path, "paid_users", rows))["interval-not-understood", "interval"]
    assert "interval_count = 'billing_frequency', interval = false and [inputs.paid_users] interval = \"month\"" in step
    config = '[inputs.paid_users]\ninterval = "month"\n[inputs.paid_users.columns]\ninterval = false\n'
    folder(tmp_path, "paid_users", rows, config + 'interval_count = "billing_frequency"\n')
    assert in_january(tmp_path, "closing_mrr_amount") == [40]
    assert said(tmp_path) == {}
    folder(tmp_path, "paid_users", rows, "[inputs.paid_users.columns]\ninterval = false\n")
    (spread,) = in_january(tmp_path, "closing_mrr_amount")
    assert spread is not None
    assert 6.7 < spread < 6.8
    # A usual interval of the settings does not say what a bare number counts.
    folder(tmp_path, "paid_users", rows, '[inputs.paid_users]\ninterval = "month"\n')
    assert in_january(tmp_path, "closing_mrr_amount") == [None]


def test_the_unit_of_intervals_in_a_column_of_its_own(tmp_path: Path) -> None:
    """20 a month, and 60 for 3 months: by the headers of WooCommerce, and by the advice where a header is another."""
    rows = "1,2026-01-03,2026-12-31,month,1,20\n2,2026-01-06,2026-12-31,month,3,60\n"
    header = "customer_id,start_date,end_date,{},billing_interval,amount\n"
    woo = folder(tmp_path, "paid_users", header.format("billing_period") + rows)
    assert in_january(woo, "closing_mrr_amount") == [40]
    assert said(woo) == {}
    other = folder(tmp_path, "paid_users", header.format("unit") + rows)
    _, step = said(other)["interval-not-understood", "interval"]
    assert "interval = 'unit', interval_count = 'billing_interval'" in step
    columns = '[inputs.paid_users.columns]\ninterval = "unit"\ninterval_count = "billing_interval"\n'
    folder(tmp_path, "paid_users", header.format("unit") + rows, columns)
    assert in_january(tmp_path, "closing_mrr_amount") == [40]


@pytest.mark.parametrize("word", ["lifetime", "one-time", "One-off", "trọn đời"])
def test_what_is_paid_once_has_no_mrr_and_hides_no_other(word: str, tmp_path: Path) -> None:
    folder(tmp_path, "paid_users", f"{PAID}amount,interval\nu1,2026-01-03,,299,{word}\nu2,2026-01-13,,20,month\n")
    assert in_january(tmp_path, "closing_mrr_amount", "closing_paid_users") == [20, 2]
    assert list(said(tmp_path)) == [("paid-once", "amount")]


# --- dates beside the start and the end ----------------------------------------------------------------------------


@pytest.mark.parametrize("header", ["refund_date", "chargeback_at", "Disputed at", "Ngày hoàn tiền"])
def test_days_of_refunds_beside_known_ends(header: str, tmp_path: Path) -> None:
    """u2 was paid back: by either advice one of two is left."""
    rows = f"{PAID}mrr,{header}\nu1,2026-01-03,2026-12-31,10,\nu2,2026-01-13,2026-12-31,10,2026-01-20\n"
    _, step = said(folder(tmp_path, "paid_users", rows))["unread-column", header]
    assert f"refunded = '{header}', or [inputs.paid_users.drop] '{header}' = ['?*']" in step
    assert "ended_at" not in step
    for config in (
        f"[inputs.paid_users.columns]\nrefunded = '{header}'\n",
        f"[inputs.paid_users.drop]\n'{header}' = ['?*']\n",
    ):
        folder(tmp_path, "paid_users", rows, config)
        assert in_january(tmp_path, "closing_paid_users", "closing_mrr_amount") == [1, 10]


def test_days_of_refunds_whose_amounts_are_read(tmp_path: Path) -> None:
    rows = PAID + "mrr,refund_date,refunded\nu1,2026-01-03,,10,,\nu2,2026-01-13,,10,2026-01-20,10\n"
    assert {code for code, _ in said(folder(tmp_path, "paid_users", rows))} == {"refunded"}


FIRST = "u1,2026-01-03,{end},10,2026-01-17\nu2,2026-01-23,{end},10,2026-02-06\nu3,2026-01-14,{end},10,\n"


@pytest.mark.parametrize("end", ["", "2026-12-31"])
@pytest.mark.parametrize("header", ["trial_converted_at", "first_payment_at", "Ngày thanh toán đầu tiên", "paid_date"])
def test_days_of_first_payments_may_be_starts(header: str, end: str, tmp_path: Path) -> None:
    """u1 pays from 17 January on, u2 from February on, u3 never: one of three pays at the end of January."""
    rows = f"{PAID}mrr,{header}\n" + FIRST.format(end=end)
    _, step = said(folder(tmp_path, "paid_users", rows))["unread-column", header]
    assert f"started_at = '{header}', and [inputs.paid_users.keep] '{header}' = ['?*']" in step
    assert ("ended_at" in step) is (not end)
    assert in_january(tmp_path, "closing_paid_users") == [3]
    config = f"[inputs.paid_users.columns]\nstarted_at = '{header}'\n[inputs.paid_users.keep]\n'{header}' = ['?*']\n"
    folder(tmp_path, "paid_users", rows, config)
    assert in_january(tmp_path, "closing_paid_users") == [1]


@pytest.mark.parametrize("header", ["Last Activity Date", "last_login", "resumes_at", "Ngày đăng nhập cuối"])
def test_days_of_what_customers_do_are_no_ends(header: str, tmp_path: Path) -> None:
    rows = f"user_id,started_at,mrr,{header}\nu1,2026-01-03,10,2026-02-20\nu2,2026-01-13,10,2026-02-21\n"
    assert said(folder(tmp_path, "paid_users", rows)) == {}


def test_an_ended_status_names_the_column_of_ends(tmp_path: Path) -> None:
    """One warning for one fact, with the header to set; by it u2 leaves in January."""
    rows = (
        "user_id,started_at,status,mrr,Cancelled At\nu1,2026-01-03,active,10,\nu2,2026-01-05,cancelled,10,2026-01-20\n"
    )
    (only,) = said(folder(tmp_path, "paid_users", rows)).items()
    assert only[0] == ("ended-without-date", "status")
    assert "ended_at = 'Cancelled At'" in only[1][1]
    folder(tmp_path, "paid_users", rows, "[inputs.paid_users.columns]\nended_at = 'Cancelled At'\n")
    assert in_january(tmp_path, "closing_paid_users", "churned_paid_users") == [1, 1]


# --- what is really paid -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "cells", "step"),
    [
        ("amount_paid", ("10", "0"), "drop] 'amount_paid' = ['0']"),
        ("Đã thu", ("10", "0"), "drop] 'Đã thu' = ['0']"),
        ("Công nợ", ("0", "120"), "keep] 'Công nợ' = ['0']"),
        ("Balance due", ("", "120"), "keep] 'Balance due' = ['0', '']"),
        ("new_mrr", ("", "50"), "rows of their own"),
    ],
)
def test_amounts_beside_those_that_are_read(header: str, cells: tuple[str, str], step: str, tmp_path: Path) -> None:
    rows = f"{PAID}mrr,{header}\nu1,2026-01-03,2026-12-31,10,{cells[0]}\nu2,2026-01-13,2026-12-31,10,{cells[1]}\n"
    assert step in said(folder(tmp_path, "paid_users", rows))["unread-column", header][1]
    if "] " in step:
        filtered, setting = step.split("] ")
        folder(tmp_path, "paid_users", rows, f"[inputs.paid_users.{filtered}]\n{setting}\n")
        assert in_january(tmp_path, "closing_paid_users") == [1]


def test_amounts_paid_by_all_are_not_named(tmp_path: Path) -> None:
    rows = PAID + "mrr,amount_paid,balance\nu1,2026-01-03,,10,120,0\nu2,2026-01-13,,10,10,0\n"
    assert said(folder(tmp_path, "paid_users", rows)) == {}


# --- words ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", ["Deal owner", "Sales rep", "CSM", "Nhân viên phụ trách"])
def test_names_of_people_are_no_statuses(header: str, tmp_path: Path) -> None:
    """Huy is a name, though hủy is cancelled."""
    rows = f"{PAID}mrr,{header}\nu1,2026-01-03,,10,Huy\nu2,2026-01-13,,10,Lan\nu3,2026-01-13,,10,Huy\n"
    assert said(folder(tmp_path, "paid_users", rows)) == {}


def test_the_stage_of_what_comes_after_the_sale(tmp_path: Path) -> None:
    rows = (
        PAID
        + "mrr,Onboarding stage\n"
        + "".join(
            f"u{n},2026-01-0{n},,10,{word}\n" for n, word in enumerate(["done", "kickoff", "training", "done"], start=1)
        )
    )
    assert said(folder(tmp_path, "paid_users", rows)) == {}


def test_the_rows_of_a_no_are_left_out_under_what_is_hoped_for(tmp_path: Path) -> None:
    rows = PAID + "mrr,converted\nu1,2026-01-03,,10,yes\nu2,2026-01-13,,10,no\n"
    _, step = said(folder(tmp_path, "paid_users", rows))["unread-column", "converted"]
    assert "drop] 'converted' = ['no']" in step


# --- demos ---------------------------------------------------------------------------------------------------------

DEMOS = "a@x.vn,2026-01-03,2026-01-05{0}\nb@x.vn,2026-01-03,2026-01-06{1}\n"
HELD = ("new_demo_bookings", "cumulative_demos_held")


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("attended", (",1", ",0")),
        ("Khách tham gia", (",Có", ",Không")),
        ("Showed up", (",yes", ",no")),
        ("no_show_date", (",", ",2026-01-06")),
        ("noShowGuests", (",", ",b@x.vn")),
        ("status,Đã tham gia", (",Done,Có", ",Done,Không")),
    ],
)
def test_whether_the_guest_came(header: str, cells: tuple[str, str], tmp_path: Path) -> None:
    """Both were booked, b did not come."""
    folder(tmp_path, "demos", f"email,booked_at,held_at,{header}\n" + DEMOS.format(*cells))
    assert in_january(tmp_path, *HELD) == [2, 1]
    assert said(tmp_path).keys() <= {("held-after-bookings", "held_at")}


def test_a_guest_who_came_without_a_day_of_the_demo(tmp_path: Path) -> None:
    rows = "email,booked_at,attended\na@x.vn,2026-01-03,yes\nb@x.vn,2026-01-03,no\nc@x.vn,2026-01-04,\n"
    folder(tmp_path, "demos", rows)
    assert in_january(tmp_path, *HELD) == [3, 1]


@pytest.mark.parametrize(
    ("header", "cells", "setting"),
    [
        ("duration_min", (",32", ",0"), "attended = 'duration_min'"),
        ("Guests absent (no show)", (",", ",b@x.vn"), "cancelled = 'Guests absent (no show)'"),
    ],
)
def test_what_may_say_that_a_demo_was_not_held(
    header: str, cells: tuple[str, str], setting: str, tmp_path: Path
) -> None:
    rows = f"email,booked_at,held_at,{header}\n" + DEMOS.format(*cells)
    assert setting in said(folder(tmp_path, "demos", rows))["unread-column", header][1]
    assert in_january(tmp_path, *HELD) == [2, 2]
    folder(tmp_path, "demos", rows, f"[inputs.demos.columns]\n{setting}\n")
    assert in_january(tmp_path, *HELD) == [2, 1]


def test_the_day_of_a_demo_under_an_unknown_header(tmp_path: Path) -> None:
    rows = "email,booked_at,Start Date & Time\n" + DEMOS.format("", "")
    _, step = said(folder(tmp_path, "demos", rows))["unread-column", "Start Date & Time"]
    assert "held_at = 'Start Date & Time'" in step


# --- visits and signups --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "words", "keep"),
    [
        ("Date range", ("Current period", "Previous period"), "Current period"),
        ("Period", ("Previous year", "This year"), "This year"),
        ("Segment", ("Paid Users", "All Users"), "All Users"),
        ("Phân khúc", ("Tất cả người dùng", "Mới"), "Tất cả người dùng"),
    ],
)
def test_visits_that_are_cut_again(header: str, words: tuple[str, str], keep: str, tmp_path: Path) -> None:
    """100 of those to be kept, and 30 of the others."""
    rows = "".join(f"2026-01-05,{word},google,{100 if word == keep else 30}\n" for word in words)
    text = f"date,{header},source,visits\n{rows}"
    _, step = said(folder(tmp_path, "visitors", text))["visits-cut-again", header]
    assert f"[inputs.visitors.keep] '{header}' = ['{keep}']" in step
    folder(tmp_path, "visitors", text, f"[inputs.visitors.keep]\n'{header}' = ['{keep}']\n")
    assert (in_january(tmp_path, "organic_visits"), said(tmp_path)) == ([100], {})


def test_parts_of_one_whole_are_not_named(tmp_path: Path) -> None:
    text = "date,Device,source,visits\n2026-01-05,desktop,google,100\n2026-01-05,mobile,google,30\n"
    assert said(folder(tmp_path, "visitors", text)) == {}


@pytest.mark.parametrize(("other", "is_named"), [((104, 199, 52), True), ((130, 199, 52), False)])
def test_two_tools_that_count_the_same_visits(other: tuple[int, ...], is_named: bool, tmp_path: Path) -> None:
    for name, source, totals in (("a", "google", (100, 200, 50)), ("b", "facebook", other)):
        rows = "".join(f"2026-01-0{day},{source},{total}\n" for day, total in enumerate(totals, start=5))
        folder(tmp_path, f"visitors_{name}", "date,source,visits\n" + rows)
    assert (("visits-counted-alike", None) in said(tmp_path)) is is_named


@pytest.mark.parametrize("source", ["Direct / None", "direct/none", "DIRECT / (none)", "Twitter", "linkedin"])
def test_sources_that_are_organic(source: str, tmp_path: Path) -> None:
    assert said(folder(tmp_path, "visitors", f"date,source,visits\n2026-01-05,{source},5\n")) == {}


@pytest.mark.parametrize(
    ("header", "good", "bad", "drop"),
    [
        ("Submission status", "Complete", "Partial", "['Partial']"),
        ("deleted_at", "", "2026-01-09", "['?*']"),
        ("confirmed_at", "2026-01-05", "", "['']"),
        ("role", "user", "admin", "['admin']"),
    ],
)
def test_signups_that_may_be_none(header: str, good: str, bad: str, drop: str, tmp_path: Path) -> None:
    rows = f"user_id,signed_up_at,{header}\nu1,2026-01-05,{good}\nu2,2026-01-06,{bad}\nu3,2026-01-07,{good}\n"
    _, step = said(folder(tmp_path, "signups", rows))["unread-column-excludes", header]
    assert f"drop] '{header}' = {drop}" in step
    folder(tmp_path, "signups", rows, f"[inputs.signups.drop]\n'{header}' = {drop}\n")
    assert in_january(tmp_path, "new_signups") == [2]
