"""Which column says where people come from, where no header is known for it: the one whose words are channels."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from msgspec.structs import replace

from funnelcli.problems import problem
from funnelcli.reading.headers import header_key
from funnelcli.reading.keys import sampled
from funnelcli.reading.opening import Opened
from funnelcli.values.cells import clean
from funnelcli.values.channels import Channel, ChannelMap, fold, matches

SOURCE, MEDIUM = "source", "medium"
NEARLY_ALL = 0.9  # of the filled cells, those that are known as sources
# Kinds of customers and ways to reach them are called so too: it takes another word to make them sources.
_OF_MANY = frozenset(
    ("other", "khác", "email", "sms", "offline", "web", "website", "direct", "trực tiếp", "social", "blog")
)
_OF_CUSTOMERS = frozenset((Channel.PARTNER, Channel.SALES_SME))


def with_known_sources(opened: Opened, channels: ChannelMap) -> Opened:
    """The file with the column of sources whose words are known, where no header says which it is; that is said.

    Words of one channel alone may be anything: e-mail and SMS are ways to write to people too.  Whose people are those
    of another input has their sources there.
    """
    declared = opened.input
    if (
        declared.people is not None
        or declared.column(SOURCE) is None
        or opened.has(SOURCE)
        or opened.has(MEDIUM)
        or SOURCE in opened.settings.columns
    ):
        return opened
    place = next(_places(opened, channels), None)
    if place is None:
        return opened
    header = opened.columns.header[place]
    said = problem("source-by-cells", file=opened.name, column=header, stage=declared.name, ours=SOURCE)
    columns = replace(opened.columns, index={**opened.columns.index, SOURCE: place})
    return replace(opened, columns=columns, warnings=(*opened.warnings, said))


def _places(opened: Opened, channels: ChannelMap) -> Iterator[int]:
    """The columns that are not read whose words are known as sources, of several channels."""
    header, taken = opened.columns.header, set(opened.columns.index.values())
    others = [
        place
        for place, cell in enumerate(header)
        if place not in taken and header_key(cell) and not matches(cell, opened.settings.ignore)
    ]
    rows = sampled(opened) if others else []
    yield from (place for place in others if _are_sources(rows, place, channels))


def _are_sources(rows: Sequence[Sequence[str]], place: int, channels: ChannelMap) -> bool:
    """Whether nearly all filled cells of a column are known as sources, and several channels are among them."""
    cells = [cell for row in rows if (cell := clean(row[place]))]
    known = [cell for cell in cells if channels.is_matched(cell)]
    is_telling = any(channels.of(cell) not in _OF_CUSTOMERS and fold(cell) not in _OF_MANY for cell in known)
    return is_telling and len(known) >= NEARLY_ALL * len(cells) and len(set(map(channels.of, known))) > 1
