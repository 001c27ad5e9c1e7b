"""Whether a file that is there already says the same as what would be written, but for what the clock says."""

from __future__ import annotations

import re
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, datetime
from pathlib import Path

from funnelcli.renderers import Format
from funnelcli.text import day_words

# How a day stands in an answer, as ISO date and as people write it, and how it is read again.
_FORMS = (
    (re.compile(rb"\d{4}-\d\d-\d\d"), "%Y-%m-%d"),
    (re.compile(rb"\d{1,2} [A-Z][a-z]{2} \d{4}"), "%d %b %Y"),
    (re.compile(rb"\d\d/\d\d/\d{4}"), "%d/%m/%Y"),
)


def is_unchanged(path: Path, data: bytes, form: Format, clock: date | None) -> bool:
    """Whether a file has these bytes already, or others only in that they name another day than the ``clock``'s.

    ``clock`` is the day up to which is counted where the clock gave it (``--as-of today``), else None.
    """
    try:
        old = path.read_bytes() if path.is_file() else None
    except OSError:
        return False
    if old is None or old == data:
        return old is not None
    if clock is None:
        return False
    with suppress(ValueError):  # what is there is nothing of this format
        return says_the_same(form.parts(old), form.parts(data), clock)
    return False


def says_the_same(old: Sequence[bytes], new: Sequence[bytes], clock: date) -> bool:
    """Whether the parts of an old file are those of a new one with the one other day in each place of the clock's.

    >>> says_the_same([b"up to 2 Nov 2026: 5"], [b"up to 3 Nov 2026: 5"], date(2026, 11, 3))
    True
    >>> says_the_same([b"up to 2 Nov 2026: 5"], [b"up to 3 Nov 2026: 6"], date(2026, 11, 3))
    False
    """
    if len(old) != len(new):
        return False
    for before, after in zip(old, new, strict=True):
        if before != after:
            day = _day_in_place(before, after, clock)
            return day is not None and list(old) == [_with_day(part, clock, day) for part in new]
    return True


def _written(day: date) -> tuple[bytes, ...]:
    """A day in each of the forms."""
    words = day_words(day)
    return (day.isoformat().encode(), words.en.encode(), words.vi.encode())


def _day_in_place(old: bytes, new: bytes, clock: date) -> date | None:
    """The day that stands in an old text where the clock's stands first in the new one."""
    places = [(new.find(text), form) for text, form in zip(_written(clock), _FORMS, strict=True) if text in new]
    for place, (pattern, form) in sorted(places, key=lambda known: known[0]):
        said = pattern.match(old, place)
        with suppress(ValueError):
            return datetime.strptime(said[0].decode(), form).date() if said else None
    return None


def _with_day(text: bytes, clock: date, day: date) -> bytes:
    for now, then in zip(_written(clock), _written(day), strict=True):
        text = text.replace(now, then)
    return text
