"""Weeks, fiscal years, and periods as people write them, worked by hand."""

from __future__ import annotations

from datetime import date, timedelta
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from funnelcli.problems import UsageError
from funnelcli.values.period_words import Reckoning, grain_named, is_relative, parse_bound
from funnelcli.values.periods import Grain, Period, bounded, month_of, period_of, shift, span

WEEK, MONTH, QUARTER, YEAR = Grain.WEEK, Grain.MONTH, Grain.QUARTER, Grain.YEAR


# --- weeks -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "start", "key"),
    [
        (date(2026, 10, 1), date(2026, 9, 28), "2026-W40"),
        (date(2026, 9, 28), date(2026, 9, 28), "2026-W40"),  # Monday
        (date(2026, 10, 4), date(2026, 9, 28), "2026-W40"),  # Sunday
        (date(2025, 12, 29), date(2025, 12, 29), "2026-W01"),  # 1 January 2026 is a Thursday: its week is the first
        (date(2025, 12, 28), date(2025, 12, 22), "2025-W52"),
        (date(2026, 12, 28), date(2026, 12, 28), "2026-W53"),  # a year that begins on a Thursday has 53
        (date(2027, 1, 3), date(2026, 12, 28), "2026-W53"),
        (date(2027, 1, 4), date(2027, 1, 4), "2027-W01"),
        (date(2024, 12, 30), date(2024, 12, 30), "2025-W01"),
    ],
)
def test_the_week_of_a_day(day: date, start: date, key: str) -> None:
    assert period_of(day, WEEK) == Period(start, start + timedelta(days=7), key)
    assert period_of(day, WEEK).grain is WEEK


def test_weeks_step_over_the_years_end() -> None:
    first, last = (parse_bound(key, WEEK, last=False, option="") for key in ("2026-W52", "2027-W02"))
    assert [week.key for week in span(first, last, WEEK)] == ["2026-W52", "2026-W53", "2027-W01", "2027-W02"]
    assert shift(last, -3, WEEK).key == "2026-W52"
    assert len(bounded(period_of(date(2026, 1, 1), WEEK), period_of(date(2026, 12, 31), WEEK), WEEK, most=53)) == 53
    with pytest.raises(UsageError, match="The range leaves the calendar"):
        shift(first, 10**6, WEEK)


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("2026-W40", "2026-W40"), ("2026W40", "2026-W40"), ("2026-w4", "2026-W04"), ("w40 2026", "2026-W40"),
        ("Week 40/2026", "2026-W40"), ("2026-W53", "2026-W53"),
    ],
)  # fmt: skip
def test_a_week_as_people_write_it(text: str, key: str) -> None:
    assert parse_bound(text, WEEK, last=True, option="--month").key == key
    assert grain_named(text) is WEEK


@pytest.mark.parametrize("text", ["2025-W53", "2026-W54", "2026-W00", "W40", "1066-W10"])
def test_what_is_no_week(text: str) -> None:
    with pytest.raises(UsageError, match="is not a period"):
        parse_bound(text, WEEK, last=True, option="--month")


def test_a_month_stands_for_the_weeks_it_has_days_in() -> None:
    """October 2026 goes from a Thursday to a Saturday."""
    bounds = [parse_bound("2026-10", WEEK, last=last, option="--month").key for last in (False, True)]
    assert bounds == ["2026-W40", "2026-W44"]


@pytest.mark.parametrize("grain", [MONTH, QUARTER, YEAR])
def test_a_week_is_no_bound_of_longer_periods(grain: Grain) -> None:
    with pytest.raises(UsageError, match="--from '2026-W40' is a week") as refused:
        parse_bound("2026-W40", grain, last=False, option="--from")
    assert refused.value.hint == "`report --grain week` shows weeks; else give a month."


# --- fiscal years ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("day", "starts", "year", "quarter"),
    [
        (date(2026, 4, 1), 4, "FY2026", "FY2026-Q1"),
        (date(2026, 3, 31), 4, "FY2025", "FY2025-Q4"),
        (date(2027, 1, 31), 2, "FY2026", "FY2026-Q4"),
        (date(2027, 2, 1), 2, "FY2027", "FY2027-Q1"),
        (date(2026, 4, 30), 2, "FY2026", "FY2026-Q1"),
        (date(2026, 5, 1), 2, "FY2026", "FY2026-Q2"),
        (date(2026, 11, 30), 12, "FY2025", "FY2025-Q4"),
        (date(2026, 12, 1), 12, "FY2026", "FY2026-Q1"),
        (date(2026, 12, 31), 1, "2026", "2026Q4"),
    ],
)
def test_a_fiscal_year_is_named_by_the_year_it_begins_in(day: date, starts: int, year: str, quarter: str) -> None:
    assert [period_of(day, grain, starts).key for grain in (YEAR, QUARTER)] == [year, quarter]


@given(day=st.dates(date(2005, 1, 1), date(2090, 12, 31)), starts=st.integers(1, 12), steps=st.integers(-9, 9))
def test_periods_of_every_kind_adjoin_and_are_named_back(day: date, starts: int, steps: int) -> None:
    by = Reckoning(year_starts=starts)
    for grain in Grain:
        period = period_of(day, grain, starts)
        assert period.start <= day < period.end
        later = shift(period, steps, grain)
        assert shift(later, -steps, grain) == period
        if grain is WEEK or starts == 1 or period.is_fiscal or grain is MONTH:
            assert parse_bound(later.key, grain, last=True, option="", by=by) == later
            assert parse_bound(later.words.of("en"), grain, last=False, option="", by=by) == later
        around = span(shift(period, -1, grain), shift(period, 1, grain), grain)
        assert all(earlier.end == after.start for earlier, after in pairwise(around))
        assert len({each.key for each in around}) == 3
        assert {each.grain for each in around} == {grain}


def test_words_of_fiscal_periods() -> None:
    year, quarter = (period_of(date(2027, 1, 31), grain, 2) for grain in (YEAR, QUARTER))
    assert [(each.words.of("en"), each.words.of("vi")) for each in (year, quarter)] == [
        ("FY2026", "TC2026"), ("Q4 FY2026", "Quý 4/TC2026")
    ]  # fmt: skip


FEBRUARY = Reckoning(day=date(2026, 10, 14), year_starts=2)


@pytest.mark.parametrize(
    ("text", "grain", "first", "last"),
    [
        ("FY2026", MONTH, "2026-02", "2027-01"),
        ("fy 2026", YEAR, "FY2026", "FY2026"),
        ("FY2026-Q4", MONTH, "2026-11", "2027-01"),
        ("FY2026Q4", QUARTER, "FY2026-Q4", "FY2026-Q4"),
        ("Q4 FY2026", QUARTER, "FY2026-Q4", "FY2026-Q4"),
        ("2026-10", QUARTER, "FY2026-Q3", "FY2026-Q3"),
        ("2026-01", YEAR, "FY2025", "FY2025"),
        ("2026", MONTH, "2026-01", "2026-12"),  # months are those of the calendar
        ("2026Q1", MONTH, "2026-01", "2026-03"),
        ("this-quarter", MONTH, "2026-08", "2026-10"),
        ("last-year", MONTH, "2025-02", "2026-01"),
    ],
)
def test_bounds_where_the_year_starts_in_february(text: str, grain: Grain, first: str, last: str) -> None:
    assert [parse_bound(text, grain, last=end, option="", by=FEBRUARY).key for end in (False, True)] == [first, last]


@pytest.mark.parametrize(
    ("text", "says", "step"),
    [
        ("2026", "may be FY2026 (Feb 2026 to Jan 2027) or Jan 2026 to Dec 2026.", "Write FY2026 for the fiscal one, "),
        ("2026Q4", "may be FY2026-Q4 (Nov 2026 to Jan 2027) or Oct 2026 to Dec 2026.", "or the months: 2026-10 and "),
    ],
)
def test_a_year_that_may_be_either_is_refused_with_both(text: str, says: str, step: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_bound(text, YEAR, last=False, option="--month", by=FEBRUARY)
    assert says in refused.value.text.of("en")
    assert step in str(refused.value.hint)


def test_a_fiscal_year_needs_its_start() -> None:
    with pytest.raises(UsageError, match="does not say when the fiscal year starts") as refused:
        parse_bound("FY2026", YEAR, last=False, option="--month")
    assert refused.value.hint == 'Say it like [business] fiscal_year_starts = "04".'
    january = Reckoning(year_starts=1)
    assert parse_bound("FY2026-Q2", QUARTER, last=False, option="", by=january).key == "2026Q2"


# --- where periods stand ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("texts", "grain", "key"),
    [
        (("this-month", "This month", "current_month", "tháng này", "thang nay"), MONTH, "2026-10"),
        (("last-month", "previous month", "Tháng trước"), MONTH, "2026-09"),
        (("next-month", "tháng sau", "tháng tới"), MONTH, "2026-11"),
        (("this-quarter", "quý này"), QUARTER, "2026Q4"),
        (("last-quarter", "quý trước"), QUARTER, "2026Q3"),
        (("this-year", "năm nay"), YEAR, "2026"),
        (("last-year", "năm ngoái", "năm trước"), YEAR, "2025"),
        (("this-week", "tuần này"), WEEK, "2026-W42"),
        (("last-week", "tuần trước"), WEEK, "2026-W41"),
    ],
)
def test_periods_named_by_where_they_stand(texts: tuple[str, ...], grain: Grain, key: str) -> None:
    """They stand on 14 October 2026, a Wednesday."""
    by = Reckoning(day=date(2026, 10, 14))
    for text in texts:
        assert is_relative(text)
        assert grain_named(text) is grain
        assert parse_bound(text, grain, last=False, option="", by=by).key == key


@pytest.mark.parametrize(
    ("day", "month", "week", "quarter"),
    [
        (date(2027, 1, 1), "2026-12", "2026-W52", "2026Q4"),
        (date(2027, 1, 4), "2026-12", "2026-W53", "2026Q4"),
        (date(2026, 3, 31), "2026-02", "2026-W13", "2025Q4"),
        (date(2026, 4, 1), "2026-03", "2026-W13", "2026Q1"),
    ],
)
def test_the_last_ones_over_the_ends_of_years(day: date, month: str, week: str, quarter: str) -> None:
    by = Reckoning(day=day)
    for text, grain, key in (
        ("last-month", MONTH, month),
        ("last-week", WEEK, week),
        ("last-quarter", QUARTER, quarter),
    ):
        assert parse_bound(text, grain, last=False, option="", by=by).key == key


def test_without_a_day_nothing_stands_on_it() -> None:
    with pytest.raises(UsageError, match="--from 'last-month' needs a day that it stands on") as refused:
        parse_bound("last-month", MONTH, last=False, option="--from")
    assert refused.value.hint == "Give it with --as-of, like --as-of today, or write the period out."


@pytest.mark.parametrize("text", ["2026-10", "next", "the last month", "month", "tháng 9 2026", None])
def test_what_stands_nowhere(text: str | None) -> None:
    assert not is_relative(text)


@pytest.mark.parametrize("text", ["10/2026", "Oct 2026", "Tháng 10/2026", "October 2026", "T10/2026"])
def test_months_as_people_write_them(text: str) -> None:
    assert parse_bound(text, MONTH, last=False, option="") == month_of(date(2026, 10, 1))
