"""What earlier runs have kept of large files, and letting go of it."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

from funnelcli.answers.answer import Answer, Fact, Facts, Heading, Page, Sheet
from funnelcli.answers.cells import Code, Day, Number, Words
from funnelcli.text import Text

HEADER = ("folder", "files", "bytes", "removed", "last_used")
_TITLE = Text("Kept for the next run", "Giữ cho lần chạy sau")
_NAMES = (
    Text("Folder", "Thư mục"),
    Text("Files", "Số tệp"),
    Text("Bytes", "Số byte"),
    Text("Removed", "Đã xóa"),
    Text("Last used", "Dùng lần cuối"),
)
_NEVER = Text("never", "chưa lần nào")
_NOWHERE = Text("nowhere: it is off", "không giữ: đang tắt")


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
