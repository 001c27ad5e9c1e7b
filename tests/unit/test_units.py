"""Units beside a header: a row of them below it is no row, a remark above it or words in it count as the unit."""

from __future__ import annotations

from pathlib import Path

import pytest

from funnelcli import InputError
from funnelcli.reading.engines import choose
from funnelcli.reading.unit_words import unit_said
from support import in_month, report_of, said_of, write_folder

MRR = "closing_mrr_amount"


@pytest.fixture(params=["small", "large"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    if request.param == "large":
        monkeypatch.setattr(choose, "SMALL_BYTES", 0)


@pytest.mark.parametrize(
    "row",
    [
        "(người),(ngày),(lượt)",
        ",(date),(sessions)",
        "kênh,ngày,lượt",
        "varchar,date,integer",
        "Nguồn,Ngày truy cập,Số lượt",
    ],
)
@pytest.mark.usefixtures("engine")
def test_a_row_of_units_is_no_row(row: str, tmp_path: Path) -> None:
    """10 + 20 visits."""
    rows = "zalo,2026-01-05,10\nzalo,2026-01-06,20\n"
    write_folder(tmp_path, {"visits.csv": f"source,date,visits\n{row}\n{rows}"})
    assert in_month(tmp_path, "2026-01", "net_new_visitors") == [30]
    assert [code for code, _ in said_of(tmp_path)] == ["units-row"]
    [source] = report_of(tmp_path, month="2026-01").sources
    assert source.rows_read == 2


def test_what_a_row_of_units_says_of_amounts_counts(tmp_path: Path) -> None:
    """100 + 200 thousand dong, once a setting says so too; 300 of its currency where the row says but that."""
    rows = "u1,2026-01-05,100\nu2,2026-01-06,200\n"
    write_folder(tmp_path, {"paid_users.csv": f"user_id,started_at,mrr\n,(ngày),nghìn đồng\n{rows}"})
    assert {code for code, _ in said_of(tmp_path)} == {"units-row", "amount-unit-undecided"}
    assert in_month(tmp_path, "2026-01", "new_paid_users", MRR) == [2, None]
    write_folder(tmp_path, {}, '[inputs.paid_users]\namount_unit = "thousand"\n')
    assert in_month(tmp_path, "2026-01", MRR) == [300_000]
    write_folder(tmp_path, {"paid_users.csv": f"user_id,started_at,mrr\n,(date),USD\n{rows}"})
    assert (in_month(tmp_path, "2026-01", MRR), report_of(tmp_path).spec.currency) == ([300], "USD")


@pytest.mark.parametrize(
    "row",
    [
        "u1,chưa rõ,zalo",  # an id like the others
        "An,chưa rõ,zalo",  # a source that others have
        "#REF!,#REF!,#REF!",
        "u1,(2026-01-05),tiktok",
        "Tổng,,",
    ],
)
def test_rows_with_faults_are_rows(row: str, tmp_path: Path) -> None:
    write_folder(tmp_path, {"signups.csv": f"user_id,signed_up_at,source\n{row}\nu2,2026-01-06,zalo\nu3,2026-01-07,\n"})
    assert "units-row" not in {code for code, _ in said_of(tmp_path)}
    if row.startswith("Tổng"):
        assert in_month(tmp_path, "2026-01", "new_signups") == [2]
    else:
        with pytest.raises(InputError):
            report_of(tmp_path)


@pytest.mark.parametrize(
    ("header", "unit", "total"),
    [
        ("MRR (nghìn đồng)", "thousand", 300_000),
        ("MRR (1000 VND)", "thousand", 300_000),
        ("MRR x1000", "thousand", 300_000),
        ("mrr in thousands", "thousand", 300_000),
        ("MRR (triệu)", "million", 300_000_000),
        ("MRR (ĐVT: tỷ)", "billion", 300_000_000_000),
    ],
)
def test_units_in_a_header_are_named_with_the_setting_that_reads_them(
    header: str, unit: str, total: float, tmp_path: Path
) -> None:
    rows = "u1,2026-01-05,100\nu2,2026-01-06,200\n"
    write_folder(tmp_path, {"paid_users.csv": f"user_id,started_at,{header}\n{rows}"})
    step = said_of(tmp_path)["amount-unit-undecided", "mrr"][1]
    assert step.startswith(f'If they are: [inputs.paid_users] amount_unit = "{unit}"')
    assert in_month(tmp_path, "2026-01", MRR) == [None]
    write_folder(tmp_path, {}, f'[inputs.paid_users]\namount_unit = "{unit}"\n')
    assert (in_month(tmp_path, "2026-01", MRR), said_of(tmp_path)) == ([total], {})


def test_units_above_a_table(tmp_path: Path) -> None:
    """Of a list of customers 300 thousand; in a monthly table 100 million; "Đơn vị" is also who wrote the list."""
    rows = "user_id,started_at,mrr\nu1,2026-01-05,100\nu2,2026-01-06,200\n"
    write_folder(tmp_path, {"paid_users.csv": f"KHÁCH HÀNG 2026\nĐVT: nghìn đồng\n{rows}"})
    assert list(said_of(tmp_path)) == [("amount-unit-undecided", "mrr")]
    write_folder(tmp_path, {}, '[inputs.paid_users]\namount_unit = "thousand"\n')
    assert in_month(tmp_path, "2026-01", MRR) == [300_000]
    write_folder(tmp_path, {"paid_users.csv": f"Đơn vị: Công ty An Phát\n{rows}"})
    assert (in_month(tmp_path, "2026-01", MRR), said_of(tmp_path)) == ([300], {})


@pytest.mark.parametrize(
    ("above", "header"), [("ĐVT: triệu đồng\n", MRR), ("", f"{MRR} (triệu)"), ("Doanh thu (triệu VND)\n", MRR)]
)
def test_units_of_a_monthly_table(above: str, header: str, tmp_path: Path) -> None:
    write_folder(tmp_path, {"monthly.csv": f"{above}month,new_paid_users,{header}\n2026-01,5,100\n"})
    assert list(said_of(tmp_path)) == [("amount-unit-undecided", MRR)]
    assert in_month(tmp_path, "2026-01", "new_paid_users", MRR) == [5, None]
    write_folder(tmp_path, {}, '[inputs.monthly]\namount_unit = "million"\n')
    assert (in_month(tmp_path, "2026-01", MRR), said_of(tmp_path)) == ([100_000_000], {})


def test_the_price_of_a_seat_is_read_by_the_settings_that_are_named(tmp_path: Path) -> None:
    """3 seats at 100 and one at 200: 500."""
    rows = "user_id,started_at,ended_at,Unit price,Seats\nu1,2026-01-05,,100,3\nu2,2026-01-06,,200,1\n"
    write_folder(tmp_path, {"paid_users.csv": rows})
    step = said_of(tmp_path)["unread-column", "Unit price"][1]
    assert "[inputs.paid_users.columns] amount = 'Unit price'; [inputs.paid_users] interval = \"month\"" in step
    config = "[inputs.paid_users]\ninterval = 'month'\n[inputs.paid_users.columns]\namount = 'Unit price'\n"
    write_folder(tmp_path, {}, config)
    assert (in_month(tmp_path, "2026-01", MRR), said_of(tmp_path)) == ([500], {})


def test_a_number_of_users_is_named_however_it_is_counted(tmp_path: Path) -> None:
    rows = "user_id,started_at,amount,interval,No. of users\nu1,2026-01-05,100,month,3\nu2,2026-01-06,100,month,1\n"
    write_folder(tmp_path, {"paid_users.csv": rows})
    assert ("unread-column", "No. of users") in said_of(tmp_path)


@pytest.mark.parametrize(
    ("header", "unit"),
    [
        ("Số tiền (ngàn)", "thousand"),
        ("so tien ngan dong", "thousand"),
        ("So tien, ngan VND", "thousand"),
        ("Doanh thu ngan", "thousand"),
        ("Chi phi (DVT: ngan)", "thousand"),
        ("Ngan sach marketing", None),
        ("Chi qua ngan hang (VND)", None),
        ("Ngan khoan da chi", None),
        ("Tien ngan han", None),
        ("Chi tieu ngân quỹ", None),
        ("Nguoi thu ngan", None),
        ("Chi phi cong ty", None),
        ("Chi phí công ty (tỷ đồng)", "billion"),
        ("Doanh so ty VND", "billion"),
        ("Ty gia quy doi", None),
        ("Tỷ trọng chi phí", None),
        ("Ti suat loi nhuan", None),
        ("Giá trị [tỷ]", "billion"),
    ],
)
def test_a_word_is_a_unit_where_it_stands_as_one(header: str, unit: str | None) -> None:
    """Not by what follows it in a list, but before a currency, in brackets, behind a mark, or at the end."""
    assert unit_said(header) == unit
