"""Shares of visits counted by the workers of a Dask cluster: one that is there, or processes started for the scan.

Dask is imported when the first share is sent, and nowhere else.  A worker that dies costs the share it was at, which
another counts; nothing is waited for without a bound.
"""

from __future__ import annotations

import logging
import pickle
import sys
import time
import warnings
from collections.abc import Callable, Iterator, Sequence
from contextlib import ExitStack, contextmanager, suppress
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from funnelcli.problems import UsageError, line_of, reason_of
from funnelcli.reading.engines.dask_processes import Processes
from funnelcli.reading.engines.share_work import Answer, Order
from funnelcli.text import Message, Text, foreign

CONNECT_SECONDS = 10
NOBODY_SECONDS = 60  # without any worker
STILL_SECONDS = 1800  # without any answer
LOST_SECONDS = 30  # without the scheduler
FETCH_SECONDS = 2  # for an answer that a worker has, and each time twice as many; between, the cluster is looked at
KILLED_MOST = 2  # workers of one's own that a share may end and yet be given to another
TRIED_AGAIN = 2
LOOK_SECONDS = 0.02
_BETWEEN_LOOKS = 0.25  # at the cluster as a whole

_NOT_INSTALLED = Message("--engine dask needs Dask, which is not installed.")
_INSTALL = Message("Install it: pip install 'funnelcli[cluster]'.")
_NO_WORKER = Message("{scheduler}: no worker is there.")
_START_SOME = Message("Start some: dask worker {scheduler}; or count here: --workers N.")
_NONE_LEFT = Message("None of the workers started here is left.")
_FEWER = Message("Run again with fewer --workers, or without.")
_NO_SCHEDULER = Message("{scheduler}: no scheduler of Dask can be reached: {reason}.")
_GIVE_ADDRESS = Message(
    "Give the address that `dask scheduler` prints, like tcp://host:8786, or count here: --workers N."
)
_NOT_STARTED = Message("No workers can be started here: {reason}.")
_WITHOUT = Message("Run without --workers, or give --scheduler.")
_OTHER_PROGRAM = Message("The workers cannot run this funnelcli: {reason}.")
_SAME_PROGRAM = Message("Install the same versions of funnelcli, its libraries and Dask here and on every worker.")
_LOST = Message("the connection is lost")
_IN_TIME = Message("no answer within {seconds} seconds")
_STILL = Message("no worker has answered for {seconds} seconds")
_KILLED = Message("every worker that was at it has ended")
_MEMORY = Message("there is not enough memory")


def check_installed() -> None:
    """UsageError where Dask is not installed."""
    if find_spec("distributed") is None:
        raise UsageError(_NOT_INSTALLED, hint=_INSTALL)


class DaskCrew:
    """The workers of the cluster at the address ``scheduler``; without one, so many ``workers`` of this machine."""

    def __init__(self, *, scheduler: str | None = None, workers: int = 1) -> None:
        self.scheduler, self.workers = scheduler, workers
        self.client: Any = None
        self._held = ExitStack()
        self._own: Processes | None = None

    @property
    def is_here(self) -> bool:
        """Whether the workers are those started here."""
        return self.scheduler is None

    def start(self, folder: Path) -> None:
        """Connect, and wait for the first worker; UsageError where none comes in time."""
        if self.client is not None:
            return
        check_installed()
        try:
            self._connect(folder)
        except BaseException:
            self.close()
            raise

    def _connect(self, folder: Path) -> None:
        if self.scheduler is None:
            # They import what they need while this process does.
            self._own = self._held.enter_context(Processes(self.workers, folder))
        with quiet():
            self.client = self._connected(self.scheduler or self._scheduler())
            until = time.monotonic() + NOBODY_SECONDS
            while not self.client.nthreads():
                if time.monotonic() > until or not self.refresh():
                    raise self.nobody()
                time.sleep(LOOK_SECONDS)

    def close(self) -> None:
        """Let go of the cluster; the processes started for it end."""
        self.client = None
        if "distributed" in sys.modules:
            with quiet(), suppress(Exception):
                self._held.close()
        self._held.close()

    def count(self, orders: Sequence[Order], registered: bytes | None) -> Iterator[tuple[int, Answer]]:
        """The answers in the order in which they come; UsageError where the cluster is gone."""
        with quiet():
            yield from Counting(self, orders, registered).answers()

    def nobody(self) -> UsageError:
        """The error of a cluster without workers."""
        if self.scheduler is None:
            return UsageError(_NONE_LEFT, hint=_FEWER)
        return UsageError(
            _NO_WORKER.filled(scheduler=self.scheduler), hint=_START_SOME.filled(scheduler=self.scheduler)
        )

    def lost(self, reason: Text) -> UsageError:
        """The error of a scheduler that does not answer."""
        name = self.scheduler or Message("the scheduler started here")
        return UsageError(_NO_SCHEDULER.filled(scheduler=name, reason=reason), hint=_GIVE_ADDRESS)

    def refresh(self) -> bool:
        """Start processes in the place of those of one's own that have ended; False where too many have."""
        return self._own is None or self._own.refresh()

    def _scheduler(self) -> str:
        """The address of a scheduler in this process, which the processes are told."""
        import dask
        import distributed

        make: Any = distributed.LocalCluster

        # No pages for browsers, though a port is taken for them.
        settings = {"distributed.scheduler.allowed-failures": KILLED_MOST, "distributed.scheduler.http.routes": [],
                    "distributed.scheduler.worker-saturation": 1.0}  # fmt: skip
        self._held.enter_context(dask.config.set(settings))
        try:
            cluster = make(
                n_workers=0, threads_per_worker=1, host="127.0.0.1", dashboard_address="127.0.0.1:0",
                silence_logs=logging.CRITICAL,
            )  # fmt: skip
        except (OSError, RuntimeError) as error:
            raise UsageError(_NOT_STARTED.filled(reason=_reason(error)), hint=_WITHOUT) from None
        self._held.callback(cluster.close)
        address = str(cluster.scheduler_address)
        if self._own is not None:
            self._own.tell(address)
        return address

    def _connected(self, address: str) -> Any:
        import distributed

        class Client(distributed.Client):
            """One that is closed by who made it, and by nobody else in a hurry."""

            def __del__(self) -> None:
                pass

        make: Any = Client
        try:
            client = make(address, timeout=CONNECT_SECONDS, set_as_default=False)
        except Exception as error:  # whatever answers there may be no scheduler
            timed_out = isinstance(error, TimeoutError)
            raise self.lost(_IN_TIME.filled(seconds=CONNECT_SECONDS) if timed_out else _reason(error)) from None
        self._held.callback(client.close)
        return client


class Counting:
    """Shares given out, their answers awaited."""

    def __init__(self, crew: DaskCrew, orders: Sequence[Order], registered: bytes | None) -> None:
        self._crew, self._orders, self._registered = crew, orders, registered
        self._waiting: dict[Any, int] = {}
        self._patience: dict[int, float] = {}
        self._answered = self._peopled = self._connected = self._looked = time.monotonic()

    def answers(self) -> Iterator[tuple[int, Answer]]:
        """The answer to each order, as they come."""
        self._send()
        while self._waiting:
            done = [future for future in self._waiting if future.status not in ("pending", "lost")]
            for future in done:
                answer = self._answer(future)
                if answer is not None:
                    self._answered = time.monotonic()
                    yield self._waiting.pop(future), answer
            yield from self._look()
            if not done:
                time.sleep(LOOK_SECONDS)

    def _send(self) -> None:
        """Give the shares out; who had signed up is sent once, and fetched by each worker from another.

        A worker that dies with it is no loss, since the scheduler still has it.
        """
        submit = self._crew.client.submit
        count, same = _tasks()
        known = None if self._registered is None else submit(same, self._registered, pure=False)
        for place, order in enumerate(self._orders):
            self._waiting[submit(count, pickle.dumps(order), known, pure=False, retries=TRIED_AGAIN)] = place

    def _answer(self, future: Any) -> Answer | None:
        """What came of a share; None where the worker that has it has died meanwhile: it is counted again."""
        place, status = self._waiting[future], future.status
        seconds = min(self._patience.get(place, FETCH_SECONDS), NOBODY_SECONDS)
        try:
            if status == "finished":
                return _said(future.result(timeout=seconds))
            if status == "cancelled":
                raise self._crew.lost(_LOST)
            error = future.exception(timeout=seconds) if status == "error" else None
        except UsageError:
            raise
        except TimeoutError:
            self._patience[place] = 2 * seconds
            return None
        except Exception as raised:
            error = raised
        if type(error).__name__ == "FutureCancelledError":
            raise self._crew.lost(_LOST)
        return None if error is None else Answer(kind="failed", about=_why(error))

    def _look(self) -> Iterator[tuple[int, Answer]]:
        """Whether somebody is still at work, now and then; answers for the shares that nobody will count."""
        now = time.monotonic()
        if now < self._looked + _BETWEEN_LOOKS:
            return
        self._looked, client = now, self._crew.client
        if client.status == "running":
            self._connected = now
            with suppress(OSError):
                self._peopled = now if client.nthreads() else self._peopled
        if now - self._connected > LOST_SECONDS:
            raise self._crew.lost(_LOST)
        if not self._crew.refresh() or now - self._peopled > NOBODY_SECONDS:
            raise self._crew.nobody()
        if now - self._answered > STILL_SECONDS:
            places, self._waiting = [*self._waiting.values()], {}
            about = _STILL.filled(seconds=STILL_SECONDS)
            yield from ((place, Answer(kind="failed", about=about)) for place in places)


def _tasks() -> tuple[Callable[[bytes, bytes | None], object], Callable[[bytes], bytes]]:
    """What workers are sent: functions that come with their code, as what cannot be imported there ends a worker."""

    def count(order: bytes, registered: bytes | None) -> object:
        import importlib
        import pickle

        try:
            work = importlib.import_module("funnelcli.reading.engines.dask_processes")
            wanted = pickle.loads(order)
        except (ImportError, AttributeError) as error:
            return str(error)
        return work.count_on_worker(wanted, registered)

    return count, lambda registered: registered


def _said(answer: object) -> Answer:
    """What a worker has answered; UsageError where it cannot run this program."""
    if isinstance(answer, Answer):
        return answer
    raise UsageError(_OTHER_PROGRAM.filled(reason=foreign(answer)), hint=_SAME_PROGRAM)


def _why(error: BaseException) -> Text:
    """Why a share was counted by nobody."""
    if type(error).__name__ == "KilledWorker":
        return _KILLED
    return _MEMORY if isinstance(error, MemoryError) else _reason(error)


def _reason(error: BaseException) -> Text:
    if isinstance(error, OSError) and error.errno is not None:
        return reason_of(error)
    return line_of(error)


# --- what Dask says beside -----------------------------------------------------------------------------------------

_TALKATIVE = ("distributed", "tornado", "asyncio")


@contextmanager
def quiet() -> Iterator[None]:
    """Dask says nothing on standard error meanwhile; what is to be known of it is said by errors of ours."""
    import distributed  # noqa: F401  # its loggers are made when it is imported

    loggers = [
        logger for name, logger in logging.root.manager.loggerDict.items()
        if name.partition(".")[0] in _TALKATIVE and isinstance(logger, logging.Logger) and not logger.disabled
    ]  # fmt: skip
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for logger in loggers:
            logger.disabled = True
        try:
            yield
        finally:
            for logger in loggers:
                logger.disabled = False
