"""From when until when activities tell of contacts: all together, and the files of each channel by themselves."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

import numpy as np
from msgspec import Struct

from funnelcli.config.agreement import CONTACTS
from funnelcli.counting.agreement import Reached
from funnelcli.counting.select import day_number
from funnelcli.facts.events import Events
from funnelcli.facts.handovers import NEVER
from funnelcli.facts.model import Facts
from funnelcli.inputs.activities import ACTIVITIES, CONTACT, TOUCHES
from funnelcli.inputs.spec import NEARLY_EVERY_DAY
from funnelcli.stats.distinct import distinct, is_among
from funnelcli.values.dates import DAY_MICROS
from funnelcli.values.periods import month_of

# On fewer days of contacts nobody can tell a log that has ended from one that is quiet.
_DAYS_OF_A_LOG = 10


class _Span(Struct, frozen=True):
    """The first and the last day that something tells of, and the most days from one that it tells of to the next."""

    first: int
    last: int
    gap: int = 0


def reached_by(facts: Facts, as_of: date) -> Reached:
    """From when until when activities tell of contacts: what the settings say, else what their rows show."""
    if ACTIVITIES.name not in facts.inputs:
        return Reached()
    covered = facts.config.input_settings(ACTIVITIES.name).covered
    if covered:
        return _reached(day_number(covered[0]), day_number(month_of(covered[1]).last_day))
    today, span = day_number(as_of), _all_files(facts, as_of)
    if span is None:
        return Reached(until=-NEVER, by=-NEVER)
    begun = min((day_number(extent.first) for extent in facts.extents.values()), default=span.first)
    since = span.first if span.first > begun + NEARLY_EVERY_DAY else None
    until = span.last if span.last < today - NEARLY_EVERY_DAY else None
    short = []
    for channel, own in _logs(facts, as_of) if len(facts.inputs[ACTIVITIES.name].files) > 1 else ():
        quiet = max(NEARLY_EVERY_DAY, own.gap)
        starts_late, ends_early = own.first > span.first + quiet, own.last < min(span.last, today) - quiet
        if starts_late:
            since = max(since or 0, own.first)
        if ends_early:
            until = own.last if until is None else min(until, own.last)
        if starts_late or ends_early:
            short.append(channel)
    return _reached(since, until, tuple(short))


def _reached(since: int | None, until: int | None, short: tuple[str, ...] = ()) -> Reached:
    first = -NEVER if since is None else since * DAY_MICROS
    if until is None:
        return Reached(since=first, short=short)
    last = (until + 1) * DAY_MICROS - 1
    return Reached(since=first, until=last, by=last + NEARLY_EVERY_DAY * DAY_MICROS, short=short)


def _all_files(facts: Facts, as_of: date) -> _Span | None:
    """What the files tell of that hold contacts on some channel; None where none does.

    What else they tell of shows how far they go, too; files of logins alone show nothing.
    """
    contacts = facts.events.get(CONTACT)
    days = None if contacts is None else _days_of_files(facts, contacts, as_of)
    return None if days is None else _Span(int(days[0]), int(days[-1]))


def _logs(facts: Facts, as_of: date) -> Iterator[tuple[str, _Span]]:
    """The same of each channel that was agreed on, by the files that hold contacts on it, where these are a log."""
    for name, channel in zip(TOUCHES, CONTACTS, strict=True):
        touches = facts.events.get(name)
        if touches is None or channel not in facts.config.sla.sales.channels:
            continue
        days = _days_of_files(facts, touches, as_of)
        if days is not None and len(days) >= _DAYS_OF_A_LOG:
            yield channel, _Span(int(days[0]), int(days[-1]), int(np.diff(days).max()))


def _days_of_files(facts: Facts, events: Events, as_of: date) -> np.ndarray | None:
    """The days up to one of which the files tell that hold some events; None where there are none."""
    activities, today = facts.events.get("activity"), day_number(as_of)
    if activities is None:
        return None
    files = distinct(events.records.file[events.row[events.day <= today]])
    known = (activities.day <= today) & is_among(activities.records.file[activities.row], files)
    days = distinct(activities.day[known])
    return days if len(days) else None
