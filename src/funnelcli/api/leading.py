"""The question about leads, and its answer as a caller holds it."""

from __future__ import annotations

from datetime import date
from functools import cached_property
from typing import TYPE_CHECKING

from funnelcli.api import arguments
from funnelcli.api.declared import with_own_metrics
from funnelcli.api.renewing import Renewing
from funnelcli.api.result import Result

if TYPE_CHECKING:
    from funnelcli.answers.answer import Answer
    from funnelcli.answers.lead_model import LeadModel
    from funnelcli.answers.lead_test import ScoreTest
    from funnelcli.answers.leads import Lead, LeadList, Opened


class LeadsResult(Result):
    """Leads on a day; ``rows`` has a line each, ``test`` says whether the score works, ``opened`` is one lead."""

    def __init__(self, leads: LeadList) -> None:
        self.leads = leads

    @property
    def rows(self) -> tuple[Lead, ...]:
        """Who to call now, or all leads where these were asked for."""
        return self.leads.rows

    @property
    def test(self) -> ScoreTest:
        """How those did who are old enough, by what they had scored when they came."""
        return self.leads.test

    @property
    def model(self) -> LeadModel | None:
        """The points that are proposed, where they were asked for."""
        return self.leads.model

    @property
    def opened(self) -> Opened | None:
        """The lead that was asked for, with each of its points."""
        return self.leads.opened

    @cached_property
    @with_own_metrics
    def answer(self) -> Answer:
        """The list as raw values."""
        from funnelcli.answers.leads_answer import leads_answer

        return leads_answer(self.leads)


class Leading(Renewing):
    """A folder that can be asked for its leads."""

    @with_own_metrics
    def leads(
        self,
        *,
        lead_id: str | None = None,
        everyone: bool = False,
        fit_model: bool = False,
        by: str | None = None,
        part: str | None = None,
        as_of: str | date | None = None,
        skip_bad_rows: bool = False,
    ) -> LeadsResult:
        """Leads as of a day: hot ones whom nobody has called yet, the longest waiting first; or ``everyone``.

        Scores know nothing of what came later.  ``lead_id`` opens one lead with each point of its scores; ``part`` is
        the value of the dimension ``by`` to be listed.  ``fit_model`` proposes points from how leads of old did, for
        which scikit-learn has to be installed: they are shown beside the declared ones, and not applied.

        >>> import funnelcli as fc
        >>> leads = fc.open_folder("examples/plain").leads(as_of="2026-09-30", everyone=True)
        >>> leads.rows[0].grade, leads.test.code
        ('??', 'unknown')
        """
        by = arguments.word(by, "by")
        facts = self.countable(skip_bad_rows=skip_bad_rows, by=by, as_of=arguments.day(as_of))
        from funnelcli.answers.leads import LeadRequest, leads_now

        request = LeadRequest(
            lead_id=arguments.word(lead_id, "lead_id"), everyone=everyone, fit_model=fit_model, by=by,
            part=arguments.word(part, "part"), as_of=arguments.day(as_of), skip_bad_rows=skip_bad_rows,
        )  # fmt: skip
        return LeadsResult(leads_now(facts, request, self.now))._counted_to(as_of)
