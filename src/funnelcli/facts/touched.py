"""Activities: what was done, by whom: the customer, or somebody of ours; what is only planned does not count."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

import numpy as np

from funnelcli.config import Config
from funnelcli.config.agreement import CONTACTS
from funnelcli.facts.dated import Dates
from funnelcli.facts.events import Coded, Events, Records
from funnelcli.facts.rows import Rows
from funnelcli.facts.touch_remarks import touch_remarks
from funnelcli.facts.touch_words import words_of
from funnelcli.inputs.activities import CONTACT, OURS, SPOKEN, TOUCHES
from funnelcli.inputs.interest import interest_of
from funnelcli.problems import Problems
from funnelcli.reading.tables import Table
from funnelcli.values.cells import read_flag
from funnelcli.values.statuses import status_key


def touch_events(table: Table, rows: Rows, records: Records, problems: Problems, config: Config) -> Iterator[Events]:
    """What was done, what customers did of their own, and what somebody of ours did with them."""
    made = table.input.made
    assert made is not None
    by_machine = _words(rows, "automatic").that(_is_by_machine)
    kinds = _words(rows, "kind")
    senses = [made.sense_of(text) if text else "" for text in kinds.texts] or [""]
    channel = np.array([CONTACTS.index(sense) if sense in CONTACTS else -1 for sense in senses])[kinds.codes]
    words = words_of(table, rows, np.isin(channel, _MET), channel == _CALL)
    problems.extend(words.problems)
    theirs, from_us = words.theirs, words.ours
    done = words.done & ~(words.undelivered & np.isin(channel, _WRITTEN))
    said = theirs | from_us
    own, ours = (np.array([sense in of for sense in senses], dtype=bool)[kinds.codes] for of in (("own",), OURS))
    at = Dates.of(rows, "at")
    yield at.events("activity", records, done)
    yield at.events("own_activity", records, done & ~by_machine & np.where(said, theirs, own))
    yield at.events("inbound_activity", records, done & ~by_machine & theirs)
    yield at.events("undirected_activity", records, done & ~by_machine & ~said)
    yield at.events("outbound_touch", records, done & ~by_machine & np.where(said, from_us, ours))
    yield at.events(CONTACT, records, done & (channel >= 0))
    by_people, called = done & ~by_machine, channel == _CALL
    lasted = called & ~words.nobody & (theirs | words.completed) & _words(rows, "lasted").that(_is_longer_than_nothing)
    spoken = words.spoke | lasted
    has_owner = _words(rows, "owner").that(bool)
    touched = by_people & ((spoken & called) | (~theirs & (has_owner | (channel != _EMAIL))))
    spoken = spoken | (theirs & np.isin(channel, _WRITTEN))
    spoken |= touched & np.isin(channel, _MET) & ~words.nobody
    yield from _human_touches(at, records, channel, touched, by_people & spoken)
    points = config.leads.interest
    unclear = [
        not sense and interest_of(text, points) is None for sense, text in zip(senses, _texts(kinds), strict=True)
    ]
    strange = at.given & np.array(unclear, dtype=bool)[kinds.codes]
    which = {
        "activity-not-done": ~done,
        "activity-undated": done & ~at.given,
        "activity-side-not-known": done & strange & ~said,
        "activity-kind-not-known": by_people & strange & from_us & kinds.that(bool),
        "activity-nameless": by_people & at.given & ~theirs & (channel == _EMAIL) & ~has_owner,
    }
    problems.extend(touch_remarks(table, rows, which))


def _texts(words: Coded) -> Sequence[str]:
    return words.texts or [""]


def _is_longer_than_nothing(cell: str) -> bool:
    """Whether a time that something lasted is longer than 0.

    >>> [_is_longer_than_nothing(cell) for cell in ("00:02:10", "190", "00:00", "0", "")]
    [True, True, False, False, False]
    """
    return re.search("[1-9]", cell) is not None


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
