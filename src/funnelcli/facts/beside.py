"""Events that take several inputs: what customers did while they paid, and whom they brought."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import numpy as np

from funnelcli.facts.events import NOBODY, OPEN_END, Events
from funnelcli.facts.happened import Happened, Later
from funnelcli.facts.spans import Spans, lasting, paying_spans, together

ACTIVE_DAYS = 30  # for which a customer counts as active after doing something
ACTIVE, _ACTIVE_OF = ("active_into", "active_out"), {"own_activity", "paid_lost"}


def events_beside(events: Mapping[str, Events]) -> Happened:
    """The events that are made of those of several inputs, as far as these are there."""
    made: dict[str, Events] = {}
    for step in (_invites, _advocates, _tickets, _paid_by_word):
        made |= {each.name: each for each in step(Happened.together([events, made]))}
    later = [Later(names=ACTIVE, make=lambda: _active(events))] if set(events) >= _ACTIVE_OF else []
    return Happened([*made.values(), *later])


def _invites(events: Mapping[str, Events]) -> Iterator[Events]:
    """Invites, each with the day the invited one came: as the row says, else the day they signed up since."""
    invites, signups = events.get("invite"), events.get("signup")
    if invites is None:
        return
    came, other = invites.again, invites.records.other
    if signups is not None and other is not None:
        whom = other[invites.row]
        first = _first_days(signups, max(int(whom.max(initial=NOBODY)), 0) + 1)
        signed_up = np.where(whom == NOBODY, OPEN_END, first[np.maximum(whom, 0)])
        came = np.where((came == OPEN_END) & (signed_up >= invites.day), signed_up, came)
    yield invites.followed_on(came)
    yield invites.followed_on(came).named("invite_answered")


def _first_days(events: Events, size: int) -> np.ndarray:
    """The first day of an event of each person by number, OPEN_END where there is none."""
    entity = events.records.entity[events.row]
    first = np.full(max(size, int(entity.max(initial=NOBODY)) + 1), OPEN_END)
    known = entity != NOBODY
    np.minimum.at(first, entity[known], events.day[known])
    return first


def _advocates(events: Mapping[str, Events]) -> Iterator[Events]:
    """From when to when customers would recommend us, by their latest answer, and have brought somebody."""
    promoters, invites, lost = (events.get(name) for name in ("nps_promoter", "invite_answered", "paid_lost"))
    if promoters is None or invites is None or lost is None:
        return
    whose = promoters.records.entity[promoters.row]
    say_so = Spans.of(whose, promoters.day, promoters.again, promoters.row)
    came = invites.kept(invites.again < OPEN_END)
    inviter = came.records.entity[came.row]
    first = np.full(int(inviter.max(initial=NOBODY)) + 1, OPEN_END)
    np.minimum.at(first, inviter[inviter != NOBODY], came.again[inviter != NOBODY])
    brought = np.flatnonzero(first < OPEN_END)
    have = Spans.of(brought, first[brought], np.full(len(brought), OPEN_END), brought)
    yield from _into_and_out("advocate", promoters, together([say_so, have, paying_spans(lost)]))


def _active(events: Mapping[str, Events]) -> Iterator[Events]:
    """From when to when paying customers count as active: for some days after each activity of their own."""
    own, lost = (events[name] for name in ("own_activity", "paid_lost"))
    active = lasting(own.records.entity[own.row], own.day, own.row, ACTIVE_DAYS)
    yield from _into_and_out("active", own, together([active, paying_spans(lost)]))


def _into_and_out(name: str, of: Events, spans: Spans) -> Iterator[Events]:
    """The beginnings and ends of spans as events of the rows they are of."""
    number = np.arange(len(spans))
    yield Events.of(f"{name}_into", of.records, spans.row, spans.since, link=number)
    yield Events.of(f"{name}_out", of.records, spans.row, spans.until, since=spans.since, link=number)


def _tickets(events: Mapping[str, Events]) -> Iterator[Events]:
    """The tickets of people who pay on the day they open them."""
    tickets, lost = events.get("ticket"), events.get("paid_lost")
    if tickets is None or lost is None:
        return
    whose = tickets.records.entity[tickets.row]
    yield tickets.kept(paying_spans(lost, to_the_end=True).hold(whose, tickets.day)).named("ticket_of_customer")


def _paid_by_word(events: Mapping[str, Events]) -> Iterator[Events]:
    """New customers whom customers invited before, each with the first paid day of the earliest of these."""
    invites, first_paid = events.get("invite"), events.get("paid_first")
    if invites is None or first_paid is None or invites.records.other is None:
        return
    inviter, whom = invites.records.entity[invites.row], invites.records.other[invites.row]
    paid = _first_days(first_paid, max(int(inviter.max(initial=NOBODY)), int(whom.max(initial=NOBODY)), 0) + 1)
    kept = np.flatnonzero((inviter != NOBODY) & (whom != NOBODY))
    kept = kept[(invites.day[kept] <= paid[whom[kept]]) & (paid[whom[kept]] < OPEN_END)]
    by = np.full(len(paid), OPEN_END)
    np.minimum.at(by, whom[kept], paid[inviter[kept]])
    entity = first_paid.records.entity[first_paid.row]
    since = np.where(entity == NOBODY, OPEN_END, by[np.maximum(entity, 0)])
    brought = since < OPEN_END
    yield first_paid.kept(brought).begun_on(since[brought]).named("paid_by_word")
