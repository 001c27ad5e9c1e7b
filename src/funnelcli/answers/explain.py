"""A figure opened: its definition, the numbers put in, and the very rows that were counted."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd

from funnelcli.counting.counts import count, opening_given, shown_at, stays_until
from funnelcli.facts.exports import NO_DAY, Exports
from funnelcli.facts.measures import Measure
from funnelcli.facts.revenue import book_of
from funnelcli.inputs.monthly import MONTHLY_COLUMNS
from funnelcli.inputs.spec import Stage
from funnelcli.metrics import CATALOGUE, evaluate
from funnelcli.metrics.model import Balance, Flow, Formula, Metric, Ratio
from funnelcli.problems import BrokenIdentityError
from funnelcli.reading.engines.rows_engine import visit_rows
from funnelcli.values.channels import CHANNELS, Channel
from funnelcli.values.dates import DAY_MICROS, day_of
from funnelcli.values.figures import Missing, Value, in_units
from funnelcli.values.periods import Grain, Period, month_of


@dataclass(frozen=True, kw_only=True)
class CountedRow:
    """One row of an export that a figure counts, ``counts`` times (a row of visits may hold many).

    Of an amount it counts whole hundredths; ``per`` of what it counts make one unit of the figure.  ``part`` is the metric it was counted in; ``line`` is None for balances given in the config.
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

    @property
    def amount(self) -> float:
        """What it counts, in units of the figure."""
        return in_units(self.counts, self.per)


@dataclass(frozen=True, kw_only=True)
class Explanation:
    """A metric, its value in a period, and the values of what it is made of, one level down; amounts in ``currency``."""

    metric: Metric
    period: Period
    as_of: date
    channel: Channel | None
    value: Value
    inputs: tuple[tuple[Metric, Value], ...]
    currency: str


def grain_of(explained: Explanation) -> Grain:
    """The grain of the period that is explained."""
    days = (explained.period.end - explained.period.start).days
    return Grain.MONTH if days <= 31 else Grain.QUARTER if days <= 92 else Grain.YEAR


_STAGE_OF: dict[Measure, Stage] = {
    Measure.VISITS: Stage.VISITORS,
    Measure.EXISTING_VISITS: Stage.VISITORS,
    Measure.SIGNUPS: Stage.SIGNUPS,
    Measure.REGISTERED_AT_START: Stage.SIGNUPS,
    Measure.REGISTERED_AT_END: Stage.SIGNUPS,
    Measure.DEMOS_BOOKED: Stage.DEMOS,
    Measure.DEMOS_HELD_AT_END: Stage.DEMOS,
    Measure.PAYING_AT_START: Stage.PAID_USERS,
    Measure.PAYING_AT_END: Stage.PAID_USERS,
    Measure.NEW_PAID: Stage.PAID_USERS,
    Measure.REACTIVATED: Stage.PAID_USERS,
    Measure.CHURNED: Stage.PAID_USERS,
    Measure.CHURN_COUNTED: Stage.PAID_USERS,
    Measure.JOINED_AND_LEFT: Stage.PAID_USERS,
    Measure.MRR_AT_END: Stage.PAID_USERS,
}
_OPENING_KEY = {
    Measure.REGISTERED_AT_START: "registered_users",
    Measure.REGISTERED_AT_END: "registered_users",
    Measure.PAYING_AT_START: "paid_users",
    Measure.PAYING_AT_END: "paid_users",
    Measure.DEMOS_HELD_AT_END: "demos_held",
    Measure.MRR_AT_END: "mrr",
}


def explain_value(
    exports: Exports, metric: Metric, period: Period, as_of: date, channel: Channel | None
) -> Explanation:
    """The value of a metric in a period with the values put in."""
    values = evaluate(count(exports, [period], as_of), 1, channel)
    return Explanation(
        metric=metric,
        period=period,
        as_of=as_of,
        channel=channel,
        value=values[metric.key][0],
        inputs=tuple((CATALOGUE[key], values[key][0]) for key in metric.inputs),
        currency=exports.currency,
    )


def leaves(metric: Metric) -> list[Metric]:
    """The counted metrics that a metric is made of in the end, each once, in order.

    >>> [leaf.key for leaf in leaves(CATALOGUE["demo_to_paid_rate"])]
    ['new_paid_users', 'new_demo_bookings']
    """
    found: dict[str, Metric] = {}
    match metric.kind:
        case Flow() | Balance():
            found[metric.key] = metric
        case Ratio() | Formula():
            for key in metric.inputs:
                found.update({leaf.key: leaf for leaf in leaves(CATALOGUE[key])})
    return list(found.values())


def counted_rows(exports: Exports, explained: Explanation) -> list[CountedRow]:
    """The rows behind a value: those of every counted metric in it, in the order of file and line.

    Raises BrokenIdentityError where the rows do not sum to the figure, which would be a bug.
    """
    period, as_of, channel = explained.period, explained.as_of, explained.channel
    values = evaluate(count(exports, [period], as_of), 1, channel)
    found: list[CountedRow] = []
    for leaf in leaves(explained.metric):
        value = values[leaf.key][0].value
        if value is None:
            continue
        assert isinstance(leaf.kind, Flow | Balance)
        stage = _STAGE_OF[leaf.kind.measure]
        if stage not in exports.files:
            found.extend(_monthly_rows(exports, leaf, stage, period))
            continue
        only = leaf.kind.only if isinstance(leaf.kind, Flow) else None
        wanted = (only if only is not None else frozenset(CHANNELS)) & (
            frozenset(CHANNELS) if channel is None else {channel}
        )
        rows = [row for row in _rows_of(exports, leaf, period, as_of) if row.channel in wanted]
        summed = in_units(sum(row.counts for row in rows), _per(leaf))
        if summed != value:
            raise BrokenIdentityError(
                f"{leaf.key}: the rows behind it sum to {summed:g}, not {value:g}. Nothing was written."
            )
        found.extend(sorted(rows, key=lambda row: (row.file, row.line or 0)))
    return found


def _per(leaf: Metric) -> int:
    return leaf.kind.per if isinstance(leaf.kind, Balance) else 1


def _number(day: date) -> int:
    return (day - date(1970, 1, 1)).days


def _rows_of(exports: Exports, leaf: Metric, period: Period, as_of: date) -> Iterator[CountedRow]:
    """The rows of one counted metric, over all channels."""
    assert isinstance(leaf.kind, Flow | Balance)
    measure = leaf.kind.measure
    begin, end = _number(period.start), min(_number(period.end), _number(as_of) + 1)
    match measure:
        case Measure.VISITS | Measure.EXISTING_VISITS:
            yield from _visit_rows(exports, leaf, measure, period, as_of)
        case Measure.SIGNUPS:
            yield from _frame_rows(exports, leaf, Stage.SIGNUPS, "day", begin, end)
        case Measure.REGISTERED_AT_START:
            yield from _frame_rows(exports, leaf, Stage.SIGNUPS, "day", NO_DAY, min(begin, end))
        case Measure.REGISTERED_AT_END:
            yield from _frame_rows(exports, leaf, Stage.SIGNUPS, "day", NO_DAY, end)
        case Measure.DEMOS_BOOKED:
            yield from _frame_rows(exports, leaf, Stage.DEMOS, "booked", begin, end)
        case Measure.DEMOS_HELD_AT_END:
            yield from _frame_rows(exports, leaf, Stage.DEMOS, "held", NO_DAY, end)
        case Measure.MRR_AT_END:
            yield from _mrr_rows(exports, leaf, end, as_of)
        case _:
            yield from _stay_rows(exports, leaf, measure, begin, end, as_of)
    yield from _opening_row(exports, leaf, measure, period)


def _opening_row(exports: Exports, leaf: Metric, measure: Measure, period: Period) -> Iterator[CountedRow]:
    """The part of a balance that only the config knows of."""
    opening, key = exports.config.opening, _OPENING_KEY.get(measure)
    given = opening_given(opening, key) if opening and key else None
    if opening is not None and key is not None and given is not None and period.start >= opening.first_day:
        shown = shown_at(exports, opening.first_day)[key]
        beyond = 0 if isinstance(shown, Missing) else given - shown
        if beyond:
            yield CountedRow(
                part=leaf.key, file=f"funnel.toml [opening] {key}", line=None, user_id="", day=opening.first_day,
                source="", channel=Channel.UNKNOWN, counts=beyond, per=_per(leaf),
            )  # fmt: skip


def _visit_rows(exports: Exports, leaf: Metric, measure: Measure, period: Period, as_of: date) -> Iterator[CountedRow]:
    assert exports.visits is not None
    assert exports.visit_request is not None
    last = min(period.last_day, as_of)
    for one in exports.opened[Stage.VISITORS]:
        for visit in visit_rows(one, exports.visit_request, exports.visits):
            counts = visit.visits if measure is Measure.VISITS else visit.existing
            if counts and period.start <= visit.day <= last:
                yield CountedRow(
                    part=leaf.key, file=one.name, line=visit.line, user_id=visit.user_id, day=visit.day,
                    source=visit.source, channel=visit.channel, counts=counts,
                )  # fmt: skip


def _frame_rows(
    exports: Exports, leaf: Metric, stage: Stage, column: str, begin: int, end: int
) -> Iterator[CountedRow]:
    frame = exports.signups if stage is Stage.SIGNUPS else exports.demos
    assert frame is not None
    inside = frame[(frame[column] >= begin) & (frame[column] < end) & (frame[column] != NO_DAY)]
    yield from _as_counted(exports, leaf, stage, inside, inside[column])


def _as_counted(
    exports: Exports,
    leaf: Metric,
    stage: Stage,
    rows: pd.DataFrame,
    days: Sequence[int] | pd.Series,
    counts: Sequence[int] | None = None,
) -> Iterator[CountedRow]:
    names = [one.name for one in exports.opened[stage]]
    columns = (rows[name].tolist() for name in ("file", "line", "user_id", "source", "channel"))
    each = [1] * len(rows) if counts is None else counts
    for file, line, user, source, channel, day, count_ in zip(*columns, list(days), each, strict=True):
        yield CountedRow(
            part=leaf.key, file=names[file], line=line, user_id=user, day=day_of(int(day) * DAY_MICROS),
            source=source, channel=CHANNELS[channel], counts=count_, per=_per(leaf),
        )  # fmt: skip


def _mrr_rows(exports: Exports, leaf: Metric, end: int, as_of: date) -> Iterator[CountedRow]:
    """The rows in force at a day's start, each with its MRR."""
    assert exports.paid_users is not None
    book = book_of(exports, stays_until(exports, as_of))
    assert book is not None
    rows = exports.paid_users.iloc[book.in_force(end)]
    yield from _as_counted(exports, leaf, Stage.PAID_USERS, rows, rows["start"], rows["hundredths"].tolist())


def _stay_rows(
    exports: Exports, leaf: Metric, measure: Measure, begin: int, end: int, as_of: date
) -> Iterator[CountedRow]:
    assert exports.paid_users is not None
    stays = stays_until(exports, as_of)
    starts_in = (stays["start"] >= begin) & (stays["start"] < end)
    ends_in = (stays["end"] >= begin) & (stays["end"] < end) & (stays["end"] <= _number(as_of))
    at_start = (stays["start"] < begin) & (stays["end"] >= begin)
    opening_only = exports.config.churn.method == "opening"
    match measure:
        case Measure.NEW_PAID:
            chosen, place, day = stays[starts_in & stays["is_first"]], "first_row", "start"
        case Measure.REACTIVATED:
            chosen, place, day = stays[starts_in & ~stays["is_first"]], "first_row", "start"
        case Measure.CHURN_COUNTED if opening_only:
            chosen, place, day = stays[ends_in & at_start], "last_row", "end"
        case Measure.CHURNED | Measure.CHURN_COUNTED:
            chosen, place, day = stays[ends_in], "last_row", "end"
        case Measure.PAYING_AT_START:
            chosen, place, day = stays[at_start], "first_row", "start"
        case Measure.PAYING_AT_END:
            chosen, place, day = stays[(stays["start"] < end) & (stays["end"] >= end)], "first_row", "start"
        case _:
            raise ValueError(f"{measure} is not counted from stays")
    rows = exports.paid_users.iloc[chosen[place].tolist()]
    yield from _as_counted(exports, leaf, Stage.PAID_USERS, rows, chosen[day])


def _is_at_end(leaf: Metric) -> bool:
    """Whether a metric is a level at the end, which only the last month of a period gives."""
    return isinstance(leaf.kind, Balance) and leaf.kind.measure in (Measure.DEMOS_HELD_AT_END, Measure.MRR_AT_END)


def _monthly_rows(exports: Exports, leaf: Metric, stage: Stage, period: Period) -> Iterator[CountedRow]:
    """The rows of the monthly table that give a metric, where it stands in for an export."""
    if exports.monthly is None or leaf.key not in MONTHLY_COLUMNS[stage]:
        return
    first = month_of(period.last_day).start if _is_at_end(leaf) else period.start
    inside = [row for row in exports.monthly.rows if first <= row.month < period.end and leaf.key in row.values]
    whole_months = {row.month for row in inside if row.channel is None}
    for row in inside:
        if row.channel is None or row.month not in whole_months:
            yield CountedRow(
                part=leaf.key, file=row.file, line=row.line, user_id="", day=row.month, source="",
                channel=row.channel, counts=row.values[leaf.key], per=_per(leaf),
            )  # fmt: skip
