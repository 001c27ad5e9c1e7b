"""What the number formats of a sheet show: a cell that holds 100 may be seen as $100.00, or as 10000%."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable

from funnelcli.text.regex import regex
from funnelcli.values.currencies import currencies_in

_NUMBER_FORMAT = re.compile(rb'<numFmt\s[^>]*numFmtId="(\d+)"[^>]*formatCode="([^"]*)"')
_FORMAT = re.compile(rb"<xf\s[^>]*>")
_NUMBER = re.compile(rb'\bnumFmtId="(\d+)"')
_SHOWN = regex(r'\[\$([^\]-]*)(?:-[0-9A-Fa-f]+)?\]|"([^"]*)"|\\(.)|([^\x00-\x7f]|\$)')


PERCENT = frozenset({"%"})
OF_PERCENT = ("9", "10")  # the numbers of the formats 0% and 0.00%, which no file spells out
Shown = frozenset[str]  # the currencies that a number may be shown in; PERCENT where as a percentage


def shown_by(code: str) -> Shown:
    """The currencies that a number may be in by what its format shows beside it, or ``PERCENT``; else none.

    >>> shown_by('#,##0.00 "USD"'), shown_by("[$₫-42A] #,##0"), shown_by("0.0%"), shown_by('0 "%"')
    (frozenset({'USD'}), frozenset({'VND'}), frozenset({'%'}), frozenset())
    """
    code = code.partition(";")[0]
    if "%" in _SHOWN.sub("", code):
        return PERCENT
    shown = ["".join(parts) for parts in _SHOWN.findall(code)]
    return currencies_in(f"{''.join(shown).strip()} 1") if shown else frozenset()


def tells(styles: bytes) -> bool:
    """Whether any number format may show more than a number."""
    return b"<numFmt " in styles or any(f'numFmtId="{number}"'.encode() in styles for number in OF_PERCENT)


def shown_by_styles(styles: bytes) -> dict[str, Shown]:
    """The numbers of the styles of cells that show a currency, or a percentage, with what they show."""
    shown = dict.fromkeys(OF_PERCENT, PERCENT)
    for number, code in _NUMBER_FORMAT.findall(styles):
        if said := shown_by(html.unescape(code.decode("utf-8", "replace"))):
            shown[number.decode()] = said
    formats, _, _ = styles.partition(b"<cellXfs")[2].partition(b"</cellXfs>")
    numbers = (_NUMBER.search(tag) for tag in _FORMAT.findall(formats))
    of_style = (match[1].decode() if match else "" for match in numbers)
    return {str(place): shown[number] for place, number in enumerate(of_style) if number in shown}


def by_column(cells: Iterable[tuple[int, Shown]]) -> dict[int, frozenset[Shown]]:
    """By column what the numbers in it are shown in; empty: as plain numbers.

    >>> by_column([(4, frozenset({"USD"})), (4, frozenset({"USD"})), (5, frozenset())])
    {4: frozenset({frozenset({'USD'})}), 5: frozenset({frozenset()})}
    """
    shown: dict[int, set[Shown]] = {}
    for column, said in cells:
        shown.setdefault(column, set()).add(said)
    return {column: frozenset(each) for column, each in shown.items()}
