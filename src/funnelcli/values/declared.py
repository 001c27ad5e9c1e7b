"""Declarations by key: what is declared in one place, and looked up everywhere else."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from contextvars import ContextVar
from typing import Protocol, TypeVar


class Keyed(Protocol):
    """Anything that has a key of its own."""

    @property
    def key(self) -> str:
        """The key it is looked up by."""
        ...


D = TypeVar("D", bound=Keyed)


class Declared(Mapping[str, D]):
    """Declarations in the order in which they are shown.

    More of them may be declared for the time of a ``with`` block, in the running context only.

    >>> from types import SimpleNamespace as Thing
    >>> things = Declared(Thing(key="a"), Thing(key="b"))
    >>> with things.extended(Thing(key="c")):
    ...     list(things)
    ['a', 'b', 'c']
    >>> list(things)
    ['a', 'b']
    """

    def __init__(self, *declarations: D) -> None:
        self._declared: ContextVar[Mapping[str, D]] = ContextVar("declared")
        self._built_in = self._by_key(declarations)

    @staticmethod
    def _by_key(declarations: tuple[D, ...]) -> Mapping[str, D]:
        by_key = {declaration.key: declaration for declaration in declarations}
        if len(by_key) != len(declarations):
            raise ValueError(f"a key is declared twice among {', '.join(one.key for one in declarations)}")
        return by_key

    def _known(self) -> Mapping[str, D]:
        return self._declared.get(self._built_in)

    def __getitem__(self, key: str) -> D:
        return self._known()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known())

    def __len__(self) -> int:
        return len(self._known())

    @contextmanager
    def extended(self, *more: D) -> Iterator[None]:
        """The time in which ``more`` are declared too, after the others.  ValueError where a key is taken."""
        token = self._declared.set(self._by_key((*self.values(), *more)))
        try:
            yield
        finally:
            self._declared.reset(token)
