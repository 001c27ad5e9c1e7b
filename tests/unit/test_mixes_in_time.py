"""Mixes that know how long selling takes: worked by hand, run forward a second way, and beside every mix there is."""

from __future__ import annotations

from collections.abc import Iterator
from fractions import Fraction as Frac
from itertools import accumulate, product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from draws import tries
from funnelcli.planning.backsolve import new_customers
from funnelcli.planning.evened import evened
from funnelcli.planning.lag import InHand, Lag, Open
from funnelcli.planning.lag_notes import NEARER
from funnelcli.planning.means import Means, Offer, Sellers, Step, Wish
from funnelcli.planning.mix_limits import Course, Limits, Needed, Way, course_of
from funnelcli.planning.mix_plan import Binding, BoundBy
from funnelcli.planning.mixture import cheapest_mix
from funnelcli.planning.model import AnyKey, Key, Shape, ShapeKind
from funnelcli.planning.plan import By, PlanSpec, make_plan
from funnelcli.planning.selling import ChannelTime, LagPlan, SellingTime
from funnelcli.problems import GoalError
from funnelcli.values.channels import Channel
from planned import DEMOS, NEW, ORGANIC, PAID, PAID_USERS, SIGNUPS, WON, lines, notes, spec

FREE = Shape(kind=ShapeKind.FREE)
COST = "planned_signup_cost_amount"
# All signups book a demo at once; of these 15, 9 and 6 % pay in the same month, the next and the one after.
RATES: dict[AnyKey, Frac | int | None] = {
    Key.SIGNUP_TO_DEMO: 1, Key.DEMO_TO_PAID: Frac(3, 10), Key.VISITOR_TO_SIGNUP: Frac(1, 4),
}  # fmt: skip
SHAPE = Lag(shares=(Frac(15, 100), Frac(9, 100), Frac(6, 100)))
AT_ONCE = Lag(shares=(Frac(1),))
TIME = SellingTime(lags={Key.SIGNUP_TO_DEMO: AT_ONCE, Key.DEMO_TO_PAID: SHAPE})


def offer(*steps: tuple[int | None, int]) -> Offer:
    return Offer(steps=tuple(Step(signups=number, each=Frac(each)) for number, each in steps))


def timed(amount: int, means: Means, *, months: int = 3, shape: Shape = FREE, time: SellingTime = TIME) -> PlanSpec:
    made = spec(NEW, amount, RATES, months=months, shape=shape, by=By.CHANNEL)
    return replace(made, means=means, lag=time)


def only_paid(*steps: tuple[int | None, int]) -> Means:
    return Means(offers={PAID: offer(*steps)}, wish=Wish.COST)


# --- by hand ---------------------------------------------------------------------------------------------------------


def test_the_cheapest_signups_are_those_of_whom_most_come_in_time() -> None:
    # Of January 30 % pay by March, of February 24, of March 15: ten take 34. 33 of January bring 9.9; the last one may
    # come in March.
    plan = make_plan(timed(10, only_paid((None, 7))))
    assert lines(plan)[SIGNUPS] == ((33, 0, 1), 34)
    # With 19 a month: 19 x 0.30 + 18 x 0.24 = 10.02, and 17 would be 9.78.
    capped = make_plan(timed(10, only_paid((19, 7))))
    assert lines(capped)[SIGNUPS] == ((19, 18, 0), 37)
    assert capped.lag is not None
    assert capped.lag.brought == (
        Frac(19 * 15, 100), Frac(19 * 9 + 18 * 15, 100), Frac(19 * 6 + 18 * 9, 100),
    )  # fmt: skip
    assert capped.lag.after_end == 18 * Frac(6, 100)
    assert capped.mix is not None
    assert (capped.mix.cost, capped.mix.proven, capped.mix.customers) == (Frac(37 * 7), True, capped.lag.brought)
    assert capped.mix.bindings == (Binding(by=BoundBy.CAP, channel=PAID, months=(0,)),)
    # 2.85 come in January, 7.26 by February, 10.02 by March.
    assert lines(capped)[WON] == ((2, 5, 3), 10)


def test_a_dearer_step_is_taken_where_it_brings_more_than_a_cheaper_month_later() -> None:
    # A 31st of January at 12 brings 0.30, 40 each; of February at 10 0.24, 41.7 each; of March at 10 0.15, 66.7 each.
    plan = make_plan(timed(11, only_paid((30, 10), (None, 12))))
    # 30 x 0.3 = 9; 2 are left: 7 of January are 2.1 for 84; 6 are 1.8, and one of February makes 2.04 for 82.
    assert lines(plan)[SIGNUPS] == ((36, 1, 0), 37)
    assert lines(plan)[COST][1] == 300 + 6 * 12 + 10


def test_what_sellers_can_hold_binds_the_month_in_which_the_demos_come() -> None:
    later = SellingTime(lags={Key.SIGNUP_TO_DEMO: Lag(shares=(Frac(0), Frac(1))), Key.DEMO_TO_PAID: AT_ONCE})
    sellers = Sellers(number=1, demos=20)
    means = replace(only_paid((None, 7)), sellers=sellers)
    plan = make_plan(timed(10, means, time=later))
    # 34 demos are needed, and none is held in January: 20 and 14, of signups a month before.
    assert lines(plan)[DEMOS][1] == 34
    assert sorted(number or 0 for number in lines(plan)[DEMOS][0]) == [0, 14, 20]
    assert lines(plan)[SIGNUPS][0] == (*lines(plan)[DEMOS][0][1:], 0)
    with pytest.raises(GoalError) as refused:
        make_plan(timed(13, means, time=later))
    assert "What binds: the demos that the sellers can hold (Feb 2026 – Mar 2026)." in str(refused.value)


def test_those_in_hand_take_up_sellers_and_are_credited() -> None:
    time = SellingTime(
        lags={Key.SIGNUP_TO_DEMO: Lag(shares=(Frac(1, 2), Frac(1, 2))), Key.DEMO_TO_PAID: AT_ONCE},
        hand=InHand(open=(Open(stage=0, month=-1, number=Frac(8)),)),
    )  # fmt: skip
    sellers = Sellers(number=1, demos=10)
    plan = make_plan(timed(4, replace(only_paid((None, 7)), sellers=sellers), months=2, time=time))
    # All 8 that are open book a demo in January, 2.4 customers; 1.6 are left, 5.33 demos, of which 2 can be held then.
    # 6 signups of January book 3 and 3 demos, 5 of which are held. 4 and 3 book 2 and 3.5: 5.5, 1.65 customers.
    assert lines(plan)[SIGNUPS] == ((4, 3), 7)
    assert lines(plan)[DEMOS] == ((10, 4), 14)
    assert plan.lag is not None
    assert plan.lag.credit == (Frac(12, 5), Frac(0))


def test_signups_of_months_before_the_plan_are_placed_and_costed() -> None:
    time = SellingTime(lags={Key.SIGNUP_TO_DEMO: AT_ONCE, Key.DEMO_TO_PAID: Lag(shares=(Frac(0), Frac(1)))}, lead=1)
    plan = make_plan(timed(6, only_paid((12, 7)), months=2, time=time))
    # All pay a month later: 20 signups, 12 of December and 8 of January; those of February come too late.
    rows = {row.metric.key: row for row in plan.rows if row.channel is None}
    assert [*rows[SIGNUPS].early, *rows[SIGNUPS].values] == [8, 12, 0]
    assert (rows[COST].early[0] or 0) + (rows[COST].total or 0) == 140
    assert plan.mix is not None
    assert [plan.mix.cost, plan.mix.early] == [140, rows[COST].early[0]]
    assert notes(plan)["early-signup-cost"].endswith("is for signups before the plan begins: Dec 2025.")
    assert rows["planned_signup_cost_per_new_paid_user_amount"].total == Frac(140, 6)


def test_signups_who_came_so_far_leave_fewer_of_a_month() -> None:
    # 7 of the 12 of January have come, none of whom is open any more.
    mine = ChannelTime(hand=InHand(at=0, elapsed=Frac(1, 2)), entered={SIGNUPS: {0: Frac(7)}})
    time = replace(TIME, of_channel={PAID: mine})
    plan = make_plan(timed(2, only_paid((8, 7), (4, 9)), time=time))
    # One more of January costs 7, the next ones 9, 30 a customer; of February 7, 29.2 a customer, eight of them.
    # 2 of January and 6 of February bring 0.6 + 1.44; 1 and 7 bring 0.3 + 1.68, too few. The 7 before cost 49.
    assert lines(plan)[SIGNUPS] == ((9, 6, 0), 15)
    assert lines(plan)[COST][1] == 49 + 7 + 9 + 6 * 7


def test_a_month_needs_those_who_can_be_there() -> None:
    # The shape needs 10/3 a month. All of January pay in February: nobody can be there in January.
    time = SellingTime(lags={Key.SIGNUP_TO_DEMO: AT_ONCE, Key.DEMO_TO_PAID: Lag(shares=(Frac(0), Frac(1)))})
    steady = Shape(kind=ShapeKind.STEADY)
    plan = make_plan(timed(10, only_paid((None, 7)), shape=steady, time=time))
    # By the end of February those of February and half of January's, in proportion: needs of 10/3 in February and
    # March take 11.1 signups each; 33.3 in all, so 16.7 customers' worth each month: 5 by the end of February.
    assert lines(plan)[SIGNUPS] == ((17, 17, 0), 34)
    assert plan.mix is not None
    assert plan.mix.customers == (Frac(0), Frac(51, 10), Frac(51, 10))


def test_a_goal_nearer_than_the_lag_is_said_in_the_same_words() -> None:
    near = timed(10, only_paid((None, 7)), months=1)
    mine, plain = make_plan(near), make_plan(replace(near, means=Means(), by=By.WHOLE))
    # 67 signups, of whom half pay in time.
    assert lines(mine)[SIGNUPS][1] == lines(plain)[SIGNUPS][1] == 67
    assert notes(mine)[NEARER] == notes(plain)[NEARER]
    late = SellingTime(lags={Key.SIGNUP_TO_DEMO: AT_ONCE, Key.DEMO_TO_PAID: Lag(shares=(Frac(0), Frac(1)))})
    with pytest.raises(GoalError) as refused:
        make_plan(timed(10, only_paid((None, 7)), months=1, time=late))
    assert "nobody who comes from now on is in time" in str(refused.value)


def test_the_most_of_a_budget_is_won_by_those_in_time() -> None:
    most = replace(only_paid((19, 7)), wish=Wish.NEW_PAID_USERS, budget=Frac(266))
    plan = make_plan(timed(0, most))
    # 266 buys 38: 19 x 0.30 + 19 x 0.24 = 10.26, ten whole ones, for which 37 do.
    assert plan.mix is not None
    assert [plan.goal.amount, plan.mix.cost, plan.mix.new] == [10, 37 * 7, 10]


# --- nothing takes any time ------------------------------------------------------------------------------------------


@pytest.mark.parametrize("shape", [FREE, Shape(kind=ShapeKind.STEADY)])
def test_a_lag_of_nothing_is_the_mix_without(shape: Shape) -> None:
    means = Means(
        offers={PAID: offer((10, 20), (20, 50)), ORGANIC: offer((10, 0))}, wish=Wish.COST,
        sellers=Sellers(number=1, demos=25),
    )  # fmt: skip
    with_it = timed(9, means, shape=shape, time=SellingTime(lags={}))
    plan, without = make_plan(with_it), make_plan(replace(with_it, lag=None))
    assert (plan.rows, plan.mix, plan.channels) == (without.rows, without.mix, without.channels)
    assert set(notes(plan)) - set(notes(without)) == {"lag-takes-no-time"}


# --- every mix, one by one -------------------------------------------------------------------------------------------

SHARES = st.lists(st.integers(0, 3), min_size=1, max_size=3).filter(any)


@st.composite
def lags(draw: st.DrawFn) -> Lag:
    shares = draw(SHARES)
    rate = draw(st.sampled_from([Frac(1), Frac(1, 2), Frac(2, 5), Frac(3, 7)]))
    return Lag(shares=tuple(Frac(share, sum(shares)) * rate for share in shares))


@st.composite
def small_limits(draw: st.DrawFn) -> Limits:
    months, ways = draw(st.integers(1, 3)), []
    for channel in (PAID, ORGANIC)[: draw(st.integers(1, 2 if months < 3 else 1))]:
        first, more, cost = draw(st.integers(1, 2)), draw(st.integers(0, 1)), draw(st.integers(0, 6))
        steps = [(first, cost)] + ([(more, cost + draw(st.integers(1, 5)))] if more else [])
        booked = tuple(Frac(draw(st.integers(0, 2)), 2) for _ in range(months)) if draw(st.booleans()) else ()
        won = tuple(Frac(draw(st.integers(0, 2)), 4) for _ in range(months)) if draw(st.booleans()) else ()
        ways.append(
            Way(channel=channel, demos=draw(lags()), paid=draw(lags()), offer=offer(*steps), booked=booked, won=won)
        )
    demos = tuple(draw(st.one_of(st.none(), st.integers(0, 3))) for _ in range(months))
    lead = draw(st.integers(0, months - 1))
    return Limits(ways=tuple(ways), demos=demos, lead=lead, most_new=draw(st.sampled_from([None, None, 1])))


def every_mix(limits: Limits) -> Iterator[dict[Channel, tuple[int, ...]]]:
    months = [product(range((way.offer.cap or 0) + 1), repeat=limits.months) for way in limits.ways]
    for numbers in product(*months):
        yield {way.channel: tuple(own) for way, own in zip(limits.ways, numbers, strict=True)}


def customers_of(limits: Limits, signups: dict[Channel, tuple[int, ...]]) -> list[Frac]:
    """The customers of each month, a month's demos after the other: the second way, without sparing any work."""
    months = limits.months
    won = [sum((way.won[month] for way in limits.ways if way.won), Frac(0)) for month in range(months)]
    for month in range(months):
        seats = limits.demos[month]
        in_time = range(max(limits.lead - month, 0), months - month)
        best = sorted(
            limits.ways, key=lambda way: -sum(way.paid.shares[n] for n in in_time if n < len(way.paid.shares))
        )
        for way in best:
            demos = way.booked[month] if way.booked else Frac(0)
            for before, number in enumerate(signups[way.channel][: month + 1]):
                demos += number * Frac((*way.demos.shares, *[0] * months)[month - before])
            if seats is not None:
                demos = min(demos, Frac(seats))
                seats -= demos
            pays = [(month + n, share) for n, share in enumerate(way.paid.shares) if share and month + n < months]
            if limits.most_new is not None:
                demos = min([demos, *(max(limits.most_new - won[at], Frac(0)) / share for at, share in pays)])
            for at, share in pays:
                won[at] += demos * share
    return won[limits.lead :]


def price(limits: Limits, signups: dict[Channel, tuple[int, ...]]) -> Frac:
    costs = [way.offer.cost(number) for way in limits.ways for number in signups[way.channel]]
    return sum((cost for cost in costs if cost is not None), Frac(0))


@given(st.data())
@settings(max_examples=tries(150), deadline=None)
def test_no_mix_that_there_is_costs_less(data: st.DataObject) -> None:
    limits = data.draw(small_limits())
    planned, amount = limits.months - limits.lead, Frac(data.draw(st.integers(0, 12)), 4)
    shape = [amount * Frac(number, 2 * planned) for number in range(planned)] if data.draw(st.booleans()) else []
    wanted = Needed(goal=new_customers(amount, planned), months=tuple(shape))

    def is_enough(customers: list[Frac]) -> bool:
        running = zip(accumulate(customers), accumulate(shape), strict=False)
        return sum(customers) >= amount and all(came >= least for came, least in running)

    costs = [price(limits, each) for each in every_mix(limits) if is_enough(customers_of(limits, each))]
    mix = cheapest_mix(limits, wanted)
    if mix is None:
        assert costs == []
        return
    mended = evened(limits, wanted, mix)
    course = course_of(limits, mended)
    assert is_enough(course.planned)
    assert price(limits, dict(mended.signups)) == mended.cost == mix.cost
    if mix.held is None:
        assert mix.cost == min(costs)
        assert course.planned == customers_of(limits, dict(mended.signups))
    else:  # sellers who hold others first can only make it cheaper
        assert all(mix.cost <= cost for cost in costs)
        held_within(limits, course)


def held_within(limits: Limits, course: Course) -> None:
    """That no more demos are held than are booked, and than sellers can, nor more won than can be."""
    for month, most in enumerate(limits.demos):
        held = [course.held[way.channel][month] for way in limits.ways]
        booked = [course.booked(way, month) for way in limits.ways]
        assert all(0 <= number <= there for number, there in zip(held, booked, strict=True))
        assert most is None or sum(held) <= most


# --- whole plans -----------------------------------------------------------------------------------------------------


@st.composite
def plans(draw: st.DrawFn) -> PlanSpec:
    kind, months, lead = draw(st.sampled_from([NEW, PAID_USERS])), draw(st.integers(1, 3)), draw(st.integers(0, 2))
    values = {**RATES, Key.SIGNUP_TO_DEMO: draw(st.sampled_from([Frac(1, 2), Frac(4, 5)]))}
    if kind is PAID_USERS:
        values |= {Key.CHURN: draw(st.sampled_from([Frac(0), Frac(1, 10)])), Key.OPENING: 10}

    def channel() -> ChannelTime:
        opened = draw(st.lists(st.tuples(st.integers(0, 1), st.integers(1, 3), st.integers(0, 20)), max_size=2))
        hand = InHand(open=tuple(Open(stage=s, month=-lead - m, number=Frac(n)) for s, m, n in opened), at=-1 - lead)
        return ChannelTime(lags={Key.SIGNUP_TO_DEMO: draw(lags()), Key.DEMO_TO_PAID: draw(lags())}, hand=hand)

    time = SellingTime(
        lags={Key.SIGNUP_TO_DEMO: draw(lags()), Key.DEMO_TO_PAID: draw(lags())}, lead=lead,
        of_channel={ORGANIC: channel(), PAID: channel(), Channel.UNKNOWN: channel()},
    )  # fmt: skip
    shape = draw(st.sampled_from([FREE, Shape(kind=ShapeKind.STEADY)]))
    sellers = Sellers(number=draw(st.integers(1, 3)), demos=draw(st.integers(2, 9))) if draw(st.booleans()) else None
    means = Means(
        offers={PAID: offer((draw(st.integers(1, 20)), 3), (30, 8)), ORGANIC: offer((draw(st.integers(1, 30)), 5))},
        wish=Wish.COST, sellers=sellers,
    )  # fmt: skip
    made = spec(kind, draw(st.integers(1, 24)), values, months=months, shape=shape, by=By.CHANNEL)
    return replace(made, means=means, lag=time)


@given(plans())
@settings(max_examples=tries(60), deadline=None)
def test_a_mix_run_forward_reaches_the_goal_and_its_parts_agree(made: PlanSpec) -> None:
    try:
        plan = make_plan(made)
    except GoalError:
        return
    assert plan.mix is not None
    if plan.lag is None:
        return
    every = {row.metric.key: row for row in plan.rows if row.channel is None}
    assert made.asked.target().reached(plan.lag.brought) >= made.asked.target().need
    assert plan.lag.brought == plan.mix.customers == forward(plan.lag)
    for stage in (SIGNUPS, DEMOS, WON, COST):
        parts = [row for row in plan.rows if row.metric.key == stage and row.channel is not None]
        for months in ("early", "values"):
            of_parts = [getattr(row, months) for row in parts if getattr(row, months)]
            whole = getattr(every[stage], months)
            # Who is in hand of a channel without a cost needs no signups, and costs nothing.
            assert [sum(n or 0 for n in month) for month in zip(*of_parts, strict=True)] == list(whole)
    if made.means.sellers is not None:
        most = made.means.sellers.number * made.means.sellers.demos
        assert all(number <= most for number in (*every[DEMOS].early, *every[DEMOS].values) if number is not None)


def forward(plan: LagPlan) -> tuple[Frac, ...]:
    """Who pays in each month: the demos of each channel one month after the other, and those in hand who had theirs."""
    months = [Frac(0)] * plan.months
    for part in plan.parts:
        second = part.steps[1][1]
        before = replace(part.hand, open=tuple(each for each in part.hand.open if each.stage == 1))
        for waiting in before.open:
            for later, share in enumerate(second.of_open(part.hand.at - waiting.month, part.hand.elapsed)):
                if 0 <= part.hand.at + later < plan.months:
                    months[part.hand.at + later] += waiting.number * share
        for month, demos in enumerate(part.reached[1], start=-plan.lead):
            for later, share in enumerate(second.shares):
                if 0 <= month + later < plan.months:
                    months[month + later] += demos * share
    return tuple(months)
