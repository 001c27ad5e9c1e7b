"""MRR beside another interval, and amounts beside a header of another term: the rows tell, else the header holds."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from support import in_month, said_of, write_folder

MRR, NEW, CASH = "closing_mrr_amount", "new_mrr_amount", "collected_amount"
PRICES, ASKED = ("mrr-by-interval", "mrr"), ("term-in-header", "mrr")


def paid(folder: Path, header: str, rows: Sequence[str], config: str = "", ends: str = "") -> Path:
    lines = [f"u{n},2026-01-05,{ends},{row}" for n, row in enumerate(rows)]
    text = "\n".join([f"user_id,started_at,ended_at,{header}", *lines, ""])
    return write_folder(folder, {"paid_users.csv": text}, config)


@pytest.mark.parametrize(
    ("header", "rows", "asked", "mrr"),
    [
        # 12 x 100, 10 x 100 and 3 x 100 are prices of their intervals: a hundred a month each.
        ("mrr,interval", ("1200,year", "100,month"), PRICES, 200),
        ("mrr,interval", ("900,year", "300,quarter", "100,month"), PRICES, 75 + 100 + 100),
        ("mrr,plan,interval", ("960,Pro,year", "100,Pro,month", "20,Basic,month", "216,Basic,year"), PRICES, 218),
        # What is told of one plan goes for the other: 480 / 12 = 40.
        ("mrr,plan,interval", ("1200,Pro,year", "100,Pro,month", "480,Enterprise,year"), PRICES, 240),
        ("mrr,plan,billing_period", ("3600,Pro,year", "1000,Pro,quarter"), PRICES, 300 + 333.33),
        # A month of a year costs what a month does, or less.
        ("mrr,plan,interval", ("90,Pro,year", "100,Pro,month"), None, 190),
        ("mrr,interval", ("100,year", "100,month"), None, 200),
        ("mrr,plan,interval", ("90,Pro,year", "100,Pro,month", "480,Enterprise,year"), None, 670),
        # Nothing tells: no plan in common, only years, or a price that is neither.
        ("mrr,plan,interval", ("1200,Enterprise,year", "100,Pro,month"), ASKED, 1300),
        ("mrr,interval", ("1200,year", "600,year"), ASKED, 1800),
        ("mrr,interval", ("1150,year", "100,month"), ASKED, 1250),
        ("mrr,plan,interval", ("1200,Pro,year", "100,Pro,month", "110,Pro,year"), ASKED, 1410),
        # No interval, no contradiction.
        ("mrr,plan", ("1200,Pro", "100,Pro"), None, 1300),
        ("mrr,interval", ("1200,month", "600,month"), None, 1800),
    ],
)
def test_what_the_rows_tell(
    header: str, rows: Sequence[str], asked: tuple[str, str] | None, mrr: float, tmp_path: Path
) -> None:
    paid(tmp_path, header, rows)
    assert in_month(tmp_path, "2026-01", MRR) == [pytest.approx(mrr)]
    assert list(said_of(tmp_path)) == ([] if asked is None else [asked])


def test_medians_tell_that_a_mrr_is_one_where_prices_differ(tmp_path: Path) -> None:
    """Five months at 100 to 180, five years at 110 to 190 a month: 700 + 750."""
    rows = [f"{100 + 20 * n}.01,Own {n},month" for n in range(5)] + [f"{110 + 20 * n}.02,Other,year" for n in range(5)]
    paid(tmp_path, "mrr,plan,interval", rows)
    assert in_month(tmp_path, "2026-01", MRR) == [pytest.approx(700.05 + 750.10)]
    assert said_of(tmp_path) == {}


@pytest.mark.parametrize(
    ("said", "rows", "mrr"),
    [
        ("month", ("1200,year", "100,month"), 1300),
        ("interval", ("1200,year", "600,year"), 150),
        ("month", ("1200,year", "600,year"), 1800),
        ("year", ("1200,year", "1200,month"), 200),
        ("quarter", ("300,year",), 100),
    ],
)
def test_the_setting_decides_and_nothing_is_asked(said: str, rows: Sequence[str], mrr: float, tmp_path: Path) -> None:
    paid(tmp_path, "mrr,interval", rows, f'[inputs.paid_users]\namount_for = "{said}"\n')
    assert (in_month(tmp_path, "2026-01", MRR), said_of(tmp_path)) == ([mrr], {})


def test_the_older_settings_decide_too(tmp_path: Path) -> None:
    rows = ("1200,year", "100,month")
    paid(tmp_path, "mrr,interval", rows, '[inputs.paid_users.columns]\namount = "mrr"\nmrr = false\n')
    assert in_month(tmp_path, "2026-01", MRR) == [200]
    paid(tmp_path, "mrr,interval", rows, "[inputs.paid_users.columns]\ninterval = false\n")
    assert (in_month(tmp_path, "2026-01", MRR), list(said_of(tmp_path))) == ([1300], [])


def test_prices_of_intervals_are_as_amounts_are_but_no_cash(tmp_path: Path) -> None:
    """u0 has 1,200 for its year and u1 100 for its month, under whatever header; paid says only an amount."""
    lines = ("u0,2026-01-05,2027-01-04,1200,Pro,year", "u1,2026-01-05,2026-02-04,100,Pro,month")
    for header, figures in (("mrr", [200]), ("amount", [200, 1300])):
        text = "\n".join([f"user_id,started_at,ended_at,{header},plan,interval", *lines, ""])
        write_folder(tmp_path, {"paid_users.csv": text})
        assert in_month(tmp_path, "2026-01", *(NEW, CASH)[: len(figures)]) == figures


def test_a_price_without_an_interval_is_for_the_days_of_its_row(tmp_path: Path) -> None:
    """u2 and u3 have 600 for half a year and for a year: 100 and 50 a month beside 200."""
    lines = (
        "u0,2026-01-05,2027-01-04,1200,Pro,year", "u1,2026-01-05,2026-02-04,100,Pro,month",
        "u2,2026-01-05,2026-07-04,600,Pro,", "u3,2026-01-05,2027-01-04,600,Pro,",
    )  # fmt: skip
    text = "\n".join(["user_id,started_at,ended_at,mrr,plan,interval", *lines, ""])
    write_folder(tmp_path, {"paid_users.csv": text})
    assert in_month(tmp_path, "2026-01", NEW) == [350]


def test_an_amount_is_judged_by_the_term_of_its_own_row(tmp_path: Path) -> None:
    """100 a month and 1,200 paid: at once for the year of u0, and no more than a price for the month of u1."""
    text = "user_id,started_at,ended_at,mrr,amount\nu0,2026-01-01,2026-12-31,100,1200\n"
    write_folder(tmp_path, {"paid_users.csv": text})
    assert in_month(tmp_path, "2026-01", MRR, CASH) == [100, 1200]
    write_folder(tmp_path, {"paid_users.csv": text + "u1,2026-01-01,2026-01-31,100,1200\n"})
    assert in_month(tmp_path, "2026-01", CASH) == [None]


@pytest.mark.parametrize(
    ("header", "rows", "asked", "mrr"),
    [
        ("Phí hàng tháng", ("100,year", "100,month"), None, 200),
        ("Phí hàng tháng", ("1200,year", "100,month"), ("mrr-by-interval", "amount"), 200),
        ("Monthly price", ("1200,year",), ("term-in-header", "amount"), 1200),
        ("Giá/năm", ("1200,month", "600,month"), ("term-in-header", "amount"), 150),
        ("Giá/năm", ("1200,year", "1200,month"), None, 200),
        ("Paid", ("100,year", "100,month"), ("one-price-for-any-interval", "amount"), 108.33),
        ("Paid", ("1000,year", "100,month"), None, 183.33),
        ("Giá trị thắng", ("1200,year",), None, 100),
    ],
)
def test_one_rule_for_amounts_under_any_header(
    header: str, rows: Sequence[str], asked: tuple[str, str] | None, mrr: float, tmp_path: Path
) -> None:
    rows = [f"Pro,{row}" for row in rows]
    paid(tmp_path, f"plan,{header},interval", rows, f'[inputs.paid_users.columns]\namount = "{header}"\n')
    assert in_month(tmp_path, "2026-01", MRR) == [pytest.approx(mrr, abs=0.01)]
    assert list(said_of(tmp_path)) == ([] if asked is None else [asked])


def test_a_header_says_what_a_price_is_for_where_no_interval_does(tmp_path: Path) -> None:
    """100 a month for a year is no 100 a year; and no cash of which the rows tell."""
    config = '[inputs.paid_users.columns]\namount = "Monthly fee"\n'
    paid(tmp_path, "Monthly fee", ("100",), config, ends="2027-01-04")
    assert in_month(tmp_path, "2026-01", MRR, CASH) == [100, None]
    paid(tmp_path, "ARR", ("1200",), '[inputs.paid_users.columns]\nmrr = "ARR"\n')
    assert in_month(tmp_path, "2026-01", MRR) == [100]
    assert list(said_of(tmp_path)) == [("mrr-of-a-year", "mrr")]


def test_a_yearly_amount_beside_mrr_agrees_or_is_named(tmp_path: Path) -> None:
    paid(tmp_path, "mrr,ARR", ("100,1200", "50,600"))
    assert said_of(tmp_path) == {}
    paid(tmp_path, "mrr,ARR", ("1200,1200", "600,600"))
    why, step = said_of(tmp_path)["unread-column", "ARR"]
    assert "which are not 12 times 'mrr' beside them (1200) in 2 rows" in why
    assert 'amount_for = "year"' in step
    paid(tmp_path, "mrr,ARR", ("1200,1200", "600,600"), '[inputs.paid_users]\namount_for = "year"\n')
    assert (in_month(tmp_path, "2026-01", MRR), said_of(tmp_path)) == ([150], {})


def test_rows_are_counted_and_not_kinds_of_them(tmp_path: Path) -> None:
    paid(tmp_path, "mrr,interval", ("1200,year",) * 3)
    assert "3 rows are of another interval ('year', with '1200')" in said_of(tmp_path)[ASKED][0]
