"""Cells of a date that may say there is none, and how such a word is written in funnel.toml."""

import json
import re

from funnelcli.text.regex import regex
from funnelcli.values.dates import FIRST_YEAR

_DAY = regex(r"(\d{1,4})[-/. ](\d{1,2})[-/. ](\d{1,4})(?:\D.*)?", re.ASCII)
_ZERO_O_CLOCK = regex(r"12:00(?::00)?\s*(?:am|sa)", re.IGNORECASE)
_TIMED = regex(r"(\d{4}-\d\d-\d\d)[ T]\S+", re.ASCII)


def says_none(cell: str) -> bool:
    """Whether a cell that is no date may say that there is none: by a word, by zeros, or by a day before all others.

    >>> [says_none(cell) for cell in ("Never", "0", "0000-00-00 00:00:00", "00/01/1900", "-1")]
    [True, True, True, True, True]
    >>> [says_none(cell) for cell in ("31/02/2026", "24:61", "2026-00-00", "13/2026")]
    [False, False, False, False]
    """
    digits = [c for c in cell if c.isdigit()]
    if all(c == "0" for c in digits) or cell == "-1" or _ZERO_O_CLOCK.fullmatch(cell):
        return True
    match = _DAY.fullmatch(cell)
    if match is None:
        return False
    parts = [int(part) for part in match.groups()]
    year = max(parts) if len(match[1]) == 4 or len(match[3]) == 4 else None
    return year is not None and 0 in parts and year < FIRST_YEAR


def as_word(cell: str) -> str:
    """A cell as an entry of ``empty`` in funnel.toml; of a day with a time, one for all times of that day.

    >>> as_word("Never"), as_word("1970-01-01 07:00:00")
    ('"Never"', '"1970-01-01*"')
    """
    timed = _TIMED.fullmatch(cell)
    word = f"{timed[1]}*" if timed else re.sub(r"([\[*?])", r"[\1]", cell[:80])
    return json.dumps(word, ensure_ascii=False)
