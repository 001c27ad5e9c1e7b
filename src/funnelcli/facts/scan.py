"""The scan of the visits: large ones are read in a thread of its own, beside the rest."""

import threading
from collections.abc import Iterable, Sequence

from msgspec.structs import replace

from funnelcli.reading.engines.choose import is_large, make_ready, scan_visits
from funnelcli.reading.engines.model import VisitRequest, VisitTable
from funnelcli.reading.meter import Meter
from funnelcli.reading.opening import Opened
from funnelcli.text import Message


def scan_without(opened: Sequence[Opened], request: VisitRequest, table: VisitTable, same: Iterable[str]) -> VisitTable:
    """The scan once more, without files whose rows are tallied as duplicates."""
    dropped = set(same)
    again = scan_visits([source for source in opened if source.name not in dropped], request)
    tallies = {tally.file: tally for tally in [*table.tallies, *again.tallies]}
    for name in dropped:
        tallies[name] = replace(tallies[name], duplicate=tallies[name].counted, counted=0)
    again.tallies = [tallies[source.name] for source in opened if source.name in tallies]
    return again


class Scan:
    """The scan of the visits; large ones in a thread, for DuckDB lets go of the interpreter while it reads."""

    def __init__(self, opened: Sequence[Opened], request: VisitRequest, meter: Meter | None) -> None:
        self._table: VisitTable | None = None
        self._error: BaseException | None = None
        self._thread: threading.Thread | None = None

        def run() -> None:
            try:
                self._table = scan_visits(opened, request)
                if meter is not None:
                    meter.done(source.file.path for source in opened)
            except BaseException as error:  # raised again in result(), in the thread that waits
                self._error = error

        if is_large(opened):
            if meter is not None:
                meter.text = Message("reading visits")
            make_ready()
            self._thread = threading.Thread(target=run, daemon=True)
            self._thread.start()
        else:
            run()

    @property
    def is_busy(self) -> bool:
        """Whether a thread of its own is still reading."""
        return self._thread is not None and self._thread.is_alive()

    def result(self) -> VisitTable:
        """What the scan found, waited for; what went wrong in its thread is raised here."""
        if self._thread is not None:
            while self._thread.is_alive():
                self._thread.join(0.1)  # in slices, so that Ctrl-C is heard
        if self._error is not None:
            raise self._error
        assert self._table is not None
        return self._table
