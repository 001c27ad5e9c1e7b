"""Ends that have happened by the export's own word, beside those of contracts that are still running."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from datetime import date
from functools import partial

import numpy as np

from funnelcli.config import Config
from funnelcli.facts.outcomes import GivenStatuses
from funnelcli.inputs.spec import Standing, Stays
from funnelcli.problems import Problem, problem
from funnelcli.reading.headers import header_key
from funnelcli.reading.opening import Opened
from funnelcli.reading.standing import standing_of
from funnelcli.reading.tables import Table
from funnelcli.stats.distinct import distinct
from funnelcli.values.dates import DAY_MICROS, day_of
from funnelcli.values.statuses import status_key

FEWEST, HALF = 3, 0.5  # rows that end on the day they begin, and their share of those with an end


def ends_at_starts(tables: Mapping[str, Table]) -> Iterator[Problem]:
    """A warning of each input of which half the ends or more are the day of the start: an end may be none."""
    for table in tables.values():
        stays = table.input.stays
        if stays is None or not table.has(stays.end) or not len(table):
            continue
        start, end = table.moments[stays.start], table.moments[stays.end]
        given = start.given & end.given
        same = np.flatnonzero(given & (start.micros // DAY_MICROS == end.micros // DAY_MICROS)).tolist()
        if len(same) >= max(FEWEST, HALF * int(given.sum())):
            file, line = table.place(same[0])
            header = table.files[int(table.file[same[0]])].columns.header_of(stays.end) or stays.end
            yield problem(
                "ends-at-start", file=file, line=line, column=stays.end, header=header, count=len(same),
                rows=int(given.sum()), stage=table.input.name,
            )  # fmt: skip


def days_of_past_ends(table: Table, config: Config) -> frozenset[date]:
    """The days on which rows ended that say of themselves that they have ended; none where rows do not last.

    An end that is the first unpaid day (``end_date = "exclusive"``) counts on the day before, as the loss does.  Starts
    are among them where an export is known to have none that lies ahead.
    """
    stays = table.input.stays
    if stays is None:
        return frozenset()
    begun = _days_of_known_starts(table, stays)
    if not table.has(stays.end):
        return begun
    start, end = table.moments[stays.start], table.moments[stays.end]
    chosen = end.given & are_facts(table, stays, config)
    days = end.micros[chosen] // DAY_MICROS
    if config.paid_users.end_date == "exclusive":
        days = np.maximum(days - 1, start.micros[chosen] // DAY_MICROS)
    return begun | frozenset(day_of(int(day) * DAY_MICROS) for day in distinct(days).tolist())


def _days_of_known_starts(table: Table, stays: Stays) -> frozenset[date]:
    """The days on which rows began, of exports that are known to have no start that lies ahead."""
    exports = [opened.export for opened in table.files]
    known = [number for number, export in enumerate(exports) if export is not None and export.starts_are_facts]
    if not known:
        return frozenset()
    begun = table.moments[stays.start].micros[np.isin(table.file, known)] // DAY_MICROS
    return frozenset(day_of(int(day) * DAY_MICROS) for day in distinct(begun).tolist())


def are_facts(table: Table, stays: Stays, config: Config) -> np.ndarray:
    """Of each row, whether its end is stated as a fact: by the settings, by the kind of export, or by its status."""
    if config.paid_users.gives("ends"):
        return np.full(len(table), config.paid_users.ends == "facts")
    of_file = np.array([_ends_are_facts(opened, stays) for opened in table.files], dtype=bool)
    facts: np.ndarray = (of_file[table.file] if len(of_file) else np.zeros(len(table), dtype=bool)) | says_ended(table)
    return facts


def _ends_are_facts(opened: Opened, stays: Stays) -> bool:
    """Whether a file is an export that is known to have facts under the header which its ends are read from."""
    export, header = opened.export, opened.columns.header_of(stays.end)
    if export is None or header is None or not export.ends_are_facts:
        return False
    return header_key(header) in map(header_key, export.headers_for(stays.end))


def says_ended(table: Table) -> np.ndarray:
    """Of each row, whether its status says that it has ended, by the settings or the rules of its input."""
    statuses = table.input.statuses
    if statuses is None or statuses.column not in table.texts or not len(table):
        return np.zeros(len(table), dtype=bool)
    cells = table.texts[statuses.column]

    def is_over(text: str, given: GivenStatuses) -> bool:
        is_lost = bool(re.search(statuses.lost, status_key(text)))  # a deal that is lost is no row any more
        return bool(text) and (is_lost or standing_of(text, statuses, given) is Standing.ENDED)

    over = np.zeros(len(table), dtype=bool)
    for of_files, given in given_statuses(table):
        over |= of_files & cells.that(partial(is_over, given=given))

    # What is cancelled or paused may be paid for up to a day that lies ahead, unless it is the day of the act itself.
    lies_ahead = cells.that(lambda text: bool(re.search(statuses.scheduled, status_key(text))))
    headers = [opened.columns.header_of(table.input.stays.end) if table.input.stays else None for opened in table.files]
    of_acts = np.array([bool(re.search(statuses.acts, status_key(header or ""))) for header in headers], dtype=bool)
    ended: np.ndarray = over & (~lies_ahead | of_acts[table.file])
    return ended


def given_statuses(table: Table) -> Iterator[tuple[np.ndarray, GivenStatuses]]:
    """What statuses say by the settings and by the exports that the files are, with the rows of which each holds."""
    of_files: list[tuple[GivenStatuses, list[int]]] = []
    for file, opened in enumerate(table.files):
        known = next((files for given, files in of_files if given == opened.settings.status), None)
        if known is None:
            of_files.append((opened.settings.status, [file]))
        else:
            known.append(file)
    for given, files in of_files:
        yield (np.isin(table.file, files) if len(of_files) > 1 else np.ones(len(table), dtype=bool)), given
