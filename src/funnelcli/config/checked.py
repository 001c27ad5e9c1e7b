"""Tables of funnel.toml read and checked by pydantic; imported only where there is a file to be read.

It is pydantic's core that reads.  The rest of pydantic, which would find out from a model what the core is told here,
takes several times as long to import as all tables to be read, and is asked for the JSON Schema alone.
"""

from collections.abc import Callable, Mapping
from datetime import date
from fractions import Fraction
from functools import cache
from types import UnionType
from typing import Any, Literal, Union, get_args, get_origin

from msgspec import NODEFAULT
from pydantic_core import SchemaValidator, core_schema

from funnelcli.config.table import Key, Limits, Reads, Table, keys_of

_PLAIN: Mapping[Any, Callable[[], Any]] = {
    str: core_schema.str_schema,
    int: core_schema.int_schema,
    float: core_schema.float_schema,
    bool: core_schema.bool_schema,
    date: core_schema.date_schema,
}


@cache
def validator_of(table: type[Table]) -> SchemaValidator:
    """What reads a table; ValidationError, which is a ValueError, names every value that is wrong."""
    return SchemaValidator(schema_of(table), core_schema.CoreConfig(strict=True, extra_fields_behavior="forbid"))


def json_schema_of(table: type[Table]) -> dict[str, Any]:
    """The JSON Schema of a table."""
    from pydantic.json_schema import GenerateJsonSchema

    return GenerateJsonSchema().generate(schema_of(table))


def schema_of(kind: Any) -> Any:
    """How the values of an annotation are read, as pydantic's core is told."""
    if hasattr(kind, "__metadata__"):
        return _with(kind.__metadata__, kind.__origin__)
    origin, args = get_origin(kind), get_args(kind)
    if origin is Literal:
        return core_schema.literal_schema(list(args))
    if origin in (Union, UnionType):
        (value,) = (arg for arg in args if arg is not type(None))
        return core_schema.nullable_schema(schema_of(value))
    if origin is dict:
        return core_schema.dict_schema(*map(schema_of, args))
    if origin is tuple:
        return core_schema.tuple_variable_schema(schema_of(args[0]))
    return _PLAIN[kind]() if kind in _PLAIN else _table(kind)


def _with(metadata: tuple[Any, ...], kind: Any) -> Any:
    """The schema of a kind of value with what is said of it."""
    schema: Any = None
    for said in metadata:
        if isinstance(said, Reads) and said.when == "instead":
            schema = core_schema.no_info_plain_validator_function(said.read, metadata=_written(said.written))
            continue
        schema = schema_of(kind) if schema is None else schema
        if isinstance(said, Limits):
            schema = {**schema, **said.bounds}
        elif isinstance(said, Reads) and said.when == "before":
            schema = core_schema.no_info_before_validator_function(said.read, schema, metadata=_written(said.written))
        elif isinstance(said, Reads):
            schema = core_schema.no_info_after_validator_function(said.read, schema)
    return schema


def _table(table: type[Table]) -> Any:
    """How a table is read: key by key."""

    attributes = {name: key.attribute for name, key in keys_of(table).items()}

    def made(read: tuple[dict[str, Any], Any, set[str]]) -> Table:
        return table(**{attributes[name]: value for name, value in read[0].items()}, _given=tuple(sorted(read[2])))

    def described(schema: Any, handler: Any) -> Any:
        written = handler(schema)
        handler.resolve_ref_schema(written).update(
            title=table.__name__, description=table.__doc__, additionalProperties=False
        )
        return written

    keys = {name: _field(key) for name, key in keys_of(table).items()}
    return core_schema.no_info_after_validator_function(
        made,
        core_schema.model_fields_schema(keys, model_name=table.__name__),
        ref=f"{table.__module__}.{table.__name__}:0",
        metadata={"pydantic_js_functions": [described]},
    )


def _field(key: Key) -> Any:
    schema = schema_of(key.annotation)
    said: dict[str, Any] = {"description": key.about} if key.about else {}
    default = key.default
    if isinstance(default, Table):
        said["default"] = _as_written(default)
    if isinstance(default, Table):
        schema = core_schema.with_default_schema(schema, default_factory=lambda: default)
    elif isinstance(default, dict):
        schema = core_schema.with_default_schema(schema, default_factory=dict)
    elif default is not NODEFAULT:
        schema = core_schema.with_default_schema(schema, default=default)
    return core_schema.model_field(schema, metadata={"pydantic_js_updates": said})


def _as_written(table: Table) -> dict[str, Any]:
    """A table as a file would have it, with the tables in it."""
    values = {name: getattr(table, known.attribute) for name, known in keys_of(type(table)).items()}
    return {name: _as_json(each) for name, each in values.items()}


def _as_json(value: Any) -> Any:
    """A value as JSON has it: shares as numbers."""
    if isinstance(value, tuple):
        return [_as_json(each) for each in value]
    if isinstance(value, Fraction):
        return float(value)
    return _as_written(value) if isinstance(value, Table) else value


def _written(written: Mapping[str, Any] | None) -> dict[str, Any]:
    return {"pydantic_js_functions": [lambda _schema, _handler: dict(written)]} if written is not None else {}
