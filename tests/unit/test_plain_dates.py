"""Dates that are read from the bytes of a whole column: what Python's own calendar says of each."""

from __future__ import annotations

from datetime import datetime
from itertools import product

import numpy as np
import pytest

from funnelcli.reading.plain_dates import plain_dates

# NumPy lets other threads run while it reads more than some hundred texts, and must not fail meanwhile.
MANY = 3000


def read(*texts: str) -> list[datetime | None] | None:
    """The moments of some texts that stand at the end of a long column of dates that are there."""
    column = ["2026-01-05"] * MANY + list(texts)
    moments = plain_dates(np.array([text.encode() for text in column], dtype="S24").view(("<u8", 3)).T)
    return None if moments is None else moments[MANY:].tolist()


def moment(text: str) -> list[datetime | None] | None:
    """What Python reads of one such text."""
    try:
        return [datetime.fromisoformat(text)]
    except ValueError:
        return None


@pytest.mark.parametrize("year", [1900, 1996, 2000, 2023, 2024, 2100])
def test_days_are_those_of_the_calendar(year: int) -> None:
    texts = [f"{year}-{month:02}-{day:02}" for month, day in product(range(14), range(33))]
    differing = [text for text in texts if read(text) != moment(text)]
    assert differing == []
    assert sum(read(text) is not None for text in texts) == (366 if year in (1996, 2000, 2024) else 365)


@pytest.mark.parametrize("form", ["{:02}:30", "{:02}:30:00", "10:{:02}", "10:{:02}:59", "10:30:{:02}"])
@pytest.mark.parametrize("between", [" ", "T"])
def test_times_are_those_of_a_clock(form: str, between: str) -> None:
    texts = [f"2026-02-28{between}{form.format(number)}" for number in (0, 1, 9, 23, 24, 29, 30, 59, 60, 61, 99)]
    assert [text for text in texts if read(text) != moment(text)] == []


def test_one_that_is_not_there_leaves_the_whole_column_to_others() -> None:
    assert read("2026-02-28", "", "2026-03-01") == [datetime(2026, 2, 28), None, datetime(2026, 3, 1)]
    for text in ("2026-02-29", "2026-2-28", "2026/02/28", "28-02-2026", "2026-02-28Z", "2026-02-28 1:30", "x"):
        assert read("2026-02-28", text, "2026-03-01") is None
