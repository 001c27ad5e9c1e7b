"""What stands in one place of an answer for people: raw values of a few closed kinds.  A renderer makes text of them.

Numbers stay numbers with their unit, words stay in both languages, and what is missing keeps its reason.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from fractions import Fraction
from typing import Literal

from msgspec import Struct, field
from msgspec.structs import replace

from funnelcli.text import NOTHING, Message, Text
from funnelcli.values.figures import Missing, Unit
from funnelcli.values.periods import Grain, Period

Tone = Literal["", "dim", "good", "bad", "bold"]


class Precision(StrEnum):
    """How exactly a number is written for people."""

    COUNTED = "counted"  # whole numbers whole, rates to a tenth of a percent
    PLANNED = "planned"  # expectations to a tenth, amounts of a thousand and more whole
    TENTHS = "tenths"  # every number of a column to a tenth, so that they line up
    FINE = "fine"  # rates with as many decimals as they need


class ChangeBasis(StrEnum):
    """What a change is measured in: a share of the earlier figure, percentage points, or the difference itself."""

    RELATIVE = "relative"
    POINTS = "points"
    DIFFERENCE = "difference"


class Number(Struct, frozen=True, kw_only=True, gc=False):
    """A number with its unit (None: a bare count of things), or a dash and why.

    A ``starred`` one carries an asterisk that the table's title explains.  ``currency`` is that of an amount.
    One of a grid has a ``shade``, 0 to 1, so that large ones are seen.  ``bounds`` are those of its interval, for whom
    draws it.

    >>> Number(value=Fraction(1, 4), unit=Unit.RATE).value
    Fraction(1, 4)
    """

    value: float | Fraction | None
    unit: Unit | None = None
    currency: str = ""
    precision: Precision = Precision.COUNTED
    missing: Missing | None = None
    starred: bool = False
    tone: Tone = ""
    shade: float | None = None
    bounds: tuple[float, float] | None = None


class Words(Struct, frozen=True):
    """Words for people, or text from data; ``facts`` are filled in where ``{name}`` stands, in that language.

    >>> Words(Message("Team: {team}"), facts={"team": Words("sales")}).facts["team"].text
    'sales'
    """

    text: Text | str
    facts: Mapping[str, Cell] = field(default_factory=dict)
    tone: Tone = ""


class Code(Struct, frozen=True):
    """A key or a formula: something to be typed as it stands."""

    text: Text | str
    tone: Tone = ""


class Months(Struct, frozen=True, kw_only=True):
    """A period, or the range from ``first`` to ``last``; a ``partial`` one is marked with an asterisk."""

    first: Period
    grain: Grain
    last: Period | None = None
    partial: bool = False
    tone: Tone = ""


class Day(Struct, frozen=True):
    """A day."""

    day: date
    tone: Tone = ""


class Against(Struct, frozen=True, kw_only=True):
    """An actual figure beside its target: ``352 [88.0% of 400] (48 to go)``.

    ``to_go`` is what is missing to the target, negative beyond it.  Of what had better stay low (``good`` is down)
    nothing is to go: it is below its target or over it.  A rate is shown with what was divided.
    """

    actual: Number | Quotient
    target: Number
    share: Number
    to_go: Number
    good: Literal["up", "down"] = "up"
    tone: Tone = ""


class Revised(Struct, frozen=True, kw_only=True):
    """A number as it is now, and as it was before: ``16,609 (15,243)``."""

    now: Number
    before: Number
    tone: Tone = ""


class Quotient(Struct, frozen=True, kw_only=True):
    """A rate with what was divided by what: ``32.1% (53/165)``."""

    rate: Number
    numerator: Number
    denominator: Number
    tone: Tone = ""


class Change(Struct, frozen=True, kw_only=True):
    """The change against the period before, None where one of the two has no figure; ``more`` than chance is marked."""

    value: float | None
    basis: ChangeBasis
    more: bool = False
    tone: Tone = ""


class Trend(Struct, frozen=True):
    """Figures in a row, to be shown as small bars."""

    values: tuple[float | None, ...]
    tone: Tone = "dim"


Cell = Number | Words | Code | Months | Day | Against | Revised | Quotient | Change | Trend

ACTUAL = Message("Actual")
TARGET = Message("Target")
SHARE = Message("Share")
TO_GO = Message("To go")
_BEFORE = Message("before")
_NUMERATOR = Message("numerator")
_DENOMINATOR = Message("denominator")
NO_NAME = NOTHING


def numbers_of(cell: Cell) -> tuple[tuple[Text, Cell], ...]:
    """A cell as single values, each with what it is where the cell holds several: a spreadsheet gives each a column.

    >>> [name.of("en") for name, _ in numbers_of(Revised(now=Number(value=3), before=Number(value=4)))]
    ['', 'before']
    """
    match cell:
        case Against(actual=Quotient() as actual):
            return (*numbers_of(replace(cell, actual=actual.rate)), *numbers_of(actual)[1:])
        case Against():
            return ((ACTUAL, cell.actual), (TARGET, cell.target), (SHARE, cell.share), (TO_GO, cell.to_go))
        case Revised():
            return ((NO_NAME, cell.now), (_BEFORE, cell.before))
        case Quotient():
            return ((NO_NAME, cell.rate), (_NUMERATOR, cell.numerator), (_DENOMINATOR, cell.denominator))
        case _:
            return ((NO_NAME, cell),)


def reason_of(cell: Cell) -> Text | None:
    """Why a cell shows a dash; None where it shows a figure, or where nobody gave a reason."""
    match cell:
        case Number(value=None, missing=Missing(reason=reason)):
            return reason
        case Against():
            return reason_of(cell.actual)
        case _:
            return None
