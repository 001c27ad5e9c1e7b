"""Planned figures as cells for people."""

from __future__ import annotations

from fractions import Fraction

from funnelcli.answers.answer import Column
from funnelcli.answers.cells import Months, Number, Precision, Tone, Words
from funnelcli.text import Message, Text
from funnelcli.values.channels import CHANNEL_LABELS, Channel
from funnelcli.values.figures import Missing, Unit
from funnelcli.values.periods import Grain, Period

MONTH = Message("Month")
NO_WORDS = Words("")


def planned(
    value: Fraction | None, unit: Unit, currency: str = "", *, missing: Missing | None = None, tone: Tone = ""
) -> Number:
    """A planned figure, expectations to a tenth.

    >>> planned(Fraction(3, 2), Unit.CUSTOMERS).precision.value
    'planned'
    """
    return Number(
        value=value, unit=unit, currency=currency, precision=Precision.PLANNED, missing=missing, tone=tone
    )  # fmt: skip


def month(period: Period, *, partial: bool = False) -> Months:
    """A month, marked where it is not yet whole."""
    return Months(first=period, grain=Grain.MONTH, partial=partial)


def channel_words(channel: Channel | None, otherwise: Text) -> Words:
    """The channel's name, or what stands for the whole."""
    return Words(CHANNEL_LABELS[channel] if channel else otherwise)


def columns(*headers: Text) -> tuple[Column, ...]:
    """The columns under some headers."""
    return tuple(Column(header=Words(header)) for header in headers)
