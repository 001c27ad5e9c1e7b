"""What a run may use to read large files, beside what funnel.toml says: threads, and parts kept from earlier runs."""

from __future__ import annotations

import os
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from msgspec import Struct

from funnelcli.config.engine import Engine

if TYPE_CHECKING:
    from funnelcli.reading.engines.kept import KeptParts


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
    ``verify`` a part is believed only where the file still has the same bytes.
    """

    threads: int | None = None
    cache: Path | None = None
    verify: bool = False

    def parts(self, settings: Engine) -> KeptParts | None:
        """The parts that may be used; None where the settings want none."""
        if self.cache is None or not settings.cache:
            return None
        from funnelcli.reading.engines.kept import KeptParts

        return KeptParts(self.cache, self.verify)


PLAIN = Effort()
