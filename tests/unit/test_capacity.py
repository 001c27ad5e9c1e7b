"""Goals that need more than can be won, and each way that makes them reachable, worked by hand."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction as Frac

import pytest

from funnelcli.planning.goals import GoalType
from funnelcli.planning.model import (
    Key,
)
from funnelcli.planning.plan import make_plan
from funnelcli.problems import GoalError
from planned import (
    MRR,
    NEW,
    PAID_USERS,
    RATES,
    spec,
)


@pytest.mark.parametrize(
    ("opening", "most", "churn"),
    [
        (100, 3, "3.0%"),  # 100 x 3.0 % = 3 are lost and 3 can be won; at 3.1 % a fourth would have to be
        (70, 3, "4.2%"),  # 70 x 4.2 % = 2.94; at 4.3 % it is 3.01
        (1000, 1, "0.1%"),
        (1001, 1, "0.0%"),  # 1001 x 0.1 % = 1.001
        (100, 4, "4.0%"),
        (1000, 49, "4.9%"),  # a tenth below the 5 % there are
    ],
)
def test_the_highest_churn_at_which_the_goal_is_in_reach(opening: int, most: int, churn: str) -> None:
    # One month, at whose end as many are to pay as at its start: whoever is lost must be won anew.
    values: dict[Key, Frac | int | None] = {**RATES, Key.OPENING: opening, Key.CHURN: Frac(1, 20)}
    with pytest.raises(GoalError) as refused:
        make_plan(spec(PAID_USERS, opening, values, months=1, most_new=most))
    assert f"lower churn to {churn};" in str(refused.value.hint)


def refusal(
    goal: GoalType, amount: int, most: int, values: Mapping[Key, Frac | int | None], months: int = 2
) -> GoalError:
    """Why a plan that may win ``most`` a month cannot be."""
    with pytest.raises(GoalError) as refused:
        make_plan(spec(goal, amount, {**RATES, **values}, months=months, most_new=most))
    return refused.value


@pytest.mark.parametrize(
    ("amount", "until"),
    [
        (10, "2026-04"),  # 10 / 3 a month takes 4 months
        (13, "2026-05"),
        (16, "2026-06"),
        (19, "2026-07"),
        (360, "2035-12"),  # 120 months, the longest there may be
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
    assert error.message == "2026-01 needs 4 new customers, but at most 3 a month can be won."
    assert str(error.hint).startswith("Any of these makes it reachable: raise max_new_paid_users to 4;")


def test_what_can_be_reached_is_in_the_unit_of_the_goal() -> None:
    # 50 pay; of 4 months none is lost, and 3 a month make 62; at 100 each 6,200 a month.
    error = refusal(MRR, 10_000, 3, {Key.OPENING: 50, Key.CHURN: 0, Key.ARPA: 100}, months=4)
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
