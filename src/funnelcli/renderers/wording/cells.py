"""Cells as text for people, on one line each and harmless whatever is in them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from fractions import Fraction
from functools import lru_cache
from typing import assert_never

from msgspec.structs import replace

from funnelcli.answers.answer import Listing, Raw
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
)
from funnelcli.answers.phrases import AGAINST, AGAINST_BELOW, AGAINST_OVER, AGAINST_TO_GO
from funnelcli.renderers.wording.numbers import (
    bars,
    date_text,
    decimal_text,
    number_text,
    percent_text,
    rate_text,
    tenths,
)
from funnelcli.renderers.wording.tame import tame
from funnelcli.text import Lang, Message, Text, as_text, in_number
from funnelcli.values.figures import Unit

MISSING = "–"
NOTES = Message("Notes")
POINTS = Message("pp")
MORE_THAN_CHANCE = "●"  # before a change


def cell_text(cell: Cell, lang: Lang) -> str:
    """A cell as a person reads it.

    >>> people = lambda n: Number(value=Fraction(n), unit=Unit.PEOPLE, precision=Precision.PLANNED)
    >>> share = Number(value=Fraction(22, 25), unit=Unit.RATE, precision=Precision.PLANNED)
    >>> cell_text(Against(actual=people(352), target=people(400), share=share, to_go=people(48)), "en")
    '352 [88.0% of 400] (48 to go)'
    >>> cell_text(Words(Message("Rows counted ({n})"), facts={"n": people(1200)}), "vi")
    'Các dòng được tính (1.200)'
    """
    match cell:
        case Number():
            return number(cell, lang)
        case Words():
            return _words(cell, lang)
        case Code():
            return tame(as_text(cell.text).of(lang))
        case Months():
            return _months(cell, lang)
        case Day():
            return date_text(cell.day, lang)
        case Against():
            return _against(cell, lang)
        case Revised():
            return f"{number(cell.now, lang)} ({number(cell.before, lang)})"
        case Quotient():
            parts = f"{number(cell.numerator, lang)}/{number(cell.denominator, lang)}"
            return f"{number(cell.rate, lang)} ({parts})"
        case Change():
            return _change(cell, lang)
        case Trend():
            return bars(cell.values)
        case _:
            assert_never(cell)


def raw_text(value: Raw, lang: Lang, *, is_place: bool = False) -> str:
    """A cell of a list as a person reads it: a number with the marks of the language, a day as it is written there.

    What stood in a file is left as it is.  The number of a line is a place, that is looked up, and has no marks.

    >>> raw_text(12900000, "vi"), raw_text(1234.5, "en"), raw_text(1204, "vi", is_place=True), raw_text("1,204", "vi")
    ('12.900.000', '1,234.5', '1204', '1,204')
    >>> raw_text(date(2026, 10, 1), "vi"), raw_text(None, "vi")
    ('01/10/2026', '')
    """
    match value:
        case None:
            return ""
        case str():
            return tame(value)
        case Text():
            return tame(value.of(lang))
        case _:
            return _day_or_number(value, lang, is_place)


@lru_cache(maxsize=10_000)  # of very many rows, few are of a day or a number of their own
def _day_or_number(value: date | float | Fraction, lang: Lang, is_place: bool) -> str:
    if isinstance(value, date):
        return date_text(value, lang)
    exact = value if isinstance(value, int) else float(value)
    return str(exact) if is_place else decimal_text(exact, "#,##0.####", lang)


def row_texts(listing: Listing, row: Sequence[Raw], lang: Lang) -> list[str]:
    """The cells of a row of a list, as a person reads them."""
    cells = zip(listing.header, row, strict=False)
    return [raw_text(value, lang, is_place=name in listing.places) for name, value in cells]


def number(cell: Number, lang: Lang) -> str:
    """A number as exactly as it wants to be written, or a dash where it is missing."""
    text = MISSING if cell.value is None else _figure(cell, lang)
    return f"{text} *" if cell.starred else text


def _figure(cell: Number, lang: Lang) -> str:
    assert cell.value is not None
    unit = cell.unit or Unit.PEOPLE
    if cell.precision is Precision.COUNTED:
        counted = float(cell.value) if isinstance(cell.value, Fraction) else cell.value
        return number_text(counted, unit, lang, cell.currency)
    value = Fraction(cell.value)
    match cell.precision:
        case Precision.FINE:
            return rate_text(value, lang)
        case Precision.TENTHS:
            return tenths(value, lang)
        case Precision.PLANNED:
            if unit is Unit.RATE:
                return number_text(float(value), unit, lang)
            decimals = 1 if unit not in (Unit.AMOUNT, Unit.NUMBER) else 0 if abs(value) >= 1000 else 2
            return number_text(float(round(value, decimals)), unit, lang)
        case _:
            assert_never(cell.precision)


def _words(cell: Words, lang: Lang) -> str:
    text = cell.text if isinstance(cell.text, str) else cell.text.of(lang)
    if cell.facts:
        counts = {name: fact.value for name, fact in cell.facts.items() if isinstance(fact, Number)}
        text = in_number(text, counts, lang).format(**{n: cell_text(fact, lang) for n, fact in cell.facts.items()})
    return tame(text)


def _months(cell: Months, lang: Lang) -> str:
    first, last = cell.first.words.of(lang), (cell.last or cell.first).words.of(lang)
    return (first if first == last else f"{first} – {last}") + ("*" if cell.partial else "")


def _against(cell: Against, lang: Lang) -> str:
    rest = Fraction(cell.to_go.value or 0)
    size = replace(cell.to_go, value=abs(rest))
    text = AGAINST if not rest else AGAINST_OVER if rest < 0 else AGAINST_TO_GO if cell.good == "up" else AGAINST_BELOW
    return text.of(lang).format(
        actual=cell_text(cell.actual, lang),
        share=number(cell.share, lang),
        target=number(cell.target, lang),
        rest=number(size, lang),
    )


def _change(cell: Change, lang: Lang) -> str:
    """The change with its sign: ``+12.3%``, ``-0.4 pp``, ``+3``, ``+0.25``; one that rounds to nothing has none."""
    if cell.value is None:
        return MISSING
    match cell.basis:
        case ChangeBasis.RELATIVE:
            text = percent_text(cell.value, "#,##0.0%", lang)
        case ChangeBasis.POINTS:
            text = f"{decimal_text(cell.value * 100, '#,##0.0', lang)} {POINTS.of(lang)}"
        case ChangeBasis.DIFFERENCE:
            text = decimal_text(cell.value, "#,##0" if abs(cell.value) >= 10 else "#,##0.##", lang)
        case _:
            assert_never(cell.basis)
    if not any(digit in "123456789" for digit in text):
        return text.lstrip("-")
    signed = f"+{text}" if cell.value > 0 else text
    return f"{MORE_THAN_CHANCE} {signed}" if cell.more else signed
