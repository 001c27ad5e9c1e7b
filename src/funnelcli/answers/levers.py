"""What would help most: each promise kept by itself, and what that would bring at what leads have brought so far."""

from __future__ import annotations

from collections.abc import Iterator

from msgspec import Struct

from funnelcli.answers.dashboard import Dashboard
from funnelcli.answers.report_model import Report
from funnelcli.config import Config
from funnelcli.values.figures import Value

# Fewer leads than that say too little of what a change would bring.
LEAST_LEADS = 30
MOST_LEVERS = 5


class Lever(Struct, frozen=True, kw_only=True):
    """A change of one figure to what was promised, what it would bring in a month like this, and of how many leads."""

    key: str
    now: float
    promise: float
    effect: float
    leads: int


def levers_of(dashboard: Dashboard, quality: Report, config: Config) -> tuple[Lever, ...]:
    """The changes that would bring most, the largest first; none where nobody knows what leads are worth."""
    value = _total(quality, "value_per_mql_amount").value
    if not value:
        return ()
    known = [
        each for each in _levers(dashboard, quality, config, value) if each.effect > 0 and each.leads >= LEAST_LEADS
    ]
    known.sort(key=lambda lever: -lever.effect)
    return tuple(known[:MOST_LEVERS])


def _levers(dashboard: Dashboard, quality: Report, config: Config, value: float) -> Iterator[Lever]:
    promised = config.sla.marketing
    mqls = _value(dashboard, "mqls") or 0
    if promised.mqls is not None:
        more = promised.mqls - mqls
        yield Lever(key="mqls", now=mqls, promise=promised.mqls, effect=more * value, leads=int(mqls))
    sqls = _total(quality, "mql_to_sql_rate")
    rate, among = sqls.value, int(sqls.denominator or 0)
    if promised.mql_to_sql_rate is not None and rate:
        better = float(promised.mql_to_sql_rate)
        yield Lever(
            key="mql_to_sql_rate", now=rate, promise=better, effect=mqls * value * (better / rate - 1), leads=among
        )
    yield from _of_sales(dashboard, value, mqls)


def _of_sales(dashboard: Dashboard, value: float, mqls: float) -> Iterator[Lever]:
    """What leads bring that are accepted, where those that fell through were accepted as often as the others."""
    accepted, handed = _value(dashboard, "accepted_leads") or 0, int(_value(dashboard, "handed_over_leads") or 0)
    if not accepted or not mqls:
        return
    each, (rate, _) = value * mqls / accepted, _rate(dashboard, "acceptance_rate")
    for key in ("overdue_leads", "returned_too_early_leads", "untouched_leads"):
        number = _value(dashboard, key)
        if number and rate:
            yield Lever(key=key, now=number, promise=0, effect=number * rate * each, leads=handed)


def _total(report: Report, key: str) -> Value:
    return next(row.total for row in report.rows if row.metric.key == key and row.part is None)


def _value(dashboard: Dashboard, key: str) -> float | None:
    row = dashboard.row(key)
    return None if row is None else row.cells[dashboard.headline].value


def _rate(dashboard: Dashboard, key: str) -> tuple[float | None, int]:
    row = dashboard.row(key)
    cell = None if row is None else row.cells[dashboard.headline]
    return (None, 0) if cell is None else (cell.value, int(cell.denominator or 0))
