"""What metrics mean, of which no exports are asked."""

from __future__ import annotations

from funnelcli.answers.answer import Answer
from funnelcli.answers.catalogue import find
from funnelcli.answers.catalogue_answer import catalogue_answer
from funnelcli.api import arguments
from funnelcli.api.result import Result


class DefinitionResult(Result):
    """What metrics mean."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    @property
    def answer(self) -> Answer:
        """The definitions as raw values."""
        return self._answer


def explain(metric: str) -> DefinitionResult:
    """What a metric means, without any exports.  Raises UsageError, with the closest, for what is none.

    >>> import funnelcli as fc
    >>> fc.explain("new_signups").to_frame().loc[0, "unit"]
    'people'
    """
    return DefinitionResult(catalogue_answer([find(arguments.needed(metric, "metric"))]))


def catalogue() -> DefinitionResult:
    """The catalogue of all metrics.

    >>> import funnelcli as fc
    >>> "churned_paid_users" in set(fc.catalogue().to_frame()["metric"])
    True
    """
    return DefinitionResult(catalogue_answer())
