"""Retention: who still pays so many months after they began, how long first stays last, and what of the money stays."""

from __future__ import annotations

import numpy as np
from msgspec import Struct

from funnelcli.counting.following import Entries
from funnelcli.counting.levels import Levels
from funnelcli.facts.events import NOBODY, Events, keys_of
from funnelcli.facts.moments import Moments, ages, months_later
from funnelcli.stats.distinct import is_among
from funnelcli.stats.survival import HAPPENED, OPEN, Curve, kaplan_meier


class Kept(Struct, frozen=True, kw_only=True):
    """After so many months: who pays of the ``members`` for whom that day has come, and how many of those came back.

    ``money`` is their revenue in hundredths, ``held`` the part of it that is no expansion, ``at_start`` what the same
    members paid when they began; None where no amounts are known.
    """

    months: int
    members: int
    paying: int
    back: int
    money: int | None = None
    held: int | None = None
    at_start: int | None = None


class Retention(Struct, frozen=True, kw_only=True, eq=False):
    """What is kept month by month, and the curve of first stays, in months and in days."""

    kept: tuple[Kept, ...]
    by_month: Curve
    by_day: Curve


class Stays(Struct, frozen=True, kw_only=True, eq=False):
    """The stays of customers in columns: whose, their first day, and the day of the loss (one that never comes)."""

    entity: np.ndarray
    start: np.ndarray
    lost: np.ndarray


def stays_of(starts: Entries, losses: Events | None, until: int, never: int) -> Stays:
    """The stays that began up to a day; a loss after it has not come yet."""
    lost = np.full(len(starts), never)
    if losses is not None:
        entity = losses.records.entity[losses.row]
        known = (entity != NOBODY) & (losses.day <= until)
        # A loss ends the latest stay of its customer that has begun by then.
        keys = keys_of(starts.entity, starts.when.day)
        place = np.searchsorted(keys, keys_of(entity[known], losses.day[known]), side="right") - 1
        theirs = (place >= 0) & (starts.entity[np.maximum(place, 0)] == entity[known])
        lost[place[theirs]] = losses.day[known][theirs]
    return Stays(entity=starts.entity, start=starts.when.day, lost=lost)


def retention_of(stays: Stays, members: np.ndarray, until: int, levels: Levels | None) -> Retention:
    """The retention of some customers, given by their entities, each from its first stay on."""
    mine = is_among(stays.entity, members)
    entity, start, lost = stays.entity[mine], stays.start[mine], stays.lost[mine]
    whose, first = np.unique(entity, return_index=True)
    begun, ended = start[first], lost[first]
    kept = []
    most = int(_ages(begun, np.full(len(begun), until)).max(initial=-1))
    for months in range(most + 1):
        day = months_later(begun, months)
        come = day <= until
        pays, again = _paying(whose, day, entity, start, lost)
        kept.append(_kept(months, come, pays, again, whose, begun, day, levels))
    happened = ended <= until
    in_months = np.where(happened, _months_to(begun, ended), _ages(begun, np.full(len(begun), until)))
    became = np.where(happened, HAPPENED, OPEN)
    in_days = np.where(happened, ended, until) - begun
    return Retention(kept=tuple(kept), by_month=kaplan_meier(in_months, became), by_day=kaplan_meier(in_days, became))


def _kept(
    months: int,
    come: np.ndarray,
    pays: np.ndarray,
    again: np.ndarray,
    whose: np.ndarray,
    begun: np.ndarray,
    day: np.ndarray,
    levels: Levels | None,
) -> Kept:
    money = held = at_start = None
    if levels is not None:
        before, now = levels.at(whose[come], begun[come]), levels.at(whose[come], day[come])
        now = np.where(pays[come], now, 0)
        money, held, at_start = int(now.sum()), int(np.minimum(now, before).sum()), int(before.sum())
    return Kept(
        months=months, members=int(come.sum()), paying=int((come & pays).sum()), back=int((come & again).sum()),
        money=money, held=held, at_start=at_start,
    )  # fmt: skip


def _paying(
    whose: np.ndarray, day: np.ndarray, entity: np.ndarray, start: np.ndarray, lost: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Who pays at the close of a day of its own, and who does so in a later stay than the first."""
    place = np.searchsorted(whose, entity)
    pays = (start <= day[place]) & (lost > day[place])
    _, first = np.unique(entity, return_index=True)
    is_first = np.zeros(len(entity), dtype=bool)
    is_first[first] = True
    size = len(whose)
    paying = np.bincount(place[pays], minlength=size) > 0
    again = np.bincount(place[pays & ~is_first], minlength=size) > 0
    return paying, again


def _bare(day: np.ndarray) -> Moments:
    return Moments(day=day, at=day, timed=np.zeros(len(day), dtype=bool))


def _ages(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    return ages(_bare(start), _bare(end))


def _months_to(start: np.ndarray, end: np.ndarray) -> np.ndarray:
    """The first number of months by which an end has come: on that very day it has."""
    whole = _ages(start, end)
    months: np.ndarray = whole + (months_later(start, whole) < end)
    return months
