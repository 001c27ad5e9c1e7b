"""Text for people: messages and what is made of them, put into the words of a language only where they are shown.

A :class:`Message` is English in the code and translated in ``locales/``, the one catalogue; docs/translating.md says
how a new one is written, and how a language is added.
"""

import re
from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from functools import lru_cache
from itertools import chain

from msgspec import Struct

from funnelcli.text.catalogue import ENGLISH as ENGLISH
from funnelcli.text.catalogue import Lang as Lang
from funnelcli.text.catalogue import catalogue_of
from funnelcli.text.catalogue import languages as languages
from funnelcli.text.regex import regex


class Text(Struct, frozen=True):
    """Words for people, in whatever language they are asked for; a :class:`Message`, or something made of such."""

    def of(self, lang: Lang) -> str:
        """The words in ``lang``."""
        raise NotImplementedError

    def filled(self, **facts: object) -> "Text":
        """The text with ``{name}`` replaced; a fact that is itself a Text is said in the language of the whole.

        Of ``[row|rows]`` the first stands where the number before it is 1, of ``[n!it|they]`` where ``n`` is; a
        translation has as many forms as its language, in the order of its plural rule.

        >>> Message("no {stage} export").filled(stage=Message("demos")).of("vi")
        'không có tệp demo'
        >>> [Message("{n} [row is|rows are] left").filled(n=n).of("en") for n in (1, 2)]
        ['1 row is left', '2 rows are left']
        >>> Message("{n} of {name}: [n!it counts|they count]").filled(n=1, name="a.csv").of("en")
        '1 of a.csv: it counts'
        """
        kept = ((name, fact if isinstance(fact, _AS_IT_IS) else _Seen.now(fact)) for name, fact in facts.items())
        return Filled(self, tuple(kept))


class Message(Text, frozen=True, repr_omit_defaults=True):
    """A text of the catalogue: the English stands in the code, as a literal, and is what translations are found by.

    >>> Message("New PU").of("en"), Message("New PU").of("vi")
    ('New PU', 'PU mới')
    """

    words: str
    context: str = ""

    def of(self, lang: Lang) -> str:
        """The words in ``lang``; in English where they are not translated."""
        return self.words if lang == ENGLISH else catalogue_of(lang).words(self.words, self.context)


def in_context(context: str, words: str) -> Message:
    """A message whose English means several things; ``context`` says for translators which of them is meant.

    >>> in_context("what is bought", "Plan").of("vi"), Message("Plan").of("vi")
    ('Gói', 'Kế hoạch')
    """
    return Message(words, context)


class Filled(Text, frozen=True):
    """A text and the facts that stand in it."""

    pattern: Text
    facts: tuple[tuple[str, object], ...]

    def of(self, lang: Lang) -> str:
        """The words in ``lang``."""
        pattern = self.pattern.of(lang)
        if "|" in pattern:
            pattern = in_number(pattern, dict(self.facts), lang)
        return pattern.format(**{name: fact.of(lang) if isinstance(fact, Text) else fact for name, fact in self.facts})


class Joined(Text, frozen=True):
    """Texts with another one between them."""

    separator: Text
    parts: tuple[Text, ...]

    def of(self, lang: Lang) -> str:
        """The words in ``lang``."""
        return self.separator.of(lang).join([part.of(lang) for part in self.parts])


class Verbatim(Text, frozen=True):
    """What is the same in every language: a name, a key, a number without marks."""

    words: str

    def of(self, lang: Lang) -> str:
        """The words, whatever the language."""
        return self.words


class Marked(Text, frozen=True):
    """A number as it is written in English, which other languages write with other marks."""

    english: str

    def of(self, lang: Lang) -> str:
        """The number with the marks of ``lang``."""
        return in_marks(self.english, lang)


class Lowered(Text, frozen=True):
    """A text in small letters, for within a sentence."""

    text: Text

    def of(self, lang: Lang) -> str:
        """The words in ``lang``."""
        return self.text.of(lang).casefold()


_AS_IT_IS = (Text, str, int, float, type(None))  # facts that do not change


class _Seen(Struct, frozen=True):
    """Any other fact as it was when a text was filled with it: in words, and quoted."""

    words: str
    quoted: str

    @classmethod
    def now(cls, fact: object) -> "_Seen":
        return cls(str(fact), repr(fact))

    def __str__(self) -> str:
        return self.words

    def __repr__(self) -> str:
        return self.quoted


_FORMS = regex(r"\{(\w+)[^{}]*\}|\[(?:(\w+)!)?([^\[\]|{}]*(?:\|[^\[\]|{}]*)+)\]")


def in_number(pattern: str, facts: Mapping[str, object], lang: Lang = ENGLISH) -> str:
    """A pattern in which each ``[row|rows]`` is the form that the fact before it wants; the last without one.

    >>> in_number("{n} [row|rows]", {}), in_number("{n} [row|rows]", {"n": 1})
    ('{n} rows', '{n} row')
    """
    if "|" not in pattern:
        return pattern
    before: object = None

    def form(part: re.Match[str]) -> str:
        nonlocal before
        name, of, forms = part.groups()
        if name is not None:
            before = facts.get(name)
            return part[0]
        number = _whole(facts.get(of) if of is not None else before)
        choice = forms.split("|")
        return str(choice[-1] if number is None else choice[min(catalogue_of(lang).form(number), len(choice) - 1)])

    return _FORMS.sub(form, pattern)


def _whole(fact: object) -> int | None:
    """A fact that is a whole number from 0 up, however it is written; None for any other."""
    text = (fact.of(ENGLISH) if isinstance(fact, Text) else str(fact)).replace(",", "")
    return int(text) if text.isdecimal() else None


def said_in_all(text: Text) -> tuple[str, ...]:
    """The words in every language that there is: what a page says that may be written in any of them.

    >>> said_in_all(Message("Metric"))
    ('Metric', 'Chỉ số')
    """
    return tuple(dict.fromkeys(text.of(lang) for lang in languages()))


# --- numbers and days -------------------------------------------------------------------------------------------------


def grouped(number: float, decimals: int = 0) -> Text:
    """A number for a note, with the marks of each language; at most so many decimals.

    >>> grouped(1040).of("en"), grouped(1040).of("vi"), grouped(11.25, 1).of("vi"), grouped(12.0, 1).of("en")
    ('1,040', '1.040', '11,2', '12')
    """
    english = f"{number:,.{decimals}f}"
    if "." in english:
        english = english.rstrip("0").rstrip(".")
    return Marked(english)


# Translators: the mark between thousands, and the decimal mark.
_MARKS = (in_context("mark", ","), in_context("mark", "."))


def in_marks(english: str, lang: Lang) -> str:
    """A number as it is written in English, with the marks of a language.

    >>> in_marks("1,040.50", "vi")
    '1.040,50'
    """
    return english if lang == ENGLISH else english.translate({ord(mark.words): mark.of(lang) for mark in _MARKS})


def decimal_mark(lang: Lang) -> str:
    """The decimal mark of a language.

    >>> decimal_mark("en"), decimal_mark("vi")
    ('.', ',')
    """
    return _MARKS[1].of(lang)


# Translators: a share of a hundred.
PERCENT = in_context("number", "{number}%")


def percent(share: float, decimals: int = 1) -> Text:
    """A share for a note, as a percentage.

    >>> percent(0.0314, 2).of("en"), percent(0.0314, 2).of("vi")
    ('3.14%', '3,14%')
    """
    return PERCENT.filled(number=grouped(share * 100, decimals))


# Translators: the months as they stand in dates.
_MONTHS = (
    in_context("month", "Jan"), in_context("month", "Feb"), in_context("month", "Mar"), in_context("month", "Apr"),
    in_context("month", "May"), in_context("month", "Jun"), in_context("month", "Jul"), in_context("month", "Aug"),
    in_context("month", "Sep"), in_context("month", "Oct"), in_context("month", "Nov"), in_context("month", "Dec"),
)  # fmt: skip
# Translators: a day is {day} 5 or {dd} 05; a month {month} May, {m} 5 or {mm} 05; a year {year} 2026.
_DAY, _MONTH = in_context("date", "{day} {month} {year}"), in_context("date", "{month} {year}")
_ONE_OR_TWO = r"\d{1,2}"  # digits of a day or month
_QUARTER = in_context("date", "Q{quarter} {year}")


def day_words(day: date) -> Text:
    """A day as people write it.

    >>> day_words(date(2026, 10, 5)).of("en"), day_words(date(2026, 10, 5)).of("vi")
    ('5 Oct 2026', '05/10/2026')
    """
    return _DAY.filled(**_parts_of(day))


def day_written(text: str, lang: Lang) -> date | None:
    """The day that a text begins with, as it is written in a language; None where it begins with none.

    >>> day_written("05/10/2026, 8:30", "vi"), day_written("5 Oct 2026", "vi")
    (datetime.date(2026, 10, 5), None)
    """
    months = tuple(month.of(lang).casefold() for month in _MONTHS)
    return _date_of(_form_of(_DAY.of(lang), months).match(text), months)


def month_written(text: str) -> date | None:
    """The first day of the month that a text says, as it is written in any language; None where it says none.

    >>> month_written("Oct 2026"), month_written("Oct 20")
    (datetime.date(2026, 10, 1), None)
    """
    for lang in languages():
        months = tuple(month.of(lang).casefold() for month in _MONTHS)
        if said := _date_of(_form_of(_MONTH.of(lang), months).fullmatch(text), months):
            return said
    return None


@lru_cache(maxsize=64)
def _form_of(pattern: str, months: tuple[str, ...]) -> re.Pattern[str]:
    """What a day or month looks like that is written by a pattern of the catalogue."""
    forms = {"month": "|".join(map(re.escape, months)), "year": r"\d{4}", "dd": r"\d\d", "mm": r"\d\d"}
    pieces = re.split(r"\{(\w+)\}", pattern)
    named = (f"(?P<{name}>{forms.get(name, _ONE_OR_TWO)})" for name in pieces[1::2])
    return re.compile("".join(chain(*zip(map(re.escape, pieces[::2]), [*named, ""], strict=True))), re.IGNORECASE)


def _date_of(match: re.Match[str] | None, months: Sequence[str]) -> date | None:
    parts = match.groupdict() if match else {}
    try:
        month = months.index(parts["month"].casefold()) + 1 if "month" in parts else int(parts.get("mm") or parts["m"])
        return date(int(parts["year"]), month, int(parts.get("dd") or parts.get("day") or 1))
    except (KeyError, ValueError):
        return None


def month_words(month: date) -> Text:
    """The month of a day as people write it.

    >>> month_words(date(2026, 10, 5)).of("en"), month_words(date(2026, 10, 5)).of("vi")
    ('Oct 2026', '10/2026')
    """
    return _MONTH.filled(**_parts_of(month))


def quarter_words(first: date) -> Text:
    """The quarter of a day as people write it.

    >>> quarter_words(date(2026, 10, 5)).of("en"), quarter_words(date(2026, 10, 5)).of("vi")
    ('Q4 2026', 'Quý 4/2026')
    """
    return _QUARTER.filled(quarter=(first.month + 2) // 3, year=first.year)


def _parts_of(day: date) -> Mapping[str, object]:
    return {
        "day": day.day, "dd": f"{day.day:02}", "month": _MONTHS[day.month - 1], "m": day.month, "mm": f"{day.month:02}",
        "year": day.year,
    }  # fmt: skip


# --- texts made of others ---------------------------------------------------------------------------------------------


def as_text(words: Text | str) -> Text:
    """Words that are the same in every language (a name, a number) as a Text.

    >>> as_text("demos.csv").of("vi")
    'demos.csv'
    """
    return words if isinstance(words, Text) else Verbatim(words)


# Translators: what a system or a library says in English, so that one sees whose words they are.
_FOREIGN = in_context("quoted", "{words}")


def foreign(words: object) -> Text:
    """What the system or a library says in English: quoted within other languages, so that one sees whose it is.

    >>> foreign("no such table").of("vi")
    '“no such table”'
    """
    return _FOREIGN.filled(words=words)


def joined(separator: Text | str, parts: Iterable[Text | str]) -> Text:
    """The parts with the separator between them.

    >>> joined(OR, ["a", "b"]).of("en"), joined(OR, ["a", "b"]).of("vi")
    ('a or b', 'a hoặc b')
    """
    return Joined(as_text(separator), tuple(as_text(part) for part in parts))


OR = Message(" or ")
AND = Message(" and ")
COMMA = in_context("list", ", ")
NOTHING = Verbatim("")


def known_languages() -> Text:
    """Which languages there are."""
    return Message("The languages are {names}.").filled(names=joined(AND, languages()))


def did_you_mean(names: Sequence[str]) -> Text:
    """A guess at what was meant, with a space before it; nothing where there is no guess.

    >>> did_you_mean(["demos"]).of("en"), did_you_mean([]).of("vi")
    (' Did you mean demos?', '')
    """
    if not names:
        return NOTHING
    return Message(" Did you mean {names}?").filled(names=joined(OR, names))


class TextError(ValueError):
    """A value cannot be read; ``text`` says why, the error itself in English."""

    def __init__(self, text: Text) -> None:
        super().__init__(text.of(ENGLISH))
        self.text = text
