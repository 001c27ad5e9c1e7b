"""Values as text for people: numbers, rates, dates and changes in English and Vietnamese; on one line each."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import cache
from typing import TYPE_CHECKING

from babel import Locale
from babel.numbers import format_decimal, format_percent

from funnelcli.metrics.model import Good
from funnelcli.renderers.tame import tame
from funnelcli.text import Lang, Text
from funnelcli.values.currencies import has_decimals
from funnelcli.values.figures import Unit, Value
from funnelcli.values.periods import Grain, Period

if TYPE_CHECKING:
    from funnelcli.answers.report_model import Report, Row

MISSING = "–"

TOTAL = Text("Total", "Tổng")
METRIC = Text("Metric", "Chỉ số")
CHANGE = Text("Change", "Thay đổi")
TREND = Text("Trend", "Xu hướng")
NOTES = Text("Notes", "Ghi chú")
POINTS = Text("pp", "điểm")


@cache
def _locale(lang: Lang) -> Locale:
    return Locale.parse("vi" if lang == "vi" else "en_US")


def number_text(value: float, unit: Unit, lang: Lang, currency: str = "") -> str:
    """A figure as people write it; amounts below a thousand with decimals where their ``currency`` has them.

    >>> number_text(1234, Unit.VISITS, "vi"), number_text(0.0312, Unit.RATE, "en")
    ('1.234', '3.1%')
    >>> number_text(29.9, Unit.AMOUNT, "en", "USD"), number_text(290457.5, Unit.AMOUNT, "vi", "VND")
    ('29.90', '290.458')
    """
    if unit is Unit.AMOUNT:
        small = has_decimals(currency) and abs(value) < 1000 and not float(value).is_integer()
        return str(format_decimal(value, "#,##0.00" if small else "#,##0", locale=_locale(lang)))
    if unit is Unit.RATE:
        small = 0 < abs(value) < 0.001
        return str(format_percent(value, "#,##0.00%" if small else "#,##0.0%", locale=_locale(lang)))
    return str(format_decimal(value, "#,##0.##", locale=_locale(lang)))


def rate_text(value: Fraction, lang: Lang) -> str:
    """A rate with one or two decimals, as it needs; more of them where it is very small.

    >>> rate_text(Fraction(9, 400), "en"), rate_text(Fraction(1, 4), "vi"), rate_text(Fraction(1, 25000), "en")
    ('2.25%', '25,0%', '0.004%')
    """
    small = 0 < abs(value) < Fraction(1, 10_000)
    return str(format_percent(float(value), "#,##0.0####%" if small else "#,##0.0#%", locale=_locale(lang)))


_MILLION = Text("m", " tr")
_BILLION = Text("bn", " tỷ")


def short_amount(value: float, lang: Lang, currency: str) -> str:
    """An amount to four digits where it is in the millions: ``119.0m``, for where there is no room for all of them.

    >>> short_amount(119_000_000, "en", "VND"), short_amount(1_234_000_000, "vi", "VND"), short_amount(5290, "en", "USD")
    ('119.0m', '1,234 tỷ', '5,290')
    """
    for size, word in ((1e9, _BILLION), (1e6, _MILLION)):
        if abs(value) >= size:
            digits = len(str(int(abs(value) / size)))
            decimals = "0" * max(4 - digits, 0)
            text = format_decimal(value / size, f"#,##0.{decimals}" if decimals else "#,##0", locale=_locale(lang))
            return f"{text}{word.of(lang)}"
    return number_text(value, Unit.AMOUNT, lang, currency)


def tenths(value: Fraction, lang: Lang) -> str:
    """An expected number, to a tenth.

    >>> tenths(Fraction(10), "vi"), tenths(Fraction(12345, 10), "en")
    ('10,0', '1,234.5')
    """
    return str(format_decimal(float(round(value, 1)), "#,##0.0", locale=_locale(lang)))


def value_text(value: Value, unit: Unit, lang: Lang, currency: str = "") -> str:
    """A value, or a dash where it is missing."""
    return MISSING if value.value is None else number_text(value.value, unit, lang, currency)


_EN_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def period_text(period: Period, grain: Grain, lang: Lang) -> str:
    """A period as people write it.

    >>> period_text(Period(date(2026, 10, 1), date(2026, 11, 1), "2026-10"), Grain.MONTH, "vi")
    '10/2026'
    """
    year = period.start.year
    match grain:
        case Grain.MONTH if lang == "vi":
            return f"{period.start.month:02}/{year}"
        case Grain.MONTH:
            return f"{_EN_MONTHS[period.start.month - 1]} {year}"
        case Grain.QUARTER:
            quarter = (period.start.month + 2) // 3
            return f"Quý {quarter}/{year}" if lang == "vi" else f"Q{quarter} {year}"
        case Grain.YEAR:
            return str(year)


def date_text(day: date, lang: Lang) -> str:
    """A day as people write it.

    >>> date_text(date(2026, 10, 31), "vi"), date_text(date(2026, 10, 31), "en")
    ('31/10/2026', '31 Oct 2026')
    """
    if lang == "vi":
        return f"{day:%d/%m/%Y}"
    return f"{day.day} {_EN_MONTHS[day.month - 1]} {day.year}"


def label_text(row: Row, lang: Lang) -> str:
    """The row's label, marked as a part of the row above where it is one."""
    if row.part is not None:
        return "  · " + tame(row.part.label.of(lang))
    return ("- " if row.metric.part else "") + row.label.of(lang)


def heading(report: Report, lang: Lang) -> str:
    """What the report is about and the time it spans, in one line."""
    spec = report.spec
    first, last = (period_text(p, spec.grain, lang) for p in (spec.periods[0], spec.periods[-1]))
    return f"{tame(spec.title.of(lang))}, {first if first == last else f'{first} – {last}'}"


def basis(report: Report, lang: Lang) -> str:
    """The day up to which is counted, the time zone, and the currency where amounts are shown."""
    text = Text("Counted up to {day}, {zone}", "Tính đến {day}, {zone}")
    if any(row.unit is Unit.AMOUNT for row in shown_rows(report)):
        text = Text(text.en + "; amounts in {currency}", text.vi + "; số tiền bằng {currency}")
    spec = report.spec
    return text.filled(day=date_text(spec.as_of, lang), zone=spec.timezone, currency=tame(spec.currency)).of(lang)


def shown_rows(report: Report) -> list[Row]:
    """The rows people see: those that are zero for the whole range are hidden where the catalogue says so.

    A channel without a figure in the whole range is hidden too, and amounts where nothing read has any.
    """

    def silent(row: Row) -> bool:
        return all(not cell.value for cell in (*row.cells, row.total))

    def zero(row: Row) -> bool:
        return all(cell.value == 0 for cell in (*row.cells, row.total))

    def hidden(row: Row) -> bool:
        return (zero(row) and row.metric.hide_zero) or (bool(row.part) and silent(row)) or row.is_without_amounts

    return [row for row in report.rows if not hidden(row)]


def compared(report: Report) -> tuple[int, Period, Period] | None:
    """The column whose change is shown, with its period and the one before: the latest that is whole.

    None where no whole period has another before it.
    """
    spec = report.spec
    for place in range(len(spec.periods) - 1, -1, -1):
        before = spec.periods[place - 1] if place else spec.before
        if before is not None and not spec.periods[place].cut_by(spec.as_of):
            return place, spec.periods[place], before
    return None


def change_of(row: Row, place: int) -> tuple[float, bool] | None:
    """The change of a row in a column against the one before, and whether it is relative.

    Rates change by points, counts by a share of the earlier count, or by their difference where that was 0.
    """
    now, before = row.cells[place], row.cells[place - 1] if place else row.before
    if now.value is None or before is None or before.value is None:
        return None
    if row.unit is Unit.RATE or before.value == 0:
        return now.value - before.value, False
    return now.value / before.value - 1, True


def change_text(row: Row, place: int, lang: Lang) -> str:
    """The change for people: ``+12.3%``, ``-0.4 pp``, ``+3``."""
    change = change_of(row, place)
    if change is None:
        return MISSING
    amount, relative = change
    sign = "+" if amount > 0 else ""
    if relative:
        text = format_percent(amount, "#,##0.0%", locale=_locale(lang))
    elif row.unit is Unit.RATE:
        text = f"{format_decimal(amount * 100, '#,##0.0', locale=_locale(lang))} {POINTS.of(lang)}"
    else:
        text = format_decimal(amount, "#,##0", locale=_locale(lang))
    if not any(c in "123456789" for c in text):
        return text.lstrip("-")
    return sign + text


def is_good(good: Good, amount: float) -> bool | None:
    """Whether a change is good news; None where it is neither.

    >>> is_good("down", -0.1), is_good("up", 0), is_good("neither", 5)
    (True, None, None)
    """
    if good == "neither" or amount == 0:
        return None
    return (amount > 0) == (good == "up")


_BARS = "▁▂▃▄▅▆▇█"


def trend(values: Sequence[Value]) -> str:
    """The values as small bars between their lowest and highest; a dot where one is missing.

    >>> trend([Value(value=1), Value(value=3), Value(value=2)])
    '▁█▅'
    """
    numbers = [v.value for v in values if v.value is not None]
    if not numbers:
        return ""
    low, high = min(numbers), max(numbers)

    def bar(value: float | None) -> str:
        if value is None:
            return "·"
        if high == low:
            return _BARS[3]
        return _BARS[round((value - low) / (high - low) * (len(_BARS) - 1) + 1e-9)]

    return "".join(bar(v.value) for v in values)


def quality_text(report: Report, lang: Lang) -> str:
    """One line on the rows behind the figures."""
    read, counted, duplicate, rejected = (
        sum(getattr(source, f"rows_{name}") for source in report.sources)
        for name in ("read", "counted", "duplicate", "rejected")
    )
    numbers = {
        name: number_text(n, Unit.PEOPLE, lang)
        for name, n in (("read", read), ("counted", counted), ("duplicate", duplicate), ("rejected", rejected))
    }
    return (
        Text(
            "Data: {files} {word}, {read} rows read = {counted} counted + {duplicate} duplicate + {rejected} rejected.",
            "Dữ liệu: {files} tệp, đọc {read} dòng = {counted} được tính + {duplicate} trùng + {rejected} bị loại.",
        )
        .filled(files=len(report.sources), word="file" if len(report.sources) == 1 else "files", **numbers)
        .of(lang)
    )
