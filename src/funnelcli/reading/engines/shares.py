"""Shares of large files of visits: how a file is cut for a crew, and what a crew is.

A share is a file, or a range of the lines of a large one.  The crew is told by SQL what to count, decided once for all
shares, and answers with the sums as small Parquet files.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise
from pathlib import Path
from typing import IO, Protocol

from funnelcli.reading.dialect import Container
from funnelcli.reading.engines.share_work import Answer, Order, Share
from funnelcli.reading.opening import Opened

SHARE_BYTES = 64_000_000
_LINE_CHUNK, _LONGEST_LINE, _LONGEST_HEAD = 1 << 16, 10_000_000, 1_000_000


class Crew(Protocol):
    """Who counts shares: workers, here or elsewhere."""

    @property
    def is_here(self) -> bool:
        """Whether the workers are on this machine, and so see its temporary files."""

    def start(self, folder: Path) -> None:
        """Have them ready, with a folder for what passes; UsageError where there are none."""

    def count(self, orders: Sequence[Order], registered: bytes | None) -> Iterator[tuple[int, Answer]]:
        """The answer to each order, by its place, in any order; the people who had signed up are sent once."""

    def close(self) -> None:
        """Let them go."""


def shares_of(opened: Opened, most: int) -> list[Share]:
    """A file cut into ranges of whole lines, of about ``most`` bytes or less; one share where it cannot be cut.

    OSError where it cannot be read.
    """
    path = opened.file.path.resolve()
    known = path.stat()

    def share(head: int, start: int, end: int) -> Share:
        return Share(path=str(path), size=known.st_size, written=known.st_mtime_ns, head=head, start=start, end=end)

    if opened.content.container is not Container.TEXT or opened.content.gzipped:
        return [share(0, 0, known.st_size)]
    with path.open("rb") as stream:
        head = head_of(stream, opened.header_line)
        if head is None or known.st_size - head <= most:
            return [share(0, 0, known.st_size)]
        places = [head, *_line_starts(stream, head, known.st_size, most), known.st_size]
    return [share(head, start, end) for start, end in pairwise(places)]


def head_of(stream: IO[bytes], header_line: int) -> int | None:
    """How many bytes the header takes with what stands above it; None where the file may not be cut below it.

    Of a copy in another encoding the bytes are not those of the file that was looked into.
    """
    head = stream.read(_LONGEST_HEAD).split(b"\n", header_line)[:-1]
    text = b"\n".join([*head, b""])
    is_plain = b"\r" not in text.replace(b"\r\n", b"") and not any(line.count(b'"') % 2 for line in head)
    return len(text) if len(head) == header_line and is_plain else None


def _line_starts(stream: IO[bytes], head: int, size: int, most: int) -> Iterator[int]:
    """Where ranges of about the same length begin, each at the beginning of a line."""
    number = -(-(size - head) // most)
    last = head
    for cut in range(1, number):
        place = _next_line(stream, head + (size - head) * cut // number)
        if place is None or place >= size:
            return
        if place > last:
            yield place
        last = max(last, place)


def _next_line(stream: IO[bytes], place: int) -> int | None:
    """Where the first line begins at or after a place; None where none does nearby."""
    stream.seek(place - 1)
    for read in range(0, _LONGEST_LINE, _LINE_CHUNK):
        chunk = stream.read(_LINE_CHUNK)
        end = chunk.find(b"\n")
        if end >= 0:
            return place - 1 + read + end + 1
        if not chunk:
            return None
    return None
