"""What is said of periods that are named by where they stand: ``last-month``."""

from collections.abc import Iterator, Sequence

from funnelcli.text import Message, day_words
from funnelcli.values.figures import Note
from funnelcli.values.period_words import Reckoning, grain_named, is_relative, parse_bound

_STANDS = Message("{word} is {period}, reckoned from {day}.")
_STANDS_ON_LAST = Message(
    "{word} is {period}, reckoned from {day}, the last day of the exports; --as-of today reckons from today."
)


def relative_notes(given: Sequence[str | None], by: Reckoning, *, asked: bool) -> Iterator[Note]:
    """Which period each word like last-month names, and the day it stands on; ``asked`` where that day was asked for.

    >>> from datetime import date
    >>> [note.text.of("en") for note in relative_notes(["last-month"], Reckoning(day=date(2026, 1, 31)), asked=True)]
    ['last-month is Dec 2025, reckoned from 31 Jan 2026.']
    """
    for text in dict.fromkeys(given):
        if text is not None and is_relative(text) and by.day is not None:
            named = parse_bound(text, grain_named(text), last=False, option="", by=by)
            said = _STANDS if asked else _STANDS_ON_LAST
            yield Note("relative-period", said.filled(word=text, period=named.words, day=day_words(by.day)))
