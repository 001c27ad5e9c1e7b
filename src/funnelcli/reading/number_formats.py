"""The currencies that the number formats of a sheet show: a cell that holds 100 may be seen as $100.00."""

from __future__ import annotations

import html
import re
from collections.abc import Iterable, Mapping

from funnelcli.text.regex import regex
from funnelcli.values.currencies import currencies_in

_NUMBER_FORMAT = re.compile(rb'<numFmt\s[^>]*numFmtId="(\d+)"[^>]*formatCode="([^"]*)"')
_FORMAT = re.compile(rb"<xf\s[^>]*>")
_NUMBER = re.compile(rb'\bnumFmtId="(\d+)"')
_SHOWN = regex(r'\[\$([^\]-]*)(?:-[0-9A-Fa-f]+)?\]|"([^"]*)"|\\(.)|([^\x00-\x7f]|\$)')


def shown_currencies(code: str) -> frozenset[str]:
    """The currencies that a number may be in by what its format shows beside it; none where it shows no currency.

    >>> shown_currencies('#,##0.00 "USD"'), shown_currencies("[$₫-42A] #,##0"), shown_currencies("0.0%")
    (frozenset({'USD'}), frozenset({'VND'}), frozenset())
    """
    shown = ["".join(parts) for parts in _SHOWN.findall(code.partition(";")[0])]
    return currencies_in(f"{''.join(shown).strip()} 1") if shown else frozenset()


def styles_of_currencies(styles: bytes) -> dict[str, frozenset[str]]:
    """The numbers of the styles of cells that show a currency, with what it may be."""
    shown = {
        number.decode(): currencies
        for number, code in _NUMBER_FORMAT.findall(styles)
        if (currencies := shown_currencies(html.unescape(code.decode("utf-8", "replace"))))
    }
    if not shown:
        return {}
    formats, _, _ = styles.partition(b"<cellXfs")[2].partition(b"</cellXfs>")
    numbers = (_NUMBER.search(tag) for tag in _FORMAT.findall(formats))
    of_style = (match[1].decode() if match else "" for match in numbers)
    return {str(place): shown[number] for place, number in enumerate(of_style) if number in shown}


def by_column(
    cells: Iterable[tuple[int, str]], styles: Mapping[str, frozenset[str]]
) -> dict[int, frozenset[frozenset[str]]]:
    """By column what the numbers in it are shown in, as ``styles`` of cells say; empty: in no currency.

    >>> by_column([(4, "1"), (4, "1"), (5, "0")], {"1": frozenset({"USD"})})
    {4: frozenset({frozenset({'USD'})}), 5: frozenset({frozenset()})}
    """
    shown: dict[int, set[frozenset[str]]] = {}
    for column, style in cells:
        shown.setdefault(column, set()).add(styles.get(style, frozenset()))
    return {column: frozenset(each) for column, each in shown.items()}
