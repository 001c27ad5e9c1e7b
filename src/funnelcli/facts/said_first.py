"""What a person has that a row does not say: what the earliest of the person's other rows says, of whichever input.

Rows of which no event says when they are come last.  Of rows of one moment those of an earlier input count.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np
from msgspec import Struct

from funnelcli.facts.attributes import NO_ATTRIBUTES, Attributes
from funnelcli.facts.events import NO_DAY, NOBODY, OPEN_END, UNDATED_END, Events, Records
from funnelcli.facts.happened import made_already
from funnelcli.values.dates import DAY_MICROS

NOTHING = -1
_NEVER = OPEN_END * DAY_MICROS


class RowMoments(Struct, frozen=True, kw_only=True, eq=False):
    """When rows are, by the ``events`` that they stand for; those of accounts hold from a day on, of which the latest
    stands first, however early it is.
    """

    events: Mapping[str, Events] = {}
    attributes: Attributes = NO_ATTRIBUTES

    def of(self, records: Records) -> np.ndarray:
        """The first moment that is known of each record, in local microseconds; OPEN_END days where there is none."""
        at = np.full(len(records), _NEVER)
        for events in made_already(self.events):
            if events.records is records:
                known = (events.day > NO_DAY) & (events.day < UNDATED_END)
                np.minimum.at(at, events.row[known], events.at[known])
        return at

    def later(self, records: Records, until: int) -> np.ndarray:
        """Which records are later than a day: nobody knew of them at its end."""
        if records is self.attributes.spread:
            return np.asarray(self.attributes.since > until)
        at = self.of(records)
        return np.asarray((at != _NEVER) & (at // DAY_MICROS > until))


class Column(Struct, frozen=True, eq=False):
    """What the rows of an input say: ``codes`` of ``texts``, NOTHING where they say nothing."""

    records: Records
    codes: np.ndarray
    texts: Sequence[str]


def said_first(columns: Sequence[Column], moments: RowMoments, until: int) -> tuple[np.ndarray, list[str]]:
    """The code of what each person has, NOTHING where no row up to a day says it; and the texts."""
    texts, entities, at, codes = list[str](), *([np.zeros(0, dtype=np.int64)] for _ in range(3))
    for each in columns:
        said = (each.codes != NOTHING) & (each.records.entity != NOBODY)
        if until < OPEN_END:
            said &= ~moments.later(each.records, until)
        rows = np.flatnonzero(said)
        entities.append(each.records.entity[rows])
        at.append(moments.of(each.records)[rows])
        codes.append(each.codes[rows] + len(texts))
        texts += each.texts
    whose, when, code = (np.concatenate(each) for each in (entities, at, codes))
    order = np.lexsort((when, whose))  # of equal ones the earlier input, and the earlier row, stays first
    people, first = np.unique(whose[order], return_index=True)
    values = np.full(int(people.max(initial=NOBODY)) + 1, NOTHING)
    values[people] = code[order[first]]
    return values, texts
