"""Days and numbers in messages that programs read, too: in English as they are typed, else as the language has them."""

from datetime import date

from funnelcli.text import ENGLISH, Lang, Text, day_words, in_marks


class PlainDay(Text, frozen=True):
    """A day in such a message."""

    day: date

    def of(self, lang: Lang) -> str:
        """The day as people write it, in English with its digits alone."""
        return self.day.isoformat() if lang == ENGLISH else day_words(self.day).of(lang)


class PlainNumber(Text, frozen=True):
    """A whole number in such a message."""

    number: int

    def of(self, lang: Lang) -> str:
        """The number with the marks of the language, in English without."""
        return str(self.number) if lang == ENGLISH else in_marks(f"{self.number:,}", lang)


def plain_day(day: date) -> Text:
    """A day for a message that also stands in JSON and CSV.

    >>> plain_day(date(2026, 10, 5)).of("en"), plain_day(date(2026, 10, 5)).of("vi")
    ('2026-10-05', '05/10/2026')
    """
    return PlainDay(day)


def plain(fact: object) -> object:
    """A fact of such a message: days and whole numbers as the language has them, all else as it is.

    >>> from funnelcli.text import Message
    >>> [Message("{n} rows").filled(n=plain(1204)).of(lang) for lang in ("en", "vi")], plain("1204")
    (['1204 rows', '1.204 rows'], '1204')
    """
    if type(fact) is date:
        return PlainDay(fact)
    return PlainNumber(fact) if type(fact) is int else fact
