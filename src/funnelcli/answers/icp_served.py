"""What it costs to serve accounts: the costs of the teams that do, shared out by the tickets of each."""

from __future__ import annotations

from typing import Literal

import numpy as np
from msgspec import Struct

from funnelcli.answers.explain import explain_value
from funnelcli.answers.icp_outcomes import Range
from funnelcli.counting.select import day_number
from funnelcli.facts.attributes import NO_ACCOUNT
from funnelcli.metrics import CATALOGUE
from funnelcli.text import Message
from funnelcli.values.figures import Missing
from funnelcli.values.periods import Grain, Period, month_of, span, whole

SERVICE = "service_cost_amount"
NO_SERVICE = Missing(
    "no-service-costs", Message("no row of costs is of a team that serves customers ([costs] service_teams)")
)
Shared = Literal["tickets", "alike"]


class Served(Struct, frozen=True, kw_only=True, eq=False):
    """What it costs to serve each account a month: its share of ``total`` over ``months``.

    The share is that of its tickets, else ``alike`` for all that pay at the end.
    """

    of_account: np.ndarray
    total: float
    months: int
    shared: Shared

    def mean(self, account: np.ndarray) -> float:
        """What one of some accounts costs a month."""
        return float(self.of_account[account].mean())


def served(seen: Range) -> Served | Missing:
    """What it costs to serve the accounts of a range, over the months of it that costs tell of; or why it is not known.

    What tickets of nobody's account cost is in the total, and of no account.
    """
    months = _months(seen)
    period = whole(months) if months else seen.period
    known = explain_value(seen.facts, CATALOGUE[SERVICE], period, seen.as_of).value
    if known.value is None:
        return known.missing or NO_SERVICE
    if not known.value:
        return NO_SERVICE
    tickets = _tickets(seen, months)
    if tickets is not None:
        account, number = tickets
        of_account = np.bincount(account, minlength=len(seen.firms)) * (known.value / number / len(months))
        return Served(of_account=of_account, total=known.value, months=len(months), shared="tickets")
    paying = seen.level("paying", seen.end) > 0
    each = known.value / len(months) / max(int(paying.sum()), 1)
    return Served(of_account=np.where(paying, each, 0.0), total=known.value, months=len(months), shared="alike")


def _months(seen: Range) -> list[Period]:
    """The months of the range that costs tell of."""
    extent = seen.facts.extents.get("costs")
    if extent is None:
        return []
    first, last = max(extent.first, seen.period.start), min(extent.last, seen.as_of, seen.period.last_day)
    return [] if first > last else list(span(month_of(first), month_of(last), Grain.MONTH))


def _tickets(seen: Range, months: list[Period]) -> tuple[np.ndarray, int] | None:
    """The accounts of the tickets of some months, and how many tickets there are in all; None where nothing tells."""
    events = seen.counts.facts.events.get("ticket")
    if events is None:
        return None
    first, last = day_number(months[0].start), day_number(months[-1].last_day)
    inside = (events.day >= first) & (events.day <= min(last, seen.end))
    account = seen.firms.of(events.records.entity[events.row[inside]])
    known = account[account != NO_ACCOUNT]
    return (known, len(account)) if len(known) else None
