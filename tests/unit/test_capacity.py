"""Goals that need more than can be won, and each way that makes them reachable, worked by hand."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction as Frac

import pytest

from funnelcli.planning.goals import GoalType
from funnelcli.planning.model import AnyKey, Key, RevenueModel, Shape, ShapeKind
from funnelcli.planning.plan import make_plan
from funnelcli.problems import GoalError
from planned import (
    MRR,
    NEW,
    ONE_OFF,
    PAID_USERS,
    RATES,
    RECURRING,
    REVENUE,
    spec,
)


@pytest.mark.parametrize(
    ("opening", "most", "churn"),
    [
        (100, 3, "3.0%"),  # 100 x 3.0 % = 3 are lost and 3 can be won; at 3.1 % a fourth would have to be
        (70, 3, "4.2%"),  # 70 x 4.2 % = 2.94; at 4.3 % it is 3.01
        (1000, 1, "0.1%"),
        (100, 4, "4.0%"),
        (1000, 49, "4.9%"),  # a tenth below the 5 % there are
    ],
)
def test_the_highest_churn_at_which_the_goal_is_in_reach(opening: int, most: int, churn: str) -> None:
    # One month, at whose end as many are to pay as at its start: whoever is lost must be won anew.
    values: dict[AnyKey, Frac | int | None] = {**RATES, Key.OPENING: opening, Key.CHURN: Frac(1, 20)}
    with pytest.raises(GoalError) as refused:
        make_plan(spec(PAID_USERS, opening, values, months=1, most_new=most))
    assert f"lower churn to {churn};" in str(refused.value.hint)


def test_that_nobody_is_lost_is_no_way_out() -> None:
    # 1001 x 0.1 % = 1.001 are more than 1: only at 0.0 % would it be in reach.
    error = refusal(PAID_USERS, 1001, 1, {Key.OPENING: 1001, Key.CHURN: Frac(1, 20)}, months=1)
    assert "churn" not in str(error.hint)


def refusal(
    goal: GoalType,
    amount: int,
    most: int,
    values: Mapping[AnyKey, Frac | int | None],
    months: int = 2,
    shape: Shape | None = None,
    model: RevenueModel = RECURRING,
) -> GoalError:
    """Why a plan that may win ``most`` a month cannot be."""
    with pytest.raises(GoalError) as refused:
        make_plan(spec(goal, amount, {**RATES, **values}, months=months, most_new=most, shape=shape, model=model))
    return refused.value


@pytest.mark.parametrize(
    ("amount", "until"),
    [
        (10, "Apr 2026"),  # 10 / 3 a month takes 4 months
        (13, "May 2026"),
        (16, "Jun 2026"),
        (19, "Jul 2026"),
        (360, "Dec 2035"),  # 120 months, the longest there may be
    ],
)
def test_the_earliest_month_by_which_a_goal_is_in_reach(amount: int, until: str) -> None:
    hint = str(refusal(NEW, amount, 3, {}).hint)
    # Two months bring 3 each.
    assert hint.endswith(f"; give it until {until}; lower the goal to 6.")


def test_no_month_is_late_enough_after_ten_years() -> None:
    assert "until" not in str(refusal(NEW, 361, 3, {}).hint)


def test_one_month_above_the_most_is_enough_to_refuse() -> None:
    error = refusal(NEW, 7, 3, {})  # 4 and 3
    assert error.message == "Jan 2026 needs 4 new customers, but at most 3 a month can be won."
    assert str(error.hint).startswith("Any of these makes it reachable: raise --max-new-paid-users to 4;")


def test_what_can_be_reached_is_in_the_unit_of_the_goal() -> None:
    # 50 pay; of 4 months none is lost, and 3 a month make 62; at 100 each 6,200 a month.
    error = refusal(MRR, 10_000, 3, {Key.OPENING: 50, Key.CHURN: 0, Key.NEW_ARPA: 100}, months=4)
    assert "lower the goal to 6,200" in str(error.hint)


@pytest.mark.parametrize(
    ("goal", "opening", "says"),
    [
        (101, 50, " With 10.00% lost a month, customers can never exceed 10 / 10.00% = 100, and the goal is 101."),
        (100, 50, ""),  # not above the ceiling
        (101, 100, " With 10.00% lost a month, customers can never exceed 10 / 10.00% = 100, and the goal is 101."),
        (130, 120, ""),  # it begins above the ceiling
    ],
)
def test_when_a_goal_lies_above_what_churn_allows(goal: int, opening: int, says: str) -> None:
    error = refusal(PAID_USERS, goal, 10, {Key.OPENING: opening, Key.CHURN: Frac(1, 10)})
    assert error.message.partition("can be won.")[2] == says


DOUBLING = Shape(kind=ShapeKind.GROWTH, growth=Frac(1))
BASE: dict[AnyKey, Frac | int | None] = {Key.OPENING: 100, Key.CHURN: Frac(1, 10), Key.NEW_ARPA: 10}


def test_the_month_that_needs_most_is_named() -> None:
    error = refusal(NEW, 6, 3, {}, shape=DOUBLING)  # thirds: 2 and 4
    assert error.message == "Feb 2026 needs 4 new customers, but at most 3 a month can be won."
    # Of two thirds at most 3: 4.5, so 4 lie as 2 and 2.  More months would only double further.
    assert str(error.hint) == (
        "Any of these makes it reachable: raise --max-new-paid-users to 4; lower the goal to 4."
    )  # fmt: skip


@pytest.mark.parametrize(
    ("goal", "amount", "most", "values", "message", "hint"),
    [
        # A goal of customers won is not helped by their staying.
        (
            NEW,
            6,
            2,
            BASE,
            "Jan 2026 needs 3 new customers, but at most 2 a month can be won.",
            "raise --max-new-paid-users to 3; give it until Mar 2026; lower the goal to 4.",
        ),
        # Revenue of 2,200 at 10 each: 220 customer-months.  90 + 81 = 171 of those there stay; one of January counts
        # 1.9, of February once.  34 lie as 17, 17: 32.3 + 17 = 49.3; 33 as 17, 16: 48.3, less than 49.
        # At most 5: 9.5 + 5 = 14.5 more, 185.5 in all.  Without churn 200 + 10 + 5 = 215: not even that is enough.
        # With the 72.9 of a third month the 243.9 of those there are enough.
        (
            REVENUE,
            2_200,
            5,
            BASE,
            "Jan 2026 needs 17 new customers, but at most 5 a month can be won.",
            "raise --max-new-paid-users to 17; give it until Mar 2026; lower the goal to 1,855.",
        ),
        # Without churn there is none to lower, and no ceiling.  100 are there; 110 - 100 = 10 lie as 5, 5.
        (
            PAID_USERS,
            110,
            3,
            {**BASE, Key.CHURN: 0},
            "Jan 2026 needs 5 new customers, but at most 3 a month can be won.",
            "raise --max-new-paid-users to 5; give it until Apr 2026; lower the goal to 106.",
        ),
    ],
)
def test_each_goal_has_its_own_ways_out(
    goal: GoalType, amount: int, most: int, values: dict[AnyKey, Frac | int | None], message: str, hint: str
) -> None:
    error = refusal(goal, amount, most, values)
    assert error.message == message
    assert str(error.hint) == f"Any of these makes it reachable: {hint}"


def test_one_off_revenue_that_cannot_be_won() -> None:
    # 600 at 100 a deal are 6, 3 a month; two months of 2 bring 400, three 600.
    error = refusal(REVENUE, 600, 2, {Key.DEAL_SIZE: 100}, model=ONE_OFF)
    assert str(error.hint) == (
        "Any of these makes it reachable: raise --max-new-paid-users to 3; give it until Mar 2026; "
        "lower the goal to 400."
    )


def test_amounts_by_month_can_only_be_won_by_more() -> None:
    # 900 / 10 = 90 stay; of 1,050 / 10 = 105, 81 stay: 24 more, and with less churn less than that.
    shape = Shape(kind=ShapeKind.REVENUE, amounts=(Frac(900), Frac(1_050)))
    error = refusal(REVENUE, 1_950, 5, BASE, shape=shape)
    assert error.message.startswith("Feb 2026 needs 24 new customers, but at most 5")
    # At 0 % 100 stay, 10 over the 90; 195 are wanted in all and 200 there: none.  January 100 x (1 - c), February
    # that less c again: at 3.6 % 96.4 + 92.9296 = 189.3, 5.67 lacking, so 6; at 3.4 % 96.6 + 93.3156 = 189.9, so 6;
    # at 3.3 % 96.7 + 93.5089 = 190.2, 4.8, so 5.
    assert str(error.hint) == (
        "Any of these makes it reachable: raise --max-new-paid-users to 24; lower churn to 3.3%."
    )  # fmt: skip
