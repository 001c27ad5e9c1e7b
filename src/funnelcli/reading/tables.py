"""The typed rows of an input: each file is read under decisions taken from all of them, then they are concatenated."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property
from typing import Literal
from zoneinfo import ZoneInfo

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from funnelcli.config import InputSettings
from funnelcli.inputs.spec import CellKind, Input
from funnelcli.problems import Problem, Problems, problem
from funnelcli.reading.cells import Cells
from funnelcli.reading.clock_columns import CLOCK
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.evidence import Place, date_evidence, decide_mark, decide_order, half_converted
from funnelcli.reading.headers import FURTHER
from funnelcli.reading.kept import Store
from funnelcli.reading.many_sums import sums_in_columns
from funnelcli.reading.moments import Moments
from funnelcli.reading.odd_ids import odd_ids
from funnelcli.reading.opening import Opened
from funnelcli.reading.part import Decisions, FilePart, read_file
from funnelcli.reading.pieces import pieces
from funnelcli.reading.raw import RawTable, read_raw
from funnelcli.reading.rows import Tally
from funnelcli.reading.worded_scores import said_of
from funnelcli.values.cells import clean_ids
from funnelcli.values.dates import DAY_MICROS, DateOrder, Moment
from funnelcli.values.ids import grouped_numbers, without_fractions
from funnelcli.values.numbers import NumberEvidence


class Table(Struct, frozen=True, kw_only=True, eq=False):
    """The readable rows of one input, from all its files: columns of equal length.

    ``texts`` holds ids and words, ``moments`` dates, ``numbers`` floats (NaN where a cell is empty); ``file`` is an
    index into ``files``.  ``lists`` are the first and the last day of each of its lists of who pays at the time, oldest
    first, where it is made of such lists without starts; ``is_log`` says that its rows are made of events.
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
    lists: tuple[tuple[int, int], ...] = ()
    is_log: bool = False

    def __len__(self) -> int:
        return len(self.line)

    def has(self, column: str) -> bool:
        """Whether any file has our ``column``."""
        return any(opened.has(column) for opened in self.files)

    @property
    def person(self) -> str:
        """The column of its people; empty where it has none."""
        person = self.input.person
        return person if person is not None and person in self.texts else ""

    def place(self, row: int) -> tuple[str, int]:
        """The file and line of a row."""
        return self.files[self.file[row]].name, int(self.line[row])

    def without(self, rows: Sequence[int] | np.ndarray, *, tallied: Literal["rejected", "unpaid"]) -> Table:
        """The table without some rows, which the tallies of their files then have as ``tallied``."""
        kept = np.ones(len(self), dtype=bool)
        kept[list(rows)] = False
        others = np.bincount(self.file[~kept], minlength=len(self.tallies)).tolist()
        return replace(
            self,
            tallies=tuple(tally.less(number, tallied) for tally, number in zip(self.tallies, others, strict=True)),
            file=self.file[kept],
            line=self.line[kept],
            texts={name: cells.kept(kept) for name, cells in self.texts.items()},
            moments={name: moments.kept(kept) for name, moments in self.moments.items()},
            numbers={name: numbers[kept] for name, numbers in self.numbers.items()},
        )


# --- decisions ---------------------------------------------------------------------------------------------------


def raw_tables(opened: Sequence[Opened], problems: Problems, store: Store | None = None) -> list[RawTable]:
    """The cells of every file that can be read; the damaged ones go to ``problems``."""
    raws: list[RawTable] = []
    for source in opened:
        try:
            raws.append(read_raw(source, store))
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
    swapped = (
        [] if order == "ymd" else [half_converted(raw, name) for raw in raws for name in dates if name in raw.cells]
    )
    return Decisions(zone=zone, order=order, mark=mark), [
        fault for fault in (order_fault, mark_fault, *swapped) if fault
    ]


def _decided(
    raws: Sequence[RawTable], wanted: Input, settings: InputSettings, zone: ZoneInfo
) -> tuple[list[Decisions], list[Problem]]:
    """How the cells of each file are to be read.

    The files of an input are one export in pieces, so that one proves what another leaves open; but costs come from
    several systems, each of which writes dates and numbers in its way.
    """
    exports = [0] * len(raws) if wanted.spending is None else pieces([raw.opened for raw in raws])
    known: dict[int, Decisions] = {}
    faults: list[Problem] = []
    for export in dict.fromkeys(exports):
        mine = [raw for raw, number in zip(raws, exports, strict=True) if number == export]
        known[export], wrong = decide(mine, wanted, settings, zone)
        faults.extend(wrong)
    return [known[export] for export in exports], faults


def _number_evidence(raws: Sequence[RawTable]) -> NumberEvidence:
    evidence = NumberEvidence()
    for raw in raws:
        for column in raw.opened.known_columns:
            if column.kind in (CellKind.NUMBER, CellKind.COUNT):
                for text, row in raw.cells[column.name].first.items():
                    place = Place(raw.opened.name, int(raw.lines[row]), column.name)
                    evidence.observe(text, place, whole=column.kind is CellKind.COUNT)
    return _with_amounts(evidence, raws) if evidence.either and evidence.mark is None else evidence


def _with_amounts(evidence: NumberEvidence, raws: Sequence[RawTable]) -> NumberEvidence:
    """The evidence of numbers that leave their mark open, with what the amounts beside them prove."""
    amounts = NumberEvidence()
    for raw in raws:
        for column in raw.opened.known_columns:
            for text, row in raw.cells[column.name].first.items() if column.kind is CellKind.AMOUNT else ():
                amounts.observe(text, Place(raw.opened.name, int(raw.lines[row]), column.name))
    if amounts.mark is None or (evidence.point and evidence.comma):
        return evidence
    return NumberEvidence(point=amounts.point, comma=amounts.comma, either=evidence.either)


# --- all files ---------------------------------------------------------------------------------------------------


def is_of_rows(name: str) -> bool:
    """Whether an open column is one of the rows, and no part of another column.

    >>> is_of_rows("industry"), is_of_rows("clock:at")
    (True, False)
    """
    return FURTHER not in name and not name.startswith(CLOCK)


def stacked(parts: Sequence[FilePart], wanted: Input, decisions: Sequence[Decisions]) -> Table:
    """The parts of all files one below the other; a column that a file lacks is empty there."""
    columns = {c.name: c for c in wanted.columns}
    columns |= {c.name: c for part in parts for c in part.opened.columns.open if is_of_rows(c.name)}

    def texts(name: str) -> Cells:
        return Cells.joined([part.texts.get(name) or Cells.blank(len(part.lines)) for part in parts])

    def moments(name: str) -> Moments:
        return Moments.joined([part.moments.get(name) or Moments.blank(len(part.lines)) for part in parts])

    def numbers(name: str) -> np.ndarray:
        absent = [part.numbers.get(name, np.full(len(part.lines), np.nan)) for part in parts]
        return np.concatenate([np.zeros(0), *absent])

    counted = (CellKind.NUMBER, CellKind.COUNT)
    return Table(
        input=wanted,
        files=tuple(part.opened for part in parts),
        tallies=tuple(part.tally for part in parts),
        file=_numbered([len(part.lines) for part in parts]),
        line=_one_below_the_other([part.lines for part in parts]),
        texts={name: texts(name) for name, c in columns.items() if not c.is_date and c.kind not in counted},
        moments={name: moments(name) for name, c in columns.items() if c.is_date},
        numbers={
            each: numbers(each)
            for name, c in columns.items()
            if c.kind in counted
            for each in ((name, said_of(name)) if c.is_score else (name,))
        },
        order=decisions[0].order if len({each.order for each in decisions}) == 1 else None,
        converted=any(part.converted for part in parts),
    )


def _one_below_the_other(parts: Sequence[np.ndarray]) -> np.ndarray:
    return parts[0] if len(parts) == 1 else np.concatenate([np.zeros(0, dtype=np.int64), *parts])


def _numbered(sizes: Sequence[int]) -> np.ndarray:
    """Of each row the number of its file; of a single file a column that takes no room."""
    return (
        np.broadcast_to(0, sizes[0])
        if len(sizes) == 1
        else np.repeat(np.arange(len(sizes)), np.array(sizes, dtype=np.int64))
    )


def read_table(
    opened: Sequence[Opened],
    wanted: Input,
    settings: InputSettings,
    zone: ZoneInfo,
    problems: Problems,
    store: Store | None = None,
) -> Table:
    """All files of one input as a Table; what is wrong goes to ``problems``.

    What a ``store`` has of large files from an earlier run is not read again.
    """
    raws = raw_tables(opened, problems, store)
    for raw in raws:
        problems.extend(raw.problems)
        problems.extend(sums_in_columns(raw))
    decisions, faults = _decided(raws, wanted, settings, zone)
    problems.extend(faults)
    parts = [] if faults else list(map(read_file, raws, decisions))
    for part in parts:
        problems.extend(part.problems)
    table = _without_groups(stacked(parts, wanted, decisions), problems)
    problems.extend(odd_ids(table))
    return _without_fractions(table, problems)


def with_ids(table: Table, files: Sequence[Opened], raws: Sequence[RawTable], names: Sequence[str]) -> Table:
    """The table with further columns of ids from its ``files``, read anew as ``raws``: each row's by its line."""
    known = {raw.opened.name: raw for raw in raws}
    texts = dict(table.texts)
    for name in names:
        cells = np.full(len(table), "", dtype=object)
        for number, opened in enumerate(files):
            raw = known.get(opened.name)
            if raw is not None and name in raw.cells:
                rows = table.file == number
                ids = raw.cells[name]
                values = ids.reworded(clean_ids(ids.texts)).values()
                cells[rows] = values[np.searchsorted(raw.lines, table.line[rows])]
        texts[name] = Cells.of(cells.tolist())
    return replace(table, files=tuple(files), texts=texts)


def _without_groups(table: Table, problems: Problems) -> Table:
    """The table with ids as numbers where all are written as such with a mark between thousands, which is said."""
    person = table.person
    whole = grouped_numbers(table.texts[person].texts) if person and not table.texts[person].are_ids else {}
    if not whole:
        return table
    text, plain = min(whole.items())
    names = ", ".join(opened.name for opened in table.files)
    problems.add(problem("ids-in-thousands", file=names, column=person, count=len(whole), value=text, plain=plain))
    return _respelt(table, person, whole)


def _respelt(table: Table, column: str, spellings: Mapping[str, str]) -> Table:
    """The table with some texts of a column spelt otherwise."""
    cells = table.texts[column]
    return replace(
        table, texts={**table.texts, column: cells.reworded([spellings.get(text, text) for text in cells.texts])}
    )


def _without_fractions(table: Table, problems: Problems) -> Table:
    """The table with one id for people who are 101 in some rows and 101.0 in others, which is said."""
    person = table.person
    whole = without_fractions(table.texts[person].texts) if person and not table.texts[person].are_ids else {}
    if not whole:
        return table
    spoilt, plain = min(whole.items())
    names, stage = ", ".join(opened.name for opened in table.files), table.input.name
    problems.add(
        problem("ids-made-alike", file=names, stage=stage, other=stage, count=len(whole), mine=spoilt, theirs=plain)
    )
    return _respelt(table, person, whole)


class FirstSignups(Struct, kw_only=True, eq=False, dict=True):
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
