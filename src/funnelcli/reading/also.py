"""What is wrong with rows as another input than the one their file is first: there they are left out, which is said."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from funnelcli.inputs.spec import Input
from funnelcli.problems import Problem, Problems, problem
from funnelcli.problems.kinds import KINDS, Severity
from funnelcli.problems.model import Further

if TYPE_CHECKING:
    from funnelcli.reading.opening import Opened

_CODE = "left-out-of-also"


def problems_of(files: Sequence[Opened], declared: Input, problems: Problems) -> Problems:
    """Where what is wrong with the rows of some files goes, as rows of an input.

    Of files that are another input first, and were only taken for this one as no other file is of it, a row that
    cannot be read so forbids nothing: it counts as what it is first.
    """
    is_first = not files or not all(opened.file.also for opened in files)
    return problems if is_first else _GivingWay(into=problems, declared=declared)


class _GivingWay(Problems, kw_only=True):
    """Problems in which errors of rows are warnings."""

    into: Problems
    declared: Input

    def add(self, problem: Problem) -> None:
        self.into.add(self._left_out(problem) if _is_of_a_row(problem.code) else problem)

    def extend(self, problems: Iterable[Problem | Further]) -> None:
        for each in problems:
            if not isinstance(each, Further):
                self.add(each)
            elif _is_of_a_row(each.code):
                self.into.extend([Further(code=_CODE, file=each.file, column=each.column, number=each.number)])
            else:
                self.into.extend([each])
        if isinstance(problems, Problems):
            self.extend(problems.further())

    def _left_out(self, fault: Problem) -> Problem:
        return problem(
            _CODE, file=fault.file, line=fault.line, column=fault.of_column, title=self.declared.title, said=fault.text,
            stage=self.declared.name,
        )  # fmt: skip


def _is_of_a_row(code: str) -> bool:
    return KINDS[code].severity is Severity.ERROR and not KINDS[code].whole_file
