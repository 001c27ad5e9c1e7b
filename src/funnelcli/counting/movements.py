"""The movements of MRR by part: where a customer's rows move both ways on a day, what is a part's own.

The net is the movement of the part that moved most that way, the first by name of equals; all the rest goes from part
to part.  Where all parts move one way, each has its own movement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec.structs import replace

from funnelcli.facts.events import Coded, Events
from funnelcli.facts.movements import KINDS, TRANSFERRED, movement_event


def movements_by(facts: Mapping[str, Events], money: str, values: Sequence[Coded]) -> dict[str, Events]:
    """The movements of every kind as they count by the values of some dimensions, each given for every record.

    Of a kind the weights of the whole business are the same however it is split.
    """
    names = [movement_event(money, kind) for kind in KINDS]
    known = [facts[name] for name in names]
    weight = np.concatenate([events.weight for events in known])
    movement = np.concatenate([events.link for events in known])
    own = _own(movement, _ranks(values, np.concatenate([events.row for events in known])), weight)
    bounds = np.cumsum([len(events) for events in known])[:-1]
    split = dict(zip(names, zip(known, np.split(own, bounds), strict=True), strict=True))
    moved = {
        name: replace(events, weight=theirs).kept(theirs != 0)
        for name, (events, theirs) in split.items()
        if name != movement_event(money, TRANSFERRED)
    }
    between = weight - own
    columns = {
        name: np.concatenate([getattr(events, name) for events in known])[between != 0]
        for name in ("row", "day", "at", "timed", "since", "link", "again")
    }
    name = movement_event(money, TRANSFERRED)
    return {**moved, name: Events(name=name, records=known[0].records, weight=between[between != 0], **columns)}


def _ranks(values: Sequence[Coded], row: np.ndarray) -> np.ndarray:
    """A number for all the values of each row together, in the order of their names."""
    rank = np.zeros(len(row), dtype=np.int64)
    for value in values:
        rank = rank * max(len(value.texts), 1) + value.ranks()[row]
    return rank


def _own(movement: np.ndarray, rank: np.ndarray, weight: np.ndarray) -> np.ndarray:
    """What of each weight is a movement of its part, and not transferred.

    >>> _own(np.array([7, 7, 7, 7]), np.array([0, 1, 2, 3]), np.array([-100, -30, 150, 40])).tolist()
    [0, 0, 60, 0]
    >>> _own(np.array([7, 7]), np.array([0, 1]), np.array([100, 30])).tolist()
    [100, 30]
    """
    if not len(weight):
        return weight
    keys, first, inverse = np.unique(
        movement * (int(rank.max()) + 1) + rank, return_index=True, return_inverse=True
    )  # fmt: skip
    of_part = np.zeros(len(keys), dtype=np.int64)
    np.add.at(of_part, inverse, weight)
    group = movement[first]
    begins = np.concatenate([[True], group[1:] != group[:-1]])
    number = np.cumsum(begins) - 1
    firsts = np.flatnonzero(begins)
    net = np.add.reduceat(of_part, firsts)[number]
    both = (np.maximum.reduceat(of_part, firsts) > 0) & (np.minimum.reduceat(of_part, firsts) < 0)
    # Within a movement the part that moved most the way of the net stands first, of equals that first by name.
    order = np.lexsort((rank[first], -of_part * np.sign(net), group))
    most = order[np.concatenate([[True], group[order][1:] != group[order][:-1]])]
    own = np.where(both[number][inverse], 0, weight)
    winners = most[both]
    own[first[winners]] = net[winners]
    return np.asarray(own)
