"""Whether a file that is there already says the same as what would be written, but for what the clock says."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import suppress
from datetime import date
from pathlib import Path

from funnelcli.renderers import Format
from funnelcli.text import Lang, day_words, day_written, languages

_MOST_BYTES = 100  # that a day takes, in any language


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


def _written(day: date) -> dict[Lang | None, bytes]:
    """A day in each of the forms: as ISO date, and as people write it."""
    return {None: day.isoformat().encode(), **{lang: day_words(day).of(lang).encode() for lang in languages()}}


def _day_in_place(old: bytes, new: bytes, clock: date) -> date | None:
    """The day that stands in an old text where the clock's stands first in the new one."""
    places = [(new.find(text), lang) for lang, text in _written(clock).items() if text in new]
    for place, lang in sorted(places, key=lambda known: known[0]):
        rest = old[place : place + _MOST_BYTES].decode(errors="ignore")
        if (day := _iso_day(rest[:10]) if lang is None else day_written(rest, lang)) is not None:
            return day
    return None


def _iso_day(text: str) -> date | None:
    with suppress(ValueError):
        return date.fromisoformat(text)
    return None


def _with_day(text: bytes, clock: date, day: date) -> bytes:
    for now, then in zip(_written(clock).values(), _written(day).values(), strict=True):
        text = text.replace(now, then)
    return text
