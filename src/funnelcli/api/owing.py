"""What is owed to those who bring customers, as a caller holds it, and the question that it answers."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from funnelcli.answers.answer import Answer
from funnelcli.api import arguments
from funnelcli.api.declared import with_own_metrics
from funnelcli.api.exports import Exports
from funnelcli.api.result import Result

if TYPE_CHECKING:
    from funnelcli.answers.commission import Balance, Commission, Statement


class CommissionResult(Result):
    """A statement of commission; ``rows`` has a line for each, ``balances`` what everybody has earned to date."""

    def __init__(self, statement: Statement) -> None:
        self.statement = statement

    @property
    def rows(self) -> tuple[Commission, ...]:
        """The commissions that were asked for."""
        return self.statement.rows

    @property
    def balances(self) -> tuple[Balance, ...]:
        """What each person has earned, and what has become of it."""
        return self.statement.balances

    @cached_property
    @with_own_metrics
    def answer(self) -> Answer:
        """The statement as raw values."""
        from funnelcli.answers.commission_answer import commission_answer

        return commission_answer(self.statement)


class Owing(Exports):
    """A folder that can be asked what it owes by its policies."""

    @with_own_metrics
    def commission(
        self,
        *,
        person: str | None = None,
        team: str | None = None,
        month: str | date | None = None,
        start: str | date | None = None,
        end: str | date | None = None,
        as_of: str | date | None = None,
        skip_bad_rows: bool = False,
    ) -> CommissionResult:
        """What the policies owe: each commission with its day, amount, due day and what has become of it.

        Of one ``person`` or ``team``, else of everybody; of a ``month``, or from ``start`` to ``end``, those that were
        earned, due or clawed back then.  The balances are to date.

        >>> import funnelcli as fc
        >>> fc.open_folder("examples/saas_vn").commission(team="affiliate", month="2026-10").rows[0].event
        'signup'
        """
        facts = self.countable(skip_bad_rows=skip_bad_rows, as_of=arguments.day(as_of))
        from funnelcli.answers.commission import StatementRequest, statement

        request = StatementRequest(
            person=arguments.word(person, "person"), team=arguments.word(team, "team"),
            month=arguments.month(month, "month"), first=arguments.month(start, "start"),
            last=arguments.month(end, "end"), as_of=arguments.day(as_of),
        )  # fmt: skip
        return CommissionResult(statement(facts, request, self.now))._counted_to(as_of)
