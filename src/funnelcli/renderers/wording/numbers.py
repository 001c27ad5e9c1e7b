"""Numbers, amounts, rates, days and periods as people write them in each language."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from decimal import ROUND_HALF_EVEN, Decimal
from fractions import Fraction

from funnelcli.text import PERCENT, Lang, Message, day_words, in_marks
from funnelcli.values.currencies import has_decimals
from funnelcli.values.figures import Unit


def decimal_text(value: float, pattern: str, lang: Lang) -> str:
    """A number in a pattern of Unicode's: ``#,##0``, with decimals that always stand (0) or unless they are zeros (#).

    A tie goes to the even digit.

    >>> decimal_text(1234.5, "#,##0.0", "vi"), decimal_text(0.125, "#,##0.##", "en"), decimal_text(2.5, "#,##0", "en")
    ('1.234,5', '0.12', '2')
    """
    return _written(Decimal(str(value)), pattern, lang)


def percent_text(value: float, pattern: str, lang: Lang) -> str:
    """A share as a percentage in such a pattern.

    >>> percent_text(0.031, "#,##0.0%", "vi")
    '3,1%'
    """
    return PERCENT.of(lang).format(number=_written(Decimal(str(value)).scaleb(2), pattern.rstrip("%"), lang))


def _written(value: Decimal, pattern: str, lang: Lang) -> str:
    decimals = pattern.partition(".")[2]
    text = f"{value.quantize(Decimal(1).scaleb(-len(decimals)), ROUND_HALF_EVEN):,f}"
    optional = len(decimals) - decimals.count("0")
    while optional and text.endswith("0"):
        text, optional = text[:-1], optional - 1
    text = text.removesuffix(".")
    return in_marks(text, lang)


def number_text(value: float, unit: Unit, lang: Lang, currency: str = "") -> str:
    """A figure as people write it; amounts below a thousand with decimals where their ``currency`` has them.

    >>> number_text(1234, Unit.VISITS, "vi"), number_text(0.0312, Unit.RATE, "en")
    ('1.234', '3.1%')
    >>> number_text(29.9, Unit.AMOUNT, "en", "USD"), number_text(290457.5, Unit.AMOUNT, "vi", "VND")
    ('29.90', '290.458')
    """
    if unit is Unit.AMOUNT:
        small = has_decimals(currency) and abs(value) < 1000 and not float(value).is_integer()
        return decimal_text(value, "#,##0.00" if small else "#,##0", lang)
    if unit is Unit.RATE:
        small = 0 < abs(value) < 0.001
        return percent_text(value, "#,##0.00%" if small else "#,##0.0%", lang)
    if unit is Unit.POINTS:
        return decimal_text(value, "#,##0", lang)
    return decimal_text(value, "#,##0.00" if unit is Unit.NUMBER and not isinstance(value, int) else "#,##0.##", lang)


def rate_text(value: Fraction, lang: Lang) -> str:
    """A rate with one or two decimals, as it needs; more of them where it is very small.

    >>> rate_text(Fraction(9, 400), "en"), rate_text(Fraction(1, 4), "vi"), rate_text(Fraction(1, 25000), "en")
    ('2.25%', '25,0%', '0.004%')
    """
    small = 0 < abs(value) < Fraction(1, 10_000)
    return percent_text(float(value), "#,##0.0####%" if small else "#,##0.0#%", lang)


_MILLION = Message("m")
_BILLION = Message("bn")


def short_amount(value: float, lang: Lang, currency: str) -> str:
    """An amount to four digits where it is in the millions: ``119.0m``, for where there is no room for all of them.

    >>> short_amount(119_000_000, "en", "VND"), short_amount(1_234_000_000, "vi", "VND")
    ('119.0m', '1,234 tỷ')
    >>> short_amount(5290, "en", "USD")
    '5,290'
    """
    for size, word in ((1e9, _BILLION), (1e6, _MILLION)):
        if abs(value) >= size:
            digits = len(str(int(abs(value) / size)))
            decimals = "0" * max(4 - digits, 0)
            text = decimal_text(value / size, f"#,##0.{decimals}" if decimals else "#,##0", lang)
            return f"{text}{word.of(lang)}"
    return number_text(value, Unit.AMOUNT, lang, currency)


def tenths(value: Fraction, lang: Lang) -> str:
    """An expected number, to a tenth.

    >>> tenths(Fraction(10), "vi"), tenths(Fraction(12345, 10), "en")
    ('10,0', '1,234.5')
    """
    return decimal_text(float(round(value, 1)), "#,##0.0", lang)


def date_text(day: date, lang: Lang) -> str:
    """A day as people write it.

    >>> date_text(date(2026, 10, 31), "vi"), date_text(date(2026, 10, 31), "en")
    ('31/10/2026', '31 Oct 2026')
    """
    return day_words(day).of(lang)


_BARS = "▁▂▃▄▅▆▇█"


def bars(values: Sequence[float | None]) -> str:
    """Figures as small bars between their lowest and highest; a dot where one is missing.

    >>> bars([1, 3, 2])
    '▁█▅'
    """
    numbers = [value for value in values if value is not None]
    if not numbers:
        return ""
    low, high = min(numbers), max(numbers)

    def bar(value: float | None) -> str:
        if value is None:
            return "·"
        if high == low:
            return _BARS[3]
        return _BARS[round((value - low) / (high - low) * (len(_BARS) - 1) + 1e-9)]

    return "".join(bar(value) for value in values)
