"""An option for each goal: declared with the goals, and put into a command's signature where ``goals`` stands."""

import inspect
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Annotated, Any

import typer

from funnelcli.planning.goals import GOALS, GoalType

Goals = Mapping[str, str | list[str] | None]


def with_goal_options(command: Callable[..., None]) -> Callable[..., None]:
    """The command with an option for each goal; it is called with what was given, by the goal's key, as ``goals``."""
    goals = tuple(GOALS.values())
    signature = inspect.signature(command, eval_str=True)
    parameters = [
        parameter
        for name, declared in signature.parameters.items()
        for parameter in ([_parameter(goal) for goal in goals] if name == "goals" else [declared])
    ]

    @wraps(command)
    def run(**options: Any) -> None:
        command(goals={goal.key: options.pop(goal.key) for goal in goals}, **options)

    # Typer reads both: the signature, and the annotations through typing.get_type_hints.
    vars(run)["__signature__"] = signature.replace(parameters=parameters)
    run.__annotations__ = {parameter.name: parameter.annotation for parameter in parameters} | {"return": None}
    return run


def _parameter(goal: GoalType) -> inspect.Parameter:
    option = typer.Option(goal.option, metavar=goal.metavar, help=goal.help)
    kind: Any = list[str] | None if goal.or_files else str | None
    return inspect.Parameter(
        goal.key, inspect.Parameter.POSITIONAL_OR_KEYWORD, default=None, annotation=Annotated[kind, option]
    )
