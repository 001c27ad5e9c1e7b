"""CSV: plain numbers, English keys, one line a row."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from funnelcli.answers.answer import Answer, Raw
from funnelcli.renderers import Format, Style, View, as_bytes
from funnelcli.renderers.wording.reread import counts_in_text
from funnelcli.renderers.wording.tame import tame
from funnelcli.text import Lang, Text

_STARTERS = ("=", "+", "-", "@", "\t", "\r")
_MARK = "\ufeff"


def safe_text(text: str) -> str:
    """A text cell that no spreadsheet runs as a formula.

    >>> safe_text("=1+1"), safe_text("An")
    ("'=1+1", 'An')
    """
    return "'" + text if text.startswith(_STARTERS) else text


def plain_number(value: float | Fraction) -> str:
    """A number with all its digits.

    >>> plain_number(0.025), plain_number(3.0), plain_number(Fraction(1, 4))
    ('0.025', '3', '0.25')
    """
    return str(int(value)) if float(value).is_integer() else repr(float(value))


def plain_text(value: Raw, lang: Lang) -> str:
    """A raw cell as text: all digits of a number, a day as ISO date, nothing for nothing.

    >>> plain_text(None, "en"), plain_text(12.5, "en"), plain_text(date(2026, 1, 31), "vi")
    ('', '12.5', '2026-01-31')
    """
    match value:
        case None:
            return ""
        case str():
            return tame(value)
        case Text():
            return tame(value.of(lang))
        case date():
            return value.isoformat()
        case _:
            return plain_number(value)


def _cell(value: Raw, decimal: str) -> str:
    text = plain_text(value, "en")
    if isinstance(value, str | Text):
        return safe_text(text)
    return text.replace(".", decimal) if isinstance(value, int | float | Fraction) else text


def delimited(header: Sequence[str], rows: Sequence[Sequence[Raw]], delimiter: str, decimal: str = ".") -> str:
    """Raw rows as text, a line each, under their header; ``decimal`` is the mark of their numbers.

    >>> delimited(["a", "b"], [[1.5, "1.5; x"]], ";", ",")
    'a;b\\n1,5;"1.5; x"\\n'
    """
    out = io.StringIO()
    writer = csv.writer(out, delimiter=delimiter, lineterminator="\n")
    writer.writerow(header)
    writer.writerows([_cell(value, decimal) for value in row] for row in rows)
    return out.getvalue()


def render_rows(answer: Answer, style: Style, delimiter: str) -> bytes:
    """The rows of an answer with a delimiter between the cells."""
    sheet = answer.sheet(style.layout)
    text = delimited(sheet.header, sheet.rows, delimiter, style.decimal)
    return as_bytes((_MARK if style.bom else "") + text)


def render(answer: Answer, style: Style) -> bytes:
    """The rows of an answer as CSV."""
    return render_rows(answer, style, style.delimiter or COMMA)


COMMA = ","
FORMAT = Format(
    name="csv",
    extensions=(".csv",),
    views=frozenset({View.ROWS}),
    takes_bom=True,
    delimiter=COMMA,
    takes_delimiter=True,
    render=render,
    counts=lambda data: counts_in_text(data, (COMMA, ";", "|", "\t")),
)
