"""Plans worked by hand: the sheets of teams, and the policy budget."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction as Frac

import pytest
from msgspec.structs import replace

from funnelcli.config import Policy, Team
from funnelcli.planning.model import AnyKey, Key, Plan, PlanRow, RevenueModel
from funnelcli.planning.plan import By, make_plan
from funnelcli.planning.teams import ownership
from funnelcli.problems import ConfigError
from funnelcli.values.channels import NAMED_CHANNELS
from planned import (
    AFFILIATE,
    DEMOS,
    NEW,
    ONE_OFF,
    ORGANIC,
    PAID,
    RATES,
    RECURRING,
    SIGNUPS,
    VISITORS,
    WON,
    Line,
    lines,
    notes,
    spec,
    unsaid,
)

# --- teams -------------------------------------------------------------------------------------------------------

# A month of this mix: 5 new customers are 2 organic, 2 paid, 1 affiliate; demos x 2; signups x 5/2; visits x 25.
MIX = {ORGANIC: Frac(2, 5), PAID: Frac(2, 5), AFFILIATE: Frac(1, 5)}


# Customers won, in a plan that is of revenue: so the budget is compared with it.
OF_REVENUE = replace(NEW, of_revenue=True)
FROM_NOTHING: dict[AnyKey, Frac | int | None] = {Key.OPENING: 0, Key.CHURN: 0, Key.NEW_ARPA: 100}


def by_team(
    *,
    values: Mapping[AnyKey, Frac | int | None] | None = None,
    amount: int = 10,
    model: RevenueModel = RECURRING,
    by: By = By.TEAM,
    teams: Mapping[str, Team] | None = None,
    policies: Mapping[str, Mapping[str, object]] | None = None,
) -> Plan:
    base: Mapping[AnyKey, Frac | int | None] = values if values is not None else FROM_NOTHING
    read = {name: Policy.read(policy) for name, policy in (policies or {}).items()}
    return make_plan(
        spec(OF_REVENUE, amount, {**RATES, **base}, model=model, by=by, mix=MIX, teams=teams, policies=read)
    )


def sheets(plan: Plan) -> dict[str, dict[tuple[str, str], tuple[Frac | int | None, ...]]]:
    """The months of every row of every team, by metric and channel ("" for the team's sum)."""
    months: dict[str, dict[tuple[str, str], tuple[Frac | int | None, ...]]] = {}
    for row in plan.rows:
        if row.team is not None:
            known = [value for value in row.values if value is not None]
            assert row.total == ((known[-1] if row.metric.total == "last" else sum(known)) if known else None)
            months.setdefault(row.team, {})[row.metric.key, row.channel.value if row.channel else ""] = row.values
    return months


def test_a_sheet_for_each_built_in_team() -> None:
    plan = by_team(values={Key.OPENING: 25, Key.CHURN: Frac(1, 10)})
    by_channel = {"organic": (4, 4), "paid": (4, 4), "affiliate": (2, 2)}
    assert sheets(plan) == {
        "marketing": {
            (VISITORS, ""): (500, 500), (VISITORS, "organic"): (250, 250), (VISITORS, "paid"): (250, 250),
            (SIGNUPS, ""): (20, 20), (SIGNUPS, "organic"): (10, 10), (SIGNUPS, "paid"): (10, 10),
        },
        "affiliate": {(SIGNUPS, ""): (5, 5), (SIGNUPS, "affiliate"): (5, 5)},
        "sales_enterprise": {
            (DEMOS, ""): (10, 10), **{(DEMOS, channel): months for channel, months in by_channel.items()},
            (WON, ""): (5, 5), (WON, "organic"): (2, 2), (WON, "paid"): (2, 2), (WON, "affiliate"): (1, 1),
        },
        "expert": {
            ("required_onboardings", ""): (5, 5), ("required_onboardings", "organic"): (2, 2),
            ("required_onboardings", "paid"): (2, 2), ("required_onboardings", "affiliate"): (1, 1),
        },
        # 25 x 0.1 = 2.5 lost, closing 27.5; 2.75 lost.  At most 2, then 5.25 -> 5 in all: 3 more.
        # Kept: 25 - 2.5 = 22.5 -> 23; 27.5 - 2.75 = 24.75 -> 25.
        "customer_success": {
            ("allowed_churned_paid_users", ""): (2, 3), ("required_renewed_paid_users", ""): (23, 25),
        },
        "unassigned": {(VISITORS, ""): (125, 125), (VISITORS, "affiliate"): (125, 125)},
    }  # fmt: skip


def test_what_nobody_owns_is_listed_where_any_month_has_something() -> None:
    # One customer, in January: 2 demos, 5 signups, 125 visits, a fifth of which are of affiliates, and nobody's.
    plan = by_team(amount=1, values={})
    assert sheets(plan)["unassigned"] == {(VISITORS, ""): (25, 0), (VISITORS, "affiliate"): (25, 0)}
    assert "unassigned" not in sheets(by_team(amount=0, values={}))


def test_teams_of_ones_own_replace_the_built_in_ones() -> None:
    teams = {
        "hunters": Team.read({"demos": ["paid"], "new_paid_users": "all"}),
        "keepers": Team.read({"retention": True}),
    }
    plan = by_team(values={}, teams=teams)
    parts = {"organic": 2, "paid": 2, "affiliate": 1}
    nothing = (None, None)  # no opening and churn are known
    assert sheets(plan) == {
        "hunters": {
            (DEMOS, ""): (4, 4), (DEMOS, "paid"): (4, 4),
            (WON, ""): (5, 5), **{(WON, channel): (n, n) for channel, n in parts.items()},
        },
        "keepers": {
            ("allowed_churned_paid_users", ""): nothing, ("required_renewed_paid_users", ""): nothing,
        },
        "unassigned": {
            (VISITORS, ""): (625, 625), **{(VISITORS, channel): (n * 125,) * 2 for channel, n in parts.items()},
            (SIGNUPS, ""): (25, 25), **{(SIGNUPS, channel): (n * 5,) * 2 for channel, n in parts.items()},
            (DEMOS, ""): (6, 6), (DEMOS, "organic"): (4, 4), (DEMOS, "affiliate"): (2, 2),
        },
    }  # fmt: skip


@pytest.mark.parametrize(
    ("teams", "policies", "message"),
    [
        (
            {"hunters": {"demos": ["paid", "organic"]}, "farmers": {"demos": "all"}},
            {},
            "funnel.toml: [teams] demos of organic belong to both hunters and farmers.",
        ),
        (
            {"unassigned": {"demos": "all"}},
            {},
            "funnel.toml: [teams.unassigned]: this name stands for what no team owns.",
        ),
        ({}, {"hunters": {"per_demo": 1}}, "funnel.toml: [policies.hunters]: there is no team hunters."),
    ],
)
def test_teams_and_policies_that_contradict(
    teams: dict[str, dict[str, object]], policies: dict[str, dict[str, object]], message: str
) -> None:
    with pytest.raises(ConfigError) as refused:
        by_team(teams={name: Team.read(owned) for name, owned in teams.items()}, policies=policies)
    assert (refused.value.message, bool(refused.value.hint)) == (message, True)


# --- budget ------------------------------------------------------------------------------------------------------

COST, SHARE = "planned_cost_amount", "planned_cost_rate"
CAC, PAYBACK = "planned_cac_amount", "planned_payback_months"
POLICIES: dict[str, dict[str, object]] = {
    "marketing": {"per_visit": "0.1", "per_signup": 3},
    "affiliate": {"per_new_paid_user": 50},
    "sales_enterprise": {"per_demo": 7, "per_new_paid_user": "10%"},
    "customer_success": {"fixed_per_month": 30},
}


def _of_channel(row: PlanRow) -> str:
    """The channel of a row; teams have names of channels, and both have costs."""
    return "" if row.channel is None else f"of {row.channel.value}" if row.metric.key == COST else row.channel.value


def budget(plan: Plan) -> dict[tuple[str, str], Line]:
    """The rows of money, by metric and team or channel."""
    return {
        (row.metric.key, row.team or _of_channel(row)): (row.values, row.total)
        for row in plan.rows
        if row.metric.key in (COST, SHARE, CAC, PAYBACK)
    }


def test_a_budget_by_hand() -> None:
    """Month by month alike: visits 250, 250, 125; signups 10, 10, 5; demos 4, 4, 2; customers 2, 2, 1."""
    # marketing: organic and paid each 250 x 0.1 + 10 x 3 = 55.  affiliate: 1 x 50.
    # sales: a customer brings 12 x 100 = 1,200 in its first year, so 120 each: 4 x 7 + 2 x 120 = 268, 268, and 134.
    # customer_success: 30 by new customers 2 : 2 : 1 -> 12, 12, 6.
    organic = paid = 55 + 268 + 12
    affiliate = 50 + 134 + 6
    whole = 110 + 50 + 670 + 30
    assert organic + paid + affiliate == whole == 860
    plan = by_team(policies=POLICIES)
    nothing: Line = ((None, None), None)
    assert budget(plan) == {
        (COST, "marketing"): ((110, 110), 220),
        (COST, "sales_sme"): nothing,
        (COST, "affiliate"): ((50, 50), 100),
        (COST, "partner"): nothing,
        (COST, "sales_enterprise"): ((670, 670), 1_340),
        (COST, "customer_success"): ((30, 30), 60),
        (COST, "expert"): nothing,
        (COST, ""): ((860, 860), 1_720),
        (COST, "of organic"): ((335, 335), 670),
        (COST, "of paid"): ((335, 335), 670),
        (COST, "of affiliate"): ((190, 190), 380),
        # Revenue: 5 customers and then 10 pay 100 each.
        (SHARE, ""): ((Frac(860, 500), Frac(860, 1_000)), Frac(1_720, 1_500)),
        (CAC, "organic"): ((Frac(335, 2),) * 2, Frac(670, 4)),
        (CAC, "paid"): ((Frac(335, 2),) * 2, Frac(670, 4)),
        (CAC, "affiliate"): ((190, 190), Frac(380, 2)),
        (CAC, ""): ((172, 172), Frac(1_720, 10)),
        (PAYBACK, "organic"): ((Frac(335, 200),) * 2, Frac(335, 200)),
        (PAYBACK, "paid"): ((Frac(335, 200),) * 2, Frac(335, 200)),
        (PAYBACK, "affiliate"): ((Frac(19, 10),) * 2, Frac(19, 10)),
        (PAYBACK, ""): ((Frac(172, 100),) * 2, Frac(172, 100)),
    }
    absent = {(row.team, row.missing.code) for row in plan.rows if row.metric.key == COST and row.missing}
    assert absent == {("sales_sme", "no-policy-set"), ("partner", "no-policy-set"), ("expert", "no-policy-set")}
    assert unsaid(notes(plan)["no-policy-set"], "sales_sme, partner, expert") == []
    without_teams = [row for row in plan.rows if row.team is None and row.metric.key in (COST, SHARE, CAC, PAYBACK)]
    by_channel = by_team(policies=POLICIES, by=By.CHANNEL)
    assert list(by_channel.rows[-len(without_teams) :]) == without_teams
    assert {row.team for row in by_channel.rows} == {None}


def test_a_budget_without_new_customers() -> None:
    # Nothing is won, so nothing is paid but the fixed amount; nobody to divide it by, and no revenue.
    plan = by_team(amount=0, policies={"customer_success": {"fixed_per_month": 30}})
    nothing: Line = ((None, None), None)
    costs = budget(plan)
    assert [costs[COST, ""], costs[SHARE, ""], costs[CAC, ""], costs[PAYBACK, ""]] == [
        ((30, 30), 60), nothing, nothing, nothing,
    ]  # fmt: skip
    codes = {row.metric.key: row.missing.code for row in plan.of() if row.missing}
    assert codes == {SHARE: "no-revenue", CAC: "no-new-paid-users", PAYBACK: "no-new-paid-users"}


def test_a_share_of_a_deal_is_taken_once_and_has_no_payback() -> None:
    # 10 % of a deal of 100 is 10 a customer, 50 a month; there is no ARPA to pay it back month by month.
    policies = {"sales_enterprise": {"per_new_paid_user": "10%"}}
    costs = budget(by_team(values={Key.DEAL_SIZE: 100}, model=ONE_OFF, policies=policies))
    assert [costs[COST, ""], costs[SHARE, ""], costs[CAC, ""], costs[PAYBACK, ""]] == [
        ((50, 50), 100), ((Frac(1, 10), Frac(1, 10)), Frac(1, 10)), ((10, 10), 10), ((None, None), None),
    ]  # fmt: skip


def test_a_share_of_what_is_not_known_has_no_cost() -> None:
    plan = by_team(values={}, policies={**POLICIES, "expert": {"per_new_paid_user": 1}})
    codes = {(row.metric.key, row.team): row.missing.code for row in plan.rows if row.missing}
    places = [(COST, "sales_enterprise"), *((metric, None) for metric in (COST, SHARE, CAC, PAYBACK))]
    assert [place for place, code in codes.items() if code == "no-first-year-revenue"] == places
    assert budget(plan)[COST, "expert"] == ((5, 5), 10)


def test_no_policy_is_no_cost_row_and_not_0() -> None:
    plan = by_team()
    assert budget(plan) == {}
    assert unsaid(notes(plan)["no-policy-set"], "no policy set", "[policies] in funnel.toml") == []


def test_a_fixed_amount_is_paid_though_the_teams_channels_bring_nobody() -> None:
    costs = budget(by_team(policies={"partner": {"fixed_per_month": 30}}))  # the mix has no partner
    assert (costs[COST, "partner"], costs[COST, ""]) == (((30, 30), 60), ((30, 30), 60))


def test_what_is_paid_for_a_visit_has_no_cost_where_visits_are_left_out() -> None:
    values: dict[AnyKey, Frac | int | None] = {**FROM_NOTHING, Key.VISITOR_TO_SIGNUP: None}
    costs = budget(by_team(values=values, policies={"marketing": {"per_visit": 1}}))
    assert costs[COST, "marketing"] == ((None, None), None)


def test_an_empty_policy_is_no_policy() -> None:
    assert budget(by_team(policies={"partner": {}}))[COST, "partner"] == ((None, None), None)


def test_retention_has_one_owner() -> None:
    keeper = Team.read({"retention": True})
    with pytest.raises(ConfigError, match="both a and b"):
        ownership({"a": keeper, "b": keeper})


def test_what_retention_owes_of_a_range() -> None:
    # Opening 25, then 25 - 2.5 + 5 = 27.5; a tenth is lost of each: 2.5 and 2.75, together 5.25.
    retention = lines(by_team(values={Key.OPENING: 25, Key.CHURN: Frac(1, 10)}), team="customer_success")
    assert retention == {
        # The running totals 2.5 and 5.25 down to 2 and 5.
        "allowed_churned_paid_users": ((2, 3), 5),
        # 22.5 and 24.75 up: the range owes those of its last month, who are partly the same people.
        "required_renewed_paid_users": ((23, 25), 25),
    }


# --- fixed amounts -----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("owned", "cac"),
    [
        # 30 a month by the new customers of both months, 4 : 4 : 2; whoever owns all has them all.
        ("all", {"organic": Frac(24, 4), "paid": Frac(24, 4), "affiliate": Frac(12, 2)}),
        (["organic", "affiliate"], {"organic": Frac(40, 4), "paid": None, "affiliate": Frac(20, 2)}),
        # The mix has no partner: what the others cost is theirs alone.
        (["partner", "paid"], {"organic": None, "paid": Frac(60, 4), "affiliate": None}),
        # Nobody of them brings anybody: half to each, and nobody to divide it by.
        (
            ["partner", "referral"],
            {"organic": None, "paid": None, "affiliate": None, "partner": None, "referral": None},
        ),
    ],
)
def test_a_fixed_amount_is_shared_by_the_customers_won(owned: object, cac: dict[str, Frac | None]) -> None:
    teams = {"sellers": Team.read({"new_paid_users": owned}), "others": Team.read({"demos": "all"})}
    plan = by_team(teams=teams, policies={"sellers": {"fixed_per_month": 30}})
    costs = budget(plan)
    assert costs[COST, "sellers"] == costs[COST, ""] == ((30, 30), 60)
    assert costs[COST, "others"] == ((None, None), None)
    assert {channel: total for (metric, channel), (_, total) in costs.items() if metric == CAC and channel} == cac
    assert costs[CAC, ""][1] == Frac(60, 10)
    why = {
        row.channel.value: row.missing.code
        for row in plan.rows
        if row.metric.key == CAC and row.channel and row.missing
    }
    idle = {"partner", "referral"} & set(cac)
    assert why == {
        channel: "no-new-paid-users" if channel in idle else "no-policy-set"
        for channel, total in cac.items()
        if total is None
    }
    # Payback goes the way of CAC: at 100 a month.
    assert {channel: total for (metric, channel), (_, total) in costs.items() if metric == PAYBACK and channel} == {
        channel: None if total is None else total / 100 for channel, total in cac.items()
    }


def test_a_team_that_owns_no_new_customers_is_paid_by_what_it_owns() -> None:
    # It owns the demos of paid alone: its fixed amount is paid for that channel.
    teams = {"callers": Team.read({"demos": ["paid"]})}
    costs = budget(by_team(teams=teams, policies={"callers": {"fixed_per_month": 30, "per_new_paid_user": 5}}))
    # Of 4 customers 5 each, 2 a month, beside 30.
    assert costs[COST, "callers"] == ((40, 40), 80)
    assert costs[CAC, "paid"] == ((20, 20), 20)
    assert costs[CAC, "organic"] == ((None, None), None)


def test_months_without_new_customers_have_no_cac_and_the_range_has() -> None:
    # One customer in January: 30 a month, 60 for it; nobody in February.
    plan = by_team(amount=1, policies={"customer_success": {"fixed_per_month": 30}})
    costs = budget(plan)
    why = {row.metric.key: row.missing.code for row in plan.of() if row.missing}
    assert why == {CAC: "no-new-paid-users", PAYBACK: "no-new-paid-users"}  # of February
    assert costs[CAC, ""] == ((30, None), 60)
    assert costs[PAYBACK, ""] == ((Frac(3, 10), None), Frac(6, 10))
    # A base of one customer brings 100 in January and, for nobody leaves, in February.
    assert costs[SHARE, ""] == ((Frac(30, 100), Frac(30, 100)), Frac(60, 200))


def test_the_channels_a_team_is_paid_for() -> None:
    teams = {
        "sellers": Team.read({"demos": ["paid", "organic"], "signups": ["affiliate"]}),
        "keepers": Team.read({"retention": True}),
    }
    owners = ownership(teams)
    assert (owners.teams, owners.retention) == (("sellers", "keepers"), ("keepers",))
    assert owners.channels_of("sellers", "demos") == (PAID, ORGANIC)
    # Of what it owns nothing of: all that it owns anything of, in the order of the channels.
    assert owners.channels_of("sellers", "new_paid_users") == (ORGANIC, PAID, AFFILIATE)
    assert owners.channels_of("keepers", "demos") == NAMED_CHANNELS
