"""Files that hold rows of another file once more: a list of people as something they did, two exports of one time."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from funnelcli.facts.overlaps import Overlap, Pair, are_other_kinds
from funnelcli.facts.rows import Rows
from funnelcli.inputs.spec import Input
from funnelcli.problems import Problem, problem
from funnelcli.reading.headers import header_key
from funnelcli.reading.tables import Table
from funnelcli.stats.distinct import distinct

NEARLY_ALL = 0.95  # of the rows of a file, those that are rows of another one
ALSO_THERE = 0.9  # of the people of the other one, those who are in the file
MOSTLY = 0.5  # of the rows in the time of two files, those that both have, so that one of a day is the same
FEWEST = 3  # rows that are alike, before two files are compared at all
FEWEST_TIMES = 5  # different moments that are all those of another file
OF_PEOPLE = frozenset(("source", "medium", "owner"))


def same_as_people(tables: Mapping[str, Table]) -> Iterator[Problem]:
    """Inputs of which all rows are those people, with those dates, who are another input: the list once more.

    Where a file says anything else of its own, like when a demo was held, it is no such list; nor where the header of
    its dates means nothing of that other input, or the settings name it.
    """
    for table in tables.values():
        other = tables.get(table.input.people or "")
        if other is None or table.input.person is None or other.input.person is None or _says_more(table):
            continue
        at = table.input.events[0].at
        header = next((opened.columns.header_of(at) for opened in table.files if opened.has(at)), None) or at
        if not _may_be_of(header, other.input):
            continue
        theirs = set(_people_and_moments(other))
        mine = _people_and_moments(table)
        common = [pair for pair in mine if pair in theirs]
        people = len({person for person, _ in theirs})
        is_copy = len(common) >= max(FEWEST, NEARLY_ALL * len(mine))
        if is_copy and len({person for person, _ in common}) >= ALSO_THERE * people:
            yield problem(
                "list-of-people", file=", ".join(opened.name for opened in table.files), column=at, count=len(common),
                rows=len(mine), other=", ".join(opened.name for opened in other.files), stage=table.input.name,
                title=table.input.title, header=header,
            )  # fmt: skip


def only_people(tables: Mapping[str, Table]) -> Iterator[Problem]:
    """Files of rows that last which say but who and when, beside such of the same input that say more.

    Whoever is in them counts as a customer who pays on, like all accounts of a system beside its subscriptions.
    """
    for table in tables.values():
        if table.input.stays is None or len(table.files) < 2:
            continue
        own = [column for column in table.input.columns if not column.identifies and column.name not in OF_PEOPLE]
        says = [{c.name for c in own if opened.has(c.name)} - {table.input.stays.start} for opened in table.files]
        others = ", ".join(opened.name for opened, more in zip(table.files, says, strict=True) if more)
        for opened, more in zip(table.files, says, strict=True):
            if others and not more and not opened.is_list:
                yield problem(
                    "only-people", file=opened.name, line=opened.header_line or None, other=others,
                    stage=table.input.name, title=table.input.title,
                )  # fmt: skip


def _people_and_moments(table: Table) -> list[tuple[str, int]]:
    person = table.input.person or ""
    return list(zip(table.texts[person], table.moments[table.input.events[0].at].micros.tolist(), strict=True))


def _may_be_of(header: str, other: Input) -> bool:
    """Whether a header is known for the dates of an input too, like "Create Date", which says of nothing what it is."""
    column = other.column(other.events[0].at)
    return column is not None and header_key(header) in map(header_key, column.aliases)


def _says_more(table: Table) -> bool:
    """Whether a column of the input's own is filled anywhere, or the settings name that of its dates."""
    at = table.input.events[0].at
    if any(at in opened.settings.columns for opened in table.files):
        return True
    ids = {column.name for column in table.input.columns if column.identifies}
    others = [column.name for column in table.input.columns if column.name not in {at, *ids, *OF_PEOPLE}]
    return any(
        bool(set(table.texts[name].texts) - {""}) if name in table.texts
        else bool(table.moments[name].given.any()) if name in table.moments
        else name in table.numbers and not bool(np.isnan(table.numbers[name]).all())
        for name in others
    )  # fmt: skip


def exported_twice(rows: Rows, by: str, declared: Input, names: Sequence[str]) -> tuple[np.ndarray, list[Problem]]:
    """Of each row the earlier one of another file that it is under another id, else -1.

    Where two files agree on all of the time that both cover, that is each row of the same person and moment, and of
    several such rows the first goes with the first.  Elsewhere it is decided row by row.
    """
    same = np.full(len(rows), -1, dtype=np.int64)
    problems: list[Problem] = []
    files = rows["file"]
    if declared.outcome is None or len(names) < 2 or not rows.again(["entity", "micros"]).any():
        return same, problems
    people = list(zip(files.tolist(), rows.list_of("entity"), rows.list_of("micros"), strict=True))
    met: Counter[tuple[int, str, int]] = Counter()
    keys: list[Key] = []
    for each in people:
        keys.append((*each[1:], met[each]))
        met[each] += 1
    ids = rows.list_of(by)
    places = {number: np.flatnonzero(files == number).tolist() for number in distinct(files).tolist()}
    of_file = {number: {keys[place]: place for place in chosen} for number, chosen in places.items()}
    overlap = Overlap(rows, declared, by)
    order = sorted(places, key=lambda number: (rows["micros"][places[number]].min(), names[number]))
    for later_at, later in enumerate(order):
        for earlier in order[:later_at]:
            pairs = [
                (place, of_file[earlier][key]) for key, place in of_file[later].items()
                if key in of_file[earlier] and _are_two(ids[place], ids[of_file[earlier][key]]) and same[place] < 0
            ]  # fmt: skip
            if not pairs:
                continue
            again, asked = pairs, list[Pair]()
            if not _agree(of_file[earlier], of_file[later]):
                ids_of = ([ids[place] for place in places[number]] for number in (later, earlier))
                common, size = _shared(of_file[earlier], of_file[later])
                other_kinds = are_other_kinds(*ids_of) and common >= MOSTLY * size
                again, asked = overlap.told_apart(pairs, other_kinds=other_kinds)
            for place, earlier_place in again:
                same[place] = earlier_place
            for code, chosen in (("exported-twice", again), ("planned-alike", asked)):
                if chosen:
                    facts = {"other": names[earlier], "user": keys[chosen[0][0]][0][:80], "stage": declared.name}
                    problems.append(problem(code, file=names[later], column=by, count=len(chosen), **facts))
    return same, problems


Key = tuple[str, int, int]


def _are_two(mine: str, theirs: str) -> bool:
    """Whether two ids do not already say that the rows are one."""
    return mine != theirs or not mine


def _agree(earlier: Mapping[Key, int], later: Mapping[Key, int]) -> bool:
    """Whether nearly all rows of either file, in the time that both cover, are rows of the other one."""
    common, size = _shared(earlier, later)
    return common >= max(FEWEST, NEARLY_ALL * size)


def _shared(earlier: Mapping[Key, int], later: Mapping[Key, int]) -> tuple[int, int]:
    """Of the time that two files cover: how many rows they share, and how many the one with more rows has."""
    first = max(min(at for _, at, _ in side) for side in (earlier, later))
    last = min(max(at for _, at, _ in side) for side in (earlier, later))
    here, there = ({key for key in side if first <= key[1] <= last} for side in (earlier, later))
    return len(here & there), max(len(here), len(there))


def same_times(tables: Mapping[str, Table]) -> Iterator[Problem]:
    """Files of one input with the same moments all over, of other people: the same rows may be in both by other ids."""
    for table in tables.values():
        person = table.input.person
        if len(table.files) < 2 or person is None or table.input.stays is not None or not table.input.events:
            continue
        micros, ids = table.moments[table.input.events[0].at].micros, np.array(list(table.texts[person]), dtype=object)
        of_file = [
            (Counter(micros[table.file == n].tolist()), set(ids[table.file == n])) for n in range(len(table.files))
        ]
        for later, (times, people) in enumerate(of_file):
            for earlier, (others, theirs) in enumerate(of_file[:later]):
                if times == others and len(times) >= FEWEST_TIMES and not people & theirs:
                    yield problem(
                        "times-alike", file=table.files[later].name, other=table.files[earlier].name,
                        count=times.total(), stage=table.input.name,
                    )  # fmt: skip
