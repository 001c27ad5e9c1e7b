"""Rows of large files that hold the sums of others: what is looked for among few rows, by columns and not row by row.

A running total makes it one look over a column, whatever the number of rows.
"""

from __future__ import annotations

import os
import re
from collections.abc import Iterator, Sequence
from math import lcm

import numpy as np

from funnelcli.inputs.spec import CellKind
from funnelcli.problems import Problem
from funnelcli.reading.cells import Cells
from funnelcli.reading.last_row import FEWEST as FEWEST_ABOVE
from funnelcli.reading.last_row import most_rows, number_in, total_problem
from funnelcli.reading.opening import Opened
from funnelcli.reading.raw import RawTable
from funnelcli.reading.rollups import MOST_BYTES
from funnelcli.reading.subtotals import FEWEST, SURE, UNLIKE, subtotal_problem
from funnelcli.reading.words import chosen
from funnelcli.stats.distinct import distinct
from funnelcli.values.channels import matches
from funnelcli.values.many import a_line, all_are, all_lines, in_lines, lines_like

MOST_TEXTS = 100_000  # different numbers that are written otherwise than plainly
MOST_DIGITS = 15  # of a number in its smallest unit, so that all of a column add up exactly
_PLAIN = all_lines(r"[0-9]{1,12}(?:\.[0-9]{1,2})?")
SHOWN_FIRST = 200  # people by whom it is told how most are written
# What tells the name of a group from an id: white space, no figure in it, an address, a colon.  Each as a line with it,
# one without it, and what stands in a text only where some line is the former.
_TRAITS = (
    (r"[^\n]*[^\S\n][^\n]*", r"[^\s]*", r"[^\S\n]"),
    (r"[^0-9\n]*", r"[^\n]*[0-9][^\n]*", r"(?m)^[^0-9\n]*$"),
    (r"[^\n]*@[^\n]*", r"[^@\n]*", "@"),
    (r"[^\n]*:[^\n]*", r"[^:\n]*", ":"),
)


def sums_in_columns(raw: RawTable) -> Iterator[Problem]:
    """Warnings of rows that hold the sums of others, and of a last one that may be a total, in a file of many rows."""
    opened = raw.opened
    if len(raw) <= most_rows(opened) and os.path.getsize(opened.file.path) <= MOST_BYTES:
        return  # they are looked at one by one
    whose = "source" if opened.input.summed else opened.input.person
    is_ignored = any(matches(header, opened.settings.ignore) for header in opened.columns.header)
    if whose is None or whose not in raw.cells or is_ignored:
        return
    wanted = [c.name for c in opened.known_columns if c.kind is CellKind.AMOUNT or c.name == "visits"]
    columns = [(name, numbers) for name in wanted if (numbers := _numbers(raw.cells[name])) is not None]
    if not opened.input.summed:
        yield from _total_below(raw, whose, columns)
    yield from _sums_between(raw, whose, columns)


def _numbers(cells: Cells) -> np.ndarray | None:
    """The numbers of a column in their smallest unit, 0 where there is none; None where they do not add up exactly."""
    filled = [text for text in cells.texts if text]
    if all_are(_PLAIN, filled):
        hundredths = np.rint(np.fromiter(map(float, filled), np.float64, len(filled)) * 100).astype(np.int64)
        known = np.zeros(len(cells.texts), dtype=np.int64)
        known[[bool(text) for text in cells.texts]] = hundredths
        return np.asarray(known[cells.places])
    if len(filled) > MOST_TEXTS:
        return None
    each = [number_in(text) or 0 for text in cells.texts]
    unit = lcm(*(number.denominator for number in each if number)) if any(each) else 1
    whole = [int(number * unit) for number in each]
    if len(str(unit)) > MOST_DIGITS or any(len(str(abs(number))) > MOST_DIGITS for number in whole):
        return None
    return np.asarray(np.array(whole, dtype=np.int64)[cells.places])


def _total_below(raw: RawTable, whose: str, columns: Sequence[tuple[str, np.ndarray]]) -> Iterator[Problem]:
    for name, numbers in columns:
        if len(numbers) > FEWEST_ABOVE and numbers[-1] and int(numbers[:-1].sum()) == int(numbers[-1]):
            yield _of_last(raw, whose, name)
            return


def _of_last(raw: RawTable, whose: str, column: str) -> Problem:
    cells, people = raw.cells[column], raw.cells[whose]
    last = len(raw) - 1
    place = raw.opened.columns.index[column]
    value, user = cells.texts[cells.places[last]], people.texts[people.places[last]]
    return total_problem(raw.opened, int(raw.lines[last]), place, value, user)


def _sums_between(raw: RawTable, whose: str, columns: Sequence[tuple[str, np.ndarray]]) -> Iterator[Problem]:
    for name, numbers in columns:
        for rows in (*_unlike(raw, whose), *_fitting(numbers)):
            below = are_sums(numbers, rows)
            if below or are_sums(numbers[::-1], rows[::-1]):
                yield _named(raw, whose, name, np.flatnonzero(rows), is_above=below)
                return


def _named(raw: RawTable, whose: str, column: str, rows: np.ndarray, *, is_above: bool) -> Problem:
    people = raw.cells[whose]
    names = dict.fromkeys(chosen(people.texts, people.places[rows]))
    opened: Opened = raw.opened
    places = opened.columns.index
    return subtotal_problem(
        opened, raw.lines[rows].tolist(), list(names), column=places[column], whose=places[whose], is_above=is_above
    )


def _unlike(raw: RawTable, whose: str) -> Iterator[np.ndarray]:
    """Sets of rows that are written alike, and unlike most: by what is empty in them, or by the look of the person."""
    people = raw.cells[whose]
    empty = np.zeros(len(raw), dtype=np.int64)
    for number, cells in enumerate(raw.cells.values()):
        empty |= cells.are_blank().astype(np.int64) << min(number, 62)
    for pattern in distinct(empty).tolist():
        yield from _if_few(empty == pattern)
    for like in () if people.are_ids else _odd_texts(people.texts):
        yield from _if_few(people.that(like.__contains__))


def _odd_texts(texts: Sequence[str]) -> Iterator[set[str]]:
    """The texts that have a trait which most do not have, trait by trait."""
    first, joined = texts[:SHOWN_FIRST], in_lines(texts)
    odd = []
    for trait, without, sign in _TRAITS:
        is_usual = 2 * sum(re.fullmatch(trait, text) is not None for text in first) > len(first)
        if re.search(rf"(?m)^(?:{without})$" if is_usual else sign, joined):
            odd.append(without if is_usual else trait)
    if not odd:
        return  # as in most files
    few = list(lines_like(a_line("|".join(odd)), texts))
    if 2 * len(few) <= len(texts):
        for trait in odd:
            if like := {text for text in few if re.fullmatch(trait, text)}:
                yield like


def _if_few(rows: np.ndarray) -> Iterator[np.ndarray]:
    number = int(rows.sum())
    if number >= FEWEST and 2 * number <= len(rows):
        yield rows


def _fitting(numbers: np.ndarray) -> Iterator[np.ndarray]:
    """The rows that are each the sum of at least two rows since the last of them, if such rows make up the whole.

    Among few rows that may be an accident; that it goes on to the last of many is none.
    """
    size = len(numbers)
    if size < FEWEST or numbers.min() <= 0:
        return
    before = np.concatenate([[0], np.cumsum(numbers)])
    # A row is the sum of those from row s on where what is before it, less itself, is what is before s.
    less = before[:-1] - numbers
    since = np.searchsorted(before[:-1], less)
    fits = (before[since] == less) & (np.arange(size) - since >= FEWEST)
    reached = np.zeros(size + 1, dtype=bool)
    reached[0] = True
    for row, start in zip(np.flatnonzero(fits).tolist(), since[fits].tolist(), strict=True):
        reached[row + 1] |= reached[start]
    for end in (size, size - 1) if reached[-2:].any() else ():
        if reached[end] and _is_proof(numbers, chosen := _chosen(since, end)):
            rest = int(numbers[:end][~chosen[:end]].sum())
            if end < size and rest != numbers[-1]:
                continue
            chosen[end:] = True  # the last row is the sum of all of them
            yield chosen
            return


def _chosen(since: np.ndarray, end: int) -> np.ndarray:
    """The rows that are sums up to an end, each of those since the one before."""
    chosen = np.zeros(len(since), dtype=bool)
    while end > 0:
        chosen[end - 1] = True
        end = int(since[end - 1])
    return chosen


def _is_proof(numbers: np.ndarray, chosen: np.ndarray) -> bool:
    return int(chosen.sum()) >= SURE and len(distinct(numbers[~chosen])) >= UNLIKE


def are_sums(numbers: np.ndarray, chosen: np.ndarray) -> bool:
    """Whether each chosen row is the sum of the rows above it since the last one, or of all rows so far.

    All rows are part of some sum, and most sums are of several rows.

    >>> are_sums(np.array([1, 2, 3, 4, 5, 9]), np.array([False, False, True, False, False, True]))
    True
    >>> are_sums(np.array([1, 2, 4, 4, 5, 9]), np.array([False, False, True, False, False, True]))
    False
    """
    rows = np.flatnonzero(chosen)
    if not len(rows) or rows[-1] != len(numbers) - 1:
        return False
    others = np.cumsum(np.where(chosen, 0, numbers))[rows]
    size = np.diff(rows, prepend=-1) - 1
    is_part = (size > 0) & (np.diff(others, prepend=0) == numbers[rows])
    several = int((is_part & (size >= FEWEST)).sum())
    fits = bool((is_part | (others == numbers[rows])).all())
    return fits and several >= FEWEST and 2 * several >= int(is_part.sum())
