"""Words beside summed visits by which visits are summed more than once: names of metrics, of events, pages, copies."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence

from funnelcli.problems import Problem, problem
from funnelcli.reading.event_rows import is_event
from funnelcli.reading.headers import header_key
from funnelcli.reading.opening import Opened
from funnelcli.reading.text_records import date_place
from funnelcli.reading.unread import Holding, Unread, date_in
from funnelcli.text import Message, Text
from funnelcli.text.regex import regex
from funnelcli.values.cells import clean_number
from funnelcli.values.dates import day_of
from funnelcli.values.numbers import read_count
from funnelcli.values.statuses import status_key

MOST_WORDS, SAME_DAYS, MOST_PAGES = 12, 5, 3
# What is counted of visits and visitors, beside what the input knows as visits and as sums of something else.
_COUNTED = regex(
    r"(?:page ?|screen ?|new |active |total |unique |engaged |returning )*(?:users?|visitors?|uniques?|views?"
    r"|pageviews?|page views?|hits?|bounces?|events?|conversions?|transactions?|clicks?|impressions?|engaged sessions?)"
    r"|bounce rate|luot xem(?: trang)?|nguoi dung(?: moi)?|khach(?: truy cap)?|ty le thoat|luot nhap|luot hien thi"
)
# Two parts of all visits by who came, in the names of which visitors stand too.
_CAME_FIRST = regex(r"(?:new|first time)( users?| visitors?)?|(?:khach |nguoi dung )?moi")
_CAME_AGAIN = regex(r"(?:returning|repeat|known)( users?| visitors?)?|(?:khach |nguoi dung )?(?:cu|quay lai)")
_PAGE = regex(r"/\S*|https?://\S+")
_ENTRY = regex(r"\b(landing|entry|entrance|first|exit|dich|vao|dau tien)\b")  # of which a visit has one

_METRICS = Message("a row stands for each of several metrics")
_EVENTS = Message("a visit has several events, and counts with each")
_COPIES = Message("two of them have the same visits every day")
_PAGES = Message("a visit has several pages, and counts with each")
_KEEP = Message("To count one of them: [inputs.{stage}.keep] {column!r} = [{keep!r}]")
_AGAIN = Message("Export the visits by day without that column")


def counted_several_times(opened: Opened, rows: Sequence[Sequence[str]], unread: Sequence[Unread]) -> Iterator[Problem]:
    """A warning for each column by whose words one visit is in several rows."""
    if not opened.has("visits"):
        return
    decided = {header_key(header) for header in (*opened.settings.keep, *opened.settings.drop)}
    decided |= {header_key(opened.columns.header[place]) for place, _ in opened.rollups}
    for column in unread:
        if header_key(column.header) in decided or column.holding not in (Holding.WORDS, Holding.OTHER):
            continue
        reason = _reason(opened, rows, column)
        if reason is not None:
            why, keep = reason
            stage = opened.input.name
            step = _KEEP.filled(stage=stage, column=column.header, keep=keep) if keep else _AGAIN
            shown = ", ".join(map(repr, list(dict.fromkeys(filter(None, column.cells)))[:MOST_PAGES]))
            yield problem(
                "visits-in-several-rows", file=opened.name, line=opened.header_line or None, column=column.header,
                values=shown, why=why, step=step, stage=stage,
            )  # fmt: skip


def _reason(opened: Opened, rows: Sequence[Sequence[str]], column: Unread) -> tuple[Text, str] | None:
    """Why visits are in several rows by a column, and the word that has them all, if one has."""
    words = list(dict.fromkeys(filter(None, column.cells)))
    if len(words) >= 2 and all(map(_PAGE.fullmatch, words)):
        return None if _ENTRY.search(header_key(column.header)) else (_PAGES, "")
    if not 2 <= len(words) <= MOST_WORDS:
        return None
    visits = _visits(opened, rows, column)
    largest = max(words, key=lambda word: sum(visits[word].values()))
    known = opened.input.column("visits")
    names = {header_key(name) for name in (known.name, *known.aliases)} if known is not None else set()
    of_visits = [word for word in words if header_key(word) in names]
    if _are_of_who_came(words):
        return (_COPIES, words[0]) if _are_copies(visits, words) else None
    if len(of_visits) < len(words) and all(word in of_visits or _COUNTED.fullmatch(status_key(word)) for word in words):
        return _METRICS, (of_visits or [largest])[0]
    if 2 * sum(map(is_event, words)) >= len(words):
        return _EVENTS, largest
    if _are_copies(visits, words):
        return _COPIES, words[0]
    return None


def _are_of_who_came(words: Sequence[str]) -> bool:
    """Whether words are of visitors who are new and of those who return, perhaps beside such of whom it is not known.

    >>> _are_of_who_came(["New Visitor", "Returning Visitor"]), _are_of_who_came(["New users", "Users"])
    (True, False)
    """
    keys = [key for word in words if (key := status_key(word)) not in ("not set", "unknown")]
    first = [_CAME_FIRST.fullmatch(key) is not None for key in keys]
    again = [_CAME_AGAIN.fullmatch(key) is not None for key in keys]
    return len(keys) == 2 and any(first) and any(again) and all(a or b for a, b in zip(first, again, strict=True))


def _visits(opened: Opened, rows: Sequence[Sequence[str]], column: Unread) -> Mapping[str, Counter[object]]:
    """The visits of each word by day."""
    date, visits = date_place(opened), opened.columns.index["visits"]
    of_word: dict[str, Counter[object]] = defaultdict(Counter)
    for word, row in zip(column.cells, rows, strict=True):
        moment = date_in(row[date])
        number = read_count(clean_number(row[visits]), opened.settings.decimal)
        if moment is not None and number is not None:
            of_word[word][day_of(moment.micros)] += number
    return of_word


def _are_copies(visits: Mapping[str, Counter[object]], words: Sequence[str]) -> bool:
    """Whether two words have the same visits on many days, which are not the same every day."""
    pairs = ((visits[word], visits[other]) for place, word in enumerate(words) for other in words[:place])
    return any(
        mine == theirs and len(mine) >= SAME_DAYS and len(set(mine.values())) >= MOST_PAGES for mine, theirs in pairs
    )
