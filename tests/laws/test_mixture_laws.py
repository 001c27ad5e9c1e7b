"""What holds of every mix of channels that is chosen: more of anything never makes it worse, and its parts agree."""

from __future__ import annotations

from fractions import Fraction
from itertools import accumulate

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from draws import tries
from funnelcli.planning.means import Means, Offer, Sellers, Step, Wish
from funnelcli.planning.model import AnyKey, Key, Plan, Shape, ShapeKind
from funnelcli.planning.plan import By, PlanSpec, make_plan
from funnelcli.problems import GoalError
from funnelcli.values.channels import Channel
from funnelcli.values.periods import Grain, shift
from planned import DEMOS, MRR, NEW, PAID_USERS, SIGNUPS, VISITORS, WON, lines, spec

CHANNELS = (Channel.ORGANIC, Channel.PAID, Channel.PARTNER)
COST = "planned_signup_cost_amount"


@st.composite
def offers(draw: st.DrawFn) -> Offer:
    steps, each = [], draw(st.integers(0, 20))
    for _ in range(draw(st.integers(1, 3))):
        steps.append(Step(signups=draw(st.integers(1, 30)), each=Fraction(each)))
        each += draw(st.integers(1, 20))
    return Offer(steps=tuple(steps))


@st.composite
def means(draw: st.DrawFn, wish: Wish) -> Means:
    first = spec(NEW, 1, {}, months=1).periods[0]
    hires = tuple(shift(first, draw(st.integers(-2, 3)), Grain.MONTH) for _ in range(draw(st.integers(0, 2))))
    sellers = Sellers(
        number=draw(st.integers(0, 3)), demos=draw(st.integers(1, 9)), hires=hires, ramp=(Fraction(1, 3),)
    )
    return Means(
        sellers=sellers if draw(st.booleans()) else None,
        offers={channel: draw(offers()) for channel in CHANNELS[: draw(st.integers(1, 3))]},
        wish=wish,
        budget=Fraction(draw(st.integers(0, 900))) if wish is Wish.NEW_PAID_USERS else None,
    )


@st.composite
def plans(draw: st.DrawFn, wish: Wish) -> PlanSpec:
    values: dict[AnyKey, Fraction | int | None] = {
        Key.DEMO_TO_PAID: draw(st.sampled_from([Fraction(1, 2), Fraction(1, 3), Fraction(3, 7)])),
        Key.SIGNUP_TO_DEMO: draw(st.sampled_from([Fraction(2, 5), Fraction(1, 3), Fraction(1)])),
        Key.VISITOR_TO_SIGNUP: Fraction(1, 25),
        Key.CHURN: draw(st.sampled_from([Fraction(0), Fraction(1, 10)])),
        Key.OPENING: 10, Key.OPENING_MRR: 100, Key.NEW_ARPA: 10,
    }  # fmt: skip
    shape = Shape(kind=draw(st.sampled_from([ShapeKind.STEADY, ShapeKind.FREE])))
    goal = NEW if wish is Wish.NEW_PAID_USERS else draw(st.sampled_from([NEW, PAID_USERS, MRR]))
    amount = draw(st.integers(1, 12)) * (10 if goal is MRR else 1)
    made = spec(goal, amount, values, months=draw(st.integers(1, 3)), shape=shape, by=By.CHANNEL)
    return replace(made, means=draw(means(wish)))


def planned(made: PlanSpec) -> Plan | None:
    """The plan; None where no mix reaches its goal."""
    try:
        return make_plan(made)
    except GoalError:
        return None


def richer(made: PlanSpec) -> list[PlanSpec]:
    """The plan with more of each thing that bounds it."""
    more = [replace(made.means, offers={c: _wider(offer) for c, offer in made.means.offers.items()})]
    if made.means.sellers is not None:
        more += [replace(made.means, sellers=made.means.sellers.with_one_more()), replace(made.means, sellers=None)]
    if made.means.budget is not None:
        more.append(replace(made.means, budget=made.means.budget * Fraction(3, 2)))
    return [replace(made, means=each) for each in more]


def _wider(offer: Offer) -> Offer:
    return Offer(steps=(*offer.steps, Step(signups=5, each=offer.steps[-1].each + 1)))


@given(plans(Wish.COST))
@settings(max_examples=tries(45), deadline=None)
def test_more_of_anything_never_costs_more(made: PlanSpec) -> None:
    plan = planned(made)
    if plan is None:
        return
    assert plan.mix is not None
    for more in richer(made):
        other = planned(more)
        assert other is not None
        assert other.mix is not None
        assert other.mix.cost <= plan.mix.cost
    assert all(gain.cost <= plan.mix.cost or gain.new > plan.mix.new for gain in plan.mix.gains)
    easier = planned(replace(made, goal=replace(made.goal, amount=made.goal.amount / 2)))
    assert easier is not None
    assert easier.mix is not None
    assert easier.mix.cost <= plan.mix.cost


@given(plans(Wish.NEW_PAID_USERS))
@settings(max_examples=tries(45), deadline=None)
def test_more_of_anything_never_wins_fewer(made: PlanSpec) -> None:
    plan = planned(made)
    assert plan is not None
    assert plan.mix is not None
    assert made.means.budget is not None
    assert plan.mix.cost <= made.means.budget
    for more in richer(made):
        other = planned(more)
        assert other is not None
        assert other.mix is not None
        assert other.mix.new >= plan.mix.new
    assert all(gain.new >= plan.mix.new for gain in plan.mix.gains)


@given(st.sampled_from(list(Wish)).flatmap(plans))
@settings(max_examples=tries(60), deadline=None)
def test_the_parts_of_a_mix_sum_to_the_whole_and_keep_within_what_there_is(made: PlanSpec) -> None:
    plan = planned(made)
    if plan is None:
        return
    whole = months_of(plan)
    parts = {channel: months_of(plan, channel) for channel in made.means.offers}
    for stage in (VISITORS, SIGNUPS, DEMOS, WON, COST):
        months = zip(*(part[stage] for part in parts.values()), strict=True)
        assert [sum(month) for month in months] == whole[stage]
    sellers = made.means.sellers
    for place, period in enumerate(made.periods):
        assert sellers is None or whole[DEMOS][place] <= sellers.can_hold(period)
    for channel, offer in made.means.offers.items():
        assert offer.cap is not None
        assert max(parts[channel][SIGNUPS]) <= offer.cap
        assert parts[channel][COST] == [offer.cost(int(number)) for number in parts[channel][SIGNUPS]]
    # A second way forward: what the signups bring, and those who pay at the end of each month.
    assert plan.mix is not None
    rates = {key: assumption.value or Fraction(0) for key, assumption in made.assumptions.items()}
    each = rates[Key.DEMO_TO_PAID] * rates[Key.SIGNUP_TO_DEMO]
    running = accumulate(number * each for number in whole[SIGNUPS])
    assert all(most >= came for most, came in zip(running, accumulate(plan.mix.customers), strict=True))
    level = Fraction(10)
    for won in whole[WON]:
        level = level * (1 - rates[Key.CHURN]) + won
    reached = {NEW.key: sum(whole[WON]), PAID_USERS.key: level, MRR.key: level * 10}[plan.goal.kind.key]
    assert reached >= plan.goal.amount


def months_of(plan: Plan, channel: Channel | None = None) -> dict[str, list[Fraction]]:
    """The months of each row whose figures are all known."""
    rows = lines(plan, channel=channel)
    return {key: [Fraction(n) for n in months if n is not None] for key, (months, _) in rows.items()}
