"""The rows of a plan that knows how long selling takes: what is needed, what comes, and what of it is in hand."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from funnelcli.planning.lag_metrics import (
    ENTRANTS_CAME,
    ENTRANTS_DUE,
    ENTRANTS_NEEDED,
    EXPECTED_NEW,
    IN_HAND_NEW,
    NEEDED_NEW,
)
from funnelcli.planning.model import PlanRow
from funnelcli.planning.selling import LagPart, LagPlan
from funnelcli.values.channels import Channel


def lag_rows(plan: LagPlan) -> Iterator[PlanRow]:
    """The rows of the whole, and of each channel where the plan has channels."""
    every: list[tuple[Channel | None, Sequence[Fraction], LagPlan | LagPart]] = [
        (None, [Fraction(need) for need in plan.needs], plan)
    ]
    every += [
        (part.channel, [part.share * need for need in plan.needs], part)
        for part in plan.parts
        if part.channel is not None
    ]
    for channel, needs, part in every:
        yield PlanRow.of(NEEDED_NEW, needs, channel=channel)
        yield PlanRow.of(EXPECTED_NEW, part.brought, channel=channel)
        yield PlanRow.of(IN_HAND_NEW, part.credit, channel=channel)
        yield PlanRow.of(ENTRANTS_NEEDED, [each.all for each in part.due], channel=channel)
        yield PlanRow.of(ENTRANTS_DUE, [each.had for each in part.due], channel=channel)
        yield PlanRow.of(ENTRANTS_CAME, [each.did for each in part.due], channel=channel)
