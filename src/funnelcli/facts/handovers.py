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
from funnelcli.facts.owner_changes import owner_changes
from funnelcli.facts.owners import OwnerNames
from funnelcli.facts.tied import NEVER as NEVER
from funnelcli.facts.tied import Dated as Dated
from funnelcli.inputs.interest import interest_of
from funnelcli.values.channels import matches
from funnelcli.values.dates import DAY_MICROS
from funnelcli.values.statuses import status_key

Rule = Literal["handovers", "owners", "became_mql", "owner_assigned", "trigger", "demo_booked", "signup"]
_TAKEN: tuple[Rule, ...] = ("demo_booked", "signup")  # what is taken for a hand-over where nothing says any


class HandoverRows(Struct, frozen=True, kw_only=True, eq=False):
    """Rows by which leads go to somebody, in the order of lead and moment, a bare day after the moments of it.

    ``row`` is the place of each in ``records``, ``owner`` who has the lead from then on, ``accepted`` and ``returned``
    what is said of that row, and ``reason`` why it came back.  ``only_if_open`` are changes within sales, which hand
    nothing over by themselves.  ``early`` rows are accepted or returned before they are handed over: it says nothing.
    """

    rule: Rule
    records: Records
    row: np.ndarray
    entity: np.ndarray
    when: Dated
    owner: Coded
    accepted: Dated
    returned: Dated
    reason: Coded
    only_if_open: np.ndarray
    has_returns: bool
    early: int = 0

    def __len__(self) -> int:
        return len(self.row)


class Handovers(Struct, frozen=True, kw_only=True, eq=False):
    """Leads handed over by a moment, in the order of lead and moment.

    ``row`` is the place in ``records`` of the row that says so, ``owner`` who has the lead by then.  ``again`` says
    that the lead had been handed over before.  ``repeated`` rows only say again what earlier ones do.
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
    repeated: int

    def __len__(self) -> int:
        return len(self.row)

    @property
    def day(self) -> np.ndarray:
        """The local day of each."""
        return np.asarray(self.when.at // DAY_MICROS)

    @property
    def begin(self) -> np.ndarray:
        """From when on what happens to the lead is of each: of a bare day its beginning, or what came back on it."""
        begin, ended = self.when.at.copy(), self.returned.end
        after = np.flatnonzero(self.again & ~self.when.timed)
        begin[after] = np.maximum(begin[after], ended[after - 1] + 1)
        return begin


def handovers_by(rows: HandoverRows, until: int) -> Handovers:
    """The hand-overs that rows come to by a moment: nothing that is later is known."""
    known = np.flatnonzero(rows.when.at <= until)
    entity, returned = rows.entity[known], rows.returned.by(until).taken(known)
    begins, joins = _walked(entity, rows.when.taken(known), returned, rows.only_if_open[known])
    group = np.cumsum(begins)[joins] - 1
    known, returned = known[joins], returned.taken(np.flatnonzero(joins))
    first, last = (np.searchsorted(group, np.arange(begins.sum()), side=side) for side in ("left", "right"))
    place, latest = known[first], known[last - 1]
    came_back = _earliest(group, returned.at, first)
    accepted = rows.accepted.by(until).taken(known).unless_after(returned.taken(came_back[group]))
    again = np.zeros(len(place), dtype=bool)
    again[1:] = rows.entity[place][1:] == rows.entity[place][:-1]
    owners = rows.owner.codes[known]
    says_again = (group[1:] == group[:-1]) & (owners[1:] == owners[:-1])
    return Handovers(
        rows=rows, row=rows.row[place], entity=rows.entity[place], when=rows.when.taken(place),
        owner=Coded(rows.owner.codes[latest], rows.owner.texts),
        accepted=accepted.taken(_earliest(group, accepted.at, first)), returned=returned.taken(came_back), again=again,
        repeated=int(says_again.sum()), reason=_reasons(rows, known[came_back], returned.there[came_back]),
    )  # fmt: skip


def _reasons(rows: HandoverRows, places: np.ndarray, came_back: np.ndarray) -> Coded:
    """Why those came back that did; of the others nothing."""
    texts = [*rows.reason.texts, ""]
    return Coded(np.where(came_back, rows.reason.codes[places], len(texts) - 1), texts)


def _walked(
    entity: np.ndarray, when: Dated, returned: Dated, only_if_open: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Which rows begin a hand-over, and which are of any: the rows of each lead one after the other, all leads at once.

    A row begins one where the lead is not out, for it has never been or has come back by then.
    """
    is_first = np.ones(len(entity), dtype=bool)
    is_first[1:] = entity[1:] != entity[:-1]
    place = np.flatnonzero(is_first)
    size = np.diff(place, append=len(entity))
    begins = is_first & ~only_if_open
    joins = begins | ~is_first
    # Where nothing comes back and all is handed over, the first row is all that begins anything.
    moves = np.zeros(len(entity), dtype=np.int64)
    moves[np.cumsum(is_first)[returned.there | only_if_open] - 1] = 1
    more = (moves[: len(place)] > 0) & (size > 1)
    place, size = place[more], size[more]
    is_out, back = begins[place], returned.where(begins).taken(place)
    for number in range(1, int(size.max(initial=1))):
        longer = size > number
        place, size, is_out, back = place[longer], size[longer], is_out[longer], back.taken(np.flatnonzero(longer))
        row = place + number
        is_out &= ~back.by_start(when.taken(row))
        begins[row] = ~is_out & ~only_if_open[row]
        joins[row] = is_out | begins[row]
        own = returned.taken(row).where(joins[row])
        sooner = begins[row] | (own.at < back.at)
        back = Dated(at=np.where(sooner, own.at, back.at), timed=np.where(sooner, own.timed, back.timed))
        is_out = joins[row]
    return begins, joins


def _earliest(group: np.ndarray, at: np.ndarray, first: np.ndarray) -> np.ndarray:
    """The place of the earliest moment of each group, the first of equal ones; ``first`` are where the groups begin."""
    order = np.lexsort((at, group))
    return np.asarray(order[first])


def said_rows(config: Config, events: Mapping[str, Events]) -> HandoverRows | None:
    """The hand-overs that rows of files say, else dates of lists of leads, else what sets them off; None of none."""
    ways = (make(config, events) for make in (_of_files, _of_dates, _of_triggers))
    return next((rows for way in ways for rows in way if len(rows)), None)


def handover_rows(config: Config, events: Mapping[str, Events]) -> HandoverRows | None:
    """The hand-overs that are said, else what is first found that is taken for one; None where there is nothing."""
    said = said_rows(config, events)
    if said is not None:
        return said
    taken = (next(_plain(name, events[name], events)) for name in _TAKEN if name in events)
    return next((rows for rows in taken if len(rows) or rows.rule == "signup"), None)


def _of_files(config: Config, events: Mapping[str, Events]) -> Iterator[HandoverRows]:
    """What files of hand-overs say, or histories of owners."""
    base = events.get("handover_row")
    if base is None or not len(base):
        return
    records, size = base.records, len(base.records)
    if "new" in records.words:
        yield _of_changes(config, base, OwnerNames.of(events))
        return
    accepted, back = (Dated.of_links(size, events.get(f"handover_{what}_row")) for what in ("accepted", "returned"))
    yield _ordered(
        "handovers", base, OwnerNames.of(events).first(records.words.get("to_owner", Coded.same("", size))), accepted,
        back,
        reason=records.words.get("return_reason", Coded.same("", size)),
        has_returns="handover_returned_row" in events,
    )  # fmt: skip


def _of_changes(config: Config, base: Events, names: OwnerNames) -> HandoverRows:
    """What a history of owners says."""
    changes, size = owner_changes(base, config.sla.marketing.owners), len(base.records)
    returned = Dated.never(size)
    returned.at[changes.events.row], returned.timed[changes.events.row] = changes.returned.at, changes.returned.timed
    return _ordered(
        "owners", changes.events, names.first(changes.owner), Dated.never(size), returned, within=changes.within,
        has_returns=True,
    )  # fmt: skip


def _of_dates(config: Config, events: Mapping[str, Events]) -> Iterator[HandoverRows]:
    """What lists of leads say of themselves: when each became an MQL, else when it was given to its owner."""
    for name in ("became_mql", "owner_assigned"):
        if name in events:
            yield from _plain(name, events[name], events)


def _of_triggers(config: Config, events: Mapping[str, Events]) -> Iterator[HandoverRows]:
    """The first activity of each lead that is a trigger of the agreement."""
    activities = events.get("activity")
    if config.sla.triggers and activities is not None and "kind" in activities.records.words:
        yield from _plain("trigger", triggered(config, activities), events)


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
    accepted, nothing = Dated.never(len(records)), Dated.never(len(records))
    became = events.get("became_sql") if rule in ("became_mql", "owner_assigned") else None
    if became is not None and became.records is records:
        accepted.at[became.row], accepted.timed[became.row] = became.at, became.timed
    owner = records.words.get("owner", Coded.same("", len(records)))
    owner = OwnerNames.of(events).first(owner)
    yield _ordered(rule, base.kept(first), owner, accepted, nothing, has_returns=False)


def _ordered(
    rule: Rule,
    base: Events,
    owner: Coded,
    accepted: Dated,
    returned: Dated,
    *,
    has_returns: bool,
    reason: Coded | None = None,
    within: np.ndarray | None = None,
) -> HandoverRows:
    """Rows of hand-overs in the order of lead and moment; what is said of them is that of all records.

    What is said to be before the hand-over itself says nothing of it, and no more does an acceptance after the return.
    """
    records = base.records
    entity, when = records.entity[base.row], Dated(at=base.at, timed=np.asarray(base.timed))
    order = np.lexsort((np.arange(len(base)), when.end, entity))
    order = order[entity[order] != NOBODY]
    row, when = base.row[order], when.taken(order)
    accepted, returned = accepted.taken(row), returned.taken(row)
    early = [each.before(when) for each in (accepted, returned)]
    accepted, returned = accepted.where(~early[0]), returned.where(~early[1])
    reason = Coded.same("", len(records)) if reason is None else reason
    return HandoverRows(
        rule=rule, records=records, row=row, entity=entity[order], when=when,
        owner=Coded(owner.codes[row], owner.texts), accepted=accepted.unless_after(returned), returned=returned,
        reason=Coded(reason.codes[row], reason.texts),
        only_if_open=np.zeros(len(row), dtype=bool) if within is None else within[order], has_returns=has_returns,
        early=int(np.count_nonzero(early[0] | early[1])),
    )  # fmt: skip
