"""Intervals that name two: the amount is for the one of the price where anything tells it, else MRR is missing."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path

import pytest

import funnelcli as fc
from funnelcli.values.terms import months_of_interval, two_intervals

HEAD = "user_id,started_at,plan,amount,interval"
CODES = ("two-intervals", "interval-not-understood")


def folder_of(path: Path, *rows: str, settings: str = "") -> fc.Folder:
    (path / "paid_users.csv").write_text("\n".join([HEAD, *rows]) + "\n", encoding="utf-8")
    (path / "funnel.toml").write_text(settings, encoding="utf-8")
    return fc.open_folder(path)


def mrr(folder: fc.Folder) -> float | None:
    report = folder.report(month="2026-01", as_of="2026-01-31")
    return report.values("closing_mrr_amount")["2026-01"].value


def said(folder: fc.Folder) -> list[str]:
    return [fault.code for fault in folder.check().problems if fault.code in CODES]


@pytest.mark.parametrize(
    ("text", "months", "price", "billing"),
    [
        ("Monthly (billed annually)", (1, 12), None, 12),
        ("annual, paid monthly", (12, 1), None, 1),
        ("1 year / month-to-month", (12, 1), None, None),
        ("mỗi tháng (trả theo năm)", (1, 12), 1, 12),
        ("per month, billed annually", (1, 12), 1, 12),
        ("/mo billed yearly", (1, 12), 1, 12),
        ("giá theo tháng, thanh toán theo năm", (1, 12), 1, 12),
        ("12-month term, billed quarterly", (12, 3), None, 3),
        ("monthly/yearly", (1, 12), None, None),
        ("hợp đồng 12 tháng (trả hàng tháng)", (12, 1), None, 1),
    ],
)
def test_texts_that_name_two_intervals(
    text: str, months: tuple[int, int], price: int | None, billing: int | None
) -> None:
    both = two_intervals(text)
    assert both is not None
    assert [*both.months, both.price, both.billing] == [*months, price, billing]
    assert months_of_interval(text) is None


@pytest.mark.parametrize(
    "text", ["Monthly (recurring)", "3 tháng/lần", "month-to-month", "flexi, monthly", "a, b, c", ""]
)
def test_texts_that_do_not(text: str) -> None:
    assert two_intervals(text) is None


def test_one_interval_said_twice_is_one() -> None:
    assert [months_of_interval(text) for text in ("annual, paid annually", "Annual (12 months)")] == [12, 12]


@pytest.mark.parametrize("text", ["per month, billed annually", "mỗi tháng (trả theo năm)"])
def test_a_price_that_its_words_say_is_for_the_other_than_the_bills(text: str, tmp_path: Path) -> None:
    folder = folder_of(tmp_path, f'u1,2026-01-05,Pro,20,"{text}"')
    assert mrr(folder) == 20  # and not 20 / 12
    (note,) = folder.check().problems
    assert (note.code, note.line, note.message) == (
        "two-intervals",
        2,
        f"{text!r} names two intervals: the amounts of 1 row are taken to be for 1 month, as by its words the other "
        "one is that of the bills",
    )


ASKED = ["Monthly (billed annually)", "annual, paid monthly", "1 year / month-to-month", "hàng tháng (trả theo năm)"]


@pytest.mark.parametrize("text", ASKED)
def test_where_nothing_tells_mrr_is_missing_and_the_setting_that_decides_is_named(text: str, tmp_path: Path) -> None:
    row = f'u1,2026-01-05,Pro,240,"{text}"'
    folder = folder_of(tmp_path, row)
    assert (mrr(folder), said(folder)) == (None, ["interval-not-understood"])
    (fault,) = [fault for fault in folder.check().problems if fault.code == "interval-not-understood"]
    assert f"[inputs.paid_users.intervals] {text!r} = " in fault.hint
    for interval, by_month in (("month", 240), ("year", 20)):
        settings = f"[inputs.paid_users.intervals]\n{text!r} = {interval!r}\n"
        decided = folder_of(tmp_path, row, settings=settings)
        assert (mrr(decided), said(decided)) == (by_month, [])


@pytest.mark.parametrize("text", ASKED)
@pytest.mark.parametrize(("amount", "by_month"), [(240, 20), (20, 20), (26, 26)])
def test_other_rows_of_the_plan_tell_what_the_amount_is_for(
    text: str, amount: int, by_month: int, tmp_path: Path
) -> None:
    """Pro costs 25 a month: 240 a year is 20 a month, 240 a month were 9.6 times as much; 26 a year were 2.17."""
    folder = folder_of(tmp_path, "u1,2026-01-05,Pro,25,monthly", f'u2,2026-01-05,Pro,{amount},"{text}"')
    assert (mrr(folder), said(folder)) == (25 + by_month, ["two-intervals"])


def test_rows_that_contradict_each_other_or_the_words_decide_nothing(tmp_path: Path) -> None:
    monthly, text = "u1,2026-01-05,Pro,25,monthly", "Monthly (billed annually)"
    # One row at 240 and one at 20: the same words for a year and for a month.
    both = folder_of(tmp_path, monthly, f"u2,2026-01-05,Pro,240,{text}", f"u3,2026-01-05,Pro,20,{text}")
    assert (mrr(both), said(both)) == (None, ["interval-not-understood"])
    # 60 is 2.4 times a month's price, or a fifth of it: neither.
    neither = folder_of(tmp_path, monthly, f"u2,2026-01-05,Pro,60,{text}")
    assert (mrr(neither), said(neither)) == (None, ["interval-not-understood"])
    # Another plan tells nothing of this one.
    other = folder_of(tmp_path, monthly, f"u2,2026-01-05,Max,240,{text}")
    assert (mrr(other), said(other)) == (None, ["interval-not-understood"])
    # The words say a month, and 240 a month is 9.6 times what others pay.
    against = folder_of(tmp_path, monthly, 'u2,2026-01-05,Pro,240,"per month, billed annually"')
    assert (mrr(against), said(against)) == (None, ["interval-not-understood"])


def test_a_payment_is_for_the_interval_of_its_bills(tmp_path: Path) -> None:
    payments = '[paid_users]\nshape = "payments"\n'
    folder = folder_of(tmp_path, 'u1,2026-01-05,Pro,240,"per month, billed annually"', settings=payments)
    report = folder.report(start="2026-01", end="2027-01", as_of="2027-01-31")
    # Paid up to 4 January 2027: 240 / 12 a month, and lost then.
    assert [report.values("closing_mrr_amount")[key].value for key in ("2026-01", "2026-12", "2027-01")] == [20, 20, 0]
    assert report.values("churned_paid_users")["2027-01"].value == 1


def test_words_of_any_kind_can_be_given_a_meaning(tmp_path: Path) -> None:
    settings = '[inputs.paid_users.intervals]\n"flexi*" = "3 months"\n'
    folder = folder_of(tmp_path, "u1,2026-01-05,Pro,60,Flexi 2", settings=settings)
    assert (mrr(folder), said(folder)) == (20, [])
    # The usual interval of the settings decides between two that are named, and says nothing of a third.
    usual = '[inputs.paid_users]\ninterval = "{}"\n'
    row = "u1,2026-01-05,Pro,240,Monthly (billed annually)"
    assert mrr(folder_of(tmp_path, row, settings=usual.format("year"))) == 240 / Fraction(12)
    assert mrr(folder_of(tmp_path, row, settings=usual.format("quarter"))) is None
    with pytest.raises(fc.FunnelError, match="'often' is no interval"):
        folder_of(tmp_path, row, settings='[inputs.paid_users.intervals]\nx = "often"\n').check()
