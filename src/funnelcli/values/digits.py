"""Digits with marks between them to an exact number: the one core that amounts and numbers are read by.

What the marks mean is decided by the caller, who may know it from a setting, from a column, or from how people write.
"""

import re
from fractions import Fraction
from typing import Literal

from funnelcli.text.regex import regex

DecimalMark = Literal[".", ","]
# How thousands are grouped: in threes, as amounts are written by hand, or also in lakhs, as exports from India have it.
Groups = Literal["threes", "lakhs"]

# White space and marks that only ever group: a quote as in Switzerland, an underscore as in code, narrow spaces.
GROUPING = r"_'’ \u00a0\u202f"
_GROUPED: dict[tuple[Groups, str], re.Pattern[str]] = {
    ("threes", ","): regex(r"\d{1,3}(?:,\d{3})+"),
    ("threes", "."): regex(r"\d{1,3}(?:\.\d{3})+"),
    ("lakhs", ","): regex(r"[1-9]\d{0,2}(?:,\d{2,3})*,\d{3}"),
    ("lakhs", "."): regex(r"[1-9]\d{0,2}(?:\.\d{2,3})*\.\d{3}"),
}


def mark_of(digits: str) -> DecimalMark | Literal["either"] | None:
    """The decimal mark that digits prove; ``either`` where a mark may as well group; None: they have no mark.

    >>> mark_of("1.234,5"), mark_of("1.234.567"), mark_of("142.111"), mark_of("0.5"), mark_of("12")
    (',', ',', 'either', '.', None)
    """
    dots, commas = digits.count("."), digits.count(",")
    if not dots and not commas:
        return None
    if dots and commas:
        return "," if digits.rfind(",") > digits.rfind(".") else "."
    mark: DecimalMark = "." if dots else ","
    if dots + commas > 1:
        return other_than(mark)
    head, tail = digits.split(mark)
    if len(tail) == 3 and 1 <= len(head) <= 3 and not head.startswith("0"):
        return "either"
    return mark


def other_than(mark: DecimalMark) -> DecimalMark:
    """The mark that groups thousands where ``mark`` is the decimal one, and the other way round."""
    return "," if mark == "." else "."


def whole_and_fraction(digits: str, mark: DecimalMark | None, groups: Groups) -> tuple[str, str] | None:
    """The digits before and after the decimal mark, thousands ungrouped; None where they are grouped otherwise.

    >>> whole_and_fraction("1.234,5", ",", "threes"), whole_and_fraction("12,34.5", ".", "threes")
    (('1234', '5'), None)
    """
    whole, _, fraction = digits.partition(mark) if mark else (digits, "", "")
    grouping = other_than(mark) if mark else ","
    if grouping in whole:
        if not _GROUPED[groups, grouping].fullmatch(whole):
            return None
        whole = whole.replace(grouping, "")
    if (whole and not whole.isdigit()) or (fraction and not fraction.isdigit()):
        return None
    return whole or "0", fraction or "0"


def exact(whole: str, fraction: str) -> Fraction:
    """The number of the digits before and after the decimal mark.

    >>> exact("1234", "50")
    Fraction(2469, 2)
    """
    # Fraction("1234.5") reads its text by a regular expression, which takes thrice as long.
    return Fraction(int(whole)) if fraction == "0" else Fraction(int(whole + fraction), 10 ** len(fraction))
