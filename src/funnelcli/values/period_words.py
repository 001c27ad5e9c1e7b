"""Periods as people write them: ``10/2026``, ``Oct 2026``, ``2026-W40``, ``FY2026``, ``last-month``."""

import re
import unicodedata
from collections.abc import Sequence
from contextlib import suppress
from datetime import date, timedelta

from msgspec import Struct

from funnelcli.problems import UsageError
from funnelcli.text import OR, Message, Text, joined
from funnelcli.text.regex import regex
from funnelcli.values.periods import Grain, Period, month_of, period_of, shift
from funnelcli.values.years import FIRST_YEAR, LAST_YEAR


class Reckoning(Struct, frozen=True, kw_only=True):
    """What periods are reckoned by: the ``day`` that ``last-month`` stands on, and the month that years start with.

    Without a day nothing stands on it; ``year_starts`` is 1 where years are those of the calendar, None where the
    settings do not say.
    """

    day: date | None = None
    year_starts: int | None = None

    @property
    def is_fiscal(self) -> bool:
        """Whether years start with another month than January."""
        return self.year_starts not in (None, 1)

    def of(self, day: date, grain: Grain) -> Period:
        """The period of a day."""
        return period_of(day, grain, self.year_starts or 1)


PLAIN = Reckoning()


def parse_bound(text: str, grain: Grain, *, last: bool, option: str, by: Reckoning = PLAIN) -> Period:
    """The period that ``2026-10``, ``2026-10-31``, ``2026Q4`` or ``2026`` names as a bound of a range.

    A month may be written as in a table of months, too.  A wider key than the grain stands for its first period, or
    with ``last`` its last one; a week is wanted for weeks only.

    >>> parse_bound("2026", Grain.MONTH, last=True, option="--to").key
    '2026-12'
    >>> [parse_bound(text, Grain.MONTH, last=False, option="--from").key for text in ("Thg9-26", "quy 3/2026")]
    ['2026-09', '2026-07']
    >>> by = Reckoning(day=date(2026, 10, 12), year_starts=4)
    >>> [parse_bound(text, Grain.MONTH, last=False, option="--from", by=by).key for text in ("last-month", "FY2026")]
    ['2026-09', '2026-04']
    """
    said = _periods_of(text, by)
    if len(said) != 1:
        raise _unclear(text, said, option)
    named = said[0]
    if named.grain is Grain.WEEK and grain is not Grain.WEEK:
        raise UsageError(
            Message("{option} {text!r} is a week.").filled(option=option, text=text),
            hint=Message("`report --grain week` shows weeks; else give a month."),
        )
    if by.is_fiscal and not named.is_fiscal and named.grain in (Grain.QUARTER, Grain.YEAR) and grain in _OF_YEARS:
        raise _of_which_year(text, named, option, by)
    return by.of(named.last_day if last else named.start, grain)


_OF_YEARS = (Grain.QUARTER, Grain.YEAR)


def is_relative(text: str | None) -> bool:
    """Whether a text names a period by where it stands: ``last-month``.

    >>> is_relative("last-month"), is_relative("tháng trước"), is_relative("2026-10")
    (True, True, False)
    """
    return text is not None and _relative(text) is not None


def grain_named(text: str | None) -> Grain:
    """The grain of the period that a text names: 2026-10 a month, 2026Q4 a quarter, 2026 a year; else a month.

    >>> [grain_named(text).value for text in ("2026Q4", "FY2026", "2026-W40", "last-year", "soon")]
    ['quarter', 'year', 'week', 'year', 'month']
    """
    said = _periods_of(text, Reckoning(day=date(2026, 1, 1), year_starts=1)) if text else []
    return said[0].grain if said else Grain.MONTH


# --- what a text names -----------------------------------------------------------------------------------------------

_KEY = regex(r"(?P<year>\d{4})(?:-(?P<month>\d{1,2})(?:-(?P<day>\d{1,2}))?|-?[Qq](?P<quarter>[1-4]))?")
_WEEK = regex(r"(?P<year>\d{4})-?w(?P<week>\d{1,2})|w(?:eek )?\s*(?P<week2>\d{1,2})[-/ ]+(?P<year2>\d{4})", re.I)
_FISCAL = regex(r"fy\s*(?P<year>\d{4})(?:[- ]?q(?P<quarter>[1-4]))?|q(?P<quarter2>[1-4])[- ]fy\s*(?P<year2>\d{4})")
_QUARTERS = tuple(
    regex(form)
    for form in (
        r"(?:q|quý|quarter)\s*(?P<quarter>[1-4])(?:\s*[-/., ]\s*|\s+năm\s+)(?P<year>\d{4})",
        r"(?P<year>\d{4})\s*[-/., ]\s*(?:q|quý|quarter)\s*(?P<quarter>[1-4])",
    )
)
_DAY = regex(r"(\d{1,2})([-/.])(\d{1,2})\2(\d{4}|\d{2})")
_SHORT_YEAR = regex(r"(?P<label>.*?)[-/. ](?P<year>\d{2})")
_RELATIVE = regex(
    r"(?P<which>this|current|last|previous|next)[-_ ](?P<what>week|month|quarter|year)"
    r"|(?P<vi_what>tuan|thang|quy|nam)[-_ ](?P<vi_which>nay|truoc|ngoai|sau|toi)"
)
_STEPS = {
    **dict.fromkeys(("this", "current", "nay"), 0),
    **dict.fromkeys(("last", "previous", "truoc", "ngoai"), -1),
    **dict.fromkeys(("next", "sau", "toi"), 1),
}
_GRAINS = {"tuan": Grain.WEEK, "thang": Grain.MONTH, "quy": Grain.QUARTER, "nam": Grain.YEAR}


def _periods_of(text: str, by: Reckoning) -> list[Period]:
    """The periods that a text may name: none, one, or several where day and month may stand either way."""
    key = _KEY.fullmatch(text.strip())
    with suppress(ValueError):
        if key and key["month"]:
            return [month_of(_date(int(key["year"]), int(key["month"]), int(key["day"] or 1)))]
        if (relative := _relative(text)) is not None:
            grain, steps = relative
            return [] if by.day is None else [shift(by.of(by.day, grain), steps, grain)]
        word = _word(text)
        for form, reads in ((_WEEK, _week), (_FISCAL, _fiscal)):
            if said := form.fullmatch(word):
                return reads(said, by)
        quarter = next(filter(None, (form.fullmatch(word) for form in _QUARTERS)), key)
        if quarter and quarter["quarter"]:
            return [period_of(_date(int(quarter["year"]), int(quarter["quarter"]) * 3, 1), Grain.QUARTER)]
        if key:
            return [period_of(_date(int(key["year"]), 1, 1), Grain.YEAR)]
        if (day := _DAY.fullmatch(word)) is not None:
            return _of_either(_year(day[4]), int(day[1]), int(day[3]))
        from funnelcli.values.dates import month_labelled  # most periods are told without it

        year, month = month_labelled(word) or (None, 0)
        return [month_of(_date(year, month, 1))] if year is not None else []
    return []


def _relative(text: str) -> tuple[Grain, int] | None:
    """The grain of a period that is named by where it stands, and how many steps it is from this one."""
    apart = unicodedata.normalize("NFD", " ".join(text.casefold().split()))
    said = _RELATIVE.fullmatch("".join(letter for letter in apart if not unicodedata.combining(letter)))
    if said is None:
        return None
    grain = Grain(said["what"]) if said["what"] else _GRAINS[said["vi_what"]]
    return grain, _STEPS[said["which"] or said["vi_which"]]


def _week(said: re.Match[str], _: Reckoning) -> list[Period]:
    year, week = int(said["year"] or said["year2"]), int(said["week"] or said["week2"])
    _date(year, 1, 1)
    return [period_of(date.fromisocalendar(year, week, 1), Grain.WEEK)]


def _fiscal(said: re.Match[str], by: Reckoning) -> list[Period]:
    """A fiscal year or a quarter of one; none where the settings do not say with which month it starts."""
    if by.year_starts is None:
        return []
    year, quarter = int(said["year"] or said["year2"]), said["quarter"] or said["quarter2"]
    start = _date(year, by.year_starts, 1)
    if not quarter:
        return [by.of(start, Grain.YEAR)]
    return [shift(by.of(start, Grain.QUARTER), int(quarter) - 1, Grain.QUARTER)]


def _word(text: str) -> str:
    """A text as months and quarters are compared: in small letters, "tháng" and "quý" without their accents as well."""
    word = " ".join(unicodedata.normalize("NFC", text).casefold().split())
    return re.sub(r"^(thang|quy)(?=[\s\d.])", lambda plain: {"thang": "tháng", "quy": "quý"}[plain[1]], word)


def _year(digits: str) -> int:
    return int(digits) if len(digits) > 2 else 2000 + int(digits)


def _date(year: int, month: int, day: int) -> date:
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise ValueError
    return date(year, month, day)


def _of_either(year: int, first: int, second: int) -> list[Period]:
    """The months of a day whose first number may be the day or the month."""
    months: list[Period] = []
    for day, month in ((first, second), (second, first)):
        with suppress(ValueError):
            months.append(month_of(_date(year, month, day)))
    return list(dict.fromkeys(months))


# --- what is said of one that is not clear ---------------------------------------------------------------------------


def _unclear(text: str, said: Sequence[Period], option: str) -> UsageError:
    """The error of a text that names no period, or may name several."""
    if not said and _relative(text) is not None:
        return UsageError(
            Message("{option} {text!r} needs a day that it stands on.").filled(option=option, text=text),
            hint=Message("Give it with --as-of, like --as-of today, or write the period out."),
        )
    if not said and _FISCAL.fullmatch(_word(text)):
        return UsageError(
            Message("{option} {text!r}: funnel.toml does not say when the fiscal year starts.").filled(
                option=option, text=text
            ),
            hint=Message('Say it like [business] fiscal_year_starts = "04".'),
        )
    what = Message("{option} {text!r} is not a period.")
    if said:
        what = Message("{option} {text!r} may be {readings}.")
    readings = joined(OR, [each.key for each in said])
    return UsageError(what.filled(option=option, text=text, readings=readings), hint=_how_to_write(text, said))


def _of_which_year(text: str, named: Period, option: str, by: Reckoning) -> UsageError:
    """The error of a year, or a quarter, that may be the calendar's or the fiscal one."""
    fiscal = _fiscal_of_that_name(named, by)
    may_be = Message("{option} {text!r} may be {fiscal} or {months}.")
    how = Message("Write {fiscal} for the fiscal one, or the months: {first} and {last}.")
    return UsageError(
        may_be.filled(option=option, text=text, fiscal=_key_and_months(fiscal), months=_months(named)),
        hint=how.filled(fiscal=fiscal.key, first=month_of(named.start).key, last=month_of(named.last_day).key),
    )


def _fiscal_of_that_name(named: Period, by: Reckoning) -> Period:
    assert by.year_starts is not None
    year = by.of(date(named.start.year, by.year_starts, 1), Grain.YEAR)
    if named.grain is Grain.YEAR:
        return year
    return shift(by.of(year.start, Grain.QUARTER), (named.start.month - 1) // 3, Grain.QUARTER)


def _months(period: Period) -> Text:
    """From which month to which a period goes."""
    first, last = month_of(period.start).words, month_of(period.end - timedelta(days=1)).words
    return Message("{first} to {last}").filled(first=first, last=last)


def _key_and_months(period: Period) -> Text:
    return Message("{key} ({months})").filled(key=period.key, months=_months(period))


def _how_to_write(text: str, said: Sequence[Period]) -> Text:
    from funnelcli.values.dates import month_labelled

    if said:
        return Message("Write it as {keys}.").filled(keys=joined(OR, [each.key for each in said]))
    word = _word(text)
    short = _SHORT_YEAR.fullmatch(word)
    label = month_labelled(word) or (short and (month_labelled(short["label"]) or _number(short["label"])))
    if label:
        year = label[0] or (f"20{short['year']}" if short else "2026")
        return Message("If it is a month, write its year with four digits, like {key}.").filled(
            key=f"{year}-{label[1]:02d}"
        )
    return Message(
        "Write a month like 2026-10, a quarter like 2026Q4, a week like 2026-W40 or a year like 2026; or last-month."
    )


def _number(text: str) -> tuple[None, int] | None:
    return (None, int(text)) if re.fullmatch(r"0?[1-9]|1[0-2]", text) else None
