"""How a table of funnel.toml is declared: a struct whose values pydantic checks where a file is read.

What a file may say is declared without it: where there is no funnel.toml, nothing is to be checked.
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
        from funnelcli.config.checked import validator_of

        table: Self = validator_of(cls).validate_python(values)
        return table


class About(Struct, frozen=True):
    """What docs/config.md and the JSON Schema say of a key."""

    text: str


class Limits:
    """Bounds of a value, in pydantic's words for them: ``ge``, ``le``, ``pattern``, ``min_length``, ``strict``."""

    def __init__(self, **bounds: Any) -> None:
        self.bounds = bounds


class Reads(Struct, frozen=True, eq=False):
    """A function of ours that reads a value: before or after pydantic does, or instead of it.

    It raises a TextError where the value is wrong.  ``written`` says for the JSON Schema how a value is written that
    pydantic does not read.
    """

    read: Callable[[Any], Any]
    when: Literal["before", "after", "instead"]
    written: Mapping[str, Any] | None = None


class Key(Struct, frozen=True, kw_only=True):
    """A key of a table: what is declared of it.

    ``default`` is NODEFAULT where a file has to give it.  ``table`` is the table that its value is, or where it
    is ``open`` the one that stands under each name in it.  ``attribute`` is what the struct calls it.
    """

    attribute: str
    annotation: Any
    about: str
    default: Any
    table: type[Table] | None
    open: bool


def keys_of(table: type[Table]) -> dict[str, Key]:
    """The keys of a table by their names, in the order in which they are declared.

    A key that Python cannot call so, like ``from``, has its name by ``field(name="from")``.

    >>> from funnelcli.config import Churn
    >>> keys_of(Churn)["method"].default
    'all'
    """
    annotations = get_type_hints(table, include_extras=True)
    return {
        f.encode_name: _key(
            f.name, annotations[f.name], f.default if f.default_factory is NODEFAULT else f.default_factory()
        )
        for f in fields(table)
        if not f.name.startswith("_")
    }


def _key(attribute: str, annotation: Any, default: object) -> Key:
    kind, *said = get_args(annotation) if hasattr(annotation, "__metadata__") else (annotation,)
    tables = [part for part in (kind, *get_args(kind)) if isinstance(part, type) and issubclass(part, Table)]
    return Key(
        attribute=attribute,
        annotation=annotation,
        about=next((text.text for text in said if isinstance(text, About)), ""),
        default=default,
        table=tables[0] if tables else None,
        open=get_origin(kind) is dict and bool(tables),
    )
