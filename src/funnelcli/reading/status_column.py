"""Which of several columns of statuses says who pays: the one whose words are understood."""

from __future__ import annotations

import re
from collections.abc import Sequence

from msgspec.structs import replace

from funnelcli.inputs.spec import Standing, Statuses
from funnelcli.problems import problem
from funnelcli.reading.headers import header_key
from funnelcli.reading.keys import sampled
from funnelcli.reading.opening import Opened
from funnelcli.values.cells import clean
from funnelcli.values.channels import matches

HARDLY, NEARLY_ALL = 0.5, 0.9  # of the cells, those that are understood


def with_understood_status(opened: Opened) -> Opened:
    """The file with the column of statuses whose words are known, where those of the one found by its header are not.

    A deal has a stage, which is as its pipeline calls it, and a status, which is won or lost.  What the settings map
    stays as it is, and what is chosen is said.
    """
    declared = opened.input.statuses
    if declared is None or not opened.has(declared.column) or declared.column in opened.settings.columns:
        return opened
    taken, header = opened.columns.index, opened.columns.header
    others = [
        place
        for place, cell in enumerate(header)
        if place not in taken.values()
        and re.search(opened.input.beside.telling, header_key(cell))
        and not matches(cell, opened.settings.ignore)
    ]
    if not others:
        return opened
    rows = sampled(opened)
    usual = taken[declared.column]
    if _understood(rows, usual, opened, declared) >= HARDLY:
        return opened
    known = [(share, -place) for place in others if (share := _understood(rows, place, opened, declared)) >= NEARLY_ALL]
    if not known:
        return opened
    place = -max(known)[1]
    said = problem(
        "status-by-cells", file=opened.name, column=declared.column, header=header[place], usual=header[usual],
        stage=opened.input.name,
    )  # fmt: skip
    columns = replace(opened.columns, index={**taken, declared.column: place})
    return replace(opened, columns=columns, warnings=(*opened.warnings, said))


def _understood(rows: Sequence[Sequence[str]], place: int, opened: Opened, declared: Statuses) -> float:
    """The share of the filled cells of a column that say who pays."""
    cells = [cell for row in rows if (cell := clean(row[place]))]
    given = opened.settings.status.values()
    known = sum(
        declared.says(cell) is not Standing.UNKNOWN or any(matches(cell, words) for words in given) for cell in cells
    )
    return known / len(cells) if cells else 0.0
