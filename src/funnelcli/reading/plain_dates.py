"""Dates written YYYY-MM-DD, with or without a time behind them, read from the bytes of a whole column at once."""

from __future__ import annotations

from functools import cache

import numpy as np

_LETTERS = 24  # of three numbers of eight bytes, in which the longest such date has its place
_MIDNIGHT, _ON_THE_MINUTE = (int.from_bytes(text, "little") for text in (b"\0\0 00:00", b":00"))
_FORMS = np.frombuffer(b"0000-00-00 00:00:00".ljust(_LETTERS, b"\0"), dtype="<u8").tolist()
_SPACE_FOR_T = (ord("T") - ord(" ")) << 16
_AT_ONCE = 1 << 13
_NO_DATE = b"1970-01-01 00:00:00"  # in the place of an empty cell


def plain_dates(numbers: np.ndarray) -> np.ndarray | None:
    """The moments of cells, NaT where one is empty; None where any is something else, or all are empty.

    ``numbers[n]`` has the eight bytes from ``8 * n`` on of each cell, zeros behind its end.

    >>> cells = np.array([b"2026-01-05", b"", b"2026-01-05T10:30"], dtype="S24").view(("<u8", 3)).T
    >>> plain_dates(cells).tolist()[0], plain_dates(cells[:, 1:2]) is None
    (datetime.datetime(2026, 1, 5, 0, 0), True)
    """
    rows = numbers.shape[1]
    if len(numbers) * 8 > _LETTERS:
        return None
    moments = np.empty(rows, dtype="datetime64[us]")
    for start in range(0, rows, _AT_ONCE):
        some = _some_dates(numbers[:, start : start + _AT_ONCE])
        if some is None:
            return None
        moments[start : start + _AT_ONCE] = some
    return None if np.isnat(moments).all() else moments


def _some_dates(numbers: np.ndarray) -> np.ndarray | None:
    """The moments of a few thousand cells, which the processor keeps at hand."""
    filled = np.zeros((_LETTERS // 8, numbers.shape[1]), dtype="<u8")
    filled[: len(numbers)] = numbers
    first, then, last = filled
    blank = first == 0
    if has_blank := bool(blank.any()):
        filled[:, blank] = np.frombuffer(_NO_DATE.ljust(_LETTERS, b"\0"), dtype="<u8")[:, None]
    then[(then >> np.uint64(16)) & np.uint64(0xFF) == ord("T")] -= np.uint64(_SPACE_FOR_T)
    short = last == 0
    if short.any():
        then[short & (then >> np.uint64(16) == 0)] |= np.uint64(_MIDNIGHT)
        last[short] = _ON_THE_MINUTE
    if not all(_has_form(number, form) for number, form in zip(filled, _FORMS, strict=True)):
        return None
    moments = _moments(first, then, last)
    if moments is not None and has_blank:
        moments[blank] = np.datetime64("NaT")
    return moments


def _moments(first: np.ndarray, then: np.ndarray, last: np.ndarray) -> np.ndarray | None:
    """The moments of cells of the form; None where a day is not in the calendar, or a time on no clock."""
    month, day = _digits(first, 5), _digits(then, 0)
    hour, minute, second = _digits(then, 3), _digits(then, 6), _digits(last, 1)
    if not bool(((month > 0) & (month < 13) & (day > 0)).all()):
        return None
    starts = _month_starts()
    place = (_digits(first, 0) * 100 + _digits(first, 2)) * 12 + month - 1
    begins = starts[place]
    if bool((day > starts[place + 1] - begins).any()) or bool(((hour > 23) | (minute > 59) | (second > 59)).any()):
        return None
    seconds = (begins + day - 1) * 86_400 + hour * 3_600 + minute * 60 + second
    moments: np.ndarray = (seconds * 1_000_000).view("datetime64[us]")
    return moments


@cache
def _month_starts() -> np.ndarray:
    """The day since 1970-01-01 on which each month begins, from the year 0 on."""
    months = np.arange("0000-01", "10000-02", dtype="datetime64[M]")
    starts: np.ndarray = months.astype("datetime64[D]").astype(np.int64)
    return starts


def _digits(numbers: np.ndarray, place: int) -> np.ndarray:
    """The number of the two digits at a place of eight letters.

    >>> _digits(np.array([int.from_bytes(b"10:30:00", "little")], dtype=np.uint64), 3).tolist()
    [30]
    """
    ten, unit = ((numbers >> np.uint64(8 * at)) & np.uint64(0xF) for at in (place, place + 1))
    return (ten * np.uint64(10) + unit).view(np.int64)


def _has_form(numbers: np.ndarray, form: int) -> bool:
    """Whether eight letters of every cell are those of a form, any digits where it has zeros.

    >>> ten = np.array([int.from_bytes(b"10:30", "little")], dtype=np.uint64)
    >>> _has_form(ten, int.from_bytes(b"00:00", "little")), _has_form(ten, int.from_bytes(b"00-00", "little"))
    (True, False)
    """
    # What differs from a digit's zero in less than ten is a digit; every other letter must not differ at all.
    most = sum((9 if form >> at & 0xFF == ord("0") else 0) << at for at in range(0, 64, 8))
    above = int.from_bytes(bytes([0x7F] * 8), "little") - most
    unlike = numbers ^ np.uint64(form)
    return not bool((((unlike + np.uint64(above)) | unlike) & np.uint64(0x8080808080808080)).any())
