"""How the people of one input are found among those of another: by which columns, and how many of them.

Two columns are compared by what their cells hold.  An id of the one side joins an id of the other that is the same,
else one that is the same in other letters, else the first of those that its cell lists.  People who are two on their
own side stay two, whatever else they share.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cached_property

import numpy as np
from msgspec import Struct, field

from funnelcli.reading.cells import Cells
from funnelcli.reading.words import chosen
from funnelcli.stats.distinct import distinct
from funnelcli.values.cells import is_shortened, may_be_spoilt
from funnelcli.values.ids import KeyKind, alike, key_kind, listed
from funnelcli.values.many import in_lines

NOBODY_THERE = -1
NOT_SURE = -2
_AT_ONCE = 1_000  # ids of which texts are made, to be looked at until another is unlike them


class Key(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """One column that may name the people of an input; ``is_own`` is the one that says who is who.

    ``is_known`` says that its header is one that the input knows for a person.
    """

    header: str
    cells: Cells
    is_own: bool = False
    is_known: bool = True

    @cached_property
    def kind(self) -> KeyKind:
        """What it holds."""
        return key_kind(self.cells.texts)

    @cached_property
    def people(self) -> int:
        """How many distinct ids it has."""
        return len(self.cells.texts) - (self.cells.place_of_blank is not None)


class Side(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """The columns that may name the people of an input, its own first; ``at`` is when each row happened."""

    keys: Sequence[Key]
    at: np.ndarray

    @property
    def own(self) -> Key:
        """The column that says who is who."""
        return self.keys[0]

    @cached_property
    def earliest(self) -> np.ndarray:
        """The first moment of each person, by its place among the ids of its own column."""
        first = np.full(len(self.own.cells.texts), np.iinfo(np.int64).max)
        np.minimum.at(first, self.own.cells.places, self.at)
        return first


class Match(Struct, frozen=True, kw_only=True, eq=False):
    """Two columns compared: whom each person of the one input is among those of the other.

    ``target`` is the place of that person, by the place of one's own id; ``joined`` counts those who have one.
    ``respelt`` are the ids that join in other letters only, ``split`` those that stand in a list, and ``shared`` the
    values that several people of an input have, which join nobody.
    """

    mine: Key
    theirs: Key
    target: np.ndarray
    joined: int
    respelt: Mapping[str, str]
    split: Mapping[str, str] = field(default_factory=dict)
    shared: Sequence[str] = ()

    @property
    def is_usual(self) -> bool:
        """Whether both columns are those that say who is who."""
        return self.mine.is_own and self.theirs.is_own

    @property
    def kind(self) -> KeyKind:
        """What both columns hold."""
        return self.mine.kind if self.mine.kind is self.theirs.kind else KeyKind.OTHER

    @property
    def rank(self) -> tuple[int, bool, bool, str, str]:
        """By which the best match is the lowest: those joined, then the usual columns, then by what they are."""
        return (-self.joined, not self.is_usual, self.kind is KeyKind.OTHER, self.mine.header, self.theirs.header)


def matched(mine: Side, theirs: Side, key: Key, other: Key) -> Match:
    """The people of a side found among those of the other by one column of each."""
    stands_for, respelt, split = _values(key.cells, other.cells)
    owner, shared = _owners(theirs.own, other)
    stands = stands_for >= 0
    of_people = target_of_value = np.where(stands, np.append(owner, NOBODY_THERE)[stands_for], NOBODY_THERE)
    if not key.is_own:
        of_people = _of_people(mine.own, key, target_of_value, theirs.earliest)
    target = np.where(of_people == NOT_SURE, NOBODY_THERE, of_people)
    values = distinct(stands_for[stands])
    doubtful = chosen(other.cells.texts, values[shared[values]])
    if not (key.is_own and other.is_own):
        claims = np.bincount(target[target >= 0], minlength=len(theirs.own.cells.texts))
        crowded = (target >= 0) & (claims[target] > 1)
        doubtful += _values_of(mine.own, key, crowded)
        target = np.where(crowded, NOBODY_THERE, target)
    return Match(
        mine=key, theirs=other, target=target, joined=int((target >= 0).sum()),
        respelt=respelt, split=split, shared=sorted(set(doubtful)),
    )  # fmt: skip


def _values(cells: Cells, others: Cells) -> tuple[np.ndarray, Mapping[str, str], Mapping[str, str]]:
    """Of each distinct value the place of the one it stands for on the other side, else NOBODY_THERE.

    Then the values respelt, and those split, with what they stand for.
    """
    texts, places = cells.texts, cells.places_in(others)
    held = _held_in_lists(others, texts)
    shortened = set(filter(is_shortened, texts)) if not cells.are_ids and may_be_spoilt(texts) else set()
    absent = chosen(texts, np.flatnonzero(places == NOBODY_THERE))
    missing = [text for text in absent if text and text not in shortened and text not in held]
    respelt, split = _other_letters(cells, others, missing, held) if missing or held else ({}, {})
    for text in shortened:
        places[cells.places[cells.first[text]]] = NOBODY_THERE
    if cells.place_of_blank is not None:
        places[cells.place_of_blank] = NOBODY_THERE
    for text, name in {**split, **respelt}.items():
        if text in cells.first:
            row = held[text] if text in held else others.first.get(name, held.get(name, NOBODY_THERE))
            places[cells.places[cells.first[text]]] = others.places[row]
    single = {text for text in missing if not listed(text)} if respelt else set()
    return places, {text: other for text, other in respelt.items() if text in single}, split


def _other_letters(
    cells: Cells, others: Cells, missing: Sequence[str], held: Mapping[str, int]
) -> tuple[dict[str, str], dict[str, str]]:
    """Of the ``missing`` values those that stand there in other letters, and those that a list has or that are one."""
    texts, known = cells.texts, {**held, **others.first} if held else others.first
    lists = {text: parts for text in missing if (parts := listed(text))}
    single = [text for text in missing if text not in lists]
    parts = list(dict.fromkeys(part for several in lists.values() for part in several if part not in known))
    respelt = alike(list(dict.fromkeys([*single, *parts])), list(dict.fromkeys([*texts, *parts])), known)
    split = {text: others.texts[int(others.places[held[text]])] for text in (texts if held else ()) if text in held}
    for text, several in lists.items():
        first = next((p if p in known else respelt[p] for p in several if p in known or p in respelt), None)
        if first is not None:
            split[text] = first
    return respelt, split


def _held_in_lists(others: Cells, texts: Sequence[str]) -> dict[str, int]:
    """The first row of each wanted value that stands in one list of several on the other side, and nowhere else."""
    joined = "" if others.are_ids else in_lines(others.texts)
    if not any(mark in joined for mark in ";,|"):
        return {}
    wanted = set(texts)
    held: dict[str, list[int]] = {}
    for text, row in others.first.items():
        for part in listed(text):
            if part in wanted and part not in others.first:
                held.setdefault(part, []).append(row)
    return {part: rows[0] for part, rows in held.items() if len(rows) == 1}


def _owners(own: Key, other: Key) -> tuple[np.ndarray, np.ndarray]:
    """The person each value of a column belongs to, NOT_SURE where it is several people's; and which these are."""
    size = len(other.cells.texts)
    if other.is_own:
        return np.arange(size), np.zeros(size, dtype=bool)
    values, people = _pairs(other.cells, own.cells)
    owner = np.full(size, NOBODY_THERE)
    owner[values] = people
    shared = np.bincount(values, minlength=size) > 1
    if other.cells.place_of_blank is not None:
        shared[other.cells.place_of_blank] = False
    owner[shared] = NOT_SURE
    return owner, shared


def _pairs(first: Cells, other: Cells) -> tuple[np.ndarray, np.ndarray]:
    """The distinct pairs of two columns, by the places of their texts."""
    width = max(len(other.texts), 1)
    pairs = distinct(first.places * width + other.places)
    return pairs // width, pairs % width


def _of_people(own: Key, key: Key, target_of_value: np.ndarray, earliest: np.ndarray) -> np.ndarray:
    """Whom each person is by the values they have: of several, the one who came first."""
    people, values = _pairs(own.cells, key.cells)
    targets = target_of_value[values]
    came = np.where(targets >= 0, earliest[np.maximum(targets, 0)], np.iinfo(np.int64).max)
    order = np.lexsort((targets, came, targets < 0, people))
    whose, first = np.unique(people[order], return_index=True)
    target = np.full(len(own.cells.texts), NOBODY_THERE)
    target[whose] = targets[order][first]
    if own.cells.place_of_blank is not None:
        target[own.cells.place_of_blank] = NOBODY_THERE
    return target


def _values_of(own: Key, key: Key, are_meant: np.ndarray) -> list[str]:
    """The values that some people have in a column."""
    people, values = _pairs(own.cells, key.cells)
    return list(filter(None, chosen(key.cells.texts, distinct(values[are_meant[people]]))))


# --- which columns join ------------------------------------------------------------------------------------------


def is_sound(match: Match, mine: Side, theirs: Side) -> bool:
    """Whether a match may be taken: a column is one of people where each of its values is one person's.

    Of addresses, which some share, half must be of one person: those of who looks after people are no key.  Columns
    under headers that nobody knows for a person must also join half of those that have an id there.
    """
    if match.is_usual:
        return True
    least = 1.0 if match.kind is KeyKind.OTHER else 0.5
    alone = min(_share_alone(mine.own, match.mine), _share_alone(theirs.own, match.theirs))
    if alone < least or (match.shared and match.kind is KeyKind.OTHER):
        return False
    is_known = match.mine.is_known and match.theirs.is_known
    return is_known or match.joined * 2 >= max(match.mine.people, 3)


def _share_alone(own: Key, key: Key) -> float:
    """Of the values that people have in a column, the share that is nobody else's."""
    if key.is_own or not key.people:
        return 1.0
    values, _ = _pairs(key.cells, own.cells)
    if key.cells.place_of_blank is not None:
        values = values[values != key.cells.place_of_blank]
    return float((np.bincount(values)[values] == 1).mean())


def contradicts(usual: Match, other: Match) -> bool:
    """Whether numbers that join by chance are told by addresses that join otherwise: most people are somebody else."""
    if other.kind is KeyKind.OTHER or other.joined * 2 < usual.joined or not only_numbers(usual):
        return False
    both = (usual.target >= 0) & (other.target >= 0)
    return int((usual.target[both] != other.target[both]).sum()) * 2 > int(both.sum())


def only_numbers(match: Match) -> bool:
    """Whether all that joined are plain numbers, as two systems may each count their own from 1."""
    texts = match.mine.cells.texts
    joined = np.flatnonzero(match.target[: len(texts)] >= 0)
    pieces = (joined[start : start + _AT_ONCE] for start in range(0, len(joined), _AT_ONCE))
    return all(text.isdigit() for piece in pieces for text in chosen(texts, piece))


def compared(mine: Side, theirs: Side, usual: Match) -> list[Match]:
    """Every two columns that may join, the best first; the ``usual`` ones are always among them."""
    others = [
        match
        for key in mine.keys
        for other in theirs.keys
        if not (key.is_own and other.is_own) and _comparable(key, other)
        if is_sound(match := matched(mine, theirs, key, other), mine, theirs)
    ]
    by_chance = any(contradicts(usual, other) for other in others)
    ranked = sorted([usual, *others], key=lambda match: match.rank)
    return [*(m for m in ranked if m is not usual), usual] if by_chance else ranked


def held_up(mine: Side, theirs: Side) -> Match | None:
    """The addresses that would join, were not some of them those of several people of one's own side; None if none.

    On the other side each is one person's: those of who looks after people are shared there too.
    """
    matches = [
        match
        for key in mine.keys
        for other in theirs.keys
        if key.kind is KeyKind.EMAIL and other.kind is KeyKind.EMAIL and _share_alone(theirs.own, other) == 1.0
        if (match := matched(mine, theirs, key, other)).shared and not is_sound(match, mine, theirs)
    ]
    return max(matches, key=lambda match: (len(match.shared), match.joined), default=None)


def _comparable(key: Key, other: Key) -> bool:
    """E-mails are compared with e-mails, and all else with all else."""
    return (key.kind is KeyKind.EMAIL) == (other.kind is KeyKind.EMAIL)


Naming = Callable[[str], str]


def names_by(match: Match, mine: Side, theirs: Side) -> Sequence[str]:
    """What each person of a side is called, by the place of their own id: as the other side calls them, if it does.

    Where the own ids do not join, they may by chance be ids of somebody there; who joins nobody is then called by what
    was compared, or by their id, with the header before it where it is somebody's.
    """
    own = mine.own.cells.texts
    if match.is_usual and not match.respelt and not match.split:
        return own
    there = list(theirs.own.cells.texts)
    if match.is_usual:
        return [there[place] if place >= 0 else text for place, text in zip(match.target.tolist(), own, strict=True)]
    addresses, taken = _single_addresses(match, mine), theirs.own.cells.first
    names = []
    for place, text in zip(match.target.tolist(), own, strict=True):
        if place >= 0 or not text:
            names.append(there[place] if place >= 0 else text)
        else:
            address = addresses.get(text, "")
            free = [name for name in (address, text) if name and name not in taken]
            names.append(free[0] if free else f"{mine.own.header} {text}")
    return names


def _single_addresses(match: Match, mine: Side) -> dict[str, str]:
    """Of each person the one value they have, where it is nobody else's."""
    if match.mine.is_own:
        return {text: text for text in mine.own.cells.texts}
    people, values = _pairs(mine.own.cells, match.mine.cells)
    number_of_values, number_of_people = np.bincount(people), np.bincount(values)
    single = (number_of_values[people] == 1) & (number_of_people[values] == 1)
    own, texts = mine.own.cells.texts, match.mine.cells.texts
    return dict(zip(chosen(own, people[single]), chosen(texts, values[single]), strict=True))
