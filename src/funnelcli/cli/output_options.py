"""The options of where an answer goes and how it is written, put into a command's signature where ``out`` stands."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from funnelcli.cli import options as opt
from funnelcli.cli.declared import with_options

Given = Mapping[str, Any]


def with_output_options(command: Callable[..., None]) -> Callable[..., None]:
    """A command with the options of its outputs; it is called with what was given for them as ``out``."""
    parameters = [
        inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default, annotation=annotation)
        for name, default, annotation in (
            ("form", None, opt.FormatOption),
            ("output", None, opt.Output),
            ("if_changed", False, opt.IfChanged),
            ("bom", False, opt.Bom),
            ("delimiter", None, opt.Delimiter),
            ("decimal", None, opt.Decimal),
        )
    ]
    return with_options("out", parameters)(command)
