"""The catalogues of messages: a language is one file in ``locales/``, and English is what stands in the code.

``make messages`` keeps them up to date.  They are read as they are, in no more time than compiled ones would take.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from msgspec import Struct

Lang = str
"""A language that there is a catalogue of, by its code: ``en``, ``vi``."""

ENGLISH: Lang = "en"
FOLDER = Path(__file__).parent / "locales"

_LINES = r'"[^\n]*"(?:\n"[^\n]*")*'  # a string of a catalogue, on a line or several
_ENTRY = re.compile(
    rf"(?:^\#,(?P<flags>[^\n]*)\n(?:\#\|[^\n]*\n)*)?"
    rf"(?:^msgctxt (?P<context>{_LINES})\n)?^msgid (?P<english>{_LINES})\nmsgstr (?P<words>{_LINES})$",
    re.MULTILINE,
)
_PLURAL = re.compile(r"plural=([^;\n]+)")
_ESCAPED = re.compile(r"\\(.)")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r"}


class Catalogue(Struct, frozen=True):
    """The messages of a language by context and English, and the rule by which a number chooses a form of a word."""

    messages: Mapping[tuple[str, str], str]
    rule: str = "n != 1"

    def words(self, english: str, context: str = "") -> str:
        """A message in this language; in English where it is not translated."""
        return self.messages.get((context, english)) or english

    def form(self, number: int) -> int:
        """Which of the forms of a word stands after a number, from 0 on.

        >>> [Catalogue(messages={}).form(number) for number in (0, 1, 2)]
        [1, 0, 1]
        """
        return _chooser(self.rule)(number)


def languages() -> tuple[Lang, ...]:
    """The languages that there are, English first.

    >>> languages()
    ('en', 'vi')
    """
    return _languages(FOLDER)


def catalogue_of(lang: Lang) -> Catalogue:
    """The catalogue of a language, read once; an empty one, which leaves all in English, where there is none.

    >>> catalogue_of("vi").words("demos"), catalogue_of("xx").words("demos")
    ('demo', 'demos')
    """
    return _read(FOLDER, lang)


def catalogue_in(text: str) -> Catalogue:
    r"""The catalogue that a ``.po`` holds, without what is marked as fuzzy.

    >>> catalogue_in('msgid "demos"\nmsgstr "demo"\n').words("demos")
    'demo'
    """
    messages = {
        (_plain(entry["context"] or ""), _plain(entry["english"])): _plain(entry["words"])
        for entry in _ENTRY.finditer(text)
        if "fuzzy" not in (entry["flags"] or "") or entry["english"] == '""'  # as the header of a new one is
    }
    said = _PLURAL.search(messages.pop(("", ""), ""))
    return Catalogue(messages=messages, rule=said[1]) if said else Catalogue(messages=messages)


@cache
def _languages(folder: Path) -> tuple[Lang, ...]:
    return (ENGLISH, *sorted({path.stem for path in folder.glob("*.po")} - {ENGLISH}))


@cache
def _read(folder: Path, lang: Lang) -> Catalogue:
    if lang == ENGLISH or lang not in _languages(folder):
        return Catalogue(messages={})
    return catalogue_in((folder / f"{lang}.po").read_text(encoding="utf-8"))


def _plain(quoted: str) -> str:
    """A string of a catalogue without its quotation marks and escapes."""
    text = "".join(line[1:-1] for line in quoted.split("\n")) if "\n" in quoted else quoted[1:-1]
    return _ESCAPED.sub(lambda escape: _ESCAPES.get(escape[1], escape[1]), text) if "\\" in text else text


@cache
def _chooser(rule: str) -> Callable[[int], int]:
    from gettext import c2py

    chosen: Callable[[int], int] = c2py(rule)
    return chosen
