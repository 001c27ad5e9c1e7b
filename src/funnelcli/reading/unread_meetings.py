"""Columns beside demos whose ids stand in several rows each: one meeting, and a row for everybody who was there."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence

from funnelcli.inputs.spec import Earliest, Merged
from funnelcli.reading.sample import Sample
from funnelcli.reading.unread import Unread
from funnelcli.reading.unread_numbers import Doubt
from funnelcli.text import Message

FEWEST, MOST = 3, 0.8  # ids with several rows, and their share of all ids

_WHY = Message(
    "its ids stand in several rows each, on the same day ({rows} [row|rows], {ids} [id|ids]): each row counts, and "
    "they may be of "
    "one meeting"
)
_STEP = Message("To count each once: [inputs.{stage}.columns] {by} = {header!r}")


def shared_meetings(sample: Sample, columns: Sequence[Unread]) -> Iterator[Doubt]:
    """The columns whose cells hold nearly all rows in groups of one day each, of several people."""
    declared, opened = sample.opened.input, sample.opened
    identity = declared.identity
    if declared.outcome is None or not isinstance(identity, Earliest | Merged) or opened.has(identity.by):
        return
    people = sample.looked_at(declared.person or "")
    days = [moment[:10] for moment in sample.looked_at(declared.events[0].at)]
    for column in columns:
        rows: dict[str, list[int]] = defaultdict(list)
        for row, cell in enumerate(column.cells):
            rows[cell].append(row)
        several = [of for cell, of in rows.items() if cell and len(of) > 1]
        if "" in rows or len(several) < max(FEWEST, MOST * len(rows)):
            continue
        is_one = all(len({days[row] for row in of}) == 1 and len({people[row] for row in of}) > 1 for of in several)
        if is_one and len({days[of[0]] for of in several}) > 1:
            yield Doubt(
                header=column.header,
                why=_WHY.filled(rows=len(column.cells), ids=len(rows)),
                step=_STEP.filled(stage=declared.name, by=identity.by, header=column.header),
            )
