"""Tables with a column for each month or day, turned round: as rows with a column that says the month or day.

That is done only where headers and cells decide everything: figures by their names with months that say their year,
visits with days, and costs with either.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from itertools import islice

from msgspec.structs import replace

from funnelcli.config import InputSettings
from funnelcli.inputs.monthly import MONTHLY, MONTHLY_COLUMNS
from funnelcli.inputs.spec import CellKind, Column, Input, Spending
from funnelcli.problems import problem
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.discover import SourceFile
from funnelcli.reading.headers import ColumnMap, has_required, header_key, match_headers
from funnelcli.reading.opening import Opened, Turned, open_file
from funnelcli.reading.peek import first_rows
from funnelcli.reading.rows import raw_records
from funnelcli.reading.totals import is_total_word
from funnelcli.text import Message, Text, in_context
from funnelcli.values.cells import clean
from funnelcli.values.dates import month_labelled, reads_as_day

FEWEST = 2  # columns of months or days
MOST_ROWS = 10_000  # of a table that people read
_FIGURES, _VISITS = Message("figures"), in_context("of a table", "visits")
_COSTS = in_context("of a table", "costs")

Reopened = Callable[[Opened], Opened]


def opened_turned(
    file: SourceFile, wanted: Input, settings: InputSettings, opened: Sequence[Opened], marked: Reopened
) -> list[Opened] | None:
    """The tables of a file turned round; None where one is not to be.

    ``opened`` are its tables as they are written, none where no column says when a row is; ``marked`` adds what the
    sheet of a table says beside its values.
    """
    date = _when(wanted)
    if date is None or date in settings.columns:
        return None
    wide = opened or _opened_bare(file, wanted, settings)
    turned = [_turned(each, wanted, marked) for each in wide]
    return [each for each in turned if each is not None] if wide and None not in turned else None


def _when(wanted: Input) -> str | None:
    """The column that says when a row of an input is, where a table of it may be turned round."""
    if wanted.stands_in:
        return "month"
    if wanted.spending is not None:
        return wanted.spending.at
    return "date" if wanted.summed else None


def may_be_turned(header: Sequence[str], wanted: Input) -> bool:
    """Whether a header may be that of costs with a column for each month or day.

    >>> from funnelcli.inputs import INPUTS
    >>> may_be_turned(["Kênh", "T1/2026", "T2/2026"], INPUTS["costs"])
    True
    """
    return (
        wanted.spending is not None and sum(_is_month_or_day(cell) or _says_no_year(cell) for cell in header) >= FEWEST
    )


def _opened_bare(file: SourceFile, wanted: Input, settings: InputSettings) -> list[Opened]:
    """The tables of a file as they are written; names of our columns in the first cells of rows make no header."""
    bare = replace(wanted, columns=(), requires=(), sum_headers=())
    if wanted.spending is not None:
        bare = replace(bare, columns=_months_of(file))
    try:
        opened = open_file(file, bare, replace(settings, columns={}))
    except FileFault:
        return []
    return [replace(each, input=wanted, settings=settings) for each in opened]


def _months_of(file: SourceFile) -> tuple[Column, ...]:
    """Columns by which the header of a file is known, which may stand below a title: its months or days."""
    rows = (_columns(row, _is_month_or_day)[0].values() for row in first_rows(file))
    names = next((names for names in rows if len(names) >= FEWEST), ())
    return tuple(Column(name=name, kind=CellKind.TEXT, meaning=_COSTS) for name in dict.fromkeys(names))


def _turned(opened: Opened, wanted: Input, marked: Reopened) -> Opened | None:
    if wanted.stands_in:
        times, labels = _columns(opened.columns.header, _is_month_of_a_year)
    elif wanted.spending is not None:
        times, labels = _columns(opened.columns.header, _is_month_or_day)
    else:
        times, labels = _columns(opened.columns.header, _is_day)
    if wanted.spending is not None and not times:
        _refuse_months_without_year(opened)
    if len(times) < FEWEST or len(set(times.values())) < len(times) or _is_told(opened, wanted):
        return None
    if any(_says_no_year(opened.columns.header[place]) for place in labels):
        return None
    wide = marked(replace(opened, columns=ColumnMap(opened.columns.header, {name: at for at, name in times.items()})))
    if wanted.spending is not None:
        return _of_costs(wide, times, labels, wanted.spending)
    return _of_figures(wide, times, labels) if wanted.stands_in else _of_visits(wide, times, labels)


def _says_no_year(cell: str) -> bool:
    """Whether a header is a month of no year."""
    return (month_labelled(cell) or (1, 0))[0] is None


def _refuse_months_without_year(opened: Opened) -> None:
    """FileFault where the columns of a table are months, and none of them says its year."""
    months = [cell for cell in opened.columns.header if _says_no_year(cell)]
    if len(months) >= FEWEST and not _is_told(opened, opened.input):
        raise FileFault(
            problem(
                "header-months-without-year", file=opened.name, line=opened.header_line or None, first=months[0],
                last=months[-1], count=len(months),
            )
        )  # fmt: skip


def _is_told(opened: Opened, wanted: Input) -> bool:
    """Whether a column of the file says when its rows are."""
    place = opened.columns.index.get(_when(wanted) or "")
    if place is None:
        return False
    reads = _is_month_of_a_year if wanted.stands_in else _is_month_or_day if wanted.spending else reads_as_day
    cells = [clean(row[place]) for _, row in islice(_records(opened), MOST_ROWS) if place < len(row)]
    return any(reads(cell) for cell in cells if cell)


def _records(opened: Opened) -> Iterator[tuple[int, list[str]]]:
    """The records as they are written, none where the file is damaged; what is odd about them is said later."""
    try:
        yield from raw_records(opened, lambda _: None)
    except FileFault:
        return


def _columns(header: Sequence[str], is_time: Callable[[str], bool]) -> tuple[dict[int, str], list[int]]:
    """The places of the columns of months or days with what their headers say, and those of the other columns."""
    times = {place: _plain(cell) for place, cell in enumerate(header) if is_time(cell)}
    return times, [place for place, cell in enumerate(header) if place not in times]


def _plain(cell: str) -> str:
    """A header that a workbook holds as a day, without its time."""
    return cell.removesuffix(" 00:00:00")


def _is_month_of_a_year(cell: str) -> bool:
    return (month_labelled(_plain(cell)) or (None, 0))[0] is not None


def _is_month_or_day(cell: str) -> bool:
    return _is_month_of_a_year(cell) or _is_day(cell)


def _is_day(cell: str) -> bool:
    return reads_as_day(_plain(cell)) and any(map(str.isdigit, cell)) and not cell.isdigit()


# --- figures by month ----------------------------------------------------------------------------------------------


def _of_figures(wide: Opened, times: Mapping[int, str], labels: Sequence[int]) -> Opened | None:
    """A table of figures with a column a month; None where no column holds their names, or one stands twice."""
    rows = [row for _, row in islice(_records(wide), MOST_ROWS)]
    cells = {place: [clean(row[place]) if place < len(row) else "" for row in rows] for place in labels}
    known = {place: sum(is_figure(cell, wide.settings) for cell in cells[place]) for place in labels}
    place = max(labels, key=lambda at: known[at], default=None)
    if place is None or not known[place]:
        return None
    by_header = match_headers(wide.columns.header, MONTHLY, {})
    channel = by_header.get("channel")
    channel = None if channel == place else channel
    names = tuple(dict.fromkeys(cell for cell in cells[place] if cell))
    header = ("month", *(("channel",) if channel is not None else ()), *names)
    turned = Turned(wide=wide, times=times, names=names, labels=(place, *(() if channel is None else (channel,))))
    return _read_as(wide, header, turned, _FIGURES)


def is_figure(cell: str, settings: InputSettings) -> bool:
    """Whether a cell is the name of a figure that a monthly table may state.

    >>> from funnelcli.config import InputSettings
    >>> is_figure("New signups", InputSettings()), is_figure("Leads", InputSettings())
    (True, False)
    """
    known = {key for keys in MONTHLY_COLUMNS.values() for key in keys}
    mapped = {header_key(header) for column, header in settings.mapped.items() if column in known}
    return header_key(cell) in mapped or header_key(cell).replace(" ", "_") in known


# --- visits by day -------------------------------------------------------------------------------------------------


def _of_visits(wide: Opened, times: Mapping[int, str], labels: Sequence[int]) -> Opened | None:
    """Visits with a column a day; None where another column may hold visits too, or the days are those of months."""
    kept = [place for place in labels if wide.columns.header[place].strip() and not _is_total(wide, place)]
    unnamed = [place for place in labels if not wide.columns.header[place].strip() and _holds_words(wide, place)]
    places = sorted((*kept, *unnamed))
    if all(_is_month_of_a_year(name) for name in times.values()) or not all(_holds_words(wide, at) for at in places):
        return None
    header = [wide.columns.header[place] for place in places]
    if len(places) == 1 and (unnamed or _names_dates(header[0], wide.input)):
        header = ["source"]
    turned = Turned(wide=wide, times=times, labels=tuple(places))
    return _read_as(wide, (*header, "date", "visits"), turned, _VISITS)


# --- costs by month or day -----------------------------------------------------------------------------------------


def _of_costs(wide: Opened, times: Mapping[int, str], labels: Sequence[int], declared: Spending) -> Opened | None:
    """Costs with a column a month or day, beside words that say what they were spent on; other numbers are left out.

    Where no header says what the words are, those of the one column, or the first, name a channel.
    """
    places = [place for place in labels if not _is_total(wide, place) and _holds_words(wide, place)]
    header = [wide.columns.header[place] for place in places]
    known = match_headers(header, wide.input, wide.settings.columns)
    if places and not known.keys() & {declared.channel, declared.source, *declared.names}:
        header[0] = declared.channel
    turned = Turned(wide=wide, times={place: _dated(name) for place, name in times.items()}, labels=tuple(places))
    return _read_as(wide, (*header, declared.at, declared.amount), turned, _COSTS)


def _dated(name: str) -> str:
    """What a header says, a month as it is read everywhere."""
    year, month = month_labelled(name) or (None, 0)
    return name if year is None else f"{year}-{month:02}"


def _is_total(wide: Opened, place: int) -> bool:
    return is_total_word(wide.columns.header[place])


def _holds_words(wide: Opened, place: int) -> bool:
    """Whether a column holds words, so that it says of what the numbers beside it are."""
    cells = [clean(row[place]) for _, row in islice(_records(wide), MOST_ROWS) if place < len(row)]
    filled = [cell for cell in cells if cell]
    return bool(filled) and all(any(map(str.isalpha, cell)) or cell[0] in "(/" for cell in filled)


def _names_dates(header: str, wanted: Input) -> bool:
    return "date" in match_headers((header,), wanted, {})


def _read_as(wide: Opened, header: tuple[str, ...], turned: Turned, of: Text) -> Opened | None:
    index = match_headers(header, wide.input, wide.settings.columns)
    if not has_required(index, wide.input):
        return None
    chosen = {header_key(cell) for cell in (*wide.settings.keep, *wide.settings.drop)}
    if not chosen <= set(map(header_key, header)):
        return None
    first, *_, last = turned.times.values()
    left_out = [cell for place, cell in enumerate(wide.columns.header) if cell.strip() and not turned.reads(place)]
    said = problem(
        "read-turned", file=wide.name, line=wide.header_line or None, count=len(turned.times), first=first, last=last,
        figures=of, others=", ".join(map(repr, left_out)) or "–",
    )  # fmt: skip
    return replace(wide, columns=ColumnMap(header, index), turned=turned, warnings=(*wide.warnings, said))
