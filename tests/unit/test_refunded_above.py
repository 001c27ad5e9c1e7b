"""Customers who got back more than they paid: by customer, on the day, and beside the figures of cash."""

from __future__ import annotations

from pathlib import Path

import pytest

from funnelcli import open_folder
from support import NOW, said_of, write_folder

HEADER = "user_id,started_at,ended_at,interval,amount,paid_at,refunded_at,refunded_amount\n"
CODE = "refunded-above-paid"
# an paid 50 and 30 and got back 60 of it: less. bo paid 50 and got back 20 and then 40 more: 10 above. chi got back
# just what was paid, as a row of its own below 0; dao paid 25 and a row takes 30 off.
ROWS = """\
an,2026-01-05,2026-02-04,month,50,2026-01-05,,
an,2026-02-05,2026-03-04,month,30,2026-02-05,2026-02-20,60
bo,2026-01-05,2026-02-04,month,30,2026-01-05,2026-01-20,20
bo,2026-02-05,2026-03-04,month,20,2026-02-05,2026-02-20,40
chi,2026-01-05,2026-02-04,month,25,2026-01-05,,
chi,2026-02-05,2026-02-05,month,-25,2026-02-05,,
dao,2026-01-05,2026-02-04,month,25,2026-01-05,,
dao,2026-02-06,2026-02-06,month,-30.5,2026-02-06,,
"""


def noted(folder: Path, as_of: str, section: str = "success") -> list[str]:
    report = open_folder(folder, now=NOW).report(start="2026-01", end="2026-03", as_of=as_of, section=section).report
    return [note.text.of("en") for note in report.notes if note.code == CODE]


def test_customers_are_found_with_their_latest_refund(tmp_path: Path) -> None:
    write_folder(tmp_path, {"paid_users.csv": HEADER + ROWS}, '[business]\ncurrency = "USD"\n')
    problems = open_folder(tmp_path, now=NOW).check(as_of="2026-03-31").problems
    named = [(p.line, str(p.message)) for p in problems if p.code == CODE]
    assert named == [
        (5, "bo got back 60 USD in all and paid 50 USD in these exports: both count as they stand"),
        (9, "dao got back 30.5 USD in all and paid 25 USD in these exports: both count as they stand"),
    ]


@pytest.mark.parametrize(
    ("as_of", "said"),
    [
        # Of bo 20 of 30 until 20 February; of dao 30.50 of 25 from 6 February on.
        ("2026-02-05", None),
        (
            "2026-02-06",
            "1 customer got back more than that customer paid in these exports, by 6 Feb 2026 5.5 USD",
        ),
        ("2026-02-19", "1 customer got back more than that customer paid in these exports, by 19 Feb 2026 5.5 USD"),
        ("2026-02-20", "2 customers got back more than they paid in these exports, by 20 Feb 2026 15.5 USD more"),
    ],
)
def test_the_note_beside_cash_is_of_the_day(as_of: str, said: str | None, tmp_path: Path) -> None:
    write_folder(tmp_path, {"paid_users.csv": HEADER + ROWS}, '[business]\ncurrency = "USD"\n')
    notes = noted(tmp_path, as_of)
    assert [note[: len(said or "")] for note in notes] == ([] if said is None else [said])


def test_where_it_is_not_known_what_was_paid_nothing_is_said(tmp_path: Path) -> None:
    """The price of a month in a row of three: more was paid than the row says."""
    write_folder(tmp_path, {"paid_users.csv": HEADER + "an,2026-01-05,2026-04-04,month,50,,2026-02-20,60\n"})
    assert CODE not in {code for code, _ in said_of(tmp_path)}
    assert noted(tmp_path, "2026-03-31") == []


def test_the_dashboard_without_cash_says_nothing_of_it(tmp_path: Path) -> None:
    write_folder(tmp_path, {"paid_users.csv": HEADER + ROWS})
    assert noted(tmp_path, "2026-03-31", "dashboard") == []
