"""How far the reading of files has come, in bytes that have really been read: for whoever shows it while it lasts."""

from __future__ import annotations

import os
import threading
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager, suppress
from io import RawIOBase
from pathlib import Path
from typing import IO, Any

from funnelcli.text import Message, Text

LOOK_BYTES = 4_000_000  # of a file that are looked at more than once
_OWN_IO, _IO_OF_THREAD = "/proc/self/io", "/proc/self/task/{thread}/io"


class Meter:
    """The bytes of some files that have been read, of those that are to be read: neither ever becomes less.

    A file that is read again, from its beginning, is to be read twice.  ``text`` says what is being read.  It says
    nothing of a file that has it: all are alike.
    """

    def __init__(self, paths: Iterable[Path]) -> None:
        self.text: Text = Message("reading")
        self._sizes = {path: _size(path) for path in paths}
        self._at = dict.fromkeys(self._sizes, 0)
        self._before = dict.fromkeys(self._sizes, 0)
        self._following: tuple[Sequence[Path], int] | None = None
        self._lock = threading.Lock()

    def again(self, path: Path) -> None:
        """A file is read once more, from its beginning on."""
        with self._lock:
            if self._at.get(path, 0) > LOOK_BYTES:
                self._before[path] += self._at[path]
                self._at[path] = 0

    def at(self, path: Path, place: int) -> None:
        """A file has been read up to a place."""
        if path in self._sizes:
            self._at[path] = max(self._at[path], min(place, self._sizes[path]))

    def add(self, path: Path, more: int) -> None:
        """So many bytes more of a file have been read, wherever they stand."""
        with self._lock:
            self.at(path, self._at.get(path, 0) + more)

    def done(self, paths: Iterable[Path]) -> None:
        """All of some files has been read that will be."""
        for path in paths:
            self.at(path, self._sizes.get(path, 0))

    def kept(self, path: Path) -> None:
        """A file need not be read."""
        if path in self._sizes and not self._at[path]:
            self._sizes[path] = 0

    @contextmanager
    def followed(self, paths: Sequence[Path]) -> Iterator[None]:
        """While the context lasts, some files are read by threads that cannot say how far they are.

        What the process reads is then theirs, but for what the main thread does; unless the system tells, it is told
        at the end.
        """
        for path in paths:
            self.again(path)
        read = bytes_of_others()
        self._following = None if read is None else (paths, read)
        try:
            yield
            self.done(paths)
        finally:
            with self._lock:
                self._following = None

    def look(self) -> tuple[int, int]:
        """The bytes that have been read, and how many there are to be read."""
        with self._lock:
            if self._following is not None:
                paths, before = self._following
                read = (bytes_of_others() or before) - before
                for path in paths:
                    self.at(path, read)
                    read = max(read - self._sizes.get(path, 0), 0)
            again = sum(self._before.values())
            return again + sum(self._at.values()), again + sum(self._sizes.values())

    def stream(self, path: Path, raw: IO[bytes]) -> IO[bytes]:
        """The stream of a file from its beginning, which tells how far it has been read."""
        metered: Any = _Metered(raw, self, path)
        stream: IO[bytes] = metered
        return stream

    def __reduce__(self) -> tuple[type[Meter], tuple[tuple[()]]]:
        return Meter, ((),)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Meter)

    def __hash__(self) -> int:
        return hash(Meter)

    def __lt__(self, other: object) -> bool:
        return False


class _Metered(RawIOBase):
    """A stream that says how far it has been read; a further one of the same file once it is more than a look."""

    def __init__(self, raw: IO[bytes], meter: Meter, path: Path) -> None:
        self._raw, self._meter, self._path, self._place = raw, meter, path, 0

    def readable(self) -> bool:
        """It can be read, and nothing else."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The next bytes; how many there are."""
        size: int = self._raw.readinto(buffer)  # type: ignore[attr-defined]  # raw streams have it
        before, self._place = self._place, self._place + size
        if before <= LOOK_BYTES < self._place:
            self._meter.again(self._path)
        self._meter.at(self._path, self._place)
        return size

    def close(self) -> None:
        """Close what is read from."""
        if not self.closed:
            self._raw.close()
        super().close()


def _size(path: Path) -> int:
    with suppress(OSError):
        return os.path.getsize(path)
    return 0


def bytes_of_others() -> int | None:
    """How many bytes all threads but the main one have read since they began; None where the system does not tell."""
    main = threading.main_thread().native_id
    try:
        return _read_by(_OWN_IO) - _read_by(_IO_OF_THREAD.format(thread=main))
    except (OSError, ValueError, IndexError):
        return None


def _read_by(path: str) -> int:
    with open(path, encoding="ascii") as stream:
        return int(stream.readline().split()[1])
