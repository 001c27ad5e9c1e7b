"""Measures from the ready-made monthly table, where it stands in for an export."""

from collections.abc import Sequence
from datetime import date

from funnelcli.counting.reasons import NO_MONTHLY_AMOUNTS, NOT_IN_MONTHLY
from funnelcli.facts.measures import Measure
from funnelcli.facts.series import MonthlySeries
from funnelcli.values.channels import Channel
from funnelcli.values.figures import Missing
from funnelcli.values.periods import Grain, Period, month_of, span

_LEVELS = {
    Measure.REGISTERED_AT_START: (Measure.REGISTERED_AT_START, False),
    Measure.REGISTERED_AT_END: (Measure.REGISTERED_AT_START, True),
    Measure.PAYING_AT_START: (Measure.PAYING_AT_START, False),
    Measure.PAYING_AT_END: (Measure.PAYING_AT_START, True),
    Measure.DEMOS_HELD_AT_END: (Measure.DEMOS_HELD_AT_END, True),
    Measure.MRR_AT_END: (Measure.MRR_AT_END, True),
}


Level = dict[Channel, int]


def from_monthly(
    series: MonthlySeries, measure: Measure, periods: Sequence[Period], as_of: date
) -> list[Level | Missing]:
    """A measure in each period, by channel; a month that the table lacks is missing, not zero."""
    found: list[Level | Missing] = []
    for period in periods:
        if measure in _LEVELS:
            kept, at_end = _LEVELS[measure]
            level = series.levels.get(kept, {}).get(period.end if at_end else period.start)
            known = {Channel.UNKNOWN: level} if level is not None else None
        else:
            known = _over_months(series, measure, period, as_of)
        unpriced = measure is Measure.MRR_AT_END and not series.levels.get(measure)
        found.append(known if known is not None else NO_MONTHLY_AMOUNTS if unpriced else NOT_IN_MONTHLY)
    return found


def _over_months(series: MonthlySeries, measure: Measure, period: Period, as_of: date) -> dict[Channel, int] | None:
    """A flow summed over the months of a period; None where a month before as_of is not in the table."""
    if measure is Measure.JOINED_AND_LEFT:
        return {}
    flow = series.flows.get(Measure.CHURNED if measure is Measure.CHURN_COUNTED else measure, {})
    total: dict[Channel, int] = {}
    for month in span(month_of(period.start), month_of(period.last_day), Grain.MONTH):
        if month.start > as_of:
            continue
        if month.start not in flow:
            return None
        for channel, number in flow[month.start].items():
            total[channel] = total.get(channel, 0) + number
    return total
