"""Which of several columns says an attribute that settings name: of a job title and a buying role the fuller one."""

from __future__ import annotations

from msgspec.structs import replace

from funnelcli.inputs.accounts import SAME_ATTRIBUTE, attribute_of
from funnelcli.problems import problem
from funnelcli.reading.header_keys import header_key
from funnelcli.reading.keys import sampled
from funnelcli.reading.opening import Opened
from funnelcli.values.cells import clean


def with_filled_attributes(opened: Opened) -> Opened:
    """The file with each attribute under the fullest of the headers that mean the same; the others are named.

    What the settings map stays as it is, and so does a header that is the name of the attribute itself.
    """
    index, header = dict(opened.columns.index), opened.columns.header
    keys, said = [header_key(cell) for cell in header], []
    for column in opened.known_columns:
        name = attribute_of(column.name)
        if name is None or name not in SAME_ATTRIBUTE or column.name in opened.settings.columns:
            continue
        usual, alike = index[column.name], set(map(header_key, SAME_ATTRIBUTE[name]))
        others = [place for place, key in enumerate(keys) if key in alike and place not in index.values()]
        if not others or keys[usual] == header_key(name):
            continue
        rows = sampled(opened)
        filled = {place: sum(bool(clean(row[place])) for row in rows) for place in (usual, *others)}
        fullest = max(filled, key=lambda place: filled[place])
        index[column.name] = fullest
        unread = ", ".join(repr(header[place]) for place in filled if place != fullest)
        said.append(
            problem("attribute-by-filled", file=opened.name, column=header[fullest], attribute=name, others=unread)
        )
    if not said:
        return opened
    columns = replace(opened.columns, index=index)
    return replace(opened, columns=columns, warnings=(*opened.warnings, *said))
