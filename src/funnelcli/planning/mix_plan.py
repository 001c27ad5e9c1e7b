"""What a plan says of the mix of channels that was chosen for it: its cost, what bounds it, what more would bring."""

from __future__ import annotations

from enum import StrEnum
from fractions import Fraction

from msgspec import Struct

from funnelcli.planning.means import Wish
from funnelcli.values.channels import Channel


class BoundBy(StrEnum):
    """What a mix has come to the end of."""

    SELLERS = "sellers"
    CAP = "cap"
    BUDGET = "budget"
    MOST_NEW = "max_new_paid_users"


class Binding(Struct, frozen=True, kw_only=True):
    """Something of which a mix takes all there is; the cap of a ``channel``; in which ``months``, by their places."""

    by: BoundBy
    channel: Channel | None = None
    months: tuple[int, ...] = ()


class MoreOf(StrEnum):
    """What there could be more of: one seller at full pace from the first month on, or a tenth of what is spent."""

    SELLER = "one_more_seller"
    BUDGET = "ten_per_cent_more_budget"


class Gain(Struct, frozen=True, kw_only=True):
    """What the mix would come to with ``more``: its ``cost``, and the whole ``new`` customers."""

    more: MoreOf
    cost: Fraction
    new: int


class MixPlan(Struct, frozen=True, kw_only=True):
    """A mix that was chosen: what it ``cost``, the least that any could (``floor``), and the ``budget`` it had.

    Of the cost ``early`` is that of signups in months before the plan.  To be as sure as is asked it is to bring an
    ``aim`` that is higher than the goal.
    ``customers`` are those that its signups bring in each month, expected exactly, ``new`` the whole ones in all.
    ``unused`` are channels that bring customers so far and have no cost declared.  The months are ``free`` where no
    shape is kept.
    """

    wish: Wish
    cost: Fraction
    floor: Fraction
    proven: bool
    budget: Fraction | None
    customers: tuple[Fraction, ...]
    new: int
    bindings: tuple[Binding, ...]
    gains: tuple[Gain, ...]
    unused: tuple[Channel, ...] = ()
    free: bool = False
    early: Fraction = Fraction(0)
    aim: Fraction | None = None
