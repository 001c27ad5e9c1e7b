"""Small random exports of paid users whose days lie at each other's borders, and the files that a user has of them."""

from __future__ import annotations

import csv
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from pathlib import Path

from hypothesis import strategies as st

from draws import BOTH, together
from oracle.mrr_days import ONE_DAY, Paid, customers
from oracle.mrr_recount import Period, Rules, months

# From here on the figures are asked; a leap day lies among them, and for the last months a year before.
ASKED = months("2024-01", "2025-04")
FIRST, LAST = ASKED[0][1], ASKED[-1][2] - ONE_DAY
LEAP_DAY = date(2024, 2, 29)
# Of each month the first two days and the last two, and one in the middle.
DAYS = tuple(
    day
    for _, first, after in ASKED
    for day in (first, first + ONE_DAY, first + timedelta(days=14), after - 2 * ONE_DAY, after - ONE_DAY)
)
CHANNEL_OF = {"an": "paid", "binh": "affiliate", "chi": "paid", "dung": "", "em": "organic"}
PLANS = ("Basic", "Pro", "SMS", "ERP")
HEADER = ("user_id", "started_at", "ended_at", "plan", "mrr", "amount", "interval", "source")

Cells = tuple[str, str, str]  # mrr, amount, interval
# What a row comes to a month in hundredths, a half to the even one.
PRICES: Mapping[Cells, int | None] = {
    ("100", "", ""): 100_00,
    ("60", "", ""): 60_00,
    ("40", "", ""): 40_00,
    ("29.99", "", ""): 29_99,
    ("12.345", "", ""): 12_34,
    ("12.355", "", ""): 12_36,
    ("", "1200", "year"): 100_00,
    ("", "100", "quarter"): 33_33,
    ("", "50", "week"): 216_67,
    ("150000000", "", ""): 150_000_000_00,
    ("0", "", ""): 0,
    ("", "", ""): None,
}
MOSTLY_KNOWN = (*list(PRICES)[:-2] * 4, *[list(PRICES)[-2]] * 4, list(PRICES)[-1])

# Where a row begins, told from the row before of the same customer.
LINKS = ("anywhere", "anywhere", "same start", "last day", "day after", "day after", "grace", "grace and a day",
         "its middle", "before its end", "well before its end")  # fmt: skip
LENGTHS = ("a day", "two days", "a month", "a month", "to the end of the month", "a quarter", "a year", "to leap day",
           "open")  # fmt: skip
GRACE_DAYS, EARLY_DAYS = (0, 0, 1, 3, 6), (0, 0, 31, 15)


@dataclass(frozen=True, kw_only=True)
class Case:
    """Rows with the cells that say their prices, and what the business decided."""

    rows: tuple[tuple[Paid, Cells], ...]
    rules: Rules
    free_counts: bool = False
    currency: str = "VND"

    def paying(self) -> list[Paid]:
        """The rows that somebody pays by."""
        return [row for row, _ in self.rows if self.free_counts or row.hundredths != 0]


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Rows of a few customers; the opening balance, where one is drawn, is above what they show."""
    grace_days, early_days, free_counts, currency, as_of = draw(_RULES)
    rows: list[tuple[Paid, Cells]] = []
    latest: dict[str, Paid] = {}
    for user, link, length, plan, cells, day in draw(_ROWS):
        start = _begin(latest.get(user), link, day, grace_days)
        row = Paid(
            user=user,
            start=start,
            end=_end(start, length),
            plan=plan,
            hundredths=PRICES[cells],
            channel=CHANNEL_OF[user] or "unknown",
        )
        latest[user] = row
        if row not in [other for other, _ in rows]:
            rows.append((row, cells))
    rules = Rules(as_of=as_of, grace_days=grace_days, early_days=early_days)
    return Case(rows=tuple(rows), rules=rules, free_counts=free_counts, currency=currency)


_ROWS = st.lists(together(tuple(CHANNEL_OF), LINKS, LENGTHS, PLANS, MOSTLY_KNOWN, DAYS), min_size=2, max_size=14)
_RULES = together(GRACE_DAYS, EARLY_DAYS, BOTH, ("VND", "USD"), (*[LAST] * len(DAYS), *DAYS[5:]))


def _begin(before: Paid | None, link: str, day: date, grace_days: int) -> date:
    if before is None or (before.end is None and link not in ("same start", "anywhere")):
        return day
    end = before.end or day
    middle = before.start + (end - before.start) // 2
    begins = {
        "anywhere": day,
        "same start": before.start,
        "last day": end,
        "day after": end + ONE_DAY,
        "grace": end + (1 + grace_days) * ONE_DAY,
        "grace and a day": end + (2 + grace_days) * ONE_DAY,
        "its middle": middle,
        "before its end": max(before.start, end - 5 * ONE_DAY),
        "well before its end": max(before.start, end - 25 * ONE_DAY),
    }
    return begins[link]


def _end(start: date, length: str) -> date | None:
    lengths = {"a day": 0, "two days": 1, "a quarter": 89, "a year": 364}
    match length:
        case "open":
            return None
        case "a month":
            return _same_day_next_month(start) - ONE_DAY
        case "to the end of the month":
            return _next_month(start) - ONE_DAY
        case "to leap day":
            return LEAP_DAY if start <= LEAP_DAY else start + 29 * ONE_DAY
        case _:
            return start + lengths[length] * ONE_DAY


def _next_month(day: date) -> date:
    return (day.replace(day=1) + timedelta(days=31)).replace(day=1)


def _same_day_next_month(day: date) -> date:
    month = _next_month(day)
    last = (_next_month(month) - ONE_DAY).day
    return month.replace(day=min(day.day, last))


def with_opening(case: Case, period: Period, more_users: int, more: int) -> tuple[Case, int]:
    """The case with balances at the first day of a month that are above what its rows show, and how many pay then."""
    first = period[1]
    of_rules = case.rules
    known = customers(case.paying(), grace_days=of_rules.grace_days, early_days=of_rules.early_days, until=first)
    paying = [who for who in known if {first - ONE_DAY, first} <= who.days]
    levels = [amount for who in paying for amount in who.level(first - ONE_DAY).values()]
    shown = sum((amount.known for amount in levels), 0)
    return replace(case, rules=replace(of_rules, opening=(first, shown + more))), len(paying) + more_users


# Files


def write_paid(folder: Path, case: Case, order: Sequence[int] | None = None) -> None:
    """The rows as paid_users.csv, in an order of one's own."""
    with (folder / "paid_users.csv").open("w", encoding="utf-8", newline="") as file:
        table = csv.writer(file, lineterminator="\n")
        table.writerow(HEADER)
        for place in order or range(len(case.rows)):
            row, cells = case.rows[place]
            end = "" if row.end is None else row.end.isoformat()
            table.writerow([row.user, row.start.isoformat(), end, row.plan, *cells, CHANNEL_OF[row.user]])


def toml_of(case: Case, paying: int | None = None) -> str:
    """What the business decided, as a funnel.toml; ``paying`` are the paid users of the opening balance."""
    rules = case.rules
    lines = ["[business]", f'currency = "{case.currency}"', "[inputs.paid_users]", 'decimal = "."']
    lines += ["[paid_users]", f"grace_days = {rules.grace_days}"]
    lines += [f"early_days = {rules.early_days}"] if rules.early_days else []
    lines += [f"free_counts = {str(case.free_counts).lower()}"]
    lines += ["[channels]", 'paid = ["paid"]', 'affiliate = ["affiliate"]']
    if rules.opening is not None:
        day, amount = rules.opening
        lines += ["[opening]", f'month = "{day:%Y-%m}"', f"paid_users = {paying}", f"mrr = {amount / 100!r}"]
    return "\n".join(lines) + "\n"
