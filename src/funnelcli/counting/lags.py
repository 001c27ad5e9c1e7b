"""How many month ends lie between two stages: who of each month's entrants got on so many months later."""

from __future__ import annotations

import numpy as np

from funnelcli.values.lags import LagCounts

FEWEST = 30  # members that a lag is known of


def lag_counts(
    begun: np.ndarray, got_on: np.ndarray, reached: np.ndarray, over: int, *, least: int = FEWEST
) -> LagCounts:
    """The counts by lag, up to the last one known of the ``least`` members; of nobody where no lag is.

    ``begun`` and ``got_on`` are the months of each member's entries, ``reached`` says who got on at all; ``over`` is
    the last month that is over.

    >>> counts = lag_counts(np.zeros(30, int), np.ones(30, int), np.arange(30) < 6, 1)
    >>> counts.came, counts.known
    ((0, 6), (30, 30))
    """
    spans = over - begun
    most = int(spans.max(initial=-1))
    alive = np.bincount(spans[spans >= 0], minlength=most + 1)[::-1].cumsum()[::-1]
    lags = (got_on - begun)[reached & (got_on <= over)]
    came = np.bincount(lags[lags >= 0], minlength=most + 1)[: most + 1]
    last = int((alive >= least).sum())
    return LagCounts(came=tuple(came[:last].tolist()), known=tuple(alive[:last].tolist()))


def recent_lag_counts(
    begun: np.ndarray,
    got_on: np.ndarray,
    reached: np.ndarray,
    over: int,
    months: int,
    *,
    members: np.ndarray | None = None,
    least: int = FEWEST,
) -> LagCounts:
    """The counts by lag as they were in the latest ``months``: of each lag the members for whom it lay in these.

    So what is slow is as much of today as what is quick.  Over no more months than that it is ``lag_counts``.  A row
    stands for one member, or for as many as ``members`` says.

    >>> begun = np.repeat([0, 1, 2], 30)
    >>> counts = recent_lag_counts(begun, begun + 1, begun < 2, over=3, months=2)
    >>> counts.came, counts.known  # at lag 0 the members of the months 2 and 3, at lag 1 of the months 1 and 2
    ((0, 30, 0, 0), (30, 60, 60, 30))
    """
    first = int(begun.min(initial=over))
    spans = over - first + 1
    if spans <= 0:
        return LagCounts(came=(), known=())
    known = begun <= over
    begun_in = _numbers(begun[known] - first, _of(members, known), spans)
    on = reached & known & (got_on <= over) & (got_on >= begun)
    lags = _numbers((begun[on] - first) * spans + (got_on - begun)[on], _of(members, on), spans * spans)
    lags = lags.reshape(spans, spans)
    came, alive = [], []
    for lag in range(spans):
        latest = slice(max(spans - lag - months, 0), spans - lag)
        came.append(int(lags[latest, lag].sum()))
        alive.append(int(begun_in[latest].sum()))
    last = next((lag for lag, number in enumerate(alive) if number < least), spans)
    return LagCounts(came=tuple(came[:last]), known=tuple(alive[:last]))


def cohorts_of(
    begun: np.ndarray,
    got_on: np.ndarray,
    reached: np.ndarray,
    last: int,
    lag: int,
    months: int,
    *,
    members: np.ndarray | None = None,
) -> tuple[tuple[int, int], ...]:
    """Of each of the latest ``months`` up to the ``last`` that had members: how many got on by a lag, and how many of.

    A row stands for one member, or for as many as ``members`` says.

    >>> begun = np.array([0, 0, 1, 1, 2])
    >>> cohorts_of(begun, begun + 1, np.array([True, False, True, True, True]), last=1, lag=1, months=12)
    ((1, 2), (2, 2))
    """
    chosen = (begun <= last) & (begun > last - months)
    on = chosen & reached & (got_on - begun <= lag)
    did = by_month(begun[on], _of(members, on))
    return tuple((did.get(month, 0), number) for month, number in by_month(begun[chosen], _of(members, chosen)).items())


def by_month(months: np.ndarray, members: np.ndarray | None = None) -> dict[int, int]:
    """How many lie in each month that has any; a row stands for one, or for as many as ``members`` says.

    >>> by_month(np.array([3, 1, 3])), by_month(np.array([3, 1, 3]), np.array([10, 1, 5]))
    ({1: 1, 3: 2}, {1: 1, 3: 15})
    """
    if not len(months):
        return {}
    first = int(months.min())
    numbers = _numbers(months - first, members)
    return {first + place: int(numbers[place]) for place in np.flatnonzero(numbers).tolist()}


def _numbers(places: np.ndarray, members: np.ndarray | None, least: int = 0) -> np.ndarray:
    """How many members lie at each place, exact up to 2**53."""
    return np.bincount(places, weights=members, minlength=least)


def _of(members: np.ndarray | None, chosen: np.ndarray) -> np.ndarray | None:
    return None if members is None else np.asarray(members[chosen])
