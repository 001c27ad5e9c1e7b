"""What a cell or a header says of the currency of an amount, and which currencies have no decimals in use."""

import re
import unicodedata
from collections.abc import Iterable
from fractions import Fraction
from functools import lru_cache

from msgspec import Struct

from funnelcli.text import Message
from funnelcli.text.regex import regex

DONG = "VND"
# Said of an amount in tỷ or tr whose currency is another, and that does not name it.
IN_DONG = Message("{place}: {text!r} is counted as amounts in VND are, and the currency is {currency}.")
NAME_THE_CURRENCY = Message(
    "Name the currency, like 500tr {currency}, or write the number out, or set [business] currency."
)
# Currencies whose hundredths nobody uses: a lone mark before three digits groups thousands in them.
WITHOUT_DECIMALS = frozenset(
    ["VND", "JPY", "KRW", "IDR", "LAK", "KHR", "MMK", "CLP", "ISK", "PYG", "UGX", "RWF", "XAF", "XOF", "XPF"]
)
# How systems give amounts in the minor unit: as whole ones where there is no other, or in thousandths.
WITHOUT_MINOR_UNIT = frozenset(
    [
        "VND",
        "JPY",
        "KRW",
        "CLP",
        "ISK",
        "PYG",
        "UGX",
        "RWF",
        "XAF",
        "XOF",
        "XPF",
        "BIF",
        "DJF",
        "GNF",
        "KMF",
        "MGA",
        "VUV",
    ]
)
IN_THOUSANDTHS = frozenset(["BHD", "IQD", "JOD", "KWD", "LYD", "OMR", "TND"])
DOLLARS = frozenset(["USD", "AUD", "CAD", "HKD", "NZD", "SGD", "TWD"])
YEN_OR_YUAN = frozenset(["JPY", "CNY"])
# What a sign stands for where nothing else tells which of its currencies is meant.
USUAL = {DOLLARS: "USD", YEN_OR_YUAN: "JPY"}

_CODES = (
    "VND", "USD", "EUR", "GBP", "THB", "JPY", "CNY", "KRW", "IDR", "LAK", "KHR", "MMK", "SGD", "MYR", "PHP", "INR",
    "AUD", "NZD", "CAD", "HKD", "TWD", "CHF", "SEK", "NOK", "DKK", "PLN", "CZK", "HUF", "BRL", "MXN", "ZAR", "AED",
    "SAR", "ILS", "TRY", "RUB", "UAH", "CLP",
)  # fmt: skip
_SIGNS: dict[str, frozenset[str]] = {
    **{code.casefold(): frozenset([code]) for code in _CODES},
    **{word: frozenset(["VND"]) for word in ("₫", "đ", "đồng", "vnđ", "việt nam đồng")},
    **{word: frozenset(["EUR"]) for word in ("€", "euro", "euros")},
    **dict.fromkeys(("$", "dollar", "dollars"), DOLLARS),
    **dict.fromkeys(("¥", "￥"), YEN_OR_YUAN),
    "£": frozenset(["GBP"]),
    "฿": frozenset(["THB"]),
    "baht": frozenset(["THB"]),
    "₩": frozenset(["KRW"]),
    "₹": frozenset(["INR"]),
    "₱": frozenset(["PHP"]),
    "rp": frozenset(["IDR"]),
    "rm": frozenset(["MYR"]),
    **{word: frozenset(["USD"]) for word in ("us$", "us dollar", "us dollars", "đô la mỹ")},
    "vietnamese dong": frozenset(["VND"]),
    "s$": frozenset(["SGD"]),
    "a$": frozenset(["AUD"]),
    "c$": frozenset(["CAD"]),
    "hk$": frozenset(["HKD"]),
    "nt$": frozenset(["TWD"]),
    "nz$": frozenset(["NZD"]),
    "r$": frozenset(["BRL"]),
    "zł": frozenset(["PLN"]),
    "kč": frozenset(["CZK"]),
}
# Words that say a currency behind an amount alone: elsewhere ``dong`` is the hợp đồng of a header without its marks.
_WORDS_BEHIND = ("dong",)


def _any_of(signs: Iterable[str]) -> str:
    """A pattern of the signs, the longest first; one of letters is not the beginning of a word."""
    longest_first = sorted(signs, key=len, reverse=True)
    return "|".join(re.escape(sign) + (r"(?![^\W\d_])" if sign[-1].isalpha() else "") for sign in longest_first)


# A sign stands alone or beside digits, never within a word.
_OF_WORDS = _any_of(sign for sign in _SIGNS if sign[0].isalpha())
_OF_MARKS = _any_of(sign for sign in _SIGNS if not sign[0].isalpha())
# The first test is for speed: most characters of an amount begin no sign.
_SIGN = regex(rf"(?![\d.,\s])(?:(?<![^\W\d_])(?:{_OF_WORDS})|{_OF_MARKS})", re.IGNORECASE)
_IN_FRONT = regex(rf"(?:{_any_of(_SIGNS)})\s*", re.IGNORECASE)
# Behind, a sign may follow a word that scales the amount at once: 500trđ.
_BEHIND = regex(rf"\s*(?:{_any_of([*_SIGNS, *_WORDS_BEHIND])})\Z", re.IGNORECASE)
# Every other code in use, which in an amount could as well be a word (ALL, TOP) but not in a column of currencies.
_OTHER_CODES = frozenset(
    (
        "AFN", "ALL", "AMD", "ANG", "AOA", "ARS", "AWG", "AZN", "BAM", "BBD", "BDT", "BGN", "BHD", "BIF", "BMD",
        "BND", "BOB", "BSD", "BTN", "BWP", "BYN", "BZD", "CDF", "COP", "CRC", "CUP", "CVE", "DJF", "DOP", "DZD",
        "EGP", "ERN", "ETB", "FJD", "FKP", "GEL", "GHS", "GIP", "GMD", "GNF", "GTQ", "GYD", "HNL", "HTG", "IQD",
        "IRR", "ISK", "JMD", "JOD", "KES", "KGS", "KMF", "KPW", "KWD", "KYD", "KZT", "LBP", "LKR", "LRD", "LSL",
        "LYD", "MAD", "MDL", "MGA", "MKD", "MNT", "MOP", "MRU", "MUR", "MVR", "MWK", "MZN", "NAD", "NGN", "NIO",
        "NPR", "OMR", "PAB", "PEN", "PGK", "PKR", "PYG", "QAR", "RON", "RSD", "RWF", "SBD", "SCR", "SDG", "SHP",
        "SLE", "SOS", "SRD", "SSP", "STN", "SVC", "SYP", "SZL", "TJS", "TMT", "TND", "TOP", "TTD", "TZS", "UGX",
        "UYU", "UZS", "VES", "VUV", "WST", "XAF", "XCD", "XOF", "XPF", "YER", "ZMW",
    )
)  # fmt: skip
# An amount of these characters alone says no currency.
_PLAIN_NUMBER = regex(r"[\d.,\s'’_+\-−%()\u00a0\u202f]*", re.ASCII)
_EMPTY_BRACKETS = regex(r"\(\s*\)|\[\s*\]")


def currencies_in(text: str) -> frozenset[str]:
    """The currencies that an amount or a header may be in, by a sign, a word or a code in it; empty: it says none.

    >>> sorted(currencies_in("500.000 đ")), sorted(currencies_in("¥1,200")), sorted(currencies_in("1200"))
    (['VND'], ['CNY', 'JPY'], [])
    """
    codes: frozenset[str] = frozenset()
    if _PLAIN_NUMBER.fullmatch(text):
        return codes
    for sign in _SIGN.findall(unicodedata.normalize("NFC", text)):
        meant = _SIGNS[sign.casefold()]
        codes = meant if not codes else (codes & meant or codes)
    return codes


@lru_cache(maxsize=4096)
def currency_named(text: str) -> frozenset[str]:
    """What a cell of a currency column says: a code, a sign, a word; other words say none.

    >>> sorted(currency_named("usd")), sorted(currency_named("xaf")), sorted(currency_named("points"))
    (['USD'], ['XAF'], [])
    """
    code = text.strip().upper()
    return frozenset([code]) if code in _OTHER_CODES else currencies_in(text)


def without_currency(text: str) -> str:
    """An amount or a header without what it says of the currency.

    >>> without_currency("US$ 1,200.50"), without_currency("MRR (USD)")
    ('1,200.50', 'MRR')
    """
    if _PLAIN_NUMBER.fullmatch(text):
        return text
    bare = _SIGN.sub("", unicodedata.normalize("NFC", text))
    return _EMPTY_BRACKETS.sub("", bare).strip() if bare != text else text


def without_currency_around(text: str) -> str:
    """An amount without the currency signs and codes in front of it and behind it.

    >>> without_currency_around("CHF 1'200.50"), without_currency_around("500trđ"), without_currency_around("$5 USD")
    ("1'200.50", '500tr', '5')
    """
    for _ in range(2):
        text = _BEHIND.sub("", text)
        text = text[sign.end() :] if (sign := _IN_FRONT.match(text)) else text
    return text


def has_decimals(currency: str) -> bool:
    """Whether amounts in a currency are written with decimals.

    >>> has_decimals("VND"), has_decimals("USD")
    (False, True)
    """
    return currency not in WITHOUT_DECIMALS


_WRITTEN = {
    "VND": "₫", "USD": "$", "EUR": "€", "GBP": "£", "JPY": "¥", "THB": "฿", "KRW": "₩", "INR": "₹", "PHP": "₱",
    "SGD": "S$", "AUD": "A$", "CAD": "C$", "NZD": "NZ$", "HKD": "HK$", "BRL": "R$",
}  # fmt: skip


def sign_of(currency: str) -> str:
    """The sign that stands for a currency beside an amount; its code where there is none that is its alone.

    >>> sign_of("VND"), sign_of("CHF")
    ('₫', 'CHF')
    """
    return _WRITTEN.get(currency, currency)


class Currency(Struct, frozen=True):
    """A currency by its code, and whether anything names it: what is assumed is named by nobody."""

    code: str
    is_named: bool


def minor_unit(currency: str | None) -> Fraction:
    """What of a currency its minor unit is; None for one that nobody named, of which there are hundredths.

    >>> minor_unit("USD"), minor_unit("KWD"), minor_unit("JPY"), minor_unit(None)
    (Fraction(1, 100), Fraction(1, 1000), Fraction(1, 1), Fraction(1, 100))
    """
    if currency in WITHOUT_MINOR_UNIT:
        return Fraction(1)
    return Fraction(1, 1000 if currency in IN_THOUSANDTHS else 100)
