"""A second, slow way to every number of the dashboard: loops over rows and days, sets of people.

It shares no code with the package on purpose.  Nothing here is clever: a customer is the set of
days paid for, a visit is a row, and each metric is counted afresh for each period and channel.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, time, timedelta
from fnmatch import fnmatchcase
from fractions import Fraction
from typing import Literal, assert_never
from zoneinfo import ZoneInfo

Row = dict[str, str]
Rows = list[Row]
Period = tuple[str, date, date]  # key, first day, first day after it

MEASURED_CHANNELS = ("paid", "sales_sme", "affiliate", "partner", "referral")
CHANNELS = ("organic", *MEASURED_CHANNELS, "unknown")
SIGNUP_SPLIT = (
    "organic_signups",
    "paid_signups",
    "sales_sme_signups",
    "affiliate_signups",
    "partner_signups",
    "referral_signups",
)
METRICS = (
    "total_leads",
    "organic_visits",
    "paid_visits",
    "existing_user_visits",
    "net_new_visitors",
    "opening_registered_users",
    "new_signups",
    *SIGNUP_SPLIT,
    "visitor_to_signup_rate",
    "closing_registered_users",
    "cumulative_demos_held",
    "new_demo_bookings",
    "signup_to_demo_rate",
    "opening_paid_users",
    "new_paid_users",
    "reactivated_paid_users",
    "demo_to_paid_rate",
    "churned_paid_users",
    "paid_user_churn_rate",
    "net_new_paid_users",
    "closing_paid_users",
    "closing_mrr_amount",
    "arpa_amount",
)
# What the cells of the random exports mean, in a currency that has no decimals in use; None: no amount from 0 up.
AMOUNTS: dict[str, Fraction | None] = {
    "0": Fraction(0),
    "100": Fraction(100),
    "29.99": Fraction(2999, 100),
    "0.0125": Fraction(1, 80),
    "1200": Fraction(1200),
    "500.000": Fraction(500_000),
    "3.588.000 ₫": Fraction(3_588_000),
    "VND 1,000,000": Fraction(1_000_000),
    "-5": None,
    "free": None,
}
INTERVALS: dict[str, Fraction | None] = {
    "": None,
    "once": None,
    "Month": Fraction(1),
    "quý": Fraction(3),
    "12 months": Fraction(12),
    "week": Fraction(12, 52),
}
NOT_HELD = ("cancelled", "no_show", "scheduled")
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What the business decided; the default channels know only their own names."""

    as_of: date | None = None  # None: latest visit, signup, booking or start
    timezone: str = "Asia/Ho_Chi_Minh"
    grace_days: int = 0
    end_date: str = "inclusive"
    churn_method: str = "all"
    channels: Mapping[str, Sequence[str]] = field(
        default_factory=lambda: {name: (name,) for name in ("organic", *MEASURED_CHANNELS)}
    )
    # First day of the month, registered_users, paid_users, demos_held.
    opening: tuple[date, int, int, int] | None = None
    opening_mrr: Fraction | None = None


@dataclass(frozen=True)
class Answer:
    """One cell; a missing one has no value, and a rate keeps the parts that are known."""

    value: float | None
    numerator: float | None = None
    denominator: float | None = None


@dataclass(frozen=True)
class Moment:
    """A date cell: its business day, its instant (midnight without a time), and which it was."""

    day: date
    instant: datetime
    timed: bool


@dataclass(frozen=True)
class _Visits:
    day: date
    channel: str
    visits: int
    existing: int


@dataclass(frozen=True)
class _Signup:
    moment: Moment
    channel: str


@dataclass(frozen=True)
class _Demo:
    booked_day: date
    held_day: date | None
    channel: str


@dataclass(frozen=True)
class _Paid:
    start: date
    end: date
    mrr: Fraction | None  # None: not known


@dataclass(frozen=True)
class _Customer:
    paid_days: set[date]  # unpaid days that the grace forgives are in it
    channel: str
    rows: list[_Paid]


@dataclass(frozen=True, kw_only=True)
class _Facts:
    visits: list[_Visits] | None
    visits_have_source: bool
    existing_is_known: bool
    signups: dict[str, _Signup] | None
    signups_have_source: bool
    demos: list[_Demo] | None
    held_is_known: bool
    customers: list[_Customer] | None
    amounts_are_known: bool


# Cells


def person(text: str) -> str:
    """The id that people are told apart by: stripped, and an e-mail address in any case.

    >>> person(" An@Shop.vn "), person("U1")
    ('an@shop.vn', 'U1')
    """
    text = text.strip()
    return text.casefold() if "@" in text else text


def moment_of(text: str, timezone: str) -> Moment:
    """A date or time as the business saw it.

    >>> str(moment_of("2026-04-30T20:00:00Z", "Asia/Ho_Chi_Minh").day)
    '2026-05-01'
    """
    text = text.strip()
    zone = ZoneInfo(timezone)
    if len(text) == len("2026-04-30"):
        day = date.fromisoformat(text)
        midnight = datetime.combine(day, time(), tzinfo=zone)
        return Moment(day, midnight.astimezone(UTC), timed=False)
    instant = datetime.fromisoformat(text)
    if instant.tzinfo is None:
        instant = instant.replace(tzinfo=zone)
    return Moment(instant.astimezone(zone).date(), instant.astimezone(UTC), timed=True)


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


def channel_of(source: str, channels: Mapping[str, Sequence[str]]) -> str:
    """The channel of a raw source: the first pattern that matches, else organic."""
    for channel, patterns in channels.items():
        for pattern in patterns:
            if source.strip() and fnmatchcase(_folded(source), _folded(pattern)):
                return channel
    return "organic"


def _cell(row: Row, column: str) -> str:
    return row.get(column, "").strip()


def _has(rows: Rows | None, *columns: str) -> bool:
    return any(column in row for row in rows or [] for column in columns)


def _days(first: date, after: date) -> Iterator[date]:
    while first < after:
        yield first
        first += ONE_DAY


# From rows to facts


def _read_signups(rows: Rows, rules: Rules) -> dict[str, _Signup]:
    kept: dict[str, tuple[datetime, str]] = {}
    signups: dict[str, _Signup] = {}
    for row in rows:
        user, source = person(row["user_id"]), _cell(row, "source")
        moment = moment_of(row["signed_up_at"], rules.timezone)
        if user not in kept or (moment.instant, source) < kept[user]:
            kept[user] = (moment.instant, source)
            signups[user] = _Signup(moment, channel_of(source, rules.channels))
    return signups


def _came_registered(visit: Moment, signup: Moment) -> bool:
    if visit.timed and signup.timed:
        return signup.instant < visit.instant
    return signup.day < visit.day


def _read_visits(rows: Rows, signups: dict[str, _Signup] | None, rules: Rules) -> tuple[list[_Visits], bool]:
    """The visits, and whether the export tells who was registered already."""
    known = _has(rows, "existing_visits", "is_existing") or (_has(rows, "user_id") and signups is not None)
    read = []
    for row in rows:
        moment = moment_of(row["date"], rules.timezone)
        visits = int(_cell(row, "visits") or "1")
        existing = 0
        if _has(rows, "existing_visits"):
            existing = int(_cell(row, "existing_visits") or "0")
        elif _has(rows, "is_existing"):
            existing = visits if _cell(row, "is_existing") == "true" else 0
        elif signups is not None:
            signup = signups.get(person(_cell(row, "user_id")))
            if signup is not None and _came_registered(moment, signup.moment):
                existing = visits
        channel = channel_of(_cell(row, "source"), rules.channels)
        read.append(_Visits(moment.day, channel, visits, existing))
    return read, known


def _own_or_signup_channel(source: str, user: str, signups: dict[str, _Signup] | None, rules: Rules) -> str:
    if source:
        return channel_of(source, rules.channels)
    if signups is not None and user in signups:
        return signups[user].channel
    return "unknown"


def _read_demos(rows: Rows, signups: dict[str, _Signup] | None, rules: Rules) -> list[_Demo]:
    rows_of_demo: dict[object, Rows] = {}
    for number, row in enumerate(rows):
        # A row without an id is a demo of its own; its number cannot equal a text.
        rows_of_demo.setdefault(_cell(row, "demo_id") or number, []).append(row)

    def order(row: Row) -> tuple[datetime, str, str, str]:
        booked = moment_of(row["booked_at"], rules.timezone)
        user = person(row["user_id"])
        return (booked.instant, user, _cell(row, "source"), _cell(row, "status"))

    demos = []
    for same_demo in rows_of_demo.values():
        same_demo = sorted(same_demo, key=order)
        kept = same_demo[0]
        held_at = status = ""
        for row in same_demo:
            held_at = held_at or _cell(row, "held_at")
            status = status or _cell(row, "status")
        # A row that says held outweighs the others: it is what a later download knows of the same demo.
        says_held = [row for row in same_demo if _cell(row, "status") == "held"]
        if says_held:
            status = "held"
            held_at = next((_cell(row, "held_at") for row in says_held if _cell(row, "held_at")), held_at)
        booked_day = moment_of(kept["booked_at"], rules.timezone).day
        held_day = None
        if held_at and status not in NOT_HELD:
            held_day = moment_of(held_at, rules.timezone).day
        elif status == "held":
            held_day = booked_day
        user, source = person(kept["user_id"]), _cell(kept, "source")
        channel = _own_or_signup_channel(source, user, signups, rules)
        demos.append(_Demo(booked_day, held_day, channel))
    return demos


def _paid_span(row: Row, rules: Rules, horizon: date) -> tuple[date, date]:
    """First and last paid day; who still pays, pays up to the horizon."""
    start = moment_of(row["started_at"], rules.timezone).day
    if not _cell(row, "ended_at"):
        return start, horizon
    end = moment_of(row["ended_at"], rules.timezone).day
    if rules.end_date == "exclusive":
        end = max(start, end - ONE_DAY)
    return start, end


def _months_later(day: date, months: int) -> date:
    month = day.month - 1 + months
    for last in range(day.day, 27, -1):
        try:
            return date(day.year + month // 12, month % 12 + 1, last)
        except ValueError:
            continue
    return date(day.year + month // 12, month % 12 + 1, day.day)


def _months(start: date, end: date) -> Fraction:
    """Whole months where they end on the last paid day or the day after it, else those and a share of the next.

    >>> _months(date(2026, 1, 31), date(2026, 2, 27)), _months(date(2026, 2, 1), date(2026, 3, 10))
    (Fraction(1, 1), Fraction(41, 31))
    """
    whole = 0
    while _months_later(start, whole + 1) <= end + ONE_DAY:
        whole += 1
        if _months_later(start, whole) >= end:
            return Fraction(whole)
    begun, next_one = _months_later(start, whole), _months_later(start, whole + 1)
    return whole + Fraction((end + ONE_DAY - begun).days, (next_one - begun).days)


def _mrr(row: Row, rules: Rules, horizon: date) -> Fraction | None:
    """What a row comes to in a month, to the hundredth."""
    amount = AMOUNTS.get(_cell(row, "mrr") or _cell(row, "amount"))
    if amount is not None and not _cell(row, "mrr"):
        months = INTERVALS[_cell(row, "interval")]
        if months is None and not _cell(row, "ended_at"):
            return None
        amount /= months or _months(*_paid_span(row, rules, horizon))
    return None if amount is None else Fraction(round(amount * 100), 100)


def _forgive_short_gaps(paid_days: set[date], grace_days: int) -> set[date]:
    filled = set(paid_days)
    unpaid: list[date] = []
    for day in _days(min(paid_days), max(paid_days) + ONE_DAY):
        if day not in paid_days:
            unpaid.append(day)
            continue
        if len(unpaid) <= grace_days:
            filled.update(unpaid)
        unpaid = []
    return filled


def _read_customers(rows: Rows, signups: dict[str, _Signup] | None, rules: Rules, horizon: date) -> list[_Customer]:
    rows_of_user: dict[str, Rows] = {}
    for row in rows:
        rows_of_user.setdefault(person(row["user_id"]), []).append(row)

    def order(row: Row) -> tuple[date, date, str]:
        # An empty end becomes the horizon, which lies after every date: it comes last.
        return (*_paid_span(row, rules, horizon), _cell(row, "source"))

    customers = []
    for user, own_rows in rows_of_user.items():
        source = ""
        paid_days: set[date] = set()
        paid: dict[tuple[object, ...], _Paid] = {}
        for row in sorted(own_rows, key=order):
            source = source or _cell(row, "source")
            start, end = _paid_span(row, rules, horizon)
            paid_days.update(_days(start, end + ONE_DAY))
            # Rows alike in every column are one row.
            words = [_cell(row, column) for column in ("plan", "mrr", "amount", "interval", "source")]
            paid[(start, end, *words)] = _Paid(start, end, _mrr(row, rules, horizon))
        channel = _own_or_signup_channel(source, user, signups, rules)
        days_paid = _forgive_short_gaps(paid_days, rules.grace_days)
        customers.append(_Customer(days_paid, channel, list(paid.values())))
    return customers


def _latest_event(
    visitors: Rows | None,
    signups: Rows | None,
    demos: Rows | None,
    paid_users: Rows | None,
    rules: Rules,
) -> date | None:
    cells = [row["date"] for row in visitors or []]
    cells += [row["signed_up_at"] for row in signups or []]
    cells += [row["booked_at"] for row in demos or []]
    cells += [row["started_at"] for row in paid_users or []]
    return max((moment_of(cell, rules.timezone).day for cell in cells), default=None)


def _horizon(paid_users: Rows, periods: list[Period], rules: Rules) -> date:
    """A day after everything that is asked or written, grace included."""
    days = [end for _, _, end in periods]
    days += [rules.opening[0]] if rules.opening else []
    for row in paid_users:
        for cell in (_cell(row, "started_at"), _cell(row, "ended_at")):
            days += [moment_of(cell, rules.timezone).day] if cell else []
    return max(days, default=date.min) + timedelta(days=rules.grace_days + 2)


# From facts to numbers


def _plus(*terms: float | None) -> float | None:
    """The sum, which is missing when a term is."""
    total: float = 0
    for term in terms:
        if term is None:
            return None
        total += term
    return total


def _rate(numerator: float | None, denominator: float | None) -> Answer:
    if numerator is None or denominator is None or denominator == 0:
        return Answer(None, numerator, denominator)
    return Answer(numerator / denominator, numerator, denominator)


@dataclass(frozen=True)
class _Question:
    """One channel (None: the whole business) in the days of one period that as_of reaches."""

    facts: _Facts
    rules: Rules
    channel: str | None
    start: date
    after: date

    def asks_for(self, channel: str) -> bool:
        return self.channel in (None, channel)

    def on_a_day(self, day: date) -> bool:
        return self.start <= day < self.after

    def carried(self, balance: Literal["registered", "paying", "held"]) -> float | None:
        """What a balance holds beyond the export; missing before the opening date."""
        if self.rules.opening is None:
            return 0
        opening_date, registered, paying, held = self.rules.opening
        if self.start < opening_date:
            return None
        if self.channel not in (None, "unknown"):
            return 0
        match balance:
            case "registered":
                return registered - _registered_before(self.facts, opening_date)
            case "paying":
                return paying - _paying_at(self.facts, opening_date)
            case "held":
                return held - _held_before(self.facts, opening_date)
            case never:
                assert_never(never)


# The three balances of the whole export; of an export that does not exist nothing is shown.


def _registered_before(facts: _Facts, day: date) -> int:
    signups = facts.signups or {}
    return len([user for user, signup in signups.items() if signup.moment.day < day])


def _paying_at(facts: _Facts, day: date) -> int:
    return len([customer for customer in facts.customers or [] if _pays_across(customer.paid_days, day)])


def _mrr_at(facts: _Facts, day: date, channel: str | None) -> Fraction | None:
    """What those paying across the start of a day pay a month; None where one row that counts does not tell."""
    total = Fraction(0)
    for customer in facts.customers or []:
        if channel not in (None, customer.channel) or not _pays_across(customer.paid_days, day):
            continue
        begun = [row for row in customer.rows if row.start < day]
        in_force = [row for row in begun if row.end >= day]
        last_day = max(row.end for row in begun)
        for row in in_force or [row for row in begun if row.end == last_day]:
            if row.mrr is None:
                return None
            total += row.mrr
    return total


def _held_before(facts: _Facts, day: date) -> int:
    held_days = [demo.held_day for demo in facts.demos or [] if demo.held_day is not None]
    return len([held_day for held_day in held_days if held_day < day])


def _pays_across(paid_days: set[date], day: date) -> bool:
    """Began before the day and had not been lost before it."""
    return day - ONE_DAY in paid_days and day in paid_days


def _count_visits(ask: _Question) -> dict[str, float | None]:
    organic: float | None = None
    paid: float | None = None
    existing: float | None = None
    if ask.facts.visits is not None:
        organic = paid = existing = 0
        for visit in ask.facts.visits:
            if ask.on_a_day(visit.day) and ask.asks_for(visit.channel):
                existing += visit.existing
                if visit.channel == "paid":
                    paid += visit.visits
                else:
                    organic += visit.visits
    if not ask.facts.visits_have_source:
        paid = None
    if not ask.facts.existing_is_known:
        existing = None
    # Neither unmeasured part makes the sum missing; only a missing export does.
    net_new = None if organic is None else organic + (paid or 0) - (existing or 0)
    return {
        "organic_visits": organic,
        "paid_visits": paid,
        "existing_user_visits": existing,
        "net_new_visitors": net_new,
    }


def _count_signups(ask: _Question) -> dict[str, float | None]:
    before: float | None = None
    new: float | None = None
    by_channel: dict[str, float | None] = dict.fromkeys(MEASURED_CHANNELS)
    if ask.facts.signups is not None:
        before_people, new_people = set(), set()
        people_of: dict[str, set[str]] = {channel: set() for channel in CHANNELS}
        for user, signup in ask.facts.signups.items():
            if not ask.asks_for(signup.channel):
                continue
            if signup.moment.day < ask.start:
                before_people.add(user)
            elif signup.moment.day < ask.after:
                new_people.add(user)
                people_of[signup.channel].add(user)
        before, new = len(before_people), len(new_people)
        if ask.facts.signups_have_source:
            by_channel = {channel: len(people_of[channel]) for channel in MEASURED_CHANNELS}
    measured = sum(count or 0 for count in by_channel.values())
    opening = _plus(before, ask.carried("registered"))
    closing = _plus(opening, new)
    counts: dict[str, float | None] = {
        "total_leads": closing,  # distinct people, so the same count
        "opening_registered_users": opening,
        "new_signups": new,
        "closing_registered_users": closing,
    }
    if ask.channel is None:
        counts["organic_signups"] = None if new is None else new - measured
        for channel, count in by_channel.items():
            counts[f"{channel}_signups"] = count
    return counts


def _count_demos(ask: _Question) -> dict[str, float | None]:
    booked: float | None = None
    held: float | None = None
    if ask.facts.demos is not None:
        booked = held = 0
        for demo in ask.facts.demos:
            if not ask.asks_for(demo.channel):
                continue
            if ask.on_a_day(demo.booked_day):
                booked += 1
            if demo.held_day is not None and demo.held_day < ask.after:
                held += 1
    if not ask.facts.held_is_known:
        held = None
    return {
        "cumulative_demos_held": _plus(held, ask.carried("held")),
        "new_demo_bookings": booked,
    }


def _count_customers(ask: _Question) -> tuple[dict[str, float | None], float | None]:
    """The counts, and how many of the lost were paying at the start without a break since."""
    shown = new = back = lost = lost_of_opening = 0
    for customer in ask.facts.customers or []:
        paid_days = customer.paid_days
        if not ask.asks_for(customer.channel):
            continue
        first_day = min(paid_days)
        still_of_opening = _pays_across(paid_days, ask.start)
        shown += still_of_opening
        for day in _days(ask.start, ask.after):
            if day not in paid_days:
                continue
            if day == first_day:
                new += 1
            elif day - ONE_DAY not in paid_days:
                back += 1
            if day + ONE_DAY not in paid_days:
                lost += 1
                lost_of_opening += still_of_opening
                still_of_opening = False
    if ask.facts.customers is None:
        names = [name for name in METRICS if name.endswith("_paid_users")]
        return dict.fromkeys(names), None
    opening = _plus(shown, ask.carried("paying"))
    net_new = new + back - lost
    return {
        "opening_paid_users": opening,
        "new_paid_users": new,
        "reactivated_paid_users": back,
        "churned_paid_users": lost,
        "net_new_paid_users": net_new,
        "closing_paid_users": _plus(opening, net_new),
    }, lost_of_opening


def _count_mrr(ask: _Question) -> float | None:
    facts, rules = ask.facts, ask.rules
    if facts.customers is None or not facts.amounts_are_known:
        return None
    total = _mrr_at(facts, ask.after, ask.channel)
    if rules.opening is not None:
        opening_date, _, paying, _ = rules.opening
        shown = _mrr_at(facts, opening_date, None)
        if ask.start < opening_date:
            return None
        if rules.opening_mrr is None and paying > _paying_at(facts, opening_date):
            return None
        if rules.opening_mrr is not None and shown is None:
            return None
        if rules.opening_mrr is not None and shown is not None and ask.asks_for("unknown") and total is not None:
            total += rules.opening_mrr - shown
    return None if total is None else float(total)


def _answer(ask: _Question) -> dict[str, Answer]:
    paid_counts, lost_of_opening = _count_customers(ask)
    counts = _count_visits(ask) | _count_signups(ask) | _count_demos(ask) | paid_counts
    lost = lost_of_opening if ask.rules.churn_method == "opening" else counts["churned_paid_users"]
    answers = {name: Answer(value) for name, value in counts.items()}
    signups, bookings = counts["new_signups"], counts["new_demo_bookings"]
    answers["visitor_to_signup_rate"] = _rate(signups, counts["net_new_visitors"])
    answers["signup_to_demo_rate"] = _rate(bookings, signups)
    answers["demo_to_paid_rate"] = _rate(counts["new_paid_users"], bookings)
    answers["paid_user_churn_rate"] = _rate(lost, counts["opening_paid_users"])
    mrr = _count_mrr(ask)
    answers["closing_mrr_amount"] = Answer(mrr)
    answers["arpa_amount"] = _rate(mrr, counts["closing_paid_users"])
    return answers


def recount(
    *,
    visitors: Rows | None,
    signups: Rows | None,
    demos: Rows | None,
    paid_users: Rows | None,
    periods: list[Period],
    rules: Rules,
) -> dict[tuple[str, str | None, str], Answer]:
    """Every metric by (metric, channel or None, period key), counted from canonical rows.

    A period is (key, first day, first day after it); an export that does not exist is None.
    """
    as_of = rules.as_of or _latest_event(visitors, signups, demos, paid_users, rules)
    people = None if signups is None else _read_signups(signups, rules)
    visits, existing_is_known = None, False
    if visitors is not None:
        visits, existing_is_known = _read_visits(visitors, people, rules)
    customers = None
    if paid_users is not None:
        horizon = _horizon(paid_users, periods, rules)
        customers = _read_customers(paid_users, people, rules, horizon)
    facts = _Facts(
        visits=visits,
        visits_have_source=_has(visitors, "source"),
        existing_is_known=existing_is_known,
        signups=people,
        signups_have_source=_has(signups, "source"),
        demos=None if demos is None else _read_demos(demos, people, rules),
        held_is_known=_has(demos, "held_at", "status"),
        customers=customers,
        amounts_are_known=_has(paid_users, "mrr", "amount"),
    )
    result: dict[tuple[str, str | None, str], Answer] = {}
    for key, start, end in periods:
        after = end if as_of is None else min(end, as_of + ONE_DAY)
        for channel in (None, *CHANNELS):
            answers: dict[str, Answer] = {}
            if as_of is None or start <= as_of:
                answers = _answer(_Question(facts, rules, channel, start, after))
            for metric in METRICS:
                if channel is None or metric not in SIGNUP_SPLIT:
                    result[metric, channel, key] = answers.get(metric, Answer(None))
    return result
