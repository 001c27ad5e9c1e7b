"""Periods, worked by hand."""

from __future__ import annotations

from datetime import date

import pytest

from funnelcli.problems import UsageError
from funnelcli.values.period_words import parse_bound
from funnelcli.values.periods import Grain, Period, month_of, period_of, shift, span, whole


@pytest.mark.parametrize(
    ("day", "grain", "expected"),
    [
        (date(2026, 2, 28), Grain.MONTH, Period(date(2026, 2, 1), date(2026, 3, 1), "2026-02")),
        (date(2024, 12, 31), Grain.MONTH, Period(date(2024, 12, 1), date(2025, 1, 1), "2024-12")),
        (date(2026, 1, 1), Grain.QUARTER, Period(date(2026, 1, 1), date(2026, 4, 1), "2026Q1")),
        (date(2026, 12, 31), Grain.QUARTER, Period(date(2026, 10, 1), date(2027, 1, 1), "2026Q4")),
        (date(2026, 7, 15), Grain.YEAR, Period(date(2026, 1, 1), date(2027, 1, 1), "2026")),
    ],
)
def test_the_period_of_a_day(day: date, grain: Grain, expected: Period) -> None:
    assert period_of(day, grain) == expected


def test_periods_step_over_the_year() -> None:
    december = month_of(date(2025, 12, 9))
    assert shift(december, 1, Grain.MONTH).key == "2026-01"
    assert shift(december, -12, Grain.MONTH).key == "2024-12"
    assert [p.key for p in span(december, month_of(date(2026, 2, 1)), Grain.MONTH)] == ["2025-12", "2026-01", "2026-02"]


def test_the_range_is_one_period() -> None:
    periods = span(month_of(date(2026, 1, 1)), month_of(date(2026, 3, 1)), Grain.MONTH)
    assert whole(periods) == Period(date(2026, 1, 1), date(2026, 4, 1), "total")
    with pytest.raises(ValueError, match="adjoin"):
        whole([periods[0], periods[2]])


AS_IN_FILES = (
    "Thg9-26", "9/2026", "tháng 9 2026", "Tháng 9 năm 2026", "thang 9/2026", "2026-9", "2026/09", "202609", "T9/2026",
    "Sep 2026", "Sep-26", "September 2026", "Tháng Chín 2026",
)  # fmt: skip


@pytest.mark.parametrize(
    ("text", "grain", "last", "key"),
    [
        ("2026-10", Grain.MONTH, False, "2026-10"),
        ("2026-1", Grain.MONTH, False, "2026-01"),
        ("2026-10-31", Grain.MONTH, True, "2026-10"),
        ("2026Q4", Grain.MONTH, False, "2026-10"),
        ("2026q4", Grain.MONTH, True, "2026-12"),
        ("2026-Q4", Grain.QUARTER, True, "2026Q4"),
        ("2026", Grain.QUARTER, False, "2026Q1"),
        ("2026-05", Grain.YEAR, False, "2026"),
        *((text, Grain.MONTH, False, "2026-09") for text in AS_IN_FILES),
        ("Q3 2026", Grain.MONTH, False, "2026-07"),
        ("quý 3/2026", Grain.MONTH, True, "2026-09"),
        ("31/10/2026", Grain.MONTH, False, "2026-10"),
        ("10/31/2026", Grain.MONTH, False, "2026-10"),
        ("5/5/2026", Grain.MONTH, False, "2026-05"),
    ],
)
def test_a_bound_as_people_write_it(text: str, grain: Grain, last: bool, key: str) -> None:
    assert parse_bound(text, grain, last=last, option="--from").key == key


@pytest.mark.parametrize("text", ["", "2026-13", "2026-02-30", "Oct", "1066", "2026Q5", "26-10"])
def test_what_is_no_period_is_refused_by_name(text: str) -> None:
    with pytest.raises(UsageError, match="--to"):
        parse_bound(text, Grain.MONTH, last=True, option="--to")


@pytest.mark.parametrize(
    ("text", "said", "step"),
    [
        ("1/2/2026", "may be 2026-02 or 2026-01", "Write it as 2026-02 or 2026-01."),
        ("1/9/26", "may be 2026-09 or 2026-01", "Write it as 2026-09 or 2026-01."),
        ("9/26", "is not a period", "like 2026-09."),
        ("Sep 26", "is not a period", "like 2026-09."),
        ("Tháng 9", "is not a period", "write its year with four digits"),
    ],
)
def test_what_may_be_several_periods_is_refused_with_the_readings(text: str, said: str, step: str) -> None:
    with pytest.raises(UsageError) as refused:
        parse_bound(text, Grain.MONTH, last=False, option="--from")
    assert (said in refused.value.text.of("en"), step in str(refused.value.hint)) == (True, True)


def test_a_period_is_cut_by_a_day_before_its_last() -> None:
    october = month_of(date(2026, 10, 1))
    assert [october.cut_by(date(2026, 10, day)) for day in (30, 31)] == [True, False]
