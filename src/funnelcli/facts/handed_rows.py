"""Rows of hand-overs as events: when each was accepted and when it came back, tied to the row."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from funnelcli.facts.dated import Dates
from funnelcli.facts.events import Events, Records
from funnelcli.facts.rows import Rows
from funnelcli.problems import Problems
from funnelcli.reading.tables import Table


def handover_row_events(table: Table, rows: Rows, records: Records, problems: Problems) -> Iterator[Events]:
    """When rows of hand-overs were accepted and returned."""
    every = np.ones(len(rows), dtype=bool)
    for column, name in (("accepted_at", "handover_accepted_row"), ("returned_at", "handover_returned_row")):
        events = Dates.of(rows, column).events(name, records, every)
        yield events.tied(events.row)
