"""A date that lies years after all others, or before: a slip of the pen, which does not move as_of."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date

import numpy as np

from funnelcli.problems import Problem, problem
from funnelcli.reading.tables import Table
from funnelcli.stats.distinct import distinct
from funnelcli.values.dates import DAY_MICROS, day_of, micros_of

YEARS = 2 * 366  # days without a single date before the last one
# Old customers may have come years before the others; of so many other days none is as far from the first.
YEARS_BEFORE, FEWEST_DAYS = 8 * 366, 5


def without_lone_day(days: Mapping[str, set[date]]) -> tuple[dict[str, set[date]], date | None]:
    """The days of each input without the one that lies years after all others, and that day.

    >>> some = {"signups": {date(2026, 1, 5), date(2026, 2, 3), date(2062, 2, 3)}}
    >>> without_lone_day(some)[1], without_lone_day({"signups": {date(2026, 1, 5), date(2062, 2, 3)}})[1]
    (datetime.date(2062, 2, 3), None)
    """
    last = sorted({day for known in days.values() for day in known})[-3:]
    if len(last) < 3 or (last[-1] - last[-2]).days <= YEARS:
        return dict(days), None
    return {name: known - {last[-1]} for name, known in days.items()}, last[-1]


def lone_problems(tables: Mapping[str, Table], day: date | None) -> Iterator[Problem]:
    """The rows that have the lone day."""
    if day is None:
        return
    number = micros_of(day) // DAY_MICROS
    for table in tables.values():
        for name in dict.fromkeys(event.at for event in table.input.events if event.at in table.moments):
            moments = table.moments[name]
            for row in np.flatnonzero(moments.given & (moments.micros // DAY_MICROS == number)).tolist():
                file, line = table.place(row)
                yield problem("lone-date", file=file, line=line, column=name, value=day)


def lone_starts(tables: Mapping[str, Table]) -> Iterator[Problem]:
    """The rows of an input whose day lies many years before those of all its others."""
    for table in tables.values():
        at = next((event.at for event in table.input.events if event.at in table.moments), None)
        if at is None:
            continue
        moments = table.moments[at]
        days = distinct(moments.micros[moments.given] // DAY_MICROS)
        if len(days) <= FEWEST_DAYS or days[1] - days[0] <= YEARS_BEFORE:
            continue
        for row in np.flatnonzero(moments.given & (moments.micros // DAY_MICROS == days[0])).tolist():
            file, line = table.place(row)
            yield problem("lone-start", file=file, line=line, column=at, value=day_of(moments.micros[row]))
