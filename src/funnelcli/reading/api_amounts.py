"""Amounts as the interfaces of systems give them, in hundredths: told by whole amounts beside days that are seconds."""

from __future__ import annotations

from collections.abc import Iterator

from funnelcli.problems import Problem, problem
from funnelcli.reading.keys import sampled
from funnelcli.reading.opening import Opened
from funnelcli.reading.unit_words import minor_said, unit_said
from funnelcli.text.regex import regex
from funnelcli.values.cells import clean
from funnelcli.values.currencies import WITHOUT_MINOR_UNIT, currency_named

_SECONDS = regex(r"[1-3][0-9]{9}(?:[0-9]{3})?")  # since 1970, from 2001 on, or thousandths of them


def api_amounts(opened: Opened) -> Iterator[Problem]:
    """A warning where amounts may be in the minor unit of their currency, and nothing says in which they are.

    Programs write days as seconds; who makes a table for people does not.
    """
    stays, settings = opened.input.stays, opened.settings
    if stays is None or settings.amount_unit is not None or opened.export is not None or not opened.has(stays.start):
        return
    rows, index = sampled(opened), opened.columns.index
    starts = [cell for row in rows if (cell := clean(row[index[stays.start]]))]
    currencies = {clean(row[index[stays.currency]]) for row in rows} if opened.has(stays.currency) else set()
    codes = frozenset[str]().union(*map(currency_named, filter(None, currencies)))
    if not starts or not all(map(_SECONDS.fullmatch, starts)) or not codes or codes & WITHOUT_MINOR_UNIT:
        return
    for column in filter(opened.has, stays.amounts):
        header = opened.columns.header_of(column) or column
        cells = [cell for row in rows if (cell := clean(row[index[column]]))]
        is_said = minor_said(header) or unit_said(header) is not None
        if cells and not is_said and all(cell.isdigit() for cell in cells) and max(map(int, cells)) >= 100:
            yield problem(
                "amounts-may-be-minor", file=opened.name, line=opened.header_line or None, column=column,
                header=header, value=next(cell for cell in cells if int(cell)), stage=opened.input.name,
            )  # fmt: skip
