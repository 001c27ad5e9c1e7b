"""The time that selling takes in a plan: measured, given in months, or none; and what to say where nobody chose."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from fractions import Fraction

from msgspec.structs import replace

from funnelcli.planning.keys import AnyKey, Key
from funnelcli.planning.labels import span_words
from funnelcli.planning.lag import AT_ONCE, Lag
from funnelcli.planning.lag_notes import NEARER
from funnelcli.planning.model import Assumption, Measured, Origin, Plan, Pooled
from funnelcli.planning.plan import PlanSpec
from funnelcli.planning.selling import MeasuredLag, SellingTime, lead_of
from funnelcli.problems import GoalError
from funnelcli.text import Message, grouped
from funnelcli.values.channels import Channel
from funnelcli.values.figures import Missing, Note
from funnelcli.values.lags import LagCounts, LagGiven, parse_lag
from funnelcli.values.periods import Period

Known = MeasuredLag | Missing | None
_STEPS = (Key.SIGNUP_TO_DEMO, Key.DEMO_TO_PAID)


def lag_of_settings(written: str | int | None) -> LagGiven | None:
    """The lag that the settings give, None where they give none."""
    return None if written is None else parse_lag(written)


def counted_by_hand(day: date | None, begins: Period) -> SellingTime | None:
    """What is known without exports: which months before the plan are not over on a day; None where none is given."""
    return None if day is None else SellingTime(lags={}, lead=lead_of(day, begins))


def with_lag(spec: PlanSpec, given: LagGiven | None, known: Known, counted: SellingTime | None) -> PlanSpec:
    """The plan with the time that selling takes; where nobody said, a note tells what it would change.

    Where it is not measured ``counted`` are those who signed up.  GoalError where it is to be measured and cannot be.
    """
    if given is None:
        return _hinted(spec, known)
    if given in ("none", 0):
        return spec
    if given == "measured":
        return _measured(spec, _known(known))
    there = known.time if isinstance(known, MeasuredLag) else counted
    time = _after(int(given), there or SellingTime(lags={}))
    return replace(spec, lag=time, notes=spec.notes if there else (*spec.notes, Note("no-day", _NO_DAY)))


_NO_DAY = Message(
    "No day says which months before the plan are over, so all are taken to be; --as-of gives it, and the others "
    "quotas."
)


def _known(known: Known) -> MeasuredLag:
    if isinstance(known, MeasuredLag):
        return known
    reason = NO_EXPORTS if known is None else known.reason
    raise GoalError(
        Message("The lag cannot be measured: {reason}.").filled(reason=reason),
        hint=Message("Give it in months with --lag 2, or plan without it: --lag none."),
    )


NO_EXPORTS = Message("there are no exports to measure it from")


def _measured(spec: PlanSpec, known: MeasuredLag) -> PlanSpec:
    """The plan at the rates of the people whom the lags are measured of, but for those that are given."""
    measured = spec.measured and replace(spec.measured, of_channel=_of_channel(spec.measured, known))
    assumptions = {**spec.assumptions, **_rates(spec, known)}
    return replace(spec, assumptions=assumptions, measured=measured, lag=known.time)


def _of_channel(measured: Measured, known: MeasuredLag) -> dict[Channel, Mapping[AnyKey, Pooled | Missing]]:
    """The rates of each channel, its steps by lag: as many of its members as the shares of all lags come to."""
    rates: dict[Channel, Mapping[AnyKey, Pooled | Missing]] = {}
    for channel, own in measured.of_channel.items():
        counts = known.of_channel.get(channel, {})
        by_lag = {key: _pooled(each, known.months) for key, each in counts.items() if each.known}
        rates[channel] = {**own, **by_lag}
    return rates


def _pooled(counts: LagCounts, months: tuple[str, str]) -> Pooled:
    members = Fraction(counts.known[0])
    return Pooled(numerator=min(counts.reached, Fraction(1)) * members, denominator=members, months=months)


def _rates(spec: PlanSpec, known: MeasuredLag) -> dict[AnyKey, Assumption]:
    """The rates of the stages, of all who ever get on, where they are not given."""
    source = _BY_LAG.filled(n=grouped(known.members), months=span_words(*known.months))
    return {
        key: replace(
            spec.assumptions[key], value=known.time.lags[key].reached, origin=Origin.MEASURED, source=source,
            missing=None, plain=source.of("en"), numerator=None, denominator=None,
        )
        for key in _STEPS
        if spec.assumptions[key].origin is not Origin.GIVEN
    }  # fmt: skip


_BY_LAG = Message("by lag, of the {n} [signup|signups] of {months}")


def _after(months: int, there: SellingTime) -> SellingTime:
    """All who get on do so so many months later: the demo in the month of the signup, the customer after it."""
    lags: dict[AnyKey, Lag] = {
        Key.SIGNUP_TO_DEMO: AT_ONCE,
        Key.DEMO_TO_PAID: Lag(shares=(*[Fraction(0)] * months, Fraction(1))),
    }
    of_channel = {channel: replace(mine, lags={}, few=()) for channel, mine in there.of_channel.items()}
    return replace(there, lags=lags, of_channel=of_channel, booked_at_once=True)


def _hinted(spec: PlanSpec, known: Known) -> PlanSpec:
    """The plan without time, and with what it would be with the measured one."""
    if not isinstance(known, MeasuredLag):
        return spec
    return replace(spec, unasked=_measured(spec, known))


def check_not_nearer(plan: Plan) -> None:
    """GoalError where the goal is nearer than the time that selling takes."""
    for note in plan.notes:
        if note.code == NEARER:
            raise GoalError(note.text, hint=_GIVE_TIME)


_GIVE_TIME = Message("Give a later --to or a lower goal; without --strict the plan is written.")
