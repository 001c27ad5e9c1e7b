"""What ``targets`` writes, ``track`` reads back to the same targets: every format and layout, both languages."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction as Frac

import pytest

from answers import plan_of
from funnelcli.answers.layout import Layout
from funnelcli.answers.targets_answer import targets_answer
from funnelcli.answers.targets_file import read_targets
from funnelcli.answers.targets_tables import Targets
from funnelcli.config import Team
from funnelcli.planning.declare import Kind
from funnelcli.planning.goals import REVENUE
from funnelcli.planning.keys import AnyKey, Key, RevenueModel
from funnelcli.planning.metrics import PLANNED
from funnelcli.planning.model import Plan, RowKey
from funnelcli.planning.plan import By, make_plan
from funnelcli.renderers import Style, formats
from funnelcli.text import Lang
from funnelcli.values.channels import Channel
from funnelcli.values.figures import Unit
from planned import spec

Rows = Mapping[RowKey, Mapping[str, Frac]]
MACHINE = (("csv", Layout.WIDE), ("csv", Layout.TIDY), ("tsv", Layout.WIDE), ("json", None), ("xlsx", None))
LANGS: tuple[Lang, ...] = ("en", "vi")
# Names that Markdown and delimited text must escape.
TEAMS = ("growth", "a|b", "_sales_ *1*", "R&D <x> [y]", 'a, "b"; c', r"back\slash", "đội 1", "a@b.c")


def targets_of(plan: Plan) -> Rows:
    return {
        (row.metric.key, row.channel, row.team): {
            period.key: value for period, value in zip(plan.periods, row.values, strict=True) if value is not None
        }
        for row in plan.rows
        if row.metric.tracked and any(value is not None for value in row.values)
    }


def read_back(plan: Plan, form: str, layout: Layout | None, lang: Lang) -> Targets:
    written = formats()[form].render(targets_answer(plan), Style(lang=lang, layout=layout))
    return read_targets(written, f"targets.{form}")


def assert_close(back: Rows, wanted: Rows) -> None:
    """The same targets; what is not whole is written as the nearest floating point number."""
    assert back.keys() == wanted.keys()
    for key, row in wanted.items():
        assert back[key].keys() == row.keys()
        for month, value in row.items():
            close = back[key][month]
            assert close == value if value.denominator == 1 else abs(close - value) < Frac(1, 10**9) * (value + 1)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("form", "layout"), MACHINE)
@pytest.mark.parametrize("by", list(By))
def test_rows_for_machines_are_read_back_whole(by: By, form: str, layout: Layout | None, lang: Lang) -> None:
    for team in TEAMS if by is By.TEAM else TEAMS[:1]:
        plan = plan_of(by, team=team)
        back = read_back(plan, form, layout, lang)
        assert (back.one_off, back.currency) == (False, "VND")
        assert_close(back.rows, targets_of(plan))


def shown(key: RowKey, value: Frac, unit: Unit) -> Frac:
    """A number as it stands in a table for people: expectations to a tenth, amounts of a thousand and more whole."""
    if value.denominator == 1:
        return value
    decimals = 1 if unit is not Unit.AMOUNT else 0 if value >= 1000 else 2
    return Frac(str(float(round(value, decimals))))


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize("by", list(By))
def test_markdown_is_read_back_as_it_is_shown(by: By, lang: Lang) -> None:
    for team in TEAMS if by is By.TEAM else TEAMS[:1]:
        plan = plan_of(by, team=team)
        back = read_back(plan, "md", None, lang)
        assert (back.one_off, back.currency) == (False, "VND")
        wanted = targets_of(plan)
        units = {row.metric.key: row.metric.unit for row in plan.rows}
        for key, row in back.rows.items():
            assert row == {month: shown(key, value, units[key[0]]) for month, value in wanted[key].items()}, key
        # Who pays when a month begins has no column: it is who pays when the one before ends.
        assert back.rows["planned_opening_paid_users", None, None].keys() == {period.key for period in plan.periods}
        # Everything that is planned for the whole and has a column, and for the channels or the teams.
        of_months = {row.metric.key for row in plan.rows if row.metric.by_month}
        whole = {key for key in wanted if key[0] in of_months and key[1:] == (None, None)}
        budgets = {metric.key for metric in PLANNED.values() if metric.kind is Kind.BUDGET}  # over all months at once
        parts = {key for key in wanted if key[1] and key[0] not in budgets} if by is By.CHANNEL else set()
        teams = {key for key in wanted if key[1] is None and key[2] is not None} if by is By.TEAM else set()
        assert whole | parts | teams <= back.rows.keys()
        assert (len(parts) > 0, len(teams) > 0) == (by is By.CHANNEL, by is By.TEAM)


@pytest.mark.parametrize("lang", LANGS)
@pytest.mark.parametrize(("form", "layout"), [*MACHINE, ("md", None)])
def test_revenue_of_deals_stays_that(form: str, layout: Layout | None, lang: Lang) -> None:
    values: dict[AnyKey, Frac | int | None] = {
        Key.DEMO_TO_PAID: Frac(1, 2),
        Key.SIGNUP_TO_DEMO: Frac(2, 5),
        Key.VISITOR_TO_SIGNUP: Frac(1, 25),
    }
    plan = make_plan(spec(REVENUE, 100_000, {**values, Key.DEAL_SIZE: Frac(1_000)}, model=RevenueModel.ONE_OFF))
    back = read_back(plan, form, layout, lang)
    assert back.one_off
    assert back.rows["required_new_paid_users", None, None] == {"2026-01": 50, "2026-02": 50}


@pytest.mark.parametrize("lang", LANGS)
def test_channels_and_teams_within_a_team_sheet(lang: Lang) -> None:
    """Two channels of a team stand in the sheet with ``·`` before their names, and what nobody owns in its own."""
    teams = {"x_y": Team.read({"signups": ["paid", "organic"]})}
    values: dict[AnyKey, Frac | int | None] = {
        Key.DEMO_TO_PAID: Frac(1, 2),
        Key.SIGNUP_TO_DEMO: Frac(2, 5),
        Key.VISITOR_TO_SIGNUP: Frac(1, 25),
    }
    mix = {Channel.PAID: Frac(1, 2), Channel.ORGANIC: Frac(1, 4), Channel.REFERRAL: Frac(1, 4)}
    plan = make_plan(spec(REVENUE, 800, {**values, Key.DEAL_SIZE: Frac(1)}, model=RevenueModel.ONE_OFF, by=By.TEAM,
                          mix=mix, teams=teams))  # fmt: skip
    back = read_back(plan, "md", None, lang).rows
    wanted = targets_of(plan)
    for key in (
        ("required_new_signups", None, "x_y"),
        ("required_new_signups", Channel.PAID, "x_y"),
        ("required_new_signups", Channel.ORGANIC, "x_y"),
        ("required_new_signups", None, "unassigned"),
    ):
        assert back[key] == wanted[key]
