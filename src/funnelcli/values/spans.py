"""Spans of days in one cell: from a day to a day."""

import re

from funnelcli.text.regex import regex
from funnelcli.values.dates import reads_as_day

_SHORTEST = 13  # like 5/1/26-4/2/26
_BETWEEN = regex(r"\s*(?:[–—~→]|\s-\s|/|\bto\b|\bđến\b|\bden\b)\s*", re.IGNORECASE)


def span_of(text: str) -> tuple[str, str] | None:
    """The two days between which a span lies, as they are written; None for anything else.

    >>> span_of("2026-01-06 - 2026-02-10"), span_of("06/01/2026–10/02/2026"), span_of("10/02/2026"), span_of("a to b")
    (('2026-01-06', '2026-02-10'), ('06/01/2026', '10/02/2026'), None, None)
    """
    if len(text) < _SHORTEST:
        return None
    pairs = ((text[: between.start()].strip(), text[between.end() :].strip()) for between in _BETWEEN.finditer(text))
    return next((pair for pair in pairs if all(map(reads_as_day, pair))), None)
