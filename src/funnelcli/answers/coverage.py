"""Whether the open deals cover what is still to be won: the pipeline beside the target of each month."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import numpy as np
from msgspec import Struct

from funnelcli.answers.report_model import Report
from funnelcli.answers.targets_tables import Targets
from funnelcli.counting.select import day_number
from funnelcli.counting.stage_times import waiting_in
from funnelcli.facts.events import NO_DAY
from funnelcli.facts.model import Facts
from funnelcli.facts.staged import expected
from funnelcli.facts.trails import Trail, subjects_of, worth_of
from funnelcli.planning.deals import REQUIRED_WON_DEALS
from funnelcli.text import Message
from funnelcli.values.figures import Missing, in_units
from funnelcli.values.periods import Grain, Period, month_of

MONTHS_MOST = 6
TARGET_AMOUNT = "won_amount"
WON_ALREADY = Missing("target-reached", Message("the target is reached"))
NO_AVERAGE = Missing("no-average-deal", Message("no deal that was won in these periods has an amount"))


class Coverage(Struct, frozen=True, kw_only=True):
    """A month with a target: what is still to be won, and what open deals that are expected to close in it are worth.

    ``ratio`` is the one to the other, missing where nothing is to be won or no average deal is known.  ``unpriced`` of
    the open ``deals`` have no amount.
    """

    period: Period
    target: float
    won: float
    to_win: float
    deals: int
    unpriced: int
    worth: float
    ratio: float | None
    missing: Missing | None = None


class PipelineCoverage(Struct, frozen=True, kw_only=True):
    """The months that have targets, and the open deals whose expected day is over, or that have none."""

    months: tuple[Coverage, ...]
    overdue: int
    undated: int


def pipeline_coverage(facts: Facts, trail: Trail, report: Report, targets: Targets) -> PipelineCoverage | None:
    """The pipeline beside the targets of deals to be won, or of the amount; None where there are none from as_of on.

    A number of deals to be won is worth so many times the average deal won in the report's periods.
    """
    rows = {key: targets.rows.get((key, None, None), {}) for key in (TARGET_AMOUNT, REQUIRED_WON_DEALS)}
    of_deals = not rows[TARGET_AMOUNT]
    wanted = rows[REQUIRED_WON_DEALS] if of_deals else rows[TARGET_AMOUNT]
    as_of = report.spec.as_of
    months = [month for month in sorted(wanted) if _month(month).last_day >= as_of][:MONTHS_MOST]
    if not months or report.spec.grain is not Grain.MONTH:
        return None
    average = next((row.total.value for row in report.rows if row.metric.key == "average_won_amount"), None)
    closing, worth = _open_deals(facts, trail, day_number(as_of))
    covered = tuple(
        _of_month(facts, _month(month), wanted[month], (closing, worth), average, of_deals=of_deals) for month in months
    )
    begun = day_number(as_of)
    return PipelineCoverage(
        months=covered, overdue=int(((closing != NO_DAY) & (closing <= begun)).sum()),
        undated=int((closing == NO_DAY).sum()),
    )  # fmt: skip


def _month(text: str) -> Period:
    return month_of(date.fromisoformat(f"{text}-01"))


def _open_deals(facts: Facts, trail: Trail, until: int) -> tuple[np.ndarray, np.ndarray]:
    """Of each deal that is open on a day, when it is expected to close (NO_DAY: nobody says), and its worth."""
    places = np.concatenate(
        [waiting_in(trail, trail.journey.place(stage.name), until).place for stage in trail.journey.ways]
    )
    subject, worth = trail.subject[places], worth_of(trail)[places]
    events = facts.events.get(expected(trail.journey.source or ""))
    closing = np.full(len(subject), NO_DAY)
    if events is not None and len(events):
        latest = dict(zip(subjects_of(events, trail.journey).tolist(), events.day.tolist(), strict=True))
        closing = np.array([latest.get(each, NO_DAY) for each in subject.tolist()], dtype=np.int64)
    return closing, worth


def _of_month(
    facts: Facts,
    period: Period,
    target: Fraction,
    open_deals: tuple[np.ndarray, np.ndarray],
    average: float | None,
    *,
    of_deals: bool,
) -> Coverage:
    closing, worth = open_deals
    first, after = day_number(period.start), day_number(period.end)
    mine = (closing >= first) & (closing < after)
    priced = worth[mine & (worth >= 0)]
    amount = in_units(int(priced.sum()), 100)
    won = _won(facts, first, after, of_deals=of_deals)
    left = max(float(target) - won, 0.0)
    needed = left if not of_deals else None if average is None else left * average
    missing = WON_ALREADY if not left else NO_AVERAGE if needed is None else None
    return Coverage(
        period=period, target=float(target), won=won, to_win=left, deals=int(mine.sum()),
        unpriced=int((mine & (worth < 0)).sum()), worth=amount,
        ratio=None if missing is not None or not needed else amount / needed, missing=missing,
    )  # fmt: skip


def _won(facts: Facts, first: int, after: int, *, of_deals: bool) -> float:
    kind = "won" if of_deals else "worth_won"
    events = facts.events.get(f"deals:opportunity:{kind}")
    if events is None:
        return 0.0
    weight = int(events.weight[(events.day >= first) & (events.day < after)].sum())
    return float(weight) if of_deals else float(in_units(weight, 100))
