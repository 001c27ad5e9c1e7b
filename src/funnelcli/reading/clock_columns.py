"""Times of day in a column of their own, beside the days that they are of: both together are the moments."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np
from msgspec.structs import replace

from funnelcli.inputs.spec import CellKind, Column
from funnelcli.problems import problem
from funnelcli.reading.cells import Cells
from funnelcli.reading.headers import header_key
from funnelcli.reading.keys import sampled
from funnelcli.reading.moments import Moments
from funnelcli.reading.opening import Opened
from funnelcli.text import Message
from funnelcli.values.cells import clean
from funnelcli.values.channels import matches

CLOCK = "clock:"  # before the name of the column of days
_HEADER = r"\b(times?|hours?|clock|gio|luc|thoi gian)\b"
_OF_ELSE = (
    r"\b(due|end|ends|ended|finish\w*|duration|lasted|zone|timezone|den han|ket thuc|het|thoi luong|tao|created)\b"
)
_TIME = re.compile(r"(\d{1,2})\s*[:hg]\s*(\d{2})?(?::(\d{2})(?:\.\d+)?)?\s*([ap])?\.?(?:m\.?)?", re.IGNORECASE)
_MEANING = Message("the time of day")


def with_clock_columns(opened: Opened) -> Opened:
    """The file with the one column of times of day that belongs to its days, which is said.

    That is so where the days of its rows have no time, and one header that is of times has nothing else below it.
    """
    events, index = opened.input.events, opened.columns.index
    at = events[0].at if events else ""
    declared = opened.input.column(at)
    is_bare = declared is not None and declared.is_date and at in index and opened.columns.offset_of(at) is None
    free = [
        place for place, header in enumerate(opened.columns.header)
        if place not in index.values() and not matches(header, opened.settings.ignore)
        and re.search(_HEADER, header_key(header)) and not re.search(_OF_ELSE, header_key(header))
    ]  # fmt: skip
    if not is_bare or not free:
        return opened
    rows = sampled(opened)
    days = [clean(row[index[at]]) for row in rows]
    clocks = [place for place in free if _are_times([clean(row[place]) for row in rows])]
    if len(clocks) != 1 or any(":" in day or "T" in day for day in days):
        return opened
    place, name = clocks[0], f"{CLOCK}{at}"
    said = problem(
        "time-beside", file=opened.name, column=opened.columns.header[index[at]], header=opened.columns.header[place],
        stage=opened.input.name,
    )  # fmt: skip
    known = replace(
        opened.columns, index={**index, name: place},
        open=(*opened.columns.open, Column(name=name, kind=CellKind.TEXT, meaning=_MEANING)),
    )  # fmt: skip
    return replace(opened, columns=known, warnings=(*opened.warnings, said))


def _are_times(cells: Sequence[str]) -> bool:
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(time_of_day(cell) is not None for cell in filled)


def time_of_day(text: str) -> int | None:
    """The microseconds from midnight to a time of day; None where a text is none.

    >>> [time_of_day(text) for text in ("10:30", "0:00:01", "8h05", "2:00 PM", "25:00", "10")]
    [37800000000, 1000000, 29100000000, 50400000000, None, None]
    """
    parts = _TIME.fullmatch(text.strip())
    if parts is None:
        return None
    hour, minute, second = (int(part or 0) for part in parts.group(1, 2, 3))
    half = (parts[4] or "").casefold()
    if half and not 1 <= hour <= 12:
        return None
    hour = hour % 12 + 12 * (half == "p") if half else hour
    if hour > 23 or minute > 59 or second > 59:
        return None
    return ((hour * 60 + minute) * 60 + second) * 1_000_000


def with_clocks(moments: Mapping[str, Moments], texts: dict[str, Cells]) -> dict[str, Moments]:
    """Columns of dates with the times of day that stand beside them; the texts of these are then gone."""
    made = dict(moments)
    for name in [name for name in texts if name.startswith(CLOCK)]:
        cells, days = texts.pop(name), made[name.removeprefix(CLOCK)]
        times = [time_of_day(text) for text in cells.texts]
        known = np.array([time is not None for time in times], dtype=bool)[cells.places] & days.given & ~days.timed
        added = np.array([time or 0 for time in times], dtype=np.int64)[cells.places]
        made[name.removeprefix(CLOCK)] = Moments(
            np.where(known, days.micros + added, days.micros), days.timed | known, days.given
        )
    return made
