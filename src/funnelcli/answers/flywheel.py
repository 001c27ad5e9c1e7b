"""The flywheel as a question: what attracts, engages and delights, what customers bring, and what slows it down."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import datetime

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.answers.cells import Words
from funnelcli.answers.dashboard import Dashboard
from funnelcli.answers.detractors import Detractors, detractors_of
from funnelcli.answers.journey import JourneyRequest, Loss, followed_trail, losses_of
from funnelcli.answers.packing import goals_for
from funnelcli.answers.report import build
from funnelcli.answers.report_model import Report, Row
from funnelcli.answers.spec import RangeOptions, resolve
from funnelcli.answers.stuck import StuckList, stuck_on
from funnelcli.answers.targets_loaded import NamedTargets
from funnelcli.facts.journeys import CUSTOMER, OPPORTUNITY
from funnelcli.facts.model import Facts
from funnelcli.metrics import CATALOGUE
from funnelcli.problems import InputError, UsageError
from funnelcli.text import Message, Text
from funnelcli.values.figures import Missing
from funnelcli.values.periods import Grain

MOST_TURNS = 60
TITLE = Message("The flywheel")


class Force(Struct, frozen=True, kw_only=True):
    """What turns the wheel, or slows it down: its name, and the metrics that show it."""

    key: str
    title: Text
    metrics: tuple[str, ...]


FORCES = (
    Force(
        key="attract", title=Message("Attract"),
        metrics=("net_new_visitors", "referral_signup_share_rate", "referral_new_paid_share_rate"),
    ),
    Force(
        key="engage", title=Message("Engage"),
        metrics=(
            "visitor_to_signup_rate", "signup_to_demo_rate", "demo_to_paid_rate", "response_minutes",
            "active_share_rate",
        ),
    ),
    Force(
        key="delight", title=Message("Delight"),
        metrics=(
            "nps_score", "nps_response_rate", "csat_rate", "renewal_rate", "expansion_share_rate", "advocates",
        ),
    ),
    Force(
        key="wheel", title=Message("What turns it"),
        metrics=(
            "invites_per_customer_ratio", "invite_conversion_rate", "k_factor_ratio", "blended_k_factor_ratio",
            "word_of_mouth_share_rate",
        ),
    ),
    Force(
        key="friction", title=Message("Friction"),
        metrics=(
            "paid_user_churn_rate", "tickets_per_100_paid_users_ratio", "first_response_minutes",
            "first_response_p90_minutes", "resolution_days", "resolution_p90_days", "open_tickets",
        ),
    ),
)  # fmt: skip


class WheelRequest(Struct, frozen=True, kw_only=True):
    """What is asked of the flywheel: over which periods, split by what, and how many turns are projected."""

    by: str | None = None
    grain: Grain = Grain.MONTH
    month: str | None = None
    first: str | None = None
    last: str | None = None
    latest: int | None = None
    as_of: str | None = None
    turns: int | None = None
    skip_bad_rows: bool = False


class Projection(Struct, frozen=True, kw_only=True):
    """Customers after each turn, if each brings ``k`` and nobody leaves: s × (1 + k + … + k^n); or why there is none.

    ``of`` is the metric that k is.
    """

    turns: int
    of: str
    start: float | None = None
    k: float | None = None
    totals: tuple[float, ...] = ()
    missing: Missing | None = None


class Flywheel(Struct, frozen=True, kw_only=True):
    """The flywheel: a report of its figures, looked at from its headline period, and what is listed below.

    ``stuck`` is None where there are no journeys of customers, ``projection`` where none is asked for.
    """

    dashboard: Dashboard
    detractors: Detractors
    stuck: StuckList | None
    losses: tuple[Loss, ...]
    projection: Projection | None
    unread_targets: Words | None = None

    @property
    def report(self) -> Report:
        """The figures."""
        return self.dashboard.report

    def rows(self, force: Force) -> list[Row]:
        """The rows of a force, of the whole, as far as the report has them."""
        rows = (self.dashboard.row(key) for key in force.metrics)
        return [row for row in rows if row is not None]


def flywheel(
    facts: Facts,
    request: WheelRequest,
    now: datetime,
    load: Callable[[], NamedTargets | None] = lambda: None,
    *,
    asked: bool = False,
) -> Flywheel:
    """The flywheel of a folder; ``load`` gives the targets, which were ``asked`` for or lie beside the exports.

    Raises UsageError for a dimension that there is not, and for a number of turns that is none.
    """
    if request.turns is not None and not 1 <= request.turns <= MOST_TURNS:
        text = Message("--turns takes a whole number from 1 to {most}")
        raise UsageError(text.filled(most=MOST_TURNS))
    options = RangeOptions(
        first=request.first, last=request.last, month=request.month, latest=request.latest, grain=request.grain,
        as_of=request.as_of,
    )  # fmt: skip
    spec = resolve(options, facts, now=now, by=request.by, skip_bad_rows=request.skip_bad_rows)
    spec = replace(spec, title=TITLE)
    metrics = [CATALOGUE[key] for force in FORCES for key in force.metrics if key in CATALOGUE]
    report = build(facts, spec, metrics=metrics)
    goals, unread = goals_for(facts, report, load, now, asked=asked)
    dashboard = Dashboard(report=report, goals=goals)
    return Flywheel(
        dashboard=dashboard,
        detractors=detractors_of(facts, spec.periods[0].start, spec.as_of),
        stuck=_stuck(facts, request, now),
        losses=tuple(_losses(facts, report)),
        projection=None if request.turns is None else _projection(dashboard, facts, request.turns),
        unread_targets=unread,
    )


def _stuck(facts: Facts, request: WheelRequest, now: datetime) -> StuckList | None:
    """The customers who wait in a stage of setting up for longer than its limit; None without such journeys."""
    if CUSTOMER.source not in facts.inputs:
        return None
    try:
        return stuck_on(facts, JourneyRequest(name=CUSTOMER.name, as_of=request.as_of), now)
    except InputError:
        return None


def _losses(facts: Facts, report: Report) -> Iterator[Loss]:
    """The losses of the range by reason; none where there are no deals."""
    if OPPORTUNITY.source not in facts.inputs:
        return
    try:
        _, trail, facts = followed_trail(facts, OPPORTUNITY.name)
    except InputError:
        return
    yield from losses_of(facts, trail, report.spec)


def _projection(dashboard: Dashboard, facts: Facts, turns: int) -> Projection:
    """So many turns from the customers at the close of the headline period, at its k."""
    key = "k_factor_ratio" if "invites" in facts.inputs else "blended_k_factor_ratio"
    row, place = dashboard.row(key), dashboard.headline
    assert row is not None
    k = row.cells[place]
    start = closing_paid_users(dashboard, facts)
    missing = k.missing or (start if isinstance(start, Missing) else None)
    if k.value is None or isinstance(start, Missing):
        return Projection(turns=turns, of=key, missing=missing)
    return Projection(turns=turns, of=key, start=start, k=k.value, totals=tuple(projected(start, k.value, turns)))


def closing_paid_users(dashboard: Dashboard, facts: Facts) -> float | Missing:
    """The customers paying when the headline period ends."""
    from funnelcli.answers.explain import explain_value

    spec = dashboard.report.spec
    value = explain_value(facts, CATALOGUE["closing_paid_users"], dashboard.period, spec.as_of).value
    return value.missing if value.missing is not None else value.value or 0


def projected(start: float, k: float, turns: int) -> Iterator[float]:
    """The customers at the start and after each turn.

    >>> [round(total, 2) for total in projected(20, 0.1, 3)]
    [20, 22.0, 22.2, 22.22]
    """
    total, brought = start, start
    yield total
    for _ in range(turns):
        brought *= k
        total += brought
        yield total
