"""What is wrong in funnel.toml, in words: each of pydantic's errors as a sentence that names the key."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from funnelcli.config.table import Table, keys_of
from funnelcli.config.tables import Config
from funnelcli.config.toml import WrittenFloat
from funnelcli.text import NOTHING, Text, TextError, did_you_mean, foreign

SEE_CONFIG = Text("docs/config.md lists every table and key.", "docs/config.md liệt kê mọi bảng và khóa.")


def unknown_key(where: str, close: Sequence[str], known: Iterable[str]) -> Text:
    """What is said of a key that there is not, with the closest one and all that there are."""
    return Text(
        "{where}: there is no such key.{guess} Known here: {known}.",
        "{where}: không có khóa này.{guess} Các khóa có ở đây: {known}.",
    ).filled(where=where, guess=did_you_mean(close), known=", ".join(known))


def in_words(error: Mapping[str, Any]) -> Text:
    """One pydantic error as ``[table] key: what is wrong``."""
    place = [str(part) for part in error["loc"] if not str(part).startswith("function-")]
    table, key = place[:-1], place[-1] if place else ""
    where = f"[{'.'.join(table)}] {key}" if table else key
    match error["type"]:
        case "extra_forbidden":
            known = _known_keys(table)
            return unknown_key(where, difflib.get_close_matches(key, known, n=1), known)
        case "literal_error" if key == "[key]":
            known = [name.strip("' ") for name in re.split(",| or ", error["ctx"]["expected"])]
            close = difflib.get_close_matches(str(error["input"]), known, n=1)
            return unknown_key(f"[{table[0]}] {error['input']}", close, known)
        case "literal_error":
            expected = error["ctx"]["expected"]
            text = Text("{where}: {given!r} is not one of {expected}.", "{where}: {given!r} không thuộc {expected}.")
            options = Text(expected, expected.replace(" or ", " hoặc "))
            return text.filled(where=where, given=_Given(error["input"]), expected=options)
        case "string_pattern_mismatch" if key == "[key]":
            text = Text(
                "[{table}] {given}: is not a month like 2027-01.", "[{table}] {given}: không phải tháng như 2027-01."
            )
            return text.filled(table=".".join(table[:-1]), given=error["input"])
        case "string_pattern_mismatch":
            text = Text("{where}: {given!r} is not written right ({help})", "{where}: {given!r} viết chưa đúng{help}")
            described = _field_help(table, key)
            like = _PATTERNS.get(key, NOTHING)
            return text.filled(where=where, given=_Given(error["input"]), help=Text(described, like.vi))
        case "missing":
            return Text("{where}: is missing.", "{where}: còn thiếu.").filled(where=where)
        case _:
            text = Text("{where}: {why} (found {given!r}).", "{where}: {why} (đang là {given!r}).")
            return text.filled(where=where, why=_why(error), given=_Given(error["input"]))


class _Given:
    """A value of the file as it is quoted: as it was written, and not at length."""

    def __init__(self, value: object) -> None:
        self._text = value.written if isinstance(value, WrittenFloat) else repr(value)

    def __repr__(self) -> str:
        return self._text if len(self._text) <= 80 else f"{self._text[:79]}…"


# How to write what has a pattern of its own.
_PATTERNS: Mapping[str, Text] = {
    "currency": Text("", " (mã ISO 4217, như VND)"),
    "month": Text("", " (tháng, như 2026-01)"),
    "rates_from": Text("", " (tháng, như 2026-01)"),
    "rates_to": Text("", " (tháng, như 2026-01)"),
}
# What pydantic says of the values that people most often get wrong; anything else it says is quoted.
_PYDANTIC: Mapping[str, str] = {
    "string_type": "phải là chuỗi trong ngoặc kép",
    "int_type": "phải là số nguyên",
    "int_from_float": "phải là số nguyên",
    "float_type": "phải là số",
    "bool_type": "phải là true hoặc false",
    "list_type": "phải là danh sách trong ngoặc vuông",
    "tuple_type": "phải là danh sách trong ngoặc vuông",
    "dict_type": "phải là một bảng",
    "model_type": "phải là một bảng",
    "model_attributes_type": "phải là một bảng",
    "date_type": "phải là ngày, như 2027-02-05",
    "date_from_datetime_parsing": "phải là ngày, như 2027-02-05",
    "date_from_datetime_inexact": "phải là ngày, như 2027-02-05",
    "date_parsing": "phải là ngày, như 2027-02-05",
    "greater_than_equal": "phải từ {ge} trở lên",
    "less_than_equal": "phải từ {le} trở xuống",
    "finite_number": "phải là số hữu hạn",
}


def _why(error: Mapping[str, Any]) -> Text:
    """What is wrong with a value: as we say it ourselves, else as pydantic does."""
    context = error.get("ctx", {})
    cause = context.get("error")
    if isinstance(cause, TextError):
        return cause.text
    english = re.sub(r"^Value error, ", "", error["msg"])
    known = _PYDANTIC.get(error["type"])
    return foreign(english) if known is None else Text(english, known.format(**context))


def _table_at(place: list[str]) -> type[Table] | None:
    """The table at a place of the file, like ``["policies", "sales"]``; None where there is none."""
    table: type[Table] | None = Config
    named = False
    for part in place:
        if named:  # the name of a team or a policy, in a table of such tables
            named = False
            continue
        key = keys_of(table).get(part) if table else None
        if key is None:
            return None
        table, named = key.table, key.open
    return table


def _known_keys(place: list[str]) -> list[str]:
    table = _table_at(place)
    return list(keys_of(table)) if table else []


def _field_help(place: list[str], key: str) -> str:
    table = _table_at(place)
    known = keys_of(table).get(key) if table else None
    return known.about if known else ""
