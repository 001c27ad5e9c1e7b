"""Formulas of a workbook: each is written and worked out at once, so that a wrong one is seen before it is written."""

from __future__ import annotations

from collections.abc import Sequence
from math import ceil, floor, isclose

from msgspec import Struct

from funnelcli.answers.answer import Raw

# How tightly a part of a formula holds together: a sum, a product, all else.
_SUM, _PRODUCT, _WHOLE = 1, 2, 3
# Decimals that are kept before a number is rounded to a whole one, so that 60.00000000000001 stays 60.
GUARD = 6


class Term(Struct, frozen=True):
    """A formula, or a part of one, and the number that it comes to.

    >>> a, b = Term("B2", 6.0), Term("B3", 2.0)
    >>> (a + b) / b
    Term(text='(B2+B3)/B3', value=4.0, binds=2)
    """

    text: str
    value: float
    binds: int = _WHOLE

    def _within(self, least: int) -> str:
        return self.text if self.binds >= least else f"({self.text})"

    def __add__(self, other: Term) -> Term:
        return Term(f"{self.text}+{other.text}", self.value + other.value, _SUM)

    def __sub__(self, other: Term) -> Term:
        return Term(f"{self.text}-{other._within(_PRODUCT)}", self.value - other.value, _SUM)

    def __mul__(self, other: Term) -> Term:
        return Term(f"{self._within(_PRODUCT)}*{other._within(_PRODUCT)}", self.value * other.value, _PRODUCT)

    def __truediv__(self, other: Term) -> Term:
        return Term(f"{self._within(_PRODUCT)}/{other._within(_WHOLE)}", self.value / other.value, _PRODUCT)


# A cell of the data: as it is, or a formula and the number that it comes to.
DataCell = Raw | tuple[Term, float]


def literal(text: str) -> str:
    """Words of ours within a formula, in quotation marks.

    >>> literal("so")
    '"so"'
    """
    return '"' + text.replace('"', '""') + '"'


def column_name(column: int) -> str:
    """The letters of a column, the first being 0.

    >>> column_name(0), column_name(27)
    ('A', 'AB')
    """
    name, column = "", column + 1
    while column:
        column, letter = divmod(column - 1, 26)
        name = chr(65 + letter) + name
    return name


def at(row: int, column: int) -> str:
    """The address of a cell, rows and columns counted from 0.

    >>> at(3, 1)
    'B4'
    """
    return f"{column_name(column)}{row + 1}"


def fixed(row: int, column: int) -> str:
    """The address of a cell that stays the same when a formula is copied.

    >>> fixed(3, 1)
    '$B$4'
    """
    return f"${column_name(column)}${row + 1}"


def cell(row: int, column: int, value: float | None) -> Term:
    """A cell with what stands in it; an empty one counts as 0."""
    return Term(at(row, column), float(value or 0))


def number(value: float) -> Term:
    """A number written out."""
    return Term(f"{int(value)}" if float(value).is_integer() else repr(float(value)), float(value))


def total(terms: Sequence[Term]) -> Term:
    """The sum of cells that stand side by side or under each other.

    >>> total([cell(0, 0, 1), cell(0, 1, 2)])
    Term(text='SUM(A1:B1)', value=3.0, binds=3)
    """
    return Term(f"SUM({span(terms)})", sum(term.value for term in terms))


def quotient(above: Term, below: Term) -> Term:
    """One over another, and nothing where there is nothing to divide by."""
    return Term(f'IF({below.text}=0,"",{_fraction(above, below)})', above.value / below.value)


def _fraction(above: Term, below: Term) -> str:
    return f"{above._within(_PRODUCT)}/{below._within(_WHOLE)}"


def relative(now: Term, before: Term, decimals: int) -> Term:
    """The change of a number as a share of what it was, rounded."""
    share = round_to(Term(f"{_fraction(now, before)}-1", now.value / before.value - 1), decimals)
    return Term(f'IF({before.text}=0,"",{share.text})', share.value)


def round_to(term: Term, decimals: int) -> Term:
    """Rounded to so many decimals, halves away from 0."""
    return Term(f"ROUND({term.text},{decimals})", rounded(term.value, decimals))


def up(term: Term) -> Term:
    """Rounded up to a whole number, but for what only the arithmetic of a computer adds.

    >>> up(Term("A1/0.35", 21 / 0.35))
    Term(text='ROUNDUP(ROUND(A1/0.35,6),0)', value=60.0, binds=3)
    """
    return Term(f"ROUNDUP(ROUND({term.text},{GUARD}),0)", float(ceil(rounded(term.value))))


def down(term: Term) -> Term:
    """Rounded down to a whole number, but for what only the arithmetic of a computer takes off."""
    return Term(f"ROUNDDOWN(ROUND({term.text},{GUARD}),0)", float(floor(rounded(term.value))))


def biggest(*terms: Term) -> Term:
    """The largest of some numbers."""
    return Term(f"MAX({','.join(term.text for term in terms)})", max(term.value for term in terms))


def smallest(*terms: Term) -> Term:
    """The smallest of some numbers."""
    return Term(f"MIN({','.join(term.text for term in terms)})", min(term.value for term in terms))


def span(terms: Sequence[Term]) -> str:
    """The range from the first to the last of cells that stand side by side; on another sheet, named once.

    >>> span([Term("'A b'!B4", 1.0), Term("'A b'!C4", 1.0)])
    "'A b'!B4:C4"
    """
    first, last = terms[0].text, terms[-1].text
    return first if len(terms) == 1 else f"{first}:{last.rpartition('!')[2]}"


def products_summed(left: Sequence[Term], right: Sequence[Term]) -> Term:
    """The sum of the products of two rows of cells."""
    value = sum(a.value * b.value for a, b in zip(left, right, strict=True))
    return Term(f"SUMPRODUCT({span(left)},{span(right)})", value)


def either(condition: str, yes: Term, no: Term, *, holds: bool) -> Term:
    """One term or another, by a condition that is written and worked out."""
    return Term(f"IF({condition},{yes.text},{no.text})", yes.value if holds else no.value)


def rounded(value: float, decimals: int = GUARD) -> float:
    """A number as ROUND has it, halves away from 0."""
    scale = 10.0**decimals
    size = floor(abs(value) * scale + 0.5) / scale
    return size if value >= 0 else -size or 0.0


def same(worked: float, known: float) -> bool:
    """Whether a formula comes to a figure, but for what floating point cannot hold.

    >>> same(0.1 + 0.2, 0.3), same(12.0, 13)
    (True, False)
    """
    return isclose(worked, known, rel_tol=1e-9, abs_tol=1e-9)
