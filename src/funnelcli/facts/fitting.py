"""Accounts as events: from when to when each is of a tier, and which attributes of the profile are known of it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence

import numpy as np

from funnelcli.facts.dimensions import ATTRIBUTE, TIER
from funnelcli.facts.events import NO_LINE, OPEN_END, Coded, Events, Records, entities_of, keys_of
from funnelcli.facts.happened import Happened, Later
from funnelcli.facts.tiers import OPEN, TIERS, Tiers
from funnelcli.inputs.accounts import ACCOUNTS

ACCOUNT_EVENTS = ("account_into", "account_out")
ATTRIBUTE_EVENTS = ("attribute_into", "attribute_out")
KNOWN_EVENTS = ("attribute_known_into", "attribute_known_out")


def fitting_events(tiers: Tiers) -> Happened:
    """The events that are made of the accounts, where there is a profile to compare them with."""
    if not tiers.is_declared:
        return Happened(())
    names = (*ACCOUNT_EVENTS, *ATTRIBUTE_EVENTS, *KNOWN_EVENTS)
    return Happened([Later(names=names, make=lambda: _events(tiers))])


def _events(tiers: Tiers) -> Iterator[Events]:
    spans = tiers.spans
    since, until = lasting(tiers.firms.begun, spans.account, spans.day)
    there = np.flatnonzero(since < until)
    tier = Coded(spans.tier[there], TIERS)
    records = records_of(tiers, spans.account[there], since[there], {TIER: tier})
    yield from into_and_out(ACCOUNT_EVENTS, records, since[there], until[there])
    names = list(dict.fromkeys(name for name, _ in tiers.criteria))
    place = np.repeat(there, len(names))
    attribute = np.tile(np.arange(len(names)), len(there))
    tiers_of = Coded(spans.tier[place], TIERS)
    records = records_of(
        tiers, spans.account[place], since[place], {TIER: tiers_of, ATTRIBUTE: Coded(attribute, names)}
    )  # fmt: skip
    yield from into_and_out(ATTRIBUTE_EVENTS, records, since[place], until[place])
    columns = [next(at for at, (name, _) in enumerate(tiers.criteria) if name == wanted) for wanted in names]
    known = spans.states[place, np.array(columns)[attribute]] != OPEN
    yield from into_and_out(KNOWN_EVENTS, records, since[place], until[place], np.flatnonzero(known))


def lasting(begun: np.ndarray, account: np.ndarray, day: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Of accounts and days in order from which day on each holds, and the first day on which it no longer does."""
    since = np.maximum(day, begun[account])
    last = np.append(account[1:] != account[:-1], True) if len(since) else np.zeros(0, dtype=bool)
    until = np.where(last, OPEN_END, np.append(day[1:], OPEN_END)) if len(since) else since
    return since, until


def into_and_out(
    names: Sequence[str],
    records: Records,
    since: np.ndarray,
    until: np.ndarray,
    rows: np.ndarray | None = None,
    weight: np.ndarray | None = None,
) -> Iterator[Events]:
    """The beginnings and ends of what records are of, or of some of them; what does not end has no end."""
    rows = np.arange(len(records)) if rows is None else rows
    weights = np.ones(len(records), dtype=np.int64) if weight is None else weight
    into, out = names
    yield Events.of(into, records, rows, since[rows], link=rows, weight=weights[rows])
    ends = rows[until[rows] < OPEN_END]
    yield Events.of(out, records, ends, until[ends], since=since[ends], link=ends, weight=weights[ends])


def records_of(tiers: Tiers, account: np.ndarray, day: np.ndarray, values: Mapping[str, Coded]) -> Records:
    """Records of accounts as they are from a day on, each with the row of the accounts that says it, if any does."""
    firms, rows = tiers.firms, tiers.attributes.records
    file, line = np.full(len(account), -1), np.full(len(account), NO_LINE)
    if rows is not None and tiers.attributes.spread is not None:
        said = firms.of(tiers.attributes.spread.entity)
        order = np.lexsort((tiers.attributes.since, said))
        order = order[said[order] >= 0]
        key = keys_of(said[order], tiers.attributes.since[order])
        place = np.searchsorted(key, keys_of(account, day), side="right") - 1
        has_row = place >= 0
        has_row[has_row] = entities_of(key[place[has_row]]) == account[has_row]
        source = tiers.attributes.rows[order[place[has_row]]]
        file[has_row], line[has_row] = rows.file[source], rows.line[source]
    return Records(
        input=ACCOUNTS.name, files=[*(rows.files if rows is not None else ()), ""], file=file, line=line,
        entity=firms.heads[account], words={"user_id": Coded(account, firms.names)}, values=values,
    )  # fmt: skip
