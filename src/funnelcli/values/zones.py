"""Time zones that a header says its times are in: (UTC), (GMT+7), (+07:00), (EST)."""

import re
from datetime import timedelta
from functools import lru_cache

from funnelcli.text.regex import regex

# Only names that mean one offset wherever they are used; CST, IST and BST are each said of several zones.
_HOURS = {
    "UTC": 0.0, "GMT": 0.0, "Z": 0.0, "ICT": 7.0, "WIB": 7.0, "SGT": 8.0, "HKT": 8.0, "MYT": 8.0, "PHT": 8.0,
    "JST": 9.0, "KST": 9.0, "AEST": 10.0, "AEDT": 11.0, "NZST": 12.0, "NZDT": 13.0, "MSK": 3.0, "CET": 1.0, "CEST": 2.0,
    "EET": 2.0, "EEST": 3.0, "EST": -5.0, "EDT": -4.0, "CDT": -5.0, "MST": -7.0, "MDT": -6.0, "PST": -8.0, "PDT": -7.0,
}  # fmt: skip
_SEVERAL = frozenset({"CST", "IST", "BST", "AST", "ET", "CT", "MT", "PT", "GST", "WST", "ECT"})
_OFFSET = regex(r"(?:UTC|GMT)?\s*([+\-−])\s*(\d{1,2})(?::?([0-5]\d))?", re.ASCII | re.IGNORECASE)
_ENCLOSED = regex(r"[(\[]([^()\[\]]*)[)\]]\s*$")
_AT_END = regex(r"[\s_,-]((?:UTC|GMT)\s*[+\-−]\s*\d{1,2}(?::?[0-5]\d)?|[A-Z]{3,4})$")
_MOST = timedelta(hours=14)


def _name_in(header: str) -> str | None:
    """The words at the end of a header that may name a time zone."""
    enclosed, last = _ENCLOSED.search(header), _AT_END.search(header.strip())
    return enclosed[1].strip() if enclosed else last[1] if last else None


@lru_cache(maxsize=4096)
def offset_said(header: str) -> timedelta | None:
    """How far ahead of UTC the times under a header are by its own words; None where it does not say.

    >>> offset_said("Created At (EST)"), offset_said("Ngày (GMT+7)") == offset_said("Ngày (+07:00)")
    (datetime.timedelta(days=-1, seconds=68400), True)
    >>> offset_said("created_at_utc"), offset_said("Close date (est)"), offset_said("Date")
    (datetime.timedelta(0), None, None)
    """
    name = _name_in(header)
    numbered = _OFFSET.fullmatch(name) if name else None
    if numbered is not None:
        sign = 1 if numbered[1] == "+" else -1
        offset = sign * timedelta(hours=int(numbered[2]), minutes=int(numbered[3] or 0))
        return offset if -_MOST <= offset <= _MOST else None
    words = re.sub(r"[\W_]", " ", header).split()
    hours = _HOURS.get(name or "")
    if hours is None and any(word.casefold() == "utc" for word in words):
        return timedelta()
    return None if hours is None else timedelta(hours=hours)


def doubtful_zone(header: str) -> str | None:
    """The zone that a header says in brackets by a name that is used of several; None where it says none such.

    >>> doubtful_zone("Created (CST)"), doubtful_zone("Created (UTC)"), doubtful_zone("Amount (PT)")
    ('CST', None, 'PT')
    """
    enclosed = _ENCLOSED.search(header)
    name = enclosed[1].strip() if enclosed else ""
    return name if name in _SEVERAL or name.endswith(" time") or name.endswith(" Time") else None


def without_zone(header: str) -> str:
    """A header without the time zone that it says at its end.

    >>> without_zone("Created At (EST)"), without_zone("Created At (CST)"), without_zone("Date (new)")
    ('Created At', 'Created At', 'Date (new)')
    """
    if offset_said(header) is None and doubtful_zone(header) is None:
        return header
    bare = _ENCLOSED.sub("", header).strip()
    return bare if bare != header.strip() else _AT_END.sub("", bare).strip(" _-,") or header
