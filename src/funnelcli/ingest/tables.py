"""Signups, demos and paid users: cleaned cells to typed columns, bad rows reported and left out."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from zoneinfo import ZoneInfo

from funnelcli.config import InputSettings
from funnelcli.errors import Problem, Problems, problem
from funnelcli.ingest.columns import SCHEMAS, CellKind, Column
from funnelcli.ingest.dialect import FileFault
from funnelcli.ingest.discover import Stage
from funnelcli.ingest.evidence import date_evidence, decide_order
from funnelcli.ingest.opening import Opened
from funnelcli.ingest.rows import RawTable, Tally, read_raw
from funnelcli.ingest.values import (
    DAY_MICROS,
    FIRST_YEAR,
    LAST_YEAR,
    DateOrder,
    DateReader,
    Moment,
    clean_ids,
    day_of,
    is_shortened,
    looks_like,
)

# The ids by which people and demos are told apart.
COUNTED_IDS = ("user_id", "demo_id")


@dataclass(kw_only=True)
class Table:
    """The readable rows of one input, from all its files: columns of equal length.

    ``texts`` holds ids and words, ``moments`` dates (None: empty); ``file`` is an index into ``files``.
    """

    stage: Stage
    files: list[Opened] = field(default_factory=list)
    tallies: list[Tally] = field(default_factory=list)
    file: list[int] = field(default_factory=list)
    line: list[int] = field(default_factory=list)
    texts: dict[str, list[str]] = field(default_factory=dict)
    moments: dict[str, list[Moment | None]] = field(default_factory=dict)
    order: DateOrder | None = None
    converted: bool = False

    def __len__(self) -> int:
        return len(self.line)

    def has(self, column: str) -> bool:
        """Whether any file has our ``column``."""
        return any(one.has(column) for one in self.files)

    def place(self, row: int) -> tuple[str, int]:
        """The file and line of a row."""
        return self.files[self.file[row]].name, self.line[row]


def read_table(
    opened: Sequence[Opened], stage: Stage, settings: InputSettings, zone: ZoneInfo, problems: Problems
) -> Table:
    """All files of one input as a Table; what is wrong goes to ``problems``."""
    columns = list(SCHEMAS[stage])
    raws: list[RawTable] = []
    for one in opened:
        try:
            raws.append(read_raw(one, [c.name for c in columns], problems))
        except FileFault as fault:
            problems.extend(fault.problems)
    dates = [c.name for c in columns if c.kind in (CellKind.DATE, CellKind.END_DATE)]
    order, fault_found = decide_order(date_evidence(raws, dates), settings.date_order, stage=stage.value)
    if fault_found:
        problems.add(fault_found)
        raws = []
    table = Table(stage=stage, order=order)
    for column in columns:
        if column.name in dates:
            table.moments[column.name] = []
        else:
            table.texts[column.name] = []
    for raw in raws:
        _append(table, raw, columns, _readers(raw.opened, dates, order, zone), problems)
    return table


def _readers(opened: Opened, dates: Iterable[str], order: DateOrder | None, zone: ZoneInfo) -> dict[str, DateReader]:
    return {name: DateReader(order=order, zone=zone, naive_is_utc=opened.columns.says_utc(name)) for name in dates}


def _append(
    table: Table, raw: RawTable, columns: Sequence[Column], readers: Mapping[str, DateReader], problems: Problems
) -> None:
    """Read one file's cells and add its good rows to the table."""
    bad: set[int] = set()
    texts: dict[str, list[str]] = {}
    moments: dict[str, list[Moment | None]] = {}
    for column in columns:
        cells = raw.cells.get(column.name)
        if cells is None:
            empty = [""] * len(raw)
            if column.name in readers:
                moments[column.name] = [None] * len(raw)
            else:
                texts[column.name] = empty
        elif column.name in readers:
            moments[column.name] = _moments(raw, column, cells, readers[column.name], problems, bad)
        elif column.kind is CellKind.ID:
            texts[column.name] = clean_ids(cells)
            if column.name in COUNTED_IDS:
                _report_ids(raw, column, texts[column.name], problems, bad)
        else:
            texts[column.name] = cells
    if table.stage is Stage.PAID_USERS:
        _check_ends(raw, moments, problems, bad)
    raw.tally.rejected += len(bad)
    raw.tally.counted = raw.tally.read - raw.tally.rejected
    table.converted = table.converted or any(reader.converted for reader in readers.values())
    table.tallies.append(raw.tally)
    number = len(table.files)
    table.files.append(raw.opened)
    good: Callable[[list[Any]], list[Any]] = (
        (lambda values: [v for i, v in enumerate(values) if i not in bad]) if bad else (lambda values: values)
    )
    table.line.extend(good(raw.lines))
    table.file.extend([number] * (len(raw) - len(bad)))
    for name, words in texts.items():
        table.texts[name].extend(good(words))
    for name, times in moments.items():
        table.moments[name].extend(good(times))


def _report_ids(raw: RawTable, column: Column, cells: Sequence[str], problems: Problems, bad: set[int]) -> None:
    """Report the rows that name nobody, or whose id a spreadsheet has spoilt."""
    if (all(cells) or not column.required) and "E+" not in "\n".join(cells):
        return
    faults = {cell: "shortened-id" for cell in set(cells) if is_shortened(cell)}
    if column.required:
        faults[""] = "empty-cell"
    for i, cell in enumerate(cells):
        if cell in faults:
            problems.add(
                problem(faults[cell], file=raw.opened.name, line=raw.lines[i], column=column.name, value=cell[:80])
            )
            bad.add(i)


def _moments(
    raw: RawTable, column: Column, cells: Sequence[str], reader: DateReader, problems: Problems, bad: set[int]
) -> list[Moment | None]:
    known: dict[str, Moment | None] = {}
    faults: dict[str, Callable[[int], Problem]] = {}
    for text in dict.fromkeys(cells):
        if not text:
            known[text] = None
            if column.required:
                faults[text] = _fault(raw, column, "empty-cell")
            continue
        moment = known[text] = reader.read(text)
        if moment is None:
            faults[text] = _fault(raw, column, "not-a-date", value=text[:80], looks=looks_like(reader.order))
        elif not FIRST_YEAR <= (year := day_of(moment.micros).year) <= LAST_YEAR:
            if column.kind is CellKind.END_DATE and year > LAST_YEAR:
                known[text] = None  # 2999-12-31 and 9999-12-31 are how some systems write "no end"
            else:
                faults[text] = _fault(raw, column, "implausible-date", value=text[:80])
    if faults:
        for i, text in enumerate(cells):
            if text in faults:
                problems.add(faults[text](raw.lines[i]))
                bad.add(i)
    return [known[text] for text in cells]


def _fault(raw: RawTable, column: Column, code: str, **facts: object) -> Callable[[int], Problem]:
    return lambda line: problem(code, file=raw.opened.name, line=line, column=column.name, **facts)


def _check_ends(
    raw: RawTable, moments: Mapping[str, Sequence[Moment | None]], problems: Problems, bad: set[int]
) -> None:
    """A stay cannot end on a day before it starts; the time of day does not matter."""
    for i, (start, end) in enumerate(zip(moments["started_at"], moments["ended_at"], strict=True)):
        if start and end and i not in bad and end.micros // DAY_MICROS < start.micros // DAY_MICROS:
            problems.add(
                problem(
                    "end-before-start",
                    file=raw.opened.name,
                    line=raw.lines[i],
                    column="ended_at",
                    started=day_of(start.micros),
                    ended=day_of(end.micros),
                )
            )
            bad.add(i)


def first_signups(table: Table) -> dict[str, Moment]:
    """Each user's earliest signup, for telling which visits are by existing users."""
    users, moments = table.texts["user_id"], table.moments["signed_up_at"]
    at_once = {user: moment for user, moment in zip(users, moments, strict=True) if moment is not None}
    if len(at_once) == len(users):
        return at_once
    first: dict[str, Moment] = {}
    for user, moment in zip(users, moments, strict=True):
        if moment is not None:
            known = first.get(user)
            if known is None or moment < known:
                first[user] = moment
    return first
