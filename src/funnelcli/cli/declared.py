"""Options that follow from declarations, put into a command's signature in the place of one parameter."""

import inspect
from collections.abc import Callable, Mapping, Sequence
from functools import wraps
from typing import Any


def with_options(
    place: str, parameters: Sequence[inspect.Parameter], *, names: Mapping[str, str] | None = None
) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A command that has ``parameters`` where ``place`` stands, and is called with what was given for them, by name.

    What it is to be called with may have other ``names`` than the parameters.
    """
    called = {parameter.name: (names or {}).get(parameter.name, parameter.name) for parameter in parameters}

    def with_them(command: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(command, eval_str=True)
        own = [p for name, given in signature.parameters.items() for p in (parameters if name == place else [given])]

        @wraps(command)
        def run(**options: Any) -> None:
            command(**{place: {name: options.pop(parameter) for parameter, name in called.items()}}, **options)

        # Typer reads both: the signature, and the annotations through typing.get_type_hints.
        vars(run)["__signature__"] = signature.replace(parameters=own)
        run.__annotations__ = {parameter.name: parameter.annotation for parameter in own} | {"return": None}
        return run

    return with_them
