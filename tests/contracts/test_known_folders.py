"""Folders of whole firms, as their systems export them, read without a setting; the figures are counted by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

import openpyxl

import funnelcli as fc
from funnelcli.answers.check import file_lines
from support import NOW, figures, report_of

MONTHS = ("2026-01", "2026-02")
AS_OF = "2026-02-28"
HUBSPOT = """
"Record ID","First Name","Last Name","Email","Contact owner","Create Date","Original Source","Lifecycle Stage"
"101","An","Le","an@x.vn","Lan","2026-01-03 09:12","Organic Search","Customer"
"102","Binh","Vo","binh@x.vn","Lan","2026-01-09 10:00","Paid Search","Customer"
"103","Chi","Do","chi@x.vn","Lan","2026-01-20 11:30","Referrals","Lead"
"104","Dung","Ho","dung@x.vn","Lan","2026-02-02 08:00","Paid Search","Customer"
"105","Ha","Ly","ha@x.vn","Lan","2026-02-27 16:45","Direct Traffic","Lead"
"""
GA4 = """
# ----------------------------------------
# Traffic acquisition: Session primary channel group (Default Channel Group)
# Account: Shop
# ----------------------------------------
#
# Start date: 20260101
# End date: 20260228

Date,Session primary channel group (Default Channel Group),Sessions,Engaged sessions,Event count
20260105,Organic Search,300,120,900
20260106,Referral,100,40,300
20260120,Paid Search,200,80,600
20260201,Organic Search,350,140,1000
20260228,Paid Search,250,90,700
"""
CALENDLY = """
User Name,User Email,Invitee Name,Invitee Email,Event Type Name,Start Date & Time,End Date & Time,"""
CALENDLY += """Event Created Date & Time,Canceled,Canceled By,Marked as No-Show,Event UUID
Lan,lan@x.vn,An,an@x.vn,Demo,2026-01-08 10:00 AM,2026-01-08 10:30 AM,2026-01-05 02:15 PM,false,,No,u1
Lan,lan@x.vn,Binh,binh@x.vn,Demo,2026-01-15 10:00 AM,2026-01-15 10:30 AM,2026-01-12 02:15 PM,false,,No,u2
Lan,lan@x.vn,Chi,chi@x.vn,Demo,2026-02-03 10:00 AM,2026-02-03 10:30 AM,2026-01-25 02:15 PM,true,Chi,No,u3
Lan,lan@x.vn,Dung,dung@x.vn,Demo,2026-02-09 10:00 AM,2026-02-09 10:30 AM,2026-02-05 02:15 PM,false,,Yes,u4
Lan,lan@x.vn,Ha,ha@x.vn,Demo,2026-03-02 10:00 AM,2026-03-02 10:30 AM,2026-02-27 05:15 PM,false,,No,u5
"""
STRIPE_HEADER = (
    "id,Customer ID,Customer Email,Plan,Quantity,Currency,Interval,Amount,Status,Created (UTC),Start (UTC),"
    "Start Date (UTC),Current Period Start (UTC),Current Period End (UTC),Trial Start (UTC),Trial End (UTC),"
    "Canceled At (UTC),Cancel At Period End,Ended At (UTC)\n"
)
STRIPE = STRIPE_HEADER + (
    "sub_1,cus_an,an@x.vn,pro,1,usd,month,49.00,canceled,2026-01-10 03:00,2026-01-10 03:00,2026-01-10 03:00,"
    "2026-02-10 03:00,2026-03-10 03:00,,,2026-02-20 03:00,false,2026-02-20 03:00\n"
    "sub_2,cus_binh,binh@x.vn,pro,3,usd,month,49.00,active,2026-01-18 03:00,2026-01-18 03:00,2026-01-18 03:00,"
    "2026-02-01 03:00,2026-03-01 03:00,2026-01-18 03:00,2026-02-01 03:00,,false,\n"
    "sub_3,cus_dung,dung@x.vn,max,1,usd,month,99.00,past_due,2026-02-12 03:00,2026-02-12 03:00,2026-02-12 03:00,"
    "2026-02-12 03:00,2026-03-12 03:00,,,,false,\n"
)
CUSTOMERS = (
    "id,Email,Name,Created (UTC),Currency,Delinquent,Total Spend\n"
    "cus_an,an@x.vn,An,2026-01-03 03:00,usd,false,98.00\ncus_xu,xu@x.vn,Xu,2026-01-04 03:00,usd,false,0.00\n"
)


def written(folder: Path, files: Mapping[str, str]) -> Path:
    for name, text in files.items():
        (folder / name).write_text(text.lstrip("\n"), encoding="utf-8")
    return folder


def counted(folder: Path, *keys: str, by_channel: bool = False) -> dict[str, list[float | None]]:
    """The figures of both months, ``metric@channel`` those of a channel."""
    of = figures(report_of(folder, first=MONTHS[0], last=MONTHS[1], as_of=AS_OF, by_channel=by_channel))
    return {
        key: [of[key.partition("@")[0], key.partition("@")[2] or None, month][0] for month in MONTHS] for key in keys
    }


def exports_in(folder: Path) -> dict[str, str | None]:
    return {line.tally.file: line.export for line in file_lines(fc.open_folder(folder, now=NOW).facts())}


def test_a_firm_with_hubspot_stripe_ga4_and_calendly(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        {
            "hubspot-crm-exports-all-contacts-2026-02-28.csv": HUBSPOT,
            "Traffic_acquisition_Session_primary_channel_group.csv": GA4,
            "events-export.csv": CALENDLY,
            "unified_subscriptions.csv": STRIPE,
            "unified_customers.csv": CUSTOMERS,
        },
    )
    assert exports_in(folder) == {
        "Traffic_acquisition_Session_primary_channel_group.csv": "GA4 traffic acquisition",
        "hubspot-crm-exports-all-contacts-2026-02-28.csv": "HubSpot contacts",
        "events-export.csv": "Calendly events",
        "unified_subscriptions.csv": "Stripe subscriptions",
    }
    keys = (
        "organic_visits", "paid_visits", "new_signups", "new_demo_bookings", "cumulative_demos_held", "new_paid_users",
        "churned_paid_users", "closing_paid_users", "closing_mrr_amount", "visitor_to_signup_rate",
    )  # fmt: skip
    assert counted(folder, *keys) == {
        "organic_visits": [400, 350],  # with 100 from links of other sites
        "paid_visits": [200, 250],
        "new_signups": [3, 2],
        "new_demo_bookings": [3, 2],
        "cumulative_demos_held": [2, 2],  # u3 was cancelled, nobody came to u4, u5 lies ahead
        "new_paid_users": [1, 2],  # binh pays from the end of the trial on
        "churned_paid_users": [0, 1],
        "closing_paid_users": [1, 2],
        "closing_mrr_amount": [49, 3 * 49 + 99],
        "visitor_to_signup_rate": [3 / 600, 2 / 600],
    }
    # People are found by their e-mail: an came from search, binh and dung by ads.
    of_channels = ("new_signups@organic", "new_signups@paid", "new_signups@referral", "new_paid_users@organic",
                   "new_paid_users@paid")  # fmt: skip
    assert counted(folder, *of_channels, by_channel=True) == {
        "new_signups@organic": [2, 1],
        "new_signups@paid": [1, 1],
        "new_signups@referral": [0, 0],
        "new_paid_users@organic": [1, 0],
        "new_paid_users@paid": [0, 2],
    }
    problems = fc.open_folder(folder, now=NOW).check(as_of=AS_OF).problems
    assert {(p.code, p.file) for p in problems if p.code in ("not-of-use", "not-such-a-list", "unknown-file")} == {
        ("not-of-use", "unified_customers.csv")
    }


RECURLY = (
    "uuid,account_code,plan_code,state,quantity,unit_amount,currency,activated_at,canceled_at,expires_at,"
    "current_period_ends_at\n"
    "u1,a1,pro,canceled,1,49.00,USD,2026-01-05 03:00:00 UTC,2026-02-01 03:00:00 UTC,,2026-03-05 03:00:00 UTC\n"
)
LOG = "Customer ID,started_at,ended_at,status\nc1,2026-01-06,,canceled\nc2,2026-02-27,,active\n"


def test_a_word_of_two_systems_means_in_each_file_what_it_does_there(tmp_path: Path) -> None:
    folder = written(tmp_path, {"recurly.csv": RECURLY, "paid_users.csv": LOG})
    # In Recurly a canceled one pays to the end of its period, of which this row says nothing; c1 has left some day.
    assert counted(folder, "new_paid_users", "closing_paid_users") == {
        "new_paid_users": [2, 1],
        "closing_paid_users": [None, 2],
    }
    found = {(p.code, p.file) for p in fc.open_folder(folder, now=NOW).check(as_of=AS_OF).problems}
    assert ("ended-without-date", "paid_users.csv") in found
    assert ("ended-without-date", "recurly.csv") not in found


DEALS = (
    "Record ID,Deal Name,Deal Stage,Pipeline,Close Date,Associated Contact IDs\n"
    "D1,Alpha,Closed Won,Sales,2026-01-10 09:00,101\n"
)


def test_deals_make_paid_users_only_where_no_list_of_them_is_there(tmp_path: Path) -> None:
    folder = written(tmp_path, {"all-deals.csv": DEALS})
    assert counted(folder, "new_paid_users") == {"new_paid_users": [1, 0]}
    written(tmp_path, {"paid_users.csv": "user_id,started_at\n101,2026-01-05\n102,2026-02-05\n"})
    assert counted(folder, "new_paid_users") == {"new_paid_users": [1, 1]}
    assert ("behind-another", "all-deals.csv") in {
        (p.code, p.file) for p in fc.open_folder(folder, now=NOW).check(as_of=AS_OF).problems
    }
    (folder / "funnel.toml").write_text('[inputs.paid_users]\nfiles = ["*.csv"]\n', encoding="utf-8")
    assert counted(folder, "new_paid_users") == {"new_paid_users": [1, 1]}  # the settings say what is read: 101 once


HARAVAN = """
Mã đơn hàng,Ngày đặt,Khách hàng,Email,Số điện thoại,Tình trạng,Thanh toán,Giao hàng,Kênh,Tổng tiền
#1001,08/01/2026 09:10,Lê An,,0901000001,Đã xác nhận,Đã thanh toán,Đã giao,Website,250.000
#1002,16/01/2026 10:20,Võ Bình,,0901000002,Đã xác nhận,Đã thanh toán,Đã giao,Website,199.000
#1003,05/02/2026 11:30,Lê An,,0901000001,Đã xác nhận,Đã thanh toán,Đã giao,Website,250.000
#1004,06/02/2026 12:40,Đỗ Chi,,0901000003,Đã hủy,Chưa thanh toán,Chưa giao,Website,99.000
#1005,20/02/2026 13:50,Hồ Dung,,0901000004,Đã xác nhận,Đã thanh toán,Đã giao,Website,99.000
"""
FORM = """
Dấu thời gian,Họ và tên,Số điện thoại,Bạn biết chúng tôi từ đâu?
03/01/2026 9:12:33,Lê An,0901000001,Facebook
14/01/2026 10:00:00,Võ Bình,0901000002,Bạn bè giới thiệu
25/01/2026 11:30:00,Đỗ Chi,0901000003,Google
18/02/2026 8:00:00,Hồ Dung,0901000004,Facebook
27/02/2026 8:00:00,Lý Hà,0901000005,Google
"""


def workbook(path: Path, rows: Sequence[Sequence[object]]) -> None:
    book = openpyxl.Workbook()
    for row in rows:
        book.active.append(list(row))
    book.save(path)


def test_a_firm_with_haravan_google_forms_and_excel(tmp_path: Path) -> None:
    folder = written(
        tmp_path,
        {"don_hang_28_02_2026.csv": HARAVAN, "Đăng ký tư vấn (Câu trả lời) - Câu trả lời biểu mẫu 1.csv": FORM},
    )
    workbook(
        folder / "traffic.xlsx",
        [
            ("Ngày", "Kênh", "Lượt truy cập"),
            (datetime(2026, 1, 5), "Facebook", 300),
            (datetime(2026, 1, 20), "Quảng cáo Facebook", 100),
            (datetime(2026, 2, 28), "Facebook", 320),
        ],
    )
    assert exports_in(folder) == {
        "traffic.xlsx": None,
        "Đăng ký tư vấn (Câu trả lời) - Câu trả lời biểu mẫu 1.csv": "Google Forms responses",
        "don_hang_28_02_2026.csv": "Haravan orders",
    }
    keys = ("organic_visits", "paid_visits", "new_signups", "new_paid_users", "churned_paid_users")
    assert counted(folder, *keys) == {
        "organic_visits": [300, 320],
        "paid_visits": [100, 0],
        "new_signups": [3, 2],
        "new_paid_users": [2, 1],  # an buys twice, chi did not pay
        "churned_paid_users": [None, None],  # orders do not say until when somebody is a customer
    }


def test_a_workbook_is_recognised_below_its_title(tmp_path: Path) -> None:
    header = ("Mã hóa đơn", "Thời gian", "Mã khách hàng", "Khách hàng", "Khách cần trả", "Khách đã trả", "Trạng thái")
    workbook(
        tmp_path / "DanhSachHoaDon_KV28022026.xlsx",
        [
            ("Danh sách hóa đơn",),
            (),
            header,
            ("HD1", datetime(2026, 1, 5, 9, 10), "KH1", "Lê An", 250000, 250000, "Hoàn thành"),
            ("HD2", datetime(2026, 2, 16, 10, 20), "KH2", "Võ Bình", 199000, 199000, "Hoàn thành"),
            ("HD3", datetime(2026, 2, 17, 11, 30), "KH3", "Đỗ Chi", 99000, 0, "Đã hủy"),
        ],
    )
    assert exports_in(tmp_path) == {"DanhSachHoaDon_KV28022026.xlsx": "KiotViet invoices"}
    assert counted(tmp_path, "new_paid_users") == {"new_paid_users": [1, 1]}


def test_contacts_are_the_whole_funnel(tmp_path: Path) -> None:
    """Three came in January and three in February; two booked a meeting, then one; b never did and e became a customer
    without one.  The last customers came on 21 February, after the last signup on the 4th.
    """
    header = (
        "Record ID,Email,Create Date,Date of last meeting booked in meetings tool,Became a Customer Date,"
        "Original Source"
    )
    rows = (
        "1,a@x.vn,2026-01-05 09:00,2026-01-10 09:00,2026-01-20 09:00,Paid Search",
        "2,b@x.vn,2026-01-06 09:00,2026-01-12 09:00,,Paid Search",
        "3,c@x.vn,2026-01-07 09:00,,,Organic Search",
        "4,d@x.vn,2026-02-02 09:00,2026-02-05 09:00,2026-02-20 09:00,Paid Search",
        "5,e@x.vn,2026-02-03 09:00,,2026-02-21 09:00,Organic Search",
        "6,f@x.vn,2026-02-04 09:00,,,Paid Search",
    )
    folder = written(tmp_path, {"all-contacts.csv": "\n".join([header, *rows, ""])})
    of = figures(report_of(folder, first=MONTHS[0], last=MONTHS[1], by_channel=True))
    keys = (("new_signups", None), ("new_demo_bookings", None), ("new_paid_users", None), ("new_paid_users", "paid"))
    counts = [[of[key, part, month][0] for month in MONTHS] for key, part in keys]
    assert counts == [[3, 3], [2, 1], [1, 2], [1, 1]]
