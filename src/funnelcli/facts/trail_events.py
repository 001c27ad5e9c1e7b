"""What happened on a trail, as events in the one table: each of the row that says so."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

import numpy as np

from funnelcli.facts.events import NOBODY, Events, Records
from funnelcli.facts.journeys import trail_event
from funnelcli.facts.trails import Mark, Trail
from funnelcli.values.dates import DAY_MICROS


def merged_records(parts: Sequence[Events], part: np.ndarray, row: np.ndarray) -> Records:
    """The rows behind entries of several inputs as records: one an entry, in their order.

    ``part`` is the place of the events of each, ``row`` that of its row among their records.
    """
    files = list(dict.fromkeys(name for each in parts for name in each.records.files))
    place_of = {name: place for place, name in enumerate(files)}
    size = len(part)
    file, line, entity = np.zeros(size, dtype=np.int64), np.full(size, -1), np.full(size, NOBODY)
    sources: list[tuple[Records, np.ndarray, np.ndarray]] = []
    for number, each in enumerate(parts):
        mine = np.flatnonzero(part == number)
        rows, records = row[mine], each.records
        own = np.array([place_of[name] for name in records.files] or [0], dtype=np.int64)
        file[mine], line[mine], entity[mine] = own[records.file[rows]], records.line[rows], records.entity[rows]
        sources.append((records, mine, rows))
    return Records(input="", files=files, file=file, line=line, entity=entity, made_of=tuple(sources))


def trail_events(trail: Trail, marks: Sequence[Mark], records: Records) -> Iterator[Events]:
    """The marks as events of the rows of one input; what another input says is of the subject's last row before.

    Where the records are those of all inputs of the journey, each is of its own row.
    """
    if records.made_of:
        yield from _of_all_inputs(trail, marks, records)
        return
    own = np.array([part.records is records for part in trail.parts], dtype=bool)[trail.part]
    places = np.where(own, np.arange(len(trail)), -1)
    latest = np.maximum.accumulate(places) if len(places) else places
    same = (latest >= 0) & (trail.subject[np.maximum(latest, 0)] == trail.subject)
    for mark in marks:
        kept = same[mark.place]
        there = latest[mark.place[kept]]
        rows = np.zeros(len(there), dtype=np.int64)
        for number, part in enumerate(trail.parts):
            mine = trail.part[there] == number
            rows[mine] = part.row[trail.place[there[mine]]]
        exact = mark.day[kept] == trail.day[mark.place[kept]]
        yield Events.of(
            trail_event(trail.journey, mark.kind, mark.stage), records, rows, mark.day[kept],
            at=np.where(exact, trail.at[mark.place[kept]], mark.day[kept] * DAY_MICROS),
            timed=np.where(exact, trail.timed[mark.place[kept]], False),
            weight=mark.weight[kept], since=mark.since[kept], link=mark.link[kept], again=mark.again[kept],
        )  # fmt: skip


def _of_all_inputs(trail: Trail, marks: Sequence[Mark], records: Records) -> Iterator[Events]:
    for mark in marks:
        exact = mark.day == trail.day[mark.place]
        yield Events.of(
            trail_event(trail.journey, mark.kind, mark.stage), records, mark.place, mark.day,
            at=np.where(exact, trail.at[mark.place], mark.day * DAY_MICROS),
            timed=np.where(exact, trail.timed[mark.place], False),
            weight=mark.weight, since=mark.since, link=mark.link, again=mark.again,
        )  # fmt: skip
