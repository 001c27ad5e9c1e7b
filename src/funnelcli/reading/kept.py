"""What is kept of large files for the next run, in the user's cache folder.

A part is kept under a name made from everything that it depends on: the file as it is (path, size, time, inode; of one
that is elsewhere, what its store says of it), how it is read, and this program.  Whatever is in doubt is read anew, as
is a file that was written a moment ago.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
import time
from contextlib import suppress
from functools import cache
from pathlib import Path

import msgspec
from msgspec import Struct

from funnelcli.reading.dialect import YOUNG_SECONDS, stamp_of
from funnelcli.reading.opening import Opened

MOST_BYTES = 200_000_000
SUFFIXES, UNFINISHED = (".part.json", ".part.msgpack"), ".funnelcli-part-"
LIBRARIES = ("duckdb", "tzdata")  # which read the rows and know the zones


class Store(Struct, frozen=True):
    """The parts in a folder; with ``verify`` one is believed only where the file has the same bytes."""

    folder: Path
    verify: bool = False

    def content_of(self, source: Opened) -> str | None:
        """What tells that a file has the same bytes, where that is to be verified."""
        return content_hash(source.file.path) if self.verify else None

    def read(self, name: str) -> bytes:
        """What is kept under a name, used now; OSError where there is nothing."""
        path = self.folder / name
        kept = path.read_bytes()
        os.utime(path)
        return kept

    def write(self, name: str, kept: bytes) -> None:
        """Write whole or not at all; nobody else may read it."""
        self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        descriptor, unfinished = tempfile.mkstemp(dir=self.folder, prefix=UNFINISHED)
        try:
            with os.fdopen(descriptor, "wb") as stream:
                stream.write(kept)
            os.replace(unfinished, self.folder / name)
        except BaseException:
            with suppress(OSError):
                os.unlink(unfinished)
            raise

    def files(self) -> list[tuple[Path, os.stat_result]]:
        """The files in the folder, those used last in front; what a killed run has left is among them."""
        known = []
        with suppress(OSError):
            for path in self.folder.iterdir():
                if path.name.endswith(SUFFIXES) or path.name.startswith(UNFINISHED):
                    with suppress(OSError):
                        known.append((path, path.stat()))
        return sorted(known, key=lambda pair: -pair[1].st_mtime_ns)

    def shrink(self, most: int) -> int:
        """Remove what was not used for longest until the rest is no larger than ``most`` bytes; gives how many files.

        Files that a killed run has left go as well, once an hour old.
        """
        size, removed, old = 0, 0, time.time() - 3600
        for path, known in self.files():
            size += known.st_size
            if size > most or (path.name.startswith(UNFINISHED) and known.st_mtime < old):
                with suppress(OSError):
                    path.unlink()
                    removed += 1
        return removed


def may_be_kept(source: Opened, began: int) -> bool:
    """Whether a file is as it was opened, and older than a moment of its clock when its rows were first read.

    ``began`` is when that was, in nanoseconds since 1970.
    """
    stamp, remote = source.content.stamp, source.file.remote is not None
    try:
        if stamp is None or stamp_of(source.file.path) != stamp:
            return False
    except OSError:
        return False
    return bool(source.file.identity) if remote else began - stamp[2] > YOUNG_SECONDS * 10**9


def key_of(source: Opened, *asked: object) -> str:
    """All that what is read of a file depends on, and what else was ``asked``, as a name."""
    columns, file = source.columns, source.file
    what = (str(file.path.resolve()), source.content.stamp) if file.remote is None else (file.name, file.identity)
    facts = (
        *what, source.content.container, source.content.gzipped,
        source.dialect, columns.header, sorted(columns.index.items()), source.header_line, source.sheet,
        source.since_1904, sorted(source.rollups), msgspec.json.encode(source.settings), source.input.name, *asked,
        _program(),
    )  # fmt: skip
    return hashlib.blake2b(repr(facts).encode("utf-8", "surrogatepass"), digest_size=20).hexdigest()


@cache
def _program() -> list[object]:
    """This program: the files that say what a cell means, and the libraries that read."""
    from importlib import metadata

    root = Path(__file__).parents[1]
    rooms = [root / room for room in ("values", "inputs", "config", "reading")]
    files = [(str(path), path.stat()) for room in rooms for path in sorted(room.rglob("*.py"))]
    libraries = [(name, metadata.version(name)) for name in LIBRARIES]
    return [*libraries, *((path, known.st_size, known.st_mtime_ns) for path, known in files)]


def content_hash(path: Path) -> str:
    """A digest of a file's bytes."""
    with path.open("rb") as stream:
        return hashlib.file_digest(stream, "blake2b").hexdigest()
