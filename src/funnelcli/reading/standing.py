"""What the statuses of a file say of its rows: also of rows that lack a start because they never began to pay."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from funnelcli.inputs.spec import Standing, Statuses
from funnelcli.problems import Problem, problem
from funnelcli.reading.headers import header_key
from funnelcli.reading.raw import RawTable
from funnelcli.text import Message
from funnelcli.values.channels import matches
from funnelcli.values.statuses import status_key

DOES_NOT = Message("does not count, as a deal that is not won")


def standing_of(status: str, declared: Statuses, given: Mapping[str, Sequence[str]]) -> Standing:
    """What a status says of its row: as the settings decide, else by the first rule that fits.

    >>> from funnelcli.inputs import INPUTS
    >>> declared = INPUTS["paid_users"].statuses
    >>> [standing_of(word, declared, {}).value for word in ("active", "Dùng thử", "Đã hủy", "contract sent")]
    ['paying', 'not_paying', 'ended', 'unknown']
    """
    for group in declared.groups:
        if matches(status, given.get(group.value, ())):
            return group
    return declared.says(status)


def is_pipeline(header: str, statuses: Sequence[str], declared: Statuses) -> bool:
    """Whether a column of statuses is one of deals, by its header or by a status that says won or lost.

    >>> from funnelcli.inputs import INPUTS
    >>> is_pipeline("Status", ["Closed Won", "Proposal"], INPUTS["paid_users"].statuses)
    True
    """
    return any(re.search(declared.pipeline, key) for key in (header_key(header), *map(status_key, statuses)))


def not_counted(
    header: str, statuses: Sequence[str], declared: Statuses, given: Mapping[str, Sequence[str]]
) -> frozenset[str]:
    """The statuses of a column whose rows do not count: they do not pay, or are of a deal that nothing says is won."""
    is_of_deals = is_pipeline(header, statuses, declared)
    left_out = {Standing.NOT_PAYING, Standing.UNKNOWN} if is_of_deals else {Standing.NOT_PAYING}
    return frozenset(
        text for text in statuses if (text or is_of_deals) and standing_of(text, declared, given) in left_out
    )


def never_began(raw: RawTable) -> np.ndarray:
    """The rows without a start that do not count by their status: of deals lost or open, of who never paid.

    Nothing of them needs to be filled in.
    """
    opened = raw.opened
    stays, statuses = opened.input.stays, opened.input.statuses
    none = np.zeros(len(raw), dtype=bool)
    if stays is None or statuses is None or statuses.column not in raw.cells or stays.start not in raw.cells:
        return none
    starts, said = raw.cells[stays.start], raw.cells[statuses.column]
    without = starts.are_blank()
    if not without.any():
        return none
    header = opened.columns.header_of(statuses.column) or ""
    left_out = not_counted(header, said.texts, statuses, opened.settings.status)
    rows: np.ndarray = without & said.that(lambda text: bool(text) and text in left_out)
    return rows


def never_began_problems(raw: RawTable, rows: np.ndarray) -> Iterator[Problem]:
    """The warnings of rows that do not count by their status."""
    statuses = raw.opened.input.statuses
    assert statuses is not None
    cells = raw.cells[statuses.column]
    for row in np.flatnonzero(rows).tolist():
        text = cells.texts[cells.places[row]]
        is_known = standing_of(text, statuses, raw.opened.settings.status) is not Standing.UNKNOWN
        facts: dict[str, object] = {} if is_known else {"counts_as": DOES_NOT}
        yield problem(
            "not-paying" if is_known else "status-not-known", file=raw.opened.name, line=int(raw.lines[row]),
            column=statuses.column, value=text[:80], stage=raw.opened.input.name, **facts,
        )  # fmt: skip
