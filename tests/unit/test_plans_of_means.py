"""Plans held against sellers and costs, and plans whose mix of channels is chosen: worked by hand."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction as Frac

import pytest
from msgspec.structs import replace

from funnelcli.answers.targets_answer import targets_answer
from funnelcli.planning.goals import GoalType
from funnelcli.planning.means import Means, Offer, Sellers, Step, Wish
from funnelcli.planning.mix_plan import Binding, BoundBy, Gain, MoreOf
from funnelcli.planning.model import AnyKey, Key, Measured, Plan, Rounding, Shape, ShapeKind
from funnelcli.planning.plan import By, PlanSpec, WhatIf, make_plan
from funnelcli.problems import GoalError
from funnelcli.renderers import Style, formats
from funnelcli.values.channels import Channel
from funnelcli.values.periods import month_of
from planned import DEMOS, MRR, NEW, ORGANIC, PAID, PAID_USERS, RATES, SIGNUPS, WON, lines, notes, pooled, spec

JANUARY, FEBRUARY, MARCH = (month_of(date(2026, month, 1)) for month in (1, 2, 3))
COST, PER_NEW = "planned_signup_cost_amount", "planned_signup_cost_per_new_paid_user_amount"
FREE = Shape(kind=ShapeKind.FREE)


def offer(*steps: tuple[int | None, int]) -> Offer:
    return Offer(steps=tuple(Step(signups=number, each=Frac(each)) for number, each in steps))


def with_means(
    goal: GoalType,
    amount: int,
    means: Means,
    *,
    months: int = 2,
    shape: Shape | None = None,
    by: By = By.CHANNEL,
    measured: Measured | None = None,
    values: Mapping[AnyKey, Frac | int | None] = RATES,
    what_if: tuple[WhatIf, ...] = (),
    most_new: int | None = None,
) -> PlanSpec:
    """A plan of half paid and half organic, at 2/5 to a demo and 1/2 to a customer, so 5 signups a customer."""
    mix = {ORGANIC: Frac(1, 2), PAID: Frac(1, 2)}
    made = spec(
        goal, amount, values, months=months, shape=shape, by=by, mix=mix, measured=measured, what_if=what_if,
        most_new=most_new,
    )  # fmt: skip
    return replace(made, means=means)


# --- sellers ---------------------------------------------------------------------------------------------------------


def test_a_hire_holds_its_share_of_the_first_months_and_then_all() -> None:
    ramp = (Frac(1, 4), Frac(1, 2))
    sellers = Sellers(number=3, demos=40, hires=(FEBRUARY, FEBRUARY), ramp=ramp, leavers=(MARCH,))
    months = [month_of(date(2026, month, 1)) for month in (1, 2, 3, 4, 5)]
    # 3; 3 + 2 x 1/4; 3 + 2 x 1/2 - 1; 3 + 2 - 1; the same.
    assert [sellers.at_full_pace(month) for month in months] == [3, Frac(7, 2), 3, 4, 4]
    assert [sellers.can_hold(month) for month in months] == [120, 140, 120, 160, 160]
    # One hired before the plan begins is further by then: hired in December, half a seller in January.
    early = Sellers(number=0, demos=9, hires=(month_of(date(2025, 12, 1)),), ramp=ramp)
    assert [early.can_hold(month) for month in months] == [4, 9, 9, 9, 9]  # 4.5 demos are 4 whole ones


def test_months_that_need_more_demos_than_can_be_held_are_named() -> None:
    sellers = Sellers(number=1, demos=7, hires=(FEBRUARY,))
    plan = make_plan(with_means(NEW, 9, Means(sellers=sellers), by=By.WHOLE))
    # 9 customers are 5 and 4, at 1/2 10 and 8 demos; 7 can be held, then 14.
    rows = lines(plan)
    assert rows[DEMOS] == ((10, 8), 18)
    assert rows["full_sellers_number"] == ((1, 2), 2)
    assert rows["demo_capacity"] == ((7, 14), 21)
    assert rows["demos_over_capacity"] == ((3, 0), 3)  # what February has over does not help January
    assert rows["lacking_sellers"] == ((1, 0), 1)  # 3 demos are 3/7 of a seller
    assert notes(plan)["demos-above-capacity"] == (
        "The sellers cannot hold all demos that the plan needs: Jan 2026 (10, they hold 7). 1 more seller at full pace "
        "holds them."
    )


def test_sellers_who_hold_exactly_what_is_needed_are_enough() -> None:
    plan = make_plan(with_means(NEW, 9, Means(sellers=Sellers(number=1, demos=10)), by=By.WHOLE))
    assert "demos-above-capacity" not in notes(plan)
    assert lines(plan)["demos_over_capacity"] == ((0, 0), 0)


@pytest.mark.parametrize("form", ["table", "csv", "json", "md", "html"])
@pytest.mark.parametrize("by", list(By))
def test_a_plan_without_sellers_and_costs_is_what_it_was(form: str, by: By) -> None:
    plain = make_plan(with_means(NEW, 9, Means(), by=by))
    beside = make_plan(with_means(NEW, 9, Means(sellers=Sellers(number=9, demos=99)), by=by))
    without = replace(beside, rows=tuple(row for row in beside.rows if row.metric.kind.value != "means"))
    style = Style()
    assert formats()[form].render(targets_answer(plain), style) == formats()[form].render(
        targets_answer(without), style
    )


# --- costs -----------------------------------------------------------------------------------------------------------


def test_the_signups_of_a_plan_by_channel_have_a_cost_each_month_the_cheaper_ones_first() -> None:
    offers = {ORGANIC: offer((None, 1)), PAID: offer((10, 10), (10, 30))}
    plan = make_plan(with_means(NEW, 10, Means(offers=offers)))
    # 5 customers a month are 25 signups: 13 and 12 of organic, 12 and 13 of paid; 10 of these at 10, the others at 30.
    assert lines(plan, channel=PAID)[SIGNUPS] == ((12, 13), 25)
    assert lines(plan, channel=PAID)[COST] == ((160, 190), 350)
    assert lines(plan, channel=ORGANIC)[COST] == ((13, 12), 25)
    assert lines(plan)[COST] == ((173, 202), 375)
    assert lines(plan)[PER_NEW] == ((Frac(173, 5), Frac(202, 5)), Frac(375, 10))


def test_a_cost_that_is_not_known_is_missing_and_that_of_all_with_it() -> None:
    plan = make_plan(with_means(NEW, 10, Means(offers={PAID: offer((None, 10))})))
    reasons = {row.channel: row.missing.code for row in plan.rows if row.metric.key == COST and row.missing}
    assert reasons == {ORGANIC: "no-cost-declared", None: "no-cost-declared"}
    assert lines(plan, channel=PAID)[COST] == ((120, 130), 250)
    capped = make_plan(with_means(NEW, 10, Means(offers={ORGANIC: offer((12, 1)), PAID: offer((20, 1))})))
    reasons = {row.channel: row.missing.code for row in capped.rows if row.metric.key == COST and row.missing}
    assert reasons == {ORGANIC: "above-cap", None: "above-cap"}  # 13 of 12


# --- the cheapest mix ------------------------------------------------------------------------------------------------

MEANS = Means(
    sellers=Sellers(number=1, demos=10), offers={ORGANIC: offer((10, 0)), PAID: offer((10, 20), (20, 50))},
    wish=Wish.COST,
)  # fmt: skip


def test_the_mix_that_costs_least_reaches_the_goal_with_what_there_is() -> None:
    plan = make_plan(with_means(NEW, 8, MEANS))
    # 4 customers a month are 20 signups: 10 free ones, 10 of paid at 20.
    assert lines(plan, channel=ORGANIC)[SIGNUPS] == ((10, 10), 20)
    assert lines(plan, channel=PAID)[SIGNUPS] == ((10, 10), 20)
    assert lines(plan)[DEMOS] == ((8, 8), 16)
    assert lines(plan)[WON] == ((4, 4), 8)
    assert lines(plan)[COST] == ((200, 200), 400)
    assert [(part.channel, part.share) for part in plan.channels] == [(ORGANIC, Frac(1, 2)), (PAID, Frac(1, 2))]
    assert plan.mix is not None
    assert (plan.mix.cost, plan.mix.proven, plan.mix.new) == (Frac(400), True, 8)
    assert plan.mix.customers == (Frac(4), Frac(4))
    assert plan.mix.bindings == (Binding(by=BoundBy.CAP, channel=ORGANIC, months=(0, 1)),)
    # 440 buys no ninth customer, which takes 5 more signups of paid at 50 each.
    assert plan.mix.gains == (
        Gain(more=MoreOf.SELLER, cost=Frac(400), new=8), Gain(more=MoreOf.BUDGET, cost=Frac(400), new=8),
    )  # fmt: skip
    assert plan.levers == ()


def test_a_month_that_cannot_hold_its_demos_is_helped_by_earlier_ones() -> None:
    # March holds 5 demos, 2.5 customers; 3 are needed a month, so half a customer comes early: in February.
    leaver = Sellers(number=2, demos=5, leavers=(MARCH,))
    means = replace(MEANS, sellers=leaver, offers={PAID: offer((None, 4))})
    plan = make_plan(with_means(NEW, 9, means, months=3))
    assert plan.mix is not None
    # 9 customers are 45 signups; the 12 of March book 4.8 demos. A 13th would book 5.2, of which 5 are held.
    assert lines(plan)[SIGNUPS] == ((15, 18, 12), 45)
    assert plan.mix.customers == (Frac(3), Frac(18, 5), Frac(12, 5))
    assert lines(plan)[DEMOS] == ((6, 8, 4), 18)  # 6, 13.2 and 18 demos by the end of each month, rounded up
    assert plan.mix.bindings == (Binding(by=BoundBy.SELLERS, months=(2,)),)
    assert plan.mix.gains[0] == Gain(more=MoreOf.SELLER, cost=Frac(45 * 4), new=9)


def test_each_month_by_itself_is_covered_where_it_is_to_be_rounded_so() -> None:
    shape = Shape(kind=ShapeKind.STEADY, rounding=Rounding.MONTH)
    plan = make_plan(with_means(NEW, 1, replace(MEANS, sellers=None), shape=shape))
    # Half a customer a month is 2.5 signups: 3 in each, not 3 and 2.
    assert lines(plan)[SIGNUPS] == ((3, 3), 6)


def test_the_mrr_at_the_end_is_reached_with_those_who_are_lost() -> None:
    values = {**RATES, Key.CHURN: Frac(1, 10), Key.OPENING: 100, Key.NEW_ARPA: 10, Key.OPENING_MRR: 1000}
    means = Means(offers={PAID: offer((None, 7))}, wish=Wish.COST)
    plan = make_plan(with_means(MRR, 900, means, values=values))
    # Of 1,000 810 stay; 90 are missing: n / 2 x 9 + n / 2 x 10 = 9.5 n, so n = 9.47: 4.74 a month, 23.7 signups each.
    # 24 and 24 are 4.8 x 9 + 4.8 x 10 = 91.2; 24 and 23 are 89.2, too few.
    assert lines(plan)[SIGNUPS] == ((24, 24), 48)
    assert lines(plan)[COST][1] == 48 * 7
    # With free months the latest are the fewest: 9 customers in February are 45 signups.
    free = make_plan(with_means(MRR, 900, means, values=values, shape=FREE))
    assert lines(free)[COST][1] == 45 * 7


def test_channels_go_on_at_their_own_rates() -> None:
    measured = Measured(
        pooled={Key.DEMO_TO_PAID: pooled(50, 100), Key.SIGNUP_TO_DEMO: pooled(40, 100)},
        of_channel={
            PAID: {Key.DEMO_TO_PAID: pooled(10, 40), Key.SIGNUP_TO_DEMO: pooled(80, 100)},
            ORGANIC: {Key.DEMO_TO_PAID: pooled(40, 60), Key.SIGNUP_TO_DEMO: pooled(30, 100)},
        },
        new_paid={PAID: 10, ORGANIC: 40, Channel.PARTNER: 2},
    )
    means = Means(offers={PAID: offer((None, 9)), ORGANIC: offer((None, 10))}, wish=Wish.COST)
    plan = make_plan(
        with_means(NEW, 2, means, months=1, measured=measured, values={Key.VISITOR_TO_SIGNUP: Frac(1, 25)})
    )
    # A customer of paid takes 1 / (0.8 x 0.25) = 5 signups, 45; one of organic 1 / (0.3 x 2/3) = 5 too, 50.
    assert lines(plan, channel=PAID)[SIGNUPS] == ((10,), 10)
    assert lines(plan)[COST] == ((90,), 90)
    # The two customers would take 8 demos of paid, or 3 of organic, and one seller holds 4.
    tight = replace(means, sellers=Sellers(number=1, demos=4))
    held = make_plan(
        with_means(NEW, 2, tight, months=1, measured=measured, values={Key.VISITOR_TO_SIGNUP: Frac(1, 25)})
    )
    # 4 p customers of paid and 1.5 o of organic within 4 demos, p + o = 2: 4 p + 1.5 (2 - p) <= 4, p <= 0.4: 2 signups.
    assert lines(held, channel=PAID)[SIGNUPS] == ((2,), 2)
    assert lines(held, channel=ORGANIC)[SIGNUPS] == ((8,), 8)
    assert notes(held)["no-cost-declared"] == "No cost is declared of Partner: no signups of theirs are in the mix."


def test_a_variant_chooses_its_own_mix() -> None:
    variant = WhatIf(name="better", changes={Key.DEMO_TO_PAID: Frac(1)})
    plan = make_plan(with_means(NEW, 8, MEANS, what_if=(variant,)))
    # At 1/1 a customer takes 2.5 signups: 10 a month, all of them free.
    assert [plan.variants[0].totals[key] for key in (COST, SIGNUPS)] == [Frac(0), Frac(20)]


# --- the most for a budget -------------------------------------------------------------------------------------------


def test_a_budget_wins_the_most_whole_customers_and_is_not_all_spent() -> None:
    most = replace(MEANS, wish=Wish.NEW_PAID_USERS, budget=Frac(350), sellers=None)
    plan = make_plan(with_means(NEW, 0, most, shape=FREE))
    # 20 free signups are 4 customers; 15 of paid at 20 are 3 more for 300; an eighth takes 5 more: 100, 50 are left.
    assert plan.mix is not None
    assert (plan.goal.amount, plan.mix.cost, plan.mix.new) == (Frac(7), Frac(300), 7)
    assert lines(plan)[WON][1] == 7
    assert notes(plan)["most-new-paid-users"] == (
        "7 new customers are the most that a budget of 350 wins; the signups cost 300, 50 is left."
    )
    # 385 wins no more than 350; 10 % more than 364 does.
    assert plan.mix.gains == (Gain(more=MoreOf.BUDGET, cost=Frac(300), new=7),)
    richer = make_plan(with_means(NEW, 0, replace(most, budget=Frac(364)), shape=FREE))
    assert richer.mix is not None
    assert richer.mix.gains == (Gain(more=MoreOf.BUDGET, cost=Frac(400), new=8),)


def test_a_seller_more_wins_more_where_sellers_bind() -> None:
    most = replace(MEANS, wish=Wish.NEW_PAID_USERS, budget=Frac(10_000), sellers=Sellers(number=1, demos=4))
    plan = make_plan(with_means(NEW, 0, most, shape=FREE))
    # 4 demos a month win 2 customers each; 8 of two sellers win 4 each, all that a month has without the dear ones.
    assert plan.mix is not None
    assert plan.mix.new == 4
    assert plan.mix.gains[0] == Gain(more=MoreOf.SELLER, cost=Frac(400), new=8)
    assert plan.mix.bindings[0] == Binding(by=BoundBy.SELLERS, months=(0, 1))


# --- out of reach ----------------------------------------------------------------------------------------------------


def refusal(made: PlanSpec) -> tuple[str, str]:
    with pytest.raises(GoalError) as refused:
        make_plan(made)
    return str(refused.value), refused.value.hint


def test_what_binds_is_said_and_what_one_more_seller_gives() -> None:
    # 10 demos a month are 5 customers; 40 signups a month would be 8.
    assert refusal(with_means(NEW, 14, MEANS)) == (
        "No mix reaches 14 new paid users over Jan 2026 – Feb 2026: all there is gets to 10 new paid users over "
        "Jan 2026 – Feb 2026. What binds: the demos that the sellers can hold (Jan 2026 – Feb 2026).",
        "One more seller would be enough.",
    )
    # 4 demos a month are 4 customers in two; with two sellers 8, with three 12: enough for 11, not for 17.
    few = replace(MEANS, sellers=Sellers(number=1, demos=4))
    assert refusal(with_means(NEW, 11, few))[1] == (
        "One more seller gets to 8 new paid users over Jan 2026 – Feb 2026. 2 more sellers would be enough."
    )
    assert refusal(with_means(NEW, 17, few))[1] == (
        "One more seller gets to 8 new paid users over Jan 2026 – Feb 2026. No number of sellers is enough. Raise the "
        "caps in [plan.cost], name further channels there, or lower the goal."
    )


def test_caps_that_bind_are_named() -> None:
    assert refusal(with_means(NEW, 17, replace(MEANS, sellers=None))) == (
        "No mix reaches 17 new paid users over Jan 2026 – Feb 2026: all there is gets to 16 new paid users over "
        "Jan 2026 – Feb 2026. What binds: the signups of Organic, Paid (Jan 2026 – Feb 2026).",
        "Raise the caps in [plan.cost], name further channels there, or lower the goal.",
    )


def test_the_first_month_that_is_too_small_for_the_shape_is_named() -> None:
    # January holds 4 demos, 2 customers, February 8, 4 customers: 6 in all, but not 3 by the end of January.
    growing = replace(MEANS, sellers=Sellers(number=1, demos=4, hires=(FEBRUARY,)))
    assert refusal(with_means(NEW, 6, growing)) == (
        "The shape needs 3 new customers by the end of Jan 2026, and no mix wins more than 2. What binds: the demos "
        "that the sellers can hold (Jan 2026).",
        "With --shape free the goal is reached, for 200; more sellers or higher caps in time do it, too.",
    )
    # 30 signups: 10 and 20, of these 20 are free and 10 cost 20.
    plan = make_plan(with_means(NEW, 6, growing, shape=FREE))
    assert lines(plan)[SIGNUPS] == ((10, 20), 30)


def test_a_budget_that_is_too_small_is_said_with_what_it_takes() -> None:
    # 8 customers cost 400; 300 buy 15 signups of paid, 3 customers beside the 4 free ones, and 330 half of one more.
    assert refusal(with_means(NEW, 8, replace(MEANS, budget=Frac(300)))) == (
        "The goal costs 400 at least, 100 above the budget of 300, which gets to 7 new paid users over Jan 2026 – "
        "Feb 2026 at most.",
        "Give --budget 400; 10 % more budget gets to 7 new paid users over Jan 2026 – Feb 2026.",
    )


def test_the_most_new_customers_of_a_month_bound_a_mix_too() -> None:
    unbound = replace(MEANS, sellers=None)
    assert "--max-new-paid-users" in refusal(with_means(NEW, 8, unbound, most_new=3))[1]
    assert lines(make_plan(with_means(NEW, 6, unbound, most_new=3)))[WON] == ((3, 3), 6)


def test_where_nothing_bounds_the_customers_that_is_said() -> None:
    endless = Means(offers={ORGANIC: offer((None, 0))}, wish=Wish.NEW_PAID_USERS, budget=Frac(1))
    assert refusal(with_means(NEW, 0, endless, shape=FREE))[0] == (
        "Nothing bounds the new customers: a channel that costs nothing has neither a cap nor sellers."
    )


def test_a_goal_that_is_met_already_costs_nothing() -> None:
    values = {**RATES, Key.CHURN: Frac(0), Key.OPENING: 100, Key.NEW_ARPA: 10, Key.OPENING_MRR: 1000}
    plan: Plan = make_plan(with_means(MRR, 900, MEANS, values=values))
    assert (lines(plan)[COST][1], lines(plan)[SIGNUPS][1]) == (0, 0)


def test_more_money_that_wins_nobody_who_is_not_planned_already_wins_nobody() -> None:
    """Of ten customers 7.29 are left in March, 12 are wanted: 11 signups bring 5.5, planned as 6, and 12 bring 6."""
    values = {**RATES, Key.SIGNUP_TO_DEMO: 1, Key.CHURN: Frac(1, 10), Key.OPENING: 10}
    means = Means(offers={ORGANIC: offer((4, 1))}, wish=Wish.COST)
    mix = make_plan(with_means(PAID_USERS, 12, means, months=3, values=values)).mix
    assert mix is not None
    assert (float(mix.cost), mix.new) == (11, 6)
    assert [(float(gain.cost), gain.new) for gain in mix.gains] == [(11, 6)]
