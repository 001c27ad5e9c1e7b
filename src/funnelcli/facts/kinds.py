"""Rows that are paid for alike: what their amounts mean is decided once, however many rows there are."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from msgspec import Struct

from funnelcli.facts.rows import Rows
from funnelcli.inputs.spec import Stays


class Kinds(Struct, frozen=True, kw_only=True, eq=False):
    """The first row of each kind, in the order of all rows, and of each row the number of its kind."""

    rows: Rows
    first: np.ndarray
    of_row: np.ndarray

    def of_rows(self, numbers: Sequence[int]) -> np.ndarray:
        """Of each row the whole number of its kind."""
        each: np.ndarray = np.array(numbers, dtype=np.int64)[self.of_row]
        return each

    def places_of(self, chosen: Sequence[bool] | np.ndarray) -> list[int]:
        """The rows, in order, whose kind is chosen."""
        flags = np.asarray(chosen, dtype=bool)
        places: list[int] = np.flatnonzero(flags[self.of_row]).tolist() if flags.any() else []
        return places


def kinds_of(rows: Rows, stays: Stays, *, by_days: bool = False) -> Kinds:
    """Rows that are alike in all that a price is made from.

    The days from when to when a row lasts matter only where it has more than an MRR, unless all are told ``by_days``.
    """
    is_mrr = rows.is_filled(stays.amounts[0]) & ~rows.is_filled(stays.amounts[-1]) & np.full(len(rows), not by_days)
    said = rows.with_columns({f"{name} priced": np.where(is_mrr, 0, rows[name]) for name in ("start", "end")})
    columns = (*stays.amounts, stays.interval, stays.interval_count, stays.quantity, "plan")
    names = ["file", "start priced", "end priced", *(name for name in columns if name in rows)]
    first, of_row, _ = said.alike(names)
    return Kinds(rows=rows.taken(first), first=first, of_row=of_row)
