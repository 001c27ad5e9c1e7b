"""Facts judged: what is wrong or odd about them, and what of that forbids to count them."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, datetime

from msgspec import Struct

from funnelcli.answers.check import Checked, file_lines
from funnelcli.answers.sources import refusal, strict_refusal
from funnelcli.facts.model import Facts
from funnelcli.problems import InputError, Problems
from funnelcli.problems.kinds import KINDS, Severity
from funnelcli.text import Message, Text
from funnelcli.values.periods import TODAY

_TO_ACCEPT = Message("To accept what is known: [strict] accept = [{codes}] in funnel.toml.")


class Judged(Struct, frozen=True, kw_only=True):
    """Facts of a folder, counted up to a day: ``as_of`` as it was asked for, None where nobody did.

    ``place`` names the settings, ``unknown`` are the tables of the folder that are of no input, and ``named`` says that
    files were named one by one.  ``now`` is only looked at for what must be recent, and for dates ahead of it.
    ``listed`` says that the answer is what is wrong or odd.
    """

    facts: Facts
    as_of: str | None
    now: datetime
    place: str
    unknown: Sequence[str] = ()
    named: bool = False
    listed: bool = False

    @property
    def day(self) -> date | None:
        """The day up to which is counted; None where no file has a row."""
        from funnelcli.answers.spec import resolve_as_of

        zone = self.facts.config.business.timezone
        return resolve_as_of(self.as_of, self.facts.extents, zone, self.now) if self.facts.extents else None

    def check_countable(self, *, skip_bad_rows: bool, strict: bool) -> None:
        """InputError, with every problem, where errors forbid to count the facts, or where it is strict, warnings."""
        problems = self._with_unmet()
        if problems.fatal(skip_bad_rows=skip_bad_rows):
            raise InputError(refusal(problems), problems=problems)
        if strict and len(warnings := self.warnings):
            codes = ", ".join(f'"{code}"' for code in dict.fromkeys(each.code for each in warnings))
            raise InputError(strict_refusal(warnings), problems=warnings, hint=_TO_ACCEPT.filled(codes=codes))

    @property
    def warnings(self) -> Problems:
        """What is odd, but for what the settings accept."""
        accepted = self.facts.config.strict.accept
        # Rows after a day that was asked for are not ahead of the clock.
        findings = self._checked(self.now.date()).problems
        return findings.of_kinds(lambda code: KINDS[code].severity is Severity.WARNING and code not in accepted)

    @property
    def checked(self) -> Checked:
        """Everything wrong or odd."""
        return self._checked(self.now.date() if self.as_of is None else self.day or self.now.date())

    def _checked(self, today: date) -> Checked:
        from funnelcli.answers.checks import odd_findings
        from funnelcli.reading.discover import unknown_file

        problems, day = Problems(), self.day
        problems.extend(self._with_unmet())
        for name in self.unknown:
            problems.add(unknown_file(name))
        if day is not None:
            problems.extend(odd_findings(self.facts, day, today=today))
        return Checked(files=file_lines(self.facts), problems=problems, as_of=day)

    @property
    def decided(self) -> list[Text]:
        """What was decided where the files leave it open."""
        from funnelcli.answers.decided import decisions

        return decisions(self.facts, self.day)

    def _with_unmet(self) -> Problems:
        """What is wrong or odd by itself, and what is not as the settings say it must be."""
        if not any(settings.expects for settings in self.facts.config.inputs.values()):
            return self.facts.problems
        from funnelcli.answers.expected import unmet
        from funnelcli.answers.spec import resolve_as_of

        zone = self.facts.config.business.timezone
        day = resolve_as_of(self.as_of or TODAY, self.facts.extents, zone, self.now)
        problems = Problems()
        problems.extend(self.facts.problems)
        problems.extend(unmet(self.facts, day, place=self.place, named=self.named))
        return problems
