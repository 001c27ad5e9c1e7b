"""A planned figure and a goal that only these tests declare work all the way through, and nothing lists them."""

from __future__ import annotations

import ast
import csv
import io
import json
from collections.abc import Container
from datetime import UTC, datetime
from fractions import Fraction as Frac
from pathlib import Path

import pytest
import typer
from msgspec.structs import replace

from funnelcli.answers.answer import Answer
from funnelcli.answers.catalogue import find
from funnelcli.answers.plan_options import read_goal
from funnelcli.answers.targets_answer import targets_answer
from funnelcli.answers.targets_file import read_targets
from funnelcli.answers.targets_loaded import NamedTargets
from funnelcli.answers.track import Tracked, TrackRequest, tracked
from funnelcli.answers.track_answer import track_answer
from funnelcli.answers.track_judged import below
from funnelcli.cli.commands.targets import targets as targets_command
from funnelcli.cli.goals import with_goal_options
from funnelcli.config import Policy, Team
from funnelcli.planning import metrics
from funnelcli.planning.backsolve import Target, level_at_end
from funnelcli.planning.declare import Kind, PlannedMetric
from funnelcli.planning.goals import EITHER, GOALS, Footing, GoalType
from funnelcli.planning.lag_metrics import LAG_FIGURES
from funnelcli.planning.means_metrics import MEANS_FIGURES
from funnelcli.planning.metrics import PLANNED, deal_stages
from funnelcli.planning.model import RevenueModel, Shape, ShapeKind
from funnelcli.planning.plan import By, make_plan
from funnelcli.problems import FunnelError, GoalError, ThresholdError, UsageError
from funnelcli.renderers import Style, formats
from funnelcli.stats.tally import Tally
from funnelcli.text import Message
from funnelcli.values.figures import Unit
from planned import NEW, ORGANIC, RATES, lines, spec
from source import SOURCE, files, tree_of
from support import exports_of

ROOT = Path(__file__).parents[2]
SAAS_VN = ROOT / "examples" / "saas_vn"

# --- a planned figure --------------------------------------------------------------------------------------------

CALLS = PlannedMetric(
    key="required_welcome_calls",
    kind=Kind.QUOTA,
    label=Message("Welcome calls needed"),
    short=Message("Calls"),
    unit=Unit.CUSTOMERS,
    definition=Message("Two calls for each new PU."),
    formula="2 x required_new_paid_users",
    work=lambda course: [Frac(2 * number) for number in course.new],
    actual="new_paid_users",
    always=True,
    replanned=True,
)
STYLE = Style()


def shown(answer: Answer, form: str) -> str:
    return formats()[form].render(answer, STYLE).decode()


def compared(text: str, *, replan: bool = False) -> Tracked:
    """The example beside some targets, in October 2026, which its exports hold whole."""
    request = TrackRequest(
        month=None, first=None, last=None, by=None, metrics=(CALLS.key,), cumulative=False, replan=replan, as_of=None,
        skip_bad_rows=False,
    )  # fmt: skip
    named = NamedTargets(targets=read_targets(text, "t.csv"), name="t.csv", path=None)
    return tracked(exports_of(SAAS_VN), named, request, datetime(2026, 11, 3, tzinfo=UTC))


def test_a_figure_declared_here_is_planned_written_and_read_back() -> None:
    with PLANNED.extended(CALLS):
        plan = make_plan(spec(NEW, 5, RATES))
        # 5 new customers over two months are 3 and 2; two calls each.
        assert lines(plan)[CALLS.key] == ((6, 4), 10)
        table = shown(targets_answer(plan), "md")
        assert "| Calls |" in table.replace("  ", "")
        written = shown(targets_answer(plan), "csv")
        (row,) = [row for row in csv.DictReader(io.StringIO(written)) if row["metric"] == CALLS.key]
        assert (row["label"], row["2026-01"], row["2026-02"], row["total"]) == ("Welcome calls needed", "6", "4", "10")
        assert read_targets(written, "t.csv").rows[CALLS.key, None, None] == {"2026-01": 6, "2026-02": 4}
        document = json.loads(shown(targets_answer(plan), "json"))
        assert [row["total"] for row in document["rows"] if row["metric"] == CALLS.key] == [10]
        assert find("required-welcome-calls") is CALLS
    assert CALLS.key not in lines(make_plan(spec(NEW, 5, RATES)))
    with pytest.raises(UsageError, match="is no metric that has targets"):
        read_targets(written, "t.csv")


def test_a_figure_declared_here_is_named_compared_judged_and_replanned() -> None:
    text = "metric,2026-09,2026-10,2026-11\nCalls,20,30,40\n"
    with PLANNED.extended(CALLS):
        tracked = compared(text, replan=True)
        (row,) = tracked.rows
        # 23 new customers in October 2026, of 30.
        assert row.metric is CALLS
        assert (row.total.actual, row.total.target) == (Frac(23), Frac(30))
        assert "23 [76.7% of 30] (7 to go)" in shown(track_answer(tracked), "table")
        with pytest.raises(ThresholdError, match=r"new_paid_users 2026-10: 23 is 76\.7% of 30\."):
            below(tracked, Frac(1))
        # 20 + 30 + 40 = 90; 24 + 23 = 47 are done; 43 are left for November.
        assert [(spread.wanted, spread.done, spread.quotas) for spread in tracked.replanned] == [
            (Frac(90), Frac(47), (24, 23, 43))
        ]


@pytest.mark.parametrize(
    ("change", "says"),
    [
        ({}, "new_paid_users 2026-10: 23 is 76.7% of 30."),
        ({"judged": False}, "2026-10: no target to judge by."),
        ({"good": "down"}, "2026-10: no target to judge by."),
        ({"actual": None}, "2026-10: no target to judge by."),
    ],
)
def test_what_is_declared_decides_what_is_judged(change: dict[str, object], says: str) -> None:
    with PLANNED.extended(replace(CALLS, **change)):
        tracked = compared(f"metric,2026-10\n{CALLS.key},30\n")
        assert len(tracked.rows) == 1
        with pytest.raises(ThresholdError) as missed:
            below(tracked, Frac(1))
    assert missed.value.message == f"below 100 % of the target:\n  {says}"


def test_what_is_declared_decides_what_is_shown_spread_and_read() -> None:
    text = "metric,2026-10,2026-11\nnew_signups,1,1\n"
    with PLANNED.extended(CALLS):
        assert [row.metric.key for row in compared(text).rows] == [CALLS.key]  # always
        with pytest.raises(UsageError, match="is no metric"):
            compared("metric,2026-10\nwelcome,1\n")
        # In a whole quota, 1.200 can only be thousands.
        assert read_targets("metric,2026-10\nCalls,1.200\n", "t").rows == {(CALLS.key, None, None): {"2026-10": 1200}}
    with PLANNED.extended(replace(CALLS, always=False)):
        assert compared(text).rows == ()
    with PLANNED.extended(replace(CALLS, replanned=False)):
        assert compared("metric,2026-10,2026-11\nCalls,30,40\n", replan=True).replanned == ()
    with PLANNED.extended(replace(CALLS, kind=Kind.EXPECTED)), pytest.raises(UsageError, match="could be thousands"):
        read_targets("metric,2026-10\nCalls,1.200\n", "t")
    with PLANNED.extended(replace(CALLS, tracked=False)), pytest.raises(UsageError, match="holds no target"):
        read_targets(f"metric,2026-10\n{CALLS.key},30\n", "t")
    with (
        PLANNED.extended(replace(CALLS, tracked=False)),
        pytest.raises(UsageError, match="no figure to compare 'Calls' with"),
    ):
        read_targets("metric,2026-10\nCalls,30\n", "t")


def test_a_figure_declared_here_is_owned_and_paid_for() -> None:
    owned = replace(CALLS, work=None, quota_of=NEW_KEY, owner="new_paid_users", paid_by="per_demo")
    teams = {"sales": Team(new_paid_users="all")}
    policies = {"sales": Policy.read({"per_demo": 7})}
    with PLANNED.extended(owned):
        plan = make_plan(spec(NEW, 5, RATES, by=By.TEAM, mix={ORGANIC: Frac(1)}, teams=teams, policies=policies))
        assert lines(plan, team="sales")[CALLS.key] == ((3, 2), 5)
        # 7 for each of 5 calls and, as the declaration of demos has it, of 10 demos (all its channels', 5 / 50 %).
        assert lines(plan, team="sales")["planned_cost_amount"][1] == 7 * 5 + 7 * 10


NEW_KEY = "required_new_paid_users"

# --- what is built in --------------------------------------------------------------------------------------------


def test_what_the_figures_of_a_plan_are() -> None:
    said = {
        key: " ".join(
            word
            for word, holds in {
                "always": metric.always, "by_channel": metric.by_channel,
                "judged": metric.judged and metric.good == "up", "replanned": metric.replanned,
                "tracked": metric.tracked, "whole": metric.whole, "adds_up": metric.adds_up,
                "by_month": metric.by_month, "recurs": metric.actual_recurs,
                metric.pace.value if metric.pace else "no pace": True,
                f"[{metric.owner}]": metric.owner is not None,
            }.items()
            if holds
        )
        for key, metric in PLANNED.items()
    }  # fmt: skip
    stage = "always by_channel judged replanned tracked whole adds_up by_month share"
    assert said == {
        "required_net_new_visitors": f"{stage} [visitors]",
        "required_new_signups": f"{stage} [signups]",
        "required_new_demo_bookings": f"{stage} [demos]",
        "required_new_paid_users": f"{stage} [new_paid_users]",
        **dict.fromkeys((figure.key for figure in LAG_FIGURES), "adds_up share"),
        "planned_opening_paid_users": "always tracked opening",
        "expected_churned_paid_users": "always tracked adds_up by_month share",
        "planned_closing_paid_users": "always judged tracked by_month base",
        "planned_revenue_amount": "always judged tracked adds_up by_month recurs base",
        "allowed_churned_paid_users": "tracked whole adds_up by_month share [retention]",
        "required_renewed_paid_users": "tracked whole by_month base [retention]",
        "required_onboardings": "tracked whole adds_up by_month share [onboardings]",
        **dict.fromkeys((figure.key for figure in MEANS_FIGURES if figure.total == "sum"), "adds_up share"),
        **dict.fromkeys((figure.key for figure in MEANS_FIGURES if figure.total != "sum"), "share"),
        "planned_cost_amount": "tracked adds_up share",
        "cost_difference_amount": "adds_up share",
        "planned_cost_rate": "tracked no pace",
        "planned_cac_amount": "tracked no pace",
        "planned_payback_months": "tracked no pace",
        **dict.fromkeys((stage.key for stage in deal_stages()), "judged replanned tracked whole adds_up share"),
    }


# --- a goal ------------------------------------------------------------------------------------------------------


def _more_than_now(amount: Frac, on: Footing) -> Target:
    opening, churn = on.base()
    return level_at_end(opening + amount, on.months, opening=opening, churn=churn)


MORE = GoalType(
    key="more_paid_users",
    metavar="N",
    help="Goal: so many more customers at the end than at the start.",
    label=Message("{amount} more paid users by {last}"),
    unit=Unit.CUSTOMERS,
    target=_more_than_now,
    tally=lambda model: Tally.AT_END,
    based_on=EITHER,
    at_end=True,
)
OPTIONS = ("--opening-paid-users", "100", "--churn", "10%", "--visitor-to-signup", "4%", "--signup-to-demo", "20%",
           "--demo-to-paid", "25%", "--from", "2027-01", "--to", "2027-02")  # fmt: skip


def run(capsys: pytest.CaptureFixture[str], *arguments: str) -> str:
    """``targets`` with the options of the goals as they are declared now; in this process."""
    app = typer.Typer(rich_markup_mode=None, add_completion=False)
    app.command()(with_goal_options(targets_command.__wrapped__))  # type: ignore[attr-defined]
    app(list(arguments), standalone_mode=False)
    return capsys.readouterr().out


def test_a_goal_declared_here_is_an_option_and_makes_a_plan(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with GOALS.extended(MORE):
        assert "--more-paid-users N" in run(capsys, "--help")
        document = json.loads(run(capsys, "--more-paid-users", "10", *OPTIONS, "-f", "json"))
        assert (document["goal"]["kind"], document["goal"]["amount"]) == ("more_paid_users", 10)
        # 110 at the end: of 100, 81 stay; 16 x 0.9 + 15 = 29.4 more do, and 15 x 0.9 + 15 = 28.5 would not.
        won = next(row for row in document["rows"] if row["metric"] == NEW_KEY)
        assert [cell["value"] for cell in won["cells"]] == [16, 15]
        assert "Goal: 10 more paid users by Feb 2027" in run(capsys, "--more-paid-users", "10", *OPTIONS)
        first = csv.DictReader(io.StringIO(run(capsys, "--more-paid-users", "10", *OPTIONS, "-f", "csv")))
        assert (next(first)["metric"], next(first)["origin"]) == ("more_paid_users", "given")
        with pytest.raises(UsageError, match="--mrr and --more-paid-users are two goals"):
            run(capsys, "--mrr", "5", "--more-paid-users", "10", *OPTIONS)
        with pytest.raises(UsageError, match=r"--more-paid-users: '1\.5' is not a whole number"):
            run(capsys, "--more-paid-users", "1.5", *OPTIONS)
        with pytest.raises(UsageError) as none:
            run(capsys, *OPTIONS)
        assert str(none.value.hint).endswith("--new-paid-users, --more-paid-users.")
        # At most 10 a month: 110 customers lose 11, so no base above 10 / 10 % = 100 holds.
        with pytest.raises(GoalError) as refused:
            run(capsys, "--more-paid-users", "10", "--max-new-paid-users", "10", *OPTIONS)
        assert "customers can never exceed 10 / 10.00% = 100, and the goal is 110" in refused.value.message
    with pytest.raises(Exception, match="No such option: --more-paid-users"):
        run(capsys, "--more-paid-users", "10", *OPTIONS)


def test_a_goal_is_refused_in_a_revenue_model_it_is_not_declared_for(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    with GOALS.extended(replace(MORE, models=frozenset([RevenueModel.RECURRING]))):
        with pytest.raises(FunnelError) as refused:
            run(capsys, "--more-paid-users", "10", "--deal-size", "5", *OPTIONS)
        assert (refused.value.message, refused.value.hint) == (
            "--more-paid-users is recurring revenue: it has --arpa, not --deal-size.",
            "Use --revenue, or --arpa.",
        )
    with GOALS.extended(replace(MORE, unit=Unit.AMOUNT)):
        steady = Shape(kind=ShapeKind.STEADY)
        goal = read_goal({"more_paid_users": "1.5tr"}, steady, spec(NEW, 1, RATES).periods)
        assert goal.amount == 1_500_000  # an amount, no whole number


def test_a_key_is_declared_once() -> None:
    with pytest.raises(ValueError, match="declared twice"), PLANNED.extended(replace(CALLS, key=NEW_KEY)):
        pass


# --- nothing else lists them -------------------------------------------------------------------------------------

DECLARED_IN = {
    "planning/metrics.py", "planning/lag_metrics.py", "planning/means_metrics.py", "planning/deals.py",
    "planning/goals.py",
}  # fmt: skip
NAMES = {name for name, value in vars(metrics).items() if isinstance(value, PlannedMetric)}


def _imported(tree: ast.AST) -> set[str]:
    """The declarations that a module knows by name; an input may be called the same."""
    froms = [node for node in ast.walk(tree) if isinstance(node, ast.ImportFrom)]
    return {name.name for node in froms if node.module == "funnelcli.planning.metrics" for name in node.names} & NAMES


def _is_of_a_goal(node: ast.AST) -> bool:
    """Whether ``goal.kind`` is written in it; what has no such name in it need not be written out for that."""
    names = {part.attr if isinstance(part, ast.Attribute) else str(part.value)
             for part in ast.walk(node) if isinstance(part, ast.Attribute | ast.Constant)}  # fmt: skip
    return any("kind" in name for name in names) and "goal.kind" in ast.unparse(node)


def _listed(tree: ast.AST, names: Container[str] = NAMES) -> list[str]:
    """Keys of planned figures written out, and collections or comparisons of several declarations or of goals."""
    places: list[str] = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Constant) and isinstance(node.value, str) and node.value in PLANNED:
            places.append(f"{node.lineno}: {node.value}")
        if isinstance(node, ast.Tuple | ast.List | ast.Set | ast.Dict):
            members = node.keys if isinstance(node, ast.Dict) else node.elts
            named = [member for member in members if isinstance(member, ast.Name) and member.id in names]
            if len(named) > 1:
                places.append(f"{node.lineno}: a list of {', '.join(name.id for name in named)}")
        if isinstance(node, ast.Compare | ast.MatchValue) and _is_of_a_goal(node):
            places.append(f"{node.lineno}: {ast.unparse(node)}")
    return places


@pytest.mark.parametrize(
    ("code", "count"),
    [
        ("x = 'required_new_signups'", 1),
        ("x = (COST, CAC)", 1),
        ("x = {COST: 1, CAC: 2}", 1),
        ("if plan.goal.kind is MRR: pass", 1),
        ("match goal.kind:\n    case goal.kind.MRR: pass", 1),
        ("x = COST.key\nif model in goal.kind.models: pass\ny = (COST, 1)", 1),  # asks the declaration, yet compares
        ("x = COST.key\ny = (COST, 1)\nz = goal.kind.unit", 0),
    ],
)
def test_the_search_finds_what_it_looks_for(code: str, count: int) -> None:
    assert len(_listed(ast.parse(code))) == count


def test_no_room_lists_planned_figures_or_compares_goals() -> None:
    trees = {path.relative_to(SOURCE).as_posix(): tree_of(path) for path in files()}
    places_in = {
        name: places
        for name, tree in trees.items()
        if name not in DECLARED_IN and (places := _listed(tree, _imported(tree)))
    }
    # needs_base asks the goal's own declaration whether it is based on customers in the plan's revenue model.
    assert {name: [place.partition(": ")[2] for place in places] for name, places in places_in.items()} == {
        "planning/assume.py": ["model in goal.kind.based_on"]
    }
