"""The days and months that an input has something of."""

from collections.abc import Collection, Iterable, Mapping
from datetime import date

import numpy as np

from funnelcli.facts.combine import InputEvents
from funnelcli.facts.events import NO_DAY
from funnelcli.facts.model import Extent
from funnelcli.facts.staged import expected
from funnelcli.reading.tables import Table
from funnelcli.values.dates import DAY_MICROS, day_of
from funnelcli.values.periods import month_of

_FEW_DAYS = 10**6  # that have a place each


def days_with_events(tables: Mapping[str, Table], combined: Mapping[str, InputEvents]) -> dict[str, set[date]]:
    """The days of each input: those of its events, and the day its list of customers was made, where it is one."""
    days = {name: _days(table) for name, table in tables.items()}
    for name, known in combined.items():
        if known.listed_on is not None:
            days[name].add(known.listed_on)
        if name in tables and tables[name].input.stages is not None:
            days[name] = _days_of_stages(name, known)
        made = tables[name].input.made if name in tables else None
        if made is not None:
            of_made = _distinct(known.events[event].day for event in made.events if event in known.events)
            days[name] = of_made if made.may_be_planned else days[name] | of_made
    return days


def _days_of_stages(name: str, known: InputEvents) -> set[date]:
    """The days on which something came to a stage or to its end; an end that is only expected may lie ahead."""
    return _distinct(each.day for event, each in known.events.items() if event != expected(name))


def _distinct(columns: Iterable[np.ndarray]) -> set[date]:
    """The days of some columns of them."""
    numbers: set[int] = set()
    for days in columns:
        known = days[days != NO_DAY]
        least, most = int(known.min(initial=0)), int(known.max(initial=0))
        if most - least < _FEW_DAYS:
            there = np.zeros(most - least + 1, dtype=bool)
            there[known - least] = True
            known = np.flatnonzero(there) + least
        numbers |= set(known.tolist())
    return {day_of(number * DAY_MICROS) for number in numbers}


def _days(table: Table) -> set[date]:
    """The days on which an input has an event, duplicates too; ends and what is planned may lie ahead."""
    declared = table.input
    columns = [event.at for event in table.input.events if event.at in table.moments]
    columns += [name for name in table.moments if ":" in name]
    if declared.spending is not None:
        columns.append(declared.spending.until)
    days = {day_of(number * DAY_MICROS) for name in columns for number in table.moments[name].distinct_days()}
    # Of money that is dated by the first of every month each day stands for its month.
    is_by_month = (
        declared.spending is not None
        and bool(days)
        and Extent(min(days), max(days), frozenset(), frozenset(days)).is_by_month
    )
    return days_of_months(days) if is_by_month else days


def days_of_months(months: Collection[date]) -> set[date]:
    """The first and the last day of each month, given by its first day."""
    return {*months, *(month_of(month).last_day for month in months)}


def extent_of(days: Collection[date], ended: frozenset[date] | None) -> Extent | None:
    """From when to when an input tells of something; None where it tells of no day."""
    if not days:
        return None
    months = frozenset(day.replace(day=1) for day in days)
    return Extent(min(days), max(days), months, days=frozenset(days), ended=ended or frozenset())
