"""TOML to plain values, within bounds: what is too large or deep is refused, and a float keeps how it was written."""

from collections.abc import Iterator
from typing import Any

from funnelcli.text import Message, TextError, foreign
from funnelcli.text.regex import regex

MOST_BYTES = 250_000
MOST_DOTTED = 20
MOST_DEEP = 50
_INTEGERS = range(-(2**63), 2**63)  # as TOML has them
_PART = r"""(?:[\w-]+|"[^"\n]*"|'[^'\n]*')"""
_DOTTED = regex(rf"(?<![\w\"'.-]){_PART}(?:[ \t]*\.[ \t]*{_PART}){{{MOST_DOTTED}}}")
_TOO_DEEP = Message("tables or lists stand in each other more than {most} deep")
_TOO_LARGE = Message("a number has more digits than can be meant")
_NUMBER_AT = Message("{where}: the number is larger than can be meant")


class WrittenFloat(float):
    """A float of TOML that still knows how it was ``written``: 50.000 is 50.0, but a person may mean 50 thousand.

    >>> WrittenFloat("50.000").written, WrittenFloat("50.000") == 50
    ('50.000', True)
    """

    written: str

    def __new__(cls, written: str) -> "WrittenFloat":
        """The float that a text of TOML is."""
        number = super().__new__(cls, written)
        number.written = written
        return number


def load_toml(text: str) -> dict[str, Any]:
    """The tables in TOML ``text``.

    TextError says what is no TOML, or beyond what a person writes: tables fifty deep, integers of over 64 bits.

    >>> load_toml("a.b = 1.500")["a"]["b"].written
    '1.500'
    """
    import tomllib

    if _DOTTED.search(text):
        raise TextError(_TOO_DEEP.filled(most=MOST_DOTTED))
    try:
        data = tomllib.loads(text, parse_float=WrittenFloat)
        for where, number in _integers(data, "", 0):
            if number not in _INTEGERS:
                raise TextError(_NUMBER_AT.filled(where=where))
    except tomllib.TOMLDecodeError as error:
        raise TextError(Message("{error}").filled(error=foreign(error))) from None
    except RecursionError:
        raise TextError(_TOO_DEEP.filled(most=MOST_DEEP)) from None
    except TextError:
        raise
    except ValueError:  # an integer of thousands of digits
        raise TextError(_TOO_LARGE) from None
    return data


def _integers(value: object, where: str, deep: int) -> Iterator[tuple[str, int]]:
    """The whole numbers in a value, each with its key."""
    if deep > MOST_DEEP:
        raise RecursionError
    if isinstance(value, dict):
        for key, inner in value.items():
            yield from _integers(inner, f"{where}.{key}" if where else key, deep + 1)
    elif isinstance(value, list):
        for inner in value:
            yield from _integers(inner, where, deep + 1)
    elif isinstance(value, int) and not isinstance(value, bool):
        yield where, value
