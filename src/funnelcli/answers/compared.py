"""Actual figures beside targets as raw values, each of them by itself, for formats that can work them out again."""

from __future__ import annotations

from typing import Literal

from msgspec import Struct

from funnelcli.answers.cells import Months, Number, Quotient, Words
from funnelcli.text import Text


class ComparedCell(Struct, frozen=True, kw_only=True):
    """A figure beside its target, which may be None.

    ``expected`` is what should be there by now of a period that runs; ``kept`` says whether the target, or that, is
    kept, and None where nothing judges it.
    """

    actual: Number | Quotient
    target: Number | None
    share: Number
    to_go: Number
    expected: Number | None = None
    kept: bool | None = None


class ComparedRow(Struct, frozen=True, kw_only=True):
    """A figure over the periods; ``over`` says what that of the range is of theirs, over those that have a target."""

    key: str
    label: Words
    cells: tuple[ComparedCell, ...]
    total: ComparedCell | None
    over: Literal["sum", "first", "last", "own"]
    good: Literal["up", "down"]


class Comparison(Struct, frozen=True, kw_only=True):
    """Rows of figures beside targets, under groups where they are of teams; a range has a title of its own."""

    periods: tuple[Months, ...]
    groups: tuple[tuple[Text | None, tuple[ComparedRow, ...]], ...]
    running: frozenset[int] = frozenset()
