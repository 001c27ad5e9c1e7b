"""What the reader of a plan should know of the time that selling takes."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from fractions import Fraction

from funnelcli.planning.declare import PlannedMetric
from funnelcli.planning.labels import month_words
from funnelcli.planning.placing import Due
from funnelcli.planning.selling import LagPlan
from funnelcli.text import COMMA, Message, Text, grouped, joined, percent
from funnelcli.values.channels import CHANNEL_LABELS
from funnelcli.values.figures import Note, Unit
from funnelcli.values.periods import Grain, Period, shift

NEARER = "nearer-than-lag"
# A goal is nearer than the lag where fewer of those who ever get on do so in time.
IN_TIME = Fraction(9, 10)


def lag_notes(plan: LagPlan, plain: Sequence[int], periods: Sequence[Period]) -> Iterator[Note]:
    """What the quotas bring by the end and later, what is in hand, what had to come by now, and a goal too near.

    ``plain`` are the quotas of the first stage of a plan that knows no time.
    """
    if not any(plan.needs):
        return
    last, needed = month_words(periods[-1]), grouped(sum(plan.needs))
    if plan.entrants is not None:
        text = _PLANNED.filled(
            who=_who(plan), brought=_few(sum(plan.brought)), last=last, needed=needed,
            late=_few(plan.after_end), plain=_entrants(plan, sum(plain)), fewer=_few(plan.plain_brings(plain)),
            left=_few(plan.need_left),
        )  # fmt: skip
        yield Note("lag-plan", text)
    credit = sum(plan.credit, Fraction(0))
    if credit:
        share = percent(float(plan.covers or 0), 0)
        text = _IN_HAND.filled(open=_open(plan), brought=_few(credit), needed=needed, share=share, last=last)
        yield Note("pipeline-in-hand", text)
    due = [_due(plan, each, periods) for each in plan.due if each.had]
    if due:
        yield Note("had-to-come", joined(" ", due))
    few = [CHANNEL_LABELS[part.channel] for part in plan.parts if part.few and part.channel]
    if few:
        yield Note("pooled-lag", _POOLED.filled(channels=joined(COMMA, few)))
    if is_nearer(plan):
        yield Note(NEARER, nearer_words(plan, plain, periods))


_PLANNED = Message(
    "{who} bring {brought} new PU by the end of {last}, and {late} more later. If selling took "
    "no time it would be {plain}, which bring {fewer} of the {needed} needed; the need left over the rate is {left}."
)
_WITH_THEM = Message("{entrants} and those in hand")
_IN_HAND = Message(
    "In hand are {open} that may still get on: they bring {brought} new PU by the end of {last}, {share} of {needed}."
)
_DUE = Message("Of {entrants} for {month}, {had} had to come by now; {did} did.")
_POOLED = Message("Too few of {channels} got on to tell how long that takes: they are taken to need as long as all do.")
_HOW_MANY = Message("{n} [signup|signups]")
_HOW_MANY_DEMOS = Message("{n} [demo|demos]")


def how_many(stage: PlannedMetric, number: Fraction | int) -> Text:
    """So many of a stage: ``140 signups``."""
    return (_HOW_MANY_DEMOS if stage.unit is Unit.DEMOS else _HOW_MANY).filled(n=_few(number))


def _entrants(plan: LagPlan, number: Fraction | int) -> Text:
    """So many of the stage that people enter first."""
    return how_many(plan.top, number)


def _open(plan: LagPlan) -> Text:
    """Who is in hand, by stage: ``254 signups, 31 demos``."""
    return joined(COMMA, [how_many(stage, n) for stage, n in zip(plan.chain, plan.open, strict=False)])


def _who(plan: LagPlan) -> Text:
    """Who brings the customers of a plan."""
    entrants = _entrants(plan, sum(plan.entrants or ()))
    return _WITH_THEM.filled(entrants=entrants) if any(plan.credit) else entrants


def _due(plan: LagPlan, due: Due, periods: Sequence[Period]) -> Text:
    """``Of 140 signups for Jan 2027, 52 had to come by now; 47 did.``"""
    return _DUE.filled(
        entrants=_entrants(plan, due.all), month=month_words(periods[due.month]), had=_few(due.had), did=_few(due.did)
    )


def is_nearer(plan: LagPlan) -> bool:
    """Whether the plan ends before nine tenths of those who ever get on have, though they enter in its first month.

    Where those in hand are enough nobody has to be in time.
    """
    takes_any = plan.entrants is None or any(plan.entrants)
    return any(plan.needs) and takes_any and plan.in_time < IN_TIME


def nearer_words(plan: LagPlan, plain: Sequence[int], periods: Sequence[Period]) -> Text:
    """What can still come in time, what it takes, and when a plan that knows no time gets there."""
    last = month_words(periods[-1])
    until = shift(periods[0], plan.months_until(plain) - 1, Grain.MONTH)
    takes = _NONE_HELP if plan.entrants is None else _TAKES.filled(entrants=_entrants(plan, sum(plan.entrants)))
    return _NEARER.filled(
        share=percent(float(plan.in_time), 0), last=last, credit=_few(sum(plan.credit, Fraction(0))),
        needed=grouped(sum(plan.needs)), takes=takes, plain=_entrants(plan, sum(plain)), until=month_words(until),
    )  # fmt: skip


_NEARER = Message(
    "The goal is nearer than the lag: of those who ever become customers {share} do by the end of {last}, if they come "
    "in the first month. Those in hand bring {credit} of {needed} new PU; {takes}. With the {plain} of a plan that "
    "knows no time they are there in {until}."
)
_TAKES = Message("the rest takes {entrants}")
_NONE_HELP = Message("nobody who comes from now on is in time")


def median_note(plan: LagPlan, plain: Sequence[int]) -> Note:
    """Where nobody said whether a plan is to know the time that selling takes: how long that is, and what it changes.

    ``plain`` are the quotas of the first stage without it.
    """
    median = next(lag for lag in range(len(plan.lag.shares)) if plan.lag.by(lag) * 2 >= plan.lag.reached)
    asks = _NONE_HELP if plan.entrants is None else _ASKS.filled(entrants=_entrants(plan, sum(plan.entrants)))
    at_once = _AT_ONCE if any(plan.lag.shares[1:]) else _ALL_AT_ONCE
    how = _MEDIAN.filled(median=median) if median else at_once
    return Note("lag-not-planned", _UNASKED.filled(how=how, asks=asks, plain=_entrants(plan, sum(plain))))


_UNASKED = Message(
    "Selling is taken to need no time; measured, {how}. --lag measured plans with that: {asks}, instead of {plain}. "
    "--lag none says that none is meant."
)
_MEDIAN = Message("half of the customers come {median} month [end|ends] or more after their signup")
_AT_ONCE = Message("half of the customers or more come in the month of their signup, the others later")
_ALL_AT_ONCE = Message("all customers come in the month of their signup")
_ASKS = Message("{entrants} are needed")


def no_time_note() -> Note:
    """That a plan which was to know the time that selling takes is the one that knows none."""
    return Note("lag-takes-no-time", _NO_TIME)


_NO_TIME = Message("All who become customers do so in the month of their signup: the plan is the one without lag.")


def _few(number: Fraction | int) -> Text:
    """A number with a tenth, where it has one."""
    return grouped(float(number), 1)
