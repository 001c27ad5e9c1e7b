"""Files that nothing may be written over: the exports and settings of a folder, and what an answer was made from."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from pathlib import Path

from funnelcli.problems import UsageError
from funnelcli.text import Message

_OTHER_NAME = Message("Give another name.")


def check_output(name: str, path: Path, kept: Sequence[Path], given: Sequence[Path] = ()) -> None:
    """UsageError where an output would replace one of the files to be ``kept``, or be read as one the next time.

    ``given`` are further files that it was made from, and ``name`` what the user calls it.
    """
    from funnelcli.config import FILE_NAME, SCHEMA_NAME
    from funnelcli.reading.discover import input_of

    if path.resolve().name.casefold() in (FILE_NAME, SCHEMA_NAME) or path.name.casefold() in (FILE_NAME, SCHEMA_NAME):
        raise UsageError(Message("{output} is the place of the settings.").filled(output=name), hint=_OTHER_NAME)
    if any(_is_same(path, source) for source in kept):
        raise UsageError(
            Message("{output} is one of the exports, or the settings.").filled(output=name), hint=_OTHER_NAME
        )
    if any(_is_same(path, source) for source in given):
        raise UsageError(
            Message("{output} would be written over by what is made from it.").filled(output=name), hint=_OTHER_NAME
        )
    if input_of(path.name) and path.resolve().parent in {source.resolve().parent for source in kept}:
        raise UsageError(
            Message("{output} would be read as an export the next time.").filled(output=name),
            hint=Message("Give another name, or another folder."),
        )


def files_among(values: Iterable[object]) -> Iterator[Path]:
    """The files that are named among the values given to a question.

    >>> [path.name for path in files_among(["examples/plain/signups.csv", "channel", 3])]
    ['signups.csv']
    """
    for value in values:
        if isinstance(value, str | Path) and "\0" not in str(value):
            path = Path(value)
            try:
                if path.is_file():
                    yield path
            except OSError:  # a name too long to be one
                continue


def _is_same(path: Path, source: Path) -> bool:
    """Whether two paths are one file, by whatever name: a link, another spelling."""
    try:
        return path.samefile(source)
    except OSError:
        return path.resolve() == source.resolve()
