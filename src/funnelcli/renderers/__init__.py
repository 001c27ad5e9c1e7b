"""An answer to bytes, one file a format.  A new format is a new module here; nothing else changes.

Each module of this folder declares a ``FORMAT`` that bears its name; what several share lies in the folders below.
The modules import what is slow to import (Rich, Babel, Jinja2, XlsxWriter) only when they render.
"""

from __future__ import annotations

import importlib
import pkgutil
from collections.abc import Callable, Mapping, Sequence
from enum import StrEnum
from functools import cache
from typing import TYPE_CHECKING

from msgspec import Struct

from funnelcli.answers.layout import Layout
from funnelcli.text import Lang, Message, Text
from funnelcli.values.mail import Mail

if TYPE_CHECKING:
    from funnelcli.answers.answer import Answer


# What parts the cells of rows, by what people call it; and the usual decimal mark.
DELIMITERS: Mapping[str, str] = {",": ",", ";": ";", "|": "|", "tab": "\t", "\\t": "\t", "\t": "\t"}
POINT = "."


class View(StrEnum):
    """The sides of an answer: a page for people, rows for spreadsheets, data for programs."""

    PAGE = "page"
    ROWS = "rows"
    DATA = "data"


# The layouts of each side; the data has but one.
LAYOUTS: Mapping[View, tuple[Layout, ...]] = {
    View.PAGE: (Layout.METRIC, Layout.PART),
    View.ROWS: (Layout.WIDE, Layout.TIDY),
    View.DATA: (),
}


class Style(Struct, frozen=True, kw_only=True):
    """How an answer is wanted: its language, its layout (None: the usual one), ``brief``, and how rows are written.

    Rows may begin with a ``bom``, have another ``delimiter`` (None: the format's own) and another ``decimal`` mark.
    A message has what ``mail`` says above it.

    At a terminal also its width (None: as wide as it needs) and whether it has colour.  Where the output is ``whole``,
    as for a reader behind a pipe, columns that do not fit the width stand below the others, and none is left out.
    """

    lang: Lang = "en"
    layout: Layout | None = None
    bom: bool = False
    brief: bool = False
    delimiter: str | None = None
    decimal: str = POINT
    mail: Mail = Mail()
    width: int | None = None
    colour: bool = False
    whole: bool = False


# What is counted and of what (a metric and its period, the rows of an input), and how many.
Counts = Mapping[tuple[str, str], float]


def _no_counts(_data: bytes) -> Counts:
    return {}


def _alone(data: bytes) -> Sequence[bytes]:
    return (data,)


class Format(Struct, frozen=True, kw_only=True):
    """An output format, declared once by its module.

    ``extensions`` are the endings that choose it, ``views`` the sides of an answer that it shows.  ``is_text`` is off
    for bytes that no terminal can show, and ``takes_bom`` is on where Excel wants a byte order mark.  ``delimiter``
    stands between the cells of rows; where it ``takes_delimiter``, that may be another.  ``parts`` are the texts that a
    file of it is made of, as they were before they were packed; ValueError for bytes that are no such file.  One that
    ``lists_sources`` shows the files that were read, with the digests of their bytes; one that ``takes_brief`` can show
    an answer in the few lines that go into a chat, and one that ``takes_mail`` is a message to somebody.
    ``counts`` are those that a file of it says, as far as they can be read back out of it.
    """

    name: str
    extensions: tuple[str, ...]
    views: frozenset[View]
    render: Callable[[Answer, Style], bytes]
    is_text: bool = True
    takes_bom: bool = False
    delimiter: str | None = None
    takes_delimiter: bool = False
    parts: Callable[[bytes], Sequence[bytes]] = _alone
    lists_sources: bool = False
    takes_brief: bool = False
    takes_mail: bool = False
    counts: Callable[[bytes], Counts] = _no_counts

    def delimiter_of(self, style: Style) -> str | None:
        """What stands between the cells of its rows; None of a format without such."""
        return style.delimiter or self.delimiter if self.takes_delimiter else self.delimiter

    @property
    def layouts(self) -> tuple[Layout, ...]:
        """The layouts it can show."""
        return tuple(layout for view in View if view in self.views for layout in LAYOUTS[view])


def format_names() -> list[str]:
    """The names of the formats, which are those of the modules: known before any of them is imported.

    >>> format_names()
    ['csv', 'eml', 'html', 'json', 'md', 'table', 'tsv', 'xlsx']
    """
    return [module.name for module in pkgutil.iter_modules(__path__) if not module.ispkg]


@cache
def formats() -> Mapping[str, Format]:
    """Every format by its name, as the modules of this folder declare them.

    >>> formats()["md"].extensions
    ('.md', '.markdown')
    """
    return {name: _declared(name) for name in format_names()}


def format_named(name: str) -> Format | None:
    """The format of a name, of which alone the module is imported; None where there is no such one."""
    return _declared(name) if name in format_names() else None


def _declared(name: str) -> Format:
    form: Format = importlib.import_module(f"{__name__}.{name}").FORMAT
    return form


def no_format(name: str) -> Text:
    """What is said of a format that there is not."""
    return Message("{name!r} is no format.").filled(name=name)


def known_formats() -> Text:
    """The formats that there are, as a hint."""
    return Message("The formats are {known}.").filled(known=", ".join(formats()))


def screen_format() -> Format:
    """The format for a screen, which is written where none was asked for."""
    return _declared("table")


def by_extension() -> Mapping[str, Format]:
    """The format that each ending of a file chooses.

    >>> by_extension()[".markdown"].name
    'md'
    """
    return {extension: form for form in formats().values() for extension in form.extensions}


def as_bytes(text: str) -> bytes:
    """Text as UTF-8; what cannot be written so (half a character) is shown by its number."""
    return text.encode("utf-8", "backslashreplace")
