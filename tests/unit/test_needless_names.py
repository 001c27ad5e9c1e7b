"""Columns of real exports that say nothing of any figure: none of them is named, while those that may are."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

import pytest

from support import said_of, write_folder

ROWS = 40
Cells = Sequence[str] | Callable[[int], str]
READ: Mapping[str, tuple[str, Callable[[int], str]]] = {
    "paid_users": (
        "user_id,started_at,ended_at,mrr",
        lambda n: f"u{n},2026-01-{n % 20 + 1:02},{left(n)},{100 + n % 3}",
    ),
    "signups": ("user_id,signed_up_at,source", lambda n: f"u{n},2026-01-{n % 20 + 1:02},{('google', 'zalo')[n % 2]}"),
    "demos": ("user_id,booked_at,held_at", lambda n: f"u{n},2026-01-{n % 20 + 1:02},2026-01-{n % 20 + 2:02}"),
}


def left(row: int) -> str:
    """The end of a tenth of the rows."""
    return "2026-02-25" if row % 10 == 3 else ""


QUIET: Mapping[str, Mapping[str, Cells]] = {
    "signups": {
        "email_verified": ("true", "true", "false"),
        "email_verified_at": ("2026-02-01 10:00:00", ""),
        "Lead Status": ("New", "Unqualified", "Connected"),
        "Accepts Email Marketing": ("yes", "no"),
        "Marketing contact status": ("Marketing contact", "Non-marketing contact"),
        "IsConverted": ("true", "false"),
        "HasOptedOutOfEmail": ("false", "true"),
        "Total Orders": ("0", "1", "3"),
        "Nợ cần thu hiện tại": ("0", "150000"),
        "Rating": ("Hot", "Warm", "Cold"),
        "$os": ("iOS", "Windows"),
        "sign_in_count": ("0", "4"),
    },
    "paid_users": {
        "Delinquent": ("false", "true"),  # who is late pays still
        "Type": ("New Business", "Existing Business"),
        "State": ("TX", "CA", "NY"),
        "Notifications": ("all", "none"),  # ALL is the code of a currency
        "Application Fee Percent": ("", "2"),
        "Payment Terms": ("Net 30", "Due on receipt"),
        "Coupon code": ("", "TET10"),
        "Risk Level": ("Low", "High"),
        "Churn risk": ("low", "high"),
        "Onboarding completed": ("yes", "no"),
        "Nonprofit": ("no", "yes"),
        "Có zalo": lambda n: "yes" if n // 10 % 2 else "no",  # of those who left as of the others
        "Hot": lambda n: "x" if n // 10 % 2 else "0",
        "Is Active": lambda n: "No" if left(n) else "Yes",  # as the ends say
        "Cancellation Reason": lambda n: "too expensive" if left(n) else "",
        "Collection Method": ("charge_automatically", "send_invoice"),
        "Gia hạn tự động": ("Có", "Không"),
        "Nhân viên bán": ("Huy", "Thắng"),
    },
    "demos": {
        "Event Type Name": ("Demo 30", "Product demo"),
        "Invitee Time Zone": ("Asia/Ho_Chi_Minh", "UTC"),
        "Hình thức": ("Online", "Offline"),
        "Guest Email(s)": ("", "a@b.vn"),
    },
}
NAMED: Mapping[str, Mapping[str, Cells]] = {
    "signups": {"is_deleted": ("false", "true"), "is_superuser": ("0", "1"), "account confirmed": ("yes", "no")},
    "paid_users": {
        "Is Active": ("No", "Yes"),  # who has no end, too
        "Còn sử dụng": ("x", ""),
        "Invoice status": ("Paid", "Open"),
        "Loại hợp đồng": ("Mới", "Thanh lý"),
        "ccy": ("usd", "vnd"),
        "Unit": ("ALL", "EUR"),
        "Discount percent": ("0", "10"),
        "livemode": ("true", "false"),
        "xyz": lambda n: "yes" if left(n) or n == 5 else "no",  # of all who left, and of one who seems to pay
    },
    "demos": {"Meeting type": ("Demo", "Follow-up"), "Rescheduled": ("false", "true")},
}


def folder_with(tmp_path: Path, name: str, columns: Mapping[str, Cells]) -> Path:
    header, row = READ[name]
    lines = [",".join([header, *columns])]
    for number in range(ROWS):
        cells = (c(number) if callable(c) else c[number % len(c)] for c in columns.values())
        lines.append(",".join([row(number), *cells]))
    return write_folder(tmp_path, {f"{name}.csv": "\n".join(lines) + "\n"})


@pytest.mark.parametrize("name", QUIET)
def test_what_changes_no_figure_is_not_named(name: str, tmp_path: Path) -> None:
    said = said_of(folder_with(tmp_path, name, QUIET[name]))
    assert {key: text for key, text in said.items() if key[0] not in ("payments-list", "unmatched-source")} == {}


@pytest.mark.parametrize("name", NAMED)
def test_what_may_change_a_figure_is_named(name: str, tmp_path: Path) -> None:
    said = said_of(folder_with(tmp_path, name, NAMED[name]))
    columns = ", ".join(column or "" for code, column in said if code.startswith("unread-column"))
    assert set(columns.split(", ")) == set(NAMED[name])  # several may be named at once
