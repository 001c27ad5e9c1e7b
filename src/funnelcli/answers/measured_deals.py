"""What the exports say of deals for a plan: at which rates they go on from stage to stage, and what else is to be said.

Reached on both sides of a rate, of the same deals, so that the chain multiplies to the share that is won.
"""

from __future__ import annotations

from collections.abc import Container, Iterator, Mapping, Sequence
from datetime import date, timedelta
from fractions import Fraction
from itertools import pairwise

import numpy as np
from msgspec import Struct

from funnelcli.answers.measured import summed
from funnelcli.counting.following import Entries, follow
from funnelcli.counting.journeys import entered
from funnelcli.counting.pairs import USUAL_WINDOW
from funnelcli.counting.reach import reach_of
from funnelcli.counting.select import day_number
from funnelcli.facts.events import NOBODY
from funnelcli.facts.journeys import CREATED, WON, Journey, journeys_of, resolved, trail_event
from funnelcli.facts.model import Facts
from funnelcli.facts.moments import Moments, last_day
from funnelcli.facts.trails import subjects_of
from funnelcli.metrics import CATALOGUE
from funnelcli.planning.deal_rows import PASSED_BY
from funnelcli.planning.deals import CREATED_DEALS, JOURNEY, WON_DEALS, chain_of
from funnelcli.planning.declare import PlannedMetric
from funnelcli.planning.keys import AnyKey
from funnelcli.planning.labels import span_words
from funnelcli.planning.model import Pooled
from funnelcli.stats.distinct import is_among
from funnelcli.text import COMMA, Message, Text, grouped, joined, percent
from funnelcli.values.dates import DAY_MICROS, day_of
from funnelcli.values.figures import Missing, Note
from funnelcli.values.periods import Grain, Period, month_of, shift
from funnelcli.values.windows import Window, parse_window

MONTHS = 6
FEW = 30


class MeasuredDeals(Struct, frozen=True, kw_only=True):
    """The figures of the stages that deals go through, their rates, and what a reader should know of them."""

    chain: tuple[PlannedMetric, ...]
    rates: dict[AnyKey, Pooled | Missing]
    notes: tuple[Note, ...]


def measured_deals(
    facts: Facts, as_of: date, bounds: tuple[Period | None, Period | None], given: Container[AnyKey]
) -> MeasuredDeals | None:
    """The rates of deals whose window is over; None where the folder has no deals.

    They are those created in the months of ``bounds``, else in the last six months all of whose deals have had their
    window, else all that have.  A stage to which no deal has a date of coming is passed by, unless a rate that is
    ``given`` names it.
    """
    if "deals" not in facts.extents or CREATED_DEALS not in CATALOGUE:
        return None
    window = parse_window(facts.config.plan.deal_window or USUAL_WINDOW)
    return _Measuring(facts, as_of, window).measured(bounds, given)


def won_and_paid(facts: Facts, months: Sequence[Period], as_of: date) -> list[Note]:
    """What the exports say of new customers beside deals won, where these are not as many."""
    if "paid_users" not in facts.extents or not months or WON_DEALS not in CATALOGUE:
        return []
    new, won = summed(facts, ("new_paid_users", WON_DEALS), months, as_of)
    if new is None or not won or new == won:
        return []
    share, span = percent(float(new / won), 0), span_words(months[0].key, months[-1].key)
    given = f"{float(new / won):.0%}"
    text = _OTHER_RATIO.filled(months=span, new=grouped(int(new)), won=grouped(int(won)), share=share, given=given)
    return [Note("deals-are-not-customers", text)]


_OTHER_RATIO = Message(
    "{months}: {new} new PU and {won} [deal|deals] won, {share}. The plan takes each deal won as a new customer; "
    "--deal-rate won_to_paid={given} plans with that share."
)


class _Measuring:
    """The deals of a folder, followed from their creation to each stage."""

    def __init__(self, facts: Facts, as_of: date, window: Window) -> None:
        self.facts, self.window = facts, window
        ends = reach_of(facts, "deals", as_of).end
        until = as_of if ends is None else min(as_of, ends - timedelta(1))
        self.last = day_number(until)
        known = resolved(journeys_of(facts.config)[JOURNEY], facts.events)
        self.journey, self.undated = known.journey, known.undated
        self.came = _came(facts, self.journey, self.last)
        self.since = reach_of(facts, "deals", as_of).start
        self.matured = last_day(window, self.came.when) <= self.last

    def measured(self, bounds: tuple[Period | None, Period | None], given: Container[AnyKey]) -> MeasuredDeals:
        chosen, months = self._chosen(bounds)
        stages = [stage for stage in self.journey.stages if stage.is_reached and stage.name != CREATED]
        entries = [entered(self.facts, self.journey, stage, self.last).entries for stage in stages]
        followed = [follow([self.came, *entries[place:]]) for place in range(len(stages))]
        inside = [each.within(self.window) & chosen for each in followed]
        reached = {CREATED: int(chosen.sum())}
        reached |= {stage.name: int(mine.sum()) for stage, mine in zip(stages, inside, strict=True)}
        dated = {stage.name for stage, mine in zip(stages, entries, strict=True) if len(mine)} | {CREATED, WON}
        chain = chain_of(dated, given)
        rates: dict[AnyKey, Pooled | Missing] = {}
        for this, after in pairwise(chain):
            assert this.rate is not None
            assert this.stage is not None
            assert after.stage is not None
            known = months is not None and {this.stage, after.stage} <= dated
            why = PASSED_BY if months is not None else NO_DEAL_MATURED
            rates[this.rate] = _rate(reached[after.stage], reached[this.stage], months) if known and months else why
        skipped = [
            (stage.label, int((each.skipped & mine).sum()))
            for stage, each, mine in zip(stages, followed, inside, strict=True)
            if stage.name in dated
        ]
        passed = [stage.label for stage in stages if stage.name not in dated]
        late = int((followed[-1].reached & chosen & ~inside[-1]).sum())
        notes = self._notes(reached[CREATED], skipped, passed, late, months)
        of_undated = self._undated(
            {stage.name: chosen & ~mine for stage, mine in zip(stages, inside, strict=True) if stage.name in dated}
        )
        return MeasuredDeals(chain=chain, rates=rates, notes=(*notes, *of_undated))

    def _undated(self, others: Mapping[str, np.ndarray]) -> Iterator[Note]:
        """That deals are in a stage, or won, nobody knows since when; ``others`` have not come there by any date."""
        without = np.zeros(len(self.came), dtype=bool)
        for stage, mine in others.items():
            for name in self.undated.get(stage, ()):
                events = self.facts.events.get(name)
                if events is not None:
                    without |= mine & is_among(self.came.entity, subjects_of(events, self.journey))
        if without.any():
            yield Note("deals-undated", _UNDATED.filled(n=int(without.sum())))

    def _chosen(self, bounds: tuple[Period | None, Period | None]) -> tuple[np.ndarray, tuple[str, str] | None]:
        """Which deals the rates are measured over, and the months in which they were created; None: none."""
        day = self.came.when.day
        known = self.matured & (day >= day_number(self.since)) if self.since is not None else self.matured
        first, last = bounds
        if first is None and last is None:
            last = self._last_whole_month()
            first = None if last is None else shift(last, 1 - MONTHS, Grain.MONTH)
        mine = known.copy()
        mine &= day >= day_number(first.start) if first is not None else True
        mine &= day < day_number(last.end) if last is not None else True
        if bounds == (None, None) and not mine.any():
            mine = known
        if not mine.any():
            return mine, None
        begins, ends = (month_of(day_of(int(each) * DAY_MICROS)).key for each in (day[mine].min(), day[mine].max()))
        return mine, (begins, ends)

    def _last_whole_month(self) -> Period | None:
        """The last month all of whose deals have had their window."""
        open_ones = self.came.when.day[~self.matured]
        last = day_of(self.last * DAY_MICROS)
        whole = shift(month_of(last), -1, Grain.MONTH)
        if not len(open_ones):
            return whole
        return min(whole, shift(month_of(day_of(int(open_ones.min()) * DAY_MICROS)), -1, Grain.MONTH))

    def _notes(
        self,
        n: int,
        skipped: Sequence[tuple[Text, int]],
        passed: Sequence[Text],
        late: int,
        months: tuple[str, str] | None,
    ) -> Iterator[Note]:
        if passed:
            yield Note("deal-stages-without-dates", _PASSED.filled(stages=joined(COMMA, passed)))
        if months is None:
            return
        window = self.window.text
        yield Note("deal-rates", _OF_DEALS.filled(n=n, months=span_words(*months), window=window))
        if n < FEW:
            yield Note("few-deals", _FEW.filled(n=n, least=FEW))
        some = [_SKIPPED_ONE.filled(stage=label, n=count) for label, count in skipped if count]
        if some:
            yield Note("deals-skip-stages", _SKIPPED.filled(list=joined(COMMA, some)))
        if late:
            yield Note("deals-won-late", _LATE.filled(n=late, window=window))


_PASSED = Message(
    "No deal has a date of coming to {stages}: the plan passes by such stages, unless --deal-rate gives their rates."
)
NO_DEAL_MATURED = Missing("no-deal-matured", Message("no deal has had its window yet"))
_OF_DEALS = Message(
    "Rates of deals are of the {n} [deal|deals] created in {months} that [n!has|have] had {window}: those that came to "
    "a stage, or a later one, within that time."
)
_FEW = Message("They are of {n} [deal|deals] only, fewer than {least}: take them with care, or give --deal-rate.")
_SKIPPED_ONE = Message("{stage} {n}")
_SKIPPED = Message(
    "Some deals skip a stage ({list}): a plan counts them as having come to it, the actual figures of stages do not."
)
_UNDATED = Message(
    "{n} of them [is|are] in a stage, or won, without a date of it: in these rates [n!it has|they have] not come there."
)
_LATE = Message(
    "{n} more [was|were] won later than {window} after [n!its|their] creation; [plan] deal_window gives more time."
)


def _came(facts: Facts, journey: Journey, until: int) -> Entries:
    """The first moment of every deal."""
    events = facts.events.get(trail_event(journey, "came"))
    nothing = np.zeros(0, dtype=np.int64)
    if events is None:
        return Entries.of(nothing, Moments(day=nothing, at=nothing, timed=nothing.astype(bool)))
    whose = subjects_of(events, journey)
    mine = np.flatnonzero(whose != NOBODY)
    when = Moments(day=events.day[mine], at=events.at[mine], timed=events.timed[mine])
    return Entries.of(whose[mine], when).until(until).firsts()


def _rate(above: int, below: int, months: tuple[str, str]) -> Pooled | Missing:
    if not below:
        return NOBODY_THERE
    return Pooled(numerator=Fraction(above), denominator=Fraction(below), months=months)


NOBODY_THERE = Missing("nobody-there", Message("none of these deals came so far"))
