"""What a plan begins with, and what is past: each number worked by hand."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction as Frac

import pytest
from msgspec.structs import replace

from funnelcli.config import Policy
from funnelcli.planning.bridge import bridged
from funnelcli.planning.budget import NEVER
from funnelcli.planning.model import AnyKey, Gap, Key, Measured, Origin, Pooled, Rounding, RowKey, Shape, ShapeKind
from funnelcli.planning.past import Past
from funnelcli.planning.plan import By, PlanSpec, WhatIf, make_plan
from funnelcli.planning.seasons import Season
from funnelcli.planning.track import Actual
from funnelcli.problems import GoalError
from funnelcli.values.channels import Channel
from planned import (
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
    WON,
    lines,
    notes,
    pooled,
    spec,
)

Values = dict[AnyKey, Frac | int | None]
MONEY, CLOSING = "planned_revenue_amount", "planned_closing_paid_users"


def value(plan: PlanSpec, key: Key) -> tuple[Frac | None, Origin, str]:
    assumption = plan.assumptions[key]
    return assumption.value, assumption.origin, assumption.source.of("en")


# --- opening MRR, and the ARPA of new customers ------------------------------------------------------------------


def test_known_mrr_is_not_what_newer_customers_would_bring() -> None:
    """100 customers paying 100 and 120 newer ones paying 70 are 18,400: of 19,000 the 600 missing at 70 are 9."""
    known = 100 * 100 + 120 * 70
    values: Values = {**RATES, Key.OPENING: 220, Key.OPENING_MRR: known, Key.CHURN: 0, Key.NEW_ARPA: 70}
    plan = make_plan(spec(MRR, 19_000, values, months=1))
    assert (known, lines(plan)[WON], lines(plan)[MONEY]) == (18_400, ((9,), 9), ((18_400 + 9 * 70,), 19_030))
    assert lines(plan)[CLOSING] == ((229,), 229)


def test_the_customers_lost_take_the_average_of_those_there_along() -> None:
    """1,000 of MRR and 10 % lost: 900, 810.  Of 1,000 wanted 190 are missing, and one of January counts 0.9 x 10."""
    values: Values = {**RATES, Key.OPENING: 50, Key.OPENING_MRR: 1_000, Key.CHURN: Frac(1, 10), Key.NEW_ARPA: 10}
    plan = make_plan(spec(MRR, 1_000, values))
    # 190 / ((9 + 10) / 2) = 20, as 10 and 10.  January: 900 + 100; February: 1,000 x 0.9 + 100 = 1,000.
    assert lines(plan)[WON] == ((10, 10), 20)
    assert lines(plan)[MONEY] == ((1_000, 1_000), 2_000)
    # The customers: 50 x 0.9 + 10 = 55; 55 x 0.9 + 10 = 59.5.
    assert lines(plan)[CLOSING] == ((55, Frac(119, 2)), Frac(119, 2))
    assert notes(plan)["mrr-falls-with-churn"].startswith("The MRR there is falls by the churn rate of customers, 10%")


def test_revenue_sums_the_mrr_of_the_months_ends() -> None:
    """1,000 and 10 % lost bring 900 + 810 = 1,710 of 2,000 wanted; of January one brings 10 + 9, of February 10."""
    values: Values = {**RATES, Key.OPENING: 50, Key.OPENING_MRR: 1_000, Key.CHURN: Frac(1, 10), Key.NEW_ARPA: 10}
    plan = make_plan(spec(REVENUE, 2_000, values))
    # 290 / ((19 + 10) / 2) = 20.
    assert (lines(plan)[WON], lines(plan)[MONEY][1]) == (((10, 10), 20), 2_000)


POOLED_BASE = Measured(
    pooled={
        Key.OPENING: Pooled(numerator=Frac(220), denominator=Frac(1), months=("2025-12-31", "2025-12-31")),
        Key.OPENING_MRR: Pooled(numerator=Frac(18_400), denominator=Frac(1), months=("2025-12-31", "2025-12-31")),
        Key.NEW_ARPA: pooled(8_400, 120),
        Key.CHURN: pooled(5, 100),
    }
)


@pytest.mark.parametrize(
    ("given", "mrr", "origin"),
    [
        ({}, Frac(18_400), Origin.MEASURED),
        ({Key.OPENING_MRR: 20_000}, Frac(20_000), Origin.GIVEN),
        # 110 given bring what each of the 220 measured does: 18,400 / 220 x 110.
        ({Key.OPENING: 110}, Frac(9_200), Origin.DEFAULT),
        ({Key.NEW_ARPA: 50}, Frac(18_400), Origin.MEASURED),  # the price of new ones is no news of those there
    ],
)
def test_where_the_opening_mrr_comes_from(given: Mapping[AnyKey, Frac | int | None], mrr: Frac, origin: Origin) -> None:
    assert value(spec(MRR, 1, given, measured=POOLED_BASE), Key.OPENING_MRR)[:2] == (mrr, origin)


def test_without_exports_those_there_bring_what_a_new_one_does() -> None:
    plan = spec(MRR, 1, {Key.OPENING: 100, Key.NEW_ARPA: 7, Key.CHURN: 0})
    assert value(plan, Key.OPENING_MRR) == (
        Frac(700), Origin.DEFAULT, "PU when the plan begins x the ARPA of new ones",
    )  # fmt: skip


def test_a_variant_of_the_arpa_leaves_those_there_alone() -> None:
    """900 of 1,000 stay; 1,100 wanted: 200 missing.  At 10 they are 20, at 20 they are 10."""
    values: Values = {**RATES, Key.OPENING: 50, Key.OPENING_MRR: 1_000, Key.CHURN: Frac(1, 10), Key.NEW_ARPA: 10}
    dearer = WhatIf(name="dearer", changes={Key.NEW_ARPA: Frac(20)})
    # 60 there bring 1,000 / 50 x 60 = 1,200, of which 1,080 stay: 20 missing at 10 are 2.
    more = WhatIf(name="more there", changes={Key.OPENING: Frac(60)})
    plan = make_plan(spec(MRR, 1_100, values, months=1, what_if=(dearer, more)))
    assert lines(plan)[WON] == ((20,), 20)
    assert [variant.totals[WON] for variant in plan.variants] == [10, 2]


def test_levers_are_ranked_by_what_they_save_before_rounding() -> None:
    """A rate or an ARPA of new ones a tenth better saves 1 - 1 / 1.1; a tenth less churn keeps 10 of 1,000 more."""
    values: Values = {**RATES, Key.OPENING: 50, Key.OPENING_MRR: 1_000, Key.CHURN: Frac(1, 10), Key.NEW_ARPA: 10}
    plan = make_plan(spec(MRR, 1_100, values, months=1))
    eleventh = Frac(1, 11)
    assert [(lever.key, lever.stage.key, lever.saved) for lever in plan.levers] == [
        (Key.VISITOR_TO_SIGNUP, VISITORS, eleventh),
        (Key.SIGNUP_TO_DEMO, SIGNUPS, eleventh),
        (Key.DEMO_TO_PAID, SIGNUPS, eleventh),
        (Key.NEW_ARPA, SIGNUPS, eleventh),
        (Key.CHURN, SIGNUPS, Frac(1, 20)),  # 200 missing become 190
    ]
    # 20 won, 40 demos, 100 signups, 2,500 visits.  2,500 / 1.1 = 2,272.7; 100 / 1.1 = 90.9; 40 / 1.1 = 36.4, 37 / 0.4 =
    # 92.5; 20 / 1.1 = 18.2, 19 / 0.5 = 38, 38 / 0.4 = 95; 19 won as well.
    assert [int(lever.needed) for lever in plan.levers] == [2_273, 91, 93, 95, 95]


# --- from the exports to the plan --------------------------------------------------------------------------------

GAP = Gap(since=date(2025, 10, 12), until=date(2026, 1, 1), lengths=(Frac(19, 31), Frac(1), Frac(1)), new=Frac(6))


def test_what_is_there_is_run_forward_to_the_plan() -> None:
    assumptions = spec(MRR, 1, {}, measured=POOLED_BASE).assumptions
    result, (note,) = bridged(assumptions, GAP)
    customers, mrr = Frac(220), Frac(18_400)
    for length in (Frac(19, 31), Frac(1), Frac(1)):  # of 220, 5 % are lost and 6 won a month
        customers += length * 6 - length * customers / 20
        mrr += length * 6 * 70 - length * mrr / 20
    assert (result[Key.OPENING].value, result[Key.OPENING_MRR].value) == (customers, mrr)
    assert note.code == "opening-run-forward"
    assert "220 PU on 12 Oct 2025 are run forward to 1 Jan 2026, 5% lost and 6 new a month: 207" in note.text.of("en")
    assert assumptions[Key.OPENING].value == 220  # the others are as they were


@pytest.mark.parametrize(
    ("given", "gap", "wanted", "code"),
    [
        ({}, GAP, False, "opening-taken-over"),
        ({}, None, True, None),
        ({Key.OPENING: 5}, GAP, True, None),  # given as of the plan's beginning
        ({}, Gap(since=GAP.since, until=GAP.until, lengths=GAP.lengths, new=None), True, "opening-taken-over"),
    ],
)
def test_when_nothing_is_run_forward(
    given: Mapping[AnyKey, Frac | int | None], gap: Gap | None, wanted: bool, code: str | None
) -> None:
    assumptions = spec(MRR, 1, given, measured=POOLED_BASE).assumptions
    result, said = bridged(assumptions, gap, wanted=wanted)
    assert result == assumptions
    assert [note.code for note in said] == ([] if code is None else [code])


# --- months that are past ----------------------------------------------------------------------------------------


def past_of(plan: PlanSpec, months: int, figures: Mapping[str, Sequence[int | None]], deal: int | None = None) -> Past:
    """The first months of a plan, in which happened what ``figures`` say; the rest is not known."""

    def actuals(keys: Sequence[RowKey]) -> dict[RowKey, dict[str, Actual]]:
        happened: dict[RowKey, dict[str, Actual]] = {}
        for key in keys:
            numbers = figures.get(key[0], (None,) * months) if key[1:] == (None, None) else (None,) * months
            happened[key] = {
                period.key: Actual(value=None if number is None else Frac(number))
                for period, number in zip(plan.periods, numbers, strict=False)
            }
        return happened

    return Past(periods=plan.periods[:months], actuals=actuals, deal=None if deal is None else Frac(deal))


def with_past(
    plan: PlanSpec, months: int, figures: Mapping[str, Sequence[int | None]], deal: int | None = None
) -> PlanSpec:
    return replace(plan, past=past_of(plan, months, figures, deal))


def test_what_happened_stands_in_the_past_and_the_rest_is_planned() -> None:
    """Of 12 new customers in four months 2 and 1 were won in the first two: 9 are left, 5 and 4."""
    figures = {WON: (2, 1), DEMOS: (5, 3), SIGNUPS: (11, 9), VISITORS: (300, None)}
    plan = make_plan(with_past(spec(NEW, 12, RATES, months=4), 2, figures))
    whole = lines(plan)
    assert whole[WON] == ((2, 1, 5, 4), 12)
    assert whole[DEMOS] == ((5, 3, 10, 8), 26)
    assert whole[SIGNUPS] == ((11, 9, 25, 20), 65)  # 10 / 0.4 = 25, 18 / 0.4 = 45
    assert whole[VISITORS] == ((300, None, 625, 500), None)  # a month that is not known leaves the range unknown
    assert notes(plan)["past-months"] == (
        "Jan 2026 to Feb 2026 are past: what happened stands there; Mar 2026 to Apr 2026 are planned to reach the goal."
    )
    assert plan.goal.amount == 12


def test_revenue_that_came_in_is_taken_off_the_goal() -> None:
    """Of 3,100 over three months January brought 1,000: 2,100 are left, and 1,000 of MRR bring 1,000 and 1,000."""
    values: Values = {**RATES, Key.OPENING: 50, Key.OPENING_MRR: 1_000, Key.CHURN: 0, Key.NEW_ARPA: 10}
    plan = make_plan(with_past(spec(REVENUE, 3_100, values, months=3), 1, {MONEY: (1_000,), WON: (4,)}))
    # 100 missing: one of February brings 20, of March 10; 7 lie as 4 and 3 and bring 110, 6 as 3 and 3 only 90.
    assert lines(plan)[WON] == ((4, 4, 3), 11)
    assert lines(plan)[MONEY] == ((1_000, 1_040, 1_070), 3_110)


def test_amounts_by_month_go_on_from_what_the_past_brought() -> None:
    """900, 900 and 1,000 wanted; January brought 1,000, so 800 of February are enough, and 1,000 of March."""
    values: Values = {**RATES, Key.OPENING: 50, Key.OPENING_MRR: 700, Key.CHURN: 0, Key.NEW_ARPA: 10}
    shape = Shape(kind=ShapeKind.REVENUE, amounts=(Frac(900), Frac(900), Frac(1_000)))
    plan = make_plan(with_past(spec(REVENUE, 2_800, values, months=3, shape=shape), 1, {MONEY: (1_000,), WON: (0,)}))
    assert lines(plan)[WON] == ((0, 10, 20), 30)  # 700 + 100 = 800, + 200 = 1,000
    assert lines(plan)[MONEY] == ((1_000, 800, 1_000), 2_800)


def test_a_goal_at_the_end_is_not_lowered_by_the_past() -> None:
    plan = make_plan(
        with_past(spec(PAID_USERS, 60, {**RATES, Key.OPENING: 50, Key.CHURN: 0}, months=2), 1, {WON: (8,)})
    )
    assert lines(plan)[WON] == ((8, 10), 18)  # 50 when February begins


def test_deals_of_the_past_bring_the_deal_size() -> None:
    """Of 600 at 100 a deal two were won in January: four are left, two a month."""
    one_off = spec(REVENUE, 600, {**RATES, Key.DEAL_SIZE: 100}, months=3, model=ONE_OFF)
    plan = make_plan(with_past(one_off, 1, {WON: (2,)}, deal=100))
    assert (lines(plan)[WON], lines(plan)[MONEY]) == (((2, 2, 2), 6), ((200, 200, 200), 600))


def test_a_past_that_is_not_known_leaves_no_rest_to_plan() -> None:
    with pytest.raises(GoalError, match="What Jan 2026 brought is not known") as refused:
        make_plan(with_past(spec(NEW, 12, RATES), 1, {WON: (None,)}))
    assert "--from" in str(refused.value.hint)


def test_variants_hold_the_past_too() -> None:
    what_if = (WhatIf(name="worse", changes={Key.DEMO_TO_PAID: Frac(1, 4)}),)
    plan = make_plan(with_past(spec(NEW, 3, RATES, what_if=what_if), 1, {WON: (1,), DEMOS: (5,)}))
    assert lines(plan)[DEMOS] == ((5, 4), 9)
    assert plan.variants[0].totals[DEMOS] == 13  # 2 / 0.25 = 8


# --- small plans -------------------------------------------------------------------------------------------------


def test_small_plans_need_not_stutter() -> None:
    """2 customers in 4 months: half a one a month.  Running totals 0.5, 1, 1.5, 2; or each month one."""
    running = make_plan(spec(NEW, 2, RATES, months=4))
    assert lines(running)[WON] == ((1, 0, 1, 0), 2)
    assert notes(running)["month-without-new"] == (
        "No new PU in Feb 2026, Apr 2026 only because running totals are rounded up; --round month plans each month by "
        "itself."
    )
    by_month = Shape(kind=ShapeKind.STEADY, rounding=Rounding.MONTH)
    plan = make_plan(spec(NEW, 2, RATES, months=4, shape=by_month))
    assert [lines(plan)[stage] for stage in (WON, DEMOS, SIGNUPS)] == [
        ((1, 1, 1, 1), 4), ((2, 2, 2, 2), 8), ((5, 5, 5, 5), 20),
    ]  # fmt: skip
    assert "month-without-new" not in notes(plan)


def test_a_month_that_needs_nobody_is_not_one_that_rounding_hides() -> None:
    seasonal = Shape(kind=ShapeKind.SEASONAL)
    plan = make_plan(
        spec(NEW, 2, RATES, shape=seasonal, measured=Measured(season=Season(weights={1: Frac(1), 2: Frac(0)})))
    )
    assert lines(plan)[WON] == ((2, 0), 2)
    assert "month-without-new" not in notes(plan)


# --- what a budget is made of ------------------------------------------------------------------------------------

POLICIES = {
    "marketing": Policy.read({"per_signup": 3}),
    "sales_enterprise": Policy.read({"per_new_paid_user": "10%", "fixed_per_month": 70}),
}


def budget_spec(**more: Frac | int) -> PlanSpec:
    values: Values = {**RATES, Key.OPENING: 50, Key.OPENING_MRR: 500, Key.CHURN: Frac(1, 10), Key.NEW_ARPA: 20}
    mix = {ORGANIC: Frac(1, 2), PAID: Frac(1, 2)}
    plan = spec(NEW, 6, values, by=By.TEAM, mix=mix, policies=POLICIES)
    return replace(plan, gross_margin=Frac(more["margin"]) if "margin" in more else None)


def test_a_team_sees_what_its_budget_is_made_of() -> None:
    plan = make_plan(budget_spec())
    assert [
        (item.team, item.metric.key if item.metric else None, int(item.quantity), int(item.price), item.share)
        for item in plan.budget
    ] == [
        ("marketing", SIGNUPS, 30, 3, None),
        # A tenth of 12 x the 20 that a new customer begins with, not of what those there bring (10 each).
        ("sales_enterprise", WON, 6, 24, Frac(1, 10)),
        ("sales_enterprise", None, 2, 70, None),
    ]
    for team in POLICIES:
        made_of = sum((item.amount for item in plan.budget if item.team == team), Frac(0))
        assert lines(plan, team=team)["planned_cost_amount"][1] == made_of


def test_the_total_says_whom_it_leaves_out() -> None:
    assert notes(make_plan(budget_spec()))["no-policy-set"] == (
        "No policy set: sales_sme, affiliate, partner, customer_success, expert; the total is without them."
    )


@pytest.mark.parametrize(
    ("margin", "payback"),
    [
        # 30 x 3 + 6 x 24 + 2 x 70 = 374 for 6 customers: 62.33 each, of 20 a month.
        (None, Frac(374, 6) / 20),
        (Frac(4, 5), Frac(374, 6) / 16),
        # At 6 a month 10.4 months; a customer stays for 1 / 0.1 = 10.
        (Frac(3, 10), None),
    ],
)
def test_payback_is_of_margin_and_never_longer_than_a_customer_stays(margin: Frac | None, payback: Frac | None) -> None:
    plan = make_plan(budget_spec() if margin is None else budget_spec(margin=margin))
    (row,) = [row for row in plan.of() if row.metric.key == "planned_payback_months"]
    assert row.total == payback
    assert (row.missing is NEVER) is (payback is None)
    assert ("gross-margin-assumed" in notes(plan)) is (margin is None)


def test_the_published_payback() -> None:
    """1,200 / (200 x 0.8) = 7.5."""
    values: Values = {**RATES, Key.OPENING: 1, Key.OPENING_MRR: 200, Key.CHURN: 0, Key.NEW_ARPA: 200}
    policies = {"sales_enterprise": Policy.read({"per_new_paid_user": 1_200})}
    plan = spec(NEW, 2, values, by=By.CHANNEL, mix={ORGANIC: Frac(1)}, policies=policies)
    planned = make_plan(replace(plan, gross_margin=Frac(8, 10)))
    assert lines(planned)["planned_payback_months"][1] == Frac(15, 2)


# --- channels without visits -------------------------------------------------------------------------------------


@pytest.mark.parametrize("signups", [1, 29, 30, 31, 500])
def test_a_channel_that_never_had_visits_gets_no_quota_of_them(signups: int) -> None:
    measured = Measured(
        pooled={Key.DEMO_TO_PAID: pooled(1, 2), Key.SIGNUP_TO_DEMO: pooled(2, 5), Key.VISITOR_TO_SIGNUP: pooled(1, 25)},
        of_channel={Channel.SALES_SME: {Key.SIGNUP_TO_DEMO: pooled(signups, 2 * signups)}},
        ever={VISITORS: frozenset([ORGANIC])},
    )
    plan = make_plan(spec(NEW, 4, {}, months=1, measured=measured, by=By.CHANNEL, mix={Channel.SALES_SME: Frac(1)}))
    assert lines(plan, channel=Channel.SALES_SME)[VISITORS] == ((0,), 0)
