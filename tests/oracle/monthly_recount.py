"""A second, plain way to every number that a ready-made monthly table gives: dictionaries of cells, months one by one.

It shares no code with the package on purpose.  Written from docs/definitions.md: the monthly table, periods, missing is
not zero.  Nothing is kept between two questions: a balance is asked of the month before, back to one that the table states.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction

from oracle.recount import CHANNELS, MEASURED_CHANNELS, METRICS, SIGNUP_SPLIT, Answer, Period, Row

Counted = dict[tuple[str, str | None, str], float | None]  # of counted metrics: (metric, channel, period key)

# What the table may have for each export that it can stand in for.
COLUMNS = {
    "visitors": ("organic_visits", "paid_visits", "existing_user_visits"),
    "signups": ("opening_registered_users", "new_signups", "closing_registered_users", "total_leads", *SIGNUP_SPLIT),
    "demos": ("new_demo_bookings", "cumulative_demos_held"),
    "paid_users": (
        "opening_paid_users",
        "new_paid_users",
        "reactivated_paid_users",
        "churned_paid_users",
        "closing_paid_users",
        "closing_mrr_amount",
    ),
}
# What is counted of each export; the other metrics are made of these.
LEAVES = {
    "visitors": ("organic_visits", "paid_visits", "existing_user_visits"),
    "signups": ("total_leads", "opening_registered_users", "new_signups", *SIGNUP_SPLIT),
    "demos": ("cumulative_demos_held", "new_demo_bookings"),
    "paid_users": (
        "opening_paid_users",
        "new_paid_users",
        "reactivated_paid_users",
        "churned_paid_users",
        "churn_counted_paid_users",
        "closing_mrr_amount",
    ),
}
# Balances that a row may state, and whether they stand at the end of its month.
REGISTERED = {"opening_registered_users": False, "closing_registered_users": True, "total_leads": True}
PAYING = {"opening_paid_users": False, "closing_paid_users": True}


def month_after(month: date, steps: int = 1) -> date:
    """The first day of the month ``steps`` later (negative: earlier).

    >>> month_after(date(2025, 12, 1)), month_after(date(2026, 1, 1), -1)
    (datetime.date(2026, 1, 1), datetime.date(2025, 12, 1))
    """
    number = month.year * 12 + month.month - 1 + steps
    return date(number // 12, number % 12 + 1, 1)


@dataclass(frozen=True, kw_only=True)
class MonthlyTable:
    """The table as it is written: ``month``, perhaps ``channel`` (empty: the whole), and metrics; cells are text."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def stands_for(self, stage: str) -> bool:
        """Whether it has a column of an export."""
        return any(column in self.columns for column in COLUMNS[stage])

    def has_channels(self) -> bool:
        """Whether some row is of a channel."""
        return any(row.get("channel") for row in self.rows)

    def months(self) -> list[date]:
        """The months that have a row."""
        return sorted({date.fromisoformat(row["month"] + "-01") for row in self.rows})

    def cells(self, month: date, column: str) -> dict[str | None, Fraction]:
        """What the rows of a month say in a column, by channel (None: of the whole)."""
        said: dict[str | None, Fraction] = {}
        for row in self.rows:
            if row["month"] == f"{month:%Y-%m}" and row.get(column):
                said[row.get("channel") or None] = Fraction(row[column])
        return said

    # Flows

    def flow(self, month: date, column: str) -> Fraction | None:
        """A flow of the whole business: what the row of the whole says, else the sum of the channels."""
        cells = self.cells(month, column)
        if None in cells:
            return cells[None]
        if cells:
            return sum(cells.values(), Fraction(0))
        if column == "reactivated_paid_users" and column not in self.columns:
            # Those who came back are among the new ones.
            return None if self.flow(month, "new_paid_users") is None else Fraction(0)
        if column == "new_signups" and "organic_signups" in self.columns:
            parts = [self.cells(month, name).get(None) for name in SIGNUP_SPLIT if name in self.columns]
            return None if None in parts else sum(filter(None, parts), Fraction(0))
        return None

    def splits(self, column: str) -> bool:
        """Whether every month that gives a flow gives it by channel."""
        return not any(list(self.cells(month, column)) == [None] for month in self.months())

    def flow_of(self, month: date, column: str, channel: str) -> Fraction | None:
        """A flow of one channel; what no channel has is organic where that is the residual, else of unknown origin."""
        whole = self.flow(month, column)
        if whole is None:
            return None
        cells = self.cells(month, column)
        parts = {name: number for name, number in cells.items() if name is not None}
        if column == "new_signups" and not parts:
            parts = {name: self.cells(month, f"{name}_signups").get(None, Fraction(0)) for name in MEASURED_CHANNELS}
        residual = "organic" if column in ("organic_visits", "new_signups") else "unknown"
        if column == "reactivated_paid_users" and column not in self.columns:
            return Fraction(0)
        if column not in ("organic_visits", "new_signups") and not self.splits(column):
            return None
        rest = whole - sum(parts.values()) if channel == residual else 0
        return parts.get(channel, Fraction(0)) + rest

    # Balances

    def stated(self, day: date, keys: dict[str, bool]) -> Fraction | None:
        """The balance at the start of a first of a month that some row states."""
        for key, at_end in keys.items():
            cells = self.cells(month_after(day, -1) if at_end else day, key)
            if cells:
                return cells[None] if None in cells else sum(cells.values(), Fraction(0))
        return None

    def balance(self, day: date, keys: dict[str, bool], plus: Sequence[str], minus: Sequence[str]) -> Fraction | None:
        """The balance at the start of a first of a month: as stated, else that of the month before and its flows.

        A table that never states it begins with nothing.
        """
        months = self.months()
        if not months or not months[0] <= day <= month_after(months[-1]):
            return None
        stated = self.stated(day, keys)
        if stated is not None:
            return stated
        if day == months[0]:
            edges = [month for first in months for month in (first, month_after(first))]
            return Fraction(0) if all(self.stated(edge, keys) is None for edge in edges) else None
        before = month_after(day, -1)
        terms = [
            self.balance(before, keys, plus, minus),
            *(self.flow(before, column) for column in plus),
            *(None if (lost := self.flow(before, column)) is None else -lost for column in minus),
        ]
        return None if None in terms else sum(filter(None, terms), Fraction(0))

    def registered(self, day: date) -> Fraction | None:
        """Those registered when a month begins."""
        return self.balance(day, REGISTERED, ("new_signups",), ())

    def paying(self, day: date) -> Fraction | None:
        """Those paying when a month begins."""
        return self.balance(day, PAYING, ("new_paid_users", "reactivated_paid_users"), ("churned_paid_users",))


@dataclass(frozen=True)
class _Question:
    """One channel (None: the whole business) in the months of a period that as_of reaches."""

    table: MonthlyTable
    channel: str | None
    months: tuple[date, ...]
    churn_method: str

    def flow(self, column: str) -> Fraction | None:
        """A flow summed over the months; missing where one of them lacks it."""
        numbers = [
            self.table.flow(month, column) if self.channel is None else self.table.flow_of(month, column, self.channel)
            for month in self.months
        ]
        return None if None in numbers else sum(filter(None, numbers), Fraction(0))

    def level(self, number: Fraction | None) -> Fraction | None:
        """A balance, which no table splits by channel."""
        return number if self.channel is None else None

    def at_end(self, column: str) -> Fraction | None:
        """A level that only the row of the last month states."""
        cells = self.table.cells(self.months[-1], column)
        whole = cells[None] if None in cells else sum(cells.values(), Fraction(0))
        return self.level(whole if cells else None)

    def visits(self) -> dict[str, Fraction | None]:
        organic, existing = self.flow("organic_visits"), self.flow("existing_user_visits")
        paid = None
        if "paid_visits" in self.table.columns and self.channel in (None, "paid"):
            paid = _Question(self.table, None, self.months, self.churn_method).flow("paid_visits")
        elif "paid_visits" in self.table.columns or self.table.has_channels():
            paid = None if organic is None else Fraction(0)  # none of this channel, or no row of the paid one
        return {"organic_visits": organic, "paid_visits": paid, "existing_user_visits": existing}

    def signups(self) -> dict[str, Fraction | None]:
        counts = {
            "total_leads": self.level(self.table.registered(month_after(self.months[-1]))),
            "opening_registered_users": self.level(self.table.registered(self.months[0])),
            "new_signups": self.flow("new_signups"),
        }
        if self.channel is None:
            for channel in ("organic", *MEASURED_CHANNELS):
                of_channel = _Question(self.table, channel, self.months, self.churn_method).flow("new_signups")
                measured = channel == "organic" or self.table.has_channels()
                measured = measured or f"{channel}_signups" in self.table.columns
                counts[f"{channel}_signups"] = of_channel if measured else None
        return counts

    def demos(self) -> dict[str, Fraction | None]:
        return {
            "cumulative_demos_held": self.at_end("cumulative_demos_held"),
            "new_demo_bookings": self.flow("new_demo_bookings"),
        }

    def paid_users(self) -> dict[str, Fraction | None]:
        lost = self.flow("churned_paid_users")
        return {
            "opening_paid_users": self.level(self.table.paying(self.months[0])),
            "new_paid_users": self.flow("new_paid_users"),
            "reactivated_paid_users": self.flow("reactivated_paid_users"),
            "churned_paid_users": lost,
            # Who of the lost was paying when the period began, no table says.
            "churn_counted_paid_users": lost if self.churn_method == "all" else None,
            "closing_mrr_amount": self.at_end("closing_mrr_amount"),
        }


def count_monthly(
    table: MonthlyTable, stage: str, periods: Sequence[Period], as_of: date, churn_method: str
) -> Counted:
    """The counted metrics of an export that the table stands in for; a period that begins after as_of has none.

    A month counts whole as soon as as_of reaches its first day: the table knows of no days.
    """
    counted: Counted = {}
    for key, start, end in periods:
        length = (end.year - start.year) * 12 + end.month - start.month
        all_months = [month_after(start, step) for step in range(length)]
        months = tuple(month for month in all_months if month <= as_of)
        for channel in (None, *CHANNELS):
            numbers: dict[str, Fraction | None] = {}
            if months:
                ask = _Question(table, channel, months, churn_method)
                numbers = {
                    "visitors": ask.visits,
                    "signups": ask.signups,
                    "demos": ask.demos,
                    "paid_users": ask.paid_users,
                }[stage]()
            for metric in LEAVES[stage]:
                number = numbers.get(metric)
                counted[metric, channel, key] = None if number is None else float(number)
    return counted


def _plus(*terms: float | None) -> float | None:
    return None if None in terms else sum(term or 0 for term in terms)


def _rate(above: float | None, below: float | None) -> Answer:
    return Answer(None if above is None or not below else above / below, above, below)


def answers_of(counted: Counted, periods: Sequence[Period]) -> dict[tuple[str, str | None, str], Answer]:
    """Every metric of the dashboard made of what was counted, wherever that came from."""
    answers: dict[tuple[str, str | None, str], Answer] = {}
    for key, _, _ in periods:
        for channel in (None, *CHANNELS):

            def known(metric: str, channel: str | None = channel, key: str = key) -> float | None:
                return counted[metric, channel, key]

            visits = known("organic_visits")
            net_visits = None
            if visits is not None:
                net_visits = visits + (known("paid_visits") or 0) - (known("existing_user_visits") or 0)
            lost = known("churned_paid_users")
            net_paid = _plus(known("new_paid_users"), known("reactivated_paid_users"), None if lost is None else -lost)
            closing_paid = _plus(known("opening_paid_users"), net_paid)
            signups, bookings = known("new_signups"), known("new_demo_bookings")
            made = {
                "net_new_visitors": Answer(net_visits),
                "visitor_to_signup_rate": _rate(signups, net_visits),
                "closing_registered_users": Answer(_plus(known("opening_registered_users"), signups)),
                "signup_to_demo_rate": _rate(bookings, signups),
                "demo_to_paid_rate": _rate(known("new_paid_users"), bookings),
                "paid_user_churn_rate": _rate(known("churn_counted_paid_users"), known("opening_paid_users")),
                "net_new_paid_users": Answer(net_paid),
                "closing_paid_users": Answer(closing_paid),
                "arpa_amount": _rate(known("closing_mrr_amount"), closing_paid),
            }
            for metric in METRICS:
                if channel is None or metric not in SIGNUP_SPLIT:
                    answers[metric, channel, key] = made[metric] if metric in made else Answer(known(metric))
    return answers
