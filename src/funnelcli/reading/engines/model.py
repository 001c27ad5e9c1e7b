"""What goes into an engine and what comes out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple, TypeAlias
from zoneinfo import ZoneInfo

from msgspec import Struct, field

from funnelcli.problems import Problems
from funnelcli.reading.engines.sessions import Sessions, Span, tells_sessions
from funnelcli.reading.opening import Opened
from funnelcli.reading.rows import Tally
from funnelcli.values.cells import clean
from funnelcli.values.channels import Channel, ChannelMap
from funnelcli.values.dates import DAY_MICROS, DateOrder, DateReader, Moment
from funnelcli.values.numbers import DecimalMark

if TYPE_CHECKING:
    from funnelcli.reading.engines.kept import KeptParts
    from funnelcli.reading.engines.shares import Crew
    from funnelcli.reading.tables import FirstSignups

MAX_SOURCES = 10_000
MAX_SUMMED = 50_000


DayChannel: TypeAlias = tuple[date, Channel]


class VisitSums(NamedTuple):
    """Visits of one day and channel: all of them, those by existing users, and those of which the files cannot tell."""

    visits: int
    existing: int
    by_unknown: int


class VisitTable(Struct, kw_only=True):
    """Visits by day, channel and part, from any number of files; adding the files up in any order gives the same.

    The part is what the request asks them to be split by beside, else empty.  ``of_files`` has the tables of the files,
    by name, that were read without a look at the others, and ``of_days`` the visits of each file by day and channel.
    """

    sums: dict[tuple[date, Channel, str], VisitSums] = field(default_factory=dict)
    sources: Counter[str] = field(default_factory=Counter)
    summed: dict[str, set[tuple[date, str]]] = field(default_factory=dict)
    day_totals: dict[str, Counter[date]] = field(default_factory=dict)
    tallies: list[Tally] = field(default_factory=list)
    problems: Problems = field(default_factory=Problems)
    converted: bool = False
    order: DateOrder | None = None
    decimal: DecimalMark | None = None
    sessions: Sessions = field(default_factory=Sessions)
    of_files: dict[str, VisitTable] = field(default_factory=dict)
    of_days: dict[str, Counter[DayChannel]] = field(default_factory=dict)

    def add(self, day: date, channel: Channel, visits: int, existing: int, by_unknown: int, *, part: str = "") -> None:
        """Add visits to a day, channel and part."""
        known = self.sums.get((day, channel, part))
        if known:
            visits, existing, by_unknown = (
                visits + known.visits,
                existing + known.existing,
                by_unknown + known.by_unknown,
            )
        self.sums[day, channel, part] = VisitSums(visits, existing, by_unknown)

    def add_summed(self, file: str, day: date, source: str, visits: int) -> None:
        """Note that a file of sums has a row for a day and source, so that overlapping files are noticed."""
        self.day_totals.setdefault(file, Counter())[day] += visits
        seen = self.summed.setdefault(file, set())
        if len(seen) < MAX_SUMMED:
            seen.add((day, source))

    def add_source(self, source: str, visits: int) -> None:
        """Count the visits of a raw source; past very many sources, only of those already known."""
        if source in self.sources or len(self.sources) < MAX_SOURCES:
            self.sources[source] += visits

    def add_span(self, span: Span) -> None:
        """Add a session, on its first row."""
        self.add(span.days[0], span.channel, 1, span.existing, span.by_unknown, part=span.part)
        self.add_source(span.source, 1)

    def take_off(self, span: Span) -> None:
        """Take a session off that counts in another file already."""
        place = (span.days[0], span.channel, span.part)
        self.add(span.days[0], span.channel, -1, -span.existing, -span.by_unknown, part=span.part)
        if not any(self.sums[place]):
            del self.sums[place]
        self.add_source(span.source, -1)
        if not self.sources[span.source]:
            del self.sources[span.source]

    def unmatched(self, channels: ChannelMap) -> Counter[str]:
        """The sources no pattern matches, with their visits."""
        return Counter({source: n for source, n in self.sources.items() if not channels.is_matched(source)})

    def merge(self, other: VisitTable) -> None:
        """Add another table to this one."""
        for (day, channel, part), sums in other.sums.items():
            self.add(day, channel, *sums, part=part)
        for source, visits in other.sources.items():
            self.add_source(source, visits)
        self.summed.update(other.summed)
        self.day_totals.update(other.day_totals)
        self.tallies.extend(other.tallies)
        self.problems.extend(other.problems)
        self.converted = self.converted or other.converted
        self.sessions.merge(other.sessions)
        self.order = self.order or other.order
        self.decimal = self.decimal or other.decimal
        self.of_files.update(other.of_files)
        self.of_days.update(other.of_days)
        if len(other.tallies) == 1:  # the table of one file
            own = self.of_days[other.tallies[0].file] = Counter()
            for (day, channel, _), sums in other.sums.items():
                own[day, channel] += sums.visits


class VisitRequest(Struct, frozen=True, kw_only=True):
    """How visits are to be counted.

    ``registered`` gives each user's first signup; None where there is no signups export.  ``signups`` are the files it
    is read from, for an engine that can read them sooner itself.  ``order`` and ``decimal`` are what the config says of
    the dates and numbers, None where the files decide; ``decided`` says that the files have been asked.  ``by`` is what
    the visits are split by beside their channel: the source, or a column of words.  ``scratch`` is a folder for what
    does not fit into memory.  With ``by_session`` the rows of files that name sessions are counted as those; where
    the file ``has_neighbours``, its sessions may go on in another.  ``parts`` are those kept from earlier runs; the
    order is ``borrowed`` where it is that of kept files.  ``threads`` and ``megabytes`` are what the scan may use; None
    is as much as the machine gives.  A ``crew`` counts what it can of large files elsewhere.
    """

    zone: ZoneInfo
    channels: ChannelMap
    registered: Callable[[], FirstSignups] | None
    order: DateOrder | None
    decimal: DecimalMark | None
    decided: bool = False
    signups: tuple[Opened, ...] = ()
    by: str | None = None
    scratch: Path | None = None
    by_session: bool = False
    has_neighbours: bool = False
    parts: KeptParts | None = None
    borrowed: bool = False
    threads: int | None = None
    megabytes: int | None = None
    crew: Crew | None = None

    def counts_sessions(self, opened: Opened) -> bool:
        """Whether the rows of a file are to be counted as sessions."""
        return self.by_session and tells_sessions(opened)

    def column_of(self, opened: Opened) -> int | None:
        """Where the column stands that the visits of a file are split by; None where it has none, or needs none."""
        return None if self.by in (None, "source") else opened.columns.index.get(self.by or "")


def source_text(source: str, medium: str | None) -> str:
    """The source as the channel patterns see it; source and medium in one where the file has them apart.

    >>> source_text("google", "cpc")
    'google / cpc'
    """
    cleaned = clean(source)
    if medium is None:
        return cleaned
    about = clean(medium)
    return f"{cleaned or '(not set)'} / {about}" if about else cleaned


def is_existing(registered: Moment | None, visit: Moment) -> bool:
    """Whether a user had signed up before a visit: by the clock where both say a time, else by the day."""
    if registered is None:
        return False
    if registered.timed and visit.timed:
        return registered.micros < visit.micros
    return registered.micros // DAY_MICROS < visit.micros // DAY_MICROS


def can_tell_existing(opened: Opened, request: VisitRequest) -> bool:
    """Whether a file says, or lets be found out, which visits are by existing users."""
    if opened.has("existing_visits") or opened.has("is_existing"):
        return True
    return opened.has("user_id") and request.registered is not None


def joins_users(opened: Opened, request: VisitRequest) -> bool:
    """Whether a file's visits are to be joined with the signups."""
    says_existing = opened.has("existing_visits") or opened.has("is_existing")
    return not says_existing and opened.has("user_id") and request.registered is not None


def date_reader(opened: Opened, request: VisitRequest, order: DateOrder | None) -> DateReader:
    """The reader for the file's date column."""
    return DateReader(
        order=order,
        zone=request.zone,
        ahead_of_utc=opened.columns.offset_of("date"),
        since_1904=opened.since_1904,
    )
