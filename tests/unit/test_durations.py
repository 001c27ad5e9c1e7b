"""How long it takes, as metrics: percentiles of Kaplan-Meier worked by hand, and recounted by another way."""

from __future__ import annotations

import random
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path
from typing import Any

import numpy as np
import pytest

import funnelcli as fc
from funnelcli.counting.durations import lasting
from funnelcli.counting.lasting import NOT_ENDED
from funnelcli.counting.pairs import pairs_of
from funnelcli.facts.events import UNDATED_END, Events, Records
from funnelcli.facts.journeys import BUILT_IN
from funnelcli.metrics import CATALOGUE, with_behind
from funnelcli.stats.survival import ENDED, HAPPENED, OPEN
from funnelcli.values.dates import DAY_MICROS
from support import EXAMPLES

MINUTE = DAY_MICROS // (24 * 60)

# Days in the stage: 3, 5, 5 and on, 8, 10 and on, 12.
STAYS = (
    ("a", "2026-03-01", "2026-03-04", "Lan"), ("b", "2026-03-02", "2026-03-07", "Lan"), ("c", "2026-03-26", "", "Lan"),
    ("d", "2026-03-03", "2026-03-11", "Huy"), ("e", "2026-03-21", "", "Huy"), ("f", "2026-03-04", "2026-03-16", "Huy"),
)  # fmt: skip


def deals(stays: tuple[tuple[str, str, str, str], ...]) -> str:
    """Deals that come to demo, and leave it for the contract; ``d`` is lost instead."""
    rows = ["deal_id,stage,entered_at,owner"]
    for deal, entered, left, owner in stays:
        rows.append(f"{deal},demo,{entered},{owner}")
        if left:
            rows.append(f"{deal},{'lost' if deal == 'd' else 'contract'},{left},{owner}")
    return "\n".join(rows) + "\n"


def opened(folder: Path, text: str) -> fc.Folder:
    (folder / "deals.csv").write_text(text, encoding="utf-8")
    return fc.open_folder(folder)


def test_percentiles_of_days_in_a_stage_worked_by_hand(tmp_path: Path) -> None:
    folder = opened(tmp_path, deals(STAYS))
    # At risk 6, 5, 3, 1 when one leaves on day 3, 5, 8, 12: S = 5/6, 2/3, 4/9, 0; the median of who left is 6.5.
    values = {
        key: folder.explain(key, month="2026-03", as_of="2026-03-31").value
        for key in ("demo_days", "demo_p75_days", "demo_p90_days")
    }
    assert {key: value.value for key, value in values.items()} == {
        "demo_days": 8, "demo_p75_days": 12, "demo_p90_days": 12,
    }  # fmt: skip
    assert {(value.numerator, value.denominator) for value in values.values()} == {(4, 6)}  # 4 of 6 have left
    # Each owner's own: Lan's 3, 5, 5+: S = 2/3, 1/3; Huy's 8, 10+, 12: S = 2/3, 0.
    by = {part: folder.explain("demo_days", month="2026-03", as_of="2026-03-31", by="owner", part=part) for part in
          ("Lan", "Huy")}  # fmt: skip
    assert {part: each.value.value for part, each in by.items()} == {"Lan": 5, "Huy": 12}
    early = folder.explain("demo_days", month="2026-03", as_of="2026-03-08").value
    # By 8 March a and b have left after 3 and 5 days; d and f are there for 5 and 4: S(3) = 3/4, S(5) = 3/8.
    assert (early.value, early.numerator, early.denominator) == (5, 2, 4)


def test_equal_shares_are_reached_exactly(tmp_path: Path) -> None:
    stays = tuple((f"x{days}", "2026-03-01", f"2026-03-{1 + days:02}", "Lan") for days in (2, 4, 6, 8))
    value = opened(tmp_path, deals(stays)).explain("demo_days", month="2026-03", as_of="2026-03-31").value
    assert value.value == 4  # S(4) = 1/2: neither 5 nor 6


def test_reasons_why_there_is_none(tmp_path: Path) -> None:
    folder = opened(tmp_path, deals(STAYS[:1] + STAYS[2:3] + STAYS[4:5]))
    march = folder.explain("demo_p90_days", month="2026-03", as_of="2026-03-31").value
    assert (march.missing and march.missing.code, march.numerator, march.denominator) == ("curve-below", 1, 3)
    april = folder.explain("demo_days", month="2026-04", as_of="2026-04-30").value
    assert april.missing is not None
    assert april.missing.code == "no-entered-demo"
    later = folder.explain("demo_days", month="2026-05", as_of="2026-04-30").value
    assert later.missing == folder.explain("entered_demo", month="2026-05", as_of="2026-04-30").value.missing


def test_a_journey_shows_what_its_metrics_say_and_the_dashboard_does_without_them(tmp_path: Path) -> None:
    folder = opened(tmp_path, deals(STAYS))
    journey = folder.journey(start="2026-03", end="2026-03", as_of="2026-03-31", by="owner").journey
    for stage in journey.stages:
        name = stage.stage.name
        part = None if stage.part is None else stage.part.key
        for key, days in zip((f"{name}_days", f"{name}_p75_days", f"{name}_p90_days"), stage.days, strict=True):
            asked = folder.explain(key, month="2026-03", as_of="2026-03-31", by="owner" if part else None, part=part)
            assert asked.value.value == days
    whole = next(stage for stage in journey.stages if stage.stage.name == "demo" and stage.part is None)
    assert (whole.days, whole.entrants, whole.still_there) == ((8, 12, 12), 6, 2)
    report = folder.report(month="2026-03", as_of="2026-03-31").report
    assert not [row.metric.key for row in report.rows if row.metric.apart]
    assert not [key for key in with_behind(row.metric for row in report.rows) if CATALOGUE[key].apart]
    figures = folder.report(month="2026-03", as_of="2026-03-31", section="opportunity").report
    assert {row.metric.key: row.total.value for row in figures.rows if row.metric.key.startswith("demo_")} == {
        "demo_days": 8, "demo_p75_days": 12, "demo_p90_days": 12,
    }  # fmt: skip


def test_a_range_is_one_period(tmp_path: Path) -> None:
    stays = (("a", "2026-03-01", "2026-03-03", "Lan"), ("b", "2026-04-01", "2026-04-11", "Lan"),
             ("c", "2026-04-02", "2026-04-22", "Lan"))  # fmt: skip
    report = opened(tmp_path, deals(stays)).report(
        start="2026-03", end="2026-04", as_of="2026-04-30", section="opportunity"
    ).report  # fmt: skip
    row = next(row for row in report.rows if row.metric.key == "demo_days")
    # 2 days in March; 10 and 20 in April; of all three the middle is 10, not the mean of the months' 2 and 10.
    assert ([cell.value for cell in row.cells], row.total.value) == ([2, 10], 10)


# --- from a stage to the next ----------------------------------------------------------------------------------------

# Days to the win 10, 30 and 50, to the loss 15, 20, 35 and 60; one is open for 40.
ENDS = (("2026-01-01", "2026-01-11", "1"), ("2026-01-01", "2026-01-16", "0"), ("2026-01-01", "2026-01-21", "0"),
        ("2026-01-01", "2026-01-31", "1"), ("2026-01-01", "2026-02-05", "0"), ("2026-01-19", "", ""),
        ("2026-01-01", "2026-02-20", "1"), ("2025-12-30", "2026-02-28", "0"))  # fmt: skip


def test_a_loss_competes_with_a_win(tmp_path: Path) -> None:
    rows = [f"deal{number},{created},{closed},{won}" for number, (created, closed, won) in enumerate(ENDS)]
    folder = opened(tmp_path, "\n".join(["deal_id,created_at,closed_at,won", *rows]) + "\n")
    asked: dict[str, Any] = {"start": "2025-12", "end": "2026-02", "as_of": "2026-02-28"}
    report = folder.report(**asked, section="opportunity", basis="cohort").report
    totals = {row.metric.key: row.total for row in report.rows}
    days, lag = totals["created_to_won_days"], totals["created_to_won_lag_days"]
    # Won by day 10: 1/8; by 30: + 5/8 x 1/5 = 1/4; by 50: + 3/8 x 1/2 = 7/16. Losses taken as open give 50 days.
    assert days.missing is not None
    assert (days.missing.code, days.numerator, days.denominator) == ("curve-below", 3, 8)
    assert lag.value == 30  # the first day on which the curve is at half of 7/16
    journey = folder.journey(**asked).journey
    [contract] = [stage for stage in journey.stages if stage.stage.name == "contract"]
    assert (contract.entrants, contract.days_to_next, contract.lag_days) == (0, (None,) * 3, (None,) * 3)
    cohorts = folder.cohorts(**asked, journey="opportunity", from_stage="created", to_stage="won").cohorts
    assert cohorts.splits[0].days.of_all == (None, None, None)
    assert cohorts.splits[0].days.of_converting[0] == lag.value


@pytest.mark.parametrize("name", ["opportunity", "customer"])
@pytest.mark.parametrize("by", [None, "owner"])
def test_days_from_stage_to_stage_are_those_of_cohorts(name: str, by: str | None) -> None:
    folder, seen = fc.open_folder(EXAMPLES / "erp_vn"), 0
    asked: dict[str, Any] = {"start": "2026-05", "end": "2026-09", "window": "60d", "by": by}
    report = folder.report(**asked, section=name, basis="cohort").report
    totals = {(row.metric.key, row.part and row.part.key): row.total.value for row in report.rows}
    for pair in pairs_of(BUILT_IN[name]):
        cohorts = folder.cohorts(journey=name, from_stage=pair.start, to_stage=pair.goal, **asked).cohorts
        for split in cohorts.splits:
            part = split.part and split.part.key
            if (f"{pair.time_key}_days", part) in totals:
                of_all, lag = (totals[f"{pair.time_key}_{of}", part] for of in ("days", "lag_days"))
                assert (of_all, lag) == (split.days.of_all[0], split.days.of_converting[0]), (pair.key, part)
                seen += of_all is not None
    assert seen >= 5


def test_the_rows_of_a_percentile_say_how_long_each_took(tmp_path: Path) -> None:
    folder = opened(tmp_path, deals(STAYS))
    rows = folder.explain("demo_days", month="2026-03", as_of="2026-03-31").rows
    assert [(row.subject, row.lasted, row.ended and row.ended.isoformat()) for row in rows] == [
        ("a", 3, "2026-03-04"), ("b", 5, "2026-03-07"), ("c", 5, None), ("d", 8, "2026-03-11"), ("e", 10, None),
        ("f", 12, "2026-03-16"),
    ]  # fmt: skip
    frame = folder.explain("demo_days", month="2026-03", as_of="2026-03-31").to_frame()
    assert frame.columns.tolist()[-3:] == ["counts", "ended", "days"]


def recounted(times: list[tuple[int, bool]], quantile: Fraction) -> int | None:
    """The percentile by going through the days one by one: exact fractions, everybody asked anew each day."""
    survival = Fraction(1)
    for day in range(400):
        at_risk = sum(1 for time, _ in times if time >= day)
        left = sum(1 for time, gone in times if time == day and gone)
        if left:
            survival *= 1 - Fraction(left, at_risk)
        if survival <= 1 - quantile:
            return day
    return None


def test_a_recount_of_random_deals_day_by_day(tmp_path: Path) -> None:
    rng = random.Random(7)
    stays, times = [], []
    for number in range(120):
        start, took = date(2026, 3, 1) + timedelta(rng.randrange(31)), rng.randrange(40)
        gone = rng.random() < 0.7 and start + timedelta(took) <= date(2026, 4, 10)
        stays.append((f"n{number}", f"{start}", f"{start + timedelta(took)}" if gone else "", "Lan"))
        times.append((took, True) if gone else ((date(2026, 4, 10) - start).days, False))
    folder = opened(tmp_path, deals(tuple(stays)))
    for key, quantile in (("demo_days", 50), ("demo_p75_days", 75), ("demo_p90_days", 90)):
        value = folder.explain(key, month="2026-03", as_of="2026-04-10").value
        assert value.value == recounted(times, Fraction(quantile, 100))


# --- what ends something, by the row or the link ---------------------------------------------------------------------


def happened(name: str, records: Records, *moments: tuple[int, int, float | None], **given: np.ndarray) -> Events:
    """Events of some rows, on a day, at an hour or at none."""
    row, day, hour = (np.array(column, dtype=object) for column in zip(*moments, strict=True))
    timed = np.array([each is not None for each in hour])
    days = day.astype(np.int64)
    at = days * DAY_MICROS + np.array([int((each or 0) * 60 * MINUTE) for each in hour], dtype=np.int64)
    return Events.of(name, records, row.astype(np.int64), days, at=at, timed=timed, **given)


def test_the_end_of_the_same_row_with_times_and_without() -> None:
    records = Records.invented("tickets", "tickets.csv", {}, size=6)
    begun = happened("opened", records, (0, 10, 9), (1, 10, 9), (2, 10, None), (3, 11, 9), (4, 11, 9), (5, 12, 9))
    ends = happened("answered", records, (0, 10, 9.5), (1, 12, None), (2, 10, 10), (3, 30, 9), (4, 11, 8),
                    (5, UNDATED_END, None))  # fmt: skip
    lasted = lasting(begun, [ends], [], 20)
    # Half an hour; two whole days; a bare date is its whole day; not by the end of day 20, of which 15 hours of day 11
    # and nine days are over; before it began; nobody knows when.
    assert lasted.times.tolist() == [30 * MINUTE, 2 * DAY_MICROS, 0, 9 * DAY_MICROS + 15 * 60 * MINUTE, 0, 0]
    assert lasted.became.tolist() == [HAPPENED, HAPPENED, HAPPENED, OPEN, OPEN, OPEN]
    assert lasted.ended.tolist() == [10, 12, 10, NOT_ENDED, NOT_ENDED, NOT_ENDED]
    assert lasted.unclear.tolist() == [False, False, False, False, True, True]
    by_time = lasting(begun, [ends], [], 20, timed=True)
    assert by_time.unclear.tolist() == [False, True, True, False, True, True]
    assert by_time.became.tolist() == [HAPPENED, OPEN, OPEN, OPEN, OPEN, OPEN]


def test_a_day_may_end_at_a_moment_of_its_own() -> None:
    records = Records.invented("tickets", "tickets.csv", {}, size=4)
    begun = happened("opened", records, (0, 19, 9), (1, 20, 8), (2, 20, 14), (3, 19, None))
    ends = happened("answered", records, (0, 20, 15), (1, 20, 11))
    noon = 20 * DAY_MICROS + 12 * 60 * MINUTE
    lasted = lasting(begun, [ends], [], 20, last=noon)
    # Not by noon of day 20: 27 hours so far.  Three hours.  Opened after noon.  A bare date waits whole days.
    assert lasted.times.tolist() == [27 * 60 * MINUTE, 3 * 60 * MINUTE, 0, DAY_MICROS]
    assert lasted.became.tolist() == [OPEN, HAPPENED, OPEN, OPEN]
    assert lasting(begun, [ends], [], 20).became.tolist() == [HAPPENED, HAPPENED, OPEN, OPEN]


def test_an_end_of_another_row_has_the_link_and_another_end_may_come_first() -> None:
    records = Records.invented("deals", "deals.csv", {}, size=9)
    begun = happened("entered", records, (0, 1, None), (1, 1, None), (2, 1, None), link=np.array([7, 8, 9]))
    ends = happened("reached", records, (5, 6, None), (6, 4, None), link=np.array([7, 7]))
    others = happened("lost", records, (7, 3, None), (8, 9, None), link=np.array([7, 8]))
    lasted = lasting(begun, [ends], [others], 20)
    # The first came there on day 4, though lost on day 3; the second was lost on day 9; the third is still waited for.
    assert lasted.times.tolist() == [3 * DAY_MICROS, 8 * DAY_MICROS, 19 * DAY_MICROS]
    assert lasted.became.tolist() == [HAPPENED, ENDED, OPEN]
    assert pytest.approx(lasted.ended.tolist()) == [4, 9, NOT_ENDED]
