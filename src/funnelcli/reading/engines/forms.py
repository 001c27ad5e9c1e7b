"""How the dates of visits are written: the few forms that SQL reads as Python does, each under a guard.

A form is chosen by the cells of some rows: most are written so.  Its ``shape`` is a regular expression over a whole
cell, which means the same to Python and to DuckDB; a row of another shape, or one that is no date, is odd, and Python
looks at it.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from datetime import timedelta
from itertools import islice
from typing import Literal

from msgspec import Struct

from funnelcli.reading.engines.model import VisitRequest
from funnelcli.reading.opening import Opened
from funnelcli.reading.rows import quiet_rows
from funnelcli.reading.sql_text import literal
from funnelcli.values.cells import clean
from funnelcli.values.dates import DAY_MICROS, DateEvidence, DateOrder

SAMPLE_ROWS = 2_000
SPARE_CHARACTERS = 4
CHUNKS, CHUNK_BYTES = 24, 2_000  # of a large file, since the first rows of a sorted one are of one day


class Form(Struct, frozen=True):
    """How a date column is written, as far as SQL must know.

    ``moment`` is the local time as SQL; None where the column holds plain days, whose text is read in Python.
    ``regular`` is true of every row that ``moment`` reads rightly, ``timed`` of a cell with a time of day.  ``iso``
    says that the days are written YYYY-MM-DD, so that their texts compare as the days do.  ``order`` is that of day and
    month, where the cells are written in one.  ``guard`` is true of cells that are no plain days at first sight; only
    its groups tell of each other cell.
    """

    moment: str | None = None
    regular: str = "true"
    timed: str = "false"
    iso: bool = False
    zoned: bool = False
    order: DateOrder | None = None
    guard: str = ""


class _Shape(Struct, frozen=True, kw_only=True):
    """A way to write a date: its regular expression, and SQL that reads it; ``tells`` is what it says of the time."""

    regexp: str
    sql: str
    tells: Literal["day", "local", "zoned"]
    order: DateOrder | None = None

    def fitting(self, texts: Sequence[str]) -> int:
        """How many of the texts are written so."""
        return sum(map(bool, map(re.compile(self.regexp, re.ASCII).fullmatch, texts)))


_ISO_DAY = "[0-9]{4}-[0-9]{2}-[0-9]{2}"
_ISO_TIME = r"([01][0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9]([.]([0-9]{3}|[0-9]{6}))?)?"
_OFFSET = (
    r"Z|[+](0[0-9]|1[0-3])(:?[0-5][0-9])?|[+]14(:?00)?|-(0[0-9]|1[01])(:?[0-5][0-9])?|-12(:?00)?"
)  # fmt: skip
_TIME = "([01]?[0-9]|2[0-3]):[0-5][0-9](:[0-5][0-9])?"
_HALF = "(0?[1-9]|1[0-2]):[0-5][0-9](:[0-5][0-9])? ?[AaPp][Mm]"
_MONTH = "(Jan|Feb|Mar|Apr|May|Jun|Jul|Aug|Sep|Oct|Nov|Dec)"
_FULL_MONTH = "(January|February|March|April|June|July|August|September|October|November|December)"


def _parsed(*formats: str) -> str:
    return f"try_strptime(d, [{', '.join(map(literal, formats))}])"


def _timed(day: str, regexp: str) -> Iterator[_Shape]:
    """A day alone, and with a time of 24 or of 12 hours behind it."""
    yield _Shape(regexp=regexp, sql=_parsed(day), tells="day")
    yield _Shape(regexp=f"{regexp} {_TIME}", sql=_parsed(f"{day} %H:%M", f"{day} %H:%M:%S"), tells="local")
    half = (f"{day} %I:%M %p", f"{day} %I:%M:%S %p", f"{day} %I:%M%p", f"{day} %I:%M:%S%p")
    yield _Shape(regexp=f"{regexp} {_HALF}", sql=_parsed(*half), tells="local")


_MICROS = "CAST(d AS BIGINT) * CASE length(d) WHEN 10 THEN 1000000 WHEN 13 THEN 1000 ELSE 1 END"
_SINCE_1970 = _Shape(
    regexp="[1-3][0-9]{9}([0-9]{3}|[0-9]{6})?",
    sql=f"CASE WHEN regexp_full_match(d, '[0-9]{{10,16}}') THEN timezone('UTC', make_timestamp({_MICROS})) END",
    tells="zoned",
)
_SHAPES = (
    _Shape(regexp=f"{_ISO_DAY}[ T]{_ISO_TIME}", sql="try_cast(d AS TIMESTAMP)", tells="local"),
    _Shape(regexp=f"{_ISO_DAY}[ T]{_ISO_TIME}({_OFFSET})", sql="try_cast(d AS TIMESTAMPTZ)", tells="zoned"),
    _Shape(regexp=f"{_ISO_DAY} {_ISO_TIME} UTC", sql="try_cast(d AS TIMESTAMPTZ)", tells="zoned"),
    _Shape(regexp="[12][0-9]{3}[01][0-9][0-3][0-9]", sql=_parsed("%Y%m%d"), tells="day"),
    _SINCE_1970,
    *_timed("%b %d, %Y", f"{_MONTH} [0-9]{{1,2}}, [0-9]{{4}}"),
    *_timed("%B %d, %Y", f"{_FULL_MONTH} [0-9]{{1,2}}, [0-9]{{4}}"),
    *_timed("%d %b %Y", f"[0-9]{{1,2}} {_MONTH} [0-9]{{4}}"),
    *_timed("%d-%b-%Y", f"[0-9]{{1,2}}-{_MONTH}-[0-9]{{4}}"),
)
_ORDERS: dict[DateOrder, str] = {"dmy": "%d{0}%m{0}%Y", "mdy": "%m{0}%d{0}%Y"}


def _numeric(order: DateOrder) -> Iterator[_Shape]:
    """Days and months in figures, with one of three marks between them."""
    for mark in "/-.":
        regexp = f"[0-9]{{1,2}}[{mark}][0-9]{{1,2}}[{mark}][0-9]{{4}}"
        for shape in _timed(_ORDERS[order].format(mark), regexp):
            yield _Shape(regexp=shape.regexp, sql=shape.sql, tells=shape.tells, order=order)


NOT_MIDNIGHT = f"epoch_us(moment) % {DAY_MICROS} <> 0"
ISO_DAYS = f"regexp_full_match(d, '{_ISO_DAY}')"


def form_of(group: Sequence[Opened], request: VisitRequest, *, compares: bool) -> Form | None:
    """The form of a group's dates, that of most of some rows; None where there is none, or where SQL cannot read it.

    ``compares`` says that moments are compared in SQL: days that are only counted are read in Python.
    """
    rows = max(1, SAMPLE_ROWS // len(group))
    texts = [text for opened in group for text in _sample(opened, rows)]
    if not texts:
        return None
    days = [text for text in texts if len(text) == 10 and text[4] == text[7] == "-"]
    if 2 * len(days) > len(texts):
        return Form(iso=True, guard=_guard(days))
    order = request.order or evidence_in([*texts, *(text for opened in group for text in _spread(opened))]).order
    shapes = (*_SHAPES, *(_numeric(order) if order in _ORDERS else ()))
    shape = max(shapes, key=lambda shape: shape.fitting(texts))
    if 2 * shape.fitting(texts) <= len(texts) or (shape.tells == "day" and not compares):
        plain = [text for text in texts if ":" not in text and len(text) <= 20]
        return Form(guard=_guard(plain)) if not compares and 2 * len(plain) > len(texts) else None
    return _form(shape, group[0], literal(request.zone.key))


def _guard(texts: Sequence[str]) -> str:
    """SQL for a cell that is longer or shorter than plain days are, or does not begin with a digit as these do."""
    figures = [text for text in texts if text[:1].isdigit() and text.isascii()]
    if 2 * len(figures) <= len(texts):
        return ""
    texts = figures
    lengths = range(min(map(len, texts)) - SPARE_CHARACTERS, max(map(len, texts)) + SPARE_CHARACTERS)
    if len(set(map(len, texts))) == 1 and all(text[4:5] == "-" for text in texts):
        lengths = range(len(texts[0]), len(texts[0]))
    return f"NOT coalesce(strlen(d) BETWEEN {lengths.start} AND {lengths.stop} AND d >= '0' AND d < ':', false)"


def _form(shape: _Shape, opened: Opened, zone: str) -> Form:
    guard = f"regexp_full_match(d, {literal(shape.regexp)})"
    if shape.tells == "day":
        return Form(shape.sql, guard, order=shape.order)
    if shape.tells == "zoned":
        return Form(f"timezone({zone}, {shape.sql})", guard, "true", zoned=True)
    ahead = opened.columns.offset_of("date")
    if ahead is not None:
        utc = f"timezone({zone}, timezone('UTC', {_shifted(shape.sql, ahead)}))"
        return Form(utc, guard, "true", zoned=True, order=shape.order)
    return Form(shape.sql, guard, NOT_MIDNIGHT, order=shape.order)


def _shifted(moment: str, ahead: timedelta) -> str:
    """SQL of a moment in UTC that is given in a zone ahead of it."""
    minutes = int(ahead.total_seconds()) // 60
    return f"{moment} - to_minutes({minutes})" if minutes else moment


def evidence_in(texts: Iterable[str]) -> DateEvidence:
    """What dates as they are written say of the order of day and month."""
    evidence = DateEvidence()
    for text in texts:
        evidence.observe(clean(text), "")
    return evidence


def _sample(opened: Opened, rows: int) -> list[str]:
    """The first date cells of a file."""
    place = opened.columns.index["date"]
    return [clean(record[place]) for _, record in islice(quiet_rows(opened), rows)]


def _spread(opened: Opened) -> Iterator[str]:
    """Date cells from all over a large file of text; lines that do not look whole are passed over."""
    if opened.dialect is None or opened.content.gzipped:
        return
    size, place, width = opened.file.path.stat().st_size, opened.columns.index["date"], len(opened.columns.header)
    if size < CHUNKS * CHUNK_BYTES:
        return
    with opened.file.path.open("rb") as stream:
        for number in range(1, CHUNKS + 1):
            stream.seek(size * number // CHUNKS - CHUNK_BYTES)
            lines = stream.read(CHUNK_BYTES).decode("utf-8", "replace").splitlines()[1:-1]
            for row in csv.reader(io.StringIO("\n".join(lines)), delimiter=opened.dialect.delimiter):
                if len(row) == width:
                    yield clean(row[place])
