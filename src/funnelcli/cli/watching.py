"""Who watches a reading: once it takes long, a thread shows how far it is, until it is over."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TextIO

from funnelcli.reading.meter import Meter
from funnelcli.text import Lang

LONG_SECONDS = 1.0  # for which nobody asks what it does
TICK_SECONDS = 0.1


@contextmanager
def watched_meter(paths: Sequence[Path], stream: TextIO, lang: Lang, *, colour: bool) -> Iterator[Meter]:
    """A meter of some files, which is shown on a terminal from the second second on, and gone at the end."""
    meter, over, began = Meter(paths), threading.Event(), time.monotonic()

    def watch() -> None:
        if over.wait(LONG_SECONDS):
            return
        from funnelcli.cli.progress import shown  # brings Rich

        with shown(meter, stream, lang, began=began, colour=colour) as show:
            while not over.wait(TICK_SECONDS):
                show()

    watcher = threading.Thread(target=watch, daemon=True)
    watcher.start()
    try:
        yield meter
    finally:
        over.set()
        watcher.join()
