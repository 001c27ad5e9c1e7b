"""The people of all inputs made one: each input's joined to those of the input that should include them.

The usual columns are compared first; further ones are read only where these leave somebody out, or join numbers that
two systems may both have counted from 1.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence, Set

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from funnelcli.facts.joins import Key, Match, Side, compared, held_up, matched, names_by, only_numbers
from funnelcli.reading.engines.choose import is_large
from funnelcli.reading.engines.distinct import cells_beside
from funnelcli.reading.headers import header_key
from funnelcli.reading.keys import FurtherKey, further_keys, is_key_column, key_column, sampled
from funnelcli.reading.opening import Opened
from funnelcli.reading.tables import Table
from funnelcli.reading.words import chosen
from funnelcli.values.cells import clean_id
from funnelcli.values.ids import KeyKind

NEARLY_NONE = 20  # one in twenty
Reread = Callable[[str, Sequence[FurtherKey]], Table]


class Tried(Struct, frozen=True, kw_only=True):
    """Two columns, by their headers, and how many people they join."""

    mine: str
    theirs: str
    joined: int


class Join(Struct, frozen=True, kw_only=True):
    """How the people of an input were found among those of another.

    ``taken`` are the columns that joined, and ``others`` those that were compared and not taken.  ``respelt`` counts
    the ids that join in other letters only, ``split`` the cells of which one of several ids joins, ``shared`` the
    values that several people have and that join nobody, under the headers ``shared_by``; each has an example.
    ``examples`` are an id of each side.
    ``are_all_there`` says that all people of the input should be among the others, which visitors need not.
    """

    input: str
    other: str
    people: int
    taken: Tried
    others: tuple[Tried, ...]
    is_usual: bool
    examples: tuple[str, str]
    respelt: tuple[int, str, str] = (0, "", "")
    split: tuple[int, str, str] = (0, "", "")
    shared: tuple[int, str] = (0, "")
    shared_by: tuple[str, str] = ("", "")
    are_all_there: bool = True

    @property
    def has_nearly_none(self) -> bool:
        """Whether so few people are in common, of several, that the ids must be of two kinds."""
        least = self.people if self.are_all_there else 1
        return self.people > 1 and self.taken.joined * NEARLY_NONE < least

    @property
    def lacks_some(self) -> bool:
        """Whether a notable share of the people joins nobody, where all of them should."""
        return self.are_all_there and self.taken.joined * NEARLY_NONE < self.people * (NEARLY_NONE - 1)


class JoinedTables(Struct, frozen=True, kw_only=True, eq=False):
    """The tables with one name for each person, and how they were joined."""

    tables: Mapping[str, Table]
    joins: tuple[Join, ...]


def join_people(tables: Mapping[str, Table], opened: Mapping[str, Sequence[Opened]], reread: Reread) -> JoinedTables:
    """The same tables, with the people of each input named as those of the input where they should be.

    ``reread`` gives the table of an input with further columns.
    """
    pairs = [(name, other) for name, table in tables.items() if (other := _joined_to(table, tables)) is not None]
    sides = {name: side_of(tables[name]) for name in dict.fromkeys(name for pair in pairs for name in pair)}
    usual = {pair: _usual(*(sides[name] for name in pair)) for pair in pairs}
    wanted = _wanted_keys(usual, tables, opened)
    whole = {name: side_of(reread(name, keys)) if keys else sides[name] for name, keys in wanted.items()}
    known, joins = dict(tables), dict[str, Join]()
    for name, other in pairs:
        mine, theirs = whole[name], whole[other]
        is_alone = len(mine.keys) == len(theirs.keys) == 1
        matches = [usual[name, other]] if is_alone else compared(mine, theirs, usual[name, other])
        all_there = tables[name].input.people == other and not tables[name].input.attributes
        joins[name] = join_of(name, other, matches, mine, theirs, are_all_there=all_there)
        names = names_by(matches[0], mine, theirs)
        known[name] = _renamed(tables[name], names)
    for name, join in joins.items():
        if join.is_usual and not join.taken.joined:
            known[name], joins[name] = _by_way_of_others(join, tables, known, joins)
    return JoinedTables(tables=known, joins=tuple(joins.values()))


def _by_way_of_others(
    join: Join, tables: Mapping[str, Table], known: Mapping[str, Table], joins: Mapping[str, Join]
) -> tuple[Table, Join]:
    """People who join nobody, by way of an input that has the same ids and joins by another column."""
    table = tables[join.input]
    cells = table.texts[table.input.person or ""]
    there = known[join.other].texts[known[join.other].input.person or ""].first
    for name, other in joins.items():
        if other.other != join.other or other.is_usual:
            continue
        person = tables[name].input.person or ""
        before, after = tables[name].texts[person], known[name].texts[person]
        names = chosen(after.texts, after.places[before.rows])
        called = {text: name for text, name in zip(before.texts, names, strict=True) if text}
        joined = [text for text in cells.texts if called.get(text) in there]
        header = " / ".join(_headers_of(tables[name], person))
        # Plain numbers may be alike by chance, unless both stand under one header.
        if joined and (header_key(header) == header_key(join.taken.mine) or not all(map(str.isdigit, joined))):
            way = Tried(mine=join.taken.mine, theirs=f"{header} ({name})", joined=len(joined))
            names = [called.get(text, text) for text in cells.texts]
            return _renamed(table, names), replace(join, taken=way, others=(join.taken, *join.others), is_usual=False)
    return known[join.input], join


def _joined_to(table: Table, tables: Mapping[str, Table]) -> str | None:
    """The other input whose people should include those of a table, where both can be compared.

    Where it is not there, one that comes before and whose people it should include too.
    """
    people = table.input.people or ""
    before = [
        other for other in tables.values() if other.input.people == people and other.input.rank < table.input.rank
    ]
    other = tables.get(people) or (before[0] if before and people else None)
    if other is None or not len(table) or not len(other):
        return None
    both = table.input.person is not None and other.input.person is not None
    return other.input.name if both else None


def _renamed(table: Table, names: Sequence[str]) -> Table:
    entity = table.input.person or ""
    return replace(table, texts={**table.texts, entity: table.texts[entity].reworded(names)})


# --- the columns to compare --------------------------------------------------------------------------------------


def _wanted_keys(
    matches: Mapping[tuple[str, str], Match], tables: Mapping[str, Table], opened: Mapping[str, Sequence[Opened]]
) -> dict[str, list[FurtherKey]]:
    """By input the further columns that are to be read; none for most.  ``matches`` are those of the usual columns."""
    pairs = list(matches)
    wanted: dict[str, list[FurtherKey]] = {name: [] for pair in pairs for name in pair}
    further: dict[str, list[FurtherKey]] = {}
    for (name, other), usual in matches.items():
        nearly_all = usual.joined * NEARLY_NONE >= usual.mine.people * (NEARLY_NONE - 1)
        large = nearly_all and is_large(opened[other])
        if (large or usual.joined == usual.mine.people) and not only_numbers(usual):
            continue
        for side in (name, other):
            if side not in further:
                person = tables[side].input.person or ""
                further[side] = keys_of(opened[side], person, _elsewhere(side, pairs, tables))
        mine, theirs = _comparable(usual, further[name], further[other])
        if large and _agree(tables[name], opened[name], mine, opened[other], theirs):
            continue
        wanted[name] += [key for key in mine if key not in wanted[name]]
        wanted[other] += [key for key in theirs if key not in wanted[other]]
    return wanted


def _agree(
    table: Table,
    files: Sequence[Opened],
    keys: Sequence[FurtherKey],
    others: Sequence[Opened],
    their_keys: Sequence[FurtherKey],
) -> bool:
    """Whether numbers that join in large files are no chance: the addresses of some people are alike on both sides."""
    addresses = [key for key in keys if key.kind is KeyKind.EMAIL]
    theirs = [key for key in their_keys if key.kind is KeyKind.EMAIL]
    if not addresses or not theirs:
        return True
    person = table.input.person or ""
    alike, compared_people = 0, 0
    for file in files:
        place = file.columns.index[person]
        at = [n for n, header in enumerate(file.columns.header) if key_column(header) == addresses[0].name]
        said = {clean_id(row[place]): clean_id(row[at[0]]) for row in sampled(file)} if at else {}
        for other in others:
            columns = [n for n, header in enumerate(other.columns.header) if key_column(header) == theirs[0].name]
            there = cells_beside(other, other.columns.index[person], said, columns[0]) if columns else {}
            if there is None:
                return False
            both = [name for name, address in there.items() if address and said.get(name)]
            alike += sum(there[name] == said[name] for name in both)
            compared_people += len(both)
    return alike * 2 >= compared_people


def _usual(mine: Side, theirs: Side) -> Match:
    return matched(mine, theirs, mine.own, theirs.own)


def keys_of(opened: Sequence[Opened], entity: str, elsewhere: Set[str] = frozenset()) -> list[FurtherKey]:
    """The further columns of all files of an input, one a header."""
    keys: dict[str, FurtherKey] = {}
    for file in opened:
        for key in further_keys(file, entity, elsewhere):
            if keys.setdefault(key.name, key).kind is KeyKind.OTHER:
                keys[key.name] = key
    return [keys[name] for name in sorted(keys)]


def _elsewhere(side: str, pairs: Sequence[tuple[str, str]], tables: Mapping[str, Table]) -> frozenset[str]:
    """The keys of the headers that name people in the inputs that one is joined with; a bare id may be of anything."""
    others = {name for pair in pairs if side in pair for name in pair} - {side}
    columns = [tables[name].input.column(tables[name].input.person or "") for name in others]
    names = {name for column in columns if column is not None for name in column.aliases}
    names |= {header for name in others for header in _headers_of(tables[name], tables[name].input.person or "")}
    return frozenset(map(header_key, names)) - {"id"}


def _comparable(
    usual: Match, mine: Sequence[FurtherKey], theirs: Sequence[FurtherKey]
) -> tuple[list[FurtherKey], list[FurtherKey]]:
    """The further columns that have anything on the other side to be compared with.

    Where all join, only addresses can tell that they do by chance; where most do, headers that are known for a person
    are looked at beside them, and else every column that holds ids.
    """
    people = usual.mine.people

    def is_wanted(key: FurtherKey) -> bool:
        if usual.joined == people:
            return key.kind is not KeyKind.OTHER
        return key.is_known or key.kind is not KeyKind.OTHER or usual.joined * 2 < people

    mine, theirs = [key for key in mine if is_wanted(key)], [key for key in theirs if is_wanted(key)]
    emails_of_mine = {usual.mine.kind is KeyKind.EMAIL, *(key.kind is KeyKind.EMAIL for key in mine)}
    emails_of_theirs = {usual.theirs.kind is KeyKind.EMAIL, *(key.kind is KeyKind.EMAIL for key in theirs)}
    return (
        [key for key in mine if (key.kind is KeyKind.EMAIL) in emails_of_theirs],
        [key for key in theirs if (key.kind is KeyKind.EMAIL) in emails_of_mine],
    )


def side_of(table: Table) -> Side:
    """The columns of a table that may name its people, as far as they were read."""
    entity = table.input.person or ""
    column = table.input.column(entity)
    known = {key_column(name) for name in (entity, *(column.aliases if column is not None else ()))}
    own = Key(header=" / ".join(_headers_of(table, entity)), cells=table.texts[entity], is_own=True)
    further = [
        Key(header=_headers_of(table, name)[0], cells=table.texts[name], is_known=name in known)
        for name in sorted(table.texts)
        if is_key_column(name)
    ]
    at = table.moments[table.input.events[0].at].micros
    return Side(keys=[own, *(key for key in further if key.people)], at=np.asarray(at))


def _headers_of(table: Table, column: str) -> list[str]:
    """The headers that a column stands under in the files of a table, by name."""
    return sorted({header for opened in table.files if (header := opened.columns.header_of(column)) is not None})


# --- what is said of it ------------------------------------------------------------------------------------------


def join_of(
    name: str, other: str, matches: Sequence[Match], mine: Side, theirs: Side, *, are_all_there: bool = True
) -> Join:
    """What was compared and taken, in short."""
    best = matches[0]
    shown = [match for match in matches[1:] if match.joined or match.is_usual]
    join = Join(
        input=name,
        other=other,
        people=mine.own.people,
        taken=_tried(best),
        others=tuple(map(_tried, shown)),
        is_usual=best.is_usual,
        examples=("", "") if best.joined == mine.own.people else (_example(best.mine), _example(best.theirs)),
        respelt=_counted(best.respelt),
        split=_counted(best.split),
        shared=(len(best.shared), best.shared[0] if best.shared else ""),
        shared_by=(best.mine.header, best.theirs.header),
        are_all_there=are_all_there,
    )
    if not join.has_nearly_none or (held := held_up(mine, theirs)) is None:
        return join
    return replace(join, shared=(len(held.shared), held.shared[0]), shared_by=(held.mine.header, held.theirs.header))


def _tried(match: Match) -> Tried:
    return Tried(mine=match.mine.header, theirs=match.theirs.header, joined=match.joined)


def _counted(pairs: Mapping[str, str]) -> tuple[int, str, str]:
    """How many there are, and the first by name."""
    return (len(pairs), *min(pairs.items())) if pairs else (0, "", "")


def _example(key: Key) -> str:
    """An id of a column: the first by name, so that the order of rows changes nothing."""
    return min(filter(None, key.cells.texts), default="")
