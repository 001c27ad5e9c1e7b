"""Which of the columns that name the people of a known export does so: the one that is filled in."""

from __future__ import annotations

from msgspec.structs import replace

from funnelcli.problems import problem
from funnelcli.reading.header_keys import header_key
from funnelcli.reading.keys import sampled
from funnelcli.reading.opening import Opened
from funnelcli.values.cells import clean_id


def with_filled_person(opened: Opened) -> Opened:
    """The file with the people under the fullest of the headers that its export has for them; what is chosen is said.

    Of orders by phone the e-mails are empty.  What the settings map stays as it is.
    """
    person, export = opened.input.person, opened.export
    if person is None or export is None or person in opened.settings.columns or not opened.has(person):
        return opened
    index = opened.columns.index
    keys = [header_key(header) for header in opened.columns.header]
    others = {place for name, place in index.items() if name != person}
    named = (header_key(header) for header in export.headers_for(person))
    places = [place for place in (keys.index(key) for key in named if key in keys) if place not in others]
    rows = sampled(opened) if len(places) > 1 else []
    empty = {place: sum(not clean_id(row[place]) for row in rows) for place in places}
    usual = index[person]
    if not empty.get(usual):
        return opened
    fullest = min(places, key=lambda place: (empty[place], places.index(place)))
    if empty[fullest] == empty[usual]:
        return opened
    said = problem(
        "people-by-filled", file=opened.name, column=opened.columns.header[fullest], stage=opened.input.name,
        usual=opened.columns.header[usual], empty=empty[usual], rows=len(rows), ours=person,
    )  # fmt: skip
    columns = replace(opened.columns, index={**index, person: fullest})
    return replace(opened, columns=columns, warnings=(*opened.warnings, said))
