"""A table of funnel.toml, and its values as people write them: amounts, shares, whole numbers, channels, globs."""

import difflib
from collections.abc import Callable, Iterable, Mapping
from fractions import Fraction
from typing import Annotated, Any, Literal, get_args

from funnelcli.config.table import Limits, Reads
from funnelcli.config.toml import WrittenFloat
from funnelcli.text import Message, TextError, did_you_mean
from funnelcli.text.regex import regex
from funnelcli.values.amounts import is_in_dong, parse_amount, parse_share, parse_whole
from funnelcli.values.channels import ChannelName
from funnelcli.values.confidence import parse_level
from funnelcli.values.currencies import currencies_in
from funnelcli.values.lags import parse_lag


def _as_list(value: object) -> object:
    if not isinstance(value, str | list | tuple):
        raise TextError(Message('write it in quotation marks, or several as a list, like ["a", "b"]'))
    return [value] if isinstance(value, str) else value


_ONE_OR_SEVERAL = {"anyOf": [{"type": "string"}, {"type": "array", "items": {"type": "string"}}]}
Globs = Annotated[tuple[str, ...], Limits(strict=False), Reads(_as_list, "before", _ONE_OR_SEVERAL)]


def patterns_of(value: object) -> tuple[str, ...]:
    """One pattern or several; TextError where there is none, or one that nothing can fit."""
    given = _as_list(value)
    patterns = tuple(given) if isinstance(given, list | tuple) else ()
    if not patterns or not all(isinstance(each, str) and each.strip() for each in patterns):
        raise TextError(
            Message('write one pattern or a list of them, like ["education*"] or ["50-500"]: without one nothing fits')
        )
    for pattern in patterns:
        no_range_upside_down(pattern)
    return patterns


def no_range_upside_down(pattern: str) -> None:
    """TextError for a range that ends before it begins."""
    from funnelcli.values.patterns import is_upside_down

    if is_upside_down(pattern):
        raise TextError(
            Message("{pattern!r} ends before it begins, so that no number is in it").filled(pattern=pattern)
        )


def all_reached(patterns: Iterable[str]) -> None:
    """TextError for a pattern of which an earlier one takes all, so that it never counts."""
    from funnelcli.values.patterns import taken_by

    earlier: list[str] = []
    for pattern in patterns:
        if (taken := taken_by(pattern, earlier)) is not None:
            text = Message(
                "{pattern!r} never counts, since {taken!r} stands before it and fits all of it: put it first"
            )
            raise TextError(text.filled(pattern=pattern, taken=taken))
        earlier.append(pattern)


# Globs, or ranges of numbers, of which a cell has to fit one: at least one, and none that nothing can fit.
Patterns = Annotated[tuple[str, ...], Reads(patterns_of, "instead", _ONE_OR_SEVERAL)]
MOST_CHARACTERS = 100
MOST_MONEY = 10**15
_LIKE_THOUSANDS = regex(r"[+-]?[1-9]\d{0,2}\.\d{3}")
_TWO_READINGS = Message(
    'this may mean {plain} or {whole}; write {plain} or {grouped}, or in quotation marks "{written}", which is {whole}'
)
_TOO_MUCH = Message("this is more than can be meant")


def _written(read: Callable[[Any], Any]) -> Reads:
    """A number or a text of the file, as ``read`` understands it."""

    def validate(value: object) -> object:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise TextError(Message("a number or a text is wanted here"))
        if isinstance(value, str) and len(value) > MOST_CHARACTERS:
            raise TextError(Message("this is too long for a number"))
        return read(value)

    return Reads(validate, "instead", {"type": ["number", "string"]})


def _share_or_none(value: str | float) -> Fraction | str:
    return "none" if value == "none" else parse_share(value)


def no_thousands(value: object) -> object:
    """A value of the file; TextError for a float like 50.000, which is 50 in TOML and 50 thousand to many people."""
    if isinstance(value, WrittenFloat) and _LIKE_THOUSANDS.fullmatch(value.written):
        before, _, after = value.written.lstrip("+").partition(".")
        plain = f"{before}.{after}".rstrip("0").rstrip(".")
        raise TextError(
            _TWO_READINGS.filled(
                written=value.written, plain=plain, whole=f"{before}{after}", grouped=f"{before}_{after}"
            )
        )
    return value


def _bounded(number: Fraction) -> Fraction:
    if number > MOST_MONEY:
        raise TextError(_TOO_MUCH)
    return number


def _plain_amount(value: str | float) -> Fraction:
    no_thousands(value)
    if isinstance(value, str) and currencies_in(value):
        text = Message("{value!r} names a currency; write it without, since [business] currency says it for all")
        raise TextError(text.filled(value=value))
    return _bounded(parse_amount(value))


def _whole(value: str | float) -> int:
    no_thousands(value)
    return int(_bounded(Fraction(parse_whole(value))))


def _count(value: object) -> object:
    """A whole number of the file; TextError for 1.200, and a text as a whole number is read elsewhere."""
    return _whole(value) if isinstance(value, str) else no_thousands(value)


def _header_or_none(value: object) -> object:
    if value is False or isinstance(value, str):
        return value
    raise TextError(Message("write the header in quotation marks, or false: no column"))


def _amount_or_share(value: str | float) -> str | float:
    if isinstance(value, str) and value.strip().endswith("%"):
        parse_share(value)
    else:
        _plain_amount(value)
    return value


def _channels_or_all(value: object) -> object:
    if value == "all":
        return value
    names = [value] if isinstance(value, str) else value
    known = list(get_args(ChannelName))
    if not isinstance(names, list) or not names:
        text = Message('write "all", or a list of channels ({known})')
        raise TextError(text.filled(known=", ".join(known)))
    for name in names:
        if name not in known:
            close = difflib.get_close_matches(str(name), known, n=1)
            text = Message("{name!r} is no channel.{guess} The channels are {known}")
            raise TextError(text.filled(name=name, guess=did_you_mean(close), known=", ".join(known)))
    return tuple(dict.fromkeys(names))


_MONTH = regex(r"\d{4}-(0[1-9]|1[0-2])")


def _first_and_last(value: object) -> tuple[str, str]:
    months = list(value) if isinstance(value, list | tuple) else []
    if len(months) != 2 or not all(isinstance(month, str) and _MONTH.fullmatch(month) for month in months):
        raise TextError(Message('write the first and the last month, like ["2026-01", "2026-10"]'))
    first, last = months
    if not "1990-01" <= first <= last <= "2099-12":
        text = Message("{first} to {last} are no months from 1990-01 to 2099-12, the first before the last")
        raise TextError(text.filled(first=first, last=last))
    return first, last


_DAYS = regex(r"(\d{1,4}) ?(d|days?|w|weeks?)")


def _days(value: object) -> int:
    match = _DAYS.fullmatch(value.strip().casefold()) if isinstance(value, str) else None
    if match is None or (isinstance(value, str) and not int(match[1])):
        raise TextError(Message('write it as days or weeks, like "3d" or "2w"'))
    return int(match[1]) * (7 if match[2].startswith("w") else 1)


Days = Annotated[int, Reads(_days, "instead", {"type": "string", "pattern": r"^[1-9]\d{0,3} ?(d|days?|w|weeks?)$"})]
Amount = Annotated[Fraction, _written(_plain_amount)]
Share = Annotated[Fraction, _written(parse_share)]
ShareOrNone = Annotated[Fraction | Literal["none"], _written(_share_or_none)]
AmountOrShare = Annotated[str | int | float, _written(_amount_or_share)]
Whole = Annotated[int, _written(_whole)]
Lag = Annotated[str | int, _written(parse_lag)]
Confidence = Annotated[Fraction, _written(parse_level)]
Money = Annotated[float, Limits(ge=0, le=1e12, allow_inf_nan=False), Reads(no_thousands, "before")]
Count = Annotated[int, Limits(ge=0, le=10**12), Reads(_count, "before")]
# A header, or false where the column is not to be looked for.
HeaderOrNone = Annotated[
    str | Literal[False],
    Reads(_header_or_none, "instead", {"anyOf": [{"type": "string"}, {"const": False}]}),
]
MONTH_PATTERN = r"^(199[0-9]|20[0-9]{2})-(0[1-9]|1[0-2])$"
MonthKey = Annotated[str, Limits(pattern=MONTH_PATTERN)]
FirstAndLast = Annotated[
    tuple[str, str],
    Reads(
        _first_and_last, "instead",
        {"type": "array", "items": {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$"},
         "minItems": 2, "maxItems": 2},
    ),
]  # fmt: skip
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Owned = Annotated[
    Literal["all"] | tuple[ChannelName, ...],
    Reads(
        _channels_or_all,
        "instead",
        {"anyOf": [{"const": "all"}, {"type": "array", "items": {"enum": list(get_args(ChannelName))}}]},
    ),
]


def known_zone(value: str) -> str:
    """The name of a time zone; TextError where there is none of that name."""
    from zoneinfo import ZoneInfo

    try:
        ZoneInfo(value)
    except (KeyError, ValueError, OSError):
        text = Message("{value!r} is not a known time zone; write it like Asia/Ho_Chi_Minh")
        raise TextError(text.filled(value=value)) from None
    return value


def amounts_in_dong(data: Mapping[str, Any]) -> dict[str, str]:
    """The amounts of a plan and of policies that have a Vietnamese unit, as they are written, by ``[table] key``.

    >>> amounts_in_dong({"plan": {"arpa": "2tr", "revenue": {"2027-01": "800_000_000"}}})
    {'[plan] arpa': '2tr'}
    """
    places = {("plan",): data.get("plan"), ("plan", "revenue"): _table(_table(data.get("plan")).get("revenue"))}
    places |= {("policies", name): policy for name, policy in _table(data.get("policies")).items()}
    for name, cost in _table(_table(data.get("plan")).get("cost")).items():
        steps = _table(cost).get("steps")
        places[("plan", "cost", name)] = cost
        for number, step in enumerate(steps if isinstance(steps, list) else (), start=1):
            places[("plan", "cost", name, f"steps {number}")] = step
    return {
        f"[{'.'.join(place)}] {key}": value
        for place, table in places.items()
        for key, value in _table(table).items()
        if isinstance(value, str) and is_in_dong(value)
    }


def _table(value: object) -> Mapping[str, Any]:
    return value if isinstance(value, Mapping) else {}
