"""Signups, demos and paid users: cleaned cells to typed columns, bad rows reported and left out."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np

from funnelcli.config import InputSettings
from funnelcli.inputs import SCHEMAS
from funnelcli.inputs.spec import CellKind, Column, Stage
from funnelcli.problems import Problem, Problems, problem
from funnelcli.reading.cells import Cells
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.evidence import date_evidence, decide_order
from funnelcli.reading.opening import Opened
from funnelcli.reading.raw import RawTable, read_raw
from funnelcli.reading.rows import Tally
from funnelcli.values.cells import clean_ids, is_shortened
from funnelcli.values.dates import DAY_MICROS, FIRST_YEAR, LAST_YEAR, DateOrder, DateReader, Moment, day_of, looks_like

# The ids by which people and demos are told apart.
COUNTED_IDS = ("user_id", "demo_id")


@dataclass(frozen=True, eq=False)
class Moments:
    """A column of dates, row by row: the fields of Moment, 0 and False where ``given`` says that the cell is empty."""

    micros: np.ndarray
    timed: np.ndarray
    given: np.ndarray

    @classmethod
    def of(cls, moments: Sequence[Moment | None]) -> Moments:
        """The column of the given moments; None for an empty cell."""
        size = len(moments)
        return cls(
            np.fromiter((m.micros if m else 0 for m in moments), dtype=np.int64, count=size),
            np.fromiter((m.timed if m else False for m in moments), dtype=bool, count=size),
            np.fromiter((m is not None for m in moments), dtype=bool, count=size),
        )

    @classmethod
    def joined(cls, parts: Sequence[Moments]) -> Moments:
        """The columns one below the other."""
        if not parts:
            return cls.of([])
        names = ("micros", "timed", "given")
        return cls(*(np.concatenate([getattr(part, name) for part in parts]) for name in names))

    def kept(self, rows: np.ndarray) -> Moments:
        """The rows at these places, or for which an array of booleans says so."""
        return Moments(self.micros[rows], self.timed[rows], self.given[rows])

    def days(self, missing: int) -> np.ndarray:
        """The days since 1970-01-01, ``missing`` where a cell is empty."""
        return np.where(self.given, self.micros // DAY_MICROS, missing)

    def distinct_days(self) -> list[int]:
        """Every day that some cell gives, since 1970-01-01."""
        days: list[int] = np.unique(self.micros[self.given] // DAY_MICROS).tolist()
        return days


@dataclass(kw_only=True, eq=False)
class Table:
    """The readable rows of one input, from all its files: columns of equal length.

    ``texts`` holds ids and words, ``moments`` dates; ``file`` is an index into ``files``.
    """

    stage: Stage
    files: list[Opened] = field(default_factory=list)
    tallies: list[Tally] = field(default_factory=list)
    file: np.ndarray
    line: np.ndarray
    texts: dict[str, Cells]
    moments: dict[str, Moments]
    order: DateOrder | None = None
    converted: bool = False

    def __len__(self) -> int:
        return len(self.line)

    def has(self, column: str) -> bool:
        """Whether any file has our ``column``."""
        return any(one.has(column) for one in self.files)

    def place(self, row: int) -> tuple[str, int]:
        """The file and line of a row."""
        return self.files[self.file[row]].name, int(self.line[row])


@dataclass(kw_only=True, eq=False)
class _Part:
    """The good rows of one file."""

    raw: RawTable
    lines: np.ndarray
    texts: dict[str, Cells]
    moments: dict[str, Moments]


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
    parts: list[_Part] = []
    converted = False
    for raw in raws:
        readers = _readers(raw.opened, dates, order, zone)
        parts.append(_part(raw, stage, columns, readers, problems))
        converted = converted or any(reader.converted for reader in readers.values())
    return Table(
        stage=stage,
        files=[part.raw.opened for part in parts],
        tallies=[part.raw.tally for part in parts],
        file=_stacked([np.full(len(part.lines), number) for number, part in enumerate(parts)]),
        line=_stacked([part.lines for part in parts]),
        texts={c.name: Cells.joined([p.texts[c.name] for p in parts]) for c in columns if c.name not in dates},
        moments={name: Moments.joined([part.moments[name] for part in parts]) for name in dates},
        order=order,
        converted=converted,
    )


def _stacked(parts: Sequence[np.ndarray]) -> np.ndarray:
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])


def _readers(opened: Opened, dates: Iterable[str], order: DateOrder | None, zone: ZoneInfo) -> dict[str, DateReader]:
    return {name: DateReader(order=order, zone=zone, naive_is_utc=opened.columns.says_utc(name)) for name in dates}


def _part(
    raw: RawTable, stage: Stage, columns: Sequence[Column], readers: Mapping[str, DateReader], problems: Problems
) -> _Part:
    """Read one file's cells; its bad rows are reported and left out."""
    bad = np.zeros(len(raw), dtype=bool)
    texts: dict[str, Cells] = {}
    moments: dict[str, Moments] = {}
    for column in columns:
        cells = raw.cells.get(column.name)
        if column.name in readers:
            known = Cells.blank(len(raw)) if cells is None else cells
            needed = column.required and cells is not None
            moments[column.name] = _moments(raw, column, known, readers[column.name], problems, bad, needed=needed)
        elif cells is None:
            texts[column.name] = Cells.blank(len(raw))
        elif column.kind is CellKind.ID:
            texts[column.name] = cells.reworded(clean_ids(cells.texts))
            if column.name in COUNTED_IDS:
                _report_ids(raw, column, texts[column.name], problems, bad)
        else:
            texts[column.name] = cells
    if stage is Stage.PAID_USERS:
        _check_ends(raw, moments, problems, bad)
    rejected = int(bad.sum())
    raw.tally.rejected += rejected
    raw.tally.counted = raw.tally.read - raw.tally.rejected
    if not rejected:
        return _Part(raw=raw, lines=raw.lines, texts=texts, moments=moments)
    good = ~bad
    return _Part(
        raw=raw,
        lines=raw.lines[good],
        texts={name: cells.kept(good) for name, cells in texts.items()},
        moments={name: times.kept(good) for name, times in moments.items()},
    )


def _report_ids(raw: RawTable, column: Column, cells: Cells, problems: Problems, bad: np.ndarray) -> None:
    """Report the rows that name nobody, or whose id a spreadsheet has spoilt."""
    faults: dict[int, Callable[[int], Problem]] = {}
    if "E+" in "\n".join(cells.texts):
        for place, text in enumerate(cells.texts):
            if is_shortened(text):
                faults[place] = _fault(raw, column, "shortened-id", value=text[:80])
    if column.required and "" in cells.first:
        faults[cells.texts.index("")] = _fault(raw, column, "empty-cell", value="")
    _report(raw, cells, faults, problems, bad)


def _moments(
    raw: RawTable,
    column: Column,
    cells: Cells,
    reader: DateReader,
    problems: Problems,
    bad: np.ndarray,
    *,
    needed: bool,
) -> Moments:
    """The column's dates; rows with a cell that is none, or empty though it is ``needed``, are reported as bad."""
    known: list[Moment | None] = []
    faults: dict[int, Callable[[int], Problem]] = {}
    for place, text in enumerate(cells.texts):
        moment = reader.read(text) if text else None
        if not text:
            if needed:
                faults[place] = _fault(raw, column, "empty-cell")
        elif moment is None:
            faults[place] = _fault(raw, column, "not-a-date", value=text[:80], looks=looks_like(reader.order))
        elif not FIRST_YEAR <= (year := day_of(moment.micros).year) <= LAST_YEAR:
            if column.kind is CellKind.END_DATE and year > LAST_YEAR:
                moment = None  # 2999-12-31 and 9999-12-31 are how some systems write "no end"
            else:
                faults[place] = _fault(raw, column, "implausible-date", value=text[:80])
        known.append(moment)
    _report(raw, cells, faults, problems, bad)
    return Moments.of(known).kept(cells.places)


def _fault(raw: RawTable, column: Column, code: str, **facts: object) -> Callable[[int], Problem]:
    return lambda line: problem(code, file=raw.opened.name, line=line, column=column.name, **facts)


def _report(
    raw: RawTable,
    cells: Cells,
    faults: Mapping[int, Callable[[int], Problem]],
    problems: Problems,
    bad: np.ndarray,
) -> None:
    """Report every row whose text has a fault, in the order of the rows, and mark it as bad."""
    if not faults:
        return
    for row in cells.rows_of(list(faults)):
        problems.add(faults[int(cells.places[row])](int(raw.lines[row])))
        bad[row] = True


def _check_ends(raw: RawTable, moments: Mapping[str, Moments], problems: Problems, bad: np.ndarray) -> None:
    """A stay cannot end on a day before it starts; the time of day does not matter."""
    start, end = moments["started_at"], moments["ended_at"]
    early = start.given & end.given & (end.micros // DAY_MICROS < start.micros // DAY_MICROS) & ~bad
    for row in np.flatnonzero(early).tolist():
        problems.add(
            problem(
                "end-before-start",
                file=raw.opened.name,
                line=int(raw.lines[row]),
                column="ended_at",
                started=day_of(int(start.micros[row])),
                ended=day_of(int(end.micros[row])),
            )
        )
        bad[row] = True


@dataclass(kw_only=True, eq=False)
class FirstSignups:
    """Each user's earliest signup, for telling which visits are by existing users."""

    users: Sequence[str]
    micros: np.ndarray
    timed: np.ndarray

    @cached_property
    def moments(self) -> dict[str, Moment]:
        """The moment of each user."""
        return dict(zip(self.users, map(Moment, self.micros.tolist(), self.timed.tolist()), strict=True))

    @property
    def total_days(self) -> int:
        """The sum of everybody's day, since 1970-01-01: with the number of users a proof that others read the same."""
        return int((self.micros // DAY_MICROS).sum())


def first_signups(table: Table) -> FirstSignups:
    """Each user's earliest signup: of the same moment, the one without a time of day."""
    users, moments = table.texts["user_id"], table.moments["signed_up_at"]
    micros = np.full(len(users.texts), np.iinfo(np.int64).max)
    np.minimum.at(micros, users.places, moments.micros)
    timed = np.ones(len(users.texts), dtype=bool)
    np.logical_and.at(timed, users.places, moments.timed | (moments.micros > micros[users.places]))
    return FirstSignups(users=users.texts, micros=micros, timed=timed)
