"""Events under keys instead of names: enough to see later which came, went or changed, and no list of people."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct

from funnelcli.facts.events import NO_LINE, NOBODY, Events, Records
from funnelcli.facts.model import Facts

KEY_BYTES = 8
_FACTOR = 0x9E3779B97F4A7C15  # odd, so that no value is lost


class Keyed(Struct, frozen=True, kw_only=True, eq=False):
    """The events of one name in columns of equal length, ordered by key, day and weight.

    ``key`` stands for the person, 0 for nobody; ``day`` is the local day since 1970-01-01, ``weight`` what it counts
    (hundredths, for money), ``traits`` stand for what splits it: its channel, plan, source and the like.  ``file`` is a
    place in ``files``, ``line`` that of the row, NO_LINE where there is none.
    """

    key: np.ndarray
    day: np.ndarray
    weight: np.ndarray
    traits: np.ndarray
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
    return {name: _keyed(facts, events, keys, until) for name, events in facts.events.items()}


def _traits(facts: Facts, records: Records) -> np.ndarray:
    """Of each record a number that stands for its values of all dimensions."""
    traits = np.zeros(len(records), dtype=np.uint64)
    for name in sorted(facts.dimensions.declared):
        if facts.dimensions.splits(name, records):
            values = facts.dimensions.of(name, records)
            codes = keys_of([f"{name}={text}" for text in values.texts] or [""])
            traits = traits * np.uint64(_FACTOR) + codes[values.codes]
    return traits


def _keyed(facts: Facts, events: Events, keys: np.ndarray, until: int) -> Keyed:
    kept = events.kept((events.day <= until) & (events.weight != 0))
    records, row = kept.records, kept.row
    entity, traits = records.entity[row], _traits(facts, records)[row]
    if not (entity != NOBODY).any():  # visits come as sums, which differ in how files are cut: of a day they are one
        return _by_day(kept, traits, records.files)
    order = np.lexsort((traits, kept.weight, kept.day, keys[entity]))
    return Keyed(
        key=keys[entity][order],
        day=kept.day[order],
        weight=kept.weight[order],
        traits=traits[order],
        file=records.file[row][order],
        line=records.line[row][order],
        files=records.files,
    )


def _by_day(events: Events, traits: np.ndarray, files: Sequence[str]) -> Keyed:
    sums: dict[tuple[int, int], int] = {}
    for day, trait, weight in zip(events.day.tolist(), traits.tolist(), events.weight.tolist(), strict=True):
        sums[day, trait] = sums.get((day, trait), 0) + weight
    ordered = sorted(sums.items())
    nothing = np.zeros(len(ordered), dtype=np.int64)
    return Keyed(
        key=nothing.astype("<u8"),
        day=np.array([day for (day, _), _ in ordered], dtype=np.int64),
        weight=np.array([weight for _, weight in ordered], dtype=np.int64),
        traits=np.array([trait for (_, trait), _ in ordered], dtype=np.uint64),
        file=nothing,
        line=np.full(len(ordered), NO_LINE),
        files=files,
    )


class Difference(Struct, frozen=True, kw_only=True):
    """Where two tables of events differ: the places of those that ``went`` from the one and ``came`` in the other."""

    went: np.ndarray
    came: np.ndarray


def difference(then: Keyed, now: Keyed) -> Difference:
    """The events that are in one table and not in the other; equal ones cancel out one by one.

    >>> def table(*events):
    ...     key, day, weight = (np.array(column) for column in zip(*events))
    ...     return Keyed(key=key.astype("<u8"), day=day, weight=weight, traits=key, file=key, line=key, files=[])
    >>> gone = difference(table((1, 10, 1), (1, 10, 1), (2, 11, 1)), table((1, 10, 1), (2, 12, 1)))
    >>> gone.went.tolist(), gone.came.tolist()
    ([1, 2], [1])
    """
    columns = [np.concatenate([getattr(then, name), getattr(now, name)]) for name in ("key", "day", "weight", "traits")]
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
