"""Lists of who pays at the time that give no start: where they say of which month or day they are.

It is said by a column of months or days, else by the name of each file.  That rows are such lists is decided by their
people: most of those in one list stand in the next one too.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from functools import cache
from itertools import pairwise
from pathlib import PurePath

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.config import InputSettings, PaidUsers
from funnelcli.inputs.spec import Input
from funnelcli.problems import Problem, problem
from funnelcli.reading.dialect import FileFault
from funnelcli.reading.discover import SourceFile
from funnelcli.reading.headers import header_key
from funnelcli.reading.made import Days, days_in_name, days_of_texts
from funnelcli.reading.opening import Opened
from funnelcli.reading.raw import whole_columns
from funnelcli.text import Message, joined
from funnelcli.values.cells import clean, clean_id
from funnelcli.values.channels import matches

NEARLY_ALL = 0.9  # of the rows of a column, those that say a month or a day where it is one of these
FEW, MOST = 2, 0.5  # of the people of an older list, those at least who stand in the newer one too
_ANY_DATE = frozenset({"date", "ngay"})  # headers that say of no date what it is
_OR_LISTED = Message(
    " Where each row says who pays in a month or on a day: [inputs.{stage}.columns] {listed} = {header!r}."
)

Reopen = Callable[[SourceFile, Input], list[Opened]]


class Openings(Struct, frozen=True, kw_only=True):
    """The files of an input that could be opened, and the faults of the others."""

    opened: Sequence[Opened]
    faulty: Sequence[tuple[SourceFile, FileFault]]

    @property
    def faults(self) -> list[Problem]:
        """All that is wrong with files."""
        return [fault for _, faults in self.faulty for fault in faults.problems]


def opened_as_lists(
    known: Openings, given: Sequence[SourceFile], declared: Input, settings: InputSettings, rules: PaidUsers,
    reopen: Reopen,
) -> tuple[list[Opened], list[Problem]]:  # fmt: skip
    """The files, and what is wrong with them: read as lists without starts where they are such, else as they were."""
    usual = list(known.opened), known.faults
    if declared.stays is None or not given or any(opened.is_log for opened in known.opened):
        return usual
    files = _without_starts(known, given, declared, settings, reopen)
    if not files or not _may_be_lists(files, declared, rules):
        return usual
    lists = [_list_of(opened, declared, settings) for opened in files]
    is_said = declared.stays.listed in settings.mapped
    if not is_said and not _go_on(lists, declared, rules):
        return list(known.opened), [_or_listed(fault, lists, declared) for fault in known.faults]
    if any(each is None for each in lists):
        return usual
    named = [each for each in lists if each is not None]
    if not is_said and (doubt := next((each for each in named if each.may_be_payments), None)) is not None:
        return [], [problem("lists-or-payments", file=doubt.opened.name, column=doubt.header, stage=declared.name,
                            listed=declared.stays.listed, header=doubt.header)]  # fmt: skip
    return [each.as_list(declared) for each in named], []


@cache
def _variant(declared: Input) -> Input:
    """The input without a start."""
    assert declared.stays is not None
    start = declared.stays.start
    return replace(declared, columns=tuple(column for column in declared.columns if column.name != start))


def _without_starts(
    known: Openings, given: Sequence[SourceFile], declared: Input, settings: InputSettings, reopen: Reopen
) -> list[Opened]:
    """The files opened without a start; none where some file has one that says so."""
    assert declared.stays is not None
    start, listed = declared.stays.start, declared.stays.listed
    for _, fault in known.faulty:
        if any(each.code != "missing-column" or each.column != start for each in fault.problems):
            return []
    if known.opened and start in settings.columns:
        return []
    for opened in known.opened:
        place, named = opened.columns.index[start], opened.columns.index.get(listed)
        if place != named and (named is not None or header_key(opened.columns.header[place]) not in _ANY_DATE):
            return []
    try:
        return [opened for source in given for opened in reopen(source, _variant(declared))]
    except FileFault:
        return []


def _may_be_lists(files: Sequence[Opened], declared: Input, rules: PaidUsers) -> bool:
    """Whether nothing speaks against it: ends, or settings that say what rows are."""
    assert declared.stays is not None
    is_set = rules.gives("shape") or rules.same_customers == "parts"
    return not is_set and not any(opened.has(declared.stays.end) for opened in files)


# --- where a file says of when its rows are ----------------------------------------------------------------------


class _List(Struct, frozen=True, kw_only=True):
    """A file of lists: the column that says of when they are (None: its name does), and the people of each."""

    opened: Opened
    place: int | None
    people: Mapping[Days, set[str]]

    @property
    def header(self) -> str:
        """The header of that column."""
        return "" if self.place is None else self.opened.columns.header[self.place]

    @property
    def may_be_lists(self) -> bool:
        """Whether the rows say months, and no days on which anything may have happened."""
        return any(first < last for first, last in self.people)

    @property
    def may_be_payments(self) -> bool:
        """Whether the days may as well be those on which something was paid."""
        key = header_key(self.header)
        billed = getattr(self.opened.input.identity, "billed", "")
        is_open = key in _ANY_DATE or bool(billed and re.search(billed, key))
        return self.place is not None and is_open and any(first == last for first, last in self.people)

    def as_list(self, declared: Input) -> Opened:
        """The file as one of lists."""
        assert declared.stays is not None
        opened = replace(self.opened, input=declared, is_list=True)
        if self.place is None:
            return opened
        columns = opened.columns
        return replace(opened, columns=replace(columns, index={**columns.index, declared.stays.listed: self.place}))


def _list_of(opened: Opened, declared: Input, settings: InputSettings) -> _List | None:
    """How a file says of when its rows are; None where nothing in it, or more than one column, does."""
    person = declared.person
    if person is None or not opened.has(person) or declared.stays is None:
        return None
    mapped = opened.columns.index.get(declared.stays.listed)
    taken = set(opened.columns.index.values())
    places = [mapped] if mapped is not None else [
        place for place, header in enumerate(opened.columns.header)
        if place not in taken and header.strip() and not matches(header, settings.ignore)
    ]  # fmt: skip
    try:
        columns = whole_columns(opened, {*places, opened.columns.index[person]})
    except FileFault:
        return None
    people = list(columns[opened.columns.index[person]])
    said: dict[int, Mapping[str, Days]] = {}
    for place in places:
        days = days_of_texts(filter(None, map(clean, columns[place].texts)), settings.date_order)
        read = int(columns[place].that(lambda text, days=days: clean(text) in days).sum())  # type: ignore[misc]
        if place == mapped or (days and read >= NEARLY_ALL * len(people)):
            said[place] = days
    if not said:
        return _named(opened, people)
    months = [place for place, days in said.items() if any(first != last for first, last in days.values())]
    if len(said) > 1 and len(months) != 1:
        return None
    place = months[0] if len(said) > 1 else next(iter(said))
    of_when: dict[Days, set[str]] = {}
    for text, entity in zip(columns[place], people, strict=True):
        if (days_of_row := said[place].get(clean(text))) is not None:
            of_when.setdefault(days_of_row, set()).add(clean_id(entity))
    return _List(opened=opened, place=place, people=of_when)


def _named(opened: Opened, people: Sequence[str]) -> _List | None:
    days = days_in_name(PurePath(opened.name).name)
    return _List(opened=opened, place=None, people={days: set(map(clean_id, people))}) if days is not None else None


def _go_on(lists: Sequence[_List | None], declared: Input, rules: PaidUsers) -> bool:
    """Whether there are several lists, and most people of each stand in the next one too."""
    of_when: dict[Days, set[str]] = {}
    for each in lists:
        if each is None:
            return False
        for days, people in each.people.items():
            of_when.setdefault(days, set()).update(people)
    if len(of_when) < FEW:
        return False
    ordered = [of_when[days] for days in sorted(of_when, key=lambda days: (days[1], days[0]))]
    return rules.same_customers == "snapshots" or all(
        len(newer & older) >= max(FEW, MOST * len(older)) for older, newer in pairwise(ordered)
    )


def _or_listed(fault: Problem, lists: Sequence[_List | None], declared: Input) -> Problem:
    """The fault of a missing start with the column that may say of when its rows are."""
    stays = declared.stays
    headers = {each.header for each in lists if each is not None and each.place is not None and each.may_be_lists}
    if stays is None or fault.column != stays.start or len(headers) != 1:
        return fault
    more = _OR_LISTED.filled(stage=declared.name, listed=stays.listed, header=headers.pop())
    return replace(fault, advice=joined("", [fault.advice, more]))
