"""What is held of small files while they are loaded: each is read once, however many look at its rows."""

from __future__ import annotations

from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from threading import RLock
from typing import Any, TypeVar

# Of all files of a run, packed ones by what they may hold.  In memory the rows take ten times as much.
MOST_BYTES, PACKED = 3_000_000, 10
MOST_EACH = 500_000  # of one file: larger ones are quicker taken apart by their bytes, where their first rows are known

Made = TypeVar("Made")


class Held:
    """The rows of small files, by how they are read, until they are dropped; what is too large is not held.

    It says nothing of a file that has it: all are alike, and one that is sent to another process is empty.
    """

    def __init__(self) -> None:
        self._left = MOST_BYTES
        self._known: dict[Hashable, Any] = {}
        self._latest: tuple[Hashable, Any] | None = None
        self._lock = RLock()  # files are read side by side

    def known(self, key: Hashable, size: int, make: Callable[[], Made | None]) -> Made | None:
        """What ``make`` gives of ``size`` bytes, made when it is first asked for; None where it cannot be held.

        >>> held = Held()
        >>> held.known("a.csv", 10, lambda: [1]), held.known("a.csv", 10, list), held.known("b.csv", 10**7, list)
        ([1], [1], None)
        """
        with self._lock:
            if key not in self._known:
                if size > min(self._left, MOST_EACH):
                    return None
                made = self._known[key] = make()
                self._left -= size if made is not None else 0
            known: Made | None = self._known[key]
            return known

    def latest(self, key: Hashable, make: Callable[[], Made]) -> Made:
        """What ``make`` gives, which is made once as long as nothing else of its kind is asked for in between.

        >>> held, made = Held(), []
        >>> [held.latest(key, lambda: made.append(key) or key) for key in ("a", "a", "b", "a")], made
        (['a', 'a', 'b', 'a'], ['a', 'b', 'a'])
        """
        with self._lock:
            if self._left < 0:
                return make()
            if self._latest is None or self._latest[0] != key:
                self._latest = None  # which need not be held beside what is made
                self._latest = key, make()
            latest: Made = self._latest[1]
            return latest

    def drop(self) -> None:
        """Let go of all, and hold nothing more."""
        with self._lock:
            self._known.clear()
            self._latest = None
            self._left = -1

    def __reduce__(self) -> tuple[type[Held], tuple[()]]:
        return Held, ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Held)

    def __hash__(self) -> int:
        return hash(Held)

    def __lt__(self, other: object) -> bool:
        return False


@contextmanager
def holding() -> Iterator[Held]:
    """What holds the rows of small files for as long as the context lasts."""
    held = Held()
    try:
        yield held
    finally:
        held.drop()
