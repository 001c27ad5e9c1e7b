"""Which rows that last are paid for by their status: paying, not paying, ended, or not known."""

from __future__ import annotations

import re
from collections.abc import Mapping
from functools import partial

import numpy as np
from msgspec import Struct

from funnelcli.facts.ends import given_statuses
from funnelcli.facts.outcomes import GivenStatuses
from funnelcli.facts.standing_rows import StandingRows
from funnelcli.inputs.spec import Standing, Statuses, Stays
from funnelcli.reading.cells import Cells
from funnelcli.reading.headers import header_key
from funnelcli.reading.sample import sample_of
from funnelcli.reading.standing import DOES_NOT, is_pipeline, standing_of
from funnelcli.reading.tables import Table
from funnelcli.reading.unread_dates import end_beside_status
from funnelcli.text import Message, Text
from funnelcli.values.channels import matches
from funnelcli.values.dates import DAY_MICROS
from funnelcli.values.statuses import are_shares, status_key, whole_shares

_COUNTS = Message("counts as paying")


class _Saying(Struct, frozen=True, kw_only=True):
    """What the statuses of some files say, by what is given for these: the rows, the words, and which say "lost"."""

    rows: np.ndarray
    says: Mapping[str, Standing]
    given: GivenStatuses


def by_status(rows: StandingRows, declared: Statuses, stays: Stays) -> None:
    """Leave out what does not pay, mark what has ended without a date, and say which statuses nobody knows.

    Each file has its words by the settings, and by the export that it is.
    """
    table = rows.table
    cells = table.texts[declared.column]
    headers = [header for opened in table.files if (header := opened.columns.header_of(declared.column))]
    shared = are_shares(cells.texts) or any(
        re.search(table.input.beside.certainty, header_key(header)) for header in headers
    )
    pipeline = shared or any(is_pipeline(header, cells.texts, declared) for header in headers)
    said = [
        _Saying(rows=of_files, says=_says(cells, declared, given, pipeline=pipeline, shared=shared), given=given)
        for of_files, given in given_statuses(table)
    ]

    def rows_that_say(standing: Standing) -> np.ndarray:
        saying = np.zeros(len(table), dtype=bool)
        for each in said:
            saying |= each.rows & cells.that(partial(_is_said, each.says, standing))
        return rows.kept & saying

    start, end = table.moments[stays.start], table.moments[stays.end]
    lost = np.zeros(len(table), dtype=bool)
    for each in said:
        lost |= each.rows & _lost(cells, declared, each.given) & end.given
    not_paying, unknown = rows_that_say(Standing.NOT_PAYING) & ~lost, rows_that_say(Standing.UNKNOWN)
    if pipeline:  # a list beside deals has none, and is no deal
        unknown &= np.array([opened.has(declared.column) for opened in table.files], dtype=bool)[table.file]
    ended, paying = rows_that_say(Standing.ENDED), rows_that_say(Standing.PAYING)
    undated = ended & ~end.given
    latest = start.micros[~not_paying].max(initial=start.micros.min())
    over = paying & end.given & (end.micros + DAY_MICROS < latest)
    if table.lists:  # whoever has ended does not pay at the time of the list
        not_paying, undated = not_paying | ended, np.zeros(len(table), dtype=bool)
    rows.warn("not-paying", not_paying, declared.column, cells)
    if undated.any():
        rows.warn("ended-without-date", undated, declared.column, cells, ends=_named_end(table))
    rows.warn("status-not-known", unknown, declared.column, cells, counts_as=DOES_NOT if pipeline else _COUNTS)
    rows.warn("paying-after-end", over, stays.end, cells)
    rows.undated |= undated
    says_back = cells.that(lambda text: bool(re.search(table.input.beside.refunds, status_key(text))))
    rows.taken_back |= not_paying & says_back
    rows.leave_out(not_paying | unknown if pipeline else not_paying)


def _is_said(says: Mapping[str, Standing], standing: Standing, text: str) -> bool:
    return says.get(text) is standing


def _says(
    cells: Cells, declared: Statuses, given: GivenStatuses, *, pipeline: bool, shared: bool
) -> dict[str, Standing]:
    """What each status says; of a ``pipeline`` what is but closed is not known, of ``shared`` deals the whole won."""
    says = {text: standing_of(text, declared, given) for text in cells.texts if text or pipeline}
    if shared:
        shares = {text: is_won for text, is_won in whole_shares(cells.texts).items() if not _is_given(text, given)}
        says |= {text: Standing.PAYING if is_won else Standing.NOT_PAYING for text, is_won in shares.items()}
    if pipeline:
        unsure = {text for text, said in says.items() if said is Standing.ENDED and _is_closed(text, declared, given)}
        says |= dict.fromkeys(unsure, Standing.UNKNOWN)
    return says


def _is_closed(text: str, declared: Statuses, given: GivenStatuses) -> bool:
    """Whether a status says no more of a deal than that it is closed."""
    return not _is_given(text, given) and bool(re.search(declared.closed, status_key(text)))


def _lost(cells: Cells, declared: Statuses, given: GivenStatuses) -> np.ndarray:
    """The rows whose status says lost where nothing is won: of customers who have left, and not of deals."""
    keys = map(status_key, cells.texts)
    if any(re.search(declared.pipeline, key) and not re.search(declared.lost, key) for key in keys):
        return np.zeros(len(cells), dtype=bool)
    return cells.that(lambda text: not _is_given(text, given) and bool(re.search(declared.lost, status_key(text))))


def _named_end(table: Table) -> Text | str:
    """The header under which a file says when rows ended whose status says that they have; else a word for it."""
    names = (end_beside_status(sample_of(opened)) for opened in table.files)
    return next((repr(name) for name in names if name is not None), Message('"your header"'))


def _is_given(text: str, given: GivenStatuses) -> bool:
    return any(matches(text, words) for words in given.values())
