"""Activities: what was done, by whom: the customer, or somebody of ours; what is only planned does not count."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

import numpy as np

from funnelcli.facts.dated import Dates
from funnelcli.facts.events import Coded, Events, Records
from funnelcli.facts.rows import Rows
from funnelcli.inputs.activities import INBOUND, OUTBOUND, PLANNED
from funnelcli.problems import Problem, Problems, problem
from funnelcli.reading.tables import Table
from funnelcli.values.cells import read_flag
from funnelcli.values.statuses import status_key


def touch_events(table: Table, rows: Rows, records: Records, problems: Problems) -> Iterator[Events]:
    """What was done, what customers did of their own, and what somebody of ours did with them."""
    made = table.input.made
    assert made is not None
    done = ~_words(rows, "status").that(_is_planned)
    by_machine = _words(rows, "automatic").that(lambda text: bool(text) and read_flag(text) is not False)
    kinds, directions = _words(rows, "kind"), _words(rows, "direction")
    inbound, outbound = directions.that(_says(INBOUND)), directions.that(_says(OUTBOUND))
    said = inbound | outbound
    senses = [made.sense_of(text) if text else "" for text in kinds.texts] or [""]
    own, ours = (np.array([sense == name for sense in senses], dtype=bool)[kinds.codes] for name in ("own", "ours"))
    known = np.array([bool(sense) for sense in senses], dtype=bool)[kinds.codes] | said
    problems.extend(_unknown(table, rows, done & ~known))
    at = Dates.of(rows, "at")
    yield at.events("activity", records, done)
    yield at.events("own_activity", records, done & ~by_machine & np.where(said, inbound & ~outbound, own))
    yield at.events("inbound_activity", records, done & ~by_machine & inbound & ~outbound)
    yield at.events("undirected_activity", records, done & ~by_machine & ~said)
    yield at.events("outbound_touch", records, done & ~by_machine & np.where(said, outbound & ~inbound, ours))


def _words(rows: Rows, name: str) -> Coded:
    return rows.words[name] if name in rows.words else Coded.same("", len(rows))


def _is_planned(status: str) -> bool:
    """Whether a status says that it is still to be done, or will not be.

    >>> [_is_planned(word) for word in ("Completed", "Not started", "Đã lên lịch", "false", "")]
    [False, True, True, True, False]
    """
    if not status or read_flag(status) is True:
        return False
    return read_flag(status) is False or re.search(PLANNED, status_key(status)) is not None


def _says(pattern: str) -> Callable[[str], bool]:
    return lambda text: re.search(pattern, status_key(text)) is not None


def _unknown(table: Table, rows: Rows, chosen: np.ndarray) -> Iterator[Problem]:
    """A note of each file with rows of which nothing says whose doing they are."""
    for file in np.unique(rows["file"][chosen]).tolist():
        number = int((chosen & (rows["file"] == file)).sum())
        yield problem("activity-side-not-known", file=table.files[file].name, rows=number)
