"""The movements of MRR by part: where a customer's rows move both ways on a day, what is a part's own.

The net is the movement of the part that moved most that way, the first by name of equals; all the rest goes from part
to part.  Where all parts move one way, each has its own movement.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from funnelcli.facts.events import Coded, Events
from funnelcli.facts.movements import KINDS, TRANSFERRED, UNPRICED_BESIDE, movement_event
from funnelcli.facts.sums import sums_by


def movements_by(facts: Mapping[str, Events], money: str, values: Sequence[Coded]) -> dict[str, Events]:
    """The movements of every kind as they count by the values of some dimensions, each given for every record.

    Of a kind the weights of the whole business are the same however it is split.
    """
    names = [movement_event(money, kind) for kind in KINDS]
    known = [facts[name] for name in names]
    beside = movement_event(money, UNPRICED_BESIDE)
    size = sum(map(len, known))
    every_rank = ranks_of(values, np.concatenate([events.row for events in (*known, facts[beside])]))
    rank, of_beside = every_rank[:size], every_rank[size:]
    if (every_rank == every_rank[:1]).all():  # all are of one part, to which nothing comes from others
        nothing = known[0].kept(np.zeros(0, dtype=np.int64))
        moved = {name: nothing.named(name) for name in (movement_event(money, TRANSFERRED), beside)}
        return dict(zip(names, known, strict=True)) | moved
    weight = np.concatenate([events.weight for events in known])
    movement = np.concatenate([events.link for events in known])
    moved_parts = _Parts.of(movement, rank, weight)
    own = moved_parts.own(weight)
    bounds = np.cumsum([len(events) for events in known])[:-1]
    split = dict(zip(names, zip(known, np.split(own, bounds), strict=True), strict=True))
    moved = {
        name: replace(events, weight=theirs).kept(theirs != 0)
        for name, (events, theirs) in split.items()
        if name != movement_event(money, TRANSFERRED)
    }
    columns = {
        name: np.concatenate([getattr(events, name) for events in known])
        for name in ("row", "day", "timed", "since", "link", "again")
    }
    for name, theirs in (
        (movement_event(money, TRANSFERRED), weight - own),
        (beside, moved_parts.unsure(facts[beside].link, facts[beside].weight, of_beside)),
    ):
        every = Events(name=name, records=known[0].records, moment=None, weight=theirs, **columns)
        moved[name] = every.kept(theirs != 0)
    return moved


def ranks_of(values: Sequence[Coded], row: np.ndarray) -> np.ndarray:
    """A number for all the values of each of some rows together, in the order of their names.

    >>> ranks_of([Coded.of(["b", "a"]), Coded.of(["x", "y"])], np.array([0, 1, 0])).tolist()
    [2, 1, 2]
    """
    rank = np.zeros(len(row), dtype=np.int64)
    for value in values:
        rank = rank * max(len(value.texts), 1) + value.ranks()[row]
    return rank


class _Parts(Struct, frozen=True, kw_only=True, eq=False):
    """What each movement is in each part: the sum of its changes there.

    ``first`` is the place of a change that is of the movement and the part, ``part`` the place of each change's among
    these; ``begins`` are the first of each movement, ``group`` its number of it.
    """

    amount: np.ndarray
    rank: np.ndarray
    movement: np.ndarray
    first: np.ndarray
    part: np.ndarray
    begins: np.ndarray
    group: np.ndarray

    @classmethod
    def of(cls, movement: np.ndarray, rank: np.ndarray, weight: np.ndarray) -> _Parts:
        keys = movement * (int(rank.max(initial=0)) + 1) + rank
        known, first, part = np.unique(keys, return_index=True, return_inverse=True)
        amount = sums_by(part, weight, len(known))
        whose = movement[first]
        is_first = np.ones(len(known), dtype=bool)
        is_first[1:] = whose[1:] != whose[:-1]
        return cls(
            amount=amount, rank=rank[first], movement=whose, first=first, part=part,
            begins=np.flatnonzero(is_first), group=np.cumsum(is_first) - 1,
        )  # fmt: skip

    def own(self, weight: np.ndarray) -> np.ndarray:
        """What of each weight is a movement of its part, and not transferred.

        >>> movement, weight = np.array([7, 7, 7, 7]), np.array([-100, -30, 150, 40])
        >>> _Parts.of(movement, np.array([0, 1, 2, 3]), weight).own(weight).tolist()
        [0, 0, 60, 0]
        >>> _Parts.of(movement, np.array([0, 0, 1, 1]), weight + 200).own(weight + 200).tolist()
        [100, 170, 350, 240]
        """
        if not len(weight):
            return weight
        net = np.add.reduceat(self.amount, self.begins)[self.group]
        both = self._goes(1) & self._goes(-1)
        # Within a movement the part that moved most the way of the net stands first, of equals that first by name.
        order = np.lexsort((self.rank, -self.amount * np.sign(net), self.movement))
        most = order[self.begins]
        own = np.where(both[self.group][self.part], 0, weight)
        winners = most[both]
        own[self.first[winners]] = net[winners]
        return np.asarray(own)

    def unsure(self, movement: np.ndarray, sign: np.ndarray, rank: np.ndarray) -> np.ndarray:
        """By changes: how many rows that nobody can price leave it open whether a part moved, or it was transferred.

        These begin (1) or cease (-1) with some movements, each of the part with its ``rank``.  Where they and all parts
        go one way, each part has moved; and a part to which nothing comes from others is not unsure for its own rows.

        >>> parts = _Parts.of(np.array([3, 3, 7, 8]), np.array([0, 1, 0, 0]), np.array([-100, 0, 50, -20]))
        >>> parts.unsure(np.array([3, 7, 8]), np.array([1, 1, 1]), np.array([0, 0, 0])).tolist()
        [1, 0, 0, 0]
        >>> parts.unsure(np.array([8]), np.array([1]), np.array([1])).tolist()
        [0, 0, 0, 1]
        """
        beside = np.zeros(len(self.part), dtype=np.int64)
        if not len(movement):
            return beside
        group = np.searchsorted(self.movement[self.begins], movement)
        alone = np.diff(self.begins, append=len(self.rank)) == 1
        elsewhere = ~alone[group] | (self.rank[self.begins][group] != rank)
        group, sign = group[elsewhere], sign[elsewhere]
        rises, falls, number = self._goes(1), self._goes(-1), np.zeros(len(self.begins), dtype=np.int64)
        rises[group[sign > 0]] = True
        falls[group[sign < 0]] = True
        np.add.at(number, group, 1)
        unsure = (rises & falls)[self.group] & (self.amount != 0)
        beside[self.first[unsure]] = number[self.group][unsure]
        return beside

    def _goes(self, sign: int) -> np.ndarray:
        """Of each movement, whether any part goes up (1) or down (-1)."""
        return np.asarray(np.maximum.reduceat(self.amount * sign, self.begins) > 0)
