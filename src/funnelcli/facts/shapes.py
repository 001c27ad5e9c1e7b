"""Rows that last which may be something else: payments, or rows that take the place of earlier ones."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import pandas as pd

from funnelcli.config import Config
from funnelcli.facts.events import OPEN_END
from funnelcli.facts.payments import may_be_payments
from funnelcli.facts.snapshots import SAID_END, SAID_START
from funnelcli.inputs.spec import Alike, Identity
from funnelcli.problems import Problem, problem
from funnelcli.reading.tables import Table
from funnelcli.values.dates import DAY_MICROS, day_of


def shape_warnings(table: Table, rows: pd.DataFrame, config: Config) -> Iterator[Problem]:
    """What the rows of an input look like though they are not read so; ``rows`` are all that its files hold."""
    rules = config.paid_users
    if table.input.stays is None or rules.shape == "payments" or not len(rows):
        return
    payments = list(may_be_payments(table, rows, config))
    yield from payments
    if not payments and rules.open_rows is None:
        yield from _beside(table, rows)


# --- open rows beside each other ---------------------------------------------------------------------------------


def one_after_another(rows: pd.DataFrame, identity: Identity) -> pd.DataFrame:
    """The rows where an open one takes the place of the earlier open ones of the same person, as settings may say."""
    pairs = _successors(rows, identity)
    if not pairs:
        return rows
    if SAID_END not in rows:
        rows = rows.assign(**{SAID_START: rows["start"], SAID_END: rows["end"]})
    start, end = rows["start"].to_numpy(), rows["end"].to_numpy().copy()
    for later, earlier in pairs:
        end[earlier] = min(end[earlier], start[later] - 1)
    return rows.assign(end=end)


def _beside(table: Table, rows: pd.DataFrame) -> Iterator[Problem]:
    """Open rows beside an earlier open one: an upgrade of which the old row was left open, or a second subscription."""
    assert table.input.stays is not None
    files, lines, starts = rows["file"].tolist(), rows["line"].tolist(), rows["start"].tolist()
    first: dict[int, int] = {}
    for later, earlier in _successors(rows, table.input.identity):
        first.setdefault(later, earlier)
    for later, earlier in sorted(first.items(), key=lambda pair: (files[pair[0]], lines[pair[0]])):
        yield problem(
            "open-beside-open", file=table.files[files[later]].name, line=lines[later], column=table.input.stays.end,
            user=str(rows["entity"].iat[later])[:80], since=day_of(starts[earlier] * DAY_MICROS),
        )  # fmt: skip


def _successors(rows: pd.DataFrame, identity: Identity) -> list[tuple[int, int]]:
    """Pairs of open rows of one person, the later first, that differ in plan or amount and that no id tells apart."""
    if not isinstance(identity, Alike):
        return []
    is_open = (rows["end"] == OPEN_END).to_numpy() & (rows["entity"] != "").to_numpy()
    several = np.flatnonzero(is_open & rows["entity"].where(is_open).duplicated(keep=False).to_numpy())
    if not len(several):
        return []
    words = [name for name in identity.columns if name in rows and name != identity.key]
    keys = rows[identity.key].to_numpy()[several] if identity.key in rows else np.full(len(several), "")
    said = list(zip(*(rows[name].to_numpy()[several].tolist() for name in words), strict=True))
    starts, entities = rows["start"].to_numpy()[several].tolist(), rows["entity"].to_numpy()[several].tolist()
    of_person: dict[str, list[int]] = {}
    for number in sorted(range(len(several)), key=lambda number: (starts[number], number)):
        of_person.setdefault(entities[number], []).append(number)
    return [
        (int(several[later]), int(several[earlier]))
        for numbers in of_person.values()
        for place, later in enumerate(numbers)
        for earlier in numbers[:place]
        if starts[earlier] < starts[later]
        and said[earlier] != said[later]
        and (keys[earlier] == keys[later] or not keys[earlier] or not keys[later])
    ]
