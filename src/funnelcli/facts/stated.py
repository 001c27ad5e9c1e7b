"""The ready-made monthly table as facts: what its rows say of each month, and the levels that follow from them.

A figure is the lines that sum to it, so that what is counted and what is shown behind it are one.  What the table does
not state has no lines at all (None), which is not the same as none (an empty tuple: 0).
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from itertools import pairwise

from msgspec import Struct

from funnelcli.inputs.monthly import FLOWS, LEVELS, MONTHLY_COLUMNS, StatedFlow, StatedLevel
from funnelcli.problems import Problems, problem
from funnelcli.reading.monthly import MonthlyRow, MonthlyTable
from funnelcli.text import month_words
from funnelcli.values.channels import CHANNELS, Channel
from funnelcli.values.periods import Grain, month_of, shift


class Line(Struct, frozen=True):
    """A row of the table and how much of a figure it states (amounts in hundredths): below 0 what it takes away."""

    row: MonthlyRow
    number: int
    line: int


Lines = tuple[Line, ...]
Rows = Mapping[Channel | None, MonthlyRow]


def sum_of(lines: Iterable[Line]) -> int:
    """What lines come to."""
    return sum(line.number for line in lines)


def _joined(several: Iterable[Lines | None]) -> Lines | None:
    """Lines one after the other; None where one of them is not stated."""
    joined: Lines = ()
    for lines in several:
        if lines is None:
            return None
        joined += lines
    return joined


def _of(parts: Mapping[Channel, Lines | None] | Mapping[Channel, Lines], channels: frozenset[Channel]) -> Lines | None:
    """The lines of some channels; None where one of them is not stated."""
    return _joined(parts.get(channel) for channel in CHANNELS if channel in channels)


def _less(lines: Lines) -> Lines:
    return tuple(Line(line.row, -line.number, line.line) for line in lines)


class Shares(Struct, frozen=True, kw_only=True):
    """What a column says of one month: all of it, where that is stated, and each channel whose share is."""

    whole: Lines | None
    parts: Mapping[Channel, Lines]


class Stated:
    """What the table says, by the names of events and levels, in the months that it has.

    Parts that exceed their whole, and balances that contradict each other, are added to ``problems`` and not stated.
    """

    def __init__(self, table: MonthlyTable, problems: Problems) -> None:
        self.table = table
        self._months: dict[date, dict[Channel | None, MonthlyRow]] = {}
        for row in table.rows:
            self._months.setdefault(row.month, {})[row.channel] = row
        self._measured = {flow.key: self._measured_by(flow) for flow in FLOWS}
        self._shares = {
            (flow.key, month): self._shares_of(flow, rows, problems)
            for month, rows in self._months.items()
            for flow in FLOWS
        }
        self._levels = {level.name: self._balances(level, problems) for level in LEVELS}

    def until(self, as_of: date) -> Stated:
        """What the table says in the months that begin by a day: nothing after them is looked at."""
        rows = [row for row in self.table.rows if row.month <= as_of]
        # Its problems are known from the whole table.
        return Stated(MonthlyTable(rows=rows, columns=self.table.columns), Problems())

    def stands_for(self, name: str) -> bool:
        """Whether the table has a column of the input of a name."""
        return bool(self.table.columns & set(MONTHLY_COLUMNS.get(name, ())))

    # --- what happened ---------------------------------------------------------------------------------------------

    def flow(self, event: str, month: date, asked: frozenset[Channel] | None = None) -> Lines | None:
        """How often an event happened in a month, in all channels or those ``asked`` for; None where it is not stated.

        In channels in which it never happens it is 0, in every month for which the table says anything of it.
        """
        columns = [flow for flow in FLOWS if flow.event == event]
        touched = [flow for flow in columns if asked is None or asked & flow.channels]
        if touched:
            return _joined(self._column(flow, month, asked) for flow in touched)
        return () if any(self._speaks(flow, month) for flow in columns) else None

    def _column(self, flow: StatedFlow, month: date, asked: frozenset[Channel] | None) -> Lines | None:
        if flow.among is not None and flow.key not in self.table.columns:
            return None if self.flow(flow.among, month, asked) is None else ()
        shares = self._shares.get((flow.key, month))
        if shares is None:
            return None
        if asked is None or asked >= flow.channels:
            return shares.whole
        return _of(shares.parts, asked & flow.channels)

    def _speaks(self, flow: StatedFlow, month: date) -> bool:
        shares = self._shares.get((flow.key, month))
        return shares is not None and (shares.whole is not None or bool(shares.parts))

    def splits(self, event: str) -> bool:
        """Whether the table tells anything of an event by channel."""
        return any(self._measured[flow.key] for flow in FLOWS if flow.event == event)

    def unmeasured(self, event: str) -> frozenset[Channel]:
        """The channels that have a column of their own, but not in this table, nor rows: what is theirs is organic."""
        return frozenset(
            channel
            for flow in FLOWS
            if flow.event == event
            for channel in flow.own
            if channel is not Channel.ORGANIC and channel not in self._measured[flow.key]
        )

    def _measured_by(self, flow: StatedFlow) -> frozenset[Channel]:
        """The channels that the table measures: all if rows by channel fill the column, else those with a column."""
        if any(row.channel is not None and flow.key in row.values for row in self.table.rows):
            return flow.channels
        return frozenset(channel for channel, name in flow.own.items() if name in self.table.columns)

    def _shares_of(self, flow: StatedFlow, rows: Rows, problems: Problems) -> Shares:
        whole_row = rows.get(None)
        whole = _cell(whole_row, flow.key)
        parts = self._given_parts(flow, rows)
        given = sum_of(line for lines in parts.values() for line in lines or ())
        if whole is not None and whole_row is not None and given > sum_of(whole):
            problems.add(
                problem("parts-exceed-whole", file=whole_row.file, line=whole_row.line_of(flow.key), column=flow.key,
                        month=month_words(whole_row.month), parts=given, whole=sum_of(whole))
            )  # fmt: skip
            return Shares(whole=None, parts={})
        measured = self._measured[flow.key]
        if whole is None:
            return Shares(whole=_of(parts, measured | {flow.rest}), parts=_stated(parts))
        others = _of(parts, measured - {flow.rest})
        if others is not None and (measured or flow.rest is not Channel.UNKNOWN):
            parts[flow.rest] = (*whole, *_less(others))
        return Shares(whole=whole, parts=_stated(parts))

    def _given_parts(self, flow: StatedFlow, rows: Rows) -> dict[Channel, Lines | None]:
        """What the rows of channels say, then the columns of channels in the row of the whole; None: a cell is empty.

        A channel without a row has nothing of what the rows of other channels split.
        """
        parts: dict[Channel, Lines | None] = {}
        cells = {channel: _cell(row, flow.key) for channel, row in rows.items() if channel is not None}
        if any(cell is not None for cell in cells.values()):
            parts = dict.fromkeys(flow.channels, ())
            for channel, cell in cells.items():
                home = flow.home(channel)
                if cell is not None or channel in flow.channels:
                    parts[home] = _joined((parts[home], cell))
        whole_row = rows.get(None)
        for channel, name in flow.parts.items():
            if whole_row is not None and name in self.table.columns and not parts.get(channel):
                parts[channel] = _cell(whole_row, name)
        return parts

    # --- balances --------------------------------------------------------------------------------------------------

    def level(self, name: str, day: date, column: str = "") -> Lines | None:
        """A balance at the start of a month, by preference as ``column`` states it; None where it is not known."""
        known = self._levels[name].get(day)
        return None if known is None else known.get(column, next(iter(known.values())))

    def has_level(self, name: str) -> bool:
        """Whether the table has a column of a level."""
        return any(level.name == name and self.table.columns & level.keys.keys() for level in LEVELS)

    def _balances(self, level: StatedLevel, problems: Problems) -> dict[date, Mapping[str, Lines]]:
        """The balance at the first of every month at which it is known, by the column that states it.

        Under an empty name it follows from the balance a month earlier, and what was added and taken since.
        """
        given = self._given_balances(level)
        before = {_next(month): month for month in self._months}
        known: dict[date, Mapping[str, Lines]] = {}
        for day in sorted(given.keys() | before.keys()):
            carried = self._carried(level, known.get(before[day]), before[day]) if day in before else None
            balances = {**({} if carried is None else {"": carried}), **given.get(day, {})}
            if self._agree(balances, problems) and balances:
                known[day] = given.get(day, balances)
        return known

    @staticmethod
    def _agree(balances: Mapping[str, Lines], problems: Problems) -> bool:
        """Whether what is known of one balance is one number; where it is not, that is a problem."""
        for (_, earlier), (column, later) in pairwise(balances.items()):
            if sum_of(earlier) != sum_of(later):
                row = later[0].row
                problems.add(
                    problem("balance-does-not-close", file=row.file, line=later[0].line, column=column, metric=column,
                            month=month_words(row.month), given=sum_of(later), computed=sum_of(earlier))
                )  # fmt: skip
                return False
        return True

    def _carried(self, level: StatedLevel, known: Mapping[str, Lines] | None, month: date) -> Lines | None:
        """The balance after a month, from what is known of it before."""
        if not level.plus or not known:
            return None
        added = _joined(self.flow(event, month) for event in level.plus)
        taken = _joined(self.flow(event, month) for event in level.minus)
        return _joined((next(iter(known.values())), added, None if taken is None else _less(taken)))

    def _given_balances(self, level: StatedLevel) -> dict[date, dict[str, Lines]]:
        """The balances that rows state, by the day they stand at and their column."""
        given: dict[date, dict[str, Lines]] = {}
        for month, rows in sorted(self._months.items()):
            for column, later in level.keys.items():
                lines = _cell(rows.get(None), column)
                if lines is None and rows.keys() - {None}:
                    lines = _joined(_cell(row, column) for channel, row in rows.items() if channel is not None)
                if lines is not None:
                    given.setdefault(_next(month) if later else month, {})[column] = lines
        return given


def _cell(row: MonthlyRow | None, column: str) -> Lines | None:
    if row is None or column not in row.values:
        return None
    return (Line(row, row.values[column], row.line_of(column)),)


def _stated(parts: Mapping[Channel, Lines | None]) -> dict[Channel, Lines]:
    return {channel: lines for channel, lines in parts.items() if lines is not None}


def _next(month: date) -> date:
    return shift(month_of(month), 1, Grain.MONTH).start
