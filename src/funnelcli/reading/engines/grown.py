"""Files of visits that only grew at their end: what is new is read, and added to what is kept of the rest.

That a file only grew is told by its bytes: those that it had before are all still there.  Their digest is made once a
file has been seen to grow, so that files that never do cost nothing more.  Where anything makes more of the rows than
each of them says, like a comment, a blank line, a total or a session, the file is read anew as a whole.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Sequence
from contextlib import suppress
from typing import Any

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.reading.dialect import Container, stamp_of
from funnelcli.reading.engines.kept import KeptParts, Part, encoded, joined_digest, part_key, part_of, stored_part
from funnelcli.reading.engines.model import MAX_SOURCES, MAX_SUMMED, VisitRequest, VisitTable
from funnelcli.reading.engines.share_work import Share, lay_out
from funnelcli.reading.engines.shares import head_of
from funnelcli.reading.opening import Opened
from funnelcli.reading.raw import ONE_BYTE_MARKS

SUFFIX = ".grown.part.json"
PIECE_BYTES = 1 << 20
MOST_NEW = 0.5  # of what was there before; a table that stands in a file twice has as much again
ScanFiles = Callable[[Sequence[Opened], VisitRequest], VisitTable]


class _Before(Struct, frozen=True, kw_only=True):
    """A file as it was: its first ``size`` bytes, of which ``content`` is the digest, with as many line breaks."""

    size: int
    content: str | None
    breaks: int
    part: Part


def grown_tables(
    parts: KeptParts, opened: Sequence[Opened], request: VisitRequest, *, began: int, scan: ScanFiles
) -> dict[str, VisitTable]:
    """The tables of files that have only grown since they were last read, by name; ``scan`` reads what is new.

    They are kept as they are now.  ``began`` is when their rows were first read, in nanoseconds since 1970.
    """
    tables = {}
    for number, source in enumerate(opened):
        with suppress(OSError, ValueError, KeyError, TypeError):
            read = _read_on(parts, source, request, number, scan)
            if read is not None:
                table, content, breaks = read
                tables[source.name] = table
                parts.keep([source], request, {source.name: table}, began=began)
                _note(parts, source, request, table, content=content, breaks=breaks)
    return tables


def note_sizes(parts: KeptParts, opened: Sequence[Opened], request: VisitRequest, table: VisitTable) -> None:
    """Note how large files were when they were read, and the digest of those that had grown.

    What has been tried with a digest and was read as a whole has no more of one, until it is seen to grow once more.
    """
    for source in opened:
        of_file = table.of_files.get(source.name)
        if of_file is None or not _may_grow(source) or not parts.has(source, request):
            continue
        with suppress(OSError, ValueError, KeyError, TypeError):
            before = _before(parts, source, request)
            size = source.content.stamp[1] if source.content.stamp else 0
            if before is not None and before.content is None and before.size < size:
                digest = _Digest()
                with source.file.path.open("rb") as stream:
                    digest.add(stream, size)
                _note(parts, source, request, of_file, content=digest.hex, breaks=digest.breaks)
            else:
                _note(parts, source, request, of_file, content=None, breaks=0)


def _read_on(
    parts: KeptParts, source: Opened, request: VisitRequest, number: int, scan: ScanFiles
) -> tuple[VisitTable, str, int] | None:
    """The table of a file by what was kept and what is new, its digest and its line breaks; None in any doubt."""
    stamp, before = source.content.stamp, _before(parts, source, request) if _may_grow(source) else None
    if stamp is None or before is None or before.content is None or request.scratch is None:
        return None
    new = stamp[1] - before.size
    if not 0 < new < MOST_NEW * before.size:
        return None
    part = before.part
    if part.joined is not None and part.joined != joined_digest(request, part.until):
        return None
    digest, path = _Digest(), request.scratch / f"grown-{number}{source.file.path.suffix}"
    with source.file.path.open("rb") as stream:
        digest.add(stream, before.size)
        if digest.hex != before.content or digest.last != b"\n" or not _is_regular(source, part.table, before.breaks):
            return None
        digest.add(stream, new)
        stream.seek(0)
        head = head_of(stream, source.header_line)
    if head is None:
        return None
    whole = str(source.file.path)
    lay_out(Share(path=whole, size=stamp[1], written=stamp[2], head=head, start=before.size, end=stamp[1]), path)
    tail = replace(source, file=replace(source.file, path=path), content=replace(source.content, stamp=stamp_of(path)))
    order = part.table.order
    asked = replace(request, order=order, borrowed=True) if request.order is None and order else request
    rest = scan([tail], replace(asked, parts=None, crew=None))
    if stamp_of(source.file.path) != stamp or not _is_regular(
        source, rest, digest.breaks - before.breaks + source.header_line
    ):
        return None
    table = _together(source.name, part.table, rest)
    return None if table is None else (table, digest.hex, digest.breaks)


def _is_regular(source: Opened, table: VisitTable, breaks: int) -> bool:
    """Whether every line below the header is a row that counts, and nothing was said of any."""
    if len(table.problems) or table.sessions.counts or table.sessions.repeated or table.decimal is not None:
        return False
    (tally,) = table.tallies
    return tally.read == tally.counted == breaks - source.header_line


def _together(name: str, before: VisitTable, rest: VisitTable) -> VisitTable | None:
    """The two parts of a file as one table; None where they are not read alike, or are too many to be told apart."""
    if rest.order not in (None, before.order) or len(before.sources | rest.sources) >= MAX_SOURCES:
        return None
    summed, new = before.summed.get(name, set()), rest.summed.get(name, set())
    if len(summed) + len(new) >= MAX_SUMMED:
        return None
    table = VisitTable()
    for each in (before, rest):
        table.merge(replace(each, of_files={}))
    table.tallies = [before.tallies[0].plus(rest.tallies[0])]
    if name in before.summed or name in rest.summed:
        table.summed[name] = summed | new
        table.day_totals[name] = before.day_totals[name] + rest.day_totals[name]
    return table


# --- the bytes ---------------------------------------------------------------------------------------------------


class _Digest:
    """The digest of bytes as they are read, how many lines they end, and the last of them."""

    def __init__(self) -> None:
        self._hash = hashlib.blake2b(digest_size=32)
        self.breaks = 0
        self.last = b""

    @property
    def hex(self) -> str:
        """The digest of what has been read so far."""
        return self._hash.hexdigest()

    def add(self, stream: Any, size: int) -> None:
        """Read so many bytes; OSError where there are fewer."""
        left = size
        while left:
            piece = stream.read(min(left, PIECE_BYTES))
            if not piece:
                raise OSError("the file has become shorter")
            self._hash.update(piece)
            self.breaks += piece.count(b"\n")
            self.last = piece[-1:]
            left -= len(piece)


def _may_grow(source: Opened) -> bool:
    """Whether the lines of a file are those of its bytes, and its rows those of its lines."""
    return (
        source.content.container is Container.TEXT
        and not source.content.gzipped
        and not source.is_filtered
        and source.dialect is not None
        and source.dialect.encoding in ONE_BYTE_MARKS
        and not source.rollups
    )


# --- what is kept of them ----------------------------------------------------------------------------------------


def _name(source: Opened, request: VisitRequest) -> str:
    """The name under which it is kept how a file was, whatever its size and time are now."""
    return part_key(replace(source, content=replace(source.content, stamp=None)), request) + SUFFIX


def _before(parts: KeptParts, source: Opened, request: VisitRequest) -> _Before | None:
    try:
        stored = json.loads(parts.read(_name(source, request)))
        size, breaks = int(stored["size"]), int(stored["breaks"])
        return _Before(size=size, content=stored["content"], breaks=breaks, part=part_of(stored))
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return None


def _note(
    parts: KeptParts, source: Opened, request: VisitRequest, table: VisitTable, *, content: str | None, breaks: int
) -> None:
    """Keep how a file is now, where it may be kept at all."""
    if source.content.stamp is None or not parts.has(source, request):
        return
    size = source.content.stamp[1]
    stored = {"size": size, "content": content, "breaks": breaks, **stored_part(source, request, table)}
    parts.write(_name(source, request), encoded(stored))
