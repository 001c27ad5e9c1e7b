"""Who pays: what statuses, trials, refunds and missing ends make of the rows of paid users, worked by hand."""

from __future__ import annotations

from pathlib import Path

import pytest

import funnelcli as fc
from funnelcli.answers.report_model import Report
from funnelcli.inputs import INPUTS
from funnelcli.reading.standing import is_pipeline, standing_of
from support import figures, report_of

STATUSES = INPUTS["paid_users"].statuses
KEYS = ("opening_paid_users", "new_paid_users", "churned_paid_users", "closing_paid_users")


def paid(folder: Path, rows: str, config: str = "", *, last: str = "2026-03", as_of: str = "2026-03-31") -> Report:
    """The report of January to March over one file of paid users."""
    (folder / "paid_users.csv").write_text(rows, encoding="utf-8")
    if config:
        (folder / "funnel.toml").write_text(config, encoding="utf-8")
    return report_of(folder, first="2026-01", last=last, as_of=as_of)


def months(report: Report, key: str) -> list[float | None]:
    known = figures(report)
    return [known[key, None, period.key][0] for period in report.spec.periods]


def codes(folder: Path) -> list[tuple[str, int | None]]:
    found = fc.open_folder(folder).check().problems
    return [(problem.code, problem.line) for problem in found]


# --- statuses ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (
            "active|past_due|non_renewing|Đang hoạt động|Đã thanh toán|closedwon|Sắp hết hạn|partially_refunded",
            "paying",
        ),
        (
            "trialing|trial_ended|incomplete_expired|void|refunded|Closed Lost|open|Chưa thanh toán",
            "not_paying",
        ),
        ("cancelled|wc-cancelled|Đã hủy|hết hạn|churned|inactive|paused|on-hold|no longer active", "ended"),
        ("Contract Sent|on ice|Bảo lưu|grace", "unknown"),
        # All words pay, or change nothing.
        ("Active subscription|10. Closed Won|Paid by card|100% paid|Closed Won - Upsell (Q1)", "paying"),
        ("Đã ký hợp đồng|Khách hàng đang sử dụng", "paying"),
        # A word denies, qualifies, asks or contradicts; or nobody knows what it does.
        ("no longer customer|ex-customer|was active|previously active|potential customer|Khách hàng cũ", "unknown"),
        ("Đã từng sử dụng|half paid|50% paid|Customer?|Deal won?|Unwon|Not won|Won/Lost|Won (cancelled)", "unknown"),
        (
            "Won by competitor|Lost to X (won by Y)|Almost won|Closed Won Pending|Chưa ký, khách đã chốt miệng",
            "unknown",
        ),
        ("not cancelled|never refunded|chưa hủy", "unknown"),
        # Of several parts all must pay; a plan, a term or a means of paying is no part that says it.
        ("Active/Overdue|Active (past due)|Active, in dunning|overdue - active", "unknown"),
        (
            "Active & delinquent|Active (no)|Active (old)|Current/Late|Active/On notice|Active, then downgraded",
            "unknown",
        ),
        ("Đang hoạt động (quá hạn)|Đang dùng và nợ cước|Hoạt động (đóng)|Đang hoạt động/Chưa thanh toán", "unknown"),
        ("Active - unpaid|Paid/Refunded|Active & trial|Đã thanh toán/Đã hoàn tiền", "not_paying"),
        ("Active, cancelled|Đang hoạt động/Tạm dừng|Active và hết hạn|Active / Paused", "ended"),
        ("Active - Annual|Active (Pro)|Active(Enterprise)|Active, Pro plan|Paid - PayPal|Active/Paid", "paying"),
        ("Đang hoạt động (Pro)|Đã thanh toán - Chuyển khoản|Đang sử dụng, gói năm|overdue|in dunning", "paying"),
        ("trial not converted|paid - refunded", "not_paying"),
        ("not active|no active subscription|not renewing|Cancelled - non payment|customer - churned", "ended"),
    ],
)
def test_what_statuses_say(words: str, says: str) -> None:
    assert STATUSES is not None
    assert {word: standing_of(word, STATUSES, {}).value for word in words.split("|")} == dict.fromkeys(
        words.split("|"), says
    )


def test_settings_decide_before_any_rule() -> None:
    assert STATUSES is not None
    given = {"paying": ("on ice", "trial*"), "ended": ("active",)}
    said = [standing_of(word, STATUSES, given).value for word in ("On Ice", "trialing", "active", "cancelled")]
    assert said == ["paying", "paying", "ended", "ended"]


def test_a_column_of_deals_is_told_by_a_status_or_its_header() -> None:
    assert STATUSES is not None
    assert is_pipeline("Status", ["Closed Won", "Proposal"], STATUSES)
    assert is_pipeline("Deal Stage", ["Proposal"], STATUSES)
    assert not is_pipeline("Status", ["active", "cancelled"], STATUSES)


def test_open_and_lost_deals_are_no_customers(tmp_path: Path) -> None:
    rows = "Associated Contact IDs,Close Date,Deal Stage\n1,2026-01-10,Closed Won\n2,2026-01-15,Contract Sent\n"
    report = paid(tmp_path, rows + "3,2026-01-16,Closed Lost\n4,2026-02-22,Closed Won\n")
    assert months(report, "new_paid_users") == [1, 1, 0]
    # Nothing says when customers leave, so that nobody is said to have.
    assert months(report, "churned_paid_users") == [None, None, None]
    assert months(report, "closing_paid_users") == [1, 2, 2]
    assert codes(tmp_path) == [("status-not-known", 3), ("not-paying", 4)]


def test_settings_make_a_stage_count(tmp_path: Path) -> None:
    rows = "Associated Contact IDs,Close Date,Deal Stage\n1,2026-01-10,Closed Won\n2,2026-01-15,Contract Sent\n"
    report = paid(tmp_path, rows, '[inputs.paid_users.status]\npaying = ["contract *"]\n')
    assert months(report, "new_paid_users") == [2, 0, 0]
    assert codes(tmp_path) == []


def test_a_meaning_that_statuses_do_not_have(tmp_path: Path) -> None:
    with pytest.raises(fc.ConfigError, match="statuses of paid_users have no such meaning"):
        paid(tmp_path, "user_id,started_at\nu1,2026-01-05\n", '[inputs.paid_users.status]\nheld = ["x"]\n')


def test_who_has_ended_on_no_day_pays_no_longer_by_as_of(tmp_path: Path) -> None:
    """u1 came in January and has gone, nobody knows when; u2 left on 10 February; u3 is there."""
    rows = "user_id,started_at,ended_at,status\nu1,2026-01-05,,cancelled\nu2,2026-01-06,2026-02-10,cancelled\n"
    report = paid(tmp_path, rows + "u3,2026-02-01,,active\n", as_of="2026-03-20")
    assert months(report, "new_paid_users") == [2, 1, 0]
    # At the end of January u1 and u2 may both have been there; by as_of, in March, only u3 is.
    assert months(report, "closing_paid_users") == [None, None, 1]
    assert months(report, "opening_paid_users") == [0, None, None]
    assert months(report, "churned_paid_users") == [None, None, None]
    assert codes(tmp_path) == [("ended-without-date", 2)]


def test_before_such_a_row_begins_everything_is_known(tmp_path: Path) -> None:
    """The row with no end begins on 1 March, so January and February are as they are without it."""
    rows = "user_id,started_at,ended_at,status\nu1,2026-01-05,2026-02-28,cancelled\nu2,2026-03-01,,expired\n"
    report = paid(tmp_path, rows + "u3,2026-01-31,,active\n")
    assert {key: months(report, key) for key in KEYS} == {
        "opening_paid_users": [0, 2, 1],
        "new_paid_users": [2, 0, 1],
        "churned_paid_users": [0, 1, None],
        "closing_paid_users": [2, 1, 1],
    }


# --- trials ------------------------------------------------------------------------------------------------------


def test_a_trial_is_paid_for_from_its_end_if_the_customer_stayed(tmp_path: Path) -> None:
    """The trials end on 31 January: u1 left that day, u2 a day later, u3 is still there."""
    rows = "user_id,started_at,ended_at,trial_ends_at\nu1,2026-01-10,2026-01-31,2026-01-31\n"
    rows += "u2,2026-01-10,2026-02-01,2026-01-31\nu3,2026-01-10,,2026-02-01\nu4,2026-01-10,,2026-01-05\n"
    report = paid(tmp_path, rows)
    # u2 and u4 begin in January, u4 on the day it started since its trial was over; u3 on 1 February.
    assert {key: months(report, key) for key in KEYS} == {
        "opening_paid_users": [0, 2, 2],
        "new_paid_users": [2, 1, 0],
        "churned_paid_users": [0, 1, 0],
        "closing_paid_users": [2, 2, 2],
    }
    assert codes(tmp_path) == [("starts-ahead", None), ("trial-not-paid", 2)]


def test_settings_count_what_is_free(tmp_path: Path) -> None:
    rows = "user_id,started_at,ended_at,trial_ends_at,is_trial,mrr\nu1,2026-01-10,2026-01-31,2026-01-31,no,5\n"
    rows += "u2,2026-01-10,,,yes,5\nu3,2026-01-11,,,no,0\nu4,2026-01-11,,,no,7\n"
    report = paid(tmp_path, rows)
    assert (months(report, "new_paid_users"), months(report, "closing_mrr_amount")) == ([1, 0, 0], [7, 7, 7])
    assert codes(tmp_path) == [("trial-not-paid", 2), ("trial-not-paid", 3), ("free-row", 4)]
    counted = paid(tmp_path, rows, "[paid_users]\nfree_counts = true\n")
    # All four begin on 10 and 11 January; u1 is lost on the 31st, with its 5.
    assert (months(counted, "new_paid_users"), months(counted, "churned_paid_users")) == ([4, 0, 0], [1, 0, 0])
    assert months(counted, "closing_mrr_amount") == [12, 12, 12]


def test_what_is_free_does_not_count_whatever_the_others_cost(tmp_path: Path) -> None:
    """A row that comes later, and costs something, must not change who counted before."""
    rows = "user_id,started_at,ended_at,mrr\nu1,2026-01-10,,0\nu2,2026-01-10,,0.00 ₫\n"
    assert months(paid(tmp_path, rows), "new_paid_users") == [0, 0, 0]
    assert months(paid(tmp_path, rows + "u3,2026-03-10,,5\n"), "new_paid_users") == [0, 0, 1]
    # A formula that went wrong is no 0.
    assert months(paid(tmp_path, rows + "u3,2026-02-10,,#DIV/0!\n"), "new_paid_users") == [0, 1, 0]


# --- refunds, lines, snapshots, payments ---------------------------------------------------------------------------


def test_refunds_in_whole_and_in_part(tmp_path: Path) -> None:
    """i1 is paid back in whole, i3 by 40 of 100, and i4 by a column: u1 and u4 are no customers, u3 is."""
    rows = "user_id,started_at,ended_at,amount,interval,invoice_id,amount_refunded\nu1,2026-01-05,,100,month,i1,\n"
    rows += "u1,2026-01-09,,-100,month,i1,\nu3,2026-01-06,,100,month,i3,\nu3,2026-01-20,,-40,month,i3,\n"
    report = paid(tmp_path, rows + "u4,2026-01-07,,60,month,i4,60\nu5,2026-01-07,,60,month,i5,20\n")
    assert months(report, "new_paid_users") == [2, 0, 0]
    assert months(report, "closing_mrr_amount") == [160, 160, 160]


def test_lines_of_an_invoice_are_not_one_row(tmp_path: Path) -> None:
    """Alike in all that is read; the text says that they are two products of 20 and 20.  The third is a double."""
    rows = "user_id,started_at,ended_at,amount,interval,line text\nu1,2026-01-05,,20,month,Seats\n"
    report = paid(tmp_path, rows + "u1,2026-01-05,,20,month,Storage\nu1,2026-01-05,,20,month,Seats\n")
    assert months(report, "closing_mrr_amount") == [40, 40, 40]
    (tally,) = fc.open_folder(tmp_path).facts().tallies
    assert (tally.read, tally.counted, tally.duplicate) == (3, 2, 1)


def test_a_column_that_numbers_the_rows_makes_no_line_another(tmp_path: Path) -> None:
    rows = "STT,user_id,started_at,ended_at,amount,interval\n1,u1,2026-01-05,,20,month\n2,u1,2026-01-05,,20,month\n"
    report = paid(tmp_path, rows + "3,u2,2026-01-05,,20,month\n")
    assert months(report, "closing_mrr_amount") == [40, 40, 40]


def test_the_newer_download_knows_who_left(tmp_path: Path) -> None:
    (tmp_path / "paid_users_01.csv").write_text("user_id,started_at,ended_at\nu1,2025-12-05,\nu2,2025-12-10,\n")
    (tmp_path / "paid_users_02.csv").write_text(
        "user_id,started_at,ended_at\nu1,2025-12-05,2026-02-10\nu2,2025-12-10,\n"
    )
    report = report_of(tmp_path, first="2026-01", last="2026-02", as_of="2026-02-28")
    assert (months(report, "churned_paid_users"), months(report, "closing_paid_users")) == ([0, 1], [2, 1])


def test_a_payment_lasts_its_interval_and_the_grace(tmp_path: Path) -> None:
    """u1 pays on 5 January and 6 February: a day late.  u2 pays for a quarter on 31 January, u3 once in January."""
    rows = "user_id,paid_at,amount,interval\nu1,2026-01-05,100,\nu1,2026-02-06,100,\nu2,2026-01-31,300,quarter\n"
    rows += "u3,2026-01-31,100,month\n"
    report = paid(tmp_path, rows, '[paid_users]\nshape = "payments"\n')
    # u1 is paid until 4 February, again from the 6th to 5 March; u2 until 29 April; u3 until 27 February.
    assert {key: months(report, key) for key in (*KEYS, "reactivated_paid_users")} == {
        "opening_paid_users": [0, 3, 2],
        "new_paid_users": [3, 0, 0],
        "churned_paid_users": [0, 2, 1],
        "closing_paid_users": [3, 2, 1],
        "reactivated_paid_users": [0, 1, 0],
    }
    # 100 of u1, 300 over 3 months of u2, 100 of u3.
    assert months(report, "closing_mrr_amount") == [300, 200, 100]
    graced = paid(tmp_path, rows, '[paid_users]\nshape = "payments"\ngrace_days = 1\n')
    assert months(graced, "churned_paid_users") == [0, 1, 1]


# --- money -------------------------------------------------------------------------------------------------------


def test_a_quantity_multiplies_the_price_of_each(tmp_path: Path) -> None:
    """Plan Pro costs 20 whatever the number of seats: 20 × (5 + 1 + 12) = 360."""
    rows = "user_id,started_at,ended_at,plan,amount,interval,quantity\nu1,2026-01-03,,Pro,20,month,5\n"
    report = paid(tmp_path, rows + "u2,2026-01-04,,Pro,20,month,1\nu3,2026-01-05,,Pro,20,month,12\n")
    assert months(report, "closing_mrr_amount") == [360, 360, 360]


def test_an_amount_in_proportion_to_the_quantity_is_the_whole(tmp_path: Path) -> None:
    """5 seats cost 100 and 12 cost 240: 20 a seat, so the amounts are of all: 100 + 240."""
    rows = "user_id,started_at,ended_at,plan,amount,interval,quantity\nu1,2026-01-03,,Pro,100,month,5\n"
    report = paid(tmp_path, rows + "u2,2026-01-04,,Pro,240,month,12\n")
    assert months(report, "closing_mrr_amount") == [340, 340, 340]


def test_where_nothing_decides_the_settings_do(tmp_path: Path) -> None:
    rows = (
        "user_id,started_at,ended_at,amount,interval,quantity\nu1,2026-01-03,,30,month,2\nu2,2026-01-03,,40,month,1\n"
    )
    assert months(paid(tmp_path, rows), "closing_mrr_amount") == [None, None, None]
    each = paid(tmp_path, rows, '[inputs.paid_users]\namount_is = "each"\n')
    whole = paid(tmp_path, rows, '[inputs.paid_users]\namount_is = "whole"\n')
    assert [months(report, "closing_mrr_amount")[0] for report in (each, whole)] == [100, 70]


def test_intervals_have_a_count(tmp_path: Path) -> None:
    """90 for 3 months, 30 for one, 720 for 2 years: 30 + 30 + 30."""
    rows = "user_id,started_at,ended_at,amount,interval,interval_count\nu1,2026-01-02,,90,month,3\n"
    report = paid(tmp_path, rows + "u2,2026-01-03,,30,month,1\nu3,2026-01-04,,720,year,2\n")
    assert months(report, "closing_mrr_amount") == [90, 90, 90]


def test_cents_are_hundredths_where_the_currency_has_any(tmp_path: Path) -> None:
    rows = "user_id,started_at,ended_at,amount_in_cents,interval,currency\nu1,2026-01-02,,4900,month,{}\n"
    assert months(paid(tmp_path, rows.format("usd")), "closing_mrr_amount") == [49, 49, 49]
    assert months(paid(tmp_path, rows.format("jpy")), "closing_mrr_amount") == [4900, 4900, 4900]
    # The cents of one column are not those of another: u1 has an MRR of 49, u2 the 4900 cents of a month.
    both = "user_id,started_at,ended_at,mrr,amount_in_cents,interval,currency\nu1,2026-01-02,,49,4900,month,usd\n"
    both += "u2,2026-01-02,,,4900,month,usd\n"
    assert months(paid(tmp_path, both), "closing_mrr_amount") == [98, 98, 98]
    minor = '[inputs.paid_users]\namount_unit = "minor"\n'
    plain = rows.replace("amount_in_cents", "amount").format("usd")
    assert months(paid(tmp_path, plain, minor), "closing_mrr_amount") == [49, 49, 49]


def test_an_interval_of_the_settings_is_that_of_rows_without(tmp_path: Path) -> None:
    """The same 50 for 1 and for 12 months is warned of; by the setting it is the price of a month."""
    rows = "user_id,started_at,ended_at,plan,amount\nu1,2026-01-01,2026-01-31,Pro,50\nu2,2026-01-01,2026-12-31,Pro,50\n"
    # u1 is lost on 31 January, so that u2 alone is left: 50 / 12, or 50.
    assert months(paid(tmp_path, rows), "closing_mrr_amount") == [4.17, 4.17, 4.17]
    assert ("one-price-for-any-term", 2) in codes(tmp_path)
    set_to = paid(tmp_path, rows, '[inputs.paid_users]\ninterval = "month"\n')
    assert months(set_to, "closing_mrr_amount") == [50, 50, 50]


# --- visits ------------------------------------------------------------------------------------------------------


def test_two_reports_of_the_same_visits_count_once(tmp_path: Path) -> None:
    """10 + 5 + 6 visits by source, and the same by page: 21, of which 7 are paid."""
    by_source = "date,source,sessions\n2026-01-05,google / cpc,7\n2026-01-05,direct,3\n2026-01-06,direct,5\n"
    (tmp_path / "visitors_by_source.csv").write_text(by_source + "2026-01-07,direct,6\n", encoding="utf-8")
    by_page = "date,landing page,sessions\n2026-01-05,/,10\n2026-01-06,/,5\n2026-01-07,/a,6\n"
    (tmp_path / "visitors_by_page.csv").write_text(by_page, encoding="utf-8")
    known = figures(report_of(tmp_path, first="2026-01", last="2026-01"))
    assert [known[key, None, "2026-01"][0] for key in ("paid_visits", "organic_visits")] == [7, 14]
    tallies = {
        tally.file: (tally.read, tally.counted, tally.duplicate) for tally in fc.open_folder(tmp_path).facts().tallies
    }
    assert tallies == {"visitors_by_page.csv": (3, 0, 3), "visitors_by_source.csv": (4, 4, 0)}


def test_two_sites_with_other_totals_both_count(tmp_path: Path) -> None:
    for name, visits in (("a", 10), ("b", 11)):
        rows = "".join(f"2026-01-0{day},{name},{visits if day == 7 else 5}\n" for day in (5, 6, 7))
        (tmp_path / f"visitors_{name}.csv").write_text(f"date,source,sessions\n{rows}", encoding="utf-8")
    known = figures(report_of(tmp_path, first="2026-01", last="2026-01"))
    assert known["organic_visits", None, "2026-01"][0] == 20 + 21


@pytest.mark.parametrize("header", ["Sum of Sessions", "nb_visits", "Lượt xem trang", "uv", "total"])
def test_whole_numbers_beside_visits_are_sums(header: str, tmp_path: Path) -> None:
    rows = f"Date,Source,{header}\n2026-01-05,google / organic,120\n2026-01-06,direct,100\n2026-02-01,direct,50\n"
    (tmp_path / "visitors.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(fc.InputError) as refused:
        report_of(tmp_path)
    assert [(fault.code, fault.column) for fault in refused.value.problems] == [("missing-column", "visits")]
    (tmp_path / "funnel.toml").write_text(f'[inputs.visitors.columns]\nvisits = "{header}"\n', encoding="utf-8")
    assert figures(report_of(tmp_path))["organic_visits", None, "total"][0] == 270
    (tmp_path / "funnel.toml").write_text('[inputs.visitors]\neach_row = "visit"\n', encoding="utf-8")
    assert figures(report_of(tmp_path))["organic_visits", None, "total"][0] == 3


@pytest.mark.parametrize(
    ("header", "cells"),
    [("new", "101"), ("STT", "123"), ("month", "112"), ("phone", ("0912345678", "0987654321", "0911111111"))],
)
def test_numbers_that_are_no_sums(header: str, cells: str | tuple[str, ...], tmp_path: Path) -> None:
    """Zeros and ones, the number of the row, a part of the date, an id: a row is a visit all the same."""
    days = ("2026-01-05", "2026-01-06", "2026-02-01")
    rows = "".join(f"{day},direct,{cell}\n" for day, cell in zip(days, cells, strict=True))
    (tmp_path / "visitors.csv").write_text(f"date,source,{header}\n{rows}", encoding="utf-8")
    assert figures(report_of(tmp_path))["organic_visits", None, "total"][0] == 3


def test_events_of_a_visit_are_no_visits(tmp_path: Path) -> None:
    rows = "tracking session,url,created_at\nv1,/,2026-01-05 10:00\nv1,/gia,2026-01-05 10:29\nv2,/,2026-01-06 10:00\n"
    (tmp_path / "visitors.csv").write_text(rows, encoding="utf-8")
    with pytest.raises(fc.InputError) as refused:
        report_of(tmp_path)
    (fault,) = refused.value.problems
    assert "rows are events ('tracking session' is repeated within minutes)" in fault.message
    columns = '[inputs.visitors.columns]\nsession_id = "tracking session"\n'
    (tmp_path / "funnel.toml").write_text(columns, encoding="utf-8")
    assert figures(report_of(tmp_path))["organic_visits", None, "total"][0] == 2


# --- demos -------------------------------------------------------------------------------------------------------


def test_yes_under_the_name_of_a_bad_outcome(tmp_path: Path) -> None:
    """u1 came; u2 is marked as not having come; u3 cancelled, though not marked; u4's time was moved by nobody."""
    rows = "Invitee Email,booked_at,held_at,Canceled,Marked as No-Show\nu1@x.vn,2026-01-02,2026-01-06,false,No\n"
    rows += "u2@x.vn,2026-01-02,2026-01-08,false,Yes\nu3@x.vn,2026-01-02,2026-01-09,true,No\n"
    rows += "u4@x.vn,2026-01-03,2026-01-09,,\n"
    (tmp_path / "demos.csv").write_text(rows, encoding="utf-8")
    (tmp_path / "funnel.toml").write_text('[inputs.demos.columns]\nuser_id = "Invitee Email"\n', encoding="utf-8")
    known = figures(report_of(tmp_path, first="2026-01", last="2026-01", as_of="2026-01-31"))
    assert [known[key, None, "2026-01"][0] for key in ("new_demo_bookings", "cumulative_demos_held")] == [4, 2]


@pytest.mark.parametrize(("header", "held"), [("Marked as No-Show", 2), ("Attended", 1), ("status", 1)])
def test_yes_and_no_mean_what_the_header_says(header: str, held: int, tmp_path: Path) -> None:
    rows = f"user_id,booked_at,held_at,{header}\nu1,2026-01-02,2026-01-06,No\nu2,2026-01-02,2026-01-07,No\n"
    (tmp_path / "demos.csv").write_text(rows + "u3,2026-01-02,2026-01-08,Yes\n", encoding="utf-8")
    (tmp_path / "funnel.toml").write_text(f'[inputs.demos.columns]\nstatus = "{header}"\n', encoding="utf-8")
    known = figures(report_of(tmp_path, first="2026-01", last="2026-01", as_of="2026-01-31"))
    assert known["cumulative_demos_held", None, "2026-01"][0] == held


def test_a_status_of_two_parts_is_told_and_a_plan_beside_it_is_not(tmp_path: Path) -> None:
    """u1 and u2 pay, u3 does not; of u4 nobody knows: 4 - 1 = 3 count, and u4 is told."""
    rows = "user_id,started_at,status\nu1,2026-01-05,Active (Pro)\nu2,2026-01-06,Active - Annual\n"
    report = paid(tmp_path, rows + "u3,2026-01-07,Paid/Refunded\nu4,2026-01-08,Active/Overdue\n")
    assert months(report, "new_paid_users") == [3, 0, 0]
    assert codes(tmp_path) == [("not-paying", 4), ("status-not-known", 5)]
