"""What a plan has to work with: sellers who hold demos, and signups of channels at a cost, up to so many a month."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from enum import StrEnum
from fractions import Fraction
from math import ceil, floor

from msgspec import Struct, field

from funnelcli.values.channels import Channel
from funnelcli.values.periods import Period


class Wish(StrEnum):
    """What the mix of channels is chosen for: the least COST of a goal, or the most new customers for a budget."""

    COST = "cost"
    NEW_PAID_USERS = "new_paid_users"


def months_between(earlier: Period, later: Period) -> int:
    """How many months lie from the start of one to that of the other; below 0 where the later one comes first."""
    return (later.start.year - earlier.start.year) * 12 + later.start.month - earlier.start.month


class Sellers(Struct, frozen=True, kw_only=True):
    """Who holds demos: so many at their full pace, each ``demos`` a month, and who begins or leaves in which month.

    One who is hired holds the shares of ``ramp`` in the first months, and all from then on.
    """

    number: int
    demos: int
    hires: tuple[Period, ...] = ()
    ramp: tuple[Fraction, ...] = ()
    leavers: tuple[Period, ...] = ()

    def at_full_pace(self, month: Period) -> Fraction:
        """How many sellers at their full pace those of a month come to.

        >>> from datetime import date
        >>> from funnelcli.values.periods import month_of
        >>> january, february = month_of(date(2027, 1, 1)), month_of(date(2027, 2, 1))
        >>> sellers = Sellers(number=3, demos=40, hires=(january,), ramp=(Fraction(1, 4), Fraction(1, 2)))
        >>> float(sellers.at_full_pace(january)), float(sellers.at_full_pace(february))
        (3.25, 3.5)
        """
        hired = (self._share(months_between(hire, month)) for hire in self.hires)
        left = sum(leaver.start <= month.start for leaver in self.leavers)
        return self.number + sum(hired, Fraction(0)) - left

    def _share(self, months: int) -> Fraction:
        if months < 0:
            return Fraction(0)
        return self.ramp[months] if months < len(self.ramp) else Fraction(1)

    def can_hold(self, month: Period) -> int:
        """The demos that they can hold in a month, whole ones."""
        return floor(self.at_full_pace(month) * self.demos)

    def more_for(self, demos: int, month: Period) -> int:
        """How many more sellers at their full pace it takes for so many demos in a month.

        >>> from datetime import date
        >>> from funnelcli.values.periods import month_of
        >>> [Sellers(number=3, demos=40).more_for(demos, month_of(date(2027, 1, 1))) for demos in (120, 121, 161)]
        [0, 1, 2]
        """
        lacking = demos - self.at_full_pace(month) * self.demos
        return max(ceil(lacking / self.demos), 0)

    def with_one_more(self) -> Sellers:
        """The same with one more at the full pace from the first month on."""
        return Sellers(number=self.number + 1, demos=self.demos, hires=self.hires, ramp=self.ramp, leavers=self.leavers)


class Step(Struct, frozen=True, kw_only=True):
    """So many signups of a month, None for any number, at a cost ``each``."""

    signups: int | None
    each: Fraction


class Offer(Struct, frozen=True, kw_only=True):
    """The signups that a channel has in a month, the cheaper ones first."""

    steps: tuple[Step, ...]

    @property
    def cap(self) -> int | None:
        """The most signups of a month; None where there is no such number."""
        known = [step.signups for step in self.steps]
        return None if None in known else sum(number for number in known if number is not None)

    def uncapped(self) -> Offer:
        """The same with any number at the last step's cost.

        >>> Offer(steps=(Step(signups=50, each=Fraction(3)),)).uncapped().cost(60)
        Fraction(180, 1)
        """
        *before, last = self.steps
        return Offer(steps=(*before, Step(signups=None, each=last.each)))

    def after(self, came: int) -> Offer:
        """What is left of a month in which some signups have come.

        >>> Offer(steps=(Step(signups=50, each=Fraction(3)), Step(signups=9, each=Fraction(4)))).after(52).cap
        7
        """
        steps: list[Step] = []
        for step in self.steps:
            gone = came if step.signups is None else min(came, step.signups)
            left = None if step.signups is None else step.signups - gone
            came -= gone
            steps += [] if left == 0 else [Step(signups=left, each=step.each)]
        return Offer(steps=tuple(steps))

    def taken(self, signups: int) -> Iterator[tuple[int, Fraction]]:
        """How many of so many signups are of each step, and what each of them costs."""
        for step in self.steps:
            number = signups if step.signups is None else min(signups, step.signups)
            signups -= number
            yield number, step.each

    def cost(self, signups: int) -> Fraction | None:
        """What so many signups of a month cost; None where there are not so many.

        >>> offer = Offer(steps=(Step(signups=200, each=Fraction(100)), Step(signups=200, each=Fraction(180))))
        >>> [int(offer.cost(signups)) for signups in (200, 250)], offer.cost(401)
        ([20000, 29000], None)
        """
        if self.cap is not None and signups > self.cap:
            return None
        return sum((number * each for number, each in self.taken(signups)), Fraction(0))


class Means(Struct, frozen=True, kw_only=True):
    """Who holds the demos, what the signups of channels cost, and what the mix of these is chosen for, if anything.

    ``budget`` is what the signups may cost in all; None where nobody said.
    """

    sellers: Sellers | None = None
    offers: Mapping[Channel, Offer] = field(default_factory=dict)
    wish: Wish | None = None
    budget: Fraction | None = None
