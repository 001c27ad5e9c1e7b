"""Columns of numbers that are not read beside amounts: what was really paid, what is still owed, and later amounts."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set

from funnelcli.inputs.spec import Standing
from funnelcli.reading.headers import header_key
from funnelcli.reading.sample import Sample
from funnelcli.reading.unread import Unread
from funnelcli.reading.unread_numbers import Doubt
from funnelcli.text import Message, Text
from funnelcli.values.numbers import bare_number

MOST_ZEROS = 3

_UNPAID = Message(
    "it is 0 in {number} [row that has|rows that have] an amount, and so may be of people who have not paid"
)
_DROP = Message("If they have not: [inputs.{stage}.drop] {header!r} = {cells}")
_OWED = Message("it says that in {number} [row|rows] something may not have been paid yet ({cells})")
_KEEP = Message("To leave out who owes: [inputs.{stage}.keep] {header!r} = {cells}")
_LATER = Message(
    "it holds other amounts than those that are read, in {number} [row|rows] ({cells}), which may hold from some day on"
)
_IN_ROWS = Message("If they do, write them in rows of their own, with the day from which on they hold as {start}")


def doubtful_payments(sample: Sample, columns: Sequence[Unread], named: Set[str] = frozenset()) -> Iterator[Doubt]:
    """The columns that say that rows with an amount are not paid, or that their amount changes.

    Where no amount is read, those of what is owed, but for the headers that are ``named`` for what they hold.
    """
    stays = sample.opened.input.stays
    if stays is None:
        return
    amounts = [sample.looked_at(name) for name in stays.amounts]
    first = [next((cell for cell in cells if cell), "") for cells in zip(*amounts, strict=True)]
    paying = _paying(sample)
    counts: Sequence[str | bool] = [_digits(cell) and counted for cell, counted in zip(first, paying, strict=True)]
    if not any(any(cells) for cells in amounts):  # what is owed tells of the rows all the same
        counts = paying
        owed = sample.opened.input.beside.owed
        columns = [c for c in columns if re.search(owed, header_key(c.header)) and c.header not in named]
    if not any(counts):
        return
    for column in columns:
        filled = [cell for cell in column.cells if cell]
        if filled and all(bare_number(cell) is not None and "%" not in cell for cell in filled):
            doubt = _of(sample, column, first, [bool(digits) for digits in counts])
            if doubt is not None:
                yield doubt


def _of(sample: Sample, column: Unread, amounts: Sequence[str], counts: Sequence[bool]) -> Doubt | None:
    beside, key, stays = sample.opened.input.beside, header_key(column.header), sample.opened.input.stays
    rows = [(cell, amount) for cell, amount, counted in zip(column.cells, amounts, counts, strict=True) if counted]
    zeros = list(dict.fromkeys(cell for cell, _ in rows if cell and not _digits(cell)))
    some = list(dict.fromkeys(cell for cell, _ in rows if _digits(cell)))
    if re.search(beside.owed, key):
        if not some:
            return None
        number = sum(bool(_digits(cell)) for cell, _ in rows)
        empty = [""] if any(not cell for cell in column.cells) else []
        return _doubt(
            sample, column, _OWED.filled(number=number, cells=", ".join(some[:3])), _KEEP,
            cells=[*(zeros[:MOST_ZEROS] or ["0"]), *empty],
        )  # fmt: skip
    if re.search(beside.numbers, key) or re.search(beside.reduces, key) or re.search(beside.refunds, key):
        return None
    if re.search(beside.received, key) and zeros and some:
        number = sum(bool(cell) and not _digits(cell) for cell, _ in rows)
        return _doubt(sample, column, _UNPAID.filled(number=number), _DROP, cells=zeros[:MOST_ZEROS])
    others = [cell for cell, amount in rows if _digits(cell) and _digits(cell) != _digits(amount)]
    is_amount = re.search(beside.money, key) or re.search(beside.monthly, key)
    if others and is_amount and re.search(beside.changed, key) and stays is not None:
        why = _LATER.filled(number=len(others), cells=", ".join(dict.fromkeys(others[:3])))
        return _doubt(sample, column, why, _IN_ROWS, start=stays.start)
    return None


def _doubt(sample: Sample, column: Unread, why: Text, step: Text, **facts: object) -> Doubt:
    named = step.filled(stage=sample.opened.input.name, header=column.header, **facts)
    return Doubt(header=column.header, why=why, step=named)


def _paying(sample: Sample) -> list[bool]:
    """Which of the rows that are looked at are not known to pay nothing."""
    statuses = sample.opened.input.statuses
    if statuses is None:
        return [True] * len(sample.rows)
    said = sample.looked_at(statuses.column)
    return [not word or statuses.says(word) is not Standing.NOT_PAYING for word in said]


def _digits(cell: str) -> str:
    """The digits of an amount without zeros around them, good enough to compare those that are written alike."""
    whole = re.sub(r"[.,]0+$", "", re.sub(r"[^\d.,]", "", cell))
    return re.sub(r"\D", "", whole).lstrip("0")
