"""The scan of the visits: large ones are read in a thread of its own, beside the rest."""

import threading
from collections.abc import Callable, Sequence

from funnelcli.reading.engines.choose import is_large, make_ready, scan_visits
from funnelcli.reading.engines.model import VisitRequest, VisitTable
from funnelcli.reading.opening import Opened
from funnelcli.text import Text


class Scan:
    """The scan of the visits; large ones in a thread, for DuckDB lets go of the interpreter while it reads."""

    def __init__(self, opened: Sequence[Opened], request: VisitRequest, progress: Callable[[Text], None]) -> None:
        self._table: VisitTable | None = None
        self._error: BaseException | None = None
        self._thread: threading.Thread | None = None

        def run() -> None:
            try:
                self._table = scan_visits(opened, request)
            except BaseException as error:  # raised again in result(), in the thread that waits
                self._error = error

        if is_large(opened):
            progress(Text("reading visits", "đang đọc lượt truy cập"))
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
