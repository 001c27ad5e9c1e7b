"""Plans that know time and what they have to work with: months before the plan, those in hand, what binds."""

from __future__ import annotations

from fractions import Fraction as Frac

import pytest
from msgspec.structs import replace

from funnelcli.planning.lag import InHand, Lag, Open
from funnelcli.planning.lag_notes import is_nearer
from funnelcli.planning.lagged import lag_plan
from funnelcli.planning.means import Means, Offer, Sellers, Step, Wish
from funnelcli.planning.model import AnyKey, Key
from funnelcli.planning.plan import By, PlanSpec, make_plan
from funnelcli.planning.selling import LagPlan, SellingTime
from funnelcli.problems import GoalError
from funnelcli.values.channels import Channel
from planned import NEW, ORGANIC, PAID, RATES, lines, notes, spec

AT_ONCE = Lag(shares=(Frac(1),))
# Of 100 signups 15 pay in the same calendar month, 9 in the next, 6 in the one after: 30 in all.
SHARES = (Frac(15, 100), Frac(9, 100), Frac(6, 100))


def plan_with(hand: int, needed: int) -> LagPlan:
    """A plan of a month, with so many in hand who had a demo in the month before it."""
    rates: dict[AnyKey, Frac | int | None] = {
        Key.DEMO_TO_PAID: Frac(30, 100), Key.SIGNUP_TO_DEMO: 1, Key.VISITOR_TO_SIGNUP: Frac(1, 4),
    }  # fmt: skip
    given = spec(NEW, needed, rates, months=1)
    time = SellingTime(
        lags={Key.SIGNUP_TO_DEMO: AT_ONCE, Key.DEMO_TO_PAID: Lag(shares=SHARES)},
        hand=InHand(open=(Open(stage=1, month=-1, number=Frac(hand)),)),
    )  # fmt: skip
    return lag_plan(time, given.asked, given.asked.new(), [], given.assumptions)


def test_those_in_hand_are_run_on_month_by_month() -> None:
    """10 in hand bring 10 x 9/85 = 1.06 in the month and 10 x 6/85 = 0.71 in the next; 10 signups 1.5, 0.9 and 0.6.

    Together 2.56, then 4.16: 4 are there in the second month, and 2 in the first.
    """
    plan = plan_with(10, 4)
    assert round(float(sum(plan.credit)), 4) == round(10 * 9 / 85, 4)
    assert plan.months_until([10]) == 2
    assert plan_with(10, 2).months_until([10]) == 1
    # Nobody enters: 12 x (9 + 6) / 85 = 2.12 of those in hand alone, in the second month.
    assert plan_with(12, 2).months_until([0]) == 2


def test_a_goal_that_those_in_hand_reach_is_not_nearer_than_the_lag() -> None:
    """100 in hand bring 10.6 in the month: enough for 10 without a signup, and not for 11."""
    assert plan_with(100, 10).entrants == (0,)
    assert not is_nearer(plan_with(100, 10))
    assert is_nearer(plan_with(100, 11))


# --- sellers and months before the plan -------------------------------------------------------------------------------


def a_month_later(sellers: Sellers) -> PlanSpec:
    """9 customers in January and February, of demos a month before: 2/5 of signups have one, 1/2 of these pay."""
    made = spec(NEW, 9, RATES, months=2, by=By.WHOLE, mix={ORGANIC: Frac(1, 2), PAID: Frac(1, 2)})
    lags: dict[AnyKey, Lag] = {Key.SIGNUP_TO_DEMO: AT_ONCE, Key.DEMO_TO_PAID: Lag(shares=(Frac(0), Frac(1, 2)))}
    return replace(made, means=Means(sellers=sellers), lag=SellingTime(lags=lags, lead=1))


def test_sellers_are_held_against_the_demos_of_months_before_the_plan() -> None:
    """5 and 4 customers are 10 demos in December and 8 in January, of which one seller holds 7."""
    plan = make_plan(a_month_later(Sellers(number=1, demos=7)))
    rows = {row.metric.key: row for row in plan.of()}
    assert [period.key for period in plan.lead] == ["2025-12"]
    assert lines(plan)["demos_over_capacity"] == ((1, 0), 1)
    assert rows["demos_over_capacity"].early == (Frac(3),)
    assert rows["demo_capacity"].early == (Frac(7),)
    assert notes(plan)["demos-above-capacity"] == (
        "The sellers cannot hold all demos that the plan needs: Dec 2025 (10, they hold 7), Jan 2026 (8, they hold 7). "
        "1 more seller at full pace holds them."
    )


def test_the_most_sellers_lacking_may_be_before_the_plan() -> None:
    """Of 10 demos one seller holds 3: 3 more; of 8 in January two more."""
    plan = make_plan(a_month_later(Sellers(number=1, demos=3)))
    assert lines(plan)["lacking_sellers"] == ((2, 0), 2)
    assert "3 more sellers at full pace hold them." in notes(plan)["demos-above-capacity"]


# --- what binds -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("most", "sellers", "cap", "words"),
    [
        # 2 x 4 customers at most; 20 demos a month would be 10, and 100 signups 20.
        (4, 20, 100, "What binds: the most new PU of a month (Jan 2026 – Feb 2026)."),
        (100, 8, 100, "What binds: the demos that the sellers can hold (Jan 2026 – Feb 2026)."),
        (100, 20, 10, "What binds: the signups of Paid (Jan 2026 – Feb 2026)."),
        # 8 demos are 4 customers, too: neither of the two alone gets any further.
        (4, 8, 100, "What binds: the demos that the sellers can hold, the most new PU of a month"),
    ],
)
def test_what_binds_is_what_one_gets_further_without(most: int, sellers: int, cap: int, words: str) -> None:
    offers = {Channel.PAID: Offer(steps=(Step(signups=cap, each=Frac(3)),))}
    means = Means(sellers=Sellers(number=1, demos=sellers), offers=offers, wish=Wish.COST)
    made = spec(NEW, 18, RATES, months=2, by=By.CHANNEL, mix={PAID: Frac(1)}, most_new=most)
    with pytest.raises(GoalError) as error:
        make_plan(replace(made, means=means))
    said = error.value.text.of("en")
    assert words.partition("(")[0].rstrip(".") in said.replace(" (Jan 2026 – Feb 2026); ", ", "), said
    if most == 4 and sellers == 20:
        assert error.value.hint == "Raise --max-new-paid-users."
