"""Lists for people: days and numbers as their language writes them, what stood in a file as it stood there."""

from __future__ import annotations

import io
import re
from collections.abc import Sequence
from datetime import date, datetime

import pytest
from openpyxl import load_workbook

from funnelcli.answers.answer import Answer, Listing, Page, Raw, Sheet
from funnelcli.problems import problem
from funnelcli.renderers import Style, formats
from funnelcli.text import Lang, as_text, languages

HEADER = ("file", "line", "date", "source", "counts")
# What stood in the file looks like a day and a number, and is evidence.
ROW: Sequence[Raw] = ("a.csv", 12_048, date(2026, 10, 3), "2026-10-03 / 1,234.50", 12_900_000.5)
WRITTEN = {
    "en": ["a.csv", "12048", "3 Oct 2026", "2026-10-03 / 1,234.50", "12,900,000.5"],
    "vi": ["a.csv", "12048", "03/10/2026", "2026-10-03 / 1,234.50", "12.900.000,5"],
}


def answer(rows: Sequence[Sequence[Raw]] = (ROW,)) -> Answer:
    listing = Listing(header=HEADER, rows=rows, numbers=frozenset({"counts"}))
    sheet = Sheet(header=HEADER, rows=rows)
    return Answer(title=as_text("x"), pages=(Page(blocks=(listing,)),), sheets=(sheet,), data={})


def rendered(form: str, lang: Lang, rows: Sequence[Sequence[Raw]] = (ROW,)) -> bytes:
    return formats()[form].render(answer(rows), Style(lang=lang))


@pytest.mark.parametrize("lang", languages())
def test_formats_for_people_write_days_and_numbers_as_their_language_does(lang: Lang) -> None:
    on_screen = rendered("table", lang).decode().splitlines()[1]
    assert re.split(r"\s{2,}", on_screen) == WRITTEN[lang]
    in_markdown = rendered("md", lang).decode().splitlines()[2]
    assert [cell.strip() for cell in in_markdown.strip("|").split("|")] == WRITTEN[lang]
    on_page = rendered("html", lang).decode()
    assert re.findall(r"<t[hd][^>]*>([^<]*)</t[hd]>", on_page)[len(HEADER) :] == WRITTEN[lang]


@pytest.mark.parametrize("rows", [1, 3_000])
@pytest.mark.parametrize("lang", languages())
def test_a_workbook_has_days_and_numbers_that_show_themselves_so(lang: Lang, rows: int) -> None:
    """Also where a list is so long that it is written as the data is."""
    book = load_workbook(io.BytesIO(rendered("xlsx", lang, [ROW] * rows)))
    sheet = book.worksheets[0]
    (*_, last) = (row for row in sheet.iter_rows() if row[0].value == "a.csv")
    file, line, day, source, counts = last
    assert (file.value, line.value, source.value, counts.value) == (ROW[0], ROW[1], ROW[3], ROW[4])
    assert (day.value, day.number_format) == (
        datetime(2026, 10, 3),
        {"en": "d mmm yyyy", "vi": "dd/mm/yyyy"}[lang],
    )
    assert "," not in line.number_format
    data = book.worksheets[-1]
    assert [cell.value for cell in [*data.iter_rows()][-1]] == ["a.csv", 12_048, "2026-10-03", ROW[3], 12_900_000.5]


def test_formats_for_programs_are_the_same_in_every_language() -> None:
    lines = {rendered("csv", lang).decode().splitlines()[1] for lang in languages()}
    assert lines == {'a.csv,12048,2026-10-03,"2026-10-03 / 1,234.50",12900000.5'}


def test_what_is_said_of_the_data_has_days_and_numbers_so_too() -> None:
    """English, in which programs read it as well, has them as they are typed; the number of a row is a place."""
    several = problem("unmatched-source", file="a.csv", column="source", value="tv", count=416_855)
    assert "416855" in several.text.of("en")
    assert "416.855" in several.text.of("vi")
    early = problem("end-before-start", file="a.csv", line=2, started=date(2026, 1, 5), ended=date(2026, 1, 4))
    assert early.message == "ends 2026-01-04 before it starts 2026-01-05"
    assert early.text.of("vi") == "kết thúc 04/01/2026 trước khi bắt đầu 05/01/2026"
    typed = problem("lone-date", file="a.csv", value=date(2031, 2, 3))
    assert typed.text.of("vi").startswith("03/02/2031")
    assert "--as-of 2031-02-03" in typed.advice.of("vi")
