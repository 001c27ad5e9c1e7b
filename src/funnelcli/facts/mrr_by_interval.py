"""MRR that grows with the interval of its rows, and so may be what is paid for that interval and no rate of a month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from funnelcli.facts.rows import Rows
from funnelcli.inputs.spec import Stays
from funnelcli.problems import Problem, problem
from funnelcli.reading.opening import Opened
from funnelcli.values.money import UNDECIDED_MARK, AmountReader

PLAN = "plan"
LEAST, MOST = Fraction(7, 10), Fraction(21, 20)  # of so many months' price, what is asked for paying them at once
FREE_MONTHS = range(4)  # which who pays for a year at once is given, where no plan says what prices belong together
NEARLY_ALL = 0.8


def mrr_by_interval(
    rows: Rows, files: Sequence[Opened], stays: Stays, months: Sequence[Fraction | None]
) -> Iterator[Problem]:
    """A warning where rows of longer intervals have as many times the MRR of those by the month."""
    column = stays.amounts[0]
    cells = rows.list_of(column)
    if not any(cells) or not any(m is not None and m > 1 for m in months) or Fraction(1) not in months:
        return
    amounts = _amounts(cells, files[0])
    plans = rows.list_of(PLAN) if PLAN in rows else [""] * len(rows)
    a_month: dict[str, list[Fraction]] = {}
    for plan, amount, term in zip(plans, amounts, months, strict=True):
        if amount and term == 1:
            a_month.setdefault(plan, []).append(amount)
    longer = [
        (row, amount, term)
        for row, (plan, amount, term) in enumerate(zip(plans, amounts, months, strict=True))
        if amount and term is not None and term > 1 and plan in a_month
    ]
    fits = [
        row
        for row, amount, term in longer
        if any(_is_of_term(amount, price, term, is_known=bool(plans[row])) for price in a_month[plans[row]])
    ]
    if not longer or len(fits) < NEARLY_ALL * len(longer):
        return
    first = fits[0]
    opened = files[rows.list_of("file")[first]]
    price = min(a_month[plans[first]])
    other = next(cell for cell, amount in zip(cells, amounts, strict=True) if amount == price)
    yield problem(
        "mrr-by-interval", file=opened.name, line=int(rows["line"][first]), column=column,
        header=opened.columns.header_of(column) or column, value=cells[first][:40], other=other[:40],
        interval=rows.text(stays.interval, first)[:40], amount=stays.amounts[-1], of=stays.interval,
        stage=opened.input.name,
    )  # fmt: skip


def _amounts(cells: Sequence[str], opened: Opened) -> list[Fraction | None]:
    reader = AmountReader(decimal=opened.settings.decimal, decimals=True)
    for cell in set(cells):
        reader.observe(cell)
    read = [reader.read(cell) if cell else None for cell in cells]
    return [None if amount == UNDECIDED_MARK or isinstance(amount, str) else amount for amount in read]


def _is_of_term(amount: Fraction, price: Fraction, term: Fraction, *, is_known: bool) -> bool:
    """Whether an amount is what so many months cost at a price a month, some of them perhaps for nothing.

    Prices of one plan, which is ``is_known``, may differ by any discount; of others only whole months do.
    """
    if is_known:
        return LEAST * term * price <= amount <= MOST * term * price and amount > price
    return any(amount == (term - free) * price for free in FREE_MONTHS if term - free > 1)
