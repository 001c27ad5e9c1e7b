"""What a run may use to read large files, beside what funnel.toml says: threads, parts kept earlier, a cluster."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, get_args

from msgspec import Struct

from funnelcli.config.engine import Engine
from funnelcli.problems import UsageError
from funnelcli.text import Message, Text
from funnelcli.values.engines import EngineName

if TYPE_CHECKING:
    from funnelcli.reading.engines.kept import KeptParts
    from funnelcli.reading.engines.shares import Crew

ENGINES = get_args(EngineName)


def usual_cache() -> Path | None:
    """The folder for parts: ``FUNNELCLI_CACHE`` (``off``: none), else one below ``XDG_CACHE_HOME`` or the home."""
    given = os.environ.get("FUNNELCLI_CACHE", "")
    if given.casefold() in ("off", "no", "0"):
        return None
    if given:
        return Path(given)
    base = os.environ.get("XDG_CACHE_HOME", "")
    with suppress(RuntimeError):  # nobody's home
        return (Path(base) if os.path.isabs(base) else Path.home() / ".cache") / "funnelcli"
    return None


class Effort(Struct, frozen=True, kw_only=True):
    """How a run reads large files of visits; nothing of it changes a figure.

    ``cache`` is the folder of the parts kept from earlier runs; None: all is read, and nothing is kept.  With
    ``verify`` a part is believed only where the file still has the same bytes.  The ``engine`` dask has them counted by
    the workers of the cluster at the address ``scheduler``, or by so many ``workers`` started for the run.
    """

    threads: int | None = None
    engine: str | None = None
    scheduler: str | None = None
    workers: int | None = None
    cache: Path | None = None
    verify: bool = False

    def parts(self, settings: Engine) -> KeptParts | None:
        """The parts that may be used; None where the settings want none."""
        if self.cache is None or not settings.cache:
            return None
        from funnelcli.reading.engines.kept import KeptParts

        return KeptParts(self.cache, self.verify)

    def crew(self, settings: Engine) -> Crew | None:
        """Who counts large files elsewhere; None where they are counted here.

        UsageError where what was given contradicts itself, or Dask is not installed.
        """
        scheduler, workers = self.scheduler, self.workers
        if self.engine not in (None, *ENGINES):
            raise _contradiction(Message("--engine is duckdb or dask."))
        if scheduler is not None and workers is not None:
            raise _contradiction(Message("--scheduler and --workers exclude each other."))
        if self.engine == "duckdb" and (scheduler or workers):
            raise _contradiction(Message("--scheduler and --workers are for --engine dask."))
        if scheduler is None and workers is None:
            scheduler, workers = settings.scheduler, settings.workers
        usual = "dask" if scheduler or workers else "duckdb"
        if (self.engine or (usual if self.scheduler or self.workers else settings.engine) or usual) == "duckdb":
            return None
        from funnelcli.reading.engines.dask_engine import DaskCrew, check_installed
        from funnelcli.reading.engines.machine import threads

        check_installed()
        return DaskCrew(scheduler=scheduler, workers=workers or threads())


def _contradiction(text: Text) -> UsageError:
    return UsageError(text, hint=Message("Leave one of them out."))


PLAIN = Effort()
