"""What an export reaches over: the months (or weeks) that it tells of, beyond which its silence says nothing."""

from __future__ import annotations

from datetime import date, timedelta

from msgspec import Struct

from funnelcli.counting.reasons import begins_later, ended_earlier, not_covered
from funnelcli.facts.model import Facts
from funnelcli.inputs.spec import NEARLY_EVERY_DAY
from funnelcli.values.figures import Missing
from funnelcli.values.periods import Grain, Period, month_of, period_of


class Reach(Struct, frozen=True, kw_only=True):
    """The whole months, or weeks, that an export tells of: from ``start`` up to, not including, ``end``; None: open.

    ``before`` and ``after`` say why there is nothing beyond.  ``first`` and ``last`` are the days of its rows that the
    bounds come from, None where there is no such bound or the settings give it.
    """

    start: date | None = None
    end: date | None = None
    before: Missing | None = None
    after: Missing | None = None
    first: date | None = None
    last: date | None = None

    def misses(self, first: date, last: date) -> Missing | None:
        """Why nothing is known of the days from ``first`` to ``last``; None where the export tells of some of them."""
        if self.start is not None and last < self.start:
            return self.before
        return self.after if self.end is not None and first >= self.end else None

    def within(self, period: Period) -> Period:
        """The part of a period that the export tells of; where there is none, an empty one that begins when it ends.

        >>> quarter = period_of(date(2026, 1, 1), Grain.QUARTER)
        >>> Reach(start=date(2026, 3, 1)).within(quarter).start
        datetime.date(2026, 3, 1)
        """
        start = period.start if self.start is None else max(period.start, min(self.start, period.end))
        end = period.end if self.end is None else max(start, min(period.end, self.end))
        return period if (start, end) == (period.start, period.end) else Period(start, end, period.key)

    def beside(self, other: Reach) -> Reach:
        """What both tell of.

        >>> Reach(start=date(2026, 3, 1)).beside(Reach(end=date(2026, 5, 1))).end
        datetime.date(2026, 5, 1)
        """
        later = other if self.start is None or (other.start is not None and other.start > self.start) else self
        earlier = other if self.end is None or (other.end is not None and other.end < self.end) else self
        return Reach(
            start=later.start, before=later.before, first=later.first,
            end=earlier.end, after=earlier.after, last=earlier.last,
        )  # fmt: skip


EVERYTHING = Reach()


def reach_of(facts: Facts, name: str, as_of: date, unit: Grain = Grain.MONTH) -> Reach:
    """The months that the export of an input tells of, as far as ``as_of`` lets one see; of weeks, where that is asked.

    What the settings say it covers; else, where rows come nearly every day, or are of money spent, what its rows show.
    Of other inputs months without a row may well be zeros: they tell of every month.
    """
    known = facts.inputs.get(name)
    if known is None or known.input.stands_in:
        return EVERYTHING
    covered = facts.config.input_settings(name).covered
    if covered is not None:
        why = not_covered(known.input, *covered)
        return Reach(start=covered[0], end=month_of(covered[1]).end, before=why, after=why)
    if known.input.spending is not None:
        return months_reach(facts, name, as_of)
    return rows_reach(facts, name, as_of, unit) if known.input.is_daily else EVERYTHING


def months_reach(facts: Facts, name: str, as_of: date) -> Reach:
    """The months from that of an export's first row to that of its last: of others it tells nothing.

    Where rows come nearly every day, the first and the last of them are its ends; else a month's rows are all of it.

    What lies after ``as_of`` is not looked at.
    """
    extent = facts.extents.get(name)
    if extent is None:
        return EVERYTHING
    declared, latest = facts.inputs[name].input, extent.last_by(as_of)
    first = month_of(extent.first)
    before = begins_later(declared, extent.first, as_of)
    if latest is None:
        return Reach(start=first.end, before=before, first=extent.first)
    last = month_of(latest)
    is_daily = extent.longest_gap(latest) <= NEARLY_EVERY_DAY
    return Reach(
        start=first.start,
        end=last.end,
        before=before,
        after=ended_earlier(declared, latest),
        first=extent.first if is_daily else first.start,
        last=latest if is_daily else last.last_day,
    )


def rows_reach(facts: Facts, name: str, as_of: date, unit: Grain = Grain.MONTH) -> Reach:
    """The months (weeks) from an export's first row to its last, where others begin over three days earlier or go on.

    An export goes on until ``as_of``, and what lies after that is not looked at.
    """
    extent = facts.extents.get(name)
    if extent is None:
        return EVERYTHING
    declared, slack = facts.inputs[name].input, timedelta(days=NEARLY_EVERY_DAY)
    start = end = first = last = None
    begun = [known.first for known in facts.extents.values() if known.first <= as_of]
    if begun and (extent.first > as_of or extent.first > min(begun) + slack):
        first, unit_of_first = extent.first, period_of(extent.first, unit)
        start = unit_of_first.start if first <= as_of else unit_of_first.end
    latest = extent.last_by(as_of)
    if latest is not None and latest < as_of - slack:
        last, end = latest, period_of(latest, unit).end
    return Reach(
        start=start,
        end=end,
        before=begins_later(declared, first, as_of) if first is not None else None,
        after=ended_earlier(declared, last) if last is not None else None,
        first=first,
        last=last,
    )
