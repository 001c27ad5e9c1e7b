"""Columns beside people and money that are not read: which are named, with what, and that the next step decides."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest

import funnelcli as fc
from support import figures, report_of

KEYS = ("new_paid_users", "closing_paid_users", "closing_mrr_amount")


def paid(folder: Path, header: str, rows: list[str], config: str = "") -> None:
    """A folder of one file of paid users, in which the first four columns are the usual ones."""
    lines = [f"u{n},2026-{1 + n % 3:02d}-{10 + n},{row}" for n, row in enumerate(rows)]
    text = "\n".join([f"user_id,started_at,{header}", *lines]) + "\n"
    (folder / "paid_users.csv").write_text(text, encoding="utf-8")
    (folder / "funnel.toml").write_text(config, encoding="utf-8")


def unread(folder: Path) -> dict[str, tuple[str, str]]:
    """By the column that is named: what is said of it, and the next step."""
    problems = fc.open_folder(folder).check().problems
    return {p.column or "": (p.message, p.hint) for p in problems if p.code == "unread-column"}


def codes(folder: Path) -> set[str]:
    return {problem.code for problem in fc.open_folder(folder).check().problems}


def march(folder: Path) -> list[float | None]:
    """New paid users of January to March together, closing paid users, and closing MRR of March."""
    report = report_of(folder, first="2026-01", last="2026-03", as_of="2026-03-31")
    known = figures(report)
    new = [known["new_paid_users", None, period.key][0] or 0 for period in report.spec.periods]
    last = report.spec.periods[-1].key
    return [sum(new), known["closing_paid_users", None, last][0], known["closing_mrr_amount", None, last][0]]


# --- words -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "good", "bad", "shown"),
    [
        ("Account type", "Paying", "Internal test", "Paying 6, Internal test 2"),
        ("Kind", "charge", "void note", "charge 6, void note 2"),
        ("Nhóm", "Khách lẻ", "Nội bộ", "Khách lẻ 6, Nội bộ 2"),
        ("Tình trạng thanh toán", "Đã TT", "Chưa TT", "Đã TT 6, Chưa TT 2"),
        ("Lost Reason", "", "Price too high", "(empty) 6, Price too high 2"),
        ("Lý do ngưng", "", "Đóng cửa", "(empty) 6, Đóng cửa 2"),
        ("Fraud", "no", "yes", "no 6, yes 2"),
        ("Test user", "", "x", "(empty) 6, x 2"),
        ("Blocked", "0", "1", "0 6, 1 2"),
        ("Segment", "SMB", "Internal", "SMB 6, Internal 2"),
        ("Contract type", "New", "Trial", "New 6, Trial 2"),
        ("Email status", "paid", "refunded", "paid 6, refunded 2"),
        ("Subscription", "subscribed", "unsubscribed", "subscribed 6, unsubscribed 2"),
        ("Note", "", "refunded", "(empty) 6, refunded 2"),
        ("Line item", "Platform", "Implementation fee", "Platform 6, Implementation fee 2"),
    ],
)
def test_words_that_nobody_knows_are_named_with_their_rows(
    tmp_path: Path, header: str, good: str, bad: str, shown: str
) -> None:
    paid(tmp_path, f"ended_at,mrr,{header}", [f",100,{bad if n in (2, 5) else good}" for n in range(8)])
    (message, hint) = unread(tmp_path)[header]
    assert shown in message
    assert f"ignore = ['{header}']" in hint


@pytest.mark.parametrize(
    ("header", "words"),
    [
        ("Country", ("Vietnam", "Singapore")),
        ("Where", ("VN", "SG")),
        ("Speaks", ("vi", "en-US")),
        ("Looked after by", ("Nguyễn Thị Hoa", "Trần Minh")),
        ("Who", ("Nguyễn Thị Hoa", "Trần Minh")),
        ("Sent to", ("an@example.vn", "bo@example.com")),
        ("Clock", ("Asia/Ho_Chi_Minh", "UTC+7")),
        ("Payment method", ("card", "transfer")),
        ("Hình thức thanh toán", ("Chuyển khoản", "Tiền mặt")),
        ("utm_campaign", ("spring", "")),
        ("Card brand", ("Visa", "")),
        ("Offer", ("pro", "basic")),
        ("Everyone", ("same", "same")),
        ("Loại khách hàng", ("Cá nhân", "Công ty")),
        ("Auto-renew", ("Yes", "No")),
        ("Accepts marketing", ("yes", "no")),
        ("Batch", ("Batch 1", "Batch 2")),
        ("Pipeline label", ("Qualified", "Qualified")),
        ("Newsletter", ("subscribed", "unsubscribed")),
        ("2FA status", ("Active", "Inactive")),
        ("Email status", ("valid", "bounced")),
        ("SMS Subscription Status", ("subscribed", "cancelled")),
        ("Marketing consent", ("granted", "withdrawn")),
        ("WhatsApp status", ("active", "inactive")),
        ("Xác minh email", ("Đã xác minh", "Chưa xác minh")),
        ("Đăng ký nhận tin", ("Đang nhận", "Đã hủy")),
        ("Contract type", ("New", "Renewal")),
        ("Loại hợp đồng", ("Mới", "Gia hạn")),
    ],
)
def test_attributes_are_not_named(tmp_path: Path, header: str, words: tuple[str, str]) -> None:
    rows = [f",{('pro', 'basic')[n % 2]},100,{words[n % 2]}" for n in range(8)]
    paid(tmp_path, f"ended_at,plan,mrr,{header}", rows)
    assert unread(tmp_path) == {}


def test_what_only_says_why_somebody_left_is_not_named(tmp_path: Path) -> None:
    rows = ["2026-03-20,100,Too expensive", ",100,", "2026-03-25,100,Closed shop", ",100,"]
    paid(tmp_path, "ended_at,mrr,Why", rows)
    assert unread(tmp_path) == {}
    # Of a reason beside a row that goes on it is not known.
    paid(tmp_path, "ended_at,mrr,Why", [*rows, ",100,Moved"])
    assert "(empty) 2, " in unread(tmp_path)["Why"][0]


def test_ends_that_every_row_has_explain_no_reason(tmp_path: Path) -> None:
    paid(tmp_path, "ended_at,mrr,Why", ["2026-12-20,100,", "2026-12-21,100,Odd", "2026-12-22,100,"])
    assert set(unread(tmp_path)) == {"Why"}


def test_a_word_in_a_single_row_of_a_large_file_is_named(tmp_path: Path) -> None:
    paid(tmp_path, "ended_at,mrr,Kind", [f",100,{'refund' if n == 17 else 'charge'}" for n in range(19)])
    text = (tmp_path / "paid_users.csv").read_text(encoding="utf-8").splitlines()
    rows = [f"v{n},2026-01-05,,100,charge" for n in range(900)]
    (tmp_path / "paid_users.csv").write_text("\n".join([text[0], *rows, *text[1:]]) + "\n", encoding="utf-8")
    assert "charge 918, refund 1" in unread(tmp_path)["Kind"][0]


def test_many_columns_are_named_at_once(tmp_path: Path) -> None:
    paid(tmp_path, "ended_at,mrr,Kind,Desk,Line,Group", [f",100,{','.join(w * 4)}" for w in "aabab"])
    (columns, (message, hint)), *more = unread(tmp_path).items()
    assert (columns, more) == ("Kind, Desk, Line, Group", [])
    assert "Kind: a 3, b 2; Desk: a 3, b 2; Line: a 3, b 2; Group: a 3, b 2" in message
    assert "ignore = ['Kind', 'Desk', 'Line', 'Group']" in hint


# --- the next step decides ---------------------------------------------------------------------------------------


def test_the_words_of_a_column_become_a_status(tmp_path: Path) -> None:
    header, rows = "ended_at,mrr,Kind", [f",100,{'barter' if n == 2 else 'charge'}" for n in range(4)]
    paid(tmp_path, header, rows)
    assert march(tmp_path) == [4, 4, 400]
    mapped = "[inputs.paid_users.columns]\nstatus = 'Kind'\n"
    paid(tmp_path, header, rows, mapped)
    assert codes(tmp_path) == {"status-not-known"}
    paid(tmp_path, header, rows, f"{mapped}[inputs.paid_users.status]\npaying = ['charge']\nnot_paying = ['barter']\n")
    assert codes(tmp_path) == {"not-paying"}
    assert march(tmp_path) == [3, 3, 300]


@pytest.mark.parametrize(
    ("config", "figures_of_march"),
    [
        ("[inputs.paid_users.drop]\n'Kind [x]' = ['barter [1]']\n", [3, 3, 300]),
        ("[inputs.paid_users]\nignore = ['Kind [x]']\n", [4, 4, 400]),
        ("[inputs.paid_users.keep]\n'Kind [x]' = ['charge']\n", [3, 3, 300]),
        ("[dimensions.kind]\ninput = 'paid_users'\ncolumn = 'Kind [x]'\n", [4, 4, 400]),
    ],
)
def test_what_the_settings_use_or_ignore_is_not_named(
    tmp_path: Path, config: str, figures_of_march: list[float]
) -> None:
    rows = [f",100,{'barter [1]' if n == 2 else 'charge'}" for n in range(4)]
    paid(tmp_path, "ended_at,mrr,Kind [x]", rows, config)
    assert unread(tmp_path) == {}
    assert march(tmp_path) == figures_of_march


def test_the_settings_of_a_hint_can_be_pasted(tmp_path: Path) -> None:
    paid(tmp_path, "ended_at,status,mrr,Kind", [f",active,100,{'barter' if n == 2 else 'charge'}" for n in range(4)])
    hint = unread(tmp_path)["Kind"][1]
    pasted = re.findall(r"\[inputs\.paid_users\.drop\] (.*?);", hint)
    assert tomllib.loads(pasted[0]) == {"Kind": ["barter"]}


def test_meetings_that_are_no_demos_are_named(tmp_path: Path) -> None:
    rows = [f"u{n},2026-01-0{n + 1},2026-01-0{n + 2},{'Support call' if n == 3 else 'Demo'}" for n in range(5)]
    text = "\n".join(["user_id,booked_at,held_at,Type", *rows]) + "\n"
    (tmp_path / "demos.csv").write_text(text, encoding="utf-8")
    assert "Demo 4, Support call 1" in unread(tmp_path)["Type"][0]
    (tmp_path / "funnel.toml").write_text("[inputs.demos.drop]\nType = ['Support call']\n", encoding="utf-8")
    assert unread(tmp_path) == {}
    report = report_of(tmp_path, first="2026-01", last="2026-01", as_of="2026-01-31")
    assert figures(report)["new_demo_bookings", None, "2026-01"][0] == 4


# --- numbers -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "cells", "step"),
    [
        ("Billing cycle (months)", ("1", "12"), "interval_count = "),
        ("Kỳ hạn (tháng)", ("12.0", "6.0"), "interval_count = "),
        ("Số tháng", ("3", "12"), "interval_count = "),
        ("Bought for", ("12 tháng", "6 tháng"), "interval = 'Bought for'"),
        ("Boxes", ("1", "3"), "quantity = 'Boxes'"),
        ("Users", ("5", "20"), "quantity = 'Users'"),
        ("Discount", ("0%", "100%"), "drop] 'Discount' = ['100%']"),
        ("Chiết khấu", ("0", "0,5"), "mrr or amount"),
        ("Free months", ("0", "2"), "mrr or amount"),
    ],
)
def test_numbers_beside_amounts_are_named_with_the_setting(
    tmp_path: Path, header: str, cells: tuple[str, str], step: str
) -> None:
    paid(tmp_path, f"ended_at,amount,{header}", [f'2027-01-09,100,"{cells[n % 2]}"' for n in range(6)])
    assert step in unread(tmp_path)[header][1]


@pytest.mark.parametrize("header", ["Age", "Number of employees", "Lead score", "Tickets", "Tuổi", "Quy mô nhân sự"])
def test_numbers_of_people_multiply_nothing(tmp_path: Path, header: str) -> None:
    paid(tmp_path, f"ended_at,mrr,{header}", [f",100,{n + 1}" for n in (0, 4, 0, 24, 11)])
    assert unread(tmp_path) == {}


def test_numbers_that_the_amounts_grow_with_are_counted_already(tmp_path: Path) -> None:
    # 10 a box: the amount is that of all boxes.
    rows = [f",{10 * n},month,{n}" for n in (1, 3, 5, 2, 7)]
    paid(tmp_path, "ended_at,amount,interval,Boxes", rows)
    assert unread(tmp_path) == {}
    # One amount whatever the number: it may be the price of each.
    paid(tmp_path, "ended_at,amount,interval,Boxes", [f",10,month,{n}" for n in (1, 3, 5, 2, 7)])
    assert set(unread(tmp_path)) == {"Boxes"}


def test_months_beside_mrr_multiply_nothing(tmp_path: Path) -> None:
    paid(tmp_path, "ended_at,mrr,Term (months)", [f",100,{n}" for n in (1, 12, 6)])
    assert unread(tmp_path) == {}


def test_mrr_of_each_is_multiplied_where_the_settings_say_so(tmp_path: Path) -> None:
    config = "[inputs.paid_users.columns]\nquantity = 'Boxes'\n"
    rows = [f",100,{n}" for n in (1, 3, 2)]
    paid(tmp_path, "ended_at,mrr,Boxes", rows, config)
    assert march(tmp_path) == [3, 3, 300]
    paid(tmp_path, "ended_at,mrr,Boxes", rows, f'[inputs.paid_users]\namount_is = "each"\n{config}')
    assert march(tmp_path) == [3, 3, 600]


def test_the_mrr_of_a_known_system_is_of_all_units(tmp_path: Path) -> None:
    head = "id,customer_id,plan_id,plan_quantity,currency_code,billing_period,status,trial_end,current_term_end"
    rows = (
        "s1,c1,pro,2,USD,1,active,,2026-04-01,2026-01-01,,5000",
        "s2,c2,pro,1,USD,1,active,,2026-04-01,2026-01-15,,2500",
        "s3,c3,pro,6,USD,1,active,,2026-04-01,2026-01-15,,15000",
    )
    text = "\n".join([f"{head},activated_at,cancelled_at,mrr", *rows]) + "\n"
    (tmp_path / "subscriptions.csv").write_text(text, encoding="utf-8")
    (tmp_path / "funnel.toml").write_text('[business]\ncurrency = "USD"\n', encoding="utf-8")
    assert unread(tmp_path) == {}
    report = fc.open_folder(tmp_path).report(month="2026-03", as_of="2026-03-31")
    assert report.values("closing_mrr_amount")["2026-03"].value == 50 + 25 + 150


# --- deals by their probability, trials by their days ------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "won", "open_"),
    [
        ("Probability (%)", "100%", "20%"),
        ("Probability", "100", "1"),
        ("Xác suất", "1", "0.2"),
        ("Probability", "1", "0"),
    ],
)
def test_a_deal_counts_only_where_it_is_certain(tmp_path: Path, header: str, won: str, open_: str) -> None:
    paid(tmp_path, f"ended_at,mrr,{header}", [f",100,{open_ if n == 1 else won}" for n in range(4)])
    assert codes(tmp_path) == {"not-paying"}
    assert march(tmp_path) == [3, 3, 300]


def test_a_trial_of_some_days_is_paid_from_its_end(tmp_path: Path) -> None:
    rows = "user_id,started_at,ended_at,mrr,Trial period (days)\n"
    # Until 31 January it is a trial, from 1 February on it is paid; u3 left on the day on which it ended.
    rows += (
        "u1,2026-01-18,,100,14\nu2,2026-01-18,,100,13 days\nu3,2026-01-18,2026-02-01,100,2 weeks\nu4,2026-01-18,,100,\n"
    )
    (tmp_path / "paid_users.csv").write_text(rows, encoding="utf-8")
    report = report_of(tmp_path, first="2026-01", last="2026-02", as_of="2026-02-28")
    known = figures(report)
    assert [known["new_paid_users", None, month][0] for month in ("2026-01", "2026-02")] == [2, 1]
    assert [known["churned_paid_users", None, month][0] for month in ("2026-01", "2026-02")] == [0, 0]
    assert codes(tmp_path) == {"trial-not-paid", "starts-ahead"}


def test_a_column_of_trials_may_hold_words_and_days(tmp_path: Path) -> None:
    rows = "user_id,started_at,ended_at,mrr,Trial\nu1,2026-01-05,,100,no\nu2,2026-01-05,,100,In trial\n"
    rows += "u3,2026-01-25,,100,14 days\nu4,2026-01-05,,100,converted\nu5,2026-01-05,,100,maybe\n"
    (tmp_path / "paid_users.csv").write_text(rows, encoding="utf-8")
    known = figures(report_of(tmp_path, first="2026-01", last="2026-02", as_of="2026-02-28"))
    # u2 never counts, u3 from 8 February on; of u4 and u5 nobody knows, and both are named.
    assert [known["new_paid_users", None, month][0] for month in ("2026-01", "2026-02")] == [3, 1]
    problems = fc.open_folder(tmp_path).check().problems
    assert [(p.code, p.line) for p in problems if p.code == "trial-days-not-read"] == [
        ("trial-days-not-read", 5),
        ("trial-days-not-read", 6),
    ]


# --- amounts -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "cell", "settings", "mrr"),
    [
        ("Monthly Price", "$49.00", "mrr = 'Monthly Price'", 147),
        ("monthly_fee", "49", "mrr = 'monthly_fee'", 147),
        ("Phí hàng tháng", '"500.000"', "mrr = 'Phí hàng tháng'", 1_500_000),
        ("ARPA", "49.50", "mrr = 'ARPA'", 148.5),
        ("ARR", "1200", "amount = 'ARR'; interval = \"year\"", 300),
        ("ACV", '"1,200"', "amount = 'ACV'; interval = \"year\"", 300),
        ("Unit Price", "49", "amount = 'Unit Price'", None),
        ("Đơn giá", "500000", "amount = 'Đơn giá'", None),
        ("Doanh thu", "1200000", "amount = 'Doanh thu'", None),
        ("TCV", "1200", "amount = 'TCV'", None),
        ("Giá trị hợp đồng", '"12,000,000"', "amount = 'Giá trị hợp đồng'", None),
        ("Paid by them", "€49.00", "amount = 'Paid by them'", None),
        ("Zahl", "49.90", "amount = 'Zahl'", None),
        ("Zahl", "2000", "amount = 'Zahl'", None),
        ("Phí hàng tháng (k)", "1500", "mrr = 'Phí hàng tháng (k)'; amount_unit = \"thousand\"", 4_500_000),
    ],
)
def test_amounts_that_are_not_read_are_named_where_mrr_is_missing(
    tmp_path: Path, header: str, cell: str, settings: str, mrr: float | None
) -> None:
    paid(tmp_path, f"ended_at,{header}", [f",{cell}"] * 3)
    columns, _, more = settings.partition("; ")
    assert f"[inputs.paid_users.columns] {columns}" in unread(tmp_path)[header][1]
    assert more in unread(tmp_path)[header][1]
    report = report_of(tmp_path, first="2026-01", last="2026-03", as_of="2026-03-31")
    assert figures(report)["closing_mrr_amount", None, "2026-03"][0] is None
    reasons = [cell.missing.reason.of("en") for row in report.rows for cell in row.cells if cell.missing]
    assert f"'{header}' holds amounts: [inputs.paid_users.columns] {columns}" in "\n".join(reasons)
    config = f"[inputs.paid_users]\n{more}\n[inputs.paid_users.columns]\n{columns}\n"
    paid(tmp_path, f"ended_at,{header}", [f",{cell}"] * 3, config)
    assert "unread-column" not in codes(tmp_path)
    assert march(tmp_path)[2] == mrr


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Age", ("31", "45", "52")),
        ("Phone", ("0912345678", "0912345679", "0912345670")),
        ("Number", ("1001", "1002", "1003")),
        ("Year of birth", ("1980", "1990", "2000")),
        ("Score", ("10.50", "11.25", "12.75")),
        ("Paid", ("1", "1", "1")),
    ],
)
def test_other_numbers_are_no_amounts(tmp_path: Path, header: str, cells: tuple[str, ...]) -> None:
    paid(tmp_path, f"ended_at,{header}", [f",{cell}" for cell in cells])
    assert unread(tmp_path) == {}


def test_a_unit_in_the_header_alone_is_not_multiplied_nor_ignored(tmp_path: Path) -> None:
    config = "[inputs.paid_users.columns]\nmrr = 'MRR (k)'\n"
    paid(tmp_path, "ended_at,MRR (k)", [",1500"] * 2, config)
    assert codes(tmp_path) == {"amount-unit-undecided"}
    assert march(tmp_path) == [2, 2, None]
    paid(tmp_path, "ended_at,MRR (k)", [",1500"] * 2, f'[inputs.paid_users]\namount_unit = "major"\n{config}')
    assert march(tmp_path) == [2, 2, 3000]


def test_currencies_under_another_name_are_named(tmp_path: Path) -> None:
    rows = [f",100,{('USD', 'EUR')[n % 2]}" for n in range(4)]
    paid(tmp_path, "ended_at,mrr,Ccy", rows)
    assert "USD, EUR" in unread(tmp_path)["Ccy"][0]
    paid(tmp_path, "ended_at,mrr,Ccy", rows, "[inputs.paid_users.columns]\ncurrency = 'Ccy'\n")
    assert codes(tmp_path) == {"mixed-currency"}


# --- dates -------------------------------------------------------------------------------------------------------


def test_dates_up_to_the_start_are_no_ends(tmp_path: Path) -> None:
    rows = "user_id,started_at,mrr,Made on,Gone on\nu1,2026-01-10,100,2026-01-02,\n"
    rows += "u2,2026-02-10,100,2026-02-10,2026-03-01\n"
    (tmp_path / "paid_users.csv").write_text(rows, encoding="utf-8")
    assert set(unread(tmp_path)) == {"Gone on"}


def test_rows_that_renew_are_named_beside_ends_that_have_passed(tmp_path: Path) -> None:
    paid(tmp_path, "ended_at,mrr,Auto-renew", ["2026-02-09,100,yes", "2026-12-10,100,yes", "2026-12-10,100,no"])
    assert "(1)" in unread(tmp_path)["Auto-renew"][0]
    config = "[inputs.paid_users.columns]\nended_at = false\n"
    paid(tmp_path, "ended_at,mrr,Auto-renew", ["2026-02-09,100,yes", "2026-12-10,100,yes"], config)
    assert "Auto-renew" not in unread(tmp_path)
