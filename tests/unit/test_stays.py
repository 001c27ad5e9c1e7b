"""Stays, worked by hand: days are numbers, 1000 is a day long after."""

from __future__ import annotations

import pandas as pd
import pytest

from funnelcli.facts.exports import OPEN_END
from funnelcli.facts.stays import merge_stays


def stays(rows: list[tuple[str, int, int]], grace_days: int = 0) -> list[tuple[str, int, int, bool]]:
    frame = pd.DataFrame(rows, columns=["user_id", "start", "end"])
    frame["channel"] = 0
    merged = merge_stays(frame, grace_days=grace_days)
    return list(merged[["user_id", "start", "end", "is_first"]].itertuples(index=False, name=None))


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
    frame = pd.DataFrame({"user_id": ["a", "a", "a"], "channel": 0, "start": [31, 0, 5], "end": [60, 30, 12]})
    merged = merge_stays(frame, grace_days=0)
    assert merged[["first_row", "last_row"]].to_numpy().tolist() == [[1, 0]]


def test_no_rows_are_no_stays_and_the_input_is_left_alone() -> None:
    frame = pd.DataFrame({"user_id": ["b", "a"], "channel": [0, 0], "start": [5, 1], "end": [9, 3]})
    before = frame.copy()
    merge_stays(frame, grace_days=0)
    pd.testing.assert_frame_equal(frame, before)
    assert len(merge_stays(frame.iloc[:0], grace_days=0)) == 0
