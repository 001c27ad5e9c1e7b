"""A figure opened: its definition, the numbers put in, and the very rows that were counted."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from typing import Any

from msgspec import Struct

from funnelcli.answers.phrases import NO_PART, PARTS_ARE
from funnelcli.answers.report import sources_of
from funnelcli.answers.report_model import Source
from funnelcli.answers.visit_rows import visit_events
from funnelcli.counting.choosing import By
from funnelcli.counting.counts import Counts, count
from funnelcli.counting.lasting import NOT_ENDED
from funnelcli.counting.measures import Measure
from funnelcli.counting.opening import OpeningBalances
from funnelcli.counting.parts import OTHER, Parts
from funnelcli.counting.select import day_number, select
from funnelcli.facts.dimensions import CHANNEL, UNKNOWN, Dimension
from funnelcli.facts.events import NO_DAY, NO_LINE, NOBODY, Events
from funnelcli.facts.model import Facts
from funnelcli.inputs import input_of_event
from funnelcli.metrics import CATALOGUE, evaluate
from funnelcli.metrics.evaluation import Evaluation
from funnelcli.metrics.made_of import asked_of
from funnelcli.metrics.model import Balance, Flow, Formula, Metric, Monthly, Percentile, Trailing
from funnelcli.problems import BrokenIdentityError, UsageError
from funnelcli.reading.monthly import MonthlyRow
from funnelcli.text import Marked, Message, said_in_all
from funnelcli.values.channels import CHANNELS, Channel, fold
from funnelcli.values.dates import DAY_MICROS, day_of
from funnelcli.values.figures import Missing, Value, in_units
from funnelcli.values.periods import Period
from funnelcli.values.slices import Slice


class CountedRow(Struct, frozen=True, kw_only=True):
    """One row of an export that a figure counts, ``counts`` times (a row of visits may hold many).

    Of an amount it counts whole hundredths; ``per`` of what it counts make one unit of the figure.  ``part`` is the
    metric it was counted in.  ``line`` is None for balances given in the config, and ``channel`` is empty where the row
    is of several channels.  ``value`` is its value of the dimension that was asked for, ``subject`` the deal it is of.
    Of how long things take, ``lasted`` is how long this did, in units of the figure, up to the day it ``ended``, or so
    far where it has not.
    """

    part: str
    file: str
    line: int | None
    user_id: str
    day: date | None
    source: str
    channel: Channel | None
    counts: int
    per: int = 1
    value: str = ""
    subject: str = ""
    lasted: float | None = None
    ended: date | None = None

    @property
    def amount(self) -> float:
        """What it counts, in units of the figure."""
        return in_units(self.counts, self.per)


class Explanation(Struct, frozen=True, kw_only=True):
    """A metric, its value in a period, and the values of what it is made of, one level down; amounts in ``currency``.

    ``over`` is the part of the period that it is counted over: for a rate, that which the exports of both sides reach.

    ``part`` is the part of the business it is of, None for the whole; ``parts`` are the values of every part of the
    ``dimension``, where that was asked for.
    """

    metric: Metric
    period: Period
    over: Period
    as_of: date
    part: Slice | None
    dimension: Dimension | None
    value: Value
    inputs: tuple[tuple[Metric, Value], ...]
    currency: str
    parts: tuple[tuple[Slice, Value], ...] = ()
    sources: tuple[Source, ...] = ()

    @property
    def channel(self) -> Channel | None:
        """The channel it is of, None where it is of the whole or of another part."""
        return Channel(self.part.key) if self.part is not None and self.part.dimension == CHANNEL else None

    @property
    def subject(self) -> str | None:
        """The column of what it counts, like the deal, where that is another than the person."""
        for metric in (self.metric, *(metric for metric, _ in self.inputs)):
            measure = getattr(metric.kind, "measure", None)
            wanted = None if measure is None else input_of_event(measure.plus[0])
            if wanted is not None and wanted.stages is not None and wanted.stages.subject != wanted.person:
                return wanted.stages.subject
        return None

    @property
    def is_counted_at_once(self) -> bool:
        """Whether it is a sum of which a term is missing, but which is counted by a measure of its own."""
        values = {metric.key: value for metric, value in self.inputs}
        return is_counted_at_once(self.metric, {**values, self.metric.key: self.value}, self.part)


def explain_value(
    facts: Facts, metric: Metric, period: Period, as_of: date, part: Slice | None = None, split: Parts | None = None
) -> Explanation:
    """The value of a metric in a period, and its inputs: of a part, or with ``split`` of each part and the whole."""
    counts = count(facts, [period], as_of, split)
    value, inputs, over = _evaluated(counts, metric, part)
    parts = split.slices if split is not None and part is None and metric.is_split_by(split.dimension) else ()
    asked = split.dimension if split is not None else part.dimension if part is not None else None
    return Explanation(
        metric=metric,
        period=period,
        over=over,
        as_of=as_of,
        part=part,
        dimension=facts.dimensions.declared[asked] if asked is not None else None,
        value=value,
        inputs=inputs,
        currency=facts.currency,
        parts=tuple((each, evaluate(counts, 1, each, [metric.key])[metric.key][0]) for each in parts),
        sources=sources_of(facts),
    )


def _evaluated(
    counts: Counts, metric: Metric, part: Slice | None
) -> tuple[Value, tuple[tuple[Metric, Value], ...], Period]:
    """The value of a metric, those that it is made of, and the period that these are of."""
    evaluation = Evaluation(catalogue=CATALOGUE, counts=counts, period=0, part=part)
    value, narrower = evaluation.value(metric.key), evaluation.narrower(metric)
    places = [narrower if isinstance(narrower, Evaluation) else evaluation]
    if isinstance(metric.kind, Trailing):
        places = [evaluation.at(metric.kind.window(counts.periods[0], counts.as_of))]
    over = places[0].counts.periods[places[0].period]
    if isinstance(metric.kind, Monthly):
        places = evaluation.months()
    keys = metric.inputs_of(part)
    return value, tuple((CATALOGUE[key], place.value(key)) for place in places for key in keys), over


def part_named(split: Parts, name: str) -> Slice:
    """The part of a name, written as in the report; UsageError, with those there are, where there is none."""
    for part in split.slices:
        if part.key == name:
            return part
    wanted = fold(name)
    for part in split.slices:
        if wanted in (fold(part.key), *map(fold, said_in_all(part.label))):
            return part
    known = ", ".join(part.key for part in split.slices)
    option = "--channel" if split.dimension == CHANNEL else "--part"
    raise UsageError(
        NO_PART.filled(option=option, name=name, dimension=split.dimension),
        hint=PARTS_ARE.filled(dimension=split.dimension, known=known),
    )


def is_counted_at_once(metric: Metric, values: Mapping[str, Value], part: Slice | None = None) -> bool:
    """Whether a sum is not made of its terms, one of which is missing, but counted by the measure of its own."""
    kind = metric.kind
    if not isinstance(kind, Formula) or values[metric.key].value is None:
        return False
    return any(kind.needs(key, values[key]) for key in metric.inputs_of(part))


def counted_in(evaluation: Evaluation, metric: Metric) -> Iterator[tuple[Metric, Evaluation]]:
    """The counted metrics that a metric is made of in the end, each with the evaluation of the period it is counted in.

    Most are counted in the period itself, those of months before in these; each is given once.
    """
    given: set[tuple[str, Period]] = set()
    for leaf, where in _counted_in(evaluation, metric):
        place = (leaf.key, where.counts.periods[where.period])
        if place not in given:
            given.add(place)
            yield leaf, where


def _counted_in(evaluation: Evaluation, metric: Metric) -> Iterator[tuple[Metric, Evaluation]]:
    kind, part = metric.kind, evaluation.part
    places = [evaluation]
    match kind:
        case Flow() | Balance():
            yield metric, evaluation
            return
        case Formula() if is_counted_at_once(
            metric, {key: evaluation.value(key) for key in (metric.key, *metric.inputs_of(part))}, part
        ):
            yield metric, evaluation
            return
        case Trailing():
            places = [evaluation.at(kind.window(evaluation.counts.periods[evaluation.period], evaluation.counts.as_of))]
        case Monthly():
            places = evaluation.months()
        case _:
            pass
    for place in places:
        for key in metric.inputs_of(part):
            yield from _counted_in(place, CATALOGUE[key])


def counted_rows(facts: Facts, explained: Explanation, split: Parts | None = None) -> list[CountedRow]:
    """The rows behind a value: those of every counted metric in it, in the order of file and line.

    Raises BrokenIdentityError where the rows do not sum to the figure, which would be a bug.
    """
    counts = count(facts, [explained.over], explained.as_of, split)
    whole = Evaluation(catalogue=CATALOGUE, counts=counts, period=0, part=explained.part)
    rows: list[CountedRow] = []
    for leaf, evaluation in counted_in(whole, explained.metric):
        value = evaluation.value(leaf.key).value
        if value is None:
            continue
        assert isinstance(evaluation.counts, Counts)
        listed = _Listing(facts, evaluation.counts, explained, leaf, split).rows()
        summed = in_units(sum(row.counts for row in listed), _per(leaf))
        if summed != value:
            raise BrokenIdentityError(
                Message("{key}: the rows behind it sum to {summed}, not {value}. Nothing was written.").filled(
                    key=leaf.key, summed=Marked(f"{summed:g}"), value=Marked(f"{value:g}")
                )
            )
        rows.extend(sorted(listed, key=lambda row: (row.file, row.line or 0)))
    return rows


def _per(leaf: Metric) -> int:
    return leaf.kind.per if isinstance(leaf.kind, Flow | Balance | Formula) else 1


class _Listing:
    """The rows of one counted metric in one period, of the part that is asked for."""

    def __init__(self, facts: Facts, counts: Counts, explained: Explanation, leaf: Metric, split: Parts | None) -> None:
        assert isinstance(leaf.kind, Flow | Balance | Formula)
        assert leaf.kind.measure is not None
        self.facts, self.counts, self.explained, self.leaf, self.split = facts, counts, explained, leaf, split
        self.measure: Measure = leaf.kind.measure.under(facts.config)
        self.only = leaf.kind.only if isinstance(leaf.kind, Flow) else None
        self.dimension = split.dimension if split is not None else CHANNEL
        self.over = counts.periods[0]
        kind = explained.metric.kind
        self.times = kind if isinstance(kind, Percentile) and kind.of == leaf.key else None

    def rows(self) -> list[CountedRow]:
        if self.counts.stated.stands_for(self.measure):
            return self._stated_rows()
        listed: list[CountedRow] = []
        if self.measure.choice is not None:
            part = self.explained.part
            by: By = "whole" if part is None else "channel" if part.dimension == CHANNEL else "part"
            several = self.counts.chosen(self.measure, self.over, by)
            return [row for placed in several for row in self._as_rows(placed.events, placed.at)]
        reach = self.counts.reach_of(self.measure)
        known = self._events()
        for together in [list(known)] if self.measure.moved else ([events] for events in known):
            for chosen in select(
                self.measure,
                together,
                self._minus(),
                self.over,
                self.explained.as_of,
                reach,
                self.counts.occurrences.holding,
            ):
                listed.extend(self._as_rows(chosen))
        if self.measure.opening is not None and all(where.fits(UNKNOWN) for where in self.measure.where):
            opening = OpeningBalances(self.facts).events(self.measure.opening)
            begun = self.facts.config.opening
            if opening is not None and begun is not None and self.over.start >= begun.first_day:
                listed.extend(self._as_rows(opening))
        return listed

    def _stated_rows(self) -> list[CountedRow]:
        """The rows of the ready-made table that state the figure, each once."""
        lines = self.counts.stated.lines(self.measure, self.over, self.explained.part, self.only, column=self.leaf.key)
        numbers: dict[tuple[str, int, date], int] = {}
        rows: dict[tuple[str, int, date], MonthlyRow] = {}
        for line in () if isinstance(lines, Missing) else lines:
            place = (line.row.file, line.line, line.row.month)
            rows[place] = line.row
            numbers[place] = numbers.get(place, 0) + line.number
        return [self._stated_row(row, place[1], numbers[place]) for place, row in rows.items() if numbers[place]]

    def _stated_row(self, row: MonthlyRow, line: int, number: int) -> CountedRow:
        return CountedRow(
            part=self.leaf.key,
            file=row.file,
            line=line,
            user_id="",
            day=row.month,
            source="",
            channel=row.channel,
            counts=number,
            per=_per(self.leaf),
            value=row.channel.value if row.channel is not None and self.split is not None else "",
        )

    def _minus(self) -> list[Events]:
        known = [self.counts.occurrences.of(name, self.measure.where) for name in self.measure.minus]
        return [events for events in known if events is not None]

    def _events(self) -> Iterator[Events]:
        """The events to select from, with the row of each: those that are summed are read once more, row by row."""
        until = min(day_number(self.over.end) - 1, day_number(self.explained.as_of))
        for name in (*self.measure.plus, *self.measure.moved):
            wanted = input_of_event(name)
            events = self.counts.occurrences.of(name, self.measure.where)
            if wanted is not None and wanted.summed:
                yield from visit_events(self.facts, name, until)
            elif events is not None:
                yield events

    def _as_rows(self, events: Events, at: Events | None = None) -> Iterator[CountedRow]:
        """The rows that events stand for, those of the part alone: of that in which they count, if ``at`` others."""
        if self.measure.where and at is None:
            events = events.kept(self.counts.occurrences.fitting(events, self.measure.where))
        facts, records = self.facts, events.records
        rows_of_part = (events if at is None else at).row
        channels = facts.dimensions.of(CHANNEL, records).of_rows(rows_of_part)
        values = facts.dimensions.of(self.dimension, records).of_rows(rows_of_part)
        nothing = [""] * len(events)
        sources = records.words["source"].of_rows(events.row) if "source" in records.words else nothing
        names = records.words["user_id"].of_rows(events.row) if "user_id" in records.words else None
        subjects = records.subjects if records.subject is not None else ()
        of_row = records.subject[events.row].tolist() if records.subject is not None else ()
        wanted = self._wanted_channels()
        columns = (records.file[events.row], records.line[events.row], records.entity[events.row], events.day)
        lists = [column.tolist() for column in (*columns, events.weight)]
        times = list(self._times(events))
        for place, (file, line, entity, day, weight) in enumerate(zip(*lists, strict=True)):
            channel = Channel(channels[place])
            if channel not in wanted or not self._is_of_part(values[place]) or not weight:
                continue
            yield CountedRow(
                part=self.leaf.key,
                file=records.files[file],
                line=None if line == NO_LINE else line,
                user_id=names[place] if names else "" if entity == NOBODY else facts.entities[entity],
                day=day_of(day * DAY_MICROS) if day > NO_DAY else None,
                source=sources[place],
                channel=channel,
                counts=weight,
                per=_per(self.leaf),
                value=values[place] if self.split is not None else "",
                subject=subjects[of_row[place]] if of_row and of_row[place] != NOBODY else "",
                **times[place] if times else {},
            )

    def _times(self, events: Events) -> Iterator[dict[str, Any]]:
        """How long each of some events lasted, and until when; nothing of what is no percentile of that."""
        if self.times is None:
            return
        took = self.counts.durations.of_events(asked_of(self.times, CATALOGUE), events)
        for time, ended, unclear in zip(took.times.tolist(), took.ended.tolist(), took.unclear.tolist(), strict=True):
            yield {
                "lasted": None if unclear else in_units(time, self.times.per),
                "ended": None if ended == NOT_ENDED else day_of(ended * DAY_MICROS),
            }

    def _wanted_channels(self) -> frozenset[Channel]:
        channel = self.explained.channel
        return (frozenset(CHANNELS) if self.only is None else self.only) & (
            frozenset(CHANNELS) if channel is None else {channel}
        )

    def _is_of_part(self, value: str) -> bool:
        part = self.explained.part
        if part is None or part.dimension == CHANNEL or self.split is None:
            return True
        return self.split.slices[self.split.place_of(value)].key == part.key or (
            part.key == OTHER and value not in self.split.places
        )
