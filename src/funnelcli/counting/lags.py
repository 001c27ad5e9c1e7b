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
    begun: np.ndarray, got_on: np.ndarray, reached: np.ndarray, over: int, months: int, *, least: int = FEWEST
) -> LagCounts:
    """The counts by lag as they were in the latest ``months``: of each lag the members for whom it lay in these.

    So what is slow is as much of today as what is quick.  Over no more months than that it is ``lag_counts``.

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
    members = np.bincount(begun[known] - first, minlength=spans)
    on = reached & known & (got_on <= over) & (got_on >= begun)
    lags = np.bincount((begun[on] - first) * spans + (got_on - begun)[on], minlength=spans * spans)
    lags = lags.reshape(spans, spans)
    came, alive = [], []
    for lag in range(spans):
        latest = slice(max(spans - lag - months, 0), spans - lag)
        came.append(int(lags[latest, lag].sum()))
        alive.append(int(members[latest].sum()))
    last = next((lag for lag, number in enumerate(alive) if number < least), spans)
    return LagCounts(came=tuple(came[:last]), known=tuple(alive[:last]))


def cohorts_of(
    begun: np.ndarray, got_on: np.ndarray, reached: np.ndarray, last: int, lag: int, months: int
) -> tuple[tuple[int, int], ...]:
    """Of each of the latest ``months`` up to the ``last`` that had members: how many got on by a lag, and how many of.

    >>> begun = np.array([0, 0, 1, 1, 2])
    >>> cohorts_of(begun, begun + 1, np.array([True, False, True, True, True]), last=1, lag=1, months=12)
    ((1, 2), (2, 2))
    """
    chosen = (begun <= last) & (begun > last - months)
    did = by_month(begun[chosen & reached & (got_on - begun <= lag)])
    return tuple((did.get(month, 0), number) for month, number in by_month(begun[chosen]).items())


def by_month(months: np.ndarray) -> dict[int, int]:
    """How many lie in each month that has any.

    >>> by_month(np.array([3, 1, 3]))
    {1: 1, 3: 2}
    """
    each, counts = np.unique(months, return_counts=True)
    return dict(zip(each.tolist(), counts.tolist(), strict=True))
