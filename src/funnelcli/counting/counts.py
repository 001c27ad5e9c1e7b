"""Counts: every measure in every period, of the whole and of each part; an unknown one is missing, with its reason.

The total column is no special case: the range is counted as one more period, by the same definitions.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

from funnelcli.config import Config
from funnelcli.counting.choosing import By, Choosing
from funnelcli.counting.chosen import Amounts, Placed
from funnelcli.counting.durations import Durations
from funnelcli.counting.handed import with_handed
from funnelcli.counting.measures import FOLLOWED, Doubt, Measure
from funnelcli.counting.occurrences import Occurrences
from funnelcli.counting.parts import Parts
from funnelcli.counting.ranked import Ranked, ranked
from funnelcli.counting.reach import EVERYTHING, Reach
from funnelcli.counting.reaching import Reaching
from funnelcli.counting.reasons import (
    NOT_TOGETHER,
    after_as_of,
)
from funnelcli.counting.renewing import with_renewals
from funnelcli.counting.select import Grid, day_number
from funnelcli.counting.stated import channels_of
from funnelcli.facts.dimensions import CHANNEL, UNKNOWN
from funnelcli.facts.events import Events
from funnelcli.facts.model import Facts
from funnelcli.facts.stated import sum_of
from funnelcli.facts.sums import sums_by
from funnelcli.values.channels import CHANNELS, CODES, Channel
from funnelcli.values.figures import NO_SOURCE, Missing
from funnelcli.values.periods import Grain, Period
from funnelcli.values.slices import Slice


class _Wanted(Struct, kw_only=True):
    """A measure as the settings want it, of a part and of some channels: what of it is the same in every period.

    ``declared`` is the measure that it was made of, which is kept so that no other takes its place in memory.
    ``absence`` is why it is counted in no period, ``unsplit`` and ``by_month`` are reasons that others come before,
    and ``doubts`` are those that there may be of it.
    """

    declared: Measure
    measure: Measure
    channels: frozenset[Channel] | None
    row: int | None
    absence: Missing | None
    unsplit: Missing | None
    by_month: Missing | None
    doubts: list[Doubt]
    reasons: dict[int, Missing | None] = field(default_factory=dict)  # by period, the same in every part
    numbers: list[int] | None = None
    doubted: dict[int, list[int]] = field(default_factory=dict)  # by the place of a doubt, in each period


class Counts(Reaching):
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
        beside: Counts | None = None,
    ) -> None:
        facts = with_renewals(with_handed(facts, as_of), as_of)
        super().__init__(facts, periods, as_of, columns, unit)
        self.parts = parts
        self.durations = Durations(self)
        self._grids: dict[Reach, Grid] = {}
        self._narrowed: dict[Period, Counts] = {}
        self._wanted: dict[tuple[int, str | None, frozenset[Channel] | None], _Wanted] = {}
        self._of_whole: dict[int, _Wanted] = {}
        self._nothing = np.zeros(self._shape, dtype=np.int64)
        self._sums: dict[tuple[object, ...], np.ndarray] = {}
        self._by_channel: dict[tuple[int, int | None], tuple[np.ndarray, list[list[int]]]] = {}
        self._numbers: dict[tuple[object, ...], list[int]] = {}
        self._happened: dict[tuple[str, ...], bool] = {}
        self.occurrences: Occurrences = beside.occurrences if beside else Occurrences(facts, as_of, parts)

    @property
    def config(self) -> Config:
        """The settings of the folder."""
        return self.facts.config

    def get(
        self, measure: Measure, place: int, part: Slice | None = None, only: frozenset[Channel] | None = None
    ) -> int | Missing:
        """The number of a measure in the period at a place: of a part (None: the whole), and of some channels only."""
        wanted = self._wanted_of(measure, part, only)
        measure = wanted.measure
        if self.stated.stands_for(measure):
            lines = self.stated.lines(measure, self.periods[place], part, only)
            return lines if isinstance(lines, Missing) else sum_of(lines)
        reason = wanted.absence or self._reason(wanted, place)
        if reason is not None:
            return reason
        if wanted.numbers is None:
            plus = (*measure.plus, *measure.moved) if measure.moved else measure.plus
            wanted.numbers = self._numbers_of(
                plus, measure.minus, measure, wanted.channels, wanted.row, measure.opening
            )
        return wanted.numbers[place]

    def _wanted_of(self, declared: Measure, part: Slice | None, only: frozenset[Channel] | None) -> _Wanted:
        key = (id(declared), None if part is None else f"{part.dimension}:{part.key}", only)
        wanted = self._wanted.get(key)
        if wanted is None:
            if id(declared) not in self._of_whole:
                self._of_whole[id(declared)] = self._wanted_of_whole(declared)
            wanted = self._of_whole[id(declared)]
            if part is not None or only is not None:
                of_channel = part is None or part.dimension == CHANNEL
                row = None if of_channel or part is None or self.parts is None else self.parts.place_of(part.key)
                unsplit = self._absences.unsplit(wanted.measure, part)
                channels = channels_of(part, only)
                wanted = replace(wanted, channels=channels, row=row, unsplit=unsplit, numbers=None, doubted={})
            self._wanted[key] = wanted
        return wanted

    def _wanted_of_whole(self, declared: Measure) -> _Wanted:
        measure = declared.under(self.facts.config)
        return _Wanted(
            declared=declared,
            measure=measure,
            channels=None,
            row=None,
            absence=self._absences.absence(measure) or self._absences.unfitted(measure),
            unsplit=None,
            by_month=self._absences.dated_by_month(measure),
            doubts=[doubt for doubt in measure.doubts if self._may_be(doubt)],
        )

    def unmeasured(self, measure: Measure) -> Mapping[Channel, Missing]:
        """The channels that nothing measured, and why: what is theirs is in the organic residual."""
        measure = measure.under(self.facts.config)
        if self.stated.stands_for(measure):
            return self.stated.unmeasured(measure)
        wanted = self._absences.input_of(measure)
        if wanted is None or wanted.name not in self.facts.inputs:
            return {}
        homes = self.facts.dimensions.declared[CHANNEL].homes
        own = wanted.summed or wanted.name in homes
        # What has no source of its own has that of the person.
        saying = [self.facts.inputs[name] for name in (wanted.name, *homes) if name in self.facts.inputs]
        if any(known.has_column("source") or known.has_column("medium") for known in (saying[:1] if own else saying)):
            return {}
        return {channel: NO_SOURCE for channel in CHANNELS if channel is not Channel.ORGANIC}

    # --- the counts of other periods ------------------------------------------------------------------------------

    def over(self, period: Period) -> Counts:
        """The counts of another period, in its place 0."""
        if period not in self._narrowed:
            self._narrowed[period] = Counts(self.facts, [period], self.as_of, self.parts, unit=self._unit, beside=self)
        return self._narrowed[period]

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

    def _reason(self, wanted: _Wanted, place: int) -> Missing | None:
        """Why there is no number of a measure in a period, though the exports tell of it."""
        if place not in wanted.reasons:
            wanted.reasons[place] = self._reason_of_whole(wanted, place)
        reason = wanted.reasons[place]
        if reason is None and wanted.doubts:
            reason = self._doubt(wanted, place, of_whole=False)
        return reason or wanted.unsplit

    def _reason_of_whole(self, wanted: _Wanted, place: int) -> Missing | None:
        """Why there is none of the whole, and therefore none of any part."""
        measure, start = wanted.measure, self.periods[place].start
        reason = self._doubt(wanted, place, of_whole=True) if wanted.doubts else None
        if reason is None and measure.opening is not None:
            reason = self._opening.reason(measure.opening, day_number(start))
        elif reason is None and measure.choice is not None and measure.choice.since_start:
            reason = self._opening.before("mrr", day_number(start))
        if reason is None and start > self.as_of:
            reason = after_as_of(self.as_of)
        return reason or self.unreached(measure, place) or wanted.by_month

    def _may_be(self, doubt: Doubt) -> bool:
        return doubt.without or self._have_happened((*doubt.events, *doubt.minus))

    def _doubt(self, wanted: _Wanted, place: int, *, of_whole: bool) -> Missing | None:
        """Why a figure is missing though there is an export: it counts events that the data leave in doubt."""
        for number, doubt in enumerate(wanted.doubts):
            if doubt.of_whole is not of_whole:
                continue
            if number not in wanted.doubted:
                wanted.doubted[number] = self._doubted(wanted, doubt)
            events = wanted.doubted[number][place]
            if bool(events) is not doubt.without:
                return doubt.reason(events)
        return None

    def _doubted(self, wanted: _Wanted, doubt: Doubt) -> list[int]:
        """How many events there are in each period that a doubt is about: of the whole, or of what is asked for."""
        measure = wanted.measure
        channels, row = (None, None) if doubt.of_whole else (wanted.channels, wanted.row)
        follows = measure.choice is not None and measure.choice.since_start
        if follows and not doubt.of_whole and self._have_happened(doubt.events):
            return self._part(self._placed_sums(measure, "part", doubt), channels, row)
        asked = replace(measure, choice=None, where=() if doubt.of_whole else measure.where)
        if doubt.when is not None:
            asked = replace(asked, when=doubt.when, since=None, now=None, held=None)
        return self._numbers_of(doubt.events, doubt.minus, asked, channels, row, None)

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

    def _part(self, sums: np.ndarray, channels: frozenset[Channel] | None, row: int | None) -> list[int]:
        """Of sums by part, channel and period those of some channels, and of the part in a row."""
        if sums is self._nothing or (channels is not None and not channels):
            return [0] * len(self.periods)
        of_part = sums if row is None else sums[row : row + 1]
        if channels is None:
            numbers: list[int] = of_part.sum(axis=(0, 1)).tolist()
            return numbers
        known = self._by_channel.get((id(sums), row))
        if known is None:
            known = self._by_channel[id(sums), row] = (sums, of_part.sum(axis=0).tolist())
        return [sum(of_channels) for of_channels in zip(*(known[1][CODES[c]] for c in channels), strict=True)]

    @property
    def _shape(self) -> tuple[int, int, int]:
        split = self.parts is not None and self.parts.dimension != CHANNEL
        return (len(self.parts.slices) if split and self.parts else 1, len(CHANNELS), len(self.periods))

    def _summed(self, plus: tuple[str, ...], minus: tuple[str, ...], measure: Measure) -> np.ndarray:
        key = (plus, minus, *measure.selecting)
        if key not in self._sums:
            sums = self._nothing
            for sign, names in ((1, plus), (-1, minus)):
                for name in names:
                    events = self.occurrences.of(name, measure.where)
                    if events is not None and len(events):
                        sums = sums + sign * self._sum(events, measure)
            self._sums[key] = sums
        return self._sums[key]

    def chosen(self, measure: Measure, period: Period, by: By) -> list[Placed]:
        """The events that a measure with a choice counts in a period, of entities or of what they have in each part."""
        assert measure.choice is not None
        choosing = self._choosing(measure, period)
        if measure.choice.since_start:
            return choosing.placed(measure.choice.of)
        events = choosing.largest(measure.choice.most, by)
        return [Placed(events=events, at=events)]

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
                    held, weights = choosing.followed(several)
                    for of, of_part in zip(several, self._by_part(held, *weights), strict=True):
                        sums[of][:, :, place] = of_part
                    continue
                if doubt is not None:
                    amounts = choosing.unsure(doubt, measure.choice.of)
                else:
                    amounts = [Amounts.of(choosing.largest(measure.choice.most, by))]
                for each in amounts:
                    weight = each.weight if doubt is None else np.ones(len(each), dtype=np.int64)
                    (of_part,) = self._by_part(each, weight)
                    sums[measure.choice.of][:, :, place] += of_part
            self._sums |= {(*asked, of): numbers for of, numbers in sums.items()}
        return self._sums[(*asked, measure.choice.of)]

    def _by_part(self, amounts: Amounts, *weights: np.ndarray) -> list[np.ndarray]:
        """The sums of some weights by part and channel."""
        parts, channels, _ = self._shape
        place = self.occurrences.parts_of(amounts) * channels + self.occurrences.channels_of(amounts)
        return [sums_by(place, weight, parts * channels).reshape(parts, channels) for weight in weights]

    def _sum(self, events: Events, measure: Measure) -> np.ndarray:
        """The weights of events by part, channel and period."""
        parts, channels, periods = self._shape
        of_part = self.occurrences.parts_of(events) * channels + self.occurrences.channels_of(events)
        place = of_part * (periods + 1) + self.first_period(measure, events)
        sums = sums_by(place, events.weight, parts * channels * (periods + 1))
        sums = sums.reshape(parts, channels, periods + 1)[:, :, :periods]
        return sums if measure.when == "within" else np.cumsum(sums, axis=2)

    def ranked(self, of: Measure, reached: Measure, place: int, part: Slice | None) -> Ranked:
        """How well the scores of those of a period put those first who reached something."""
        return ranked(self, of, reached, place, part)

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
    facts: Facts,
    periods: Sequence[Period],
    as_of: date,
    parts: Parts | None = None,
    *,
    columns: Sequence[Period] = (),
    beside: Counts | None = None,
) -> Counts:
    """The counts of adjoining ``periods`` up to ``as_of``; with ``parts`` also of each part.

    ``columns`` are the periods that a range is made of, where it is counted as one.  Counts ``beside`` those of other
    periods, of the same facts, day and parts, take from them what is the same.
    """
    return Counts(facts, periods, as_of, parts, columns, beside=beside)
