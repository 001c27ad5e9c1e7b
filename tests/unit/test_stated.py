"""What a monthly table says of a measure, worked by hand: months, quarters, parts, and why it says nothing."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from funnelcli.counting.measures import (
    CHURN_COUNTED,
    CHURNED,
    CHURNED_OF_OPENING,
    DEMOS_BOOKED,
    DEMOS_HELD_AT_END,
    MRR_AT_END,
    NEW_PAID,
    PAYING_AT_END,
    PAYING_AT_START,
    REGISTERED_AT_END,
    REGISTERED_AT_START,
    SIGNUPS,
    VISITS,
    Measure,
)
from funnelcli.counting.stated import StatedMeasures, channels_of
from funnelcli.facts.stated import sum_of
from funnelcli.text import Message
from funnelcli.values.channels import CHANNELS, SLICES, Channel
from funnelcli.values.figures import Missing
from funnelcli.values.periods import Grain, Period, month_of, period_of
from funnelcli.values.slices import Slice
from support import exports_of

JANUARY, FEBRUARY, MARCH, APRIL = (month_of(date(2026, month, 1)) for month in (1, 2, 3, 4))
QUARTER = period_of(date(2026, 1, 1), Grain.QUARTER)
PRO = Slice(dimension="plan", key="Pro", label=Message("Pro"), lasting=False)
ORGANIC, PAID, AFFILIATE = (SLICES[channel] for channel in (Channel.ORGANIC, Channel.PAID, Channel.AFFILIATE))

TABLE = (
    "month,new_signups,paid_signups,new_demo_bookings,total_leads,opening_paid_users,new_paid_users,churned_paid_users",
    "2026-01,10,4,6,50,20,3,1",
    "2026-02,12,,7,62,22,,2",
    "2026-03,14,5,8,76,25,5,3",
)


def measures(folder: Path, as_of: date, *lines: str) -> StatedMeasures:
    (folder / "monthly.csv").write_text("\n".join(lines or TABLE) + "\n", encoding="utf-8")
    return StatedMeasures(exports_of(folder), as_of)


def said(
    stated: StatedMeasures,
    measure: Measure,
    period: Period,
    part: Slice | None = None,
    only: frozenset[Channel] | None = None,
) -> int | str:
    """The number, or the code of the reason why there is none."""
    found = stated.lines(measure, period, part, only)
    return found.code if isinstance(found, Missing) else sum_of(found)


def test_which_channels_are_asked_for() -> None:
    some = frozenset({Channel.PAID, Channel.PARTNER})
    assert channels_of(None, None) is channels_of(PRO, None) is None
    assert channels_of(None, some) == channels_of(PRO, some) == some
    assert channels_of(PAID, None) == channels_of(PAID, some) == frozenset({Channel.PAID})
    assert channels_of(ORGANIC, some) == frozenset()


@pytest.mark.parametrize(
    ("measure", "figures"),
    [
        (SIGNUPS, [10, 12, 14, "after-as-of", 36]),
        (DEMOS_BOOKED, [6, 7, 8, "after-as-of", 21]),
        (CHURNED, [1, 2, 3, "after-as-of", 6]),
        (NEW_PAID, [3, "not-in-monthly-table", 5, "after-as-of", "not-in-monthly-table"]),
        # 50 were there at the end of January, so 50 - 10 = 40 when it began, which no row says.
        (REGISTERED_AT_START, ["not-in-monthly-table", 50, 62, "after-as-of", "not-in-monthly-table"]),
        (REGISTERED_AT_END, [50, 62, 76, "after-as-of", 76]),
        # 20 + 3 - 1 = 22, the opening of February; of February itself the new ones are not said, the next opening is.
        (PAYING_AT_START, [20, 22, 25, "after-as-of", 20]),
        (PAYING_AT_END, [22, 25, 25 + 5 - 3, "after-as-of", 27]),
        (CHURN_COUNTED, [1, 2, 3, "after-as-of", 6]),
        (CHURNED_OF_OPENING, ["not-in-monthly-table"] * 3 + ["after-as-of", "not-in-monthly-table"]),
        # A table without any amounts says so.
        (MRR_AT_END, ["no-amounts"] * 3 + ["after-as-of", "no-amounts"]),
        (DEMOS_HELD_AT_END, ["not-in-monthly-table"] * 3 + ["after-as-of", "not-in-monthly-table"]),
    ],
)
def test_figures_of_months_and_a_quarter(measure: Measure, figures: list[int | str], tmp_path: Path) -> None:
    stated = measures(tmp_path, MARCH.last_day)
    assert [said(stated, measure, period) for period in (JANUARY, FEBRUARY, MARCH, APRIL, QUARTER)] == figures


@pytest.mark.parametrize(
    ("as_of", "signups", "leads", "opening"),
    [
        ("2025-12-31", ["after-as-of"] * 3, ["after-as-of"] * 3, ["after-as-of"] * 3),
        ("2026-01-01", [10, "after-as-of", 10], [50, "after-as-of", 50], [20, "after-as-of", 20]),
        ("2026-01-31", [10, "after-as-of", 10], [50, "after-as-of", 50], [20, "after-as-of", 20]),
        ("2026-02-01", [10, 12, 22], [50, 62, 62], [20, 22, 20]),
        ("2026-03-01", [10, 12, 36], [50, 62, 76], [20, 22, 20]),
        ("2026-05-05", [10, 12, 36], [50, 62, 76], [20, 22, 20]),
    ],
)
def test_a_month_that_has_begun_counts_whole(
    as_of: str, signups: list[int | str], leads: list[int | str], opening: list[int | str], tmp_path: Path
) -> None:
    stated = measures(tmp_path, date.fromisoformat(as_of))
    found = [
        [said(stated, measure, period) for period in (JANUARY, FEBRUARY, QUARTER)]
        for measure in (SIGNUPS, REGISTERED_AT_END, PAYING_AT_START)
    ]
    assert found == [signups, leads, opening]


@pytest.mark.parametrize(
    ("measure", "part", "figures"),
    [
        (SIGNUPS, PAID, [4, "not-in-monthly-table", 5]),
        (SIGNUPS, ORGANIC, [6, "not-in-monthly-table", 9]),  # what no column of a channel has
        # A channel without a column is not measured.
        (SIGNUPS, AFFILIATE, ["not-in-monthly-table"] * 3),
        (DEMOS_BOOKED, PAID, ["not-split-by-channel"] * 3),
        # Where the whole is not said either, that is the reason.
        (NEW_PAID, PAID, ["not-split-by-channel", "not-in-monthly-table", "not-split-by-channel"]),
        (REGISTERED_AT_END, PAID, ["not-split-by-channel"] * 3),
        (REGISTERED_AT_START, PAID, ["not-in-monthly-table", "not-split-by-channel", "not-split-by-channel"]),
        (SIGNUPS, PRO, ["not-split-by-dimension"] * 3),
        (REGISTERED_AT_END, PRO, ["not-split-by-dimension"] * 3),
        (NEW_PAID, PRO, ["not-split-by-dimension", "not-in-monthly-table", "not-split-by-dimension"]),
    ],
)
def test_figures_of_parts(measure: Measure, part: Slice, figures: list[int | str], tmp_path: Path) -> None:
    stated = measures(tmp_path, MARCH.last_day)
    assert [said(stated, measure, period, part) for period in (JANUARY, FEBRUARY, MARCH)] == figures
    assert said(stated, measure, APRIL, part) == "after-as-of"


def test_figures_of_some_channels(tmp_path: Path) -> None:
    stated = measures(tmp_path, MARCH.last_day)
    for only, number in (
        (frozenset({Channel.PAID}), 4),
        (frozenset({Channel.PAID, Channel.ORGANIC}), 10),
        (frozenset(CHANNELS), 10),
    ):
        assert said(stated, SIGNUPS, JANUARY, None, only) == number
    # Of a part those of its channel alone are asked for: of another's there is nothing to say.
    assert said(stated, SIGNUPS, JANUARY, PAID, frozenset({Channel.PAID, Channel.ORGANIC})) == 4


def test_why_there_are_no_amounts(tmp_path: Path) -> None:
    header = "month,closing_paid_users,closing_mrr_amount"
    stated = measures(tmp_path, MARCH.last_day, header, "2026-01,4,1200.50", "2026-02,5,")
    assert [said(stated, MRR_AT_END, period) for period in (JANUARY, FEBRUARY)] == [120_050, "not-in-monthly-table"]
    without = measures(tmp_path, MARCH.last_day, "month,closing_paid_users", "2026-01,4")
    found = without.lines(MRR_AT_END, JANUARY)
    assert isinstance(found, Missing)
    assert found.reason.of("en") == "the monthly table has no closing_mrr_amount"
    # Of what is no amount the table only does not give it.
    assert said(without, PAYING_AT_START, JANUARY) == "not-in-monthly-table"


def test_what_the_table_stands_for(tmp_path: Path) -> None:
    wanted = (SIGNUPS, DEMOS_BOOKED, NEW_PAID, MRR_AT_END, VISITS)
    stated = measures(tmp_path, MARCH.last_day)
    assert [stated.stands_for(measure) for measure in wanted] == [True, True, True, True, False]
    assert set(stated.unmeasured(SIGNUPS)) == {
        channel
        for channel in CHANNELS
        if channel not in (Channel.ORGANIC, Channel.PAID, Channel.UNKNOWN, Channel.UNASSIGNED)
    }
    assert {missing.in_residual for missing in stated.unmeasured(SIGNUPS).values()} == {True}
    # Not for what has an export of its own.
    (tmp_path / "signups.csv").write_text("user_id,signed_up_at\nu,2026-01-01\n", encoding="utf-8")
    beside = StatedMeasures(exports_of(tmp_path), MARCH.last_day)
    assert [beside.stands_for(measure) for measure in wanted] == [False, True, True, True, False]
    (tmp_path / "monthly.csv").unlink()
    alone = StatedMeasures(exports_of(tmp_path), MARCH.last_day)
    assert [alone.stands_for(measure) for measure in wanted] == [False] * 5
