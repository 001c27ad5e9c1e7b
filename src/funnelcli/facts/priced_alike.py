"""Whether amounts grow with the intervals of their rows: a year costs about twelve times a month, or the same."""

from __future__ import annotations

from bisect import bisect_left, bisect_right
from collections.abc import Mapping, Sequence
from fractions import Fraction
from statistics import median
from typing import Literal

from msgspec import Struct

from funnelcli.facts.rows import Rows
from funnelcli.reading.opening import Opened
from funnelcli.values.money import AmountReader

LEAST, MOST = 0.7, 1.05  # of the price of as many months, or of one, what is asked for paying them at once
FREE_MONTHS = range(4)  # which who pays for a year at once is given, where no plan says what prices belong together
LONGER = 1.5  # so many times as long is an interval that another can be told from
NEARLY_ALL = 0.8
ROUNDED = 1e-9
FEWEST = 5  # rows by the month, and as many of a longer interval, whose medians tell
AS_A_MONTH = 2.0  # a median of at most so many times that of the months is not one of amounts of longer intervals

Fit = Literal["interval", "rate", "both", "neither"]


class Told(Struct, frozen=True, kw_only=True):
    """What some rows say: that amounts are for the ``interval`` of each, that they are a ``rate``, or nothing.

    ``rows`` are those that say so, ``other`` one of a shorter interval that the first of them is compared with.
    """

    says: Literal["interval", "rate"] | None = None
    rows: Sequence[int] = ()
    other: int = 0


class Evidence(Struct, frozen=True, kw_only=True, eq=False):
    """By row of a longer interval which reading it fits, with a row that it is compared with."""

    fits: Mapping[int, tuple[Fit, int]]
    amounts: Sequence[float | None]
    months: Sequence[Fraction | None]

    def of(self, rows: Sequence[int]) -> Told:
        """What nearly all of some rows say that say anything."""
        fitting = [(row, *self.fits[row]) for row in rows if row in self.fits and self.fits[row][0] != "both"]
        readings: tuple[Literal["interval", "rate"], ...] = ("interval", "rate")
        for says in readings:
            of_it = [(row, other) for row, fit, other in fitting if fit == says]
            if of_it and len(of_it) >= NEARLY_ALL * len(fitting):
                return Told(says=says, rows=[row for row, _ in of_it], other=of_it[0][1])
        return self._by_medians(rows)

    def _by_medians(self, rows: Sequence[int]) -> Told:
        """That amounts are a rate, where those of longer intervals are much the same as those of a month."""
        known = [(row, self.amounts[row], self.months[row]) for row in rows]
        a_month = [amount for _, amount, months in known if amount and months == 1]
        longer = [(row, amount) for row, amount, months in known if amount and months is not None and months >= 6]
        if min(len(a_month), len(longer)) < FEWEST:
            return Told()
        if median(amount for _, amount in longer) > AS_A_MONTH * median(a_month):
            return Told()
        return Told(says="rate", rows=[row for row, _ in longer], other=longer[0][0])


class _Prices(Struct, frozen=True, kw_only=True, eq=False):
    """The amounts of the shortest interval of a plan, in order, each with a row that has it."""

    months: Fraction
    amounts: Sequence[float]
    rows: Sequence[int]

    def within(self, least: float, most: float) -> int | None:
        """A row with an amount between two others, if there is one."""
        at = bisect_left(self.amounts, least)
        return self.rows[at] if at < bisect_right(self.amounts, most) else None

    def just(self, amount: float) -> int | None:
        """A row with this amount, but for what a computer rounds."""
        return self.within(amount * (1 - ROUNDED), amount * (1 + ROUNDED))


def evidence_of(
    rows: Rows, column: str, cells: Sequence[str], months: Sequence[Fraction | None], files: Sequence[Opened]
) -> Evidence:
    """Which reading each row of a longer interval fits, beside rows of its plan (and quantity) in all files.

    ``cells`` are those of the ``column`` that are used.
    """
    lasting = [m for cell, m in zip(cells, months, strict=True) if cell and m is not None]
    if not lasting or len(set(lasting)) < 2:
        return Evidence(fits={}, amounts=[None] * len(cells), months=months)
    amounts = _amounts(cells, files)
    names = [name for name in ("plan", "quantity") if name in rows]
    keys: list[tuple[str, ...]] = list(zip(*(rows.list_of(name) for name in names), strict=True)) or [()] * len(cells)
    shortest = _shortest(keys, amounts, months)
    fits: dict[int, tuple[Fit, int]] = {}
    for row, (key, amount, lasts) in enumerate(zip(keys, amounts, months, strict=True)):
        if amount and lasts is not None and key in shortest and lasts >= LONGER * shortest[key].months:
            prices = shortest[key]
            is_plan = "plan" in rows and bool(rows.text("plan", row))
            fits[row] = _fit(amount, float(lasts / prices.months), prices, is_known=is_plan)
    return Evidence(fits=fits, amounts=amounts, months=months)


def _shortest(
    keys: Sequence[tuple[str, ...]], amounts: Sequence[float | None], months: Sequence[Fraction | None]
) -> dict[tuple[str, ...], _Prices]:
    """By plan the amounts of its shortest interval."""
    least: dict[tuple[str, ...], Fraction] = {}
    for key, amount, lasts in zip(keys, amounts, months, strict=True):
        if amount and lasts is not None:
            least[key] = min(lasts, least.get(key, lasts))
    at: dict[tuple[str, ...], list[tuple[float, int]]] = {}
    for row, (key, amount, lasts) in enumerate(zip(keys, amounts, months, strict=True)):
        if amount and lasts is not None and lasts == least[key]:
            at.setdefault(key, []).append((amount, row))
    return {
        key: _Prices(months=least[key], amounts=[a for a, _ in sorted(of)], rows=[r for _, r in sorted(of)])
        for key, of in at.items()
    }


def _fit(amount: float, times: float, prices: _Prices, *, is_known: bool) -> tuple[Fit, int]:
    """Which reading an amount fits that is for an interval so many ``times`` as long as that of the ``prices``.

    Prices of one plan, which is ``is_known``, may differ by any discount; of others only whole months do.
    """
    if is_known:
        grown = prices.within(amount / (MOST * times), amount / (LEAST * times))
        same = prices.within(amount / MOST, amount / LEAST)
    else:
        whole = [prices.just(amount / (times - free)) for free in FREE_MONTHS if times - free > 1]
        grown = next((row for row in whole if row is not None), None)
        same = prices.just(amount)
    if grown is not None and same is not None:
        return "both", grown
    if grown is not None:
        return "interval", grown
    return ("rate", same) if same is not None else ("neither", prices.rows[0])


def _amounts(cells: Sequence[str], files: Sequence[Opened]) -> list[float | None]:
    reader = AmountReader(decimal=files[0].settings.decimal, decimals=True)
    for cell in set(cells):
        reader.observe(cell)
    read = {cell: reader.read(cell) if cell else None for cell in set(cells)}
    return [float(amount) if isinstance(amount, Fraction) and amount > 0 else None for amount in map(read.get, cells)]
