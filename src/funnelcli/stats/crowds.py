"""Crowds under chance: how many of those who enter, of those in hand and of those who pay already count for a goal.

Each of them counts by chances of his own, those of his way and month; so one draw tells all of what becomes of him by
the end.  More who enter a month are drawn beside those who were drawn before: more of them never count for less.
Source: docs/planning.md, confidence.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct

from funnelcli.stats.simulation import RUNS, Counts, Given, Runs, World, rates_of_runs, resampled_means
from funnelcli.stats.tally import Tally

_ONE_BY_ONE = 8  # people that are drawn one by one for each chance that they have, which is quicker
_CLOSE = 3  # how many fewer may still be asked for
_MOST_BLOCKS = 128
_MANY = 170  # who enter in a month: more are drawn several at once
Chances = list[np.ndarray]  # of counting at least once, twice, ..., in each run


class Base(Struct, frozen=True, kw_only=True):
    """Who pays when the plan begins, what they bring a month, and the share of them lost in a month."""

    customers: float = 0.0
    amount: float = 0.0
    churn: Counts | Given = Given(rate=0.0)


class Path(Struct, frozen=True, kw_only=True):
    """A way to a customer: its world, and the customers of each month who came by it already."""

    world: World
    came: tuple[int, ...] = ()


class Prospects(Struct, frozen=True, kw_only=True):
    """All that a goal is reached by: people of several paths, over some months; ``since`` is the first that has any.

    A new customer brings ``price``, given or as a sample of amounts; None where customers are counted.
    """

    paths: tuple[Path, ...]
    months: int
    tally: Tally
    since: int = 0
    base: Base = Base()
    price: float | tuple[float, ...] | None = None


class Outcomes:
    """What is reached in each run, from the least to the most.

    >>> outcomes = Outcomes(np.array([4.0, 2.0, 1.0, 2.0]))
    >>> outcomes.share(2.0), outcomes.surely(0.75), outcomes.surely(0.25)
    (0.75, 2.0, 4.0)
    """

    def __init__(self, runs: np.ndarray) -> None:
        self.runs = np.sort(runs)

    def share(self, amount: float) -> float:
        """The share of the runs that reach an amount."""
        # What adds up in another order is not short of it.
        return float(1 - np.searchsorted(self.runs, amount * (1 - 1e-12)) / len(self.runs))

    def surely(self, level: float) -> float:
        """The most that a share of the runs reaches, or a greater one."""
        return float(self.runs[min(int((1 - level) * len(self.runs) + 1e-9), len(self.runs) - 1)])


class Crowds:
    """Runs of some prospects; how much they reach follows from those who enter each path in each month.

    >>> from funnelcli.stats.simulation import Step
    >>> world = World(steps=(Step(rate=Counts(number=60, of=200)),), months=1)
    >>> crowds = Crowds(Prospects(paths=(Path(world=world),), months=1, tally=Tally.WON), seed=7, runs=4_000)
    >>> new = crowds.reached([[100]])
    >>> bool(29 < new.mean() < 32), bool(4.5 < new.std() < 6.5)  # 30.1; of the binomial alone 4.6
    (True, True)
    """

    def __init__(self, prospects: Prospects, *, seed: int, runs: int = RUNS) -> None:
        self.prospects, self.seed, self.size = prospects, seed, runs
        draw = self._dice(0)
        self.kept = 1 - rates_of_runs(draw, prospects.base.churn, runs)
        price = prospects.price
        self.price = np.ones(runs) if price is None else resampled_means(draw, price, runs)
        self.paths = [
            Runs(path.world, seed=seed, salt=(1, place), runs=runs) for place, path in enumerate(prospects.paths)
        ]
        self._kept = [np.ones(runs)]
        for _ in range(prospects.months):
            self._kept.append(self._kept[-1] * self.kept)
        self.old, self.in_hand = self._paying_already(), self._of_those_in_hand()
        self._cells: dict[tuple[int, ...], _Cell] = {}

    def meet(self, entrants: Sequence[Sequence[int]], amount: float) -> float:
        """The share of the runs that reach an amount."""
        # What adds up in another order is not short of it.
        return float((self.reached(entrants) >= amount * (1 - 1e-12)).mean())

    def reached(self, entrants: Sequence[Sequence[int]]) -> np.ndarray:
        """What is reached in each run with so many who enter each path in each month."""
        alike: dict[tuple[int, ...], int] = dict.fromkeys(self._cells, 0)
        months: dict[tuple[int, ...], tuple[int, int]] = {}
        for place, numbers in enumerate(entrants):
            for month, number in enumerate(numbers, start=self.prospects.since):
                key = (place, *self.paths[place].counting_of(month, all_months=self._tells_months))
                alike[key] = alike.get(key, 0) + number
                months.setdefault(key, (place, month))
        count = self.in_hand.copy()
        for key, number in alike.items():
            if number or key in self._cells:
                count += self._cell(key, months[key], number).of(number)
        return np.asarray(count * self.price + self.old)

    @property
    def _tells_months(self) -> bool:
        """Whether a customer counts otherwise by the month in which he becomes one."""
        return self.prospects.tally is not Tally.WON

    def _dice(self, *of: int) -> np.random.Generator:
        return np.random.Generator(np.random.PCG64([self.seed, 11, *of]))

    def _cell(self, key: tuple[int, ...], first: tuple[int, int], number: int) -> _Cell:
        """Those who enter a path in months that are alike, of which the ``first`` is one."""
        if key not in self._cells:
            place, month = first
            chances = self._chances(self.paths[place].becoming(month))
            self._cells[key] = _Cell(self, (place, month - self.prospects.since), chances, number)
        return self._cells[key]

    def _of_those_in_hand(self) -> np.ndarray:
        count = np.zeros(self.size, dtype=np.int64)
        for place, (path, runs) in enumerate(zip(self.prospects.paths, self.paths, strict=True)):
            for number, (waiting, becoming) in enumerate(runs.becoming_of_waiting()):
                count += drawn(self._dice(2, place, number), waiting.number, self._chances(becoming), self.size)
            for month, number in enumerate(path.came):
                at_once = self._chances({month: np.ones(self.size)})
                count += drawn(self._dice(3, place, month), number, at_once, self.size)
        return count

    def _paying_already(self) -> np.ndarray:
        """What those who pay when the plan begins count for."""
        base, months, draw = self.prospects.base, self.prospects.months, self._dice(4)
        if self.prospects.tally is Tally.WON:
            return np.zeros(self.size)
        whole = int(base.customers)
        there = whole + (draw.random(self.size) < base.customers - whole).astype(np.int64)
        each = 1.0 if self.prospects.price is None else base.amount / base.customers if base.customers else 0.0
        if self.prospects.tally is Tally.AT_END:
            return np.asarray(draw.binomial(there, self._kept[months]) * each)
        paid = np.zeros(self.size)
        for _ in range(months):
            there = draw.binomial(there, self.kept)
            paid += there
        return paid * each

    def _chances(self, becoming: Mapping[int, np.ndarray]) -> Chances:
        """The chances to count, by the share that becomes a customer in each month of the plan."""
        months = {month: share for month, share in becoming.items() if 0 <= month < self.prospects.months}
        if not months:
            return []
        last = self.prospects.months - 1
        match self.prospects.tally:
            case Tally.WON:
                chances = [np.asarray(sum(months.values()))]
            case Tally.AT_END:
                chances = [np.asarray(sum(share * self._kept[last - month] for month, share in months.items()))]
            case Tally.SUMMED:  # to pay at the end of n months: to come so much before the end, and to stay
                ends = range(1, last - min(months) + 2)
                chances = [
                    np.asarray(
                        sum(share for month, share in months.items() if month <= last + 1 - n) * self._kept[n - 1]
                    )
                    for n in ends
                ]
        return [chance.astype(np.float32) for chance in chances]


class _Cell:
    """Those who enter a path in months that are alike: so many first, and then one after the other beside them."""

    def __init__(self, crowds: Crowds, place: tuple[int, int], chances: Chances, number: int) -> None:
        self.crowds, self.place, self.chances = crowds, place, chances
        self.start = max(number - _CLOSE, 0)
        self.step = 1 if number <= _MANY else number // 16
        self.blocks: list[np.ndarray] = []
        self.at, self.sum = 0, self._drawn(self.start, 0, 0)

    def of(self, number: int) -> np.ndarray:
        """How often the first so many count, in each run."""
        block, rest = divmod(number - self.start, self.step)
        if not self.chances:
            return self.sum
        if not 0 <= block <= _MOST_BLOCKS:
            return self._drawn(number, 1, number)
        while len(self.blocks) < block:
            self.blocks.append(self._drawn(self.step, 2, len(self.blocks)).astype(np.int32))
        for place in range(self.at, block):
            self.sum += self.blocks[place]
        for place in range(block, self.at):
            self.sum -= self.blocks[place]
        self.at = block
        return self.sum + self._drawn(rest, 3 + block, rest) if rest else self.sum

    def _drawn(self, number: int, *of: int) -> np.ndarray:
        return drawn(self.crowds._dice(5, *self.place, *of), number, self.chances, self.crowds.size)


def drawn(draw: np.random.Generator, number: int, chances: Sequence[np.ndarray], runs: int) -> np.ndarray:
    """How often so many people count in each run, each at least once, twice, ... with some ``chances``.

    >>> half, eighth = np.full(4_000, 0.5, dtype=np.float32), np.full(4_000, 0.125, dtype=np.float32)
    >>> dice = np.random.default_rng(1)
    >>> [round(float(drawn(dice, number, [half, eighth], 4_000).mean() / number), 1) for number in (8, 800)]
    [0.6, 0.6]
    """
    count = np.zeros(runs, dtype=np.int64)
    if number <= _ONE_BY_ONE * len(chances):
        for _ in range(number):
            die = draw.random(runs, dtype=np.float32)
            for chance in chances:
                count += die < chance
        return count
    left: np.ndarray | int = number
    before: np.ndarray | float = 1.0
    for chance in chances:
        left = draw.binomial(left, np.clip(chance / np.maximum(before, 1e-12), 0, 1))
        if not left.any():
            break
        count += left
        before = chance
    return count
