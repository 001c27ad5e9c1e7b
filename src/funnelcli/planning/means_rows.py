"""The rows of what a plan has to work with: sellers and demos by month, and what the signups of channels cost."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from msgspec.structs import replace

from funnelcli.planning.means import Means, Sellers
from funnelcli.planning.means_metrics import (
    COST_PER_NEW,
    DEMO_CAPACITY,
    DEMOS_OVER,
    FULL_SELLERS,
    SELLERS_LACKING,
    SIGNUP_COST,
)
from funnelcli.planning.metrics import DEMOS, NEW_PAID_USERS, SIGNUPS
from funnelcli.planning.mix import Quotas
from funnelcli.planning.model import PlanRow
from funnelcli.planning.selling import months_before
from funnelcli.text import Message
from funnelcli.values.channels import Channel
from funnelcli.values.figures import Missing
from funnelcli.values.periods import Period

NO_COST = Missing("no-cost-declared", Message("no cost declared"))
ABOVE_CAP = Missing("above-cap", Message("more signups than the channel has"))
NO_NEW = Missing("no-new-paid-users", Message("no new PU is planned"))


def means_rows(means: Means, every: Quotas, periods: Sequence[Period], lead: int) -> Iterator[PlanRow]:
    """The rows of a plan's months, with those of the ``lead`` months before it that have quotas, too.

    Nothing where neither sellers nor costs are declared.
    """
    rows = _rows(means, every.since(lead), periods)
    if not lead:
        yield from rows
        return
    early: dict[Channel | None, Fraction | None] = {}
    for row, before in zip(rows, _rows(means, every.until(lead), months_before(periods[0], lead)), strict=True):
        if row.metric is SIGNUP_COST:
            early[row.channel] = before.total
        if row.metric is COST_PER_NEW:
            yield _with_early(row, early[row.channel], sum(_new_of(every.since(lead), row.channel)))
        elif before.total is None and row.total is not None:  # what is not known of months before is not of all
            yield replace(row, total=None, missing=before.missing)
        else:
            yield replace(row, early=before.values if any(before.values) else ())


def _new_of(quotas: Quotas, channel: Channel | None) -> list[int]:
    new = quotas.of_channel[NEW_PAID_USERS.key]
    every = list(new.values()) if channel is None else [new.get(channel, [])]
    return [sum(month) for month in zip(*every, strict=True)]


def _with_early(per_new: PlanRow, early: Fraction | None, new: int) -> PlanRow:
    """What the signups cost for each new customer of the range, those of months before it too, that bring them."""
    if per_new.total is None or not new:
        return per_new
    if early is None:
        return replace(per_new, total=None, missing=ABOVE_CAP)
    return replace(per_new, total=per_new.total + early / new)


def _rows(means: Means, quotas: Quotas, periods: Sequence[Period]) -> Iterator[PlanRow]:
    demos = quotas.whole.get(DEMOS.key)
    if means.sellers is not None and demos is not None:
        yield from _seller_rows(means.sellers, demos, periods)
    signups = quotas.of_channel.get(SIGNUPS.key)
    if means.offers and signups:
        yield from _cost_rows(means, signups, quotas.of_channel[NEW_PAID_USERS.key], len(periods))


def _seller_rows(sellers: Sellers, demos: Sequence[int], periods: Sequence[Period]) -> Iterator[PlanRow]:
    held = [sellers.can_hold(month) for month in periods]
    lacking = [Fraction(sellers.more_for(number, month)) for number, month in zip(demos, periods, strict=True)]
    yield PlanRow.of(FULL_SELLERS, [sellers.at_full_pace(month) for month in periods])
    yield PlanRow.of(DEMO_CAPACITY, held)
    yield PlanRow.of(DEMOS_OVER, [max(number - most, 0) for number, most in zip(demos, held, strict=True)])
    yield PlanRow(metric=SELLERS_LACKING, channel=None, team=None, values=tuple(lacking), total=max(lacking))


def _cost_rows(
    means: Means,
    signups: Mapping[Channel, Sequence[int]],
    won: Mapping[Channel, Sequence[int]],
    months: int,
) -> Iterator[PlanRow]:
    """The cost by channel and in all; in all only where that of every channel with signups is known."""
    known: list[PlanRow] = []
    whys: list[Missing] = []
    for channel, quota in signups.items():
        costs = _costs(means, channel, quota)
        if isinstance(costs, Missing):
            if any(quota):
                whys.append(costs)
            yield PlanRow.absent(SIGNUP_COST, months, costs, channel=channel)
            yield PlanRow.absent(COST_PER_NEW, months, costs, channel=channel)
            continue
        row = PlanRow.of(SIGNUP_COST, costs, channel=channel)
        known.append(row)
        yield row
        yield _per_new(row, won.get(channel, [0] * months))
    if whys:
        yield PlanRow.absent(SIGNUP_COST, months, whys[0])
        yield PlanRow.absent(COST_PER_NEW, months, whys[0])
        return
    whole = PlanRow.of(SIGNUP_COST, _summed([row.values for row in known], months))
    yield whole
    yield _per_new(whole, [int(number) for number in _summed(list(won.values()), months)])


def _summed(parts: Sequence[Sequence[Fraction | int | None]], months: int) -> list[Fraction]:
    return [sum((Fraction(part[month] or 0) for part in parts), Fraction(0)) for month in range(months)]


def _costs(means: Means, channel: Channel, quota: Sequence[int]) -> list[Fraction] | Missing:
    offer = means.offers.get(channel)
    if offer is None:
        return NO_COST
    costs = [offer.cost(number) for number in quota]
    known = [cost for cost in costs if cost is not None]
    return known if len(known) == len(costs) else ABOVE_CAP


def _per_new(cost: PlanRow, won: Sequence[int]) -> PlanRow:
    """What the signups cost for each new customer, by month and in all."""

    def each(amount: Fraction | None, number: int) -> Fraction | None:
        return amount / number if number and amount is not None else None

    values = tuple(each(amount, number) for amount, number in zip(cost.values, won, strict=True))
    total = each(cost.total, sum(won))
    absent = NO_NEW if total is None or None in values else None
    return PlanRow(
        metric=COST_PER_NEW, channel=cost.channel, team=None, values=values, total=total, missing=absent
    )  # fmt: skip
