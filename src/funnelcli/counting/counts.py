"""Counts: every measure in every period, of the whole and of each part; an unknown one is missing, with its reason.

The total column is no special case: the range is counted as one more period, by the same definitions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import reduce

import numpy as np
from msgspec.structs import replace

from funnelcli.config import Config
from funnelcli.counting.absences import Absences
from funnelcli.counting.choosing import By, Choosing
from funnelcli.counting.chosen import Placed
from funnelcli.counting.durations import Durations
from funnelcli.counting.measures import FOLLOWED, Doubt, Measure
from funnelcli.counting.occurrences import Occurrences
from funnelcli.counting.opening import OpeningBalances
from funnelcli.counting.parts import Parts
from funnelcli.counting.reach import EVERYTHING, Reach, reach_of
from funnelcli.counting.reasons import (
    NOT_TOGETHER,
    after_as_of,
    begins_later,
)
from funnelcli.counting.renewing import with_renewals
from funnelcli.counting.select import Grid, day_number, unit_of
from funnelcli.counting.stated import StatedMeasures, channels_of
from funnelcli.facts.dimensions import CHANNEL, UNKNOWN
from funnelcli.facts.events import Events
from funnelcli.facts.model import Facts
from funnelcli.facts.stated import sum_of
from funnelcli.values.channels import CHANNELS, CODES, Channel
from funnelcli.values.figures import NO_SOURCE, Missing
from funnelcli.values.periods import Grain, Period, month_of
from funnelcli.values.slices import Slice


class Counts:
    """Whole numbers by measure, period, part and channel; each measure is counted when it is first asked for.

    Raises ConfigError where [opening] gives less than the exports themselves show at that day.
    """

    def __init__(
        self,
        facts: Facts,
        periods: Sequence[Period],
        as_of: date,
        parts: Parts | None = None,
        columns: Sequence[Period] = (),
        unit: Grain | None = None,
    ) -> None:
        facts = with_renewals(facts, as_of)
        self.facts = facts
        self.periods = tuple(periods)
        self.columns = tuple(columns)
        self.as_of = as_of
        self.parts = parts
        self._unit = unit or unit_of([*periods, *columns])
        self._grids: dict[Reach, Grid] = {}
        self._reaches: dict[tuple[str, Grain], Reach] = {}
        self._narrowed: dict[Period, Counts] = {}
        self._opening = OpeningBalances(facts)
        self._opening.check()
        self.stated = StatedMeasures(facts, as_of)
        self._absences = Absences(facts, self._unit)
        self.durations = Durations(self)
        self._sums: dict[tuple[object, ...], np.ndarray] = {}
        self._numbers: dict[tuple[object, ...], list[int]] = {}
        self._happened: dict[tuple[str, ...], bool] = {}
        self.occurrences = Occurrences(facts, as_of, parts)

    @property
    def config(self) -> Config:
        """The settings of the folder."""
        return self.facts.config

    def get(
        self, measure: Measure, place: int, part: Slice | None = None, only: frozenset[Channel] | None = None
    ) -> int | Missing:
        """The number of a measure in the period at a place: of a part (None: the whole), and of some channels only."""
        measure = measure.under(self.facts.config)
        if self.stated.stands_for(measure):
            lines = self.stated.lines(measure, self.periods[place], part, only)
            return lines if isinstance(lines, Missing) else sum_of(lines)
        channels = channels_of(part, only)
        of_channel = part is None or part.dimension == CHANNEL
        row = None if of_channel or part is None or self.parts is None else self.parts.place_of(part.key)
        reason = self._reason(measure, place, part, channels, row)
        if reason is not None:
            return reason
        plus = (*measure.plus, *measure.moved) if measure.moved else measure.plus
        return self._numbers_of(plus, measure.minus, measure, channels, row, measure.opening)[place]

    def unmeasured(self, measure: Measure) -> Mapping[Channel, Missing]:
        """The channels that nothing measured, and why: what is theirs is in the organic residual."""
        measure = measure.under(self.facts.config)
        if self.stated.stands_for(measure):
            return self.stated.unmeasured(measure)
        wanted = self._absences.input_of(measure)
        if wanted is None or wanted.name not in self.facts.inputs:
            return {}
        own = wanted.summed or wanted.name in self.facts.dimensions.declared[CHANNEL].homes
        known = self.facts.inputs[wanted.name]
        if not own or known.has_column("source") or known.has_column("medium"):
            return {}
        return {channel: NO_SOURCE for channel in CHANNELS if channel is not Channel.ORGANIC}

    # --- what the exports reach over -----------------------------------------------------------------------------

    def reach_of(self, measure: Measure) -> Reach:
        """The months that the export of a measure tells of."""
        return self._reach(measure, self._unit)

    def _reach(self, measure: Measure, unit: Grain) -> Reach:
        if measure.of_known or self.stated.stands_for(measure):
            return EVERYTHING
        known = [self._reach_of(wanted.name, unit) for wanted in self._absences.inputs_of(measure)]
        bounded = [reach for reach in known if reach is not EVERYTHING]
        return reduce(Reach.beside, bounded) if bounded else EVERYTHING

    def _reach_of(self, name: str, unit: Grain) -> Reach:
        if (name, unit) not in self._reaches:
            self._reaches[name, unit] = reach_of(self.facts, name, self.as_of, unit)
        return self._reaches[name, unit]

    def unreached(self, measure: Measure, place: int) -> Missing | None:
        """Why the export of a measure tells nothing of a period; of a range, nothing of what its balance is that of.

        The opening of a range is its first column's, the closing that of the last column which has begun.
        """
        reach, period = self.reach_of(measure), self.periods[place]
        if reach is EVERYTHING or period.start > self.as_of:
            return None
        begun = [column for column in self.columns if column.start <= self.as_of] or [period]
        if measure.when != "within":
            period = begun[0 if measure.when == "before_start" else -1]
        reason = reach.misses(period.start, max(period.start, min(period.last_day, self.as_of)))
        return reason or self._left_behind(measure, reach)

    def _left_behind(self, measure: Measure, reach: Reach) -> Missing | None:
        """Why a balance that the settings give is not known later: the export begins months after it."""
        opening, key = self.facts.config.opening, measure.opening
        if reach is not EVERYTHING and self._unit is not Grain.MONTH:
            # A balance is the same, whatever period it is the end of.
            reach = self._reach(measure, Grain.MONTH)
        keys = (key, "paid_users") if key == "mrr" else (key,)
        if opening is None or all(name is None or self._opening.given(name) is None for name in keys):
            return None
        return reach.before if reach.start is not None and opening.first_day < reach.start else None

    def has_begun(self, period: Period) -> bool:
        """Whether a period has begun by as_of."""
        return period.start <= self.as_of

    def ahead(self, period: Period) -> Missing | None:
        """Why nothing is known of a period: it begins after as_of."""
        return None if self.has_begun(period) else after_as_of(self.as_of)

    def begins_after(self, measures: Iterable[Measure], day: date) -> Missing | None:
        """Why nothing is known from a day on: the rows of a measure begin in a later month."""
        for measure in measures:
            wanted = self._absences.input_of(measure)
            extent = None if wanted is None else self.facts.extents.get(wanted.name)
            if wanted is not None and extent is not None and day < month_of(extent.first).start:
                return begins_later(wanted, extent.first, self.as_of)
        return None

    def ends_before(self, measures: Iterable[Measure], day: date) -> Missing | None:
        """Why not all is known up to a day: the export of a measure tells nothing of its month."""
        reaches = map(self.reach_of, measures)
        return next((reach.after for reach in reaches if reach.end is not None and reach.end <= day), None)

    def over(self, period: Period) -> Counts:
        """The counts of another period, in its place 0."""
        if period not in self._narrowed:
            self._narrowed[period] = Counts(self.facts, [period], self.as_of, self.parts, unit=self._unit)
        return self._narrowed[period]

    def is_over(self, place: int) -> bool:
        """Whether a period is over by as_of."""
        return self.periods[place].last_day <= self.as_of

    def narrowed(self, measures: Iterable[Measure], place: int) -> Counts | Missing | None:
        """The counts of the part of a period that the exports of all the measures tell of.

        None where that is the whole of it; where there is no such part, why.
        """
        period = self.periods[place]
        if period.start > self.as_of:
            return None
        part = period
        for reach in map(self.reach_of, measures):
            part = part if reach is EVERYTHING else reach.within(part)
        if part.start >= part.end or part.start > self.as_of:
            return NOT_TOGETHER
        if part == period:
            return None
        return self.over(part)

    # --- why there is no number ----------------------------------------------------------------------------------

    def _reason(
        self,
        measure: Measure,
        place: int,
        part: Slice | None,
        channels: frozenset[Channel] | None,
        row: int | None,
    ) -> Missing | None:
        reason = self._absences.absence(measure) or self._absences.unfitted(measure)
        reason = reason or self._doubt(measure, place, None, None, of_whole=True)
        if reason is None and measure.opening is not None:
            reason = self._opening.reason(measure.opening, day_number(self.periods[place].start))
        elif reason is None and measure.choice is not None and measure.choice.since_start:
            reason = self._opening.before("mrr", day_number(self.periods[place].start))
        if reason is None and self.periods[place].start > self.as_of:
            reason = after_as_of(self.as_of)
        if reason is None:
            reason = self.unreached(measure, place) or self._absences.dated_by_month(measure)
        if reason is None:
            reason = self._doubt(measure, place, channels, row, of_whole=False)
        return reason or self._absences.unsplit(measure, part)

    def _doubt(
        self, measure: Measure, place: int, channels: frozenset[Channel] | None, row: int | None, *, of_whole: bool
    ) -> Missing | None:
        """Why a figure is missing though there is an export: it counts events that the data leave in doubt."""
        for doubt in measure.doubts:
            may_be = doubt.without or self._have_happened((*doubt.events, *doubt.minus))
            if doubt.of_whole is not of_whole or not may_be:
                continue
            follows = measure.choice is not None and measure.choice.since_start
            if follows and not doubt.of_whole and self._have_happened(doubt.events):
                number = self._part(self._placed_sums(measure, "part", doubt), channels, row)[place]
            else:
                asked = replace(measure, choice=None, where=() if doubt.of_whole else measure.where)
                if doubt.when is not None:
                    asked = replace(asked, when=doubt.when, since=None, now=None, held=None)
                number = self._numbers_of(doubt.events, doubt.minus, asked, channels, row, None)[place]
            if bool(number) is not doubt.without:
                return doubt.reason(number)
        return None

    def _have_happened(self, names: tuple[str, ...]) -> bool:
        """Whether there are any events of these names at all."""
        if names not in self._happened:
            self._happened[names] = any(len(self.facts.events.get(name, ())) for name in names)
        return self._happened[names]

    # --- the numbers ---------------------------------------------------------------------------------------------

    def _numbers_of(
        self,
        plus: tuple[str, ...],
        minus: tuple[str, ...],
        measure: Measure,
        channels: frozenset[Channel] | None,
        row: int | None,
        opening: str | None,
    ) -> list[int]:
        """What is counted in each period: of some channels (None: all) and of the part in a row (None: all)."""
        key = (plus, minus, *measure.selecting, channels, row, opening)
        if key not in self._numbers:
            by: By = "part" if row is not None else "whole" if channels is None else "channel"
            chooses = measure.choice is not None
            sums = self._placed_sums(measure, by) if chooses else self._summed(plus, minus, measure)
            known = opening is not None and all(where.fits(UNKNOWN) for where in measure.where)
            beyond = self._opening.beyond(opening) if opening is not None and known else 0
            if beyond:
                sums = sums.copy()
                place = 0 if self.parts is None or self.parts.dimension == CHANNEL else self.parts.place_of(UNKNOWN)
                sums[place, CODES[Channel.UNKNOWN]] += beyond
            self._numbers[key] = self._part(sums, channels, row)
        return self._numbers[key]

    @staticmethod
    def _part(sums: np.ndarray, channels: frozenset[Channel] | None, row: int | None) -> list[int]:
        """Of sums by part, channel and period those of some channels, and of the part in a row."""
        sums = sums if row is None else sums[row : row + 1]
        sums = sums if channels is None else sums[:, [CODES[channel] for channel in channels]]
        numbers: list[int] = sums.sum(axis=(0, 1)).tolist()
        return numbers

    @property
    def _shape(self) -> tuple[int, int, int]:
        split = self.parts is not None and self.parts.dimension != CHANNEL
        return (len(self.parts.slices) if split and self.parts else 1, len(CHANNELS), len(self.periods))

    def _summed(self, plus: tuple[str, ...], minus: tuple[str, ...], measure: Measure) -> np.ndarray:
        key = (plus, minus, *measure.selecting)
        if key not in self._sums:
            sums = np.zeros(self._shape, dtype=np.int64)
            for sign, names in ((1, plus), (-1, minus)):
                for name in names:
                    events = self.occurrences.of(name, measure.where)
                    if events is not None:
                        sums += sign * self._sum(events, measure)
            self._sums[key] = sums
        return self._sums[key]

    def chosen(self, measure: Measure, period: Period, by: By) -> list[Placed]:
        """The events that a measure with a choice counts in a period, of entities or of what they have in each part."""
        assert measure.choice is not None
        choosing = self._choosing(measure, period)
        if not measure.choice.since_start:
            return [choosing.largest(measure.choice.most, by)]
        return next(choosing.followed([measure.choice.of]))

    def _choosing(self, measure: Measure, period: Period) -> Choosing:
        return Choosing(self.occurrences, measure, period, self.reach_of(measure))

    def _placed_sums(self, measure: Measure, by: By, doubt: Doubt | None = None) -> np.ndarray:
        """The weights of the events of a measure with a choice, or of those in doubt, by part, channel and period.

        Those who are followed are looked for once, whatever is asked of them.
        """
        assert measure.choice is not None
        follows = measure.choice.since_start and doubt is None
        several = FOLLOWED if follows else (measure.choice.of,)
        asked = (
            measure.plus,
            measure.minus,
            measure.where,
            None if follows else by,
            doubt and (doubt.events, doubt.minus),
        )
        if (*asked, measure.choice.of) not in self._sums:
            sums = {of: np.zeros(self._shape, dtype=np.int64) for of in several}
            for place, period in enumerate(self.periods):
                choosing = self._choosing(measure, period)
                if follows:
                    placed = choosing.followed(several)
                elif doubt is not None:
                    placed = iter([choosing.unsure(doubt, measure.choice.of)])
                else:
                    placed = iter([[choosing.largest(measure.choice.most, by)]])
                for of, theirs in zip(several, placed, strict=True):
                    for each in theirs:
                        places = (*self._places(each.at), np.full(len(each.at), place))
                        np.add.at(sums[of], places, each.at.weight if doubt is None else 1)
            self._sums |= {(*asked, of): numbers for of, numbers in sums.items()}
        return self._sums[(*asked, measure.choice.of)]

    def _places(self, events: Events) -> tuple[np.ndarray, np.ndarray]:
        """The part and the channel of each event, as places."""
        return self.occurrences.parts_of(events), self.occurrences.channels_of(events)

    def _sum(self, events: Events, measure: Measure) -> np.ndarray:
        """The weights of events by part, channel and period."""
        parts, channels, periods = self._shape
        sums = np.zeros((parts, channels, periods + 1), dtype=np.int64)
        places = (
            self.occurrences.parts_of(events),
            self.occurrences.channels_of(events),
            self.first_period(measure, events),
        )
        np.add.at(sums, places, events.weight)
        sums = sums[:, :, :periods]
        return sums if measure.when == "within" else np.cumsum(sums, axis=2)

    def first_period(self, measure: Measure, events: Events) -> np.ndarray:
        """The first period that each event counts in; the number of periods where it counts in none."""
        first = self._grid(measure).first_period(measure, events)
        return (
            np.where(self.occurrences.fitting(events, measure.where), first, len(self.periods))
            if measure.where
            else first
        )

    def _grid(self, measure: Measure) -> Grid:
        reach = self.reach_of(measure)
        if reach not in self._grids:
            self._grids[reach] = Grid(self.periods, self.as_of, reach, self.occurrences.holding)
        return self._grids[reach]


def count(
    facts: Facts, periods: Sequence[Period], as_of: date, parts: Parts | None = None, *, columns: Sequence[Period] = ()
) -> Counts:
    """The counts of adjoining ``periods`` up to ``as_of``; with ``parts`` also of each part.

    ``columns`` are the periods that a range is made of, where it is counted as one.
    """
    return Counts(facts, periods, as_of, parts, columns)
