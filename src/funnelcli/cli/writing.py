"""Bytes to standard output or to a file that appears whole or not at all."""

import contextlib
import os
import signal
import stat
import sys
import tempfile
from collections.abc import Callable, Iterator
from pathlib import Path
from types import FrameType

from funnelcli.problems import ExitCode, FunnelError, UsageError


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
        raise ClosedPipeError("The output was closed.") from None
    except OSError as error:
        raise UsageError(f"Standard output cannot be written: {error.strerror}.") from None


def leave(number: int, _frame: FrameType | None) -> None:
    """Unwind on a signal that ends the run, so that half-written and temporary files go."""
    raise SystemExit(128 + number)


@contextlib.contextmanager
def _terminated_as_exit() -> Iterator[None]:
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


def write_file(path: Path, data: bytes, *, sync: Callable[[int], None] = os.fsync) -> None:
    """The file ``path`` with these bytes, replaced in one step; whatever goes wrong, an older file stays as it was.

    Raises UsageError that names the place and the reason.  What is no regular file (a pipe, /dev/null) is written to.
    """
    target = path.resolve()
    try:
        if path.exists() and not stat.S_ISREG(path.stat().st_mode):
            if path.is_dir():
                raise UsageError(f"-o {path} is a folder.", hint="Give a file name in it.")
            with path.open("wb", buffering=0) as stream:
                stream.write(data)
            return
        if not target.parent.is_dir():
            raise UsageError(f"{path}: there is no folder {target.parent}.", hint="Make the folder first.")
        with _terminated_as_exit():
            _replace(target, data, sync)
    except OSError as error:
        raise UsageError(
            f"{path}: cannot be written: {error.strerror or error}.", hint="The file is as it was before."
        ) from None


def _replace(target: Path, data: bytes, sync: Callable[[int], None]) -> None:
    mode = stat.S_IMODE(target.stat().st_mode) if target.exists() else 0o666 & ~_umask()
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".tmp")
    beside = Path(name)
    try:
        with os.fdopen(handle, "wb") as stream:
            stream.write(data)
            stream.flush()
            sync(stream.fileno())
        beside.chmod(mode)
        beside.replace(target)
    except BaseException:
        beside.unlink(missing_ok=True)
        raise
    with contextlib.suppress(OSError):
        folder = os.open(target.parent, os.O_RDONLY)
        try:
            os.fsync(folder)
        finally:
            os.close(folder)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
