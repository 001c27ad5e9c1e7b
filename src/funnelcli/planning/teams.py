"""Who owns which stage of which channel, and each team's quotas."""

from collections.abc import Iterator, Mapping, Sequence
from difflib import get_close_matches

from msgspec import Struct

from funnelcli.config import Team
from funnelcli.config.owners import NOBODY as NOBODY
from funnelcli.config.owners import Owned, owned_channels, paid_channels, teams_of
from funnelcli.inputs.stages import stage_slug
from funnelcli.planning.declare import Kind, PlannedMetric
from funnelcli.planning.metrics import deal_stages, owned
from funnelcli.planning.model import PlanRow
from funnelcli.problems import ConfigError
from funnelcli.text import Message, did_you_mean
from funnelcli.values.channels import Channel


class Ownership(Struct, frozen=True, kw_only=True):
    """The teams, in order, with the channels each owns of every stage; ``retention`` lists who keeps the customers.

    ``of_deals`` is the team that owns each figure of the opportunity, by its key.
    """

    teams: tuple[str, ...]
    of_stage: Owned
    retention: tuple[str, ...]
    of_deals: Mapping[str, str] = {}

    def channels_of(self, team: str, stage: str) -> tuple[Channel, ...]:
        """The channels whose ``stage`` a team is paid for: those it owns of it, else all it owns anything of."""
        return paid_channels(self.of_stage, team, stage)


def ownership(teams: Mapping[str, Team]) -> Ownership:
    """Who owns what.  Raises ConfigError where two teams own the same: their quotas would not sum to the whole."""
    known = teams_of(teams)
    stages = tuple(dict.fromkeys(metric.owner for metric in owned() if metric.owner))
    of_stage = owned_channels(known, stages)
    return Ownership(teams=tuple(known), of_stage=of_stage, retention=_keepers(known), of_deals=_owners_of_deals(known))


def _owners_of_deals(teams: Mapping[str, Team]) -> dict[str, str]:
    """The team that owns each figure of the opportunity; ConfigError for a stage that there is not, or is of two."""
    figures = {figure.stage: figure.key for figure in reversed(deal_stages()) if figure.stage is not None}
    owner: dict[str, str] = {}
    for name, team in teams.items():
        for written in figures if team.deals == ("all",) else team.deals:
            stage = stage_slug(written)
            if stage not in figures:
                raise ConfigError(
                    Message("funnel.toml: [teams.{name}] deals: the opportunity has no stage {stage!r}.{guess}").filled(
                        name=name, stage=written, guess=did_you_mean(get_close_matches(stage, figures, n=1))
                    ),
                    hint=Message('Its stages are {stages}; or "all".').filled(stages=", ".join(figures)),
                )
            first = owner.setdefault(figures[stage], name)
            if first != name:
                raise ConfigError(
                    Message("funnel.toml: [teams] deals: {stage} belongs to both {first} and {second}.").filled(
                        stage=stage, first=first, second=name
                    ),
                    hint=Message("Give each stage to one team, so that the quotas sum to the whole."),
                )
    return owner


def _keepers(teams: Mapping[str, Team]) -> tuple[str, ...]:
    """The one team that keeps the customers, if any does."""
    keepers = tuple(name for name, team in teams.items() if team.retention)
    if len(keepers) > 1:
        raise ConfigError(
            Message("funnel.toml: [teams] retention belongs to both {first} and {second}.").filled(
                first=keepers[0], second=keepers[1]
            ),
            hint=Message("Give it to one team, so that the quotas sum to the whole."),
        )
    return keepers


def team_rows(
    team: str,
    owners: Ownership,
    of_channel: Mapping[str, Mapping[Channel, list[int]]],
    happened: Mapping[str, Sequence[Channel]],
) -> Iterator[PlanRow]:
    """A team's quotas of each stage it owns, summed and by channel; of NOBODY, what no team owns.

    ``happened`` are the channels that had any of a stage in months that are past.
    Over all teams and NOBODY the parts sum to the whole.  Quotas of retention are made from the whole, elsewhere.
    """
    for metric in owned():
        parts = of_channel.get(metric.parts_of or "", {})
        owners_of_it = owners.of_stage.get(metric.owner or "", {})
        if team == NOBODY:
            taken = {c for channels in owners_of_it.values() for c in channels}
            # What only repeats a stage is nobody's to lack.
            free = parts if metric.kind is Kind.STAGE else ()
            had = happened.get(metric.key, ())
            mine = tuple(c for c in free if c not in taken and (c in had or any(parts[c])))
        else:
            mine = tuple(c for c in owners_of_it.get(team, ()) if c in parts)
        if mine:
            yield from _summed(team, metric, {channel: parts[channel] for channel in mine})


def _summed(team: str, metric: PlannedMetric, parts: Mapping[Channel, Sequence[int]]) -> Iterator[PlanRow]:
    yield PlanRow.of(metric, [sum(column) for column in zip(*parts.values(), strict=True)], team=team)
    for channel, quota in parts.items():
        yield PlanRow.of(metric, quota, team=team, channel=channel)
