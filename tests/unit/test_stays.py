"""Stays, worked by hand: days are numbers, 1000 is a day long after."""

from __future__ import annotations

import numpy as np
import pytest

from funnelcli.facts.events import OPEN_END
from funnelcli.facts.stays import StayColumns, merge_stays

Row = tuple[str, int, int]


def merged(rows: list[Row], grace_days: int = 0) -> StayColumns:
    """The stays of rows of a user from a first to a last paid day."""
    entity = np.array([ord(user) for user, _, _ in rows], dtype=np.int64)
    start, end = (np.array([row[place] for row in rows], dtype=np.int64) for place in (1, 2))
    return merge_stays(entity, start, end, grace_days=grace_days)


def stays(rows: list[Row], grace_days: int = 0) -> list[tuple[str, int, int, bool]]:
    known = merged(rows, grace_days)
    users = [rows[place][0] for place in known.first_row.tolist()]
    return list(zip(users, known.start.tolist(), known.end.tolist(), known.is_first.tolist(), strict=True))


@pytest.mark.parametrize(
    ("what", "rows", "grace", "expected"),
    [
        ("one row", [("a", 0, 30)], 0, [("a", 0, 30, True)]),
        ("the next begins on the day of the end", [("a", 0, 30), ("a", 30, 60)], 0, [("a", 0, 60, True)]),
        ("the next begins the day after", [("a", 0, 30), ("a", 31, 60)], 0, [("a", 0, 60, True)]),
        ("one unpaid day, day 31", [("a", 0, 30), ("a", 32, 60)], 0, [("a", 0, 30, True), ("a", 32, 60, False)]),
        ("one unpaid day within a grace of 1", [("a", 0, 30), ("a", 32, 60)], 1, [("a", 0, 60, True)]),
        (
            "two unpaid days, a grace of 1",
            [("a", 0, 30), ("a", 33, 60)],
            1,
            [("a", 0, 30, True), ("a", 33, 60, False)],
        ),
        (
            "a short row within a long one ends nothing",
            [("a", 0, 90), ("a", 10, 20), ("a", 91, 99)],
            0,
            [("a", 0, 99, True)],
        ),
        ("an open row swallows later ones", [("a", 0, OPEN_END), ("a", 50, 60)], 0, [("a", 0, OPEN_END, True)]),
        ("the order of rows does not matter", [("a", 31, 60), ("a", 0, 30)], 0, [("a", 0, 60, True)]),
        (
            "customers do not mix",
            [("a", 0, 30), ("b", 31, 60), ("a", 40, 50)],
            0,
            [("a", 0, 30, True), ("a", 40, 50, False), ("b", 31, 60, True)],
        ),
    ],
)
def test_rows_become_stays(
    what: str, rows: list[tuple[str, int, int]], grace: int, expected: list[tuple[str, int, int, bool]]
) -> None:
    assert stays(rows, grace) == expected, what


def test_a_stay_knows_the_rows_that_begin_and_end_it() -> None:
    known = merged([("a", 31, 60), ("a", 0, 30), ("a", 5, 12)])
    assert (known.first_row.tolist(), known.last_row.tolist(), known.of_row.tolist()) == ([1], [0], [0, 0, 0])


@pytest.mark.parametrize(
    ("what", "rows", "grace", "ceases"),
    [
        ("a row is paid by until its end", [("a", 0, 30)], 0, [30]),
        # On day 31 the second row begins, and only from the day after is it what is paid by.
        ("the next begins the day after", [("a", 0, 30), ("a", 31, 60)], 0, [31, 60]),
        ("the next begins on the day of the end", [("a", 0, 30), ("a", 30, 60)], 0, [30, 60]),
        ("within the grace days the row before counts on", [("a", 0, 30), ("a", 34, 60)], 3, [34, 60]),
        ("beyond the grace days the customer is lost", [("a", 0, 30), ("a", 35, 60)], 3, [30, 60]),
        ("both that ended last count on", [("a", 0, 30), ("a", 5, 30), ("a", 31, 60)], 0, [31, 31, 60]),
        ("one that ended sooner does not", [("a", 0, 30), ("a", 5, 12), ("a", 31, 60)], 0, [31, 12, 60]),
        ("a long row bridges nothing", [("a", 0, 90), ("a", 10, 20), ("a", 40, 50)], 0, [90, 20, 50]),
        ("two gaps, each bridged by its own", [("a", 0, 9), ("a", 10, 19), ("a", 20, 29)], 0, [10, 20, 29]),
        ("customers do not mix", [("a", 0, 30), ("b", 31, 60)], 0, [30, 60]),
    ],
)
def test_what_a_customer_pays_by(what: str, rows: list[Row], grace: int, ceases: list[int]) -> None:
    assert merged(rows, grace).ceases.tolist() == ceases, what


def test_no_rows_are_no_stays_and_the_input_is_left_alone() -> None:
    entity, start, end = np.array([2, 1]), np.array([5, 1]), np.array([9, 3])
    merge_stays(entity, start, end, grace_days=0)
    assert (entity.tolist(), start.tolist(), end.tolist()) == ([2, 1], [5, 1], [9, 3])
    assert stays([]) == []
