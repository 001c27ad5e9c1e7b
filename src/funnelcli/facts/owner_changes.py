"""Histories of owners: a change from marketing, or a queue, to sales is a hand-over, and the way back its return."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from funnelcli.facts.events import NOBODY, Coded, Events, without_twins
from funnelcli.facts.tied import Dated
from funnelcli.facts.timeline import Timeline
from funnelcli.inputs.handovers import OWNER_FIELD
from funnelcli.text.regex import regex
from funnelcli.values.channels import fold, matches
from funnelcli.values.statuses import status_key

# What Salesforce writes for a user and for a queue, of 15 or 18 characters.
_ID = regex(r"(005|00G)[A-Za-z0-9]{12}([A-Za-z0-9]{3})?")
_QUEUE = "00G"


class OwnerChanges(Struct, frozen=True, kw_only=True, eq=False):
    """Changes that give leads to somebody of sales, in the order of lead and moment, by their places in a history.

    ``within`` sales are those that come from somebody of sales; ``owner`` is who has the lead from then on, of all
    records; ``returned`` is when each came back.
    """

    events: Events
    within: np.ndarray
    owner: Coded
    returned: Dated


def owner_changes(base: Events, owners: Sequence[str]) -> OwnerChanges:
    """The changes of a history; ``owners`` are those of marketing and the queues."""
    records, size = base.records, len(base.records)
    field = records.words.get("field", Coded.same("", size))
    is_owner = field.that(lambda text: not text or regex(OWNER_FIELD).search(status_key(text)) is not None)
    base = base.kept(is_owner[base.row] & (records.entity[base.row] != NOBODY))
    old, new = records.words.get("old", Coded.same("", size)), records.words["new"]
    old, new = _with_names(base, old, new)
    base = base.kept(_in_order(base, old, new))

    def is_ours(text: str) -> bool:
        return not text or (text.startswith(_QUEUE) and _ID.fullmatch(text) is not None) or matches(text, owners)

    to_us, from_us = new.that(is_ours)[base.row], old.that(is_ours)[base.row]
    handed, back = base.kept(~to_us), base.kept(to_us & ~from_us)
    of_back = _handed_before(handed, back, old, new)
    known = np.flatnonzero(of_back >= 0)[::-1]
    returned = Dated.never(len(handed))
    returned.at[of_back[known]], returned.timed[of_back[known]] = back.at[known], np.asarray(back.timed)[known]
    return OwnerChanges(events=handed, within=~from_us[~to_us], owner=new, returned=returned)


def _in_order(base: Events, old: Coded, new: Coded) -> np.ndarray:
    """The places of changes in the order of lead and moment, each once; of one moment as the file goes on.

    A file whose latest changes stand first is read from its end.
    """
    entity, at = base.records.entity[base.row], base.at
    same = entity[1:] == entity[:-1]
    is_upward = int(np.sum(same & (at[1:] < at[:-1]))) > int(np.sum(same & (at[1:] > at[:-1])))
    order = np.lexsort((-base.row if is_upward else base.row, at, entity))
    columns = np.stack([entity, at, old.codes[base.row], new.codes[base.row]])[:, order]
    _, first = np.unique(columns, axis=1, return_index=True)
    return np.asarray(order[np.sort(first)])


def _handed_before(handed: Events, back: Events, old: Coded, new: Coded) -> np.ndarray:
    """Of each way back the place of the change by which the lead had gone to sales, below 0 where none is known.

    Of changes at one moment it is the one to whoever gives the lead back, unless they have had it before.
    """
    whose, entity = handed.records.entity[handed.row], back.records.entity[back.row]
    line = Timeline.of(whose, handed.at)
    earlier, latest = line.place(entity, back.at) - 1, line.place(entity, back.at, "right") - 1
    folded: dict[str, int] = {}
    codes = [np.array([folded.setdefault(fold(text), len(folded)) for text in each.texts]) for each in (old, new)]
    gives = codes[0][old.codes[back.row]]
    gets = codes[1][new.codes[handed.row]]

    def are_theirs(place: np.ndarray) -> np.ndarray:
        return np.asarray((place >= 0) & line.there(np.maximum(place, 0), entity))

    def went_to_them(place: np.ndarray) -> np.ndarray:
        return np.asarray(are_theirs(place) & (gets[place] == gives) if len(gets) else are_theirs(place))

    at_once = (latest != earlier) & went_to_them(latest) & ~went_to_them(earlier)
    place = np.where(at_once, latest, earlier)
    return np.where(are_theirs(place), place, -1)


def _with_names(base: Events, old: Coded, new: Coded) -> tuple[Coded, Coded]:
    """Both columns with names in the place of ids, where the history says a change twice: by names, and by ids."""
    ids = [each.that(lambda text: _ID.fullmatch(text) is not None)[base.row] for each in (old, new)]
    if not (ids[0] | ids[1]).any():
        return old, new
    _, moment = np.unique(np.stack([base.records.entity[base.row], base.at]), axis=1, return_inverse=True)
    moment = moment.reshape(-1)
    votes: dict[tuple[str, str], int] = {}
    for is_id, cells in zip(ids, (old, new), strict=True):
        named = np.flatnonzero(~is_id & cells.that(bool)[base.row])
        named = named[np.argsort(moment[named], kind="stable")]
        left, right = (np.searchsorted(moment[named], moment[is_id], side=side) for side in ("left", "right"))
        sure = np.flatnonzero(right - left == 1)
        pairs = np.stack([cells.codes[base.row[is_id]][sure], cells.codes[base.row[named]][left[sure]]])
        for (of_id, of_name), number in zip(*_counted(pairs), strict=True):
            key = cells.texts[of_id], cells.texts[of_name]
            votes[key] = votes.get(key, 0) + number
    names = {of_id: name for (of_id, name), _ in sorted(votes.items(), key=lambda vote: (vote[1], vote[0]))}
    renamed = [without_twins(each.codes, [names.get(text, text) for text in each.texts]) for each in (old, new)]
    return renamed[0], renamed[1]


def _counted(pairs: np.ndarray) -> tuple[list[tuple[int, int]], list[int]]:
    """The different columns of some, and how often each is there."""
    if not pairs.shape[1]:
        return [], []
    different, number = np.unique(pairs, axis=1, return_counts=True)
    return [(int(first), int(second)) for first, second in different.T], number.tolist()
