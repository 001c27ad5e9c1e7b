"""What is wrong in funnel.toml, in words: each of pydantic's errors as a sentence that names the key."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from funnelcli.config.table import Table, keys_of
from funnelcli.config.tables import Config
from funnelcli.config.toml import WrittenFloat
from funnelcli.config.values import MONTH_PATTERN
from funnelcli.text import NOTHING, OR, Message, Text, TextError, as_text, did_you_mean, foreign, in_context, joined

SEE_CONFIG = Message("docs/config.md lists every table and key.")


def unknown_key(where: str, close: Sequence[str], known: Iterable[str]) -> Text:
    """What is said of a key that there is not, with the closest one and all that there are."""
    return Message("{where}: there is no such key.{guess} Known here: {known}.").filled(
        where=where, guess=did_you_mean(close), known=", ".join(known)
    )


def in_words(error: Mapping[str, Any]) -> Text:
    """One pydantic error as ``[table] key: what is wrong``."""
    place = [str(part) for part in error["loc"] if not str(part).startswith("function-")]
    table, key = place[:-1], place[-1] if place else ""
    where = f"[{'.'.join(table)}] {key}" if table else key
    if error["type"] == "value_error" and isinstance(error["input"], dict) and len(place) == 1:
        # What a table as a whole contradicts: it has said which of its values.
        return joined(": ", [f"[{'.'.join(place)}]", joined(NOTHING, [_why(error), "."])])
    match error["type"]:
        case "extra_forbidden":
            known = _known_keys(table)
            return unknown_key(where, difflib.get_close_matches(key, known, n=1), known)
        case "literal_error" if key == "[key]":
            known = [name.strip("' ") for name in re.split(",| or ", error["ctx"]["expected"])]
            close = difflib.get_close_matches(str(error["input"]), known, n=1)
            return unknown_key(f"[{'.'.join(table[:-1] or table)}] {error['input']}", close, known)
        case "literal_error":
            text = Message("{where}: {given} is not one of {expected}.")
            *most, last = re.split(", | or ", error["ctx"]["expected"])
            options = joined(OR, [", ".join(most), last]) if most else as_text(last)
            return text.filled(where=where, given=_given(error["input"]), expected=options)
        case "string_pattern_mismatch" if key == "[key]":
            text = Message("[{table}] {given}: is not a month like 2027-01.")
            return text.filled(table=".".join(table[:-1]), given=error["input"])
        case "string_pattern_mismatch":
            text = Message("{where}: {given} is not written right ({like})")
            like = _PATTERNS.get(key)
            if like is None and error["ctx"]["pattern"] == MONTH_PATTERN:
                like = _A_MONTH
            plain = Message("{where}: {given} is not written right.")
            facts = {"where": where, "given": _given(error["input"])}
            return plain.filled(**facts) if like is None else text.filled(**facts, like=like)
        case "missing":
            return Message("{where}: is missing.").filled(where=where)
        case _:
            text = Message("{where}: {why} (found {given}).")
            return text.filled(where=where, why=_why(error), given=_given(error["input"]))


def _given(value: object) -> str:
    """A value of the file as it is quoted: as it was written, and not at length."""
    text = value.written if isinstance(value, WrittenFloat) else repr(value)
    return text if len(text) <= 80 else f"{text[:79]}…"


# How to write what has a pattern of its own.
_A_MONTH = Message("a month, like 2026-01")
_PATTERNS: Mapping[str, Text] = {
    "currency": Message("an ISO 4217 code, like VND"),
    "memory": Message('like "2 GB"'),
    "month": _A_MONTH,
    "rates_from": _A_MONTH,
    "rates_to": _A_MONTH,
}
# What pydantic says of the values that people most often get wrong; anything else it says is quoted.
_PYDANTIC: Mapping[str, Text] = {
    "string_type": in_context("pydantic", "Input should be a valid string"),
    "int_type": in_context("pydantic", "Input should be a valid integer"),
    "int_from_float": in_context("pydantic", "Input should be a valid integer, got a number with a fractional part"),
    "float_type": in_context("pydantic", "Input should be a valid number"),
    "bool_type": in_context("pydantic", "Input should be a valid boolean"),
    "list_type": in_context("pydantic", "Input should be a valid list"),
    "tuple_type": Message('write a list, like ["…", "…"]'),
    "dict_type": in_context("pydantic", "Input should be a valid dictionary"),
    "model_type": in_context("pydantic", "Input should be a valid dictionary or instance of {class_name}"),
    "model_attributes_type": in_context(
        "pydantic", "Input should be a valid dictionary or object to extract fields from"
    ),
    "date_type": in_context("pydantic", "Input should be a valid date"),
    "date_from_datetime_parsing": in_context("pydantic", "Input should be a valid date or datetime, {error}"),
    "date_from_datetime_inexact": in_context(
        "pydantic", "Datetimes provided to dates should have zero time - e.g. be exact dates"
    ),
    "date_parsing": in_context("pydantic", "Input should be a valid date in the format YYYY-MM-DD, {error}"),
    "greater_than_equal": in_context("pydantic", "Input should be greater than or equal to {ge}"),
    "less_than_equal": in_context("pydantic", "Input should be less than or equal to {le}"),
    "finite_number": in_context("pydantic", "Input should be a finite number"),
}


def _why(error: Mapping[str, Any]) -> Text:
    """What is wrong with a value: as we say it ourselves, else as pydantic does."""
    context = error.get("ctx", {})
    cause = context.get("error")
    if isinstance(cause, TextError):
        return cause.text
    known = _PYDANTIC.get(error["type"])
    return foreign(re.sub(r"^Value error, ", "", error["msg"])) if known is None else known.filled(**context)


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
