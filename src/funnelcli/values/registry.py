"""Declarations by name, in order: what the product is made of, each said once."""

from collections.abc import Callable, Iterable, Iterator, Mapping
from contextlib import contextmanager
from typing import Generic, TypeVar

T = TypeVar("T")


class Registry(Mapping[str, T], Generic[T]):
    """Declarations found by their name; ``collect`` is asked for them when they are first wanted.

    >>> words = Registry[str](lambda: ["tea", "coffee"], name=lambda word: word)
    >>> list(words)
    ['tea', 'coffee']
    """

    def __init__(self, collect: Callable[[], Iterable[T]], *, name: Callable[[T], str]) -> None:
        self._collect = collect
        self._name = name
        self._known: dict[str, T] | None = None

    @property
    def _declared(self) -> dict[str, T]:
        if self._known is None:
            self._known = {self._name(declared): declared for declared in self._collect()}
        return self._known

    def __getitem__(self, name: str) -> T:
        return self._declared[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._declared)

    def __len__(self) -> int:
        return len(self._declared)

    @contextmanager
    def extended(self, *more: T) -> Iterator[None]:
        """The registry with further declarations, until the block ends.

        >>> words = Registry[str](lambda: ["tea"], name=lambda word: word)
        >>> with words.extended("milk"):
        ...     print(list(words))
        ['tea', 'milk']
        >>> list(words)
        ['tea']
        """
        before = self._declared
        self._known = {**before, **{self._name(declared): declared for declared in more}}
        try:
            yield
        finally:
            self._known = before
