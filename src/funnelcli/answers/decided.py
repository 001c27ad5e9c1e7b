"""What was decided where the files leave it open: how each is written, what its columns are, dates, joins, the day."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from funnelcli.answers.joins import columns_of
from funnelcli.facts.model import Facts
from funnelcli.reading.dialect import Container
from funnelcli.reading.headers import FURTHER
from funnelcli.reading.opening import Opened
from funnelcli.text import COMMA, Message, Text, day_words, joined

_MARKS = {"\t": "tab"}
_ORDERS = {
    "dmy": Message("day, month, year"), "mdy": Message("month, day, year"), "ymd": Message("year, month, day"),
}  # fmt: skip


def decisions(facts: Facts, as_of: date | None) -> list[Text]:
    """A line for each decision, in the order of the inputs.

    ``as_of`` is the day up to which is counted; None where no file has a row.
    """
    return [*_of_files(facts), *_of_joins(facts), *_of_the_whole(facts, as_of)]


def _of_files(facts: Facts) -> Iterator[Text]:
    for known in facts.inputs.values():
        for opened in known.opened:
            text = Message("{file}: {title}; {written}")
            title: Text = known.input.title
            if opened.export is not None:
                title = joined("", [title, f" ({opened.export.name})"])
            yield text.filled(file=opened.name, title=title, written=_written(opened))
            columns = [f"{ours.partition(FURTHER)[0]} = {header}" for ours, header in _headers(opened)]
            yield Message("{file}: columns {columns}").filled(file=opened.name, columns=", ".join(columns))
        if known.order is not None:
            text = Message("{files}: dates are written {order}")
            yield text.filled(files=known.names, order=_ORDERS[known.order])


def _headers(opened: Opened) -> Iterator[tuple[str, str]]:
    for ours, place in opened.columns.index.items():
        yield ours, opened.columns.header[place]


def _written(opened: Opened) -> Text:
    """How a file is written, and where its header stands."""
    parts: list[Text] = []
    if opened.dialect is not None:
        text = Message("{encoding}, {mark!r} between cells")
        mark = _MARKS.get(opened.dialect.delimiter, opened.dialect.delimiter)
        parts.append(text.filled(encoding=opened.dialect.encoding, mark=mark))
    elif opened.content.container is Container.PARQUET:
        return Message("Parquet")
    elif opened.sheet is not None:
        parts.append(Message("sheet {sheet!r}").filled(sheet=opened.sheet))
    parts.append(Message("header in line {line}").filled(line=opened.header_line))
    if opened.is_list:
        parts.append(Message("a list of who pays"))
    if opened.is_log:
        parts.append(Message("a log of events"))
    return joined(COMMA, parts)


def _of_joins(facts: Facts) -> Iterator[Text]:
    for join in facts.joins:
        text = Message("{input} joined to {other} by {columns}: {joined} of {people}")
        yield text.filled(
            input=join.input, other=join.other, columns=columns_of(join.taken), joined=join.taken.joined,
            people=join.people,
        )  # fmt: skip


def _of_the_whole(facts: Facts, as_of: date | None) -> Iterator[Text]:
    if as_of is not None:
        text = Message("counted up to {day}, in the time zone {zone}; amounts in {currency}")
        zone = facts.config.business.timezone
        yield text.filled(day=day_words(as_of), zone=zone, currency=facts.currency)
