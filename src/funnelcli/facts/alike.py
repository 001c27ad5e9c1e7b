"""Which rows that last are the same row once more: downloaded twice, or known better by a later download."""

from __future__ import annotations

from collections.abc import Mapping, Sequence, Set

import numpy as np
import pandas as pd

from funnelcli.facts.events import OPEN_END, UNDATED_END
from funnelcli.inputs.spec import Alike
from funnelcli.reading.tables import Table
from funnelcli.reading.unread import unread_cells


def alike_kept(table: Table, rows: pd.DataFrame, identity: Alike) -> np.ndarray:
    """Which of the sorted rows count: of those that are alike the first, and of one begun at once the best known.

    Rows of one file that are alike in all that is read, but not in what is not read, are different lines of an invoice.
    """
    # Columns that no file has are alike in every row, and looking at them only takes time.
    said = [name for name in identity.columns if table.has(name)]
    columns = ["entity", "start", "end", "source", *said]
    repeated = rows.duplicated(columns).to_numpy()
    if repeated.any():
        repeated = repeated & ~_other_lines(table, rows, columns)
    kept = ~repeated
    if identity.key in said:
        kept = kept & ~_outdated(rows, identity.key).to_numpy()
    if len(table.files) > 1:
        kept = kept & ~_superseded(rows, identity.key if identity.key in rows else None)
    return np.asarray(kept)


def _outdated(rows: pd.DataFrame, key: str) -> pd.Series:
    """Open rows that an ended row replaces: one of the same person, ``key`` and start."""
    named = rows[key] != ""
    is_open = rows["end"].isin((OPEN_END, UNDATED_END))
    ended = rows[named & ~is_open].set_index(["entity", key, "start"]).index
    keys = pd.MultiIndex.from_frame(rows[["entity", key, "start"]])
    return named & is_open & keys.isin(ended)


REPEATED = 2  # people at least, and half of a file's rows, that a later download has once more


def _superseded(rows: pd.DataFrame, key: str | None) -> np.ndarray:
    """Open rows without a key that a later download knows to have ended: of the same person, start and plan.

    A file is a download of the same list as another one if that has most of its rows once more.
    """
    is_open = rows["end"].isin((OPEN_END, UNDATED_END)).to_numpy()
    nameless = np.ones(len(rows), dtype=bool) if key is None else (rows[key] == "").to_numpy()
    superseded = np.zeros(len(rows), dtype=bool)
    same = ["entity", "start", *(["plan"] if "plan" in rows else [])]
    ended: dict[tuple[object, ...], set[int]] = {}
    for *what, file in rows.loc[~is_open & nameless, [*same, "file"]].itertuples(index=False, name=None):
        ended.setdefault(tuple(what), set()).add(file)
    places = np.flatnonzero(is_open & nameless).tolist() if ended else []
    if not places:
        return superseded
    begun: dict[int, set[tuple[object, ...]]] = {}
    for entity, start, file in rows[["entity", "start", "file"]].itertuples(index=False, name=None):
        begun.setdefault(file, set()).add((entity, start))
    for place in places:
        *what, file = rows.iloc[place][[*same, "file"]].tolist()
        later = ended.get(tuple(what), set()) - {file}
        superseded[place] = any(_repeats(begun[other], begun[file]) for other in later)
    return superseded


def _repeats(later: Set[tuple[object, ...]], earlier: Set[tuple[object, ...]]) -> bool:
    common = len(later & earlier)
    return common >= REPEATED and 2 * common >= len(earlier)


def _other_lines(table: Table, rows: pd.DataFrame, columns: Sequence[str]) -> np.ndarray:
    """Rows that another row of their file is alike in what is read, while they differ in what is not."""
    other = np.zeros(len(rows), dtype=bool)
    together = rows[rows.duplicated([*columns, "file"], keep=False)]
    if together.empty:
        return other
    unread = [
        unread_cells(opened, set(together.loc[together["file"] == number, "line"].tolist()))
        for number, opened in enumerate(table.files)
    ]
    for _, group in together.groupby([*columns, "file"], sort=False):
        seen: set[tuple[str, ...]] = set()
        for place, file, line in zip(group.index.tolist(), group["file"].tolist(), group["line"].tolist(), strict=True):
            cells = _cells(unread[file], line)
            other[rows.index.get_loc(place)] = bool(seen) and cells not in seen
            seen.add(cells)
    return other


def _cells(of_file: Mapping[int, tuple[str, ...]], line: int) -> tuple[str, ...]:
    return of_file.get(line, ())
