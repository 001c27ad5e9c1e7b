"""Columns of a plain file by their bytes: cells are told apart and found again without making a text of each.

A cell of up to ``LONGEST`` bytes is a few whole numbers of eight bytes each, so that all cells of a column are compared
at once.  Texts are made of those that are asked for, which of dates and of ids that repeat are few or none.
"""

from __future__ import annotations

import string
from collections.abc import Iterator, Sequence
from functools import cached_property
from itertools import chain
from typing import overload

import numpy as np
from msgspec import Struct

from funnelcli.reading.plain_dates import plain_dates

BYTES = 8
LONGEST = 64
_NEWLINE, _QUOTE = b'\n"'
_MASKS = np.array([(1 << (8 * size)) - 1 for size in range(BYTES + 1)], dtype=np.uint64)  # that keep the first bytes
_MIXING = 0x9E3779B97F4A7C15
_AT_ONCE = 1 << 15  # cells that the processor keeps at hand
NOWHERE = -1


def _table(letters: bytes) -> np.ndarray:
    """Of each byte whether it is one of some letters."""
    is_among = np.zeros(256, dtype=bool)
    is_among[list(letters)] = True
    return is_among


_DIGITS = _table(string.digits.encode())
_IN_IDS = _table(b"\0-_" + (string.ascii_letters + string.digits).encode())


class Piece(Struct, frozen=True, eq=False):
    """Whole lines of a file: the bytes, and where each cell of each line begins and ends in them."""

    data: bytes
    starts: np.ndarray
    ends: np.ndarray
    encoding: str

    @classmethod
    def of(cls, data: bytes, delimiter: str, width: int, encoding: str) -> Piece | None:
        """The cells of lines; None where a line has not ``width`` of them, or a quotation mark is not around one.

        Raises UnicodeError where the bytes are no text.

        >>> piece = Piece.of(b'a,"b"\\nc,d\\n', ",", 2, "utf-8")
        >>> piece.texts(1), Piece.of(b"a,b,c\\n", ",", 2, "utf-8")
        (['b', 'd'], None)
        """
        if data.isascii():
            encoding = "ascii"
        else:
            data.decode(encoding)
        letters = np.frombuffer(data, dtype=np.uint8)
        stops = np.flatnonzero((letters == ord(delimiter)) | (letters == _NEWLINE))
        lines = data.count(b"\n")
        if b"\0" in data or len(stops) != lines * width or (letters[stops[width - 1 :: width]] != _NEWLINE).any():
            return None
        ends = stops.reshape(lines, width)
        starts = np.concatenate([[0], stops[:-1] + 1]).reshape(lines, width)
        if marks := data.count(b'"'):
            quoted = (letters[starts] == _QUOTE) & (letters[ends - 1] == _QUOTE) & (ends - starts > 1)
            if marks != 2 * int(quoted.sum()):
                return None  # some stand within cells, or around a delimiter or the end of a line
            starts, ends = starts + quoted, ends - quoted
        return cls(data, starts, ends, encoding)

    def texts(self, place: int) -> list[str]:
        """The cells of a column as texts."""
        data, encoding = self.data, self.encoding
        limits = zip(self.starts[:, place].tolist(), self.ends[:, place].tolist(), strict=True)
        return [data[start:end].decode(encoding) for start, end in limits]

    def words(self, place: int) -> Words | None:
        """The cells of a column; None where one is too long."""
        starts = self.starts[:, place]
        sizes = self.ends[:, place] - starts
        longest = int(sizes.max(initial=1))
        if longest > LONGEST:
            return None
        padded = self.data + bytes(LONGEST + BYTES)
        # Eight bytes from every byte on.
        eights = np.ndarray((len(padded) - BYTES + 1,), dtype="<u8", buffer=padded, strides=(1,))
        numbers = np.empty((-(-longest // BYTES), len(starts)), dtype=np.uint64)
        are_even = int(sizes.min(initial=longest)) == longest  # as ids and dates mostly are
        for number, begin in enumerate(range(0, longest, BYTES)):
            mask = _MASKS[min(longest - begin, BYTES)] if are_even else _MASKS[np.clip(sizes - begin, 0, BYTES)]
            np.bitwise_and(eights[starts + begin], mask, out=numbers[number])
        return Words(numbers, self.encoding)


class Words(Struct, frozen=True, eq=False, dict=True):
    """A column of short cells: ``numbers[n]`` has the eight bytes from ``8 * n`` on of each, zeros behind its end."""

    numbers: np.ndarray
    encoding: str

    def __len__(self) -> int:
        return int(self.numbers.shape[1])

    @classmethod
    def joined(cls, parts: Sequence[Words]) -> Words | None:
        """The columns one below the other; None where they are of several encodings."""
        encodings = {part.encoding for part in parts} - {"ascii"}
        if len(encodings) > 1:
            return None
        width = max(len(part.numbers) for part in parts)
        numbers = np.concatenate([_widened(part.numbers, width) for part in parts], axis=1)
        return cls(numbers, min(encodings, default="ascii"))

    def is_like(self, other: Words) -> bool:
        """Whether the same bytes mean the same text in both."""
        return self.encoding == other.encoding or "ascii" in (self.encoding, other.encoding)

    def kept(self, rows: np.ndarray) -> Words:
        """Only some rows."""
        return Words(self.numbers[:, rows], self.encoding)

    def texts(self, rows: np.ndarray) -> list[str]:
        """The cells of some rows as texts.

        >>> Piece.of(b"an\\nb\\n", ",", 1, "utf-8").words(0).texts(np.array([1, 0]))
        ['b', 'an']
        """
        texts: list[str] = []
        for start in range(0, len(rows), _AT_ONCE):
            texts += self.in_lines(rows[start : start + _AT_ONCE]).split("\n")
        return texts

    def in_lines(self, rows: np.ndarray) -> str:
        """The cells of some rows, a line each.

        >>> Piece.of(b"an\\nb\\n", ",", 1, "utf-8").words(0).in_lines(np.array([1, 0]))
        'b\\nan'
        """
        width = BYTES * len(self.numbers)
        letters = bytearray()
        for start in range(0, len(rows), _AT_ONCE):
            some = rows[start : start + _AT_ONCE]
            lines = np.full((len(some), width + 1), _NEWLINE, dtype=np.uint8)
            lines[:, :width] = np.ascontiguousarray(self.numbers[:, some].T, dtype="<u8").view(np.uint8)
            letters += lines[lines != 0].tobytes()
        return letters[:-1].decode(self.encoding)

    def are_blank(self) -> np.ndarray:
        """Of each row, whether its cell is empty."""
        blank: np.ndarray = self.numbers[0] == 0
        return blank

    @cached_property
    def are_ids(self) -> bool:
        """Whether all cells are plain ids: ASCII letters, digits, ``-`` and ``_``, and a digit at the end.

        Nothing has to be cleaned of them, and none is a word that means nothing, or a total.

        >>> [Piece.of(cell + b"\\n", ",", 1, "utf-8").words(0).are_ids for cell in (b"u-01", b"total", b"", b" u1")]
        [True, False, False, False]
        """
        for start in range(0, len(self), _AT_ONCE):
            some = np.ascontiguousarray(self.numbers[:, start : start + _AT_ONCE].T, dtype="<u8")
            letters = some.view(np.uint8)
            size = np.count_nonzero(letters, axis=1)
            last = letters[np.arange(len(letters)), np.maximum(size - 1, 0)]
            # Only behind the end of a cell are zeros, or the last letter would not be where it is looked for.
            ends_once = ((letters[:, 1:] == 0) | (letters[:, :-1] != 0)).all()
            if not (ends_once and _IN_IDS[letters].all() and _DIGITS[last].all()):
                return False
        return len(self) > 0

    @cached_property
    def dates(self) -> np.ndarray | None:
        """The dates, NaT where a cell is empty; None where not all are plain ones."""
        return plain_dates(self.numbers)

    @cached_property
    def index(self) -> Index:
        """The distinct cells."""
        return Index.of(self)


class Texts(Sequence[str]):
    """Some cells of a column as texts, which are made of the bytes whenever they are looked at: none is kept.

    As a list, texts of a million ids take 60 MB; their bytes take 8 MB, and are there anyway.

    >>> texts = Texts(Piece.of(b"an\\nb\\n", ",", 1, "utf-8").words(0), np.array([1, 0]))
    >>> list(texts), texts[1], texts.chosen(np.array([1])), texts.in_lines(), texts == ["b", "an"]
    (['b', 'an'], 'an', ['an'], 'b\\nan', True)
    """

    __slots__ = ("_rows", "_words")

    def __init__(self, words: Words, rows: np.ndarray) -> None:
        self._words, self._rows = words, rows

    def __len__(self) -> int:
        return len(self._rows)

    @overload
    def __getitem__(self, place: int) -> str: ...
    @overload
    def __getitem__(self, place: slice) -> list[str]: ...
    def __getitem__(self, place: int | slice) -> str | list[str]:
        if isinstance(place, slice):
            return self._words.texts(self._rows[place])
        return self._words.texts(self._rows[[place]])[0]

    def __iter__(self) -> Iterator[str]:
        return chain.from_iterable(self[start : start + _AT_ONCE] for start in range(0, len(self), _AT_ONCE))

    def __contains__(self, text: object) -> bool:
        if text == "":
            return bool((self._words.numbers[0][self._rows] == 0).any())
        return any(text in self[start : start + _AT_ONCE] for start in range(0, len(self), _AT_ONCE))

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Sequence) or isinstance(other, str):
            return NotImplemented
        return self is other or (len(self) == len(other) and all(map(str.__eq__, self, other)))

    __hash__ = object.__hash__

    def __repr__(self) -> str:
        return repr(list(self))

    def chosen(self, places: np.ndarray) -> list[str]:
        """The texts at some places."""
        return self._words.texts(self._rows[places])

    def in_lines(self) -> str:
        """The texts, a line each."""
        return self._words.in_lines(self._rows)


def chosen(texts: Sequence[str], places: np.ndarray) -> list[str]:
    """The texts at some places of a column.

    >>> chosen(["a", "b"], np.array([1, 1]))
    ['b', 'b']
    """
    return texts.chosen(places) if isinstance(texts, Texts) else list(map(texts.__getitem__, places.tolist()))


class Index(Struct, frozen=True, eq=False):
    """The distinct cells of a column: ``first`` has the first row of each, in order, ``places`` which one a row has.

    ``slots`` has the first row of a cell at the place that its bytes give, or a little further on.  Where a cell is a
    single number, that is compared as quickly as its hash, and no ``hashes`` are kept.
    """

    numbers: np.ndarray
    hashes: np.ndarray | None
    slots: np.ndarray
    first: np.ndarray
    places: np.ndarray

    @classmethod
    def of(cls, words: Words) -> Index:
        """The distinct cells of a column, all told apart in a few rounds.

        >>> index = Index.of(Piece.of(b"b\\na\\nb\\n", ",", 1, "utf-8").words(0))
        >>> index.first.tolist(), index.places.tolist()
        ([0, 1], [0, 1, 0])
        """
        size, numbers = len(words), words.numbers
        hashes = np.empty(size, dtype=np.uint64) if len(numbers) > 1 else None
        slots = np.full(1 << max(4, (2 * size).bit_length()), NOWHERE, dtype=np.int32)
        owner = np.empty(size, dtype=np.int64)
        for start in range(0, size, _AT_ONCE):
            rows = np.arange(start, min(start + _AT_ONCE, size))
            of_rows = _hashed(numbers[:, start : start + _AT_ONCE])
            if hashes is not None:
                hashes[rows] = of_rows
            at, step = _slots_of(of_rows, slots), 0
            while len(rows):
                free = slots[at] == NOWHERE
                slots[at[free][::-1]] = rows[free][::-1]  # of several the first: the last one written stays
                taken = slots[at]
                same = _are_same(numbers, hashes, taken, numbers, hashes, rows)
                owner[rows[same]] = taken[same]
                step += 1
                rows, at = rows[~same], (at[~same] + step) & (len(slots) - 1)
        is_first = owner == np.arange(size)
        if is_first.all():  # as ids mostly are: then a row is a cell
            return cls(words.numbers, hashes, slots, owner, owner)
        return cls(words.numbers, hashes, slots, np.flatnonzero(is_first), (np.cumsum(is_first) - 1)[owner])

    def find(self, others: Words, rows: np.ndarray) -> np.ndarray:
        """The place of the cell that each of some rows of another column has too; NOWHERE where it is not here.

        Both columns must be of one encoding.
        """
        width = max(len(self.numbers), len(others.numbers))
        mine, held = _widened(self.numbers, width), np.empty(len(rows), dtype=np.int64)
        for start in range(0, len(rows), _AT_ONCE):
            some = others.numbers[:, rows[start : start + _AT_ONCE]]
            held[start : start + _AT_ONCE] = self._places_of(_widened(some, width), mine)
        return held

    def _places_of(self, theirs: np.ndarray, mine: np.ndarray) -> np.ndarray:
        """The same of some thousand cells, which are as wide as these."""
        hashes, rows = _hashed(theirs), np.arange(theirs.shape[1])
        held = np.full(len(rows), NOWHERE, dtype=np.int64)
        wanted, at, step = np.arange(len(rows)), _slots_of(hashes, self.slots), 0
        while len(wanted):
            taken = self.slots[at]
            same = _are_same(mine, self.hashes, taken, theirs, hashes, wanted)
            held[wanted[same]] = self.places[taken[same]]
            further = ~same & (taken != NOWHERE)
            step += 1
            wanted, at = wanted[further], (at[further] + step) & (len(self.slots) - 1)
        return held


def _widened(numbers: np.ndarray, width: int) -> np.ndarray:
    """The numbers of cells, as many as the widest of several columns has."""
    rest = np.zeros((width - len(numbers), numbers.shape[1]), dtype=np.uint64)
    return np.concatenate([numbers, rest]) if len(rest) else numbers


def _hashed(numbers: np.ndarray) -> np.ndarray:
    """A number of each cell, in which all its bytes are mixed; zeros behind its end change nothing."""
    hashes = np.zeros(numbers.shape[1], dtype=np.uint64)
    for number, part in enumerate(numbers):
        mixed = part * np.uint64((_MIXING * (2 * number + 1)) % (1 << 64))
        hashes ^= mixed ^ (mixed >> np.uint64(29))
    hashes *= np.uint64(_MIXING)
    return hashes


def _slots_of(hashes: np.ndarray, slots: np.ndarray) -> np.ndarray:
    """The place of each cell among the slots, by the upper bits."""
    at: np.ndarray = (hashes >> np.uint64(65 - len(slots).bit_length())).astype(np.int64)
    return at


def _are_same(
    mine: np.ndarray,
    hashes: np.ndarray | None,
    rows: np.ndarray,
    theirs: np.ndarray,
    others: np.ndarray | None,
    further: np.ndarray,
) -> np.ndarray:
    """Whether the cells of rows, one by one, are those of further rows; no cell is at NOWHERE."""
    same: np.ndarray = rows != NOWHERE
    if hashes is not None and others is not None:
        same &= hashes[rows] == others[further]
    for part, other in zip(mine, theirs, strict=True):
        same &= part[rows] == other[further]
    return same
