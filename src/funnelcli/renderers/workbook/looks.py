"""How a workbook looks: its colours, its fonts, and the formats in which numbers are shown."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from msgspec import Struct

from funnelcli.answers.cells import Change, ChangeBasis, Months, Number, Precision, Tone
from funnelcli.renderers.wording.cells import MORE_THAN_CHANCE, POINTS
from funnelcli.text import Lang, Message, Text, in_context
from funnelcli.values.currencies import has_decimals, sign_of
from funnelcli.values.figures import Unit
from funnelcli.values.periods import Grain

Look = Mapping[str, Any]

FONT = "Arial"
BASE: Look = {"font_name": FONT, "font_size": 11, "font_color": "#12161C"}
INK2, MUTED, GOOD, BAD = "#414A57", "#5D6675", "#0A6650", "#AB3A0A"
SURFACE, RULE, EDGE = "#F5F6F8", "#E1E4EA", "#7F8896"
INPUT, INPUT_FILL, LINK = "#1F4FB0", "#FFF6CC", "#0A6650"
# The rows of a chart: in order, or what came and what was lost.
SERIES = ("#2459A9", "#C2571F", "#0A6650", "#667182", "#6D90C7", "#8A5A9E", "#B08A00", "#12161C")
BALANCE = "#667182"
GAINS, LOSSES = ("#2459A9", "#6D90C7", "#A9BEDF"), ("#C2571F", "#E0A585")

TITLE: Look = {"bold": True, "font_size": 16}
BASIS: Look = {"font_color": MUTED, "font_size": 10}
HEADER: Look = {"bold": True, "bottom": 2, "bottom_color": EDGE, "bg_color": SURFACE, "valign": "vcenter"}
SECTION: Look = {"bold": True, "font_color": INK2, "top": 1, "top_color": RULE}
DIM: Look = {"font_color": MUTED}
TOTAL_EDGE: Look = {"left": 1, "left_color": RULE}
TONES: Mapping[Tone, Look] = {
    "": {},
    "dim": DIM,
    "good": {"font_color": GOOD},
    "bad": {"font_color": BAD},
    "bold": {"bold": True},
}

LABEL_WIDTH, LABEL_MOST, MONTH_WIDTH, MONEY_WIDTH, WORDS_MOST = 36, 48, 11, 15, 60
MILLION = 1_000_000
# From here on amounts of a row are shown in millions: in full, they would not fit a month's column.
LARGE = 10 * MILLION

CHANGES: Mapping[ChangeBasis, str] = {
    ChangeBasis.RELATIVE: "+0.0%;-0.0%;0.0%",
    ChangeBasis.POINTS: '+0.0" {points}";-0.0" {points}";0.0" {points}"',
    ChangeBasis.DIFFERENCE: "+#,##0;-#,##0;0",
}
WHOLE_FROM, SMALL_CHANGE = 10, "+#,##0.00;-#,##0.00;0"  # a change of ratios, which are small
# Translators: how a spreadsheet writes a month.
_MONTH, SHORT_MONTH = in_context("spreadsheet", "mmm yyyy"), in_context("spreadsheet", "mmm yy")
# Translators: how a spreadsheet writes a day.
_DAY = in_context("spreadsheet", "d mmm yyyy")
# A check shows a tick where it is 0, and by how much it is not where it is not.
CHECK = '[=0]"✓";"✗ "#,##0'
_MILLIONS = Message("{sign}M")


class Shown(Struct, frozen=True, kw_only=True):
    """How the numbers of a row are shown: their format, and the unit that its label then has to name."""

    format: str
    unit: Text | None = None


def shown(numbers: Sequence[Number]) -> Shown:
    """How a row of figures is shown, alike in every column.

    >>> millions = shown([Number(value=119_000_000, unit=Unit.AMOUNT, currency="VND")])
    >>> millions.format, millions.unit.of("vi")
    ('#,##0.0,,', 'triệu ₫')
    >>> shown([Number(value=0.021, unit=Unit.RATE)]).format
    '0.0%'
    """
    known = [number for number in numbers if number.value is not None]
    if not known:
        unit = numbers[0].unit if numbers else None
        return Shown(format="0.0%" if unit is Unit.RATE else "#,##0.00" if unit is Unit.NUMBER else "#,##0")
    sizes = [abs(float(number.value or 0)) for number in known]
    first = known[0]
    if first.unit is Unit.AMOUNT and max(sizes) >= LARGE:
        return Shown(format="#,##0.0,,", unit=_MILLIONS.filled(sign=sign_of(first.currency)))
    if first.unit is Unit.RATE:
        fine = any(0 < size < 0.001 for size in sizes) or first.precision is Precision.FINE
        return Shown(format="0.00%" if fine else "0.0%")
    if first.unit is Unit.AMOUNT:
        return Shown(format=amount_format(first.currency))
    if first.unit is Unit.POINTS:
        return Shown(format="#,##0")
    if first.unit is Unit.NUMBER and not all(isinstance(number.value, int) for number in known):
        return Shown(format="#,##0.00")
    whole = all(size.is_integer() for size in sizes) and first.precision is not Precision.TENTHS
    return Shown(format="#,##0" if whole else "#,##0.0")


def amount_format(currency: str) -> str:
    """The format of amounts in a currency, with its sign; with decimals where it has them.

    >>> amount_format("VND"), amount_format("USD")
    ('#,##0 "₫"', '"$"#,##0.00')
    """
    sign, digits = sign_of(currency), "#,##0.00" if has_decimals(currency) else "#,##0"
    if currency == "USD":
        return f'"{sign}"{digits}'
    return f'{digits} "{sign}"' if sign else digits


def number_format(number: Number) -> str:
    """How a spreadsheet shows one number: rates as percentages, amounts with their currency.

    >>> number_format(Number(value=0.021, unit=Unit.RATE))
    '0.0%'
    >>> number_format(Number(value=29.9, unit=Unit.AMOUNT, currency="USD"))
    '"$"#,##0.00'
    """
    plain = amount_format(number.currency) if number.unit is Unit.AMOUNT else shown([number]).format
    return plain + ('" *"' if number.starred else "")


def change_format(change: Change, lang: Lang) -> str:
    """How a change is shown, with its sign; one in points is of hundredths.  What is more than chance has its mark.

    >>> change_format(Change(value=0.5, basis=ChangeBasis.RELATIVE, more=True), "en")
    '"● "+0.0%;"● "-0.0%;0.0%'
    """
    is_small = change.basis is ChangeBasis.DIFFERENCE and 0 < abs(change.value or 0) < WHOLE_FROM
    shown = SMALL_CHANGE if is_small and not float(change.value or 0).is_integer() else CHANGES[change.basis]
    shown = shown.replace("{points}", POINTS.of(lang))
    if not change.more:
        return shown
    *moved, nothing = shown.split(";")
    return ";".join([*(f'"{MORE_THAN_CHANCE} "{each}' for each in moved), nothing])


def month_format(months: Months, lang: Lang) -> str | None:
    """How a spreadsheet shows the day that a month begins with, so that it reads as the month; None for all else.

    >>> from datetime import date
    >>> from funnelcli.values.periods import month_of
    >>> month_format(Months(first=month_of(date(2026, 10, 1)), grain=Grain.MONTH, partial=True), "vi")
    'mm/yyyy"*"'
    """
    if months.first.grain is not Grain.MONTH or months.last is not None:
        return None
    return _MONTH.of(lang) + ('"*"' if months.partial else "")


def day_format(lang: Lang) -> str:
    """How a spreadsheet shows a day.

    >>> day_format("en"), day_format("vi")
    ('d mmm yyyy', 'dd/mm/yyyy')
    """
    return _DAY.of(lang)
