"""Cells to dates: moments, days and months.

What one cell cannot tell (31 or 12 first?) is decided from evidence over the whole column, and where that decides
nothing the reader refuses.
"""

import contextlib
import re
import unicodedata
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

from msgspec import Struct

from funnelcli.text import month_written
from funnelcli.text.regex import regex
from funnelcli.values.day_words import ANY_WORD_OF_A_MONTH, WORDS_OF_MONTHS, plainly
from funnelcli.values.years import FIRST_YEAR as FIRST_YEAR
from funnelcli.values.years import LAST_YEAR as LAST_YEAR

DateOrder = Literal["dmy", "mdy", "ymd"]


class Moment(NamedTuple):
    """A local time as microseconds since 1970-01-01, and whether the cell gave a time of day other than 00:00:00."""

    micros: int
    timed: bool


DAY_MICROS = 86_400_000_000
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_EXCEL_EPOCH = datetime(1899, 12, 30)
_MAC_EPOCH = datetime(1904, 1, 1)
# No place on earth is further from UTC.
_LEAST_OFFSET, _MOST_OFFSET = timedelta(hours=-12), timedelta(hours=14)

_MONTHS = {
    name: number
    for number, name in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
}

_TIME = (
    r"(?P<hour>\d{1,2})[:h](?P<minute>\d{2})(?::(?P<second>\d{2})(?:[.,]\d{1,9})?)?"
    r"(?:\s*(?P<half>am|pm|a\.m\.|p\.m\.|sa|ch))?"
    r"(?:\s*(?P<zone>z|utc|gmt|[+-]\d{2}(?::?\d{2})?))?"
)
_YMD = r"(?P<y>\d{4})(?P<sep>[-/.])(?P<m>\d{1,2})(?P=sep)(?P<d>\d{1,2})"
_NUMERIC = r"(?P<a>\d{1,2})(?P<sep>[-/. ])(?P<b>\d{1,2})(?P=sep)(?P<c>\d{4}|\d{2})"
_MON = (
    r"(?:(?P<mon>jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)"
    r"|(?P<full>january|february|march|april|june|july|august|sept|september|october|november|december))\.?"
)
_DAY_MON = rf"(?P<d>\d{{1,2}})(?:st|nd|rd|th)?[\s-]+{_MON}[\s,-]+(?P<y>\d{{4}}|\d{{2}})"
_MON_DAY = rf"{_MON}\s+(?P<d>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y>\d{{4}})"


@cache
def _forms(*days: str) -> tuple[re.Pattern[str], ...]:
    """The ways to write a day before or after a time; made when a date is first met that is not YYYY-MM-DD."""
    return tuple(form for day in days for form in _with_time(day))


def _with_time(day: str) -> tuple[re.Pattern[str], re.Pattern[str]]:
    return (
        regex(rf"{day}(?:(?:\s*,\s*|\s+|t){_TIME})?", re.ASCII),
        regex(rf"{_TIME}\s*[,-]?\s+{day}", re.ASCII),
    )


_COMPACT = regex(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
# With the hour, and perhaps minutes and seconds: as seconds since 1970 those of the hour would lie beyond 2033.
_COMPACT_TIME = regex(r"(20\d\d)(0[1-9]|1[0-2])([0-2]\d|3[01])[t ]?([01]\d|2[0-3])(?:([0-5]\d)([0-5]\d)?)?", re.ASCII)
# Since 1970, in seconds, milliseconds or microseconds, from 2001 to 2096.
_SINCE_1970 = regex(r"([1-3]\d{9})(\d{3}|\d{6})?", re.ASCII)
_SERIAL = regex(r"\d{5}(?:\.\d+)?", re.ASCII)


class DateEvidence(Struct, kw_only=True):
    """What a column's cells like 05/10/2026 say about the order of day and month.

    Holds the first cell (text and place) that can only be day first, that can only be month first, and that could
    be either.
    """

    dmy: tuple[str, object] | None = None
    mdy: tuple[str, object] | None = None
    either: tuple[str, object] | None = None

    def observe(self, text: str, place: object) -> None:
        """Take one cell into account; other ways of writing a date say nothing."""
        says = order_said(text)
        if says and getattr(self, says) is None:
            setattr(self, says, (text, place))

    @property
    def order(self) -> DateOrder | None:
        """The order all the evidence points to; None where it is contradictory or there is none."""
        if self.dmy and not self.mdy:
            return "dmy"
        if self.mdy and not self.dmy:
            return "mdy"
        return None


def order_said(text: str) -> Literal["dmy", "mdy", "either"] | None:
    """What one cell says about the order of day and month; None for what is no such date in either.

    A day that is its month's number is the same in both, and one before all others stands for none.

    >>> order_said("31/12/2026"), order_said("05/10/2026"), order_said("2026-10-05"), order_said("99/99/2026")
    ('dmy', 'either', None, None)
    >>> order_said("05/05/2026"), order_said("30/12/1899"), order_said("at 9:30 on 31/12/2026")
    (None, None, 'dmy')
    """
    match = _numeric(plainly(" ".join(text.casefold().split())) if _LETTERS.search(text) else text)
    if not match or _needs_no_order(match):
        return None
    first, second = int(match["a"]), int(match["b"])
    if min(first, second) > 12 or 0 in (first, second):
        return None
    if first > 12 and second <= 12:
        return "dmy"
    return "mdy" if second > 12 and first <= 12 else "either"


def _needs_no_order(match: re.Match[str]) -> bool:
    """Whether day and month are the same number, or the year is one before all others."""
    return len(match["c"]) > len("26") and (int(match["a"]) == int(match["b"]) or int(match["c"]) < FIRST_YEAR)


_LETTERS = regex(r"[^\W\d_]|@")


def _numeric(text: str) -> re.Match[str] | None:
    lowered = " ".join(text.casefold().split())
    for form in _forms(_NUMERIC):
        match = form.fullmatch(lowered)
        if match:
            return match
    return None


class DateReader:
    """Reads the date cells of one column.

    ``order`` decides cells like 05/10/2026; ``zone`` is the business zone to which times with an offset are
    converted; ``ahead_of_utc`` is for columns whose header says a zone, as (UTC), ``since_1904`` for workbooks that
    number their days from 1904 on.
    """

    def __init__(
        self,
        *,
        order: DateOrder | None,
        zone: ZoneInfo,
        ahead_of_utc: timedelta | None = None,
        since_1904: bool = False,
    ) -> None:
        self.order: DateOrder | None = order
        self.zone = zone
        self.ahead_of_utc = ahead_of_utc
        self.epoch = _MAC_EPOCH if since_1904 else _EXCEL_EPOCH
        self.converted = 0
        self._memo: dict[str, Moment | None] = {}

    def read(self, text: str) -> Moment | None:
        """The moment a cleaned, non-empty cell stands for, or None where it is no date.

        >>> DateReader(order=None, zone=ZoneInfo("Asia/Ho_Chi_Minh")).day("2026-04-30T20:00Z")
        datetime.date(2026, 5, 1)
        """
        try:
            return self._memo[text]
        except KeyError:
            pass
        if len(self._memo) > 500_000:
            self._memo.clear()
        moment = self._memo[text] = self._read(text)
        return moment

    def day(self, text: str) -> date | None:
        """The business day of a cell."""
        moment = self.read(text)
        return None if moment is None else day_of(moment.micros)

    def _read(self, text: str) -> Moment | None:
        try:
            # datetime reads more than ISO dates (any mark before the time, weeks): only what is surely one goes there.
            if text[4:5] == "-" and text[7:8] == "-" and (
                len(text) == 10 or (text[10:11] in ("T", "t", " ") and text[13:14] == ":")
            ):  # fmt: skip
                with contextlib.suppress(ValueError):
                    moment = datetime.fromisoformat(text)
                    offset = moment.utcoffset()
                    if offset is not None and not _LEAST_OFFSET <= offset <= _MOST_OFFSET:
                        return None
                    return self._local(moment, timed=len(text) > 10)
            return self._read_other(plainly(" ".join(text.casefold().split())))
        except (ValueError, OverflowError):
            return None

    def _read_other(self, text: str) -> Moment | None:
        match = _COMPACT.fullmatch(text)
        if match:
            return self._local(datetime(*map(int, match.groups())), timed=False)  # type: ignore[arg-type]
        with_time = _COMPACT_TIME.fullmatch(text)
        if with_time:
            return self._local(datetime(*(int(part or 0) for part in with_time.groups())), timed=True)  # type: ignore[arg-type]
        since_1970 = _SINCE_1970.fullmatch(text)
        if since_1970:
            fraction = int((since_1970[2] or "0").ljust(6, "0"))
            moment = datetime.fromtimestamp(int(since_1970[1]), UTC) + timedelta(microseconds=fraction)
            return self._local(moment, timed=True)
        if _SERIAL.fullmatch(text):
            serial = float(text)
            if not 20_000 <= serial < 80_000:
                return None
            moment = self.epoch + timedelta(seconds=round(serial * 86_400))
            return self._local(moment, timed=not serial.is_integer())
        for form in _forms(_YMD, _DAY_MON, _MON_DAY):
            match = form.fullmatch(text)
            if match:
                parts = match.groupdict()
                name = parts.get("mon") or parts.get("full")
                month = _MONTHS[name[:3]] if name else int(parts["m"])
                return self._build(_year(parts["y"]), month, int(parts["d"]), parts)
        match = _numeric(text)
        if not match:
            return None
        parts = match.groupdict()
        first, second, third = parts["a"], parts["b"], parts["c"]
        match ("mdy" if int(second) > 12 else "dmy") if _needs_no_order(match) else self.order:
            case "dmy":
                return self._build(_year(third), int(second), int(first), parts)
            case "mdy":
                return self._build(_year(third), int(first), int(second), parts)
            case "ymd":
                if len(third) == len("26"):
                    return self._build(_year(first), int(second), int(third), parts)
        return None

    def _build(self, year: int, month: int, day: int, parts: dict[str, str | None]) -> Moment | None:
        if parts["hour"] is None:
            return self._local(datetime(year, month, day), timed=False)
        hour = int(parts["hour"])
        if parts["half"]:
            if not 1 <= hour <= 12:
                return None
            afternoon = parts["half"][0] in "pc"
            hour = hour % 12 + (12 if afternoon else 0)
        moment = datetime(year, month, day, hour, int(parts["minute"] or 0), int(parts["second"] or 0))
        zone = parts["zone"]
        if zone:
            sign = -1 if zone[0] == "-" else 1
            digits = zone[1:].replace(":", "").ljust(4, "0") if zone[0] in "+-" else "0000"
            offset = sign * timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
            if int(digits[2:]) > 59 or not _LEAST_OFFSET <= offset <= _MOST_OFFSET:
                return None
            moment = (moment - offset).replace(tzinfo=UTC)
        return self._local(moment, timed=True)

    def _local(self, moment: datetime, *, timed: bool) -> Moment:
        if moment.tzinfo is None and timed:
            if self.ahead_of_utc is not None:
                moment = (moment - self.ahead_of_utc).replace(tzinfo=UTC)
            else:
                # Midnight to the second is how databases and workbooks write a day.
                timed = bool(moment.hour or moment.minute or moment.second or moment.microsecond)
        if moment.tzinfo is not None and moment.year < 9999:  # the last year is how systems write "never"
            self.converted += 1
            moment = moment.astimezone(self.zone)
        seconds = moment.hour * 3600 + moment.minute * 60 + moment.second
        days = moment.toordinal() - _EPOCH_ORDINAL
        return Moment(days * DAY_MICROS + seconds * 1_000_000 + moment.microsecond, timed)


def _year(text: str) -> int:
    """A year of four digits, or of two: 70 to 99 lie in the 1900s, the others in the 2000s."""
    year = int(text)
    if len(text) == 2:
        year += 1900 if year >= 70 else 2000
    return year


_PROBES: tuple[DateOrder, ...] = ("dmy", "mdy")


def reads_as_day(text: str) -> bool:
    """Whether a text is a day or a month in some way of writing them.

    >>> reads_as_day("5 Jan 2026"), reads_as_day("31/12/2026"), reads_as_day("2026-10"), reads_as_day("zalo")
    (True, True, True, False)
    """
    if not any(map(str.isdigit, text)):
        return False
    if text.isdigit() and len(text) > 8:
        return False  # a number, which only a column of dates makes a moment
    readers = [DateReader(order=order, zone=ZoneInfo("UTC")) for order in _PROBES]
    return any(reader.read(text) is not None for reader in readers) or read_month(text) is not None


def day_of(micros: int) -> date:
    """The calendar day of a moment's microseconds."""
    return date.fromordinal(_EPOCH_ORDINAL + micros // DAY_MICROS)


def micros_of(day: date) -> int:
    """The microseconds at which a day begins."""
    return (day.toordinal() - _EPOCH_ORDINAL) * DAY_MICROS


def looks_like(order: DateOrder | None) -> str:
    """How to write a date so that a column of this order reads it, for messages.

    >>> looks_like("dmy")
    'DD/MM/YYYY'
    """
    return {"dmy": "DD/MM/YYYY", "mdy": "MM/DD/YYYY", "ymd": "YY-MM-DD", None: "YYYY-MM-DD"}[order]


_MONTH_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[int, int]]], ...] = (
    (regex(r"(\d{4})[-/.](\d{1,2})(?:[-/.]0?1)?"), lambda m: (int(m[1]), int(m[2]))),
    (regex(r"(\d{4})(\d{2})"), lambda m: (int(m[1]), int(m[2]))),
    (regex(r"(?:t|tháng)?\s*(\d{1,2})[-/.](\d{4})"), lambda m: (int(m[2]), int(m[1]))),
    (regex(r"0?1[-/.](\d{1,2})[-/.](\d{4})"), lambda m: (int(m[2]), int(m[1]))),
    (
        regex(rf"{_MON}[\s-]+(?P<year>\d{{4}})"),
        lambda m: (int(m["year"]), _MONTHS[(m["mon"] or m["full"])[:3]]),
    ),
)


_YEAR = r"(?P<year>\d{4}|['’]?\d{2})"
_LABELS = tuple(
    regex(form, re.ASCII if "words" not in form else 0)
    for form in (
        rf"(?:t|th|thg|tháng)\.?\s*(?P<number>\d{{1,2}})(?:(?:\s*[-/.,]\s*|\s+(?:năm\s+)?){_YEAR})?",
        rf"(?:0?1[-/.])?{_MON}(?:[-/.]{_YEAR}|\s*['’](?P<short>\d{{2}})|\s+(?P<long>\d{{4}}))?",
        rf"(?P<long>\d{{4}})[-/.\s]{_MON}",
        r"(?P<number>\d{1,2})(?P<sep>[-/.])0?1(?P=sep)(?P<year>\d{4}|\d{2})",
        r"0?1(?P<sep>[-/.])(?P<number>\d{1,2})(?P=sep)(?P<year>\d{4}|\d{2})",
        r"(?P<year>\d{4})-(?P<number>\d{2})-01[t ]00:00(?::00(?:\.0+)?)?",
        rf"tháng\s+(?P<words>{ANY_WORD_OF_A_MONTH})"
        rf"(?:(?:\s*[-/.,]\s*|\s+(?:năm\s+)?){_YEAR})?",
    )
)


def month_labelled(text: str) -> tuple[int | None, int] | None:
    """The year and month that a table of months is labelled with; the year is None where the label has none.

    Of a day the month is meant, so that one of its numbers is 1: ``7/1/2026`` is July, as ``1/7/2026`` is.

    >>> [month_labelled(text) for text in ("7/1/2026", "Thg7-26", "T7/2026", "Jul-26")] == [(2026, 7)] * 4
    True
    >>> month_labelled("Tháng 7"), month_labelled("7/2/2026"), month_labelled("Jul 26")
    ((None, 7), None, None)
    """
    if (month := read_month(text.strip())) is not None:
        return month.year, month.month
    word = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    for form in _LABELS:
        match = form.fullmatch(word)
        if match is None:
            continue
        parts = match.groupdict()
        name = parts.get("mon") or parts.get("full")
        number = _MONTHS[name[:3]] if name else WORDS_OF_MONTHS.get(parts.get("words") or "") or int(parts["number"])
        digits = parts.get("year") or parts.get("short") or parts.get("long")
        year = None if digits is None else int(digits.lstrip("'’"))
        year = year + 2000 if year is not None and year < 100 else year
        if 1 <= number <= 12 and (year is None or FIRST_YEAR <= year <= LAST_YEAR):
            return year, number
    said = month_written(word) if word[-4:].isdecimal() or word[:4].isdecimal() else None
    return (said.year, said.month) if said is not None and FIRST_YEAR <= said.year <= LAST_YEAR else None


def read_month(text: str) -> date | None:
    """The first day of a month written as 2026-10, 10/2026, T10/2026, Tháng 10/2026, Oct 2026 or 2026-10-01.

    >>> read_month("Tháng 10/2026")
    datetime.date(2026, 10, 1)
    """
    word = unicodedata.normalize("NFC", text).casefold()
    for form, parts in _MONTH_FORMS:
        match = form.fullmatch(word)
        if match:
            year, month = parts(match)
            if FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12:
                return date(year, month, 1)
    return None
