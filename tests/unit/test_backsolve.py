"""The arithmetic of a plan, worked by hand: exact fractions, so that 21 / 0.35 is 60 and never 61."""

from __future__ import annotations

from fractions import Fraction as Frac
from itertools import accumulate

import pytest

from funnelcli.planning.backsolve import (
    Month,
    UnreachableError,
    back_solve,
    by_weight,
    churn_ceiling,
    fewest,
    growing,
    level_at_end,
    levels_summed,
    meeting_amounts,
    new_customers,
    rounded_down,
    rounded_up,
    run_forward,
    shaped,
    stage_before,
    steady,
)

PERCENT = Frac(1, 100)

# --- published examples ------------------------------------------------------------------------------------------


def test_revenue_to_leads_as_published() -> None:
    """2,000,000 at 25,000 a deal; 25 % of opportunities won, 50 % qualified, 33 % booked, 10 % answered."""
    deals = fewest(new_customers(Frac(2_000_000, 25_000), 1), steady(1))
    # 80 / 0.25 = 320; 320 / 0.5 = 640; 640 / 0.33 = 1,939.4 -> 1,940; 1,940 / 0.1 = 19,400.
    stages = back_solve(deals, [25 * PERCENT, 50 * PERCENT, 33 * PERCENT, 10 * PERCENT])
    assert (deals, stages) == ([80], [[320], [640], [1_940], [19_400]])
    # Unrounded, as published: 80 / 0.25 / 0.5 / 0.33 = 1,939.4 and a tenth of the leads answer: 19,394.
    unrounded = Frac(80) / (25 * PERCENT) / (50 * PERCENT) / (33 * PERCENT)
    assert (round(float(unrounded), 1), round(unrounded / (10 * PERCENT))) == (1_939.4, 19_394)


def test_what_one_win_takes_as_published() -> None:
    """10,000 a deal, 25 % win, 80 % of meetings become opportunities, 50 % of leads meet."""
    # 1 / 0.25 = 4 opportunities; 4 / 0.8 = 5 meetings; 5 / 0.5 = 10 leads.
    assert back_solve([1], [25 * PERCENT, 80 * PERCENT, 50 * PERCENT]) == [[4], [5], [10]]
    # A goal of 100,000 at 10,000 a deal: ten wins, and ten times as much of everything.
    assert back_solve([10], [25 * PERCENT, 80 * PERCENT, 50 * PERCENT]) == [[40], [50], [100]]


def test_deals_are_rounded_up_as_published() -> None:
    # 7,500,000 / 85,000 = 88.2; 88 deals bring 7,480,000 and 89 bring 7,565,000.
    new = fewest(new_customers(Frac(7_500_000, 85_000), 12), steady(12))
    assert (sum(new), 88 * 85_000 < 7_500_000 <= 89 * 85_000) == (89, True)


def test_mrr_that_churn_holds_back_as_published() -> None:
    """MRR 100,000, 5 % lost a month and 8,000 new: as much leaves as comes at 160,000, and 200,000 is never reached."""
    assert churn_ceiling(Frac(8_000), Frac(5, 100)) == Frac(8_000 * 100, 5) == 160_000
    run = [month.closing for month in run_forward(Frac(100_000), Frac(5, 100), [8_000] * 240)]
    # The gap to 160,000 shrinks to 95 % each month: closing of month n = 160,000 - 60,000 x 0.95^n.
    assert run == [160_000 - 60_000 * Frac(95, 100) ** n for n in range(1, 241)]
    assert max(run) == run[-1] < 160_000
    assert run[-1] > 159_999


def test_no_churn_no_ceiling() -> None:
    assert churn_ceiling(Frac(8_000), Frac(0)) is None
    assert [month.closing for month in run_forward(Frac(100_000), Frac(0), [8_000] * 13)][-1] == 100_000 + 13 * 8_000


def test_above_the_ceiling_a_base_falls_to_it() -> None:
    # 200,000 x 0.95 + 8,000 = 198,000: 10,000 leave, 8,000 come.
    first, second = run_forward(Frac(200_000), Frac(5, 100), [8_000, 8_000])
    assert first == Month(opening=Frac(200_000), churned=Frac(10_000), new=8_000, closing=Frac(198_000))
    assert second == Month(opening=Frac(198_000), churned=Frac(9_900), new=8_000, closing=Frac(196_100))


# --- exactness ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("quota", "rate", "expected"),
    [
        (21, Frac(35, 100), 60),  # 21 / 0.35 = 60, though in floats 60.00000000000001, which rounds up to 61
        (7, Frac(7, 100), 100),  # in floats 99.99999999999999
        (3, Frac(1, 3), 9),
        (1, Frac(2, 3), 2),  # 1.5
        (80, Frac(33, 100), 243),  # 242.42
        (0, Frac(1, 100), 0),
        (5, Frac(1), 5),
        (5, Frac(2), 3),  # 2.5: a rate above 1 (several demos of one signup)
    ],
)
def test_one_month_of_a_stage(quota: int, rate: Frac, expected: int) -> None:
    assert stage_before([quota], rate) == [expected]
    assert expected * rate >= quota
    assert quota == 0 or (expected - 1) * rate < quota


def test_a_stage_rounds_the_running_total_not_each_month() -> None:
    # Running 1, 2, 3 at 0.3: 3.33, 6.67, 10 -> 4, 7, 10, so 4, 3, 3 = 10; month by month it would be 4 x 3 = 12.
    assert stage_before([1, 1, 1], Frac(3, 10)) == [4, 3, 3]


def test_stages_stand_on_the_whole_numbers_of_the_stage_below() -> None:
    # 1 / 0.4 = 2.5 -> 3 demos; 3 / 0.4 = 7.5 -> 8 signups (2.5 / 0.4 = 6.25 -> 7 would give 2.8 demos, not 3).
    assert back_solve([1], [Frac(2, 5), Frac(2, 5)]) == [[3], [8]]


def test_a_rate_of_nothing_divides_by_zero() -> None:
    with pytest.raises(ZeroDivisionError):
        stage_before([1], Frac(0))


@pytest.mark.parametrize(
    ("running", "ups", "downs"),
    [
        ([Frac(0), Frac(0)], [0, 0], [0, 0]),
        ([Frac(1, 2), Frac(1), Frac(3, 2)], [1, 0, 1], [0, 1, 0]),
        ([Frac(12, 5), Frac(24, 5), Frac(36, 5), Frac(48, 5)], [3, 2, 3, 2], [2, 2, 3, 2]),  # 2.4, 4.8, 7.2, 9.6
        ([], [], []),
    ],
)
def test_running_totals_become_whole_months(running: list[Frac], ups: list[int], downs: list[int]) -> None:
    assert (rounded_up(running), rounded_down(running)) == (ups, downs)


# --- shapes ------------------------------------------------------------------------------------------------------


def test_shares_of_the_months() -> None:
    assert steady(4) == [Frac(1, 4)] * 4
    # 1, 1.05, 1.1025 sum to 3.1525.
    assert growing(3, Frac(5, 100)) == [Frac(10_000, 31_525), Frac(10_500, 31_525), Frac(11_025, 31_525)]
    assert growing(3, Frac(0)) == steady(3)
    assert growing(2, Frac(-1, 2)) == [Frac(2, 3), Frac(1, 3)]
    assert by_weight([Frac(3), Frac(0), Frac(1)]) == [Frac(3, 4), Frac(0), Frac(1, 4)]
    with pytest.raises(ValueError, match="every weight is 0"):
        by_weight([Frac(0), Frac(0)])


@pytest.mark.parametrize(
    ("total", "shares", "expected"),
    [
        (10, steady(4), [3, 2, 3, 2]),  # running 2.5, 5, 7.5, 10 -> 3, 5, 8, 10
        (1, steady(3), [1, 0, 0]),
        (0, steady(3), [0, 0, 0]),
        # 100 / 3.1525 = 31.72; x 1.05 = 33.31; x 1.1025 = 34.97: running 31.72, 65.03, 100 -> 32, 66, 100
        (100, growing(3, Frac(5, 100)), [32, 34, 34]),
        (8, by_weight([Frac(3), Frac(0), Frac(1)]), [6, 0, 2]),
        (7, by_weight([Frac(3), Frac(0), Frac(1)]), [6, 0, 1]),  # running 5.25, 5.25, 7
    ],
)
def test_a_whole_total_in_a_shape(total: int, shares: list[Frac], expected: list[int]) -> None:
    assert shaped(total, shares) == expected
    assert sum(expected) == total


# --- goals -------------------------------------------------------------------------------------------------------


def test_customers_at_the_end() -> None:
    # 100 customers, 10 % lost a month, 110 wanted after two: 100 x 0.81 = 81 stay; n now and n later give 1.9 n >= 29.
    target = level_at_end(Frac(110), 2, opening=Frac(100), churn=Frac(1, 10))
    assert (target.base, target.gain) == (Frac(81), (Frac(9, 10), Frac(1)))
    # 29 / 1.9 = 15.26 a month, 30.5 in all.  31 lie as 16, 15: 81 + 14.4 + 15 = 110.4.  30: 81 + 13.5 + 15 = 109.5.
    assert fewest(target, steady(2)) == [16, 15]
    assert (target.reached([16, 15]), target.reached([15, 15])) == (Frac(1_104, 10), Frac(1_095, 10))


def test_months_of_customers() -> None:
    # Nobody at first, half lost a month, 3 months: one won in month 1 is there 1 + 0.5 + 0.25 times, in month 3 once.
    target = levels_summed(Frac(100), 3, opening=Frac(80), churn=Frac(1, 2))
    assert (target.base, target.gain) == (Frac(40 + 20 + 10), (Frac(7, 4), Frac(3, 2), Frac(1)))
    # 30 are lacking; a steady third each brings 4.25 / 3 = 1.42 a customer, 30 / 1.42 = 21.2.
    # 21 lie as 7, 7, 7: 12.25 + 10.5 + 7 = 29.75, too few; 22 as 8, 7, 7: 14 + 10.5 + 7 = 31.5.
    assert fewest(target, steady(3)) == [8, 7, 7]
    assert (target.reached([7, 7, 7]), target.reached([8, 7, 7])) == (Frac(9_975, 100), Frac(1_015, 10))


def test_rounding_may_save_a_customer() -> None:
    # A quarter lost: one won in month 1 counts 1 + 0.75, in month 2 once; in exact halves 1.375 each, and 4.4 would
    # take 4.4 / 1.375 = 3.2.
    # Rounding up brings the first early: 3 lie as 2, 1 and give 2 x 1.75 + 1 = 4.5; 2 give 2.75.
    target = levels_summed(Frac(44, 10), 2, opening=Frac(0), churn=Frac(1, 4))
    assert fewest(target, steady(2)) == [2, 1]
    assert (target.reached([2, 1]), target.reached([1, 1])) == (Frac(9, 2), Frac(11, 4))


def test_rounding_may_cost_a_customer() -> None:
    # At the end late customers count more, and rounding up brings them early.  Half lost: one customer in exact halves
    # would leave 0.25 + 0.5 = 0.75, just enough; but 1 lies as 1, 0 and leaves 0.5.  2 lie as 1, 1 and leave 1.5.
    target = level_at_end(Frac(75, 100), 2, opening=Frac(0), churn=Frac(1, 2))
    assert fewest(target, steady(2)) == [1, 1]
    assert (target.reached([1, 0]), target.reached([1, 1])) == (Frac(1, 2), Frac(3, 2))


@pytest.mark.parametrize("need", [0, 80, 81])
def test_a_base_that_meets_the_goal_needs_nobody(need: int) -> None:
    # 100 x 0.9 x 0.9 = 81 are left after two months.
    assert fewest(level_at_end(Frac(need), 2, opening=Frac(100), churn=Frac(1, 10)), steady(2)) == [0, 0]


def test_a_hair_above_the_base_needs_one() -> None:
    # 81.5 - 81 = 0.5: one customer, won in the first month, of whom 0.9 stay.
    assert fewest(level_at_end(Frac(163, 2), 2, opening=Frac(100), churn=Frac(1, 10)), steady(2)) == [1, 0]


def test_nobody_stays_of_those_won_before_the_end() -> None:
    # All are lost each month, and the shape wins nobody in the last one.
    with pytest.raises(UnreachableError):
        fewest(level_at_end(Frac(5), 2, opening=Frac(100), churn=Frac(1)), [Frac(1), Frac(0)])
    # Where none is needed, none is: a goal of 0 with nobody left is met.
    assert fewest(level_at_end(Frac(0), 2, opening=Frac(100), churn=Frac(1)), [Frac(1), Frac(0)]) == [0, 0]
    # With half of them in the last month it can: 10 lie as 5, 5.
    assert fewest(level_at_end(Frac(5), 2, opening=Frac(100), churn=Frac(1)), steady(2)) == [5, 5]


# --- given monthly amounts ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("what", "amounts", "opening", "churn", "expected"),
    [
        # 110 stay: 100 are wanted, 10 are over; then 130 wanted, 110 + 10 there: 10 new.
        ("a surplus carries over", [100, 130], 110, Frac(0), [0, 10]),
        # Wanted 50, 50, 160 = 260 in all; 110, 110 and 40 of a third 110 are over it: nothing in any month.
        ("a surplus carries over several months", [50, 50, 160], 110, Frac(0), [0, 0, 0]),
        # 100 x 0.9 = 90, 10 new; 100 x 0.9 = 90, 15 new.
        ("what is lost is won back", [100, 105], 100, Frac(1, 10), [10, 15]),
        # 5 x 0.5 = 2.5; wanted 4: 1.5 -> 2, closing 4.5, over 0.5.  4.5 x 0.5 = 2.25, + 0.5 over, wanted 4: 1.25 -> 2.
        ("rounding up is a surplus too", [4, 4], 5, Frac(1, 2), [2, 2]),
        ("from nothing", [0, 3, 3], 0, Frac(0), [0, 3, 0]),
    ],
)
def test_new_customers_by_monthly_amounts(
    what: str, amounts: list[int], opening: int, churn: Frac, expected: list[int]
) -> None:
    wanted = list(accumulate(map(Frac, amounts)))
    assert meeting_amounts(wanted, opening=Frac(opening), churn=churn) == expected, what
    closings = accumulate(month.closing for month in run_forward(Frac(opening), churn, expected))
    assert [have >= need for have, need in zip(closings, wanted, strict=True)] == [True] * len(amounts)
