"""Plans under chance: many runs of the same months, in each of which the rates are other ones that the counts allow.

What is measured is drawn once a run, for all its months; what is given is the same in every run.  People and losses are
whole draws.  The same seed gives the same runs, whatever else the machine does.  Source: docs/planning.md, confidence.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial
from statistics import NormalDist

import numpy as np
from msgspec import Struct

RUNS = 20_000
_MANY = 5_000  # values of which a resample is not drawn one by one
_EARLIEST = 1_000  # months before the plan of which none is that early
_CHUNK = 2_000_000  # numbers that are drawn at once for the means of resamples


class Counts(Struct, frozen=True, kw_only=True):
    """So many ``of`` some number did.

    Where cohorts differ by more than chance, ``dispersion`` is how many times more, and ``size`` the usual cohort's.
    """

    number: float
    of: float
    dispersion: float = 1.0
    size: float = 0.0


class Given(Struct, frozen=True, kw_only=True):
    """A rate that is taken as it is."""

    rate: float


class Step(Struct, frozen=True, kw_only=True):
    """How people get from a stage to the next: the rate, and how many of them do 0, 1, ... month ends later.

    ``by_lag`` are people where they were ``counted``, and drawn then; else shares that are the same in every run.
    Where the rate or the time is that ``of_all``, several ways have the same one in each run: ``place`` says which.
    """

    rate: Counts | Given
    by_lag: tuple[float, ...] = (1.0,)
    counted: bool = False
    place: int = 0
    rate_of_all: bool = False
    time_of_all: bool = False


class Waiting(Struct, frozen=True, kw_only=True):
    """So many that are in a stage, by its place, since a month: ``at`` is how many month ends ago that was.

    Of the month that runs the ``elapsed`` share is over; they get on in what is left of it, or later.
    """

    stage: int
    at: int
    number: int


class Hand(Struct, frozen=True, kw_only=True):
    """Who is on the way: the running month is ``month`` (0 is the first of the plan), of it ``elapsed`` is over."""

    waiting: tuple[Waiting, ...] = ()
    month: int = -1
    elapsed: float = 1.0


class World(Struct, frozen=True, kw_only=True):
    """All that the runs are drawn from: the steps to a customer, the months, and who is on the way."""

    steps: tuple[Step, ...]
    months: int
    hand: Hand = Hand()


class Runs:
    """Runs of a world, whose rates are drawn when it is made; ``salt`` tells worlds of one seed apart.

    >>> world = World(steps=(Step(rate=Counts(number=60, of=200)),), months=1)
    >>> rate = Runs(world, seed=7, runs=4_000).rates[0]
    >>> bool(0.295 < rate.mean() < 0.305), bool(0.03 < rate.std() < 0.035)  # of Beta(60.5, 140.5) 0.301 and 0.0323
    (True, True)
    """

    def __init__(self, world: World, *, seed: int, runs: int = RUNS, salt: tuple[int, ...] = ()) -> None:
        self.world, self.seed, self.size, self.salt = world, seed, runs, salt
        draw = self._dice()
        self.rates = [
            rates_of_runs(self._of_all(0, step) if step.rate_of_all else draw, step.rate, runs) for step in world.steps
        ]
        self.shares = [_shares(self._of_all(1, step) if step.time_of_all else draw, step, runs) for step in world.steps]
        self._chains: dict[int, np.ndarray] = {}
        self._of_months: dict[tuple[int, int], np.ndarray] = {}

    def _dice(self, *of: int) -> np.random.Generator:
        """Dice of their own for a part of the runs."""
        more = (*self.salt, *of)
        return np.random.Generator(np.random.PCG64([self.seed, *more] if more else self.seed))

    def _of_all(self, what: int, step: Step) -> np.random.Generator:
        return np.random.Generator(np.random.PCG64([self.seed, 12, what, step.place]))

    def becoming(self, month: int) -> dict[int, np.ndarray]:
        """Of those who enter in a month the share of each run that becomes a customer, by the month in which it does.

        >>> lagged = Step(rate=Given(rate=0.5), by_lag=(0.8, 0.2))
        >>> becoming = Runs(World(steps=(lagged,), months=2), seed=1, runs=1).becoming(-1)
        >>> {month: round(float(share[0]), 2) for month, share in becoming.items()}
        {-1: 0.4, 0: 0.1}
        """
        return self._onward(0, {month: np.ones(self.size)})

    def counting_of(self, month: int, *, all_months: bool) -> tuple[int, ...]:
        """What tells months apart: those of one answer become customers alike.

        Unless ``all_months`` are told apart, only how many lags fall into the plan matters.

        >>> lagged = Step(rate=Given(rate=0.5), by_lag=(0.8, 0.2))
        >>> runs = Runs(World(steps=(lagged,), months=3), seed=1, runs=1)
        >>> [runs.counting_of(month, all_months=False) for month in (-1, 0, 1, 2)]
        [(1, 2), (0, 2), (0, 2), (0, 1)]
        """
        if all_months or self._varies:
            return (month,)
        return max(-month, 0), min(len(self._chain(0)), self.world.months - month)

    def becoming_of_waiting(self) -> Iterator[tuple[Waiting, dict[int, np.ndarray]]]:
        """The same of each of those in hand."""
        for waiting in self.world.hand.waiting:
            later = self._later(waiting)
            if later is not None:
                months = dict(enumerate(later, start=self.world.hand.month))
                yield waiting, self._onward(waiting.stage + 1, months)

    def _onward(self, stage: int, entering: dict[int, np.ndarray]) -> dict[int, np.ndarray]:
        """Of shares that enter a stage in each month, those that become customers."""
        if not self._varies:
            return _spread_over(entering, lambda month: self._chain(stage))
        for step in range(stage, len(self.world.steps)):
            entering = _spread_over(entering, partial(self._lags_in, step))
        return entering

    def _lags_in(self, step: int, month: int) -> np.ndarray:
        """The shares by lag of a month."""
        key = (step, month)
        if key not in self._of_months:
            self._of_months[key] = self._of_month(self._dice(6, step, month + _EARLIEST), step)
        return np.asarray(self._of_months[key] * self.shares[step])

    def _chain(self, stage: int) -> np.ndarray:
        """The shares of those in a stage that become customers 0, 1, ... month ends later, of each run."""
        if stage not in self._chains:
            whole = np.ones((1, self.size))
            for step in range(stage, len(self.world.steps)):
                mine = self.rates[step] * self.shares[step]
                longer = np.zeros((len(whole) + len(mine) - 1, self.size))
                for lag, share in enumerate(mine):
                    longer[lag : lag + len(whole)] += whole * share
                whole = longer
            self._chains[stage] = whole
        return self._chains[stage]

    @property
    def _varies(self) -> bool:
        """Whether the months of a run differ in any rate."""
        return any(isinstance(step.rate, Counts) and step.rate.dispersion > 1 for step in self.world.steps)

    def _of_month(self, draw: np.random.Generator, step: int) -> np.ndarray:
        """The rate of a month of each run: the run's, or another around it."""
        return _around(draw, self.world.steps[step].rate, self.rates[step])

    def _spread(
        self, draw: np.random.Generator, number: np.ndarray | int, shares: np.ndarray, month: int, into: np.ndarray
    ) -> None:
        """Adds those of some entrants of a month who get on to the months in which they do, one lag after the other."""
        left: np.ndarray = np.broadcast_to(np.asarray(number, dtype=np.int64), (self.size,))
        gone = np.zeros(self.size)
        for lag, share in enumerate(shares):
            if month + lag >= len(into) or not left.any():
                return
            got = draw.binomial(left, np.clip(share / np.maximum(1 - gone, 1e-12), 0, 1))
            if month + lag >= 0:
                into[month + lag] += got
            left, gone = left - got, gone + share

    def _later(self, waiting: Waiting) -> np.ndarray | None:
        """The shares of some in hand that get on in what is left of the running month, and in those after it."""
        hand, mine = self.world.hand, self.rates[waiting.stage] * self.shares[waiting.stage]
        if waiting.at >= len(mine):
            return None
        later: np.ndarray = mine[waiting.at :].copy()
        still = 1 - mine[: waiting.at].sum(axis=0) - later[0] * hand.elapsed
        later[0] *= 1 - hand.elapsed
        later /= np.maximum(np.maximum(still, later.sum(axis=0)), 1e-12)
        return later

    def reached(self, entering: np.ndarray) -> list[np.ndarray]:
        """Who comes to each stage in each month, of each run: those entering the first, and what those in hand become.

        >>> steps = (Step(rate=Given(rate=0.5), by_lag=(0.0, 1.0)), Step(rate=Given(rate=1.0)))
        >>> runs = Runs(World(steps=steps, months=2, hand=Hand(waiting=(Waiting(stage=1, at=0, number=7),))), seed=1)
        >>> [stage.mean(axis=1).round().astype(int).tolist() for stage in runs.reached(np.full((2, RUNS), 40))]
        [[40, 40], [0, 20], [0, 20]]
        """
        hand, stages = self.world.hand, [np.asarray(entering)]
        for step in range(len(self.world.steps)):
            into = np.zeros((self.world.months, self.size), dtype=np.int64)
            for month, number in enumerate(stages[step]):
                # Dice of their own: more months change nothing of those before.
                draw = self._dice(2, step, month)
                self._spread(draw, number, self._of_month(draw, step) * self.shares[step], month, into)
            for place, waiting in enumerate(hand.waiting):
                later = self._later(waiting) if waiting.stage == step else None
                if later is not None:
                    draw = self._dice(5, step, place)
                    self._spread(draw, waiting.number, later, hand.month, into)
            stages.append(into)
        return stages


def _spread_over(entering: dict[int, np.ndarray], lags: Callable[[int], np.ndarray]) -> dict[int, np.ndarray]:
    """Shares that enter in months, by the months in which they get on."""
    later: dict[int, np.ndarray] = {}
    for month, number in entering.items():
        for lag, share in enumerate(lags(month)):
            later[month + lag] = later[month + lag] + number * share if month + lag in later else number * share
    return later


def fewest_entrants(
    chance: Callable[[int], float], level: float, *, least: int, most: int = 10**7
) -> tuple[int, float] | None:
    """The smallest total from ``least`` up whose ``chance`` is at least the level, and that; None up to ``most``.

    Chances rise with the total, as good as evenly in deviations of the normal: so it is looked for where they say.

    >>> fewest_entrants(lambda total: total / 100, 0.8, least=5)
    (80, 0.8)
    >>> fewest_entrants(lambda total: 0.5, 0.8, least=5, most=1_000) is None
    True
    """
    low, of_low = least, chance(least)
    if of_low >= level:
        return low, of_low
    high, best = low, of_low
    while best < level:
        if high >= most:
            return None
        low, of_low = high, best
        high = min(high + max((high - least) * 2, high // 16, 1), most)
        best = chance(high)
    nudge = 1
    while high - low > 1:
        part = (_deviations(level) - _deviations(of_low)) / max(_deviations(best) - _deviations(of_low), 1e-9)
        middle = min(max(low + round((high - low) * part), low + 1), high - 1)
        of_middle = chance(middle)
        low, of_low, high, best = _narrower((low, of_low), (middle, of_middle), (high, best), level)
        # The other side is hardly farther away than it takes to be sure of it.
        other = min(max(low + nudge if of_middle < level else high - nudge, low + 1), high - 1)
        if high - low > 1:
            of_other = chance(other)
            low, of_low, high, best = _narrower((low, of_low), (other, of_other), (high, best), level)
        nudge *= 4
    return high, best


def _narrower(
    low: tuple[int, float], middle: tuple[int, float], high: tuple[int, float], level: float
) -> tuple[int, float, int, float]:
    return (*low, *middle) if middle[1] >= level else (*middle, *high)


def _deviations(chance: float) -> float:
    return NormalDist().inv_cdf(min(max(chance, 1e-4), 1 - 1e-4))


def dispersion(numbers: Sequence[int], sizes: Sequence[int], level: float = 0.01) -> float:
    """How many times more than chance cohorts differ in a share; 1 where chance alone explains it (chi-squared).

    >>> dispersion([10, 12, 9], [50, 52, 48])
    1.0
    >>> round(dispersion([5, 25, 10, 30], [50, 50, 50, 50]), 1)
    12.5
    """
    x, n = (np.array(some, dtype=float)[np.array(sizes) > 0] for some in (numbers, sizes))
    share = x.sum() / n.sum() if n.sum() else 0.0
    if len(n) < 2 or not 0 < share < 1:
        return 1.0
    chi = float(((x - n * share) ** 2 / (n * share * (1 - share))).sum())
    from scipy.special import chdtrc

    freedom = len(n) - 1
    return max(chi / freedom, 1.0) if chdtrc(freedom, chi) < level else 1.0


def rates_of_runs(draw: np.random.Generator, rate: Counts | Given, runs: int) -> np.ndarray:
    """The rate of each run: of counts by Jeffreys' prior, divided by their dispersion.

    >>> rates_of_runs(np.random.default_rng(1), Given(rate=0.25), 2).tolist()
    [0.25, 0.25]
    """
    if isinstance(rate, Given):
        return np.full(runs, rate.rate)
    did, did_not = (max(some, 0.0) / rate.dispersion for some in (rate.number, rate.of - rate.number))
    return np.asarray(draw.beta(did + 0.5, did_not + 0.5, runs))


def rates_of_months(draw: np.random.Generator, rate: Counts | Given, months: int, runs: int) -> np.ndarray:
    """The rate of each month and run: that of the run, or where cohorts differ by more than chance another around it.

    >>> rates_of_months(np.random.default_rng(1), Given(rate=0.25), months=2, runs=3).tolist()
    [[0.25, 0.25, 0.25], [0.25, 0.25, 0.25]]
    """
    of_run = rates_of_runs(draw, rate, runs)
    return np.array([_around(draw, rate, of_run) for _ in range(months)])


def _around(draw: np.random.Generator, counts: Counts | Given, rate: np.ndarray) -> np.ndarray:
    """The rate of a month of each run, around the run's."""
    if isinstance(counts, Given) or counts.dispersion <= 1:
        return rate
    # Of a beta-binomial of so many members the variance is dispersion times the binomial's.
    held = max((counts.size - counts.dispersion) / (counts.dispersion - 1), 1e-3)
    inner = np.clip(rate, 1e-9, 1 - 1e-9)
    return np.asarray(draw.beta(held * inner, held * (1 - inner)))


def _shares(draw: np.random.Generator, step: Step, runs: int) -> np.ndarray:
    """When those who get on do, of each run, by lag."""
    by_lag = np.array(step.by_lag, dtype=float)[:, None]
    if not step.counted:
        return np.repeat(by_lag, runs, axis=1)
    parts = draw.standard_gamma(by_lag, (len(by_lag), runs))
    whole = parts.sum(axis=0)
    return np.asarray(np.where(whole > 0, parts / np.where(whole > 0, whole, 1), 1 / len(parts)))


def resampled_means(draw: np.random.Generator, values: float | tuple[float, ...], runs: int) -> np.ndarray:
    """The mean of a resample of the values, of each run; of a single value that itself.

    >>> resampled_means(np.random.default_rng(1), 2.5, 3).tolist()
    [2.5, 2.5, 2.5]
    """
    if isinstance(values, (int, float)):
        return np.full(runs, float(values))
    known = np.array(values, dtype=float)
    if len(known) > _MANY:  # whose mean is normal, and would take long to be drawn
        return np.asarray(known.mean() + known.std() / np.sqrt(len(known)) * draw.standard_normal(runs))
    means, at_once = np.empty(runs), max(_CHUNK // len(known), 1)
    for start in range(0, runs, at_once):
        rows = min(at_once, runs - start)
        means[start : start + rows] = known[draw.integers(0, len(known), (rows, len(known)))].mean(axis=1)
    return means
