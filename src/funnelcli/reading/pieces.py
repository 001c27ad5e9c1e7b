"""Which files are one export in pieces: those of one system, with the same headers between the same delimiters."""

from __future__ import annotations

from collections.abc import Hashable, Sequence

from funnelcli.reading.opening import Opened


def pieces(files: Sequence[Opened]) -> list[int]:
    """Of each file the number of the export that it is a piece of, from 0 on."""
    known: dict[Hashable, int] = {}
    return [known.setdefault(_written_as(opened), len(known)) for opened in files]


def _written_as(opened: Opened) -> Hashable:
    export = opened.export.name if opened.export is not None else None
    return export, opened.columns.header, opened.dialect.delimiter if opened.dialect is not None else None
