"""Cash: what was paid, and what was paid back, each on its day; it moves no revenue, and no revenue moves it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct

from funnelcli.config import InputSettings
from funnelcli.facts.dated import Dates
from funnelcli.facts.events import NO_DAY, OPEN_END, UNDATED_END, Coded, Events, Records
from funnelcli.facts.money import Priced, priced
from funnelcli.facts.rows import Rows
from funnelcli.facts.standing import is_negative
from funnelcli.facts.standing_rows import REVERSED
from funnelcli.inputs.spec import Stays
from funnelcli.problems import Problems
from funnelcli.reading.opening import Opened
from funnelcli.reading.unread import moment_in
from funnelcli.values.cells import read_flag
from funnelcli.values.currencies import Currency

# What follows the name of an event of cash: of rows taken back; of what is dated by a start, and of what is not known.
BACK, UNDATED, UNKNOWN, CEASED, UNSAID = "_back", "_undated", "_unknown", "_unknown_ceased", "_unsaid"
_SIGNS = " -−()"


class CashRows(Struct, frozen=True, kw_only=True, eq=False):
    """Rows whose money has moved, as they were counted, and their records."""

    rows: Rows
    records: Records

    def amounts(self, stays: Stays) -> Coded:
        """The cells of what was paid."""
        return self.rows.words[stays.amounts[-1]]

    def paid_on(self, stays: Stays) -> Dates:
        """The days on which rows say that they were paid."""
        return Dates.of(self.rows, stays.paid_at)


class Reading(Struct, frozen=True, kw_only=True, eq=False):
    """How the amounts of an input are read."""

    files: Sequence[Opened]
    stays: Stays
    currency: Currency
    settings: InputSettings


def cash_events(kept: CashRows, back: CashRows | None, money: Priced, reading: Reading) -> Iterator[Events]:
    """What was paid and paid back: of the rows that count, which were priced, and of those that were taken ``back``.

    What was paid is not known of a row that states the price of an interval, or no amount, while it lasts.
    """
    stays = reading.stays
    yield from paid_events(kept, stays, stays.cash, money.paid)
    yield from unknown_events(kept, stays, money.paid < 0)
    backs = _paid_back(kept, back, reading)
    if back is not None:
        own = np.where(backs.is_refund, 0, backs.amounts)
        yield from paid_events(back, stays, stays.cash + BACK, own)
        unread = np.flatnonzero(own < 0)
        yield Events.of(stays.cash + BACK + UNKNOWN, back.records, unread, back.rows["start"][unread])
        yield from _refund_events(back, stays, stays.refund + BACK, backs.of_back, backs.is_refund)
    yield from _refund_events(kept, stays, stays.refund, backs.of_kept, np.zeros(len(kept.rows), dtype=bool))
    if back is None and not any(opened.has(stays.refunded) for opened in reading.files):
        # Whether any row counts or none, now or up to a day: the file has no column for it.
        records = kept.records if len(kept.rows) else Records.invented(kept.records.input, "", {"channel": "unknown"})
        yield Events.of(stays.refund + UNSAID, records, np.zeros(1, dtype=np.int64), np.array([NO_DAY]))


def paid_events(of: CashRows, stays: Stays, name: str, hundredths: np.ndarray) -> Iterator[Events]:
    """What was paid for rows, on the day that says so, else on that of their start, which has events of its own."""
    days = of.paid_on(stays)
    day = np.where(days.given, days.day, of.rows["start"])
    row = np.flatnonzero(hundredths > 0)
    yield Events.of(name, of.records, row, day[row], weight=hundredths[row])
    undated = row[~days.given[row]]
    yield Events.of(name + UNDATED, of.records, undated, day[undated])


def unknown_events(of: CashRows, stays: Stays, unknown: np.ndarray) -> Iterator[Events]:
    """From when to when it is not known what was paid for rows."""
    row = np.flatnonzero(unknown)
    start, end = of.rows["start"], of.rows["end"]
    if not unknown.all():
        start, end = start[row], end[row]
    yield Events.of(stays.cash + UNKNOWN, of.records, row, start, link=row)
    ceases = np.where((end == OPEN_END) | (end == UNDATED_END), OPEN_END, end + 1)
    yield Events.of(stays.cash + CEASED, of.records, row, ceases, since=start, link=row)


def _refund_events(
    of: CashRows, stays: Stays, name: str, hundredths: np.ndarray, is_refund: np.ndarray
) -> Iterator[Events]:
    """What was paid back of rows: on the day that says so, else on that of the payment, which has events of its own.

    A row that ``is_refund`` itself has no other day than its own.
    """
    paid, days = of.paid_on(stays), Dates.of(of.rows, stays.refunded_at)
    known = days.or_else(paid)
    day = np.where(known.given, known.day, of.rows["start"])
    row, unread = np.flatnonzero(hundredths > 0), np.flatnonzero(hundredths < 0)
    yield Events.of(name, of.records, row, day[row], weight=hundredths[row])
    undated = row[~(days.given | is_refund)[row]]
    yield Events.of(name + UNDATED, of.records, undated, day[undated])
    yield Events.of(name + UNKNOWN, of.records, unread, day[unread])


# --- what was paid back ------------------------------------------------------------------------------------------


class _PaidBack(Struct, frozen=True, kw_only=True, eq=False):
    """In hundredths, 0 where it is nothing and below 0 where it cannot be read: what was paid back of the rows that
    count and of those taken back, and the ``amounts`` of these, some of which are refunds themselves.
    """

    of_kept: np.ndarray
    of_back: np.ndarray
    amounts: np.ndarray
    is_refund: np.ndarray


def _paid_back(kept: CashRows, back: CashRows | None, reading: Reading) -> _PaidBack:
    stays, nothing = reading.stays, np.zeros(0, dtype=np.int64)
    refunds = _amounts_only(kept.rows.words.get(stays.refunded), len(kept.rows))
    if back is None and not any(refunds.texts):
        size = np.zeros(len(kept.rows), dtype=np.int64)
        return _PaidBack(of_kept=size, of_back=nothing, amounts=nothing, is_refund=nothing > 0)
    columns, files = [kept.amounts(stays), refunds], [kept.rows["file"], kept.rows["file"]]
    is_refund = nothing > 0
    if back is not None:
        amounts = back.amounts(stays)
        is_refund = amounts.that(is_negative)
        own = Coded(amounts.codes, [text.strip(_SIGNS) if is_negative(text) else text for text in amounts.texts])
        columns += [own, _refunds_of(back, own, is_refund, stays)]
        files += [back.rows["file"], back.rows["file"]]
    read = _hundredths(columns, files, reading)
    return _PaidBack(
        of_kept=read[1], of_back=read[3] if back else nothing, amounts=read[2] if back else nothing,
        is_refund=is_refund,
    )  # fmt: skip


def _amounts_only(cells: Coded | None, size: int) -> Coded:
    """A column without the cells that are a day, or a yes or no, and no amount."""
    if cells is None:
        return Coded.same("", size)
    return Coded(cells.codes, ["" if not _is_amount(text) else text for text in cells.texts])


def _is_amount(text: str) -> bool:
    return any(map(str.isdigit, text)) and read_flag(text) is None and moment_in(text) is None


def _refunds_of(back: CashRows, amounts: Coded, is_refund: np.ndarray, stays: Stays) -> Coded:
    """What was paid back of rows taken back: what they say, else all of their amount, unless another row does it."""
    said = _amounts_only(back.rows.words.get(stays.refunded), len(back.rows))
    has_said, by_other = said.that(bool) & ~is_refund, back.rows[REVERSED] > 0
    texts = [*said.texts, *amounts.texts, ""]
    codes = np.where(has_said, said.codes, len(said.texts) + amounts.codes)
    return Coded(np.where(by_other & ~is_refund, len(texts) - 1, codes), texts)


def _hundredths(columns: Sequence[Coded], files: Sequence[np.ndarray], reading: Reading) -> list[np.ndarray]:
    """Columns of amounts, read alike: all of them together say how amounts are written."""
    sizes = [len(column) for column in columns]
    begins = np.cumsum([0, *(len(column.texts) for column in columns)])
    codes = [column.codes + begin for column, begin in zip(columns, begins[:-1], strict=True)]
    texts = [text for column in columns for text in column.texts]
    size, stays = sum(sizes), reading.stays
    blank, zeros = Coded.same("", size), np.zeros(size, dtype=np.int64)
    amounts = Coded(np.concatenate(codes), texts)
    rows = Rows(
        {stays.amounts[0]: blank, stays.amounts[-1]: amounts, stays.interval: blank},
        {"start": zeros, "end": zeros + OPEN_END, "file": np.concatenate(files), "line": zeros},
        size,
    )
    money = priced(
        rows, reading.files, stays, currency=reading.currency, settings=reading.settings, problems=Problems(),
        payments=True,
    )  # fmt: skip
    read = np.where(amounts.that(bool), money.amounts, 0)
    return np.split(read, np.cumsum(sizes)[:-1])
