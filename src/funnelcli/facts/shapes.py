"""Files of rows that last which may be something else: lists of payments."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from funnelcli.config import PaidUsers
from funnelcli.facts.events import OPEN_END
from funnelcli.problems import Problem, problem
from funnelcli.reading.tables import Table

MANY_AGAIN = 0.3  # of the people, those with several rows without an end


def shape_warnings(table: Table, rows: pd.DataFrame, rules: PaidUsers) -> Iterator[Problem]:
    """What the rows of an input look like though they are not read so; ``rows`` are all that its files hold."""
    if table.input.stays is None or rules.shape == "payments" or not len(rows):
        return
    endless = rows.loc[rows["end"] == OPEN_END]
    yield from _payments(table, rows, endless)


def _payments(table: Table, rows: pd.DataFrame, endless: pd.DataFrame) -> Iterator[Problem]:
    """Rows of the same people on different days, and never an end: each may be a payment."""
    assert table.input.stays is not None
    if len(endless) < len(rows):
        return
    days = endless.drop_duplicates(["entity", "start"]).groupby("entity").size()
    again = int((days > 1).sum())
    if again >= 2 and again >= MANY_AGAIN * len(days):
        names = ", ".join(opened.name for opened in table.files)
        yield problem("payments-list", file=names, column=table.input.stays.end, again=again, people=len(days))
