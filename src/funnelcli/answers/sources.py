"""Where the exports are, and the facts read from there: what every question begins with."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, TYPE_CHECKING

from funnelcli.facts.load import load, stdin_as_file
from funnelcli.problems import InputError
from funnelcli.problems.kinds import Severity
from funnelcli.reading.discover import Folder, SourceFile, discover, nothing_found, open_folder

if TYPE_CHECKING:
    from funnelcli.facts.model import Facts

Files = Mapping[str, Sequence[SourceFile]]
Progress = Callable[[str], None]


@contextlib.contextmanager
def _no_progress(_files: Files) -> Iterator[Progress]:
    yield lambda _: None


def _no_stdin() -> IO[bytes]:
    raise OSError("there is no standard input to read")


@dataclass(frozen=True, kw_only=True)
class Sources:
    """The exports of a question: PATH, and the files ``named`` one by one, which then stand for the whole.

    ``stdin`` gives the stream that ``-`` stands for; ``progress`` says what is being read, where that takes long.
    """

    path: Path
    named: Mapping[str, Sequence[str]] = field(default_factory=dict)
    stdin: Callable[[], IO[bytes]] = field(default_factory=lambda: _no_stdin)
    progress: Callable[[Files], contextlib.AbstractContextManager[Progress]] = field(
        default_factory=lambda: _no_progress
    )

    def folder(self) -> Folder:
        """The folder and its settings."""
        return open_folder(self.path)

    @contextlib.contextmanager
    def files(self) -> Iterator[tuple[Folder, dict[str, list[SourceFile]], list[str]]]:
        """The folder, the files of each input, and the names of tables in the folder that belong to none."""
        folder = self.folder()
        files, unknown = discover(folder, self.named)
        if not files:
            raise nothing_found(folder, unknown)
        with stdin_as_file(files, self.stdin) as spooled:
            yield folder, spooled, unknown

    @contextlib.contextmanager
    def facts(self, *, by: str | None = None) -> Iterator[Facts]:
        """The checked facts; problems are in them, not raised.  ``by`` is the dimension they are to be split by."""
        with self.files() as (folder, files, _):
            with self.progress(files) as progress:
                facts = load(folder.config, files, by=by, progress=progress)
            yield facts

    @contextlib.contextmanager
    def countable(self, *, skip_bad_rows: bool, by: str | None = None) -> Iterator[Facts]:
        """The checked facts, or InputError where errors forbid to count them."""
        with self.facts(by=by) as facts:
            fatal = facts.problems.fatal(skip_bad_rows=skip_bad_rows)
            if fatal:
                raise InputError(_refusal(facts), problems=facts.problems)
            yield facts


def _refusal(facts: Facts) -> str:
    errors = list(facts.problems.of(Severity.ERROR))
    total = sum(facts.problems.count(code) for code in {error.code for error in errors})
    files = len({error.file for error in errors})
    return (
        f"{total} {'error' if total == 1 else 'errors'} in {files} {'file' if files == 1 else 'files'}; "
        "nothing was written."
    )


def input_paths(facts: Facts) -> list[Path]:
    """The files that were read; none of them may be overwritten."""
    return [source.path for known in facts.inputs.values() for source in known.files]
