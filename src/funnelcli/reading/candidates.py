"""The columns that may be meant where no header is known for one that is needed: by what their cells hold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence, Set

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.config import InputSettings
from funnelcli.inputs.spec import CellKind, Column, Input
from funnelcli.problems import Problem
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.discover import SourceFile
from funnelcli.reading.engines.distinct import distinct_ids
from funnelcli.reading.headers import header_key
from funnelcli.reading.keys import sampled
from funnelcli.reading.months_for_dates import with_months_named
from funnelcli.reading.opening import Opened, open_file
from funnelcli.text import OR, Message, Text, joined
from funnelcli.values.cells import clean_id
from funnelcli.values.dates import reads_as_day
from funnelcli.values.ids import KeyKind, key_kind, may_name_people
from funnelcli.values.numbers import bare_number
from funnelcli.values.spans import span_of

MOST = 0.9  # of the cells of a column, those that are what it holds
MOST_NAMED = 4

_EMAILS = Message("holds e-mails")
_KNOWN = Message("holds ids of people who are known")
_IDS = Message("holds ids")
_NAMES = Message("holds names, hardly any of them twice")
_DATES = Message("holds dates")
_SPANS = Message("holds spans of days")
_NUMBERS = Message("holds numbers")
_HOLDS = Message(" {header!r} {why}.")
_ADVICE = Message("If that is it, say so in funnel.toml: [inputs.{stage}.columns] {column} = {header!r}{others}.")
_SPAN_ADVICE = Message(
    "If customers pay from the first day to the last: [inputs.{stage}.columns] {start} = {header!r}, {end} = "
    "{header!r}."
)
_OTHERS = Message(" (or {others})")


class _Held(Struct, frozen=True, kw_only=True):
    """A column that is not read: its header, the different cells of the first rows, and how many rows have any."""

    header: str
    cells: frozenset[str]
    filled: int

    def mostly(self, is_such: Callable[[str], bool]) -> bool:
        """Whether nearly all cells are of a kind."""
        return sum(map(is_such, self.cells)) >= MOST * len(self.cells)

    @property
    def are_names(self) -> bool:
        """Whether the cells are words of which hardly any comes twice."""
        return len(self.cells) >= MOST * self.filled > 1 and self.mostly(lambda cell: any(map(str.isalpha, cell)))


def without_needs(file: SourceFile, wanted: Input, settings: InputSettings, needless: Set[str]) -> list[Opened] | None:
    """The file opened though it lacks some columns; None where something else is wrong with it."""
    columns = tuple(replace(c, required=False) if c.name in needless else c for c in wanted.columns)
    groups = tuple(group for group in wanted.requires if needless.isdisjoint(group))
    try:
        return open_file(file, replace(wanted, columns=columns, requires=groups), settings)
    except FileFault:
        return None


def with_candidates(
    fault: FileFault, file: SourceFile, wanted: Input, settings: InputSettings, others: Sequence[Opened]
) -> FileFault:
    """The fault of a file that lacks columns, with those of its columns that may be meant, by their cells.

    ``others`` are the files of those who should include the people of this one.
    """
    missing = {p.column: column for p in fault.problems if (column := _lacking(p, wanted)) is not None}
    groups = [name for group in wanted.requires for name in group]
    opened = without_needs(file, wanted, settings, {column.name for column in missing.values()}.union(groups))
    if not missing or opened is None:
        return fault
    if (named := with_months_named(fault.problems, wanted, opened)) != list(fault.problems):
        return FileFault(*named)
    held = [column for each in opened for column in _held_by(each)]
    known = {text for other in others for text in _ids_of(other)}
    return FileFault(*(_suggested(p, wanted, missing, held, known) for p in fault.problems))


def _lacking(fault: Problem, wanted: Input) -> Column | None:
    """The column that a file lacks; of several of which one is enough the first."""
    if fault.code != "missing-column":
        return None
    group = next(
        (group for group in wanted.requires if joined(OR, group).of("en") == fault.column), (fault.column or "",)
    )
    column = wanted.column(group[0])
    return column if column is not None and (column.required or len(group) > 1 or group in wanted.requires) else None


def _suggested(
    fault: Problem, wanted: Input, missing: Mapping[str | None, Column], held: Sequence[_Held], known: Set[str]
) -> Problem:
    """The fault of a missing column with the headers of those that may be meant."""
    stage = wanted.name
    column = missing.get(fault.column) if fault.code == "missing-column" else None
    named = dict(_that_may_be(column, held, known)) if column is not None else {}
    if column is None or not named:
        return fault
    shown = list(named.items())[:MOST_NAMED]
    text = joined("", [fault.text, *(_HOLDS.filled(header=header, why=why) for header, why in shown)])
    (first, _), *further = shown
    others = _OTHERS.filled(others=", ".join(repr(header) for header, _ in further)) if further else ""
    advice = _ADVICE.filled(stage=stage, column=column.name, header=first, others=others)
    if named[first] is _SPANS and wanted.stays is not None:
        stays = wanted.stays
        advice = _SPAN_ADVICE.filled(stage=stage, start=stays.start, end=stays.end, header=first)
    return replace(fault, text=text, advice=advice)


def _that_may_be(column: Column, held: Sequence[_Held], known: Set[str]) -> Iterator[tuple[str, Text]]:
    """The headers of the columns that may be one of ours, by the surest thing that any of them holds."""
    of_kind: list[tuple[Text, list[_Held]]]
    if column.kind is CellKind.ID:
        of_kind = [
            (_EMAILS, [each for each in held if key_kind(each.cells) is KeyKind.EMAIL]),
            (_KNOWN, [each for each in held if 2 * len(each.cells & known) > len(each.cells)]),
            (_IDS, [each for each in held if may_name_people(each.cells)]),
            (_NAMES, [each for each in held if each.are_names and not each.mostly(reads_as_day)]),
        ]
    elif column.is_date or column.kind is CellKind.MONTH:
        of_kind = [
            (_DATES, [each for each in held if each.mostly(reads_as_day)]),
            (_SPANS, [each for each in held if each.mostly(lambda cell: span_of(cell) is not None)]),
        ]
    elif column.kind in (CellKind.AMOUNT, CellKind.COUNT, CellKind.NUMBER):
        of_kind = [(_NUMBERS, [each for each in held if each.mostly(lambda cell: bare_number(cell) is not None)])]
    else:
        return
    why, columns = next(((why, columns) for why, columns in of_kind if columns), (_IDS, []))
    yield from ((each.header, why) for each in columns)


# --- what columns hold -------------------------------------------------------------------------------------------


def headers_of(opened: Sequence[Opened], kind: KeyKind) -> list[str]:
    """The headers of the columns of e-mails, or of phones, that are not read."""
    held = (column for each in opened for column in _held_by(each))
    return list(dict.fromkeys(column.header for column in held if key_kind(column.cells) is kind))


def header_of_known(opened: Sequence[Opened], others: Sequence[Opened]) -> str | None:
    """The header of the one column that is not read and in which nearly all are ids of known people; None of several.

    ``others`` are the files of these people.
    """
    known = {text for other in others for text in _ids_of(other)}
    held = (column for each in opened for column in _held_by(each))
    headers = {column.header for column in held if known and column.mostly(known.__contains__)}
    return headers.pop() if len(headers) == 1 else None


def _held_by(opened: Opened) -> Iterator[_Held]:
    """The columns that are not read and hold anything in the first rows."""
    read = set(opened.columns.index.values())
    records = sampled(opened)
    for place, header in enumerate(opened.columns.header):
        if place not in read and header_key(header):
            cells = [cell for record in records if (cell := clean_id(record[place]))]
            if cells:
                yield _Held(header=header, cells=frozenset(cells), filled=len(cells))


def _ids_of(opened: Opened) -> set[str]:
    """The ids of the people of a file."""
    person = opened.input.person
    return distinct_ids(opened, opened.columns.index[person]) if person and opened.has(person) else set()


# --- what is understood of a file that cannot be read whole --------------------------------------------------------


class Draft(Struct, frozen=True, kw_only=True):
    """What is understood of a file as one of an input: the headers of our columns, and those that may be the others.

    ``lacking`` are the columns that the input cannot do without, with the headers that may be meant by their cells; of
    several columns of which one is enough, the first.  ``header`` are all headers of the file.
    """

    columns: Mapping[str, str]
    lacking: Mapping[str, tuple[str, ...]]
    header: tuple[str, ...]


def draft_of(file: SourceFile, wanted: Input, settings: InputSettings) -> Draft | None:
    """What is understood of a file as one of an input; None where it is no table that can be looked into."""
    needed = {column.name for column in wanted.columns if column.required}.union(*wanted.requires)
    opened = without_needs(file, replace(wanted, sum_headers=()), settings, needed)
    if not opened:
        return None
    first = opened[0]
    groups = [(column.name,) for column in wanted.columns if column.required] + list(wanted.requires)
    held = list(_held_by(first))
    lacking = {
        group[0]: tuple(header for header, _ in _that_may_be(column, held, frozenset()))
        for group in groups
        if not any(map(first.has, group)) and (column := wanted.column(group[0])) is not None
    }
    columns = {name: first.columns.header[place] for name, place in first.columns.index.items()}
    return Draft(columns=columns, lacking=lacking, header=first.columns.header)
