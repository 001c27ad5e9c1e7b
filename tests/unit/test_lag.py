"""How long selling takes, by hand: needs placed months before, those in hand credited, totals that are enough."""

from __future__ import annotations

from fractions import Fraction as Frac

import pytest
from msgspec.structs import replace

from funnelcli.planning.lag import InHand, Lag, Open, brought_by, forward
from funnelcli.planning.lagged import lag_plan
from funnelcli.planning.model import AnyKey, Key
from funnelcli.planning.placing import Due
from funnelcli.planning.plan import PlanSpec
from funnelcli.planning.selling import LagPlan, SellingTime
from planned import NEW, spec

# Of 100 signups 15 pay in the same calendar month, 9 in the next, 6 in the one after: 30 in all.
SHARES = (Frac(15, 100), Frac(9, 100), Frac(6, 100))
AT_ONCE = Lag(shares=(Frac(1),))
NOBODY = InHand()


def plan_of(spec_: PlanSpec, *, hand: InHand = NOBODY, entered: dict[int, int] | None = None) -> LagPlan:
    """A plan in which a demo comes with the signup, and what takes time is the way from there to the customer."""
    came = {month: Frac(number) for month, number in (entered or {}).items()}
    time = SellingTime(
        lags={Key.SIGNUP_TO_DEMO: AT_ONCE, Key.DEMO_TO_PAID: Lag(shares=SHARES)},
        hand=hand, entered={"required_new_signups": came},
    )  # fmt: skip
    return lag_plan(time, spec_.asked, spec_.asked.new(), [], spec_.assumptions)


def ten_over(months: int) -> PlanSpec:
    given: dict[AnyKey, Frac | int | None] = {
        Key.DEMO_TO_PAID: Frac(30, 100), Key.SIGNUP_TO_DEMO: 1, Key.VISITOR_TO_SIGNUP: Frac(1, 4),
    }  # fmt: skip
    return spec(NEW, 10, given, months=months)


def in_tenths(numbers: tuple[Frac, ...]) -> list[float]:
    return [round(float(number), 2) for number in numbers]


def test_needs_are_placed_before_the_range_and_the_total_is_the_smallest_that_is_enough() -> None:
    plan = plan_of(ten_over(3))
    assert plan.needs == (4, 3, 3)
    # January: 4 / 0.3 x (1/5, 3/10, 1/2); February and March likewise, each a month later.
    assert in_tenths(plan.weights) == [2.67, 6.0, 11.67, 8.0, 5.0]
    # 40 x 11.67 / 24.67 = 18.92, 40 x 19.67 / 24.67 = 31.89, 40: running totals of 19, 32, 40.
    assert plan.entrants == (19, 13, 8)
    # 19 x 0.15; 13 x 0.15 + 19 x 0.09; 8 x 0.15 + 13 x 0.09 + 19 x 0.06.
    assert in_tenths(plan.brought) == [2.85, 3.66, 3.51]
    assert sum(plan.brought) == Frac("10.02")
    assert plan.after_end == Frac("1.98")  # 13 x 0.06 + 8 x (0.09 + 0.06): 12 = 40 x 30 % in all
    assert plan.plain_brings([19, 13, 7]) == Frac("9.87")
    assert plan.plain_brings([14, 10, 10]) == Frac("8.1")  # what a plan without time asks for
    assert plan.need_left == Frac(100, 3)
    assert plan.new == (3, 4, 3)  # 10 x 2.85 / 10.02 = 2.84, 10 x 6.51 / 10.02 = 6.50, 10


def test_a_goal_nearer_than_the_lag_takes_more_of_those_who_come_in_time() -> None:
    plan = plan_of(ten_over(1))
    assert (plan.in_time, plan.entrants) == (Frac(1, 2), (67,))  # 10 / 0.15
    assert plan.months_until([34]) == 3  # 34 x 0.15, x 0.24, x 0.30 = 10.2
    assert plan_of(ten_over(3)).months_until([14, 10, 10]) == 5


def test_where_nobody_comes_in_time_there_is_no_quota() -> None:
    given = ten_over(1)
    time = SellingTime(lags={Key.SIGNUP_TO_DEMO: AT_ONCE, Key.DEMO_TO_PAID: Lag(shares=(Frac(0), Frac(1)))})
    plan = lag_plan(time, given.asked, given.asked.new(), [], given.assumptions)
    assert (plan.entrants, plan.in_time, plan.new) == (None, Frac(0), (10,))
    assert plan.quotas == {"required_new_signups": None, "required_new_demo_bookings": None}


# 19 of November's 25 signups are open, 17 of December's 20.
IN_HAND = InHand(open=(Open(stage=1, month=-2, number=Frac(19)), Open(stage=1, month=-1, number=Frac(17))))
ENTERED = {-2: 25, -1: 20}


def test_those_in_hand_bring_what_is_left_of_the_lag() -> None:
    plan = plan_of(ten_over(3), hand=IN_HAND, entered=ENTERED)
    # 19 x 0.06 / 0.76 + 17 x 0.09 / 0.85; 17 x 0.06 / 0.85.
    assert plan.credit == (Frac("3.3"), Frac("1.2"), Frac(0))
    assert plan.covers == Frac("0.45")
    # Needs of 0.7, 1.8, 3.0 are left; 24 are enough, and 23 (8, 8, 7) bring 5.37 of the 5.5 that are missing.
    assert plan.entrants == (8, 9, 7)
    assert sum(plan.brought) - sum(plan.credit) == Frac("5.61")
    assert plan.plain_brings([8, 8, 7]) - sum(plan.credit) == Frac("5.37")
    # Of the 6.67 and 2 that had to come by December 25 x 0.2 + 20 x 0.3, and 20 x 0.2, did.
    assert [(due.had, due.did) for due in plan.due] == [(Frac(20, 3), Frac(11)), (Frac(2), Frac(4)), (Frac(0), Frac(0))]
    assert plan.due[0] == Due(month=0, all=Frac(40, 3), had=Frac(20, 3), did=Frac(11))


def test_who_has_left_is_no_longer_among_those_who_may_get_on() -> None:
    lag = Lag(shares=SHARES, lost=(Frac(25, 100),))
    hand = InHand(open=(Open(stage=0, month=-1, number=Frac(12)),))
    assert brought_by(hand, [lag], 1)[1] == [Frac("1.8")]  # 12 x 0.09 / (1 - 0.15 - 0.25)


def test_of_a_running_month_the_share_that_is_gone_is_over() -> None:
    half = Frac(15, 30)
    assert Lag(shares=SHARES).of_open(0, half)[0] == Frac(75, 1000) / Frac(925, 1000)
    hand = InHand(open=(Open(stage=0, month=-1, number=Frac(1)),), elapsed=half)
    # The rest of the month lies before the plan; then 0.09 and 0.06, each of the 0.925 that were left.
    assert brought_by(hand, [Lag(shares=SHARES)], 3)[1] == [Frac(90, 925), Frac(60, 925), 0]


def test_those_in_hand_go_on_down_the_chain() -> None:
    to_demo, to_paid = Lag(shares=(Frac(1, 5), Frac(1, 5))), Lag(shares=(Frac(0), Frac(1, 2)))
    hand = InHand(
        open=(Open(stage=0, month=-1, number=Frac(8)), Open(stage=1, month=-1, number=Frac(6))),
        came=(Open(stage=1, month=0, number=Frac(1)),),
    )
    # 8 x (1/5) / (4/5) = 2 come to a demo in the first month, half of them pay in the next; 6 x 1/2 pay in the first.
    assert brought_by(hand, [to_demo, to_paid], 2)[1:] == [[3, 0], [3, 1]]


def test_a_given_rate_never_makes_more_than_one_customer_of_one_in_hand() -> None:
    assert Lag(shares=SHARES).rated(Frac(1)).of_open(0) == [0, Frac(3, 5), Frac(2, 5)]
    assert Lag(shares=(Frac(3, 2), Frac(1, 2))).of_open(0) == [0, 1]


@pytest.mark.parametrize("months", [1, 2, 3, 7])
def test_two_stages_run_forward_as_their_whole_does(months: int) -> None:
    first, second = Lag(shares=(Frac(1, 4), Frac(1, 8))), Lag(shares=SHARES)
    entering = [[Frac(7 * month + 3) for month in range(months)], [Frac(0)] * months]
    by_stage = forward([*entering, [Frac(0)] * months], [first, second])[2]
    assert by_stage == forward(entering, [first.then(second)])[1]


def test_arrays_of_draws_run_forward_like_fractions() -> None:
    import numpy as np

    draws = np.array([0.5, 1.0])
    months = forward([[np.array([4.0, 4.0]), 0.0], [0.0, 0.0]], [Lag(shares=(draws, draws / 2))])[1]
    assert [month.tolist() for month in months] == [[2.0, 4.0], [1.0, 2.0]]


def test_a_demo_in_between_is_asked_for_in_the_month_in_which_signups_bring_it() -> None:
    given = ten_over(3)
    time = SellingTime(
        lags={Key.SIGNUP_TO_DEMO: Lag(shares=(Frac(0), Frac(1))), Key.DEMO_TO_PAID: AT_ONCE},
        hand=InHand(open=(Open(stage=0, month=-1, number=Frac(2)),)),
    )
    plan = lag_plan(time, given.asked, given.asked.new(), [], given.assumptions)
    assert plan.entrants is not None
    assert plan.quotas["required_new_demo_bookings"] == [2, *plan.entrants[:2]]
    # The demos of those in hand are not run forward a second time: 2 x 0.3 in January alone.
    assert plan.brought == (Frac("0.6"), *(Frac(3, 10) * number for number in plan.entrants[:2]))
    assert plan.credit == (Frac("0.6"), Frac(0), Frac(0))
    assert replace(plan, entrants=None).after_end == 0


def test_what_can_no_longer_come_for_its_month_comes_for_a_later_one() -> None:
    given = spec(NEW, 1, {Key.DEMO_TO_PAID: Frac(1, 2), Key.SIGNUP_TO_DEMO: 1, Key.VISITOR_TO_SIGNUP: Frac(1, 4)})
    time = SellingTime(lags={Key.DEMO_TO_PAID: Lag(shares=(Frac(0), Frac(1)))})
    plan = lag_plan(time, given.asked, given.asked.new(), [], given.assumptions)
    # The one customer of January had to sign up in December: who does in January pays in February.
    assert (plan.needs, plan.entrants, plan.brought) == ((1, 0), (2, 0), (Frac(0), Frac(1)))
