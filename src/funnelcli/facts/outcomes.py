"""What the cells of a row say of whether something planned, like a demo, came about."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from funnelcli.inputs.spec import Outcome
from funnelcli.reading.cells import Cells
from funnelcli.reading.tables import Table
from funnelcli.values.cells import read_flag
from funnelcli.values.channels import fold, matches
from funnelcli.values.numbers import read_number

GivenStatuses = Mapping[str, Sequence[str]]
NO_STATUSES: GivenStatuses = {}
_YES, _NO = "held", "cancelled"


def says_undone(cell: str) -> bool:
    """Whether a cell of a column like "cancelled" says so: by a yes, or by a date or anything else that is no no.

    >>> says_undone("Yes"), says_undone("2026-01-05"), says_undone("false"), says_undone("")
    (True, True, False, False)
    """
    return bool(cell) and read_flag(cell) is not False


def says_done(cell: str, outcome: Outcome) -> bool | None:
    """What a cell of a column like "attended" says: yes, no (as 0 does), or nothing that is known.

    >>> from funnelcli.inputs import INPUTS
    >>> [says_done(cell, INPUTS["demos"].outcome) for cell in ("Yes", "0", "Absent", "40", "")]
    [True, False, False, True, None]
    """
    if (flag := read_flag(cell)) is not None:
        return flag
    if cell and (number := read_number(cell, None)) is not None:
        return number > 0
    word = fold(cell)
    return False if outcome.denies(word) else True if word in outcome.yes else None


def outcome_words(table: Table, outcome: Outcome, given: GivenStatuses) -> Cells:
    """The status of every row, folded, in words that say what they mean.

    What the settings decide is one of the usual words.  In a column of yes and no it is the header that says of what:
    under "Marked as No-Show" a no says nothing, and a yes that it did not come about.
    """
    cells = table.texts[outcome.status]
    known = cells.reworded([_word(text, given) for text in cells.texts])
    if not any(map(_is_flag, known.texts)):
        return known
    senses = [_sense(opened.columns.header_of(outcome.status) or "", known, outcome) for opened in table.files]
    rows = zip(known, table.file.tolist(), strict=True)
    return Cells.of([senses[file].get(word, word) for word, file in rows])


def _word(text: str, given: GivenStatuses) -> str:
    for group, word in (("held", _YES), ("not_held", _NO)):
        if matches(text, given.get(group, ())):
            return word
    return fold(text)


def _is_flag(word: str) -> bool:
    return read_flag(word) is not None


def _sense(header: str, cells: Cells, outcome: Outcome) -> Mapping[str, str]:
    """What yes and no mean under a header; nothing where the column has other words too."""
    if not all(_is_flag(word) for word in cells.texts if word):
        return {}
    title = fold(header.replace("_", " "))
    flags = {word: read_flag(word) for word in cells.texts if word}
    if outcome.says_no(title):
        return {word: _NO if says_yes else "" for word, says_yes in flags.items()}
    if outcome.affirms(title):
        return {word: _YES if says_yes else _NO for word, says_yes in flags.items()}
    return {}
