"""Checked tables to Counts: measure by channel by period, zeros explicit, what cannot be told marked as missing.

The total column is no special case: the range is counted as one more period, by the same definitions.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from fractions import Fraction
from functools import lru_cache

import numpy as np
import pandas as pd

from funnelcli.config import Opening
from funnelcli.counting.monthly import from_monthly
from funnelcli.counting.reasons import (
    NO_EXISTING,
    NO_HELD,
    NOT_IN_MONTHLY,
    NOT_SPLIT,
    after_as_of,
    before_opening,
    no_export,
)
from funnelcli.facts.exports import NO_DAY, OPEN_END, Exports
from funnelcli.facts.measures import Measure
from funnelcli.facts.revenue import NO_AMOUNTS, OPENING_WITHOUT_MRR, MrrAt, book_of, reason_for
from funnelcli.facts.series import MonthlySeries
from funnelcli.facts.stays import merge_stays
from funnelcli.inputs.spec import Stage
from funnelcli.problems import ConfigError
from funnelcli.values.channels import CHANNELS, CODES, Channel
from funnelcli.values.figures import HUNDREDTHS, NO_SOURCE, Missing, in_units
from funnelcli.values.money import read_hundredths
from funnelcli.values.periods import Period

_EPOCH = date(1970, 1, 1)

STAGE_MEASURES: dict[Stage, tuple[Measure, ...]] = {
    Stage.VISITORS: (Measure.VISITS, Measure.EXISTING_VISITS),
    Stage.SIGNUPS: (Measure.SIGNUPS, Measure.REGISTERED_AT_START, Measure.REGISTERED_AT_END),
    Stage.DEMOS: (Measure.DEMOS_BOOKED, Measure.DEMOS_HELD_AT_END),
    Stage.PAID_USERS: (
        Measure.PAYING_AT_START,
        Measure.PAYING_AT_END,
        Measure.NEW_PAID,
        Measure.REACTIVATED,
        Measure.CHURNED,
        Measure.CHURN_COUNTED,
        Measure.JOINED_AND_LEFT,
        Measure.MRR_AT_END,
    ),
}


@dataclass(frozen=True, kw_only=True)
class Counts:
    """Whole numbers by measure, channel and period.

    ``values[measure]`` is an array of len(CHANNELS) rows and len(periods) columns.  ``missing[measure]`` gives for
    each period the reason why there is no number; ``unsplit`` are the measures that have no channels; ``unmeasured`` gives,
    of a measure, the channels that nothing measured, and why: what is theirs is in the organic residual.  ``mrr`` is the
    MRR at the end of each period with the rows that cannot be told, where the export has amounts.
    """

    periods: tuple[Period, ...]
    values: Mapping[Measure, np.ndarray]
    missing: Mapping[Measure, tuple[Missing | None, ...]]
    unsplit: frozenset[Measure] = frozenset()
    unmeasured: Mapping[Measure, Mapping[Channel, Missing]] = field(default_factory=dict)
    mrr: tuple[MrrAt, ...] = ()

    def get(self, measure: Measure, period: int, channels: frozenset[Channel] | None) -> int | Missing:
        """The number of a measure in a period, over some channels (None: the whole business)."""
        reason = self.missing[measure][period]
        if reason is None and measure is Measure.MRR_AT_END and self.mrr:
            reason = self._untold(self.mrr[period], channels)
        if reason is not None:
            return reason
        if channels is None:
            return int(self.values[measure][:, period].sum())
        if measure in self.unsplit:
            return NOT_SPLIT
        return int(sum(self.values[measure][CODES[c], period] for c in channels))

    @staticmethod
    def _untold(at: MrrAt, channels: frozenset[Channel] | None) -> Missing | None:
        """Why the MRR of some channels is missing: rows in force without an amount."""
        codes = [CODES[c] for c in CHANNELS if channels is None or c in channels]
        return reason_for(int(at.unpriced[codes].sum()), int(at.undecided[codes].sum()))


@dataclass(frozen=True)
class _Events:
    """Things that happened: the day, the channel's code, and how many."""

    day: np.ndarray
    channel: np.ndarray
    weight: np.ndarray

    def up_to(self, as_of: int) -> "_Events":
        """Those at or before a day."""
        kept = self.day <= as_of
        return _Events(self.day[kept], self.channel[kept], self.weight[kept])


def _number(day: date) -> int:
    return (day - _EPOCH).days


def _events(frame: pd.DataFrame, day: str) -> _Events:
    """The rows of a frame that have a ``day``, summed by day and channel."""
    days, codes = frame[day].to_numpy(np.int64), frame["channel"].to_numpy(np.int64)
    dated = days != NO_DAY
    days, codes = days[dated], codes[dated]
    first = int(days.min()) if len(days) else 0
    sums = np.bincount((days - first) * len(CHANNELS) + codes)
    places = np.flatnonzero(sums)
    return _Events(first + places // len(CHANNELS), places % len(CHANNELS), sums[places])


class _Grid:
    """The periods as numbers, with what lies after as_of cut off."""

    def __init__(self, periods: Sequence[Period], as_of: date) -> None:
        self.starts = np.array([_number(p.start) for p in periods], dtype=np.int64)
        ends = np.array([_number(p.end) for p in periods], dtype=np.int64)
        self.as_of = _number(as_of)
        self.ends = np.minimum(ends, self.as_of + 1)

    def empty(self) -> np.ndarray:
        return np.zeros((len(CHANNELS), len(self.starts)), dtype=np.int64)

    def before(self, events: _Events, bounds: np.ndarray) -> np.ndarray:
        """How much happened before each of the ascending bounds, by channel."""
        cut = events.up_to(self.as_of)
        # An event lies before bound j exactly when no more than j bounds are at or before its day.
        passed = np.searchsorted(bounds, cut.day, side="right")
        width = len(bounds) + 1
        sums = np.bincount(cut.channel * width + passed, weights=cut.weight, minlength=len(CHANNELS) * width)
        result: np.ndarray = np.cumsum(sums.reshape(len(CHANNELS), width), axis=1)[:, :-1].astype(np.int64)
        return result

    def within(self, events: _Events) -> np.ndarray:
        """How much happened in each period, by channel."""
        result: np.ndarray = self.before(events, self.ends) - self.before(events, np.minimum(self.starts, self.ends))
        return result


def count(exports: Exports, periods: Sequence[Period], as_of: date) -> Counts:
    """Count every measure in every period.

    Raises ConfigError where [opening] gives less than the exports themselves show at that day.
    """
    return _Counting(exports, tuple(periods), as_of).counts()


@dataclass
class _Counting:
    exports: Exports
    periods: tuple[Period, ...]
    as_of: date
    values: dict[Measure, np.ndarray] = field(default_factory=dict)
    missing: dict[Measure, list[Missing | None]] = field(default_factory=dict)
    unsplit: set[Measure] = field(default_factory=set)
    unmeasured: dict[Measure, dict[Channel, Missing]] = field(default_factory=dict)
    mrr: tuple[MrrAt, ...] = ()

    def counts(self) -> Counts:
        self.grid = _Grid(self.periods, self.as_of)
        for measure in Measure:
            self.values[measure] = self.grid.empty()
            self.missing[measure] = [None] * len(self.periods)
        self._visits()
        self._signups()
        self._demos()
        self._paid_users()
        self._opening()
        for place, period in enumerate(self.periods):
            if period.start > self.as_of:
                for reasons in self.missing.values():
                    reasons[place] = reasons[place] or after_as_of(self.as_of)
        return Counts(
            periods=self.periods,
            values=self.values,
            missing={measure: tuple(reasons) for measure, reasons in self.missing.items()},
            unsplit=frozenset(self.unsplit),
            unmeasured=self.unmeasured,
            mrr=self.mrr,
        )

    def _miss(self, measures: Sequence[Measure], reason: Missing) -> None:
        for measure in measures:
            self.missing[measure] = [known or reason for known in self.missing[measure]]

    def _absent(self, stage: Stage) -> None:
        """No export of the stage: the monthly table stands in, or everything of it is missing."""
        monthly = self.exports.monthly
        if monthly is not None and self.exports.series is not None and monthly.stands_for(stage):
            self._from_monthly(self.exports.series, stage)
            if self._opening_churn and stage is Stage.PAID_USERS:
                self._miss([Measure.CHURN_COUNTED], NOT_IN_MONTHLY)
        else:
            self._miss(STAGE_MEASURES[stage], no_export(stage))

    def _from_monthly(self, series: MonthlySeries, stage: Stage) -> None:
        for measure in STAGE_MEASURES[stage]:
            for place, known in enumerate(from_monthly(series, measure, self.periods, self.as_of)):
                if isinstance(known, Missing):
                    self.missing[measure][place] = known
                    continue
                for channel, number in known.items():
                    self.values[measure][CODES[channel], place] = number
            if measure in series.unsplit:
                self.unsplit.add(measure)
            if measure in series.unmeasured:
                self.unmeasured[measure] = dict.fromkeys(series.unmeasured[measure], NOT_IN_MONTHLY)

    def _visits(self) -> None:
        visits = self.exports.visits
        if visits is None:
            self._absent(Stage.VISITORS)
            return
        keys = list(visits.sums)
        days = np.fromiter((_number(day) for day, _ in keys), dtype=np.int64, count=len(keys))
        codes = np.fromiter((CODES[channel] for _, channel in keys), dtype=np.int64, count=len(keys))
        sums = np.array(list(visits.sums.values()), dtype=np.int64).reshape(len(keys), 3)
        self.values[Measure.VISITS] = self.grid.within(_Events(days, codes, sums[:, 0]))
        self.values[Measure.EXISTING_VISITS] = self.grid.within(_Events(days, codes, sums[:, 1]))
        untold = self.grid.within(_Events(days, codes, sums[:, 2])).sum(axis=0)
        request = self.exports.visit_request
        joined = request is not None and request.registered is not None
        tells = ("existing_visits", "is_existing", *(["user_id"] if joined else []))
        if not any(self.exports.has_column(Stage.VISITORS, column) for column in tells):
            self._miss([Measure.EXISTING_VISITS], NO_EXISTING)
        reasons = self.missing[Measure.EXISTING_VISITS]
        self.missing[Measure.EXISTING_VISITS] = [
            known or (NO_EXISTING if some else None) for known, some in zip(reasons, untold, strict=True)
        ]
        self._sourceless(Stage.VISITORS, Measure.VISITS)

    def _sourceless(self, stage: Stage, measure: Measure) -> None:
        if not any(self.exports.has_column(stage, column) for column in ("source", "medium")):
            self.unmeasured[measure] = {c: NO_SOURCE for c in CHANNELS if c is not Channel.ORGANIC}

    def _signups(self) -> None:
        frame = self.exports.signups
        if frame is None:
            self._absent(Stage.SIGNUPS)
            return
        events = _events(frame, "day")
        self.values[Measure.SIGNUPS] = self.grid.within(events)
        self.values[Measure.REGISTERED_AT_START] = self.grid.before(events, self.grid.starts)
        self.values[Measure.REGISTERED_AT_END] = self.grid.before(events, self.grid.ends)
        self._sourceless(Stage.SIGNUPS, Measure.SIGNUPS)

    def _demos(self) -> None:
        frame = self.exports.demos
        if frame is None:
            self._absent(Stage.DEMOS)
            return
        self.values[Measure.DEMOS_BOOKED] = self.grid.within(_events(frame, "booked"))
        self.values[Measure.DEMOS_HELD_AT_END] = self.grid.before(_events(frame, "held"), self.grid.ends)
        if not any(self.exports.has_column(Stage.DEMOS, column) for column in ("held_at", "status")):
            self._miss([Measure.DEMOS_HELD_AT_END], NO_HELD)

    def _paid_users(self) -> None:
        rows = self.exports.paid_users
        if rows is None:
            self._absent(Stage.PAID_USERS)
            return
        stays = stays_until(self.exports, self.as_of)
        codes = stays["channel"].to_numpy(np.int64)
        starts, ends = stays["start"].to_numpy(np.int64), stays["end"].to_numpy(np.int64)
        first = stays["is_first"].to_numpy(bool)
        once = np.ones(len(stays), dtype=np.int64)
        lost = ends <= self.grid.as_of
        self.values[Measure.NEW_PAID] = self.grid.within(_Events(starts[first], codes[first], once[first]))
        self.values[Measure.REACTIVATED] = self.grid.within(_Events(starts[~first], codes[~first], once[~first]))
        self.values[Measure.CHURNED] = self.grid.within(_Events(ends[lost], codes[lost], once[lost]))
        for place, (begin, end) in enumerate(zip(self.grid.starts, self.grid.ends, strict=True)):
            at_start = (starts < begin) & (ends >= begin)
            at_end = (starts < end) & (ends >= end)
            left = lost & (ends >= begin) & (ends < end)
            for measure, rows_in in (
                (Measure.PAYING_AT_START, at_start),
                (Measure.PAYING_AT_END, at_end),
                (Measure.JOINED_AND_LEFT, left & (starts >= begin)),
                (Measure.CHURN_COUNTED, left & at_start if self._opening_churn else left),
            ):
                self.values[measure][:, place] = np.bincount(codes[rows_in], minlength=len(CHANNELS))
        self._mrr(stays)

    def _mrr(self, stays: pd.DataFrame) -> None:
        book = book_of(self.exports, stays)
        if book is None:
            self._miss([Measure.MRR_AT_END], NO_AMOUNTS)
            return
        self.mrr = tuple(book.mrr_at(int(end)) for end in self.grid.ends)
        for place, at in enumerate(self.mrr):
            self.values[Measure.MRR_AT_END][:, place] = at.hundredths

    @property
    def _opening_churn(self) -> bool:
        return self.exports.config.churn.method == "opening"

    def _opening(self) -> None:
        """Lift the balances to those that the config gives at a day; what channel they are of is unknown."""
        opening = self.exports.config.opening
        if opening is None:
            return
        day = _number(opening.first_day)
        shown = shown_at(self.exports, opening.first_day)
        for key, measures in _OPENING_MEASURES.items():
            given = opening_given(opening, key)
            at_day = shown.get(key)
            if at_day is None or (given is None and not (key == "mrr" and opening.paid_users is not None)):
                continue
            reason = at_day if isinstance(at_day, Missing) else None
            if given is None:
                beyond = isinstance(shown["paid_users"], int) and (opening.paid_users or 0) > shown["paid_users"]
                reason = OPENING_WITHOUT_MRR if beyond else None
            elif not isinstance(at_day, Missing):
                self._lift(key, given, at_day)
            for measure in measures:
                self.missing[measure] = [
                    known or (before_opening(opening.month) if start < day else reason)
                    for known, start in zip(self.missing[measure], self.grid.starts, strict=True)
                ]

    def _lift(self, key: str, given: int, shown: int) -> None:
        opening = self.exports.config.opening
        assert opening is not None
        if given < shown:
            per = HUNDREDTHS if key == "mrr" else 1
            raise ConfigError(
                f"funnel.toml: [opening] {key} = {in_units(given, per)}, but the exports already show "
                f"{in_units(shown, per)} at {opening.first_day}.",
                hint="Give the true balance at that day, or remove the key.",
            )
        for measure in _OPENING_MEASURES[key]:
            self.values[measure][CODES[Channel.UNKNOWN]] += given - shown


_OPENING_MEASURES = {
    "registered_users": (Measure.REGISTERED_AT_START, Measure.REGISTERED_AT_END),
    "paid_users": (Measure.PAYING_AT_START, Measure.PAYING_AT_END),
    "demos_held": (Measure.DEMOS_HELD_AT_END,),
    "mrr": (Measure.MRR_AT_END,),
}


def opening_given(opening: Opening, key: str) -> int | None:
    """What [opening] gives under a key, as it is counted: MRR in hundredths."""
    if key == "mrr":
        return None if opening.mrr is None else read_hundredths(Fraction(str(opening.mrr)))
    given: int | None = getattr(opening, key)
    return given


@lru_cache(maxsize=1)
def _stays(exports: Exports) -> pd.DataFrame:
    """The merged stays of the whole export: asked for several times in a run, always of the same exports."""
    assert exports.paid_users is not None
    return merge_stays(exports.paid_users, grace_days=exports.config.paid_users.grace_days)


def stays_until(exports: Exports, as_of: date) -> pd.DataFrame:
    """The merged stays that had begun by ``as_of``; an end after it has not happened, so the stay is open."""
    stays = _stays(exports)
    limit = _number(as_of)
    begun = stays[stays["start"] <= limit].reset_index(drop=True)
    begun["end"] = begun["end"].where(begun["end"] <= limit, OPEN_END)
    return begun


def shown_at(exports: Exports, day: date) -> dict[str, int | Missing]:
    """The balances that the exports alone show at the start of a day, by the keys of [opening]; MRR in hundredths."""
    number = _number(day)
    shown: dict[str, int | Missing] = {}
    if exports.signups is not None:
        shown["registered_users"] = int((exports.signups["day"] < number).sum())
    if exports.demos is not None:
        held = exports.demos["held"]
        shown["demos_held"] = int(((held != NO_DAY) & (held < number)).sum())
    if exports.paid_users is not None:
        stays = _stays(exports)
        shown["paid_users"] = int(((stays["start"] < number) & (stays["end"] >= number)).sum())
        book = book_of(exports, stays)
        if book is not None:
            shown["mrr"] = book.mrr_at(number).total
    return shown
