"""Plans and comparisons keep the contract of every renderer: all figures, nothing hostile, the same bytes, it fits."""

from __future__ import annotations

import csv
import io
import json
from fractions import Fraction

import pytest
from rich.cells import cell_len

from answers import HOSTILE, PERIODS, plan_of, track_of
from funnelcli.answers.layout import Layout
from funnelcli.answers.targets_answer import targets_answer
from funnelcli.answers.track import Tracked
from funnelcli.answers.track_answer import track_answer
from funnelcli.planning.model import Plan
from funnelcli.planning.plan import By
from funnelcli.renderers import Style, formats
from funnelcli.text import Lang, languages


def plan_text(plan: Plan, form: str, style: Style) -> str:
    return formats()[form].render(targets_answer(plan), style).decode()


def track_text(tracked: Tracked, form: str, style: Style) -> str:
    return formats()[form].render(track_answer(tracked), style).decode()


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
    wide = csv.DictReader(io.StringIO(plan_text(plan, "csv", Style())))
    assert {
        (row["metric"], row["channel"], row["team"], key): number(row[key])
        for row in wide
        if not row["origin"] and not row["variant"]
        for key in keys
    } == figures
    tidy = csv.DictReader(io.StringIO(plan_text(plan, "tsv", Style(layout=Layout.TIDY))), delimiter="\t")
    assert {
        (row["metric"], row["channel"], row["team"], row["period"]): number(row["value"])
        for row in tidy
        if row["period"] in keys and not row["variant"]
    } == figures
    data = json.loads(plan_text(plan, "json", Style()))
    assert (data["format"], data["format_version"]) == ("funnelcli.targets", 1)
    assert {
        (row["metric"], row["channel"] or "", row["team"] or "", key): value
        for row in data["rows"]
        for key, value in [*((cell["period"], cell["value"]) for cell in row["cells"]), ("total", row["total"])]
    } == figures


def test_the_assumptions_and_the_goal_stand_in_every_machine_format() -> None:
    plan = plan_of(By.WHOLE)
    wanted = {
        assumption.key.value: (plain(assumption.value), assumption.origin.value) for assumption in plan.assumptions
    }
    data = json.loads(plan_text(plan, "json", Style()))
    assert {
        assumption["key"]: (assumption["value"], assumption["origin"]) for assumption in data["assumptions"]
    } == wanted
    assert data["goal"] == {
        "kind": "mrr", "amount": 400_000_000, "from": "2027-01", "to": "2027-06", "model": "recurring",
        "shape": "growth", "growth": 0.05,
    }  # fmt: skip
    wide = list(csv.DictReader(io.StringIO(plan_text(plan, "csv", Style()))))
    assert {
        row["metric"]: (number(row["total"]), row["origin"]) for row in wide if row["origin"] not in ("", "goal")
    } == wanted
    assert [(row["metric"], row["total"]) for row in wide if row["origin"] == "goal"] == [("mrr", "400000000")]


@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("form", [form.name for form in formats().values() if form.is_text])
def test_hostile_names_do_no_harm(form: str, lang: Lang) -> None:
    plan = plan_of(By.TEAM, name=HOSTILE, team=HOSTILE)
    for text in (plan_text(plan, form, Style(lang=lang)), track_text(track_of(plan), form, Style(lang=lang))):
        assert text == text_again(plan, form, lang, text)
        if form == "json":
            json.loads(text)
            continue
        assert "\x1b" not in text
        assert "\u202e" not in text
        assert "[red]x[/red]" in text.replace("\\", "")  # shown as it is, not taken for markup
        if form in ("csv", "tsv"):
            cells = [
                cell for row in csv.reader(io.StringIO(text), delimiter="\t" if form == "tsv" else ",") for cell in row
            ]
            assert [cell for cell in cells if cell.startswith(("=", "@", "+")) or cell[:2] == "-="] == []
        if form == "md":
            assert "<b>" not in text


def text_again(plan: Plan, form: str, lang: Lang, text: str) -> str:
    """The same thing rendered once more."""
    other = plan_text(plan, form, Style(lang=lang))
    return (
        other if "funnelcli.track" not in text and other == text else track_text(track_of(plan), form, Style(lang=lang))
    )


def test_track_csv_and_json_hold_every_figure() -> None:
    tracked = track_of(plan_of(By.CHANNEL))
    keys = [*(period.key for period in tracked.periods), "total"]
    figures = {
        (row.metric.key, row.channel.value if row.channel else "", key): (
            plain(cell.actual),
            plain(cell.target),
            plain(cell.share),
        )
        for row in tracked.rows
        for key, cell in zip(keys, (*row.cells, row.total), strict=True)
    }
    assert len(figures) >= 8 * 4
    rows = list(csv.DictReader(io.StringIO(track_text(tracked, "csv", Style()))))
    assert {
        (row["metric"], row["channel"], row["period"]): (
            number(row["actual"]),
            number(row["target"]),
            number(row["share"]),
        )
        for row in rows
        if row["period"] in keys
    } == figures
    data = json.loads(track_text(tracked, "json", Style()))
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
        plan_text(plan, "table", Style(width=width)),
        track_text(track_of(plan), "table", Style(width=width)),
    ):
        assert max(cell_len(line) for line in text.splitlines()) <= width


def test_both_languages_say_the_same_figures() -> None:
    plan = plan_of(By.TEAM)
    english, vietnamese = (plan_text(plan, "md", Style(lang=lang)) for lang in languages())
    assert [line.count("|") for line in english.splitlines()] == [line.count("|") for line in vietnamese.splitlines()]
    assert "Chỉ tiêu theo tháng" in vietnamese
    assert "Quotas by month" in english
