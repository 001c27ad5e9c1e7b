"""An option for each goal: declared with the goals, and put into a command's signature where ``goals`` stands."""

import inspect
from collections.abc import Callable, Mapping
from typing import Annotated, Any

import typer

from funnelcli.cli.declared import with_options
from funnelcli.planning.goals import GOALS, GoalType

Goals = Mapping[str, str | list[str] | None]


def with_goal_options(command: Callable[..., None]) -> Callable[..., None]:
    """The command with an option for each goal; it is called with what was given, by the goal's key, as ``goals``."""
    return with_options("goals", [_parameter(goal) for goal in GOALS.values()])(command)


def _parameter(goal: GoalType) -> inspect.Parameter:
    option = typer.Option(goal.option, metavar=goal.metavar, help=goal.help)
    kind: Any = list[str] | None if goal.or_files else str | None
    return inspect.Parameter(
        goal.key, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=None, annotation=Annotated[kind, option]
    )
