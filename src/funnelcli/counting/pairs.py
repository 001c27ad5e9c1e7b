"""The pairs of stages between which the same people, or deals, are followed, and the events that say how far."""

from __future__ import annotations

from itertools import pairwise

from msgspec import Struct

from funnelcli.facts.journeys import BUILT_IN, FUNNEL, Journey, trail_event

USUAL_WINDOW = "90d"
# The event with which people enter each stage of the funnel.
_EVENTS = {"signup": "signup", "demo_booked": "demo_booked", "paid": "paid_first"}


class Pair(Struct, frozen=True, kw_only=True):
    """Two stages of a journey, the first of which is entered and followed from to the second.

    ``key`` is what the metrics of the pair begin with.  ``home`` and ``goal_home`` are what the events of the two begin
    with: the event of coming to the stage, of whose input and columns they are.

    >>> PAIRS[-1].converted
    'paid_first:signup_to_paid_converted'
    """

    key: str
    start: str
    goal: str
    home: str
    goal_home: str

    @property
    def entered(self) -> str:
        """The event of whoever enters the first stage."""
        return f"{self.home}:{self.key}_entered"

    @property
    def matured(self) -> str:
        """The event of those of them whose window is over."""
        return f"{self.home}:{self.key}_matured"

    @property
    def converted(self) -> str:
        """The event of those of these who got on within it; without an export of the second stage nobody knows."""
        return f"{self.goal_home}:{self.key}_converted"

    @property
    def undated(self) -> str:
        """The event of whoever entered, where the second stage's export does not say on which day it is come to."""
        return f"{self.goal_home}:{self.key}_undated"


PAIRS = tuple(
    Pair(key=f"{start}_to_{goal}", start=start, goal=goal, home=_EVENTS[start], goal_home=_EVENTS[goal])
    for start, goal in (("signup", "demo_booked"), ("demo_booked", "paid"), ("signup", "paid"))
)


def pairs_of(journey: Journey) -> tuple[Pair, ...]:
    """The pairs of a journey: from each stage that may not be skipped to the next, and from the first to the last.

    Where that can be won, winning is the last.  Those of the funnel are the dashboard's.

    >>> [pair.key for pair in pairs_of(BUILT_IN["opportunity"])][-2:]
    ['contract_to_won', 'created_to_won']
    """
    if journey.source is None:
        return PAIRS if journey.name == FUNNEL.name else ()
    won = [stage for stage in journey.stages if stage.won]
    stages = [stage.name for stage in (*(way for way in journey.ways if not way.optional), *won)]
    both = [*pairwise(stages), (stages[0], stages[-1])] if len(stages) > 1 else []
    return tuple(_pair(journey, start, goal) for start, goal in dict.fromkeys(both))


def _pair(journey: Journey, start: str, goal: str) -> Pair:
    own = journey.name not in BUILT_IN or {start, goal} & journey.taken
    key = f"{journey.name}_{start}_to_{goal}" if own else f"{start}_to_{goal}"
    homes = {
        stage.name: trail_event(journey, "won" if stage.won else "entered", stage.name) for stage in journey.stages
    }
    return Pair(key=key, start=start, goal=goal, home=homes[start], goal_home=homes[goal])
