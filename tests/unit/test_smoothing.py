"""Levels and trends of monthly counts: by hand, and by a slow way beside the quick one."""

from __future__ import annotations

import numpy as np
import pytest

from funnelcli.stats.beginnings import beginning
from funnelcli.stats.smoothing import FEWEST, TREND_FROM, Outlook, Smoothing, outlook
from funnelcli.stats.spikes import spikes

UNEVEN = [112.0, 95, 130, 104, 88, 121, 140, 99, 117, 103, 125, 131, 90, 144, 119]


def test_a_flat_series_goes_on_as_it_is() -> None:
    flat = outlook([100.0] * 8)
    assert flat.expected(3) == pytest.approx([100, 100, 100])
    assert not flat.has_trend


def test_the_level_that_does_not_move_is_the_mean() -> None:
    """Every error counts alike, since the level by which it is measured is the same in every month."""
    told = Smoothing(UNEVEN[:8]).after(8)
    assert told.pulls[0, 0] == 0
    assert told.state[0, 0] == pytest.approx(sum(UNEVEN[:8]) / 8)


@pytest.mark.parametrize("months", [FEWEST, 9, 11])
def test_each_way_is_what_smoothing_month_by_month_gives(months: int) -> None:
    """The level before the first month is the one that makes the errors smallest, measured at the level, way by way."""
    told = Smoothing(UNEVEN[:months]).after(months)
    for weight, state in zip(told.pulls[:, 0], told.state[:, 0], strict=True):
        # The level after t months is fixed[t] + first_counts[t] x the level before the first.
        fixed, counts, usual = 0.0, 1.0, sum(UNEVEN[:FEWEST]) / FEWEST
        upper = lower = 0.0
        for number in UNEVEN[:months]:
            upper += counts * (number - fixed) / (usual * (usual + 10))
            lower += counts**2 / (usual * (usual + 10))
            fixed, counts = fixed + weight * (number - fixed), counts * (1 - weight)
            usual += weight * (number - usual)
        assert state == pytest.approx(fixed + counts * upper / lower)


def test_the_newest_month_alone_is_the_level_where_all_weight_is_its() -> None:
    told = Smoothing(UNEVEN[:8]).after(8)
    assert told.pulls[-1, 0] == 1
    assert told.state[-1, 0] == pytest.approx(UNEVEN[7])


@pytest.mark.parametrize("known", [FEWEST, 8, TREND_FROM, 14])
def test_later_months_change_nothing_of_what_was_known(known: int) -> None:
    whole, cut = Smoothing(UNEVEN).after(known), Smoothing(UNEVEN[:known]).after(known)
    for name in Outlook.__struct_fields__:
        assert np.array_equal(getattr(whole, name), getattr(cut, name)), name


def test_a_trend_takes_twelve_months_and_must_do_better() -> None:
    growing = [20.0 + 10 * month for month in range(TREND_FROM)]
    assert not outlook(growing[:-1]).has_trend
    assert outlook(growing).has_trend
    assert not outlook([100.0, 101] * 8).has_trend


def test_a_trend_dies_away() -> None:
    """100 and 10 a month: 100 + 9, + 8.1, + 7.29."""
    told = Outlook(
        weight=np.array([1.0]), state=np.array([[100.0, 10.0]]), unsure=np.zeros((1, 2, 2)),
        spread=np.array([0.0]), freedom=8.0, pulls=np.array([[0.5, 0.1]]),
    )  # fmt: skip
    assert told.expected(3) == pytest.approx([109, 117.1, 124.39])
    assert told.paths(np.random.default_rng(1), 3, 5).tolist() == [[109] * 5, [117] * 5, [124] * 5]


@pytest.mark.parametrize("numbers", [UNEVEN[:8], [5.0, 0, 2, 9, 0, 1, 3], [0.0, 2, 0, 0, 1, 0, 0]])
def test_paths_lie_around_what_is_expected_and_never_below_nobody(numbers: list[float]) -> None:
    told = outlook(numbers)
    paths = told.paths(np.random.default_rng(1), 1, 40_000)
    assert paths.min() >= 0
    # Where a level is hardly more than nobody the least that one is believed, a quarter, makes it a little more.
    assert paths.mean() == pytest.approx(float(told.expected(1)[0]), rel=0.1, abs=0.3)


@pytest.mark.parametrize("zeros", [0, 5, 17])
def test_months_of_nobody_are_no_measure_of_those_with_some(zeros: int) -> None:
    """From 0 to 3 is 3 / 0.25 = 12 times that level, but 3 / sqrt(0.25 x 10.25) = 1.9 of what chance does there."""
    told = outlook([0.0] * zeros + [1, 3, 3, 3, 1, 2, 3, 2, 4, 5, 3, 4, 1, 7, 4, 5, 7])
    paths = told.paths(np.random.default_rng(1), 6, 20_000)
    totals, expected = paths.sum(axis=0), float(told.expected(6).sum())
    low, high = np.quantile(totals, [0.25, 0.75])
    assert low < expected < high
    assert expected == pytest.approx(34, abs=4)
    assert np.quantile(totals, 0.95) < 3 * expected


@pytest.mark.parametrize(
    ("numbers", "place"),
    [
        ([0, 0, 0, 3, 2, 4], 3),  # 3 a month after the first: exp(-9) = 0.01 %
        ([0, 0, 0, 1, 0, 0, 1], 0),  # a third of one: exp(-1) = 37 %
        ([0, 0, 9, 2, 2], 0),  # exp(-4) = 1.8 %
        ([0, 0, 0, 9, 2, 2], 3),  # exp(-6) = 0.2 %
        ([0] * 11 + [1], 0),  # nothing is known of what comes after it
        ([0, 0, 0], 0), ([], 0), ([5, 0, 0], 0),
    ],
)  # fmt: skip
def test_a_count_begins_where_zeros_before_it_are_no_chance(numbers: list[int], place: int) -> None:
    assert beginning(numbers) == place


# --- spikes ----------------------------------------------------------------------------------------------------------


def test_a_spike_is_more_than_four_times_what_is_usual_and_ten() -> None:
    """Usual on both sides: 50. 4 x 50 + 10 = 210 is none yet."""
    around = [50.0] * 6
    assert spikes([*around, 210, *around]) == {}
    assert spikes([*around, 211, *around]) == {6: 50.0}


def test_the_last_month_must_lie_farther_above() -> None:
    """8 x 50 + 10 = 410: nobody knows whether it stays so."""
    assert spikes([50.0] * 6 + [410]) == {}
    assert spikes([50.0] * 6 + [411]) == {6: 50.0}


def test_a_new_level_is_no_spike_whichever_month_it_begins_in() -> None:
    for since in range(1, 12):
        assert spikes([50.0] * since + [400.0] * (12 - since)) == {}


def test_what_comes_again_a_year_later_is_a_season() -> None:
    year = [50.0] * 5 + [900.0] + [50.0] * 6
    assert spikes(year) == {5: 50.0}
    assert spikes(year * 2) == {}


def test_what_is_not_rare_is_usual() -> None:
    """An event each quarter; and one month of six at most."""
    assert spikes([0.0, 0, 40] * 4) == {}
    assert spikes([0.0, 0, 0, 40, 0, 0, 0, 0]) == {3: 0.0}
    assert spikes([0.0, 0, 0, 40, 0, 0, 40, 0]) == {}


def test_too_few_months_show_no_spike() -> None:
    assert spikes([50.0, 900, 50, 50, 50, 50]) == {}
    assert spikes([50.0, 900, 50, 50, 50, 50, 50]) == {1: 50.0}
    assert spikes([]) == {}
