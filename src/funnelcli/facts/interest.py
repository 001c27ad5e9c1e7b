"""The interest of leads: the points of what they did, which fade with time, as they stand at any moment."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from functools import cached_property

import numpy as np
from msgspec import Struct

from funnelcli.config.leads import LeadSettings
from funnelcli.facts.clock import Clock, in_order
from funnelcli.facts.events import NOBODY, Coded, Events, Records
from funnelcli.inputs.interest import interest_of, is_of_leads_alone
from funnelcli.stats.distinct import distinct
from funnelcli.values.dates import DAY_MICROS

INBOUND, UNDIRECTED = "inbound_activity", "undirected_activity"
LEAST, MOST = 0.0, 100.0
_DIGITS = 9  # of scores that are compared with thresholds: powers of a half are not exact


def cut(scores: np.ndarray) -> np.ndarray:
    """Scores from 0 to 100, without the last digits that reckoning leaves.

    >>> cut(np.array([-20.0, 43.2842712474619, 130.0])).tolist()
    [0.0, 43.284271247, 100.0]
    """
    return np.asarray(np.round(np.clip(scores, LEAST, MOST), _DIGITS))


class Interest(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """What leads did that gives points: one row each, in the order of kind, person and moment.

    ``kind`` is an index into ``kinds``; ``row`` the place of the activity in ``records``.  ``half_life`` are the days
    after which points count half, None where they do not fade.  ``others`` are kinds that give none, with how often.
    """

    kinds: Sequence[str]
    points: np.ndarray
    caps: np.ndarray
    half_life: int | None
    kind: np.ndarray
    entity: np.ndarray
    at: np.ndarray
    timed: np.ndarray
    row: np.ndarray
    records: Records
    others: Counter[str]

    def __len__(self) -> int:
        return len(self.kind)

    @property
    def day(self) -> np.ndarray:
        """The local day of each."""
        return np.asarray(self.at // DAY_MICROS)

    @cached_property
    def _clock(self) -> Clock:
        return Clock.of(self.at, self._people * max(len(self.kinds), 1))

    @cached_property
    def _keys(self) -> np.ndarray:
        return self._key(self.kind, self.entity, self._clock.ticks(self.at))

    @cached_property
    def _people(self) -> int:
        return int(self.entity.max(initial=0)) + 2

    def _key(self, kind: int | np.ndarray, entity: np.ndarray, tick: np.ndarray) -> np.ndarray:
        return np.asarray((kind * self._people + entity) * self._clock.size + tick)

    @cached_property
    def _sums(self) -> np.ndarray:
        """The points of each row and of those before it of its person and kind, faded to its day."""
        same = np.zeros(len(self), dtype=bool)
        same[1:] = (self.kind[1:] == self.kind[:-1]) & (self.entity[1:] == self.entity[:-1])
        share = np.where(same, self._faded(np.diff(self.day, prepend=0)), 0.0)
        sums = self.points[self.kind].astype(float)
        step = 1
        while share.any():  # twice as many rows before each are added every time
            sums[step:] += share[step:] * sums[:-step].copy()
            share[step:] *= share[:-step].copy()
            share[:step] = 0.0
            step *= 2
        return np.asarray(sums)

    def _faded(self, days: np.ndarray) -> np.ndarray:
        if self.half_life is None:
            return np.ones(len(days))
        return np.asarray(np.exp2(-np.maximum(days, 0) / self.half_life))

    def by_kind(self, entity: np.ndarray, at: np.ndarray) -> np.ndarray:
        """What each kind gives each person at a moment: a row a person, faded and cut to its cap."""
        given = np.zeros((len(entity), len(self.kinds)))
        if not len(self):
            return given
        known = (entity != NOBODY) & (entity < self._people)
        whose = np.where(known, entity, self._people - 1)
        tick = self._clock.ticks(at)
        for kind in distinct(self.kind).tolist():
            place = np.searchsorted(self._keys, self._key(kind, whose, tick), side="right") - 1
            there = np.maximum(place, 0)
            has = (place >= 0) & known & (self.kind[there] == kind) & (self.entity[there] == whose)
            sums = self._sums[there] * self._faded(at // DAY_MICROS - self.day[there])
            cap = self.caps[kind]
            given[:, kind] = np.where(has, np.clip(sums, -cap, cap), 0.0)
        return given

    def score(self, entity: np.ndarray, at: np.ndarray) -> np.ndarray:
        """The interest of each person at a moment, 0 to 100."""
        return cut(self.by_kind(entity, at).sum(axis=1))

    def of_person(self, entity: int, at: int) -> np.ndarray:
        """The places of the rows of a person up to a moment, the earliest first."""
        places = np.flatnonzero((self.entity == entity) & (self.at <= at))
        return places[np.argsort(self.at[places], kind="stable")]

    def faded_points(self, places: np.ndarray, at: int) -> np.ndarray:
        """What some rows give at a moment, before the caps of their kinds."""
        return np.asarray(self.points[self.kind[places]] * self._faded(at // DAY_MICROS - self.day[places]))


def interest_in(events: Mapping[str, Events], settings: LeadSettings) -> Interest | None:
    """What leads did, by the points of the settings; None where no file says what anybody did."""
    kinds = list(settings.points)
    parts: list[tuple[np.ndarray, Events]] = []
    others: Counter[str] = Counter()
    for name in (INBOUND, UNDIRECTED):
        happened = events.get(name)
        if happened is None:
            continue
        words = happened.records.words.get("kind", Coded.same("", len(happened.records)))
        of_text = _kinds_of(words.texts, kinds, said=name == INBOUND)
        kind = of_text[words.codes[happened.row]]
        if name == INBOUND:  # of what nobody says who did it, most is ours
            for text, number in _counted(words, happened.row[kind < 0]):
                others[text] += number
        parts.append((kind, happened))
    if not parts:
        return None
    kind = np.concatenate([each for each, _ in parts])
    entity = np.concatenate([happened.records.entity[happened.row] for _, happened in parts])
    at = np.concatenate([happened.at for _, happened in parts])
    timed = np.concatenate([happened.timed for _, happened in parts])
    row = np.concatenate([happened.row for _, happened in parts])
    kept = np.flatnonzero((kind >= 0) & (entity != NOBODY))
    order = kept[in_order(kind[kept], entity[kept], at[kept])]
    return Interest(
        kinds=kinds, points=np.array([points for points, _ in settings.points.values()], dtype=float),
        caps=np.array([cap for _, cap in settings.points.values()], dtype=float), half_life=settings.half_life_days,
        kind=kind[order], entity=entity[order], at=at[order], timed=timed[order], row=row[order],
        records=parts[0][1].records, others=others,
    )  # fmt: skip


def _kinds_of(texts: Sequence[str], kinds: Sequence[str], *, said: bool) -> np.ndarray:
    """The number of the kind of each text, -1 of one that gives no points; ``said``: that the lead did it."""
    known = [interest_of(text, kinds) for text in texts]
    fits = [kind if kind is not None and (said or is_of_leads_alone(kind)) else None for kind in known]
    return np.array([-1 if kind is None else kinds.index(kind) for kind in fits] or [-1], dtype=np.int64)


def _counted(words: Coded, rows: np.ndarray) -> list[tuple[str, int]]:
    numbers = np.bincount(words.codes[rows], minlength=len(words.texts)).tolist() if len(words.texts) else []
    return [(text, number) for text, number in zip(words.texts, numbers, strict=False) if number and text]
