"""What would have to change for a firm to land on its goal: each lever by itself, the others as they are.

Source: docs/planning.md, forecast.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from typing import Literal

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.planning.forecast import FIGURES, Ahead, expected_figures, rate_of
from funnelcli.planning.known_past import DEMOS, MRR, NEW, PAYING, SIGNUPS, Past

# What is looked at first when several figures have targets.
GOALS = (MRR, PAYING, NEW, DEMOS, SIGNUPS)
LeverKey = Literal["signups", "signup_to_demo", "demo_to_paid", "signup_to_paid", "churn", "arpa"]
LEVERS_OF_STEPS: Mapping[tuple[str, str], LeverKey] = {
    (SIGNUPS, DEMOS): "signup_to_demo", (DEMOS, NEW): "demo_to_paid", (SIGNUPS, NEW): "signup_to_paid",
}  # fmt: skip
_MOST, _STEPS = 64.0, 60  # times as much as now is looked for; halvings


class Lever(Struct, frozen=True, kw_only=True):
    """What there is ``now`` of it, and how much lands on the goal: None where no amount of it alone does."""

    key: LeverKey
    now: float
    needed: float | None


class Landing(Struct, frozen=True, kw_only=True):
    """Where a figure lands beside its ``target`` in, or over, the forecast's first ``months``, and what would help."""

    key: str
    months: int
    expected: float
    target: float
    levers: tuple[Lever, ...]

    @property
    def short(self) -> float:
        """What is missing to the target; below 0 it is beyond."""
        return self.target - self.expected


def landing(past: Past, streams: Mapping[str, Ahead], key: str, targets: Sequence[float | None]) -> Landing | None:
    """What lands a figure on its targets by month; None where it has none in these months, or cannot be foretold."""
    known = [place for place, target in enumerate(targets) if target is not None]
    if not known:
        return None
    months, at_end = known[-1] + 1, FIGURES[key] == "end"
    wanted = [targets[known[-1]] or 0.0] if at_end else [target or 0.0 for target in targets[:months]]
    places = [known[-1]] if at_end else known

    def lands(changed: Past, times: float = 1.0) -> float | None:
        come = {name: each.expected(float(past.elapsed)) for name, each in streams.items()}
        if SIGNUPS in come:
            come[SIGNUPS] = [number * times for number in come[SIGNUPS]]
        figures = expected_figures(changed, come, len(targets))
        return sum(figures[key][place] for place in places) if key in figures else None

    expected, target = lands(past), sum(wanted)
    if expected is None:
        return None
    levers = tuple(_levers(past, streams, lands, target)) if expected < target else ()
    return Landing(key=key, months=months, expected=expected, target=target, levers=levers)


def _levers(
    past: Past, streams: Mapping[str, Ahead], lands: Callable[..., float | None], target: float
) -> Iterator[Lever]:
    """Each lever that moves the figure at all."""

    def lever(key: LeverKey, now: float, of: Callable[[float], float | None], most: float = _MOST) -> Iterator[Lever]:
        base, most_lands = of(1.0), of(most)
        if base is not None and most_lands is not None and most_lands > base:
            times = _least_times(of, target, most)
            yield Lever(key=key, now=now, needed=None if times is None else now * times)

    if SIGNUPS in streams:
        coming = streams[SIGNUPS].expected(0.0)
        yield from lever("signups", sum(coming) / len(coming), lambda times: lands(past, times))
    for place, step in enumerate(past.steps):
        name = LEVERS_OF_STEPS[past.stages[place], past.stages[place + 1]]
        reached = rate_of(step).reached
        yield from lever(name, reached, partial(_with_rate, past, lands, place), 1 / reached)
    if past.churn and past.customers:
        now = past.churn_rate
        # Twice the kept is none lost: what is left of churn is 2 less these times.
        for more in lever("churn", now, lambda kept: lands(replace(past, losses=2 - kept)), 2.0):
            yield replace(more, needed=None if more.needed is None else 2 * now - more.needed)
    if past.worth.amounts:
        yield from lever("arpa", past.worth.mean, partial(_dearer, past, lands))


def _with_rate(past: Past, lands: Callable[..., float | None], place: int, times: float) -> float | None:
    """Where it lands with a step at so many times its rate."""
    steps = [*past.steps]
    steps[place] = replace(steps[place], times=times)
    return lands(replace(past, steps=tuple(steps)))


def _dearer(past: Past, lands: Callable[..., float | None], times: float) -> float | None:
    """Where it lands with new customers who bring so many times as much."""
    return lands(replace(past, worth=replace(past.worth, amounts=tuple(n * times for n in past.worth.amounts))))


def _least_times(lands: Callable[[float], float | None], target: float, most: float) -> float | None:
    """The smallest of 1 to ``most`` that lands on the target; None where not even the most does."""
    if (lands(most) or 0.0) < target:
        return None
    low, high = 1.0, most
    for _ in range(_STEPS):
        middle = (low + high) / 2
        if (lands(middle) or 0.0) >= target:
            high = middle
        else:
            low = middle
    return high
