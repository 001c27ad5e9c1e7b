"""What is read at most, so that a small file that unpacks to a large one ends in an error and not without memory."""

import io
import os
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from funnelcli.problems import Problem, problem
from funnelcli.text import Message, Text, as_text, grouped

# A packed file (gzip, a workbook) unpacks to so many times its own size, and to so many bytes in any case.
MOST_TIMES = 250
UNPACKED_BYTES = 100_000_000
# A line of text, and so a cell.
LINE_BYTES = 10_000_000
BLANK_LINES = 2_000_000
# The rectangle of a sheet up to its last row and column.
SHEET_CELLS = 40_000_000
# Those of all sheets of a workbook together.
BOOK_CELLS = 100_000_000
# The rows of a packed file: so many, or one for each of its bytes; of one that is only summed, four for each.
PACKED_ROWS = 2_000_000
SUMMED_ROWS = 20_000_000
# What is read from a pipe, and which part of the free disk space.
PIPE_BYTES = 1_000_000_000
PART_OF_DISK = 2
# The files of an input, and the names that a pattern looks at.
FILES = 1_000
NAMES = 100_000

_HEAD_BYTES = 16_000

ROWS = Message("{number} [row|rows]")
CELLS = Message("{number} [cell|cells]")
IN_ALL_SHEETS = Message("{number} [cell|cells] in all its sheets")
BLANKS = Message("{number} blank [line|lines]")
ONE_LINE = Message("a line of {number} [byte|bytes]")
UNPACKED = Message("{number} [byte|bytes] once unpacked")
FROM_AFAR = Message("{number} [byte|bytes], half of the free disk space")
FROM_PIPE = Message("{number} [byte|bytes] from a pipe")


def too_large(file: str, what: Text, most: int, why: Text | str = "") -> Problem:
    """The problem of a file that has more than the ``most`` there may be of ``what``."""
    return problem("too-large", file=file, most=what.filled(number=grouped(most)), why=as_text(why))


def most_unpacked(size: int) -> int:
    """How many bytes a packed file of so many may unpack to.

    >>> most_unpacked(1000), most_unpacked(1_000_000)
    (100000000, 250000000)
    """
    return max(UNPACKED_BYTES, MOST_TIMES * size)


def most_rows(size: int, *, summed: bool) -> int:
    """How many rows a packed file of so many bytes may have.

    >>> most_rows(2600, summed=False), most_rows(100_000_000, summed=True)
    (2000000, 400000000)
    """
    return max(SUMMED_ROWS, 4 * size) if summed else max(PACKED_ROWS, size)


def stated_size(path: Path) -> int:
    """How many bytes a gzipped file says that it unpacks to, modulo 4 GB; it may be wrong."""
    with path.open("rb") as stream:
        stream.seek(-4, os.SEEK_END)
        return int.from_bytes(stream.read(4), "little")


def is_dense(path: Path) -> bool:
    """Whether the beginning of a gzipped file unpacks to more than so many times its size."""
    with path.open("rb") as stream:
        head = stream.read(_HEAD_BYTES)
    try:
        return len(zlib.decompressobj(31).decompress(head, _HEAD_BYTES * MOST_TIMES)) >= _HEAD_BYTES * MOST_TIMES
    except zlib.error:
        return False  # it is damaged, which its reader says


class Bounded(io.RawIOBase):
    """A stream that raises the error it is given once it has read more than ``most`` bytes, or a line that is too long.

    ``of_text`` says whether it has lines.
    """

    def __init__(self, stream: IO[bytes], most: int | None, fault: Callable[[Text, int], Exception], *, of_text: bool):
        self._stream = stream
        self._most = most
        self._fault = fault
        self._of_text = of_text
        self._read = self._line = 0

    def readable(self) -> bool:
        """It can be read, and nothing else."""
        return True

    def readinto(self, buffer: Any) -> int:
        """The next bytes; how many there are."""
        size: int = self._stream.readinto(buffer)  # type: ignore[attr-defined]  # raw and buffered streams have it
        self._read += size
        if self._most is not None and self._read > self._most:
            raise self._fault(UNPACKED, self._most)
        if self._of_text and size:
            chunk = bytes(buffer[:size])
            end = max(chunk.rfind(b"\n"), chunk.rfind(b"\r"))
            self._line = self._line + size if end < 0 else size - end - 1
            if self._line > LINE_BYTES:
                raise self._fault(ONE_LINE, LINE_BYTES)
        return size

    def close(self) -> None:
        """Close what is read from."""
        if not self.closed:
            self._stream.close()
        super().close()
