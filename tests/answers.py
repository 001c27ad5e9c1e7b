"""Answers for the tests of the formats: every question, made of data that means harm."""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from datetime import date
from fractions import Fraction
from pathlib import Path

from funnelcli.answers.answer import Answer
from funnelcli.answers.catalogue import find
from funnelcli.answers.catalogue_answer import catalogue_answer
from funnelcli.answers.check import Checked, file_lines
from funnelcli.answers.check_answer import check_answer
from funnelcli.answers.explain import counted_rows, explain_value
from funnelcli.answers.explain_answer import explain_answer, rows_command
from funnelcli.answers.report_answer import report_answer
from funnelcli.answers.targets_answer import targets_answer
from funnelcli.answers.targets_file import read_targets
from funnelcli.answers.track import Tracked
from funnelcli.answers.track_answer import track_answer
from funnelcli.config import Policy, Team
from funnelcli.facts.load import load
from funnelcli.metrics import CATALOGUE
from funnelcli.planning.assume import Given, assume
from funnelcli.planning.goals import MRR
from funnelcli.planning.metrics import PLANNED
from funnelcli.planning.model import AnyKey, Goal, Key, Plan, RevenueModel, Shape, ShapeKind
from funnelcli.planning.plan import By, PlanSpec, WhatIf, make_plan
from funnelcli.planning.track import Actual, replan, track
from funnelcli.reading.discover import discover, open_folder
from funnelcli.renderers import Style, formats
from funnelcli.text import Message, as_text
from funnelcli.values.calendars import every_day
from funnelcli.values.channels import SLICES, Channel
from funnelcli.values.figures import Missing
from funnelcli.values.periods import Grain, month_of, span
from support import exports_of, report_of

HOSTILE = '[red]x[/red][/] \x1b[31mred\x1b[0m|a`b`\r\n=HYPERLINK("http://x")\u202e<b>'
PERIODS = span(month_of(date(2027, 1, 1)), month_of(date(2027, 6, 1)), Grain.MONTH)


def plan_of(by: By, *, name: str = "Example", team: str = "growth") -> Plan:
    given: dict[AnyKey, Given] = {
        Key.VISITOR_TO_SIGNUP: Given(value=Fraction(1, 25), place="--visitor-to-signup"),
        Key.SIGNUP_TO_DEMO: Given(value=Fraction(1, 3), place="--signup-to-demo"),
        Key.DEMO_TO_PAID: Given(value=Fraction(2, 7), place="[plan] demo_to_paid"),
        Key.CHURN: Given(value=Fraction(3, 100), place="--churn"),
        Key.OPENING: Given(value=Fraction(80), place="--opening-paid-users"),
        Key.NEW_ARPA: Given(value=Fraction(2_500_000), place="--arpa"),
    }
    goal = Goal(kind=MRR, amount=Fraction(400_000_000))
    everything = Team.read(
        dict.fromkeys(("visitors", "signups", "demos", "new_paid_users", "onboardings"), "all") | {"retention": True}
    )
    return make_plan(
        PlanSpec(
            title=as_text(name),
            currency="VND",
            goal=goal,
            shape=Shape(kind=ShapeKind.GROWTH, growth=Fraction(1, 20)),
            model=RevenueModel.RECURRING,
            periods=PERIODS,
            assumptions=assume(given, None, goal, RevenueModel.RECURRING),
            by=by,
            mix={Channel.PAID: Fraction(3, 5), Channel.PARTNER: Fraction(2, 5)},
            teams={team: everything},
            policies={team: Policy.read({"per_signup": 50_000, "per_new_paid_user": "10%"})},
            what_if=(WhatIf(name=name, changes={Key.DEMO_TO_PAID: Fraction(1, 2)}),),
        )
    )


def track_of(plan: Plan) -> Tracked:
    """The plan's targets beside made-up figures: half of each, the second month running, the demos missing."""
    text = formats()["json"].render(targets_answer(plan), Style()).decode()
    targets = read_targets(text, "targets.json").rows
    gone = Missing("no-demos-export", Message("no demos export"))
    figures = {
        key: {
            month: Actual(value=None, missing=gone) if "demo" in key[0] else Actual(value=value / 2)
            for month, value in row.items()
        }
        for key, row in targets.items()
    }
    as_of = date(2027, 2, 14)
    keys = [key for key in targets if PLANNED[key[0]].actual]
    rows = track(keys, targets, figures, PERIODS[:3], as_of, every_day)
    anew = [
        replan(key, targets[key], figures[key], PERIODS, as_of, every_day)
        for key in keys
        if key[0] == "required_new_signups"
    ]
    return Tracked(
        title=plan.title,
        targets_name="t.csv",
        as_of=as_of,
        periods=PERIODS[:3],
        rows=tuple(rows),
        replanned=tuple(spread for spread in anew if spread),
        cumulative=False,
        currency="VND",
        one_off=False,
        notes=(),
    )


def hostile_folder(folder: Path, *, last_row: tuple[str, str, str] = ("b", "2026-02-03", "=1+1")) -> Path:
    """Exports in which the business, sources, ids and file names are hostile."""
    (folder / "funnel.toml").write_text("[business]\nname = " + json.dumps(HOSTILE), encoding="utf-8")
    with (folder / "signups [red] | =1+1.csv").open("w", newline="", encoding="utf-8") as stream:
        header = ("user_id", "signed_up_at", "source")
        csv.writer(stream).writerows([header, (HOSTILE, "2026-01-03", HOSTILE), last_row])
    return folder


def hostile_answers(folder: Path) -> Mapping[str, Answer]:
    """An answer to every question, made of hostile exports; the check also has an error to tell."""
    (good := folder / "good").mkdir()
    (bad := folder / "bad").mkdir()
    exports = exports_of(hostile_folder(good))
    january = month_of(date(2026, 1, 1))
    counted = explain_value(exports, CATALOGUE["new_signups"], january, date(2026, 2, 3), None)
    ratio = explain_value(
        exports, CATALOGUE["signup_to_demo_rate"], january, date(2026, 1, 20), SLICES[Channel.ORGANIC]
    )
    opened = open_folder(hostile_folder(bad, last_row=("b", "2026-02-31", "=1+1")))
    checked = load(opened.config, discover(opened, {})[0])
    plan = plan_of(By.TEAM, name=HOSTILE, team=HOSTILE)
    return {
        "report": report_answer(report_of(good, digests=True)),
        "split report": report_answer(report_of(good, by_channel=True)),
        "targets": targets_answer(plan),
        "track": track_answer(track_of(plan)),
        "explain rows": explain_answer(counted, counted_rows(exports, counted), command=None),
        "explain": explain_answer(ratio, None, command=rows_command(ratio, "'" + HOSTILE + "'", {})),
        "check": check_answer(Checked(files=file_lines(checked), problems=checked.problems)),
        "metrics": catalogue_answer(),
        "metric": catalogue_answer([find("new_signups")]),
    }
