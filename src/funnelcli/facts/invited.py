"""Invites: each pair of who invited and who was invited counts once, on the earliest day."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from funnelcli.facts.dated import Dates
from funnelcli.facts.events import NOBODY, OPEN_END, Events, Records
from funnelcli.facts.rows import Rows
from funnelcli.problems import Problems, problem
from funnelcli.reading.tables import Table


def invite_events(table: Table, rows: Rows, records: Records, problems: Problems) -> Iterator[Events]:
    """Invites, each with the day on which the invited one came; a row that names nobody invited is one of its own.

    Whoever invites themselves invites nobody.
    """
    invited, accepted = Dates.of(rows, "invited_at"), Dates.of(rows, "accepted_at")
    other = np.full(len(rows), NOBODY) if records.other is None else records.other
    odd = (("invited-themselves", (other != NOBODY) & (other == records.entity) & invited.given),
           ("accepted-before-invited", accepted.before(invited) & (other != records.entity)))  # fmt: skip
    for code, chosen in odd:
        for row in np.flatnonzero(chosen).tolist():
            file = table.files[rows["file"][row]].name
            problems.add(problem(code, file=file, line=int(rows["line"][row]), column="invited_user_id"))
    invites = invited.events("invite", records, (other == NOBODY) | (other != records.entity))
    came = np.where(accepted.given, accepted.day, OPEN_END)[invites.row]
    whom = other[invites.row]
    order = np.lexsort((invites.row, invites.at, whom, records.entity[invites.row]))
    first, of_pair = _pairs(records.entity[invites.row][order], whom[order])
    earliest = np.full(len(first), OPEN_END)
    np.minimum.at(earliest, of_pair, came[order])
    yield invites.kept(order[first]).followed_on(earliest)


def _pairs(inviter: np.ndarray, invited: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The place of the first row of each pair, of rows in their order, and the pair of each row.

    >>> [each.tolist() for each in _pairs(np.array([1, 1, 1, 1]), np.array([-1, -1, 5, 5]))]
    [[0, 1, 2], [0, 1, 2, 2]]
    """
    begins = np.ones(len(inviter), dtype=bool)
    begins[1:] = (inviter[1:] != inviter[:-1]) | (invited[1:] != invited[:-1]) | (invited[1:] == NOBODY)
    return np.flatnonzero(begins), np.cumsum(begins) - 1
