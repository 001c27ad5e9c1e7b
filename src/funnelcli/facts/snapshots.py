"""Rows that stand in several lists of who pays at the time: what has changed from one list to the next, and who left.

A row that a newer list has once more is the same one.  Where the newer list has another plan or amount for the same
person and start, the row changes with it.  Who is not in the newer list has left after the older one was made.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np
from msgspec import Struct

from funnelcli.config import PaidUsers
from funnelcli.facts.events import NO_DAY, OPEN_END, UNDATED_END
from funnelcli.facts.lists import REPEATED, ListOfRows, Lists, begun_in, chains_of, days_of_lists, lists_of, undated
from funnelcli.facts.rows import Rows
from funnelcli.inputs.spec import Alike
from funnelcli.problems import Problem, problem
from funnelcli.reading.tables import Table
from funnelcli.text import NOTHING, Message, Text

SAID_START, SAID_END = "said start", "said end"  # the columns of what the rows themselves say
LEFT_AFTER = "left after"  # the column of the day after which a row may have ended, NO_DAY where its end is known


class Snapshots(Struct, frozen=True, kw_only=True, eq=False):
    """The rows of lists with the starts and ends that the lists tell, and which of them count.

    ``listed`` are, of lists that tell who left, the last day of the oldest and the day after the newest: what lies
    before and after, they do not tell; ``reached`` is the last day on which the newest was surely made.  ``by`` are
    the files and headers of the columns that say when they were made.  ``starts_said`` is off where only the lists tell
    who is new.  ``problems`` say what was decided.
    """

    rows: Rows
    kept: np.ndarray
    listed: tuple[tuple[int, int], ...] = ()
    reached: int | None = None
    by: tuple[tuple[str, str], ...] = ()
    starts_said: bool = True
    problems: tuple[Problem, ...] = ()


def as_snapshots(table: Table, rows: Rows, identity: Alike, rules: PaidUsers) -> Snapshots | None:
    """The rows as their lists tell them; None where nothing is listed twice, or the settings say otherwise."""
    if rules.same_customers == "parts" or rules.shape == "payments" or not _is_listed_again(rows, rules):
        return None
    lists = lists_of(table, rows, rules.first_of_month)
    if len(lists.lists) < 2:
        return None
    made = undated(lists.lists)
    chains = _chains(rows, lists, made, identity, table, rules)
    if not chains:
        doubts = tuple(_may_be_listed(table, rows, lists, rules))
        return Snapshots(rows=rows, kept=np.ones(len(rows), dtype=bool), problems=doubts) if doubts else None
    said = [name for name in identity.columns if table.has(name)]
    never = np.full(len(rows), NO_DAY)
    rows = rows.with_columns({SAID_START: rows["start"], SAID_END: rows["end"], LEFT_AFTER: never})
    kept = np.ones(len(rows), dtype=bool)
    listed: list[tuple[int, int]] = []
    newest: list[ListOfRows] = []
    problems: list[Problem] = []
    for chain in chains:
        ordered = [made[number] for number in chain]
        position = np.full(len(made), -1)
        position[chain] = np.arange(len(chain))
        chained = _Chain(
            table=table, rows=rows, position=position[lists.of_row], lists=ordered, said=said,
            key=identity.key if identity.key in said else None, rules=rules,
        )  # fmt: skip
        chained.settle()
        rows = chained.rows_as_told()
        kept &= chained.kept
        if chained.tells_who_left:
            listed.append((ordered[0].until, ordered[-1].until + 1))
            newest.append(ordered[-1])
        problems.extend(chained.problems())
    chained_lists = [made[number] for chain in chains for number in chain]
    return Snapshots(
        rows=rows, kept=kept, listed=tuple(listed), problems=tuple(problems),
        reached=max((each.reached for each in newest if each.reached is not None), default=None),
        by=tuple(dict.fromkeys((each.file, each.column) for each in chained_lists if each.column is not None)),
    )  # fmt: skip


def _is_listed_again(rows: Rows, rules: PaidUsers) -> bool:
    """Whether people are listed with the same start several times, so that it is worth looking when lists were made."""
    return rules.same_customers == "snapshots" or bool(rows.again(["entity", "start"]).any())


def _chains(
    rows: Rows, lists: Lists, made: Sequence[ListOfRows], identity: Alike, table: Table, rules: PaidUsers
) -> list[list[int]]:
    """The lists that go together.  Of lists that say when they were made, and give no end, one who is in both will do.

    Where a column says it, each must have several people: else it may be the day of each row.
    """
    begun = begun_in(rows, lists)
    chains = chains_of(begun, made, all_go=rules.same_customers == "snapshots")
    if chains or not _are_dated(rows, made):
        return chains
    key = identity.key if table.has(identity.key) else None
    begun = begun_in(rows, lists, key)
    if any(each.column is not None and len(people) < REPEATED for each, people in zip(made, begun, strict=True)):
        return []
    return chains_of(begun, made, all_go=False, least=1)


def _are_dated(rows: Rows, made: Sequence[ListOfRows]) -> bool:
    """Whether lists say themselves when they were made, at different times, and no row of them has an end."""
    days = {each.made for each in made}
    return None not in days and len(days) > 1 and bool((rows["end"] == OPEN_END).all())


def _may_be_listed(table: Table, rows: Rows, lists: Lists, rules: PaidUsers) -> Iterator[Problem]:
    """The doubt of dated files without ends that have only few people once more."""
    if not _are_dated(rows, lists.lists) or any(each.column is not None for each in lists.lists):
        return
    times = rows.with_columns({"list": lists.of_row})
    times = times.taken(~times.again(["entity", "start", "list"]))
    again = set(times.taken(times.again(["entity", "start"])).list_of("entity"))
    if again:
        files = ", ".join(dict.fromkeys(each.file for each in lists.lists))
        yield problem(
            "listed-in-several", file=files, column=table.input.events[0].entity, count=len(again),
            user=min(again)[:80],
        )  # fmt: skip


@dataclass(kw_only=True, eq=False)
class _Chain:
    """Lists that go together, oldest first; ``position`` says of each row in which of them it stands, else -1."""

    table: Table
    rows: Rows
    position: np.ndarray
    lists: Sequence[ListOfRows]
    said: Sequence[str]
    key: str | None
    rules: PaidUsers
    kept: np.ndarray = field(init=False)
    start: np.ndarray = field(init=False)
    end: np.ndarray = field(init=False)
    after: np.ndarray = field(init=False)
    entities: list[str] = field(init=False)
    tells_who_left: bool = field(init=False)
    gone: list[int] = field(default_factory=list)
    changed: list[int] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.kept = np.ones(len(self.rows), dtype=bool)
        self.start = self.rows["start"].copy()
        self.end = self.rows["end"].copy()
        self.after = self.rows[LEFT_AFTER].copy()
        self.entities = self.rows.list_of("entity")
        ends = self.rows[SAID_END][self.position >= 0]
        # Lists that give ends would give theirs to those who are in no newer one.
        self.tells_who_left = self.rules.same_customers == "snapshots" or bool((ends == OPEN_END).all())

    def rows_as_told(self) -> Rows:
        """The rows with the starts and ends that were settled."""
        return self.rows.with_columns({"start": self.start, "end": self.end, LEFT_AFTER: self.after})

    def settle(self) -> None:
        """Decide of every row of these lists whether it counts, and from when to when."""
        chained = np.flatnonzero(self.position >= 0)
        listed = self.rows.taken(chained)
        at = self.position[chained]
        thing = ["entity", "start", *([self.key] if self.key else [])]
        base = listed.groups_of(thing)
        variant = listed.groups_of(list(dict.fromkeys([*thing, "end", "source", *self.said])))
        first, last = _bounds(variant, at)
        newest = len(self.lists) - 1
        is_open = listed["end"] == OPEN_END
        again = is_open & (at > first[variant])
        self.kept[chained[again]] = False
        begins, _ = _bounds(base, at)
        late = is_open & ~again & (at > begins[base])
        ceases = is_open & ~again & (last[variant] < newest)
        if not (late.any() or ceases.any()):
            return
        seen = _Seen(listed, base, at, is_open)
        for place in np.flatnonzero(late).tolist():
            self._begin(int(chained[place]), int(at[place]), seen.before(int(base[place]), int(at[place])))
        for place in np.flatnonzero(ceases).tolist():
            row, until = int(chained[place]), int(last[variant[place]])
            self._cease(row, until, seen, int(base[place]))

    def _begin(self, row: int, at: int, was_open: bool) -> None:
        """A row that has other words or amounts in this list than in the one before."""
        if was_open:
            self.start[row] = max(int(self.start[row]), self.lists[at].since)

    def _cease(self, row: int, at: int, seen: _Seen, base: int) -> None:
        """A row that stands in the list at a position and in no later one."""
        follows = seen.next_of(base, at)
        if follows is not None:
            position, ended = follows
            until = self.lists[position].since - 1
            if ended or until < self.start[row]:
                self.kept[row] = False  # the newer list knows better, and says so of the same days
            else:
                self.end[row] = until
                self.changed.append(row)
            return
        if not self.tells_who_left:
            self.gone.extend([row] if seen.is_gone(self.entities[row], at) else [])
            return
        others = seen.starts_in(self.entities[row], at + 1)
        if others and self.key is None:
            self._give_way(row, [start for start in others if start > self.start[row]])
        else:
            self._leave(row, self.lists[at], self.lists[at + 1], alone=not others)

    def _give_way(self, row: int, later: Sequence[int]) -> None:
        """A row in whose place the newer list has others of the same person."""
        if not later:
            self.kept[row] = False
            return
        self.end[row] = max(int(self.start[row]), min(later) - 1)
        self.changed.append(row)

    def _leave(self, row: int, older: ListOfRows, newer: ListOfRows, *, alone: bool) -> None:
        """A row of somebody, or ``alone`` of all that somebody has, that is gone from the newer list."""
        if newer.made is None:
            self.end[row], self.after[row] = UNDATED_END, max(older.latest, int(self.start[row]))
        else:
            self.end[row] = max(int(self.start[row]), newer.since)
            if alone:
                self.after[row] = min(older.until + 1, int(self.end[row]))
        if alone:
            self.gone.append(row)

    # --- what is said ------------------------------------------------------------------------------------------

    def problems(self) -> Iterator[Problem]:
        """What was decided, where anything was."""
        column = self.table.input.events[0].entity
        files = ", ".join(dict.fromkeys(each.file for each in self.lists))
        has_ends = self.table.input.stays is not None and self.table.has(self.table.input.stays.end)
        if not self.tells_who_left and self.gone:
            user, older = self._example(self.gone)
            yield problem(
                "gone-from-snapshot", file=older.file, column=column, count=self._people(self.gone), user=user,
                other=self.lists[-1].file,
            )  # fmt: skip
        if (self.tells_who_left and (self.gone or not has_ends)) or self.changed:
            yield problem(
                "read-as-snapshots", file=files, column=column, made=self._made(), changed=len(self.changed),
                gone=self._people(self.gone) if self.tells_who_left else 0, like=self._like(),
            )  # fmt: skip

    def _people(self, rows: Sequence[int]) -> int:
        return len({self.entities[row] for row in rows})

    def _example(self, rows: Sequence[int]) -> tuple[str, ListOfRows]:
        row = min(rows, key=lambda row: (self.entities[row], row))
        return str(self.entities[row])[:80], self.lists[int(self.position[row])]

    def _like(self) -> Text:
        if not self.gone or not self.tells_who_left:
            return NOTHING
        return Message(", like {user}").filled(user=self._example(self.gone)[0])

    def _made(self) -> Text:
        if any(each.made is None for each in self.lists):
            return Message("in the order of their latest start")
        return Message("made {days}").filled(days=days_of_lists([(each.since, each.until) for each in self.lists]))


class _Seen:
    """In which lists people, and what they have, stand."""

    def __init__(self, listed: Rows, base: np.ndarray, at: np.ndarray, is_open: np.ndarray) -> None:
        self._positions: dict[int, dict[int, bool]] = defaultdict(dict)
        self._starts: dict[object, dict[int, set[int]]] = defaultdict(lambda: defaultdict(set))
        columns = (base.tolist(), at.tolist(), is_open.tolist(), listed.list_of("entity"), listed.list_of("start"))
        for thing, position, opened, entity, start in zip(*columns, strict=True):
            ended = self._positions[thing].get(position, False)
            self._positions[thing][position] = ended or not opened
            self._starts[entity][position].add(start)

    def before(self, base: int, at: int) -> bool:
        """Whether the same thing stood open in an earlier list."""
        return any(position < at and not ended for position, ended in self._positions[base].items())

    def next_of(self, base: int, at: int) -> tuple[int, bool] | None:
        """The next list that has the same thing, and whether it has ended there."""
        later = [position for position in self._positions[base] if position > at]
        return (min(later), self._positions[base][min(later)]) if later else None

    def starts_in(self, entity: object, at: int) -> set[int]:
        """The starts of what somebody has in a list."""
        starts: Mapping[int, set[int]] = self._starts[entity]
        return starts.get(at, set())

    def is_gone(self, entity: object, at: int) -> bool:
        """Whether somebody stands in no later list."""
        return max(self._starts[entity]) <= at


def _bounds(group: np.ndarray, at: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """The lowest and the highest position of each group."""
    size = int(group.max()) + 1 if len(group) else 0
    first, last = np.full(size, np.iinfo(np.int64).max), np.full(size, -1)
    np.minimum.at(first, group, at)
    np.maximum.at(last, group, at)
    return first, last
