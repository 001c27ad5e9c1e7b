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
    """What the business decided; ``opening`` is a first day of a month and the MRR of all that paid then."""

    as_of: date
    grace_days: int = 0
    early_days: int = 0
    opening: tuple[date, Fraction] | None = None


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

    def share(self, level: Level) -> Fraction | None:
        """What of a customer's level is in this part; None where a row of it is not known."""
        amounts = [amount for plan, amount in level.items() if self.plan in (None, plan)]
        return None if None in amounts else sum((amount or Fraction(0) for amount in amounts), Fraction(0))

    def has(self, customer: Customer) -> bool:
        """Whether money of a customer can be in it; of a plan every customer's can."""
        return self.channel in (None, customer.channel)


def recount(rows: Sequence[Paid], periods: Sequence[Period], rules: Rules, *, by: str | None = None) -> Answers:
    """Every metric by (metric, part, period key), for the whole and for each part of a dimension.

    A period is (key, first day, first day after it).
    """
    known = customers(
        rows,
        grace_days=rules.grace_days,
        early_days=rules.early_days,
        until=max(after for _, _, after in periods),
    )
    parts: dict[str | None, Part] = {None: Part()}
    if by == "channel":
        parts |= {channel: Part(channel=channel) for channel in sorted({row.channel for row in rows})}
    if by == "plan":
        parts |= {plan: Part(plan=plan) for plan in sorted({row.plan for row in rows})}
    began = rules.opening[0] if rules.opening else month_of(min(row.start for row in rows))
    answers: Answers = {}
    for period in periods:
        for name, part in parts.items():
            asked = _Question(customers=known, rules=rules, part=part, period=period, began=began)
            for metric, answer in asked.answers().items():
                answers[metric, name, period[0]] = answer
    return answers


def month_of(day: date) -> date:
    """The first day of a day's month."""
    return day.replace(day=1)


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
        values: dict[str, Fraction | None] = {
            "opening_mrr_amount": opening,
            "closing_mrr_amount": closing,
            **{f"{kind}_mrr_amount": amount for kind, amount in moved.items()},
        }
        self.assert_identity(values)
        rises, falls = _plus(*(moved[kind] for kind in KINDS[:3])), _plus(moved["contraction"], moved["churned"])
        kept = None if falls is None else _plus(falls, _minus(moved["expansion"]), _minus(moved["reactivation"]))
        year_ago = after.replace(year=after.year - 1)
        now, capped, then = self.followed(first - ONE_DAY, last)
        far = self.followed(year_ago - ONE_DAY, last) if year_ago >= self.began else (None, None, None)
        return {name: Answer(value) for name, value in values.items()} | {
            "gross_mrr_churn_rate": _rate(falls, opening),
            "net_mrr_churn_rate": _rate(kept, opening),
            "net_revenue_retention_rate": _rate(now, then),
            "gross_revenue_retention_rate": _rate(capped, then),
            "net_revenue_retention_12m_rate": _rate(far[0], far[2]),
            "gross_revenue_retention_12m_rate": _rate(far[1], far[2]),
            "mrr_quick_ratio": _rate(rises, falls),
            "concentration_rate": _rate(self.largest(last), closing),
        }

    def levels(self, evening: date) -> dict[str, Fraction | None]:
        """Of each customer what it has in this part at the end of a day."""
        return {who.user: self.part.share(who.level(evening)) for who in self.customers if self.part.has(who)}

    def balance(self, evening: date) -> Fraction | None:
        """What all come to at the end of a day, and what [opening] knows of beyond the rows."""
        return _plus(*self.levels(evening).values(), self.beyond(evening))

    def beyond(self, evening: date) -> Fraction | None:
        """What [opening] has above the rows; it has no plan and no channel."""
        if self.rules.opening is None:
            return Fraction(0)
        day, amount = self.rules.opening
        if evening < day - ONE_DAY:
            return None
        if self.part.plan is not None or self.part.channel not in (None, "unknown"):
            return Fraction(0)
        whole = _Question(
            customers=self.customers, rules=Rules(as_of=self.rules.as_of), part=Part(), period=self.period,
            began=self.began,
        )  # fmt: skip
        return _plus(amount, _minus(whole.balance(day - ONE_DAY)))

    def moved(self, first: date, last: date) -> dict[str, Fraction | None]:
        """What moved from one day to another by kind; all is missing where a row in force in them has no amount."""
        if any(self.unknown(who, first, last) for who in self.customers if self.part.has(who)):
            return dict.fromkeys((*KINDS, TRANSFERRED))
        sums: dict[str, Fraction | None] = dict.fromkeys((*KINDS, TRANSFERRED), Fraction(0))
        for who in self.customers:
            for movement in who.movements(first, last):
                if self.part.has(who) and self.part.plan in (None, movement.plan):
                    sums[movement.kind] = _plus(sums[movement.kind], movement.amount)
        return sums

    def unknown(self, who: Customer, first: date, last: date) -> bool:
        """Whether a row of the customer in this part has no amount, and is in force on one of these days."""
        day = first
        while day <= last:
            if any(self.part.plan in (None, plan) for plan in who.unknown_on(day)):
                return True
            day += ONE_DAY
        return False

    def followed(self, then: date, now: date) -> tuple[Fraction | None, Fraction | None, Fraction | None]:
        """What those with MRR on an evening come to on a later one, the same with none above then, and then.

        In a plan are those who had most of it then.
        """
        now_all: list[Fraction | None] = []
        capped: list[Fraction | None] = []
        then_all: list[Fraction | None] = []
        for who in self.customers:
            level = who.level(then)
            before, after = Part().share(level), Part().share(who.level(now))
            if not self.part.has(who) or before == 0 or (self.part.plan not in (None, _largest_plan(level))):
                continue
            then_all.append(before)
            now_all.append(after)
            capped.append(None if before is None or after is None else min(before, after))
        return _plus(*now_all), _plus(*capped), _plus(*then_all)

    def largest(self, evening: date) -> Fraction | None:
        """What the ten largest come to."""
        levels = self.levels(evening)
        known = [level for level in levels.values() if level is not None]
        return sum(sorted(known)[-LARGEST:], Fraction(0)) if len(known) == len(levels) else None

    def assert_identity(self, values: dict[str, Fraction | None]) -> None:
        """The bridge closes in every part: what is there, comes and goes is what is left."""
        rises = [values[name] for name in ("opening_mrr_amount", *MOVEMENTS[:3], "transferred_mrr_amount")]
        falls = [_minus(values[name]) for name in MOVEMENTS[3:]]
        closing = _plus(*rises, *falls)
        if closing is not None and values["closing_mrr_amount"] is not None:
            assert closing == values["closing_mrr_amount"], (self.period, self.part, values)


def _largest_plan(level: Level) -> str:
    return min(level, key=lambda plan: (-(level[plan] or Fraction(0)), plan))


def _plus(*amounts: Fraction | None) -> Fraction | None:
    total = Fraction(0)
    for amount in amounts:
        if amount is None:
            return None
        total += amount
    return total


def _minus(amount: Fraction | None) -> Fraction | None:
    return None if amount is None else -amount


def _rate(numerator: Fraction | None, denominator: Fraction | None) -> Answer:
    if numerator is None or denominator is None or denominator == 0:
        return Answer(None, numerator, denominator)
    return Answer(numerator / denominator, numerator, denominator)


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
