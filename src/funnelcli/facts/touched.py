"""Activities: what was done, by whom: the customer, or somebody of ours; what is only planned does not count."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np

from funnelcli.config.agreement import CONTACTS
from funnelcli.facts.dated import Dates
from funnelcli.facts.events import Coded, Events, Records
from funnelcli.facts.rows import Rows
from funnelcli.facts.touch_words import words_of
from funnelcli.inputs.activities import CONTACT, OURS, SPOKEN, TOUCHES
from funnelcli.problems import Problem, Problems, problem
from funnelcli.reading.tables import Table
from funnelcli.stats.distinct import distinct
from funnelcli.values.cells import read_flag
from funnelcli.values.statuses import status_key


def touch_events(table: Table, rows: Rows, records: Records, problems: Problems) -> Iterator[Events]:
    """What was done, what customers did of their own, and what somebody of ours did with them."""
    made = table.input.made
    assert made is not None
    by_machine = _words(rows, "automatic").that(_is_by_machine)
    words, kinds = words_of(table, rows), _words(rows, "kind")
    problems.extend(words.problems)
    done, theirs, from_us = words.done, words.theirs, words.ours
    said = theirs | from_us
    senses = [made.sense_of(text) if text else "" for text in kinds.texts] or [""]
    own = np.array([sense == "own" for sense in senses], dtype=bool)[kinds.codes]
    ours = np.array([sense in OURS for sense in senses], dtype=bool)[kinds.codes]
    known = np.array([bool(sense) for sense in senses], dtype=bool)[kinds.codes] | said
    problems.extend(_unknown(table, rows, done & ~known))
    at = Dates.of(rows, "at")
    yield at.events("activity", records, done)
    yield at.events("own_activity", records, done & ~by_machine & np.where(said, theirs, own))
    yield at.events("inbound_activity", records, done & ~by_machine & theirs)
    yield at.events("undirected_activity", records, done & ~by_machine & ~said)
    yield at.events("outbound_touch", records, done & ~by_machine & np.where(said, from_us, ours))
    channel = np.array([CONTACTS.index(sense) if sense in CONTACTS else -1 for sense in senses])[kinds.codes]
    yield at.events(CONTACT, records, done & (channel >= 0))
    by_people = done & ~by_machine
    answered = words.spoke & (channel == _CALL)
    touched = by_people & (answered | (~theirs & (_words(rows, "owner").that(bool) | (channel != _EMAIL))))
    spoken = words.spoke | (theirs & np.isin(channel, _WRITTEN))
    spoken |= touched & np.isin(channel, _MET) & ~words.nobody
    yield from _human_touches(at, records, channel, touched, by_people & spoken)


_CALL, _EMAIL = CONTACTS.index("call"), CONTACTS.index("email")
_WRITTEN, _MET = [_EMAIL, CONTACTS.index("chat")], [CONTACTS.index("meeting"), CONTACTS.index("video")]


def _human_touches(
    at: Dates, records: Records, channel: np.ndarray, touched: np.ndarray, spoken: np.ndarray
) -> Iterator[Events]:
    """Who of ours got in touch on which channel, an answered call of theirs too, and when both sides spoke."""
    for number in range(len(CONTACTS)):
        yield at.events(TOUCHES[number], records, touched & (channel == number))
        yield at.events(SPOKEN[number], records, spoken & (channel == number))


def _words(rows: Rows, name: str) -> Coded:
    return rows.words[name] if name in rows.words else Coded.same("", len(rows))


def _is_by_machine(cell: str) -> bool:
    """Whether a cell says that nobody did it.

    >>> [_is_by_machine(cell) for cell in ("yes", "", "no", "manual", "Thủ công")]
    [True, False, False, False, False]
    """
    by_hand = re.search(r"\b(manual\w*|by hand|thu cong|human|nguoi)\b", status_key(cell)) is not None
    return bool(cell) and read_flag(cell) is not False and not by_hand


def _unknown(table: Table, rows: Rows, chosen: np.ndarray) -> Iterator[Problem]:
    """A note of each file with rows of which nothing says whose doing they are."""
    for file in distinct(rows["file"][chosen]).tolist():
        number = int((chosen & (rows["file"] == file)).sum())
        yield problem("activity-side-not-known", file=table.files[file].name, rows=number)
