"""The drawn blocks of a dashboard: key figures, the month that runs, the funnel, trends, who came and went."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from funnelcli.answers.cells import Change, ChangeBasis, Number
from funnelcli.answers.dashboard import Dashboard
from funnelcli.answers.drawn import (
    Definition,
    Definitions,
    Flow,
    FlowKind,
    Funnel,
    KeyFigure,
    KeyFigures,
    Movements,
    RollForward,
    Running,
    RunningRow,
    Step,
    Trends,
)
from funnelcli.answers.made import movements as made_of
from funnelcli.answers.planned_cells import planned
from funnelcli.answers.report_figures import shown_rows
from funnelcli.answers.report_model import Row
from funnelcli.metrics import CATALOGUE
from funnelcli.metrics.model import DASHBOARD, Balance, Ratio
from funnelcli.planning.metrics import stages
from funnelcli.text import Message
from funnelcli.values.figures import HUNDREDTHS, Unit, Value
from funnelcli.values.periods import Period

MRR, CLOSING, CHURN = "closing_mrr_amount", "closing_paid_users", "paid_user_churn_rate"
# What stands first; where one has no figure, the next takes its place.
_KEY_FIGURES = (
    MRR, CLOSING, "new_paid_users", "new_signups", CHURN, "new_demo_bookings", "net_new_visitors", "arpa_amount",
    "signup_to_demo_rate", "demo_to_paid_rate", "visitor_to_signup_rate", "closing_registered_users",
    # Those of other sections, which stand first where these alone are shown.
    "net_revenue_retention_rate", "net_new_mrr_amount", "gross_mrr_churn_rate", "mrr_quick_ratio",
    "renewal_rate", "renewals_due", "renewal_mrr_rate", "collected_amount", "refunded_amount",
    "actual_cost_amount", "customer_acquisition_cost_amount", "ltv_to_cac_ratio", "cac_payback_months",
    "nps_score", "csat_rate", "k_factor_ratio", "word_of_mouth_share_rate", "active_share_rate",
    "won_deals", "win_rate", "open_pipeline_amount", "sales_velocity_amount", "won_amount",
)  # fmt: skip
KEY_FIGURES_MOST = 5
# The lines of the roll-forward in a word.
_MOVES = {
    "opening_paid_users": Message("Opening"),
    "new_paid_users": Message("New"),
    "reactivated_paid_users": Message("Reactivated"),
    "churned_paid_users": Message("Lost"),
    CLOSING: Message("Closing"),
    "opening_mrr_amount": Message("Opening"),
    "new_mrr_amount": Message("New"),
    "reactivation_mrr_amount": Message("Reactivated"),
    "expansion_mrr_amount": Message("Expansion"),
    "contraction_mrr_amount": Message("Contraction"),
    "churned_mrr_amount": Message("Lost"),
    "moved_closing_mrr_amount": Message("Closing"),
}
# The charts, counts and levels before rates.
_TRENDS = (
    "net_new_visitors", "new_signups", "new_demo_bookings", "new_paid_users", "churned_paid_users", CLOSING, MRR,
    "arpa_amount", CHURN, "visitor_to_signup_rate", "signup_to_demo_rate", "demo_to_paid_rate",
)  # fmt: skip
OTHER_TRENDS_MOST = 12


def stage_keys() -> tuple[str, ...]:
    """The metrics of the funnel's steps, from the first."""
    return tuple(stage.actual for stage in reversed(stages()) if stage.actual is not None)


def key_figures(dashboard: Dashboard, keys: Sequence[str] = _KEY_FIGURES) -> KeyFigures:
    """The figures that stand first: those of some ``keys`` that have one, at most five."""
    rows = [row for key in keys if (row := dashboard.row(key)) is not None]
    rows = [row for row in rows if dashboard.figure(row).value is not None][:KEY_FIGURES_MOST]
    return KeyFigures(
        figures=tuple(
            KeyFigure(
                series=dashboard.series(row),
                base=dashboard.base,
                difference=dashboard.difference(row),
                goal=dashboard.goal(row.metric.key),
                divided=dashboard.divided(row) if row.unit is Unit.RATE else None,
            )
            for row in rows
        )
    )


def running(dashboard: Dashboard) -> Running | None:
    """The period that is not yet whole: what there is so far, beside its target where there is one."""
    period = dashboard.running
    if period is None:
        return None
    as_of = dashboard.report.spec.as_of
    place = dashboard.report.spec.periods.index(period)
    rows = [row for key in stage_keys() if (row := dashboard.row(key)) is not None]
    return Running(
        month=dashboard.months(period),
        gone=(as_of - period.start).days + 1,
        days=(period.end - period.start).days,
        rows=tuple(_running_row(dashboard, row, period, place) for row in rows if row.cells[place].value is not None),
    )


def _running_row(dashboard: Dashboard, row: Row, period: Period, place: int) -> RunningRow:
    known = dashboard.goals.cell(row.metric.key, period)
    cell = known[1] if known else None
    pace = cell.pace if cell else None
    goal = dashboard.goal(row.metric.key, period)
    return RunningRow(
        key=row.metric.key,
        label=row.label,
        so_far=dashboard.number(row, row.cells[place]),
        expected=planned(pace.expected if pace else None, row.unit),
        projected=planned(pace.projected if pace else None, row.unit),
        target=planned(cell.target if cell else None, row.unit),
        kept=goal.kept if goal and pace else None,
    )


# --- the funnel ------------------------------------------------------------------------------------------------------


def funnel(dashboard: Dashboard) -> Funnel | None:
    """The steps that have a figure in the headline period; None where they are fewer than two."""
    rows = [row for key in stage_keys() if (row := dashboard.row(key)) is not None]
    rows = [row for row in rows if dashboard.figure(row).value is not None]
    if len(rows) < 2:
        return None
    steps = tuple(_step(dashboard, row, rows[place - 1] if place else None, rows[0]) for place, row in enumerate(rows))
    return Funnel(month=dashboard.month, base=dashboard.base, steps=steps)


def _step(dashboard: Dashboard, row: Row, before: Row | None, first: Row) -> Step:
    count = dashboard.figure(row)
    goal = dashboard.goals.target(row.metric.key, dashboard.period)
    if before is None:
        share = earlier = change = not_on = None
    else:
        share, earlier, change = _share(dashboard, row, before)
        not_on = _difference(dashboard, row, before)
    return Step(
        key=row.metric.key,
        label=row.label,
        count=count,
        target=goal,
        share=share,
        earlier=earlier,
        change=change,
        of_first=Number(value=_over(count.value, dashboard.figure(first).value), unit=Unit.RATE),
        not_on=not_on,
    )


def _share(dashboard: Dashboard, row: Row, before: Row) -> tuple[Number, Number | None, Change | None]:
    """The share of the step before: the dashboard's own rate where there is one, with its change."""
    rate = dashboard.rate_between(row.metric.key, before.metric.key)
    if rate is not None and dashboard.figure(rate).value is not None:
        earlier = dashboard.earlier(rate)
        was = None if earlier is None or earlier.value is None else dashboard.number(rate, earlier)
        return dashboard.figure(rate), was, dashboard.change(rate)
    above, below = dashboard.earlier(row), dashboard.earlier(before)
    was_share = None if above is None or below is None else _over(above.value, below.value)
    now = _over(dashboard.figure(row).value, dashboard.figure(before).value)
    change = None
    if now is not None and was_share is not None:
        step = now - was_share
        change = Change(value=step, basis=ChangeBasis.POINTS, tone="good" if step > 0 else "bad" if step < 0 else "")
    was = None if was_share is None else Number(value=was_share, unit=Unit.RATE)
    return Number(value=now, unit=Unit.RATE), was, change


def _over(above: object, below: object) -> float | None:
    if not isinstance(above, int | float) or not isinstance(below, int | float) or not below:
        return None
    return above / below


def _difference(dashboard: Dashboard, row: Row, before: Row) -> Number | None:
    """How many of the step before did not go on; None where more came than there were."""
    now, was = dashboard.figure(row).value, dashboard.figure(before).value
    return None if now is None or was is None or now > was else Number(value=was - now, unit=before.unit)


# --- trends ----------------------------------------------------------------------------------------------------------


def trends(dashboard: Dashboard) -> Trends | None:
    """A chart for each of the main metrics, of those of the settings and of other inputs; None of a single period."""
    if len(dashboard.report.spec.periods) < 2:
        return None
    shown = {row.metric.key for row in shown_rows(dashboard.report) if row.part is None}
    known = {key for key in shown if dashboard.has(key)}
    further = (metric for metric in CATALOGUE.values() if metric.key in known and not metric.part)
    asked = [metric for metric in further if metric.own or metric.section not in DASHBOARD]
    # What was declared is drawn, and what other files than those of the dashboard tell.
    ordered = sorted(asked, key=lambda metric: (not metric.own, metric.section.lenient))
    others = [metric.key for metric in ordered]
    rows = [
        row
        for key in (*_TRENDS, *others[:OTHER_TRENDS_MOST])
        if key in known and (row := dashboard.row(key)) is not None and not _goes_below(row)
    ]
    series = tuple(dashboard.series(row) for row in rows)
    run = dashboard.running
    return Trends(
        headline=dashboard.month,
        partial=dashboard.months(run) if run else None,
        series=series,
        has_targets=any(point.target is not None for line in series for point in line.points),
    )


def _goes_below(row: Row) -> bool:
    """Whether a figure is below 0 somewhere: charts begin there."""
    return any(cell.value is not None and cell.value < 0 for cell in row.cells)


# --- who came and went -----------------------------------------------------------------------------------------------


def movements(dashboard: Dashboard) -> Movements | None:
    """The roll-forward of the paying customers, of the headline period and of the range up to it."""
    return _came_and_went(dashboard, CLOSING, CHURN)


def mrr_movements(dashboard: Dashboard) -> Movements | None:
    """The same of the MRR: what was new, came back, grew, shrank and was lost."""
    return _came_and_went(dashboard, "moved_closing_mrr_amount", "gross_mrr_churn_rate")


def _came_and_went(dashboard: Dashboard, closing: str, rate: str) -> Movements | None:
    place = dashboard.headline
    month = roll_forward(dashboard, closing, place, place)
    if month is None:
        return None
    charts = [month]
    if place and (whole := roll_forward(dashboard, closing, 0, place)) is not None:
        charts.append(whole)
    churn = dashboard.row(rate)
    return Movements(
        charts=tuple(charts),
        rate_label=churn.label if churn else None,
        lost=dashboard.divided(churn) if churn else None,
        change=dashboard.change(churn) if churn else None,
        month=dashboard.month,
    )


def roll_forward(dashboard: Dashboard, closing: str, first: int, last: int) -> RollForward | None:
    """From the balance before the first period to that after the last; None where a figure of it is missing."""
    end = dashboard.row(CATALOGUE[closing].like or closing)
    rows = [(dashboard.row(key), sign) for sign, keys in zip((1, -1), made_of(closing), strict=True) for key in keys]
    if end is None or any(row is None for row, _ in rows):
        return None
    flows: list[Flow] = []
    for row, sign in rows:
        assert row is not None
        is_balance = isinstance(row.metric.kind, Balance)
        amount = _summed(row.cells[first : first + 1] if is_balance else row.cells[first : last + 1])
        if amount is None:
            return None
        if row.metric.between_parts and not amount:
            continue
        kind: FlowKind = "balance" if is_balance else "gain" if sign > 0 else "loss"
        label = _MOVES.get(row.metric.key, row.label)
        flows.append(Flow(label=label, key=row.metric.key, amount=_like(dashboard, row, amount), kind=kind))
    total = end.cells[last].value
    per = HUNDREDTHS if end.unit is Unit.AMOUNT else 1
    if total is None or round(total * per) != round(sum(_signed(flow) for flow in flows) * per):
        return None
    flows.append(
        Flow(
            label=_MOVES.get(closing, end.label),
            key=end.metric.key,
            amount=_like(dashboard, end, total),
            kind="balance",
        )
    )
    periods = dashboard.report.spec.periods
    span = dashboard.months(periods[first], None if first == last else periods[last])
    return RollForward(period=span, flows=tuple(flows))


def _signed(flow: Flow) -> float:
    amount = float(flow.amount.value or 0)
    return -amount if flow.kind == "loss" else amount


def _like(dashboard: Dashboard, row: Row, value: float) -> Number:
    return Number(value=value, unit=row.unit, currency=dashboard.report.spec.currency)


def _summed(cells: Sequence[Value]) -> float | None:
    values = [cell.value for cell in cells]
    return None if any(value is None for value in values) else sum(value for value in values if value is not None)


# --- what they are ---------------------------------------------------------------------------------------------------


def definitions(dashboard: Dashboard) -> Definitions:
    """The definitions of all metrics that are shown, and of those that serve only to make them."""
    return Definitions(month=dashboard.month, entries=tuple(_definitions(dashboard)))


def _definitions(dashboard: Dashboard) -> Iterator[Definition]:
    shown = {row.metric.key for row in shown_rows(dashboard.report)}
    behind = {term for key in shown for term in CATALOGUE[key].inputs}
    for metric in CATALOGUE.values():
        if metric.key not in shown | behind:
            continue
        row = dashboard.row(metric.key)
        yield Definition(
            key=metric.key,
            label=metric.label_for(dashboard.report.spec.grain),
            definition=metric.definition,
            formula=metric.kind.words,
            terms=tuple(metric.inputs) if isinstance(metric.kind, Ratio) or metric.inputs else (),
            figure=dashboard.figure(row) if row else None,
        )
