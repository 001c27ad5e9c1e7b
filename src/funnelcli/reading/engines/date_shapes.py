"""The ways to write a date that SQL reads as Python does, each a regular expression over the whole of a cell.

The expression means the same to Python and to DuckDB, but it costs more than all else that is asked of a row.  So a
cell that is written as most of a column are is known at a glance; what is in doubt is looked at letter by letter.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from typing import Literal

from msgspec import Struct

from funnelcli.reading.engines.table_sql import TYPED_DATE
from funnelcli.reading.sql_text import literal
from funnelcli.text.regex import regex
from funnelcli.values.dates import DateOrder

PATTERNS = 3  # of a column that are known at a glance
FEW = 50


class Shape(Struct, frozen=True, kw_only=True):
    """A way to write a date; ``tells`` is what it says of the time, and its ``sketch`` begins as :func:`sketch` says.

    ``sql`` reads a cell ``d`` that is written so: the local time, or, of the ``zoned`` ones and the ``numbers``, the
    microseconds since 1970 in UTC.
    """

    regexp: str
    sql: str
    tells: Literal["day", "local", "zoned", "number"]
    sketch: str = ""
    order: DateOrder | None = None
    is_iso: bool = False

    def fitting(self, texts: Iterable[str]) -> list[str]:
        """Those of some texts that are written so."""
        return list(filter(re.compile(self.regexp, re.ASCII).fullmatch, texts))

    def is_of_most(self, texts: Sequence[str]) -> bool:
        """Whether most of some texts are written so; told by a few where these are not at all like it."""
        few = texts[:: 1 + len(texts) // FEW]
        return any(sketch(text).startswith(self.sketch) for text in few) and 2 * len(self.fitting(texts)) > len(texts)

    def reading(self, texts: Sequence[str]) -> Reading:
        """How SQL reads the cells of a column of which some are given."""
        if self.tells == "number":
            return _number_reading()
        patterns = Counter(map(_pattern, self.fitting(texts))).most_common(PATTERNS)
        rest = f"regexp_full_match(d, {literal(self.regexp)})"
        if self.is_iso:
            return self._iso_reading(patterns[0][0], rest)
        whens = "".join(f"WHEN {_looks_like(pattern)} THEN quick " for pattern, _ in patterns)
        return Reading(quick=self.sql, value=f"CASE {whens}WHEN {rest} THEN quick END")

    def _iso_reading(self, pattern: str, rest: str) -> Reading:
        if self.tells == "local" and pattern[10] == " " and pattern.count(":") == 2:
            # As SQL writes it itself, but for a fraction of zeros alone.
            zeros = "0" * len(pattern.partition(".")[2])
            written = "CAST(quick AS VARCHAR)"
            same = f"d IN ({written}, {written} || {literal(f'.{zeros}')})" if zeros else f"{written} = d"
            return Reading(quick=self.sql, value=f"CASE WHEN {same} THEN quick WHEN {rest} THEN quick END")
        end = _END.search(pattern)
        body, suffix = (pattern[: end.start()], end[0]) if end else (pattern, "")
        hours, fraction = f"%Y-%m-%d{body[10]}%H:%M", ".%f" if "." in body else ""
        quick = f"try_strptime(d, {literal(hours + (':%S' if body.count(':') == 2 else '') + fraction + suffix)})"
        value = f"epoch_us(quick) - {_ahead(suffix)}" if self.tells == "zoned" else "quick"
        return Reading(
            quick=quick, value=f"CASE WHEN {_looks_like(pattern)} THEN {value} WHEN {rest} THEN {self.sql} END"
        )


def sketch(text: str) -> str:
    """How a text is built: its figures and words without their length.

    >>> sketch("5/1/2025 9:30 PM"), sketch("2025-01-05T10:30:00Z")
    ('0/0/0 0:0 a', '0-0-0a0:0:0a')
    """
    return re.sub("[A-Za-z]+", "a", re.sub("[0-9]+", "0", text))


class Reading(Struct, frozen=True):
    """SQL of what a cell ``d`` says: its ``value``, with the name ``quick`` for another expression.

    The value is NULL of a cell that Python must look at.
    """

    quick: str
    value: str


_ISO_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
ISO_DAYS = Shape(regexp=_ISO_DAY, sql="try_cast(d AS TIMESTAMP)", tells="day", sketch="0-0-0", is_iso=True)
_ISO_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.]([0-9]{3}|[0-9]{6}))?)?"
_OFFSET = (
    r"Z|[+](0[0-9]|1[0-3])(:?[0-5][0-9])?|[+]14(:?00)?|-(0[0-9]|1[01])(:?[0-5][0-9])?|-12(:?00)?"
)  # fmt: skip
_TIME = "([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?"
_HALF = "(0?[1-9]|1[0-2]):[0-5][0-9](:[0-5][0-9])? ?[AaPp][Mm]"
_MONTH = "(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_FULL_MONTH = "(January|February|March|April|June|July|August|September|October|November|December)"
_INSTANT = "epoch_us(try_cast(d AS TIMESTAMPTZ))"
_SECOND = 1_000_000


def _parsed(*formats: str) -> str:
    return f"try_strptime(d, [{', '.join(map(literal, formats))}])"


def _timed(day: str, regexp: str, order: DateOrder | None = None) -> Iterator[Shape]:
    """A day alone, and with a time of 24 or of 12 hours behind it."""
    built = re.sub("%[bB]", "a", re.sub("%[dmY]", "0", day))
    yield Shape(regexp=regexp, sql=_parsed(day), tells="day", sketch=built, order=order)
    times = _parsed(f"{day} %H:%M", f"{day} %H:%M:%S")
    yield Shape(regexp=f"{regexp} {_TIME}", sql=times, tells="local", sketch=f"{built} 0:0", order=order)
    halves = _parsed(f"{day} %I:%M %p", f"{day} %I:%M:%S %p", f"{day} %I:%M%p", f"{day} %I:%M:%S%p")
    yield Shape(regexp=f"{regexp} {_HALF}", sql=halves, tells="local", sketch=f"{built} 0:0", order=order)


def _iso(regexp: str, sql: str, tells: Literal["local", "zoned"]) -> Shape:
    return Shape(regexp=regexp, sql=sql, tells=tells, sketch="0-0-0", is_iso=True)


SHAPES = (
    _iso(f"{_ISO_DAY}[ T]{_ISO_TIME}", "try_cast(d AS TIMESTAMP)", "local"),
    _iso(f"{_ISO_DAY}[ T]{_ISO_TIME}({_OFFSET})", _INSTANT, "zoned"),
    _iso(f"{_ISO_DAY} {_ISO_TIME} UTC", _INSTANT, "zoned"),
    Shape(regexp="[12][0-9]{3}[01][0-9][0-3][0-9]", sql=_parsed("%Y%m%d"), tells="day", sketch="0"),
    Shape(regexp="[1-3][0-9]{9}([0-9]{3}|[0-9]{6})?", sql="", tells="number", sketch="0"),
    *_timed("%b %d, %Y", f"{_MONTH} [0-9]{{1,2}}, [0-9]{{4}}"),
    *_timed("%B %d, %Y", f"{_FULL_MONTH} [0-9]{{1,2}}, [0-9]{{4}}"),
    *_timed("%d %b %Y", f"[0-9]{{1,2}} {_MONTH} [0-9]{{4}}"),
    *_timed("%d-%b-%Y", f"[0-9]{{1,2}}-{_MONTH}-[0-9]{{4}}"),
)
# Dates that a file has as such, by their type.
TYPED = {
    "DATE": Shape(regexp="", sql=f"CAST({TYPED_DATE} AS TIMESTAMP)", tells="day"),
    "TIMESTAMP": Shape(regexp="", sql=TYPED_DATE, tells="local"),
    "TIMESTAMP WITH TIME ZONE": Shape(regexp="", sql=f"epoch_us({TYPED_DATE})", tells="zoned"),
}
ORDERS: dict[DateOrder, str] = {"dmy": "%d{0}%m{0}%Y", "mdy": "%m{0}%d{0}%Y"}


def numeric_shapes(order: DateOrder) -> Iterator[Shape]:
    """Days and months in figures, with one of three marks between them."""
    for mark in "/-.":
        regexp = f"[0-9]{{1,2}}[{mark}][0-9]{{1,2}}[{mark}][0-9]{{4}}"
        yield from _timed(ORDERS[order].format(mark), regexp, order)


def _number_reading() -> Reading:
    """Of numbers since 1970: seconds, milliseconds or microseconds, by how many figures they have."""
    units = ((1, _SECOND, 2), (1_000, 1_000, 4), (1_000_000, 1, 4))  # 2026010513 is a day with its hour
    whens = " ".join(
        f"WHEN quick BETWEEN {10**9 * scale} AND {most * 10**9 * scale - 1} THEN quick * {micros}"
        for scale, micros, most in units
    )
    return Reading(
        quick="try_cast(d AS BIGINT)", value=f"CASE WHEN CAST(quick AS VARCHAR) = d THEN CASE {whens} END END"
    )


_END = regex(r"(?: UTC|Z|(?<=[0-9_]{2})[+-][0-9:]+)$")


def _pattern(text: str) -> str:
    """How a moment is written, as LIKE has it: figures and words may be others, marks and zones not.

    >>> _pattern("2025-01-05T10:30:00+07:00"), _pattern("5/1/2025 9:30 PM")
    ('____-__-__T__:__:__+07:00', '_/_/____ _:__ __')
    """
    if not text[:4].isdigit():
        return re.sub("[0-9A-Za-z]", "_", text)
    end = _END.search(text)
    body, suffix = (text[: end.start()], end[0]) if end else (text, "")
    return re.sub("[0-9]", "_", body) + suffix


def _looks_like(pattern: str) -> str:
    """SQL for whether a cell that SQL could read is written as a pattern says, and so in its shape.

    Where the marks stand in their places, there can be only figures between them, but for a blank in the place of the
    last one of the time.
    """
    end = _END.search(pattern)
    last = pattern.rindex(":", 0, end.start() if end else len(pattern)) + 3
    return f"d LIKE {literal(pattern)} AND d[{last}] > ' '"


def _ahead(suffix: str) -> int:
    """How many microseconds a zone is ahead of UTC.

    >>> _ahead("+07:00") == 7 * 3600 * 10**6, _ahead("-0330") == -12_600 * 10**6, _ahead("Z")
    (True, True, 0)
    """
    if suffix[:1] not in ("+", "-"):
        return 0
    figures = suffix[1:].replace(":", "").ljust(4, "0")
    return int(suffix[0] + "1") * (int(figures[:2]) * 60 + int(figures[2:])) * 60 * _SECOND
