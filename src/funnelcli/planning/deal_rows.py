"""The quotas of the opportunity: from the new customers back through the stages of deals, at the rates of each."""

from collections.abc import Iterator, Sequence
from fractions import Fraction

from msgspec.structs import replace

from funnelcli.planning.assume import Assumptions
from funnelcli.planning.backsolve import stage_before
from funnelcli.planning.declare import Kind, PlannedMetric
from funnelcli.planning.metrics import deal_stages
from funnelcli.planning.mix import stage_rate
from funnelcli.planning.model import Assumption, Origin, PlanRow
from funnelcli.planning.teams import NOBODY, Ownership
from funnelcli.text import Message
from funnelcli.values.figures import Missing


def deal_rows(
    new: Sequence[int], assumptions: Assumptions, chain: Sequence[PlannedMetric], *, by_month: bool = False
) -> list[PlanRow]:
    """The rows of the whole, from the deals created to those won; a stage whose rate is not known has no figures.

    The ``chain`` are the figures of the stages that deals go through.  GoalError where a rate that is given is 0.
    """
    rows: list[PlanRow] = []
    quota, why = list(new), None
    through = {figure.key: figure for figure in chain}
    for declared in deal_stages():
        stage = through.get(declared.key)
        if stage is None:
            rows.append(PlanRow.absent(declared, len(new), PASSED_BY))
            continue
        assert stage.rate is not None
        why = why or _unknown(assumptions[stage.rate])
        if why is not None:
            rows.append(PlanRow.absent(stage, len(new), why))
            continue
        quota = stage_before(quota, stage_rate(assumptions, stage.rate) or Fraction(1), by_month=by_month)
        rows.append(PlanRow.of(stage, quota))
    return rows[::-1]


PASSED_BY = Missing("stage-without-dates", Message("no deal has a date of coming to this stage"))
_NONE_WENT_ON = Message("{rate}: none of {n} went on")
_RATE_UNKNOWN = Message("{rate} is not known: {reason}")


def _unknown(assumption: Assumption) -> Missing | None:
    """Why nothing before a rate can be planned; None where it can."""
    key = assumption.key.value
    if assumption.value is None:
        text = _RATE_UNKNOWN.filled(rate=key, reason=assumption.source)
        return Missing("rate-not-known", text)
    if assumption.value <= 0 and assumption.origin is Origin.MEASURED:
        return Missing("none-went-on", _NONE_WENT_ON.filled(rate=key, n=int(assumption.denominator or 0)))
    return None


def deals_of_teams(team: str, owners: Ownership, rows: Sequence[PlanRow]) -> Iterator[PlanRow]:
    """The rows of the stages of deals that a team owns; of NOBODY, of those that no team owns."""
    for row in rows:
        if row.metric.kind is Kind.DEAL and owners.of_deals.get(row.metric.key, NOBODY) == team:
            yield replace(row, team=team)
