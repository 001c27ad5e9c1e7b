"""Twenty-six months of month rows, as the models build them that many firms reckon their MRR with.

Each customer has one amount a month, and what moved is a month's amount less that of the month before: a table of a
line a customer and month, with the kind of its change.  Here it is made from scratch, of invented customers.  One thing
differs: whoever is not there in a month is lost in that month there, and on the last day of the month before here.
"""

from __future__ import annotations

import csv
from collections import Counter
from datetime import timedelta
from itertools import pairwise
from pathlib import Path

import pytest

from oracle.mrr_recount import METRICS, months, with_total
from support import figures, folder_of

# The amounts of each customer as runs: so many months of so much.  Each comes to 27: the last shows who goes on.
RUNS = {
    "an": [(8, 50), (12, 80), (7, 65)],
    "binh": [(3, 0), (6, 100), (2, 0), (10, 100), (6, 0)],
    "chi": [(5, 0), (1, 30), (21, 0)],
    "dung": [(1, 0), (12, 40), (1, 0), (13, 60)],
    "em": [(1, 20), *((1, 20 + 5 * step) for step in range(1, 26)), (1, 145)],
    "giang": [(13, 200), (14, 0)],
    "hoa": [(25, 0), (2, 75)],
    "khanh": [(1, 10 * (month % 2)) for month in range(27)],
    "lan": [(5, 120), (5, 90), (5, 120), (1, 0), (11, 90)],
    "minh": [(10, 0), (17, 500)],
    "nga": [(2, 0), (22, 35), (3, 0)],
}
AMOUNTS = {user: [amount for length, amount in runs for _ in range(length)] for user, runs in RUNS.items()}
MONTHS = months("2024-03", "2026-05")
SHOWN = MONTHS[:26]
MOVEMENTS = ("new", "reactivation", "expansion", "contraction", "churned")
Bridge = dict[str, dict[str, int]]  # by month and kind


def moved(before: int, now: int, *, ever: bool) -> tuple[str, int] | None:
    """The kind of a change from one month to the next, and by how much."""
    match before, now:
        case _ if before == now:
            return None
        case 0, _:
            return ("reactivation" if ever else "new"), now
        case _, 0:
            return "churned", before
        case _:
            return ("expansion" if now > before else "contraction"), abs(now - before)


def change_lines() -> list[tuple[str, int, str, int]]:
    """A line for each customer and month whose amount differs from that before: customer, month, kind, amount."""
    lines = []
    for user, amounts in AMOUNTS.items():
        for month, (before, now) in enumerate(pairwise([0, *amounts])):
            change = moved(before, now, ever=any(amounts[:month]))
            if change is not None:
                lines.append((user, month, *change))
    return lines


def recounted() -> Bridge:
    """What moved by month and kind; a loss is of the month before the one that shows it."""
    bridge: Bridge = {key: dict.fromkeys(MOVEMENTS, 0) for key, _, _ in MONTHS}
    for _, month, kind, amount in change_lines():
        bridge[MONTHS[month - (kind == "churned")][0]][kind] += amount
    return {key: bridge[key] for key, _, _ in SHOWN}


def going_on(user: str, month: int) -> int:
    """What a customer comes to at the end of a month: nothing where it has nothing in the next."""
    if month < 0:
        return 0
    amounts = AMOUNTS[user]
    return amounts[month] if amounts[month + 1] else 0


def retention(first: int, last: int) -> tuple[tuple[int, int], tuple[int, int]]:
    """What is left at the end of a month of those there when another began, and of that what is no expansion."""
    then = {user: going_on(user, first - 1) for user in AMOUNTS if going_on(user, first - 1)}
    now = {user: going_on(user, last) for user in then}
    everything = sum(then.values())
    return (sum(now.values()), everything), (sum(min(then[user], now[user]) for user in then), everything)


def test_each_customer_has_an_amount_for_each_month_and_all_kinds_are_there() -> None:
    assert {user: len(amounts) for user, amounts in AMOUNTS.items()} == dict.fromkeys(AMOUNTS, len(MONTHS))
    assert Counter(kind for _, _, kind, _ in change_lines()) == {
        "new": len(AMOUNTS),
        "expansion": 25 + 1 + 1,  # of em, an and lan
        "contraction": 1 + 1,  # of an and lan
        "churned": 13 + 2 + 1 + 1 + 1 + 1 + 1,  # of khanh; binh; chi, dung, giang, lan and nga
        "reactivation": 12 + 1 + 1 + 1,  # of khanh; binh, dung and lan
    }


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """A row for each customer and month, from the first day of the month to the last."""
    with (tmp_path / "paid_users.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file)
        table.writerow(["user_id", "started_at", "ended_at", "mrr"])
        for user, amounts in AMOUNTS.items():
            for (_, first, after), amount in zip(MONTHS, amounts, strict=True):
                if amount:
                    table.writerow([user, first, after - timedelta(days=1), amount])
    return tmp_path


def test_the_bridge_of_each_month_is_that_of_its_change_lines(folder: Path) -> None:
    periods = with_total(SHOWN)
    report = folder_of(folder).report(
        section="revenue", start=SHOWN[0][0], end=SHOWN[-1][0], as_of=SHOWN[-1][2] - timedelta(days=1)
    )
    got = {key: figure for key, figure in figures(report.report).items() if key[0] in METRICS}
    amounts = {key: {kind: got[f"{kind}_mrr_amount", None, key][0] for kind in MOVEMENTS} for key, _, _ in SHOWN}
    assert amounts == recounted()
    ends = [sum(going_on(user, month) for user in AMOUNTS) for month in range(-1, 26)]
    balances = [(got["opening_mrr_amount", None, key][0], got["closing_mrr_amount", None, key][0]) for key, *_ in SHOWN]
    assert balances == list(pairwise(ends))
    for number, (key, _, _) in enumerate(periods):
        first, last = (number, number) if key != "total" else (0, 25)
        net, gross = retention(first, last)
        assert got["net_revenue_retention_rate", None, key][1:] == net, key
        assert got["gross_revenue_retention_rate", None, key][1:] == gross, key
        if last >= 12:  # balances begin with the first month, of which the eve has none
            net, gross = retention(last - 11, last)
            assert got["net_revenue_retention_12m_rate", None, key][1:] == net, key
            assert got["gross_revenue_retention_12m_rate", None, key][1:] == gross, key


def test_who_moved_and_when_are_the_change_lines(folder: Path) -> None:
    """A loss is dated the last day of the month before the one that shows it."""
    last_day = SHOWN[-1][2] - timedelta(days=1)
    moves = folder_of(folder).movements(start=SHOWN[0][0], end=SHOWN[-1][0], as_of=last_day).rows
    expected = []
    for user, month, kind, amount in change_lines():
        day = MONTHS[month][1] - timedelta(days=kind == "churned")
        if day <= last_day:
            expected.append((user, day, kind, -amount if kind in ("contraction", "churned") else amount))
    assert sorted((move.user_id, move.day, move.kind, move.change) for move in moves) == sorted(expected)
    assert [abs(move.change) for move in moves] == sorted((abs(change) for *_, change in expected), reverse=True)
