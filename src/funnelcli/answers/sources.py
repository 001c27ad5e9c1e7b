"""Where the exports are, and the facts read from there: what every question begins with."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import IO, TYPE_CHECKING, Protocol

from msgspec import Struct, field

from funnelcli.config import Config
from funnelcli.facts.effort import PLAIN
from funnelcli.facts.effort import Effort as Effort
from funnelcli.facts.effort import usual_cache as usual_cache
from funnelcli.problems import InputError, Problems, UsageError
from funnelcli.problems.kinds import Severity
from funnelcli.reading.place import Folder, open_folder
from funnelcli.text import Message, Text

if TYPE_CHECKING:
    from funnelcli.reading.discover import SourceFile
    from funnelcli.reading.meter import Meter

    Files = Mapping[str, Sequence[SourceFile]]
    from funnelcli.facts.model import Facts


@contextlib.contextmanager
def _no_progress(_files: Files) -> Iterator[None]:
    yield None


def _no_stdin() -> IO[bytes]:
    raise OSError("there is no standard input to read")


class Sources(Struct, frozen=True, kw_only=True):
    """The exports of a question: PATH, and the files ``named`` one by one, which then stand for the whole.

    ``stdin`` gives the stream that ``-`` stands for; ``progress`` shows how far files have been read, by a meter
    that is told, if at all; ``effort`` says what may be used to read large files.  Where it is ``strict``, nothing is
    counted of exports with warnings.
    """

    path: Path
    configured: bool = True
    named: Mapping[str, Sequence[str]] = field(default_factory=dict)
    stdin: Callable[[], IO[bytes]] = field(default_factory=lambda: _no_stdin)
    progress: Callable[[Files], contextlib.AbstractContextManager[Meter | None]] = field(
        default_factory=lambda: _no_progress
    )
    effort: Effort = PLAIN
    strict: bool = False

    def folder(self) -> Folder:
        """The folder and its settings: those of its funnel.toml, or where it is not ``configured`` the usual ones."""
        if self.configured:
            return open_folder(self.path)
        if not self.path.is_dir():
            raise no_folder(self.path)
        return Folder(root=self.path, config=Config(), config_name=None)

    def readable(self, files: Files) -> contextlib.AbstractContextManager[Files]:
        """The same files, those that can be read but once as temporary copies, for as long as the context lasts."""
        from funnelcli.reading.streams import stdin_as_file

        return stdin_as_file(files, self.stdin)


class Exports(Protocol):
    """A folder of exports as a question sees it: its settings, its files, and the facts read from them."""

    @property
    def config(self) -> Config:
        """The settings."""

    @property
    def stdin(self) -> Callable[[], IO[bytes]]:
        """What gives the stream that ``-`` stands for."""

    @property
    def inputs(self) -> list[Path]:
        """The files that are read; InputError where there are none."""

    @property
    def is_named(self) -> bool:
        """Whether files are named one by one."""

    @property
    def strict(self) -> bool:
        """Whether what is odd ends the run."""

    def nothing_found(self) -> InputError | None:
        """The error of a folder that holds no export at all; None where it holds one."""

    def countable(self, *, skip_bad_rows: bool = False, by: str | None = None, as_of: str | None = None) -> Facts:
        """The checked facts; InputError where errors forbid to count them."""


def no_folder(path: Path) -> UsageError:
    """The error of a folder that is not there."""
    return UsageError(
        Message("{path}: there is no such folder.").filled(path=path),
        hint=Message("Give the folder that holds the exports."),
    )


def refusal(problems: Problems) -> Text:
    """Why facts with errors are not counted, in one line."""
    total, files = extent_of(problems, Severity.ERROR)
    text = Message("{errors} [error|errors] in {files} [file|files]; nothing was written.")
    return text.filled(errors=total, files=files)


def strict_refusal(problems: Problems) -> Text:
    """Why facts with warnings are not counted where none is accepted, in one line."""
    total, files = extent_of(problems, Severity.WARNING)
    text = Message("{warnings} [warning|warnings] in {files} [file|files], and --strict; nothing was written.")
    return text.filled(warnings=total, files=files)


def extent_of(problems: Problems, severity: Severity) -> tuple[int, int]:
    """How many problems of a severity there are, and in how many files."""
    kept = problems.of(severity)
    return sum(problems.count(code) for code in {each.code for each in kept}), len({each.file for each in kept})
