"""The open tables of funnel.toml that name inputs and columns, checked by the declarations."""

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from funnelcli.config import FILE_NAME, SEE_CONFIG, Config, InputSettings, json_schema, unknown_key
from funnelcli.inputs import INPUTS
from funnelcli.inputs.monthly import MONTHLY_COLUMNS
from funnelcli.inputs.spec import Input
from funnelcli.problems import ConfigError
from funnelcli.reading.headers import header_key
from funnelcli.text import Message, Text, joined
from funnelcli.values.channels import fold

BY = "by"  # the key of [identity] that names a header for all inputs


def columns_of(declared: Input) -> list[str]:
    """The names of columns that ``[inputs.NAME.columns]`` may map."""
    stated = [key for keys in MONTHLY_COLUMNS.values() for key in keys] if declared.stands_in else []
    return [column.name for column in declared.columns] + stated


def _keys_of_identity() -> list[str]:
    """The keys that ``[identity]`` may have: the inputs whose rows are about a person, and the one for them all."""
    return [BY, *(key for key in INPUTS if INPUTS[key].person is not None)]


def check_names(config: Config, *, name: str = FILE_NAME) -> None:
    """ConfigError where the settings name an input that does not exist."""
    lines = [_unknown(f"{name}: [inputs]", key, INPUTS) for key in config.inputs if key not in INPUTS]
    lines += [
        _unknown(f"{name}: [dimensions.{key}] input:", dimension.input, [i for i in INPUTS if not INPUTS[i].stands_in])
        for key, dimension in config.dimensions.items()
        if dimension.input not in INPUTS or INPUTS[dimension.input].stands_in
    ]
    people = _keys_of_identity()
    lines += [_unknown(f"{name}: [identity]", key, people) for key in config.identity if key not in people]
    if lines:
        raise ConfigError(joined("\n", lines), hint=SEE_CONFIG)
    _check_given_once(f"{name}: [channels]", {str(channel): globs for channel, globs in config.channels.items()})
    for key, settings in config.inputs.items():
        _check_given_once(f"{name}: [inputs.{key}.status]", settings.status)
        _check_headers(f"{name}: [inputs.{key}.columns]", settings)
        if settings.covers is not None and INPUTS[key].stands_in:
            raise ConfigError(
                Message("{name}: [inputs.{key}] covers: the table says itself which months it has.").filled(
                    name=name, key=key
                ),
                hint=Message("Remove it; a month without a row is missing."),
            )
    for key in config.dimensions:
        if not key.strip():
            raise ConfigError(
                Message("{name}: [dimensions] has an entry without a name.").filled(name=name),
                hint=Message("Give it a name, as [dimensions.industry]."),
            )
        if key in _OTHER_COLUMNS or re.fullmatch(r"\d{4}(-\d{2}|Q\d)?", key):
            raise ConfigError(
                Message("{name}: [dimensions.{key}]: a column of the output has this name already.").filled(
                    name=name, key=key
                ),
                hint=Message("Give it another name."),
            )
        if key in ("channel", "source"):
            raise ConfigError(
                Message("{name}: [dimensions.{key}]: {key} is read from the column source of each input.").filled(
                    name=name, key=key
                ),
                hint=Message(
                    "Name its header in [inputs.NAME.columns], and what belongs to which channel in [channels]."
                ),
            )


def _check_given_once(place: str, groups: Mapping[str, Sequence[str]]) -> None:
    """ConfigError where one pattern stands in two groups, of which only one could have it."""
    first: dict[str, str] = {}
    for group, patterns in groups.items():
        for pattern in patterns:
            other = first.setdefault(fold(pattern), group)
            if other != group:
                raise ConfigError(
                    Message("{place}: {pattern!r} stands under {other} and under {group}.").filled(
                        place=place, pattern=pattern, other=other, group=group
                    ),
                    hint=Message("Leave it in one of the two."),
                )


def _check_headers(place: str, settings: InputSettings) -> None:
    """ConfigError where a column is mapped to a header without a name."""
    for column, header in settings.mapped.items():
        if not header.strip():
            raise ConfigError(
                Message("{place} {column}: the header is empty.").filled(place=place, column=column),
                hint=Message("Name the header; or write false: then no column is taken for it."),
            )


# Of reports and of explained rows; a part stands under the name of its dimension.
_OTHER_COLUMNS = frozenset(
    (
        "metric", "label", "unit", "period", "value", "numerator", "denominator", "missing", "total", "section", "part",
        "file", "line", "user_id", "date", "counts", "team", "by",
    )
)  # fmt: skip


def check_dimensions(declared: Input, headers: Sequence[Sequence[str]]) -> None:
    """ConfigError where no file of an input has the column of a dimension.

    Where some files have it, the rows of the others are unknown.
    """
    for column, header in declared.shared:
        if headers and not any(header_key(header) in map(header_key, known) for known in headers):
            seen = dict.fromkeys(cell for known in headers for cell in known if cell)
            raise ConfigError(
                Message("funnel.toml: [dimensions.{name}] column: no file of {input} has a column {header!r}.").filled(
                    name=column.partition(":")[2], input=declared.name, header=header
                ),
                hint=Message("Headers seen: {seen}.").filled(seen=", ".join(map(repr, list(seen)[:40]))),
            )


def _unknown(place: str, key: str, known: Iterable[str]) -> Text:
    names = list(known)
    return unknown_key(f"{place} {key}", difflib.get_close_matches(key, names, n=1), names)


def check_columns(config: Config, declared: Input) -> None:
    """ConfigError where the settings map a column that the input does not have."""
    known = columns_of(declared)
    _check_needed(config.input_settings(declared.name), declared)
    _check_earliest(config.input_settings(declared.name), declared)
    for name in config.input_settings(declared.name).columns:
        if name not in known:
            raise ConfigError(
                Message("funnel.toml: [inputs.{input}.columns] {name}: there is no such column.").filled(
                    input=declared.name, name=name
                ),
                hint=Message("The columns of {input} are: {known}.").filled(
                    input=declared.name, known=", ".join(known)
                ),
            )


def check_statuses(config: Config, declared: Input) -> None:
    """ConfigError where the settings give statuses a meaning that the input does not know."""
    known = declared.status_groups
    for group in config.input_settings(declared.name).status:
        if group not in known:
            raise ConfigError(
                Message(
                    "funnel.toml: [inputs.{input}.status] {group}: statuses of {input} have no such meaning."
                ).filled(input=declared.name, group=group),
                hint=Message("They may be: {known}.").filled(known=", ".join(known))
                if known
                else Message("No status of {input} is looked at.").filled(input=declared.name),
            )


def _check_earliest(settings: InputSettings, declared: Input) -> None:
    """ConfigError where further dates are given for what is no column of dates."""
    dates = [column.name for column in declared.columns if column.is_date]
    for name in settings.earliest:
        if name not in dates:
            raise ConfigError(
                Message("funnel.toml: [inputs.{input}.earliest] {name}: there is no such column of dates.").filled(
                    input=declared.name, name=name
                ),
                hint=Message("They may be: {known}.").filled(known=", ".join(dates)),
            )


def _check_needed(settings: InputSettings, declared: Input) -> None:
    """ConfigError where the settings leave out a column that the input cannot do without."""
    for column in declared.columns:
        if column.required and column.name in settings.unmapped:
            raise ConfigError(
                Message(
                    "funnel.toml: [inputs.{input}.columns] {name} = false: {input} cannot be read without it."
                ).filled(input=declared.name, name=column.name),
                hint=Message("Name its header instead."),
            )


def schema() -> dict[str, Any]:
    """The JSON Schema of funnel.toml for editors, with the inputs there are and the columns of each."""
    whole = json_schema()
    inputs = whole["properties"]["inputs"]
    settings = inputs.pop("additionalProperties")
    inputs["properties"] = {
        declared.name: {
            "allOf": [settings],
            "properties": {"columns": {"propertyNames": {"enum": columns_of(declared)}}},
        }
        for declared in INPUTS.values()
    }
    inputs["additionalProperties"] = False
    whole["properties"]["identity"]["propertyNames"] = {"enum": _keys_of_identity()}
    return whole
