"""A second, slow way to every number of the dashboard: loops over rows and days, sets of people.

It shares no code with the package on purpose.  Nothing here is clever: a customer is the set of
days paid for, a visit is a row, and each metric is counted afresh for each period and channel.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
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
A_WEEKEND = timedelta(days=3)
# The cell that dates a row of each export, and what becomes of silence: of the rare ones a month may well be empty.
DATED_BY = {"visitors": "date", "signups": "signed_up_at", "demos": "booked_at", "paid_users": "started_at"}
NEARLY_DAILY = ("visitors", "signups")
# The levels that each export says at the beginning and at the end of a period.
AT_START = {"signups": ("opening_registered_users",), "paid_users": ("opening_paid_users",)}
AT_END = {
    "signups": ("total_leads", "closing_registered_users"),
    "demos": ("cumulative_demos_held",),
    "paid_users": ("closing_paid_users", "closing_mrr_amount"),
}
# The exports that a rate is made of.
SIDES = {
    "visitor_to_signup_rate": ("signups", "visitors"),
    "signup_to_demo_rate": ("demos", "signups"),
    "demo_to_paid_rate": ("paid_users", "demos"),
    "paid_user_churn_rate": ("paid_users",),
}


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What the business decided; the default channels know only their own names."""

    # None: latest visit, signup, booking or past end, and start where there is nothing else to go by.
    as_of: date | None = None
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
    ends: str = "scheduled"
    # Of an export the first and last month that it is said to tell of, by their first days.
    covers: Mapping[str, tuple[date, date]] = field(default_factory=dict)
    # Whether a month without rows is always taken for zeros; nobody who reads a report does.
    believes_silence: bool = False
    beside: Sequence[date] = ()  # days of exports that stand beside these and are not recounted


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
    ends_are_known: bool


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
    signup = None if signups is None else signups.get(user)
    if signup is not None and (rules.as_of is None or signup.moment.day <= rules.as_of):
        return signup.channel
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


def _day_of_month(first: date, day: int) -> date:
    """A day of the month that begins on ``first``, or the month's last where it has no such day."""
    return min(first + (day - 1) * ONE_DAY, next_month(first) - ONE_DAY)


def _months(start: date, end: date) -> Fraction:
    """Whole months where they end on the last paid day or the day after it, else those and a share of the next.

    >>> _months(date(2026, 1, 31), date(2026, 2, 27)), _months(date(2026, 2, 1), date(2026, 3, 10))
    (Fraction(1, 1), Fraction(41, 31))

    Who is billed on the 31st pays from 28 February to 30 March: a month.

    >>> _months(date(2026, 2, 28), date(2026, 3, 30)), _months(date(2026, 4, 30), date(2026, 5, 30))
    (Fraction(1, 1), Fraction(1, 1))
    """
    for billed_on in range(29, 32):
        first = start.replace(day=1)
        dues = [
            _day_of_month(_months_later(first, number), billed_on) for number in range((end - start).days // 28 + 2)
        ]
        if dues[0] == start and (fits := {end + ONE_DAY, end} & set(dues[1:])):
            return Fraction(dues.index(max(fits)))
    whole = 0
    while _months_later(start, whole + 1) <= end + ONE_DAY:
        whole += 1
        if _months_later(start, whole) >= end:
            return Fraction(whole)
    begun, next_one = _months_later(start, whole), _months_later(start, whole + 1)
    return whole + Fraction((end + ONE_DAY - begun).days, (next_one - begun).days)


def _paying_rows(rows: Rows) -> Rows:
    """The rows that somebody pays by: nothing that is free, and no fee beside what recurs."""
    rows = [row for row in rows if AMOUNTS.get(_cell(row, "mrr") or _cell(row, "amount")) != 0]
    recurring = {person(row["user_id"]) for row in rows if INTERVALS[_cell(row, "interval")] is not None}

    def is_fee(row: Row) -> bool:
        return _cell(row, "interval") == "once" and not _cell(row, "ended_at") and person(row["user_id"]) in recurring

    return [row for row in rows if not is_fee(row)]


def _mrr(row: Row, rules: Rules, horizon: date) -> Fraction | None:
    """What a row comes to in a month, to the hundredth."""
    amount = AMOUNTS.get(_cell(row, "mrr") or _cell(row, "amount"))
    if amount is not None and not _cell(row, "mrr"):
        months = INTERVALS[_cell(row, "interval")]
        if months is None and not _cell(row, "ended_at"):
            return Fraction(0) if _cell(row, "interval") == "once" else None  # paid for once, it brings nothing a month
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
    for row in _paying_rows(rows):
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


def _days_of(stage: str, rows: Rows | None, rules: Rules) -> list[date]:
    """The days on which an export has a row; of paid users also those of ends, where ends are facts."""
    days = [moment_of(row[DATED_BY[stage]], rules.timezone).day for row in rows or []]
    return days + (_past_ends(rows, rules) if stage == "paid_users" else [])


def _past_ends(rows: Rows | None, rules: Rules) -> list[date]:
    if rules.ends != "facts":
        return []
    return [_paid_span(row, rules, date.max)[1] for row in rows or [] if _cell(row, "ended_at")]


def _latest_event(exports: Mapping[str, Rows | None], rules: Rules) -> date | None:
    """The latest day of all that is sure to have happened; a start may lie ahead, and counts where nothing else does.

    An end that is a fact has happened wherever it lies.
    """
    others = [day for stage, rows in exports.items() if stage != "paid_users" for day in _days_of(stage, rows, rules)]
    paid = exports["paid_users"]
    starts = [moment_of(row[DATED_BY["paid_users"]], rules.timezone).day for row in paid or []]
    tell = starts if starts and (not others or min(starts) > max(others)) else []
    return max([*others, *_past_ends(paid, rules), *tell], default=None)


# What an export tells of


def month_of(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def next_month(month: date) -> date:
    """The first day of the month after."""
    return month_of(month + timedelta(days=31))


def week_of(day: date) -> date:
    """The Monday of a day's week."""
    return day - timedelta(days=day.weekday())


def next_week(monday: date) -> date:
    """The Monday after."""
    return monday + timedelta(days=7)


class Told:
    """Which months each export tells of, as far as one can see on the day ``as_of``; of weeks, which days.

    An export tells of all days of the week, as of the month, in which its first row lies.
    """

    def __init__(self, exports: Mapping[str, Rows | None], rules: Rules, as_of: date | None, *, weeks: bool) -> None:
        self.exports, self.rules, self.as_of, self.weeks = exports, rules, as_of, weeks
        self.unit_of: Callable[[date], date] = week_of if weeks else month_of
        self.next_unit: Callable[[date], date] = next_week if weeks else next_month
        self.days = {stage: _days_of(stage, rows, rules) for stage, rows in exports.items()}
        self.known: dict[tuple[str, date], bool] = {}

    def by(self, stage: str) -> Callable[[date], bool]:
        """Whether an export tells of a month, or of a day, given by its first day."""

        def is_told(day: date) -> bool:
            if (stage, day) not in self.known:
                self.known[stage, day] = self._is_told(stage, day)
            return self.known[stage, day]

        return is_told

    def part(self, period: Period, stages: Iterable[str]) -> Period | None:
        """The months, or days, of a period that all the exports tell of; None where there are none."""
        tests = [self.by(stage) for stage in stages]
        key, start, end = period
        days = [start + timedelta(days=n) for n in range((end - start).days)] if self.weeks else months_in(period)
        days = [day for day in days if all(test(day) for test in tests)]
        after = (days[-1] + ONE_DAY if self.weeks else next_month(days[-1])) if days else start
        return (key, max(start, days[0]), min(end, after)) if days else None

    def _is_told(self, stage: str, day: date) -> bool:
        """Its first row may come three days after the first of all others, its last row three days before as_of.

        Where its first row lies after as_of, nothing can depend on by how much: it begins later.
        """
        if self.exports[stage] is None or self.rules.believes_silence or self.as_of is None:
            return True
        if stage in self.rules.covers:
            first, last = self.rules.covers[stage]
            return first <= month_of(day) <= last
        own = self.days[stage]
        if stage not in NEARLY_DAILY or not own:
            return True
        every = [*self.rules.beside, *(day for days in self.days.values() for day in days)]
        begun_days = [day for day in every if day <= self.as_of]
        if begun_days and (min(own) > self.as_of or min(own) > min(begun_days) + A_WEEKEND):
            first_unit = self.unit_of(min(own))
            if day < (first_unit if min(own) <= self.as_of else self.next_unit(first_unit)):
                return False
        past = [day for day in own if day <= self.as_of]
        return not past or max(past) >= self.as_of - A_WEEKEND or self.unit_of(day) <= self.unit_of(max(past))


def months_in(period: Period) -> list[date]:
    """The months that a period has days in, by their first days."""
    _, start, end = period
    month, months = month_of(start), []
    while month < end:
        months.append(month)
        month = next_month(month)
    return months


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
    asked_from: date  # where the period itself begins, of which the export may tell but a part

    def asks_for(self, channel: str) -> bool:
        return self.channel in (None, channel)

    def on_a_day(self, day: date) -> bool:
        return self.start <= day < self.after

    def carried(self, balance: Literal["registered", "paying", "held"]) -> float | None:
        """What a balance holds beyond the export; missing before the opening date."""
        if self.rules.opening is None:
            return 0
        opening_date, registered, paying, held = self.rules.opening
        if self.asked_from < opening_date:
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
    """What those paying across the start of a day pay a month; None where one row that counts does not tell.

    A row counts through its last day where another of the customer begins on the day after, whatever else is in force.
    """
    total = Fraction(0)
    for customer in facts.customers or []:
        if channel not in (None, customer.channel) or not _pays_across(customer.paid_days, day):
            continue
        begun = [row for row in customer.rows if row.start < day]
        followed = any(row.start == day for row in customer.rows)
        in_force = [row for row in begun if row.end >= day or (followed and row.end == day - ONE_DAY)]
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
    """The counts, and how many of those paying at the start are not paying at the end."""
    shown = new = back = lost = lost_of_opening = 0
    for customer in ask.facts.customers or []:
        paid_days = customer.paid_days
        if not ask.asks_for(customer.channel):
            continue
        first_day = min(paid_days)
        of_opening = _pays_across(paid_days, ask.start)
        shown += of_opening
        lost_of_opening += of_opening and not _pays_across(paid_days, ask.after)
        for day in _days(ask.start, ask.after):
            if day not in paid_days:
                continue
            if day == first_day:
                new += 1
            elif day - ONE_DAY not in paid_days:
                back += 1
            if day + ONE_DAY not in paid_days:
                lost += 1
    if ask.facts.customers is None:
        names = [name for name in METRICS if name.endswith("_paid_users")]
        return dict.fromkeys(names), None
    opening = _plus(shown, ask.carried("paying"))
    net_new = new + back - lost
    known = ask.facts.ends_are_known  # else nobody can be said to have left
    return {
        "opening_paid_users": opening,
        "new_paid_users": new,
        "reactivated_paid_users": back,
        "churned_paid_users": lost if known else None,
        "net_new_paid_users": net_new if known else None,
        "closing_paid_users": _plus(opening, net_new),
    }, lost_of_opening if known else None


def _count_mrr(ask: _Question) -> float | None:
    facts, rules = ask.facts, ask.rules
    if facts.customers is None or not facts.amounts_are_known:
        return None
    total = _mrr_at(facts, ask.after, ask.channel)
    if rules.opening is not None:
        opening_date, _, paying, _ = rules.opening
        shown = _mrr_at(facts, opening_date, None)
        if ask.asked_from < opening_date:
            return None
        if rules.opening_mrr is None and paying > _paying_at(facts, opening_date):
            return None
        if rules.opening_mrr is not None and shown is None:
            return None
        if rules.opening_mrr is not None and shown is not None and ask.asks_for("unknown") and total is not None:
            total += rules.opening_mrr - shown
    return None if total is None else float(total)


@dataclass(frozen=True, kw_only=True)
class _Report:
    """All that a figure may depend on: the facts, the rules, and which months each export tells of."""

    exports: Mapping[str, Rows | None]
    facts: _Facts
    rules: Rules
    as_of: date | None
    told: Told
    told_of_months: Told
    columns: list[Period]

    def begun_part(self, period: Period, stage: str) -> Period | None:
        """What an export tells of a period, up to as_of; None where that is nothing."""
        part = self.told.part(period, [stage])
        if part is None or (self.as_of is not None and part[1] > self.as_of):
            return None
        return part

    def counts(self, period: Period, channel: str | None) -> tuple[dict[str, float | None], float | None]:
        """What is counted of a period, and the lost who were paying when it began."""
        counts: dict[str, float | None] = {}
        lost_of_opening = None
        for stage in DATED_BY:
            part = self.begun_part(period, stage)
            if part is None or (stage == "visitors" and self._has_months_for_weeks()):
                continue
            after = part[2] if self.as_of is None else min(part[2], self.as_of + ONE_DAY)
            ask = _Question(self.facts, self.rules, channel, part[1], after, period[1])
            known = {"visitors": _count_visits, "signups": _count_signups, "demos": _count_demos}
            if stage in known:
                counts |= known[stage](ask)
            else:
                paid_counts, lost_of_opening = _count_customers(ask)
                counts |= paid_counts | {"closing_mrr_amount": _count_mrr(ask)}
            for level in self._unknown_levels(period, stage):
                counts[level] = None
        return counts, lost_of_opening

    def _has_months_for_weeks(self) -> bool:
        """Whether weeks are asked for, and the visits are sums that all lie on first days of at least three months."""
        days = set(self.told.days["visitors"])
        first_days = {day for day in days if day.day == 1}
        return self.told.weeks and _has(self.exports["visitors"], "visits") and days == first_days and len(days) >= 3

    def _unknown_levels(self, period: Period, stage: str) -> list[str]:
        """A range opens with its first column and closes with the last that has begun: they must be told of.

        A balance that [opening] gives is not known later where the export begins months after it.
        """
        first, last = AT_START.get(stage, ()), AT_END.get(stage, ())
        begun = [column for column in self.columns if self.as_of is None or column[1] <= self.as_of]
        if period[0] != "total":
            begun = [period]
        unknown: list[str] = []
        if begun and self.begun_part(begun[0], stage) is None:
            unknown += first
        if begun and self.begun_part(begun[-1], stage) is None:
            unknown += last
        if self.rules.opening is not None and not self._tells_from(stage, self.rules.opening[0]):
            unknown += [*first, *last]
        return unknown

    def _tells_from(self, stage: str, month: date) -> bool:
        """Whether no month from a month up to the first that an export tells of is missing."""
        begins = [self.rules.covers[stage][0]] if stage in self.rules.covers else self.told.days[stage]
        return not begins or month >= month_of(min(begins)) or self.told_of_months.by(stage)(month)

    def answers(self, period: Period, channel: str | None) -> dict[str, Answer]:
        """Every metric; a rate is that of the months which all its exports tell of."""
        counts, _ = whole = self.counts(period, channel)
        answers = {name: Answer(value) for name, value in counts.items()}
        for rate, stages in SIDES.items():
            part = self.told.part(period, [stage for stage in stages if self.exports[stage] is not None])
            if part is None or (self.as_of is not None and part[1] > self.as_of):
                answers[rate] = Answer(None, *self._sides(rate, *whole))
            elif part == period:
                answers[rate] = _rate(*self._sides(rate, *whole))
            else:
                # As a column of its own, the part opens with its own first month.
                own = replace(self, columns=[part])
                answers[rate] = _rate(*self._sides(rate, *own.counts(part, channel)))
        answers["arpa_amount"] = _rate(counts.get("closing_mrr_amount"), counts.get("closing_paid_users"))
        return answers

    def _sides(
        self, rate: str, counts: dict[str, float | None], lost_of_opening: float | None
    ) -> tuple[float | None, float | None]:
        match rate:
            case "visitor_to_signup_rate":
                return counts.get("new_signups"), counts.get("net_new_visitors")
            case "signup_to_demo_rate":
                return counts.get("new_demo_bookings"), counts.get("new_signups")
            case "demo_to_paid_rate":
                return counts.get("new_paid_users"), counts.get("new_demo_bookings")
        lost = lost_of_opening if self.rules.churn_method == "opening" else counts.get("churned_paid_users")
        return lost, counts.get("opening_paid_users")


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

    A period is (key, first day, first day after it); an export that does not exist is None.  The period "total" is a
    range of the others.
    """
    exports = {"visitors": visitors, "signups": signups, "demos": demos, "paid_users": paid_users}
    as_of = rules.as_of or _latest_event(exports, rules)
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
        ends_are_known=_has(paid_users, "ended_at"),
    )
    columns = [period for period in periods if period[0] != "total"] or list(periods)
    weeks = any("-W" in key for key, _, _ in periods)
    told, told_of_months = (Told(exports, rules, as_of, weeks=by_week) for by_week in (weeks, False))
    report = _Report(
        exports=exports, facts=facts, rules=rules, as_of=as_of, told=told, told_of_months=told_of_months,
        columns=columns,
    )  # fmt: skip
    result: dict[tuple[str, str | None, str], Answer] = {}
    for period in periods:
        for channel in (None, *CHANNELS):
            begun = as_of is None or period[1] <= as_of
            answers = report.answers(period, channel) if begun else {}
            for metric in METRICS:
                if channel is None or metric not in SIGNUP_SPLIT:
                    result[metric, channel, period[0]] = answers.get(metric, Answer(None))
    return result
