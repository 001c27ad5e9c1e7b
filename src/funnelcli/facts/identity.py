"""Which rows of an input are one: the others are duplicates, tallied as such."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from funnelcli.config import PaidUsers
from funnelcli.facts.alike import alike_kept
from funnelcli.facts.copies import exported_twice
from funnelcli.facts.events import NO_DAY, OPEN_END, UNDATED_END
from funnelcli.facts.listed import as_listed
from funnelcli.facts.outcomes import NO_STATUSES, GivenStatuses, outcome_words, says_done, says_undone
from funnelcli.facts.snapshots import as_snapshots
from funnelcli.inputs.spec import Alike, Earliest, EveryRow, Input, Merged, Outcome
from funnelcli.problems import Problems, problem
from funnelcli.reading.cells import Cells
from funnelcli.reading.engines.model import source_text
from funnelcli.reading.rows import Tally
from funnelcli.reading.tables import Table
from funnelcli.values.cells import clean_id
from funnelcli.values.dates import DAY_MICROS, day_of

DEFAULTS = PaidUsers()  # type: ignore[call-arg]  # every field has a default
BY_START = ["entity", "start", "end", "source", "file", "line"]


@dataclass(frozen=True, kw_only=True, eq=False)
class Counted:
    """The rows that count, as a table of pandas with columns of the input's own, and the tallies that say so.

    ``listed`` are the days from and to which lists of who pays at the time tell who left; None where there are none.
    ``reached`` is the day on which the newest of these was made, ``by`` the columns, with their files, that say it.
    ``starts_said`` is off where these lists alone tell who is new.
    """

    rows: pd.DataFrame
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
        case Earliest(by=by):
            return _set_aside(table, rows, _earliest(rows, by))
        case Merged(by=by):
            outcome = table.input.outcome
            assert outcome is not None
            rows, table = _once(table, rows, by, problems)
            repeated = (rows[by] != "") & rows[by].duplicated(keep=False)
            counted = Counted(rows=rows, tallies=table.tallies)
            if repeated.any():
                rows = rows.sort_values(
                    ["micros", "entity", "source", outcome.status, "held", "file", "line"], kind="stable"
                )
                rows = _filled_from_repeats(rows, by, outcome)
                counted = _set_aside(table, rows, ((rows[by] == "") | ~rows.duplicated(by)).to_numpy())
            _settle(table, counted.rows, outcome, problems)
            return counted
        case Alike() as identity:
            rows = rows.sort_values(BY_START, kind="stable")
            return _lasting(table, rows, identity, rules, problems)


@dataclass(frozen=True, kw_only=True, eq=False)
class _Exploded:
    """A table, with a row for each value of the cells that hold a list: ``places`` are the rows of the table."""

    table: Table
    entities: Sequence[str]
    places: np.ndarray | None = None


def _exploded(table: Table) -> _Exploded:
    """Cells of the entity's column that hold several ids become a row for each."""
    names = entity_columns(table.input)
    columns = [table.texts[name] for name in names if name in table.texts]
    if not columns:
        return _Exploded(table=table, entities=[""] * len(table))
    entities = list(columns[0])
    for cells in columns[1:]:
        entities = [first or second for first, second in zip(entities, cells, strict=True)]
    mark = next((c.several for c in table.input.columns if c.name in names and c.several), "")
    if not mark:
        return _Exploded(table=table, entities=entities)
    parts = [list(dict.fromkeys(filter(None, map(clean_id, cell.split(mark))))) or [""] for cell in entities]
    places = np.repeat(np.arange(len(table)), [len(part) for part in parts])
    return _Exploded(table=table, entities=[name for part in parts for name in part], places=places)


def entity_columns(declared: Input) -> list[str]:
    """The columns that say whose a row is: that of its first event, and those that are enough in its place."""
    first = declared.events[0].entity if declared.events else "user_id"
    groups = [group for group in declared.requires if first in group]
    return [first, *(name for group in groups for name in group if name != first)]


def _column(cells: Cells) -> pd.Series:
    return pd.Series(cells.values(), dtype=object)


def _rows(exploded: _Exploded, *, exclusive: bool, given: GivenStatuses) -> pd.DataFrame:
    """The rows with all their columns: words as text, moments in microseconds, and whose they are."""
    table = exploded.table
    declared = table.input
    frame = pd.DataFrame({"source": _column(sources_of(table)), "file": table.file, "line": table.line})
    for name, cells in table.texts.items():
        if name != "source" and (table.has(name) or _is_looked_at(declared, name)):
            frame[name] = _column(cells)
    for name, moments in table.moments.items():
        frame[f"{name} micros"], frame[f"{name} timed"], frame[f"{name} given"] = (
            moments.micros, moments.timed, moments.given,
        )  # fmt: skip
    for name, numbers in table.numbers.items():
        frame[name] = numbers
    if exploded.places is not None:
        frame = frame.iloc[exploded.places].reset_index(drop=True)
    frame["entity"] = pd.Series(list(exploded.entities), dtype=object)
    at = declared.events[0].at if declared.events else None
    if at in table.moments:
        frame["micros"], frame["timed"] = frame[f"{at} micros"], frame[f"{at} timed"]
    if declared.outcome is not None:
        held = declared.outcome.date
        frame["held"] = np.where(frame[f"{held} given"], frame[f"{held} micros"] // DAY_MICROS, NO_DAY)
        frame[declared.outcome.status] = _column(outcome_words(table, declared.outcome, given))
    if declared.stays is not None:
        start, end = declared.stays.start, declared.stays.end
        frame["start"] = frame[f"{start} micros"] // DAY_MICROS
        last = np.where(frame[f"{end} given"], frame[f"{end} micros"] // DAY_MICROS, OPEN_END)
        if exclusive:
            dated = (last != OPEN_END) & (last != UNDATED_END)
            last = np.where(dated, np.maximum(last - 1, frame["start"].to_numpy()), last)
        frame["end"] = last
    return frame


def _is_looked_at(declared: Input, name: str) -> bool:
    """Whether a column is looked at though no file has it."""
    stays = declared.stays
    money = (*stays.amounts, stays.interval, stays.currency) if stays is not None else ()
    identity = declared.identity
    by = {identity.by} if isinstance(identity, Earliest | Merged) else set()
    return name in money or name in by or (isinstance(identity, Alike) and name == identity.key)


def _once(table: Table, rows: pd.DataFrame, by: str, problems: Problems) -> tuple[pd.DataFrame, Table]:
    """The rows without those that another file has under other ids, and the table with these tallied as duplicates."""
    twice, faults = exported_twice(rows, by, table.input, [opened.name for opened in table.files])
    if not faults:
        return rows, table
    problems.extend(faults)
    counted = _set_aside(table, rows, ~twice)
    return counted.rows, replace(table, tallies=counted.tallies)


def _lasting(table: Table, rows: pd.DataFrame, identity: Alike, rules: PaidUsers, problems: Problems) -> Counted:
    """Rows that last, as the lists tell them in which they stand, without those that are one of the others."""
    rows = rows.reset_index(drop=True)
    snapshots = as_listed(table, rows) if table.lists else as_snapshots(table, rows, identity, rules)
    if snapshots is None:
        return _kept_of(table, rows, np.ones(len(rows), dtype=bool), identity, problems)
    problems.extend(snapshots.problems)
    order = snapshots.rows.sort_values(BY_START, kind="stable").index.to_numpy()
    rows, kept = snapshots.rows.iloc[order], snapshots.kept[order]
    return replace(
        _kept_of(table, rows, kept, identity, problems),
        listed=snapshots.listed or None, reached=snapshots.reached, by=snapshots.by,
        starts_said=snapshots.starts_said,
    )  # fmt: skip


def _kept_of(table: Table, rows: pd.DataFrame, kept: np.ndarray, identity: Alike, problems: Problems) -> Counted:
    """Of the kept rows those that are none of the others once more."""
    alike = alike_kept(table, rows if kept.all() else rows[kept], identity)
    problems.extend(alike.problems)
    kept[kept] = alike.rows
    return _set_aside(table, rows, kept)


def _set_aside(table: Table, rows: pd.DataFrame, kept: np.ndarray) -> Counted:
    """The kept rows in order; the others are tallied as duplicates of their files."""
    others = np.bincount(rows["file"].to_numpy()[~kept], minlength=len(table.tallies)).tolist()
    tallies = tuple(
        replace(tally, duplicate=tally.duplicate + number, counted=tally.counted - number)
        for tally, number in zip(table.tallies, others, strict=True)
    )
    return Counted(rows=rows[kept].reset_index(drop=True), tallies=tallies)


def _earliest(rows: pd.DataFrame, by: str) -> np.ndarray:
    """The earliest row of each; of the same moment by source, then those without a time of day."""
    key = "entity" if by not in rows or by == "user_id" else by
    kept = np.ones(len(rows), dtype=bool)
    repeated = rows[key].duplicated(keep=False).to_numpy()
    if repeated.any():
        several = rows[repeated].sort_values(["micros", "source", "timed", "file", "line"], kind="stable")
        kept[several.index[several.duplicated(key)]] = False
    return kept


# --- what was planned and came about -----------------------------------------------------------------------------


def _filled_from_repeats(rows: pd.DataFrame, by: str, outcome: Outcome) -> pd.DataFrame:
    """Rows with the same id learn from each other.

    A row that says it came about outweighs the others, whatever their order; else a missing day and status come from
    the earliest row that has them.
    """
    rows = rows.copy()
    named = rows[by] != ""
    by_id = rows.loc[named, by]

    def earliest(values: pd.Series) -> pd.Series:
        return values[named].groupby(by_id).transform("first")

    says_held = rows[outcome.status].isin(outcome.yes)
    held = rows["held"].where(rows["held"] != NO_DAY)
    status = rows[outcome.status].where(rows[outcome.status] != "")
    any_held = earliest(says_held.where(says_held)).notna()
    by_held_rows = earliest(held.where(says_held)).fillna(earliest(held))
    own_or_earliest = held[named].fillna(earliest(held))
    rows.loc[named, "held"] = by_held_rows.where(any_held, own_or_earliest).fillna(NO_DAY).astype(np.int64)
    rows.loc[named, outcome.status] = (
        earliest(status.where(says_held)).where(any_held, status[named].fillna(earliest(status))).fillna("")
    )
    return rows


def _settle(table: Table, rows: pd.DataFrame, outcome: Outcome, problems: Problems) -> None:
    """Decide of every row whether and when what it plans came about, from its date and its status."""
    status, booked = rows[outcome.status], rows["micros"] // DAY_MICROS
    has_date = rows["held"] != NO_DAY
    says_held = status.isin(outcome.yes)
    denied = status.isin([word for word in status.unique() if outcome.denies(word)])
    for column in outcome.undone:
        if column in rows:
            denied |= rows[column].isin([cell for cell in rows[column].unique() if says_undone(cell)])
    odd = (status != "") & ~says_held & ~denied
    for column in outcome.done:
        if column in rows:
            says = {cell: says_done(cell, outcome) for cell in rows[column].unique()}
            denied |= rows[column].isin([cell for cell, is_done in says.items() if is_done is False])
            says_held = says_held | rows[column].isin([cell for cell, is_done in says.items() if is_done])
    undated = says_held & ~has_date & ~denied

    def report(code: str, chosen: pd.Series, column: str, **facts: pd.Series) -> None:
        names, files, lines = [opened.name for opened in table.files], rows["file"].tolist(), rows["line"].tolist()
        for place in np.flatnonzero(chosen.to_numpy(bool)).tolist():
            stated = {name: _stated(values.iloc[place]) for name, values in facts.items()}
            problems.add(problem(code, file=names[files[place]], line=lines[place], column=column, **stated))

    report("unknown-status", odd, outcome.status, value=status)
    report("held-without-date", undated, outcome.status, value=status)
    early = has_date & ~denied & (rows["held"] < booked)
    report("held-before-booked", early, outcome.date, held=rows["held"], booked=booked)
    rows.loc[undated, "held"] = booked[undated]
    rows.loc[denied, "held"] = NO_DAY


def _stated(value: object) -> object:
    """A word as it is; a day as people write it."""
    return value if isinstance(value, str) else _iso(int(value))  # type: ignore[call-overload]  # a number of pandas


def _iso(day: int) -> str:
    return "" if day in (NO_DAY, OPEN_END, UNDATED_END) else day_of(int(day) * DAY_MICROS).isoformat()
