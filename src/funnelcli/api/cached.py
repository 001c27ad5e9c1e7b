"""What earlier runs have kept of large files."""

from __future__ import annotations

from pathlib import Path

from funnelcli.answers.answer import Answer
from funnelcli.answers.cache import cache_answer
from funnelcli.answers.sources import usual_cache
from funnelcli.api import arguments
from funnelcli.api.result import Result


class CacheResult(Result):
    """What is kept, and where."""

    def __init__(self, answer: Answer) -> None:
        self._answer = answer

    @property
    def answer(self) -> Answer:
        """The folder, how many files there are and of how many bytes, and when they were last used."""
        return self._answer


def cache(folder: str | Path | None = None, *, clear: bool = False) -> CacheResult:
    """What earlier runs have kept of large files; ``clear`` removes it, which changes no figure.

    Without a ``folder`` it is the one that the commands use (``FUNNELCLI_CACHE``, ``XDG_CACHE_HOME``).

    >>> import funnelcli as fc
    >>> int(fc.cache("no/such/place").to_frame().loc[0, "files"])
    0
    """
    place = usual_cache() if folder is None else arguments.path(folder, "folder")
    return CacheResult(cache_answer(place, clear=clear))
