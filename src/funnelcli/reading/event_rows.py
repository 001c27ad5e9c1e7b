"""Rows of visits that may be events: one visitor has several within minutes, again and again, or on one day.

It is decided by the cells of the first rows: those of a column that names visitors come back in runs.  A column that
nobody knows is one of visitors where its cells look like ids and each is seen for a short while only; the kind of
device, the country and the landing page are there from the first row to the last.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import timedelta
from itertools import pairwise

from msgspec import Struct

from funnelcli.reading.engines.sessions import SESSION, VISITOR
from funnelcli.reading.opening import Opened
from funnelcli.reading.unread import Holding, Unread
from funnelcli.text.regex import regex
from funnelcli.values.cells import clean
from funnelcli.values.dates import DAY_MICROS, Moment
from funnelcli.values.statuses import status_key

APART = timedelta(minutes=30) // timedelta(microseconds=1)  # of one visit no two page views lie further apart
FEW_ROWS, FEWEST_EVENTS = 8, 3  # of which nothing can be told, unless each of them names an event
FEWEST_PAGES, FEWEST_VISITORS, SMALL = 4, 2, 20  # of rows that all are pages
AGAIN = 3  # runs, or days, that are no accident
THROUGHOUT, OFTEN = 0.75, 0.3  # of the rows have another one of the same visitor within minutes
MANY_DAYS, BRIEF = 5, 0.25
MANY_CELLS, MOST_OF_CELL = 20, 20  # of few days without a time: so many visitors, with so many rows each at most
EACH_DAY = 2  # rows of a visitor on a day, on average

_ID_CELL = regex(r"[^\s/]*\d[^\s/]*|[^\s/]+@[^\s/]+")
_TOKEN = regex(r"[^\s/]+")
_PAGE = regex(r"/|https?://")
_EVENT = regex(
    r"(?:page|screen) ?views?|(?:session|video|form) ?(?:start|begin|progress|complete|play|submit|view)|first visit"
    r"|scroll(?:ed|ing)?|(?:.* )?click(?:s|ed)?(?: .*)?|user engagement|add to cart|begin checkout|view (?:item|page)"
    r"|viewed .*|xem (?:trang|gia|san pham|video)|(?:bam|nhan|nhap) (?:nut|vao|chuot).*|cuon trang"
)


class Repeated(Struct, frozen=True, kw_only=True):
    """A column whose cells are repeated, in ``rows`` of the first rows, on ``days`` days of one visitor each.

    ``throughout``: nearly each of the rows has another one of the same visitor within minutes.
    """

    header: str
    rows: int
    days: int
    throughout: bool


def repeated_visitors(
    opened: Opened, rows: Sequence[Sequence[str]], at: Sequence[Moment], unread: Sequence[Unread]
) -> Repeated | None:
    """The column of visitors of whom several rows are, which is of events then; None where there is none."""
    known = [opened.columns.index[name] for name in (VISITOR, "user_id") if opened.has(name)]
    if opened.has(SESSION):
        return None  # which says better what a row is of
    candidates = [(opened.columns.header[place], [clean(row[place]) for row in rows], True) for place in known]
    candidates += [(column.header, list(column.cells), False) for column in unread if _may_name_visitors(column)]
    tells_pages = _tells_pages(unread)
    if tells_pages and len(rows) < SMALL:
        few = _of_few_rows(rows, at, unread)
        if few is not None:
            return few
    repeated = [
        seen
        for header, cells, is_known in candidates
        if (seen := _seen(header, cells, at, is_known=is_known, tells_pages=tells_pages)) is not None
    ]
    return next((seen for seen in repeated if seen.throughout), repeated[0] if repeated else None)


def _may_name_visitors(column: Unread) -> bool:
    cells = {cell for cell in column.cells if cell}
    is_text = column.holding in (Holding.OTHER, Holding.WORDS)
    return is_text and len(cells) > AGAIN and all(map(_ID_CELL.fullmatch, cells))


def _tells_pages(unread: Sequence[Unread]) -> bool:
    """Whether there is a column of events, or of pages."""
    pages = (any(cells) and all(map(_PAGE.match, cells)) for cells in ([c for c in u.cells if c] for u in unread))
    return any(pages) or any(events_named(unread))


def _seen(
    header: str, cells: Sequence[str], at: Sequence[Moment], *, is_known: bool, tells_pages: bool
) -> Repeated | None:
    moments: dict[str, list[Moment]] = defaultdict(list)
    for cell, moment in zip(cells, at, strict=True):
        if cell:
            moments[cell].append(moment)
    number = sum(map(len, moments.values()))
    if number < FEW_ROWS or not (is_known or _are_brief(moments)):
        return None
    by_day: dict[tuple[str, int], int] = defaultdict(int)
    for cell, moment in ((cell, moment) for cell, of in moments.items() for moment in of):
        by_day[cell, moment.micros // DAY_MICROS] += 1
    several = sum(count > 1 for count in by_day.values())
    if several < AGAIN:
        return None
    timed = sum(moment.timed for of in moments.values() for moment in of)
    runs = [sorted(moment.micros for moment in of) for of in moments.values()] if 10 * timed > 9 * number else []
    near = sum(map(_near, runs))
    throughout = near >= THROUGHOUT * number
    if not throughout and not is_known and not tells_pages:
        return None  # a campaign, of which there are several visits on its day
    if near < OFTEN * number:
        # Hours apart, rows may well be several visits of a day.
        is_often = number >= EACH_DAY * len(by_day) and 2 * several >= len(by_day) and 2 * number >= len(cells)
        if not is_often or (runs and not tells_pages):
            return None
    return Repeated(header=header, rows=number, days=len(by_day), throughout=throughout)


def _of_few_rows(rows: Sequence[Sequence[str]], at: Sequence[Moment], unread: Sequence[Unread]) -> Repeated | None:
    """Of few rows of pages, the column of which the cells come back within minutes, which may be of visitors."""
    for column in unread:
        moments: dict[str, list[Moment]] = defaultdict(list)
        for cell, moment in zip(column.cells, at, strict=True):
            moments[cell].append(moment)
        is_token = all(_TOKEN.fullmatch(cell) for cell in moments)
        if len(rows) >= FEWEST_PAGES and is_token and not any(map(is_event, moments)) and _are_runs(moments):
            return Repeated(header=column.header, rows=len(rows), days=len(moments), throughout=False)
    return None


def _are_runs(moments: dict[str, list[Moment]]) -> bool:
    """Whether of few rows of pages most have another one of the same visitor within minutes, and of each all."""
    every = [moment for of in moments.values() for moment in of]
    runs = [sorted(moment.micros for moment in of) for of in moments.values() if len(of) > 1]
    near = sum(map(_near, runs))
    is_run = near == sum(map(len, runs)) and near >= THROUGHOUT * len(every)
    return len(runs) >= FEWEST_VISITORS and is_run and all(moment.timed for moment in every)


def _near(micros: Sequence[int]) -> int:
    """How many of some moments have another one within minutes."""
    near = [later - earlier <= APART for earlier, later in pairwise(micros)]
    return sum(before or after for before, after in zip([False, *near], [*near, False], strict=True))


def _are_brief(moments: dict[str, list[Moment]]) -> bool:
    """Whether most cells that are repeated are seen on few of the days; of very few days, for a small part of them."""
    days = {moment.micros // DAY_MICROS for of in moments.values() for moment in of}
    several = [of for of in moments.values() if len(of) > 1]
    if len(days) >= MANY_DAYS:
        shares = sorted(len({moment.micros // DAY_MICROS for moment in of}) / len(days) for of in several)
    elif not any(moment.timed for of in moments.values() for moment in of):
        return len(moments) >= MANY_CELLS and sum(map(len, moments.values())) <= MOST_OF_CELL * len(moments)
    else:
        every = [moment.micros for of in moments.values() for moment in of]
        whole = max(every, default=0) - min(every, default=0)
        shares = sorted((max(of).micros - min(of).micros) / whole for of in several) if whole else []
    return bool(shares) and shares[len(shares) // 2] <= BRIEF


def pages_within_visits(opened: Opened, rows: Sequence[Sequence[str]], at: Sequence[Moment]) -> str | None:
    """The header of referrers by which rows are pages of visits and no visits: a site that refers only to itself.

    The site stands in rows that follow another one within minutes, and never in the first row after a pause, where
    other referrers do.
    """
    order = sorted(range(len(rows)), key=lambda row: at[row].micros)
    timed = sum(moment.timed for moment in at)
    if len(rows) < FEW_ROWS or 10 * timed <= 9 * len(rows):
        return None
    begins = [row for before, row in pairwise(order) if at[row].micros - at[before].micros > APART]
    begins = order[:1] + begins
    if len(begins) < max(AGAIN, len(rows) // 5):
        return None
    for place, header in enumerate(opened.columns.header):
        cells = [_host(row[place]) for row in rows]
        first = {cells[row] for row in begins}
        inner = {host for host in set(cells) - first if host}
        number = sum(cell in inner for cell in cells)
        if len(inner) == 1 and number >= max(AGAIN, len(rows) // 5):
            return header
    return None


def _host(cell: str) -> str:
    """The host of a referrer; nothing for anything else."""
    match = _HOST.fullmatch(clean(cell).casefold())
    return match[1] if match is not None else ""


_HOST = regex(r"(?:https?://)?(?:www\.)?([a-z0-9-]+(?:\.[a-z0-9-]+)+)(?:[/?:].*)?")


def is_event(cell: str) -> bool:
    """Whether a cell names an event of a visit.

    >>> is_event("page_view"), is_event("session_start"), is_event("email")
    (True, True, False)
    """
    return bool(_EVENT.fullmatch(status_key(cell)))


def events_named(unread: Sequence[Unread]) -> Iterator[tuple[str, str]]:
    """The columns whose cells are names of events, each with one of them."""
    for column in unread:
        cells = [cell for cell in column.cells if cell]
        events = [cell for cell in cells if is_event(cell)]
        many = len(cells) >= FEW_ROWS or (len(cells) >= FEWEST_EVENTS and len(events) == len(cells))
        if column.holding is Holding.WORDS and many and 2 * len(events) >= len(cells):
            yield column.header, events[0]
