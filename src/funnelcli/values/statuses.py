"""Statuses as they are compared: what is left of them without capitals, accents and punctuation."""

import re
import unicodedata
from collections.abc import Iterable
from functools import lru_cache

from funnelcli.text.regex import regex
from funnelcli.values.numbers import read_number


@lru_cache(maxsize=4096)
def status_key(text: str) -> str:
    """A status without capitals, accents and punctuation, and without the ``wc-`` that WooCommerce puts before.

    >>> status_key("Đã hủy"), status_key("wc-on-hold"), status_key("Closed_Won!")
    ('da huy', 'on hold', 'closed won')
    """
    bare = unicodedata.normalize("NFD", text.casefold().replace("đ", "d"))
    letters = "".join(c for c in bare if not unicodedata.combining(c))
    return re.sub(r"^wc ", "", " ".join(re.sub(r"[\W_]", " ", letters).split()))


_BETWEEN = regex(
    r"[/\\|;,:()\[\]{}&+–—•→]|\s-+\s|(?<!\w)(?:and|or|but|then|via|by|và|hoặc|nhưng|bằng|qua)(?!\w)", re.IGNORECASE
)


def status_parts(text: str) -> list[str]:
    """The parts of a status that says several things: around brackets, dashes, slashes, commas, "and", "và".

    >>> status_parts("Active (past due)"), status_parts("Paid/Refunded"), status_parts("on-hold")
    (['Active', 'past due'], ['Paid', 'Refunded'], ['on-hold'])
    >>> status_parts("Đang dùng và nợ cước"), status_parts("Closed Won - Upsell")
    (['Đang dùng', 'nợ cước'], ['Closed Won', 'Upsell'])
    """
    return [part.strip() for part in _BETWEEN.split(text) if status_key(part)]


def are_shares(cells: Iterable[str]) -> bool:
    """Whether cells are shares of which some are the whole and some are not: in percent, or with parts of 1.

    >>> [are_shares(cells) for cells in (["100%", "60%"], ["1.0", "0.6", "0.0"], ["1", "0"], ["10%", "8%"])]
    [True, True, False, False]
    """
    filled = [cell for cell in cells if cell]
    is_whole = whole_shares(filled)
    if len(set(is_whole)) < len(set(filled)) or set(is_whole.values()) != {True, False}:
        return False
    numbers = [read_number(cell, None) or 0.0 for cell in filled]
    are_parts = all(0 <= number <= 1 for number in numbers) and any(0 < number < 1 for number in numbers)
    return all("%" in cell for cell in filled) or are_parts


def whole_shares(cells: Iterable[str]) -> dict[str, bool]:
    """Of cells that are shares, whether each is the whole: 100 %, or 1 where none is written in hundredths.

    >>> whole_shares(["100%", "20%", "won"]), whole_shares(["1", "0.2"]), whole_shares(["100", "1"])
    ({'100%': True, '20%': False}, {'1': True, '0.2': False}, {'100': True, '1': False})
    """
    shares = {cell: number for cell in cells if (number := read_number(cell, None)) is not None}
    plain = [number for cell, number in shares.items() if "%" not in cell]
    whole = 100 if any(number > 1 for number in plain) else 1
    return {cell: number >= (1 if "%" in cell else whole) for cell, number in shares.items()}
