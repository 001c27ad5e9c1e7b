"""The actual figures beside the targets of a plan: of the whole, a channel, or a team."""

import difflib
from collections.abc import Sequence
from datetime import date
from fractions import Fraction

from funnelcli.answers.measured import Figures, exact
from funnelcli.counting.counts import count
from funnelcli.counting.parts import parts_of
from funnelcli.facts.dimensions import TEAM
from funnelcli.facts.model import Facts
from funnelcli.metrics import CATALOGUE, evaluate
from funnelcli.metrics.model import COSTS, Ratio
from funnelcli.planning.declare import Kind, PlannedMetric
from funnelcli.planning.metrics import COST, COST_DIFFERENCE, stages
from funnelcli.planning.model import RowKey
from funnelcli.planning.teams import NOBODY, Ownership, ownership
from funnelcli.planning.track import Actual, Targets
from funnelcli.planning.tracked import tracked_metric
from funnelcli.problems import UsageError
from funnelcli.text import Message, did_you_mean
from funnelcli.values.channels import CHANNELS, Channel
from funnelcli.values.figures import Missing, Value
from funnelcli.values.periods import Period

NO_BUDGET = Missing("no-budget", Message("no budget is planned for it"))
NO_FIGURE = Missing("no-such-figure", Message("the dashboard has no figure for it"))


def actuals(
    facts: Facts, keys: Sequence[RowKey], months: Sequence[Period], as_of: date, *, one_off: bool
) -> dict[RowKey, dict[str, Actual]]:
    """The actual figure of every row and month that targets may have; a team's whole is that of the channels it owns.

    Revenue that is not recurring has no figure in the dashboard.  Raises UsageError for a team that does not exist.
    """
    return Actuals(facts, months, as_of, one_off=one_off).of(keys)


class Actuals:
    """The actual figures of some months, counted once for all the rows that are asked for."""

    def __init__(self, facts: Facts, months: Sequence[Period], as_of: date, *, one_off: bool) -> None:
        self._figures = Figures(facts, months, as_of)
        self._owners = ownership(facts.config.teams)
        self._one_off = one_off

    def of(self, keys: Sequence[RowKey]) -> dict[RowKey, dict[str, Actual]]:
        """The figure of every row and month; UsageError for a team that does not exist."""
        return {key: self._of_row(key) for key in keys}

    def _of_row(self, key: RowKey) -> dict[str, Actual]:
        months = self._figures.months
        metric, channel, team = tracked_metric(key[0]), key[1], key[2]
        name = metric.actual
        known = CATALOGUE.get(name) if name is not None else None
        if name is None or known is None or known.basis == "cohort" or (self._one_off and metric.actual_recurs):
            return {month.key: Actual(value=None, missing=NO_FIGURE) for month in months}
        if team is not None and channel is None and known.section is COSTS:
            return self._of_spending(name, team)
        parts: Sequence[Channel | None] = [channel]
        if channel is None and team is not None:
            parts = _owned(self._owners, team, metric) or parts
        columns = [self._figures.of(name, part) for part in parts]
        make = _rate if metric.total == "own" else _actual
        return {month.key: make([column[place] for column in columns]) for place, month in enumerate(months)}

    def _of_spending(self, name: str, team: str) -> dict[str, Actual]:
        """What a team spends or is paid: what the rows, or the policies, say of the team itself."""
        _check_team(self._owners, team)
        facts, months, as_of = self._figures.facts, self._figures.months, self._figures.as_of
        split = parts_of(facts, TEAM, months, as_of, team)
        part = next((each for each in split.slices if each.key == team), None)
        if part is None:
            return {month.key: Actual(value=Fraction(0)) for month in months}
        column = evaluate(count(facts, months, as_of, split), len(months), part, [name])[name]
        return {month.key: _actual([value]) for month, value in zip(months, column, strict=True)}


def with_differences(figures: dict[RowKey, dict[str, Actual]], targets: Targets) -> dict[RowKey, dict[str, Actual]]:
    """The figures, and beside each cost its difference to the budget, of the months that have one."""
    more: dict[RowKey, dict[str, Actual]] = {}
    for key, months in figures.items():
        if key[0] == COST.key:
            budget = targets.get(key, {})
            more[COST_DIFFERENCE.key, key[1], key[2]] = {
                month: _less(actual, budget.get(month)) for month, actual in months.items()
            }
    return {**figures, **more}


def _less(actual: Actual, budget: Fraction | None) -> Actual:
    if actual.value is None or budget is None:
        return Actual(value=None, missing=actual.missing or NO_BUDGET)
    return Actual(value=actual.value - budget)


def _owned(owners: Ownership, team: str, metric: PlannedMetric) -> tuple[Channel, ...]:
    """The channels of a metric that a team owns, or that no team does; none where it is not owned by channels."""
    stage = _stage_of(metric)
    _check_team(owners, team)
    if stage is None:
        return ()
    if team == NOBODY:
        taken = {channel for channels in owners.of_stage.get(stage, {}).values() for channel in channels}
        return tuple(channel for channel in CHANNELS if channel not in taken)
    return owners.channels_of(team, stage)


def _check_team(owners: Ownership, team: str) -> None:
    """UsageError for a team that does not exist."""
    if team != NOBODY and team not in owners.teams:
        close = difflib.get_close_matches(team, owners.teams, n=1)
        raise UsageError(
            Message("the targets name the team {team!r}, which does not exist.{guess}").filled(
                team=team, guess=did_you_mean(close)
            ),
            hint=Message("The teams are {teams}; [teams] in funnel.toml names your own.").filled(
                teams=", ".join(owners.teams)
            ),
        )


def _stage_of(metric: PlannedMetric) -> str | None:
    """What a team must own for a figure to be its own: the stage it is of; of a rate, the stage that comes about."""
    if metric.kind is not Kind.MEASURED:
        return metric.owner if metric.parts_of is not None else None
    kind = CATALOGUE[metric.key].kind
    above = kind.numerator if isinstance(kind, Ratio) else metric.key
    return next((stage.owner for stage in stages() if stage.actual == above), None)


def _rate(values: Sequence[Value]) -> Actual:
    """A rate with what was divided; of several channels their numerators over their denominators."""
    known = [value for value in values if value.numerator is not None and value.denominator is not None]
    missing = next((value.missing for value in values if value.missing and value not in known), None)
    if missing:
        return Actual(value=None, missing=missing)
    above, below = (
        sum((exact(number) for number in numbers), Fraction(0))
        for numbers in (
            [None if value.numerator is None else value.times * value.numerator for value in values],
            [value.denominator for value in values],
        )
    )
    if not below:
        return Actual(value=None, missing=values[0].missing, numerator=above, denominator=below)
    return Actual(value=above / below, numerator=above, denominator=below)


def _actual(values: Sequence[Value]) -> Actual:
    """The sum of the values, or why one of them is missing."""
    missing = next((value.missing for value in values if value.missing), None)
    if missing:
        return Actual(value=None, missing=missing)
    return Actual(value=sum((exact(value.value) for value in values), Fraction(0)))
