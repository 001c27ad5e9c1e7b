"""Curves and intervals against published values and figures worked out by hand."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats as peer

from funnelcli.stats.intervals import wilson
from funnelcli.stats.survival import ENDED, HAPPENED, OPEN, aalen_johansen, kaplan_meier


@pytest.mark.parametrize(
    ("successes", "trials", "lower", "upper"),
    [
        (81, 263, 0.2553, 0.3662),
        (15, 148, 0.0624, 0.1605),
        (0, 20, 0.0, 0.1611),
        (1, 2, 0.0945, 0.9055),
        (2, 4, 0.15, 0.85),
    ],
)  # fmt: skip
def test_wilsons_interval_is_the_published_one(successes: int, trials: int, lower: float, upper: float) -> None:
    """Newcombe 1998, table I, method 3."""
    interval = wilson(successes, trials)
    assert (round(interval.lower, 4), round(interval.upper, 4)) == (lower, upper)


@given(st.integers(1, 500), st.data())
@settings(max_examples=100)
def test_wilsons_interval_is_scipys(trials: int, data: st.DataObject) -> None:
    successes = data.draw(st.integers(0, trials))
    theirs = peer.binomtest(successes, trials).proportion_ci(method="wilson")
    ours = wilson(successes, trials)
    assert [ours.lower, ours.upper] == pytest.approx([theirs.low, theirs.high], abs=1e-12)


def test_nothing_tried_has_no_interval() -> None:
    with pytest.raises(ValueError, match="some of the trials"):
        wilson(0, 0)


def test_kaplan_and_meier_by_hand() -> None:
    """Days 3, 5, 5+, 8, 10+, 12: 5/6, then 4/5 of it, 2/3 of that, nothing."""
    curve = kaplan_meier(np.array([3, 5, 5, 8, 10, 12]), np.array([1, 1, 0, 1, 0, 1]))
    assert curve.at_risk.tolist() == [6, 5, 3, 1]
    assert curve.survival.tolist() == pytest.approx([5 / 6, 2 / 3, 4 / 9, 0])
    assert curve.spread[:3].tolist() == pytest.approx([1 / 30, 1 / 12, 1 / 4])
    bounds = [curve.interval(place) for place in range(4)]
    assert [b and (round(b.lower, 4), round(b.upper, 4)) for b in bounds] == [
        (0.2731, 0.9747), (0.1946, 0.9044), (0.0662, 0.7849), None,
    ]  # fmt: skip
    assert [curve.percentile(q) for q in (0.5, 0.75, 0.9)] == [8, 12, 12]


def test_a_half_is_reached_where_it_is_exactly_one() -> None:
    curve = kaplan_meier(np.array([2, 4, 6, 8]), np.ones(4, dtype=int))
    assert curve.percentile(0.5) == 4


def test_a_loss_competes() -> None:
    """1/8, then 5/8 x 1/5 more, then 3/8 x 1/2: 43.75 %, so that no half is ever won."""
    days = np.array([10, 15, 20, 30, 35, 40, 50, 60])
    became = np.array([HAPPENED, ENDED, ENDED, HAPPENED, ENDED, OPEN, HAPPENED, ENDED])
    won, lost = aalen_johansen(days, became), aalen_johansen(days, np.array([2, 1, 1, 2, 1, 0, 2, 1]))
    assert won.share.tolist() == [0.125, 0.25, 0.4375]
    assert lost.height == 0.5625
    assert (won.percentile(0.5), won.percentile(0.5, of=won.height)) == (None, 30)
    # With losses as if they were still open the curve says 65 %, where at most 4 of 8 can be won.
    assert 1 - kaplan_meier(days, np.where(became == ENDED, OPEN, became)).survival[-1] == pytest.approx(0.65)


@given(st.lists(st.tuples(st.integers(1, 9), st.sampled_from([OPEN, HAPPENED])), min_size=1, max_size=20))
@settings(max_examples=150)
def test_without_another_end_both_curves_are_one_and_scipys(rows: list[tuple[int, int]]) -> None:
    times, became = (np.array(column) for column in zip(*rows, strict=True))
    ours, other = kaplan_meier(times, became), aalen_johansen(times, became)
    assert other.share.tolist() == pytest.approx(ours.share.tolist())
    theirs = peer.ecdf(peer.CensoredData.right_censored(times, became == OPEN)).sf
    for time, survival in zip(ours.times, ours.survival, strict=True):
        assert theirs.evaluate(time) == pytest.approx(survival, abs=1e-12)


@given(st.lists(st.tuples(st.integers(0, 9), st.sampled_from([OPEN, HAPPENED, ENDED])), max_size=20))
@settings(max_examples=150)
def test_what_happened_and_what_ended_and_who_waits_are_all(rows: list[tuple[int, int]]) -> None:
    times, became = (np.array([row[place] for row in rows], dtype=int) for place in range(2))
    swapped = np.array([{OPEN: OPEN, HAPPENED: ENDED, ENDED: HAPPENED}[each] for each in became.tolist()], dtype=int)
    won, lost = aalen_johansen(times, became).height, aalen_johansen(times, swapped).height
    still = kaplan_meier(times, np.where(became == OPEN, OPEN, HAPPENED)).survival
    assert won + lost + (float(still[-1]) if len(still) else 1.0) == pytest.approx(1)
