"""Which rows that last are paid for: by their status, their trial and their amount.

What does not pay is no customer and is left out; what has ended on a day that nothing says is marked as such.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

import numpy as np

from funnelcli.config import PaidUsers
from funnelcli.facts.events import UNDATED_END
from funnelcli.inputs.spec import Input, Standing, Statuses, Stays, Trial
from funnelcli.problems import Problem, Problems, problem
from funnelcli.reading.headers import header_key
from funnelcli.reading.moments import Moments
from funnelcli.reading.tables import Table
from funnelcli.text import Text
from funnelcli.values.cells import read_flag
from funnelcli.values.channels import matches
from funnelcli.values.dates import DAY_MICROS
from funnelcli.values.statuses import status_key

GivenStatuses = Mapping[str, Sequence[str]]
_COUNTS = Text("counts as paying", "được tính là đang trả phí")
_DOES_NOT = Text("does not count, as a deal that is not won", "không được tính, như hợp đồng chưa chốt")


def standing_of(status: str, declared: Statuses, given: GivenStatuses) -> Standing:
    """What a status says of its row: as the settings decide, else by the first rule that fits.

    >>> from funnelcli.inputs import INPUTS
    >>> declared = INPUTS["paid_users"].statuses
    >>> [standing_of(word, declared, {}).value for word in ("active", "Dùng thử", "Đã hủy", "contract sent")]
    ['paying', 'not_paying', 'ended', 'unknown']
    """
    for group in declared.groups:
        if matches(status, given.get(group.value, ())):
            return group
    key = status_key(status)
    return next((says for rule, says in declared.rules if re.search(rule, key)), Standing.UNKNOWN)


def is_pipeline(header: str, statuses: Sequence[str], declared: Statuses) -> bool:
    """Whether a column of statuses is one of deals, by its header or by a status that says won or lost.

    >>> from funnelcli.inputs import INPUTS
    >>> is_pipeline("Status", ["Closed Won", "Proposal"], INPUTS["paid_users"].statuses)
    True
    """
    return any(re.search(declared.pipeline, key) for key in (header_key(header), *map(status_key, statuses)))


@dataclass(kw_only=True)
class _Rows:
    """The rows of a table while it is decided which of them stay, and what their starts and ends are."""

    table: Table
    problems: Problems
    kept: np.ndarray
    undated: np.ndarray

    def warn(self, code: str, rows: np.ndarray, column: str, **facts: object) -> None:
        """Warn of each of the rows."""
        self.problems.extend(self._warnings(code, rows, column, **facts))

    def _warnings(self, code: str, rows: np.ndarray, column: str, **facts: object) -> Iterator[Problem]:
        for row in np.flatnonzero(rows).tolist():
            file, line = self.table.place(row)
            yield problem(code, file=file, line=line, column=column, stage=self.table.input.name, **facts)

    def leave_out(self, rows: np.ndarray) -> None:
        """No longer keep the rows."""
        self.kept &= ~rows


def paid_rows(table: Table, rules: PaidUsers, given: GivenStatuses, problems: Problems) -> Table:
    """The rows of a table that are paid for.

    Rows that do not pay are left out and tallied as filtered, a trial is paid for from its end on, and a row that has
    ended, with no date of when, ends on UNDATED_END.  ``given`` is what the settings say of statuses; each row that is
    left out or not understood is warned of.
    """
    declared = table.input
    if declared.stays is None or not len(table):
        return table
    rows = _Rows(
        table=table, problems=problems, kept=np.ones(len(table), dtype=bool), undated=np.zeros(len(table), dtype=bool)
    )
    if declared.statuses is not None:
        _by_status(rows, declared.statuses, declared.stays, given)
    moments = dict(table.moments)
    if not rules.free_counts:
        if declared.trial is not None:
            moments[declared.stays.start] = _by_trial(rows, declared.trial, declared.stays)
        _by_amount(rows, declared.stays)
    if rows.undated.any():
        moments[declared.stays.end] = _undated(table.moments[declared.stays.end], rows.undated)
    if rows.kept.all():
        return replace(table, moments=moments)
    return replace(table, moments=moments).without(np.flatnonzero(~rows.kept), tallied="filtered")


def _undated(ends: Moments, undated: np.ndarray) -> Moments:
    return replace(ends, micros=np.where(undated, UNDATED_END * DAY_MICROS, ends.micros), given=ends.given | undated)


# --- by status ---------------------------------------------------------------------------------------------------


def _by_status(rows: _Rows, declared: Statuses, stays: Stays, given: GivenStatuses) -> None:
    """Leave out what does not pay, mark what has ended without a date, and say which statuses nobody knows."""
    table = rows.table
    cells = table.texts[declared.column]
    headers = [header for opened in table.files if (header := opened.columns.header_of(declared.column))]
    pipeline = any(is_pipeline(header, cells.texts, declared) for header in headers)
    ended_on_a_day = table.moments[stays.end].given
    for place, status in enumerate(cells.texts):
        if not status and not pipeline:
            continue
        says = standing_of(status, declared, given)
        of_status = (cells.places == place) & rows.kept
        shown = {"value": status[:80]}
        match says:
            case Standing.NOT_PAYING:
                rows.warn("not-paying", of_status, declared.column, **shown)
                rows.leave_out(of_status)
            case Standing.ENDED:
                undated = of_status & ~ended_on_a_day
                rows.warn("ended-without-date", undated, declared.column, **shown)
                rows.undated |= undated
            case Standing.UNKNOWN:
                counts_as = _DOES_NOT if pipeline else _COUNTS
                rows.warn("status-not-known", of_status, declared.column, counts_as=counts_as, **shown)
                if pipeline:
                    rows.leave_out(of_status)
            case Standing.PAYING:
                pass


# --- by trial ----------------------------------------------------------------------------------------------------


def _by_trial(rows: _Rows, declared: Trial, stays: Stays) -> Moments:
    """Leave trials out; the starts of the others, which are those of what is paid for."""
    table = rows.table
    flags = table.texts[declared.flag]
    says_trial = np.array([read_flag(text) is True for text in flags.texts] or [False], dtype=bool)[flags.places]
    start, end, trial = (table.moments[name] for name in (stays.start, stays.end, declared.ends))
    day = trial.micros // DAY_MICROS
    # Who is gone by the day on which the trial ends has never paid.
    left = trial.given & end.given & (end.micros // DAY_MICROS <= day) & ~rows.undated
    never_paid = (says_trial | left) & rows.kept
    rows.warn("trial-not-paid", never_paid, declared.flag if says_trial.any() else declared.ends)
    rows.leave_out(never_paid)
    later = trial.given & (day > start.micros // DAY_MICROS)
    return replace(
        start, micros=np.where(later, trial.micros, start.micros), timed=np.where(later, trial.timed, start.timed)
    )


# --- by amount ---------------------------------------------------------------------------------------------------

_NOTHING = re.compile(r"[^\d]*0+(?:[.,]0*)?[^\d]*", re.ASCII)


def _by_amount(rows: _Rows, stays: Stays) -> None:
    """Leave out rows that cost nothing beside others that cost something."""
    table = rows.table
    free, filled = np.zeros(len(table), dtype=bool), np.zeros(len(table), dtype=bool)
    for column in stays.amounts:
        cells = table.texts[column]
        is_nothing = np.array([bool(_NOTHING.fullmatch(text)) for text in cells.texts] or [False], dtype=bool)
        has_text = np.array([bool(text) for text in cells.texts] or [False], dtype=bool)
        free |= ~filled & is_nothing[cells.places]
        filled |= has_text[cells.places]
    free &= rows.kept
    if free.any() and (filled & ~free & rows.kept).any():
        used = next(column for column in stays.amounts if table.has(column))
        rows.warn("free-row", free, used)
        rows.leave_out(free)


def statuses_of(declared: Input) -> tuple[str, ...]:
    """The keys of ``[inputs.NAME.status]`` that an input understands.

    >>> from funnelcli.inputs import INPUTS
    >>> statuses_of(INPUTS["paid_users"])
    ('paying', 'not_paying', 'ended')
    """
    return tuple(group.value for group in declared.statuses.groups) if declared.statuses is not None else ()
