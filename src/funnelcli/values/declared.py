"""Declarations by key: what is declared in one place, and looked up everywhere else."""

from collections.abc import Callable, ItemsView, Iterable, Iterator, Mapping, ValuesView
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cached_property
from typing import Any, Protocol, TypeVar


class Keyed(Protocol):
    """Anything that has a key of its own."""

    @property
    def key(self) -> str:
        """The key it is looked up by."""
        ...


D = TypeVar("D", bound=Keyed)
T = TypeVar("T")


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

    def __init__(
        self,
        *declarations: D,
        collect: Callable[[], Iterable[D]] | None = None,
        order: Callable[[D], int] | None = None,
        gives_way: Callable[[D, tuple[D, ...]], bool] | None = None,
    ) -> None:
        self._declared: ContextVar[Mapping[str, D] | None] = ContextVar("declared", default=None)
        self._of_settings: ContextVar[tuple[D, ...]] = ContextVar("of_settings", default=())
        self._given = declarations
        self._collect = collect
        self._order = order
        self._gives_way = gives_way
        self._followed: dict[Callable[..., Any], tuple[Mapping[str, D], Any]] = {}
        self._last: tuple[Mapping[str, D], tuple[D, ...], tuple[D, ...], Mapping[str, D]] | None = None

    @cached_property
    def _built_in(self) -> Mapping[str, D]:
        """What is declared for good; those to be collected are asked for when they are first wanted."""
        return self._by_key((*self._given, *(self._collect() if self._collect is not None else ())))

    @staticmethod
    def _by_key(declarations: tuple[D, ...]) -> Mapping[str, D]:
        by_key = {declaration.key: declaration for declaration in declarations}
        if len(by_key) != len(declarations):
            raise ValueError(
                f"a key is declared twice among {', '.join(declaration.key for declaration in declarations)}"
            )
        return by_key

    def _known(self) -> Mapping[str, D]:
        return self._declared.get() or self._built_in

    def __getitem__(self, key: str) -> D:
        return self._known()[key]

    def __iter__(self) -> Iterator[str]:
        return iter(self._known())

    def __len__(self) -> int:
        return len(self._known())

    def values(self) -> ValuesView[D]:
        """The declarations themselves, looked up at once."""
        return self._known().values()

    def items(self) -> ItemsView[str, D]:
        """The keys and their declarations, looked up at once."""
        return self._known().items()

    def following(self, make: Callable[[Mapping[str, D]], T]) -> T:
        """What follows from the declarations alone: made once for as long as they are the same.

        >>> from types import SimpleNamespace as Thing
        >>> things = Declared(Thing(key="a"), Thing(key="b"))
        >>> things.following(len), things.following(len)
        (2, 2)
        """
        known, last = self._known(), self._followed.get(make)
        if last is None or last[0] is not known:
            last = self._followed[make] = (known, make(known))
        made: T = last[1]
        return made

    @contextmanager
    def extended(self, *more: D) -> Iterator[None]:
        """The time in which ``more`` are declared too, after the others.  ValueError where a key is taken."""
        token = self._declared.set(self._by_key((*self.values(), *more)))
        try:
            yield
        finally:
            self._declared.reset(token)

    @contextmanager
    def with_those(self, more: tuple[D, ...]) -> Iterator[None]:
        """The time in which those that some settings declare are there, and those of no other settings.

        They stand among the others in their ``order``; what ``gives_way`` to them is not there meanwhile.

        >>> from types import SimpleNamespace as Thing
        >>> things = Declared(Thing(key="a", rank=1), Thing(key="z", rank=9), order=lambda thing: thing.rank)
        >>> with things.with_those((Thing(key="b", rank=1),)), things.with_those((Thing(key="c", rank=1),)):
        ...     list(things)
        ['a', 'c', 'z']
        """
        known, others = self._known(), self._of_settings.get()
        last = self._last
        if last is None or last[0] is not known or last[1] is not others or last[2] is not more:
            last = (known, others, more, self._by_key(self._beside(others, more)))
            self._last = last  # the same settings ask again and again
        token, token_of_settings = self._declared.set(last[3]), self._of_settings.set(more)
        try:
            yield
        finally:
            self._declared.reset(token)
            self._of_settings.reset(token_of_settings)

    def _beside(self, others: tuple[D, ...], more: tuple[D, ...]) -> tuple[D, ...]:
        """Those that are known without ``others``, and ``more``, in their order."""
        left, added = {id(each) for each in others}, {id(each) for each in more}
        known = [each for each in self.values() if id(each) not in left] + list(more)
        if self._gives_way is not None:
            known = [each for each in known if id(each) in added or not self._gives_way(each, more)]
        return tuple(known if self._order is None else sorted(known, key=self._order))
