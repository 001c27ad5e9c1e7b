"""What is stuck on a journey: in a stage for longer than its limit, since it came to it last."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime

import numpy as np
from msgspec import Struct

from funnelcli.answers.cohorts import in_days
from funnelcli.answers.journey import JourneyRequest, followed_trail
from funnelcli.answers.named import value_named
from funnelcli.answers.report import check_dimension, sources_of
from funnelcli.answers.report_model import Source
from funnelcli.answers.spec import resolve_as_of
from funnelcli.counting.select import day_number
from funnelcli.counting.stage_times import Waiting, stays_in, waiting_in
from funnelcli.facts.events import NOBODY, Records
from funnelcli.facts.journeys import Journey, Stage
from funnelcli.facts.model import Facts
from funnelcli.facts.moments import HOUR_MICROS, months_later
from funnelcli.facts.trails import Trail, worth_of
from funnelcli.stats.survival import kaplan_meier
from funnelcli.values.dates import DAY_MICROS, day_of
from funnelcli.values.figures import in_units
from funnelcli.values.windows import Window, parse_window

USUAL_SHARE = 0.9  # of those who leave a stage, by when this share has


class Limit(Struct, frozen=True, kw_only=True):
    """How long a stage may last: the days, and whether the settings say so; None where nothing has ever left it."""

    stage: Stage
    days: float | None
    given: Window | None = None

    @property
    def about(self) -> float:
        """The days of it, months reckoned as 30 of them: to put what is stuck in order."""
        if self.given is None:
            return self.days or 1.0
        return self.given.number * {"d": 1.0, "w": 7.0, "m": 30.0, "h": 1 / 24}[self.given.unit]

    @property
    def text(self) -> str:
        """How it is written."""
        if self.given is not None or self.days is None:
            return self.given.text if self.given is not None else ""
        return f"{round(self.days, 1):g}d" if self.days >= 1 else f"{round(self.days * 24):g}h"


class Stuck(Struct, frozen=True, kw_only=True):
    """One that is stuck: what it is, in which stage since when, and what else is known of it."""

    name: str
    person: str
    stage: Stage
    since: date
    days: int
    limit: Limit
    owner: str
    channel: str
    part: str
    amount: float | None
    file: str
    line: int | None


class StuckList(Struct, frozen=True, kw_only=True):
    """All that is stuck on a journey on a day, the longest over its limit first; ``waiting`` counts all in a stage.

    ``by`` is the dimension that was asked for.
    """

    journey: Journey
    as_of: date
    timezone: str
    currency: str
    limits: tuple[Limit, ...]
    rows: tuple[Stuck, ...]
    waiting: int
    by: str | None = None
    sources: tuple[Source, ...] = ()


def stuck_on(facts: Facts, request: JourneyRequest, now: datetime, *, part: str | None = None) -> StuckList:
    """What waits in a stage for longer than ``[journeys.NAME.limits]`` allow, else than nine in ten who left it did.

    ``part`` is the value of the dimension ``by`` that is asked for.  Raises UsageError for journeys and dimensions that
    there are not, InputError where nothing enters the journey.
    """
    journey, trail, _ = followed_trail(facts, request.name)
    as_of = resolve_as_of(request.as_of, facts.extents, facts.config.business.timezone, now)
    if request.by is not None:
        check_dimension(facts, request.by)
    until = day_number(as_of)
    limits: list[Limit] = []
    rows: list[Stuck] = []
    number = 0
    for stage in journey.ways:
        waiting = waiting_in(trail, journey.place(stage.name), until)
        limit = _limit(journey, stage, trail, until)
        limits.append(limit)
        number += len(waiting.place)
        rows += list(_stuck_in(facts, trail, waiting, limit, until, request.by))
    if part is not None and request.by is not None:
        parts = (events.records for events in trail.parts)
        part = value_named(
            part, request.by, (text for own in parts for text in facts.dimensions.of(request.by, own).texts)
        )
        rows = [row for row in rows if row.part == part]
    rows.sort(key=lambda row: (-row.days / row.limit.about, row.name))
    return StuckList(
        journey=journey, as_of=as_of, timezone=facts.config.business.timezone, currency=facts.currency,
        limits=tuple(limits), rows=tuple(rows), waiting=number, by=request.by,
        sources=sources_of(facts),
    )  # fmt: skip


def _limit(journey: Journey, stage: Stage, trail: Trail, until: int) -> Limit:
    """The limit of a stage, as the settings say it or as those who left it show."""
    given = journey.limits.get(stage.name)
    if given is not None:
        window = parse_window(given)
        return Limit(stage=stage, days=None, given=window)
    stays = stays_in(trail, journey.place(stage.name), until)
    curve = kaplan_meier(stays.times, stays.became)
    return Limit(stage=stage, days=in_days(curve.percentile(USUAL_SHARE, of=curve.height)))


def _over(limit: Limit, waiting: Waiting, since: np.ndarray, until: int) -> np.ndarray:
    """Who is over the limit by the end of a day: of days by the calendar, of hours by the clock."""
    if limit.given is not None:
        window = limit.given
        match window.unit:
            case "m":
                return np.asarray(months_later(since, window.number) < until)
            case "h":
                return np.asarray(waiting.times > window.number * HOUR_MICROS)
            case _:
                return np.asarray(until - since > window.number * (7 if window.unit == "w" else 1))
    if limit.days is None:
        return np.zeros(len(since), dtype=bool)
    return np.asarray(waiting.times > limit.days * DAY_MICROS)


def _stuck_in(
    facts: Facts, trail: Trail, waiting: Waiting, limit: Limit, until: int, by: str | None
) -> Iterator[Stuck]:
    dated = trail.dated[waiting.place]
    places = waiting.place[dated & _over(limit, waiting, trail.day[waiting.place], until)]
    worth = worth_of(trail)
    for place in places.tolist():
        events = trail.parts[int(trail.part[place])]
        records, row = events.records, int(events.row[trail.place[place]])
        entity = int(records.entity[row])
        person = facts.entities[entity] if entity != NOBODY else ""
        name = person if records.subject is None else records.subjects[int(records.subject[row])]
        line = int(records.line[row])
        amount = int(worth[place])
        yield Stuck(
            name=name, person=person, stage=limit.stage, since=day_of(int(trail.day[place]) * DAY_MICROS),
            days=until - int(trail.day[place]), limit=limit, owner=_value(facts, "owner", records, row),
            channel=_value(facts, "channel", records, row), amount=None if amount < 0 else in_units(amount, 100),
            part="" if by is None else _value(facts, by, records, row),
            file=records.files[int(records.file[row])], line=None if line < 0 else line,
        )  # fmt: skip


def _value(facts: Facts, dimension: str, records: Records, row: int) -> str:
    values = facts.dimensions.of(dimension, records)
    return values.texts[int(values.codes[row])]
