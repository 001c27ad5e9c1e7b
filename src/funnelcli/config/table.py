"""How a table of funnel.toml is declared: a struct whose values pydantic checks when a file is read.

What a file may say is declared here without pydantic, which takes a tenth of a second to import: without a funnel.toml,
nothing is to be checked.
"""

from collections.abc import Callable, Mapping
from typing import Any, Literal, Self, get_args, get_origin, get_type_hints

from msgspec import NODEFAULT, Struct
from msgspec.structs import fields


class Table(Struct, frozen=True, kw_only=True):
    """A table of funnel.toml: its keys are these and no others, and their values are not guessed at.

    ``_given`` are the keys that the file has.  What ``__post_init__`` of a table refuses, with a TextError, is wrong in
    the file.
    """

    _given: tuple[str, ...] = ()

    def gives(self, key: str) -> bool:
        """Whether the file has the key, be it with the value that it has without one."""
        return key in self._given

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Self:
        """The table with the values of a file; pydantic's ValidationError, which is a ValueError, where they are wrong.

        >>> from funnelcli.config import Churn
        >>> Churn.read({"method": "opening"}).method
        'opening'
        """
        from funnelcli.config.checked import adapter_of

        table: Self = adapter_of(cls).validate_python(values)
        return table

    @classmethod
    def __get_pydantic_core_schema__(cls, _source: Any, handler: Any) -> Any:
        """How pydantic reads it."""
        from funnelcli.config.checked import schema_of

        return schema_of(cls, handler)

    @classmethod
    def __get_pydantic_json_schema__(cls, schema: Any, handler: Any) -> Any:
        """How its JSON Schema is written: that of a table is one of an object without other keys."""
        written = handler(schema)
        own = handler.resolve_ref_schema(written)
        own |= {"title": cls.__name__, "description": cls.__doc__, "additionalProperties": False}
        return written


class About(Struct, frozen=True):
    """What docs/config.md and the JSON Schema say of a key."""

    text: str


class Limits:
    """Bounds of a number or a text, in pydantic's words for them: ``ge``, ``le``, ``pattern``, ``min_length``."""

    def __init__(self, **bounds: Any) -> None:
        self.bounds = bounds

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        """The type's own schema, with the bounds."""
        return {**handler(source), **self.bounds}


class Reads(Struct, frozen=True, eq=False):
    """A function of ours that reads a value: before or after pydantic does, or instead of it.

    It raises a TextError where the value is wrong.  ``written`` says for the JSON Schema how a value is written that
    pydantic does not read.
    """

    read: Callable[[Any], Any]
    when: Literal["before", "after", "instead"]
    written: Mapping[str, Any] | None = None

    def __get_pydantic_core_schema__(self, source: Any, handler: Any) -> Any:
        """How pydantic reads the value."""
        from pydantic_core import core_schema

        if self.when == "instead":
            return core_schema.no_info_plain_validator_function(self.read)
        if self.when == "before":
            return core_schema.no_info_before_validator_function(self.read, handler(source))
        return core_schema.no_info_after_validator_function(self.read, handler(source))

    def __get_pydantic_json_schema__(self, schema: Any, handler: Any) -> Any:
        """How the value is written."""
        return handler(schema) if self.written is None else dict(self.written)


class Key(Struct, frozen=True, kw_only=True):
    """A key of a table: what is declared of it.

    ``default`` is NODEFAULT where a file has to give it.  ``table`` is the table that its value is, or where it
    is ``open`` the one that stands under each name in it.
    """

    annotation: Any
    about: str
    default: Any
    table: type[Table] | None
    open: bool


def keys_of(table: type[Table]) -> dict[str, Key]:
    """The keys of a table by their names, in the order in which they are declared.

    >>> from funnelcli.config import Churn
    >>> keys_of(Churn)["method"].default
    'all'
    """
    annotations = get_type_hints(table, include_extras=True)
    defaults = {f.name: f.default if f.default_factory is NODEFAULT else f.default_factory() for f in fields(table)}
    return {name: _key(annotations[name], default) for name, default in defaults.items() if not name.startswith("_")}


def _key(annotation: Any, default: object) -> Key:
    kind, *said = get_args(annotation) if hasattr(annotation, "__metadata__") else (annotation,)
    tables = [part for part in (kind, *get_args(kind)) if isinstance(part, type) and issubclass(part, Table)]
    return Key(
        annotation=annotation,
        about=next((text.text for text in said if isinstance(text, About)), ""),
        default=default,
        table=tables[0] if tables else None,
        open=get_origin(kind) is dict and bool(tables),
    )
