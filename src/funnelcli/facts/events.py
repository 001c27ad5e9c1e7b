"""The one table of facts: what happened, when, to whom, with what weight, and the row of the file that says so.

It lies in memory by the name of the event, each as columns of integers; ``to_frame`` gives it as one pandas table.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

from funnelcli.reading.cells import Cells
from funnelcli.reading.words import chosen
from funnelcli.values.dates import DAY_MICROS

if TYPE_CHECKING:
    import pandas as pd

# In the place of a day: there is none, it lies before all others; it lies after all others.
NO_DAY = -(10**6)
OPEN_END = 10**6
# A day that nothing says, but that has passed by the time the export was made.
UNDATED_END = OPEN_END - 1
NOBODY = -1
NO_LINE = -1
NO_LINK = -1
# More than there are days between any two that are told apart, so that entities are kept apart by it.
_DAYS_APART = 2**22


def keys_of(entity: np.ndarray, day: np.ndarray) -> np.ndarray:
    """Numbers by which entities, and the days of each, stand in their order.

    >>> keys = keys_of(np.array([2, 1, 1]), np.array([5, 5, NO_DAY]))
    >>> bool(keys[0] > keys[1] > keys[2])
    True
    """
    keys: np.ndarray = entity * _DAYS_APART + (day - NO_DAY)
    return keys


def entities_of(keys: np.ndarray) -> np.ndarray:
    """The entities of such numbers.

    >>> entities_of(keys_of(np.array([3, 0]), np.array([NO_DAY, OPEN_END]))).tolist()
    [3, 0]
    """
    entities: np.ndarray = keys // _DAYS_APART
    return entities


def days_of(keys: np.ndarray) -> np.ndarray:
    """The days of such numbers.

    >>> days_of(keys_of(np.array([3, 0]), np.array([NO_DAY, 7]))).tolist() == [NO_DAY, 7]
    True
    """
    days: np.ndarray = keys % _DAYS_APART + NO_DAY
    return days


class Coded(Struct, frozen=True, eq=False):
    """A column of words as codes: ``texts[code]`` is the word of a row.

    Of people ``cells`` are those, of as many rows as there were, whose distinct texts the words are.
    """

    codes: np.ndarray
    texts: Sequence[str]
    cells: Cells | None = None

    @classmethod
    def of(cls, words: Sequence[str]) -> Coded:
        """The column of the given words.

        >>> Coded.of(["b", "a", "b"]).codes.tolist()
        [0, 1, 0]
        """
        places: dict[str, int] = {}
        codes = [places.setdefault(word, len(places)) for word in words]
        return cls(np.array(codes, dtype=np.int64), list(places))

    @classmethod
    def same(cls, word: str, size: int) -> Coded:
        """A column in which every row has one word."""
        return cls(np.zeros(size, dtype=np.int64), [word])

    def __len__(self) -> int:
        return len(self.codes)

    def of_rows(self, rows: np.ndarray | slice) -> list[str]:
        """The words of the rows at these places."""
        return chosen(self.texts, self.codes[rows])

    def that(self, fits: Callable[[str], bool]) -> np.ndarray:
        """Of each row, whether its word fits; each distinct word is asked once."""
        rows: np.ndarray = np.array([fits(text) for text in self.texts] or [False], dtype=bool)[self.codes]
        return rows

    def ranks(self) -> np.ndarray:
        """Of each row, the place of its word among the distinct ones in their order.

        >>> Coded.of(["b", "a", "b"]).ranks().tolist()
        [1, 0, 1]
        """
        rank = np.empty(len(self.texts), dtype=np.int64)
        rank[sorted(range(len(self.texts)), key=list(self.texts).__getitem__)] = np.arange(len(self.texts))
        ranks: np.ndarray = rank[self.codes]
        return ranks

    def present(self) -> Coded:
        """The same words, those that no row has left out, and the others in the order in which rows have them first.

        >>> Coded(np.array([2, 0, 2]), ["a", "b", "c"]).present().texts
        ['c', 'a']
        """
        size, absent = len(self.codes), len(self.codes)
        first = np.full(len(self.texts), absent)
        first[self.codes[::-1]] = np.arange(size)[::-1]  # of those that share a place, the last one written stays
        if (np.diff(first, append=absent) > 0).all():
            return self
        order = np.argsort(first, kind="stable")[: np.count_nonzero(first < absent)]
        rank = np.empty(len(self.texts), dtype=np.int64)
        rank[order] = np.arange(len(order))
        return Coded(rank[self.codes], chosen(self.texts, order))


def without_twins(codes: np.ndarray, texts: Sequence[str]) -> Coded:
    """The same column with every text once."""
    names = list(dict.fromkeys(texts))
    places = {text: place for place, text in enumerate(names)}
    merged = np.array([places[text] for text in texts] or [0], dtype=np.int64)
    return Coded(merged[codes] if len(codes) else codes, names)


class Records(Struct, frozen=True, kw_only=True, eq=False, weakref=True):
    """The rows of one input that count.

    ``file`` is an index into ``files``; ``line`` is NO_LINE where a record is in no file.  ``entity`` is an index into
    the entities of the facts, or NOBODY where the record names no person.  ``words`` are the columns of words as they
    are written, ``values`` the values of a dimension that are known without them.

    ``subject`` says by number what goes through the stages of a journey, like a deal, where that is not the person;
    ``subjects`` are their names.  ``worth`` is what each record is worth in hundredths, below 0 where nobody knows.
    ``other`` is another person that a record is about, like whom somebody invited.
    ``done`` says of each record whether it says itself that what it plans came about.
    ``stages`` are the words for stages of a journey as the rows write them, by their slugs.
    Records ``made_of`` others hold some of their rows: each time those others, the places here, and the rows there.
    """

    input: str
    files: Sequence[str]
    file: np.ndarray
    line: np.ndarray
    entity: np.ndarray
    words: Mapping[str, Coded] = field(default_factory=dict)
    values: Mapping[str, Coded] = field(default_factory=dict)
    subject: np.ndarray | None = None
    subjects: Sequence[str] = ()
    worth: np.ndarray | None = None
    other: np.ndarray | None = None
    done: np.ndarray | None = None
    made_of: tuple[tuple[Records, np.ndarray, np.ndarray], ...] = ()
    stages: Mapping[str, str] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.line)

    @classmethod
    def invented(cls, name: str, file: str, values: Mapping[str, str], size: int = 1) -> Records:
        """Records that no file holds, like a balance given in the settings, all with the same ``values``."""
        return cls(
            input=name,
            files=[file],
            file=np.zeros(size, dtype=np.int64),
            line=np.full(size, NO_LINE),
            entity=np.full(size, NOBODY),
            values={dimension: Coded.same(word, size) for dimension, word in values.items()},
        )


def _kept(column: np.ndarray, rows: np.ndarray, size: int) -> np.ndarray:
    """Some cells of a column; where one value stands for all of them, that stands for fewer."""
    if column.strides == (0,) and size:
        return _same(column[:1], size)
    kept: np.ndarray = column[rows]
    return kept


def _constant(value: int | bool) -> np.ndarray:
    only = np.array([value])
    only.flags.writeable = False
    return only


_NOT_TIMED, _ONE, _NO_DAY, _NO_LINK, _OPEN_END = map(_constant, (False, 1, NO_DAY, NO_LINK, OPEN_END))


def _same(only: np.ndarray, size: int) -> np.ndarray:
    """A column in which one cell stands for all of them: what ``np.broadcast_to`` gives, which takes far longer."""
    return np.ndarray((size,), only.dtype, only, strides=(0,))


class Events(Struct, frozen=True, kw_only=True, eq=False):
    """Everything that happened of one name, in columns of equal length.

    ``row`` is the record that says so, and ``weight`` what it counts (hundredths, for money).  ``day`` is the local day
    since 1970-01-01, ``moment`` the local moment in microseconds (None: that with which the day begins), and ``timed``
    whether that has a time of day.  Of an
    event that ends something, ``since`` is the day on which it began (else NO_DAY), ``link`` its beginning (else
    NO_LINK), and ``again`` the day on which the same person begins anew, or what is the same follows (OPEN_END: never).
    """

    name: str
    records: Records
    row: np.ndarray
    day: np.ndarray
    moment: np.ndarray | None
    timed: np.ndarray
    weight: np.ndarray
    since: np.ndarray
    link: np.ndarray
    again: np.ndarray

    @classmethod
    def of(
        cls,
        name: str,
        records: Records,
        row: np.ndarray,
        day: np.ndarray,
        *,
        at: np.ndarray | None = None,
        timed: np.ndarray | None = None,
        weight: np.ndarray | None = None,
        since: np.ndarray | None = None,
        link: np.ndarray | None = None,
        again: np.ndarray | None = None,
    ) -> Events:
        """Events on the given days; what is not said is the usual: a bare day, a weight of 1, no beginning, no link."""
        size = len(row)
        return cls(
            name=name,
            records=records,
            row=row,
            day=day,
            moment=at,
            timed=_same(_NOT_TIMED, size) if timed is None else timed,
            weight=_same(_ONE, size) if weight is None else weight,
            since=_same(_NO_DAY, size) if since is None else since,
            link=_same(_NO_LINK, size) if link is None else link,
            again=_same(_OPEN_END, size) if again is None else again,
        )

    def __len__(self) -> int:
        return len(self.row)

    def kept(self, rows: np.ndarray) -> Events:
        """Those at these places, or for which an array of booleans says so."""
        if rows.dtype == bool and rows.all():
            return self
        columns = ("row", "day", "timed", "weight", "since", "link", "again")
        size = len(self.row[rows])
        kept = {name: _kept(getattr(self, name), rows, size) for name in columns}
        moment = None if self.moment is None else self.moment[rows]
        return Events(name=self.name, records=self.records, moment=moment, **kept)

    @property
    def at(self) -> np.ndarray:
        """The local moment of each, in microseconds since 1970-01-01."""
        return self.day * DAY_MICROS if self.moment is None else self.moment

    def named(self, name: str) -> Events:
        """The same events under another name."""
        return replace(self, name=name)

    def followed_on(self, again: np.ndarray) -> Events:
        """The same events, each with the day on which something of the same follows it (OPEN_END: nothing)."""
        return replace(self, again=again)

    def begun_on(self, since: np.ndarray) -> Events:
        """The same events, each with the day on which what it is about began."""
        return replace(self, since=since)

    def tied(self, link: np.ndarray) -> Events:
        """The same events, tied by these numbers to others that have them."""
        return replace(self, link=link)

    def to_frame(self, entities: Sequence[str]) -> pd.DataFrame:
        """The events as a pandas table, their persons by name."""
        import pandas as pd

        records = self.records
        names = np.array([*entities, ""], dtype=object)
        files = np.array([*records.files, ""], dtype=object)
        return pd.DataFrame(
            {
                "event": self.name,
                "entity": names[records.entity[self.row]],
                "at": pd.to_datetime(self.at, unit="us", errors="coerce"),
                "timed": self.timed,
                "weight": self.weight,
                "file": files[records.file[self.row]],
                "line": records.line[self.row],
            }
        )
