"""The settings of how large files are read: nothing that they say changes a figure."""

from __future__ import annotations

import re
from typing import Annotated

from pydantic import Field, StringConstraints

from funnelcli.config.values import TableModel

_MEMORY = re.compile(r"(\d+) ?(MB|GB)")
Memory = Annotated[str, StringConstraints(pattern=r"^[1-9]\d{0,6} ?(MB|GB)$")]


class Engine(TableModel):
    """How large files are read: with how much of the machine, and whether what is read is kept."""

    threads: int | None = Field(
        None, ge=1, le=256, description="Threads; without it, as many as the processors that may be used, 16 at most."
    )
    memory: Memory | None = Field(
        None,
        description='Memory, like "2 GB"; without it, 200 MB a thread, a quarter of what there is at most.',
    )
    cache: bool = Field(True, description="Keep what is read of each large file for the next run.")

    @property
    def megabytes(self) -> int | None:
        """The memory in megabytes.

        >>> Engine(memory="2 GB").megabytes
        2000
        """
        said = _MEMORY.fullmatch(self.memory) if self.memory else None
        return None if said is None else int(said[1]) * (1000 if said[2] == "GB" else 1)
