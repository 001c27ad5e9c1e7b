"""Rows of hand-overs as events: when each was accepted and when it came back, tied to the row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from funnelcli.config import Config
from funnelcli.facts.dated import Dates
from funnelcli.facts.events import Events, Records
from funnelcli.facts.handovers import NEVER, handover_rows, handovers_by
from funnelcli.facts.rows import Rows
from funnelcli.problems import Problems, problem
from funnelcli.reading.tables import Table
from funnelcli.values.dates import DAY_MICROS


def handover_row_events(table: Table, rows: Rows, records: Records, problems: Problems) -> Iterator[Events]:
    """When rows of hand-overs were accepted and returned; what was before the hand-over is named in ``problems``."""
    handed, accepted, returned = (Dates.of(rows, name) for name in ("handed_over_at", "accepted_at", "returned_at"))

    def named(which: np.ndarray, kind: str, column: str) -> np.ndarray:
        for row in np.flatnonzero(which).tolist():
            file = table.files[rows["file"][row]].name
            problems.add(problem(kind, file=file, line=int(rows["line"][row]), column=column))
        return which

    came_back = ~named(returned.before(handed), "returned-before-handover", "returned_at")
    taken = ~named(accepted.before(handed), "accepted-before-handover", "accepted_at")
    taken &= ~named(returned.before(accepted) & came_back & taken, "accepted-after-return", "accepted_at")
    for name, dates, counts in (
        ("handover_accepted_row", accepted, taken), ("handover_returned_row", returned, came_back),
    ):  # fmt: skip
        events = dates.events(name, records, counts)
        yield events.tied(events.row)


def handed_events(config: Config, events: Mapping[str, Events]) -> Iterator[Events]:
    """When leads were handed over, where files or columns of dates say so; each by its row.

    Whatever is not known by a day is later than it, and the first dates of a lead stay.
    """
    if not any(name in events and len(events[name]) for name in ("handover_row", "became_mql", "owner_assigned")):
        return
    rows = handover_rows(config, events)
    if rows is None or rows.rule not in ("handovers", "owners", "became_mql", "owner_assigned"):
        return
    known = handovers_by(rows, NEVER - 1)
    when = known.when
    yield Events.of(
        "handed_over", rows.records, known.row, when.at // DAY_MICROS, at=when.at, timed=when.timed,
        link=np.arange(len(known)),
    )  # fmt: skip
