"""An option for each input: declared with the inputs, and put into a command's signature where ``files`` stands."""

import inspect
from collections.abc import Callable, Mapping
from typing import Annotated

import typer

from funnelcli.cli.declared import with_options
from funnelcli.inputs import exports
from funnelcli.inputs.spec import Input

Files = Mapping[str, list[str] | None]


def with_input_options(*, but: tuple[str, ...] = ()) -> Callable[[Callable[..., None]], Callable[..., None]]:
    """A command with an option for the files of each input; it is called with what was given, by input, as ``files``.

    ``but`` names the inputs whose option the command has of its own.
    """
    inputs = [declared for declared in exports() if declared.name not in but]
    return with_options(
        "files",
        [_parameter(declared) for declared in inputs],
        names={declared.option or declared.name: declared.name for declared in inputs},
    )


def _parameter(declared: Input) -> inspect.Parameter:
    option = typer.Option(declared.flag, metavar="FILE", help=declared.option_help)
    return inspect.Parameter(
        declared.option or declared.name,
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        default=None,
        annotation=Annotated[list[str] | None, option],
    )
