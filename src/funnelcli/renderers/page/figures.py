"""Figures as a page writes them: amounts short with the exact one beside them, changes with an arrow and their sign."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from fractions import Fraction

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.answers.cells import Change, ChangeBasis, Number, Tone
from funnelcli.renderers.wording.cells import MISSING, MORE_THAN_CHANCE, number
from funnelcli.renderers.wording.numbers import decimal_text, number_text, percent_text
from funnelcli.text import Lang, Message, Text, in_context
from funnelcli.values.currencies import has_decimals, sign_of
from funnelcli.values.figures import Unit
from funnelcli.values.periods import Grain, Period

_MINUS = "\u2212"
_SPACE = "\u00a0"
_WITH_SYMBOL = Message("{symbol}{number}{unit}")
_WITHOUT_SYMBOL = Message("{number}{unit}")
_UNITS = (
    (1e12, Message("T")),
    (1e9, Message("B")),
    (1e6, Message("M")),
    (1e3, Message("K")),
)
_AXIS_UNITS = (
    (1e12, in_context("on an axis", "T")),
    (1e9, in_context("on an axis", "B")),
    (1e6, in_context("on an axis", "M")),
    (1e3, in_context("on an axis", "K")),
)
_POINTS = Message("pp")


def _with_sign(pattern: Text) -> Callable[[str, Lang], str]:
    return lambda currency, lang: pattern.filled(symbol=symbol_of(currency)).of(lang)


# The units of a row of amounts, with what its label says of them.
SIZES: tuple[tuple[float, Callable[[str, Lang], str]], ...] = (
    (1e12, _with_sign(Message("{symbol}T"))),
    (1e9, _with_sign(Message("{symbol}B"))),
    (1e6, _with_sign(Message("{symbol}M"))),
    (1e3, _with_sign(Message("{symbol}K"))),
)
# Below this amounts are written in full.
_FULL = 100_000


class Shown(Struct, frozen=True, kw_only=True):
    """A figure as it is written, and in full where that is more."""

    text: str
    exact: str = ""
    why: str = ""


def figure(cell: Number, lang: Lang) -> Shown:
    """A figure: large amounts short with the exact one beside, what is missing as a dash with its reason.

    >>> figure(Number(value=119_000_000, unit=Unit.AMOUNT, currency="VND"), "en")
    Shown(text='₫119.0M', exact='119,000,000\\xa0VND', why='')
    >>> figure(Number(value=1_240_000_000, unit=Unit.AMOUNT, currency="VND"), "vi").text
    '1,24\\xa0tỷ\\xa0₫'
    """
    if cell.value is None:
        return Shown(text=MISSING, why=cell.missing.reason.of(lang) if cell.missing else "")
    if cell.unit is Unit.AMOUNT:
        return Shown(text=money(float(cell.value), lang, cell.currency), exact=exact_money(cell, lang))
    if cell.unit is Unit.RATE:
        return Shown(text=rate(float(cell.value), lang))
    return Shown(text=typeset(number(cell, lang)))


def exact_money(cell: Number, lang: Lang) -> str:
    """An amount in full with its currency."""
    if cell.value is None:
        return ""
    decimals = has_decimals(cell.currency) and not float(cell.value).is_integer()
    text = decimal_text(float(cell.value), "#,##0.00" if decimals else "#,##0", lang)
    return typeset(f"{text} {cell.currency}".strip())


def money(value: float, lang: Lang, currency: str) -> str:
    """An amount to three or four digits, with the currency's sign.

    >>> money(9_470_000, "en", "VND"), money(5290, "en", "USD"), money(108_500_000, "vi", "VND")
    ('₫9.47M', '$5,290', '108,5\\xa0triệu\\xa0₫')
    """
    symbol = symbol_of(currency)
    text, unit = short_number(value, lang, currency)
    pattern = (_WITH_SYMBOL if symbol else _WITHOUT_SYMBOL).of(lang)
    sign, digits = ("-", text[1:]) if text.startswith("-") else ("", text)
    return typeset(sign + pattern.format(symbol=symbol, number=digits, unit=unit).strip())


def symbol_of(currency: str) -> str:
    """The sign of a currency, else its code with a space.

    >>> symbol_of("USD"), symbol_of("CHF")
    ('$', 'CHF ')
    """
    sign = sign_of(currency)
    return f"{sign} " if sign == currency and sign else sign


def short_number(value: float, lang: Lang, currency: str = "") -> tuple[str, str]:
    """An amount to three or four digits, and the word for its thousands; none below a hundred thousand."""
    for size, word in _UNITS:
        if abs(value) >= max(size, _FULL) * 0.99995:
            scaled = value / size
            return decimal_text(scaled, "#,##0.0" if abs(scaled) >= 9.995 else "#,##0.00", lang), word.of(lang)
    return number_text(value, Unit.AMOUNT, lang, currency), ""


def axis_numbers(values: Sequence[float], lang: Lang) -> list[str]:
    """The ticks of an axis, all in the unit of the largest.

    >>> axis_numbers([60e6, 120e6], "en"), axis_numbers([8000, 16000], "vi")
    (['60M', '120M'], ['8.000', '16.000'])
    """
    most = max(values)
    size, word = next(((size, word.of(lang)) for size, word in _AXIS_UNITS if most >= max(size, _FULL)), (1.0, ""))
    return [typeset(f"{decimal_text(value / size, '#,##0.##', lang)}{word}") for value in values]


def rate(value: float, lang: Lang) -> str:
    """A rate to a tenth of a percent, a small one to a hundredth.

    >>> rate(0.0218, "en"), rate(0.0056, "vi"), rate(1.0, "en")
    ('2.2%', '0,56%', '100.0%')
    """
    return typeset(percent_text(value, "#,##0.00%" if 0 < abs(value) < 0.00995 else "#,##0.0%", lang))


def part_of_goal(share: Number, lang: Lang) -> str:
    """How much of a target there is: whole percents, but never 100 % where it is not reached, nor where it is beyond.

    >>> [part_of_goal(Number(value=value), "en") for value in (1.059, 0.9962, 0.99999, 11.2)]
    ['106%', '99.6%', '99.9%', '11×']
    """
    if share.value is None:
        return MISSING
    value = float(share.value)
    if value >= 10:
        return typeset(f"{decimal_text(value, '#,##0', lang)}×")
    if value != 1 and round(value * 100) == 100:
        value = min(value, 0.999) if value < 1 else max(value, 1.001)
        return typeset(percent_text(value, "#,##0.0%", lang))
    return typeset(percent_text(value, "#,##0%", lang))


def change(cell: Change | None, lang: Lang) -> tuple[str, str]:
    """A change with its sign, and the arrow of its direction: empty where it rounds to nothing or is not known.

    >>> change(Change(value=0.06, basis=ChangeBasis.RELATIVE), "en")
    ('+6.0%', '▲')
    """
    if cell is None or cell.value is None:
        return "", ""
    match cell.basis:
        case ChangeBasis.RELATIVE:
            text = percent_text(abs(cell.value), "#,##0.0%", lang)
        case ChangeBasis.POINTS:
            text = f"{decimal_text(abs(cell.value) * 100, '#,##0.0', lang)} {_POINTS.of(lang)}"
        case ChangeBasis.DIFFERENCE:
            text = decimal_text(abs(cell.value), "#,##0" if abs(cell.value) >= 10 else "#,##0.##", lang)
    if not any(digit in "123456789" for digit in text):
        return typeset(text), ""
    mark = f" {MORE_THAN_CHANCE}" if cell.more else ""
    return typeset(f"{'+' if cell.value > 0 else _MINUS}{text}{mark}"), "▲" if cell.value > 0 else "▼"


def signed(cell: Number, lang: Lang) -> str:
    """A figure with its sign, 0 without one."""
    if cell.value is None:
        return MISSING
    text = figure(replace(cell, value=abs(cell.value)), lang).text
    return text if not cell.value else f"{'+' if cell.value > 0 else _MINUS}{text}"


def tone_of(cell: Change | None, text: str) -> Tone:
    """The tone of a change; none where it is written as nothing."""
    return cell.tone if cell is not None and any(digit in "123456789" for digit in text) else ""


def in_n(share: Number, lang: Lang) -> str:
    """A share as one in so many, from a hundredth down; empty of a larger one."""
    if not share.value or float(share.value) > 0.0501:
        return ""
    return typeset(_ONE_IN.filled(n=decimal_text(float(1 / Fraction(share.value)), "#,##0", lang)).of(lang))


_ONE_IN = Message("1 in {n}")


def typeset(text: str) -> str:
    """Text with true minus signs, that does not break within a figure."""
    return text.replace("-", _MINUS).replace(" ", _SPACE)


# --- periods ---------------------------------------------------------------------------------------------------------

_LONG_MONTHS = (
    Message("January"), Message("February"), Message("March"), Message("April"),
    Message("May"), Message("June"), Message("July"), Message("August"),
    Message("September"), Message("October"), Message("November"),
    Message("December"),
)  # fmt: skip
_SHORT_MONTHS = (
    in_context("short month", "Jan"),
    in_context("short month", "Feb"),
    in_context("short month", "Mar"),
    in_context("short month", "Apr"),
    in_context("short month", "May"),
    in_context("short month", "Jun"),
    in_context("short month", "Jul"),
    in_context("short month", "Aug"),
    in_context("short month", "Sep"),
    in_context("short month", "Oct"),
    in_context("short month", "Nov"),
    in_context("short month", "Dec"),
)
_MONTH_OF_YEAR = Message("{month} {year}")
_AXIS_MONTH = Message("{month} ’{year}")


def title_of(period: Period, grain: Grain, lang: Lang) -> str:
    """A period as the title of a page.

    >>> from datetime import date
    >>> from funnelcli.values.periods import month_of
    >>> title_of(month_of(date(2026, 9, 1)), Grain.MONTH, "vi")
    'Tháng 9 năm 2026'
    """
    if grain is not Grain.MONTH:
        return period.words.of(lang)
    month = _LONG_MONTHS[period.start.month - 1].of(lang)
    return _MONTH_OF_YEAR.filled(month=month, year=period.start.year).of(lang)


def short_of(period: Period, grain: Grain, lang: Lang, beside: Period | None = None) -> str:
    """A period in a word, without its year where the one ``beside`` it is of the same."""
    if grain is not Grain.MONTH or beside is None or beside.start.year != period.start.year:
        return typeset(period.words.of(lang))
    return _SHORT_MONTHS[period.start.month - 1].of(lang)


def axis_of(period: Period, grain: Grain, lang: Lang) -> str:
    """A period under an axis.

    >>> from datetime import date
    >>> from funnelcli.values.periods import month_of
    >>> axis_of(month_of(date(2026, 9, 1)), Grain.MONTH, "en"), axis_of(month_of(date(2026, 9, 1)), Grain.MONTH, "vi")
    ('Sep\\xa0’26', 'T9/26')
    """
    if grain is not Grain.MONTH:
        return typeset(period.words.of(lang))
    month = _SHORT_MONTHS[period.start.month - 1].of(lang)
    text = _AXIS_MONTH.filled(month=month, year=f"{period.start.year % 100:02}").of(lang)
    return typeset(text)
