"""Season and growth told apart: what is left of each calendar month when the growth is taken out.

Growth is what the months come to beside the same months a year before, so that every season stands on both sides of it.
Source: docs/planning.md, shapes.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

from msgspec import Struct

from funnelcli.planning.labels import span_words
from funnelcli.text import Message, percent
from funnelcli.values.figures import Note
from funnelcli.values.periods import Period

YEAR = 12
FEWEST, SURE, MOST = 15, 24, 36  # months from which growth is taken out; from which that is not said to be thin; used


class Season(Struct, frozen=True, kw_only=True):
    """How new customers lie over the calendar months, 1 to 12: ``weights`` whose sizes beside one another count.

    ``growth`` is the rate of a year that was taken out of the ``months`` they come from; None where it could not be
    told from the season, and is still in them.
    """

    weights: Mapping[int, Fraction]
    months: tuple[Period, ...] = ()
    growth: Fraction | None = None

    def note(self) -> list[Note]:
        """What the reader should know of where the season comes from."""
        if not self.months:
            return []
        words = {"months": len(self.months), "span": span_words(self.months[0].key, self.months[-1].key)}
        if self.growth is None:
            return [Note("season-with-growth", _NOT_APART.filled(**words, least=FEWEST))]
        thin = len(self.months) < SURE
        text = (_THIN if thin else _APART).filled(**words, growth=percent(float(self.growth)))
        return [Note("season-of-few-months" if thin else "season-without-growth", text)]


_NOT_APART = Message(
    "Season and growth cannot be told apart in {months} complete months ({span}): the shape is that of the last twelve "
    "as they lay, growth included. From {least} months on growth is taken out."
)
_THIN = Message(
    "A growth of {growth} a year is taken out of the season, by {months} complete months ({span}): less than two years "
    "tell both only roughly."
)
_APART = Message("A growth of {growth} a year is taken out of the season, by {months} complete months ({span}).")


def season_of(months: Sequence[Period], numbers: Sequence[int]) -> Season | None:
    """The season of so many new customers in consecutive months; None of less than a year.

    The growth of a year is the sum of the months that have a counterpart a year before, over the sum of those: with
    24 months the last twelve over the twelve before.  Each month is divided by what the growth has come to by then, and
    a calendar month weighs the mean of its own.

    >>> from datetime import date
    >>> from funnelcli.values.periods import Grain, month_of, span
    >>> months = span(month_of(date(2025, 1, 1)), month_of(date(2026, 12, 1)), Grain.MONTH)
    >>> season = season_of(months, [100] * 11 + [200] + [200] * 11 + [400])
    >>> season.growth, round(season.weights[12] / season.weights[11], 2)  # twice as many, but for a month of growth
    (Fraction(1, 1), Fraction(189, 100))
    """
    if len(months) < YEAR:
        return None
    months, numbers = months[-MOST:], numbers[-MOST:]
    growth = _growth(numbers) if len(numbers) >= FEWEST else None
    if growth is None:
        return Season(weights=_by_month(months[-YEAR:], list(map(Fraction, numbers[-YEAR:]))), months=tuple(months))
    a_month = float(growth) ** (1 / YEAR)
    # Twelve digits are the same on every machine, and more than the customers of any firm.
    level = [Fraction(f"{number / a_month**place:.12g}") for place, number in enumerate(numbers)]
    return Season(weights=_by_month(months, level), months=tuple(months), growth=growth - 1)


def _growth(numbers: Sequence[int]) -> Fraction | None:
    """The months over the same ones a year before; None where either saw nobody."""
    later, before = sum(numbers[YEAR:]), sum(numbers[:-YEAR])
    return Fraction(later, before) if later and before else None


def _by_month(months: Sequence[Period], numbers: Sequence[Fraction]) -> dict[int, Fraction]:
    """The mean of each calendar month."""
    of_month: dict[int, list[Fraction]] = {}
    for month, number in zip(months, numbers, strict=True):
        of_month.setdefault(month.start.month, []).append(number)
    return {month: sum(known, Fraction(0)) / len(known) for month, known in of_month.items()}
