"""Business minutes, worked by hand: nights, weekends, holidays that are swapped, Tết, two zones and summer time."""

from __future__ import annotations

from datetime import date, datetime
from itertools import pairwise

import numpy as np
import pytest

from funnelcli.config import parse_config
from funnelcli.facts.clocks import hours_of
from funnelcli.facts.worktime import MINUTE_MICROS, WorkTime, to_local, to_utc
from funnelcli.problems import ConfigError
from funnelcli.text import TextError
from funnelcli.values.dates import DAY_MICROS
from funnelcli.values.holidays import check_country, public_holidays
from funnelcli.values.hours import Hours, days_from_to, parse_spans, working_week

VIETNAM = "Asia/Ho_Chi_Minh"
_FIRST, _LAST = (date(year, 1, 1).toordinal() - date(1970, 1, 1).toordinal() for year in (2026, 2027))
WEEK = (*working_week(range(5))[:5], parse_spans("08:00-12:00"), ())
HOURS = Hours(zone=VIETNAM, week=WEEK, off=public_holidays("VN", [2026]))


def micros(text: str) -> int:
    return round((datetime.fromisoformat(text) - datetime(1970, 1, 1)).total_seconds()) * 1_000_000


def at(text: str, zone: str = VIETNAM) -> np.ndarray:
    return to_utc(np.array([micros(text)]), zone)


def minutes(start: str, end: str, hours: Hours = HOURS) -> float:
    """Working minutes between two moments of the clock in Vietnam."""
    time = WorkTime.of(hours, _FIRST, _LAST)
    return float(time.between(at(start), at(end))[0]) / MINUTE_MICROS


def due(start: str, *, days: int = 0, hours: float = 0) -> str:
    time = WorkTime.of(HOURS, _FIRST, _LAST)
    until = time.days_after(at(start), days) if days else time.after(at(start), round(hours * 60) * MINUTE_MICROS)
    return str(to_local(until, VIETNAM).astype("datetime64[us]").astype("datetime64[m]")[0])


@pytest.mark.parametrize(
    ("start", "end", "expected"),
    [
        ("2026-09-08 17:00", "2026-09-09 08:45", 30 + 45),
        ("2026-09-09 22:15", "2026-09-09 23:00", 0),
        ("2026-09-09 22:15", "2026-09-10 08:05", 5),
        ("2026-09-11 17:00", "2026-09-14 08:30", 30 + 240 + 30),
        ("2026-09-09 08:00", "2026-09-09 17:30", 570),
        ("2026-09-12 11:30", "2026-09-12 15:00", 30),
        # Monday 31 August is off for Saturday 22 August, then two days of National Day.
        ("2026-08-29 11:00", "2026-09-03 09:00", 60 + 60),
        ("2026-09-09 09:00", "2026-09-09 09:00", 0),
    ],
)
def test_minutes_of_a_week_with_a_saturday_morning(start: str, end: str, expected: int) -> None:
    assert minutes(start, end) == expected


def test_nine_to_five_over_a_weekend_and_over_a_morning() -> None:
    hours = Hours(zone=VIETNAM, week=working_week(range(5), parse_spans("09:00-17:00")))
    assert minutes("2026-09-11 16:30", "2026-09-14 09:30", hours) == 30 + 30
    assert minutes("2026-09-14 08:30", "2026-09-14 09:15", hours) == 15


def test_lunch_is_not_worked() -> None:
    hours = Hours(zone=VIETNAM, week=working_week(range(5), parse_spans(["08:00-12:00", "13:30-17:30"])))
    assert minutes("2026-09-09 08:00", "2026-09-09 17:30", hours) == 240 + 240


def test_days_that_the_firm_keeps_closed() -> None:
    first, last = days_from_to("2026-02-14/2026-02-22")
    closed = frozenset(date.fromordinal(day) for day in range(first.toordinal(), last.toordinal() + 1))
    hours = Hours(zone=VIETNAM, week=WEEK, off=HOURS.off, closed=closed)
    assert minutes("2026-02-13 17:00", "2026-02-23 08:10", hours) == 30 + 10


def test_a_saturday_worked_for_a_monday_off() -> None:
    hours = Hours(zone=VIETNAM, week=working_week(range(5)), off=HOURS.off)
    assert minutes("2026-08-21 17:00", "2026-08-24 08:30", hours) == 30 + 570 + 30
    # A firm that works on Saturday mornings anyway does so on that one, unless it says that it is worked in full.
    assert minutes("2026-08-22 08:00", "2026-08-22 17:30") == 240
    opened = Hours(zone=VIETNAM, week=WEEK, off=HOURS.off, opened=frozenset([date(2026, 8, 22)]))
    assert minutes("2026-08-22 08:00", "2026-08-22 17:30", opened) == 570


def test_another_zone_over_the_end_of_its_summer_time() -> None:
    hours = Hours(zone="America/New_York", week=working_week(range(5), parse_spans("09:00-17:00")))
    # Friday 30 October 09:00 to Monday 2 November 10:30 in New York.
    assert minutes("2026-10-30 20:00", "2026-11-02 22:30", hours) == 480 + 90


def test_a_night_in_which_the_clock_changes_is_as_long_as_it_is() -> None:
    hours = Hours(zone="America/New_York", week=(parse_spans("00:00-24:00"),) * 7)
    time = WorkTime.of(hours, _FIRST, _LAST)
    midnights = [to_utc(np.array([micros(day)]), hours.zone) for day in ("2026-11-01", "2026-11-02", "2026-11-03")]
    lasted = [int(time.between(*pair)[0]) // MINUTE_MICROS for pair in pairwise(midnights)]
    assert lasted == [25 * 60, 24 * 60]


def test_due_after_so_many_working_days_or_hours() -> None:
    assert due("2026-09-07 11:00", days=2) == "2026-09-09T11:00"
    assert due("2026-09-11 09:00", days=2) == "2026-09-14T09:00"  # Saturday is a working day
    assert due("2026-09-10 16:00", days=2) == "2026-09-12T12:00"  # Saturday 16:00 is not worked: its close
    assert due("2026-09-08 19:00", days=1) == "2026-09-10T08:00"  # from the next opening, Wednesday 08:00
    assert due("2026-09-13 10:00", days=1) == "2026-09-15T08:00"
    assert due("2026-09-09 09:00", hours=4) == "2026-09-09T13:00"
    assert due("2026-09-09 16:00", hours=1.5) == "2026-09-09T17:30"  # and not the next morning, which is the same
    assert due("2026-09-11 16:30", hours=4) == "2026-09-12T11:00"


def test_hours_that_are_none_say_so() -> None:
    for wrong in ("8-17", "17:30-08:00", "25:00-26:00", ["13:30-17:30", "08:00-12:00"]):
        with pytest.raises(TextError):
            parse_spans(wrong)
    for no_days in ("2026-02-22/2026-02-14", "Tết", "2026-02-14/2028-02-22"):
        with pytest.raises(TextError):
            days_from_to(no_days)
    with pytest.raises(TextError):
        check_country("Atlantis")


def test_moments_to_utc_and_back() -> None:
    local = np.array([micros("2026-09-09 10:00"), micros("2026-03-08 12:00"), micros("2026-03-08 01:00")])
    for zone in (VIETNAM, "America/New_York", "UTC"):
        assert to_local(to_utc(local, zone), zone).tolist() == local.tolist()
    assert (local - to_utc(local, "America/New_York")).tolist() == [hours * DAY_MICROS // 24 for hours in (-4, -4, -5)]


def test_hours_of_somebody_elsewhere_are_those_of_the_business_where_none_are_said() -> None:
    text = (
        '[sla.hours]\nmon-sat = "09:00-18:00"\ncalendars.us = { timezone = "America/New_York", owners = ["John*"] }\n'
    )
    config = parse_config(text)
    ours, theirs = (hours_of(config, table, [2026]) for table in (config.sla.hours, config.sla.hours.calendars["us"]))
    assert (theirs.week, theirs.zone) == (ours.week, "America/New_York")


def test_a_week_without_any_hours_is_refused() -> None:
    with pytest.raises(ConfigError, match="no day has hours"):
        parse_config("[sla.hours]\nmon = []\n")
