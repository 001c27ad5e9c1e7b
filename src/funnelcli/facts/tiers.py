"""The tier of each account: how well it fits the ideal customer profile, by what was known of it on a day."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from functools import cached_property

import numpy as np
from msgspec import Struct

from funnelcli.config.icp import IcpSettings
from funnelcli.facts.attributes import NO_ACCOUNT, NO_ATTRIBUTES, Attributes
from funnelcli.facts.events import NO_DAY, OPEN_END, UNDATED_END, Events, Records, days_of, entities_of, keys_of
from funnelcli.facts.firms import Firms, firms_of
from funnelcli.inputs import INPUTS
from funnelcli.stats.distinct import distinct
from funnelcli.values.criteria import Criterion

UNKNOWN = "unknown"
TIERS = ("A", "B", "C", "D", UNKNOWN)
A, B, C, D, NOT_KNOWN = range(5)
MET, FAILED, OPEN = 1, 0, -1


class Judged(Struct, frozen=True, kw_only=True):
    """What comes of the criteria of an account: its tier, the share of the known weight that is met, and what is not
    known though it would have to be."""

    tier: int
    share: Fraction | None
    missing: tuple[str, ...] = ()


def judge(profile: IcpSettings, hard: Sequence[int], soft: Sequence[int]) -> Judged:
    """The tier by what is MET, FAILED or OPEN of the hard and of the soft criteria, in their order.

    >>> from funnelcli.config import parse_config
    >>> soft = '[{ industry = "edu*", weight = 3 }, { city = "Hue", weight = 1 }]'
    >>> profile = parse_config(f'[icp]\\nhard = {{ country = "VN" }}\\nsoft = {soft}').icp
    >>> [TIERS[judge(profile, hard, soft).tier] for hard, soft in (([1], [1, 0]), ([0], [1, 1]), ([1], [-1, 1]))]
    ['A', 'D', 'unknown']
    """
    weights = [each.weight for each in profile.soft]
    known = sum((w for w, state in zip(weights, soft, strict=True) if state != OPEN), Fraction(0))
    met = sum((w for w, state in zip(weights, soft, strict=True) if state == MET), Fraction(0))
    share = met / known if known else None
    if FAILED in hard:
        return Judged(tier=D, share=share)
    unsure = [name for name, state in zip(profile.hard, hard, strict=True) if state == OPEN]
    if known < profile.known * sum(weights):
        unsure += [each.attribute for each, state in zip(profile.soft, soft, strict=True) if state == OPEN]
    if unsure or (share is None and weights):
        return Judged(tier=NOT_KNOWN, share=share, missing=tuple(dict.fromkeys(unsure)))
    best, good = profile.tiers
    return Judged(tier=A if share is None or share >= best else B if share >= good else C, share=share)


class Spans(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """What accounts are from a day on: ``judged[pattern]`` is what comes of it, ``states`` that of each criterion.

    They stand in the order of their accounts and days; the first of each account is from ever on.
    """

    account: np.ndarray
    day: np.ndarray
    states: np.ndarray
    pattern: np.ndarray
    judged: Sequence[Judged]

    @cached_property
    def key(self) -> np.ndarray:
        """Numbers in whose order they stand."""
        return keys_of(self.account, self.day)

    @cached_property
    def tier(self) -> np.ndarray:
        """The code of the tier of each."""
        codes = np.array([each.tier for each in self.judged] or [NOT_KNOWN], dtype=np.int64)
        tiers: np.ndarray = codes[self.pattern]
        return tiers

    def places(self, account: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Where what accounts are on a day stands."""
        places: np.ndarray = np.searchsorted(self.key, keys_of(account, day), side="right") - 1
        return places


class Tiers(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """The tiers of the accounts of some facts, made when they are first asked for.

    >>> from funnelcli.config import Config
    >>> Tiers(profile=Config().icp, attributes=Attributes(), events={}).is_declared
    False
    """

    profile: IcpSettings
    attributes: Attributes
    events: Mapping[str, Events]

    @property
    def is_declared(self) -> bool:
        """Whether there is a profile."""
        return self.profile.is_declared

    @cached_property
    def firms(self) -> Firms:
        """The accounts."""
        return firms_of(self.attributes, self.events)

    @property
    def criteria(self) -> tuple[tuple[str, tuple[str, ...]], ...]:
        """Every criterion, the hard ones first: its attribute and its patterns."""
        soft = ((each.attribute, each.patterns) for each in self.profile.soft)
        return (*self.profile.hard.items(), *soft)

    @cached_property
    def spans(self) -> Spans:
        """What each account is, from each day on which anything became known of it."""
        key = self._changes()
        account, day = entities_of(key), days_of(key)
        states = np.stack(
            [self.states(name, patterns, account, day) for name, patterns in self.criteria]
            or [np.zeros(len(key), dtype=np.int64)],
            axis=1,
        )
        patterns, pattern = np.unique(states, axis=0, return_inverse=True)
        size = len(self.profile.hard)
        judged = [judge(self.profile, row[:size], row[size : len(self.criteria)]) for row in patterns.tolist()]
        return Spans(account=account, day=day, states=states, pattern=pattern.reshape(-1), judged=judged)

    def _changes(self) -> np.ndarray:
        """Every account from ever on, and from each day on which anything became known of it, in order."""
        pairs = [keys_of(np.arange(len(self.firms)), np.full(len(self.firms), NO_DAY))]
        for name in dict.fromkeys(name for name, _ in self.criteria):
            attribute = self.attributes.of(name)
            for said in () if attribute is None else attribute.layers:
                entity, day = said.entity, said.day
                account = self.firms.of(entity)
                kept = (account != NO_ACCOUNT) & (day > NO_DAY)
                pairs.append(keys_of(account[kept], day[kept]))
        return distinct(np.concatenate(pairs))

    def states(self, name: str, patterns: Sequence[str], account: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Whether accounts meet a criterion on a day: MET, FAILED, or OPEN where that is not known."""
        codes, texts = self.firms.known(self.attributes, name, account, day, patterns)
        criterion = Criterion(tuple(patterns))
        met = [OPEN if fits is None else MET if fits else FAILED for fits in map(criterion.met_by, texts)]
        states: np.ndarray = np.array([*met, OPEN], dtype=np.int64)[codes]
        return states

    def places(self, entity: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Where what the accounts of people are on a day stands among the spans; below 0 of nobody's account."""
        account = self.firms.of(entity)
        return np.where(account == NO_ACCOUNT, NO_ACCOUNT, self.spans.places(np.maximum(account, 0), day))

    def of(self, entity: np.ndarray, day: np.ndarray) -> np.ndarray:
        """The code of the tier of each person, or firm, by the close of a day."""
        places = self.places(entity, day)
        tiers: np.ndarray = np.append(self.spans.tier, NOT_KNOWN)[places]
        return tiers

    def of_records(self, records: Records) -> np.ndarray:
        """The code of the tier of each record's account on the day of the record; of one without a day, the last.

        A customer has one for good: that of the day of the first payment.
        """
        return self.of(records.entity, self._days(records))

    def _days(self, records: Records) -> np.ndarray:
        days, declared = np.full(len(records), OPEN_END), INPUTS.get(records.input)
        if declared is None or not self.attributes.is_dated:
            return days
        names = (declared.stays.first,) if declared.stays is not None else declared.event_names
        for name in reversed([name for name in names if name in self.events]):
            events = self.events[name]
            if events.records is records:
                kept = np.flatnonzero(events.day < UNDATED_END)[::-1]
                days[events.row[kept]] = events.day[kept]
        if declared.stays is not None:
            first = np.full(int(records.entity.max(initial=0)) + 1, OPEN_END)
            np.minimum.at(first, np.maximum(records.entity, 0), days)
            days = first[np.maximum(records.entity, 0)]
        return days

    @property
    def missing(self) -> Callable[[int], tuple[str, ...]]:
        """The attributes that are missing of the account of a span."""
        return lambda place: self.spans.judged[int(self.spans.pattern[place])].missing

    def on(self, day: int = OPEN_END) -> np.ndarray:
        """The place among the spans of every account on a day."""
        size = len(self.firms)
        return self.spans.places(np.arange(size), np.full(size, day))


NO_TIERS = Tiers(profile=IcpSettings(), attributes=NO_ATTRIBUTES, events={})
