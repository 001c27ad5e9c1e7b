"""Columns beside summed visits whose words cut the same days again: periods that are compared, segments of all."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

from funnelcli.problems import Problem, problem
from funnelcli.reading.headers import header_key
from funnelcli.reading.opening import Opened
from funnelcli.reading.text_records import date_place
from funnelcli.reading.unread import Unread, date_in
from funnelcli.text.regex import regex
from funnelcli.values.dates import day_of
from funnelcli.values.statuses import status_key

MOST_WORDS = 6
_COMPARED = regex(
    r"\b(previous|prior|preceding|compar\w+|year ago|last (period|year|month|week)|(ky|nam|thang|tuan|giai doan) truoc"
    r"|so sanh)\b"
)
_ALL = regex(
    r"(all|total|every|tat ca|toan bo|tong)( (the|web ?site|data|users?|visitors?|visits|sessions?|traffic|audiences?"
    r"|nguoi dung|luot|luot truy cap|khach))+"
)
_OF_CUTS = regex(r"\b(date range|comparison|compare|segments?|audiences?|khoang ngay|phan khuc|so sanh)\b")


def cut_again(opened: Opened, rows: Sequence[Sequence[str]], unread: Sequence[Unread]) -> Iterator[Problem]:
    """A warning for each column whose words hold the visits of the same days, and by their names may be no parts.

    Parts of one whole, like devices, have the same days too: it takes words, or a header, of a comparison or of all.
    """
    if not opened.has("visits"):
        return
    decided = {header_key(header) for header in (*opened.settings.keep, *opened.settings.drop)}
    decided |= {header_key(opened.columns.header[column]) for column, _ in opened.rollups}  # whose sums do not count
    place = date_place(opened)
    days = [moment and day_of(moment.micros) for moment in (date_in(row[place]) for row in rows)]
    for column in unread:
        if header_key(column.header) in decided:
            continue
        of_word: dict[str, set[object]] = {}
        for word, day in zip(column.cells, days, strict=True):
            of_word.setdefault(word, set()).add(day)
        if len(of_word) <= MOST_WORDS and (keep := _kept(column.header, of_word)) is not None:
            shown = ", ".join(repr(word or "(empty)") for word in of_word)
            yield problem(
                "visits-cut-again", file=opened.name, line=opened.header_line or None, column=column.header,
                values=shown, keep=keep, stage=opened.input.name,
            )  # fmt: skip


def _kept(header: str, days: Mapping[str, set[object]]) -> str | None:
    """The word of which the visits are those of all, or of now; None where the words are parts of one whole."""
    words = [word for word in days if word]
    if len(words) < 2 or not any(letter.isalpha() for letter in "".join(words)):
        return None
    compared = [word for word in words if _COMPARED.search(status_key(word))]
    whole = [word for word in words if _ALL.fullmatch(status_key(word))]
    if not (compared or whole or _OF_CUTS.search(header_key(header))):
        return None
    keep = next((word for word in (*whole, *words) if word not in compared), words[0])
    shared = [len(days[keep] & days[word]) for word in words if word != keep]
    smaller = [min(len(days[keep]), len(days[word])) for word in words if word != keep]
    is_cut = any(2 * both >= least for both, least in zip(shared, smaller, strict=True))
    return keep if is_cut else None
