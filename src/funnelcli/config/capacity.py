"""What a plan has to work with: sellers who hold demos, and what the signups of each channel cost."""

from collections.abc import Sequence
from fractions import Fraction
from typing import Annotated

from funnelcli.config.table import About, Limits, Reads, Table
from funnelcli.config.values import Amount, MonthKey, Whole
from funnelcli.text import Message, TextError
from funnelcli.values.amounts import parse_share


def _ramp(value: object) -> tuple[Fraction, ...]:
    """The shares of a list: numbers from 0 to 1, or texts like "25%"."""
    if not isinstance(value, list | tuple):
        raise TextError(Message('write a list, like [0.25, 0.5, 1] or ["25%", "50%"]'))
    return tuple(map(_share_of_all, value))


def _share_of_all(value: object) -> Fraction:
    if isinstance(value, bool) or not isinstance(value, str | int | float):
        raise TextError(Message("a number or a text is wanted here"))
    share = Fraction(1) if value == 1 else parse_share(value)
    if share > 1:
        text = Message("a new seller holds {share} % of what a full one does, which is more than all of it")
        raise TextError(text.filled(share=f"{float(share) * 100:g}"))
    return share


_SHARES = {"type": "array", "items": {"type": ["number", "string"]}}


class Capacity(Table, frozen=True, kw_only=True):
    """How many demos the sellers can hold in a month: quotas above it are named, and no mix asks for more."""

    sellers: Annotated[
        Whole | None,
        About("Sellers who hold demos at their full pace, beside the hires; those who leave are among them."),
    ] = None
    demos_per_seller: Annotated[Whole | None, About("Demos a month that one of them can hold.")] = None
    hires: Annotated[
        tuple[MonthKey, ...],
        Limits(strict=False),
        About('The month in which each further seller begins, like ["2027-02", "2027-02"].'),
    ] = ()
    ramp: Annotated[
        tuple[Fraction, ...],
        Reads(_ramp, "instead", _SHARES),
        About(
            "The share of a full seller's demos that one hired holds in the first month, the second and so on, like "
            "[0.25, 0.5, 0.75]; from then on all of them."
        ),
    ] = ()
    leavers: Annotated[
        tuple[MonthKey, ...], Limits(strict=False), About("The month from which on each seller who leaves holds none.")
    ] = ()

    def __post_init__(self) -> None:
        """TextError where it does not say how many demos can be held, or more leave than there are."""
        if not self.given:
            return
        if self.sellers is None or self.demos_per_seller is None:
            raise TextError(Message("give both sellers and demos_per_seller: else nobody knows what can be held"))
        if not self.demos_per_seller:
            raise TextError(Message("demos_per_seller is above 0: a seller who holds none is left out of sellers"))
        for month in sorted(self.leavers):
            there = self.sellers + sum(hire < month for hire in self.hires)
            if sum(leaver <= month for leaver in self.leavers) > there:
                text = Message("by {month} more sellers leave than there are")
                raise TextError(text.filled(month=month))

    @property
    def given(self) -> bool:
        """Whether anything is said of it."""
        return (
            self.sellers is not None
            or self.demos_per_seller is not None
            or bool(self.hires or self.leavers or self.ramp)
        )


class CostStep(Table, frozen=True, kw_only=True):
    """What each signup of a month costs, from those of the step before up to so many."""

    to: Annotated[
        Whole | None, About("The number of signups of a month up to which it holds; without it, all further ones.")
    ] = None
    cost: Annotated[Amount, About("What each of these signups costs.")]


class SignupCost(Table, frozen=True, kw_only=True):
    """What the signups of a channel cost in a month, and how many there are to be had."""

    cost_per_signup: Annotated[Amount | None, About('What each signup costs, like "120k"; 0 is free.')] = None
    cap: Annotated[Whole | None, About("The most signups of a month; without it, any number.")] = None
    steps: Annotated[
        tuple[CostStep, ...],
        Limits(strict=False),
        About(
            "In the place of cost_per_signup, a cost that rises: "
            '[{ to = 200, cost = "100k" }, { to = 400, cost = "180k" }] is 100k for each of the first 200 signups of a '
            "month and 180k for each of the next 200; there are no more than the last step says."
        ),
    ] = ()

    def __post_init__(self) -> None:
        """TextError where there is no cost, or two, or steps that do not rise."""
        if (self.cost_per_signup is None) == (not self.steps):
            raise TextError(Message("give cost_per_signup, or steps whose cost rises: one of the two"))
        _check_steps(self.steps)


def _check_steps(steps: Sequence[CostStep]) -> None:
    before = None
    for step in steps:
        if before is not None and before.to is None:
            raise TextError(Message("only the last step may go without to"))
        if step.to is not None and step.to <= (0 if before is None or before.to is None else before.to):
            raise TextError(Message("each step goes up to more signups than the one before"))
        if before is not None and step.cost <= before.cost:
            text = Message("each step costs more than the one before: the cheaper signups are bought first")
            raise TextError(text)
        before = step
