"""How an input is declared: its files, its columns, which rows are one, and the events its rows stand for.

Reading, checks, tallies, ``init``, the docs, the JSON Schema, the options of the commands and the API follow from the
declaration.  An input of a new family is one file in this folder.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import cached_property

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.inputs.beside import USUAL, Beside
from funnelcli.inputs.known import KnownExport as KnownExport
from funnelcli.inputs.made import Made as Made
from funnelcli.inputs.spending import Spending as Spending
from funnelcli.inputs.stages import Stages as Stages
from funnelcli.inputs.standing import BY_MRR, RENEWALS
from funnelcli.inputs.standing import Outcome as Outcome
from funnelcli.inputs.standing import Standing as Standing
from funnelcli.inputs.standing import Statuses as Statuses
from funnelcli.inputs.standing import Stays as Stays
from funnelcli.inputs.standing import Trial as Trial
from funnelcli.inputs.unreal import Unreal
from funnelcli.text import Message, Text
from funnelcli.values.figures import Missing

# Days by which exports that begin or end together may differ; inputs that are quiet no longer come nearly every day.
NEARLY_EVERY_DAY = 3


class CellKind(StrEnum):
    """How the cells of a column are read."""

    ID = "id"
    DATE = "date"
    END_DATE = "end_date"
    TEXT = "text"
    AMOUNT = "amount"
    COUNT = "count"
    NUMBER = "number"
    FLAG = "flag"
    MONTH = "month"


class Column(Struct, frozen=True, kw_only=True, eq=False):
    """One of our columns: its name, how it is read, what it means, and the headers it is known under.

    ``identifies`` marks an id of people or records, for which a value that a spreadsheet has spoilt is an error.
    ``least`` and ``most`` bound a NUMBER.  ``several`` is the mark between the values of a cell that holds a list.
    Of one that ``is_score`` a cell may have words beside the number, and where no header is known, one that is a
    question ``asked`` for it, by globs, is it.
    ``advice`` says how exports come to have the column.  A cell of a date that names a month, or a span of days, is of
    its first day, where the column ``until`` then has the last one; without such a column it is none.
    Of one that ``may_be_empty`` the header alone is required.  One that ``gives_way`` takes no header that another
    column knows too, and one that stands ``beside`` another is read only where that is.  Words of one that is
    ``alike`` are one where they differ in capitals and spaces alone.
    """

    name: str
    kind: CellKind
    meaning: Text | str
    required: bool = False
    aliases: tuple[str, ...] = ()
    identifies: bool = False
    least: float | None = None
    most: float | None = None
    several: str = ""
    advice: Text | None = None
    until: str = ""
    may_be_empty: bool = False
    gives_way: bool = False
    beside: str = ""
    is_score: bool = False
    asked: tuple[str, ...] = ()
    alike: bool = False

    @property
    def must_be_filled(self) -> bool:
        """Whether a row cannot do without its cell."""
        return self.required and not self.may_be_empty

    @property
    def is_date(self) -> bool:
        """Whether its cells are moments."""
        return self.kind in (CellKind.DATE, CellKind.END_DATE)


class DateColumns(Struct, frozen=True, kw_only=True, eq=False):
    """Open columns of dates: every header that begins with one of ``prefixes`` dates the ``event`` of what follows.

    "Date entered 'Demo'" with the prefix "date entered" dates ``entered:demo`` where the event is ``entered``.  Headers
    that are one of ``names`` need no prefix.  Files without any such column have all of a group of ``instead``.
    """

    event: str
    prefixes: tuple[str, ...]
    meaning: Text | str
    names: tuple[str, ...] = ()
    instead: tuple[tuple[str, ...], ...] = ()


class Event(Struct, frozen=True, kw_only=True, eq=False):
    """What a row stands for.

    ``at`` is the column that dates it, ``entity`` the column of its person, and ``value`` the column of what it counts
    (None: 1).  Where ``needs`` names columns and no file has any of them, the event cannot be known, and ``absent``
    says so.  A column like ``user_id@signups`` is of use only beside files of that other input.
    """

    name: str
    at: str
    entity: str = "user_id"
    value: str | None = None
    needs: tuple[str, ...] = ()
    absent: Missing | None = None


# --- which rows are one ------------------------------------------------------------------------------------------


class EveryRow(Struct, frozen=True, kw_only=True, eq=False):
    """Each row counts."""


class Distinct(Struct, frozen=True, kw_only=True, eq=False):
    """Rows that are alike in every column that is read count once."""


class Earliest(Struct, frozen=True, kw_only=True, eq=False):
    """Of the rows that are alike in the column ``by`` the earliest counts, the others are duplicates."""

    by: str


class Merged(Struct, frozen=True, kw_only=True, eq=False):
    """Of the rows with one ``by`` the earliest counts, and learns from the others: a later download knows more."""

    by: str


class Alike(Struct, frozen=True, kw_only=True, eq=False):
    """Rows alike in the person, both dates and all of ``columns`` count once.

    ``key`` is the column that names what the row is of, like a subscription: an open row gives way to an ended one of
    the same name and start.  A ``rate`` holds at any time: bills, under headers that ``billed`` fits, only repeat it.
    """

    columns: tuple[str, ...]
    key: str
    rate: str
    billed: str


class Fullest(Struct, frozen=True, kw_only=True, eq=False):
    """Of the rows that are alike the one that says most counts, of equals the last: a later download knows more.

    Rows are alike that have the same in all columns of a group of ``by``: of the first group that both fill in.  Words
    in ``spelt`` columns are the same whatever their capitals, accents and marks.  ``weighty`` are a column and the
    pattern of words in it that say more than all else.
    """

    by: tuple[tuple[str, ...], ...]
    spelt: tuple[str, ...] = ()
    weighty: tuple[str, str] = ("", "")


Identity = EveryRow | Distinct | Earliest | Merged | Alike | Fullest

# --- what rows are made into ---------------------------------------------------------------------------------------


class Follows(Struct, frozen=True, kw_only=True, eq=False):
    """The dates of ``at`` come after the person's ``event``; where they do not, a problem of ``code`` says so."""

    at: str
    event: str
    code: str


def base_event(name: str) -> str:
    """The event that rows stand for, of one that is derived from it.

    >>> base_event("signup:signup_to_paid_matured"), base_event("signup")
    ('signup', 'signup')
    """
    return name.partition(":")[0]


class Input(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """One kind of export.

    ``rank`` is its place among the inputs, and ``files`` are the names of its files.  Of each group of columns in
    ``requires`` one is enough.  ``dated`` are open columns of dates; with ``attributes`` every other header is kept as
    a column of words.  The first of ``events`` is the row's own.

    Its files are named on the command line by ``option``, the name of the input where nothing else is said.
    ``quiet`` days may pass without a row before the export is taken to have ended.  ``steady`` inputs have rows in
    every month.  Rows of one that ``may_lie_ahead`` are dated in advance, like contracts that are to begin; those
    of one that ``is_planned`` say what is to be, and never what day it is.  ``people`` names another input whose
    persons should include those of this one.  ``bounds`` are two columns of dates of which
    the second cannot be earlier.  An input that is ``summed`` outgrows memory and is read by an engine.  ``shared``
    columns stand, by name, under a header that may serve another column too.  ``beside`` is what is known of headers
    that are not read.  Where it is told ``by_headers``, many a file of another kind has such a name: one without the
    columns that it needs is none of its files.
    """

    name: str
    title: Text
    rank: int
    files: tuple[str, ...]
    columns: tuple[Column, ...]
    requires: tuple[tuple[str, ...], ...] = ()
    dated: DateColumns | None = None
    attributes: bool = False
    events: tuple[Event, ...] = ()
    identity: Identity = EveryRow()
    outcome: Outcome | None = None
    stays: Stays | None = None
    stages: Stages | None = None
    spending: Spending | None = None
    made: Made | None = None
    statuses: Statuses | None = None
    trial: Trial | None = None
    unreal: Unreal | None = None
    follows: Follows | None = None
    bounds: tuple[str, str] | None = None
    quiet: int = 31
    steady: bool = True
    may_lie_ahead: bool = False
    is_planned: bool = False
    people: str | None = None
    summed: bool = False
    stands_in: bool = False
    sum_headers: tuple[str, ...] = ()
    option: str = ""
    option_help: str = "A file, a glob, or -."
    shared: tuple[tuple[str, str], ...] = ()
    beside: Beside = USUAL
    by_headers: bool = False

    @property
    def key(self) -> str:
        """The name it is looked up by."""
        return self.name

    @property
    def flag(self) -> str:
        """The option of the commands that names its files.

        >>> from funnelcli.inputs import INPUTS
        >>> INPUTS["paid_users"].flag, INPUTS["journey"].flag
        ('--paid-users', '--journeys')
        """
        return f"--{(self.option or self.name).replace('_', '-')}"

    @property
    def is_daily(self) -> bool:
        """Whether rows come nearly every day, so that a month without any is one that the export does not reach."""
        return self.quiet <= NEARLY_EVERY_DAY

    @property
    def is_silent_beyond(self) -> bool:
        """Whether months before its first row and after its last one are unknown, and not zeros."""
        return self.is_daily or self.spending is not None

    @property
    def person(self) -> str | None:
        """The column that names the person of each row; None where a cell may hold several of them.

        >>> from funnelcli.inputs import INPUTS
        >>> INPUTS["paid_users"].person, INPUTS["monthly"].person
        ('user_id', None)
        """
        entity = self.events[0].entity if self.events else ""
        column = self.column(entity)
        if column is None or column.kind is not CellKind.ID or column.several:
            return None
        return entity

    def column(self, name: str) -> Column | None:
        """The column of a name."""
        return next((column for column in self.columns if column.name == name), None)

    def needs_of(self, event: str) -> tuple[tuple[str, ...], Missing | None]:
        """The columns of which one is needed for an event to be known, and why it is not where none is there."""
        name = base_event(event)
        if self.outcome is not None and name == self.outcome.event:
            return (self.outcome.date, self.outcome.status, *self.outcome.done), self.outcome.absent
        if self.stays is not None and name.startswith(self.stays.money):
            return self.stays.amounts, self.stays.absent
        if self.stays is not None and (name == self.stays.lost or name.removesuffix(BY_MRR) in RENEWALS):
            return (self.stays.end,), self.stays.endless
        if self.stays is not None and name in (self.stays.cash, self.stays.refund):
            return self.stays.amounts[-1:], self.stays.unpaid
        if self.stages is not None and event.startswith(f"{self.name}:"):
            return self.stages.needs_of(event, self.dated.event if self.dated is not None else "")
        if self.made is not None and name in self.made.events:
            return self.made.needs_of(name)
        declared = next((event for event in self.events if event.name == name), None)
        return (declared.needs, declared.absent) if declared is not None else ((), None)

    @property
    def status_groups(self) -> tuple[str, ...]:
        """The keys under which ``[inputs.NAME.status]`` says what statuses mean."""
        if self.statuses is not None:
            return tuple(group.value for group in self.statuses.groups)
        if self.outcome is not None:
            return ("held", "not_held")
        return self.made.says if self.made is not None else ()

    @cached_property
    def event_names(self) -> tuple[str, ...]:
        """Every event that its rows may stand for, but for those of open columns."""
        names = [event.name for event in self.events]
        if self.made is not None:
            names += self.made.events
        if self.outcome is not None:
            names.append(self.outcome.event)
        if self.stays is not None:
            stays = self.stays
            names += [
                stays.first,
                stays.again,
                stays.lost,
                stays.moved_in,
                stays.moved_out,
                stays.money,
                stays.cash,
                stays.refund,
                stays.undated,
                stays.gone,
                stays.unlisted,
                stays.came,
                stays.unseen,
                stays.term,
                *(f"{outcome}{what}" for outcome in RENEWALS for what in ("", BY_MRR)),
            ]
        if self.spending is not None:
            names.append(self.spending.long)
        return tuple(dict.fromkeys(names))

    def split_by(self, dimensions: Mapping[str, str]) -> "Input":
        """The same input with the columns of some dimensions, by name and header; a header may serve two columns."""
        columns = {dimension_column(name): header for name, header in dimensions.items()}
        more = tuple(
            Column(
                name=dimension_column(name),
                kind=CellKind.TEXT,
                meaning=Message("the dimension {name}").filled(name=name),
            )
            for name in dimensions
        )
        return replace(self, columns=(*self.columns, *more), shared=tuple(columns.items())) if columns else self


def dimension_column(name: str) -> str:
    """The name of the column that ``[dimensions.NAME]`` adds to an input; no column of ours is named so.

    >>> dimension_column("industry")
    'by:industry'
    """
    return f"{_OF_DIMENSION}{name}"


def dimension_of(column: str) -> str:
    """The dimension that a column was added for; of a column of ours, the dimension that has its name.

    >>> dimension_of("by:industry"), dimension_of("source")
    ('industry', 'source')
    """
    return column.removeprefix(_OF_DIMENSION)


_OF_DIMENSION = "by:"
