"""What made a figure change, as a caller holds it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from funnelcli.answers.answer import Answer
from funnelcli.api.declared import with_own_metrics
from funnelcli.api.result import Result

if TYPE_CHECKING:
    from funnelcli.answers.change import ChangeExplained


class ChangeResult(Result):
    """The change of a figure from one period to another, and the parts of each dimension that made it."""

    def __init__(self, explained: ChangeExplained) -> None:
        self.explained = explained

    @cached_property
    @with_own_metrics
    def answer(self) -> Answer:
        """The change as raw values."""
        from funnelcli.answers.change_answer import change_answer

        return change_answer(self.explained)
