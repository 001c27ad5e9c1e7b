"""Figures of cohorts, each made once: a cohort's rate and its interval, all of them by age, first stays."""

from __future__ import annotations

from funnelcli.answers.cells import Number
from funnelcli.answers.cohorts import NO_WINDOW_OVER, NOBODY_CAME, TOO_DIFFERENT, Cohorts, Split
from funnelcli.counting.cohorts import Cohort
from funnelcli.counting.retention import Retention
from funnelcli.stats.intervals import Interval, wilson
from funnelcli.text import Message, Text
from funnelcli.values.figures import Missing, Unit

_TITLE = Message("{journey}: {start} → {goal}")


def title_of(asked: Cohorts) -> Text:
    """The title of cohorts: the journey, and from where to where it is followed."""
    return _TITLE.filled(journey=asked.journey.title, start=asked.start.label, goal=asked.goal.label)


def rate_value(cohort: Cohort) -> tuple[float | None, Missing | None]:
    """The share of those whose window is over that got on within it, or why there is none."""
    if cohort.matured:
        return cohort.converted / cohort.matured, None
    return None, NO_WINDOW_OVER if cohort.entered else NOBODY_CAME


def interval_of(cohort: Cohort) -> Interval | None:
    """Wilson's interval of a cohort's rate; None where there is none."""
    return wilson(cohort.converted, cohort.matured) if cohort.matured else None


def by_age_of(split: Split) -> Number:
    """All cohorts together by age."""
    value = split.overall.by_age
    if value is None:
        return Number(value=None, unit=Unit.RATE, missing=NO_WINDOW_OVER)
    if value > 1:
        return Number(value=None, unit=Unit.RATE, missing=TOO_DIFFERENT)
    return Number(value=value, unit=Unit.RATE)


def first_stay(retention: Retention, months: int) -> tuple[float, Interval | None]:
    """The share whose first stay has lasted so many months, and its interval."""
    curve = retention.by_month
    place = int((curve.times <= months).sum()) - 1
    return (1.0, None) if place < 0 else (float(curve.survival[place]), curve.interval(place))
