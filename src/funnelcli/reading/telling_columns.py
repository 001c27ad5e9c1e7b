"""Columns whose cells say what they are, under whatever header: directions, statuses and outcomes of activities."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.inputs.spec import CellKind, Column
from funnelcli.problems import Problem, problem
from funnelcli.reading.headers import header_key
from funnelcli.reading.keys import sampled
from funnelcli.reading.opening import Opened
from funnelcli.text import COMMA, Message, as_text, joined
from funnelcli.values.cells import clean
from funnelcli.values.channels import matches
from funnelcli.values.statuses import status_key

MOST, MOST_WORDS, MOST_SHOWN = 0.5, 40, 4  # of the cells, those that are understood; words of a column; words shown
_TEXTS = r"\b(subject|title|names?|notes?|comments?|description|body|ten|tieu de|ghi chu|noi dung|mo ta)\b"
_MEANING = Message("a further column whose cells say the same")


class _Told(Struct, frozen=True, kw_only=True):
    """A column that nothing is known to stand for, and what most of its cells show it to be."""

    place: int
    column: str
    share: float
    words: Sequence[str]


def with_telling_columns(opened: Opened) -> Opened:
    """The file with the columns that by their cells say what a declared one does, each of which is said.

    Where a header is known for that already, the others are read beside it.  What is of others by its header is not.
    """
    made = opened.input.made
    if made is None or not made.telling:
        return opened
    index, columns = dict(opened.columns.index), list[Column]()
    said: list[Problem] = []
    telling = {column: words for column, words in made.telling.items() if column not in opened.settings.unmapped}
    for candidate in _told(opened, telling):
        header = opened.columns.header[candidate.place]
        of_others = re.search(made.of_others, header_key(header)) is not None
        said.append(_said(opened, candidate, "column-of-others" if of_others else "column-by-cells"))
        if of_others:
            continue
        if candidate.column in index:
            name = f"{candidate.column}:{header_key(header)}"
            columns.append(Column(name=name, kind=CellKind.TEXT, meaning=_MEANING))
            index[name] = candidate.place
        else:
            index[candidate.column] = candidate.place
    if not said:
        return opened
    known = replace(opened.columns, index=index, open=(*opened.columns.open, *columns))
    return replace(opened, columns=known, warnings=(*opened.warnings, *said))


def _told(opened: Opened, telling: Mapping[str, str]) -> Iterator[_Told]:
    """The columns that are not read and whose cells tell what they are."""
    taken, ignored = set(opened.columns.index.values()), opened.settings.ignore
    free = [
        place for place, header in enumerate(opened.columns.header)
        if place not in taken and header.strip() and not matches(header, ignored)
        and not re.search(_TEXTS, header_key(header))
    ]  # fmt: skip
    rows = sampled(opened) if free else []
    for place in free:
        number = Counter(cell for row in rows if place < len(row) and (cell := clean(row[place])))
        if not 0 < len(number) <= MOST_WORDS:
            continue
        shares = {
            column: sum(n for word, n in number.items() if re.search(pattern, status_key(word))) / number.total()
            for column, pattern in telling.items()
        }
        column = max(shares, key=lambda name: shares[name])
        if shares[column] >= MOST:
            yield _Told(place=place, column=column, share=shares[column], words=[w for w, _ in number.most_common()])


def _said(opened: Opened, candidate: _Told, code: str) -> Problem:
    shown = [as_text(repr(word)) for word in candidate.words[:MOST_SHOWN]]
    more = [as_text("…")] if len(candidate.words) > MOST_SHOWN else []
    return problem(
        code, file=opened.name, header=opened.columns.header[candidate.place], column=candidate.column,
        words=joined(COMMA, [*shown, *more]), stage=opened.input.name,
    )  # fmt: skip
