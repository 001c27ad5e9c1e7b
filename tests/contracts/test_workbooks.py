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
from support import EXAMPLES, NOW, write_folder
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


# --- formula or figure ------------------------------------------------------------------------------------------------

SIGNUPS = "user_id,signed_up_at\na,2026-01-03\nb,2026-02-04\nc,2026-02-05\nd,2026-03-06\n"
# Visits are told from February on: 4 and 6; over the range 3 signups of these two months, not 4, are held against them.
VISITORS = "date,visits\n2026-02-01,4\n2026-03-01,6\n"


def row_of(folder: Path, label: str, *, config: str = "", **options: object) -> list[tuple[object, object, str | None]]:
    """The cells of a row of the dashboard: what each comes to, what is written there, and its comment."""
    (folder / "funnel.toml").write_text(config, encoding="utf-8")
    with open_folder(folder, now=NOW) as exports:
        data = exports.report(start="2026-01", end="2026-03", as_of="2026-03-31", **options).to_bytes("xlsx")  # type: ignore[arg-type]
    figures, made = opened(data)["Dashboard"], opened(data, worked_out=False)["Dashboard"]
    place = next(row[0].row for row in made.iter_rows() if row[0].value == label)
    cells = [made.cell(row=place, column=column) for column in range(2, 6)]
    return [
        (
            figures[cell.coordinate].value,
            re.sub(rf"(?<=[A-Z]){place}\b", "", str(cell.value)) if cell.data_type == "f" else None,
            cell.comment.text if cell.comment else None,
        )
        for cell in cells
    ]


def test_a_rate_over_a_part_of_the_range_is_a_figure(tmp_path: Path) -> None:
    """2 / 4 and 1 / 6 are formulas; (2 + 1) / (4 + 6) is not what the 4 signups of the range over 10 visits are."""
    write_folder(tmp_path, {"signups.csv": SIGNUPS, "visitors.csv": VISITORS})
    january, february, march, total = row_of(tmp_path, "Visitor → RU")
    assert january == (None, None, "the export of visitors begins on 1 Feb 2026")
    assert (february[0], march[0], total[0]) == (0.5, 1 / 6, 0.3)
    assert february[1] is not None
    assert march[1] is not None
    assert total[1] is None
    signups = row_of(tmp_path, "New signups (RU)")
    assert signups == [(1, None, None), (2, None, None), (1, None, None), (4, "=SUM(B:D)", None)]


def test_a_term_that_may_be_missing_is_left_out_of_the_formula_s_value(tmp_path: Path) -> None:
    """Nobody says whose visits are those of existing users: all of them are new, and the empty cell counts as 0."""
    write_folder(tmp_path, {"signups.csv": SIGNUPS, "visitors.csv": VISITORS})
    _, february, march, _ = row_of(tmp_path, "Net new visitors")
    assert (february[0], march[0]) == (4, 6)
    assert re.fullmatch(r"=C\d+\+C\d+-C\d+", str(february[1]))


PAID = "user_id,started_at,ended_at\na,2025-12-01,2026-01-20\nb,2025-12-01,\nc,2026-01-05,2026-01-25\nd,2026-02-01,\n"


def test_a_churn_rate_that_counts_some_of_the_lost_is_a_figure(tmp_path: Path) -> None:
    """Of 2 at the start of January 1 is lost, and 1 who came within it: 2 / 2, or by the other method 1 / 2."""
    write_folder(tmp_path, {"paid_users.csv": PAID})
    january = row_of(tmp_path, "Churn rate")[0]
    assert (january[0], january[1] is None) == (1.0, False)
    january = row_of(tmp_path, "Churn rate", config='[churn]\nmethod = "opening"\n')[0]
    assert (january[0], january[1]) == (0.5, None)


def test_a_balance_begins_with_a_figure_and_goes_on_from_the_month_before(tmp_path: Path) -> None:
    write_folder(tmp_path, {"paid_users.csv": PAID})
    january, february, march, total = row_of(tmp_path, "PU at start of month")
    assert [january[0], february[0], march[0], total[0]] == [2, 1, 2, 2]
    assert january[1] is None
    assert re.fullmatch(r"=B\d+", str(february[1]))
    assert re.fullmatch(r"=C\d+", str(march[1]))
    assert total[1] == "=B"
