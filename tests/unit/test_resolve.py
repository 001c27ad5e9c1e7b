"""Which periods a report shows, from what was asked and what the files reach over."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pytest

from funnelcli.answers.spec import RangeOptions, resolve_as_of, resolve_periods
from funnelcli.facts.model import Extent
from funnelcli.problems import InputError, UsageError
from funnelcli.values.periods import Grain

NOW = datetime(2026, 11, 2, 20, 0, tzinfo=UTC)  # the third of November in Ho Chi Minh City


def extent(first: date, last: date) -> Extent:
    months = {date(y, m, 1) for y in range(first.year, last.year + 1) for m in range(1, 13)}
    return Extent(first, last, frozenset(m for m in months if first.replace(day=1) <= m <= last))


EXTENTS = {
    "signups": extent(date(2026, 1, 5), date(2026, 10, 15)),
    "paid_users": extent(date(2026, 3, 1), date(2026, 9, 30)),
}


def keys(options: RangeOptions, as_of: date = date(2026, 10, 15)) -> list[str]:
    return [period.key for period in resolve_periods(options, EXTENTS, as_of)]


def test_as_of_is_the_latest_event_never_the_clock() -> None:
    assert resolve_as_of(None, EXTENTS, "Asia/Ho_Chi_Minh", NOW) == date(2026, 10, 15)
    assert resolve_as_of("2026-08-31", EXTENTS, "UTC", NOW) == date(2026, 8, 31)


def test_today_is_the_day_of_the_business() -> None:
    assert resolve_as_of("today", EXTENTS, "Asia/Ho_Chi_Minh", NOW) == date(2026, 11, 3)
    assert resolve_as_of("today", EXTENTS, "UTC", NOW) == date(2026, 11, 2)


def test_what_is_no_date_and_what_has_no_rows_is_refused() -> None:
    with pytest.raises(UsageError, match="31/10/2026"):
        resolve_as_of("31/10/2026", EXTENTS, "UTC", NOW)
    with pytest.raises(InputError, match="No file has a row"):
        resolve_as_of(None, {}, "UTC", NOW)


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        (RangeOptions(), ["2026-05", "2026-06", "2026-07", "2026-08", "2026-09", "2026-10"]),
        (RangeOptions(latest=2), ["2026-09", "2026-10"]),
        (RangeOptions(latest=2, last="2026-08"), ["2026-07", "2026-08"]),
        (RangeOptions(month="2026-03"), ["2026-03"]),
        (RangeOptions(month="2026Q1"), ["2026-01", "2026-02", "2026-03"]),
        (RangeOptions(first="2026-09"), ["2026-09", "2026-10"]),
        (RangeOptions(last="2026-03"), ["2026-01", "2026-02", "2026-03"]),
        (RangeOptions(first="2025-12", last="2026-01"), ["2025-12", "2026-01"]),
        (RangeOptions(grain=Grain.QUARTER), ["2026Q1", "2026Q2", "2026Q3", "2026Q4"]),
        (RangeOptions(grain=Grain.YEAR), ["2026"]),
        (RangeOptions(latest=3, grain=Grain.YEAR), ["2024", "2025", "2026"]),
    ],
)
def test_the_periods_asked_for(options: RangeOptions, expected: list[str]) -> None:
    assert keys(options) == expected


def test_the_latest_periods_are_those_with_data_up_to_as_of() -> None:
    assert keys(RangeOptions(latest=2), as_of=date(2026, 12, 31)) == ["2026-09", "2026-10"]
    assert keys(RangeOptions(), as_of=date(2026, 2, 10)) == ["2026-01", "2026-02"]


@pytest.mark.parametrize(
    "options",
    [
        RangeOptions(month="2026-01", first="2026-01"),
        RangeOptions(month="2026-01", latest=1),
        RangeOptions(first="2026-01", latest=1),
        RangeOptions(latest=0),
        RangeOptions(latest=1_000_000_000),
        RangeOptions(first="2026-05", last="2026-01"),
        RangeOptions(first="1990-01", last="2099-12"),
    ],
)
def test_options_that_contradict_are_refused(options: RangeOptions) -> None:
    with pytest.raises(UsageError):
        keys(options)


def test_nothing_before_as_of_is_an_input_error() -> None:
    with pytest.raises(InputError, match="2020-01-01"):
        keys(RangeOptions(), as_of=date(2020, 1, 1))
