"""Where a firm lands if nothing changes: by hand, and what would have to change."""

from __future__ import annotations

from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
from msgspec.structs import replace

from funnelcli.planning.backtest import Scored, backtest
from funnelcli.planning.forecast import expected_figures, foretell, rate_of, streams_ahead
from funnelcli.planning.known_past import BACK, DEMOS, LOST, MRR, NEW, PAYING, SIGNUPS, Getting, Past, Stream, Worth
from funnelcli.planning.lag import InHand, Open
from funnelcli.planning.landing import Lever, landing
from funnelcli.values.lags import LagCounts
from funnelcli.values.periods import Grain, Period, month_of, shift, span

BEGINS = month_of(date(2026, 1, 1))
# 15, 9 and 6 % come to the next stage 0, 1 and 2 month ends later; a half does, at once.
SLOW = Getting(counts=LagCounts(came=(15, 9, 6), known=(100, 100, 100)))
HALF = Getting(counts=LagCounts(came=(50,), known=(100,)))


def before(months: int) -> tuple[Period, ...]:
    return span(shift(BEGINS, -months, Grain.MONTH), shift(BEGINS, -1, Grain.MONTH), Grain.MONTH)


def stream(*numbers: int) -> Stream:
    return Stream(months=before(len(numbers)), numbers=numbers)


def firm(**changes: Any) -> Past:
    """100 signups a month, 200 customers who bring 10,000, of whom 10 % are lost a month; new ones bring 40."""
    known = Past(
        begins=BEGINS, streams={SIGNUPS: stream(*[100] * 12)}, stages=(SIGNUPS, NEW), steps=(SLOW,),
        churn=((20, 200),) * 6, customers=200, mrr=10_000.0, worth=Worth(amounts=(30.0, 50.0) * 5),
    )  # fmt: skip
    return replace(known, **changes)


def expected(past: Past, months: int, **come: Sequence[float]) -> dict[str, list[float]]:
    numbers = {"signups": SIGNUPS, "demos": DEMOS, "new": NEW, "back": BACK}
    return expected_figures(past, {numbers[key]: each for key, each in come.items()}, months)


# --- what is to be expected ------------------------------------------------------------------------------------------


def test_signups_come_to_customers_by_their_lag() -> None:
    """15; 15 + 9; 15 + 9 + 6.  Lost are a tenth of those at the start: 20, 19.5, 19.95."""
    figures = expected(firm(), 3, signups=[100, 100, 100])
    assert figures[NEW] == pytest.approx([15, 24, 30])
    assert figures[LOST] == pytest.approx([20, 19.5, 19.95])
    assert figures[PAYING] == pytest.approx([195, 199.5, 209.55])
    # 10,000 less a tenth, and 15 x 40: 9,600; then 8,640 + 24 x 40; then 8,640 + 30 x 40.
    assert figures[MRR] == pytest.approx([9600, 9600, 9840])


def test_those_in_hand_bring_what_is_left_to_them() -> None:
    """85 of 100 of last month are open: 9 and 6 of them.  Of the 76 of two months ago 6.  The rest are past it."""
    hand = InHand(open=tuple(Open(stage=0, month=-1 - ago, number=n) for ago, n in enumerate((85, 76, 70))))
    assert expected(firm(hand=hand), 3, signups=[0, 0, 0])[NEW] == pytest.approx([15, 6, 0])


def test_of_the_running_month_what_came_is_in_and_the_rest_is_foretold() -> None:
    """Half of it is over.  40 signups and 5 customers have come, 8 are lost; 50 and 7.5 come, and 20 / 2 are lost."""
    past = firm(elapsed=Fraction(1, 2), so_far={SIGNUPS: 40.0, NEW: 5.0, LOST: 8.0})
    figures = expected(past, 2, signups=[50, 100])
    assert figures[SIGNUPS] == [90, 100]
    assert figures[NEW] == pytest.approx([5 + 7.5, 15 + 4.5])
    assert figures[LOST] == pytest.approx([8 + 10, 19.75])
    # The 200 who pay today have the 5 with them already.
    assert figures[PAYING] == pytest.approx([200 + 7.5 - 10, 197.5 + 19.5 - 19.75])


def test_streams_that_signed_up_nowhere_are_added() -> None:
    figures = expected(firm(), 2, signups=[100, 100], new=[3, 3], back=[1, 2])
    assert figures[NEW] == pytest.approx([18, 27])
    assert figures[BACK] == [1, 2]
    assert figures[PAYING] == pytest.approx([200 - 20 + 18 + 1, 199 - 19.9 + 27 + 2])


def test_of_those_past_the_demo_some_never_had_one() -> None:
    """8 of 10 did: of 50 who come to it or past it 40; and 2 whose signup is nowhere."""
    past = firm(stages=(SIGNUPS, DEMOS, NEW), steps=(HALF, HALF), had=(8, 10))
    figures = expected(past, 1, signups=[100], demos=[2])
    assert figures[DEMOS] == pytest.approx([42])
    assert figures[NEW] == pytest.approx([25])


def test_what_the_others_bring_grows_and_the_lost_take_less() -> None:
    """10,000 + 2 %, less 20 x 50 x a half; new ones: ARPA of all, where none of theirs is known."""
    past = firm(worth=Worth(lost_rate=0.5, grows=(0.01, 0.03)))
    assert expected(past, 1, signups=[100])[MRR] == pytest.approx([10_200 - 500 + 15 * 50])


def test_what_customers_bring_is_not_foretold_where_nobody_knows_it() -> None:
    assert MRR not in expected(firm(customers=0, mrr=0.0, worth=Worth()), 1, signups=[100])
    assert MRR not in expected(firm(mrr=None), 1, signups=[100])
    assert foretell(firm(customers=0, mrr=0.0, worth=Worth()), 1, runs=50).row(MRR) is None


@pytest.mark.parametrize("key", ["customers", "churn"])
def test_who_is_lost_is_not_foretold_where_it_is_not_known(key: str) -> None:
    figures = expected(firm(**{key: None if key == "customers" else ()}), 1, signups=[100])
    assert set(figures) == {SIGNUPS, NEW}


# --- laws ------------------------------------------------------------------------------------------------------------

LARGE = firm(
    stages=(SIGNUPS, DEMOS, NEW), steps=(SLOW, HALF), had=(30, 40), elapsed=Fraction(1, 3),
    so_far={SIGNUPS: 20.0, NEW: 2.0, LOST: 3.0, DEMOS: 4.0},
    streams={SIGNUPS: stream(80, 120, 95, 130, 77, 101, 99), NEW: stream(2, 0, 1, 4, 2, 1, 3), BACK: stream(*[1] * 6)},
    hand=InHand(
        open=(Open(stage=0, month=-1, number=85), Open(stage=1, month=-1, number=9)), at=0, elapsed=Fraction(1, 3)
    ),
)  # fmt: skip


def test_the_same_seed_gives_the_same_forecast_whatever_else_runs() -> None:
    with ThreadPoolExecutor(4) as threads:
        several = list(threads.map(lambda seed: foretell(LARGE, 4, seed=seed, runs=300), [5, 6, 5, 5]))
    assert several[0] == several[2] == several[3] == foretell(LARGE, 4, seed=5, runs=300)
    assert several[0] != several[1]


def test_fewer_months_are_the_first_of_more() -> None:
    short, long = foretell(LARGE, 3, runs=400), foretell(LARGE, 7, runs=400)
    assert [row.key for row in short.rows] == [row.key for row in long.rows]
    for row, other in zip(short.rows, long.rows, strict=True):
        assert [cell.bounds for cell in row.cells] == [cell.bounds for cell in other.cells[:3]]
        assert [cell.value for cell in row.cells] == pytest.approx([cell.value for cell in other.cells[:3]])


def test_half_of_the_runs_lie_within_nine_of_ten() -> None:
    for row in foretell(LARGE, 6, runs=400).rows:
        for cell in (*row.cells, row.total):
            assert cell.bounds is not None
            assert list(cell.bounds) == sorted(cell.bounds)


def test_customers_at_the_end_are_those_before_with_whoever_came_and_without_whoever_went() -> None:
    forecast = foretell(LARGE, 6, runs=10)
    rows = {row.key: [cell.value for cell in row.cells] for row in forecast.rows}
    paying = float(LARGE.customers or 0) - 2.0 + 3.0  # what has come of the first month is in its figures
    for month in range(6):
        paying += rows[NEW][month] + rows[BACK][month] - rows[LOST][month]
        assert rows[PAYING][month] == pytest.approx(paying)


def test_what_came_already_is_in_every_run() -> None:
    forecast = foretell(replace(LARGE, elapsed=Fraction(29, 30)), 1, runs=400)
    row = forecast.row(SIGNUPS)
    assert row is not None
    assert row.cells[0].bounds is not None
    assert row.cells[0].bounds[0] >= 20


@pytest.mark.parametrize("numbers", [[0] * 6, [0] * 40, [0] * 11 + [1], [10**9] * 6])
def test_nobody_and_very_many_are_foretold(numbers: list[int]) -> None:
    forecast = foretell(firm(streams={SIGNUPS: stream(*numbers)}), 3, runs=50)
    row = forecast.row(SIGNUPS)
    assert row is not None
    assert row.total.bounds is not None
    assert row.total.bounds[0] <= max(numbers) * 3.1


# --- seasons and months ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("months", "shape", "has_season"),
    [(24, None, True), (23, None, False), (15, "seasonal", True), (14, "seasonal", False), (36, "level", False)],
)
def test_a_season_takes_two_years_or_to_be_asked_for(months: int, shape: Any, has_season: bool) -> None:
    """Each December has three times as many as any other month."""
    numbers = [300 if period.start.month == 12 else 100 for period in before(months)]
    ahead = foretell(firm(streams={SIGNUPS: stream(*numbers)}), 12, shape=shape, runs=50)
    assert ahead.shapes[SIGNUPS].has_season is has_season
    row = ahead.row(SIGNUPS)
    assert row is not None
    december, other = row.cells[11].value, row.cells[10].value
    assert december == pytest.approx(3 * other if has_season else other, rel=0.05)


@pytest.mark.parametrize(("december", "why"), [(5, None), (4, "few_people")])
def test_a_season_takes_ten_of_each_calendar_month(december: int, why: str | None) -> None:
    """Two years: 2 x 5 = 10 are enough, 2 x 4 = 8 are not."""
    numbers = [december if period.start.month == 12 else 20 for period in before(24)]
    ahead = foretell(firm(streams={SIGNUPS: stream(*numbers), BACK: stream(*numbers)}), 12, runs=50)
    assert {key: shape.no_season for key, shape in ahead.shapes.items()} == {SIGNUPS: why, BACK: why}


def test_whether_there_is_a_season_is_told_of_each_stream_by_its_own_months() -> None:
    long, short = stream(*[100] * 24), stream(*[100] * 23)
    ahead = foretell(firm(streams={SIGNUPS: short, BACK: long}), 2, runs=50)
    assert {key: shape.no_season for key, shape in ahead.shapes.items()} == {SIGNUPS: "few_months", BACK: None}
    asked = foretell(firm(streams={SIGNUPS: long}), 2, shape="level", runs=50)
    assert asked.shapes[SIGNUPS].no_season == "unasked"


@pytest.mark.parametrize("step", [HALF, SLOW])
def test_the_runs_lie_around_what_is_expected(step: Getting) -> None:
    """Half of 100 come in the same month, no other lag known: 50, and not 100; of the slow 15, 24 and 30."""
    row = foretell(firm(steps=(step,)), 3, runs=2_000).row(NEW)
    assert row is not None
    assert [cell.value for cell in row.cells] == pytest.approx([50, 50, 50] if step is HALF else [15, 24, 30])
    for cell in (*row.cells, row.total):
        assert cell.bounds is not None
        assert cell.bounds[1] <= cell.value <= cell.bounds[2]


def test_few_months_are_their_mean_and_have_no_bands() -> None:
    row = foretell(firm(streams={SIGNUPS: stream(90, 110, 130)}), 2, runs=50).row(SIGNUPS)
    assert row is not None
    assert [(cell.value, cell.bounds) for cell in row.cells] == [(110, None), (110, None)]


def test_a_spike_is_foretold_as_a_usual_month() -> None:
    spiked = replace(stream(50, 50, 50, 900, 50, 50, 50, 50), spikes={3: 50.0})
    row = foretell(firm(streams={SIGNUPS: spiked}), 1, runs=200).row(SIGNUPS)
    assert row is not None
    assert row.cells[0].value == pytest.approx(50)


# --- what would have to change ---------------------------------------------------------------------------------------


def changed(past: Past, lever: Lever) -> Past:
    """The firm with a lever where it is needed."""
    assert lever.needed is not None
    times = lever.needed / lever.now
    if lever.key == "signups":
        raised = [round(number * times * 10**6) for number in past.streams[SIGNUPS].numbers]
        steps = tuple(replace(step, times=step.times / 10**6 if not place else step.times)
                      for place, step in enumerate(past.steps))  # fmt: skip
        return replace(past, streams={**past.streams, SIGNUPS: stream(*raised)}, steps=steps)
    if lever.key == "churn":
        return replace(past, losses=times)
    if lever.key == "arpa":
        worth = replace(past.worth, amounts=tuple(amount * times for amount in past.worth.amounts))
        return replace(past, worth=worth)
    place = {"signup_to_demo": 0, "demo_to_paid": 1, "signup_to_paid": 0}[lever.key]
    steps = tuple(replace(step, times=times if at == place else step.times) for at, step in enumerate(past.steps))
    return replace(past, steps=steps)


THROUGH_DEMOS = firm(stages=(SIGNUPS, DEMOS, NEW), steps=(HALF, SLOW), had=(9, 10))


@pytest.mark.parametrize("past", [firm(), THROUGH_DEMOS])
@pytest.mark.parametrize("key", [MRR, PAYING, NEW])
def test_each_lever_where_it_is_needed_lands_on_the_target(past: Past, key: str) -> None:
    """Applied to the firm the figure comes out at the target: every lever, of every way to it."""
    months = 6
    periods = span(BEGINS, shift(BEGINS, months - 1, Grain.MONTH), Grain.MONTH)
    streams = streams_ahead(past, periods, None)
    own = expected_figures(past, {name: each.expected(0.0) for name, each in streams.items()}, months)[key]
    targets = [number * 1.04 for number in own] if key == NEW else [None] * (months - 1) + [own[-1] * 1.04]
    landed = landing(past, streams, key, targets)
    assert landed is not None
    assert landed.short == pytest.approx(0.04 * landed.expected)
    keys = {lever.key for lever in landed.levers}
    assert keys >= ({"signups"} if key == NEW else {"signups", "churn"})
    assert ("arpa" in keys) is (key == MRR)
    for lever in landed.levers:
        after = changed(past, lever)
        come = {name: each.expected(0.0) for name, each in streams_ahead(after, periods, None).items()}
        figures = expected_figures(after, come, months)[key]
        assert (sum(figures) if key == NEW else figures[-1]) == pytest.approx(landed.target, rel=1e-6), lever.key


def test_no_lever_promises_more_than_everybody() -> None:
    """Even if every signup paid, 100 a month are not 1,000; nobody lost is no 10,000 customers."""
    periods = span(BEGINS, BEGINS, Grain.MONTH)
    new = landing(firm(), streams_ahead(firm(), periods, None), NEW, [1000.0])
    assert new is not None
    assert {lever.key: lever.needed is not None for lever in new.levers} == {"signups": False, "signup_to_paid": False}
    paying = landing(firm(), streams_ahead(firm(), periods, None), PAYING, [10_000.0])
    assert paying is not None
    assert {lever.key for lever in paying.levers if lever.needed is None} >= {"churn", "signup_to_paid"}


def test_what_lands_above_its_target_needs_no_lever() -> None:
    landed = landing(firm(), streams_ahead(firm(), span(BEGINS, BEGINS, Grain.MONTH), None), NEW, [10.0])
    assert landed is not None
    assert landed.short == pytest.approx(-5)
    assert landed.levers == ()


# --- how good forecasts were -----------------------------------------------------------------------------------------


def scored(numbers: Sequence[int]) -> dict[int, Scored]:
    months = before(len(numbers))

    def past(known: int) -> Past:
        seen = Stream(months=months[:known], numbers=tuple(numbers[:known]))
        return Past(begins=shift(months[known - 1], 1, Grain.MONTH), streams={SIGNUPS: seen}, stages=(SIGNUPS,))

    return {each.ahead: each for each in backtest(past, {SIGNUPS: list(map(float, numbers))}, runs=200)}


def test_forecasts_are_made_at_each_month_end_from_the_sixth() -> None:
    """Of 12 months 6 come one month after such an end, 4 three months after."""
    scores = scored([100] * 12)
    assert {ahead: each.origins for ahead, each in scores.items()} == {1: 6, 3: 4}
    for each in scores.values():
        assert (each.error, each.naive, each.mean) == pytest.approx((0, 0, 100))
        assert each.held == {50: each.origins, 90: each.origins}


def test_errors_are_means_of_how_far_off_each_forecast_was() -> None:
    """The last month is 70 above: one of 6 forecasts of the next month, and one of 4 of the third, is off by it."""
    scores = scored([100] * 11 + [170])
    assert scores[1].error == pytest.approx(70 / 6)
    assert scores[1].naive == pytest.approx(70 / 6)
    assert scores[1].mean == pytest.approx((5 * 100 + 170) / 6)
    assert scores[1].held[90] == 5
    assert scores[3].error == pytest.approx(70 / 4)
    assert scored([100] * 8)[1].origins == 2
    assert scored([100] * 6) == {}


@pytest.mark.parametrize(("ahead", "held", "seldom"), [(1, 16, False), (1, 15, True), (1, 20, False), (3, 2, False)])
def test_bands_that_hold_too_seldom_are_said_by_the_exact_chance(ahead: int, held: int, seldom: bool) -> None:
    """Of 20 bands of 90 %, 15 or fewer hold with a chance of 4.3 %, 16 or fewer with 13.3 %."""
    each = Scored(key=NEW, ahead=ahead, origins=20, error=1.0, naive=1.0, mean=1.0, held={50: 2, 90: held})
    assert each.too_seldom is seldom


def test_a_rate_is_what_came_of_those_of_whom_it_is_known() -> None:
    step = Getting(counts=LagCounts(came=(10, 4, 0), known=(100, 80, 60)), times=2.0)
    assert rate_of(step).shares == pytest.approx((0.2, 0.1))
