"""The ready-made monthly table: month, perhaps channel, and metric keys as columns."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction
from itertools import chain

from msgspec import Struct, field

from funnelcli.config import InputSettings
from funnelcli.inputs.monthly import AMOUNTS, COMPUTED, MONTHLY, MONTHLY_COLUMNS
from funnelcli.problems import Problem, Problems, problem
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.evidence import Place, decide_mark
from funnelcli.reading.headers import header_key
from funnelcli.reading.months_for_dates import is_month_number, is_year
from funnelcli.reading.opening import Opened
from funnelcli.reading.rows import Reading, Tally, raw_records
from funnelcli.reading.turned_records import lines_of_figures
from funnelcli.reading.unit_words import unit_said, without_unit
from funnelcli.reading.units import FACTORS, UNIT_WORDS
from funnelcli.reading.workbook import Record
from funnelcli.text import OR, Message, joined, month_words
from funnelcli.values.cells import clean, clean_number, is_error_value
from funnelcli.values.channels import CHANNELS, Channel, matches
from funnelcli.values.currencies import currencies_in, has_decimals, minor_unit
from funnelcli.values.dates import month_labelled
from funnelcli.values.money import UNDECIDED_MARK, AmountReader, read_hundredths
from funnelcli.values.nothing import as_word
from funnelcli.values.numbers import DecimalMark, NumberEvidence, bare_number, read_count

MOST_NAMED = 12
_IN_CURRENCY = Message("the amounts are in {currency}")
OF_PEOPLE = {channel.value: channel for channel in CHANNELS if channel is not Channel.UNASSIGNED}
_ALL_CHANNELS = frozenset({"", "all", "total", "tất cả", "tổng"})


class MonthlyRow(Struct, frozen=True, kw_only=True):
    """One row: the figures of a month, of one channel or (None) the whole; empty cells are absent.

    Amounts are in hundredths.  In a table with a column a month each figure has a line of its own, which is in
    ``lines``.
    """

    month: date
    channel: Channel | None
    values: dict[str, int]
    file: str
    line: int
    lines: Mapping[str, int] = field(default_factory=dict)

    def line_of(self, key: str) -> int:
        """The line on which a figure stands."""
        return self.lines.get(key, self.line)


class MonthlyTable(Struct, kw_only=True):
    """All rows of the monthly files, by month; ``columns`` are the metric keys that some file has."""

    rows: list[MonthlyRow] = field(default_factory=list)
    columns: set[str] = field(default_factory=set)
    tallies: list[Tally] = field(default_factory=list)
    files: list[Opened] = field(default_factory=list)

    def stands_for(self, name: str) -> bool:
        """Whether the table has a column of the input of a name."""
        return bool(self.columns & set(MONTHLY_COLUMNS.get(name, ())))


def read_monthly(
    opened: Sequence[Opened], settings: InputSettings, problems: Problems, *, currency: str
) -> MonthlyTable:
    """The monthly tables as rows; what is wrong goes to ``problems``.  The amounts should be in ``currency``."""
    table = MonthlyTable(files=list(opened))
    seen: dict[tuple[date, Channel | None], tuple[str, int]] = {}
    for file in opened:
        reading = Reading(opened=file, problems=problems)
        places = metric_places(file)
        if (undecided := _unit_undecided(file, places)) is not None:
            problems.add(undecided)
            places = _counts(places)
        table.columns.update(places)
        problems.extend(_stated_twice(file))
        try:
            records = list(reading.rows())
            decimal, fault = _mark(file, records, places, settings)
            if fault:
                problems.add(fault)
                continue
            amounts, factor = _amount_reader(records, places, settings, currency), _factor(settings, currency)
            years = _year_place(file, [record for _, record in records])
            problems.extend(_not_read(file, [record for _, record in records], years))
            own_lines = _own_lines(file)
            for line, record in records:
                row = _row(file, line, record, places, decimal, problems, years, own_lines)
                if row is not None and not _add_amounts(row, record, places, amounts, currency, problems, factor):
                    row = None
                if row is None:
                    reading.tally.rejected += 1
                    continue
                key = (row.month, row.channel)
                if key in seen:
                    other = "{}:{}".format(*seen[key])
                    problems.add(
                        problem("month-twice", file=file.name, line=line, column="month",
                                month=month_words(row.month), other_place=other)
                    )  # fmt: skip
                    reading.tally.rejected += 1
                    continue
                seen[key] = (file.name, line)
                table.rows.append(row)
        except FileFault as damaged:
            problems.extend(damaged.problems)
        reading.tally.counted = reading.tally.read - reading.tally.rejected
        table.tallies.append(reading.tally)
    table.rows.sort(key=lambda row: (row.month, row.channel or ""))
    return table


def _unit_undecided(opened: Opened, places: Mapping[str, int]) -> Problem | None:
    """The problem of a header, or a remark above it, that says the unit of amounts, where no setting does."""
    if opened.settings.amount_unit is not None:
        return None
    for key in sorted(AMOUNTS & places.keys()):
        for header in (opened.columns.header[places[key]], opened.units.above):
            if (said := unit_said(header)) is not None:
                return problem(
                    "amount-unit-undecided", file=opened.name, line=opened.header_line or None, column=key,
                    header=header, unit=said, said=UNIT_WORDS[said], stage=MONTHLY.name,
                )  # fmt: skip
    return None


def _own_lines(opened: Opened) -> dict[tuple[str, str], int]:
    """The lines of figures, by name and channel, in a table with a column a month."""
    return lines_of_figures(opened.turned, raw_records(opened.turned.wide, lambda _: None)) if opened.turned else {}


def _year_place(opened: Opened, records: Sequence[Sequence[str]]) -> int | None:
    """Where the year of each month stands, if the cells of months say none and one other column holds years."""
    months = [clean(record[opened.columns.index["month"]]) for record in records]
    if not months or not all(is_month_number(cell) or (month_labelled(cell) or (1,))[0] is None for cell in months):
        return None
    others = set(range(len(opened.columns.header))) - set(opened.columns.index.values())
    held = [place for place in sorted(others) if all(is_year(clean(record[place])) for record in records)]
    return held[0] if len(held) == 1 else None


def _mark(
    opened: Opened, records: Sequence[Record], places: dict[str, int], settings: InputSettings
) -> tuple[DecimalMark | None, Problem | None]:
    """The decimal mark of the table's numbers, found from all of them, or the problem that nothing decides it."""
    evidence = NumberEvidence()
    for line, record in records:
        for key, place in _counts(places).items():
            evidence.observe(clean_number(record[place]), Place(opened.name, line, key), whole=True)
    return decide_mark(evidence, settings.decimal, stage=MONTHLY.name)


def _counts(places: dict[str, int]) -> dict[str, int]:
    return {key: place for key, place in places.items() if key not in AMOUNTS}


def _amount_reader(
    records: Sequence[Record], places: dict[str, int], settings: InputSettings, currency: str
) -> AmountReader:
    reader = AmountReader(decimal=settings.decimal, decimals=has_decimals(currency))
    for _, record in records:
        for key in AMOUNTS & places.keys():
            reader.observe(clean_number(record[places[key]]))
    return reader


def _factor(settings: InputSettings, currency: str) -> Fraction:
    """What amounts are to be multiplied by, as the settings say."""
    unit = settings.amount_unit or "major"
    return minor_unit(currency) if unit == "minor" else FACTORS[unit]


def _add_amounts(
    row: MonthlyRow,
    record: Sequence[str],
    places: dict[str, int],
    reader: AmountReader,
    currency: str,
    problems: Problems,
    factor: Fraction,
) -> bool:
    """Add a row's amounts to its values; False where one is in another currency, so that the row cannot count."""
    for key in sorted(AMOUNTS & places.keys()):
        cell = clean_number(record[places[key]])
        if not cell:
            continue
        said = currencies_in(cell)
        if said and currency not in said:
            problems.add(
                problem("mixed-currency", file=row.file, line=row.line_of(key), column=key, value=cell[:80],
                        said=joined(OR, sorted(said)), basis=_IN_CURRENCY.filled(currency=currency),
                        stage=MONTHLY.name, header=key, keep=f"*{currency}*")
            )  # fmt: skip
            return False
        amount = reader.read(cell)
        if amount is None or amount == UNDECIDED_MARK:
            code = "not-an-amount" if amount is None else "amount-undecided"
            problems.add(
                problem(code, file=row.file, line=row.line_of(key), column=key, value=cell[:80], stage=MONTHLY.name)
            )
            continue
        row.values[key] = read_hundredths(amount * factor)
    return True


def metric_places(opened: Opened) -> dict[str, int]:
    """Metric key -> cell index, for the columns of a monthly table that are read."""
    return {key: places[0] for key, places in _all_places(opened).items()}


def _all_places(opened: Opened) -> dict[str, list[int]]:
    """Metric key -> the indexes of all cells that may be it."""
    known = {key for keys in MONTHLY_COLUMNS.values() for key in keys}
    settings = opened.settings
    overrides: dict[str, list[str]] = {}
    for column, header in settings.mapped.items():
        overrides.setdefault(header_key(header), []).append(column)
    places: dict[str, list[int]] = {}
    for i, header in enumerate(opened.columns.header):
        own = header_key(header).replace(" ", "_")
        bare = without_unit(header).replace(" ", "_")
        for key in overrides.get(header_key(header), [bare if bare in AMOUNTS else own]):
            if key in known and key not in settings.unmapped:
                places.setdefault(key, []).append(i)
    return places


def _stated_twice(opened: Opened) -> Iterator[Problem]:
    """The problems of figures for which the table has two columns."""
    for key, places in _all_places(opened).items():
        if len(places) > 1:
            header = opened.columns.header[places[0]]
            yield problem(
                "repeated-header", file=opened.name, line=opened.header_line or None, column=key, count=len(places),
                header=header, stage=MONTHLY.name,
            )  # fmt: skip


def _not_read(opened: Opened, records: Sequence[Sequence[str]], years: int | None) -> Iterator[Problem]:
    """A warning of the columns of numbers that are no figures of the table, nor such as are computed."""
    taken = {*opened.columns.index.values(), *chain.from_iterable(_all_places(opened).values()), years}
    others = []
    for place, header in enumerate(opened.columns.header):
        key = header_key(header).replace(" ", "_")
        if place in taken or not key or COMPUTED.search(key) or matches(header, opened.settings.ignore):
            continue
        filled = [cell for record in records if (cell := clean_number(record[place]))]
        if filled and all(bare_number(cell) is not None for cell in filled):
            others.append(header)
    if others:
        names = ", ".join(key for keys in MONTHLY_COLUMNS.values() for key in keys)
        yield problem(
            "figures-not-read", file=opened.name, line=opened.header_line or None, count=len(others),
            headers=", ".join(map(repr, others[:MOST_NAMED])) + (", …" if len(others) > MOST_NAMED else ""),
            header=others[0], names=names,
        )  # fmt: skip


def _row(
    opened: Opened,
    line: int,
    record: Sequence[str],
    places: dict[str, int],
    decimal: DecimalMark | None,
    problems: Problems,
    years: int | None,
    own_lines: Mapping[tuple[str, str], int],
) -> MonthlyRow | None:
    index = opened.columns.index
    text = clean(record[index["month"]])
    year, number = month_labelled(text) or (None, 0)
    if years is not None and (number or is_month_number(text)):
        year, number = int(clean(record[years])), number or int(text)
    if year is None:
        code = "empty-cell" if not text else "month-without-year" if number or is_month_number(text) else "not-a-month"
        problems.add(problem(code, file=opened.name, line=line, column="month", value=text[:80]))
        return None
    month, channel = date(year, number, 1), None
    if "channel" in index:
        word = clean(record[index["channel"]]).casefold()
        if word not in _ALL_CHANNELS:
            try:
                channel = OF_PEOPLE[word.replace(" ", "_")]
            except KeyError:
                problems.add(
                    problem("not-a-channel", file=opened.name, line=line, column="channel", value=word[:80],
                            channels=", ".join(OF_PEOPLE))
                )  # fmt: skip
                return None
    values: dict[str, int] = {}
    named = clean(record[index["channel"]]) if "channel" in index else ""
    lines = {key: own_lines.get((opened.columns.header[at], named), line) for key, at in places.items()}
    for key, place in _counts(places).items():
        cell = clean_number(record[place])
        if not cell:
            continue
        count = read_count(cell, decimal)
        if count is None:
            code = "spreadsheet-error" if is_error_value(cell) else "not-a-count"
            problems.add(
                problem(code, file=opened.name, line=lines[key], column=key, value=cell[:80],
                        stage=MONTHLY.name, word=as_word(cell))
            )  # fmt: skip
            return None
        values[key] = count
    return MonthlyRow(month=month, channel=channel, values=values, file=opened.name, line=line, lines=lines)
