"""Rows of something planned that two files may have both: of one person at one moment, or on one day, by other ids."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from enum import Enum

from msgspec import Struct

from funnelcli.facts.events import NO_DAY
from funnelcli.facts.rows import Rows
from funnelcli.inputs.spec import Input
from funnelcli.values.dates import DAY_MICROS

PREFIX = 4  # letters before a number that are its kind, like DEMO-17


Pair = tuple[int, int]  # a row, and one of an earlier file


class Alike(Enum):
    """Whether two rows of one person and moment are one."""

    ONE = "one"
    MAYBE = "maybe"
    TWO = "two"


class Overlap(Struct, frozen=True, eq=False):
    """The rows of files, compared one by one."""

    rows: Rows
    declared: Input
    by: str

    def told_apart(self, pairs: Sequence[Pair], *, other_kinds: bool) -> tuple[list[Pair], list[Pair]]:
        """The pairs of rows that are one, and those that may be."""
        said = [self.alike(*pair, other_kinds=other_kinds) for pair in pairs]
        of = {kind: [pair for pair, each in zip(pairs, said, strict=True) if each is kind] for kind in Alike}
        return of[Alike.ONE], of[Alike.MAYBE]

    def alike(self, mine: int, theirs: int, *, other_kinds: bool) -> Alike:
        """Whether a row is one of another file once more.

        ``other_kinds`` says that in their common time the files have most rows in common, by ids of two kinds.

        At the same time of a day nobody plans two things; on the same day somebody may.
        """
        if self._is_timed(mine) and self._is_timed(theirs):
            return Alike.ONE
        is_same = self._says_the_same(mine, theirs)
        if other_kinds:
            return Alike.ONE if is_same else Alike.MAYBE
        return Alike.MAYBE if is_same else Alike.TWO

    def _is_timed(self, row: int) -> bool:
        return bool(self.rows["timed"][row]) and int(self.rows["micros"][row]) % DAY_MICROS != 0

    def _says_the_same(self, mine: int, theirs: int) -> bool:
        """Whether no column that both fill in says another thing, but for what became of it in between."""
        outcome = self.declared.outcome
        changing = {outcome.status, *outcome.undone, *outcome.done} if outcome is not None else set()
        for name in self.rows.words.keys() - changing - {"entity", self.by}:
            first, second = self.rows.text(name, mine), self.rows.text(name, theirs)
            if first and second and first != second:
                return False
        held = [int(self.rows["held"][row]) for row in (mine, theirs)]
        return NO_DAY in held or held[0] == held[1]


def are_other_kinds(ids: Iterable[str], others: Iterable[str]) -> bool:
    """Whether the ids of two files are of different kinds, so that one thing has another id in each.

    >>> are_other_kinds(["D1", "D2"], ["5ad1-f0", "77c2-1e"]), are_other_kinds(["D1"], ["D200"])
    (True, False)
    >>> are_other_kinds(["1001"], [""]), are_other_kinds(["", ""], [""])
    (True, True)
    """
    mine, theirs = {_kind(text) for text in ids} - {""}, {_kind(text) for text in others} - {""}
    return not mine & theirs


def _kind(text: str) -> str:
    """What an id is made of: the letters before a number, what is mixed, and the marks between.

    >>> _kind("DEMO-0017"), _kind("3f9a-77c"), _kind("12345")
    ('demo-0', 'x-x', '0')
    """
    return re.sub(r"[^\W_]+", lambda part: _part(part[0].casefold()), text)


def _part(part: str) -> str:
    known = re.fullmatch(rf"([^\W\d_]{{0,{PREFIX}}})(\d*)", part)
    return (known[1] + ("0" if known[2] else "")) if known is not None else "x"


def one_id(rows: Rows, by: str, same: Sequence[int], files: Sequence[str]) -> list[str]:
    """The ids of rows; one that is the ``same`` as an earlier one (else -1) has its id, or both a new one."""
    ids = rows.list_of(by)[:]
    file, line = rows.list_of("file"), rows.list_of("line")
    for row, earlier in enumerate(same):
        if earlier >= 0:
            ids[earlier] = ids[earlier] or ids[row] or f"{files[file[earlier]]}:{line[earlier]}"
            ids[row] = ids[earlier]
    return ids
