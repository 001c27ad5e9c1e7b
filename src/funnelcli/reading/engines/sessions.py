"""Sessions of visits: where several rows are events of one, each counts once, on its first row.

A session is the rows of one session id, of one visitor where a column names them, on one day; and on the next day what
goes on there: where both days tell a time, after at most eight idle hours.  Each file is made into sessions by itself.
Those that reach its edges are handed over, so that one that goes on in another file counts once as well.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import reduce
from typing import TYPE_CHECKING, NamedTuple
from zlib import crc32

from msgspec import Struct, field

from funnelcli.problems import Problem, problem
from funnelcli.text import NOTHING, Message
from funnelcli.values.channels import Channel
from funnelcli.values.dates import DAY_MICROS, Moment, day_of

if TYPE_CHECKING:
    from funnelcli.reading.engines.model import VisitRequest, VisitTable
    from funnelcli.reading.opening import Opened

SESSION, VISITOR = "session_id", "visitor_id"
IDLE_MICROS = 8 * 3_600_000_000
MOST_DAYS = 2  # of a session whose rows tell no time of day
SAMPLED = 100_000  # sessions of a file that are looked at whole
REUSED = 5  # one session id in so many that comes back on other days is no accident


class Rank(NamedTuple):
    """What orders the rows of a session: the moment; of rows of one moment those first that say a source, by cells."""

    micros: int
    says_no_source: bool
    source: str
    medium: str
    flag: str
    part: str


class Span(Struct, kw_only=True):
    """Rows of one session id, and what the first of them says.

    ``user`` is the first that is known, with the moment of its row.  ``first_timed`` says that the first row tells a
    time of day, ``timed`` that some row does.
    """

    file: str
    key: tuple[str, str]
    rank: Rank
    first_timed: bool
    last: int
    timed: bool
    rows: int
    line: int
    source: str
    channel: Channel
    part: str
    user: tuple[int, str] | None
    existing: int
    by_unknown: int

    @property
    def first(self) -> int:
        """The moment of the first row, in microseconds of local time."""
        return self.rank.micros

    @property
    def days(self) -> tuple[date, date]:
        """The day of the first row and that of the last."""
        return day_of(self.first), day_of(self.last)

    @property
    def place(self) -> tuple[str, tuple[str, str], int]:
        """What tells it from all other sessions: file, id, and first moment."""
        return self.file, self.key, self.first

    def joined(self, other: Span) -> Span:
        """The span with the rows of another one; the later of the two is no longer of use."""
        head, tail = (self, other) if (self.rank, self.line) <= (other.rank, other.line) else (other, self)
        head.last = max(head.last, tail.last)
        head.timed = head.timed or tail.timed
        head.rows += tail.rows
        head.user = min((user for user in (head.user, tail.user) if user is not None), default=None)
        return head


class SessionCount(Struct, kw_only=True):
    """How the rows of one file are sessions: ``without`` rows name none, ``reused`` of the ``ids`` have several."""

    rows: int = 0
    sessions: int = 0
    without: int = 0
    ids: int = 0
    reused: int = 0

    @property
    def has_events(self) -> bool:
        """Whether some session has several rows."""
        return self.sessions + self.without < self.rows


class Sessions(Struct, kw_only=True):
    """What is known of the sessions of some files, by file; ``edges`` are those that may go on in another file."""

    counts: dict[str, SessionCount] = field(default_factory=dict)
    edges: list[Span] = field(default_factory=list)
    continued: set[tuple[str, tuple[str, str], int]] = field(default_factory=set)
    existing: dict[tuple[str, tuple[str, str], int], int] = field(default_factory=dict)
    repeated: set[str] = field(default_factory=set)

    def merge(self, other: Sessions) -> None:
        """Add what is known of other files."""
        self.counts.update(other.counts)
        self.edges.extend(other.edges)
        self.repeated |= other.repeated


def tells_sessions(opened: Opened) -> bool:
    """Whether the rows of a file may be events of sessions: they name one, hold no sums, and no setting says visits."""
    sums = opened.has("visits") or opened.has("existing_visits")
    return opened.has(SESSION) and not sums and opened.settings.each_row != "visit"


class Repeats:
    """Whether a session is repeated, by the sessions of a part of all ids, which is the smaller the more there are."""

    def __init__(self) -> None:
        self._mask = 0
        self._seen: set[tuple[str, str]] = set()
        self.any = False

    def add(self, session: str, visitor: str) -> None:
        """One more row; nothing is remembered once a session is repeated."""
        if self.any or not session:
            return
        key = (session, visitor)
        if self._mask and _mixed(key) & self._mask:
            return
        if key in self._seen:
            self.any = True
            self._seen.clear()
            return
        self._seen.add(key)
        if len(self._seen) > SAMPLED:
            self._mask = 2 * self._mask + 1
            self._seen = {
                (s, v) for s, v in self._seen if not crc32(f"{s}\x1f{v}".encode("utf-8", "replace")) & self._mask
            }


def _mixed(key: tuple[str, str]) -> int:
    """A number that has nothing to do with what the ids are, and is the same in every run."""
    return crc32("\x1f".join(key).encode("utf-8", "replace"))


def spans_of(rows: Iterable[Span]) -> dict[tuple[str, str], list[Span]]:
    """The rows of a file as sessions, in the order of their first rows, by id."""
    by_day: dict[tuple[tuple[str, str], int], Span] = {}
    for row in rows:
        place = (row.key, row.first // DAY_MICROS)
        known = by_day.get(place)
        by_day[place] = row if known is None else known.joined(row)
    by_key: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for (key, _), span in by_day.items():
        by_key[key].append(span)
    return {key: [reduce(Span.joined, chain) for chain in chains(spans)] for key, spans in by_key.items()}


def chains(spans: Sequence[Span]) -> Iterator[list[Span]]:
    """The spans of one id that are one session.

    An id that stands, without any time of day, on more than two days running is numbered anew each day.
    """
    chain: list[Span] = []
    last, timed = 0, False
    for span in sorted(spans, key=lambda span: (span.rank, span.file)):
        if chain and not _goes_on(last, span, timed=timed):
            yield from _credible(chain)
            chain = []
        if not chain or span.last >= last:
            last, timed = span.last, span.timed
        chain.append(span)
    yield from _credible(chain)


def _goes_on(last: int, span: Span, *, timed: bool) -> bool:
    days = span.first // DAY_MICROS - last // DAY_MICROS
    return days <= 0 or (days == 1 and not (timed and span.timed and span.first - last > IDLE_MICROS))


def _credible(chain: list[Span]) -> Iterator[list[Span]]:
    days = {day for span in chain for day in (span.first // DAY_MICROS, span.last // DAY_MICROS)}
    is_numbered_anew = len(days) > MOST_DAYS and not any(span.timed for span in chain)
    yield from ([span] for span in chain) if is_numbered_anew else [chain] if chain else ()


def at_edges(spans: Sequence[Span]) -> Iterator[Span]:
    """The sessions of a file that may have begun in another one, or go on there."""
    first = min((span.first for span in spans), default=0)
    last = max((span.last for span in spans), default=0)
    for span in spans:
        if span.timed:
            is_near = span.first - first <= IDLE_MICROS or last - span.last <= IDLE_MICROS
        else:
            is_near = span.days[0] <= day_of(first) or span.days[1] >= day_of(last)
        if is_near:
            yield span


def count_of(by_id: dict[tuple[str, str], list[Span]], without: int) -> SessionCount:
    """How the rows of a file are sessions."""
    return SessionCount(
        rows=sum(span.rows for spans in by_id.values() for span in spans) + without,
        sessions=sum(map(len, by_id.values())),
        without=without,
        ids=len(by_id),
        reused=sum(len(spans) > 1 for spans in by_id.values()),
    )


# --- over the borders of files -----------------------------------------------------------------------------------


def join_edges(table: VisitTable, request: VisitRequest) -> None:
    """Take off the table what counts twice: sessions that began in another file."""
    from funnelcli.reading.engines.model import is_existing

    by_key: dict[tuple[str, str], list[Span]] = defaultdict(list)
    for span in table.sessions.edges:
        by_key[span.key].append(span)
    tallies = {tally.file: tally for tally in table.tallies}
    for spans in by_key.values():
        for head, *rest in chains(spans) if len(spans) > 1 else ():
            for span in rest:
                table.take_off(span)
                tallies[span.file].counted -= 1
                tallies[span.file].duplicate += 1
                table.sessions.counts[span.file].sessions -= 1
                table.sessions.continued.add(span.place)
            users = [span.user for span in (head, *rest) if span.user is not None]
            if head.user is None and users and request.registered is not None and not head.by_unknown:
                registered = request.registered().moments.get(min(users)[1])
                existing = int(is_existing(registered, Moment(head.first, head.first_timed)))
                table.add(head.days[0], head.channel, 0, existing - head.existing, 0, part=head.part)
                table.sessions.existing[head.place] = existing
    table.sessions.edges.clear()


# --- what is said of it ------------------------------------------------------------------------------------------

_REUSED = Message(
    "{header!r} comes back on other days, so nothing says which rows are one visit; a column of visitors tells: "
    '[inputs.{stage}.columns] visitor_id = "…"; or say what a row is: [inputs.{stage}] each_row = "session" (or '
    '"visit")'
)
_MOSTLY_WITHOUT = Message(
    "{header!r} is repeated, and empty in {without} of {rows} [row|rows], so nothing says which rows are one visit; "
    "say what "
    'a row is: [inputs.{stage}] each_row = "session" (rows without one do not count) or "visit"'
)
_WITHOUT = Message("; {without} [row|rows] without one [does|do] not count")


def session_problems(opened: Iterable[Opened], sessions: Sessions) -> Iterator[Problem]:
    """What is to be said of files whose rows are counted as sessions, or why they cannot be."""
    for source in opened:
        count = sessions.counts.get(source.name)
        if count is None or source.settings.each_row is not None:
            continue
        header, stage = source.columns.header_of(SESSION) or "", source.input.name
        why = None
        if not count.has_events:
            continue
        if REUSED * count.reused > count.ids and not source.has(VISITOR):
            why = _REUSED.filled(header=header, stage=stage)
        elif 2 * count.without > count.rows:
            why = _MOSTLY_WITHOUT.filled(header=header, stage=stage, without=count.without, rows=count.rows)
        name, line = source.name, source.header_line or None
        if why is not None:
            seen = ", ".join(repr(cell) for cell in source.columns.header if cell.strip())
            yield problem(
                "missing-column", file=name, line=line, column="visits", meaning=why, seen=seen, closest="", stage=stage
            )  # fmt: skip
            continue
        without = _WITHOUT.filled(without=count.without) if count.without else NOTHING
        yield problem(
            "rows-are-events", file=name, line=line, column=header, rows=count.rows, sessions=count.sessions,
            without=without, stage=stage,
        )  # fmt: skip
