"""What ``init`` writes of files that it could not read whole, and of those that no input takes: what was understood."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from pathlib import Path

from funnelcli.config import InputSettings
from funnelcli.inputs import exports
from funnelcli.inputs.spec import Column, Input
from funnelcli.reading.candidates import Draft, draft_of
from funnelcli.reading.discover import SUFFIXES, SourceFile
from funnelcli.text import OR, Message, Text, as_text, joined

MOST_NAMED = 4

_NEEDED = Message("NEEDED: {meaning}")
_MAY_BE = Message("NEEDED: {meaning}; it may be {headers}")
_NONE_SEEN = Message("# its headers: {headers}")
_MAY_BE_INPUT = Message("# {file} may be {title}; if it is, take the # away:")
_NOT_USED = Message("# not used: {file}")


def quoted(text: str) -> str:
    """A TOML basic string.

    >>> quoted('a"b')
    '"a\\\\"b"'
    """
    escaped = text.replace("\\", "\\\\").replace('"', '\\"')
    return '"' + "".join(c if c.isprintable() else f"\\u{ord(c):04X}" for c in escaped) + '"'


def commented(text: str) -> str:
    """Text from data that stays on one comment line."""
    return "".join(c if c.isprintable() else " " for c in text)


def files_line(names: Sequence[str]) -> str:
    """The setting that lists files; a name with the marks of a glob is written so that it fits itself."""
    return f"# files = [{', '.join(quoted(_as_glob(name)) for name in names)}]"


def _as_glob(name: str) -> str:
    return "".join(f"[{mark}]" if mark in "*?[" else mark for mark in name)


def drafted_columns(draft: Draft, declared: Input, *, mark: str = "") -> list[Text | str]:
    """The columns that were understood, each behind a ``mark``, and those that are needed still, to be decided."""
    lines: list[Text | str] = [f"{mark}{column} = {quoted(header)}" for column, header in draft.columns.items()]
    used = set(draft.columns.values())
    free = [header for header in draft.header if header and header not in used]
    for name, headers in draft.lacking.items():
        column = declared.column(name)
        if column is not None and (headers or free):
            lines.append(_needed(column, headers, free))
    lines.append(_NONE_SEEN.filled(headers=commented(", ".join(header for header in draft.header if header))))
    return lines


def _needed(column: Column, headers: Sequence[str], free: Sequence[str]) -> Text:
    setting = f"# {column.name} = {quoted((*headers, *free)[0])}"
    if not headers:
        return joined("  # ", [setting, _NEEDED.filled(meaning=column.meaning)])
    named = joined(OR, [repr(commented(header)) for header in headers[:MOST_NAMED]])
    return joined("  # ", [setting, _MAY_BE.filled(meaning=column.meaning, headers=named)])


def drafts_of_unused(root: Path, names: Iterable[str], taken: Mapping[str, object]) -> Iterator[Text]:
    """A block for each table that no input takes: which of the inputs without files it may be, or that it is unused."""
    free = [declared for declared in exports() if declared.name not in taken]
    for name in names:
        drafts = [(draft, declared) for declared in free if (draft := _draft(root, name, declared)) is not None]
        best = max(drafts, key=lambda pair: _rank(*pair), default=None)
        if best is None or not best[0].columns:
            yield _NOT_USED.filled(file=commented(name))
            continue
        draft, declared = best
        free.remove(declared)
        lines: list[Text | str] = [
            _MAY_BE_INPUT.filled(file=commented(name), title=declared.title),
            f"# [inputs.{declared.name}]",
            files_line([name]),
            f"# [inputs.{declared.name}.columns]",
            *drafted_columns(draft, declared, mark="# "),
        ]
        yield joined("\n", [as_text(line) if isinstance(line, str) else line for line in lines])


def _draft(root: Path, name: str, declared: Input) -> Draft | None:
    if not name.casefold().endswith(SUFFIXES):
        return None
    return draft_of(SourceFile(declared.name, name, root / name), declared, InputSettings())


def _rank(draft: Draft, declared: Input) -> tuple[int, int, int]:
    """How likely a table is one of an input: by what it lacks, then by what of it is known."""
    unmeant = sum(not headers for headers in draft.lacking.values())
    return -unmeant, len(draft.columns) - len(draft.lacking), -declared.rank
