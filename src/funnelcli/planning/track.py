"""Actual figures beside their targets: shares, pace within a running month, and the rest spread anew."""

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import Literal, assert_never

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.planning.allocate import spread
from funnelcli.planning.declare import PaceOf, PlannedMetric
from funnelcli.planning.metrics import CLOSING, OPENING
from funnelcli.planning.model import RowKey
from funnelcli.planning.tracked import tracked_metric
from funnelcli.text import Message
from funnelcli.values.calendars import Calendar, days_of
from funnelcli.values.channels import Channel
from funnelcli.values.figures import Missing
from funnelcli.values.periods import Period


class Pace(Struct, frozen=True, kw_only=True):
    """How a running month stands: ``expected`` by now, the ``projected`` end, and what is still needed a day."""

    elapsed: Fraction
    expected: Fraction
    projected: Fraction | None
    days_left: int
    needed_a_day: Fraction | None


class TrackCell(Struct, frozen=True, kw_only=True):
    """An actual figure and its target; either may be absent, the actual with a reason.

    ``pace`` only where the period is not yet whole; ``ahead`` where it has not begun.  Of a rate, ``numerator`` and
    ``denominator`` are what was divided; it ``is_rate``, also an average amount, and nothing of it is to go.
    """

    actual: Fraction | None
    target: Fraction | None
    missing: Missing | None = None
    pace: Pace | None = None
    ahead: bool = False
    numerator: Fraction | None = None
    denominator: Fraction | None = None
    is_rate: bool = False

    @property
    def share(self) -> Fraction | None:
        """Actual over target; None where either is absent or the target is 0."""
        return None if self.actual is None or not self.target else self.actual / self.target

    @property
    def of_pace(self) -> Fraction | None:
        """Actual over what is expected by now; over the target where the period is whole."""
        if self.pace is None:
            return self.share
        return None if self.actual is None or not self.pace.expected else self.actual / self.pace.expected

    @property
    def to_go(self) -> Fraction | None:
        """What is missing to the target; negative beyond it."""
        return None if self.actual is None or self.target is None or self.is_rate else self.target - self.actual

    def meets(self, good: Literal["up", "down"]) -> bool | None:
        """Whether the target, or the pace of a month that runs, is met; None where there is none or no figure.

        >>> TrackCell(actual=Fraction(0), target=Fraction(0)).meets("down")
        True
        """
        if self.actual is None or self.target is None:
            return None
        wanted = self.target if self.pace is None else self.pace.expected
        return self.actual >= wanted if good == "up" else self.actual <= wanted

    def kept(self, good: Literal["up", "down"]) -> Fraction | None:
        """How much of the target, or of the pace, is kept: 1 and more where it is reached; None as in ``of_pace``.

        Of what had better stay low it is the target over the actual figure.

        >>> TrackCell(actual=Fraction(5, 100), target=Fraction(4, 100)).kept("down")
        Fraction(4, 5)
        """
        if good == "up" or self.actual is None or self.target is None:
            return self.of_pace
        wanted = self.target if self.pace is None else self.pace.expected
        return wanted / self.actual if self.actual else Fraction(1)


class TrackRow(Struct, frozen=True, kw_only=True):
    """One metric over the periods, of the whole, a channel or a team."""

    metric: PlannedMetric
    channel: Channel | None
    team: str | None
    cells: tuple[TrackCell, ...]
    total: TrackCell


class Actual(Struct, frozen=True, kw_only=True):
    """The figure of a month, or why there is none; of a rate also what was divided."""

    value: Fraction | None
    missing: Missing | None = None
    numerator: Fraction | None = None
    denominator: Fraction | None = None


Actuals = Mapping[RowKey, Mapping[str, Actual]]
Targets = Mapping[RowKey, Mapping[str, Fraction]]


def track(
    keys: Sequence[RowKey],
    targets: Mapping[RowKey, Mapping[str, Fraction]],
    actuals: Actuals,
    periods: Sequence[Period],
    as_of: date,
    counts: Calendar,
    *,
    since: Sequence[Period] = (),
) -> list[TrackRow]:
    """Every row over the periods.

    ``since`` are the periods between the first target and ``periods[0]``: with it, each cell of a figure that adds up
    is the sum from the first target on.  The total adds up the months that have a target, where any has one; that of a
    rate is measured over these months.
    """
    rows: list[TrackRow] = []
    for key in keys:

        def cell(period: Period, key: RowKey = key) -> TrackCell:
            return _cell(key, period, targets.get(key, {}), actuals.get(key, {}), targets, as_of, counts)

        months = [cell(period) for period in periods]
        metric = tracked_metric(key[0])
        cells = months
        if since and metric.adds_up:
            before = [cell(period) for period in since if period < periods[0]]
            late = [month for month, period in zip(months, periods, strict=True) if period >= since[0]]
            early = len(months) - len(late)
            cells = [
                _so_far([*before, *late[: max(i + 1 - early, 0)]] or months[:1], period, since[0])
                for i, period in enumerate(periods)
            ]
        rows.append(
            TrackRow(
                metric=metric,
                channel=key[1],
                team=key[2],
                cells=tuple(cells),
                total=_total(metric, _with_targets(months)),
            )
        )
    return rows


def _total(metric: PlannedMetric, months: Sequence[TrackCell]) -> TrackCell:
    """The figure of the whole range."""
    match metric.total:
        case "sum":
            return _summed(months)
        case "own":
            return _pooled(months)
        case "first" | "last":
            return months[0 if metric.total == "first" else -1]
        case unknown:
            assert_never(unknown)


def _pooled(months: Sequence[TrackCell]) -> TrackCell:
    """A rate over several months: the sum of the numerators over the sum of the denominators, never an average.

    Its target is what the rate would be had each month met its own.
    """
    begun = [month for month in months if not month.ahead]
    counted = [(month.numerator, month.denominator, month.target) for month in begun]
    above = [numerator for numerator, _, _ in counted if numerator is not None]
    below = [denominator for _, denominator, _ in counted if denominator is not None]
    targets = {month.target for month in months if month.target is not None}
    target = next(iter(targets)) if len(targets) == 1 else None
    missing = next((month.missing for month in begun if month.missing is not None), None)
    if not begun or len(above) < len(begun) or len(below) < len(begun) or not sum(below):
        return TrackCell(actual=None, target=target, missing=missing, ahead=not begun, is_rate=True)
    numerator, denominator = sum(above, Fraction(0)), sum(below, Fraction(0))
    if target is None and targets:
        wanted = sum(((share or 0) * of for (_, _, share), of in zip(counted, below, strict=True)), Fraction(0))
        target = wanted / denominator
    return TrackCell(
        actual=numerator / denominator, target=target, numerator=numerator, denominator=denominator, is_rate=True
    )


def _with_targets(cells: Sequence[TrackCell]) -> Sequence[TrackCell]:
    """Those that have a target, since only these can be compared; all, where none has one."""
    return [cell for cell in cells if cell.target is not None] or cells


def _cell(
    key: RowKey,
    period: Period,
    wanted: Mapping[str, Fraction],
    actuals: Mapping[str, Actual],
    targets: Mapping[RowKey, Mapping[str, Fraction]],
    as_of: date,
    counts: Calendar,
) -> TrackCell:
    target = wanted.get(period.key)
    actual = actuals.get(period.key, Actual(value=None))
    pace, metric = None, tracked_metric(key[0])
    if target is not None and metric.pace is not None and period.cut_by(as_of) and period.start <= as_of:
        gone, days = days_of(period, as_of, counts)
        elapsed = Fraction(gone, days) if days else Fraction(1)
        expected = _expected(key, period, target, elapsed, targets)
        level = metric.pace is not PaceOf.SHARE
        value = actual.value
        left = days - gone
        pace = Pace(
            elapsed=elapsed,
            expected=expected,
            projected=None if value is None or not elapsed or level else value / elapsed,
            days_left=left,
            needed_a_day=None
            if value is None or not left or level or metric.good == "down"
            else max(target - value, Fraction(0)) / left,
        )
    ahead = period.start > as_of
    if ahead:
        actual = Actual(value=None, missing=actual.missing)
    return TrackCell(
        actual=actual.value,
        target=target,
        missing=actual.missing,
        pace=pace,
        ahead=ahead,
        numerator=actual.numerator,
        denominator=actual.denominator,
        is_rate=metric.total == "own",
    )


def _expected(
    key: RowKey, period: Period, target: Fraction, elapsed: Fraction, targets: Mapping[RowKey, Mapping[str, Fraction]]
) -> Fraction:
    """What should be there by now.

    Of a flow it is the elapsed share, of a closing balance that share of the way from the opening.  Revenue that recurs
    follows the customers who pay.
    """
    match tracked_metric(key[0]).pace:
        case PaceOf.OPENING | None:
            return target
        case PaceOf.SHARE:
            return target * elapsed
        case PaceOf.BASE:
            opening = targets.get((OPENING.key, None, None), {}).get(period.key)
            closing = targets.get((CLOSING.key, None, None), {}).get(period.key)
            if opening is None or not closing:
                return target
            return target * (opening + (closing - opening) * elapsed) / closing
        case unknown:
            assert_never(unknown)


BEFORE_TARGETS = Missing("before-targets", Message("the targets begin later"))


def _so_far(cells: Sequence[TrackCell], period: Period, first: Period) -> TrackCell:
    """The sum of the months with a target up to ``period`` (of all, where none has one); one not begun has no figure.

    ``first`` is the first month of the targets, with which all sums begin.
    """
    if period < first:
        return TrackCell(actual=None, target=None, missing=BEFORE_TARGETS)
    summed = _summed(_with_targets(cells))
    return replace(summed, actual=None, missing=cells[-1].missing, ahead=True) if cells[-1].ahead else summed


def _summed(cells: Sequence[TrackCell]) -> TrackCell:
    """Cells of adjoining months as one: of months that have not begun only the targets count.

    A month that has begun and has no figure leaves the sum without one.
    """
    begun = [cell for cell in cells if not cell.ahead]
    missing = next((cell.missing for cell in begun if cell.actual is None), None)
    complete = bool(begun) and all(cell.actual is not None for cell in begun)
    targets = [cell.target for cell in cells if cell.target is not None]
    actual = sum((cell.actual or Fraction(0) for cell in begun), Fraction(0)) if complete else None
    target = sum(targets, Fraction(0)) if targets else None
    last = cells[-1].pace
    if last is None or len(cells) == 1:
        return TrackCell(actual=actual, target=target, missing=missing, pace=last)
    before = sum((cell.target or Fraction(0) for cell in cells[:-1]), Fraction(0))
    done = sum((cell.actual or Fraction(0) for cell in cells[:-1]), Fraction(0))
    rest = None if actual is None or target is None else max(target - actual, Fraction(0))
    pace = Pace(
        elapsed=last.elapsed,
        expected=before + last.expected,
        projected=None if last.projected is None else done + last.projected,
        days_left=last.days_left,
        needed_a_day=None if rest is None or not last.days_left or last.needed_a_day is None else rest / last.days_left,
    )
    return TrackCell(actual=actual, target=target, missing=missing, pace=pace)


# --- spreading the rest ------------------------------------------------------------------------------------------


class Replanned(Struct, frozen=True, kw_only=True):
    """A quota spread anew: what was wanted and done of the whole, and the months as they should now be.

    Months that are over keep their actual figure; ``quotas`` of months still running hold what is done in them already.
    """

    key: RowKey
    months: tuple[Period, ...]
    wanted: Fraction
    done: Fraction
    before: tuple[Fraction, ...]
    quotas: tuple[int | None, ...]

    @property
    def rest(self) -> Fraction:
        """What is still to be done; 0 where all is."""
        return max(self.wanted - self.done, Fraction(0))


def replan(
    key: RowKey,
    targets: Mapping[str, Fraction],
    actuals: Mapping[str, Actual],
    months: Sequence[Period],
    as_of: date,
    counts: Calendar,
) -> Replanned | None:
    """The rest of a target spread over the months that are left, in proportion to their first quotas.

    A running month takes part with the days it has left.  None where a month gone by has no actual figure.

    >>> from funnelcli.values.calendars import every_day
    >>> from funnelcli.values.periods import month_of
    >>> months = [month_of(date(2027, m, 1)) for m in (1, 2, 3)]
    >>> wanted = {"2027-01": Fraction(10), "2027-02": Fraction(10), "2027-03": Fraction(10)}
    >>> replan(("required_new_signups", None, None), wanted, {"2027-01": Actual(value=Fraction(4))}, months,
    ...        date(2027, 1, 31), every_day).quotas
    (4, 13, 13)
    """
    done = Fraction(0)
    weights: list[Fraction | None] = []
    started: list[Fraction | None] = []
    for month in months:
        target = targets.get(month.key, Fraction(0))
        if month.start > as_of:
            weights.append(target)
            started.append(None)
            continue
        actual = actuals.get(month.key)
        if actual is None or actual.value is None:
            return None
        done += actual.value
        started.append(actual.value)
        gone, days = days_of(month, as_of, counts)
        weights.append(target * Fraction(days - gone, days) if days and month.cut_by(as_of) else None)
    wanted = sum((targets.get(month.key, Fraction(0)) for month in months), Fraction(0))
    rest = max(wanted - done, Fraction(0))
    left = [weight for weight in weights if weight is not None]
    shares = iter(spread(-int(-rest // 1), left) if left else [])
    quotas = [
        (None if value is None else int(value)) if weight is None else next(shares) + int(value or 0)
        for weight, value in zip(weights, started, strict=True)
    ]
    return Replanned(
        key=key,
        months=tuple(months),
        wanted=wanted,
        done=done,
        before=tuple(targets.get(month.key, Fraction(0)) for month in months),
        quotas=tuple(quotas),
    )
