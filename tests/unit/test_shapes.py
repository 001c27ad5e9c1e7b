"""Files that are not what a row of them seems to be: lists, copies, repeats, footers, folders; worked by hand."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

import funnelcli as fc

Lines = Sequence[str]
MONTHS = ("2026-01", "2026-02", "2026-03")
MRR, CLOSING, LOST = "closing_mrr_amount", "closing_paid_users", "churned_paid_users"
NEW = "new_paid_users"


def folder_of(place: Path, toml: str = "", /, **files: Lines) -> fc.Folder:
    """A folder of files, each given as lines, with its funnel.toml."""
    place.mkdir(exist_ok=True)
    if toml:
        (place / "funnel.toml").write_text(toml, encoding="utf-8")
    for name, lines in files.items():
        (place / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return fc.open_folder(place)


def values(folder: fc.Folder, metric: str, as_of: str = "2026-03-31") -> list[float | None]:
    """A metric from January to March 2026."""
    report = folder.report(start="2026-01", end="2026-03", as_of=as_of)
    known = report.values(metric)
    return [known[month].value for month in MONTHS]


OF_REACH = ("month-gap", "ends-early", "begins-late", "zeros-after")


def codes(folder: fc.Folder) -> list[str]:
    """What a check says, but of how far the files reach."""
    return [fault.code for fault in folder.check().problems if fault.code not in OF_REACH]


def hints(folder: fc.Folder, code: str) -> list[str]:
    return [fault.hint for fault in folder.check().problems if fault.code == code]


SIGNUPS = ("user_id,email,signed_up_at,source", *(
    f"u{number},u{number}@x.vn,2026-01-0{number},google / cpc" for number in range(1, 7)
), "u7,u7@x.vn,2026-03-31,direct")  # fmt: skip

# --- lists of who pays at the time ---------------------------------------------------------------------------------

JANUARY = ("user_id,started_at,mrr", "u1,2026-01-10,100", "u2,2026-01-15,100")
FEBRUARY = (*JANUARY, "u3,2026-02-10,100")
MARCH = ("user_id,started_at,mrr", "u1,2026-01-10,120", "u3,2026-02-10,100", "u4,2026-03-10,100")


def test_a_list_a_month_tells_who_left_and_what_changed(tmp_path: Path) -> None:
    files = {"paid_users_2026-01": JANUARY, "paid_users_2026-02": FEBRUARY, "paid_users_2026-03": MARCH}
    folder = folder_of(tmp_path, signups=SIGNUPS, **files)
    assert values(folder, NEW) == [2, 1, 1]
    # u2 is not in March's list; u1 pays 120 from March's list on.  Nobody knows who left before January's was made.
    assert values(folder, MRR) == [100 + 100, 100 + 100 + 100, 120 + 100 + 100]
    assert values(folder, CLOSING) == [2, 3, 3]
    assert values(folder, LOST) == [None, 0, 1]
    assert codes(folder) == ["read-as-snapshots"]
    tallies = {tally.file: (tally.read, tally.counted, tally.duplicate) for tally in folder.facts().tallies}
    assert tallies["paid_users_2026-03.csv"] == (3, 2, 1)
    # The setting that the warning names decides: every row counts, as a part of one list.
    folder = folder_of(tmp_path, '[paid_users]\nsame_customers = "parts"\n')
    assert values(folder, CLOSING) == [2, 3, 4]
    assert values(folder, LOST) == [None, None, None]
    assert "read-as-snapshots" not in codes(folder)


@pytest.mark.parametrize(
    ("header", "months"),
    [
        ("Report month", ("2026-01", "2026-02", "2026-03")),
        ("Kỳ báo cáo", ("01/2026", "02/2026", "03/2026")),
        ("Snapshot date", ("2026-01-31", "2026-02-28", "2026-03-31")),
        # Those of the first of a month are the lists of the month that is over.
        ("As of", ("2026-02-01", "2026-03-01", "2026-04-01")),
    ],
)
def test_a_column_that_says_when_rows_were_listed_makes_lists_of_one_file(
    header: str, months: Sequence[str], tmp_path: Path
) -> None:
    rows = [f"{month},{line}" for month, lines in zip(months, (JANUARY, FEBRUARY, MARCH), strict=True)
            for line in lines[1:]]  # fmt: skip
    folder = folder_of(tmp_path, signups=SIGNUPS, paid_users=[f"{header},{JANUARY[0]}", *rows])
    assert values(folder, NEW) == [2, 1, 1]
    assert values(folder, MRR) == [200, 300, 320]
    assert values(folder, CLOSING) == [2, 3, 3]
    assert values(folder, LOST)[1:] == [0, 1]
    # The column is used, so that nothing is asked about it; where the lists are parts, it is one that is not read.
    assert codes(folder) == ["read-as-snapshots"]
    parts = codes(folder_of(tmp_path, '[paid_users]\nsame_customers = "parts"\n'))
    assert "unread-column" in parts


@pytest.mark.parametrize(
    ("names", "lost", "closing"),
    [
        # Gone between 15 January and 20 January: lost then.  Who left after 20 January is not told.
        (("2026-01-15", "2026-01-20"), [None, None, None], [2, 2, 2]),
        # Between 20 January and 10 February: in which month, nobody knows.
        (("2026-01-20", "2026-02-10"), [None, None, None], [None, 2, 2]),
        # In February, and whoever left in March is in no list.
        (("2026-01", "2026-02"), [None, 1, None], [3, 2, 2]),
        # In February or in March.
        (("2026-01", "2026-03"), [None, None, None], [3, None, 2]),
    ],
)
def test_a_loss_counts_where_two_lists_tell_its_month(
    names: Sequence[str], lost: Sequence[float | None], closing: Sequence[float | None], tmp_path: Path
) -> None:
    old = ("user_id,started_at", "u1,2026-01-05", "u2,2026-01-06", "u3,2026-01-07")
    folder = folder_of(tmp_path, signups=SIGNUPS, **{f"paid_users_{names[0]}": old, f"paid_users_{names[1]}": old[:3]})
    assert values(folder, NEW) == [3, 0, 0]
    assert values(folder, LOST) == lost
    assert values(folder, CLOSING) == closing


def test_lists_that_do_not_say_when_they_were_made_tell_only_that_somebody_left(tmp_path: Path) -> None:
    old = ("user_id,started_at", "u1,2026-01-05", "u2,2026-01-06", "u3,2026-01-07")
    folder = folder_of(tmp_path, signups=SIGNUPS, paid_users_a=old, paid_users_b=(*old[:3], "u4,2026-02-10"))
    assert values(folder, CLOSING) == [None, None, 3]
    assert values(folder, LOST) == [None, None, None]


def test_files_that_say_when_others_ended_are_asked_about_those_who_are_gone(tmp_path: Path) -> None:
    old = ("user_id,started_at,ended_at", "u1,2026-01-05,", "u2,2026-01-06,2026-02-20", "u3,2026-01-07,")
    files = {"paid_users_2026-02": old, "paid_users_2026-03": old[:3]}
    folder = folder_of(tmp_path, signups=SIGNUPS, **files)
    assert codes(folder) == ["gone-from-snapshot"]
    assert values(folder, CLOSING) == [3, 2, 2]
    (hint,) = hints(folder, "gone-from-snapshot")
    assert '[paid_users] same_customers = "snapshots"' in hint
    folder = folder_of(tmp_path, '[paid_users]\nsame_customers = "snapshots"\n')
    assert codes(folder) == ["read-as-snapshots"]
    assert values(folder, CLOSING) == [3, 2, 1]


def test_parts_of_a_list_without_a_customer_in_common_are_no_lists_of_one_time(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path, signups=SIGNUPS, **{"paid_users_2026-01": JANUARY, "paid_users_2026-02": (FEBRUARY[0], FEBRUARY[3])}
    )
    assert codes(folder) == []
    assert values(folder, MRR) == [200, 300, 300]
    assert values(folder, LOST) == [None, None, None]


# --- rows alike but for what is not read ---------------------------------------------------------------------------


def billed(header: str, *numbers: str) -> Lines:
    return (f"Customer ID,Start Date,End Date,{header},MRR", *(f"u1,2026-01-10,,{number},100" for number in numbers),
            "u2,2026-02-10,,n9,100")  # fmt: skip


@pytest.mark.parametrize("header", ["Invoice No", "Invoice ID", "Payment ref", "Số hóa đơn", "Mã giao dịch"])
def test_a_rate_that_each_bill_says_once_more_is_one(header: str, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, signups=SIGNUPS, paid_users=billed(header, "n1", "n2", "n3"))
    assert values(folder, MRR) == [100, 200, 200]
    assert "rate-repeated" in codes(folder)
    # Whoever says that each is a subscription gets just that.
    own = f'[inputs.paid_users.columns]\nsubscription_id = "{header}"\n'
    folder = folder_of(tmp_path, own)
    assert values(folder, MRR) == [300, 400, 400]
    assert "rate-repeated" not in codes(folder)


def test_a_rate_beside_another_column_is_asked_about(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, signups=SIGNUPS, paid_users=billed("Shop", "a", "b", "c"))
    assert values(folder, MRR) == [300, 400, 400]
    assert "rate-repeated" in codes(folder)
    folder = folder_of(tmp_path, '[inputs.paid_users]\nignore = ["Shop"]\n')
    assert values(folder, MRR) == [100, 200, 200]
    assert "rate-repeated" not in codes(folder)


def test_bills_on_days_of_their_own_say_one_rate(tmp_path: Path) -> None:
    rows = ("user_id,started_at,ended_at,No,Billed,mrr", "u1,2026-01-10,,a1,2026-01-10,100",
            "u1,2026-01-10,,a2,2026-02-10,100", "u2,2026-01-10,,a3,2026-01-11,50")  # fmt: skip
    folder = folder_of(tmp_path, "[inputs.paid_users]\nignore = ['Billed']\n", signups=SIGNUPS, paid_users=rows)
    assert values(folder, MRR) == [250, 250, 250]
    (tmp_path / "funnel.toml").unlink()
    assert values(fc.open_folder(tmp_path), MRR) == [150, 150, 150]


def test_lines_of_an_invoice_add_up(tmp_path: Path) -> None:
    rows = (
        "user_id,started_at,ended_at,Invoice No,amount",
        "u1,2026-01-01,2026-01-31,n1,100",
        "u1,2026-01-01,2026-01-31,n2,100",
    )
    folder = folder_of(tmp_path, signups=SIGNUPS, paid_users=rows)
    assert values(folder, MRR, as_of="2026-01-20")[0] == 200
    assert "rate-repeated" not in codes(folder)


# --- an open row beside an open one ------------------------------------------------------------------------------


UPGRADED = ("user_id,started_at,ended_at,plan,mrr", "u1,2026-01-10,,basic,100", "u1,2026-03-01,,pro,200",
            "u2,2026-02-10,,basic,100", "u3,2026-03-10,,basic,100")  # fmt: skip


def test_an_open_row_beside_an_open_one_is_asked_about(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, signups=SIGNUPS, paid_users=UPGRADED)
    assert codes(folder) == ["open-beside-open"]
    (fault,) = [fault for fault in folder.check().problems if fault.code == "open-beside-open"]
    assert (fault.file, fault.line) == ("paid_users.csv", 3)
    assert values(folder, MRR) == [100, 200, 500]
    for answer, mrr in (("add", [100, 200, 500]), ("replace", [100, 200, 400])):
        folder = folder_of(tmp_path, f'[paid_users]\nopen_rows = "{answer}"\n')
        assert codes(folder) == []
        assert values(folder, MRR) == mrr
        assert values(folder, CLOSING) == [1, 2, 3]
        assert values(folder, LOST) == [0, 0, 0]


def test_ids_tell_open_rows_apart_and_alike_ones_are_not_asked_about(tmp_path: Path) -> None:
    named = ("user_id,started_at,ended_at,plan,mrr,subscription_id", "u1,2026-01-10,,basic,100,s1",
             "u1,2026-03-01,,pro,200,s2", "u2,2026-03-31,,pro,1,s3")  # fmt: skip
    assert codes(folder_of(tmp_path / "ids", signups=SIGNUPS, paid_users=named)) == []
    alike = (
        "user_id,started_at,ended_at,plan,mrr",
        "u1,2026-01-10,,basic,100",
        "u1,2026-03-01,,basic,100",
        "u2,2026-03-31,,a,1",
    )
    assert codes(folder_of(tmp_path / "alike", signups=SIGNUPS, paid_users=alike)) == []


# --- copies --------------------------------------------------------------------------------------------------------

CONTACTS = ("Record ID,Email,Create Date,Lifecycle Stage,Original Source", *(
    f"{number},p{number}@x.vn,2026-0{1 + number % 3}-1{number},lead,Organic Search" for number in range(1, 9)
))  # fmt: skip


def test_a_list_of_contacts_is_no_list_of_demos(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, signups=CONTACTS, demos=CONTACTS)
    assert "list-of-people" in codes(folder)
    with pytest.raises(fc.FunnelError):
        folder.report(start="2026-01", end="2026-03")
    # Whoever says that each contact booked a demo when it was created gets just that.
    folder = folder_of(tmp_path, '[inputs.demos.columns]\nbooked_at = "Create Date"\n')
    assert "list-of-people" not in codes(folder)
    assert sum(filter(None, values(folder, "new_demo_bookings"))) == 8


def test_demos_that_say_more_or_are_fewer_are_demos(tmp_path: Path) -> None:
    held = [f"{line},held" for line in CONTACTS[1:]]
    said = folder_of(tmp_path / "said", signups=CONTACTS, demos=[f"{CONTACTS[0]},status", *held])
    assert "list-of-people" not in codes(said)
    some = folder_of(tmp_path / "some", signups=CONTACTS, demos=CONTACTS[:5])
    assert "list-of-people" not in codes(some)


DEMOS = ("demo_id,user_id,booked_at,held_at,status", "d1,u1,2026-01-05,2026-01-06,held",
         "d2,u2,2026-01-20,2026-01-21,held", "d3,u3,2026-02-05,2026-02-06,held",
         "d4,u4,2026-03-05,2026-03-06,held")  # fmt: skip


@pytest.mark.parametrize("ids", [("x1", "x2", "x3", "x4"), ("x1", "d2", "d3", "d4"), ("", "", "", "")])
def test_exports_of_one_time_count_once_whatever_their_ids(ids: Sequence[str], tmp_path: Path) -> None:
    again = [f"{name}{line[2:]}" for name, line in zip(ids, DEMOS[1:], strict=True)]
    folder = folder_of(tmp_path, signups=SIGNUPS, demos_1=DEMOS, demos_2=[DEMOS[0], *again, "d5,u5,2026-03-20,,booked"])
    assert values(folder, "new_demo_bookings") == [2, 1, 2]
    assert "exported-twice" in codes(folder)


def test_demos_of_two_files_that_differ_elsewhere_all_count(tmp_path: Path) -> None:
    # Of the four demos of either file in the time of both, one is alike: two people may well book on one day twice.
    other = (DEMOS[0], "x1,u1,2026-01-05,,", "x2,u5,2026-01-21,,", "x3,u6,2026-02-07,,", "x4,u3,2026-03-05,,")
    folder = folder_of(tmp_path, signups=SIGNUPS, demos_1=DEMOS, demos_2=other)
    assert values(folder, "new_demo_bookings") == [4, 2, 2]
    assert "exported-twice" not in codes(folder)


# Exports that overlap by a few days: of the second one the first row is the third one of the first.
FIRST = ("demo_id,user_id,booked_at,held_at,owner", "d1,u1,2026-01-05,2026-01-06,An", "d2,u2,2026-01-28,,An")


@pytest.mark.parametrize(
    ("again", "demos", "code"),
    [
        ("HS-7,u2,2026-01-28,2026-02-03,An", 3, "exported-twice"),  # 2 + 2 - 1: ids of another kind
        (",u2,2026-01-28,2026-02-03,", 3, "exported-twice"),  # no id
        ("HS-7,u2,2026-01-28,2026-02-03,Bo", 4, "planned-alike"),  # another owner
        ("d8,u2,2026-01-28,2026-02-03,An", 4, "planned-alike"),  # ids of one kind
        ("d8,u2,2026-01-28,2026-02-03,Bo", 4, None),
        ("d8,u2,2026-01-29,2026-02-03,An", 4, None),
    ],
)
def test_a_booking_that_two_files_have(again: str, demos: int, code: str | None, tmp_path: Path) -> None:
    last = f"{again.partition(',')[0].rstrip('0123456789')}9,u3,2026-02-05,,An"
    folder = folder_of(tmp_path, signups=SIGNUPS, demos_1=FIRST, demos_2=[FIRST[0], again, last])
    assert sum(filter(None, values(folder, "new_demo_bookings"))) == demos
    # What only the later file knows, that it was held, is not lost with the repeated row.
    assert values(folder, "cumulative_demos_held") == [1, 2, 2]
    assert {"exported-twice", "planned-alike"}.intersection(codes(folder)) == ({code} if code else set())


def test_a_booking_at_the_same_minute_is_one_whatever_its_id(tmp_path: Path) -> None:
    demos = [f"demo_id,user_id,booked_at|d{n},u1,2026-01-28 10:07|d{n + 1},u{n},2026-02-0{n} 9:00" for n in (1, 5)]
    folder = folder_of(tmp_path, signups=SIGNUPS, demos_1=demos[0].split("|"), demos_2=demos[1].split("|"))
    assert values(folder, "new_demo_bookings") == [1, 2, 0]
    assert "exported-twice" in codes(folder)


# --- footers -------------------------------------------------------------------------------------------------------

PAID = ("user_id,started_at,ended_at,plan,mrr", "u1,2026-01-10,,pro,100", "u2,2026-01-15,2026-03-14,pro,100",
        "u3,2026-02-10,,pro,100")  # fmt: skip


@pytest.mark.parametrize(
    "lines",
    [
        ('"Generated by: Acme CRM",,,,',),
        ("4 records,,,,", "Copyright (c) 2026 Acme,,,,"),
        ("Confidential Information - Do Not Distribute",),
        ("Người lập:,,Nguyễn Văn A,,",),
        ("Xuất lúc 05/04/2026 10:20,,,,",),
        ("Filtered By:,,,,", "Status equals Active,,,,"),
        ("Total,,,,300", "Filtered By:,,,,"),
        (",,Người lập biểu,,",),
        (",,,giám đốc,",),
        (",Người lập biểu,,Kế toán trưởng,Giám đốc", ',"(Ký, họ tên)",,"(Ký, họ tên)","(Ký, họ tên)"'),
        (',,,,"Hà Nội, ngày 31 tháng 3 năm 2026"',),
    ],
)
def test_lines_straight_below_a_table_are_no_rows_and_are_said(lines: Lines, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, signups=SIGNUPS, paid_users=[*PAID, *lines])
    assert values(folder, MRR) == [200, 300, 200]
    assert set(codes(folder)) == {"footer"}
    assert len(codes(folder)) == sum(not line.startswith("Total") for line in lines)


@pytest.mark.parametrize("line", ["u4,,,,", "u9", "u4,,,pro,", ",,,pro,", ",,,pro,100", ",soon,,,"])
def test_a_row_that_was_cut_short_stays_an_error(line: str, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, signups=SIGNUPS, paid_users=[*PAID, line])
    assert "empty-cell" in codes(folder)
    assert "footer" not in codes(folder)


def test_a_line_like_a_footer_among_the_rows_is_none(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, signups=SIGNUPS, paid_users=[*PAID[:3], '"Generated by: An",,,,', PAID[3]])
    assert "empty-cell" in codes(folder)


# --- folders below -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        ("visitors/month={}/part.csv", "visitors/**/*.csv"),
        ("visitors/{}.csv", "visitors/*.csv"),
        ("{}/visitors.csv", "*/visitors*.csv"),
    ],
)
def test_exports_in_folders_below_are_named_with_the_setting_that_reads_them(
    path: str, pattern: str, tmp_path: Path
) -> None:
    for month in MONTHS:
        file = tmp_path / path.format(month)
        file.parent.mkdir(parents=True, exist_ok=True)
        file.write_text(f"date,source,visits\n{month}-05,direct,7\n{month}-06,direct,8\n", encoding="utf-8")
    folder = folder_of(tmp_path, signups=SIGNUPS)
    assert codes(folder) == ["exports-below"]
    assert hints(folder, "exports-below") == [f'To read them: [inputs.visitors] files = ["{pattern}"].']
    folder = folder_of(tmp_path, f'[inputs.visitors]\nfiles = ["{pattern}"]\n')
    assert "exports-below" not in codes(folder)
    assert values(folder, "organic_visits") == [15, 15, 15]


def test_an_archive_below_is_not_named_where_the_folder_has_the_export(tmp_path: Path) -> None:
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "signups_2025.csv").write_text("user_id,signed_up_at\na,2025-01-01\n", encoding="utf-8")
    assert codes(folder_of(tmp_path, signups=SIGNUPS)) == []


# --- whose rows they are -------------------------------------------------------------------------------------------


def renamed(lines: Lines, header: str, ending: str = "") -> list[str]:
    rows = [line.split(",", 1) for line in lines[1:]]
    return [lines[0].replace("user_id", header), *(f"{user}{ending},{rest}" for user, rest in rows)]


@pytest.mark.parametrize("header", ["Invitee Email", "Contact Email", "Buyer", "Khách"])
def test_the_only_column_of_emails_names_the_people(header: str, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, signups=SIGNUPS, paid_users=renamed(PAID, header, "@x.vn"))
    assert values(folder, NEW) == [2, 1, 0]
    assert set(codes(folder)) == {"people-by-cells", "joined-by"}
    folder = folder_of(tmp_path, f'[inputs.paid_users.columns]\nuser_id = "{header}"\n')
    assert values(folder, NEW) == [2, 1, 0]
    assert "people-by-cells" not in codes(folder)


def test_two_columns_of_emails_and_one_of_ids_are_suggested(tmp_path: Path) -> None:
    two = [f"{line},{'Host' if not place else f'an{place}@us.vn'}"
           for place, line in enumerate(renamed(PAID, "Buyer", "@x.vn"))]  # fmt: skip
    folder = folder_of(tmp_path / "two", signups=SIGNUPS, paid_users=two)
    (fault,) = [fault for fault in folder.check().problems if fault.code == "missing-column"]
    assert "'Buyer' holds e-mails. 'Host' holds e-mails." in fault.message
    folder = folder_of(tmp_path / "ids", signups=SIGNUPS, paid_users=renamed(PAID, "Buyer"))
    (fault,) = [fault for fault in folder.check().problems if fault.code == "missing-column"]
    assert fault.message.endswith("'Buyer' holds ids of people who are known.")
    assert "[inputs.paid_users.columns] user_id = 'Buyer'" in fault.hint


def test_addresses_of_a_few_who_look_after_many_name_nobody(tmp_path: Path) -> None:
    hosted = ["Host Email,started_at", *(f"an@us.vn,2026-01-1{day}" for day in range(5))]
    folder = folder_of(tmp_path, signups=SIGNUPS, paid_users=hosted)
    assert "missing-column" in codes(folder)
    assert "people-by-cells" not in codes(folder)


def test_an_address_of_two_customers_is_said_where_it_stops_the_join(tmp_path: Path) -> None:
    paid = ("Customer ID,Customer Email,started_at,ended_at,mrr", "c1,u1@x.vn,2026-01-10,2026-02-28,100",
            "m1,u1@x.vn,2026-03-01,,100", "c2,u2@x.vn,2026-02-10,,100")  # fmt: skip
    folder = folder_of(tmp_path, signups=SIGNUPS, paid_users=paid)
    (fault,) = [fault for fault in folder.check().problems if fault.code == "ids-do-not-join"]
    assert "not by Customer Email = email, as 1 of its values are those of several people" in fault.message
    (hint,) = hints(folder, "ids-shared")
    assert '[identity] paid_users = "Customer Email", signups = "email"' in hint
    folder = folder_of(tmp_path, '[identity]\npaid_users = "Customer Email"\nsignups = "email"\n')
    assert codes(folder) == []
    assert values(folder, NEW) == [1, 1, 0]
    assert values(folder, LOST) == [0, 0, 0]


def test_a_number_with_and_without_a_fraction_is_one_person_of_a_file(tmp_path: Path) -> None:
    signups = ("user_id,signed_up_at", "101,2026-01-01", "0102,2026-01-02", "102,2026-03-31")
    paid = (
        "user_id,started_at,ended_at,mrr",
        "101.0,2026-01-10,2026-02-28,100",
        "101,2026-03-01,,100",
        "0102.0,2026-02-10,,100",
    )
    folder = folder_of(tmp_path, signups=signups, paid_users=paid)
    assert values(folder, NEW) == [1, 1, 0]
    assert values(folder, CLOSING) == [1, 2, 2]
    assert set(codes(folder)) == {"ids-made-alike"}


def test_without_signups_customers_are_compared_with_the_demos(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path / "apart", demos=DEMOS, paid_users=["user_id,started_at", "c1,2026-02-10", "c2,2026-03-05"]
    )
    assert "ids-do-not-join" in codes(folder)
    folder = folder_of(
        tmp_path / "known", demos=DEMOS, paid_users=["user_id,started_at", "u1,2026-02-10", "c2,2026-03-05"]
    )
    assert codes(folder) == ["held-after-bookings"]  # the last one, on the day after all that is told of
