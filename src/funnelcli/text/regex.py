"""Regular expressions that are compiled when they are first used: most runs use but few of those that there are."""

import re
from typing import Any, cast

_METHODS = ("findall", "finditer", "fullmatch", "match", "search", "split", "sub")


class _Regex:
    """A regular expression as it is written; the methods of the compiled one are its own from the first use on."""

    __slots__ = (*_METHODS, "_flags", "_written")

    def __init__(self, written: str, flags: int) -> None:
        self._written = written
        self._flags = flags

    def __getattr__(self, name: str) -> Any:
        if name not in _METHODS:
            raise AttributeError(name)
        compiled = re.compile(self._written, self._flags)
        for method in _METHODS:
            setattr(self, method, getattr(compiled, method))
        return getattr(compiled, name)

    def __reduce__(self) -> tuple[Any, ...]:
        return regex, (self._written, self._flags)

    def __repr__(self) -> str:
        return f"regex({self._written!r})"


def regex(written: str, flags: int = 0) -> re.Pattern[str]:
    """The regular expression, compiled when it is first used; as a constant of a module it costs nothing till then.

    >>> regex("[0-9]+").fullmatch("12")[0]
    '12'
    """
    return cast(re.Pattern[str], _Regex(written, flags))
