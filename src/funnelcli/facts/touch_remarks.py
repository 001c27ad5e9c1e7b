"""Activities that count nowhere, or not in all: said of each file with how many rows they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from funnelcli.facts.rows import Rows
from funnelcli.problems import Problem, problem
from funnelcli.reading.tables import Table
from funnelcli.stats.distinct import distinct
from funnelcli.text import COMMA, Text, as_text, joined

MOST_SHOWN = 5


def touch_remarks(table: Table, rows: Rows, which: Mapping[str, np.ndarray]) -> Iterator[Problem]:
    """A problem of each file and code with the rows that it is of; the kinds of those of which it is said."""
    for code, chosen in which.items():
        for file in distinct(rows["file"][chosen]).tolist():
            mine = chosen & (rows["file"] == file)
            number = int(np.count_nonzero(mine))
            yield problem(code, file=table.files[file].name, rows=number, words=_kinds(rows, mine))


def _kinds(rows: Rows, chosen: np.ndarray) -> Text:
    """The kinds of some rows, those of most rows first."""
    if "kind" not in rows.words:
        return as_text("")
    kinds = rows.words["kind"]
    number = np.bincount(kinds.codes[chosen], minlength=len(kinds.texts))
    order = [place for place in np.argsort(-number, kind="stable").tolist() if number[place]]
    shown = [as_text(repr(kinds.texts[place])) for place in order[:MOST_SHOWN]]
    return joined(COMMA, [*shown, *([as_text("…")] if len(order) > MOST_SHOWN else [])])
