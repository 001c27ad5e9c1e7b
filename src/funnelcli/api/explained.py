"""A figure opened, as a caller holds it."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

from funnelcli.answers.answer import Answer
from funnelcli.api.declared import with_own_metrics
from funnelcli.api.result import Result
from funnelcli.values.figures import Value

if TYPE_CHECKING:
    import pandas as pd

    from funnelcli.answers.explain import CountedRow, Explanation
    from funnelcli.counting.parts import Parts
    from funnelcli.facts.model import Facts


class ExplainResult(Result):
    """A figure opened: its ``value``, what it is made of (``inputs``), and the ``rows`` that were counted."""

    def __init__(self, facts: Facts, explanation: Explanation, split: Parts | None) -> None:
        self._facts = facts
        self._split = split
        self.explanation = explanation
        self.listed = False
        self.command: str | None = None

    @property
    def value(self) -> Value:
        """The figure, or the reason why there is none."""
        return self.explanation.value

    @property
    def inputs(self) -> dict[str, Value]:
        """The figures it is made of, one level down, by metric."""
        return {metric.key: value for metric, value in self.explanation.inputs}

    @property
    def parts(self) -> dict[str, Value]:
        """The value of each part, where a dimension was asked for."""
        return {part.key: value for part, value in self.explanation.parts}

    @cached_property
    @with_own_metrics
    def rows(self) -> list[CountedRow]:
        """The very rows of the exports that the figure counts; they sum to it."""
        from funnelcli.answers.explain import counted_rows

        return counted_rows(self._facts, self.explanation, self._split)

    @property
    @with_own_metrics
    def answer(self) -> Answer:
        """The explanation as raw values, with its rows where they were asked for."""
        from funnelcli.answers.explain_answer import explain_answer

        rows = self.rows if self.listed else None
        return explain_answer(self.explanation, rows, command=self.command)

    @with_own_metrics
    def to_frame(self) -> pd.DataFrame:
        """The rows counted as a pandas table."""
        import pandas as pd

        from funnelcli.answers.explain_answer import explain_answer

        sheet = explain_answer(self.explanation, self.rows, command=None).sheet()
        return pd.DataFrame([list(row) for row in sheet.rows], columns=list(sheet.header))
