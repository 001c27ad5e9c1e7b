"""Windows: how long somebody has for something, in days, weeks, calendar months or hours."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from msgspec import Struct

from funnelcli.text import Message, Text, TextError
from funnelcli.text.regex import regex

_WRITTEN = regex(r"(\d{1,4})\s?([dwmyh])")
_MONTHS, _MOST = 12, 9999
WindowUnit = Literal["d", "w", "m", "h"]


class Window(Struct, frozen=True, kw_only=True):
    """So many of a ``unit`` (d days, w weeks, m calendar months, h hours); its last moment is within it."""

    number: int
    unit: WindowUnit

    @property
    def text(self) -> str:
        """How it is written: ``90d``."""
        return f"{self.number}{self.unit}"

    @property
    def words(self) -> Text:
        """The same for people.

        >>> parse_window("90d").words.of("en"), parse_window("1m").words.of("en"), parse_window("90d").words.of("vi")
        ('90 days', '1 month', '90 ngày')
        """
        return _IN_WORDS[self.unit].filled(n=self.number)


_IN_WORDS: Mapping[WindowUnit, Message] = {
    "d": Message("{n} [day|days]"),
    "w": Message("{n} [week|weeks]"),
    "m": Message("{n} [month|months]"),
    "h": Message("{n} [hour|hours]"),
}


def parse_window(text: str, *, least: int = 1) -> Window:
    """A window as it is written: ``90d``, ``12w``, ``3m``, ``1y``, ``48h``.  TextError where it is none, or less than
    the ``least`` number.

    >>> parse_window("90d").text, parse_window("1y").text, parse_window("0d", least=0).text
    ('90d', '12m', '0d')
    """
    match = _WRITTEN.fullmatch(text.strip().casefold())
    number, written = (int(match[1]), match[2]) if match is not None else (-1, "")
    number, written = (number * _MONTHS, "m") if written == "y" else (number, written)
    if not least <= number <= _MOST:
        raise TextError(Message("{text!r} is no window; write it like 90d, 12w, 3m, 1y or 48h").filled(text=text))
    unit: WindowUnit = written  # type: ignore[assignment]
    return Window(number=number, unit=unit)
