"""Numbers and prices that are not read and may say who has left, or who pays nothing."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta

from funnelcli.reading.headers import header_key
from funnelcli.reading.sample import Sample
from funnelcli.reading.unread import Unread, moment_in
from funnelcli.reading.unread_days import MOST_WORDS
from funnelcli.reading.unread_numbers import Doubt
from funnelcli.text import Message
from funnelcli.text.plain import plain_day
from funnelcli.values.currencies import without_currency
from funnelcli.values.dates import day_of
from funnelcli.values.numbers import bare_number
from funnelcli.values.statuses import status_key

MOST_DAYS = 20_000
FEWEST = 3  # rows that reach one day from different starts

_STAYED = Message(
    "it holds numbers of days that for {still} [row leads|rows lead] from their starts to {last}, and for {gone} to "
    "a day before, "
    "on which customers may have left"
)
_SOME = Message("it holds numbers in {gone} [row|rows] only, after which customers may have left")
_OF_TIME = r"\b(days?|weeks?|months?|tenure|lifetime|duration|so ngay|so tuan|so thang|thoi gian)\b"
_AS_DAYS = Message(
    "If they left then, write the days on which they did into a column and name it: [inputs.{stage}.columns] {end} = "
    '"your header"'
)
_FREE = Message("it holds words that may say that nothing is paid: {words}")
_DROP = Message("To leave these rows out: [inputs.{stage}.drop] {header!r} = {words}")


def leaving_not_read(sample: Sample, columns: Sequence[Unread]) -> Iterator[Doubt]:
    """The columns that say how many days people stayed, where no end is read, and those of prices that may be none."""
    stays = sample.opened.input.stays
    if stays is None:
        return
    has_ends = any(sample.looked_at(stays.end))
    for column in columns:
        doubt = _unpaid(sample, column) or (None if has_ends else _stayed(sample, column, stays.start, stays.end))
        if doubt is not None:
            yield doubt


def _stayed(sample: Sample, column: Unread, start: str, end: str) -> Doubt | None:
    """Numbers that as days lead from several starts to one last day, and in other rows to an earlier one.

    Numbers of days or months in a few rows may be of those who left.
    """
    filled = [cell for cell in column.cells if cell]
    if not all(cell.isascii() and cell.isdigit() and int(cell) < MOST_DAYS for cell in filled):
        return None
    key, trial = header_key(column.header), sample.opened.input.trial
    is_of_trial = trial is not None and re.search(trial.trial_plan, key)
    if filled and 2 * len(filled) <= len(column.cells) and re.search(_OF_TIME, key) and not is_of_trial:
        step = _AS_DAYS.filled(stage=sample.opened.input.name, end=end)
        return Doubt(header=column.header, why=_SOME.filled(gone=len(filled)), step=step)
    starts = [moment_in(cell) for cell in sample.looked_at(start)]
    rows = [(day_of(a.micros), int(cell)) for a, cell in zip(starts, column.cells, strict=True) if a and cell]
    until = Counter(day + timedelta(days=number) for day, number in rows)
    last = max(until, default=None)
    if last is None or 2 * until[last] < len(rows) or until[last] == len(rows):
        return None
    if len({day for day, number in rows if day + timedelta(days=number) == last}) < FEWEST:
        return None
    why = _STAYED.filled(still=until[last], last=plain_day(last), gone=len(rows) - until[last])
    return Doubt(header=column.header, why=why, step=_AS_DAYS.filled(stage=sample.opened.input.name, end=end))


def _unpaid(sample: Sample, column: Unread) -> Doubt | None:
    """Prices, or what is sold, with a few words among them that may say that nothing is paid."""
    trial = sample.opened.input.trial
    if trial is None or not re.search(trial.words.sold, header_key(column.header)):
        return None
    numbers = Counter(cell for cell in column.cells if cell)
    says = [cell for cell in numbers if re.search(trial.words.unpaid, status_key(cell))]
    others = [cell for cell in numbers if cell not in says]
    are_prices = all(bare_number(without_currency(cell).strip()) is not None for cell in others)
    if not says or len(says) > MOST_WORDS or not (are_prices or len(numbers) <= MOST_WORDS):
        return None
    shown = ", ".join(f"{cell} {numbers[cell]}" for cell in says)
    step = _DROP.filled(stage=sample.opened.input.name, header=column.header, words=says)
    return Doubt(header=column.header, why=_FREE.filled(words=shown), step=step)
