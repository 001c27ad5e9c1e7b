"""Whole numbers that may have words around them: how many of something a cell says."""

import re

from funnelcli.text.regex import regex
from funnelcli.values.numbers import read_number

# 5, x5, 5 seats, 5 user(s): a number and at most words around it; 5k and 5% are other numbers.
_WITH_WORDS = regex(r"(?:[x×]\s*)?(?P<number>\d[\d.,]*)(?:\s*[x×]|\s*(?P<words>[^\W\d_]{2,}[^\d%]*))?", re.IGNORECASE)


def count_in(cell: str) -> int | None:
    """The whole number that a cell says, with words around it or none; None for anything else.

    >>> [count_in(cell) for cell in ("5", "5 seats", "x5", "12.0", "05", "1 user(s)")]
    [5, 5, 5, 12, 5, 1]
    >>> [count_in(cell) for cell in ("five", "-1", "5.5", "5k", "5%", "5-10", "2 x 5 seats", "")]
    [None, None, None, None, None, None, None, None]
    """
    match = _WITH_WORDS.fullmatch(cell.strip())
    number = read_number(match["number"] if match is not None else cell, None) if cell else None
    return int(number) if number is not None and number.is_integer() and number >= 0 else None


def words_beside_count(cell: str) -> str | None:
    """What stands around the number of a cell that says how many; empty for ``x5``, None for a bare number or none.

    >>> words_beside_count("5 seats"), words_beside_count("x5"), words_beside_count("5"), words_beside_count("five")
    ('seats', '', None, None)
    """
    text = cell.strip()
    match = _WITH_WORDS.fullmatch(text)
    if match is None or count_in(text) is None or match["number"] == text:
        return None
    return match["words"] or ""
