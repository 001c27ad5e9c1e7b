"""The settings of how large files are read: nothing that they say changes a figure."""

from __future__ import annotations

from typing import Annotated

from funnelcli.config.table import About, Limits, Table
from funnelcli.text import Message, TextError
from funnelcli.text.regex import regex
from funnelcli.values.engines import EngineName

_MEMORY = regex(r"(\d+) ?(MB|GB)")
Memory = Annotated[str, Limits(pattern=r"^[1-9]\d{0,6} ?(MB|GB)$")]


class Engine(Table, frozen=True, kw_only=True):
    """How large files are read: with how much of the machine, and whether what is read is kept."""

    threads: Annotated[
        Annotated[int, Limits(ge=1, le=256)] | None,
        About("Threads; without it, as many as the processors that may be used, 16 at most."),
    ] = None
    memory: Annotated[
        Memory | None, About('Memory, like "2 GB"; without it, 200 MB a thread, a quarter of what there is at most.')
    ] = None
    cache: Annotated[bool, About("Keep what is read of each large file for the next run.")] = True

    engine: Annotated[
        EngineName | None,
        About(
            '"dask" has large files counted by the workers of a Dask cluster; without it, "duckdb" unless '
            "scheduler or workers is given."
        ),
    ] = None
    scheduler: Annotated[
        Annotated[str, Limits(min_length=1)] | None,
        About('Address of the scheduler of a Dask cluster, like "tcp://host:8786".'),
    ] = None
    workers: Annotated[
        Annotated[int, Limits(ge=1, le=256)] | None,
        About("So many processes of one thread, started for the run, in place of a scheduler."),
    ] = None

    def __post_init__(self) -> None:
        if self.scheduler is not None and self.workers is not None:
            raise TextError(Message("give scheduler or workers, not both"))
        if self.engine == "duckdb" and (self.scheduler or self.workers):
            raise TextError(Message("scheduler and workers are for engine dask"))

    @property
    def megabytes(self) -> int | None:
        """The memory in megabytes.

        >>> Engine(memory="2 GB").megabytes
        2000
        """
        said = _MEMORY.fullmatch(self.memory) if self.memory else None
        return None if said is None else int(said[1]) * (1000 if said[2] == "GB" else 1)
