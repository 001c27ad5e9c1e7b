"""What can be read but once, or is elsewhere, as files that can be looked at twice; and no more than fits."""

import os
import shutil
import stat
import time
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

from msgspec.structs import replace

from funnelcli.problems import InputError, Problems, UsageError, reason_of
from funnelcli.problems.system import CANNOT_READ, CHECK_PATH, at_once
from funnelcli.reading.bounds import FROM_PIPE, PART_OF_DISK, PIPE_BYTES, too_large
from funnelcli.reading.discover import STDIN, SourceFile
from funnelcli.reading.remote import fetch
from funnelcli.reading.scratch import scratch_folder
from funnelcli.text import Message

WAIT_SECONDS = 60.0
_CHUNK = 1 << 20


@contextmanager
def stdin_as_file(
    files: Mapping[str, Sequence[SourceFile]], stream: Callable[[], IO[bytes]]
) -> Iterator[dict[str, list[SourceFile]]]:
    """The same files; standard input, pipes and what is elsewhere copied to temporary files.

    Raises InputError where a pipe does not end within what is read from one, UsageError where it cannot be read.
    """
    if not any(_is_passing(source) for given in files.values() for source in given):
        yield {name: list(given) for name, given in files.items()}
        return
    with scratch_folder() as scratch:
        spooled: dict[str, list[SourceFile]] = {}
        for name, given in files.items():
            spooled[name] = [
                _spooled(source, scratch / f"{name}-{number}", stream) if _is_passing(source) else source
                for number, source in enumerate(given)
            ]
        yield spooled


def _is_passing(file: SourceFile) -> bool:
    return file.remote is not None or _is_stream(file)


def _is_stream(file: SourceFile) -> bool:
    """Whether a file can be read but once: standard input, a named pipe, a shell's <(command)."""
    if file.name == STDIN:
        return True
    try:
        mode = file.path.stat().st_mode
    except OSError:
        return False
    return stat.S_ISFIFO(mode) or stat.S_ISCHR(mode) or stat.S_ISSOCK(mode)


def _spooled(source: SourceFile, path: Path, stdin: Callable[[], IO[bytes]]) -> SourceFile:
    """A stream, or a file elsewhere, copied to a file at ``path``."""
    if source.remote is not None:
        copy = path.with_name(path.name + "".join(PurePosixPath(source.remote.inner).suffixes[-2:]))
        return replace(source, path=copy, identity=fetch(source.name, source.remote, copy))
    shown = "stdin" if source.name == STDIN else source.name
    try:
        with path.open("wb") as spool:
            if source.name == STDIN:
                _copy(stdin(), spool, path, shown)
            else:
                with open(source.path, "rb", opener=at_once) as readable:
                    spool.write(_first_of(readable.fileno(), source.path, shown))
                    os.set_blocking(readable.fileno(), True)
                    _copy(readable, spool, path, shown)
    except OSError as error:
        raise UsageError(CANNOT_READ.filled(name=shown, reason=reason_of(error)), hint=CHECK_PATH) from None
    return SourceFile(source.input, shown, path)


def _copy(readable: IO[bytes], spool: IO[bytes], path: Path, name: str) -> None:
    most = min(PIPE_BYTES, shutil.disk_usage(path.parent).free // PART_OF_DISK)
    size = 0
    while chunk := readable.read(_CHUNK):
        size += len(chunk)
        if size > most:
            problems = Problems()
            problems.add(too_large(name, FROM_PIPE, most))
            raise InputError(
                Message("{name} does not end; nothing was written.").filled(name=name),
                problems=problems,
            )
        spool.write(chunk)


def _first_of(descriptor: int, path: Path, name: str) -> bytes:
    """What a named pipe gives at once; waited for until somebody writes into it.  UsageError where nobody does."""
    if not path.resolve().is_fifo():
        return b""
    import select

    poll = select.poll()
    poll.register(descriptor, select.POLLIN)
    until = time.monotonic() + WAIT_SECONDS
    while True:
        try:
            first = os.read(descriptor, _CHUNK)
        except BlockingIOError:  # somebody has it open and says nothing yet
            return b""
        if first or poll.poll(50):  # what is ready without a byte was closed by who wrote
            return first
        if time.monotonic() > until:
            raise UsageError(
                Message("{name}: nobody writes into this pipe.").filled(name=name),
                hint=Message("Start the command that writes into it."),
            )
