"""How many months a paid term has, by its days or by the word for it."""

import re
import unicodedata
from calendar import monthrange
from datetime import date, timedelta
from fractions import Fraction
from functools import lru_cache

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
_TERM = re.compile(
    rf"(?:{_AROUND})*(?:(?P<count>[1-9]\d{{0,2}})[\s-]*)?(?P<unit>\D+?)"
    r"(?:\s+(?:plan|billing|subscription|recurring|renewal)|\s*/?\s*(?:(?:một|1)\s+)?lần)?"
)
_REPEATED = re.compile(r"(\w+)[\s-](?:to|by|on|over)[\s-]\1")  # month-to-month
_ASIDE = re.compile(r"(.+?)\s*\(([^()]+)\)")  # Monthly (recurring)
_DURATION = re.compile(r"p(?:(?P<y>\d+)y)?(?:(?P<m>\d+)m)?(?:(?P<w>\d+)w)?(?:(?P<d>\d+)d)?(?:t.*)?")
_ONE_TIME = re.compile(
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

    Whole ones where the last paid day, or the day after it, is some months after the first; else whole months, and the
    share that the remaining days are of the next one.  Source: docs/definitions.md, revenue.

    >>> months_between(date(2026, 1, 1), date(2026, 12, 31)), months_between(date(2026, 1, 1), date(2027, 1, 1))
    (Fraction(12, 1), Fraction(12, 1))
    >>> months_between(date(2026, 1, 1), date(2026, 1, 7))
    Fraction(7, 31)
    """
    after = end + timedelta(days=1)
    for stop in (after, end):
        months = _calendar_months(start, stop)
        if months >= 1 and add_months(start, months) == stop:
            return Fraction(months)
    months = _calendar_months(start, after)
    while add_months(start, months) > after:
        months -= 1
    begun = add_months(start, months)
    return months + Fraction((after - begun).days, (add_months(start, months + 1) - begun).days)


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
    return None if term is None or unit is None else unit * int(term["count"] or 1)


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
