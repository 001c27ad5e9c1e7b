"""The questions about customers' contracts."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from funnelcli.api import arguments
from funnelcli.api.declared import with_own_metrics
from funnelcli.api.followed import Following
from funnelcli.api.result import Result

if TYPE_CHECKING:
    from funnelcli.answers.answer import Answer
    from funnelcli.answers.due import Renewal, RenewalList


class RenewalsResult(Result):
    """Who comes due; ``rows`` has a line each, those overdue first."""

    def __init__(self, renewals: RenewalList) -> None:
        self.renewals = renewals

    @property
    def rows(self) -> tuple[Renewal, ...]:
        """The rows that are to be renewed."""
        return self.renewals.rows

    @cached_property
    @with_own_metrics
    def answer(self) -> Answer:
        """The list as raw values."""
        from funnelcli.answers.due_answer import renewals_answer

        return renewals_answer(self.renewals)


class Renewing(Following):
    """A folder that can be asked for renewals."""

    @with_own_metrics
    def renewals(
        self,
        *,
        within: str = "60d",
        by: str | None = None,
        part: str | None = None,
        as_of: str | date | None = None,
        skip_bad_rows: bool = False,
    ) -> RenewalsResult:
        """The rows of customers that end ``within`` a time and are not renewed yet, the overdue first.

        Each with plan, MRR, owner, channel, how long the customer has been one, days to go, open tickets and last NPS.
        ``part`` is the value of the dimension ``by`` to be listed.

        >>> import funnelcli as fc
        >>> due = fc.open_folder("examples/saas_vn").renewals(within="30d", as_of="2026-10-31")
        >>> [row.days_to_go for row in due.rows][:3], due.rows[0].plan
        ([1, 3, 4], 'Cơ bản')
        """
        by = arguments.word(by, "by")
        facts = self.countable(skip_bad_rows=skip_bad_rows, by=by, as_of=arguments.day(as_of))
        from funnelcli.answers.due import RenewalRequest, renewals_due

        request = RenewalRequest(
            within=arguments.needed(within, "within"), by=by, part=arguments.word(part, "part"),
            as_of=arguments.day(as_of), skip_bad_rows=skip_bad_rows,
        )  # fmt: skip
        return RenewalsResult(renewals_due(facts, request, self.now))._counted_to(as_of)
