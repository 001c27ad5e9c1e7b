"""Cohorts as a caller holds them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from funnelcli.answers.answer import Answer
from funnelcli.api.result import Result

if TYPE_CHECKING:
    from funnelcli.answers.cohorts import Cohorts


class CohortsResult(Result):
    """The same people followed from a stage to a later one; ``cohorts`` are the figures as they were counted."""

    def __init__(self, cohorts: Cohorts) -> None:
        self.cohorts = cohorts

    @cached_property
    def answer(self) -> Answer:
        """The cohorts as raw values."""
        from funnelcli.answers.cohorts_answer import cohorts_answer

        return cohorts_answer(self.cohorts)
