"""Rows that last which may be something else: payments, or rows that take the place of earlier ones."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from funnelcli.config import Config
from funnelcli.facts.events import OPEN_END
from funnelcli.facts.payments import may_be_payments
from funnelcli.facts.rows import Rows
from funnelcli.facts.snapshots import SAID_END, SAID_START
from funnelcli.inputs.spec import Alike, Identity
from funnelcli.problems import Problem, problem
from funnelcli.reading.tables import Table
from funnelcli.values.dates import DAY_MICROS, day_of


def shape_warnings(table: Table, rows: Rows, config: Config) -> Iterator[Problem]:
    """What the rows of an input look like though they are not read so; ``rows`` are all that its files hold."""
    rules = config.paid_users
    if table.input.stays is None or rules.shape == "payments" or not len(rows):
        return
    payments = list(may_be_payments(table, rows, config))
    yield from payments
    if not payments and rules.open_rows is None:
        yield from _beside(table, rows)


# --- open rows beside each other ---------------------------------------------------------------------------------


def one_after_another(rows: Rows, identity: Identity) -> Rows:
    """The rows where an open one takes the place of the earlier open ones of the same person, as settings may say."""
    pairs = _successors(rows, identity)
    if not pairs:
        return rows
    if SAID_END not in rows:
        rows = rows.with_columns({SAID_START: rows["start"], SAID_END: rows["end"]})
    start, end = rows["start"], rows["end"].copy()
    for later, earlier in pairs:
        end[earlier] = min(end[earlier], start[later] - 1)
    return rows.with_columns({"end": end})


def _beside(table: Table, rows: Rows) -> Iterator[Problem]:
    """Open rows beside an earlier open one: an upgrade of which the old row was left open, or a second subscription."""
    assert table.input.stays is not None
    files, lines, starts = rows["file"].tolist(), rows["line"].tolist(), rows["start"].tolist()
    first: dict[int, int] = {}
    for later, earlier in _successors(rows, table.input.identity):
        first.setdefault(later, earlier)
    for later, earlier in sorted(first.items(), key=lambda pair: (files[pair[0]], lines[pair[0]])):
        yield problem(
            "open-beside-open", file=table.files[files[later]].name, line=lines[later], column=table.input.stays.end,
            user=rows.text("entity", later)[:80], since=day_of(starts[earlier] * DAY_MICROS),
        )  # fmt: skip


def _successors(rows: Rows, identity: Identity) -> list[tuple[int, int]]:
    """Pairs of open rows of one person, the later first, that differ in plan or amount and that no id tells apart."""
    if not isinstance(identity, Alike):
        return []
    is_open = np.flatnonzero((rows["end"] == OPEN_END) & rows.is_filled("entity"))
    several = is_open[rows.taken(is_open).several(["entity"])]
    if not len(several):
        return []
    some = rows.taken(several)
    words = [name for name in identity.columns if name in rows and name != identity.key]
    keys = some.list_of(identity.key) if identity.key in rows else [""] * len(several)
    said = list(zip(*(some.list_of(name) for name in words), strict=True))
    starts, entities = some.list_of("start"), some.list_of("entity")
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
