"""Units, bilingual texts, and values that may be missing."""

from dataclasses import dataclass
from enum import StrEnum
from typing import Literal

Lang = Literal["en", "vi"]
LANGS: tuple[Lang, ...] = ("en", "vi")


class Unit(StrEnum):
    """What a figure counts; decides how a renderer writes it."""

    PEOPLE = "people"
    VISITS = "visits"
    DEMOS = "demos"
    CUSTOMERS = "customers"
    RATE = "rate"
    AMOUNT = "amount"


@dataclass(frozen=True)
class Text:
    """The same words in English and Vietnamese.

    >>> Text("New PU", "PU mới").of("vi")
    'PU mới'
    """

    en: str
    vi: str

    def of(self, lang: Lang) -> str:
        """The words in ``lang``."""
        return self.vi if lang == "vi" else self.en

    def filled(self, **facts: object) -> "Text":
        """Both texts with ``{name}`` replaced; a fact that is itself a Text gives each language its own.

        >>> Text("no {x}", "không có {x}").filled(x=Text("demos", "demo")).vi
        'không có demo'
        """

        def side(lang: Lang) -> dict[str, object]:
            return {k: v.of(lang) if isinstance(v, Text) else v for k, v in facts.items()}

        return Text(self.en.format(**side("en")), self.vi.format(**side("vi")))


@dataclass(frozen=True)
class Missing:
    """No figure, and why.  ``code`` is stable; ``reason`` is for people."""

    code: str
    reason: Text


@dataclass(frozen=True, kw_only=True)
class Value:
    """One figure: a raw number or a reason, and for a rate what was divided by what.

    Rates are shares, 0 to 1 and possibly above; counts are whole.
    """

    value: float | None
    numerator: float | None = None
    denominator: float | None = None
    missing: Missing | None = None

    def __post_init__(self) -> None:
        if (self.value is None) == (self.missing is None):
            raise ValueError("a value is either a number or missing with a reason")


@dataclass(frozen=True)
class Note:
    """Something the reader should know about the figures; ``code`` is stable, ``text`` for people."""

    code: str
    text: Text
