"""Moments as ticks, and rows in order of several columns, beside what NumPy says of the same."""

import numpy as np
import pytest

from funnelcli.facts.clock import Clock, in_order
from funnelcli.facts.timeline import Timeline

DAY = 86_400_000_000


@pytest.mark.parametrize("step", [60_000_000, 1_000_000, 1, DAY])
@pytest.mark.parametrize("groups", [1, 2**40])  # with room for the ticks, and without
def test_ticks_are_in_the_order_of_the_moments(step: int, groups: int) -> None:
    rng = np.random.default_rng(step)
    at = rng.integers(0, 10**6, 300) * step + 7
    clock = Clock.of(at, groups)
    asked = np.concatenate([at, at - 1, at + 1, [-(10**17), 10**17]])
    ticks = clock.ticks(asked)
    for moment, tick in zip(asked.tolist(), ticks.tolist(), strict=True):
        # As many moments lie at or before one as have a tick at or before its tick.
        assert (at <= moment).sum() == (clock.ticks(at) <= tick).sum()
    assert ticks.min() >= 0
    assert ticks.max() < clock.size


def test_nothing_has_no_ticks() -> None:
    clock = Clock.of(np.zeros(0, dtype=np.int64))
    assert clock.ticks(np.array([-5, 5])).tolist() == [0, 1]


@pytest.mark.parametrize("spread", [3, 10**6, 2**61])
def test_rows_in_order_are_those_of_lexsort(spread: int) -> None:
    rng = np.random.default_rng(spread % 97)
    columns = [rng.integers(-spread, spread, 400) for _ in range(3)]
    assert in_order(*columns).tolist() == np.lexsort(columns[::-1]).tolist()


@pytest.mark.parametrize("step", [DAY, 60_000_000, 1])
def test_a_timeline_looks_up_what_a_walk_finds(step: int) -> None:
    rng = np.random.default_rng(step % 89)
    entity, at = rng.integers(0, 9, 200), rng.integers(0, 60, 200) * step + 5
    line = Timeline.of(entity, at)
    pairs = sorted(zip(entity.tolist(), at.tolist(), strict=True))
    assert list(zip(line.entity.tolist(), line.at.tolist(), strict=True)) == pairs
    whose, when = rng.integers(0, 10, 300), rng.integers(-2, 63, 300) * step + rng.integers(4, 7, 300)
    left, right = line.place(whose, when), line.place(whose, when, "right")
    for number, asked in enumerate(zip(whose.tolist(), when.tolist(), strict=True)):
        assert left[number] == sum(pair < asked for pair in pairs)
        assert right[number] == sum(pair <= asked for pair in pairs)
