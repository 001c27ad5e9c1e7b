"""What accounts of each tier ask for: the tickets of a range by what they are about."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np
from msgspec import Struct

from funnelcli.answers.icp_outcomes import Range
from funnelcli.facts.events import Coded
from funnelcli.facts.spelled import in_one_spelling
from funnelcli.facts.tiers import TIERS

MOST_KINDS = 12
OTHERS, NO_KIND = "other", "unknown"


class Requests(Struct, frozen=True, kw_only=True):
    """The tickets about one thing, by the tier of the account on the day they were opened."""

    kind: str
    tickets: Mapping[str, int]


def requests_of(seen: Range) -> tuple[Requests, ...]:
    """The kinds of tickets, those of most tickets first, the rest together, what names none last.

    None where no file says what tickets are about.
    """
    return tuple(_requests(seen))


def _requests(seen: Range) -> Iterator[Requests]:
    events = seen.counts.facts.events.get("ticket")
    words = None if events is None else events.records.words.get("kind")
    if events is None or words is None or not words.that(bool).any():
        return
    inside = np.flatnonzero((events.day > seen.before) & (events.day <= seen.end))
    row = events.row[inside]
    kinds = in_one_spelling(Coded(words.codes[row], words.texts))
    tier = seen.facts.tiers.of(events.records.entity[row], events.day[inside])
    number = np.zeros((len(kinds.texts), len(TIERS)), dtype=np.int64)
    np.add.at(number, (kinds.codes, tier), 1)
    named = sorted((place for place, text in enumerate(kinds.texts) if text), key=lambda place: -number[place].sum())
    for place in named[:MOST_KINDS]:
        yield _made(kinds.texts[place], number[place])
    if named[MOST_KINDS:]:
        yield _made(OTHERS, number[named[MOST_KINDS:]].sum(axis=0))
    nameless = [place for place, text in enumerate(kinds.texts) if not text]
    if nameless and number[nameless].any():
        yield _made(NO_KIND, number[nameless].sum(axis=0))


def _made(kind: str, number: np.ndarray) -> Requests:
    return Requests(kind=kind, tickets=dict(zip(TIERS, number.tolist(), strict=True)))
