"""Plans under chance: many runs of the same months, in each of which the rates are other ones that the counts allow.

What is measured is drawn once a run, for all its months; what is given is the same in every run.  People and losses are
whole draws.  The same seed gives the same runs, whatever else the machine does.  Source: docs/planning.md, confidence.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
from msgspec import Struct

RUNS = 20_000
_MANY = 5_000  # values of which a resample is not drawn one by one
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
    """

    rate: Counts | Given
    by_lag: tuple[float, ...] = (1.0,)
    counted: bool = False


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


class Base(Struct, frozen=True, kw_only=True):
    """Who pays when the plan begins, what they bring a month, and the share of them lost in a month."""

    customers: float = 0.0
    amount: float = 0.0
    churn: Counts | Given = Given(rate=0.0)


class World(Struct, frozen=True, kw_only=True):
    """All that the runs are drawn from; ``price`` is what a new customer brings, given or as a sample of amounts.

    ``came`` are the customers of each month who are there already.
    """

    steps: tuple[Step, ...]
    months: int
    hand: Hand = Hand()
    came: tuple[int, ...] = ()
    base: Base = Base()
    price: float | tuple[float, ...] = 1.0


class Outcome(Struct, frozen=True, kw_only=True, eq=False):
    """Of each run, by month: the ``new`` customers, those who pay at its ``end``, and their ``amount``."""

    new: np.ndarray
    end: np.ndarray
    amount: np.ndarray
    price: np.ndarray


class Runs:
    """Runs of a world, whose rates are drawn when it is made, and its months whenever entrants are given.

    >>> world = World(steps=(Step(rate=Counts(number=60, of=200)),), months=1)
    >>> runs = Runs(world, seed=7, runs=4_000)
    >>> new = runs.outcome([100]).new[0]
    >>> bool(29 < new.mean() < 32), bool(4.5 < new.std() < 6.5)  # 30.1; of the binomial alone 4.6
    (True, True)
    """

    def __init__(self, world: World, *, seed: int, runs: int = RUNS) -> None:
        self.world, self.seed, self.size = world, seed, runs
        draw = np.random.Generator(np.random.PCG64(seed))
        self.rates = [_rates(draw, step.rate, runs) for step in world.steps]
        self.shares = [_shares(draw, step, runs) for step in world.steps]
        self.churn = _rates(draw, world.base.churn, runs)
        self.price = resampled_means(draw, world.price, runs)
        self.in_hand = self._brought(draw)

    def outcome(self, entrants: Sequence[int], since: int = 0) -> Outcome:
        """What so many entrants of each month come to, beside those in hand; ``since`` is the first of these months."""
        draw = np.random.Generator(np.random.PCG64([self.seed, 1]))
        new = self.in_hand.copy()
        self._forward(draw, 0, list(entrants), since, new)
        end, amount = self._paying(draw, new)
        return Outcome(new=new, end=end, amount=amount, price=self.price)

    def _forward(
        self, draw: np.random.Generator, stage: int, entering: Sequence[np.ndarray | int], since: int, into: np.ndarray
    ) -> None:
        """Adds the customers whom those entering a stage in each month become."""
        steps = range(stage, len(self.world.steps))
        if not self._varies:
            shares = self._chain(steps)
            for place, number in enumerate(entering):
                self._spread(draw, number, shares, since + place, into)
            return
        numbers = list(entering)
        for step in steps:
            reached = np.zeros((self.world.months - since, self.size), dtype=np.int64)
            for place, number in enumerate(numbers):
                rate = self._of_month(draw, step)
                self._spread(draw, number, rate * self.shares[step], place, reached)
            numbers = list(reached)
        into[max(since, 0) :] += np.array(numbers)[max(-since, 0) :]

    @property
    def _varies(self) -> bool:
        """Whether the months of a run differ in any rate."""
        return any(isinstance(step.rate, Counts) and step.rate.dispersion > 1 for step in self.world.steps)

    def _chain(self, steps: range) -> np.ndarray:
        """The shares of the entrants that become customers 0, 1, ... month ends later, of each run."""
        whole = np.ones((1, self.size))
        for step in steps:
            mine = self.rates[step] * self.shares[step]
            longer = np.zeros((len(whole) + len(mine) - 1, self.size))
            for lag, share in enumerate(mine):
                longer[lag : lag + len(whole)] += whole * share
            whole = longer
        return whole

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

    def _brought(self, draw: np.random.Generator) -> np.ndarray:
        """The customers whom those in hand become in each month, of each run."""
        brought = np.zeros((self.world.months, self.size), dtype=np.int64)
        brought[: len(self.world.came)] += np.array(self.world.came, dtype=np.int64)[:, None]
        hand = self.world.hand
        for waiting in hand.waiting:
            later = self._later(waiting)
            if later is None:
                continue
            if waiting.stage == len(self.world.steps) - 1:
                self._spread(draw, waiting.number, later, hand.month, brought)
                continue
            ahead = np.zeros((self.world.months - hand.month, self.size), dtype=np.int64)
            self._spread(draw, waiting.number, later, 0, ahead)
            self._forward(draw, waiting.stage + 1, list(ahead), hand.month, brought)
        return brought

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
                draw = np.random.Generator(np.random.PCG64([self.seed, 2, step, month]))
                self._spread(draw, number, self._of_month(draw, step) * self.shares[step], month, into)
            for place, waiting in enumerate(hand.waiting):
                later = self._later(waiting) if waiting.stage == step else None
                if later is not None:
                    draw = np.random.Generator(np.random.PCG64([self.seed, 5, step, place]))
                    self._spread(draw, waiting.number, later, hand.month, into)
            stages.append(into)
        return stages

    def _paying(self, draw: np.random.Generator, new: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Who pays at the end of each month, of those before the plan and of the new ones, and what they bring."""
        base = self.world.base
        whole = int(base.customers)
        old = whole + (draw.random(self.size) < base.customers - whole).astype(np.int64)
        each = base.amount / base.customers if base.customers else 0.0
        fresh, end, amount = np.zeros(self.size, dtype=np.int64), np.empty_like(new), np.empty(new.shape)
        for month, number in enumerate(new):
            if self.churn.any():
                old, fresh = (some - draw.binomial(some, self.churn) for some in (old, fresh))
            fresh = fresh + number
            end[month], amount[month] = old + fresh, old * each + fresh * self.price
        return end, amount


def fewest_entrants(
    chance: Callable[[int], float], level: float, *, least: int, most: int = 10**7
) -> tuple[int, float] | None:
    """The smallest total from ``least`` up whose ``chance`` is at least the level, and that; None up to ``most``.

    >>> fewest_entrants(lambda total: total / 100, 0.8, least=5)
    (80, 0.8)
    >>> fewest_entrants(lambda total: 0.5, 0.8, least=5, most=1_000) is None
    True
    """
    reached = chance(least)
    if reached >= level:
        return least, reached
    low, high, best = least, max(least, 1), None
    while best is None or best < level:
        if high >= most:
            return None
        low, high = high if high > least else least, min(high + max(high // 4, 1), most)
        best = chance(high)
    while high - low > 1:
        middle = (low + high) // 2
        of_middle = chance(middle)
        if of_middle >= level:
            high, best = middle, of_middle
        else:
            low = middle
    return high, best


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


def _rates(draw: np.random.Generator, rate: Counts | Given, runs: int) -> np.ndarray:
    """The rate of each run: of counts by Jeffreys' prior, divided by their dispersion."""
    if isinstance(rate, Given):
        return np.full(runs, rate.rate)
    did, did_not = (max(some, 0.0) / rate.dispersion for some in (rate.number, rate.of - rate.number))
    return np.asarray(draw.beta(did + 0.5, did_not + 0.5, runs))


def rates_of_months(draw: np.random.Generator, rate: Counts | Given, months: int, runs: int) -> np.ndarray:
    """The rate of each month and run: that of the run, or where cohorts differ by more than chance another around it.

    >>> rates_of_months(np.random.default_rng(1), Given(rate=0.25), months=2, runs=3).tolist()
    [[0.25, 0.25, 0.25], [0.25, 0.25, 0.25]]
    """
    of_run = _rates(draw, rate, runs)
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
