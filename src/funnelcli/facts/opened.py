"""The files of an input, opened as what their cells show them to be: a sheet with its marks, lists, a log of events."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from funnelcli.config import Config
from funnelcli.inputs.spec import Input
from funnelcli.problems import Problem
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.discover import SourceFile
from funnelcli.reading.event_log import with_events
from funnelcli.reading.identity import open_identified
from funnelcli.reading.listed import Openings, opened_as_lists
from funnelcli.reading.opening import Opened
from funnelcli.reading.rollups import with_rollups
from funnelcli.reading.sheet_problems import with_marks
from funnelcli.reading.status_column import with_understood_status
from funnelcli.reading.unread_people import people_problems
from funnelcli.reading.unread_visits import visit_problems
from funnelcli.reading.unreal import unreal_problems


def opened_files(
    given: Sequence[SourceFile], declared: Input, config: Config, others: Sequence[Opened]
) -> tuple[list[Opened], list[Problem]]:
    """The files of an input, opened, and what is wrong; ``others`` are of those who should include its people."""
    settings = config.input_settings(declared.name)

    def tables_of(source: SourceFile, wanted: Input) -> list[Opened]:
        tables = open_identified(source, wanted, settings, config.identity, others)
        tables = list(map(with_marks, tables))
        if declared.summed:
            return list(map(with_rollups, tables))
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


def unread_problems(opened: Opened) -> Iterator[Problem]:
    """What is wrong or odd about a file because of columns that are not read."""
    yield from visit_problems(opened) if opened.input.summed else people_problems(opened)
    yield from unreal_problems(opened)
