"""The monthly table as flows by month and balances at month starts, checked against each other."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from funnelcli.facts.measures import Measure
from funnelcli.inputs.spec import Stage
from funnelcli.problems import Problems, problem
from funnelcli.reading.monthly import MonthlyRow, MonthlyTable
from funnelcli.values.channels import Channel
from funnelcli.values.periods import Grain, month_of, shift

_FLOWS: dict[str, tuple[Stage, Measure]] = {
    "organic_visits": (Stage.VISITORS, Measure.VISITS),
    "paid_visits": (Stage.VISITORS, Measure.VISITS),
    "existing_user_visits": (Stage.VISITORS, Measure.EXISTING_VISITS),
    "new_signups": (Stage.SIGNUPS, Measure.SIGNUPS),
    "new_demo_bookings": (Stage.DEMOS, Measure.DEMOS_BOOKED),
    "new_paid_users": (Stage.PAID_USERS, Measure.NEW_PAID),
    "reactivated_paid_users": (Stage.PAID_USERS, Measure.REACTIVATED),
    "churned_paid_users": (Stage.PAID_USERS, Measure.CHURNED),
}
_CHANNEL_COLUMNS = {
    "paid_signups": Channel.PAID,
    "sales_sme_signups": Channel.SALES_SME,
    "affiliate_signups": Channel.AFFILIATE,
    "partner_signups": Channel.PARTNER,
    "referral_signups": Channel.REFERRAL,
}


@dataclass(kw_only=True)
class MonthlySeries:
    """Flows by measure, month and channel; levels by measure and the day they stand at (a first of a month).

    The levels are kept under the AT_START measures, DEMOS_HELD_AT_END and MRR_AT_END (in hundredths).
    """

    flows: dict[Measure, dict[date, dict[Channel, int]]] = field(default_factory=dict)
    levels: dict[Measure, dict[date, int]] = field(default_factory=dict)
    unsplit: set[Measure] = field(default_factory=set)
    unmeasured: dict[Measure, set[Channel]] = field(default_factory=dict)
    first: date | None = None
    last: date | None = None

    def add(self, measure: Measure, month: date, channel: Channel, number: int) -> None:
        """Add to a flow."""
        by_channel = self.flows.setdefault(measure, {}).setdefault(month, {})
        by_channel[channel] = by_channel.get(channel, 0) + number


def monthly_series(table: MonthlyTable, problems: Problems) -> MonthlySeries:
    """The table as flows and levels; parts that exceed their whole and balances that do not close are reported."""
    series = MonthlySeries()
    months: dict[date, dict[Channel | None, MonthlyRow]] = {}
    for row in table.rows:
        months.setdefault(row.month, {})[row.channel] = row
    if not months:
        return series
    series.first, series.last = min(months), max(months)
    for month, rows in months.items():
        for key, (_, measure) in _FLOWS.items():
            _add_flow(series, month, rows, key, measure, problems)
    _mark_unmeasured(series, table)
    if "reactivated_paid_users" not in table.columns:
        # Without the column, customers who came back are among the new ones.
        for month in series.flows.get(Measure.NEW_PAID, {}):
            series.add(Measure.REACTIVATED, month, Channel.UNKNOWN, 0)
    _add_levels(series, months, problems)
    return series


def _mark_unmeasured(series: MonthlySeries, table: MonthlyTable) -> None:
    """The channels that the table has neither a column nor a row for; all else is in the organic residual."""
    in_rows = {row.channel for row in table.rows}
    if not in_rows - {None}:
        series.unmeasured[Measure.SIGNUPS] = {c for name, c in _CHANNEL_COLUMNS.items() if name not in table.columns}
        if "paid_visits" not in table.columns:
            series.unmeasured[Measure.VISITS] = {Channel.PAID}


def _add_flow(
    series: MonthlySeries,
    month: date,
    rows: Mapping[Channel | None, MonthlyRow],
    key: str,
    measure: Measure,
    problems: Problems,
) -> None:
    parts = {channel: row.values[key] for channel, row in rows.items() if channel is not None and key in row.values}
    whole_row = rows.get(None)
    whole = whole_row.values.get(key) if whole_row else None
    if whole_row is not None and measure is Measure.SIGNUPS and not parts:
        parts = {c: whole_row.values[name] for name, c in _CHANNEL_COLUMNS.items() if name in whole_row.values}
        if "organic_signups" in whole_row.values and whole is None:
            parts[Channel.ORGANIC] = whole_row.values["organic_signups"]
    if whole is not None and sum(parts.values()) > whole:
        assert whole_row is not None
        problems.add(
            problem("parts-exceed-whole", file=whole_row.file, line=whole_row.line, column=key,
                    month=f"{month:%Y-%m}", parts=sum(parts.values()), whole=whole)
        )  # fmt: skip
        return
    for channel, number in parts.items():
        # A channel's organic visits are its own; the paid column belongs to the paid channel whatever the row says.
        series.add(measure, month, Channel.PAID if key == "paid_visits" else channel, number)
    if whole is None:
        return
    rest = whole - sum(parts.values())
    if key == "paid_visits":
        series.add(measure, month, Channel.PAID, rest)
    elif measure in (Measure.VISITS, Measure.SIGNUPS):
        series.add(measure, month, Channel.ORGANIC, rest)
    else:
        series.add(measure, month, Channel.UNKNOWN, rest)
        if not parts:
            series.unsplit.add(measure)


def _next(month: date) -> date:
    return shift(month_of(month), 1, Grain.MONTH).start


def _given(
    months: Mapping[date, Mapping[Channel | None, MonthlyRow]], keys: Mapping[str, int]
) -> dict[date, tuple[int, MonthlyRow, str]]:
    """The balances written in the table, at the day each stands at (key -> months after its row's month)."""
    found: dict[date, tuple[int, MonthlyRow, str]] = {}
    for month, rows in sorted(months.items()):
        for key, later in keys.items():
            whole = rows.get(None)
            stated = [whole] if whole is not None and key in whole.values else list(rows.values())
            holders = [row for row in stated if key in row.values]
            if holders:
                day = _next(month) if later else month
                found.setdefault(day, (sum(row.values[key] for row in holders), holders[0], key))
    return found


def _add_levels(
    series: MonthlySeries, months: Mapping[date, Mapping[Channel | None, MonthlyRow]], problems: Problems
) -> None:
    held = _given(months, {"cumulative_demos_held": 1})
    series.levels[Measure.DEMOS_HELD_AT_END] = {day: number for day, (number, _, _) in held.items()}
    revenue = _given(months, {"closing_mrr_amount": 1})
    series.levels[Measure.MRR_AT_END] = {day: number for day, (number, _, _) in revenue.items()}
    for measure, keys, plus, minus in (
        (
            Measure.REGISTERED_AT_START,
            {"opening_registered_users": 0, "closing_registered_users": 1, "total_leads": 1},
            (Measure.SIGNUPS,),
            (),
        ),
        (
            Measure.PAYING_AT_START,
            {"opening_paid_users": 0, "closing_paid_users": 1},
            (Measure.NEW_PAID, Measure.REACTIVATED),
            (Measure.CHURNED,),
        ),
    ):
        given = _given(months, keys)
        level: int | None = None if given else 0
        levels: dict[date, int] = {}
        assert series.first is not None
        assert series.last is not None
        month = series.first
        while month <= _next(series.last):
            if month in given:
                number, row, key = given[month]
                if level is not None and level != number:
                    problems.add(
                        problem("balance-does-not-close", file=row.file, line=row.line, column=key, metric=key,
                                month=f"{row.month:%Y-%m}", given=number, computed=level)
                    )  # fmt: skip
                level = number
            if level is not None:
                levels[month] = level
                nets = [_sum(series, one, month) for one in plus], [_sum(series, one, month) for one in minus]
                known = [n for side in nets for n in side if n is not None]
                complete = len(known) == len(plus) + len(minus)
                level = level + sum(n or 0 for n in nets[0]) - sum(n or 0 for n in nets[1]) if complete else None
            month = _next(month)
        series.levels[measure] = levels
        series.unsplit.add(measure)
    series.unsplit |= {Measure.DEMOS_HELD_AT_END, Measure.MRR_AT_END}


def _sum(series: MonthlySeries, measure: Measure, month: date) -> int | None:
    by_channel = series.flows.get(measure, {}).get(month)
    return None if by_channel is None else sum(by_channel.values())
