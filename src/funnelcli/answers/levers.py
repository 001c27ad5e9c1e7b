"""What would help most: each promise kept by itself, and what the leads of the month would then bring by the plan."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

import numpy as np
from msgspec import Struct

from funnelcli.answers.dashboard import Dashboard
from funnelcli.answers.measured import Figures, exact, known_until, new_arpa, window
from funnelcli.answers.plan_given import given_assumptions
from funnelcli.answers.report_model import Report
from funnelcli.config.agreement import Goal as Agreed
from funnelcli.counting.handed import with_handed
from funnelcli.counting.select import day_number
from funnelcli.facts.model import Facts
from funnelcli.metrics import CATALOGUE
from funnelcli.planning.assume import Assumptions, Given, assume
from funnelcli.planning.forward import customers_of
from funnelcli.planning.goals import NEW_PAID_USERS
from funnelcli.planning.keys import AnyKey, Key, RevenueModel
from funnelcli.planning.model import Goal, Measured
from funnelcli.problems import GoalError
from funnelcli.stats.distinct import is_among
from funnelcli.text import Message, Text
from funnelcli.values.figures import Missing, Unit, Value

# Fewer leads than that say too little of what a change would bring.
LEAST_LEADS = 30
MOST_LEVERS = 5
MONTHS_A_YEAR = 12
CUSTOMERS = "new_paid_users"
# Leads that fell through, by the figure that counts them.
_FELL_THROUGH = {
    "overdue_leads": "handed_overdue",
    "returned_too_early_leads": "handed_returned_early",
    "untouched_leads": "handed_untouched",
}
_NO_LEADS = Message("no lead came in the month")
_NO_PRICE = Message("what a new customer brings is not known: {why}")


class Lever(Struct, frozen=True, kw_only=True):
    """A change of one figure to what was promised, what it would add to the goal in a month like this, of how many."""

    key: str
    now: float
    promise: float
    effect: float
    leads: int


class Levers(Struct, frozen=True, kw_only=True):
    """The changes that would add most to the figure ``of``; none, and ``why``, where the plan cannot tell.

    ``rates`` are those of the plan that the ``signups`` of the month go through, ``each`` what a new customer adds.
    Where there are no demos, it is the ``mqls`` of the month of which a ``share`` pays.
    """

    of: str = CUSTOMERS
    changes: tuple[Lever, ...] = ()
    why: Text | None = None
    signups: float = 0
    rates: Mapping[Key, float] = {}
    each: float = 1
    mqls: float = 0
    share: float | None = None


class _Change(Struct, frozen=True, kw_only=True):
    """A figure taken to its promise: how many times as many signups there are then, and as many of them go on."""

    key: str
    now: float
    promise: float
    leads: int
    more: Fraction = Fraction(1)
    go_on: Fraction = Fraction(1)


def levers_of(facts: Facts, dashboard: Dashboard, quality: Report, goal: Agreed | None) -> Levers:
    """The changes that would add most to the goal of the agreement, else to new customers, the largest first."""
    came = dashboard.row("new_leads")
    leads = None if came is None else came.cells[dashboard.headline]
    if leads is None or not leads.value:
        return Levers(why=_NO_LEADS if leads is None or leads.missing is None else leads.missing.reason)
    signups = Fraction(leads.value)
    plan = _Plan(facts, dashboard)
    of, each = plan.worth(goal)
    if isinstance(each, Missing):
        return Levers(of=of, why=_NO_PRICE.filled(why=each.reason))
    changes = list(_changes(dashboard, quality, facts))
    try:
        now = customers_of(signups, plan.assumptions)
        more = [customers_of(signups * each.more, plan.assumptions, plan.better(each)) - now for each in changes]
    except GoalError as error:
        ready = None if "demos" in facts.inputs else _ready(dashboard, quality)
        if ready is None:
            return Levers(of=of, why=error.text)
        mqls, share = ready
        added = [
            mqls * (change.more * min(share * change.go_on, max(share, Fraction(1))) - share) for change in changes
        ]
        largest = _largest(changes, added, each)
        return Levers(of=of, changes=largest, each=float(each), mqls=float(mqls), share=float(share))
    rates = {key: float(plan.assumptions[key].value or 0) for key in (Key.SIGNUP_TO_DEMO, Key.DEMO_TO_PAID)}
    largest = _largest(changes, more, each)
    return Levers(of=of, changes=largest, signups=float(signups), rates=rates, each=float(each))


def _largest(changes: Sequence[_Change], more: Sequence[Fraction], each: Fraction) -> tuple[Lever, ...]:
    """The changes that bring most, by the customers that each brings more."""
    known = [
        Lever(key=change.key, now=change.now, promise=change.promise, leads=change.leads, effect=float(number * each))
        for change, number in zip(changes, more, strict=True)
        if number > 0 and change.leads >= LEAST_LEADS
    ]
    return tuple(sorted(known, key=lambda lever: -lever.effect)[:MOST_LEVERS])


def _ready(dashboard: Dashboard, quality: Report) -> tuple[Fraction, Fraction] | None:
    """The MQLs of the month and the share of them that pays, by the latest whose horizon is over; None of too few."""
    mqls, paid = _value(dashboard, "mqls"), _total(quality, "mql_to_paid_rate")
    if not mqls or not paid.numerator or (paid.denominator or 0) < LEAST_LEADS:
        return None
    return Fraction(mqls), Fraction(paid.numerator) / Fraction(paid.denominator or 1)


class _Plan:
    """The assumptions of a plan: as the settings give them, else as ``funnelcli targets`` would measure them."""

    def __init__(self, facts: Facts, dashboard: Dashboard) -> None:
        as_of = known_until(facts, dashboard.report.spec.as_of)
        self._figures = Figures(facts, window(facts, as_of, None, None).months, as_of)
        self._given: dict[AnyKey, Given] = given_assumptions({}, facts.config.plan)
        leaves_out: dict[AnyKey, Given] = {Key.VISITOR_TO_SIGNUP: Given(value=None, place="")}
        rates = (Key.SIGNUP_TO_DEMO, Key.DEMO_TO_PAID)
        measured = Measured(pooled={key: self._figures.pooled(key, None) for key in rates if self._figures.months})
        goal = Goal(kind=NEW_PAID_USERS, amount=Fraction(1))
        self.assumptions: Assumptions = assume({**self._given, **leaves_out}, measured, goal, RevenueModel.RECURRING)

    def better(self, change: _Change) -> Mapping[AnyKey, Fraction] | None:
        """The share of signups that go on once a figure is as promised; no more than all of them."""
        rate = self.assumptions[Key.SIGNUP_TO_DEMO].value
        if change.go_on == 1 or rate is None:
            return None
        return {Key.SIGNUP_TO_DEMO: min(rate * change.go_on, max(rate, Fraction(1)))}

    def worth(self, goal: Agreed | None) -> tuple[str, Fraction | Missing]:
        """Of which figure the effect is, and what a new customer adds to it: of other goals than money, themselves."""
        known = CATALOGUE.get(goal.metric) if goal is not None and goal.metric else None
        if known is None or known.unit is not Unit.AMOUNT:
            return CUSTOMERS, Fraction(1)
        return known.key, self._price(known.key)

    def _price(self, key: str) -> Fraction | Missing:
        """The deal that is given; of deals the average won; else a year of the MRR that new customers begin with."""
        given = self._given.get(Key.DEAL_SIZE)
        if given is not None and given.value is not None:
            return given.value
        if key.startswith("won_"):
            amounts, deals = self._figures.of("won_amount", None), self._figures.of("won_deals", None)
            won = [(amount, deal) for amount, deal in zip(amounts, deals, strict=True) if amount.value is not None]
            number = sum((exact(deal.value) for _, deal in won), Fraction(0))
            if number:
                return sum((exact(amount.value) for amount, _ in won), Fraction(0)) / number
        arpa, _ = new_arpa(self._figures)
        if isinstance(arpa, Missing):
            return arpa
        return arpa.numerator / arpa.denominator * (1 if key.endswith("mrr_amount") else MONTHS_A_YEAR)


def _changes(dashboard: Dashboard, quality: Report, facts: Facts) -> Iterator[_Change]:
    """Every figure that has a promise which the plan knows the way of, be it kept or not."""
    mqls, promised = _value(dashboard, "mqls"), _value(dashboard, "promised_mqls")
    if mqls and promised is not None:
        yield _Change(
            key="mqls", now=mqls, promise=promised, leads=int(mqls), more=Fraction(promised) / Fraction(mqls)
        )  # fmt: skip
    sqls, share = _total(quality, "mql_to_sql_rate"), facts.config.sla.marketing.mql_to_sql_rate
    if share is not None and sqls.numerator and sqls.denominator:
        now = Fraction(sqls.numerator) / Fraction(sqls.denominator)
        yield _Change(
            key="mql_to_sql_rate", now=float(now), promise=float(share), leads=int(sqls.denominator),
            go_on=Fraction(share) / now,
        )  # fmt: skip
    accepted = _value(dashboard, "accepted_leads")
    handed = int(_value(dashboard, "handed_over_leads") or 0)
    for key, event in _FELL_THROUGH.items():
        number = _value(dashboard, key)
        if number and accepted:
            more = 1 + _accepted_more(facts, dashboard, event) / Fraction(accepted)
            yield _Change(key=key, now=number, promise=0, leads=handed, go_on=more)


def _accepted_more(facts: Facts, dashboard: Dashboard, event: str) -> Fraction:
    """How many more hand-overs of an event would be accepted, were they as often as the others: 0 where none would.

    How often that is, those that are pending do not tell.  What was accepted of the event already is no more.
    """
    events = with_handed(facts, dashboard.report.spec.as_of).events
    period = dashboard.period

    def places(name: str) -> np.ndarray:
        day = events[name].day
        within = (day >= day_number(period.start)) & (day <= day_number(period.last_day))
        return np.asarray(events[name].link[within])

    fell, accepted, judged = places(event), places("handed_accepted"), places("handed_judged")
    others = judged[~is_among(judged, fell)]
    if not len(others):
        return Fraction(0)  # nothing says how often they would be
    rate = Fraction(int(is_among(others, accepted).sum()), len(others))
    return max(rate * len(fell) - int(is_among(fell, accepted).sum()), Fraction(0))


def _total(report: Report, key: str) -> Value:
    return next(row.total for row in report.rows if row.metric.key == key and row.part is None)


def _value(dashboard: Dashboard, key: str) -> float | None:
    row = dashboard.row(key)
    return None if row is None else row.cells[dashboard.headline].value
