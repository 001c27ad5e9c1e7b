"""An option for each assumption of a plan, put into a command's signature where ``assumptions`` stands."""

import inspect
from collections.abc import Callable, Mapping
from typing import Annotated

import typer

from funnelcli.cli.declared import with_options
from funnelcli.planning.keys import FLAGS, Key

Assumptions = Mapping[str, str | None]

# How the value of each is written, and what the help says of it.
_SAID: Mapping[Key, tuple[str, str]] = {
    Key.VISITOR_TO_SIGNUP: ("SHARE", "Rate, like 4%; none plans without visitors."),
    Key.SIGNUP_TO_DEMO: ("SHARE", "Rate."),
    Key.DEMO_TO_PAID: ("SHARE", "Rate."),
    Key.CHURN: ("SHARE", "Share of the customers lost in a month."),
    Key.NEW_ARPA: ("AMOUNT", "MRR that a new customer brings."),
    Key.DEAL_SIZE: ("AMOUNT", "Revenue of a new customer, once; in the place of ARPA."),
    Key.OPENING: ("N", "Customers paying when the plan begins."),
    Key.OPENING_MRR: ("AMOUNT", "Their MRR when the plan begins."),
}


def with_assumption_options(command: Callable[..., None]) -> Callable[..., None]:
    """The command with an option for each assumption; it is called with what was given, by the option's name."""
    return with_options("assumptions", [_parameter(key) for key in Key])(command)


def _parameter(key: Key) -> inspect.Parameter:
    metavar, text = _SAID[key]
    return inspect.Parameter(
        FLAGS[key].removeprefix("--").replace("-", "_"),
        inspect.Parameter.POSITIONAL_OR_KEYWORD,
        default=None,
        annotation=Annotated[str | None, typer.Option(FLAGS[key], metavar=metavar, help=text)],
    )
