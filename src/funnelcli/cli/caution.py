"""The options of how much is to be said and accepted, put into a command's signature where ``caution`` stands."""

import inspect
from collections.abc import Callable, Mapping
from typing import Annotated, Any

import typer

from funnelcli.cli.declared import with_options

Given = Mapping[str, Any]

_STRICT = Annotated[
    bool,
    typer.Option("--strict", help="Stop at warnings too, with exit 3, but at those that funnel.toml accepts."),
]
_VERBOSE = Annotated[
    bool,
    typer.Option(
        "-v", "--verbose", help="Say on standard error how files are written, dates are read and people joined."
    ),
]


def with_caution_options(command: Callable[..., None]) -> Callable[..., None]:
    """A command with the options of how much is said and accepted; it is called with what was given as ``caution``."""
    parameters = [
        inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=False, annotation=annotation)
        for name, annotation in (("strict", _STRICT), ("verbose", _VERBOSE))
    ]
    return with_options("caution", parameters)(command)
