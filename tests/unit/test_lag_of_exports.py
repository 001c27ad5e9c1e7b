"""Lags measured of exports: people who pay 0, 1, 2 month ends after their signup, and plans made of them."""

from __future__ import annotations

import csv
import json
from collections.abc import Iterator
from datetime import datetime
from fractions import Fraction as Frac
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from funnelcli import open_folder
from funnelcli.api.planned import TargetsResult
from funnelcli.planning.model import Key, Plan
from funnelcli.problems import ConfigError, GoalError, UsageError
from funnelcli.values.channels import Channel
from people import People


def months(first: str, number: int) -> Iterator[tuple[int, int]]:
    year, month = map(int, first.split("-"))
    for place in range(number):
        yield year + (month - 1 + place) // 12, (month - 1 + place) % 12 + 1


def later(month: tuple[int, int], ends: int, day: int) -> str:
    year, number = month[0] + (month[1] - 1 + ends) // 12, (month[1] - 1 + ends) % 12 + 1
    return f"{year}-{number:02}-{day:02}"


def history(*, demo_at_signup: bool) -> People:
    """100 signups a month from January to October 2025: 15 pay in the same month, 9 in the next, 6 in the one after.

    In November 25 signed up, of whom 6 have paid, in December 20, of whom 3 have.
    """
    people = People()
    for month in months("2025-01", 10):
        for ends, number in enumerate((15, 9, 6)):
            paid = later(month, ends, 27)
            people.add(later(month, 0, 26), later(month, 0, 26) if demo_at_signup else paid, paid, times=number)
        open_ones = later(month, 0, 3)
        people.add(open_ones, open_ones if demo_at_signup else None, times=70)
    for day, customers, waiting in (("2025-11-30", 6, 19), ("2025-12-30", 3, 17)):
        people.add(day, day, day, times=customers)
        people.add(day, day if demo_at_signup else None, times=waiting)
    return people


OVER = {"start": "2026-01", "end": "2026-03", "rates_from": "2025-01", "rates_to": "2025-10", "as_of": "2025-12-31"}
NOW = datetime(2026, 1, 2, tzinfo=ZoneInfo("Asia/Ho_Chi_Minh"))


def targets(folder: Path, *, strict: bool = False, lag: str | None = "measured", **asked: Any) -> TargetsResult:
    given = {**OVER, "new_paid_users": 10, "visitor_to_signup": "none", **asked}
    return open_folder(folder, strict=strict, now=NOW).targets(lag=lag, **given)


def plan_of(folder: Path, **asked: Any) -> Plan:
    return targets(folder, **asked).plan


def numbers(result: TargetsResult, metric: str) -> list[float]:
    """The months of a figure, and its total."""
    document = json.loads(result.to_bytes("json"))
    (row,) = (row for row in document["rows"] if row["metric"] == metric and not row["channel"] and not row["team"])
    return [*(round(cell["value"], 9) for cell in row["cells"]), round(row["total"], 9)]


@pytest.mark.parametrize("demo_at_signup", [True, False])
def test_what_is_in_hand_is_measured_and_credited(tmp_path: Path, demo_at_signup: bool) -> None:
    result = targets(history(demo_at_signup=demo_at_signup).write(tmp_path / "exports"))
    assert numbers(result, "required_new_signups") == [8, 9, 7, 24]
    assert numbers(result, "needed_new_paid_users") == [4, 3, 3, 10]
    assert numbers(result, "in_hand_new_paid_users") == [3.3, 1.2, 0, 4.5]
    # 8 x 0.15 + 3.3; 9 x 0.15 + 8 x 0.09 + 1.2; 7 x 0.15 + 9 x 0.09 + 8 x 0.06.
    assert numbers(result, "expected_new_paid_users") == [4.5, 3.27, 2.34, 10.11]
    assert numbers(result, "due_entrants")[:3] == [round(20 / 3, 9), 2, 0]
    assert numbers(result, "came_entrants") == [11, 4, 0, 15]


def test_rates_are_of_those_whom_the_lags_are_measured_of(tmp_path: Path) -> None:
    plan = plan_of(history(demo_at_signup=False).write(tmp_path / "exports"))
    rates = {assumed.key.value: assumed.value for assumed in plan.assumptions}
    assert (rates["signup_to_demo_rate"], rates["demo_to_paid_rate"]) == (Frac(3, 10), Frac(1))
    assert plan.lag is not None
    assert [(key.value, [str(share) for share in lag.shares]) for key, lag in plan.lag.steps] == [
        ("signup_to_demo_rate", ["3/20", "9/100", "3/50"]),
        ("demo_to_paid_rate", ["1"]),
    ]
    (source,) = {a.source.of("en") for a in plan.assumptions if a.key.value == "signup_to_demo_rate"}
    assert source == "by lag, of the 1,000 signups of Jan 2025 – Oct 2025"


def test_a_given_rate_stands_and_only_the_course_in_time_is_measured(tmp_path: Path) -> None:
    plan = plan_of(history(demo_at_signup=True).write(tmp_path / "exports"), demo_to_paid="15%")
    assert plan.lag is not None
    assert plan.lag.lag.shares[:3] == (Frac(75, 1000), Frac(45, 1000), Frac(30, 1000))


def test_notes_say_what_the_quotas_bring_what_is_in_hand_and_what_had_to_come(tmp_path: Path) -> None:
    notes = {note.code: note.text.of("en") for note in plan_of(history(demo_at_signup=True).write(tmp_path)).notes}
    assert notes["lag-plan"] == (
        "24 signups and those in hand bring 10.1 new PU by the end of Mar 2026, and 1.6 more later. If selling took no "
        "time it would be 34 signups, which bring 12.6 of the 10 needed; the need left over the rate is 18.3."
    )
    # 0.06 / 0.3 of 8, and so on: 9 x 0.06 + 7 x 0.15 = 1.59.  34 bring 8.1 + 4.5; 5.5 / 0.3 are left.
    assert notes["pipeline-in-hand"] == (
        "In hand are 0 signups, 36 demos that may still get on: they bring 4.5 new PU by the end of Mar 2026, 45% "
        "of 10."
    )
    assert notes["had-to-come"] == (
        "Of 13.3 signups for Jan 2026, 6.7 had to come by now; 11 did. "
        "Of 10 signups for Feb 2026, 2 had to come by now; 4 did."
    )


def test_the_settings_give_a_lag_and_an_option_outweighs_them(tmp_path: Path) -> None:
    folder = history(demo_at_signup=True).write(tmp_path / "exports")
    # After a month 17 x 0.279 = 4.74 of the 10 come of December's open demos: 5.26 / 0.279 are left.
    for written, expected in (('"measured"', 24), ("1", 19), ('"none"', 36)):
        (folder / "funnel.toml").write_text(f"[plan]\nlag = {written}\n", encoding="utf-8")
        assert numbers(targets(folder, lag=None), "required_new_signups")[-1] == expected, written
        assert numbers(targets(folder, lag="measured"), "required_new_signups")[-1] == 24
    (folder / "funnel.toml").write_text('[plan]\nlag = "soon"\n', encoding="utf-8")
    with pytest.raises(ConfigError, match="'soon' is no lag"):
        targets(folder, lag=None)


def text_of(folder: Path, lag: str | None, **asked: Any) -> str:
    return targets(folder, lag=lag, **asked).to_bytes("csv").decode()


def test_no_lag_is_the_plan_of_today_and_so_is_one_of_no_months(tmp_path: Path) -> None:
    folder = history(demo_at_signup=True).write(tmp_path / "exports")
    today = text_of(folder, "none")
    assert (text_of(folder, "0"), text_of(folder, None)) == (today, today)
    assert "needed_new_paid_users" not in today
    notes = {note.code: note.text.of("en") for note in plan_of(folder, lag=None).notes}
    # Of the 1,000 signups of the months 279 have paid within them: 36 for 10.  By lag 24, as 4.5 of 10 are in hand.
    assert notes["lag-not-planned"] == (
        "Selling is taken to need no time; measured, half of the customers or more come in the month of their signup, "
        "the others later. --lag measured plans with that: 24 signups are needed, instead of 36 signups. --lag none "
        "says that none is meant."
    )
    assert "lag-not-planned" not in {note.code for note in plan_of(folder, lag="none").notes}


def test_a_lag_of_whole_months_brings_all_who_get_on_after_them(tmp_path: Path) -> None:
    folder = history(demo_at_signup=True).write(tmp_path / "exports")
    result = targets(folder, lag="1", start="2026-02", demo_to_paid="30%")
    # All is known up to December, so January has quotas as well.  Those of December come in January, before the plan.
    # 10 by the end of March: 5 each, of 17 signups a month before; 34 x 0.3 = 10.2, and 33 bring 9.9.
    assert numbers(result, "required_new_signups") == [17, 17, 0, 17]
    assert numbers(result, "needed_new_paid_users") == [5, 5, 10]


def test_months_before_the_plan_that_are_not_over_have_quotas(tmp_path: Path) -> None:
    folder = history(demo_at_signup=True).write(tmp_path / "exports")
    plan = plan_of(folder, start="2026-03", end="2026-03")
    assert plan.lag is not None
    assert [period.key for period in plan.lead] == ["2026-01", "2026-02"]
    # A fifth, three tenths and a half of those needed; nobody of December pays in March (lag 3).
    # 88: 17.6, 44, 88 are 18, 26, 44, which bring 18 x 0.06 + 26 x 0.09 + 44 x 0.15 = 10.02; 87 bring 9.93.
    assert plan.lag.entrants == (18, 26, 44)
    rows = list(csv.DictReader(text_of(folder, "measured", start="2026-03", end="2026-03").splitlines()))
    months = ("2026-01", "2026-02", "2026-03", "total")
    shown = {row["metric"]: [row[month] for month in months] for row in rows if not row["origin"]}
    assert shown["required_new_signups"] == ["18", "26", "44", "44"]  # the total is of the plan
    assert shown["required_new_demo_bookings"] == ["18", "26", "44", "44"]
    assert shown["required_new_paid_users"] == ["", "", "10", "10"]


def test_a_goal_nearer_than_the_lag_ends_a_strict_run(tmp_path: Path) -> None:
    folder = history(demo_at_signup=True).write(tmp_path / "exports")
    notes = {note.code: note.text.of("en") for note in plan_of(folder, end="2026-01").notes}
    # 10 - 3.3 in hand = 6.7 / 0.15 = 44.7 signups.  34 signups of January: 5.1, 3.06, 2.04.
    assert notes["nearer-than-lag"] == (
        "The goal is nearer than the lag: of those who ever become customers 50% do by the end of Jan 2026, if they "
        "come in the first month. Those in hand bring 3.3 of 10 new PU; the rest takes 45 signups. With the 34 signups "
        "of a plan that knows no time they are there in Feb 2026."
    )
    with pytest.raises(GoalError, match="The goal is nearer than the lag"):
        targets(folder, strict=True, end="2026-01")
    with pytest.raises(GoalError, match="nobody who comes from now on is in time"):
        targets(folder, strict=True, lag="2", end="2026-01")


@pytest.mark.parametrize("lag", ["soon", "61", "1.5", "-1", ""])
def test_what_is_no_lag_is_refused(tmp_path: Path, lag: str) -> None:
    with pytest.raises(UsageError, match=f"--lag: '{lag}' is no lag: write measured, none, or a number of months"):
        targets(history(demo_at_signup=True).write(tmp_path / "exports"), lag=lag)


def test_what_cannot_be_measured_is_said(tmp_path: Path) -> None:
    few = People()
    few.add("2025-12-01", "2025-12-01", "2025-12-30", times=29)
    few.add("2025-12-30", times=5)
    folder = few.write(tmp_path / "few")
    with pytest.raises(GoalError) as refused:
        targets(folder, rates_to=None, rates_from=None)
    assert (refused.value.message, refused.value.hint) == (
        "The lag cannot be measured: fewer than 30 demos of which a month is over.",
        "Give it in months with --lag 2, or plan without it: --lag none.",
    )
    with pytest.raises(GoalError, match="there are no exports to measure it from"):
        targets(tmp_path, signup_to_demo="30%", demo_to_paid="50%", measure=False)


def test_each_channel_has_its_own_rate_and_where_enough_got_on_its_own_time(tmp_path: Path) -> None:
    people = People()
    for month in months("2025-07", 6):
        for source, at_once, after_one in (("google / organic", 8, 4), ("google / cpc", 2, 2)):
            day = later(month, 0, 30)
            people.add(day, day, day, times=at_once, source=source)
            if month < (2025, 12):
                people.add(day, day, later(month, 1, 2), times=after_one, source=source)
            people.add(day, day, times=40 - at_once - (after_one if month < (2025, 12) else 0), source=source)
    folder = people.write(tmp_path / "exports")
    plan = plan_of(folder, by="channel", rates_from="2025-07", rates_to="2025-12")
    rates = {part.channel.value: part.rates[Key.DEMO_TO_PAID] for part in plan.channels}
    # 8 of 40 at lag 0, 4 of 40 at lag 1, which December does not know yet: 30 % of 240.
    assert {channel: (rate.rate, rate.numerator, rate.denominator) for channel, rate in rates.items()} == {
        "organic": (Frac(3, 10), Frac(72), Frac(240)), "paid": (Frac(1, 10), Frac(24), Frac(240)),
    }  # fmt: skip
    assert plan.lag is not None
    # All: 10 of 80, and 6 of 80: 5 in 8 of those who pay do so in the same month.  Of organic 68 paid, 2 in 3 in the
    # same month; of paid only 22 did, too few to tell: it takes as long as all.
    planned = [part for part in plan.lag.parts if part.share]
    assert {part.channel: (part.lag.shares[0] / part.lag.reached, part.few) for part in planned} == {
        Channel.ORGANIC: (Frac(2, 3), ()), Channel.PAID: (Frac(5, 8), (Key.DEMO_TO_PAID,)),
    }  # fmt: skip
    assert [note.text.of("en") for note in plan.notes if note.code == "pooled-lag"] == [
        "Too few of Paid got on to tell how long that takes: they are taken to need as long as all do."
    ]
    # In the mix of those who paid, 48 + 20 to 12 + 10, a customer takes (68 / 0.3 + 22 / 0.1) / 90 signups.
    (_, step) = plan.lag.steps[-1]
    assert step.reached == 90 / (68 / Frac(3, 10) + 22 / Frac(1, 10))
    assert step.shares[0] / step.reached == (Frac(68, 90) * Frac(2, 3) + Frac(22, 90) * Frac(5, 8))
    whole = {row.metric.key: row for row in plan.of()}
    for key in ("required_new_signups", "required_new_demo_bookings", "required_new_paid_users"):
        parts = [row.values for row in plan.rows if row.metric.key == key and row.channel]
        assert [sum(column) for column in zip(*parts, strict=True)] == list(whole[key].values)
    assert "lag-not-planned" in {note.code for note in plan_of(folder, by="channel", lag=None).notes}


@pytest.mark.parametrize("format_", ["csv", "tsv", "json", "md", "xlsx"])
def test_targets_that_know_time_are_read_back_from_every_format(tmp_path: Path, format_: str) -> None:
    folder = history(demo_at_signup=True).write(tmp_path / "exports")
    result = targets(folder, start="2026-03", end="2026-03")
    (tmp_path / f"targets.{format_}").write_bytes(result.to_bytes(format_))
    opened = open_folder(folder, now=NOW)
    tracked = opened.track(tmp_path / f"targets.{format_}", start="2025-12", end="2026-03", replan=True).tracked
    (signups,) = [row for row in tracked.rows if row.metric.key == "required_new_signups"]
    # December has no quota any more; January and February have theirs, by which signups are judged.
    assert [cell.target for cell in signups.cells] == [None, 18, 26, 44]
    (new,) = [row for row in tracked.rows if row.metric.key == "required_new_paid_users"]
    assert [cell.target for cell in new.cells] == [None, None, None, 10]
    assert "replanned-without-lag" in {note.code for note in tracked.notes}


def test_signups_of_a_month_are_judged_by_what_the_plan_needs_of_them(tmp_path: Path) -> None:
    before = history(demo_at_signup=True)
    plan = targets(before.write(tmp_path / "exports"))
    (tmp_path / "targets.csv").write_bytes(plan.to_bytes("csv"))
    before.add("2026-01-30", "2026-01-30", times=8)  # as many as are needed; none has paid yet
    folder = open_folder(before.write(tmp_path / "exports"), now=datetime(2026, 2, 2, tzinfo=NOW.tzinfo))
    tracked = folder.track(tmp_path / "targets.csv", month="2026-01", as_of="2026-01-31").tracked
    shown = {row.metric.key: (row.cells[0].actual, row.cells[0].target) for row in tracked.rows}
    assert shown["required_new_signups"] == (Frac(8), Frac(8))
    assert shown["required_new_paid_users"] == (Frac(0), Frac(5))  # 10 x 4.5 / 10.11 = 4.45


def test_where_only_signups_are_known_they_bring_their_rate_after_the_lag(tmp_path: Path) -> None:
    people = People()
    people.add("2025-11-30", times=25)
    people.add("2025-12-31", times=20)
    folder = people.write(tmp_path / "exports")
    for name in ("demos", "paid_users"):
        (folder / f"{name}.csv").unlink()
    result = targets(folder, lag="2", signup_to_demo="50%", demo_to_paid="60%", rates_from=None, rates_to=None)
    # 25 x 0.3 come in January, 20 x 0.3 in February; of March's 3 only those of January's signups.
    assert numbers(result, "in_hand_new_paid_users") == [7.5, 6, 0, 13.5]
    assert numbers(result, "required_new_signups") == [0, 0, 0, 0]
    more = targets(
        folder, lag="2", signup_to_demo="50%", demo_to_paid="60%", new_paid_users=15, rates_from=None, rates_to=None
    )
    assert numbers(more, "required_new_signups") == [5, 0, 0, 5]  # 1.5 / 0.3


def test_by_hand_a_day_says_which_months_before_the_plan_are_not_over(tmp_path: Path) -> None:
    rates = {"signup_to_demo": "100%", "demo_to_paid": "30%", "rates_from": None, "rates_to": None}
    given: dict[str, Any] = {**rates, "measure": False}
    since = targets(tmp_path, lag="2", **{**given, "as_of": "2025-11-20"})
    # 4, 3 and 3 customers of 13.3, 10 and 10 signups two months before: running totals 14, 24, 34.
    assert numbers(since, "required_new_signups") == [14, 10, 10, 0, 0, 10]
    assert [period.key for period in since.plan.lead] == ["2025-11", "2025-12"]
    over = targets(tmp_path, lag="2", **{**given, "as_of": None})
    assert numbers(over, "required_new_signups") == [34, 0, 0, 34]
    assert "no-day" in {note.code for note in over.plan.notes}
