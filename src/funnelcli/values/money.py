"""Amounts of money: cells to exact numbers, the decimal mark decided from all of them."""

import re
from fractions import Fraction
from typing import Literal

from msgspec import Struct, field

from funnelcli.text import TextError
from funnelcli.text.regex import regex
from funnelcli.values.amounts import is_in_dong, parse_amount
from funnelcli.values.cells import Exact
from funnelcli.values.currencies import without_currency
from funnelcli.values.digits import DecimalMark, mark_of, other_than
from funnelcli.values.numbers import NumberEvidence, bare_number, exact_number, read_number

UNDECIDED_MARK: Literal["undecided"] = "undecided"
TOO_MUCH = 10**12
# A mark that groups nothing and has three digits after it: the column writes fractions with three digits.
_THIRDS = regex(r"\D*(?:0|\d{4,})[.,]\d{3}\D*", re.ASCII)


class AmountReader(Struct, kw_only=True):
    """Reads the amounts of one input, once it has observed them all.

    ``decimal`` is the mark that the config says, which then holds for every cell.  Else a cell that proves its mark is
    read by it, and one like 1.200 by what the others prove.  Where the currency has no ``decimals`` in use, 1.200 is
    one thousand two hundred, unless another cell (1200.000) proves fractions of three digits.  Only ``signed`` amounts
    may be below 0.

    >>> reader = AmountReader(decimal=None, decimals=False)
    >>> reader.read("500.000 ₫"), reader.read("-5"), reader.read("$1,200.50")
    (Fraction(500000, 1), None, Fraction(2401, 2))
    >>> AmountReader(decimal=None, decimals=False, signed=True).read("(500.000)")
    Fraction(-500000, 1)
    >>> reader.read("1.5tr"), reader.read("500k"), AmountReader(decimal=None, decimals=True).read("1.5tr")
    (Fraction(1500000, 1), Fraction(500000, 1), None)
    """

    decimal: DecimalMark | None
    decimals: bool
    signed: bool = False
    _evidence: NumberEvidence = field(default_factory=NumberEvidence)
    _thirds: set[str] = field(default_factory=set)

    def observe(self, text: str) -> None:
        """Take one cell into account."""
        if text.isdigit():
            return
        bare = without_currency(text)
        if not isinstance(text, Exact) and read_number(bare, None) is not None:
            self._evidence.observe(bare, None)
            if _THIRDS.fullmatch(bare):
                self._thirds.add("point" if "." in bare else "comma")

    def fraction_beside(self, text: str) -> str | None:
        """The amount with a fraction (100.5) that makes one read as thousands (300.125) doubtful; None where none does.

        >>> reader = AmountReader(decimal=None, decimals=False)
        >>> for text in ("100.5", "300.125", "1,200"):
        ...     reader.observe(text)
        >>> reader.fraction_beside("300.125"), reader.fraction_beside("1,200"), reader.fraction_beside("100.5")
        ('100.5', None, None)
        """
        bare = None if self.decimal or self.decimals or isinstance(text, Exact) else bare_number(text)
        if bare is None or mark_of(bare.digits) != "either" or self._of_either(bare.digits) == _own_mark(bare.digits):
            return None
        beside = self._evidence.point if _own_mark(bare.digits) == "." else self._evidence.comma
        return None if beside is None else beside[0]

    def read(self, text: str) -> Fraction | Literal["undecided"] | None:
        """The amount, from 0 up unless signed; None where the cell is none, ``undecided`` where its mark is."""
        if text.isdigit() and text.isascii():
            return Fraction(int(text)) if len(text) < len(str(TOO_MUCH)) else None
        if isinstance(text, Exact):
            return self._in_range(Fraction(text))
        bare = bare_number(text)
        if bare is None:
            return self._in_words(text)
        if bare.percent:
            return None
        mark = self.decimal
        if mark is None and mark_of(bare.digits) == "either":
            mark = self._of_either(bare.digits)
            if mark is None:
                return UNDECIDED_MARK if self._in_range(exact_number(bare, ".")) is not None else None
        return self._in_range(exact_number(bare, mark))

    def _in_words(self, text: str) -> Fraction | None:
        """An amount with a word for thousands or millions, as 500k or 1.5tr; one of đồng in a currency with decimals is
        none.
        """
        if self.signed and text[:1] in ("-", "−"):
            amount = self._in_words(text[1:].strip())
            return None if amount is None else -amount
        if not text[:1].isdigit() or (self.decimals and is_in_dong(text)):
            return None
        try:
            return self._in_range(parse_amount(text))
        except TextError:
            return None

    def _in_range(self, number: Fraction | None) -> Fraction | None:
        is_such = number is not None and abs(number) < TOO_MUCH and (self.signed or number >= 0)
        return number if is_such else None

    def _of_either(self, digits: str) -> DecimalMark | None:
        own = _own_mark(digits)
        named: Literal["point", "comma"] = "point" if own == "." else "comma"
        if not self.decimals and named not in self._thirds:
            return other_than(own)
        return self._evidence.mark


def _own_mark(digits: str) -> DecimalMark:
    return "." if "." in digits else ","


def read_hundredths(amount: Fraction, months: Fraction = Fraction(1)) -> int:
    """An amount for some months in whole hundredths a month, halves to the even one.

    >>> read_hundredths(Fraction("0.125")), read_hundredths(Fraction(100), Fraction(3))
    (12, 3333)
    """
    # Fraction division reduces what it makes, which takes most of the time of reading a large export.
    over, under = 100 * amount.numerator * months.denominator, amount.denominator * months.numerator
    whole, rest = divmod(over, under)
    return whole + (2 * rest > under or (2 * rest == under and whole % 2 == 1))
