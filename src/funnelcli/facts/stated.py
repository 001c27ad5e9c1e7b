"""The ready-made monthly table as facts: what happened in each month, and the levels it states, checked against each other."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np

from funnelcli.facts.events import NOBODY, Coded, Events, Records
from funnelcli.inputs.monthly import FLOWS, LEVELS, MONTHLY, MONTHLY_COLUMNS, PARTS, StatedFlow, StatedLevel
from funnelcli.problems import Problems, problem
from funnelcli.reading.monthly import MonthlyRow, MonthlyTable
from funnelcli.values.channels import Channel
from funnelcli.values.dates import DAY_MICROS, micros_of
from funnelcli.values.periods import Grain, month_of, shift

# The channel that a row is of, as it is written; empty for a row of the whole.
OWN_CHANNEL = "own_channel"
Months = Mapping[date, Mapping[Channel | None, MonthlyRow]]


@dataclass(frozen=True, kw_only=True)
class Level:
    """A balance by the day it stands at (the first of a month): as computed, and the rows that state it, by their column."""

    at: Mapping[date, int]
    rows: Mapping[date, Mapping[str, Sequence[MonthlyRow]]]

    def stating(self, day: date, key: str) -> list[tuple[MonthlyRow, str]]:
        """The rows that state the balance of a day, in the column ``key`` where there is one, else in the first."""
        columns = self.rows[day]
        column = key if key in columns else next(iter(columns))
        return [(row, column) for row in columns[column]]


@dataclass(frozen=True, kw_only=True, eq=False)
class Stated:
    """What the table says, by the names of events and levels.

    ``known`` are the months for which an event is stated, be it as 0.  ``unsplit`` are the events of which no row of a
    channel speaks; ``unmeasured`` the channels of an event that nothing measured: what is theirs is in the residual.
    """

    table: MonthlyTable
    flows: Mapping[str, Events]
    known: Mapping[str, frozenset[date]]
    levels: Mapping[str, Level]
    unsplit: frozenset[str]
    unmeasured: Mapping[str, frozenset[Channel]]

    def stands_for(self, name: str) -> bool:
        """Whether the table has a column of the input of a name."""
        return bool(self.table.columns & set(MONTHLY_COLUMNS.get(name, ())))


def stated(table: MonthlyTable, problems: Problems) -> Stated:
    """The table as facts; parts that exceed their whole and balances that do not close are reported."""
    months: dict[date, dict[Channel | None, MonthlyRow]] = {}
    for row in table.rows:
        months.setdefault(row.month, {})[row.channel] = row
    gathered = _Gathered()
    for month, rows in months.items():
        for flow in FLOWS:
            _add_flow(gathered, month, rows, flow, problems)
    if months and "reactivated_paid_users" not in table.columns:
        # Without the column, customers who came back are among the new ones.
        for month in gathered.sums.get("paid_first", {}):
            gathered.sums.setdefault("paid_again", {}).setdefault(month, 0)
    levels = {level.name: _level(gathered, months, level, problems) for level in LEVELS} if months else {}
    return Stated(
        table=table,
        flows=gathered.events(),
        known={event: frozenset(sums) for event, sums in gathered.sums.items()},
        levels=levels,
        unsplit=frozenset(gathered.unsplit),
        unmeasured=_unmeasured(table) if months else {},
    )


@dataclass(kw_only=True)
class _Gathered:
    """The flows as they are found: a line for each part of a row, and the sums by month."""

    lines: dict[str, list[tuple[date, Channel, int, MonthlyRow]]] = field(default_factory=dict)
    sums: dict[str, dict[date, int]] = field(default_factory=dict)
    unsplit: set[str] = field(default_factory=set)

    def add(self, event: str, month: date, channel: Channel, number: int, row: MonthlyRow) -> None:
        self.lines.setdefault(event, []).append((month, channel, number, row))
        sums = self.sums.setdefault(event, {})
        sums[month] = sums.get(month, 0) + number

    def events(self) -> dict[str, Events]:
        return {event: _events(event, lines) for event, lines in self.lines.items()}


def own_channel(row: MonthlyRow) -> str:
    """The channel that a row is of, empty for one of the whole."""
    return row.channel.value if row.channel is not None else ""


def _events(event: str, lines: Sequence[tuple[date, Channel, int, MonthlyRow]]) -> Events:
    files = list(dict.fromkeys(row.file for *_, row in lines))
    size = len(lines)
    records = Records(
        input=MONTHLY.name,
        files=files,
        file=np.array([files.index(row.file) for *_, row in lines], dtype=np.int64),
        line=np.array([row.line for *_, row in lines], dtype=np.int64),
        entity=np.full(size, NOBODY),
        words={OWN_CHANNEL: Coded.of([own_channel(row) for *_, row in lines])},
        values={"channel": Coded.of([channel.value for _, channel, _, _ in lines])},
    )
    days = np.array([micros_of(month) // DAY_MICROS for month, *_ in lines], dtype=np.int64)
    weight = np.array([number for _, _, number, _ in lines], dtype=np.int64)
    return Events.of(event, records, np.arange(size), days, weight=weight)


def _unmeasured(table: MonthlyTable) -> dict[str, frozenset[Channel]]:
    """The channels that the table has neither a column nor a row for; all else is in the organic residual."""
    if {row.channel for row in table.rows} - {None}:
        return {}
    absent: dict[str, frozenset[Channel]] = {
        event: frozenset(c for name, c in parts.items() if name not in table.columns and c is not Channel.ORGANIC)
        for event, parts in PARTS.items()
    }
    for flow in FLOWS:
        if flow.only is not None and flow.key not in table.columns:
            absent[flow.event] = frozenset({flow.only})
    return absent


def _add_flow(
    gathered: _Gathered,
    month: date,
    rows: Mapping[Channel | None, MonthlyRow],
    flow: StatedFlow,
    problems: Problems,
) -> None:
    key, event = flow.key, flow.event
    parts = {channel: row.values[key] for channel, row in rows.items() if channel is not None and key in row.values}
    places: dict[Channel, MonthlyRow] = {channel: row for channel, row in rows.items() if channel is not None}
    whole_row = rows.get(None)
    whole = whole_row.values.get(key) if whole_row else None
    columns = PARTS.get(event, {})
    if whole_row is not None and columns and not parts:
        named = {name: channel for name, channel in columns.items() if name in whole_row.values}
        parts = {c: whole_row.values[name] for name, c in named.items() if c is not Channel.ORGANIC or whole is None}
        places = dict.fromkeys(parts, whole_row)
    if whole is not None and sum(parts.values()) > whole:
        assert whole_row is not None
        problems.add(
            problem("parts-exceed-whole", file=whole_row.file, line=whole_row.line, column=key,
                    month=f"{month:%Y-%m}", parts=sum(parts.values()), whole=whole)
        )  # fmt: skip
        return
    for channel, number in parts.items():
        # A channel's organic visits are its own; the paid column belongs to the paid channel whatever the row says.
        gathered.add(event, month, flow.only or channel, number, places[channel])
    if whole is None or whole_row is None:
        return
    gathered.add(event, month, flow.rest, whole - sum(parts.values()), whole_row)
    if flow.rest is Channel.UNKNOWN and not parts:
        gathered.unsplit.add(event)


def _next(month: date) -> date:
    return shift(month_of(month), 1, Grain.MONTH).start


def _given(months: Months, keys: Mapping[str, int]) -> dict[date, dict[str, list[MonthlyRow]]]:
    """The rows that state a balance, by the day it stands at (key -> months after its row's month) and column."""
    given: dict[date, dict[str, list[MonthlyRow]]] = {}
    for month, rows in sorted(months.items()):
        for key, later in keys.items():
            whole = rows.get(None)
            stating = [whole] if whole is not None and key in whole.values else list(rows.values())
            holders = [row for row in stating if key in row.values]
            if holders:
                given.setdefault(_next(month) if later else month, {}).setdefault(key, holders)
    return given


def _level(gathered: _Gathered, months: Months, level: StatedLevel, problems: Problems) -> Level:
    """The balance at the first of every month at which it is known: as stated, or by what was added and taken since."""
    given = _given(months, level.keys)
    numbers = {day: _first_sum(columns) for day, columns in given.items()}
    if not level.plus:
        return Level(at=numbers, rows=given)
    known: dict[date, int] = {}
    balance: int | None = None if given else 0
    for month in _months(min(months), _next(max(months))):
        if month in given:
            key, (row, *_) = next(iter(given[month].items()))
            if balance is not None and balance != numbers[month]:
                problems.add(
                    problem("balance-does-not-close", file=row.file, line=row.line, column=key, metric=key,
                            month=f"{row.month:%Y-%m}", given=numbers[month], computed=balance)
                )  # fmt: skip
            balance = numbers[month]
        if balance is not None:
            known[month] = balance
            added = [gathered.sums.get(event, {}).get(month) for event in level.plus]
            taken = [gathered.sums.get(event, {}).get(month) for event in level.minus]
            complete = None not in (*added, *taken)
            balance = balance + sum(n or 0 for n in added) - sum(n or 0 for n in taken) if complete else None
    return Level(at=known, rows=given)


def _first_sum(columns: Mapping[str, Sequence[MonthlyRow]]) -> int:
    key, rows = next(iter(columns.items()))
    return sum(row.values[key] for row in rows)


def _months(first: date, last: date) -> Iterator[date]:
    month = first
    while month <= last:
        yield month
        month = _next(month)
