"""Who owns which stage of which channel, and the channels of which the policy of a team pays for a stage."""

from collections.abc import Mapping, Sequence

from funnelcli.config.planning import Team
from funnelcli.problems import ConfigError
from funnelcli.text import Message
from funnelcli.values.channels import NAMED_CHANNELS, Channel

# What stands for whom nobody is named: the quotas that no team owns, the commission that nobody is known to earn.
NOBODY = "unassigned"
# The stages of which [teams] share out the channels, by the keys that they have there.
STAGES = ("visitors", "signups", "demos", "new_paid_users", "onboardings")
# By stage and team.
Owned = Mapping[str, Mapping[str, tuple[Channel, ...]]]

BUILT_IN_TEAMS: Mapping[str, Team] = {
    "marketing": Team(visitors=("organic", "paid"), signups=("organic", "paid")),
    "sales_sme": Team(signups=("sales_sme",)),
    "affiliate": Team(signups=("affiliate",)),
    "partner": Team(signups=("partner",)),
    "sales_enterprise": Team(demos="all", new_paid_users="all", deals=("all",)),
    "customer_success": Team(retention=True),
    "expert": Team(onboardings="all"),
}


def teams_of(teams: Mapping[str, Team]) -> Mapping[str, Team]:
    """The teams of the settings, else the built-in ones; ConfigError where one has the name of nobody."""
    if NOBODY in teams:
        raise ConfigError(
            Message("funnel.toml: [teams.{name}]: this name stands for what no team owns.").filled(name=NOBODY),
            hint=Message("Rename it."),
        )
    return dict(teams) or BUILT_IN_TEAMS


def owned_channels(teams: Mapping[str, Team], stages: Sequence[str] = STAGES) -> Owned:
    """The channels that each team owns, by stage and team.  Raises ConfigError where two teams own the same.

    >>> owned_channels(BUILT_IN_TEAMS)["signups"]["affiliate"]
    (<Channel.AFFILIATE: 'affiliate'>,)
    """
    return {stage: channels for stage in stages if (channels := _channels_by_team(stage, teams))}


def paid_channels(owned: Owned, team: str, stage: str) -> tuple[Channel, ...]:
    """The channels whose ``stage`` a team is paid for: those it owns of it, else all it owns anything of.

    >>> owned = owned_channels(BUILT_IN_TEAMS)
    >>> paid_channels(owned, "affiliate", "new_paid_users")
    (<Channel.AFFILIATE: 'affiliate'>,)
    """
    own = owned.get(stage, {}).get(team)
    if own:
        return own
    anything = {channel for teams in owned.values() for channel in teams.get(team, ())}
    return tuple(c for c in Channel if c in anything) or NAMED_CHANNELS


def _channels_by_team(stage: str, teams: Mapping[str, Team]) -> dict[str, tuple[Channel, ...]]:
    """The channels of which each team owns a stage; no two teams may own the same."""
    by_team: dict[str, tuple[Channel, ...]] = {}
    owner: dict[Channel, str] = {}
    for name, team in teams.items():
        share = getattr(team, stage)
        if share is None:
            continue
        by_team[name] = NAMED_CHANNELS if share == "all" else tuple(map(Channel, share))
        for channel in by_team[name]:
            if channel in owner:
                raise ConfigError(
                    Message("funnel.toml: [teams] {stage} of {channel} belong to both {first} and {second}.").filled(
                        stage=stage, channel=channel.value, first=owner[channel], second=name
                    ),
                    hint=Message("Give each stage of a channel to one team, so that the quotas sum to the whole."),
                )
            owner[channel] = name
    return by_team


def check_policies(policed: Sequence[str], teams: Sequence[str]) -> None:
    """ConfigError where a policy is set for a team that does not exist."""
    for team in policed:
        if team not in teams:
            raise ConfigError(
                Message("funnel.toml: [policies.{team}]: there is no team {team}.").filled(team=team),
                hint=Message("The teams are {teams}; [teams] names your own.").filled(teams=", ".join(teams)),
            )
