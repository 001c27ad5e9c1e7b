"""Which row renews which, worked by hand; and rows by chance, beside a recount that walks from row to row."""

from __future__ import annotations

import random
from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from funnelcli.facts.events import OPEN_END, UNDATED_END
from funnelcli.facts.renewals import EARLY, LATE, NOT_RENEWED, ON_TIME, renewals_of

Row = tuple[str, str, int, int]  # customer, plan, first and last paid day
Renewal = tuple[int, str]  # the row that renews, -1 for none, and how

WORDS = {NOT_RENEWED: "", EARLY: "early", ON_TIME: "on time", LATE: "late"}


def renewed(rows: Sequence[Row], grace: int = 0) -> list[Renewal]:
    """What renews each row, by the product."""
    who, plan = (np.unique([row[place] for row in rows], return_inverse=True)[1] for place in (0, 1))
    start, end = (np.array([row[place] for row in rows], dtype=np.int64) for place in (2, 3))
    named = np.array([bool(row[1]) for row in rows], dtype=bool)
    known = renewals_of(who, plan, named, start, end, grace_days=grace)
    return [(by, WORDS[how]) for by, how in zip(known.by.tolist(), known.how.tolist(), strict=True)]


def recounted(rows: Sequence[Row], grace: int = 0) -> list[Renewal]:
    """The same, slowly: in each round every row looks at every other one, in the order in which they begin."""
    found: list[Renewal] = [(-1, "")] * len(rows)
    used: set[int] = set()
    in_order = sorted(range(len(rows)), key=lambda row: (rows[row][2], row))
    for how, same_plan in (("on time", True), ("on time", False), ("early", True), ("late", True), ("late", False)):
        for new in in_order:
            fitting = [
                old
                for old in range(len(rows))
                if new not in used
                and found[old] == (-1, "")
                and rows[old][3] < UNDATED_END
                and rows[new][0] == rows[old][0]
                and rows[new][3] > rows[old][3]
                and (rows[new][1] == rows[old][1] or not same_plan)
                and how == manner(rows[old], rows[new], grace)
            ]
            if fitting:
                old = min(fitting, key=lambda row: (rows[row][3], row))
                found[old] = (new, how)
                used.add(new)
    return found


def manner(old: Row, new: Row, grace: int) -> str:
    """How a row would renew another one, by the days between an end and a start alone."""
    days_early = old[3] + 1 - new[2]
    if days_early in (0, 1):
        return "on time"
    if 2 <= days_early <= 31 and 4 * days_early <= old[3] + 1 - old[2] and old[1] == new[1] != "":
        return "early"
    return "late" if 1 <= -days_early <= grace else ""


@pytest.mark.parametrize(
    ("what", "rows", "grace", "expected"),
    [
        ("nothing follows", [("a", "P", 0, 30)], 9, [(-1, "")]),
        ("on the last day", [("a", "P", 0, 30), ("a", "P", 30, 60)], 0, [(1, "on time"), (-1, "")]),
        ("on the day after", [("a", "P", 0, 30), ("a", "Q", 31, 60)], 0, [(1, "on time"), (-1, "")]),
        ("another customer's row", [("a", "P", 0, 30), ("b", "P", 31, 60)], 0, [(-1, ""), (-1, "")]),
        ("one unpaid day, no grace", [("a", "P", 0, 30), ("a", "P", 32, 60)], 0, [(-1, ""), (-1, "")]),
        ("three unpaid days, grace 3", [("a", "P", 0, 30), ("a", "P", 34, 60)], 3, [(1, "late"), (-1, "")]),
        ("four unpaid days, grace 3", [("a", "P", 0, 30), ("a", "P", 35, 60)], 3, [(-1, ""), (-1, "")]),
        # 31 days before day 365, and 4 x 31 <= 365.
        ("31 days early", [("a", "P", 0, 364), ("a", "P", 334, 900)], 0, [(1, "early"), (-1, "")]),
        ("32 days early", [("a", "P", 0, 364), ("a", "P", 333, 900)], 0, [(-1, ""), (-1, "")]),
        # A term of 28 days: 7 days are its last quarter.
        ("the last quarter", [("a", "P", 0, 27), ("a", "P", 21, 60)], 0, [(1, "early"), (-1, "")]),
        ("before the last quarter", [("a", "P", 0, 27), ("a", "P", 20, 60)], 0, [(-1, ""), (-1, "")]),
        ("early, of another plan", [("a", "P", 0, 364), ("a", "Q", 350, 900)], 0, [(-1, ""), (-1, "")]),
        ("early, plans without names", [("a", "", 0, 364), ("a", "", 350, 900)], 0, [(-1, ""), (-1, "")]),
        ("early, ending no later", [("a", "P", 0, 364), ("a", "P", 350, 364)], 0, [(-1, ""), (-1, "")]),
        ("an open row renews", [("a", "P", 0, 364), ("a", "P", 350, OPEN_END)], 0, [(1, "early"), (-1, "")]),
        ("a day without a date", [("a", "P", 0, UNDATED_END), ("a", "P", 5, 9)], 0, [(-1, ""), (-1, "")]),
        (
            "what is renewed on time is not renewed early: the other is a second shop",
            [("a", "P", 0, 364), ("a", "P", 350, 700), ("a", "P", 365, 729)],
            0,
            [(2, "on time"), (-1, ""), (-1, "")],
        ),
        (
            "the same plan first: the add-on is renewed by the add-on",
            [("a", "Add-on", 0, 30), ("a", "ERP", 0, 30), ("a", "ERP", 31, 60)],
            0,
            [(-1, ""), (2, "on time"), (-1, "")],
        ),
        (
            "each row renews one",
            [("a", "P", 0, 30), ("a", "P", 5, 30), ("a", "P", 31, 60)],
            0,
            [(2, "on time"), (-1, ""), (-1, "")],
        ),
        (
            "two early ones: the first that begins renews, the other is more",
            [("a", "P", 0, 364), ("a", "P", 340, 700), ("a", "P", 350, 710)],
            0,
            [(1, "early"), (-1, ""), (-1, "")],
        ),
        ("a day paid for on the last day", [("a", "P", 0, 5), ("a", "P", 5, 5)], 0, [(-1, ""), (-1, "")]),
    ],
)  # fmt: skip
def test_what_renews_a_row(what: str, rows: list[Row], grace: int, expected: list[Renewal]) -> None:
    assert renewed(rows, grace) == expected, what
    assert recounted(rows, grace) == expected, what


def test_shops_add_ons_and_an_early_year() -> None:
    def row(who: str, plan: str, first: str, last: str) -> Row:
        days = [date.fromisoformat(day).toordinal() - 730_000 if day else OPEN_END for day in (first, last)]
        return who, plan, days[0], days[1]

    rows = [
        row("a", "Basic", "2025-02-10", "2026-02-09"),
        row("a", "Basic", "2026-01-25", "2027-01-24"),
        row("b", "Shop", "2026-01-01", "2026-01-31"),
        row("b", "Shop", "2026-01-15", "2026-02-14"),
        row("b", "Shop", "2026-02-01", "2026-02-28"),
        row("c", "Basic", "2026-01-01", "2026-02-28"),
        row("c", "Pro", "2026-02-16", ""),
    ]
    nothing = (-1, "")
    assert renewed(rows) == [(1, "early"), nothing, (4, "on time"), nothing, nothing, nothing, nothing]


def drawn(seed: int) -> tuple[list[Row], int]:
    """Rows by chance whose ends and starts meet often."""
    draw = random.Random(seed)
    rows = []
    for _ in range(draw.randint(1, 14)):
        start = draw.randint(0, 40)
        length = draw.choice([1, 2, 4, 8, 12, 28, 60, 130])
        end = draw.choice([start + length - 1] * 6 + [OPEN_END, UNDATED_END])
        rows.append((draw.choice("aab"), draw.choice(["", "P", "P", "Q"]), start, end))
    return rows, draw.choice([0, 0, 1, 3, 7])


@pytest.mark.parametrize("first", range(0, 1200, 300))
def test_rows_by_chance_are_renewed_as_the_slow_recount_says(first: int) -> None:
    drawings = [drawn(seed) for seed in range(first, first + 300)]
    assert [renewed(*each) for each in drawings] == [recounted(*each) for each in drawings]
    hows = {how for each in drawings for _, how in renewed(*each)}
    assert hows == {"", "early", "on time", "late"}  # or nothing was tried


def test_rows_that_begin_later_change_nothing_of_what_was_known_before() -> None:
    # Within a round the rows that begin first choose first: a row more at the end can only renew what was left over.
    rows = [("a", "P", 0, 364), ("a", "P", 340, 700), ("a", "P", 701, 1000)]
    assert renewed(rows) == [(1, "early"), (2, "on time"), (-1, "")]
    assert renewed(rows[:2]) == [(1, "early"), (-1, "")]


def test_nothing_at_all() -> None:
    empty = np.zeros(0, dtype=np.int64)
    known = renewals_of(empty, empty, np.zeros(0, dtype=bool), empty, empty, grace_days=3)
    assert (known.by.tolist(), known.how.tolist()) == ([], [])
