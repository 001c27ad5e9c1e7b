"""A glance at many texts at once: how each begins, how it ends and how long it is, so that few need a closer look."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import compress

import numpy as np
from msgspec import Struct

from funnelcli.values.many import Lines, in_lines, lines_like

_NEWLINE = ord("\n")
_MANY = 1_000  # texts of which the look is kept


class Glance(Struct, frozen=True, eq=False):
    """Texts of ASCII letters: the first and the last letter of each, 0 of an empty one, and its length."""

    first: np.ndarray
    last: np.ndarray
    size: np.ndarray

    def begins_with(self, letters: str) -> np.ndarray:
        """Which of them begin with one of some letters."""
        return _are(self.first, letters)

    def ends_with(self, letters: str) -> np.ndarray:
        """Which of them end with one of some letters."""
        return _are(self.last, letters)


def glance(texts: Sequence[str]) -> Glance | None:
    """How the texts look; None where one has several lines or other letters than ASCII, or there are none.

    That of a column that is looked at from many sides is made once.

    >>> look = glance(["u1", "", "An"])
    >>> look.size.tolist(), look.begins_with("Au").tolist(), look.ends_with("1").tolist()
    ([2, 0, 2], [True, False, True], [True, False, False])
    >>> glance(["zoë"]) is None
    True
    """
    global _latest
    same, look = _latest
    if texts is not same:
        look = _look(texts)
        if isinstance(texts, list | Lines) and len(texts) > _MANY:
            _latest = texts, look
    return look


_latest: tuple[Sequence[str], Glance | None] = ((), None)


def _look(texts: Sequence[str]) -> Glance | None:
    joined = in_lines(texts)
    if not texts or not joined.isascii():
        return None
    letters = np.frombuffer(f"\n{joined}\n".encode(), dtype=np.uint8)
    stops = np.flatnonzero(letters == _NEWLINE)
    if len(stops) != len(texts) + 1:
        return None
    size = np.diff(stops) - 1
    return Glance(np.where(size, letters[stops[:-1] + 1], 0), np.where(size, letters[stops[1:] - 1], 0), size)


def _are(letters: np.ndarray, wanted: str) -> np.ndarray:
    is_wanted = np.zeros(256, dtype=bool)
    is_wanted[list(wanted.encode())] = True
    which: np.ndarray = is_wanted[letters]
    return which


def those(texts: Sequence[str], rows: np.ndarray) -> list[str]:
    """The texts for which an array of booleans says so.

    >>> those(["a", "b"], np.array([False, True]))
    ['b']
    """
    return list(compress(texts, rows.tolist())) if rows.any() else []


def those_like(pattern: re.Pattern[str], texts: Sequence[str], rows: np.ndarray | None) -> list[str]:
    """The texts that a pattern of a line fits, of which none is but at some ``rows``; None: they may be any."""
    likely = lines_like(pattern, texts) if rows is None else those(texts, rows)
    return [text for text in likely if pattern.fullmatch(text)]
