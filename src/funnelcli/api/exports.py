"""A folder of exports as it is read: its settings, its files, and the facts in them."""

from __future__ import annotations

import contextlib
from collections.abc import Callable
from datetime import UTC, date, datetime
from functools import cached_property
from pathlib import Path
from typing import IO, TYPE_CHECKING, Self

from funnelcli.answers.sources import Sources
from funnelcli.config import FILE_NAME
from funnelcli.problems import InputError, Problem

if TYPE_CHECKING:
    from funnelcli.answers.judged import Judged
    from funnelcli.answers.sources import Files
    from funnelcli.config import Config
    from funnelcli.facts.model import Facts
    from funnelcli.metrics.model import Metric
    from funnelcli.reading.discover import Folder as OpenedFolder
    from funnelcli.reading.discover import Found


class Exports:
    """A folder of exports: its settings, its files and what is read from them, when that is first needed.

    As a context manager it lets go of what it holds at the end of the block; without one, when it is no longer used.
    ``judged`` are the facts that the last answer was counted from, with what is odd about them.
    """

    def __init__(self, sources: Sources, *, now: datetime | None = None) -> None:
        self.sources = sources
        self.now = now or datetime.now(UTC)
        self._held = contextlib.ExitStack()
        self._facts: dict[str | None, Facts] = {}
        self._as_seen: dict[tuple[str | None, date], Facts] = {}
        self.judged: Judged | None = None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Let go of the facts and of temporary copies of piped files."""
        self._facts.clear()
        self._as_seen.clear()
        self._held.close()
        vars(self).pop("_files", None)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({str(self.sources.path)!r})"

    @cached_property
    def _opened(self) -> OpenedFolder:
        return self.sources.folder()

    @property
    def config(self) -> Config:
        """The settings of its funnel.toml."""
        return self._opened.config

    @cached_property
    def own_metrics(self) -> tuple[Metric, ...]:
        """The metrics that its settings declare, and what they are made of; ConfigError where they are wrong."""
        if not self.config.metrics and not self.config.journeys:
            return ()
        from funnelcli.answers.own import own_metrics
        from funnelcli.metrics.journeys import metrics_of_settings

        of_journeys = metrics_of_settings(self.config)
        own = own_metrics(self.config, name=self._opened.config_name or FILE_NAME, beside=of_journeys)
        return (*of_journeys, *own)

    @cached_property
    def _own_split(self) -> str | None:
        """The dimension that summed rows are to be split by for the metrics of the settings; None for none or several.

        Others split them by that which is asked for.
        """
        if not self.own_metrics:
            return None
        from funnelcli.answers.own import dimensions_of_sums

        dimensions = dimensions_of_sums(self.own_metrics)
        return dimensions.pop() if len(dimensions) == 1 else None

    @cached_property
    def _files(self) -> tuple[Files, list[str]]:
        """The files of each input, copies of those that can be read but once, and the tables that are of no input."""
        if error := self.nothing_found():
            raise error
        return self._held.enter_context(self.sources.readable(self._found.files)), list(self._found.unknown)

    @cached_property
    def _found(self) -> Found:
        from funnelcli.reading.discover import find

        return find(self._opened, self.sources.named)

    def nothing_found(self) -> InputError | None:
        """The error of a folder that holds no export at all; None where it holds one."""
        from funnelcli.reading.discover import nothing_found

        files = self._found
        return None if files.files else nothing_found(self._opened, files)

    @property
    def is_named(self) -> bool:
        """Whether files are named one by one."""
        return bool(self.sources.named)

    @property
    def strict(self) -> bool:
        """Whether what is odd ends the run."""
        return self.sources.strict

    @property
    def stdin(self) -> Callable[[], IO[bytes]]:
        """What gives the stream that ``-`` stands for."""
        return self.sources.stdin

    @property
    def inputs(self) -> list[Path]:
        """The files that are read."""
        return [source.path for given in self._files[0].values() for source in given]

    def facts(self, *, by: str | None = None) -> Facts:
        """The checked facts, whatever is wrong with them; ``by`` is a dimension that summed rows are to be split by."""
        from funnelcli.facts.load import load

        split = by if by not in (None, "channel") else self._own_split
        if split not in self._facts:
            files, _ = self._files
            with self.sources.progress(files) as meter:
                facts = load(self._with_promise, files, by=split, meter=meter, effort=self.sources.effort)
            facts.problems.extend((*self._found.problems, *self._not_files()))
            self._facts[split] = facts
        return self._facts[split]

    @cached_property
    def _with_promise(self) -> Config:
        """The settings, with what the targets promise that the agreement names."""
        goal = self.config.sla.goal
        if goal is None or not goal.file:
            return self.config
        from funnelcli.answers.targets_loaded import with_promise

        return with_promise(self.config, self.sources.path, self.stdin)

    def _not_files(self) -> list[Problem]:
        """What is named like an export and is no file; files named one by one stand for the whole."""
        from funnelcli.reading.discover import not_files

        return [] if self.is_named else not_files(self._opened)

    @property
    def own_files(self) -> list[Path]:
        """The files of the folder that nothing may be written over: its exports and its settings."""
        opened = self._opened
        settings = [opened.root / opened.config_name] if opened.config_name else []
        return [*settings, *(source.path for given in self._found.files.values() for source in given)]

    def countable(self, *, skip_bad_rows: bool = False, by: str | None = None, as_of: str | None = None) -> Facts:
        """The checked facts; InputError, with every problem, where errors forbid to count them.

        Where the folder is read strictly, warnings forbid it too, but for those that the settings accept.
        """
        facts = self.facts(by=by)
        judged = self._judged(facts, as_of)
        judged.check_countable(skip_bad_rows=skip_bad_rows, strict=self.sources.strict)
        self.judged = judged
        return self._seen(facts, judged.day)

    def _seen(self, facts: Facts, day: date | None) -> Facts:
        """The facts as they were seen on a day, made once."""
        from funnelcli.facts.as_seen import as_seen

        if day is None:
            return facts
        (split,) = (split for split, known in self._facts.items() if known is facts)
        if (split, day) not in self._as_seen:
            self._as_seen[split, day] = as_seen(facts, day)
        return self._as_seen[split, day]

    def _judged(self, facts: Facts, as_of: str | None, *, listed: bool = False) -> Judged:
        from funnelcli.answers.judged import Judged

        return Judged(
            facts=facts, as_of=as_of, now=self.now, place=self._opened.config_name or FILE_NAME,
            unknown=self.unused, named=self.is_named, listed=listed,
        )  # fmt: skip

    @property
    def unused(self) -> list[str]:
        """The names of tables in the folder that are of no input."""
        return list(self._found.unknown)

    def _understood(self) -> Facts:
        """The facts; none where the folder has tables, and none of them is known to be of an input."""
        from funnelcli.facts.load import load

        return load(self.config, {}) if self.nothing_found() and self.unused else self.facts()
