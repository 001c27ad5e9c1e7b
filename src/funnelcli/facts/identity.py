"""Which rows of an input are one: the others are duplicates, tallied as such."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from datetime import date
from pathlib import Path

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from funnelcli.config import PaidUsers
from funnelcli.facts.alike import alike_kept
from funnelcli.facts.copies import exported_twice
from funnelcli.facts.events import NO_DAY, OPEN_END, UNDATED_END, Coded, without_twins
from funnelcli.facts.listed import as_listed
from funnelcli.facts.outcomes import NO_STATUSES, GivenStatuses, outcome_words, says_done, says_undone
from funnelcli.facts.overlaps import one_id
from funnelcli.facts.rows import Rows, coded, firsts_of
from funnelcli.facts.snapshots import as_snapshots
from funnelcli.inputs.spec import Alike, Distinct, Earliest, EveryRow, Fullest, Input, Made, Merged, Outcome, Stays
from funnelcli.problems import Problems, problem
from funnelcli.reading.cells import Cells
from funnelcli.reading.engines.model import source_text
from funnelcli.reading.rows import Tally
from funnelcli.reading.tables import Table
from funnelcli.values.cells import clean_id
from funnelcli.values.dates import DAY_MICROS, day_of
from funnelcli.values.many import in_lines
from funnelcli.values.statuses import status_key

DEFAULTS = PaidUsers()
BY_START = ["entity", "start", "end", "source", "file", "line"]


class Counted(Struct, frozen=True, kw_only=True, eq=False):
    """The rows that count, with columns of the input's own, and the tallies that say so.

    ``listed`` are the days from and to which lists of who pays at the time tell who left; None where there are none.
    ``reached`` is the day on which the newest of these was made, ``by`` the columns, with their files, that say it.
    ``starts_said`` is off where these lists alone tell who is new.
    """

    rows: Rows
    tallies: tuple[Tally, ...]
    listed: tuple[tuple[int, int], ...] | None = None
    reached: int | None = None
    by: tuple[tuple[str, str], ...] = ()
    starts_said: bool = True


def sources_of(table: Table) -> Cells:
    """Each row's source, put together with its medium where the file has one."""
    if "source" not in table.texts:
        return Cells.blank(len(table))
    with_medium = [opened.has("medium") for opened in table.files]
    if not any(with_medium):
        return table.texts["source"]
    rows = zip(table.texts["source"], table.texts["medium"], table.file.tolist(), strict=True)
    return Cells.of([source_text(source, medium if with_medium[file] else None) for source, medium, file in rows])


def counted_rows(
    table: Table,
    problems: Problems,
    *,
    exclusive: bool = False,
    given: GivenStatuses = NO_STATUSES,
    rules: PaidUsers = DEFAULTS,
) -> Counted:
    """The rows of a table that count, by the identity that its input declares.

    ``exclusive`` says that an end is the first day no longer paid for; ``given`` is what the settings say of statuses,
    and ``rules`` what they say of rows that last.
    """
    rows = _rows(_exploded(table), exclusive=exclusive, given=given)
    match table.input.identity:
        case EveryRow():
            return Counted(rows=rows, tallies=table.tallies)
        case Distinct():
            # A day that is not given holds nothing to compare.
            alike = [*rows.words, *(name for name in rows.numbers if name not in ("file", "line"))]
            return _set_aside(table, rows, ~rows.again(alike))
        case Earliest(by=by):
            return _set_aside(table, rows, _earliest(rows, by))
        case Fullest() as identity:
            return _set_aside(table, rows, _fullest(rows, identity, table.input))
        case Merged(by=by):
            outcome = table.input.outcome
            assert outcome is not None
            rows = _once(table, rows, by, problems)
            counted = Counted(rows=rows, tallies=table.tallies)
            if (rows.is_filled(by) & rows.several([by])).any():
                rows = rows.in_order_of(["micros", "entity", "source", outcome.status, "held", "file", "line"])
                rows = _filled_from_repeats(rows, by, outcome)
                counted = _set_aside(table, rows, ~rows.is_filled(by) | ~rows.again([by]))
            return replace(counted, rows=_settled(table, counted.rows, outcome, problems))
        case Alike() as identity:
            return _lasting(table, rows.in_order_of(BY_START), identity, rules, problems)


class _Exploded(Struct, frozen=True, kw_only=True, eq=False):
    """A table, with a row for each value of the cells that hold a list: ``places`` are the rows of the table."""

    table: Table
    entities: Coded
    places: np.ndarray | None = None


def _exploded(table: Table) -> _Exploded:
    """Cells of the entity's column that hold several ids become a row for each."""
    names = entity_columns(table.input)
    columns = [table.texts[name] for name in names if name in table.texts]
    if not columns:
        return _Exploded(table=table, entities=Coded.same("", len(table)))
    cells = columns[0]
    for further in columns[1:]:
        if cells.place_of_blank is not None:
            cells = Cells.of([first or second for first, second in zip(cells, further, strict=True)])
    mark = next((c.several for c in table.input.columns if c.name in names and c.several), "")
    if not mark or mark not in in_lines(cells.texts):
        return _Exploded(table=table, entities=Coded(cells.places, cells.texts, cells))
    parts = [list(dict.fromkeys(filter(None, map(clean_id, cell.split(mark))))) or [""] for cell in cells]
    places = np.repeat(np.arange(len(table)), [len(part) for part in parts])
    return _Exploded(table=table, entities=Coded.of([name for part in parts for name in part]), places=places)


def entity_columns(declared: Input) -> list[str]:
    """The columns that say whose a row is: that of its first event, and those that are enough in its place."""
    first = declared.events[0].entity if declared.events else "user_id"
    groups = [group for group in declared.requires if first in group]
    return [first, *(name for group in groups for name in group if name != first)]


def _rows(exploded: _Exploded, *, exclusive: bool, given: GivenStatuses) -> Rows:
    """The rows with all their columns: words as text, moments in microseconds, and whose they are."""
    table = exploded.table
    declared = table.input
    words = {"source": coded(sources_of(table))}
    for name, cells in table.texts.items():
        if name != "source" and (table.has(name) or _is_looked_at(declared, name)):
            words[name] = coded(cells)
    if declared.made is not None and declared.made.named_by_file:
        words[declared.made.named_by_file] = _named_by_file(table, declared.made)
    if declared.outcome is not None:
        words[declared.outcome.status] = coded(outcome_words(table, declared.outcome, given))
    numbers = {"file": table.file, "line": table.line, **table.numbers}
    for name, moments in table.moments.items():
        numbers |= {f"{name} micros": moments.micros, f"{name} timed": moments.timed, f"{name} given": moments.given}
    at = declared.events[0].at if declared.events else None
    if at in table.moments:
        numbers |= {"micros": numbers[f"{at} micros"], "timed": numbers[f"{at} timed"]}
    if declared.outcome is not None:
        date = declared.outcome.date
        numbers |= {
            "held": _days(numbers, date, NO_DAY),
            "held at": numbers[f"{date} micros"],
            "held timed": numbers[f"{date} timed"],
        }
    if declared.stays is not None:
        numbers |= _terms(numbers, declared.stays, exclusive=exclusive)
    rows = Rows(words, numbers, len(table))
    if exploded.places is not None:
        rows = rows.taken(exploded.places)
    return rows.with_columns({"entity": exploded.entities})


def _named_by_file(table: Table, made: Made) -> Coded:
    """The column whose empty cells hold the name of their file, else of its export, where that has a sense."""
    stems = [Path(opened.name).name.partition(".")[0] for opened in table.files]
    exports = ["" if opened.export is None else opened.export.name for opened in table.files]
    names = [next(filter(made.sense_of, each), "") for each in zip(stems, exports, strict=True)]
    column = coded(table.texts[made.named_by_file])
    texts = [*column.texts, *names]
    by_file = np.arange(len(names), dtype=np.int64) + len(column.texts)
    codes = np.where(column.that(bool), column.codes, by_file[table.file] if names else column.codes)
    return without_twins(codes, texts)


def _terms(numbers: Mapping[str, np.ndarray], stays: Stays, *, exclusive: bool) -> dict[str, np.ndarray]:
    """The first and the last paid day of each row."""
    start = numbers[f"{stays.start} micros"] // DAY_MICROS
    last = _days(numbers, stays.end, OPEN_END)
    if exclusive:
        dated = (last != OPEN_END) & (last != UNDATED_END)
        last = np.where(dated, np.maximum(last - 1, start), last)
    return {"start": start, "end": last}


def _days(numbers: Mapping[str, np.ndarray], name: str, absent: int) -> np.ndarray:
    return np.where(numbers[f"{name} given"], numbers[f"{name} micros"] // DAY_MICROS, absent)


def _is_looked_at(declared: Input, name: str) -> bool:
    """Whether a column is looked at though no file has it."""
    stays = declared.stays
    money = (*stays.amounts, stays.interval, stays.currency) if stays is not None else ()
    identity = declared.identity
    by = {identity.by} if isinstance(identity, Earliest | Merged) else set()
    return name in money or name in by or (isinstance(identity, Alike) and name == identity.key)


def _once(table: Table, rows: Rows, by: str, problems: Problems) -> Rows:
    """The rows, those that another file has under other ids with the ids that they have there."""
    names = [opened.name for opened in table.files]
    same, faults = exported_twice(rows, by, table.input, names)
    problems.extend(faults)
    return rows.with_columns({by: Coded.of(one_id(rows, by, same.tolist(), names))}) if (same >= 0).any() else rows


def _lasting(table: Table, rows: Rows, identity: Alike, rules: PaidUsers, problems: Problems) -> Counted:
    """Rows that last, as the lists tell them in which they stand, without those that are one of the others."""
    snapshots = as_listed(table, rows) if table.lists else as_snapshots(table, rows, identity, rules)
    if snapshots is None:
        return _kept_of(table, rows, np.ones(len(rows), dtype=bool), identity, problems)
    problems.extend(snapshots.problems)
    order = snapshots.rows.order_by(BY_START)
    rows, kept = snapshots.rows.taken(order), snapshots.kept[order]
    return replace(
        _kept_of(table, rows, kept, identity, problems),
        listed=snapshots.listed or None, reached=snapshots.reached, by=snapshots.by,
        starts_said=snapshots.starts_said,
    )  # fmt: skip


def _kept_of(table: Table, rows: Rows, kept: np.ndarray, identity: Alike, problems: Problems) -> Counted:
    """Of the kept rows those that are none of the others once more."""
    alike = alike_kept(table, rows if kept.all() else rows.taken(kept), identity)
    problems.extend(alike.problems)
    kept[kept] = alike.rows
    return _set_aside(table, rows, kept)


def _set_aside(table: Table, rows: Rows, kept: np.ndarray) -> Counted:
    """The kept rows in order; the others are tallied as duplicates of their files.

    Of a row that was made into several, one that is kept is enough.
    """
    first, of_row, _ = rows.alike(["file", "line"]) if len(rows) != len(table) else (np.arange(len(rows)),) * 3
    any_kept = np.bincount(of_row[kept], minlength=len(first)) > 0
    others = np.bincount(rows["file"][first][~any_kept], minlength=len(table.tallies)).tolist()
    tallies = tuple(
        replace(tally, duplicate=tally.duplicate + number, counted=tally.counted - number)
        for tally, number in zip(table.tallies, others, strict=True)
    )
    return Counted(rows=rows.taken(kept), tallies=tallies)


def _fullest(rows: Rows, identity: Fullest, declared: Input) -> np.ndarray:
    """Of the rows that are alike by a group of columns those that say most, of equals the last ones."""
    spelt = {name: rows.words[name] for name in identity.spelt if name in rows.words}
    rows = rows.with_columns(
        {name: without_twins(w.codes, list(map(status_key, w.texts))) for name, w in spelt.items()}
    )
    filled = {name: _is_filled(rows, name) for name in {c.name for c in declared.columns} if _holds(rows, name)}
    says = sum((each.astype(np.int64) for each in filled.values()), np.zeros(len(rows), dtype=np.int64))
    name, pattern = identity.weighty
    if name in rows.words:
        weighty = rows.words[name].that(lambda text: re.search(pattern, status_key(text)) is not None)
        says = says + weighty * (len(filled) + 1)
    kept, undecided = np.ones(len(rows), dtype=bool), np.ones(len(rows), dtype=bool)
    for group in identity.by:
        if not all(name in filled for name in group):
            continue
        mine = np.flatnonzero(undecided & np.logical_and.reduce([filled[name] for name in group]))
        undecided[mine] = False
        if any(_tells_all_apart(rows.words[name].codes[mine]) for name in group if name in rows.words):
            continue
        order = mine[np.lexsort((-mine, -says[mine]))]
        columns = ["entity", *(_held_as(rows, name) for name in group)]
        kept[order[rows.taken(order).again(columns)]] = False
    return kept


def _tells_all_apart(codes: np.ndarray) -> bool:
    """Whether no two rows have the same word."""
    return not len(codes) or int(np.bincount(codes).max()) == 1


def _held_as(rows: Rows, name: str) -> str:
    """The column of the rows that tells what stands in one of ours."""
    return f"{name} micros" if f"{name} micros" in rows else name


def _holds(rows: Rows, name: str) -> bool:
    return _held_as(rows, name) in rows


def _is_filled(rows: Rows, name: str) -> np.ndarray:
    """The rows that have something in one of our columns."""
    if name in rows.words:
        return rows.is_filled(name)
    filled: np.ndarray = rows[f"{name} given"] if f"{name} given" in rows else ~np.isnan(rows[name])
    return filled


def _earliest(rows: Rows, by: str) -> np.ndarray:
    """The earliest row of each; of the same moment by source, then those without a time of day."""
    key = "entity" if by not in rows or by == "user_id" else by
    kept = np.ones(len(rows), dtype=bool)
    repeated = np.flatnonzero(rows.several([key]))
    if len(repeated):
        some = rows.taken(repeated)
        order = some.order_by(["micros", "source", "timed", "file", "line"])
        kept[repeated[order[some.taken(order).again([key])]]] = False
    return kept


# --- what was planned and came about -----------------------------------------------------------------------------


def _filled_from_repeats(rows: Rows, by: str, outcome: Outcome) -> Rows:
    """Rows with the same id learn from each other.

    A row that says it came about outweighs the others, whatever their order; else a missing day and status come from
    the earliest row that has them.
    """
    named, groups = rows.is_filled(by), rows.groups_of([by])
    says_held = rows.words[outcome.status].that(lambda word: word in outcome.yes)
    days, status = rows["held"], rows.words[outcome.status].codes

    def teachers(known: np.ndarray) -> np.ndarray:
        """Of each row the first that says it came about, else itself, else the first known one; those it learns of."""
        first_known = firsts_of(groups, known & named)
        first_held = firsts_of(groups, known & says_held & named)
        any_held = firsts_of(groups, says_held & named) >= 0
        own = np.where(known & ~any_held, np.arange(len(rows)), first_known)
        source = np.where(first_held >= 0, first_held, own)
        return np.where(named & (source >= 0), source, np.arange(len(rows)))

    words = rows.words[outcome.status]
    of_day, of_word = teachers(days != NO_DAY), teachers(words.that(bool))
    learnt = {name: rows[name][of_day] for name in ("held", "held at", "held timed")}
    return rows.with_columns({**learnt, outcome.status: Coded(status[of_word], words.texts)})


def _settled(table: Table, rows: Rows, outcome: Outcome, problems: Problems) -> Rows:
    """The rows with the day on which what each plans came about, NO_DAY where it did not, by its date and status.

    What came about though nothing says when did so on the day for which it was booked, at no time of it.
    """
    status, held, booked = rows.words[outcome.status], rows["held"], rows["micros"] // DAY_MICROS
    has_date = held != NO_DAY
    says_held = status.that(lambda word: word in outcome.yes)
    denied = status.that(outcome.denies)
    for column in outcome.undone:
        if column in rows:
            denied = denied | rows.words[column].that(says_undone)
    odd = status.that(bool) & ~says_held & ~denied
    for column in outcome.done:
        if column in rows:
            denied = denied | rows.words[column].that(lambda cell: says_done(cell, outcome) is False)
            says_held = says_held | rows.words[column].that(lambda cell: says_done(cell, outcome) is True)
    undated = says_held & ~has_date & ~denied
    early = has_date & ~denied & (held < booked)
    names, files, lines = [opened.name for opened in table.files], rows["file"], rows["line"]

    def report(code: str, chosen: np.ndarray, column: str, facts: Callable[[int], dict[str, object]]) -> None:
        for row in np.flatnonzero(chosen).tolist():
            problems.add(problem(code, file=names[files[row]], line=int(lines[row]), column=column, **facts(row)))

    report("unknown-status", odd, outcome.status, lambda row: {"value": rows.text(outcome.status, row)})
    report("held-without-date", undated, outcome.status, lambda row: {"value": rows.text(outcome.status, row)})
    report(
        "held-before-booked", early, outcome.date, lambda row: {"held": _day(held[row]), "booked": _day(booked[row])}
    )
    day = np.where(denied, NO_DAY, np.where(undated, booked, held))
    timed = rows["held timed"].astype(bool) & has_date & ~denied
    at = np.where(timed, rows["held at"], day * DAY_MICROS)
    return rows.with_columns({"held": day, "held at": at, "held timed": timed, "done": says_held & ~denied})


def _day(day: int) -> date | str:
    return "" if day in (NO_DAY, OPEN_END, UNDATED_END) else day_of(int(day) * DAY_MICROS)
