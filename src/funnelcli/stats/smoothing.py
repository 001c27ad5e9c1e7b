"""Where a monthly count is heading: its level by exponential smoothing, and how far off that may be.

Errors are relative to the level, as those of counts that grow are, and of few people to its root, as chance has them:
at the level L in units of the root of L x (L + 10), so that months of hardly anybody are no measure of those of more.
Nothing is fitted once and then believed: each way to smooth weighs as likely as it makes the months that are known.
Source: docs/planning.md, forecast.
"""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

DAMPED = 0.9  # what is left of a trend a month later
FEWEST, TREND_FROM, AHEAD = 6, 12, 3  # months: for bands; for a trend; how far ahead that must do better
_LEAST = 0.25  # a level below this is none: no error can be measured by it
_FEW = 10.0  # people: at a level below this errors go by its root rather than by itself
_FIRM = 2.0  # of how many months the chance of counts alone is believed to tell the spread
_STEEP = 0.05  # of the level: trends of a month at the beginning are hardly more
_OF_SEASON = 11  # figures of a year that come to its mean
_UNMOVED = 8.0  # how much likelier than any other it is, before all is seen, that the level does not move

# The weights of the newest month in the level, and those in the trend, as a share of it.
_WEIGHTS = np.linspace(0, 1, 21)
_OF_TREND = np.array([0.0, 0.1, 0.3, 0.6])


class Outlook(Struct, frozen=True, kw_only=True, eq=False):
    """What the months up to one say of those after it.

    Each way to smooth has a ``weight``; it leaves the ``state`` (the level, and the trend where there is one) known up
    to ``unsure`` times the error of a month, whose variance is ``spread`` over ``freedom`` months.  By ``pulls`` an
    error moves the state.
    """

    weight: np.ndarray
    state: np.ndarray
    unsure: np.ndarray
    spread: np.ndarray
    freedom: float
    pulls: np.ndarray

    @property
    def has_trend(self) -> bool:
        """Whether it goes on with a damped trend."""
        return int(self.state.shape[1]) == 2

    def expected(self, months: int) -> np.ndarray:
        """The mean of each month ahead.

        >>> [round(float(month)) for month in outlook([100, 104, 97, 101, 99, 99]).expected(2)]
        [100, 100]
        """
        of_trend = np.cumsum(DAMPED ** np.arange(1, months + 1))
        trend = self.state[:, 1:] * of_trend if self.has_trend else 0.0
        return np.asarray(np.maximum(self.weight @ (self.state[:, :1] + trend * np.ones((1, months))), 0.0))

    def paths(self, draw: np.random.Generator, months: int, runs: int) -> np.ndarray:
        """Whole numbers of each month ahead, of each run: how to smooth, the state and the errors are drawn anew."""
        chosen = draw.choice(len(self.weight), size=runs, p=self.weight)
        error = np.sqrt(self.spread[chosen] / draw.chisquare(self.freedom, runs))
        state = self._states(draw, chosen, error)
        numbers = np.empty((months, runs), dtype=np.int64)
        for month in range(months):
            level = np.maximum(state[0] + (DAMPED * state[1] if self.has_trend else 0), _LEAST)
            times = _about_one(draw, error * _error_at(level) / level)
            numbers[month] = np.rint(level * times)
            moved = level * (times - 1)
            state[0] = level + self.pulls[chosen, 0] * moved
            if self.has_trend:
                state[1] = DAMPED * state[1] + self.pulls[chosen, 1] * moved
        return numbers

    def _states(self, draw: np.random.Generator, chosen: np.ndarray, error: np.ndarray) -> np.ndarray:
        """The state of each run, as far as it is known: a level alone is never below 0."""
        state = self.state[chosen].T.copy()
        if not self.has_trend:
            level = np.maximum(state, _LEAST)
            return np.asarray(level * _about_one(draw, self.unsure[chosen, 0, 0] * error / level[0]))
        off = self.unsure[chosen] @ draw.standard_normal((len(chosen), len(state), 1))
        return np.asarray(state + off[:, :, 0].T * error)


def _error_at(level: np.ndarray) -> np.ndarray:
    """What an error of a month is measured by, at a level above 0."""
    return np.asarray(np.sqrt(level * (level + _FEW)))


def _about_one(draw: np.random.Generator, apart: np.ndarray) -> np.ndarray:
    """By what a level is multiplied, of each run: never below 0, of the mean 1 however far ``apart`` (gamma)."""
    shape = 1 / np.maximum(apart, 1e-6) ** 2
    return np.asarray(draw.standard_gamma(shape) / shape)


def outlook(numbers: Sequence[float], *, seasons: int = 0) -> Outlook:
    """What the months known say of those to come, after the last of them.

    Of months that a season was taken out of, ``seasons`` are how many years told it.

    >>> outlook([10, 20, 30, 40, 50, 60, 70, 80, 90, 100, 110, 120, 130, 140, 150]).has_trend
    True
    """
    return Smoothing(numbers).after(len(numbers), seasons=seasons)


class Smoothing:
    """What the months known said of those to come, after each of them.

    It is a level, or where that has foretold better a damped trend.  A trend takes twelve months, and a smaller error
    three months ahead, over all months of which so many were known by then.
    """

    def __init__(self, numbers: Sequence[float]) -> None:
        self.known = np.asarray(numbers, dtype=float)
        self._flat = _Smoothed(self.known, with_trend=False)
        self._trend = _Smoothed(self.known, with_trend=True) if len(self.known) >= TREND_FROM else None

    def after(self, months: int, *, seasons: int = 0) -> Outlook:
        """What the first months of those known say."""
        trend = self._trend if months >= TREND_FROM else None
        if trend is not None and trend.error(months) < self._flat.error(months):
            return trend.at(months, seasons)
        return self._flat.at(months, seasons)


class _Smoothed:
    """All ways to smooth some months, at the end of each.

    The state after a month is linear in the one before the first month, which least squares tell, way by way.
    """

    def __init__(self, known: np.ndarray, *, with_trend: bool) -> None:
        self.known, self.parts = known, 2 if with_trend else 1
        weights = np.repeat(_WEIGHTS, len(_OF_TREND)) if with_trend else _WEIGHTS
        trend = np.tile(_OF_TREND, len(_WEIGHTS)) * weights if with_trend else weights * 0
        self.pulls = np.stack([weights, trend], axis=1)[:, : self.parts]
        self.usual = max(float(known[:FEWEST].mean()) if len(known) else 0.0, _LEAST)
        self.states, self._offs = self._run(), dict[int, float]()

    def _run(self) -> list[tuple[np.ndarray, ...]]:
        """What is known before the first month and after each: see ``at``."""
        ways, parts = self.pulls.shape
        level = 1.0 + 0 * self.pulls[:, 0]
        fixed, of_first = np.zeros((ways, parts)), np.repeat(np.eye(parts)[None], ways, axis=0)
        products, with_known = np.zeros((ways, parts, parts)), np.zeros((ways, parts))
        if parts == 2:
            products[:, 1, 1] += 1 / (_STEEP * _error_at(np.array(self.usual))) ** 2
        squares, measures = np.zeros(ways), np.zeros(ways)
        usual = np.stack([level * self.usual, level * 0], axis=1)[:, :parts]
        states: list[tuple[np.ndarray, ...]] = []
        step = np.array([[1.0, DAMPED], [0.0, DAMPED]])[:parts, :parts]
        for number in self.known:
            fixed, of_first, usual = fixed @ step.T, step @ of_first, usual @ step.T
            by = 1 / _error_at(np.maximum(usual[:, 0], _LEAST))
            left, row = (number - fixed[:, 0]) * by, of_first[:, 0] * by[:, None]
            products = products + row[:, :, None] * row[:, None, :]
            with_known = with_known + row * left[:, None]
            squares, measures = squares + left**2, measures + np.log(by)
            usual = usual + self.pulls * (number - usual[:, :1])
            fixed = fixed + self.pulls * (number - fixed[:, :1])
            of_first = of_first - self.pulls[:, :, None] * of_first[:, :1]
            states.append((fixed, of_first, products, with_known, squares, measures))
        return states

    def at(self, months: int, seasons: int = 0) -> Outlook:
        """What is known after so many months."""
        # A season takes eleven figures from the same months, and each is as unsure as the mean of so many.
        taken, wider = (_OF_SEASON, 1 + 1 / seasons) if seasons else (0, 1.0)
        fixed, of_first, products, with_known, squares, measures = self.states[months - 1]
        inverse = np.linalg.inv(products)
        first = (inverse @ with_known[:, :, None])[:, :, 0]
        left = np.maximum(squares - (first * with_known).sum(axis=1), 0)
        spread, freedom = left + _FIRM / (self.usual + _FEW), max(months - self.parts - taken, 1) + _FIRM
        log = measures - np.log(spread) * freedom / 2 + np.linalg.slogdet(inverse)[1] / 2
        log[self.pulls[:, 0] == 0] += np.log(_UNMOVED)
        weight = np.exp(log - log.max())
        state = fixed + (of_first @ first[:, :, None])[:, :, 0]
        # The covariance of the state after is that of the first, carried along.
        unsure = of_first @ np.linalg.cholesky(inverse)
        return Outlook(
            weight=weight / weight.sum(),
            state=state,
            unsure=unsure,
            spread=spread * wider,
            freedom=freedom,
            pulls=self.pulls,
        )

    def error(self, until: int) -> float:
        """The mean error three months ahead, over the months of which so many were known."""
        return float(np.mean([self._off(origin) for origin in range(FEWEST, until - AHEAD + 1)]))

    def _off(self, origin: int) -> float:
        """How far off the month was that came three months after so many."""
        if origin not in self._offs:
            foretold = self.at(origin).expected(AHEAD)[-1]
            self._offs[origin] = abs(float(foretold) - float(self.known[origin + AHEAD - 1]))
        return self._offs[origin]
