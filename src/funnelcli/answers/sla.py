"""The agreement between marketing and sales as a question: what was promised, what was kept, and what would help."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from datetime import date, datetime, timedelta
from fractions import Fraction
from math import ceil

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.answers.breaches import Breach, breaches_of
from funnelcli.answers.dashboard import Dashboard
from funnelcli.answers.explain import explain_value
from funnelcli.answers.goals import Goals
from funnelcli.answers.levers import Levers, levers_of
from funnelcli.answers.packing import goals_for
from funnelcli.answers.report import build
from funnelcli.answers.report_model import Report, ReportSpec, Row
from funnelcli.answers.sla_remarks import remarks_of
from funnelcli.answers.spec import RangeOptions, resolve
from funnelcli.answers.targets_loaded import NamedTargets
from funnelcli.config import Config
from funnelcli.config.agreement import CONTACTS, Goal, Sla
from funnelcli.counting.agreement import Agreement
from funnelcli.counting.handed import agreement_known, rows_of, with_handed
from funnelcli.facts.dimensions import RETURN_REASON
from funnelcli.facts.model import Facts
from funnelcli.metrics import CATALOGUE, find_metric
from funnelcli.metrics.attempts import on_channel
from funnelcli.metrics.model import Flow, Formula
from funnelcli.planning.tracked import tracked_metric
from funnelcli.problems import ConfigError, ThresholdError, UsageError
from funnelcli.text import Marked, Message, Text, joined
from funnelcli.values.amounts import parse_share
from funnelcli.values.figures import Unit
from funnelcli.values.periods import WHOLE, Grain, Period, month_of
from funnelcli.values.windows import parse_window

TITLE = Message("The agreement of marketing and sales")
MARKETING = (
    "new_leads", "mqls", "promised_mqls", "marketing_commitment_ratio", "handed_over_leads", "rehanded_leads",
    "complete_handovers_rate", "mql_to_handover_minutes", "visitor_to_signup_rate", "lead_to_mql_rate",
    "mql_to_sql_rate", "sql_to_paid_rate", "mql_to_paid_rate", "value_per_mql_amount", "required_mqls",
)  # fmt: skip
SALES = (
    "sales_commitment_rate", "response_minutes", "response_p90_minutes", "response_calendar_minutes",
    "responded_within_sla_rate", "speed_to_lead_minutes", "touched_leads", "untouched_leads",
    "contact_not_known_leads", "already_in_contact_leads", "connect_rate", "attempts_per_lead_ratio",
    "touches_per_lead_week_ratio", "between_attempts_days", "spaced_as_agreed_rate", "acceptance_rate",
    "accepted_leads", "rejected_leads", "overdue_leads", "pending_leads",
)  # fmt: skip
ATTEMPTS = ("lead_attempts", "seen_leads", *map(on_channel, CONTACTS))
RETURNS = ("returned_leads", "returned_too_early_leads")
BY_SOURCE = (
    "mqls",
    "lead_to_mql_rate",
    "mql_to_sql_rate",
    "sql_to_paid_rate",
    "mql_to_paid_rate",
    "value_per_mql_amount",
)
BY_OWNER = (
    "handed_over_leads", "untouched_leads", "response_minutes", "responded_within_sla_rate", "attempts_per_lead_ratio",
    "acceptance_rate", "overdue_leads", "returned_too_early_leads",
)  # fmt: skip


_OF_SALES = {"owner": BY_OWNER, RETURN_REASON: RETURNS}
QUALITY_MONTHS = 3


class SlaRequest(Struct, frozen=True, kw_only=True):
    """What is asked of the agreement: over which periods, split by what; or the broken promises alone."""

    by: str | None = None
    grain: Grain = Grain.MONTH
    month: str | None = None
    first: str | None = None
    last: str | None = None
    latest: int | None = None
    as_of: str | None = None
    skip_bad_rows: bool = False
    only_breaches: bool = False


class GoalState(Struct, frozen=True, kw_only=True):
    """Where the goal stands: what is to be reached from ``since`` to ``by``, what is, and what was due by today.

    ``mqls`` are those that the rest takes at what one is worth, None where nobody knows that.
    """

    goal: Goal
    since: date
    reached: float | None
    why: str
    due: float
    mqls: int | None


class Agreed(Struct, frozen=True, kw_only=True):
    """The agreement and what came of it, looked at from the headline period of a report.

    Of leads handed over on the days of ``span`` the ``breaches`` are.
    """

    dashboard: Dashboard
    sla: Sla
    known: Agreement | None
    rule: str
    goal: GoalState | None
    split: Mapping[str, Report]
    quality: Report
    span: tuple[date, date]
    breaches: tuple[Breach, ...]
    levers: Levers
    remarks: tuple[Text, ...]

    @property
    def report(self) -> Report:
        """The figures."""
        return self.dashboard.report

    def rows(self, keys: tuple[str, ...]) -> list[Row]:
        """The rows of some metrics, of the whole."""
        return [row for key in keys if (row := self.dashboard.row(key)) is not None]


def sla(
    facts: Facts,
    request: SlaRequest,
    now: datetime,
    load: Callable[[], NamedTargets | None] = lambda: None,
) -> Agreed:
    """What was agreed and what came of it; ``load`` gives the targets, where the goal is a file of them.

    Raises UsageError for a dimension that there is not, and ConfigError for a goal of a metric that there is not.
    """
    config = facts.config
    spec = _spec(facts, request, now)
    metrics = [CATALOGUE[key] for key in (*MARKETING, *SALES, *ATTEMPTS, *RETURNS) if key in CATALOGUE]
    report = build(facts, spec, metrics=metrics)
    goals, _ = goals_for(facts, report, load, now, asked=config.sla.goal is not None and bool(config.sla.goal.file))
    dashboard = Dashboard(report=report, goals=goals)
    handed = with_handed(facts, spec.as_of)
    known, rows = agreement_known(handed), rows_of(facts)
    period = dashboard.period
    matured = replace(spec, periods=_matured(config, spec), before=None)
    quality = build(facts, matured, metrics=[CATALOGUE[key] for key in BY_SOURCE])
    is_of_range = request.first or request.last or request.latest or request.only_breaches
    first, last = (spec.periods[0], spec.periods[-1]) if is_of_range else (period, period)
    span = (first.start, last.last_day)
    goal = _goal_state(facts, config, spec, quality) or _shared_goal(facts, spec, quality, goals)
    return Agreed(
        dashboard=dashboard, sla=config.sla, known=known, rule="" if rows is None else rows.rule, goal=goal,
        split={
            **dict(_split(facts, matured, {"source": BY_SOURCE, "tier": BY_SOURCE})),
            **dict(_split(facts, replace(spec, periods=(period,), before=None), _OF_SALES)),
        },
        quality=quality,
        remarks=tuple(remarks_of(facts, known, *span)),
        span=span, breaches=breaches_of(facts, known, *span),
        levers=levers_of(facts, dashboard, quality, config.sla.goal),
    )  # fmt: skip


def _spec(facts: Facts, request: SlaRequest, now: datetime) -> ReportSpec:
    latest = request.latest
    if latest is None and not (request.month or request.first or request.last):
        latest = 2
    options = RangeOptions(
        first=request.first, last=request.last, month=request.month, latest=latest, grain=request.grain,
        as_of=request.as_of,
    )  # fmt: skip
    spec = resolve(options, facts, now=now, by=request.by, skip_bad_rows=request.skip_bad_rows)
    return replace(spec, title=TITLE)


def _matured(config: Config, spec: ReportSpec) -> tuple[Period, ...]:
    """The latest months whose leads have had their horizon by as_of: what became of later ones is not known yet."""
    days = parse_window(config.leads.horizon)
    last = spec.as_of - timedelta(days.number * {"d": 1, "w": 7, "m": 31, "h": 0}[days.unit])
    months = [month_of(last)]
    while len(months) <= QUALITY_MONTHS:
        months.insert(0, month_of(months[0].start - timedelta(1)))
    return tuple(months[:-1])


def _split(facts: Facts, spec: ReportSpec, keys_by: Mapping[str, tuple[str, ...]]) -> Iterator[tuple[str, Report]]:
    """The figures of some dimensions, as far as files tell of them."""
    for name, keys in keys_by.items():
        if name in facts.dimensions.declared and facts.dimensions.is_said(name):
            metrics = [CATALOGUE[key] for key in keys if key in CATALOGUE]
            yield name, build(facts, replace(spec, by=name), metrics=metrics)


def _goal_state(facts: Facts, config: Config, spec: ReportSpec, quality: Report) -> GoalState | None:
    goal, since = config.sla.goal, config.sla.since
    if goal is None or goal.by is None or since is None:
        return None
    check_goal(goal)
    due = float(goal.amount) * _gone(Period(since, goal.by + timedelta(1), WHOLE), spec.as_of)
    return _state(facts, spec, goal, since, due, quality)


def _state(facts: Facts, spec: ReportSpec, goal: Goal, since: date, due: float, quality: Report) -> GoalState:
    """Where a goal stands of which so much was ``due`` by as_of."""
    assert goal.by is not None
    until = min(spec.as_of, goal.by)
    reached = None
    why = ""
    if since <= spec.as_of:
        over = Period(since, until + timedelta(1), WHOLE)
        value = explain_value(facts, find_metric(goal.metric), over, spec.as_of).value
        reached, why = value.value, "" if value.missing is None else value.missing.code
    return GoalState(
        goal=goal, since=since, reached=reached, why=why, due=due,
        mqls=_mqls_needed(goal, reached, quality),
    )  # fmt: skip


# Of what targets say, the first of these is what both sides are after.
_SHARED = ("won_amount", "new_mrr_amount", "new_paid_users")


def _shared_goal(facts: Facts, spec: ReportSpec, quality: Report, goals: Goals) -> GoalState | None:
    """The goal of the targets that the agreement names: what they come to, and what of it was due by as_of.

    Of a month that runs the elapsed share is due.
    """
    if goals.named is None or facts.config.sla.goal is None:
        return None
    of_whole = {
        tracked_metric(key).actual: months for (key, channel, team), months in goals.named.targets.rows.items()
        if channel is None and team is None
    }  # fmt: skip
    key = next((key for key in _SHARED if key in of_whole), "")
    months = of_whole.get(key, {})
    if not months:
        return None
    periods = [month_of(date.fromisoformat(f"{month}-01")) for month in sorted(months)]
    due = sum(float(months[period.key]) * _gone(period, spec.as_of) for period in periods)
    goal = Goal(metric=key, amount=sum(months.values(), Fraction(0)), by=periods[-1].last_day)
    return _state(facts, spec, goal, periods[0].start, due, quality)


def _gone(period: Period, as_of: date) -> float:
    """The share of a period that is over by the end of a day."""
    days = (min(as_of, period.last_day) - period.start).days + 1
    return max(days, 0) / ((period.last_day - period.start).days + 1)


def check_goal(goal: Goal) -> None:
    """ConfigError where a goal is of no metric, or of one that does not add up from since to by."""
    if goal.metric not in CATALOGUE:
        raise ConfigError(
            Message("[sla] goal: {key!r} is no metric.").filled(key=goal.metric),
            hint=Message("`funnelcli metrics` lists them all."),
        )
    if not is_total(goal.metric):
        raise ConfigError(
            Message("[sla] goal: {key!r} ({label}) is no total: a goal is one from since to by.").filled(
                key=goal.metric, label=CATALOGUE[goal.metric].label
            ),
            hint=Message("Name what adds up over months, like won_amount, new_mrr_amount or new_paid_users."),
        )


def is_total(key: str) -> bool:
    """Whether a metric counts what happens from a day to another: no rate, no time, nothing that there is at its end.

    >>> is_total("won_amount"), is_total("net_new_paid_users"), is_total("closing_paid_users"), is_total("connect_rate")
    (True, True, False, False)
    """
    match CATALOGUE[key].kind:
        case Flow(measure=measure):
            return measure.held is None
        case Formula(plus=plus, minus=minus):
            return all(map(is_total, (*plus, *minus)))
        case _:
            return False


# What an MQL brings of a goal: of one of money what it is worth, of one of customers the share that pays.
_BROUGHT = {"new_paid_users": "mql_to_paid_rate"}


def _mqls_needed(goal: Goal, reached: float | None, quality: Report) -> int | None:
    """The MQLs that what is left of the goal takes, at what the latest have brought whose horizon is over."""
    of_money = CATALOGUE[goal.metric].unit is Unit.AMOUNT
    key = "value_per_mql_amount" if of_money else _BROUGHT.get(goal.metric)
    row = next((row for row in quality.rows if row.metric.key == key and row.part is None), None)
    if reached is None or row is None or not row.total.value:
        return None
    return ceil(round(max(float(goal.amount) - reached, 0) / row.total.value, 9))


# --- thresholds ------------------------------------------------------------------------------------------------------


def least_of(given: str) -> tuple[str, Fraction]:
    """A threshold as it is written, ``responded_within_sla_rate=0.9`` or ``=90%``; UsageError where it is none."""
    key, mark, number = given.partition("=")
    wrong = Message("--fail-under {text!r} is no threshold.").filled(text=given)
    hint = Message("Write it like responded_within_sla_rate=0.9.")
    if not mark:
        raise UsageError(wrong, hint=hint)
    try:
        least = parse_share(number) if number.strip().endswith("%") else Fraction(number.strip())
    except ValueError:
        raise UsageError(wrong, hint=hint) from None
    metric = find_metric(key)
    if metric.good == "down":
        raise UsageError(
            Message("--fail-under {key}: of {label} less is better, and under a bound it is fine.").filled(
                key=metric.key, label=metric.label
            ),
            hint=Message("Name a figure that should be high, like responded_within_sla_rate=0.9."),
        )
    return metric.key, least


def check_least(asked: Agreed, least: Mapping[str, Fraction]) -> None:
    """ThresholdError where a figure of the headline period is below its least, or missing and cannot be shown to be."""
    lines = []
    for key, bound in least.items():
        row = asked.dashboard.row(key)
        value = None if row is None else row.cells[asked.dashboard.headline]
        if row is None:
            raise UsageError(Message("--fail-under: {key} is no figure of the agreement.").filled(key=key))
        assert value is not None
        if value.value is None:
            why = Message("there is no figure") if value.missing is None else value.missing.reason
            lines.append(Message("{key}: cannot be judged: {why}.").filled(key=key, why=why))
        elif Fraction(value.value) < bound and not _equal(value.numerator, value.denominator, bound):
            shown = {"value": Marked(f"{value.value:.4g}"), "least": Marked(f"{float(bound):g}")}
            lines.append(Message("{key}: {value}, below {least}.").filled(key=key, **shown))
    if lines:
        head = Message("below what was agreed, {month}:").filled(month=asked.dashboard.period.key)
        raise ThresholdError(joined("\n  ", [head, *lines]), hint=Message("The page itself is written."))


def _equal(above: float | None, below: float | None, bound: Fraction) -> bool:
    """Whether a rate of whole numbers is exactly its bound, which a float may miss."""
    return bool(above is not None and below and Fraction(above) / Fraction(below) >= bound)
