"""Who a cell of owners names: one person, or several, which the other cells tell."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from functools import cached_property

from msgspec import Struct

from funnelcli.facts.events import Coded, Events
from funnelcli.facts.spelled import in_one_spelling
from funnelcli.text.regex import regex
from funnelcli.values.channels import fold
from funnelcli.values.criteria import without_accents

# Between the names of several people: what nobody has in their name, and what some have.
_SURE, _COMMA = regex(r"\s*[;|\n]\s*"), regex(r"\s*,\s*")
_MAYBE = regex(r"\s*[,/&+]\s*|\s+(?:và|and)\s+")
_COLUMNS = {"activity": ("owner",), "handover_row": ("to_owner", "new", "old"), "signup": ("owner",),
            "demo_booked": ("owner",)}  # fmt: skip


class OwnerNames(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """All cells that name owners, by how they are compared."""

    cells: Mapping[str, str]

    @classmethod
    def of(cls, events: Mapping[str, Events]) -> OwnerNames:
        """Those of activities, hand-overs, signups and demos."""
        return cls(cells={fold(text): text for words in _owner_words(events) for text in words.texts if text})

    def people(self, text: str) -> tuple[str, ...]:
        """Whom a cell names, in its order.

        What a semicolon tells apart are people.  Commas, slashes and the like tell them apart where each part is an
        owner by itself elsewhere; a comma also where nothing shows that it belongs to names ("Trần, Lan").

        A name of several words without accents is that which is there once with them.

        >>> names = OwnerNames(cells={fold(text): text for text in ("Lan", "Minh", "Lan / Minh", "R&D", "Trần Lân")})
        >>> names.people("tran lan"), names.people("lan")
        (('Trần Lân',), ('lan',))
        >>> names.people("Lan / Minh"), names.people("R&D"), names.people("Hoa;Minh"), names.people("Hoa và Lan")
        (('Lan', 'Minh'), ('R&D',), ('Hoa', 'Minh'), ('Hoa và Lan',))
        """
        return tuple(self._by_marks.get(fold(name), name) for name in self._named(text))

    def _named(self, text: str) -> tuple[str, ...]:
        if len(split := _SURE.split(text)) > 1:
            return tuple(name for part in _parts(split) for name in self._named(part)) or ("",)
        several = _parts(_MAYBE.split(text))
        if len(several) > 1 and all(fold(part) in self.cells for part in several):
            return several
        by_comma = _parts(_COMMA.split(text))
        return by_comma if len(by_comma) > 1 and self._parts_people(by_comma) else (text.strip(),)

    @cached_property
    def _by_marks(self) -> Mapping[str, str]:
        """Names without accents, as they are compared, with the one spelling with accents that they can be."""
        marked: dict[str, list[str]] = {}
        for key, text in self.cells.items():
            if (bare := without_accents(key)) != key and len(bare.split()) > 1:
                marked.setdefault(bare, []).append(text)
        return {bare: texts[0] for bare, texts in marked.items() if len(texts) == 1}

    def without_marks(self) -> list[tuple[str, str]]:
        """The cells that name somebody without accents, each with the name that it is taken for."""
        known = ((text, self._by_marks.get(key)) for key, text in self.cells.items())
        return sorted((text, name) for text, name in known if name is not None)

    def _parts_people(self, parts: tuple[str, ...]) -> bool:
        return any(fold(part) in self.cells for part in parts) or self._with_comma < 2

    @property
    def _with_comma(self) -> int:
        return sum("," in cell for cell in self.cells)

    def first(self, owner: Coded) -> Coded:
        """Of every cell the first whom it names, in one spelling."""
        return in_one_spelling(Coded(owner.codes, [self.people(text)[0] for text in owner.texts]))

    def several(self) -> tuple[list[str], list[str]]:
        """The cells that name several people, and those that look as if they did and are taken for one."""
        known = {cell: len(self.people(cell)) > 1 for cell in sorted(self.cells.values())}
        looks = [cell for cell, is_several in known.items() if not is_several and len(_MAYBE.split(cell)) > 1]
        return [cell for cell, is_several in known.items() if is_several], looks


def _parts(split: list[str]) -> tuple[str, ...]:
    return tuple(part.strip() for part in split if part.strip())


def _owner_words(events: Mapping[str, Events]) -> Iterator[Coded]:
    for name, columns in _COLUMNS.items():
        base = events.get(name)
        if base is not None:
            yield from (base.records.words[column] for column in columns if column in base.records.words)
