"""Workers of one thread each, as processes of this machine that live as long as the scan they were started for.

Each is told by its standard input where the scheduler is, and ends when that is closed: by whoever started it, or
because that process is no more, however it came to its end.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from contextlib import suppress
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from funnelcli.reading.engines.share_work import Answer, Order, count_share

MOST_DEATHS = 20
_SILENT = {"DASK_LOGGING__DISTRIBUTED": "critical", "PYTHONWARNINGS": "ignore"}


def count_on_worker(order: Order, registered: bytes | None) -> Answer:
    """What runs on a worker: a share counted; one that cannot be, with who says so."""
    answer = count_share(order, registered)
    if answer.kind in ("counted", "irregular"):
        return answer
    from distributed import get_worker

    return replace(answer, worker=str(get_worker().address))


class Processes:
    """So many workers, whose temporary files go to a folder; as a context manager they end with the block."""

    def __init__(self, number: int, folder: Path) -> None:
        self._number, self._folder, self._deaths, self._address = number, str(folder), 0, ""
        self._all: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Processes:
        self._all = [self._started() for _ in range(self._number)]
        return self

    def __exit__(self, *_: object) -> None:
        for process in self._all:
            process.kill()
        for process in self._all:
            process.wait()
            if process.stdin is not None:
                with suppress(OSError):
                    process.stdin.close()
        self._all = []

    def tell(self, address: str) -> None:
        """Tell all where the scheduler is."""
        self._address = address
        for process in self._all:
            _tell(process, address)

    def refresh(self) -> bool:
        """Start another for each that has ended; False where too many have."""
        for place, process in enumerate(self._all):
            if process.poll() is not None:
                self._deaths += 1
                self._all[place] = self._started()
                _tell(self._all[place], self._address)
        return self._deaths <= MOST_DEATHS

    def _started(self) -> subprocess.Popen[bytes]:
        """A process that imports what this one does, has its temporary files in the folder, and no terminal."""
        path = os.pathsep.join(entry for entry in sys.path if entry)
        temporary = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), self._folder)
        return subprocess.Popen(
            [sys.executable, "-m", __name__, self._folder],
            stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, **_SILENT, **temporary, "PYTHONPATH": path}, start_new_session=True,
        )  # fmt: skip


def _tell(process: subprocess.Popen[bytes], address: str) -> None:
    assert process.stdin is not None
    with suppress(OSError):
        process.stdin.write(f"{address}\n".encode())
        process.stdin.flush()


def main(folder: str) -> None:
    """A worker: imports first, then waits for the address, then works until its standard input ends."""
    import asyncio

    import dask
    from distributed import Worker

    from funnelcli.reading import database  # noqa: F401  # before the first share comes

    async def work(address: str) -> None:
        limits: dict[str, Any] = {"nthreads": 1, "memory_limit": 0, "death_timeout": 60}
        async with Worker(address, host="127.0.0.1", dashboard=False, local_directory=folder, **limits) as worker:
            await worker.finished()

    dask.config.set({"distributed.worker.http.routes": [], "distributed.worker.profile.enabled": False})
    address = sys.stdin.readline().strip()
    if address:
        threading.Thread(target=_end_with_input, daemon=True).start()
        asyncio.run(work(address))


def _end_with_input() -> None:
    sys.stdin.read()
    os._exit(0)


if __name__ == "__main__":
    main(sys.argv[1])
