"""The cheapest mix of channels: worked by hand, and beside every mix that there is, tried one by one."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction as Frac
from itertools import accumulate, product

from hypothesis import given, settings
from hypothesis import strategies as st

from funnelcli.planning.backsolve import Target, level_at_end, new_customers, steady
from funnelcli.planning.evened import evened
from funnelcli.planning.lag import Lag
from funnelcli.planning.means import Offer, Step
from funnelcli.planning.mix_limits import Limits, Mix, Needed, Way, brought, cost_of
from funnelcli.planning.mixture import cheapest_mix, most_new, whole_number_of
from funnelcli.values.channels import Channel

ORGANIC, PAID, PARTNER = Channel.ORGANIC, Channel.PAID, Channel.PARTNER


def way(channel: Channel, to_demo: Frac, to_paid: Frac, *steps: tuple[int | None, int]) -> Way:
    """A channel whose signups cost so much in steps: so many at a cost each."""
    offer = Offer(steps=tuple(Step(signups=number, each=Frac(each)) for number, each in steps))
    return Way(channel=channel, demos=Lag(shares=(to_demo,)), paid=Lag(shares=(to_paid,)), offer=offer)


def needed(goal: Target, months: Sequence[Frac] = (), *, by_month: bool = False) -> Needed:
    return Needed(goal=goal, months=tuple(months), by_month=by_month)


# --- by hand ---------------------------------------------------------------------------------------------------------

HALF, TENTH = Frac(1, 2), Frac(1, 10)


def test_the_cheaper_step_is_bought_first_in_each_month() -> None:
    # 6 customers at 1/2 x 1/5 are 60 signups: 20 at 100 in each of two months, 20 more at 180 in one or both.
    paid = way(PAID, HALF, Frac(1, 5), (20, 100), (50, 180))
    limits = Limits(ways=(paid,), demos=(None, None))
    mix = cheapest_mix(limits, needed(new_customers(Frac(6), 2)))
    assert mix is not None
    assert (mix.cost, mix.proven) == (Frac(40 * 100 + 20 * 180), True)
    # In the shape, 3 customers by the end of the first month: 30 signups there, 10 of them at 180, and the same again.
    mix = cheapest_mix(limits, needed(new_customers(Frac(6), 2), [Frac(3), Frac(3)]))
    assert mix is not None
    assert mix.cost == 2 * (20 * 100 + 10 * 180)


def test_sellers_decide_between_channels_where_they_bind() -> None:
    # A signup of paid costs 10 and brings 1/2 x 1/5 = 1/10, one of partner costs 30 and brings 1/4 x 4/5 = 1/5: 100 a
    # customer and 150.  10 demos that can be held bring 2 customers of paid or 8 of partner.  3 customers: p demos of
    # paid and q of partner with p + q <= 10 and p / 5 + 4 q / 5 >= 3 take q >= 5 / 3; whole signups are 2 p and 4 q,
    # so 7 signups of partner (q = 7/4, 7/5 customers) and 16 of paid (p = 8, 8/5 customers): 160 + 210.
    paid, partner = way(PAID, HALF, Frac(1, 5), (None, 10)), way(PARTNER, Frac(1, 4), Frac(4, 5), (None, 30))
    mix = cheapest_mix(Limits(ways=(paid, partner), demos=(10,)), needed(new_customers(Frac(3), 1)))
    assert mix is not None
    assert (mix.signups, mix.cost) == ({PAID: (16,), PARTNER: (7,)}, Frac(370))


def test_demos_that_nobody_can_hold_bring_nobody() -> None:
    # 134 signups x 30 % are 40.2 demos; the sellers hold 40 of them, and a quarter of these are 10 customers.
    paid = way(PAID, Frac(3, 10), Frac(1, 4), (None, 1))
    limits = Limits(ways=(paid,), demos=(40,))
    mix = cheapest_mix(limits, needed(new_customers(Frac(10), 1)))
    assert mix is not None
    assert (mix.signups, brought(limits, mix.signups)) == ({PAID: (134,)}, [Frac(10)])
    assert cheapest_mix(limits, needed(new_customers(Frac(1001, 100), 1))) is None


def test_the_most_new_customers_of_a_budget_are_whole_and_cost_least() -> None:
    # 50 free signups in each of two months bring 10; of 1,000 three more cost 30 x 30 = 900, and a fourth 300 more.
    organic, paid = way(ORGANIC, HALF, Frac(1, 5), (50, 0)), way(PAID, HALF, Frac(1, 5), (None, 30))
    limits = Limits(ways=(organic, paid), demos=(None, None), budget=Frac(1000))
    most = most_new(limits, [], whole_number_of((), limits.months, by_month=False), by_month=False)
    assert most is not None
    assert (most[0], most[2].cost) == (13, Frac(900))
    free = Limits(ways=(way(ORGANIC, HALF, Frac(1, 5), (None, 0)),), demos=(None,), budget=Frac(1))
    assert most_new(free, [], whole_number_of((), 1, by_month=False), by_month=False) is None


def test_of_mixes_that_cost_the_same_signups_come_when_they_are_needed() -> None:
    paid = way(PAID, Frac(1), Frac(1), (None, 3))
    limits = Limits(ways=(paid,), demos=(None, None, 5))
    early = Mix(signups={PAID: (9, 0, 0)}, cost=Frac(27), proven=True, floor=Frac(27))
    shape = needed(new_customers(Frac(9), 3), [Frac(3), Frac(3), Frac(3)])
    assert evened(limits, shape, early).signups == {PAID: (3, 3, 3)}
    # With free months they are made alike; the third has room for 5 only where it needs it.
    assert evened(limits, needed(new_customers(Frac(9), 3)), early).signups == {PAID: (3, 3, 3)}
    # Where the last month holds but 1, the two others make up for it, as late as they can.
    tight = Limits(ways=(paid,), demos=(None, None, 1))
    assert evened(tight, shape, early).signups == {PAID: (3, 5, 1)}


def test_signups_that_cost_nothing_and_bring_nobody_are_left_out() -> None:
    organic = way(ORGANIC, Frac(1), Frac(1), (9, 0))
    limits = Limits(ways=(organic,), demos=(4,))
    wasteful = Mix(signups={ORGANIC: (9,)}, cost=Frac(0), proven=True, floor=Frac(0))
    assert evened(limits, needed(new_customers(Frac(3), 1)), wasteful).signups == {ORGANIC: (3,)}


# --- every mix, one by one -------------------------------------------------------------------------------------------


def every_mix(limits: Limits) -> Iterator[dict[Channel, tuple[int, ...]]]:
    """All whole signups up to the caps; a second way to the answer, without a solver."""
    caps = [way.offer.cap for way in limits.ways]
    months = [product(range((cap or 0) + 1), repeat=limits.months) for cap in caps]
    for numbers in product(*months):
        yield {way.channel: tuple(own) for way, own in zip(limits.ways, numbers, strict=True)}


def customers_by_month(limits: Limits, signups: dict[Channel, tuple[int, ...]]) -> list[Frac]:
    """The customers of each month, counted as people would: demos are held best channel first, until none can be."""
    months = []
    for month, most in enumerate(limits.demos):
        demos = sorted(((w.to_paid, w.to_demo * signups[w.channel][month]) for w in limits.ways), reverse=True)
        left, won = Frac(10**9 if most is None else most), Frac(0)
        for share, number in demos:
            won += share * min(number, left)
            left -= min(number, left)
        months.append(won)
    return months


def is_enough(wanted: Needed, customers: list[Frac]) -> bool:
    reached = wanted.goal.base + sum(g * n for g, n in zip(wanted.goal.gain, customers, strict=True))
    running = list(zip(accumulate(customers), accumulate(wanted.months), strict=False))
    return reached >= wanted.goal.need and all(came >= least for came, least in running)


SHARES = st.sampled_from([Frac(1), HALF, Frac(1, 3), Frac(2, 5), Frac(3, 7)])


@st.composite
def small_limits(draw: st.DrawFn) -> Limits:
    months = draw(st.integers(1, 2))
    ways = []
    for channel in (PAID, PARTNER)[: draw(st.integers(1, 2))]:
        first, more = draw(st.integers(1, 3)), draw(st.integers(0, 2))
        cost = draw(st.integers(0, 6))
        steps = [(first, cost)] + ([(more, cost + draw(st.integers(1, 5)))] if more else [])
        ways.append(way(channel, draw(SHARES), draw(SHARES), *steps))
    demos = tuple(draw(st.one_of(st.none(), st.integers(0, 4))) for _ in range(months))
    return Limits(ways=tuple(ways), demos=demos)


@st.composite
def small_needs(draw: st.DrawFn, months: int) -> Needed:
    amount = Frac(draw(st.integers(0, 12)), 4)
    if draw(st.booleans()):
        goal = level_at_end(Frac(2) + amount, months, opening=Frac(3), churn=Frac(1, 4))
        return Needed(goal=goal)
    shape = [share * amount for share in steady(months)] if draw(st.booleans()) else []
    return Needed(goal=new_customers(amount, months), months=tuple(shape))


@given(st.data())
@settings(max_examples=60, deadline=None)
def test_no_mix_that_there_is_costs_less(data: st.DataObject) -> None:
    limits = data.draw(small_limits())
    wanted = data.draw(small_needs(limits.months))
    costs = [
        cost_of(limits, signups)
        for signups in every_mix(limits)
        if is_enough(wanted, customers_by_month(limits, signups))
    ]
    mix = cheapest_mix(limits, wanted)
    assert (None if mix is None else mix.cost) == min(costs, default=None)
    if mix is not None:
        assert mix.proven
        mended = evened(limits, wanted, mix)
        assert mended.cost == mix.cost
        assert is_enough(wanted, customers_by_month(limits, dict(mended.signups)))
        assert brought(limits, mended.signups) == customers_by_month(limits, dict(mended.signups))


@given(st.data())
@settings(max_examples=40, deadline=None)
def test_no_mix_that_there_is_wins_more(data: st.DataObject) -> None:
    limits = data.draw(small_limits())
    budget = Frac(data.draw(st.integers(0, 30)))
    within = Limits(ways=limits.ways, demos=limits.demos, budget=budget)
    won = [
        sum(customers_by_month(within, signups), Frac(0))
        for signups in every_mix(within)
        if cost_of(within, signups) <= budget
    ]
    most = most_new(within, [], whole_number_of((), within.months, by_month=False), by_month=False)
    assert most is not None
    assert most[0] == max(won) // 1
