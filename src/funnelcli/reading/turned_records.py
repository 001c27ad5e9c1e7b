"""The records of a table that is turned round: a row a month, or a row a number."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

from funnelcli.problems import problem
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.opening import Turned
from funnelcli.reading.workbook import Record
from funnelcli.text import Message
from funnelcli.values.cells import clean

_CELL = Message("delimiter")


def turned_records(turned: Turned, records: Iterable[Record]) -> Iterator[Record]:
    """The records of a table as it is read, from those that it is written with.

    Raises FileFault where a row has a cell too many, or a figure stands twice.
    """
    whole = _as_wide_as_the_header(turned, records)
    return _figures(turned, whole) if turned.names else _numbers(turned, whole)


def lines_of_figures(turned: Turned, records: Iterable[Record]) -> dict[tuple[str, str], int]:
    """The line on which each figure stands, by its name and the channel beside it."""
    name_place, *channel_place = turned.labels
    whole = _as_wide_as_the_header(turned, records)
    return {
        (clean(record[name_place]), "".join(clean(record[place]) for place in channel_place)): line
        for line, record in whole
    }


def _as_wide_as_the_header(turned: Turned, records: Iterable[Record]) -> Iterator[Record]:
    width = len(turned.wide.columns.header)
    for line, record in records:
        if any(map(str.strip, record[width:])):
            delimiter = repr(turned.wide.dialect.delimiter) if turned.wide.dialect else _CELL
            raise FileFault(
                problem("too-many-cells", file=turned.wide.name, line=line, count=len(record), width=width,
                        delimiter=delimiter)
            )  # fmt: skip
        yield line, [*record[:width], *[""] * (width - len(record))]


def _numbers(turned: Turned, records: Iterable[Record]) -> Iterator[Record]:
    """A row for each number of a table, with the cells that stand beside it, the day above it, and the number."""
    for line, record in records:
        labels = [record[place] for place in turned.labels]
        for place, day in turned.times.items():
            if clean(record[place]):
                yield line, [*labels, day, record[place]]


def _figures(turned: Turned, records: Iterable[Record]) -> Iterator[Record]:
    """A row for each month, and for each channel where one is named, with the figures of it."""
    name_place, *channel_place = turned.labels
    cells: dict[str, dict[str, tuple[int, Sequence[str]]]] = {}
    for line, record in records:
        name, channel = clean(record[name_place]), "".join(clean(record[place]) for place in channel_place)
        if not name:
            continue
        of_channel = cells.setdefault(channel, {})
        if name in of_channel:
            other = of_channel[name][0]
            raise FileFault(problem("figure-twice", file=turned.wide.name, line=line, figure=name[:80], other=other))
        of_channel[name] = (line, record)
    empty = (0, [""] * len(turned.wide.columns.header))
    for channel, of_channel in cells.items():
        for place, month in turned.times.items():
            figures = [of_channel.get(name, empty)[1][place] for name in turned.names]
            yield turned.wide.header_line, [month, *([channel] if channel_place else []), *figures]
