"""Amounts as the interfaces of systems give them, in hundredths: whole ones beside days or codes as programs write."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from funnelcli.problems import Problem, problem
from funnelcli.reading.header_keys import header_key
from funnelcli.reading.keys import sampled
from funnelcli.reading.opening import Opened
from funnelcli.reading.unit_words import minor_said, unit_said
from funnelcli.text import Message
from funnelcli.text.regex import regex
from funnelcli.values.cells import clean
from funnelcli.values.currencies import WITHOUT_MINOR_UNIT, currency_named

_SECONDS = regex(r"[1-3][0-9]{9}(?:[0-9]{3})?")  # since 1970, from 2001 on, or thousandths of them
_SMALL_CODE = regex(r"[a-z]{3}")
LEAST_CENTS = 50  # that systems take from a card
_DAYS = Message("the days are seconds since 1970")
_CODES = Message("the currencies are in small letters")


def api_amounts(opened: Opened) -> Iterator[Problem]:
    """A warning where amounts may be in the minor unit of their currency, and nothing says in which they are.

    Programs write days as seconds and codes of currencies in small letters; who makes a table for people does neither.
    """
    stays, settings = opened.input.stays, opened.settings
    if stays is None or settings.amount_unit is not None or opened.export is not None or not opened.has(stays.start):
        return
    rows, index = sampled(opened), opened.columns.index
    starts = [cell for row in rows if (cell := clean(row[index[stays.start]]))]
    currencies = {clean(row[index[stays.currency]]) for row in rows} if opened.has(stays.currency) else set()
    codes = frozenset[str]().union(*map(currency_named, filter(None, currencies)))
    in_seconds = bool(starts) and all(map(_SECONDS.fullmatch, starts))
    is_small = all(map(_SMALL_CODE.fullmatch, filter(None, currencies)))
    if not (in_seconds or is_small) or not codes or codes & WITHOUT_MINOR_UNIT:
        return
    for column in filter(opened.has, stays.amounts if in_seconds else stays.amounts[-1:]):
        header = opened.columns.header_of(column) or column
        cells = [cell for row in rows if (cell := clean(row[index[column]]))]
        is_said = minor_said(header) or unit_said(header) is not None or header_key(header) == "unit amount"
        if cells and not is_said and all(cell.isdigit() for cell in cells) and _may_be_cents(cells, certain=in_seconds):
            yield problem(
                "amounts-may-be-minor", file=opened.name, line=opened.header_line or None, column=column,
                header=header, value=next(cell for cell in cells if int(cell)), stage=opened.input.name,
                why=_DAYS if in_seconds else _CODES,
            )  # fmt: skip


def _may_be_cents(cells: Sequence[str], *, certain: bool) -> bool:
    """Whether whole amounts may be cents; where it is less ``certain``, only if none is too small for a price."""
    numbers = [int(cell) for cell in cells if int(cell)]
    return bool(numbers) and max(numbers) >= 100 and (certain or min(numbers) >= LEAST_CENTS)
