"""The typed rows of an input: each file is read under decisions taken from all of them, then they are concatenated.

``read_file`` is a pure function of a file's cells and the decisions: it gives a part, and touches nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from zoneinfo import ZoneInfo

import numpy as np

from funnelcli.config import InputSettings
from funnelcli.inputs.spec import CellKind, Column, Input
from funnelcli.problems import Problem, Problems, problem
from funnelcli.reading.cells import Cells
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.evidence import Place, date_evidence, decide_mark, decide_order
from funnelcli.reading.opening import Opened
from funnelcli.reading.raw import RawTable, read_raw
from funnelcli.reading.rows import Tally
from funnelcli.text import NOTHING, Text
from funnelcli.values.cells import clean_ids, is_shortened
from funnelcli.values.dates import DAY_MICROS, FIRST_YEAR, LAST_YEAR, DateOrder, DateReader, Moment, day_of, looks_like
from funnelcli.values.numbers import DecimalMark, NumberEvidence, read_number


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


@dataclass(frozen=True, kw_only=True)
class Decisions:
    """What all the files of an input together tell of how their cells are to be read; None where nothing needs it."""

    zone: ZoneInfo
    order: DateOrder | None = None
    mark: DecimalMark | None = None


@dataclass(frozen=True, kw_only=True, eq=False)
class FilePart:
    """The good rows of one file, typed; ``tally`` and ``problems`` say what became of the others."""

    opened: Opened
    tally: Tally
    problems: tuple[Problem, ...]
    lines: np.ndarray
    texts: Mapping[str, Cells]
    moments: Mapping[str, Moments]
    numbers: Mapping[str, np.ndarray]
    converted: bool


@dataclass(frozen=True, kw_only=True, eq=False)
class Table:
    """The readable rows of one input, from all its files: columns of equal length.

    ``texts`` holds ids and words, ``moments`` dates, ``numbers`` floats (NaN where a cell is empty); ``file`` is an
    index into ``files``.
    """

    input: Input
    files: tuple[Opened, ...]
    tallies: tuple[Tally, ...]
    file: np.ndarray
    line: np.ndarray
    texts: Mapping[str, Cells]
    moments: Mapping[str, Moments]
    numbers: Mapping[str, np.ndarray]
    order: DateOrder | None = None
    converted: bool = False

    def __len__(self) -> int:
        return len(self.line)

    def has(self, column: str) -> bool:
        """Whether any file has our ``column``."""
        return any(opened.has(column) for opened in self.files)

    def place(self, row: int) -> tuple[str, int]:
        """The file and line of a row."""
        return self.files[self.file[row]].name, int(self.line[row])


# --- decisions ---------------------------------------------------------------------------------------------------


def raw_tables(opened: Sequence[Opened], problems: Problems) -> list[RawTable]:
    """The cells of every file that can be read; the damaged ones go to ``problems``."""
    raws: list[RawTable] = []
    for source in opened:
        try:
            raws.append(read_raw(source))
        except FileFault as fault:
            problems.extend(fault.problems)
    return raws


def decide(
    raws: Sequence[RawTable], wanted: Input, settings: InputSettings, zone: ZoneInfo
) -> tuple[Decisions, list[Problem]]:
    """How the cells of the files are to be read, and the problems of what nothing, or too much, decides."""
    dates = list(dict.fromkeys(c.name for raw in raws for c in raw.opened.known_columns if c.is_date))
    order, order_fault = decide_order(date_evidence(raws, dates), settings.date_order, stage=wanted.name)
    mark, mark_fault = decide_mark(_number_evidence(raws), settings.decimal, stage=wanted.name)
    return Decisions(zone=zone, order=order, mark=mark), [fault for fault in (order_fault, mark_fault) if fault]


def _number_evidence(raws: Sequence[RawTable]) -> NumberEvidence:
    evidence = NumberEvidence()
    for raw in raws:
        for column in raw.opened.known_columns:
            if column.kind in (CellKind.NUMBER, CellKind.COUNT):
                for text, row in raw.cells[column.name].first.items():
                    place = Place(raw.opened.name, int(raw.lines[row]), column.name)
                    evidence.observe(text, place, whole=column.kind is CellKind.COUNT)
    return evidence


# --- one file ----------------------------------------------------------------------------------------------------


def read_file(raw: RawTable, decisions: Decisions) -> FilePart:
    """The typed rows of one file under the decisions; what is wrong with a row is reported and the row left out."""
    return _PartReader(raw, decisions).part()


Faults = Mapping[int, Callable[[int], Problem]]


class _PartReader:
    """Reads one file column by column, and notes which rows are bad."""

    def __init__(self, raw: RawTable, decisions: Decisions) -> None:
        self.raw = raw
        self.decisions = decisions
        self.bad = np.zeros(len(raw), dtype=bool)
        self.problems: list[Problem] = []
        self.converted = False

    def part(self) -> FilePart:
        raw = self.raw
        texts: dict[str, Cells] = {}
        moments: dict[str, Moments] = {}
        numbers: dict[str, np.ndarray] = {}
        for column in raw.opened.known_columns:
            cells = raw.cells[column.name]
            match column.kind:
                case CellKind.DATE | CellKind.END_DATE:
                    moments[column.name] = self._moments(column, cells)
                case CellKind.ID:
                    texts[column.name] = self._ids(column, cells)
                case CellKind.NUMBER | CellKind.COUNT:
                    numbers[column.name] = self._numbers(column, cells)
                case _:
                    texts[column.name] = cells
        self._check_requires(texts)
        self._check_bounds(moments)
        rejected = int(self.bad.sum())
        tally = Tally(**{**vars(raw.tally), "rejected": raw.tally.rejected + rejected})
        tally.counted = tally.read - tally.rejected
        good = ~self.bad
        return FilePart(
            opened=raw.opened,
            tally=tally,
            problems=tuple(self.problems),
            lines=raw.lines[good] if rejected else raw.lines,
            texts={name: cells.kept(good) for name, cells in texts.items()} if rejected else texts,
            moments={name: times.kept(good) for name, times in moments.items()} if rejected else moments,
            numbers={name: values[good] for name, values in numbers.items()} if rejected else numbers,
            converted=self.converted,
        )

    def _ids(self, column: Column, cells: Cells) -> Cells:
        """The ids; rows that name nobody, or whose id a spreadsheet has spoilt, are bad."""
        known = cells.reworded(clean_ids(cells.texts))
        if not column.identifies:
            return known
        faults: dict[int, Callable[[int], Problem]] = {}
        if "E+" in "\n".join(known.texts):
            for place, text in enumerate(known.texts):
                if is_shortened(text):
                    faults[place] = self._fault(column, "shortened-id", value=text[:80])
        if column.required and "" in known.first:
            faults[known.texts.index("")] = self._fault(column, "empty-cell", value="")
        self._report(known, faults)
        return known

    def _moments(self, column: Column, cells: Cells) -> Moments:
        """The dates; rows with a cell that is none, or empty though it is needed, are bad."""
        opened, decisions = self.raw.opened, self.decisions
        reader = DateReader(
            order=decisions.order, zone=decisions.zone, naive_is_utc=opened.columns.says_utc(column.name)
        )
        known: list[Moment | None] = []
        faults: dict[int, Callable[[int], Problem]] = {}
        for place, text in enumerate(cells.texts):
            moment = reader.read(text) if text else None
            if not text:
                if column.required:
                    faults[place] = self._fault(column, "empty-cell")
            elif moment is None:
                faults[place] = self._fault(column, "not-a-date", value=text[:80], looks=looks_like(reader.order))
            elif not FIRST_YEAR <= (year := day_of(moment.micros).year) <= LAST_YEAR:
                if column.kind is CellKind.END_DATE and year > LAST_YEAR:
                    moment = None  # 2999-12-31 and 9999-12-31 are how some systems write "no end"
                else:
                    faults[place] = self._fault(column, "implausible-date", value=text[:80])
            known.append(moment)
        self._report(cells, faults)
        self.converted = self.converted or bool(reader.converted)
        return Moments.of(known).kept(cells.places)

    def _numbers(self, column: Column, cells: Cells) -> np.ndarray:
        """The numbers; rows with a cell that is none, or lies outside the column's bounds, are bad."""
        known = np.full(len(cells.texts), np.nan)
        faults: dict[int, Callable[[int], Problem]] = {}
        whole = column.kind is CellKind.COUNT
        least = 0 if whole and column.least is None else column.least
        for place, text in enumerate(cells.texts):
            if not text:
                if column.required:
                    faults[place] = self._fault(column, "empty-cell")
                continue
            number = read_number(text, self.decisions.mark)
            outside = number is None or (
                (least is not None and number < least)
                or (column.most is not None and number > column.most)
                or (whole and not number.is_integer())
            )
            if outside or number is None:
                faults[place] = self._fault(
                    column, "not-a-number", value=text[:80], range=_range_of(least, column.most)
                )
            else:
                known[place] = number
        self._report(cells, faults)
        numbers: np.ndarray = known[cells.places]
        return numbers

    def _check_requires(self, texts: Mapping[str, Cells]) -> None:
        """Of each group of columns of which one is enough, a row must fill one in."""
        for group in self.raw.opened.input.requires:
            filled = np.zeros(len(self.raw), dtype=bool)
            held = [name for name in group if name in texts]
            for name in held:
                cells = texts[name]
                filled |= np.array([bool(text) for text in cells.texts], dtype=bool)[cells.places]
            for row in np.flatnonzero(~filled & ~self.bad).tolist() if held else ():
                self._add("empty-cell", row, " or ".join(group), value="")

    def _check_bounds(self, moments: Mapping[str, Moments]) -> None:
        """What lasts cannot end on a day before it starts; the time of day does not matter."""
        bounds = self.raw.opened.input.bounds
        if bounds is None or not all(name in moments for name in bounds):
            return
        start, end = (moments[name] for name in bounds)
        early = start.given & end.given & (end.micros // DAY_MICROS < start.micros // DAY_MICROS) & ~self.bad
        for row in np.flatnonzero(early).tolist():
            facts = {"started": day_of(int(start.micros[row])), "ended": day_of(int(end.micros[row]))}
            self._add("end-before-start", row, bounds[1], **facts)

    def _add(self, code: str, row: int, column: str, **facts: object) -> None:
        line = int(self.raw.lines[row])
        self.problems.append(problem(code, file=self.raw.opened.name, line=line, column=column, **facts))
        self.bad[row] = True

    def _fault(self, column: Column, code: str, **facts: object) -> Callable[[int], Problem]:
        return lambda line: problem(code, file=self.raw.opened.name, line=line, column=column.name, **facts)

    def _report(self, cells: Cells, faults: Faults) -> None:
        """Report every row whose text has a fault, in the order of the rows, and mark it as bad."""
        for row in cells.rows_of(list(faults)) if faults else ():
            self.problems.append(faults[int(cells.places[row])](int(self.raw.lines[row])))
            self.bad[row] = True


def _range_of(least: float | None, most: float | None) -> Text:
    """A column's bounds in words.

    >>> _range_of(0, 10).en, _range_of(0, None).vi, _range_of(None, None).en
    (' from 0 to 10', ' từ 0 trở lên', '')
    """
    if least is None and most is None:
        return NOTHING
    if most is None:
        return Text(f" from {least:g} up", f" từ {least:g} trở lên")
    if least is None:
        return Text(f" up to {most:g}", f" tối đa {most:g}")
    return Text(f" from {least:g} to {most:g}", f" từ {least:g} đến {most:g}")


# --- all files ---------------------------------------------------------------------------------------------------


def stacked(parts: Sequence[FilePart], wanted: Input, decisions: Decisions) -> Table:
    """The parts of all files one below the other; a column that a file lacks is empty there."""
    columns = {c.name: c for c in wanted.columns}
    columns |= {c.name: c for part in parts for c in part.opened.columns.open}

    def texts(name: str) -> Cells:
        return Cells.joined([part.texts.get(name) or Cells.blank(len(part.lines)) for part in parts])

    def moments(name: str) -> Moments:
        return Moments.joined([part.moments.get(name) or _no_moments(len(part.lines)) for part in parts])

    def numbers(name: str) -> np.ndarray:
        absent = [part.numbers.get(name, np.full(len(part.lines), np.nan)) for part in parts]
        return np.concatenate([np.zeros(0), *absent])

    counted = (CellKind.NUMBER, CellKind.COUNT)
    return Table(
        input=wanted,
        files=tuple(part.opened for part in parts),
        tallies=tuple(part.tally for part in parts),
        file=_one_below_the_other([np.full(len(part.lines), number) for number, part in enumerate(parts)]),
        line=_one_below_the_other([part.lines for part in parts]),
        texts={name: texts(name) for name, c in columns.items() if not c.is_date and c.kind not in counted},
        moments={name: moments(name) for name, c in columns.items() if c.is_date},
        numbers={name: numbers(name) for name, c in columns.items() if c.kind in counted},
        order=decisions.order,
        converted=any(part.converted for part in parts),
    )


def _no_moments(size: int) -> Moments:
    return Moments(np.zeros(size, dtype=np.int64), np.zeros(size, dtype=bool), np.zeros(size, dtype=bool))


def _one_below_the_other(parts: Sequence[np.ndarray]) -> np.ndarray:
    return np.concatenate([np.zeros(0, dtype=np.int64), *parts])


def read_table(
    opened: Sequence[Opened], wanted: Input, settings: InputSettings, zone: ZoneInfo, problems: Problems
) -> Table:
    """All files of one input as a Table; what is wrong goes to ``problems``."""
    raws = raw_tables(opened, problems)
    for raw in raws:
        problems.extend(raw.problems)
    decisions, faults = decide(raws, wanted, settings, zone)
    problems.extend(faults)
    parts = [] if faults else [read_file(raw, decisions) for raw in raws]
    for part in parts:
        problems.extend(part.problems)
    return stacked(parts, wanted, decisions)


@dataclass(kw_only=True, eq=False)
class FirstSignups:
    """Each user's earliest signup, for telling which visits are by existing users."""

    users: Sequence[str]
    micros: np.ndarray
    timed: np.ndarray

    @cached_property
    def moments(self) -> dict[str, Moment]:
        """The moment of each user."""
        return dict(self._items())

    def _items(self) -> Iterator[tuple[str, Moment]]:
        return zip(self.users, map(Moment, self.micros.tolist(), self.timed.tolist()), strict=True)

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
