"""Text for people, in English and Vietnamese, and the numbers that stand in it."""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from typing import Literal

from msgspec import Struct

Lang = Literal["en", "vi"]
LANGS: tuple[Lang, ...] = ("en", "vi")


class Text(Struct, frozen=True):
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

        Of ``[row|rows]`` the first stands where the number before it is 1, of ``[n!it|they]`` where ``n`` is: English
        has two forms, Vietnamese one.

        >>> Text("no {x}", "không có {x}").filled(x=Text("demos", "demo")).vi
        'không có demo'
        >>> [Text("{n} [row is|rows are] left", "còn {n} dòng").filled(n=n).en for n in (1, 2)]
        ['1 row is left', '2 rows are left']
        >>> Text("{n} of {name}: [n!it counts|they count]", "").filled(n=1, name="a.csv").en
        '1 of a.csv: it counts'
        """

        def side(lang: Lang) -> dict[str, object]:
            return {k: v.of(lang) if isinstance(v, Text) else v for k, v in facts.items()}

        english = side("en")
        return Text(in_number(self.en, english).format(**english), self.vi.format(**side("vi")))


_FORMS = re.compile(r"\{(\w+)[^{}]*\}|\[(?:(\w+)!)?([^\[\]|{}]*)\|([^\[\]|{}]*)\]")


def in_number(pattern: str, facts: Mapping[str, object]) -> str:
    """A pattern in which each ``[singular|plural]`` is what the fact before it wants; plural without one.

    >>> in_number("{n} [row|rows]", {})
    '{n} rows'
    """
    if "|" not in pattern:
        return pattern
    before: object = None

    def form(part: re.Match[str]) -> str:
        nonlocal before
        name, of, singular, plural = part.groups()
        if name is not None:
            before = facts.get(name)
            return part[0]
        number = facts.get(of) if of is not None else before
        return str(singular if str(number) == "1" else plural)

    return _FORMS.sub(form, pattern)


def grouped(number: float, decimals: int = 0) -> Text:
    """A number for a note, with the marks of each language; at most so many decimals.

    >>> grouped(1040), grouped(11.25, 1).vi, grouped(12.0, 1).en
    (Text(en='1,040', vi='1.040'), '11,2', '12')
    """
    english = f"{number:,.{decimals}f}"
    if "." in english:
        english = english.rstrip("0").rstrip(".")
    return marked(english)


def marked(english: str) -> Text:
    """A number as it is written in English, and with the marks of Vietnamese.

    >>> marked("1,040.50").vi
    '1.040,50'
    """
    return Text(english, english.translate(str.maketrans(",.", ".,")))


def percent(share: float, decimals: int = 1) -> Text:
    """A share for a note, as a percentage.

    >>> percent(0.0314, 2)
    Text(en='3.14%', vi='3,14%')
    """
    number = grouped(share * 100, decimals)
    return Text(f"{number.en}%", f"{number.vi}%")


_MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")


def day_words(day: date) -> Text:
    """A day as people write it.

    >>> day_words(date(2026, 10, 5))
    Text(en='5 Oct 2026', vi='05/10/2026')
    """
    return Text(f"{day.day} {_MONTHS[day.month - 1]} {day.year}", f"{day:%d/%m/%Y}")


def month_words(month: date) -> Text:
    """The month of a day as people write it.

    >>> month_words(date(2026, 10, 5))
    Text(en='Oct 2026', vi='10/2026')
    """
    return Text(f"{_MONTHS[month.month - 1]} {month.year}", f"{month:%m/%Y}")


# --- texts made of others ---------------------------------------------------------------------------------------------


def as_text(words: Text | str) -> Text:
    """Words that are the same in both languages (a name, a number) as a Text.

    >>> as_text("demos.csv").vi
    'demos.csv'
    """
    return words if isinstance(words, Text) else Text(words, words)


def foreign(words: object) -> Text:
    """What the system or a library says in English: quoted within Vietnamese, so that one sees whose words they are.

    >>> foreign("no such table").vi
    '“no such table”'
    """
    return Text(str(words), f"“{words}”")


def joined(separator: Text | str, parts: Iterable[Text | str]) -> Text:
    """The parts with the separator between them, each language its own.

    >>> joined(OR, ["a", "b"])
    Text(en='a or b', vi='a hoặc b')
    """
    texts, between = [as_text(part) for part in parts], as_text(separator)
    return Text(between.en.join(text.en for text in texts), between.vi.join(text.vi for text in texts))


OR = Text(" or ", " hoặc ")
AND = Text(" and ", " và ")
NOTHING = Text("", "")
KNOWN_LANGUAGES = Text("The languages are en and vi.", "Các ngôn ngữ là en và vi.")


def did_you_mean(names: Sequence[str]) -> Text:
    """A guess at what was meant, with a space before it; nothing where there is no guess.

    >>> did_you_mean(["demos"]).en, did_you_mean([]).vi
    (' Did you mean demos?', '')
    """
    if not names:
        return NOTHING
    return Text(" Did you mean {names}?", " Ý bạn là {names}?").filled(names=joined(OR, names))


class TextError(ValueError):
    """A value cannot be read; ``text`` says why in both languages, the error itself in English."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.en)
        self.text = text
