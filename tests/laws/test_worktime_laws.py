"""Laws of business minutes: they add over a split, never run back, and are what a walk minute by minute counts."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from funnelcli.facts.worktime import MINUTE_MICROS, WorkTime
from funnelcli.values.hours import Hours, parse_spans

_START = datetime(2026, 3, 1, tzinfo=UTC)
_FIRST = (_START.date() - date(1970, 1, 1)).days
_BEGUN = _FIRST * 24 * 60
_DAYS = 20
_OF_A_DAY = st.sampled_from(
    [[], ["08:00-17:30"], ["08:00-12:00", "13:30-17:30"], ["00:00-24:00"], ["22:00-24:00"], ["00:30-01:15"]]
).map(parse_spans)
CALENDARS = st.builds(
    Hours,
    zone=st.sampled_from(["Asia/Ho_Chi_Minh", "America/New_York", "Europe/Berlin", "UTC"]),
    week=st.tuples(*[_OF_A_DAY] * 7),
    closed=st.frozensets(st.dates(date(2026, 3, 1), date(2026, 3, 20)), max_size=3),
)
MOMENTS = st.integers(24 * 60, (_DAYS - 2) * 24 * 60)


def _at(minute: int) -> np.ndarray:
    return np.array([(_BEGUN + minute) * MINUTE_MICROS])


@given(CALENDARS, st.lists(MOMENTS, min_size=3, max_size=3).map(sorted))
def test_minutes_add_over_a_split(hours: Hours, moments: list[int]) -> None:
    time = WorkTime.of(hours, _FIRST - 2, _FIRST + _DAYS)
    first, between, last = (_at(minute) for minute in moments)
    whole, parts = time.between(first, last), time.between(first, between) + time.between(between, last)
    assert whole.tolist() == parts.tolist()
    assert 0 <= whole[0] <= (moments[2] - moments[0]) * MINUTE_MICROS


@given(CALENDARS, st.lists(MOMENTS, min_size=2, max_size=2).map(sorted))
def test_minutes_are_those_of_a_walk(hours: Hours, moments: list[int]) -> None:
    time = WorkTime.of(hours, _FIRST - 2, _FIRST + _DAYS)
    zone, walked = ZoneInfo(hours.zone), 0
    for minute in range(*moments):
        local = (_START + timedelta(minutes=minute)).astimezone(zone)
        of_day = local.hour * 60 + local.minute
        walked += any(since <= of_day < until for since, until in hours.on(local.date()))
    assert time.between(_at(moments[0]), _at(moments[1])).tolist() == [walked * MINUTE_MICROS]


@given(CALENDARS.filter(lambda hours: hours.is_ever_open), MOMENTS, st.integers(1, 600))
def test_what_is_due_is_due_when_so_much_has_been_worked(hours: Hours, start: int, length: int) -> None:
    time = WorkTime.of(hours, _FIRST - 2, _FIRST + 120)
    due = time.after(_at(start), length * MINUTE_MICROS)
    assert time.between(_at(start), due).tolist() == [length * MINUTE_MICROS]
    assert time.between(_at(start), due - MINUTE_MICROS).tolist() == [(length - 1) * MINUTE_MICROS]
