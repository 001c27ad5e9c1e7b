"""What a check says: how the rows of each file were used, and everything wrong or odd."""

from dataclasses import dataclass

from funnelcli.facts.model import Facts
from funnelcli.problems import Problems
from funnelcli.problems.kinds import Severity
from funnelcli.reading.rows import Tally


@dataclass(frozen=True, kw_only=True)
class FileLine:
    """One file in the summary: how its rows were used, and which header stands for which of our columns."""

    tally: Tally
    columns: tuple[tuple[str, str], ...]


@dataclass(frozen=True, kw_only=True)
class Checked:
    """Everything that a check found."""

    files: tuple[FileLine, ...]
    problems: Problems

    def count(self, severity: Severity) -> int:
        """How many problems of a severity there are, the unkept ones too."""
        return sum(self.problems.count(code) for code in {problem.code for problem in self.problems.of(severity)})


def file_lines(facts: Facts) -> tuple[FileLine, ...]:
    """The summary of each file, in the order of the inputs."""
    headers = {
        (name, opened.name): tuple((c, opened.columns.header[i]) for c, i in opened.columns.index.items())
        for name, known in facts.inputs.items()
        for opened in known.opened
    }
    return tuple(FileLine(tally=tally, columns=headers[tally.input, tally.file]) for tally in facts.tallies)
