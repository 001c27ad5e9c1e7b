"""Plans and comparisons keep the contract of every renderer: all figures, nothing hostile, the same bytes, it fits."""

from __future__ import annotations

import csv
import io
import json
from datetime import date
from fractions import Fraction

import pytest
from rich.cells import cell_len

from funnelcli.answers.targets_file import read_targets
from funnelcli.answers.track import Tracked
from funnelcli.config import Policy, Team
from funnelcli.planning.assume import Given, assume
from funnelcli.planning.goals import MRR
from funnelcli.planning.metrics import PLANNED
from funnelcli.planning.model import Goal, Key, Plan, RevenueModel, Shape, ShapeKind
from funnelcli.planning.plan import By, PlanSpec, WhatIf, make_plan
from funnelcli.planning.track import Actual, replan, track
from funnelcli.renderers import Format, Layout, Style, planned, tracked
from funnelcli.text import LANGS, Lang, Text
from funnelcli.values.calendars import every_day
from funnelcli.values.channels import Channel
from funnelcli.values.figures import Missing
from funnelcli.values.periods import Grain, month_of, span

HOSTILE = '[red]x[/red][/] \x1b[31mred\x1b[0m|a`b`\r\n=HYPERLINK("http://x")\u202e<b>'
PERIODS = span(month_of(date(2027, 1, 1)), month_of(date(2027, 6, 1)), Grain.MONTH)


def plan_of(by: By, *, name: str = "Example", team: str = "growth") -> Plan:
    given = {
        Key.VISITOR_TO_SIGNUP: Given(value=Fraction(1, 25), place="--visitor-to-signup"),
        Key.SIGNUP_TO_DEMO: Given(value=Fraction(1, 3), place="--signup-to-demo"),
        Key.DEMO_TO_PAID: Given(value=Fraction(2, 7), place="[plan] demo_to_paid"),
        Key.CHURN: Given(value=Fraction(3, 100), place="--churn"),
        Key.OPENING: Given(value=Fraction(80), place="--opening-paid-users"),
        Key.ARPA: Given(value=Fraction(2_500_000), place="--arpa"),
    }
    goal = Goal(kind=MRR, amount=Fraction(400_000_000))
    everything = Team.model_validate(
        dict.fromkeys(("visitors", "signups", "demos", "new_paid_users", "onboardings"), "all") | {"retention": True}
    )
    return make_plan(
        PlanSpec(
            title=Text(name, name),
            currency="VND",
            goal=goal,
            shape=Shape(kind=ShapeKind.GROWTH, growth=Fraction(1, 20)),
            model=RevenueModel.RECURRING,
            periods=PERIODS,
            assumptions=assume(given, None, goal, RevenueModel.RECURRING),
            by=by,
            mix={Channel.PAID: Fraction(3, 5), Channel.PARTNER: Fraction(2, 5)},
            teams={team: everything},
            policies={team: Policy.model_validate({"per_signup": 50_000, "per_new_paid_user": "10%"})},
            what_if=(WhatIf(name=name, changes={Key.DEMO_TO_PAID: Fraction(1, 2)}),),
        )
    )


def plain(value: Fraction | None) -> float | None:
    return None if value is None else float(value)


def number(text: str) -> float | None:
    return float(text) if text else None


@pytest.mark.parametrize("by", list(By))
def test_wide_csv_tidy_csv_and_json_hold_every_figure(by: By) -> None:
    plan = plan_of(by)
    keys = [*(period.key for period in PERIODS), "total"]
    figures = {
        (row.metric.key, row.channel.value if row.channel else "", row.team or "", key): plain(value)
        for row in plan.rows
        for key, value in zip(keys, (*row.values, row.total), strict=True)
    }
    assert len(figures) >= 8 * 7
    wide = csv.DictReader(io.StringIO(planned.render(plan, Format.CSV, Style())))
    assert {
        (row["metric"], row["channel"], row["team"], key): number(row[key])
        for row in wide
        if not row["origin"] and not row["variant"]
        for key in keys
    } == figures
    tidy = csv.DictReader(io.StringIO(planned.render(plan, Format.TSV, Style(layout=Layout.TIDY))), delimiter="\t")
    assert {
        (row["metric"], row["channel"], row["team"], row["period"]): number(row["value"])
        for row in tidy
        if row["period"] in keys and not row["variant"]
    } == figures
    data = json.loads(planned.render(plan, Format.JSON, Style()))
    assert (data["format"], data["format_version"]) == ("funnelcli.targets", 1)
    assert {
        (row["metric"], row["channel"] or "", row["team"] or "", key): value
        for row in data["rows"]
        for key, value in [*((cell["period"], cell["value"]) for cell in row["cells"]), ("total", row["total"])]
    } == figures


def test_the_assumptions_and_the_goal_stand_in_every_machine_format() -> None:
    plan = plan_of(By.WHOLE)
    wanted = {one.key.value: (plain(one.value), one.origin.value) for one in plan.assumptions}
    data = json.loads(planned.render(plan, Format.JSON, Style()))
    assert {one["key"]: (one["value"], one["origin"]) for one in data["assumptions"]} == wanted
    assert data["goal"] == {
        "kind": "mrr", "amount": 400_000_000, "from": "2027-01", "to": "2027-06", "model": "recurring",
        "shape": "growth", "growth": 0.05,
    }  # fmt: skip
    wide = list(csv.DictReader(io.StringIO(planned.render(plan, Format.CSV, Style()))))
    assert {
        row["metric"]: (number(row["total"]), row["origin"]) for row in wide if row["origin"] not in ("", "goal")
    } == wanted
    assert [(row["metric"], row["total"]) for row in wide if row["origin"] == "goal"] == [("mrr", "400000000")]


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("form", list(Format))
def test_hostile_names_do_no_harm(form: Format, lang: Lang) -> None:
    plan = plan_of(By.TEAM, name=HOSTILE, team=HOSTILE)
    for text in (planned.render(plan, form, Style(lang=lang)), tracked.render(track_of(plan), form, Style(lang=lang))):
        assert text == text_again(plan, form, lang, text)
        if form is Format.JSON:
            json.loads(text)
            continue
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "[red]x[/red]" in text.replace("\\", "")  # shown as it is, not taken for markup
        if form in (Format.CSV, Format.TSV):
            cells = [
                cell
                for row in csv.reader(io.StringIO(text), delimiter="\t" if form is Format.TSV else ",")
                for cell in row
            ]
            assert [cell for cell in cells if cell.startswith(("=", "@", "+")) or cell[:2] == "-="] == []
        if form is Format.MD:
            assert "<b>" not in text


def text_again(plan: Plan, form: Format, lang: Lang, text: str) -> str:
    """The same thing rendered once more."""
    other = planned.render(plan, form, Style(lang=lang))
    return (
        other
        if "funnelcli.track" not in text and other == text
        else tracked.render(track_of(plan), form, Style(lang=lang))
    )


def track_of(plan: Plan) -> Tracked:
    """The plan's targets beside made-up figures: half of each, the second month running, the demos missing."""
    targets = read_targets(planned.render(plan, Format.JSON, Style()), "targets.json").rows
    gone = Missing("no-demos-export", Text("no demos export", "không có tệp demo"))
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
        replanned=tuple(one for one in anew if one),
        cumulative=False,
        currency="VND",
        one_off=False,
        notes=(),
    )


def test_track_csv_and_json_hold_every_figure() -> None:
    found = track_of(plan_of(By.CHANNEL))
    keys = [*(period.key for period in found.periods), "total"]
    figures = {
        (row.metric.key, row.channel.value if row.channel else "", key): (
            plain(cell.actual),
            plain(cell.target),
            plain(cell.share),
        )
        for row in found.rows
        for key, cell in zip(keys, (*row.cells, row.total), strict=True)
    }
    assert len(figures) >= 8 * 4
    rows = list(csv.DictReader(io.StringIO(tracked.render(found, Format.CSV, Style()))))
    assert {
        (row["metric"], row["channel"], row["period"]): (
            number(row["actual"]),
            number(row["target"]),
            number(row["share"]),
        )
        for row in rows
        if row["period"] in keys
    } == figures
    data = json.loads(tracked.render(found, Format.JSON, Style()))
    assert (data["format"], data["format_version"]) == ("funnelcli.track", 1)
    assert {
        (row["metric"], row["channel"] or "", cell["period"]): (cell["actual"], cell["target"], cell["share"])
        for row in data["rows"]
        for cell in (*row["cells"], row["total"])
    } == figures


@pytest.mark.parametrize("width", [80, 120, 160])
@pytest.mark.parametrize("by", list(By))
def test_the_terminal_is_not_overrun(width: int, by: By) -> None:
    plan = plan_of(by)
    for text in (
        planned.render(plan, Format.TABLE, Style(width=width)),
        tracked.render(track_of(plan), Format.TABLE, Style(width=width)),
    ):
        assert max(cell_len(line) for line in text.splitlines()) <= width


def test_both_languages_say_the_same_figures() -> None:
    plan = plan_of(By.TEAM)
    english, vietnamese = (planned.render(plan, Format.MD, Style(lang=lang)) for lang in LANGS)
    assert [line.count("|") for line in english.splitlines()] == [line.count("|") for line in vietnamese.splitlines()]
    assert "Chỉ tiêu theo tháng" in vietnamese
    assert "Quotas by month" in english
