"""How sure a plan is to be, as the options and the settings say."""

from __future__ import annotations

from msgspec.structs import replace

from funnelcli.answers.plan_lag import Known
from funnelcli.answers.plan_options import read
from funnelcli.config import Config
from funnelcli.planning.plan import PlanSpec
from funnelcli.planning.plan_spec import Sure
from funnelcli.planning.selling import MeasuredLag
from funnelcli.problems import UsageError
from funnelcli.text import Message
from funnelcli.values.amounts import parse_whole
from funnelcli.values.confidence import parse_level


def with_confidence(spec: PlanSpec, level: str | None, seed: str | None, config: Config, known: Known) -> PlanSpec:
    """The plan as sure as is asked for; as it is where nobody asks."""
    asked = read(parse_level, level, "--confidence") if level is not None else config.plan.confidence
    if asked is None:
        if seed is not None:
            raise UsageError(
                Message("--seed is for chance, and no --confidence is asked for."),
                hint=Message("Add --confidence 80%, or leave --seed out."),
            )
        return spec
    counted = known.counts if isinstance(known, MeasuredLag) and spec.lag is not None else {}
    sure = Sure(level=asked, seed=1 if seed is None else read(parse_whole, seed, "--seed"), counted=counted)
    return replace(spec, sure=sure)
