"""Commission: what the policies of the settings pay for each visit, signup, booking and new customer, as events.

What is earned is due some days later.  Who has left by then is not paid for: that is clawed back on the day of the
loss, for good.  Until either, it is held.  Source: docs/definitions.md, commission.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import numpy as np
from msgspec import Struct

from funnelcli.config import Config, Policy
from funnelcli.config.owners import Owned, check_policies, owned_channels, paid_channels, teams_of
from funnelcli.facts.dimensions import AFFILIATE, CHANNEL, PERSON, SALES_REP, TEAM, Dimensions
from funnelcli.facts.earnings import EARNINGS, PARTS, Earning, commission_event
from funnelcli.facts.events import OPEN_END, Coded, Events, Records, without_twins
from funnelcli.facts.losses import Losses, losses_of
from funnelcli.values.channels import Channel

_PER_HUNDREDTH = 100
MONTHS = 12
_DAYS_APART = 2**22
_BEFORE_ALL = 2**21
# Channels of those who bring customers of others: their teams pay the affiliate before the sales rep.
_BROUGHT = frozenset({Channel.AFFILIATE, Channel.PARTNER, Channel.REFERRAL})


def commission_events(config: Config, events: Mapping[str, Events], dimensions: Dimensions) -> dict[str, Events]:
    """What is earned, falls due, is clawed back and is held; ConfigError where a policy is of no team."""
    paying = {team: policy for team, policy in config.policies.items() if policy.pays}
    if not paying:
        return {}
    teams = teams_of(config.teams)
    check_policies(tuple(config.policies), tuple(teams))
    owned = owned_channels(teams)
    losses = losses_of(events)
    made: dict[str, Events] = {}
    number = 0
    for earning in EARNINGS:
        base = events.get(earning.event)
        if base is None or not any(map(earning.is_paid_by, paying.values())):
            continue
        earned = _earned(earning, paying, owned, events, dimensions, number)
        made |= {each.name: each for each in _events(earned, losses)}
        number += len(earned.day)
    return made


class Earned(Struct, frozen=True, kw_only=True, eq=False):
    """What is earned of one kind: its ``records``, one each, with the day, the amount, and the day on which it is due.

    Amounts are in ten-thousandths, below 0 where nobody knows them.  ``number`` is that of the first among all that is
    earned, by which what becomes of each is linked to it.
    """

    earning: Earning
    records: Records
    day: np.ndarray
    at: np.ndarray
    timed: np.ndarray
    amount: np.ndarray
    due: np.ndarray
    number: int = 0


def _earned(
    earning: Earning,
    paying: Mapping[str, Policy],
    owned: Owned,
    events: Mapping[str, Events],
    dimensions: Dimensions,
    first: int,
) -> Earned:
    """What all policies pay for the events of one name: of each event one for each team that is paid for it."""
    base = events[earning.event]
    channels = dimensions.of(CHANNEL, base.records)
    times = base.weight if earning.minus not in events else base.weight - events[earning.minus or ""].weight
    places, teams, amounts, waits = ([np.zeros(0, dtype=np.int64)] for _ in range(4))
    names = [team for team, policy in paying.items() if earning.is_paid_by(policy)]
    for code, team in enumerate(names):
        policy = paying[team]
        mine = {channel.value for channel in paid_channels(owned, team, earning.stage)}
        chosen = np.flatnonzero(channels.that(mine.__contains__)[base.row])
        places.append(chosen)
        teams.append(np.full(len(chosen), code))
        amounts.append(_amounts(earning, policy, base, events)[chosen] * times[chosen])
        waits.append(np.full(len(chosen), policy.pay_after or 0))
    place, team_of, amount, wait = (np.concatenate(each).astype(np.int64) for each in (places, teams, amounts, waits))
    order = np.lexsort((team_of, place))
    place, team_of, amount, wait = (each[order] for each in (place, team_of, amount, wait))
    kept = amount != 0
    place, team_of, amount, wait = (each[kept] for each in (place, team_of, amount, wait))
    records = _records(base, place, team_of, names, owned, dimensions)
    return Earned(
        earning=earning, records=records, day=base.day[place], at=base.at[place], timed=base.timed[place],
        amount=amount, due=base.day[place] + wait, number=first,
    )  # fmt: skip


def _amounts(earning: Earning, policy: Policy, base: Events, events: Mapping[str, Events]) -> np.ndarray:
    """What a policy pays for each event, in ten-thousandths; below 0 where nobody knows."""
    share = policy.share_of_first_year if earning.price == "per_new_paid_user" else None
    if share is not None:
        mrr = first_mrr(base, events)
        return np.where(mrr < 0, -1, share_of(mrr * MONTHS, share) * _PER_HUNDREDTH)
    is_sale = earning.price == "per_new_paid_user"
    price: Fraction = policy.amount_per_new_paid_user if is_sale else getattr(policy, earning.price)  # type: ignore[assignment]
    return np.full(len(base), round(price * PARTS), dtype=np.int64)


def first_mrr(firsts: Events, events: Mapping[str, Events]) -> np.ndarray:
    """The MRR that each customer begins with, in hundredths: that of the rows of the first paid day; -1 if unknown."""
    whose = _keys(firsts.records.entity[firsts.row], firsts.day)
    order = np.argsort(whose, kind="stable")
    mrr = np.zeros(len(firsts), dtype=np.int64)
    for name, is_known in (("mrr", True), ("mrr_unpriced", False), ("mrr_undecided", False)):
        rows = events.get(name)
        if rows is None or not len(rows) or not len(firsts):
            continue
        keys = _keys(rows.records.entity[rows.row], rows.day)
        place = order[np.minimum(np.searchsorted(whose[order], keys), len(order) - 1)]
        mine = whose[place] == keys
        if is_known:
            np.add.at(mrr, place[mine], rows.weight[mine])
        else:
            mrr[place[mine]] = -1
    return mrr


def _keys(entity: np.ndarray, day: np.ndarray) -> np.ndarray:
    return np.asarray(entity * _DAYS_APART + day + _BEFORE_ALL)


def share_of(amounts: np.ndarray, share: Fraction) -> np.ndarray:
    """A share of each amount, rounded to whole ones, halves to the even one.

    >>> share_of(np.array([1200, 25, 75]), Fraction(1, 10)).tolist()
    [120, 2, 8]
    """
    over, under = share.numerator, share.denominator
    most = int(np.abs(amounts).max(initial=0))
    if max(most, 1) * max(over, 1) >= 2**62:
        return np.array([round(int(amount) * share) for amount in amounts.tolist()], dtype=np.int64)
    whole, rest = np.divmod(amounts * over, under)
    return np.asarray(whole + ((2 * rest > under) | ((2 * rest == under) & (whole % 2 == 1))))


def _records(
    base: Events, place: np.ndarray, team_of: np.ndarray, names: Sequence[str], owned: Owned, dimensions: Dimensions
) -> Records:
    """The rows of what is earned, one each, with the team whose policy pays and the person who earns it."""
    row, records = base.row[place], base.records
    order = ((SALES_REP, AFFILIATE), (AFFILIATE, SALES_REP))
    said = [dimensions.first_said(each, records) for each in order]
    is_brought = np.array([_of_others(owned, team) for team in names] or [False], dtype=bool)[team_of]
    codes = np.where(is_brought, said[1].codes[row] + len(said[0].texts), said[0].codes[row])
    persons = without_twins(codes, [*said[0].texts, *said[1].texts])
    return Records(
        input=records.input,
        files=records.files,
        file=records.file[row],
        line=records.line[row],
        entity=records.entity[row],
        words={name: Coded(words.codes[row], words.texts) for name, words in records.words.items()},
        values={TEAM: Coded(team_of, list(names)), PERSON: persons},
        made_of=((records, np.arange(len(row)), row),),
    )


def _of_others(owned: Owned, team: str) -> bool:
    """Whether all channels that a team owns anything of are those of people who bring customers of others."""
    channels = {channel for teams in owned.values() for channel in teams.get(team, ())}
    return bool(channels) and channels <= _BROUGHT


# --- what becomes of it --------------------------------------------------------------------------------------------


def _events(earned: Earned, losses: Losses | None) -> Iterator[Events]:
    """What is earned, and what becomes of it; amounts that nobody knows have events of their own."""
    fate = fate_of(earned, losses)
    every = np.arange(len(earned.day))
    paid, lost = every[~fate.is_lost], every[fate.is_lost]
    for kind, rows, day, since in (
        ("earned", every, earned.day, None),
        ("payable", paid, earned.due, earned.day),
        ("clawed_back", lost, fate.settled, earned.day),
        ("held", every, earned.day, None),
        ("released", every, fate.settled, earned.day),
        ("due", every, earned.due, earned.day),
    ):
        yield from _of_kind(earned, kind, rows, day, since)
    unsure = every[fate.is_unsure]
    inexact = every[fate.is_unsure | (fate.is_lost & (fate.begins < fate.settled))]
    ones = np.ones(len(every), dtype=np.int64)
    for kind, rows, day, since in (
        ("unsettled", inexact, fate.begins, None),
        ("unsettled_ceased", inexact, fate.settled, fate.begins),
        ("doubtful", unsure, fate.begins, None),
        ("doubtful_due", unsure, earned.due, None),
    ):
        yield _event(earned, kind, rows, day, ones, since)


def _of_kind(
    earned: Earned, kind: str, rows: np.ndarray, day: np.ndarray, since: np.ndarray | None
) -> Iterator[Events]:
    known = earned.amount[rows] >= 0
    yield _event(earned, kind, rows[known], day, earned.amount, since)
    yield _event(earned, f"{kind}_unpriced", rows[~known], day, np.ones(len(earned.day), dtype=np.int64), since)


def _event(
    earned: Earned, kind: str, rows: np.ndarray, day: np.ndarray, weight: np.ndarray, since: np.ndarray | None
) -> Events:
    is_timed = day is earned.day
    return Events.of(
        commission_event(earned.earning.event, kind), earned.records, rows, day[rows],
        at=earned.at[rows] if is_timed else None, timed=earned.timed[rows] if is_timed else None,
        weight=weight[rows], since=None if since is None else since[rows], link=rows + earned.number,
    )  # fmt: skip


class Fate(Struct, frozen=True, kw_only=True, eq=False):
    """What becomes of each commission: whether its customer ``is_lost`` by the due day, and when it is ``settled``.

    Where the day of the loss is not known it lies between ``begins`` and the day that it is dated by; ``is_unsure``
    says that nobody knows then whether it lies by the due day.
    """

    is_lost: np.ndarray
    settled: np.ndarray
    begins: np.ndarray
    is_unsure: np.ndarray


def fate_of(earned: Earned, losses: Losses | None) -> Fate:
    """What becomes of each commission, by the first loss of its person from the day on which it was earned."""
    size = len(earned.day)
    day, begins = np.full(size, OPEN_END), np.full(size, OPEN_END)
    if losses is not None and earned.earning.of_person:
        day, begins = losses.next_of(earned.records.entity, earned.day)
    begins = np.maximum(begins, earned.day)
    is_lost = day <= earned.due
    return Fate(
        is_lost=is_lost,
        settled=np.where(is_lost, day, earned.due),
        begins=begins,
        is_unsure=~is_lost & (begins <= earned.due) & (begins < day),
    )
