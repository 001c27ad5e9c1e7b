"""Sums of visits that are not written in plain digits: with thousands, in thousands, as shares, or among words."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from datetime import date
from itertools import pairwise

from funnelcli.reading.headers import header_key
from funnelcli.reading.unread import Holding, Unread
from funnelcli.text.regex import regex
from funnelcli.values.numbers import bare_number

MOST_WORDS = 2  # that stand in the place of a number: not available
# One number, or two of a range, and a word behind that is the same in all cells; before it a sign like that of "less
# than", after it another number in brackets.
_DRESSED = regex(
    r"[<>≤≥~≈]?\s*(?P<number>\d[\d.,\s'’]*(?:e[+-]?\d+)?)(?:[-–](?P<to>\d[\d.,]*))?\s*(?P<word>%|[^\W\d_]*)"
    r"(?:\s*\([^()]*\d[^()]*\))?",
    re.IGNORECASE,
)
_SCALES = frozenset(("k", "m", "tr", "mn"))
# Whole numbers in words are of these too, one of each visit.
_NO_SUM = regex(
    r"\b(duration|dwell|time|bounce|scroll|depth|screen|resolution|width|height|viewport|ages?|size|price|value|version"
    r"|model|os|tuoi|thoi gian|thoi luong|do phan giai|gia|phien ban)\b"
)
_ROW_NUMBER = regex(
    r"(?:row|line|index|idx|no|nr|num|stt|so tt|so thu tu|thu tu|tt|id|.* id|#|unnamed.*"
    r"|(?:.* )?(?:day|ngay|date)(?: .*)?)?"
)


def holds_dressed_sums(column: Unread) -> bool:
    """Whether cells are sums in another dress than plain digits.

    >>> def holds(header, *cells): return holds_dressed_sums(Unread(header=header, holding=Holding.OTHER, cells=cells))
    >>> holds("Besuche", "1,120", "980", "2,080"), holds("n", "12.3K", "3K"), holds("Số", "120 lượt", "98 lượt")
    (True, True, True)
    >>> holds("Bucket", "100-199", "200-299"), holds("uniques", "10", "not available", "30"), holds("Share", "5%", "7%")
    (True, True, True)
    >>> holds("n", "１", "９"), holds("n", "<10", "120"), holds("n", "1.2E+02", "9E+01"), holds("n", "9 (7)", "8 (7)")
    (True, True, True, True)
    >>> holds("age", "18-24", "25-34"), holds("screen", "1920 px"), holds("page", "2 cách", "3 mẹo")
    (False, False, False)
    """
    if column.holding not in (Holding.OTHER, Holding.WORDS) or _NO_SUM.search(header_key(column.header)):
        return False
    filled = [_in_ascii_digits(cell) for cell in column.cells if cell]
    matched = [_DRESSED.fullmatch(cell) for cell in filled]
    others = {cell for cell, match in zip(filled, matched, strict=True) if match is None}
    matches = [match for match in matched if match is not None]
    numbers = {match["number"] for match in matches}
    if len(others) > MOST_WORDS or 2 * len(matches) < len(filled) or any(map(str.isdigit, "".join(others))):
        return False
    if all(cell.isascii() and cell.isdigit() for cell in column.cells if cell) or len(numbers) < 2:
        return False
    if any(match["number"][:1] == "0" and match["number"][1:2].isdigit() for match in matches):
        return False
    words = {match["word"].casefold() for match in matches}
    is_of_one = len(words) == 1 or words <= _SCALES | {""}
    is_range = all(match["to"] is not None for match in matches)
    return is_of_one and (is_range or all(match["to"] is None and _is_number(match["number"]) for match in matches))


def _is_number(cell: str) -> bool:
    digits, _, power = cell.casefold().replace("'", "").replace("’", "").partition("e")
    return bare_number(digits) is not None and (not power or power.lstrip("+-").isdigit())


def _in_ascii_digits(cell: str) -> str:
    """A cell with the digits of any script as those of ASCII, as far as each is one by itself."""
    if cell.isascii():
        return cell
    return "".join(str(unicodedata.decimal(letter, letter)) for letter in cell)


def numbers_days(column: Unread, days: Sequence[date | None]) -> bool:
    """Whether numbers that run on by one, as those of rows do, are one for each day: sums that grow.

    >>> from datetime import timedelta
    >>> days = [date(2026, 1, 1) + timedelta(days=n) for n in range(5)]
    >>> cells = ("101", "102", "103", "104", "105")
    >>> total, stt = (Unread(header=header, holding=Holding.OTHER, cells=cells) for header in ("total", "STT"))
    >>> numbers_days(total, days), numbers_days(stt, days), numbers_days(total, days[:1] * 5)
    (True, False, False)
    """
    cells = column.cells
    if len(cells) < 3 or column.holding is not Holding.OTHER or not all(map(str.isdigit, cells)):
        return False
    if _ROW_NUMBER.fullmatch(header_key(column.header)) or any(cell[0] == "0" and len(cell) > 1 for cell in cells):
        return False
    steps = {int(later) - int(earlier) for earlier, later in pairwise(cells)}
    return steps in ({1}, {-1}) and len(set(days)) == len(days) and None not in days
