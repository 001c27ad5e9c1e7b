"""How rows that end are renewed, as far as a day lets one see: what begins later is not known yet.

They are events on the day of the end, of the row that ends, and so are counted, split and listed like all others.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import date
from functools import cached_property
from weakref import WeakKeyDictionary

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from funnelcli.counting.select import day_number
from funnelcli.facts.dimensions import PLAN
from funnelcli.facts.events import NO_DAY, OPEN_END, UNDATED_END, Events
from funnelcli.facts.model import Facts
from funnelcli.facts.money import UNDECIDED, UNPRICED
from funnelcli.facts.renewals import EARLY, LATE, NOT_RENEWED, ON_TIME, Renewals, renewals_of
from funnelcli.inputs.paid_users import PAID_USERS
from funnelcli.inputs.standing import BY_MRR, NO_MRR, RENEWALS, UNDECIDED_MRR, UNPRICED_MRR

assert PAID_USERS.stays is not None
TERM, AMOUNTS = PAID_USERS.stays.term, PAID_USERS.stays.amounts
_NAMES = frozenset(
    f"{outcome}{what}" for outcome in RENEWALS for what in ("", BY_MRR, UNPRICED_MRR, UNDECIDED_MRR, NO_MRR)
)
_KNOWN: WeakKeyDictionary[Facts, dict[date, Facts]] = WeakKeyDictionary()


class Terms(Struct, frozen=True, kw_only=True, eq=False):
    """The rows that have begun by a day, as ``events`` from ``since`` to ``day``, and what renews each of them.

    Of those that have ended by then, ``outcomes`` are the rows by what became of them; those that nothing renews yet
    are open until their grace is past, then lost.
    """

    events: Events
    renewals: Renewals
    outcomes: Mapping[str, np.ndarray]


def terms_by(facts: Facts, as_of: date) -> Terms | None:
    """What is known by the end of a day of how rows are renewed; None where no export has any that last."""
    every = facts.events.get(TERM)
    if every is None:
        return None
    until, grace = day_number(as_of), facts.config.paid_users.grace_days
    events = every.kept(every.since <= until)
    records, start, end = events.records, events.since, events.day
    plans = records.words.get(facts.dimensions.declared[PLAN].columns[records.input])
    codes = np.zeros(len(events), dtype=np.int64) if plans is None else plans.codes[events.row]
    named = np.zeros(len(events), dtype=bool) if plans is None else plans.that(bool)[events.row]
    known = renewals_of(records.entity[events.row], codes, named, start, end, grace_days=grace)
    due = (end <= until) & (end != OPEN_END) & (end != UNDATED_END)
    left, over = due & (known.how == NOT_RENEWED), until >= end + 1 + grace
    by_name = dict(zip(RENEWALS, (
        due, *(due & (known.how == how) for how in (EARLY, ON_TIME, LATE)), left & over, left & ~over
    ), strict=True))  # fmt: skip
    return Terms(events=events, renewals=known, outcomes=by_name)


def with_renewals(facts: Facts, as_of: date) -> Facts:
    """The facts with the events of renewals, as far as ``as_of`` lets one see; made when they are first asked for."""
    if TERM not in facts.events or isinstance(facts.events, _EventsByDay):
        return facts
    known = _KNOWN.setdefault(facts, {})
    if as_of not in known:
        known[as_of] = replace(facts, events=_EventsByDay(facts, as_of))
    return known[as_of]


def terms_known(facts: Facts) -> Terms | None:
    """How rows are renewed by the day of facts ``with_renewals``; None of others, and where no rows last."""
    return facts.events.terms if isinstance(facts.events, _EventsByDay) else None


class _EventsByDay(Mapping[str, Events]):
    """The events of a folder, and those of the renewals that are known by a day."""

    def __init__(self, facts: Facts, as_of: date) -> None:
        self._facts = replace(facts)  # who asks is a key of what is kept, and must not be held by it
        self._as_of = as_of
        self._renewals: dict[str, Events] | None = None

    @cached_property
    def terms(self) -> Terms | None:
        """How rows are renewed."""
        return terms_by(self._facts, self._as_of)

    def __getitem__(self, name: str) -> Events:
        if name not in _NAMES:
            return self._facts.events[name]
        if self._renewals is None:
            assert self.terms is not None
            self._renewals = {events.name: events for events in _events(self._facts, self.terms)}
        return self._renewals[name]

    def __contains__(self, name: object) -> bool:
        return name in _NAMES or name in self._facts.events

    def __iter__(self) -> Iterator[str]:
        return iter((*self._facts.events, *_NAMES))

    def __len__(self) -> int:
        return len(self._facts.events) + len(_NAMES)


def _events(facts: Facts, terms: Terms) -> Iterator[Events]:
    rows, money = terms.events, terms.events.weight
    has_amounts = any(facts.has_column(PAID_USERS.name, column) for column in AMOUNTS)
    for outcome, chosen in terms.outcomes.items():
        such = _of(outcome, rows, chosen)
        amount = money[chosen]
        yield such
        yield replace(such.kept(amount >= 0), name=outcome + BY_MRR, weight=amount[amount >= 0])
        for suffix, unknown in ((UNPRICED_MRR, UNPRICED), (UNDECIDED_MRR, UNDECIDED)):
            yield _of(outcome + suffix, rows, chosen & (money == unknown) & has_amounts)
        first = np.arange(len(rows)) < (0 if has_amounts else 1)
        yield replace(_of(outcome + NO_MRR, rows, first), day=np.full(int(first.sum()), NO_DAY))


def _of(name: str, rows: Events, chosen: np.ndarray) -> Events:
    return Events.of(name, rows.records, rows.row[chosen], rows.day[chosen], since=rows.since[chosen])
