"""Who pays nothing by the name of a plan or a price, and who has left by a number or a mark: named, and decided."""

from __future__ import annotations

from pathlib import Path

import pytest

import funnelcli as fc
from support import figures, report_of


def problems_of(
    folder: Path, rows: str, config: str = "", *, name: str = "paid_users.csv"
) -> dict[str, tuple[str, str]]:
    """Of a folder of one file: by the code and the column of each problem what is said, and the next step."""
    (folder / name).write_text(rows, encoding="utf-8")
    (folder / "funnel.toml").write_text(config, encoding="utf-8")
    problems = fc.open_folder(folder).check().problems
    return {f"{problem.code} {problem.column}": (problem.message, problem.hint) for problem in problems}


def paying(folder: Path) -> float | None:
    known = figures(report_of(folder, first="2026-02", last="2026-02", as_of="2026-02-28"))
    return known["closing_paid_users", None, "2026-02"][0]


def customers(header: str, cells: list[str]) -> str:
    lines = [f"u{n},2026-01-{10 + n},,{cell}" for n, cell in enumerate(cells)]
    return "\n".join([f"user_id,started_at,ended_at,{header}", *lines]) + "\n"


# --- plans -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "plan",
    [
        "Gratis",
        "Testphase",
        "免费",
        "Trải nghiệm 14 ngày",
        "$0 plan",
        "0đ",
        "Hobby (€0)",
        "Comped",
        "Sandbox",
        "Nội bộ",
        "Cancelled",
        "Pro - cancelled",
        "No plan",
        "Free shipping",
        "Sonderfall",
    ],
)
def test_a_plan_that_nothing_vouches_for_is_named(tmp_path: Path, plan: str) -> None:
    """Of three customers one has a plan that may cost nothing: 3, or 2 by the setting that is named."""
    rows = customers("plan", ["Pro", plan, "Pro monthly"])
    message, hint = problems_of(tmp_path, rows)["plan-may-not-pay plan"]
    assert message == (
        "the column 'plan' has plans of which no amount and no word says that they are paid for: "
        f"{plan!r} (1); in all 1 row counts as paying"
    )
    assert paying(tmp_path) == 3
    drop = f"[inputs.paid_users.drop] 'plan' = [{plan!r}]"
    assert drop in hint
    assert problems_of(tmp_path, rows, f"[inputs.paid_users.drop]\nplan = [{plan!r}]\n") == {}
    assert paying(tmp_path) == 2
    assert problems_of(tmp_path, rows, "[inputs.paid_users]\nignore = ['plan']\n") == {}
    # The report says it too.
    notes = [note.text.of("en") for note in report_of(tmp_path, first="2026-02", last="2026-02").notes]
    assert not [note for note in notes if "no amount and no word" in note]


def test_the_report_says_which_plans_may_not_pay(tmp_path: Path) -> None:
    problems_of(tmp_path, customers("plan", ["Pro", "Gratis"]))
    notes = [note.text.of("en") for note in report_of(tmp_path, first="2026-02", last="2026-02").notes]
    assert [note for note in notes if note.startswith("paid_users.csv: the column 'plan' has plans")]


@pytest.mark.parametrize(
    "plans",
    [
        ["Pro", "Basic", "Enterprise yearly", "Cơ bản", "Gói 10 người dùng", "Pro 2024"],
        ["Acme Uno", "Acme Orbit", "Acme Orbit"],  # words of its own, of which none is known
        ["Fresh Pro", "Fresh Basic", "Fresh"],  # a word that several plans have is its maker's
        ["Freelance", "Pro Freelancer", "Pro"],
        ["price_1NxYz9", "price_2AbCd8", "Pro"],  # codes
    ],
)
def test_ordinary_plans_are_quiet(tmp_path: Path, plans: list[str]) -> None:
    assert problems_of(tmp_path, customers("plan", plans)) == {}


def test_an_amount_vouches_for_a_plan_whatever_its_name(tmp_path: Path) -> None:
    """u1 pays 5 for a plan called Gratis; u2, of the same plan, has no amount, and is the 1 row that is named."""
    rows = customers("plan,mrr", ["Pro,20", "Gratis,5", "Gratis,"])
    assert "'Gratis' (1); in all 1 row counts" in problems_of(tmp_path, rows)["plan-may-not-pay plan"][0]
    rows = customers("plan,mrr", ["Pro,20", "Gratis,5", "Sonderfall,5"])
    assert problems_of(tmp_path, rows) == {}


@pytest.mark.parametrize(
    ("header", "paid", "unpaid"),
    [("Price", "$20", "Free"), ("billing", "paid", "comped"), ("Tarif", "Pro", "Kostenlos")],
)
def test_a_column_of_what_is_sold_that_is_not_read_and_says_free(
    tmp_path: Path, header: str, paid: str, unpaid: str
) -> None:
    rows = customers(header, [paid, unpaid, paid])
    message, hint = problems_of(tmp_path, rows)[f"unread-column {header}"]
    assert message.endswith(f"it holds words that may say that nothing is paid: {unpaid} 1")
    assert f"[inputs.paid_users.drop] {header!r} = [{unpaid!r}]" in hint
    assert problems_of(tmp_path, rows, f"[inputs.paid_users.drop]\n{header} = [{unpaid!r}]\n") == {}
    assert paying(tmp_path) == 2


# --- shares ------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("cells", [["100%", "60%", "0%", "100%"], ["1.0", "0.6", "0.0", "1.0"]])
def test_shares_beside_people_may_be_of_deals(tmp_path: Path, cells: list[str]) -> None:
    """Two of four are certain: 4, or 2 as a status."""
    rows = customers("Aussicht", cells)
    message, hint = problems_of(tmp_path, rows)["unread-column Aussicht"]
    assert "which may say how likely a row is to be paid for; 2 that are not the whole count" in message
    assert "[inputs.paid_users.columns] status = 'Aussicht'" in hint
    assert paying(tmp_path) == 4
    said = problems_of(tmp_path, rows, "[inputs.paid_users.columns]\nstatus = 'Aussicht'\n")
    assert set(said) == {"not-paying status"}
    assert paying(tmp_path) == 2


@pytest.mark.parametrize(
    ("header", "cells"),
    [("VAT rate", ["10%", "8%"]), ("Usage", ["100%", "60%"]), ("Members", ["3", "7"]), ("Share", ["100%", "100%"])],
)
def test_other_shares_are_quiet(tmp_path: Path, header: str, cells: list[str]) -> None:
    assert problems_of(tmp_path, customers(header, [*cells, *cells])) == {}


# --- who has left ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "cells", "why"),
    [
        ("state", ["1", "4", "1", "1"], "it holds words that may say whether a row counts: 1 3, 4 1"),
        ("Nghỉ", ["", "✓", "", ""], "it holds words that may say whether a row counts: (empty) 3, ✓ 1"),
        ("Active", ["★", "", "★", "★"], "it holds words that may say whether a row counts: ★ 3, (empty) 1"),
        ("Health", ["🟢", "🔴", "🟢", "🟢"], "it holds words that may say whether a row counts: 🟢 3, 🔴 1"),
        ("Churn year", ["", "2026", "", ""], "it holds words that may say whether a row counts: (empty) 3, 2026 1"),
        ("days_as_customer", ["", "19", "", ""], "it holds numbers in 1 row only, after which customers may have left"),
        # 10, 12 and 13 January and these days are 1 February; 11 January and 5 days is 16 January.
        (
            "Tage",
            ["22", "5", "20", "19"],
            "it holds numbers of days that for 3 rows lead from their starts to 2026-02-01, and for 1 to a day before, "
            "on which customers may have left",
        ),
    ],
)
def test_who_left_by_a_number_or_a_mark_is_named(tmp_path: Path, header: str, cells: list[str], why: str) -> None:
    message, _ = problems_of(tmp_path, customers(header, cells))[f"unread-column {header}"]
    assert message == f"the column {header!r} is not read, and {why}"


def test_the_codes_of_a_state_are_decided_by_settings(tmp_path: Path) -> None:
    rows = customers("state", ["1", "4", "1", "1"])
    config = (
        "[inputs.paid_users.columns]\nstatus = 'state'\n[inputs.paid_users.status]\npaying = ['1']\nended = ['4']\n"
    )
    assert set(problems_of(tmp_path, rows, config)) == {"ended-without-date status"}
    assert paying(tmp_path) == 3


# --- who is no real person ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("header", "cells"),
    [
        ("Created by", ["admin", "admin", "lan"]),
        ("Người tạo", ["admin", "admin", "admin"]),
        ("Company", ["Test Rite", "Spam Foods", "Duplicate Photo Co"]),
        ("email_verified", ["true", "false", "true"]),
        ("Email Verified At", ["2026-01-11", "", "2026-01-12"]),
        ("is_deleted", ["false", "false", "false"]),
    ],
)
def test_makers_and_names_say_nothing_of_who_signed_up(tmp_path: Path, header: str, cells: list[str]) -> None:
    lines = [f"u{n},2026-01-{10 + n},{cell}" for n, cell in enumerate(cells)]
    rows = "\n".join([f"user_id,signed_up_at,{header}", *lines]) + "\n"
    assert problems_of(tmp_path, rows, name="signups.csv") == {}


@pytest.mark.parametrize(
    ("header", "cells", "value"),
    [
        ("is_verified", ["true", "false", "true"], "false"),
        ("account confirmed", ["yes", "no", "yes"], "no"),
        ("is_deleted", ["false", "true", "false"], "true"),
        ("Company", ["Acme", "test", "Acme"], "test"),
    ],
)
def test_who_is_not_confirmed_or_but_a_test_is_named(tmp_path: Path, header: str, cells: list[str], value: str) -> None:
    lines = [f"u{n},2026-01-{10 + n},{cell}" for n, cell in enumerate(cells)]
    rows = "\n".join([f"user_id,signed_up_at,{header}", *lines]) + "\n"
    message, _ = problems_of(tmp_path, rows, name="signups.csv")[f"unread-column-excludes {header}"]
    assert f"({value!r} in 1 of the first 3 rows)" in message


def test_the_width_of_a_screen_sums_no_visits(tmp_path: Path) -> None:
    rows = "date,source,screen_width\n2026-01-05,direct,390\n2026-01-06,direct,414\n2026-01-07,direct,390\n"
    assert problems_of(tmp_path, rows, name="visits.csv") == {}


def test_columns_of_months_are_named_once_and_no_amount_is_suggested(tmp_path: Path) -> None:
    lines = ["user_id,started_at,2026-01,2026-02", "u1,2026-01-05,10,0", "u2,2026-02-06,0,20", "u3,2026-01-07,5,5"]
    said = problems_of(tmp_path, "\n".join(lines) + "\n")
    assert set(said) == {"unread-column 2026-01"}
    message, hint = said["unread-column 2026-01"]
    assert "it is one of 2 columns of months, up to '2026-02', that hold amounts" in message
    assert "amount =" not in hint
