"""A plan with how each of its figures is made, for formats that can work it out again when an assumption changes."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct, field

from funnelcli.answers.cells import Months, Number, Words
from funnelcli.text import Text
from funnelcli.values.figures import Unit


class Input(Struct, frozen=True, kw_only=True):
    """An assumption by its key, which may be changed; ``product`` are the assumptions that it is the product of."""

    key: str
    label: Text
    value: Number
    origin: Words | None = None
    product: tuple[str, ...] = ()


class ChannelInput(Struct, frozen=True, kw_only=True):
    """A channel's share of the new customers, and its own rates; None for a stage that its people do not pass."""

    key: str
    label: Text
    share: Number
    rates: Mapping[str, Number | None]


class Aim(Struct, frozen=True, kw_only=True):
    """What the goal asks: so many new customers ("won"), a level at the end, or the levels of all months summed.

    A level is there ``first``, of which the share ``rate`` is lost each month, and each new customer adds ``each``
    (None: one).  A goal in money of which each customer brings some once is divided by ``price``.  ``sums`` is the line
    whose past months count towards the goal.
    """

    kind: Literal["won", "at_end", "summed"]
    first: str | None = None
    rate: str | None = None
    each: str | None = None
    price: str | None = None
    sums: str | None = None


# --- how the months of a line are made -------------------------------------------------------------------------------


class Won(Struct, frozen=True):
    """The fewest new customers that reach the goal, in the shape of the plan."""


class Before(Struct, frozen=True, kw_only=True):
    """What the stage before must bring, so that at the ``rate`` it covers the stage ``of``; ``shared`` by channels."""

    of: str
    rate: str
    shared: bool = True


class Begins(Struct, frozen=True, kw_only=True):
    """A level when the month begins: the level ``of`` when the one before ended, ``first`` in the first."""

    of: str
    first: str


class Share(Struct, frozen=True, kw_only=True):
    """A share of a level."""

    of: str
    rate: str


class Balance(Struct, frozen=True, kw_only=True):
    """A sum and difference of lines."""

    plus: tuple[str, ...]
    minus: tuple[str, ...]


class Level(Struct, frozen=True, kw_only=True):
    """What is left of the month before, ``first`` before the first, and what each of the new ones ``of`` adds."""

    of: str
    first: str
    rate: str
    each: str


class Times(Struct, frozen=True, kw_only=True):
    """So much for each."""

    of: str
    each: str


class RunningDown(Struct, frozen=True, kw_only=True):
    """The running total of a line, rounded down."""

    of: str


class RoundedUp(Struct, frozen=True, kw_only=True):
    """A difference of lines, rounded up."""

    plus: str
    minus: str


class Repeats(Struct, frozen=True, kw_only=True):
    """The same as another line, of the same channel where it is of one."""

    of: str


class SumOf(Struct, frozen=True):
    """The sum of the lines of the same key and team that are of a channel."""


PlannedRecipe = (
    Won | Before | Begins | Share | Balance | Level | Times | RunningDown | RoundedUp | Repeats | SumOf
)  # fmt: skip


class PlannedLine(Struct, frozen=True, kw_only=True):
    """A figure of a plan over its months, of the whole, a channel or a team; ``made`` is None for what is given."""

    key: str
    label: Text
    unit: Unit
    values: tuple[Number, ...]
    total: Number
    over: Literal["sum", "first", "last", "own"]
    channel: str = ""
    team: str = ""
    made: PlannedRecipe | None = None


class WorkedPlan(Struct, frozen=True, kw_only=True):
    """A plan to be worked out again: what was assumed, what is asked, and the lines that follow.

    The first ``past`` of its months are past.  The new customers lie over the others evenly, growing by ``growth``, by
    ``shares``, or so that each month reaches its amount of ``amounts``.  ``by_month`` rounds each month by itself.
    ``fixed`` says why nothing can be worked out again, where that is so.
    """

    currency: str
    periods: tuple[Months, ...]
    past: int
    goal: Input
    aim: Aim
    inputs: tuple[Input, ...]
    lines: tuple[PlannedLine, ...]
    growth: Input | None = None
    shares: tuple[Number, ...] = ()
    amounts: tuple[Number, ...] = ()
    by_month: bool = False
    channels: tuple[ChannelInput, ...] = ()
    channel_labels: Mapping[str, Text] = field(default_factory=dict)
    team_labels: Mapping[str, Text] = field(default_factory=dict)
    fixed: Text | None = None
