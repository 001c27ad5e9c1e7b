"""Stages at a time of day: demos that are held, and customers who pay, are within a window to the second."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

import funnelcli as fc

SIGNUP = datetime(2028, 1, 19, 9)
MONTH = timedelta(30)
SECOND = timedelta(0, 1)


def converted(path: Path, file: str, header: str, rows: list[str], *, to: str, window: str) -> tuple[int, int]:
    signups = [f"u{number},{SIGNUP}" for number in range(len(rows))]
    (path / "signups.csv").write_text("\n".join(["user_id,signed_up_at", *signups]) + "\n", "utf-8")
    (path / file).write_text("\n".join([header, *rows]) + "\n", "utf-8")
    cohorts = fc.open_folder(path).cohorts(to_stage=to, window=window, as_of="2028-06-30").cohorts
    [cohort] = [each for each in cohorts.splits[0].cohorts if each.entered]
    return cohort.converted, cohort.matured


def test_a_demo_is_held_at_its_time(tmp_path: Path) -> None:
    """To the second 30 days: in. A second or six minutes later, on that same day: out. Without a time: by days, in."""
    held = [SIGNUP + MONTH, SIGNUP + MONTH + SECOND, SIGNUP + MONTH + timedelta(0, 360), (SIGNUP + MONTH).date()]
    rows = [f"u{number},2028-01-20,{moment}" for number, moment in enumerate(held)]
    header = "user_id,booked_at,held_at"
    assert converted(tmp_path, "demos.csv", header, rows, to="demo_held", window="30d") == (2, 4)


def test_held_without_a_date_is_by_the_day_of_the_booking(tmp_path: Path) -> None:
    rows = [f"u0,{SIGNUP + MONTH + SECOND},held"]
    header = "user_id,booked_at,status"
    assert converted(tmp_path, "demos.csv", header, rows, to="demo_held", window="30d") == (1, 1)


@pytest.mark.parametrize("at_once", [True, False])
def test_who_pays_does_so_at_their_time(tmp_path: Path, at_once: bool) -> None:
    """A second too late, a second before the signup: out. At the second, at once, and by the day alone: in."""
    begun = [SIGNUP + timedelta(7) + SECOND, SIGNUP - SECOND, SIGNUP + timedelta(7), SIGNUP, SIGNUP.date()]
    rows = [f"u{number},{moment},B,10" for number, moment in enumerate(begun)]
    expected = 3
    if at_once:  # a second row of that day with no time of its own: the day is all that is known
        rows.append(f"u0,{(SIGNUP + timedelta(7)).date()},A,10")
        expected = 4
    header = "user_id,started_at,plan,mrr"
    path = tmp_path
    signups = [f"u{number},{SIGNUP}" for number in range(5)]
    (path / "signups.csv").write_text("\n".join(["user_id,signed_up_at", *signups]) + "\n", "utf-8")
    (path / "paid_users.csv").write_text("\n".join([header, *rows]) + "\n", "utf-8")
    cohorts = fc.open_folder(path).cohorts(to_stage="paid", window="7d", as_of="2028-06-30").cohorts
    [cohort] = [each for each in cohorts.splits[0].cohorts if each.entered]
    assert (cohort.converted, cohort.matured) == (expected, 5)
