"""Columns that are not read and say of some rows that they are of no real person: spam, tests, bots, colleagues."""

from __future__ import annotations

import os
import re
from collections import Counter
from collections.abc import Iterator, Mapping
from itertools import islice
from operator import itemgetter

from funnelcli.inputs.unreal import Unreal
from funnelcli.problems import Problem, problem
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.headers import header_key
from funnelcli.reading.opening import Opened
from funnelcli.reading.rows import raw_records
from funnelcli.reading.unread import SAMPLE_ROWS
from funnelcli.text.regex import regex
from funnelcli.values.cells import clean_column, read_flag
from funnelcli.values.channels import fold, matches
from funnelcli.values.statuses import status_key

MOST_NAMED = 5
MOST_WORDS = 25  # of a column of few words
# Spam comes in waves, so that the first rows of signups say little; of large files of visits they must do.
MOST_ROWS, MOST_BYTES = 20_000, 3_000_000


def unreal_problems(opened: Opened) -> Iterator[Problem]:
    """A warning for each column that says of some rows that they may be of no real person, and the setting for it."""
    unreal = opened.input.unreal
    if unreal is None:
        return
    places = _places(opened)
    counted, number = _cells(opened, places) if places else ({}, 0)
    for place, cells in counted.items():
        header = opened.columns.header[place]
        says = unreal_cells(header, cells, unreal)
        if says:
            yield problem(
                "unread-column-excludes", file=opened.name, line=opened.header_line or None, column=header,
                value=next(iter(says)), rows=sum(says.values()), of=number, values=list(says)[:MOST_NAMED],
                stage=opened.input.name,
            )  # fmt: skip


def _places(opened: Opened) -> list[int]:
    """The columns that are not read, and of which no setting speaks."""
    taken, settings = set(opened.columns.index.values()), opened.settings
    decided = {header_key(header) for header in (*settings.keep, *settings.drop)}
    return [
        place
        for place, header in enumerate(opened.columns.header)
        if place not in taken and header.strip() and header_key(header) not in decided
        and not matches(header, settings.ignore)
    ]  # fmt: skip


def _cells(opened: Opened, places: list[int]) -> tuple[dict[int, Counter[str]], int]:
    """The cells of some columns in the first rows, with how often each stands there, and how many rows these are."""
    is_large = opened.input.summed and os.path.getsize(opened.file.path) > MOST_BYTES
    width = len(opened.columns.header)
    try:
        records = list(islice(raw_records(opened, lambda _: None), SAMPLE_ROWS if is_large else MOST_ROWS))
    except FileFault:
        return {}, 0  # which the reading itself reports
    rows = [record for _, record in records if len(record) == width]
    counted: dict[int, Counter[str]] = {}
    for place in places:
        written = Counter(map(itemgetter(place), rows))
        cells = counted[place] = Counter()
        for cell, number in zip(clean_column(list(written)), written.values(), strict=True):
            cells[cell] += number
    return counted, len(rows)


def unreal_cells(header: str, cells: Mapping[str, int], unreal: Unreal) -> dict[str, int]:
    """The cells of a column that say so, with how often each stands there; the most frequent first.

    >>> from funnelcli.inputs.people import NOT_REAL
    >>> unreal_cells("status", {"ok": 9, "spam": 2}, NOT_REAL), unreal_cells("is_test", {"no": 9, "yes": 1}, NOT_REAL)
    ({'spam': 2}, {'yes': 1})
    """
    filled = [cell for cell in cells if cell]
    says: list[str] = []
    title = status_key(header)
    if re.search(unreal.by_whom, title):
        return {}
    if any(read_flag(cell) is None for cell in filled) and len(filled) < sum(cells.values()):
        if re.search(unreal.filled, title) and "" in cells:
            return {"?*": sum(cells[cell] for cell in filled)}
        if re.search(unreal.empty, title) and "" in cells:
            return {"": cells[""]}
    if programs := _programs(cells):
        return programs
    if not filled or len(filled) > MOST_WORDS:
        return {}
    if all(read_flag(cell) is not None for cell in filled):
        patterns = ((unreal.yes, True), (unreal.filled, True), (unreal.no, False))
        answers = [answer for pattern, answer in patterns if re.search(pattern, title)]
        says = [cell for cell in filled if read_flag(cell) in answers]
    else:
        # In the name of somebody or something a word like spam says nothing, unless it is all of it.
        most = 1 if re.search(unreal.names, title) else MOST_WORDS
        says = [cell for cell in filled if re.fullmatch(unreal.words, fold(cell)) and len(cell.split()) <= most]
    return dict(sorted(((cell, cells[cell]) for cell in says), key=lambda item: -item[1]))


# As programs call themselves: "Mozilla/5.0 (compatible; Googlebot/2.1; …)", "python-requests/2.31".
_PROGRAM = regex(r"\b([\w-]*(?:bot|crawler|spider)|headlesschrome|python-requests|curl|wget)/v?\d", re.IGNORECASE)


def _programs(cells: Mapping[str, int]) -> dict[str, int]:
    """The programs that some cells name, as patterns of these cells, with how often each stands there.

    >>> _programs({"Mozilla/5.0 (compatible; Googlebot/2.1)": 3, "Mozilla/5.0 (iPhone)": 9, "Abbot": 1})
    {'*Googlebot*': 3}
    """
    named: Counter[str] = Counter()
    for cell, number in cells.items():
        if "/" in cell and (match := _PROGRAM.search(cell)):
            named[f"*{match[1]}*"] += number
    return dict(named.most_common())
