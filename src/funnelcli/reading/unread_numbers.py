"""Columns of numbers that are not read beside amounts: whether they may multiply them, or be taken off them."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence, Set

from msgspec import Struct

from funnelcli.inputs.beside import UNITS
from funnelcli.reading.headers import header_key
from funnelcli.reading.sample import Sample
from funnelcli.reading.unread import Holding, Unread
from funnelcli.text import NOTHING, OR, Message, Text, joined
from funnelcli.values.counted import count_in, words_beside_count
from funnelcli.values.dates import read_month
from funnelcli.values.numbers import bare_number, read_number
from funnelcli.values.statuses import status_key, whole_shares
from funnelcli.values.terms import months_of_interval

MOST_UNITS = 1_000
TERMS = frozenset((2, 3, 4, 6, 12, 24, 36))
_UNIT_WORDS = rf"{UNITS}|\b(nguoi|cho|ghe|people|persons?|plazas?|postes?|platze)\b"
FEW_ROWS = 4  # of fewer, no proportion is seen

_MULTIPLIES = Message("it holds whole numbers beside the amounts, which they may multiply")
_LASTS = Message("it holds whole numbers beside the amounts, which may be paid for so many months")
_TERMS = Message("it holds terms beside the amounts, which may be paid for them")
_REDUCES = Message("it holds what may be taken off the amounts ({cells})")
_NEVER = Message("it is 0 in some rows, which may be of people who never paid")
_OWES = Message("it holds what is owed, in some rows 0, which may say who pays")
_AS_DROP = Message('To leave out rows that do not count: [inputs.{stage}.drop] {header!r} = ["…"]')
_SHARES = Message("it holds shares beside the amounts ({cells})")

_AS_QUANTITY = Message(
    "If it is a number of seats or units: [inputs.{stage}.columns] {quantity} = {header!r}{each}; if of months: "
    '{count} = {header!r} and [inputs.{stage}] interval = "month"'
)
_EACH = Message(' and [inputs.{stage}] amount_is = "each"')
_AS_MONTHS = Message(
    "If the amount is for so many months: [inputs.{stage}.columns] {count} = {header!r} and [inputs.{stage}] "
    'interval = "month"'
)
_AS_INTERVAL = Message("If the amount is for that term: [inputs.{stage}.columns] {interval} = {header!r}")
_TAKE_OFF = Message(
    "If the amounts are before it, name the column of what is paid in [inputs.{stage}.columns] {amounts}{drop}"
)
_DROP = Message(", and leave out who pays nothing: [inputs.{stage}.drop] {header!r} = [{most!r}]")
_AS_AMOUNT = Message("If it is one: [inputs.{stage}.columns] {amount} = {header!r}")


class Doubt(Struct, frozen=True, kw_only=True):
    """A column that is not read and could change a figure: why, and the setting that decides."""

    header: str
    why: Text
    step: Text


def doubtful_numbers(sample: Sample, columns: Sequence[Unread]) -> Iterator[Doubt]:
    """The columns of numbers and terms that may say something else of the amounts, or that somebody never paid."""
    stays = sample.opened.input.stays
    if stays is None:
        return
    numbers = _Numbers(sample)
    for column in columns:
        if (doubt := numbers.of(column)) is not None:
            yield doubt


class _Numbers:
    """The amounts of a file, and the numbers beside them."""

    def __init__(self, sample: Sample) -> None:
        stays = sample.opened.input.stays
        assert stays is not None
        self._stays, self._beside = stays, sample.opened.input.beside
        self._sample, self._opened = sample, sample.opened
        filled = [sample.looked_at(name) for name in stays.amounts]
        self._amounts = [next((cell for cell in cells if cell), "") for cells in zip(*filled, strict=True)]
        self._monthly = all(bool(cell) for cell in filled[0]) and bool(filled[0])  # every row says its MRR
        self._has_amounts = any(self._amounts)
        known = self._opened.export
        self._is_of_all = self._monthly and known is not None and stays.amounts[0] in known.columns
        self._has_term = any(sample.looked_at(stays.interval)) or bool(self._opened.settings.interval)

    def of(self, column: Unread) -> Doubt | None:
        """Why a column is doubtful; None where it is not."""
        key = header_key(column.header)
        filled = [cell for cell in column.cells if cell]
        if not filled:
            return None
        if not self._has_amounts:
            return self._never(column, key)
        if re.search(self._beside.reduces, key) and any(read_number(cell, None) != 0 for cell in filled):
            return self._reduces(column, _REDUCES)
        if self._counts_units(filled):
            return self._by_units(column)
        values = [read_number(cell, None) if bare_number(cell) is not None else None for cell in filled]
        numbers = [value for value in values if value is not None]
        if len(numbers) < len(filled):
            return self._terms(column, filled)
        if re.search(self._beside.numbers, key) and not re.search(self._beside.months, key):
            return None
        if any("%" in cell for cell in filled):
            is_attribute = self._beside.is_attribute(key)
            return None if is_attribute or not any(numbers) else self._reduces(column, _SHARES)
        if column.holding is Holding.COUNTS and not re.search(self._beside.shares, key):
            return self._multiplies(column, key, {int(number) for number in numbers})
        return None

    def _counts_units(self, filled: Sequence[str]) -> bool:
        """Whether cells say how many of something that is paid for, in words: 5 seats, x5."""
        beside = [words_beside_count(cell) for cell in filled]
        words = [words for words in beside if words is not None]
        are_counts = all(count_in(cell) is not None for cell in filled) and 2 * len(words) > len(filled)
        return are_counts and all(not word or re.search(_UNIT_WORDS, status_key(word)) for word in words)

    def _by_units(self, column: Unread) -> Doubt | None:
        if (
            self._is_of_all
            or self._opened.has(self._stays.quantity)
            or {count_in(cell) for cell in column.cells if cell} == {1}
        ):
            return None
        each = _EACH.filled(stage=self._opened.input.name)
        return self._doubt(column, _MULTIPLIES, _AS_QUANTITY, each=each)

    def _never(self, column: Unread, key: str) -> Doubt | None:
        if column.holding is not Holding.COUNTS or re.search(self._beside.numbers, key):
            return None
        if read_month(column.header.strip()) is not None:
            return None  # of one month, and not of all that was ever paid
        if not any(read_number(cell, None) == 0 for cell in column.cells if cell):
            return None
        is_owed = bool(re.search(self._beside.owed, key))
        return self._doubt(column, _OWES, _AS_DROP) if is_owed else self._doubt(column, _NEVER, _AS_AMOUNT)

    def _terms(self, column: Unread, filled: Sequence[str]) -> Doubt | None:
        if self._has_term or self._monthly or any(months_of_interval(cell) is None for cell in filled):
            return None
        return self._doubt(column, _TERMS, _AS_INTERVAL)

    def _reduces(self, column: Unread, why: Text) -> Doubt:
        cells = list(dict.fromkeys(cell for cell in column.cells if cell))
        whole = next((cell for cell, is_whole in whole_shares(cells).items() if is_whole), None)
        stage = self._opened.input.name
        drop = NOTHING if whole is None else _DROP.filled(stage=stage, header=column.header, most=whole)
        shown = ", ".join(cells[:3]) + (", …" if len(cells) > 3 else "")
        return self._doubt(column, why.filled(cells=shown), _TAKE_OFF, drop=drop)

    def _multiplies(self, column: Unread, key: str, numbers: Set[int]) -> Doubt | None:
        """Why whole numbers may multiply amounts; None where the amounts count them already, or are by the month."""
        if not numbers or min(numbers) <= 0 or max(numbers) > MOST_UNITS or numbers == {1}:
            return None
        is_of_units = bool(re.search(self._beside.units, key)) and not re.search(self._beside.money, key)
        if not (1 in numbers or numbers <= TERMS or is_of_units):
            return None
        if re.search(self._beside.months, key):
            is_known = self._monthly or self._opened.has(self._stays.interval_count)
            return None if is_known else self._doubt(column, _LASTS, _AS_MONTHS)
        if self._is_of_all or self._opened.has(self._stays.quantity):
            return None  # the MRR of a system that is known is of all units
        if self._are_counted(column) and (self._has_term or self._monthly):
            return None
        each = _EACH.filled(stage=self._opened.input.name) if self._monthly else ""
        return self._doubt(column, _MULTIPLIES, _AS_QUANTITY, each=each)

    def _are_counted(self, column: Unread) -> bool:
        """Whether the amounts grow with the numbers: there are fewer prices of one than there are amounts."""
        pairs = {
            (amount, number)
            for text, cell in zip(self._amounts, column.cells, strict=True)
            if (amount := _plain(text)) and (number := read_number(cell, None) if cell else None)
        }
        if len(pairs) < FEW_ROWS or len({number for _, number in pairs}) < 2:
            return False
        prices = {round(amount / number, 6) for amount, number in pairs}
        return 2 * len(prices) <= len({amount for amount, _ in pairs})

    def _doubt(self, column: Unread, why: Text, step: Text, **facts: object) -> Doubt:
        stays = self._stays
        known: dict[str, object] = {
            "each": "",
            "quantity": stays.quantity,
            "count": stays.interval_count,
            "interval": stays.interval,
        }
        known |= {"amount": stays.amounts[-1], "amounts": joined(OR, stays.amounts)}
        known |= {"stage": self._opened.input.name, "header": column.header, **facts}
        return Doubt(header=column.header, why=why, step=step.filled(**known))


def _plain(amount: str) -> float:
    """An amount by its digits, good enough to compare amounts that are written alike."""
    bare = bare_number(amount)
    if bare is None:
        return 0.0
    number = read_number(amount, None)
    return number if number is not None else float(re.sub(r"\D", "", bare.digits))
