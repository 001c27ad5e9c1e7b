"""A new input is one declaration: two are declared here, and nothing else of the product knows of them.

The first is a survey with a score; the second is wide: a date column a stage, either of two ids, attributes, cells that
hold a list.  They are read, checked, tallied, listed, counted, explained and rendered all the same.
"""

from __future__ import annotations

import inspect
import tomllib
from collections.abc import Iterator
from datetime import date
from pathlib import Path

import pytest

import funnelcli as fc
from funnelcli.answers.check import file_lines
from funnelcli.answers.checks import odd_findings
from funnelcli.answers.explain import counted_rows, explain_value
from funnelcli.answers.init import Answers, first_config
from funnelcli.cli.inputs import Files, with_input_options
from funnelcli.counting.counts import count
from funnelcli.counting.measures import Measure
from funnelcli.counting.parts import parts_of
from funnelcli.facts.load import load
from funnelcli.facts.model import Facts
from funnelcli.inputs import INPUTS, exports
from funnelcli.inputs.people import user
from funnelcli.inputs.spec import CellKind, Column, DateColumns, Event, Input
from funnelcli.metrics import CATALOGUE
from funnelcli.metrics.model import Flow, Metric, Ratio, Section
from funnelcli.problems import ConfigError
from funnelcli.reading.discover import discover, input_of, open_folder
from funnelcli.reading.settings import schema
from funnelcli.text import Message, as_text
from funnelcli.values.figures import Unit
from funnelcli.values.periods import month_of
from support import figures, report_of

SURVEYS = Section(key="surveys", title=Message("What they say"), rank=30)
POLLS = Input(
    name="polls",
    title=Message("polls"),
    rank=50,
    files=("poll*",),
    option_help="Polls: a file, a glob, or -.",
    columns=(
        user("who answered"),
        Column(name="answered_at", kind=CellKind.DATE, meaning="when", required=True, aliases=("ngày trả lời",)),
        Column(
            name="score", kind=CellKind.NUMBER, meaning="0 to 10", required=True, aliases=("điểm",), least=0, most=10
        ),
    ),
    events=(Event(name="answer", at="answered_at"), Event(name="score", at="answered_at", value="score")),
    people="signups",
)
ANSWERS = Measure(name="answers", plus=("answer",), when="within")
SCORES = Measure(name="scores", plus=("score",), when="within")


def metric(key: str, label: str, kind: Flow | Ratio, unit: Unit) -> Metric:
    return Metric(
        key=key, label=as_text(label), unit=unit, section=SURVEYS, kind=kind, definition=as_text(label),
        owner="customer_success", good="up",
    )  # fmt: skip


METRICS = (
    metric("survey_answers", "Answers", Flow(measure=ANSWERS, what="answers"), Unit.PEOPLE),
    metric("survey_points", "Points", Flow(measure=SCORES, what="points"), Unit.PEOPLE),
    metric(
        "points_per_answer_ratio",
        "Points an answer",
        Ratio(numerator="survey_points", denominator="survey_answers", nothing=Message("no answers")),
        Unit.PEOPLE,
    ),
)
# September: 9 + 8 = 17 points of 2 answers; October: 4 of 1.
# Line 4 gives eleven points of ten, line 6 none that is a number.
ROWS = "Ngày trả lời;Điểm;email\n30/09/2026;9;An@x.vn\n29/09/2026;8;binh@x.vn\n01/10/2026;11;chi@x.vn\n"
ROWS += "01/10/2026;4;chi@x.vn\n02/10/2026;many;dung@x.vn\n"


@pytest.fixture
def polls() -> Iterator[None]:
    with INPUTS.extended(POLLS), CATALOGUE.extended(*METRICS):
        yield


@pytest.fixture
def folder(tmp_path: Path, polls: None) -> Path:
    (tmp_path / "polls 2026.csv").write_text(ROWS, encoding="utf-8")
    (tmp_path / "signups.csv").write_text("user_id,signed_up_at\nan@x.vn,2026-09-01\n", encoding="utf-8")
    return tmp_path


def facts_of(folder: Path) -> Facts:
    opened = open_folder(folder)
    return load(opened.config, discover(opened, {})[0])


def test_it_is_found_read_checked_and_tallied(folder: Path) -> None:
    proposed = input_of("POLLS-q3.xlsx")
    assert proposed is POLLS
    facts = facts_of(folder)
    errors = [(fault.file, fault.line, fault.column, fault.code, fault.message) for fault in facts.problems]
    assert errors == [
        ("polls 2026.csv", 4, "score", "not-a-number", "'11' is not a number from 0 to 10"),
        ("polls 2026.csv", 6, "score", "not-a-number", "'many' is not a number from 0 to 10"),
    ]
    tallies = [(t.input, t.read, t.counted, t.duplicate, t.rejected) for t in facts.tallies]
    assert tallies == [("signups", 1, 1, 0, 0), ("polls", 5, 3, 0, 2)]
    lines = [(line.tally.file, dict(line.columns)) for line in file_lines(facts)]
    assert lines[1] == ("polls 2026.csv", {"user_id": "email", "answered_at": "Ngày trả lời", "score": "Điểm"})
    # binh and chi answered and never signed up; each is named once, at their first row.
    odd = [(fault.code, fault.line) for fault in odd_findings(facts, date(2026, 10, 2)) if fault.code == "orphan-user"]
    assert odd == [("orphan-user", 3), ("orphan-user", 5)]


def test_it_is_listed_where_inputs_are(folder: Path) -> None:
    text = first_config(facts_of(folder), Answers())
    written = tomllib.loads(text)
    assert written["inputs"]["polls"] == {
        "date_order": "dmy",
        "columns": {"user_id": "email", "answered_at": "Ngày trả lời", "score": "Điểm"},
    }
    names = list(schema()["properties"]["inputs"]["properties"])
    assert names == list(INPUTS)
    assert "polls" in names
    (folder / "funnel.toml").write_text('[inputs.polls.columns]\nscor = "Điểm"\n', encoding="utf-8")
    with pytest.raises(ConfigError) as refused:
        facts_of(folder)
    assert refused.value.hint == "The columns of polls are: user_id, answered_at, score."


def test_it_is_counted_and_a_report_shows_it_in_a_section_of_its_own(folder: Path) -> None:
    report = report_of(folder, first="2026-09", last="2026-10", skip_bad_rows=True)
    known = figures(report)
    shown = {
        key: [known[key, None, period] for period in ("2026-09", "2026-10", "total")]
        for key in ("survey_answers", "survey_points", "points_per_answer_ratio")
    }
    assert shown == {
        "survey_answers": [(2, None, None), (1, None, None), (3, None, None)],
        "survey_points": [(17, None, None), (4, None, None), (21, None, None)],
        "points_per_answer_ratio": [(17 / 2, 17, 2), (4, 4, 1), (21 / 3, 21, 3)],
    }
    assert [row.metric.section.key for row in report.rows][-3:] == ["surveys"] * 3
    assert [(s.stage, s.rows_read, s.rows_rejected) for s in report.sources] == [("signups", 1, 0), ("polls", 5, 2)]


def test_it_is_left_out_of_reports_of_folders_without_it(tmp_path: Path, polls: None) -> None:
    (tmp_path / "signups.csv").write_text("user_id,signed_up_at\nan,2026-09-01\n", encoding="utf-8")
    assert {row.metric.section.key for row in report_of(tmp_path).rows} == {"acquisition", "sales"}


def test_its_figures_are_opened_down_to_their_rows(folder: Path) -> None:
    facts = facts_of(folder)
    explained = explain_value(
        facts, CATALOGUE["points_per_answer_ratio"], month_of(date(2026, 9, 1)), date(2026, 10, 2)
    )
    rows = [(row.part, row.file, row.line, row.user_id, row.counts) for row in counted_rows(facts, explained)]
    assert rows == [
        ("survey_points", "polls 2026.csv", 2, "an@x.vn", 9),
        ("survey_points", "polls 2026.csv", 3, "binh@x.vn", 8),
        ("survey_answers", "polls 2026.csv", 2, "an@x.vn", 1),
        ("survey_answers", "polls 2026.csv", 3, "binh@x.vn", 1),
    ]


# --- the wide one ------------------------------------------------------------------------------------------------

PROJECTS = Input(
    name="projects",
    title=Message("projects"),
    rank=60,
    files=("projects*",),
    columns=(
        Column(name="user_id", kind=CellKind.ID, meaning="who", aliases=("contact ids",), identifies=True, several=";"),
        Column(name="account_id", kind=CellKind.ID, meaning="which firm", aliases=("company",), identifies=True),
    ),
    requires=(("user_id", "account_id"),),
    dated=DateColumns(event="entered", prefixes=("date entered", "ngày vào"), meaning="when the stage was entered"),
    attributes=True,
)
WIDE = (
    "Contact IDs,Company,Date entered 'Set-up',Ngày vào Go live,Ngành\n"
    "an; binh,,2026-09-30,2026-10-01,Giáo dục\n"
    ",ACME,2026-10-31 23:30,,Bán lẻ\n"
    ",,2026-10-02,,Bán lẻ\n"
    "chi,,,02/30/2026,\n"
)
SET_UP = Measure(name="set_up", plus=("entered:set_up",), when="within")
LIVE = Measure(name="live", plus=("entered:go_live",), when="before_end")


@pytest.fixture
def projects(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "projects.csv").write_text(WIDE, encoding="utf-8")
    toml = '[dimensions.industry]\ninput = "projects"\ncolumn = "Ngành"\n[inputs.projects]\ndate_order = "mdy"\n'
    (tmp_path / "funnel.toml").write_text(toml, encoding="utf-8")
    with INPUTS.extended(PROJECTS):
        yield tmp_path


def test_a_wide_input_has_a_date_column_a_stage(projects: Path) -> None:
    facts = facts_of(projects)
    # Line 4 names neither a person nor a firm; 30 February is no day.
    errors = [(fault.line, fault.column, fault.code) for fault in facts.problems]
    assert errors == [(4, "user_id or account_id", "empty-cell"), (5, "entered:go_live", "not-a-date")]
    (tally,) = facts.tallies
    assert (tally.read, tally.counted, tally.rejected) == (4, 2, 2)
    known = {
        name: [
            (facts.entities[events.records.entity[row]], day, int(events.records.line[row]))
            for row, day in zip(events.row.tolist(), events.day.tolist(), strict=True)
        ]
        for name, events in facts.events.items()
    }
    september_30 = (date(2026, 9, 30) - date(1970, 1, 1)).days
    # The cell of line 2 holds two people: each entered on their own.
    assert known == {
        "entered:set_up": [("an", september_30, 2), ("binh", september_30, 2), ("ACME", september_30 + 31, 3)],
        "entered:go_live": [("an", september_30 + 1, 2), ("binh", september_30 + 1, 2)],
    }


def test_a_wide_input_is_counted_by_its_attributes(projects: Path) -> None:
    facts = facts_of(projects)
    months = [month_of(date(2026, 9, 1)), month_of(date(2026, 10, 1))]
    parts = parts_of(facts, "industry", months, date(2026, 10, 31))
    counts = count(facts, months, date(2026, 10, 31), parts)
    assert [counts.get(SET_UP, place) for place in range(2)] == [2, 1]
    assert [counts.get(LIVE, place) for place in range(2)] == [0, 2]
    by_part = {part.key: [counts.get(SET_UP, place, part) for place in range(2)] for part in parts.slices}
    assert by_part == {"Giáo dục": [2, 0], "Bán lẻ": [0, 1], "unknown": [0, 0]}


def test_a_file_without_any_of_the_columns_that_are_enough_is_refused(projects: Path) -> None:
    (projects / "projects.csv").write_text("Date entered A,Ngành\n2026-09-30,x\n", encoding="utf-8")
    (fault,) = facts_of(projects).problems
    assert (fault.code, fault.column) == ("missing-column", "user_id or account_id")


def test_it_has_an_option_of_the_commands_and_of_the_api(folder: Path) -> None:
    called: dict[str, object] = {}

    @with_input_options()
    def command(files: Files, quiet: bool = False) -> None:
        called.update(files)

    options = inspect.signature(command).parameters
    ours = {each.name: each.option or each.name for each in exports() if each.name != "polls"}
    assert list(options) == [*ours.values(), "polls", "quiet"]
    # Typer keeps the name of an option of an Annotated parameter where its default would stand.
    assert options["polls"].annotation.__metadata__[0].default == "--polls"
    command(**dict.fromkeys(options, None) | {"polls": ["a.csv"], "quiet": False})
    assert called == {**dict.fromkeys(ours), "polls": ["a.csv"]}
    named = fc.open_folder(folder, files={"polls": folder / "polls 2026.csv"})
    assert named.report(month="2026-09", skip_bad_rows=True)["survey_answers"].to_dict() == {"2026-09": 2}
