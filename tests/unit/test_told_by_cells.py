"""Columns that are told by what their cells hold: sources, phones, the people of one id; worked by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

import funnelcli as fc
from support import in_month, said_of, write_folder

Rows = Sequence[str]


def codes(folder: Path) -> list[str]:
    """What a check says, but of how far the files reach."""
    return [code for code, _ in said_of(folder) if code not in ("ends-early", "begins-late")]


# --- sources -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("header", ["Nhóm kênh vào", "Kênh truy cập", "Traffic type"])
def test_words_that_are_channels_are_read_as_the_source_whatever_their_header(header: str, tmp_path: Path) -> None:
    rows = ["2026-01-05,Organic Search,10", "2026-01-05,Paid Search,4", "2026-01-06,Direct,1"]
    folder = write_folder(tmp_path, {"visitors.csv": "\n".join([f"date,{header},Sessions", *rows])})
    assert in_month(folder, "2026-01", "organic_visits", "paid_visits") == [10 + 1, 4]
    assert said_of(folder).keys() == {("source-by-cells", header)}
    (folder / "funnel.toml").write_text("[inputs.visitors.columns]\nsource = false\n", "utf-8")
    assert in_month(folder, "2026-01", "organic_visits", "paid_visits") == [15, None]
    assert codes(folder) == []


def test_where_people_heard_of_us_is_the_source_of_signups(tmp_path: Path) -> None:
    rows = ["2026-01-05,an@x.vn,Google", "2026-01-05,binh@x.vn,Facebook Ads", "2026-01-06,chi@x.vn,Bạn bè giới thiệu"]
    text = "\n".join(["Timestamp,Email,Bạn biết đến chúng tôi qua đâu?", *rows])
    folder = write_folder(tmp_path, {"signups.csv": text})
    assert in_month(folder, "2026-01", "organic_signups", "paid_signups", "referral_signups") == [1, 1, 1]
    assert codes(folder) == ["source-by-cells"]


@pytest.mark.parametrize(
    "cells",
    [
        ("Email", "SMS", "Zalo"),  # ways to write to people: all of one channel
        ("Direct debit", "Quẹt thẻ", "Partner"),  # ways to pay
        ("Hà Nội", "Đà Nẵng", "Direct"),
        ("Đối tác", "Đại lý", "Khác"),  # kinds of customers
    ],
)
def test_words_of_something_else_are_no_sources(cells: Rows, tmp_path: Path) -> None:
    rows = [f"u{number},2026-01-0{number + 5},{cell}" for number, cell in enumerate(cells)]
    folder = write_folder(tmp_path, {"signups.csv": "\n".join(["user_id,signed_up_at,Hình thức", *rows])})
    assert in_month(folder, "2026-01", "new_signups", "paid_signups") == [3, None]
    assert "source-by-cells" not in codes(folder)


def test_a_header_that_is_known_outweighs_the_cells(tmp_path: Path) -> None:
    text = "date,source,Kênh truy cập,visits\n2026-01-05,x,Paid Search,10\n2026-01-05,y,Direct,4\n"
    folder = write_folder(tmp_path, {"visitors.csv": text})
    assert in_month(folder, "2026-01", "organic_visits", "paid_visits") == [14, 0]


# --- people --------------------------------------------------------------------------------------------------------


def test_the_only_column_of_phones_names_the_people(tmp_path: Path) -> None:
    signups = ["Số máy,Ngày đăng ký", "0912345678,05/01/2026", "0987654321,13/01/2026"]
    paid = ["Liên lạc,Ngày bắt đầu,Ngày kết thúc", "+84 912 345 678,20/01/2026,", "+84 987 654 321,21/01/2026,"]
    folder = write_folder(tmp_path, {"signups.csv": "\n".join(signups), "paid_users.csv": "\n".join(paid)})
    assert in_month(folder, "2026-01", "new_signups", "new_paid_users") == [2, 2]
    assert sorted(codes(folder)) == ["ids-made-alike", "people-by-cells", "people-by-cells"]


def test_numbers_of_orders_are_no_phones(tmp_path: Path) -> None:
    paid = ["Số đơn,Ngày bắt đầu,Ngày kết thúc", "1000012345,20/01/2026,", "1000012346,21/01/2026,"]
    folder = write_folder(tmp_path, {"paid_users.csv": "\n".join(paid)})
    assert codes(folder) == ["missing-column"]


def test_addresses_of_who_looks_after_them_leave_one_column_of_their_own(tmp_path: Path) -> None:
    rows = [f"guest{day}@x.vn,sales@us.vn,2026-01-{day}" for day in range(10, 14)]
    text = "\n".join(["Buyer,Host,started_at", *rows])
    folder = write_folder(tmp_path, {"paid_users.csv": text})
    assert in_month(folder, "2026-01", "new_paid_users") == [4]
    assert ("people-by-cells", "Buyer") in said_of(folder)


# --- ids of several people -----------------------------------------------------------------------------------------

OTHERS = [f"u{day},guest{day}@x.vn,2026-01-{day}" for day in range(10, 14)]


@pytest.mark.parametrize("shared", ["admin", "x", "u99", "7"])
def test_an_id_beside_many_addresses_is_named(shared: str, tmp_path: Path) -> None:
    rows = [f"{shared},a{day}@x.vn,2026-01-{day}" for day in range(20, 23)]
    folder = write_folder(tmp_path, {"signups.csv": "\n".join(["user_id,email,signed_up_at", *OTHERS, *rows])})
    assert in_month(folder, "2026-01", "new_signups") == [4 + 1]
    assert ("id-of-several", "user_id") in said_of(folder)
    (folder / "funnel.toml").write_text('[inputs.signups.columns]\nuser_id = "email"\n', "utf-8")
    assert in_month(folder, "2026-01", "new_signups") == [4 + 3]
    assert "id-of-several" not in codes(folder)


@pytest.mark.parametrize(
    "rows",
    [
        [f"u99,same@x.vn,2026-01-{day}" for day in range(20, 23)],  # one person, three times
        [f"u{day % 2},a{day}@x.vn,2026-01-{day}" for day in range(20, 29)],  # companies, of several people each
        [f"u{number},{who}@us.vn,2026-01-{day}" for number, day in enumerate(range(20, 29)) for who in ("a", "b", "c")],
    ],
)
def test_addresses_that_say_nothing_of_one_id_are_not_named(rows: Rows, tmp_path: Path) -> None:
    folder = write_folder(tmp_path, {"signups.csv": "\n".join(["user_id,email,signed_up_at", *OTHERS[:1], *rows])})
    assert "id-of-several" not in codes(folder)


def test_an_address_of_a_domain_of_its_own_is_somebodys(tmp_path: Path) -> None:
    rows = ["minh@minh.vn,2026-01-05", "test@test.com,2026-01-05", "lan@lan.vn,2026-01-05", "lan@lan.vn,2026-01-06"]
    folder = write_folder(tmp_path, {"signups.csv": "\n".join(["email,signed_up_at", *rows])})
    named = [problem.line for problem in fc.open_folder(folder).check().problems if problem.code == "id-of-nobody"]
    assert named == [3, 4]  # test@test.com, and whoever is lan@lan.vn twice


# --- ids that come back --------------------------------------------------------------------------------------------


def numbered(*days: str) -> str:
    return "\n".join(["ID,Ngày đăng ký", *(f"{number},{day}" for number, day in enumerate(days, 1))])


JANUARY = [f"2026-01-{day:02}" for day in range(5, 10)]
FEBRUARY = [f"2026-02-{day:02}" for day in range(5, 9)]


def test_numbers_of_rows_that_begin_anew_in_each_file_are_named(tmp_path: Path) -> None:
    """All four of February are taken for those of January."""
    folder = write_folder(tmp_path, {"signups_1.csv": numbered(*JANUARY), "signups_2.csv": numbered(*FEBRUARY)})
    assert in_month(folder, "2026-02", "new_signups") == [0]
    said = said_of(folder)["ids-number-rows", "user_id"][0]
    assert said.endswith("so that '1' is taken for who was '1' before: 4 rows do not count")


@pytest.mark.parametrize(
    "files",
    [
        {"signups_1.csv": numbered(*JANUARY), "signups_2.csv": numbered(*JANUARY, *FEBRUARY)},  # the same people again
        {"signups_1.csv": numbered(*JANUARY)},
        {
            "signups_1.csv": "id,signed_up_at\n1,2026-01-05\n7,2026-01-06\n1,2026-02-05\n7,2026-02-06\n"
            "9,2026-02-07\n9,2026-02-08"
        },
    ],
)
def test_ids_that_number_no_rows_are_not_named(files: dict[str, str], tmp_path: Path) -> None:
    assert "ids-number-rows" not in codes(write_folder(tmp_path, files))


def test_names_as_ids_are_named_where_one_comes_back(tmp_path: Path) -> None:
    names = ["Nguyễn Văn An", "Trần Bình", "Lê Chi", "Vũ Dung", "Hồ Em", "Nguyễn Văn An"]
    rows = [f"{name},2026-01-{day}" for day, name in enumerate(names, 10)]
    folder = write_folder(tmp_path, {"signups.csv": "\n".join(["user_id,signed_up_at", *rows])})
    assert in_month(folder, "2026-01", "new_signups") == [5]
    assert codes(folder) == ["ids-are-names"]
    folder = write_folder(tmp_path, {"signups.csv": "\n".join(["user_id,signed_up_at", *rows[:-1]])})
    assert codes(folder) == []
    folder = write_folder(tmp_path, {"signups.csv": "\n".join(["user_id,signed_up_at", rows[0], rows[-1]])})
    assert codes(folder) == ["ids-are-names"]


@pytest.mark.parametrize(
    ("ids", "count"),
    [
        (["test+1@us.vn", "TEST@us.vn", "tester_2@us.vn", "an@x.vn", "bo@x.vn", "chi@x.vn"], 3),
        (["test1", "test-02", "u1", "u2", "u3", "u4"], 2),
        (["testarossa@x.vn", "contest@x.vn", "latest1", "u4"], 0),
        (["test1", "test2", "test3", "u4"], 0),  # a file of tests
    ],
)
def test_ids_by_which_a_form_is_tried_are_named(ids: Rows, count: int, tmp_path: Path) -> None:
    rows = [f"{each},2026-01-{day}" for day, each in enumerate(ids, 10)]
    folder = write_folder(tmp_path, {"signups.csv": "\n".join(["user_id,signed_up_at", *rows])})
    assert in_month(folder, "2026-01", "new_signups") == [len(ids)]
    said = said_of(folder).get(("ids-of-tests", "user_id"), ("0", ""))[0]
    assert int(said.split()[0]) == count


# --- ends ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ends", "is_said"),
    [
        (("05", "06", "07", "08"), True),
        (("05", "06", "07", "28"), True),
        (("05", "06", "27", "28"), False),  # two may have left at once
        (("", "", "", "08"), False),
    ],
)
def test_ends_on_the_day_of_the_start_are_named(ends: Rows, is_said: bool, tmp_path: Path) -> None:
    rows = [f"u{day},2026-01-0{day},{end and f'2026-01-{end}'}" for day, end in enumerate(ends, 5)]
    folder = write_folder(tmp_path, {"paid_users.csv": "\n".join(["user_id,started_at,ended_at", *rows])})
    assert codes(folder) == ["ends-at-start"] * is_said
    same = sum(end == f"0{day}" for day, end in enumerate(ends, 5))
    assert in_month(folder, "2026-01", "churned_paid_users", as_of="2026-01-09") == [same]


# --- columns that are not read -------------------------------------------------------------------------------------


def of_paying(header: str, *cells: str) -> str:
    rows = [f"u{day},2026-01-0{day},,100,{cell}" for day, cell in enumerate(cells, 5)]
    return "\n".join([f"user_id,started_at,ended_at,mrr,{header}", *rows])


@pytest.mark.parametrize(
    ("header", "cells", "is_said"),
    [
        ("Ghi chú", ("Đã nghỉ", "gọi lại", "khách vip", ""), True),
        ("Notes", ("refunded", "call back", "vip", ""), True),
        ("Notes", ("call back", "vip", "likes tea", ""), False),
        ("Tỷ giá", ("25400", "25410", "25400", "25400"), True),
        ("Exchange rate", ("1.08", "1.08", "1.08", "1.1"), True),
        ("Exchange rate", ("1", "1.00", "1", "1"), False),
        ("Conversion rate", ("3.5", "4", "2", "1"), False),
    ],
)
def test_notes_of_who_has_left_and_rates_of_exchange_are_named(
    header: str, cells: Rows, is_said: bool, tmp_path: Path
) -> None:
    folder = write_folder(tmp_path, {"paid_users.csv": of_paying(header, *cells)})
    assert in_month(folder, "2026-01", "closing_paid_users", "closing_mrr_amount") == [4, 400]
    assert [column for code, column in said_of(folder) if code == "unread-column"] == [header] * is_said


def test_rates_of_exchange_say_nothing_where_the_currency_is_known(tmp_path: Path) -> None:
    text = of_paying("Tỷ giá", "25400", "25410", "25400", "25400")
    folder = write_folder(tmp_path, {"paid_users.csv": text}, '[business]\ncurrency = "USD"\n')
    assert codes(folder) == []
    folder = write_folder(tmp_path, {"paid_users.csv": text.replace(",mrr,", ",MRR (USD),")})
    assert codes(folder) == []


def test_what_is_owed_is_named_where_no_amount_is_read_too(tmp_path: Path) -> None:
    rows = [f"u{day},2026-01-0{day},,{debt}" for day, debt in enumerate((500000, 0, 0, 0), 5)]
    text = "\n".join(["user_id,started_at,ended_at,Công nợ", *rows])
    folder = write_folder(tmp_path, {"paid_users.csv": text})
    assert said_of(folder).keys() == {("unread-column", "Công nợ")}


@pytest.mark.parametrize(
    ("start", "amount", "currency", "is_said"),
    [
        ("1767571200", "2000", "usd", True),
        ("1767571200000", "2000", "EUR", True),
        ("1767571200", "20.00", "usd", False),
        ("1767571200", "2000", "vnd", False),
        ("1767571200", "29", "usd", False),
        ("2026-01-05", "2000", "usd", False),
    ],
)
def test_whole_amounts_beside_days_in_seconds_may_be_cents(
    start: str, amount: str, currency: str, is_said: bool, tmp_path: Path
) -> None:
    text = f"customer_id,start_date,ended_at,mrr,currency\nc1,{start},,{amount},{currency}\n"
    folder = write_folder(tmp_path, {"paid_users.csv": text})
    assert in_month(folder, "2026-01", "closing_mrr_amount") == [float(amount)]
    assert codes(folder) == ["amounts-may-be-minor"] * is_said
    (folder / "funnel.toml").write_text('[inputs.paid_users]\namount_unit = "minor"\n', "utf-8")
    assert codes(folder) == []


@pytest.mark.parametrize(
    ("cells", "currency", "is_said"),
    [
        (("4900", "12900"), "usd", True),
        (("49.00", "129.00"), "usd", False),
        (("49", "129"), "usd", False),
        (("4900", "12900"), "USD", False),
        (("490000", "1290000"), "vnd", False),
    ],
)
def test_whole_amounts_beside_codes_in_small_letters_may_be_cents(
    cells: Sequence[str], currency: str, is_said: bool, tmp_path: Path
) -> None:
    rows = "".join(f"c{n},2026-01-05,,{cell},{currency},month\n" for n, cell in enumerate(cells))
    text = f"customer_id,start_date,ended_at,amount,currency,interval\n{rows}"
    folder = write_folder(tmp_path, {"paid_users.csv": text})
    assert codes(folder) == ["amounts-may-be-minor"] * is_said


@pytest.mark.parametrize(
    ("header", "cells", "value"),
    [
        ("Trùng", ("x", "", "", ""), "x"),
        ("Finished", ("FALSE", "TRUE", "TRUE", "TRUE"), "FALSE"),
        ("User agent", ("Mozilla/5.0 (compatible; Googlebot/2.1)", "Mozilla/5.0", "Mozilla/5.0", ""), "*Googlebot*"),
        ("User agent", ("Mozilla/5.0 (iPhone)", "Mozilla/5.0", "Mozilla/5.0", ""), None),
        ("Onboarding completed", ("FALSE", "TRUE", "TRUE", "TRUE"), None),
        ("Company", ("Abbot 3", "Talbot", "Botany", ""), None),
    ],
)
def test_signups_of_programs_doubles_and_forms_never_sent_are_named(
    header: str, cells: Rows, value: str | None, tmp_path: Path
) -> None:
    rows = [f"u{day},2026-01-0{day},{cell}" for day, cell in enumerate(cells, 5)]
    folder = write_folder(tmp_path, {"signups.csv": "\n".join([f"user_id,signed_up_at,{header}", *rows])})
    assert in_month(folder, "2026-01", "new_signups") == [4]
    assert codes(folder) == ["unread-column-excludes"] * (value is not None)
    if value is not None:
        config = f"[inputs.signups.drop]\n'{header}' = ['{value}']\n"
        (folder / "funnel.toml").write_text(config, "utf-8")
        assert in_month(folder, "2026-01", "new_signups") == [3]
        assert codes(folder) == []


# --- Calendly ------------------------------------------------------------------------------------------------------


def test_events_of_calendly_are_read_as_they_are(tmp_path: Path) -> None:
    """Four were booked by 4 January; of those that were to be by then one was cancelled, and one guest stayed away."""
    rows = [
        "an@x.vn,2026-01-02 10:00 am,2026-01-01 09:00 am,false,No,rep@us.vn",
        "bo@x.vn,2026-01-03 10:00 am,2026-01-01 09:00 am,true,No,rep@us.vn",
        "chi@x.vn,2026-01-04 10:00 am,2026-01-02 09:00 am,false,Yes,rep@us.vn",
        "dung@x.vn,2026-01-09 10:00 am,2026-01-04 09:00 am,false,No,rep@us.vn",
    ]
    header = "Invitee Email,Start Date & Time,Event Created Date & Time,Canceled,Marked as No-Show,User Email"
    folder = write_folder(tmp_path, {"demos.csv": "\n".join([header, *rows])})
    assert in_month(folder, "2026-01", "new_demo_bookings", "cumulative_demos_held") == [4, 1]
    assert codes(folder) == []
