"""How many months a paid term has, by its days or by the word for it."""

import re
import unicodedata
from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache

from msgspec import Struct

from funnelcli.text.regex import regex

_UNITS: dict[str, Fraction] = {
    word: Fraction(months)
    for months, words in (
        (Fraction(12, 365), ("day", "days", "daily", "d", "ngày")),
        (Fraction(12, 52), ("week", "weeks", "weekly", "w", "wk", "wks", "tuần")),
        (Fraction(24, 52), ("fortnight", "fortnightly", "biweekly", "bi-weekly")),
        (Fraction(1), ("month", "months", "monthly", "m", "mo", "mos", "mth", "mths", "tháng")),
        (Fraction(3), ("quarter", "quarters", "quarterly", "q", "qtr", "quý")),
        (Fraction(6), (
            "half-year", "half year", "half-yearly", "half yearly", "semiannual", "semi-annual", "semiannually",
            "semi-annually", "semi annual", "semi annually", "biannual", "biannually", "bi-annual", "bi-annually",
            "nửa năm", "bán niên",
        )),
        (Fraction(12), ("year", "years", "yearly", "y", "yr", "yrs", "annual", "annually", "annum", "năm")),
        (Fraction(24), ("biennial", "biennially")),
    )
    for word in words
}  # fmt: skip
_AROUND = r"(?:every|each|per|billed|paid|prepaid|recurring|mỗi|hàng|hằng|theo|trả|gói|a|an)(?:\s+|/)|/"
_TERM = regex(
    rf"(?:{_AROUND})*(?:(?P<count>[1-9]\d{{0,2}})[\s-]*)?(?P<unit>\D+?)"
    r"(?:\s+(?:plan|billing|subscription|recurring|renewal)|\s*/?\s*(?:(?:một|1)\s+)?lần)?"
)
_REPEATED = regex(r"(\w+)[\s-](?:to|by|on|over)[\s-]\1")  # month-to-month
_ASIDE = regex(r"(.+?)\s*\(([^()]+)\)")  # Monthly (recurring)
_DURATION = regex(r"p(?:(?P<y>\d+)y)?(?:(?P<m>\d+)m)?(?:(?P<w>\d+)w)?(?:(?P<d>\d+)d)?(?:t.*)?")
_ONE_TIME = regex(
    r"\b(?:once|one[ -]?(?:time|off)|single|non[ -]?recurring|life[ -]?time|perpetual|forever|một lần"
    r"|1 lần|trọn đời|vĩnh viễn)\b"
)


def add_months(day: date, months: int) -> date:
    """The same day some months later, or that month's last day where it has no such day.

    >>> add_months(date(2026, 1, 31), 1)
    datetime.date(2026, 2, 28)
    """
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def after_months(day: date, months: Fraction) -> date:
    """The day on which a term that begins on ``day`` is over and the next one begins; parts of months by their days.

    >>> after_months(date(2026, 1, 31), Fraction(1)), after_months(date(2026, 1, 1), Fraction(12, 52))
    (datetime.date(2026, 2, 28), datetime.date(2026, 1, 8))
    """
    whole = int(months)
    begun = add_months(day, whole)
    part = months - whole
    if not part:
        return begun
    length = Fraction(365, 12)
    return begun + timedelta(days=round(part * length))


def months_between(start: date, end: date) -> Fraction:
    """The months from a first to a last paid day.

    Whole ones where the last paid day, or the day after it, is some months after the first, also for who is billed on a
    day that months may lack; else whole months, and the share that the remaining days are of the next one.  Source:
    docs/definitions.md, revenue.

    >>> months_between(date(2026, 1, 1), date(2026, 12, 31)), months_between(date(2026, 1, 1), date(2027, 1, 1))
    (Fraction(12, 1), Fraction(12, 1))
    >>> months_between(date(2026, 1, 1), date(2026, 1, 7))
    Fraction(7, 31)
    >>> months_between(date(2026, 1, 31), date(2026, 2, 27)), months_between(date(2026, 2, 28), date(2026, 3, 30))
    (Fraction(1, 1), Fraction(1, 1))
    """
    after = end + timedelta(days=1)
    for stop in (after, end):
        months = _calendar_months(start, stop)
        same_day = add_months(start, months)
        if months >= 1 and (same_day == stop or (same_day < stop and _is_last_of_month(start))):
            return Fraction(months)
    months = _calendar_months(start, after)
    while add_months(start, months) > after:
        months -= 1
    begun = add_months(start, months)
    return months + Fraction((after - begun).days, (add_months(start, months + 1) - begun).days)


def _is_last_of_month(day: date) -> bool:
    return (day + timedelta(days=1)).day == 1


def _calendar_months(first: date, last: date) -> int:
    return (last.year - first.year) * 12 + last.month - first.month


@lru_cache(maxsize=4096)
def months_of_interval(text: str) -> Fraction | None:
    """The months of an interval in words, English or Vietnamese; None for other words.

    A year has 52 weeks, or 365 days; durations may be written as ISO 8601 does (P3M).

    >>> months_of_interval("Yearly"), months_of_interval("6 tháng"), months_of_interval("once")
    (Fraction(12, 1), Fraction(6, 1), None)
    >>> months_of_interval("Monthly (recurring)"), months_of_interval("3 tháng/lần")
    (Fraction(1, 1), Fraction(3, 1))
    >>> months_of_interval("P3M"), months_of_interval("2-Year"), months_of_interval("billed semi-annually")
    (Fraction(3, 1), Fraction(24, 1), Fraction(6, 1))
    """
    word = _folded(text)
    if (aside := _ASIDE.fullmatch(word)) is not None:
        return _with_aside(*aside.groups())
    if (repeated := _REPEATED.fullmatch(word)) is not None:
        word = repeated[1]
    lasts = _DURATION.fullmatch(word)
    if lasts is not None and any(lasts.groups()):
        return (
            sum((_UNITS[unit] * int(number) for unit, number in lasts.groupdict().items() if number), Fraction(0))
            or None
        )
    term = _TERM.fullmatch(word)
    unit = _UNITS.get(term["unit"].strip()) if term else None
    if term is None or unit is None:
        both = two_intervals(text)
        return both.months[0] if both is not None and both.months[0] == both.months[1] else None
    return unit * int(term["count"] or 1)


class TwoIntervals(Struct, frozen=True, kw_only=True):
    """Two intervals that one text names, in months.

    ``price`` is the one that the text says a price is for, and ``billing`` the one that it says bills come at; None
    where it does not say so.
    """

    months: tuple[Fraction, Fraction]
    price: Fraction | None
    billing: Fraction | None


_BETWEEN = regex(
    r"\s*[(),;|&+]\s*|\s+[-–—/]\s+|\s+(?:and|with|và)\s+"
    r"|\s+(?=(?:billed|paid|payable|prepaid|invoiced|charged|trả|thanh toán|đóng)\b)"
)
_SLASH = regex(r"(?<=\w)/(?=\w)")
_OF_BILLS = regex(
    r"\b(?:billed|billing|bills?|paid|payable|payments?|prepaid|invoiced?|charged?|upfront|trả|thanh toán|đóng|thu)\b"
)
_OF_PRICES = regex(r"^(?:per|a|an|each|every|mỗi|một)\b|^/|\b(?:prices?|priced|rates?|giá)\b")
_ASIDE_OF_TERMS = regex(
    r"\b(?:plans?|subscriptions?|contracts?|terms?|commit(?:ments?|ted)?|agreements?|bills?|billing|invoiced?|charged?"
    r"|payable|payments?|prices?|priced|rates?|upfront|up front|in advance|advance|cycles?|periods?|thanh toán|đóng|thu"
    r"|hợp đồng|cam kết|kỳ hạn|giá|trước|một lần)\b"
)


@lru_cache(maxsize=4096)
def two_intervals(text: str) -> TwoIntervals | None:
    """The two intervals that a text names, like the one of a price and the one of the bills; None for all others.

    >>> two_intervals("per month, billed annually")
    TwoIntervals(months=(Fraction(1, 1), Fraction(12, 1)), price=Fraction(1, 1), billing=Fraction(12, 1))
    >>> two_intervals("1 year / month-to-month")
    TwoIntervals(months=(Fraction(12, 1), Fraction(1, 1)), price=None, billing=None)
    >>> two_intervals("Monthly (recurring)") is None
    True
    """
    word = _folded(text)
    parts = _parts(_BETWEEN, word)
    if len(parts) == 1:
        parts = _parts(_SLASH, word)
    if len(parts) != 2:
        return None
    first, second = map(_months_of_part, parts)
    if first is None or second is None:
        return None
    months, bills = (first, second), [bool(_OF_BILLS.search(part)) for part in parts]
    prices = [bool(_OF_PRICES.search(part)) and not of_bills for part, of_bills in zip(parts, bills, strict=True)]
    billing = months[bills.index(True)] if sum(bills) == 1 else None
    price = months[prices.index(True)] if billing is not None and sum(prices) == 1 else None
    return TwoIntervals(months=months, price=price, billing=billing)


def _parts(between: re.Pattern[str], word: str) -> list[str]:
    return [part for part in map(str.strip, between.split(word)) if part]


def _months_of_part(part: str) -> Fraction | None:
    bare = " ".join(_ASIDE_OF_TERMS.sub(" ", part).split())
    return months_of_interval(bare) if bare and not len(_parts(_BETWEEN, bare)) > 1 else None


def _with_aside(word: str, aside: str) -> Fraction | None:
    """The months of an interval with something in brackets, unless that is of another interval."""
    months, other = months_of_interval(word), months_of_interval(aside)
    if other is not None or months is None:
        return months if months == other else None
    is_of_terms = any(part in _UNITS for part in re.findall(r"[^\W\d]+", aside))
    return None if is_of_terms or is_one_time(aside) else months


def is_one_time(text: str) -> bool:
    """Whether an interval says that nothing recurs.

    >>> is_one_time("One-time"), is_one_time("monthly"), is_one_time("3 tháng 1 lần")
    (True, False, False)
    """
    return months_of_interval(text) is None and bool(_ONE_TIME.search(_folded(text).replace("_", " ")))


def _folded(text: str) -> str:
    return " ".join(unicodedata.normalize("NFC", text).casefold().split())


# What headers say that amounts are for: a word that stands alone, or behind "per" or a slash, and is of no date.
_WORDS_OF_TERMS = (
    (Fraction(1), r"mrr|arpa|arpu|monthly", r"months?|mo|mth|tháng", "thang"),
    (Fraction(3), r"quarterly", r"quarters?|qtr|quý(?!\s*(?:khách|vị))", "quy"),
    (Fraction(12), r"arr|acv|annual(?:ly|i[sz]ed)?|yearly|per annum", r"years?|yr|năm", "nam"),
)
_PER = r"(?:\b(?:per|an?|each|every|hàng|hằng|mỗi|một|theo|hang|moi|mot)\s+|/\s*1?\s*)"
_TERMS_OF_HEADERS = tuple(
    (
        months,
        regex(
            rf"\b(?:{adjectives})\b|{_PER}(?:{nouns}|{bare})\b"
            rf"|(?<!\bthis )(?<!\blast )(?<!\bnext )(?<!\bof )(?<!\bin )\b(?:{nouns})\b(?!\s*/?\s*\d)"
        ),
    )
    for months, adjectives, nouns, bare in _WORDS_OF_TERMS
)


@lru_cache(maxsize=4096)
def term_of_header(header: str) -> Fraction | None:
    """The months that a header says its amounts are for; None where it says nothing, or more than one term.

    Vietnamese words without their marks, which mean other things too, count only behind a word like "mỗi" or a slash.

    >>> term_of_header("MRR (USD)"), term_of_header("amount_per_year"), term_of_header("Giá/năm")
    (Fraction(1, 1), Fraction(12, 1), Fraction(12, 1))
    >>> term_of_header("Giá trị thắng"), term_of_header("Doanh thu mien nam"), term_of_header("Total 2026")
    (None, None, None)
    >>> term_of_header("Amount (month/year)"), term_of_header("Doanh thu tháng 9"), term_of_header("Revenue this month")
    (None, None, None)
    """
    apart = re.sub(r"(?<=[a-z])(?=[A-Z][a-z])", " ", unicodedata.normalize("NFC", header))
    word = _folded(apart.replace("_", " ").replace("-", " "))
    said = {months for months, pattern in _TERMS_OF_HEADERS if pattern.search(word)}
    return next(iter(said)) if len(said) == 1 else None
