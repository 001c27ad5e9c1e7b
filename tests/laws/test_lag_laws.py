"""What holds of every plan that knows how long selling takes; the forward run here is written anew, month by month."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from itertools import accumulate
from math import ceil

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from funnelcli.planning.goals import MRR, NEW_PAID_USERS, PAID_USERS, REVENUE, GoalType
from funnelcli.planning.lag import AT_ONCE, InHand, Lag, Open
from funnelcli.planning.lagged import lag_plan
from funnelcli.planning.model import AnyKey, Key, Plan
from funnelcli.planning.plan import By, PlanSpec, make_plan
from funnelcli.planning.selling import LagPlan, SellingTime
from funnelcli.values.channels import Channel
from planned import DEMOS, SIGNUPS, VISITORS, spec

ZERO, ONE = Fraction(0), Fraction(1)
many = settings(max_examples=150, deadline=None)


@dataclass(frozen=True, kw_only=True)
class Case:
    """A plan to be made, and the bare numbers it is made from."""

    spec: PlanSpec
    time: SellingTime
    rates: tuple[Fraction, Fraction]
    churn: Fraction

    @property
    def months(self) -> int:
        return len(self.spec.periods)

    def plan(self) -> LagPlan:
        asked = self.spec.asked
        return lag_plan(self.time, asked, asked.new(), [], self.spec.assumptions)

    def shares(self) -> list[list[Fraction]]:
        """The shares by lag of both steps, at the plan's rates."""
        keys: tuple[AnyKey, AnyKey] = (Key.SIGNUP_TO_DEMO, Key.DEMO_TO_PAID)
        lags = [list(self.time.lags[key].shares) for key in keys]
        return [[s * rate / sum(lag, ZERO) for s in lag] for lag, rate in zip(lags, self.rates, strict=True)]

    def customers(self, signups: Sequence[int]) -> list[Fraction]:
        """Who pays in each month of the plan, of signups from the months before it on: each signup by itself."""
        first, second = self.shares()
        paid = [ZERO] * self.months
        for at, number in enumerate(signups, start=-self.time.lead):
            for to_demo, share in enumerate(first):
                for to_paid, part in enumerate(second):
                    if 0 <= at + to_demo + to_paid < self.months:
                        paid[at + to_demo + to_paid] += number * share * part
        return paid

    def reaches(self, paid: Sequence[Fraction]) -> bool:
        """Whether customers, month by month, reach the goal."""
        goal = self.spec.goal
        if goal.kind is NEW_PAID_USERS:
            return sum(paid, ZERO) >= goal.amount
        level, total = Fraction(OPENING), ZERO
        for number in paid:
            level = level * (1 - self.churn) + number
            total += level
        return {PAID_USERS: level, MRR: level * PRICE, REVENUE: total * PRICE}[goal.kind] >= goal.amount


OPENING, PRICE = 20, 7


def small(least: int, most: int) -> st.SearchStrategy[Fraction]:
    return st.integers(least, most).map(lambda number: Fraction(number, 20))


@st.composite
def lags(draw: st.DrawFn) -> Lag:
    shares = draw(st.lists(st.integers(0, 5), min_size=1, max_size=4).filter(any))
    return Lag(shares=tuple(Fraction(share, 20) for share in shares))


@st.composite
def cases(draw: st.DrawFn, kinds: tuple[GoalType, ...] = (NEW_PAID_USERS, PAID_USERS, MRR, REVENUE)) -> Case:
    kind, months, lead = draw(st.sampled_from(kinds)), draw(st.integers(1, 4)), draw(st.integers(0, 2))
    rates, churn = (draw(small(2, 20)), draw(small(2, 20))), draw(small(0, 8))
    values: dict[AnyKey, Fraction | int | None] = {
        Key.SIGNUP_TO_DEMO: rates[0], Key.DEMO_TO_PAID: rates[1], Key.VISITOR_TO_SIGNUP: Fraction(1, 3),
    }  # fmt: skip
    if kind is not NEW_PAID_USERS:
        values |= {Key.CHURN: churn, Key.OPENING: OPENING}
    if kind in (MRR, REVENUE):
        values |= {Key.NEW_ARPA: PRICE, Key.OPENING_MRR: OPENING * PRICE}
    amount = draw(st.integers(1, 60)) * (PRICE if kind in (MRR, REVENUE) else 1)
    opened = draw(st.lists(st.tuples(st.integers(0, 1), st.integers(1, 5), st.integers(0, 30)), max_size=4))
    at = -lead - draw(st.integers(0, 1)) if lead else -1
    open_ones = tuple(Open(stage=s, month=at + 1 - back, number=Fraction(n)) for s, back, n in opened)
    time = SellingTime(
        lags={Key.SIGNUP_TO_DEMO: draw(lags()), Key.DEMO_TO_PAID: draw(lags())},
        hand=InHand(open=open_ones, at=at, elapsed=ONE), lead=lead,
    )  # fmt: skip
    return Case(spec=spec(kind, amount, values, months=months), time=time, rates=rates, churn=churn)


def spread(total: int, weights: Sequence[Fraction]) -> list[int]:
    running = [ceil(total * part / sum(weights, ZERO)) for part in accumulate(weights)]
    return [now - before for before, now in zip([0, *running], running, strict=False)]


@many
@given(cases())
def test_the_quotas_reach_the_goal_and_one_fewer_spread_alike_does_not(case: Case) -> None:
    plan = case.plan()
    if plan.entrants is None:
        assert not case.reaches(plan.credit)
        assert not any(case.customers([1] * (case.months + case.time.lead))[: case.months]) or not any(plan.needs)
        return
    paid = [own + more for own, more in zip(plan.credit, case.customers(plan.entrants), strict=True)]
    assert paid == list(plan.brought)
    assert case.reaches(paid)
    if total := sum(plan.entrants):
        # As the plan spreads its own total it would spread one fewer: no weights but its own are asked for.
        weights = weights_of(case, plan)
        assert any(spread(total, each) == list(plan.entrants) for each in weights)
        fewer = next(spread(total - 1, each) for each in weights if spread(total, each) == list(plan.entrants))
        less = [own + more for own, more in zip(plan.credit, case.customers(fewer), strict=True)]
        assert not case.reaches(less)


def weights_of(case: Case, plan: LagPlan) -> list[list[Fraction]]:
    """In which months signups have to come: for what is left of each month's need, all of it, or all for the last."""
    running = [max(ZERO, n - c) for n, c in zip(accumulate(plan.needs), accumulate(plan.credit), strict=True)]
    running = list(accumulate(running, max))
    left = [now - before for before, now in zip([ZERO, *running], running, strict=False)]
    first, second = case.shares()
    whole = [ZERO] * (len(first) + len(second))
    for one, share in enumerate(first):
        for two, part in enumerate(second):
            whole[one + two] += share * part
    result = []
    last = [ZERO] * (case.months - 1) + [Fraction(sum(plan.needs))]
    for needs in (left, list(map(Fraction, plan.needs)), last):
        months = [ZERO] * (case.time.lead + case.months)
        for month, need in enumerate(needs):
            for ends, share in enumerate(whole):
                if month - ends >= -case.time.lead:
                    months[case.time.lead + month - ends] += need * share
        result.append(months)
    return [months for months in result if any(months)]


@many
@given(cases())
def test_nobody_in_hand_ever_makes_more_necessary(case: Case) -> None:
    with_them, alone = case.plan(), replace(case.time, hand=InHand(at=case.time.hand.at))
    without = lag_plan(alone, case.spec.asked, case.spec.asked.new(), [], case.spec.assumptions)
    if without.entrants is not None:
        assert with_them.entrants is not None
        assert sum(with_them.entrants) <= sum(without.entrants)
    assert case.reaches([a + b for a, b in zip(without.brought, with_them.credit, strict=True)]) or (
        without.entrants is None
    )


@many
@given(cases())
def test_a_lag_within_the_month_and_nobody_in_hand_is_the_plan_without_lag(case: Case) -> None:
    at_once = SellingTime(lags={Key.SIGNUP_TO_DEMO: AT_ONCE, Key.DEMO_TO_PAID: AT_ONCE})
    plain, lagged = make_plan(case.spec), make_plan(replace(case.spec, lag=at_once))
    assert [note.code for note in lagged.notes if note.code.startswith("lag")] == ["lag-takes-no-time"]
    assert replace(lagged, notes=()) == replace(plain, notes=())


@many
@given(cases())
def test_customers_of_a_plan_are_whole_reach_the_goal_and_come_as_they_are_brought(case: Case) -> None:
    plan = case.plan()
    assert case.reaches(list(map(Fraction, plan.new)))
    total = sum(plan.brought, ZERO)
    if plan.entrants is None or not total or not any(plan.needs):
        return
    expected = [ceil(sum(plan.new) * part / total) for part in accumulate(plan.brought)]
    assert list(accumulate(plan.new)) == expected


@settings(max_examples=60, deadline=None)
@given(cases(kinds=(NEW_PAID_USERS,)), st.integers(1, 9))
def test_the_parts_of_a_plan_sum_to_the_whole_in_every_month(case: Case, paid: int) -> None:
    mix = {Channel.PAID: Fraction(paid, 10), Channel.ORGANIC: Fraction(10 - paid, 10)}
    plan = make_plan(replace(case.spec, lag=case.time, by=By.CHANNEL, mix=mix))
    for stage in (SIGNUPS, DEMOS, VISITORS):
        (whole,) = [row for row in plan.of() if row.metric.key == stage]
        parts = [row for row in plan.rows if row.metric.key == stage and row.channel]
        if whole.missing is None:
            assert [sum(column) for column in zip(*(row.values for row in parts), strict=True)] == list(whole.values)
            assert _early(parts, plan) == list(whole.early or (ZERO,) * len(plan.lead))


def _early(parts: Sequence[object], plan: Plan) -> list[Fraction]:
    months = [getattr(row, "early") or (ZERO,) * len(plan.lead) for row in parts]  # noqa: B009
    return [sum(column, ZERO) for column in zip(*months, strict=True)]
