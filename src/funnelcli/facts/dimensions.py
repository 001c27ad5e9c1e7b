"""Dimensions: what the business can be split by, and which value of each a record has: its own, else its person's."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from copy import copy
from functools import cached_property
from typing import TYPE_CHECKING
from weakref import WeakKeyDictionary

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from funnelcli.config.owners import NOBODY as NOBODY_NAMED
from funnelcli.config.owners import Owned, owned_channels, teams_of
from funnelcli.facts.attributes import firm_named
from funnelcli.facts.earnings import STAGE_OF
from funnelcli.facts.events import NOBODY, OPEN_END, Coded, Records, without_twins
from funnelcli.facts.said_first import NOTHING, Column, RowMoments, said_first
from funnelcli.facts.tiers import TIERS
from funnelcli.inputs import INPUTS
from funnelcli.inputs.spec import dimension_column
from funnelcli.text import Message, Text, as_text, in_context
from funnelcli.values.channels import CHANNEL_LABELS, Channel, ChannelMap

if TYPE_CHECKING:
    from funnelcli.config import Config, Team
    from funnelcli.facts.tiers import Tiers

UNKNOWN = "unknown"
UNASSIGNED = Channel.UNASSIGNED.value  # money that names no part, which is not that of people whose part is unknown
CHANNEL = "channel"
PLAN = "plan"
LOST_REASON = "lost_reason"
RETURN_REASON, NO_REASON = "return_reason", "none given"
REQUEST = "request"
SALES_REP = "sales_rep"
AFFILIATE = "affiliate_id"
PERSON = "person"
OWNER = "owner"
TEAM = "team"
TIER = "tier"
ACCOUNT = "account"
GRADE = "grade"
ATTRIBUTE = "attribute"


_NO_REASON = Message("None given")


class Dimension(Struct, frozen=True, kw_only=True):
    """One way to split the business.

    ``columns`` says, of each input, which column its rows have it in; ``homes`` are the inputs whose rows say what a
    *person* has, which other rows of the person then inherit.  ``residual`` is what an empty cell of a home means.
    ``lasting`` says that a customer has one value for good, like where it came from, and not the one of its latest row.
    One that is ``made_of`` others has the value of the first of them that says any; ``by_channel`` it is made of the
    channel, and of the input; ``by_tier`` it is the tier of the account on the day of the row, and of a customer that
    on the first paid day.  ``nothing`` is the value of rows that have none.  ``values`` are all it has, in their order,
    where these are the same in all exports.  One that is ``apart`` only tells figures made for it apart.
    The parts of one ``by_name`` stand in the order of their names.
    ``or_else`` is, of an input, the column that serves where no file has the other.
    """

    name: str
    title: Text
    columns: Mapping[str, str]
    homes: tuple[str, ...]
    residual: str | None = None
    lasting: bool = False
    made_of: tuple[str, ...] = ()
    by_channel: bool = False
    by_tier: bool = False
    nothing: str = UNKNOWN
    values: tuple[str, ...] = ()
    apart: bool = False
    by_name: bool = False
    or_else: Mapping[str, str] = {}

    @property
    def nothing_label(self) -> Text:
        """What rows that have no value are called."""
        known = {UNKNOWN: CHANNEL_LABELS[Channel.UNKNOWN], NO_REASON: _NO_REASON}
        return known.get(self.nothing, CHANNEL_LABELS[Channel.UNASSIGNED])

    def column_in(self, records: Records, source: str | None = None) -> str:
        """The column of the records of an input that says it; empty where the input has none."""
        name = records.input if source is None else source
        column = self.columns.get(name, "")
        return column if column in records.words else self.or_else.get(name, column)


def _having(column: str) -> dict[str, str]:
    """The inputs that have a column, each with its name."""
    return {declared.name: column for declared in INPUTS.values() if declared.column(column) is not None}


def _channels() -> dict[str, str]:
    spending = {declared.name: declared.spending for declared in INPUTS.values() if declared.spending is not None}
    return {**_having("source"), **{name: of.channel for name, of in spending.items()}}


def _spent(column: str) -> dict[str, str]:
    return {name: column for name, declared in INPUTS.items() if declared.spending and declared.column(column)}


def built_in() -> tuple[Dimension, ...]:
    """The dimensions that need no settings."""
    return (
        Dimension(
            name=CHANNEL,
            title=Message("Channel"),
            columns=_channels(),
            homes=("signups",),
            residual="",
            lasting=True,
        ),
        Dimension(name="source", title=Message("Source"), columns=_having("source"), homes=("signups",), lasting=True),
        Dimension(
            name=PLAN,
            title=in_context("what is bought", "Plan"),
            columns={"paid_users": PLAN},
            homes=("paid_users",),
        ),
        Dimension(
            name=LOST_REASON,
            title=Message("Reason of the loss"),
            columns={"deals": "lost_reason", "journey": "note"},
            homes=(),
        ),
        Dimension(
            name=OWNER,
            title=Message("Owner"),
            columns={
                "demos": "owner", "deals": "owner", "journey": "owner", "activities": "owner", "signups": "owner",
                "handovers": "to_owner",
            },
            or_else={"handovers": "new"},
            homes=("demos", "deals"),
        ),
        Dimension(
            name=RETURN_REASON, title=Message("Reason of the return"), columns={"handovers": RETURN_REASON}, homes=(),
            nothing=NO_REASON,
        ),
        Dimension(
            name=REQUEST, title=Message("Request"), columns={"tickets": "kind"}, homes=(), nothing=NO_REASON,
        ),
        Dimension(
            name=SALES_REP, title=Message("Sales rep"), columns=_having("sales_rep"), nothing=NOBODY_NAMED,
            homes=("paid_users", "demos", "signups"), lasting=True,
        ),
        Dimension(
            name=AFFILIATE, title=Message("Affiliate"), columns=_having("affiliate_id"), nothing=NOBODY_NAMED,
            homes=("signups", "demos", "paid_users"), lasting=True,
        ),
        Dimension(
            name=PERSON, title=Message("Who earns it"), columns={}, homes=(), made_of=(SALES_REP, AFFILIATE),
            nothing=NOBODY_NAMED, lasting=True,
        ),
        Dimension(
            name=TEAM, title=Message("Team"), columns=_spent("team"), homes=(), by_channel=True, nothing=NOBODY_NAMED,
            lasting=True,
        ),
        Dimension(
            name=ACCOUNT, title=Message("Account"), columns={"signups": "account_id", "accounts": "account_id"},
            homes=("signups", "accounts"), lasting=True,
        ),
        Dimension(name="campaign", title=Message("Campaign"), columns=_spent("campaign"), homes=()),
        Dimension(
            name=TIER, title=Message("Tier"), columns=_spent("tier"), homes=(), by_tier=True, lasting=True,
            values=TIERS[:-1],
        ),
        Dimension(name=GRADE, title=Message("Grade"), columns={}, homes=(), lasting=True, by_name=True),
        Dimension(name=ATTRIBUTE, title=Message("Attribute"), columns={}, homes=(), apart=True, lasting=True),
    )  # fmt: skip


def declared_dimensions(config: Config) -> dict[str, Dimension]:
    """The dimensions: the built-in ones, and those that ``[dimensions]`` names, which may add to a built-in one."""
    known = {dimension.name: dimension for dimension in built_in()}
    known[ATTRIBUTE] = replace(known[ATTRIBUTE], values=config.icp.criteria)
    for name, settings in config.dimensions.items():
        before = known.get(name)
        columns = {**(before.columns if before else {}), settings.input: dimension_column(name)}
        homes = tuple(dict.fromkeys((settings.input, *(before.homes if before else ()))))
        title = before.title if before else as_text(name)
        # What rows say themselves stands in the place of what would be made of other dimensions.
        known[name] = Dimension(name=name, title=title, columns=columns, homes=homes)
        if before is not None:
            known[name] = replace(
                before, columns=columns, homes=homes, made_of=(), by_channel=False, by_tier=False, values=()
            )  # fmt: skip
    return known


class Dimensions:
    """Says which value of a dimension each record has; an answer is kept as long as the facts are."""

    def __init__(
        self,
        declared: Mapping[str, Dimension],
        channels: ChannelMap,
        records: Mapping[str, Records],
        teams: Mapping[str, Team] | None = None,
        tiers: Tiers | None = None,
    ) -> None:
        self.declared = declared
        self.channels = channels
        self._tiers = tiers
        self._teams = teams or {}
        self._records = records
        self._moments = RowMoments() if tiers is None else RowMoments(events=tiers.events, attributes=tiers.attributes)
        self._forget(OPEN_END)
        self._told: dict[str, Callable[[Records], Coded]] = {}

    def _forget(self, until: int) -> None:
        self._until = until
        self._known: WeakKeyDictionary[Records, dict[str, Coded]] = WeakKeyDictionary()
        self._of_people: dict[str, tuple[np.ndarray, list[str]]] = {}

    def until(self, day: int) -> Dimensions:
        """The same as they are known by a day: no later row says what the others of its person have."""
        known = copy(self)
        known._forget(day)
        return known

    def tell(self, name: str, of: Callable[[Records], Coded]) -> None:
        """From now on something that is made of all facts says which value of a dimension the person of a record has.

        A dimension for which the settings name columns stays theirs.
        """
        if not self.declared[name].columns:
            self._told[name] = of

    def is_said(self, name: str) -> bool:
        """Whether any file has a column for a dimension."""
        dimension = self.declared[name]
        return (
            dimension.by_channel
            or name in self._told
            or ((dimension.by_tier or dimension.apart) and self._tiers is not None and self._tiers.is_declared)
            or any(map(self.is_said, dimension.made_of))
            or any(
                name in records.values or dimension.column_in(records, source) in records.words
                for source, records in self._records.items()
            )
        )

    def is_lasting(self, name: str) -> bool:
        """Whether no customer goes from one value to another: it has one for good, or only its person has one."""
        dimension = self.declared[name]
        own = (
            dimension.columns.get(source) in records.words
            for source, records in self._records.items()
            if source in INPUTS and INPUTS[source].stays is not None
        )
        return dimension.lasting or not any(own)

    def splits(self, name: str, records: Records) -> bool:
        """Whether the records of an input have values of a dimension: values of their own, or their person's."""
        dimension = self.declared[name]
        if name in records.values or (dimension.by_channel and records.input in STAGE_OF):
            return True
        if records.made_of:
            return any(self.splits(name, others) for others, _, _ in records.made_of)
        if dimension.made_of:
            return any(self.splits(part, records) for part in dimension.made_of)
        if dimension.by_tier and self.is_said(name) and (records.entity != NOBODY).any():
            return True
        if name in self._told and not _is_spending(records.input):
            return bool((records.entity != NOBODY).any())
        has_column = dimension.column_in(records) in records.words
        return has_column or (bool(dimension.homes) and bool((records.entity != NOBODY).any()))

    def of(self, name: str, records: Records) -> Coded:
        """The value of every record: its own, else its person's, else that of nothing, like ``unknown``."""
        known = self._known.setdefault(records, {})
        if name not in known:
            known[name] = records.values.get(name) or self._made(name, records)
        return known[name]

    def _made(self, name: str, records: Records) -> Coded:
        if records.made_of:
            return self._of_several(name, records)
        dimension = self.declared[name]
        if dimension.by_tier and self._tiers is not None and not _is_spending(records.input):
            return Coded(self._tiers.of_records(records), TIERS)
        if name in self._told and not _is_spending(records.input):
            return self._told[name](records)
        return self.first_said(dimension.made_of, records) if dimension.made_of else self._resolved(name, records)

    def first_said(self, names: Sequence[str], records: Records) -> Coded:
        """Of every record the value of the first of several dimensions that says any, else that of nothing."""
        codes, texts = np.full(len(records), NOTHING), list[str]()
        for name in names:
            values, nothing = self.of(name, records), self.declared[name].nothing
            says = values.that(lambda text, nothing=nothing: text != nothing)  # type: ignore[misc]
            codes = np.where((codes == NOTHING) & says, values.codes + len(texts), codes)
            texts += values.texts
        texts.append(self.declared[names[0]].nothing)
        return without_twins(np.where(codes == NOTHING, len(texts) - 1, codes), texts)

    @cached_property
    def _owned(self) -> Owned:
        return owned_channels(teams_of(self._teams))

    def _owners(self, records: Records) -> tuple[np.ndarray, list[str]]:
        """The team that owns the stage of each record, of its channel; NOTHING where none does."""
        owners = self._owned.get(STAGE_OF[records.input], {})
        team_of = {channel.value: team for team, channels in owners.items() for channel in channels}
        channels = self.of(CHANNEL, records)
        teams = list(owners)
        of_channel = [teams.index(team_of[text]) if text in team_of else NOTHING for text in channels.texts]
        return np.array(of_channel or [NOTHING], dtype=np.int64)[channels.codes], teams

    def _of_several(self, name: str, records: Records) -> Coded:
        """The values of records that are made of those of several inputs."""
        codes, texts = np.zeros(len(records), dtype=np.int64), [UNKNOWN]
        for others, places, rows in records.made_of:
            values = self.of(name, others)
            codes[places] = values.codes[rows] + len(texts)
            texts += values.texts
        return without_twins(codes, texts)

    def _resolved(self, name: str, records: Records) -> Coded:
        own, texts = self._own(name, records)
        declared = INPUTS.get(records.input)
        if self.declared[name].lasting and declared is not None and declared.stays is not None:
            own = self._of_whole_customers(own, records)
        dimension = self.declared[name]
        if dimension.by_channel and records.input in STAGE_OF:
            theirs, teams = self._owners(records)
            own = np.where((own == NOTHING) & (theirs != NOTHING), theirs + len(texts), own)
            texts = [*texts, *teams]
        nothing = own == NOTHING
        if nothing.any():
            values, names = self._people(name)
            offset = len(texts)
            texts = [*texts, *names, dimension.nothing]
            theirs = np.full(len(records), NOTHING)
            known = nothing & (records.entity != NOBODY) & (records.entity < len(values))
            theirs[known] = values[records.entity[known]]
            own = np.where(nothing, np.where(theirs == NOTHING, len(texts) - 1, theirs + offset), own)
        return without_twins(own, texts)

    def _of_whole_customers(self, own: np.ndarray, records: Records) -> np.ndarray:
        """A customer has one value, so that the parts add up over time: the earliest that any of its records says."""
        values, _ = said_first([Column(records, own, ())], self._moments, self._until)
        theirs, known = own.copy(), np.flatnonzero((records.entity != NOBODY) & (records.entity < len(values)))
        theirs[known] = values[records.entity[known]]
        return np.where(theirs == NOTHING, own, theirs)

    def _own(self, name: str, records: Records) -> tuple[np.ndarray, list[str]]:
        """The code of each record's own value, NOTHING where it has none, and the values."""
        dimension = self.declared[name]
        words = records.words.get(dimension.column_in(records))
        residual = self._residual(dimension, records.input)
        if words is None:
            if residual is None:
                return np.full(len(records), NOTHING), []
            words = Coded.same("", len(records))
        mapped = self._map(name, records.input)
        said = [text if text else residual for text in words.texts]
        texts = list(dict.fromkeys(mapped(text) for text in said if text is not None))
        places = {text: place for place, text in enumerate(texts)}
        codes = np.array([NOTHING if t is None else places[mapped(t)] for t in said] or [NOTHING], dtype=np.int64)
        own: np.ndarray = codes[words.codes]
        return own, texts

    def _residual(self, dimension: Dimension, of_input: str) -> str | None:
        """What an empty cell of an input means; None where its person's value stands for it."""
        declared = INPUTS.get(of_input)
        if declared is not None and declared.spending is not None:
            return "" if dimension.name == CHANNEL else UNASSIGNED
        return dimension.residual if of_input in dimension.homes else None

    def _map(self, name: str, of_input: str) -> Callable[[str], str]:
        channels = self.channels.within(of_input)
        if self.declared[name].by_tier:
            return lambda text: text.strip().upper() if text.strip().upper() in TIERS else UNASSIGNED
        if name == ACCOUNT and self._tiers is not None:
            firms = {firm.casefold(): firm for firm in self._tiers.attributes.members.names}
            return lambda text: firms.get(firm_named(text).casefold(), firm_named(text))
        return (lambda source: channels.of(source).value) if name == CHANNEL else (lambda text: text)

    def _people(self, name: str) -> tuple[np.ndarray, list[str]]:
        """What each person has, by the earliest record of any home that says it."""
        if name not in self._of_people:
            homes = [self._records[home] for home in self.declared[name].homes if home in self._records]
            said = [Column(each, *self._own(name, each)) for each in homes]
            self._of_people[name] = said_first(said, self._moments, self._until)
        return self._of_people[name]


def _is_spending(name: str) -> bool:
    """Whether rows are of money, and of nobody."""
    return name in INPUTS and INPUTS[name].spending is not None
