"""Whose rows they are: the columns that join people across files, worked by hand."""

from __future__ import annotations

import itertools
import json
from collections.abc import Sequence
from pathlib import Path

import pytest

import funnelcli as fc
from funnelcli.answers.init import Answers, first_config
from funnelcli.reading.engines import choose
from funnelcli.values.ids import alike
from support import figures, in_month, report_of, said_of, write_folder

Lines = Sequence[str]


def folder_of(place: Path, **files: Lines) -> fc.Folder:
    """A folder of files, each given as lines."""
    for name, lines in files.items():
        ending = "toml" if name == "funnel" else "csv"
        (place / f"{name}.{ending}").write_text("\n".join(lines) + "\n", encoding="utf-8")
    return fc.open_folder(place)


def by_channel(folder: fc.Folder, metric: str = "new_paid_users") -> dict[str, float]:
    """A metric over all months, of the channels in which it is not 0."""
    report = folder.report(start="2026-01", end="2026-02", by="channel")
    totals = {part: report.values(metric, part)["total"].value for part in report.parts}
    return {part: value for part, value in totals.items() if value}


def total(folder: fc.Folder, metric: str) -> float | None:
    return folder.report(start="2026-01", end="2026-02").values(metric)["total"].value


CODES = (
    "joined-by",
    "joined-in-part",
    "ids-do-not-join",
    "ids-made-alike",
    "ids-in-a-list",
    "ids-shared",
    "orphan-user",
)


def said(folder: fc.Folder) -> list[tuple[str, str]]:
    """What a check says of identity: code and message."""
    return [(fault.code, fault.message) for fault in folder.check().problems if fault.code in CODES]


def codes(folder: fc.Folder) -> list[str]:
    return [code for code, _ in said(folder)]


@pytest.fixture(params=[choose.SMALL_BYTES, 0], ids=["row by row", "at once"])
def engine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(choose, "SMALL_BYTES", request.param)


CONTACTS = (
    "Record ID,First Name,Email,Create Date,Original Source",
    "101,A,ann@example.com,2026-01-01 09:00,Paid Search",
    "102,B,bob@example.com,2026-01-02 09:00,Organic Search",
    "103,C,Cat@Example.com,2026-01-03 09:00,Paid Social",
    "104,D,dan@example.com,2026-01-04 09:00,Direct Traffic",
)
SUBSCRIPTIONS = (
    "id,Customer ID,Customer Email,Start Date",
    "sub_1,cus_ann,ann@example.com,2026-01-10",
    "sub_2,cus_cat,cat@example.com,2026-01-11",
)


def test_customers_join_by_email_where_their_ids_are_of_two_systems(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, signups=CONTACTS, subscriptions=SUBSCRIPTIONS)
    assert by_channel(folder) == {"paid": 2}
    assert said(folder) == [
        (
            "joined-by",
            "paid_users joined to signups by Customer Email = Email: 2 of 2; by Customer ID = Record ID: 0",
        )
    ]
    notes = [note.text.of("en") for note in folder.report().report.notes if note.code == "joined-by"]
    assert notes == [
        "subscriptions.csv paid_users joined to signups by Customer Email = Email: 2 of 2; by Customer ID = Record ID: "
        '0. If other columns name the people: [identity] paid_users = "…", signups = "…".'
    ]


def _people(tmp_path: Path, joining: int, of: int) -> fc.Folder:
    """``of`` customers, the first ``joining`` of whom stand in the contacts by their e-mail; nobody does by id."""
    contacts = ["Record ID,Email,Create Date", *(f"{n},p{n}@x.vn,2026-01-08" for n in range(100, 100 + of))]
    paid = ["Customer ID,Email,Start Date"]
    paid += [f"cus_{n},{'p' if n < 100 + joining else 'q'}{n}@x.vn,2026-01-09" for n in range(100, 100 + of)]
    return folder_of(tmp_path, signups=contacts, paid_users=paid)


def test_a_join_that_leaves_hardly_anybody_out_is_said_and_is_no_warning(tmp_path: Path) -> None:
    # 212 of 220 join: 8 / 220 = 3.6 % do not, which is less than one in twenty.
    folder = _people(tmp_path, joining=212, of=220)
    message = "paid_users joined to signups by Email: 212 of 220; by Customer ID = Record ID: 0"
    (note,) = [fault for fault in folder.check().problems if fault.code == "joined-by"]
    assert (note.message, note.kind.severity.value) == (message, "note")
    data = json.loads(folder.check().render("json"))
    assert (data["errors"], data["warnings"]) == (0, 8)  # the eight who never signed up
    assert "No errors, 8 warnings, 1 note. A report can be made." in folder.check().render("table")
    assert "0 lỗi, 8 cảnh báo, 1 ghi chú. Có thể lập báo cáo." in folder.check().render("table", lang="vi")


@pytest.mark.parametrize(("joining", "code"), [(19, "joined-by"), (18, "joined-in-part")])
def test_a_warning_is_for_more_than_one_in_twenty_who_join_nobody(joining: int, code: str, tmp_path: Path) -> None:
    # Of 20, 1 is one in twenty, and 2 are more.
    assert codes(_people(tmp_path, joining=joining, of=20)) == sorted([code, *["orphan-user"] * (20 - joining)],
        key=lambda each: (each == "joined-by", each))  # fmt: skip


def test_one_person_whose_demo_joins_by_id_and_whose_payment_by_email(tmp_path: Path) -> None:
    demos = ("Contact ID,Booked,Demo owner", "103,2026-01-05,Lan", "101,2026-01-06,Minh")
    folder = folder_of(tmp_path, signups=CONTACTS, subscriptions=SUBSCRIPTIONS, demos=demos)
    # The demos know nothing of e-mails, the subscriptions nothing of Record ID: both stand in a row of the signups.
    report = folder.report(start="2026-01", end="2026-01", by="owner")
    assert {part: report.values("new_paid_users", part)["total"].value for part in ("Lan", "Minh")} == {
        "Lan": 1, "Minh": 1,
    }  # fmt: skip
    assert by_channel(folder, "new_demo_bookings") == {"paid": 2}
    assert codes(folder) == ["joined-by"]


def test_of_two_columns_that_join_in_part_the_better_is_taken(tmp_path: Path) -> None:
    # By id one of four joins (104), by e-mail three (ann, bob, cat).
    paid = (
        "Customer ID,Email,Start Date",
        "901,ann@example.com,2026-01-10",
        "902,bob@example.com,2026-01-10",
        "104,cat@example.com,2026-01-10",
        "904,eve@example.com,2026-01-10",
    )
    folder = folder_of(tmp_path, signups=CONTACTS, paid_users=paid)
    assert by_channel(folder) == {"paid": 2, "organic": 1, "unknown": 1}
    assert said(folder) == [
        ("joined-in-part", "paid_users joined to signups by Email: 3 of 4; by Customer ID = Record ID: 1"),
        ("orphan-user", "eve@example.com has no signup"),
    ]
    (tmp_path / "more").mkdir()
    # The other way round: by id three of four, by e-mail one.
    paid = (
        "Customer ID,Email,Start Date",
        "101,ann@example.com,2026-01-10",
        "102,b@elsewhere.vn,2026-01-10",
        "103,c@elsewhere.vn,2026-01-10",
        "904,eve@example.com,2026-01-10",
    )
    folder = folder_of(tmp_path / "more", signups=CONTACTS, paid_users=paid)
    assert by_channel(folder) == {"paid": 2, "organic": 1, "unknown": 1}
    assert codes(folder) == ["joined-in-part", "orphan-user"]
    assert said(folder)[1] == ("orphan-user", "904 has no signup")


@pytest.mark.usefixtures("engine")
def test_numbers_that_join_by_chance_give_way_to_emails_that_say_otherwise(tmp_path: Path) -> None:
    # Both systems count from 1: every id joins, and every one joins the wrong person.
    signups = ("id,email,signed_up_at,source", "1,ann@x.vn,2026-01-01,google / cpc", "2,bob@x.vn,2026-01-01,direct",
               "3,cat@x.vn,2026-01-01,google / cpc")  # fmt: skip
    paid = ("customer id,email,started_at", "2,ann@x.vn,2026-01-10", "3,bob@x.vn,2026-01-11", "1,cat@x.vn,2026-01-12")
    folder = folder_of(tmp_path, signups=signups, paid_users=paid[:3])
    # ann paid, bob direct; by number it would be bob (2) and cat (3).
    assert by_channel(folder) == {"paid": 1, "organic": 1}
    paid_rows = folder.explain("new_paid_users", month="2026-01").rows
    assert [row.user_id for row in paid_rows] == ["1", "2"]
    assert codes(folder) == ["joined-by"]


@pytest.mark.usefixtures("engine")
def test_ids_that_agree_with_the_emails_stay_the_key_and_nothing_is_said(tmp_path: Path) -> None:
    paid = ("Contact ID,Email,Start Date", "101,ann@example.com,2026-01-10", "103,new-address@example.com,2026-01-10")
    folder = folder_of(tmp_path, signups=CONTACTS, paid_users=paid)
    assert by_channel(folder) == {"paid": 2}
    assert codes(folder) == []


def test_people_without_a_column_of_the_signups_join_by_way_of_an_input_that_has_their_ids(tmp_path: Path) -> None:
    # The demos know customers only, and the subscriptions tell whose e-mail a customer has.
    demos = ("Customer ID,Booked,Demo owner", "cus_cat,2026-01-05,Lan", "cus_ann,2026-01-06,Minh")
    folder = folder_of(tmp_path, signups=CONTACTS, subscriptions=SUBSCRIPTIONS, demos=demos)
    assert by_channel(folder, "new_demo_bookings") == {"paid": 2}
    report = folder.report(start="2026-01", end="2026-01", by="owner")
    assert report.values("new_paid_users", "Lan")["total"].value == 1
    assert said(folder)[0] == (
        "joined-by",
        "demos joined to signups by Customer ID = Customer ID (paid_users): 2 of 2; by Customer ID = Record ID: 0",
    )


def test_the_same_header_on_both_sides_is_compared_however_small_its_numbers(tmp_path: Path) -> None:
    paid = ("Email,Record ID,Start Date", "ann@example.com,101,2026-01-10", "cat@example.com,103,2026-01-10")
    signups = [",".join(line.split(",")[:2] + line.split(",")[3:]) for line in CONTACTS]  # without Email
    folder = folder_of(tmp_path, signups=signups, paid_users=paid)
    assert by_channel(folder) == {"paid": 2}
    assert said(folder) == [("joined-by", "paid_users joined to signups by Record ID: 2 of 2; by Email = Record ID: 0")]


def test_files_of_one_input_may_name_their_people_differently(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path,
        signups=CONTACTS,
        paid_old=["Customer ID,Email,Start Date", "cus_ann,ann@example.com,2026-01-10"],
        paid_new=["Email,Start Date", "cat@example.com,2026-01-11"],
    )
    assert by_channel(folder) == {"paid": 2}


def test_what_init_writes_down_changes_no_figure(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, signups=CONTACTS, subscriptions=SUBSCRIPTIONS)
    text = first_config(folder.facts(), Answers())
    assert '# user_id = "Customer ID"  # left open: people join by other columns' in text
    (tmp_path / "funnel.toml").write_text(text, encoding="utf-8")
    folder = fc.open_folder(tmp_path)
    assert (by_channel(folder), codes(folder)) == ({"paid": 2}, ["joined-by"])


# --- what would make one person of two ---------------------------------------------------------------------------

COMPANIES = (
    "Record ID,Associated Company IDs,Create Date,Original Source",
    "101,55501,2026-01-01,Paid Search",
    "102,55501,2026-01-02,Direct Traffic",
    "103,55502,2026-01-03,Paid Search",
)


def test_a_company_is_no_person(tmp_path: Path) -> None:
    # Every company joins; 55501 would make one person of two signups, so the column is none of people.
    paid = ("Customer ID,Associated Company IDs,Start Date", "cus_a,55501,2026-01-10", "cus_b,55502,2026-01-10")
    folder = folder_of(tmp_path, signups=COMPANIES, paid_users=paid)
    assert total(folder, "new_signups") == 3
    assert by_channel(folder) == {"unknown": 2}
    ((code, message),) = said(folder)
    assert code == "ids-do-not-join"
    assert message == (
        "0 of 2 people in paid_users are among those of signups: no id, or hardly one, is in common. "
        "Ids are like 'cus_a' here and '101' there; compared by Customer ID = Record ID: 0"
    )


def test_two_customers_of_one_company_stay_two(tmp_path: Path) -> None:
    signups = [COMPANIES[0], COMPANIES[1], COMPANIES[3]]
    paid = ("Customer ID,Associated Company IDs,Start Date", "cus_a,55501,2026-01-10", "cus_b,55501,2026-01-10")
    folder = folder_of(tmp_path, signups=signups, paid_users=paid)
    assert by_channel(folder) == {"unknown": 2}


def test_a_shared_address_joins_nobody_and_the_others_join(tmp_path: Path) -> None:
    # info@ is of two contacts and billing@ of two customers: four people, and none of them is another.
    signups = (
        "Record ID,Email,Create Date,Original Source",
        "101,info@acme.vn,2026-01-01,Paid Search",
        "102,info@acme.vn,2026-01-02,Paid Search",
        "103,cat@acme.vn,2026-01-03,Paid Search",
        "104,billing@acme.vn,2026-01-04,Paid Search",
    )
    paid = (
        "Customer ID,Email,Start Date",
        "cus_1,info@acme.vn,2026-01-10",
        "cus_3,cat@acme.vn,2026-01-10",
        "cus_4,billing@acme.vn,2026-01-10",
        "cus_5,billing@acme.vn,2026-01-10",
    )
    folder = folder_of(tmp_path, signups=signups, paid_users=paid)
    assert total(folder, "new_signups") == 4
    assert by_channel(folder) == {"paid": 1, "unknown": 3}
    shared = [message for code, message in said(folder) if code == "ids-shared"]
    assert shared == [
        "2 values under 'Email' or, in signups, 'Email', like 'billing@acme.vn', are those of several people: "
        "they join nobody"
    ]
    # Whoever says that an e-mail is a person gets just that: three signups, and three customers, all of them known.
    folder = folder_of(tmp_path, funnel=["[identity]", 'by = "Email"'])
    assert total(folder, "new_signups") == 3
    assert by_channel(folder) == {"paid": 3}
    assert codes(folder) == []


def test_the_address_of_who_looks_after_people_is_not_theirs(tmp_path: Path) -> None:
    # Lan looks after three people, Minh after one, here and there; only Minh's address is of one person on both sides.
    signups = ("Record ID,Owner Email,Create Date,Original Source", "101,lan@us.vn,2026-01-01,Paid Search",
               "102,lan@us.vn,2026-01-01,Paid Search", "103,lan@us.vn,2026-01-01,Paid Search",
               "104,minh@us.vn,2026-01-01,Paid Search")  # fmt: skip
    paid = ("Customer ID,Owner Email,Start Date", "cus_1,lan@us.vn,2026-01-10", "cus_2,lan@us.vn,2026-01-10",
            "cus_3,lan@us.vn,2026-01-10", "cus_4,minh@us.vn,2026-01-10")  # fmt: skip
    folder = folder_of(tmp_path, signups=signups, paid_users=paid)
    assert by_channel(folder) == {"unknown": 4}
    assert codes(folder) == ["ids-do-not-join"]


def test_a_customer_with_two_addresses_is_the_one_who_signed_up_first(tmp_path: Path) -> None:
    paid = (
        "Customer ID,Customer Email,Start Date,End Date",
        "cus_x,dan@example.com,2026-01-10,2026-01-31",
        "cus_x,bob@example.com,2026-02-01,",
    )
    folder = folder_of(tmp_path, signups=CONTACTS, paid_users=paid)
    assert [row.user_id for row in folder.explain("new_paid_users", month="2026-01").rows] == ["102"]
    assert total(folder, "churned_paid_users") == 0


# --- ids in other letters ----------------------------------------------------------------------------------------

NUMBERED = ("user_id,signed_up_at,source", "10021,2026-01-02,google / cpc", "10022,2026-01-03,google / cpc",
            "10023,2026-01-04,direct")  # fmt: skip


def test_numbers_that_became_fractions_join(tmp_path: Path) -> None:
    paid, demos = ("user_id,started_at", "10021.0,2026-01-10", "10022.0,2026-01-11"), (
        "user_id,booked_at,held_at", "10021.0,2026-01-05,2026-01-05", "10023.0,2026-01-06,2026-01-06",
    )  # fmt: skip
    folder = folder_of(tmp_path, signups=NUMBERED, paid_users=paid, demos=demos)
    assert by_channel(folder) == {"paid": 2}
    assert by_channel(folder, "new_demo_bookings") == {"paid": 1, "organic": 1}
    assert said(folder) == [
        (
            "ids-made-alike",
            f"2 ids of {stage} stand in signups in other letters, like '10021.0' for '10021'; "
            "they are taken for the same people",
        )
        for stage in ("demos", "paid_users")
    ]


def test_zeros_that_got_lost_join_on_either_side(tmp_path: Path) -> None:
    signups = ("user_id,signed_up_at,source", "0014,2026-01-02,google / cpc", "15,2026-01-03,direct")
    paid = ("user_id,started_at", "14,2026-01-10", "0015,2026-01-11")
    folder = folder_of(tmp_path, signups=signups, paid_users=paid)
    assert by_channel(folder) == {"paid": 1, "organic": 1}
    assert codes(folder) == ["ids-made-alike"]


@pytest.mark.parametrize(
    ("signups", "paid", "known"),
    [
        # 014 and 14 are two people of the signups: their zeros mean something, also those of 0020.
        (("014", "14", "20"), ("0014", "0020"), 0),
        # 0014 and 14 are two people who pay; 14 is the one who signed up.
        (("14", "20"), ("0014", "14"), 1),
        # 14.0 and 014 would both be 14.
        (("14", "99"), ("14.0", "014"), 0),
        (("14", "99"), ("14.0", "99"), 2),
    ],
)
def test_no_two_ids_of_a_file_become_one(
    tmp_path: Path, signups: Sequence[str], paid: Sequence[str], known: int
) -> None:
    folder = folder_of(
        tmp_path,
        signups=["user_id,signed_up_at,source", *(f"{user},2026-01-02,google / cpc" for user in signups)],
        paid_users=["user_id,started_at", *(f"{user},2026-01-10" for user in paid)],
    )
    assert total(folder, "new_signups") == len(signups)
    assert total(folder, "new_paid_users") == len(paid)
    assert by_channel(folder).get("paid", 0) == known


PHONES = ("Phone,signed_up_at,source", "+84 912 345 678,2026-01-02,google / cpc", "+84 987 654 321,2026-01-03,direct",
          "+84 900 000 001,2026-01-04,google / cpc")  # fmt: skip


def test_phones_join_however_they_are_written(tmp_path: Path) -> None:
    paid = ("SĐT,started_at", "0912345678,2026-01-10", "84987654321,2026-01-11")
    mapped = ["[identity]", 'signups = "Phone"', 'paid_users = "SĐT"']
    folder = folder_of(tmp_path, signups=PHONES, paid_users=paid, funnel=mapped)
    assert by_channel(folder) == {"paid": 1, "organic": 1}
    ((code, message),) = said(folder)
    assert code == "ids-made-alike"
    assert "'0912345678' for '+84 912 345 678'" in message


def test_phones_join_where_ids_do_not(tmp_path: Path) -> None:
    signups = ("Lead ID,Phone,signed_up_at,source", "L1,+84912345678,2026-01-02,google / cpc",
               "L2,+84987654321,2026-01-03,direct")  # fmt: skip
    paid = ("Customer ID,Mobile,started_at", "K7,0912 345 678,2026-01-10", "K8,0987 654 321,2026-01-11")
    folder = folder_of(tmp_path, signups=signups, paid_users=paid)
    assert by_channel(folder) == {"paid": 1, "organic": 1}
    assert codes(folder) == ["ids-made-alike", "joined-by"]


def test_a_national_number_is_of_one_country() -> None:
    def joined(missing: Lines, theirs: Lines) -> dict[str, str]:
        return alike(missing, missing, dict.fromkeys(theirs))

    # Of Vietnam or of Thailand: nothing tells.
    assert joined(["0912345678"], ["+84912345678", "+66912345678"]) == {}
    # One number each: neither country is that of most.
    assert joined(["0912345678", "0987654321"], ["+84912345678", "+66987654321"]) == {}
    # Two of three are Vietnamese, so the third is no Thai number.
    assert joined(["0912345678", "0987654321", "0900000001"], ["+84912345678", "+66987654321", "+84900000001"]) == {
        "0912345678": "+84912345678",
        "0900000001": "+84900000001",
    }
    # Two ways to write it in one file are two people there.
    assert joined(["0912345678", "84912345678"], ["+84912345678"]) == {}
    assert alike(["0912345678"], ["0912345678", "+84912345678"], {"+84912345678": 0}) == {}


# --- several ids in a cell ---------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", [";", "; ", "|"])
def test_a_deal_of_several_contacts_counts_once_for_the_first_who_signed_up(tmp_path: Path, mark: str) -> None:
    deals = (
        "Associated Contact IDs,Close Date,Amount",
        f"999{mark}102,2026-01-10,10",  # 999 never signed up
        f"103{mark}101,2026-01-11,20",
        f"998{mark}997,2026-01-12,30",
    )
    folder = folder_of(tmp_path, signups=CONTACTS, paid_users=deals)
    assert total(folder, "new_paid_users") == 3
    assert by_channel(folder) == {"organic": 1, "paid": 1, "unknown": 1}
    rows = folder.explain("new_paid_users", month="2026-01").rows
    assert [row.user_id for row in rows] == ["102", "103", f"998{mark}997"]
    assert said(folder)[0] == (
        "ids-in-a-list",
        f"2 cells of paid_users name several people, like '103{mark}101'; such a row belongs to the first who is in "
        "signups, here '103'",
    )


def test_a_name_with_a_comma_is_no_list(tmp_path: Path) -> None:
    signups = ("user_id,signed_up_at,source", "An,2026-01-01,google / cpc", "Binh,2026-01-01,direct")
    folder = folder_of(
        tmp_path, signups=signups, paid_users=["user_id,started_at", '"An, Le",2026-01-05', "Binh,2026-01-05"]
    )
    assert by_channel(folder) == {"organic": 1, "unknown": 1}


def test_a_list_and_a_single_id_are_one_person(tmp_path: Path) -> None:
    deals = ("Associated Contact IDs,Start Date,End Date", '"101, 104",2026-01-10,2026-01-31', "101,2026-02-01,")
    folder = folder_of(tmp_path, signups=CONTACTS, paid_users=deals)
    assert (total(folder, "new_paid_users"), total(folder, "churned_paid_users")) == (1, 0)


# --- people who never signed up ----------------------------------------------------------------------------------


def test_it_is_said_once_where_no_id_is_in_common(tmp_path: Path) -> None:
    paid = ("user_id,started_at", *(f"cus_{n},2026-01-10" for n in range(40)))
    folder = folder_of(tmp_path, signups=NUMBERED, paid_users=paid)
    assert codes(folder) == ["ids-do-not-join"]
    notes = [note.code for note in folder.report().report.notes]
    assert "ids-do-not-join" in notes
    assert "users-without-signup" not in notes
    # One of forty: still of two kinds.  Three of forty: the others are people who never signed up.
    folder = folder_of(tmp_path, paid_users=[*paid[:-1], "10021,2026-01-10"])
    assert codes(folder) == ["ids-do-not-join"]
    folder = folder_of(tmp_path, paid_users=[*paid[:-3], *(f"{n},2026-01-10" for n in (10021, 10022, 10023))])
    assert codes(folder) == ["orphan-user"] * 37


def test_a_single_person_who_never_signed_up_is_named(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, signups=NUMBERED, paid_users=["user_id,started_at", "u9,2026-01-10"])
    assert said(folder) == [("orphan-user", "u9 has no signup")]


# --- what the settings say ---------------------------------------------------------------------------------------


def test_the_settings_decide(tmp_path: Path) -> None:
    folder = folder_of(
        tmp_path, signups=CONTACTS, subscriptions=SUBSCRIPTIONS,
        funnel=["[identity]", 'signups = "Email"', 'paid_users = "Customer Email"'],
    )  # fmt: skip
    assert (by_channel(folder), codes(folder)) == ({"paid": 2}, [])
    # "email" finds the header of e-mails in each input.
    folder = folder_of(tmp_path, funnel=["[identity]", 'by = "email"'])
    assert (by_channel(folder), codes(folder)) == ({"paid": 2}, [])
    # The columns that an input is told to have outweigh it, and every guess.
    folder = folder_of(tmp_path, funnel=["[inputs.signups.columns]", 'user_id = "Record ID"',
                                         "[inputs.paid_users.columns]", 'user_id = "Customer ID"'])  # fmt: skip
    assert (by_channel(folder), codes(folder)) == ({"unknown": 2}, ["ids-do-not-join"])


def test_settings_that_name_nothing_are_refused(tmp_path: Path) -> None:
    folder_of(tmp_path, signups=CONTACTS, subscriptions=SUBSCRIPTIONS, funnel=["[identity]", 'paid = "Email"'])
    with pytest.raises(fc.ConfigError, match=r"\[identity\] paid"):
        fc.open_folder(tmp_path).report()
    folder = folder_of(tmp_path, funnel=["[identity]", 'by = "Phone"'])
    with pytest.raises(fc.InputError) as refused:
        folder.report()
    assert {(fault.code, fault.file) for fault in refused.value.problems} == {
        ("mapped-column-missing", "signups.csv"),
        ("mapped-column-missing", "subscriptions.csv"),
    }


# --- visits ------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("engine")
@pytest.mark.parametrize(
    ("header", "users", "code"),
    [
        ("email", ("ann@example.com", "dan@example.com", "new@example.com", ""), ["joined-by"]),
        ("user_id", ("101", "104", "105", ""), []),
        # Both columns join as many: the one that is read as user_id is taken, and nothing need be said.
        ("email,user_id", ("ann@example.com,101", "dan@example.com,104", "e@example.com,105", ","), []),
        ("user_id", ("101.0", "104.0", "105.0", ""), ["ids-made-alike"]),
        ("user_id", ("0101", "0104", "0105", ""), ["ids-made-alike"]),
        ("customer id,email", ("c1,ann@example.com", "c4,dan@example.com", "c5,e@example.com", ","), ["joined-by"]),
    ],
)
def test_visits_by_existing_users_are_found_by_the_column_that_joins(
    tmp_path: Path, header: str, users: Sequence[str], code: Sequence[str]
) -> None:
    # ann signed up on 1 January and dan on the 4th: on the 3rd only ann is there already; the others never were.
    visits = [f"date,source,{header}", *(f"2026-01-03,google,{user}" for user in users)]
    folder = folder_of(tmp_path, signups=CONTACTS, visitors=visits)
    assert total(folder, "existing_user_visits") == 1
    assert total(folder, "net_new_visitors") == 3
    assert codes(folder) == list(code)
    explained = folder.explain("existing_user_visits", month="2026-01").rows
    assert [(row.line, row.user_id) for row in explained] == [(2, users[0].split(",")[-1])]


@pytest.mark.usefixtures("engine")
def test_visits_whose_users_are_nobody_of_the_signups_are_told_of(tmp_path: Path) -> None:
    visits = ["date,source,user_id", *(f"2026-01-03,google,cus_{n}" for n in range(3))]
    folder = folder_of(tmp_path, signups=CONTACTS, visitors=visits)
    assert total(folder, "existing_user_visits") == 0
    assert codes(folder) == ["ids-do-not-join"]


@pytest.mark.usefixtures("engine")
def test_a_few_visits_whose_ids_a_spreadsheet_spoilt_are_of_existing_users_too(tmp_path: Path) -> None:
    """Most join as they stand, so that a large file would not be looked at any further: 101.0 is 101 all the same."""
    visits = ["date,source,user_id", *(f"2026-01-05,google,{user}" for user in ("102", "103", "104", "101.0", "c7"))]
    signups = ["user_id,signed_up_at", *(f"{number},2026-01-01" for number in range(101, 105))]
    folder = folder_of(tmp_path, signups=signups, visitors=visits)
    assert total(folder, "existing_user_visits") == 4
    assert codes(folder) == ["ids-made-alike"]


# --- nothing depends on the order --------------------------------------------------------------------------------


def test_the_order_of_rows_and_files_changes_nothing(tmp_path: Path) -> None:
    signups = (*CONTACTS[1:], "105,E,bob@example.com,2026-01-05 09:00,Paid Search")
    paid = ("cus_1,ann@example.com,2026-01-10", "cus_2,bob@example.com,2026-01-10", "cus_1,dan@example.com,2026-01-12",
            "cus_3,zoe@example.com,2026-01-13")  # fmt: skip
    seen = set()
    for place, (rows, others) in enumerate(itertools.product(itertools.permutations(signups, 5), (paid, paid[::-1]))):
        if place % 12:
            continue
        folder = tmp_path / str(place)
        folder.mkdir()
        opened = folder_of(
            folder,
            signups_a=[CONTACTS[0], *rows[:2]],
            signups_b=[CONTACTS[0], *rows[2:]],
            paid_users=["Customer ID,Customer Email,Start Date", *others],
        )
        notes = [note.text.of("en") for note in opened.report().report.notes if note.code in CODES]
        seen.add((str(by_channel(opened)), *notes))
    assert len(seen) == 1
    assert next(iter(seen))[0] == "{'paid': 1, 'unknown': 2}"


@pytest.mark.parametrize(
    ("missing", "theirs"),
    [
        ("kh001", "KH-001"),
        ("KH 001", "kh_001"),
        ("#1001", "1001"),
        ("{A1B2-C3}", "a1b2c3"),
        ("ｕ１", "u1"),
        ("u\u00ad1", "u1"),
        ("0038d00000AbCdE", "0038d00000AbCdEAAV"),  # Salesforce, with capitals told by three letters more
        ("an@x.vn.", "an@x.vn"),
        ("912345678", "0912 345 678"),  # without the 0 that a spreadsheet takes away
        ("(+84) 912-345-678", "0912.345.678"),
        ("an.le@gmail.com", "anle@gmail.com"),  # to Gmail, dots are nothing
        ("a.n.le+zalo@googlemail.com", "anle@gmail.com"),
        ("an+zalo@x.vn", "an@x.vn"),
        ("an le@x.vn", "anle@x.vn"),
    ],
)
def test_ids_of_the_same_letters_and_digits_are_one(missing: str, theirs: str) -> None:
    assert alike([missing], [missing], {theirs: 0, "x9": 0}) == {missing: theirs}
    assert alike([theirs], [theirs], {missing: 0, "x9": 0}) == {theirs: missing}


@pytest.mark.parametrize(
    ("missing", "theirs"),
    [
        (["KH-001", "kh001"], ["Kh001"]),  # two people of one side
        (["KH-001"], ["kh001", "KH001"]),  # two of the other
        (["an.le@x.vn"], ["anle@x.vn"]),  # a mark within an address tells two apart
        (["an+a@x.vn", "an+b@x.vn"], ["an@x.vn"]),  # two tags, of which each may be a customer
        (["anle@gmail.com"], ["an.le@gmail.com", "a.nle@gmail.com"]),
        (["anle@gmail.com"], ["anle@googlemail.org"]),
        (["--"], ["__"]),
    ],
)
def test_ids_that_may_be_of_two_are_of_none(missing: list[str], theirs: list[str]) -> None:
    assert alike(missing, missing, dict.fromkeys(theirs)) == {}


def test_a_mailbox_is_one_person_however_its_address_is_written(tmp_path: Path) -> None:
    """An and Binh signed up through ads and pay under other spellings; Chi has two, and is two."""
    folder = folder_of(
        tmp_path,
        signups=[
            "email,signed_up_at,source",
            "An.Le@gmail.com,2026-01-05,facebook ads", "binh@x.vn,2026-01-06,facebook ads", "chi@x.vn,2026-01-07,zalo",
        ],
        paid_users=[
            "email,started_at", "anle@gmail.com,2026-01-15", "binh+shop@x.vn,2026-01-16", "chi+1@x.vn,2026-01-17",
            "chi+2@x.vn,2026-01-18",
        ],
    )  # fmt: skip
    assert by_channel(folder) == {"paid": 2, "unknown": 2}
    [text] = [message for code, message in said(folder) if code == "ids-made-alike"]
    assert text.startswith("2 ids of paid_users stand in signups in other letters, like 'anle@gmail.com' for 'an.le@")


def test_a_list_of_addresses_among_the_signups_joins_by_any_of_them(tmp_path: Path) -> None:
    """An has two addresses and pays under the second; c2@x.vn stands in two lists, and in none for sure."""
    signups = "Email,Created at,source\nan@x.vn; a2@x.vn,2026-01-05,facebook ads\nb@x.vn|c2@x.vn,2026-01-06,zalo\n"
    signups += '"c@x.vn, c2@x.vn",2026-01-07,facebook ads\n'
    paid = "Email,started_at\na2@x.vn,2026-01-15\nb@x.vn,2026-01-16\nc2@x.vn,2026-01-17\n"
    folder = write_folder(tmp_path, {"signups.csv": signups, "paid_users.csv": paid})
    known = figures(report_of(folder, month="2026-01", by_channel=True))
    parts = [known["new_paid_users", part, "2026-01"][0] for part in (None, "paid", "organic", "unknown")]
    assert parts == [3, 1, 1, 1]
    assert "ids-in-a-list" in {code for code, _ in said_of(folder)}


@pytest.mark.parametrize(
    ("ids", "code"),
    [
        (["Err:502", "u2"], "spreadsheet-error"),  # of LibreOffice
        (["=VLOOKUP(A2;B:C;2)", "u2"], "spreadsheet-error"),  # a formula in the place of its value
        (["84912345678000000", "84912345679000000"], "shortened-id"),  # 17 digits, of which a spreadsheet keeps 15
        (["1-Mar", "u2"], "ids-as-days"),
        (["2026-03-01 00:00:00", "u2"], "ids-as-days"),
        (["KH-001", "kh001"], "ids-nearly-alike"),
        (["an.le@gmail.com", "anle@gmail.com"], "ids-nearly-alike"),
        (["{{contact.id}}", "u2"], "id-of-nobody"),
        (["*|EMAIL|*", "u2"], "id-of-nobody"),
        (["test@example.com", "an@x.vn"], "id-of-nobody"),
        (["00000000-0000-0000-0000-000000000000", "a0000000-0000-0000-0000-000000000001"], "id-of-nobody"),
    ],
)
def test_ids_that_are_damaged_or_nobodys_are_named(ids: list[str], code: str, tmp_path: Path) -> None:
    rows = [f"{each},2026-01-{day:02}" for day, each in enumerate(ids, 5)]
    folder = write_folder(tmp_path, {"signups.csv": "\n".join(["user_id,signed_up_at", *rows])})
    assert {code for code, _ in said_of(folder)} == {code}


@pytest.mark.parametrize(
    "ids",
    [
        ["an@example.com", "binh@example.com"],  # all of them: a file of examples
        ["0038d00000AbCdE", "0038d00000AbCde"],  # two ids of Salesforce, which capitals tell apart
        ["84912345678000000", "84912345679000001"],
        ["MAR-1", "=", "Error"],
    ],
)
def test_ids_that_are_only_odd_are_not_named(ids: list[str], tmp_path: Path) -> None:
    rows = [f"{each},2026-01-{day:02}" for day, each in enumerate(ids, 5)]
    folder = write_folder(tmp_path, {"signups.csv": "\n".join(["user_id,signed_up_at", *rows])})
    assert in_month(folder, "2026-01", "new_signups") == [len(ids)]
    assert said_of(folder).keys() - {("id-of-nobody", "user_id")} == set()
