"""What is piped to be read on a terminal: no line is wider than that, and no figure is left out or cut."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from pathlib import Path

import pytest
from rich.cells import cell_len

from answers import plan_of, track_of
from funnelcli.answers.answer import Answer, Column, Facts, Listing, Page, Table
from funnelcli.answers.cells import Number, Words
from funnelcli.answers.check import Checked, file_lines
from funnelcli.answers.check_answer import check_answer
from funnelcli.answers.explain import counted_rows, explain_value
from funnelcli.answers.explain_answer import explain_answer
from funnelcli.answers.layout import Layout
from funnelcli.answers.plain import plain_blocks
from funnelcli.answers.report_answer import report_answer
from funnelcli.answers.targets_answer import targets_answer
from funnelcli.answers.track_answer import track_answer
from funnelcli.metrics import CATALOGUE
from funnelcli.planning.plan import By
from funnelcli.renderers import Style, formats
from funnelcli.renderers.wording.cells import cell_text
from funnelcli.renderers.wording.numbers import number_text
from funnelcli.text import Lang, as_text, languages
from funnelcli.values.figures import Unit
from funnelcli.values.periods import month_of
from support import exports_of, report_of

SAAS_VN = Path(__file__).parents[2] / "examples" / "saas_vn"
WIDTHS = (80, 160)


def piped(answer: Answer, width: int, lang: Lang = "en", layout: Layout | None = None) -> str:
    text = formats()["table"].render(answer, Style(width=width, whole=True, lang=lang, layout=layout)).decode()
    assert max(map(cell_len, text.splitlines())) <= width
    assert "…" not in text
    return text


def answer_of(block: Table | Listing) -> Answer:
    return Answer(title=as_text("x"), pages=(Page(blocks=(block,)),), sheets=(), data={})


def shown(text: str) -> Iterator[tuple[tuple[str, str, str], str]]:
    """Every cell of the tables: its section, its row's name, its column's header, and what it says."""
    lines, section = text.splitlines(), ""
    for place, line in enumerate(lines):
        if not (place + 1 < len(lines) and lines[place + 1].startswith("─")):
            continue
        section = lines[place - 1] or section  # a further table of a section stands below a blank line
        headers = re.split(r"\s{2,}", line.strip())
        rows: list[list[str]] = []
        for row in lines[place + 2 : lines.index("", place)]:
            label, *cells = re.split(r"\s{2,}", row.strip())
            if cells:
                rows.append([label, *cells])
            else:  # the label goes on
                rows[-1][0] += f" {label}"
        for label, *cells in rows:
            yield from (((section, label, header), cell) for header, cell in zip(headers, cells, strict=False))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("latest", [3, 12, 18])
def test_every_figure_of_a_report_is_in_its_tables(latest: int, width: int) -> None:
    report = report_of(SAAS_VN, latest=latest)
    cells = [*shown(piped(report_answer(report), width))]
    known = {
        (place[1].removeprefix("- "), place[2]): cell for place, cell in cells if place[2] not in ("Change", "Trend")
    }
    assert len(known) == len([place for place, _ in cells if place[2] not in ("Change", "Trend")]), "none stands twice"
    months = [f"{period.start:%b %Y}" for period in report.spec.periods]
    data = json.loads(formats()["json"].render(report_answer(report), Style()))
    assert {header for _, header in known} == {*months, "Total"}
    expected = {
        (row["label"], header): "–"
        if cell["value"] is None
        else number_text(cell["value"], Unit(row["unit"]), "en", "VND")
        for row in data["rows"]
        for header, cell in zip((*months, "Total"), (*row["cells"], row["total"]), strict=True)
        # Rows without any figure are not shown to people, but for those of which a note says why.
        if any(each["value"] for each in row["cells"]) or row["metric"] == "collected_amount"
    }
    assert known == expected


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("layout", [Layout.METRIC, Layout.PART])
def test_every_figure_of_a_split_report_is_in_its_tables(layout: Layout, width: int) -> None:
    answer = report_answer(report_of(SAAS_VN, latest=12, by_channel=True))
    whole = dict(shown(formats()["table"].render(answer, Style(layout=layout)).decode()))
    known = dict(shown(piped(answer, width, layout=layout)))
    kept = {place: cell for place, cell in whole.items() if place[2] != "Trend"}
    assert len(kept) > 12 * 100
    assert {place: cell for place, cell in known.items() if place[2] != "Trend"} == kept


@pytest.mark.parametrize("width", WIDTHS)
def test_a_report_of_months_that_all_fit_is_one_table_a_section(width: int) -> None:
    report = report_of(SAAS_VN, latest=2)
    text, sections = piped(report_answer(report), width), {row.metric.section.key for row in report.rows}
    assert text.count("Sep 2026  ") == text.count("─\n") == len(sections)


def numbers(answer: Answer, lang: Lang) -> list[str]:
    """Every number of the tables and facts of an answer, as it is written."""
    cells = [
        cell
        for block in plain_blocks(answer.page())
        if isinstance(block, Table | Facts)
        for cell in (
            (fact.cell for fact in block.facts)
            if isinstance(block, Facts)
            else (cell for row in block.rows for cell in row)
        )
    ]
    return [cell_text(cell, lang) for cell in cells if isinstance(cell, Number) and cell.value is not None]


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("lang", languages())
@pytest.mark.parametrize("by", list(By))
def test_every_number_of_targets_and_track_is_in_their_tables(by: By, lang: Lang, width: int) -> None:
    plan = plan_of(by)
    for answer in (targets_answer(plan), track_answer(track_of(plan))):
        words = re.split(r"\s{2,}|\n", piped(answer, width, lang))
        assert [number for number in numbers(answer, lang) if number not in words] == []


def test_columns_that_may_go_on_a_terminal_stand_below_the_others_where_nothing_is_left_out() -> None:
    columns = (
        Column(header=Words("Stage")),
        *(Column(header=Words(f"Month {n}"), spare=n) for n in range(1, 13)),
    )
    row: tuple[Words | Number, ...] = (Words("Signups"), *(Number(value=Fraction(10_000 + n)) for n in range(1, 13)))
    answer = answer_of(Table(columns=columns, rows=(row,)))
    text = piped(answer, 80)
    assert re.findall(r"10,0\d\d", text) == [f"{10_000 + n:,}" for n in range(1, 13)]
    on_terminal = formats()["table"].render(answer, Style(width=80)).decode()
    assert "not fit this width" in on_terminal


# --- lists -----------------------------------------------------------------------------------------------------------


def explained(metric: str) -> Answer:
    exports = exports_of(SAAS_VN)
    explanation = explain_value(exports, CATALOGUE[metric], month_of(date(2026, 10, 1)), date(2026, 10, 31), None)
    return explain_answer(explanation, counted_rows(exports, explanation), command=None)


def listing_of(answer: Answer) -> Listing:
    return next(block for block in answer.page().blocks if isinstance(block, Listing))


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("lang", languages())
def test_rows_behind_a_figure_stand_a_line_each(width: int, lang: Lang) -> None:
    answer = explained("new_signups")
    lines = piped(answer, width, lang).splitlines()
    listing = listing_of(answer)
    assert len(listing.rows) == 300
    titles = [title.of(lang) for title in listing.headings]
    alike = dict(said.split(": ") for said in lines[-302].split(", ")) if width == 80 else {}
    assert set(alike) <= {titles[0], titles[1], titles[-1]}, "of what all rows have alike"
    for row, line in zip(listing.rows, lines[-300:], strict=True):
        part, file, place, person, day, source, channel, counts = row
        assert isinstance(day, date)
        written = f"{day:%d/%m/%Y}" if lang == "vi" else f"{day.day} {day:%b %Y}"
        cells = dict(zip(titles, map(str, (part, file, place, person, written, source, channel, counts)), strict=True))
        own = [cell for title, cell in cells.items() if title not in alike]
        assert re.split(r"\s{2,}", line.strip()) == own
        assert cells | alike == cells


def test_rows_that_are_too_wide_wrap_their_words_and_no_number() -> None:
    source = "a campaign with a very long name that goes on and on until it is done"
    rows = [(f"u{n}", date(2026, 1, n), f"{source} {n}", f"{source} {n * n}", 1_234_567 * n) for n in range(1, 10)]
    listing = Listing(header=("user_id", "date", "source", "why", "counts"), rows=rows, numbers=frozenset({"counts"}))
    text = piped(answer_of(listing), 80)
    assert re.findall(r"[\d,]{9,}", text) == [f"{1_234_567 * n:,}" for n in range(1, 10)]
    assert re.findall(r"\d+ Jan 2026", text) == [f"{n} Jan 2026" for n in range(1, 10)]
    assert text.count("campaign") == 18


def test_letters_of_two_columns_fit_too() -> None:
    rows = [
        (f"u{n}", f"東京オフィス{n}の広告キャンペーン" * 3, f"2026年{n}月の紹介プログラム" * 3) for n in range(1, 5)
    ]
    text = piped(answer_of(Listing(header=("user_id", "source", "plan"), rows=rows)), 80)
    assert text.count("東") == 4 * 3
    table = Table(
        columns=(Column(header=Words("x")), Column(header=Words("y"), words=True)),
        rows=tuple((Words(row[0]), Words(row[1])) for row in rows),
        title=Words("東京オフィスの広告" * 12),
    )
    assert piped(answer_of(table), 60).count("u") == 4


@pytest.mark.parametrize("width", WIDTHS)
@pytest.mark.parametrize("lang", languages())
def test_the_files_of_a_check_fit(width: int, lang: Lang) -> None:
    exports = exports_of(SAAS_VN)
    text = piped(check_answer(Checked(files=file_lines(exports), problems=exports.problems)), width, lang)
    line = next(line for line in text.splitlines() if line.startswith("signups_crm.csv"))
    marked = {"en": ["3,645", "3,633", "12"], "vi": ["3.645", "3.633", "12"]}[lang]
    alike = {"en": "rejected: 0", "vi": "bị loại: 0"}[lang] in text.splitlines()
    assert line.split() == ["signups_crm.csv", "signups", *marked, "0"] + ["0"] * (not alike)
