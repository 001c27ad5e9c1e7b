"""Workbooks fit together, keep what is text as text, and have formulas that come to the figures they stand for."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Mapping
from pathlib import Path

import pytest

from answers import hostile_answers
from funnelcli import open_folder
from funnelcli.answers.answer import Answer
from funnelcli.renderers import Style, formats
from funnelcli.renderers.wording.tame import tame
from funnelcli.text import Lang, languages
from support import EXAMPLES, NOW
from workbooks import faults, formulas, opened

NAMES = ("report", "split report", "targets", "track", "explain rows", "explain", "check", "metrics", "metric")
# What a spreadsheet could run, what a sheet's name or a reference would stumble over, and what is too long.
VALUES = (
    "=1+1", "@SUM(A1)", "-1", "\t=cmd", "[x]:*?/\\", "x" * 300, "\x1b[31mred\x07", "R1C1",
    '=HYPERLINK("http://x")', "'q!",
)  # fmt: skip
REFERENCE = re.compile(r"(?:'([^']+)'!)?\b([A-Z]{1,3}\d+)\b(?::([A-Z]{1,3}\d+)\b)?")


@pytest.fixture(scope="module")
def answers(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, Answer]:
    return hostile_answers(tmp_path_factory.mktemp("answers"))


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("lang", languages())
def test_nothing_in_a_workbook_has_to_be_repaired(answers: Mapping[str, Answer], name: str, lang: Lang) -> None:
    assert faults(formats()["xlsx"].render(answers[name], Style(lang=lang))) == []


def test_the_faults_of_a_package_are_seen() -> None:
    """A sheet without its drawing, a reference to a style that there is not."""
    import io
    import zipfile

    with open_folder(EXAMPLES / "plain", now=NOW) as folder:
        data = folder.report(last=3).to_bytes("xlsx")
    assert faults(data) == []
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as packed, zipfile.ZipFile(out, "w") as spoilt:
        for name in packed.namelist():
            if name == "xl/drawings/drawing1.xml":
                continue
            text = packed.read(name)
            spoilt.writestr(name, text.replace(b's="1"', b's="999"', 1) if name == "xl/worksheets/sheet1.xml" else text)
    seen = faults(out.getvalue())
    assert [fault for fault in seen if "drawing1.xml" in fault] != []
    assert [fault for fault in seen if "has no look" in fault] != []


@pytest.fixture(scope="module")
def hostile(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Exports split by a dimension of a hostile name, whose values are hostile too."""
    folder = tmp_path_factory.mktemp("parts")
    column = "=a'b![c]:*?/\\" + "d" * 40
    (folder / "funnel.toml").write_text(
        f'[business]\nname = "=1+1"\n[dimensions.history]\ninput = "signups"\ncolumn = {json.dumps(column)}\n',
        encoding="utf-8",
    )
    with (folder / "signups.csv").open("w", newline="", encoding="utf-8") as stream:
        writer = csv.writer(stream)
        writer.writerow(("user_id", "signed_up_at", column))
        writer.writerows((f"u{n}", f"2026-0{n % 3 + 1}-05", value) for n, value in enumerate(VALUES))
    return folder


@pytest.mark.parametrize("lang", languages())
def test_what_looks_like_a_formula_stays_text(hostile: Path, lang: Lang) -> None:
    with open_folder(hostile, now=NOW) as folder:
        data = folder.report(by="history").to_bytes("xlsx", lang=lang)
    assert faults(data) == []
    book = opened(data, worked_out=False)
    assert [sheet.title for sheet in book][1] == "history 1"  # a name that spreadsheets keep for themselves
    sheet = book["history 1"]
    labels = {cell.value: cell.data_type for row in sheet.iter_rows(max_col=1) for cell in row if cell.value}
    assert {label: labels.get(label) for label in (tame(value).strip() for value in VALUES)} == {
        tame(value).strip(): "s" for value in VALUES
    }
    assert {cell.data_type for row in book.worksheets[0]["A1:A3"] for cell in row} == {"s"}
    assert [text for text in formulas(data).values() if re.search("HYPERLINK|cmd|SUM\\(A1\\)", text)] == []


@pytest.mark.parametrize("name", ["report", "split report", "targets", "track"])
def test_formulas_refer_to_cells_that_are_there(answers: Mapping[str, Answer], name: str) -> None:
    """No formula points at words or beyond its sheet; what is empty is only summed."""
    data = formats()["xlsx"].render(answers[name], Style())
    book, made = opened(data), formulas(data)
    assert len(made) > 10
    wrong = []
    for (sheet, place), formula in made.items():
        for other, first, last in REFERENCE.findall(re.sub(r'"[^"]*"', "", formula)):
            cells = [book[other or sheet][end] for end in (first, last) if end]
            wrong += [(sheet, place, formula, cell.value) for cell in cells if isinstance(cell.value, str)]
    assert wrong == []
