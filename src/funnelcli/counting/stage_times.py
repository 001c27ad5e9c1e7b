"""How long things stay in a stage: of each its first entry to the first later stage or any end, and who still stays."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from funnelcli.facts.events import OPEN_END
from funnelcli.facts.moments import Moments, elapsed, so_far
from funnelcli.facts.trails import Trail, moved_on
from funnelcli.stats.distinct import is_among
from funnelcli.stats.survival import HAPPENED, OPEN


class Stays(Struct, frozen=True, kw_only=True, eq=False):
    """The first stays in a stage: the place of each entry in the trail, its time in microseconds, what became of it.

    Of those that ``left_unseen`` nothing says when: they tell nothing of how long a stay is.
    """

    place: np.ndarray
    times: np.ndarray
    became: np.ndarray
    left_unseen: np.ndarray


def stays_in(trail: Trail, rank: int, until: int) -> Stays:
    """The first stays in a stage, up to a day (since 1970-01-01).

    A return to an earlier stage does not stop the clock; a loss does, unless it has been moved on from by then.
    """
    seen = np.flatnonzero((trail.day <= until) & trail.dated)
    subject, ranks = trail.subject[seen], trail.rank[seen]
    mine = np.flatnonzero(ranks == rank)
    first = mine[np.unique(subject[mine], return_index=True)[1]]
    is_end = np.array([stage.end for stage in trail.journey.stages])
    is_over = is_end[ranks] & (moved_on(trail.kept(seen)) == OPEN_END)
    leaving = np.flatnonzero(((ranks > rank) & ~is_end[ranks]) | is_over)
    place = np.searchsorted(leaving, first, side="right")
    following = leaving[np.minimum(place, max(len(leaving) - 1, 0))] if len(leaving) else first
    left = (place < len(leaving)) & (subject[following] == subject[first])
    begun = _moments(trail, seen[first])
    gone = elapsed(begun, _moments(trail, seen[following]))
    stayed = so_far(begun, until)
    bare = np.flatnonzero((trail.day <= until) & ~trail.dated & ((trail.rank > rank) | is_end[trail.rank]))
    unseen = ~left & is_among(subject[first], trail.subject[bare])
    return Stays(
        place=seen[first], times=np.where(left, gone, np.where(unseen, 0, stayed)),
        became=np.where(left, HAPPENED, OPEN).astype(np.int64), left_unseen=unseen,
    )  # fmt: skip


def _moments(trail: Trail, places: np.ndarray) -> Moments:
    return Moments(day=trail.day[places], at=trail.at[places], timed=trail.timed[places])


class Waiting(Struct, frozen=True, kw_only=True, eq=False):
    """Who is in a stage on a day: the place of the latest entry of each in the trail, and the days since.

    ``times`` are the microseconds up to the end of the day.
    """

    place: np.ndarray
    days: np.ndarray
    times: np.ndarray


def waiting_in(trail: Trail, rank: int, until: int) -> Waiting:
    """Who is in a stage on a day, since the latest entry."""
    seen = np.flatnonzero(trail.day <= until)
    subject = trail.subject[seen]
    is_last = np.concatenate([subject[1:] != subject[:-1], [True]])[: len(seen)]
    last = seen[is_last & (trail.rank[seen] == rank)]
    return Waiting(place=last, days=until - trail.day[last], times=so_far(_moments(trail, last), until))
