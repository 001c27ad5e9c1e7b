"""Amounts, shares and whole numbers as people write them in English and Vietnamese, and what is refused and how."""

from __future__ import annotations

import unicodedata
from fractions import Fraction as Frac

import pytest

from funnelcli.values.amounts import is_in_dong, parse_amount, parse_share, parse_whole
from funnelcli.values.currencies import _SIGNS, currencies_in
from funnelcli.values.money import AmountReader

BILLION, MILLION, THOUSAND = 10**9, 10**6, 10**3


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        # plain
        ("0", 0),
        ("12", 12),
        (" 12 ", 12),
        (12, 12),
        (0.1, Frac(1, 10)),  # as it is written, not the nearest double
        (2.5e6, 2_500_000),
        (1e-7, Frac(1, 10**7)),
        ("1.5", Frac(3, 2)),
        ("1,5", Frac(3, 2)),
        ("0.05", Frac(5, 100)),
        ("1234.5678", Frac(12_345_678, 10_000)),
        ("5.", 5),
        # groups of three, in every manner
        ("12_000_000", 12_000_000),
        ("12 000 000", 12_000_000),
        ("12\u00a0000\u00a0000", 12_000_000),
        ("12\u202f000\u202f000", 12_000_000),
        ("12'000'000", 12_000_000),
        ("12.000.000", 12_000_000),
        ("12,000,000", 12_000_000),
        ("1,234", 1_234),
        ("1.234", 1_234),
        ("0.234", Frac(234, 1000)),  # no group begins with 0
        ("1234.567", Frac(1_234_567, 1000)),  # nor has one four digits
        ("1,234.50", Frac(2_469, 2)),
        ("1.234,50", Frac(2_469, 2)),
        ("1.234.567,8", Frac(12_345_678, 10)),
        ("1 234,5", Frac(12_345, 10)),
        ("1_234.567", Frac(1_234_567, 1000)),
        # words
        ("2k", 2 * THOUSAND),
        ("2 nghìn", 2 * THOUSAND),
        ("2 ngàn", 2 * THOUSAND),
        ("2 thousand", 2 * THOUSAND),
        ("1.2m", 12 * MILLION // 10),
        ("1,2 M", 12 * MILLION // 10),
        ("3 million", 3 * MILLION),
        ("500tr", 500 * MILLION),
        ("500 triệu", 500 * MILLION),
        ("500 trieu", 500 * MILLION),
        ("1b", BILLION),
        ("1 bn", BILLION),
        ("12 tỷ", 12 * BILLION),
        ("12 Tỉ", 12 * BILLION),
        ("12 ty", 12 * BILLION),
        (unicodedata.normalize("NFD", "12 tỷ"), 12 * BILLION),
        ("1,5 tỷ", 15 * BILLION // 10),
        ("1.2345tr", 1_234_500),
        ("1 000k", MILLION),
        ("1 nghìn tỷ", 1000 * BILLION),
        ("1 tỷ 200 triệu", BILLION + 200 * MILLION),
        ("12 tỉ 500 triệu 300 nghìn", 12 * BILLION + 500 * MILLION + 300 * THOUSAND),
        ("1m 500k", 1_500 * THOUSAND),
        # halves, and tenths at once behind the unit
        ("2 tỷ rưỡi", 25 * BILLION // 10),
        ("2tỷ rưỡi", 25 * BILLION // 10),
        ("2 TỶ RƯỠI", 25 * BILLION // 10),
        ("1 triệu rưỡi", 1_500 * THOUSAND),
        ("3 ngàn ruoi", 3_500),
        ("1 tỷ 200 triệu rưỡi", BILLION + 200_500 * THOUSAND),
        ("2 tỷ rưỡi đồng", 25 * BILLION // 10),
        ("1tr5", 1_500 * THOUSAND),
        ("1TR5", 1_500 * THOUSAND),
        ("1tr5đ", 1_500 * THOUSAND),
        ("$1tr5", 1_500 * THOUSAND),
        ("2tỷ3", 23 * BILLION // 10),
        ("1k5", 1_500),
        ("1tr250", 1_250 * THOUSAND),  # 1.25 million, and a million and 250 thousand as well
        ("1tr005", 1_005 * THOUSAND),
        ("1 tỷ 200tr5", BILLION + 200_500 * THOUSAND),
        # currencies
        ("$25,000.00", 25_000),
        ("$ 25,000", 25_000),
        ("25.000 ₫", 25_000),
        ("25.000đ", 25_000),
        ("1.200.000 đồng", 1_200_000),
        ("1.200.000 dong", 1_200_000),
        ("500tr VND", 500 * MILLION),
        ("VNĐ 500tr", 500 * MILLION),
        ("12 tỷ đồng", 12 * BILLION),
        ("USD 1.2m", 12 * MILLION // 10),
        ("€5", 5),
        ("5 eur", 5),
        ("£5", 5),
        ("¥500", 500),
        ("SGD 5", 5),
        ("JPY 1200000", 1_200_000),
        ("CHF 1'200.50", Frac(2_401, 2)),
        ("CHF 1’200.50", Frac(2_401, 2)),
        ("1 200,50 zł", Frac(2_401, 2)),
        ("1\u00a0200,50 Kč", Frac(2_401, 2)),
        ("US$ 1.2m", 12 * MILLION // 10),
        ("S$5", 5),
        ("R$ 1.234,56", Frac(123_456, 100)),
        ("Rp 500.000", 500_000),
        ("500trđ", 500 * MILLION),  # a sign may stand at once behind the word
        ("500trvnd", 500 * MILLION),
        ("$5 USD", 5),
    ],
)
def test_amounts_that_are_read(text: str | float, expected: int | Frac) -> None:
    assert parse_amount(text) == expected


@pytest.mark.parametrize("sign", sorted({*_SIGNS, *map(str.upper, _SIGNS)}))
def test_every_sign_word_and_code_is_read_in_front_and_behind_by_options_and_by_exports(sign: str) -> None:
    in_front, behind = f"{sign} 1,200.50", f"1,200.50 {sign}"
    reader = AmountReader(decimal=None, decimals=True)
    read = [(parse_amount(text), reader.read(text), currencies_in(text)) for text in (in_front, behind)]
    assert read == [(Frac(2_401, 2), Frac(2_401, 2), _SIGNS[sign.casefold()])] * 2


def test_a_currency_is_read_at_the_ends_of_an_amount_and_nowhere_else() -> None:
    refused = ("1 JPY 200", "1 tỷ đồng 200 triệu", "5 VND VND VND", "5 points", "JPY", "JPY5x")
    for text in refused:
        with pytest.raises(ValueError, match="is not an amount"):
            parse_amount(text)


TENTHS = "write it like 1,2 tỷ or 1 tỷ 200 triệu"
HALF = "write it like 2.5 tỷ"
WRITE = "write it like 12_000_000, 12 tỷ, 500tr or 1.2m"
GROUPS = "its digits are not in groups of three"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", f"'' is not an amount; {WRITE}"),
        ("   ", f"'   ' is not an amount; {WRITE}"),
        ("$", f"'$' is not an amount; {WRITE}"),
        ("tỷ", f"'tỷ' is not an amount; {WRITE}"),
        ("abc", f"'abc' is not an amount; {WRITE}"),
        ("12 x", f"'12 x' is not an amount; {WRITE}"),
        ("12 tỷ/tháng", f"'12 tỷ/tháng' is not an amount; {WRITE}"),
        ("-5", f"'-5' is not an amount; {WRITE}"),
        ("5%", f"'5%' is not an amount; {WRITE}"),
        ("1e6", f"'1e6' is not an amount; {WRITE}"),
        (".5", f"'.5' is not an amount; {WRITE}"),
        # After a word, a number apart from it says nothing: 1 tỷ 2 is 1.2 tỷ to some and 1,000,000,002 to others.
        ("1 tỷ 2", f"'1 tỷ 2' could be 1.2 tỷ, or 2 of a smaller unit more; {TENTHS}"),
        ("1 tỷ 200", f"'1 tỷ 200' could be 1.2 tỷ, or 200 of a smaller unit more; {TENTHS}"),
        ("1tr 5", f"'1tr 5' could be 1.5 tr, or 5 of a smaller unit more; {TENTHS}"),
        # 1.25 million, or a million and 25 thousand.
        ("1tr25", f"'1tr25' could be 1.25 tr, or 25 of a smaller unit more; {TENTHS}"),
        ("1tr2000", f"'1tr2000' is not an amount; {WRITE}"),
        ("1.5tr5", f"'1.5tr5' is not an amount; {WRITE}"),
        ("1m5", f"'1m5' is not an amount; {WRITE}"),
        ("1 nghìn tỷ 5", f"'1 nghìn tỷ 5' is not an amount; {WRITE}"),
        ("1,5 tỷ rưỡi", f"'1,5 tỷ rưỡi' could be half of which unit; {HALF}"),
        ("1 nghìn tỷ rưỡi", f"'1 nghìn tỷ rưỡi' could be half of which unit; {HALF}"),
        ("2 rưỡi", f"'2 rưỡi' could be half of which unit; {HALF}"),
        ("2 tỷ rưỡi 200 triệu", f"'2 tỷ rưỡi 200 triệu' could be half of which unit; {HALF}"),
        # Nor may a word come twice, or a larger one after a smaller one.
        ("1k 2k", f"'1k 2k' is not an amount; {WRITE}"),
        ("200 triệu 1 tỷ", f"'200 triệu 1 tỷ' is not an amount; {WRITE}"),
        # 1.500 tỷ: 1500 or 1.5?
        ("1.500 tỷ", "'1.500 tỷ' could be 1500 or 1.5 times the unit; write it plainly"),
        ("1,234 tr", "'1,234 tr' could be 1234 or 1.234 times the unit; write it plainly"),
        ("1.000k", "'1.000k' could be 1000 or 1 times the unit; write it plainly"),
        ("1 23", f"'1 23' is not an amount; {GROUPS}"),
        ("1_00", f"'1_00' is not an amount; {GROUPS}"),
        ("1.2.3", f"'1.2.3' is not an amount; {GROUPS}"),
        ("1234.567.890", f"'1234.567.890' is not an amount; {GROUPS}"),
        ("1234,567.8", f"'1234,567.8' is not an amount; {GROUPS}"),
        ("12.34,5", f"'12.34,5' is not an amount; {GROUPS}"),
        ("1,234.567.8", f"'1,234.567.8' is not an amount; {GROUPS}"),
        (-1, "-1 is not an amount from 0 up"),
        (float("inf"), "inf is not an amount from 0 up"),
        (float("nan"), "nan is not an amount from 0 up"),
    ],
)
def test_amounts_that_are_refused(text: str | float, words: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the whole message is compared below
        parse_amount(text)
    assert str(refused.value) == words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("4%", Frac(4, 100)),
        ("4 %", Frac(4, 100)),
        ("4,5 %", Frac(45, 1000)),
        ("4.5%", Frac(45, 1000)),
        (".5%", Frac(5, 1000)),
        ("0.04", Frac(4, 100)),
        ("0,04", Frac(4, 100)),
        (",04", Frac(4, 100)),
        (0.04, Frac(4, 100)),
        ("0", Frac(0)),
        (0, Frac(0)),
        ("0%", Frac(0)),
        ("100%", Frac(1)),
        ("150%", Frac(3, 2)),
        ("1%", Frac(1, 100)),
        ("+5%", Frac(5, 100)),
        ("1/25", Frac(1, 25)),
        (" 1 / 25 ", Frac(1, 25)),
        ("0/5", Frac(0)),
        ("25/25", Frac(1)),
    ],
)
def test_shares_that_are_read(text: str | float, expected: Frac) -> None:
    assert parse_share(text) == parse_share(text, signed=True) == expected


@pytest.mark.parametrize(
    ("text", "expected"), [("-5%", Frac(-5, 100)), ("−5%", Frac(-5, 100)), ("- 0,05", Frac(-5, 100))]
)
def test_shares_below_zero_only_where_they_may_be(text: str, expected: Frac) -> None:
    assert parse_share(text, signed=True) == expected
    with pytest.raises(ValueError, match=r"is below 0; write it like 4%, 0\.04 or 1/25"):
        parse_share(text)


SHARE = "write it like 4%, 0.04 or 1/25"


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", f"'' is not a share; {SHARE}"),
        ("%", f"'%' is not a share; {SHARE}"),
        ("four", f"'four' is not a share; {SHARE}"),
        ("4%%", f"'4%%' is not a share; {SHARE}"),
        ("1.2.3", f"'1.2.3' is not a share; {SHARE}"),
        ("1/0", f"'1/0' is not a share; {SHARE}"),
        ("1/2/3", f"'1/2/3' is not a share; {SHARE}"),
        ("none", f"'none' is not a share; {SHARE}"),
        ("4", "'4' may mean 4 % or 4 times; write it like 4%"),
        ("1", "'1' may mean 1 % or 1 times; write it like 1%"),
        (4, "4 may mean 4 % or 4 times; write it like 4%"),
        (1.5, "1.5 may mean 1.5 % or 1.5 times; write it like 1.5%"),
    ],
)
def test_shares_that_are_refused(text: str | float, words: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the whole message is compared below
        parse_share(text)
    assert str(refused.value) == words


@pytest.mark.parametrize(
    ("text", "expected"), [("0", 0), ("1_200", 1_200), ("2k", 2_000), ("1.2k", 1_200), ("2.0", 2), (7, 7), (7.0, 7)]
)
def test_whole_numbers(text: str | float, expected: int) -> None:
    number = parse_whole(text)
    assert (number, type(number)) == (expected, int)


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("1.5", "'1.5' is not a whole number"),
        (0.5, "0.5 is not a whole number"),
        ("-1", f"'-1' is not an amount; {WRITE}"),
    ],
)
def test_whole_numbers_that_are_refused(text: str | float, words: str) -> None:
    with pytest.raises(ValueError) as refused:  # noqa: PT011 - the whole message is compared below
        parse_whole(text)
    assert str(refused.value) == words


@pytest.mark.parametrize(
    ("text", "in_dong"),
    [
        ("12 tỷ", True),
        ("12 ty", True),
        ("500tr", True),
        ("500 TR", True),
        ("2 tỷ rưỡi", True),
        ("1tr5", True),
        ("900 nghìn", True),
        ("500trđ", True),
        ("1 tỷ 200 triệu", True),
        # A currency that is named says it.
        ("12 tỷ VND", False),
        ("500tr USD", False),
        ("$12 tỷ", False),
        # Units of any language, and none.
        ("500k", False),
        ("1.2m", False),
        ("1bn", False),
        ("12_000_000", False),
        ("10%", False),
        ("", False),
    ],
)
def test_vietnamese_units_say_dong(text: str, in_dong: bool) -> None:
    assert is_in_dong(text) is in_dong
