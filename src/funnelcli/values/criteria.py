"""What a cell is compared with: words by patterns, numbers by ranges, also where the cell is itself a range."""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache

from msgspec import Struct

from funnelcli.text import TextError
from funnelcli.text.regex import regex
from funnelcli.values.amounts import parse_amount
from funnelcli.values.channels import matches
from funnelcli.values.digits import mark_of

_NUMBER = r"(?:\d{1,3}(?: \d{3})+|\d[\d.,_]*)(?:\s?(?:k|nghìn|ngàn|tr|triệu|tỷ|tỉ|m|bn?)(?![^\W\d_]))?"
_RANGE = regex(rf"(?P<low>{_NUMBER})?\s*[-–—]\s*(?P<high>{_NUMBER})?")
_AROUND = r"(?:[^\W\d_][^\d<>≥≤+]*)?"  # words that say of what, like "employees"
_BAND = regex(rf"(?:từ\s+|from\s+)?(?P<low>{_NUMBER})\s*(?:[-–—]|\.\.|to|đến|tới)\s*(?P<high>{_NUMBER})\s*{_AROUND}")
_ABOVE = regex(
    rf"(?:(?P<over>>|trên|hơn|over|more than|above)|(?P<least>≥|>=|từ|ít nhất|at least|from))\s*(?P<low>{_NUMBER})"
    rf"\s*{_AROUND}"
)
_AND_MORE = regex(rf"(?P<low>{_NUMBER})\s*(?:\+|trở lên|and (?:more|above|up)|or more)\s*{_AROUND}")
_BELOW = regex(
    rf"(?:(?P<under><|dưới|ít hơn|under|less than|below|fewer than)|(?P<most>≤|<=|đến|tới|tối đa|up to|at most))"
    rf"\s*(?P<high>{_NUMBER})\s*{_AROUND}"
)
_ONE = regex(rf"(?:~|khoảng|about|approx\.?|ca\.?)?\s*(?P<low>{_NUMBER})\s*{_AROUND}")


class Span(Struct, frozen=True):
    """The numbers from ``low`` to ``high``, both included; None: without a bound."""

    low: Fraction | None
    high: Fraction | None

    def holds(self, other: Span) -> bool | None:
        """Whether another span lies within this one; None where it does in part.

        >>> firms = span_of("51-200")
        >>> [range_of(each).holds(firms) for each in ("50-500", "201-", "100-1000")]
        [True, False, None]
        """
        if (self.low is not None and other.high is not None and other.high < self.low) or (
            self.high is not None and other.low is not None and other.low > self.high
        ):
            return False
        from_low = self.low is None or (other.low is not None and other.low >= self.low)
        to_high = self.high is None or (other.high is not None and other.high <= self.high)
        return True if from_low and to_high else None


@lru_cache(maxsize=1024)
def range_of(pattern: str) -> Span | None:
    """The range that a pattern of the settings is, like ``50-500``, ``501-``, ``-49`` or ``>500``; None: it is none.

    >>> range_of("501-"), range_of("giám đốc*"), range_of("-")
    (Span(low=Fraction(501, 1), high=None), None, None)
    """
    text = pattern.strip().casefold()
    match = _RANGE.fullmatch(text)
    if match is None or not (match["low"] or match["high"]):
        return span_of(text) if any(open_.fullmatch(text) for open_ in (_ABOVE, _AND_MORE, _BELOW)) else None
    try:
        return Span(*(None if text is None else _number(text) for text in (match["low"], match["high"])))
    except TextError:
        return None


@lru_cache(maxsize=4096)
def span_of(cell: str) -> Span | None:
    """The numbers that a cell may mean: one, or a band of them; None where it says none.

    >>> span_of("1.200 nhân viên") == span_of("1200"), span_of("51–200 employees") == span_of("từ 51 đến 200")
    (True, True)
    >>> span_of("10,001+"), span_of("dưới 10") == span_of("≤ 9"), span_of("nhiều"), span_of("Oct-50")
    (Span(low=Fraction(10001, 1), high=None), True, None, None)
    """
    text = " ".join(cell.casefold().split())
    try:
        if match := _BAND.fullmatch(text):
            return Span(_number(match["low"]), _number(match["high"]))
        if match := _ABOVE.fullmatch(text):
            return Span(_number(match["low"]) + (1 if match["over"] else 0), None)
        if match := _AND_MORE.fullmatch(text):
            return Span(_number(match["low"]), None)
        if match := _BELOW.fullmatch(text):
            return Span(None, _number(match["high"]) - (1 if match["under"] else 0))
        if match := _ONE.fullmatch(text):
            return Span(_number(match["low"]), _number(match["low"]))
    except TextError:
        return None
    return None


def _number(text: str) -> Fraction:
    """A number of a size: a mark before three digits is that of thousands, as nobody counts parts of people."""
    digits = text.strip().rstrip(".,").replace(" ", "")
    if mark_of("".join(c for c in digits if c.isdigit() or c in ".,")) == "either":
        digits = digits.replace(".", "").replace(",", "")
    return Fraction(parse_amount(digits))


class Criterion(Struct, frozen=True):
    """Some patterns, of which a cell has to fit one: globs, of words with and without accents alike, or ranges.

    >>> boss = Criterion(("giám đốc*",))
    >>> boss.met_by("Giám đốc điều hành"), boss.met_by("giam doc"), boss.met_by("Kế toán"), boss.met_by("")
    (True, True, False, None)
    >>> Criterion(("50-500",)).met_by("120"), Criterion(("50-500",)).met_by("many"), Criterion(("-49",)).met_by("11-50")
    (True, None, None)
    """

    patterns: tuple[str, ...]

    def met_by(self, cell: str) -> bool | None:
        """Whether a cell fits one of the patterns; None where nothing is known, or it may as well not fit."""
        if not cell:
            return None
        results = [fits(pattern, cell) for pattern in self.patterns]
        return True if True in results else None if None in results else False


def fits(pattern: str, cell: str) -> bool | None:
    """Whether a cell that says something fits a pattern; None where a number is asked for, and it is not sure."""
    wanted = range_of(pattern)
    if wanted is None:
        return matches(cell, (pattern,)) or matches(without_accents(cell), (without_accents(pattern),))
    given = span_of(cell)
    return None if given is None else wanted.holds(given)


def says_nothing_of(patterns: Iterable[str], cell: str) -> bool:
    """Whether a cell cannot be compared: some pattern asks for a number, which it is not, and no other one fits it.

    >>> wanted = ("50-500", "rất lớn*")
    >>> [says_nothing_of(wanted, cell) for cell in ("vài chục", "120", "100-1000", "rat lon")]
    [True, False, False, False]
    """
    wanted = tuple(patterns)
    if not any(range_of(pattern) is not None for pattern in wanted) or span_of(cell) is not None:
        return False
    return not any(fits(pattern, cell) for pattern in wanted)


def are_ranges(patterns: Iterable[str]) -> bool:
    """Whether patterns ask for numbers alone.

    >>> are_ranges(["50-500", "501-"]), are_ranges(["VN"])
    (True, False)
    """
    return all(range_of(pattern) is not None for pattern in patterns)


@lru_cache(maxsize=4096)
def without_accents(text: str) -> str:
    """A text without capitals and accents, its words apart by spaces; marks of patterns stay.

    >>> without_accents("Giám_đốc*")
    'giam doc*'
    """
    bare = unicodedata.normalize("NFD", text.casefold().replace("đ", "d").replace("_", " "))
    return "".join(letter for letter in bare if not unicodedata.combining(letter))
