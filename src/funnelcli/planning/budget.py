"""What the policies of the teams cost: by team, by channel, against revenue."""

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from msgspec import Struct

from funnelcli.config import Policy
from funnelcli.planning.declare import Kind, PlannedMetric
from funnelcli.planning.metrics import CAC, COST, COST_RATE, NEW_PAID_USERS, PAYBACK, PLANNED, owned
from funnelcli.planning.model import BudgetItem, PlanRow
from funnelcli.planning.teams import Ownership
from funnelcli.text import Message
from funnelcli.values.channels import Channel
from funnelcli.values.figures import Missing, Note

Months = list[Fraction]
Cost = dict[tuple[str, Channel], Months]
Quotas = Mapping[str, Mapping[Channel, Sequence[int]]]

NO_POLICY = Missing("no-policy-set", Message("no policy set"))
NO_REVENUE = Missing("no-revenue", Message("no revenue is planned"))
NO_NEW = Missing("no-new-paid-users", Message("no new PU is planned"))
NO_FIRST_YEAR = Missing(
    "no-first-year-revenue",
    Message("its policy is a share of revenue, and there is no ARPA"),
)
STAGE_LEFT_OUT = Missing(
    "stage-left-out",
    Message("its policy pays for a stage that the plan leaves out"),
)
NO_ARPA = Missing("no-arpa", Message("there is no ARPA to pay it back"))
NEVER = Missing(
    "never-paid-back",
    Message("never: the customer is lost before it is paid back"),
)


class Money(Struct, frozen=True, kw_only=True):
    """``first_year`` is what a new customer brings in its first year, ``monthly`` in a month; None where not known.

    ``margin`` is the share of revenue that is left after serving the customer, None where nobody said; ``churn`` the
    share of the customers lost in a month; ``revenue`` is None where the plan says nothing of it.
    """

    first_year: Fraction | None
    monthly: Fraction | None
    revenue: PlanRow | None
    margin: Fraction | None = None
    churn: Fraction | None = None

    @property
    def kept_a_month(self) -> Fraction:
        """What is left of a new customer's MRR each month; 0 where that is not known."""
        return (self.monthly or Fraction(0)) * (Fraction(1) if self.margin is None else self.margin)

    @property
    def life(self) -> Fraction | None:
        """The months a customer stays on average, 1 / churn; None where nobody is lost."""
        return 1 / self.churn if self.churn else None


class Budget(Struct, frozen=True, kw_only=True):
    """The rows of a budget, what each team's is made of, and what to say of it."""

    rows: tuple[PlanRow, ...] = ()
    items: tuple[BudgetItem, ...] = ()
    notes: tuple[Note, ...] = ()


def budget_of(policies: Mapping[str, Policy], owners: Ownership, quotas: Quotas, money: Money, months: int) -> Budget:
    """What the policies cost: rows by team and channel, the items of each team, and which teams are left out."""
    if not policies:
        text = Message("Budget: no policy set; [policies] in funnel.toml says what a signup or a customer costs.")
        return Budget(notes=(Note("no-policy-set", text),))
    rows = tuple(budget_rows(policies, owners, quotas, money, months))
    items = [
        item
        for team, policy in policies.items()
        if _why_unknown(policy, quotas, money) is None
        for item in _items(team, policy, owners, quotas, money, months)
    ]
    return Budget(rows=rows, items=tuple(items), notes=tuple(_budget_notes(rows, money)))


def _budget_notes(rows: Sequence[PlanRow], money: Money) -> Iterator[Note]:
    without = [row.team for row in rows if row.team and row.missing is NO_POLICY]
    if without:
        text = Message("No policy set: {teams}; the total is without them.")
        yield Note("no-policy-set", text.filled(teams=", ".join(without)))
    if money.monthly and money.margin is None and any(row.metric is PAYBACK and row.total for row in rows):
        text = Message("Payback takes a gross margin of 100 %; [business] gross_margin says yours.")
        yield Note("gross-margin-assumed", text)


def _items(
    team: str, policy: Policy, owners: Ownership, quotas: Quotas, money: Money, months: int
) -> Iterator[BudgetItem]:
    """What a team's budget is made of: each price, and how much is paid for at it."""
    prices: list[tuple[PlannedMetric, Fraction | None, Fraction | None]]
    prices = [(metric, price, None) for metric, price in _prices(policy)]
    share = policy.share_of_first_year
    if share is not None and money.first_year is not None:
        prices.append((NEW_PAID_USERS, share * money.first_year, share))
    else:
        prices.append((NEW_PAID_USERS, policy.amount_per_new_paid_user, None))
    for metric, price, of_year in prices:
        quantity = sum(sum(quota) for _, quota in _mine(owners, team, metric, quotas))
        if price is not None and quantity:
            yield BudgetItem(team=team, metric=metric, quantity=Fraction(quantity), price=price, share=of_year)
    if policy.fixed_per_month is not None and owners.channels_of(team, NEW_PAID_USERS.owner or ""):
        yield BudgetItem(team=team, metric=None, quantity=Fraction(months), price=policy.fixed_per_month)


def costs(
    policies: Mapping[str, Policy], owners: Ownership, quotas: Quotas, money: Money, months: int
) -> tuple[Cost, dict[str, Missing]]:
    """The cost by team and channel, month by month; and of the teams whose cost is unknown, why."""
    cost: Cost = {}
    missing: dict[str, Missing] = {}
    for team, policy in policies.items():
        why = _why_unknown(policy, quotas, money)
        if why is not None:
            missing[team] = why
            continue
        for channel, spent in _spent(team, policy, owners, quotas, money, months):
            known = cost.setdefault((team, channel), [Fraction(0)] * months)
            cost[team, channel] = [a + b for a, b in zip(known, spent, strict=True)]
    return cost, missing


def _why_unknown(policy: Policy, quotas: Quotas, money: Money) -> Missing | None:
    """Why the cost of a policy is unknown; None where it is known."""
    if not policy.pays:
        return NO_POLICY
    if policy.share_of_first_year is not None and money.first_year is None:
        return NO_FIRST_YEAR
    if any(price is not None and not quotas.get(metric.parts_of or "") for metric, price in _prices(policy)):
        return STAGE_LEFT_OUT
    return None


def _prices(policy: Policy) -> list[tuple[PlannedMetric, Fraction | None]]:
    """What a policy pays for one of each metric that has a price of its own in [policies]."""
    return [(metric, getattr(policy, metric.paid_by)) for metric in owned() if metric.paid_by is not None]


def _spent(
    team: str, policy: Policy, owners: Ownership, quotas: Quotas, money: Money, months: int
) -> Iterator[tuple[Channel, Months]]:
    """What a team's policy costs, channel by channel; fixed amounts are paid though no channel of it brings anybody."""
    for metric, price in _prices(policy):
        if price is not None:
            for channel, quota in _mine(owners, team, metric, quotas):
                yield channel, [price * number for number in quota]
    won = quotas.get(NEW_PAID_USERS.key, {})
    per_customer = policy.amount_per_new_paid_user
    if policy.share_of_first_year is not None and money.first_year is not None:
        per_customer = policy.share_of_first_year * money.first_year
    if per_customer is not None:
        for channel, quota in _mine(owners, team, NEW_PAID_USERS, quotas):
            yield channel, [per_customer * number for number in quota]
    if policy.fixed_per_month is not None:
        of_team = owners.channels_of(team, NEW_PAID_USERS.owner or "")
        mine = {c: Fraction(sum(won.get(c, ()))) for c in of_team}
        mine = {c: number for c, number in mine.items() if c in won} or mine
        total = sum(mine.values())
        for channel, number in mine.items():
            share = number / total if total else Fraction(1, len(mine))
            yield channel, [policy.fixed_per_month * share] * months


def _mine(owners: Ownership, team: str, metric: PlannedMetric, quotas: Quotas) -> list[tuple[Channel, Sequence[int]]]:
    parts = quotas.get(metric.parts_of or "", {})
    return [(c, parts[c]) for c in owners.channels_of(team, metric.owner or "") if c in parts]


def budget_rows(
    policies: Mapping[str, Policy], owners: Ownership, quotas: Quotas, money: Money, months: int
) -> Iterator[PlanRow]:
    """Cost by team, by channel and in all, its share of revenue, and CAC and payback by channel and in all.

    A team without a policy has no cost figure, not 0.
    """
    cost, missing = costs(policies, owners, quotas, money, months)
    for team in owners.teams:
        if team not in policies or team in missing:
            yield PlanRow.absent(COST, months, missing.get(team, NO_POLICY), team=team)
        else:
            yield PlanRow.of(COST, _sum([m for (t, _), m in cost.items() if t == team], months), team=team)
    unknown = [why for why in missing.values() if why is not NO_POLICY]
    if unknown or len(missing) == len(policies):
        why = unknown[0] if unknown else NO_POLICY
        for metric in PLANNED.values():
            if metric.kind is Kind.BUDGET and (metric is not COST_RATE or money.revenue is not None):
                yield PlanRow.absent(metric, months, why)
        return
    whole = _sum(list(cost.values()), months)
    yield PlanRow.of(COST, whole)
    for each in (c for c in Channel if any(c is of for _, of in cost)):
        yield PlanRow.of(COST, _sum([m for (_, c), m in cost.items() if c is each], months), channel=each)
    if money.revenue is not None:
        yield _divided(COST_RATE, whole, money.revenue.values, money.revenue.total, NO_REVENUE)
    won = dict(quotas.get(NEW_PAID_USERS.key, {}))
    won |= {channel: [0] * months for _, channel in cost if channel not in won}
    for channel, quota in (*won.items(), (None, [sum(column) for column in zip(*won.values(), strict=True)])):
        spent = whole if channel is None else _sum([m for (_, c), m in cost.items() if c is channel], months)
        if channel is not None and not any(c is channel for _, c in cost):
            yield PlanRow.absent(CAC, months, NO_POLICY, channel=channel)
            yield PlanRow.absent(PAYBACK, months, NO_POLICY, channel=channel)
            continue
        numbers = [Fraction(n) for n in quota]
        cac = _divided(CAC, spent, numbers, sum(numbers, Fraction(0)), NO_NEW, channel=channel)
        yield cac
        if money.kept_a_month:
            yield _paid_back(cac, money)
        else:
            yield PlanRow.absent(PAYBACK, months, NO_ARPA, channel=channel)


def _sum(parts: Sequence[Months], months: int) -> Months:
    return [sum((part[m] for part in parts), Fraction(0)) for m in range(months)]


def _divided(
    metric: PlannedMetric,
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
    return PlanRow(metric=metric, channel=channel, team=None, values=values, total=total, missing=absent)


def _paid_back(cac: PlanRow, money: Money) -> PlanRow:
    """The months of margin that pay a CAC back; never, where a customer stays for fewer."""

    def months(value: Fraction | None) -> Fraction | None:
        needed = None if value is None else value / money.kept_a_month
        return None if needed is None or (money.life is not None and needed > money.life) else needed

    values, total = tuple(map(months, cac.values)), months(cac.total)
    never = any(before is not None and after is None for before, after in zip(cac.values, values, strict=True))
    never = never or (cac.total is not None and total is None)
    return PlanRow(
        metric=PAYBACK, channel=cac.channel, team=None, values=values, total=total,
        missing=NEVER if never else cac.missing,
    )  # fmt: skip
