"""Columns that are not read and say of some rows that they are of no real person: spam, tests, bots, colleagues."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator

from funnelcli.inputs.spec import Unreal
from funnelcli.problems import Problem, problem
from funnelcli.reading.headers import header_key
from funnelcli.reading.opening import Opened
from funnelcli.reading.unread import Holding, Unread, first_rows, unread_columns
from funnelcli.values.cells import read_flag
from funnelcli.values.channels import fold
from funnelcli.values.statuses import status_key

MOST_NAMED = 5


def unreal_problems(opened: Opened) -> Iterator[Problem]:
    """A warning for each column that says of some rows that they may be of no real person, and the setting for it."""
    unreal = opened.input.unreal
    if unreal is None or len(set(opened.columns.index.values())) == len(opened.columns.header):
        return
    decided = {header_key(header) for header in (*opened.settings.keep, *opened.settings.drop)}
    rows = first_rows(opened)
    for column in unread_columns(opened, rows):
        if header_key(column.header) in decided:
            continue
        cells = unreal_cells(column, unreal)
        if cells:
            yield problem(
                "unread-column-excludes", file=opened.name, line=opened.header_line or None, column=column.header,
                value=next(iter(cells)), rows=sum(cells.values()), of=len(rows), values=list(cells)[:MOST_NAMED],
                stage=opened.input.name,
            )  # fmt: skip


def unreal_cells(column: Unread, unreal: Unreal) -> Counter[str]:
    """The cells of a column that say so, with how often each stands in the first rows; the most frequent first."""
    says: set[str] = set()
    filled = {cell for cell in column.cells if cell}
    if column.holding is Holding.FLAGS:
        title = status_key(column.header)
        for pattern, answer in ((unreal.yes, True), (unreal.no, False)):
            if re.search(pattern, title):
                says |= {cell for cell in filled if read_flag(cell) is answer}
    elif column.holding is Holding.WORDS:
        says = {cell for cell in filled if re.fullmatch(unreal.words, fold(cell))}
    counted = Counter(cell for cell in column.cells if cell in says)
    return Counter(dict(counted.most_common()))
