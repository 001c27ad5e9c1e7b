"""Cells as people read them, worked by hand, in both languages."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from funnelcli.answers.cells import (
    Against,
    Cell,
    Change,
    ChangeBasis,
    Code,
    Day,
    Months,
    Number,
    Precision,
    Quotient,
    Revised,
    Trend,
    Words,
    numbers_of,
    reason_of,
)
from funnelcli.answers.phrases import AGAINST
from funnelcli.renderers.wording.cells import cell_text
from funnelcli.text import NOTHING, Message
from funnelcli.values.figures import Missing, Unit
from funnelcli.values.periods import Grain, month_of

WHY = Missing("no-demos", Message("no demos export"))
OCTOBER = month_of(date(2026, 10, 5))
NOVEMBER = month_of(date(2026, 11, 5))


def planned(value: Fraction | int | None, unit: Unit = Unit.CUSTOMERS) -> Number:
    return Number(value=None if value is None else Fraction(value), unit=unit, precision=Precision.PLANNED)


def against(actual: int | None, target: int, *, down: bool = False) -> Against:
    share = None if actual is None else Fraction(actual, target)
    rest = None if actual is None else Fraction(target - actual)
    return Against(
        actual=planned(actual),
        target=planned(target),
        share=planned(share, Unit.RATE),
        to_go=planned(rest),
        good="down" if down else "up",
    )


@pytest.mark.parametrize(
    ("cell", "english", "vietnamese"),
    [
        (Number(value=1234.5, unit=Unit.AMOUNT, currency="USD"), "1,234", "1.234"),
        (Number(value=234.5, unit=Unit.AMOUNT, currency="USD"), "234.50", "234,50"),
        (Number(value=234.5, unit=Unit.AMOUNT, currency="VND"), "234", "234"),
        (Number(value=None, unit=Unit.DEMOS, missing=WHY), "–", "–"),
        (Number(value=Fraction(1, 3), unit=Unit.RATE, starred=True), "33.3% *", "33,3% *"),
        (Number(value=Fraction(9, 400), unit=Unit.RATE, precision=Precision.FINE), "2.25%", "2,25%"),
        (Number(value=Fraction(12), unit=Unit.CUSTOMERS, precision=Precision.TENTHS), "12.0", "12,0"),
        (planned(Fraction(25, 3)), "8.3", "8,3"),
        (planned(Fraction(25, 3), Unit.AMOUNT), "8.33", "8,33"),
        (planned(Fraction(25_001, 3), Unit.AMOUNT), "8,334", "8.334"),
        (against(352, 400), "352 [88.0% of 400] (48 to go)", "352 [88,0% của 400] (48 còn lại)"),
        (against(440, 400), "440 [110.0% of 400] (40 over)", "440 [110,0% của 400] (40 vượt)"),
        (against(4, 10, down=True), "4 [40.0% of 10] (6 below)", "4 [40,0% của 10] (6 thấp hơn)"),
        (against(10, 10), "10 [100.0% of 10]", "10 [100,0% của 10]"),
        (against(None, 10), "– [– of 10]", "– [– của 10]"),
        (Revised(now=planned(None), before=planned(1200)), "– (1,200)", "– (1.200)"),
        (
            Quotient(rate=planned(Fraction(53, 165), Unit.RATE), numerator=planned(53), denominator=planned(1650)),
            "32.1% (53/1,650)",
            "32,1% (53/1.650)",
        ),
        (Change(value=0.1234, basis=ChangeBasis.RELATIVE), "+12.3%", "+12,3%"),
        (Change(value=-0.0004, basis=ChangeBasis.RELATIVE), "0.0%", "0,0%"),
        (Change(value=-0.013, basis=ChangeBasis.POINTS), "-1.3 pp", "-1,3 điểm"),
        (Change(value=3, basis=ChangeBasis.DIFFERENCE), "+3", "+3"),
        (Change(value=1.5, basis=ChangeBasis.DIFFERENCE), "+1.5", "+1,5"),
        (Change(value=-0.25, basis=ChangeBasis.DIFFERENCE), "-0.25", "-0,25"),
        (Change(value=12.6, basis=ChangeBasis.DIFFERENCE), "+13", "+13"),
        (Change(value=None, basis=ChangeBasis.DIFFERENCE), "–", "–"),
        (Trend((1, None, 3)), "▁·█", "▁·█"),
        (Months(first=OCTOBER, grain=Grain.MONTH, partial=True), "Oct 2026*", "10/2026*"),
        (Months(first=OCTOBER, last=NOVEMBER, grain=Grain.MONTH), "Oct 2026 – Nov 2026", "10/2026 – 11/2026"),
        (Months(first=OCTOBER, last=OCTOBER, grain=Grain.MONTH), "Oct 2026", "10/2026"),
        (Day(date(2026, 10, 5)), "5 Oct 2026", "05/10/2026"),
        (Code("a / b\x1b[31m"), "a / b", "a / b"),
    ],
)
def test_a_cell_reads(cell: Cell, english: str, vietnamese: str) -> None:
    assert (cell_text(cell, "en"), cell_text(cell, "vi")) == (english, vietnamese)


def test_braces_in_data_are_text() -> None:
    """What is filled in is not looked into, and words without facts have no places to fill."""
    assert cell_text(Words("{x} {0} {"), "en") == "{x} {0} {"
    facts: dict[str, Cell] = {"actual": planned(3), "share": planned(1), "target": Words("{actual}\x1b[1m")}
    filled = Words(AGAINST, facts=facts)
    assert (cell_text(filled, "en"), cell_text(filled, "vi")) == ("3 [1 of {actual}]", "3 [1 của {actual}]")


def test_a_cell_of_several_numbers_comes_apart() -> None:
    cell = against(352, 400)
    assert [(name.of("en"), number) for name, number in numbers_of(cell)] == [
        ("Actual", cell.actual), ("Target", cell.target), ("Share", cell.share), ("To go", cell.to_go),
    ]  # fmt: skip
    assert numbers_of(planned(3)) == ((NOTHING, planned(3)),)


def test_a_dash_keeps_its_reason() -> None:
    gone = Number(value=None, unit=Unit.DEMOS, missing=WHY)
    assert reason_of(gone) == WHY.reason
    assert reason_of(Against(actual=gone, target=planned(3), share=planned(None), to_go=planned(None))) == WHY.reason
    assert reason_of(planned(None)) is None
    assert reason_of(planned(3)) is None
