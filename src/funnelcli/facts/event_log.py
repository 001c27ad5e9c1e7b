"""Logs of events as rows that last: each from its event to the next one of the same customer or subscription."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import pairwise

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from funnelcli.config import InputSettings, PaidUsers
from funnelcli.inputs.spec import Stays
from funnelcli.problems import Problem, Problems, problem
from funnelcli.reading.cells import Cells
from funnelcli.reading.event_log import Happening, happening, things_of
from funnelcli.reading.moments import Moments
from funnelcli.reading.tables import Table
from funnelcli.reading.words import chosen
from funnelcli.text import NOTHING, Message, Text
from funnelcli.values.cells import Exact
from funnelcli.values.currencies import currencies_in
from funnelcli.values.dates import DAY_MICROS
from funnelcli.values.numbers import NumberEvidence, bare_number, exact_number
from funnelcli.values.statuses import status_key

_MORE, _LESS = r"\b(upgrad|expan|nang cap|mo rong)", r"\b(downgrad|contract|ha cap|giam)"


def with_events_lasting(table: Table, rules: PaidUsers, settings: InputSettings, problems: Problems) -> Table:
    """The table of a log with the rows that begin or change something, each up to the next event; the others are gone.

    What is not understood goes to ``problems``.
    """
    stays, statuses = table.input.stays, table.input.statuses
    is_log = [opened.is_log for opened in table.files]
    if stays is None or statuses is None or not any(is_log) or not len(table):
        return table
    if not all(is_log):
        other = next(opened.name for opened in table.files if not opened.is_log)
        log = next(opened.name for opened in table.files if opened.is_log)
        problems.add(problem("log-beside-rows", file=log, other=other))
        return table.without(range(len(table)), tallied="unpaid")
    cells = table.texts[statuses.column]
    known = {text: happening(text, statuses, settings.status) if text else None for text in cells.texts}
    says = [known[text] for text in cells]
    amounts = _Amounts.of(table, stays, says, rules, settings)
    if amounts.fault is not None:
        problems.add(amounts.fault)
        return table.without(range(len(table)), tallied="unpaid")
    lasting = _Log(table=table, stays=stays, says=says, amounts=amounts, exclusive=rules.end_date == "exclusive")
    lasting.settle(free_counts=rules.free_counts)
    problems.extend(_not_known(table, statuses.column, says, cells))
    problems.add(lasting.said(statuses.column))
    return lasting.lasting(statuses.column)


def _not_known(table: Table, column: str, says: Sequence[Happening | None], cells: Cells) -> Iterator[Problem]:
    for row, text in enumerate(cells):
        if says[row] is None:
            file, line = table.place(row)
            yield problem("event-not-known", file=file, line=line, column=column, value=text[:80],
                          stage=table.input.name)  # fmt: skip


# --- amounts -----------------------------------------------------------------------------------------------------


class _Amounts(Struct, frozen=True, kw_only=True):
    """The amounts of events: what is paid after each, or by how much it changes; None where a cell is no number."""

    column: str | None
    numbers: Sequence[Fraction | None]
    are_changes: bool = False
    fault: Problem | None = None

    @classmethod
    def of(
        cls, table: Table, stays: Stays, says: Sequence[Happening | None], rules: PaidUsers, settings: InputSettings
    ) -> _Amounts:
        """What the amounts of a log are: as the settings say, else changes where some are below 0."""
        column = next((name for name in stays.amounts if table.has(name)), None)
        if column is None:
            return cls(column=None, numbers=[None] * len(table))
        evidence = NumberEvidence()
        for text in table.texts[column].texts:
            evidence.observe(text, None)
        read = {text: _number(text, settings, evidence) for text in table.texts[column].texts}
        numbers = [read[text] for text in table.texts[column]]
        changes = rules.event_amounts == "change" or (
            rules.event_amounts is None and any(number is not None and number < 0 for number in numbers)
        )
        known = cls(column=column, numbers=numbers, are_changes=changes)
        fault = known._doubt(table, says) if rules.event_amounts is None or changes else None
        return replace(known, fault=fault)

    def _doubt(self, table: Table, says: Sequence[Happening | None]) -> Problem | None:
        """What the amounts contradict: sums below 0, or not 0 when all has ended; an upgrade to less."""
        assert self.column is not None
        amount, words = Fraction(0), table.texts[table.input.statuses.column if table.input.statuses else ""]
        rows_of = ordered_rows(table)
        for rows in rows_of.values():
            amount, before = Fraction(0), None
            for row in rows:
                number, word = self.numbers[row], words.texts[words.places[row]]
                amount += number or 0
                ended = says[row] is Happening.ENDS
                signed = bool(currencies_in(table.texts[self.column].texts[table.texts[self.column].places[row]]))
                if self.are_changes and (amount < 0 or (ended and amount) or signed):
                    return self._fault(table, row)
                if not self.are_changes and before is not None and number is not None and not ended:
                    key = status_key(word)
                    if (re.search(_MORE, key) and number < before) or (re.search(_LESS, key) and number > before):
                        return self._fault(table, row)
                before = None if ended else number if number is not None else before
        return None

    def _fault(self, table: Table, row: int) -> Problem:
        assert self.column is not None
        file, line = table.place(row)
        cells = table.texts[self.column]
        return problem("event-amounts", file=file, line=line, column=self.column, stage=table.input.name,
                       value=cells.texts[cells.places[row]][:80])  # fmt: skip


def _number(text: str, settings: InputSettings, evidence: NumberEvidence) -> Fraction | None:
    if isinstance(text, Exact):
        return Fraction(text)
    bare = bare_number(text) if text else None
    return None if bare is None or bare.percent else exact_number(bare, settings.decimal or evidence.mark or ".")


# --- the order of events -----------------------------------------------------------------------------------------


def ordered_rows(table: Table) -> dict[tuple[str, str], list[int]]:
    """The rows of what each event is of, by their moments; of one moment, as the files are ordered."""
    stays = table.input.stays
    assert stays is not None
    person, key = table.input.person or "", getattr(table.input.identity, "key", "")
    header = next((name for opened in table.files if (name := opened.columns.header_of(key))), "")
    keys = list(table.texts[key]) if table.has(key) else []
    things = things_of(list(table.texts[person]), keys, header)
    at = table.moments[stays.start].micros.tolist()
    by_thing: dict[tuple[str, str], list[int]] = defaultdict(list)
    for row, thing in enumerate(things):
        by_thing[thing].append(row)
    newer_first = sum(at[a] > at[b] for rows in by_thing.values() for a, b in pairwise(rows))
    older_first = sum(at[a] < at[b] for rows in by_thing.values() for a, b in pairwise(rows))
    sign = -1 if newer_first > older_first else 1
    return {thing: sorted(rows, key=lambda row: (at[row], sign * row)) for thing, rows in by_thing.items()}


@dataclass(kw_only=True, eq=False)
class _Log:
    """The rows of a log while it is decided which of them last, and until when."""

    table: Table
    stays: Stays
    says: Sequence[Happening | None]
    amounts: _Amounts
    exclusive: bool
    kept: np.ndarray = field(init=False)
    end: np.ndarray = field(init=False)
    paid: dict[int, Fraction] = field(default_factory=dict)
    midway: list[int] = field(default_factory=list)
    ended: int = 0

    def __post_init__(self) -> None:
        self.kept = np.zeros(len(self.table), dtype=bool)
        self.end = np.full(len(self.table), -1, dtype=np.int64)

    def settle(self, *, free_counts: bool) -> None:
        """Decide of every row whether it lasts, and until when."""
        days = (self.table.moments[self.stays.start].micros // DAY_MICROS).tolist()
        for rows in ordered_rows(self.table).values():
            current: int | None = None
            amount, is_first = Fraction(0), True
            for row in rows:
                says, number = self.says[row], self.amounts.numbers[row]
                if says is None:
                    continue
                amount = amount + (number or 0) if self.amounts.are_changes else amount
                free = not free_counts and (not amount if self.amounts.are_changes else number == 0)
                if is_first and says in (Happening.CHANGES, Happening.ENDS):
                    self.midway.append(row)
                is_first = False
                if says in (Happening.ENDS, Happening.TRIAL) or (free and self.amounts.column is not None):
                    self._cease(current, days, days[row])
                    self.ended += current is not None
                    current = None
                    continue
                self._give_way(current, days, days[row])
                current, self.kept[row], self.paid[row] = row, True, amount

    def _cease(self, row: int | None, days: Sequence[int], day: int) -> None:
        """End a row on the day of the event that ends it."""
        if row is not None:
            self.end[row] = max(day, days[row])

    def _give_way(self, row: int | None, days: Sequence[int], day: int) -> None:
        """End a row where the next one takes its place; one that does so on its first day leaves nothing of it."""
        if row is None:
            return
        if day <= days[row]:
            self.kept[row] = False
        else:
            self.end[row] = day if self.exclusive else day - 1

    def lasting(self, column: str) -> Table:
        """The rows that last, with their ends and with what is paid after each; no word is left to speak of them."""
        table, given = self.table, self.end >= 0
        moments = {
            **table.moments,
            self.stays.end: Moments(np.where(given, self.end, 0) * DAY_MICROS, np.zeros(len(table), dtype=bool), given),
        }
        texts = {**table.texts, column: Cells.blank(len(table))}
        if self.amounts.are_changes and self.amounts.column is not None:
            amounts = [_plain(self.paid.get(row, Fraction(0))) for row in range(len(table))]
            texts[self.amounts.column] = Cells.of(amounts)
        whole = replace(table, moments=moments, texts=texts, is_log=True)
        return whole.without(np.flatnonzero(~self.kept), tallied="unpaid")

    def said(self, column: str) -> Problem:
        """How the log was read."""
        table = self.table
        header = next((name for opened in table.files if (name := opened.columns.header_of(column))), column)
        like: Text | str = NOTHING
        if self.midway:
            people = table.texts[table.input.person or ""]
            first = min(chosen(people.texts, people.places[self.midway]))
            like = _MIDWAY.filled(number=len(self.midway), user=first[:80])
        return problem(
            "read-as-events", file=", ".join(opened.name for opened in table.files), column=column, header=header,
            rows=len(table), lasting=int(self.kept.sum()), ended=self.ended, midway=like,
            amounts=_CHANGES if self.amounts.are_changes else NOTHING,
        )  # fmt: skip


_CHANGES = Message("; its amounts are changes, so what is paid is their sum")
_MIDWAY = Message(
    "; of {number}, like that of {user}, the log has no beginning: they are new when it first names them as paying"
)


def _plain(amount: Fraction) -> Exact:
    """An amount as text that reads back as the same number."""
    scaled, places = amount, 0
    while scaled.denominator != 1 and places < 12:
        scaled, places = scaled * 10, places + 1
    digits = str(int(scaled)).rjust(places + 1, "0")
    return Exact(f"{digits[:-places]}.{digits[-places:]}" if places else digits)
