"""The options of where an answer goes and how it is written, put into a command's signature where ``out`` stands."""

import inspect
from collections.abc import Callable, Mapping
from typing import Any

from funnelcli.cli import options as opt
from funnelcli.cli.declared import with_options

Given = Mapping[str, Any]


_MAIL = (
    ("mail_to", None, opt.MailTo),
    ("mail_cc", None, opt.MailCc),
    ("mail_from", None, opt.MailFrom),
    ("subject", None, opt.Subject),
)
_OUTPUTS = (
    ("form", None, opt.FormatOption),
    ("output", None, opt.Output),
    ("if_changed", False, opt.IfChanged),
    ("bom", False, opt.Bom),
    ("delimiter", None, opt.Delimiter),
    ("decimal", None, opt.Decimal),
    *_MAIL,
)


def with_output_options(command: Callable[..., None]) -> Callable[..., None]:
    """A command with the options of its outputs; it is called with what was given for them as ``out``."""
    return with_options("out", [_parameter(*option) for option in _OUTPUTS])(command)


def with_mail_options(command: Callable[..., None]) -> Callable[..., None]:
    """A command with few options of its outputs, and with those of messages; it is called with these as ``mail``."""
    return with_options("mail", [_parameter(*option) for option in _MAIL])(command)


def _parameter(name: str, default: object, annotation: Any) -> inspect.Parameter:
    return inspect.Parameter(name, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=default, annotation=annotation)
