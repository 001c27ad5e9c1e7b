"""Write the catalogues anew, every message of the code into each language's ``.po``.

docs/translating.md says what is left to do by hand.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Iterator
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.pofile import PoFileParser, write_po

ROOT = Path(__file__).resolve().parents[1]
SOURCE = ROOT / "src" / "funnelcli"
LOCALES = SOURCE / "text" / "locales"
KEYWORDS = {"Message": None, "in_context": ((1, "c"), 2)}  # what gettext and pgettext are elsewhere
TO_TRANSLATORS = ("Translators:",)


class _Undated(Catalog):
    """A catalogue whose header says nothing that changes by itself, like a date or the version of Babel."""

    def _headers(self) -> list[tuple[str, str]]:
        return [
            ("Language", str(self.locale_identifier)),
            ("Plural-Forms", self.plural_forms),
            ("MIME-Version", "1.0"),
            ("Content-Type", "text/plain; charset=UTF-8"),
            ("Content-Transfer-Encoding", "8bit"),
        ]

    mime_headers = property(_headers, Catalog._set_mime_headers)  # type: ignore[attr-defined]


def messages() -> Catalog:
    """Every message of the code, with the files it stands in and what they say to translators."""
    catalogue = Catalog()
    for file, _, words, comments, context in extract_from_dir(
        SOURCE,
        method_map=[("**.py", "python")],
        keywords=KEYWORDS,
        comment_tags=TO_TRANSLATORS,
        strip_comment_tags=True,
    ):
        catalogue.add(words, None, [(file, 1)], auto_comments=comments, context=context)
    return catalogue


def read(text: str, lang: str) -> Catalog:
    """A catalogue as it is in a ``.po``."""
    catalogue = _Undated(locale=lang)
    PoFileParser(catalogue).parse(io.BytesIO(text.encode("utf-8")))
    return catalogue


def updated(path: Path, template: Catalog) -> str:
    """A catalogue with the messages of the code and no others; what is new is not translated yet."""
    catalogue = read(path.read_text(encoding="utf-8"), path.stem)
    catalogue.update(template, no_fuzzy_matching=True)
    written = io.BytesIO()
    write_po(written, catalogue, width=0, sort_output=True, ignore_obsolete=True, include_lineno=False)
    return written.getvalue().decode("utf-8")


def untranslated(text: str, lang: str) -> list[str]:
    """The messages that a catalogue leaves in English."""
    return [str(message.id) for message in read(text, lang) if message.id and not message.string]


def write() -> Iterator[str]:
    """Write each catalogue; gives what is left to translate."""
    template = messages()
    for path in sorted(LOCALES.glob("*.po")):
        text = updated(path, template)
        path.write_text(text, encoding="utf-8")
        yield from (f"{path.name}: not translated: {words}" for words in untranslated(text, path.stem))


if __name__ == "__main__":
    left = list(write())
    print(*left, sep="\n", end="\n" if left else "", file=sys.stderr)
    sys.exit(1 if left else 0)
