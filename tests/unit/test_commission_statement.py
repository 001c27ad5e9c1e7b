"""Statements of commission: a line each, in every format, and the balances that they sum to."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

import pytest

import funnelcli as fc
from owed import PAID, POLICY, SIGNUPS, folder_of
from support import run_cli

LINES = [
    "B2,affiliate,signup,n1,affiliate,2026-01-10,50,2026-02-09,payable,2026-02-09,signups.csv,2",
    "B2,affiliate,signup,n2,affiliate,2026-01-15,50,2026-02-14,payable,2026-02-14,signups.csv,3",
    "B2,affiliate,new_paid_user,n1,affiliate,2026-01-20,120,2026-02-19,payable,2026-02-19,paid_users.csv,2",
    "B2,affiliate,new_paid_user,n2,affiliate,2026-01-25,240,2026-02-24,clawed_back,2026-02-24,paid_users.csv,3",
    "B2,affiliate,signup,n3,affiliate,2026-02-20,50,2026-03-22,payable,2026-03-22,signups.csv,4",
    "B2,affiliate,new_paid_user,n3,affiliate,2026-02-25,180,2026-03-27,payable,2026-03-27,paid_users.csv,4",
    "unassigned,affiliate,signup,n4,affiliate,2026-03-05,50,2026-04-04,held,,signups.csv,5",
    "unassigned,affiliate,new_paid_user,n4,affiliate,2026-03-15,120,2026-04-14,held,,paid_users.csv,5",
]
HEADER = "person,team,event,user_id,channel,earned_on,amount,due_on,state,settled_on,file,line"


def stated(place: Path, *options: str) -> str:
    """What the command writes of the folder of two earners, up to the end of March."""
    folder_of(place, signups=SIGNUPS, paid_users=PAID)
    return run_cli("commission", str(place), "--as-of", "2026-03-31", *options).stdout


def test_every_commission_is_a_line(tmp_path: Path) -> None:
    assert stated(tmp_path, "-f", "csv").splitlines() == [HEADER, *LINES]


@pytest.mark.parametrize(
    ("options", "lines"),
    [
        (("--person", "b2"), LINES[:6]),
        (("--person", "B2", "--month", "2026-01"), LINES[:4]),
        (("--month", "2026-03"), LINES[4:]),  # the third's was due then, the fourth's earned
        (("--from", "2026-03", "--person", "unassigned"), LINES[6:]),
        (("--to", "2026-01"), LINES[:4]),
        (("--team", "affiliate", "--month", "2026Q2"), []),
    ],
)  # fmt: skip
def test_a_statement_of_some(tmp_path: Path, options: tuple[str, ...], lines: list[str]) -> None:
    """Of a person, and of what was earned, due or clawed back in a time."""
    assert stated(tmp_path, "-f", "csv", *options).splitlines() == [HEADER, *lines]


def test_the_lines_sum_to_the_balances(tmp_path: Path) -> None:
    """A person's balance is what its lines say of each state: 690 = 240 + 450 + 0."""
    data = json.loads(stated(tmp_path, "-f", "json"))
    assert data["balances"] == [
        {"person": "B2", "earned": 690, "clawed_back": 240, "payable": 450, "held": 0, "unknown": 0},
        {"person": "unassigned", "earned": 170, "clawed_back": 0, "payable": 0, "held": 170, "unknown": 0},
    ]
    for balance in data["balances"]:
        mine = [row for row in data["rows"] if row["person"] == balance["person"]]
        for state in ("clawed_back", "payable", "held"):
            assert sum(row["amount"] for row in mine if row["state"] == state) == balance[state]
        assert sum(row["amount"] for row in mine) == balance["earned"]


def test_a_sum_with_an_amount_that_nobody_knows_is_missing(tmp_path: Path) -> None:
    """n4 earned 50 by the signup and a share of an MRR that nobody knows: earned and held are missing, not 50."""
    folder_of(tmp_path, signups=SIGNUPS, paid_users=(*PAID[:-1], "n4,2026-03-15,,"))
    run = run_cli("commission", str(tmp_path), "--as-of", "2026-03-31", "-f", "json")
    data = json.loads(run.stdout)
    assert [balance["earned"] for balance in data["balances"]] == [690, None]
    assert data["balances"][1] == {
        "person": "unassigned", "earned": None, "clawed_back": 0, "payable": 0, "held": None, "unknown": 0,
    }  # fmt: skip
    assert [row["amount"] for row in data["rows"] if row["user_id"] == "n4"] == [50, None]
    assert [note["code"] for note in data["notes"]] == ["commission-unpriced"]


def test_a_statement_without_a_line_says_so(tmp_path: Path) -> None:
    assert "No commission was earned" in stated(tmp_path, "--month", "2025-01")


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize("form", ["table", "md", "html", "tsv", "json"])
def test_every_format_has_every_amount(tmp_path: Path, form: str, lang: str) -> None:
    text = stated(tmp_path, "-f", form, "--lang", lang)
    for amount in ("690", "240", "450", "170", "180", "120") if form in ("table", "md", "html") else ("240", "180"):
        assert amount in text, (form, lang, amount)


def test_a_workbook_of_it(tmp_path: Path) -> None:
    folder_of(tmp_path, signups=SIGNUPS, paid_users=PAID)
    fc.open_folder(tmp_path).commission(as_of="2026-03-31").save(tmp_path / "owed.xlsx")
    from python_calamine import CalamineWorkbook

    book = CalamineWorkbook.from_path(tmp_path / "owed.xlsx")
    cells = {cell for name in book.sheet_names for row in book.get_sheet_by_name(name).to_python() for cell in row}
    assert {690.0, 240.0, 450.0, 170.0} <= cells


def test_whoever_nobody_names_is_refused_with_the_closest(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, signups=SIGNUPS, paid_users=PAID)
    with pytest.raises(fc.UsageError, match="no commission is theirs"):
        folder.commission(person="C9")
    with pytest.raises(fc.UsageError, match="Did you mean affiliate"):
        folder.commission(team="afiliate")


def test_without_a_policy_there_is_nothing_to_state(tmp_path: Path) -> None:
    folder = folder_of(tmp_path, ("[business]",), signups=SIGNUPS, paid_users=PAID)
    with pytest.raises(fc.ConfigError, match="no policy pays"):
        folder.commission()


def test_what_nobody_knows_is_said(tmp_path: Path) -> None:
    """Of a row that has ended on no known day, and of one without an amount, a line stands with what is known."""
    paid = ("user_id,started_at,ended_at,status,mrr", "n1,2026-01-20,,cancelled,100", "n2,2026-01-25,,active,")
    folder = folder_of(tmp_path, signups=SIGNUPS[:3], paid_users=paid)
    rows = folder.commission(as_of="2026-03-31").rows
    assert [(row.user_id, row.event, row.amount, row.state.value) for row in rows] == [
        ("n1", "signup", 50, "unknown"), ("n2", "signup", 50, "payable"),
        ("n1", "new_paid_user", 120, "unknown"), ("n2", "new_paid_user", None, "payable"),
    ]  # fmt: skip
    assert folder.commission(as_of="2026-03-31").balances[0].unknown == 170


def test_visits_are_added_up_by_day(tmp_path: Path) -> None:
    """Visits of nobody have a line a day and channel, without a person or a row."""
    policy = (*POLICY[:4], "[policies.marketing]", "per_visit = 2")
    visits = ("date,source", "2026-01-05,google", "2026-01-05,bing", "2026-01-06,google / cpc")
    rows = folder_of(tmp_path, policy, visitors=visits).commission(as_of="2026-01-31").rows
    assert [(row.event, row.user_id, row.channel, str(row.earned_on), row.amount, row.line) for row in rows] == [
        ("visit", "", "organic", "2026-01-05", 4, None), ("visit", "", "paid", "2026-01-06", 2, None),
    ]  # fmt: skip


def test_cells_that_would_run_in_a_spreadsheet_do_not(tmp_path: Path) -> None:
    signups = (SIGNUPS[0], "n1,=1+1,2026-01-10,affiliate")
    folder_of(tmp_path, signups=signups, paid_users=PAID[:2])
    text = run_cli("commission", str(tmp_path), "--as-of", "2026-03-31", "-f", "csv").stdout
    assert {row["person"] for row in csv.DictReader(io.StringIO(text))} == {"'=1+1"}


def test_what_nobody_owns_is_said(tmp_path: Path) -> None:
    """A customer who never signed up and has no source is of an unknown channel, which is paid for by no policy."""
    folder = folder_of(tmp_path, signups=SIGNUPS, paid_users=(*PAID, "x1,2026-02-01,,900"))
    said, owed = "1 of the 5 of paid users are of an unknown channel", folder.commission(as_of="2026-03-31")
    assert [note.text.of("en").startswith(said) for note in owed.statement.notes] == [True]
    notes = folder.report(month="2026-02", section="costs").report.notes
    assert [note.code for note in notes].count("commission-of-unknown-channel") == 1


def test_where_the_lines_are_in_two_tables_both_say_of_whom_they_are(tmp_path: Path) -> None:
    folder_of(tmp_path, signups=SIGNUPS, paid_users=PAID)
    narrow = {"COLUMNS": "60", "FUNNELCLI_WIDTH": "60"}
    shown = run_cli("commission", str(tmp_path), "--as-of", "2026-03-31", env=narrow).stdout
    parts = [part.splitlines() for part in shown.split("\n\n") if "earned on" in part or "due on" in part]
    assert len(parts) > 1
    for lines in parts:
        head = next(number for number, line in enumerate(lines) if "user_id" in line)
        place = lines[head].index("user_id")
        assert [line[place:].split()[0] for line in lines[head + 2 :]] == [line.split(",")[3] for line in LINES]
        assert max(map(len, lines)) <= 60
