"""How long selling takes: counts of who got on after how many month ends, and a lag as people write it."""

from __future__ import annotations

from fractions import Fraction
from typing import Literal

from msgspec import Struct

from funnelcli.text import Message, TextError
from funnelcli.values.amounts import parse_whole

LagGiven = Literal["measured", "none"] | int
MOST_MONTHS = 60
_WORDS: tuple[Literal["measured", "none"], ...] = ("measured", "none")


class LagCounts(Struct, frozen=True, kw_only=True):
    """Of those for whom the month is over that lies 0, 1, ... month ends after their entry, how many got on in it.

    ``known`` are these members, ``came`` those who got on then.
    """

    came: tuple[int, ...]
    known: tuple[int, ...]

    def first(self, lags: int) -> LagCounts:
        """Those of the first lags."""
        return LagCounts(came=self.came[:lags], known=self.known[:lags])

    @property
    def reached(self) -> Fraction:
        """The share that gets on: at each lag those who do over the members of whom it is known, summed."""
        return sum((Fraction(came, known) for came, known in zip(self.came, self.known, strict=True)), Fraction(0))

    def as_if_known(self) -> tuple[float, ...]:
        """How many got on at each lag, as they would lie were every lag known of as many members; as many in all.

        Of late lags fewer are known, and their counts are small for that alone.  Up to the last after which any did.

        >>> LagCounts(came=(30, 5, 0), known=(100, 50, 40)).as_if_known()
        (26.25, 8.75)
        """
        shares = [came / known for came, known in zip(self.came, self.known, strict=True)]
        last = max((lag + 1 for lag, share in enumerate(shares) if share), default=1)
        times = sum(self.came) / sum(shares) if any(shares) else 0.0
        return tuple(share * times for share in shares[:last])


def parse_lag(text: str | float) -> LagGiven:
    """The lag that a text says; TextError where it says none.

    >>> parse_lag("Measured"), parse_lag("2")
    ('measured', 2)
    """
    for word in _WORDS:
        if isinstance(text, str) and text.strip().casefold() == word:
            return word
    try:
        number = parse_whole(text)
    except ValueError:
        number = MOST_MONTHS + 1
    if number > MOST_MONTHS:
        raise TextError(_NO_LAG.filled(text=text, most=MOST_MONTHS))
    return number


_NO_LAG = Message("{text!r} is no lag: write measured, none, or a number of months up to {most}")
