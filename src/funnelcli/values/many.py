"""Looks at many texts at once."""

import re
from collections.abc import Collection, Iterable, Sequence
from typing import Protocol, runtime_checkable

from funnelcli.text.regex import regex

_AT_ONCE = 1_000


def all_lines(cell: str) -> re.Pattern[str]:
    """The pattern of lines that are all like ``cell``, a regular expression without groups to catch."""
    return regex(f"{cell}(?:\\n{cell})*", re.ASCII)


def all_are(pattern: re.Pattern[str], texts: Sequence[str]) -> bool:
    """Whether every text is a line of the pattern; many are looked at by one call, which is quicker than one by one.

    >>> all_are(all_lines("[0-9]+"), ["12", "7"]), all_are(all_lines("[0-9]+"), ["12", "x"])
    (True, False)
    """
    return all(
        pattern.fullmatch("\n".join(texts[start : start + _AT_ONCE])) for start in range(0, len(texts), _AT_ONCE)
    )


def a_line(cell: str) -> re.Pattern[str]:
    """The pattern of any line that is like ``cell``, a regular expression that matches no line's end."""
    return regex(f"^(?:{cell})$", re.ASCII | re.MULTILINE)


@runtime_checkable
class Lines(Protocol):
    """Texts, none of a kind of its own, that are put together without an object of each."""

    def in_lines(self) -> str:
        """The texts, a line each."""
        ...


_latest: tuple[Collection[str], str] = ((), "")


def in_lines(texts: Collection[str]) -> str:
    """The texts, a line each.  Of the column that is being looked at from many sides they are put together once.

    >>> in_lines(["a", "b"])
    'a\\nb'
    """
    global _latest
    same, joined = _latest
    if texts is not same:
        are_lines = isinstance(texts, Lines)
        joined = texts.in_lines() if isinstance(texts, Lines) else "\n".join(texts)
        if (are_lines or isinstance(texts, list)) and len(texts) > _AT_ONCE:
            _latest = texts, joined
    return joined


def lines_like(pattern: re.Pattern[str], texts: Sequence[str]) -> Iterable[str]:
    """The texts that are like a line of the pattern, by one search over all.

    All of them where one has several lines, or is of a kind of its own.

    >>> list(lines_like(a_line(r"[a-z]+"), ["ab", "7", "c"])), list(lines_like(a_line(r"[a-z]+"), ["7", "a\\nb"]))
    (['ab', 'c'], ['7', 'a\\nb'])
    """
    joined = in_lines(texts)
    if joined.count("\n") != len(texts) - 1 or not (isinstance(texts, Lines) or set(map(type, texts)) == {str}):
        return texts
    return (match[0] for match in pattern.finditer(joined))
