"""Rows that are sums of the others, which are no data."""

import re
import unicodedata
from collections.abc import Iterable, Sequence
from string import digits

from funnelcli.text.regex import regex
from funnelcli.values.cells import clean, is_error_value
from funnelcli.values.many import a_line, lines_like
from funnelcli.values.numbers import read_number

_TOTAL = regex(
    r"(?:grand |sub ?|report )?totals?(?:\s*[:(].*|\s+of\s+\d[\d.,]*\s+\w+)?|tổng(?: cộng| số)?(?:\s*[:(].*)?|cộng|sum",
    re.IGNORECASE,
)


def is_total_word(cell: str) -> bool:
    """Whether a cell is a word for a total.

    >>> is_total_word("Grand total"), is_total_word("Tổng cộng:"), is_total_word("totals of a kind")
    (True, True, False)
    >>> is_total_word("Total of 12 results"), is_total_word("Total: Account")
    (True, True)
    """
    return bool(_TOTAL.fullmatch(unicodedata.normalize("NFC", cell.strip())))


_TOTAL_OF_PEOPLE = regex(
    r"(?:grand |sub ?|report )?totals?|(?:tổng|tong)(?: (?:cộng|cong|số|so))?|cộng|sums?|averages?|avg|mean|median|all"
    r"|tất cả|trung bình|[σ∑]",
    re.IGNORECASE,
)
_AROUND = regex(r"[(\[]?(.*?)[)\]]?\s*(?:[:(].*)?")


def names_total(person: str) -> bool:
    """Whether the id of a person is a word for a total, or for another sum of all people.

    >>> names_total("Grand Total"), names_total("TỔNG CỘNG (10)"), names_total("Σ"), names_total("(all)")
    (True, True, True, True)
    >>> names_total("total@x.vn"), names_total("Allen"), names_total("u7")
    (False, False, False)
    """
    text = person.strip()
    if not text or len(text) > 40 or text[-1].isdigit() or "@" in text:  # as nearly all ids are
        return False
    match = _AROUND.fullmatch(unicodedata.normalize("NFC", text.replace("_", " ")))
    return match is not None and bool(_TOTAL_OF_PEOPLE.fullmatch(match[1].strip()))


# What ends in a digit, or is an address, is no word.
_MAY_NAME_TOTAL = a_line(r"[^@\n]*[^@0-9\n]")


def any_names_total(people: Sequence[str]) -> bool:
    """Whether any of the ids of people is a word for a total.

    >>> any_names_total(["u1", "u2"]), any_names_total(["u1", "Total"])
    (False, True)
    """
    from funnelcli.reading.glance import glance, those

    look = glance(people)
    likely = lines_like(_MAY_NAME_TOTAL, people) if look is None else those(people, ~look.ends_with(digits))
    return any("@" not in person and names_total(person) for person in likely)


def is_total(record: Sequence[str], date_cell: int) -> bool:
    """Whether a row is a sum of the others.

    It has a word for a total and no date where the date should be; or nothing but such a word and numbers, one of which
    stands where the date should.

    >>> is_total(["Tổng cộng", "", "1000"], 1), is_total(["Total", "45000", ""], 1)
    (True, True)
    >>> is_total(["Total", "45000", "zalo"], 1)
    False
    """
    cell = clean(record[date_cell]) if date_cell < len(record) else ""
    if cell and not is_total_word(cell):
        return is_sum(cell) and _is_of_sums(record)
    return any(is_total_word(other) for other in record if other)


def is_sum(cell: str) -> bool:
    """Whether the cell of a date is a number that may as well be a sum: not a day written as 20260105.

    >>> is_sum("45000"), is_sum("1,250"), is_sum("20260105"), is_sum("2026-01-05"), is_sum("05.01.2026")
    (True, True, False, False, False)
    """
    if (len(cell) == 8 and cell.isdigit()) or any(mark in cell[1:] for mark in "-/:"):
        return False
    return _is_amount(cell)


def _is_amount(cell: str) -> bool:
    return is_error_value(cell) or any(read_number(cell, mark) is not None for mark in (".", ","))


def _is_of_sums(record: Iterable[str]) -> bool:
    """Whether a row is made of a word for a total and numbers alone."""
    cells = [cell.strip() for cell in record]
    words = [cell for cell in cells if cell and not _is_amount(cell)]
    return bool(words) and all(map(is_total_word, words))
