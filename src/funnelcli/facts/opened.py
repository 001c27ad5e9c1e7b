"""The files of an input, opened as what their cells show them to be: a sheet with its marks, lists, a log of events."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from itertools import chain, groupby

from msgspec.structs import replace

from funnelcli.config import Config, InputSettings
from funnelcli.inputs import INPUTS
from funnelcli.inputs.accounts import attribute_column
from funnelcli.inputs.signups import SIGNUPS
from funnelcli.inputs.spec import Input
from funnelcli.problems import Problem, Problems, problem
from funnelcli.reading.api_amounts import api_amounts
from funnelcli.reading.clock_columns import with_clock_columns
from funnelcli.reading.cut_short import cut_short
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.discover import SourceFile
from funnelcli.reading.event_log import with_events
from funnelcli.reading.filled_attributes import with_filled_attributes
from funnelcli.reading.filled_person import with_filled_person
from funnelcli.reading.identity import open_identified
from funnelcli.reading.last_row import few_rows, has_few_lines, sums_below
from funnelcli.reading.listed import Openings, opened_as_lists
from funnelcli.reading.many_sums import sums_in_columns
from funnelcli.reading.opening import Opened, some_alike
from funnelcli.reading.raw import read_raw
from funnelcli.reading.rollups import MOST_BYTES, with_rollups
from funnelcli.reading.settings import check_columns, check_dimensions, check_statuses
from funnelcli.reading.sheet_problems import with_marks
from funnelcli.reading.side_by_side import with_table_beside
from funnelcli.reading.source_column import with_known_sources
from funnelcli.reading.status_column import with_understood_status
from funnelcli.reading.subtotals import subtotals
from funnelcli.reading.telling_columns import with_telling_columns
from funnelcli.reading.turned import opened_turned
from funnelcli.reading.unread_people import people_problems
from funnelcli.reading.unread_visits import visit_problems
from funnelcli.reading.unreal import unreal_problems
from funnelcli.reading.years_first import odd_days
from funnelcli.values.channels import ChannelMap


def inputs_of(config: Config) -> dict[str, Input]:
    """The inputs with the columns that ``[dimensions]`` adds to them, the signups with the attributes of settings."""
    shared: dict[str, dict[str, str]] = {}
    for name, dimension in config.dimensions.items():
        shared.setdefault(dimension.input, {})[name] = dimension.column
    inputs = {name: declared.split_by(shared.get(name, {})) for name, declared in INPUTS.items()}
    if attributes := config.attributes:
        signups = inputs[SIGNUPS.name]
        columns = (*signups.columns, *map(attribute_column, attributes))
        inputs[SIGNUPS.name] = replace(signups, columns=columns)
    return inputs


def opened_inputs(
    config: Config, declared: Mapping[str, Input], files: Mapping[str, Sequence[SourceFile]], problems: Problems
) -> dict[str, list[Opened]]:
    """The files of every input, opened; what is wrong with them goes to ``problems``."""
    opened: dict[str, list[Opened]] = {}
    for name, given in files.items():
        check_columns(config, declared[name])
        check_statuses(config, declared[name])
        opened[name], faults = opened_files(given, declared[name], config, opened.get(declared[name].people or "", []))
        problems.extend(faults)
    for name, sources in opened.items():
        if len(sources) >= len(files[name]):  # what cannot be opened says why itself
            check_dimensions(declared[name], [source.columns.header for source in sources])
    for sources in opened.values():
        problems.extend(warning for source in sources for warning in source.warnings)
        problems.extend(problems_of_visits(sources))
        problems.extend(lacking(sources))
    return opened


def lacking(sources: Iterable[Opened]) -> Iterator[Problem]:
    """What exports of systems are known not to say."""
    for source in sources:
        if (export := source.export) is not None and export.lacks is not None:
            yield problem("export-lacks", file=source.name, export=export.name, lacks=export.lacks)


def opened_files(
    given: Sequence[SourceFile], declared: Input, config: Config, others: Sequence[Opened]
) -> tuple[list[Opened], list[Problem]]:
    """The files of an input, opened, and what is wrong; ``others`` are of those who should include its people."""
    settings, channels = config.input_settings(declared.name), ChannelMap(config.channels)

    def tables_of(source: SourceFile, wanted: Input) -> list[Opened]:
        written = _as_written_or_turned(source, wanted, settings, config, others)
        tables = [with_known_sources(table, channels) for table in written]
        if declared.summed:
            return list(map(with_rollups, tables))
        tables = [_by_cells(table) for table in tables]
        return [with_events(with_understood_status(table), config.paid_users) for table in tables]

    opened: list[Opened] = []
    faulty: list[tuple[SourceFile, FileFault]] = []
    for source in given:
        try:
            opened.extend(tables_of(source, declared))
        except FileFault as fault:
            faulty.append((source, fault))
    known = Openings(opened=opened, faulty=faulty)
    return opened_as_lists(known, given, declared, settings, config.paid_users, tables_of)


def _by_cells(table: Opened) -> Opened:
    """A table with what its cells say of its columns."""
    return with_telling_columns(with_clock_columns(with_filled_attributes(with_filled_person(table))))


def _as_written_or_turned(
    source: SourceFile, wanted: Input, settings: InputSettings, config: Config, others: Sequence[Opened]
) -> list[Opened]:
    """The tables of a file, turned round where they have a column for each month or day."""
    try:
        tables = open_identified(source, wanted, settings, config.identity, others)
    except FileFault:
        if (turned := opened_turned(source, wanted, settings, (), _marked)) is None:
            raise
        return turned
    turned = opened_turned(source, wanted, settings, tables, _marked)
    return list(map(_marked, tables)) if turned is None else turned


def _marked(opened: Opened) -> Opened:
    """The file with what its sheet says beside its values, and without another table beside the one that is read."""
    return with_table_beside(with_marks(opened))


def _sums_of_visits(source: Opened) -> Iterator[Problem]:
    """Sums between the rows of a file of summed visits that has many of them; those of people are known when read."""
    if source.has("visits") and os.path.getsize(source.file.path) <= MOST_BYTES and not has_few_lines(source):
        try:
            yield from sums_in_columns(read_raw(source))
        except FileFault:
            return  # which reading the file says


def problems_of_visits(sources: Sequence[Opened]) -> list[Problem]:
    """What is wrong or odd about files of visits, as their first rows tell."""
    visits = [source for source in sources if source.input.summed]
    return _told_by_some(visits, lambda some: chain.from_iterable(map(visit_problems, some)))


def _told_by_some(sources: Sequence[Opened], look: Callable[[Sequence[Opened]], Iterable[Problem]]) -> list[Problem]:
    """What a look at files of visits tells; where some of very many tell of nothing, the others are not looked at."""
    some = some_alike(sources)
    oddities = list(look(some))
    return oddities if not oddities or len(some) == len(sources) else list(look(sources))


def unread_problems(
    opened: Iterable[Opened], used: Iterable[tuple[str, str]], assumed: str | None = None
) -> Iterator[Problem]:
    """What is odd about files because of columns that are not read; ``used`` are columns, with their files, that are.

    ``assumed`` is the currency of amounts that say none, where no setting does.  Of visits it is said before they are
    read.
    """
    for summed, sources in groupby(opened, key=lambda source: source.input.summed):
        if summed:
            yield from _told_by_some([*sources], lambda some: chain.from_iterable(map(_odd_rows, some)))
            continue
        for source in sources:
            explained = {header for file, header in used if file == source.name}
            yield from people_problems(source, explained, assumed)
            yield from api_amounts(source)
            yield from _odd_rows(source)


def _odd_rows(source: Opened) -> Iterator[Problem]:
    """What is odd about the rows of a file."""
    if (fault := cut_short(source)) is not None:
        yield fault
    rows = few_rows(source)
    yield from sums_below(source, rows)
    yield from subtotals(source, rows)
    yield from _sums_of_visits(source)
    yield from odd_days(source)
    yield from unreal_problems(source)
