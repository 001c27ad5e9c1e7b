"""What earlier runs have kept of large files, and letting go of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from funnelcli.answers.answer import Answer, Fact, Facts, Heading, Page, Sheet
from funnelcli.answers.cells import Code, Day, Number, Words
from funnelcli.text import Message

HEADER = ("folder", "files", "bytes", "removed", "last_used")
_TITLE = Message("Kept for the next run")
_NAMES = (
    Message("Folder"),
    Message("Files"),
    Message("Bytes"),
    Message("Removed"),
    Message("Last used"),
)
_NEVER = Message("never")
_NOWHERE = Message("nowhere: it is off")


def cache_answer(folder: Path | None, *, clear: bool = False) -> Answer:
    """The folder of what is kept, how much there is, and when it was last used; ``clear`` removes it first.

    Where there is no ``folder`` nothing is kept.
    """
    from funnelcli.reading.engines.kept import KeptParts

    kept = None if folder is None else KeptParts(folder)
    removed = kept.shrink(-1) if kept is not None and clear else 0
    files = [] if kept is None else kept.files()
    size = sum(known.st_size for _, known in files)
    used = max((known.st_mtime for _, known in files), default=None)
    moment = None if used is None else datetime.fromtimestamp(used, UTC).isoformat(timespec="seconds")
    cells = (
        Words(_NOWHERE) if folder is None else Code(str(folder)),
        Number(value=len(files)),
        Number(value=size),
        Number(value=removed),
        Day(day=datetime.fromtimestamp(used, UTC).date()) if used is not None else Words(_NEVER),
    )
    facts = tuple(Fact(name=name, cell=cell) for name, cell in zip(_NAMES, cells, strict=True))
    row = (None if folder is None else str(folder), len(files), size, removed, moment)
    return Answer(
        title=_TITLE,
        pages=(Page(blocks=(Heading(text=Words(_TITLE)), Facts(facts=facts))),),
        sheets=(Sheet(header=HEADER, rows=[row]),),
        data={"format": "funnelcli.cache", "format_version": 1, **dict(zip(HEADER, row, strict=True))},
    )
