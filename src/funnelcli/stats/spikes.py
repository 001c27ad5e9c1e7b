"""Months far above those around them, like that of a launch: a forecast takes them as one of these.

Source: docs/planning.md, forecast.
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import median

TIMES, TIMES_AT_END, AT_LEAST = 4, 8, 10  # what is usual is exceeded by: that many times, and so many people
_AROUND, _YEAR = 6, 12  # months
_RARE = 6  # at most one month of so many is a spike; what comes oftener is usual


def spikes(numbers: Sequence[float]) -> dict[int, float]:
    """The places of months far above those before and after them, and what is usual there.

    The last month, of which nobody knows whether it stays so, must lie farther above.  What comes again a year later is
    no spike, but a season; and what is not rare is usual.

    >>> spikes([50, 55, 60, 900, 52, 49, 51, 50])
    {3: 55.0}
    >>> spikes([50, 60, 70, 90, 300, 320, 310])  # a new level
    {}
    """
    usual = {place: _usual(numbers, place) for place in range(len(numbers))}
    above = {
        place: around
        for place, around in usual.items()
        if around is not None
        and _above(numbers, place, around)
        and not any(
            (another := usual.get(place + year)) is not None and _above(numbers, place + year, another)
            for year in (-_YEAR, _YEAR)
        )
    }
    return above if len(above) * _RARE <= len(numbers) else {}


def _usual(numbers: Sequence[float], place: int) -> float | None:
    """The larger of the medians before and after a month; None where too few are known."""
    sides = numbers[max(place - _AROUND, 0) : place], numbers[place + 1 : place + 1 + _AROUND]
    if len(sides[0]) + len(sides[1]) < _AROUND:
        return None
    return float(max(median(side) for side in sides if len(side)))


def _above(numbers: Sequence[float], place: int, usual: float) -> bool:
    times = TIMES_AT_END if place == len(numbers) - 1 else TIMES
    return numbers[place] > usual * times + AT_LEAST
