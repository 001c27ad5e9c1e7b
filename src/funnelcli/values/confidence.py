"""How sure a plan is to be, as people write it."""

from __future__ import annotations

from fractions import Fraction

from funnelcli.text import Message, TextError
from funnelcli.values.amounts import parse_share

LEAST, MOST = Fraction(1, 100), Fraction(99, 100)


def parse_level(text: str | float) -> Fraction:
    """The share of the runs that are to meet a goal; TextError where it is none between 1 % and 99 %.

    >>> parse_level("80%"), parse_level("0.95")
    (Fraction(4, 5), Fraction(19, 20))
    """
    try:
        level = parse_share(text)
    except ValueError:
        level = Fraction(0)
    if not LEAST <= level <= MOST:
        raise TextError(_NO_LEVEL.filled(text=text))
    return level


_NO_LEVEL = Message("{text!r} is no confidence: write a share from 1% to 99%, like 80%")
