"""Small random exports full of edges, with random rules, and the files a user would have of them.

A cell's text is made from a business day and a local time, so that one moment is written in many
ways, and what is meant is known before it is written.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Callable, Hashable
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, time, timedelta
from fractions import Fraction
from functools import cache
from pathlib import Path
from typing import TypeVar
from zoneinfo import ZoneInfo

from hypothesis import strategies as st

from draws import any_of, built, order_of, together
from oracle.recount import AMOUNTS, INTERVALS, ONE_DAY, Row, Rows, Rules, moment_of, person, recount

T = TypeVar("T")
Writer = Callable[[date], str]

MAX_ROWS = 25
TIMEZONES = ("Asia/Ho_Chi_Minh", "UTC", "America/New_York")
STAGES = ("visitors", "signups", "demos", "paid_users")

MONTHS = (
    date(2025, 11, 1),
    date(2025, 12, 1),
    date(2026, 1, 1),
    date(2026, 2, 1),
    date(2026, 3, 1),
    date(2026, 4, 1),
)
LAST_DAY = date(2026, 4, 30)
# Of each month the first two days, one in the middle and the last; the last two of February.
DAYS = (
    *(first + timedelta(days=shift) for first in MONTHS for shift in (0, 1, 14)),
    *(first - ONE_DAY for first in MONTHS[1:]),
    date(2026, 2, 27),
    LAST_DAY,
)

# Three and four days after the last one of a month, by which an export that ends with it goes on or does not.
DAYS_AFTER = tuple(first + timedelta(days=shift) for first in MONTHS[1:] for shift in (2, 3))

# No hour that a change of clocks skips or repeats.  No midnight either where the order of rows
# matters: a date without a time is midnight too, and the cells do not tell which came first.
TIMES = (time(0, 0, 1), time(9, 30), time(17, 5), time(23, 59, 59))
TIMES_AND_MIDNIGHT = (time(0, 0), *TIMES)
STYLES = ("date", "space", "T", "Z", "+07:00")

# No 7 beside 007: where each stands in another file, they are one person with lost zeros (unit/test_identity.py).
USERS = ("u1", "u1 ", "u2", "an@shop.vn", "an@Shop.VN", "007", "70")
DEMO_IDS = ("d1", "d1 ", "d2", "d3", "d4", "")
STATUSES = ("", "held", "cancelled", "no_show", "scheduled")

# Words that mean nothing to anybody, so that only the patterns of the rules can match them.  Space
# is added at the end only, so that the smallest text is the same before and after stripping.
SOURCES = (
    *("", "zqv", "Zqv-Blue", "zqv-blue", "zqv  red ", "akxa", "wv01", "WV7", "jpt", "bbbq"),
    *("y\u1ed9k", "yo\u0323\u0302k", "Y\u1ed8K "),  # composed, decomposed, in capitals
)
PATTERNS = ("zqv*", "ZQV-blue", "zqv red", "*kx*", "wv??", "y\u1ed9k", "[jx]pt")
CHANNEL_NAMES = ("organic", "paid", "sales_sme", "affiliate", "partner", "referral")

REQUIRED_COLUMNS = {
    "visitors": ("date",),
    "signups": ("user_id", "signed_up_at"),
    "demos": ("user_id", "booked_at"),
    "paid_users": ("user_id", "started_at"),
}


@dataclass(frozen=True, kw_only=True)
class Exports:
    """Canonical rows of the four exports; None where there is no such export.

    The rows of one export have the same columns.  One without rows has the required columns.
    """

    visitors: Rows | None = None
    signups: Rows | None = None
    demos: Rows | None = None
    paid_users: Rows | None = None

    def by_stage(self) -> dict[str, Rows | None]:
        """The rows under the names that `recount` and the files use."""
        return {
            "visitors": self.visitors,
            "signups": self.signups,
            "demos": self.demos,
            "paid_users": self.paid_users,
        }


@dataclass(frozen=True, kw_only=True)
class Case:
    """One business: what it exported and what it decided."""

    exports: Exports
    rules: Rules


def written(day: date, at: time, style: str, timezone: str) -> str:
    """A business day and local time as a cell.

    >>> written(date(2026, 5, 1), time(3), "Z", "Asia/Ho_Chi_Minh")
    '2026-04-30T20:00:00Z'
    """
    local = datetime.combine(day, at, tzinfo=ZoneInfo(timezone))
    match style:
        case "date":
            return day.isoformat()
        case "space":
            return local.replace(tzinfo=None).isoformat(sep=" ")
        case "T":
            return local.replace(tzinfo=None).isoformat()
        case "Z":
            return local.astimezone(UTC).replace(tzinfo=None).isoformat() + "Z"
        case "+07:00":
            return local.astimezone(ZoneInfo("Asia/Ho_Chi_Minh")).isoformat()
        case _:
            raise ValueError(style)


@cache
def _writers(timezone: str, times: tuple[time, ...] = TIMES) -> tuple[Writer, ...]:
    """Ways to write a day; functions, so that a row can relate its days before writing them."""

    def writer(at: time, style: str) -> Writer:
        return lambda day: written(day, at, style, timezone)

    return tuple(writer(at, style) for at in times for style in STYLES)


@cache
def _rows(row: st.SearchStrategy[T], at_least: int) -> st.SearchStrategy[list[T]]:
    # Left to itself Hypothesis draws about five rows, too few for them to meet each other.
    many = st.lists(row, min_size=10, max_size=MAX_ROWS)
    return st.lists(row, min_size=at_least, max_size=MAX_ROWS) | many


# Strategies are made once: to make one anew for every example takes longer than to draw from it.
THREE_TIMES_IN_FOUR = st.integers(0, 3)
A_STAGE = any_of(*STAGES)
ORDERED_CHANNELS = order_of(*CHANNEL_NAMES)
A_CHANNEL_EACH = together(*[(None, *CHANNEL_NAMES)] * len(PATTERNS))
DAYS_AS_OF = (*DAYS, *DAYS_AFTER)
# The day as of, none half of the time; the time zone, days of grace, what ends mean, the method of churn.
OTHER_RULES = together(
    (*[None] * len(DAYS_AS_OF), *DAYS_AS_OF), TIMEZONES, (0, 1, 2, 3, 30), ("inclusive", "exclusive"),
    ("all", "opening"), ("scheduled", "facts"),
)  # fmt: skip
ONCE_IN_TEN_EACH = together(*[range(10)] * len(STAGES))
TWO_MONTHS = together(MONTHS, MONTHS)
A_MONTH_OR_NONE = any_of(*[None] * len(MONTHS), *MONTHS)
A_FEW_MORE_EACH = together(*[range(51)] * 3)
MORE_MONEY_OR_NONE = any_of(*[None] * 5001, *range(5001))
VISIT_SHAPES = any_of(
    (),
    ("visits",),
    ("visits", "existing_visits"),
    ("is_existing",),
    ("visits", "is_existing"),
    ("user_id", "is_existing"),
    ("user_id",),
    ("visits", "user_id"),
)


@cache
def _columns(*optional: str) -> st.SearchStrategy[frozenset[str]]:
    """Each column two times in three, for the whole file."""
    kept = together(*[(0, 1, 2)] * len(optional))
    return kept.map(lambda each: frozenset(column for column, is_kept in zip(optional, each, strict=True) if is_kept))


def _keep_columns(rows: Rows, columns: set[str]) -> Rows:
    return [{column: row[column] for column in row if column in columns} for row in rows]


def _agree(rows: Rows, column: str, key: Callable[[Row], Hashable]) -> Rows:
    """The rows with the first one's cell wherever the key is the same: nobody could order those."""
    first: dict[Hashable, str] = {}
    return [{**row, column: first.setdefault(key(row), row[column])} for row in rows]


# One export


@cache
def _visit(timezone: str) -> st.SearchStrategy[Row]:
    def row(day: date, write: Writer, source: str, visits: int, existing: int, user: str, visitor: str) -> Row:
        return {
            "date": write(day),
            "source": source,
            "visits": str(visits),
            "existing_visits": str(min(visits, existing)),
            "is_existing": "true" if existing else "false",
            "user_id": user,
            "visitor_id": visitor,
        }

    return built(
        row, DAYS, _writers(timezone, TIMES_AND_MIDNIGHT), SOURCES, range(1, 41), range(4), ("", *USERS), ("v1", "v2")
    )


@st.composite
def visitors(draw: st.DrawFn, timezone: str, at_least: int = 0) -> Rows:
    """A row a visit or summed rows; existing users by a column, by their user_id or not at all."""
    columns = {"date", *draw(VISIT_SHAPES), *draw(_columns("source", "visitor_id"))}

    return _keep_columns(draw(_rows(_visit(timezone), at_least)), columns)


@cache
def _signup(timezone: str) -> st.SearchStrategy[Row]:
    def row(user: str, day: date, write: Writer, source: str, tier: str) -> Row:
        return {"user_id": user, "signed_up_at": write(day), "source": source, "tier": tier}

    return built(row, USERS, DAYS, _writers(timezone), SOURCES, ("", "gold"))


@st.composite
def signups(draw: st.DrawFn, timezone: str, at_least: int = 0) -> Rows:
    """Few users, so that most of them fill the form more than once."""
    columns = {"user_id", "signed_up_at", *draw(_columns("source", "tier"))}

    return _keep_columns(draw(_rows(_signup(timezone), at_least)), columns)


@cache
def _demo(timezone: str) -> st.SearchStrategy[Row]:
    def row(
        demo: str,
        user: str,
        day: date,
        write_booked: Writer,
        days_to_held: int | None,
        write_held: Writer,
        status: str,
        source: str,
    ) -> Row:
        held = "" if days_to_held is None else write_held(day + timedelta(days=days_to_held))
        return {
            "demo_id": demo,
            "user_id": user,
            "booked_at": write_booked(day),
            "held_at": held,
            "status": status,
            "source": source,
            "owner": "lan",
        }

    return built(
        row, DEMO_IDS, USERS, DAYS, _writers(timezone), (None, 0, 1, 2, 20), _writers(timezone, TIMES_AND_MIDNIGHT),
        STATUSES, SOURCES,
    )  # fmt: skip


@st.composite
def demos(draw: st.DrawFn, timezone: str, at_least: int = 0) -> Rows:
    """Demos that repeat, are held later or never, or say so only by their status."""
    optional = draw(_columns("demo_id", "held_at", "status", "source", "owner"))
    columns = {"user_id", "booked_at", *optional}

    rows = _keep_columns(draw(_rows(_demo(timezone), at_least)), columns)
    if "held_at" not in columns:
        return rows

    def order(row: Row) -> Hashable:
        cells = [row.get(column, "").strip() for column in ("demo_id", "source", "status")]
        return (moment_of(row["booked_at"], timezone).instant, person(row["user_id"]), *cells)

    return _agree(rows, "held_at", order)


@dataclass(frozen=True)
class _Stay:
    user: str
    day: date
    gap: int | None  # days from this user's latest end or start; None: on the day, whatever it is
    days_paid: int | None  # from the start to the end; None: still paying
    write_start: Writer
    write_end: Writer
    source: str
    mrr: str
    amount: str
    interval: str


# Most rows have an amount that is one: a row in force without one leaves nothing to compare.
PRICES = (*[text for text, amount in AMOUNTS.items() if amount is not None] * 3, *AMOUNTS)


@cache
def _stay(timezone: str, *, has_amounts: bool) -> st.SearchStrategy[_Stay]:
    some_empty = ("",) * 20 if has_amounts else ()
    return built(
        _Stay, USERS, DAYS, (None, -3, 0, 1, 2, 3, 4, 31), (None, 0, 1, 13, 14, 29, 30, 59),
        _writers(timezone, TIMES_AND_MIDNIGHT), _writers(timezone, TIMES_AND_MIDNIGHT), SOURCES,
        (*PRICES, *some_empty), (*PRICES, ""), (*INTERVALS, "Month", "12 months"),
    )  # fmt: skip


@st.composite
def paid_users(draw: st.DrawFn, timezone: str, at_least: int = 0) -> Rows:
    """Stays that overlap, touch, nearly touch and come back; none ends before it starts."""
    optional = draw(_columns("ended_at", "plan", "mrr", "amount", "interval", "source"))
    columns = {"user_id", "started_at", *optional}
    latest: dict[str, date] = {}
    rows = []
    stays = _rows(_stay(timezone, has_amounts="amount" in optional), at_least)
    for stay in draw(stays):
        start = stay.day
        if stay.gap is not None and person(stay.user) in latest:
            start = min(latest[person(stay.user)] + timedelta(days=stay.gap), LAST_DAY)
        end = None if stay.days_paid is None else start + timedelta(days=stay.days_paid)
        latest[person(stay.user)] = end or start
        rows.append(
            {
                "user_id": stay.user,
                "started_at": stay.write_start(start),
                "ended_at": "" if end is None else stay.write_end(end),
                "plan": "pro",
                "mrr": stay.mrr,
                "amount": stay.amount,
                "interval": stay.interval,
                "source": stay.source,
            }
        )
    rows = _keep_columns(rows, columns)
    if "source" not in columns:
        return rows

    def order(row: Row) -> Hashable:
        start = moment_of(row["started_at"], timezone).day
        if not row.get("ended_at"):
            return (person(row["user_id"]), start, None)
        # An exclusive end on the first day and on the second leave the same single day.
        end = moment_of(row["ended_at"], timezone).day
        return (person(row["user_id"]), start, max(start, end - ONE_DAY))

    return _agree(rows, "source", order)


# A whole business


@cache
def _made(
    strategy: Callable[[str, int], st.SearchStrategy[Rows]], timezone: str, at_least: int
) -> st.SearchStrategy[Rows]:
    return strategy(timezone, at_least)


@st.composite
def exports(draw: st.DrawFn, timezone: str) -> Exports:
    """Any of the four, at least one, and at least one row in all."""
    sure = draw(A_STAGE)

    def maybe(stage: str, strategy: Callable[[str, int], st.SearchStrategy[Rows]]) -> Rows | None:
        if stage == sure:
            return draw(_made(strategy, timezone, 1))
        # Three times in four: most of what can go wrong needs two exports.
        return draw(_made(strategy, timezone, 0)) if draw(THREE_TIMES_IN_FOUR) else None

    drawn = Exports(
        visitors=maybe("visitors", visitors),
        signups=maybe("signups", signups),
        demos=maybe("demos", demos),
        paid_users=maybe("paid_users", paid_users),
    )
    return draw(_with_ties(drawn))


@st.composite
def _with_ties(draw: st.DrawFn, drawn: Exports) -> Exports:
    """The exports with some rows once more under another source, and some visits at the very moment of a signup.

    Left to chance such rows are too rare, and it is they that the order of rows, or a "before", could get wrong.
    """
    stages = drawn.by_stage()
    for stage in ("signups", "demos", "paid_users"):
        rows = stages[stage]
        if rows and "source" in rows[0]:
            again = draw(st.lists(together(rows, SOURCES), max_size=4))
            stages[stage] = rows + [{**row, "source": source} for row, source in again]
    visits, people = drawn.visitors, drawn.signups
    if visits and people and "user_id" in visits[0]:
        moved = dict(draw(st.lists(together(range(len(visits)), people), max_size=6)))
        stages["visitors"] = [
            {**visit, "user_id": moved[place]["user_id"], "date": moved[place]["signed_up_at"]}
            if place in moved
            else visit
            for place, visit in enumerate(visits)
        ]
    return Exports(**stages)


_exports = cache(exports)


@st.composite
def rules(draw: st.DrawFn) -> Rules:
    """Everything but the opening balances, which have to fit the exports."""
    patterns: dict[str, list[str]] = {name: [] for name in draw(ORDERED_CHANNELS)}
    for pattern, channel in zip(PATTERNS, draw(A_CHANNEL_EACH), strict=True):
        if channel is not None:
            patterns[channel].append(pattern)
    as_of, timezone, grace_days, end_date, churn_method, ends = draw(OTHER_RULES)
    return Rules(
        as_of=as_of,
        timezone=timezone,
        grace_days=grace_days,
        end_date=end_date,
        churn_method=churn_method,
        channels={name: tuple(globs) for name, globs in patterns.items() if globs},
        ends=ends,
        covers=draw(COVERED),
    )


@st.composite
def covered(draw: st.DrawFn) -> dict[str, tuple[date, date]]:
    """Now and then, what an export is said to cover."""
    covers: dict[str, tuple[date, date]] = {}
    for stage, often in zip(STAGES, draw(ONCE_IN_TEN_EACH), strict=True):
        if often == 9:
            first, last = sorted(draw(TWO_MONTHS))
            covers[stage] = (first, last)
    return covers


COVERED, RULES = covered(), rules()


def shown_before(shown: Exports, day: date, of_rules: Rules) -> tuple[int, int, int, Fraction]:
    """Registered users, paid users, demos held and MRR that the exports show when the day begins."""
    counts = recount(
        visitors=shown.visitors,
        signups=shown.signups,
        demos=shown.demos,
        paid_users=shown.paid_users,
        periods=[("before", day - ONE_DAY, day), ("on", day, day + ONE_DAY)],
        rules=replace(of_rules, opening=None, as_of=day, covers={}, believes_silence=True),
    )
    return (
        int(counts["opening_registered_users", None, "on"].value or 0),
        int(counts["opening_paid_users", None, "on"].value or 0),
        int(counts["cumulative_demos_held", None, "before"].value or 0),
        Fraction(str(counts["closing_mrr_amount", None, "before"].value or 0)),
    )


@st.composite
def cases(draw: st.DrawFn) -> Case:
    """Exports and rules that fit: opening balances are at least what the exports show."""
    drawn_rules = draw(RULES)
    drawn_exports = draw(_exports(drawn_rules.timezone))
    month = draw(A_MONTH_OR_NONE)
    if month is not None:
        registered, paid, held, mrr = shown_before(drawn_exports, month, drawn_rules)
        more_registered, more_paid, more_held = draw(A_FEW_MORE_EACH)
        opening = (month, registered + more_registered, paid + more_paid, held + more_held)
        beyond = draw(MORE_MONEY_OR_NONE)
        opening_mrr = None if beyond is None else mrr + Fraction(beyond, 100)
        drawn_rules = replace(drawn_rules, opening=opening, opening_mrr=opening_mrr)
    return Case(exports=drawn_exports, rules=drawn_rules)


# Files


def write_folder(exports: Exports, folder: Path) -> None:
    """The exports as visitors.csv, signups.csv, demos.csv and paid_users.csv, plain UTF-8."""
    for stage, rows in exports.by_stage().items():
        if rows is None:
            continue
        columns = list(rows[0]) if rows else REQUIRED_COLUMNS[stage]
        with (folder / f"{stage}.csv").open("w", encoding="utf-8", newline="") as file:
            table = csv.DictWriter(file, columns, lineterminator="\n")
            table.writeheader()
            table.writerows(rows)


def _quoted(text: str) -> str:
    # A JSON string of printable text is a TOML string too.
    return json.dumps(text, ensure_ascii=False)


def toml_of(rules: Rules) -> str:
    """The rules as a funnel.toml; as_of is not in it, it is an option of the command line."""
    lines = ["[business]", f"timezone = {_quoted(rules.timezone)}", "", "[channels]"]
    for channel, patterns in rules.channels.items():
        lines.append(f"{channel} = [{', '.join(_quoted(pattern) for pattern in patterns)}]")
    lines += ["", "[paid_users]", f"grace_days = {rules.grace_days}"]
    lines += [f"end_date = {_quoted(rules.end_date)}"]
    lines += ['ends = "facts"'] if rules.ends == "facts" else []
    lines += ["", "[churn]", f"method = {_quoted(rules.churn_method)}"]
    for stage, months in rules.covers.items():
        first, last = (_quoted(f"{month:%Y-%m}") for month in months)
        lines += ["", f"[inputs.{stage}]", f"covers = [{first}, {last}]"]
    if rules.opening is not None:
        month, registered_users, paid_users, demos_held = rules.opening
        lines += ["", "[opening]", f"month = {_quoted(month.strftime('%Y-%m'))}"]
        lines += [f"registered_users = {registered_users}", f"paid_users = {paid_users}"]
        lines += [f"demos_held = {demos_held}"]
        if rules.opening_mrr is not None:
            lines += [f"mrr = {float(rules.opening_mrr)!r}"]
    return "\n".join(lines) + "\n"
