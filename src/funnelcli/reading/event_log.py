"""Logs of what happened to subscriptions: a row is an event, like created or cancelled, and lasts to the next one.

That rows are such events is decided by their words and their order: what ends or changes something comes after what
begins it.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Mapping, Sequence
from enum import StrEnum

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.config import PaidUsers
from funnelcli.inputs.spec import Standing, Statuses
from funnelcli.problems import problem
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.headers import header_key
from funnelcli.reading.keys import sampled
from funnelcli.reading.opening import Opened
from funnelcli.reading.raw import whole_columns
from funnelcli.reading.unread import moment_in
from funnelcli.values.cells import clean, clean_id
from funnelcli.values.channels import matches
from funnelcli.values.statuses import status_key, status_parts

NEARLY_ALL = 0.9
SEVERAL = 2  # of what ends, where no word is one that only events have


class Happening(StrEnum):
    """What an event does to what its customer pays for."""

    BEGINS = "begins"
    CHANGES = "changes"
    ENDS = "ends"
    TRIAL = "trial"


def happening(text: str, statuses: Statuses, given: Mapping[str, Sequence[str]]) -> Happening | None:
    """What an event does; None where nobody knows.  ``given`` is what the settings say of statuses.

    Of an event of several parts, like "Cancelled: switched to another", nobody knows if one of them ends something and
    another one does not.

    >>> from funnelcli.inputs import INPUTS
    >>> statuses = INPUTS["paid_users"].statuses
    >>> [happening(text, statuses, {}) for text in ("Subscription created", "Nâng cấp", "cancelled", "note added")]
    [<Happening.BEGINS: 'begins'>, <Happening.CHANGES: 'changes'>, <Happening.ENDS: 'ends'>, None]
    """
    for standing, words in given.items():
        if matches(text, words):
            return Happening.BEGINS if standing == Standing.PAYING else Happening.ENDS
    each = {_happening(part, statuses) for part in status_parts(text)} - {None}
    return None if Happening.ENDS in each and len(each) > 1 else _happening(text, statuses)


def _happening(text: str, statuses: Statuses) -> Happening | None:
    key = status_key(text)
    said = next((says for rule, says in statuses.events if re.search(rule, key)), None)
    if said is not None:
        return Happening(said) if said else None
    match statuses.standing(key):
        case Standing.PAYING:
            return Happening.BEGINS
        case Standing.ENDED:
            return Happening.ENDS
        case _:
            return None


def is_told_by_events_only(text: str, statuses: Statuses) -> bool:
    """Whether a word is one that events have, and states have not: created, upgraded."""
    key = status_key(text)
    says = next((says for rule, says in statuses.events if re.search(rule, key)), "")
    return says in (Happening.BEGINS, Happening.CHANGES) and statuses.standing(key) is Standing.UNKNOWN


def with_events(opened: Opened, rules: PaidUsers) -> Opened:
    """The file as a log of events where its rows are such; what the settings say of its shape outweighs that."""
    stays, statuses = opened.input.stays, opened.input.statuses
    if stays is None or statuses is None or opened.is_list:
        return opened
    is_set = rules.gives("shape")
    if is_set and rules.shape != "events":
        return opened
    column, index = statuses.column, opened.columns.index
    if is_set and column in opened.settings.mapped:
        return replace(opened, is_log=True)
    rows = sampled(opened)
    usual = index.get(column)
    is_known = column in opened.settings.mapped or (not is_set and _are_states(rows, usual, statuses))
    places = [usual] if is_known and usual is not None else _candidates(opened, usual)
    for place in places:
        texts = [cell for row in rows if (cell := clean(row[place]))]
        if _may_be_events(texts, opened, statuses) and (is_set or _is_log(opened, place, statuses)):
            columns = replace(opened.columns, index={**index, column: place})
            return replace(opened, columns=columns, is_log=True)
    if is_set:
        header = ", ".join(map(repr, opened.columns.header))
        raise FileFault(problem("no-events", file=opened.name, seen=header, stage=opened.input.name, column=column))
    return opened


def _are_states(rows: Sequence[Sequence[str]], place: int | None, statuses: Statuses) -> bool:
    """Whether the cells of a column say of each row whether it is paid for: then no other column outweighs it."""
    cells = [cell for row in rows if (cell := clean(row[place]))] if place is not None else []
    known = sum(statuses.says(cell) is not Standing.UNKNOWN for cell in cells)
    return known >= NEARLY_ALL * len(cells) > 0


def _candidates(opened: Opened, usual: int | None) -> list[int]:
    """The columns that may hold events: that of the status, and those that are not read."""
    taken = set(opened.columns.index.values()) - {usual}
    return [
        place
        for place, header in enumerate(opened.columns.header)
        if place not in taken and header.strip() and not matches(header, opened.settings.ignore)
    ]


def _may_be_events(texts: Sequence[str], opened: Opened, statuses: Statuses) -> bool:
    """Whether some cells begin something and others change or end it, and most are understood."""
    says = Counter(happening(text, statuses, opened.settings.status) for text in texts)
    known = sum(says.values()) - says[None]
    return bool(says[Happening.BEGINS] and says[Happening.ENDS] + says[Happening.CHANGES]) and 2 * known > len(texts)


# --- by the order of the rows ------------------------------------------------------------------------------------


class _Row(Struct, frozen=True, kw_only=True):
    at: int
    line: int
    says: Happening | None


def _is_log(opened: Opened, place: int, statuses: Statuses) -> bool:
    """Whether what ends or changes something comes after what begins it, and no row has an end."""
    declared, index = opened.input, opened.columns.index
    assert declared.stays is not None
    start, end, person = declared.stays.start, declared.stays.end, declared.person or ""
    if start not in index or person not in index:
        return False
    key = getattr(declared.identity, "key", "")
    wanted = {place, index[start], index[person], *(index[name] for name in (end, key) if name in index)}
    try:
        columns = whole_columns(opened, wanted)
    except FileFault:
        return False
    if end in index and any(clean(text) for text in columns[index[end]].texts):
        return False
    keys = [clean_id(text) for text in columns[index[key]]] if key in index else []
    people = [clean_id(text) for text in columns[index[person]]]
    things = things_of(people, keys, opened.columns.header_of(key) or "")
    says = {text: happening(text, statuses, opened.settings.status) for text in columns[place].texts if clean(text)}
    rows: dict[tuple[str, str], list[_Row]] = {}
    for line, (thing, at, text) in enumerate(zip(things, columns[index[start]], columns[place], strict=True)):
        moment = moment_in(at)
        if moment is not None:
            rows.setdefault(thing, []).append(_Row(at=moment.micros, line=line, says=says.get(text)))
    after, before, ends = _in_order(rows)
    words = any(is_told_by_events_only(text, statuses) for text in says)
    return after >= NEARLY_ALL * (after + before) > 0 and (words or (not before and ends >= SEVERAL))


def _in_order(rows: Mapping[tuple[str, str], Sequence[_Row]]) -> tuple[int, int, int]:
    """Of what ends or changes something: how many come after its beginning, how many before; and how many end."""
    after = before = ends = 0
    for of_thing in rows.values():
        first = min((row.at for row in of_thing if row.says is Happening.BEGINS), default=None)
        for row in of_thing:
            if row.says in (Happening.ENDS, Happening.CHANGES):
                is_after = first is not None and row.at >= first
                after, before = after + is_after, before + (first is not None and not is_after)
                ends += is_after and row.says is Happening.ENDS
    return after, before, ends


def things_of(people: Sequence[str], keys: Sequence[str], header: str) -> list[tuple[str, str]]:
    """What each event is of: a customer's subscription where its id comes back, else the customer.

    Ids that never come back are those of the events themselves, unless their header says of what they are.

    >>> things_of(["u1", "u1"], ["e1", "e2"], "id"), things_of(["u1", "u1"], ["s1", "s2"], "subscription_id")
    ([('u1', ''), ('u1', '')], [('u1', 's1'), ('u1', 's2')])
    """
    is_of_things = bool(re.search(r"subscription|contract|hop dong|thue bao", header_key(header)))
    again = max(Counter(filter(None, keys)).values(), default=0) > 1
    if not keys or not (is_of_things or again):
        return [(person, "") for person in people]
    return list(zip(people, keys, strict=True))
