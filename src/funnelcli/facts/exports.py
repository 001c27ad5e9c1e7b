"""Exports: the checked tables, and what is known of the files they came from."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING

from funnelcli.config import Config
from funnelcli.facts.series import MonthlySeries
from funnelcli.inputs.spec import Stage
from funnelcli.problems import Problems
from funnelcli.reading.discover import SourceFile
from funnelcli.reading.engines.model import VisitRequest, VisitTable
from funnelcli.reading.monthly import MonthlyTable
from funnelcli.reading.opening import Opened
from funnelcli.reading.rows import Tally
from funnelcli.values.dates import DateOrder

if TYPE_CHECKING:
    import pandas as pd

NO_DAY = -(10**6)
OPEN_END = 10**6
# In place of the MRR of a row: there is no amount to make it from; its decimal mark is undecided.
UNPRICED, UNDECIDED = -1, -2


@dataclass(frozen=True)
class Extent:
    """The first and last day on which a stage has an event, and every month that has one."""

    first: date
    last: date
    months: frozenset[date]


@dataclass(frozen=True, kw_only=True, eq=False)
class Exports:
    """The checked tables.  Days in frames are whole numbers, days since 1970-01-01.

    ``visits``: visits by day and channel.  ``signups``: one row a person (user_id, day, timed, micros, source,
    channel).  ``demos``: one row a demo (user_id, demo_id, booked, held or NO_DAY, source, channel).  ``paid_users``:
    one row an export row (user_id, start, end the last paid day or OPEN_END, plan, channel, and ``hundredths``, its MRR
    in hundredths of the currency's unit, or UNPRICED or UNDECIDED).  ``channel`` is a place in CHANNELS; ``signed_up`` tells of demos and paid users whether their user is among the signups.  Every frame has ``file``, an index into ``opened[stage]``, and ``line``.  A stage without files is None, as is everything of it.
    """

    config: Config
    files: Mapping[Stage, list[SourceFile]]
    opened: Mapping[Stage, list[Opened]]
    visits: VisitTable | None
    visit_request: VisitRequest | None
    signups: pd.DataFrame | None
    demos: pd.DataFrame | None
    paid_users: pd.DataFrame | None
    monthly: MonthlyTable | None
    series: MonthlySeries | None
    extents: Mapping[Stage, Extent]
    problems: Problems
    currency: str
    tallies: tuple[Tally, ...]
    unmatched: Mapping[Stage, Counter[str]] = field(default_factory=dict)
    orders: Mapping[Stage, DateOrder | None] = field(default_factory=dict)
    timezone_assumed: bool = False

    def has_column(self, stage: Stage, column: str) -> bool:
        """Whether any file of a stage has our ``column``."""
        return any(one.has(column) for one in self.opened.get(stage, ()))

    @property
    def has_amounts(self) -> bool:
        """Whether any file of paid users has a column that MRR can be made from."""
        return any(self.has_column(Stage.PAID_USERS, column) for column in ("mrr", "amount"))

    def names(self, stage: Stage) -> str:
        """The file names of a stage, for messages."""
        return ", ".join(one.name for one in self.files.get(stage, ()))
