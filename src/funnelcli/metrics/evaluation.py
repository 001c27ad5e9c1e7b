"""The values of metrics: how those of a period and a part come from what is counted in it."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from math import ceil, isclose
from typing import TYPE_CHECKING, Protocol, assert_never

from msgspec import Struct, field

from funnelcli.counting.measures import Measure
from funnelcli.metrics.made_of import MadeOf, asked_of, counted_by
from funnelcli.metrics.missing import (
    MORE_THAN_ALL,
    NAMES_NONE,
    NO_MONTHS,
    NO_WHOLE_MONTHS,
    NONE_TIMED,
    OF_WHOLE,
    STAYS_BELOW,
    immature,
    too_few,
    too_thin,
)
from funnelcli.metrics.model import (
    CHANNEL,
    Annualised,
    Balance,
    Flow,
    Formula,
    Metric,
    Monthly,
    Never,
    Percentile,
    Product,
    Ranking,
    Ratio,
    Setting,
    Trailing,
)
from funnelcli.values.channels import CHANNELS, UNASSIGNED, UNKNOWN, Channel
from funnelcli.values.figures import HUNDREDTHS, Missing, Unit, Value, in_units
from funnelcli.values.periods import Grain, Period, month_of, span
from funnelcli.values.slices import Slice
from funnelcli.values.terms import months_between

if TYPE_CHECKING:
    from funnelcli.config import Config
    from funnelcli.counting.durations import Durations
    from funnelcli.counting.ranked import Ranked

_DIGITS = 9  # beyond which floats cannot tell a whole number from another
NOTHING_TO_ADD = Value(value=0)


class CountsLike(Protocol):
    """What evaluation needs of Counts."""

    def unmeasured(self, measure: Measure) -> Mapping[Channel, Missing]:
        """The channels of a measure that nothing measured, and why."""

    def get(
        self, measure: Measure, place: int, part: Slice | None = None, only: frozenset[Channel] | None = None
    ) -> int | Missing:
        """The number of a measure in a period, of a part or the whole business, over some channels or all."""


class ReachingCounts(CountsLike, Protocol):
    """Counts that know which months the exports tell of, up to the day ``as_of``, and how long things took."""

    as_of: date

    @property
    def durations(self) -> "Durations":
        """How long it takes from what is counted to what ends it."""

    def unreached(self, measure: Measure, place: int) -> Missing | None:
        """Why the export of a measure tells nothing of a period, or of the day of a balance."""

    def ranked(self, of: Measure, reached: Measure, place: int, part: Slice | None) -> "Ranked":
        """How well the scores of those of a period put those first who reached something."""

    def is_over(self, place: int) -> bool:
        """Whether a period is over by the last day that counts."""

    @property
    def config(self) -> "Config":
        """The settings of the folder."""

    @property
    def periods(self) -> Sequence[Period]:
        """The periods that are counted."""

    def over(self, period: Period) -> "ReachingCounts":
        """The counts of another period, in its place 0."""

    def has_begun(self, period: Period) -> bool:
        """Whether a period has begun by the last day that counts."""

    def ahead(self, period: Period) -> Missing | None:
        """Why nothing is known of a period: it begins after the last day that counts."""

    def begins_after(self, measures: Iterable[Measure], day: date) -> Missing | None:
        """Why nothing is known from a day on: an export of a measure begins in a later month."""

    def ends_before(self, measures: Iterable[Measure], day: date) -> Missing | None:
        """Why nothing is known up to a day: the export of a measure tells nothing of its month."""

    def narrowed(self, measures: Iterable[Measure], place: int) -> "ReachingCounts | Missing | None":
        """The counts of the one part of a period that the exports of all the measures tell of; None where it is all."""


class Evaluation(Struct, kw_only=True):
    """The values of all metrics for one period and part (None: the whole business), each computed once."""

    catalogue: Mapping[str, Metric]
    counts: ReachingCounts
    period: int
    part: Slice | None
    _known: dict[str, Value] = field(default_factory=dict)
    _narrower: dict[int, "Evaluation"] = field(default_factory=dict)
    _elsewhere: dict[Period, "Evaluation"] = field(default_factory=dict)
    made_of: MadeOf | None = None

    def __post_init__(self) -> None:
        if self.made_of is None:
            self.made_of = MadeOf(catalogue=self.catalogue)

    def value(self, key: str) -> Value:
        """The value of one metric."""
        if key not in self._known:
            self._known[key] = self._compute(self.catalogue[key])
        return self._known[key]

    def at(self, period: Period) -> "Evaluation":
        """The evaluation of the same part in another period."""
        if period == self.counts.periods[self.period]:
            return self
        if period not in self._elsewhere:
            counts = self.counts.over(period)
            self._elsewhere[period] = self._of(counts)
        return self._elsewhere[period]

    def months(self) -> "list[Evaluation]":
        """The evaluations of the calendar months that its period is made of, as far as they have begun."""
        period = self.counts.periods[self.period]
        first, last = month_of(period.start), month_of(period.last_day)
        return [self.at(month) for month in span(first, last, Grain.MONTH) if self.counts.has_begun(month)] or [self]

    def beside(self, period: int) -> "Evaluation":
        """The evaluation of the same part in another of the periods that are counted."""
        return Evaluation(
            catalogue=self.catalogue, counts=self.counts, period=period, part=self.part, made_of=self.made_of
        )

    @property
    def _whole(self) -> "Evaluation":
        """The evaluation of the whole business in the same period."""
        return Evaluation(catalogue=self.catalogue, counts=self.counts, period=self.period, part=None)

    def _of(self, counts: ReachingCounts) -> "Evaluation":
        """The evaluation of the same part in the first period of other counts."""
        return Evaluation(catalogue=self.catalogue, counts=counts, period=0, part=self.part, made_of=self.made_of)

    def behind(self, metric: Metric) -> tuple[Measure, ...]:
        """The measures that a metric is made of in the end."""
        assert self.made_of is not None
        return self.made_of.measures(metric, self.part)

    def narrower(self, metric: Metric) -> "Evaluation | Missing | None":
        """The evaluation of the part of the period that the exports of both sides of a rate tell of.

        So it is of a sum of what is together.  None where that is the whole period, or the metric is neither; where
        there is no such part, why.
        """
        if not (isinstance(metric.kind, Ratio) or (isinstance(metric.kind, Formula) and metric.kind.together)):
            return None
        behind = self.behind(metric)
        if metric.unit not in (Unit.RATE, Unit.NUMBER, Unit.POINTS) and any(
            measure.when != "within" for measure in behind
        ):
            return None  # an amount at the end of a period is not that of an earlier day
        counts = self.counts.narrowed(behind, self.period)
        if counts is None or isinstance(counts, Missing):
            return counts
        if id(counts) not in self._narrower:
            self._narrower[id(counts)] = self._of(counts)
        return self._narrower[id(counts)]

    def _compute(self, metric: Metric) -> Value:
        kind = metric.kind
        match kind:
            case Flow():
                return self._counted(kind.measure, kind.only, kind.per)
            case Balance():
                return self._counted(kind.measure, None, kind.per)
            case Ratio():
                over = self.narrower(metric)
                return over.value(metric.key) if isinstance(over, Evaluation) else self._ratio(kind, over)
            case Formula():
                over = self.narrower(metric)
                return over.value(metric.key) if isinstance(over, Evaluation) else self._formula(metric, kind, over)
            case Product():
                return self._product(kind)
            case Trailing():
                return self._trailing(metric, kind)
            case Monthly():
                return self._monthly(kind)
            case Annualised():
                return self._annualised(kind)
            case Setting():
                return _said(self._setting(kind))
            case Percentile():
                return self._percentile(kind)
            case Ranking():
                return self._ranking(kind)
            case _:
                assert_never(kind)

    def _counted(self, measure: Measure, only: frozenset[Channel] | None, per: int = 1) -> Value:
        if only is not None and (len(only) == 1 or Channel.ORGANIC not in only):
            unmeasured = self.counts.unmeasured(measure)
            reason = next((unmeasured[channel] for channel in CHANNELS if channel in only & unmeasured.keys()), None)
            if reason is not None:
                return Value(value=None, missing=reason)
        number = self.counts.get(measure, self.period, self.part, only)
        if isinstance(number, Missing):
            return Value(value=None, missing=number)
        return Value(value=in_units(number, per))

    def _ratio(self, kind: Ratio, apart: Missing | None) -> Value:
        """A metric divided by another; ``apart`` says that no part of the period is in the exports of both."""
        above, below = self.value(kind.numerator), (self._whole if kind.of_whole else self).value(kind.denominator)
        missing = above.missing or below.missing or apart
        if missing is None and kind.matured is not None:
            missing = self._young(kind.matured)
        if missing is None and below.value == 0:
            missing = Missing(kind.nobody, kind.nothing)
        if missing is None and kind.least is not None and self.part is not None:
            missing = self._too_few(*kind.least)
        if missing is None and kind.named and self.part is not None and self.part.key in (UNKNOWN, UNASSIGNED):
            missing = NAMES_NONE
        entered = None if kind.everybody is None else self.value(kind.everybody).value
        if entered and below.value is not None and (below.value < entered or not self.counts.is_over(self.period)):
            missing = above.missing or immature(below.value, entered)
        share = None
        if missing is None:
            assert above.value is not None
            assert below.value is not None
            share = kind.times * above.value / below.value
        return Value(
            value=share, numerator=above.value, denominator=below.value, missing=missing, entered=entered,
            times=kind.times, is_share=missing is None and self._is_share(kind, above.value, below.value),
        )  # fmt: skip

    def _too_few(self, key: str, least: int) -> Missing | None:
        """Why a figure of a part is missing: it has fewer of a metric than it takes to tell."""
        number = self.value(key)
        few = number.value is not None and number.value < least
        return number.missing or (too_few(number.value or 0, least) if few else None)

    def _young(self, people: tuple[str, str]) -> Missing | None:
        """Why a figure of people whose window is over is missing: it is not over for all of them."""
        matured, entered = (self.value(key) for key in people)
        if matured.value is None or entered.value is None:
            return matured.missing or entered.missing
        is_over = matured.value >= entered.value and self.counts.is_over(self.period)
        return None if is_over else immature(matured.value, entered.value)

    def _is_share(self, kind: Ratio, above: float | None, below: float | None) -> bool:
        """Whether all who are counted above the line are some of those below it.

        Not in parts that people go to and come from: who is below the line in one may be above it in another.
        """
        if kind.everybody is not None:
            return True
        if kind.among is None or (self.part is not None and not self.part.lasting) or (above or 0) > (below or 0):
            return False
        return self.counts.get(kind.among, self.period, self.part) == above

    def _product(self, kind: Product) -> Value:
        result: float = kind.factor
        for key in (*kind.times, *kind.over):
            term = self.value(key)
            if term.value is None:
                return Value(value=None, missing=term.missing)
            if key in kind.over and term.value == 0:
                return Value(value=None, missing=Missing(f"no-{key.replace('_', '-')}", kind.nothing))
            result = result / term.value if key in kind.over else result * term.value
        result = ceil(round(result, _DIGITS)) if kind.rounds_up else result
        reason = None if kind.never is None else self._never(kind.never)
        return Value(value=result if reason is None else None, missing=reason)

    def _never(self, never: Never) -> Missing | None:
        """The reason why something never comes, where a metric is more than another by more than floats cannot tell."""
        more, than = self.value(never.more).value, self.value(never.than).value
        is_more = more is not None and than is not None and more > than and not isclose(more, than, rel_tol=1e-9)
        return never.reason if is_more else None

    def _trailing(self, metric: Metric, kind: Trailing) -> Value:
        """Another metric over the months before; they begin no earlier than the exports."""
        counts, period = self.counts, self.counts.periods[self.period]
        window, behind = kind.window(period, counts.as_of), self.behind(metric)
        # What ended some months before the end of a period is set against these, which have to have begun.
        reason = counts.ahead(month_of(period.last_day) if kind.before else period)
        reason = reason or counts.begins_after(behind, window.start) or counts.ends_before(behind, window.last_day)
        return self.at(window).value(kind.of) if reason is None else Value(value=None, missing=reason)

    def _setting(self, kind: Setting) -> float | Missing:
        period = self.counts.periods[self.period]
        if kind.of_whole and self.part is not None:
            of_channel = None
            if kind.of_channel is not None and self.part.dimension == CHANNEL and period.grain is Grain.MONTH:
                of_channel = kind.of_channel(self.counts.config, period.key, self.part.key)
            return OF_WHOLE if of_channel is None else of_channel
        if kind.of_month is not None and period.grain is Grain.MONTH:
            return kind.of_month(self.counts.config, period.key)
        return kind.read(self.counts.config)

    def _monthly(self, kind: Monthly) -> Value:
        """The sum of another metric over the months; a week is made of none."""
        if self.counts.periods[self.period].grain is Grain.WEEK:
            return Value(value=None, missing=NO_MONTHS)
        total: float = 0
        for month in self.months():
            term = month.value(kind.of)
            if term.value is None:
                return term
            total += term.value
        return Value(value=total)

    def _annualised(self, kind: Annualised) -> Value:
        """What a share lost in whole months comes to in a year; not known of a running period, or of weeks."""
        over = self.narrower(self.catalogue[kind.of])
        known = over if isinstance(over, Evaluation) else self
        period, lost = known.counts.periods[known.period], self.value(kind.of)
        if lost.value is None:
            return Value(value=None, missing=lost.missing)
        months = months_between(period.start, period.last_day)
        if months.denominator != 1 or not known.counts.is_over(known.period):
            return Value(value=None, missing=NO_WHOLE_MONTHS)
        if lost.value > 1:
            return Value(value=None, missing=MORE_THAN_ALL)
        return Value(value=1 - (1 - lost.value) ** (12 / months.numerator))

    def _percentile(self, kind: Percentile) -> Value:
        """The time by which a share has ended; its numerator has ended, of the denominator that is known."""
        of = self.value(kind.of)
        took = of.missing or self.counts.durations.took(asked_of(kind, self.catalogue), self.period, self.part)
        if isinstance(took, Missing):
            return Value(value=None, missing=took)
        if not of.value:
            return Value(value=None, missing=Missing(f"no-{kind.of.replace('_', '-')}", kind.nothing))
        middle = took.middle if kind.between else None
        micros = took.curve.percentile(kind.quantile, of=took.height) if middle is None else middle
        return Value(
            value=None if micros is None else in_units(round(micros), kind.per),
            missing=None if micros is not None else STAYS_BELOW if took.known else NONE_TIMED,
            numerator=took.ended, denominator=took.known,
        )  # fmt: skip

    def _ranking(self, kind: Ranking) -> Value:
        """The area under the curve of a score; its numerator are the pairs that stand right, of all."""
        of, reached = (counted_by(self.catalogue[key]) for key in (kind.of, kind.reached))
        missing = next((known.missing for known in map(self.value, (kind.of, kind.reached)) if known.missing), None)
        if missing is not None:
            return Value(value=None, missing=missing)
        order = self.counts.ranked(of, reached, self.period, self.part)
        if order.there + order.others < kind.fewest or min(order.there, order.others) < kind.of_each:
            return Value(value=None, missing=too_thin(kind, order.there, order.others))
        pairs = order.there * order.others
        return Value(value=order.area, numerator=order.area * pairs, denominator=pairs, bounds=order.bounds)

    def _formula(self, metric: Metric, kind: Formula, apart: Missing | None) -> Value:
        """A sum and difference; ``apart`` says that no part of the period is in the exports of all its terms."""
        reason = apart if kind.measure is None else self.counts.unreached(kind.measure, self.period)
        if reason is not None:
            # Its terms may be known of a part of the period, it itself is not.
            return Value(value=None, missing=reason)
        assert self.made_of is not None
        hundredths = self.made_of.is_in_hundredths(metric, self.part)
        total: float = 0
        left_out, known = NOTHING_TO_ADD, False
        for sign, keys in ((1, kind.plus_of(self.part)), (-1, kind.minus)):
            for key in keys:
                term = self.value(key)
                if term.value is not None:
                    amount = round(term.value * HUNDREDTHS) if hundredths else term.value
                    total, known = total + sign * amount, True
                elif kind.needs(key, term):
                    at_once = self._counted(kind.measure, None, kind.per) if kind.measure is not None else term
                    return term if at_once.value is None else at_once
                else:
                    left_out = term
        if not known:
            return left_out
        return Value(value=in_units(round(total), HUNDREDTHS) if hundredths else total)


def _said(value: float | Missing) -> Value:
    return Value(value=None, missing=value) if isinstance(value, Missing) else Value(value=value)
