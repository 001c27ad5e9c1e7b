"""A firm run on as it is: of many runs who comes, who is lost, who pays at the end of each month, and what they bring.

The rates are those of `simulation`, drawn once a run from what was counted.  Source: docs/planning.md, forecast.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from funnelcli.stats.simulation import Counts, Given, rates_of_months, resampled_means
from funnelcli.stats.smoothing import Outlook

BANDS = (0.05, 0.25, 0.75, 0.95)


class Money(Struct, frozen=True, kw_only=True):
    """What customers bring a month: all of them at the beginning, and each new one as one of the ``amounts`` seen.

    The ``largest`` customers are lost or kept one by one; the others differ by a standard deviation of ``apart``, as
    the new ones do where of them no several amounts are known.  A lost customer takes ``lost`` times what the average
    one brings, known of ``lost_of`` of them, and what the others bring ``grows`` by one of these shares a month.
    """

    opening: float
    amounts: tuple[float, ...]
    apart: float = 0.0
    largest: tuple[float, ...] = ()
    lost: float = 1.0
    lost_of: int = 0
    grows: tuple[float, ...] = (0.0,)


class Firm(Struct, frozen=True, kw_only=True):
    """Who pays at the beginning, and the share of them lost in a month; of the first month ``elapsed`` is over."""

    customers: int
    churn: Counts | Given
    elapsed: float = 0.0
    money: Money | None = None


class Course(Struct, frozen=True, kw_only=True, eq=False):
    """By month, of each run: the customers lost, those who pay at its end, and what they bring, where that is known."""

    lost: np.ndarray
    end: np.ndarray
    amount: np.ndarray | None


def course(firm: Firm, new: np.ndarray, back: np.ndarray, *, seed: int) -> Course:
    """What becomes of a firm whose ``new`` customers, and those who come ``back``, are known by month and run.

    >>> firm = Firm(customers=100, churn=Given(rate=0.1), money=Money(opening=5000, amounts=(50.0,)))
    >>> after = course(firm, np.full((2, 4000), 10), np.zeros((2, 4000), int), seed=1)
    >>> after.lost.mean(axis=1).round().tolist(), after.end.mean(axis=1).round().tolist()
    ([10.0, 10.0], [100.0, 100.0])
    >>> after.amount.mean(axis=1).round(-2).tolist()
    [5000.0, 5000.0]
    """
    months, runs = new.shape
    churn = rates_of_months(_dice(seed, 3, 0), firm.churn, months, runs)
    churn[0] *= 1 - firm.elapsed
    draw, paying = _dice(seed, 3, 1), np.full(runs, firm.customers, dtype=np.int64)
    lost, end = np.empty((months, runs), dtype=np.int64), np.empty((months, runs), dtype=np.int64)
    for month in range(months):
        lost[month] = draw.binomial(paying, np.clip(churn[month], 0, 1))
        paying = paying - lost[month] + new[month] + back[month]
        end[month] = paying
    amount = None if firm.money is None else _amounts(seed, firm, firm.money, new + back, lost, end)
    return Course(lost=lost, end=end, amount=amount)


def _dice(*seed: int) -> np.random.Generator:
    """Dice of their own for each part, so that more months change nothing of those before."""
    return np.random.Generator(np.random.PCG64(seed))


def _amounts(seed: int, firm: Firm, money: Money, come: np.ndarray, lost: np.ndarray, end: np.ndarray) -> np.ndarray:
    """What those who pay at the end of each month bring."""
    months, runs = come.shape
    draw = _dice(seed, 3, 2)
    price, takes = resampled_means(draw, money.amounts, runs), _takes(draw, firm, money, runs)
    grows = _growth(_dice(seed, 3, 3), money.grows, months, runs)
    level, paying = np.full(runs, money.opening), np.full(runs, float(firm.customers))
    apart = float(np.std(money.amounts)) if len(money.amounts) > 1 else money.apart
    amount, largest = np.empty((months, runs)), np.repeat(np.array(money.largest)[:, None], runs, axis=1)
    for month in range(months):
        share = 1 - firm.elapsed if month == 0 else 1.0
        rate, mine = lost[month] / np.maximum(paying, 1) * takes, largest.sum(axis=0)
        gone = largest * (draw.random(largest.shape) < rate)
        others = np.maximum(level - mine, 0)
        noise = money.apart * np.sqrt(lost[month]) * draw.standard_normal(runs)
        taken = gone.sum(axis=0) + np.clip(rate * others + noise, 0, others)
        more = 1 + share * grows[month]
        noise = apart * np.sqrt(come[month]) * draw.standard_normal(runs)
        level = level * more - taken + np.maximum(come[month] * price + noise, 0)
        level = np.where(end[month] > 0, np.maximum(level, 0), 0)
        largest, amount[month], paying = (largest - gone) * more, level, end[month]
    return amount


def _takes(draw: np.random.Generator, firm: Firm, money: Money, runs: int) -> np.ndarray:
    """How many times the average a lost customer takes, of each run: known of so many as it was counted of."""
    if not (money.lost_of and money.opening):
        return np.full(runs, money.lost)
    off = money.apart * firm.customers / money.opening / np.sqrt(money.lost_of)
    return np.asarray(np.maximum(money.lost * (1 + off * draw.standard_normal(runs)), 0))


def _growth(draw: np.random.Generator, grows: Sequence[float], months: int, runs: int) -> np.ndarray:
    """By what share the others grow in each month of each run: one of a resample of the shares, drawn once a run."""
    known, size = np.array(grows), len(grows)
    resample = draw.integers(0, size, (size, runs))
    return np.asarray(known[np.take_along_axis(resample, draw.integers(0, size, (months, runs)), axis=0)])


def entering(
    outlook: Outlook, seasons: Sequence[float], *, runs: int, seed: Sequence[int], elapsed: float = 0.0
) -> np.ndarray:
    """Whole numbers of those who come in each month, of each run; of the first one only what is left of it.

    ``seasons`` are what each month is of a usual one.
    """
    numbers = outlook.paths(_dice(*seed, 0), len(seasons), runs)
    if any(season != 1 for season in seasons):
        numbers = np.rint(numbers * np.array(seasons)[:, None]).astype(np.int64)
    if elapsed:
        numbers[0] = _dice(*seed, 1).binomial(numbers[0], 1 - elapsed)
    return numbers


def thinned(numbers: np.ndarray, share: Counts | Given, *, seed: Sequence[int]) -> np.ndarray:
    """Those of some numbers, by month and run, of whom something holds that holds of a share.

    >>> thinned(np.full((1, 3), 10), Given(rate=1.0), seed=[1]).tolist()
    [[10, 10, 10]]
    """
    shares = np.clip(rates_of_months(_dice(*seed, 0), share, *numbers.shape), 0, 1)
    return np.asarray(_dice(*seed, 1).binomial(numbers, shares))


def nobody(months: int, runs: int) -> np.ndarray:
    """Nobody in any month of any run.

    >>> nobody(1, 3).tolist()
    [[0, 0, 0]]
    """
    return np.zeros((months, runs), dtype=np.int64)


def bands(values: np.ndarray, *, whole: bool) -> tuple[float, ...]:
    """The bounds that 90 % and 50 % of the runs lie within: at 5, 25, 75 and 95 %; of whole numbers these are, too.

    >>> bands(np.arange(101), whole=True)
    (5.0, 25.0, 75.0, 95.0)
    """
    bounds = np.quantile(values, BANDS, method="inverted_cdf" if whole else "linear")
    return tuple(float(bound) for bound in bounds)
