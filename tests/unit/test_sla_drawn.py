"""What is drawn of the agreement and of scores: how soon leads were contacted, and bars beside numbers."""

from __future__ import annotations

import re
from datetime import date
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import funnelcli as fc
from funnelcli.answers.answer import Answer, Column, Page, Sheet, Table
from funnelcli.answers.cells import Number, Quotient, Words
from funnelcli.answers.sla_response import classes_of
from funnelcli.renderers import Style, formats
from funnelcli.text import as_text
from funnelcli.values.figures import Unit
from funnelcli.values.periods import month_of
from support import write_folder

HANDED = """user_id,handed_over_at,to_owner
a,2026-09-09 10:00,Lan
b,2026-09-09 16:00,Lan
c,2026-09-09 11:00,Lan
d,2026-09-09 09:00,Lan
e,2026-09-10 11:30,Lan
f,2026-09-07 09:00,Lan
g,2026-09-07 09:00,Lan
h,2026-09-08,Lan
"""
TOUCHED = """user_id,at,kind,owner,direction,outcome
a,2026-09-09 11:30,call,Lan,out,no answer
b,2026-09-10 08:15,call,Lan,in,answered
c,2026-09-08 15:00,call,Lan,out,no answer
c,2026-09-09 11:20,call,Lan,out,no answer
f,2026-09-07 09:45,call,Lan,out,no answer
g,2026-09-08 09:00,call,Lan,out,no answer
x,2026-09-10 12:00,call,Lan,out,no answer
"""


def test_every_lead_is_in_one_class_of_how_soon_it_was_contacted(tmp_path: Path) -> None:
    """Working minutes of a limit of 240: f 45; a 90, b 90 + 15; g 510 + 60; c is in contact, h has no time of day.

    d has waited 510 + 240 minutes for nothing, e 30 so far.
    """
    toml = '[sla.sales]\nrespond = "4h"\n[sla.hours]\nmon-fri = "08:00-17:30"\n'
    folder = fc.open_folder(write_folder(tmp_path, {"handovers.csv": HANDED, "activities.csv": TOUCHED}, toml))
    page = folder.sla(month="2026-09", as_of="2026-09-10 12:00")
    known = page.agreed.known
    assert known is not None
    classes = [(name.of("en"), number) for name, number in classes_of(known, month_of(date(2026, 9, 1)))]
    assert classes == [
        ("Within a quarter of the limit", 1), ("Within half of the limit", 2), ("Within the limit", 0),
        ("Up to twice the limit", 0), ("Later than that", 1),
        ("Not contacted, within the limit so far or when it came back", 1),
        ("Not contacted, past the limit", 1),
        ("Not measured: in contact before, without a time, or not told of", 2),
    ]  # fmt: skip
    keys = ("handed_over_leads", "answered_in_time_leads")
    figures = {key: folder.explain(key, month="2026-09", as_of="2026-09-10").value.value for key in keys}
    assert figures == {"handed_over_leads": 8, "answered_in_time_leads": 3}
    assert sum(number for _, number in classes) == 8
    text = page.render("md")
    assert "| Within half of the limit" in text
    assert "25.0%" in text
    # In another month nobody was handed over, and without a limit there is nothing to hold it against.
    assert [number for _, number in classes_of(known, month_of(date(2026, 8, 1)))] == [0] * 8
    (tmp_path / "funnel.toml").write_text("", encoding="utf-8")
    assert "How soon leads" not in fc.open_folder(tmp_path).sla(month="2026-09", as_of="2026-09-10").render("md")


def answer_of() -> Answer:
    """Shares with an interval, numbers beside a goal, and what is missing."""
    share = Number(value=0.2, unit=Unit.RATE, bounds=(0.1, 0.4))
    quotient = Quotient(
        rate=Number(value=0.1, unit=Unit.RATE), numerator=Number(value=1), denominator=Number(value=10)
    )  # fmt: skip
    rows = (
        (Words("A"), share, Number(value=0.75, unit=Unit.RATE)),
        (Words("B"), quotient, Number(value=2.0, unit=Unit.RATE)),
        (Words("C"), Number(value=None, unit=Unit.RATE), Words("")),
    )
    columns = (
        Column(header=Words("Tier")), Column(header=Words("Share"), drawn="bars"),
        Column(header=Words("Of promise"), drawn="goal"),
    )  # fmt: skip
    page = Page(blocks=(Table(title=Words("Drawn"), columns=columns, rows=rows),))
    return Answer(title=as_text("Drawn"), pages=(page,), sheets=(Sheet(header=("tier",), rows=[("A",)]),), data={})


def test_bars_stand_beside_the_numbers_on_one_scale() -> None:
    """The largest is the upper end of the interval, 0.4: 0.2 is half of it, 0.1 a quarter, and so are the ends."""
    html = formats()["html"].render(answer_of(), Style()).decode()
    bars = re.findall(r'<svg class="bar (\w*)"(.*?)</svg>(?=</td>)', html, re.DOTALL)
    assert [kind for kind, _ in bars] == ["", "prog", "", "prog"]
    widths = [re.findall(r'class="data" width="([\d.]+)%"', drawn) for _, drawn in bars]
    # Beside a goal the bar ends at one and a half of it: 0.75 is half of that, and 2 is more than there is.
    assert widths == [["50"], ["50"], ["25"], ["100"]]
    ends = re.findall(r'class="whisker" x1="([\d.]+)%" x2="([\d.]+)%"', bars[0][1])
    assert ends == [("25", "100"), ("25", "25"), ("100", "100")]
    assert "»" in bars[3][1]
    # Who cannot see pictures reads the numbers, which stand in the cells.
    assert html.count("20.0%") == html.count("10.0% (1/10)") == 1


def test_a_workbook_draws_the_same_bars() -> None:
    book = ZipFile(BytesIO(formats()["xlsx"].render(answer_of(), Style())))
    sheet = next(book.read(name).decode() for name in book.namelist() if name.endswith("sheet1.xml"))
    assert sheet.count("<dataBar") >= 2
