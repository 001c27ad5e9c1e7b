"""The decision chain: which of the roles that an account needs are known, while sales is at it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
from msgspec import Struct

from funnelcli.facts.attributes import NO_ACCOUNT
from funnelcli.facts.dimensions import TIER
from funnelcli.facts.events import NO_DAY, UNDATED_END, Coded, Events, days_of, entities_of, keys_of
from funnelcli.facts.fitting import into_and_out, lasting, records_of
from funnelcli.facts.happened import Happened, Later
from funnelcli.facts.tiers import TIERS, Tiers
from funnelcli.stats.distinct import distinct
from funnelcli.values.criteria import Criterion
from funnelcli.values.roles import BUYING_ROLES

NEEDED, KNOWN, SINGLE, AT_IT = "chain_needed", "chain_known", "single_contact", "chain_account"
HANDED_OVER, BOOKED = "handed_over", "demo_booked"
ROLE, EMPLOYEES = "role", "employees"


def chain_events(tiers: Tiers, events: Mapping[str, Events]) -> Happened:
    """The events of the decision chain, where there is a profile that says which roles are needed."""
    if not (tiers.is_declared and tiers.profile.needs):
        return Happened(())
    names = tuple(f"{name}_{way}" for name in (NEEDED, KNOWN, SINGLE, AT_IT) for way in ("into", "out"))
    return Happened([Later(names=names, make=lambda: Chain(tiers=tiers, events=events).happened())])


class Chain(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """What is needed and known of accounts from each day on which that may have changed.

    Sales is at an account from the first hand-over on (where no file tells of any, the first demo booked), and while a
    deal is open.
    """

    tiers: Tiers
    events: Mapping[str, Events]

    @cached_property
    def key(self) -> np.ndarray:
        """The accounts and days, as numbers in their order."""
        firms = self.tiers.firms
        pairs = [self.tiers.spans.key]
        known = [attribute for name in (ROLE, EMPLOYEES) if (attribute := self.tiers.attributes.of(name)) is not None]
        dated = [(said.entity, said.day) for attribute in known for said in attribute.layers]
        dated += [(np.arange(len(firms.came)), firms.came), *((whose, day) for whose, day, _ in self._deals)]
        for entity, day in (*dated, self._handed):
            account = firms.of(entity)
            kept = (account != NO_ACCOUNT) & (day > NO_DAY) & (day < UNDATED_END)
            pairs.append(keys_of(account[kept], day[kept]))
        return distinct(np.concatenate(pairs))

    @cached_property
    def _handed(self) -> tuple[np.ndarray, np.ndarray]:
        """Who was handed over on which day."""
        events = self.events.get(HANDED_OVER) or self.events.get(BOOKED)
        if events is None:
            return np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64)
        return events.records.entity[events.row], events.day

    @cached_property
    def _deals(self) -> list[tuple[np.ndarray, np.ndarray, np.ndarray]]:
        """On which days deals of whom were opened (1) and closed (-1): each stage on the way begins and ends."""
        steps = []
        for name in self.events:
            home, _, rest = name.partition(":")
            journey, _, kind = rest.partition(":")
            way, _, stage = kind.partition(":")
            if home == "deals" and journey == "opportunity" and way in ("into", "out") and stage not in _ENDS:
                events = self.events[name]
                step = np.full(len(events), 1 if way == "into" else -1)
                steps.append((events.records.entity[events.row], events.day, step))
        return steps

    def happened(self) -> Iterator[Events]:
        """How many roles accounts need, how many are known, and which have one contact where more are needed."""
        account, day = entities_of(self.key), days_of(self.key)
        needs, has_size = self._needs(account, day)
        known, contacts = self._people(account, day)
        there = self._at_it(account, day)
        needed, named = _number(needs), _number(needs & known)
        since, until = lasting(self.tiers.firms.begun, account, day)
        rows = np.flatnonzero(there & (since < until))
        tier = Coded(self.tiers.spans.tier[self.tiers.spans.places(account[rows], since[rows])], TIERS)
        records = records_of(self.tiers, account[rows], since[rows], {TIER: tier})
        since, until, needed, named, contacts = (each[rows] for each in (since, until, needed, named, contacts))
        every = np.arange(len(rows))
        yield from into_and_out((f"{AT_IT}_into", f"{AT_IT}_out"), records, since, until)
        yield from into_and_out((f"{NEEDED}_into", f"{NEEDED}_out"), records, since, until, every, needed)
        yield from into_and_out((f"{KNOWN}_into", f"{KNOWN}_out"), records, since, until, every, named)
        alone = np.flatnonzero(has_size[rows] & (needed > 1) & (contacts <= 1))
        yield from into_and_out((f"{SINGLE}_into", f"{SINGLE}_out"), records, since, until, alone)

    @cached_property
    def _roles(self) -> Mapping[str, Criterion]:
        """Every role with what is said of who has it: by the settings, and the buying roles that are built in."""
        own = self.tiers.profile.roles
        names = dict.fromkeys((*BUYING_ROLES, *own))
        return {name: Criterion((*own.get(name, ()), *BUYING_ROLES.get(name, ()))) for name in names}

    def _needs(self, account: np.ndarray, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The roles that accounts of their size need, as bits, and whether the size is known."""
        sizes = [size for size, _ in self.tiers.profile.needs]
        codes, texts = self.tiers.firms.known(self.tiers.attributes, EMPLOYEES, account, day, sizes)
        bits = {name: 1 << place for place, name in enumerate(self._roles)}
        needs = []
        for text in texts:
            wanted = (roles for size, roles in self.tiers.profile.needs if Criterion((size,)).met_by(text))
            needs.append(sum(bits[role] for role in dict.fromkeys(next(wanted, ()))))
        needed = np.array([*needs, 0], dtype=np.int64)[codes]
        return needed, needed > 0

    def _people(self, account: np.ndarray, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """The roles that the people of accounts have, as bits, and how many people are known of."""
        firms = self.tiers.firms
        entity, place = firms.members(account)
        # Of whom nothing tells when they came is known of from ever on.
        came = np.where(firms.came[entity] == UNDATED_END, NO_DAY, firms.came[entity])
        here = np.flatnonzero(firms.is_person[entity] & (came <= day[place]))
        entity, place = entity[here], place[here]
        contacts = np.bincount(place, minlength=len(account))
        known = np.zeros(len(account), dtype=np.int64)
        attribute = self.tiers.attributes.of(ROLE)
        if attribute is not None:
            codes, _ = attribute.known(entity, day[place])
            bits = np.array([*(self._bits(text) for text in attribute.texts), 0], dtype=np.int64)
            np.bitwise_or.at(known, place, bits[codes])
        return known, contacts

    def _bits(self, text: str) -> int:
        """The roles of a cell, which may name several."""
        parts = [part.strip() for part in text.split(";") if part.strip()]
        fits = (any(role.met_by(part) for part in parts) for role in self._roles.values())
        return sum(1 << place for place, has in enumerate(fits) if has)

    def _at_it(self, account: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Whether sales is at accounts on a day."""
        firms, size = self.tiers.firms, len(self.tiers.firms)
        entity, when = self._handed
        first = np.full(size + 1, UNDATED_END)
        np.minimum.at(first, firms.of(entity), when)  # whoever is with no account is at the place after all
        deals = [(firms.of(entity), when, step) for entity, when, step in self._deals]
        if not deals:
            return np.asarray(first[account] <= day)
        whose, when, step = (np.concatenate(column) for column in zip(*deals, strict=True))
        order = np.flatnonzero(whose != NO_ACCOUNT)
        order = order[np.argsort(keys_of(whose[order], when[order]), kind="stable")]
        sums = np.concatenate([[0], np.cumsum(step[order])])
        key = keys_of(whose[order], when[order])
        begun = np.searchsorted(key, keys_of(account, np.full(len(account), NO_DAY)))
        number = sums[np.searchsorted(key, keys_of(account, day), side="right")] - sums[begun]
        return np.asarray((first[account] <= day) | (number > 0))


def _number(bits: np.ndarray) -> np.ndarray:
    """How many roles there are in bits."""
    numbers: np.ndarray = np.bitwise_count(bits).astype(np.int64)
    return numbers


_ENDS: Sequence[str] = ("won", "lost", "left")
