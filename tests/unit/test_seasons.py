"""Season and growth told apart, and where they cannot be: what a seasonal plan stands on."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from funnelcli.planning.model import Measured, Shape, ShapeKind
from funnelcli.planning.notes import season_notes
from funnelcli.planning.seasons import MOST, Season, season_of
from funnelcli.values.periods import Grain, Period, month_of, shift, span

FIRST = month_of(date(2024, 1, 1))
# A season whose mean is 1: half as many in January and February (Tết), half as many more in March and December.
SHAPE = {month: Fraction({1: 5, 2: 5, 3: 15, 12: 15}.get(month, 10), 10) for month in range(1, 13)}


def months(number: int) -> tuple[Period, ...]:
    return span(FIRST, shift(FIRST, number - 1, Grain.MONTH), Grain.MONTH)


def numbers(number: int, growth: Fraction, level: int = 10**9) -> list[int]:
    """The new customers of some months of a firm that grows by a rate a year, evenly, in that season."""
    return [
        round(level * float(SHAPE[month.start.month]) * float(1 + growth) ** (place / 12))
        for place, month in enumerate(months(number))
    ]


def beside_mean(season: Season) -> dict[int, float]:
    mean = sum(season.weights.values()) / 12
    return {month: float(weight / mean) for month, weight in season.weights.items()}


@pytest.mark.parametrize("growth", [Fraction(0), Fraction(1), Fraction(-1, 2), Fraction(37, 100)])
@pytest.mark.parametrize("number", [24, 29, 36])
def test_of_a_firm_that_grows_evenly_the_season_is_left(growth: Fraction, number: int) -> None:
    season = season_of(months(number), numbers(number, growth))
    assert season is not None
    assert season.growth == pytest.approx(growth, abs=1e-8)
    assert beside_mean(season) == pytest.approx({month: float(share) for month, share in SHAPE.items()}, rel=1e-7)


def test_growth_alone_leaves_no_season() -> None:
    """100 a month that double within the year: as they lay December would weigh 1.9 times January."""
    doubling = [round(10**9 * 2 ** (place / 12)) for place in range(24)]
    season = season_of(months(24), doubling)
    assert season is not None
    assert set(map(round, beside_mean(season).values())) == {1}
    assert max(beside_mean(season).values()) - min(beside_mean(season).values()) < 1e-8


def test_growth_is_the_months_over_the_same_ones_a_year_before() -> None:
    """15 months: January to March 2025 over those of 2024, (30 + 30 + 90) / (20 + 20 + 60) = 1.5."""
    lay = [20, 20, 60, *[40] * 9, 30, 30, 90]
    season = season_of(months(15), lay)
    assert season is not None
    assert season.growth == Fraction(1, 2)
    monthly = 1.5 ** (1 / 12)
    assert float(season.weights[1]) == pytest.approx((20 + 30 / 1.5) / 2)  # of the two Januaries the mean
    assert float(season.weights[3]) == pytest.approx((60 + 90 / 1.5) / 2 / monthly**2)
    assert float(season.weights[12]) == pytest.approx(40 / monthly**11)


@pytest.mark.parametrize(
    ("number", "code"),
    [(12, "season-with-growth"), (14, "season-with-growth"), (15, "season-of-few-months"), (23, "season-of-few-months"),
     (24, "season-without-growth"), (40, "season-without-growth")],
)  # fmt: skip
def test_it_is_said_whether_they_can_be_told_apart(number: int, code: str) -> None:
    season = season_of(months(number), numbers(number, Fraction(1)))
    assert season is not None
    seasonal, steady = (Shape(kind=kind) for kind in (ShapeKind.SEASONAL, ShapeKind.STEADY))
    (note,) = season_notes(seasonal, Measured(season=season))
    assert note.code == code
    assert season_notes(steady, Measured(season=season)) == []
    words = note.text.of("en")
    assert ("cannot be told apart" in words) == (number < 15)
    assert ("100% a year" in words) == (number >= 15)
    assert f"{min(number, MOST)} complete months" in words


def test_less_than_a_year_is_no_season_and_a_year_of_nobody_no_growth() -> None:
    assert season_of(months(11), [1] * 11) is None
    lay = [0] * 12 + list(range(12))
    season = season_of(months(24), lay)
    assert season == Season(weights={n + 1: Fraction(n) for n in range(12)}, months=months(24))


def test_of_many_years_the_latest_three_count() -> None:
    assert MOST == 36
    lay = numbers(36, Fraction(1, 4))
    late = span(shift(FIRST, 12, Grain.MONTH), shift(FIRST, 47, Grain.MONTH), Grain.MONTH)
    assert season_of(months(48), [7] * 12 + lay) == season_of(late, lay)
