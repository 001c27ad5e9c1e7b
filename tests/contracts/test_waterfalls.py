"""The MRR of a workbook as a waterfall: its steps are cells made of the figures, and the charts are drawn from them."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Sequence
from pathlib import Path

import pytest

from funnelcli import open_folder
from funnelcli.text import Lang
from support import NOW, write_folder
from workbooks import faults, opened

# A grows by 40 in February and is lost in March; b, at 100, falls to 70 on 1 March; c pays from February on.
PAID = """user_id,started_at,ended_at,plan,mrr
a,2025-06-01,2026-02-09,Basic,100
a,2026-02-10,2026-03-20,Pro,140
b,2025-06-01,2026-02-28,Basic,100
b,2026-03-01,,Mini,70
c,2026-02-15,,Basic,50
"""
HEAD = ["Balance", "Gain", "Loss", "Level after it", "Base, not seen", "Gain, above 0", "Loss, above 0"]


def book_of(folder: Path, start: str, end: str, paid: str = PAID, lang: Lang = "en") -> bytes:
    write_folder(folder, {"paid_users.csv": paid})
    with open_folder(folder, now=NOW) as exports:
        report = exports.report(start=start, end=end, as_of="2026-03-31", section=("revenue",))
        return report.to_bytes("xlsx", lang=lang)


def steps_of(data: bytes, *, worked_out: bool = True) -> dict[str, list[list[object]]]:
    """The steps of each waterfall by its title: a label, and the cells that have something."""
    made: dict[str, list[list[object]]] = {}
    rows: list[list[object]] | None = None
    for row in opened(data, worked_out=worked_out)["Dashboard"].iter_rows(max_col=8, values_only=True):
        title = str(row[0] or "")
        if title.startswith("For the chart: "):
            rows = made.setdefault(title.removeprefix("For the chart: "), [])
            assert list(row[1:]) == HEAD
        elif rows is not None and title:
            rows.append(list(row))
        else:
            rows = None
    return made


def charts_of(data: bytes, title: str) -> list[str]:
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        texts = [packed.read(name).decode() for name in packed.namelist() if name.startswith("xl/charts/chart")]
    return [text for text in texts if title in text]


def series_of(chart: str) -> Sequence[tuple[str, str]]:
    """The cells that each series of a chart is drawn from, and its colour."""
    return [
        (
            re.findall(r"<c:val><c:numRef><c:f>(.*?)</c:f>", text)[0],
            (re.findall(r'srgbClr val="(\w+)"', text) or [""])[0],
        )
        for text in re.findall(r"<c:ser>(.*?)</c:ser>", chart, re.S)
    ]


def test_the_steps_of_a_month_and_of_the_range(tmp_path: Path) -> None:
    """March: 290 less 30 and 140 is 120. From February on: 200 + 50 + 40 is 290, and then the same."""
    data = book_of(tmp_path, "2026-02", "2026-03")
    assert faults(data) == []
    none = [None] * 4
    assert steps_of(data) == {
        "MRR from opening to closing, Mar 2026": [
            ["MRR at start of month", 290, None, None, 290, None, None, None],
            ["New MRR", None, 0, None, 290, 290, 0, None],
            ["Reactivation MRR", None, 0, None, 290, 290, 0, None],
            ["Expansion MRR", None, 0, None, 290, 290, 0, None],
            ["Contraction MRR", None, None, 30, 260, 260, None, 30],
            ["Churned MRR", None, None, 140, 120, 120, None, 140],
            ["MRR at end of month", 120, None, None, 120, *none[1:]],
        ],
        "MRR from opening to closing, Feb 2026 – Mar 2026": [
            ["MRR at start of month", 200, None, None, 200, *none[1:]],
            ["New MRR", None, 50, None, 250, 200, 50, None],
            ["Reactivation MRR", None, 0, None, 250, 250, 0, None],
            ["Expansion MRR", None, 40, None, 290, 250, 40, None],
            ["Contraction MRR", None, None, 30, 260, 260, None, 30],
            ["Churned MRR", None, None, 140, 120, 120, None, 140],
            ["MRR at end of month", 120, None, None, 120, *none[1:]],
        ],
    }


def test_every_step_is_a_formula_over_the_figures_of_the_table(tmp_path: Path) -> None:
    data = book_of(tmp_path, "2026-02", "2026-03")
    whole = steps_of(data, worked_out=False)["MRR from opening to closing, Feb 2026 – Mar 2026"]
    assert all(str(cell).startswith("=") for row in whole for cell in row[1:] if cell is not None)
    assert [[row[place] for place in (1, 2, 3) if row[place] is not None] for row in whole] == [
        [f"=D{line}"] for line in (6, 7, 8, 9, 10, 11, 13)
    ]


def test_the_charts_are_drawn_from_the_steps(tmp_path: Path) -> None:
    """On a base that is not seen, in the colours of balances, gains and losses; their figures beside what moved."""
    data = book_of(tmp_path, "2026-02", "2026-03")
    month, whole = charts_of(data, "MRR from opening to closing")
    assert "Mar 2026" in month
    assert "Feb 2026 – Mar 2026" in whole
    cells = [cells for cells, _ in series_of(month)]
    first = int(re.findall(r"\$(\d+)", cells[0])[0])
    assert cells == [f"Dashboard!${letter}${first}:${letter}${first + 6}" for letter in "FBGHIJCD"]
    seen = ["", "667182", "2459A9", "C2571F", "2459A9", "C2571F"]
    assert [colour for _, colour in series_of(month)][:6] == seen
    assert month.count("<a:noFill/>") >= 3
    assert charts_of(data, "MRR: what moved it") != []  # the stack by month is there, too
    assert first > 27 + 2  # below the charts, which else would lie over the cells


def test_of_a_month_alone_there_is_that_month(tmp_path: Path) -> None:
    data = book_of(tmp_path, "2026-03", "2026-03")
    assert list(steps_of(data)) == ["MRR from opening to closing, Mar 2026"]
    assert len(charts_of(data, "MRR from opening to closing")) == 1


def test_small_moves_have_an_axis_that_begins_above_0_and_says_so(tmp_path: Path) -> None:
    """5 of 1,005 would be no more than a line."""
    paid = "user_id,started_at,ended_at,mrr\na,2025-06-01,,1000\nb,2026-03-05,,5\n"
    data = book_of(tmp_path, "2026-03", "2026-03", paid)
    (chart,) = charts_of(data, "MRR from opening to closing")
    assert re.findall(r'<c:min val="(.*?)"', chart) == ["995.0"]
    assert re.findall(r"<a:t>(.*?)</a:t>", chart) == ["MRR from opening to closing, Mar 2026, axis from 995"]


def test_what_is_not_known_is_not_drawn(tmp_path: Path) -> None:
    """A row without an amount: where the month closes is not known; nor, then, how it got there."""
    data = book_of(tmp_path, "2026-02", "2026-03", PAID.replace("c,2026-02-15,,Basic,50", "c,2026-02-15,,Basic,"))
    assert steps_of(data) == {}
    assert charts_of(data, "MRR from opening to closing") == []


@pytest.mark.parametrize("lang", ["en", "vi"])
def test_who_does_not_see_it_is_told_the_steps(tmp_path: Path, lang: Lang) -> None:
    data = book_of(tmp_path, "2026-03", "2026-03", lang=lang)
    with zipfile.ZipFile(io.BytesIO(data)) as packed:
        told = re.findall(r'descr="(.*?)"', packed.read("xl/drawings/drawing1.xml").decode())
    assert told == [
        {
            "en": "MRR from opening to closing, Mar 2026: MRR at start of month 290, New MRR 0, Reactivation MRR 0, "
            "Expansion MRR 0, Contraction MRR −30, Churned MRR −140, MRR at end of month 120.",
            "vi": "MRR từ đầu kỳ đến cuối kỳ, 03/2026: MRR đầu tháng 290, MRR mới 0, MRR quay lại 0, MRR mở rộng 0, "
            "MRR thu hẹp −30, MRR mất do rời bỏ −140, MRR cuối tháng 120.",
        }[lang]
    ]
