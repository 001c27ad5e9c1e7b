"""Runs of a plan's months under chance: against exact expectations, exact distributions, and what must not change."""

from __future__ import annotations

import math
from itertools import pairwise
from typing import Any

import numpy as np
import pytest
from scipy.stats import beta, betabinom, binom

from funnelcli.stats.crowds import Base, Crowds, Path, Prospects
from funnelcli.stats.simulation import (
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
from funnelcli.stats.tally import Tally

# Example 10 of the lag: 15, 9 and 6 % of the signups pay 0, 1 and 2 month ends later.
SHARES = (0.5, 0.3, 0.2)
LAGGED = Step(rate=Given(rate=0.3), by_lag=SHARES)
RUNS = 40_000


def near(value: float, expected: float, deviation: float) -> bool:
    """Within five standard errors of the mean of the runs."""
    return abs(value - expected) <= 5 * deviation / math.sqrt(RUNS)


def crowds_of(world: World, tally: Tally = Tally.WON, *, seed: int = 3, runs: int = RUNS, **more: Any) -> Crowds:
    return Crowds(Prospects(paths=(Path(world=world),), months=world.months, tally=tally, **more), seed=seed, runs=runs)


def test_given_rates_leave_only_the_binomial() -> None:
    """100 signups at exactly 30 %: the share of runs with at least 35 is that of the binomial."""
    new = crowds_of(World(steps=(Step(rate=Given(rate=0.3)),), months=1)).reached([[100]])
    exact = float(binom.sf(34, 100, 0.3))  # 16.3 %
    assert near(float((new >= 35).mean()), exact, math.sqrt(exact * (1 - exact)))


def test_counted_rates_are_beta_binomial() -> None:
    """60 of 200 by Jeffreys' prior are Beta(60.5, 140.5); 100 more are then beta-binomial."""
    world = World(steps=(Step(rate=Counts(number=60, of=200)),), months=1)
    new = crowds_of(world).reached([[100]])
    exact = float(betabinom.sf(34, 100, 60.5, 140.5))
    assert near(float((new >= 35).mean()), exact, math.sqrt(exact * (1 - exact)))
    rates = Runs(world, seed=3, runs=RUNS).rates[0]
    assert near(float(rates.mean()), float(beta.mean(60.5, 140.5)), float(beta.std(60.5, 140.5)))


@pytest.mark.parametrize(("months", "expected"), [(1, 2.85), (2, 6.51), (3, 10.02)])
def test_lags_run_forward_to_what_is_expected(months: int, expected: float) -> None:
    """19, 13 and 8 signups: 2.85, 1.71 + 1.95 = 3.66 and 1.14 + 1.17 + 1.20 = 3.51 customers."""
    signups = [19, 13, 8][:months]
    new = crowds_of(World(steps=(LAGGED,), months=months)).reached([signups])
    assert near(float(new.mean()), expected, math.sqrt(expected))
    # One stage after another comes to the same: nobody on the first, in the month, then the lag.
    chained = crowds_of(World(steps=(Step(rate=Given(rate=1.0)), LAGGED), months=months)).reached([signups])
    assert near(float(chained.mean()), expected, math.sqrt(expected))


def test_months_before_the_plan_bring_what_comes_in_it() -> None:
    """100 of the month before: 30 x 0.3 = 9 in the first month of the plan and 6 in the second."""
    for months, expected in ((1, 9), (2, 15)):
        new = crowds_of(World(steps=(LAGGED,), months=months), since=-1).reached([[100, *[0] * months]])
        assert near(float(new.mean()), expected, 4)


def test_those_in_hand_bring_what_is_left_of_them() -> None:
    """Example 11: 17 open since December bring 17 x 0.09 / 0.85 = 1.8 and 1.2, 19 since November 1.5: 3.3 and 1.2."""
    hand = Hand(waiting=(Waiting(stage=0, at=0, number=17), Waiting(stage=0, at=1, number=19)), month=-1)
    for months, expected in ((1, 3.3), (3, 4.5)):
        new = crowds_of(World(steps=(LAGGED,), months=months, hand=hand)).reached([[0] * months])
        assert near(float(new.mean()), expected, 2)


def test_of_a_running_month_the_rest_is_drawn() -> None:
    """Half of the month is over: 0.075 / (1 - 0.075) = 0.0811 of 1,000 open in its rest, 0.09 / 0.925 after it."""
    hand = Hand(waiting=(Waiting(stage=0, at=0, number=1000),), month=0, elapsed=0.5)
    for months, expected in ((1, 81.08), (2, 81.08 + 97.3)):
        new = crowds_of(World(steps=(LAGGED,), months=months, hand=hand)).reached([[0] * months])
        assert near(float(new.mean()), expected, 13)


BASE = Base(customers=200, amount=6000, churn=Given(rate=0.1))
AT_ONCE = Step(rate=Given(rate=1.0))


def test_customers_and_their_amounts_run_forward() -> None:
    """200 at 10 % lost a month and 10 new ones at 50: 190 and 181, of whom 162 and 19 bring 162 x 30 + 19 x 50.

    Summed over the months: 180 x 30 + 10 x 50 before them.
    """
    world = World(steps=(AT_ONCE,), months=2)
    end = crowds_of(world, Tally.AT_END, base=BASE).reached([[10, 10]])
    assert near(float(end.mean()), 181, 6)
    amount = crowds_of(world, Tally.AT_END, base=BASE, price=50.0).reached([[10, 10]])
    assert near(float(amount.mean()), 162 * 30 + 19 * 50, 200)
    summed = crowds_of(world, Tally.SUMMED, base=BASE, price=50.0).reached([[10, 10]])
    assert near(float(summed.mean()), 180 * 30 + 10 * 50 + 162 * 30 + 19 * 50, 400)


ONE = Step(rate=Given(rate=0.6), by_lag=(0.5, 0.25, 0.25))
OTHER = (Step(rate=Given(rate=0.5), by_lag=(0.2, 0.8)), Step(rate=Given(rate=0.8)))


@pytest.mark.parametrize("number", [3, 400])
@pytest.mark.parametrize("tally", list(Tally))
def test_one_draw_of_a_person_is_what_month_after_month_gives(tally: Tally, number: int) -> None:
    """The same months drawn one after the other, of two channels of different lags, one of them in two stages.

    Who becomes a customer when, and who of them is lost in each month.
    """
    lost, runs, months = 0.2, RUNS, 3
    paths = tuple(Path(world=World(steps=steps, months=months)) for steps in ((ONE,), OTHER))
    base = Base(customers=0, churn=Given(rate=lost))
    crowds = Crowds(Prospects(paths=paths, months=months, tally=tally, base=base), seed=3, runs=runs)
    counted = crowds.reached([[number, number, 0], [0, number, number]])
    dice, came = np.random.default_rng(5), np.zeros((months + 2, runs), dtype=int)
    for month in (0, 1):
        came[month : month + 3] += dice.multinomial(number, (0.3, 0.15, 0.15, 0.4), runs).T[:3]
    for month in (1, 2):
        demos = dice.multinomial(number, (0.1, 0.4, 0.5), runs).T[:2]
        came[month : month + 2] += dice.binomial(demos, 0.8)
    paying, ends = np.zeros(runs, dtype=int), []
    for new in came[:months]:
        paying = paying - dice.binomial(paying, lost) + new
        ends.append(paying)
    by_month = {Tally.WON: came[:months].sum(axis=0), Tally.AT_END: ends[-1], Tally.SUMMED: sum(ends)}[tally]
    assert near(float(counted.mean() - by_month.mean()), 0, math.sqrt(2) * float(by_month.std()))
    assert float(counted.std() / by_month.std()) == pytest.approx(1, abs=0.02)
    for share in (0.1, 0.5, 0.9):
        middle = float(np.quantile(by_month, share))
        assert float((counted <= middle).mean()) == pytest.approx(float((by_month <= middle).mean()), abs=0.015)


def test_a_part_of_a_customer_is_one_in_as_many_runs() -> None:
    world = World(steps=(AT_ONCE,), months=1)
    end = crowds_of(world, Tally.AT_END, base=Base(customers=2.25)).reached([[0]])
    assert set(end.tolist()) == {2, 3}
    assert near(float(end.mean()), 2.25, 0.45)


def test_the_mean_of_a_resample_has_the_spread_of_a_mean() -> None:
    """Of 100 amounts with a deviation of 20 the means deviate by 2."""
    amounts = tuple(100 + 20 * (-1) ** n for n in range(100))
    price = crowds_of(World(steps=(), months=1), price=tuple(map(float, amounts))).price
    assert near(float(price.mean()), 100, 2)
    assert abs(float(price.std()) - 2) < 0.05


def test_the_same_seed_gives_the_same_runs_and_another_others() -> None:
    world = World(steps=(Step(rate=Counts(number=60, of=200), by_lag=(30, 20, 10), counted=True),), months=2)
    base = Base(customers=10, churn=Counts(number=3, of=90))
    first, again, other = (
        crowds_of(world, Tally.AT_END, seed=seed, runs=500, base=base, price=(10.0, 20.0, 60.0)) for seed in (3, 3, 4)
    )
    asked = [[50, 50]]
    assert np.array_equal(first.reached(asked), again.reached(asked))
    first.reached([[57, 40]])
    assert np.array_equal(first.reached(asked), again.reached(asked))  # whatever was asked in between
    assert not np.array_equal(first.reached(asked), other.reached(asked))


@pytest.mark.parametrize(("number", "step"), [(40, 1), (4_000, 250)])
def test_more_who_enter_never_count_for_less(number: int, step: int) -> None:
    """Of a few each one more is drawn, of many 1/16 more at once."""
    crowds = crowds_of(World(steps=(Step(rate=Counts(number=60, of=200)),), months=1), runs=2000)
    crowds.reached([[number]])
    reached = [crowds.reached([[number - 3 + step * more]]) for more in range(9)]
    for before, later in pairwise(reached):
        assert (later >= before).all()
        assert later.sum() > before.sum()


def test_two_paths_are_drawn_apart_and_what_they_share_together() -> None:
    """Two channels of 60 in 200: at rates of their own the sum deviates by the root of two, at one rate by two."""
    own = Step(rate=Counts(number=60, of=200))
    alike = Step(rate=Counts(number=60, of=200), rate_of_all=True)
    numbers = 2_000
    apart, together = (
        Crowds(
            Prospects(paths=(Path(world=World(steps=(step,), months=1)),) * 2, months=1, tally=Tally.WON),
            seed=3, runs=RUNS,
        ).reached([[numbers], [numbers]])
        for step in (own, alike)
    )  # fmt: skip
    rate, of_rate = float(beta.mean(60.5, 140.5)), float(beta.std(60.5, 140.5))
    drawn = 2 * numbers * rate * (1 - rate)
    assert float(apart.std()) == pytest.approx(math.sqrt(2 * (numbers * of_rate) ** 2 + drawn), rel=0.03)
    assert float(together.std()) == pytest.approx(math.sqrt((2 * numbers * of_rate) ** 2 + drawn), rel=0.03)


@pytest.mark.parametrize("seed", range(4))
def test_more_certainty_never_asks_for_less(seed: int) -> None:
    world = World(steps=(Step(rate=Counts(number=60, of=200)), Step(rate=Counts(number=15, of=60))), months=1)
    crowds = crowds_of(world, seed=seed, runs=4000)

    def chance(total: int) -> float:
        return float((crowds.reached([[total]]) >= 20).mean())

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
    crowds = crowds_of(World(steps=(step,), months=1))
    loose = crowds.paths[0]
    assert float(loose.rates[0].std()) == pytest.approx(float(beta.std(70 / more + 0.5, 130 / more + 0.5)), rel=0.02)
    assert float(loose.rates[0].std()) > 3 * float(sure.rates[0].std())
    within = crowds.reached([[50]]) - 50 * loose.rates[0]
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
