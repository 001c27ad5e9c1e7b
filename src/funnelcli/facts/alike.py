"""Which rows that last are the same row once more: downloaded twice, or known better by a later download."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np
from msgspec import Struct

from funnelcli.facts.events import OPEN_END, UNDATED_END
from funnelcli.facts.lists import repeats
from funnelcli.facts.rows import Rows, firsts_of
from funnelcli.facts.snapshots import SAID_END
from funnelcli.inputs.spec import Alike
from funnelcli.problems import Problem, problem
from funnelcli.reading.headers import header_key
from funnelcli.reading.opening import Opened
from funnelcli.reading.tables import Table
from funnelcli.reading.unread import UnreadCells, unread_cells
from funnelcli.text import Message, Text

_EACH = Message("each counts, and its amount is added")
_ONCE = Message("they count once, as bills of one subscription")


class Kept(Struct, frozen=True, kw_only=True, eq=False):
    """Which rows count, and what is to be said of rows that are alike in all that is read."""

    rows: np.ndarray
    problems: tuple[Problem, ...] = ()


def alike_kept(table: Table, rows: Rows, identity: Alike) -> Kept:
    """Which of the sorted rows count: of those that are alike the first, and of one begun at once the best known.

    Rows of one file that are alike in all that is read, but not in what is not read, are different lines of an invoice.
    """
    # Columns that no file has are alike in every row, and looking at them only takes time.
    said = [name for name in identity.columns if table.has(name)]
    columns = ["entity", "start", "end", "source", *said]
    repeated = rows.again(columns)
    problems: list[Problem] = []
    if repeated.any():
        others, problems = _other_lines(table, rows, columns, identity)
        repeated = repeated & ~others
    kept = ~repeated
    billed = _billed_by_key(table, rows, columns, identity)
    if billed.any():
        problems += _said_of(table, rows, billed & kept, identity, _ONCE, None)
        kept = kept & ~billed
    if identity.key in said:
        kept = kept & ~_outdated(rows, identity.key)
    if len(table.files) > 1:
        kept = kept & ~_superseded(rows, identity.key if identity.key in rows else None)
    return Kept(rows=np.asarray(kept), problems=tuple(problems))


def _outdated(rows: Rows, key: str) -> np.ndarray:
    """Open rows that an ended row replaces: one of the same person, ``key`` and start."""
    named, is_open = rows.is_filled(key), np.isin(rows["end"], (OPEN_END, UNDATED_END))
    has_ended = firsts_of(rows.groups_of(["entity", key, "start"]), named & ~is_open) >= 0
    return named & is_open & has_ended


def _superseded(rows: Rows, key: str | None) -> np.ndarray:
    """Open rows without a key that a later download knows to have ended: of the same person, start and plan.

    A file is a download of the same list as another one if that has most of its rows once more.
    """
    open_ends = (OPEN_END, UNDATED_END)
    is_open = np.isin(rows["end"], open_ends)
    has_ended = ~np.isin(rows[SAID_END if SAID_END in rows else "end"], open_ends)
    nameless = np.ones(len(rows), dtype=bool) if key is None else ~rows.is_filled(key)
    superseded = np.zeros(len(rows), dtype=bool)
    columns = ["entity", "start", *(["plan"] if "plan" in rows else [])]
    same = list(zip(*(rows.list_of(name) for name in columns), strict=True))
    files = rows.list_of("file")
    ended: dict[tuple[object, ...], set[int]] = {}
    for place in np.flatnonzero(has_ended & nameless).tolist():
        ended.setdefault(same[place], set()).add(files[place])
    places = [place for place in np.flatnonzero(is_open & nameless).tolist() if same[place] in ended] if ended else []
    if not places:
        return superseded
    begun: dict[int, set[tuple[object, ...]]] = {}
    for what, file in zip(same, files, strict=True):
        begun.setdefault(file, set()).add(what[:2])
    known: dict[tuple[int, int], bool] = {}
    for place in places:
        for pair in ((other, files[place]) for other in ended[same[place]] if other != files[place]):
            if pair not in known:
                known[pair] = repeats(begun[pair[0]], begun[pair[1]])
            superseded[place] |= known[pair]
    return superseded


# --- lines that differ in what is not read --------------------------------------------------------------------------


def _other_lines(table: Table, rows: Rows, columns: Sequence[str], identity: Alike) -> tuple[np.ndarray, list[Problem]]:
    """Rows that another row of their file is alike in what is read, while they differ in what is not.

    A rate that bills of several numbers or days say is one, and such rows are repeats; otherwise it is asked about.
    """
    other = np.zeros(len(rows), dtype=bool)
    together = np.flatnonzero(rows.several([*columns, "file"]))
    if not len(together):
        return other, []
    files, lines = rows["file"], rows["line"]
    unread = [
        unread_cells(opened, set(lines[together[files[together] == number]].tolist()))
        for number, opened in enumerate(table.files)
    ]
    asked: dict[tuple[int, str, bool], list[int]] = {}
    alike: dict[int, list[int]] = {}
    for row, group in zip(together.tolist(), rows.taken(together).groups_of([*columns, "file"]).tolist(), strict=True):
        alike.setdefault(group, []).append(row)
    for group_rows in alike.values():
        file = int(files[group_rows[0]])
        of_rows = lines[group_rows].tolist()
        differing = _differing(unread[file], of_rows)
        is_rate = identity.rate in rows and bool(rows.text(identity.rate, group_rows[0]))
        once = is_rate and bool(differing) and _are_bills(unread[file], of_rows, differing, identity)
        seen: set[tuple[str, ...]] = set()
        for row, line in zip(group_rows, of_rows, strict=True):
            cells = unread[file].cells.get(line, ())
            is_other = bool(seen) and cells not in seen
            seen.add(cells)
            other[row] = is_other and not once
            if is_rate and is_other:
                asked.setdefault((file, differing[0], once), []).append(row)
    problems = [
        fault
        for (_, column, once), chosen in sorted(asked.items())
        for fault in _said_of(table, rows, chosen, identity, _ONCE if once else _EACH, column)
    ]
    return other, problems


def _differing(unread: UnreadCells, lines: Sequence[int]) -> list[str]:
    """The headers of the columns that are not read in which some lines differ."""
    columns = zip(*(unread.cells.get(line, ()) for line in lines), strict=False)
    return [header for header, cells in zip(unread.headers, columns, strict=False) if len(set(cells)) > 1]


def _are_bills(unread: UnreadCells, lines: Sequence[int], differing: Sequence[str], identity: Alike) -> bool:
    """Whether lines are bills of one thing: on days of their own, or numbered as bills are."""
    if len({unread.days.get(line, ()) for line in lines}) > 1:
        return True
    return any(re.search(identity.billed, header_key(header)) for header in differing)


def _billed_by_key(table: Table, rows: Rows, columns: Sequence[str], identity: Alike) -> np.ndarray:
    """Rows that say a rate once more, where what is read as the key is the number of a bill by its header."""
    files = [number for number, opened in enumerate(table.files) if _key_is_of_bills(opened, identity)]
    if not files or identity.rate not in rows:
        return np.zeros(len(rows), dtype=bool)
    alike = rows.again([*(name for name in columns if name != identity.key), "file"])
    billed: np.ndarray = alike & np.isin(rows["file"], files) & rows.is_filled(identity.rate)
    return billed


def _key_is_of_bills(opened: Opened, identity: Alike) -> bool:
    header = opened.columns.header_of(identity.key)
    if header is None or identity.key in opened.settings.columns or opened.export is not None:
        return False
    return bool(re.search(identity.billed, header_key(header)))


def _said_of(
    table: Table,
    rows: Rows,
    chosen: Sequence[int] | np.ndarray,
    identity: Alike,
    counts_as: Text,
    column: str | None,
) -> Iterator[Problem]:
    """What rows with the same rate count as, one problem a file."""
    if isinstance(chosen, np.ndarray):
        chosen = np.flatnonzero(chosen).tolist()
    by_file: dict[int, list[int]] = {}
    files, numbers = rows.list_of("file"), rows.list_of("line")
    for place in chosen:
        by_file.setdefault(files[place], []).append(numbers[place])
    for file, lines in sorted(by_file.items()):
        opened = table.files[file]
        header = column or opened.columns.header_of(identity.key) or identity.key
        yield problem(
            "rate-repeated", file=opened.name, line=min(lines), column=header, count=len(lines), rate=identity.rate,
            counts_as=counts_as, key=identity.key, stage=table.input.name,
            once="" if column else f"[inputs.{table.input.name}.columns] {identity.key} = false, ",
        )  # fmt: skip
