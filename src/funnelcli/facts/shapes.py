"""Files of rows that last which may be something else: lists of payments, lists of who is there at the time."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

import numpy as np
import pandas as pd

from funnelcli.config import PaidUsers
from funnelcli.facts.events import OPEN_END
from funnelcli.problems import Problem, problem
from funnelcli.reading.tables import Table
from funnelcli.values.dates import DAY_MICROS

MANY_AGAIN = 0.3  # of the people, those with several rows without an end
MOSTLY = 0.5  # of the people of an older file, those who stand in the newer one with the same start
SEVERAL = 2


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
    """People of an older file who are not in a newer one that has most of its rows once more: they may have left."""
    assert table.input.stays is not None
    start = table.moments[table.input.stays.start].micros // DAY_MICROS
    names = np.array([*table.texts[table.input.events[0].entity]], dtype=object)
    numbers = sorted(set(endless["file"].tolist()))
    latest = {number: int(endless.loc[endless["file"] == number, "start"].max()) for number in numbers}
    ordered = sorted(numbers, key=lambda number: (latest[number], table.files[number].name))
    for older, newer in pairwise(ordered):
        begun = {
            number: dict(zip(names[table.file == number].tolist(), start[table.file == number].tolist(), strict=True))
            for number in (older, newer)
        }
        common = [person for person, day in begun[older].items() if begun[newer].get(person) == day]
        gone = sorted(set(begun[older]) - set(begun[newer]))
        if gone and len(common) >= max(SEVERAL, MOSTLY * len(begun[older])):
            yield problem(
                "gone-from-snapshot", file=table.files[older].name, column=table.input.events[0].entity,
                count=len(gone), other=table.files[newer].name, user=gone[0],
            )  # fmt: skip
