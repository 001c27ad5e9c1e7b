"""What is spent, and what a visit, a lead, a demo and a customer costs and brings: row by row, in exact fractions.

It shares no code with the package.  A figure that is not known is None.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

Month = tuple[int, int]
Part = str | None
Figures = dict[tuple[str, Part, str], Fraction | None]

MONTHS: tuple[Month, ...] = tuple((2026, number) for number in range(1, 9))
SERVICE = ("implement", "customer success", "expert", "dev")
CHANNELS = ("organic", "paid", "affiliate", "partner")
REST = "unassigned"


@dataclass(frozen=True)
class Cost:
    """A row of costs: dated the first of its days, of hundredths, of a channel, a team and a campaign."""

    day: date
    hundredths: int
    channel: str
    team: str
    campaign: str


@dataclass(frozen=True)
class Stay:
    """Days that are paid for, from the first to the last, at so many hundredths a month."""

    start: date
    end: date | None
    mrr: int


@dataclass(frozen=True)
class Person:
    """Somebody who signed up, of a channel, with the days of bookings and the stays, which are days apart."""

    signed_up: date
    channel: str
    booked: tuple[date, ...]
    stays: tuple[Stay, ...]


@dataclass(frozen=True)
class Business:
    """All that happened; ``visits`` by day and channel; what is left of revenue; the day up to which is looked."""

    costs: tuple[Cost, ...]
    people: tuple[Person, ...]
    visits: tuple[tuple[date, str, int], ...]
    margin: Fraction
    as_of: date


def name_of(month: Month) -> str:
    return f"{month[0]}-{month[1]:02}"


def month_of(day: date) -> Month:
    return day.year, day.month


def first_of(month: Month) -> date:
    return date(*month, 1)


def after(month: Month) -> Month:
    return (month[0] + month[1] // 12, month[1] % 12 + 1)


def last_of(month: Month) -> date:
    return first_of(after(month)) - timedelta(days=1)


class Recount:
    """The figures of months; costs are known from the month of their first row to that of their last."""

    def __init__(self, business: Business, asked: Sequence[Month]) -> None:
        self.business = business
        self.asked = asked
        days = [cost.day for cost in business.costs if cost.day <= business.as_of]
        self.reached = [m for m in MONTHS if days and month_of(min(days)) <= m <= month_of(max(days))]

    def figures(self, parts: Iterable[Part]) -> Figures:
        """Every figure of each month and of the range, of the whole (None) and of channels."""
        spans = {name_of(month): [month] for month in self.asked} | {"total": list(self.asked)}
        return {
            (key, part, name): made(months, part)
            for part in parts
            for name, months in spans.items()
            for key, made in self.made().items()
            if part is None or key not in WHOLE
        }

    def made(self) -> dict[str, Callable[[list[Month], Part], Fraction | None]]:
        """How each figure is made."""
        return {
            "actual_cost_amount": self.spent,
            "acquisition_cost_amount": self.acquired_for,
            "customer_acquisition_cost_amount": self.cac,
            "paid_customer_acquisition_cost_amount": lambda months, part: self.cac(months, "paid"),
            "cost_per_lead_amount": lambda months, part: self.each(months, part, self.leads),
            "cost_per_demo_amount": lambda months, part: self.each(months, part, self.demos),
            "cost_per_visit_amount": lambda months, part: self.each(months, part, self.visits),
            "monthly_paid_user_churn_rate": self.churn,
            "annualised_churn_rate": self.annualised,
            "customer_lifetime_value_amount": self.worth,
            "ltv_to_cac_ratio": self.worth_to_cost,
            "cac_payback_months": self.payback,
            "sales_magic_number_ratio": self.magic,
        }

    # --- what was spent ----------------------------------------------------------------------------------------------

    def known(self, months: Iterable[Month]) -> list[Month]:
        """Those of some months of which costs tell, as far as they have begun."""
        return [m for m in months if m in self.reached and first_of(m) <= self.business.as_of]

    def rows(self, months: Iterable[Month], part: Part) -> list[Cost]:
        wanted = set(months)
        return [
            cost
            for cost in self.business.costs
            if month_of(cost.day) in wanted and cost.day <= self.business.as_of and part in (None, cost.channel)
        ]

    def spent(self, months: list[Month], part: Part) -> Fraction | None:
        known = self.known(months)
        return Fraction(sum(c.hundredths for c in self.rows(known, part)), 100) if known else None

    def acquired_for(self, months: list[Month], part: Part) -> Fraction | None:
        """Costs but for those of who serves; not known where no other row tells of the part."""
        rows = [c for c in self.rows(self.known(months), part) if c.team.casefold().replace("_", " ") not in SERVICE]
        return Fraction(sum(cost.hundredths for cost in rows), 100) if rows else None

    # --- who came ----------------------------------------------------------------------------------------------------

    def within(self, day: date, months: Iterable[Month]) -> bool:
        return day <= self.business.as_of and month_of(day) in set(months)

    def of(self, part: Part) -> list[Person]:
        """Those of a channel, which their signup says: by as_of, or nobody knows it yet."""
        people = self.business.people
        return [who for who in people if part is None or (part == who.channel and who.signed_up <= self.business.as_of)]

    def leads(self, months: list[Month], part: Part) -> int:
        return sum(self.within(person.signed_up, months) for person in self.of(part))

    def demos(self, months: list[Month], part: Part) -> int:
        return sum(self.within(day, months) for person in self.of(part) for day in person.booked)

    def visits(self, months: list[Month], part: Part) -> int:
        rows = self.business.visits
        return sum(n for day, channel, n in rows if part in (None, channel) and self.within(day, months))

    def new(self, months: list[Month], part: Part) -> int:
        return sum(self.within(person.stays[0].start, months) for person in self.of(part) if person.stays)

    def each(self, months: list[Month], part: Part, number: Callable[[list[Month], Part], int]) -> Fraction | None:
        known = self.known(months)
        spent, many = self.acquired_for(known, part), number(known, part)
        return spent / many if spent is not None and many and part != REST else None

    def cac(self, months: list[Month], part: Part) -> Fraction | None:
        return self.each(months, part, self.new)

    def cohort_cac(self, days: int) -> Figures:
        """Costs of each month over those of its signups who paid in time, once the time of all of them is over.

        Of the range it is of the months of which that is known, together; of no month at all it is missing.
        """
        made: Figures = {}
        for part in (None, *CHANNELS):
            seen = [month for month in self.asked if self.is_old_enough(month, part, days)]
            for name, months in {**{name_of(m): [m] for m in self.asked}, "total": seen}.items():
                grown = [month for month in months if month in seen]
                spent = self.acquired_for(grown, part) if grown and len(grown) == len(months) else None
                paid = sum(self.paid_in_time(month, part, days) for month in grown)
                made["customer_acquisition_cost_cohort_amount", part, name] = (
                    spent / paid if spent is not None and paid and part != REST else None
                )
        return made

    def is_old_enough(self, month: Month, part: Part, days: int) -> bool:
        """Whether a month of whose costs a row tells is over, and so is the time of everybody who signed up in it."""
        came = [who.signed_up for who in self.of(part) if month_of(who.signed_up) == month]
        latest = max([last_of(month), *(day + timedelta(days=days) for day in came)])
        is_told = self.acquired_for([month], part) is not None
        return is_told and latest <= self.business.as_of

    def paid_in_time(self, month: Month, part: Part, days: int) -> int:
        """Who signed up in a month and first paid at most so many days later."""
        return sum(
            month_of(who.signed_up) == month and (who.stays[0].start - who.signed_up).days <= days
            for who in self.of(part)
            if who.stays and who.stays[0].start <= self.business.as_of
        )

    # --- who pays ----------------------------------------------------------------------------------------------------

    def paying(self, day: date, part: Part) -> list[Stay]:
        """The stays of those who pay when a day closes: it has begun, and its last day is later."""
        stays = [stay for person in self.of(part) for stay in person.stays]
        return [stay for stay in stays if stay.start <= day and (stay.end is None or stay.end > day)]

    def begun(self, months: list[Month]) -> list[Month]:
        return [month for month in months if first_of(month) <= self.business.as_of]

    def closing(self, months: list[Month]) -> date:
        return min(last_of(months[-1]), self.business.as_of)

    def lost(self, months: list[Month], part: Part) -> int:
        return sum(
            stay.end is not None and self.within(stay.end, months) for who in self.of(part) for stay in who.stays
        )

    def opening(self, month: Month, part: Part) -> int:
        return len(self.paying(first_of(month) - timedelta(days=1), part))

    def churn(self, months: list[Month], part: Part) -> Fraction | None:
        """Who was lost over who was there when each month began, added up."""
        if not self.begun(months):
            return None
        there = sum(self.opening(month, part) for month in self.begun(months))
        return Fraction(self.lost(months, part), there) if there else None

    def annualised(self, months: list[Month], part: Part) -> Fraction | None:
        """Of the churn of whole months; a running period has none."""
        if last_of(months[-1]) > self.business.as_of or not (there := self.opening(months[0], part)):
            return None
        lost = Fraction(self.lost(months, part), there)
        return None if lost > 1 else Fraction(1 - float(1 - lost) ** (12 / len(months)))

    def arpa(self, months: list[Month], part: Part) -> Fraction | None:
        stays = self.paying(self.closing(months), part) if self.begun(months) else []
        return Fraction(sum(stay.mrr for stay in stays), 100 * len(stays)) if stays else None

    def worth(self, months: list[Month], part: Part) -> Fraction | None:
        arpa, churn = self.arpa(months, part), self.churn(months, part)
        return arpa * self.business.margin / churn if arpa is not None and churn else None

    def worth_to_cost(self, months: list[Month], part: Part) -> Fraction | None:
        worth, cac = self.worth(months, part), self.cac(months, part)
        return worth / cac if worth is not None and cac else None

    def payback(self, months: list[Month], part: Part) -> Fraction | None:
        """Never where a customer costs more than one brings."""
        worth, cac, arpa = self.worth(months, part), self.cac(months, part), self.arpa(months, part)
        if cac is None or not arpa or (worth is not None and cac > worth):
            return None
        return cac / (arpa * self.business.margin)

    def mrr(self, day: date, part: Part) -> Fraction:
        return Fraction(sum(stay.mrr for stay in self.paying(day, part)), 100)

    def magic(self, months: list[Month], part: Part) -> Fraction | None:
        """A year of the net new MRR of the last three months over the costs of the three before."""
        last = MONTHS.index(months[-1])
        before = list(MONTHS[max(last - 5, 0) : max(last - 2, 0)])
        if len(before) < 3 or not set(before) <= set(self.reached) or not self.begun([months[-1]]):
            return None
        spent = self.acquired_for(before, part)
        if not spent:
            return None
        won = self.mrr(self.closing(months), part) - self.mrr(last_of(before[-1]), part)
        return 12 * won / spent


# Figures that only the whole business has.
WHOLE = frozenset({"paid_customer_acquisition_cost_amount"})
