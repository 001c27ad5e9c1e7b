"""Rows that are there twice, of nobody, or on another day than they say: each is asked about, and the advice helps."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from funnelcli.config import read_config
from funnelcli.problems import ConfigError
from support import in_month, said_of, write_folder


def signups(folder: Path, rows: Sequence[str], config: str = "") -> Path:
    return write_folder(folder, {"signups.csv": "\n".join(["user_id,signed_up_at", *rows]) + "\n"}, config)


# --- days --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("mark", ["/", "-", "."])
def test_short_dates_that_begin_with_the_year(mark: str, tmp_path: Path) -> None:
    """5 and 25 January and 17 February 2026; read with the day first they would be of 2005, 2025 and 2017."""
    days = [mark.join(day) for day in (("26", "01", "05"), ("26", "01", "25"), ("26", "02", "17"))]
    rows = [f"u{n},{day}" for n, day in enumerate(days)]
    said = said_of(signups(tmp_path, rows))
    assert 'date_order = "ymd"' in said["years-first-undecided", "signed_up_at"][1]
    signups(tmp_path, rows, '[inputs.signups]\ndate_order = "ymd"\n')
    assert said_of(tmp_path) == {}
    assert in_month(tmp_path, "2026-01", "new_signups") == [2]


def test_short_dates_that_end_with_the_year(tmp_path: Path) -> None:
    """The 26th of January and the 25th, and 1 February 2026: three days, and one year."""
    signups(tmp_path, ["u1,26/01/26", "u2,25/01/26", "u3,01/02/26"])
    assert said_of(tmp_path) == {}
    assert in_month(tmp_path, "2026-01", "new_signups") == [2]


def test_a_start_many_years_before_all_others(tmp_path: Path) -> None:
    rows = [f"u{n},2026-0{n}-05" for n in range(1, 7)]
    assert ("lone-start", "signed_up_at") in said_of(signups(tmp_path, ["z,2006-02-12", *rows]))
    assert ("lone-start", "signed_up_at") not in said_of(signups(tmp_path, ["z,2019-02-12", *rows]))
    assert said_of(signups(tmp_path, rows)) == {}


# --- nobody ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "word",
    [
        "(not set)",
        "0000000000",
        "0900000000",
        "?",
        "...",
        "xxx",
        "[deleted]",
        "no-email",
        "test@test.com",
        "khách",
        "KHLE",
        "POS",
    ],
)
def test_an_id_that_is_nobodys(word: str, tmp_path: Path) -> None:
    """Ten people and three rows of nobody: 11 by their ids, and 10 by the setting that is named."""
    rows = [f"u{n},2026-01-{n:02d}" for n in range(1, 11)] + [f"{word},2026-01-{n}" for n in (20, 21, 22)]
    said = said_of(signups(tmp_path, rows))
    assert list(said) == [("id-of-nobody", "user_id")]
    assert in_month(tmp_path, "2026-01", "new_signups") == [11]
    glob = word.replace("[", "[[]").replace("?", "[?]")
    signups(tmp_path, rows, f'[inputs.signups.drop]\nuser_id = ["{glob}"]\n')
    assert (said_of(tmp_path), in_month(tmp_path, "2026-01", "new_signups")) == ({}, [10])


def test_ids_that_are_written_so_are_somebodys(tmp_path: Path) -> None:
    """Ids in braces, one who is there twice, and one written unlike the others but once."""
    people = ["{a1-b2}", "{a1-b3}", "{a1-b4}", "11", "77", "0909909990", "An", "An", "bob@bobs.com"]
    signups(tmp_path, [f"{person},2026-01-0{n}" for n, person in enumerate(people, 1)])
    assert said_of(tmp_path) == {}


# --- the same rows twice -------------------------------------------------------------------------------------------


def demos(ids: Sequence[str], header: str = "user_id") -> str:
    return "\n".join([f"{header},booked_at", *(f"{who},2026-01-0{n}" for n, who in enumerate(ids, 1))]) + "\n"


def test_demos_that_are_in_two_files_by_other_ids(tmp_path: Path) -> None:
    """Six meetings, exported by e-mail and by number: 12 are counted, and it is said."""
    mails, numbers = [f"u{n}@x.vn" for n in range(6)], [str(101 + n) for n in range(6)]
    write_folder(tmp_path, {"demos_a.csv": demos(mails, "email"), "demos_b.csv": demos(numbers)})
    assert list(said_of(tmp_path)) == [("times-alike", None)]
    assert in_month(tmp_path, "2026-01", "new_demo_bookings") == [12]
    write_folder(tmp_path, {"demos_b.csv": demos(numbers[:5])})
    assert said_of(tmp_path) == {}


@pytest.mark.parametrize(
    ("other", "is_asked"),
    [
        ("date,device,sessions\n2026-01-05,mobile,25\n2026-01-05,desktop,5\n2026-01-06,mobile,8\n", True),
        ("date,sessions\n2026-01-01,38\n2026-02-01,40\n", True),
        ("date,device,sessions\n2026-01-05,mobile,25\n2026-01-06,mobile,8\n", False),
        ("date,sessions\n2026-01-01,37\n2026-02-01,40\n", False),
    ],
)
def test_two_reports_of_the_same_visits(other: str, is_asked: bool, tmp_path: Path) -> None:
    """30 and 8 visits in January, 40 in February: by source, and once more by device on the two days, or by month."""
    first = "date,source,sessions\n2026-01-05,google,10\n2026-01-05,direct,20\n2026-01-06,direct,8\n"
    if "2026-02" in other:
        first += "2026-02-07,direct,40\n"
    write_folder(tmp_path, {"visits_a.csv": first, "visits_b.csv": other})
    assert bool({("visits-summed-again", None), ("visits-agree", None)} & said_of(tmp_path).keys()) is is_asked


# --- numbers in the settings ---------------------------------------------------------------------------------------


def test_a_balance_that_may_be_thousands(tmp_path: Path) -> None:
    def opening(written: str) -> int | None:
        (tmp_path / "funnel.toml").write_text(
            f'[opening]\nmonth = "2026-01"\npaid_users = {written}\n', encoding="utf-8"
        )
        found = read_config(tmp_path / "funnel.toml").opening
        return found.paid_users if found is not None else None

    with pytest.raises(ConfigError) as caught:
        opening("1.200")
    assert "1.2 or 1200" in str(caught.value)
    assert [opening(written) for written in ("1_200", '"1.200"', '"1200"', "7")] == [1200, 1200, 1200, 7]


# --- what changes no figure ----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Opportunity ID", ("006A", "006C")), ("invoice_no", ("CN-1", "INV-1")), ("Event UUID", ("ev0", "ev1")),
        ("Region code", ("1", "2")), ("Onboarded", ("yes", "no")), ("Server", ("eu", "us")),
        ("Beta features", ("on", "off")), ("Partner", ("Acme", "Bolt")), ("Nhóm khách hàng", ("Sỉ", "Lẻ")),
        ("Xuất hóa đơn", ("Có", "Không")),
    ],
)  # fmt: skip
def test_an_attribute_or_an_id_is_no_status(header: str, cells: tuple[str, str], tmp_path: Path) -> None:
    rows = [f"c{n},2026-01-{n + 1:02d},,50,{cells[n % 2]}" for n in range(12)]
    write_folder(tmp_path, {"paid_users.csv": "\n".join([f"user_id,started_at,ended_at,mrr,{header}", *rows]) + "\n"})
    assert said_of(tmp_path) == {}


def test_what_is_owed_is_no_amount_that_is_paid(tmp_path: Path) -> None:
    rows = [f"c{n},2026-01-0{n + 1},{300 if n == 2 else 0}" for n in range(6)]
    write_folder(tmp_path, {"paid_users.csv": "\n".join(["user_id,started_at,Outstanding", *rows]) + "\n"})
    why, step = said_of(tmp_path)["unread-column", "Outstanding"]
    assert "what is owed" in why
    assert "amount" not in step


@pytest.mark.parametrize("header", ["Event UUID", "Call ID", "Lịch số"])
def test_a_row_for_everybody_who_was_at_a_meeting(header: str, tmp_path: Path) -> None:
    """Two people at each of six meetings: 12 rows, and six meetings by the setting that is named."""
    rows = [f"ev{n},p{n}{who}@x.vn,2026-01-0{n}" for n in range(1, 7) for who in "ab"]
    file = {"demos.csv": "\n".join([f"{header},email,booked_at", *rows]) + "\n"}
    said = said_of(write_folder(tmp_path, file))
    assert list(said) == [("unread-column", header)]
    assert f"demo_id = '{header}'" in said["unread-column", header][1]
    assert in_month(tmp_path, "2026-01", "new_demo_bookings") == [12]
    write_folder(tmp_path, file, f"[inputs.demos.columns]\ndemo_id = '{header}'\n")
    assert (said_of(tmp_path), in_month(tmp_path, "2026-01", "new_demo_bookings")) == ({}, [6])


def test_months_in_the_place_of_days(tmp_path: Path) -> None:
    write_folder(tmp_path, {"visits.csv": "date,visits\n2026-01,700\n2026-02,800\n"})
    said = said_of(tmp_path)
    assert "monthly.csv" in said["months-for-days", "date"][1]
    write_folder(tmp_path, {"visits.csv": "date,visits\n2026-01-01,700\n2026-02-01,800\n"})
    assert said_of(tmp_path) == {}
