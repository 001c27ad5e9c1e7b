"""Hand-overs: what rows say of leads that went to sales, and the hand-overs that these come to by a moment.

A lead is handed over once until it comes back: further rows before that say it again, or name another who has it.  What
stands in no file of hand-overs is made of what else there is; which, ``rule`` says.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Literal

import numpy as np
from msgspec import Struct

from funnelcli.config import Config
from funnelcli.facts.events import NOBODY, Coded, Events, Records
from funnelcli.facts.timeline import Timeline
from funnelcli.inputs.handovers import OWNER_FIELD
from funnelcli.inputs.interest import interest_of
from funnelcli.text.regex import regex
from funnelcli.values.channels import matches
from funnelcli.values.dates import DAY_MICROS
from funnelcli.values.statuses import status_key

Rule = Literal["handovers", "owners", "became_mql", "owner_assigned", "trigger", "demo_booked", "signup"]
NEVER = 2**62
_SEVERAL = regex(r"\s*[;,]\s*")


class Dated(Struct, frozen=True, kw_only=True, eq=False):
    """Moments in local microseconds, NEVER where there is none, and whether each has a time of day."""

    at: np.ndarray
    timed: np.ndarray

    @classmethod
    def of_links(cls, size: int, events: Events | None) -> Dated:
        """Of each of so many things the first of the events that are tied to it by their links."""
        at, timed = np.full(size, NEVER), np.zeros(size, dtype=bool)
        if events is not None and len(events):
            order = np.argsort(events.at, kind="stable")[::-1]
            at[events.link[order]], timed[events.link[order]] = events.at[order], events.timed[order]
        return cls(at=at, timed=timed)

    def taken(self, places: np.ndarray) -> Dated:
        """Those at some places, none at a place below 0."""
        if not len(self.at):
            return Dated(at=np.full(len(places), NEVER), timed=np.zeros(len(places), dtype=bool))
        there = places >= 0
        return Dated(at=np.where(there, self.at[places], NEVER), timed=there & self.timed[places])

    def by(self, until: int) -> Dated:
        """Those up to a moment; of bare days those that have begun by then."""
        known = self.at <= until
        return Dated(at=np.where(known, self.at, NEVER), timed=self.timed & known)

    @property
    def there(self) -> np.ndarray:
        """Where there is one."""
        return np.asarray(self.at < NEVER)


class HandoverRows(Struct, frozen=True, kw_only=True, eq=False):
    """Rows by which leads go to somebody, in the order of lead and moment; and when leads came back, likewise.

    ``row`` is the place of each in ``records``, ``owner`` who has the lead from then on.  Of what comes back ``reason``
    says why.  ``only_if_open`` are changes within sales, which hand nothing over by themselves.
    """

    rule: Rule
    records: Records
    row: np.ndarray
    entity: np.ndarray
    when: Dated
    owner: Coded
    accepted: Dated
    only_if_open: np.ndarray
    back_entity: np.ndarray
    back: Dated
    reason: Coded
    has_returns: bool

    def __len__(self) -> int:
        return len(self.row)


class Handovers(Struct, frozen=True, kw_only=True, eq=False):
    """Leads handed over by a moment, in the order of lead and moment.

    ``row`` is the place in ``records`` of the row that says so, ``owner`` who has the lead by then, ``first`` and
    ``last`` the places of its rows.  ``again`` says that the lead had been handed over before.  ``repeated`` rows only
    say again what earlier ones do.
    """

    rows: HandoverRows
    row: np.ndarray
    entity: np.ndarray
    when: Dated
    owner: Coded
    accepted: Dated
    returned: Dated
    reason: Coded
    again: np.ndarray
    first: np.ndarray
    last: np.ndarray
    repeated: int

    def __len__(self) -> int:
        return len(self.row)

    @property
    def day(self) -> np.ndarray:
        """The local day of each."""
        return np.asarray(self.when.at // DAY_MICROS)


def handovers_by(rows: HandoverRows, until: int) -> Handovers:
    """The hand-overs that rows come to by a moment: nothing that is later is known."""
    known = np.flatnonzero(rows.when.at <= until)
    entity, at = rows.entity[known], rows.when.at[known]
    came_back = np.flatnonzero(rows.back.at <= until)
    back_entity, back_at = rows.back_entity[came_back], rows.back.at[came_back]
    same = np.zeros(len(known), dtype=bool)
    same[1:] = entity[1:] == entity[:-1]
    line = Timeline.of(back_entity, back_at)
    before = line.place(entity, at, "right")
    begins = ~same
    begins[1:] |= same[1:] & (before[1:] > before[:-1])
    begins &= ~(rows.only_if_open[known] & ~same)
    group = np.cumsum(begins) - 1
    begun = np.flatnonzero(begins)
    kept = np.flatnonzero((group >= 0) & _same_entity(entity, begun, group))
    known, group = known[kept], group[kept]
    first = np.searchsorted(group, np.arange(len(begun)), side="left")
    last = np.searchsorted(group, np.arange(len(begun)), side="right") - 1
    place, latest = known[first], known[last]
    returned = _returned(rows, line, came_back, place)
    accepted = rows.accepted.by(until)
    of_group = np.full(len(begun), NEVER)
    np.minimum.at(of_group, group, accepted.at[known])
    timed = np.zeros(len(begun), dtype=bool)
    np.logical_or.at(timed, group, accepted.timed[known] & (accepted.at[known] == of_group[group]))
    again = np.zeros(len(begun), dtype=bool)
    again[1:] = rows.entity[place][1:] == rows.entity[place][:-1]
    owners = rows.owner.codes[known]
    says_again = (group[1:] == group[:-1]) & (owners[1:] == owners[:-1])
    return Handovers(
        rows=rows, row=rows.row[place], entity=rows.entity[place], when=rows.when.taken(place),
        owner=Coded(rows.owner.codes[latest], rows.owner.texts), accepted=Dated(at=of_group, timed=timed),
        returned=rows.back.taken(returned), again=again, first=place, last=latest, repeated=int(says_again.sum()),
        reason=Coded(np.where(returned >= 0, rows.reason.codes[returned] if len(rows.reason) else 0, 0),
                     rows.reason.texts),
    )  # fmt: skip


def _same_entity(entity: np.ndarray, begun: np.ndarray, group: np.ndarray) -> np.ndarray:
    """Whether each row is of the lead whose hand-over it would belong to."""
    if not len(begun):
        return np.zeros(len(entity), dtype=bool)
    return np.asarray(entity[begun[np.maximum(group, 0)]] == entity)


def _returned(rows: HandoverRows, line: Timeline, came_back: np.ndarray, place: np.ndarray) -> np.ndarray:
    """Of each hand-over the place of its return, below 0 where it has none: before the lead's next one, if any."""
    entity, at = rows.entity[place], rows.when.at[place]
    until = np.full(len(place), NEVER)
    until[:-1] = np.where(entity[1:] == entity[:-1], at[1:], NEVER)
    back = line.place(entity, at)
    there = line.there(back, entity)
    there[there] &= line.at[back[there]] <= until[there]
    returned = np.full(len(place), -1)
    returned[there] = came_back[line.order[back[there]]]
    return returned


def handover_rows(config: Config, events: Mapping[str, Events]) -> HandoverRows | None:
    """The rows of hand-overs of a folder: those of its files, else what is first found; None where there is nothing."""
    for make in (_of_files, _of_dates, _of_triggers):
        for rows in make(config, events):
            if len(rows):
                return rows
    return next(_plain("signup", events["signup"], events), None) if "signup" in events else None


def _of_files(config: Config, events: Mapping[str, Events]) -> Iterator[HandoverRows]:
    """What files of hand-overs say, or histories of owners."""
    base = events.get("handover_row")
    if base is None or not len(base):
        return
    records, size = base.records, len(base.records)
    if "new" in records.words:
        yield _of_changes(config, base)
        return
    accepted, back = (Dated.of_links(size, events.get(f"handover_{what}_row")) for what in ("accepted", "returned"))
    at = np.full(size, NEVER)
    at[base.row] = base.at
    day = (back.at // DAY_MICROS == at // DAY_MICROS) & ~back.timed
    back = Dated(at=np.where(back.there & day, np.maximum(back.at, at), back.at), timed=back.timed)
    gone = np.flatnonzero(back.there & (at < NEVER) & (back.at >= at))
    reason = records.words.get("return_reason", Coded.same("", size))
    came_back = (records.entity[gone], back.taken(gone), Coded(reason.codes[gone], reason.texts))
    yield _ordered(
        "handovers", base, _first_named(records.words.get("to_owner", Coded.same("", size))), accepted,
        np.zeros(len(base), dtype=bool), came_back, has_returns="handover_returned_row" in events,
    )  # fmt: skip


def _of_changes(config: Config, base: Events) -> HandoverRows:
    """What a history of owners says: from marketing, or a queue, to sales is a hand-over, the way back a return."""
    records = base.records
    new, old = records.words["new"], records.words.get("old", Coded.same("", len(records)))
    owners = config.sla.marketing.owners
    field = records.words.get("field", Coded.same("", len(records)))
    is_owner = field.that(lambda text: not text or regex(OWNER_FIELD).search(status_key(text)) is not None)[base.row]
    to_us = new.that(lambda text: not text or matches(text, owners))[base.row]
    from_us = old.that(lambda text: not text or matches(text, owners))[base.row]
    handed = base.kept(is_owner & ~to_us)
    back = base.kept(is_owner & to_us & ~from_us)
    order = np.lexsort((back.at, records.entity[back.row]))
    gone = back.kept(order[records.entity[back.row[order]] != NOBODY])
    nothing = Dated(at=np.full(len(records), NEVER), timed=np.zeros(len(records), dtype=bool))
    return _ordered(
        "owners", handed, _first_named(new), nothing, (is_owner & ~to_us & ~from_us)[is_owner & ~to_us],
        (records.entity[gone.row], Dated(at=gone.at, timed=np.asarray(gone.timed)), Coded.same("", len(gone))),
        has_returns=True,
    )  # fmt: skip


def _of_dates(config: Config, events: Mapping[str, Events]) -> Iterator[HandoverRows]:
    """What lists of leads say of themselves: when each became an MQL, else when it was given to its owner."""
    for name in ("became_mql", "owner_assigned"):
        if name in events:
            yield from _plain(name, events[name], events)


def _of_triggers(config: Config, events: Mapping[str, Events]) -> Iterator[HandoverRows]:
    """The first activity of each lead that is a trigger of the agreement, else the first demo that it booked."""
    activities = events.get("activity")
    if config.sla.triggers and activities is not None and "kind" in activities.records.words:
        yield from _plain("trigger", triggered(config, activities), events)
    if "demo_booked" in events:
        yield from _plain("demo_booked", events["demo_booked"], events)


def triggered(config: Config, activities: Events) -> Events:
    """The activities that are triggers of the agreement, by their kind."""
    globs = tuple(status_key(trigger.replace("*", "xx")).replace("xx", "*") for trigger in config.sla.triggers)
    named = list(config.sla.triggers)
    fits = activities.records.words["kind"].that(
        lambda text: matches(status_key(text), globs) or interest_of(text, named) is not None
    )
    return activities.kept(fits[activities.row])


def _plain(rule: Rule, base: Events, events: Mapping[str, Events]) -> Iterator[HandoverRows]:
    """The first event of each lead as its hand-over; who has it the row says, and when it became an SQL."""
    records = base.records
    entity = records.entity[base.row]
    order = np.lexsort((base.at, entity))
    order = order[entity[order] != NOBODY]
    first = order[np.unique(entity[order], return_index=True)[1]]
    accepted = Dated(at=np.full(len(records), NEVER), timed=np.zeros(len(records), dtype=bool))
    became = events.get("became_sql") if rule in ("became_mql", "owner_assigned") else None
    if became is not None and became.records is records:
        accepted.at[became.row], accepted.timed[became.row] = became.at, became.timed
    none = Dated(at=np.zeros(0, dtype=np.int64), timed=np.zeros(0, dtype=bool))
    owner = records.words.get("owner", Coded.same("", len(records)))
    yield _ordered(
        rule, base.kept(first), _first_named(owner), accepted, np.zeros(len(first), dtype=bool),
        (np.zeros(0, dtype=np.int64), none, Coded.same("", 0)), has_returns=False,
    )  # fmt: skip


def _ordered(
    rule: Rule,
    base: Events,
    owner: Coded,
    accepted: Dated,
    only_if_open: np.ndarray,
    came_back: tuple[np.ndarray, Dated, Coded],
    *,
    has_returns: bool,
) -> HandoverRows:
    """Rows of hand-overs in the order of lead and moment; ``owner`` and ``accepted`` are those of all records."""
    records = base.records
    entity = records.entity[base.row]
    order = np.lexsort((base.row, base.at, entity))
    order = order[entity[order] != NOBODY]
    back_entity, back, reason = came_back
    of_back = np.lexsort((back.at, back_entity))
    row = base.row[order]
    return HandoverRows(
        rule=rule, records=records, row=row, entity=entity[order],
        when=Dated(at=base.at[order], timed=np.asarray(base.timed)[order]),
        owner=Coded(owner.codes[row], owner.texts), accepted=accepted.taken(row), only_if_open=only_if_open[order],
        back_entity=back_entity[of_back], back=back.taken(of_back), has_returns=has_returns,
        reason=Coded(reason.codes[of_back], reason.texts),
    )  # fmt: skip


def _first_named(owner: Coded) -> Coded:
    """Of cells that name several the first."""
    return Coded(owner.codes, [_SEVERAL.split(text.strip())[0] for text in owner.texts])
