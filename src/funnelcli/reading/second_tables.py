"""A second table in one file: the same rows once more, other numbers of the same days, or another header."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence

from funnelcli.problems import problem
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.no_rows import is_header_again
from funnelcli.reading.opening import Opened, clean_header
from funnelcli.reading.text_records import date_place

ROWS_COMPARED = 100_000
FEWEST_TWICE, NEARLY_ALL = 3, 0.9
_SHOWN = 60


class SecondTable:
    """Whether the rows below a header that stands once more tell of what is above it; FileFault where they do.

    They are the same rows, in any order if that ``in_any_order`` does not matter; or, of visits that are summed and of
    costs, other sums of the same days and sources, which would be added to the first: files that were put together tell
    of others.
    """

    def __init__(self, opened: Opened, *, in_any_order: bool) -> None:
        self._opened, self._in_any_order = opened, in_any_order
        self._date = date_place(opened)
        self._is_summed = opened.has("visits") or opened.input.spending is not None
        self._above: list[tuple[int, int]] = []
        self._below: list[tuple[int, int]] = []
        self._line: int | None = None

    def begin(self, line: int, *, again: bool) -> None:
        """The header stands once more in a line, if ``again`` says so; only the first time is of interest."""
        if again and self._above and self._line is None:
            self._line = line

    def add(self, record: Sequence[str]) -> None:
        """One more row; of very many the first ones are enough."""
        rows = self._above if self._line is None else self._below
        if len(rows) < ROWS_COMPARED:
            rows.append((hash(tuple(record)), self._told_of(record) if self._is_summed else 0))

    def _told_of(self, record: Sequence[str]) -> int:
        """The day of a row, and every word in it."""
        words = (cell for cell in record if any(map(str.isalpha, cell)))
        return hash((record[self._date], *words))

    def check(self) -> None:
        """Raise FileFault where the file holds a second table."""
        if self._line is None:
            return
        file, line = self._opened.name, self._line
        fewer = min(len(self._above), len(self._below))
        is_compared = self._in_any_order and fewer >= FEWEST_TWICE
        if self._above == self._below or (is_compared and self._are_again(0, fewer)):
            raise FileFault(problem("table-twice", file=file, line=line))
        if self._is_summed and fewer and self._are_again(1, fewer):
            header = ",".join(self._opened.columns.header)
            raise FileFault(problem("second-table", file=file, line=line, example=header[:_SHOWN]))

    def _are_again(self, place: int, fewer: int) -> bool:
        above, below = (Counter(row[place] for row in rows) for rows in (self._above, self._below))
        return (above & below).total() >= NEARLY_ALL * fewer


def is_other_header(opened: Opened) -> Callable[[Sequence[str]], bool]:
    """A predicate over records for the header of another table: the name of the date stands where a date should."""
    repeats_header = is_header_again(opened)
    place = date_place(opened)
    name = clean_header(opened.columns.header[place]).casefold()

    def begins(record: Sequence[str]) -> bool:
        cell = record[place]
        is_named = cell[:1].isalpha() and len(cell) <= len(name) + 2 and clean_header(cell).casefold() == name
        return is_named and not repeats_header(record)

    return begins
