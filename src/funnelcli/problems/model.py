"""Faults in the data as values: problems are collected and never raised one by one.

Each kind of problem is declared once, in ``kinds``.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from itertools import groupby
from operator import attrgetter

from msgspec import Struct, field

from funnelcli.problems.exceptions import ExitCode, FunnelError
from funnelcli.problems.kinds import KINDS, Kind, Severity
from funnelcli.text import Text, as_text, joined
from funnelcli.text.plain import plain


class Problem(Struct, frozen=True, kw_only=True):
    """One fault at one place.  ``line`` and ``column`` are None where the whole file is meant.

    ``text`` says what is wrong, ``advice`` what to do about it and ``where`` the place; ``message``, ``hint`` and
    ``place`` are their English.
    """

    file: str
    line: int | None
    of_column: Text | None
    code: str
    text: Text
    advice: Text

    @property
    def column(self) -> str | None:
        """The column, or in words the columns of which one is meant."""
        return None if self.of_column is None else self.of_column.of("en")

    @property
    def message(self) -> str:
        """What is wrong, in English."""
        return self.text.of("en")

    @property
    def hint(self) -> str:
        """What to do about it, in English."""
        return self.advice.of("en")

    @property
    def kind(self) -> Kind:
        """The declaration this problem is a case of."""
        return KINDS[self.code]

    @property
    def place(self) -> str:
        """``file:line: column`` with what is known of it.

        >>> problem("empty-cell", file="signups.csv", line=48, column="user_id").place
        'signups.csv:48: user_id'
        """
        return self.where.of("en")

    @property
    def where(self) -> Text:
        """The place for people."""
        place = self.file if self.line is None else f"{self.file}:{self.line}"
        return as_text(place) if self.of_column is None else joined(": ", [place, self.of_column])


_PLACES = frozenset({"other", "byte"})  # facts that are looked up: the number of a row, of a byte


def problem(
    code: str, *, file: str, line: int | None = None, column: Text | str | None = None, **facts: object
) -> Problem:
    """The problem ``code`` at a place, its texts filled in from ``facts``; those that are words are Texts.

    Days and numbers are said as people write them, but for what a hint says is to be typed.

    >>> problem("not-a-count", file="a.csv", line=3, column="visits", value="x").message
    "'x' is not a whole number from 0 up"
    """
    kind = KINDS[code]
    known = {"column": column, **facts}
    said = {name: fact if name in _PLACES and type(fact) is int else plain(fact) for name, fact in known.items()}
    return Problem(
        file=file,
        line=line,
        of_column=None if column is None else as_text(column),
        code=code,
        text=kind.message.filled(**said),
        advice=kind.hint.filled(**known),
    )


MOST_KEPT = 10_000  # problems of a kind, file and column


class Further(Struct, frozen=True, kw_only=True):
    """So many problems more of a kind, file and column, of which only the number is known."""

    code: str
    file: str
    column: str | None
    number: int


class Problems(Struct, kw_only=True):
    """Collects problems; keeps at most ``limit`` of a kind per file and column, and counts them all."""

    limit: int = MOST_KEPT
    _kept: list[Problem] = field(default_factory=list)
    _counts: Counter[tuple[str, str, str | None]] = field(default_factory=Counter)
    _in_order: tuple[Problem, ...] = ()

    def add(self, problem: Problem) -> None:
        """Count the problem, and keep it unless there are very many of its kind."""
        key = (problem.code, problem.file, problem.column)
        self._counts[key] += 1
        if self._counts[key] <= self.limit:
            self._kept.append(problem)

    def extend(self, problems: Iterable[Problem | Further]) -> None:
        """Add each of them; those that other Problems have only counted are counted here too."""
        for problem in problems:
            if isinstance(problem, Further):
                self._counts[problem.code, problem.file, problem.column] += problem.number
            else:
                self.add(problem)
        if isinstance(problems, Problems):
            self.extend(problems.further())

    def further(self) -> Iterator[Further]:
        """Those that are counted, and not kept."""
        kept = Counter((problem.code, problem.file, problem.column) for problem in self._kept)
        for (code, file, column), number in self._counts.items():
            if more := number - kept[code, file, column]:
                yield Further(code=code, file=file, column=column, number=more)

    def of_kinds(self, is_wanted: Callable[[str], bool]) -> Problems:
        """Those of the kinds whose codes are wanted, the ones that are only counted too."""
        kinds = Problems(limit=self.limit)
        kinds.extend(problem for problem in self._kept if is_wanted(problem.code))
        kinds.extend(further for further in self.further() if is_wanted(further.code))
        return kinds

    def __iter__(self) -> Iterator[Problem]:
        return iter(self.sorted())

    def __len__(self) -> int:
        return sum(self._counts.values())

    def sorted(self) -> list[Problem]:
        """The kept problems by severity, file, line and column."""
        if len(self._in_order) != len(self._kept):  # problems are only ever added
            self._in_order = tuple(self._put_in_order())
        return list(self._in_order)

    def _put_in_order(self) -> list[Problem]:
        order = {code: place for place, code in enumerate(KINDS)}
        severities = {severity: place for place, severity in enumerate(Severity)}

        def place(p: Problem) -> tuple[object, ...]:
            line = -1 if p.line is None else p.line
            return severities[p.kind.severity], p.file, line, p.column or "", order[p.code]

        # What is said takes time to be put into words: those of one place alone are held against each other.
        together = (list(problems) for _, problems in groupby(sorted(self._kept, key=place), place))
        return [
            p
            for problems in together
            for p in (sorted(problems, key=attrgetter("message")) if problems[1:] else problems)
        ]

    def count(self, code: str) -> int:
        """How many of this kind were found, the unkept ones too."""
        return sum(n for (counted, _, _), n in self._counts.items() if counted == code)

    def of(self, severity: Severity) -> list[Problem]:
        """The kept problems of one severity, in order."""
        return [problem for problem in self.sorted() if problem.kind.severity is severity]

    def fatal(self, *, skip_bad_rows: bool) -> list[Problem]:
        """The errors that forbid a report: all of them, or with ``skip_bad_rows`` those of whole files."""
        return [problem for problem in self.of(Severity.ERROR) if problem.kind.whole_file or not skip_bad_rows]


class InputError(FunnelError):
    """The exports cannot be counted; carries every problem found."""

    exit_code = ExitCode.INPUT

    def __init__(self, message: Text | str, *, problems: Problems | None = None, hint: Text | str = "") -> None:
        super().__init__(message, hint=hint)
        self.problems = problems if problems is not None else Problems()
