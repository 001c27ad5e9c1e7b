"""Dates that a spreadsheet has half converted: day and month swapped where it could, the other cells left as text.

Such a column shows it as a whole: no cell that is a true date has a day above 12, and every cell left as text has one.
"""

import re
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from funnelcli.text.regex import regex
from funnelcli.values.dates import FIRST_YEAR, LAST_YEAR, DateOrder, DateReader, day_of, order_said

ORDERS: tuple[DateOrder, ...] = ("dmy", "mdy")
_WITH_OFFSET = regex(r"(?:z|utc|gmt|[+-]\d{2}(?::?\d{2})?)$", re.ASCII)


class SwapEvidence(Struct, kw_only=True):
    """What the cells of one column say about it: ``true`` and ``text`` are the first cell of each kind, and its place.

    >>> evidence = SwapEvidence()
    >>> for cell in ("2026-05-01", "13/01/2026", "2026-09-02"):
    ...     evidence.observe(cell, None)
    >>> evidence.is_half_converted
    True
    """

    true: tuple[str, object] | None = None
    text: tuple[str, object] | None = None
    is_honest: bool = False
    _reader: DateReader = field(default_factory=lambda: DateReader(order=None, zone=ZoneInfo("UTC")))
    _texts: dict[str, DateReader] = field(
        default_factory=lambda: {order: DateReader(order=order, zone=ZoneInfo("UTC")) for order in ORDERS}
    )

    def observe(self, cell: str, place: object) -> None:
        """Take a cleaned cell into account; a day that is its month's number is alike either way, and says nothing."""
        if self.is_honest or not cell:
            return
        says = order_said(cell)
        if says == "either":
            self.is_honest = True
        elif says:
            if self.text is None and self._texts[says].read(cell) is not None:
                self.text = (cell, place)
        else:
            self._observe_true(cell, place)

    def _observe_true(self, cell: str, place: object) -> None:
        moment = self._reader.read(cell)
        if moment is None or _WITH_OFFSET.search(cell[10:].casefold()):
            return  # no date; or a time with its offset, which no spreadsheet writes
        day = day_of(moment.micros)
        if not FIRST_YEAR <= day.year <= LAST_YEAR:
            return  # 9999-12-31 and its like are no days
        if day.day > 12:
            self.is_honest = True
        elif day.day != day.month and self.true is None:
            self.true = (cell, place)

    @property
    def is_half_converted(self) -> bool:
        """Whether all the cells seen show it."""
        return not self.is_honest and self.true is not None and self.text is not None
