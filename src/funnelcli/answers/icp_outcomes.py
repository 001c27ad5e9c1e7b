"""What became of accounts in a range: who paid in time, renewed, was lost, pays more, and what they pay a month."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date
from typing import Literal

import numpy as np
from msgspec import Struct

from funnelcli.answers.explain import explain_value
from funnelcli.counting.counts import Counts, count
from funnelcli.counting.select import day_number
from funnelcli.facts.attributes import NO_ACCOUNT
from funnelcli.facts.events import UNDATED_END
from funnelcli.facts.firms import Firms
from funnelcli.facts.model import Facts
from funnelcli.facts.moments import Moments, last_day
from funnelcli.inputs.standing import RENEWED
from funnelcli.metrics import CATALOGUE
from funnelcli.text import Message, Text
from funnelcli.values.dates import DAY_MICROS
from funnelcli.values.figures import HUNDREDTHS, Missing, Unit
from funnelcli.values.periods import Period
from funnelcli.values.windows import parse_window

NO_SIGNUPS = Missing("no-signups-export", Message("no file says who signed up"))
NOBODY_PAID = Missing("nobody-paid-then", Message("nobody was paying when the range began"))
NOBODY_JUDGED = Missing("nobody-to-judge", Message("no account of the range can be judged yet"))
Good = Literal["up", "down"]


class Outcome(Struct, frozen=True, kw_only=True, eq=False):
    """An outcome of accounts: each of those it is of with the day by which it is judged, and its value.

    That is 1 or 0 of a share, and an amount of money a month else.  ``tested`` is off where there are too few customers
    for tests of money.
    """

    key: str
    title: Text
    unit: Unit
    good: Good
    account: np.ndarray
    day: np.ndarray
    value: np.ndarray
    missing: Missing | None = None
    tested: bool = True

    @property
    def is_share(self) -> bool:
        """Whether it is a share of accounts."""
        return self.unit is Unit.RATE


class Range(Struct, frozen=True, kw_only=True, eq=False):
    """The accounts over a range of days, the last of which is not after as_of."""

    facts: Facts
    period: Period
    as_of: date
    counts: Counts

    @classmethod
    def of(cls, facts: Facts, period: Period, as_of: date) -> Range:
        """The range of a period."""
        return cls(facts=facts, period=period, as_of=as_of, counts=count(facts, [period], as_of))

    @property
    def firms(self) -> Firms:
        """The accounts."""
        return self.facts.tiers.firms

    @property
    def before(self) -> int:
        """The day before it begins."""
        return day_number(self.period.start) - 1

    @property
    def end(self) -> int:
        """Its last day that counts."""
        return min(day_number(self.period.end) - 1, day_number(self.as_of))

    def level(self, held: Literal["paying", "mrr"], day: int) -> np.ndarray:
        """How much each account has at the close of a day: people who pay, or MRR in hundredths."""
        entity = self.firms.order
        levels = self.counts.occurrences.holding(held).at(entity, np.full(len(entity), day))
        sums = np.bincount(self.firms.of_entity[entity], weights=levels, minlength=len(self.firms))
        whole: np.ndarray = np.rint(sums).astype(np.int64)
        return whole

    def first_days(self, name: str) -> np.ndarray:
        """The first day of an event of each account, UNDATED_END where there is none."""
        first = np.full(len(self.firms) + 1, UNDATED_END)
        events = self.counts.facts.events.get(name)
        if events is not None:
            np.minimum.at(first, self.firms.of(events.records.entity[events.row]), events.day)
        return first[:-1]

    def why(self, *keys: str) -> Missing | None:
        """Why one of some metrics is missing."""
        known = (explain_value(self.facts, CATALOGUE[key], self.period, self.as_of).value.missing for key in keys)
        return next((missing for missing in known if missing is not None), None)


def outcomes_of(seen: Range, *, money_tests: bool) -> tuple[Outcome, ...]:
    """All outcomes of the accounts of a range; of money only what ``money_tests`` allow is tested."""
    return tuple(_outcomes(seen, money_tests=money_tests))


def _outcomes(seen: Range, *, money_tests: bool) -> Iterator[Outcome]:
    yield _conversion(seen)
    yield _renewal(seen)
    start, end = seen.level("paying", seen.before), seen.level("paying", seen.end)
    there = np.flatnonzero(start > 0)
    losses = seen.why("opening_paid_users", "churned_paid_users") or (None if len(there) else NOBODY_PAID)
    yield _made("churn", Message("lost"), "down", there, seen.before + 1, end[there] == 0, losses)
    had, has = seen.level("mrr", seen.before), seen.level("mrr", seen.end)
    money = losses or seen.why("opening_mrr_amount", "closing_mrr_amount")
    yield _made("expansion", Message("pay more"), "up", there, seen.before + 1, has[there] > had[there], money)
    paying = np.flatnonzero(end > 0)
    yield Outcome(
        key="arpa", title=Message("MRR an account"), unit=Unit.AMOUNT, good="up", account=paying,
        day=np.full(len(paying), seen.end), value=has[paying] / HUNDREDTHS, tested=money_tests,
        missing=seen.why("closing_mrr_amount") or (None if len(paying) else NOBODY_JUDGED),
    )  # fmt: skip


def _made(
    key: str, title: Text, good: Good, account: np.ndarray, day: np.ndarray | int, value: np.ndarray,
    missing: Missing | None,
) -> Outcome:  # fmt: skip
    return Outcome(
        key=key, title=title, unit=Unit.RATE, good=good, account=account,
        day=np.broadcast_to(day, len(account)) if isinstance(day, int) else day, value=value.astype(np.float64),
        missing=missing or (None if len(account) else NOBODY_JUDGED),
    )  # fmt: skip


def _conversion(seen: Range) -> Outcome:
    """Of the accounts that first signed up in the range and have had the horizon, those that paid within it.

    Who paid before anybody of them signed up is no lead, and is left out.
    """
    came, paid = seen.first_days("signup"), seen.first_days("paid_first")
    window = parse_window(seen.facts.config.leads.horizon)
    over = _last_days(came, window)
    judged = np.flatnonzero(
        (came > seen.before) & (over <= day_number(seen.as_of)) & (came <= seen.end) & (paid >= came)
    )
    missing = None if "signups" in seen.facts.inputs else NO_SIGNUPS
    missing = missing or seen.why("new_paid_users")
    return _made(
        "conversion", Message("paid in time"), "up", judged, came[judged], paid[judged] <= over[judged], missing
    )


def _last_days(came: np.ndarray, window: object) -> np.ndarray:
    """The last day of a window of each account, UNDATED_END of those that never came."""
    over = np.full(len(came), UNDATED_END)
    known = np.flatnonzero(came < UNDATED_END)
    day = came[known]
    start = Moments(day=day, at=day * DAY_MICROS, timed=np.zeros(len(day), dtype=bool))
    over[known] = last_day(window, start)  # type: ignore[arg-type]
    return over


def _renewal(seen: Range) -> Outcome:
    """Of the accounts of which a contract came due in the range and is decided, those that renewed the latest."""
    columns: list[tuple[np.ndarray, np.ndarray, np.ndarray]] = []
    for name in (*RENEWED, "renewal_lost"):
        events = seen.counts.facts.events.get(name)
        if events is not None:
            inside = np.flatnonzero((events.day > seen.before) & (events.day <= seen.end))
            whose = seen.firms.of(events.records.entity[events.row[inside]])
            columns.append((whose, events.day[inside], np.full(len(inside), name != "renewal_lost")))
    account, day, renewed = (np.concatenate(each) for each in zip(*columns, strict=True)) if columns else _nothing()
    kept = np.flatnonzero(account != NO_ACCOUNT)
    # Of several on one day one that was lost counts.
    order = kept[np.lexsort((~renewed[kept].astype(bool), day[kept], account[kept]))]
    last = np.append(account[order][1:] != account[order][:-1], True) if len(order) else np.zeros(0, dtype=bool)
    latest = order[last]
    return _made(
        "renewal", Message("renewed"), "up", account[latest], day[latest], renewed[latest].astype(bool),
        seen.why("renewals_due"),
    )  # fmt: skip


def _nothing() -> Sequence[np.ndarray]:
    return (np.zeros(0, dtype=np.int64), np.zeros(0, dtype=np.int64), np.zeros(0, dtype=bool))


def days_to_pay(seen: Range) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """The accounts that first signed up in the range, how many days each took to pay, or is seen; and which paid."""
    came, paid = seen.first_days("signup"), seen.first_days("paid_first")
    account = np.flatnonzero((came > seen.before) & (came <= seen.end) & (paid >= came))
    became = paid[account] <= day_number(seen.as_of)
    until = np.where(became, paid[account], day_number(seen.as_of))
    return account, until - came[account], became.astype(np.int64)
