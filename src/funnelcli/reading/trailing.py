"""Empty cells beyond the header: the trailing delimiter of a whole file, or a cell too many in one row."""

import re
from collections.abc import Iterable, Sequence

from funnelcli.inputs.spec import CellKind
from funnelcli.reading.opening import Opened
from funnelcli.reading.text_records import date_place
from funnelcli.reading.totals import is_total
from funnelcli.reading.workbook import Record
from funnelcli.text.regex import regex

_HEAD, _TAIL = regex(r"\D{0,3}\d{1,3}", re.ASCII), regex(r"\d{3}(?:\D.*)?", re.ASCII)
_TAIL_OF_NUMBERS = regex(r"0\d\d(?:\D.*)?", re.ASCII)
_NUMBERS = (CellKind.AMOUNT, CellKind.COUNT, CellKind.NUMBER)


def has_trailing_delimiters(opened: Opened, records: Iterable[Record]) -> bool:
    """Whether every row ends with a delimiter more than the header has, and none shows a number cut in two by it.

    Rows of one cell or none, and totals, say nothing.
    """
    width, date_cell = len(opened.columns.header), date_place(opened)
    numbers = [opened.columns.index[column.name] for column in opened.known_columns if column.kind in _NUMBERS]
    for _, record in records:
        if sum(1 for cell in record if cell.strip()) < 2 or is_total(record, date_cell):
            continue
        if len(record) <= width or any(is_cut(record, place, numbers) for place in numbers):
            return False
    return True


def is_cut(record: Sequence[str], place: int, numbers: Sequence[int]) -> bool:
    """Whether a number is cut in two by a delimiter that groups its thousands; ``numbers`` are the places of numbers.

    >>> is_cut(["u1", "1", "200"], 1, [1]), is_cut(["u1", "1", "basic"], 1, [1]), is_cut(["300", "200"], 0, [0, 1])
    (True, False, False)
    """
    if place + 1 >= len(record) or not _HEAD.fullmatch(record[place].strip()):
        return False
    # Where numbers are expected, three digits are a number of their own, unless they begin with a zero.
    tail = _TAIL_OF_NUMBERS if place + 1 in numbers else _TAIL
    return tail.fullmatch(record[place + 1].strip()) is not None
