"""Tables of funnel.toml read and checked by pydantic; imported only where there is a file to be read."""

from functools import cache
from typing import Any

from msgspec import NODEFAULT
from pydantic import ConfigDict, TypeAdapter
from pydantic_core import core_schema

from funnelcli.config.table import Key, Table, keys_of


@cache
def adapter_of(table: type[Table]) -> TypeAdapter[Any]:
    """What reads a table; made once, since that takes longer than reading."""
    return TypeAdapter(table, config=ConfigDict(strict=True, extra="forbid"))


def schema_of(table: type[Table], handler: Any) -> Any:
    """How pydantic reads a table: key by key, each as its annotation says."""

    def made(read: tuple[dict[str, Any], Any, set[str]]) -> Table:
        return table(**read[0], _given=tuple(sorted(read[2])))

    keys = {name: _field(key, handler) for name, key in keys_of(table).items()}
    whole = core_schema.model_fields_schema(keys, model_name=table.__name__)
    return core_schema.no_info_after_validator_function(made, whole, ref=f"{table.__module__}.{table.__name__}:0")


def _field(key: Key, handler: Any) -> Any:
    schema = handler.generate_schema(key.annotation)
    said: dict[str, Any] = {"description": key.about} if key.about else {}
    default = key.default
    if isinstance(default, Table):
        said["default"] = {name: getattr(default, name) for name in keys_of(type(default))}
    if isinstance(default, Table | dict):
        schema = core_schema.with_default_schema(schema, default_factory=lambda: default)
    elif default is not NODEFAULT:
        schema = core_schema.with_default_schema(schema, default=default)
    return core_schema.model_field(schema, metadata={"pydantic_js_updates": said})
