"""The three mistakes of a profile: a size that costs more than it brings, one contact alone, and a profile too old."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Literal

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from funnelcli.answers.explain import explain_value
from funnelcli.answers.icp_outcomes import Outcome, Range
from funnelcli.answers.icp_served import Served, Shared, served
from funnelcli.answers.icp_tests import FEWEST, figure_of
from funnelcli.answers.icp_values import Values
from funnelcli.config.icp import IcpSettings
from funnelcli.facts.attributes import NO_ACCOUNT
from funnelcli.metrics import CATALOGUE
from funnelcli.text import Message
from funnelcli.values.figures import Missing

OLD = 183  # days after which a profile should have been looked at
NOT_SAID = Missing("no-since", Message("[icp] since does not say"))
LATER = Missing("declared-later", Message("[icp] since is after the day of this review"))
Kind = Literal["size", "contact", "age"]
Seen = Literal["made", "not-made", "not-known"]


class Mistake(Struct, frozen=True, kw_only=True):
    """One of the three, whether it is made, and what shows it; ``why`` says why that is not known.

    Of a size the figures of its accounts and of the rest: the share lost, tickets a customer, MRR an account, and what
    it costs to serve one a month; ``shared`` says how these costs are shared out, ``uncosted`` why they are not known.
    """

    kind: Kind
    verdict: Seen
    band: str = ""
    number: float | None = None
    of: float | None = None
    churn: tuple[float, float] | None = None
    tickets: tuple[float, float] | None = None
    arpa: tuple[float, float] | None = None
    cost: tuple[float, float] | None = None
    shared: Shared | None = None
    uncosted: Missing | None = None
    why: Missing | None = None
    few: bool = False

    @property
    def net(self) -> tuple[float, float] | None:
        """What an account brings a month less what it costs to serve, as far as that is known."""
        if self.arpa is None:
            return None
        cost = self.cost or (0.0, 0.0)
        return self.arpa[0] - cost[0], self.arpa[1] - cost[1]


def mistakes_of(
    seen: Range, profile: IcpSettings, values: Sequence[Values], outcomes: Sequence[Outcome]
) -> Iterator[Mistake]:
    """All that are made, and of each kind that is not that it is not."""
    sizes = next((each for each in values if each.attribute == "employees" and each.bands), None)
    yield from _sizes(seen, sizes, {each.key: each for each in outcomes})
    yield _contacts(seen)
    age = None if profile.since is None else (seen.as_of - profile.since).days
    if age is None or age < 0:
        yield Mistake(kind="age", verdict="not-known", why=NOT_SAID if age is None else LATER)
    else:
        yield Mistake(kind="age", verdict="made" if age > OLD else "not-made", number=age)


def _sizes(seen: Range, sizes: Values | None, outcomes: dict[str, Outcome]) -> Iterator[Mistake]:
    """Each size of which more are lost, or which asks for more, than the rest, and which brings less."""
    churn, arpa = outcomes["churn"], outcomes["arpa"]
    why = churn.missing or arpa.missing
    if sizes is None or why is not None:
        yield Mistake(kind="size", verdict="not-known", why=why)
        return
    costs = served(seen)
    made = [each for band in sizes.proposed if (each := _size(seen, sizes, band, churn, arpa, costs)) is not None]
    how, why_not = (None, costs) if isinstance(costs, Missing) else (costs.shared, None)
    yield from made or [Mistake(kind="size", verdict="not-made", shared=how, uncosted=why_not)]


def _size(
    seen: Range, sizes: Values, band: str, churn: Outcome, arpa: Outcome, costs: Served | Missing
) -> Mistake | None:
    place = sizes.names.index(band)
    of_lost, of_money = (sizes.of(each.account, each.day) == place for each in (churn, arpa))
    lost, lost_rest = figure_of(churn, of_lost), figure_of(churn, ~of_lost)
    money, money_rest = figure_of(arpa, of_money), figure_of(arpa, ~of_money)
    asked = _tickets(seen, churn, of_lost)
    if lost.value is None or lost_rest.value is None or money.value is None or money_rest.value is None:
        return None
    more = lost.value > lost_rest.value or (asked is not None and asked[0] > asked[1])
    known = Mistake(
        kind="size", verdict="made", band=band, number=lost.n, churn=(lost.value, lost_rest.value), tickets=asked,
        arpa=(money.value, money_rest.value), few=min(lost.n, lost_rest.n, money.n, money_rest.n) < FEWEST,
    )  # fmt: skip
    if isinstance(costs, Missing):
        known = replace(known, uncosted=costs)
    else:
        spent = costs.mean(arpa.account[of_money]), costs.mean(arpa.account[~of_money])
        known = replace(known, cost=spent, shared=costs.shared)
    assert known.net is not None
    return known if more and known.net[0] < known.net[1] else None


def _tickets(seen: Range, churn: Outcome, chosen: np.ndarray) -> tuple[float, float] | None:
    """Tickets of the range a customer of those there when it began: of some, and of the rest."""
    events = seen.counts.facts.events.get("ticket")
    if events is None or not chosen.any() or chosen.all():
        return None
    inside = (events.day > seen.before) & (events.day <= seen.end)
    account = seen.firms.of(events.records.entity[events.row[inside]])
    number = np.bincount(account[account != NO_ACCOUNT], minlength=len(seen.firms))[churn.account]
    return float(number[chosen].mean()), float(number[~chosen].mean())


def _contacts(seen: Range) -> Mistake:
    """Accounts with one contact, where more roles are needed."""
    single, every = (
        explain_value(seen.facts, CATALOGUE[key], seen.period, seen.as_of).value
        for key in ("single_contact_accounts", "chain_accounts")
    )
    if single.value is None:
        return Mistake(kind="contact", verdict="not-known", why=single.missing)
    return Mistake(kind="contact", verdict="made" if single.value else "not-made", number=single.value, of=every.value)
