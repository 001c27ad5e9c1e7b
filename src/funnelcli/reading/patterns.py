"""Names of files by pattern, as a shell has them, within a bound on what is looked at."""

import fnmatch
import os
from collections.abc import Iterator
from pathlib import Path

from funnelcli.problems.system import kind_of
from funnelcli.reading.bounds import FILES, NAMES
from funnelcli.text import Message, Text, grouped


class TooManyError(Exception):
    """A pattern looks at more names, or fits more files, than there may be; ``text`` says how many."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.of("en"))
        self.text = text


_MORE_NAMES = Message("looks at more than {number} [name|names]")
_MORE_FILES = Message("fits more than {number} [file|files]")


def files_like(pattern: str, root: Path) -> tuple[list[Path], list[tuple[Path, Text]]]:
    """The regular files that a pattern, relative to ``root``, fits, sorted; and what else it fits, with what it is.

    ``*`` and ``?`` stand within a name, ``**`` for any folders; names that begin with a dot are fitted only by a
    pattern that does.  Folders count as fitted only where the pattern names them without a wildcard.  Raises
    TooManyError.
    """
    if "\0" in pattern:
        return [], []
    parts = Path(pattern).parts
    walk = _Walk()
    files: dict[Path, None] = {}
    others: dict[Path, Text] = {}
    for path in walk.fitting(root, parts):
        try:
            mode = path.stat().st_mode
        except OSError:
            continue
        if path.is_file():
            files[path] = None
            if len(files) > FILES:
                raise TooManyError(_MORE_FILES.filled(number=grouped(FILES)))
        elif not path.is_dir() or not _is_wild(pattern):
            others[path] = kind_of(mode)
    return sorted(files), sorted(others.items())


def _is_wild(part: str) -> bool:
    return any(mark in part for mark in "*?[")


class _Walk:
    """A walk over folders that counts the names it sees."""

    def __init__(self) -> None:
        self._seen = 0

    def fitting(self, folder: Path, parts: tuple[str, ...]) -> Iterator[Path]:
        """The paths below a folder that the parts of a pattern fit."""
        if not parts:
            yield folder
            return
        first, *others = parts
        rest = tuple(others)
        if first == "**":
            yield from self._anywhere(folder, rest)
        elif not _is_wild(first):
            below = folder / first
            if rest or os.path.lexists(below):
                yield from self.fitting(below, rest)
        else:
            for name in self._names(folder):
                if fnmatch.fnmatch(name, first) and (not name.startswith(".") or first.startswith(".")):
                    below = folder / name
                    if not rest or below.is_dir():
                        yield from self.fitting(below, rest)

    def _anywhere(self, folder: Path, rest: tuple[str, ...]) -> Iterator[Path]:
        """What fits the rest of a pattern in a folder or any below it; links are not followed, which may go round."""
        yield from self.fitting(folder, rest or ("*",))
        for name in self._names(folder):
            below = folder / name
            if not name.startswith(".") and below.is_dir() and not below.is_symlink():
                yield from self._anywhere(below, rest)

    def _names(self, folder: Path) -> list[str]:
        names: list[str] = []
        try:
            with os.scandir(folder) as entries:
                for entry in entries:
                    self._seen += 1
                    if self._seen > NAMES:
                        raise TooManyError(_MORE_NAMES.filled(number=grouped(NAMES)))
                    names.append(entry.name)
        except OSError:
            return []
        return sorted(names)
