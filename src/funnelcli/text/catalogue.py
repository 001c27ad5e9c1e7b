"""The catalogues of messages: a language is one file in ``locales/``, and English is what stands in the code.

``make messages`` keeps ``locales/*.po`` up to date and compiles them; what is loaded is the ``.mo`` beside each.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache
from pathlib import Path

from msgspec import Struct

Lang = str
"""A language that there is a catalogue of, by its code: ``en``, ``vi``."""

ENGLISH: Lang = "en"
FOLDER = Path(__file__).parent / "locales"
_IN_CONTEXT = "\x04"  # what gettext puts between a context and a message


class Catalogue(Struct, frozen=True):
    """The messages of a language, and which of its forms of a word a number wants."""

    messages: Mapping[str, str]
    form: Callable[[int], int]

    def words(self, english: str, context: str = "") -> str:
        """A message in this language; in English where it is not translated."""
        return self.messages.get(f"{context}{_IN_CONTEXT}{english}" if context else english) or english


def languages() -> tuple[Lang, ...]:
    """The languages that there are, English first.

    >>> languages()
    ('en', 'vi')
    """
    return _languages(FOLDER)


def catalogue_of(lang: Lang) -> Catalogue:
    """The catalogue of a language, loaded once; an empty one, which leaves all in English, where there is none.

    >>> catalogue_of("vi").words("demos"), catalogue_of("xx").words("demos")
    ('demo', 'demos')
    """
    return _loaded(FOLDER, lang)


@cache
def _languages(folder: Path) -> tuple[Lang, ...]:
    return (ENGLISH, *sorted({path.stem for path in folder.glob("*.mo")} - {ENGLISH}))


@cache
def _loaded(folder: Path, lang: Lang) -> Catalogue:
    if lang not in _languages(folder) or lang == ENGLISH:
        return Catalogue(messages={}, form=_english_form)
    from gettext import GNUTranslations

    with (folder / f"{lang}.mo").open("rb") as stream:
        read = GNUTranslations(stream)
    messages: Mapping[str, str] = read._catalog  # type: ignore[attr-defined]
    return Catalogue(messages=messages, form=read.plural)  # type: ignore[attr-defined]


def _english_form(number: int) -> int:
    return 0 if number == 1 else 1
