"""Kinds of metrics that are made of other metrics: over other months, of the settings, by how long things took."""

from collections.abc import Callable
from datetime import date, timedelta
from typing import TYPE_CHECKING

from msgspec import Struct

from funnelcli.counting.measures import Measure
from funnelcli.text import Message, Text, as_text
from funnelcli.values.dates import DAY_MICROS
from funnelcli.values.figures import Missing
from funnelcli.values.periods import WHOLE, Period
from funnelcli.values.terms import add_months

if TYPE_CHECKING:
    from funnelcli.config import Config


class Never(Struct, frozen=True, kw_only=True):
    """When something never comes: where one metric is ``more`` than another, which is then no longer there."""

    more: str
    than: str
    reason: Missing


class Trailing(Struct, frozen=True, kw_only=True):
    """Another metric over the last ``months`` before the period ends, or those that end ``before`` months earlier.

    Of a period in which the last day that counts lies they are so many up to that day.

    Missing where these begin before the exports do.
    """

    of: str
    months: int
    before: int = 0

    def window(self, period: Period, as_of: date) -> Period:
        """The months that it is of, for a period: those before its end, or before the last day that counts in it.

        >>> year, march = Trailing(of="paid_user_churn_rate", months=12), Period(date(2026, 3, 1), date(2026, 4, 1), "")
        >>> for window in (year.window(march, date(2026, 3, day)) for day in (31, 9)):
        ...     print(window.start, window.end)
        2025-04-01 2026-04-01
        2025-03-10 2026-03-10
        """
        if as_of < period.last_day and not self.before:
            return Period(add_months(as_of, -self.months) + timedelta(1), as_of + timedelta(1), WHOLE)
        end = add_months(period.end, -self.before)
        return Period(add_months(end, -self.months), end, WHOLE)

    @property
    def words(self) -> Text:
        """The formula for people."""
        text = Message("{key} of the last {n} [month|months]")
        if self.before:
            text = Message("{key} of the {n} [month|months] that end {before} earlier")
        return text.filled(key=self.of, n=self.months, before=self.before)

    @property
    def formula(self) -> str:
        """The formula in words."""
        return self.words.of("en")


class Monthly(Struct, frozen=True, kw_only=True):
    """The sum of another metric over the calendar months that a period is made of, as far as they have begun."""

    of: str

    @property
    def words(self) -> Text:
        """The formula for people."""
        return Message("sum of {key} over the months").filled(key=self.of)

    @property
    def formula(self) -> str:
        """The formula in words."""
        return self.words.of("en")


class Annualised(Struct, frozen=True, kw_only=True):
    """What a share of the customers lost in whole months comes to in a year, if it goes on like that."""

    of: str

    @property
    def words(self) -> Text:
        """The formula for people, which is the same in both languages."""
        return as_text(self.formula)

    @property
    def formula(self) -> str:
        """The formula over metric keys, of a period of k whole months."""
        return f"1 - (1 - {self.of})^(12/k)"


class Setting(Struct, frozen=True, kw_only=True):
    """A number that the settings give, or why they do not; ``what`` says which.

    It is the same in every period, but for months (by their keys) for which there is one ``of_month``.  One that is
    ``of_whole`` is said of the whole business alone, and is none of a part's, but for what is said ``of_channel`` (by
    its name, of a month); None there: of no channel.
    """

    read: "Callable[[Config], float | Missing]"
    what: Text
    of_month: "Callable[[Config, str], float | Missing] | None" = None
    of_whole: bool = False
    of_channel: "Callable[[Config, str, str], float | Missing | None] | None" = None

    @property
    def words(self) -> Text:
        """The formula for people."""
        return self.what

    @property
    def formula(self) -> str:
        """The formula in words."""
        return self.words.of("en")


class Ranking(Struct, frozen=True, kw_only=True):
    """Whether a score puts those first to whom something happened: the share of pairs in which it does.

    ``of`` is the sum of the scores of all, and ``reached`` those to whom it happened.  Missing of fewer than
    ``fewest``, and where it happened, or did not, to fewer than ``of_each``.

    >>> Ranking(of="scores", reached="paid").formula
    'pairs of one of paid and one of the others in which the one of paid has more of scores / all such pairs'
    """

    of: str
    reached: str
    fewest: int = 30
    of_each: int = 10

    @property
    def words(self) -> Text:
        """The formula for people."""
        text = Message(
            "pairs of one of {reached} and one of the others in which the one of {reached} has more of {of} / all such "
            "pairs"
        )
        return text.filled(of=as_text(self.of), reached=as_text(self.reached))

    @property
    def formula(self) -> str:
        """The formula in words."""
        return self.words.of("en")


class Percentile(Struct, frozen=True, kw_only=True):
    """The time by which a share of what happened in a period has ended, by Kaplan-Meier: what goes on counts as such.

    ``of`` is the flow that it is of, and ``until`` the measure of what ends it: events of the same row, or those that
    have its link.  Where another end may come first, ``instead`` measures that: the curve is then that of Aalen and
    Johansen, and never gets to all.  ``among`` measures those who come to it in time: the time is then that by which
    the share of these has, as high as the curve is when the last of them has.  ``per`` microseconds make one unit; of
    what is ``timed`` only that tells which has a time of day, at its beginning and its end.  A range is one period.
    ``nothing`` is the reason to give where nothing happened.  How long hand-overs took a ``timing`` says.  Of what has
    all ended the median may lie ``between`` the two in the middle.

    >>> Percentile(of="entered_demo", until=Measure(name="x", plus=("x",), when="within"), quantile=0.5,
    ...            nothing=Message("nothing")).formula
    '50 % of entered_demo ended'
    """

    of: str
    until: Measure
    quantile: float
    instead: Measure | None = None
    among: Measure | None = None
    per: int = DAY_MICROS
    timed: bool = False
    timing: str = ""
    between: bool = False
    nothing: Text

    @property
    def words(self) -> Text:
        """The formula for people."""
        return Message("{share} % of {of} ended").filled(share=round(self.quantile * 100), of=as_text(self.of))

    @property
    def formula(self) -> str:
        """The formula in words."""
        return self.words.of("en")
