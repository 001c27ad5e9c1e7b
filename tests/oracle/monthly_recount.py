"""A second, plain way to every number that a ready-made monthly table gives: dictionaries of cells, months one by one.

It shares no code with the package on purpose.  Written from docs/definitions.md: the monthly table, periods, missing is
not zero.  Nothing is kept between two questions: a balance is asked of the month before, back to one that the table
states.  Every question is asked of the rows up to as_of alone.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from functools import cached_property

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
# What is counted of each export; the other metrics are made of these.  "registered_at_end" and "paying_at_end" are the
# closings as the table knows them, "paid_is_measured" is 1 where what is paid is not in the organic residual.
LEAVES = {
    "visitors": ("organic_visits", "paid_visits", "existing_user_visits", "paid_is_measured"),
    "signups": ("total_leads", "opening_registered_users", "new_signups", "registered_at_end", *SIGNUP_SPLIT),
    "demos": ("cumulative_demos_held", "new_demo_bookings"),
    "paid_users": (
        "opening_paid_users",
        "new_paid_users",
        "reactivated_paid_users",
        "churned_paid_users",
        "churn_counted_paid_users",
        "paying_at_end",
        "closing_mrr_amount",
    ),
}
# The channels that a flow can have (any, where it is not named here); the first of them is the residual.
PLACES = {
    "organic_visits": ("organic", "sales_sme", "affiliate", "partner", "referral"),
    "paid_visits": ("paid",),
    "new_signups": ("organic", *MEASURED_CHANNELS),
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


def _sum(numbers: Iterable[Fraction | None]) -> Fraction | None:
    """The sum; missing where a term is."""
    terms = list(numbers)
    return None if None in terms else sum(filter(None, terms), Fraction(0))


@dataclass(frozen=True, kw_only=True)
class MonthlyTable:
    """The table as it is written: ``month``, perhaps ``channel`` (empty: the whole), and metrics; cells are text."""

    columns: tuple[str, ...]
    rows: tuple[Row, ...]

    def stands_for(self, stage: str) -> bool:
        """Whether it has a column of an export."""
        return any(column in self.columns for column in COLUMNS[stage])

    def until(self, as_of: date) -> MonthlyTable:
        """The table without the months that begin after a day."""
        return MonthlyTable(columns=self.columns, rows=tuple(r for r in self.rows if r["month"] <= f"{as_of:%Y-%m}"))

    def has_channels(self) -> bool:
        """Whether some row is of a channel."""
        return any(row.get("channel") for row in self.rows)

    def months(self) -> list[date]:
        """The months that have a row."""
        return sorted({date.fromisoformat(row["month"] + "-01") for row in self.rows})

    def cells(self, month: date, column: str) -> dict[str | None, Fraction]:
        """What the rows of a month say in a column, by channel (None: of the whole)."""
        said: dict[str | None, Fraction] = {}
        for row in self._by_month.get(month, ()):
            if row.get(column):
                said[row.get("channel") or None] = Fraction(row[column])
        return said

    @cached_property
    def _by_month(self) -> dict[date, list[Row]]:
        """The rows of each month, in their order: the text of every row is compared with a month once."""
        rows: dict[date, list[Row]] = {}
        for row in self.rows:
            rows.setdefault(date.fromisoformat(row["month"] + "-01"), []).append(row)
        return rows

    def channels_with_a_row(self, month: date) -> set[str]:
        """The channels that have a row in a month."""
        return {row["channel"] for row in self._by_month.get(month, ()) if row.get("channel")}

    # Flows

    @staticmethod
    def places(column: str) -> tuple[str, ...]:
        """The channels of a flow; the first is the one that what no channel has is of."""
        return PLACES.get(column, ("unknown", *(channel for channel in CHANNELS if channel != "unknown")))

    def measured(self, column: str) -> set[str]:
        """The channels that the table measures in any month."""
        if any(row.get("channel") and row.get(column) for row in self.rows):
            return {*self.places(column)}
        if column == "new_signups":
            return {channel for channel in self.places(column) if f"{channel}_signups" in self.columns}
        return {"paid"} if column == "paid_visits" and column in self.columns else set()

    def share(self, month: date, column: str, channel: str) -> Fraction | None:
        """What the rows say of one channel in a month, the residual left aside; None where they do not say it."""
        places, rows = self.places(column), self.channels_with_a_row(month)
        cells = {name: number for name, number in self.cells(month, column).items() if name is not None}
        # A number in a row that the column has no place for is of the residual.
        of_channel = [name for name in cells if name == channel or (channel == places[0] and name not in places)]
        left_empty = channel in rows and channel not in cells
        if of_channel and not left_empty:
            return sum((cells[name] for name in of_channel), Fraction(0))
        own_column = f"{channel}_signups"
        if column == "new_signups" and own_column in self.columns and not of_channel:
            whole_rows = [r for r in self._by_month.get(month, ()) if not r.get("channel")]
            if whole_rows:
                return self.cells(month, own_column).get(None)
        return Fraction(0) if cells and not left_empty else None

    def flow(self, month: date, column: str) -> Fraction | None:
        """A flow of the whole business: what the row of the whole says, else the sum of all measured channels."""
        if column == "reactivated_paid_users" and column not in self.columns:
            # Those who came back are among the new ones.
            return None if self.flow(month, "new_paid_users") is None else Fraction(0)
        whole = self.cells(month, column).get(None)
        if whole is not None:
            return whole
        return _sum(self.share(month, column, channel) for channel in {*self.measured(column), self.places(column)[0]})

    def flow_of(self, month: date, column: str, channel: str) -> Fraction | None:
        """A flow of one channel; the residual is the whole less every channel that is measured."""
        if column == "reactivated_paid_users" and column not in self.columns:
            return None if self.flow_of(month, "new_paid_users", channel) is None else Fraction(0)
        residual, *_ = self.places(column)
        whole, measured = self.cells(month, column).get(None), self.measured(column)
        if channel != residual or whole is None or not (measured or residual == "organic"):
            return self.share(month, column, channel)
        others = _sum(self.share(month, column, name) for name in measured - {residual})
        return self.share(month, column, channel) if others is None else whole - others

    def says(self, month: date, column: str) -> bool:
        """Whether a month has any figure of a flow."""
        return self.flow(month, column) is not None or any(
            self.share(month, column, channel) is not None for channel in self.places(column)
        )

    # Balances

    def whole(self, month: date, column: str) -> Fraction | None:
        """What the row of the whole says, else the sum of the rows of channels where each of them says it."""
        cells = self.cells(month, column)
        if None in cells:
            return cells[None]
        return sum(cells.values(), Fraction(0)) if cells and {*cells} == self.channels_with_a_row(month) else None

    def stated(self, day: date, keys: dict[str, bool]) -> Fraction | None:
        """The balance at the start of a first of a month that some row states."""
        for key, at_end in keys.items():
            number = self.whole(month_after(day, -1) if at_end else day, key)
            if number is not None:
                return number
        return None

    def balance(self, day: date, keys: dict[str, bool], plus: Sequence[str], minus: Sequence[str]) -> Fraction | None:
        """The balance at the start of a first of a month: as stated, else that of the month before and its flows."""
        months = self.months()
        if not months or not months[0] <= day <= month_after(months[-1]):
            return None
        stated = self.stated(day, keys)
        if stated is not None:
            return stated
        if day == months[0]:
            return None
        before = month_after(day, -1)
        gains = _sum(self.flow(before, column) for column in plus)
        losses = _sum(self.flow(before, column) for column in minus)
        return _sum((self.balance(before, keys, plus, minus), gains, None if losses is None else -losses))

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
        return _sum(self.in_month(month, column) for month in self.months)

    def in_month(self, month: date, column: str) -> Fraction | None:
        if self.channel is None:
            return self.table.flow(month, column)
        if self.channel in self.table.places(column):
            return self.table.flow_of(month, column, self.channel)
        # There are none of this channel, wherever anything is said of their kind.
        kind = ("organic_visits", "paid_visits") if column in ("organic_visits", "paid_visits") else (column,)
        return Fraction(0) if any(self.table.says(month, name) for name in kind) else None

    def level(self, number: Fraction | None) -> Fraction | None:
        """A balance, which no table splits by channel."""
        return number if self.channel is None else None

    def at_end(self, column: str) -> Fraction | None:
        """A level that only the row of the last month states."""
        return self.level(self.table.whole(self.months[-1], column))

    def visits(self) -> dict[str, Fraction | None]:
        measured = bool(self.table.measured("paid_visits"))
        return {
            "organic_visits": self.flow("organic_visits"),
            "paid_visits": self.flow("paid_visits") if measured else None,
            "existing_user_visits": self.flow("existing_user_visits"),
            "paid_is_measured": Fraction(measured),
        }

    def signups(self) -> dict[str, Fraction | None]:
        at_end = self.level(self.table.registered(month_after(self.months[-1])))
        counts = {
            "total_leads": at_end,
            "registered_at_end": at_end,
            "opening_registered_users": self.level(self.table.registered(self.months[0])),
            "new_signups": self.flow("new_signups"),
        }
        if self.channel is None:
            for channel in ("organic", *MEASURED_CHANNELS):
                of_channel = _Question(self.table, channel, self.months, self.churn_method).flow("new_signups")
                measured = channel == "organic" or channel in self.table.measured("new_signups")
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
            "paying_at_end": self.level(self.table.paying(month_after(self.months[-1]))),
            "closing_mrr_amount": self.at_end("closing_mrr_amount"),
        }


def count_monthly(
    table: MonthlyTable, stage: str, periods: Sequence[Period], as_of: date, churn_method: str
) -> Counted:
    """The counted metrics of an export that the table stands in for; a period that begins after as_of has none.

    A month counts whole as soon as as_of reaches its first day: the table knows of no days.
    """
    counted: Counted = {}
    seen = table.until(as_of)
    for key, start, end in periods:
        length = (end.year - start.year) * 12 + end.month - start.month
        all_months = [month_after(start, step) for step in range(length)]
        months = tuple(month for month in all_months if month <= as_of)
        for channel in (None, *CHANNELS):
            numbers: dict[str, Fraction | None] = {}
            if months:
                ask = _Question(seen, channel, months, churn_method)
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

            paid = known("paid_visits")
            if paid is None and not known("paid_is_measured"):
                paid = 0  # they are among the organic ones
            net_visits = _plus(known("organic_visits"), paid, -(known("existing_user_visits") or 0))
            lost = known("churned_paid_users")
            net_paid = _plus(known("new_paid_users"), known("reactivated_paid_users"), None if lost is None else -lost)
            closing_paid = _plus(known("opening_paid_users"), net_paid)
            if closing_paid is None:
                closing_paid = known("paying_at_end")
            signups, bookings = known("new_signups"), known("new_demo_bookings")
            registered = _plus(known("opening_registered_users"), signups)
            made = {
                "net_new_visitors": Answer(net_visits),
                "visitor_to_signup_rate": _rate(signups, net_visits),
                "closing_registered_users": Answer(known("registered_at_end") if registered is None else registered),
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
