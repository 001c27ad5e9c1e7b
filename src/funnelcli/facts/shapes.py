"""Files of rows that last which may be something else: lists of payments, lists of who is there at the time."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import pairwise

import numpy as np
import pandas as pd

from funnelcli.config import PaidUsers
from funnelcli.facts.events import OPEN_END
from funnelcli.problems import Problem, problem
from funnelcli.reading.tables import Table

MANY_AGAIN = 0.3  # of the people, those with several rows without an end
MOSTLY = 0.5  # of the people of the smaller file, those in both files


def shape_warnings(table: Table, rows: pd.DataFrame, rules: PaidUsers) -> Iterator[Problem]:
    """What the rows of an input look like though they are not read so; ``rows`` are all that its files hold."""
    if table.input.stays is None or rules.shape == "payments" or not len(rows):
        return
    endless = rows.loc[rows["end"] == OPEN_END]
    yield from _payments(table, rows, endless)
    if len(table.files) > 1:
        yield from _leavers(table, endless)


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


def _leavers(table: Table, endless: pd.DataFrame) -> Iterator[Problem]:
    """People of an older file who are not in a newer one that has most of the others: they may have left."""
    numbers = sorted(set(endless["file"].tolist()))
    people = {number: frozenset(endless.loc[endless["file"] == number, "entity"].tolist()) for number in numbers}
    latest = {number: int(endless.loc[endless["file"] == number, "start"].max()) for number in numbers}
    ordered = sorted(people, key=lambda number: (latest[number], table.files[number].name))
    everyone = _everyone(table)
    for older, newer in pairwise(ordered):
        common = len(people[older] & everyone[newer])
        gone = sorted(people[older] - everyone[newer])
        if gone and common >= max(1, MOSTLY * min(len(people[older]), len(people[newer]))):
            yield problem(
                "gone-from-snapshot", file=table.files[older].name, column=table.input.events[0].entity,
                count=len(gone), other=table.files[newer].name, user=gone[0],
            )  # fmt: skip


def _everyone(table: Table) -> Mapping[int, frozenset[str]]:
    """The people of each file, whatever becomes of their rows."""
    names = np.array([*table.texts[table.input.events[0].entity]], dtype=object)
    return {number: frozenset(names[table.file == number].tolist()) for number in range(len(table.files))}
