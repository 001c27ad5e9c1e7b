"""How the headers of a sheet stand beside each other: in runs between empty ones, or as a table twice."""

from __future__ import annotations

import string
from collections.abc import Sequence

from funnelcli.reading.header_keys import header_key


def column_letters(column: int) -> str:
    """The letters of a column by its number, as spreadsheets have them.

    >>> column_letters(1), column_letters(28)
    ('A', 'AB')
    """
    letters = ""
    while column:
        column, rest = divmod(column - 1, len(string.ascii_uppercase))
        letters = string.ascii_uppercase[rest] + letters
    return letters


def header_blocks(header: Sequence[str]) -> list[range]:
    """The runs of headers between empty ones.

    >>> header_blocks(("a", "b", "", "c"))
    [range(0, 2), range(3, 4)]
    """
    edges = [place for place, cell in enumerate((*header, "")) if not cell.strip()]
    starts = [0, *(edge + 1 for edge in edges)]
    return [range(first, last) for first, last in zip(starts, edges, strict=False) if first < last]


def table_again(header: Sequence[str]) -> int | None:
    """Where the headers of a table stand once more beside it: after an empty one, or all of them in the same order.

    >>> table_again(("id", "date", "", "id", "paid")), table_again(("id", "date", "id", "date"))
    (3, 2)
    >>> table_again(("id", "date", "id", "paid")) is None
    True
    """
    keys = [header_key(cell) for cell in header]
    seen: set[str] = set()
    for block in header_blocks(header):
        here = {keys[place] for place in block}
        if seen & here:
            return block.start
        seen |= here
    half, rest = divmod(len(keys), 2)
    return half if not rest and half > 1 and keys[:half] == keys[half:] else None
