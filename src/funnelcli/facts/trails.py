"""Trails: how each thing goes through the stages of a journey, made into events that measures can count.

Of each stage: who entered it first, was in it from when to when, passed on, skipped it, came back to it, was lost in
it.  Each is an event of the row that says so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import numpy as np
from msgspec import Struct

from funnelcli.facts.entries import followed_by, next_of_each, shifted, without
from funnelcli.facts.events import NO_DAY, NO_LINK, NOBODY, OPEN_END, UNDATED_END, Events
from funnelcli.facts.journeys import CREATION, LEFT, Journey, Resolved
from funnelcli.stats.distinct import is_among
from funnelcli.values.dates import DAY_MICROS

_COLUMNS = ("subject", "rank", "day", "at", "timed", "part", "place", "dated")


class Trail(Struct, frozen=True, kw_only=True, eq=False):
    """Everything that happened to everything that goes through a journey, in order.

    ``subject`` is its number, ``rank`` the place of the stage in the journey, ``part`` and ``place`` the events that
    say so and the place in them.  An entry is ``dated`` unless nothing says since when it holds.
    """

    journey: Journey
    parts: tuple[Events, ...]
    subject: np.ndarray
    rank: np.ndarray
    day: np.ndarray
    at: np.ndarray
    timed: np.ndarray
    part: np.ndarray
    place: np.ndarray
    dated: np.ndarray

    def __len__(self) -> int:
        return len(self.subject)

    def kept(self, chosen: np.ndarray) -> Trail:
        """The entries at these places, or for which an array of booleans says so."""
        return Trail(journey=self.journey, parts=self.parts, **{name: getattr(self, name)[chosen] for name in _COLUMNS})

    @property
    def is_first(self) -> np.ndarray:
        """Whether each is the first of its subject."""
        return np.concatenate([[True], self.subject[1:] != self.subject[:-1]])[: len(self)]


def subjects_of(events: Events, journey: Journey) -> np.ndarray:
    """What goes through a journey in each event: a deal of its own number, else the person."""
    records = events.records
    own = records.subject if journey.entity == "deal" and records.subject is not None else records.entity
    return np.asarray(own[events.row])


def trail_of(known: Resolved, events: Mapping[str, Events], last_day: int) -> Trail | None:
    """The trail of a journey; None where nothing enters it.

    What stands in a stage since nobody knows when is in it on the ``last_day`` of the export, unless it has ended.
    """
    journey = known.journey
    parts: list[Events] = []
    columns: list[tuple[np.ndarray, ...]] = []
    for rank, stage in enumerate(journey.stages):
        names = [(name, True) for name in stage.events] + [(name, False) for name in known.undated.get(stage.name, ())]
        for name, dated in names:
            each = events.get(name)
            if each is None or not len(each):
                continue
            subject = subjects_of(each, journey)
            place = np.flatnonzero(subject != NOBODY)
            day = each.day[place] if dated else np.full(len(place), last_day)
            at = each.at[place] if dated else day * DAY_MICROS
            timed = each.timed[place] if dated else np.zeros(len(place), dtype=bool)
            size = len(place)
            columns.append((
                subject[place], np.full(size, rank), day, at, timed, np.full(size, len(parts)), place,
                np.full(size, dated),
            ))  # fmt: skip
            parts.append(each)
    if not columns:
        return None
    joined = [np.concatenate(column) for column in zip(*columns, strict=True)]
    columns_by_name: dict[str, Any] = dict(zip(_COLUMNS, joined, strict=True))
    trail = Trail(journey=journey, parts=tuple(parts), **columns_by_name)
    trail = _said_last(trail.kept((trail.day != NO_DAY) & _of_journey(trail)))
    return _without_odd_entries(_created_first(trail.kept(_order(trail))))


def _said_last(trail: Trail) -> Trail:
    """The trail with, of each subject, only the last of the rows that say where it stands and not since when.

    A later download of the same deals says it anew.
    """
    bare = np.flatnonzero(~trail.dated)
    order = bare[np.lexsort((rows_of(trail)[bare], trail.subject[bare]))]
    is_last = np.concatenate([trail.subject[order][1:] != trail.subject[order][:-1], [True]])[: len(order)]
    kept = trail.dated.copy()
    kept[order[is_last]] = True
    return trail.kept(kept)


def rows_of(trail: Trail) -> np.ndarray:
    """The row of each entry, of the records that it is of."""
    rows = np.zeros(len(trail), dtype=np.int64)
    for number, part in enumerate(trail.parts):
        mine = np.flatnonzero(trail.part == number)
        rows[mine] = part.row[trail.place[mine]]
    return rows


def created_late(trail: Trail) -> np.ndarray:
    """The entries that only say when something was created that had come to a stage or an end before."""
    of_creation = np.array([part.name in CREATION for part in trail.parts], dtype=bool)[trail.part]
    return np.asarray(of_creation & (_latest_but(trail, of_creation) >= 0))


def _created_first(trail: Trail) -> Trail:
    """The trail in which nothing comes back to its beginning by being created: it stays where it was by then."""
    of_creation = np.array([part.name in CREATION for part in trail.parts], dtype=bool)[trail.part]
    latest = _latest_but(trail, of_creation)
    columns = {name: getattr(trail, name) for name in _COLUMNS}
    columns["rank"] = np.where(of_creation & (latest >= 0), trail.rank[np.maximum(latest, 0)], trail.rank)
    return Trail(journey=trail.journey, parts=trail.parts, **columns)


def _latest_but(trail: Trail, left_out: np.ndarray) -> np.ndarray:
    """Of each entry the latest of its subject up to it that is not left out; -1 where there is none."""
    latest = np.maximum.accumulate(np.where(left_out, -1, np.arange(len(trail)))) if len(trail) else trail.rank
    return np.where((latest >= 0) & (trail.subject[np.maximum(latest, 0)] == trail.subject), latest, -1)


def _of_journey(trail: Trail) -> np.ndarray:
    """Which entries are of those who are on the journey: of customers, who have a row of it, or a deal that was won.

    Whoever has but an offer, or is lost without ever having been there, is on none.
    """
    if trail.journey.entity != "customer":
        return np.ones(len(trail), dtype=bool)
    own = f"{trail.journey.source}:"
    anchors = np.array([part.name.startswith(own) or part.name == "deals:won" for part in trail.parts])
    return is_among(trail.subject, trail.subject[anchors[trail.part]])


def _order(trail: Trail) -> np.ndarray:
    """The places in order: by subject and moment; where one of a day has no time, those of that day by stage."""
    of_day = trail.subject * 2**22 + (trail.day + 2**21)
    _, group = np.unique(of_day, return_inverse=True)
    bare = np.bincount(group, weights=~trail.timed) > 0
    moment = np.where(bare[group], trail.day * DAY_MICROS, trail.at)
    # What nobody knows the day of comes after all that was that day.
    return np.lexsort((trail.part, trail.rank, moment, ~trail.dated, trail.day, trail.subject))


def _without_odd_entries(trail: Trail) -> Trail:
    """The trail without stages that only seem to be entered or left.

    A stage without a date that is known to have been entered, or of what has ended, tells nothing new.  Whoever left a
    stage and came to another then, or later, has not left the journey.
    """
    stages = trail.journey.stages
    is_end = np.array([stage.end for stage in stages])[trail.rank]
    next_same = np.concatenate([trail.subject[1:] == trail.subject[:-1], [False]])[: len(trail)]
    previous = np.concatenate([[-1], trail.rank[:-1]])[: len(trail)]
    after_end = np.concatenate([[False], is_end[:-1]])[: len(trail)] & ~trail.is_first
    same = (previous == trail.rank) & ~trail.is_first
    needless = ~trail.dated & (same | after_end)
    left = [rank for rank, stage in enumerate(stages) if stage.name == LEFT]
    gone_on = np.zeros(len(trail), dtype=bool)
    if left:
        is_left = np.isin(trail.rank, left)
        gone_on = is_left & (next_same | _came_elsewhere(trail, is_left))
    return trail.kept(~(needless | gone_on))


def _came_elsewhere(trail: Trail, is_left: np.ndarray) -> np.ndarray:
    """Of those who left a stage, who came to another at that moment, which stands before it in the order."""
    entered = {
        (id(trail.parts[part].records), int(trail.parts[part].row[place])): rank
        for part, place, rank in zip(trail.part[~is_left].tolist(), trail.place[~is_left].tolist(),
                                     trail.rank[~is_left].tolist(), strict=True)
    }  # fmt: skip
    elsewhere = np.zeros(len(trail), dtype=bool)
    for number in np.flatnonzero(is_left).tolist():
        events = trail.parts[int(trail.part[number])]
        own = entered.get((id(events.records), int(events.row[trail.place[number]])), -1)
        before = number - 1
        while before >= 0 and trail.subject[before] == trail.subject[number] and _together(trail, before, number):
            elsewhere[number] = elsewhere[number] or (not is_left[before] and int(trail.rank[before]) != own)
            before -= 1
    return elsewhere


def _together(trail: Trail, first: int, second: int) -> bool:
    """Whether two entries are of one moment; where one has no time, of one day."""
    if trail.day[first] != trail.day[second]:
        return False
    return not (trail.timed[first] and trail.timed[second]) or bool(trail.at[first] == trail.at[second])


# --- what happened, by stage ---------------------------------------------------------------------------------------


class Mark(Struct, frozen=True, kw_only=True, eq=False):
    """What happened of one kind at one stage, or at none: of each the ``place`` of the entry that says so, and the day.

    Of what ends something, ``since`` is the day on which that began, and ``link`` is the number that both have;
    ``again`` is the day on which what came to an end moved on (OPEN_END: never): by then it is none.
    """

    kind: str
    stage: str
    place: np.ndarray
    day: np.ndarray
    since: np.ndarray
    link: np.ndarray
    weight: np.ndarray
    again: np.ndarray


def marks_of(trail: Trail) -> list[Mark]:
    """All that happened in a trail: ``came`` of the whole journey, and of each stage its kinds.

    An end is marked under its own name; what has a worth is marked with it too, as ``worth_into`` and ``worth_out``.
    """
    return [*_states(trail), *_unsure(trail), *_steps(trail)]


def _mark(kind: str, stage: str, trail: Trail, place: np.ndarray, **given: np.ndarray) -> Mark:
    size = len(place)
    usual = {
        "day": trail.day[place],
        "since": np.full(size, NO_DAY),
        "link": np.full(size, NO_LINK),
        "weight": np.ones(size, dtype=np.int64),
        "again": np.full(size, OPEN_END),
    }
    return Mark(kind=kind, stage=stage, place=place, **{**usual, **given})


def _states(trail: Trail) -> Iterator[Mark]:
    """From when to when each was in each stage; an end is a state that is only left by coming back."""
    begins = np.flatnonzero(changes_of(trail))
    subject, rank, day = trail.subject[begins], trail.rank[begins], trail.day[begins]
    is_left = np.concatenate([subject[1:] == subject[:-1], [False]])[: len(begins)]
    worth = worth_of(trail)[begins]
    for number, stage in enumerate(trail.journey.stages):
        mine = np.flatnonzero(rank == number)
        gone = mine[is_left[mine]]
        yield _mark("into", stage.name, trail, begins[mine], link=mine)
        ended = {"day": day[gone + 1] if len(gone) else gone, "since": day[gone], "link": gone}
        yield _mark("out", stage.name, trail, begins[gone], **ended)
        priced = worth[mine] >= 0
        yield _mark(
            "worth_into", stage.name, trail, begins[mine[priced]], link=mine[priced], weight=worth[mine[priced]]
        )
        priced = worth[gone] >= 0
        ended = {name: column[priced] for name, column in ended.items()}
        yield _mark("worth_out", stage.name, trail, begins[gone[priced]], weight=worth[gone[priced]], **ended)


def _unsure(trail: Trail) -> Iterator[Mark]:
    """From when to when each may have been in a stage that it is only known to be in now, or in one on the way to it.

    It is unsure from its last day that is known on; without any it may also not have come yet.
    """
    is_way = np.array([stage.is_way for stage in trail.journey.stages])
    bare = np.flatnonzero(~trail.dated & is_way[trail.rank])
    has_before = ~trail.is_first[bare]
    before = np.maximum(bare - 1, 0)
    since = np.where(has_before, trail.day[before], NO_DAY)
    ranks = np.stack([np.where(has_before, trail.rank[before], 0), trail.rank[bare]])
    least, most = ranks.min(axis=0), ranks.max(axis=0)
    known = [(stage.name, (least <= number) & (number <= most)) for number, stage in enumerate(trail.journey.stages)]
    for name, mine in (("", ~has_before), *((name, mine) for name, mine in known if is_way[trail.journey.place(name)])):
        yield _mark("unsure", name, trail, bare[mine], day=since[mine], link=bare[mine])
        yield _mark("sure", name, trail, bare[mine], since=since[mine], link=bare[mine])


def changes_of(trail: Trail) -> np.ndarray:
    """Which entries begin a state: the first of a subject, and each into another stage than the one before."""
    return np.asarray(trail.is_first | (trail.rank != shifted(trail.rank)))


def moved_on(trail: Trail) -> np.ndarray:
    """Of each entry the day on which its subject came to another stage, or end, after it; OPEN_END where it never did.

    An end that was moved on from is none from that day on: what was lost and came back is open, or won, or lost anew.
    """
    begins = np.flatnonzero(changes_of(trail))
    following = np.searchsorted(begins, np.arange(len(trail)), side="right")
    place = begins[np.minimum(following, len(begins) - 1)] if len(begins) else following
    there = (following < len(begins)) & (trail.subject[place] == trail.subject)
    return np.where(there, trail.day[place], OPEN_END)


def _steps(trail: Trail) -> Iterator[Mark]:
    """Entries, and what follows of them, of all that has a date."""
    stages = trail.journey.stages
    places = np.flatnonzero(changes_of(trail) & trail.dated)
    subject, rank = trail.subject[places], trail.rank[places]
    is_first = np.concatenate([[True], subject[1:] != subject[:-1]])[: len(places)]
    yield _mark("came", "", trail, places[is_first])
    is_way, is_reached = (np.array([getattr(s, name) for s in stages]) for name in ("is_way", "is_reached"))
    previous = shifted(rank)
    is_back = ~is_first & is_way[rank] & (rank < previous)  # ends stand behind every stage
    again = moved_on(trail)[places]
    for number, stage in enumerate(stages):
        mine = np.flatnonzero(rank == number)
        if stage.end:
            yield from _end_marks(trail, stage.name, places[mine], again[mine])
            continue
        first = mine[np.unique(subject[mine], return_index=True)[1]]
        later = np.flatnonzero((rank > number) & is_reached[rank])
        yield _mark("entered", stage.name, trail, places[first], link=places[first])
        is_over = ~is_way[rank] & (again == OPEN_END)
        left, away = next_of_each(first, np.flatnonzero(((rank > number) & is_way[rank]) | is_over), subject)
        unseen = _unseen(trail, number, places[np.setdiff1d(first, left, assume_unique=True)])
        undone = np.flatnonzero(~is_way[rank] & ~is_over)
        begun, undone = followed_by(first, undone, (left, away), subject)
        left, away = np.concatenate([left, begun]), np.concatenate([away, undone])
        yield _gone(
            stage.name, trail, (places[left], places[away]), unseen, np.where(is_way[rank], OPEN_END, again)[away]
        )
        yield _mark("recycled", stage.name, trail, places[mine[is_back[mine]]])
        _, on = next_of_each(first, later, subject)
        yield _mark("passed", stage.name, trail, places[on])
        yield _mark("skipped", stage.name, trail, places[without(first, later, subject)])
        lost = np.flatnonzero(~is_reached[rank] & (previous == number) & ~is_first)
        yield _mark("lost_in", stage.name, trail, places[lost], again=again[lost])


def _end_marks(trail: Trail, end: str, places: np.ndarray, again: np.ndarray) -> Iterator[Mark]:
    """Who came to an end, with what that is worth, and after how many days; ``again`` is when each moved on from it."""
    yield _mark(end, "", trail, places, again=again)
    worth = worth_of(trail)[places]
    priced, until = places[worth >= 0], again[worth >= 0]
    yield _mark(f"worth_{end}", "", trail, priced, weight=worth[worth >= 0], again=until)
    yield _mark(f"priced_{end}", "", trail, priced, again=until)
    _, first, of_entry = np.unique(trail.subject, return_index=True, return_inverse=True)
    days = trail.day - trail.day[first][of_entry]
    yield _mark(f"days_{end}", "", trail, places, weight=days[places], again=again)


def _gone(stage: str, trail: Trail, left: tuple[np.ndarray, np.ndarray], unseen: np.ndarray, again: np.ndarray) -> Mark:
    """The leavings of a stage, tied to the entry: of those that ``left`` each with what they left for.

    Those that are gone ``unseen`` are so since a day that nothing says; ``again`` is when others moved on from an end.
    """
    entries, away = left
    return _mark(
        "gone", stage, trail, np.concatenate([away, unseen]), link=np.concatenate([entries, unseen]),
        day=np.concatenate([trail.day[away], np.full(len(unseen), UNDATED_END)]),
        again=np.concatenate([again, np.full(len(unseen), OPEN_END)]),
    )  # fmt: skip


def _unseen(trail: Trail, rank: int, entries: np.ndarray) -> np.ndarray:
    """Those of some entries into a stage whose subject is known to be past it, but not since when."""
    bare = np.flatnonzero(~trail.dated)
    is_end = np.array([stage.end for stage in trail.journey.stages])
    past = bare[(trail.rank[bare] > rank) | is_end[trail.rank[bare]]]
    return np.asarray(entries[is_among(trail.subject[entries], trail.subject[past])])


def worth_of(trail: Trail) -> np.ndarray:
    """What each entry is worth: what the latest row of its subject says that says anything; below 0 where none does.

    Of rows of one moment the last is the latest.
    """
    rows, own = rows_of(trail), np.full(len(trail), -1)
    for number, part in enumerate(trail.parts):
        mine = np.flatnonzero(trail.part == number)
        own[mine] = part.records.worth[rows[mine]] if part.records.worth is not None else -1
    said = np.flatnonzero(own >= 0)
    if not len(said):
        return own
    is_new = trail.is_first
    for column in (trail.rank, trail.day, trail.at, trail.dated):
        is_new |= np.concatenate([[True], column[1:] != column[:-1]])[: len(trail)]
    ranked = said[np.lexsort((rows[said], np.cumsum(is_new)[said]))]
    who, last = np.unique(trail.subject[ranked][::-1], return_index=True)
    place = np.minimum(np.searchsorted(who, trail.subject), len(who) - 1)
    return np.where(who[place] == trail.subject, own[ranked[::-1][last]][place], -1)
