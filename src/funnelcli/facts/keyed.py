"""Events under keys instead of names: enough to see later which came, went or changed, and no list of people."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct

from funnelcli.facts.events import NO_LINE, NOBODY, Events
from funnelcli.facts.model import Facts

KEY_BYTES = 8


class Keyed(Struct, frozen=True, kw_only=True, eq=False):
    """The events of one name in columns of equal length, ordered by key, day and weight.

    ``key`` stands for the person, 0 for nobody; ``day`` is the local day since 1970-01-01, ``weight`` what it counts
    (hundredths, for money).  ``file`` is a place in ``files``, ``line`` that of the row, NO_LINE where there is none.
    """

    key: np.ndarray
    day: np.ndarray
    weight: np.ndarray
    file: np.ndarray
    line: np.ndarray
    files: Sequence[str]

    def __len__(self) -> int:
        return len(self.key)


def keys_of(names: Sequence[str]) -> np.ndarray:
    """The key of each person: 64 bits of a digest.  Who knows an id can tell its key; a key alone tells no id.

    >>> keys_of(["u1", "u1"]).tolist()[0] == keys_of(["u1"]).tolist()[0] != 0
    True
    """
    digest = hashlib.blake2b
    raw = b"".join(digest(name.encode("utf-8", "backslashreplace"), digest_size=KEY_BYTES).digest() for name in names)
    return np.frombuffer(raw, dtype="<u8")


def keyed_events(facts: Facts, until: int) -> Mapping[str, Keyed]:
    """Every event up to a day (a whole number since 1970-01-01), by its name."""
    keys = np.append(keys_of(facts.entities), np.uint64(0))  # NOBODY is the last place
    return {name: _keyed(events, keys, until) for name, events in facts.events.items()}


def _keyed(events: Events, keys: np.ndarray, until: int) -> Keyed:
    kept = events.kept(events.day <= until)
    records, row = kept.records, kept.row
    entity = records.entity[row]
    if not (entity != NOBODY).any():  # visits come as sums, which differ in how files are cut: of a day they are one
        return _by_day(kept, records.files)
    order = np.lexsort((kept.weight, kept.day, keys[entity]))
    return Keyed(
        key=keys[entity][order],
        day=kept.day[order],
        weight=kept.weight[order],
        file=records.file[row][order],
        line=records.line[row][order],
        files=records.files,
    )


def _by_day(events: Events, files: Sequence[str]) -> Keyed:
    days, place = np.unique(events.day, return_inverse=True)
    weight = np.zeros(len(days), dtype=np.int64)
    np.add.at(weight, place, events.weight)
    nothing = np.zeros(len(days), dtype=np.int64)
    return Keyed(
        key=nothing.astype("<u8"), day=days, weight=weight, file=nothing, line=np.full(len(days), NO_LINE), files=files
    )


class Difference(Struct, frozen=True, kw_only=True):
    """Where two tables of events differ: the places of those that ``went`` from the one and ``came`` in the other."""

    went: np.ndarray
    came: np.ndarray


def difference(then: Keyed, now: Keyed) -> Difference:
    """The events that are in one table and not in the other; equal ones cancel out one by one.

    >>> def table(*events):
    ...     key, day, weight = (np.array(column) for column in zip(*events))
    ...     return Keyed(key=key.astype("<u8"), day=day, weight=weight, file=key, line=key, files=[])
    >>> gone = difference(table((1, 10, 1), (1, 10, 1), (2, 11, 1)), table((1, 10, 1), (2, 12, 1)))
    >>> gone.went.tolist(), gone.came.tolist()
    ([1, 2], [1])
    """
    columns = [np.concatenate([getattr(then, name), getattr(now, name)]) for name in ("key", "day", "weight")]
    order = np.lexsort(columns)
    alike = np.zeros(len(order), dtype=np.int64)
    for column in columns:
        ordered = column[order]
        alike[1:] |= ordered[1:] != ordered[:-1]
    group = np.empty(len(order), dtype=np.int64)
    group[order] = np.cumsum(alike)
    size = int(group.max(initial=-1)) + 1
    before, after = group[: len(then)], group[len(then) :]
    counts = [np.bincount(part, minlength=size) for part in (before, after)]
    common = np.minimum(*counts)
    return Difference(went=_beyond(before, common), came=_beyond(after, common))


def _beyond(group: np.ndarray, common: np.ndarray) -> np.ndarray:
    """The places of those in each group that are more than are in common; equal ones follow each other."""
    order = np.argsort(group, kind="stable")
    ordered = group[order]
    rank = np.arange(len(order)) - np.searchsorted(ordered, ordered, side="left")
    return np.sort(order[rank >= common[ordered]])
