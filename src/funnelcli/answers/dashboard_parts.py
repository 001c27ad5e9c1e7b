"""What the parts of a dimension bring: a row a part, of a report that is split."""

from __future__ import annotations

from collections.abc import Sequence

from funnelcli.answers.cells import Number, Quotient, Words
from funnelcli.answers.dashboard import Dashboard
from funnelcli.answers.dashboard_blocks import CLOSING, MRR
from funnelcli.answers.drawn import Breakdown, PartRow
from funnelcli.answers.report_model import Row
from funnelcli.counting.parts import OTHER, UNKNOWN_LABEL
from funnelcli.facts.dimensions import UNKNOWN
from funnelcli.metrics import CATALOGUE, with_behind
from funnelcli.text import Message
from funnelcli.values.figures import Unit
from funnelcli.values.slices import Slice

# What the parts are measured by: the first of which the named parts hold most.
_COUNTED = ("new_signups", "new_demo_bookings", "new_paid_users", "closing_paid_users", "net_new_visitors")
_RATES = ("signup_to_demo_rate", "demo_to_paid_rate", "paid_user_churn_rate")
RATES_MOST = 2
CUSTOMERS = "new_paid_users"
PARTS_MOST = 12
_ALL = Message("All")


def measured() -> frozenset[str]:
    """The keys of the metrics that parts are measured by, and of what those are made of.

    >>> "demo_to_paid_rate" in measured(), "renewal_rate" in measured()
    (True, False)
    """
    return frozenset(with_behind(CATALOGUE[key] for key in (*_COUNTED, *_RATES, CUSTOMERS, CLOSING, MRR)))


def breakdown(dashboard: Dashboard) -> Breakdown | None:
    """The parts of a split report, the largest first, unknown last; None where no named part has any figure."""
    report = dashboard.report
    if report.split is None or report.dimension is None:
        return None
    named = [part for part in report.split.slices if part.key != UNKNOWN]
    there = [key for key in _COUNTED if dashboard.row(key) is not None]
    counted = next((key for key in there if _is_known(dashboard, key, named)), None)
    counted = counted or next((key for key in there if _has_some(dashboard, key, named)), None)
    kept = CUSTOMERS if counted != CUSTOMERS else CLOSING
    first, customers, amount = (dashboard.row(key) for key in (counted or "", kept, MRR))
    if counted is None or first is None or customers is None:
        return None  # some sections of the dashboard say nothing of them
    rates = [key for key in _RATES if all(_is_known(dashboard, of, named) for of in CATALOGUE[key].inputs)]
    rates = rates[:RATES_MOST]
    parts = _ordered(dashboard, counted, report.split.slices)
    rows = [_part_row(dashboard, part, counted, rates, kept) for part in parts]
    total = _part_row(dashboard, None, counted, rates, kept)
    return Breakdown(
        dimension=report.dimension.title,
        month=dashboard.month,
        span=dashboard.span,
        base=dashboard.base,
        counted=first.label,
        rates=tuple(row.label for key in rates if (row := dashboard.row(key)) is not None),
        customers=customers.label,
        amount=amount.label if amount is not None and total.amount is not None else None,
        rows=tuple(rows),
        total=total,
    )


def _is_known(dashboard: Dashboard, key: str, parts: Sequence[Slice]) -> bool:
    """Whether the named parts hold more than half of a metric: of what else there is, a split by them says little."""
    whole = dashboard.row(key)
    if whole is None:
        # What only serves to make others is as well known as what it is a part of.
        return True
    rows = [row for part in parts if (row := dashboard.row(key, part)) is not None]
    held = sum(abs(row.total.value or 0) for row in rows)
    return bool(whole.total.value) and held * 2 > abs(whole.total.value or 0)


def _has_some(dashboard: Dashboard, key: str, parts: Sequence[Slice]) -> bool:
    """Whether a named part has a figure of a metric that is not 0."""
    return any(
        (row := dashboard.row(key, part)) is not None and any(cell.value for cell in row.cells) for part in parts
    )


def _ordered(dashboard: Dashboard, counted: str, parts: Sequence[Slice]) -> list[Slice]:
    """Parts by their headline count, then by the range's; what is not known and the rest come last."""

    def size(part: Slice) -> tuple[int, float, float]:
        row = dashboard.row(counted, part)
        last = 2 if part.key == UNKNOWN else 1 if part.key == OTHER else 0
        if row is None:
            return last, 0, 0
        return last, -(row.cells[dashboard.headline].value or 0), -(row.total.value or 0)

    silent = {part for part in parts if not any(_figures(dashboard, part, key) for key in (counted, CUSTOMERS, MRR))}
    return sorted((part for part in parts if part not in silent), key=size)


def _figures(dashboard: Dashboard, part: Slice, key: str) -> bool:
    row = dashboard.row(key, part)
    return row is not None and any(cell.value for cell in row.cells)


def _part_row(dashboard: Dashboard, part: Slice | None, counted: str, rates: Sequence[str], kept: str) -> PartRow:
    row, whole = dashboard.row(counted, part), dashboard.row(counted)
    assert row is not None
    assert whole is not None
    amount, of_all = dashboard.row(MRR, part), dashboard.row(MRR)
    customers = dashboard.row(kept, part)
    figure = _amount(dashboard, amount)
    return PartRow(
        label=Words(_ALL) if part is None else Words(UNKNOWN_LABEL if part.key == UNKNOWN else part.label),
        count=dashboard.figure(row),
        difference=dashboard.difference(row),
        share=_share(dashboard, row, whole),
        series=dashboard.series(row),
        rates=tuple(_rate(dashboard, key, part) for key in rates),
        customers=dashboard.figure(customers) if customers else Number(value=None),
        amount=figure,
        of_amount=_share(dashboard, amount, of_all) if figure and amount and of_all else None,
    )


def _amount(dashboard: Dashboard, row: Row | None) -> Number | None:
    return None if row is None or row.is_without_amounts else dashboard.figure(row)


def _share(dashboard: Dashboard, row: Row, whole: Row) -> Number:
    part, all_ = dashboard.figure(row).value, dashboard.figure(whole).value
    value = float(part) / float(all_) if part is not None and all_ else None
    return Number(value=value, unit=Unit.RATE)


def _rate(dashboard: Dashboard, key: str, part: Slice | None) -> Quotient | Number:
    """A rate over the whole range."""
    row = dashboard.row(key, part)
    if row is None:
        return Number(value=None, unit=Unit.RATE)
    return dashboard.quotient(row, row.total) or dashboard.number(row, row.total)
