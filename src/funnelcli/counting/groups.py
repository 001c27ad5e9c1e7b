"""Groups of people as a period begins: how long they have paid, when they signed up, how much they pay.

They split a figure like the dimensions that files tell of, but belong to the person and the period, not to a row.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import timedelta
from itertools import pairwise
from weakref import WeakKeyDictionary

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from funnelcli.counting.group_names import AMOUNT, COHORT, TENURE
from funnelcli.counting.levels import Levels
from funnelcli.counting.parts import OTHER, UNKNOWN_LABEL, Parts
from funnelcli.counting.select import day_number
from funnelcli.facts.dimensions import UNKNOWN, Dimension, Dimensions
from funnelcli.facts.events import NOBODY, OPEN_END, Coded, Records
from funnelcli.facts.model import Facts
from funnelcli.facts.moments import Moments, ages
from funnelcli.text import Message, Text, grouped, month_words
from funnelcli.values.dates import DAY_MICROS, day_of
from funnelcli.values.figures import HUNDREDTHS
from funnelcli.values.periods import Period, month_of
from funnelcli.values.slices import Slice

PAID_USERS, DEMOS = "paid_users", "demos"
_TENURES = (3, 6, 12, 24)  # whole months from which on each band begins
_PARTS_OF_AMOUNTS = (1 / 3, 2 / 3)


class Grouping(Struct, frozen=True, kw_only=True):
    """A way to group people: which metrics it tells apart, by the inputs that these count, and how."""

    dimension: Dimension
    inputs: frozenset[str]
    make: Callable[[Facts, tuple[Period, Period]], tuple[Sequence[tuple[str, Text]], Sequence[np.ndarray]] | None]


class Grouped(Struct, frozen=True, kw_only=True):
    """The parts of a grouping, and the facts of each of two periods that tell who is in which.

    One that ``grows_older`` is of other people's ages in each period: its counts never change alike.
    """

    parts: Parts
    facts: tuple[Facts, Facts]
    grows_older: bool = False


def grouped_by(facts: Facts, name: str, periods: tuple[Period, Period]) -> Grouped | None:
    """Two periods by a grouping; None where nothing tells anybody's group."""
    grouping = GROUPINGS[name]
    made = grouping.make(facts, periods)
    if made is None:
        return None
    known, columns = made
    names = [*known, (UNKNOWN, UNKNOWN_LABEL)]
    slices = tuple(Slice(dimension=name, key=key, label=label) for key, label in names)
    places = {part.key: place for place, part in enumerate(slices)}
    places.setdefault(OTHER, len(slices) - 1)
    texts = [key for key, _ in names]
    first, second = (
        replace(facts, dimensions=_WithGroups(facts.dimensions, grouping.dimension, texts, column))
        for column in columns
    )
    parts = Parts(dimension=name, slices=slices, places=places)
    return Grouped(parts=parts, facts=(first, second), grows_older=name == COHORT)


class _WithGroups(Dimensions):
    """Dimensions with one more, which is of people: ``codes`` of ``texts`` by entity, the last of which is unknown."""

    def __init__(self, base: Dimensions, dimension: Dimension, texts: Sequence[str], codes: np.ndarray) -> None:
        vars(self).update(vars(base))
        self.declared = {**base.declared, dimension.name: dimension}
        self._name, self._texts, self._codes = dimension.name, list(texts), codes
        self._groups: WeakKeyDictionary[Records, Coded] = WeakKeyDictionary()

    def is_said(self, name: str) -> bool:
        return name == self._name or super().is_said(name)

    def is_lasting(self, name: str) -> bool:
        return name == self._name or super().is_lasting(name)

    def splits(self, name: str, records: Records) -> bool:
        return name == self._name or super().splits(name, records)

    def of(self, name: str, records: Records) -> Coded:
        if name != self._name:
            return super().of(name, records)
        if records not in self._groups:
            unknown, entity = len(self._texts) - 1, records.entity
            codes = np.where(entity == NOBODY, unknown, self._codes[np.maximum(entity, 0)])
            self._groups[records] = Coded(codes, self._texts)
        return self._groups[records]


# --- the groups ------------------------------------------------------------------------------------------------------


def _first_days(facts: Facts, event: str) -> np.ndarray | None:
    """The first day of an event of each person, OPEN_END where there is none; None where nobody has one."""
    events = facts.events.get(event)
    if events is None or not len(events):
        return None
    first = np.full(len(facts.entities), OPEN_END)
    entity = events.records.entity[events.row]
    known = entity != NOBODY
    np.minimum.at(first, entity[known], events.day[known])
    return first


def _by_tenure(
    facts: Facts, periods: tuple[Period, Period]
) -> tuple[Sequence[tuple[str, Text]], Sequence[np.ndarray]] | None:
    """By whole months from the first paid day to the first day of the period; who begins in it stands apart."""
    first = _first_days(facts, "paid_first")
    if first is None:
        return None
    bounds = [0, *_TENURES]
    names: list[tuple[str, Text]] = [("new", Message("Begins in the period"))]
    for begin, end in zip(bounds, [*_TENURES, None], strict=True):
        key = f"{begin}+" if end is None else f"{begin}-{end - 1}"
        text = Message("{n} [month|months] and more") if end is None else Message("{first} to {last} months")
        names.append((key, text.filled(n=begin, first=begin, last=None if end is None else end - 1)))
    columns = []
    for period in periods:
        start = np.full(len(first), day_number(period.start))
        months = ages(_bare(np.minimum(first, start)), _bare(start))
        band = 1 + np.searchsorted(_TENURES, months, side="right")
        columns.append(np.where(first == OPEN_END, len(names), np.where(first >= start, 0, band)))
    return names, columns


def _bare(day: np.ndarray) -> Moments:
    return Moments(day=day, at=day * DAY_MICROS, timed=np.zeros(len(day), dtype=bool))


def _by_signup(
    facts: Facts, _: tuple[Period, Period]
) -> tuple[Sequence[tuple[str, Text]], Sequence[np.ndarray]] | None:
    """By the month of the first signup."""
    first = _first_days(facts, "signup")
    if first is None:
        return None
    known = first != OPEN_END
    months = np.where(known, first, 0).astype("datetime64[D]").astype("datetime64[M]").astype(np.int64)
    every, place = np.unique(months[known], return_inverse=True)
    codes = np.full(len(first), len(every))
    codes[known] = place
    starts = every.astype("datetime64[M]").astype("datetime64[D]").astype(np.int64)
    names: list[tuple[str, Text]] = []
    for start in starts.tolist():
        month = month_of(day_of(start * DAY_MICROS))
        names.append((month.key, month_words(month.start)))
    return names, [codes, codes]


def _by_amount(
    facts: Facts, periods: tuple[Period, Period]
) -> tuple[Sequence[tuple[str, Text]], Sequence[np.ndarray]] | None:
    """By what a customer pays a month: as the period begins, of who begins or comes back in it on that first day."""
    money, first = facts.events.get("mrr"), _first_days(facts, "paid_first")
    if money is None or first is None:
        return None
    levels = Levels([money], [facts.events["mrr_ceased"]])
    amounts = [_levels_of(levels, facts, first, period) for period in periods]
    paid = np.concatenate([each[each > 0] for each in amounts])
    if not len(paid):
        return None
    cuts = sorted({_rounded(float(cut)) for cut in np.quantile(paid, _PARTS_OF_AMOUNTS, method="higher")})
    names = _bands([cut / HUNDREDTHS for cut in cuts])
    return names, [np.where(each > 0, np.searchsorted(cuts, each, side="left"), len(names)) for each in amounts]


def _levels_of(levels: Levels, facts: Facts, first: np.ndarray, period: Period) -> np.ndarray:
    """What each pays as the period begins, else on the first day in it, else as it ends; 0 where nothing is known."""
    everybody = np.arange(len(first))
    start, last = day_number(period.start), day_number(period.end - timedelta(1))
    begun = np.where((first >= start) & (first <= last), first, start)
    known = levels.at(everybody, np.full(len(first), start - 1))
    back = facts.events.get("paid_again")
    if back is not None:
        entity = back.records.entity[back.row]
        inside = (entity != NOBODY) & (back.day >= start) & (back.day <= last)
        begun[entity[inside]] = back.day[inside]
    for day in (begun, np.full(len(first), last)):
        known = np.where(known > 0, known, levels.at(everybody, day))
    return known


def _rounded(amount: float) -> int:
    """An amount in hundredths to two digits, so that a band has a plain end."""
    return int(float(f"{amount / HUNDREDTHS:.1e}") * HUNDREDTHS)


def _bands(cuts: Sequence[float]) -> list[tuple[str, Text]]:
    names: list[tuple[str, Text]] = [(f"<={cuts[0]:g}", Message("up to {n}").filled(n=grouped(cuts[0], 2)))]
    for low, high in pairwise(cuts):
        text = Message("above {low}, up to {high}")
        names.append((f"{low:g}-{high:g}", text.filled(low=grouped(low, 2), high=grouped(high, 2))))
    return [*names, (f">{cuts[-1]:g}", Message("above {n}").filled(n=grouped(cuts[-1], 2)))]


def _grouping(name: str, title: Text, inputs: frozenset[str], make: Callable[..., object]) -> Grouping:
    dimension = Dimension(name=name, title=title, columns={}, homes=(), lasting=True)
    return Grouping(dimension=dimension, inputs=inputs, make=make)  # type: ignore[arg-type]


GROUPINGS: Mapping[str, Grouping] = {
    TENURE: _grouping(TENURE, Message("Paying since"), frozenset({PAID_USERS}), _by_tenure),
    COHORT: _grouping(COHORT, Message("Signup month"), frozenset({PAID_USERS, DEMOS}), _by_signup),
    AMOUNT: _grouping(AMOUNT, Message("MRR of the customer"), frozenset({PAID_USERS}), _by_amount),
}
