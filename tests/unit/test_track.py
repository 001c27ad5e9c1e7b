"""Actual figures beside targets, worked by hand: shares, the pace of a running month, sums, and the rest replanned."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date
from fractions import Fraction as Frac
from types import SimpleNamespace
from typing import cast

import pytest

from funnelcli.answers.measured import known_until, last_whole_month
from funnelcli.facts.model import Extent, Facts
from funnelcli.planning.metrics import CHURNED, CLOSING, OPENING, RENEWED, REVENUE, SIGNUPS, PlannedMetric
from funnelcli.planning.model import RowKey
from funnelcli.planning.track import BEFORE_TARGETS, Actual, Pace, TrackCell, TrackRow, replan, track
from funnelcli.text import Message
from funnelcli.values.calendars import business_days, every_day
from funnelcli.values.figures import Missing
from funnelcli.values.periods import Period, month_of

MONTHS = tuple(month_of(date(2026, month, 1)) for month in (4, 5, 6))  # April, May, June: 30, 31, 30 days
KEYS = tuple(month.key for month in MONTHS)
WHOLE = date(2026, 6, 30)
UNKNOWN = Missing("unknown", Message("nobody knows"))

Numbers = Sequence[int | Frac | None]


def targets_of(numbers: Numbers) -> dict[str, Frac]:
    return {key: Frac(number) for key, number in zip(KEYS, numbers, strict=True) if number is not None}


def actuals_of(numbers: Numbers) -> dict[str, Actual]:
    return {
        key: Actual(value=None if number is None else Frac(number), missing=UNKNOWN if number is None else None)
        for key, number in zip(KEYS, numbers, strict=True)
    }


def row(
    metric: PlannedMetric,
    targets: Numbers,
    actuals: Numbers,
    as_of: date = WHOLE,
    *,
    periods: Sequence[Period] = MONTHS,
    since: Sequence[Period] = (),
    others: Mapping[RowKey, Mapping[str, Frac]] | None = None,
) -> TrackRow:
    """The one row of a metric over the periods, all days counting."""
    key: RowKey = (metric.key, None, None)
    wanted = {key: targets_of(targets), **(others or {})}
    (tracked,) = track([key], wanted, {key: actuals_of(actuals)}, periods, as_of, every_day, since=since)
    return tracked


def figures(*values: object) -> tuple[object, ...]:
    """Values to compare with plain numbers, whichever type they are of."""
    return values


def pairs(tracked: TrackRow) -> list[object]:
    """The actual figure and the target of each cell, then of the total."""
    return [(cell.actual, cell.target) for cell in (*tracked.cells, tracked.total)]


@pytest.mark.parametrize(
    ("metric", "actual", "target"),
    [
        (SIGNUPS, 4 + 6 + 8, 5 + 7 + 9),  # won in a month: they add up
        (CHURNED, 4 + 6 + 8, 5 + 7 + 9),
        (REVENUE, 4 + 6 + 8, 5 + 7 + 9),
        (OPENING, 4, 5),  # there at a moment: the first
        (CLOSING, 8, 9),  # or the last
        (RENEWED, 8, 9),  # those kept are the same people month after month
    ],
)
def test_what_adds_up_over_months(metric: PlannedMetric, actual: int, target: int) -> None:
    tracked = row(metric, (5, 7, 9), (4, 6, 8))
    assert pairs(tracked) == [(4, 5), (6, 7), (8, 9), (actual, target)]
    assert tracked.metric is metric
    assert (tracked.channel, tracked.team) == (None, None)


def test_shares_and_what_is_to_go() -> None:
    cell = TrackCell(actual=Frac(3), target=Frac(4))
    assert figures(cell.share, cell.of_pace, cell.to_go) == (Frac(3, 4), Frac(3, 4), 1)
    assert TrackCell(actual=Frac(5), target=Frac(4)).to_go == -1
    for none in (TrackCell(actual=None, target=Frac(4)), TrackCell(actual=Frac(3), target=None)):
        assert (none.share, none.of_pace, none.to_go) == (None, None, None)
    nothing = TrackCell(actual=Frac(3), target=Frac(0))
    assert figures(nothing.share, nothing.of_pace, nothing.to_go) == (None, None, -3)
    # In a running month, of what is expected by now.
    pace = Pace(elapsed=Frac(1, 2), expected=Frac(2), projected=None, days_left=1, needed_a_day=None)
    assert TrackCell(actual=Frac(3), target=Frac(4), pace=pace).of_pace == Frac(3, 2)
    still = Pace(elapsed=Frac(0), expected=Frac(0), projected=None, days_left=1, needed_a_day=None)
    assert TrackCell(actual=Frac(3), target=Frac(4), pace=still).of_pace is None
    assert TrackCell(actual=None, target=Frac(4), pace=pace).of_pace is None


def test_the_pace_of_what_is_won() -> None:
    # On 10 April, 10 of 30 days are gone: 60 / 3 = 20 expected, 12 x 3 = 36 projected, (60 - 12) / 20 a day needed.
    tracked = row(SIGNUPS, (60, 62, 60), (12, None, None), date(2026, 4, 10))
    assert tracked.cells[0] == TrackCell(
        actual=Frac(12),
        target=Frac(60),
        pace=Pace(elapsed=Frac(1, 3), expected=Frac(20), projected=Frac(36), days_left=20, needed_a_day=Frac(48, 20)),
    )
    assert tracked.cells[1] == TrackCell(actual=None, target=Frac(62), missing=UNKNOWN, ahead=True)
    # Of the total only what has begun counts as done; the targets all do.
    assert figures(tracked.total.actual, tracked.total.target) == (12, 60 + 62 + 60)


def test_a_month_that_is_whole_has_no_pace_and_one_ahead_no_figure() -> None:
    tracked = row(SIGNUPS, (60, 62, 60), (12, 13, 14), date(2026, 5, 31))
    assert [cell.pace for cell in tracked.cells] == [None, None, None]
    assert [(cell.actual, cell.ahead) for cell in tracked.cells] == [(12, False), (13, False), (None, True)]
    begun = row(SIGNUPS, (60, 62, 60), (12, 13, 14), date(2026, 6, 1))  # its first day
    assert [figures(cell.actual, cell.ahead) for cell in begun.cells] == [(12, False), (13, False), (14, False)]


def test_what_is_beyond_the_target_needs_nothing_a_day() -> None:
    pace = row(SIGNUPS, (60, None, None), (70, None, None), date(2026, 4, 10)).cells[0].pace
    assert pace is not None
    assert figures(pace.projected, pace.needed_a_day) == (210, 0)


def test_of_losses_nothing_is_needed_and_of_an_unknown_figure_nothing_said() -> None:
    losses = row(CHURNED, (60, None, None), (12, None, None), date(2026, 4, 10)).cells[0].pace
    assert losses is not None
    assert figures(losses.expected, losses.projected, losses.needed_a_day) == (20, 36, None)
    unknown = row(SIGNUPS, (60, None, None), (None, None, None), date(2026, 4, 10)).cells[0]
    assert unknown == TrackCell(
        actual=None,
        target=Frac(60),
        missing=UNKNOWN,
        pace=Pace(elapsed=Frac(1, 3), expected=Frac(20), projected=None, days_left=20, needed_a_day=None),
    )


def test_the_pace_of_levels_follows_the_customers() -> None:
    base: dict[RowKey, dict[str, Frac]] = {
        (OPENING.key, None, None): {KEYS[0]: Frac(90)},
        (CLOSING.key, None, None): {KEYS[0]: Frac(120)},
    }
    # After a third of the month 90 + 30 / 3 = 100 of 120 should be there: 5/6 of any figure that follows them.
    expected = {OPENING: 90, CLOSING: 100, REVENUE: 500, RENEWED: 50}
    wanted: dict[PlannedMetric, Numbers] = {
        OPENING: (90, None, None),
        CLOSING: (120, None, None),
        REVENUE: (600, None, None),
        RENEWED: (60, None, None),
    }
    others = {metric: {key: months for key, months in base.items() if key[0] != metric.key} for metric in wanted}
    cells = {
        metric: row(metric, wanted[metric], (50, None, None), date(2026, 4, 10), others=others[metric]).cells[0]
        for metric in wanted
    }
    # A level is neither projected nor needed by the day.
    assert {metric: cell.pace for metric, cell in cells.items()} == {
        metric: Pace(elapsed=Frac(1, 3), expected=Frac(number), projected=None, days_left=20, needed_a_day=None)
        for metric, number in expected.items()
    }


def test_without_a_base_a_level_is_expected_whole() -> None:
    pace = row(REVENUE, (120, None, None), (50, None, None), date(2026, 4, 10)).cells[0].pace
    assert pace is not None
    assert pace.expected == 120
    nobody: dict[RowKey, dict[str, Frac]] = {
        (OPENING.key, None, None): {KEYS[0]: Frac(0)},
        (CLOSING.key, None, None): {KEYS[0]: Frac(0)},
    }
    pace = row(REVENUE, (120, None, None), (50, None, None), date(2026, 4, 10), others=nobody).cells[0].pace
    assert pace is not None
    assert pace.expected == 120


def test_a_month_without_counting_days_is_gone_at_once() -> None:
    key: RowKey = (SIGNUPS.key, None, None)
    none = business_days([], [])
    (tracked,) = track(
        [key],
        {key: targets_of((60, None, None))},
        {key: actuals_of((12, None, None))},
        MONTHS[:1],
        date(2026, 4, 10),
        none,
    )
    assert tracked.cells[0].pace == Pace(
        elapsed=Frac(1), expected=Frac(60), projected=Frac(12), days_left=0, needed_a_day=None
    )


def test_the_total_is_of_the_months_that_have_targets() -> None:
    assert pairs(row(SIGNUPS, (None, 7, 9), (4, 6, 8))) == [(4, None), (6, 7), (8, 9), (14, 16)]
    assert pairs(row(SIGNUPS, (None, None, None), (4, 6, 8)))[-1] == (18, None)
    assert pairs(row(OPENING, (None, 7, 9), (4, 6, 8)))[-1] == (6, 7)
    assert pairs(row(CLOSING, (5, 7, None), (4, 6, 8)))[-1] == (6, 7)


def test_a_begun_month_without_a_figure_leaves_the_total_without_one() -> None:
    total = row(SIGNUPS, (5, 7, 9), (4, None, 8)).total
    assert figures(total.actual, total.target, total.missing) == (None, 21, UNKNOWN)


def test_sums_from_the_first_target_on() -> None:
    assert pairs(row(SIGNUPS, (5, 7, 9), (4, 6, 8), since=MONTHS)) == [(4, 5), (10, 12), (18, 21), (18, 21)]
    # What lies before the view is in the sums; the total is of the view alone.
    late = row(SIGNUPS, (5, 7, 9), (4, 6, 8), periods=MONTHS[1:], since=MONTHS)
    assert pairs(late) == [(10, 12), (18, 21), (14, 16)]
    # A month before the first target has none.
    early = row(SIGNUPS, (None, 7, 9), (4, 6, 8), since=MONTHS[1:])
    assert pairs(early) == [(None, None), (6, 7), (14, 16), (14, 16)]
    assert early.cells[0].missing == BEFORE_TARGETS
    # A level is never summed.
    assert pairs(row(CLOSING, (5, 7, 9), (4, 6, 8), since=MONTHS)) == [(4, 5), (6, 7), (8, 9), (8, 9)]


def test_sums_up_to_a_running_month() -> None:
    # 40 + 12 are done of 60 + 62; by 10 May 60 + 62 x 10/31 = 80 are expected.
    # 40 + 12 x 3.1 = 77.2 are projected; 70 are left for 21 days.
    tracked = row(SIGNUPS, (60, 62, 60), (40, 12, None), date(2026, 5, 10), since=MONTHS)
    assert tracked.cells[1] == TrackCell(
        actual=Frac(52),
        target=Frac(122),
        pace=Pace(
            elapsed=Frac(10, 31), expected=Frac(80), projected=Frac(772, 10), days_left=21, needed_a_day=Frac(70, 21)
        ),
    )
    assert tracked.cells[2] == TrackCell(actual=None, target=Frac(182), missing=UNKNOWN, ahead=True)
    over = row(SIGNUPS, (60, 62, 60), (140, 12, None), date(2026, 5, 10), since=MONTHS).cells[1].pace
    assert over is not None
    assert over.needed_a_day == 0


def test_sums_up_to_the_third_month_which_runs() -> None:
    # On 10 June 20 of 30 days are left: 60 + 62 + 60 / 3 = 142 should be there.  40 + 12 + 9 = 61 are; with 9 x 3 = 27
    # in June 79 are projected.  182 - 61 = 121 are left for 20 days.
    tracked = row(SIGNUPS, (60, 62, 60), (40, 12, 9), date(2026, 6, 10), since=MONTHS)
    sums = TrackCell(
        actual=Frac(61),
        target=Frac(182),
        pace=Pace(elapsed=Frac(1, 3), expected=Frac(142), projected=Frac(79), days_left=20, needed_a_day=Frac(121, 20)),
    )
    assert (tracked.cells[2], tracked.total) == (sums, sums)
    assert tracked.cells[1] == TrackCell(actual=Frac(52), target=Frac(122))
    # Seen from June alone the sums still begin in April, and the total is of June.
    june = row(SIGNUPS, (60, 62, 60), (40, 12, 9), date(2026, 6, 10), periods=MONTHS[2:], since=MONTHS)
    assert june.cells == (sums,)
    assert june.total.pace == Pace(
        elapsed=Frac(1, 3), expected=Frac(20), projected=Frac(27), days_left=20, needed_a_day=Frac(51, 20)
    )


def test_sums_up_to_a_running_month_of_which_something_is_not_known() -> None:
    # April has no figure, so the sum has none; 60 + 20 should be there by 10 May.
    unknown = row(SIGNUPS, (60, 62, 60), (None, 12, None), date(2026, 5, 10), since=MONTHS).cells[1]
    assert figures(unknown.actual, unknown.target, unknown.missing) == (None, 122, UNKNOWN)
    assert unknown.pace == Pace(
        elapsed=Frac(10, 31), expected=Frac(80), projected=Frac(372, 10), days_left=21, needed_a_day=None
    )
    losses = row(CHURNED, (60, 62, 60), (40, 12, None), date(2026, 5, 10), since=MONTHS).cells[1].pace
    assert losses is not None
    assert figures(losses.expected, losses.projected, losses.needed_a_day) == (80, Frac(772, 10), None)
    # Nothing was wanted or won in April: the sums are those of May.
    nothing = row(SIGNUPS, (0, 62, 60), (0, 12, None), date(2026, 5, 10), since=MONTHS).cells[1]
    assert figures(nothing.actual, nothing.target) == (12, 62)
    assert nothing.pace is not None
    assert figures(nothing.pace.expected, nothing.pace.projected) == (20, Frac(372, 10))
    # A month in which nobody came is a month with a figure.
    assert pairs(row(SIGNUPS, (5, 7, 0), (0, 6, 0), since=MONTHS)) == [(0, 5), (6, 12), (6, 12), (6, 12)]


def test_a_month_runs_from_its_first_day_on() -> None:
    pace = row(SIGNUPS, (60, None, None), (3, None, None), date(2026, 4, 1)).cells[0].pace
    assert pace == Pace(
        elapsed=Frac(1, 30), expected=Frac(2), projected=Frac(90), days_left=29, needed_a_day=Frac(57, 29)
    )
    # 1 May: 30 of 31 days are left, so 31 x 30/31 = 30 weigh beside 30 of June; 91 - 20 - 11 = 60 are left.
    assert spread((30, 31, 30), (20, 11, None), date(2026, 5, 1)) == (91, 31, 60, (20, 41, 30))


# --- spreading the rest ------------------------------------------------------------------------------------------


def spread(targets: Numbers, actuals: Numbers, as_of: date) -> object:
    """What was wanted, done and is left, and the quotas anew."""
    key: RowKey = (SIGNUPS.key, None, None)
    spread_anew = replan(key, targets_of(targets), actuals_of(actuals), MONTHS, as_of, every_day)
    if spread_anew is None:
        return None
    assert (spread_anew.key, spread_anew.months) == (key, MONTHS)
    assert spread_anew.before == tuple(Frac(number or 0) for number in targets)
    return spread_anew.wanted, spread_anew.done, spread_anew.rest, spread_anew.quotas


def test_the_rest_is_spread_in_proportion() -> None:
    # 10 + 20 + 30 = 60 are wanted, 5 done, 55 left: 2/5 and 3/5 of it.
    assert spread((10, 20, 30), (5, None, None), date(2026, 4, 30)) == (60, 5, 55, (5, 22, 33))


def test_a_part_of_a_customer_left_is_a_customer_left() -> None:
    # 10.5 are wanted in all and 4 done: 6.5 are left, so 7 must come; 3 would leave half a one undone.
    half = Frac(7, 2)
    assert spread((half, half, half), (4, None, None), date(2026, 4, 30)) == (Frac(21, 2), 4, Frac(13, 2), (4, 4, 3))


def test_a_running_month_takes_part_with_the_days_it_has_left() -> None:
    # April is over; of May 21 of 31 days are left, so 31 x 21/31 = 21 weigh beside 30 of June.
    # 30 + 31 + 30 = 91; 20 + 20 are done; 51 are left: 21 in May, on top of the 20 done there, and 30 in June.
    assert spread((30, 31, 30), (20, 20, None), date(2026, 5, 10)) == (91, 40, 51, (20, 41, 30))


def test_when_all_is_done_nothing_is_left() -> None:
    assert spread((10, 10, 10), (40, None, None), date(2026, 4, 30)) == (30, 40, 0, (40, 0, 0))


def test_a_month_gone_by_without_a_figure_forbids_to_spread() -> None:
    assert spread((10, 10, 10), (None, 3, None), date(2026, 5, 31)) is None
    key: RowKey = (SIGNUPS.key, None, None)
    assert replan(key, targets_of((1, 1, 1)), {}, MONTHS, WHOLE, every_day) is None


def test_a_month_without_a_target_is_given_nothing() -> None:
    # 10 + 30 = 40, 5 done; all 35 fall to June.
    assert spread((10, None, 30), (5, None, None), date(2026, 4, 30)) == (40, 5, 35, (5, 0, 35))


def test_when_no_month_is_left_nothing_is_spread() -> None:
    assert spread((10, 10, 10), (5, 5, 5), WHOLE) == (30, 15, 15, (5, 5, 5))


# --- up to when the exports are known ----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("as_of", "known"),
    [
        (date(2026, 10, 29), date(2026, 10, 29)),  # before the last row
        (date(2026, 10, 30), date(2026, 10, 30)),
        (date(2026, 11, 2), date(2026, 11, 2)),  # three days after it: a weekend, say
        (date(2026, 11, 3), date(2026, 10, 30)),  # four days: the exports say no more
        (date(2027, 1, 31), date(2026, 10, 30)),
    ],
)
def test_three_days_without_rows_are_known_and_four_are_not(as_of: date, known: date) -> None:
    extents = {
        "signups": Extent(date(2025, 1, 1), date(2026, 10, 30), frozenset()),
        "paid_users": Extent(date(2025, 1, 1), date(2026, 10, 12), frozenset()),  # it ends earlier, and may
    }
    assert known_until(cast("Facts", SimpleNamespace(extents=extents)), as_of) == known
    assert known_until(cast("Facts", SimpleNamespace(extents={})), as_of) == as_of


def test_a_month_is_whole_on_its_last_day() -> None:
    assert [last_whole_month(day).key for day in (date(2026, 2, 27), date(2026, 2, 28), date(2026, 3, 1))] == [
        "2026-01", "2026-02", "2026-02",
    ]  # fmt: skip
