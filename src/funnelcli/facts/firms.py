"""Accounts: the firms that people are with, and everybody who is with none; from when on each is known of."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence

import numpy as np
from msgspec import Struct

from funnelcli.facts.attributes import ACCOUNT, NO_ACCOUNT, Attributes
from funnelcli.facts.events import NO_DAY, NOBODY, UNDATED_END, Events
from funnelcli.inputs import INPUTS
from funnelcli.inputs.accounts import ACCOUNTS


class Firms(Struct, frozen=True, kw_only=True, eq=False):
    """The accounts: ``of_entity`` is that of each entity, NO_ACCOUNT where it is none; ``names`` are theirs.

    ``order`` are the entities by account, what stands for the firm itself before its people, and ``first`` is where
    those of each account begin in it, with one place more.  ``is_person`` says of each entity whether it is one, and
    not only what the rows of a firm are of.  ``came`` is the day on which each was first heard of, and ``begun`` the
    day from which on each account counts: NO_DAY where nothing dates it.
    """

    of_entity: np.ndarray
    names: tuple[str, ...]
    order: np.ndarray
    first: np.ndarray
    is_person: np.ndarray
    begun: np.ndarray
    came: np.ndarray

    def __len__(self) -> int:
        return len(self.names)

    def of(self, entity: np.ndarray) -> np.ndarray:
        """The account of each entity."""
        known = (entity != NOBODY) & (entity < len(self.of_entity))
        if not len(self.of_entity):
            return np.full(len(entity), NO_ACCOUNT)
        return np.where(known, self.of_entity[np.where(known, entity, 0)], NO_ACCOUNT)

    @property
    def heads(self) -> np.ndarray:
        """Of each account the person who came first, else what stands for the firm: whose channel is that of it."""
        rank = np.lexsort((self.came[self.order], ~self.is_person[self.order], self.of_entity[self.order]))
        heads: np.ndarray = self.order[rank][self.first[:-1]]
        return heads

    def members(self, account: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """All entities of some accounts, one after another, and the place in ``account`` that each is of."""
        sizes = self.first[account + 1] - self.first[account]
        place = np.repeat(np.arange(len(account)), sizes)
        within = np.arange(len(place)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
        return self.order[self.first[account][place] + within] if len(place) else np.zeros(0, dtype=np.int64), place

    def known(
        self, attributes: Attributes, name: str, account: np.ndarray, day: np.ndarray, patterns: Iterable[str] = ()
    ) -> tuple[np.ndarray, list[str]]:
        """Of each account on a day the code of what is known of an attribute, below 0 where nothing is, and the texts.

        What rows of the firm say goes before what its people do, of whom the first of the facts does.  What cannot be
        compared with the ``patterns`` says nothing.
        """
        codes = np.full(len(account), -1)
        attribute = attributes.of(name)
        if attribute is None:
            return codes, []
        attribute = attribute.asked(patterns)
        entity, place = self.members(account)
        said, _ = attribute.known(entity, day[place])
        says = np.flatnonzero(said >= 0)[::-1]
        codes[place[says]] = said[says]  # of several that are written to one place the last stays: the first of all
        return codes, list(attribute.texts)


def firms_of(attributes: Attributes, events: Mapping[str, Events]) -> Firms:
    """The accounts of some facts: whoever any row is of that tells of the past, or what is known."""
    size = len(attributes.entities)
    number = {name.casefold(): place for place, name in enumerate(attributes.members.names)}
    acted = _first_days(events, size, _DEEDS)
    came = np.minimum(acted, _first_days(events, size, tuple(each.name for each in ACCOUNTS.events)))
    said = np.zeros(size, dtype=bool)
    if attributes.records is not None:
        said[attributes.records.entity[attributes.records.entity != NOBODY]] = True
    firm = attributes.members.of(np.arange(size))
    named = np.array([number.get(name.casefold(), NO_ACCOUNT) for name in attributes.entities], dtype=np.int64)
    stands_for = (firm == NO_ACCOUNT) & (named != NO_ACCOUNT)
    firm = np.where(stands_for, named, firm)
    alone = np.flatnonzero((firm == NO_ACCOUNT) & (said | (came < UNDATED_END)))
    firm[alone] = len(number) + np.arange(len(alone))
    is_person = ~stands_for & ~(_of_firms_alone(attributes) & (acted == UNDATED_END))
    order = np.flatnonzero(firm != NO_ACCOUNT)
    order = order[np.lexsort((order, is_person[order], firm[order]))]
    total = len(number) + len(alone)
    begun = np.full(total, UNDATED_END)
    np.minimum.at(begun, firm[order], came[order])
    names = (*attributes.members.names, *(attributes.entities[each] for each in alone.tolist()))
    return Firms(
        of_entity=firm, names=names, order=order, first=np.searchsorted(firm[order], np.arange(total + 1)),
        is_person=is_person, begun=np.where(begun == UNDATED_END, NO_DAY, begun), came=came,
    )  # fmt: skip


def _of_firms_alone(attributes: Attributes) -> np.ndarray:
    """The entities of rows of accounts that name a firm, and no person."""
    rows, only = attributes.records, np.zeros(len(attributes.entities), dtype=bool)
    words = None if rows is None else rows.words.get(ACCOUNT)
    if rows is not None and words is not None:
        pairs = zip(rows.entity.tolist(), words.of_rows(slice(None)), strict=True)
        only[[who for who, firm in pairs if who != NOBODY and attributes.entities[who] == firm]] = True
    return only


# What people do: the first event of each input that tells of the past, and the one by which customers first pay.
_DEEDS = tuple(
    name
    for declared in INPUTS.values()
    if not declared.is_planned
    for name in (*(each.name for each in declared.events[:1]), *([declared.stays.first] if declared.stays else ()))
)


def _first_days(events: Mapping[str, Events], size: int, names: Sequence[str]) -> np.ndarray:
    """The first day of any of some events of each entity, UNDATED_END where there is none."""
    first = np.full(size, UNDATED_END)
    for each in (events[name] for name in names if name in events):
        entity = each.records.entity[each.row]
        known = (entity != NOBODY) & (each.day > NO_DAY) & (each.day < UNDATED_END)
        np.minimum.at(first, entity[known], each.day[known])
    return first
