"""The amounts of paid users: one currency for all of them, and the MRR of each row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import lru_cache
from typing import TYPE_CHECKING, Literal

import numpy as np

from funnelcli.config import Config
from funnelcli.facts.exports import OPEN_END, UNDECIDED, UNPRICED
from funnelcli.inputs.spec import Stage
from funnelcli.problems import Problem, Problems, problem
from funnelcli.reading.evidence import Place
from funnelcli.reading.opening import Opened
from funnelcli.reading.tables import Table
from funnelcli.values.cells import Exact
from funnelcli.values.currencies import USUAL, currencies_in, currency_named, has_decimals
from funnelcli.values.dates import DAY_MICROS, day_of
from funnelcli.values.money import UNDECIDED_MARK, AmountReader, read_hundredths
from funnelcli.values.numbers import DecimalMark
from funnelcli.values.terms import months_between, months_of_interval

if TYPE_CHECKING:
    import pandas as pd

_MONEY = ("mrr", "amount")


# --- one currency ------------------------------------------------------------------------------------------------


def settle_currency(table: Table | None, config: Config, problems: Problems) -> str:
    """The currency of the amounts; rows in any other are reported and taken out of the table.

    It is the one that [business] writes down, else the one that most rows say, else the assumed one.  A row that
    says none goes with any.
    """
    given = config.currency_given
    if table is None:
        return config.business.currency
    if not any(table.has(column) for column in _MONEY):
        return config.business.currency
    cells = {name: list(table.texts[name]) for name in (*_MONEY, "currency")}
    said = _said_by_rows(table, cells)
    resolved = _resolved(said, given)
    counts = Counter(code for code in resolved if code is not None)
    usual = config.business.currency
    most = max(counts, key=lambda code: (counts[code], code == usual, code), default=usual)
    currency = given or most
    foreign = [row for row, code in enumerate(resolved) if code not in (None, currency)]
    basis = (
        f"[business] currency is {currency}"
        if given
        else f"{counts[currency]} rows of {table.stage.value} say {currency}"
    )
    for row in foreign:
        file, line = table.place(row)
        column = _used(cells, row)
        assert column is not None
        header = table.files[table.file[row]].columns.header_of("currency") or "currency"
        problems.add(
            problem("mixed-currency", file=file, line=line, column=column, value=cells[column][row][:80],
                    said=resolved[row], basis=basis, stage=table.stage.value, header=header, keep=currency)
        )  # fmt: skip
    if foreign:
        _take_out(table, set(foreign))
    return currency


def _used(cells: Mapping[str, Sequence[str]], row: int) -> str | None:
    """The column that a row's MRR is made from: its own mrr, else its amount."""
    return next((column for column in _MONEY if cells[column][row]), None)


def _said_by_rows(table: Table, cells: Mapping[str, Sequence[str]]) -> list[frozenset[str]]:
    """The currencies that each row may be in, by its cell, its currency column and its header; empty: it says none."""
    headers = [{column: currencies_in(one.columns.header_of(column) or "") for column in _MONEY} for one in table.files]
    said: list[frozenset[str]] = []
    for row, name in enumerate(cells["currency"]):
        column = _used(cells, row)
        if column is None:
            said.append(frozenset())
            continue
        found: frozenset[str] = frozenset()
        for meant in (
            currencies_in(cells[column][row]),
            currency_named(name),
            headers[table.file[row]][column],
        ):
            found = meant if not found else (found & meant or found)
        said.append(found)
    return said


def _resolved(said: Sequence[frozenset[str]], given: str | None) -> list[str | None]:
    """One currency for each row; $ and ¥ are what [business] or the other rows say, else the usual one."""
    certain = {next(iter(one)) for one in said if len(one) == 1}
    meant: dict[frozenset[str], str] = {}
    for sign in set(said) - {frozenset()}:
        among = sign & certain
        if len(sign) == 1:
            meant[sign] = next(iter(sign))
        elif given in sign:
            meant[sign] = str(given)
        else:
            meant[sign] = next(iter(among)) if len(among) == 1 else USUAL.get(sign, min(sign))
    return [meant[one] if one else None for one in said]


def _take_out(table: Table, rows: set[int]) -> None:
    """Leave rows out of a table; they are tallied as rejected."""
    for row in rows:
        tally = table.tallies[table.file[row]]
        tally.rejected += 1
        tally.counted -= 1
    kept = np.ones(len(table), dtype=bool)
    kept[sorted(rows)] = False
    table.line, table.file = table.line[kept], table.file[kept]
    table.texts = {name: cells.kept(kept) for name, cells in table.texts.items()}
    table.moments = {name: moments.kept(kept) for name, moments in table.moments.items()}


# --- the MRR of a row --------------------------------------------------------------------------------------------


def monthly_hundredths(
    frame: pd.DataFrame, files: Sequence[Opened], currency: str, decimal: DecimalMark | None, problems: Problems
) -> np.ndarray:
    """The MRR of each row in whole hundredths, or UNPRICED or UNDECIDED.  Source: docs/definitions.md, revenue.

    It is the row's ``mrr``, else its ``amount`` over its months.  Cells that are no amount, and the first whose
    decimal mark nothing decides, are warned of.
    """
    if not any(one.has(column) for one in files for column in _MONEY):
        return np.full(len(frame), UNPRICED, dtype=np.int64)
    columns = ("mrr", "amount", "interval", "start", "end", "file", "line")
    reader = AmountReader(decimal=decimal, decimals=has_decimals(currency))
    pricing = _Pricing(files=files, reader=reader)
    found = pricing.of(list(zip(*(frame[name].tolist() for name in columns), strict=True)))
    problems.extend(pricing.warnings(Stage.PAID_USERS.value))
    return np.array(found, dtype=np.int64)


_Row = tuple[str, str, str, int, int, int, int]  # mrr, amount, interval, start, end, file, line


@dataclass(kw_only=True)
class _Pricing:
    """Prices the rows of one input, and keeps the cells that cannot be read with their places."""

    files: Sequence[Opened]
    reader: AmountReader
    faulty: list[tuple[Place, str]] = field(default_factory=list)
    undecided: list[tuple[Place, str]] = field(default_factory=list)
    unknown: list[tuple[Place, str]] = field(default_factory=list)
    _known: dict[tuple[str, bool], Fraction | Literal["undecided"] | None] = field(default_factory=dict)

    def of(self, rows: Sequence[_Row]) -> list[int]:
        # Only the cells that are used say how the others are written.
        for text in dict.fromkeys(row[0] or row[1] for row in rows):
            self.reader.observe(text)
        return [self._priced(row) for row in rows]

    def _priced(self, row: _Row) -> int:
        mrr, whole, interval, start, end, file, line = row
        text = mrr or whole
        if not text:
            self._unknown(file, line, "neither mrr nor amount")
            return UNPRICED
        amount = self._read(text)
        if amount is None or amount == UNDECIDED_MARK:
            (self.faulty if amount is None else self.undecided).append(
                (Place(self.files[file].name, line, "mrr" if mrr else "amount"), text)
            )
            return UNPRICED if amount is None else UNDECIDED
        if mrr:
            return read_hundredths(amount)
        months = (months_of_interval(interval) if interval else None) or _months(start, end)
        if months is None:
            self._unknown(file, line, "an amount, but neither an end nor an interval")
            return UNPRICED
        return read_hundredths(amount, months)

    def _unknown(self, file: int, line: int, what: str) -> None:
        if any(self.files[file].has(column) for column in _MONEY):
            self.unknown.append((Place(self.files[file].name, line, "amount"), what))

    def _read(self, text: str) -> Fraction | Literal["undecided"] | None:
        exact = isinstance(text, Exact)
        if (text, exact) not in self._known:
            self._known[text, exact] = self.reader.read(text)
        return self._known[text, exact]

    def warnings(self, stage: str) -> Iterator[Problem]:
        """Every row without a readable amount, and the first whose decimal mark is undecided: one setting decides all."""
        for code, cells in (("not-an-amount", self.faulty), ("amount-undecided", sorted(self.undecided)[:1])):
            for place, text in cells:
                yield problem(code, file=place.file, line=place.line, column=place.column, value=text[:80], stage=stage)
        for place, what in self.unknown:
            yield problem("no-amount", file=place.file, line=place.line, column=place.column, what=what)


@lru_cache(maxsize=65536)
def _months(start: int, end: int) -> Fraction | None:
    """The months from a first to a last paid day, as numbers; None where there is no end."""
    if end == OPEN_END:
        return None
    return months_between(day_of(start * DAY_MICROS), day_of(end * DAY_MICROS))
