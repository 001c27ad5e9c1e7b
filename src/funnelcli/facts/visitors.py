"""Whose visits they are: the column of a visits file that joins its users with the signups.

Visits are summed by an engine that joins them with the first signup of each user, by the ids as they stand.  Where a
look at some cells shows ids of two kinds, or a second column that names a person, all ids are compared first.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from funnelcli.reading.engines.choose import is_large
from funnelcli.reading.keys import FurtherKey, further_keys, sampled
from funnelcli.reading.opening import Opened, some_alike
from funnelcli.reading.words import chosen
from funnelcli.text.regex import regex
from funnelcli.values.cells import clean_id
from funnelcli.values.ids import KeyKind, listed

if TYPE_CHECKING:
    from funnelcli.facts.joining import Join, Reread
    from funnelcli.facts.joins import Key, Match, Side
    from funnelcli.reading.tables import FirstSignups, Table

USER = "user_id"
_TRAITS = {
    "email": regex(r".*@.*"),
    "number": regex(r"[1-9]\d*", re.ASCII),
    "number led by zeros": regex(r"0\d+", re.ASCII),
    "number with a fraction": regex(r"\d+\.0+", re.ASCII),
    "phone": regex(r"\+.*"),
}
_OF_OTHERS = frozenset(("email", "other"))  # how whoever has not signed up may be named, like by a cookie


class VisitPeople(Struct, frozen=True, kw_only=True, eq=False):
    """The files of visits with the column of people that joins, and who of them had signed up when."""

    opened: Sequence[Opened]
    registered: FirstSignups
    join: Join


def needs_comparing(visits: Sequence[Opened], signups: Sequence[Opened]) -> bool:
    """Whether the users of visits may stand under another column, or in other letters, than in the signups."""
    files = some_alike([opened for opened in visits if _tells_users(opened)])
    if not files or not signups:
        return False
    if any(_known_keys(opened, sampled(opened)) for opened in files):
        return True
    return bool(_other_traits(visits, signups))


def _other_traits(visits: Sequence[Opened], signups: Sequence[Opened]) -> set[str]:
    """How ids of visits are written and none of the signups is; none where either has no ids."""
    files = some_alike([opened for opened in visits if _tells_users(opened)])
    mine, theirs = (
        set[str]().union(*(_traits(opened, sampled(opened)) for opened in each)) for each in (files, signups)
    )
    return mine - theirs if theirs else set()


def _tells_users(opened: Opened) -> bool:
    """Whether users are what tells which visits are by existing ones."""
    return opened.has(USER) and not opened.has("existing_visits") and not opened.has("is_existing")


def _known_keys(opened: Opened, records: Sequence[Sequence[str]]) -> list[FurtherKey]:
    return [key for key in further_keys(opened, USER, records=records) if key.is_known]


def _traits(opened: Opened, records: Sequence[Sequence[str]]) -> set[str]:
    """How the ids in the first records of a file are written."""
    place = opened.columns.index[USER]
    return {_trait(text) for text in {clean_id(record[place]) for record in records} - {""}}


def _trait(text: str) -> str:
    if listed(text):
        return "list"
    return next((name for name, pattern in _TRAITS.items() if pattern.fullmatch(text)), "other")


def compare_visitors(
    name: str, visits: Sequence[Opened], files: Sequence[Opened], signups: Table, reread: Reread
) -> VisitPeople | None:
    """The column of the visits and that of the signups that join most users, and the first signup of each of these.

    None where the ids of large files plainly join as they stand, and those that do not are not the same in other
    letters, as 101.0 may be for 101.
    """
    from funnelcli.facts.joining import keys_of, side_of
    from funnelcli.facts.joins import Side, matched

    if is_large(visits) and _most_join(visits, signups) and _other_traits(visits, files) <= _OF_OTHERS:
        return None
    further = [key for key in keys_of(files, USER) if key.is_known or key.kind is not KeyKind.OTHER]
    theirs = side_of(reread("signups", further) if further else signups)
    sides = [Side(keys=[key], at=theirs.at[:0]) for key in _visit_keys(visits)]
    matches = [(matched(side, theirs, side.own, other), side) for side in sides for other in theirs.keys]
    usual = {opened.columns.header_of(USER) for opened in visits}

    def rank(pair: tuple[Match, Side]) -> tuple[int, bool, tuple[int, bool, bool, str, str]]:
        # Every column of visits says who is who; of those that join as many the one read as such is taken.
        match = pair[0]
        return (-match.joined, match.mine.header not in usual, match.rank)

    return _people_of(name, visits, signups, sorted(matches, key=rank), theirs)


def _people_of(
    name: str, visits: Sequence[Opened], signups: Table, ranked: Sequence[tuple[Match, Side]], theirs: Side
) -> VisitPeople:
    from funnelcli.facts.joining import join_of
    from funnelcli.reading.tables import FirstSignups, first_signups

    best, side = ranked[0]
    first, texts = first_signups(signups), best.mine.cells.texts
    joined = np.flatnonzero(best.target >= 0)
    whose = dict(zip(chosen(texts, joined), best.target[joined].tolist(), strict=True))
    targets = list(whose.values())
    join = join_of(name, "signups", [match for match, _ in ranked], side, theirs)
    is_usual = best.theirs.is_own and best.mine.header in {opened.columns.header_of(USER) for opened in visits}
    return VisitPeople(
        opened=[_by_column(file, best.mine.header) for file in visits],
        registered=FirstSignups(users=list(whose), micros=first.micros[targets], timed=first.timed[targets]),
        join=replace(join, is_usual=is_usual, are_all_there=False),
    )


def _most_join(visits: Sequence[Opened], signups: Table) -> bool:
    """Whether most of the first users of the visits are among the signups."""
    users = set[str]()
    for opened in visits:
        if _tells_users(opened):
            users |= {clean_id(record[opened.columns.index[USER]]) for record in sampled(opened)} - {""}
    known = signups.texts[USER].first
    return sum(user in known for user in users) * 2 > len(users)


def _visit_keys(visits: Sequence[Opened]) -> list[Key]:
    """The columns of visits that may name a user, each with its distinct ids; the usual one first."""
    from funnelcli.facts.joins import Key
    from funnelcli.reading.cells import Cells
    from funnelcli.reading.engines.distinct import distinct_ids

    files = [opened for opened in visits if _tells_users(opened)]
    places: dict[str, list[tuple[Opened, int]]] = {}
    for opened in files:
        places.setdefault(opened.columns.header_of(USER) or USER, []).append((opened, opened.columns.index[USER]))
    for opened in files:
        for key in _known_keys(opened, sampled(opened)):
            places.setdefault(key.header, []).append((opened, key.place))
    keys = []
    for header, columns in places.items():
        ids = set[str]().union(*(distinct_ids(opened, place) for opened, place in columns))
        keys.append(Key(header=header, cells=Cells.of(sorted(ids)), is_own=True))
    return keys


def _by_column(opened: Opened, header: str) -> Opened:
    """A file whose users stand under a header, where it has it."""
    if not _tells_users(opened) or header not in opened.columns.header:
        return opened
    index = {**opened.columns.index, USER: opened.columns.header.index(header)}
    return replace(opened, columns=replace(opened.columns, index=index))
