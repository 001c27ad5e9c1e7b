"""What rows of costs come to: amounts in one currency and in whole hundredths, each with the channel that it names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from fractions import Fraction
from typing import Literal

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from funnelcli.config import Config
from funnelcli.facts.events import Coded, Events, Records
from funnelcli.facts.money import one_currency_each
from funnelcli.facts.rows import Rows, coded
from funnelcli.inputs.spec import Input, Spending
from funnelcli.problems import Problem, Problems, problem
from funnelcli.reading.cells import Cells
from funnelcli.reading.opening import Opened
from funnelcli.reading.pieces import pieces
from funnelcli.reading.tables import Table
from funnelcli.reading.totals import is_total_word
from funnelcli.reading.unit_words import minor_said, unit_said
from funnelcli.reading.units import FACTORS, UNIT_WORDS
from funnelcli.reading.words import chosen
from funnelcli.stats.distinct import distinct
from funnelcli.text import Message
from funnelcli.text.regex import regex
from funnelcli.values.currencies import currencies_in, currency_named, has_decimals, minor_unit
from funnelcli.values.dates import DAY_MICROS, day_of
from funnelcli.values.digits import DecimalMark
from funnelcli.values.money import UNDECIDED_MARK, AmountReader, read_hundredths
from funnelcli.values.periods import month_of

# What says nothing of a currency.
_DIGITS = regex(r"[\d .,+-]*")
WEEK = 7  # days; what is for more tells nothing of weeks


def settle_costs(table: Table, config: Config, currency: str | None, problems: Problems) -> tuple[Table, str]:
    """The costs with what each row comes to, and their currency.

    Rows that cannot be read, dated or added up are reported and left out.  Where nothing else says the ``currency``, it
    is the one that most rows of costs say, else the assumed one.
    """
    declared, settings = table.input.spending, config.input_settings(table.input.name)
    assert declared is not None
    table = _without_totals(table, declared, problems)
    meant, foreign = _one_currency(table, declared, currency, config.business.currency)
    amounts = _read(table, declared, settings.decimal, meant)
    faults = {**foreign, **_faults(table, declared, amounts)}
    units, doubtful = _units(table, declared, settings.amount_unit, meant)
    problems.extend([*doubtful, *(faults[row] for row in sorted(faults))])
    known = replace(table, numbers={**table.numbers, declared.spent: _hundredths(table, amounts, units)})
    return (known.without(sorted(faults), tallied="rejected") if faults else known), meant


def _without_totals(table: Table, declared: Spending, problems: Problems) -> Table:
    """The costs without rows that a word beside them says are the sum of others, which is said of each file."""
    total = np.zeros(len(table), dtype=bool)
    for name in (declared.channel, declared.source, *declared.names):
        words = table.texts[name]
        total |= np.isin(words.places, [place for place, text in enumerate(words.texts) if is_total_word(text)])
    for file in distinct(table.file[total]).tolist():
        rows = np.flatnonzero(total & (table.file == file)).tolist()
        name, line = table.place(rows[0])
        problems.add(problem("total-of-costs", file=name, line=line, count=len(rows)))
    return table.without(np.flatnonzero(total).tolist(), tallied="unpaid") if total.any() else table


def _one_currency(table: Table, declared: Spending, given: str | None, usual: str) -> tuple[str, dict[int, Problem]]:
    """The currency of the amounts, and what is wrong with the rows whose amount is in another one."""
    columns = {
        declared.amount: _in_words(coded(table.texts[declared.amount])),
        declared.currency: coded(table.texts[declared.currency]),
    }
    rows = Rows(columns, {"file": table.file}, len(table))
    first, of_row, sizes = rows.alike([*columns, "file"])
    alike = rows.taken(first)
    headers = [_said_above(opened, declared) for opened in table.files]
    each = one_currency_each([_said(alike, row, declared, headers) for row in range(len(alike))], given)
    counts: Counter[str] = Counter()
    for code, size in zip(each, sizes.tolist(), strict=True):
        counts.update({code: size} if code is not None else {})
    meant = given or max(counts, key=lambda code: (counts[code], code == usual, code), default=usual)
    by_rows = Message("{n} [row|rows] of {name} [n!says|say] {currency}")
    stated = Message("the amounts of the other exports, or [business], are in {currency}")
    basis = (stated if given else by_rows).filled(currency=meant, n=counts[meant], name=table.input.name)
    is_foreign = np.array([code not in (None, meant) for code in each] or [False], dtype=bool)
    foreign = np.flatnonzero(is_foreign[of_row]).tolist() if is_foreign.any() else []
    return meant, {row: _mixed(table, declared, row, str(each[of_row[row]]), basis, meant) for row in foreign}


def _in_words(amounts: Coded) -> Coded:
    """The amounts that have more than digits and marks; all others as one that says nothing."""
    texts = ["" if _DIGITS.fullmatch(text) else text for text in amounts.texts]
    known = {text: code for code, text in enumerate(dict.fromkeys(texts))}
    return Coded(np.array([known[text] for text in texts] or [0], dtype=np.int64)[amounts.codes], list(known))


def _said_above(opened: Opened, declared: Spending) -> frozenset[str]:
    """The currencies that the header of the amounts may say, or in which a sheet shows them."""
    shown = opened.shown_in.get(declared.amount, frozenset())
    return currencies_in(" ".join(opened.headers_of(declared.amount))) or (
        frozenset() if opened.has(declared.currency) else shown
    )


def _said(rows: Rows, row: int, declared: Spending, headers: Sequence[frozenset[str]]) -> frozenset[str]:
    """The currencies that a row may be in, by its cell, its column of currencies and its header."""
    amount, named = rows.text(declared.amount, row), rows.text(declared.currency, row)
    meant: frozenset[str] = frozenset()
    for hint in (currencies_in(amount), currency_named(named), headers[int(rows["file"][row])]):
        meant = hint if not meant else (meant & hint or meant)
    return meant


def _mixed(table: Table, declared: Spending, row: int, said: str, basis: object, keep: str) -> Problem:
    file, line = table.place(row)
    header = table.files[table.file[row]].columns.header_of(declared.currency) or declared.currency
    value = _text(table.texts[declared.amount], row)
    return problem(
        "mixed-currency", file=file, line=line, column=declared.amount, value=value[:80], said=said, basis=basis,
        stage=table.input.name, header=header, keep=keep,
    )  # fmt: skip


def _text(cells: Cells, row: int) -> str:
    return cells.texts[int(cells.places[row])]


# --- what rows come to ---------------------------------------------------------------------------------------------


class _Amounts(Struct, frozen=True):
    """The amounts that the rows say: each as it is read, 0 where a row says none, and which one a row has."""

    read: Sequence[Fraction | Literal["undecided"] | None]
    of_row: np.ndarray

    def rows_of(self, unread: object) -> list[int]:
        """The rows whose amount is not read in this way."""
        places = [place for place, amount in enumerate(self.read) if amount == unread]
        return np.flatnonzero(np.isin(self.of_row, places)).tolist()


def _read(table: Table, declared: Spending, decimal: DecimalMark | None, currency: str) -> _Amounts:
    """The amounts as each export writes them: one that could be thousands or a fraction is what the others prove."""
    cells = table.texts[declared.amount]
    exports, size = pieces(table.files), max(len(cells.texts), 1)
    keys, of_row = np.unique(np.array([*exports, 0])[table.file] * size + cells.places, return_inverse=True)
    said = list(zip((keys // size).tolist(), chosen(cells.texts, keys % size), strict=True))
    readers = {
        export: AmountReader(decimal=decimal, decimals=has_decimals(currency), signed=True) for export in set(exports)
    }
    for export, text in said:
        if text:
            readers[export].observe(text)
    return _Amounts([readers[export].read(text) if text else Fraction(0) for export, text in said], of_row)


def _faults(table: Table, declared: Spending, read: _Amounts) -> dict[int, Problem]:
    """What is wrong with a row: it has no amount, or one that is none, or one for days of several months."""
    amounts = table.texts[declared.amount]
    faults: dict[int, Problem] = {}
    for code, unread in (("not-a-cost", None), ("cost-undecided", UNDECIDED_MARK)):
        for row in read.rows_of(unread):
            faults[row] = _at(table, row, declared.amount, code, _text(amounts, row))
    if (blank := amounts.place_of_blank) is not None:
        # The exports of systems leave the amount of ads empty that were not shown.
        ours = np.array([opened.export is None for opened in table.files] or [False])[table.file]
        for row in np.flatnonzero((amounts.places == blank) & ours).tolist():
            faults[row] = _at(table, row, declared.amount, "empty-cell", "")
    for row, (first, last) in _over_months(table, declared):
        file, line = table.place(row)
        faults[row] = problem("cost-over-months", file=file, line=line, column=declared.at, first=first, last=last)
    return faults


def _at(table: Table, row: int, column: str, code: str, value: str) -> Problem:
    file, line = table.place(row)
    return problem(code, file=file, line=line, column=column, value=value[:80], stage=table.input.name)


def _over_months(table: Table, declared: Spending) -> Iterator[tuple[int, tuple[object, object]]]:
    """The rows whose amount is for days of several months, with the first and the last of these."""
    first, last = table.moments[declared.at], table.moments[declared.until]
    several = np.flatnonzero(last.given & (last.micros // DAY_MICROS > first.micros // DAY_MICROS))
    for row in several.tolist():
        days = day_of(int(first.micros[row])), day_of(int(last.micros[row]))
        if month_of(days[0]) != month_of(days[1]):
            yield row, days


def _units(table: Table, declared: Spending, given: str | None, currency: str) -> tuple[list[Fraction], list[Problem]]:
    """Of each file what an amount is to be multiplied by, and the units that its header says and no setting."""
    factors: list[Fraction] = []
    doubtful: list[Problem] = []
    for opened in table.files:
        headers = opened.headers_of(declared.amount)
        unit = given or (opened.export.amount_unit if opened.export is not None else None)
        said = next(filter(None, map(unit_said, headers)), None)
        if unit is None and said not in (None, "micro"):
            doubtful.append(_doubtful(opened, declared, str(said)))
        unit = unit or ("micro" if said == "micro" else "minor" if any(map(minor_said, headers)) else "major")
        factors.append(minor_unit(currency) if unit == "minor" else FACTORS[unit])
    return factors, doubtful


def _doubtful(opened: Opened, declared: Spending, unit: str) -> Problem:
    header = opened.columns.header_of(declared.amount) or declared.amount
    return problem(
        "cost-unit-undecided", file=opened.name, line=opened.header_line or None, column=declared.amount,
        header=header, said=UNIT_WORDS[unit], unit=unit, stage=opened.input.name,
    )  # fmt: skip


def _hundredths(table: Table, amounts: _Amounts, units: Sequence[Fraction]) -> np.ndarray:
    """What each row comes to in whole hundredths, halves to the even one; 0 where its amount cannot be read."""
    spent = np.zeros(len(table), dtype=np.int64)
    for unit in set(units):
        whole = [each if unit == 1 or not isinstance(each, Fraction) else each * unit for each in amounts.read]
        known = [read_hundredths(each) if isinstance(each, Fraction) else 0 for each in whole] or [0]
        of_unit = np.array([factor == unit for factor in units])[table.file]
        spent = np.where(of_unit, np.array(known, dtype=np.int64)[amounts.of_row], spent)
    return spent


# --- what it was spent on ------------------------------------------------------------------------------------------


def with_channels(rows: Rows, files: Sequence[Opened], declared: Spending) -> Rows:
    """The rows with the channel and the source that each names: where one of the two is empty, the other says it.

    Rows of an export of a system that name neither are of the source that this is.
    """
    channels, sources = (
        rows.words.get(name) or Coded.same("", len(rows)) for name in (declared.channel, declared.source)
    )
    rows = rows.with_columns({declared.channel: channels, declared.source: sources})
    systems = [opened.export.source if opened.export is not None else "" for opened in files]
    first, of_row, _ = rows.alike([declared.channel, declared.source, "file"])
    alike = rows.taken(first)
    named = [
        (channel or source or systems[file], source or channel or systems[file])
        for channel, source, file in zip(
            *(alike.list_of(name) for name in (declared.channel, declared.source, "file")), strict=True
        )
    ]
    of_groups = [Coded.of([pair[side] for pair in named]) for side in (0, 1)]
    channels, sources = (Coded(of.codes[of_row], of.texts) for of in of_groups)
    return rows.with_columns({declared.channel: channels, declared.source: sources})


def in_two_files(rows: Rows, files: Sequence[Opened], declared: Spending) -> Iterator[Problem]:
    """A warning of each file some of whose rows stand in an earlier file too, by their day, amount and words."""
    if len(files) < 2 or not len(rows):
        return
    words = [name for name in rows.words if name not in (declared.amount, declared.currency, "entity")]
    _, groups, _ = rows.alike([f"{declared.at} micros", declared.spent, *words])
    of_file = rows["file"]
    first = np.full(int(groups.max()) + 1, len(files))
    np.minimum.at(first, groups, of_file)
    again = (first[groups] < of_file) & (rows[declared.spent] != 0)
    sizes = np.bincount(of_file, minlength=len(files)).tolist()
    for file in distinct(of_file[again]).tolist():
        mine = again & (of_file == file)
        others = np.bincount(first[groups[mine]], minlength=len(files))
        yield problem(
            "costs-in-two-files", file=files[file].name, other=files[int(others.argmax())].name,
            count=int(mine.sum()), rows=sizes[file],
        )  # fmt: skip


def names_any(rows: Rows, column: str) -> bool:
    """Whether any row of costs names a channel, or a source."""
    return any(rows.words[column].texts)


def long_costs(rows: Rows, records: Records, declared: Spending) -> Events:
    """The rows whose amount is for more days than a week has."""
    first, last = rows[f"{declared.at} micros"], rows[f"{declared.until} micros"]
    days = (last - first) // DAY_MICROS + 1
    chosen = np.flatnonzero(rows[f"{declared.until} given"] & (days > WEEK))
    return Events.of(declared.long, records, chosen, first[chosen] // DAY_MICROS)


def has_amounts(declared: Input, table: Table) -> bool:
    """Whether the rows of an input that is none of costs hold amounts, which say the currency of all."""
    columns = (
        declared.stays.amounts if declared.stays is not None
        else (declared.stages.amount,) if declared.stages is not None and declared.stages.amount else ()
    )  # fmt: skip
    return any(table.has(column) for column in columns)
