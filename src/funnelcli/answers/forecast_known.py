"""What the exports say of a firm month by month, as it is needed to run it on: at the end of each month, and today."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date
from fractions import Fraction

import numpy as np

from funnelcli.answers.checks import reaches_to
from funnelcli.answers.forecast_people import STAGES, YEAR, People
from funnelcli.answers.measured import Figures, last_whole_month
from funnelcli.answers.measured_lag import lag_of, month_number
from funnelcli.answers.measured_money import BroughtByAll, BroughtByNew
from funnelcli.counting.select import day_number
from funnelcli.facts.model import Facts
from funnelcli.planning.known_past import (
    BACK,
    DEMOS,
    LOST,
    MRR,
    NEW,
    PAYING,
    SIGNUPS,
    Getting,
    Past,
    Stream,
    Unfollowed,
    Worth,
)
from funnelcli.planning.lag import InHand, Open
from funnelcli.stats.beginnings import beginning
from funnelcli.stats.spikes import spikes
from funnelcli.values.periods import Grain, Period, month_of, shift, span

MOST, RECENT, FEWEST = 60, 6, 6  # months: of history; of churn and ARPA; for a level
_FEWEST_LOST = 10  # customers of whom it is known what the lost bring beside the others
_INPUTS = {SIGNUPS: "signups", DEMOS: "demos", NEW: "paid_users", BACK: "paid_users", LOST: "paid_users"}
_OPENING, _OPENING_MRR = "opening_paid_users", "opening_mrr_amount"
_GROWN = ("expansion_mrr_amount", "contraction_mrr_amount", _OPENING_MRR)
_TAKEN = ("churned_mrr_amount", LOST, _OPENING_MRR, _OPENING)
_MOST_LINKED = Fraction(4, 5)  # of those who get on, by when a stage has had the time to be come to


class KnownMonths:
    """A firm's months, up to the last day that its exports tell of: ``months`` that are over, and the ``running`` one.

    ``elapsed`` is the share of that which is over.
    """

    def __init__(self, facts: Facts, as_of: date) -> None:
        self._lost = facts.events.get("paid_lost")
        self._by_new, self._by_all = BroughtByNew(facts), BroughtByAll(facts)
        names = [name for name in dict.fromkeys(_INPUTS.values()) if name in facts.extents]
        others = [name for name, read in facts.inputs.items() if name in facts.extents and read.input.stands_in]
        self.until = min((reaches_to(facts, name, as_of) for name in (*names, *others)), default=as_of)
        last, month = last_whole_month(self.until), month_of(self.until)
        begun = [facts.extents[name].first for name in (*names, *others)]
        first = max(month_of(min(begun, default=self.until)), shift(last, 1 - MOST, Grain.MONTH), key=_start)
        self.months = span(first, last, Grain.MONTH) if first.start <= last.start else ()
        self.running = None if month == last else month
        self.elapsed = Fraction(self.until.day, (month.end - month.start).days) if self.running else Fraction(0)
        every = [*self.months, *([self.running] if self.running else [])]
        self.figures, self._values = Figures(facts, every, self.until), dict[str, tuple[float | None, ...]]()
        stages = tuple(key for key in STAGES if _INPUTS[key] in names)
        self.people = People.of(facts, self.until, stages) if SIGNUPS in stages else None

    def value(self, key: str, place: int) -> float | None:
        """A figure of a month; None where it is not known, or no export covers the month."""
        if key not in self._values:
            self._values[key] = tuple(self._column(key))
        return self._values[key][place]

    def _column(self, key: str) -> Iterator[float | None]:
        inputs = (_INPUTS.get(key, "paid_users"),)
        for month, figure in zip(self.figures.months, self.figures.of(key, None), strict=True):
            known = month is self.running or self.figures.covered(inputs, month)
            yield figure.value if known else None

    def amounts(self, places: range) -> tuple[float, ...]:
        """What each of the new customers of some months brings."""
        window = [self.months[place] for place in places]
        return self._by_new.each(window, window[-1].last_day)

    def apart(self, place: int) -> tuple[tuple[float, ...], float | None]:
        """What the largest customers at the end of a month bring, and how far apart the others are."""
        return self._by_all.spread(min(self.figures.months[place].last_day, self.until))

    def ending(self, last: date) -> int:
        """How many customers are known to end after what is known, up to a day, with nothing that renews them."""
        day = np.zeros(0) if self._lost is None else self._lost.day
        return int(((day > day_number(self.until)) & (day <= day_number(last))).sum())

    def past(self, known: int | None = None) -> Past:
        """What is known now, or was at the end of the first ``known`` months."""
        over = len(self.months) if known is None else known
        now = known is None and self.running is not None
        place = over if now else over - 1
        begins = shift(self.months[over - 1], 1, Grain.MONTH)
        keys = (*_INPUTS, PAYING, MRR)
        values = {key: self.value(key, place) for key in keys}
        signups = self._stream(self._numbers(SIGNUPS, over))
        people = (
            None
            if self.people is None
            else self.people.without([month_number(month.start) for month in signups.spiked])
        )
        stages, steps, unfollowed = self._steps(over, people)
        lost = self._stream(self._numbers(LOST, over))
        return Past(
            begins=begins, elapsed=self.elapsed if now else Fraction(0),
            so_far={key: values[key] or 0.0 for key in _INPUTS} if now else {},
            streams=self._streams(over, stages, steps), stages=stages, steps=steps,
            unfollowed=unfollowed,
            had=people.had(month_number(self.months[over - 1].start)) if people and DEMOS in stages else (0, 0),
            hand=self._hand(over, signups, stages, now=now),
            lost=lost, churn=self._churn(over, lost.spiked), customers=_whole(values[PAYING]), mrr=values[MRR],
            worth=self._worth(over, place),
        )  # fmt: skip

    def _streams(self, over: int, stages: Sequence[str], steps: Sequence[Getting]) -> dict[str, Stream]:
        """Who comes by month: to the first stage, to others on no way that is known, and back."""
        streams: dict[str, Stream] = {}
        for key in (SIGNUPS, DEMOS, NEW, BACK):
            numbers = self._numbers(key, over)
            if key in stages[1:]:
                assert self.people is not None
                linked = self.people.linked(key)
                numbers = {
                    place: max(number - linked.get(month_number(self.months[place].start), 0), 0)
                    for place, number in numbers.items()
                }
                waited = sum(_mostly(step) for step in steps[: stages.index(key)])
                since = self.people.first + waited
                later = {place: n for place, n in numbers.items() if month_number(self.months[place].start) >= since}
                numbers = later if len(later) >= FEWEST else numbers
            numbers = self._going_on(key, numbers)
            if numbers and (key == SIGNUPS or any(list(numbers.values())[-YEAR:])):
                streams[key] = self._stream(numbers)
        return streams

    def _going_on(self, key: str, numbers: dict[int, int]) -> dict[int, int]:
        """The months in which any could come: nobody comes back before somebody is lost; the latest at any rate."""
        places = [*numbers]
        if key == BACK:
            lost = next((place for place in places if self.value(LOST, place)), None)
            places = [place for place in places if lost is not None and place >= lost]
        begun = beginning([numbers[place] for place in places])
        return {place: numbers[place] for place in [*numbers][-max(len(places) - begun, FEWEST) :]}

    def _numbers(self, key: str, over: int) -> dict[int, int]:
        """How many came, by the place of the month."""
        return {place: int(self.value(key, place) or 0) for place in self._known_months(key, over)}

    def _stream(self, numbers: Mapping[int, int]) -> Stream:
        known = tuple(numbers.values())
        return Stream(months=tuple(self.months[place] for place in numbers), numbers=known, spikes=spikes(known))

    def _known_months(self, key: str, over: int) -> list[int]:
        """The places of the months up to the last that are known without a gap."""
        known: list[int] = []
        for place in reversed(range(over)):
            if self.value(key, place) is None:
                break
            known.append(place)
        return known[::-1]

    def _steps(self, over: int, people: People | None) -> tuple[tuple[str, ...], tuple[Getting, ...], Unfollowed]:
        """The stages that people are followed through, as far as enough are known to have got on; why not farther."""
        stages: list[str] = [SIGNUPS]
        steps: list[Getting] = []
        for key in people.stages[1:] if people is not None else ():
            assert people is not None
            step = people.step(key, month_number(self.months[over - 1].start))
            if not step.counts.known:
                return tuple(stages), tuple(steps), "few"
            reached = lag_of(step.counts).reached
            if not 0 < reached <= 1:
                return tuple(stages), tuple(steps), "uneven" if reached else "none"
            stages.append(key)
            steps.append(step)
        return tuple(stages), tuple(steps), "few"

    def _hand(self, over: int, signups: Stream, stages: Sequence[str], *, now: bool) -> InHand:
        """Who is on the way, of those who signed up in a spike as many as of a usual month."""
        if self.people is None or len(stages) == 1:
            return InHand()
        last = month_number(self.months[over - 1].start)
        opened = self.people.opened(stages, last + 1 if now else last)
        for place, usual in signups.spikes.items():
            month = month_number(signups.months[place].start)
            opened[0][month] = round(opened[0].get(month, 0) * usual / signups.numbers[place])
        waiting = tuple(
            Open(stage=stage, month=month - last - 1, number=number)
            for stage, months in enumerate(opened)
            for month, number in months.items()
            if number
        )
        return InHand(open=waiting, at=0 if now else -1, elapsed=self.elapsed if now else Fraction(1))

    def _churn(self, over: int, spiked: Sequence[Period]) -> tuple[tuple[int, int], ...]:
        """Those lost, and those who paid at its start, of each of the latest months."""
        places = (place for place in self._recent(over, RECENT) if self.months[place] not in spiked)
        pairs = ((self.value(LOST, place), self.value(_OPENING, place)) for place in places)
        return tuple((int(lost), int(paying)) for lost, paying in pairs if lost is not None and paying)

    def _recent(self, over: int, months: int) -> range:
        return range(max(over - months, 0), over)

    def _worth(self, over: int, place: int) -> Worth:
        """What new customers bring, the lost take, and the others come to bring more."""
        amounts, (largest, apart) = self.amounts(self._recent(over, RECENT)), self.apart(place)
        lost_rate, lost_of = self._lost_rate(over)
        return Worth(
            amounts=amounts, largest=largest, apart=apart, lost_rate=lost_rate, lost_of=lost_of, grows=self._grows(over)
        )  # fmt: skip

    def _grows(self, over: int) -> tuple[float, ...]:
        """By what share the MRR of those who stay has grown in each of the latest months."""
        moved = ([self.value(key, place) for key in _GROWN] for place in self._recent(over, YEAR))
        known = ((up, down, start) for up, down, start in moved if up is not None and down is not None and start)
        return tuple((up - down) / start for up, down, start in known) or (0.0,)

    def _lost_rate(self, over: int) -> tuple[float, int]:
        """What those lost lately brought beside the average customer, and how many; 1 where they are too few."""
        months = [[self.value(key, place) for key in _TAKEN] for place in self._recent(over, RECENT)]
        if any(None in month for month in months):
            return 1.0, 0
        taken, lost, level, paying = (sum(number or 0 for number in column) for column in zip(*months, strict=True))
        if lost < _FEWEST_LOST or not (level and paying):
            return 1.0, 0
        return (taken / lost) / (level / paying), int(lost)


def _mostly(step: Getting) -> int:
    """The lag by which most of those who get on have."""
    lag = lag_of(step.counts)
    return next(at for at in range(len(lag.shares)) if lag.by(at) >= lag.reached * _MOST_LINKED)


def _start(month: Period) -> date:
    return month.start


def _whole(number: float | None) -> int | None:
    return None if number is None else int(number)
