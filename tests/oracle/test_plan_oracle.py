"""Plans found the slow way: totals 0, 1, 2, ... tried one by one, months walked one by one, units given one by one.

Written from the requirement, not from the code, over small random cases; every row of the plan is compared.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from hypothesis import given, settings
from hypothesis import strategies as st
from msgspec.structs import replace

from draws import BOTH, fractions, together, tries
from funnelcli.config import Policy
from funnelcli.planning.assume import Given, assume
from funnelcli.planning.goals import GOALS, MRR, NEW_PAID_USERS, PAID_USERS, REVENUE, GoalType
from funnelcli.planning.model import Goal, Key, Measured, RevenueModel, Rounding, Shape, ShapeKind
from funnelcli.planning.plan import By, PlanSpec, make_plan
from funnelcli.planning.seasons import Season
from funnelcli.text import Message
from funnelcli.values.channels import Channel
from funnelcli.values.periods import Grain, month_of, shift, span

ZERO, ONE = Fraction(0), Fraction(1)
Series = tuple[Fraction, ...]
Rows = dict[tuple[str, str | None, str | None], tuple[Series, Fraction]]  # by metric, team and channel

small = settings(max_examples=tries(120), deadline=None)


@dataclass(frozen=True, kw_only=True)
class Numbers:
    """A small plan in bare numbers.  ``weights`` are of the months; where the goal is by amounts, the amounts."""

    goal: GoalType
    by_amounts: bool
    amount: Fraction
    one_off: bool
    weights: Series
    opening: Fraction
    mrr: Fraction
    churn: Fraction
    price: Fraction
    each_month: bool
    demo_to_paid: Fraction
    signup_to_demo: Fraction
    visitor_to_signup: Fraction
    mix: Mapping[str, int]

    @property
    def months(self) -> int:
        return len(self.weights)


# --- the slow way ------------------------------------------------------------------------------------------------


def walk(numbers: Numbers, new: Sequence[int]) -> dict[str, list[Fraction]]:
    """Month by month: who was there, who left, who is there at the end, and what they bring."""
    months: dict[str, list[Fraction]] = {"opening": [], "lost": [], "closing": [], "revenue": []}
    there = numbers.opening
    base, cohorts = numbers.mrr, list[Fraction]()  # the MRR of those there at the start, and of each month's new ones
    for number in new:
        lost = there * numbers.churn
        months["opening"].append(there)
        months["lost"].append(lost)
        there = there - lost + number
        months["closing"].append(there)
        base -= base * numbers.churn
        cohorts = [*(cohort - cohort * numbers.churn for cohort in cohorts), numbers.price * number]
        months["revenue"].append(numbers.price * number if numbers.one_off else base + sum(cohorts, ZERO))
    return months


def enough(numbers: Numbers, new: Sequence[int]) -> bool:
    months = walk(numbers, new)
    if numbers.goal is NEW_PAID_USERS:
        return sum(new) >= numbers.amount
    if numbers.goal is PAID_USERS:
        return months["closing"][-1] >= numbers.amount
    if numbers.goal is MRR and not numbers.one_off:
        return months["revenue"][-1] >= numbers.amount
    return sum(months["revenue"]) >= numbers.amount


def least(reaches: Callable[[int], bool], start: int = 0) -> int:
    """The smallest whole number from ``start`` up that reaches."""
    number = start
    while not reaches(number):
        number += 1
        assert number < 100_000, "this would never end"
    return number


def spread_over(numbers: Numbers, total: int) -> list[int]:
    """Each month the fewest so that the running total is at least its share of the whole."""
    new: list[int] = []
    weight = ZERO
    for month in range(numbers.months):
        weight += numbers.weights[month]
        due = total * weight / sum(numbers.weights)
        new.append(least(lambda number, due=due: sum(new) + number >= due))  # type: ignore[misc]
    return new


def bisected(numbers: Numbers) -> Fraction:
    """The new customers, not whole, that reach the goal in the shape: what they bring rises evenly with them."""

    def brought(total: int) -> Fraction:
        parts = [total * weight / sum(numbers.weights) for weight in numbers.weights]
        months = walk(numbers, parts)  # type: ignore[arg-type]  # of parts of customers the arithmetic is the same
        if numbers.goal is NEW_PAID_USERS:
            return sum(parts, ZERO)
        if numbers.goal is PAID_USERS:
            return months["closing"][-1]
        return months["revenue"][-1] if numbers.goal is MRR and not numbers.one_off else sum(months["revenue"], ZERO)

    nothing, per_customer = brought(0), brought(1) - brought(0)
    return max((numbers.amount - nothing) / per_customer, ZERO)


def each_rounded(numbers: Numbers) -> list[int]:
    """Each month's share of a total, rounded up: of all totals that give a month a whole number, the first enough."""
    highest = bisected(numbers)
    shares = [weight / sum(numbers.weights) for weight in numbers.weights]
    totals = {ZERO, highest}
    for share in filter(None, shares):
        totals |= {number / share for number in range(1, int(highest * share) + 1)}
    for total in sorted(totals):
        new = [least(lambda number, due=share * total: number >= due) for share in shares]  # type: ignore[misc]
        if enough(numbers, new):
            return new
    raise AssertionError("what is exactly enough is not")


def new_customers(numbers: Numbers) -> list[int]:
    if numbers.each_month and not numbers.by_amounts:
        return each_rounded(numbers)
    if numbers.each_month and numbers.one_off:
        return [least(lambda number, due=due: number * numbers.price >= due) for due in numbers.weights]  # type: ignore[misc]
    if not numbers.by_amounts:
        return spread_over(numbers, least(lambda total: enough(numbers, spread_over(numbers, total))))
    new: list[int] = []
    for month in range(numbers.months):
        due = sum(numbers.weights[: month + 1])
        new.append(least(lambda number, due=due: sum(walk(numbers, [*new, number])["revenue"]) >= due))  # type: ignore[misc]
    return new


def stage(below: Sequence[int], rate: Fraction, *, each_month: bool) -> list[int]:
    """Each month the fewest so that the running total at the rate is at least the running total below."""
    if each_month:
        return [least(lambda number, due=due: number * rate >= due) for due in below]  # type: ignore[misc]
    above: list[int] = []
    for month in range(len(below)):
        due = sum(below[: month + 1])
        above.append(least(lambda number, due=due: (sum(above) + number) * rate >= due))  # type: ignore[misc]
    return above


def shared(numbers: Numbers, quota: Sequence[int]) -> dict[str, list[int]]:
    """The quota of each month given out one by one, each to the channel that lacks most of its share so far."""
    weights = {channel: Fraction(parts, sum(numbers.mix.values())) for channel, parts in numbers.mix.items()}
    result: dict[str, list[int]] = {channel: [0] * len(quota) for channel in weights}
    for month, number in enumerate(quota):
        due = {channel: weight * sum(quota[: month + 1]) for channel, weight in weights.items()}
        for _ in range(number):
            most = max(weights, key=lambda channel: due[channel] - sum(result[channel]))  # the first of equals
            result[most][month] += 1
    return result


# --- all rows ----------------------------------------------------------------------------------------------------

WON, DEMOS, SIGNUPS = "required_new_paid_users", "required_new_demo_bookings", "required_new_signups"
VISITORS, ONBOARDED = "required_net_new_visitors", "required_onboardings"
COST = "planned_cost_amount"
TEAM_OF = {
    VISITORS: {"organic": "marketing", "paid": "marketing"},
    SIGNUPS: {"organic": "marketing", "paid": "marketing", "affiliate": "affiliate"},
    DEMOS: dict.fromkeys(("organic", "paid", "affiliate"), "sales_enterprise"),
    WON: dict.fromkeys(("organic", "paid", "affiliate"), "sales_enterprise"),
    ONBOARDED: dict.fromkeys(("organic", "paid", "affiliate"), "expert"),
}
PER_SIGNUP, PER_CUSTOMER, FIXED = 3, Fraction(1, 10), 70
POLICIES = {
    "marketing": Policy.read({"per_signup": PER_SIGNUP}),
    "sales_enterprise": Policy.read({"per_new_paid_user": "10%", "fixed_per_month": FIXED}),
}


def line(values: Sequence[int | Fraction], total: int | Fraction | None = None) -> tuple[Series, Fraction]:
    return tuple(map(Fraction, values)), Fraction(sum(values) if total is None else total)


def quotas(numbers: Numbers) -> dict[str, list[int]]:
    won = new_customers(numbers)
    demos = stage(won, numbers.demo_to_paid, each_month=numbers.each_month)
    signups = stage(demos, numbers.signup_to_demo, each_month=numbers.each_month)
    visits = stage(signups, numbers.visitor_to_signup, each_month=numbers.each_month)
    return {WON: won, DEMOS: demos, SIGNUPS: signups, VISITORS: visits}


def whole_rows(numbers: Numbers, whole: Mapping[str, list[int]]) -> Rows:
    months = walk(numbers, whole[WON])
    rows: Rows = {(metric, None, None): line(quota) for metric, quota in whole.items()}
    rows["planned_opening_paid_users", None, None] = line(months["opening"], months["opening"][0])
    rows["expected_churned_paid_users", None, None] = line(months["lost"])
    rows["planned_closing_paid_users", None, None] = line(months["closing"], months["closing"][-1])
    if numbers.goal is not NEW_PAID_USERS:  # a plan for customers won says nothing of revenue
        rows["planned_revenue_amount", None, None] = line(months["revenue"])
    return rows


def team_rows(numbers: Numbers, whole: Mapping[str, list[int]]) -> Rows:
    rows: Rows = {}
    for metric, teams in TEAM_OF.items():
        sheets: dict[str, list[list[int]]] = {}
        for channel, months in shared(numbers, whole[WON if metric == ONBOARDED else metric]).items():
            team = teams.get(channel, "unassigned")
            if team != "unassigned" or any(months):
                rows[metric, team, channel] = line(months)
                sheets.setdefault(team, []).append(months)
        rows |= {
            (metric, team, None): line([sum(column) for column in zip(*m, strict=True)]) for team, m in sheets.items()
        }
    lost_so_far, allowed, kept = ZERO, list[int](), list[int]()
    walked = walk(numbers, whole[WON])
    for opening, lost in zip(walked["opening"], walked["lost"], strict=True):
        lost_so_far += lost
        # One more than the most that may be lost is too many; those kept must be at least the rest.
        allowed.append(least(lambda number: sum(allowed) + number + 1 > lost_so_far))  # noqa: B023
        kept.append(least(lambda number, rest=opening - lost: number >= rest))  # type: ignore[misc]
    rows["allowed_churned_paid_users", "customer_success", None] = line(allowed)
    rows["required_renewed_paid_users", "customer_success", None] = line(kept, kept[-1])
    return rows


def cost_rows(numbers: Numbers, whole: Mapping[str, list[int]]) -> Rows:
    signups, won = shared(numbers, whole[SIGNUPS]), shared(numbers, whole[WON])
    each = PER_CUSTOMER * numbers.price * (1 if numbers.one_off else 12)
    owned = [signups[channel] for channel in ("organic", "paid") if channel in signups]
    marketing = [PER_SIGNUP * sum(channel[month] for channel in owned) for month in range(numbers.months)]
    sales = [each * number + FIXED for number in whole[WON]]
    customers = {channel: sum(months) for channel, months in won.items()}  # what is fixed is shared by them
    everybody = sum(customers.values())
    shares = {c: Fraction(n, everybody) if everybody else Fraction(1, len(won)) for c, n in customers.items()}
    channels = {
        channel: [
            (PER_SIGNUP * signups[channel][month] if channel in ("organic", "paid") else 0)
            + each * won[channel][month]
            + FIXED * shares[channel]
            for month in range(numbers.months)
        ]
        for channel in won
    }
    return {
        **{(COST, None, channel): line(months) for channel, months in channels.items()},
        (COST, "marketing", None): line(marketing),
        (COST, "sales_enterprise", None): line(sales),
        (COST, None, None): line([a + b for a, b in zip(marketing, sales, strict=True)]),
    }


# --- against the plan --------------------------------------------------------------------------------------------


def spec_of(numbers: Numbers, by: By) -> PlanSpec:
    first = month_of(date(2026, 1, 1))
    shape = Shape(kind=ShapeKind.SEASONAL)
    if numbers.by_amounts:
        shape = Shape(kind=ShapeKind.REVENUE, amounts=numbers.weights)
    elif len(set(numbers.weights)) == 1:
        shape = Shape(kind=ShapeKind.STEADY)
    elif any(weight.denominator != 1 for weight in numbers.weights):
        shape = Shape(kind=ShapeKind.GROWTH, growth=numbers.weights[1] / numbers.weights[0] - 1)
    rounding = Rounding.MONTH if numbers.each_month else Rounding.RUNNING
    shape = replace(shape, rounding=rounding)
    values = {
        Key.DEMO_TO_PAID: numbers.demo_to_paid,
        Key.SIGNUP_TO_DEMO: numbers.signup_to_demo,
        Key.VISITOR_TO_SIGNUP: numbers.visitor_to_signup,
        Key.OPENING: numbers.opening,
        Key.CHURN: numbers.churn,
        Key.DEAL_SIZE if numbers.one_off else Key.NEW_ARPA: numbers.price,
        **({} if numbers.one_off else {Key.OPENING_MRR: numbers.mrr}),
    }
    model = RevenueModel.ONE_OFF if numbers.one_off else RevenueModel.RECURRING
    goal = Goal(kind=numbers.goal, amount=numbers.amount)
    season = Season(weights={month: Fraction(int(weight)) for month, weight in enumerate(numbers.weights, start=1)})
    measured = Measured(season=season)
    return PlanSpec(
        title=Message("Plan"), currency="VND", goal=goal, shape=shape, model=model, measured=measured, by=by,
        periods=span(first, shift(first, numbers.months - 1, Grain.MONTH), Grain.MONTH),
        assumptions=assume({k: Given(value=v, place=k.value) for k, v in values.items()}, measured, goal, model),
        mix={Channel(name): Fraction(parts, sum(numbers.mix.values())) for name, parts in numbers.mix.items()},
        policies=POLICIES if by is By.TEAM else {},
    )  # fmt: skip


def rows_of(spec: PlanSpec) -> Rows:
    """The rows that are told, by metric, team and channel; none of them twice."""
    rows: Rows = {}
    for row in make_plan(spec).rows:
        key = (row.metric.key, row.team, row.channel.value if row.channel else None)
        values = tuple(value for value in row.values if value is not None)
        if row.total is not None and len(values) == len(row.values):
            assert key not in rows
            rows[key] = values, row.total
    return rows


DERIVED = ("planned_cost_rate", "planned_cac_amount", "planned_payback_months")  # quotients, worked by hand elsewhere
SHARES = fractions(Fraction(1, 4), 1, 9)
PRICES = (ONE, Fraction(7), Fraction(10, 3))
GROWTHS = (ZERO, Fraction(1, 20), Fraction(1, 2), Fraction(-1, 3))
CHURNS = fractions(0, Fraction(1, 2), 8)
# A quarter of the plans are by amounts, and half of the others by weights that are drawn.
WAYS = together(range(1, 6), (True, False, False, False), [*GOALS.values()], PRICES, GROWTHS, BOTH, BOTH, BOTH)
AMOUNTS = together(fractions(0, 25, 4), range(16), fractions(0, 20, 3))
RATES = together((*[ZERO] * len(CHURNS), *CHURNS), SHARES, SHARES, SHARES)
PARTS, MIXES = together(*[range(10)] * 5), together(*[range(1, 6)] * 3)


@st.composite
def numbers(draw: st.DrawFn) -> Numbers:
    months, by_amounts, goal, price, growth, by_weights, one_off, each_month = draw(WAYS)
    goal = REVENUE if by_amounts else goal
    weights = [(1 + growth) ** month for month in range(months)]
    if by_amounts or by_weights:
        parts = draw(PARTS)[:months]
        weights = [Fraction(part) for part in (parts if by_amounts or any(parts) else [1] * months)]
        weights = [weight * price * 2 for weight in weights] if by_amounts else weights
    amount, opening, mrr = draw(AMOUNTS)
    churn, demo_to_paid, signup_to_demo, visitor_to_signup = draw(RATES)
    return Numbers(
        goal=goal,
        by_amounts=by_amounts,
        amount=sum(weights, ZERO) if by_amounts else amount * (1 if goal in (NEW_PAID_USERS, PAID_USERS) else price),
        one_off=one_off,
        weights=tuple(weights),
        opening=Fraction(opening),
        mrr=price * mrr,
        each_month=each_month,
        churn=churn,
        price=price,
        demo_to_paid=demo_to_paid,
        signup_to_demo=signup_to_demo,
        visitor_to_signup=visitor_to_signup,
        mix=dict(zip(("organic", "paid", "affiliate"), draw(MIXES), strict=True)),
    )


@small
@given(numbers())
def test_every_row_of_a_plan_is_what_trying_finds(numbers: Numbers) -> None:
    assert rows_of(spec_of(numbers, By.WHOLE)) == whole_rows(numbers, quotas(numbers))


@small
@given(numbers())
def test_every_row_by_channel_is_what_giving_out_one_by_one_finds(numbers: Numbers) -> None:
    whole = quotas(numbers)
    parts: Rows = {
        (metric, None, channel): line(months)
        for metric, quota in whole.items()
        for channel, months in shared(numbers, quota).items()
    }
    assert rows_of(spec_of(numbers, By.CHANNEL)) == whole_rows(numbers, whole) | parts


@small
@given(numbers())
def test_every_row_by_team_is_what_adding_up_finds(numbers: Numbers) -> None:
    whole = quotas(numbers)
    rows = {key: row for key, row in rows_of(spec_of(numbers, By.TEAM)).items() if key[0] not in DERIVED}
    assert rows == whole_rows(numbers, whole) | team_rows(numbers, whole) | cost_rows(numbers, whole)
