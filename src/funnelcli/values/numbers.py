"""Cells to numbers.

What one cell cannot tell (a thousand or a fraction?) is decided from evidence over the whole column, and where that
decides nothing the reader refuses.
"""

import re
from dataclasses import dataclass
from typing import Literal

from funnelcli.values.cells import Exact

DecimalMark = Literal[".", ","]

_CURRENCY = re.compile(r"vnđ|vnd|usd|eur|gbp|sgd|jpy|thb|đồng|[₫đ$€£¥฿]", re.IGNORECASE)
_SPACES = re.compile(r"[\s'’_\u00a0\u202f]")
_DIGITS = re.compile(r"\d+")
_PLAIN = re.compile(r"[\d.,]*\d[\d.,]*")
_GROUPED = {
    ",": re.compile(r"[1-9]\d{0,2}(?:,\d{2,3})*,\d{3}"),
    ".": re.compile(r"[1-9]\d{0,2}(?:\.\d{2,3})*\.\d{3}"),
}


def _bare(text: str) -> tuple[str, int, float] | None:
    """Digits and marks of a number, its sign, and what it is to be multiplied with; None: no number."""
    text = text.strip()
    sign, scale = 1, 1.0
    if text.startswith("(") and text.endswith(")"):
        sign, text = -1, text[1:-1]
    text = _SPACES.sub("", _CURRENCY.sub("", text))
    if text.endswith("%"):
        scale, text = 0.01, text[:-1]
    if text[:1] in ("-", "−", "+"):
        sign, text = (sign if text[0] == "+" else -sign), text[1:]
    elif text[-1:] in ("-", "−"):
        sign, text = -sign, text[:-1]
    if not text.isascii() or not _PLAIN.fullmatch(text):
        return None
    return text, sign, scale


def _mark_of(bare: str) -> DecimalMark | Literal["either"] | None:
    """The decimal mark that ``bare`` proves; ``either`` where it could go both ways; None: says nothing."""
    dots, commas = bare.count("."), bare.count(",")
    if not dots and not commas:
        return None
    if dots and commas:
        return "," if bare.rfind(",") > bare.rfind(".") else "."
    mark: DecimalMark = "." if dots else ","
    other: DecimalMark = "," if dots else "."
    if dots + commas > 1:
        return other
    head, tail = bare.split(mark)
    if len(tail) == 3 and 1 <= len(head) <= 3 and not head.startswith("0"):
        return "either"
    return mark


@dataclass(kw_only=True)
class NumberEvidence:
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
    bare = None if isinstance(text, Exact) else _bare(text)
    mark = _mark_of(bare[0]) if bare else None
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
    bare = _bare(text)
    if bare is None:
        return None
    digits, sign, scale = bare
    mark: str | None = decimal or _mark_of(digits)
    if mark == "either":
        return None
    grouping = "." if mark == "," else ","
    whole, _, fraction = digits.partition(mark) if mark else (digits, "", "")
    if grouping in whole:
        if not _GROUPED[grouping].fullmatch(whole):
            return None
        whole = whole.replace(grouping, "")
    if fraction and not _DIGITS.fullmatch(fraction):
        return None
    if whole and not _DIGITS.fullmatch(whole):
        return None
    number = float(f"{whole or '0'}.{fraction or '0'}")
    return sign * (number * scale if scale == 1 else number / 100)


def count_mark_said(text: str) -> Literal["point", "comma", "either"] | None:
    """What a whole number says about the decimal mark of its column: 1.234 is none with a point, 12.000 may be.

    >>> count_mark_said("1.234"), count_mark_said("12.000"), count_mark_said("1500.000")
    ('comma', 'either', 'point')
    """
    says = mark_said(text)
    if says == "either":
        bare = _bare(text)
        assert bare is not None
        if not bare[0].endswith("000"):
            return "comma" if "." in bare[0] else "point"
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
