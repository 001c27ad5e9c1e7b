"""The amounts of rows that last: one currency for all of them, and the MRR of each row."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from fractions import Fraction
from functools import lru_cache
from typing import Literal, NamedTuple

import numpy as np
from msgspec import Struct, field

from funnelcli.config import Config, InputSettings
from funnelcli.facts.events import OPEN_END, UNDATED_END
from funnelcli.facts.kinds import Kinds, kinds_of
from funnelcli.facts.rows import Rows, coded
from funnelcli.facts.standing import paying_rows
from funnelcli.facts.terms import terms_of
from funnelcli.facts.unpriced import PLAN, plans_without_amounts, unpriced_plans
from funnelcli.inputs.spec import Stays
from funnelcli.problems import Problem, Problems, problem
from funnelcli.reading.evidence import Place
from funnelcli.reading.opening import Opened
from funnelcli.reading.tables import Table
from funnelcli.text import Message, Text
from funnelcli.values.cells import Exact
from funnelcli.values.currencies import USUAL, Currency, currencies_in, currency_named, has_decimals
from funnelcli.values.dates import DAY_MICROS, day_of
from funnelcli.values.money import UNDECIDED_MARK, AmountReader, read_hundredths
from funnelcli.values.terms import months_between

# In place of the MRR of a row: there is no amount to make it from; its decimal mark is undecided.
UNPRICED, UNDECIDED = -1, -2
NEARLY = 20  # a term, or an amount, is another one where they differ by no more than such a part of it
_NEITHER = Message("neither mrr nor amount")
_NO_TERM = Message("an amount, but neither an end nor an interval")


# --- one currency ------------------------------------------------------------------------------------------------


def settle_currency(table: Table | None, config: Config, problems: Problems) -> tuple[str, Table | None]:
    """The currency of the amounts, and the table without the rows in any other, which are reported and tallied.

    It is the one that [business] writes down, else the one that most rows say, else the assumed one.  A row that
    says none goes with any.
    """
    given = config.currency_given
    stays = None if table is None else table.input.stays
    if table is None or stays is None or not any(table.has(column) for column in stays.amounts):
        return config.business.currency, table
    columns = (*stays.amounts, stays.currency)
    rows = Rows({name: coded(table.texts[name]) for name in columns}, {"file": table.file}, len(table))
    first, of_row, sizes = rows.alike([*columns, "file"])
    alike = rows.taken(first)
    problems.extend(_shown_otherwise(table, stays, given))
    resolved = one_currency_each(_said_by_rows(table, stays, alike, as_shown=given is None), given)
    pays = np.ones(len(table), dtype=bool)
    if len({*resolved, given} - {None}) > 1:  # what is not paid for, like a lost deal, says nothing
        pays = paying_rows(table)
        sizes = np.bincount(of_row[pays], minlength=len(first))
    counts: Counter[str] = Counter()
    for code, size in zip(resolved, sizes.tolist(), strict=True):
        if code is not None:
            counts[code] += size
    usual = config.business.currency
    most = max(counts, key=lambda code: (counts[code], code == usual, code), default=usual)
    currency = given or most
    is_foreign = np.array([code not in (None, currency) for code in resolved], dtype=bool)
    foreign = np.flatnonzero(is_foreign[of_row] & pays).tolist() if is_foreign.any() else []
    name = table.input.name
    by_rows = Message("{n} [row|rows] of {name} [n!says|say] {currency}")
    stated = Message("[business] currency is {currency}")
    basis = (stated if given else by_rows).filled(currency=currency, n=counts[currency], name=name)
    for row in foreign:
        file, line = table.place(row)
        column = _used(rows, stays, row)
        assert column is not None
        header = table.files[table.file[row]].columns.header_of(stays.currency) or stays.currency
        problems.add(
            problem("mixed-currency", file=file, line=line, column=column, value=rows.text(column, row)[:80],
                    said=resolved[of_row[row]], basis=basis, stage=name, header=header, keep=currency)
        )  # fmt: skip
    return currency, table.without(foreign, tallied="rejected") if foreign else table


def _shown_otherwise(table: Table, stays: Stays, given: str | None) -> Iterator[Problem]:
    """A warning for each column whose amounts a sheet shows in another currency than that of [business]."""
    for opened in table.files if given else ():
        for column, shown in opened.shown_in.items():
            header = opened.columns.header_of(column) or column
            if (
                given not in shown
                and not currencies_in(" ".join(opened.headers_of(column)))
                and not opened.has(stays.currency)
            ):
                yield problem(
                    "shown-in-another-currency", file=opened.name, column=column, header=header, currency=given,
                    shown=", ".join(sorted(shown)),
                )  # fmt: skip


def currency_of(table: Table, stays: Stays, config: Config, code: str) -> Currency:
    """The currency of the amounts, and whether [business], a cell or a header names one at all."""
    headers = [header for opened in table.files for column in stays.amounts for header in opened.headers_of(column)]
    is_named = (
        config.currency_given is not None
        or any(map(currencies_in, headers))
        or any(opened.shown_in for opened in table.files)
        or any(map(currency_named, table.texts[stays.currency].texts))
        or any(currencies_in(text) for column in stays.amounts for text in table.texts[column].texts)
    )
    return Currency(code, is_named=is_named)


def _used(rows: Rows, stays: Stays, row: int) -> str | None:
    """The column that a row's MRR is made from: the first of the amounts that is filled in."""
    return next((column for column in stays.amounts if rows.text(column, row)), None)


def _said_by_rows(table: Table, stays: Stays, rows: Rows, *, as_shown: bool) -> list[frozenset[str]]:
    """The currencies that each row may be in, by its cell, its currency column and its header; empty: it says none.

    ``as_shown``: where these say none, it is in the currency in which a sheet shows the amounts of its column.
    """
    nothing: frozenset[str] = frozenset()
    headers = [
        {
            column: currencies_in(" ".join(opened.headers_of(column)))
            or (opened.shown_in.get(column, nothing) if as_shown and not opened.has(stays.currency) else nothing)
            for column in stays.amounts
        }
        for opened in table.files
    ]
    said: list[frozenset[str]] = []
    for row, name in enumerate(rows.list_of(stays.currency)):
        column = _used(rows, stays, row)
        if column is None:
            said.append(frozenset())
            continue
        meant: frozenset[str] = frozenset()
        for hint in (currencies_in(rows.text(column, row)), currency_named(name), headers[rows["file"][row]][column]):
            meant = hint if not meant else (meant & hint or meant)
        said.append(meant)
    return said


def one_currency_each(said: Sequence[frozenset[str]], given: str | None) -> list[str | None]:
    """One currency for each row; $ and ¥ are what [business] or the other rows say, else the usual one."""
    certain = {next(iter(codes)) for codes in said if len(codes) == 1}
    meant: dict[frozenset[str], str] = {}
    for sign in set(said) - {frozenset()}:
        among = sign & certain
        if len(sign) == 1:
            meant[sign] = next(iter(sign))
        elif given in sign:
            meant[sign] = str(given)
        else:
            meant[sign] = next(iter(among)) if len(among) == 1 else USUAL.get(sign, min(sign))
    return [meant[codes] if codes else None for codes in said]


# --- the MRR of a row --------------------------------------------------------------------------------------------


class Priced(Struct, frozen=True, kw_only=True, eq=False):
    """The money of each row in whole hundredths: its MRR, or UNPRICED or UNDECIDED; what was ``paid``, or UNPRICED.

    ``amounts`` are those of its amount, whatever they are for, or UNPRICED.
    """

    monthly: np.ndarray
    paid: np.ndarray
    amounts: np.ndarray


def priced(
    rows: Rows,
    files: Sequence[Opened],
    stays: Stays,
    *,
    currency: Currency,
    settings: InputSettings,
    problems: Problems,
    payments: bool,
) -> Priced:
    """The MRR of each row and what was paid for it.  Source: docs/definitions.md, revenue.

    It is the row's ``mrr``, else its ``amount``, of each of a quantity or of the whole, over the months of its
    intervals or of its term.  Cells that are no amount, the first whose decimal mark nothing decides, and quantities of
    which nothing says whether the amount counts them, are warned of.  An amount was paid where the row is a payment, or
    where it is for the row's whole term: not where it is the price of an interval.
    """
    if not any(opened.has(column) for opened in files for column in stays.amounts):
        nothing = np.full(len(rows), UNPRICED, dtype=np.int64)
        return Priced(monthly=nothing, paid=nothing, amounts=nothing)
    kinds = kinds_of(rows, stays)
    terms = terms_of(kinds, files, stays, settings, currency, payments=payments)
    if any(terms.prices):  # of terms that may be those of the rows
        kinds = kinds_of(rows, stays, by_days=True)
        terms = terms_of(kinds, files, stays, settings, currency, payments=payments)
    columns = [kinds.rows.list_of(name) for name in (*stays.amounts, "start", "end")]
    reader = AmountReader(decimal=settings.decimal, decimals=has_decimals(currency.code))
    is_priced = np.any([rows.is_filled(name) for name in stays.amounts], axis=0)
    unpriced = plans_without_amounts(rows.words[PLAN], is_priced) if PLAN in rows else np.zeros(len(rows), dtype=bool)
    pricing = _Pricing(reader=reader, spared=set(np.flatnonzero(unpriced[kinds.first]).tolist()))
    each = [_Row(*cells) for cells in zip(*columns, terms.months, terms.factors, terms.once, terms.prices, strict=True)]
    monthly = pricing.of(each)
    problems.extend(pricing.warnings(rows, files, kinds))
    problems.extend(unpriced_plans(rows, files, unpriced))
    problems.extend(terms.warnings(rows, files))
    amounts = [pricing.amount_of(row) for row in each]
    paid = [
        amount if pricing.is_paid_at_once(row, payments=payments) else UNPRICED
        for row, amount in zip(each, amounts, strict=True)
    ]
    return Priced(monthly=kinds.of_rows(monthly), paid=kinds.of_rows(paid), amounts=kinds.of_rows(amounts))


class _Row(NamedTuple):
    """What the MRR of a kind of row is made from: ``months`` that it is for, ``factor`` what its amount counts.

    ``once``: its interval says that it is paid for once; ``is_price``: its MRR is the price of its interval.
    """

    mrr: str
    amount: str
    start: int
    end: int
    months: Fraction | None
    factor: Fraction | None
    once: bool
    is_price: bool


class _Pricing(Struct, kw_only=True):
    """Prices the kinds of rows of one input, and keeps the numbers of those whose amounts cannot be read.

    Kinds that are ``spared`` have no amounts, which is said of all of them at once.
    """

    reader: AmountReader
    spared: Collection[int] = ()
    faulty: set[int] = field(default_factory=set)
    undecided: set[int] = field(default_factory=set)
    once: set[int] = field(default_factory=set)
    unknown: dict[int, Text] = field(default_factory=dict)
    _known: dict[tuple[str, bool], Fraction | Literal["undecided"] | None] = field(default_factory=dict)

    def of(self, rows: Sequence[_Row]) -> list[int]:
        # Only the cells that are used say how the others are written.
        for text in dict.fromkeys(row.mrr or row.amount for row in rows):
            self.reader.observe(text)
        return [UNPRICED if kind in self.spared else self._priced(kind, row) for kind, row in enumerate(rows)]

    def _priced(self, kind: int, row: _Row) -> int:
        text = row.mrr or row.amount
        if not text:
            self.unknown[kind] = _NEITHER
            return UNPRICED
        amount = self._read(text)
        if amount is None or amount == UNDECIDED_MARK:
            (self.faulty if amount is None else self.undecided).add(kind)
            return UNPRICED if amount is None else UNDECIDED
        if row.factor is None:
            return UNPRICED  # which the terms warn of
        amount = amount if row.factor == 1 else amount * row.factor
        months = row.months or _months(row.start, row.end)
        if months is None and row.once:
            self.once.add(kind)
            return 0
        if months is None:
            self.unknown[kind] = _NO_TERM
            return UNPRICED
        return read_hundredths(amount, months)

    def amount_of(self, row: _Row) -> int:
        """The amount of a row that has been priced, whatever it is for."""
        if not row.amount or row.factor is None:
            return UNPRICED
        amount = self._read(row.amount)
        return UNPRICED if amount is None or amount == UNDECIDED_MARK else read_hundredths(amount * row.factor)

    def is_paid_at_once(self, row: _Row, *, payments: bool) -> bool:
        """Whether the amount of a row is what was paid for all of it, and not the price of one of its intervals.

        Beside an MRR it is where it comes to that over the term.
        """
        term = _months(row.start, row.end)
        if payments or term is None:
            return payments
        if not row.mrr or row.is_price:
            return row.months is None or abs(term - row.months) <= row.months / NEARLY
        monthly, amount = self._read(row.mrr), self._read(row.amount)
        if not isinstance(monthly, Fraction) or not isinstance(amount, Fraction):
            return False
        return abs(amount - monthly * term) <= monthly * term / NEARLY

    def _read(self, text: str) -> Fraction | Literal["undecided"] | None:
        exact = isinstance(text, Exact)
        if (text, exact) not in self._known:
            self._known[text, exact] = self.reader.read(text)
        return self._known[text, exact]

    def warnings(self, rows: Rows, files: Sequence[Opened], kinds: Kinds) -> Iterator[Problem]:
        """Each row without a readable amount, and the first with an undecided decimal mark: one setting decides all."""
        stays = files[0].input.stays
        assert stays is not None
        of_row, numbers, lines = rows["file"], kinds.of_row, rows["line"]
        for code, chosen in (
            ("not-an-amount", self.faulty), ("amount-undecided", self.undecided), ("paid-once", self.once)
        ):  # fmt: skip
            cells: list[tuple[Place, str]] = []
            for row in _rows_of(kinds, chosen):
                column = stays.amounts[0] if rows.text(stays.amounts[0], row) else stays.amounts[-1]
                place = Place(files[of_row[row]].name, int(lines[row]), column)
                cells.append((place, rows.text(column, row)))
            for place, text in sorted(cells)[:1] if chosen is self.undecided else cells:
                yield problem(
                    code, file=place.file, line=place.line, column=place.column, value=text[:80],
                    stage=files[0].input.name,
                )  # fmt: skip
        yield from self._thousands_beside_fractions(rows, files, kinds)
        for row in _rows_of(kinds, self.unknown):
            opened, what = files[of_row[row]], self.unknown[int(numbers[row])]
            if any(opened.has(column) for column in stays.amounts):
                yield problem(
                    "no-amount", file=opened.name, line=int(lines[row]), column=stays.amounts[-1], what=what,
                    stage=opened.input.name,
                )  # fmt: skip

    def _thousands_beside_fractions(self, rows: Rows, files: Sequence[Opened], kinds: Kinds) -> Iterator[Problem]:
        """A warning of the first amount that is read as thousands though others have fractions behind such a mark."""
        known = {text: beside for text, _ in self._known if (beside := self.reader.fraction_beside(text)) is not None}
        stays = files[0].input.stays
        assert stays is not None
        for column in stays.amounts if known else ():
            for row, text in enumerate(rows.list_of(column)):
                if text in known:
                    yield problem(
                        "thousands-beside-fractions", file=files[rows["file"][row]].name, line=int(rows["line"][row]),
                        column=column, value=text[:80], beside=known[text][:80], stage=files[0].input.name,
                        mark="." if "." in text else ",",
                    )  # fmt: skip
                    return


def _rows_of(kinds: Kinds, chosen: Collection[int]) -> list[int]:
    """The rows of some kinds."""
    flags = np.zeros(len(kinds.first), dtype=bool)
    flags[list(chosen)] = True
    return kinds.places_of(flags)


@lru_cache(maxsize=65536)
def _months(start: int, end: int) -> Fraction | None:
    """The months from a first to a last paid day, as numbers; None where there is no end."""
    if end in (OPEN_END, UNDATED_END):
        return None
    return months_between(day_of(start * DAY_MICROS), day_of(end * DAY_MICROS))
