"""What the exports say of the time that selling takes: the lags from a signup to a customer, and who is on the way."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Mapping
from datetime import date
from fractions import Fraction

import numpy as np

from funnelcli.answers.checks import reaches_to
from funnelcli.answers.measured import Figures, exact
from funnelcli.counting.following import Entries, Followed, follow
from funnelcli.counting.journeys import Entered, entered, parts_of_entries
from funnelcli.counting.lags import FEWEST, by_month, lag_counts
from funnelcli.counting.reach import reach_of
from funnelcli.counting.select import day_number
from funnelcli.facts.dimensions import CHANNEL
from funnelcli.facts.journeys import FUNNEL
from funnelcli.facts.model import Facts
from funnelcli.facts.moments import months_of
from funnelcli.planning.keys import AnyKey, Key
from funnelcli.planning.lag import InHand, Lag, Open
from funnelcli.planning.selling import ChannelTime, MeasuredLag, SellingTime, lead_of, people_stages
from funnelcli.stats.distinct import is_among
from funnelcli.text import Message
from funnelcli.values.channels import CHANNELS, NAMED_CHANNELS, Channel
from funnelcli.values.figures import Missing
from funnelcli.values.lags import MOST_MONTHS, LagCounts
from funnelcli.values.periods import Grain, Period, month_of, shift, span

_SIGNUPS = "new_signups"
_INPUTS = ("signups", "demos", "paid_users")
_SIGNUP, _DEMO, _PAID = 0, 1, 3  # the places in the funnel of what a plan goes through


Bounds = tuple[Period | None, Period | None]


def measured_lag(facts: Facts, as_of: date, bounds: Bounds, begins: Period) -> MeasuredLag | Missing:
    """The lags of those who signed up in the months of ``bounds``, else of all that the exports show; or why none.

    In hand is who is open on the last day that the exports tell of; the first month that is planned ``begins`` then.
    """
    if any(name not in facts.extents for name in _INPUTS):
        return NOT_ALL_STAGES
    until = min(as_of, *(reaches_to(facts, name, as_of) for name in _INPUTS))
    return _Measuring(facts, as_of, until, begins).measured(bounds)


NOT_ALL_STAGES = Missing("stages-missing", Message("it takes exports of signups, demos and paid users"))
_TOO_FEW = Message("fewer than {least} [signup|signups] of which a month is over")
_TOO_FEW_DEMOS = Message("fewer than {least} [demo|demos] of which a month is over")
_ABOVE_ONE = Missing("above-one", Message("above 100 %: the months differ too much to be put together"))


def counted_time(facts: Facts, as_of: date, begins: Period) -> SellingTime:
    """Who signed up in the months before the plan and in its running one, where nothing tells what became of whom."""
    first = shift(begins, -MOST_MONTHS, Grain.MONTH)
    months = span(first, month_of(as_of), Grain.MONTH)
    start, at, figures = month_number(begins.start), month_of(as_of), Figures(facts, months, as_of)

    def counted(channel: Channel | None) -> ChannelTime:
        came = {
            month_number(month.start) - start: exact(value.value)
            for month, value in zip(months, figures.of(_SIGNUPS, channel), strict=True)
            if value.value
        }
        hand = InHand(
            open=tuple(Open(stage=0, month=month, number=number) for month, number in came.items()),
            at=month_number(as_of) - start, elapsed=Fraction(as_of.day, (at.end - at.start).days),
        )  # fmt: skip
        return ChannelTime(hand=hand, entered={people_stages()[0].key: came})

    whole = counted(None)
    return SellingTime(
        lags={}, hand=whole.hand, entered=whole.entered, lead=lead_of(as_of, begins),
        of_channel={channel: counted(channel) for channel in CHANNELS},
    )  # fmt: skip


class _Measuring:
    """The people of the funnel, followed from their signup to the demo and to the customer."""

    def __init__(self, facts: Facts, as_of: date, until: date, begins: Period) -> None:
        self.until = until
        last, start = day_number(until), month_number(begins.start)
        every = [entered(facts, FUNNEL, stage, last) for stage in FUNNEL.ways]
        stages = [each.entries for each in every]
        self.facts = facts
        self.signups, self.demos = stages[_SIGNUP].firsts(), stages[_DEMO].firsts()
        self.to_demo = follow([self.signups, *stages[_DEMO : _PAID + 1]])
        self.to_paid = follow([self.signups, stages[_PAID]])
        self.from_demo, self.paid = follow([self.demos, stages[_PAID]]), stages[_PAID]
        self.paid_before = ~self.to_paid.reached & is_among(self.signups.entity, self.paid.entity)
        self.begun, self.start = months_of(self.signups.when.day), start
        self.demo_month = months_of(self.to_demo.end.day)
        self.paid_month = months_of(self.to_paid.end.day)
        days = monthrange(until.year, until.month)[1]
        self.elapsed = Fraction(until.day, days)
        self.at = month_number(until) - start
        self.over = month_number(until) - (self.elapsed < 1)
        self.lead = lead_of(as_of, begins)
        since = [reach_of(facts, name, as_of).start for name in _INPUTS]
        self.never_signed_up = ~is_among(self.demos.entity, self.signups.entity)
        self.never_signed_up &= self.from_demo.reached | ~is_among(self.demos.entity, self.paid.entity)
        self.channel = _channels_of(facts, every[_SIGNUP], self.signups)
        self.channel_of_demo = _channels_of(facts, every[_DEMO], self.demos)
        self.since = max((day_number(day) for day in since if day is not None), default=None)

    def measured(self, bounds: Bounds) -> MeasuredLag | Missing:
        mine = self._chosen(bounds)
        counts, lags = self._counts(mine), dict[AnyKey, Lag]()
        for key, text in {Key.SIGNUP_TO_DEMO: _TOO_FEW, Key.DEMO_TO_PAID: _TOO_FEW_DEMOS}.items():
            if not counts[key].known:
                return Missing("too-few", text.filled(least=FEWEST))
            lags[key] = lag_of(counts[key])
            if not lags[key].reached:
                return Missing("none-went-on", NOBODY_WENT_ON)
            if lags[key].reached > 1:
                return _ABOVE_ONE
        known = self.begun[mine & (self.begun <= self.over)]
        months = (_key(int(known.min())), _key(int(known.max())))
        of_channel = self._of_channel(mine, counts)
        time = SellingTime(
            lags=lags, hand=self._in_hand(), entered=self._by_month(), lead=self.lead,
            of_channel={channel: self._time_of(channel, of_channel.get(channel, {}), lags) for channel in CHANNELS},
        )  # fmt: skip
        return MeasuredLag(
            time=time, counts=counts, of_channel=of_channel, members=len(known), months=months, until=self.until
        )

    def _time_of(
        self, channel: Channel, counts: Mapping[AnyKey, LagCounts], whole: Mapping[AnyKey, Lag]
    ) -> ChannelTime:
        """What is known of the people of a channel: the time that they take only where enough of them got on."""
        own = {key: lag_of(each) for key, each in counts.items() if tells_time(each, whole[key])}
        return ChannelTime(
            lags=own, few=tuple(key for key in counts if key not in own),
            hand=self._in_hand(channel), entered=self._by_month(channel),
        )  # fmt: skip

    def _counts(self, mine: np.ndarray, least: int = FEWEST) -> dict[AnyKey, LagCounts]:
        """The counts of both steps, of some of those who signed up."""
        demo, over = mine & self.to_demo.reached, self.over
        return {
            Key.SIGNUP_TO_DEMO: lag_counts(
                self.begun[mine], self.demo_month[mine], self.to_demo.reached[mine], over, least=least
            ),
            Key.DEMO_TO_PAID: lag_counts(
                self.demo_month[demo], self.paid_month[demo], self.to_paid.reached[demo], over, least=least
            ),
        }

    def _of_channel(
        self, mine: np.ndarray, whole: Mapping[AnyKey, LagCounts]
    ) -> dict[Channel, Mapping[AnyKey, LagCounts]]:
        """The counts of each channel, by that of the signup, at the lags that are known of all."""
        of_channel: dict[Channel, Mapping[AnyKey, LagCounts]] = {}
        for channel in NAMED_CHANNELS:
            counts = self._counts(mine & (self.channel == CHANNELS.index(channel)), least=1)
            of_channel[channel] = {key: each.first(len(whole[key].known)) for key, each in counts.items()}
        return of_channel

    def _chosen(self, bounds: Bounds) -> np.ndarray:
        """Which of those who signed up the lags are measured of."""
        day, (first, last) = self.signups.when.day, bounds
        mine = np.ones(len(day), dtype=bool)
        mine &= day >= self.since if self.since is not None else True
        mine &= day >= day_number(first.start) if first is not None else True
        mine &= day < day_number(last.end) if last is not None else True
        return mine

    def _in_hand(self, channel: Channel | None = None) -> InHand:
        """Who is still on the way, and who has come to a later stage in months that are planned."""
        alone = self._without_signup(channel)
        mine, to_demo = self._mine(channel), self.to_demo.reached
        waiting = [
            (0, self.begun[mine & ~to_demo & ~self.paid_before]),
            (1, self.demo_month[mine & to_demo & ~self.to_paid.reached]),
            (1, months_of(alone.start.when.day[~alone.reached])),
        ]
        came = [
            (1, self.demo_month[mine & to_demo]),
            (2, self.paid_month[mine & self.to_paid.reached]),
            (2, months_of(alone.end.day[alone.reached])),
        ]
        quoted = tuple(each for each in self._opened(came) if each.month >= -self.lead)
        return InHand(open=self._opened(waiting), came=quoted, at=self.at, elapsed=self.elapsed)

    def _mine(self, channel: Channel | None) -> np.ndarray:
        """Which signups are of a channel; all where it is none."""
        return self.channel == CHANNELS.index(channel) if channel else np.ones(len(self.begun), dtype=bool)

    def _without_signup(self, channel: Channel | None) -> Followed:
        """The people of demos who never signed up: they are in hand, but in no rate."""
        never = self.never_signed_up
        if channel is not None:
            never = never & (self.channel_of_demo == CHANNELS.index(channel))
        every = self.from_demo
        return Followed(
            start=every.start.kept(never), since=every.since.at_places(never), end=every.end.at_places(never),
            reached=every.reached[never], skipped=every.skipped[never], earlier=0, without=0,
        )  # fmt: skip

    def _opened(self, parts: list[tuple[int, np.ndarray]]) -> tuple[Open, ...]:
        return tuple(
            Open(stage=stage, month=month - self.start, number=Fraction(number))
            for stage, months in parts
            for month, number in by_month(months).items()
        )

    def _by_month(self, channel: Channel | None = None) -> dict[str, dict[int, Fraction]]:
        """Who came to each stage in each month."""
        mine = self._mine(channel)
        arrivals = (self.begun[mine], self.demo_month[mine & self.to_demo.reached])
        columns = dict(zip((stage.key for stage in people_stages()), arrivals, strict=False))
        return {
            key: {month - self.start: Fraction(number) for month, number in by_month(months).items()}
            for key, months in columns.items()
        }


def _channels_of(facts: Facts, entered_: Entered, entries: Entries) -> np.ndarray:
    """The channel of each entry, by its place among all, those nobody knows among them."""
    places = {channel.value: place for place, channel in enumerate(CHANNELS)}
    chosen = parts_of_entries(facts, entered_, entries, CHANNEL, places)
    return np.where(chosen < 0, CHANNELS.index(Channel.UNKNOWN), chosen)


def tells_time(counts: LagCounts, whole: Lag) -> bool:
    """Whether a channel's counts say how long it takes: 30 got on, and so many are known of at each lag that all have.

    >>> whole = Lag(shares=(Fraction(1, 2), Fraction(1, 4)))
    >>> [tells_time(LagCounts(came=came, known=(60, 40)), whole) for came in ((20, 10), (20, 9))]
    [True, False]
    """
    known = counts.known[: len(whole.shares)]
    return sum(counts.came) >= FEWEST and len(known) == len(whole.shares) and min(known) >= FEWEST


NOBODY_WENT_ON = Message("nobody went on")


def lag_of(counts: LagCounts) -> Lag:
    """The shares by lag, up to the last after which anybody got on: those who did over the members of whom it is known.

    >>> [str(share) for share in lag_of(LagCounts(came=(3, 0, 1, 0), known=(40, 40, 30, 30))).shares]
    ['3/40', '0', '1/30']
    """
    last = max((lag + 1 for lag, came in enumerate(counts.came) if came), default=1)
    return Lag(shares=tuple(Fraction(*pair) for pair in zip(counts.came[:last], counts.known[:last], strict=True)))


def month_number(day: date) -> int:
    """The month of a day, counted from January 1970.

    >>> month_number(date(1970, 1, 31)), month_number(date(2026, 2, 1))
    (0, 673)
    """
    return (day.year - 1970) * 12 + day.month - 1


def _key(month: int) -> str:
    return f"{1970 + month // 12}-{month % 12 + 1:02}"
