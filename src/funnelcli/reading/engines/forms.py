"""How the dates of visits are written: the few forms that SQL reads as Python does.

A form is chosen by the cells of some rows: most are written so.  A row of another form, or one that is no date, is odd,
and Python looks at it.
"""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from functools import cache
from itertools import islice
from zoneinfo import ZoneInfo

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.reading.engines.date_shapes import ISO_DAYS, ORDERS, SHAPES, TYPED, Shape, numeric_shapes
from funnelcli.reading.engines.model import VisitRequest
from funnelcli.reading.engines.table_sql import kind_of
from funnelcli.reading.opening import Opened, some_alike
from funnelcli.reading.rows import quiet_rows
from funnelcli.reading.sql_text import literal
from funnelcli.values.cells import clean
from funnelcli.values.dates import DAY_MICROS, FIRST_YEAR, LAST_YEAR, DateEvidence, DateOrder

SAMPLE_ROWS = 2_000
SPARE_CHARACTERS = 4
CHUNKS, CHUNK_BYTES = 24, 2_000  # of a large file, since the first rows of a sorted one are of one day


class Form(Struct, frozen=True, kw_only=True):
    """How a date column is written, as far as SQL must know.

    ``moment`` is the local time as SQL, NULL of a row that Python must look at; None where nothing needs it.  It may
    be made of ``quick`` and ``micros``, which are SQL too.  ``timed`` is true of a moment with a time of day.  ``iso``
    says that the days are written YYYY-MM-DD, so that their texts compare as the days do.  ``order`` is that of day and
    month, where the cells are written in one.

    Where cells are ``by_text``, each is a day, whose text is read in Python, once for its group.  ``guard`` is true of
    those that cannot be one at first sight.  Where days are compared, all are written as the regular expression
    ``written`` says.
    """

    quick: str | None = None
    micros: str | None = None
    moment: str | None = None
    timed: str = "false"
    iso: bool = False
    zoned: bool = False
    order: DateOrder | None = None
    by_text: bool = False
    guard: str = ""
    written: str = ""

    def each_row(self) -> Form:
        """The same with the moment of each row, whose text tells no more than that."""
        if not self.by_text:
            return self
        moment = f"CASE WHEN regexp_full_match(d, {literal(self.written)}) THEN {self.moment or ISO_DAYS.sql} END"
        return replace(self, by_text=False, moment=moment, guard="")


NOT_MIDNIGHT = f"epoch_us(moment) % {DAY_MICROS} <> 0"


def form_of(group: Sequence[Opened], request: VisitRequest, *, compares: bool) -> Form | None:
    """The form of a group's dates, that of most of some rows; None where there is none, or where SQL cannot read it.

    ``compares`` says that moments are compared in SQL: days that are only counted are read in Python.
    """
    if (typed := TYPED.get(kind_of(group[0], "date"))) is not None:
        return _form(typed, group[0], request.zone, [])
    some = some_alike(group)
    texts = [text for opened in some for text in _sample(opened, max(1, SAMPLE_ROWS // len(some)))]
    if not texts:
        return None
    if ISO_DAYS.is_of_most(texts):
        return Form(iso=True, by_text=True, guard="strlen(d) <> 10", written=ISO_DAYS.regexp)
    shape = next((shape for shape in SHAPES if shape.is_of_most(texts)), None) or _numeric_shape(group, request, texts)
    if shape is None or (shape.tells == "day" and not compares):
        plain = [text for text in texts if ":" not in text and len(text) <= 20]
        return Form(by_text=True, guard=_guard(plain)) if not compares and 2 * len(plain) > len(texts) else None
    return _form(shape, group[0], request.zone, texts)


def _numeric_shape(group: Sequence[Opened], request: VisitRequest, texts: Sequence[str]) -> Shape | None:
    """The shape of days and months in figures, in the order that is given, or that cells from all over prove."""
    order = request.order or evidence_in([*texts, *(text for opened in group for text in _spread(opened))]).order
    shapes = numeric_shapes(order) if order in ORDERS else ()
    return next((shape for shape in shapes if shape.is_of_most(texts)), None)


def _guard(texts: Sequence[str]) -> str:
    """SQL for a cell that is longer or shorter than plain days are."""
    figures = [text for text in texts if text[:1].isdigit() and text.isascii()]
    if 2 * len(figures) <= len(texts):
        return ""
    least, most = min(map(len, figures)) - SPARE_CHARACTERS, max(map(len, figures)) + SPARE_CHARACTERS
    return f"strlen(d) NOT BETWEEN {least} AND {most}"


def _form(shape: Shape, opened: Opened, zone: ZoneInfo, texts: Sequence[str]) -> Form:
    """The form of a shape in which most of some texts are written; of typed dates there are no texts."""
    if shape.tells == "day":
        is_text = bool(texts)
        return Form(moment=shape.sql, order=shape.order, by_text=is_text, guard=_guard(texts), written=shape.regexp)
    reading = shape.reading(texts) if texts else None
    quick, value = (reading.quick, reading.value) if reading else (None, shape.sql)
    ahead = opened.columns.offset_of("date")
    if shape.tells == "local":
        if ahead is None:
            return Form(quick=quick, moment=value, timed=NOT_MIDNIGHT, order=shape.order)
        value = f"epoch_us({value}) - {ahead // timedelta(microseconds=1)}"
    return Form(quick=quick, micros=value, moment=_local(zone), timed="true", zoned=True, order=shape.order)


def _local(zone: ZoneInfo) -> str:
    """SQL of the local time of ``micros``, in the years that are read."""
    first, last = (_micros(year) for year in (FIRST_YEAR - 1, LAST_YEAR + 2))
    ahead = _always_ahead(zone)
    if ahead is None:
        local = f"timezone({literal(zone.key)}, timezone('UTC', make_timestamp(micros)))"
    else:
        local = f"make_timestamp(micros + {ahead // timedelta(microseconds=1)})"
    return f"CASE WHEN micros BETWEEN {first} AND {last} THEN {local} END"


def _micros(year: int) -> int:
    return int(datetime(year, 1, 1, tzinfo=UTC).timestamp()) * 1_000_000


@cache
def _always_ahead(zone: ZoneInfo) -> timedelta | None:
    """How far a zone is ahead of UTC, where that is one and the same in all the years that are read.

    >>> _always_ahead(ZoneInfo("Asia/Ho_Chi_Minh")), _always_ahead(ZoneInfo("Europe/Berlin"))
    (datetime.timedelta(seconds=25200), None)
    """
    days = range(0, 366 * (LAST_YEAR + 3 - FIRST_YEAR), 7)
    since = datetime(FIRST_YEAR - 1, 1, 1, tzinfo=UTC)
    offsets = {(since + timedelta(days=day)).astimezone(zone).utcoffset() for day in days}
    return offsets.pop() if len(offsets) == 1 else None


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
