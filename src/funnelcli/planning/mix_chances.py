"""Mixes of channels under chance: the cheapest of those tried that is as sure as is asked, and how sure each is.

A mix that is expected to bring more than the goal is surer of it; the smallest margin is looked for that is enough.
Source: docs/planning.md, mixes under chance.
"""

from __future__ import annotations

from abc import ABC, abstractmethod
from collections.abc import Iterator
from fractions import Fraction
from functools import cache
from math import ceil, floor

from msgspec import Struct
from msgspec.structs import replace

from funnelcli.planning.chances import SIDE_BY_SIDE, simulated_of
from funnelcli.planning.chosen import Chosen, Ground, best_of, made_of, mix_for, mix_of
from funnelcli.planning.gains import wider
from funnelcli.planning.means import Wish
from funnelcli.planning.means_metrics import SIGNUP_COST
from funnelcli.planning.metrics import NEW_PAID_USERS, SIGNUPS
from funnelcli.planning.mix_ground import NO_TIME
from funnelcli.planning.mix_limits import Mix, Needed
from funnelcli.planning.mix_plan import Gain
from funnelcli.planning.mix_quotas import lag_plan_of_mix
from funnelcli.planning.model import Goal
from funnelcli.planning.plan_spec import Aim, PlanSpec
from funnelcli.planning.prospects import prospects_of
from funnelcli.planning.selling import people_stages
from funnelcli.planning.sureness import Confidence, Sureness, whole_share
from funnelcli.problems import GoalError
from funnelcli.stats.crowds import Crowds, Outcomes
from funnelcli.text import Message, joined, percent

_FINE = 1000  # margins are thousandths of the goal, ...
_TENTHS = 10  # ... and what a budget is expected to win is looked for in tenths of a customer
_MOST = 20 * _FINE  # a margin beyond which nobody plans


class SureMix(Struct, frozen=True, kw_only=True):
    """How sure mixes are, and the ``chosen`` one, which is as sure as is asked: that of a plan with an ``aim``."""

    confidence: Confidence
    aim: Aim
    chosen: Chosen


def sure_mix(spec: PlanSpec, plain: Chosen) -> SureMix:
    """The mix that is as sure as is asked, beside the ``plain`` one.  GoalError where none is, with what binds."""
    assert spec.sure is not None
    level, most = spec.sure.level, spec.means.wish is Wish.NEW_PAID_USERS
    prospects = prospects_of(spec, spec.lag or NO_TIME, plain.ground.parts)
    crowds = Crowds(prospects, seed=spec.sure.seed, runs=spec.sure.runs)
    tried = (_ForMost if most else _ForLeast)(spec, plain.ground, crowds, plain.goal.amount, plain.mix)
    aims = {each: tried.aim_of(each) for each in sorted({*SIDE_BY_SIDE, level})}
    mine = aims[level]
    if mine is None:
        raise tried.refusal(level)
    lag = lag_plan_of_mix(spec, plain.goal, plain.channels, plain.ground.limits, plain.mix, plain.new)
    confidence = Confidence(
        asked=level, top=lag.top, seed=spec.sure.seed, runs=spec.sure.runs,
        levels=(tried.plain(plain), *(tried.sureness(each, aim) for each, aim in aims.items())),
        simulated=simulated_of(spec, lag, crowds, float(mine.goal)),
    )  # fmt: skip
    mine = replace(mine, gains=tuple(_gains(spec, plain.ground, crowds, level, mine)) if most else ())
    return SureMix(confidence=confidence, aim=mine, chosen=tried.chosen(mine, share=True))


def _gains(spec: PlanSpec, ground: Ground, crowds: Crowds, level: Fraction, aim: Aim) -> Iterator[Gain]:
    """What more of anything would win as surely."""
    for more, limits in wider(spec, ground.limits):
        mine, best = replace(ground, limits=limits), best_of(spec, limits)
        if best is None:
            continue
        tried = _ForMost(spec, mine, crowds, Fraction(best[0]), best[2])
        wins = tried.aim_of(level)
        if wins.goal > aim.goal:
            yield Gain(more=more, cost=tried.solution(wins)[2].cost, new=int(wins.goal))


class _Tried(ABC):
    """Mixes that were tried, and in which share of the runs each reaches a goal; all on the same random numbers.

    ``usual`` is the mix without chance, which reaches the ``goal``.
    """

    def __init__(self, spec: PlanSpec, ground: Ground, crowds: Crowds, goal: Fraction, usual: Mix) -> None:
        self.spec, self.ground, self.crowds = spec, ground, crowds
        self.goal, self.usual = goal, usual
        self._solution = cache(self._mix)

    @abstractmethod
    def amount(self, step: int) -> Fraction:
        """What the mix of a step is expected to bring."""

    @abstractmethod
    def aim_of(self, level: Fraction) -> Aim | None:
        """What a mix is to bring that is so sure; None where no mix is."""

    @abstractmethod
    def step_of(self, amount: Fraction) -> int:
        """The step whose mix is expected to bring so much."""

    def _mix(self, step: int) -> tuple[Goal, Needed, Mix] | None:
        amount = self.amount(step)
        return mix_for(self.spec, self.ground, Aim(amount=amount, goal=self.goal))

    def mix(self, step: int) -> Mix | None:
        """The mix of a step; None where there is none."""
        solution = self._solution(step)
        return None if solution is None else solution[2]

    def solution(self, aim: Aim) -> tuple[Goal, Needed, Mix]:
        """The goal of an aim, what it needs, and its mix."""
        solution = self._solution(self.step_of(aim.amount))
        assert solution is not None
        return replace(solution[0], amount=aim.goal), solution[1], solution[2]

    def chosen(self, aim: Aim, *, share: bool) -> Chosen:
        """What the mix of an aim comes to."""
        return made_of(replace(self.spec, aim=aim), self.ground, *self.solution(aim), share=share)

    def outcomes(self, mix: Mix) -> Outcomes:
        """What a mix reaches in the runs."""
        return Outcomes(self.crowds.reached([mix.signups[way.channel] for way in self.ground.limits.ways]))

    def chance(self, mix: Mix, goal: Fraction) -> float:
        """The share of the runs that reach a goal."""
        return self.outcomes(mix).share(float(goal))

    def plain(self, chosen: Chosen) -> Sureness:
        """How sure the mix without chance is of its goal."""
        return _sureness(None, chosen, self.chance(self.usual, self.goal))

    def sureness(self, level: Fraction, aim: Aim | None) -> Sureness:
        """The mix of an aim, and how sure it is."""
        if aim is None:
            return Sureness(level=level, total=None, chance=None, stages={})
        chosen = self.chosen(aim, share=False)
        return _sureness(level, chosen, self.chance(chosen.mix, aim.goal))

    @abstractmethod
    def refusal(self, level: Fraction) -> GoalError:
        """That no mix is so sure."""


def _sureness(level: Fraction | None, chosen: Chosen, chance: float) -> Sureness:
    """A mix beside others; where the most is asked for, the new customers are those that it wins so surely."""
    whole = chosen.quotas.whole
    stages = {stage.key: Fraction(sum(whole[stage.key] or ())) for stage in people_stages()}
    if chosen.said.wish is Wish.NEW_PAID_USERS:
        stages[NEW_PAID_USERS.key] = chosen.goal.amount
    stages[SIGNUP_COST.key] = chosen.said.cost
    return Sureness(level=level, total=int(stages[SIGNUPS.key]), chance=chance, stages=stages)


class _ForLeast(_Tried):
    """The cheapest mixes for a goal with a margin, in thousandths of the goal."""

    least = 0  # the surer never have a smaller margin

    def amount(self, step: int) -> Fraction:
        """The goal and so many thousandths of it."""
        return self.goal * Fraction(_FINE + step, _FINE)

    def step_of(self, amount: Fraction) -> int:
        """The thousandths that an amount is above the goal."""
        return int(amount / self.goal * _FINE) - _FINE

    def aim_of(self, level: Fraction) -> Aim | None:
        """The smallest margin whose mix is so sure."""
        step = self._smallest(float(level))
        if step is None:
            return None
        self.least = step
        return Aim(amount=self.amount(step), goal=self.goal)

    def _lacks(self, step: int, level: float) -> int:
        """How many thousandths of the goal the mix of a step lacks in the run that decides; 0 where it lacks none.

        A mix that cannot be had is as good as sure: what is looked for is the first step that is enough or is none.
        """
        mix, goal = self.mix(step), float(self.goal)
        outcomes = None if mix is None else self.outcomes(mix)
        if outcomes is None or outcomes.share(goal) >= level:
            return 0
        return max(ceil((goal - outcomes.surely(level)) / goal * _FINE), 1)

    def _smallest(self, level: float) -> int | None:
        low = high = self.least
        while (lacks := self._lacks(high, level)) and high < _MOST:
            low, high = high, min(high + lacks, _MOST)
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (middle, high) if self._lacks(middle, level) else (low, middle)
        mix = self.mix(high)
        return None if mix is None or self.chance(mix, self.goal) < level else high

    def refusal(self, level: Fraction) -> GoalError:
        """That no mix within what there is is so sure, how sure the surest is, and what binds."""
        low, high = 0, _MOST
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self.mix(middle) is None else (middle, high)
        mix, asked = self.mix(low), percent(float(level), 0)
        chance = 0.0 if mix is None else self.chance(mix, self.goal)
        fact = _NEVER_SO_SURE.filled(level=asked, chance=percent(whole_share(chance), 0))
        if high == _MOST:
            return GoalError(fact, hint=_TOO_LITTLE_KNOWN)
        aim = Aim(amount=Fraction(ceil(self.amount(high))), goal=self.goal)
        try:
            mix_of(replace(self.spec, aim=aim), self.ground)
        except GoalError as error:
            return GoalError(joined(" ", [fact, _MORE, error.text]), hint=error.advice)
        return GoalError(fact, hint=_TOO_LITTLE_KNOWN)


_NEVER_SO_SURE = Message("No mix meets the goal in {level} of the runs; the surest that was found does in {chance}.")
_MORE = Message("One that is surer would have to bring more:")
_TOO_LITTLE_KNOWN = Message("Ask for less, or measure the rates over more months with --rates-from.")


class _ForMost(_Tried):
    """The cheapest mixes that are expected to win so many tenths of a customer, up to all that the budget wins."""

    def __init__(self, spec: PlanSpec, ground: Ground, crowds: Crowds, goal: Fraction, usual: Mix) -> None:
        super().__init__(spec, ground, crowds, goal, usual)
        low = int(goal) * _TENTHS
        high = low + _TENTHS  # one more is not to be had
        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if self.mix(middle) is None else (middle, high)
        self.most = low
        self.best = self.outcomes(self.mix(self.most) or usual)

    def amount(self, step: int) -> Fraction:
        """So many tenths of a customer."""
        return Fraction(step, _TENTHS)

    def step_of(self, amount: Fraction) -> int:
        """The tenths that so many are."""
        return int(amount * _TENTHS)

    def aim_of(self, level: Fraction) -> Aim:
        """The most customers that the mix which wins most wins so surely, and the least that one is to bring for it."""
        goal = Fraction(floor(self.best.surely(float(level)) + 1e-9))
        low, high = int(goal * _TENTHS) - 1, self.most

        def enough(step: int) -> bool:
            mix = self.mix(step)
            return mix is not None and self.chance(mix, goal) >= level

        while high - low > 1:
            middle = (low + high) // 2
            low, high = (low, middle) if enough(middle) else (middle, high)
        return Aim(amount=self.amount(max(high, 0)), goal=goal)

    def refusal(self, level: Fraction) -> GoalError:
        """That not even nobody is won so surely."""
        return GoalError(_NEVER_SO_SURE.filled(level=percent(float(level), 0), chance=percent(0, 0)))
