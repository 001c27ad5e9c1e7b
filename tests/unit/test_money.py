"""Terms, amounts and currencies, each worked by hand."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from funnelcli.inputs.paid_users import PAID_USERS
from funnelcli.reading.headers import match_headers
from funnelcli.values.cells import Exact
from funnelcli.values.currencies import currencies_in, currency_named, without_currency
from funnelcli.values.money import AmountReader, read_hundredths
from funnelcli.values.numbers import DecimalMark
from funnelcli.values.terms import months_between, months_of_interval


@pytest.mark.parametrize(
    ("start", "last", "months"),
    [
        ("2026-01-01", "2026-01-31", Fraction(1)),
        ("2026-01-01", "2026-02-01", Fraction(1)),  # the end written as the day it is due again
        ("2026-01-31", "2026-02-27", Fraction(1)),  # a month after 31 January is 28 February
        ("2026-01-31", "2026-02-28", Fraction(1)),
        ("2024-01-31", "2024-02-28", Fraction(1)),  # 29 days then
        ("2024-02-29", "2025-02-27", Fraction(12)),
        ("2026-02-28", "2026-03-27", Fraction(1)),  # of who is billed on the 28th
        ("2026-02-28", "2026-03-29", Fraction(1)),  # on the 30th
        ("2026-02-28", "2026-03-30", Fraction(1)),  # on the 31st
        ("2026-04-30", "2026-05-30", Fraction(1)),
        ("2026-04-30", "2027-03-30", Fraction(11)),
        ("2026-02-27", "2026-03-30", 1 + Fraction(4, 31)),  # no last day of its month: 27 to 30 March, of 27 March on
        ("2026-01-15", "2027-01-14", Fraction(12)),
        ("2026-01-01", "2026-01-07", Fraction(7, 31)),
        ("2026-02-01", "2026-02-01", Fraction(1, 28)),
        ("2026-01-01", "2026-02-07", 1 + Fraction(7, 28)),
        ("2026-01-31", "2026-03-15", 1 + Fraction(16, 31)),  # 28 February to 15 March, of 28 February to 31 March
    ],
)
def test_the_months_of_a_term(start: str, last: str, months: Fraction) -> None:
    assert months_between(date.fromisoformat(start), date.fromisoformat(last)) == months


def test_the_months_of_an_interval() -> None:
    words = (
        "month",
        "Monthly",
        "Tháng",
        "quarter",
        "quý",
        "half-year",
        "nửa năm",
        "Annual",
        "năm",
        "3 tháng",
        "every 2 years",
    )
    assert [months_of_interval(word) for word in words] == [1, 1, 1, 3, 3, 6, 6, 12, 12, 3, 24]
    assert months_of_interval("week") == Fraction(12, 52)
    # Durations as ISO 8601 writes them, and words around the unit.
    written = (
        "P1M",
        "P3M",
        "P1Y",
        "P1Y6M",
        "2-Year",
        "semi-annual",
        "billed annually",
        "per month",
        "/mo",
        "12M",
        "1 yr",
    )
    assert [months_of_interval(word) for word in written] == [1, 3, 12, 18, 24, 6, 12, 1, 1, 12, 12]
    assert [months_of_interval(word) for word in ("P1W", "biweekly", "P30D")] == [
        Fraction(12, 52), Fraction(24, 52), Fraction(360, 365),
    ]  # fmt: skip
    assert [months_of_interval(word) for word in ("", "once", "3", "0 months")] == [None] * 4


def amounts(*cells: str, decimals: bool, decimal: DecimalMark | None = None) -> list[object]:
    reader = AmountReader(decimal=decimal, decimals=decimals)
    for cell in cells:
        reader.observe(cell)
    return [reader.read(cell) for cell in cells]


def test_a_lone_mark_groups_thousands_where_a_currency_has_no_decimals() -> None:
    assert amounts("500.000", "1,200", "12.5", decimals=False) == [500_000, 1_200, Fraction(25, 2)]
    # 1200.000 can only be a fraction of three digits, so 500.000 is five hundred.
    assert amounts("500.000", "1200.000", decimals=False) == [500, 1200]


def test_a_lone_mark_is_read_as_the_others_prove_and_else_is_undecided() -> None:
    assert amounts("1.200", "10", decimals=True) == ["undecided", 10]
    assert amounts("1.200", "1.234,50", decimals=True) == [1_200, Fraction(123_450, 100)]
    assert amounts("1.200", "9.99", decimals=True) == [Fraction(6, 5), Fraction(999, 100)]
    assert amounts("1.200", "9.99", "9,99", decimals=True) == ["undecided", Fraction(999, 100), Fraction(999, 100)]
    assert amounts("1.200", decimals=True, decimal=",") == [1_200]
    assert amounts("500.000", decimals=False, decimal=".") == [500]


def test_what_is_no_amount() -> None:
    cells = ("free", "-1", "(5)", "5%", "1e3", "1000000000000", "12.34.56", "1.200.00", "1 00", "10 20 000")
    assert amounts(*cells, decimals=True) == [None] * len(cells)
    assert amounts("0", "$ 0.00", "1'200", decimals=True) == [0, 0, 1_200]


def test_a_number_of_a_workbook_is_what_it_is() -> None:
    assert amounts(Exact("1.2"), Exact("1.234"), decimals=False) == [Fraction(6, 5), Fraction(1234, 1000)]


def test_halves_of_a_hundredth_go_to_the_even_one() -> None:
    assert [read_hundredths(Fraction(n, 1000)) for n in (5, 15, 25, 26)] == [0, 2, 2, 3]


def test_what_says_a_currency() -> None:
    said = {
        "VND": ("500.000 ₫", "500.000đ", "500.000 VNĐ", "vnd 5", "5 đồng", "Số tiền (VNĐ)"),
        "EUR": ("€5", "5 EUR"),
        "GBP": ("£5",),
        "THB": ("฿5", "5 baht"),
        "USD": ("US$5", "USD 5", "MRR (USD)", "$5 USD"),
        "SGD": ("S$5", "5SGD"),
        "HKD": ("HK$5",),
    }
    assert {code: {frozenset([code])} for code in said} == {
        code: {currencies_in(text) for text in texts} for code, texts in said.items()
    }
    assert [currencies_in(text) for text in ("5", "free", "đã trả", "Tổng tiền", "1e5")] == [frozenset()] * 5
    assert len(currencies_in("$5")) == 7
    assert [currency_named(text) for text in ("Points", "US dollar", "top")] == [
        frozenset(),
        {"USD"},
        {"TOP"},
    ]
    assert [without_currency(text) for text in ("5.000đ", "Amount, USD", "free")] == ["5.000", "Amount,", "free"]


def test_an_amount_is_known_by_its_header_without_the_currency() -> None:
    header = ["Customer ID", "Start Date", "Plan Amount", "Plan Currency", "Plan Interval", "MRR (USD)"]
    places = match_headers(header, PAID_USERS, {})
    assert {name: places[name] for name in ("mrr", "amount", "currency", "interval")} == {
        "mrr": 5,
        "amount": 2,
        "currency": 3,
        "interval": 4,
    }
    assert match_headers(["Mã KH", "Từ ngày", "Số tiền (VNĐ)", "Chu kỳ"], PAID_USERS, {})["amount"] == 2
