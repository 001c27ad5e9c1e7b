"""Files that no test changes, like the examples, read once in a process, however many commands ask for them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from contextlib import AbstractContextManager
from copy import copy, deepcopy
from pathlib import Path
from typing import Any
from unittest import mock

from msgspec.structs import force_setattr

from funnelcli.config import Config
from funnelcli.facts import load as loading
from funnelcli.facts.model import Facts
from funnelcli.reading.discover import SourceFile

EXAMPLES = Path(__file__).parents[1] / "examples"


def read_once(folder: Path = EXAMPLES) -> AbstractContextManager[object]:
    """The time in which files of a folder are read once for the same settings; all others as ever."""
    return mock.patch.object(loading, "load", _remembering(loading.load, folder))


def _remembering(load: Callable[..., Facts], folder: Path) -> Callable[..., Facts]:
    known: dict[tuple[object, ...], Facts] = {}

    def loaded(config: Config, files: Mapping[str, Sequence[SourceFile]], **options: Any) -> Facts:
        sources = [source for given in files.values() for source in given]
        if not all(source.path.is_relative_to(folder) for source in sources):
            return load(config, files, **options)
        key = (repr(config), repr(files), options.get("by"))
        if key not in known:
            known[key] = load(config, files, **options)
        facts = copy(known[key])
        force_setattr(facts, "problems", deepcopy(facts.problems))
        return facts

    return loaded
