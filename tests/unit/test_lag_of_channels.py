"""Two channels of different rates and lags in one plan, by hand and by trying every total."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction as Frac
from itertools import accumulate
from math import ceil

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from funnelcli.planning.lag import InHand, Lag, Open
from funnelcli.planning.lagged import lag_plan
from funnelcli.planning.model import AnyKey, ChannelPlan, ChannelRate, Key, Plan
from funnelcli.planning.plan import By, PlanSpec, make_plan
from funnelcli.planning.selling import ChannelTime, LagPlan, SellingTime
from funnelcli.values.channels import Channel
from planned import DEMOS, NEW, ORGANIC, PAID, PAID_USERS, SIGNUPS, VISITORS, WON, spec

AT_ONCE, ONE_LATER = Lag(shares=(Frac(1),)), Lag(shares=(Frac(0), Frac(1)))
RATES: dict[AnyKey, Frac | int | None] = {
    Key.SIGNUP_TO_DEMO: 1, Key.DEMO_TO_PAID: Frac(1, 2), Key.VISITOR_TO_SIGNUP: Frac(1, 4),
}  # fmt: skip


def of(channel: Channel, share: Frac, to_paid: Frac, *, signups: bool = True) -> ChannelPlan:
    rates: dict[AnyKey, ChannelRate] = {
        Key.DEMO_TO_PAID: ChannelRate(rate=to_paid),
        Key.SIGNUP_TO_DEMO: ChannelRate(rate=Frac(1) if signups else None),
        Key.VISITOR_TO_SIGNUP: ChannelRate(rate=Frac(1, 4) if signups else None),
    }
    return ChannelPlan(channel=channel, share=share, rates=rates)


def time_of(organic: ChannelTime, paid: ChannelTime, unknown: ChannelTime | None = None, lead: int = 0) -> SellingTime:
    of_channel = {ORGANIC: organic, PAID: paid}
    of_channel |= {Channel.UNKNOWN: unknown} if unknown else {}
    return SellingTime(
        lags={Key.SIGNUP_TO_DEMO: AT_ONCE, Key.DEMO_TO_PAID: AT_ONCE}, lead=lead, of_channel=of_channel
    )  # fmt: skip


def exactly(*months: Frac | int) -> tuple[Frac, ...]:
    return tuple(map(Frac, months))


def eight() -> PlanSpec:
    return spec(NEW, 8, RATES)


def plan_of(time: SellingTime, channels: Sequence[ChannelPlan], asked: PlanSpec | None = None) -> LagPlan:
    asked = asked or eight()
    return lag_plan(time, asked.asked, asked.asked.new(), channels, asked.assumptions)


HALF = (of(ORGANIC, Frac(1, 2), Frac(1, 2)), of(PAID, Frac(1, 2), Frac(1, 4)))
SLOW = ChannelTime(lags={Key.DEMO_TO_PAID: ONE_LATER})


def test_each_channel_is_placed_by_its_own_lag_and_what_comes_late_is_made_up_for_by_both() -> None:
    """8 customers in two months, half of each channel: organic wins 1 in 2 at once, paid 1 in 4 a month later.

    Organic needs 4 and 4 signups, paid 8 in December and 8 in January: of 16 that can still come 8 + 4 in January and 4
    in February.  Exactly 21.33 of them bring 8; whole ones 22.
    """
    plan = plan_of(time_of(ChannelTime(), SLOW), HALF)
    organic, paid = plan.parts
    assert plan.needs == (4, 4)
    assert plan.weights == exactly(8, 12, 4)
    assert plan.before_rounding == Frac(64, 3)  # 16 bring 4 x 1/2 + 4 x 1/2 + 8 x 1/4 = 6
    # 22 x 12/16 = 16.5, so 17, then 22; organic a third of January's 17, 5.67, and all of February's.
    assert (plan.entrants, organic.entrants, paid.entrants) == ((17, 5), (6, 5), (11, 0))
    assert plan.brought == exactly(3, Frac(5, 2) + Frac(11, 4))
    assert organic.brought == exactly(3, Frac(5, 2))
    assert paid.brought == exactly(0, Frac(11, 4))
    # 21 as 16 and 5, 5 and 11 of January, bring 5 x 1/2 x 2 + 11 x 1/4 = 7.75.
    assert [due.had for due in plan.due] == [8, 0]
    assert [due.had for due in organic.due] == [0, 0]


def test_the_pipeline_of_a_channel_is_credited_to_it_and_that_of_nobody_to_the_whole() -> None:
    """8 of paid are open: 2 customers in January, as many as it needs then; 2 of unknown channel bring 1 more."""
    hand = InHand(open=(Open(stage=1, month=-1, number=Frac(8)),))
    unknown = ChannelTime(hand=InHand(open=(Open(stage=1, month=-1, number=Frac(2)),)))
    paid = replace(SLOW, hand=hand)
    time = time_of(ChannelTime(), paid)
    plan = plan_of(time, HALF)
    assert [part.credit for part in plan.parts] == [exactly(0, 0), exactly(2, 0)]
    assert plan.credit == exactly(2, 0)
    assert sum(plan.entrants or ()) < 22
    # At the pooled lag, at once, nobody of December gets on any more: give them one of their own course.
    late = replace(time, lags={Key.SIGNUP_TO_DEMO: AT_ONCE, Key.DEMO_TO_PAID: ONE_LATER})
    of_channel = {**late.of_channel, Channel.UNKNOWN: unknown, ORGANIC: ChannelTime(lags={Key.DEMO_TO_PAID: AT_ONCE})}
    more = plan_of(replace(late, of_channel=of_channel), HALF)
    assert {part.channel: part.credit for part in more.parts} == {
        ORGANIC: exactly(0, 0), PAID: exactly(2, 0), Channel.UNKNOWN: exactly(1, 0),
    }  # fmt: skip
    assert sum(more.entrants or ()) <= sum(plan.entrants or ())


def test_a_channel_without_signups_is_planned_from_its_demos() -> None:
    plan = plan_of(time_of(ChannelTime(), SLOW), (HALF[0], of(PAID, Frac(1, 2), Frac(1, 4), signups=False)))
    organic, paid = plan.parts
    assert (organic.top, paid.top) == (0, 1)
    assert plan.entrants == organic.entrants
    assert plan.quotas[DEMOS] == [a + b for a, b in zip(organic.entrants, paid.entrants, strict=True)]
    made = make_plan(replace(eight(), lag=time_of(ChannelTime(), SLOW), by=By.CHANNEL, mix={PAID: Frac(1)}))
    assert made.lag is not None


SHARES = st.lists(st.integers(0, 4), min_size=1, max_size=3).filter(any)


@st.composite
def cases(draw: st.DrawFn) -> tuple[PlanSpec, SellingTime]:
    kind, months = draw(st.sampled_from([NEW, PAID_USERS])), draw(st.integers(1, 4))
    values = {**RATES, Key.SIGNUP_TO_DEMO: draw(st.sampled_from([Frac(1, 2), Frac(4, 5)]))}
    if kind is PAID_USERS:
        values |= {Key.CHURN: draw(st.sampled_from([Frac(0), Frac(1, 10)])), Key.OPENING: 10}

    def lag() -> Lag:
        return Lag(shares=tuple(Frac(share, 20) for share in draw(SHARES)))

    lead = draw(st.integers(0, 1))

    def channel() -> ChannelTime:
        opened = draw(st.lists(st.tuples(st.integers(0, 1), st.integers(1, 3), st.integers(0, 20)), max_size=3))
        hand = InHand(open=tuple(Open(stage=s, month=-lead - m, number=Frac(n)) for s, m, n in opened), at=-1 - lead)
        return ChannelTime(lags={Key.SIGNUP_TO_DEMO: lag(), Key.DEMO_TO_PAID: lag()}, hand=hand)

    time = SellingTime(
        lags={Key.SIGNUP_TO_DEMO: lag(), Key.DEMO_TO_PAID: lag()}, lead=lead,
        of_channel={ORGANIC: channel(), PAID: channel(), Channel.UNKNOWN: channel()},
    )  # fmt: skip
    part = Frac(draw(st.integers(1, 9)), 10)
    asked = spec(
        kind, draw(st.integers(1, 40)), values, months=months, by=By.CHANNEL, mix={PAID: part, ORGANIC: 1 - part}
    )
    return asked, time


def forward(plan: LagPlan, asked: PlanSpec) -> list[Frac]:
    """Who pays in each month of those planned: each channel's signups one by one, over both of its own steps."""
    months = len(asked.periods)
    paid = [Frac(0)] * months
    for part in plan.parts:
        (_, first), (_, second) = part.steps
        for at, number in enumerate(part.entrants, start=-plan.lead):
            for to_demo, share in enumerate(first.shares):
                for to_paid, then in enumerate(second.shares):
                    if 0 <= at + to_demo + to_paid < months:
                        paid[at + to_demo + to_paid] += number * share * then
    return paid


def reaches(asked: PlanSpec, paid: Sequence[Frac]) -> bool:
    if asked.goal.kind is NEW:
        return sum(paid) >= asked.goal.amount
    level, churn = Frac(10), asked.assumptions[Key.CHURN].value or Frac(0)
    for number in paid:
        level = level * (1 - churn) + number
    return level >= asked.goal.amount


@settings(max_examples=120, deadline=None)
@given(cases())
def test_run_forward_person_by_person_the_channels_reach_the_goal_and_those_in_hand_never_raise_it(
    case: tuple[PlanSpec, SellingTime],
) -> None:
    asked, time = case
    made = make_plan(replace(asked, lag=time))
    plan = made.lag
    if plan is None:
        return
    parts = plan.parts
    assert [sum(of_month) for of_month in zip(*(part.credit for part in parts), strict=True)] == list(plan.credit)
    assert [sum(of_month) for of_month in zip(*(part.brought for part in parts), strict=True)] == list(plan.brought)
    if plan.entrants is None:
        return
    paid = [own + more for own, more in zip(plan.credit, forward(plan, asked), strict=True)]
    assert paid == list(plan.brought)
    assert reaches(asked, paid)
    alone = {c: replace(t, hand=InHand(at=t.hand.at)) for c, t in time.of_channel.items()}
    channels = made.channels
    without = lag_plan(replace(time, of_channel=alone), asked.asked, plan.needs, channels, asked.assumptions)
    if without.entrants is not None:
        assert sum(plan.entrants) <= sum(without.entrants)
    for key in (SIGNUPS, DEMOS, WON, VISITORS):
        (whole,) = [row for row in made.of() if row.metric.key == key]
        rows = [row for row in made.rows if row.metric.key == key and row.channel]
        assert [sum(of_month) for of_month in zip(*(row.values for row in rows), strict=True)] == list(whole.values)


@pytest.mark.parametrize(("total", "won"), [(20, Frac(15, 2)), (21, Frac(31, 4)), (22, Frac(33, 4))])
def test_twenty_two_by_trying_every_total(total: int, won: Frac) -> None:
    """The spread written anew: the whole's running totals rounded up, then shared out by what each lacks."""
    january, every = (ceil(Frac(total * running, 16)) for running in accumulate((12, 4)))
    organic, paid = Frac(january * 4, 12), Frac(january * 8, 12)
    first = int(organic) + (organic % 1 > paid % 1)
    assert first * Frac(1, 2) + (every - january) * Frac(1, 2) + (january - first) * Frac(1, 4) == won


def test_channels_at_once_and_nobody_in_hand_are_the_mix_without_time() -> None:
    asked = replace(eight(), by=By.CHANNEL, mix={PAID: Frac(1, 4), ORGANIC: Frac(3, 4)})
    plain, lagged = make_plan(asked), make_plan(replace(asked, lag=time_of(ChannelTime(), ChannelTime())))
    assert lagged.lag is None

    def rows(plan: Plan) -> list[object]:
        return [(row.metric.key, row.channel, row.values) for row in plan.rows]

    assert rows(lagged) == rows(plain)
