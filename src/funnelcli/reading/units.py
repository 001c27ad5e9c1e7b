"""Lines beside a header that say units: a row of them straight below it, or a remark above the table.

A row below the header is one of units where none of its cells is like those of the rows further down.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from fractions import Fraction

from msgspec import Struct

from funnelcli.inputs.spec import CellKind, Input
from funnelcli.problems import Problem, problem
from funnelcli.reading.headers import header_key
from funnelcli.reading.totals import is_total_word
from funnelcli.reading.unit_words import unit_said
from funnelcli.reading.workbook import Record
from funnelcli.text import Message
from funnelcli.text.regex import regex
from funnelcli.values.cells import clean, is_error_value
from funnelcli.values.currencies import currencies_in, without_currency
from funnelcli.values.zones import offset_said

# What amounts in these units are to be multiplied by, but for minor ones, which depend on the currency.
FACTORS = {
    "micro": Fraction(1, 10**6), "major": Fraction(1), "thousand": Fraction(10**3), "million": Fraction(10**6),
    "billion": Fraction(10**9),
}  # fmt: skip
UNIT_WORDS = {
    "minor": Message("hundredths, like cents, of a currency that has them"),
    "micro": Message("millionths"),
    "thousand": Message("thousands"),
    "million": Message("millions"),
    "billion": Message("billions"),
}
ROWS_BELOW = 20  # which a row of units is compared with
FEWEST_UNLIKE = 2  # of its cells that are unlike those of all these rows, unless they stand in brackets
MOST_LETTERS = 200  # of a remark above a table
_DIGIT = regex(r"\d")
_IN_BRACKETS = regex(r"\(.*[^\W\d_].*\)|\[.*[^\W\d_].*\]")
_NUMBERS = (CellKind.AMOUNT, CellKind.COUNT, CellKind.NUMBER)
_DATES = (CellKind.DATE, CellKind.END_DATE, CellKind.MONTH)


class Units(Struct, frozen=True, kw_only=True):
    """What lines beside a header say of units: of each column in the row in ``line``, of all amounts ``above``."""

    line: int | None = None
    cells: Mapping[int, str] = {}
    above: str = ""

    def of(self, place: int) -> tuple[str, ...]:
        """What they say of the column in a place."""
        return tuple(filter(None, (self.cells.get(place), self.above)))

    def said(self, file: str) -> tuple[Problem, ...]:
        """That a row is none, as it says units."""
        if self.line is None:
            return ()
        text = ", ".join(cell for cell in self.cells.values() if cell)
        return (problem("units-row", file=file, line=self.line, text=text[:80]),)


NO_UNITS = Units()


def units_of(
    records: Sequence[Record], at: int, header: Sequence[str], index: Mapping[str, int], wanted: Input
) -> Units:
    """What the lines beside the header, which is the record ``at`` its place, say of units."""
    amounts = any(column.kind is CellKind.AMOUNT and column.name in index for column in wanted.columns)
    above = _unit_above(record for _, record in records[:at]) if amounts or wanted.stands_in else ""
    if at + 2 >= len(records):  # a row of units has rows below it
        return Units(above=above)
    line, record = records[at + 1]
    rows = [row for _, row in records[at + 2 : at + 2 + ROWS_BELOW] if len(row) == len(header)]
    if len(record) != len(header) or not rows or not _are_units(record, rows, index, wanted):
        return Units(above=above)
    return Units(
        line=line, cells={place: cell.strip() for place, cell in enumerate(record) if cell.strip()}, above=above
    )


def _are_units(record: Sequence[str], rows: Sequence[Sequence[str]], index: Mapping[str, int], wanted: Input) -> bool:
    """Whether a record is no row: neither its dates nor its numbers are any, and it is like none of the ``rows``."""
    kinds = {index[column.name]: column.kind for column in wanted.columns if column.name in index}
    unlike = bracketed = 0
    for place, cell in enumerate(map(clean, record)):
        if not cell:
            continue
        below = [text for row in rows if (text := clean(row[place]))]
        in_brackets, has_digit = _IN_BRACKETS.fullmatch(cell) is not None, _DIGIT.search(cell) is not None
        if cell in below or is_total_word(cell) or is_error_value(cell):
            return False
        if kinds.get(place) in _DATES and (has_digit or offset_said(cell) is not None):
            return False
        if (has_digit and not in_brackets) or (kinds.get(place) is not CellKind.AMOUNT and _is_unit(cell)):
            return False  # counts in thousands are not read
        is_unlike = bool(below) and all(_DIGIT.search(text) or "@" in text for text in below)
        if kinds.get(place) in (*_DATES, CellKind.ID, *_NUMBERS) and not (is_unlike or in_brackets):
            return False
        bracketed += in_brackets
        unlike += is_unlike
    has_date = any(kind in _DATES and clean(rows[0][place]) for place, kind in kinds.items())
    return has_date and unlike >= 1 and bool(bracketed or unlike >= FEWEST_UNLIKE)


_INTRODUCED = regex(
    r"(?:dvt|don vi(?: tinh| tien te| tien)?|units?|currency(?: unit)?|amounts?|figures|values|so tien"
    r"|(?:loai )?tien te)\b"
)
_PARTS = regex(r"[(\[]([^()\[\]]+)[)\]]|\bin ((?:thousands|millions|billions)\b[^()\[\]]*)")
_UNIT = regex(
    r"(?:in |x )?(?:k|(?:1 ?)?000s?|thousands?|nghin|ngan|mn|mio|mil|millions?|trieu|tr|bn|billions?|ty|ti|micros?)"
    r"(?: of)?"
)


def _unit_above(records: Iterable[Sequence[str]]) -> str:
    """The remark above a table that says what its amounts are in, as ``ĐVT: nghìn đồng``."""
    return next((cell.strip() for record in records for cell in record if cell.strip() and says_unit(cell)), "")


def says_unit(text: str) -> bool:
    """Whether a remark says a unit or a currency of amounts, and not a word that may be one in another sense.

    >>> says_unit("ĐVT: nghìn đồng"), says_unit("Revenue (in thousands of USD)"), says_unit("Báo cáo (triệu đồng)")
    (True, True, True)
    >>> says_unit("Đơn vị: Công ty An Phát"), says_unit("Công ty tỷ phú"), says_unit("Currency: USD")
    (False, False, True)
    """
    if len(text) > MOST_LETTERS or (unit_said(text) is None and not currencies_in(text)):
        return False
    parts = [part for pieces in _PARTS.findall(text) for part in pieces if part]
    parts += [text.partition(":")[2]] if _INTRODUCED.match(header_key(text)) else []
    return any(_is_unit(part) for part in parts)


def _is_unit(text: str) -> bool:
    """Whether a text is a unit, a currency, or both, and nothing else but brackets around it."""
    bare = (text.partition(":")[2] or text).strip("()[] ")
    key = header_key(without_currency(bare))
    return _UNIT.fullmatch(key) is not None if key else bool(currencies_in(bare))
