"""What is known of people and of the firms they are with: each attribute as it was known on a day."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import cached_property

import numpy as np
from msgspec import Struct, field
from msgspec.structs import replace

from funnelcli.facts.events import NO_DAY, NOBODY, OPEN_END, Coded, Events, Records, keys_of
from funnelcli.inputs.accounts import ACCOUNTS, SAME_ATTRIBUTE, attribute_of
from funnelcli.inputs.signups import SIGNUPS
from funnelcli.inputs.spec import dimension_of
from funnelcli.reading.header_keys import header_key
from funnelcli.values.criteria import says_nothing_of
from funnelcli.values.many import in_lines

ACCOUNT = "account_id"
NO_ACCOUNT = -1
EMAIL = "email"


class Members(Struct, frozen=True, kw_only=True, eq=False):
    """Which firm each person is with: ``account`` is an index into ``names`` by the number of the person."""

    account: np.ndarray
    names: Sequence[str]

    def of(self, entity: np.ndarray) -> np.ndarray:
        """The firm of each person, NO_ACCOUNT where none is known."""
        known = (entity != NOBODY) & (entity < len(self.account))
        return np.where(
            known, self.account[np.where(known, entity, 0)] if len(self.account) else NO_ACCOUNT, NO_ACCOUNT
        )


class Said(Struct, frozen=True, kw_only=True, eq=False):
    """What rows say of somebody, from a day on: in order of these, with a code of the text."""

    entity: np.ndarray
    day: np.ndarray
    key: np.ndarray
    code: np.ndarray
    row: np.ndarray

    @property
    def dated(self) -> np.ndarray:
        """Those that say from when on it is so."""
        return np.asarray(self.day != NO_DAY)

    @classmethod
    def of(cls, entity: np.ndarray, day: np.ndarray, code: np.ndarray, row: np.ndarray) -> Said:
        """Those that say something of somebody; of one day the last row is what is known."""
        kept = np.flatnonzero((code >= 0) & (entity != NOBODY))
        order = kept[np.lexsort((row[kept], day[kept], entity[kept]))]
        whose, since = entity[order], day[order]
        return cls(entity=whose, day=since, key=keys_of(whose, since), code=code[order], row=row[order])

    def kept(self, which: np.ndarray) -> Said:
        """Some of them."""
        return Said(**{name: getattr(self, name)[which] for name in self.__struct_fields__})

    def places(self, entity: np.ndarray, day: np.ndarray) -> np.ndarray:
        """Where what is known of each by the close of a day stands; below 0 where nothing is."""
        if not len(self.key):
            return np.full(len(entity), -1)
        place = np.searchsorted(self.key, keys_of(entity, day), side="right") - 1
        same = (place >= 0) & (self.key[place] >= keys_of(entity, np.full(len(entity), NO_DAY)))
        return np.where(same & (entity != NOBODY), place, -1)


class Attribute(Struct, frozen=True, kw_only=True, eq=False):
    """One attribute: what is said of it in ``layers``, of which the last that says something counts."""

    texts: Sequence[str]
    layers: Sequence[Said]

    def known(self, entity: np.ndarray, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
        """Of each person on a day the code of the text, below 0 where nothing is known, and the row of accounts that
        says it, NO_ROW where none does."""
        codes, rows = np.full(len(entity), -1), np.full(len(entity), NO_ROW)
        for said in self.layers:
            place = said.places(entity, day)
            says = place >= 0
            codes[says], rows[says] = said.code[place[says]], said.row[place[says]]
        return codes, rows

    def asked(self, patterns: Iterable[str]) -> Attribute:
        """The same without the texts that cannot be compared with any of some patterns: like empty cells they say
        nothing, so that what else is known of somebody counts."""
        lost = self._lost(patterns)
        if not lost.any():
            return self
        return replace(self, layers=tuple(said.kept(~lost[said.code]) for said in self.layers))

    def not_understood(self, patterns: Iterable[str]) -> Counter[str]:
        """These texts, each with the number of rows that say it."""
        lost = self._lost(patterns)
        rows = set[tuple[int, int]]()  # a row stands for its firm and for each of its people
        for said in self.layers if lost.any() else ():
            of_lost = said.kept(lost[said.code])
            of_row = np.where(of_lost.row == NO_ROW, OPEN_END + of_lost.entity, of_lost.row)
            rows.update(zip(of_row.tolist(), of_lost.code.tolist(), strict=True))
        return Counter(self.texts[code] for _, code in sorted(rows))

    def _lost(self, patterns: Iterable[str]) -> np.ndarray:
        wanted = tuple(patterns)
        return np.array([says_nothing_of(wanted, text) for text in self.texts] or [False], dtype=bool)

    def days_of_change(self) -> Iterator[tuple[np.ndarray, np.ndarray]]:
        """People, and days from which on rows say something else of them."""
        for said in self.layers:
            yield said.entity[said.dated], said.day[said.dated]


class Attributes(Struct, frozen=True, kw_only=True, eq=False, dict=True):
    """All that the accounts say, by the name of the attribute; ``spread`` are their rows, one of each person.

    What ``signups`` say of an attribute that settings name counts where no account says it.  ``entities`` are the ids
    of all people: where they are addresses of mail, these are known too.
    """

    records: Records | None = None
    spread: Records | None = None
    since: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    rows: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=np.int64))
    is_of_firm: np.ndarray = field(default_factory=lambda: np.zeros(0, dtype=bool))
    members: Members = Members(account=np.zeros(0, dtype=np.int64), names=())
    entities: Sequence[str] = ()
    signups: Records | None = None

    @property
    def is_dated(self) -> bool:
        """Whether any row says from when on it is so."""
        return bool((self.since != NO_DAY).any())

    @cached_property
    def _columns(self) -> Mapping[str, str]:
        """The columns by their names, and by the names that all firms use for the same."""
        words = {} if self.spread is None else self.spread.words
        filled = {name: int(np.count_nonzero(words[name].that(bool))) for name in self.names}
        return _by_usual_names({name: name for name in self.names}, filled)

    @cached_property
    def _of_signups(self) -> Mapping[str, str]:
        """The same of the columns that signups have for attributes of the settings."""
        words = () if self.signups is None else self.signups.words
        own = {attribute: name for name in words if (attribute := attribute_of(name)) is not None}
        return {attribute_name(attribute): name for attribute, name in own.items()}

    @property
    def names(self) -> tuple[str, ...]:
        """The attributes by the names of their columns."""
        words = () if self.spread is None else self.spread.words
        return tuple(name for name in words if name != ACCOUNT and name == dimension_of(name))

    @property
    def usual_names(self) -> tuple[str, ...]:
        """The attributes by the names that all firms use for the same, else by those of their columns."""
        usual = {name: word for word, name in list(self._columns.items())[::-1]}
        return tuple(dict.fromkeys(usual[name] for name in self.names))

    def has(self, name: str) -> bool:
        """Whether some file, or the ids of people, say what this attribute is."""
        wanted = attribute_name(name)
        return wanted in self._columns or wanted in self._of_signups or (wanted == EMAIL and self._have_addresses)

    @cached_property
    def _have_addresses(self) -> bool:
        return "@" in in_lines(self.entities)

    def of(self, name: str) -> Attribute | None:
        """An attribute by its name, or as a header writes it; None where no file has it."""
        wanted = attribute_name(name)
        if wanted not in self._known:
            self._known[wanted] = self._made(wanted) if self.has(wanted) else None
        return self._known[wanted]

    @cached_property
    def _known(self) -> dict[str, Attribute | None]:
        return {}

    def _made(self, name: str) -> Attribute:
        """An attribute: what is said of people goes before what is said of their firms, and that before signups."""
        texts, layers = list[str](), list[Said]()
        if name == EMAIL and self._have_addresses:
            who = np.flatnonzero([("@" in entity) for entity in self.entities])
            layers.append(Said.of(who, np.full(len(who), NO_DAY), np.arange(len(who)), np.full(len(who), NO_ROW)))
            texts += [self.entities[each] for each in who.tolist()]
        if self.signups is not None and name in self._of_signups:
            words = self.signups.words[self._of_signups[name]]
            code, size = np.where(words.that(bool), words.codes + len(texts), -1), len(self.signups)
            layers.append(Said.of(self.signups.entity, np.full(size, NO_DAY), code, np.full(size, NO_ROW)))
            texts += words.texts
        if self.spread is not None and name in self._columns:
            words = self.spread.words[self._columns[name]]
            code = np.where(words.that(bool), words.codes + len(texts), -1)
            for of_firm in (True, False):
                rows = np.flatnonzero(self.is_of_firm == of_firm)
                layers.append(Said.of(self.spread.entity[rows], self.since[rows], code[rows], self.rows[rows]))
            texts += words.texts
        return Attribute(texts=texts, layers=tuple(layers))


NO_ROW = -1


def _by_usual_names(own: Mapping[str, str], filled: Mapping[str, int]) -> dict[str, str]:
    """Columns by their own names, and by the usual name of the attribute where no column has that: the fullest one.

    >>> _by_usual_names({"job_title": "job_title", "buying_role": "buying_role"}, {"job_title": 9, "buying_role": 2})
    {'role': 'job_title', 'job_title': 'job_title', 'buying_role': 'buying_role'}
    """
    usual = dict[str, str]()
    for name, headers in SAME_ATTRIBUTE.items():
        known = [own[key] for header in headers if (key := attribute_name(header)) in own]
        if known:
            usual[name] = max(known, key=lambda column: filled.get(column, 0))
    return {**usual, **own}


NO_ATTRIBUTES = Attributes()


def attribute_name(header: str) -> str:
    """The name of an attribute by the header of its column.

    >>> attribute_name("Số nhân viên"), attribute_name("buying_role")
    ('so_nhan_vien', 'buying_role')
    """
    return header_key(header).replace(" ", "_")


def attributes_of(records: Mapping[str, Records], events: Mapping[str, Events], entities: Sequence[str]) -> Attributes:
    """What the accounts say, each row given to every person it is of: its own, or all who are with its firm."""
    rows = records.get(ACCOUNTS.name)
    members = _members(records, entities)
    if rows is None:
        return Attributes(entities=entities, members=members, signups=records.get(SIGNUPS.name))
    dated, since = events.get(ACCOUNTS.events[0].name), np.full(len(rows), NO_DAY)
    if dated is not None:
        since[dated.row] = dated.day
    number = {name.casefold(): place for place, name in enumerate(members.names)}
    firm = _firms(rows, number)
    is_firm = _is_of_firm(rows, entities)
    order = np.argsort(members.account, kind="stable")
    ranked = members.account[order]
    first, last = np.searchsorted(ranked, firm, side="left"), np.searchsorted(ranked, firm, side="right")
    sizes = np.where(is_firm & (firm != NO_ACCOUNT), last - first, 0)
    copies = np.repeat(np.arange(len(rows)), sizes)
    within = np.arange(len(copies)) - np.repeat(np.cumsum(sizes) - sizes, sizes)
    people = order[first[copies] + within] if len(copies) else np.zeros(0, dtype=np.int64)
    place = np.concatenate([np.arange(len(rows)), copies])
    entity = np.concatenate([rows.entity, people])
    of_firm = np.concatenate([np.zeros(len(rows), dtype=bool), np.ones(len(copies), dtype=bool)])
    # What a person's own row says comes first, of several the one that holds now.
    best = np.lexsort((-place, -since[place], of_firm))
    place, entity, of_firm = place[best], entity[best], of_firm[best]
    spread = replace(
        rows, file=rows.file[place], line=rows.line[place], entity=entity,
        words={name: Coded(words.codes[place], words.texts) for name, words in rows.words.items()},
    )  # fmt: skip
    return Attributes(
        records=rows, spread=spread, since=since[place], rows=place, is_of_firm=of_firm, members=members,
        entities=entities, signups=records.get(SIGNUPS.name),
    )  # fmt: skip


def _firms(records: Records, number: Mapping[str, int]) -> np.ndarray:
    """The number of the firm that each row names, NO_ACCOUNT where it names none that anybody is with."""
    words = records.words.get(ACCOUNT)
    if words is None:
        return np.full(len(records), NO_ACCOUNT)
    codes = np.array(
        [number.get(firm_named(text).casefold(), NO_ACCOUNT) for text in words.texts] or [NO_ACCOUNT], dtype=np.int64
    )
    firms: np.ndarray = codes[words.codes]
    return firms


def firm_named(cell: str) -> str:
    """The firm that a cell names: the first, where it names several.

    >>> firm_named("C1; C2"), firm_named("")
    ('C1', '')
    """
    return cell.split(";")[0].strip()


def _is_of_firm(records: Records, entities: Sequence[str]) -> np.ndarray:
    """The rows that name a firm and no person: their entity is the firm."""
    words = records.words.get(ACCOUNT)
    if words is None:
        return np.zeros(len(records), dtype=bool)
    pairs = zip(records.entity.tolist(), words.of_rows(slice(None)), strict=True)
    return np.array([who == NOBODY or entities[who] == firm for who, firm in pairs], dtype=bool)


def _members(records: Mapping[str, Records], entities: Sequence[str]) -> Members:
    """The firm of each person: as the signups say, else as the accounts do."""
    names: dict[str, str] = {}
    account = np.full(len(entities), NO_ACCOUNT)
    places: dict[str, int] = {}
    for who, firm in _named_firms(records, entities):
        if account[who] == NO_ACCOUNT:
            names.setdefault(firm.casefold(), firm)
            account[who] = places.setdefault(firm.casefold(), len(places))
    return Members(account=account, names=tuple(names.values()))


def _named_firms(records: Mapping[str, Records], entities: Sequence[str]) -> Iterator[tuple[int, str]]:
    """Who is with which firm, as the signups name them, then as the accounts do."""
    for name in (SIGNUPS.name, ACCOUNTS.name):
        rows = records.get(name)
        words = None if rows is None else rows.words.get(ACCOUNT)
        if rows is None or words is None:
            continue
        pairs = zip(rows.entity.tolist(), words.of_rows(slice(None)), strict=True)
        yield from (
            (who, firm_named(firm))
            for who, firm in pairs
            if who != NOBODY and firm_named(firm) and entities[who] != firm
        )
