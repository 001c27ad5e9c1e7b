"""Text for people, in English and Vietnamese, and the numbers that stand in it."""

from dataclasses import dataclass
from typing import Literal

Lang = Literal["en", "vi"]
LANGS: tuple[Lang, ...] = ("en", "vi")


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


def grouped(number: float, decimals: int = 0) -> Text:
    """A number for a note, with the marks of each language; at most so many decimals.

    >>> grouped(1040), grouped(11.25, 1).vi, grouped(12.0, 1).en
    (Text(en='1,040', vi='1.040'), '11,2', '12')
    """
    english = f"{number:,.{decimals}f}"
    if "." in english:
        english = english.rstrip("0").rstrip(".")
    return Text(english, english.translate(str.maketrans(",.", ".,")))


def percent(share: float, decimals: int = 1) -> Text:
    """A share for a note, as a percentage.

    >>> percent(0.0314, 2)
    Text(en='3.14%', vi='3,14%')
    """
    number = grouped(share * 100, decimals)
    return Text(f"{number.en}%", f"{number.vi}%")
