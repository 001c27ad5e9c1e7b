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


def by_month(months: np.ndarray) -> dict[int, int]:
    """How many lie in each month that has any.

    >>> by_month(np.array([3, 1, 3]))
    {1: 1, 3: 2}
    """
    each, counts = np.unique(months, return_counts=True)
    return dict(zip(each.tolist(), counts.tolist(), strict=True))
