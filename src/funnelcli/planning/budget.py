"""What the policies of the teams cost: by team, by channel, against revenue."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction

from funnelcli.config import Policy
from funnelcli.planning.metrics import PLANNED
from funnelcli.planning.model import PlanRow
from funnelcli.planning.teams import Ownership
from funnelcli.problems import ConfigError
from funnelcli.text import Text
from funnelcli.values.channels import Channel
from funnelcli.values.figures import Missing

Months = list[Fraction]
Cost = dict[tuple[str, Channel], Months]
Quotas = Mapping[str, Mapping[Channel, Sequence[int]]]

NO_POLICY = Missing("no-policy-set", Text("no policy set", "chưa đặt chính sách"))
NO_REVENUE = Missing("no-revenue", Text("no revenue is planned", "không có doanh thu kế hoạch"))
NO_NEW = Missing("no-new-paid-users", Text("no new PU is planned", "không có PU mới trong kế hoạch"))
NO_FIRST_YEAR = Missing(
    "no-first-year-revenue",
    Text("its policy is a share of revenue, and there is no ARPA", "chính sách theo % doanh thu nhưng không có ARPA"),
)
STAGE_LEFT_OUT = Missing(
    "stage-left-out",
    Text("its policy pays for a stage that the plan leaves out", "chính sách trả cho một bước không có trong kế hoạch"),
)
NO_ARPA = Missing("no-arpa", Text("there is no ARPA to pay it back", "không có ARPA để tính"))

_PER = (
    ("per_visit", "visitors", "required_net_new_visitors"),
    ("per_signup", "signups", "required_new_signups"),
    ("per_demo", "demos", "required_new_demo_bookings"),
)


@dataclass(frozen=True, kw_only=True)
class Money:
    """``first_year`` is what a new customer brings in its first year, ``arpa`` in a month; None where not known."""

    first_year: Fraction | None
    arpa: Fraction | None
    revenue: PlanRow


def check_policies(policies: Mapping[str, Policy], owners: Ownership) -> None:
    """ConfigError where a policy is set for a team that does not exist."""
    for team in policies:
        if team not in owners.teams:
            raise ConfigError(
                f"funnel.toml: [policies.{team}]: there is no team {team}.",
                hint=f"The teams are {', '.join(owners.teams)}; [teams] names your own.",
            )


def costs(
    policies: Mapping[str, Policy], owners: Ownership, quotas: Quotas, money: Money, months: int
) -> tuple[Cost, dict[str, Missing]]:
    """The cost by team and channel, month by month; and of the teams whose cost cannot be told, why."""
    cost: Cost = {}
    missing: dict[str, Missing] = {}
    for team, policy in policies.items():
        why = _untold(policy, quotas, money)
        if why is not None:
            missing[team] = why
            continue
        for channel, spent in _spent(team, policy, owners, quotas, money, months):
            known = cost.setdefault((team, channel), [Fraction(0)] * months)
            cost[team, channel] = [a + b for a, b in zip(known, spent, strict=True)]
    return cost, missing


def _untold(policy: Policy, quotas: Quotas, money: Money) -> Missing | None:
    """Why the cost of a policy cannot be told; None where it can."""
    if policy == Policy():  # type: ignore[call-arg]  # every field has a default
        return NO_POLICY
    if policy.share_of_first_year is not None and money.first_year is None:
        return NO_FIRST_YEAR
    if any(getattr(policy, name) is not None and not quotas.get(metric) for name, _, metric in _PER):
        return STAGE_LEFT_OUT
    return None


def _spent(
    team: str, policy: Policy, owners: Ownership, quotas: Quotas, money: Money, months: int
) -> Iterator[tuple[Channel, Months]]:
    """What a team's policy costs, channel by channel; fixed amounts are paid though no channel of it brings anybody."""
    for name, stage, metric in _PER:
        price = getattr(policy, name)
        if price is not None:
            for channel, quota in _mine(owners, team, stage, quotas.get(metric, {})):
                yield channel, [price * number for number in quota]
    won = quotas.get("required_new_paid_users", {})
    per_customer = policy.amount_per_new_paid_user
    if policy.share_of_first_year is not None and money.first_year is not None:
        per_customer = policy.share_of_first_year * money.first_year
    if per_customer is not None:
        for channel, quota in _mine(owners, team, "new_paid_users", won):
            yield channel, [per_customer * number for number in quota]
    if policy.fixed_per_month is not None:
        mine = {c: Fraction(sum(won.get(c, ()))) for c in owners.channels_of(team, "new_paid_users")}
        mine = {c: number for c, number in mine.items() if c in won} or mine
        total = sum(mine.values())
        for channel, number in mine.items():
            share = number / total if total else Fraction(1, len(mine))
            yield channel, [policy.fixed_per_month * share] * months


def _mine(
    owners: Ownership, team: str, stage: str, parts: Mapping[Channel, Sequence[int]]
) -> list[tuple[Channel, Sequence[int]]]:
    return [(c, parts[c]) for c in owners.channels_of(team, stage) if c in parts]


def budget_rows(
    policies: Mapping[str, Policy], owners: Ownership, quotas: Quotas, money: Money, months: int
) -> Iterator[PlanRow]:
    """Cost by team and in all, its share of revenue, and CAC and payback by channel and in all.

    A team without a policy has no cost figure, not 0.
    """
    cost, missing = costs(policies, owners, quotas, money, months)
    for team in owners.teams:
        if team not in policies or team in missing:
            yield _absent("planned_cost_amount", months, missing.get(team, NO_POLICY), team=team)
        else:
            yield _row("planned_cost_amount", _sum([m for (t, _), m in cost.items() if t == team], months), team=team)
    untold = [why for why in missing.values() if why is not NO_POLICY]
    if untold or len(missing) == len(policies):
        why = untold[0] if untold else NO_POLICY
        for metric in ("planned_cost_amount", "planned_cost_rate", "planned_cac_amount", "planned_payback_months"):
            yield _absent(metric, months, why)
        return
    whole = _sum(list(cost.values()), months)
    yield _row("planned_cost_amount", whole)
    yield _divided("planned_cost_rate", whole, money.revenue.values, money.revenue.total, NO_REVENUE)
    won = dict(quotas.get("required_new_paid_users", {}))
    won |= {channel: [0] * months for _, channel in cost if channel not in won}
    for channel, quota in (*won.items(), (None, [sum(column) for column in zip(*won.values(), strict=True)])):
        spent = whole if channel is None else _sum([m for (_, c), m in cost.items() if c is channel], months)
        if channel is not None and not any(c is channel for _, c in cost):
            yield _absent("planned_cac_amount", months, NO_POLICY, channel=channel)
            yield _absent("planned_payback_months", months, NO_POLICY, channel=channel)
            continue
        numbers = [Fraction(n) for n in quota]
        cac = _divided("planned_cac_amount", spent, numbers, sum(numbers, Fraction(0)), NO_NEW, channel=channel)
        yield cac
        if money.arpa:
            yield _over("planned_payback_months", cac, money.arpa)
        else:
            yield _absent("planned_payback_months", months, NO_ARPA, channel=channel)


def _sum(parts: Sequence[Months], months: int) -> Months:
    return [sum((part[m] for part in parts), Fraction(0)) for m in range(months)]


def _row(metric: str, values: Months, *, team: str | None = None, channel: Channel | None = None) -> PlanRow:
    return PlanRow(
        metric=PLANNED[metric], channel=channel, team=team, values=tuple(values), total=sum(values, Fraction(0))
    )


def _absent(
    metric: str, months: int, why: Missing, *, team: str | None = None, channel: Channel | None = None
) -> PlanRow:
    return PlanRow(metric=PLANNED[metric], channel=channel, team=team, values=(None,) * months, total=None, missing=why)


def _divided(
    metric: str,
    above: Months,
    below: Sequence[Fraction | None],
    below_total: Fraction | None,
    why: Missing,
    *,
    channel: Channel | None = None,
) -> PlanRow:
    def over(a: Fraction, b: Fraction | None) -> Fraction | None:
        return a / b if b else None

    total = over(sum(above, Fraction(0)), below_total)
    values = tuple(over(a, b) for a, b in zip(above, below, strict=True))
    absent = why if total is None or None in values else None
    return PlanRow(metric=PLANNED[metric], channel=channel, team=None, values=values, total=total, missing=absent)


def _over(metric: str, row: PlanRow, divisor: Fraction) -> PlanRow:
    scale: Callable[[Fraction | None], Fraction | None] = lambda v: None if v is None else v / divisor  # noqa: E731
    return PlanRow(
        metric=PLANNED[metric], channel=row.channel, team=None, values=tuple(map(scale, row.values)),
        total=scale(row.total), missing=row.missing,
    )  # fmt: skip
