"""The answer to any question: raw values in blocks for people, rows for spreadsheets and data for programs.

A format reads an answer and writes bytes; it knows the blocks and cells, and nothing of reports, plans or checks.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from fractions import Fraction
from typing import TYPE_CHECKING, Any, Literal

from msgspec import Struct, field

from funnelcli.answers.cells import Cell, Change, Code, Months, Number, Trend, Words
from funnelcli.answers.compared import Comparison
from funnelcli.answers.layout import Layout
from funnelcli.answers.made import COUNTED, Check, Over, Recipe
from funnelcli.answers.worked import WorkedPlan
from funnelcli.problems import Problem
from funnelcli.problems.kinds import Severity
from funnelcli.text import Text, as_text

if TYPE_CHECKING:
    from funnelcli.answers.drawn import DrawnPage

# A cell of a list, as it was read or counted; None is empty.
Raw = str | int | float | Fraction | date | Text | None


# --- blocks: what people see, from top to bottom ---------------------------------------------------------------------


class Heading(Struct, frozen=True, kw_only=True):
    """What the answer is about, and the lines that say what it stands on; ``key`` is the metric it explains."""

    text: Words
    basis: tuple[Words, ...] = ()
    key: str | None = None


class Column(Struct, frozen=True, kw_only=True):
    """A column: numbers stand right, words left and may wrap.

    Where there is no room for all, ``spare`` ones are left out: the highest number first, and from the left.
    Numbers may be ``drawn``, where there are pictures: as bars on one scale, or beside a goal, which is 1.
    One that ``names_rows`` stands in each of the tables that a table too wide is parted into, as the first column does.
    """

    header: Cell
    words: bool = False
    spare: int = 0
    drawn: Literal["", "bars", "goal"] = ""
    names_rows: bool = False


class Table(Struct, frozen=True, kw_only=True):
    """A titled table; every row has a cell for each column."""

    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    title: Words | None = None


class FigureRow(Struct, frozen=True, kw_only=True):
    """One metric of the whole or of a part over the periods; a ``minor`` one is a part of the row above it.

    ``key`` is the metric's in the catalogue, ``part`` that of the part, empty for the whole.  ``made`` says how a
    figure is made of those of other rows, ``over`` how that of the range is made, and ``good`` which direction is good
    news.  ``targets`` are those of the periods, where there are any.
    """

    key: str
    label: Words
    cells: tuple[Number, ...]
    total: Number
    change: Change | None
    trend: Trend
    minor: bool = False
    part: str = ""
    made: Recipe = COUNTED
    over: Over = "sum"
    good: Literal["up", "down", "neither"] = "neither"
    targets: tuple[Number, ...] = ()


class FigureSection(Struct, frozen=True, kw_only=True):
    """Rows of figures under a title; ``names`` says what the rows are."""

    title: Words
    names: Text
    rows: tuple[FigureRow, ...]


class Chart(Struct, frozen=True, kw_only=True):
    """What of some figures is worth a chart: of the metrics ``keys``, and ``below`` zero what was lost.

    Bars stand for counts and balances, lines for rates, a stack for what adds up; with ``parts`` it is each part's.
    A waterfall leads from the first of the ``keys``, a balance, to ``closing``: the others are gains, ``below`` losses.
    """

    title: Text
    kind: Literal["bars", "lines", "stack", "waterfall"]
    keys: tuple[str, ...]
    below: tuple[str, ...] = ()
    closing: str = ""
    parts: bool = False


class Figures(Struct, frozen=True, kw_only=True):
    """Sections of figures over the same periods, with totals; ``compared`` where rows have a change.

    That is the change of the period in the place ``against``.  ``checks`` are what must be 0 between the rows, and
    ``charts`` what is worth drawing.
    """

    periods: tuple[Months, ...]
    sections: tuple[FigureSection, ...]
    compared: bool
    against: int | None = None
    checks: tuple[Check, ...] = ()
    charts: tuple[Chart, ...] = ()


class Fact(Struct, frozen=True, kw_only=True):
    """A name and what it is; a ``detail`` may be left out where it is not asked for, in a mail for one."""

    name: Text
    cell: Cell
    detail: bool = False


class Facts(Struct, frozen=True, kw_only=True):
    """A definition list."""

    facts: tuple[Fact, ...]


class Term(Struct, frozen=True, kw_only=True):
    """A metric that another is made of, with its figure."""

    key: Code
    value: Number
    label: Words


class Terms(Struct, frozen=True, kw_only=True):
    """What a figure is made of."""

    title: Text
    terms: tuple[Term, ...]


class Listing(Struct, frozen=True, kw_only=True):
    """A long list of raw rows, a cell a line; the columns named in ``numbers`` stand right, as those of ``places`` do.

    Places are numbers that are looked up, as that of a line is.  ``titles`` are what people see in the place of the
    names in the header.  Columns of ``names`` say whom or what a row is about.
    """

    header: tuple[str, ...]
    rows: Sequence[Sequence[Raw]]
    numbers: frozenset[str] = frozenset()
    places: frozenset[str] = frozenset({"line"})
    names: frozenset[str] = frozenset({"user_id"})
    title: Words | None = None
    titles: Mapping[str, Text] = field(default_factory=dict)

    def is_right(self, name: str) -> bool:
        """Whether a column stands right."""
        return name in self.numbers or name in self.places

    @property
    def headings(self) -> tuple[Text, ...]:
        """The header for people."""
        return tuple(self.titles.get(name, as_text(name)) for name in self.header)


class Entry(Struct, frozen=True, kw_only=True):
    """A metric in the catalogue."""

    key: str
    label: Text
    unit: Text
    formula: Text
    definition: Text
    owner: str
    good: Text
    source: Text


class Entries(Struct, frozen=True, kw_only=True):
    """Metrics with their definitions; ``detailed`` ones also say whose they are and where they come from."""

    entries: tuple[Entry, ...]
    detailed: bool


class FindingGroup(Struct, frozen=True, kw_only=True):
    """Problems of one kind: those that were kept, and how many there are in all."""

    severity: Severity
    code: str
    count: int
    problems: tuple[Problem, ...]


class Findings(Struct, frozen=True, kw_only=True):
    """What a check says: the verdict, the files as they were read, and the problems, listed and by kind.

    The last column of the files says which header stands for which of our columns.
    """

    title: Text
    verdict: Text
    files: Listing
    listed: Listing
    groups: tuple[FindingGroup, ...]


class NextStep(Struct, frozen=True):
    """A command to run next, for who sits at a terminal."""

    text: Words


class Notes(Struct, frozen=True):
    """What the reader should know about the figures, a line each."""

    lines: tuple[Words, ...]


def notes_begin(blocks: Sequence[object]) -> int:
    """The place of the first of the notes that blocks end with, which has a title; others belong to what is above them.

    >>> notes_begin(["a table", Notes(()), "a table", Notes(()), Notes(())])
    3
    """
    place = len(blocks)
    while place and isinstance(blocks[place - 1], Notes | NextStep):
        place -= 1
    return place


# The plain blocks are all that a simple format draws; `plain` makes the others into these.
PlainBlock = Heading | Table | Facts | Listing | Notes
Block = PlainBlock | Figures | Terms | Entries | Findings | NextStep
# What only a part of an answer has that stands by itself: it can be worked out again.
TabBlock = Block | WorkedPlan | Comparison


# --- the answer ------------------------------------------------------------------------------------------------------


class Page(Struct, frozen=True, kw_only=True):
    """The blocks for people, in one layout (None: there is but one)."""

    blocks: tuple[Block, ...]
    layout: Layout | None = None


class Sheet(Struct, frozen=True, kw_only=True):
    """The rows for spreadsheets, in one layout (None: there is but one)."""

    header: tuple[str, ...]
    rows: Sequence[Sequence[Raw]]
    layout: Layout | None = None


class Tab(Struct, frozen=True, kw_only=True):
    """A part of an answer that stands by itself, as a sheet of a workbook does.

    It is in ``layouts`` as these have it, else in its ``blocks``.
    """

    name: Text
    blocks: tuple[TabBlock, ...]
    layouts: Mapping[Layout, tuple[TabBlock, ...]] = field(default_factory=dict)

    def blocks_in(self, layout: Layout | None = None) -> tuple[TabBlock, ...]:
        """The blocks in a layout, the usual ones where there are none in it."""
        return self.blocks if layout is None else self.layouts.get(layout, self.blocks)


class Answer(Struct, frozen=True, kw_only=True):
    """An answer: its title, the same content in each layout for people and for spreadsheets, and the data of its JSON.

    The first page and the first sheet are the usual ones.  ``names`` are what names of files may say of it.  ``tabs``
    makes the same, and what it stands on, in parts for who looks things up; none where the page says it all.
    ``drawn`` makes the page with pictures for formats that can show them, ``brief`` the one of a few lines; None where
    the answer has none.
    """

    title: Text
    pages: tuple[Page, ...]
    sheets: tuple[Sheet, ...]
    data: Mapping[str, Any]
    names: Mapping[str, str] = field(default_factory=dict)
    tabs: Callable[[], tuple[Tab, ...]] = tuple
    drawn: Callable[[], DrawnPage] | None = None
    brief: Callable[[], Page] | None = None

    def page(self, layout: Layout | None = None, *, brief: bool = False) -> Page:
        """The page in a layout, the usual one where there is none in it; or the ``brief`` one, where there is one."""
        if brief and self.brief is not None:
            return self.brief()
        return next((page for page in self.pages if page.layout is layout), self.pages[0])

    def sheet(self, layout: Layout | None = None) -> Sheet:
        """The sheet in a layout, the usual one where there is none in it."""
        return next((sheet for sheet in self.sheets if sheet.layout is layout), self.sheets[0])
