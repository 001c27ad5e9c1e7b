"""The rows of a plan that knows how long selling takes: what is needed, what comes, and what of it is in hand."""

from __future__ import annotations

from collections.abc import Iterator

from funnelcli.planning.lag_metrics import (
    ENTRANTS_CAME,
    ENTRANTS_DUE,
    ENTRANTS_NEEDED,
    EXPECTED_NEW,
    IN_HAND_NEW,
    NEEDED_NEW,
)
from funnelcli.planning.model import PlanRow
from funnelcli.planning.selling import LagPlan


def lag_rows(plan: LagPlan) -> Iterator[PlanRow]:
    """The rows of the whole."""
    yield PlanRow.of(NEEDED_NEW, plan.needs)
    yield PlanRow.of(EXPECTED_NEW, plan.brought)
    yield PlanRow.of(IN_HAND_NEW, plan.credit)
    yield PlanRow.of(ENTRANTS_NEEDED, [due.all for due in plan.due])
    yield PlanRow.of(ENTRANTS_DUE, [due.had for due in plan.due])
    yield PlanRow.of(ENTRANTS_CAME, [due.did for due in plan.due])
