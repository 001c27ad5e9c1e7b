"""The typed rows of one file, read under decisions taken from all the files of its input.

``read_file`` is a pure function of a file's cells and the decisions: it gives a part, and touches nothing else.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from math import isnan
from zoneinfo import ZoneInfo

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from funnelcli.inputs.spec import CellKind, Column
from funnelcli.problems import Problem, problem
from funnelcli.reading.cells import Cells
from funnelcli.reading.clock_columns import with_clocks
from funnelcli.reading.headers import FURTHER
from funnelcli.reading.moments import Moments
from funnelcli.reading.opening import Opened
from funnelcli.reading.raw import RawTable
from funnelcli.reading.rows import Tally
from funnelcli.reading.spanned import spanned
from funnelcli.reading.standing import never_began, never_began_problems
from funnelcli.reading.unread_days import month_end
from funnelcli.reading.worded_scores import said_of, scores_in_words
from funnelcli.text import NOTHING, Message, Text
from funnelcli.values.cells import clean_ids, is_error_value, is_shortened, may_be_spoilt
from funnelcli.values.currencies import currencies_in
from funnelcli.values.dates import (
    DAY_MICROS,
    FIRST_YEAR,
    LAST_YEAR,
    DateOrder,
    DateReader,
    Moment,
    day_of,
    looks_like,
    micros_of,
)
from funnelcli.values.nothing import as_word, says_none
from funnelcli.values.numbers import DecimalMark, read_number
from funnelcli.values.scores import scores_in
from funnelcli.values.spans import span_of
from funnelcli.values.zones import doubtful_zone


class Decisions(Struct, frozen=True, kw_only=True):
    """What all the files of an input together tell of how their cells are to be read; None where nothing needs it."""

    zone: ZoneInfo
    order: DateOrder | None = None
    mark: DecimalMark | None = None


class FilePart(Struct, frozen=True, kw_only=True, eq=False):
    """The good rows of one file, typed; ``tally`` and ``problems`` say what became of the others."""

    opened: Opened
    tally: Tally
    problems: tuple[Problem, ...]
    lines: np.ndarray
    texts: Mapping[str, Cells]
    moments: Mapping[str, Moments]
    numbers: Mapping[str, np.ndarray]
    converted: bool


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
        self.unpaid = never_began(raw)  # whatever else they lack
        self.problems: list[Problem] = []
        self.converted = False
        self.until: dict[str, Moments] = {}  # of cells that stand for several days

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
                case CellKind.NUMBER if column.is_score:
                    numbers |= self._scores(column, cells)
                case CellKind.NUMBER | CellKind.COUNT:
                    mark = self.decisions.mark
                    numbers[column.name] = self._numbers(column, cells, {t: read_number(t, mark) for t in cells.texts})
                case _:
                    texts[column.name] = cells
        self.problems.extend(never_began_problems(raw, self.unpaid) if self.unpaid.any() else ())
        _take_earliest(moments)
        moments = with_clocks(moments, texts)
        for name, last in self.until.items():
            moments[name] = last if name not in moments else last.or_else(moments[name])
        self._check_requires(texts)
        self._check_bounds(moments)
        self._let_headers_speak(texts)
        tally = replace(raw.tally, rejected=raw.tally.rejected + int(self.bad.sum()))
        tally.counted = tally.read - tally.rejected
        tally = tally.less(int(self.unpaid.sum()), "unpaid")
        good = ~(self.bad | self.unpaid)
        rejected = not good.all()
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

    def _let_headers_speak(self, texts: dict[str, Cells]) -> None:
        """Where the settings name a header for amounts that says their one currency, the rows' own says nothing."""
        stays, opened = self.raw.opened.input.stays, self.raw.opened
        if stays is None or stays.currency not in texts:
            return
        speaks, filled = np.zeros(len(self.raw), dtype=bool), np.zeros(len(self.raw), dtype=bool)
        for name in (name for name in stays.amounts if name in texts):
            has = texts[name].that(bool)
            if name in opened.settings.mapped and len(currencies_in(opened.columns.header_of(name) or "")) == 1:
                speaks |= has & ~filled
            filled |= has
        if speaks.any():
            said = texts[stays.currency]
            texts[stays.currency] = Cells.of(np.where(speaks, "", said.values()).tolist())

    def _ids(self, column: Column, cells: Cells) -> Cells:
        """The ids; rows that name nobody, or whose id a spreadsheet has spoilt, are bad."""
        if cells.are_ids:
            return cells
        known = cells.reworded(clean_ids(cells.texts))
        if not column.identifies:
            return known
        faults: dict[int, Callable[[int], Problem]] = {}
        for place, text in enumerate(known.texts if may_be_spoilt(known.texts) else ()):
            if is_shortened(text):
                faults[place] = self._fault(column, "shortened-id", value=text[:80])
            elif is_error_value(text):
                faults[place] = self._error_value(column, text)
        if column.must_be_filled and known.place_of_blank is not None:
            faults[known.place_of_blank] = self._fault(column, "empty-cell", value="")
        self._report(known, faults)
        return known

    def _moments(self, column: Column, cells: Cells) -> Moments:
        """The dates; rows with a cell that is none, or empty though it is needed, are bad."""
        opened, decisions = self.raw.opened, self.decisions
        zone = doubtful_zone(opened.columns.header_of(column.name) or "")
        is_local = not zone and opened.columns.offset_of(column.name) is None
        if is_local and (plain := self._plain_moments(column, cells)) is not None:
            return plain
        reader = DateReader(
            order=decisions.order,
            zone=decisions.zone,
            ahead_of_utc=opened.columns.offset_of(column.name),
            since_1904=opened.since_1904,
        )
        known: list[Moment | None] = []
        lasts: list[Moment | None] = [None] * len(cells.texts)
        faults: dict[int, Callable[[int], Problem]] = {}
        for place, text in enumerate(cells.texts):
            moment = reader.read(text) if text else None
            if text and moment is None and column.until:
                moment, lasts[place] = spanned(text, reader) or (None, None)
            if text and moment is None:
                moment = self._in_other_words(column, text, reader)
            if not text:
                if column.must_be_filled:
                    faults[place] = self._fault(column, "empty-cell")
            elif moment is None:
                faults[place] = self._no_date(column, text, reader.order)
            elif (year := day_of(moment.micros).year) < FIRST_YEAR and not column.must_be_filled:
                faults[place] = self._may_be_none(column, text)  # 1970-01-01 is how some systems write "none"
            elif not FIRST_YEAR <= year <= LAST_YEAR:
                if column.kind is CellKind.END_DATE and year > LAST_YEAR:
                    moment = None  # 2999-12-31 and 9999-12-31 are how some systems write "no end"
                else:
                    faults[place] = self._fault(column, "implausible-date", value=text[:80])
            known.append(moment)
        self._report(cells, faults)
        if zone and any(moment is not None and moment.timed for moment in known):
            said = problem("zone-not-known", file=opened.name, column=column.name, zone=zone, local=decisions.zone.key)
            self.problems.append(said)
        if any(lasts):
            self.until[column.until] = Moments.of(lasts).kept(cells.places)
        self.converted = self.converted or bool(reader.converted)
        return Moments.of(known).kept(cells.places)

    def _plain_moments(self, column: Column, cells: Cells) -> Moments | None:
        """The dates of a column in which all that are needed are plain ones, seen at once; None of any other."""
        dated = None if cells.dates is None else Moments.of_dates(cells.dates)
        if dated is not None and (dated.given.all() or not column.must_be_filled):
            return dated
        blank = None if column.must_be_filled else cells.place_of_blank
        filled = cells.texts if blank is None else [*cells.texts[:blank], *cells.texts[blank + 1 :]]
        plain = Moments.of_plain(filled, self.decisions.order)
        if plain is None:
            return None
        return (plain if blank is None else plain.with_blank(blank)).kept(cells.places)

    def _in_other_words(self, column: Column, text: str, reader: DateReader) -> Moment | None:
        """The end of a month, or of a span, as an end; the beginning of a span as a start."""
        stays = self.raw.opened.input.stays
        is_end = column.kind is CellKind.END_DATE
        if is_end and (last := month_end(text, in_digits=True)) is not None:
            return Moment(micros_of(last), timed=False)
        span = span_of(text) if stays is not None and column.name in (stays.start, stays.end) else None
        return None if span is None else reader.read(span[1] if is_end else span[0])

    def _no_date(self, column: Column, text: str, order: DateOrder | None) -> Callable[[int], Problem]:
        """What a cell that is no date is: an error, a word for none, or a date written wrongly."""
        is_error = is_error_value(text)
        if is_error and column.kind is not CellKind.END_DATE:
            return self._error_value(column, text)
        if is_error or (not column.must_be_filled and says_none(text)):
            return self._may_be_none(column, text)  # a formula that looked for an end found none, or broke
        return self._fault(column, "not-a-date", value=text[:80], looks=looks_like(order))

    def _may_be_none(self, column: Column, text: str) -> Callable[[int], Problem]:
        code = "no-end-value" if column.kind is CellKind.END_DATE else "no-date-value"
        return self._fault(column, code, value=text[:80], stage=self.raw.opened.input.name, word=as_word(text))

    def _error_value(self, column: Column, text: str) -> Callable[[int], Problem]:
        stage = self.raw.opened.input.name
        return self._fault(column, "spreadsheet-error", value=text[:80], stage=stage, word=as_word(text))

    def _scores(self, column: Column, cells: Cells) -> dict[str, np.ndarray]:
        """The scores, and how each is said; what is not understood is warned of, and its row stays."""
        opened = self.raw.opened
        texts = [text for text in cells.texts if text and not is_error_value(text)]
        known = scores_in(texts, opened.settings.scores, self.decisions.mark)
        self.problems.extend(scores_in_words(opened, column.name, cells, known, self.raw.lines))
        numbers = self._numbers(column, cells, {text: score.number for text, score in known.items()})
        says = [float(known[text].said) if text in known else 0.0 for text in cells.texts] or [0.0]
        return {column.name: numbers, said_of(column.name): np.array(says)[cells.places]}

    def _numbers(self, column: Column, cells: Cells, readings: Mapping[str, float | None]) -> np.ndarray:
        """The numbers by their ``readings``; rows with a cell of none, or outside the column's bounds, are bad.

        A reading of NaN is no number, and no fault.
        """
        known = np.full(len(cells.texts), np.nan)
        faults: dict[int, Callable[[int], Problem]] = {}
        whole = column.kind is CellKind.COUNT
        least = 0 if whole and column.least is None else column.least
        for place, text in enumerate(cells.texts):
            if not text:
                if column.must_be_filled:
                    faults[place] = self._fault(column, "empty-cell")
                continue
            if is_error_value(text):
                faults[place] = self._error_value(column, text)
                continue
            number = readings.get(text)
            if number is not None and isnan(number):
                continue  # of which it is said why there is none
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
            for row in np.flatnonzero(~filled & ~self.bad & ~self.unpaid).tolist() if held else ():
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
            if not self.unpaid[row]:
                self.problems.append(faults[int(cells.places[row])](int(self.raw.lines[row])))
                self.bad[row] = True


def _take_earliest(moments: dict[str, Moments]) -> None:
    """Of a column of dates and its further ones the earliest counts; the further ones are then gone."""
    for name in [name for name in moments if FURTHER in name]:
        ours, other = name.partition(FURTHER)[0], moments.pop(name)
        own = moments[ours]
        sooner = other.given & (~own.given | (other.micros < own.micros))
        moments[ours] = Moments(
            np.where(sooner, other.micros, own.micros), np.where(sooner, other.timed, own.timed), own.given | sooner
        )


def _range_of(least: float | None, most: float | None) -> Text:
    """A column's bounds in words.

    >>> _range_of(0, 10).of("en"), _range_of(0, None).of("vi"), _range_of(None, None).of("en")
    (' from 0 to 10', ' từ 0 trở lên', '')
    """
    if least is None and most is None:
        return NOTHING
    if most is None:
        return Message(" from {least} up").filled(least=f"{least:g}")
    if least is None:
        return Message(" up to {most}").filled(most=f"{most:g}")
    return Message(" from {least} to {most}").filled(least=f"{least:g}", most=f"{most:g}")
