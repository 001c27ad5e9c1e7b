"""Every figure of the revenue section from the days of mrr_days.py: counted afresh for each period and each part."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import pairwise

from oracle.mrr_days import KINDS, ONE_DAY, TRANSFERRED, Customer, Level, Paid, customers

Period = tuple[str, date, date]  # key, first day, first day after it
LARGEST = 10
MOVEMENTS = tuple(f"{kind}_mrr_amount" for kind in KINDS)
RATES = (
    "gross_mrr_churn_rate",
    "net_mrr_churn_rate",
    "net_revenue_retention_rate",
    "gross_revenue_retention_rate",
    "net_revenue_retention_12m_rate",
    "gross_revenue_retention_12m_rate",
    "mrr_quick_ratio",
    "concentration_rate",
)
METRICS = ("opening_mrr_amount", *MOVEMENTS, "transferred_mrr_amount", "closing_mrr_amount", *RATES)


@dataclass(frozen=True, kw_only=True)
class Rules:
    """What the business decided; ``opening`` is a first day of a month and the MRR of all then, in hundredths."""

    as_of: date
    grace_days: int = 0
    early_days: int = 0
    opening: tuple[date, int] | None = None


@dataclass(frozen=True)
class Answer:
    """A cell; a missing one has no value."""

    value: Fraction | None
    numerator: Fraction | None = None
    denominator: Fraction | None = None


MISSING = Answer(None)
Answers = dict[tuple[str, str | None, str], Answer]  # metric, part (None: the whole), period


@dataclass(frozen=True, kw_only=True)
class Part:
    """The whole business, a channel, or a plan."""

    channel: str | None = None
    plan: str | None = None

    def share(self, level: Level) -> int | None:
        """What of a customer's level is in this part; None where a row of it is not known."""
        return _plus(*(amount.amount() for plan, amount in level.items() if self.plan in (None, plan)))

    def has(self, customer: Customer) -> bool:
        """Whether money of a customer can be in it; of a plan every customer's can."""
        return self.channel in (None, customer.channel)


def customers_of(rows: Sequence[Paid], periods: Sequence[Period], rules: Rules) -> list[Customer]:
    """The customers of rows, by the rules, on the days that the periods reach."""
    until = max(after for _, _, after in periods)
    return customers(rows, grace_days=rules.grace_days, early_days=rules.early_days, until=until)


def recount(
    known: Sequence[Customer],
    periods: Sequence[Period],
    rules: Rules,
    *,
    by: str | None = None,
    parts: Sequence[str] | None = None,
) -> Answers:
    """Every metric by (metric, part, period key), for the whole and for the parts of a dimension: all that rows have.

    A period is (key, first day, first day after it).
    """
    rows = [row for who in known for row in who.rows]
    asked: dict[str | None, Part] = {None: Part()}
    if by == "channel":
        asked |= {channel: Part(channel=channel) for channel in parts or sorted({row.channel for row in rows})}
    if by == "plan":
        asked |= {plan: Part(plan=plan) for plan in parts or sorted({row.plan for row in rows})}
    began = rules.opening[0] if rules.opening else month_of(min(row.start for row in rows))
    answers: Answers = {}
    for period in periods:
        for name, part in asked.items():
            question = _Question(customers=known, rules=rules, part=part, period=period, began=began)
            for metric, answer in question.answers().items():
                answers[metric, name, period[0]] = answer
    return answers


def month_of(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


def _year_before(day: date) -> date:
    """The same day of the year before; of 29 February the 28th."""
    return day.replace(year=day.year - 1, day=min(day.day, 28) if day.month == 2 else day.day)


@dataclass(frozen=True, kw_only=True)
class _Question:
    customers: Sequence[Customer]
    rules: Rules
    part: Part
    period: Period
    began: date

    def answers(self) -> dict[str, Answer]:
        """Each metric in this part and period."""
        _, first, after = self.period
        if first > self.rules.as_of:
            return dict.fromkeys(METRICS, MISSING)
        last = min(after - ONE_DAY, self.rules.as_of)
        opening, closing = self.balance(first - ONE_DAY), self.balance(last)
        moved = self.moved(first, last)
        values: dict[str, int | None] = {
            "opening_mrr_amount": opening,
            "closing_mrr_amount": closing,
            **{f"{kind}_mrr_amount": amount for kind, amount in moved.items()},
        }
        self.assert_identity(values)
        rises, falls = _plus(*(moved[kind] for kind in KINDS[:3])), _plus(moved["contraction"], moved["churned"])
        kept = None if falls is None else _plus(falls, _minus(moved["expansion"]), _minus(moved["reactivation"]))
        year_ago = after.replace(year=after.year - 1) if last == after - ONE_DAY else _year_before(last) + ONE_DAY
        now, capped, then = self.followed(first - ONE_DAY, last)
        far = self.followed(year_ago - ONE_DAY, last) if year_ago >= self.began else (None, None, None)
        return {name: Answer(_units(value)) for name, value in values.items()} | {
            "gross_mrr_churn_rate": _rate(falls, opening),
            "net_mrr_churn_rate": _rate(kept, opening),
            "net_revenue_retention_rate": _rate(now, then),
            "gross_revenue_retention_rate": _rate(capped, then),
            "net_revenue_retention_12m_rate": _rate(far[0], far[2]),
            "gross_revenue_retention_12m_rate": _rate(far[1], far[2]),
            "mrr_quick_ratio": _rate(rises, falls),
            "concentration_rate": _rate(self.largest(last), closing),
        }

    def levels(self, evening: date) -> dict[str, int | None]:
        """Of each customer what it has in this part at the end of a day."""
        return {who.user: self.part.share(who.level(evening)) for who in self.customers if self.part.has(who)}

    def balance(self, evening: date) -> int | None:
        """What all come to at the end of a day, and what [opening] knows of beyond the rows."""
        return _plus(*self.levels(evening).values(), self.beyond(evening))

    def beyond(self, evening: date) -> int | None:
        """What [opening] has above the rows; its plan and its channel are unknown."""
        if self.rules.opening is None:
            return 0
        day, amount = self.rules.opening
        if evening < day - ONE_DAY:
            return None
        shown = _plus(*(Part().share(who.level(day - ONE_DAY)) for who in self.customers))
        if shown is None:  # of no part it is known whether it is in it
            return None
        return amount - shown if {self.part.plan, self.part.channel} <= {None, "unknown"} else 0

    def moved(self, first: date, last: date) -> dict[str, int | None]:
        """What moved from one day to another by kind; all is missing where a row in force in them has no amount.

        So it is where an amount moved or was transferred, and what became of another plan's on that day is not known.
        """
        if any(self.unknown(who, first, last) for who in self.customers):
            return dict.fromkeys((*KINDS, TRANSFERRED))
        sums: dict[str, int | None] = dict.fromkeys((*KINDS, TRANSFERRED), 0)
        for who in self.customers:
            for movement in who.movements:
                if first <= movement.day <= last and self.has(who, movement.plan):
                    if movement.amount is None:
                        return dict.fromkeys((*KINDS, TRANSFERRED))
                    sums[movement.kind] = _plus(sums[movement.kind], movement.amount)
        return sums

    def unknown(self, who: Customer, first: date, last: date) -> bool:
        """Whether a row of the customer in this part has no amount, and is in force on one of these days."""
        days = [day for day in who.unknown if first <= day <= last]
        return any(self.has(who, plan) for day in days for plan in who.unknown[day])

    def has(self, who: Customer, plan: str) -> bool:
        """Whether money that a customer pays for a plan is in this part."""
        return self.part.has(who) and self.part.plan in (None, plan)

    def followed(self, then: date, now: date) -> tuple[int | None, int | None, int | None]:
        """What those with MRR on an evening come to on a later one, the same with none above then, and then.

        In a plan are those who had most of it then.
        """
        now_all: list[int | None] = []
        capped: list[int | None] = []
        then_all: list[int | None] = []
        for who in self.customers:
            level = who.level(then)
            before, after = Part().share(level), Part().share(who.level(now))
            if not self.part.has(who) or before == 0 or not self.follows(level):
                continue
            then_all.append(before)
            now_all.append(after)
            capped.append(None if before is None or after is None else min(before, after))
        return _plus(*now_all), _plus(*capped), _plus(*then_all)

    def follows(self, level: Level) -> bool:
        """Whether who comes to this counts in the part, or may: it is the plan of most, or one that nobody knows."""
        most = min(level, key=lambda plan: (-level[plan].known, plan), default=None)
        plans = {plan for plan, amount in level.items() if amount.unknown or (plan == most and amount.known)}
        return self.part.plan is None or self.part.plan in plans

    def largest(self, evening: date) -> int | None:
        """What the ten largest come to."""
        levels = self.levels(evening)
        known = [level for level in levels.values() if level is not None]
        return sum(sorted(known)[-LARGEST:]) if len(known) == len(levels) else None

    def assert_identity(self, values: dict[str, int | None]) -> None:
        """The bridge closes in every part: what is there, comes and goes is what is left."""
        rises = [values[name] for name in ("opening_mrr_amount", *MOVEMENTS[:3], "transferred_mrr_amount")]
        falls = [_minus(values[name]) for name in MOVEMENTS[3:]]
        closing = _plus(*rises, *falls)
        if closing is not None and values["closing_mrr_amount"] is not None:
            assert closing == values["closing_mrr_amount"], (self.period, self.part, values)


def _plus(*amounts: int | None) -> int | None:
    total = 0
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total


def _minus(amount: int | None) -> int | None:
    return None if amount is None else -amount


def _units(hundredths: int | None) -> Fraction | None:
    return None if hundredths is None else Fraction(hundredths, 100)


def _rate(numerator: int | None, denominator: int | None) -> Answer:
    value = None if numerator is None or not denominator else Fraction(numerator, denominator)
    return Answer(value, _units(numerator), _units(denominator))


def months(first: str, last: str) -> list[Period]:
    """The months from one to another, both among them.

    >>> months("2026-12", "2027-01")[1]
    ('2027-01', datetime.date(2027, 1, 1), datetime.date(2027, 2, 1))
    """
    start, end = (int(text[:4]) * 12 + int(text[5:]) - 1 for text in (first, last))
    days = [date(number // 12, number % 12 + 1, 1) for number in range(start, end + 2)]
    return [(f"{day:%Y-%m}", day, after) for day, after in pairwise(days)]


def with_total(periods: Sequence[Period]) -> list[Period]:
    """The periods, and their whole as one."""
    return [*periods, ("total", periods[0][1], periods[-1][2])]


def amounts_of(answers: Answers, metrics: Iterable[str], period: str, part: str | None = None) -> list[float | None]:
    """The values of some metrics in a period, as plain numbers."""
    values = [answers[metric, part, period].value for metric in metrics]
    return [None if value is None else float(value) for value in values]
