"""Facts as they were seen on a day: what later rows say of a person is not known yet."""

from __future__ import annotations

from datetime import date

from msgspec.structs import replace

from funnelcli.facts.commission import commission_events
from funnelcli.facts.happened import Happened
from funnelcli.facts.model import Facts
from funnelcli.values.dates import DAY_MICROS, micros_of


def as_seen(facts: Facts, day: date) -> Facts:
    """The facts, the same ones where no row is later.

    Events are of all days, as what counts chooses them by theirs.  Whose a row is, where it does not say so itself, is
    not: an earlier row must not have it from a later one.
    """
    if all(extent.last <= day for extent in facts.extents.values()):
        return facts
    dimensions = facts.dimensions.until(micros_of(day) // DAY_MICROS)
    of_commission = commission_events(facts.config, facts.events, dimensions)
    return replace(facts, dimensions=dimensions, events=Happened.together([facts.events, of_commission]))
