"""The values of funnel.toml as people write them: amounts, shares, whole numbers, channels, globs."""

import difflib
import re
from collections.abc import Callable
from fractions import Fraction
from typing import Annotated, Any, Literal, get_args

from pydantic import BeforeValidator, Field, PlainValidator, WithJsonSchema

from funnelcli.text import Text, TextError, did_you_mean
from funnelcli.values.amounts import parse_amount, parse_share, parse_whole
from funnelcli.values.channels import ChannelName
from funnelcli.values.currencies import currencies_in


def _as_list(value: object) -> object:
    return [value] if isinstance(value, str) else value


Globs = Annotated[tuple[str, ...], Field(strict=False), BeforeValidator(_as_list)]
_WRITTEN = WithJsonSchema({"type": ["number", "string"]})


def _written(read: Callable[[Any], Any]) -> PlainValidator:
    """A number or a text of the file, as ``read`` understands it."""

    def validate(value: object) -> object:
        if isinstance(value, bool) or not isinstance(value, str | int | float):
            raise TextError(Text("a number or a text is wanted here", "ở đây cần một số hoặc chuỗi"))
        return read(value)

    return PlainValidator(validate)


def _share_or_none(value: str | float) -> Fraction | str:
    return "none" if value == "none" else parse_share(value)


def _plain_amount(value: str | float) -> Fraction:
    if isinstance(value, str) and currencies_in(value):
        text = Text(
            "{value!r} names a currency; write it without, since [business] currency says it for all",
            "{value!r} có ghi loại tiền; bỏ loại tiền đi vì [business] currency đã khai cho tất cả",
        )
        raise TextError(text.filled(value=value))
    return parse_amount(value)


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
        text = Text('write "all", or a list of channels ({known})', 'viết "all", hoặc danh sách kênh ({known})')
        raise TextError(text.filled(known=", ".join(known)))
    for name in names:
        if name not in known:
            close = difflib.get_close_matches(str(name), known, n=1)
            text = Text(
                "{name!r} is no channel.{guess} The channels are {known}",
                "{name!r} không phải kênh.{guess} Các kênh là {known}",
            )
            raise TextError(text.filled(name=name, guess=did_you_mean(close), known=", ".join(known)))
    return tuple(dict.fromkeys(names))


_MONTH = re.compile(r"\d{4}-(0[1-9]|1[0-2])")


def _first_and_last(value: object) -> tuple[str, str]:
    months = list(value) if isinstance(value, list | tuple) else []
    if len(months) != 2 or not all(isinstance(month, str) and _MONTH.fullmatch(month) for month in months):
        raise TextError(
            Text(
                'write the first and the last month, like ["2026-01", "2026-10"]',
                'viết tháng đầu và tháng cuối, như ["2026-01", "2026-10"]',
            )
        )
    first, last = months
    if not "1990-01" <= first <= last <= "2099-12":
        text = Text(
            "{first} to {last} are no months from 1990-01 to 2099-12, the first before the last",
            "{first} đến {last} không phải các tháng từ 1990-01 đến 2099-12, tháng đầu trước tháng cuối",
        )
        raise TextError(text.filled(first=first, last=last))
    return first, last


Amount = Annotated[Fraction, _written(_plain_amount), _WRITTEN]
Share = Annotated[Fraction, _written(parse_share), _WRITTEN]
ShareOrNone = Annotated[Fraction | Literal["none"], _written(_share_or_none), _WRITTEN]
AmountOrShare = Annotated[str | int | float, _written(_amount_or_share), _WRITTEN]
Whole = Annotated[int, _written(parse_whole), _WRITTEN]
MonthKey = Annotated[str, Field(pattern=r"^\d{4}-(0[1-9]|1[0-2])$")]
FirstAndLast = Annotated[
    tuple[str, str],
    PlainValidator(_first_and_last),
    WithJsonSchema({"type": "array", "items": {"type": "string", "pattern": r"^\d{4}-(0[1-9]|1[0-2])$"},
                    "minItems": 2, "maxItems": 2}),
]  # fmt: skip
Weekday = Literal["mon", "tue", "wed", "thu", "fri", "sat", "sun"]
WEEKDAYS: tuple[Weekday, ...] = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
Owned = Annotated[
    Literal["all"] | tuple[ChannelName, ...],
    PlainValidator(_channels_or_all),
    WithJsonSchema({"anyOf": [{"const": "all"}, {"type": "array", "items": {"enum": list(get_args(ChannelName))}}]}),
]
