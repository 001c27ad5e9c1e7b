"""Which events a measure counts in which period, on hand-made events: boundary days, as_of, what is undone or moved."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

import numpy as np
import pytest

from funnelcli.counting.measures import (
    CHURNED,
    CHURNED_OF_OPENING,
    JOINED_AND_LEFT,
    MRR_AT_END,
    PAYING_AT_END,
    PAYING_AT_START,
    REGISTERED_AT_END,
    REGISTERED_AT_START,
    SIGNUPS,
    Measure,
)
from funnelcli.counting.select import Grid, day_number, select
from funnelcli.facts.events import NO_LINK, Events, Records
from funnelcli.values.periods import Period, month_of

FEBRUARY = month_of(date(2026, 2, 1))
MONTHS = tuple(month_of(date(2026, month, 1)) for month in (1, 2, 3))
# The last day of December, the first and the last of each month, the first of April.
DAYS = tuple(
    map(
        date.fromisoformat,
        (
            "2025-12-31", "2026-01-01", "2026-01-31", "2026-02-01", "2026-02-28", "2026-03-01", "2026-03-31",
            "2026-04-01",
        ),
    )
)  # fmt: skip
WHOLE = date(2026, 12, 31)


def events_on(
    days: Sequence[date],
    *,
    since: Sequence[date] | None = None,
    link: Sequence[int] | None = None,
    weight: Sequence[int] | None = None,
) -> Events:
    """One event a day, of the rows 0, 1, 2 … in turn."""
    return Events.of(
        "event",
        Records.invented("somewhere", "file.csv", {}, size=len(days)),
        np.arange(len(days)),
        np.array([day_number(day) for day in days]),
        since=None if since is None else np.array([day_number(day) for day in since]),
        link=None if link is None else np.array(link),
        weight=None if weight is None else np.array(weight),
    )


def rows_of(chosen: Sequence[Events]) -> list[list[int]]:
    return [events.row.tolist() for events in chosen]


def firsts(measure: Measure, events: Events, as_of: date, periods: Sequence[Period] = MONTHS) -> list[int]:
    return [int(first) for first in Grid(periods, as_of).first_period(measure, events)]


def test_days_are_numbered_from_1970_on() -> None:
    assert [day_number(date(1970, 1, 1)), day_number(date(1970, 1, 2)), day_number(date(1969, 12, 31))] == [0, 1, -1]
    assert len(Grid(MONTHS, WHOLE)) == 3


# The period that each of the DAYS counts in first; 3 where it counts in none.
@pytest.mark.parametrize(
    ("measure", "as_of", "first"),
    [
        (SIGNUPS, "2026-12-31", [3, 0, 0, 1, 1, 2, 2, 3]),
        (SIGNUPS, "2026-03-31", [3, 0, 0, 1, 1, 2, 2, 3]),
        (SIGNUPS, "2026-03-30", [3, 0, 0, 1, 1, 2, 3, 3]),
        (SIGNUPS, "2026-02-28", [3, 0, 0, 1, 1, 3, 3, 3]),
        (SIGNUPS, "2026-02-27", [3, 0, 0, 1, 3, 3, 3, 3]),
        (SIGNUPS, "2026-02-01", [3, 0, 0, 1, 3, 3, 3, 3]),
        (SIGNUPS, "2026-01-31", [3, 0, 0, 3, 3, 3, 3, 3]),
        # Of what is before a start, December counts in January already, the last day of January in February.
        (REGISTERED_AT_START, "2026-12-31", [0, 1, 1, 2, 2, 3, 3, 3]),
        (REGISTERED_AT_START, "2026-02-01", [0, 1, 1, 2, 3, 3, 3, 3]),
        (REGISTERED_AT_START, "2026-01-31", [0, 1, 1, 3, 3, 3, 3, 3]),
        (REGISTERED_AT_END, "2026-12-31", [0, 0, 0, 1, 1, 2, 2, 3]),
        (REGISTERED_AT_END, "2026-03-30", [0, 0, 0, 1, 1, 2, 3, 3]),
        # The ends of the months after as_of are cut to it: an event up to it is in all of them.
        (REGISTERED_AT_END, "2026-02-27", [0, 0, 0, 1, 3, 3, 3, 3]),
    ],
)
def test_the_first_period_of_an_event(measure: Measure, as_of: str, first: list[int]) -> None:
    assert firsts(measure, events_on(DAYS), date.fromisoformat(as_of)) == first


def test_a_single_period() -> None:
    days = DAYS[2:6]  # 31 January, 1 and 28 February, 1 March
    assert firsts(SIGNUPS, events_on(days), WHOLE, [FEBRUARY]) == [1, 0, 0, 1]
    assert firsts(REGISTERED_AT_START, events_on(days), WHOLE, [FEBRUARY]) == [0, 1, 1, 1]
    assert firsts(REGISTERED_AT_END, events_on(days), WHOLE, [FEBRUARY]) == [0, 0, 0, 1]


@pytest.mark.parametrize(
    ("measure", "first"),
    [
        (CHURNED, [0, 1, 1, 1, 2]),
        (CHURNED_OF_OPENING, [0, 1, 3, 3, 2]),
        (JOINED_AND_LEFT, [3, 3, 1, 1, 3]),
    ],
)
def test_when_what_ends_began(measure: Measure, first: list[int]) -> None:
    # From December to 1 January; from 31 January, 1 and 28 February to 28 February; from 28 February to 1 March.
    ends = events_on([DAYS[1], DAYS[4], DAYS[4], DAYS[4], DAYS[5]], since=[DAYS[0], DAYS[2], DAYS[3], DAYS[4], DAYS[4]])
    assert firsts(measure, ends, WHOLE) == first


@pytest.mark.parametrize(
    ("measure", "as_of", "rows"),
    [
        (SIGNUPS, "2026-12-31", [3, 4]),
        (SIGNUPS, "2026-02-27", [3]),
        (REGISTERED_AT_START, "2026-12-31", [0, 1, 2]),
        (REGISTERED_AT_END, "2026-12-31", [0, 1, 2, 3, 4]),
        (REGISTERED_AT_END, "2026-02-27", [0, 1, 2, 3]),
    ],
)
def test_what_is_selected_of_february(measure: Measure, as_of: str, rows: list[int]) -> None:
    assert rows_of(select(measure, [events_on(DAYS)], [], FEBRUARY, date.fromisoformat(as_of))) == [rows]


def test_what_a_later_event_undoes_is_not_selected() -> None:
    # Rows 0 to 3 begin in December and are tied 7, 8, 9 and 7; row 4 is tied to nothing.
    begun = events_on([DAYS[0]] * 5, link=[7, 8, 9, 7, NO_LINK])
    # 7 ceases on the last day of February, 8 on the first of March; and something that is tied to nothing.
    ceased = events_on([DAYS[4], DAYS[5], DAYS[3]], link=[7, 8, NO_LINK])
    assert rows_of(select(MRR_AT_END, [begun], [ceased], FEBRUARY, WHOLE)) == [[1, 2, 4]]
    assert rows_of(select(MRR_AT_END, [begun], [ceased], MONTHS[2], WHOLE)) == [[2, 4]]
    assert rows_of(select(MRR_AT_END, [begun], [ceased], FEBRUARY, date(2026, 2, 27))) == [[0, 1, 2, 3, 4]]
    # Of several kinds each is held against all that is undone.
    others = events_on([DAYS[0], DAYS[5]], link=[9, 5])
    both = select(MRR_AT_END, [begun, others], [ceased, events_on([DAYS[4]], link=[9])], FEBRUARY, WHOLE)
    assert rows_of(both) == [[1, 4], []]


def test_of_the_rows_of_a_stay_the_latest_stands_for_it() -> None:
    # Stay 7 begins in December and goes on in rows of January, February and March; the moves off the old rows weigh -1.
    begun = events_on([DAYS[0], DAYS[0], DAYS[4]], link=[7, 8, 9])
    moved_in = events_on([DAYS[2], DAYS[3], DAYS[5]], link=[7, 7, 7])
    moved_out = events_on([DAYS[2], DAYS[3], DAYS[5]], link=[7, 7, 7], weight=[-1, -1, -1])

    def chosen(measure: Measure, period: Period) -> list[list[int]]:
        return rows_of(select(measure, [begun, moved_in, moved_out], [], period, WHOLE))

    assert chosen(PAYING_AT_START, MONTHS[0]) == [[0, 1], [], []]
    assert chosen(PAYING_AT_END, MONTHS[0]) == chosen(PAYING_AT_START, FEBRUARY) == [[1], [0], []]
    assert chosen(PAYING_AT_END, FEBRUARY) == chosen(PAYING_AT_START, MONTHS[2]) == [[1, 2], [1], []]
    assert chosen(PAYING_AT_END, MONTHS[2]) == [[1, 2], [2], []]


def test_of_equally_late_rows_of_a_stay_the_last_stands_for_it() -> None:
    begun = events_on([DAYS[3], DAYS[3], DAYS[3]], link=[7, NO_LINK, NO_LINK])
    moved_in = events_on([DAYS[3], DAYS[3], DAYS[0]], link=[7, 7, 7])
    assert rows_of(select(PAYING_AT_END, [begun, moved_in], [], FEBRUARY, WHOLE)) == [[1, 2], [1]]
    assert rows_of(select(PAYING_AT_END, [events_on([])], [], FEBRUARY, WHOLE)) == [[]]
