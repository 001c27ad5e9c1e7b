"""Targets, and actual figures beside them, as a caller holds them."""

from __future__ import annotations

from collections.abc import Sequence
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

from funnelcli.answers.answer import Answer
from funnelcli.api.declared import with_own_metrics
from funnelcli.api.result import Result

if TYPE_CHECKING:
    from funnelcli.answers.track import Tracked
    from funnelcli.planning.model import Plan


class TargetsResult(Result):
    """A goal broken into quotas; ``plan`` has them as exact fractions."""

    def __init__(self, plan: Plan, inputs: Sequence[Path]) -> None:
        self.plan = plan
        self.inputs = tuple(inputs)

    @cached_property
    @with_own_metrics
    def answer(self) -> Answer:
        """The plan as raw values."""
        from funnelcli.answers.targets_answer import targets_answer

        return targets_answer(self.plan)


class TrackResult(Result):
    """Actual figures beside targets; ``tracked`` has them as exact fractions."""

    def __init__(self, tracked: Tracked, files: Sequence[Path] = ()) -> None:
        self.tracked = tracked
        self.files = tuple(files)

    @cached_property
    @with_own_metrics
    def answer(self) -> Answer:
        """The comparison as raw values."""
        from funnelcli.answers.track_answer import track_answer

        return track_answer(self.tracked)

    @with_own_metrics
    def check(self, least: str) -> None:
        """ThresholdError where a figure is below a share of its target, or in a running month of its pace."""
        from funnelcli.answers.plan_options import read
        from funnelcli.answers.track_judged import below
        from funnelcli.values.amounts import parse_share

        below(self.tracked, read(parse_share, least, "least"))
