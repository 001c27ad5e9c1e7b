"""The columns of a file that may name a person beside the one that is read as such: ids, e-mails, phones.

Which these are is seen from some of their cells; they are read only where the usual column does not join.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence, Set
from itertools import islice

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.inputs.accounts import attribute_of
from funnelcli.inputs.spec import CellKind, Column
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.headers import header_key
from funnelcli.reading.opening import Opened
from funnelcli.reading.rows import quiet_rows
from funnelcli.values.cells import clean_id
from funnelcli.values.channels import matches
from funnelcli.values.ids import KeyKind, key_kind, may_name_people

SAMPLE_ROWS = 500
_OF_PEOPLE = "person:"


class FurtherKey(Struct, frozen=True, kw_only=True):
    """A column of a file that may name its people.

    ``place`` is where it stands, ``name`` what it is read as; ``is_known`` says that its header is one of those that
    the input knows for a person.
    """

    place: int
    header: str
    kind: KeyKind
    is_known: bool

    @property
    def name(self) -> str:
        """The name it is read under, alike in every file that has the header."""
        return key_column(self.header)


def key_column(header: str) -> str:
    """The name under which a further column of people is read.

    >>> key_column("Customer Email")
    'person:customer email'
    """
    return f"{_OF_PEOPLE}{header_key(header)}"


def is_key_column(name: str) -> bool:
    """Whether a column is a further one of people.

    >>> is_key_column("person:customer email"), is_key_column("user_id")
    (True, False)
    """
    return name.startswith(_OF_PEOPLE)


def sampled(opened: Opened) -> list[Sequence[str]]:
    """The first records of a file; none where it cannot be read."""
    rows = quiet_rows(opened)
    try:
        return [record for _, record in islice(rows, SAMPLE_ROWS)]
    except FileFault:
        return []


def further_keys(
    opened: Opened,
    entity: str,
    elsewhere: Set[str] = frozenset(),
    *,
    records: Sequence[Sequence[str]] | None = None,
) -> list[FurtherKey]:
    """The columns that may name the people of a file beside its ``entity``; none where the config names that one.

    Headers that the config ignores are none either.
    ``elsewhere`` are keys of headers that name the people of another input: they are looked at too.  ``records`` are
    the first ones, where they have been read.
    """
    column = opened.input.column(entity)
    if column is None or entity in opened.settings.columns:
        return []
    known = {header_key(name) for name in (column.name, *column.aliases)}
    read = {place for name, place in opened.columns.index.items() if not _is_attribute(opened, name)}
    records = sampled(opened) if records is None else records
    keys: dict[str, FurtherKey] = {}
    for place, header in enumerate(opened.columns.header):
        key = header_key(header)
        if place in read or not key or key in keys or matches(header, opened.settings.ignore):
            continue
        cells = {clean_id(record[place]) for record in records}
        if any(cells) and (key in known or key in elsewhere or may_name_people(cells)):
            keys[key] = FurtherKey(place=place, header=header, kind=key_kind(cells), is_known=key in known)
    return list(keys.values())


def _is_attribute(opened: Opened, name: str) -> bool:
    """Whether a column is read for what it says of people, by which they may be told too."""
    return attribute_of(name) is not None or any(
        column.name == name and column.kind is CellKind.TEXT and opened.input.attributes
        for column in opened.columns.open
    )


def with_keys(opened: Opened, keys: Iterable[FurtherKey], entity: str) -> Opened:
    """The file with further columns to be read; its own column of people too, where another file has it as one."""
    wanted = {key.name for key in keys}
    places = {}
    for place, header in enumerate(opened.columns.header):
        name = key_column(header)
        if name in wanted and name not in places and (place not in _read(opened, entity)):
            places[name] = place
    more = tuple(
        Column(name=name, kind=CellKind.ID, meaning=opened.columns.header[place]) for name, place in places.items()
    )
    columns = replace(opened.columns, index={**opened.columns.index, **places}, open=(*opened.columns.open, *more))
    return replace(opened, columns=columns)


def _read(opened: Opened, entity: str) -> set[int]:
    """The places of the columns that are read for something else than the person."""
    index = opened.columns.index
    return {place for name, place in index.items() if name != entity and not _is_attribute(opened, name)}
