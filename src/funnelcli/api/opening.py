"""Opening a folder of exports."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from pathlib import Path

from funnelcli.answers.sources import Effort, Sources
from funnelcli.api import arguments
from funnelcli.api.folder import Folder


def open_folder(
    path: str | Path = ".",
    *,
    files: Mapping[str, str | Path | Sequence[str | Path]] | None = None,
    configured: bool = True,
    now: datetime | None = None,
    threads: int | None = None,
    engine: str | None = None,
    scheduler: str | None = None,
    workers: int | None = None,
    cache: str | Path | None = None,
    verify: bool = False,
    strict: bool = False,
) -> Folder:
    """A folder of exports, or the folder of a funnel.toml; not ``configured``, a funnel.toml in it is not looked at.

    ``files`` name the files of inputs one by one (``{"signups": "crm/leads.csv"}``), which then stand for the whole.
    ``now`` is only looked at for ``as_of="today"`` and by ``check``.  Large files of visits are read with so many
    ``threads``, or, with the ``engine`` dask, by the workers of the cluster at the address ``scheduler`` or by so many
    ``workers`` started for it.  ``cache`` is a folder where what each of them adds is kept for the next run (without it
    nothing is), and is believed, with ``verify``, only where the file has the same bytes.  Of a folder
    opened ``strict`` nothing is counted while there are warnings, but for those that ``[strict] accept`` names.  Raises
    UsageError where there is no such place.

    >>> import funnelcli as fc
    >>> fc.open_folder("no/such/place").report()
    Traceback (most recent call last):
    ...
    funnelcli.problems.exceptions.UsageError: no/such/place: there is no such folder or file.
    """
    named = arguments.files(files)
    kept_in = None if cache is None else arguments.path(cache, "cache")
    effort = Effort(
        threads=arguments.whole(threads, "threads"),
        engine=arguments.word(engine, "engine"),
        scheduler=arguments.word(scheduler, "scheduler"),
        workers=arguments.whole(workers, "workers"),
        cache=kept_in,
        verify=verify,
    )
    return Folder(
        Sources(path=arguments.path(path, "path"), named=named, configured=configured, effort=effort, strict=strict),
        now=now,
    )
