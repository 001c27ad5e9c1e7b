"""What an amount is for: how many months, and how many of a quantity; decided by the rows where nothing says it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence, Set
from fractions import Fraction

from msgspec import Struct

from funnelcli.config import InputSettings
from funnelcli.facts.amounts_for import AmountsFor, amounts_for, said_of_terms
from funnelcli.facts.events import OPEN_END, UNDATED_END
from funnelcli.facts.intervals import intervals_of, strange_intervals
from funnelcli.facts.kinds import Kinds
from funnelcli.facts.multiples import NO_COUNT, Multiples, counts_of, empty_beside_more, months_of_rows
from funnelcli.facts.rows import Rows
from funnelcli.facts.two_intervals import Decided, taken_for
from funnelcli.inputs.spec import Stays
from funnelcli.problems import Problem, problem
from funnelcli.reading.headers import header_key
from funnelcli.reading.opening import Opened
from funnelcli.reading.unit_words import minor_said, unit_said
from funnelcli.reading.units import FACTORS, UNIT_WORDS
from funnelcli.text.regex import regex
from funnelcli.values.currencies import Currency, has_decimals, minor_unit

LONGER = 1.5  # a term is longer than another by at least this factor
_EACH = regex(r"\bunit\b|\beach\b|\bper (?:seat|user|unit|licen[cs]e)\b|don gia")
_WHOLE = regex(r"\btotal\b|\bsum\b|\btong\b|thanh tien")


class Terms(Struct, frozen=True, kw_only=True, eq=False):
    """What the amount of each kind of row is for.

    ``months`` are those that it is for, None where nothing but the row's days says it; ``amounts_for`` says so of whole
    columns, and ``prices`` are the rows whose MRR is the price of an interval;
    ``factors`` is what the amount is to be
    multiplied by, None where nothing decides whether it is for each of a quantity.  ``alike`` are the rows of which
    one amount stands for terms of different lengths, with the shortest and longest in days.  ``ununited`` are the
    columns, by file, whose header says a unit like thousands that the settings do not, with that unit.  ``once`` rows
    are paid for once, and ``strange`` ones have an amount for an interval that nobody understands; the ``used`` rows
    are priced by their amount; ``decided`` are the cells that name two intervals of which one was taken.
    """

    kinds: Kinds
    stays: Stays
    months: Sequence[Fraction | None]
    factors: Sequence[Fraction | None]
    alike: Mapping[int, tuple[int, int]]
    once: Sequence[bool]
    strange: Sequence[bool]
    used: Sequence[bool]
    decided: Mapping[str, Decided]
    amounts_for: Sequence[dict[str, AmountsFor]]
    prices: Sequence[bool]
    ununited: Sequence[tuple[int, str, str]] = ()
    multiples: Sequence[Multiples] = ()

    def warnings(self, rows: Rows, files: Sequence[Opened]) -> Iterator[Problem]:
        """Each row whose quantity nobody understands, the first of rows with one price for any term, units not said.

        Of each file its intervals that nobody understands.
        """
        kinds = self.kinds
        yield from strange_intervals(rows, files, self.stays, kinds.places_of(self.strange))
        yield from taken_for(rows, files, self.stays.interval, kinds.places_of(self.used), self.decided)
        for file, column, unit in self.ununited:
            opened = files[file]
            headers = opened.headers_of(column)
            header = next((text for text in headers if unit_said(text) == unit), headers[0] if headers else column)
            yield problem(
                "amount-unit-undecided", file=opened.name, line=opened.header_line or None, column=column,
                header=header, unit=unit, said=UNIT_WORDS[unit], stage=opened.input.name,
            )  # fmt: skip
        yield from said_of_terms(rows, files, kinds, self.stays, self.amounts_for)
        for multiple in self.multiples:
            yield from multiple.warnings(rows, files, kinds)
        without_unit = {file for file, _, _ in self.ununited}
        undecided = [
            factor is None
            and not self.strange[kind]
            and file not in without_unit
            and not any(multiple.odd[kind] for multiple in self.multiples)
            for kind, (factor, file) in enumerate(zip(self.factors, kinds.rows.list_of("file"), strict=True))
        ]
        for row in kinds.places_of(undecided) if self.stays.quantity in rows else ():
            value = rows.text(self.stays.quantity, row)[:80]
            yield _at("quantity-undecided", rows, files, row, self.stays.quantity, value=value)
        for row, (shortest, longest) in sorted((int(kinds.first[kind]), of) for kind, of in self.alike.items()):
            yield _at(
                "one-price-for-any-term", rows, files, row, self.stays.amounts[-1],
                value=rows.text(self.stays.amounts[-1], row)[:80],
                shortest=max(1, round(shortest * 12 / 365)), longest=round(longest * 12 / 365),
            )  # fmt: skip


def _at(code: str, rows: Rows, files: Sequence[Opened], row: int, column: str, **facts: object) -> Problem:
    opened = files[int(rows["file"][row])]
    line = int(rows["line"][row])
    return problem(code, file=opened.name, line=line, column=column, stage=opened.input.name, **facts)


def terms_of(
    kinds: Kinds,
    files: Sequence[Opened],
    stays: Stays,
    settings: InputSettings,
    currency: Currency,
    *,
    payments: bool,
) -> Terms:
    """What the amounts of each kind of row are for, by its columns, the settings, the known exports and all together.

    ``payments`` says that each row is a payment.
    """
    rows = kinds.rows
    intervals = intervals_of(rows, stays, settings, decimals=has_decimals(currency.code), payments=payments)
    lasting, odd_counts = months_of_rows(rows, stays.interval_count, intervals.months)
    amounts = rows.list_of(stays.amounts[-1])
    used = [bool(amount) and not mrr for mrr, amount in zip(rows.list_of(stays.amounts[0]), amounts, strict=True)]
    meant = amounts_for(rows, files, stays, lasting, payments=payments)
    columns = [stays.amounts[-1] if by_amount else stays.amounts[0] for by_amount in used]
    fixed = [meant[file][column].months for file, column in zip(rows.list_of("file"), columns, strict=True)]
    months = [lasts if given is None else given for lasts, given in zip(lasting, fixed, strict=True)]
    prices = [given is None and not by_amount for given, by_amount in zip(fixed, used, strict=True)]
    strange = [u and s for u, s in zip(used, intervals.strange, strict=True)]
    odd_counts = [u and odd for u, odd in zip(used, odd_counts, strict=True)]
    quantities = counts_of(rows, stays.quantity)
    units = _units(rows, files, stays, settings, currency)
    each = [_is_each(opened, stays, settings) for opened in files]
    by_rows: bool | None = None
    # What is read as MRR is that of the whole, unless the settings say otherwise and there is no other amount.
    mrr_each = settings.amount_is == "each" and not any(amounts)
    several = [(u or mrr_each) and q is not None and q != 1 for u, q in zip(used, quantities, strict=True)]
    if any(several):
        plans = rows.list_of("plan") if "plan" in rows else [""] * len(rows)
        by_rows = _each_by_rows(plans, months, amounts, quantities, used)
    factors: list[Fraction | None] = []
    for row, file in enumerate(rows.list_of("file")):
        unit = units[file][columns[row]]
        factor = None if isinstance(unit, str) else unit
        if several[row] and factor is not None:
            sense = each[file] if each[file] is not None else by_rows
            quantity = quantities[row] or 0
            factor = None if sense is None or quantity < 0 else factor * quantity if sense else factor
        factors.append(None if strange[row] or odd_counts[row] else factor)
    known = [u and not s and not odd for u, s, odd in zip(used, strange, odd_counts, strict=True)]
    empty = [empty_beside_more(counts, known) for counts in (counts_of(rows, stays.interval_count), quantities)]
    odd_quantities = [of_several and q == NO_COUNT for of_several, q in zip(several, quantities, strict=True)]
    return Terms(
        kinds=kinds, stays=stays, months=months, factors=factors, alike=_one_price(rows, months, amounts, known),
        once=intervals.once, strange=strange, used=used, decided=intervals.decided, amounts_for=meant, prices=prices,
        ununited=[
            (file, column, unit)
            for file, of in enumerate(units) for column, unit in of.items() if isinstance(unit, str)
        ],
        multiples=(
            Multiples(column=stays.interval_count, odd=odd_counts, empty=empty[0]),
            Multiples(column=stays.quantity, odd=odd_quantities, empty=empty[1]),
        ),
    )  # fmt: skip


def _units(
    rows: Rows, files: Sequence[Opened], stays: Stays, settings: InputSettings, currency: Currency
) -> list[dict[str, Fraction | str]]:
    """By file and column, what an amount is to be multiplied by; the unit that its header says where it is in doubt."""
    columns = {column: set(rows.words[column].present().texts) for column in stays.amounts}
    return [
        {column: _unit(opened, column, settings, currency, cells) for column, cells in columns.items()}
        for opened in files
    ]


def _unit(opened: Opened, column: str, settings: InputSettings, currency: Currency, cells: Set[str]) -> Fraction | str:
    """What an amount of a column is to be multiplied by, or the unit that its header says and that nothing decides.

    The header's hundredths are decided by the currency that somebody named: some have none, and some have thousandths.
    """
    known = settings.amount_unit or (opened.export.amount_unit if opened.export is not None else None)
    header = " ".join(opened.headers_of(column))
    if known is None and (doubtful := _unit_in_doubt(header, currency, cells)) is not None:
        return doubtful
    named = known or ("minor" if minor_said(header) else "major")
    return minor_unit(currency.code if currency.is_named else None) if named == "minor" else FACTORS[named]


def _unit_in_doubt(header: str, currency: Currency, cells: Set[str]) -> str | None:
    """The unit that a header says where it takes a setting to believe it.

    The price that a system calls ``unit_amount`` is one of hundredths in its API, and may not be elsewhere; hundredths
    of a currency that nobody named may be of one that has none.
    """
    if (unit := unit_said(header)) is not None:
        return unit
    if minor_said(header):
        return None if currency.is_named else "minor"
    is_of_api = header_key(header) == "unit amount" and minor_unit(currency.code if currency.is_named else None) < 1
    return "minor" if is_of_api and all(map(str.isdigit, filter(None, cells))) and any(cells) else None


def _is_each(opened: Opened, stays: Stays, settings: InputSettings) -> bool | None:
    """Whether the amounts of a file are for each of a quantity, as far as anything but the rows says it."""
    said = settings.amount_is or (opened.export.amount_is if opened.export is not None else None)
    if said is not None:
        return said == "each"
    key = header_key(opened.columns.header_of(stays.amounts[-1]) or "")
    return True if _EACH.search(key) else False if _WHOLE.search(key) else None


def _each_by_rows(
    plans: Sequence[str],
    months: Sequence[Fraction | None],
    amounts: Sequence[str],
    quantities: Sequence[int | None],
    used: Sequence[bool],
) -> bool | None:
    """Whether amounts are for each, by rows of one plan with different quantities: the same amounts, or in proportion.

    None where the rows say neither, or both.
    """
    groups: dict[tuple[str, Fraction | None], set[tuple[str, int]]] = {}
    for plan, lasts, amount, quantity, is_used in zip(plans, months, amounts, quantities, used, strict=True):
        if is_used and quantity is not None and quantity > 0:
            groups.setdefault((plan, lasts), set()).add((amount, quantity))
    same = in_proportion = False
    for pairs in groups.values():
        by_amount: dict[str, set[int]] = {}
        for amount, quantity in pairs:
            by_amount.setdefault(amount, set()).add(quantity)
        same |= any(len(of) > 1 for of in by_amount.values())
        prices = [_plain(amount) / quantity for amount, quantity in pairs if _plain(amount) > 0]
        known = {round(price, 6) for price in prices}
        in_proportion |= len({quantity for _, quantity in pairs}) > 1 and len(known) == 1
    return True if same and not in_proportion else False if in_proportion and not same else None


def _plain(amount: str) -> float:
    """An amount by its digits alone: good enough to compare amounts that are written alike."""
    digits = re.sub(r"[^\d.]", "", amount.replace(",", ""))
    try:
        return float(digits)
    except ValueError:
        return 0.0


def _one_price(
    rows: Rows, months: Sequence[Fraction | None], amounts: Sequence[str], used: Sequence[bool]
) -> dict[int, tuple[int, int]]:
    """The first row of each plan and amount that stands for terms of different lengths where no interval is known."""
    plans = rows.list_of("plan") if "plan" in rows else [""] * len(rows)
    lengths: dict[tuple[str, str], list[tuple[int, int]]] = {}
    columns = (plans, amounts, months, used, rows.list_of("start"), rows.list_of("end"))
    for row, (plan, amount, lasts, is_used, start, end) in enumerate(zip(*columns, strict=True)):
        if is_used and lasts is None and end not in (OPEN_END, UNDATED_END):
            lengths.setdefault((plan, amount), []).append((end - start + 1, row))
    alike: dict[int, tuple[int, int]] = {}
    for of in lengths.values():
        shortest, longest = min(of)[0], max(of)[0]
        if shortest >= 27 and longest >= LONGER * shortest:
            alike[min(row for _, row in of)] = (shortest, longest)
    return alike
