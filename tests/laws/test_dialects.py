"""The same tables in every dialect give the same report, figure for figure.

Four tables are written in hundreds of ways: encodings, delimiters, preambles, totals, headers of other systems, ways to
write a day and a number, containers.  The plain form is worked by hand; every other one must equal it, in the figures,
in how the rows were tallied, and in that nothing is reported as odd.
"""

from __future__ import annotations

import gzip
import io
import tempfile
import unicodedata
from collections import Counter
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from pathlib import Path
from typing import Any, Literal

import duckdb
import openpyxl
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from openpyxl.utils.datetime import CALENDAR_MAC_1904

from draws import tries
from funnelcli.answers.layout import Layout
from funnelcli.answers.report_model import Report, Row
from funnelcli.answers.spec import RangeOptions, resolve
from funnelcli.facts.load import load
from funnelcli.problems import Problem
from funnelcli.problems.kinds import Severity
from funnelcli.reading.discover import STDIN, discover, open_folder
from funnelcli.reading.engines import choose
from funnelcli.reading.streams import stdin_as_file
from funnelcli.renderers import Style
from laws.known_facts import built_once
from support import rendered, run_cli

Cell = str | int | date | None
NOW = datetime(2026, 5, 1, tzinfo=UTC)
AS_OF = "2026-04-30"  # the latest day of the tables; ends that the export of a system states as facts lie later

# --- the tables --------------------------------------------------------------------------------------------------


@dataclass(frozen=True)
class Table:
    """One export: our column names, and rows of typed cells (None: an empty cell)."""

    stage: str
    columns: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]

    def column(self, name: str) -> int:
        return self.columns.index(name)


def _day(month: int, day: int, year: int = 2026) -> date:
    return date(year, month, day)


# A delimiter of every kind, a quotation mark and a line break in one cell; as a source it matches no pattern.
NASTY = 'Hội thảo, TP.HCM; "bàn 3"\nquý 1 |\tnhóm'

VISITORS = Table(
    "visitors",
    ("date", "source", "visits", "existing_visits", "landing"),
    (
        (_day(1, 5), "google / cpc", 1234, 34, "/"),
        (_day(1, 5), "(direct) / (none)", 980, 120, None),
        (_day(1, 17), "facebook ads", 412, 5, "/giá"),
        (_day(1, 31), "Giới thiệu", 37, 0, "/"),
        (_day(2, 1), "google / organic", 1500, 77, "Total"),
        (_day(2, 2), NASTY, 12, 1, NASTY),
        (_day(2, 14), "Đối tác", 64, 0, None),
        (_day(2, 28), "google / cpc", 1234567, 1002, "/"),
        (_day(3, 3), "Cộng tác viên Hà Nội", 5, 0, "Tổng cộng"),
        (_day(3, 12), None, 88, 8, None),
        (_day(3, 25), "Quảng cáo Zalo", 640, 0, "/"),
        (_day(3, 31), "google / organic", 2048, 1024, "/"),
        (_day(4, 4), "Telesales", 3, 0, "/"),
        (_day(4, 19), "google / cpc", 7, 7, None),
        (_day(4, 30), "(direct) / (none)", 1001, None, "/"),
    ),
)
SIGNUPS = Table(
    "signups",
    ("user_id", "signed_up_at", "source", "name", "note"),
    (
        ("KH0001", _day(1, 5), "google / cpc", "Nguyễn Thị Ánh", None),
        ("KH0002", _day(1, 13), "Giới thiệu", "Đỗ Hữu Đức", 'gọi lại, "gấp"'),
        ("KH0003", _day(1, 31), "google / organic", "Trần Quốc Ưng", NASTY),
        ("lan@example.vn", _day(2, 1), "Đối tác", "Lý Thị Lan", "Total"),
        ("Nguyễn Thị Ánh", _day(2, 2), NASTY, "Ánh", None),
        ("KH0001", _day(2, 20), "Telesales", "Nguyễn Thị Ánh", "điền lại"),
        ("KH0006", _day(2, 28), "Quảng cáo Facebook", "Phạm Ngọc Thuỷ", "#vip"),
        ("KH0007", _day(3, 1), "Cộng tác viên", "Võ Ỷ Lan", None),
        ("KH0008", _day(3, 9), None, None, None),
        ("Lan@Example.VN", _day(3, 15), "google / cpc", "Lý Thị Lan", "gọi lại"),
        ("KH0010", _day(3, 30), "Telesales", "Hồ Quỳnh Hương", "-"),
        ("KH0011", _day(4, 2), "google / cpc", "Bùi Xuân Phái", "Tổng cộng: 3"),
        ("KH0012", _day(4, 11), "facebook ads", "Ngô Bảo", None),
        ("KH0013", _day(4, 12), "(direct) / (none)", "Đặng Thái Sơn", "a"),
        ("0014", _day(4, 29), "Giới thiệu bạn bè", "Mẫn Nhi", "b"),
    ),
)
DEMOS = Table(
    "demos",
    ("demo_id", "user_id", "booked_at", "held_at", "status", "owner"),
    (
        ("D01", "KH0001", _day(1, 6), _day(1, 9), "Đã demo", "Tuấn"),
        ("D02", "KH0002", _day(1, 15), None, "Đã hủy", "Hà"),
        ("D03", "KH0003", _day(2, 1), _day(2, 3), None, "Hà, nhóm 2"),
        ("D04", "lan@example.vn", _day(2, 10), _day(2, 24), "held", NASTY),
        ("D05", "Nguyễn Thị Ánh", _day(2, 11), None, "Không đến", None),
        ("D06", "KH0006", _day(3, 2), _day(3, 2), "Hoàn thành", "Tuấn"),
        ("D07", "KH0007", _day(3, 3), _day(4, 1), "done", "Tuấn"),
        ("D07", "KH0007", _day(3, 20), _day(4, 1), "done", "Tuấn"),
        ("D08", "KH0008", _day(3, 21), None, "Đã đặt", "Tuấn"),
        ("D09", "KH0099", _day(3, 31), _day(4, 5), "completed", "Hà"),
        ("D10", "KH0010", _day(4, 1), _day(4, 2), None, "Hà"),
        ("D11", "KH0011", _day(4, 7), _day(4, 8), "Completed", "Hà"),
        ("D12", "KH0012", _day(4, 14), None, "no_show", "Hà"),
        ("D13", "KH0013", _day(4, 28), None, "Đã lên lịch", "Hà"),
        ("D14", "0014", _day(4, 30), _day(4, 30), "held", "Tuấn"),
    ),
)
PAID_USERS = Table(
    "paid_users",
    ("user_id", "started_at", "ended_at", "plan", "amount", "subscription_id"),
    (
        ("KH0001", _day(1, 12), _day(2, 11), "Cơ bản", "3.588.000 ₫", "DH01"),
        ("KH0001", _day(2, 12), _day(3, 11), "Cơ bản", "3.588.000 ₫", "DH02"),
        ("KH0001", _day(4, 2), None, "Nâng cao", "9.990.000 ₫", "DH03"),
        ("KH0002", _day(1, 20), _day(1, 31), "Cơ bản", None, "DH04"),
        ("KH0003", _day(2, 5), _day(12, 31), NASTY, "1", "DH05"),
        ("lan@example.vn", _day(2, 26), None, 'Gói "Vàng", năm', "2", "DH06"),
        ("Nguyễn Thị Ánh", _day(3, 1), _day(3, 31), "Cơ bản", "3", "DH07"),
        ("KH0006", _day(3, 4), _day(4, 3), None, "4", "DH08"),
        ("KH0006", _day(3, 4), _day(4, 3), None, "4", "DH08"),
        ("KH0007", _day(3, 15), _day(5, 15), "Total", "5", "DH09"),
        ("KH0008", _day(4, 1), _day(4, 30), "Cơ bản", "6", "DH10"),
        ("KH0099", _day(4, 6), None, "Cơ bản", "7", "DH11"),
        ("KH0010", _day(4, 13), None, "Cơ bản", "8", "DH12"),
        ("KH0011", _day(4, 21), _day(4, 29), "Cơ bản", "9", "DH13"),
        ("0014", _day(4, 30), None, "Cơ bản", "10", "DH14"),
    ),
)
TABLES = (VISITORS, SIGNUPS, DEMOS, PAID_USERS)

# For encodings that have no Vietnamese: other words, the same channels and statuses, and letters that cp1252 alone has.
_WESTERN = {
    "Giới thiệu": "word of mouth",
    "Giới thiệu bạn bè": "Word of Mouth",
    "Đối tác": "partner – São Paulo",
    "Quảng cáo Zalo": "zalo ads “été”",
    "Quảng cáo Facebook": "facebook ads “été”",
    "Cộng tác viên": "affiliate",
    "Cộng tác viên Hà Nội": "affiliate: Søren Ærø",
    "Đã demo": "held",
    "Đã hủy": "cancelled",
    "Không đến": "no show",
    "Hoàn thành": "completed",
    "Đã đặt": "booked",
    "Đã lên lịch": "scheduled",
    "Nguyễn Thị Ánh": "João Núñez",
    "Tổng cộng": "Total",
}


def _western(table: Table) -> Table:
    def cell(value: Cell) -> Cell:
        if not isinstance(value, str):
            return value
        known = _WESTERN.get(value, value)
        try:
            known.encode("cp1252")
        except UnicodeEncodeError:
            bare = unicodedata.normalize("NFD", known.replace("Đ", "Ð").replace("đ", "ð").replace("₫", "€"))
            return "".join(c for c in bare if not unicodedata.combining(c))
        return known

    return replace(table, rows=tuple(tuple(map(cell, row)) for row in table.rows))


# --- headers -----------------------------------------------------------------------------------------------------

Headers = Mapping[str, str]


@dataclass(frozen=True)
class System:
    """How one system heads our columns, by stage, and the other columns its export has."""

    headers: Mapping[str, Headers]
    extras: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


VIETNAMESE: Mapping[str, Headers] = {
    "visitors": {
        "date": "Ngày",
        "source": "Nguồn",
        "visits": "Số phiên",
        "existing_visits": "Lượt truy cập của người dùng hiện tại",
        "landing": "Trang đích",
    },
    "signups": {
        "user_id": "Mã khách hàng",
        "signed_up_at": "Ngày đăng ký",
        "source": "Nguồn",
        "name": "Họ và tên",
        "note": "Ghi chú",
    },
    "demos": {
        "demo_id": "Mã demo",
        "user_id": "Mã khách hàng",
        "booked_at": "Ngày đặt",
        "held_at": "Ngày demo",
        "status": "Trạng thái",
        "owner": "Người phụ trách",
    },
    "paid_users": {
        "user_id": "Mã khách hàng",
        "started_at": "Ngày bắt đầu",
        "ended_at": "Ngày hết hạn",
        "plan": "Gói",
        "amount": "Số tiền",
        "subscription_id": "Mã đơn hàng",
    },
}
VIETNAMESE_EXTRAS = {
    "signups": ("STT", "Tên khách hàng", "Điện thoại", "Loại khách hàng", "Giai đoạn", "Giá trị dự kiến", "Địa chỉ"),
    "demos": ("STT", "Quận/Huyện", "Người tạo"),
    "paid_users": ("STT", "Diễn giải", "Phí ship", "Ngày mua gần nhất", "Người tạo"),
}


def _each(headers: Mapping[str, Headers], change: Callable[[str], str]) -> Mapping[str, Headers]:
    return {stage: {name: change(header) for name, header in of.items()} for stage, of in headers.items()}


def _bare(text: str) -> str:
    letters = unicodedata.normalize("NFD", text.replace("đ", "d").replace("Đ", "D"))
    return "".join(c for c in letters if not unicodedata.combining(c))


_CANONICAL: Mapping[str, Headers] = {table.stage: {name: name for name in table.columns} for table in TABLES}

SYSTEMS: Mapping[str, System] = {
    "canonical": System({}),
    "capitals": System(_each(_CANONICAL, str.upper)),
    "spaced": System(_each(_CANONICAL, lambda name: name.replace("_", " ").title())),
    "vietnamese": System(VIETNAMESE, VIETNAMESE_EXTRAS),
    "vietnamese-capitals": System(_each(VIETNAMESE, str.upper)),
    "vietnamese-without-accents": System(_each(VIETNAMESE, _bare)),
    "vietnamese-snake": System(_each(VIETNAMESE, lambda h: _bare(h).lower().replace(" ", "_"))),
    "vietnamese-nfd": System(_each(VIETNAMESE, lambda h: unicodedata.normalize("NFD", h))),
    "ga4-source-medium": System(
        {"visitors": {"date": "Date", "source": "Session source / medium", "visits": "Sessions"}},
        {"visitors": ("Nth week", "Session campaign", "Landing page", "Active users", "New users", "Engaged sessions",
                      "Engagement rate", "Key events", "Event count", "Total revenue")},
    ),
    "ga4-channel-group": System(
        {"visitors": {"date": "Date", "source": "Session primary channel group (Default Channel Group)",
                      "visits": "Sessions"}},
        {"visitors": ("Active users", "New users", "Total revenue")},
    ),
    "hubspot": System(
        {
            "signups": {"user_id": "Record ID", "signed_up_at": "Create Date", "source": "Original Source"},
            "demos": {"demo_id": "Record ID", "user_id": "Associated Contact IDs", "booked_at": "Create Date",
                      "owner": "Deal owner"},
            "paid_users": {"user_id": "Associated Contact IDs", "started_at": "Became A Customer Date",
                           "amount": "Amount"},
        },
        {
            "signups": ("First Name", "Last Name", "Email", "Phone Number", "Job Title", "Company Name",
                        "Associated Company", "Associated Company IDs", "Country/Region", "Postal Code",
                        "Contact owner", "Lead Status", "Lifecycle Stage", "Last Activity Date",
                        "Original Source Drill Down 1", "Original Source Drill Down 2"),
            "demos": ("Deal Name", "Deal Stage", "Pipeline", "Amount", "Close Date", "Associated Company",
                      "Associated Company IDs", "Date entered current stage", "Date left stage", "Is closed lost",
                      "Last Activity Date"),
        },
    ),
    "hubspot-lifecycle": System(
        {
            "signups": {"user_id": "Record ID", "signed_up_at": "Became a Lead Date", "source": "Original Source"},
            "demos": {"user_id": "Email", "booked_at": "Became a Sales Qualified Lead Date"},
            "paid_users": {"user_id": "Email", "started_at": "Became a customer date"},
        },
        {
            # Not the date of becoming an SQL, which is read: it says when sales accepted the lead.
            "signups": ("Became an Opportunity Date", "First Deal Created Date", "Became an Evangelist Date"),
            "demos": ("Became a Lead Date", "Became an Opportunity Date", "Became a Customer Date"),
            "paid_users": ("Became a Lead Date", "Became an Opportunity Date", "Became a Sales Qualified Lead Date"),
        },
    ),
    "salesforce": System(
        {
            "signups": {"user_id": "Lead ID", "signed_up_at": "Created Date", "source": "LeadSource"},
            "demos": {"booked_at": "Created Date", "owner": "Opportunity Owner"},
            "paid_users": {"started_at": "Close Date", "amount": "Total Amount"},
        },
        {
            "signups": ("FirstName", "LastName", "Email", "Phone", "Company", "Status", "OwnerId"),
            "demos": ("Opportunity ID", "Opportunity Name", "Account Name", "Stage", "Amount", "Probability (%)",
                      "Forecast Category", "Fiscal Period", "Close Date", "Next Step", "Type"),
            "paid_users": ("Opportunity Name", "Account Name", "Total Amount Currency", "Created Date"),
        },
    ),
    "stripe": System(
        {
            "signups": {"user_id": "id", "signed_up_at": "Created (UTC)"},
            "paid_users": {"user_id": "Customer ID", "started_at": "Start Date (UTC)", "ended_at": "Ended At (UTC)",
                           "plan": "Plan price ID", "amount": "Plan Amount", "subscription_id": "id"},
        },
        {
            "signups": ("Email", "Name", "Phone", "Description", "Default Card", "Card Number", "Card Last 4",
                        "Card Country", "Currency", "Delinquent", "Total Spend"),
            "paid_users": ("Customer Name", "Customer Email", "Status", "Cancellation Reason", "Created (UTC)",
                           "Current Period Start (UTC)", "Current Period End (UTC)", "Trial Start (UTC)",
                           "Trial End (UTC)", "Canceled At (UTC)", "Plan Currency", "tier (metadata)"),
        },
    ),
    "shopify": System(
        {
            "signups": {"user_id": "Customer ID", "signed_up_at": "Created at"},
            "paid_users": {"user_id": "Email", "started_at": "Paid at", "amount": "Total"},
        },
        {
            "signups": ("First Name", "Last Name", "Email", "Accepts Email Marketing", "Default Address Company",
                        "Default Address Zip", "Phone", "Total Spent", "Total Orders", "Note", "Tax Exempt", "Tags"),
            "paid_users": ("Name", "Financial Status", "Fulfillment Status", "Fulfilled at", "Accepts Marketing",
                           "Currency", "Subtotal", "Shipping", "Taxes", "Discount Code", "Created at",
                           "Lineitem quantity", "Lineitem name", "Lineitem price"),
        },
    ),
    "chartmogul": System(
        {
            "paid_users": {"user_id": "customer_external_id", "started_at": "service_period_start",
                           "ended_at": "service_period_end", "subscription_id": "subscription_external_id"},
        },
        {
            # With amount_in_cents it would be known by name, and its amounts be those.
            "paid_users": ("subscription_set_external_id", "invoice_external_id", "plan_uuid", "prorated", "type"),
        },
    ),
}  # fmt: skip

# --- days and numbers as text ------------------------------------------------------------------------------------

_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
_FULL = ("January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
         "November", "December")  # fmt: skip
_WEEKDAYS = ("Thứ hai", "Thứ ba", "Thứ tư", "Thứ năm", "Thứ sáu", "Thứ bảy", "Chủ nhật")
_EXCEL_DAY_0 = date(1899, 12, 30)
_VIETNAM = timezone(timedelta(hours=7))


def _in_zone(day: date, hours: float) -> datetime:
    """A quarter past two at night in Vietnam, by the clock of another zone, where it is still the day before."""
    return datetime.combine(day, time(2, 15), _VIETNAM).astimezone(timezone(timedelta(hours=hours)))


DATES: Mapping[str, Callable[[date], str]] = {
    "iso": lambda d: d.isoformat(),
    "iso-space-time": lambda d: f"{d} 09:30:00",
    "iso-minutes": lambda d: f"{d} 23:59",
    "iso-T": lambda d: f"{d}T00:00:00",
    "iso-T-fraction": lambda d: f"{d}T23:59:59.999999",
    "iso-T-nanoseconds": lambda d: f"{d}T23:59:59.999999999",
    "offset-Z": lambda d: f"{_in_zone(d, 0):%Y-%m-%dT%H:%M:%SZ}",
    "offset-Z-fraction": lambda d: f"{_in_zone(d, 0):%Y-%m-%dT%H:%M:%S}.500Z",
    "offset-UTC": lambda d: f"{_in_zone(d, 0):%Y-%m-%d %H:%M:%S} UTC",
    "offset-0000": lambda d: f"{_in_zone(d, 0):%Y-%m-%d %H:%M:%S} +0000",
    "offset-00": lambda d: f"{_in_zone(d, 0):%Y-%m-%d %H:%M:%S}+00",
    "offset-west": lambda d: f"{_in_zone(d, -5):%Y-%m-%dT%H:%M:%S}-05:00",
    "offset-east": lambda d: f"{_in_zone(d, 7):%Y-%m-%dT%H:%M:%S}+07:00",
    "offset-half-hour": lambda d: _in_zone(d, 5.5).isoformat(),
    "ymd-slash": lambda d: f"{d:%Y/%m/%d}",
    "ymd-slash-short": lambda d: f"{d.year}/{d.month}/{d.day}",
    "ymd-dot": lambda d: f"{d:%Y.%m.%d}",
    "ymd-slash-time": lambda d: f"{d:%Y/%m/%d} 8:05",
    "compact": lambda d: f"{d:%Y%m%d}",
    "dmy": lambda d: f"{d:%d/%m/%Y}",
    "dmy-short": lambda d: f"{d.day}/{d.month}/{d:%y}",
    "dmy-dash": lambda d: f"{d:%d-%m-%Y}",
    "dmy-dot": lambda d: f"{d:%d.%m.%Y}",
    "dmy-time": lambda d: f"{d:%d/%m/%Y} 14:30",
    "dmy-comma-time": lambda d: f"{d:%d/%m/%Y}, 14:30:05",
    "dmy-time-first": lambda d: f"14:30 {d:%d/%m/%Y}",
    "dmy-time-first-seconds": lambda d: f"00:00:01 {d:%d/%m/%Y}",
    "dmy-time-first-dash": lambda d: f"14:30 - {d:%d/%m/%Y}",
    "dmy-time-first-comma": lambda d: f"14:30:00, {d:%d/%m/%Y}",
    "dmy-SA": lambda d: f"{d:%d/%m/%Y} 12:05 SA",
    "dmy-CH": lambda d: f"{d:%d/%m/%Y} 11:59:59 CH",
    "dmy-am": lambda d: f"{d:%d/%m/%Y} 12:05am",
    "dmy-h": lambda d: f"{d:%d/%m/%Y} 8h05",
    "mdy": lambda d: f"{d:%m/%d/%Y}",
    "mdy-short": lambda d: f"{d.month}/{d.day}/{d:%y}",
    "mdy-PM": lambda d: f"{d.month}/{d.day}/{d.year} 2:30:00 PM",
    "mdy-comma-PM": lambda d: f"{d.month}/{d.day}/{d.year}, 2:30:00 PM",
    "mdy-narrow-space-PM": lambda d: f"{d.month}/{d.day}/{d.year}, 2:30:00\u202fPM",
    "serial": lambda d: str((d - _EXCEL_DAY_0).days),
    "serial-time": lambda d: f"{(d - _EXCEL_DAY_0).days}.6041666667",
    "day-month-name": lambda d: f"{d.day} {_MONTHS[d.month - 1]} {d.year}",
    "day-month-name-dash": lambda d: f"{d:%d}-{_MONTHS[d.month - 1]}-{d.year}",
    "day-month-name-short-year": lambda d: f"{d:%d}-{_MONTHS[d.month - 1]}-{d:%y}",
    "day-month-name-full": lambda d: f"{d.day} {_FULL[d.month - 1]} {d.year}",
    "month-name-day": lambda d: f"{_MONTHS[d.month - 1]} {d.day}, {d.year}",
    "month-name-day-full": lambda d: f"{_FULL[d.month - 1]} {d.day}, {d.year}",
    "google-forms": lambda d: f"{d:%Y/%m/%d} 9:12:33 AM GMT+7",
    "google-forms-SA": lambda d: f"{d:%Y/%m/%d} 9:12:33 SA GMT+7",
    "javascript": lambda d: f"{d:%a %b %d %Y} 09:00:00 GMT+0700 (Indochina Time)",
    "month-name-day-at": lambda d: f"{_MONTHS[d.month - 1]} {d.day}, {d.year} at 9:00 AM",
    "vietnamese-words": lambda d: f"{d.day} tháng {d.month}, {d.year}",
    "vietnamese-words-time": lambda d: f"ngày {d.day} tháng {d.month} năm {d.year} lúc 9:30",
    "vietnamese-weekday": lambda d: f"{_WEEKDAYS[d.weekday()]}, {d.day}/{d.month}/{d.year}",
    "month-name-day-time": lambda d: f"{_MONTHS[d.month - 1]} {d.day}, {d.year}, 2:30 PM",
}


def _grouped(mark: str, tail: str = "") -> Callable[[int], str]:
    return lambda n: f"{n:,}".replace(",", mark) + tail


NUMBERS: Mapping[str, Callable[[int], str]] = {
    "plain": str,
    "comma": _grouped(","),
    "dot": _grouped("."),
    "space": _grouped(" "),
    "no-break-space": _grouped("\u00a0"),
    "narrow-no-break-space": _grouped("\u202f"),
    "apostrophe": _grouped("'"),
    "comma-and-fraction": _grouped(",", ".0"),
    "dot-and-fraction": _grouped(".", ",00"),
    "fraction": lambda n: f"{n}.0",
}

# --- writing -----------------------------------------------------------------------------------------------------


@dataclass(frozen=True, kw_only=True)
class Dialect:
    """One way of writing a table."""

    system: str = "canonical"
    dates: str = "iso"
    numbers: str = "plain"
    reordered: bool = False
    extra_columns: bool = False
    container: str = "text"
    name: str = ""
    encoding: str = "utf-8"
    delimiter: str = ","
    line_end: str = "\n"
    last_line_ends: bool = True
    sep_line: bool = False
    preamble: str = "none"
    totals: tuple[str, ...] = ()
    totals_first: bool = False
    between: str | None = None
    padding: str = ""
    quote_all: bool = False
    form: Literal["NFC", "NFD"] = "NFC"
    header_again: bool = False
    trailing: str = "none"


PLAIN = Dialect()

TEXTS = {"text": ".csv", "txt": ".txt", "tsv": ".tsv", "capitals": ".CSV", "gz": ".csv.gz", "txt-gz": ".TXT.GZ"}
SPREADSHEETS = (
    *("xlsx", "xlsx-titled", "xlsx-second-sheet", "xlsx-text", "xlsx-hidden-sheet", "xlsx-1904", "xlsx-named-csv"),
    "xlsx-gz",
)
PARQUETS = ("parquet", "parquet-timestamp", "parquet-timestamptz", "parquet-text", "parquet-double")

_EXTRA_COLUMNS = ("STT", "Owner region", "Last seen", "Doanh thu (₫)", "")


def _extra_cell(header: str, row: int) -> str:
    """What stands in a column that is none of ours: dates of another order and marks of another decimal among it."""
    key = header.casefold()
    if "trial" in key:
        return ""  # is read
    if "status" in key:
        return ""  # is read too
    if "date" in key or "ngày" in key or key.endswith((" at", "(utc)", "seen")):
        return ("31/12/2019", "12/31/2019", "not yet", "")[row % 4]
    return (str(row + 1), "1.234,5", "x; y, z", "", "Nguyễn")[row % 5]


def _grid(table: Table, dialect: Dialect) -> tuple[list[str], list[list[Cell]]]:
    """The header and the rows, in the system's words, with the columns that stand around ours."""
    system = SYSTEMS[dialect.system]
    names = system.headers.get(table.stage, {})
    header = [names.get(column, column) for column in table.columns]
    rows: list[list[Cell]] = [list(row) for row in table.rows]
    if dialect.system == "shopify" and table.stage == "signups":
        rows = [["'" + str(row[0]), *row[1:]] for row in rows]
    extras = [*system.extras.get(table.stage, ()), *(_EXTRA_COLUMNS if dialect.extra_columns else ())]
    taken = {name.casefold() for name in header}
    extras = [extra for extra in dict.fromkeys(extras) if extra.casefold() not in taken]
    header += extras
    # Rows that are alike are alike in these columns too: else they would be different lines of an invoice.
    first = [table.rows.index(row) for row in table.rows]
    for number, row in zip(first, rows, strict=True):
        row += [_extra_cell(extra, number) for extra in extras]
    if dialect.reordered:
        order = [*range(1, len(header), 2), *reversed(range(0, len(header), 2))]
        header = [header[i] for i in order]
        rows = [[row[i] for i in order] for row in rows]
    return header, rows


def _as_text(cell: Cell, dialect: Dialect) -> str:
    match cell:
        case None:
            return ""
        case date():
            return DATES[dialect.dates](cell)
        case int():
            return NUMBERS[dialect.numbers](cell)
        case str():
            return cell


def _total_row(
    kind: str, table: Table, header: Sequence[str], rows: Sequence[Sequence[Cell]], dialect: Dialect
) -> list[str]:
    """A row that sums the others, as different systems write it."""
    sums = [
        _as_text(sum(c for row in rows if isinstance(c := row[i], int)), dialect)
        if any(isinstance(row[i], int) for row in rows)
        else ""
        for i in range(len(header))
    ]
    match kind:
        case "Grand total":  # GA4: one field more than the header
            return [*sums, kind]
        case "one cell":
            return ["Tổng cộng"]
        case _:
            return [kind, *sums[1:]]


def _preamble(kind: str, delimiter: str) -> list[str]:
    match kind:
        case "ga4":
            rule = "# ----------------------------------------"
            return [rule, "# Thu nạp lưu lượng: Session source / medium, Date", "# Account: Công ty A, B & C",
                    "# Property: Date; Sessions", rule, "#", "# All Users", "# Start date: 20260101",
                    "# End date: 20260430", ""]  # fmt: skip
        case "ga4-range":
            return ["# ----------------------------------------", "# Tổng quan", "# 20260101-20260430", ""]
        case "title":
            return ["DANH SÁCH KHÁCH HÀNG", "Xuất lúc: 01/11/2026 08:00", ""]
        case "title-padded":
            return [
                "DANH SÁCH NGÀY" + delimiter * 3,
                delimiter * 3,
                "Xuất lúc:" + delimiter + "01/11/2026" + delimiter * 2,
            ]
        case "google-ads":
            return ["Campaign report", '"January 1, 2026 - April 30, 2026"']
        case _:
            return []


def _quoted(cell: str, dialect: Dialect) -> str:
    needs = any(mark in cell for mark in (dialect.delimiter, '"', "\n", "\r")) or (cell[:1] == " ") or dialect.quote_all
    return f'"{cell.replace(chr(34), chr(34) * 2)}"' if needs else cell


def _text(table: Table, dialect: Dialect) -> str:
    header, rows = _grid(table, dialect)
    pad = dialect.padding

    def line(cells: Iterable[str], end: str = dialect.delimiter if dialect.trailing != "none" else "") -> str:
        return dialect.delimiter.join(f"{pad}{_quoted(cell, dialect)}{pad}" for cell in cells) + end

    lines = _preamble(dialect.preamble, dialect.delimiter)
    if dialect.sep_line:
        lines = [f"sep={dialect.delimiter}", *lines]
    lines.append(line(header, "") if dialect.trailing == "rows" else line(header))
    totals = [line(_total_row(kind, table, header, rows, dialect)) for kind in dialect.totals]
    if dialect.totals_first:
        lines += totals
    for number, row in enumerate(rows):
        lines.append(line(_as_text(cell, dialect) for cell in row))
        if dialect.between is not None and number % 4 == 1:
            lines.append({"delimiters": dialect.delimiter * (len(header) - 1),
                          "quotes": line([""] * len(header)) if not dialect.quote_all else '""',
                          "more-delimiters": dialect.delimiter * (len(header) + 2)}
                         .get(dialect.between, dialect.between))  # fmt: skip
        if dialect.header_again and number == 6:
            lines.append(line(header))
    if not dialect.totals_first:
        lines += totals
    text = dialect.line_end.join(lines)
    if dialect.line_end == "\r":
        text = text.replace("\n", "\r")
    text += dialect.line_end if dialect.last_line_ends else ""
    return unicodedata.normalize(dialect.form, text)


_TONES = "\u0300\u0301\u0303\u0309\u0323"


def as_cp1258(text: str) -> bytes:
    """Vietnamese in Windows' own code page: the tone marks stand behind their letters."""
    out: list[str] = []
    for char in unicodedata.normalize("NFC", text):
        try:
            char.encode("cp1258")
            out.append(char)
        except UnicodeEncodeError:
            parts = unicodedata.normalize("NFD", char)
            letter = unicodedata.normalize("NFC", "".join(c for c in parts if c not in _TONES))
            out.append(letter + "".join(c for c in parts if c in _TONES))
    return "".join(out).encode("cp1258")


ENCODERS: Mapping[str, Callable[[str], bytes]] = {
    "utf-8": lambda text: text.encode("utf-8"),
    "utf-8-bom": lambda text: text.encode("utf-8-sig"),
    "utf-16-le-bom": lambda text: b"\xff\xfe" + text.encode("utf-16-le"),
    "utf-16-be-bom": lambda text: b"\xfe\xff" + text.encode("utf-16-be"),
    "utf-16-le": lambda text: text.encode("utf-16-le"),
    "utf-16-be": lambda text: text.encode("utf-16-be"),
    "cp1258": as_cp1258,
    "cp1252": lambda text: text.encode("cp1252"),
}


def _workbook(table: Table, dialect: Dialect) -> bytes:
    header, rows = _grid(table, dialect)
    book = openpyxl.Workbook()
    sheet: Any = book.active
    if dialect.container == "xlsx-1904":
        book.epoch = CALENDAR_MAC_1904
    if dialect.container == "xlsx-second-sheet":
        sheet.title = "Ghi chú"
        sheet.append(["Bảng này chỉ để ghi chú", "Người lập", None])
        sheet.append([None, date(2019, 1, 1), 12])
        sheet = book.create_sheet("Dữ liệu")
    if dialect.container == "xlsx-hidden-sheet":
        sheet.append(header)
        sheet.append(rows[0])
        sheet.sheet_state = "hidden"
        sheet = book.create_sheet("Dữ liệu")
    if dialect.container == "xlsx-titled":
        sheet.append(["BÁO CÁO THÁNG 4"])
        sheet.append(["Xuất lúc:", datetime(2026, 11, 1, 8)])
        sheet.append([])
    sheet.append(header)
    totals = [_total_row(kind, table, header, rows, dialect) for kind in dialect.totals]
    if dialect.totals_first:
        for total in totals:
            sheet.append(total)
    for number, row in enumerate(rows):
        if dialect.container == "xlsx-text":
            sheet.append([_as_text(cell, dialect) for cell in row])
        elif dialect.container == "xlsx-titled":  # some days with a time of day, some numbers as fractions
            sheet.append([datetime.combine(cell, time(14, 30)) if isinstance(cell, date) and number % 2 else
                          float(cell) if isinstance(cell, int) else cell for cell in row])  # fmt: skip
        else:
            sheet.append(row)
        if dialect.between is not None and number % 4 == 1:
            sheet.append([])
    if not dialect.totals_first:
        for total in totals:
            sheet.append(total)
    out = io.BytesIO()
    book.save(out)
    data = out.getvalue()
    return gzip.compress(data, mtime=0) if dialect.container == "xlsx-gz" else data


def _parquet(table: Table, dialect: Dialect) -> bytes:
    header, rows = _grid(table, dialect)
    header = [name or "unnamed" for name in header]
    day_type = {"parquet-timestamp": "TIMESTAMP", "parquet-timestamptz": "TIMESTAMPTZ"}.get(dialect.container, "DATE")
    number_type = "DOUBLE" if dialect.container == "parquet-double" else "BIGINT"
    texts = dialect.container == "parquet-text"

    def type_of(place: int) -> str:
        kinds = {type(row[place]) for row in rows} - {type(None)}
        return "VARCHAR" if texts or kinds - {date, int} else day_type if date in kinds else number_type

    def value(cell: Cell) -> object:
        if texts:
            return None if cell is None else _as_text(cell, dialect)
        if isinstance(cell, date) and dialect.container == "parquet-timestamp":
            return datetime.combine(cell, time(14, 30))
        if isinstance(cell, date) and dialect.container == "parquet-timestamptz":
            return f"{_in_zone(cell, 0):%Y-%m-%d %H:%M:%S}+00"
        return cell

    columns = ", ".join(f'"{name.replace(chr(34), chr(34) * 2)}" {type_of(i)}' for i, name in enumerate(header))
    with tempfile.TemporaryDirectory() as scratch, duckdb.connect() as connection:
        path = Path(scratch) / "table.parquet"
        connection.execute("SET TimeZone = 'UTC'")
        connection.execute(f"CREATE TEMP TABLE t ({columns})")
        marks = ", ".join([f"({', '.join('?' * len(header))})"] * len(rows))
        connection.execute(f"INSERT INTO t VALUES {marks}", [value(cell) for row in rows for cell in row])
        connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
        return path.read_bytes()


def written(table: Table, dialect: Dialect) -> tuple[str, bytes]:
    """The table as a file: its name and its bytes."""
    if dialect.container in SPREADSHEETS:
        suffix = {"xlsx-named-csv": ".csv", "xlsx-gz": ".csv.gz"}.get(dialect.container, ".xlsx")
        return table.stage + dialect.name + suffix, _workbook(table, dialect)
    if dialect.container in PARQUETS:
        return table.stage + dialect.name + ".parquet", _parquet(table, dialect)
    if dialect.encoding == "cp1252":
        table = _western(table)
    data = ENCODERS[dialect.encoding](_text(table, dialect))
    suffix = TEXTS[dialect.container]
    return table.stage + dialect.name + suffix, gzip.compress(data, mtime=0) if suffix.lower().endswith("gz") else data


# --- reading -----------------------------------------------------------------------------------------------------

Tallies = dict[str, tuple[int, int, int, int]]


@dataclass(frozen=True)
class Reading:
    """All that is compared: every figure of the report, the tallies of each stage, and what was found odd."""

    rows: tuple[Row, ...]
    tallies: Tallies
    problems: tuple[Problem, ...]
    report: Report = field(compare=False, repr=False)

    @property
    def tidy(self) -> str:
        return rendered(self.report, "csv", Style(layout=Layout.TIDY))


def read_folder(
    root: Path, named: Mapping[str, Sequence[str]] | None = None, stdin: bytes = b"", as_of: str | None = AS_OF
) -> Reading:
    """The folder through every step of ``funnelcli report --by channel -f csv --layout tidy``."""
    folder = open_folder(root)
    files, unknown = discover(folder, named or {})
    assert unknown == []
    with stdin_as_file(files, lambda: io.BytesIO(stdin)) as spooled:
        exports = load(folder.config, spooled)
    errors = exports.problems.of(Severity.ERROR)
    assert not errors, [f"{error.place}: {error.code}: {error.message}" for error in errors]
    spec = resolve(RangeOptions(as_of=as_of), exports, now=NOW, by="channel", skip_bad_rows=False)
    tallies: dict[str, Counter[str]] = {}
    for tally in exports.tallies:
        sums = tallies.setdefault(tally.input, Counter())
        sums.update(read=tally.read, counted=tally.counted, duplicate=tally.duplicate, rejected=tally.rejected)
    report = built_once(exports, spec)
    return Reading(
        report=report,
        rows=report.rows,
        tallies={
            stage: (sums["read"], sums["counted"], sums["duplicate"], sums["rejected"])
            for stage, sums in sorted(tallies.items())
        },
        # Stays without an end have amounts that nothing spreads, in every dialect, on lines that differ.
        # What an export that is known by name does not say is not of its dialect.
        problems=tuple(problem for problem in exports.problems if problem.code not in ("no-amount", "export-lacks")),
    )


def read_all(dialects: Mapping[str, Dialect] | Dialect, tables: Iterable[Table] = TABLES) -> Reading:
    """The four tables, each written in its dialect, read back."""
    with tempfile.TemporaryDirectory() as scratch:
        for table in tables:
            dialect = dialects if isinstance(dialects, Dialect) else dialects.get(table.stage, PLAIN)
            name, data = written(table, dialect)
            (Path(scratch) / name).write_bytes(data)
        return read_folder(Path(scratch))


@cache
def expected() -> Reading:
    """The plain form."""
    return read_all(PLAIN)


@cache
def expected_visits() -> Reading:
    """The plain form of the visits alone, read row by row: nothing else stands beside those of the other tables."""
    visits = read_all(PLAIN, (VISITORS,))
    parts = {(row.metric.key, row.part): row for row in expected().rows}
    alike = [row for row in visits.rows if row == parts[row.metric.key, row.part]]
    assert len([row for row in alike if "visit" in row.metric.key and row.total.value]) >= 4
    return visits


def assert_same(got: Reading, *, odd: Sequence[str] = ()) -> None:
    """The report, the tallies and the findings are those of the plain form, and of findings ``odd`` on top."""
    assert got.rows == expected().rows
    assert got.tallies == expected().tallies
    assert [problem.code for problem in got.problems] == list(odd)


def figures(reading: Reading, channel: str = "") -> dict[str, dict[str, str]]:
    """Metric -> period -> value of a tidy report."""
    values: dict[str, dict[str, str]] = {}
    for line in reading.tidy.splitlines()[1:]:
        period, metric, of_channel, _, value, *_ = line.split(",")
        if of_channel == channel:
            values.setdefault(metric, {})[period] = value
    return values


# --- the tests ---------------------------------------------------------------------------------------------------


def test_the_plain_form_gives_the_figures_worked_by_hand() -> None:
    months = ("2026-01", "2026-02", "2026-03", "2026-04", "total")
    by_hand = {
        "organic_visits": (980 + 37 + 0, 1500 + 12 + 64, 5 + 88 + 2048, 3 + 1001, 0),
        "paid_visits": (1234 + 412, 1234567, 640, 7, 1236860),
        "existing_user_visits": (159, 1080, 1032, 7, 2278),
        "new_signups": (3, 3, 3, 4, 13),
        "new_demo_bookings": (2, 3, 4, 5, 14),
        "cumulative_demos_held": (1, 3, 4, 9, 9),
        "new_paid_users": (2, 2, 3, 5, 12),
        "reactivated_paid_users": (0, 0, 0, 1, 1),
        "churned_paid_users": (1, 0, 2, 3, 6),
        "closing_paid_users": (1, 3, 4, 7, 7),
    }
    by_hand["organic_visits"] = (*by_hand["organic_visits"][:4], sum(by_hand["organic_visits"][:4]))
    whole = figures(expected())
    assert {key: tuple(int(whole[key][month]) for month in months) for key in by_hand} == by_hand
    signups = {
        channel: figures(expected(), channel)["new_signups"]["total"]
        for channel in ("organic", "paid", "sales_sme", "affiliate", "partner", "referral")
    }
    # KH0003, Ánh, KH0008 and KH0013; KH0001, 06, 11 and 12; KH0010; KH0007; Lan; KH0002 and 0014.
    assert signups == {"organic": "4", "paid": "4", "sales_sme": "1", "affiliate": "1", "partner": "1", "referral": "2"}
    assert expected().tallies == {
        "demos": (15, 14, 1, 0),
        "paid_users": (15, 14, 1, 0),
        "signups": (15, 13, 2, 0),
        "visitors": (15, 15, 0, 0),
    }
    assert expected().problems == ()


@pytest.mark.parametrize("encoding", ENCODERS)
def test_any_encoding(encoding: str) -> None:
    assert_same(read_all(replace(PLAIN, encoding=encoding)))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-bom", "utf-16-le-bom", "utf-16-be-bom", "cp1258"])
@pytest.mark.parametrize("stage", [table.stage for table in TABLES])
def test_one_file_in_another_encoding_than_the_others(stage: str, encoding: str) -> None:
    headers = replace(PLAIN, system="vietnamese", delimiter=";")
    dialects = {table.stage: headers for table in TABLES}
    assert_same(read_all({**dialects, stage: replace(headers, encoding=encoding, dates="dmy")}))


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-bom", "utf-16-le-bom", "utf-16-be-bom", "utf-16-le", "utf-16-be"])
def test_decomposed_letters_everywhere(encoding: str) -> None:
    assert_same(read_all(replace(PLAIN, encoding=encoding, form="NFD", system="vietnamese")))


@pytest.mark.parametrize(
    ("delimiter", "sep_line"),
    [(",", False), (";", False), ("\t", False), ("|", False), (",", True), (";", True), ("\t", True), ("|", True)],
    ids=["comma", "semicolon", "tab", "pipe", "sep=comma", "sep=semicolon", "sep=tab", "sep=pipe"],
)
@pytest.mark.parametrize("quote_all", [False, True], ids=["quoted-where-needed", "all-quoted"])
def test_any_delimiter(delimiter: str, sep_line: bool, quote_all: bool) -> None:
    assert_same(read_all(replace(PLAIN, delimiter=delimiter, sep_line=sep_line, quote_all=quote_all)))


@pytest.mark.parametrize("encoding", ["utf-8-bom", "utf-16-le-bom"])
def test_a_sep_line_after_a_byte_order_mark(encoding: str) -> None:
    assert_same(read_all(replace(PLAIN, delimiter=";", sep_line=True, encoding=encoding, line_end="\r\n")))


@pytest.mark.parametrize("last_line_ends", [True, False], ids=["ended", "not-ended"])
@pytest.mark.parametrize("line_end", ["\n", "\r\n", "\r", "\r\r\n"], ids=["LF", "CRLF", "CR", "CRCRLF"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16-le-bom"])
def test_any_line_end(line_end: str, last_line_ends: bool, encoding: str) -> None:
    assert_same(read_all(replace(PLAIN, line_end=line_end, last_line_ends=last_line_ends, encoding=encoding)))


@pytest.mark.parametrize("preamble", ["ga4", "ga4-range", "title", "title-padded", "google-ads"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
@pytest.mark.parametrize("system", ["canonical", "vietnamese"])
def test_lines_above_the_header(preamble: str, delimiter: str, system: str) -> None:
    assert_same(read_all(replace(PLAIN, preamble=preamble, delimiter=delimiter, system=system)))


TOTALS = {
    "grand-total-one-field-more": ("Grand total",),
    "tong-cong": ("Tổng cộng",),
    "tong": ("TỔNG",),
    "tong-cong-colon": ("Tổng cộng:",),
    "total": ("Total",),
    "totals-of-ads": ("Total: Account", "Total: Campaigns"),
    "one-cell": ("one cell",),
    "two-totals": ("Total", "Grand total"),
}


@pytest.mark.parametrize("first", [False, True], ids=["at-the-end", "after-the-header"])
@pytest.mark.parametrize("totals", TOTALS.values(), ids=TOTALS)
@pytest.mark.parametrize("reordered", [False, True], ids=["in-order", "reordered"])
def test_rows_of_totals(totals: tuple[str, ...], first: bool, reordered: bool) -> None:
    assert_same(read_all(replace(PLAIN, totals=totals, totals_first=first, reordered=reordered, extra_columns=True)))


@pytest.mark.parametrize(
    "totals", [("Tổng cộng",), ("TỔNG CỘNG: 15",), ("one cell",)], ids=["word", "colon", "one-cell"]
)
@pytest.mark.parametrize(
    ("encoding", "form"),
    [("cp1258", "NFC"), ("utf-8", "NFD"), ("utf-16-le-bom", "NFD"), ("utf-8", "NFC")],
    ids=["cp1258", "utf-8-decomposed", "utf-16-decomposed", "utf-8"],
)
def test_a_row_of_totals_in_decomposed_letters(
    totals: tuple[str, ...], encoding: str, form: Literal["NFC", "NFD"]
) -> None:
    assert_same(read_all(replace(PLAIN, totals=totals, encoding=encoding, form=form, system="vietnamese")))


BETWEEN = {"blank": "", "spaces": "   ", "delimiters": "delimiters", "quotes": "quotes", "wider": "more-delimiters"}


@pytest.mark.parametrize("between", BETWEEN.values(), ids=BETWEEN)
@pytest.mark.parametrize("delimiter", [",", ";", "\t", "|"], ids=["comma", "semicolon", "tab", "pipe"])
def test_lines_that_say_nothing(between: str, delimiter: str) -> None:
    assert_same(read_all(replace(PLAIN, between=between, delimiter=delimiter)))


@pytest.mark.parametrize("trailing", ["all", "rows"])
@pytest.mark.parametrize("delimiter", [",", ";", "\t"], ids=["comma", "semicolon", "tab"])
def test_a_delimiter_behind_the_last_cell(trailing: str, delimiter: str) -> None:
    assert_same(read_all(replace(PLAIN, trailing=trailing, delimiter=delimiter, system="vietnamese")))


def test_the_header_once_more_among_the_rows() -> None:
    assert_same(read_all(replace(PLAIN, header_again=True, system="vietnamese")))


@pytest.mark.parametrize("reordered", [False, True], ids=["in-order", "reordered"])
@pytest.mark.parametrize("system", SYSTEMS)
def test_the_headers_of_any_system(system: str, reordered: bool) -> None:
    assert_same(read_all(replace(PLAIN, system=system, reordered=reordered)))


@pytest.mark.parametrize("system", SYSTEMS)
def test_headers_of_any_system_beside_unknown_columns(system: str) -> None:
    assert_same(read_all(replace(PLAIN, system=system, reordered=True, extra_columns=True, dates="dmy-time")))


def test_people_of_one_company_are_not_one_person(tmp_path: Path) -> None:
    """HubSpot's contacts say which company each belongs to, beside their own Record ID."""
    (tmp_path / "signups.csv").write_text(
        "Record ID,First Name,Associated Company,Associated Company IDs,Create Date,Original Source\n"
        "101,An,ACME,9001,2026-01-05 09:30,ORGANIC_SEARCH\n"
        "102,Bình,ACME,9001,2026-01-06 09:30,PAID_SEARCH\n"
        "103,Chi,ACME,9001,2026-02-07 09:30,REFERRALS\n",
        "utf-8",
    )
    got = read_folder(tmp_path, as_of=None)
    assert figures(got)["new_signups"] == {"2026-01": "2", "2026-02": "1", "total": "3"}
    assert got.tallies == {"signups": (3, 3, 0, 0)}


@pytest.mark.parametrize("damage", [b"\xe9", b"\xa0", b"\xe1\xbb"], ids=["cp1252-letter", "cp1252-space", "cut-letter"])
def test_one_damaged_letter_does_not_turn_a_file_into_another_encoding(damage: bytes, tmp_path: Path) -> None:
    """All but one letter are UTF-8: read as cp1258 the other rows would lose their sources without a word."""
    rows = [f"u{n},2026-01-{n + 10},Giới thiệu,Nguyễn Văn Bình".encode() for n in range(9)]
    rows[4] = b"u4,2026-01-14,google / cpc,caf" + damage
    (tmp_path / "signups.csv").write_bytes(b"\n".join([b"user_id,signed_up_at,source,note", *rows, b""]))
    folder = open_folder(tmp_path)
    exports = load(folder.config, discover(folder, {})[0])
    assert [(problem.code, problem.file) for problem in exports.problems] == [("bad-encoding", "signups.csv")]


@pytest.mark.parametrize("padding", [" ", "   ", "\u00a0", "\u200b"], ids=["space", "spaces", "no-break", "zero-width"])
@pytest.mark.parametrize("delimiter", [",", ";", "|"], ids=["comma", "semicolon", "pipe"])
def test_white_space_around_cells(padding: str, delimiter: str) -> None:
    # Beside a quotation mark only plain spaces can stand: anything else would make the mark part of the text.
    quoted = (NASTY, 'gọi lại, "gấp"', 'Gói "Vàng", năm', "Hà, nhóm 2")

    def unquoted(table: Table) -> Table:
        if padding.strip(" ") == "":
            return table
        cells = {text: f"bare {n}" for n, text in enumerate(quoted)}
        return replace(
            table, rows=tuple(tuple(cells.get(c, c) if isinstance(c, str) else c for c in row) for row in table.rows)
        )

    assert_same(read_all(replace(PLAIN, padding=padding, delimiter=delimiter), map(unquoted, TABLES)))


@pytest.mark.parametrize("dates", DATES)
def test_any_way_to_write_a_day(dates: str) -> None:
    assert_same(read_all(replace(PLAIN, dates=dates)))


@pytest.mark.parametrize("dates", ["dmy", "dmy-short", "dmy-SA", "dmy-time-first", "mdy", "mdy-short", "mdy-PM"])
@pytest.mark.parametrize("system", ["vietnamese", "hubspot-lifecycle", "stripe"])
def test_any_order_of_day_and_month_among_columns_of_another_order(dates: str, system: str) -> None:
    assert_same(read_all(replace(PLAIN, dates=dates, system=system, delimiter=";")))


@pytest.mark.parametrize("numbers", NUMBERS)
@pytest.mark.parametrize("delimiter", [",", ";"], ids=["comma", "semicolon"])
def test_any_way_to_write_a_number(numbers: str, delimiter: str) -> None:
    assert_same(read_all(replace(PLAIN, numbers=numbers, delimiter=delimiter)))


@pytest.mark.parametrize("container", [*TEXTS, *SPREADSHEETS, *PARQUETS])
def test_any_container(container: str) -> None:
    odd = ["excel-named-otherwise"] * 4 if container == "xlsx-named-csv" else []
    assert_same(read_all(replace(PLAIN, container=container)), odd=odd)


@pytest.mark.parametrize("container", [*SPREADSHEETS[:4], "parquet", "parquet-timestamp"])
@pytest.mark.parametrize("system", ["vietnamese-nfd", "vietnamese", "stripe", "hubspot"])
def test_containers_with_the_headers_of_systems(container: str, system: str) -> None:
    dialect = replace(PLAIN, container=container, system=system, reordered=True, extra_columns=True)
    if container in SPREADSHEETS:
        dialect = replace(dialect, totals=("Tổng cộng", "Grand total"), between="")
    assert_same(read_all(dialect))


@pytest.mark.parametrize("container", ["xlsx-text", "parquet-text"])
@pytest.mark.parametrize("dates", ["dmy", "mdy-PM", "offset-Z", "compact", "serial", "dmy-CH"])
@pytest.mark.parametrize("numbers", ["comma", "dot"])
def test_containers_in_which_days_and_numbers_are_text(container: str, dates: str, numbers: str) -> None:
    assert_same(read_all(replace(PLAIN, container=container, dates=dates, numbers=numbers)))


def _pieces(table: Table, count: int) -> list[Table]:
    """The rows of a table dealt out to several."""
    return [replace(table, rows=table.rows[start::count]) for start in range(count)]


PIECES = {
    "alike": (Dialect(name="_1"), Dialect(name="_2"), Dialect(name="_3")),
    "mixed-dialects": (
        Dialect(name="-01", dates="dmy", delimiter=";", encoding="utf-8-bom", system="vietnamese"),
        Dialect(name="-02", dates="serial", encoding="utf-16-le-bom", delimiter="\t", numbers="dot"),
        Dialect(name="-03", container="xlsx", system="capitals"),
    ),
    "mixed-containers": (
        Dialect(name=" (1)", container="gz", dates="iso-T", numbers="comma"),
        Dialect(name=" (2)", container="parquet"),
        Dialect(name=" (3)", container="xlsx-second-sheet", reordered=True),
    ),
    "reordered": (
        Dialect(name="[1]", dates="dmy-short", reordered=True),
        Dialect(name="[2]", dates="dmy", preamble="title", totals=("Tổng cộng",)),
        Dialect(name="[3]", dates="dmy-time-first", extra_columns=True),
    ),
}


@pytest.mark.parametrize("pieces", PIECES.values(), ids=PIECES)
def test_a_table_in_several_files(pieces: Sequence[Dialect], tmp_path: Path) -> None:
    for table in TABLES:
        for piece, dialect in zip(_pieces(table, len(pieces)), pieces, strict=True):
            name, data = written(piece, dialect)
            (tmp_path / name).write_bytes(data)
    assert len(list(tmp_path.iterdir())) == 4 * len(pieces)
    assert_same(read_folder(tmp_path))


@pytest.mark.parametrize("sheet", ["*", "thang ?"], ids=["all", "some"])
def test_a_table_on_several_sheets(sheet: str, tmp_path: Path) -> None:
    for table in TABLES:
        book = openpyxl.Workbook()
        for number, piece in enumerate(_pieces(table, 3), 1):
            page: Any = book.create_sheet(f"thang {number}")
            for row in (piece.columns, *piece.rows):
                page.append(list(row))
        page = book.worksheets[0]
        page.append(["Ghi chú"])
        page.append(["Mỗi tháng một trang"])
        book.save(tmp_path / f"{table.stage}.xlsx")
    stages = "".join(f'[inputs.{table.stage}]\nsheet = "{sheet}"\n' for table in TABLES)
    (tmp_path / "funnel.toml").write_text(stages, "utf-8")
    assert_same(read_folder(tmp_path))


def test_a_file_of_undecided_days_is_decided_by_its_neighbour(tmp_path: Path) -> None:
    for table in TABLES:
        days = [i for i, cell in enumerate(table.rows[0]) if isinstance(cell, date)]
        early = [row for row in table.rows if all(c.day <= 12 for i in days if isinstance(c := row[i], date))]
        late = [row for row in table.rows if row not in early]
        assert early
        assert late
        for number, rows in enumerate((early, late)):
            name, data = written(replace(table, rows=tuple(rows)), Dialect(name=f"_{number}", dates="dmy"))
            (tmp_path / name).write_bytes(data)
    assert_same(read_folder(tmp_path), odd=["order-of-others"] * len(TABLES))


@pytest.mark.parametrize("stage", [table.stage for table in TABLES])
@pytest.mark.parametrize(
    "dialect",
    [PLAIN, Dialect(encoding="utf-16-le-bom", delimiter="\t"), Dialect(container="gz"), Dialect(container="xlsx")],
    ids=["plain", "utf-16", "gz", "xlsx"],
)
def test_standard_input(stage: str, dialect: Dialect, tmp_path: Path) -> None:
    named: dict[str, list[str]] = {}
    piped = b""
    for table in TABLES:
        name, data = written(table, dialect)
        if table.stage == stage:
            piped, named[stage] = data, [STDIN]
            continue
        (tmp_path / name).write_bytes(data)
        named[table.stage] = [str(tmp_path / name)]
    assert_same(read_folder(tmp_path, named, piped))


def test_standard_input_through_the_command_line(tmp_path: Path) -> None:
    options: list[str] = []
    for table in TABLES[1:]:
        name, data = written(table, PLAIN)
        (tmp_path / name).write_bytes(data)
        options += [f"--{table.stage.replace('_', '-')}", str(tmp_path / name)]
    piped = written(VISITORS, Dialect(encoding="utf-8-bom", delimiter=";", line_end="\r\n"))[1]
    shown = ("--by", "channel", "-f", "csv", "--layout", "tidy")
    done = run_cli("report", tmp_path, "--visitors", "-", *options, *shown, stdin=piped)
    assert (done.returncode, done.stdout) == (0, expected().tidy)
    assert [line.partition(":")[0] for line in done.stderr.splitlines()] == ["funnelcli"], "the warnings, in one line"


@pytest.mark.parametrize("order", ["dmy", "mdy", "ymd"])
def test_the_settings_decide_what_the_days_do_not(order: str, tmp_path: Path) -> None:
    """Every day and month is at most 12; for ymd the year stands first, in two digits."""
    form = {"dmy": "%d/%m/%Y", "mdy": "%m/%d/%Y", "ymd": "%y/%m/%d"}[order]
    days = [date(2026, month, day) for month in (1, 2, 3) for day in (1, 5, 12)]
    for name, text in (("iso", "%Y-%m-%d"), (order, form)):
        folder = tmp_path / name
        folder.mkdir()
        rows = "".join(f"u{n};{day.strftime(text)}\n" for n, day in enumerate(days))
        (folder / "signups.csv").write_text("user_id;signed_up_at\n" + rows, "utf-8")
        (folder / "funnel.toml").write_text(f'[inputs.signups]\ndate_order = "{order}"\n', "utf-8")
    plain, other = (read_folder(tmp_path / name, as_of=None) for name in ("iso", order))
    assert figures(plain)["new_signups"] == {"2026-01": "3", "2026-02": "3", "2026-03": "3", "total": "9"}
    assert other == plain


# A cell of a workbook that stands for midnight is a day like any other.
@pytest.mark.parametrize(
    ("container", "hour"),
    [("text", 0), ("text", 9), ("xlsx", 9), ("parquet-timestamp", 0), ("parquet-timestamp", 9)],
    ids=["text-midnight", "text-morning", "xlsx-morning", "parquet-midnight", "parquet-morning"],
)
def test_a_header_that_says_utc_in_any_container(container: str, hour: int, tmp_path: Path) -> None:
    """Midnight in UTC is still the evening before in New York, in whatever file it stands."""
    moments = [datetime(2026, 2, 1, hour), datetime(2026, 2, 15, hour), datetime(2026, 3, 1, hour)]
    header = ["id", "Created (UTC)"]
    path = tmp_path / {"text": "signups.csv", "xlsx": "signups.xlsx"}.get(container, "signups.parquet")
    if container == "text":
        path.write_text(",".join(header) + "\n" + "".join(f"c{n},{m}\n" for n, m in enumerate(moments)), "utf-8")
    elif container == "xlsx":
        book = openpyxl.Workbook()
        sheet: Any = book.active
        sheet.append(header)
        for number, moment in enumerate(moments):
            sheet.append([f"c{number}", moment])
            sheet.cell(number + 2, 2).number_format = "yyyy-mm-dd hh:mm:ss"
        book.save(path)
    else:
        with duckdb.connect() as connection:
            connection.execute('CREATE TABLE t (id VARCHAR, "Created (UTC)" TIMESTAMP)')
            connection.executemany("INSERT INTO t VALUES (?, ?)", [[f"c{n}", m] for n, m in enumerate(moments)])
            connection.execute(f"COPY t TO '{path}' (FORMAT parquet)")
    (tmp_path / "funnel.toml").write_text('[business]\ntimezone = "America/New_York"\n', "utf-8")
    signups = figures(read_folder(tmp_path, as_of=None))["new_signups"]
    if hour == 0:
        assert signups == {"2026-01": "1", "2026-02": "2", "total": "3"}
    else:
        assert signups == {"2026-02": "2", "2026-03": "1", "total": "3"}


# --- the engine for large files ----------------------------------------------------------------------------------

_FAST = {
    "plain": PLAIN,
    "all-quoted": Dialect(quote_all=True),
    "utf-8-bom": Dialect(encoding="utf-8-bom"),
    "semicolon": Dialect(delimiter=";"),
    "tab": Dialect(delimiter="\t"),
    "crlf": Dialect(line_end="\r\n"),
    "cr": Dialect(line_end="\r"),
    "not-ended": Dialect(last_line_ends=False),
    "gz": Dialect(container="gz"),
    "parquet": Dialect(container="parquet"),
    "parquet-timestamp": Dialect(container="parquet-timestamp"),
    "parquet-timestamptz": Dialect(container="parquet-timestamptz"),
    "parquet-text": Dialect(container="parquet-text", dates="dmy"),
    "parquet-double": Dialect(container="parquet-double"),
    "padded": Dialect(padding=" "),
    "nfd": Dialect(form="NFD", system="vietnamese"),
    "totals-first": Dialect(totals=("Grand total",), totals_first=True),
    "total-last": Dialect(totals=("Tổng cộng",)),
    "blank-lines": Dialect(between=""),
    "empty-lines": Dialect(between="delimiters"),
    "header-again": Dialect(header_again=True),
    "ga4": Dialect(preamble="ga4", system="ga4-source-medium", dates="compact"),
    "utf-16": Dialect(encoding="utf-16-le-bom"),
    "cp1258": Dialect(encoding="cp1258"),
    **{f"dates-{name}": Dialect(dates=name) for name in DATES},
    **{f"numbers-{name}": Dialect(numbers=name) for name in NUMBERS},
}


@pytest.mark.parametrize("dialect", _FAST.values(), ids=_FAST)
def test_the_engine_for_large_files_reads_the_same(dialect: Dialect, monkeypatch: pytest.MonkeyPatch) -> None:
    plain = expected_visits()
    monkeypatch.setattr(choose, "SMALL_BYTES", -1)
    got = read_all(dialect, (VISITORS,))
    assert got == plain


# --- at random ---------------------------------------------------------------------------------------------------

_ASCII_DATES = [name for name in DATES if name != "mdy-narrow-space-PM"]
_CP_NUMBERS = [name for name in NUMBERS if name != "narrow-no-break-space"]
_VIET_SYSTEMS = [name for name in SYSTEMS if name != "vietnamese-nfd"]

_texts = st.builds(
    Dialect,
    system=st.sampled_from(_VIET_SYSTEMS),
    dates=st.sampled_from(_ASCII_DATES),
    numbers=st.sampled_from(_CP_NUMBERS),
    reordered=st.booleans(),
    extra_columns=st.booleans(),
    container=st.sampled_from(("text", "text", "gz")),
    encoding=st.sampled_from([name for name in ENCODERS if name != "cp1252"]),
    delimiter=st.sampled_from((",", ";", "\t", "|")),
    line_end=st.sampled_from(("\n", "\r\n", "\r")),
    last_line_ends=st.booleans(),
    sep_line=st.booleans(),
    preamble=st.sampled_from(("none", "none", "ga4", "title", "title-padded", "google-ads")),
    totals=st.sampled_from(((), (), ("Grand total",), ("Tổng cộng",), ("Total: Account", "Total"))),
    totals_first=st.booleans(),
    between=st.sampled_from((None, None, "", "delimiters", "quotes")),
    padding=st.sampled_from(("", "", " ")),
    quote_all=st.booleans(),
    form=st.just("NFC"),  # decomposed text has its own tests
    header_again=st.booleans(),
    trailing=st.sampled_from(("none", "none", "all", "rows")),
)
_typed = st.builds(
    Dialect,
    system=st.sampled_from(list(SYSTEMS)),
    dates=st.sampled_from(_ASCII_DATES),
    numbers=st.sampled_from(list(NUMBERS)),
    reordered=st.booleans(),
    extra_columns=st.booleans(),
    container=st.sampled_from(("xlsx", "xlsx-titled", "xlsx-second-sheet", "xlsx-text", "parquet", "parquet-text")),
    totals=st.sampled_from(((), ("Grand total",), ("Tổng cộng",))),
    totals_first=st.booleans(),
)


def _by_day(dialect: Dialect) -> Dialect:
    """Where a header says UTC an evening there is the next day here: then another way to write the day."""
    late = dialect.dates in ("iso-minutes", "iso-T-fraction", "iso-T-nanoseconds", "dmy-CH")
    return replace(dialect, dates="iso") if dialect.system == "stripe" and late else dialect


_any = st.one_of(_texts, _texts, _typed).map(_by_day)


@settings(max_examples=tries(60), deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(dialects=st.fixed_dictionaries({table.stage: _any for table in TABLES}))
def test_all_of_it_at_random(dialects: dict[str, Dialect]) -> None:
    assert_same(read_all(dialects))
