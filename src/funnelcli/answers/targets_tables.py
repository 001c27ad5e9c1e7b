"""Tables of targets: months across or down, or a target a row; what their headers do not say, their cells tell."""

import re
from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from msgspec import Struct, field

from funnelcli.answers.phrases import CUMULATIVE, GIVE_PLAIN, NOT_A_MONTH, SUMS
from funnelcli.answers.plain import METRIC, TOTAL, VALUE
from funnelcli.answers.planned_cells import MONTH
from funnelcli.answers.targets_answer import ACTUAL, PAST_UNTIL
from funnelcli.answers.targets_cells import TargetCell, is_nothing, month_of_cell, months_named, year_in
from funnelcli.answers.targets_names import Names, fold
from funnelcli.planning.keys import Key, Origin
from funnelcli.planning.lag_metrics import NEEDED_NEW
from funnelcli.planning.model import RowKey
from funnelcli.planning.tracked import tracked_metric
from funnelcli.problems import UsageError
from funnelcli.reading.small import SmallRow
from funnelcli.reading.totals import is_total_word
from funnelcli.text import Message, Text, said_in_all
from funnelcli.text.regex import regex
from funnelcli.values.cells import Exact
from funnelcli.values.channels import Channel
from funnelcli.values.dates import month_labelled
from funnelcli.values.numbers import DecimalMark, bare_number

# Headers by what they stand for, as people write them beside what pages say; months and what else stands there stay.
_HEADERS: Mapping[str, tuple[Text, tuple[str, ...]]] = {
    "metric": (METRIC, ("kpi",)),
    "channel": (Message("channel"), ()),
    "team": (Message("team"), ()),
    "currency": (Message("currency"), ()),
    "period": (MONTH, ("period",)),
    "value": (VALUE, ()),
}
# Columns that targets and track write beside targets.
_BESIDE = frozenset(
    ("label", "unit", "currency", "variant", "origin", "total", "team", "channel", "metric", PAST_UNTIL)
)
# Of a goal and of assumptions, which targets writes above its targets.
_GOAL = "goal"
_ORIGINS = frozenset((_GOAL, *(origin.value for origin in Origin)))
_BEFORE_HEADER = 20
_OF_QUARTER = regex(r"(?:q|quý|qúy)\s*([1-4])(?:\D+(?:20)?(\d\d))?|20(\d\d)\s*q([1-4])", re.IGNORECASE)
_YEAR = regex(r"(?:năm\s*|fy\s*)?20(\d\d)", re.IGNORECASE)


class Targets(Struct, kw_only=True):
    """Targets by figure, channel and team, then by month; ``past`` are what happened in months before the plan's.

    ``one_off`` is on where revenue is of deals, not MRR, ``timed`` where they know how long selling takes.
    ``goal`` is the kind of goal that a plan was made for, where the file is a plan's.
    ``currency`` is that of the amounts; None where the file does not say.  ``in_dong`` is the first amount that is in
    VND by its unit alone, like 2 tỷ.
    """

    rows: dict[RowKey, dict[str, Fraction]] = field(default_factory=dict)
    past: dict[RowKey, dict[str, Fraction]] = field(default_factory=dict)
    one_off: bool = False
    timed: bool = False
    goal: str | None = None
    currency: str | None = None
    in_dong: TargetCell | None = None


class TargetTable(Struct, frozen=True, kw_only=True):
    """A table of a file, or of a sheet: ``name`` is its place, ``about`` the words around it, which may name a year.

    ``metric`` and ``team`` are those that the ``title`` says all of it is of; ``mark`` is the decimal mark of its
    language.
    """

    name: str
    rows: Sequence[SmallRow]
    about: Sequence[str] = ()
    metric: str | None = None
    team: str | None = None
    mark: DecimalMark | None = None
    title: str = ""


def cells_of(table: TargetTable, names: Names, targets: Targets) -> Iterator[TargetCell] | None:
    """The targets of a table; what else it says goes into ``targets``.  None where it is no table of targets."""
    rows = [row for row in table.rows if any(cell.strip() for cell in row.cells)]
    named = {fold(word): key for key, (said, more) in _HEADERS.items() for word in (key, *said_in_all(said), *more)}
    for place, row in enumerate(rows[:_BEFORE_HEADER]):
        header = [named.get(fold(cell), cell.strip()) for cell in row.cells]
        texts = [*table.about, *(cell for before in rows[:place] for cell in before.cells), *row.cells]
        part = _Part(table=table, header=header, line=row.line, rows=rows[place + 1 :], names=names, targets=targets,
                     year=year_in(texts))  # fmt: skip
        if part.is_tidy:
            return part.tidy()
        if any(month_labelled(cell) is not None for cell in header):
            return part.wide()
        if part.is_long:
            return part.long()
    return None


def own(cell: str) -> str:
    """A cell without white space around it; a number of a workbook stays one."""
    return cell if isinstance(cell, Exact) else cell.strip()


def _is_total(cell: str) -> bool:
    return is_total_word(cell) or cell.strip() in said_in_all(TOTAL)


class _Part(Struct, frozen=True, kw_only=True):
    """A table from its header on."""

    table: TargetTable
    header: Sequence[str]
    line: int
    rows: Sequence[SmallRow]
    names: Names
    targets: Targets
    year: int | None

    def place(self, line: int) -> str:
        return f"{self.table.name}:{line}"

    def lines(self) -> Iterator[tuple[str, Sequence[str]]]:
        """The rows with their places, as long as the header."""
        for row in self.rows:
            yield self.place(row.line), [own(cell) for cell in (*row.cells, *[""] * len(self.header))]

    # --- a target a row --------------------------------------------------------------------------------------

    @property
    def value(self) -> str | None:
        return next((column for column in ("value", "target") if column in self.header), None)

    @property
    def is_tidy(self) -> bool:
        return {"metric", "period"} <= set(self.header) and self.value is not None

    def _is_sum(self, row: Mapping[str, str]) -> bool:
        """Whether the target of a row is a sum from the first month on."""
        metric = self.names.find_metric(row["metric"]) if row.get(CUMULATIVE) else None
        return metric is not None and tracked_metric(metric).adds_up

    def tidy(self) -> Iterator[TargetCell]:
        rows = [dict(zip(self.header, cells, strict=False)) for _, cells in self.lines()]
        sums = any(self._is_sum(row) and not is_nothing(row[self.value or ""]) for row in rows)
        if sums and not any(row.get("replanned") for row in rows):
            raise UsageError(SUMS.filled(name=self.table.name), hint=GIVE_PLAIN)
        for place, cells in self.lines():
            row = dict(zip(self.header, cells, strict=False))
            self._notice(row)
            self._notice_goal(row["metric"], is_goal=row["period"] == _GOAL)
            text = row.get("replanned") or ("" if self._is_sum(row) else row[self.value or ""])
            if row["period"] in (_GOAL, "assumption", "total") or is_nothing(text) or row.get("variant"):
                continue
            key = self.names.row_key(row["metric"], row.get("channel", ""), row.get("team", ""), place)
            if key:
                yield TargetCell(
                    place=place, key=key, month=month_of_cell(row["period"], place, self.year), text=text,
                    is_share=row.get("unit") == "rate", currency=row.get("currency", ""),
                    is_past=row.get("origin") == ACTUAL, source=row.get("channel", ""),
                )  # fmt: skip

    def _notice(self, row: Mapping[str, str]) -> None:
        """What a row says of all of them."""
        self.targets.one_off |= row["metric"] == Key.DEAL_SIZE.value
        self.targets.timed |= row["metric"] == NEEDED_NEW.key
        self.targets.currency = self.targets.currency or row.get("currency") or None

    def _notice_goal(self, metric: str, *, is_goal: bool) -> None:
        if is_goal and self.targets.goal is None:
            self.targets.goal = metric

    # --- months across ---------------------------------------------------------------------------------------

    def wide(self) -> Iterator[TargetCell]:
        months = months_named(self.header, self.year, self.place(self.line))
        rows = list(self.lines())
        at = self._columns(rows, set(months))
        self._check_others(rows, months, at)
        metric = ""
        for place, cells in rows:
            row = {name: cells[column] for name, column in at.items()}
            written = dict(zip(self.header, cells, strict=False))
            self._notice({"currency": written.get("currency", ""), "metric": row["metric"]})
            self._notice_goal(row["metric"], is_goal=written.get("origin") == _GOAL)
            filled = [(month, cells[column]) for column, month in months.items() if not is_nothing(cells[column])]
            if not filled or written.get("origin") in _ORIGINS or written.get("variant"):
                metric = row["metric"] or metric
                continue
            # A name above several channels or teams is written once.
            metric = row["metric"] or (metric if row.get("channel") or row.get("team") else "")
            team = row.get("team", "") or self.table.team or ""
            key = self.names.row_key(metric, row.get("channel", ""), team, place)
            until = written.get(PAST_UNTIL)
            past = month_of_cell(until, place) if until else ""
            for month, text in filled if key else ():
                assert key is not None
                yield TargetCell(
                    place=place, key=key, month=month, text=text, is_share=written.get("unit") == "rate",
                    currency=written.get("currency", ""), mark=self.table.mark, is_past=month <= past,
                    source=row.get("channel", ""),
                )  # fmt: skip

    def _columns(self, rows: Sequence[tuple[str, Sequence[str]]], months: set[int]) -> dict[str, int]:
        """Which column names the figure, the channel and the team: by its header, else by its cells."""
        at = {name: self.header.index(name) for name in ("metric", "channel", "team") if name in self.header}
        free = [column for column in range(len(self.header)) if column not in months and column not in at.values()]
        words = {column: [cells[column] for _, cells in rows if cells[column]] for column in free}
        if "metric" not in at:
            known = {column: sum(map(self._is_metric, cells)) for column, cells in words.items()}
            best = max(known, key=lambda column: known[column], default=None)
            if best is None or not known[best]:
                raise self._no_metric()
            at["metric"] = best
        tests = {"channel": self.names.find_channel, "team": self.names.teams.__contains__}
        for name, test in tests.items():
            for column in free:
                beside = self.header[column] in _BESIDE or column in at.values()
                if name not in at and not beside and words[column] and all(map(test, words[column])):
                    at[name] = column
        return at

    def _is_metric(self, text: str) -> bool:
        return self.names.find_metric(text) is not None

    def _no_metric(self) -> UsageError:
        return UsageError(
            Message("{name}: has no column metric. Headers seen: {seen}.").filled(
                name=self.table.name, seen=", ".join(self.header[:8])
            ),
            hint=HOW_TARGETS_LOOK,
        )

    def _check_others(
        self, rows: Sequence[tuple[str, Sequence[str]]], months: Mapping[int, str], at: Mapping[str, int]
    ) -> None:
        """UsageError where a column of numbers is neither a month nor a sum of months that are there."""
        for column, header in enumerate(self.header):
            if column in months or column in at.values() or header in _BESIDE or self._sums(header, months):
                continue
            cells = [cells[column] for _, cells in rows if not is_nothing(cells[column])]
            if column < at["metric"] and cells == [str(number) for number in range(1, len(cells) + 1)]:
                continue  # the rows are numbered
            if re.fullmatch(r"\d[\d/.\-]*", header) or (cells and all(bare_number(cell) for cell in cells)):
                raise UsageError(
                    NOT_A_MONTH.filled(place=self.place(self.line), text=header),
                    hint=Message("Write the months like 2027-01."),
                )

    @staticmethod
    def _sums(header: str, months: Mapping[int, str]) -> bool:
        """Whether a header names a total, or a quarter or year whose months are columns too."""
        keys = set(months.values())
        if quarter := _OF_QUARTER.fullmatch(header):
            number, year = int(quarter[1] or quarter[4]), quarter[2] or quarter[3]
            years = {key[2:4] for key in keys} if year is None else {year}
            wanted = [f"20{year}-{month:02}" for year in years for month in range(3 * number - 2, 3 * number + 1)]
            return all(month in keys for month in wanted)
        if year_named := _YEAR.fullmatch(header):
            return any(key[2:4] == year_named[1] for key in keys)
        return _is_total(header)

    # --- months down -----------------------------------------------------------------------------------------

    @property
    def is_long(self) -> bool:
        """Whether months stand in the first column, and figures, or the channels of one, in the header."""
        first = self.rows[0].cells[0].strip() if self.rows and self.rows[0].cells else ""
        if month_labelled(self._month(first)) is None or len(self.header) < 2:
            return False
        if self.table.metric is not None:
            return True
        return any(map(self._is_metric, self.header[1:]))

    def _month(self, cell: str) -> str:
        """The month of a line; that of a plan's page has an asterisk where it is past."""
        return cell.removesuffix("*") if self.table.mark is not None else cell

    def long(self) -> Iterator[TargetCell]:
        rows = [(place, cells) for place, cells in self.lines() if not _is_total(cells[0])]
        of_row = {name: self.header.index(name) for name in ("channel", "team") if name in self.header}
        filled = {
            column
            for column in range(1, len(self.header))
            if column not in of_row.values() and any(not is_nothing(cells[column]) for _, cells in rows)
        }
        keys = self._keys_of_columns(filled)
        for place, cells in rows:
            month = month_of_cell(self._month(cells[0]), place, self.year)
            past = self._month(cells[0]) != cells[0]
            own_of = {name: cells[column] for name, column in of_row.items()}
            for column, (metric, channel, team) in keys.items():
                if "channel" in own_of:
                    channel = self.names.channel(own_of["channel"], place)
                key = (metric, channel, own_of.get("team", team) or None)
                if not is_nothing(cells[column]):
                    yield TargetCell(
                        place=place, key=key, month=month, text=cells[column], mark=self.table.mark, is_past=past,
                        source=own_of.get("channel", self.header[column]),
                    )  # fmt: skip

    def _keys_of_columns(self, filled: set[int]) -> dict[int, RowKey]:
        """What each column is about: a figure; after ``·`` a channel of it; or a channel of the title's figure."""
        place, team = self.place(self.line), self.table.team or ""
        keys: dict[int, RowKey] = {}
        metric = self.table.metric
        for column, header in enumerate(self.header[1:], start=1):
            channel: Channel | None = None
            if column not in filled:
                continue
            if self.table.metric is not None:
                channel = None if _is_total(header) else self.names.channel(header, place)
            elif header.startswith("·") and metric is not None:
                channel = self.names.channel(header[1:], place)
            elif header:
                metric = header
            key = self.names.row_key(metric or "", channel.value if channel else "", team, place)
            if key is not None:
                keys[column] = key
        return keys


HOW_TARGETS_LOOK = Message("Targets are what funnelcli targets writes, or a table of metric,2027-01,2027-02,…")
