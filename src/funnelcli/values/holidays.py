"""Public holidays by country, with days that are swapped: off for another that is worked.  They are looked up."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from functools import cache
from typing import Any

from funnelcli.text import Message, TextError
from funnelcli.text.regex import regex
from funnelcli.values.hours import Off

# How a day off says in English for which day it stands: the month first.
_INSTEAD_OF = regex(r"substituted from (\d\d)/(\d\d)/(\d{4})")


def public_holidays(code: str, years: Iterable[int]) -> Off:
    """The public holidays of a country (``VN``), or of a part of one (``US-NY``), in some years.

    >>> off = public_holidays("VN", [2026])
    >>> off.days[date(2026, 9, 2)], off.swapped
    ('National Day', {datetime.date(2026, 8, 22): datetime.date(2026, 8, 31)})
    """
    known = _looked_up(code, tuple(sorted(set(years))))
    days = {day: str(name) for day, name in known.items()}
    instead = {_worked(name): day for day, name in days.items()}
    worked = sorted(day for day in known.weekend_workdays if day.year in known.years)
    return Off(days=days, swapped={day: instead.get(day) or _monday_before(day) for day in worked})


def _worked(name: str) -> date | None:
    match = _INSTEAD_OF.search(name)
    return None if match is None else date(int(match[3]), int(match[1]), int(match[2]))


def _monday_before(day: date) -> date:
    return day - timedelta(days=day.weekday())


@cache
def _looked_up(code: str, years: tuple[int, ...]) -> Any:
    import holidays

    country, _, part = code.partition("-")
    language = "en_US" if "en_US" in getattr(holidays, country).supported_languages else None
    return holidays.country_holidays(country, subdiv=part or None, years=years, language=language)


def check_country(code: str) -> str:
    """The code of a country as it is looked up; TextError where none is known.

    >>> check_country("vn")
    'VN'
    """
    import holidays
    from holidays.registry import EntityLoader

    wanted = code.strip().upper().replace("_", "-")
    country, _, part = wanted.partition("-")
    # Asked for its parts, the library imports every country that it knows.
    is_known = country in EntityLoader.get_country_codes(include_aliases=True)
    if not is_known or (part and part not in getattr(holidays, country).subdivisions):
        text = Message("{code!r} is no country whose holidays are known; write it like VN, or US-NY for a part of one")
        raise TextError(text.filled(code=code))
    return wanted
