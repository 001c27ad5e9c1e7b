"""Files that change while they are read."""

from __future__ import annotations

from collections.abc import Iterable, Sequence

from funnelcli.problems import InputError, Problem, Problems, problem
from funnelcli.reading.opening import Opened
from funnelcli.text import Message


def changed_files(opened: Iterable[Opened]) -> list[Problem]:
    """A problem for each file that is no longer as it was when it was opened: what was read may be half of each."""
    changed = [source for source in opened if source.changed]
    names = dict.fromkeys(source.name.partition("#")[0] if source.sheet else source.name for source in changed)
    return [problem("changed-file", file=name) for name in names]


def changed_error(faults: Sequence[Problem]) -> InputError:
    """The error of files that changed."""
    problems = Problems()
    problems.extend(faults)
    text = Message("Files changed while they were read; nothing was written.")
    return InputError(text, problems=problems)
