"""The findings of a check, as a caller holds them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from funnelcli.answers.answer import Answer
from funnelcli.api.declared import with_own_metrics
from funnelcli.api.result import Result
from funnelcli.problems import Problem

if TYPE_CHECKING:
    from funnelcli.answers.check import Checked


class CheckResult(Result):
    """What is wrong or odd in the exports; ``problems`` lists it, ``ok`` says whether a report can be made."""

    def __init__(self, checked: Checked) -> None:
        self.checked = checked

    @property
    def problems(self) -> list[Problem]:
        """Every error, warning and note, in this order."""
        return self.checked.problems.sorted()

    @property
    def ok(self) -> bool:
        """Whether there is no error."""
        return not self.checked.problems.fatal(skip_bad_rows=False)

    @cached_property
    @with_own_metrics
    def answer(self) -> Answer:
        """The findings as raw values."""
        from funnelcli.answers.check_answer import check_answer

        return check_answer(self.checked)
