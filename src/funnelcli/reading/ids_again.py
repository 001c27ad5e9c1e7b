"""Ids of people that come back on other days and may be those of others: numbers of rows, and names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from string import digits
from typing import TYPE_CHECKING

import numpy as np

from funnelcli.inputs.spec import Earliest
from funnelcli.problems import Problem, problem
from funnelcli.reading.glance import glance
from funnelcli.text.regex import regex
from funnelcli.values.dates import DAY_MICROS
from funnelcli.values.many import in_lines

if TYPE_CHECKING:
    from funnelcli.reading.tables import Table

FEWEST = 3  # rows that are numbered from 1 on
NEARLY_ALL = 0.9
_ARE_NAMES = regex(r"[^\W\d_]+(?:[ .'’-]+[^\W\d_]+)+\.?")


def ids_again(table: Table) -> Iterator[Problem]:
    """Warnings of ids that have rows on several days where each person is to have one: only the earliest counts."""
    if not isinstance(table.input.identity, Earliest) or len(table) < 2:
        return
    cells = table.texts[table.person]
    if len(cells.texts) == len(table):
        return  # nobody comes back
    days = table.moments[table.input.events[0].at].micros // DAY_MICROS
    again = _on_other_days(cells.places, days)
    if not len(again):
        return
    place = int(again[0])
    text = cells.texts[cells.places[place]]
    code = None
    if len(table) >= 2 * FEWEST and cells.texts[0].isdigit() and _number_rows(list(cells)):
        code = "ids-number-rows"
    elif _are_names(cells.texts):
        code = "ids-are-names"
    if code is not None:
        file, line = table.place(place)
        header = table.files[int(table.file[place])].columns.header_of(table.person) or table.person
        yield problem(
            code, file=file, line=line, column=table.person, value=text[:80], count=len(again), header=header,
            stage=table.input.name,
        )  # fmt: skip


def _on_other_days(people: np.ndarray, days: np.ndarray) -> np.ndarray:
    """The rows of people who have an earlier row on another day."""
    first = np.full(int(people.max()) + 1, np.iinfo(np.int64).max)
    np.minimum.at(first, people, days)
    rows: np.ndarray = np.flatnonzero(days > first[people])
    return rows


def _number_rows(ids: Sequence[str]) -> bool:
    """Whether ids number the rows from 1 on, and begin anew at least once.

    >>> _number_rows(["1", "2", "3", "1", "2", "3"]), _number_rows(["1", "2", "3", "2"])
    (True, False)
    """
    joined = in_lines(ids)
    if not joined.isascii() or not joined.replace("\n", "").isdigit():
        return False
    numbers = np.array([int(text) if len(text) < len("1000000000") else 0 for text in ids])
    begins = np.flatnonzero(numbers == 1)
    sizes = np.diff([*begins.tolist(), len(numbers)])
    is_next = np.diff(numbers) == 1
    is_next[begins[1:] - 1] = True
    return len(begins) > 1 and begins[0] == 0 and bool(is_next.all()) and int(sizes.min()) >= FEWEST


def _are_names(texts: Sequence[str]) -> bool:
    """Whether nearly all ids are names of several words."""
    look = glance(texts)
    if look is not None and (~look.ends_with(digits)).sum() < NEARLY_ALL * len(texts):
        return False  # no name ends in a digit
    return sum(_ARE_NAMES.fullmatch(text) is not None for text in texts) >= NEARLY_ALL * len(texts)
