"""Words that the config says mean empty."""

from __future__ import annotations

from collections.abc import Sequence

from funnelcli.values.cells import clean
from funnelcli.values.channels import matches

MOST_REMEMBERED = 100_000


class Emptied(dict[str, str]):
    """By a cell, the cell, or nothing where ``[inputs.NAME] empty`` has a word for it; each text is looked at once.

    >>> emptied = Emptied(["0000-00-00*", "never"])
    >>> emptied["0000-00-00 00:00:00"], emptied[" Never"], emptied["2026-01-05"]
    ('', '', '2026-01-05')
    """

    def __init__(self, words: Sequence[str]) -> None:
        super().__init__()
        self._words = words

    def __missing__(self, cell: str) -> str:
        if len(self) > MOST_REMEMBERED:
            self.clear()
        kept = self[cell] = "" if matches(clean(cell), self._words) or matches(cell.strip(), self._words) else cell
        return kept
