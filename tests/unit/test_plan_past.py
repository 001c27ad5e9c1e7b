"""Plans with months that are past: parts that sum to the whole, what is planned apart from what happened, the marks."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from fractions import Fraction as Frac
from pathlib import Path

import pytest
from msgspec.structs import replace

from funnelcli.answers.layout import Layout
from funnelcli.answers.targets_answer import targets_answer
from funnelcli.answers.targets_file import read_targets
from funnelcli.config import Policy, Team
from funnelcli.planning.backsolve import fewest_by_month, growing, new_customers
from funnelcli.planning.model import AnyKey, Key, Measured, Plan, Pooled, RowKey
from funnelcli.planning.past import Past
from funnelcli.planning.plan import By, PlanSpec, make_plan
from funnelcli.planning.track import Actual
from funnelcli.renderers import Style, formats
from funnelcli.text import Lang
from funnelcli.values.channels import Channel
from funnelcli.values.figures import Missing
from planned import DEMOS, MRR, NEW, ORGANIC, PAID, RATES, REVENUE, SIGNUPS, VISITORS, WON, lines, pooled, spec
from support import run_cli

SAAS_VN = Path(__file__).parents[2] / "examples" / "saas_vn"
Values = dict[AnyKey, Frac | int | None]
UNKNOWN, PARTNER = Channel.UNKNOWN, Channel.PARTNER
STAGES = (VISITORS, SIGNUPS, DEMOS, WON)
# January, of the channels: the plan's mix knows only organic and paid.
JANUARY: Mapping[str, Mapping[Channel, int]] = {
    VISITORS: {ORGANIC: 100, PAID: 50, PARTNER: 7},
    SIGNUPS: {ORGANIC: 10, PARTNER: 3, UNKNOWN: 1},
    DEMOS: {PAID: 2, UNKNOWN: 2},
    WON: {ORGANIC: 1},
}
OWNED = {ORGANIC: "growth", PAID: "growth", PARTNER: "friends"}


def happened(keys: Sequence[RowKey]) -> dict[RowKey, dict[str, Actual]]:
    """What was of a stage in January: of the whole, of a channel, or of the channels that a team owns."""
    figures: dict[RowKey, dict[str, Actual]] = {}
    for key in keys:
        stage, channel, team = key
        parts = JANUARY.get(stage, {})
        mine = {c: n for c, n in parts.items() if channel in (None, c) and team in (None, OWNED.get(c, "unassigned"))}
        number = sum(mine.values()) if stage in JANUARY else {"planned_revenue_amount": 500}.get(stage)
        figures[key] = {"2026-01": Actual(value=None if number is None else Frac(number))}
    return figures


def with_january(plan: PlanSpec) -> PlanSpec:
    return replace(plan, past=Past(periods=plan.periods[:1], actuals=happened))


def split_plan(by: By) -> Plan:
    """Of 5 customers one was won in January: 4 in February, three quarters of them organic."""
    all_stages = ("visitors", "signups", "demos", "new_paid_users")
    teams = {
        "growth": Team.read({stage: ["organic", "paid"] for stage in all_stages}),
        "friends": Team.read({stage: ["partner"] for stage in all_stages}),
    }
    mix = {ORGANIC: Frac(3, 4), PAID: Frac(1, 4)}
    return make_plan(with_january(spec(NEW, 5, RATES, by=by, mix=mix, teams=teams)))


def test_channels_of_the_past_sum_to_the_whole() -> None:
    plan = split_plan(By.CHANNEL)
    whole = lines(plan)
    # 4 / 0.5 = 8, / 0.4 = 20, / 0.04 = 500.
    assert [whole[stage][0] for stage in STAGES] == [(157, 500), (14, 20), (4, 8), (1, 4)]
    assert lines(plan, channel=PARTNER) == {VISITORS: ((7, 0), 7), SIGNUPS: ((3, 0), 3)}
    assert lines(plan, channel=UNKNOWN) == {SIGNUPS: ((1, 0), 1), DEMOS: ((2, 0), 2)}
    for stage in STAGES:
        parts = [row.values for row in plan.rows if row.metric.key == stage and row.channel and not row.team]
        assert tuple(sum(filter(None, column)) for column in zip(*parts, strict=True)) == whole[stage][0]


def test_sheets_of_teams_of_the_past_sum_to_the_whole() -> None:
    plan = split_plan(By.TEAM)
    assert lines(plan, team="friends") == {VISITORS: ((7, 0), 7), SIGNUPS: ((3, 0), 3)}
    assert lines(plan, team="unassigned") == {SIGNUPS: ((1, 0), 1), DEMOS: ((2, 0), 2)}
    for stage in STAGES:
        sheets = [row.values for row in plan.rows if row.metric.key == stage and row.team and not row.channel]
        assert tuple(sum(filter(None, column)) for column in zip(*sheets, strict=True)) == lines(plan)[stage][0]


@pytest.mark.parametrize("by", ["channel", "team"])
def test_parts_of_real_exports_sum_to_the_whole(by: str, tmp_path: Path) -> None:
    path = tmp_path / "targets.csv"
    done = run_cli(
        "targets", SAAS_VN, "--mrr", "150tr", "--from", "2026-08", "--to", "2026-12", "--by", by, "-f", "csv",
        "--layout", "tidy", "-o", path,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    whole: dict[tuple[str, str], int] = {}
    parts: dict[tuple[str, str], int] = {}
    for line in path.read_text(encoding="utf-8-sig").splitlines()[1:]:
        period, metric, channel, team, *_, value = line.split(",")[:8]
        if metric not in STAGES or period in ("goal", "total"):
            continue
        if by == "team" and channel:
            continue  # a part of a team's
        to = parts if channel or team else whole
        to[period, metric] = to.get((period, metric), 0) + int(value)
    assert len(whole) == 5 * 4
    assert {key: number for key, number in whole.items() if number != parts.get(key, 0)} == {}


# --- what is planned, apart from what happened ---------------------------------------------------------------------


def page(plan: Plan, form: str = "md", lang: Lang = "en") -> str:
    return formats()[form].render(targets_answer(plan), Style(lang=lang)).decode("utf-8")


def test_the_budget_is_held_against_the_revenue_of_the_months_planned() -> None:
    """January brought 500 of 1,000: the budget of February and March is held against what these two bring."""
    values: Values = {
        **RATES,
        Key.OPENING: 4,
        Key.OPENING_MRR: 200,
        Key.CHURN: 0,
        Key.NEW_ARPA: 10,
    }
    policy = {"growth": Policy.read({"per_demo": 10})}
    teams = {"growth": Team.read({"demos": "all"})}
    wanted = spec(REVENUE, 1_000, values, months=3, by=By.TEAM, mix={ORGANIC: Frac(1)}, teams=teams, policies=policy)
    plan = make_plan(with_january(wanted))
    cost = next(row for row in plan.rows if row.metric.key == "planned_cost_amount" and row.team is None)
    revenue = lines(plan)["planned_revenue_amount"][0]
    assert revenue[0] == 500
    assert cost.total is not None
    share = cost.total / sum((value or Frac(0) for value in revenue[1:]), Frac(0))
    shown = re.search(r"\| Total +\|(.*)\|", page(plan).split("### Policy budget")[1])
    assert shown is not None
    assert f"{float(share):.1%}" in shown[1]
    assert next(row.total for row in plan.rows if row.metric.key == "planned_cost_rate") == share


def test_what_begins_with_the_planned_months_says_so() -> None:
    values: Values = {
        **RATES,
        Key.OPENING: 50,
        Key.OPENING_MRR: 500,
        Key.CHURN: 0,
        Key.NEW_ARPA: 10,
    }
    past, none = make_plan(with_january(spec(MRR, 600, values))), make_plan(spec(MRR, 600, values))
    assert ("PU when the planned months begin" in page(past), "PU when the plan begins" in page(none)) == (True, True)
    assert "what is then needed of the months planned" in page(past)
    assert "of the months planned" not in page(none)
    assert "* Jan 2026 is past: what happened stands there; Feb 2026 is planned" in page(past).replace("\\", "")
    assert [line.split("|")[1].strip() for line in page(past).split("Quotas by month")[1].splitlines()[4:7]] == [
        r"Jan 2026\*", "Feb 2026", "Total",
    ]  # fmt: skip


# --- the marks -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("lang", ["en", "vi"])
@pytest.mark.parametrize(
    ("form", "layout"),
    [("csv", Layout.WIDE), ("csv", Layout.TIDY), ("tsv", Layout.WIDE), ("json", None), ("xlsx", None), ("md", None)],
)
def test_the_past_is_read_back_as_past(form: str, layout: Layout | None, lang: Lang) -> None:
    plan = split_plan(By.CHANNEL)
    targets = read_targets(formats()[form].render(targets_answer(plan), Style(lang=lang, layout=layout)), f"t.{form}")
    assert {month for row in targets.rows.values() for month in row} == {"2026-02"}
    assert {month for row in targets.past.values() for month in row} == {"2026-01"}
    assert targets.rows[WON, None, None] == {"2026-02": 4}
    assert targets.past[WON, None, None] == {"2026-01": 1}
    assert targets.past[SIGNUPS, PARTNER, None] == {"2026-01": 3}


def test_nothing_is_judged_by_what_happened(tmp_path: Path) -> None:
    """Saved with September and October past, their actual figures would meet themselves; November has only begun."""
    path = tmp_path / "targets.csv"
    made = run_cli("targets", SAAS_VN, "--mrr", "150tr", "--from", "2026-09", "--to", "2027-02", "-o", path)
    assert made.returncode == 0, made.stderr
    track = ("track", SAAS_VN, "--targets", path, "--metric", "new_signups")
    shown = run_cli(*track, "--from", "2026-09", "--to", "2026-11", "-f", "csv")
    cells = [line.split(",") for line in shown.stdout.splitlines()[1:]]
    # 283 in September, 300 in October: no target, nothing to go; the total is of November alone.
    assert [(cell[0], cell[6], cell[7]) for cell in cells] == [
        ("2026-09", "283", ""), ("2026-10", "300", ""), ("2026-11", "", "314"), ("total", "", "314"),
    ]  # fmt: skip
    judged = run_cli(*track, "--month", "2026-10", "--fail-under", "90%")
    assert (judged.returncode, "2026-10: no target to judge by" in judged.stderr) == (6, True)
    assert "Past when the targets were made: Oct 2026" in judged.stdout


# --- each month rounded by itself ----------------------------------------------------------------------------------


def test_the_fewest_of_months_that_are_each_rounded() -> None:
    """226 in fourteen months growing by half: of the shares of 226 rounded up too many come, of a smaller total not."""
    new = fewest_by_month(new_customers(Frac(226), 14), growing(14, Frac(1, 2)))
    assert new == [1, 1, 1, 2, 2, 3, 5, 7, 10, 15, 22, 33, 50, 74]
    assert sum(new) == 226
    # Alike months step together: 4 of 3 months are 2 each.
    assert fewest_by_month(new_customers(Frac(4), 3), [Frac(1, 3)] * 3) == [2, 2, 2]
    assert fewest_by_month(new_customers(Frac(0), 2), [Frac(1, 2)] * 2) == [0, 0]
    # A month without a share gets nobody.
    assert fewest_by_month(new_customers(Frac(2), 2), [Frac(0), Frac(1)]) == [0, 2]


# --- what stands for nothing, and whom a rate leaves out -------------------------------------------------------------


def test_a_stage_passed_by_stands_for_nothing() -> None:
    """Partner never had a signup: its two visits in eight lead nowhere, and no rate of them is filled up."""
    measured = Measured(
        pooled={Key.DEMO_TO_PAID: pooled(1, 2), Key.SIGNUP_TO_DEMO: pooled(2, 5), Key.VISITOR_TO_SIGNUP: pooled(1, 25)},
        of_channel={
            ORGANIC: {Key.DEMO_TO_PAID: pooled(30, 60), Key.SIGNUP_TO_DEMO: pooled(60, 150), **OF_VISITS},
            PARTNER: {Key.DEMO_TO_PAID: pooled(30, 60), Key.VISITOR_TO_SIGNUP: pooled(0, 8)},
        },
        ever={SIGNUPS: frozenset({ORGANIC}), VISITORS: frozenset({ORGANIC, PARTNER})},
    )
    plan = make_plan(spec(NEW, 8, {}, measured=measured, by=By.CHANNEL, mix={ORGANIC: Frac(1, 2), PARTNER: Frac(1, 2)}))
    assert [note.text.of("en") for note in plan.notes if "Partner" in note.text.of("en")] == [
        "Partner never had any signups: it is planned without."
    ]
    shown = page(plan)
    assert re.search(r"\| Partner +\| +50.0% \| +50.0% \(30/60\) \| +– \| +– \|", shown)
    # 2 customers a month of each, 4 demos, 10 signups and 250 visits of organic.
    assert re.search(r"\| Jan 2026 +\| +10 \| +10 \| +– \|", shown.split("New signups")[1])
    assert re.search(r"\| Jan 2026 +\| +250 \| +250 \| +– \|", shown.split("Net new visitors")[1])
    assert lines(plan, channel=PARTNER)[SIGNUPS] == ((0, 0), 0)


OF_VISITS: dict[AnyKey, Pooled | Missing] = {Key.VISITOR_TO_SIGNUP: pooled(150, 3_750)}


def test_a_churn_rate_of_the_opening_says_whom_it_leaves_out(tmp_path: Path) -> None:
    """Of ten in January three joined and left in February, and one left and came back."""
    rows = [*(f"s{n},2026-01-01,," for n in range(9)), "g,2026-01-01,2026-02-10,", "g,2026-02-20,,", "z,2026-02-28,,"]
    rows += [f"j{n},2026-02-02,2026-02-12," for n in range(3)]
    (tmp_path / "paid_users.csv").write_text("\n".join(["user_id,started_at,ended_at,source", *rows]) + "\n")
    (tmp_path / "funnel.toml").write_text('[churn]\nmethod = "opening"\n')
    command = ("targets", tmp_path, "--paid-users", "40", "--from", "2026-03", "--to", "2026-04")
    more = ("--as-of", "2026-02-28", "--demo-to-paid", "50%", "--signup-to-demo", "50%", "--visitor-to-signup", "none")
    measured, given = run_cli(*command, *more), run_cli(*command, *more, "--churn", "5%")
    assert (measured.returncode, given.returncode) == (0, 0), measured.stderr + given.stderr
    text = " ".join(measured.stdout.split())
    assert "In the months measured 3 joined and left within one period" in text
    assert "In the months measured 1 left and came back within one period" in text
    assert "joined and left" not in given.stdout


def test_past_months_of_the_range_are_known_best_months() -> None:
    """Of the example's last twelve months October had most demos, 77: in a plan from September on it is past."""
    done = run_cli("targets", SAAS_VN, "--mrr", "180tr", "--from", "2026-09", "--to", "2027-02")
    assert re.search(r"Demo bookings needed in Nov 2026: .* \(77 in Oct 2026\)", " ".join(done.stdout.split()))


def test_amounts_that_miss_their_target_are_said_without_decimals(tmp_path: Path) -> None:
    """The MRR of October is 119,000,000: 119 / 140 = 85.0 % of 140,000,000.8503."""
    path = tmp_path / "targets.csv"
    path.write_text("metric,2026-10\nclosing_mrr_amount,140000000.8503\n", encoding="utf-8")
    done = run_cli("track", SAAS_VN, "--targets", path, "--month", "2026-10", "--fail-under", "90%")
    assert (done.returncode, "119,000,000 is 85.0% of 140,000,001." in done.stderr) == (6, True), done.stderr
