"""Which records of a table are no rows: totals, and its header once more."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from funnelcli.reading.opening import Opened, clean_header
from funnelcli.reading.text_records import date_place
from funnelcli.reading.totals import is_sum, is_total, is_total_word, names_total
from funnelcli.text.regex import regex

_DATED = regex(r"\d[^\n]*?[-/:]")
MOST_WORDS = 10_000


def no_row(opened: Opened) -> Callable[[Sequence[str]], bool]:
    """A predicate over records for totals, and for the header once more."""
    date_cell, person, repeats_header = date_place(opened), person_place(opened), is_header_again(opened)
    source = opened.columns.index.get("source") if opened.has("visits") else None
    words: dict[str, bool] = {}

    def is_no_row(record: Sequence[str]) -> bool:
        # A row whose date begins with a digit, as nearly all do, is neither a total nor the header once more; but
        # for a number that is no date in itself.
        dated = record[date_cell]
        is_dated = _DATED.match(dated) is not None or (dated[:1].isdigit() and not is_sum(dated))
        if not is_dated and (is_total(record, date_cell) or repeats_header(record)):
            return True
        if source is not None:  # the total of a day among its sources
            cell = record[source]
            if cell not in words:
                if len(words) >= MOST_WORDS:
                    words.clear()
                words[cell] = is_total_word(cell)
            return words[cell]
        if person is None:
            return False
        cell = record[person]  # whatever stands in its date
        return not cell[-1:].isdigit() and "@" not in cell and names_total(cell)

    return is_no_row


def is_header_again(opened: Opened) -> Callable[[Sequence[str]], bool]:
    """A predicate over records for the header once more, as exports that were put together have it."""
    header = [cell.casefold() for cell in opened.columns.header]
    return lambda record: [clean_header(cell).casefold() for cell in record[: len(header)]] == header


def person_place(opened: Opened) -> int | None:
    """Where the person of a row stands, of whom each row is; None for visits, which are of anybody."""
    return None if opened.input.summed else opened.columns.index.get(opened.input.person or "")
