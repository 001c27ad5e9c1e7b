"""Text files in other encodings made into UTF-8 for DuckDB, piece by piece, in the folder for what passes."""

from __future__ import annotations

import gzip
import io
import zlib
from pathlib import Path

from msgspec.structs import replace

from funnelcli.reading.dialect import Container, FileFault, open_bytes
from funnelcli.reading.engines.table_sql import supports
from funnelcli.reading.opening import Opened

UTF_8 = "utf-8"
PIECE_CHARACTERS = 1_000_000


def may_be_transcoded(opened: Opened) -> bool:
    """Whether a file would be read by DuckDB, were it in UTF-8."""
    return opened.content.container is Container.TEXT and not supports(opened) and supports(_in_utf_8(opened))


def is_scannable(opened: Opened) -> bool:
    """Whether DuckDB may read a file, as it is or in UTF-8."""
    return supports(opened) or may_be_transcoded(opened)


def _in_utf_8(opened: Opened) -> Opened:
    return opened if opened.dialect is None else replace(opened, dialect=replace(opened.dialect, encoding=UTF_8))


def transcoded(opened: Opened, folder: Path, number: int) -> Opened | None:
    """The same file in UTF-8, in ``folder``; None where it is not in the encoding that its beginning is in."""
    assert opened.dialect is not None
    path = folder / f"transcoded-{number}.csv"
    try:
        with (
            open_bytes(opened.file.path, opened.name, gzipped=opened.content.gzipped, meter=opened.file.meter) as raw,
            io.TextIOWrapper(raw, encoding=opened.dialect.encoding, newline="") as stream,
            path.open("w", encoding=UTF_8, newline="") as copy,
        ):
            while piece := stream.read(PIECE_CHARACTERS):
                copy.write(piece)
    except (UnicodeError, FileFault, gzip.BadGzipFile, EOFError, zlib.error, OSError):
        return None  # the row reader says where it goes wrong
    content = replace(opened.content, gzipped=False)
    return replace(_in_utf_8(opened), file=replace(opened.file, path=path), content=content)
