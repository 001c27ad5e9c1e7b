"""What a check says: how the rows of each file were used, and everything wrong or odd."""

from datetime import date

from msgspec import Struct

from funnelcli.facts.model import Facts
from funnelcli.problems import Problems
from funnelcli.problems.kinds import Severity
from funnelcli.reading.headers import FURTHER
from funnelcli.reading.opening import Opened
from funnelcli.reading.rows import Tally


class FileLine(Struct, frozen=True, kw_only=True):
    """One file in the summary: how its rows were used, and which header stands for which of our columns.

    ``export`` is the name of the system's export that it was recognised as.
    """

    tally: Tally
    columns: tuple[tuple[str, str], ...]
    export: str | None = None


class Checked(Struct, frozen=True, kw_only=True):
    """Everything that a check found, and the day up to which it looked; None where no file has a row."""

    files: tuple[FileLine, ...]
    problems: Problems
    as_of: date | None = None

    def count(self, severity: Severity) -> int:
        """How many problems of a severity there are, the unkept ones too."""
        return sum(self.problems.count(code) for code in {problem.code for problem in self.problems.of(severity)})


def file_lines(facts: Facts) -> tuple[FileLine, ...]:
    """The summary of each file, in the order of the inputs."""
    files = {(name, opened.name): opened for name, known in facts.inputs.items() for opened in known.opened}
    return tuple(_line(tally, files[tally.input, tally.file]) for tally in facts.tallies)


def _line(tally: Tally, opened: Opened) -> FileLine:
    return FileLine(
        tally=tally,
        columns=tuple(
            (column.partition(FURTHER)[0], opened.columns.header[place])
            for column, place in opened.columns.index.items()
        ),
        export=opened.export.name if opened.export is not None else None,
    )
