"""An option for each input: declared with the inputs, and put into a command's signature where ``files`` stands."""

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Annotated, Any

import typer

from funnelcli.inputs import exports
from funnelcli.inputs.spec import Input

Files = Mapping[str, list[str] | None]


def with_input_options(*, but: tuple[str, ...] = ()) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A command with an option for the files of each input; it is called with what was given, by input, as ``files``.

    ``but`` names the inputs whose option the command has of its own.
    """
    inputs = [declared for declared in exports() if declared.name not in but]

    def with_options(command: Callable[..., None]) -> Callable[..., None]:
        signature = inspect.signature(command, eval_str=True)
        parameters = [
            parameter
            for name, given in signature.parameters.items()
            for parameter in ([_parameter(declared) for declared in inputs] if name == "files" else [given])
        ]

        @wraps(command)
        def run(**options: Any) -> None:
            command(files={declared.name: options.pop(declared.name) for declared in inputs}, **options)

        # Typer reads both: the signature, and the annotations through typing.get_type_hints.
        vars(run)["__signature__"] = signature.replace(parameters=parameters)
        run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters} | {"return": None}
        return run

    return with_options


def _parameter(declared: Input) -> inspect.Parameter:
    option = typer.Option(f"--{declared.name.replace('_', '-')}", metavar="FILE", help=declared.option_help)
    return inspect.Parameter(
        declared.name,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        default=None,
        annotation=Annotated[list[str] | None, option],
    )
