"""What a check says: how the rows of each file were used, and everything wrong or odd."""

from dataclasses import dataclass

from funnelcli.facts.exports import Exports
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
        return sum(self.problems.count(code) for code in {one.code for one in self.problems.of(severity)})


def file_lines(exports: Exports) -> tuple[FileLine, ...]:
    """The summary of each file, in the order of the stages."""
    headers = {
        (stage, one.name): tuple((c, one.columns.header[i]) for c, i in one.columns.index.items())
        for stage, opened in exports.opened.items()
        for one in opened
    }
    return tuple(FileLine(tally=tally, columns=headers[tally.stage, tally.file]) for tally in exports.tallies)
