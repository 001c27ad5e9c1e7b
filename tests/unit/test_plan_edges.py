"""Plans worked by hand where a number lies just on an edge: a rate above 1, half a base, totals one apart."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction as Frac

import pytest
from msgspec.structs import replace

from funnelcli.planning.goals import GOALS, GoalType, by_month
from funnelcli.planning.lag_metrics import LAG_FIGURES
from funnelcli.planning.means_metrics import MEANS_FIGURES
from funnelcli.planning.metrics import PLANNED, PlannedMetric, deal_stages
from funnelcli.planning.mix import channel_plans, rates_changed
from funnelcli.planning.model import (
    AnyKey,
    Best,
    ChannelPlan,
    ChannelRate,
    Key,
    Measured,
    Plan,
    Pooled,
    Shape,
    ShapeKind,
)
from funnelcli.planning.plan import By, make_plan
from funnelcli.planning.solve import read_shape
from funnelcli.problems import GoalError
from funnelcli.text import Message
from funnelcli.values.channels import Channel
from funnelcli.values.figures import Missing
from planned import (
    AFFILIATE,
    DEMOS,
    MRR,
    NEW,
    ONE_OFF,
    ORGANIC,
    PAID,
    PAID_USERS,
    RATES,
    REVENUE,
    SIGNUPS,
    VISITORS,
    WINDOW,
    WON,
    lines,
    notes,
    pooled,
    spec,
)

BASE: dict[AnyKey, Frac | int | None] = {Key.OPENING: 100, Key.CHURN: Frac(1, 10), Key.NEW_ARPA: 10}


def levers(plan: Plan) -> list[tuple[AnyKey, Frac | int, Frac | int]]:
    return [(lever.key, lever.value, lever.needed) for lever in plan.levers]


def test_totals_of_channels_that_differ_by_one_are_no_news() -> None:
    own: dict[AnyKey, Pooled | Missing] = {
        Key.DEMO_TO_PAID: Pooled(numerator=Frac(20), denominator=Frac(70), months=WINDOW)
    }
    measured = Measured(
        pooled={Key.DEMO_TO_PAID: Pooled(numerator=Frac(1), denominator=Frac(4), months=WINDOW)},
        of_channel={ORGANIC: own},
    )
    given: dict[AnyKey, Frac | int | None] = {Key.SIGNUP_TO_DEMO: 1, Key.VISITOR_TO_SIGNUP: None}

    def said(amount: int) -> str | None:
        plan = make_plan(spec(NEW, amount, given, months=1, measured=measured, by=By.CHANNEL, mix={ORGANIC: Frac(1)}))
        return notes(plan).get("channels-differ-from-pooled")

    assert said(2) is None  # 2 x 7/2 = 7 demos, and 2 x 4 = 8
    assert str(said(4)).endswith("Demos 14 / 16; Signups 14 / 16.")


def test_a_rate_above_one_is_no_share_and_may_rise() -> None:
    values: dict[AnyKey, Frac | int | None] = {
        Key.DEMO_TO_PAID: Frac(1, 2), Key.SIGNUP_TO_DEMO: Frac(3, 2), Key.VISITOR_TO_SIGNUP: None,
    }  # fmt: skip
    # 200 demos of 133.3 signups; at 1.65 a signup 121.2; and at 55 % 181.8 demos, 182 of 121.3 signups.
    assert levers(make_plan(spec(NEW, 100, values, months=1))) == [
        (Key.SIGNUP_TO_DEMO, Frac(33, 20), 122),
        (Key.DEMO_TO_PAID, Frac(11, 20), 122),
    ]


@pytest.mark.parametrize("known", [{Key.OPENING: 5}, {Key.CHURN: Frac(1, 10)}])
def test_half_a_base_is_none(known: dict[AnyKey, Frac | int | None]) -> None:
    planned = lines(make_plan(spec(replace(NEW, of_revenue=True), 2, {**RATES, **known, Key.NEW_ARPA: 7})))
    nothing = ((None, None), None)
    assert [planned[key] for key in planned if "required" not in key] == [nothing] * 4  # revenue stands on it, too


@pytest.mark.parametrize(
    ("number", "best", "times"),
    [(110, 100, "1.1x"), (109, 100, "1.09x"), (112, 100, "1.1x"), (112, 108, "1.04x"), (112, 50, "2.2x")],
)
def test_how_far_above_the_best_month(number: int, best: int, times: str) -> None:
    measured = Measured(best={(WON, None): Best(number=Frac(best), month="2025-11")})
    text = notes(make_plan(spec(NEW, number, RATES, months=1, measured=measured)))["quota-above-best-month"]
    assert f"{number}, {times} your best month of the last 12 ({best} in Nov 2025)" in text


def test_a_channel_takes_a_new_rate_where_the_pooled_one_has_no_proportion() -> None:
    half = ChannelPlan(channel=ORGANIC, share=Frac(1), rates={Key.DEMO_TO_PAID: ChannelRate(rate=Frac(1, 2))})

    def changed_to(pooled_rate: Frac | int) -> Frac | None:
        base = spec(NEW, 1, {Key.DEMO_TO_PAID: pooled_rate}).assumptions
        return rates_changed(half, base, {Key.DEMO_TO_PAID: Frac(1, 5)}).rates[Key.DEMO_TO_PAID].rate

    assert changed_to(0) == Frac(1, 5)
    assert changed_to(Frac(2, 5)) == Frac(1, 4)  # the pooled rate halves, so does its own


def test_a_growth_that_is_not_said_is_none() -> None:
    # 7 in three months alike: 2.33, 4.67, 7 up to 3, 5, 7.
    assert lines(make_plan(spec(NEW, 7, RATES, months=3, shape=Shape(kind=ShapeKind.GROWTH))))[WON] == ((3, 2, 2), 7)


def test_the_words_of_a_shape() -> None:
    assert [read_shape(text) for text in (None, "Growth 5 % up", "growth=5%", "seasonal")] == [
        (ShapeKind.STEADY, ""),
        (ShapeKind.GROWTH, "5 % up"),
        (ShapeKind.GROWTH, "5%"),
        (ShapeKind.SEASONAL, ""),
    ]


# --- what is said of a base --------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("amounts", "won"),
    [
        # 90 stay of 100 in January and 81 in February.  900 / 10 = 90 and 1,050 / 10 = 105 are wanted: 24 more.
        ((900, 1_050), (0, 24)),
        # 101: 11 more, of which 101 x 0.9 = 90.9 stay; 90 are wanted, and 0.9 over.
        ((1_010, 900), (11, 0)),
    ],
)
def test_a_month_that_needs_nobody_does_not_make_the_goal_met(amounts: tuple[int, int], won: tuple[int, int]) -> None:
    """Where new customers are not constant, nothing is said of a level that they would come to."""
    shape = Shape(kind=ShapeKind.REVENUE, amounts=tuple(map(Frac, amounts)))
    plan = make_plan(spec(REVENUE, sum(amounts), {**RATES, **BASE}, shape=shape))
    assert lines(plan)[WON] == (won, sum(won))
    falls = "The MRR there is falls by the churn rate of customers, 10% a month: those lost bring the average."
    not_cash = "Revenue is the sum of the MRR at the months' ends, not the cash that comes in."
    assert notes(plan) == {"mrr-falls-with-churn": falls, "revenue-is-mrr": not_cash}


def test_how_closely_a_level_is_said() -> None:
    # Of 1,000 there are 29/30 left after each month: 966.67, 934.44, 903.30, so that 96.70 are lacking.  100 won lie as
    # 34, 33, 33 and leave 31.77 + 31.90 + 33 = 96.67; 101 lie as 34, 34, 33.  101 / 3 = 33.67, and that x 30 = 1,010.
    plan = make_plan(spec(PAID_USERS, 1_000, {**RATES, Key.OPENING: 1_000, Key.CHURN: Frac(1, 30)}, months=3))
    assert lines(plan)[WON] == ((34, 34, 33), 101)
    said = "At 3.33% lost a month and 33.7 new a month, customers level off at 1,010."
    assert notes(plan) == {"churn-ceiling": said}


@pytest.mark.parametrize("churn", [0, Frac(1, 10)])
def test_a_goal_of_customers_won_says_nothing_of_a_base(churn: Frac | int) -> None:
    for amount in (0, 6):
        assert notes(make_plan(spec(NEW, amount, {**RATES, **BASE, Key.CHURN: churn}))) == {}


def test_without_churn_there_is_no_level_to_say() -> None:
    assert notes(make_plan(spec(PAID_USERS, 106, {**RATES, **BASE, Key.CHURN: 0}))) == {}


# --- the best months ---------------------------------------------------------------------------------------------

DOUBLING = Shape(kind=ShapeKind.GROWTH, growth=Frac(1))


@pytest.mark.parametrize(
    ("best", "said"),
    [
        (1, "New PU needed in Feb 2026: 4, 4.0x your best month of the last 12 (1 in Nov 2025)."),
        (3, "New PU needed in Feb 2026: 4, 1.3x your best month of the last 12 (3 in Nov 2025)."),
        (4, None),
        (5, None),
    ],
)
def test_the_highest_month_is_held_against_the_best(best: int, said: str | None) -> None:
    measured = Measured(best={(WON, None): Best(number=Frac(best), month="2025-11")})
    plan = make_plan(spec(NEW, 6, RATES, shape=DOUBLING, measured=measured))  # thirds: 2 and 4
    assert lines(plan)[WON] == ((2, 4), 6)
    assert notes(plan).get("quota-above-best-month") == said


@pytest.mark.parametrize("by", [By.CHANNEL, By.TEAM])
def test_channels_above_their_best_months_are_said_at_once(by: By) -> None:
    # 2 and 4 customers, 4 and 8 demos, 10 and 20 signups: a third of each for paid.
    # Paid 1.33 demos in January, then 2.67 more: 1 and 3 (running 1.33, 4); organic 3 and 5.
    best: dict[tuple[str, Channel | None], Best] = {
        (WON, ORGANIC): Best(number=Frac(1), month="2025-10"),
        (DEMOS, ORGANIC): Best(number=Frac(2), month="2025-10"),
        (DEMOS, PAID): Best(number=Frac(2), month="2025-10"),
        (SIGNUPS, PAID): Best(number=Frac(50), month="2025-10"),
        (VISITORS, PAID): Best(number=Frac(0), month="2025-10"),
    }
    mix = {ORGANIC: Frac(2, 3), PAID: Frac(1, 3)}
    plan = make_plan(spec(NEW, 6, RATES, shape=DOUBLING, measured=Measured(best=best), by=by, mix=mix))
    assert [lines(plan, channel=c, team=None if by is By.CHANNEL else "sales_enterprise")[DEMOS] for c in mix] == [
        ((3, 5), 8), ((1, 3), 4),
    ]  # fmt: skip
    above = notes(plan).get("channel-quota-above-best-month")
    # In the sheets of teams a channel is only a part of a team's work: nothing is said of it.
    wanted = "Above the channel's best month of the last 12: Demos: Organic 2.5x, Paid 1.5x; New PU: Organic 3.0x."
    assert above == (wanted if by is By.CHANNEL else None)


# --- the rates of a channel --------------------------------------------------------------------------------------

POOLED: dict[AnyKey, Pooled | Missing] = {
    Key.DEMO_TO_PAID: pooled(1, 2), Key.SIGNUP_TO_DEMO: pooled(2, 5), Key.VISITOR_TO_SIGNUP: pooled(1, 25),
}  # fmt: skip
UNTOLD = Missing("untold", Message("nobody knows"))


@pytest.mark.parametrize(
    ("own", "ever", "rates", "said"),
    [
        # 30 of a rate are enough for one of its own.
        ({Key.DEMO_TO_PAID: (3, 30), Key.SIGNUP_TO_DEMO: (12, 30), Key.VISITOR_TO_SIGNUP: (30, 600)}, {},
         (Frac(1, 10), Frac(2, 5), Frac(1, 20)), []),
        # 29 are filled up with one at the pooled rate: (3 + 1/2) / 30 = 7/60, (12 + 2/5) / 30 = 31/75.
        ({Key.DEMO_TO_PAID: (3, 29), Key.SIGNUP_TO_DEMO: (12, 29), Key.VISITOR_TO_SIGNUP: (29, 600)}, {},
         (Frac(7, 60), Frac(31, 75), Frac(29, 600)),
         [("filled-up-rate", "Organic has few of its own, filled up to 30 at the pooled rate: "
           "Demo → PU (3/29), RU → Demo (12/29).")]),
        # Of a channel that the exports do not know there are none.
        ({}, {}, (Frac(1, 2), Frac(2, 5), Frac(1, 25)),
         [("pooled-rate", "Organic takes the pooled Demo → PU, RU → Demo, Visitor → RU: "
           "nothing measured of it.")]),
        # None of 30 signups booked a demo: no number of them would be enough, and the pooled rate is taken.  Without
        # visits ever its people come without them.
        ({Key.DEMO_TO_PAID: (0, 0), Key.SIGNUP_TO_DEMO: (0, 30), Key.VISITOR_TO_SIGNUP: (30, 0)},
         {VISITORS: frozenset()}, (Frac(1, 2), Frac(2, 5), None),
         [("pooled-rate", "Organic takes the pooled RU → Demo: none of its 30 went on."),
          ("filled-up-rate", "Organic has few of its own, filled up to 30 at the pooled rate: "
           "Demo → PU (0/0)."),
          ("stage-passed-by", "Organic never had any net new visitors: it is planned without.")]),
        # More visits by existing users than visits in all: none is net new.
        ({Key.DEMO_TO_PAID: (31, 31), Key.SIGNUP_TO_DEMO: (31, 31), Key.VISITOR_TO_SIGNUP: (30, -1)}, {},
         (Frac(1), Frac(1), Frac(1, 25) + 1),  # (30 + 30 / 25) / 30
         [("filled-up-rate", "Organic has few of its own, filled up to 30 at the pooled rate: Visitor → RU "
           "(30/0).")]),
        # Neither visits nor signups were ever of it.
        ({Key.DEMO_TO_PAID: (15, 60), Key.SIGNUP_TO_DEMO: (2, 0), Key.VISITOR_TO_SIGNUP: UNTOLD},
         {SIGNUPS: frozenset([PAID]), VISITORS: frozenset([PAID])}, (Frac(1, 4), None, None),
         [("stage-passed-by", "Organic never had any signups: it is planned without.")]),
    ],
)  # fmt: skip
def test_the_rates_of_a_channel(
    own: dict[AnyKey, tuple[int, int] | Missing],
    ever: dict[str, frozenset[Channel]],
    rates: tuple[Frac | None, ...],
    said: list[tuple[str, str]],
) -> None:
    measured = Measured(
        pooled=POOLED,
        of_channel={ORGANIC: {key: pooled(*of) if isinstance(of, tuple) else of for key, of in own.items()}},
        ever=ever,
    )
    assumptions = spec(NEW, 5, {}, measured=measured).assumptions
    (plan,), told = channel_plans(assumptions, measured, {ORGANIC: Frac(1), PAID: Frac(0)})
    assert (plan.channel, plan.share) == (ORGANIC, Frac(1))
    assert tuple(plan.rates[key].rate for key in (Key.DEMO_TO_PAID, Key.SIGNUP_TO_DEMO, Key.VISITOR_TO_SIGNUP)) == rates
    assert [(note.code, note.text.of("en")) for note in told] == said


@pytest.mark.parametrize("went_on", range(4))
def test_nothing_jumps_at_the_30th(went_on: int) -> None:
    """The rate of 29 lies within 1 / 30 of that of 30, for which a further one did not go on."""

    def rate(of: int) -> Frac:
        measured = Measured(pooled=POOLED, of_channel={ORGANIC: {Key.SIGNUP_TO_DEMO: pooled(went_on + 1, of)}})
        assumptions = spec(NEW, 5, {}, measured=measured).assumptions
        (plan,), _ = channel_plans(assumptions, measured, {ORGANIC: Frac(1)})
        taken = plan.rates[Key.SIGNUP_TO_DEMO].rate
        assert taken is not None
        return taken

    assert abs(rate(29) - rate(30)) <= Frac(1, 30)


def test_visits_that_the_plan_leaves_out_are_not_missed_in_a_channel() -> None:
    measured = Measured(
        pooled=POOLED,
        of_channel={ORGANIC: {**{key: pooled(30, 60) for key in POOLED}, Key.VISITOR_TO_SIGNUP: pooled(30, 0)}},
        ever={VISITORS: frozenset()},
    )
    given = spec(NEW, 5, {Key.VISITOR_TO_SIGNUP: None}, measured=measured).assumptions
    (plan,), told = channel_plans(given, measured, {ORGANIC: Frac(1)})
    assert (plan.rates[Key.VISITOR_TO_SIGNUP].rate, told) == (None, [])


@pytest.mark.parametrize(
    ("won", "shares", "said"),
    [
        ({ORGANIC: 3, PAID: 1, AFFILIATE: 0}, {ORGANIC: Frac(3, 4), PAID: Frac(1, 4)}, None),
        (
            {PAID: 2, Channel.UNKNOWN: 1},
            {PAID: Frac(1)},
            "1 of 3 recent new customers have no known channel; the mix is that of the others.",
        ),
    ],
)
def test_the_mix_of_recent_customers(won: dict[Channel, int], shares: dict[Channel, Frac], said: str | None) -> None:
    measured = Measured(pooled=POOLED, new_paid=won, of_channel={})
    assumptions = spec(NEW, 5, RATES, measured=measured).assumptions
    plans, told = channel_plans(assumptions, measured, {})
    assert {plan.channel: plan.share for plan in plans} == shares
    assert [note.text.of("en") for note in told if note.code == "mix-without-unknown"] == ([said] if said else [])


@pytest.mark.parametrize("won", [{}, {Channel.UNKNOWN: 5}, {ORGANIC: 0}])
def test_no_mix_can_be_made_of_nobody_known(won: dict[Channel, int]) -> None:
    with pytest.raises(GoalError, match="in what mix"):
        channel_plans(spec(NEW, 5, RATES).assumptions, Measured(new_paid=won), {})


# --- what is asked for -------------------------------------------------------------------------------------------

FOLDER = ", or name a folder of exports it can be measured from."


@pytest.mark.parametrize(
    ("goal", "values", "hint"),
    [
        (
            NEW,
            {Key.VISITOR_TO_SIGNUP: "absent"},
            f"Give it with --visitor-to-signup{FOLDER} --visitor-to-signup none plans without visitors.",
        ),
        (NEW, {Key.SIGNUP_TO_DEMO: "absent"}, f"Give it with --signup-to-demo{FOLDER}"),
        (MRR, {Key.NEW_ARPA: "absent"}, f"Give it with --arpa{FOLDER}"),
        (MRR, {Key.NEW_ARPA: 0}, "Give --arpa."),
        (NEW, {Key.DEMO_TO_PAID: 0}, "Give --demo-to-paid above 0."),
        (
            NEW,
            {Key.DEMO_TO_PAID: "0 of 9"},
            "Give --demo-to-paid above 0, or measure over other months with --rates-from.",
        ),
    ],
)
def test_what_to_do_about_an_assumption(goal: GoalType, values: dict[AnyKey, int | str], hint: str) -> None:
    given = {key: value for key, value in {**RATES, **BASE}.items() if key not in values}
    given |= {key: value for key, value in values.items() if isinstance(value, int)}
    measured = Measured(pooled={key: pooled(0, 9) for key, value in values.items() if value == "0 of 9"})
    with pytest.raises(GoalError) as refused:
        make_plan(spec(goal, 2_000, given, measured=measured))
    assert str(refused.value.hint) == hint


# --- what is declared --------------------------------------------------------------------------------------------


def test_which_planned_figures_are_not_like_most() -> None:
    stages = {VISITORS, SIGNUPS, DEMOS, WON}
    deals = {stage.key for stage in deal_stages()}
    opening, churned, closing = (
        "planned_opening_paid_users", "expected_churned_paid_users", "planned_closing_paid_users",
    )  # fmt: skip
    allowed, renewed = "allowed_churned_paid_users", "required_renewed_paid_users"
    cost, ratios = "planned_cost_amount", {"planned_cost_rate", "planned_cac_amount", "planned_payback_months"}
    revenue = "planned_revenue_amount"

    def where(holds: Callable[[PlannedMetric], object]) -> set[str]:
        return {key for key, metric in PLANNED.items() if holds(metric)}

    assert where(lambda metric: metric.always) == stages | {opening, churned, closing, revenue}
    assert where(lambda metric: metric.replanned) == stages | deals
    budget, timed = {*ratios, cost, "cost_difference_amount"}, {figure.key for figure in LAG_FIGURES}
    means = {figure.key for figure in MEANS_FIGURES}  # of what a plan has to work with; nobody is judged by it
    timed |= means
    beside = {opening, "cost_difference_amount"} | timed
    assert where(lambda metric: not metric.judged) == beside | budget | {renewed, "required_onboardings"}
    assert where(lambda metric: not metric.by_month) == ratios | {cost} | beside | deals
    assert where(lambda metric: not metric.tracked) == {"cost_difference_amount"} | timed
    assert where(lambda metric: metric.actual_recurs) == {revenue}
    assert where(lambda metric: metric.good == "down") == budget | {churned, allowed}
    assert where(lambda metric: metric.whole) == stages | deals | {allowed, renewed, "required_onboardings"}
    assert where(lambda metric: metric.by_channel) == stages
    sellers, own = "full_sellers_number", {"lacking_sellers", "planned_signup_cost_per_new_paid_user_amount"}
    assert where(lambda metric: metric.adds_up) == set(PLANNED) - ratios - {opening, closing, renewed, sellers} - own
    assert {metric.key: metric.parts_of for metric in PLANNED.values() if metric.parts_of} == {
        **{stage: stage for stage in stages}, "required_onboardings": WON,
    }  # fmt: skip
    ranges = {
        key: metric.over_range([Frac(3), Frac(4), Frac(6)])
        for key, metric in PLANNED.items()
        if key not in ratios | own
    }
    assert ranges == {**dict.fromkeys(ranges, 13), opening: 3, closing: 6, renewed: 6, sellers: 6}
    for key in ratios | own:
        with pytest.raises(ValueError, match=f"{key} of a range"):
            PLANNED[key].over_range([Frac(3)])


def test_which_goals_ask_for_what() -> None:
    shown = {
        goal.key: (goal.option, goal.whole, goal.priced, goal.at_end, goal.by_month, goal.or_files, len(goal.based_on))
        for goal in GOALS.values()
    }
    assert shown == {
        "revenue": ("--revenue", False, True, False, True, False, 1),
        "mrr": ("--mrr", False, True, True, False, False, 1),
        "paid_users": ("--paid-users", True, False, True, False, True, 2),
        "new_paid_users": ("--new-paid-users", True, False, False, False, False, 0),
    }
    assert by_month() is GOALS["revenue"]
    assert {goal.key for goal in GOALS.values() if ONE_OFF not in goal.models} == {"mrr"}
