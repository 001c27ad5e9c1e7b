"""Columns that hold amounts of money where none is read: by their cells, and by what their headers say of the term."""

from __future__ import annotations

import re
from collections.abc import Sequence

from funnelcli.inputs.beside import Beside
from funnelcli.reading.headers import header_key
from funnelcli.reading.sample import Sample
from funnelcli.reading.unit_words import minor_said, unit_said
from funnelcli.reading.unread import Holding, Unread
from funnelcli.reading.unread_numbers import Doubt
from funnelcli.text import Message, Text, TextError
from funnelcli.text.regex import regex
from funnelcli.values.amounts import parse_amount
from funnelcli.values.cells import Exact
from funnelcli.values.codes import are_currencies
from funnelcli.values.currencies import currencies_in
from funnelcli.values.dates import read_month
from funnelcli.values.numbers import bare_number, mark_said

_SINCE_1970 = regex(r"1[0-9]{9}(?:[0-9]{3}|[0-9]{6})?", re.ASCII)  # in seconds, from 2001 to 2033, and finer ones
ROUND = 500  # amounts are mostly whole in these, once they are large
LARGE = 1_000
MOST_NAMED = 3

_WHY = Message("it holds amounts ({cells}) where none is read, so that MRR is missing")
_STEP = Message("If it is what is paid: [inputs.{stage}.columns] {settings}")

_MONTHS_BESIDE = Message(
    "it is one of {number} [column|columns] of months, up to {last!r}, that hold amounts: who paid in which month is "
    "not read"
)
_TURN = Message(
    "To read them, write a row for each customer and month that is paid for, with {start}, {end} and {money}, in place "
    "of the columns"
)
# Of an amount, what its header says that it is with or without: "Amount incl. VAT".
_BESIDES = r"\b(inc|incl\w*|ex|excl\w*|with|without|before|after|gross|net|bao gom|gom|da|chua|truoc|sau|cong)\b"
_CURRENCIES = Message("it holds currencies ({cells}) beside the amounts, which are added up as if they were in one")
_RATES = Message("it holds rates of exchange ({cells}), so that the amounts may be in another currency than {currency}")
_SAY_CURRENCY = Message(
    'If they are, say which: [business] currency = "…", or add a column with the currency of each row'
)
_OF_EXCHANGE = regex(r"\b((exchange|currency|fx|forex) rates?|fx|ty gia( quy doi| hoi doai)?)\b")
_AS_CURRENCY = Message("If the amounts are in them: [inputs.{stage}.columns] {currency} = {header!r}")


def amounts_not_read(sample: Sample, columns: Sequence[Unread]) -> list[Doubt]:
    """The columns that hold amounts, the likeliest first; none where the file has amounts that are read."""
    stays = sample.opened.input.stays
    if stays is None or any(any(sample.looked_at(name)) for name in stays.amounts):
        return []
    beside, stage = sample.opened.input.beside, sample.opened.input.name
    of_months = [c for c in columns if is_month(c.header) and all(_is_amount(cell) for cell in c.cells if cell)]
    held = [column for column in columns if column not in of_months and _holds_amounts(column, beside)]
    held.sort(key=lambda column: not re.search(beside.monthly, header_key(column.header)))
    turned = [] if len(of_months) < 2 else [_months_beside(of_months, sample)]
    return turned + [
        Doubt(
            header=column.header,
            why=_WHY.filled(cells=_some(column.cells)),
            step=_STEP.filled(stage=stage, settings=settings_of(column.header, sample)),
        )
        for column in held[:MOST_NAMED]
    ]


def is_month(header: str) -> bool:
    """Whether a header is a month, so that a column holds what is of that month only.

    >>> is_month("2026-01"), is_month("T1/2026"), is_month("Amount")
    (True, True, False)
    """
    return read_month(header.strip()) is not None


def _months_beside(columns: Sequence[Unread], sample: Sample) -> Doubt:
    """Columns of months beside people: no setting reads them, a table turned round is read."""
    stays = sample.opened.input.stays
    assert stays is not None
    return Doubt(
        header=columns[0].header,
        why=_MONTHS_BESIDE.filled(number=len(columns), last=columns[-1].header),
        step=_TURN.filled(stage=sample.opened.input.name, start=stays.start, end=stays.end, money=stays.amounts[0]),
    )


def rates_of_exchange(sample: Sample, columns: Sequence[Unread], assumed: str) -> list[Doubt]:
    """The columns of rates of exchange other than 1 beside amounts, where nothing says in which currency they are."""
    stays = sample.opened.input.stays
    if stays is None or sample.opened.has(stays.currency):
        return []
    amounts = ["".join(cells) for cells in zip(*map(sample.looked_at, stays.amounts), strict=True)]
    headers = [sample.opened.columns.header_of(name) or "" for name in stays.amounts]
    if not any(amounts) or any(currencies_in(text) for text in (*amounts, *headers)):
        return []
    return [
        Doubt(
            header=column.header, why=_RATES.filled(cells=_some(column.cells), currency=assumed), step=_SAY_CURRENCY
        )
        for column in columns
        if _OF_EXCHANGE.search(header_key(column.header)) and _are_rates(column.cells)
    ]  # fmt: skip


def _are_rates(cells: Sequence[str]) -> bool:
    """Whether cells are numbers of which some are not 1."""
    numbers = [bare_number(cell) for cell in cells if cell]
    digits = [number.digits.strip("0.,") for number in numbers if number is not None]
    return bool(digits) and len(digits) == len(numbers) and any(text != "1" for text in digits)


def currencies_not_read(sample: Sample, columns: Sequence[Unread]) -> list[Doubt]:
    """The columns of currencies beside amounts that say none, where no column of currencies is read."""
    stays = sample.opened.input.stays
    if stays is None or sample.opened.has(stays.currency):
        return []
    amounts = ["".join(cells) for cells in zip(*map(sample.looked_at, stays.amounts), strict=True)]
    if not any(amounts) or any(currencies_in(cell) for cell in amounts):
        return []
    stage = sample.opened.input.name
    return [
        Doubt(
            header=column.header,
            why=_CURRENCIES.filled(cells=_some(column.cells)),
            step=_AS_CURRENCY.filled(stage=stage, currency=stays.currency, header=column.header),
        )
        for column in columns
        if are_currencies(column.cells, amounts)
    ]


def settings_of(header: str, sample: Sample) -> Text | str:
    """What to write below ``[inputs.NAME.columns]``, and below ``[inputs.NAME]``, to have amounts read by a header."""
    stays = sample.opened.input.stays
    assert stays is not None
    key, beside = header_key(header), sample.opened.input.beside
    is_monthly = bool(re.search(beside.monthly, key))
    written = [f"{stays.amounts[0] if is_monthly else stays.amounts[-1]} = {header!r}"]
    is_yearly = not is_monthly and bool(re.search(beside.yearly, key))
    has_intervals = any(sample.looked_at(stays.interval))  # which say when it is billed, and the header what it is for
    more = [] if not is_yearly else ['amount_for = "year"' if has_intervals else 'interval = "year"']
    if not is_monthly and not more and not any(map(any, map(sample.looked_at, (stays.interval, stays.end)))):
        more.append('interval = "month"')  # or what it is: nothing else says what is paid for
    if (unit := _unit_of(header, sample)) is not None:
        more.append(f'amount_unit = "{unit}"')
    return ", ".join(written) + (f"; [inputs.{sample.opened.input.name}] {', '.join(more)}" if more else "")


def _unit_of(header: str, sample: Sample) -> str | None:
    """The unit that a setting must say: what the header says, or for whole numbers the minor one of a system's API."""
    if (unit := unit_said(header)) is not None or minor_said(header):
        return unit or "minor"
    place = sample.opened.columns.header.index(header)
    is_whole = all(text.isdigit() for text in sample.cells[place].texts if text)
    return "minor" if is_whole and header_key(header) == "unit amount" else None


def _some(cells: Sequence[str]) -> str:
    shown = list(dict.fromkeys(cell for cell in cells if cell))
    return ", ".join(shown[:3]) + (", …" if len(shown) > 3 else "")


def _holds_amounts(column: Unread, beside: Beside) -> bool:
    """Whether cells are amounts: in a currency, with hundredths, large and round, or below a header of money."""
    filled = [cell for cell in column.cells if cell]
    key = header_key(column.header)
    if column.holding is Holding.FLAGS or not filled or any("%" in cell for cell in filled):
        return False
    if all(_SINCE_1970.fullmatch(cell) for cell in filled):
        return False  # moments
    if not all(_is_amount(cell) for cell in filled) or not any(set(cell) & set("123456789") for cell in filled):
        return False
    is_of_money = bool(re.search(beside.money, key)) or unit_said(column.header) is not None
    if any(currencies_in(cell) for cell in filled) or any(cell[-1:].isalpha() for cell in filled):
        return True
    if re.search(beside.numbers, key) and not (is_of_money and re.search(_BESIDES, key)):
        return False
    if is_of_money:
        return True
    numbers = [cell for cell in filled if not isinstance(cell, Exact) and mark_said(cell) is not None]
    with_hundredths = [cell for cell in filled if re.search(r"\d[.,]\d{2}$", cell)]
    if numbers and len(with_hundredths) == len(filled):
        return True
    whole = [int(re.sub(r"\D", "", cell)) for cell in filled if re.fullmatch(r"[\d.,\s]+", cell)]
    is_round = len(whole) == len(filled) and sum(n % ROUND == 0 for n in whole) * 2 > len(whole)
    return is_round and max(whole) >= LARGE and not any(cell[:1] == "0" and len(cell) > 1 for cell in filled)


def _is_amount(cell: str) -> bool:
    """Whether a cell is a number, in a currency or scaled by a word, like 12 triệu."""
    if bare_number(cell) is not None:
        return True
    if not cell[:1].isdigit() or not cell[-1:].isalpha():
        return False
    try:
        return parse_amount(cell) > 0
    except TextError:
        return False
