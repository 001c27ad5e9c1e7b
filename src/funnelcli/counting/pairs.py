"""The pairs of stages between which the same people, or deals, are followed, and the events that say how far."""

from __future__ import annotations

from msgspec import Struct

from funnelcli.facts.journeys import BUILT_IN, CUSTOMER, FUNNEL, Journey, trail_event

USUAL_WINDOW = "90d"
CONTRACT, TO_VALUE = "contract", "time_to_value"
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
    times: str = ""

    @property
    def time_key(self) -> str:
        """What the keys of how long it takes begin with: ``times`` where that has a name of its own."""
        return self.times or self.key

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
    def reached(self) -> str:
        """The event of getting on, whenever it is, on its day."""
        return f"{self.goal_home}:{self.key}_reached"

    @property
    def in_time(self) -> str:
        """The event of getting on within the window, whether that is over or not."""
        return f"{self.goal_home}:{self.key}_in_time"

    @property
    def ended(self) -> str:
        """The event of another end of those who have not got on."""
        return f"{self.home}:{self.key}_ended"

    @property
    def undated(self) -> str:
        """The event of whoever entered, where the second stage's export does not say on which day it is come to."""
        return f"{self.goal_home}:{self.key}_undated"


PAIRS = tuple(
    Pair(key=f"{start}_to_{goal}", start=start, goal=goal, home=_EVENTS[start], goal_home=_EVENTS[goal])
    for start, goal in (("signup", "demo_booked"), ("demo_booked", "paid"), ("signup", "paid"))
)


def pairs_of(journey: Journey) -> tuple[Pair, ...]:
    """The pairs of a journey: from each stage to the next that may not be skipped, and from the first to the last.

    Where that can be won, winning is the last.  Customers go from the contract to the use of what they bought, too.
    Those of the funnel are the dashboard's.

    >>> [pair.key for pair in pairs_of(BUILT_IN["opportunity"])][-2:]
    ['contract_to_won', 'created_to_won']
    >>> [pair.key for pair in pairs_of(BUILT_IN["customer"])][1:3], pairs_of(BUILT_IN["customer"])[-1].key
    (['customer_contract_to_set_up', 'own_erp_to_set_up'], 'customer_contract_to_follow_up')
    """
    if journey.source is None:
        return PAIRS if journey.name == FUNNEL.name else ()
    stages = [stage for stage in journey.stages if stage.is_reached]
    fixed = [stage.name for stage in stages if not stage.optional]
    names = [stage.name for stage in stages]
    goals = {name: next((later for later in names[place + 1 :] if later in fixed), None)
             for place, name in enumerate(names)}  # fmt: skip
    both = [(start, goal) for start, goal in goals.items() if goal is not None]
    both += [(fixed[0], fixed[-1])] if len(fixed) > 1 else []
    both += [(CONTRACT, journey.live)] if is_live_after_contract(journey) and journey.live else []
    return tuple(_pair(journey, start, goal) for start, goal in dict.fromkeys(both))


def is_live_after_contract(journey: Journey) -> bool:
    """Whether a stage after the contract says that a customer has the use of what was bought."""
    names = [stage.name for stage in journey.ways]
    return {CONTRACT, journey.live} <= set(names) and names.index(CONTRACT) < names.index(journey.live or "")


def _pair(journey: Journey, start: str, goal: str) -> Pair:
    own = journey.name not in BUILT_IN or {start, goal} & journey.taken
    key = f"{journey.name}_{start}_to_{goal}" if own else f"{start}_to_{goal}"
    homes = {
        stage.name: trail_event(journey, "won" if stage.won else "entered", stage.name) for stage in journey.stages
    }
    times = ""
    if is_live_after_contract(journey) and (start, goal) == (CONTRACT, journey.live):
        times = TO_VALUE if journey.name == CUSTOMER.name else f"{journey.name}_{TO_VALUE}"
    return Pair(key=key, start=start, goal=goal, home=homes[start], goal_home=homes[goal], times=times)
