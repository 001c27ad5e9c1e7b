"""Cells to numbers.

What one cell cannot tell (a thousand or a fraction?) is decided from evidence over the whole column, and where that
decides nothing the reader refuses.
"""

from fractions import Fraction
from typing import Literal, NamedTuple

from msgspec import Struct

from funnelcli.text.regex import regex
from funnelcli.values.cells import Exact
from funnelcli.values.currencies import without_currency
from funnelcli.values.digits import GROUPING, exact, mark_of, whole_and_fraction
from funnelcli.values.digits import DecimalMark as DecimalMark

_SPACES = regex(rf"[\s{GROUPING}]")
# White space between figures that groups no three of them: two numbers, or one that is torn.
_APART = regex(rf"\d[\s{GROUPING}]+(?!\d{{3}}(?!\d))\d")
_PLAIN = regex(r"[\d.,]*\d[\d.,]*")


class Bare(NamedTuple):
    """A number as it is written, taken apart: digits and marks, its sign, and whether it is a percentage."""

    digits: str
    sign: int
    percent: bool


def bare_number(text: str) -> Bare | None:
    """A cell without currency, white space, brackets and sign; None where what is left is no number.

    >>> bare_number("(1 200,50 €)")
    Bare(digits='1200,50', sign=-1, percent=False)
    """
    text = text.strip()
    sign, percent = 1, False
    if text.startswith("(") and text.endswith(")"):
        sign, text = -1, text[1:-1]
    text = without_currency(text)
    if _APART.search(text):
        return None
    text = _SPACES.sub("", text)
    if text.endswith("%"):
        percent, text = True, text[:-1]
    if text[:1] in ("-", "−", "+"):
        sign, text = (sign if text[0] == "+" else -sign), text[1:]
    elif text[-1:] in ("-", "−"):
        sign, text = -sign, text[:-1]
    if not text.isascii() or not _PLAIN.fullmatch(text):
        return None
    return Bare(text, sign, percent)


class NumberEvidence(Struct, kw_only=True):
    """What a column's cells say about its decimal mark: the first cell (text, place) for each reading."""

    point: tuple[str, object] | None = None
    comma: tuple[str, object] | None = None
    either: tuple[str, object] | None = None

    def observe(self, text: str, place: object, *, whole: bool = False) -> None:
        """Take one cell into account; ``whole`` says that the column holds whole numbers."""
        says = count_mark_said(text) if whole else mark_said(text)
        if says and getattr(self, says) is None:
            setattr(self, says, (text, place))

    @property
    def mark(self) -> DecimalMark | None:
        """The mark all the evidence points to, if any."""
        if self.point and not self.comma:
            return "."
        if self.comma and not self.point:
            return ","
        return None


def mark_said(text: str) -> Literal["point", "comma", "either"] | None:
    """What one cell says about the decimal mark of its column.

    >>> mark_said("1.234,5"), mark_said("142.111"), mark_said("12")
    ('comma', 'either', None)
    """
    bare = None if isinstance(text, Exact) else bare_number(text)
    mark = mark_of(bare.digits) if bare else None
    names: dict[str | None, Literal["point", "comma", "either"]] = {".": "point", ",": "comma", "either": "either"}
    return names.get(mark)


def read_number(text: str, decimal: DecimalMark | None) -> float | None:
    """The number a cell stands for, with ``decimal`` as its decimal mark; None where it is no such number.

    With None as the mark the cell must prove its own.  A percentage is a share of 1.

    >>> read_number("1.234.567 ₫", None), read_number("$1,200.00", "."), read_number("12,5 %", ",")
    (1234567.0, 1200.0, 0.125)
    """
    if isinstance(text, Exact):
        return float(text)
    bare = bare_number(text)
    parts = _parts(bare, decimal) if bare else None
    if bare is None or parts is None:
        return None
    number = bare.sign * float(f"{parts[0]}.{parts[1]}")
    return number / 100 if bare.percent else number


def _parts(bare: Bare, decimal: DecimalMark | None) -> tuple[str, str] | None:
    mark = decimal or mark_of(bare.digits)
    return None if mark == "either" else whole_and_fraction(bare.digits, mark, "lakhs")


def exact_number(bare: Bare, decimal: DecimalMark | None) -> Fraction | None:
    """The exact number of a cell taken apart, as :func:`read_number` reads it; a percentage is a share of 1.

    >>> exact_number(Bare("1.234,5", -1, False), None), exact_number(Bare("12.5", 1, True), ".")
    (Fraction(-2469, 2), Fraction(1, 8))
    """
    parts = _parts(bare, decimal)
    if parts is None:
        return None
    number = bare.sign * exact(*parts)
    return number / 100 if bare.percent else number


def count_mark_said(text: str) -> Literal["point", "comma", "either"] | None:
    """What a whole number says about the decimal mark of its column: 1.234 is none with a point, 12.000 may be.

    >>> count_mark_said("1.234"), count_mark_said("12.000"), count_mark_said("1500.000")
    ('comma', 'either', 'point')
    """
    says = mark_said(text)
    if says == "either":
        bare = bare_number(text)
        assert bare is not None
        if not bare.digits.endswith("000"):
            return "comma" if "." in bare.digits else "point"
    elif says:
        number = read_number(text, "." if says == "point" else ",")
        if number is None or not number.is_integer():
            return None  # no whole number however it is read, so it says nothing of the others
    return says


def read_count(text: str, decimal: DecimalMark | None) -> int | None:
    """A whole number from 0 up; with None as the mark the cell must prove its own.

    >>> read_count("1.234", None), read_count("12.000", None), read_count("12.000", "."), read_count("12,5", None)
    (1234, None, 12, None)
    """
    if text.isdigit() and text.isascii():
        return int(text) if len(text) < 16 else None
    if decimal is None:
        says = count_mark_said(text)
        decimal = "." if says == "point" else "," if says == "comma" else None
    number = None if "%" in text else read_number(text, decimal)
    if number is None or number < 0 or number >= 1e15 or not number.is_integer():
        return None
    return int(number)
