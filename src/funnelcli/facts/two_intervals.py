"""Cells that name two intervals: which of them the amount is for, by their words and by other rows of the plan."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from fractions import Fraction

from msgspec import Struct

from funnelcli.facts.rows import Rows
from funnelcli.problems import Problem, problem
from funnelcli.reading.opening import Opened
from funnelcli.text import Message, Text
from funnelcli.values.money import AmountReader
from funnelcli.values.terms import TwoIntervals

# A price a month is as that of other rows of its plan if it lies within these factors of theirs.
LEAST, MOST = Fraction(1, 2), Fraction(5, 4)

_BY_WORDS = Message("by its words the other one is that of the bills")
_AS_PAID = Message("each row is what was paid at once")
_BY_PLAN = Message("a month then costs about what it does in other rows of the plan")


class Decided(Struct, frozen=True, kw_only=True):
    """How many months the amounts of a cell's rows are for, and why."""

    months: Fraction
    why: Text


def decide(
    rows: Rows,
    cells: Sequence[str],
    both: Mapping[str, TwoIntervals],
    plain: Mapping[str, Fraction | None],
    amounts: Sequence[str],
    reader: AmountReader,
    *,
    payments: bool,
) -> dict[str, Decided]:
    """What is decided of the cells that name two intervals.

    A payment is for the interval of its bills.  A price is for the interval that the text says, unless other rows of
    the plan, whose interval is ``plain``, tell of another; where no text says it, they alone decide.
    """
    if not both:
        return {}
    evidence = _by_plans(rows, cells, both, plain, amounts, reader)
    decided: dict[str, Decided] = {}
    for cell, intervals in both.items():
        said = intervals.billing if payments else intervals.price
        fitting = evidence.get(cell)
        if said is not None and (payments or fitting is None or said in fitting):
            decided[cell] = Decided(months=said, why=_AS_PAID if payments else _BY_WORDS)
        elif said is None and fitting is not None and len(fitting) == 1:
            decided[cell] = Decided(months=next(iter(fitting)), why=_BY_PLAN)
    return decided


def _by_plans(
    rows: Rows,
    cells: Sequence[str],
    both: Mapping[str, TwoIntervals],
    plain: Mapping[str, Fraction | None],
    amounts: Sequence[str],
    reader: AmountReader,
) -> dict[str, frozenset[Fraction]]:
    """By cell the months that make all its prices like those of other rows of their plans, where there are such."""
    for text in dict.fromkeys(amounts):
        reader.observe(text)
    groups = list(zip(*(rows.list_of(name) for name in ("plan", "quantity") if name in rows), strict=True))
    keys: Sequence[object] = groups or [()] * len(cells)
    usual: dict[object, list[Fraction]] = {}
    asked: list[tuple[object, str, Fraction]] = []
    for key, cell, text in zip(keys, cells, amounts, strict=True):
        amount = reader.read(text) if text else None
        if not isinstance(amount, Fraction) or amount <= 0:
            continue
        if (months := plain.get(cell)) is not None:
            usual.setdefault(key, []).append(amount / months)
        elif cell in both:
            asked.append((key, cell, amount))
    of_cell: dict[str, list[frozenset[Fraction]]] = {}
    for key, cell, amount in asked:
        if key in usual:
            of_cell.setdefault(cell, []).append(_fitting(amount, both[cell].months, usual[key]))
    return {cell: frozenset.intersection(*fitting) for cell, fitting in of_cell.items()}


def _fitting(amount: Fraction, candidates: Iterable[Fraction], usual: Sequence[Fraction]) -> frozenset[Fraction]:
    """The months over which an amount is a price like the usual ones."""
    least, most = LEAST * min(usual), MOST * max(usual)
    return frozenset(months for months in candidates if least <= amount / months <= most)


def taken_for(
    rows: Rows, files: Sequence[Opened], column: str, used: Sequence[int], decided: Mapping[str, Decided]
) -> Iterator[Problem]:
    """For each file and cell of two intervals, which one the amounts of the ``used`` rows are taken to be for."""
    first: dict[tuple[int, str], list[int]] = {}
    for row in used if decided else ():
        if (cell := rows.text(column, row)) in decided:
            first.setdefault((int(rows["file"][row]), cell), []).append(int(rows["line"][row]))
    for (file, cell), lines in first.items():
        opened = files[file]
        yield problem(
            "two-intervals", file=opened.name, line=min(lines), column=column, rows=len(lines), value=cell[:80],
            months=f"{float(decided[cell].months):g}", why=decided[cell].why, stage=opened.input.name,
        )  # fmt: skip
