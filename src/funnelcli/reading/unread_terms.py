"""Amounts of another term beside those that are read, like ARR beside MRR: whether they say the same."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Literal

from funnelcli.reading.sample import Sample
from funnelcli.reading.unread import Unread
from funnelcli.reading.unread_numbers import Doubt
from funnelcli.text import Message
from funnelcli.values.money import AmountReader
from funnelcli.values.terms import term_of_header

NEARLY_ALL = 0.8
LEAST, MOST = Fraction(3, 4), Fraction(4, 3)  # of the months' MRR, what fees and discounts may make of a year's

_WHY = Message(
    "it holds amounts for {months} [month|months] ({cell}), which are not {months} times {header!r} beside them "
    "({read}) in {rows} [row|rows]: one of both is not what its header says"
)
_STEP = Message(
    "If MRR is to be made from it: [inputs.{stage}.columns] {amount} = {unread!r}, {mrr} = false; if {header!r} is "
    'for as long: [inputs.{stage}] amount_for = "{term}"'
)
_TERMS = {Fraction(3): "quarter", Fraction(12): "year"}


def contradicting_terms(sample: Sample, columns: Sequence[Unread]) -> list[Doubt]:
    """The columns for a longer term than a month that do not agree with the MRR that is read."""
    stays = sample.opened.input.stays
    if stays is None or not sample.opened.has(stays.amounts[0]) or sample.opened.settings.amount_for is not None:
        return []
    mrr = sample.looked_at(stays.amounts[0])
    header = sample.opened.columns.header_of(stays.amounts[0]) or stays.amounts[0]
    doubts = []
    for column in columns:
        months = term_of_header(column.header)
        if months not in _TERMS or term_of_header(header) not in (None, Fraction(1)):
            continue
        both, unlike = _unlike(sample.at(sample.place(column)), mrr, months, sample.opened.settings.decimal)
        if unlike and len(unlike) > (1 - NEARLY_ALL) * both:
            cell, read = unlike[0]
            why = _WHY.filled(months=int(months), cell=cell[:40], header=header, read=read[:40], rows=len(unlike))
            step = _STEP.filled(
                stage=sample.opened.input.name, amount=stays.amounts[-1], mrr=stays.amounts[0], unread=column.header,
                header=header, term=_TERMS[months],
            )  # fmt: skip
            doubts.append(Doubt(header=column.header, why=why, step=step))
    return doubts


def _unlike(
    cells: Sequence[str], mrr: Sequence[str], months: Fraction, decimal: Literal[".", ","] | None
) -> tuple[int, list[tuple[str, str]]]:
    """In how many rows both are amounts, and the pairs of which one is not as many times the other."""
    reader = AmountReader(decimal=decimal, decimals=True)
    for text in {*cells, *mrr} - {""}:
        reader.observe(text)
    both, unlike = 0, []
    for cell, read in zip(cells, mrr, strict=True):
        amount, monthly = (reader.read(text) if text else None for text in (cell, read))
        if isinstance(amount, Fraction) and isinstance(monthly, Fraction) and (amount > 0 or monthly > 0):
            both += 1
            if not LEAST * months * monthly <= amount <= MOST * months * monthly:
                unlike.append((cell, read))
    return both, unlike
