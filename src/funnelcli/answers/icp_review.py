"""The review of the ideal customer profile: do the tiers rank, which values differ, and what the profile should be."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime
from typing import Literal

import numpy as np
from msgspec import Struct
from msgspec.structs import replace

from funnelcli.answers.icp_kept import KeptReview
from funnelcli.answers.icp_mistakes import Mistake, mistakes_of
from funnelcli.answers.icp_outcomes import Outcome, Range, days_to_pay, outcomes_of
from funnelcli.answers.icp_proposed import Proposal, proposals_of
from funnelcli.answers.icp_requests import Requests, requests_of
from funnelcli.answers.icp_tests import (
    CRITERION,
    Compared,
    Figure,
    figure_of,
    of_criteria,
    of_tiers,
    of_values,
    tier_of,
    with_q,
)
from funnelcli.answers.icp_values import Values, values_of
from funnelcli.answers.notes import notes_of_findings
from funnelcli.answers.report import build
from funnelcli.answers.report_model import Report, Source
from funnelcli.answers.rule_checks import rules_of_profile
from funnelcli.answers.spec import RangeOptions, resolve
from funnelcli.facts.dimensions import TIER
from funnelcli.facts.model import Facts
from funnelcli.facts.tiers import TIERS
from funnelcli.metrics import CATALOGUE
from funnelcli.problems import ConfigError
from funnelcli.stats.survival import kaplan_meier
from funnelcli.text import Message
from funnelcli.values.figures import Note, Value
from funnelcli.values.periods import Grain, Period, whole

QUARTERS = 4
INTERVIEW, MONEY = 30, 200  # customers below which to talk to them, and below which money is not tested
TITLE = Message("Review of the ideal customer profile")
EFFORT = (
    "accounts", "demo_effort_share_rate", "touch_effort_share_rate", "ticket_effort_share_rate",
    "cost_effort_share_rate", "mrr_share_rate",
)  # fmt: skip
REQUESTS = ("opened_tickets", "tickets_per_100_paid_users_ratio")
Moved = Literal["rose", "fell", "new", "gone"]


class ReviewRequest(Struct, frozen=True, kw_only=True):
    """What is asked: over which quarters, up to which day; and whether it ``keeps`` the review for the next."""

    first: str | None = None
    last: str | None = None
    latest: int | None = None
    as_of: str | None = None
    skip_bad_rows: bool = False
    keeps: bool = True


class TierRow(Struct, frozen=True, kw_only=True):
    """A tier: its accounts at the end, each outcome, and the days by which half have paid (None: never half)."""

    tier: str
    accounts: int
    figures: Mapping[str, Figure]
    days: float | None


class Change(Struct, frozen=True, kw_only=True):
    """What of a value is other than at the last review: figures then and now, one of which may be none that stood."""

    moved: Moved
    attribute: str
    value: str
    outcome: str
    before: float | None
    now: float | None


class Review(Struct, frozen=True, kw_only=True):
    """The whole review; ``report`` are figures by tier over its range, ``known`` those by attribute; the profile is
    ``later`` than the day of the review, where it was declared after it."""

    period: Period
    periods: tuple[Period, ...]
    as_of: date
    timezone: str
    currency: str
    since: date | None
    age: int | None
    accounts: int
    customers: Value
    later: bool
    is_dated: bool
    known: tuple[tuple[str, Value], ...]
    outcomes: tuple[Outcome, ...]
    tiers: tuple[TierRow, ...]
    report: Report
    compared: tuple[Compared, ...]
    ranks: tuple[Compared, ...]
    criteria: tuple[Compared, ...]
    values: tuple[Values, ...]
    kept: KeptReview | None
    changes: tuple[Change, ...]
    proposals: tuple[Proposal, ...]
    mistakes: tuple[Mistake, ...]
    requests: tuple[Requests, ...]
    notes: tuple[Note, ...]
    keeps: bool = True

    @property
    def sources(self) -> tuple[Source, ...]:
        """The files that it is made of."""
        return self.report.sources

    @property
    def tests(self) -> int:
        """How many tests were made."""
        return sum(each.q is not None for each in (*self.compared, *self.ranks, *self.criteria))

    def share(self, metric: str, tier: str) -> Value | None:
        """A figure of the range of a tier."""
        rows = (row for row in self.report.rows if row.metric.key == metric and row.part is not None)
        return next((row.total for row in rows if row.part is not None and row.part.key == tier), None)


def review(facts: Facts, request: ReviewRequest, now: datetime, kept: Sequence[KeptReview] = ()) -> Review:
    """The review of the last four quarters, beside the latest of the ``kept`` ones that is of an earlier day.

    Raises ConfigError where no profile is declared.
    """
    if not facts.tiers.is_declared:
        raise ConfigError(
            Message("No ideal customer profile is declared."),
            hint=Message('Say who it is in funnel.toml: [icp] hard = { country = ["VN"] }, soft = [...].'),
        )
    latest = request.latest if request.first or request.latest else QUARTERS
    options = RangeOptions(
        first=request.first, last=request.last, latest=latest, grain=Grain.QUARTER, as_of=request.as_of
    )
    spec = resolve(options, facts, now=now, by=TIER, skip_bad_rows=request.skip_bad_rows)
    spec = replace(spec, title=TITLE, before=None)
    report = build(facts, spec, metrics=[CATALOGUE[key] for key in (*EFFORT, *REQUESTS)])
    by_attribute = build(facts, replace(spec, by="attribute"), metrics=[CATALOGUE["attribute_known_rate"]])
    seen = Range.of(facts, whole(spec.periods), spec.as_of)
    no_customers = seen.why("closing_paid_users")
    customers = 0 if no_customers else int((seen.level("paying", seen.end) > 0).sum())
    outcomes = outcomes_of(seen, money_tests=customers >= MONEY)
    values = values_of(facts.tiers, facts.config.icp, seen.end)
    tests = with_q(
        [
            *of_values(outcomes, values), *of_tiers(outcomes, facts.tiers), *of_criteria(outcomes, facts.tiers),
        ]
    )  # fmt: skip
    ranks = tuple(each for each in tests if each.attribute == TIER)
    criteria = tuple(each for each in tests if each.attribute.startswith(f"{CRITERION}:"))
    compared = tuple(each for each in tests if each.attribute != TIER and f"{CRITERION}:" not in each.attribute)
    before = max((each for each in kept if each.as_of < spec.as_of), key=lambda each: each.as_of, default=None)
    since = facts.config.icp.since
    return Review(
        period=seen.period, periods=spec.periods, as_of=spec.as_of, timezone=spec.timezone, currency=spec.currency,
        since=since, age=None if since is None or since > spec.as_of else (spec.as_of - since).days,
        accounts=int(np.count_nonzero(seen.firms.begun <= seen.end)),
        customers=Value(value=None if no_customers else customers, missing=no_customers),
        later=since is not None and since > spec.as_of, is_dated=facts.attributes.is_dated,
        known=tuple((row.part.key, row.total) for row in by_attribute.rows if row.part and row.total.denominator),
        outcomes=outcomes, tiers=tuple(_tier_rows(seen, outcomes)), report=report, compared=compared, ranks=ranks,
        criteria=criteria, values=values, kept=before, changes=tuple(_changes(compared, before)),
        proposals=tuple(proposals_of(facts.config.icp, criteria, compared, values)),
        mistakes=tuple(mistakes_of(seen, facts.config.icp, values, outcomes)),
        requests=requests_of(seen), notes=tuple(notes_of_findings(rules_of_profile(facts))), keeps=request.keeps,
    )  # fmt: skip


def _tier_rows(seen: Range, outcomes: Sequence[Outcome]) -> Iterator[TierRow]:
    tiers = seen.facts.tiers
    today = tiers.spans.tier[tiers.on(seen.end)]
    there = seen.firms.begun <= seen.end
    account, took, became = days_to_pay(seen)
    came = seen.first_days("signup")
    of_new = tiers.spans.tier[tiers.spans.places(account, came[account])]
    for code, name in enumerate(TIERS):
        figures = {
            each.key: figure_of(each, tier_of(tiers, each) == code) for each in outcomes if each.missing is None
        }  # fmt: skip
        mine = of_new == code
        curve = kaplan_meier(took[mine], became[mine]) if mine.any() else None
        yield TierRow(
            tier=name, accounts=int(np.count_nonzero(there & (today == code))), figures=figures,
            days=None if curve is None else curve.percentile(0.5),
        )  # fmt: skip


def _changes(compared: Sequence[Compared], before: KeptReview | None) -> Iterator[Change]:
    """What rose and fell since the last review, of the values that stood then or stand now."""
    if before is None:
        return
    now = {(each.attribute, each.value, each.outcome.key): each for each in compared}
    then = {(each.attribute, each.value, each.outcome): each for each in before.rows}
    stood = {key for key, each in then.items() if each.stands}
    stands = {key for key, each in now.items() if each.verdict == "stands"}
    for key in sorted(stood | stands):
        was, is_now = then.get(key), now.get(key)
        value = None if is_now is None else is_now.figure.value
        old = None if was is None else was.figure
        if key not in stood:
            moved: Moved = "new"
        elif key not in stands:
            moved = "gone"
        elif value is None or old is None or value == old:
            continue
        else:
            moved = "rose" if value > old else "fell"
        yield Change(moved=moved, attribute=key[0], value=key[1], outcome=key[2], before=old, now=value)
