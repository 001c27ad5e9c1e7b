"""Cells to values: dates, numbers, yes and no, people's ids, and the words that mean nothing.

Every cell arrives as text.  What one cell cannot tell (31 or 12 first?  a thousand or a fraction?) is decided from
evidence over the whole column, and where that decides nothing the reader refuses.
"""

import contextlib
import re
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cache
from typing import Literal, NamedTuple
from zoneinfo import ZoneInfo

DateOrder = Literal["dmy", "mdy", "ymd"]
DecimalMark = Literal[".", ","]

FIRST_YEAR, LAST_YEAR = 1990, 2099

NULL_WORDS = frozenset(
    {
        "", "null", "none", "nan", "na", "n/a", "#n/a", "#na", "nat", "nil", "-", "--", "–", "—", "(null)",
        "(blank)", "blank", "undefined", "\\n", "trống", "(trống)", "không có", "chưa có", "#value!", "#ref!",
    }
)  # fmt: skip

_NULL_STARTS = frozenset(word[:1] for word in NULL_WORDS) | frozenset(word[:1].upper() for word in NULL_WORDS)
_NULL_LONGEST = 2 * max(map(len, NULL_WORDS))  # decomposed letters are two characters
_INVISIBLE = "\ufeff\u200b\u200c\u200d\u2060"


class Exact(str):
    """Text of a number that a typed file (a workbook, Parquet) gave: the point in it is the decimal mark.

    It equals no plain text, which may mean another number in the same letters.

    >>> Exact("1.500") == "1.500", Exact("1.500") == Exact("1.500"), len({Exact("1.500"), "1.500"})
    (False, True, 2)
    """

    __slots__ = ()

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Exact) and str.__eq__(self, other)

    def __ne__(self, other: object) -> bool:
        return not self == other

    def __hash__(self) -> int:
        return hash(("exact", str(self)))


def clean(text: str) -> str:
    """The cell without white space and invisible marks around it; words that mean nothing become empty.

    >>> clean(" N/A "), clean(" An "), clean('="001"')
    ('', 'An', '001')
    """
    stripped = text.strip()
    if not stripped.isascii():
        stripped = stripped.strip(_INVISIBLE).strip()
    if stripped[:2] == '="' and stripped[-1:] == '"':
        stripped = stripped[2:-1].strip()  # how a CSV keeps Excel from turning 001 into 1
    if stripped[:1] in _NULL_STARTS and len(stripped) <= _NULL_LONGEST:
        word = stripped if stripped.isascii() else unicodedata.normalize("NFC", stripped)
        if word.casefold() in NULL_WORDS:
            return ""
    return stripped


def clean_number(text: str) -> str:
    """A cell that holds a number, cleaned; a number that a typed file gave stays known as one.

    >>> isinstance(clean_number(Exact("1.5")), Exact)
    True
    """
    return text if isinstance(text, Exact) else clean(text)


# Characters that may have to go from the edge of a cell: a column without them, as ids mostly are, has clean edges.
_EDGES = (" ", "\t", '"', "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x1f")
_AT_EDGES = ('="', " \n", "\n ", "\t\n", "\n\t", "\r", "\x0b", "\x0c", "\x1c", "\x1d", "\x1e", "\x1f")


def clean_column(cells: Sequence[str]) -> list[str]:
    """Every cell cleaned; a column in which all are clean already, as ids mostly are, is told at a glance.

    >>> clean_column([" a", "N/A", "b"])
    ['a', '', 'b']
    """
    joined = "\n".join(cells)
    if joined.isascii() and "\n\n" not in joined and joined == joined.strip() and not _has_edges(joined):
        starts = {cell[:1] for cell in cells}
        if starts.isdisjoint(_NULL_STARTS) or NULL_WORDS.isdisjoint(map(str.lower, cells)):
            return list(cells)
    return list(map(clean, cells))


def _has_edges(joined: str) -> bool:
    """Whether a cell of a column joined by line breaks has anything at its edge that does not belong to it."""
    return any(mark in joined for mark in _EDGES) and any(edge in joined for edge in _AT_EDGES)


def clean_ids(cells: Sequence[str]) -> list[str]:
    """Cleaned cells as ids; the same as :func:`clean_id` of each.

    >>> clean_ids(["An@Example.vn", "u1"])
    ['an@example.vn', 'u1']
    """
    joined = "\n".join(cells)
    if joined.isascii() and "@" not in joined and "'" not in joined:
        return list(cells)
    return list(map(clean_id, cells))


_SHORTENED = re.compile(r"\d[.,]\d+E\+\d+", re.ASCII)


def is_shortened(cell: str) -> bool:
    """Whether a spreadsheet wrote a long number in short, so that different ids look alike.

    >>> is_shortened("8.49123E+10"), is_shortened("84912345678")
    (True, False)
    """
    return bool(_SHORTENED.fullmatch(cell))


def clean_id(text: str) -> str:
    """A person's id as it is compared: trimmed, NFC, Shopify's leading apostrophe gone, e-mails in lower case.

    >>> clean_id(" 'An@Example.vn ")
    'an@example.vn'
    """
    known = clean(text)
    while known[:1] == "'":  # cleaned to the end, so that a cleaned id cleans to itself
        known = clean(known.lstrip("'"))
    if known.isascii():
        return known.lower() if "@" in known else known
    known = unicodedata.normalize("NFC", known)
    return known.casefold() if "@" in known else known


# --- dates -------------------------------------------------------------------------------------------------------


class Moment(NamedTuple):
    """A local time as microseconds since 1970-01-01, and whether the cell gave a time of day other than 00:00:00."""

    micros: int
    timed: bool


DAY_MICROS = 86_400_000_000
_EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
_EXCEL_EPOCH = datetime(1899, 12, 30)

_MONTHS = {
    name: number
    for number, names in enumerate(
        ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"), 1
    )
    for name in (names,)
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
        re.compile(rf"{day}(?:(?:\s*,\s*|\s+|t){_TIME})?", re.ASCII),
        re.compile(rf"{_TIME}\s*[,-]?\s+{day}", re.ASCII),
    )


_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})", re.ASCII)
_SERIAL = re.compile(r"\d{5}(?:\.\d+)?", re.ASCII)


@dataclass(kw_only=True)
class DateEvidence:
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

    def merged(self, other: "DateEvidence") -> "DateEvidence":
        """The evidence of both."""
        return DateEvidence(
            dmy=self.dmy or other.dmy,
            mdy=self.mdy or other.mdy,
            either=self.either or other.either,
        )

    @property
    def order(self) -> DateOrder | None:
        """The order all the evidence points to; None where it is contradictory or there is none."""
        if self.dmy and not self.mdy:
            return "dmy"
        if self.mdy and not self.dmy:
            return "mdy"
        return None


def order_said(text: str) -> Literal["dmy", "mdy", "either"] | None:
    """What one cell says about the order of day and month; None for other ways of writing a date.

    >>> order_said("31/12/2026"), order_said("05/10/2026"), order_said("2026-10-05")
    ('dmy', 'either', None)
    """
    found = _numeric(text)
    if not found:
        return None
    first, second = int(found["a"]), int(found["b"])
    if first > 12 and second <= 12:
        return "dmy"
    return "mdy" if second > 12 and first <= 12 else "either"


def _numeric(text: str) -> re.Match[str] | None:
    lowered = " ".join(text.casefold().split())
    for form in _forms(_NUMERIC):
        found = form.fullmatch(lowered)
        if found:
            return found
    return None


class DateReader:
    """Reads the date cells of one column.

    ``order`` decides cells like 05/10/2026; ``zone`` is the business zone to which times with an offset are
    converted; ``naive_is_utc`` is for columns whose header says (UTC).
    """

    def __init__(self, *, order: DateOrder | None, zone: ZoneInfo, naive_is_utc: bool = False) -> None:
        self.order: DateOrder | None = order
        self.zone = zone
        self.naive_is_utc = naive_is_utc
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
                    return self._local(datetime.fromisoformat(text), timed=len(text) > 10)
            return self._read_other(" ".join(text.casefold().split()))
        except (ValueError, OverflowError):
            return None

    def _read_other(self, text: str) -> Moment | None:
        found = _COMPACT.fullmatch(text)
        if found:
            return self._local(datetime(*map(int, found.groups())), timed=False)  # type: ignore[arg-type]
        if _SERIAL.fullmatch(text):
            serial = float(text)
            if not 20_000 <= serial < 80_000:
                return None
            moment = _EXCEL_EPOCH + timedelta(seconds=round(serial * 86_400))
            return self._local(moment, timed=not serial.is_integer())
        for form in _forms(_YMD, _DAY_MON, _MON_DAY):
            found = form.fullmatch(text)
            if found:
                parts = found.groupdict()
                name = parts.get("mon") or parts.get("full")
                month = _MONTHS[name[:3]] if name else int(parts["m"])
                return self._build(_year(parts["y"]), month, int(parts["d"]), parts)
        found = _numeric(text)
        if not found or self.order is None:
            return None
        parts = found.groupdict()
        first, second, third = parts["a"], parts["b"], parts["c"]
        match self.order:
            case "dmy":
                return self._build(_year(third), int(second), int(first), parts)
            case "mdy":
                return self._build(_year(third), int(first), int(second), parts)
            case "ymd":
                if len(third) == 4:
                    return None
                return self._build(_year(first), int(second), int(third), parts)

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
            offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:]))
            moment = (moment - sign * offset).replace(tzinfo=UTC)
        return self._local(moment, timed=True)

    def _local(self, moment: datetime, *, timed: bool) -> Moment:
        if moment.tzinfo is None and timed:
            if self.naive_is_utc:
                moment = moment.replace(tzinfo=UTC)
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


# --- numbers -----------------------------------------------------------------------------------------------------

_CURRENCY = re.compile(r"vnđ|vnd|usd|eur|gbp|sgd|jpy|thb|đồng|[₫đ$€£¥฿]", re.IGNORECASE)
_SPACES = re.compile(r"[\s'’_\u00a0\u202f]")
_DIGITS = re.compile(r"\d+")
_PLAIN = re.compile(r"[\d.,]*\d[\d.,]*")
_GROUPED = {
    ",": re.compile(r"[1-9]\d{0,2}(?:,\d{2,3})*,\d{3}"),
    ".": re.compile(r"[1-9]\d{0,2}(?:\.\d{2,3})*\.\d{3}"),
}


def _bare(text: str) -> tuple[str, int, float] | None:
    """Digits and marks of a number, its sign, and what it is to be multiplied with; None: no number."""
    text = text.strip()
    sign, scale = 1, 1.0
    if text.startswith("(") and text.endswith(")"):
        sign, text = -1, text[1:-1]
    text = _SPACES.sub("", _CURRENCY.sub("", text))
    if text.endswith("%"):
        scale, text = 0.01, text[:-1]
    if text[:1] in ("-", "−", "+"):
        sign, text = (sign if text[0] == "+" else -sign), text[1:]
    elif text[-1:] in ("-", "−"):
        sign, text = -sign, text[:-1]
    if not text.isascii() or not _PLAIN.fullmatch(text):
        return None
    return text, sign, scale


def _mark_of(bare: str) -> DecimalMark | Literal["either"] | None:
    """The decimal mark that ``bare`` proves; ``either`` where it could go both ways; None: says nothing."""
    dots, commas = bare.count("."), bare.count(",")
    if not dots and not commas:
        return None
    if dots and commas:
        return "," if bare.rfind(",") > bare.rfind(".") else "."
    mark: DecimalMark = "." if dots else ","
    other: DecimalMark = "," if dots else "."
    if dots + commas > 1:
        return other
    head, tail = bare.split(mark)
    if len(tail) == 3 and 1 <= len(head) <= 3 and not head.startswith("0"):
        return "either"
    return mark


@dataclass(kw_only=True)
class NumberEvidence:
    """What a column's cells say about its decimal mark: the first cell (text, place) for each reading."""

    point: tuple[str, object] | None = None
    comma: tuple[str, object] | None = None
    either: tuple[str, object] | None = None

    def observe(self, text: str, place: object, *, whole: bool = False) -> None:
        """Take one cell into account; ``whole`` says that the column holds whole numbers."""
        says = count_mark_said(text) if whole else mark_said(text)
        if says and getattr(self, says) is None:
            setattr(self, says, (text, place))

    @property
    def mark(self) -> DecimalMark | None:
        """The mark all the evidence points to, if any."""
        if self.point and not self.comma:
            return "."
        if self.comma and not self.point:
            return ","
        return None


def mark_said(text: str) -> Literal["point", "comma", "either"] | None:
    """What one cell says about the decimal mark of its column.

    >>> mark_said("1.234,5"), mark_said("142.111"), mark_said("12")
    ('comma', 'either', None)
    """
    bare = None if isinstance(text, Exact) else _bare(text)
    mark = _mark_of(bare[0]) if bare else None
    names: dict[str | None, Literal["point", "comma", "either"]] = {".": "point", ",": "comma", "either": "either"}
    return names.get(mark)


def read_number(text: str, decimal: DecimalMark | None) -> float | None:
    """The number a cell stands for, with ``decimal`` as its decimal mark; None where it is no such number.

    With None as the mark the cell must prove its own.  A percentage is a share of 1.

    >>> read_number("1.234.567 ₫", None), read_number("$1,200.00", "."), read_number("12,5 %", ",")
    (1234567.0, 1200.0, 0.125)
    """
    if isinstance(text, Exact):
        return float(text)
    bare = _bare(text)
    if bare is None:
        return None
    digits, sign, scale = bare
    mark: str | None = decimal or _mark_of(digits)
    if mark == "either":
        return None
    grouping = "." if mark == "," else ","
    whole, _, fraction = digits.partition(mark) if mark else (digits, "", "")
    if grouping in whole:
        if not _GROUPED[grouping].fullmatch(whole):
            return None
        whole = whole.replace(grouping, "")
    if fraction and not _DIGITS.fullmatch(fraction):
        return None
    if whole and not _DIGITS.fullmatch(whole):
        return None
    number = float(f"{whole or '0'}.{fraction or '0'}")
    return sign * (number * scale if scale == 1 else number / 100)


def count_mark_said(text: str) -> Literal["point", "comma", "either"] | None:
    """What a whole number says about the decimal mark of its column: 1.234 is none with a point, 12.000 may be.

    >>> count_mark_said("1.234"), count_mark_said("12.000"), count_mark_said("1500.000")
    ('comma', 'either', 'point')
    """
    says = mark_said(text)
    if says == "either":
        bare = _bare(text)
        assert bare is not None
        if not bare[0].endswith("000"):
            return "comma" if "." in bare[0] else "point"
    elif says:
        number = read_number(text, "." if says == "point" else ",")
        if number is None or not number.is_integer():
            return None  # no whole number however it is read, so it says nothing of the others
    return says


def read_count(text: str, decimal: DecimalMark | None) -> int | None:
    """A whole number from 0 up; with None as the mark the cell must prove its own.

    >>> read_count("1.234", None), read_count("12.000", None), read_count("12.000", "."), read_count("12,5", None)
    (1234, None, 12, None)
    """
    if text.isdigit() and text.isascii():
        return int(text) if len(text) < 16 else None
    if decimal is None:
        says = count_mark_said(text)
        decimal = "." if says == "point" else "," if says == "comma" else None
    number = None if "%" in text else read_number(text, decimal)
    if number is None or number < 0 or number >= 1e15 or not number.is_integer():
        return None
    return int(number)


# --- yes and no --------------------------------------------------------------------------------------------------

_YES = frozenset({"true", "t", "yes", "y", "1", "1.0", "x", "có", "đúng", "existing", "registered"})
_NO = frozenset({"false", "f", "no", "n", "0", "0.0", "không", "sai", "new"})


def read_flag(text: str) -> bool | None:
    """True or False for the usual words in English and Vietnamese; None for others.

    >>> read_flag("Có"), read_flag("0"), read_flag("maybe")
    (True, False, None)
    """
    word = unicodedata.normalize("NFC", text).casefold()
    if word in _YES:
        return True
    if word in _NO:
        return False
    return None


_MONTH_FORMS: tuple[tuple[re.Pattern[str], Callable[[re.Match[str]], tuple[int, int]]], ...] = (
    (re.compile(r"(\d{4})[-/.](\d{1,2})(?:[-/.]0?1)?"), lambda m: (int(m[1]), int(m[2]))),
    (re.compile(r"(\d{4})(\d{2})"), lambda m: (int(m[1]), int(m[2]))),
    (re.compile(r"(?:t|tháng)?\s*(\d{1,2})[-/.](\d{4})"), lambda m: (int(m[2]), int(m[1]))),
    (re.compile(r"0?1[-/.](\d{1,2})[-/.](\d{4})"), lambda m: (int(m[2]), int(m[1]))),
    (
        re.compile(rf"{_MON}[\s-]+(?P<year>\d{{4}})"),
        lambda m: (int(m["year"]), _MONTHS[(m["mon"] or m["full"])[:3]]),
    ),
)


def read_month(text: str) -> date | None:
    """The first day of a month written as 2026-10, 10/2026, T10/2026, Tháng 10/2026, Oct 2026 or 2026-10-01.

    >>> read_month("Tháng 10/2026")
    datetime.date(2026, 10, 1)
    """
    word = unicodedata.normalize("NFC", text).casefold()
    for form, parts in _MONTH_FORMS:
        found = form.fullmatch(word)
        if found:
            year, month = parts(found)
            if FIRST_YEAR <= year <= LAST_YEAR and 1 <= month <= 12:
                return date(year, month, 1)
    return None
