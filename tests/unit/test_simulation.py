"""Runs of a plan's months under chance: against exact expectations, exact distributions, and what must not change."""

from __future__ import annotations

import math

import numpy as np
import pytest
from scipy.stats import beta, betabinom, binom

from funnelcli.stats.simulation import (
    Base,
    Counts,
    Given,
    Hand,
    Runs,
    Step,
    Waiting,
    World,
    dispersion,
    fewest_entrants,
    resampled_means,
)

# Example 10 of the lag: 15, 9 and 6 % of the signups pay 0, 1 and 2 month ends later.
SHARES = (0.5, 0.3, 0.2)
LAGGED = Step(rate=Given(rate=0.3), by_lag=SHARES)
RUNS = 40_000


def near(value: float, expected: float, deviation: float) -> bool:
    """Within five standard errors of the mean of the runs."""
    return abs(value - expected) <= 5 * deviation / math.sqrt(RUNS)


def test_given_rates_leave_only_the_binomial() -> None:
    """100 signups at exactly 30 %: the share of runs with at least 35 is that of the binomial."""
    runs = Runs(World(steps=(Step(rate=Given(rate=0.3)),), months=1), seed=3, runs=RUNS)
    new = runs.outcome([100]).new[0]
    exact = float(binom.sf(34, 100, 0.3))  # 16.3 %
    assert near(float((new >= 35).mean()), exact, math.sqrt(exact * (1 - exact)))


def test_counted_rates_are_beta_binomial() -> None:
    """60 of 200 by Jeffreys' prior are Beta(60.5, 140.5); 100 more are then beta-binomial."""
    runs = Runs(World(steps=(Step(rate=Counts(number=60, of=200)),), months=1), seed=3, runs=RUNS)
    new = runs.outcome([100]).new[0]
    exact = float(betabinom.sf(34, 100, 60.5, 140.5))
    assert near(float((new >= 35).mean()), exact, math.sqrt(exact * (1 - exact)))
    assert near(float(runs.rates[0].mean()), float(beta.mean(60.5, 140.5)), float(beta.std(60.5, 140.5)))


def test_lags_run_forward_to_what_is_expected() -> None:
    """19, 13 and 8 signups: 2.85, 1.71 + 1.95 = 3.66 and 1.14 + 1.17 + 1.20 = 3.51 customers."""
    runs = Runs(World(steps=(LAGGED,), months=3), seed=3, runs=RUNS)
    new = runs.outcome([19, 13, 8]).new
    for month, expected in enumerate((2.85, 3.66, 3.51)):
        assert near(float(new[month].mean()), expected, math.sqrt(expected))
    # One stage after another comes to the same: nobody on the first, in the month, then the lag.
    chained = Runs(World(steps=(Step(rate=Given(rate=1.0)), LAGGED), months=3), seed=3, runs=RUNS)
    for month, expected in enumerate((2.85, 3.66, 3.51)):
        assert near(float(chained.outcome([19, 13, 8]).new[month].mean()), expected, math.sqrt(expected))


def test_months_before_the_plan_bring_what_comes_in_it() -> None:
    """100 of the month before: 30 x 0.3 = 9 in the first month of the plan and 6 in the second."""
    runs = Runs(World(steps=(LAGGED,), months=2), seed=3, runs=RUNS)
    new = runs.outcome([100, 0, 0], -1).new
    assert near(float(new[0].mean()), 9, 3)
    assert near(float(new[1].mean()), 6, 3)


def test_those_in_hand_bring_what_is_left_of_them() -> None:
    """Example 11: 17 open since December bring 17 x 0.09 / 0.85 = 1.8 and 1.2, 19 since November 1.5: 3.3 and 1.2."""
    hand = Hand(waiting=(Waiting(stage=0, at=0, number=17), Waiting(stage=0, at=1, number=19)), month=-1)
    runs = Runs(World(steps=(LAGGED,), months=3, hand=hand), seed=3, runs=RUNS)
    new = runs.outcome([0, 0, 0]).new
    assert near(float(new[0].mean()), 3.3, 2)
    assert near(float(new[1].mean()), 1.2, 1.1)
    assert not new[2].any()


def test_of_a_running_month_the_rest_is_drawn() -> None:
    """Half of the month is over: 0.075 / (1 - 0.075) = 0.0811 of 1,000 open in its rest, 0.09 / 0.925 after it."""
    hand = Hand(waiting=(Waiting(stage=0, at=0, number=1000),), month=0, elapsed=0.5)
    runs = Runs(World(steps=(LAGGED,), months=2, hand=hand), seed=3, runs=RUNS)
    new = runs.outcome([0, 0]).new
    assert near(float(new[0].mean()), 81.08, 8.7)
    assert near(float(new[1].mean()), 97.3, 9.4)


def test_customers_and_their_amounts_run_forward() -> None:
    """200 at 10 % lost a month and 10 new ones at 50: 190 and 181, of whom 162 and 19 bring 162 x 30 + 19 x 50."""
    base = Base(customers=200, amount=6000, churn=Given(rate=0.1))
    world = World(steps=(Step(rate=Given(rate=1.0)),), months=2, base=base, price=50.0)
    outcome = Runs(world, seed=3, runs=RUNS).outcome([10, 10])
    assert near(float(outcome.end[1].mean()), 181, 6)
    assert near(float(outcome.amount[1].mean()), 162 * 30 + 19 * 50, 200)


def test_a_part_of_a_customer_is_one_in_as_many_runs() -> None:
    outcome = Runs(World(steps=(Step(rate=Given(rate=1.0)),), months=1, base=Base(customers=2.25)), seed=3, runs=RUNS)
    end = outcome.outcome([0]).end[0]
    assert set(end.tolist()) == {2, 3}
    assert near(float(end.mean()), 2.25, 0.45)


def test_the_mean_of_a_resample_has_the_spread_of_a_mean() -> None:
    """Of 100 amounts with a deviation of 20 the means deviate by 2."""
    amounts = tuple(100 + 20 * (-1) ** n for n in range(100))
    price = Runs(World(steps=(), months=1, price=tuple(map(float, amounts))), seed=3, runs=RUNS).price
    assert near(float(price.mean()), 100, 2)
    assert abs(float(price.std()) - 2) < 0.05


def test_the_same_seed_gives_the_same_runs_and_another_others() -> None:
    world = World(
        steps=(Step(rate=Counts(number=60, of=200), by_lag=(30, 20, 10), counted=True),), months=2,
        base=Base(customers=10, churn=Counts(number=3, of=90)), price=(10.0, 20.0, 60.0),
    )  # fmt: skip
    first, again, other = (Runs(world, seed=seed, runs=500) for seed in (3, 3, 4))
    assert np.array_equal(first.outcome([50, 50]).amount, again.outcome([50, 50]).amount)
    assert np.array_equal(first.outcome([50, 50]).amount, first.outcome([50, 50]).amount)  # asked twice
    assert not np.array_equal(first.outcome([50, 50]).amount, other.outcome([50, 50]).amount)


@pytest.mark.parametrize("seed", range(4))
def test_more_certainty_never_asks_for_less(seed: int) -> None:
    world = World(steps=(Step(rate=Counts(number=60, of=200)), Step(rate=Counts(number=15, of=60))), months=1)
    runs = Runs(world, seed=seed, runs=4000)

    def chance(total: int) -> float:
        return float((runs.outcome([total]).new[0] >= 20).mean())

    asked = [fewest_entrants(chance, level, least=1) for level in (0.5, 0.8, 0.9, 0.95)]
    totals = [each[0] for each in asked if each is not None]
    assert len(totals) == 4
    assert totals == sorted(totals)
    for level, total in zip((0.5, 0.8, 0.9, 0.95), totals, strict=True):
        assert chance(total) >= level > chance(total - 1)


def test_cohorts_that_differ_widen_what_is_drawn() -> None:
    """Cohorts of 50 with 5 to 30: chi-squared 37.4 of 3 degrees, 12.5 times what chance does.

    So the counts weigh a 12.5th, and the number of a month of 50 varies 12.5 times as much around the run's rate.
    """
    numbers, sizes = [5, 25, 10, 30], [50, 50, 50, 50]
    more = dispersion(numbers, sizes)
    assert more == pytest.approx((2 * 12.5**2 + 2 * 7.5**2) / (50 * 0.35 * 0.65) / 3)
    sure = Runs(World(steps=(Step(rate=Counts(number=70, of=200)),), months=1), seed=3, runs=RUNS)
    step = Step(rate=Counts(number=70, of=200, dispersion=more, size=50))
    loose = Runs(World(steps=(step,), months=1), seed=3, runs=RUNS)
    assert float(loose.rates[0].std()) == pytest.approx(float(beta.std(70 / more + 0.5, 130 / more + 0.5)), rel=0.02)
    assert float(loose.rates[0].std()) > 3 * float(sure.rates[0].std())
    within = loose.outcome([50]).new[0] - 50 * loose.rates[0]
    share = loose.rates[0]
    assert float((within**2).mean()) == pytest.approx(float((more * 50 * share * (1 - share)).mean()), rel=0.05)


def test_cohorts_that_differ_by_chance_alone_widen_nothing() -> None:
    assert dispersion([10, 12, 9], [50, 52, 48]) == 1
    assert dispersion([], []) == dispersion([3], [10]) == dispersion([0, 0], [5, 5]) == 1


def test_the_mean_of_a_resample_of_many_is_drawn_as_that_of_few_is() -> None:
    """Of 5,000 values it is drawn one by one, of 5,001 as the normal it is: the same mean, 10.5, and spread.

    The values 1 to 20 have a variance of (20^2 - 1) / 12 = 33.25, their mean of 5,000 one of 33.25 / 5,000.
    """
    few, many = (tuple(float(n % 20 + 1) for n in range(number)) for number in (5_000, 5_001))
    spread = math.sqrt(33.25 / 5_000)
    for values in (few, many):
        means = resampled_means(np.random.default_rng(3), values, 4_000)
        assert abs(means.mean() - 10.5) < 5 * spread / math.sqrt(4_000)
        assert abs(means.std() / spread - 1) < 0.06  # 4,000 runs tell a spread to 1.1 %
