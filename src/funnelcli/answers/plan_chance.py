"""How sure a plan is to be, as the options and the settings say."""

from __future__ import annotations

from collections.abc import Mapping
from fractions import Fraction

from msgspec.structs import replace

from funnelcli.answers.plan_lag import Known
from funnelcli.answers.plan_options import read
from funnelcli.answers.targets_loaded import NamedTargets
from funnelcli.config import Config
from funnelcli.planning.plan import PlanSpec
from funnelcli.planning.plan_spec import GivenQuotas, Sure
from funnelcli.planning.selling import MeasuredLag
from funnelcli.problems import UsageError
from funnelcli.text import Message
from funnelcli.values.amounts import parse_whole
from funnelcli.values.channels import Channel
from funnelcli.values.confidence import parse_level

USUAL = Fraction(4, 5)  # how sure a plan is to be whose quotas are only simulated


def with_confidence(
    spec: PlanSpec,
    level: str | None,
    seed: str | None,
    config: Config,
    known: Known,
    simulate: NamedTargets | None = None,
) -> PlanSpec:
    """The plan as sure as is asked for, with the quotas to be simulated; as it is where nobody asks for either."""
    asked = read(parse_level, level, "--confidence") if level is not None else config.plan.confidence
    asked = USUAL if asked is None and simulate is not None else asked
    if asked is None:
        if seed is not None:
            raise UsageError(
                Message("--seed is for chance, and no --confidence is asked for."),
                hint=Message("Add --confidence 80%, or leave --seed out."),
            )
        return spec
    by_lag = spec.lag is not None and not spec.lag.booked_at_once  # a lag that is given in months is no measured one
    measured = known if isinstance(known, MeasuredLag) and by_lag else None
    sure = Sure(
        level=asked, seed=1 if seed is None else read(parse_whole, seed, "--seed"),
        counted=measured.counts if measured else {}, of_channel=measured.of_channel if measured else {},
        simulate=None if simulate is None else _quotas(simulate),
    )  # fmt: skip
    return replace(spec, sure=sure)


def _quotas(named: NamedTargets) -> GivenQuotas:
    """The quotas of a file, of the whole business and of channels."""
    rows: dict[str, Mapping[str, Fraction]] = {}
    of_channel: dict[Channel, dict[str, Mapping[str, Fraction]]] = {}
    for (key, channel, team), months in named.targets.rows.items():
        if team is None:
            (rows if channel is None else of_channel.setdefault(channel, {}))[key] = dict(months)
    return GivenQuotas(name=named.name, rows=rows, of_channel=of_channel)
