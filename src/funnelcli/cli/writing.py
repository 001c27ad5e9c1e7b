"""Bytes to standard output, and what a signal does to a run that writes."""

import contextlib
import os
import signal
import sys
from collections.abc import Iterator
from types import FrameType

from funnelcli.problems import ExitCode, FunnelError, UsageError, reason_of
from funnelcli.text import Message


class ClosedPipeError(FunnelError):
    """The reader of our output has gone; there is nothing to say to it."""

    exit_code = ExitCode.CLOSED_PIPE


def write_stdout(data: bytes) -> None:
    """All bytes to standard output.  Raises ClosedPipeError where nobody reads them any more."""
    try:
        sys.stdout.flush()
        stream = sys.stdout.buffer
        stream.write(data)
        stream.flush()
    except BrokenPipeError:
        # What is still buffered can go nowhere; without this the interpreter complains at exit.
        with contextlib.suppress(OSError):
            os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        raise ClosedPipeError(Message("The output was closed.")) from None
    except OSError as error:
        text = Message("Standard output cannot be written: {reason}.")
        raise UsageError(text.filled(reason=reason_of(error))) from None


def leave(number: int, _frame: FrameType | None) -> None:
    """Unwind on a signal that ends the run, so that half-written and temporary files go."""
    raise SystemExit(128 + number)


@contextlib.contextmanager
def terminated_as_exit() -> Iterator[None]:
    """Let a TERM signal unwind the stack, so that the half-written file is removed."""

    try:
        before = signal.signal(signal.SIGTERM, leave)
    except ValueError:  # not in the main thread
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, before)
