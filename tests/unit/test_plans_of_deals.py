"""Plans that go through the stages of deals: rates of those who reached them, and quotas worked out by hand."""

from __future__ import annotations

from fractions import Fraction as Frac
from itertools import accumulate, pairwise
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import funnelcli as fc
from funnelcli.planning.assume import Assumptions
from funnelcli.planning.deal_rows import deal_rows
from funnelcli.planning.keys import StageRate
from funnelcli.planning.metrics import PLANNED, deal_stages
from funnelcli.planning.model import Assumption, Origin, Plan
from funnelcli.problems import ConfigError, GoalError, UsageError
from funnelcli.text import as_text


def opened(folder: Path, **files: str) -> fc.Folder:
    for name, text in files.items():
        (folder / ("funnel.toml" if name == "config" else f"{name}.csv")).write_text(text, encoding="utf-8")
    return fc.open_folder(folder)


def whole(plan: Plan, *, team: str | None = None) -> dict[str, list[int | None]]:
    """The months of every figure of deals, by its key."""
    rows = [row for row in plan.rows if row.team == team and row.metric.key in DEALS]
    return {row.metric.key: [None if value is None else int(value) for value in row.values] for row in rows}


def rates(plan: Plan) -> dict[str, str]:
    """What each rate of deals is measured or given as."""
    known = [assumed for assumed in plan.assumptions if isinstance(assumed.key, StageRate)]
    return {
        each.key.value: f"{each.numerator}/{each.denominator}" if each.numerator is not None else f"{each.value}"
        for each in known
    }


def noted(plan: Plan) -> dict[str, str]:
    return {note.code: note.text.of("en") for note in plan.notes}


DEALS = {stage.key for stage in deal_stages()}
WITHOUT: dict[str, list[int | None]] = {key: [None] for key in DEALS}
ONE_MONTH: dict[str, Any] = {"start": "2026-07", "end": "2026-07", "as_of": "2026-06-30"}

# --- reached on both sides of a rate ---------------------------------------------------------------------------------

# Of four deals three came to the demo, one of them without one; two were won.  The fifth has not had its 90 days.
FOUR = (
    "deal_id,created_at,Date entered 'Qualify',Date entered 'Demo',closed_at,won\n"
    "d1,2026-03-01,2026-03-01,2026-03-05,2026-03-20,1\n"
    "d2,2026-03-02,2026-03-02,,2026-03-15,1\n"
    "d3,2026-03-03,2026-03-03,2026-03-10,,\n"
    "d4,2026-03-04,2026-03-04,,,\n"
    "d5,2026-06-30,2026-06-30,,,\n"
)
TWO_STAGES = '[journeys.opportunity]\nstages = ["Qualify", "Demo"]\n'


def test_who_skips_a_stage_has_reached_it(tmp_path: Path) -> None:
    """3/4 x 2/3 = 2/4: 6 won need 9 demos and 12 deals.  By who had a demo, 3/4 x 1/2, it would be 16 of them."""
    plan = opened(tmp_path, deals=FOUR, config=TWO_STAGES).targets(new_paid_users=6, **ONE_MONTH).plan
    rows = [row for row in plan.of() if row.metric.kind == "deal"]
    assert {row.metric.key: row.total for row in rows} == {
        "required_created_deals": 12, "required_entered_qualify": 12, "required_entered_demo": 9,
        "required_won_deals": 6,
    }  # fmt: skip
    said = {assumed.key.value: (assumed.numerator, assumed.denominator) for assumed in plan.assumptions}
    assert [said[f"{key}_rate"] for key in ("created_to_qualify", "qualify_to_demo", "demo_to_won")] == [
        (Frac(4), Frac(4)), (Frac(3), Frac(4)), (Frac(2), Frac(3)),
    ]  # fmt: skip
    assert noted(plan)["deal-rates"].startswith(
        "Rates of deals are of the 4 deals created in Mar 2026 that have had 90d"
    )
    assert noted(plan)["deals-skip-stages"].startswith("Some deals skip a stage (Demo 1):")
    assert "few-deals" in noted(plan)


def test_a_rate_of_own_stages_that_another_assumption_has_is_named_apart(tmp_path: Path) -> None:
    config = '[journeys.opportunity]\nstages = ["Signup", "Demo"]\n'
    plan = opened(tmp_path, deals=FOUR.replace("Qualify", "Signup"), config=config)
    result = plan.targets(new_paid_users=6, what_if="opportunity_signup_to_demo=50%", **ONE_MONTH).plan
    totals = {row.metric.key: row.total for row in result.of() if row.total is not None}
    assert totals == {
        "required_new_paid_users": 6, "required_created_deals": 12, "required_entered_opportunity_signup": 12,
        "required_entered_demo": 9, "required_won_deals": 6,
    }  # fmt: skip
    # 9 demos at a half are 18 signups, each from one deal.
    (variant,) = result.variants
    assert [variant.totals[f"required_{key}"] for key in ("created_deals", "entered_demo")] == [18, 9]
    assert "required_entered_qualify" in PLANNED  # which own stages replace only while their folder is asked


# Created on 1 March: won after 90 days exactly, in time; after 91, too late; one is lost and one is open.
EDGE = (
    "deal_id,created_at,closed_at,won\nd1,2026-03-01,2026-05-30,1\nd2,2026-03-01,2026-05-31,1\n"
    "d3,2026-03-01,2026-03-02,0\nd4,2026-03-01,,\nd5,2026-06-30,,\n"
)


@pytest.mark.parametrize(("window", "won", "late"), [("", "1/4", True), ('deal_window = "91d"\n', "2/4", False)])
def test_the_window_of_a_deal(window: str, won: str, late: bool, tmp_path: Path) -> None:
    plan = opened(tmp_path, deals=EDGE, config=f"[plan]\n{window}").targets(new_paid_users=3, **ONE_MONTH).plan
    assert rates(plan) == {"created_to_won_rate": won, "won_to_paid_rate": "1"}
    assert ("deals-won-late" in noted(plan)) is late


def test_deals_mature_on_the_day_their_window_ends(tmp_path: Path) -> None:
    """On 29 May deals of 1 March have had 89 days, on 30 May 90."""
    won, open_ones = "d1,2026-03-01,2026-03-05,1\n", "d2,2026-03-01,,\nd3,2026-05-29,,\nd4,2026-05-30,,\n"
    text = f"deal_id,created_at,closed_at,won\n{won}{open_ones}"
    folder = opened(tmp_path, deals=text)
    months: dict[str, Any] = {"start": "2026-07", "end": "2026-07", "new_paid_users": 3}
    early = folder.targets(**months, as_of="2026-05-29").plan
    assert whole(early) == {**WITHOUT, "required_won_deals": [3]}
    why = next(row.missing for row in early.of() if row.metric.key == "required_created_deals")
    assert why is not None
    assert why.reason.of("en") == "created_to_won_rate is not known: no deal has had its window yet"
    late = folder.targets(**months, as_of="2026-05-30").plan
    assert whole(late) == {**WITHOUT, "required_created_deals": [6], "required_won_deals": [3]}


def test_stages_without_dates_are_passed_by_unless_their_rates_are_given(tmp_path: Path) -> None:
    """One of four won: 3 need 12.  An export that says no stage says nothing of who came to it."""
    folder = opened(tmp_path, deals=EDGE)
    plan = folder.targets(new_paid_users=3, **ONE_MONTH).plan
    assert whole(plan) == {**WITHOUT, "required_created_deals": [12], "required_won_deals": [3]}
    assert noted(plan)["deal-stages-without-dates"].startswith(
        "No deal has a date of coming to Qualify, Discovery, Demo, Contract: the plan passes by such stages"
    )
    through = folder.targets(new_paid_users=3, deal_rates=["created_to_demo=40%", "demo_to_won=50%"], **ONE_MONTH).plan
    assert {key: values for key, values in whole(through).items() if values != [None]} == {
        "required_created_deals": [15], "required_entered_demo": [6], "required_won_deals": [3],
    }  # fmt: skip
    with pytest.raises(UsageError, match="--deal-rate created_to_won: the plan goes from no such stage to the other"):
        folder.targets(new_paid_users=3, deal_rates=["created_to_won=40%", "demo_to_won=50%"], **ONE_MONTH)


def test_what_has_no_date_has_not_come_there_and_is_said(tmp_path: Path) -> None:
    """Of four that came to the demo, by its column, one was won in time and one is won nobody knows when."""
    text = "deal_id,created_at,Date entered 'Demo',closed_at,won\n" + "".join(
        f"d{n},2026-03-01,2026-03-02,{end}\n" for n, end in enumerate(("2026-03-09,1", ",1", "2026-03-09,0", ","))
    )
    plan = opened(tmp_path, deals=f"{text}d9,2026-06-30,,,\n").targets(new_paid_users=3, **ONE_MONTH).plan
    assert rates(plan) == {"created_to_demo_rate": "4/4", "demo_to_won_rate": "1/4", "won_to_paid_rate": "1"}
    assert noted(plan)["deals-undated"] == (
        "1 of them is in a stage, or won, without a date of it: in these rates it has not come there."
    )


def test_own_stages_may_name_the_creation(tmp_path: Path) -> None:
    config = TWO_STAGES.replace('"Qualify"', '"Created", "Qualify"')
    plan = opened(tmp_path, deals=FOUR, config=config).targets(new_paid_users=6, **ONE_MONTH).plan
    assert [row.total for row in plan.of() if row.metric.kind == "deal"] == [12, 12, 9, 6]


# --- what is given ---------------------------------------------------------------------------------------------------

HALVES = [f"{stages}=50%" for stages in (
    "created_to_qualify", "qualify_to_discovery", "discovery_to_demo", "demo-to-contract", "contract_to_won_rate",
)]  # fmt: skip
FUNNEL: dict[str, Any] = {"visitor_to_signup": "none", "signup_to_demo": "50%", "demo_to_paid": "50%"}


def test_rates_may_be_given_without_deals(tmp_path: Path) -> None:
    """1 and 2 won, each stage before twice as many; running totals need no more than twice the running total."""
    folder = opened(tmp_path)
    plan = folder.targets(
        new_paid_users=3,
        start="2026-07",
        end="2026-08",
        deal_rates=[*HALVES, "won_to_paid=75%"],
        measure=False,
        **FUNNEL,
    ).plan
    # 2 and 1 new PU: 2 / 0.75 = 2.67 and 3 / 0.75 = 4 won by then.
    assert whole(plan) == {
        "required_created_deals": [96, 32], "required_entered_qualify": [48, 16],
        "required_entered_discovery": [24, 8], "required_entered_demo": [12, 4], "required_entered_contract": [6, 2],
        "required_won_deals": [3, 1],
    }  # fmt: skip
    assert rates(plan)["won_to_paid_rate"] == "3/4"
    totals = {row.metric.key: row.total for row in plan.of()}
    assert [totals["required_new_demo_bookings"], totals["required_new_signups"]] == [6, 12]


def test_settings_give_rates_and_an_option_outweighs_them(tmp_path: Path) -> None:
    config = '[plan.deal_rates]\ncreated_to_qualify = "25%"\nwon_to_paid = "80%"\n'
    folder = opened(tmp_path, config=config)
    months: dict[str, Any] = {"start": "2026-07", "end": "2026-07", "measure": False, **FUNNEL}
    plan = folder.targets(new_paid_users=4, deal_rates=HALVES, **months).plan
    assert {key: (int(values[0] or 0)) for key, values in whole(plan).items()} == {
        "required_created_deals": 160, "required_entered_qualify": 80, "required_entered_discovery": 40,
        "required_entered_demo": 20, "required_entered_contract": 10, "required_won_deals": 5,
    }  # fmt: skip
    places = {assumed.key.value: assumed.source.of("en") for assumed in plan.assumptions}
    assert places["won_to_paid_rate"] == "[plan.deal_rates] won_to_paid"
    assert places["created_to_qualify_rate"] == "--deal-rate created_to_qualify"


@pytest.mark.parametrize(
    ("rates", "error", "said"),
    [
        (["demo_to_contrct=5%"], UsageError, "'demo_to_contrct' is no rate of the opportunity. Did you mean demo_to"),
        (["demo_to_contract"], UsageError, "--deal-rate demo_to_contract:"),
        (["demo_to_contract=5%", "demo-to-contract=6%"], UsageError, "stands there twice"),
        (["contract_to_won=0%", *HALVES[:4]], GoalError, "contract_to_won_rate is 0 (--deal-rate contract_to_won)"),
    ],
)  # fmt: skip
def test_what_is_wrong_with_a_rate(rates: list[str], error: type[Exception], said: str, tmp_path: Path) -> None:
    with pytest.raises(error) as raised:
        opened(tmp_path).targets(
            new_paid_users=3, start="2026-07", end="2026-07", deal_rates=rates, measure=False, **FUNNEL
        )
    assert said in str(raised.value)


def test_without_deals_there_is_nothing_of_them(tmp_path: Path) -> None:
    folder = fc.open_folder("examples/plain")
    plan = folder.targets(new_paid_users=20, start="2026-09", end="2026-10").plan
    assert whole(plan) == {}
    assert rates(plan) == {}
    with pytest.raises(UsageError, match="'demo_to_contract_rate' is no assumption of this plan"):
        folder.targets(new_paid_users=20, start="2026-09", end="2026-10", what_if="demo_to_contract=50%")


# --- beside a funnel -------------------------------------------------------------------------------------------------


def test_where_deals_are_not_as_many_as_customers(tmp_path: Path) -> None:
    """Three began to pay in March and two deals were won: 150 %, and the plan takes one for one."""
    paid = "user_id,started_at,mrr\n" + "".join(f"c{n},2026-03-{n:02},10\n" for n in (5, 15, 20)) + "c9,2026-06-29,10\n"
    folder = opened(tmp_path, deals=FOUR, config=TWO_STAGES, paid_users=paid)
    of_march: dict[str, Any] = {"rates_from": "2026-03", "rates_to": "2026-03", **ONE_MONTH}
    plan = folder.targets(new_paid_users=6, **of_march).plan
    assert noted(plan)["deals-are-not-customers"] == (
        "Mar 2026: 3 new PU and 2 deals won, 150%. The plan takes each deal won as a new customer; "
        "--deal-rate won_to_paid=150% plans with that share."
    )
    assert noted(plan)["stages-not-planned"] == (
        "Not planned, as Demo → PU is not known (no demos export): Demos, Signups, Visitors. --demo-to-paid gives it."
    )
    given_too = folder.targets(new_paid_users=6, deal_rates="won_to_paid=150%", **of_march).plan
    assert "deals-are-not-customers" not in noted(given_too)
    assert {row.metric.key: row.total for row in given_too.of()}["required_won_deals"] == 4


def test_the_mix_is_that_of_the_deals_won_where_no_export_has_customers(tmp_path: Path) -> None:
    """Of the two that were won one came by an advertisement, the other by itself."""
    lines = [line + (",source" if line.startswith("deal_id") else ",") for line in FOUR.splitlines()]
    text = (
        "\n".join(lines).replace("2026-03-20,1,", "2026-03-20,1,google / cpc").replace("15,1,", "15,1,google / organic")
    )
    folder = opened(tmp_path, deals=text, config=TWO_STAGES)
    plan = folder.targets(new_paid_users=6, by="channel", rates_from="2026-03", rates_to="2026-03", **ONE_MONTH).plan
    assert {part.channel.value: part.share for part in plan.channels} == {"organic": Frac(1, 2), "paid": Frac(1, 2)}
    assert noted(plan)["mix-of-deals"] == "The mix of channels is that of the deals won: no export has PU."
    assert {row.channel.value: row.total for row in plan.rows if row.channel} == {"organic": 3, "paid": 3}


def test_where_none_went_on_nothing_before_can_be_planned(tmp_path: Path) -> None:
    """Three came to the demo and none of them was won."""
    lost = (
        FOUR.replace("2026-03-20,1", "2026-03-20,0")
        .replace("2026-03-15,1", "2026-03-15,0")
        .replace("02,,", "02,2026-03-04,")
    )
    plan = opened(tmp_path, deals=lost, config=TWO_STAGES).targets(new_paid_users=6, **ONE_MONTH).plan
    rows = {row.metric.key: row for row in plan.of() if row.metric.kind == "deal"}
    assert [rows[f"required_{key}"].total for key in ("created_deals", "entered_demo", "won_deals")] == [None, None, 6]
    why = rows["required_created_deals"].missing
    assert why is not None
    assert why.reason.of("en") == "demo_to_won_rate: none of 3 went on"


def test_a_workbook_works_the_stages_out_again(tmp_path: Path) -> None:
    config = f'{TWO_STAGES}[plan.mix]\npaid = "100%"\n'
    result = opened(tmp_path, deals=FOUR, config=config).targets(new_paid_users=6, by="team", **ONE_MONTH)
    (tmp_path / "plan.xlsx").write_bytes(result.to_bytes("xlsx"))
    book = openpyxl.load_workbook(tmp_path / "plan.xlsx")
    made = {
        sheet: {
            str(row[0].value): str(row[1].value) for row in book[sheet].iter_rows() if row[0].value and len(row) > 1
        }
        for sheet in ("Targets", "Teams")
    }
    demo, won = "Demo: deals that must get there", "Deals that must be won"
    assert "/asm_demo_to_won_rate," in made["Targets"][demo]
    assert "/asm_won_to_paid_rate," in made["Targets"][won]
    assert made["Teams"][demo].startswith("='Targets'!")


# --- teams -----------------------------------------------------------------------------------------------------------

TEAMS = (
    f'{TWO_STAGES}[plan.mix]\npaid = "100%"\n[teams.presales]\ndeals = ["Demo"]\n'
    '[teams.sales]\ndeals = ["created", "won"]\nnew_paid_users = "all"\n'
)


def test_a_stage_is_of_its_team_and_what_no_team_owns_is_shown(tmp_path: Path) -> None:
    plan = opened(tmp_path, deals=FOUR, config=TEAMS).targets(new_paid_users=6, by="team", **ONE_MONTH).plan
    of_teams = {
        team: {row.metric.key: row.total for row in plan.rows if row.team == team and row.channel is None}
        for team in ("presales", "sales", "unassigned")
    }
    assert of_teams == {
        "presales": {"required_entered_demo": 9},
        "sales": {"required_new_paid_users": 6, "required_created_deals": 12, "required_won_deals": 6},
        "unassigned": {"required_entered_qualify": 12},
    }


@pytest.mark.parametrize(
    ("stages", "said"),
    [
        ('["Dmo"]', "[teams.more] deals: the opportunity has no stage 'Dmo'. Did you mean demo?"),
        ('"all"', "[teams] deals: created belongs to both sales and more."),
    ],
)
def test_teams_that_contradict(stages: str, said: str, tmp_path: Path) -> None:
    folder = opened(tmp_path, deals=FOUR, config=f"{TEAMS}[teams.more]\ndeals = {stages}\n")
    with pytest.raises(ConfigError) as raised:
        folder.targets(new_paid_users=6, by="team", **ONE_MONTH)
    assert said in str(raised.value)


# --- and back --------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("ending", ["csv", "tidy.csv", "json", "md", "xlsx"])
@pytest.mark.parametrize("lang", ["en", "vi"])
def test_track_reads_them_back_beside_what_happened(ending: str, lang: str, tmp_path: Path) -> None:
    """March is planned as on 28 February; on 20 March four were created, two had a demo and two were won."""
    before = "d0,2025-10-01,2025-10-02,2025-10-03,2025-10-04,1\nd00,2026-02-28,,,,\n"
    folder = opened(tmp_path, deals=FOUR + before, config=TWO_STAGES)
    result = folder.targets(new_paid_users=6, start="2026-03", end="2026-04", as_of="2026-02-28")
    name = f"targets.{ending.rpartition('.')[2]}"
    (tmp_path / name).write_bytes(
        result.to_bytes(ending.rpartition(".")[2], lang=lang, layout="tidy" if "tidy" in ending else None)
    )
    rows = folder.track(targets=tmp_path / name, month="2026-03", as_of="2026-03-20").tracked.rows
    (*_, pace) = [row.cells[0].pace for row in rows]
    assert pace is not None
    assert pace.elapsed == Frac(20, 31)
    deals = {row.metric.key: row.cells[0] for row in rows if row.metric.kind == "deal"}
    assert {key: [cell.actual, cell.target] for key, cell in deals.items()} == {
        "required_created_deals": [4, 3], "required_entered_qualify": [4, 3], "required_entered_demo": [2, 3],
        "required_won_deals": [2, 3],
    }  # fmt: skip


# --- laws ------------------------------------------------------------------------------------------------------------

SHARES = st.integers(1, 40).flatmap(lambda below: st.integers(1, below).map(lambda above: Frac(above, below)))
CHAINS = st.lists(SHARES, min_size=len(deal_stages()), max_size=len(deal_stages()))


def assumed(shares: list[Frac]) -> Assumptions:
    """The rates from the deals won back to those created."""
    keys = [stage.rate for stage in deal_stages() if stage.rate is not None]
    return {
        key: Assumption(key=key, value=share, origin=Origin.GIVEN, source=as_text(""))
        for key, share in zip(keys, shares, strict=True)
    }


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(0, 60), min_size=1, max_size=5), CHAINS)
def test_the_chain_multiplies_and_no_stage_asks_for_one_too_many(new: list[int], shares: list[Frac]) -> None:
    rows = {
        row.metric.key: [int(value or 0) for value in row.values]
        for row in deal_rows(new, assumed(shares), deal_stages())
    }
    chain = [new, *(rows[stage.key] for stage in deal_stages())]
    for share, (later, stage) in zip(shares, pairwise(chain), strict=True):
        for need, there in zip(accumulate(later), accumulate(stage), strict=True):
            assert there * share >= need  # forward, every running total is reached,
            assert max(there - 1, 0) * share < need or there == 0  # and one fewer would not do
    # The whole: created x the product of all rates is the goal, within one of each stage taken on from there.
    product, slack = Frac(1), Frac(0)
    for share in shares:
        product *= share
        slack += product
    assert sum(new) <= sum(chain[-1]) * product < sum(new) + slack


def test_track_says_who_passed_a_stage_by(tmp_path: Path) -> None:
    """Targets count a deal that skips a stage as having come to it, its actual figure does not."""
    rows = "a,2026-03-02,2026-03-05,2026-03-09,\nb,2026-03-03,,2026-03-10,\nc,2026-03-03,2026-03-04,,\n"
    (tmp_path / "deals.csv").write_text(
        "deal_id,created_at,Date entered Qualify,Date entered Demo,closed_at\n" + rows, encoding="utf-8"
    )
    targets = "metric,2026-03\nrequired_entered_qualify,5\nrequired_entered_demo,4\n"
    (tmp_path / "targets.csv").write_text(targets, encoding="utf-8")
    tracked = fc.open_folder(tmp_path).track(tmp_path / "targets.csv", month="2026-03", as_of="2026-03-31").tracked
    assert {row.metric.key: row.cells[0].actual for row in tracked.rows} == {
        "required_entered_qualify": 2, "required_entered_demo": 2,
    }  # fmt: skip
    [note] = [note.text.of("en") for note in tracked.notes if note.code == "deals-passed-by"]
    assert "Qualify (deals) 1): targets" in note
