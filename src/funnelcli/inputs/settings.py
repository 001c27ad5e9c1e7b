"""The open tables of funnel.toml that name inputs and columns, checked by the declarations."""

import difflib
from collections.abc import Iterable
from typing import Any

from funnelcli.config import FILE_NAME, SEE_CONFIG, Config, json_schema, unknown_key
from funnelcli.inputs import INPUTS
from funnelcli.inputs.monthly import MONTHLY_COLUMNS
from funnelcli.inputs.spec import Input
from funnelcli.problems import ConfigError
from funnelcli.text import Text, joined


def columns_of(declared: Input) -> list[str]:
    """The names of columns that ``[inputs.NAME.columns]`` may map."""
    stated = [key for keys in MONTHLY_COLUMNS.values() for key in keys] if declared.stands_in else []
    return [column.name for column in declared.columns] + stated


def check_names(config: Config, *, name: str = FILE_NAME) -> None:
    """ConfigError where the settings name an input that does not exist."""
    lines = [_unknown(f"{name}: [inputs]", key, INPUTS) for key in config.inputs if key not in INPUTS]
    lines += [
        _unknown(f"{name}: [dimensions.{key}] input:", dimension.input, INPUTS)
        for key, dimension in config.dimensions.items()
        if dimension.input not in INPUTS or INPUTS[dimension.input].stands_in
    ]
    if lines:
        raise ConfigError(joined("\n", lines), hint=SEE_CONFIG)


def _unknown(place: str, key: str, known: Iterable[str]) -> Text:
    names = list(known)
    return unknown_key(f"{place} {key}", difflib.get_close_matches(key, names, n=1), names)


def check_columns(config: Config, declared: Input) -> None:
    """ConfigError where the settings map a column that the input does not have."""
    known = columns_of(declared)
    for name in config.input_settings(declared.name).columns:
        if name not in known:
            raise ConfigError(
                Text(
                    "funnel.toml: [inputs.{input}.columns] {name}: there is no such column.",
                    "funnel.toml: [inputs.{input}.columns] {name}: không có cột này.",
                ).filled(input=declared.name, name=name),
                hint=Text("The columns of {input} are: {known}.", "Các cột của {input} là: {known}.").filled(
                    input=declared.name, known=", ".join(known)
                ),
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
    return whole
