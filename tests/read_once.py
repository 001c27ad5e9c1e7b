"""Files that no test changes, like the examples: in a process they are read and counted once."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from copy import copy, deepcopy
from pathlib import Path
from typing import Any
from unittest import mock

from msgspec.structs import force_setattr, replace

from funnelcli.config import Config
from funnelcli.facts import load as loading
from funnelcli.facts.model import Facts
from funnelcli.reading.discover import SourceFile
from funnelcli.reading.engines import choose

EXAMPLES = Path(__file__).parents[1] / "examples"


@contextmanager
def read_once(folder: Path = EXAMPLES) -> Iterator[None]:
    """The time in which files of a folder are read once for the same settings, and counted once for the same report."""
    from funnelcli.answers import report

    known: dict[tuple[object, ...], Facts] = {}
    with (
        mock.patch.object(loading, "load", _remembering(loading.load, folder, known)),
        mock.patch.object(report, "build", _counting(report.build, known)),
    ):
        yield


def _remembering(
    load: Callable[..., Facts], folder: Path, known: dict[tuple[object, ...], Facts]
) -> Callable[..., Facts]:
    def loaded(config: Config, files: Mapping[str, Sequence[SourceFile]], **options: Any) -> Facts:
        # A link to the folder is the folder, and what is read of it is right in whatever folder one is by then.
        here = {name: list(map(_resolved, given)) for name, given in files.items()}
        sources = [(source.input, source.name, source.path) for given in here.values() for source in given]
        if not all(path.is_relative_to(folder) for _, _, path in sources):
            return load(config, files, **options)
        # Nor do the facts of one engine, or of one effort, stand for those of another.
        how = (choose.SMALL_BYTES, repr(options.get("effort")), options.get("by"))
        key = (repr(config), tuple(sources), how)
        if key not in known:
            known[key] = load(config, here, **options)
        facts = copy(known[key])
        force_setattr(facts, "problems", deepcopy(facts.problems))
        return facts

    return loaded


def _resolved(source: SourceFile) -> SourceFile:
    return replace(source, path=source.path.resolve())


def _counting(build: Callable[..., Any], known: Mapping[tuple[object, ...], Facts]) -> Callable[..., Any]:
    """Reports of the facts that are ``known``, each built once; of all others as ever."""
    built: dict[tuple[object, ...], Any] = {}

    def counted(facts: Facts, spec: object, **options: Any) -> Any:
        if not any(facts.events is of.events for of in known.values()):
            return build(facts, spec, **options)
        key = (id(facts.events), repr(list(facts.problems)), repr(spec), repr(options))
        if key not in built:
            built[key] = build(facts, spec, **options)
        return built[key]

    return counted
