"""One command as Typer makes it, but for values that are what they should be as they were typed."""

import os
import re
from collections.abc import Callable, Sequence
from enum import Enum
from functools import partial
from pathlib import Path
from typing import Any, Literal, get_args, get_origin

import typer
from typer.core import TyperCommand

Examples = Sequence[tuple[str, str]]
COMPLETES = "_FUNNELCLI_COMPLETE"  # which a shell sets where it completes a line


class Command(TyperCommand):
    """A command that reads plain values itself, and shows examples below its options.

    ``examples`` are command lines, each with what it does.
    """

    examples: Examples = ()

    def get_params(self, ctx: Any) -> list[Any]:
        """The parameters of the command, and the option for its help."""
        parameters = with_plain_values(super().get_params(ctx))
        if COMPLETES in os.environ:
            from funnelcli.cli.completing import with_completions

            return with_completions(str(self.name), parameters)
        return parameters

    def get_short_help_str(self, limit: int = 45) -> str:
        """What stands beside the command in the list of all: its whole first sentence, which may need several lines."""
        return (self.help or "").partition("\n\n")[0].replace("\n", " ").strip()

    def format_epilog(self, ctx: Any, formatter: Any) -> None:
        """The examples; each stands on a line that can be copied, whatever the width."""
        if self.examples:
            with formatter.section("Examples"):
                indent = " " * formatter.current_indent
                for line, about in self.examples:
                    formatter.write(f"{indent}{line}\n{indent}    {about}\n")


def made(name: str, function: Callable[..., None], examples: Examples = ()) -> TyperCommand:
    """The command of a name that calls ``function``, which declares its options."""
    alone = typer.Typer(add_completion=False, rich_markup_mode=None, pretty_exceptions_enable=False)
    alone.command(name, cls=Command)(function)
    command = typer.main.get_command(alone)
    assert isinstance(command, Command)
    command.examples = examples
    return command


def with_plain_values(parameters: list[Any]) -> list[Any]:
    """The parameters of a command, which read the values that are plain themselves.

    Typer has pydantic read every value, the text that stays a text as well, and importing it takes longer than all
    that a command without data does.  What is not plain, or wrong, is still read, and refused, by Typer.
    """
    for parameter in parameters:
        if "process_value" not in vars(parameter):
            vars(parameter)["process_value"] = partial(_processed, parameter, parameter.process_value)
    return parameters


def _processed(parameter: Any, by_typer: Callable[..., Any], context: Any, value: Any) -> Any:
    """A value of the command line as the command is called with it."""
    if parameter.required and value is None:
        return by_typer(context, value)
    try:
        plain = _plain(parameter.type_descriptor, value)
    except ValueError:
        return by_typer(context, value)
    return plain if parameter.callback is None else parameter.callback(context, parameter, plain)


def _plain(wanted: Any, value: Any) -> Any:
    """A value that needs no judging, as what is ``wanted``; ValueError where Typer should decide."""
    kind = wanted.annotation
    if get_origin(kind) is list:
        (kind,) = get_args(kind)
        return tuple(_single(kind, item) for item in value or ())
    if value is None:
        return None
    number = _single(kind, value)
    least, most = wanted.parameter_info.min, wanted.parameter_info.max
    if (least is not None and number < least) or (most is not None and number > most):
        raise ValueError
    return number


def _single(kind: Any, value: Any) -> Any:
    """A single value as what is wanted, where it certainly is one; else ValueError.

    >>> _single(int, "12"), _single(Literal["all", "none"], "all")
    (12, 'all')
    """
    if isinstance(kind, type) and isinstance(value, kind):  # what is left out has its default
        return value
    if get_origin(kind) is Literal and value in get_args(kind):
        return value
    if kind is int and re.fullmatch("[1-9][0-9]{0,8}", value):
        return int(value)
    if kind is Path and (not os.path.exists(value) or os.access(value, os.R_OK)):
        return Path(value)
    if isinstance(kind, type) and issubclass(kind, Enum):
        return kind(value)
    raise ValueError
