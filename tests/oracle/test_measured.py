"""What a plan measures, found a second way: from the figures of the report, or counted by hand in small exports."""

from __future__ import annotations

import csv
from datetime import date, timedelta
from fractions import Fraction
from pathlib import Path

import pytest

from funnelcli.answers.measured import measure, window
from funnelcli.facts.model import Facts
from funnelcli.planning.model import Best, Gap, Key, Measured, Pooled
from funnelcli.values.channels import NAMED_CHANNELS, Channel
from funnelcli.values.figures import Missing
from funnelcli.values.period_words import parse_bound
from funnelcli.values.periods import Grain, Period, month_of, span
from support import exports_of, figures, report_of

ROOT = Path(__file__).parents[2]
SAAS_VN = ROOT / "examples" / "saas_vn"
AS_OF = date(2026, 10, 31)
MONTHS = [f"2026-{month:02}" for month in range(5, 11)]
RATE_PARTS = {
    Key.VISITOR_TO_SIGNUP: ("new_signups", "net_new_visitors"),
    Key.SIGNUP_TO_DEMO: ("new_demo_bookings", "new_signups"),
    Key.DEMO_TO_PAID: ("new_paid_users", "new_demo_bookings"),
}


def month(text: str) -> Period:
    return parse_bound(text, Grain.MONTH, last=False, option="month")


@pytest.fixture(scope="module")
def saas() -> Facts:
    return exports_of(SAAS_VN)


@pytest.fixture(scope="module")
def measured(saas: Facts) -> Measured:
    return measure(saas, AS_OF, window(saas, AS_OF, None, None), month("2027-01"))


def test_rates_of_the_whole_and_of_channels_are_sums_over_sums(measured: Measured) -> None:
    shown = figures(report_of(SAAS_VN, first=MONTHS[0], last=MONTHS[-1], by_channel=True))

    def total(key: str, channel: Channel | None) -> Fraction:
        return Fraction(str(sum(shown[key, channel.value if channel else None, name][0] or 0 for name in MONTHS)))

    def pooled(key: Key, channel: Channel | None) -> Pooled:
        above, below = RATE_PARTS[key]
        return Pooled(
            numerator=total(above, channel), denominator=total(below, channel), months=(MONTHS[0], MONTHS[-1])
        )

    assert {key: measured.pooled[key] for key in RATE_PARTS} == {key: pooled(key, None) for key in RATE_PARTS}
    assert measured.of_channel == {
        channel: {key: pooled(key, channel) for key in RATE_PARTS} for channel in NAMED_CHANNELS
    }
    assert measured.new_paid == {channel: total("new_paid_users", channel) for channel in Channel}


def test_churn_stands_on_the_sum_of_the_openings(measured: Measured) -> None:
    shown = figures(report_of(SAAS_VN, first=MONTHS[0], last=MONTHS[-1]))
    assert measured.pooled[Key.CHURN] == Pooled(
        numerator=Fraction(str(sum(shown["churned_paid_users", None, name][0] or 0 for name in MONTHS))),
        denominator=Fraction(str(sum(shown["opening_paid_users", None, name][0] or 0 for name in MONTHS))),
        months=(MONTHS[0], MONTHS[-1]),
    )


def test_the_season_and_the_best_months_are_those_of_the_report(measured: Measured) -> None:
    shown = figures(report_of(SAAS_VN, latest=12))
    names = [f"{year}-{number:02}" for year, numbers in ((2025, (11, 12)), (2026, range(1, 11))) for number in numbers]
    won = {name: int(shown["new_paid_users", None, name][0] or 0) for name in names}
    # The exports reach back to June 2024: 29 months, of which those from June 2025 on have one a year before.
    reached = span(month("2024-06"), month("2026-10"), Grain.MONTH)
    of_all = figures(report_of(SAAS_VN, first="2024-06", last="2026-10"))
    lay = [int(of_all["new_paid_users", None, each.key][0] or 0) for each in reached]
    growth = Fraction(sum(lay[12:]), sum(lay[:17]))
    assert measured.season is not None
    assert measured.season.growth == growth - 1
    level = [number / float(growth) ** (place / 12) for place, number in enumerate(lay)]
    of_month: dict[int, list[float]] = {}
    for each, known in zip(reached, level, strict=True):
        of_month.setdefault(each.start.month, []).append(known)
    assert {number: float(weight) for number, weight in measured.season.weights.items()} == pytest.approx(
        {number: sum(known) / len(known) for number, known in of_month.items()}, rel=1e-9
    )
    best = max(won.values())
    assert measured.best["required_new_paid_users", None] == Best(
        number=Fraction(best), month=next(name for name in names if won[name] == best)
    )


def test_the_opening_is_of_the_plans_first_day_or_of_the_last_day_known(saas: Facts) -> None:
    shown = figures(report_of(SAAS_VN, month="2026-07"))
    inside = measure(saas, AS_OF, window(saas, AS_OF, None, None), month("2026-07"))
    assert inside.pooled[Key.OPENING] == Pooled(
        numerator=Fraction(str(shown["opening_paid_users", None, "2026-07"][0])), denominator=Fraction(1),
        months=("2026-07-01", "2026-07-01"),
    )  # fmt: skip
    assert [note.code for note in inside.notes] == []
    # The MRR on the eve, and no gap: the plan begins within what is known.
    june = figures(report_of(SAAS_VN, month="2026-06"))["closing_mrr_amount", None, "2026-06"][0]
    mrr = inside.pooled[Key.OPENING_MRR]
    assert isinstance(mrr, Pooled)
    assert (mrr.numerator, inside.gap) == (Fraction(str(june)), None)
    next_month = measure(saas, AS_OF, window(saas, AS_OF, None, None), month("2026-11"))
    later = measure(saas, AS_OF, window(saas, AS_OF, None, None), month("2027-03"))
    assert next_month.pooled[Key.OPENING] == later.pooled[Key.OPENING]
    usual = measured_new(shown_months())
    assert (next_month.gap, later.gap) == (
        None,
        Gap(since=AS_OF, until=date(2027, 3, 1), lengths=(Fraction(1),) * 4, new=usual),
    )


def shown_months() -> list[int]:
    shown = figures(report_of(SAAS_VN, first=MONTHS[0], last=MONTHS[-1]))
    return [int(shown["new_paid_users", None, name][0] or 0) for name in MONTHS]


def measured_new(won: list[int]) -> Fraction:
    """The new PU of a usual month: the mean of the months."""
    return Fraction(sum(won), len(won))


def test_a_running_month_is_not_measured_over(saas: Facts) -> None:
    assert [period.key for period in window(saas, date(2026, 10, 30), None, None).months][-1] == "2026-09"
    assert [period.key for period in window(saas, date(2026, 10, 31), None, None).months] == MONTHS
    named = window(saas, AS_OF, month("2026-02"), month("2026-03"))
    assert [period.key for period in named.months] == ["2026-02", "2026-03"]


def write(folder: Path, name: str, header: list[str], rows: list[list[str]]) -> None:
    with (folder / name).open("w", newline="", encoding="utf-8") as stream:
        csv.writer(stream).writerows([header, *rows])


def days(first: date, last: date) -> list[str]:
    return [(first + timedelta(days=n)).isoformat() for n in range((last - first).days + 1)]


def test_a_rate_is_measured_only_where_all_its_exports_reach(tmp_path: Path) -> None:
    # Signups every day from January to June; demos are exported from 10 April on, one every day.
    signed = days(date(2026, 1, 1), date(2026, 6, 30))
    write(tmp_path, "signups.csv", ["user_id", "signed_up_at"], [[f"u{n}", day] for n, day in enumerate(signed)])
    booked = days(date(2026, 4, 10), date(2026, 6, 30))
    write(tmp_path, "demos.csv", ["user_id", "booked_at"], [[f"u{n}", day] for n, day in enumerate(booked)])
    exports = exports_of(tmp_path)
    measured = measure(exports, date(2026, 6, 30), window(exports, date(2026, 6, 30), None, None), month("2026-07"))
    # The demos of early April are not exported, so April does not count: 31 + 30 demos over 31 + 30 signups.
    assert measured.pooled[Key.SIGNUP_TO_DEMO] == Pooled(
        numerator=Fraction(61), denominator=Fraction(61), months=("2026-05", "2026-06")
    )
    visitors, paid = measured.pooled[Key.VISITOR_TO_SIGNUP], measured.pooled[Key.CHURN]
    assert isinstance(visitors, Missing)
    assert isinstance(paid, Missing)
    assert (visitors.code, paid.code) == ("no-visitors-export", "no-paid-users-export")
    assert measured.season is None


def test_without_a_whole_month_every_rate_is_missing(tmp_path: Path) -> None:
    write(tmp_path, "signups.csv", ["user_id", "signed_up_at"], [["a", "2026-01-05"], ["b", "2026-01-09"]])
    exports = exports_of(tmp_path)
    measured = measure(
        exports, date(2026, 1, 9), window(exports, date(2026, 1, 9), None, None), month_of(date(2026, 2, 1))
    )
    reasons = {key: value.code for key, value in measured.pooled.items() if isinstance(value, Missing)}
    assert reasons == {
        Key.VISITOR_TO_SIGNUP: "no-whole-month",
        Key.SIGNUP_TO_DEMO: "no-whole-month",
        Key.DEMO_TO_PAID: "no-whole-month",
        Key.CHURN: "no-whole-month",
        Key.NEW_ARPA: "no-whole-month",
        Key.OPENING: "no-paid-users-export",
        Key.OPENING_MRR: "no-paid-users-export",
    }
