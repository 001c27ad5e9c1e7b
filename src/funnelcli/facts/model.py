"""Facts: everything that the exports of a folder say, checked, in the one table of events."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import date
from itertools import pairwise

from msgspec import Struct, field

from funnelcli.config import Config
from funnelcli.facts.attributes import NO_ATTRIBUTES, Attributes
from funnelcli.facts.dimensions import Dimensions
from funnelcli.facts.events import Events, Records
from funnelcli.facts.joining import Join
from funnelcli.facts.leads import Leads
from funnelcli.facts.stated import Stated
from funnelcli.facts.tiers import NO_TIERS, Tiers
from funnelcli.inputs import INPUTS
from funnelcli.inputs.spec import Input
from funnelcli.problems import Problems
from funnelcli.reading.changed import changed_error, changed_files
from funnelcli.reading.discover import SourceFile
from funnelcli.reading.engines.model import VisitRequest, VisitTable
from funnelcli.reading.opening import Opened
from funnelcli.reading.rows import Tally
from funnelcli.text import Text
from funnelcli.values.dates import DateOrder

LEAST_MONTHS = 3  # dated by their first day, from which on these are months


class Extent(Struct, frozen=True):
    """The first and last day on which an input has an event, and every month that has one.

    ``days`` are all such days, and ``ended`` those on which something ended by the export's own word.
    """

    first: date
    last: date
    months: frozenset[date]
    days: frozenset[date] = frozenset()
    ended: frozenset[date] = frozenset()

    def last_by(self, day: date) -> date | None:
        """The last day up to ``day`` on which something happened; None where all of it lies later.

        >>> Extent(date(2026, 1, 5), date(2026, 2, 9), frozenset()).last_by(date(2026, 2, 1))
        datetime.date(2026, 1, 5)
        """
        return max((known for known in {self.first, self.last, *self.days, *self.ended} if known <= day), default=None)

    @property
    def is_by_month(self) -> bool:
        """Whether every day is the first of its month, of several months: what lies on them is of whole months.

        >>> days = frozenset(date(2026, month, 1) for month in (1, 2, 3))
        >>> Extent(min(days), max(days), days, days).is_by_month
        True
        """
        return len(self.days) >= LEAST_MONTHS and all(day.day == 1 for day in self.days)

    def longest_gap(self, day: date) -> int:
        """The most days up to ``day`` from one on which something happened to the next one.

        >>> known = frozenset((date(2026, 1, 5), date(2026, 1, 9), date(2026, 3, 9)))
        >>> extent = Extent(min(known), max(known), frozenset(), days=known)
        >>> extent.longest_gap(date(2026, 2, 1)), extent.longest_gap(date(2026, 4, 1))
        (4, 59)
        """
        known = sorted(each for each in {self.first, self.last, *self.days} if each <= day)
        return max(((later - earlier).days for earlier, later in pairwise(known)), default=0)


def happened(extents: Mapping[str, Extent]) -> Mapping[str, Extent]:
    """The extents of what has happened, without what is planned; all of them where nothing else is there.

    >>> extent = Extent(date(2026, 1, 1), date(2026, 1, 31), frozenset())
    >>> list(happened({"budgets": extent, "costs": extent})), list(happened({"budgets": extent}))
    (['costs'], ['budgets'])
    """
    sure = {name: each for name, each in extents.items() if name not in INPUTS or not INPUTS[name].is_planned}
    return sure or extents


def latest_day(extents: Mapping[str, Extent]) -> date | None:
    """The latest day of which the exports say that something happened on it; None where no file has a row.

    What may lie ahead, like the start of a contract, counts only where nothing else tells the time, or where all of it
    lies later than anything else: then the other files have ended.  What is planned counts where there is nothing else.
    """
    extents = happened(extents)
    ahead = {name for name in extents if name in INPUTS and INPUTS[name].may_lie_ahead}
    sure = [extent.last for name, extent in extents.items() if name not in ahead]
    later = [extents[name].last for name in ahead if not sure or extents[name].first > max(sure)]
    known = [*sure, *later]
    return max((*known, *(day for extent in extents.values() for day in extent.ended)), default=None)


class InputFacts(Struct, frozen=True, kw_only=True, eq=False):
    """What is known of one input: its files as they were opened, how their rows were used, what they reach over.

    ``records`` are the rows that count, None for the ready-made table; ``unmatched`` the sources that match no channel.
    ``amounts_not_read`` say, where no amounts are read, how to have those read that a file holds.
    """

    input: Input
    files: Sequence[SourceFile]
    opened: Sequence[Opened]
    tallies: Sequence[Tally] = ()
    extent: Extent | None = None
    order: DateOrder | None = None
    records: Records | None = None
    unmatched: Counter[str] = field(default_factory=Counter)
    amounts_not_read: Sequence[Text] = ()

    def has_column(self, column: str) -> bool:
        """Whether any file has our ``column``; one that ends with ``:`` is any of the open columns that begin so."""
        if column.endswith(":"):
            return any(name.startswith(column) for opened in self.opened for name in opened.columns.index)
        return any(opened.has(column) for opened in self.opened)

    @property
    def is_log(self) -> bool:
        """Whether its files are logs of events."""
        return any(opened.is_log for opened in self.opened)

    @property
    def is_listed(self) -> bool:
        """Whether its files are lists of who pays at the time, without starts."""
        return any(opened.is_list for opened in self.opened)

    @property
    def names(self) -> str:
        """The file names, for messages."""
        return ", ".join(source.name for source in self.files)


class Facts(Struct, frozen=True, kw_only=True, eq=False, weakref=True):
    """The facts of a folder.  Days are whole numbers since 1970-01-01 in the business time zone.

    ``inputs`` holds those that have files, ``events`` the events of each name, and ``entities`` the ids of people.
    ``stated`` is the ready-made monthly table.  ``visits`` are the sums of visits, and ``visit_request`` is how they
    were asked for.  ``joins`` tell how the people of an input were found among those of another, and
    ``attributes`` what is known of them; ``tiers`` say how well their accounts fit the ideal customer profile.
    ``leads`` are those who signed up.
    """

    config: Config
    inputs: Mapping[str, InputFacts]
    entities: Sequence[str]
    events: Mapping[str, Events]
    dimensions: Dimensions
    stated: Stated | None
    visits: VisitTable | None
    visit_request: VisitRequest | None
    problems: Problems
    currency: str
    timezone_assumed: bool = False
    joins: Sequence[Join] = ()
    attributes: Attributes = NO_ATTRIBUTES
    leads: Leads | None = None
    tiers: Tiers = NO_TIERS

    @property
    def extents(self) -> Mapping[str, Extent]:
        """What the inputs that have events reach over."""
        return {name: known.extent for name, known in self.inputs.items() if known.extent is not None}

    @property
    def tallies(self) -> list[Tally]:
        """How the rows of every file were used, in the order of the inputs."""
        return [tally for known in self.inputs.values() for tally in known.tallies]

    def has_column(self, name: str, column: str) -> bool:
        """Whether any file of an input has our ``column``."""
        known = self.inputs.get(name)
        return known is not None and known.has_column(column)

    def names(self, name: str) -> str:
        """The file names of an input, for messages."""
        known = self.inputs.get(name)
        return "" if known is None else known.names

    def check_unchanged(self) -> None:
        """InputError where a file that is read once more is no longer as it was when it was counted."""
        if faults := changed_files(source for known in self.inputs.values() for source in known.opened):
            raise changed_error(faults)
