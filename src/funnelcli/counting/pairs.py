"""The pairs of stages between which the same people are followed, and the events that say how far they have got."""

from __future__ import annotations

from msgspec import Struct

USUAL_WINDOW = "90d"
# The event with which people enter each stage of the funnel.
_EVENTS = {"signup": "signup", "demo_booked": "demo_booked", "paid": "paid_first"}


class Pair(Struct, frozen=True, kw_only=True):
    """Two stages of the funnel, the first of which people enter and are followed from to the second.

    >>> Pair(start="signup", goal="paid").converted
    'paid_first:signup_to_paid_converted'
    """

    start: str
    goal: str

    @property
    def key(self) -> str:
        """What the metrics of the pair begin with."""
        return f"{self.start}_to_{self.goal}"

    @property
    def entered(self) -> str:
        """The event of whoever enters the first stage."""
        return f"{_EVENTS[self.start]}:{self.key}_entered"

    @property
    def matured(self) -> str:
        """The event of those of them whose window is over."""
        return f"{_EVENTS[self.start]}:{self.key}_matured"

    @property
    def converted(self) -> str:
        """The event of those of these who got on within it; without an export of the second stage nobody knows."""
        return f"{_EVENTS[self.goal]}:{self.key}_converted"

    @property
    def undated(self) -> str:
        """The event of whoever entered, where the second stage's export does not say on which day it is come to."""
        return f"{_EVENTS[self.goal]}:{self.key}_undated"


PAIRS = (
    Pair(start="signup", goal="demo_booked"),
    Pair(start="demo_booked", goal="paid"),
    Pair(start="signup", goal="paid"),
)
